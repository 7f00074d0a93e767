//! CREATE VIEW: the text kept as it is, looked at when the view is used.

use std::sync::Arc;

use pluresdb_sql::ast;

use super::hash_order;
use super::new_object::{NewName, add_object};
use super::own_database;
use super::{Definition, stored_sql_with_comments};
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
    source: &Source<'_>,
) -> Result<Definition> {
    let name = &create.name.name.text;
    if !source.parsed.parameters.names.is_empty() {
        return Err(Error::error("parameters are not allowed in views"));
    }
    let place =
        NewName { name: &create.name, is_temporary: create.temporary, if_not_exists: create.if_not_exists };
    let Some(database) = place.find_place(session, source.text)? else { return Ok(Definition::Nothing) };
    own_database::check_view(session, database, name, &create.select)?;
    let mut sql = stored_sql_with_comments("VIEW", &create.name.name, source);
    sql.truncate(sql.trim_end_matches([' ', '\t', '\n', '\x0b', '\x0c', '\r']).len());
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
        let row = SchemaRow::new(ObjectKind::View, &view.name, &view.name, None, Some(&view.sql));
        hash_order::entered(session, self.database, &view.name);
        add_object(session, self.database, &row, |catalog| catalog.add_view(view))
    }
}
