//! Statements about databases as wholes: ATTACH, DETACH, ANALYZE, REINDEX, VACUUM.

use std::path::PathBuf;
use std::sync::Arc;

use pluresdb_sql::ast;
use pluresdb_value::{Value, record};

use crate::catalog::define::{create_internal_table, for_each_row, rebuild_index};
use crate::catalog::{DatabaseIndex, Index, Table};
use crate::connection::{DatabasePath, OpenOptions, open_database};
use crate::dml::no_such_table;
use crate::execute::{Context, Frame, eval, tree_error};
use crate::resolve::tree::{Expr, Program};
use crate::resolve::{Relation, Resolver};
use crate::session::Session;
use crate::statement::{Effect, Source, busy_handler};
use crate::{Error, Result, ResultCode};

/// SQLite's `SQLITE_MAX_ATTACHED`.
const MAX_ATTACHED: usize = 10;

pub(crate) enum Upkeep {
    Attach { file: Expr, name: Expr, program: Program },
    Detach { name: Expr, program: Program },
    Analyze { tables: Vec<(DatabaseIndex, Arc<Table>)> },
    Reindex { indexes: Vec<(DatabaseIndex, Arc<Table>, Arc<Index>)> },
    Vacuum { database: DatabaseIndex },
}

impl Upkeep {
    pub fn prepare(session: &Session, statement: &ast::Statement, source: &Source) -> Result<Upkeep> {
        let parameter_count = source.parsed.parameters.names.len();
        match statement {
            ast::Statement::Attach(attach) => {
                let mut resolver = Resolver::new(session, &source.text, parameter_count);
                let file = name_or_expr(&attach.file, &mut resolver)?;
                let name = name_or_expr(&attach.schema, &mut resolver)?;
                Ok(Upkeep::Attach { file, name, program: resolver.finish()? })
            }
            ast::Statement::Detach(name) => {
                let mut resolver = Resolver::new(session, &source.text, parameter_count);
                let name = name_or_expr(name, &mut resolver)?;
                Ok(Upkeep::Detach { name, program: resolver.finish()? })
            }
            ast::Statement::Analyze(name) => {
                Ok(Upkeep::Analyze { tables: analyzed(session, name.as_ref())? })
            }
            ast::Statement::Reindex(name) => {
                Ok(Upkeep::Reindex { indexes: reindexed(session, name.as_ref())? })
            }
            ast::Statement::Vacuum(vacuum) => {
                if vacuum.into.is_some() {
                    return Err(Error::error("VACUUM INTO is not supported yet"));
                }
                let database = match &vacuum.schema {
                    None => DatabaseIndex::MAIN,
                    Some(schema) => session
                        .database_index(&schema.text)
                        .ok_or_else(|| Error::error(format!("unknown database {}", schema.text)))?,
                };
                Ok(Upkeep::Vacuum { database })
            }
            _ => Err(Error::error("not upkeep")),
        }
    }

    pub fn effect(&self) -> Effect {
        match self {
            Upkeep::Attach { .. } | Upkeep::Detach { .. } | Upkeep::Vacuum { .. } => Effect::Read,
            Upkeep::Analyze { tables } => common_database(tables.iter().map(|(database, _)| *database)),
            Upkeep::Reindex { indexes } => common_database(indexes.iter().map(|(database, ..)| *database)),
        }
    }

    pub fn is_read_only(&self) -> bool {
        matches!(self, Upkeep::Attach { .. } | Upkeep::Detach { .. })
    }

    pub fn run(&mut self, session: &mut Session, parameters: &[Value]) -> Result<()> {
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
            Upkeep::Analyze { tables } => {
                tables.iter().try_for_each(|(database, table)| analyze(session, *database, table))
            }
            Upkeep::Reindex { indexes } => indexes
                .iter()
                .try_for_each(|(database, table, index)| rebuild_index(session, *database, table, index)),
            Upkeep::Vacuum { database } => vacuum(session, *database),
        }
    }
}

fn common_database(mut databases: impl Iterator<Item = DatabaseIndex>) -> Effect {
    match databases.next() {
        None => Effect::Read,
        Some(first) if databases.all(|other| other == first) => Effect::Write(first),
        Some(_) => Effect::WriteAll,
    }
}

/// `ATTACH x AS y` takes bare names for strings.
fn name_or_expr(expr: &ast::Expr, resolver: &mut Resolver<'_>) -> Result<Expr> {
    match &expr.kind {
        ast::ExprKind::Column { qualifier: None, column } => Ok(Expr::Literal(Value::text(&*column.text))),
        _ => resolver.resolve_expr(expr),
    }
}

fn eval_text(expr: &Expr, program: &Program, session: &mut Session, parameters: &[Value]) -> Result<String> {
    let mut frame = Frame::new(program);
    frame.reset();
    let value = eval(expr, &mut frame, &mut Context::new(session, parameters, program))?;
    let text = value.to_text().unwrap_or_default();
    Ok(String::from_utf8_lossy(&text).into_owned())
}

fn attach(session: &mut Session, file: &str, name: &str) -> Result<()> {
    if session.databases.len() >= MAX_ATTACHED + 2 {
        return Err(Error::error(format!("too many attached databases - max {MAX_ATTACHED}")));
    }
    if session.database_index(name).is_some() {
        return Err(Error::error(format!("database {name} is already in use")));
    }
    let path = match file {
        ":memory:" => DatabasePath::Memory,
        "" => DatabasePath::Temporary,
        file => DatabasePath::Directory(PathBuf::from(file)),
    };
    let options = OpenOptions {
        read_only: session.databases[0].read_only
            && !matches!(path, DatabasePath::Memory | DatabasePath::Temporary),
        busy_timeout_ms: session.settings.busy_timeout_ms,
        cache_size: session.settings.cache_size,
        clock: session.clock.clone(),
        ..OpenOptions::new(path)
    };
    let database = open_database(name, &options).map_err(|error| match error.code {
        ResultCode::CantOpen => Error::new(ResultCode::CantOpen, format!("unable to open database: {file}")),
        _ => error,
    })?;
    session.databases.push(database);
    Ok(())
}

fn detach(session: &mut Session, name: &str) -> Result<()> {
    let Some(index) = session.database_index(name) else {
        return Err(Error::error(format!("no such database: {name}")));
    };
    if index.0 < 2 {
        return Err(Error::error(format!("cannot detach database {name}")));
    }
    let transaction = &session.databases[index.0].transaction;
    if transaction.is_write() || (!session.autocommit && !transaction.is_none()) {
        return Err(Error::error(format!("database {name} is locked")));
    }
    session.databases.remove(index.0);
    Ok(())
}

fn vacuum(session: &mut Session, database: DatabaseIndex) -> Result<()> {
    if !session.autocommit {
        return Err(Error::error("cannot VACUUM from within a transaction"));
    }
    if session.active_statements > 1 {
        return Err(Error::error("cannot VACUUM - SQL statements in progress"));
    }
    let busy = busy_handler(&session.settings, &session.interrupt);
    let transaction = session.transaction_mut(database);
    if transaction.is_read_only() {
        return Err(Error::new(ResultCode::ReadOnly, "attempt to write a readonly database"));
    }
    transaction.end_read();
    let engine = transaction.engine().clone();
    engine.compact(&busy)
}

fn analyzed(
    session: &Session,
    name: Option<&ast::QualifiedName>,
) -> Result<Vec<(DatabaseIndex, Arc<Table>)>> {
    let all_of = |database: DatabaseIndex| {
        let mut tables: Vec<Arc<Table>> = session.catalog(database).tables.values().cloned().collect();
        tables.retain(|table| !table.name.starts_with("sqlite_"));
        tables.sort_by_key(|table| table.tree);
        tables.into_iter().map(move |table| (database, table))
    };
    let Some(name) = name else {
        let databases = (0..session.databases.len()).filter(|index| *index != DatabaseIndex::TEMP.0);
        return Ok(databases.flat_map(|index| all_of(DatabaseIndex(index))).collect());
    };
    if name.schema.is_none()
        && let Some(database) = session.database_index(&name.name.text)
    {
        return Ok(all_of(database).collect());
    }
    let schema = name.schema.as_ref().map(|schema| &*schema.text);
    if let Some((database, index)) = session.find_index(schema, &name.name.text)
        && let Some(table) = session.catalog(database).table(&index.table)
    {
        return Ok(vec![(database, table.clone())]);
    }
    match session.find_table(schema, &name.name.text) {
        Some((_, table)) if table.is_system => Ok(Vec::new()),
        Some(found) => Ok(vec![found]),
        None => Err(no_such_table(schema, &name.name.text)),
    }
}

/// Writes the table's rows of `sqlite_stat1`: how many rows, and how many share each prefix of an index.
fn analyze(session: &mut Session, database: DatabaseIndex, table: &Arc<Table>) -> Result<()> {
    if session.catalog(database).table("sqlite_stat1").is_none() {
        create_internal_table(session, database, "sqlite_stat1", "CREATE TABLE sqlite_stat1(tbl,idx,stat)")?;
    }
    let Some(statistics) = session.catalog(database).table("sqlite_stat1").cloned() else { return Ok(()) };
    forget_statistics(session, database, &statistics, &table.name)?;
    let transaction = session.transaction(database);
    let count = if table.without_rowid {
        transaction.key_tree(table.tree)?.count()
    } else {
        transaction.row_tree(table.tree)?.count()
    };
    if count == 0 {
        return Ok(());
    }
    let indexes = session.catalog(database).indexes_of(&table.name).to_vec();
    let mut rows = Vec::new();
    for index in indexes.iter().rev() {
        // A WITHOUT ROWID table's own key goes by the table's name.
        let name = if index.tree == table.tree { &table.name } else { &index.name };
        rows.push((Value::text(name.as_str()), index_statistics(session, database, index)?));
    }
    if !indexes.iter().any(|index| index.partial.is_none()) {
        rows.push((Value::Null, count.to_string()));
    }
    for (index, stat) in rows {
        let mut bytes = Vec::new();
        record::encode_values(&[Value::text(table.name.as_str()), index, Value::text(stat)], &mut bytes);
        let transaction = session.transaction_mut(database);
        let tree = transaction.row_tree(statistics.tree)?;
        let last = tree.last_rowid(transaction.pager()).map_err(tree_error)?;
        transaction.put_row(statistics.tree, last.unwrap_or(0) + 1, &bytes, None)?;
    }
    Ok(())
}

fn forget_statistics(
    session: &mut Session,
    database: DatabaseIndex,
    statistics: &Table,
    table: &str,
) -> Result<()> {
    let program = Program::default();
    let mut context = Context::new(session, &[], &program);
    let mut stale = Vec::new();
    for_each_row(&mut context, database, statistics, &mut |_, identity, row| {
        let rowid = pluresdb_value::key::decode_rowid(identity).map_err(crate::execute::corrupt)?;
        let record = record::Record::new(row).map_err(crate::execute::corrupt)?;
        if record
            .column(0)
            .map_err(crate::execute::corrupt)?
            .and_then(pluresdb_value::ValueRef::to_text)
            .as_deref()
            == Some(table.as_bytes())
        {
            stale.push((rowid, row.to_vec()));
        }
        Ok(())
    })?;
    for (rowid, row) in stale {
        session.transaction_mut(database).delete_row(statistics.tree, rowid, &row)?;
    }
    Ok(())
}

/// `stat` of an index: rows, then the average number of rows that share the first 1, 2, … columns.
fn index_statistics(session: &mut Session, database: DatabaseIndex, index: &Index) -> Result<String> {
    use pluresdb_value::key::{KeyColumn, skip_value};
    let columns: Vec<KeyColumn> = index
        .columns
        .iter()
        .map(|column| KeyColumn { collation: column.collation, descending: column.descending })
        .collect();
    let transaction = session.transaction(database);
    let tree = transaction.key_tree(index.tree)?;
    let mut cursor = pluresdb_tree::KeyCursor::new(tree, transaction.pager().clone());
    let count = tree.count();
    let mut distinct = vec![0_u64; columns.len()];
    let mut previous: Vec<u8> = Vec::new();
    let mut found = cursor.first().map_err(tree_error)?;
    while found {
        session.check_interrupt()?;
        let key = cursor.key();
        let mut rest = key;
        let mut is_new = previous.is_empty();
        for (column, distinct) in columns.iter().zip(&mut distinct) {
            skip_value(&mut rest, *column).map_err(crate::execute::corrupt)?;
            let len = key.len() - rest.len();
            is_new = is_new || previous.get(..len) != Some(&key[..len]);
            *distinct += u64::from(is_new);
        }
        previous.clear();
        previous.extend_from_slice(key);
        found = cursor.next().map_err(tree_error)?;
    }
    let mut stat = count.to_string();
    for distinct in distinct {
        stat.push(' ');
        stat.push_str(&count.div_ceil(distinct.max(1)).to_string());
    }
    Ok(stat)
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
    if schema.is_none()
        && let Some(collation) = pluresdb_value::Collation::from_name(&name.name.text)
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
