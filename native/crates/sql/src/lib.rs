//! SQL text to syntax tree and back.
//!
//!     text ─ lexer ─► tokens ─ parser ─► ast::Statement ─ print ─► text
//!
//! The dialect is SQLite 3.54's, whole: what SQLite's parser accepts is accepted, what it rejects is rejected with
//! its message. Nothing here knows a table or a function.

#![forbid(unsafe_code)]

pub mod ast;
mod error;
mod keyword;
mod lexer;
mod parser;
pub mod print;
mod shape;
mod token;

pub use error::ParseError;
pub use keyword::{is_keyword, quote_identifier};
pub use lexer::Lexer;
pub use parser::{Dialect, Parameters, Parsed, dequote_prefix, parse_dialect, parse_next};
pub use shape::{LiteralKind, LiteralToken, Shape};
pub use token::{Token, TokenKind};
