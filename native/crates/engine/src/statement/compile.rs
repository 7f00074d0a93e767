//! From syntax tree to something that runs: which operation a statement is, its columns, what it touches.

use std::rc::Rc;
use std::sync::Arc;

use pluresdb_sql::ast;
use pluresdb_value::Value;

use super::authorization::{authorize, authorize_definition};
use super::transaction::Control;
use super::{ColumnMetadata, RunningQuery, Source};
use crate::callback::Permission;
use crate::catalog::define::Definition;
use crate::catalog::{Catalog, DatabaseIndex, DatabaseSet};
use crate::dml::Change;
use crate::plan;
use crate::pragma::Pragma;
use crate::resolve::Resolver;
use crate::resolve::tree::{ColumnOrigin, OutputColumn};
use crate::session::{PatternParameter, Session};
use crate::upkeep::Upkeep;
use crate::{Error, Result, ResultCode};

/// What a statement does to databases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    Read,
    Write(DatabaseIndex),
    /// Several: by triggers, or by temp objects that name what is changed.
    WriteSome(DatabaseSet),
    /// Every database that can be written: VACUUM, ANALYZE.
    WriteAll,
}

impl Effect {
    /// Writing these databases, each of which must be writable.
    pub fn of(databases: impl IntoIterator<Item = DatabaseIndex>) -> Effect {
        let mut databases = databases.into_iter();
        let Some(first) = databases.next() else { return Effect::Read };
        let one = DatabaseSet::default().with(first);
        let all = databases.fold(one, DatabaseSet::with);
        if all == one { Effect::Write(first) } else { Effect::WriteSome(all) }
    }

    pub fn writes(self) -> bool {
        self != Effect::Read
    }
}

pub(crate) enum Operation {
    Query(Box<RunningQuery>),
    Change(Box<Change>),
    Definition(Box<Definition>),
    Control(Control),
    Pragma(Box<Pragma>),
    Upkeep(Box<Upkeep>),
    /// The rows of EXPLAIN, and what they are of.
    Explain(Vec<Vec<Value>>, Explained),
    /// The template has it while the statement is not running.
    Lent,
}

/// What EXPLAIN does beside its rows.
pub(crate) enum Explained {
    /// Of a statement whose end says how many rows were changed.
    Change,
    /// Of a pragma that sets a flag: SQLite does so for an EXPLAIN, too.
    Flag(Box<Pragma>),
    Other,
}

pub(crate) struct Compiled {
    pub operation: Operation,
    pub columns: Rc<[ColumnMetadata]>,
    pub effect: Effect,
    /// It changes at most one thing, as its last deed: there is nothing to undo when it fails.
    pub is_atomic: bool,
    pub read_only: bool,
    /// The schema it was compiled for, by database.
    catalogs: Rc<[Arc<Catalog>]>,
    /// `age` then.
    age: u64,
    /// Whether the schema matters at all.
    depends_on_schema: bool,
    /// What it names, apart from EXPLAIN.
    pub named: DatabaseSet,
    /// Parameters whose values decide the plan.
    patterns: Rc<[PatternParameter]>,
    switches: Switches,
    /// A definition gives what it prepared away when it runs: the next run prepares it anew, also after a rollback.
    is_spent: bool,
    /// It has run, and is one of those that SQLite compiles for a single run: most pragmas, and ANALYZE.
    is_over: bool,
}

/// The settings that decide how a statement is compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Switches {
    recursive_triggers: bool,
    foreign_keys: bool,
    defer_foreign_keys: bool,
    count_changes: bool,
    full_column_names: bool,
    short_column_names: bool,
    case_sensitive_like: bool,
    reverse_unordered_selects: bool,
    writes_schema: bool,
}

impl Switches {
    fn of(session: &Session) -> Switches {
        let settings = &session.settings;
        Switches {
            recursive_triggers: settings.recursive_triggers,
            foreign_keys: settings.foreign_keys,
            defer_foreign_keys: settings.defer_foreign_keys,
            count_changes: settings.count_changes,
            full_column_names: settings.full_column_names,
            short_column_names: settings.short_column_names,
            case_sensitive_like: settings.case_sensitive_like,
            reverse_unordered_selects: settings.reverse_unordered_selects,
            writes_schema: settings.writes_schema(),
        }
    }
}

impl Compiled {
    /// Whether every database still has the schema this was compiled for.
    #[inline]
    pub fn is_current(&self, session: &Session) -> bool {
        !self.has_expired(session) && self.fits_schema(session)
    }

    /// Whether it is to be compiled again, whatever the schema is.
    #[inline]
    pub fn has_expired(&self, session: &Session) -> bool {
        self.is_over
            || self.age != age(session)
            || (self.switches != Switches::of(session) && !self.acts_when_prepared())
    }

    #[inline]
    pub fn fits_schema(&self, session: &Session) -> bool {
        if !self.depends_on_schema {
            return true;
        }
        let Compiled { catalogs, .. } = self;
        let databases = &session.databases[..];
        !self.is_spent
            && catalogs.len() == databases.len()
            && (0..catalogs.len())
                .all(|index| Arc::ptr_eq(&catalogs[index], databases[index].transaction.catalog()))
    }

    /// Whether the plan may be run with these values bound: a pattern that is a parameter decides about an index.
    #[inline]
    pub fn suits(&self, parameters: &[Value]) -> bool {
        !self.patterns.iter().any(|pattern| pattern.decides_otherwise(parameters))
    }

    /// Whether it is a pragma that sets a flag: SQLite does so while it compiles.
    pub fn acts_when_prepared(&self) -> bool {
        match &self.operation {
            Operation::Pragma(pragma) => pragma.sets_flag(),
            Operation::Explain(_, Explained::Flag(_)) => true,
            _ => false,
        }
    }

    /// Does what is done by that.
    pub fn act_when_prepared(&mut self, session: &mut Session) -> Result<()> {
        match &mut self.operation {
            Operation::Explain(_, Explained::Flag(pragma)) => pragma.set_flag(session),
            Operation::Pragma(pragma) if pragma.sets_flag() => pragma.set_flag(session),
            _ => Ok(()),
        }
    }

    /// It begins to run: what it runs may be of no further use.
    pub fn begin_run(&mut self) {
        self.is_spent =
            matches!(&self.operation, Operation::Definition(definition) if !definition.is_nothing());
        self.is_over = match &self.operation {
            Operation::Pragma(pragma) => !pragma.is_reusable(),
            Operation::Upkeep(upkeep) => matches!(**upkeep, Upkeep::Analyze(_)),
            _ => false,
        };
    }

    /// What preparing the text once more gives, but for what has run.
    pub fn is_repeatable(&self) -> bool {
        self.is_over && !self.acts_when_prepared()
    }

    /// What it runs, to be run by others.
    pub fn lend(&mut self) -> Operation {
        std::mem::replace(&mut self.operation, Operation::Lent)
    }

    /// The same with an operation that is lent.
    pub fn without_operation(&self) -> Compiled {
        Compiled {
            operation: Operation::Lent,
            columns: self.columns.clone(),
            catalogs: self.catalogs.clone(),
            patterns: self.patterns.clone(),
            ..*self
        }
    }
}

/// Grows with what the application defines, and with what makes all statements expire.
#[inline]
fn age(session: &Session) -> u64 {
    session.callbacks.version() + session.reentry.age()
}

/// For how many instructions SQLite makes room at once: a statement has none where fewer are allowed. What a statement
/// would have of them beyond that only SQLite's compiler knows.
const FIRST_INSTRUCTIONS: usize = 42;

pub(crate) fn compile(session: &Session, source: &Source<'_>) -> Result<Compiled> {
    if session.settings.max_instructions < FIRST_INSTRUCTIONS {
        return Err(Error::new(ResultCode::NoMemory, "out of memory"));
    }
    session.take_named();
    session.patterns.borrow_mut().asked.clear();
    let temp_was_open = session.temp_is_open.get();
    let had_looked_up = session.has_looked_up.replace(false);
    let compiled = compile_statement(session, source, &source.parsed.statement);
    let has_looked_up = session.has_looked_up.get();
    session.has_looked_up.set(has_looked_up || had_looked_up);
    let mut named = session.take_named();
    let patterns = std::mem::take(&mut *session.patterns.borrow_mut()).asked;
    let (operation, columns, effect, read_only) = compiled?;
    if let Operation::Explain(..) = operation {
        // Nothing is opened or read for a statement that is only explained.
        session.temp_is_open.set(temp_was_open);
        named = DatabaseSet::default();
    }
    let depends_on_schema = match &operation {
        Operation::Control(_) => false,
        Operation::Query(_) => has_looked_up,
        Operation::Pragma(pragma) => !pragma.is_reusable() || pragma.names_database(),
        _ => true,
    };
    Ok(Compiled {
        named,
        patterns: patterns.into(),
        depends_on_schema,
        is_atomic: matches!(&operation, Operation::Change(change) if change.is_atomic()),
        operation,
        columns: columns.into(),
        effect,
        read_only,
        is_spent: false,
        is_over: false,
        switches: Switches::of(session),
        age: age(session),
        catalogs: session.databases.iter().map(|database| database.transaction.catalog().clone()).collect(),
    })
}

type Parts = (Operation, Vec<ColumnMetadata>, Effect, bool);

fn compile_statement(session: &Session, source: &Source<'_>, statement: &ast::Statement) -> Result<Parts> {
    let parameter_count = source.parsed.parameters.names.len();
    if authorize(session, statement, None)? == Permission::Ignored {
        return Ok(nothing());
    }
    match statement {
        ast::Statement::Select(select) => {
            let Some((query, columns)) = compile_query(session, source.text, select, parameter_count)? else {
                return Ok(nothing());
            };
            Ok((Operation::Query(Box::new(query)), columns, Effect::Read, true))
        }
        ast::Statement::Insert(_) | ast::Statement::Update(_) | ast::Statement::Delete(_) => {
            if let Some(edit) = Definition::prepare_edit(session, statement, source)? {
                let effect = edit.effect();
                return Ok((Operation::Definition(Box::new(edit)), Vec::new(), effect, false));
            }
            let change = Change::compile(session, statement, source.text, parameter_count)?;
            if change.is_ignored() {
                return Ok(nothing());
            }
            let columns = match change.count_column() {
                Some(name) => vec![named_column(name)],
                None => change.columns().iter().cloned().map(metadata).collect(),
            };
            let effect = change.effect();
            Ok((Operation::Change(Box::new(change)), columns, effect, false))
        }
        ast::Statement::CreateTable(_)
        | ast::Statement::CreateIndex(_)
        | ast::Statement::CreateView(_)
        | ast::Statement::CreateTrigger(_)
        | ast::Statement::CreateVirtualTable(_)
        | ast::Statement::Drop(_)
        | ast::Statement::AlterTable(_) => {
            let mut definition = Definition::prepare(session, statement, source)?;
            if authorize_definition(session, statement, &definition)? == Permission::Ignored {
                definition = Definition::Nothing;
            }
            let effect = definition.effect();
            let columns = definition.column().map(named_column).into_iter().collect();
            Ok((Operation::Definition(Box::new(definition)), columns, effect, false))
        }
        ast::Statement::Begin(mode) => Ok(control(Control::Begin(*mode), *mode == ast::BeginMode::Deferred)),
        ast::Statement::Commit => Ok(control(Control::Commit, true)),
        ast::Statement::Rollback => Ok(control(Control::Rollback, true)),
        ast::Statement::Savepoint(name) => Ok(control(Control::Savepoint(name.clone()), true)),
        ast::Statement::Release(name) => Ok(control(Control::Release(name.clone()), true)),
        ast::Statement::RollbackTo(name) => Ok(control(Control::RollbackTo(name.clone()), true)),
        ast::Statement::Pragma(pragma) => {
            let pragma = Pragma::prepare(session, pragma)?;
            let columns = pragma.columns().iter().map(|name| named_column(name)).collect();
            let (effect, read_only) = (pragma.effect(), pragma.is_read_only());
            Ok((Operation::Pragma(Box::new(pragma)), columns, effect, read_only))
        }
        ast::Statement::Attach(_)
        | ast::Statement::Detach(_)
        | ast::Statement::Analyze(_)
        | ast::Statement::Reindex(_)
        | ast::Statement::Vacuum(_) => {
            let upkeep = Upkeep::prepare(session, statement, source)?;
            let (effect, read_only) = (upkeep.effect(), upkeep.is_read_only());
            Ok((Operation::Upkeep(Box::new(upkeep)), Vec::new(), effect, read_only))
        }
        ast::Statement::Explain(explain) => compile_explain(session, source, explain),
    }
}

/// A statement that the application wants to be none.
fn nothing() -> Parts {
    (Operation::Definition(Box::new(Definition::Nothing)), Vec::new(), Effect::Read, true)
}

fn control(control: Control, read_only: bool) -> Parts {
    (Operation::Control(control), Vec::new(), Effect::Read, read_only)
}

/// A SELECT, ready to run; None: the application wants it not to be run.
fn compile_query(
    session: &Session,
    text: &str,
    select: &ast::Select,
    parameter_count: usize,
) -> Result<Option<(RunningQuery, Vec<ColumnMetadata>)>> {
    let mut resolver = Resolver::new(session, text, parameter_count);
    let resolved = resolver.resolve_select(select)?;
    if resolver.is_ignored() {
        return Ok(None);
    }
    let query = RunningQuery::plan(&resolved, resolver.finish()?, session)?;
    Ok(Some((query, resolved.columns.into_iter().map(metadata).collect())))
}

/// EXPLAIN shows our own operators in SQLite's eight columns; EXPLAIN QUERY PLAN speaks SQLite's words.
fn compile_explain(session: &Session, source: &Source<'_>, explain: &ast::Explain) -> Result<Parts> {
    let (operation, _, _, read_only) = compile_statement(session, source, &explain.statement)?;
    let lines = match (&operation, query_of(&explain.statement)) {
        (_, Some(select)) => {
            let parameter_count = source.parsed.parameters.names.len();
            let mut resolver = Resolver::new(session, source.text, parameter_count);
            resolver.set_asking(false);
            let resolved = resolver.resolve_select(select)?;
            let program = resolver.finish()?;
            plan::explain(&resolved, &program, session)?
        }
        (Operation::Change(change), None) => change.explain().to_vec(),
        (_, None) => Vec::new(),
    };
    let rows_and_names = if explain.query_plan {
        let rows = lines.iter().map(|line| {
            vec![
                Value::Integer(line.id),
                Value::Integer(line.parent),
                Value::Integer(0),
                Value::text(line.detail.as_str()),
            ]
        });
        (rows.collect(), &["id", "parent", "notused", "detail"][..])
    } else {
        (
            explain_operators(&operation, &lines),
            &["addr", "opcode", "p1", "p2", "p3", "p4", "p5", "comment"][..],
        )
    };
    let (rows, names) = rows_and_names;
    let columns = names.iter().map(|name| named_column(name)).collect();
    let explained = match operation {
        Operation::Change(_) => Explained::Change,
        Operation::Pragma(pragma) if pragma.sets_flag() => Explained::Flag(pragma),
        _ => Explained::Other,
    };
    Ok((Operation::Explain(rows, explained), columns, Effect::Read, read_only))
}

/// The query that a statement is or makes a table of.
fn query_of(statement: &ast::Statement) -> Option<&ast::Select> {
    match statement {
        ast::Statement::Select(select) => Some(select),
        ast::Statement::CreateTable(create) => match &create.body {
            ast::CreateTableBody::Select(select) => Some(select),
            ast::CreateTableBody::Columns { .. } => None,
        },
        _ => None,
    }
}

fn explain_operators(operation: &Operation, lines: &[plan::PlanLine]) -> Vec<Vec<Value>> {
    let end = match operation {
        Operation::Query(_) => "ResultRow",
        Operation::Change(change) if change.is_delete() => "Delete",
        Operation::Change(_) => "Insert",
        Operation::Definition(_) => "ParseSchema",
        Operation::Control(_) => "AutoCommit",
        Operation::Pragma(_) | Operation::Upkeep(_) | Operation::Explain(..) | Operation::Lent => "Noop",
    };
    let steps = lines.iter().map(|line| ("Explain", line.id, line.parent, line.detail.as_str()));
    let all = [("Init", 0, 0, "")].into_iter().chain(steps).chain([(end, 0, 0, ""), ("Halt", 0, 0, "")]);
    all.enumerate()
        .map(|(address, (opcode, p1, p2, p4))| {
            vec![
                Value::Integer(address as i64),
                Value::text(opcode),
                Value::Integer(p1),
                Value::Integer(p2),
                Value::Integer(0),
                if p4.is_empty() { Value::Null } else { Value::text(p4) },
                Value::Integer(0),
                Value::Null,
            ]
        })
        .collect()
}

fn named_column(name: &str) -> ColumnMetadata {
    ColumnMetadata { name: name.into(), ..ColumnMetadata::default() }
}

fn metadata(column: OutputColumn) -> ColumnMetadata {
    let OutputColumn { name, shown, declared_type, origin, .. } = column;
    let (database, table, column) = match origin {
        Some(ColumnOrigin { database, table, column }) => (Some(database), Some(table), Some(column)),
        None => (None, None, None),
    };
    ColumnMetadata { name: shown.unwrap_or(name), declared_type, database, table, column }
}
