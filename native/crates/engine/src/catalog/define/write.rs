//! Rows of `sqlite_schema`, and the catalogs that follow them.

use std::sync::Arc;

use pluresdb_tree::RowCursor;
use pluresdb_value::Value;
use pluresdb_value::record::{self, Record};

use crate::Result;
use crate::catalog::{Catalog, DatabaseIndex, ObjectKind, SchemaRow, TreeId, load};
use crate::execute::{corrupt, tree_error};
use crate::session::Session;

/// Columns of the schema's own tree, the hidden one included.
const SCHEMA_WIDTH: usize = 6;

pub(crate) fn insert_schema_row(
    session: &mut Session,
    database: DatabaseIndex,
    row: &SchemaRow,
) -> Result<()> {
    let transaction = session.transaction_mut(database);
    let rows = transaction.row_tree(TreeId::SCHEMA)?;
    let last = rows.last_rowid(transaction.pager()).map_err(tree_error)?;
    let mut record = Vec::new();
    record::encode_values(&row.to_values(), &mut record);
    transaction.put_row(TreeId::SCHEMA, last.unwrap_or(0) + 1, &record, None)
}

/// Every row of `sqlite_schema` with its rowid.
pub(crate) fn schema_rows(session: &Session, database: DatabaseIndex) -> Result<Vec<(i64, Vec<Value>)>> {
    let transaction = session.transaction(database);
    let tree = transaction.row_tree(TreeId::SCHEMA)?;
    let mut cursor = RowCursor::new(tree, transaction.pager().clone());
    let mut rows = Vec::new();
    let mut found = cursor.first().map_err(tree_error)?;
    let mut bytes = Vec::new();
    while found {
        bytes.clear();
        cursor.to_record(&mut bytes).map_err(tree_error)?;
        let mut values = vec![Value::Null; SCHEMA_WIDTH];
        Record::new(&bytes).map_err(corrupt)?.read_into(&mut values).map_err(corrupt)?;
        rows.push((cursor.rowid(), values));
        found = cursor.next().map_err(tree_error)?;
    }
    Ok(rows)
}

/// Lets `edit` change each row of `sqlite_schema`; None deletes it.
pub(crate) fn edit_schema_rows(
    session: &mut Session,
    database: DatabaseIndex,
    edit: &mut dyn FnMut(SchemaRow) -> Result<Option<SchemaRow>>,
) -> Result<()> {
    for (rowid, values) in schema_rows(session, database)? {
        let before = SchemaRow::from_values(&values)?;
        let after = edit(before.clone())?;
        if after.as_ref() == Some(&before) {
            continue;
        }
        let mut old = Vec::new();
        record::encode_values(&values, &mut old);
        let transaction = session.transaction_mut(database);
        match after {
            None => transaction.delete_row(TreeId::SCHEMA, rowid, &old)?,
            Some(row) => {
                let mut new = Vec::new();
                record::encode_values(&row.to_values(), &mut new);
                transaction.put_row(TreeId::SCHEMA, rowid, &new, Some(&old))?;
            }
        }
    }
    Ok(())
}

/// Numbers the rows of `sqlite_schema` as VACUUM does, which makes everything again: tables with their automatic
/// indexes, then the other indexes, then what has no tree; `sqlite_sequence` if a table needs it. Returns the number of the
/// last row that has no tree.
pub(crate) fn renumber_schema(session: &mut Session, database: DatabaseIndex) -> Result<Option<i64>> {
    let before = schema_rows(session, database)?;
    let mut rows = Vec::with_capacity(before.len());
    for (_, values) in &before {
        rows.push((SchemaRow::from_values(values)?, values));
    }
    let is_sequence = |row: &SchemaRow| row.name == "sqlite_sequence";
    let group = |row: &SchemaRow| match (row.kind, &row.sql) {
        (ObjectKind::Table, _) if row.tree.is_some() => 0,
        (ObjectKind::Index, None) => 0,
        (ObjectKind::Index, Some(_)) => 1,
        _ => 2,
    };
    let catalog = session.catalog(database);
    let mut tables: Vec<&str> = Vec::new();
    for (row, _) in rows.iter().filter(|(row, _)| row.kind == ObjectKind::Table && !is_sequence(row)) {
        tables.push(&row.name);
        let counts = catalog.table(&row.name).is_some_and(|table| table.autoincrement);
        if counts && !tables.contains(&"sqlite_sequence") {
            tables.push("sqlite_sequence");
        }
    }
    let unused =
        rows.iter().map(|(row, _)| row).find(|row| is_sequence(row) && !tables.contains(&"sqlite_sequence"));
    let unused = unused.and_then(|row| row.tree);
    let place = |row: &SchemaRow| tables.iter().position(|table| table.eq_ignore_ascii_case(&row.table));
    let mut order: Vec<usize> =
        (0..rows.len()).filter(|at| unused.is_none() || rows[*at].0.tree != unused).collect();
    order.sort_by_key(|at| {
        let row = &rows[*at].0;
        (group(row), if group(row) == 0 { place(row) } else { None })
    });
    let last = order.last().filter(|at| group(&rows[**at].0) == 2).map(|_| order.len() as i64);
    let mut records = Vec::with_capacity(order.len());
    for at in order {
        let mut record = Vec::new();
        record::encode_values(rows[at].1, &mut record);
        records.push(record);
    }
    let transaction = session.transaction_mut(database);
    for (rowid, values) in &before {
        let mut old = Vec::new();
        record::encode_values(values, &mut old);
        transaction.delete_row(TreeId::SCHEMA, *rowid, &old)?;
    }
    for (rowid, record) in (1..).zip(&records) {
        transaction.put_row(TreeId::SCHEMA, rowid, record, None)?;
    }
    if let Some(tree) = unused {
        transaction.drop_tree(tree)?;
    }
    publish(session, database, |catalog| {
        if unused.is_some() {
            catalog.remove_table("sqlite_sequence");
        }
        Ok(())
    })?;
    Ok(last)
}

/// Gives the transaction a changed catalog, of the next version.
pub(crate) fn publish(
    session: &mut Session,
    database: DatabaseIndex,
    change: impl FnOnce(&mut Catalog) -> Result<()>,
) -> Result<()> {
    publish_part(session, database, |catalog| {
        catalog.schema_version = catalog.schema_version.wrapping_add(1);
        change(catalog)
    })
}

/// The same in the middle of a statement that will publish another: a statement makes one version.
pub(crate) fn publish_part(
    session: &mut Session,
    database: DatabaseIndex,
    change: impl FnOnce(&mut Catalog) -> Result<()>,
) -> Result<()> {
    let mut catalog = Catalog::clone(session.catalog(database));
    change(&mut catalog)?;
    session.note_named(database);
    session.known_views.schema_has_changed();
    session.transaction_mut(database).set_catalog(Arc::new(catalog));
    Ok(())
}

/// Builds the catalog anew from `sqlite_schema`.
pub(crate) fn reload(session: &mut Session, database: DatabaseIndex) -> Result<()> {
    let rows = schema_rows(session, database)?;
    let loaded = load(rows)?;
    publish(session, database, |catalog| {
        *catalog = Catalog { schema_version: catalog.schema_version, ..loaded };
        Ok(())
    })
}
