//! CREATE VIEW and CREATE TRIGGER: texts kept as they are, their bodies looked at when they are used.

use std::sync::Arc;

use pluresdb_sql::ast::{self, TriggerTime};

use super::own_database;
use super::table::name_is_taken;
use super::write::{insert_schema_row, publish};
use super::{Definition, check_not_reserved, database_for, stored_sql};
use crate::catalog::{DatabaseIndex, ObjectKind, SchemaRow, Trigger, View};
use crate::dml::no_such_table;
use crate::resolve::Relation;
use crate::session::Session;
use crate::statement::Source;
use crate::{Error, Result};

pub(crate) struct CreateView {
    pub database: DatabaseIndex,
    view: Arc<View>,
}

pub(crate) struct CreateTrigger {
    pub database: DatabaseIndex,
    trigger: Arc<Trigger>,
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
    let database = database_for(session, &create.name, create.temporary, "view")?;
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

pub(super) fn prepare_trigger(
    session: &Session,
    create: &ast::CreateTrigger,
    source: &Source,
) -> Result<Definition> {
    let name = &create.name.name.text;
    if create.temporary && create.name.schema.is_some() {
        return Err(Error::error("temporary trigger may not have qualified name"));
    }
    let own_schema = create.name.schema.as_ref().map(|schema| &*schema.text);
    let schema = create.table.schema.as_ref().map(|schema| &*schema.text).or(own_schema);
    if let Some(schema) = schema
        && session.database_index(schema).is_none()
    {
        return Err(Error::error(format!("unknown database {schema}")));
    }
    if !source.parsed.parameters.names.is_empty() {
        return Err(Error::error("trigger cannot use variables"));
    }
    let (table_database, is_view, table) = match session.find_relation(schema, &create.table.name.text) {
        Some(Relation::Table(database, table)) if table.is_system => {
            debug_assert!(database.0 < session.databases.len(), "a table's database is the session's");
            return Err(Error::error("cannot create trigger on system table"));
        }
        Some(Relation::Table(database, table)) => (database, false, table.name.clone()),
        Some(Relation::View(database, view)) => (database, true, view.name.clone()),
        None => {
            let shown = if create.temporary { schema } else { Some(schema.unwrap_or("main")) };
            return Err(no_such_table(shown, &create.table.name.text));
        }
    };
    let database = if create.temporary { DatabaseIndex::TEMP } else { table_database };
    check_not_reserved(name)?;
    if session.catalog(database).trigger(name).is_some() {
        return if create.if_not_exists {
            Ok(Definition::Nothing)
        } else {
            Err(Error::error(format!("trigger {} already exists", create.name.name.span.text(&source.text))))
        };
    }
    match (create.time, is_view) {
        (Some(TriggerTime::InsteadOf), false) => {
            return Err(Error::error(format!("cannot create INSTEAD OF trigger on table: {table}")));
        }
        (Some(TriggerTime::Before) | None, true) => {
            return Err(Error::error(format!("cannot create BEFORE trigger on view: {table}")));
        }
        (Some(TriggerTime::After), true) => {
            return Err(Error::error(format!("cannot create AFTER trigger on view: {table}")));
        }
        _ => {}
    }
    own_database::check_trigger(session, database, create)?;
    let sql = stored_sql("TRIGGER", &create.name.name, source);
    let parsed = pluresdb_sql::parse_next(&sql, 0).map_err(crate::statement::parse_error)?;
    let Some(ast::Statement::CreateTrigger(definition)) = parsed.map(|parsed| parsed.statement) else {
        return Err(Error::error(format!("malformed database schema ({name})")));
    };
    let table_schema = Some(session.database_name(table_database).to_owned());
    let trigger =
        Arc::new(Trigger { name: name.to_string(), table, table_schema, definition: *definition, sql });
    Ok(Definition::CreateTrigger(Box::new(CreateTrigger { database, trigger })))
}

impl CreateTrigger {
    pub fn run(&mut self, session: &mut Session) -> Result<()> {
        let trigger = self.trigger.clone();
        insert_schema_row(
            session,
            self.database,
            &SchemaRow {
                kind: ObjectKind::Trigger,
                name: trigger.name.clone(),
                table: trigger.table.clone(),
                tree: None,
                sql: Some(trigger.sql.clone()),
                layout: None,
            },
        )?;
        publish(session, self.database, |catalog| {
            catalog.add_trigger(trigger);
            Ok(())
        })
    }
}
