//! LIMIT and OFFSET.

use pluresdb_value::{Value, ValueRef, affinity};

use crate::error::{Error, Result, ResultCode};
use crate::execute::eval::eval;
use crate::execute::{Context, Frame, Rows, Run};
use crate::resolve::tree::Expr;

/// Rows from `offset` on, `limit` of them; None is all.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Window {
    pub offset: u64,
    pub limit: Option<u64>,
}

impl Window {
    /// The number of rows up to the last wanted one.
    pub fn end(self) -> Option<u64> {
        self.limit.map(|limit| if limit == 0 { 0 } else { limit.saturating_add(self.offset) })
    }
}

/// Computes both clauses; a negative LIMIT is none, a negative OFFSET is zero.
pub(crate) fn limit_window(
    limit: Option<&Expr>,
    offset: Option<&Expr>,
    frame: &mut Frame,
    context: &mut Context<'_>,
) -> Result<Window> {
    let mut window = Window::default();
    if let Some(limit) = limit {
        window.limit = u64::try_from(whole_number(limit, frame, context)?).ok();
    }
    // Nobody looks at the OFFSET of no rows: it may be anything.
    if window.limit == Some(0) {
        return Ok(window);
    }
    if let Some(offset) = offset {
        window.offset = u64::try_from(whole_number(offset, frame, context)?).unwrap_or(0);
    }
    Ok(window)
}

fn whole_number(expr: &Expr, frame: &mut Frame, context: &mut Context<'_>) -> Result<i64> {
    let value = eval(expr, frame, context)?;
    let mismatch = || Error::new(ResultCode::Mismatch, "datatype mismatch");
    affinity::as_integer(&value).ok_or_else(mismatch)
}

pub(crate) struct Limit {
    input: Box<dyn Rows>,
    limit: Option<Expr>,
    offset: Option<Expr>,
    to_skip: u64,
    left: Option<u64>,
}

impl Limit {
    pub fn new(input: Box<dyn Rows>, limit: Option<Expr>, offset: Option<Expr>) -> Limit {
        Limit { input, limit, offset, to_skip: 0, left: None }
    }
}

impl Limit {
    /// Passes over the rows of a run behind the present one, as far as they are to be skipped.
    fn skip_run(&mut self, frame: &mut Frame) {
        let wanted = usize::try_from(self.to_skip).unwrap_or(usize::MAX).saturating_add(1);
        let Some(run) = self.input.run(frame, wanted) else { return };
        let passed = run.rows().len() - 1;
        self.input.skip(passed, frame);
        self.to_skip -= passed as u64;
    }
}

impl Rows for Limit {
    fn restart(&mut self) {
        self.input.restart();
    }

    fn open(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        let window = limit_window(self.limit.as_ref(), self.offset.as_ref(), frame, context)?;
        self.to_skip = window.offset;
        self.left = window.limit;
        if self.left == Some(0) { Ok(()) } else { self.input.open(frame, context) }
    }

    fn next(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<bool> {
        if self.left == Some(0) {
            return Ok(false);
        }
        if self.to_skip > 0 {
            self.to_skip -= self.input.pass_over(self.to_skip, frame, context)?;
        }
        while self.to_skip > 0 {
            self.to_skip -= 1;
            if !self.input.next(frame, context)? {
                self.left = Some(0);
                return Ok(false);
            }
            self.skip_run(frame);
        }
        let found = self.input.next(frame, context)?;
        self.left = if found { self.left.map(|left| left - 1) } else { Some(0) };
        Ok(found)
    }

    fn close(&mut self, frame: &mut Frame) {
        self.input.close(frame);
    }

    fn column_count(&self) -> usize {
        self.input.column_count()
    }

    fn column<'r>(&'r self, index: usize, frame: &'r Frame) -> Result<ValueRef<'r>> {
        self.input.column(index, frame)
    }

    fn run<'r>(&'r self, frame: &'r Frame, limit: usize) -> Option<Run<'r>> {
        // The present row is taken off already.
        let left = self.left.map_or(usize::MAX, |left| usize::try_from(left).unwrap_or(usize::MAX));
        self.input.run(frame, limit.min(left.saturating_add(1)))
    }

    fn skip(&mut self, count: usize, frame: &mut Frame) {
        self.left = self.left.map(|left| left.saturating_sub(count as u64));
        self.input.skip(count, frame);
    }

    fn append_row(&mut self, frame: &Frame, row: &mut Vec<Value>) -> Result<()> {
        self.input.append_row(frame, row)
    }
}
