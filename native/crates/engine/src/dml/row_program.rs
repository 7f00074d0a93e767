//! Row programs: what runs for a row that a statement changes. Triggers and foreign-key actions are row programs.
//!
//! ```text
//! INSERT INTO a ──► programs of one outermost statement, each compiled once
//!                   0  trigger a_ai          INSERT INTO b …       sets off 1
//!                   1  trigger b_ai OR …     UPDATE a …            sets off 0
//! ```
//! A program is a list of nested statements. Everything that the outermost statement can set off, however deep, is in
//! one set and found by its key, so that triggers that fire each other in a circle compile to a finite set. A program
//! that runs inside itself takes another instance; instances are kept, and a steady state makes none.
//!
//! The parameters of a program are the images of the row, straight from the registers of the statement that changes
//! it: `new` first (for DELETE, `old`), then `old`, each with one value per column and then the rowid.
//!
//! Always true:
//! - `changes()` and `last_insert_rowid()` are what they were once a program has run.
//! - Programs inside programs are counted: at most `MAX_TRIGGER_DEPTH` deep.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use std::sync::Arc;

use pluresdb_value::Value;

use super::foreign_key::ActionKey;
use super::nested::NestedStatement;
use super::trigger::TriggerKey;
use crate::catalog::DatabaseIndex;
use crate::execute::{Context, Frame, eval_truth, raised};
use crate::resolve::tree::{Expr, Program, RaiseAction};
use crate::session::Session;
use crate::statement::DatabaseSet;
use crate::{Error, Result};

/// SQLITE_MAX_TRIGGER_DEPTH.
const MAX_TRIGGER_DEPTH: usize = 1000;

/// What a program is compiled from.
#[derive(Clone)]
pub(crate) enum ProgramKey {
    Trigger(TriggerKey),
    Action(ActionKey),
}

impl ProgramKey {
    fn is_same(&self, other: &ProgramKey) -> bool {
        match (self, other) {
            (ProgramKey::Trigger(key), ProgramKey::Trigger(other)) => {
                Arc::ptr_eq(&key.trigger, &other.trigger) && key.or == other.or
            }
            (ProgramKey::Action(key), ProgramKey::Action(other)) => key.is_same(other),
            (ProgramKey::Trigger(_), ProgramKey::Action(_))
            | (ProgramKey::Action(_), ProgramKey::Trigger(_)) => false,
        }
    }

    fn compile(&self, session: &Session, programs: &Rc<RowPrograms>) -> Result<RowProgram> {
        match self {
            ProgramKey::Trigger(key) => super::trigger::compile(key, session, programs),
            ProgramKey::Action(key) => key.compile(session, programs),
        }
    }
}

/// Index into the set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ProgramId(usize);

/// What becomes of the row that set a program off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RowOutcome {
    Continue,
    /// RAISE(IGNORE): nothing more is done for this row.
    Ignore,
}

/// One instance of a program.
pub(crate) struct RowProgram {
    pub condition: Option<Condition>,
    pub steps: Vec<NestedStatement>,
}

/// WHEN.
pub(crate) struct Condition {
    pub program: Program,
    pub frame: Frame,
    pub expr: Expr,
}

impl RowProgram {
    fn run(&mut self, session: &mut Session, parameters: &[Value]) -> Result<()> {
        if let Some(Condition { program, frame, expr }) = &mut self.condition {
            frame.reset();
            let holds = eval_truth(expr, frame, &mut Context::new(session, parameters, program));
            frame.close_cursors();
            if holds? != Some(true) {
                return Ok(());
            }
        }
        for step in &mut self.steps {
            step.run(session, parameters)?;
        }
        Ok(())
    }
}

struct Entry {
    key: ProgramKey,
    idle: Vec<RowProgram>,
    /// Instances that run right now.
    running: usize,
}

/// The programs that one outermost statement can set off.
#[derive(Default)]
pub(crate) struct RowPrograms {
    entries: RefCell<Vec<Entry>>,
    written: Cell<DatabaseSet>,
}

impl RowPrograms {
    /// The program of that key; `compile_all` compiles it when it is new.
    pub fn add(&self, key: &ProgramKey) -> ProgramId {
        let mut entries = self.entries.borrow_mut();
        let known = entries.iter().position(|entry| entry.key.is_same(key));
        ProgramId(known.unwrap_or_else(|| {
            entries.push(Entry { key: key.clone(), idle: Vec::new(), running: 0 });
            entries.len() - 1
        }))
    }

    /// Compiles what was added, and what that adds.
    pub fn compile_all(self: &Rc<Self>, session: &Session) -> Result<()> {
        let mut next = 0;
        loop {
            let Some(key) = self.entries.borrow().get(next).map(|entry| entry.key.clone()) else {
                return Ok(());
            };
            let program = key.compile(session, self)?;
            self.entries.borrow_mut()[next].idle.push(program);
            next += 1;
        }
    }

    /// A nested statement changes rows of this database.
    pub fn note_written(&self, database: DatabaseIndex) {
        self.written.set(self.written.get().with(database));
    }

    /// The databases that nested statements change.
    pub fn written(&self) -> DatabaseSet {
        self.written.get()
    }

    /// Runs the program for the row whose images are the parameters.
    pub fn run(
        self: &Rc<Self>,
        program: ProgramId,
        parameters: &[Value],
        session: &mut Session,
    ) -> Result<RowOutcome> {
        let Some(mut instance) = self.enter(program, session)? else { return Ok(RowOutcome::Continue) };
        let (last_insert_rowid, changes) = (session.last_insert_rowid, session.changes);
        session.trigger_depth += 1;
        let outcome = instance.run(session, parameters);
        session.trigger_depth -= 1;
        (session.last_insert_rowid, session.changes) = (last_insert_rowid, changes);
        let entry = &mut self.entries.borrow_mut()[program.0];
        entry.running -= 1;
        entry.idle.push(instance);
        match outcome {
            Ok(()) => Ok(RowOutcome::Continue),
            Err(error) if raised(&error) == Some(RaiseAction::Ignore) => Ok(RowOutcome::Ignore),
            Err(error) => Err(error),
        }
    }

    /// An instance to run. None: the trigger runs already, and triggers are not to be recursive.
    fn enter(self: &Rc<Self>, program: ProgramId, session: &Session) -> Result<Option<RowProgram>> {
        if !session.settings.recursive_triggers && self.is_running(program) {
            return Ok(None);
        }
        if session.trigger_depth >= MAX_TRIGGER_DEPTH {
            return Err(Error::error("too many levels of trigger recursion"));
        }
        let idle = self.entries.borrow_mut()[program.0].idle.pop();
        let instance = match idle {
            Some(instance) => instance,
            None => {
                let key = self.entries.borrow()[program.0].key.clone();
                key.compile(session, self)?
            }
        };
        self.entries.borrow_mut()[program.0].running += 1;
        Ok(Some(instance))
    }

    /// Whether the trigger runs, under whatever conflict clause. Actions may always run inside themselves.
    fn is_running(&self, program: ProgramId) -> bool {
        let entries = self.entries.borrow();
        match &entries[program.0].key {
            ProgramKey::Trigger(TriggerKey { trigger, .. }) => entries.iter().any(|entry| match &entry.key {
                ProgramKey::Trigger(key) => entry.running > 0 && Arc::ptr_eq(&key.trigger, trigger),
                ProgramKey::Action(_) => false,
            }),
            ProgramKey::Action(_) => false,
        }
    }
}

/// The set as its own statements know it: the outermost statement owns it.
#[derive(Clone, Default)]
pub(crate) struct ProgramsHandle(Weak<RowPrograms>);

impl ProgramsHandle {
    pub fn new(programs: &Rc<RowPrograms>) -> ProgramsHandle {
        ProgramsHandle(Rc::downgrade(programs))
    }

    pub fn get(&self) -> Rc<RowPrograms> {
        self.0.upgrade().expect("a set of programs lives as long as the outermost statement, which runs")
    }
}
