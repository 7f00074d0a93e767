//! Which columns a record of SQLite's has, in which order.
//!
//! A table's record has its columns as declared, but for virtual generated ones, which are computed when they are read.
//! A WITHOUT ROWID table's has the primary key's columns first. An index's record has the indexed values, then the
//! rowid, or the columns of the primary key that are not among them.

use pluresdb_value::key::KeyColumn;

use crate::catalog::{Column, Index, IndexTerm, KeyColumnDef, Table};

/// Not in any record: computed when it is read.
pub(super) fn is_virtual(column: &Column) -> bool {
    column.generated.as_ref().is_some_and(|generated| !generated.stored)
}

/// The columns of a table's records.
pub(super) fn record_columns(table: &Table) -> Vec<usize> {
    let key: Vec<usize> = if table.without_rowid {
        table.primary_key.iter().map(|key| key.column).collect()
    } else {
        Vec::new()
    };
    let others = (0..table.columns.len())
        .filter(|column| !is_virtual(&table.columns[*column]) && !key.contains(column))
        .collect::<Vec<_>>();
    key.iter().copied().chain(others).collect()
}

/// How the key of a WITHOUT ROWID table orders.
pub(super) fn primary_key_columns(table: &Table) -> Vec<KeyColumn> {
    let keys = table.primary_key.iter();
    keys.map(KeyColumnDef::key_column).collect()
}

pub(super) fn index_columns(index: &Index) -> Vec<KeyColumn> {
    let columns = index.columns.iter();
    columns.map(|column| KeyColumn { collation: column.collation, descending: column.descending }).collect()
}

/// The primary key's columns that an index of a WITHOUT ROWID table repeats, and how they order there.
pub(super) fn appended_key_columns(table: &Table, index: &Index) -> Vec<(usize, KeyColumn)> {
    let is_indexed = |column: usize, collation| {
        index.columns.iter().any(|indexed| {
            matches!(indexed.term, IndexTerm::Column(other) if other == column)
                && indexed.collation == collation
        })
    };
    let keys = table.primary_key.iter().zip(index.identity_columns(table));
    let keys = keys.filter(|(key, _)| !is_indexed(key.column, key.collation));
    keys.map(|(key, column)| (key.column, column)).collect()
}
