//! What statements are asked to be, before they are compiled: the application's authorizer may refuse each of them.
//!
//! Columns, functions and queries are asked for where they are resolved (`resolve/authorize.rs`).

use pluresdb_sql::ast::{self, DropObject};

use super::alter_questions::ask_alter;
use crate::Result;
use crate::analyze::Analyze;
use crate::callback::{Action, Permission};
use crate::catalog::define::Definition;
use crate::catalog::{DatabaseIndex, Index, IndexTerm, Table};
use crate::dml::{all_on, ask_before_drop};
use crate::resolve::{Names, Relation, VirtualRelation};
use crate::session::Session;

/// Asks until somebody does not allow.
struct Asking<'s> {
    session: &'s Session,
    /// The trigger whose step it is.
    context: Option<&'s str>,
    permission: Permission,
}

impl Asking<'_> {
    fn ask(&mut self, action: Action<'_>) -> Result<&mut Self> {
        if self.permission == Permission::Allowed {
            self.permission = self.session.authorize_statement(action, self.context)?;
        }
        Ok(self)
    }

    /// Writing a row of the schema's own table.
    fn ask_schema_row(&mut self, database: &str) -> Result<()> {
        let table = schema_table(database);
        for column in ["type", "name", "tbl_name", "rootpage", "sql"] {
            self.ask(Action::new(Action::UPDATE).of(table).and(column).within(database))?;
        }
        self.ask(Action::new(Action::READ).of(table).and("ROWID").within(database))?;
        Ok(())
    }
}

pub(super) fn schema_table(database: &str) -> &'static str {
    if database == "temp" { "sqlite_temp_master" } else { "sqlite_master" }
}

/// Whether the statement may be compiled. `Ignored`: it does nothing.
pub(crate) fn authorize(
    session: &Session,
    statement: &ast::Statement,
    context: Option<&str>,
) -> Result<Permission> {
    if !session.has_authorizer() {
        return Ok(Permission::Allowed);
    }
    let mut asking = Asking { session, context, permission: Permission::Allowed };
    if !Definition::is_asked_for(session, statement) {
        return Ok(asking.permission);
    }
    match statement {
        ast::Statement::Select(_) | ast::Statement::Vacuum(_) | ast::Statement::Explain(_) => {}
        ast::Statement::Insert(insert) if context.is_none() && has_several_rows(&insert.source) => {
            // It is asked for behind the first row, unless there is nothing to insert into.
            let schema = insert.table.schema.as_ref().map(|schema| &*schema.text);
            if session.find_relation(schema, &insert.table.name.text).is_none() {
                asking.ask(Action::new(Action::SELECT))?;
            }
        }
        ast::Statement::Insert(insert) => ask_change(&mut asking, Action::INSERT, &insert.table)?,
        ast::Statement::Delete(delete) => {
            ask_change(&mut asking, Action::DELETE, &delete.table)?;
            // SQLite then deletes row by row, but it deletes.
            asking.permission = Permission::Allowed;
        }
        // Its columns are asked for one by one.
        ast::Statement::Update(_) => {}
        ast::Statement::Begin(_) => drop(asking.ask(Action::new(Action::TRANSACTION).of("BEGIN"))?),
        ast::Statement::Commit => drop(asking.ask(Action::new(Action::TRANSACTION).of("COMMIT"))?),
        ast::Statement::Rollback => drop(asking.ask(Action::new(Action::TRANSACTION).of("ROLLBACK"))?),
        ast::Statement::Savepoint(name) => ask_savepoint(&mut asking, "BEGIN", name)?,
        ast::Statement::Release(name) => ask_savepoint(&mut asking, "RELEASE", name)?,
        ast::Statement::RollbackTo(name) => ask_savepoint(&mut asking, "ROLLBACK", name)?,
        ast::Statement::Pragma(pragma) => {
            let action = Action {
                second: pragma.value.as_ref().map(|value| &*value.text),
                database: pragma.name.schema.as_ref().map(|schema| &*schema.text),
                ..Action::new(Action::PRAGMA).of(&pragma.name.name.text)
            };
            asking.ask(action)?;
        }
        ast::Statement::Attach(attach) => {
            let action = Action { first: text_of(&attach.file), ..Action::new(Action::ATTACH) };
            asking.ask(action)?;
        }
        ast::Statement::Detach(schema) => {
            let action = Action { first: text_of(schema), ..Action::new(Action::DETACH) };
            asking.ask(action)?;
        }
        // Of what is not there nothing is asked.
        ast::Statement::Analyze(name) => {
            if let Ok(analyze) = Analyze::prepare(session, name.as_ref()) {
                ask_analyze(&mut asking, &analyze)?;
            }
        }
        ast::Statement::Reindex(name) => ask_reindex(&mut asking, name.as_ref())?,
        ast::Statement::CreateTable(create) => {
            let database = database_of(session, &create.name, create.temporary);
            let code = if database == "temp" { Action::CREATE_TEMP_TABLE } else { Action::CREATE_TABLE };
            ask_create(&mut asking, code, &create.name, None, database)?;
        }
        ast::Statement::CreateView(create) => {
            let database = database_of(session, &create.name, create.temporary);
            let code = if database == "temp" { Action::CREATE_TEMP_VIEW } else { Action::CREATE_VIEW };
            ask_create(&mut asking, code, &create.name, None, database)?;
        }
        ast::Statement::CreateIndex(create) => {
            let database = home_of(session, create.name.schema.as_ref(), &create.table.text);
            let code = if database == "temp" { Action::CREATE_TEMP_INDEX } else { Action::CREATE_INDEX };
            ask_create(&mut asking, code, &create.name, Some(&create.table.text), database)?;
        }
        ast::Statement::CreateTrigger(create) => ask_trigger(&mut asking, create)?,
        ast::Statement::CreateVirtualTable(create) => {
            let database = database_of(session, &create.name, false);
            let module = Some(&*create.module.text);
            ask_create(&mut asking, Action::CREATE_VIRTUAL_TABLE, &create.name, module, database)?;
        }
        ast::Statement::Drop(object) => ask_drop(&mut asking, object)?,
        // Once it is known to be sound.
        ast::Statement::AlterTable(alter) if matches!(alter.action, ast::AlterAction::DropColumn(_)) => {}
        ast::Statement::AlterTable(alter) => {
            let schema = alter.table.schema.as_ref();
            let table = session.find_table(schema.map(|schema| &*schema.text), &alter.table.name.text);
            if let Some((database, table)) = table {
                let database = session.database_name(database);
                asking.ask(Action::new(Action::ALTER_TABLE).of(database).and(&table.name))?;
            }
        }
    }
    Ok(asking.permission)
}

/// What is asked once the statement is known to be sound: what else it makes, and writing the rows of the schema.
pub(crate) fn authorize_definition(
    session: &Session,
    statement: &ast::Statement,
    definition: &Definition,
) -> Result<Permission> {
    if !session.has_authorizer() {
        return Ok(Permission::Allowed);
    }
    let mut asking = Asking { session, context: None, permission: Permission::Allowed };
    match (statement, definition) {
        (ast::Statement::CreateTable(_), Definition::CreateTable(made)) => {
            let database = session.database_name(made.database);
            let table = made.table.as_ref();
            for index in &made.indexes {
                let Some(table) = table else { continue };
                let code = if database == "temp" { Action::CREATE_TEMP_INDEX } else { Action::CREATE_INDEX };
                asking.ask(schema_insert(database))?;
                asking.ask(Action::new(code).of(&index.name).and(&table.name).within(database))?;
                ask_indexed(&mut asking, table, index, database)?;
                asking.ask(schema_insert(database))?;
            }
            asking.ask_schema_row(database)?;
            if table.is_some_and(|table| table.autoincrement) {
                ask_inner_table(&mut asking, "sqlite_sequence", made.database)?;
            }
        }
        (ast::Statement::CreateView(create), Definition::CreateView(_)) => {
            asking.ask_schema_row(database_of(session, &create.name, create.temporary))?;
        }
        (ast::Statement::CreateIndex(create), Definition::CreateIndex(made)) => {
            let database = session.database_name(made.database);
            if let Some(index) = &made.index {
                ask_indexed(&mut asking, &made.table, index, database)?;
            }
            asking.ask(schema_insert(database))?;
            asking.ask(Action::new(Action::REINDEX).of(&create.name.name.text).within(database))?;
        }
        (ast::Statement::AlterTable(alter), Definition::Alter(made)) => {
            let name = &*alter.table.name.text;
            let database = home_of(session, alter.table.schema.as_ref(), name);
            if let ast::AlterAction::DropColumn(column) = &alter.action {
                let column = &*column.text;
                let name = session.find_table(Some(database), name).map(|(_, table)| table.name.to_string());
                let altered =
                    Action { second: name.as_deref(), ..Action::new(Action::ALTER_TABLE).of(database) };
                asking.ask(Action { database: Some(column), ..altered })?;
            }
            if asking.permission == Permission::Allowed
                && let Some((_, table)) = session.find_table(Some(database), name)
            {
                asking.permission =
                    ask_alter(session, &alter.action, &table, database, made.column().is_some())?;
            }
        }
        _ => {}
    }
    Ok(asking.permission)
}

fn schema_insert(database: &str) -> Action<'_> {
    Action::new(Action::INSERT).of(schema_table(database)).within(database)
}

/// The columns of an index; those of expressions were asked for when they were resolved.
fn ask_indexed(asking: &mut Asking<'_>, table: &Table, index: &Index, database: &str) -> Result<()> {
    for column in &index.columns {
        if let IndexTerm::Column(column) = &column.term {
            let name = &*table.columns[*column].name;
            asking.ask(Action::new(Action::READ).of(&table.name).and(name).within(database))?;
        }
    }
    Ok(())
}

/// A table that SQLite makes for itself where it is not there yet.
fn ask_inner_table(asking: &mut Asking<'_>, name: &str, database: DatabaseIndex) -> Result<()> {
    if asking.session.catalog(database).tables.get(name).is_some() {
        return Ok(());
    }
    let database = asking.session.database_name(database);
    asking.ask(schema_insert(database))?.ask(Action::new(Action::CREATE_TABLE).of(name).within(database))?;
    asking.ask_schema_row(database)
}

/// VALUES of more than one row, of which SQLite may make a query before it looks at the table.
pub(crate) fn has_several_rows(source: &ast::InsertSource) -> bool {
    match source {
        ast::InsertSource::Select(select) => select.values_rows() > 1,
        ast::InsertSource::DefaultValues => false,
    }
}

fn ask_change(asking: &mut Asking<'_>, code: u8, table: &ast::QualifiedName) -> Result<()> {
    let session = asking.session;
    let schema = table.schema.as_ref().map(|schema| &*schema.text);
    let (database, name) = match session.find_relation(schema, &table.name.text) {
        // That it cannot be written is found before a DELETE is asked for, and behind an INSERT.
        Some(Relation::Table(_, table)) if table.is_system && code == Action::DELETE => return Ok(()),
        Some(Relation::Table(database, table)) => (database, table.name.to_string()),
        Some(Relation::View(database, view)) => (database, view.name.clone()),
        Some(Relation::Virtual(_)) | None => return Ok(()),
    };
    asking.ask(Action::new(code).of(&name).within(session.database_name(database)))?;
    Ok(())
}

fn ask_savepoint(asking: &mut Asking<'_>, what: &str, name: &ast::Name) -> Result<()> {
    asking.ask(Action::new(Action::SAVEPOINT).of(what).and(&name.text))?;
    Ok(())
}

fn ask_create(
    asking: &mut Asking<'_>,
    code: u8,
    name: &ast::QualifiedName,
    second: Option<&str>,
    database: &str,
) -> Result<()> {
    asking.ask(schema_insert(database))?;
    asking.ask(Action { second, ..Action::new(code).of(&name.name.text).within(database) })?;
    Ok(())
}

fn ask_trigger(asking: &mut Asking<'_>, create: &ast::CreateTrigger) -> Result<()> {
    let table = &*create.table.name.text;
    let home = home_of(asking.session, create.table.schema.as_ref(), table);
    let database = if create.temporary { "temp" } else { home };
    let code = if database == "temp" { Action::CREATE_TEMP_TRIGGER } else { Action::CREATE_TRIGGER };
    asking.ask(Action::new(code).of(&create.name.name.text).and(table).within(database))?;
    asking.ask(Action::new(Action::INSERT).of(schema_table(home)).within(home))?;
    asking.ask(Action::new(Action::INSERT).of(schema_table(database)).within(database))?;
    Ok(())
}

/// What is to be dropped, by its own name, and the table it stands on.
fn find_dropped(session: &Session, drop: &ast::Drop) -> Option<(DatabaseIndex, String, Option<String>)> {
    let name = &*drop.name.name.text;
    let schema = drop.name.schema.as_ref().map(|schema| &*schema.text);
    match drop.object {
        DropObject::Table | DropObject::View => match session.find_relation(schema, name)? {
            Relation::Table(database, table) => Some((database, table.name.to_string(), None)),
            Relation::View(database, view) => Some((database, view.name.clone(), None)),
            Relation::Virtual(VirtualRelation::Created(database, table)) => {
                Some((database, table.name.clone(), None))
            }
            Relation::Virtual(VirtualRelation::Eponymous(name)) => {
                Some((DatabaseIndex::MAIN, name.clone(), None))
            }
        },
        DropObject::Index => {
            let (database, index) = session.find_index(schema, name)?;
            index.sql.as_ref()?;
            Some((database, index.name.clone(), Some(index.table.clone())))
        }
        DropObject::Trigger => {
            let (database, trigger) = session.find_trigger(schema, name)?;
            let table = match session.find_relation(trigger.table_schema.as_deref(), &trigger.table) {
                Some(Relation::Table(_, table)) => table.name.to_string(),
                Some(Relation::View(_, view)) => view.name.clone(),
                Some(Relation::Virtual(_)) | None => trigger.table.clone(),
            };
            Some((database, trigger.name.clone(), Some(table)))
        }
    }
}

/// Whether it may be dropped, and as what it is called: SQLite finds that out once it has asked for it.
fn is_dropped(session: &Session, drop: &ast::Drop) -> bool {
    Definition::prepare_drop(session, drop).is_ok()
}

fn ask_drop(asking: &mut Asking<'_>, object: &ast::Drop) -> Result<()> {
    let session = asking.session;
    let Some((database, name, table)) = find_dropped(session, object) else { return Ok(()) };
    let trees = match object.object {
        // A table WITHOUT ROWID is an index itself.
        DropObject::Table => session.catalog(database).tables.get(&name).map_or(1, |table| {
            session.catalog(database).indexes_of(&name).len() + usize::from(!table.without_rowid)
        }),
        DropObject::Index => 1,
        DropObject::View | DropObject::Trigger => 0,
    };
    let home = database;
    let (database, name) = (session.database_name(database), &*name);
    let is_temp = database == "temp";
    let code = match object.object {
        DropObject::Table if is_temp => Action::DROP_TEMP_TABLE,
        DropObject::Table => Action::DROP_TABLE,
        DropObject::View if is_temp => Action::DROP_TEMP_VIEW,
        DropObject::View => Action::DROP_VIEW,
        DropObject::Index if is_temp => Action::DROP_TEMP_INDEX,
        DropObject::Index => Action::DROP_INDEX,
        DropObject::Trigger => return ask_drop_trigger(asking, name, table.as_deref(), database),
    };
    let schema_rows = Action::new(Action::DELETE).of(schema_table(database)).within(database);
    let dropped = Action { second: table.as_deref(), ..Action::new(code).of(name).within(database) };
    asking.ask(schema_rows)?.ask(dropped)?;
    if matches!(object.object, DropObject::Table | DropObject::View) {
        asking.ask(Action::new(Action::DELETE).of(name).within(database))?;
        if !is_dropped(session, object) {
            return Ok(());
        }
        if asking.permission == Permission::Allowed
            && let (DropObject::Table, Some(table)) =
                (object.object, session.catalog(home).tables.get(name).cloned())
        {
            ask_before_drop(session, home, &table)?;
        }
        for (home, trigger) in all_on(session, home, name) {
            ask_drop_trigger(asking, &trigger.name, Some(name), session.database_name(home))?;
        }
    }
    ask_schema_delete(asking, object.object, schema_rows, database, trees)
}

fn ask_drop_trigger(asking: &mut Asking<'_>, name: &str, table: Option<&str>, database: &str) -> Result<()> {
    let code = if database == "temp" { Action::DROP_TEMP_TRIGGER } else { Action::DROP_TRIGGER };
    let schema_rows = Action::new(Action::DELETE).of(schema_table(database)).within(database);
    asking.ask(Action { second: table, ..Action::new(code).of(name).within(database) })?.ask(schema_rows)?;
    ask_schema_delete(asking, DropObject::Trigger, schema_rows, database, 0)
}

/// What SQLite's own statements on the schema read and change for a DROP.
fn ask_schema_delete(
    asking: &mut Asking<'_>,
    object: DropObject,
    rows: Action<'_>,
    database: &str,
    trees: usize,
) -> Result<()> {
    let table = schema_table(database);
    let read = |column| Action::new(Action::READ).of(table).and(column).within(database);
    let is_named_by_table = matches!(object, DropObject::Table | DropObject::View);
    asking.ask(rows)?.ask(read(if is_named_by_table { "tbl_name" } else { "name" }))?.ask(read("type"))?;
    for _ in 0..trees {
        asking
            .ask(Action::new(Action::UPDATE).of(table).and("rootpage").within(database))?
            .ask(read("rootpage"))?;
    }
    Ok(())
}

fn ask_analyze(asking: &mut Asking<'_>, analyze: &Analyze) -> Result<()> {
    let session = asking.session;
    for (database, tables) in analyze.targets() {
        ask_inner_table(asking, "sqlite_stat1", database)?;
        let database = session.database_name(database);
        for table in tables.iter().filter(|table| !table.name.starts_with("sqlite_")) {
            asking.ask(Action::new(Action::ANALYZE).of(&table.name).within(database))?;
        }
    }
    Ok(())
}

fn ask_reindex(asking: &mut Asking<'_>, name: Option<&ast::QualifiedName>) -> Result<()> {
    let session = asking.session;
    let wanted = name.map(|name| &*name.name.text);
    for index in 0..session.databases.len() {
        let database = DatabaseIndex(index);
        let database_name = session.database_name(database).to_owned();
        let mut indexes: Vec<_> = session.catalog(database).indexes.values().collect();
        indexes.sort_by_key(|index| (&index.table, std::cmp::Reverse(index.tree)));
        for index in indexes {
            let names = [&*index.name, &*index.table];
            if wanted.is_none_or(|wanted| names.iter().any(|name| name.eq_ignore_ascii_case(wanted))) {
                asking.ask(Action::new(Action::REINDEX).of(&index.name).within(&database_name))?;
            }
        }
    }
    Ok(())
}

/// Where a CREATE makes its object.
fn database_of<'s>(session: &'s Session, name: &ast::QualifiedName, temporary: bool) -> &'s str {
    let named = name.schema.as_ref().and_then(|schema| session.database_index(&schema.text));
    session.database_name(named.unwrap_or(if temporary { DatabaseIndex::TEMP } else { DatabaseIndex::MAIN }))
}

/// Where a table, view or what stands on it is.
fn home_of<'s>(session: &'s Session, schema: Option<&ast::Name>, name: &str) -> &'s str {
    let schema = schema.map(|schema| &*schema.text);
    let found = match session.find_relation(schema, name) {
        Some(Relation::Table(database, _) | Relation::View(database, _)) => Some(database),
        Some(Relation::Virtual(_)) | None => None,
    };
    session.database_name(found.unwrap_or(DatabaseIndex::MAIN))
}

/// A name or text that stands there as it is.
fn text_of(expr: &ast::Expr) -> Option<&str> {
    match &expr.kind {
        ast::ExprKind::Literal(ast::Literal::String(text)) => Some(text),
        ast::ExprKind::Column { column, .. } => Some(&column.text),
        _ => None,
    }
}
