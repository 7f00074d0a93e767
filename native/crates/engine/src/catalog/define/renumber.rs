//! The rows of `sqlite_schema` and `sqlite_sequence` as VACUUM numbers them, which copies both into a new file.

use pluresdb_tree::RowCursor;
use pluresdb_value::Value;
use pluresdb_value::record;

use super::write::{publish, schema_rows};
use crate::Result;
use crate::catalog::{DatabaseIndex, ObjectKind, SchemaRow, TreeId};
use crate::execute::tree_error;
use crate::session::Session;

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
    let before_of = |at: usize| before[at].1.as_slice();
    let records: Vec<Vec<u8>> = order.into_iter().map(|at| encoded(before_of(at))).collect();
    let transaction = session.transaction_mut(database);
    for (rowid, values) in &before {
        transaction.delete_row(TreeId::SCHEMA, *rowid, &encoded(values))?;
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
    renumber_sequences(session, database)?;
    Ok(last)
}

/// The rows that are left stand in their order, from 1 on.
fn renumber_sequences(session: &mut Session, database: DatabaseIndex) -> Result<()> {
    let Some(tree) = session.catalog(database).table("sqlite_sequence").map(|table| table.tree) else {
        return Ok(());
    };
    let transaction = session.transaction_mut(database);
    let mut cursor = RowCursor::new(transaction.row_tree(tree)?, transaction.pager().clone());
    let mut rows = Vec::new();
    let mut found = cursor.first().map_err(tree_error)?;
    while found {
        let mut record = Vec::new();
        cursor.to_record(&mut record).map_err(tree_error)?;
        rows.push((cursor.rowid(), record));
        found = cursor.next().map_err(tree_error)?;
    }
    if rows.iter().zip(1..).all(|((rowid, _), place)| *rowid == place) {
        return Ok(());
    }
    for (rowid, record) in &rows {
        transaction.delete_row(tree, *rowid, record)?;
    }
    for ((_, record), rowid) in rows.iter().zip(1..) {
        transaction.put_row(tree, rowid, record, None)?;
    }
    Ok(())
}

fn encoded(values: &[Value]) -> Vec<u8> {
    let mut record = Vec::new();
    record::encode_values(values, &mut record);
    record
}
