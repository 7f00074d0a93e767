//! The entries of an index that is built as a whole: made in runs, each sorted by itself, merged while the tree grows.
//!
//! An index of plain columns reads its table's leaves directly, a large table on several threads, each a stretch of it.
//! Everything else (expressions, conditions, collations of the application, WITHOUT ROWID tables) makes one run through
//! the frame, as rows of DML do.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use pluresdb_tree::{Pager, RowCursor, RowTree};
use pluresdb_value::key::{self, KeyColumn};
use pluresdb_value::{Collation, Value, ValueRef};

use crate::catalog::{Index, IndexTerm, Table};
use crate::execute::{key_order, missing_value, tree_error};
use crate::{Error, Result, ResultCode};

/// From so many rows on, another thread is worth its start.
const ROWS_PER_THREAD: u64 = 32 * 1024;
const MAX_THREADS: usize = 8;
/// Rows between two looks at the interrupt flag.
const ROWS_PER_POLL: usize = 1024;

/// Entries one after the other in one arena.
#[derive(Default)]
pub(super) struct Run {
    arena: Vec<u8>,
    entries: Vec<Entry>,
}

#[derive(Clone, Copy)]
struct Entry {
    start: usize,
    /// The indexed values, without the row's identity.
    prefix_len: u32,
    key_len: u32,
    value_len: u32,
    has_null: bool,
}

impl Run {
    pub fn push(&mut self, prefix_len: usize, key: &[u8], value: &[u8], has_null: bool) -> Result<()> {
        let start = self.arena.len();
        self.arena.extend_from_slice(key);
        self.arena.extend_from_slice(value);
        self.add(start, prefix_len, key.len(), has_null)
    }

    /// An entry whose bytes stand at the end of the arena.
    fn add(&mut self, start: usize, prefix_len: usize, key_len: usize, has_null: bool) -> Result<()> {
        let len = |len: usize| {
            u32::try_from(len).map_err(|_| Error::new(ResultCode::TooBig, "string or blob too big"))
        };
        let value_len = len(self.arena.len() - start - key_len)?;
        let (prefix_len, key_len) = (len(prefix_len)?, len(key_len)?);
        self.entries.push(Entry { start, prefix_len, key_len, value_len, has_null });
        Ok(())
    }

    /// Into the order of the keys, bytes and all: who reads the run then goes straight through memory.
    fn sorted(self) -> Run {
        let order = key_order::sorted(self.entries.len(), |index| self.key(self.entries[index]));
        let mut sorted =
            Run { arena: Vec::with_capacity(self.arena.len()), entries: Vec::with_capacity(order.len()) };
        for index in order {
            let entry = self.entries[index as usize];
            let start = sorted.arena.len();
            let len = entry.key_len as usize + entry.value_len as usize;
            sorted.arena.extend_from_slice(&self.arena[entry.start..entry.start + len]);
            sorted.entries.push(Entry { start, ..entry });
        }
        sorted
    }

    fn key(&self, entry: Entry) -> &[u8] {
        &self.arena[entry.start..entry.start + entry.key_len as usize]
    }

    /// Of a sorted run.
    #[inline]
    fn nth(&self, index: usize) -> Option<Sorted<'_>> {
        let entry = *self.entries.get(index)?;
        let bytes = &self.arena[entry.start..];
        let (key, rest) = bytes.split_at(entry.key_len as usize);
        Some(Sorted {
            key,
            value: &rest[..entry.value_len as usize],
            prefix_len: entry.prefix_len as usize,
            has_null: entry.has_null,
        })
    }
}

/// All runs.
pub(super) struct Entries(Vec<Run>);

#[derive(Clone, Copy)]
struct Sorted<'a> {
    key: &'a [u8],
    value: &'a [u8],
    prefix_len: usize,
    has_null: bool,
}

impl Entries {
    pub fn of_run(run: Run) -> Entries {
        Entries(vec![run.sorted()])
    }

    /// By key, key and value.
    pub fn sorted(&self) -> impl ExactSizeIterator<Item = (&[u8], &[u8])> {
        self.merged().map(|entry| (entry.key, entry.value))
    }

    fn merged(&self) -> Merged<'_> {
        let fronts = self.0.iter().map(|run| (run, 0, run.nth(0))).collect();
        Merged { fronts, left: self.0.iter().map(|run| run.entries.len()).sum() }
    }

    /// Whether two rows have the same indexed values, none of them NULL.
    pub fn has_repeated(&self) -> bool {
        let mut last: Option<Sorted<'_>> = None;
        self.merged().any(|entry| {
            let is_repeated = last.is_some_and(|last| {
                !entry.has_null && last.key[..last.prefix_len] == entry.key[..entry.prefix_len]
            });
            last = Some(entry);
            is_repeated
        })
    }
}

/// Runs with the next entry of each.
struct Merged<'a> {
    fronts: Vec<(&'a Run, usize, Option<Sorted<'a>>)>,
    left: usize,
}

impl<'a> Iterator for Merged<'a> {
    type Item = Sorted<'a>;

    #[inline]
    fn next(&mut self) -> Option<Sorted<'a>> {
        let mut least: Option<(usize, Sorted<'a>)> = None;
        for (number, (_, _, front)) in self.fronts.iter().enumerate() {
            if let Some(front) = front
                && least.is_none_or(|(_, least)| front.key < least.key)
            {
                least = Some((number, *front));
            }
        }
        let (number, found) = least?;
        let (run, index, front) = &mut self.fronts[number];
        *index += 1;
        *front = run.nth(*index);
        self.left -= 1;
        Some(found)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl ExactSizeIterator for Merged<'_> {}

/// An indexed column that is read as it is stored.
struct PlainColumn {
    /// None: the rowid.
    slot: Option<usize>,
    order: KeyColumn,
    /// What it is in rows older than the column.
    missing: Value,
}

impl PlainColumn {
    #[inline]
    fn value<'v>(&'v self, rowid: i64, cursor: &'v RowCursor) -> Result<ValueRef<'v>> {
        let Some(slot) = self.slot else { return Ok(ValueRef::Integer(rowid)) };
        let value = cursor.column(slot).map_err(tree_error)?;
        Ok(value.unwrap_or_else(|| self.missing.as_ref()))
    }
}

/// The columns of an index that can be read directly; None when there is more to it.
fn plain_columns(table: &Table, index: &Index) -> Option<Vec<PlainColumn>> {
    if table.without_rowid || index.partial.is_some() {
        return None;
    }
    let columns = index.columns.iter().map(|column| {
        let order = KeyColumn { collation: column.collation, descending: column.descending };
        let of_rowid = PlainColumn { slot: None, order, missing: Value::Null };
        match &column.term {
            IndexTerm::Rowid => Some(of_rowid),
            IndexTerm::Column(number) if table.rowid_alias == Some(*number) => Some(of_rowid),
            IndexTerm::Column(number) if !order.collation.is_custom() => {
                let column = &table.columns[*number];
                let missing = missing_value(column);
                Some(PlainColumn { slot: Some(column.slot as usize), order, missing })
            }
            IndexTerm::Column(_) | IndexTerm::Expr(_) => None,
        }
    });
    columns.collect()
}

/// The entries of a table's rows, where they can be read directly.
pub(super) fn read_plain(
    table: &Table,
    index: &Index,
    rows: &RowTree,
    pager: &Arc<Pager>,
    interrupt: &AtomicBool,
) -> Result<Option<Entries>> {
    let Some(columns) = plain_columns(table, index) else { return Ok(None) };
    let cores = thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let count = rows.count();
    let stretches = (count / ROWS_PER_THREAD).clamp(1, cores.min(MAX_THREADS) as u64);
    let mut starts = Vec::new();
    for number in 1..stretches {
        starts.extend(rows.nth(pager, count * number / stretches).map_err(tree_error)?);
    }
    let columns = &columns[..];
    let read = |start: Option<i64>, end: Option<i64>| {
        let stretch = Stretch { columns, start, end, interrupt };
        stretch.read(RowCursor::new(rows, pager.clone()))
    };
    let ends = starts.iter().copied().map(Some).chain([None]);
    let stretches = [None].into_iter().chain(starts.iter().copied().map(Some)).zip(ends);
    let runs = thread::scope(|scope| {
        let mut stretches = stretches.into_iter();
        let first = stretches.next();
        let others: Vec<_> = stretches
            .map(|(start, end)| {
                (start, end, thread::Builder::new().spawn_scoped(scope, move || read(start, end)))
            })
            .collect();
        let mut runs: Vec<Result<Run>> = first.into_iter().map(|(start, end)| read(start, end)).collect();
        // Without another thread to be had, this one reads that stretch, too.
        runs.extend(others.into_iter().map(|(start, end, thread)| match thread {
            Ok(thread) => thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            Err(_) => read(start, end),
        }));
        runs
    });
    Ok(Some(Entries(runs.into_iter().collect::<Result<_>>()?)))
}

/// A part of the table: from one rowid to before another.
struct Stretch<'a> {
    columns: &'a [PlainColumn],
    start: Option<i64>,
    end: Option<i64>,
    interrupt: &'a AtomicBool,
}

impl Stretch<'_> {
    fn read(&self, mut cursor: RowCursor) -> Result<Run> {
        let mut run = Run::default();
        let mut found = match self.start {
            None => cursor.first(),
            Some(rowid) => cursor.seek_ge(rowid),
        };
        while found.map_err(tree_error)? {
            let rowid = cursor.rowid();
            if self.end.is_some_and(|end| rowid >= end) {
                break;
            }
            if run.entries.len() % ROWS_PER_POLL == 0 && self.interrupt.load(Ordering::Relaxed) {
                return Err(Error::new(ResultCode::Interrupt, "interrupted"));
            }
            self.push(&mut run, rowid, &cursor)?;
            found = cursor.next();
        }
        Ok(run.sorted())
    }

    #[inline]
    fn push(&self, run: &mut Run, rowid: i64, cursor: &RowCursor) -> Result<()> {
        let start = run.arena.len();
        let (mut has_null, mut has_remainder) = (false, false);
        for column in self.columns {
            let value = column.value(rowid, cursor)?;
            has_null |= value.is_null();
            has_remainder |= match value {
                ValueRef::Null | ValueRef::Integer(_) | ValueRef::Blob(_) => false,
                ValueRef::Real(_) => true,
                ValueRef::Text(_) => column.order.collation != Collation::Binary,
            };
            key::encode_value(value, column.order, &mut run.arena);
        }
        let prefix_len = run.arena.len() - start;
        key::encode_rowid(rowid, &mut run.arena);
        let key_len = run.arena.len() - start;
        if has_remainder {
            let values = self.columns.iter().map(|column| column.value(rowid, cursor));
            let values = values.collect::<Result<Vec<_>>>()?;
            let orders: Vec<KeyColumn> = self.columns.iter().map(|column| column.order).collect();
            key::encode_remainder(values, &orders, &mut run.arena);
        }
        run.add(start, prefix_len, key_len, has_null)
    }
}
