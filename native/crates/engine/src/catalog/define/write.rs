//! Rows of `sqlite_schema`, and the catalogs that follow them.

use std::sync::Arc;

use pluresdb_tree::RowCursor;
use pluresdb_value::Value;
use pluresdb_value::record::{self, Record};

use crate::Result;
use crate::catalog::{Catalog, DatabaseIndex, SchemaRow, TreeId, load};
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
