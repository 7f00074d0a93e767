//! The syntax tree: what the text says, before anybody asks what its names mean.
//!
//! Always true:
//! - The tree is owned; it borrows nothing from the SQL text. Spans are byte offsets into that text.
//! - Parentheses around an expression leave no node. The printer puts them back where precedence needs them.
//! - Names hold their dequoted text; keywords used as names (`CREATE TABLE key(...)`) are ordinary names.
//! - The parser has checked what SQLite's grammar and its grammar actions check, nothing more: whether a table
//!   exists, a function takes two arguments or a LIMIT may stand here is the resolver's to say.
//!
//! `expr` has expressions and windows, `select` queries, `statement` everything else.

mod expr;
mod select;
mod statement;

pub use expr::*;
pub use select::*;
pub use statement::*;

/// A range of bytes of the SQL text: `start..end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct Span {
    pub start: u32,
    pub end: u32,
}

impl Span {
    pub fn new(start: usize, end: usize) -> Self {
        Span { start: start as u32, end: end as u32 }
    }

    /// The bytes of `sql` this span covers; `sql` must be the text the span was made from.
    pub fn text<'a>(&self, sql: &'a str) -> &'a str {
        &sql[self.start as usize..self.end as usize]
    }

    /// From the start of `self` to the end of `other`.
    pub fn to(self, other: Span) -> Span {
        Span { start: self.start, end: other.end }
    }
}

/// How a name was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum Quote {
    /// `name`
    #[default]
    None,
    /// `"name"`. When it resolves to nothing, SQLite asks whether a string was meant.
    Double,
    /// `` `name` ``
    Backtick,
    /// `[name]`
    Bracket,
    /// `'name'`, where SQLite takes a string for a name.
    Single,
}

/// An identifier as the text gives it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Name {
    /// Without its quotes, doubled quotes made single; letters keep their case.
    pub text: Box<str>,
    /// With its quotes.
    pub span: Span,
    pub quote: Quote,
}

impl Name {
    /// A name that stands in no text.
    pub fn synthetic(text: &str) -> Self {
        Name { text: text.into(), span: Span::default(), quote: Quote::None }
    }

    /// SQLite compares names without regard to the case of ASCII letters.
    pub fn is(&self, other: &str) -> bool {
        self.text.eq_ignore_ascii_case(other)
    }
}

/// `[schema.]name`: a table, index, view, trigger, pragma.
#[derive(Debug, Clone, PartialEq)]
pub struct QualifiedName {
    pub schema: Option<Name>,
    pub name: Name,
}

impl QualifiedName {
    pub fn span(&self) -> Span {
        match &self.schema {
            Some(schema) => schema.span.to(self.name.span),
            None => self.name.span,
        }
    }
}
