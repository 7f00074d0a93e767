//! A scan whose conditions run in batches and whose rows are then handed on one by one.
//!
//! Batches begin small and grow, so that a query that wants only its first rows does not filter a whole leaf.

use pluresdb_tree::RowPosition;

use super::batch::Rows;
use super::bound::BoundFilter;
use super::scan::BatchScan;
use super::{Stop, least_rows};
use crate::error::Result;
use crate::execute::decide::all_true;
use crate::execute::scan::TableScan;
use crate::execute::{Context, Frame, Source, tree_error};
use crate::plan::Scan;
use crate::resolve::tree::Expr;

const FIRST_BATCH: usize = 32;
pub(super) const BATCH_GROWTH: usize = 8;
/// More rows than a leaf has.
pub(super) const WHOLE_LEAF: usize = 1 << 16;

pub(crate) struct VectorScan {
    batches: BatchScan,
    conditions: Vec<Expr>,
    /// For runs that are the row engine's.
    rows: TableScan,
    is_by_row: bool,
    /// Of an ORDER BY with LIMIT above.
    bound: Option<BoundFilter>,
    /// Rows of the last batch; from `next` on they are still to be handed out.
    batch: Rows,
    next: usize,
    /// How many of the conditions the rows of the last batch have passed.
    passed: usize,
    batch_size: usize,
}

impl VectorScan {
    pub fn new(batches: BatchScan, scan: Scan, bound: Option<BoundFilter>) -> VectorScan {
        VectorScan {
            batches,
            bound,
            conditions: scan.conditions.clone(),
            rows: TableScan::new(scan),
            is_by_row: false,
            batch: Rows::Computed(0),
            next: 0,
            passed: 0,
            batch_size: FIRST_BATCH,
        }
    }

    /// Reads a batch whose rows all have the first conditions behind them. When something fails in it, its rows come
    /// unfiltered: which of them fails, if any is asked at all, is for the row engine to find.
    fn read_batch(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<bool> {
        let limit = self.batch_size;
        self.batch_size = (limit * BATCH_GROWTH).min(WHOLE_LEAF);
        self.next = 0;
        for filters in [true, false] {
            let batch = &mut self.batch;
            let bound = self.bound.as_ref().filter(|_| filters);
            let read =
                self.batches.next_batch(limit, filters, frame, context, &mut |mut rows, surroundings| {
                    if let Some(bound) = bound {
                        bound.apply(&mut rows, surroundings)?;
                    }
                    *batch = rows.into_rows();
                    Ok(())
                });
            match read {
                Ok(found) => {
                    self.passed = if filters { self.batches.condition_count() } else { 0 };
                    return Ok(found);
                }
                Err(Stop::RowByRow) => self.batches.rewind(),
                Err(Stop::Error(error)) => return Err(error),
            }
        }
        unreachable!("a batch that is not filtered computes nothing that could fail");
    }
}

impl Source for VectorScan {
    fn restart(&mut self) {
        self.batches.restart();
        self.rows.restart();
    }

    fn open(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        self.is_by_row = match least_rows(context) {
            Some(least) => self.batches.is_small(context, least)?,
            None => true,
        };
        if self.is_by_row {
            return self.rows.open(frame, context);
        }
        self.batch = Rows::Computed(0);
        self.next = 0;
        self.batch_size = FIRST_BATCH;
        match self.batches.open(frame, context) {
            Ok(()) => Ok(()),
            Err(Stop::Error(error)) => Err(error),
            Err(Stop::RowByRow) => {
                self.is_by_row = true;
                self.rows.open(frame, context)
            }
        }
    }

    fn next(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<bool> {
        if self.is_by_row {
            return self.rows.next(frame, context);
        }
        loop {
            while self.next < self.batch.len() {
                let cursor = frame.cursor_mut(self.batches.source);
                let row = self.next;
                self.next += 1;
                match &self.batch {
                    Rows::Range(range) => {
                        cursor.rows().stand_on(RowPosition::Base((range.start + row) as u32));
                    }
                    Rows::Picked(rows) => cursor.rows().stand_on(RowPosition::Base(rows[row])),
                    Rows::Merged(positions) => cursor.rows().stand_on(positions[row]),
                    Rows::Read(rowids) => {
                        let rowid = rowids[row];
                        cursor.rows().seek_exact(rowid).map_err(tree_error)?;
                    }
                    Rows::Marked { .. } | Rows::Pairs { .. } | Rows::Computed(_) => {
                        panic!("rows that are left out are not asked for, and a scan's stand in a table")
                    }
                }
                cursor.landed(true);
                context.step()?;
                if all_true(&self.conditions[self.passed..], frame, context)? {
                    return Ok(true);
                }
            }
            if !self.read_batch(frame, context)? {
                return Ok(false);
            }
        }
    }

    fn close(&mut self, frame: &mut Frame) {
        self.batch = Rows::Computed(0);
        self.next = 0;
        self.batches.close(frame);
        self.rows.close(frame);
    }

    fn set_null_row(&mut self, frame: &mut Frame) {
        self.rows.set_null_row(frame);
    }
}
