//! CREATE VIEW: the text kept as it is, looked at when the view is used.

use std::sync::Arc;

use pluresdb_sql::ast;

use super::own_database;
use super::table::name_is_taken;
use super::write::{insert_schema_row, publish};
use super::{Definition, check_not_reserved, database_for, stored_sql};
use crate::catalog::{DatabaseIndex, ObjectKind, SchemaRow, View};
use crate::session::Session;
use crate::statement::Source;
use crate::{Error, Result};

pub(crate) struct CreateView {
    pub database: DatabaseIndex,
    view: Arc<View>,
}

pub(super) fn prepare_view(
    session: &Session,
    create: &ast::CreateView,
    source: &Source,
) -> Result<Definition> {
    let name = &create.name.name.text;
    if !source.parsed.parameters.names.is_empty() {
        return Err(Error::error("parameters are not allowed in views"));
    }
    let database = database_for(session, &create.name, create.temporary)?;
    check_not_reserved(name)?;
    let written = create.name.name.span.text(&source.text);
    if let Some(taken) = name_is_taken(session, database, name, written) {
        return if create.if_not_exists { Ok(Definition::Nothing) } else { Err(taken) };
    }
    if session.catalog(database).index(name).is_some() {
        return Err(Error::error(format!("there is already an index named {name}")));
    }
    own_database::check_view(session, database, name, &create.select)?;
    let sql = stored_sql("VIEW", &create.name.name, source);
    let parsed = pluresdb_sql::parse_next(&sql, 0).map_err(crate::statement::parse_error)?;
    let Some(ast::Statement::CreateView(stored)) = parsed.map(|parsed| parsed.statement) else {
        return Err(Error::error(format!("malformed database schema ({name})")));
    };
    let columns = stored.columns.map(|names| names.iter().map(|name| name.text.to_string()).collect());
    let view = Arc::new(View {
        name: name.to_string(),
        columns,
        select: *stored.select,
        sql,
        temporary: database == DatabaseIndex::TEMP,
    });
    Ok(Definition::CreateView(Box::new(CreateView { database, view })))
}

impl CreateView {
    pub fn run(&mut self, session: &mut Session) -> Result<()> {
        let view = self.view.clone();
        insert_schema_row(
            session,
            self.database,
            &SchemaRow {
                kind: ObjectKind::View,
                name: view.name.clone(),
                table: view.name.clone(),
                tree: None,
                sql: Some(view.sql.clone()),
                layout: None,
            },
        )?;
        publish(session, self.database, |catalog| {
            catalog.add_view(view);
            Ok(())
        })
    }
}
