//! ORDER BY … LIMIT tells its scan what is too late to matter: the first sort term of the worst row it keeps, and how many
//! rows it keeps.
//!
//! The sort writes the bound when its heap is full; the scan drops, batch by batch, the rows behind it, and of the others
//! those that are not among the first of their own batch: where values ascend and the last ones are wanted, no row is
//! behind the bound. What passes goes through the heap as always, so that a bound that lags behind costs time, not rows.

use std::cell::{Cell, RefCell};
use std::cmp::Ordering;
use std::rc::Rc;

use pluresdb_value::{Collation, Value, compare};

use super::Run;
use super::batch::Batch;
use super::column::{Column, FALSE, Numbers, TRUE, UNKNOWN};
use super::compare::compare_columns;
use super::compile::Expression;
use super::evaluate::{Surroundings, evaluate};
use crate::plan::{SortKey, SortValue};
use crate::resolve::tree::{CompareOperator, Comparison, Direction, Expr};

#[derive(Clone, Default)]
pub(crate) struct SortBound(Rc<Kept>);

/// What the sort keeps.
#[derive(Default)]
struct Kept {
    /// The first term of the worst row, once no other row may join without one leaving.
    worst: RefCell<Option<Value>>,
    /// So many rows at most.
    wanted: Cell<Option<usize>>,
}

impl SortBound {
    /// A run begins that keeps so many rows; None: all of them.
    pub fn begin(&self, wanted: Option<usize>) {
        self.0.worst.replace(None);
        self.0.wanted.set(wanted);
    }

    pub fn set(&self, worst: Option<Value>) {
        self.0.worst.replace(worst);
    }
}

/// The scan's side of a bound.
pub(super) struct BoundFilter {
    bound: SortBound,
    term: Expression,
    direction: Direction,
    collation: Collation,
    /// Rows whose first term equals the bound's come behind it: there is no other term, and rows keep their order.
    drops_equal: bool,
}

/// A batch with fewer rows for each that is wanted is not looked through for its first ones.
const ROWS_PER_WANTED: usize = 2;

impl BoundFilter {
    /// None when rows may not be dropped by their first term alone: a further term could fail. Every condition must have
    /// been asked of the rows before the filter is.
    pub fn compile(
        keys: &[SortKey],
        bound: &SortBound,
        compile: impl FnOnce(&Expr) -> Option<Expression>,
    ) -> Option<BoundFilter> {
        let (first, others) = keys.split_first()?;
        let is_plain = |key: &SortKey| {
            matches!(key.value, SortValue::Expr(Expr::Column { .. } | Expr::Rowid(_) | Expr::Register(_)))
        };
        let SortValue::Expr(term) = &first.value else { return None };
        if !others.iter().all(is_plain) || first.collation.is_custom() {
            return None;
        }
        Some(BoundFilter {
            bound: bound.clone(),
            term: compile(term)?,
            direction: first.direction,
            collation: first.collation,
            drops_equal: others.is_empty(),
        })
    }

    /// Drops rows that are not among those wanted.
    pub fn apply(&self, batch: &mut Batch<'_>, surroundings: &mut Surroundings<'_, '_>) -> Run<()> {
        self.drop_behind(batch, surroundings)?;
        match self.bound.0.wanted.get() {
            Some(wanted) if batch.len() / ROWS_PER_WANTED >= wanted => {
                self.keep_first(wanted, batch, surroundings)
            }
            _ => Ok(()),
        }
    }

    /// Keeps the first rows of the batch, so many, and those that equal the last of them.
    fn keep_first(
        &self,
        wanted: usize,
        batch: &mut Batch<'_>,
        surroundings: &mut Surroundings<'_, '_>,
    ) -> Run<()> {
        let Some(last) = wanted.checked_sub(1) else { return Ok(()) };
        let row_count = batch.len();
        let column = evaluate(&self.term, batch, surroundings)?;
        let truths = match &*column {
            Column::Constant(_) if !self.drops_equal => return Ok(()),
            Column::Integers(Numbers { values, nulls: None }) => {
                self.first_of(last, row_count, |a, b| values[a].cmp(&values[b]))
            }
            Column::Reals(Numbers { values, nulls: None }) => self.first_of(last, row_count, |a, b| {
                values[a].partial_cmp(&values[b]).unwrap_or(Ordering::Equal)
            }),
            column => self.first_of(last, row_count, |a, b| {
                let (a, b) = (column.value(a), column.value(b));
                match (a.is_null(), b.is_null()) {
                    (false, false) => compare(a, b, self.collation),
                    // Turned around with the others where they descend.
                    (a, b) if self.direction.nulls_first != self.direction.descending => b.cmp(&a),
                    (a, b) => a.cmp(&b),
                }
            }),
        };
        drop(column);
        batch.keep(&truths);
        Ok(())
    }

    /// Which rows come before the one at place `last` of the order, that one and its equals too.
    fn first_of(&self, last: usize, row_count: usize, compare: impl Fn(usize, usize) -> Ordering) -> Vec<u8> {
        let order = |a: usize, b: usize| {
            let order = compare(a, b);
            let order = if self.direction.descending { order.reverse() } else { order };
            if self.drops_equal { order.then(a.cmp(&b)) } else { order }
        };
        let mut rows: Vec<usize> = (0..row_count).collect();
        let (_, &mut last, _) = rows.select_nth_unstable_by(last, |a, b| order(*a, *b));
        (0..row_count).map(|row| if order(row, last).is_le() { TRUE } else { FALSE }).collect()
    }

    /// Drops the rows behind the bound.
    fn drop_behind(&self, batch: &mut Batch<'_>, surroundings: &mut Surroundings<'_, '_>) -> Run<()> {
        let worst = self.bound.0.worst.borrow().clone();
        let Some(worst) = worst.filter(|worst| !worst.is_null()) else { return Ok(()) };
        let row_count = batch.len();
        let operator = match (self.direction.descending, self.drops_equal) {
            (false, true) => CompareOperator::Less,
            (false, false) => CompareOperator::LessOrEqual,
            (true, true) => CompareOperator::Greater,
            (true, false) => CompareOperator::GreaterOrEqual,
        };
        let column = evaluate(&self.term, batch, surroundings)?;
        let comparison = Comparison::new(self.collation);
        let mut truths = compare_columns(operator, &column, &Column::Constant(worst), comparison, row_count);
        drop(column);
        if self.direction.nulls_first {
            for truth in truths.iter_mut().filter(|truth| **truth == UNKNOWN) {
                *truth = TRUE;
            }
        }
        batch.keep(&truths);
        Ok(())
    }
}
