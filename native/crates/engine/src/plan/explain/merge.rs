//! Which subqueries of FROM have no line of their own: SQLite merges them into the outer query, and here their rows run
//! through one by one.
//!
//! ```text
//! SELECT … FROM (SELECT a FROM t WHERE …)                a table with other columns: merged wherever it is read once
//! … LEFT JOIN (SELECT a FROM t) ON …                     on the inner side of an outer join, or kept: only one table
//! SELECT … FROM (SELECT … UNION ALL SELECT … LIMIT 3)    all of FROM and WHERE: the outer query's rows
//! ```

use crate::plan::{LoopKind, RowsNode, SourceNode};
use crate::resolve::tree::CompoundOperator;

/// Where in FROM a subquery stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Its rows are asked for once, one by one.
    First,
    Inner,
    Outer,
    /// Its rows are kept, to be asked for again.
    Kept,
    KeptOuter,
}

impl Place {
    pub fn joined(kind: LoopKind) -> Place {
        match kind {
            LoopKind::Inner => Place::Inner,
            LoopKind::Left | LoopKind::Right | LoopKind::Full => Place::Outer,
        }
    }

    pub fn kept(self) -> Place {
        match self {
            Place::First | Place::Inner | Place::Kept => Place::Kept,
            Place::Outer | Place::KeptOuter => Place::KeptOuter,
        }
    }

    pub fn is_kept(self) -> bool {
        matches!(self, Place::Kept | Place::KeptOuter)
    }
}

/// `merged`; where rows are kept, and on the inner side of an outer join, only what reads one table is.
pub(super) fn merged_at(rows: &RowsNode, place: Place) -> Option<&SourceNode> {
    let takes_joins = matches!(place, Place::First | Place::Inner);
    merged(rows).filter(|input| takes_joins || is_one_table(input))
}

/// The subquery that is all of FROM and WHERE, with an order, a limit or arms of UNION ALL of its own: its rows are the
/// outer query's, one by one.
pub(super) fn passed_through(input: &SourceNode) -> Option<&RowsNode> {
    let SourceNode::Subquery { rows, .. } = input else { return None };
    is_passed_through(rows).then_some(rows)
}

fn is_passed_through(rows: &RowsNode) -> bool {
    match rows {
        RowsNode::Project { .. } => merged(rows).is_some(),
        RowsNode::Values { rows } => rows.len() > 1,
        RowsNode::Sort(sort) => {
            sort.distinct.is_none() && !is_above_from(&sort.input) && !is_nothing(&sort.input)
        }
        RowsNode::Limit { input, .. } => {
            is_passed_through(input) && !matches!(**input, RowsNode::Compound(_))
        }
        RowsNode::Compound(compound) => {
            compound.operator == CompoundOperator::UnionAll
                && compound.order_by.is_empty()
                && is_passed_through(&compound.left)
                && is_passed_through(&compound.right)
        }
    }
}

pub(super) fn is_above_from(node: &SourceNode) -> bool {
    match node {
        SourceNode::Filter { input, .. } => is_above_from(input),
        SourceNode::Group(_)
        | SourceNode::Count { .. }
        | SourceNode::Window { .. }
        | SourceNode::SortPositions(_) => true,
        _ => false,
    }
}

/// The query in FROM that is no more than its rows' source with other columns: SQLite puts it into the outer query, and
/// here its rows run through.
pub(super) fn merged(rows: &RowsNode) -> Option<&SourceNode> {
    match rows {
        RowsNode::Project { input, distinct: None, .. } if is_plain(input) => Some(input),
        _ => None,
    }
}

/// Rows of tables alone: no groups, no windows, and not the one row of no table.
fn is_plain(node: &SourceNode) -> bool {
    match node {
        SourceNode::Scan(_)
        | SourceNode::Subquery { .. }
        | SourceNode::Cte { .. }
        | SourceNode::RecursiveRow { .. }
        | SourceNode::TableFunction { .. }
        | SourceNode::Virtual(_) => true,
        SourceNode::Filter { input, .. } | SourceNode::Materialize { input, .. } => is_plain(input),
        SourceNode::NestedLoop(join) => {
            (is_nothing(&join.left) || is_plain(&join.left)) && is_plain(&join.right)
        }
        SourceNode::HashJoin(join) => {
            (is_nothing(&join.left) || is_plain(&join.left)) && is_plain(&join.right)
        }
        SourceNode::Once
        | SourceNode::Group(_)
        | SourceNode::Count { .. }
        | SourceNode::Window { .. }
        | SourceNode::SortPositions(_) => false,
    }
}

/// Whether it reads one item of FROM.
pub(super) fn is_single(node: &SourceNode) -> bool {
    match node {
        SourceNode::NestedLoop(join) => is_nothing(&join.left) && is_single(&join.right),
        SourceNode::HashJoin(join) => is_nothing(&join.left) && is_single(&join.right),
        SourceNode::Filter { input, .. } | SourceNode::Materialize { input, .. } => is_single(input),
        _ => true,
    }
}

/// Whether it reads one item of FROM that is a table, or a query that takes a table's place.
pub(super) fn is_one_table(node: &SourceNode) -> bool {
    match node {
        SourceNode::Filter { input, .. } | SourceNode::Materialize { input, .. } => is_one_table(input),
        SourceNode::Subquery { rows, .. } => merged(rows).is_none_or(is_one_table),
        node => is_single(node),
    }
}

/// The one row of no table.
pub(super) fn is_nothing(node: &SourceNode) -> bool {
    match node {
        SourceNode::Once => true,
        SourceNode::Filter { input, .. } => is_nothing(input),
        _ => false,
    }
}

/// What is read, below conditions and what keeps rows.
pub(super) fn leaf(node: &SourceNode) -> &SourceNode {
    match node {
        SourceNode::Filter { input, .. } | SourceNode::Materialize { input, .. } => leaf(input),
        SourceNode::Subquery { rows, .. } => match merged(rows) {
            Some(input) if is_one_table(input) => leaf(input),
            _ => node,
        },
        node => node,
    }
}
