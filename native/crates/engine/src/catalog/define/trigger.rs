//! CREATE TRIGGER: the text kept as it is. What its body names is looked for when the trigger fires; only that it
//! names nothing of other databases is checked here.

use std::sync::Arc;

use pluresdb_sql::ast::{self, TriggerTime};

use super::new_object::add_object;
use super::own_database;
use super::{Definition, check_not_reserved, is_reserved, stored_sql};
use crate::catalog::{DatabaseIndex, ObjectKind, SchemaRow, Trigger};
use crate::dml::no_such_table;
use crate::resolve::Relation;
use crate::session::Session;
use crate::statement::Source;
use crate::{Error, Result};

pub(crate) struct CreateTrigger {
    pub database: DatabaseIndex,
    trigger: Arc<Trigger>,
}

/// What a trigger stands on.
pub(super) struct Subject {
    database: DatabaseIndex,
    name: String,
    is_view: bool,
}

/// Where the trigger goes and what it stands on, `written` being its name; None: there is one already, which is no mistake.
pub(super) fn find_place(
    session: &Session,
    create: &ast::CreateTrigger,
    written: &str,
) -> Result<Option<(DatabaseIndex, Subject)>> {
    let name = &create.name.name.text;
    let database = home(session, create)?;
    let subject = find_subject(session, create, database, written)?;
    check_not_reserved(name)?;
    if session.catalog(database).trigger(name).is_some() {
        return if create.if_not_exists {
            session.note_named(database);
            Ok(None)
        } else {
            Err(Error::error(format!("trigger {written} already exists")))
        };
    }
    if is_reserved(&subject.name) {
        return Err(Error::error("cannot create trigger on system table"));
    }
    check_time(create, &subject, database)?;
    Ok(Some((database, subject)))
}

pub(super) fn prepare(
    session: &Session,
    create: &ast::CreateTrigger,
    source: &Source<'_>,
) -> Result<Definition> {
    let name = &create.name.name.text;
    let written = create.name.name.span.text(source.text);
    let Some((database, subject)) = find_place(session, create, written)? else {
        return Ok(Definition::Nothing);
    };
    check_targets(create, database)?;
    if !source.parsed.parameters.names.is_empty() {
        return Err(Error::error("trigger cannot use variables"));
    }
    own_database::check_trigger(session, database, create)?;
    let sql = stored_sql("TRIGGER", &create.name.name, source);
    let parsed = pluresdb_sql::parse_next(&sql, 0).map_err(crate::statement::parse_error)?;
    let Some(ast::Statement::CreateTrigger(definition)) = parsed.map(|parsed| parsed.statement) else {
        return Err(Error::error(format!("malformed database schema ({name})")));
    };
    let trigger = Arc::new(Trigger {
        name: name.to_string(),
        // As it is written, which may be in other letters than the table's own name.
        table: create.table.name.text.to_string(),
        table_schema: Some(session.database_name(subject.database).to_owned()),
        definition: *definition,
        sql,
    });
    Ok(Definition::CreateTrigger(Box::new(CreateTrigger { database, trigger })))
}

/// The database the trigger goes to: an unqualified trigger on a temp table is a temp trigger.
fn home(session: &Session, create: &ast::CreateTrigger) -> Result<DatabaseIndex> {
    match &create.name.schema {
        Some(_) if create.temporary => Err(Error::error("temporary trigger may not have qualified name")),
        Some(schema) => session
            .database_index(&schema.text)
            .ok_or_else(|| Error::error(format!("unknown database {}", schema.text))),
        None if create.temporary => Ok(DatabaseIndex::TEMP),
        None => {
            let schema = create.table.schema.as_ref().map(|schema| &*schema.text);
            match session.find_relation(schema, &create.table.name.text) {
                Some(Relation::Table(DatabaseIndex::TEMP, _) | Relation::View(DatabaseIndex::TEMP, _)) => {
                    Ok(DatabaseIndex::TEMP)
                }
                _ => Ok(DatabaseIndex::MAIN),
            }
        }
    }
}

fn find_subject(
    session: &Session,
    create: &ast::CreateTrigger,
    database: DatabaseIndex,
    written: &str,
) -> Result<Subject> {
    if let Some(schema) = &create.table.schema
        && database != DatabaseIndex::TEMP
        && session.database_index(&schema.text) != Some(database)
    {
        return Err(Error::error(format!(
            "trigger {written} cannot reference objects in database {}",
            schema.text
        )));
    }
    let own = (database != DatabaseIndex::TEMP).then(|| session.database_name(database));
    let schema = create.table.schema.as_ref().map(|schema| &*schema.text).or(own);
    match session.find_relation(schema, &create.table.name.text) {
        Some(Relation::Table(database, table)) => {
            Ok(Subject { database, name: table.name.to_string(), is_view: false })
        }
        Some(Relation::View(database, view)) => {
            Ok(Subject { database, name: view.name.clone(), is_view: true })
        }
        Some(Relation::Virtual(_)) => Err(Error::error("cannot create triggers on virtual tables")),
        None => Err(no_such_table(schema, &create.table.name.text)),
    }
}

/// Only the steps of temp triggers may name the database of what they change, even when it is their own.
fn check_targets(create: &ast::CreateTrigger, database: DatabaseIndex) -> Result<()> {
    let is_qualified = |step: &ast::TriggerStep| {
        let table = match &step.statement {
            ast::Statement::Insert(insert) => &insert.table,
            ast::Statement::Update(update) => &update.table,
            ast::Statement::Delete(delete) => &delete.table,
            _ => return false,
        };
        table.schema.is_some()
    };
    if database != DatabaseIndex::TEMP && create.body.iter().any(is_qualified) {
        return Err(Error::error(
            "qualified table names are not allowed on INSERT, UPDATE, and DELETE statements within triggers",
        ));
    }
    Ok(())
}

/// INSTEAD OF is for views, and views have nothing else.
fn check_time(create: &ast::CreateTrigger, subject: &Subject, database: DatabaseIndex) -> Result<()> {
    let time = match (create.time, subject.is_view) {
        (Some(TriggerTime::InsteadOf), true)
        | (Some(TriggerTime::Before | TriggerTime::After) | None, false) => {
            return Ok(());
        }
        (Some(TriggerTime::InsteadOf), false) => "INSTEAD OF",
        (Some(TriggerTime::Before) | None, true) => "BEFORE",
        (Some(TriggerTime::After), true) => "AFTER",
    };
    let kind = if subject.is_view { "view" } else { "table" };
    let table = &create.table.name.text;
    let shown = match &create.table.schema {
        Some(schema) if database == DatabaseIndex::TEMP => format!("{}.{table}", schema.text),
        _ => table.to_string(),
    };
    Err(Error::error(format!("cannot create {time} trigger on {kind}: {shown}")))
}

impl CreateTrigger {
    pub fn run(&mut self, session: &mut Session) -> Result<()> {
        let trigger = self.trigger.clone();
        let kind = ObjectKind::Trigger;
        let row = SchemaRow::new(kind, &trigger.name, &trigger.table, None, Some(&trigger.sql));
        add_object(session, self.database, &row, |catalog| catalog.add_trigger(trigger))
    }
}
