//! INSERT and REPLACE: rows from VALUES or a query, with ON CONFLICT.
//!
//! VALUES are evaluated straight into the registers of the new row; a query that reads the table it fills, or may see
//! what triggers do, is run to its end before the first row is written. RETURNING counts as a trigger, as in SQLite,
//! and several rows of VALUES as a query.

use pluresdb_sql::ast::{self, InsertSource};
use pluresdb_value::{Value, affinity};

use super::append::AppendedRows;
use super::assignment::{NewValue, is_rowid_name};
use super::compile_order::Step;
use super::conflict::{ConflictStep, Resolution, Response, UniqueKey};
use super::constraint::Verdict;
use super::foreign_key::ForeignKeys;
use super::point_insert::{PointInsert, ValueSource};
use super::returning::{Returning, check_wildcards, early_readers};
use super::row_program::{ProgramsHandle, RowOutcome, RowPrograms, SequenceId};
use super::rowid::{next_rowid, rowid_of};
use super::surroundings::Surroundings;
use super::target::{Found, Image, Target, find_target};
use super::trigger::{RowEvent, RowTriggers, check_view, columns_of_view};
use super::upsert::{Upsert, UpsertScopes};
use crate::callback::RowChange;
use crate::catalog::{ConflictAction, DatabaseIndex, IndexTerm, Table, TreeId};
use crate::execute::{Context, Frame, Query, eval, eval_subtyped};
use crate::plan::{self, PlanLine, is_volatile};
use crate::resolve::tree::{Body, Expr, From, OutputColumn, Program, Register, Select, Subquery};
use crate::resolve::{any_expr, names_subquery, reads_table};
use crate::session::Session;
use crate::statement::has_several_rows;
use crate::{Error, Result};

pub(crate) struct Insert {
    program: Program,
    frame: Frame,
    target: Target,
    source: Source,
    /// It inserts one row and does nothing else: a violated foreign key fails it at once.
    is_single: bool,
    /// Of that row, there is one tree to write to.
    is_atomic: bool,
    /// Where each column's value comes from.
    columns: Vec<ColumnSource>,
    /// Which of the given values is the rowid.
    rowid: Option<usize>,
    or: Option<ConflictAction>,
    triggers: RowTriggers,
    upserts: Vec<Upsert>,
    steps: Vec<ConflictStep>,
    /// ON CONFLICT answers for a rowid that is taken.
    answers_rowid: bool,
    sequence: Option<SequenceId>,
    programs: ProgramsHandle,
    returning: Returning,
    lines: Vec<PlanLine>,
    point: Option<PointInsert>,
}

enum Source {
    Defaults,
    /// `runs_first`: all rows are computed before the first is written.
    Values {
        rows: Vec<Vec<Expr>>,
        runs_first: bool,
    },
    Query {
        query: Query,
        width: usize,
        reads_target: bool,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ColumnSource {
    /// The given value of that number.
    Given(usize),
    Default,
    /// The rowid's alias, whose register is the rowid's.
    Rowid,
    Generated,
}

/// Where the given values go.
struct Mapping {
    columns: Vec<ColumnSource>,
    rowid: Option<usize>,
    /// How many values a row must have.
    width: usize,
}

impl Insert {
    pub fn compile(surroundings: &Surroundings<'_>, insert: &ast::Insert) -> Result<Insert> {
        let session = surroundings.session;
        let (database, table, is_view) = match find_target(session, &insert.table, surroundings.home())? {
            Found::Table(database, table) => (database, table, false),
            Found::View(database, view) => (database, columns_of_view(session, database, &view)?, true),
        };
        let written_or = surroundings.conflict(insert.or);
        let triggers = RowTriggers::compile(surroundings, database, &table, RowEvent::Insert, written_or)?;
        if is_view {
            check_view(surroundings, database, &table, &triggers, !insert.returning.is_empty())?;
            if !insert.upserts.is_empty() {
                return Err(Error::error("cannot UPSERT a view"));
            }
        }
        let mapping = map_columns(insert, &table)?;
        let mut resolver = surroundings.resolver();
        if let Some(with) = &insert.with {
            resolver.push_with(with)?;
        }
        let (select, given) = match &insert.source {
            InsertSource::DefaultValues => {
                resolver.ask_query_late();
                (None, 0)
            }
            InsertSource::Select(select) => {
                if surroundings.context().is_none() && has_several_rows(&insert.source) {
                    resolver.ask_insert(&table.name, session.database_name(database));
                }
                let resolved = resolver.resolve_inserted(select)?;
                if resolver.is_ignored() {
                    surroundings.programs.ignore();
                }
                let given = resolved.columns.len();
                (Some(resolved), given)
            }
        };
        check_width(insert, &mapping, given, select.is_none())?;
        let mut target = Target::compile(session, &mut resolver, database, &table)?;
        check_defaults(&mapping, written_or, &mut target)?;
        target.is_view = is_view;
        target.foreign_keys = ForeignKeys::compile(surroundings, &target);
        let alias = insert.alias.as_ref().map(|alias| &*alias.text);
        let has_upserts = !insert.upserts.is_empty();
        let scopes = has_upserts.then(|| UpsertScopes::new(alias, &target, session));
        let keys = match &scopes {
            Some(scopes) => scopes.find_keys(&insert.upserts, &target, &mut resolver)?,
            None => Vec::new(),
        };
        let mut steps = target.conflict_steps(written_or, &keys);
        let has_rowid = mapping.rowid.is_some();
        // The rowid can only be taken where one is given.
        let met = || steps.iter().filter(|step| has_rowid || step.key != UniqueKey::Rowid);
        // SQLite compiles an update only where it compiles a check for conflicts that asks for it.
        let is_met = |clause: usize| met().any(|step| step.upsert() == Some(clause));
        let subquery_count = resolver.subquery_count();
        let is_asking = surroundings.is_asking();
        if is_asking {
            resolver.ask_late_questions()?;
            surroundings.compile_in_turn(triggers.steps_before())?;
        }
        let mut upserts = Vec::with_capacity(insert.upserts.len());
        for (clause, written) in insert.upserts.iter().enumerate() {
            let upsert = match &scopes {
                Some(scopes) if is_met(clause) => scopes
                    .compile(written, &target, surroundings, &mut resolver)
                    .map_err(|error| target.own_key_error().unwrap_or(error))?,
                _ => Upsert::Nothing,
            };
            if let (true, Upsert::Update { assignments, update, .. }) = (is_asking, &upsert) {
                resolver.ask_late_questions()?;
                surroundings.compile_in_turn(update.triggers.steps())?;
                target.prepare_keys(|keys, target| {
                    keys.prepare_update(&assignments.foreign_keys, false, target, surroundings)
                })?;
                surroundings
                    .compile_in_turn(update.compile_steps(assignments, &target, session).into_iter())?;
                // RETURNING is asked for in the update as well as behind the insert.
                Returning::compile(&insert.returning, &target, Image::New, session, &mut resolver)?;
                resolver.ask_late_questions()?;
            }
            upserts.push(upsert);
        }
        // A clause without a target answers several checks, and SQLite compiles it for each: what a subquery in it
        // answered once is kept for its check alone.
        if let Some(scopes) = &scopes
            && resolver.subquery_count() > subquery_count
        {
            let mut met_clauses = Vec::new();
            for step in steps.iter_mut().filter(|step| has_rowid || step.key != UniqueKey::Rowid) {
                let Some(clause) = step.upsert() else { continue };
                if met_clauses.contains(&clause) {
                    step.response = Response::Upsert(upserts.len());
                    let written = &insert.upserts[clause];
                    upserts.push(scopes.compile(written, &target, surroundings, &mut resolver)?);
                } else {
                    met_clauses.push(clause);
                }
            }
        }
        let met = || steps.iter().filter(|step| has_rowid || step.key != UniqueKey::Rowid);
        let evicts = met().any(ConflictStep::evicts);
        target.watch_evictions(evicts, surroundings)?;
        check_wildcards(&insert.returning)?;
        let is_returning = !insert.returning.is_empty();
        let met_upserts = || met().filter_map(ConflictStep::upsert).map(|clause| &upserts[clause]);
        let is_only_row = match &select {
            None => true,
            Some(Select { body: Body::Values(rows), order_by, limit: None, .. }) => {
                order_by.is_empty() && rows.len() == 1
            }
            Some(_) => false,
        };
        let is_single = is_only_row
            && surroundings.trigger.is_none()
            && triggers.is_empty()
            && !is_returning
            && !evicts
            && !met_upserts().any(Upsert::changes_more);
        if is_asking {
            if evicts {
                surroundings.compile_in_turn(target.on_evict.steps())?;
                target.prepare_keys(|keys, target| keys.prepare_delete(target, surroundings))?;
                surroundings.compile_in_turn(target.delete_steps(session))?;
            }
            target.prepare_keys(|keys, target| keys.prepare_insert(is_single, target, surroundings))?;
            let [before_returning, _] = triggers.steps_after();
            surroundings.compile_in_turn(before_returning.into_iter())?;
        }
        // SQLite compiles it last: what is wrong there is told after what is wrong with keys and with triggers before it.
        let mut returning =
            Returning::compile(&insert.returning, &target, Image::New, session, &mut resolver).map_err(
                |error| {
                    let [before_returning, _] = triggers.steps_after();
                    let steps = triggers.steps_before().chain(before_returning);
                    let of_triggers = || surroundings.compile_in_turn(steps).err();
                    target.own_key_error().or_else(of_triggers).unwrap_or(error)
                },
            );
        if is_asking {
            returning = Ok(returning?);
            resolver.ask_late_questions()?;
            let [_, behind_returning] = triggers.steps_after();
            surroundings.compile_in_turn(behind_returning.into_iter())?;
        }
        let mut program = resolver.finish()?;
        let mut lines = Vec::new();
        let source = match select {
            None => Source::Defaults,
            Some(Select { body: Body::Values(rows), order_by, limit: None, .. }) if order_by.is_empty() => {
                lines = plan::explain_values(rows.len(), &program, session)?;
                let is_watched = !triggers.is_empty() || is_returning;
                let runs_first = rows.len() > 1
                    && (is_watched || rows.iter().flatten().any(|expr| any_expr(expr, &asks_subquery)));
                Source::Values { rows, runs_first }
            }
            Some(select) => {
                lines = plan::explain(&select, &program, session)?;
                let reads_target =
                    !triggers.is_empty() || is_returning || reads_table(&select, &program, &table);
                let query = Query::new(plan::plan_select(&select, &program, session)?);
                Source::Query { query, width: select.columns.len(), reads_target }
            }
        };
        if !is_asking {
            target.prepare_keys(|keys, target| {
                keys.prepare_insert(is_single, target, surroundings)?;
                for update in met_upserts().filter_map(Upsert::assignments) {
                    keys.prepare_update(&update.foreign_keys, false, target, surroundings)?;
                }
                if evicts { keys.prepare_delete(target, surroundings) } else { Ok(()) }
            })?;
        }
        let returning = returning?;
        let mut compile_steps: Vec<Step> = triggers.steps_before().collect();
        // SQLite writes down the check of the rowid first, wherever it runs.
        let mut written: Vec<_> = met().collect();
        written.sort_by_key(|step| step.key != UniqueKey::Rowid);
        for step in written {
            if step.evicts() {
                compile_steps.extend(target.evict_steps(session));
            } else if let Some(clause) = step.upsert() {
                compile_steps.extend(upserts[clause].compile_steps(&target, session));
            }
        }
        compile_steps.extend(target.insert_steps());
        compile_steps.extend(triggers.steps_after().into_iter().flatten());
        surroundings.programs.note(compile_steps);
        let frame = Frame::new(&program);
        program.changed = Some(target.table.clone());
        let sequence = surroundings.programs.add_sequence(database, &table);
        let is_atomic = is_single
            && !is_view
            && upserts.is_empty()
            && sequence.is_none()
            && target.foreign_keys.is_none()
            && target.indexes.iter().all(|plan| plan.is_table);
        let acts = evicts && target.acts_on_evict() || upserts.iter().any(Upsert::changes_more);
        program.reads_live = matches!(source, Source::Query { .. }) && acts;
        if program.reads_live {
            let is_looked_up = |subquery: &Subquery| looks_up(&subquery.select, session);
            program.subqueries.iter_mut().for_each(|each| each.correlated |= is_looked_up(each));
        }
        let is_plain =
            triggers.is_empty() && !is_returning && !evicts && upserts.is_empty() && sequence.is_none();
        let rows = match &source {
            Source::Values { rows, runs_first: false } => Some(&rows[..]),
            Source::Query { .. } if target.indexes.is_empty() => Some(&[][..]),
            _ => None,
        };
        let point = match rows {
            Some(rows) if is_plain => {
                let source_of = |column: usize| match mapping.columns[column] {
                    ColumnSource::Given(index) => Some(ValueSource::Given(index)),
                    ColumnSource::Default => match &target.columns[column].default {
                        Some(Ok(default)) => Some(ValueSource::Own(default.clone())),
                        Some(Err(_)) | None => Some(ValueSource::Own(Expr::Literal(Value::Null))),
                    },
                    ColumnSource::Rowid | ColumnSource::Generated => None,
                };
                PointInsert::compile(&target, &steps, written_or, rows, mapping.rowid, source_of)
            }
            _ => None,
        };
        Ok(Insert {
            program,
            frame,
            target,
            source,
            is_single,
            is_atomic,
            columns: mapping.columns,
            rowid: mapping.rowid,
            or: written_or,
            triggers,
            upserts,
            answers_rowid: has_rowid
                && steps.iter().any(|step| step.key == UniqueKey::Rowid && step.upsert().is_some()),
            steps,
            sequence,
            programs: ProgramsHandle::new(surroundings.programs),
            returning,
            lines,
            point,
        })
    }

    /// Whether it neither reads nor writes the table of that tree, foreign keys included.
    pub fn is_apart(&self, tree: TreeId) -> bool {
        let reads_nothing = match &self.source {
            Source::Defaults | Source::Values { .. } => true,
            Source::Query { .. } => self.program.source_count == 0,
        };
        reads_nothing && !self.is_of_view() && self.target.is_apart(tree, &self.program)
    }

    pub fn columns(&self) -> &[OutputColumn] {
        &self.returning.columns
    }

    pub fn is_of_view(&self) -> bool {
        self.target.is_view
    }

    pub fn database(&self) -> DatabaseIndex {
        self.target.database
    }

    pub fn tree(&self) -> TreeId {
        self.target.table.tree
    }

    pub fn explain(&self) -> &[PlanLine] {
        &self.lines
    }

    /// Nothing of it is left to undo when it fails.
    pub fn is_atomic(&self) -> bool {
        self.is_atomic
    }

    #[inline(never)]
    pub fn run(
        &mut self,
        session: &mut Session,
        parameters: &[Value],
        rows: &mut Vec<Vec<Value>>,
        changes: &mut i64,
    ) -> Result<()> {
        let Insert {
            program,
            frame,
            target,
            source,
            is_single,
            columns,
            rowid,
            or,
            triggers,
            upserts,
            steps,
            answers_rowid,
            sequence,
            programs,
            returning,
            point,
            ..
        } = self;
        frame.reset();
        let mut context = Context::new(session, parameters, program);
        if let (Some(point), Source::Values { rows, .. }) = (point.as_mut(), &*source)
            && !target.is_observed(&context)
        {
            for given in rows {
                point.run(given, target, steps, changes, frame, &mut context)?;
            }
            return Ok(());
        }
        let appended = match (&*point, &*source) {
            (Some(point), Source::Query { .. }) => appended_rows(point, target, &context),
            _ => None,
        };
        let programs = sequence.map(|sequence| (sequence, programs.get()));
        let mut row = RowInsert {
            target,
            is_single: *is_single,
            columns,
            rowid: *rowid,
            or: *or,
            triggers,
            upserts,
            steps,
            answers_rowid: *answers_rowid,
            returning,
            sequence: programs.as_ref().map(|(sequence, programs)| (*sequence, &**programs)),
            rows,
            assigned: Vec::new(),
            is_settled: false,
            appended,
            changes,
        };
        row.run_source(source, frame, &mut context)
    }
}

/// Where nobody looks at the table before all rows are in it. Apart, because triggers run on the same stack.
#[inline(never)]
fn appended_rows<'p>(
    point: &'p PointInsert,
    target: &Target,
    context: &Context<'_>,
) -> Option<Box<AppendedRows<'p>>> {
    let is_followed = || context.session.transaction(target.database).is_watched(target.table.tree);
    let is_alone = !context.session.may_be_used_within() && !target.is_observed(context) && !is_followed();
    is_alone.then(|| Box::new(AppendedRows::new(point, target)))
}

/// One execution, row by row.
struct RowInsert<'a> {
    target: &'a mut Target,
    is_single: bool,
    columns: &'a [ColumnSource],
    rowid: Option<usize>,
    or: Option<ConflictAction>,
    triggers: &'a RowTriggers,
    upserts: &'a [Upsert],
    steps: &'a [ConflictStep],
    answers_rowid: bool,
    returning: &'a Returning,
    sequence: Option<(SequenceId, &'a RowPrograms)>,
    rows: &'a mut Vec<Vec<Value>>,
    assigned: Vec<NewValue>,
    /// A row was given its affinities. SQLite computes a constant default once, and the row is then made of that place:
    /// from then on the default is as the column stores it, where ON CONFLICT can see it.
    is_settled: bool,
    /// Takes the rows that nothing can stand in the way of.
    appended: Option<Box<AppendedRows<'a>>>,
    changes: &'a mut i64,
}

impl RowInsert<'_> {
    fn run_source(
        &mut self,
        source: &mut Source,
        frame: &mut Frame,
        context: &mut Context<'_>,
    ) -> Result<()> {
        match source {
            Source::Defaults => self.insert(None, &mut |_, _, _| Ok((Value::Null, false)), frame, context),
            Source::Values { rows, runs_first: true } => {
                let mut kept = Vec::with_capacity(rows.len());
                for exprs in rows {
                    let values = exprs.iter().map(|expr| eval(expr, frame, context));
                    kept.push(values.collect::<Result<Vec<_>>>()?);
                }
                for mut row in kept {
                    self.insert_values(&mut row, frame, context)?;
                }
                Ok(())
            }
            Source::Values { rows, runs_first: false } => {
                for exprs in rows {
                    let mut value = |index: usize, frame: &mut Frame, context: &mut Context<'_>| {
                        eval_subtyped(&exprs[index], frame, context)
                    };
                    self.insert(self.rowid, &mut value, frame, context)?;
                }
                Ok(())
            }
            Source::Query { query, width, reads_target } => {
                let outcome = self.insert_query(query, *width, *reads_target, frame, context);
                query.close(frame);
                // What came in before a row that fails is there, where the statement does not take it back.
                outcome.and(self.write_appended(context))
            }
        }
    }

    fn insert_query(
        &mut self,
        query: &mut Query,
        width: usize,
        reads_target: bool,
        frame: &mut Frame,
        context: &mut Context<'_>,
    ) -> Result<()> {
        query.start(frame, context)?;
        let mut kept: Vec<Vec<Value>> = Vec::new();
        let mut row = Vec::with_capacity(width);
        while query.next(frame, context)? {
            if !reads_target && self.append(query, frame, context)? {
                continue;
            }
            query.take_row(frame, &mut row)?;
            if reads_target {
                kept.push(std::mem::take(&mut row));
            } else {
                self.insert_values(&mut row, frame, context)?;
            }
        }
        query.close(frame);
        for mut row in kept {
            self.insert_values(&mut row, frame, context)?;
        }
        Ok(())
    }

    /// Appends rows from the query's present one on; false where that has to be inserted by itself.
    fn append(&mut self, query: &mut Query, frame: &mut Frame, context: &mut Context<'_>) -> Result<bool> {
        let Some(rows) = &mut self.appended else { return Ok(false) };
        let Some(appended) = rows.append(query, self.target.database, frame, context)? else {
            return self.write_appended(context).map(|()| false);
        };
        context.session.last_insert_rowid = appended.last;
        *self.changes += appended.count as i64;
        Ok(true)
    }

    fn write_appended(&mut self, context: &mut Context<'_>) -> Result<()> {
        match &mut self.appended {
            Some(appended) => appended.finish(context.session.transaction_mut(self.target.database)),
            None => Ok(()),
        }
    }

    fn insert_values(
        &mut self,
        row: &mut [Value],
        frame: &mut Frame,
        context: &mut Context<'_>,
    ) -> Result<()> {
        let mut value =
            |index: usize, _: &mut Frame, _: &mut Context<'_>| Ok((std::mem::take(&mut row[index]), false));
        self.insert(self.rowid, &mut value, frame, context)
    }

    /// Inserts one row whose given values `value` computes, and says of each whether it has the JSON subtype.
    fn insert(
        &mut self,
        rowid: Option<usize>,
        value: &mut dyn FnMut(usize, &mut Frame, &mut Context<'_>) -> Result<(Value, bool)>,
        frame: &mut Frame,
        context: &mut Context<'_>,
    ) -> Result<()> {
        let base = self.target.base(Image::New).0;
        for (index, source) in self.columns.iter().enumerate() {
            let (value, is_json) = match source {
                ColumnSource::Given(given) => value(*given, frame, context)?,
                ColumnSource::Default => match &self.target.columns[index].default {
                    Some(Ok(default)) => {
                        let (mut value, is_json) = eval_subtyped(default, frame, context)?;
                        if self.is_settled && !is_volatile(default) {
                            affinity::apply(&mut value, self.target.columns[index].affinity);
                        }
                        (value, is_json)
                    }
                    Some(Err(_)) | None => (Value::Null, false),
                },
                ColumnSource::Rowid | ColumnSource::Generated => (Value::Null, false),
            };
            frame.registers[base + index] = value;
            frame.tell_json(Register(base + index), is_json);
        }
        let given = match rowid {
            Some(given) => rowid_of(&value(given, frame, context)?.0)?,
            None => None,
        };
        if self.target.is_view {
            return self.insert_into_view(frame, context);
        }
        let is_given = given.is_some();
        let is_bare = self.answers_rowid && self.target.completes_late(context);
        if self.triggers.has_before() {
            let count = self.target.columns.len();
            let bare = is_bare.then(|| frame.registers[base..base + count].to_vec());
            if self.fire_before(given, frame, context)? == RowOutcome::Ignore {
                return Ok(());
            }
            if let Some(bare) = bare {
                frame.registers[base..base + count].clone_from_slice(&bare);
            }
        }
        if !self.target.table.without_rowid {
            let rowid = match (self.sequence, given) {
                (Some((sequence, programs)), given) => {
                    programs.sequence_rowid(sequence, given, context.session)?
                }
                (None, Some(rowid)) => rowid,
                (None, None) => next_rowid(self.target.database, self.target.table.tree, context.session)?,
            };
            frame.set_register(self.target.rowid_register(Image::New), Value::Integer(rowid));
        }
        if !is_bare {
            self.target.complete_row(frame, context)?;
        }
        if self.target.check_row(self.or, None, frame, context)? == Verdict::Ignore {
            return Ok(());
        }
        let mut is_left_bare = is_bare;
        let resolution =
            self.target.resolve_conflicts(self.steps, None, is_given, &mut is_left_bare, frame, context)?;
        self.is_settled |= !is_left_bare;
        match resolution {
            Resolution::Ignore => return Ok(()),
            Resolution::Upsert(clause) => return self.upsert(clause, frame, context),
            Resolution::Write => {}
        }
        self.target.before_insert(self.is_single, frame, context)?;
        self.target.insert_row(frame, context)?;
        self.target.tell_of(RowChange::Insert, Image::New, frame, context);
        *self.changes += 1;
        if !self.target.table.without_rowid {
            let rowid = self.target.rowid(Image::New, frame);
            context.session.last_insert_rowid = rowid;
        }
        let images = self.target.base(Image::New);
        if self.triggers.fire_after_temp(images, frame, context.session)? == RowOutcome::Ignore {
            return Ok(());
        }
        let is_converted = early_readers(self.target, None).convert(context.session);
        self.returning.collect(is_converted, self.rows, frame, context)?;
        self.triggers.fire_after(images, frame, context.session)?;
        Ok(())
    }

    /// Nothing is written and nothing is counted. The row is as it was given, but a trigger that reads a REAL column of
    /// it reads a real.
    fn insert_into_view(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        let (images, width) = (self.target.base(Image::New), self.target.columns.len());
        let given = frame.register_range(images, width).to_vec();
        self.target.settle_reals(Image::New, frame);
        if self.triggers.fire_before(images, frame, context.session)? == RowOutcome::Ignore {
            return Ok(());
        }
        frame.register_range(images, width).clone_from_slice(&given);
        *self.changes += 1;
        self.returning.collect(false, self.rows, frame, context)
    }

    /// BEFORE triggers see the row complete, but for a rowid that is yet to be chosen: that is -1.
    fn fire_before(
        &mut self,
        rowid: Option<i64>,
        frame: &mut Frame,
        context: &mut Context<'_>,
    ) -> Result<RowOutcome> {
        let register = self.target.rowid_register(Image::New);
        frame.set_register(register, Value::Integer(rowid.unwrap_or(-1)));
        self.target.complete_row(frame, context)?;
        if self.target.table.strict {
            self.target.check_types(frame, context)?;
        }
        self.triggers.fire_before(self.target.base(Image::New), frame, context.session)
    }

    /// DO UPDATE on the row that stands in the way, or DO NOTHING.
    fn upsert(&mut self, clause: usize, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        let Upsert::Update { assignments, filter, update } = &self.upserts[clause] else {
            return Ok(());
        };
        let identity = std::mem::take(&mut self.target.buffers.conflict);
        let mut record = std::mem::take(&mut self.target.buffers.old_record);
        let found = self.target.load(Image::Old, &identity, &mut record, frame, context);
        self.target.buffers.conflict = identity;
        if !found? {
            return Err(super::row::row_vanished());
        }
        self.target.settle_reals(Image::New, frame);
        if let Some(filter) = filter
            && !crate::execute::is_true(filter, frame, context)?
        {
            self.target.buffers.old_record = record;
            return Ok(());
        }
        assignments.eval(&mut self.assigned, frame, context)?;
        let outcome = update.run(
            self.target,
            &mut record,
            assignments,
            &mut self.assigned,
            self.returning,
            self.rows,
            self.changes,
            frame,
            context,
        );
        self.target.buffers.old_record = record;
        outcome
    }
}

fn map_columns(insert: &ast::Insert, table: &Table) -> Result<Mapping> {
    let default = |column: usize| {
        if table.rowid_alias == Some(column) {
            ColumnSource::Rowid
        } else if table.columns[column].generated.is_some() {
            ColumnSource::Generated
        } else {
            ColumnSource::Default
        }
    };
    let mut columns: Vec<ColumnSource> = (0..table.columns.len()).map(default).collect();
    let mut rowid = None;
    let Some(names) = &insert.columns else {
        let mut width = 0;
        if insert.source != InsertSource::DefaultValues {
            for (column, source) in columns.iter_mut().enumerate() {
                match source {
                    ColumnSource::Generated => continue,
                    ColumnSource::Rowid => rowid = Some(width),
                    ColumnSource::Default | ColumnSource::Given(_) => *source = ColumnSource::Given(width),
                }
                debug_assert!(column >= width, "a row has no more values than columns");
                width += 1;
            }
        }
        return Ok(Mapping { columns, rowid, width });
    };
    for (given, name) in names.iter().enumerate() {
        match table.columns.iter().position(|column| name.is(&column.name)) {
            Some(column) => match columns[column] {
                ColumnSource::Generated => {
                    let name = &table.columns[column].name;
                    return Err(Error::error(format!("cannot INSERT into generated column \"{name}\"")));
                }
                ColumnSource::Rowid => rowid = Some(given),
                ColumnSource::Default => columns[column] = ColumnSource::Given(given),
                // A column named twice takes the first value.
                ColumnSource::Given(_) => {}
            },
            None if !table.without_rowid && is_rowid_name(&name.text) => rowid = Some(given),
            None => {
                return Err(Error::error(format!(
                    "table {} has no column named {}",
                    shown_name(insert),
                    name.text
                )));
            }
        }
    }
    Ok(Mapping { columns, rowid, width: names.len() })
}

/// The table as the statement calls it.
fn shown_name(insert: &ast::Insert) -> String {
    let ast::QualifiedName { schema, name } = &insert.table;
    match (&insert.alias, schema) {
        (Some(alias), _) => alias.text.to_string(),
        (None, Some(schema)) => format!("{}.{}", schema.text, name.text),
        (None, None) => name.text.to_string(),
    }
}

fn check_width(insert: &ast::Insert, mapping: &Mapping, given: usize, is_default: bool) -> Result<()> {
    match &insert.columns {
        Some(names) if given != names.len() => {
            Err(Error::error(format!("{given} values for {} columns", names.len())))
        }
        None if given != mapping.width && !is_default => Err(Error::error(format!(
            "table {} has {} columns but {given} values were supplied",
            shown_name(insert),
            mapping.width
        ))),
        _ => Ok(()),
    }
}

/// A default is compiled only where it is taken: so SQLite first meets a function it does not have.
fn check_defaults(mapping: &Mapping, or: Option<ConflictAction>, target: &mut Target) -> Result<()> {
    for (source, column) in mapping.columns.iter().zip(&mut target.columns) {
        let replaces_null = column.not_null.map(|own| or.unwrap_or(own)) == Some(ConflictAction::Replace);
        if (matches!(source, ColumnSource::Default) || replaces_null)
            && let Some(Err(error)) = column.default.take_if(|default| default.is_err())
        {
            return Err(match error.message.strip_prefix("no such function: ") {
                Some(name) => Error::error(format!("unknown function: {name}()")),
                None => error,
            });
        }
    }
    Ok(())
}

fn asks_subquery(expr: &Expr) -> bool {
    names_subquery(expr)
}

/// Whether `x IN (SELECT …)` searches the table itself, by its rowid or an index, each time it is asked.
fn looks_up(select: &Select, session: &Session) -> bool {
    let Body::Core(core) = &select.body else { return false };
    let (Some(From::Table(source)), [output]) = (&core.from, &core.outputs[..]) else { return false };
    let is_plain =
        core.filter.is_none() && core.grouping.is_none() && !core.distinct && select.limit.is_none();
    let is_indexed = match output {
        Expr::Rowid(_) => true,
        Expr::Column { column, .. } => session
            .catalog(source.database)
            .indexes_of(&source.table.name)
            .iter()
            .any(|index| matches!(index.columns[0].term, IndexTerm::Column(first) if first == *column)),
        _ => false,
    };
    is_plain && is_indexed
}
