//! The order in which a chain of inner joins is run.
//!
//! From each possible start, always the operand next that adds the least: one found by a key or index before one that
//! multiplies the rows. The start whose chain is cheapest wins; the written order wins unless another is clearly better.

use crate::plan::from::{FromPlanner, Shape, selectivity};
use crate::plan::predicate::{Conjunct, ItemSet};
use crate::resolve::tree::{CompareOperator, Expr};

/// With more operands than this, only the most promising starts are tried.
const MAX_STARTS: usize = 10;
/// How much cheaper than the written order another must be.
const CLEARLY: f64 = 0.7;

/// What joining one operand to a row of the chain costs, and how many rows it makes of it.
#[derive(Clone, Copy)]
struct Step {
    setup: f64,
    per_row: f64,
    rows: f64,
}

/// Indexes into `operands`, in running order.
pub(super) fn choose(planner: &FromPlanner<'_>, operands: &[Shape], pool: &[Conjunct]) -> Vec<usize> {
    let needs: Vec<ItemSet> = operands.iter().map(|operand| needs(planner, operand)).collect();
    let written: Vec<usize> = (0..operands.len()).collect();
    let mut starts: Vec<usize> = written.iter().copied().filter(|start| needs[*start] == 0).collect();
    if operands.len() > MAX_STARTS {
        let rows = |start: &usize| step(planner, &operands[*start], 0, pool).rows;
        starts.sort_by(|a, b| rows(a).total_cmp(&rows(b)));
        starts.truncate(3);
    }
    let mut best: Option<(f64, Vec<usize>)> = None;
    for start in starts {
        let Some((cost, order)) = greedy(planner, operands, &needs, pool, start) else { continue };
        let bar = if start == 0 { 1.0 } else { CLEARLY };
        let is_better = best.as_ref().is_none_or(|(best_cost, best_order)| {
            let bar = if best_order[0] == 0 { bar } else { 1.0 };
            cost < *best_cost * bar
        });
        if is_better {
            best = Some((cost, order));
        }
    }
    best.map_or(written, |(_, order)| order)
}

fn needs(planner: &FromPlanner<'_>, operand: &Shape) -> ItemSet {
    match operand {
        Shape::Leaf(item) => planner.items[*item].needs,
        Shape::Join { left, right, .. } => (needs(planner, left) | needs(planner, right)) & !operand.items(),
    }
}

fn greedy(
    planner: &FromPlanner<'_>,
    operands: &[Shape],
    needs: &[ItemSet],
    pool: &[Conjunct],
    start: usize,
) -> Option<(f64, Vec<usize>)> {
    let first = step(planner, &operands[start], 0, pool);
    let mut cost = first.setup + first.per_row;
    let mut rows = first.rows;
    let mut items = operands[start].items();
    let mut order = vec![start];
    let mut left: Vec<usize> = (0..operands.len()).filter(|index| *index != start).collect();
    while !left.is_empty() {
        let mut next: Option<(f64, usize, Step)> = None;
        for (position, &index) in left.iter().enumerate() {
            if needs[index] & !items != 0 {
                continue;
            }
            let step = step(planner, &operands[index], items, pool);
            let added = step.setup + rows * (step.per_row + step.rows * 4.0);
            if next.is_none_or(|(least, ..)| added < least) {
                next = Some((added, position, step));
            }
        }
        let (_, position, step) = next?;
        let index = left.remove(position);
        cost += step.setup + rows * step.per_row;
        rows = (rows * step.rows).max(0.1);
        items |= operands[index].items();
        order.push(index);
    }
    Some((cost + rows, order))
}

fn step(planner: &FromPlanner<'_>, operand: &Shape, items: ItemSet, pool: &[Conjunct]) -> Step {
    let own = operand.items();
    let is_equality = |conjunct: &&Conjunct| {
        matches!(&conjunct.expr, Expr::Compare(compare) if compare.operator == CompareOperator::Equal)
            && !conjunct.has_subquery
    };
    let joining: Vec<&Conjunct> = pool
        .iter()
        .filter(|conjunct| {
            conjunct.items & own != 0 && conjunct.items & items != 0 && conjunct.items & !(own | items) == 0
        })
        .collect();
    let alone: Vec<Conjunct> =
        pool.iter().filter(|conjunct| conjunct.items != 0 && conjunct.items & !own == 0).cloned().collect();
    let Shape::Leaf(item) = operand else {
        let rows = 1000.0 * selectivity(&alone);
        return if joining.iter().any(is_equality) {
            Step { setup: rows * 3.0, per_row: 1.5, rows: (rows / 10.0).clamp(1.0, 20.0) }
        } else {
            Step { setup: rows * 2.0, per_row: rows, rows }
        };
    };
    let size = planner.items[*item].row_count;
    let left_over = alone_selectivity(&joining);
    let Some(table) = planner.table_item(*item) else {
        let rows = (size * selectivity(&alone)).max(0.1);
        return if joining.iter().any(is_equality) {
            Step { setup: rows * 3.0, per_row: 1.5, rows: (rows / 10.0).clamp(1.0, 20.0) }
        } else {
            Step { setup: rows, per_row: rows, rows: rows * left_over }
        };
    };
    let path = planner.choose_path(*item, &table, pool, items, None);
    let unused: Vec<Conjunct> = pool
        .iter()
        .enumerate()
        .filter(|(index, conjunct)| {
            conjunct.items & own != 0
                && conjunct.items & !(own | items) == 0
                && !path.used_conjuncts.contains(index)
        })
        .map(|(_, conjunct)| conjunct.clone())
        .collect();
    let rows = (path.rows * selectivity(&unused)).max(0.1);
    let looped = Step { setup: 0.0, per_row: path.cost, rows };
    let reads_left = |index: &usize| pool[*index].items & items != 0;
    if items == 0 || path.used_conjuncts.iter().any(reads_left) {
        return looped;
    }
    if joining.iter().any(is_equality) {
        let kept = (path.rows * selectivity(&alone)).max(0.1);
        return Step { setup: path.cost * 2.0, per_row: 1.5, rows: (kept / 10.0).clamp(kept.min(1.0), 20.0) };
    }
    looped
}

fn alone_selectivity(conjuncts: &[&Conjunct]) -> f64 {
    let conjuncts: Vec<Conjunct> = conjuncts.iter().map(|conjunct| (*conjunct).clone()).collect();
    selectivity(&conjuncts)
}
