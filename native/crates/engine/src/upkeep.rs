//! Statements about databases as wholes: ATTACH, DETACH, ANALYZE, REINDEX, VACUUM.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use pluresdb_sql::ast;
use pluresdb_value::Value;

use crate::analyze::Analyze;
use crate::callback::{Action, Permission};
use crate::catalog::define::{hash_order, rebuild_index, renumber_schema};
use crate::catalog::{DatabaseIndex, Index, Table};
use crate::connection::{DatabasePath, OpenOptions, open_database};
use crate::execute::{Context, Frame, eval};
use crate::resolve::Names;
use crate::resolve::tree::{Expr, Program};
use crate::resolve::{Relation, Resolver};
use crate::session::{AttachedDatabase, OpenSavepoint, Session};
use crate::sqlite_file::{Watch, check_place, export_to_file, import_file, is_sqlite_file};
use crate::statement::{Effect, Source, busy_handler, not_a_database};
use crate::transaction::read_only;
use crate::{Error, Result, ResultCode};

pub(crate) enum Upkeep {
    Attach { file: Expr, name: Expr, program: Program },
    Detach { name: Expr, program: Program },
    Analyze(Analyze),
    Reindex { indexes: Vec<(DatabaseIndex, Arc<Table>, Arc<Index>)> },
    Vacuum { database: DatabaseIndex },
    VacuumInto { database: DatabaseIndex, file: Expr, program: Program },
}

impl Upkeep {
    pub fn prepare(session: &Session, statement: &ast::Statement, source: &Source<'_>) -> Result<Upkeep> {
        let parameter_count = source.parsed.parameters.names.len();
        match statement {
            ast::Statement::Attach(attach) => {
                let mut resolver = Resolver::new(session, source.text, parameter_count);
                let file = name_or_expr(&attach.file, &mut resolver)?;
                let name = name_or_expr(&attach.schema, &mut resolver)?;
                Ok(Upkeep::Attach { file, name, program: resolver.finish()? })
            }
            ast::Statement::Detach(name) => {
                let mut resolver = Resolver::new(session, source.text, parameter_count);
                let name = name_or_expr(name, &mut resolver)?;
                Ok(Upkeep::Detach { name, program: resolver.finish()? })
            }
            ast::Statement::Analyze(name) => Ok(Upkeep::Analyze(Analyze::prepare(session, name.as_ref())?)),
            ast::Statement::Reindex(name) => {
                Ok(Upkeep::Reindex { indexes: reindexed(session, name.as_ref())? })
            }
            ast::Statement::Vacuum(vacuum) => {
                let database = match &vacuum.schema {
                    None => DatabaseIndex::MAIN,
                    Some(schema) => session
                        .database_index(&schema.text)
                        .ok_or_else(|| Error::error(format!("unknown database {}", schema.text)))?,
                };
                let Some(into) = &vacuum.into else { return Ok(Upkeep::Vacuum { database }) };
                let mut resolver = Resolver::new(session, source.text, parameter_count);
                let file = resolver.resolve_expr(into)?;
                Ok(Upkeep::VacuumInto { database, file, program: resolver.finish()? })
            }
            _ => Err(Error::error("not upkeep")),
        }
    }

    pub fn effect(&self) -> Effect {
        match self {
            Upkeep::Attach { .. }
            | Upkeep::Detach { .. }
            | Upkeep::Vacuum { .. }
            | Upkeep::VacuumInto { .. } => Effect::Read,
            Upkeep::Analyze(analyze) => analyze.effect(),
            Upkeep::Reindex { indexes } => Effect::of(indexes.iter().map(|(database, ..)| *database)),
        }
    }

    pub fn is_read_only(&self) -> bool {
        match self {
            Upkeep::Attach { .. } | Upkeep::Detach { .. } => true,
            // SQLite makes an empty program of it.
            Upkeep::Reindex { indexes } => indexes.is_empty(),
            _ => false,
        }
    }

    pub fn run(&mut self, session: &mut Session, parameters: &[Value]) -> Result<()> {
        if session.autocommit && !matches!(self, Upkeep::Detach { .. }) {
            session.settings.defer_foreign_keys = false;
        }
        match self {
            Upkeep::Attach { file, name, program } => {
                let file = eval_text(file, program, session, parameters)?;
                let name = eval_text(name, program, session, parameters)?;
                attach(session, &file, &name)
            }
            Upkeep::Detach { name, program } => {
                let name = eval_text(name, program, session, parameters)?;
                detach(session, &name)
            }
            Upkeep::Analyze(analyze) => {
                analyze.run(session)?;
                session.reentry.expire_statements();
                ask_to_load(session, analyze)
            }
            Upkeep::Reindex { indexes } => indexes.iter().try_for_each(|(database, table, index)| {
                hash_order::follow(session, *database, |session| {
                    rebuild_index(session, *database, table, index)
                })
            }),
            // The temp database has no file that could be made smaller.
            Upkeep::Vacuum { database: DatabaseIndex::TEMP }
            | Upkeep::VacuumInto { database: DatabaseIndex::TEMP, .. } => Ok(()),
            Upkeep::Vacuum { database } => {
                vacuum(session, *database)?;
                session.known_views.forget();
                hash_order::forget(session);
                Ok(())
            }
            Upkeep::VacuumInto { database, file, program } => {
                check_may_vacuum(session)?;
                let Value::Text(file) = eval_once(file, program, session, parameters)? else {
                    return Err(Error::error("non-text filename"));
                };
                ask_to_vacuum(session, &String::from_utf8_lossy(&file))?;
                vacuum_into(session, *database, &String::from_utf8_lossy(&file))
            }
        }
    }
}

/// `ATTACH x AS y` takes bare names for strings.
fn name_or_expr(expr: &ast::Expr, resolver: &mut Resolver<'_>) -> Result<Expr> {
    match &expr.kind {
        ast::ExprKind::Column { qualifier: None, column } => Ok(Expr::Literal(Value::text(&*column.text))),
        _ => resolver.resolve_expr(expr),
    }
}

fn eval_once(expr: &Expr, program: &Program, session: &mut Session, parameters: &[Value]) -> Result<Value> {
    let mut frame = Frame::new(program);
    frame.reset();
    eval(expr, &mut frame, &mut Context::new(session, parameters, program))
}

fn eval_text(expr: &Expr, program: &Program, session: &mut Session, parameters: &[Value]) -> Result<String> {
    let text = eval_once(expr, program, session, parameters)?.to_text().unwrap_or_default();
    Ok(String::from_utf8_lossy(&text).into_owned())
}

fn attach(session: &mut Session, file: &str, name: &str) -> Result<()> {
    let max_attached = session.settings.max_attached;
    if session.databases.len() >= max_attached + 2 {
        return Err(Error::error(format!("too many attached databases - max {max_attached}")));
    }
    if session.database_index(name).is_some() {
        return Err(Error::error(format!("database {name} is already in use")));
    }
    let path = match file {
        ":memory:" => DatabasePath::Memory,
        "" => DatabasePath::Temporary,
        file => DatabasePath::Path(PathBuf::from(file)),
    };
    let options = OpenOptions {
        read_only: session.databases[0].read_only
            && !matches!(path, DatabasePath::Memory | DatabasePath::Temporary),
        new_store: session.settings.new_store,
        busy_timeout_ms: session.settings.busy_timeout_ms,
        cache_size: session.settings.cache_size,
        clock: session.clock.clone(),
        ..OpenOptions::new(path)
    };
    if let DatabasePath::Path(path) = &options.path
        && is_sqlite_file(path)
    {
        return attach_sqlite_file(session, name, path, &options);
    }
    let mut database = open_database(name, &options).map_err(|error| match error.code {
        ResultCode::CantOpen => Error::new(ResultCode::CantOpen, format!("unable to open database: {file}")),
        _ => error,
    })?;
    join_savepoints(&session.savepoints, &mut database);
    session.databases.push(database);
    Ok(())
}

/// A transaction goes on in a new database as if that had been there from the beginning.
fn join_savepoints(savepoints: &[OpenSavepoint], database: &mut AttachedDatabase) {
    for savepoint in savepoints {
        database.transaction.savepoint(&savepoint.name);
    }
}

/// A file of SQLite's is read into a database of the connection's own, which nobody may write.
fn attach_sqlite_file(session: &mut Session, name: &str, path: &Path, options: &OpenOptions) -> Result<()> {
    let options = OpenOptions { path: DatabasePath::Temporary, read_only: false, ..options.clone() };
    let mut database = open_database(name, &options)?;
    database.file = path.display().to_string();
    let index = DatabaseIndex(session.databases.len());
    session.databases.push(database);
    if let Err(error) = import_file(session, index, path, &mut Watch::unheard()) {
        session.databases.truncate(index.0);
        return Err(error);
    }
    let database = &mut session.databases[index.0];
    database.read_only = true;
    join_savepoints(&session.savepoints, database);
    Ok(())
}

fn detach(session: &mut Session, name: &str) -> Result<()> {
    let Some(index) = session.database_index(name) else {
        return Err(Error::error(format!("no such database: {name}")));
    };
    if index == DatabaseIndex::TEMP && !session.temp_is_open.get() {
        return Err(Error::error(format!("no such database: {name}")));
    }
    if index.0 < 2 {
        return Err(Error::error(format!("cannot detach database {name}")));
    }
    let transaction = &session.databases[index.0].transaction;
    // Statements that wait for this one know databases by their places.
    if session.reentry.is_within()
        || transaction.is_write()
        || (!session.autocommit && transaction.has_read())
    {
        return Err(Error::error(format!("database {name} is locked")));
    }
    session.databases.remove(index.0);
    session.unseen_wal.take();
    Ok(())
}

fn check_may_vacuum(session: &Session) -> Result<()> {
    if !session.can_be_read() {
        return Err(not_a_database());
    }
    if !session.autocommit {
        return Err(Error::error("cannot VACUUM from within a transaction"));
    }
    if session.active_statements > 1 {
        return Err(Error::error("cannot VACUUM - SQL statements in progress"));
    }
    Ok(())
}

/// SQLite reads what ANALYZE has written with statements of its own.
fn ask_to_load(session: &Session, analyze: &Analyze) -> Result<()> {
    if !session.has_authorizer() {
        return Ok(());
    }
    for (database, _) in analyze.targets() {
        let name = session.database_name(database);
        session.authorize_statement(Action::new(Action::SELECT), None)?;
        for column in ["tbl", "idx", "stat"] {
            let read = Action::new(Action::READ).of("sqlite_stat1").and(column).within(name);
            session.authorize_statement(read, None)?;
        }
    }
    Ok(())
}

/// SQLite attaches what it copies to, under a name of the moment, and copies with statements of its own: whether it may do
/// so is asked, about the copying nobody is.
fn ask_to_vacuum(session: &Session, file: &str) -> Result<()> {
    if !session.has_authorizer() {
        return Ok(());
    }
    for action in [Action::new(Action::ATTACH).of(file), Action::new(Action::TRANSACTION).of("BEGIN")] {
        if Names::authorize(session, action, None)? == Permission::Denied {
            return Err(Error::new(ResultCode::Auth, "authorization denied"));
        }
    }
    Ok(())
}

/// Writes a file of SQLite's. Anonymous places have none.
fn vacuum_into(session: &mut Session, database: DatabaseIndex, file: &str) -> Result<()> {
    let is_kept = !file.is_empty() && file != ":memory:";
    if is_kept {
        check_place(Path::new(file))?;
    }
    if session.settings.query_only {
        return Err(read_only());
    }
    if !is_kept {
        return Ok(());
    }
    export_to_file(session, database, Path::new(file))
}

fn vacuum(session: &mut Session, database: DatabaseIndex) -> Result<()> {
    check_may_vacuum(session)?;
    ask_to_vacuum(session, "")?;
    let is_read_only = session.database(database).read_only;
    let busy = busy_handler(&session.settings, &session.interrupt);
    let transaction = session.transaction_mut(database);
    if is_read_only || transaction.is_read_only() {
        return Err(read_only());
    }
    transaction.end_read();
    let engine = transaction.engine().clone();
    let synchronous = session.database(database).synchronous(&session.settings).of_commits();
    session.transaction_mut(database).begin_write(&busy)?;
    let renumbered = renumber_schema(session, database);
    let transaction = session.transaction_mut(database);
    let committed = renumbered.and_then(|last| transaction.commit(synchronous).map(|()| last));
    match committed {
        Err(error) => {
            transaction.rollback();
            return Err(error);
        }
        // SQLite copies views and triggers as rows.
        Ok(Some(last)) => session.last_insert_rowid = last,
        Ok(None) => {}
    }
    engine.compact(&busy)
}

fn reindexed(
    session: &Session,
    name: Option<&ast::QualifiedName>,
) -> Result<Vec<(DatabaseIndex, Arc<Table>, Arc<Index>)>> {
    let of_table = |database: DatabaseIndex, table: &Arc<Table>| {
        let indexes = session.catalog(database).indexes_of(&table.name).iter();
        let own: Vec<_> = indexes
            .filter(|index| index.tree != table.tree)
            .map(|index| (database, table.clone(), index.clone()))
            .collect();
        own
    };
    let of_all = |keep: &dyn Fn(&Index) -> bool| {
        let mut all = Vec::new();
        for database in (0..session.databases.len()).map(DatabaseIndex) {
            for table in session.catalog(database).tables.values() {
                all.extend(of_table(database, table).into_iter().filter(|(_, _, index)| keep(index)));
            }
        }
        all
    };
    let Some(name) = name else { return Ok(of_all(&|_| true)) };
    let schema = name.schema.as_ref().map(|schema| &*schema.text);
    if let Some(schema) = schema
        && session.database_index(schema).is_none()
    {
        return Err(Error::error(format!("unknown database {schema}")));
    }
    if schema.is_none()
        && let Some(collation) = Names::find_collation(session, &name.name.text)
    {
        return Ok(of_all(&|index| index.columns.iter().any(|column| column.collation == collation)));
    }
    if let Some(Relation::Table(database, table)) = session.find_relation(schema, &name.name.text) {
        return Ok(of_table(database, &table));
    }
    if let Some((database, index)) = session.find_index(schema, &name.name.text)
        && let Some(table) = session.catalog(database).table(&index.table)
    {
        return Ok(of_table(database, table)
            .into_iter()
            .filter(|(_, _, other)| other.name == index.name)
            .collect());
    }
    Err(Error::error("unable to identify the object to be reindexed"))
}
