//! The addon: translation between JavaScript and the engine, and nothing else.
//!
//!     JS call ─► function (catch panics) ─► environment (slots) ─► engine ─► row_buffer ─► one buffer + one string
//!
//! | module | holds |
//! |---|---|
//! | `node_api` | calls into Node-API, the shared buffer's memory; the only unsafe code but for `allocator` |
//! | `allocator` | where memory comes from |
//! | `environment` | connections and statements of one JavaScript environment, by integer handle |
//! | `function` | the functions JavaScript sees |
//! | `callback` | functions of JavaScript as the engine calls them |
//! | `interrupt` | interrupt flags that other threads may set |
//! | `lending` | a session while JavaScript that its statement calls uses it |
//! | `job` | queries on other threads |
//! | `parameter` | shared buffer → `Value` |
//! | `row_buffer` | rows → shared buffer and one string |
//! | `column_array` | whole results, by column → ArrayBuffers |
//! | `error` | engine error → `SqliteError`; panic → poisoned connection |
//!
//! Always true:
//! - Handles are integers; an unknown one is an error, never memory.
//! - No external (array) buffer is ever made: Electron forbids them.
//! - Nothing unwinds into JavaScript.

#[cfg(not(windows))]
mod allocator;
mod callback;
mod column_array;
mod environment;
mod error;
mod function;
mod interrupt;
mod job;
mod lending;
mod node_api;
mod parameter;
mod row_buffer;
