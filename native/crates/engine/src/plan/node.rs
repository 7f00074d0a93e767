//! Plans: trees of physical nodes, made by the planner, described by EXPLAIN QUERY PLAN, turned into operators.
//!
//! `RowsNode`s have result columns; `SourceNode`s position the frame (see `execute`). Nodes own their expressions and
//! give them to the operators they become.

use std::rc::Rc;
use std::sync::Arc;

use pluresdb_value::Collation;
use pluresdb_value::key::KeyColumn;

use crate::callback::ConnectedTable;
use crate::catalog::{DatabaseIndex, Index, Table};
use crate::resolve::tree::{
    AggregateCall, Capture, Comparison, CompoundOperator, CompoundOrder, CteId, Direction, Expr, GroupKey,
    Register, SourceId, SubqueryId, TableFunction, Window,
};

#[derive(Clone)]
pub enum RowsNode {
    /// One row per row of the input; with `distinct`, the first of equal ones.
    Project {
        input: SourceNode,
        outputs: Vec<Expr>,
        distinct: Option<Vec<Collation>>,
    },
    Values {
        rows: Vec<Vec<Expr>>,
    },
    Sort(Box<Sort>),
    Limit {
        input: Box<RowsNode>,
        limit: Option<Expr>,
        offset: Option<Expr>,
    },
    Compound(Box<Compound>),
}

/// Rows sorted by `keys`; equal rows stay in the order they came.
#[derive(Clone)]
pub struct Sort {
    pub input: SourceNode,
    pub outputs: Vec<Expr>,
    pub distinct: Option<Vec<Collation>>,
    pub keys: Vec<SortKey>,
    /// Only the first `limit + offset` rows are wanted.
    pub limit: Option<Expr>,
    pub offset: Option<Expr>,
    pub early: Option<Box<EarlyRows>>,
}

/// The rows of a sort in the order of its first terms: the first ones may be found before all are read.
#[derive(Clone)]
pub struct EarlyRows {
    pub input: SourceNode,
    /// How many terms they are in the order of.
    pub given: usize,
}

#[derive(Clone)]
pub struct SortKey {
    pub value: SortValue,
    pub direction: Direction,
    pub collation: Collation,
}

#[derive(Clone)]
pub enum SortValue {
    Output(usize),
    Expr(Expr),
}

#[derive(Clone)]
pub struct Compound {
    pub operator: CompoundOperator,
    pub left: RowsNode,
    pub right: RowsNode,
    pub collations: Vec<Collation>,
    pub order_by: Vec<CompoundOrder>,
}

#[derive(Clone)]
pub enum SourceNode {
    /// One row of no columns: a SELECT without FROM.
    Once,
    Scan(Scan),
    Filter {
        input: Box<SourceNode>,
        conditions: Vec<Expr>,
    },
    NestedLoop(Box<NestedLoop>),
    HashJoin(Box<HashJoin>),
    /// A subquery run alongside: each row goes to registers.
    Subquery {
        rows: Box<RowsNode>,
        output: Register,
        /// Columns whose integers are read as reals.
        reals: Vec<usize>,
        /// Those of them that come as they are, because a join makes them reals once it has taken its keys out of them.
        raw: Vec<usize>,
        label: Box<SubqueryLabel>,
    },
    /// Rows of the input kept and given out again by each `open`.
    Materialize {
        input: Box<SourceNode>,
        image: Vec<ImageSlot>,
        correlated: bool,
    },
    Cte {
        cte: CteId,
        output: Register,
        column_count: usize,
        /// As a subquery's.
        raw: Vec<usize>,
        name: String,
    },
    RecursiveRow {
        cte: CteId,
        output: Register,
        column_count: usize,
        name: String,
    },
    TableFunction {
        function: TableFunction,
        /// As EXPLAIN QUERY PLAN names it.
        name: String,
        /// By parameter.
        args: Vec<Option<Expr>>,
        output: Register,
        column_count: usize,
        /// The columns that are read.
        wanted: Vec<usize>,
    },
    /// A table that a module of the application computes.
    Virtual(VirtualScan),
    Group(Box<Group>),
    /// `count(*)` of a whole table, from the tree's count.
    Count {
        database: DatabaseIndex,
        table: Arc<Table>,
        result: Register,
        name: String,
    },
    /// Rows come out sorted by partition and order.
    Window {
        input: Box<SourceNode>,
        window: Box<Window>,
        /// Few rows are wanted, and these come in order: they are read as they are needed.
        is_lazy: bool,
    },
    /// Rows in the order of `keys`, cut by limit and offset, positioned anew: UPDATE and DELETE with ORDER BY or LIMIT.
    SortPositions(Box<SortPositions>),
}

impl SourceNode {
    /// `self` with conditions that read none of its rows asked before the first is read.
    pub fn gated(self, gate: Vec<Expr>) -> SourceNode {
        if gate.is_empty() {
            return self;
        }
        SourceNode::NestedLoop(Box::new(NestedLoop {
            left: SourceNode::Filter { input: Box::new(SourceNode::Once), conditions: gate },
            right: self,
            kind: LoopKind::Inner,
            on: Vec::new(),
        }))
    }

    /// What `gated` was called on.
    pub fn behind_gate(&self) -> &SourceNode {
        match self {
            SourceNode::NestedLoop(join) => match &join.left {
                SourceNode::Filter { input, .. } if matches!(**input, SourceNode::Once) => &join.right,
                _ => self,
            },
            _ => self,
        }
    }
}

/// What EXPLAIN QUERY PLAN tells of a subquery of FROM.
#[derive(Clone)]
pub struct SubqueryLabel {
    /// Alias, view or CTE; empty: none.
    pub name: String,
    /// The view or CTE that has an alias.
    pub definition: Option<String>,
    pub number: u32,
    pub columns: Vec<Arc<str>>,
}

#[derive(Clone)]
pub struct VirtualScan {
    pub table: Rc<ConnectedTable>,
    /// As EXPLAIN QUERY PLAN names it.
    pub name: String,
    /// By parameter.
    pub arguments: Vec<Option<VirtualArgument>>,
    /// Columns, parameters first, that anything reads.
    pub wanted: Vec<bool>,
    /// Parameters, columns and the row's number stand from here on.
    pub output: Register,
}

/// What a parameter of a module's table is given.
#[derive(Clone)]
pub enum VirtualArgument {
    Value(Expr),
    /// One set of rows for each value.
    In(InValues),
}

/// A place of the frame that a kept row gives its value back to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImageSlot {
    /// The cursor itself goes onto the image, with this rowid.
    Rowid(SourceId),
    Column {
        source: SourceId,
        column: usize,
    },
    Register(Register),
    /// Whether the value of that register has the JSON subtype.
    Subtype(Register),
}

#[derive(Clone)]
pub struct Scan {
    pub source: SourceId,
    pub database: DatabaseIndex,
    pub table: Arc<Table>,
    /// As EXPLAIN QUERY PLAN names it.
    pub name: String,
    pub path: AccessPath,
    pub is_reverse: bool,
    /// What this table alone decides, beyond what the path ensures.
    pub conditions: Vec<Expr>,
    /// The columns that the query reads, as far as that is known.
    pub used_columns: Vec<usize>,
}

#[derive(Clone)]
pub enum AccessPath {
    Full,
    Rowid(RowidBounds),
    /// The table's own key: WITHOUT ROWID.
    PrimaryKey {
        index: Arc<Index>,
        bounds: KeyBounds,
    },
    Index {
        index: Arc<Index>,
        bounds: KeyBounds,
        covering: Option<Vec<CoveredColumn>>,
    },
    /// What any of several paths finds, one after the other: the parts of an OR.
    AnyOf(Vec<PartialPath>),
}

/// The path of one part of an OR, and what of the part it does not ensure.
#[derive(Clone)]
pub struct PartialPath {
    pub path: AccessPath,
    pub conditions: Vec<Expr>,
}

/// Column `column` of the table stands at `position` of the index; behind the index's columns those of the primary key
/// count on, which the entry of a table WITHOUT ROWID ends in.
#[derive(Clone, Copy, Debug)]
pub struct CoveredColumn {
    pub column: usize,
    pub position: usize,
}

#[derive(Clone)]
pub enum RowidBounds {
    Equal(Expr),
    In(InValues),
    Range { low: Option<RangeEnd>, high: Option<RangeEnd> },
}

#[derive(Clone)]
pub struct RangeEnd {
    pub expr: Expr,
    pub is_inclusive: bool,
}

/// The values of an IN.
#[derive(Clone)]
pub enum InValues {
    List(Vec<Expr>),
    Select(SubqueryId),
}

/// Which part of an index: equal on the first columns, then a range of the next; behind all columns it is one of rowids.
#[derive(Clone, Default)]
pub struct KeyBounds {
    pub equal: Vec<KeyTerm>,
    pub low: Option<RangeEnd>,
    pub high: Option<RangeEnd>,
    /// What `low` and `high` say of the columns behind theirs.
    pub low_row: Option<RowEnd>,
    pub high_row: Option<RowEnd>,
    /// Of the column the range is on.
    pub range_comparison: Option<Comparison>,
    /// The range is that of LIKE or GLOB: it is of texts, and where these match blobs, of blobs with the same bytes.
    pub is_pattern: bool,
    /// The NULLs of the column behind the equal ones come on the other side of its values: two parts of the index are read.
    pub puts_nulls_apart: bool,
    /// The rows of each part, of those that IN makes, come in the order of an ORDER BY that sorts them.
    pub gives_parts_in_order: bool,
}

/// The values behind the first one in a comparison of rows: `2, 3` of `(a, b, c) > (1, 2, 3)`.
#[derive(Clone)]
pub struct RowEnd {
    pub values: Vec<RowValue>,
    pub is_inclusive: bool,
}

#[derive(Clone)]
pub struct RowValue {
    pub expr: Expr,
    pub comparison: Comparison,
    /// How the key has the column; None: as the rowid at its end.
    pub column: Option<KeyColumn>,
}

#[derive(Clone)]
pub struct KeyTerm {
    pub value: KeyValue,
    pub comparison: Comparison,
}

#[derive(Clone)]
pub enum KeyValue {
    /// `= expr`: NULL finds nothing.
    Equal(Expr),
    /// `IS expr`: NULL finds NULL.
    Is(Expr),
    In(InValues),
}

#[derive(Clone)]
pub struct NestedLoop {
    pub left: SourceNode,
    pub right: SourceNode,
    pub kind: LoopKind,
    /// Decides what matches; only for the outer kinds may it hold what the left side alone could answer.
    pub on: Vec<Expr>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoopKind {
    Inner,
    Left,
    Right,
    Full,
}

#[derive(Clone)]
pub struct HashJoin {
    pub left: SourceNode,
    /// Kept in the hash table.
    pub right: SourceNode,
    pub kind: LoopKind,
    pub keys: Vec<HashKey>,
    pub on: Vec<Expr>,
    /// What of the frame the sides fill; that of the left side only where its rows may become images.
    pub left_image: Option<Vec<ImageSlot>>,
    pub image: Vec<ImageSlot>,
    /// The right side reads an enclosing query.
    pub is_right_correlated: bool,
    /// What of the right side becomes real behind its keys: SQLite's automatic index has a compound's integers as they
    /// were, and who reads its columns has reals.
    pub reals: Vec<Register>,
}

#[derive(Clone)]
pub struct HashKey {
    pub left: Expr,
    pub right: Expr,
    pub comparison: Comparison,
}

#[derive(Clone)]
pub struct Group {
    pub input: SourceNode,
    pub keys: Vec<GroupKey>,
    /// By key: its greatest values come first.
    pub is_descending: Vec<bool>,
    pub has_group_by: bool,
    pub aggregates: Vec<AggregateCall>,
    pub captured: Vec<Capture>,
    pub capture_from: Option<usize>,
    /// Rows of a group come together and groups in order.
    pub is_input_sorted: bool,
    /// The first row decides: a lone min() or max() over rows in its order.
    pub stops_at_first: bool,
    /// Groups may come in any order: who reads them sorts them, and no two are equal in that.
    pub is_order_free: bool,
    /// What of the frame the input fills; of a grouping that keeps all its groups until the last row.
    pub image: Vec<ImageSlot>,
    /// About so many groups are wanted, in the order in which they are found.
    pub few: Option<f64>,
}

#[derive(Clone)]
pub struct SortPositions {
    pub input: SourceNode,
    pub image: Vec<ImageSlot>,
    pub target: Option<SourceId>,
    pub keys: Vec<SortKey>,
    pub limit: Option<Expr>,
    pub offset: Option<Expr>,
}
