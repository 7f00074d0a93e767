//! Whether a schema makes sense: every text is read, every view and trigger resolved.
//!
//!     error in view v after rename: no such column: t.a

use std::sync::Arc;

use super::mentions::{self, Depth};
use crate::catalog::define::validate;
use crate::catalog::define::write::{publish, schema_rows};
use crate::catalog::define::{is_reserved, stored_expressions};
use crate::catalog::{Catalog, DatabaseIndex, MAY_BE_A_STRING, ObjectKind, SchemaRow, load_with};
use crate::session::Session;
use crate::{Error, Result};

pub(super) fn depth(session: &Session) -> Depth {
    if session.settings.legacy_alter_table { Depth::Legacy } else { Depth::Everything }
}

/// The error with the object it was found in. `when` is `after rename` or the like, or empty.
pub(super) fn in_object(row: &SchemaRow, when: &str, error: &Error) -> Error {
    let space = if when.is_empty() { "" } else { " " };
    Error::error(format!("error in {} {}{space}{when}: {}", row.kind.name(), row.name, error.message))
}

/// Builds the catalog anew from the edited texts. `change` is what was done to them.
pub(super) fn reload(session: &mut Session, database: DatabaseIndex, change: &str) -> Result<()> {
    let when = format!("after {change}");
    let rows = schema_rows(session, database)?;
    let loaded = load_with(rows.clone(), &|row, error| in_object(row, &when, &error))?;
    publish(session, database, |catalog| {
        *catalog = Catalog { schema_version: catalog.schema_version, ..loaded };
        Ok(())
    })?;
    // SQLite first looks at all definitions with names in double quotes as strings where they are no columns'.
    let mut of_quoted = None;
    for (_, values) in rows {
        let row = SchemaRow::from_values(&values)?;
        if let Err(error) = check_definition(session, database, &row) {
            let found = in_object(&row, &when, &error);
            if !error.message.ends_with(MAY_BE_A_STRING) {
                return Err(found);
            }
            of_quoted.get_or_insert(found);
        }
    }
    of_quoted.map_or(Ok(()), Err)
}

/// Looks at every object of a database, and at those of temp, which may name it.
pub(super) fn check(session: &Session, database: DatabaseIndex, when: &str) -> Result<()> {
    check_database(session, database, when)?;
    if database == DatabaseIndex::TEMP {
        return Ok(());
    }
    check_database(session, DatabaseIndex::TEMP, when)
}

fn check_database(session: &Session, database: DatabaseIndex, when: &str) -> Result<()> {
    for (_, values) in schema_rows(session, database)? {
        let row = SchemaRow::from_values(&values)?;
        let Some(sql) = row.sql.as_deref().filter(|_| !is_reserved(&row.name)) else { continue };
        let checked = match row.kind {
            ObjectKind::Table | ObjectKind::Index => check_definition(session, database, &row),
            ObjectKind::View | ObjectKind::Trigger => {
                mentions::resolve(session, database, sql, depth(session)).map(|_| ())
            }
        };
        checked.map_err(|error| in_object(&row, when, &error))?;
    }
    Ok(())
}

/// The expressions of a table or an index.
fn check_definition(session: &Session, database: DatabaseIndex, row: &SchemaRow) -> Result<()> {
    let sql = row.sql.as_deref().unwrap_or_default();
    match row.kind {
        ObjectKind::Table => match session.catalog(database).table(&row.name) {
            Some(table) => validate::check_table(session, database, table, sql),
            None => Ok(()),
        },
        ObjectKind::Index => {
            let catalog = session.catalog(database);
            let Some(index) = catalog.index(&row.name) else { return Ok(()) };
            let Some(table) = catalog.table(&index.table) else { return Ok(()) };
            let table: &Arc<_> = table;
            for (expr, place) in stored_expressions(index) {
                validate::check_expr(session, database, table, expr, sql, place)?;
            }
            Ok(())
        }
        ObjectKind::View | ObjectKind::Trigger => Ok(()),
    }
}
