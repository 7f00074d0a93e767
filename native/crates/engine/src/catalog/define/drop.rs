//! DROP TABLE, INDEX, VIEW, TRIGGER.

use std::sync::Arc;

use pluresdb_sql::ast::{self, DropObject};

use super::hash_order;
use super::write::{delete_schema_rows, publish, publish_part};
use super::{Definition, is_reserved};
use crate::analyze::{forget_index, forget_table};
use crate::catalog::{Catalog, DatabaseIndex, Index, ObjectKind, Table};
use crate::dml::{delete_before_drop, no_such_table, remove_sequence};
use crate::resolve::{Relation, VirtualRelation};
use crate::session::Session;
use crate::statement::Effect;
use crate::{Error, Result, ResultCode};

pub(crate) struct Drop {
    pub database: DatabaseIndex,
    object: Object,
}

enum Object {
    Table(Arc<Table>),
    Index(Arc<Index>),
    View(String),
    VirtualTable(String),
    Trigger(String),
}

pub(super) fn prepare(session: &Session, drop: &ast::Drop) -> Result<Definition> {
    let schema = drop.name.schema.as_ref().map(|schema| &*schema.text);
    let name = &*drop.name.name.text;
    let found = match drop.object {
        DropObject::Table | DropObject::View => find_relation(session, schema, name, drop.object)?,
        DropObject::Index => match session.find_index(schema, name) {
            Some((_, index)) if index.sql.is_none() => {
                return Err(Error::error(
                    "index associated with UNIQUE or PRIMARY KEY constraint cannot be dropped",
                ));
            }
            found => found.map(|(database, index)| (database, Object::Index(index))),
        },
        DropObject::Trigger => session
            .find_trigger(schema, name)
            .map(|(database, trigger)| (database, Object::Trigger(trigger.name.clone()))),
    };
    match found {
        Some((database, object)) => Ok(Definition::Drop(Box::new(Drop { database, object }))),
        None if drop.if_exists => {
            session.search_order(schema).for_each(|database| session.note_looked_at(database));
            Ok(Definition::Nothing)
        }
        None => Err(missing(drop.object, schema, name)),
    }
}

fn missing(object: DropObject, schema: Option<&str>, name: &str) -> Error {
    let kind = match object {
        DropObject::Table => return no_such_table(schema, name),
        DropObject::Index => "index",
        DropObject::View => "view",
        DropObject::Trigger => "trigger",
    };
    match schema {
        Some(schema) => Error::error(format!("no such {kind}: {schema}.{name}")),
        None => Error::error(format!("no such {kind}: {name}")),
    }
}

fn find_relation(
    session: &Session,
    schema: Option<&str>,
    name: &str,
    object: DropObject,
) -> Result<Option<(DatabaseIndex, Object)>> {
    match session.find_relation(schema, name) {
        None => Ok(None),
        Some(Relation::Table(database, table)) => {
            let is_statistics = table.name.to_ascii_lowercase().starts_with("sqlite_stat");
            if table.is_system || (is_reserved(&table.name) && !is_statistics) {
                return Err(Error::error(format!("table {} may not be dropped", table.name)));
            }
            if object == DropObject::View {
                return Err(Error::error(format!("use DROP TABLE to delete table {}", table.name)));
            }
            Ok(Some((database, Object::Table(table))))
        }
        Some(Relation::Virtual(VirtualRelation::Eponymous(name))) => {
            Err(Error::error(format!("table {name} may not be dropped")))
        }
        Some(Relation::Virtual(VirtualRelation::Created(_, table))) if object == DropObject::View => {
            Err(Error::error(format!("use DROP TABLE to delete table {}", table.name)))
        }
        Some(Relation::Virtual(VirtualRelation::Created(database, table))) => {
            Ok(Some((database, Object::VirtualTable(table.name.clone()))))
        }
        Some(Relation::View(_, view)) if object == DropObject::Table => {
            Err(Error::error(format!("use DROP VIEW to delete view {}", view.name)))
        }
        Some(Relation::View(database, view)) => Ok(Some((database, Object::View(view.name.clone())))),
    }
}

impl Drop {
    /// A tree cannot go while other statements stand in the middle of theirs.
    fn check_unlocked(&self, session: &Session) -> Result<()> {
        let is_tree = matches!(self.object, Object::Table(_) | Object::Index(_));
        if is_tree && session.active_statements > 1 {
            return Err(Error::new(ResultCode::Locked, "database table is locked"));
        }
        Ok(())
    }

    pub fn effect(&self) -> Effect {
        match &self.object {
            // Its temp triggers go with it.
            Object::Table(_) | Object::View(_) => Effect::of([self.database, DatabaseIndex::TEMP]),
            _ => Effect::Write(self.database),
        }
    }

    /// A table or view of temp: see `KnownViews`.
    pub fn forgets_columns(&self) -> bool {
        self.database == DatabaseIndex::TEMP
            && matches!(self.object, Object::Table(_) | Object::View(_) | Object::VirtualTable(_))
    }

    pub fn run(&mut self, session: &mut Session) -> Result<()> {
        self.check_unlocked(session)?;
        let database = self.database;
        match &self.object {
            Object::Table(table) => drop_table(session, database, table),
            Object::Index(index) => {
                forget_index(session, database, &index.name)?;
                session.transaction_mut(database).drop_tree(index.tree)?;
                remove_row(session, database, ObjectKind::Index, &index.name)?;
                publish(session, database, |catalog| {
                    catalog.remove_index(&index.name);
                    Ok(())
                })
            }
            Object::View(name) => {
                remove_triggers(session, database, name)?;
                remove_row(session, database, ObjectKind::View, name)?;
                hash_order::left(session, database, name);
                publish(session, database, |catalog| {
                    catalog.views.remove(name);
                    Ok(())
                })
            }
            Object::VirtualTable(name) => {
                forget_table(session, database, name)?;
                remove_row(session, database, ObjectKind::Table, name)?;
                hash_order::left(session, database, name);
                publish(session, database, |catalog| {
                    catalog.virtual_tables.remove(name);
                    Ok(())
                })
            }
            Object::Trigger(name) => {
                remove_row(session, database, ObjectKind::Trigger, name)?;
                publish(session, database, |catalog| {
                    catalog.remove_trigger(name);
                    Ok(())
                })
            }
        }
    }
}

fn drop_table(session: &mut Session, database: DatabaseIndex, table: &Arc<Table>) -> Result<()> {
    forget_table(session, database, &table.name)?;
    delete_before_drop(session, database, table)?;
    remove_triggers(session, database, &table.name)?;
    if table.autoincrement {
        remove_sequence(session, database, &table.name)?;
    }
    let indexes = session.catalog(database).indexes_of(&table.name).to_vec();
    for index in indexes {
        if index.tree != table.tree {
            session.transaction_mut(database).drop_tree(index.tree)?;
        }
    }
    session.transaction_mut(database).drop_tree(table.tree)?;
    delete_schema_rows(session, database, &|kind, _, owner| {
        matches!(kind, ObjectKind::Table | ObjectKind::Index) && owner.eq_ignore_ascii_case(&table.name)
    })?;
    hash_order::left(session, database, &table.name);
    publish(session, database, |catalog| {
        catalog.remove_table(&table.name);
        Ok(())
    })
}

/// The triggers on a table or view, temp ones included.
fn remove_triggers(session: &mut Session, database: DatabaseIndex, table: &str) -> Result<()> {
    for home in [database, DatabaseIndex::TEMP] {
        let on_name = session.catalog(home).triggers_of(table).iter();
        let on_it =
            on_name.filter(|trigger| home != DatabaseIndex::TEMP || session.stands_in(trigger, database));
        let names: Vec<String> = on_it.map(|trigger| trigger.name.clone()).collect();
        if names.is_empty() {
            continue;
        }
        delete_schema_rows(session, home, &|kind, name, _| {
            kind == ObjectKind::Trigger && names.iter().any(|gone| gone == name)
        })?;
        let remove = |catalog: &mut Catalog| {
            for name in &names {
                catalog.remove_trigger(name);
            }
            Ok(())
        };
        if home == database { publish_part(session, home, remove)? } else { publish(session, home, remove)? }
    }
    Ok(())
}

fn remove_row(session: &mut Session, database: DatabaseIndex, kind: ObjectKind, name: &str) -> Result<()> {
    delete_schema_rows(session, database, &|own, row, _| own == kind && row.eq_ignore_ascii_case(name))
}
