//! CREATE VIRTUAL TABLE: the text is kept; the module says what the table is whenever a session connects it.

use std::sync::Arc;

use pluresdb_sql::ast;

use super::hash_order;
use super::new_object::{NewName, add_object, name_is_taken};
use super::write::{edit_schema_rows, reload};
use super::{Definition, check_not_reserved, stored_sql};
use crate::catalog::{DatabaseIndex, ObjectKind, SchemaRow, VirtualTable, virtual_table};
use crate::resolve::VirtualRelation;
use crate::session::Session;
use crate::statement::Source;
use crate::{Error, Result};

pub(crate) struct CreateVirtualTable {
    pub database: DatabaseIndex,
    table: Arc<VirtualTable>,
}

pub(super) fn prepare(
    session: &Session,
    create: &ast::CreateVirtualTable,
    source: &Source<'_>,
) -> Result<Definition> {
    let Some(database) = new_name(create).find_place(session, source.text)? else {
        return Ok(Definition::Nothing);
    };
    let name = &create.name.name.text;
    let sql = stored_sql("VIRTUAL TABLE", &create.name.name, source);
    let table = Arc::new(virtual_table(create, name, &sql));
    Ok(Definition::CreateVirtualTable(Box::new(CreateVirtualTable { database, table })))
}

pub(super) fn new_name(create: &ast::CreateVirtualTable) -> NewName<'_> {
    NewName { name: &create.name, is_temporary: false, if_not_exists: create.if_not_exists }
}

impl CreateVirtualTable {
    pub fn run(&mut self, session: &mut Session) -> Result<()> {
        let table = self.table.clone();
        // A module that refuses makes no table.
        session.callbacks.virtual_table(session.database_name(self.database), &table, session.call_site())?;
        let row = SchemaRow::new(ObjectKind::Table, &table.name, &table.name, None, Some(&table.sql));
        hash_order::entered(session, self.database, &table.name);
        add_object(session, self.database, &row, |catalog| catalog.add_virtual_table(table))
    }
}

pub(crate) struct RenameVirtualTable {
    pub database: DatabaseIndex,
    table: Arc<VirtualTable>,
    to: String,
}

pub(super) fn prepare_rename(session: &Session, table: &VirtualRelation, to: &str) -> Result<Definition> {
    let VirtualRelation::Created(database, table) = table else {
        return Err(Error::error(format!("table {} may not be altered", table.name())));
    };
    let is_taken =
        name_is_taken(session, *database, to, to).is_some() || session.catalog(*database).index(to).is_some();
    if is_taken {
        let message = format!("there is already another table or index with this name: {to}");
        return Err(Error::error(message));
    }
    check_not_reserved(to)?;
    let rename = RenameVirtualTable { database: *database, table: table.clone(), to: to.to_owned() };
    Ok(Definition::RenameVirtualTable(Box::new(rename)))
}

impl RenameVirtualTable {
    pub fn run(&mut self, session: &mut Session) -> Result<()> {
        let RenameVirtualTable { database, table, to } = self;
        let parsed = pluresdb_sql::parse_next(&table.sql, 0).map_err(crate::statement::parse_error)?;
        let Some(ast::Statement::CreateVirtualTable(create)) = parsed.map(|parsed| parsed.statement) else {
            return Err(Error::error(format!("malformed database schema ({})", table.name)));
        };
        let span = create.name.name.span;
        let (before, after) = (&table.sql[..span.start as usize], &table.sql[span.end as usize..]);
        let sql = format!("{before}\"{}\"{after}", to.replace('"', "\"\""));
        edit_schema_rows(session, *database, &mut |mut row| {
            if row.kind == ObjectKind::Table && row.name.eq_ignore_ascii_case(&table.name) {
                (row.name, row.table, row.sql) = (to.clone(), to.clone(), Some(sql.clone()));
            }
            Ok(row)
        })?;
        reload(session, *database)
    }
}
