//! The entries of an index that is built as a whole: divided by key ranges, each sorted while its leaves are made.
//!
//! An index of plain columns reads its table's leaves directly, a large table on several threads, each a stretch of it.
//! Everything else (expressions, conditions, collations of the application, WITHOUT ROWID tables) goes through the frame,
//! as rows of DML do. What a stretch has no room for in memory goes to a scratch file in sorted runs.
//!
//!     stretch ── an arena for each range ──┐
//!     stretch ── an arena for each range ──┴─ range: arenas and runs of all stretches, in the order of their keys
//!
//! A range of the entries of 32,768 rows fits a core's second-level cache, so that sorting it and going through it in its
//! order wait for nothing; and it needs room for its order alone: fresh memory is what takes longest here.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use pluresdb_store::StoreError;
use pluresdb_tree::{Pager, RowCursor, RowTree, SortedEntries, SortedParts, TreeError};
use pluresdb_value::key::{self, KeyColumn};
use pluresdb_value::{Collation, Value, ValueRef, varint};

use super::key_ranges::KeyRanges;
use crate::catalog::{Index, IndexTerm, Table};
use crate::execute::merge::{Merge, SortedRun};
use crate::execute::sorted_runs::{RunReader, RunWriter, SpilledRuns};
use crate::execute::{key_order, missing_value, tree_error};
use crate::session::Settings;
use crate::{Error, Result, ResultCode};

/// From so many rows on, another thread is worth its start.
const ROWS_PER_THREAD: u64 = 32 * 1024;
const MAX_THREADS: usize = 8;
/// Rows of a range, as long as there are few enough ranges.
const ROWS_PER_RANGE: u64 = 32 * 1024;
const MAX_RANGES: u64 = 64;
/// Rows that are looked at for each range, to know where it begins.
const SAMPLES_PER_RANGE: u64 = 4;
/// Rows between two looks at the interrupt flag.
const ROWS_PER_POLL: usize = 1024;

/// Entries one after the other, in the order in which they came:
/// `key length | identity length and has NULL | value length | key | value`, all lengths as varints.
#[derive(Default)]
struct Arena {
    bytes: Vec<u8>,
    count: usize,
}

impl Arena {
    #[inline]
    fn push(&mut self, entry: EntryView<'_>) {
        let EntryView { key, value, prefix_len, has_null } = entry;
        let identity_len = key.len() - prefix_len;
        varint::write(key.len() as u64, &mut self.bytes);
        varint::write((2 * identity_len as u64) | u64::from(has_null), &mut self.bytes);
        varint::write(value.len() as u64, &mut self.bytes);
        self.bytes.extend_from_slice(key);
        self.bytes.extend_from_slice(value);
        self.count += 1;
    }

    /// The entry that begins at an offset, and where the next one does.
    #[inline]
    fn entry(&self, start: usize) -> (EntryView<'_>, usize) {
        let mut rest = &self.bytes[start..];
        let (key_len, identity, value_len) = match rest.split_first_chunk() {
            // Nearly always; it takes no loop to read.
            Some((&[key_len @ ..0x80, identity @ ..0x80, value_len @ ..0x80], behind)) => {
                rest = behind;
                (usize::from(key_len), u64::from(identity), usize::from(value_len))
            }
            _ => {
                let mut number = || varint::read(&mut rest).expect("an arena is what was written");
                (number() as usize, number(), number() as usize)
            }
        };
        let end = self.bytes.len() - rest.len() + key_len + value_len;
        let (key, rest) = rest.split_at(key_len);
        let prefix_len = key_len - (identity / 2) as usize;
        (EntryView { key, value: &rest[..value_len], prefix_len, has_null: identity & 1 != 0 }, end)
    }
}

#[derive(Clone, Copy)]
pub(super) struct EntryView<'a> {
    pub key: &'a [u8],
    pub value: &'a [u8],
    /// The indexed values, without the row's identity.
    pub prefix_len: usize,
    pub has_null: bool,
}

/// Where an entry begins: which arena, and its offset in there.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place(u64);

impl Place {
    const OFFSET_BITS: u32 = 56;

    fn new(arena: usize, offset: usize) -> Place {
        Place(((arena as u64) << Place::OFFSET_BITS) | offset as u64)
    }

    #[inline]
    fn entry<'a>(self, arenas: &[&'a Arena]) -> EntryView<'a> {
        let offset = self.0 & ((1 << Place::OFFSET_BITS) - 1);
        arenas[(self.0 >> Place::OFFSET_BITS) as usize].entry(offset as usize).0
    }
}

/// The places of all entries in the order of their keys, each behind a number of no meaning.
fn order_of(arenas: &[&Arena]) -> Vec<(u64, Place)> {
    let mut order = Vec::with_capacity(arenas.iter().map(|arena| arena.count).sum());
    for (number, arena) in arenas.iter().enumerate() {
        let mut start = 0;
        for _ in 0..arena.count {
            order.push((0, Place::new(number, start)));
            start = arena.entry(start).1;
        }
    }
    key_order::sort(&mut order, &|place: Place| place.entry(arenas).key);
    order
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
    /// Half of a sort's: an order is made of a part of it, and leaves.
    pub fn of(settings: &'s Settings) -> Room<'s> {
        Room { bytes: settings.sort_memory() / 2, folder: settings.scratch_folder() }
    }
}

/// Takes entries in any order, each with the range it lies in.
pub(super) struct EntryWriter<'s> {
    arenas: Vec<Arena>,
    memory: usize,
    spilled: Option<RunWriter>,
    /// The ranges of the runs in there.
    spilled_ranges: Vec<usize>,
    room: Room<'s>,
    count: usize,
}

impl<'s> EntryWriter<'s> {
    pub fn new(room: Room<'s>, range_count: usize) -> EntryWriter<'s> {
        let arenas = (0..range_count).map(|_| Arena::default()).collect();
        EntryWriter { arenas, memory: 0, spilled: None, spilled_ranges: Vec::new(), room, count: 0 }
    }

    #[inline]
    pub fn push(&mut self, range: usize, entry: EntryView<'_>) -> Result<()> {
        let len = entry.key.len() + entry.value.len();
        if u32::try_from(len).is_err() {
            return Err(Error::new(ResultCode::TooBig, "string or blob too big"));
        }
        self.arenas[range].push(entry);
        self.memory += len + size_of::<(u64, Place)>();
        self.count += 1;
        if self.memory > self.room.bytes { self.spill() } else { Ok(()) }
    }

    /// Each range's entries are a run of their own.
    #[cold]
    fn spill(&mut self) -> Result<()> {
        let writer = match &mut self.spilled {
            Some(writer) => writer,
            none => none.insert(RunWriter::create(self.room.folder)?),
        };
        for (range, arena) in self.arenas.iter_mut().enumerate().filter(|(_, arena)| arena.count > 0) {
            for (_, place) in order_of(&[arena]) {
                let EntryView { key, value, prefix_len, has_null } = place.entry(&[arena]);
                writer.push(key, &[&(prefix_len as u32).to_le_bytes(), &[u8::from(has_null)], value])?;
            }
            writer.end_run()?;
            self.spilled_ranges.push(range);
            arena.bytes.clear();
            arena.count = 0;
        }
        self.memory = 0;
        Ok(())
    }

    pub fn finish(self) -> Result<Gathered> {
        let spilled = self.spilled.map(RunWriter::finish).transpose()?;
        let EntryWriter { arenas, spilled_ranges, count, .. } = self;
        Ok(Gathered { arenas, spilled, spilled_ranges, count })
    }
}

/// The entries of one stretch, by range.
pub(super) struct Gathered {
    arenas: Vec<Arena>,
    spilled: Option<SpilledRuns>,
    spilled_ranges: Vec<usize>,
    count: usize,
}

/// All entries; a part of them are those of a range.
pub(super) struct Entries {
    ranges: KeyRanges,
    stretches: Vec<Gathered>,
    is_unique: bool,
    has_met_repeated: AtomicBool,
    interrupt: Arc<AtomicBool>,
}

impl Entries {
    /// Entries of a UNIQUE index must not be gone through to their end when two rows have the same values.
    pub fn new(
        ranges: KeyRanges,
        stretches: Vec<Gathered>,
        is_unique: bool,
        interrupt: Arc<AtomicBool>,
    ) -> Entries {
        Entries { ranges, stretches, is_unique, has_met_repeated: AtomicBool::new(false), interrupt }
    }

    pub fn len(&self) -> usize {
        self.stretches.iter().map(|stretch| stretch.count).sum()
    }

    /// Whether two rows of a UNIQUE index had the same values, none of them NULL: it is why whoever went through the entries
    /// was stopped.
    pub fn has_met_repeated(&self) -> bool {
        self.has_met_repeated.load(Ordering::Relaxed)
    }
}

impl SortedParts for Entries {
    type Part<'p> = Sorted<'p>;

    fn part_count(&self) -> usize {
        self.ranges.count()
    }

    fn bound(&self, number: usize) -> &[u8] {
        self.ranges.bound(number)
    }

    fn part(&self, number: usize) -> std::result::Result<Sorted<'_>, TreeError> {
        let arenas: Vec<&Arena> = self.stretches.iter().map(|stretch| &stretch.arenas[number]).collect();
        let order = order_of(&arenas);
        let spilled = self.stretches.iter().flat_map(|stretch| {
            let runs = stretch.spilled_ranges.iter().enumerate().filter(move |(_, range)| **range == number);
            let spilled = stretch.spilled.iter();
            runs.flat_map(move |(run, _)| spilled.clone().map(move |spilled| spilled.reader(run)))
        });
        let runs = spilled.map(RunCursor::Spilled).chain([RunCursor::Memory { arenas, order, at: None }]);
        Ok(Sorted { entries: self, runs: Merge::new(runs), last: Vec::new(), gone: 0 })
    }
}

/// The entries of a range in the order of their keys.
pub(super) struct Sorted<'a> {
    entries: &'a Entries,
    runs: Merge<RunCursor<'a>>,
    /// The values of the last entry of a UNIQUE index that had no NULL.
    last: Vec<u8>,
    gone: usize,
}

impl SortedEntries for Sorted<'_> {
    #[inline]
    fn advance(&mut self) -> std::result::Result<bool, TreeError> {
        let Some(run) = self.runs.next()? else { return Ok(false) };
        self.gone += 1;
        if self.gone.is_multiple_of(ROWS_PER_POLL) && self.entries.interrupt.load(Ordering::Relaxed) {
            return Err(TreeError::Stopped);
        }
        if self.entries.is_unique {
            let EntryView { key, prefix_len, has_null, .. } = run.entry();
            let values = &key[..prefix_len];
            if !has_null && self.last == values {
                self.entries.has_met_repeated.store(true, Ordering::Relaxed);
                return Err(TreeError::Stopped);
            }
            self.last.clear();
            self.last.extend_from_slice(values);
        }
        Ok(true)
    }

    #[inline]
    fn entry(&self) -> (&[u8], &[u8]) {
        let entry = self.runs.current().expect("it stands on an entry").entry();
        (entry.key, entry.value)
    }
}

/// An entry of a sorted run.
enum RunCursor<'a> {
    Memory { arenas: Vec<&'a Arena>, order: Vec<(u64, Place)>, at: Option<usize> },
    Spilled(RunReader),
}

impl RunCursor<'_> {
    #[inline]
    fn entry(&self) -> EntryView<'_> {
        match self {
            RunCursor::Memory { arenas, order, at } => {
                order[at.expect("it stands on an entry")].1.entry(arenas)
            }
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
            RunCursor::Memory { order, at, .. } => {
                let next = at.map_or(0, |at| at + 1);
                *at = Some(next);
                Ok(next < order.len())
            }
            RunCursor::Spilled(reader) => reader.advance(),
        }
    }

    #[inline]
    fn key(&self) -> &[u8] {
        match self {
            RunCursor::Memory { .. } => self.entry().key,
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

/// Makes entries of rows.
struct RowEncoder<'a> {
    columns: &'a [PlainColumn],
    key: Vec<u8>,
    value: Vec<u8>,
}

impl RowEncoder<'_> {
    #[inline]
    fn encode(&mut self, rowid: i64, cursor: &RowCursor) -> Result<EntryView<'_>> {
        self.key.clear();
        self.value.clear();
        let (mut has_null, mut has_remainder) = (false, false);
        for column in self.columns {
            let value = column.value(rowid, cursor)?;
            has_null |= value.is_null();
            has_remainder |= match value {
                ValueRef::Null | ValueRef::Integer(_) | ValueRef::Blob(_) => false,
                ValueRef::Real(_) => true,
                ValueRef::Text(_) => column.order.collation != Collation::Binary,
            };
            key::encode_value(value, column.order, &mut self.key);
        }
        let prefix_len = self.key.len();
        key::encode_rowid(rowid, &mut self.key);
        if has_remainder {
            let values = self.columns.iter().map(|column| column.value(rowid, cursor));
            let values = values.collect::<Result<Vec<_>>>()?;
            let orders: Vec<KeyColumn> = self.columns.iter().map(|column| column.order).collect();
            key::encode_remainder(values, &orders, &mut self.value);
        }
        Ok(EntryView { key: &self.key, value: &self.value, prefix_len, has_null })
    }
}

/// Ranges for the entries of a table's rows, as some of them tell.
fn find_ranges(
    columns: &[PlainColumn],
    index: &Index,
    count: u64,
    cursor: &mut RowCursor,
) -> Result<KeyRanges> {
    let range_count = (count / ROWS_PER_RANGE).clamp(1, MAX_RANGES);
    if range_count == 1 {
        return Ok(KeyRanges::default());
    }
    let mut encoder = RowEncoder { columns, key: Vec::new(), value: Vec::new() };
    let sample_count = range_count * SAMPLES_PER_RANGE;
    let mut samples = Vec::with_capacity(sample_count as usize);
    for number in 0..sample_count {
        if !cursor.seek_nth(count * number / sample_count).map_err(tree_error)? {
            break;
        }
        let EntryView { key, prefix_len, .. } = encoder.encode(cursor.rowid(), cursor)?;
        // Rows with the same values come to lie in the same range of a UNIQUE index, where they are noticed.
        samples.push(if index.unique { &key[..prefix_len] } else { key }.to_vec());
    }
    Ok(KeyRanges::of_samples(samples, range_count as usize))
}

/// The entries of a table's rows, where they can be read directly.
pub(super) fn read_plain(
    table: &Table,
    index: &Index,
    rows: &RowTree,
    pager: &Arc<Pager>,
    room: Room<'_>,
    interrupt: &Arc<AtomicBool>,
) -> Result<Option<Entries>> {
    let Some(columns) = plain_columns(table, index) else { return Ok(None) };
    let columns = &columns[..];
    let cores = thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let count = rows.count();
    let ranges = find_ranges(columns, index, count, &mut RowCursor::new(rows, pager.clone()))?;
    let stretches = (count / ROWS_PER_THREAD).clamp(1, cores.min(MAX_THREADS) as u64);
    let mut starts = Vec::new();
    for number in 1..stretches {
        starts.extend(rows.nth(pager, count * number / stretches).map_err(tree_error)?);
    }
    let room = Room { bytes: room.bytes / stretches as usize, ..room };
    let read = |start: Option<i64>, end: Option<i64>| {
        let stretch = Stretch { columns, ranges: &ranges, start, end, room, interrupt };
        stretch.read(RowCursor::new(rows, pager.clone()))
    };
    let ends = starts.iter().copied().map(Some).chain([None]);
    let stretches = [None].into_iter().chain(starts.iter().copied().map(Some)).zip(ends);
    let gathered = thread::scope(|scope| {
        let mut stretches = stretches.into_iter();
        let first = stretches.next();
        let others: Vec<_> = stretches
            .map(|(start, end)| {
                (start, end, thread::Builder::new().spawn_scoped(scope, move || read(start, end)))
            })
            .collect();
        let mut gathered: Vec<Result<Gathered>> =
            first.into_iter().map(|(start, end)| read(start, end)).collect();
        // Without another thread to be had, this one reads that stretch, too.
        gathered.extend(others.into_iter().map(|(start, end, thread)| match thread {
            Ok(thread) => thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            Err(_) => read(start, end),
        }));
        gathered
    });
    let gathered = gathered.into_iter().collect::<Result<_>>()?;
    Ok(Some(Entries::new(ranges, gathered, index.unique, Arc::clone(interrupt))))
}

/// A part of the table: from one rowid to before another.
struct Stretch<'a> {
    columns: &'a [PlainColumn],
    ranges: &'a KeyRanges,
    start: Option<i64>,
    end: Option<i64>,
    room: Room<'a>,
    interrupt: &'a AtomicBool,
}

impl Stretch<'_> {
    fn read(&self, mut cursor: RowCursor) -> Result<Gathered> {
        let mut entries = EntryWriter::new(self.room, self.ranges.count());
        let mut encoder = RowEncoder { columns: self.columns, key: Vec::new(), value: Vec::new() };
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
            let entry = encoder.encode(rowid, &cursor)?;
            entries.push(self.ranges.range_of(entry.key), entry)?;
            found = cursor.next();
        }
        entries.finish()
    }
}
