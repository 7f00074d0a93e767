//! The entries of an index that is built as a whole: made in runs, each sorted by itself, merged while the tree grows.
//!
//! An index of plain columns reads its table's leaves directly, a large table on several threads, each a stretch of it.
//! Everything else (expressions, conditions, collations of the application, WITHOUT ROWID tables) goes through the frame,
//! as rows of DML do. What a stretch has no room for in memory goes to a scratch file in sorted runs.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use pluresdb_store::StoreError;
use pluresdb_tree::{Pager, RowCursor, RowTree, SortedEntries, TreeError};
use pluresdb_value::key::{self, KeyColumn};
use pluresdb_value::{Collation, Value, ValueRef};

use crate::catalog::{Index, IndexTerm, Table};
use crate::execute::merge::{Merge, SortedRun};
use crate::execute::sorted_runs::{RunReader, RunWriter, SpilledRuns};
use crate::execute::{key_order, missing_value, tree_error};
use crate::session::Settings;
use crate::{Error, Result, ResultCode};

/// From so many rows on, another thread is worth its start.
const ROWS_PER_THREAD: u64 = 32 * 1024;
const MAX_THREADS: usize = 8;
/// Rows between two looks at the interrupt flag.
const ROWS_PER_POLL: usize = 1024;

/// Entries one after the other in one arena.
#[derive(Default)]
struct Run {
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

    fn memory(&self) -> usize {
        self.arena.len() + self.entries.len() * size_of::<Entry>()
    }

    fn order(&self) -> Vec<u32> {
        key_order::sorted(self.entries.len(), |index| self.entry(index).key)
    }

    /// Into the order of the keys, bytes and all: who reads the run then goes straight through memory.
    fn sorted(self) -> Run {
        let order = self.order();
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

    #[inline]
    fn entry(&self, index: usize) -> EntryView<'_> {
        let entry = self.entries[index];
        let bytes = &self.arena[entry.start..];
        let (key, rest) = bytes.split_at(entry.key_len as usize);
        EntryView {
            key,
            value: &rest[..entry.value_len as usize],
            prefix_len: entry.prefix_len as usize,
            has_null: entry.has_null,
        }
    }
}

#[derive(Clone, Copy)]
struct EntryView<'a> {
    key: &'a [u8],
    value: &'a [u8],
    prefix_len: usize,
    has_null: bool,
}

/// What a run's entry is in a scratch file: `prefix length u32 | has NULL u8 | value` under its key.
const SPILLED_HEADER_LEN: usize = 5;

/// Where entries may go, and how much of them may be in memory.
#[derive(Clone, Copy)]
pub(super) struct Room<'s> {
    bytes: usize,
    folder: Option<&'s Path>,
}

impl<'s> Room<'s> {
    /// Half of a sort's: a run is copied into its order.
    pub fn of(settings: &'s Settings) -> Room<'s> {
        Room { bytes: settings.sort_memory() / 2, folder: settings.scratch_folder() }
    }
}

/// Takes entries in any order.
pub(super) struct EntryWriter<'s> {
    run: Run,
    spilled: Option<RunWriter>,
    room: Room<'s>,
    count: usize,
}

impl<'s> EntryWriter<'s> {
    pub fn new(room: Room<'s>) -> EntryWriter<'s> {
        EntryWriter { run: Run::default(), spilled: None, room, count: 0 }
    }

    pub fn push(&mut self, prefix_len: usize, key: &[u8], value: &[u8], has_null: bool) -> Result<()> {
        let start = self.run.arena.len();
        self.run.arena.extend_from_slice(key);
        self.run.arena.extend_from_slice(value);
        self.add(start, prefix_len, key.len(), has_null)
    }

    /// An entry whose bytes stand at the end of the arena.
    #[inline]
    fn add(&mut self, start: usize, prefix_len: usize, key_len: usize, has_null: bool) -> Result<()> {
        self.run.add(start, prefix_len, key_len, has_null)?;
        self.count += 1;
        if self.run.memory() > self.room.bytes { self.spill() } else { Ok(()) }
    }

    #[cold]
    fn spill(&mut self) -> Result<()> {
        let writer = match &mut self.spilled {
            Some(writer) => writer,
            none => none.insert(RunWriter::create(self.room.folder)?),
        };
        for index in self.run.order() {
            let EntryView { key, value, prefix_len, has_null } = self.run.entry(index as usize);
            writer.push(key, &[&(prefix_len as u32).to_le_bytes(), &[u8::from(has_null)], value])?;
        }
        writer.end_run()?;
        self.run.arena.clear();
        self.run.entries.clear();
        Ok(())
    }

    fn finish(self) -> Result<Runs> {
        let spilled = self.spilled.map(RunWriter::finish).transpose()?;
        Ok(Runs { spilled, last: self.run.sorted(), count: self.count })
    }

    pub fn finish_alone(self) -> Result<Entries> {
        Ok(Entries(vec![self.finish()?]))
    }
}

/// The sorted runs of one stretch.
struct Runs {
    spilled: Option<SpilledRuns>,
    last: Run,
    count: usize,
}

/// All runs.
pub(super) struct Entries(Vec<Runs>);

impl Entries {
    pub fn len(&self) -> usize {
        self.0.iter().map(|runs| runs.count).sum()
    }

    /// By key.
    pub fn sorted(&self) -> Sorted<'_> {
        Sorted(Merge::new(self.0.iter().flat_map(|runs| {
            let spilled = runs.spilled.iter().flat_map(SpilledRuns::readers).map(RunCursor::Spilled);
            spilled.chain([RunCursor::Memory { run: &runs.last, at: None }])
        })))
    }

    /// Whether two rows have the same indexed values, none of them NULL.
    pub fn has_repeated(&self) -> Result<bool> {
        let mut entries = self.sorted();
        let mut last = Vec::new();
        let mut is_first = true;
        while let Some(run) = entries.0.next()? {
            let EntryView { key, prefix_len, has_null, .. } = run.entry();
            let prefix = &key[..prefix_len];
            if !is_first && !has_null && last == prefix {
                return Ok(true);
            }
            is_first = false;
            last.clear();
            last.extend_from_slice(prefix);
        }
        Ok(false)
    }
}

/// The entries of all runs in the order of their keys.
pub(super) struct Sorted<'a>(Merge<RunCursor<'a>>);

impl SortedEntries for Sorted<'_> {
    #[inline]
    fn advance(&mut self) -> std::result::Result<Option<(&[u8], &[u8])>, TreeError> {
        let entry = self.0.next()?.map(RunCursor::entry);
        Ok(entry.map(|entry| (entry.key, entry.value)))
    }
}

/// An entry of a sorted run.
enum RunCursor<'a> {
    Memory { run: &'a Run, at: Option<usize> },
    Spilled(RunReader),
}

impl RunCursor<'_> {
    #[inline]
    fn entry(&self) -> EntryView<'_> {
        match self {
            RunCursor::Memory { run, at } => run.entry(at.expect("it stands on an entry")),
            RunCursor::Spilled(reader) => {
                let (header, value) = reader.value().split_at(SPILLED_HEADER_LEN);
                let (prefix_len, has_null) = header.split_first_chunk().expect("5 bytes begin with 4");
                let prefix_len = u32::from_le_bytes(*prefix_len) as usize;
                EntryView { key: reader.key(), value, prefix_len, has_null: has_null != [0] }
            }
        }
    }
}

impl SortedRun for RunCursor<'_> {
    #[inline]
    fn advance(&mut self) -> std::result::Result<bool, StoreError> {
        match self {
            RunCursor::Memory { run, at } => {
                let next = at.map_or(0, |at| at + 1);
                *at = Some(next);
                Ok(next < run.entries.len())
            }
            RunCursor::Spilled(reader) => reader.advance(),
        }
    }

    #[inline]
    fn key(&self) -> &[u8] {
        match self {
            RunCursor::Memory { run, at } => run.entry(at.expect("it stands on an entry")).key,
            RunCursor::Spilled(reader) => reader.key(),
        }
    }
}

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
    room: Room<'_>,
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
    let room = Room { bytes: room.bytes / stretches as usize, ..room };
    let read = |start: Option<i64>, end: Option<i64>| {
        let stretch = Stretch { columns, start, end, room, interrupt };
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
        let mut runs: Vec<Result<Runs>> = first.into_iter().map(|(start, end)| read(start, end)).collect();
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
    room: Room<'a>,
    interrupt: &'a AtomicBool,
}

impl Stretch<'_> {
    fn read(&self, mut cursor: RowCursor) -> Result<Runs> {
        let mut entries = EntryWriter::new(self.room);
        let mut found = match self.start {
            None => cursor.first(),
            Some(rowid) => cursor.seek_ge(rowid),
        };
        while found.map_err(tree_error)? {
            let rowid = cursor.rowid();
            if self.end.is_some_and(|end| rowid >= end) {
                break;
            }
            if entries.count.is_multiple_of(ROWS_PER_POLL) && self.interrupt.load(Ordering::Relaxed) {
                return Err(Error::new(ResultCode::Interrupt, "interrupted"));
            }
            self.push(&mut entries, rowid, &cursor)?;
            found = cursor.next();
        }
        entries.finish()
    }

    #[inline]
    fn push(&self, entries: &mut EntryWriter<'_>, rowid: i64, cursor: &RowCursor) -> Result<()> {
        let arena = &mut entries.run.arena;
        let start = arena.len();
        let (mut has_null, mut has_remainder) = (false, false);
        for column in self.columns {
            let value = column.value(rowid, cursor)?;
            has_null |= value.is_null();
            has_remainder |= match value {
                ValueRef::Null | ValueRef::Integer(_) | ValueRef::Blob(_) => false,
                ValueRef::Real(_) => true,
                ValueRef::Text(_) => column.order.collation != Collation::Binary,
            };
            key::encode_value(value, column.order, arena);
        }
        let prefix_len = arena.len() - start;
        key::encode_rowid(rowid, arena);
        let key_len = arena.len() - start;
        if has_remainder {
            let values = self.columns.iter().map(|column| column.value(rowid, cursor));
            let values = values.collect::<Result<Vec<_>>>()?;
            let orders: Vec<KeyColumn> = self.columns.iter().map(|column| column.order).collect();
            key::encode_remainder(values, &orders, arena);
        }
        entries.add(start, prefix_len, key_len, has_null)
    }
}
