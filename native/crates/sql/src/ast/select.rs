//! Queries: WITH, compounds, one SELECT or VALUES, FROM.

use super::{Expr, Name, QualifiedName, SortTerm, Span, Window};

/// A whole query: `[WITH …] core [UNION core]… [ORDER BY …] [LIMIT …]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Select {
    pub with: Option<With>,
    pub first: SelectCore,
    /// In the order written; compounds associate to the left.
    pub compounds: Vec<Compound>,
    /// Of the whole query; also of a query that is no compound.
    pub order_by: Vec<SortTerm>,
    pub limit: Option<Limit>,
    /// Which of the statement's SELECTs and VALUES it is, counted from 1 as they end; of a compound, its last.
    pub number: u32,
    pub span: Span,
}

impl Select {
    /// The rows of a query that is nothing but VALUES; else 0.
    pub fn values_rows(&self) -> usize {
        match &self.first {
            SelectCore::Values(values) if self.compounds.is_empty() => values.rows.len(),
            _ => 0,
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Compound {
    pub op: CompoundOp,
    pub core: SelectCore,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CompoundOp {
    Union,
    UnionAll,
    Except,
    Intersect,
}

#[derive(Debug, Clone, PartialEq)]
pub enum SelectCore {
    Query(Box<Query>),
    /// Rows of expressions, at least one. The rows' lengths are not compared yet.
    Values(Values),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Values {
    pub rows: Vec<Vec<Expr>>,
    /// Whether the name of a common table stood anywhere before.
    pub follows_with: bool,
    pub span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    pub quantifier: Option<Quantifier>,
    pub columns: Vec<ResultColumn>,
    pub from: Option<From>,
    pub filter: Option<Expr>,
    pub group_by: Vec<Expr>,
    pub having: Option<Expr>,
    pub windows: Vec<NamedWindow>,
    pub span: Span,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantifier {
    Distinct,
    All,
}

#[derive(Debug, Clone, PartialEq)]
pub enum ResultColumn {
    Expr {
        expr: Expr,
        alias: Option<Name>,
        /// The source text that names the column when there is no alias: parentheses included, trimmed of
        /// white space at both ends.
        span: Span,
    },
    /// `*`
    Star { span: Span },
    /// `table.*`
    TableStar { table: Name, span: Span },
}

#[derive(Debug, Clone, PartialEq)]
pub struct NamedWindow {
    pub name: Name,
    pub window: Window,
}

/// `LIMIT a, b` arrives as limit b, offset a.
#[derive(Debug, Clone, PartialEq)]
pub struct Limit {
    pub limit: Box<Expr>,
    pub offset: Option<Box<Expr>>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct With {
    pub recursive: bool,
    pub tables: Vec<CommonTable>,
    pub span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub struct CommonTable {
    pub name: Name,
    /// None without a column list.
    pub columns: Option<Vec<Name>>,
    pub materialized: Option<Materialized>,
    pub select: Box<Select>,
    pub span: Span,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Materialized {
    Yes,
    No,
}

/// FROM's list: joins associate to the left, `(…)` is a term of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct From {
    pub first: FromTerm,
    pub joins: Vec<Join>,
    pub span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Join {
    pub operator: JoinOperator,
    pub term: FromTerm,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JoinOperator {
    pub kind: JoinKind,
    pub natural: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JoinKind {
    /// `,`
    Comma,
    /// `JOIN`, `INNER JOIN`
    Inner,
    /// `CROSS JOIN`: inner, and its tables keep their order.
    Cross,
    /// `LEFT [OUTER] JOIN`
    Left,
    Right,
    Full,
}

#[derive(Debug, Clone, PartialEq)]
pub struct FromTerm {
    pub source: FromSource,
    pub alias: Option<Name>,
    /// SQLite's grammar takes ON and USING behind every term, even the first; the resolver rejects that one.
    pub constraint: Option<JoinConstraint>,
    pub span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub enum FromSource {
    Table {
        name: QualifiedName,
        indexed: Option<IndexedBy>,
    },
    Function {
        name: QualifiedName,
        arguments: Vec<Expr>,
    },
    Subquery(Box<Select>),
    /// `(a JOIN b …)`
    Nested(Box<From>),
}

#[derive(Debug, Clone, PartialEq)]
pub enum JoinConstraint {
    On(Expr),
    Using(Vec<Name>),
}

#[derive(Debug, Clone, PartialEq)]
pub enum IndexedBy {
    Index(Name),
    NotIndexed,
}
