//! The result columns of a statement over one table, where functions make some of them: computed in batches, row by row given.
//!
//! Batches begin small and grow, as those of `rows` do, for who wants a few rows. When something fails in one, the row engine
//! starts over, passes over the rows that were given and goes on behind them.

use pluresdb_value::ValueRef;

use super::compile::Expression;
use super::evaluate::evaluate;
use super::kept::KeptColumn;
use super::result::ColumnScan;
use super::rows::{BATCH_GROWTH, WHOLE_LEAF};
use super::scan::BatchScan;
use super::{Run, Stop, least_rows, reads_in_order};
use crate::error::Result;
use crate::execute::project::Project;
use crate::execute::{Context, Frame, Rows};
use crate::plan::{Scan, SourceNode, is_volatile};
use crate::resolve::any_expr;
use crate::resolve::tree::{ArithmeticOperator, Expr};

const FIRST_BATCH: usize = 4;

pub(in crate::execute) struct VectorProject {
    scan: Scan,
    outputs: Vec<Expr>,
    /// The inner None: it cannot run in batches.
    batches: Option<Option<Batches>>,
    /// For runs that are the row engine's.
    rows: Option<Box<Project>>,
    is_by_row: bool,
}

struct Batches {
    scan: BatchScan,
    outputs: Vec<Expression>,
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
    pub fn may_run(scan: &Scan, outputs: &[Expr]) -> bool {
        let calls = |expr: &Expr| {
            matches!(
                expr,
                Expr::Function { .. } | Expr::Arithmetic { operator: ArithmeticOperator::Concat, .. }
            )
        };
        outputs.iter().any(|output| any_expr(output, &calls))
            && reads_in_order(scan)
            && !outputs.iter().any(is_volatile)
    }

    pub fn new(scan: Scan, outputs: Vec<Expr>) -> VectorProject {
        VectorProject { scan, outputs, batches: None, rows: None, is_by_row: false }
    }

    /// Begins a run in batches.
    fn begin(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Run<()> {
        let Some(least) = least_rows(context) else { return Err(Stop::RowByRow) };
        if context.program.reads_live || context.row_count(self.scan.database, &self.scan.table)? < least {
            return Err(Stop::RowByRow);
        }
        let VectorProject { scan, outputs, batches, .. } = self;
        let Some(batches) = batches.get_or_insert_with(|| Batches::compile(scan, outputs)) else {
            return Err(Stop::RowByRow);
        };
        batches.forget(frame);
        (batches.passed, batches.batch_size) = (0, FIRST_BATCH);
        batches.scan.open(frame, context)
    }

    fn go_on_by_rows(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        self.is_by_row = true;
        let VectorProject { scan, outputs, rows, .. } = self;
        let rows = rows.get_or_insert_with(|| {
            let input = SourceNode::Scan(scan.clone()).into_operator();
            Box::new(Project::new(input, outputs.clone(), None))
        });
        rows.open(frame, context)
    }
}

impl Batches {
    /// None when a part of it needs the row engine.
    fn compile(scan: &Scan, outputs: &[Expr]) -> Option<Batches> {
        let mut batches =
            BatchScan::compile(scan).filter(|batches| batches.condition_count() == scan.conditions.len())?;
        let outputs = outputs.iter().map(|output| batches.compile_expr(output)).collect::<Option<_>>()?;
        Some(Batches {
            scan: batches,
            outputs,
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
            let Batches { scan, outputs, columns, len, .. } = self;
            columns.clear();
            columns.resize_with(outputs.len(), KeptColumn::default);
            is_found = scan.next_batch(limit, true, frame, context, &mut |mut batch, surroundings| {
                let count = batch.len();
                for (output, column) in outputs.iter().zip(&mut *columns) {
                    column.append_all(&*evaluate(output, &mut batch, surroundings)?, count);
                }
                *len = count;
                Ok(())
            })?;
        }
        let bytes = self.columns.iter().map(KeptColumn::memory).sum();
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

impl Rows for VectorProject {
    fn restart(&mut self) {
        if let Some(Some(batches)) = &mut self.batches {
            batches.scan.restart();
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
                    batches.scan.close(frame);
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
            batches.scan.close(frame);
        }
        if let Some(rows) = &mut self.rows {
            rows.close(frame);
        }
    }

    fn column_count(&self) -> usize {
        self.outputs.len()
    }

    fn as_columns(&self) -> Option<ColumnScan> {
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
