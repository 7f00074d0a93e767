//! `integrity_check` and `quick_check`: the trees are whole, and every row and its index entries agree.

use std::sync::Arc;

use pluresdb_tree::KeyCursor;
use pluresdb_value::{Value, key};

use crate::Result;
use crate::catalog::define::for_each_row;
use crate::catalog::{DatabaseIndex, Table};
use crate::dml::{End, Image, Target, index_entry};
use crate::execute::{Context, Frame, corrupt, tree_error};
use crate::resolve::Resolver;
use crate::session::Session;

/// How many problems are reported unless the argument says otherwise.
const DEFAULT_LIMIT: usize = 100;

pub(super) fn integrity(
    session: &mut Session,
    only: Option<DatabaseIndex>,
    table: Option<&str>,
    limit: Option<i64>,
    name: &str,
) -> Result<Vec<Vec<Value>>> {
    let limit = match limit {
        Some(limit) if limit > 0 => limit as usize,
        _ => DEFAULT_LIMIT,
    };
    let is_quick = name == "quick_check";
    let mut problems = Vec::new();
    for database in (0..session.databases.len()).map(DatabaseIndex) {
        if only.is_some_and(|only| only != database) {
            continue;
        }
        if table.is_none() {
            let transaction = session.transaction(database);
            transaction
                .verify_trees(&mut |tree, problem| problems.push(format!("Tree {}: {problem}", tree.0)));
        }
        let mut tables: Vec<Arc<Table>> = session.catalog(database).tables.values().cloned().collect();
        tables.sort_by_key(|table| table.tree);
        for checked in tables {
            if table.is_none_or(|wanted| wanted.eq_ignore_ascii_case(&checked.name)) {
                check_table(session, database, &checked, is_quick, &mut problems)?;
            }
        }
    }
    problems.truncate(limit);
    if problems.is_empty() {
        problems.push("ok".to_owned());
    }
    Ok(problems.into_iter().map(|problem| vec![Value::text(problem)]).collect())
}

fn check_table(
    session: &mut Session,
    database: DatabaseIndex,
    table: &Arc<Table>,
    is_quick: bool,
    problems: &mut Vec<String>,
) -> Result<()> {
    let mut resolver = Resolver::new(session, "", 0);
    let target = Target::compile(session, &mut resolver, database, table)?;
    let program = resolver.finish()?;
    let mut frame = Frame::new(&program);
    frame.reset();
    let mut context = Context::new(session, &[], &program);
    let mut entries = vec![0_u64; target.indexes.len()];
    let mut cursors = Vec::with_capacity(target.indexes.len());
    let transaction = context.session.transaction(database);
    for plan in &target.indexes {
        cursors.push(KeyCursor::new(transaction.key_tree(plan.index.tree)?, transaction.pager().clone()));
    }
    let (mut bytes, mut remainder) = (Vec::new(), Vec::new());
    let mut row_number = 0_u64;
    for_each_row(&mut context, database, table, &mut |context, identity, record| {
        row_number += 1;
        target.unpack(Image::New, record, &mut frame)?;
        if !table.without_rowid {
            let rowid = key::decode_rowid(identity).map_err(corrupt)?;
            frame.set_register(target.rowid_register(Image::New), Value::Integer(rowid));
        }
        for (index, column) in table.columns.iter().enumerate() {
            if column.not_null.is_some() && frame.register(target.register(Image::New, index)).is_null() {
                problems.push(format!("NULL value in {}.{}", table.name, column.name));
            }
        }
        for (number, plan) in target.indexes.iter().enumerate() {
            if plan.is_table || is_quick || !Target::is_indexed(plan, Image::New, &mut frame, context)? {
                continue;
            }
            entries[number] += 1;
            let registers = &plan.image(Image::New).registers;
            let end = End::Identity(identity, plan.turned.as_ref());
            index_entry(registers, &plan.columns, end, &frame, &mut bytes, &mut remainder)?;
            if !cursors[number].seek_exact(&bytes).map_err(tree_error)? {
                problems.push(format!("row {row_number} missing from index {}", plan.index.name));
            } else if cursors[number].value().map_err(tree_error)? != remainder {
                problems.push(format!("row {row_number} values differ from index {}", plan.index.name));
            }
        }
        Ok(())
    })?;
    if is_quick {
        return Ok(());
    }
    for (plan, expected) in target.indexes.iter().zip(entries) {
        let found = context.session.transaction(database).key_tree(plan.index.tree)?.count();
        if !plan.is_table && found != expected {
            problems.push(format!("wrong # of entries in index {}", plan.index.name));
        }
    }
    Ok(())
}
