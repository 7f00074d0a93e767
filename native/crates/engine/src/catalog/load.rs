//! A catalog out of the rows of `sqlite_schema`: what an opened database, and a database after ALTER, starts from.

use std::sync::Arc;

use pluresdb_sql::ast;
use pluresdb_value::Value;

use super::row::malformed;
use super::{
    Catalog, Index, ObjectKind, SchemaRow, Table, TreeId, Trigger, View, VirtualTable, build_index,
    build_stored_table,
};
use crate::{Error, Result};

/// Builds the catalog. Rows may stand in any order.
pub fn load(rows: impl IntoIterator<Item = (i64, Vec<Value>)>) -> Result<Catalog> {
    load_with(rows, &|row, error| malformed(&row.name, &error.message))
}

/// Builds the catalog; `explain` says of which object an error is.
pub(crate) fn load_with(
    rows: impl IntoIterator<Item = (i64, Vec<Value>)>,
    explain: &dyn Fn(&SchemaRow, Error) -> Error,
) -> Result<Catalog> {
    let mut rows: Vec<(i64, SchemaRow)> = rows
        .into_iter()
        .map(|(rowid, values)| Ok((rowid, SchemaRow::from_values(&values)?)))
        .collect::<Result<_>>()?;
    rows.sort_by_key(|(rowid, _)| *rowid);
    let mut catalog = Catalog::default();
    for (_, row) in rows.iter().filter(|(_, row)| row.kind == ObjectKind::Table) {
        let (statement, sql) = parse(row).map_err(|error| explain(row, error))?;
        if let ast::Statement::CreateVirtualTable(create) = statement {
            catalog.add_virtual_table(Arc::new(virtual_table(&create, &row.name, sql)));
            continue;
        }
        let (table, indexes) =
            load_table(&statement, sql, row, &rows).map_err(|error| explain(row, error))?;
        catalog.add_table(table, indexes);
    }
    for (_, row) in &rows {
        load_object(row, &mut catalog).map_err(|error| explain(row, error))?;
    }
    Ok(catalog)
}

/// What is no table: those are there already.
fn load_object(row: &SchemaRow, catalog: &mut Catalog) -> Result<()> {
    match row.kind {
        ObjectKind::Table => {}
        ObjectKind::Index => {
            if let Some(index) = load_index(row, catalog)? {
                catalog.add_index(Arc::new(index));
            }
        }
        ObjectKind::View => catalog.add_view(Arc::new(load_view(row)?)),
        ObjectKind::Trigger => catalog.add_trigger(Arc::new(load_trigger(row)?)),
    }
    Ok(())
}

fn parse(row: &SchemaRow) -> Result<(ast::Statement, &str)> {
    let sql = row.sql.as_deref().ok_or_else(unexplained)?;
    let parsed = pluresdb_sql::parse_next(sql, 0).map_err(|error| Error::error(error.message))?;
    parsed.map(|parsed| (parsed.statement, sql)).ok_or_else(unexplained)
}

/// The row says nothing that could be quoted.
fn unexplained() -> Error {
    Error::error("")
}

/// The table and its automatic indexes, whose trees stand in rows of their own.
fn load_table(
    statement: &ast::Statement,
    sql: &str,
    row: &SchemaRow,
    rows: &[(i64, SchemaRow)],
) -> Result<(Arc<Table>, Vec<Arc<Index>>)> {
    let ast::Statement::CreateTable(create) = statement else {
        return Err(unexplained());
    };
    let tree = row.tree.ok_or_else(|| Error::error("invalid rootpage"))?;
    let mut built = build_stored_table(create, sql, &row.name)?;
    built.table.tree = tree;
    if let Some(layout) = &row.layout {
        if layout.slots.len() != built.table.columns.len() {
            return Err(Error::error("layout"));
        }
        for (column, slot) in built.table.columns.iter_mut().zip(&layout.slots) {
            column.slot = *slot;
        }
        built.table.next_slot = layout.next_slot;
    }
    for index in &mut built.indexes {
        index.tree = if built.table.without_rowid && index.origin == super::IndexOrigin::PrimaryKey {
            tree
        } else {
            let own = rows.iter().find(|(_, other)| {
                other.kind == ObjectKind::Index && other.name.eq_ignore_ascii_case(&index.name)
            });
            own.and_then(|(_, own)| own.tree).ok_or_else(|| Error::error("orphan index"))?
        };
    }
    Ok((Arc::new(built.table), built.indexes.into_iter().map(Arc::new).collect()))
}

pub(crate) fn virtual_table(create: &ast::CreateVirtualTable, name: &str, sql: &str) -> VirtualTable {
    VirtualTable {
        name: name.to_owned(),
        module: create.module.text.to_string(),
        arguments: create.arguments.iter().map(ToString::to_string).collect(),
        sql: sql.to_owned(),
    }
}

/// None for an automatic index: its table brought it.
fn load_index(row: &SchemaRow, catalog: &Catalog) -> Result<Option<Index>> {
    if row.sql.is_none() {
        return Ok(None);
    }
    let (ast::Statement::CreateIndex(create), sql) = parse(row)? else {
        return Err(unexplained());
    };
    let table = catalog.table(&row.table).ok_or_else(|| Error::error("orphan index"))?;
    let mut index = build_index(&create, table, sql)?;
    index.tree = row.tree.unwrap_or(TreeId(0));
    Ok(Some(index))
}

fn load_view(row: &SchemaRow) -> Result<View> {
    let (ast::Statement::CreateView(create), sql) = parse(row)? else {
        return Err(unexplained());
    };
    Ok(View {
        name: row.name.clone(),
        columns: create.columns.map(|names| names.iter().map(|name| name.text.to_string()).collect()),
        select: *create.select,
        sql: sql.to_owned(),
        temporary: create.temporary,
    })
}

fn load_trigger(row: &SchemaRow) -> Result<Trigger> {
    let (ast::Statement::CreateTrigger(create), sql) = parse(row)? else {
        return Err(unexplained());
    };
    Ok(Trigger {
        name: row.name.clone(),
        table: row.table.clone(),
        table_schema: create.table.schema.as_ref().map(|schema| schema.text.to_string()),
        definition: *create,
        sql: sql.to_owned(),
    })
}
