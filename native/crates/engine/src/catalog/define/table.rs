//! CREATE TABLE, and CREATE TABLE … AS SELECT.

use std::sync::Arc;

use pluresdb_sql::ast::{self, CreateTableBody};
use pluresdb_value::{Affinity, Value};

use super::hash_order;
use super::new_object::NewName;
use super::validate;
use super::write::{insert_schema_row, publish, publish_part};
use super::{Definition, stored_sql};
use crate::catalog::{
    BuiltTable, DatabaseIndex, Index, ObjectKind, SchemaRow, Table, TreeId, build_table, check_begun_table,
    quote_name,
};
use crate::execute::Context;
use crate::resolve::tree::OutputColumn;
use crate::resolve::{Resolver, UniqueNames};
use crate::session::Session;
use crate::statement::{RunningQuery, Source};
use crate::transaction::{Appender, MOST_ROWS_AT_ONCE};
use crate::{Error, Result};

pub(crate) struct CreateTable {
    pub database: DatabaseIndex,
    pub table: Option<Table>,
    pub indexes: Vec<Index>,
    sql: String,
    /// Fills the table: AS SELECT.
    query: Option<RunningQuery>,
}

pub(super) fn prepare(
    session: &Session,
    create: &ast::CreateTable,
    source: &Source<'_>,
) -> Result<Definition> {
    let name = &create.name.name.text;
    let place = new_name(create);
    let Some(database) = place.find_place(session, source.text)? else { return Ok(Definition::Nothing) };
    let (built, sql, query) = match &create.body {
        CreateTableBody::Columns { .. } => {
            let built = build_table(create, source.text, name)?;
            if built.table.columns.len() > session.settings.max_column {
                return Err(Error::error(format!("too many columns on {}", built.table.name)));
            }
            (built, stored_sql("TABLE", &create.name.name, source), None)
        }
        CreateTableBody::Select(select) => {
            let (query, columns) = compile_select(session, select, source)?;
            let sql = table_text(name, &columns);
            (build_from_text(&sql, name)?, sql, Some(query))
        }
    };
    let BuiltTable { mut table, indexes } = built;
    table.sql.clone_from(&sql);
    let table = Arc::new(table);
    let of_columns = table.columns.iter().map(|column| column.collation);
    let of_indexes = indexes.iter().flat_map(|index| &index.columns).map(|column| column.collation);
    for collation in of_columns.chain(of_indexes) {
        validate::check_collation(session, collation)?;
    }
    validate::check_table(session, database, &table, source.text)?;
    let table = Arc::into_inner(table).expect("nobody else holds a table that was just built");
    Ok(Definition::CreateTable(Box::new(CreateTable { database, table: Some(table), indexes, sql, query })))
}

fn new_name(create: &ast::CreateTable) -> NewName<'_> {
    NewName { name: &create.name, is_temporary: create.temporary, if_not_exists: create.if_not_exists }
}

/// What is wrong with a table whose definition does not come to its end.
pub(super) fn check_begun(session: &Session, create: &ast::CreateTable, text: &str) -> Result<()> {
    match new_name(create).find_place(session, text)? {
        Some(_) => check_begun_table(create, text, &create.name.name.text),
        None => Ok(()),
    }
}

fn compile_select(
    session: &Session,
    select: &ast::Select,
    source: &Source<'_>,
) -> Result<(RunningQuery, Vec<OutputColumn>)> {
    let parameter_count = source.parsed.parameters.names.len();
    let mut resolver = Resolver::new(session, source.text, parameter_count).with_short_names();
    resolver.ask_query_late();
    let resolved = resolver.resolve_select(select)?;
    let program = resolver.finish()?;
    let query = RunningQuery::plan(&resolved, program, session)?;
    Ok((query, resolved.columns))
}

/// The text SQLite writes for a table made from a query: names, and types that give the columns' affinities.
fn table_text(name: &str, columns: &[OutputColumn]) -> String {
    let mut unique = UniqueNames::default();
    let names: Vec<String> = columns.iter().map(|column| unique.add(&column.name)).collect();
    // SQLite puts the columns on lines of their own when the whole would be long.
    let quoted_len = |name: &str| name.len() + name.matches('"').count() + 2;
    let len: usize = names.iter().map(|name| quoted_len(name) + 5).sum::<usize>() + quoted_len(name);
    let (first, between, end) = if len < 50 { ("", ",", ")") } else { ("\n  ", ",\n  ", "\n)") };
    let mut sql = format!("CREATE TABLE {}(", quote_name(name));
    for (index, (column, name)) in columns.iter().zip(&names).enumerate() {
        sql.push_str(if index == 0 { first } else { between });
        sql.push_str(&quote_name(name));
        sql.push_str(match column.affinity {
            None | Some(Affinity::Blob) => "",
            Some(Affinity::Text) => " TEXT",
            Some(Affinity::Numeric) => " NUM",
            Some(Affinity::Integer) => " INT",
            Some(Affinity::Real) => " REAL",
        });
    }
    sql.push_str(end);
    sql
}

fn build_from_text(sql: &str, name: &str) -> Result<BuiltTable> {
    let parsed = pluresdb_sql::parse_next(sql, 0).map_err(crate::statement::parse_error)?;
    match parsed.map(|parsed| parsed.statement) {
        Some(ast::Statement::CreateTable(create)) => build_table(&create, sql, name),
        _ => Err(Error::error(format!("malformed database schema ({name})"))),
    }
}

impl CreateTable {
    pub fn run(&mut self, session: &mut Session, parameters: &[Value]) -> Result<()> {
        let mut table = self.table.take().ok_or_else(|| Error::error("the table was made already"))?;
        let database = self.database;
        table.tree = if table.without_rowid {
            session.transaction_mut(database).create_key_tree()?
        } else {
            session.transaction_mut(database).create_row_tree()?
        };
        let row =
            SchemaRow::new(ObjectKind::Table, &table.name, &table.name, Some(table.tree), Some(&self.sql));
        insert_schema_row(session, database, &row)?;
        let mut indexes = Vec::with_capacity(self.indexes.len());
        for mut index in std::mem::take(&mut self.indexes) {
            if table.without_rowid && index.origin == crate::catalog::IndexOrigin::PrimaryKey {
                index.tree = table.tree;
            } else {
                index.tree = session.transaction_mut(database).create_key_tree()?;
                let row = SchemaRow::new(ObjectKind::Index, &index.name, &table.name, Some(index.tree), None);
                insert_schema_row(session, database, &row)?;
            }
            indexes.push(Arc::new(index));
        }
        if let Some(query) = &mut self.query {
            let outcome = fill(query, database, &table, session, parameters);
            query.close();
            outcome?;
        }
        let needs_sequence =
            table.autoincrement && session.catalog(database).table("sqlite_sequence").is_none();
        let name = table.name.clone();
        // SQLite makes it while it makes the first table that needs it, and enters it first.
        let sequence = if needs_sequence {
            Some(write_internal_table(
                session,
                database,
                "sqlite_sequence",
                "CREATE TABLE sqlite_sequence(name,seq)",
            )?)
        } else {
            None
        };
        hash_order::entered(session, database, &name);
        let table = Arc::new(table);
        publish(session, database, |catalog| {
            catalog.add_table(table, indexes);
            if let Some(sequence) = sequence {
                catalog.add_table(sequence, Vec::new());
            }
            Ok(())
        })
    }
}

/// A table of SQLite's own: `sqlite_stat1`. `is_last`: the statement makes no other one.
pub(crate) fn create_internal_table(
    session: &mut Session,
    database: DatabaseIndex,
    name: &str,
    sql: &str,
    is_last: bool,
) -> Result<()> {
    let table = write_internal_table(session, database, name, sql)?;
    let add = |catalog: &mut crate::catalog::Catalog| {
        catalog.add_table(table, Vec::new());
        Ok(())
    };
    if is_last { publish(session, database, add) } else { publish_part(session, database, add) }
}

/// The table, which is not in the catalog yet.
fn write_internal_table(
    session: &mut Session,
    database: DatabaseIndex,
    name: &str,
    sql: &str,
) -> Result<Arc<Table>> {
    let mut table = build_from_text(sql, name)?.table;
    sql.clone_into(&mut table.sql);
    table.tree = session.transaction_mut(database).create_row_tree()?;
    let row = SchemaRow::new(ObjectKind::Table, name, name, Some(table.tree), Some(sql));
    insert_schema_row(session, database, &row)?;
    hash_order::entered(session, database, name);
    Ok(Arc::new(table))
}

fn fill(
    query: &mut RunningQuery,
    database: DatabaseIndex,
    table: &Table,
    session: &mut Session,
    parameters: &[Value],
) -> Result<()> {
    query.start(session, parameters)?;
    let mut rowid = 0;
    let mut appender = Appender::new(table.tree, table.columns.len());
    while query.next(session, parameters)? {
        let RunningQuery { query, frame, .. } = query;
        let mut push = |slot: usize, value| appender.push_stored(slot, value, table.columns[slot].affinity);
        let mut count = 1;
        if let Some(run) = query.run(frame, MOST_ROWS_AT_ONCE) {
            count = run.rows().len();
            (0..table.columns.len()).for_each(|slot| run.for_each(slot, |value| push(slot, value)));
        } else {
            for slot in 0..table.columns.len() {
                push(slot, query.column(slot, frame)?);
            }
        }
        if count > 1 {
            query.skip(count - 1, frame);
        }
        let end = rowid + count as i64;
        appender.end_rows(rowid + 1..=end, session.transaction_mut(database))?;
        rowid = end;
    }
    appender.finish(session.transaction_mut(database))
}

/// Every row of a table, as its record: for what looks at whole tables outside of queries.
pub(crate) fn for_each_row(
    context: &mut Context<'_>,
    database: DatabaseIndex,
    table: &Table,
    visit: &mut dyn FnMut(&mut Context<'_>, &[u8], &[u8]) -> Result<()>,
) -> Result<()> {
    scan(context, database, table.tree, table.without_rowid, visit)
}

/// Calls `visit` with identity and record of each row. The tree may be changed meanwhile: the scan sees it as it was.
fn scan(
    context: &mut Context<'_>,
    database: DatabaseIndex,
    tree: TreeId,
    without_rowid: bool,
    visit: &mut dyn FnMut(&mut Context<'_>, &[u8], &[u8]) -> Result<()>,
) -> Result<()> {
    use crate::execute::tree_error;
    let transaction = context.session.transaction(database);
    let pager = transaction.pager().clone();
    if without_rowid {
        let mut cursor = pluresdb_tree::KeyCursor::new(transaction.key_tree(tree)?, pager);
        let mut found = cursor.first().map_err(tree_error)?;
        while found {
            context.step()?;
            visit(context, cursor.key(), cursor.value().map_err(tree_error)?)?;
            found = cursor.next().map_err(tree_error)?;
        }
        return Ok(());
    }
    let mut cursor = pluresdb_tree::RowCursor::new(transaction.row_tree(tree)?, pager);
    let mut record = Vec::new();
    let mut found = cursor.first().map_err(tree_error)?;
    while found {
        context.step()?;
        record.clear();
        cursor.to_record(&mut record).map_err(tree_error)?;
        visit(context, &pluresdb_value::key::rowid_bytes(cursor.rowid()), &record)?;
        found = cursor.next().map_err(tree_error)?;
    }
    Ok(())
}
