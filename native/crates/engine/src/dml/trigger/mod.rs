//! Triggers: which ones a statement fires, and when.
//!
//! ```text
//! row ─► BEFORE triggers ─► checks, conflicts, the row is written ─► AFTER triggers
//! ```
//! A table's triggers fire newest first, those of temp on another database's table before them and oldest first: that
//! is the order in which SQLite links them. (From the fifth temp trigger on its order is that of a hash table, which is
//! not followed.) RETURNING's row is made between the two.
//!
//! `program` makes a row program of a trigger; `view` changes views, which INSTEAD OF triggers do.

mod program;
mod view;

use std::sync::Arc;

use pluresdb_sql::ast::{Assignment, AssignmentTarget, Name, TriggerEvent, TriggerTime};
use pluresdb_value::Value;

use super::compile_order::Step;
use super::row_program::{ProgramId, ProgramKey, ProgramsHandle, RowOutcome};
use super::surroundings::Surroundings;
use super::target::Target;
use crate::Result;
use crate::catalog::{ConflictAction, DatabaseIndex, Table, Trigger};
use crate::execute::Frame;
use crate::resolve::tree::Register;
use crate::session::Session;
pub(crate) use program::compile;
pub(crate) use view::{ViewChange, ViewRequest, check_view, columns_of_view};

/// What a trigger's program is compiled from.
#[derive(Clone)]
pub(crate) struct TriggerKey {
    /// The database of the trigger itself.
    pub database: DatabaseIndex,
    pub trigger: Arc<Trigger>,
    /// What it stands on.
    pub table: Arc<Table>,
    pub or: Option<ConflictAction>,
}

/// What a statement does to a row.
#[derive(Clone, Copy, Debug)]
pub(crate) enum RowEvent<'a> {
    Insert,
    Delete,
    /// What SET assigns.
    Update(&'a [Assignment]),
}

/// The triggers that one kind of change to one table fires.
#[derive(Default)]
pub(crate) struct RowTriggers {
    before: Vec<ProgramId>,
    /// Those that fire before RETURNING's row is made: temp triggers on a table of another database.
    after_temp: Vec<ProgramId>,
    after: Vec<ProgramId>,
    /// All of them, as SQLite links them.
    linked: Vec<ProgramId>,
    programs: ProgramsHandle,
}

impl RowTriggers {
    /// `or` is the conflict clause that the triggers inherit.
    pub fn compile(
        surroundings: &Surroundings<'_>,
        database: DatabaseIndex,
        table: &Arc<Table>,
        event: RowEvent<'_>,
        or: Option<ConflictAction>,
    ) -> Result<RowTriggers> {
        let session = surroundings.session;
        let mut triggers =
            RowTriggers { programs: ProgramsHandle::new(surroundings.programs), ..RowTriggers::default() };
        for (home, trigger) in all_on(session, database, &table.name) {
            if !is_fired_by(trigger, event) {
                continue;
            }
            let key = TriggerKey { database: home, trigger: trigger.clone(), table: table.clone(), or };
            let program = surroundings.programs.add(&ProgramKey::Trigger(key))?;
            triggers.linked.push(program);
            match trigger.definition.time {
                Some(TriggerTime::After) if home != database => triggers.after_temp.push(program),
                Some(TriggerTime::After) => triggers.after.push(program),
                Some(TriggerTime::Before | TriggerTime::InsteadOf) | None => triggers.before.push(program),
            }
        }
        Ok(triggers)
    }

    pub fn is_empty(&self) -> bool {
        self.linked.is_empty()
    }

    /// What UPDATE and DELETE need: SQLite asks all triggers for the columns they read before it codes the first.
    pub fn steps(&self) -> impl Iterator<Item = Step> {
        self.linked.iter().copied().map(Step::Program)
    }

    /// What INSERT needs before it checks the row.
    pub fn steps_before(&self) -> impl Iterator<Item = Step> {
        self.before.iter().copied().map(Step::Program)
    }

    /// What INSERT needs once the row is written: before RETURNING's row is made, and behind it.
    pub fn steps_after(&self) -> [Vec<Step>; 2] {
        [&self.after_temp, &self.after].map(|programs| programs.iter().copied().map(Step::Program).collect())
    }

    pub fn has_before(&self) -> bool {
        !self.before.is_empty()
    }

    /// BEFORE and INSTEAD OF. The row's images stand in the frame from `images` on.
    #[inline]
    pub fn fire_before(&self, images: Register, frame: &Frame, session: &mut Session) -> Result<RowOutcome> {
        self.fire(&self.before, images, frame, session)
    }

    /// The AFTER triggers that come before RETURNING's row.
    #[inline]
    pub fn fire_after_temp(
        &self,
        images: Register,
        frame: &Frame,
        session: &mut Session,
    ) -> Result<RowOutcome> {
        self.fire(&self.after_temp, images, frame, session)
    }

    #[inline]
    pub fn fire_after(&self, images: Register, frame: &Frame, session: &mut Session) -> Result<RowOutcome> {
        self.fire(&self.after, images, frame, session)
    }

    #[inline]
    fn fire(
        &self,
        programs: &[ProgramId],
        images: Register,
        frame: &Frame,
        session: &mut Session,
    ) -> Result<RowOutcome> {
        if programs.is_empty() {
            Ok(RowOutcome::Continue)
        } else {
            self.run(programs, images, frame, session)
        }
    }

    /// Whether rows fire some of them, and all of those once the row has changed.
    pub fn fire_behind(&self) -> bool {
        !self.linked.is_empty() && !self.has_before()
    }

    /// Whether what they set off leaves the table alone, so that they may as well fire once more rows have changed: nothing
    /// of the application's looks on.
    pub fn may_fire_late(&self, target: &Target, session: &Session) -> bool {
        !session.callbacks.may_see_rows()
            && !session.trigger_trace.is_on()
            && self.programs.get().are_apart(target.database, target.table.tree)
    }

    /// The AFTER triggers of a row with these images, none of whose values has the JSON subtype.
    pub fn fire_late(&self, images: &[Value], session: &mut Session) -> Result<()> {
        let set = self.programs.get();
        let around = std::mem::take(&mut session.json_images);
        let mut outcome = Ok(RowOutcome::Continue);
        for program in self.after_temp.iter().chain(&self.after) {
            outcome = set.run(*program, images, session);
            if !matches!(outcome, Ok(RowOutcome::Continue)) {
                break;
            }
        }
        session.json_images = around;
        outcome.map(|_| ())
    }

    /// What was fired has been taken back.
    pub fn begin_again(&self, session: &Session) -> Result<()> {
        self.programs.get().open_sequences(session)
    }

    fn run(
        &self,
        programs: &[ProgramId],
        images: Register,
        frame: &Frame,
        session: &mut Session,
    ) -> Result<RowOutcome> {
        let set = self.programs.get();
        let around = std::mem::replace(&mut session.json_images, frame.json_behind(images));
        let mut outcome = Ok(RowOutcome::Continue);
        for program in programs {
            outcome = set.run(*program, &frame.registers[images.0..], session);
            if !matches!(outcome, Ok(RowOutcome::Continue)) {
                break;
            }
        }
        session.json_images = around;
        outcome
    }
}

fn is_fired_by(trigger: &Trigger, event: RowEvent<'_>) -> bool {
    match (&trigger.definition.event, event) {
        (TriggerEvent::Insert, RowEvent::Insert)
        | (TriggerEvent::Delete, RowEvent::Delete)
        | (TriggerEvent::Update, RowEvent::Update(_)) => true,
        // SQLite compares the names as they are written: `rowid` is not the column it stands for.
        (TriggerEvent::UpdateOf(names), RowEvent::Update(assignments)) => {
            assignments.iter().flat_map(assigned_names).any(|name| names.iter().any(|of| of.is(&name.text)))
        }
        _ => false,
    }
}

fn assigned_names(assignment: &Assignment) -> &[Name] {
    match &assignment.target {
        AssignmentTarget::Column(name) => std::slice::from_ref(name),
        AssignmentTarget::Row(names) => names,
    }
}

/// The triggers on a table or view in the order in which they fire, each with its own database.
pub(crate) fn all_on<'s>(
    session: &'s Session,
    database: DatabaseIndex,
    table: &str,
) -> impl Iterator<Item = (DatabaseIndex, &'s Arc<Trigger>)> {
    let is_temp = database == DatabaseIndex::TEMP;
    let temp = if is_temp { &[] } else { session.catalog(DatabaseIndex::TEMP).triggers_of(table) };
    let temp = temp.iter().map(|trigger| (DatabaseIndex::TEMP, trigger));
    let own =
        session.catalog(database).triggers_of(table).iter().rev().map(move |trigger| (database, trigger));
    temp.chain(own)
        .filter(move |(home, trigger)| *home != DatabaseIndex::TEMP || session.stands_in(trigger, database))
}
