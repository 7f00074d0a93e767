//! Rows of `sqlite_schema`, and the catalogs that follow them.

use std::sync::Arc;

use pluresdb_tree::RowCursor;
use pluresdb_value::record::{self, Record};
use pluresdb_value::{Value, ValueRef};

use crate::Result;
use crate::catalog::{Catalog, DatabaseIndex, ObjectKind, SchemaRow, TreeId, load, malformed};
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

/// Lets `edit` change each row of `sqlite_schema`.
pub(crate) fn edit_schema_rows(
    session: &mut Session,
    database: DatabaseIndex,
    edit: &mut dyn FnMut(SchemaRow) -> Result<SchemaRow>,
) -> Result<()> {
    for (rowid, values) in schema_rows(session, database)? {
        let before = SchemaRow::from_values(&values)?;
        let after = edit(before.clone())?;
        if after == before {
            continue;
        }
        let (mut old, mut new) = (Vec::new(), Vec::new());
        record::encode_values(&values, &mut old);
        record::encode_values(&after.to_values(), &mut new);
        session.transaction_mut(database).put_row(TreeId::SCHEMA, rowid, &new, Some(&old))?;
    }
    Ok(())
}

/// Deletes the rows of `sqlite_schema` that `goes` says yes to, given their kind, their name and the table they belong to.
pub(crate) fn delete_schema_rows(
    session: &mut Session,
    database: DatabaseIndex,
    goes: &dyn Fn(ObjectKind, &str, &str) -> bool,
) -> Result<()> {
    let transaction = session.transaction_mut(database);
    let tree = transaction.row_tree(TreeId::SCHEMA)?;
    let mut cursor = RowCursor::new(tree, transaction.pager().clone());
    let mut going = Vec::new();
    let mut found = cursor.first().map_err(tree_error)?;
    while found {
        let text = |slot| match cursor.column(slot) {
            Ok(Some(ValueRef::Text(text))) => Ok(text),
            Ok(_) => Ok(&b""[..]),
            Err(error) => Err(tree_error(error)),
        };
        let [kind, name, table] = [text(0)?, text(1)?, text(2)?];
        let (name, table) = (String::from_utf8_lossy(name), String::from_utf8_lossy(table));
        let kind = ObjectKind::from_name(kind).ok_or_else(|| malformed(&name, ""))?;
        if goes(kind, &name, &table) {
            let mut record = Vec::new();
            cursor.to_record(&mut record).map_err(tree_error)?;
            going.push((cursor.rowid(), record));
        }
        found = cursor.next().map_err(tree_error)?;
    }
    for (rowid, record) in going {
        transaction.delete_row(TreeId::SCHEMA, rowid, &record)?;
    }
    Ok(())
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
    if database == DatabaseIndex::TEMP {
        session.reentry.expire_statements();
    }
    session.known_views.schema_has_changed();
    session.transaction_mut(database).set_catalog(Arc::new(catalog));
    Ok(())
}

/// Builds the catalog anew from `sqlite_schema`.
pub(crate) fn reload(session: &mut Session, database: DatabaseIndex) -> Result<()> {
    reload_part(session, database)?;
    publish(session, database, |_| Ok(()))
}

/// The same without another version of the schema.
pub(crate) fn reload_part(session: &mut Session, database: DatabaseIndex) -> Result<()> {
    let rows = schema_rows(session, database)?;
    let loaded = load(rows)?;
    publish_part(session, database, |catalog| {
        *catalog = Catalog { schema_version: catalog.schema_version, ..loaded };
        Ok(())
    })
}
