//! Tokens: what the lexer hands to the parser.
//!
//! The kinds stand in an order that turns SQLite's token classes into range checks:
//!
//!     String | JoinWord | Indexed | Identifier, keywords that may be identifiers | reserved keywords …
//!     └──────────────────── a name ──────────────────────────────────────────┘

use crate::ast::Span;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum TokenKind {
    /// The text is over (or a NUL byte stands here).
    End,
    /// No token of SQL starts like this.
    Illegal,
    Integer,
    Float,
    /// A number with digit separators, not yet checked.
    SeparatedNumber,
    Blob,
    Variable,
    Semicolon,
    LeftParen,
    RightParen,
    Comma,
    Dot,
    Plus,
    Minus,
    Star,
    Slash,
    Percent,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    ShiftLeft,
    ShiftRight,
    Ampersand,
    Pipe,
    Concat,
    Tilde,
    /// `->` and `->>`
    Arrow,
    String,
    /// NATURAL, LEFT, OUTER, RIGHT, FULL, INNER, CROSS
    JoinWord,
    Indexed,
    Identifier,
    // Keywords that are identifiers where their own meaning cannot stand.
    Abort,
    Action,
    After,
    Always,
    Analyze,
    Asc,
    Attach,
    Before,
    Begin,
    By,
    Cascade,
    Cast,
    Column,
    Conflict,
    Current,
    TimeWord,
    Database,
    Deferred,
    Desc,
    Detach,
    Do,
    Each,
    EndWord,
    Exclude,
    Exclusive,
    Explain,
    Fail,
    First,
    Following,
    For,
    Generated,
    LikeWord,
    Groups,
    If,
    Ignore,
    Immediate,
    Initially,
    Instead,
    Key,
    Last,
    Match,
    Materialized,
    No,
    Nulls,
    Of,
    Offset,
    Others,
    Partition,
    Plan,
    Pragma,
    Preceding,
    Query,
    Raise,
    Range,
    Recursive,
    Reindex,
    Release,
    Rename,
    Replace,
    Restrict,
    Rollback,
    Row,
    Rows,
    Savepoint,
    Temp,
    Ties,
    Trigger,
    Unbounded,
    Vacuum,
    View,
    Virtual,
    With,
    Without,
    // Reserved keywords. WINDOW, OVER and FILTER are keywords only in certain company; the lexer decides.
    Add,
    All,
    Alter,
    And,
    As,
    Autoincrement,
    Between,
    Case,
    Check,
    Collate,
    Commit,
    Constraint,
    Create,
    Default,
    Deferrable,
    Delete,
    Distinct,
    Drop,
    Else,
    Escape,
    Except,
    Exists,
    Filter,
    Foreign,
    From,
    Group,
    Having,
    In,
    Index,
    Insert,
    Intersect,
    Into,
    Is,
    Isnull,
    Join,
    Limit,
    Not,
    Nothing,
    Notnull,
    Null,
    On,
    Or,
    Order,
    Over,
    Primary,
    References,
    Returning,
    Select,
    Set,
    Table,
    Then,
    To,
    Transaction,
    Union,
    Unique,
    Update,
    Using,
    Values,
    When,
    Where,
    Window,
}

impl TokenKind {
    /// An identifier, or a keyword that may be one.
    pub fn is_identifier(self) -> bool {
        self >= TokenKind::Identifier && self <= TokenKind::Without
    }

    /// An identifier or a string: an alias without AS, a word of a type, a collation.
    pub fn is_identifier_or_string(self) -> bool {
        self.is_identifier() || self == TokenKind::String
    }

    /// What may stand alone as a column or be called as a function.
    pub fn is_word(self) -> bool {
        self >= TokenKind::JoinWord && self <= TokenKind::Without
    }

    /// The name of a table, column, index, …
    pub fn is_name(self) -> bool {
        self >= TokenKind::String && self <= TokenKind::Without
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    pub kind: TokenKind,
    pub start: u32,
    pub end: u32,
}

impl Token {
    pub fn span(self) -> Span {
        Span { start: self.start, end: self.end }
    }
}
