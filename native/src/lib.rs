//! The addon: translation between JavaScript and the engine, and nothing else.
//!
//!     JS call ─► function (catch panics) ─► environment (slots) ─► engine ─► row_buffer ─► one buffer + one string
//!
//! | module | holds |
//! |---|---|
//! | `node_api` | the only unsafe code: calls into Node-API, the shared buffer's memory |
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

/// The system's allocator takes a quarter of the time to prepare a statement (`docs/decisions/0008-mimalloc.md`).
#[cfg(not(windows))]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
