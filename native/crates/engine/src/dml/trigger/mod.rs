//! Triggers: which ones a statement fires, and when.
//!
//! ```text
//! row ─► BEFORE triggers ─► checks, conflicts, the row is written ─► AFTER triggers
//! ```
//! A table's triggers fire newest first, those of temp on another database's table before them and oldest first: that
//! is the order in which SQLite links them. RETURNING's row is made between the two.
//!
//! `program` makes a row program of a trigger.

mod program;

use std::sync::Arc;

use pluresdb_sql::ast::{Assignment, AssignmentTarget, Name, TriggerEvent, TriggerTime};

use super::row_program::{ProgramId, ProgramKey, ProgramsHandle, RowOutcome};
use super::surroundings::Surroundings;
use crate::Result;
use crate::catalog::{ConflictAction, DatabaseIndex, Table, Trigger};
use crate::execute::Frame;
use crate::resolve::Relation;
use crate::resolve::tree::Register;
use crate::session::Session;
pub(crate) use program::compile;

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
    ) -> RowTriggers {
        let session = surroundings.session;
        let mut triggers =
            RowTriggers { programs: ProgramsHandle::new(surroundings.programs), ..RowTriggers::default() };
        let mut add = |home: DatabaseIndex, trigger: &Arc<Trigger>| {
            if !is_fired_by(trigger, event) {
                return;
            }
            let key = TriggerKey { database: home, trigger: trigger.clone(), table: table.clone(), or };
            let program = surroundings.programs.add(&ProgramKey::Trigger(key));
            match trigger.definition.time {
                Some(TriggerTime::After) if home != database => triggers.after_temp.push(program),
                Some(TriggerTime::After) => triggers.after.push(program),
                Some(TriggerTime::Before | TriggerTime::InsteadOf) | None => triggers.before.push(program),
            }
        };
        if database != DatabaseIndex::TEMP {
            for trigger in session.catalog(DatabaseIndex::TEMP).triggers_of(&table.name) {
                if stands_on(trigger, database, session) {
                    add(DatabaseIndex::TEMP, trigger);
                }
            }
        }
        for trigger in session.catalog(database).triggers_of(&table.name).iter().rev() {
            if database != DatabaseIndex::TEMP || stands_on(trigger, database, session) {
                add(database, trigger);
            }
        }
        triggers
    }

    pub fn is_empty(&self) -> bool {
        self.before.is_empty() && self.after_temp.is_empty() && self.after.is_empty()
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

    fn run(
        &self,
        programs: &[ProgramId],
        images: Register,
        frame: &Frame,
        session: &mut Session,
    ) -> Result<RowOutcome> {
        let set = self.programs.get();
        for program in programs {
            if set.run(*program, &frame.registers[images.0..], session)? == RowOutcome::Ignore {
                return Ok(RowOutcome::Ignore);
            }
        }
        Ok(RowOutcome::Continue)
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

/// Whether a temp trigger's table is the one of this database.
fn stands_on(trigger: &Trigger, database: DatabaseIndex, session: &Session) -> bool {
    match session.find_relation(trigger.table_schema.as_deref(), &trigger.table) {
        Some(Relation::Table(found, _) | Relation::View(found, _)) => found == database,
        None => false,
    }
}
