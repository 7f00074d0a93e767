//! REPLACE takes away the row that stands in a new row's way, with what that sets off.
//!
//! While it does so for an UPDATE that met the row in an index, SQLite holds on to the table's row tree: what the DELETE
//! triggers of that row, and all that they set off, write to the same table fails with `SQLITE_CONSTRAINT_PINNED`. A row
//! met at its rowid, and one that INSERT evicts, lock nothing.

use super::compile_order::Step;
use super::constraint::fail;
use super::row_program::RowOutcome;
use super::surroundings::Surroundings;
use super::target::{Image, Target};
use super::trigger::{RowEvent, RowTriggers};
use crate::catalog::ConflictAction;
use crate::execute::{Context, Frame};
use crate::session::Session;
use crate::{Error, Result, ResultCode};

impl Target {
    /// Prepares for the triggers that evicted rows fire, which they do when triggers are recursive.
    pub fn watch_evictions(&mut self, evicts: bool, surroundings: &Surroundings<'_>) -> Result<()> {
        if evicts && surroundings.session.settings.recursive_triggers {
            let or = Some(ConflictAction::Replace);
            let (database, table) = (self.database, &self.table);
            self.on_evict = RowTriggers::compile(surroundings, database, table, RowEvent::Delete, or)?;
        }
        Ok(())
    }

    /// What the rows set off that REPLACE evicts.
    pub fn evict_steps(&self, session: &Session) -> impl Iterator<Item = Step> {
        self.on_evict.steps().chain(self.delete_steps(session))
    }

    /// Whether more happens to an evicted row than that it goes.
    pub fn acts_on_evict(&self) -> bool {
        !self.on_evict.is_empty() || self.foreign_keys.is_some()
    }

    /// REPLACE: the row in the way goes. `locks`: its triggers cannot write to the table.
    pub fn evict(&mut self, locks: bool, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        let identity = std::mem::take(&mut self.buffers.conflict);
        let mut record = std::mem::take(&mut self.buffers.victim_record);
        let outcome = self.evict_row(&identity, &mut record, locks, frame, context);
        self.buffers.conflict = identity;
        self.buffers.victim_record = record;
        outcome
    }

    fn evict_row(
        &mut self,
        identity: &[u8],
        record: &mut Vec<u8>,
        locks: bool,
        frame: &mut Frame,
        context: &mut Context<'_>,
    ) -> Result<()> {
        if !self.load(Image::Victim, identity, record, frame, context)? {
            return Err(super::row::row_vanished());
        }
        if self.on_evict.is_empty() {
            self.before_delete(Image::Victim, frame, context)?;
            self.delete_row(Image::Victim, record, frame, context)?;
            return self.after_delete(Image::Victim, frame, context);
        }
        let images = self.base(Image::Victim);
        let before = self.locked(locks, context, |target, context| {
            target.on_evict.fire_before(images, frame, context.session)
        });
        if before? == RowOutcome::Ignore {
            return Ok(());
        }
        let old = frame.register_range(images, self.columns.len() + 1).to_vec();
        if !self.load(Image::Victim, identity, record, frame, context)? {
            return Ok(());
        }
        let current = frame.register_range(images, old.len()).to_vec();
        frame.register_range(images, old.len()).clone_from_slice(&old);
        self.before_delete(Image::Victim, frame, context)?;
        frame.register_range(images, old.len()).clone_from_slice(&current);
        self.delete_row(Image::Victim, record, frame, context)?;
        frame.register_range(images, old.len()).clone_from_slice(&old);
        // In an empty tree there is nothing to hold on to.
        let locks = locks && !self.has_no_rows(context)?;
        self.locked(locks, context, |target, context| {
            target.after_delete(Image::Victim, frame, context)?;
            if target.on_evict.fire_after_temp(images, frame, context.session)? == RowOutcome::Continue {
                target.on_evict.fire_after(images, frame, context.session)?;
            }
            Ok(())
        })
    }

    /// Runs what may not write to the table, if `locks`.
    fn locked<'c, T>(
        &mut self,
        locks: bool,
        context: &mut Context<'c>,
        run: impl FnOnce(&mut Target, &mut Context<'c>) -> Result<T>,
    ) -> Result<T> {
        if locks {
            context.session.locked_tables.push((self.database, self.table.tree));
        }
        let outcome = run(self, context);
        if locks {
            context.session.locked_tables.pop();
        }
        outcome
    }

    /// The statement may write to its table.
    #[inline]
    pub fn check_lock(&self, context: &mut Context<'_>) -> Result<()> {
        if context.session.locked_tables.contains(&(self.database, self.table.tree)) {
            let error = Error::new(ResultCode::ConstraintPinned, "constraint failed");
            return Err(fail(context, ConflictAction::Abort, error));
        }
        Ok(())
    }

    fn has_no_rows(&self, context: &Context<'_>) -> Result<bool> {
        let transaction = context.session.transaction(self.database);
        Ok(if self.table.without_rowid {
            transaction.key_tree(self.table.tree)?.is_empty()
        } else {
            transaction.row_tree(self.table.tree)?.is_empty()
        })
    }
}
