//! Views that change: the rows an UPDATE or DELETE is about are computed, then INSTEAD OF triggers fire for each.
//!
//! ```text
//! view ─► rows (WHERE, ORDER BY, LIMIT) ─► kept ─► one by one: old, SET ─► new ─► INSTEAD OF triggers ─► RETURNING
//! ```
//! To its triggers a view is a table without indexes, checks and a rowid. Nothing is
//! written and nothing counted but by the triggers. INSERT goes its ordinary way (`insert`) to the same end.

use std::sync::Arc;

use pluresdb_sql::ast;
use pluresdb_value::Value;

use super::{RowEvent, RowTriggers};
use crate::catalog::{DatabaseIndex, Table, View};
use crate::dml::as_query;
use crate::dml::assignment::{Assigned, Assignments, NewValue};
use crate::dml::found::{FinderRequest, Search};
use crate::dml::returning::{Returning, check_wildcards};
use crate::dml::row_program::RowOutcome;
use crate::dml::surroundings::Surroundings;
use crate::dml::target::{Image, Target};
use crate::execute::{Context, Frame, RowSource, row_size};
use crate::plan::{self, PlanLine};
use crate::resolve::tree::{From, OutputColumn, Program, Register};
use crate::resolve::{Resolver, ScopeColumn, view_as_table};
use crate::session::Session;
use crate::{Error, Result};

/// The view's columns as those of a table, as they were when it was last resolved if SQLite would still know them.
pub(crate) fn columns_of_view(
    session: &Session,
    database: DatabaseIndex,
    view: &Arc<View>,
) -> Result<Arc<Table>> {
    if database == DatabaseIndex::TEMP
        && let Some(known) = session.known_views.columns_of(&view.name)
    {
        return Ok(known);
    }
    let mut resolver = Resolver::new(session, &view.sql, 0).unasked();
    resolver.push_scope(Vec::new());
    let unnamed = view.columns.as_ref().map(|_| Arc::new(View { columns: None, ..View::clone(view) }));
    resolver.resolve_view(database, unnamed.as_ref().unwrap_or(view), None)?;
    let sources = resolver.into_scope().unwrap_or_default();
    let found: Vec<&ScopeColumn> = sources.iter().flat_map(|source| &source.columns).collect();
    let table = view_as_table(view, &found);
    if database == DatabaseIndex::TEMP {
        session.known_views.note(&view.name, &table);
    }
    Ok(table)
}

/// A view can be changed when a trigger does it. For SQLite, RETURNING is a trigger like any other: with it, some
/// trigger on the view is enough, whatever it fires for.
pub(crate) fn check_view(
    surroundings: &Surroundings<'_>,
    database: DatabaseIndex,
    view: &Table,
    triggers: &RowTriggers,
    is_returning: bool,
) -> Result<()> {
    let has_any = || super::all_on(surroundings.session, database, &view.name).next().is_some();
    if triggers.is_empty() && !(is_returning && has_any()) {
        return Err(Error::error(format!("cannot modify {} because it is a view", view.name)));
    }
    Ok(())
}

/// What an UPDATE or DELETE says, as far as it is the same for both.
pub(crate) struct ViewRequest<'a> {
    /// None: DELETE.
    assignments: Option<&'a [ast::Assignment]>,
    with: Option<&'a ast::With>,
    or: Option<ast::ConflictAction>,
    rows: FinderRequest<'a>,
    returning: &'a [ast::ResultColumn],
}

impl<'a> ViewRequest<'a> {
    pub fn of_update(update: &'a ast::Update) -> ViewRequest<'a> {
        ViewRequest {
            assignments: Some(&update.assignments),
            with: update.with.as_ref(),
            or: update.or,
            rows: FinderRequest::of_update(update),
            returning: &update.returning,
        }
    }

    pub fn of_delete(delete: &'a ast::Delete) -> ViewRequest<'a> {
        ViewRequest {
            assignments: None,
            with: delete.with.as_ref(),
            or: None,
            rows: FinderRequest::of_delete(delete),
            returning: &delete.returning,
        }
    }
}

/// UPDATE or DELETE of a view.
pub(crate) struct ViewChange {
    program: Program,
    frame: Frame,
    target: Target,
    triggers: RowTriggers,
    rows: RowSource,
    /// Where the view's row stands while the rows are found.
    output: Register,
    /// The columns that the application wants to be NULL.
    ignored: Vec<usize>,
    /// None: DELETE.
    assignments: Option<Assignments>,
    has_from: bool,
    returning: Returning,
    lines: Vec<PlanLine>,
}

/// A row of the view; with FROM, also what it becomes.
struct FoundRow {
    row: Vec<Value>,
    assigned: Vec<NewValue>,
}

impl ViewChange {
    pub fn is_delete(&self) -> bool {
        self.assignments.is_none()
    }

    pub fn compile(
        surroundings: &Surroundings<'_>,
        request: &ViewRequest<'_>,
        database: DatabaseIndex,
        view: &Arc<View>,
    ) -> Result<ViewChange> {
        let session = surroundings.session;
        let table = columns_of_view(session, database, view)?;
        let event = request.assignments.map_or(RowEvent::Delete, RowEvent::Update);
        let or = request.assignments.and_then(|_| surroundings.conflict(request.or));
        let triggers = RowTriggers::compile(surroundings, database, &table, event, or)?;
        check_view(surroundings, database, &table, &triggers, !request.returning.is_empty())?;
        surroundings.programs.note(triggers.steps().collect());
        if !request.rows.order_by.is_empty() && request.rows.limit.is_none() {
            let verb = if request.assignments.is_some() { "UPDATE" } else { "DELETE" };
            return Err(Error::error(format!("ORDER BY without LIMIT on {verb}")));
        }
        let mut resolver = surroundings.resolver();
        resolver.ask_query_late();
        if let Some(with) = request.with {
            resolver.push_with(with)?;
        }
        let mut target = Target::compile(session, &mut resolver, database, &table)?;
        target.is_view = true;
        let has_from = request.rows.from.is_some();
        let schema = request.rows.alias.is_none().then(|| session.database_name(database));
        let scope = || vec![target.scope(request.rows.alias.unwrap_or(&view.name), schema, Image::Old)];
        let mut assignments = None;
        // SQLite looks at SET before it asks what the view is made of, and at WHERE once more behind that.
        if let (Some(written), false) = (request.assignments, has_from) {
            resolver.push_scope(scope());
            let compiled = Assignments::compile(written, &target, &mut resolver);
            resolver.pop_scope();
            assignments = Some(compiled?);
        }
        let of_set = resolver.take_late_questions(0);
        // SQLite makes the view a table first, and what it asks for from here on is asked for in the view's name.
        resolver.enter_context(&view.name);
        resolver.ask_query_now()?;
        let found = ViewRows::resolve(&request.rows, database, view, &mut resolver, &mut |resolver| {
            if let (Some(written), true) = (request.assignments, has_from) {
                assignments = Some(Assignments::compile(written, &target, resolver)?);
            }
            Ok(())
        });
        let found = match (found, request.rows.filter) {
            (Err(error), Some(filter)) if !has_from => {
                resolver.push_scope(scope());
                let last = resolver.error_behind(error, filter);
                resolver.pop_scope();
                return Err(last);
            }
            (found, _) => found?,
        };
        as_query::check_apart(surroundings, &request.rows, request.with, database, &view.name)?;
        if surroundings.is_asking() {
            resolver.ask_late_questions()?;
            if let (Some(filter), false) = (request.rows.filter, has_from) {
                resolver.push_scope(scope());
                let again = resolver.resolve_expr(filter);
                resolver.pop_scope();
                again?;
                resolver.take_late_questions(0);
            }
            resolver.add_late_questions(of_set);
            resolver.rename_late_questions(&view.name);
            resolver.ask_late_questions()?;
            surroundings.compile_in_turn(triggers.steps())?;
        }
        let image = if request.assignments.is_some() { Image::New } else { Image::Old };
        check_wildcards(request.returning)?;
        let returning = Returning::compile(request.returning, &target, image, session, &mut resolver)?;
        let program = resolver.finish()?;
        let (rows, lines) = found.plan(view, &program, session)?;
        let frame = Frame::new(&program);
        let (output, ignored) = (found.output, found.ignored);
        Ok(ViewChange {
            program,
            frame,
            target,
            triggers,
            rows,
            output,
            ignored,
            assignments,
            has_from,
            returning,
            lines,
        })
    }

    pub fn database(&self) -> DatabaseIndex {
        self.target.database
    }

    pub fn columns(&self) -> &[OutputColumn] {
        &self.returning.columns
    }

    pub fn explain(&self) -> &[PlanLine] {
        &self.lines
    }

    #[inline(never)]
    pub fn run(
        &mut self,
        session: &mut Session,
        parameters: &[Value],
        rows: &mut Vec<Vec<Value>>,
        handed: &mut i64,
    ) -> Result<()> {
        let ViewChange { program, frame, rows: source, .. } = self;
        frame.reset();
        let mut context = Context::new(session, parameters, program);
        let found = find(
            source,
            self.output,
            &self.target,
            self.assignments.as_ref(),
            self.has_from,
            frame,
            &mut context,
        );
        source.close(frame);
        let mut found = found?;
        for row in &mut found {
            self.ignored.iter().for_each(|column| row.row[*column] = Value::Null);
        }
        // SQLite counts what DELETE found, but only what UPDATE's triggers did not ignore.
        let is_delete = self.assignments.is_none();
        for row in found {
            context.step()?;
            *handed += i64::from(is_delete);
            change_row(row, self.assignments.as_ref(), self.has_from, &self.target, frame, &mut context)?;
            if !is_delete && !self.triggers.is_empty() {
                self.target.apply_affinities(frame);
            }
            let images = match self.assignments {
                Some(_) => self.target.base(Image::New),
                None => self.target.base(Image::Old),
            };
            if self.triggers.fire_before(images, frame, context.session)? == RowOutcome::Continue {
                *handed += i64::from(!is_delete);
                self.returning.collect(true, rows, frame, &mut context)?;
            }
        }
        Ok(())
    }
}

fn find(
    source: &mut RowSource,
    output: Register,
    target: &Target,
    assignments: Option<&Assignments>,
    has_from: bool,
    frame: &mut Frame,
    context: &mut Context<'_>,
) -> Result<Vec<FoundRow>> {
    let mut found = Vec::new();
    source.start(frame, context)?;
    while source.next(frame, context)? {
        let row = frame.register_range(output, target.columns.len()).to_vec();
        let mut assigned = Vec::new();
        if let (true, Some(assignments)) = (has_from, assignments) {
            assignments.eval(&mut assigned, frame, context)?;
        }
        frame.memory.charge(row_size(&row))?;
        found.push(FoundRow { row, assigned });
    }
    Ok(found)
}

/// Puts the row into the `Old` image, and what it becomes into `New`.
fn change_row(
    found: FoundRow,
    assignments: Option<&Assignments>,
    has_from: bool,
    target: &Target,
    frame: &mut Frame,
    context: &mut Context<'_>,
) -> Result<()> {
    let FoundRow { row, mut assigned } = found;
    let width = row.len();
    frame.register_range(target.base(Image::Old), width).clone_from_slice(&row);
    target.settle_reals(Image::Old, frame);
    if assignments.is_some() {
        let old = frame.register_range(target.base(Image::Old), width).to_vec();
        frame.register_range(target.base(Image::New), width).clone_from_slice(&old);
    }
    if let (false, Some(assignments)) = (has_from, assignments) {
        assignments.eval(&mut assigned, frame, context)?;
    }
    for column in 0..width {
        frame.tell_json(target.register(Image::New, column), false);
    }
    for NewValue { assigned, value, is_json } in assigned {
        // A view's rowid may be assigned; nobody sees it.
        if let Assigned::Column(column) = assigned {
            let register = target.register(Image::New, column);
            frame.set_register(register, value);
            frame.tell_json(register, is_json && !has_from);
        }
    }
    Ok(())
}

/// The rows of the view that are meant, resolved.
struct ViewRows {
    output: Register,
    /// The columns that the application wants to be NULL.
    ignored: Vec<usize>,
    search: Search,
}

impl ViewRows {
    /// `in_scope` is called while the names of FROM can be seen. An alias of the view is not among them, as in SQLite.
    fn resolve(
        request: &FinderRequest<'_>,
        database: DatabaseIndex,
        view: &Arc<View>,
        resolver: &mut Resolver<'_>,
        in_scope: &mut dyn FnMut(&mut Resolver<'_>) -> Result<()>,
    ) -> Result<ViewRows> {
        resolver.push_scope(Vec::new());
        let alias = request.from.and(request.alias).map(str::to_owned);
        let from = resolver.resolve_view(database, view, alias)?;
        let From::Subquery { output, .. } = from else {
            return Err(Error::error(format!("cannot modify {} because it is a view", view.name)));
        };
        let ignored = resolver.ignored_columns()?;
        Ok(ViewRows { output, ignored, search: Search::resolve(from, request, resolver, in_scope)? })
    }

    fn plan(&self, view: &View, program: &Program, session: &Session) -> Result<(RowSource, Vec<PlanLine>)> {
        let node = plan::plan_row_source(&self.search.request(None), program, session)?;
        let mut lines = plan::explain_row_source(&node, program, session)?;
        if matches!(self.search.from, From::Subquery { .. }) {
            // SQLite materializes the view, then scans that.
            let id = lines.iter().map(|line| line.id).max().unwrap_or(1) + 1;
            lines.push(PlanLine { id, parent: 0, detail: format!("SCAN {}", view.name) });
        }
        Ok((RowSource::new(node), lines))
    }
}
