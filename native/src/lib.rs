//! The addon: translation between JavaScript and the engine, and nothing else.
