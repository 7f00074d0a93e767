//! Result columns of a row: plain columns are left where they stand, the rest is computed. With DISTINCT, the first of
//! equal rows.

use pluresdb_value::{Collation, Value, ValueRef};

use crate::error::Result;
use crate::execute::byte_codes::ByteCodes;
use crate::execute::eval::eval;
use crate::execute::key_hash::push_key;
use crate::execute::vector::ColumnScan;
use crate::execute::{Context, Frame, Rows, Run, Source};
use crate::resolve::tree::Expr;
use crate::session::Session;

pub(crate) struct Project {
    input: Box<dyn Source>,
    outputs: Vec<Expr>,
    /// Values of the outputs that are no plain columns.
    computed: Vec<Value>,
    distinct: Option<Distinct>,
}

impl Project {
    pub fn new(input: Box<dyn Source>, outputs: Vec<Expr>, distinct: Option<Vec<Collation>>) -> Project {
        let computed = vec![Value::Null; outputs.len()];
        Project { input, outputs, computed, distinct: distinct.map(Distinct::new) }
    }
}

#[inline]
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
        if let Some(distinct) = &mut self.distinct {
            distinct.clear(frame);
        }
        self.input.open(frame, context)
    }

    fn next(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<bool> {
        while self.input.next(frame, context)? {
            for (output, computed) in self.outputs.iter().zip(&mut self.computed) {
                if !is_in_frame(output) {
                    *computed = eval(output, frame, context)?;
                }
            }
            let Some(mut distinct) = self.distinct.take() else { return Ok(true) };
            let is_new = distinct
                .is_new((0..self.outputs.len()).map(|index| self.column(index, frame)), context.session);
            let bytes = distinct.uncharged();
            self.distinct = Some(distinct);
            frame.memory.charge(bytes)?;
            if is_new? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn close(&mut self, frame: &mut Frame) {
        if let Some(distinct) = &mut self.distinct {
            distinct.clear(frame);
        }
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
        Ok(match in_frame(&self.outputs[index], frame)? {
            Some(value) => value,
            None => self.computed[index].as_ref(),
        })
    }

    fn run<'r>(&'r self, frame: &'r Frame, limit: usize) -> Option<Run<'r>> {
        if self.distinct.is_some() {
            return None;
        }
        let (source, rows) = self.input.run(frame, limit)?;
        Run::new(frame, source, rows, &self.outputs)
    }

    fn skip(&mut self, count: usize, frame: &mut Frame) {
        self.input.skip(count, frame);
    }

    fn take_row(&mut self, frame: &Frame, row: &mut Vec<Value>) -> Result<()> {
        row.clear();
        for (output, computed) in self.outputs.iter().zip(&mut self.computed) {
            row.push(match output {
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

/// Rows seen so far.
pub(crate) struct Distinct {
    collations: Vec<Collation>,
    seen: ByteCodes,
    key: Vec<u8>,
    charged: usize,
}

impl Distinct {
    pub fn new(collations: Vec<Collation>) -> Distinct {
        Distinct { collations, seen: ByteCodes::default(), key: Vec::new(), charged: 0 }
    }

    /// Remembers the row; false when an equal one was there before.
    pub fn is_new<'v>(
        &mut self,
        row: impl Iterator<Item = Result<ValueRef<'v>>>,
        session: &Session,
    ) -> Result<bool> {
        self.key.clear();
        for (index, value) in row.enumerate() {
            let collation = self.collations.get(index).copied().unwrap_or_default();
            push_key(value?, collation, &mut self.key, session)?;
        }
        let next = self.seen.len();
        Ok(self.seen.code(&self.key, next as u32) as usize == next)
    }

    /// Bytes that grew since the last call, for the caller to charge.
    pub fn uncharged(&mut self) -> usize {
        let grown = self.seen.memory() - self.charged;
        self.charged += grown;
        grown
    }

    pub fn clear(&mut self, frame: &mut Frame) {
        frame.memory.release(self.charged);
        self.charged = 0;
        self.seen = ByteCodes::default();
    }
}
