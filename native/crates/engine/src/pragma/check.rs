//! `integrity_check` and `quick_check`: the trees are whole, and every row and its index entries agree.

use std::hash::{DefaultHasher, Hash, Hasher};
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

/// How the entries of indexes are compared with the rows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Comparison {
    None,
    /// All entries at once, by the sum of their hashes: tells that something is wrong, not what.
    Sums,
    Lookups,
}

fn check_table(
    session: &mut Session,
    database: DatabaseIndex,
    table: &Arc<Table>,
    is_quick: bool,
    problems: &mut Vec<String>,
) -> Result<()> {
    if is_quick {
        compare(session, database, table, Comparison::None, problems)?;
        return Ok(());
    }
    let mut found = Vec::new();
    if compare(session, database, table, Comparison::Sums, &mut found)? {
        problems.append(&mut found);
        return Ok(());
    }
    compare(session, database, table, Comparison::Lookups, problems)?;
    Ok(())
}

/// How many entries, and the sum of their hashes.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct EntrySum {
    count: u64,
    hashes: u64,
}

impl EntrySum {
    fn add(&mut self, key: &[u8], value: &[u8]) {
        let mut hasher = DefaultHasher::new();
        (key, value).hash(&mut hasher);
        self.count += 1;
        self.hashes = self.hashes.wrapping_add(hasher.finish());
    }

    /// Of all entries; None where they are not in order, or cannot be read.
    fn of_index(cursor: &mut KeyCursor, context: &mut Context<'_>) -> Result<Option<EntrySum>> {
        let mut sum = EntrySum::default();
        let mut last = Vec::new();
        let mut found = cursor.first();
        while let Ok(true) = found {
            context.step()?;
            let Ok(value) = cursor.value() else { return Ok(None) };
            if sum.count > 0 && *cursor.key() <= *last {
                return Ok(None);
            }
            sum.add(cursor.key(), value);
            last.clear();
            last.extend_from_slice(cursor.key());
            found = cursor.next();
        }
        Ok(found.is_ok().then_some(sum))
    }
}

/// False when `Sums` differ: then the problems are not all of them.
fn compare(
    session: &mut Session,
    database: DatabaseIndex,
    table: &Arc<Table>,
    comparison: Comparison,
    problems: &mut Vec<String>,
) -> Result<bool> {
    let mut resolver = Resolver::new(session, "", 0);
    let target = Target::compile(session, &mut resolver, database, table)?;
    let program = resolver.finish()?;
    let mut frame = Frame::new(&program);
    frame.reset();
    let mut context = Context::new(session, &[], &program);
    let has_indexes = comparison != Comparison::None && target.indexes.iter().any(|plan| !plan.is_table);
    let has_not_null = table.columns.iter().any(|column| column.not_null.is_some());
    let transaction = context.session.transaction(database);
    // Of values in overflow blocks the tree counts only the blocks.
    let has_wide = !table.without_rowid && transaction.row_tree(table.tree)?.overflow_blocks() > 0;
    if !has_indexes && !has_not_null && !has_wide {
        // No row could contradict anything; whether the tree is whole was asked of the tree.
        return Ok(true);
    }
    let mut entries = vec![EntrySum::default(); target.indexes.len()];
    let mut cursors = Vec::with_capacity(target.indexes.len());
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
            if plan.is_table
                || comparison == Comparison::None
                || !Target::is_indexed(plan, Image::New, &mut frame, context)?
            {
                continue;
            }
            let registers = &plan.image(Image::New).registers;
            let end = End::Identity(identity, plan.turned.as_ref());
            index_entry(registers, &plan.columns, end, &frame, &mut bytes, &mut remainder)?;
            if comparison == Comparison::Sums {
                entries[number].add(&bytes, &remainder);
                continue;
            }
            entries[number].count += 1;
            if !cursors[number].seek_exact(&bytes).map_err(tree_error)? {
                problems.push(format!("row {row_number} missing from index {}", plan.index.name));
            } else if cursors[number].value().map_err(tree_error)? != remainder {
                problems.push(format!("row {row_number} values differ from index {}", plan.index.name));
            }
        }
        Ok(())
    })?;
    if comparison == Comparison::None {
        return Ok(true);
    }
    for ((plan, expected), cursor) in target.indexes.iter().zip(entries).zip(&mut cursors) {
        if plan.is_table {
            continue;
        }
        let count = context.session.transaction(database).key_tree(plan.index.tree)?.count();
        if comparison == Comparison::Sums {
            let found = EntrySum::of_index(cursor, &mut context)?;
            if count != expected.count || found != Some(expected) {
                return Ok(false);
            }
            continue;
        }
        if count != expected.count {
            problems.push(format!("wrong # of entries in index {}", plan.index.name));
        }
    }
    Ok(true)
}
