//! `PRAGMA optimize`: ANALYZE of the tables that seem to need it.
//!
//! The argument is a mask: 1 shows the statements instead of running them, 2 lets them be thought of at all, 0x10 puts
//! a limit on the work, 0x10000 asks about tables that have no index waiting for statistics as well.
//!
//! A table needs it when an index of it has no row in `sqlite_stat1`, or when it has become ten times as large or as
//! small as that says.

use std::sync::Arc;

use pluresdb_value::{Value, ValueRef, record};

use super::integer;
use crate::Result;
use crate::analyze::{Analyze, row_count};
use crate::catalog::define::{for_each_row, tables_in_order};
use crate::catalog::{DatabaseIndex, Table};
use crate::execute::{Context, corrupt};
use crate::plan::logarithm;
use crate::resolve::tree::Program;
use crate::session::Session;
use crate::statement::Effect;

const SHOW: u32 = 0x1;
const ANALYZE: u32 = 0x2;
const LIMIT: u32 = 0x10;
const ALL_TABLES: u32 = 0x10000;
/// What is done without an argument.
const DEFAULT_MASK: u32 = 0xfffe;
/// SQLite's `SQLITE_DEFAULT_OPTIMIZE_LIMIT`.
const DEFAULT_LIMIT: i64 = 2000;
/// Trees to be looked at from which on the limit shrinks, and what it shrinks to at most.
const MANY_TREES: i64 = 100;
const LEAST_LIMIT: i64 = 100;
/// Ten times, as SQLite's logarithm has it; and the size it expects of a table it knows nothing of.
const TENFOLD: i64 = 33;
const UNKNOWN_SIZE: i64 = 200;

fn mask(value: Option<&str>) -> u32 {
    value.map_or(DEFAULT_MASK, |value| integer(value) as u32)
}

/// Whether the statement may write is known before it runs.
pub(super) fn effect(session: &Session, only: Option<DatabaseIndex>, value: Option<&str>) -> Effect {
    let mask = mask(value);
    if mask & ANALYZE == 0 || mask & SHOW != 0 {
        return Effect::Read;
    }
    let may_need = |database: DatabaseIndex| {
        let catalog = session.catalog(database);
        let has_tables = mask & ALL_TABLES != 0 && !catalog.tables.is_empty();
        has_tables || !catalog.indexes.is_empty()
    };
    let mut concerned = databases(session, only).into_iter().filter(|database| may_need(*database));
    match (concerned.next(), concerned.next()) {
        (None, _) => Effect::Read,
        (Some(one), None) => Effect::Write(one),
        (Some(_), Some(_)) => Effect::WriteAll,
    }
}

fn databases(session: &Session, only: Option<DatabaseIndex>) -> Vec<DatabaseIndex> {
    let all = (0..session.databases.len()).map(DatabaseIndex);
    all.filter(|database| *database != DatabaseIndex::TEMP && only.is_none_or(|only| only == *database))
        .collect()
}

pub(super) fn run(
    session: &mut Session,
    only: Option<DatabaseIndex>,
    value: Option<&str>,
    rows: &mut Vec<Vec<Value>>,
) -> Result<()> {
    let mask = mask(value);
    if mask & ANALYZE == 0 {
        return Ok(());
    }
    let mut needy = Vec::new();
    let mut trees = 0;
    for database in databases(session, only) {
        let known = known_sizes(session, database)?;
        for table in tables_in_order(session, database) {
            let index_count = session.catalog(database).indexes_of(&table.name).len();
            let expected = expected_size(session, database, &table, &known);
            if mask & ALL_TABLES == 0 && (index_count == 0 || expected.is_some()) {
                continue;
            }
            trees += index_count as i64 + 1;
            if has_changed(row_count(session, database, &table)?, expected) {
                needy.push((database, table));
            }
        }
    }
    let own_limit = session.settings.analysis_limit;
    if mask & LIMIT != 0 && !(1..DEFAULT_LIMIT).contains(&own_limit) {
        let is_many = trees > MANY_TREES;
        session.settings.analysis_limit =
            if is_many { (100 * DEFAULT_LIMIT / trees).max(LEAST_LIMIT) } else { DEFAULT_LIMIT };
    }
    let outcome = needy.into_iter().try_for_each(|(database, table)| {
        if mask & SHOW == 0 {
            return Analyze::table(database, table).run(session);
        }
        let quote = |name: &str| name.replace('"', "\"\"");
        let schema = quote(session.database_name(database));
        rows.push(vec![Value::text(format!("ANALYZE \"{schema}\".\"{}\"", quote(&table.name)))]);
        Ok(())
    });
    session.settings.analysis_limit = own_limit;
    outcome
}

/// A row of `sqlite_stat1`: table, index, number of entries.
type KnownSize = (String, Option<String>, u64);

fn known_sizes(session: &mut Session, database: DatabaseIndex) -> Result<Vec<KnownSize>> {
    let Some(statistics) = session.catalog(database).table("sqlite_stat1").cloned() else {
        return Ok(Vec::new());
    };
    let program = Program::default();
    let mut context = Context::new(session, &[], &program);
    let mut known = Vec::new();
    for_each_row(&mut context, database, &statistics, &mut |_, _, row| {
        let record = record::Record::new(row).map_err(corrupt)?;
        let text = |column: usize| -> Result<Option<String>> {
            let value = record.column(column).map_err(corrupt)?.and_then(ValueRef::to_text);
            Ok(value.map(|text| String::from_utf8_lossy(&text).into_owned()))
        };
        if let (Some(table), Some(stat)) = (text(0)?, text(2)?) {
            let count = stat.split(' ').next().and_then(|count| count.parse().ok()).unwrap_or(0);
            known.push((table, text(1)?, count));
        }
        Ok(())
    })?;
    Ok(known)
}

/// The logarithm of the table's size by its statistics; None: an index has none.
fn expected_size(
    session: &Session,
    database: DatabaseIndex,
    table: &Table,
    known: &[KnownSize],
) -> Option<i64> {
    let of_table = || known.iter().filter(|(name, _, _)| name.eq_ignore_ascii_case(&table.name));
    let indexes = session.catalog(database).indexes_of(&table.name);
    let is_known = |index: &Arc<crate::catalog::Index>| {
        let name = if index.tree == table.tree { &*table.name } else { index.name.as_str() };
        of_table().any(|(_, own, _)| own.as_ref().is_some_and(|own| own.eq_ignore_ascii_case(name)))
    };
    if !indexes.iter().all(is_known) {
        return None;
    }
    Some(of_table().next_back().map_or(UNKNOWN_SIZE, |(_, _, count)| logarithm(*count)))
}

fn has_changed(rows: u64, expected: Option<i64>) -> bool {
    let Some(expected) = expected else { return rows > 0 };
    let size = if rows == 0 { -1 } else { logarithm(rows) };
    let lowest = if expected >= TENFOLD { expected - TENFOLD } else { -1 };
    !(lowest..=expected + TENFOLD).contains(&size)
}
