//! The SQL engine: text in, rows out, over copy-on-write trees.
//!
//!     SQL text ─ parse ─► AST ─ resolve ─► resolved tree ─ plan ─► operators ─ execute ─► rows
//!                                                                        │ writes
//!                                               dml ─► transaction ─► commit log + trees ─► store
#![forbid(unsafe_code)]

pub mod catalog;
mod error;
pub mod resolve;

pub use error::{Error, Result, ResultCode};
