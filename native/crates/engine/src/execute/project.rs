//! Result columns of a row: plain columns are left where they stand, the rest is computed. With DISTINCT, the first of
//! equal rows.

use pluresdb_value::{Collation, Value, ValueRef};

use crate::error::Result;
use crate::execute::distinct::{Distinct, Seen};
use crate::execute::eval::eval;
use crate::execute::sorted_rows::OrderedRows;
use crate::execute::vector::ColumnScan;
use crate::execute::{Context, Frame, Rows, Run, Source};
use crate::resolve::any_expr;
use crate::resolve::tree::Expr;

pub(crate) struct Project {
    input: Box<dyn Source>,
    outputs: Vec<Expr>,
    /// Values of the outputs that are no plain columns.
    computed: Vec<Value>,
    /// Plain columns are computed with the rest: functions of the application may change the row they are read from.
    computes_all: bool,
    distinct: Option<Distinct>,
    /// Rows of which it was not known whether they came before.
    late: Option<OrderedRows>,
}

impl Project {
    pub fn new(input: Box<dyn Source>, outputs: Vec<Expr>, distinct: Option<Vec<Collation>>) -> Project {
        let computed = vec![Value::Null; outputs.len()];
        let distinct = distinct.map(Distinct::new);
        Project { input, outputs, computed, computes_all: false, distinct, late: None }
    }
}

impl Project {
    /// Whether the row was there before; one of which that is not known is kept.
    fn look(&self, distinct: &mut Distinct, frame: &mut Frame, context: &Context<'_>) -> Result<Seen> {
        let width = self.outputs.len();
        let seen = distinct.look((0..width).map(|index| self.column(index, frame)), context.session)?;
        distinct.charge(&mut frame.memory)?;
        if seen == Seen::Perhaps {
            let column = |index| Ok(self.column(index, frame)?.to_value());
            let row = (0..width).map(column).collect::<Result<Vec<Value>>>()?;
            distinct.keep_late(row.into_iter(), &mut frame.memory, &context.session.settings)?;
        }
        Ok(seen)
    }

    fn forget(&mut self, frame: &mut Frame) {
        if let Some(distinct) = &mut self.distinct {
            distinct.clear(frame);
        }
        if let Some(mut late) = self.late.take() {
            late.clear(&mut frame.memory);
        }
    }
}

#[inline(always)]
fn in_frame<'f>(output: &Expr, frame: &'f Frame) -> Result<Option<ValueRef<'f>>> {
    Ok(Some(match output {
        Expr::Column { source, column } => frame.cursor(*source).column(*column)?,
        Expr::Rowid(source) => frame.cursor(*source).rowid(),
        Expr::Register(register) => frame.register(*register).as_ref(),
        _ => return Ok(None),
    }))
}

fn is_in_frame(output: &Expr) -> bool {
    matches!(output, Expr::Column { .. } | Expr::Rowid(_) | Expr::Register(_))
}

impl Rows for Project {
    fn restart(&mut self) {
        self.input.restart();
    }

    fn open(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        self.forget(frame);
        let is_application = |expr: &Expr| matches!(expr, Expr::Application { .. });
        self.computes_all = context.session.settings.is_reentrant
            && self.outputs.iter().any(|output| any_expr(output, &is_application));
        self.input.open(frame, context)
    }

    fn next(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<bool> {
        if let Some(late) = &mut self.late {
            return late.next();
        }
        while self.input.next(frame, context)? {
            for (output, computed) in self.outputs.iter().zip(&mut self.computed) {
                if self.computes_all || !is_in_frame(output) {
                    *computed = eval(output, frame, context)?;
                }
            }
            let Some(mut distinct) = self.distinct.take() else { return Ok(true) };
            let seen = self.look(&mut distinct, frame, context);
            self.distinct = Some(distinct);
            if seen? == Seen::Never {
                return Ok(true);
            }
        }
        let Some(distinct) = &mut self.distinct else { return Ok(false) };
        self.late = distinct.take_late(self.outputs.len(), &mut frame.memory, &context.session.settings)?;
        match &mut self.late {
            Some(late) => late.next(),
            None => Ok(false),
        }
    }

    fn close(&mut self, frame: &mut Frame) {
        self.forget(frame);
        self.input.close(frame);
    }

    fn column_count(&self) -> usize {
        self.outputs.len()
    }

    fn as_columns(&self) -> Option<ColumnScan> {
        let scan = self.input.as_scan().filter(|_| self.distinct.is_none())?;
        ColumnScan::compile(&scan, &self.outputs)
    }

    #[inline]
    fn column<'r>(&'r self, index: usize, frame: &'r Frame) -> Result<ValueRef<'r>> {
        if let Some(late) = &self.late {
            return Ok(late.value(index).as_ref());
        }
        if self.computes_all {
            return Ok(self.computed[index].as_ref());
        }
        Ok(match in_frame(&self.outputs[index], frame)? {
            Some(value) => value,
            None => self.computed[index].as_ref(),
        })
    }

    fn run<'r>(&'r self, frame: &'r Frame, limit: usize) -> Option<Run<'r>> {
        if self.distinct.is_some() || self.computes_all {
            return None;
        }
        Run::new(frame, self.input.run(frame, limit)?, &self.outputs)
    }

    fn skip(&mut self, count: usize, frame: &mut Frame) {
        self.input.skip(count, frame);
    }

    fn pass_over(&mut self, count: u64, frame: &mut Frame, context: &mut Context<'_>) -> Result<u64> {
        if self.distinct.is_some() { Ok(0) } else { self.input.pass_over(count, frame, context) }
    }

    fn append_row(&mut self, frame: &Frame, row: &mut Vec<Value>) -> Result<()> {
        if let Some(late) = &mut self.late {
            row.extend(late.take(self.outputs.len()));
            return Ok(());
        }
        for (output, computed) in self.outputs.iter().zip(&mut self.computed) {
            row.push(match output {
                _ if self.computes_all => std::mem::take(computed),
                Expr::Register(register) => frame.register(*register).clone(),
                _ => match in_frame(output, frame)? {
                    Some(value) => value.to_value(),
                    None => std::mem::take(computed),
                },
            });
        }
        Ok(())
    }
}
