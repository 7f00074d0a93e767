//! What statements hold: a plan made into operators, run again and again over the statement's frame.
//!
//! ```ignore
//! let mut query = Query::new(plan_select(&select, &program, &session)?);
//! let mut frame = Frame::new(&program);
//! // for each execution:
//! frame.reset();
//! query.start(&mut frame, &mut context)?;
//! while query.next(&mut frame, &mut context)? { query.column(0, &frame)?; }
//! query.close(&mut frame);
//! ```

use pluresdb_value::{Value, ValueRef};

use crate::error::Result;
use crate::execute::vector::ColumnScan;
use crate::execute::{Context, Frame, Rows, Run, Source};
use crate::plan::{RowsNode, SourceNode};

/// A SELECT ready to run.
pub struct Query {
    root: Box<dyn Rows>,
}

impl Query {
    pub fn new(plan: RowsNode) -> Query {
        Query { root: plan.into_operator() }
    }

    /// For a statement, whose rows are mostly all taken.
    pub(crate) fn of_statement(plan: RowsNode) -> Query {
        Query { root: plan.into_operator_of_statement() }
    }

    /// For those who take all rows before they use any.
    pub(crate) fn of_all(plan: RowsNode) -> Query {
        Query { root: plan.into_operator_of_all() }
    }

    /// Asks for memory that will be needed: the statement is about to begin.
    #[inline]
    pub fn ask(&mut self, frame: &Frame, parameters: &[Value]) {
        self.root.ask(frame, parameters);
    }

    /// Begins to run; the first row comes with `next`. The statement resets its frame itself, once per execution.
    pub fn start(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        self.root.restart();
        self.root.open(frame, context)
    }

    /// True when there is a row.
    pub fn next(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<bool> {
        self.root.next(frame, context)
    }

    pub fn column_count(&self) -> usize {
        self.root.column_count()
    }

    /// The result by column, where that is quicker than row by row.
    pub(crate) fn as_columns(&self) -> Option<ColumnScan> {
        self.root.as_columns()
    }

    /// A column of the row: borrowed from where it stands. It fails only when its block cannot be read.
    #[inline]
    pub fn column<'q>(&'q self, index: usize, frame: &'q Frame) -> Result<ValueRef<'q>> {
        self.root.column(index, frame)
    }

    /// Rows from the present one on that can be taken at once; None where there are no such.
    pub fn run<'q>(&'q self, frame: &'q Frame, limit: usize) -> Option<Run<'q>> {
        self.root.run(frame, limit)
    }

    /// Goes on by so many rows within a run.
    pub fn skip(&mut self, count: usize, frame: &mut Frame) {
        self.root.skip(count, frame);
    }

    /// Replaces `row` with the whole row.
    pub fn take_row(&mut self, frame: &Frame, row: &mut Vec<Value>) -> Result<()> {
        row.clear();
        self.append_row(frame, row)
    }

    /// Appends the whole row; it may be gone afterwards.
    pub fn append_row(&mut self, frame: &Frame, row: &mut Vec<Value>) -> Result<()> {
        self.root.append_row(frame, row)
    }

    /// Ends the run, also in the middle: gives back rows, cursors and snapshots.
    pub fn close(&mut self, frame: &mut Frame) {
        self.root.close(frame);
        frame.close_cursors();
    }

    pub(crate) fn operator(&mut self) -> &mut dyn Rows {
        &mut *self.root
    }
}

/// The rows that an UPDATE or DELETE is about: each `next` positions the frame on one.
///
/// The target's cursor stands on the row in its tree: `frame.cursor(target)` answers `rowid()`, `key()`, `column(i)`
/// and `to_record()`. It reads the version of the tree from when the run began, whatever is written meanwhile.
pub struct RowSource {
    root: Box<dyn Source>,
}

impl RowSource {
    pub fn new(plan: SourceNode) -> RowSource {
        RowSource { root: plan.into_operator() }
    }

    pub fn start(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        self.root.restart();
        self.root.open(frame, context)
    }

    pub fn next(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<bool> {
        self.root.next(frame, context)
    }

    pub fn close(&mut self, frame: &mut Frame) {
        self.root.close(frame);
        frame.close_cursors();
    }
}
