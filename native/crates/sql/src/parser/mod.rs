//! Tokens to tree.

use crate::ParseError;
use crate::ast::{Span, Statement};

/// One statement of a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Parsed {
    pub statement: Statement,
    /// From the statement's first token to its last, the semicolon left out.
    pub span: Span,
    /// Where the next statement's text starts: behind the semicolon, or the end of the text.
    pub end: usize,
    pub parameters: Parameters,
}

/// The parameters of a statement, numbered from 1.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Parameters {
    /// Per number, its name with the prefix (`:a`, `@a`, `$a`, `?5`); None for `?` and for numbers skipped.
    /// Its length is the largest number in use.
    pub names: Vec<Option<Box<str>>>,
}

/// Parses the statement that starts at or after byte `offset`; None when only white space, comments and semicolons
/// are left. A NUL byte ends the text, as in SQLite.
pub fn parse_next(_sql: &str, _offset: usize) -> Result<Option<Parsed>, ParseError> {
    Ok(None)
}
