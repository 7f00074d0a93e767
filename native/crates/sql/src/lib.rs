//! SQL text to syntax tree and back.
//!
//!     bytes ─ lexer ─► tokens ─ parser ─► ast::Statement ─ print ─► text
//!
//! The dialect is SQLite 3.54's, whole: what SQLite's parser accepts is accepted, what it rejects is rejected with
//! its message. Nothing here knows a table or a function.

#![forbid(unsafe_code)]

pub mod ast;
mod error;

pub use error::ParseError;
mod parser;
pub use parser::{Parameters, Parsed, parse_next};
