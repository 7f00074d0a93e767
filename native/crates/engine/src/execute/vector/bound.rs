//! ORDER BY … LIMIT tells its scan what is too late to matter: the first sort term of the worst row it keeps.
//!
//! The sort writes the bound when its heap is full; the scan drops, batch by batch, the rows behind it. What passes goes
//! through the heap as always, so that a bound that lags behind costs time, not rows.

use std::cell::RefCell;
use std::rc::Rc;

use pluresdb_value::{Collation, Value};

use super::Run;
use super::batch::Batch;
use super::column::{Column, TRUE, UNKNOWN};
use super::compare::compare_columns;
use super::compile::Expression;
use super::evaluate::{Surroundings, evaluate};
use crate::plan::{SortKey, SortValue};
use crate::resolve::tree::{CompareOperator, Comparison, Direction, Expr};

/// The first term of the worst row kept, once no other row may join without one leaving.
#[derive(Clone, Default)]
pub(crate) struct SortBound(Rc<RefCell<Option<Value>>>);

impl SortBound {
    pub fn set(&self, worst: Option<Value>) {
        self.0.replace(worst);
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

impl BoundFilter {
    /// None when rows may not be dropped by their first term alone: a further term could fail.
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

    /// Drops the rows behind the bound.
    pub fn apply(&self, batch: &mut Batch<'_>, surroundings: &mut Surroundings<'_, '_>) -> Run<()> {
        let worst = self.bound.0.borrow().clone();
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
