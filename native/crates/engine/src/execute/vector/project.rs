//! The result columns of a statement over one table, where functions make some of them, or with DISTINCT: computed in
//! batches, row by row given.
//!
//! Batches begin small and grow, as those of `rows` do, for who wants a few rows; those of DISTINCT are whole leaves, since
//! of many rows few are different. When something fails in one, the row engine starts over, passes over the rows that were
//! given and goes on behind them.

use pluresdb_value::{Collation, ValueRef};

use super::batch::Batch;
use super::compile::Expression;
use super::evaluate::{Surroundings, evaluate, evaluate_all};
use super::input::Input;
use super::kept::KeptColumn;
use super::key::RowCodes;
use super::result::ColumnScan;
use super::rows::{BATCH_GROWTH, WHOLE_LEAF};
use super::{Run, Stop, asks, least_rows, reads_in_order, scan_reads_keys};
use crate::error::Result;
use crate::execute::project::Project;
use crate::execute::{Context, Frame, Rows, wide};
use crate::plan::{Scan, SourceNode, is_volatile};
use crate::resolve::any_expr;
use crate::resolve::tree::{ArithmeticOperator, Expr};

const FIRST_BATCH: usize = 4;

pub(in crate::execute) struct VectorProject {
    scan: Scan,
    outputs: Vec<Expr>,
    distinct: Option<Vec<Collation>>,
    /// The inner None: it cannot run in batches.
    batches: Option<Option<Batches>>,
    /// For runs that are the row engine's.
    rows: Option<Box<Project>>,
    is_by_row: bool,
}

struct Batches {
    input: Input,
    outputs: Vec<Expression>,
    /// The different rows so far.
    distinct: Option<RowCodes>,
    /// Of no meaning: codes of the rows of a batch, and those that are new.
    codes: Vec<u32>,
    new: Vec<u32>,
    columns: Vec<KeptColumn>,
    /// Rows of the batch, and how many of them were given.
    len: usize,
    given: usize,
    /// Rows of the batches before.
    passed: u64,
    batch_size: usize,
    charged: usize,
}

impl VectorProject {
    /// Whether batches pay for these result columns, as far as can be seen at once.
    pub fn may_run(scan: &Scan, outputs: &[Expr], distinct: Option<&[Collation]>) -> bool {
        if outputs.iter().any(is_volatile) {
            return false;
        }
        if let Some(collations) = distinct {
            return !collations.iter().any(|collation| collation.is_custom())
                && !asks(outputs)
                && !asks(&scan.conditions)
                && (reads_in_order(scan) || scan_reads_keys(scan));
        }
        let calls = |expr: &Expr| {
            matches!(
                expr,
                Expr::Function { .. } | Expr::Arithmetic { operator: ArithmeticOperator::Concat, .. }
            )
        };
        outputs.iter().any(|output| any_expr(output, &calls)) && reads_in_order(scan)
    }

    pub fn new(scan: Scan, outputs: Vec<Expr>, distinct: Option<Vec<Collation>>) -> VectorProject {
        VectorProject { scan, outputs, distinct, batches: None, rows: None, is_by_row: false }
    }

    /// Begins a run in batches.
    fn begin(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Run<()> {
        let Some(least) = least_rows(context) else { return Err(Stop::RowByRow) };
        if context.program.reads_live || context.row_count(self.scan.database, &self.scan.table)? < least {
            return Err(Stop::RowByRow);
        }
        let VectorProject { scan, outputs, distinct, batches, .. } = self;
        if least > 0
            && wide::are_wide(&[&*scan], context)?
            && wide::asks_shapes(outputs.iter().chain(&scan.conditions))
        {
            return Err(Stop::RowByRow);
        }
        let Some(batches) =
            batches.get_or_insert_with(|| Batches::compile(scan, outputs, distinct.as_deref()))
        else {
            return Err(Stop::RowByRow);
        };
        batches.forget(frame);
        (batches.passed, batches.batch_size) = (0, FIRST_BATCH);
        batches.distinct =
            distinct.as_ref().map(|collations| RowCodes::of_nulls_too(collations.iter().copied()));
        batches.input.open(frame, context)
    }

    fn go_on_by_rows(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        self.is_by_row = true;
        let VectorProject { scan, outputs, distinct, rows, .. } = self;
        let rows = rows.get_or_insert_with(|| {
            let input = SourceNode::Scan(scan.clone()).into_operator();
            Box::new(Project::new(input, outputs.clone(), distinct.clone()))
        });
        rows.open(frame, context)
    }
}

impl Batches {
    /// None when a part of it needs the row engine.
    fn compile(scan: &Scan, outputs: &[Expr], distinct: Option<&[Collation]>) -> Option<Batches> {
        let mut input = Input::of_scan(scan, &scan.path, &[])?;
        input.begin_small();
        if let (Input::Keys(keys), Some(collations), Some(columns)) =
            (&mut input, distinct, columns_of(outputs))
        {
            keys.skip_repeated(columns.into_iter().zip(collations.iter().copied()));
        }
        let outputs = outputs.iter().map(|output| input.compile_expr(output)).collect::<Option<_>>()?;
        Some(Batches {
            input,
            outputs,
            distinct: None,
            codes: Vec::new(),
            new: Vec::new(),
            columns: Vec::new(),
            len: 0,
            given: 0,
            passed: 0,
            batch_size: FIRST_BATCH,
            charged: 0,
        })
    }

    /// Computes the next batch that has rows; false: there is none.
    fn read(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Run<bool> {
        self.passed += self.len as u64;
        self.forget(frame);
        let mut is_found = true;
        while is_found && self.len == 0 {
            let limit = self.batch_size;
            self.batch_size = (limit * BATCH_GROWTH).min(WHOLE_LEAF);
            let Batches { input, outputs, columns, len, distinct, codes, new, .. } = self;
            columns.clear();
            columns.resize_with(outputs.len(), KeptColumn::default);
            let is_distinct = distinct.is_some();
            let consume: &mut dyn FnMut(Batch<'_>, &mut Surroundings<'_, '_>) -> Run<()> =
                &mut |mut batch, surroundings| {
                    let count = batch.len();
                    let Some(distinct) = distinct else {
                        for (output, column) in outputs.iter().zip(&mut *columns) {
                            column.append_all(&*evaluate(output, &mut batch, surroundings)?, count);
                        }
                        *len = count;
                        return Ok(());
                    };
                    *len = keep_new(distinct, outputs, &mut batch, surroundings, columns, (codes, new))?;
                    Ok(())
                };
            is_found = match input {
                Input::Scan(scan) if !is_distinct => scan.next_batch(limit, true, frame, context, consume)?,
                input => input.next_batch(frame, context, consume)?,
            };
            // The row engine goes on with less.
            if self.distinct.as_ref().map_or(0, RowCodes::memory) > context.session.settings.group_memory() {
                return Err(Stop::RowByRow);
            }
        }
        let of_columns: usize = self.columns.iter().map(KeptColumn::memory).sum();
        let bytes = of_columns + self.distinct.as_ref().map_or(0, RowCodes::memory);
        frame.memory.charge(bytes)?;
        self.charged = bytes;
        Ok(self.len > 0)
    }

    fn forget(&mut self, frame: &mut Frame) {
        frame.memory.release(self.charged);
        self.charged = 0;
        self.columns.clear();
        (self.len, self.given) = (0, 0);
    }
}

/// The columns that the outputs are, where they are nothing else.
fn columns_of(outputs: &[Expr]) -> Option<Vec<usize>> {
    let column = |output: &Expr| if let Expr::Column { column, .. } = output { Some(*column) } else { None };
    outputs.iter().map(column).collect()
}

/// Appends the rows of a batch that equal none before; how many there were.
fn keep_new(
    distinct: &mut RowCodes,
    outputs: &[Expression],
    batch: &mut Batch<'_>,
    surroundings: &mut Surroundings<'_, '_>,
    columns: &mut [KeptColumn],
    (codes, new): (&mut Vec<u32>, &mut Vec<u32>),
) -> Run<usize> {
    if batch.is_empty() {
        return Ok(0);
    }
    let row_count = batch.len();
    let mut known = distinct.count();
    let values = evaluate_all(outputs, batch, surroundings)?;
    for (index, value) in values.iter().enumerate() {
        distinct.column(index, value, row_count, codes);
    }
    new.clear();
    for (row, code) in codes.iter().enumerate() {
        // Codes count from 0 in the order of the rows that were the first to have them.
        if *code == known {
            known += 1;
            new.push(row as u32);
        }
    }
    for (value, column) in values.iter().zip(columns) {
        column.append(value, new);
    }
    Ok(new.len())
}

impl Rows for VectorProject {
    fn restart(&mut self) {
        if let Some(Some(batches)) = &mut self.batches {
            batches.input.restart();
        }
        if let Some(rows) = &mut self.rows {
            rows.restart();
        }
    }

    fn open(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        self.is_by_row = false;
        match self.begin(frame, context) {
            Ok(()) => Ok(()),
            Err(Stop::RowByRow) => self.go_on_by_rows(frame, context),
            Err(Stop::Error(error)) => Err(error),
        }
    }

    fn next(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<bool> {
        if let (false, Some(Some(batches))) = (self.is_by_row, &mut self.batches) {
            context.step()?;
            if batches.given < batches.len {
                batches.given += 1;
                return Ok(true);
            }
            match batches.read(frame, context) {
                Ok(is_found) => {
                    batches.given = usize::from(is_found);
                    return Ok(is_found);
                }
                Err(Stop::Error(error)) => return Err(error),
                Err(Stop::RowByRow) => {
                    let passed = batches.passed;
                    batches.forget(frame);
                    batches.input.close(frame);
                    if let Some(rows) = &mut self.rows {
                        rows.restart();
                    }
                    self.go_on_by_rows(frame, context)?;
                    for _ in 0..passed {
                        if let Some(rows) = &mut self.rows {
                            rows.next(frame, context)?;
                        }
                    }
                }
            }
        }
        match &mut self.rows {
            Some(rows) => rows.next(frame, context),
            None => Ok(false),
        }
    }

    fn close(&mut self, frame: &mut Frame) {
        if let Some(Some(batches)) = &mut self.batches {
            batches.forget(frame);
            batches.input.close(frame);
        }
        if let Some(rows) = &mut self.rows {
            rows.close(frame);
        }
    }

    fn column_count(&self) -> usize {
        self.outputs.len()
    }

    fn as_columns(&self) -> Option<ColumnScan> {
        if self.distinct.is_some() {
            return None;
        }
        ColumnScan::compile(&self.scan, &self.outputs)
    }

    #[inline]
    fn column<'r>(&'r self, index: usize, frame: &'r Frame) -> Result<ValueRef<'r>> {
        match (&self.batches, &self.rows) {
            (Some(Some(batches)), _) if !self.is_by_row => {
                Ok(batches.columns[index].value(batches.given - 1))
            }
            (_, Some(rows)) => rows.column(index, frame),
            _ => Ok(ValueRef::Null),
        }
    }
}
