//! In which rows the keys of a unique index were found last: from a key's hash to a rowid, in memory.
//!
//! A hint may be old, or of another key. Whoever follows one looks at the row, in the snapshot that he reads: when it has
//! the very values that are looked for, it is the only row that has them. So nobody who writes needs to know of hints, and
//! any number of threads and snapshots share them.
//!
//! An entry is the hash's upper half and the rowid's lower one, 0 when it is empty. A hash belongs to one bucket, which is a
//! cache line; a full bucket gives up one of its entries. A table that has filled is copied into one four times its size.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, AtomicU64, AtomicUsize, Ordering};

/// Lookups that an index has seen before it keeps hints: most indexes are never asked for so many keys.
const LOOKUPS_BEFORE: u32 = 64;
const BUCKET: usize = 8;
/// Buckets of the first table, 2⁶: 4 KiB.
const FIRST_BITS: u32 = 6;
/// Tables, each four times as large as the one before: the last one has 16 MiB, 2 million entries.
const TABLES: usize = 7;
/// Bytes of all hints of a process at most.
const MOST_BYTES: usize = 32 << 20;

static BYTES: AtomicUsize = AtomicUsize::new(0);

/// Shared by all statements that look for keys of one index.
#[derive(Debug, Default)]
pub(crate) struct RowHints {
    lookups: AtomicU32,
    /// Tables that are there; the last of them is in use.
    count: AtomicU32,
    tables: [OnceLock<Table>; TABLES],
}

#[derive(Debug)]
struct Table {
    bits: u32,
    filled: AtomicUsize,
    entries: Box<[[AtomicU64; BUCKET]]>,
}

impl RowHints {
    /// The row in which a key of that hash was found last.
    #[inline]
    pub(crate) fn get(&self, hash: u64) -> Option<i64> {
        let table = self.table()?;
        let tag = tag_of(hash);
        let mut entries = table.bucket(tag).iter().map(|entry| entry.load(Ordering::Relaxed));
        entries.find(|entry| entry >> 32 == u64::from(tag)).map(|entry| i64::from(entry as u32))
    }

    /// The key of that hash was found in that row.
    pub(crate) fn learn(&self, hash: u64, rowid: i64) {
        let Ok(rowid) = u32::try_from(rowid) else { return };
        let Some(table) = self.table() else {
            if self.lookups.fetch_add(1, Ordering::Relaxed) >= LOOKUPS_BEFORE {
                self.grow(0);
            }
            return;
        };
        let tag = tag_of(hash);
        if table.put(tag, (u64::from(tag) << 32) | u64::from(rowid)) && table.is_full() {
            self.grow(self.count.load(Ordering::Relaxed) as usize);
        }
    }

    /// It has no room for more keys than it has.
    pub(crate) fn is_full_grown(&self) -> bool {
        self.table().is_some_and(Table::is_full)
    }

    #[inline]
    fn table(&self) -> Option<&Table> {
        let count = self.count.load(Ordering::Acquire) as usize;
        self.tables.get(count.checked_sub(1)?)?.get()
    }

    #[cold]
    fn grow(&self, count: usize) {
        let Some(place) = self.tables.get(count) else { return };
        let bits = FIRST_BITS + 2 * count as u32;
        let bytes = (BUCKET * size_of::<u64>()) << bits;
        if BYTES.load(Ordering::Relaxed) + bytes > MOST_BYTES {
            return;
        }
        place.get_or_init(|| {
            let table = Table::new(bits);
            let old = count.checked_sub(1).and_then(|last| self.tables[last].get());
            for entry in old.iter().flat_map(|old| old.entries.iter().flatten()) {
                let entry = entry.load(Ordering::Relaxed);
                if entry != 0 {
                    table.put((entry >> 32) as u32, entry);
                }
            }
            table
        });
        self.count.fetch_max(count as u32 + 1, Ordering::Release);
    }
}

/// Never 0, so that no entry is.
#[inline]
fn tag_of(hash: u64) -> u32 {
    (hash >> 32) as u32 | 1
}

impl Table {
    fn new(bits: u32) -> Table {
        let entries: Box<[_]> = (0..1 << bits).map(|_| <[AtomicU64; BUCKET]>::default()).collect();
        let table = Table { bits, filled: AtomicUsize::new(0), entries };
        BYTES.fetch_add(table.bytes(), Ordering::Relaxed);
        table
    }

    fn bytes(&self) -> usize {
        size_of_val(&*self.entries)
    }

    #[inline]
    fn bucket(&self, tag: u32) -> &[AtomicU64; BUCKET] {
        &self.entries[(tag >> (u32::BITS - self.bits)) as usize]
    }

    /// Whether it has one more than before.
    fn put(&self, tag: u32, new: u64) -> bool {
        let bucket = self.bucket(tag);
        let mut free = None;
        for entry in bucket {
            let old = entry.load(Ordering::Relaxed);
            if old >> 32 == u64::from(tag) {
                entry.store(new, Ordering::Relaxed);
                return false;
            }
            if old == 0 && free.is_none() {
                free = Some(entry);
            }
        }
        // The bits of the tag that did not choose the bucket choose who leaves it.
        free.unwrap_or(&bucket[(tag >> 1) as usize % BUCKET]).store(new, Ordering::Relaxed);
        if free.is_some() {
            self.filled.fetch_add(1, Ordering::Relaxed);
        }
        free.is_some()
    }

    /// Buckets that are full by seven eighths in the mean: one in six has had to give up an entry.
    fn is_full(&self) -> bool {
        self.filled.load(Ordering::Relaxed) >= ((BUCKET - 1) << self.bits)
    }
}

impl Drop for Table {
    fn drop(&mut self) {
        BYTES.fetch_sub(self.bytes(), Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(number: i64) -> u64 {
        (number as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }

    #[test]
    fn what_was_learned_is_told_and_nearly_nothing_is_lost_while_tables_grow() {
        let hints = RowHints::default();
        for number in 0..200_000 {
            hints.learn(hash(number), number);
        }
        let told = (0..200_000).filter(|&number| hints.get(hash(number)) == Some(number)).count();
        assert!(told > 180_000, "{told}");
        assert!((200_000..300_000).all(|number| hints.get(hash(number)).is_none_or(|told| told < 200_000)));
    }

    #[test]
    fn an_index_that_is_hardly_asked_keeps_nothing() {
        let hints = RowHints::default();
        (0..i64::from(LOOKUPS_BEFORE)).for_each(|number| hints.learn(hash(number), number));
        assert!(hints.table().is_none());
    }

    #[test]
    fn a_key_that_moved_is_told_in_its_new_row_and_far_rowids_are_not_kept() {
        let hints = RowHints::default();
        (0..100).for_each(|number| hints.learn(hash(number), number));
        hints.learn(hash(99), 7);
        assert_eq!(hints.get(hash(99)), Some(7));
        hints.learn(hash(98), 1 << 32);
        hints.learn(hash(98), -1);
        assert_eq!(hints.get(hash(98)), Some(98));
    }
}
