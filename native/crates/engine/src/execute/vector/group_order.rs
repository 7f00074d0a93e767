//! The order in which groups come where the plan reads rows in the order of their keys.
//!
//! ```text
//! GROUP BY c, b    over an index on (b DESC, c):    groups are in the index's order: b descending, then c
//! ```
//! Batches read rows in another order, and sort the groups as the index would have given them.

use crate::catalog::IndexTerm;
use crate::plan::{AccessPath, Group, Scan, SourceNode};
use crate::resolve::tree::{Expr, GroupKey};

/// A key of a grouping, by its number, and whether its greatest values come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct OrderedKey {
    pub key: usize,
    pub is_descending: bool,
}

/// The keys in the order that decides; None when it is not told by the path of the first table.
pub(super) fn order_of_keys(node: &Group) -> Option<Vec<OrderedKey>> {
    if !node.is_input_sorted {
        let directions = node.is_descending.iter().enumerate();
        return Some(
            directions
                .map(|(key, is_descending)| OrderedKey { key, is_descending: *is_descending })
                .collect(),
        );
    }
    let scan = first_scan(&node.input)?;
    let is_rowid = |key: &GroupKey| matches!(key.expr, Expr::Rowid(source) if source == scan.source);
    let rowid = |is_descending| {
        let key = node.keys.iter().position(is_rowid)?;
        Some(OrderedKey { key, is_descending })
    };
    let (index, bounds) = match &scan.path {
        AccessPath::Full | AccessPath::Rowid(_) => return Some(vec![rowid(scan.is_reverse)?]),
        AccessPath::Index { index, bounds, .. } => (index, bounds),
        AccessPath::PrimaryKey { .. } | AccessPath::AnyOf(_) => return None,
    };
    let mut given = vec![false; node.keys.len()];
    let mut order = Vec::new();
    for (position, column) in index.columns.iter().enumerate() {
        let ordered = match column.term {
            IndexTerm::Column(wanted) => {
                let is_key = |key: &GroupKey| {
                    matches!(key.expr, Expr::Column { source, column } if source == scan.source && column == wanted)
                        && key.collation == column.collation
                };
                let is_descending = column.descending != scan.is_reverse;
                node.keys.iter().position(is_key).map(|key| OrderedKey { key, is_descending })
            }
            IndexTerm::Rowid => rowid(scan.is_reverse),
            IndexTerm::Expr(_) => None,
        };
        match ordered {
            Some(ordered) => {
                given[ordered.key] = true;
                order.push(ordered);
            }
            // One value for all rows decides nothing.
            None if position < bounds.equal.len() => {}
            None => break,
        }
    }
    given.into_iter().all(|is_given| is_given).then_some(order)
}

fn first_scan(node: &SourceNode) -> Option<&Scan> {
    match node.behind_gate() {
        SourceNode::Scan(scan) => Some(scan),
        SourceNode::Filter { input, .. } => first_scan(input),
        SourceNode::NestedLoop(join) => first_scan(&join.left),
        SourceNode::HashJoin(join) => first_scan(&join.left),
        _ => None,
    }
}
