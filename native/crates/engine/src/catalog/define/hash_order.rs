//! The order in which SQLite goes through the tables of a database: that of its hash table of names, which shows in the rows that
//! ANALYZE writes, in the rows of some pragmas and in which of several mistakes is told of.
//!
//! The table keeps one list of all entries. An entry goes in front of its bucket's first, or in front of the list when
//! its bucket is empty; when the entries outgrow the buckets, the list is built anew from front to back.

use std::sync::Arc;

use super::write::schema_rows;
use crate::catalog::{DatabaseIndex, ObjectKind, SchemaRow, Table};
use crate::session::Session;

/// Buckets that fit into the largest allocation SQLite makes for them.
const MAX_BUCKETS: usize = 64;

/// The tables of a database in SQLite's order, those of SQLite's own left out.
pub(crate) fn tables_in_order(session: &Session, database: DatabaseIndex) -> Vec<Arc<Table>> {
    let catalog = session.catalog(database);
    let names = relations_in_order(session, database);
    let tables = names.iter().filter_map(|name| catalog.table(name)).cloned();
    tables.filter(|table| !table.name.to_ascii_lowercase().starts_with("sqlite_")).collect()
}

/// Tables and views of a database in SQLite's order, with `sqlite_master` or `sqlite_temp_master`.
pub(crate) fn relations_in_order(session: &Session, database: DatabaseIndex) -> Vec<String> {
    let own = if database == DatabaseIndex::TEMP { "sqlite_temp_master" } else { "sqlite_master" };
    let mut names = vec![own.to_owned()];
    for (_, values) in schema_rows(session, database).unwrap_or_default() {
        if let Ok(SchemaRow { kind: ObjectKind::Table | ObjectKind::View, name, .. }) =
            SchemaRow::from_values(&values)
        {
            names.push(name);
        }
    }
    // SQLite makes it while it makes the first table that needs it, and enters it first.
    if let Some(sequence) = names.iter().position(|name| name == "sqlite_sequence") {
        let needs_it = session.catalog(database).table(&names[sequence - 1]);
        if needs_it.is_some_and(|table| table.autoincrement) {
            names.swap(sequence - 1, sequence);
        }
    }
    let mut list = HashList::default();
    for name in names {
        list.insert(name);
    }
    list.order.into_iter().map(|entry| entry.name).collect()
}

#[derive(Default)]
struct HashList {
    bucket_count: usize,
    /// The list, front first.
    order: Vec<Entry>,
}

struct Entry {
    name: String,
    hash: u32,
}

impl HashList {
    fn insert(&mut self, name: String) {
        let count = self.order.len() + 1;
        if count >= 5 && count > 2 * self.bucket_count {
            self.grow((count * 3).min(MAX_BUCKETS));
        }
        let entry = Entry { hash: hash(&name), name };
        self.link(entry);
    }

    fn link(&mut self, entry: Entry) {
        let count = self.bucket_count;
        // A bucket's entries stand together; its first is the one that came last.
        let same_bucket =
            |other: &Entry| count > 0 && other.hash as usize % count == entry.hash as usize % count;
        let at = self.order.iter().position(same_bucket).unwrap_or(0);
        self.order.insert(at, entry);
    }

    fn grow(&mut self, bucket_count: usize) {
        if bucket_count == self.bucket_count {
            return;
        }
        self.bucket_count = bucket_count;
        for entry in std::mem::take(&mut self.order) {
            self.link(entry);
        }
    }
}

fn hash(name: &str) -> u32 {
    name.bytes().fold(0_u32, |hash, byte| hash.wrapping_add(u32::from(byte & 0xdf)).wrapping_mul(0x9e37_79b1))
}
