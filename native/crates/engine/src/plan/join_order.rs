//! The order in which a chain of inner joins is run.
//!
//! From each possible start, always the operand next that adds the least: one found by a key or index before one that
//! multiplies the rows. The start whose chain is cheapest wins; the written order wins unless another is clearly better.

use std::cell::RefCell;
use std::cmp::Ordering;

use crate::plan::access_path::TableItem;
use crate::plan::from::{FromPlanner, Shape};
use crate::plan::predicate::{Conjunct, ItemSet, selectivity};
use crate::resolve::tree::{CompareOperator, Expr, From};

/// With more operands than this, only the most promising starts are tried.
const MAX_STARTS: usize = 10;
/// What keeping a row for a hash join costs, where reading one costs 1.
const KEEP_COST: f64 = 8.0;
/// How much cheaper than the written order another must be.
const CLEARLY: f64 = 0.7;

/// What joining one operand to a row of the chain costs, and how many rows it makes of it.
#[derive(Clone, Copy)]
struct Step {
    setup: f64,
    per_row: f64,
    /// What a row costs when nothing is set up for it.
    looped: f64,
    rows: f64,
    /// Its rows are found by what the chain has, through a key or an index.
    is_led_to: bool,
}

impl Step {
    fn cost(&self, rows: f64) -> f64 {
        (self.setup + rows * self.per_row).min(rows * self.looped)
    }
}

/// One operand of the chain, with what does not change from step to step.
struct Candidate<'p> {
    items: ItemSet,
    needs: ItemSet,
    /// The table, when it is one.
    table: Option<(usize, TableItem<'p>)>,
    row_count: f64,
    /// Conditions that read it, with their places in the pool.
    conjuncts: Vec<(usize, &'p Conjunct)>,
    /// What the conditions that read nothing else let through.
    own_selectivity: f64,
    /// What else its conditions read.
    reads: ItemSet,
    /// A table-valued function whose rows lead to no others: computing them takes SQLite no time, so that they come for
    /// each row of all others.
    comes_last: bool,
    /// By what of `reads` was positioned: nothing else makes a difference.
    steps: RefCell<Vec<(ItemSet, Step)>>,
}

impl<'p> Candidate<'p> {
    fn new(planner: &FromPlanner<'p>, operand: &Shape, pool: &'p [Conjunct]) -> Candidate<'p> {
        let items = operand.items();
        let conjuncts: Vec<(usize, &Conjunct)> =
            pool.iter().enumerate().filter(|(_, conjunct)| conjunct.items & items != 0).collect();
        let own = conjuncts.iter().filter(|(_, conjunct)| conjunct.items & !items == 0);
        let own_selectivity = selectivity(own.map(|(_, conjunct)| *conjunct));
        let (table, row_count) = match operand {
            Shape::Leaf(item) => {
                (planner.table_item(*item).map(|table| (*item, table)), planner.items[*item].row_count)
            }
            Shape::Join { .. } => (None, 1000.0),
        };
        let reads = conjuncts.iter().fold(0, |reads, (_, conjunct)| reads | conjunct.items) & !items;
        let needs = needs(planner, operand);
        let is_function = match operand {
            Shape::Leaf(item) => matches!(planner.items[*item].from, From::TableFunction(_)),
            Shape::Join { .. } => false,
        };
        let comes_last = is_function && needs == 0;
        let steps = RefCell::default();
        Candidate { items, needs, table, row_count, conjuncts, own_selectivity, reads, comes_last, steps }
    }

    /// Conditions between the operand and what is positioned.
    fn joining(&self, positioned: ItemSet) -> impl Iterator<Item = &'p Conjunct> {
        let own = self.items;
        self.conjuncts.iter().map(|(_, conjunct)| *conjunct).filter(move |conjunct| {
            conjunct.items & positioned != 0 && conjunct.items & !(own | positioned) == 0
        })
    }

    fn has_equality(&self, positioned: ItemSet) -> bool {
        self.joining(positioned).any(|conjunct| {
            matches!(&conjunct.expr, Expr::Compare(compare) if compare.operator == CompareOperator::Equal)
                && !conjunct.has_subquery
        })
    }

    fn step(&self, planner: &FromPlanner<'p>, positioned: ItemSet) -> Step {
        let positioned = positioned & self.reads;
        let known = self.steps.borrow().iter().find(|(known, _)| *known == positioned).map(|(_, step)| *step);
        known.unwrap_or_else(|| {
            let step = self.new_step(planner, positioned);
            self.steps.borrow_mut().push((positioned, step));
            step
        })
    }

    fn new_step(&self, planner: &FromPlanner<'p>, positioned: ItemSet) -> Step {
        let Some((item, table)) = &self.table else { return self.computed_step(positioned) };
        let path = planner.choose_path(*item, table, self.conjuncts.iter().copied(), positioned, None);
        let is_unused = |(index, conjunct): &&(usize, &Conjunct)| {
            conjunct.items & !(self.items | positioned) == 0 && !path.used_conjuncts.contains(index)
        };
        let unused = self.conjuncts.iter().filter(is_unused).map(|(_, conjunct)| *conjunct);
        let rows = (path.rows * selectivity(unused)).max(0.1);
        let reads_left = self
            .conjuncts
            .iter()
            .any(|(index, conjunct)| conjunct.items & positioned != 0 && path.used_conjuncts.contains(index));
        let looped = Step { setup: 0.0, per_row: path.cost, looped: path.cost, rows, is_led_to: reads_left };
        if positioned == 0 || reads_left {
            return looped;
        }
        if self.has_equality(positioned) {
            let kept = (path.rows * self.own_selectivity).max(0.1);
            let rows = (kept / 10.0).clamp(kept.min(1.0), 20.0);
            let setup = path.cost + kept * KEEP_COST;
            return Step { setup, per_row: 1.5, looped: path.cost, rows, is_led_to: false };
        }
        looped
    }

    /// What is no table, or several: its rows are computed once.
    fn computed_step(&self, positioned: ItemSet) -> Step {
        let is_single = self.items.is_power_of_two();
        let rows = self.row_count * self.own_selectivity;
        let rows = if is_single { rows.max(0.1) } else { rows };
        let kept =
            |setup, per_row, rows| Step { setup, per_row, looped: f64::INFINITY, rows, is_led_to: false };
        if self.has_equality(positioned) {
            let found = (rows / 10.0).clamp(1.0, 20.0);
            return kept(rows * 3.0, 1.5, found);
        }
        if is_single {
            let left_over = selectivity(self.joining(positioned));
            kept(rows, rows, rows * left_over)
        } else {
            kept(rows * 2.0, rows, rows)
        }
    }
}

/// Indexes into `operands`, in running order.
pub(super) fn choose(planner: &FromPlanner<'_>, operands: &[Shape], pool: &[Conjunct]) -> Vec<usize> {
    let mut candidates: Vec<Candidate<'_>> =
        operands.iter().map(|operand| Candidate::new(planner, operand, pool)).collect();
    for index in 0..candidates.len() {
        let items = candidates[index].items;
        let leads = |other: &Candidate<'_>| other.reads & items != 0 && other.step(planner, items).is_led_to;
        candidates[index].comes_last = candidates[index].comes_last && !candidates.iter().any(leads);
    }
    let written: Vec<usize> = (0..operands.len()).collect();
    let mut starts: Vec<usize> =
        written.iter().copied().filter(|start| candidates[*start].needs == 0).collect();
    // A module's rows are dear: as SQLite does, they are computed once where that is possible.
    let is_virtual = |start: &usize| match operands[*start] {
        Shape::Leaf(item) => matches!(planner.items[item].from, From::Virtual(_)),
        Shape::Join { .. } => false,
    };
    if starts.iter().any(is_virtual) {
        starts.retain(is_virtual);
    }
    if starts.iter().any(|start| !candidates[*start].comes_last) {
        starts.retain(|start| !candidates[*start].comes_last);
    }
    if operands.len() > MAX_STARTS {
        let rows = |start: &usize| candidates[*start].step(planner, 0).rows;
        starts.sort_by_cached_key(|start| OrderedRows(rows(start)));
        starts.truncate(3);
    }
    let mut best: Option<(f64, Vec<usize>)> = None;
    for start in starts {
        let Some((cost, order)) = greedy(planner, &candidates, start) else { continue };
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

/// A number of rows that sorts.
#[derive(PartialEq)]
struct OrderedRows(f64);

impl Eq for OrderedRows {}

impl PartialOrd for OrderedRows {
    fn partial_cmp(&self, other: &OrderedRows) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for OrderedRows {
    fn cmp(&self, other: &OrderedRows) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}

fn needs(planner: &FromPlanner<'_>, operand: &Shape) -> ItemSet {
    match operand {
        Shape::Leaf(item) => planner.items[*item].needs,
        Shape::Join { left, right, .. } => (needs(planner, left) | needs(planner, right)) & !operand.items(),
    }
}

fn greedy<'p>(
    planner: &FromPlanner<'p>,
    candidates: &[Candidate<'p>],
    start: usize,
) -> Option<(f64, Vec<usize>)> {
    let first = candidates[start].step(planner, 0);
    let mut cost = first.setup + first.per_row;
    let mut rows = first.rows;
    let mut items = candidates[start].items;
    let mut order = vec![start];
    let mut left: Vec<usize> = (0..candidates.len()).filter(|index| *index != start).collect();
    while !left.is_empty() {
        let mut next: Option<(f64, usize, Step)> = None;
        let can_follow = |index: &usize| candidates[*index].needs & !items == 0;
        let others_follow = left.iter().any(|index| can_follow(index) && !candidates[*index].comes_last);
        for (position, &index) in left.iter().enumerate() {
            if !can_follow(&index) || others_follow && candidates[index].comes_last {
                continue;
            }
            let step = candidates[index].step(planner, items);
            let added = step.cost(rows) + rows * step.rows * 4.0;
            if next.is_none_or(|(least, ..)| added < least) {
                next = Some((added, position, step));
            }
        }
        let (_, position, step) = next?;
        let index = left.remove(position);
        cost += step.cost(rows);
        rows = (rows * step.rows).max(0.1);
        items |= candidates[index].items;
        order.push(index);
    }
    Some((cost + rows, order))
}
