//! What the parser says when text is not SQL.

use std::fmt;

/// An error SQLite would raise while parsing; the message is SQLite's, letter for letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseError {
    pub message: String,
    /// The byte of the text it is about; None where SQLite knows none ("incomplete input").
    pub offset: Option<usize>,
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ParseError {}
