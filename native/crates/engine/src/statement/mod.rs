//! A prepared statement: compiled once, bound and stepped many times.
//!
//!     prepare ─► Ready ── first step ──► Running ── last row ──► Done
//!                  ▲                        │                      │
//!                  └────────── reset ───────┴──────────────────────┘
//!
//! The first step takes the snapshots, compiles again when the schema of the snapshot is not the one the statement
//! was compiled for, and begins the write transaction when the statement writes. Queries hand out rows as they find
//! them; everything else runs whole in the first step and hands out the rows it collected (RETURNING, PRAGMA).
//!
//! Always true:
//! - A statement that ends, well or badly, has given back what it began: `transaction` decides what is kept.

mod alter_questions;
mod authorization;
mod cache;
mod compile;
mod detached;
mod expanded;
mod refusal;
mod template;
mod transaction;

use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use pluresdb_sql::{Dialect, Parsed, ast};
use pluresdb_value::{Value, ValueRef};

pub(crate) use authorization::{authorize, has_several_rows};
pub(crate) use cache::StatementCache;
pub(crate) use compile::Effect;
pub use detached::DetachedQuery;
pub(crate) use refusal::not_a_database;
pub(crate) use template::Templates;
pub(crate) use transaction::busy_handler;

use crate::catalog::DatabaseIndex;
use crate::catalog::define::Definition;
use crate::connection::Connection;
use crate::execute::{ColumnBuilder, Context, Frame, Query, ResultColumn, Run};
use crate::plan::plan_select;
use crate::resolve::tree::{Program, Select};
use crate::session::{Session, Settings};
use crate::work::Work;
use crate::{Error, Result, ResultCode};
use compile::{Compiled, Explained, Operation};
use template::Template;
use transaction::StatementScope;

/// What `step` reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Row,
    Done,
}

/// What is known about a result column before any row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ColumnMetadata {
    pub name: Arc<str>,
    pub declared_type: Option<Arc<str>>,
    /// Where its values come from, when they are a column's.
    pub database: Option<Arc<str>>,
    pub table: Option<Arc<str>>,
    pub column: Option<Arc<str>>,
}

pub struct Statement {
    core: Box<Core>,
}

/// The text of a statement and what the parser made of it, while it is compiled.
pub(crate) struct Source<'s> {
    /// Spans of `parsed` point into it.
    pub text: &'s str,
    pub parsed: Parsed,
}

impl<'s> Source<'s> {
    /// The statement that starts at or after `offset`; None when there is none.
    fn parse(text: &'s str, offset: usize, dialect: Dialect) -> Result<Option<Source<'s>>> {
        let parsed = pluresdb_sql::parse_dialect(text, offset, dialect).map_err(parse_error)?;
        Ok(parsed.map(|parsed| Source { text, parsed }))
    }
}

struct Core {
    /// As given to `prepare`; of a script's later statements, their own part. Parsed anew when it must be compiled again.
    text: Arc<str>,
    /// Where the statement ends in it.
    end: usize,
    parameter_names: Vec<Option<Box<str>>>,
    is_explain: bool,
    compiled: Compiled,
    /// Those that have a name or a `?`; behind them the literals that a template has parameters for.
    parameters: Vec<Value>,
    phase: Phase,
    /// Rows collected by a statement that is no query, and the next one to hand out.
    rows: Vec<Vec<Value>>,
    next_row: usize,
    /// Prepared from the start of a text: its whole text finds it in the cache.
    cacheable: bool,
    /// Counts compilations: when it changes, so may the columns.
    compilation: u32,
    scope: StatementScope,
    /// Whose operation it runs.
    template: Option<Rc<Template>>,
    work: Work,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Ready,
    Running,
    Done,
}

impl Statement {
    pub(crate) fn prepare(
        connection: &mut Connection,
        sql: &str,
        offset: usize,
    ) -> Result<Option<(Statement, usize)>> {
        if sql.len() - offset > connection.session.settings.max_sql_length {
            return Err(Error::new(ResultCode::TooBig, "statement too long"));
        }
        let dialect = connection.session.settings.dialect();
        let parsed = pluresdb_sql::parse_dialect(sql, offset, dialect);
        let parsed = parsed.map_err(|error| refused_text(&mut connection.session, sql, error))?;
        let Some(parsed) = parsed else { return Ok(None) };
        let source = Source { text: sql, parsed };
        let end = source.parsed.end;
        check_parameters(&source.parsed.parameters.names, connection.session.settings.max_parameter)?;
        let session = &mut connection.session;
        let held = take_snapshots(session)?;
        session.has_looked_up.set(false);
        let compiled = refusal::check_readable(session, &source.parsed.statement)
            .and_then(|()| compile::compile(session, &source));
        let compiled = refusal::check_compiled(session, &source.parsed.statement, compiled);
        let compiled = compiled.and_then(|mut compiled| {
            compiled.act_when_prepared(session)?;
            Ok(compiled)
        });
        release_snapshots(session, held);
        let parameter_names = source.parsed.parameters.names;
        // A script's statement keeps its own text only, so that a long script is not copied per statement.
        let text = if offset == 0 { sql } else { &sql[offset..end] };
        let compiled = compiled?;
        let acts_when_prepared = compiled.acts_when_prepared();
        let core = Core {
            text: text.into(),
            end: end - offset,
            is_explain: matches!(source.parsed.statement, ast::Statement::Explain(_)),
            compiled,
            parameters: vec![Value::Null; parameter_names.len()],
            parameter_names,
            phase: Phase::Ready,
            rows: Vec::new(),
            next_row: 0,
            cacheable: offset == 0 && !acts_when_prepared,
            compilation: 0,
            scope: StatementScope::default(),
            template: None,
            work: Work::default(),
        };
        Ok(Some((Statement { core: Box::new(core) }, end)))
    }

    pub(crate) fn end(&self) -> usize {
        self.core.end
    }

    /// 0 for a statement that returns no rows.
    pub fn column_count(&self) -> usize {
        self.core.compiled.columns.len()
    }

    /// `index` is below `column_count`.
    pub fn column(&self, index: usize) -> &ColumnMetadata {
        &self.core.compiled.columns[index]
    }

    pub fn parameter_count(&self) -> usize {
        self.core.parameter_names.len()
    }

    /// The name with its prefix (`:a`, `@a`, `$a`, `?5`); parameters count from 0. None for `?`.
    pub fn parameter_name(&self, index: usize) -> Option<&str> {
        self.core.parameter_names.get(index)?.as_deref()
    }

    /// Whether the statement leaves the database files alone, as `sqlite3_stmt_readonly` tells it.
    pub fn is_read_only(&self) -> bool {
        self.core.compiled.read_only
    }

    pub fn returns_rows(&self) -> bool {
        !self.core.compiled.columns.is_empty()
    }

    /// Changes when a change of the schema made the statement compile again: its columns may be others now.
    pub fn compilation(&self) -> u32 {
        self.core.compilation
    }

    /// Statements with the same number, but for 0, have the same columns until their `compilation` changes.
    pub fn columns_number(&self) -> u32 {
        self.core.template.as_ref().map_or(0, |template| template.number())
    }

    pub fn is_explain(&self) -> bool {
        self.core.is_explain
    }

    /// Between the first step and the last row or reset.
    pub fn is_running(&self) -> bool {
        self.core.phase == Phase::Running
    }

    /// Whether preparing the text once more would make the same of it: the schema is still the one it was compiled for,
    /// and it has done nothing by that.
    pub fn is_current(&self, connection: &mut Connection) -> Result<bool> {
        connection.check_usable()?;
        let session = &mut connection.session;
        let held = take_snapshots(session)?;
        let compiled = &self.core.compiled;
        let has_expired = compiled.has_expired(session) && !compiled.is_repeatable();
        let is_current = !has_expired && compiled.fits_schema(session) && !compiled.acts_when_prepared();
        release_snapshots(session, held);
        Ok(is_current)
    }

    /// Another statement of the same text, as far as this one is compiled now: what it runs it compiles when it starts.
    /// None for what acts without being run, or has nothing to compile.
    #[must_use]
    pub fn copy(&self) -> Option<Statement> {
        let Core { text, parameter_names, compiled, .. } = &*self.core;
        if matches!(compiled.operation, Operation::Pragma(_) | Operation::Control(_) | Operation::Explain(..))
        {
            return None;
        }
        let core = Core {
            text: text.clone(),
            end: self.core.end,
            is_explain: false,
            compiled: compiled.without_operation(),
            parameters: vec![Value::Null; parameter_names.len()],
            parameter_names: parameter_names.clone(),
            phase: Phase::Ready,
            rows: Vec::new(),
            next_row: 0,
            cacheable: self.core.cacheable,
            compilation: self.core.compilation,
            scope: StatementScope::default(),
            template: None,
            work: Work::default(),
        };
        Some(Statement { core: Box::new(core) })
    }

    /// Gives parameter `index`, counted from 0, its value until the next `bind` or `clear_bindings`.
    pub fn bind(&mut self, index: usize, value: Value) -> Result<()> {
        self.parameter_mut(index).map(|parameter| *parameter = value)
    }

    /// The place of a parameter's value, where the next one may find the memory of the last.
    #[inline]
    pub fn parameter_mut(&mut self, index: usize) -> Result<&mut Value> {
        if self.core.phase == Phase::Running {
            return Err(Error::new(ResultCode::Misuse, "bad parameter or other API misuse"));
        }
        let parameter = self.core.bound().get_mut(index);
        parameter.ok_or_else(|| Error::new(ResultCode::Range, "column index out of range"))
    }

    pub fn clear_bindings(&mut self) {
        self.core.bound().fill(Value::Null);
    }

    /// The statement's text as given, to its semicolon; white space and comments before it belong to it.
    pub fn sql(&self) -> &str {
        &self.core.text[..self.core.end]
    }

    /// The text with the parameters' values in the parameters' places.
    pub fn expanded_sql(&self, connection: &Connection) -> String {
        let Settings { max_shown_literal, tcl_variables, .. } = connection.session.settings;
        let Core { parameter_names, parameters, .. } = &*self.core;
        expanded::expand(self.sql(), tcl_variables, parameter_names, parameters, max_shown_literal)
    }

    /// Goes to the next row. A statement that is done starts again.
    pub fn step(&mut self, connection: &mut Connection) -> Result<Step> {
        connection.check_usable()?;
        let session = &mut connection.session;
        let outer = std::mem::replace(&mut session.work, self.core.work);
        let outcome = if self.core.phase == Phase::Running {
            self.core.advance(session)
        } else {
            self.core.start(session)
        };
        self.core.work = std::mem::replace(&mut session.work, outer);
        outcome
    }

    /// What it did so far; the count begins anew when it `restarts`.
    pub fn work(&mut self, restarts: bool) -> Work {
        if restarts { std::mem::take(&mut self.core.work) } else { self.core.work }
    }

    /// The current row's value; `index` is below `column_count` and the last step reached a row. It fails only when
    /// the block it stands in cannot be read.
    #[inline]
    pub fn value(&self, index: usize) -> Result<ValueRef<'_>> {
        match &self.core.compiled.operation {
            Operation::Query(query) => query.column(index),
            _ => Ok(self.core.rows[self.core.next_row - 1][index].as_ref()),
        }
    }

    /// Runs the statement to its end and takes its rows by column.
    pub fn columns(&mut self, connection: &mut Connection) -> Result<Vec<ResultColumn>> {
        let outer = std::mem::replace(&mut connection.session.work, self.core.work);
        let collected = self.collect(connection);
        self.core.work = std::mem::replace(&mut connection.session.work, outer);
        let ended = self.try_reset(connection);
        let columns = collected?;
        ended?;
        Ok(columns.into_iter().map(ColumnBuilder::finish).collect())
    }

    fn collect(&mut self, connection: &mut Connection) -> Result<Vec<ColumnBuilder>> {
        connection.check_usable()?;
        self.core.open(&mut connection.session)?;
        if let Some(columns) = self.core.columns(&mut connection.session)? {
            return Ok(columns);
        }
        let mut columns = Vec::new();
        while self.core.advance(&mut connection.session)? == Step::Row {
            // Only now: the first step may have compiled the statement again.
            columns.resize_with(self.column_count(), ColumnBuilder::default);
            for (index, column) in columns.iter_mut().enumerate() {
                column.push(self.value(index)?);
            }
        }
        columns.resize_with(self.column_count(), ColumnBuilder::default);
        Ok(columns)
    }

    /// Rows from the present one on that can be taken at once, column by column; None where there are no such. They are
    /// handed out by that, but for the first: `skip` tells so. No program is to read them while it changes their table.
    pub fn run(&self, limit: usize) -> Option<Run<'_>> {
        match &self.core.compiled.operation {
            Operation::Query(query) if !query.program.reads_live => query.query.run(&query.frame, limit),
            _ => None,
        }
    }

    /// Goes on by so many rows within a run.
    pub fn skip(&mut self, count: usize) {
        if let Operation::Query(query) = &mut self.core.compiled.operation {
            query.query.skip(count, &mut query.frame);
        }
    }

    /// Ends the execution, wherever it stands; a write that was not yet committed is. Bindings stay.
    pub fn reset(&mut self, connection: &mut Connection) {
        // An error here was the last step's; `sqlite3_reset` only repeats it.
        let _repeated = self.core.end(&mut connection.session, None);
        self.core.phase = Phase::Ready;
    }

    /// As `reset`, but tells when the commit that a reset brings fails.
    pub fn try_reset(&mut self, connection: &mut Connection) -> Result<()> {
        let outcome = self.core.end(&mut connection.session, None);
        self.core.phase = Phase::Ready;
        outcome
    }
}

/// SQLITE_LIMIT_VARIABLE_NUMBER, where a connection has lowered it below what the parser knows.
fn check_parameters(names: &[Option<Box<str>>], max: usize) -> Result<()> {
    if names.len() <= max {
        return Ok(());
    }
    let number = |name: &str| name.strip_prefix('?').and_then(|number| number.parse::<usize>().ok());
    let is_numbered = names.iter().flatten().any(|name| number(name).is_some_and(|number| number > max));
    Err(Error::error(if is_numbered {
        format!("variable number must be between ?1 and ?{max}")
    } else {
        "too many SQL variables".to_owned()
    }))
}

impl Core {
    /// The values that `bind` gives.
    #[inline]
    fn bound(&mut self) -> &mut [Value] {
        &mut self.parameters[..self.parameter_names.len()]
    }

    fn start(&mut self, session: &mut Session) -> Result<Step> {
        if let Operation::Query(running) = &mut self.compiled.operation {
            running.query.ask(&running.frame, &self.parameters);
        }
        self.open(session)?;
        self.advance(session)
    }

    fn open(&mut self, session: &mut Session) -> Result<()> {
        if session.active_statements == 0 {
            session.interrupt.store(false, Ordering::Relaxed);
            session.reentry.begin_first();
        }
        self.rows.clear();
        self.next_row = 0;
        session.active_statements += 1;
        self.phase = Phase::Running;
        let outcome = self.begin(session).and_then(|()| self.run(session));
        if outcome.is_ok() && session.foreign_keys.has_no_immediate() {
            return Ok(());
        }
        match transaction::check_immediate_keys(session, outcome) {
            Ok(()) => Ok(()),
            Err(error) => self.fail(session, error),
        }
    }

    /// The whole result of a query that was just opened; None: it comes row by row.
    fn columns(&mut self, session: &mut Session) -> Result<Option<Vec<ColumnBuilder>>> {
        let Operation::Query(query) = &mut self.compiled.operation else { return Ok(None) };
        query.columns(session, &self.parameters).or_else(|error| self.fail(session, error))
    }

    /// Snapshots, a look at the schema, the write transaction.
    fn begin(&mut self, session: &mut Session) -> Result<()> {
        if let (Operation::Lent, Some(template)) = (&self.compiled.operation, &self.template)
            && let Some(operation) = template.borrow()
        {
            self.compiled.operation = operation;
        }
        if let Operation::Control(_) = self.compiled.operation {
            if self.compiled.has_expired(session) {
                self.compile_again(session)?;
            }
            session.work.runs += 1;
            return Ok(());
        }
        // Nothing is there to be read in a temp database that nobody has named; only pragmas look into it.
        let skips_temp = !session.temp_is_open.get()
            && matches!(self.compiled.operation, Operation::Query(_) | Operation::Change(_));
        for (index, database) in session.databases.iter_mut().enumerate() {
            if !skips_temp || DatabaseIndex(index) != DatabaseIndex::TEMP {
                database.transaction.begin_read()?;
            }
        }
        if self.compiled.has_expired(session) {
            self.compile_again(session)?;
        } else if !self.is_explain && !self.compiled.fits_schema(session) {
            self.count_run(session);
            self.compile_again(session)?;
        } else if matches!(self.compiled.operation, Operation::Lent) || !self.compiled.suits(&self.parameters)
        {
            self.compile_alone(session)?;
        }
        self.count_run(session);
        if self.compiled.effect.writes() {
            let is_writing = match self.compiled.effect {
                Effect::Write(database) => session.transaction(database).is_write(),
                Effect::Read | Effect::WriteSome(_) | Effect::WriteAll => false,
            };
            let Compiled { effect, is_atomic, .. } = self.compiled;
            transaction::begin_statement(session, effect, is_atomic, &mut self.scope)?;
            // Another connection may have committed between the snapshot and the lock.
            if !is_writing && !self.compiled.is_current(session) {
                self.compile_again(session)?;
                self.count_run(session);
            }
        }
        session.begin_named(self.compiled.named);
        Ok(())
    }

    /// EXPLAIN does not run what it explains.
    #[inline]
    fn count_run(&self, session: &mut Session) {
        session.work.runs += u64::from(!self.is_explain);
    }

    /// For the schema of the session's snapshots.
    fn compile_again(&mut self, session: &mut Session) -> Result<()> {
        let columns = self.compiled.columns.clone();
        self.compile_alone(session)?;
        session.work.recompilations += 1;
        if self.compiled.columns != columns {
            self.compilation = self.compilation.wrapping_add(1);
        }
        Ok(())
    }

    /// With an operation that is no template's.
    fn compile_alone(&mut self, session: &Session) -> Result<()> {
        // Whatever limits have been lowered since it was prepared.
        let Settings { tcl_variables, limited_changes, .. } = session.settings;
        let dialect = Dialect { tcl_variables, limited_changes, ..Dialect::default() };
        let source = Source::parse(&self.text, 0, dialect)?.expect("the text has been parsed before");
        session.patterns.borrow_mut().values = self.parameters[..self.parameter_names.len()].to_vec();
        self.compiled = compile::compile(session, &source)?;
        // What it runs now is its own.
        self.template = None;
        self.parameters.truncate(self.parameter_names.len());
        Ok(())
    }

    fn run(&mut self, session: &mut Session) -> Result<()> {
        let Core { compiled, parameters, rows, .. } = self;
        compiled.begin_run();
        match &mut compiled.operation {
            Operation::Query(query) => query.start(session, parameters),
            Operation::Change(change) => change.run(session, parameters, rows),
            Operation::Definition(definition) => definition.run(session, parameters),
            Operation::Control(control) => transaction::control(control, session),
            Operation::Pragma(pragma) => pragma.run(session, rows),
            Operation::Upkeep(upkeep) => upkeep.run(session, parameters),
            Operation::Explain(lines, explained) => {
                rows.clone_from(lines);
                if let Explained::Change = explained {
                    session.count_changes(0, true);
                }
                Ok(())
            }
            Operation::Lent => Err(Error::new(ResultCode::Internal, "a statement ran without its operation")),
        }
    }

    fn advance(&mut self, session: &mut Session) -> Result<Step> {
        let found = match &mut self.compiled.operation {
            Operation::Query(query) => query.next(session, &self.parameters),
            _ => {
                let found = self.next_row < self.rows.len();
                self.next_row += usize::from(found);
                Ok(found)
            }
        };
        match found {
            Ok(true) => Ok(Step::Row),
            Ok(false) => {
                let outcome = self.end(session, None);
                self.phase = Phase::Done;
                outcome.map(|()| Step::Done)
            }
            Err(error) => self.fail(session, error),
        }
    }

    fn fail<T>(&mut self, session: &mut Session, error: Error) -> Result<T> {
        let outcome = self.end(session, Some(&error));
        self.phase = Phase::Done;
        outcome?;
        Err(error)
    }

    /// Gives back what the execution holds. Nothing when there is no execution.
    fn end(&mut self, session: &mut Session, error: Option<&Error>) -> Result<()> {
        if self.phase != Phase::Running {
            return Ok(());
        }
        self.phase = Phase::Done;
        if let Operation::Query(query) = &mut self.compiled.operation {
            query.close();
        }
        if let Some(template) = &self.template
            && !matches!(self.compiled.operation, Operation::Lent)
        {
            template.give_back(self.compiled.lend());
        }
        session.active_statements -= 1;
        if session.active_statements == 0 {
            session.callbacks.forget_labels();
        }
        transaction::end_statement(session, &mut self.scope, error)
    }
}

/// Snapshots for compiling; tells which databases had none before.
fn take_snapshots(session: &mut Session) -> Result<bool> {
    let mut was_idle = session.autocommit && session.active_statements == 0;
    for database in &mut session.databases {
        was_idle &= !database.transaction.is_write();
        database.transaction.begin_read()?;
    }
    Ok(was_idle)
}

fn release_snapshots(session: &mut Session, was_idle: bool) {
    if was_idle {
        for database in &mut session.databases {
            database.transaction.end_read();
        }
    }
}

/// Why the text is refused: for what it is, or for what SQLite has met in it before.
#[cold]
fn refused_text(session: &mut Session, text: &str, mut error: pluresdb_sql::ParseError) -> Error {
    let check = |session: &mut Session, begun: &ast::Statement| {
        let held = take_snapshots(session)?;
        let checked = refusal::check_readable(session, begun)
            .and_then(|()| Definition::check_begun(session, begun, text));
        release_snapshots(session, held);
        checked
    };
    match error.begun.take().map(|begun| check(session, &begun)) {
        Some(Err(earlier)) => earlier,
        Some(Ok(())) | None => parse_error(error),
    }
}

pub(crate) fn parse_error(error: pluresdb_sql::ParseError) -> Error {
    Error { offset: error.offset, ..Error::error(error.message) }
}

/// A query with its frame, as the statement drives it.
pub(crate) struct RunningQuery {
    pub program: Program,
    pub query: Query,
    pub frame: Frame,
}

impl RunningQuery {
    pub fn plan(select: &Select, program: Program, session: &Session) -> Result<RunningQuery> {
        let query = Query::of_statement(plan_select(select, &program, session)?);
        let frame = Frame::new(&program);
        Ok(RunningQuery { program, query, frame })
    }

    pub fn start(&mut self, session: &mut Session, parameters: &[Value]) -> Result<()> {
        let RunningQuery { program, query, frame } = self;
        frame.reset();
        query.start(frame, &mut Context::new(session, parameters, program))
    }

    #[inline]
    pub fn next(&mut self, session: &mut Session, parameters: &[Value]) -> Result<bool> {
        let RunningQuery { program, query, frame } = self;
        // A row takes too few steps to be polled within.
        session.check_interrupt()?;
        query.next(frame, &mut Context::new(session, parameters, program))
    }

    /// The whole result; None when it comes row by row.
    fn columns(&mut self, session: &mut Session, parameters: &[Value]) -> Result<Option<Vec<ColumnBuilder>>> {
        let RunningQuery { program, query, frame } = self;
        let Some(scan) = query.as_columns() else { return Ok(None) };
        let columns = scan.run(frame, &mut Context::new(session, parameters, program))?;
        if columns.is_none() {
            // It may have begun to read.
            self.start(session, parameters)?;
        }
        Ok(columns)
    }

    #[inline]
    pub fn column(&self, index: usize) -> Result<ValueRef<'_>> {
        self.query.column(index, &self.frame)
    }

    pub fn close(&mut self) {
        self.query.close(&mut self.frame);
    }
}
