//! What every new table, view and virtual table begins and ends with: a free name in a database, a row of
//! `sqlite_schema` and an entry of the catalog.

use pluresdb_sql::ast;

use super::write::{insert_schema_row, publish};
use super::{check_not_reserved, database_for};
use crate::catalog::{Catalog, DatabaseIndex, SchemaRow};
use crate::session::Session;
use crate::{Error, Result};

/// The name that CREATE gives.
pub(super) struct NewName<'a> {
    pub name: &'a ast::QualifiedName,
    pub is_temporary: bool,
    pub if_not_exists: bool,
}

impl NewName<'_> {
    /// The database of the new object. None: something has the name, and IF NOT EXISTS is content with that.
    /// `text` is what the name's span points into.
    pub fn find_place(&self, session: &Session, text: &str) -> Result<Option<DatabaseIndex>> {
        let name = &self.name.name.text;
        let database = database_for(session, self.name, self.is_temporary)?;
        check_not_reserved(name)?;
        session.note_named(database);
        let written = self.name.name.span.text(text);
        if let Some(taken) = name_is_taken(session, database, name, written) {
            return if self.if_not_exists { Ok(None) } else { Err(taken) };
        }
        if session.catalog(database).index(name).is_some() {
            return Err(Error::error(format!("there is already an index named {name}")));
        }
        Ok(Some(database))
    }
}

/// Why there may be no new object of that name; `written` is the name with its quotes.
pub(super) fn name_is_taken(
    session: &Session,
    database: DatabaseIndex,
    name: &str,
    written: &str,
) -> Option<Error> {
    let catalog = session.catalog(database);
    if catalog.table(name).is_some() || catalog.virtual_table(name).is_some() {
        Some(Error::error(format!("table {written} already exists")))
    } else if catalog.view(name).is_some() {
        Some(Error::error(format!("view {written} already exists")))
    } else {
        None
    }
}

/// Writes the object down; `add` puts it into the catalog.
pub(super) fn add_object(
    session: &mut Session,
    database: DatabaseIndex,
    row: &SchemaRow,
    add: impl FnOnce(&mut Catalog),
) -> Result<()> {
    insert_schema_row(session, database, row)?;
    publish(session, database, |catalog| {
        add(catalog);
        Ok(())
    })
}
