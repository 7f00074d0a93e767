//! UPDATE: finds the rows, then changes them one by one.
//!
//! SET sees each row as it is when its turn comes. With FROM, the new values are computed while the rows are found;
//! of several matches for one row the last counts.

use std::collections::HashMap;
use std::sync::Arc;

use pluresdb_sql::ast;
use pluresdb_value::{Value, key};

use super::as_query::{self, Changed};
use super::assignment::{Assigned, Assignments, NewValue};
use super::compile_order::Step;
use super::computed::{ComputedUpdate, MOST_COMPUTED};
use super::conflict::{Change, ConflictStep, Resolution, UniqueKey};
use super::constraint::Verdict;
use super::foreign_key::ForeignKeys;
use super::found::{FinderRequest, FoundRows, RowFinder, check_indexed_by};
use super::many::{Beside, ManyUpdate};
use super::point::{AssignedColumn, PointUpdate};
use super::returning::{EarlyReaders, Returning, check_wildcards, early_readers};
use super::row_program::RowOutcome;
use super::rowid::rowid_of;
use super::surroundings::Surroundings;
use super::target::{Image, IndexPlan, Target};
use super::trigger::{RowEvent, RowTriggers};
use crate::callback::RowChange;
use crate::catalog::{ConflictAction, DatabaseIndex, Index, Table, TreeId};
use crate::execute::{Context, Frame, corrupt, is_true};
use crate::plan::PlanLine;
use crate::resolve::tree::{Expr, OutputColumn, Program, Register};
use crate::session::Session;
use crate::{Error, Result, ResultCode};

pub(crate) struct Update {
    program: Program,
    frame: Frame,
    target: Target,
    finder: RowFinder,
    /// Asked of each row when its turn comes: see `RowFinder::sees_changes`.
    late_filter: Option<Expr>,
    has_from: bool,
    assignments: Assignments,
    update: RowUpdate,
    returning: Returning,
    /// In place of all this, where one row is found by its rowid and nothing else happens.
    point: Option<PointUpdate>,
    /// Before that, where there may be many rows.
    many: Option<ManyUpdate>,
    /// Where rows and values are found one by one, and many rows written together.
    computed: Option<ComputedUpdate>,
}

/// How one row is changed, for UPDATE and for ON CONFLICT DO UPDATE.
pub(crate) struct RowUpdate {
    pub steps: Vec<ConflictStep>,
    or: Option<ConflictAction>,
    /// REPLACE may evict rows.
    evicts: bool,
    /// Where they convert values, what RETURNING reads is converted already.
    early_readers: EarlyReaders,
    pub triggers: RowTriggers,
}

impl Update {
    pub fn compile(
        surroundings: &Surroundings<'_>,
        update: &ast::Update,
        database: DatabaseIndex,
        table: &Arc<Table>,
    ) -> Result<Update> {
        if !update.order_by.is_empty() && update.limit.is_none() {
            return Err(Error::error("ORDER BY without LIMIT on UPDATE"));
        }
        let changed = Changed {
            session: surroundings.session,
            database,
            table,
            alias: update.alias.as_ref(),
            indexed: update.indexed.as_ref(),
        };
        if update.from.is_none() {
            let (filter, limit) = (update.filter.as_ref(), update.limit.as_ref());
            let Some(filter) = as_query::limited(&changed, filter, &update.order_by, limit) else {
                return Update::compile_plain(surroundings, update, database, table);
            };
            let update =
                ast::Update { filter: Some(filter), order_by: Vec::new(), limit: None, ..update.clone() };
            return Update::compile_plain(surroundings, &update, database, table);
        }
        let compile_query = || {
            let query = as_query::update_from(update, &changed)?;
            let (request, with) = (FinderRequest::of_update(update), update.with.as_ref());
            let apart = as_query::check_apart(surroundings, &request, with, database, &table.name);
            Some(apart.and_then(|()| Update::compile_plain(surroundings, &query, database, table)))
        };
        let of_query = update.limit.is_some().then(compile_query).flatten();
        let compiled =
            of_query.unwrap_or_else(|| match Update::compile_plain(surroundings, update, database, table) {
                Err(error) if as_query::is_misuse(&error) => compile_query().unwrap_or(Err(error)),
                compiled => compiled,
            });
        if surroundings.is_asking() {
            return compiled;
        }
        // SQLite goes on behind a mistake in the query, and tells one in the keys instead.
        compiled.map_err(|error| {
            let nulls = as_query::nulls(&update.assignments);
            let or = surroundings.conflict(update.or);
            Update::check_keys(surroundings, &nulls, or, database, table).err().unwrap_or(error)
        })
    }

    /// Whether the keys are sound that the columns belong to, and those of rows that may be evicted.
    fn check_keys(
        surroundings: &Surroundings<'_>,
        assigned: &[ast::Assignment],
        or: Option<ConflictAction>,
        database: DatabaseIndex,
        table: &Arc<Table>,
    ) -> Result<()> {
        let mut resolver = surroundings.resolver();
        let mut target = Target::compile(surroundings.session, &mut resolver, database, table)?;
        target.foreign_keys = ForeignKeys::compile(surroundings, &target);
        resolver.push_scope(vec![target.scope(&table.name, None, Image::Old)]);
        // What is wrong with the columns themselves was told before.
        let Ok(assignments) = Assignments::compile(assigned, &target, &mut resolver) else { return Ok(()) };
        match RowUpdate::compile(surroundings, &target, assigned, &assignments, or) {
            Ok(update) => update.prepare(&assignments, &mut target, surroundings),
            Err(_) => Ok(()),
        }
    }

    fn compile_plain(
        surroundings: &Surroundings<'_>,
        update: &ast::Update,
        database: DatabaseIndex,
        table: &Arc<Table>,
    ) -> Result<Update> {
        let session = surroundings.session;
        let or = surroundings.conflict(update.or);
        let mut resolver = surroundings.resolver();
        if let Some(with) = &update.with {
            resolver.push_with(with)?;
        }
        // Queries within it are asked for where code is made of them.
        resolver.ask_query_late();
        let mut target = Target::compile(session, &mut resolver, database, table)?;
        target.foreign_keys = ForeignKeys::compile(surroundings, &target);
        let alias = update.alias.as_ref().map(|alias| &*alias.text);
        let has_from = update.from.is_some();
        let request = FinderRequest::of_update(update);
        check_indexed_by(update.indexed.as_ref(), &target, session)?;
        // SQLite looks at SET before WHERE: of two mistakes, it tells that one.
        let mut assignments = None;
        if !has_from {
            let name = alias.unwrap_or(&table.name);
            let schema = alias.is_none().then(|| session.database_name(database));
            resolver.push_scope(vec![target.scope(name, schema, Image::Old)]);
            let compiled = Assignments::compile(&update.assignments, &target, &mut resolver);
            resolver.pop_scope();
            assignments = Some(compiled?);
        } else {
            Assignments::check_columns(&update.assignments, &target)?;
        }
        let of_set = resolver.take_late_questions(0);
        // With FROM it is a query that computes what is set.
        let mut settable = None;
        if has_from && surroundings.is_asking() {
            settable = Some(Assignments::ask(&update.assignments, &target, &resolver)?);
            resolver.ask_query_now()?;
        }
        let mut finder = RowFinder::compile(&request, &target, session, &mut resolver, &mut |resolver| {
            if has_from {
                let settable = settable.take();
                assignments =
                    Some(Assignments::compile_asked(&update.assignments, settable, &target, resolver)?);
            }
            Ok(())
        })?;
        as_query::check_apart(surroundings, &request, update.with.as_ref(), database, &table.name)?;
        let assignments = assignments.ok_or_else(|| Error::error("UPDATE without SET"))?;
        let written_filter = update.filter.as_ref();
        check_wildcards(&update.returning)?;
        let row_update = RowUpdate::compile(surroundings, &target, &update.assignments, &assignments, or)?;
        let is_asking = surroundings.is_asking();
        if is_asking {
            resolver.ask_late_questions()?;
            surroundings.compile_in_turn(row_update.triggers.steps())?;
            resolver.add_late_questions(of_set);
            resolver.ask_late_questions()?;
            row_update.prepare(&assignments, &mut target, surroundings)?;
        }
        // SQLite compiles it last: what is wrong there is told after what is wrong with keys and with triggers before it.
        let returning = Returning::compile(&update.returning, &target, Image::New, session, &mut resolver);
        let update = row_update;
        let evicts = update.can_evict(&assignments, &target);
        if !is_asking {
            update.prepare(&assignments, &mut target, surroundings)?;
        }
        let of_triggers = || surroundings.compile_in_turn(update.triggers.steps()).err();
        let returning = returning.map_err(|error| of_triggers().unwrap_or(error))?;
        surroundings.programs.note(update.compile_steps(&assignments, &target, session));
        let is_seen = !update.triggers.is_empty() || !returning.columns.is_empty();
        let changes_others = is_seen || !assignments.foreign_keys.is_empty() || evicts;
        let allows_one_pass = !changes_others && !assignments.changes_key(table);
        let reads_itself = resolver.subqueries_read(table);
        let mut late_filter = None;
        if let Some(written) = written_filter
            && allows_one_pass
            && !has_from
            && finder.sees_changes(&target, &resolver)
        {
            let name = alias.unwrap_or(&target.table.name);
            let schema = alias.is_none().then(|| session.database_name(database));
            resolver.push_scope(vec![target.scope(name, schema, Image::Old)]);
            late_filter = Some(resolver.resolve_expr(written)?);
            resolver.pop_scope();
            finder.drop_filter();
        }
        let mut program = resolver.finish()?;
        let mut finder = finder.plan(&program, session)?;
        program.changed = Some(target.table.clone());
        let is_touched = |index: &Index| {
            let mut plans = target.indexes.iter();
            plans.any(|plan| plan.index.tree == index.tree && plan.is_touched_by(&assignments.changed))
        };
        let is_one_pass = allows_one_pass && finder.allows_one_pass(is_touched);
        // What UPDATE FROM assigns goes with the rows as they were found; it sorts both itself.
        finder.sort(!has_from && !is_one_pass);
        if allows_one_pass && !has_from && finder.index().is_none_or(|index| !is_touched(index)) {
            let is_written = |plan: &IndexPlan| plan.is_touched_by(&assignments.changed);
            let calls_application = assignments.call_application();
            finder.set_one_pass(calls_application, &target, is_written, &mut program, session);
        }
        let frame = Frame::new(&program);
        let assigned = if changes_others || has_from || late_filter.is_some() {
            None
        } else {
            AssignedColumn::all(&target, &assignments, or)
        };
        let is_computed_first = has_from || !(reads_itself || late_filter.is_some());
        let computed = if assigned.is_some() || changes_others || !is_computed_first {
            None
        } else {
            ComputedUpdate::compile(&target, &assignments, or)
        };
        let (mut point, mut many) = (None, None);
        let fires = update.triggers.fire_behind()
            && returning.columns.is_empty()
            && assignments.foreign_keys.is_empty()
            && !evicts
            && !has_from
            && program.subqueries.is_empty()
            && program.ctes.is_empty()
            && or != Some(ConflictAction::Fail);
        if fires
            && finder.only_rowid().is_none()
            && let Some(assigned) = AssignedColumn::all(&target, &assignments, or)
        {
            many = ManyUpdate::compile(&target, &finder, &assignments, &assigned, Beside::Triggers);
        }
        if let Some(assigned) = assigned {
            point = PointUpdate::compile(&target, &finder, &assignments, &assigned);
            if finder.only_rowid().is_none() {
                let beside = if point.is_some() { Beside::Point } else { Beside::Nothing };
                many = ManyUpdate::compile(&target, &finder, &assignments, &assigned, beside);
            }
        }
        Ok(Update {
            program,
            frame,
            target,
            finder,
            late_filter,
            has_from,
            assignments,
            update,
            returning,
            point,
            many,
            computed,
        })
    }

    /// Whether it neither reads nor writes the table of that tree, foreign keys included.
    pub fn is_apart(&self, tree: TreeId) -> bool {
        !self.has_from && self.target.is_apart(tree, &self.program)
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
        self.point.as_ref().is_some_and(PointUpdate::is_of_one)
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
        let Update {
            program,
            frame,
            target,
            finder,
            late_filter,
            has_from,
            assignments,
            update,
            returning,
            point,
            many,
            computed,
        } = self;
        frame.reset();
        let mut context = Context::new(session, parameters, program);
        if (point.is_some() || many.is_some()) && !target.is_observed(&context) {
            if let Some(many) = many
                && let Some(count) = many.run(target, finder, &update.triggers, frame, &mut context)?
            {
                *changes = count;
                return Ok(());
            }
            if let Some(point) = point
                && !point.is_seen(target, &context)
            {
                *changes = point.run(target, finder, frame, &mut context)?;
                return Ok(());
            }
        }
        if *has_from {
            return update_from(
                target,
                finder,
                assignments,
                update,
                computed.as_ref(),
                returning,
                rows,
                changes,
                frame,
                &mut context,
            );
        }
        if let Some(computed) = computed
            && let Some(count) = update_computed(target, finder, assignments, computed, frame, &mut context)?
        {
            *changes = count;
            return Ok(());
        }
        let filter = late_filter.as_ref();
        update_found(
            target,
            finder,
            filter,
            assignments,
            update,
            returning,
            rows,
            changes,
            frame,
            &mut context,
        )
    }
}

fn update_found(
    target: &mut Target,
    finder: &mut RowFinder,
    late_filter: Option<&Expr>,
    assignments: &Assignments,
    update: &RowUpdate,
    returning: &Returning,
    rows: &mut Vec<Vec<Value>>,
    changes: &mut i64,
    frame: &mut Frame,
    context: &mut Context<'_>,
) -> Result<()> {
    finder.begin(target, frame, context)?;
    let mut assigned = Vec::new();
    let mut record = std::mem::take(&mut target.buffers.old_record);
    let outcome = (|| {
        while finder.next(target, &mut record, frame, context)? {
            if let Some(filter) = late_filter
                && !is_true(filter, frame, context)?
            {
                continue;
            }
            assignments.eval(&mut assigned, frame, context)?;
            update.run(
                target,
                &mut record,
                assignments,
                &mut assigned,
                returning,
                rows,
                changes,
                frame,
                context,
            )?;
        }
        Ok(())
    })();
    finder.end(frame);
    target.buffers.old_record = record;
    outcome
}

fn update_from(
    target: &mut Target,
    finder: &mut RowFinder,
    assignments: &Assignments,
    update: &RowUpdate,
    together: Option<&ComputedUpdate>,
    returning: &Returning,
    rows: &mut Vec<Vec<Value>>,
    changes: &mut i64,
    frame: &mut Frame,
    context: &mut Context<'_>,
) -> Result<()> {
    let mut computed: Vec<Vec<NewValue>> = Vec::new();
    finder.find(target, frame, context, &mut |frame, context| {
        let mut assigned = Vec::new();
        assignments.eval(&mut assigned, frame, context)?;
        // SQLite keeps them in a table, where subtypes are lost.
        for new in &mut assigned {
            new.is_json = false;
        }
        computed.push(assigned);
        Ok(())
    })?;
    let mut order = last_of_each(&finder.found);
    order.sort_by(|a, b| finder.found.identity(*a).cmp(finder.found.identity(*b)));
    if let Some(together) = together
        && ComputedUpdate::is_worth_it(order.len(), target, context)
    {
        let rowid =
            |index: &usize| key::decode_rowid(finder.found.identity(*index)).map(|rowid| (rowid, *index));
        let rowids = order.iter().map(rowid).collect::<std::result::Result<Vec<_>, _>>().map_err(corrupt)?;
        if together.write(&rowids, &computed, target, context)? {
            *changes = rowids.len() as i64;
            return Ok(());
        }
    }
    let mut record = Vec::new();
    for index in order {
        if !finder.load(index, target, &mut record, frame, context)? {
            continue;
        }
        let assigned = &mut computed[index];
        update.run(target, &mut record, assignments, assigned, returning, rows, changes, frame, context)?;
    }
    Ok(())
}

/// Computes what becomes of all rows, and writes it. None, and nothing done, where that is to be done row by row.
fn update_computed(
    target: &mut Target,
    finder: &mut RowFinder,
    assignments: &Assignments,
    together: &ComputedUpdate,
    frame: &mut Frame,
    context: &mut Context<'_>,
) -> Result<Option<i64>> {
    if !ComputedUpdate::is_worth_it(MOST_COMPUTED, target, context) {
        return Ok(None);
    }
    finder.begin(target, frame, context)?;
    if !ComputedUpdate::is_worth_it(finder.found.len(), target, context) {
        finder.keep_found();
        return Ok(None);
    }
    let (mut rows, mut computed) = (Vec::new(), Vec::new());
    let mut record = std::mem::take(&mut target.buffers.old_record);
    while finder.next(target, &mut record, frame, context)? {
        let mut assigned = Vec::new();
        assignments.eval(&mut assigned, frame, context)?;
        rows.push((target.rowid(Image::Old, frame), computed.len()));
        computed.push(assigned);
    }
    target.buffers.old_record = record;
    rows.sort_unstable();
    if together.write(&rows, &computed, target, context)? {
        return Ok(Some(rows.len() as i64));
    }
    finder.keep_found();
    Ok(None)
}

/// Of the places where a row was found, the last.
fn last_of_each(found: &FoundRows) -> Vec<usize> {
    let mut last = HashMap::with_capacity(found.len());
    for index in 0..found.len() {
        last.insert(found.identity(index), index);
    }
    last.into_values().collect()
}

impl RowUpdate {
    pub fn compile(
        surroundings: &Surroundings<'_>,
        target: &Target,
        written: &[ast::Assignment],
        assignments: &Assignments,
        or: Option<ConflictAction>,
    ) -> Result<RowUpdate> {
        let event = RowEvent::Update(written);
        let steps = target.conflict_steps(or, &[]);
        Ok(RowUpdate {
            evicts: steps.iter().any(ConflictStep::evicts),
            early_readers: early_readers(target, Some(assignments)),
            steps,
            or,
            triggers: RowTriggers::compile(surroundings, target.database, &target.table, event, or)?,
        })
    }

    /// Prepares for evicted rows and for foreign keys.
    fn prepare(
        &self,
        assignments: &Assignments,
        target: &mut Target,
        surroundings: &Surroundings<'_>,
    ) -> Result<()> {
        let evicts = self.can_evict(assignments, target);
        target.watch_evictions(evicts, surroundings)?;
        target.prepare_keys(|keys, target| {
            keys.prepare_update(&assignments.foreign_keys, evicts, target, surroundings)
        })?;
        if surroundings.is_asking() {
            surroundings
                .compile_in_turn(self.compile_steps(assignments, target, surroundings.session).into_iter())?;
        }
        Ok(())
    }

    /// What SQLite comes upon while it compiles the update.
    pub fn compile_steps(&self, assignments: &Assignments, target: &Target, session: &Session) -> Vec<Step> {
        let mut steps: Vec<Step> = self.triggers.steps().collect();
        if self.can_evict(assignments, target) {
            steps.extend(target.evict_steps(session));
        }
        steps.extend(target.update_steps(&assignments.foreign_keys, session));
        steps
    }

    /// Whether REPLACE may have a row to evict for what SET assigns.
    fn can_evict(&self, assignments: &Assignments, target: &Target) -> bool {
        let changes_key = assignments.changes_key(&target.table);
        let rewrites_all = changes_key || assignments.foreign_keys.hides_row;
        let is_met = |key: UniqueKey| match key {
            UniqueKey::Rowid => assignments.changes_rowid,
            UniqueKey::Index(index) => {
                let plan = &target.indexes[index];
                if plan.is_table {
                    return changes_key;
                }
                rewrites_all || plan.is_touched_by(&assignments.changed)
            }
        };
        self.steps.iter().any(|step| step.evicts() && is_met(step.key))
    }

    /// Changes the row in the `Old` image, whose record is given, with all that it sets off.
    pub fn run(
        &self,
        target: &mut Target,
        record: &mut Vec<u8>,
        assignments: &Assignments,
        assigned: &mut Vec<NewValue>,
        returning: &Returning,
        rows: &mut Vec<Vec<Value>>,
        changes: &mut i64,
        frame: &mut Frame,
        context: &mut Context<'_>,
    ) -> Result<()> {
        copy_unassigned(target, Image::Old, None, frame);
        for NewValue { assigned, value, is_json } in assigned.drain(..) {
            match assigned {
                Assigned::Column(column) => {
                    let register = target.register(Image::New, column);
                    frame.set_register(register, value);
                    frame.tell_json(register, is_json);
                }
                Assigned::Rowid => {
                    let rowid = rowid_of(&value)?;
                    let rowid = rowid.ok_or_else(|| Error::new(ResultCode::Mismatch, "datatype mismatch"))?;
                    frame.set_register(target.rowid_register(Image::New), Value::Integer(rowid));
                }
            }
        }
        target.complete_row(frame, context)?;
        let mut identity = std::mem::take(&mut target.buffers.identity);
        target.identity(Image::Old, frame, &mut identity);
        let outcome = self.run_identified(target, record, assignments, &identity, changes, frame, context);
        target.buffers.identity = identity;
        if !outcome? {
            return Ok(());
        }
        let images = target.base(Image::New);
        if self.triggers.fire_after_temp(images, frame, context.session)? == RowOutcome::Ignore {
            return Ok(());
        }
        returning.collect(self.early_readers.convert(context.session), rows, frame, context)?;
        self.triggers.fire_after(images, frame, context.session)?;
        Ok(())
    }

    /// BEFORE triggers, checks and the change itself. False: the row stays as it is.
    fn run_identified(
        &self,
        target: &mut Target,
        record: &mut Vec<u8>,
        assignments: &Assignments,
        identity: &[u8],
        changes: &mut i64,
        frame: &mut Frame,
        context: &mut Context<'_>,
    ) -> Result<bool> {
        let images = target.base(Image::New);
        if self.triggers.has_before() {
            if target.table.strict {
                target.check_types(frame, context)?;
            }
            if self.triggers.fire_before(images, frame, context.session)? == RowOutcome::Ignore
                || !target.load(Image::Victim, identity, record, frame, context)?
            {
                return Ok(false);
            }
            // What the triggers wrote into columns that are not assigned stays.
            copy_unassigned(target, Image::Victim, Some(assignments), frame);
            target.complete_row(frame, context)?;
        }
        let mut current = Image::Old;
        if target.is_outdated(context) {
            let before = record.clone();
            if !target.load(Image::Victim, identity, record, frame, context)? {
                return Ok(false);
            }
            if *record != before {
                // So does what code of the application wrote that SET called.
                current = Image::Victim;
                copy_unassigned(target, current, Some(assignments), frame);
                target.complete_row(frame, context)?;
            }
        }
        if target.check_row(self.or, Some(assignments), frame, context)? == Verdict::Ignore {
            return Ok(false);
        }
        self.write(target, current, record, assignments, identity, changes, frame, context)
    }

    /// `current` is the image of the row as it stands.
    fn write(
        &self,
        target: &mut Target,
        mut current: Image,
        record: &mut Vec<u8>,
        assignments: &Assignments,
        identity: &[u8],
        changes: &mut i64,
        frame: &mut Frame,
        context: &mut Context<'_>,
    ) -> Result<bool> {
        let mut new_identity = std::mem::take(&mut target.buffers.conflict);
        target.identity(Image::New, frame, &mut new_identity);
        let is_moved = new_identity != identity;
        target.buffers.conflict = new_identity;
        let change = Change { assignments, is_moved, identity };
        match target.resolve_conflicts(&self.steps, Some(change), is_moved, &mut false, frame, context)? {
            Resolution::Write => {}
            Resolution::Ignore | Resolution::Upsert(_) => return Ok(false),
        }
        let has_acted = self.triggers.has_before() || (self.evicts && target.acts_on_evict());
        if has_acted || target.is_outdated(context) {
            // OLD stays as it was; what is replaced is the row that triggers and functions left.
            current = Image::Victim;
            if !target.load(current, identity, record, frame, context)? {
                return Ok(false);
            }
        }
        target.before_update(&assignments.foreign_keys, frame, context)?;
        target.replace_row(current, record, &assignments.changed, frame, context)?;
        // It counts although an action of a foreign key fails with FAIL.
        *changes += 1;
        target.tell_of(RowChange::Update, Image::New, frame, context);
        target.after_update(&assignments.foreign_keys, frame, context)?;
        Ok(true)
    }
}

/// Fills the new row with the values of another image: all of them, or those that are not assigned.
fn copy_unassigned(target: &Target, from: Image, assignments: Option<&Assignments>, frame: &mut Frame) {
    let (from, new) = (target.base(from).0, target.base(Image::New).0);
    let width = target.columns.len();
    for index in 0..width {
        if assignments.is_none_or(|assignments| !assignments.changed[index]) {
            frame.registers[new + index] = frame.registers[from + index].clone();
            frame.tell_json(Register(new + index), false);
        }
    }
    if assignments.is_none_or(|assignments| !assignments.changes_rowid) {
        frame.registers[new + width] = frame.registers[from + width].clone();
    }
}
