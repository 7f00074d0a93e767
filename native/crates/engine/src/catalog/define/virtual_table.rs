//! CREATE VIRTUAL TABLE: the text is kept; the module says what the table is whenever a session connects it.

use std::sync::Arc;

use pluresdb_sql::ast;

use super::table::name_is_taken;
use super::write::{edit_schema_rows, insert_schema_row, publish, reload};
use super::{Definition, check_not_reserved, database_for, stored_sql};
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
    source: &Source,
) -> Result<Definition> {
    let name = &create.name.name.text;
    let database = database_for(session, &create.name, false)?;
    check_not_reserved(name)?;
    let written = create.name.name.span.text(&source.text);
    if let Some(taken) = name_is_taken(session, database, name, written) {
        return if create.if_not_exists { Ok(Definition::Nothing) } else { Err(taken) };
    }
    if session.catalog(database).index(name).is_some() {
        return Err(Error::error(format!("there is already an index named {name}")));
    }
    let sql = stored_sql("VIRTUAL TABLE", &create.name.name, source);
    let table = Arc::new(virtual_table(create, name, &sql));
    Ok(Definition::CreateVirtualTable(Box::new(CreateVirtualTable { database, table })))
}

impl CreateVirtualTable {
    pub fn run(&mut self, session: &mut Session) -> Result<()> {
        let table = self.table.clone();
        // A module that refuses makes no table.
        session.callbacks.virtual_table(session.database_name(self.database), &table, session.call_site())?;
        insert_schema_row(
            session,
            self.database,
            &SchemaRow {
                kind: ObjectKind::Table,
                name: table.name.clone(),
                table: table.name.clone(),
                tree: None,
                sql: Some(table.sql.clone()),
                layout: None,
            },
        )?;
        publish(session, self.database, |catalog| {
            catalog.add_virtual_table(table);
            Ok(())
        })
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
            Ok(Some(row))
        })?;
        reload(session, *database)
    }
}
