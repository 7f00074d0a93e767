//! The resolved tree: a statement after every name has been found.
//!
//!     AST ──resolve──► resolved tree ──plan──► operators
//!
//! One program (a whole statement with all its subqueries) has ONE frame: numbered cursors (`SourceId`) and numbered
//! registers (`Register`). A subquery refers to an outer query's columns simply by the outer `SourceId` or `Register`;
//! there are no environments. No subquery can be active twice at once (a recursive CTE's step runs from a queue).
//!
//! Always true:
//! - No AST below this line: names, `*`, USING, aliases, ordinals, implicit aliases of ORDER BY/GROUP BY are all gone.
//! - Every comparison carries the affinity to apply and the collation to use; evaluation looks nothing up.
//! - After grouping, no expression of the outer part (outputs, HAVING, ORDER BY) reads a cursor of the grouped FROM:
//!   the columns it needs were captured into registers (`Grouping::captured`). The same holds after windows.
//!
//! Not here: how rows are found (`plan`).

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;

use pluresdb_function::Scalar;
use pluresdb_sql::ast;
use pluresdb_value::{Affinity, Collation, Value};

use super::arms::ArmTypes;
use crate::callback::{AggregateKind, ConnectedTable, FunctionDefinition};
use crate::catalog::{DatabaseIndex, Index, Table};

/// A cursor of the program's frame: one occurrence of a table in a FROM clause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SourceId(pub usize);

/// A register of the program's frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Register(pub usize);

/// A subquery of the program: index into `Program::subqueries`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SubqueryId(pub usize);

/// A constant of the program: its place in the frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConstantId(pub usize);

/// How many cursors and registers the frame needs, and the subqueries that expressions refer to.
#[derive(Debug, Default)]
pub struct Program {
    pub source_count: usize,
    pub register_count: usize,
    pub constant_count: usize,
    pub subqueries: Vec<Subquery>,
    /// CTEs that are computed once and read through `From::Materialized`, and recursive ones.
    pub ctes: Vec<Cte>,
    pub parameter_count: usize,
    /// The table that the statement changes, once its own rows are planned: what subqueries read of it must not be kept.
    pub changed: Option<Arc<Table>>,
    /// What a written row sets off may change the tables that rows are being read from: a scan goes on in what they have
    /// become.
    pub reads_live: bool,
}

#[derive(Debug)]
pub struct Subquery {
    pub select: Select,
    /// Reads a column or register of an enclosing query: must run again for every outer row. Otherwise its result is
    /// computed once per execution and kept.
    pub correlated: bool,
}

/// Index into `Program::ctes`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CteId(pub usize);

#[derive(Debug)]
pub struct Cte {
    pub name: String,
    /// For a recursive CTE: the part before the first recursive term.
    pub initial: Select,
    /// Columns whose integers are read as reals.
    pub reals: Vec<usize>,
    /// The recursive terms; each reads the queue's current row through `From::RecursiveRow` of this CTE.
    pub recursive: Vec<Select>,
    /// UNION (true) drops rows seen before, UNION ALL keeps them.
    pub distinct: bool,
    pub collations: Vec<Collation>,
    /// ORDER BY of a recursive CTE: the queue is a priority queue. Terms are output column indexes.
    pub order_by: Vec<CompoundOrder>,
    pub limit: Option<Expr>,
    pub offset: Option<Expr>,
    pub column_count: usize,
    /// Where `initial` and every recursive term put their result row.
    pub output: Register,
    /// Reads columns or registers of an enclosing query: must be computed again whenever it is opened.
    pub correlated: bool,
}

/// One query, with the clauses that stand around a compound.
#[derive(Debug)]
pub struct Select {
    pub body: Body,
    /// For a single core: evaluated on the core's row (or group). For a compound: see `Body::Compound`.
    pub order_by: Vec<OrderTerm>,
    pub limit: Option<Expr>,
    pub offset: Option<Expr>,
    pub columns: Vec<OutputColumn>,
    /// Where the result row is put when another query reads it (FROM subquery, compound arm, INSERT source):
    /// `columns.len()` registers from here. None: only the statement's own reader sees the row.
    pub output: Option<Register>,
    /// As written, and as EXPLAIN QUERY PLAN counts; see `ast::Select`.
    pub number: u32,
}

impl Select {
    /// Whether ORDER BY is written.
    pub fn is_ordered(&self) -> bool {
        match &self.body {
            Body::Compound(compound) => !compound.order_by.is_empty(),
            Body::Core(_) | Body::Values(_) => !self.order_by.is_empty(),
        }
    }

    /// Columns whose integers are reals to who reads the query as a table: a compound keeps them as they are.
    pub fn read_as_real(&self) -> Vec<usize> {
        match self.body {
            Body::Compound(_) => columns_read_as_real(&self.columns),
            Body::Core(_) | Body::Values(_) => Vec::new(),
        }
    }
}

/// The same of a compound's columns.
pub fn columns_read_as_real(columns: &[OutputColumn]) -> Vec<usize> {
    let columns = columns.iter().enumerate();
    columns.filter(|(_, column)| column.types.reads_as_real()).map(|(index, _)| index).collect()
}

#[derive(Debug)]
pub enum Body {
    Core(Box<Core>),
    Values(Vec<Vec<Expr>>),
    Compound(Box<Compound>),
}

#[derive(Debug)]
pub struct Compound {
    pub operator: CompoundOperator,
    /// Both sides have the same number of columns and write them to their `output` registers.
    pub left: Select,
    pub right: Select,
    /// Per column, for telling rows apart.
    pub collations: Vec<Collation>,
    /// ORDER BY of a compound names output columns only. The enclosing `Select::order_by` is empty then.
    pub order_by: Vec<CompoundOrder>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompoundOperator {
    Union,
    UnionAll,
    Intersect,
    Except,
}

#[derive(Clone, Debug)]
pub struct CompoundOrder {
    pub column: usize,
    pub direction: Direction,
    pub collation: Collation,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Direction {
    pub descending: bool,
    /// NULLs sort before everything else; by default true for ASC and false for DESC.
    pub nulls_first: bool,
}

#[derive(Clone, Debug)]
pub struct OrderTerm {
    pub expr: Expr,
    pub direction: Direction,
    pub collation: Collation,
    /// The term is this output column (by ordinal, alias or equality): it need not be computed twice.
    pub output_column: Option<usize>,
    /// COLLATE is written.
    pub is_collated: bool,
}

#[derive(Clone, Debug, Default)]
pub struct OutputColumn {
    /// For whoever reads the query.
    pub name: Arc<str>,
    /// For the statement's result, where settings give its columns other names.
    pub shown: Option<Arc<str>>,
    /// `sqlite3_column_decltype`: declared type of the column it comes from.
    pub declared_type: Option<Arc<str>>,
    pub origin: Option<ColumnOrigin>,
    pub affinity: Option<Affinity>,
    /// For whoever reads the query; that of a compound's first arm.
    pub collation: Collation,
    /// For the compound that this query is an arm of.
    pub types: ArmTypes,
}

#[derive(Clone, Debug)]
pub struct ColumnOrigin {
    pub database: Arc<str>,
    pub table: Arc<str>,
    pub column: Arc<str>,
}

/// SELECT … FROM … WHERE … GROUP BY … HAVING, without what stands around it.
#[derive(Debug, Default)]
pub struct Core {
    pub from: Option<From>,
    pub filter: Option<Expr>,
    pub grouping: Option<Grouping>,
    /// Window calls, computed after grouping and HAVING, before DISTINCT and ORDER BY.
    pub windows: Vec<Window>,
    pub having: Option<Expr>,
    pub distinct: bool,
    pub outputs: Vec<Expr>,
}

/// GROUP BY and aggregates. Present when there is a GROUP BY or any aggregate call.
#[derive(Debug, Default)]
pub struct Grouping {
    /// Empty with `has_group_by` false: one group, even over no rows.
    pub keys: Vec<GroupKey>,
    pub has_group_by: bool,
    pub aggregates: Vec<AggregateCall>,
    /// Columns used outside aggregates; taken from the row that `capture_from` says.
    pub captured: Vec<Capture>,
    /// The last min()/max(), whose row gives the captured columns (index into `aggregates`); else the group's last row.
    pub capture_from: Option<usize>,
}

#[derive(Clone, Debug)]
pub struct GroupKey {
    pub expr: Expr,
    pub collation: Collation,
    /// Holds the key's value while a group is being output.
    pub register: Register,
}

#[derive(Clone, Debug)]
pub struct Capture {
    /// `Expr::Column`, `Expr::Rowid` or a `Expr::Register` of a FROM subquery.
    pub expr: Expr,
    pub register: Register,
}

#[derive(Clone, Debug)]
pub struct AggregateCall {
    pub function: AggregateKind,
    pub args: Vec<Expr>,
    pub distinct: bool,
    pub filter: Option<Expr>,
    pub order_by: Vec<OrderTerm>,
    /// Of the first argument: for min, max and DISTINCT.
    pub collation: Collation,
    pub result: Register,
}

/// Calls that share one window definition.
#[derive(Clone, Debug)]
pub struct Window {
    pub partition_by: Vec<(Expr, Collation)>,
    pub order_by: Vec<OrderTerm>,
    pub frame: WindowFrame,
    /// The window computed before gives its rows in this one's order.
    pub is_input_sorted: bool,
    pub calls: Vec<WindowCall>,
    /// Registers and columns that later expressions need after the rows were buffered.
    pub captured: Vec<Capture>,
}

#[derive(Clone, Debug)]
pub struct WindowFrame {
    pub unit: ast::FrameUnit,
    pub start: FrameBound,
    pub end: FrameBound,
    /// As written: EXCLUDE NO OTHERS is not the same as no EXCLUDE to sums that slide.
    pub exclude: Option<ast::FrameExclude>,
}

#[derive(Clone, Debug)]
pub enum FrameBound {
    UnboundedPreceding,
    Preceding(Expr),
    CurrentRow,
    Following(Expr),
    UnboundedFollowing,
}

#[derive(Clone, Debug)]
pub struct WindowCall {
    pub function: WindowFunction,
    pub args: Vec<Expr>,
    pub filter: Option<Expr>,
    pub collation: Collation,
    pub result: Register,
}

impl WindowCall {
    /// Whether a row's result is told by the rows before it, and itself, whatever the frame.
    pub fn is_told_by_rows_before(&self) -> bool {
        match self.function {
            WindowFunction::RowNumber | WindowFunction::Rank | WindowFunction::DenseRank => true,
            WindowFunction::Lag => {
                let offset = self.args.get(1);
                offset.is_none_or(|offset| matches!(offset, Expr::Literal(Value::Integer(0..))))
            }
            _ => false,
        }
    }
}

#[derive(Clone, Debug)]
pub enum WindowFunction {
    Aggregate(AggregateKind),
    RowNumber,
    Rank,
    DenseRank,
    PercentRank,
    CumeDist,
    Ntile,
    Lag,
    Lead,
    FirstValue,
    LastValue,
    NthValue,
}

impl WindowFunction {
    pub fn name(&self) -> &str {
        match self {
            WindowFunction::Aggregate(kind) => kind.name(),
            WindowFunction::RowNumber => "row_number",
            WindowFunction::Rank => "rank",
            WindowFunction::DenseRank => "dense_rank",
            WindowFunction::PercentRank => "percent_rank",
            WindowFunction::CumeDist => "cume_dist",
            WindowFunction::Ntile => "ntile",
            WindowFunction::Lag => "lag",
            WindowFunction::Lead => "lead",
            WindowFunction::FirstValue => "first_value",
            WindowFunction::LastValue => "last_value",
            WindowFunction::NthValue => "nth_value",
        }
    }

    /// Whether what OVER says of the frame matters to the function; where it does not, not even a wrong offset does.
    pub fn reads_frame(&self) -> bool {
        match self {
            WindowFunction::Aggregate(_)
            | WindowFunction::FirstValue
            | WindowFunction::LastValue
            | WindowFunction::NthValue => true,
            WindowFunction::RowNumber
            | WindowFunction::Rank
            | WindowFunction::DenseRank
            | WindowFunction::PercentRank
            | WindowFunction::CumeDist
            | WindowFunction::Ntile
            | WindowFunction::Lag
            | WindowFunction::Lead => false,
        }
    }
}

/// The FROM clause as a tree of joins, in the order written.
#[derive(Debug)]
pub enum From {
    Table(TableSource),
    /// A subquery or view; its columns are read as `Expr::Register(output + i)`.
    Subquery {
        select: Box<Select>,
        /// Alias, view or CTE; empty: none.
        name: String,
        /// The view or CTE that has an alias.
        definition: Option<String>,
        output: Register,
        correlated: bool,
        /// How often the statement reads the CTE that this is.
        uses: Rc<Cell<usize>>,
    },
    /// A CTE computed once (MATERIALIZED, or used more than once, or recursive): its rows are loaded into `output + i`.
    Cte {
        cte: CteId,
        name: String,
        output: Register,
        column_count: usize,
    },
    /// Inside a recursive term: the row taken from the queue.
    RecursiveRow {
        cte: CteId,
        name: String,
        output: Register,
        column_count: usize,
    },
    TableFunction(TableFunctionSource),
    Virtual(VirtualSource),
    Join(Box<Join>),
}

/// A table that a module of the application computes: parameters, columns and the row's number stand in registers from
/// `output` on.
#[derive(Debug)]
pub struct VirtualSource {
    pub table: Rc<ConnectedTable>,
    pub name: String,
    /// Written behind the table's name: what the first parameters equal.
    pub args: Vec<Expr>,
    pub output: Register,
}

impl VirtualSource {
    pub fn parameter_count(&self) -> usize {
        self.table.declaration.parameters.len()
    }

    /// Of registers, the row's number included.
    pub fn width(&self) -> usize {
        self.table.column_count() + 1
    }

    /// The parameter that an expression is.
    pub fn parameter_of(&self, expr: &Expr) -> Option<usize> {
        let Expr::Register(register) = expr else { return None };
        register.0.checked_sub(self.output.0).filter(|index| *index < self.parameter_count())
    }
}

#[derive(Debug)]
pub struct TableSource {
    pub source: SourceId,
    pub database: DatabaseIndex,
    pub table: Arc<Table>,
    /// As EXPLAIN QUERY PLAN names it: the alias, or the name as written.
    pub shown: String,
    pub indexed_by: IndexedBy,
}

#[derive(Debug)]
pub enum IndexedBy {
    Any,
    NotIndexed,
    Index(Arc<Index>),
}

/// A table-valued function: json_each, pragma_…; columns in `output + i`, behind them the hidden ones, which are its
/// parameters, and the rowid.
#[derive(Debug)]
pub struct TableFunctionSource {
    pub function: TableFunction,
    pub name: String,
    /// Written behind the function's name: what the first parameters equal.
    pub args: Vec<Expr>,
    pub output: Register,
    /// All of them, the rowid too.
    pub column_count: usize,
    pub parameter_count: usize,
}

impl TableFunctionSource {
    /// The parameter that an expression is.
    pub fn parameter_of(&self, expr: &Expr) -> Option<usize> {
        let Expr::Register(register) = expr else { return None };
        let first = self.output.0 + self.column_count - 1 - self.parameter_count;
        register.0.checked_sub(first).filter(|index| *index < self.parameter_count)
    }
}

/// The column of `json_each` and `json_tree` whose values may have the JSON subtype: `value`.
pub const JSON_VALUE: usize = 1;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TableFunction {
    /// `json_each`, `json_tree`, `jsonb_each`, `jsonb_tree`.
    Json { is_tree: bool, is_jsonb: bool },
    /// `pragma_NAME`.
    Pragma(String),
}

#[derive(Debug)]
pub struct Join {
    pub kind: JoinKind,
    pub left: From,
    pub right: From,
    /// ON, and what USING and NATURAL stand for.
    pub on: Option<Expr>,
    /// Unique within its FROM clause.
    pub number: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JoinKind {
    Inner,
    /// As Inner, but the planner may not change the order.
    Cross,
    Left,
    Right,
    Full,
}

/// A resolved expression. Its parts are shared: a clone costs no more than its own node, and who changes one copies what
/// others still refer to.
#[derive(Clone, Debug)]
pub enum Expr {
    Literal(Value),
    /// 0-based.
    Parameter(usize),
    /// `table.columns[column]`, read lazily from the cursor; NULL while the cursor stands on an outer join's null row.
    Column {
        source: SourceId,
        column: usize,
    },
    /// The rowid of the cursor's row (also what an INTEGER PRIMARY KEY column resolves to).
    Rowid(SourceId),
    Register(Register),
    Not(Rc<Expr>),
    Negate(Rc<Expr>),
    BitNot(Rc<Expr>),
    /// `+x`, kept because it removes index use; also likely()/unlikely().
    Plus(Rc<Expr>),
    And(Rc<Expr>, Rc<Expr>, Waits),
    Or(Rc<Expr>, Rc<Expr>, Waits),
    Arithmetic {
        operator: ArithmeticOperator,
        left: Rc<Expr>,
        right: Rc<Expr>,
        waits: Waits,
    },
    Compare(Rc<Compare>),
    Between(Rc<Between>),
    IsNull {
        operand: Rc<Expr>,
        negated: bool,
    },
    /// `x IS [NOT] TRUE|FALSE`.
    IsTruth {
        operand: Rc<Expr>,
        truth: bool,
        negated: bool,
    },
    InList(Rc<InList>),
    InSelect(Rc<InSelect>),
    Case {
        operand: Option<Rc<Expr>>,
        arms: Rc<[CaseArm]>,
        otherwise: Option<Rc<Expr>>,
    },
    Cast {
        operand: Rc<Expr>,
        affinity: Affinity,
    },
    /// Only marks the collation of its operand; evaluates to the operand.
    Collate {
        operand: Rc<Expr>,
        collation: Collation,
    },
    /// Any scalar function whose arguments are all evaluated first. LIKE, GLOB, REGEXP, MATCH and -> are functions too.
    Function {
        function: &'static Scalar,
        args: Rc<[Expr]>,
        collation: Collation,
    },
    /// A function of the application.
    Application {
        function: Rc<FunctionDefinition>,
        args: Rc<[Expr]>,
    },
    /// A call that gives the same whenever it is evaluated in one execution: the first evaluation is kept.
    Constant {
        call: Rc<Expr>,
        constant: ConstantId,
    },
    /// Evaluated left to right, stopping at the first that is not NULL.
    Coalesce(Rc<[Expr]>),
    /// First value of the first row; NULL when there is none.
    ScalarSubquery(SubqueryId),
    Exists {
        subquery: SubqueryId,
        negated: bool,
    },
    /// Row values are compared, never stored.
    RowCompare(Rc<RowCompare>),
    Raise {
        action: RaiseAction,
        message: Rc<Expr>,
    },
    Raw(RawExpr),
}

/// Which operand is computed last, and not at all where the other decides or is NULL: one with a subquery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waits {
    Neither,
    Left,
    Right,
}

impl Waits {
    /// The operands in the order in which they are computed.
    pub fn in_order<'e>(self, left: &'e Expr, right: &'e Expr) -> (&'e Expr, &'e Expr) {
        match self {
            Waits::Left => (right, left),
            Waits::Neither | Waits::Right => (left, right),
        }
    }
}

/// Values that only the running statement knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RawExpr {
    CurrentDate,
    CurrentTime,
    CurrentTimestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RaiseAction {
    Ignore,
    Rollback,
    Abort,
    Fail,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArithmeticOperator {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    BitAnd,
    BitOr,
    ShiftLeft,
    ShiftRight,
    Concat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompareOperator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    /// `IS`: NULL equals NULL, the result is never NULL.
    Is,
    IsNot,
}

/// What a comparison does to its operands first, and how text is ordered.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Comparison {
    /// Applied to both operands: `Numeric` to text that looks like a number, `Text` to numbers, None: nothing.
    pub affinity: Option<Affinity>,
    pub collation: Collation,
    /// The affinities of the operands, of which that one was made.
    pub operands: (Option<Affinity>, Option<Affinity>),
}

impl Comparison {
    /// Of operands without affinities.
    pub const fn new(collation: Collation) -> Comparison {
        Comparison { affinity: None, collation, operands: (None, None) }
    }
}

#[derive(Clone, Debug)]
pub struct Compare {
    pub operator: CompareOperator,
    pub left: Expr,
    pub right: Expr,
    pub comparison: Comparison,
    pub waits: Waits,
}

#[derive(Clone, Debug)]
pub struct Between {
    pub operand: Expr,
    pub low: Expr,
    pub high: Expr,
    pub low_comparison: Comparison,
    pub high_comparison: Comparison,
    pub negated: bool,
}

#[derive(Clone, Debug)]
pub struct InList {
    pub operand: Expr,
    pub list: Vec<Expr>,
    /// Affinity of the left operand, applied to each value; the collation is the left operand's.
    pub comparison: Comparison,
    pub negated: bool,
    /// The affinity is not applied to the operand: it counts as applied.
    pub keeps_operand: bool,
}

#[derive(Clone, Debug)]
pub struct InSelect {
    /// A row of one or more parts.
    pub operand: RowOperand,
    pub subquery: SubqueryId,
    pub comparisons: Vec<Comparison>,
    pub negated: bool,
    /// Its affinity counts as applied to the operand.
    pub keeps_operand: bool,
}

#[derive(Clone, Debug)]
pub struct CaseArm {
    pub when: Expr,
    /// With an operand: how it is compared to `when`.
    pub comparison: Comparison,
    pub then: Expr,
}

#[derive(Clone, Debug)]
pub struct RowCompare {
    pub operator: CompareOperator,
    pub left: RowOperand,
    pub right: RowOperand,
    pub comparisons: Vec<Comparison>,
}

#[derive(Clone, Debug)]
pub enum RowOperand {
    Exprs(Vec<Expr>),
    /// The first row of the subquery; all NULL when there is none.
    Subquery(SubqueryId),
}
