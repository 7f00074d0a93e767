//! The order in which SQLite compiles row programs, which shows in two places.
//!
//! SQLite compiles a program the first time a statement needs it, and at once whatever that sets off: depth first. We
//! compile one program after another (`row_program`), note what each sets off, and retrace SQLite's way afterwards.
//!
//! - Of several programs with errors, the one that SQLite finishes first tells its error.
//! - A statement does not check new rows against a foreign key whose SET NULL action is the program that SQLite began
//!   last: it takes the whole statement for that action, which sets NULL. REPLACE fills trees in any order because of
//!   this, and rows come in whose parents a BEFORE trigger took away.
//!
//! ```text
//! INSERT      BEFORE triggers, what REPLACE evicts, DO UPDATE, keys, AFTER triggers
//! UPDATE      triggers of both times, what REPLACE evicts, keys, ON UPDATE actions
//! DELETE      triggers of both times, ON DELETE actions
//! ```

use std::cell::Cell;
use std::rc::Rc;

use super::row_program::ProgramId;
use crate::Error;
use crate::catalog::DatabaseIndex;

/// The foreign key that a statement does not check its new rows against: index into the keys of the table.
#[derive(Clone, Default)]
pub(crate) struct Overlooked(Rc<Cell<Option<usize>>>);

impl Overlooked {
    #[inline]
    pub fn is(&self, number: usize) -> bool {
        self.0.get() == Some(number)
    }

    /// What another instance of the same program found.
    fn take_over(&self, other: &Overlooked) {
        self.0.set(other.0.get());
    }
}

/// What SQLite comes upon while it compiles a statement.
pub(crate) enum Step {
    Program(ProgramId),
    /// The foreign keys of new rows in this table.
    Keys {
        database: DatabaseIndex,
        table: String,
        overlooked: Overlooked,
    },
}

/// The steps of one program's statements, or of the outermost statement.
#[derive(Default)]
pub(crate) struct Steps(Vec<Step>);

impl Steps {
    pub fn extend(&mut self, steps: Vec<Step>) {
        self.0.extend(steps);
    }

    /// The program is compiled once more: its checks overlook what they did the first time. `known` counts the checks
    /// that are behind.
    pub fn repeat(&self, steps: &[Step], known: &mut usize) {
        for again in steps.iter().filter_map(Step::overlooked) {
            if let Some(first) = self.0.iter().filter_map(Step::overlooked).nth(*known) {
                again.take_over(first);
            }
            *known += 1;
        }
    }
}

impl Step {
    fn overlooked(&self) -> Option<&Overlooked> {
        match self {
            Step::Program(_) => None,
            Step::Keys { overlooked, .. } => Some(overlooked),
        }
    }
}

/// What retracing asks of a program.
pub(crate) trait Compiled {
    fn steps(&self) -> &Steps;
    /// Why it could not be compiled.
    fn error(&self) -> Option<&Error>;
    /// The key of this table that it sets to NULL.
    fn set_null_of(&self, database: DatabaseIndex, table: &str) -> Option<usize>;
}

/// Goes SQLite's way: finds what each check overlooks, and the first error.
pub(crate) fn retrace<P: Compiled>(outermost: &Steps, programs: &[P]) -> Option<Error> {
    let mut is_begun = vec![false; programs.len()];
    let mut last: Option<&P> = None;
    // Programs on the way, each with the steps that it has yet to take; None: the outermost statement.
    let mut open: Vec<(Option<&P>, std::slice::Iter<'_, Step>)> = vec![(None, outermost.0.iter())];
    while let Some((program, steps)) = open.last_mut() {
        match steps.next() {
            Some(Step::Program(id)) => {
                if !std::mem::replace(&mut is_begun[id.index()], true) {
                    let begun = &programs[id.index()];
                    last = Some(begun);
                    open.push((last, begun.steps().0.iter()));
                }
            }
            Some(Step::Keys { database, table, overlooked }) => {
                overlooked.0.set(last.and_then(|last| last.set_null_of(*database, table)));
            }
            None => {
                if let Some(error) = program.and_then(Compiled::error) {
                    return Some(error.clone());
                }
                open.pop();
            }
        }
    }
    None
}
