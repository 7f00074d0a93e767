//! The result of a query by column, where the query is one scan: batches go into the result's columns as they are.

use super::batch::Batch;
use super::column::{Column, Numbers};
use super::compile::Expression;
use super::evaluate::{Surroundings, evaluate};
use super::scan::BatchScan;
use super::{Run, Stop, least_rows, reads_in_order};
use crate::error::Result;
use crate::execute::result_column::ColumnBuilder;
use crate::execute::{Context, Frame};
use crate::plan::Scan;
use crate::resolve::tree::Expr;

/// More rows than a leaf has.
const WHOLE_LEAF: usize = 1 << 16;

pub(crate) struct ColumnScan {
    batches: BatchScan,
    outputs: Vec<Expression>,
}

impl ColumnScan {
    /// None when any part of it needs the row engine.
    pub fn compile(scan: &Scan, outputs: &[Expr]) -> Option<ColumnScan> {
        if !reads_in_order(scan) {
            return None;
        }
        let mut batches =
            BatchScan::compile(scan).filter(|batches| batches.condition_count() == scan.conditions.len())?;
        let outputs = outputs.iter().map(|output| batches.compile_expr(output)).collect::<Option<_>>()?;
        Some(ColumnScan { batches, outputs })
    }

    /// The whole result; None when it is the row engine's to make: it is small, or something in it fails.
    pub fn run(mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<Option<Vec<ColumnBuilder>>> {
        let Some(least) = least_rows(context) else { return Ok(None) };
        if context.program.reads_live || self.batches.is_small(context, least)? {
            return Ok(None);
        }
        match self.collect(frame, context) {
            Ok(columns) => Ok(Some(columns)),
            Err(Stop::RowByRow) => Ok(None),
            Err(Stop::Error(error)) => Err(error),
        }
    }

    fn collect(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Run<Vec<ColumnBuilder>> {
        let ColumnScan { batches, outputs } = self;
        let mut columns: Vec<ColumnBuilder> = outputs.iter().map(|_| ColumnBuilder::default()).collect();
        batches.open(frame, context)?;
        while batches.next_batch(WHOLE_LEAF, true, frame, context, &mut |mut batch, surroundings| {
            push_batch(&mut batch, outputs, surroundings, &mut columns)
        })? {}
        Ok(columns)
    }
}

fn push_batch(
    batch: &mut Batch<'_>,
    outputs: &[Expression],
    surroundings: &mut Surroundings<'_, '_>,
    columns: &mut [ColumnBuilder],
) -> Run<()> {
    let rows = batch.len();
    for (output, column) in outputs.iter().zip(columns) {
        let values = evaluate(output, batch, surroundings)?;
        push_column(&values, rows, column);
    }
    Ok(())
}

fn push_column(values: &Column<'_>, rows: usize, column: &mut ColumnBuilder) {
    match values {
        Column::Integers(Numbers { values, nulls: None }) => column.push_integers(values),
        Column::Reals(Numbers { values, nulls: None }) => column.push_reals(values),
        Column::Dictionary { codes, entries } => {
            column.push_dictionary(codes, entries.len(), |code| entries.get(code));
        }
        _ => (0..rows).for_each(|row| column.push(values.value(row))),
    }
}
