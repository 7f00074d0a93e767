//! The rows that an UPDATE or DELETE is about, leaf after leaf, and what is computed of each.

use pluresdb_value::ValueRef;

use super::compile::Expression;
use super::evaluate::evaluate_all;
use super::rows::WHOLE_LEAF;
use super::scan::BatchScan;
use super::{Run, Stop, asks, least_rows};
use crate::error::Result;
use crate::execute::subtype::is_json;
use crate::execute::{Context, Frame};
use crate::plan::{AccessPath, Scan};
use crate::resolve::tree::Expr;

/// Rows of one leaf.
pub(crate) struct FoundBatch<'b> {
    /// Ascending.
    pub rowids: Vec<i64>,
    /// What was computed, by expression and row.
    pub values: Vec<Vec<ValueRef<'b>>>,
}

/// Takes what was found; false where it cannot be taken in batches.
pub(crate) type TakeFound<'t> = dyn FnMut(FoundBatch<'_>, &mut Context<'_>) -> Result<bool> + 't;

pub(crate) struct BatchFinder {
    scan: BatchScan,
    /// The last one is the rowid.
    computed: Vec<Expression>,
}

impl BatchFinder {
    /// None when finding or computing needs the row engine.
    pub fn compile(scan: &Scan, computed: Vec<Expr>) -> Option<BatchFinder> {
        if asks(&scan.conditions) || asks(&computed) {
            return None;
        }
        let batches = BatchScan::compile(scan)?;
        if batches.condition_count() < scan.conditions.len() {
            return None;
        }
        BatchFinder::of_scan(batches, scan, computed)
    }

    /// Whether none of the values can have the JSON subtype, which batches do not keep.
    pub fn loses_nothing<'e>(mut exprs: impl Iterator<Item = &'e Expr>) -> bool {
        exprs.all(|expr| is_json(expr) == Some(false))
    }

    /// The same of rows of the scan's table that are known.
    pub fn of_listed(scan: &Scan, computed: Vec<Expr>) -> Option<BatchFinder> {
        if asks(&computed) {
            return None;
        }
        let whole =
            Scan { path: AccessPath::Full, conditions: Vec::new(), is_reverse: false, ..scan.clone() };
        BatchFinder::of_scan(BatchScan::compile(&whole)?, scan, computed)
    }

    fn of_scan(mut batches: BatchScan, scan: &Scan, computed: Vec<Expr>) -> Option<BatchFinder> {
        let computed = computed.into_iter().chain([Expr::Rowid(scan.source)]);
        let computed = computed.map(|expr| batches.compile_expr(&expr)).collect::<Option<_>>()?;
        Some(BatchFinder { scan: batches, computed })
    }

    /// Whether the table has so many rows that they are read in batches.
    pub fn is_worth_it(&self, context: &Context<'_>) -> Result<bool> {
        match least_rows(context) {
            Some(least) => Ok(!self.scan.is_small(context, least)?),
            None => Ok(false),
        }
    }

    /// How many rows that are known have to be there for that; None: they never are.
    pub fn least_listed(context: &Context<'_>) -> Option<usize> {
        least_rows(context).map(|least| least as usize)
    }

    /// Rows of the list, ascending, or of the table. False where it has to be done row by row: what was taken until then is to
    /// be taken back.
    pub fn run(
        &mut self,
        listed: Option<Vec<i64>>,
        frame: &mut Frame,
        context: &mut Context<'_>,
        take: &mut TakeFound<'_>,
    ) -> Result<bool> {
        self.scan.restart();
        let outcome = self.try_run(listed, frame, context, take);
        self.scan.close(frame);
        match outcome {
            Ok(()) => Ok(true),
            Err(Stop::RowByRow) => Ok(false),
            Err(Stop::Error(error)) => Err(error),
        }
    }

    fn try_run(
        &mut self,
        listed: Option<Vec<i64>>,
        frame: &mut Frame,
        context: &mut Context<'_>,
        take: &mut TakeFound<'_>,
    ) -> Run<()> {
        let BatchFinder { scan, computed } = self;
        scan.open(frame, context)?;
        if let Some(rowids) = listed {
            scan.read_listed(rowids);
        }
        let mut is_more = true;
        while is_more {
            is_more = scan.next_batch(WHOLE_LEAF, true, frame, context, &mut |mut batch, surroundings| {
                let row_count = batch.len();
                if row_count == 0 {
                    return Ok(());
                }
                let columns = evaluate_all(computed, &mut batch, surroundings)?;
                let mut values: Vec<Vec<ValueRef<'_>>> = columns
                    .iter()
                    .map(|column| (0..row_count).map(|row| column.value(row)).collect())
                    .collect();
                let rowids = values.pop().unwrap_or_default().into_iter();
                let rowids =
                    rowids.filter_map(
                        |rowid| if let ValueRef::Integer(rowid) = rowid { Some(rowid) } else { None },
                    );
                let found = FoundBatch { rowids: rowids.collect(), values };
                if take(found, surroundings.context)? { Ok(()) } else { Err(Stop::RowByRow) }
            })?;
        }
        Ok(())
    }
}
