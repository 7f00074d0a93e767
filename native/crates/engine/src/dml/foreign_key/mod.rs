//! Foreign keys: what a changed row does to the violations that are counted.
//!
//! ```text
//!              its own keys                        keys of others, and its own, that refer to it
//! row comes    no parent: one more violation       children waiting for it: fewer
//! row goes     had no parent: one fewer            children left behind: more, but for those that an action settles
//! UPDATE       goes, then comes: only the keys whose columns SET names
//! ```
//! The counts must be 0 again when the statement ends, or for deferred keys when the transaction commits
//! (`session::ForeignKeyCounters`, `statement::transaction`). An action, such as CASCADE, runs once the row is gone, and
//! what it does to the children mends their violations. An INSERT of a single row fails at once instead.
//!
//! | module | knows |
//! |---|---|
//! | `parent_key` | which key of the parent is meant; looks for a parent |
//! | `child_scan` | looks for children |
//! | `own`, `referring` | one key, seen from the child and from the parent |
//! | `action` | what an action does, as a row program |
//! | `check` | PRAGMA foreign_key_check |
//! | `implied_delete` | the DELETE that DROP TABLE begins with |
//!
//! Always true:
//! - A table without keys, and to which none refers, has no `ForeignKeys`; nor has any while the pragma is off.
//! - Keys stay within one database.
//! - Keys are visited as SQLite links them: a table's own last declared first, referring tables newest first.

mod action;
mod check;
mod child_scan;
mod implied_delete;
mod own;
mod parent_key;
mod referring;

pub(crate) use action::ActionKey;
use own::OwnKey;
use referring::{ReferringKey, referring_keys};

pub(crate) use check::check_foreign_keys;
pub(crate) use implied_delete::{ask_before_drop, delete_before_drop};

use super::assignment::Assignments;
use super::compile_order::{Overlooked, Step};
use super::constraint::fail;
use super::row_program::ProgramsHandle;
use super::surroundings::Surroundings;
use super::target::{Image, Target};
use crate::catalog::{ConflictAction, Table};
use crate::execute::{Context, Frame};
use crate::resolve::Names;
use crate::session::Session;
use crate::{Error, Result, ResultCode};

pub(crate) struct ForeignKeys {
    own: Vec<OwnKey>,
    referring: Vec<ReferringKey>,
    /// The row itself, for keys of the table to itself.
    identity: Vec<u8>,
    /// Of the referring keys.
    actions: ProgramsHandle,
    /// Of new rows that INSERT brings.
    overlooked: Overlooked,
}

/// Which keys an UPDATE of certain columns is about; positions in `ForeignKeys`.
#[derive(Default)]
pub(crate) struct UpdatedKeys {
    own: Vec<usize>,
    referring: Vec<usize>,
    /// The old row is taken out before the new one is looked at, so that it is nobody's parent or child any more.
    /// SQLite does so in most cases; in the others the old row is still seen.
    pub hides_row: bool,
    /// Of `own`: the parent's key is among the columns that change, so that its old entry is gone.
    rewrites_parent: Vec<bool>,
    /// By column, which ones SET names.
    changed: Vec<bool>,
    overlooked: Overlooked,
}

impl ForeignKeys {
    /// None: the table has nothing to do with foreign keys, or they are off.
    pub fn compile(surroundings: &Surroundings<'_>, target: &Target) -> Option<Box<ForeignKeys>> {
        let session = surroundings.session;
        if !session.settings.foreign_keys {
            return None;
        }
        let catalog = session.catalog(target.database);
        let table = &target.table;
        let settled = surroundings.trigger.and_then(|place| place.settled_key);
        let own: Vec<OwnKey> = (0..table.foreign_keys.len())
            .rev()
            .filter(|number| Some(*number) != settled)
            .map(|number| OwnKey::compile(session, target, number))
            .collect();
        let referring: Vec<ReferringKey> = referring_keys(catalog, table)
            .into_iter()
            .map(|(child, number)| ReferringKey::compile(catalog, target, &child, number))
            .collect();
        if own.is_empty() && referring.is_empty() {
            return None;
        }
        Some(Box::new(ForeignKeys {
            own,
            referring,
            identity: Vec::new(),
            actions: ProgramsHandle::new(surroundings.programs),
            overlooked: Overlooked::default(),
        }))
    }

    /// Whether rows that go can leave none behind: no key refers to the table.
    pub fn has_children(&self) -> bool {
        !self.referring.is_empty()
    }

    /// What is wrong with the table's own keys.
    pub fn own_error(&self) -> Option<&Error> {
        self.own.iter().find_map(OwnKey::error)
    }

    /// Fails for what is wrong with the schema, as far as an INSERT meets it. `is_single`: of one row, by itself.
    pub fn prepare_insert(
        &mut self,
        is_single: bool,
        target: &Target,
        surroundings: &Surroundings<'_>,
    ) -> Result<()> {
        let puts_off = surroundings.session.settings.defer_foreign_keys;
        let own = self.own_error();
        let is_met = |key: &ReferringKey| !is_single || key.is_deferred || puts_off;
        let met = self.referring.iter().filter(|key| is_met(key));
        if let Some(error) = own.or_else(|| met.clone().find_map(ReferringKey::error)) {
            return Err(error.clone());
        }
        self.authorize(|_| true, |_, key| is_met(key), target, surroundings)
    }

    /// Asks for what the check of an old or a new row reads.
    fn authorize(
        &mut self,
        own: impl Fn(usize) -> bool,
        referring: impl Fn(usize, &ReferringKey) -> bool,
        target: &Target,
        surroundings: &Surroundings<'_>,
    ) -> Result<()> {
        if !surroundings.session.has_authorizer() {
            return Ok(());
        }
        for (_, key) in self.own.iter_mut().enumerate().filter(|(number, _)| own(*number)) {
            key.authorize(surroundings, target.database)?;
        }
        for (_, key) in self.referring.iter_mut().enumerate().filter(|(number, key)| referring(*number, key))
        {
            key.authorize(surroundings, target.database)?;
        }
        Ok(())
    }

    /// Also compiles the actions.
    pub fn prepare_delete(&mut self, target: &Target, surroundings: &Surroundings<'_>) -> Result<()> {
        for key in &mut self.referring {
            key.add_action(false, target, surroundings)?;
        }
        let (late, early) = self.errors_of_delete(surroundings.session);
        late.or(early).map_or(Ok(()), |error| Err(error.clone()))?;
        self.authorize(|_| true, |_, _| true, target, surroundings)
    }

    /// For DROP TABLE, which takes the schema as it is.
    pub fn prepare_drop(&mut self, target: &Target, surroundings: &Surroundings<'_>) -> Result<()> {
        for key in self.referring.iter_mut().filter(|key| key.error().is_none()) {
            key.add_action(false, target, surroundings)?;
        }
        Ok(())
    }

    /// `evicts`: REPLACE may delete rows, too.
    pub fn prepare_update(
        &mut self,
        keys: &UpdatedKeys,
        evicts: bool,
        target: &Target,
        surroundings: &Surroundings<'_>,
    ) -> Result<()> {
        for key in &keys.referring {
            self.referring[*key].add_action(true, target, surroundings)?;
        }
        if evicts {
            for key in &mut self.referring {
                key.add_action(false, target, surroundings)?;
            }
        }
        let session = surroundings.session;
        let of_delete = if evicts { self.errors_of_delete(session) } else { (None, None) };
        let of_update = if keys.is_empty() {
            (None, None)
        } else {
            let own = keys.own.iter().find_map(|key| self.own[*key].error());
            self.errors(own, keys.referring.iter().map(|key| &self.referring[*key]), true, session)
        };
        let last = of_update.0.or(of_delete.0).or(of_delete.1).or(of_update.1);
        last.map_or(Ok(()), |error| Err(error.clone()))?;
        if evicts {
            self.authorize(|_| true, |_, _| true, target, surroundings)?;
        }
        // The row as it was, then as it becomes.
        for _ in 0..2 {
            let referring = |number, _: &ReferringKey| keys.referring.contains(&number);
            self.authorize(|number| keys.own.contains(&number), referring, target, surroundings)?;
        }
        Ok(())
    }

    fn errors_of_delete(&self, session: &Session) -> (Option<&Error>, Option<&Error>) {
        let own = self.own.iter().find_map(OwnKey::error);
        self.errors(own, self.referring.iter(), false, session)
    }

    /// Of several errors the last that SQLite comes upon counts: it looks at the columns that all keys need (the second
    /// of the answer), then at the checks up to the first error, then at the actions (the first of it).
    fn errors<'k>(
        &'k self,
        own: Option<&'k Error>,
        referring: impl Iterator<Item = &'k ReferringKey> + Clone,
        is_update: bool,
        session: &Session,
    ) -> (Option<&'k Error>, Option<&'k Error>) {
        let puts_off = session.settings.defer_foreign_keys;
        let columns = self.referring.iter().filter_map(ReferringKey::error).next_back();
        let checks = own.or_else(|| referring.clone().find_map(ReferringKey::error));
        let acting = referring.filter(|key| key.has_action(is_update, puts_off));
        let actions = acting.filter_map(ReferringKey::error).last();
        (actions.or(checks), columns)
    }

    fn insert(
        &mut self,
        is_single: bool,
        target: &Target,
        frame: &Frame,
        context: &mut Context<'_>,
    ) -> Result<()> {
        let puts_off = context.session.settings.defer_foreign_keys;
        for key in &mut self.own {
            if self.overlooked.is(key.number) || !key.is_orphan(Image::New, None, target, frame, context)? {
                continue;
            }
            if is_single && !key.is_deferred && !puts_off {
                // SQLite makes no statement journal for such an INSERT, and so does not take back what it has counted.
                context.session.foreign_keys.keep_counts();
                return Err(fail(context, ConflictAction::Abort, violation()));
            }
            context.session.foreign_keys.count(key.is_deferred, puts_off, 1);
        }
        for key in &mut self.referring {
            // A single new parent neither causes nor mends a violation that a statement must have mended at its end.
            if !is_single || key.is_deferred || puts_off {
                key.welcome(None, target, frame, context)?;
            }
        }
        Ok(())
    }

    fn delete(
        &mut self,
        image: Image,
        target: &Target,
        frame: &Frame,
        context: &mut Context<'_>,
    ) -> Result<()> {
        let mut identity = std::mem::take(&mut self.identity);
        target.identity(image, frame, &mut identity);
        let outcome = (|| {
            for key in &mut self.own {
                key.leave(image, target, frame, context)?;
            }
            for key in &mut self.referring {
                key.leave(image, &identity, target, frame, context)?;
            }
            Ok(())
        })();
        self.identity = identity;
        outcome
    }

    /// Runs the actions of the row that was deleted.
    fn act_on_delete(
        &self,
        image: Image,
        target: &Target,
        frame: &Frame,
        context: &mut Context<'_>,
    ) -> Result<()> {
        for key in &self.referring {
            if let Some(program) = key.action(false, context.session.settings.defer_foreign_keys) {
                let row = &frame.registers[target.base(image).0..];
                self.actions.get().run(program, row, context.session)?;
            }
        }
        Ok(())
    }

    fn act_on_update(
        &self,
        keys: &UpdatedKeys,
        target: &Target,
        frame: &Frame,
        context: &mut Context<'_>,
    ) -> Result<()> {
        for key in &keys.referring {
            let key = &self.referring[*key];
            if let Some(program) = key.action(true, context.session.settings.defer_foreign_keys)
                && !key.is_key_kept(frame)
            {
                let row = &frame.registers[target.base(Image::New).0..];
                self.actions.get().run(program, row, context.session)?;
            }
        }
        Ok(())
    }

    fn update(
        &mut self,
        keys: &UpdatedKeys,
        target: &Target,
        frame: &Frame,
        context: &mut Context<'_>,
    ) -> Result<()> {
        let mut identity = std::mem::take(&mut self.identity);
        target.identity(Image::Old, frame, &mut identity);
        let outcome = self.update_row(keys, &identity, target, frame, context);
        self.identity = identity;
        outcome
    }

    fn update_row(
        &mut self,
        keys: &UpdatedKeys,
        identity: &[u8],
        target: &Target,
        frame: &Frame,
        context: &mut Context<'_>,
    ) -> Result<()> {
        let puts_off = context.session.settings.defer_foreign_keys;
        for key in &keys.own {
            self.own[*key].leave(Image::Old, target, frame, context)?;
        }
        for key in &keys.referring {
            self.referring[*key].abandon(Image::Old, identity, target, frame, context)?;
        }
        for (position, key) in keys.own.iter().enumerate() {
            let key = &mut self.own[*key];
            if keys.overlooked.is(key.number) {
                continue;
            }
            let is_hidden = key.is_self && (keys.hides_row || keys.rewrites_parent[position]);
            if key.is_orphan(Image::New, is_hidden.then_some(identity), target, frame, context)? {
                context.session.foreign_keys.count(key.is_deferred, puts_off, 1);
            }
        }
        for key in &keys.referring {
            self.referring[*key].welcome(Some((keys, identity)), target, frame, context)?;
        }
        Ok(())
    }

    /// Which keys SET touches.
    pub fn updated_keys(&self, assignments: &Assignments, table: &Table) -> UpdatedKeys {
        let changed = &assignments.changed;
        let is_own_changed = |key: &OwnKey| key.columns.iter().any(|column| changed[*column]);
        let referring: Vec<usize> = (0..self.referring.len())
            .filter(|key| self.referring[*key].is_parent_changed(table, changed))
            .collect();
        if referring.is_empty() && !self.own.iter().any(is_own_changed) {
            return UpdatedKeys::default();
        }
        // SQLite always looks at the keys of a table to itself.
        let own: Vec<usize> = (0..self.own.len())
            .filter(|key| self.own[*key].is_self || is_own_changed(&self.own[*key]))
            .collect();
        let hides_row = assignments.changes_key(table)
            || self.own.iter().any(|key| key.is_self && is_own_changed(key))
            || referring.iter().any(|key| self.referring[*key].has_action(true, false));
        let rewrites_parent = own.iter().map(|key| self.own[*key].is_parent_changed(changed)).collect();
        let changed = changed.clone();
        UpdatedKeys { own, referring, hides_row, rewrites_parent, changed, overlooked: Overlooked::default() }
    }
}

impl UpdatedKeys {
    pub fn is_empty(&self) -> bool {
        self.own.is_empty() && self.referring.is_empty()
    }
}

/// What statements call. Each costs nothing for a table that has nothing to do with foreign keys.
impl Target {
    /// INSERT checks the keys of its new rows.
    pub fn insert_steps(&self) -> Option<Step> {
        self.foreign_keys.as_ref().map(|keys| self.keys_step(&keys.overlooked))
    }

    /// DELETE runs the actions of the rows that go.
    pub fn delete_steps(&self, session: &Session) -> impl Iterator<Item = Step> {
        let puts_off = session.settings.defer_foreign_keys;
        let keys = self.foreign_keys.iter().flat_map(|keys| &keys.referring);
        keys.filter_map(move |key| key.action(false, puts_off)).map(Step::Program)
    }

    /// UPDATE checks the keys of the rows as they become, then runs the actions.
    pub fn update_steps(&self, updated: &UpdatedKeys, session: &Session) -> impl Iterator<Item = Step> {
        let puts_off = session.settings.defer_foreign_keys;
        let check = (!updated.is_empty()).then(|| self.keys_step(&updated.overlooked));
        let keys = self.foreign_keys.iter().flat_map(|keys| &keys.referring).enumerate();
        let referring = keys.filter(|(position, _)| updated.referring.contains(position));
        let actions = referring.filter_map(move |(_, key)| key.action(true, puts_off)).map(Step::Program);
        check.into_iter().chain(actions)
    }

    fn keys_step(&self, overlooked: &Overlooked) -> Step {
        Step::Keys {
            database: self.database,
            table: self.table.name.to_string(),
            overlooked: overlooked.clone(),
        }
    }

    /// While the statement is compiled.
    pub fn prepare_keys(
        &mut self,
        prepare: impl FnOnce(&mut ForeignKeys, &Target) -> Result<()>,
    ) -> Result<()> {
        let Some(mut keys) = self.foreign_keys.take() else { return Ok(()) };
        let outcome = prepare(&mut keys, self);
        self.foreign_keys = Some(keys);
        outcome
    }

    /// Before a new row is written. `is_single`: it is the statement's only one, and nothing else can happen in it.
    #[inline]
    pub fn before_insert(&mut self, is_single: bool, frame: &Frame, context: &mut Context<'_>) -> Result<()> {
        let Some(mut keys) = self.foreign_keys.take() else { return Ok(()) };
        let outcome = keys.insert(is_single, self, frame, context);
        self.foreign_keys = Some(keys);
        outcome
    }

    /// Before the image's row is deleted.
    #[inline]
    pub fn before_delete(&mut self, image: Image, frame: &Frame, context: &mut Context<'_>) -> Result<()> {
        let Some(mut keys) = self.foreign_keys.take() else { return Ok(()) };
        let outcome = keys.delete(image, self, frame, context);
        self.foreign_keys = Some(keys);
        outcome
    }

    /// After it was deleted.
    #[inline]
    pub fn after_delete(&self, image: Image, frame: &Frame, context: &mut Context<'_>) -> Result<()> {
        match &self.foreign_keys {
            Some(keys) => keys.act_on_delete(image, self, frame, context),
            None => Ok(()),
        }
    }

    /// Before the new row takes the old one's place.
    #[inline]
    pub fn before_update(
        &mut self,
        updated: &UpdatedKeys,
        frame: &Frame,
        context: &mut Context<'_>,
    ) -> Result<()> {
        if updated.is_empty() {
            return Ok(());
        }
        let Some(mut keys) = self.foreign_keys.take() else { return Ok(()) };
        let outcome = keys.update(updated, self, frame, context);
        self.foreign_keys = Some(keys);
        outcome
    }

    /// After it took the old one's place.
    #[inline]
    pub fn after_update(
        &self,
        updated: &UpdatedKeys,
        frame: &Frame,
        context: &mut Context<'_>,
    ) -> Result<()> {
        match &self.foreign_keys {
            Some(keys) if !updated.referring.is_empty() => keys.act_on_update(updated, self, frame, context),
            _ => Ok(()),
        }
    }
}

pub(crate) fn violation() -> Error {
    Error::new(ResultCode::ConstraintForeignKey, "FOREIGN KEY constraint failed")
}
