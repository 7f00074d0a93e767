//! Expressions, window definitions and sort terms.

use super::{Name, QualifiedName, Select, Span};

#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    pub kind: ExprKind,
    /// Of the expression itself, without parentheses around it.
    pub span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub enum ExprKind {
    Literal(Literal),
    /// `column`, `table.column`, `schema.table.column`. TRUE and FALSE arrive here as bare names.
    Column {
        qualifier: Option<Box<Qualifier>>,
        column: Name,
    },
    /// `?`, `?7`, `:name`, `@name`, `$name`; the number counts from 1, names are in `Parsed::parameters`.
    Parameter(u32),
    Unary {
        op: UnaryOp,
        operand: Box<Expr>,
    },
    Binary {
        op: BinaryOp,
        left: Box<Expr>,
        right: Box<Expr>,
    },
    /// `[NOT] LIKE | GLOB | REGEXP | MATCH`: the function of that name, called with (pattern, operand[, escape]).
    Like {
        op: LikeOp,
        negated: bool,
        operand: Box<Expr>,
        pattern: Box<Expr>,
        escape: Option<Box<Expr>>,
    },
    Between {
        negated: bool,
        operand: Box<Expr>,
        low: Box<Expr>,
        high: Box<Expr>,
    },
    /// The list may be empty, which is never true.
    InList {
        negated: bool,
        operand: Box<Expr>,
        list: Vec<Expr>,
    },
    InSelect {
        negated: bool,
        operand: Box<Expr>,
        select: Box<Select>,
    },
    /// `x IN table`, `x IN function(arguments)`.
    InTable {
        negated: bool,
        operand: Box<Expr>,
        table: Box<QualifiedName>,
        arguments: Option<Vec<Expr>>,
    },
    Collate {
        operand: Box<Expr>,
        collation: Name,
    },
    Cast {
        operand: Box<Expr>,
        /// `CAST(x AS)` is legal and names no type.
        type_name: Option<Box<TypeName>>,
    },
    Case {
        operand: Option<Box<Expr>>,
        /// (WHEN, THEN), at least one.
        arms: Vec<(Expr, Expr)>,
        otherwise: Option<Box<Expr>>,
    },
    Function(Box<FunctionCall>),
    Exists(Box<Select>),
    /// A scalar subquery, or a row value made by one.
    Subquery(Box<Select>),
    /// `(a, b, …)`: two or more.
    Row(Vec<Expr>),
    Raise {
        action: RaiseAction,
        /// None for IGNORE alone.
        message: Option<Box<Expr>>,
    },
}

#[derive(Debug, Clone, PartialEq)]
pub struct Qualifier {
    pub schema: Option<Name>,
    pub table: Name,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    Null,
    /// Decimal or hexadecimal; hexadecimal ones may be negative (`0xffffffffffffffff`).
    Integer(i64),
    /// A decimal integer above `i64::MAX`: a real, unless it is 9223372036854775808 right behind a minus sign.
    /// Or `0x` and more than 16 significant digits: SQLite's error "hex literal too big: …" when it is coded.
    BigInteger(Box<str>),
    /// The digits as written, separators taken out.
    Real(Box<str>),
    String(Box<str>),
    Blob(Box<[u8]>),
    CurrentTime,
    CurrentDate,
    CurrentTimestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnaryOp {
    Not,
    Minus,
    Plus,
    /// `~`
    BitNot,
    /// `x ISNULL`, `x IS NULL`, `x IS NOT DISTINCT FROM NULL`
    IsNull,
    /// `x NOTNULL`, `x NOT NULL`, `x IS NOT NULL`, `x IS DISTINCT FROM NULL`
    NotNull,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BinaryOp {
    Or,
    And,
    /// `=` and `==`
    Equal,
    /// `<>` and `!=`
    NotEqual,
    /// `IS`, `IS NOT DISTINCT FROM`
    Is,
    /// `IS NOT`, `IS DISTINCT FROM`
    IsNot,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    BitAnd,
    BitOr,
    ShiftLeft,
    ShiftRight,
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    /// `||`
    Concat,
    /// `->`
    JsonExtract,
    /// `->>`
    JsonExtractText,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LikeOp {
    Like,
    Glob,
    Regexp,
    Match,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RaiseAction {
    Ignore,
    Rollback,
    Abort,
    Fail,
}

/// A declared type: words, and perhaps one or two numbers in parentheses.
#[derive(Debug, Clone, PartialEq)]
pub struct TypeName {
    /// The source text from the first word to the closing parenthesis, unchanged; of a type that is one quoted
    /// word, without its quotes.
    pub text: Box<str>,
    pub span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub struct FunctionCall {
    pub name: Name,
    pub distinct: bool,
    pub arguments: FunctionArguments,
    /// `f(x ORDER BY y)`
    pub order_by: Vec<SortTerm>,
    /// `FILTER (WHERE …)`
    pub filter: Option<Expr>,
    pub over: Option<Over>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum FunctionArguments {
    /// `f(*)`
    Star,
    List(Vec<Expr>),
}

#[derive(Debug, Clone, PartialEq)]
pub enum Over {
    /// `OVER name`
    Name(Name),
    /// `OVER (…)`
    Window(Window),
}

/// What stands in the parentheses of OVER and of a WINDOW clause.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Window {
    /// The named window this one builds on.
    pub base: Option<Name>,
    pub partition_by: Vec<Expr>,
    pub order_by: Vec<SortTerm>,
    pub frame: Option<Frame>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    pub unit: FrameUnit,
    pub start: FrameBound,
    /// None without BETWEEN, which means CURRENT ROW.
    pub end: Option<FrameBound>,
    /// None without EXCLUDE, which means NO OTHERS.
    pub exclude: Option<FrameExclude>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FrameUnit {
    Rows,
    Range,
    Groups,
}

#[derive(Debug, Clone, PartialEq)]
pub enum FrameBound {
    UnboundedPreceding,
    Preceding(Box<Expr>),
    CurrentRow,
    Following(Box<Expr>),
    UnboundedFollowing,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FrameExclude {
    NoOthers,
    CurrentRow,
    Group,
    Ties,
}

/// A term of ORDER BY, of an index or of a key.
#[derive(Debug, Clone, PartialEq)]
pub struct SortTerm {
    pub expr: Expr,
    pub order: Option<SortOrder>,
    pub nulls: Option<NullsOrder>,
    pub span: Span,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SortOrder {
    Ascending,
    Descending,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NullsOrder {
    First,
    Last,
}
