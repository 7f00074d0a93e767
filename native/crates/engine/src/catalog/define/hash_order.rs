//! The order in which SQLite goes through the tables of a database: that of its hash table of names, which shows in the rows that
//! ANALYZE writes, in the rows of some pragmas and in which of several mistakes is told of.
//!
//! The table keeps one list of all entries. An entry goes in front of its bucket's first, or in front of the list when
//! its bucket is empty; when the entries outgrow the buckets, the list is built anew from front to back. The buckets never
//! become fewer, so the order tells of what has been made and dropped since the schema was read.

use std::sync::Arc;

use super::write::schema_rows;
use crate::Result;
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
    let names = |list: &HashList| list.order.iter().map(|entry| entry.name.clone()).collect();
    match session.databases[database.0].relation_order.as_ref() {
        Some(known) if known.is_current(session, database) => names(&known.list),
        _ => names(&loaded(session, database)),
    }
}

/// The list as it is when the schema has just been read.
fn loaded(session: &Session, database: DatabaseIndex) -> HashList {
    let mut list = HashList::default();
    let own = if database == DatabaseIndex::TEMP { "sqlite_temp_master" } else { "sqlite_master" };
    list.insert(own.to_owned());
    for (_, values) in schema_rows(session, database).unwrap_or_default() {
        if let Ok(SchemaRow { kind: ObjectKind::Table | ObjectKind::View, name, .. }) =
            SchemaRow::from_values(&values)
        {
            list.insert(name);
        }
    }
    list
}

/// A connection's list of one database, which its own CREATE and DROP change; whatever makes SQLite read the schema
/// anew forgets it.
pub(crate) struct RelationOrder {
    /// Of the catalog that has these relations.
    schema_version: u32,
    list: HashList,
}

impl RelationOrder {
    fn is_current(&self, session: &Session, database: DatabaseIndex) -> bool {
        self.schema_version == session.catalog(database).schema_version
    }
}

/// Runs what may make and drop relations of a database; it tells of each by `entered` and `left`.
pub(crate) fn follow<T>(
    session: &mut Session,
    database: DatabaseIndex,
    change: impl FnOnce(&mut Session) -> Result<T>,
) -> Result<T> {
    for index in (0..session.databases.len()).map(DatabaseIndex) {
        let known = session.databases[index.0].relation_order.take();
        let known = known.filter(|known| known.is_current(session, index));
        let known = match known {
            None if index == database => {
                Some(RelationOrder { schema_version: 0, list: loaded(session, index) })
            }
            known => known,
        };
        session.databases[index.0].relation_order = known;
    }
    let changed = change(session);
    for index in (0..session.databases.len()).map(DatabaseIndex) {
        let schema_version = session.catalog(index).schema_version;
        let known = &mut session.databases[index.0].relation_order;
        match known {
            Some(known) if changed.is_ok() => known.schema_version = schema_version,
            _ => *known = None,
        }
    }
    changed
}

pub(super) fn entered(session: &mut Session, database: DatabaseIndex, name: &str) {
    if let Some(known) = &mut session.databases[database.0].relation_order {
        known.list.insert(name.to_owned());
    }
}

pub(super) fn left(session: &mut Session, database: DatabaseIndex, name: &str) {
    if let Some(known) = &mut session.databases[database.0].relation_order {
        known.list.order.retain(|entry| !entry.name.eq_ignore_ascii_case(name));
    }
}

/// ALTER TABLE has the schemas of its database and of temp read anew.
pub(super) fn forget_altered(session: &mut Session, altered: DatabaseIndex) {
    for database in [altered, DatabaseIndex::TEMP] {
        session.databases[database.0].relation_order = None;
    }
}

/// The schemas of all databases are read anew.
pub(crate) fn forget(session: &mut Session) {
    session.databases.iter_mut().for_each(|database| database.relation_order = None);
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
