//! Operators that are made when they are first opened, when the size of the table that drives them is known.
//!
//! Most statements run once, and compiling their expressions for batches takes longer than reading a small table row by
//! row. A table that has grown when the statement runs again is read in batches from then on; their operators go back to
//! rows by themselves where a run asks for it.

use super::least_rows;
use crate::error::Result;
use crate::execute::{Context, Frame, Source, wide};
use crate::plan::Scan;

/// A plan that becomes one of two operators.
pub(super) trait Plan {
    /// What is read: batches are for tables of some size.
    fn scans(&self) -> Vec<&Scan>;

    /// The scan that it is and nothing more.
    fn as_scan(&self) -> Option<&Scan> {
        None
    }

    /// Whether it asks for the shapes of values.
    fn asks_shapes(&self) -> bool {
        false
    }

    /// Whether it looks so few rows up that making batches of them takes longer.
    fn finds_few(&self, _frame: &mut Frame, _context: &mut Context<'_>) -> Result<bool> {
        Ok(false)
    }

    fn by_rows(&self) -> Box<dyn Source>;

    fn in_batches(&self, frame: &mut Frame, context: &mut Context<'_>) -> Result<Box<dyn Source>>;
}

pub(super) struct Deferred<P> {
    plan: P,
    operator: Option<Box<dyn Source>>,
    has_batches: bool,
    /// How often it was opened since it was found to look few rows up.
    few: u32,
}

impl<P: Plan> Deferred<P> {
    pub fn new(plan: P) -> Deferred<P> {
        Deferred { plan, operator: None, has_batches: false, few: 0 }
    }

    fn wants_batches(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<bool> {
        if self.few > 0 {
            // A lookup costs little: whether it finds more now is asked ever more seldom.
            self.few = self.few.saturating_add(1);
            if !self.few.is_power_of_two() {
                return Ok(false);
            }
        }
        let Some(least) = least_rows(context) else { return Ok(false) };
        if least == 0 {
            return Ok(true);
        }
        let scans = self.plan.scans();
        let is_wide = wide::are_wide(&scans, context)? && self.plan.asks_shapes();
        if is_wide || !are_large(&scans, least, context)? {
            return Ok(false);
        }
        let finds_few = self.plan.finds_few(frame, context)?;
        self.few += u32::from(finds_few && self.few == 0);
        Ok(!finds_few)
    }
}

/// Whether any of the tables has so many rows.
pub(super) fn are_large(scans: &[&Scan], least: u64, context: &Context<'_>) -> Result<bool> {
    for Scan { database, table, .. } in scans {
        if context.row_count(*database, table)? >= least {
            return Ok(true);
        }
    }
    Ok(false)
}

impl<P: Plan> Source for Deferred<P> {
    fn restart(&mut self) {
        if let Some(operator) = &mut self.operator {
            operator.restart();
        }
    }

    fn open(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        if !self.has_batches && self.wants_batches(frame, context)? {
            if let Some(mut rows) = self.operator.take() {
                rows.close(frame);
            }
            self.operator = Some(self.plan.in_batches(frame, context)?);
            self.has_batches = true;
        }
        self.operator.get_or_insert_with(|| self.plan.by_rows()).open(frame, context)
    }

    #[inline]
    fn next(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<bool> {
        match &mut self.operator {
            Some(operator) => operator.next(frame, context),
            None => Ok(false),
        }
    }

    fn close(&mut self, frame: &mut Frame) {
        if let Some(operator) = &mut self.operator {
            operator.close(frame);
        }
    }

    fn as_scan(&self) -> Option<Scan> {
        self.plan.as_scan().cloned()
    }

    fn set_null_row(&mut self, frame: &mut Frame) {
        self.operator.get_or_insert_with(|| self.plan.by_rows()).set_null_row(frame);
    }
}
