//! VALUES: each row's expressions in turn.

use pluresdb_value::{Value, ValueRef};

use crate::error::Result;
use crate::execute::eval::eval;
use crate::execute::{Context, Frame, Rows};
use crate::resolve::tree::Expr;

pub(crate) struct Values {
    rows: Vec<Vec<Expr>>,
    next_row: usize,
    row: Vec<Value>,
}

impl Values {
    pub fn new(rows: Vec<Vec<Expr>>) -> Values {
        Values { rows, next_row: 0, row: Vec::new() }
    }
}

impl Rows for Values {
    fn open(&mut self, _: &mut Frame, _: &mut Context<'_>) -> Result<()> {
        self.next_row = 0;
        Ok(())
    }

    fn next(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<bool> {
        let Some(exprs) = self.rows.get(self.next_row) else { return Ok(false) };
        context.step()?;
        self.next_row += 1;
        self.row.clear();
        for expr in exprs {
            self.row.push(eval(expr, frame, context)?);
        }
        Ok(true)
    }

    fn close(&mut self, _: &mut Frame) {}

    fn column_count(&self) -> usize {
        self.rows.first().map_or(0, Vec::len)
    }

    fn column<'r>(&'r self, index: usize, _: &'r Frame) -> Result<ValueRef<'r>> {
        Ok(self.row[index].as_ref())
    }

    fn append_row(&mut self, _: &Frame, row: &mut Vec<Value>) -> Result<()> {
        row.append(&mut self.row);
        Ok(())
    }
}
