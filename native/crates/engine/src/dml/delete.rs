//! DELETE: finds the rows, then deletes them one by one; a whole table that nobody watches is emptied at once.

use std::sync::Arc;

use pluresdb_sql::ast;
use pluresdb_value::Value;

use super::as_query::{self, Changed};
use super::foreign_key::ForeignKeys;
use super::found::{FinderRequest, RowFinder};
use super::many::ManyDelete;
use super::point::PointDelete;
use super::returning::{Returning, check_wildcards};
use super::row_program::RowOutcome;
use super::surroundings::Surroundings;
use super::target::{Image, Target};
use super::trigger::{RowEvent, RowTriggers};
use crate::callback::RowChange;
use crate::catalog::{DatabaseIndex, Table, TreeId};
use crate::execute::{Context, Frame};
use crate::plan::PlanLine;
use crate::resolve::tree::{OutputColumn, Program};
use crate::session::Session;
use crate::{Error, Result};

pub(crate) struct Delete {
    program: Program,
    frame: Frame,
    target: Target,
    triggers: RowTriggers,
    finder: RowFinder,
    returning: Returning,
    /// In place of all this, where one row is found by its rowid and nothing else happens.
    point: Option<PointDelete>,
    /// The same where there may be many rows.
    many: Option<ManyDelete>,
}

impl Delete {
    pub fn compile(
        surroundings: &Surroundings<'_>,
        delete: &ast::Delete,
        database: DatabaseIndex,
        table: &Arc<Table>,
    ) -> Result<Delete> {
        let session = surroundings.session;
        if !delete.order_by.is_empty() && delete.limit.is_none() {
            return Err(Error::error("ORDER BY without LIMIT on DELETE"));
        }
        let changed = Changed {
            session,
            database,
            table,
            alias: delete.alias.as_ref(),
            indexed: delete.indexed.as_ref(),
        };
        let (filter, limit) = (delete.filter.as_ref(), delete.limit.as_ref());
        if let Some(filter) = as_query::limited(&changed, filter, &delete.order_by, limit) {
            let order_by = Vec::new();
            let delete = ast::Delete { filter: Some(filter), order_by, limit: None, ..delete.clone() };
            return Delete::compile(surroundings, &delete, database, table);
        }
        let mut resolver = surroundings.resolver();
        if let Some(with) = &delete.with {
            resolver.push_with(with)?;
        }
        // Queries within it are asked for where code is made of them.
        resolver.ask_query_late();
        let mut target = Target::compile(session, &mut resolver, database, table)?;
        target.foreign_keys = ForeignKeys::compile(surroundings, &target);
        let triggers = RowTriggers::compile(surroundings, database, table, RowEvent::Delete, None)?;
        let request = FinderRequest::of_delete(delete);
        let finder = RowFinder::compile(&request, &target, session, &mut resolver, &mut |_| Ok(()))?;
        check_wildcards(&delete.returning)?;
        let is_asking = surroundings.is_asking();
        if is_asking {
            resolver.ask_late_questions()?;
            surroundings.compile_in_turn(triggers.steps())?;
            target.prepare_keys(|keys, target| keys.prepare_delete(target, surroundings))?;
            surroundings.compile_in_turn(target.delete_steps(session))?;
        }
        // SQLite compiles it last: what is wrong there is told after what is wrong with keys and with triggers before it.
        let returning = Returning::compile(&delete.returning, &target, Image::Old, session, &mut resolver);
        if !is_asking {
            target.prepare_keys(|keys, target| keys.prepare_delete(target, surroundings))?;
        }
        let of_triggers = || surroundings.compile_in_turn(triggers.steps()).err();
        let returning = returning.map_err(|error| of_triggers().unwrap_or(error))?;
        surroundings.programs.note(triggers.steps().chain(target.delete_steps(session)).collect());
        let mut program = resolver.finish()?;
        let mut finder = finder.plan(&program, session)?;
        program.changed = Some(target.table.clone());
        let changes_others =
            !triggers.is_empty() || !returning.columns.is_empty() || target.foreign_keys.is_some();
        finder.sort(changes_others);
        if !changes_others {
            finder.set_one_pass(false, &target, |_| true, &mut program, session);
        }
        let frame = Frame::new(&program);
        let point = if changes_others { None } else { PointDelete::compile(&target, &finder) };
        let fires = triggers.fire_behind()
            && returning.columns.is_empty()
            && finder.only_rowid().is_none()
            && program.subqueries.is_empty()
            && program.ctes.is_empty();
        let is_parent = target.foreign_keys.as_ref().is_some_and(|keys| keys.has_children());
        let is_seen = !triggers.is_empty() || !returning.columns.is_empty() || is_parent;
        let many = if is_seen && !fires { None } else { ManyDelete::compile(&target, &finder, fires) };
        Ok(Delete { program, frame, target, triggers, finder, returning, point, many })
    }

    /// Whether it neither reads nor writes the table of that tree, foreign keys included.
    pub fn is_apart(&self, tree: TreeId) -> bool {
        self.target.is_apart(tree, &self.program)
    }

    pub fn columns(&self) -> &[OutputColumn] {
        &self.returning.columns
    }

    pub fn database(&self) -> DatabaseIndex {
        self.target.database
    }

    pub fn tree(&self) -> TreeId {
        self.target.table.tree
    }

    /// Nothing of it is left to undo when it fails.
    pub fn is_atomic(&self) -> bool {
        self.point.is_some()
    }

    pub fn explain(&self) -> &[PlanLine] {
        self.finder.explain()
    }

    #[inline(never)]
    pub fn run(
        &mut self,
        session: &mut Session,
        parameters: &[Value],
        rows: &mut Vec<Vec<Value>>,
        changes: &mut i64,
    ) -> Result<()> {
        let Delete { program, frame, target, triggers, finder, returning, point, many } = self;
        frame.reset();
        let mut context = Context::new(session, parameters, program);
        if let Some(point) = point
            && !target.is_observed(&context)
        {
            *changes = point.run(target, frame, &mut context)?;
            return Ok(());
        }
        let is_unseen = triggers.is_empty() && returning.columns.is_empty();
        if finder.finds_all() && is_unseen && target.can_truncate(&context) {
            target.truncate(&mut context).map(|count| *changes = count)
        } else if let Some(many) = many
            && !target.is_observed(&context)
            && !target.mends_violations(&context)
            && let Some(count) = many.run(target, finder, triggers, frame, &mut context)?
        {
            *changes = count;
            Ok(())
        } else {
            delete_found(target, triggers, finder, returning, rows, changes, frame, &mut context)
        }
    }
}

fn delete_found(
    target: &mut Target,
    triggers: &RowTriggers,
    finder: &mut RowFinder,
    returning: &Returning,
    rows: &mut Vec<Vec<Value>>,
    changes: &mut i64,
    frame: &mut Frame,
    context: &mut Context<'_>,
) -> Result<()> {
    finder.begin(target, frame, context)?;
    let mut record = std::mem::take(&mut target.buffers.old_record);
    let outcome = (|| {
        while finder.next(target, &mut record, frame, context)? {
            let images = target.base(Image::Old);
            let mut current = Image::Old;
            if triggers.has_before() {
                if triggers.fire_before(images, frame, context.session)? == RowOutcome::Ignore {
                    continue;
                }
                // OLD stays as it was; what goes is the row that the triggers left.
                current = Image::Victim;
                if !target.load(current, finder.identity(), &mut record, frame, context)? {
                    continue;
                }
            }
            target.before_delete(Image::Old, frame, context)?;
            target.delete_row(current, &record, frame, context)?;
            // It counts although an action of a foreign key fails with FAIL.
            *changes += 1;
            target.tell_of(RowChange::Delete, current, frame, context);
            target.after_delete(Image::Old, frame, context)?;
            if triggers.fire_after_temp(images, frame, context.session)? == RowOutcome::Ignore {
                continue;
            }
            returning.collect(true, rows, frame, context)?;
            triggers.fire_after(images, frame, context.session)?;
        }
        Ok(())
    })();
    finder.end(frame);
    target.buffers.old_record = record;
    outcome
}

impl Target {
    /// Whether rows that go may take violations of their own keys along.
    fn mends_violations(&self, context: &Context<'_>) -> bool {
        let counters = &context.session.foreign_keys;
        self.foreign_keys.is_some() && (counters.has_violations(false) || counters.has_violations(true))
    }

    /// Nobody needs to see the rows go.
    fn can_truncate(&self, context: &Context<'_>) -> bool {
        self.foreign_keys.is_none()
            && !context.session.transaction(self.database).is_watched(self.table.tree)
            && !self.is_recorded(context)
    }
}
