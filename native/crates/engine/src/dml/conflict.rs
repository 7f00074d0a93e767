//! UNIQUE: whether another row stands in a new row's way, and what is done about it.
//!
//! The checks of a statement are put in order once (`conflict_steps`): what ON CONFLICT clauses name comes first, in
//! their order; then the rowid, then the indexes, newest first; whatever a constraint's own REPLACE would evict for
//! comes last.

use pluresdb_tree::KeyCursor;
use pluresdb_value::{Collation, Value, compare, key};

use super::assignment::Assignments;
use super::constraint::fail;
use super::row::{End, index_entry};
use super::target::{Buffers, Image, IndexPlan, Target};
use crate::catalog::{ConflictAction, IndexOrigin, IndexTerm, push_identity};
use crate::execute::{Context, Frame, corrupt, tree_error};
use crate::{Error, Result, ResultCode};

/// What must be unique.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UniqueKey {
    Rowid,
    /// Index into `Target::indexes`.
    Index(usize),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Response {
    Act(ConflictAction),
    /// The ON CONFLICT clause of that number.
    Upsert(usize),
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct ConflictStep {
    pub key: UniqueKey,
    pub response: Response,
}

impl ConflictStep {
    /// REPLACE: the row in the way goes.
    pub fn evicts(&self) -> bool {
        self.response == Response::Act(ConflictAction::Replace)
    }

    /// The ON CONFLICT clause that answers.
    pub fn upsert(&self) -> Option<usize> {
        match self.response {
            Response::Upsert(clause) => Some(clause),
            Response::Act(_) => None,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Resolution {
    Write,
    Ignore,
    /// The row in the way is `Buffers::conflict`.
    Upsert(usize),
}

/// For UPDATE: what the row was.
#[derive(Clone, Copy)]
pub(crate) struct Change<'a> {
    pub assignments: &'a Assignments,
    pub is_moved: bool,
    pub identity: &'a [u8],
}

impl Target {
    /// `upserts` are the targets of the ON CONFLICT clauses; None stands for any constraint.
    pub fn conflict_steps(
        &self,
        or: Option<ConflictAction>,
        upserts: &[Option<UniqueKey>],
    ) -> Vec<ConflictStep> {
        let mut steps: Vec<ConflictStep> = Vec::new();
        for (clause, target) in upserts.iter().enumerate() {
            if let Some(key) = *target
                && !steps.iter().any(|step| step.key == key)
            {
                steps.push(ConflictStep { key, response: Response::Upsert(clause) });
            }
        }
        let any = upserts.iter().position(Option::is_none);
        let mut own = Vec::new();
        if !self.table.without_rowid {
            own.push((UniqueKey::Rowid, self.table.primary_key_conflict.unwrap_or(ConflictAction::Abort)));
        }
        for (index, plan) in self.indexes.iter().enumerate().filter(|(_, plan)| plan.index.unique) {
            own.push((UniqueKey::Index(index), plan.index.on_conflict));
        }
        if or.is_none() && any.is_none() {
            own.sort_by_key(|(_, action)| *action == ConflictAction::Replace);
        }
        for (key, action) in own {
            if !steps.iter().any(|step| step.key == key) {
                let response = any.map_or(Response::Act(or.unwrap_or(action)), Response::Upsert);
                steps.push(ConflictStep { key, response });
            }
        }
        steps
    }

    /// Takes every step for the new row. `change` is None for INSERT; `check_rowid` is false for a rowid just chosen;
    /// `is_bare`: the row has no affinities yet, and gets them after the rowid's step, if it comes to that.
    pub fn resolve_conflicts(
        &mut self,
        steps: &[ConflictStep],
        change: Option<Change<'_>>,
        check_rowid: bool,
        is_bare: &mut bool,
        frame: &mut Frame,
        context: &mut Context<'_>,
    ) -> Result<Resolution> {
        let mut has_fired = false;
        let mut owes_types = self.checks_types_late(change.map(|change| change.assignments), context);
        for step in steps {
            if *is_bare && step.key != UniqueKey::Rowid {
                self.complete_row(frame, context)?;
                *is_bare = false;
            }
            if owes_types && step.key != UniqueKey::Rowid {
                self.check_types(frame, context)?;
                owes_types = false;
            }
            if !self.is_in_the_way(step.key, change, check_rowid, frame, context)? {
                continue;
            }
            match step.response {
                Response::Upsert(clause) => return Ok(Resolution::Upsert(clause)),
                Response::Act(ConflictAction::Ignore) => return Ok(Resolution::Ignore),
                Response::Act(ConflictAction::Replace) => {
                    let locks = change.is_some() && step.key != UniqueKey::Rowid;
                    self.evict(locks, frame, context)?;
                    has_fired |= self.acts_on_evict();
                }
                Response::Act(action) => return Err(fail(context, action, self.not_unique(step.key))),
            }
        }
        if std::mem::take(is_bare) {
            self.complete_row(frame, context)?;
        }
        if owes_types {
            self.check_types(frame, context)?;
        }
        if has_fired {
            self.check_replaced(steps, change, frame, context)?;
        }
        Ok(Resolution::Write)
    }

    /// The triggers of evicted rows may have put other rows in the way, whatever of, also at a rowid that was free when it
    /// was chosen: those do not go. The rowid is asked first.
    fn check_replaced(
        &mut self,
        steps: &[ConflictStep],
        change: Option<Change<'_>>,
        frame: &mut Frame,
        context: &mut Context<'_>,
    ) -> Result<()> {
        let is_of_rowid = |step: &&ConflictStep| step.key == UniqueKey::Rowid;
        let of_indexes = steps.iter().filter(|step| !is_of_rowid(step));
        for step in steps.iter().filter(is_of_rowid).chain(of_indexes) {
            if self.is_in_the_way(step.key, change, true, frame, context)? {
                return Err(fail(context, ConflictAction::Abort, self.not_unique(step.key)));
            }
        }
        Ok(())
    }

    /// Whether another row has the new row's key; its identity goes to `buffers.conflict`.
    fn is_in_the_way(
        &mut self,
        key: UniqueKey,
        change: Option<Change<'_>>,
        check_rowid: bool,
        frame: &mut Frame,
        context: &mut Context<'_>,
    ) -> Result<bool> {
        let found = match key {
            UniqueKey::Rowid => check_rowid && self.find_rowid(frame, context)?,
            UniqueKey::Index(index) => {
                let plan = &self.indexes[index];
                if change.is_some_and(|change| {
                    !change.is_moved && !plan.is_touched_by(&change.assignments.changed)
                }) {
                    return Ok(false);
                }
                let mut buffers = std::mem::take(&mut self.buffers);
                let found = self.find_entry(&self.indexes[index], &mut buffers, frame, context);
                self.buffers = buffers;
                found?
            }
        };
        Ok(found && change.is_none_or(|change| change.identity != self.buffers.conflict))
    }

    fn find_rowid(&mut self, frame: &Frame, context: &Context<'_>) -> Result<bool> {
        let rowid = self.rowid(Image::New, frame);
        let transaction = context.session.transaction(self.database);
        let found = transaction
            .row_tree(self.table.tree)?
            .contains(transaction.pager(), rowid)
            .map_err(tree_error)?;
        if found {
            self.buffers.conflict.clear();
            self.buffers.conflict.extend_from_slice(&key::rowid_bytes(rowid));
        }
        Ok(found)
    }

    /// Looks for an entry with the new row's values; its row's identity goes to `buffers.conflict`.
    fn find_entry(
        &self,
        plan: &IndexPlan,
        buffers: &mut Buffers,
        frame: &mut Frame,
        context: &mut Context<'_>,
    ) -> Result<bool> {
        if !Target::is_indexed(plan, Image::New, frame, context)? {
            return Ok(false);
        }
        let registers = &plan.image(Image::New).registers;
        let (key, value) = (&mut buffers.key, &mut buffers.value);
        let (_, has_null) = index_entry(registers, &plan.columns, End::Open, frame, key, value)?;
        if has_null {
            return Ok(false);
        }
        if let Some(first) = plan.columns.iter().position(|column| column.collation.is_custom()) {
            return self.find_collated(plan, first, buffers, frame, context);
        }
        let transaction = context.session.transaction(self.database);
        let tree = transaction.key_tree(plan.index.tree)?;
        if tree.is_empty() {
            return Ok(false);
        }
        let cursor = buffers.cursor.get_or_insert_with(KeyCursor::closed);
        cursor.reset(tree, transaction.pager());
        let found = cursor.seek_ge(key).map_err(tree_error)? && cursor.key().starts_with(key);
        if found {
            buffers.conflict.clear();
            let end = if plan.is_table { cursor.key() } else { &cursor.key()[key.len()..] };
            push_identity(end, plan.turned.as_ref(), &mut buffers.conflict).map_err(corrupt)?;
        }
        // A cursor that keeps standing on the tree would make the next write copy its leaf.
        cursor.close();
        Ok(found)
    }

    /// The same in an index whose column `first`, and perhaps further ones, has a collation of the application. Its
    /// entries stand in byte order, so all that agree in the columns before are looked at.
    fn find_collated(
        &self,
        plan: &IndexPlan,
        first: usize,
        buffers: &mut Buffers,
        frame: &Frame,
        context: &mut Context<'_>,
    ) -> Result<bool> {
        let registers = &plan.image(Image::New).registers;
        index_entry(
            &registers[..first],
            &plan.columns[..first],
            End::Open,
            frame,
            &mut buffers.key,
            &mut buffers.value,
        )?;
        let mut cursor = {
            let transaction = context.session.transaction(self.database);
            KeyCursor::new(transaction.key_tree(plan.index.tree)?, transaction.pager().clone())
        };
        let mut is_there = cursor.seek_ge(&buffers.key).map_err(tree_error)?;
        while is_there && cursor.key().starts_with(&buffers.key) {
            context.step()?;
            let mut rest = &cursor.key()[buffers.key.len()..];
            let mut is_equal = true;
            for (register, column) in registers.iter().zip(&plan.columns).skip(first) {
                let (value, _) = key::decode_value(&mut rest, *column).map_err(corrupt)?;
                is_equal = is_equal && is_same(frame.register(*register), &value, column.collation, context)?;
            }
            if is_equal {
                buffers.conflict.clear();
                let end = if plan.is_table { cursor.key() } else { rest };
                push_identity(end, plan.turned.as_ref(), &mut buffers.conflict).map_err(corrupt)?;
                return Ok(true);
            }
            is_there = cursor.next().map_err(tree_error)?;
        }
        Ok(false)
    }

    pub fn not_unique(&self, key: UniqueKey) -> Error {
        let table = &self.table.name;
        match key {
            UniqueKey::Rowid => match self.table.rowid_alias {
                Some(alias) => Error::new(
                    ResultCode::ConstraintPrimaryKey,
                    format!("UNIQUE constraint failed: {table}.{}", self.table.columns[alias].name),
                ),
                None => Error::new(
                    ResultCode::ConstraintRowid,
                    format!("UNIQUE constraint failed: {table}.rowid"),
                ),
            },
            UniqueKey::Index(index) => unique_violation(&self.table, &self.indexes[index].index),
        }
    }
}

/// The error of a unique index, for DML and CREATE INDEX alike.
pub(crate) fn unique_violation(table: &crate::catalog::Table, index: &crate::catalog::Index) -> Error {
    let code = match index.origin {
        IndexOrigin::PrimaryKey => ResultCode::ConstraintPrimaryKey,
        IndexOrigin::Unique | IndexOrigin::CreateIndex => ResultCode::ConstraintUnique,
    };
    let mut names = Vec::with_capacity(index.columns.len());
    for column in &index.columns {
        match &column.term {
            IndexTerm::Column(column) => {
                names.push(format!("{}.{}", table.name, table.columns[*column].name));
            }
            IndexTerm::Rowid => names.push(format!("{}.rowid", table.name)),
            IndexTerm::Expr(_) => {
                return Error::new(code, format!("UNIQUE constraint failed: index '{}'", index.name));
            }
        }
    }
    Error::new(code, format!("UNIQUE constraint failed: {}", names.join(", ")))
}

/// Whether a new row's value is that of an entry, of which NOCASE and RTRIM know only the folded text.
fn is_same(new: &Value, kept: &Value, collation: Collation, context: &Context<'_>) -> Result<bool> {
    match (collation, new, kept) {
        (Collation::Custom(id), Value::Text(new), Value::Text(kept)) => {
            Ok(context.session.collate(id, new, kept)?.is_eq())
        }
        _ => Ok(compare(new.as_ref(), kept.as_ref(), collation).is_eq()),
    }
}
