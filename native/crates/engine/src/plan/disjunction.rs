//! OR: each part looked up by an index of its own, one after the other.
//!
//! ```text
//! WHERE a = 1 OR (b = 2 AND c > 3)     the index of a finds rows, then that of b, no row twice
//! ```
//! Every part must lead to rows by a key or index; the conditions beside the OR may help each of them. As in SQLite the
//! rows come part by part, in the order the parts are written.

use crate::plan::access_path::{PathChoice, TableItem};
use crate::plan::from::FromPlanner;
use crate::plan::predicate::{Conjunct, ItemSet, exprs, mark_used};
use crate::plan::{AccessPath, PartialPath};
use crate::resolve::tree::Expr;

/// SQLite takes a row read in the table's order for three times an index entry: ORs of ranges still pay there.
const OF_PARTS: f64 = 0.75;

/// The paths to a table that the ORs among its conditions offer.
pub(super) fn choices<'c>(
    planner: &FromPlanner<'_>,
    item: usize,
    table: &TableItem<'_>,
    conjuncts: impl Iterator<Item = (usize, &'c Conjunct)> + Clone,
    available: ItemSet,
) -> Vec<PathChoice> {
    let own: ItemSet = 1 << item;
    let is_usable = |conjunct: &Conjunct| !conjunct.is_used && conjunct.items & !(available | own) == 0;
    let mut choices = Vec::new();
    for (number, conjunct) in conjuncts.clone() {
        if !matches!(conjunct.expr, Expr::Or(..)) || conjunct.items & own == 0 || !is_usable(conjunct) {
            continue;
        }
        let beside: Vec<&Conjunct> = conjuncts
            .clone()
            .filter(|(other, conjunct)| *other != number && is_usable(conjunct))
            .map(|(_, conjunct)| conjunct)
            .collect();
        let mut parts = Vec::new();
        parts_of(&conjunct.expr, &mut parts);
        let mut ways = Vec::with_capacity(parts.len());
        let (mut rows, mut cost) = (0.0, 0.0);
        for part in &parts {
            let Some(choice) = choose_part(planner, item, table, part, &beside, available) else { break };
            rows += choice.rows;
            cost += choice.cost;
            ways.push(choice.way);
        }
        if ways.len() == parts.len() {
            choices.push(PathChoice {
                path: AccessPath::AnyOf(ways),
                used_conjuncts: vec![number],
                rows: rows.min(table.row_count),
                cost: cost * OF_PARTS,
                is_reverse: false,
                is_ordered: false,
            });
        }
    }
    choices
}

fn parts_of<'e>(expr: &'e Expr, parts: &mut Vec<&'e Expr>) {
    match expr {
        Expr::Or(left, right, _) => {
            parts_of(left, parts);
            parts_of(right, parts);
        }
        part => parts.push(part),
    }
}

struct PartChoice {
    way: PartialPath,
    rows: f64,
    cost: f64,
}

/// How one part finds its rows; None: by none of its own conditions.
fn choose_part(
    planner: &FromPlanner<'_>,
    item: usize,
    table: &TableItem<'_>,
    part: &Expr,
    beside: &[&Conjunct],
    available: ItemSet,
) -> Option<PartChoice> {
    let mut own = Vec::new();
    planner.split(part, &mut own);
    let all = own.iter().chain(beside.iter().copied()).enumerate();
    let choice = planner.choose_simple_path(item, table, all, available);
    let own_count = own.len();
    let is_own = |used: &usize| *used < own_count;
    if !choice.used_conjuncts.iter().any(is_own) {
        return None;
    }
    for used in choice.used_conjuncts.into_iter().filter(is_own) {
        mark_used(&mut own, used);
    }
    own.retain(|conjunct| !conjunct.is_used);
    let mut path = choice.path;
    // The parts' rows are told apart by their keys, which only the table's cursor has.
    if let AccessPath::Index { covering, .. } = &mut path
        && table.table.without_rowid
    {
        *covering = None;
    }
    let way = PartialPath { path, conditions: exprs(own) };
    Some(PartChoice { way, rows: choice.rows, cost: choice.cost })
}
