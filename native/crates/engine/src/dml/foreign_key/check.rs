//! PRAGMA foreign_key_check: every row whose parent is missing.

use std::sync::Arc;

use pluresdb_value::{Value, key};

use super::parent_key::{ParentKey, ParentLookup, mismatch};
use crate::Result;
use crate::catalog::define::{for_each_row, tables_in_order};
use crate::catalog::{DatabaseIndex, Table};
use crate::dml::target::{Image, Target, no_such_table};
use crate::execute::{Context, Frame, corrupt};
use crate::resolve::tree::Register;
use crate::resolve::{Relation, Resolver};
use crate::session::Session;

/// A key of the table at hand; without a lookup, every row with a whole key lacks its parent.
struct CheckedKey {
    parent_table: String,
    lookup: Option<ParentLookup>,
    registers: Vec<Register>,
}

/// Table, rowid, parent and number of the key, for one table or all of a database.
pub(crate) fn check_foreign_keys(
    session: &mut Session,
    table: Option<&str>,
    schema: Option<&str>,
) -> Result<Vec<Vec<Value>>> {
    let mut rows = Vec::new();
    if let Some(name) = table {
        match session.find_relation(schema, name) {
            Some(Relation::Table(database, table)) => check_table(session, database, &table, &mut rows)?,
            Some(Relation::View(..) | Relation::Virtual(_)) => {}
            None => return Err(no_such_table(schema, name)),
        }
        return Ok(rows);
    }
    let database = schema.and_then(|schema| session.database_index(schema)).unwrap_or(DatabaseIndex::MAIN);
    for table in tables_in_order(session, database) {
        check_table(session, database, &table, &mut rows)?;
    }
    Ok(rows)
}

fn check_table(
    session: &mut Session,
    database: DatabaseIndex,
    table: &Arc<Table>,
    rows: &mut Vec<Vec<Value>>,
) -> Result<()> {
    if table.foreign_keys.is_empty() {
        return Ok(());
    }
    let mut resolver = Resolver::new(session, "", 0);
    let target = Target::compile(session, &mut resolver, database, table)?;
    let program = resolver.finish()?;
    let mut keys = checked_keys(session, &target)?;
    let mut frame = Frame::new(&program);
    frame.reset();
    let mut context = Context::new(session, &[], &program);
    for_each_row(&mut context, database, table, &mut |context, identity, record| {
        target.unpack(Image::New, record, &mut frame)?;
        let mut rowid = Value::Null;
        if !table.without_rowid {
            rowid = Value::Integer(key::decode_rowid(identity).map_err(corrupt)?);
            frame.set_register(target.rowid_register(Image::New), rowid.clone());
        }
        for (number, key) in keys.iter_mut().enumerate() {
            if key.registers.iter().any(|register| frame.register(*register).is_null()) {
                continue;
            }
            let has_parent = match &mut key.lookup {
                None => false,
                Some(lookup) => {
                    lookup.finds(&key.registers, None, &frame, context.session.transaction(database))?
                }
            };
            if !has_parent {
                rows.push(vec![
                    Value::text(&*table.name),
                    rowid.clone(),
                    Value::text(key.parent_table.as_str()),
                    Value::Integer(number as i64),
                ]);
            }
        }
        Ok(())
    })
}

fn checked_keys(session: &Session, target: &Target) -> Result<Vec<CheckedKey>> {
    let schema = session.database_name(target.database);
    let keys = target.table.foreign_keys.iter().rev().map(|foreign_key| {
        let found = match session.find_relation(Some(schema), &foreign_key.parent_table) {
            None => None,
            Some(Relation::View(..) | Relation::Virtual(_)) => {
                return Err(mismatch(&target.table, foreign_key));
            }
            Some(Relation::Table(_, parent)) => {
                let key = ParentKey::find(session.catalog(target.database), foreign_key, &parent);
                Some(key.ok_or_else(|| mismatch(&target.table, foreign_key))?)
            }
        };
        let columns = found.as_ref().map_or(&foreign_key.columns, |key| &key.child_columns);
        Ok(CheckedKey {
            parent_table: foreign_key.parent_table.clone(),
            registers: columns.iter().map(|column| target.register(Image::New, *column)).collect(),
            lookup: found.as_ref().map(ParentLookup::new),
        })
    });
    keys.collect()
}
