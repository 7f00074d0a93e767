//! Recorders: the rows that changed since they began, as they were before.
//!
//! The hash table is SQLite's to the last bit, because a changeset has its changes in the table's order: 256 buckets that
//! double when there are half as many entries, the newest entry of a bucket first, and doubling turns buckets around.

use pluresdb_value::Value;

use crate::callback::Permission;
use crate::catalog::Table;

/// Recorders of one connection.
#[derive(Default)]
pub struct Recorders {
    recorders: Vec<Recorder>,
    last_id: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecorderId(pub u32);

/// Whether the columns of a table in a database may be looked at.
pub(crate) type MayLook<'a> = dyn Fn(&str, &str) -> Permission + 'a;

/// A row that is about to change: no `old` for an insert, no `new` for a delete. Values are those of `columns`.
pub(crate) struct Observed<'a> {
    pub database: &'a str,
    pub table: &'a Table,
    pub is_indirect: bool,
    pub old: Option<&'a [Value]>,
    pub new: Option<&'a [Value]>,
}

impl Recorders {
    /// Begins to record one table of a database, or all of them.
    pub fn begin(&mut self, database: &str, table: Option<&str>) -> RecorderId {
        self.last_id += 1;
        let id = RecorderId(self.last_id);
        let tables = table.map(RecordedTable::new).into_iter().collect();
        let recorder = Recorder {
            id,
            database: database.to_owned(),
            takes_all: table.is_none(),
            tables,
            is_lost: false,
        };
        self.recorders.push(recorder);
        id
    }

    pub fn end(&mut self, id: RecorderId) {
        self.recorders.retain(|recorder| recorder.id != id);
    }

    pub(super) fn get(&self, id: RecorderId) -> Option<&Recorder> {
        self.recorders.iter().find(|recorder| recorder.id == id)
    }

    /// Whether somebody records the database.
    #[inline]
    pub(crate) fn are_recording(&self, database: &str) -> bool {
        self.recorders.iter().any(|recorder| recorder.database.eq_ignore_ascii_case(database))
    }

    /// `may_look` is asked when a table is met.
    pub(crate) fn observe(&mut self, observed: &Observed<'_>, may_look: &MayLook<'_>) {
        for recorder in &mut self.recorders {
            if recorder.database.eq_ignore_ascii_case(observed.database) {
                recorder.observe(observed, may_look);
            }
        }
    }
}

pub(super) struct Recorder {
    id: RecorderId,
    pub database: String,
    /// Tables are added as they are met.
    takes_all: bool,
    pub tables: Vec<RecordedTable>,
    /// A table has lost columns meanwhile: there is nothing to tell any more.
    pub is_lost: bool,
}

impl Recorder {
    fn observe(&mut self, observed: &Observed<'_>, may_look: &MayLook<'_>) {
        let name = &*observed.table.name;
        let known = self.tables.iter().position(|table| table.name.eq_ignore_ascii_case(name));
        let at = match known {
            Some(at) => at,
            None if self.takes_all => {
                self.tables.push(RecordedTable::new(name));
                self.tables.len() - 1
            }
            None => return,
        };
        let table = &mut self.tables[at];
        if self.is_lost {
            return;
        }
        if table.key.is_empty() {
            // SQLite counts the columns before it reads them, and is asked for both.
            for _ in 0..2 {
                match may_look(&self.database, name) {
                    Permission::Allowed => {}
                    Permission::Ignored => return,
                    Permission::Denied => {
                        self.is_lost = true;
                        return;
                    }
                }
            }
        }
        if !table.fit(observed.table) {
            self.is_lost = true;
            return;
        }
        match (observed.old, observed.new) {
            (None, None) => {}
            (Some(old), new) => {
                table.note(old, true, observed.is_indirect);
                if let Some(new) = new {
                    table.note(new, false, observed.is_indirect);
                }
            }
            (None, Some(new)) => table.note(new, false, observed.is_indirect),
        }
    }
}

pub(super) struct RecordedTable {
    /// As it was named first.
    pub name: String,
    /// Of each column that is not generated, its place in the primary key or 0. Empty before its first row.
    pub key: Vec<u8>,
    entries: Vec<Entry>,
    /// The first entry of each bucket.
    buckets: Vec<Option<usize>>,
}

pub(super) struct Entry {
    /// The row as it was, or of a row that was not there the key alone, the other columns NULL.
    pub values: Vec<Value>,
    pub was_there: bool,
    pub is_indirect: bool,
    next: Option<usize>,
}

const FIRST_BUCKETS: usize = 256;

/// The key of a table's columns that are not generated.
pub(super) fn key_of(table: &Table) -> Vec<u8> {
    let place = |index: usize| table.primary_key.iter().position(|key| key.column == index);
    let stored = table.columns.iter().enumerate().filter(|(_, column)| column.generated.is_none());
    // No key has as many columns as that.
    stored
        .map(|(index, _)| place(index).map_or(0, |place| u8::try_from(place + 1).unwrap_or(u8::MAX)))
        .collect()
}

impl RecordedTable {
    fn new(name: &str) -> RecordedTable {
        RecordedTable { name: name.to_owned(), key: Vec::new(), entries: Vec::new(), buckets: Vec::new() }
    }

    pub fn is_unchanged(&self) -> bool {
        self.entries.is_empty()
    }

    /// Takes the columns of now: more than before will do, fewer will not.
    fn fit(&mut self, table: &Table) -> bool {
        let key = key_of(table);
        if key.len() < self.key.len() {
            return false;
        }
        if key.len() > self.key.len() {
            self.key = key;
        }
        true
    }

    /// A row is about to change, or to be there.
    fn note(&mut self, values: &[Value], is_there: bool, is_indirect: bool) {
        if self.key.iter().all(|place| *place == 0) {
            return;
        }
        self.grow();
        let Some(hash) = self.hash(values) else { return };
        let bucket = hash as usize % self.buckets.len();
        let mut at = self.buckets[bucket];
        while let Some(index) = at {
            let entry = &mut self.entries[index];
            if has_key(&self.key, &entry.values, values) {
                entry.is_indirect &= is_indirect;
                return;
            }
            at = entry.next;
        }
        let values = if is_there {
            values.to_vec()
        } else {
            let key_only =
                |(value, place): (&Value, &u8)| if *place == 0 { Value::Null } else { value.clone() };
            values.iter().zip(&self.key).map(key_only).collect()
        };
        let next = self.buckets[bucket].replace(self.entries.len());
        self.entries.push(Entry { values, was_there: is_there, is_indirect, next });
    }

    fn grow(&mut self) {
        if !self.buckets.is_empty() && self.entries.len() < self.buckets.len() / 2 {
            return;
        }
        let count = if self.buckets.is_empty() { FIRST_BUCKETS } else { self.buckets.len() * 2 };
        let order: Vec<usize> = self.order().collect();
        self.buckets = vec![None; count];
        for index in order {
            // It has a key, or it would not be here.
            let hash = self.hash(&self.entries[index].values).unwrap_or_default();
            let next = self.buckets[hash as usize % count].replace(index);
            self.entries[index].next = next;
        }
    }

    fn order(&self) -> impl Iterator<Item = usize> {
        self.buckets.iter().flat_map(|first| std::iter::successors(*first, |index| self.entries[*index].next))
    }

    /// In the order a changeset has them.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.order().map(|index| &self.entries[index])
    }

    /// SQLite's hash of a row's key; None where the key has a NULL.
    fn hash(&self, values: &[Value]) -> Option<u32> {
        let mut hash = 0_u32;
        let mut add = |part: u32| hash = (hash << 3) ^ hash ^ part;
        for (value, _) in values.iter().zip(&self.key).filter(|(_, place)| **place != 0) {
            let (kind, number, bytes) = match value {
                Value::Null => return None,
                Value::Integer(integer) => (1, Some(*integer as u64), &[][..]),
                Value::Real(real) => (2, Some(real.to_bits()), &[][..]),
                Value::Text(text) => (3, None, &text[..]),
                Value::Blob(blob) => (4, None, &blob[..]),
            };
            add(kind);
            if let Some(number) = number {
                add(number as u32);
                add((number >> 32) as u32);
            }
            for byte in bytes {
                add(u32::from(*byte));
            }
        }
        Some(hash)
    }
}

/// Whether both rows have the same key: values of one type that are the same.
fn has_key(key: &[u8], a: &[Value], b: &[Value]) -> bool {
    key.iter().zip(a.iter().zip(b)).all(|(place, (a, b))| *place == 0 || a == b)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(columns: usize) -> RecordedTable {
        let mut table = RecordedTable::new("t");
        table.key = (0..columns).map(|column| u8::from(column == 0)).collect();
        table
    }

    fn keys(table: &RecordedTable) -> Vec<i64> {
        let integer = |value: &Value| if let Value::Integer(integer) = value { *integer } else { -1 };
        table.entries().map(|entry| integer(&entry.values[0])).collect()
    }

    #[test]
    fn a_row_is_kept_as_it_was_first() {
        let mut table = table(2);
        table.note(&[Value::Integer(1), Value::Integer(10)], true, true);
        table.note(&[Value::Integer(1), Value::Integer(20)], true, false);
        let kept: Vec<&Entry> = table.entries().collect();
        assert_eq!(kept.len(), 1);
        assert_eq!(kept[0].values[1], Value::Integer(10));
        assert!(!kept[0].is_indirect);
    }

    #[test]
    fn a_key_with_null_is_not_recorded() {
        let mut table = table(2);
        table.note(&[Value::Null, Value::Integer(1)], true, false);
        assert!(table.is_unchanged());
    }

    #[test]
    fn every_row_stays_while_the_table_grows() {
        let mut table = table(1);
        for key in 0..1000 {
            table.note(&[Value::Integer(key)], false, false);
        }
        let mut found = keys(&table);
        found.sort_unstable();
        assert_eq!(found, (0..1000).collect::<Vec<_>>());
    }
}
