//! The first rows by an operator that gives them as it finds them, all others by one that is quicker for many rows but
//! gives none before it has read much.
//!
//! ```text
//! .get() of a join        a row or two are looked up; who wants more has the joined rows made in batches
//! ```
//! Who runs the statement does not say how many rows will be taken. So the first run begins with few, and the next ones go by
//! what was taken in the last.

use crate::error::Result;
use crate::execute::{Context, Frame, Source};
use crate::work::Work;

/// Rows that are looked for one by one.
const FEW_ROWS: u64 = 4;

/// How far the run has come.
#[derive(Clone, Copy, PartialEq)]
enum Phase {
    Closed,
    Few,
    All,
}

/// Both operators give the same rows in the same order.
pub(crate) struct FirstRows {
    few: Box<dyn Source>,
    all: Box<dyn Source>,
    phase: Phase,
    /// Rows that are looked for one by one.
    most: u64,
    given: u64,
    /// All rows have been given.
    is_exhausted: bool,
    /// Steps that the first rows may take, in all and still.
    allowed: u32,
    left: u32,
    /// What the first rows' operator has counted.
    counted: Work,
    wants_few: bool,
    /// The first row took more steps than were allowed.
    is_dear: bool,
    ran_in: Option<u64>,
}

impl FirstRows {
    pub fn new(few: Box<dyn Source>, all: Box<dyn Source>, allowed: u32) -> FirstRows {
        FirstRows {
            few,
            all,
            phase: Phase::Closed,
            most: FEW_ROWS,
            given: 0,
            is_exhausted: false,
            allowed,
            left: 0,
            counted: Work::default(),
            wants_few: true,
            is_dear: false,
            ran_in: None,
        }
    }

    /// Of rows that a LIMIT counts: as many as can be found in the steps that are allowed; where more are wanted, `all` gives
    /// them from the beginning the next time.
    pub fn under_limit(few: Box<dyn Source>, all: Box<dyn Source>, allowed: u32) -> FirstRows {
        FirstRows { most: u64::MAX, ..FirstRows::new(few, all, allowed) }
    }

    /// Remembers of a run that ends how many rows were taken.
    fn end(&mut self) {
        if self.phase != Phase::Closed {
            self.wants_few = !self.is_exhausted && self.given <= self.most;
        }
        self.phase = Phase::Closed;
    }

    /// Runs the first rows' operator; None: it takes too long.
    fn run_few<T>(
        &mut self,
        context: &mut Context<'_>,
        run: impl FnOnce(&mut dyn Source, &mut Context<'_>) -> Result<T>,
    ) -> Result<Option<T>> {
        let before = context.session.work;
        let few = &mut *self.few;
        let ran = context.within_steps(&mut self.left, |context| run(few, context));
        let after = context.session.work;
        self.counted.full_scan_steps += after.full_scan_steps - before.full_scan_steps;
        self.counted.sorts += after.sorts - before.sorts;
        self.counted.automatic_index_rows += after.automatic_index_rows - before.automatic_index_rows;
        ran
    }

    /// Goes on with all rows, behind those that were given.
    fn go_on(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        self.is_dear |= self.given == 0 || self.most != FEW_ROWS;
        self.few.close(frame);
        // All of it will be counted again.
        let work = &mut context.session.work;
        work.full_scan_steps = work.full_scan_steps.saturating_sub(self.counted.full_scan_steps);
        work.sorts = work.sorts.saturating_sub(self.counted.sorts);
        work.automatic_index_rows =
            work.automatic_index_rows.saturating_sub(self.counted.automatic_index_rows);
        self.phase = Phase::All;
        self.all.restart();
        self.all.open(frame, context)?;
        for _ in 0..self.given {
            self.all.next(frame, context)?;
        }
        Ok(())
    }
}

impl Source for FirstRows {
    fn restart(&mut self) {
        self.few.restart();
        self.all.restart();
    }

    fn open(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        self.end();
        // Who asks again within one execution asks about another row.
        let is_again = self.ran_in.replace(frame.execution) == Some(frame.execution);
        (self.given, self.is_exhausted, self.left) = (0, false, self.allowed);
        if self.wants_few && !self.is_dear && !is_again && !context.reads_live() {
            self.counted = Work::default();
            self.phase = Phase::Few;
            return match self.run_few(context, |few, context| few.open(frame, context))? {
                Some(()) => Ok(()),
                None => self.go_on(frame, context),
            };
        }
        self.phase = Phase::All;
        self.all.open(frame, context)
    }

    fn next(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<bool> {
        if self.phase == Phase::Few && context.reads_live() {
            // Rows change while they are read: those that were given would not be found again.
            return self.few.next(frame, context);
        }
        if self.phase == Phase::Few {
            let found = if self.given < self.most && self.left > 0 {
                self.run_few(context, |few, context| few.next(frame, context))?
            } else {
                None
            };
            if let Some(found) = found {
                self.given += u64::from(found);
                self.is_exhausted |= !found;
                return Ok(found);
            }
            self.go_on(frame, context)?;
        }
        let found = self.all.next(frame, context)?;
        self.given += u64::from(found);
        self.is_exhausted |= !found;
        Ok(found)
    }

    fn close(&mut self, frame: &mut Frame) {
        self.end();
        self.few.close(frame);
        self.all.close(frame);
    }

    fn set_null_row(&mut self, frame: &mut Frame) {
        self.all.set_null_row(frame);
    }
}
