//! What the parser says when text is not SQL.

use std::fmt;

use crate::ast::Statement;

/// An error SQLite would raise while parsing; the message is SQLite's, letter for letter.
#[derive(Debug, Clone, PartialEq)]
pub struct ParseError {
    pub message: String,
    /// The byte of the text it is about; None where SQLite knows none ("incomplete input").
    pub offset: Option<usize>,
    /// The definition as far as it had been read. SQLite acts on it while it reads: what is wrong there it tells first.
    pub begun: Option<Box<Statement>>,
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ParseError {}
