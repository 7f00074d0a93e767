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
//! - Programs inside programs are counted: at most `MAX_TRIGGER_DEPTH` deep, and never deeper than the stack bears.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use std::sync::Arc;

use pluresdb_sql::ast::Span;
use pluresdb_value::Value;

use super::compile_order::{Compiled, Step, Steps, retrace};
use super::foreign_key::ActionKey;
use super::nested::{NestedStatement, reads_no_table};
use super::rowid::Sequence;
use super::trigger::TriggerKey;
use crate::catalog::{DatabaseIndex, DatabaseSet, Table, TreeId, Trigger};
use crate::execute::{Context, Frame, is_ignore, is_true};
use crate::resolve::tree::{Expr, Program};
use crate::session::Session;
use crate::{Error, Result};

/// How many programs deep the application is asked in SQLite's order; those further in are compiled behind the others.
/// Compiling takes the thread's stack, some kilobytes for each level.
const MAX_ASKED_DEPTH: usize = 40;
/// SQLITE_MAX_TRIGGER_DEPTH.
const MAX_TRIGGER_DEPTH: usize = 1000;
/// Programs run on the thread's stack, about 1.5 kB for each level. What they may take of it lies well below what a
/// thread has: 4 MB in a worker of Node, 1 MB on Windows, where programs nest less deep than in SQLite.
const MAX_STACK_BYTES: usize = if cfg!(windows) { 600 << 10 } else { 2560 << 10 };

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

impl ProgramId {
    pub fn index(self) -> usize {
        self.0
    }
}

/// A table with AUTOINCREMENT that the set's statements insert into: index into `sequence_tables`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SequenceId(usize);

/// What becomes of the row that set a program off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RowOutcome {
    Continue,
    /// RAISE(IGNORE): nothing more is done for this row.
    Ignore,
}

/// One instance of a program.
pub(crate) struct RowProgram {
    /// Whose program it is, and where its steps stand in the trigger's text; None for an action of a foreign key.
    pub trigger: Option<(Arc<Trigger>, Vec<Span>)>,
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
        let traced = self.trigger.as_ref().filter(|_| session.trigger_trace.is_on());
        if let Some((trigger, _)) = traced {
            session.trigger_trace.trigger_begins(&trigger.name);
        }
        if let Some(Condition { program, frame, expr }) = &mut self.condition {
            frame.reset();
            let holds = is_true(expr, frame, &mut Context::new(session, parameters, program));
            frame.close_cursors();
            if !holds? {
                return Ok(());
            }
        }
        for (index, step) in self.steps.iter_mut().enumerate() {
            if let Some((trigger, spans)) = traced {
                session.trigger_trace.step_begins(spans[index].text(&trigger.sql));
            }
            step.run(session, parameters)?;
        }
        Ok(())
    }
}

struct Entry {
    key: ProgramKey,
    #[expect(clippy::vec_box, reason = "instances go in and out, and are large")]
    idle: Vec<Box<RowProgram>>,
    /// How many programs deep it is reached: 1 for those the outermost statement sets off.
    depth: usize,
    steps: Steps,
    is_compiled: bool,
    /// Why it could not be compiled.
    error: Option<Error>,
    /// Instances that run right now.
    running: usize,
}

impl Compiled for Entry {
    fn steps(&self) -> &Steps {
        &self.steps
    }

    fn error(&self) -> Option<&Error> {
        self.error.as_ref()
    }

    fn set_null_of(&self, database: DatabaseIndex, table: &str) -> Option<usize> {
        match &self.key {
            ProgramKey::Action(key) => key.set_null_of(database, table),
            ProgramKey::Trigger(_) => None,
        }
    }
}

/// The programs that one outermost statement can set off.
#[derive(Default)]
pub(crate) struct RowPrograms {
    entries: RefCell<Vec<Entry>>,
    written: Cell<DatabaseSet>,
    sequence_tables: RefCell<Vec<(DatabaseIndex, Arc<Table>)>>,
    /// Of those tables, while the outermost statement runs.
    sequences: RefCell<Vec<Sequence>>,
    /// Of the outermost statement.
    steps: RefCell<Steps>,
    compiling: Cell<Compiling>,
    /// The application wants the outermost statement to do nothing.
    is_ignored: Cell<bool>,
}

/// What is being compiled.
#[derive(Clone, Copy, Default)]
enum Compiling {
    #[default]
    Outermost,
    Program(ProgramId),
    /// Another instance; so many of its checks of foreign keys are behind.
    Again(ProgramId, usize),
}

impl RowPrograms {
    /// The program of that key; `compile_all` compiles it when it is new.
    pub fn add(&self, key: &ProgramKey) -> Result<ProgramId> {
        let mut entries = self.entries.borrow_mut();
        let known = entries.iter().position(|entry| entry.key.is_same(key));
        if let Some(known) = known {
            return Ok(ProgramId(known));
        }
        let depth = match self.compiling.get() {
            Compiling::Outermost => 1,
            Compiling::Program(parent) | Compiling::Again(parent, _) => entries[parent.0].depth + 1,
        };
        if depth > MAX_TRIGGER_DEPTH {
            return Err(nested_too_deep());
        }
        entries.push(Entry {
            key: key.clone(),
            idle: Vec::new(),
            depth,
            steps: Steps::default(),
            is_compiled: false,
            error: None,
            running: 0,
        });
        Ok(ProgramId(entries.len() - 1))
    }

    /// What SQLite comes upon in the statement that was just compiled.
    pub fn note(&self, steps: Vec<Step>) {
        match self.compiling.get() {
            Compiling::Outermost => self.steps.borrow_mut().extend(steps),
            Compiling::Program(program) => self.entries.borrow_mut()[program.0].steps.extend(steps),
            Compiling::Again(program, mut known) => {
                self.entries.borrow()[program.0].steps.repeat(&steps, &mut known);
                self.compiling.set(Compiling::Again(program, known));
            }
        }
    }

    /// Compiles what was added, and what that adds.
    pub fn compile_all(self: &Rc<Self>, session: &Session) -> Result<()> {
        let mut next = 0;
        loop {
            let Some(key) = self.entries.borrow().get(next).map(|entry| entry.key.clone()) else {
                return retrace(&self.steps.borrow(), &self.entries.borrow()).map_or(Ok(()), Err);
            };
            if !self.entries.borrow()[next].is_compiled {
                self.compile(ProgramId(next), &key, session);
            }
            next += 1;
        }
    }

    fn compile(self: &Rc<Self>, program: ProgramId, key: &ProgramKey, session: &Session) {
        self.entries.borrow_mut()[program.0].is_compiled = true;
        let around = self.compiling.replace(Compiling::Program(program));
        let compiled = key.compile(session, self);
        self.compiling.set(around);
        let entry = &mut self.entries.borrow_mut()[program.0];
        match compiled {
            Ok(program) => entry.idle.push(Box::new(program)),
            Err(error) => entry.error = Some(error),
        }
    }

    /// For a statement that the application is asked about: compiles what the steps begin when SQLite does, and at once
    /// all that it sets off.
    pub fn compile_in_turn(
        self: &Rc<Self>,
        steps: impl Iterator<Item = Step>,
        session: &Session,
    ) -> Result<()> {
        for step in steps {
            let Step::Program(program) = step else { continue };
            let key = {
                let entry = &self.entries.borrow()[program.0];
                if entry.is_compiled || entry.depth > MAX_ASKED_DEPTH {
                    continue;
                }
                entry.key.clone()
            };
            self.compile(program, &key, session);
            if let Some(error) = &self.entries.borrow()[program.0].error {
                return Err(error.clone());
            }
        }
        Ok(())
    }

    /// The outermost statement is to do nothing.
    pub fn is_empty(&self) -> bool {
        self.entries.borrow().is_empty()
    }

    pub fn ignore(&self) {
        self.is_ignored.set(true);
    }

    pub fn is_ignored(&self) -> bool {
        self.is_ignored.get()
    }

    /// A nested statement changes rows of this database.
    pub fn note_written(&self, database: DatabaseIndex) {
        self.written.set(self.written.get().with(database));
    }

    /// The databases that nested statements change.
    pub fn written(&self) -> DatabaseSet {
        self.written.get()
    }

    /// A statement inserts into this table. None when it has no AUTOINCREMENT.
    pub fn add_sequence(&self, database: DatabaseIndex, table: &Arc<Table>) -> Option<SequenceId> {
        if !table.autoincrement {
            return None;
        }
        let mut tables = self.sequence_tables.borrow_mut();
        let known = tables.iter().position(|(home, known)| *home == database && Arc::ptr_eq(known, table));
        Some(SequenceId(known.unwrap_or_else(|| {
            tables.push((database, table.clone()));
            tables.len() - 1
        })))
    }

    /// The outermost statement begins.
    pub fn open_sequences(&self, session: &Session) -> Result<()> {
        let tables = self.sequence_tables.borrow();
        if tables.is_empty() {
            return Ok(());
        }
        let open = tables.iter().map(|(database, table)| Sequence::open(session, *database, table));
        *self.sequences.borrow_mut() = open.collect::<Result<_>>()?;
        Ok(())
    }

    /// The outermost statement has reached its end.
    pub fn close_sequences(&self, session: &mut Session) -> Result<()> {
        if self.sequences.borrow().is_empty() {
            return Ok(());
        }
        let sequences = std::mem::take(&mut *self.sequences.borrow_mut());
        // Last first, as SQLite does: the order shows in `sqlite_sequence`.
        sequences.into_iter().rev().try_for_each(|sequence| sequence.close(session))
    }

    /// The rowid of a row that is inserted into the table: the given one, or the next.
    pub fn sequence_rowid(&self, sequence: SequenceId, given: Option<i64>, session: &Session) -> Result<i64> {
        let sequence = &mut self.sequences.borrow_mut()[sequence.0];
        match given {
            // The sequence moves on even when a constraint then keeps the row out.
            Some(rowid) => {
                sequence.note(rowid);
                Ok(rowid)
            }
            None => sequence.next(session),
        }
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
            Err(error) if is_ignore(&error) => Ok(RowOutcome::Ignore),
            Err(error) => Err(error),
        }
    }

    /// Whether all that the set can set off leaves the table of that tree alone, and writes to its database only: then it
    /// makes no difference whether the table's rows change before.
    pub fn are_apart(&self, database: DatabaseIndex, tree: TreeId) -> bool {
        let is_apart = |program: &RowProgram| {
            program.condition.as_ref().is_none_or(|condition| reads_no_table(&condition.program))
                && program.steps.iter().all(|step| step.is_apart(tree))
        };
        self.written.get().without(DatabaseSet::default().with(database)).is_empty()
            && self.entries.borrow().iter().all(|entry| entry.idle.last().is_some_and(|idle| is_apart(idle)))
    }

    /// An instance to run. None: the trigger runs already, and triggers are not to be recursive.
    fn enter(self: &Rc<Self>, program: ProgramId, session: &mut Session) -> Result<Option<Box<RowProgram>>> {
        if !session.settings.recursive_triggers && self.is_running(program) {
            return Ok(None);
        }
        session.note_stack();
        let stack_bytes = session.stack_bytes();
        if session.trigger_depth >= session.settings.max_trigger_depth || stack_bytes > MAX_STACK_BYTES {
            return Err(nested_too_deep());
        }
        let idle = self.entries.borrow_mut()[program.0].idle.pop();
        let instance = match idle {
            Some(instance) => instance,
            None => self.another_instance(program, session)?,
        };
        self.entries.borrow_mut()[program.0].running += 1;
        Ok(Some(instance))
    }

    #[cold]
    #[inline(never)]
    fn another_instance(self: &Rc<Self>, program: ProgramId, session: &Session) -> Result<Box<RowProgram>> {
        let key = self.entries.borrow()[program.0].key.clone();
        self.compiling.set(Compiling::Again(program, 0));
        Ok(Box::new(key.compile(session, self)?))
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

#[cold]
fn nested_too_deep() -> Error {
    Error::error("triggers nested too deep")
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
