//! Entries as the bytes that the tree has of them: one after the other in arenas, and in a scratch file in sorted runs where
//! memory has no room for them.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use pluresdb_store::StoreError;
use pluresdb_tree::{SortedEntries, SortedParts, TreeError};
use pluresdb_value::varint;

use super::{KeyRanges, ROWS_PER_POLL};
use crate::execute::key_order;
use crate::execute::merge::{Merge, SortedRun};
use crate::execute::sorted_runs::{RunReader, RunWriter, SpilledRuns};
use crate::session::Settings;
use crate::{Error, Result, ResultCode};

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
pub(in crate::catalog::define) struct EntryView<'a> {
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
pub(in crate::catalog::define) struct Room<'s> {
    bytes: usize,
    folder: Option<&'s Path>,
}

impl<'s> Room<'s> {
    /// Half of a sort's: an order is made of a part of it, and leaves.
    pub fn of(settings: &'s Settings) -> Room<'s> {
        Room { bytes: settings.sort_memory() / 2, folder: settings.scratch_folder() }
    }

    /// That of each of so many.
    pub fn share(self, count: usize) -> Room<'s> {
        Room { bytes: self.bytes / count, ..self }
    }

    pub fn has(self, bytes: usize) -> bool {
        bytes <= self.bytes
    }
}

/// Takes entries in any order, each with the range it lies in.
pub(in crate::catalog::define) struct EntryWriter<'s> {
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

    pub fn count(&self) -> usize {
        self.count
    }

    pub fn finish(self) -> Result<Gathered> {
        let spilled = self.spilled.map(RunWriter::finish).transpose()?;
        let EntryWriter { arenas, spilled_ranges, count, .. } = self;
        Ok(Gathered { arenas, spilled, spilled_ranges, count })
    }
}

/// The entries of one stretch, by range.
pub(in crate::catalog::define) struct Gathered {
    arenas: Vec<Arena>,
    spilled: Option<SpilledRuns>,
    spilled_ranges: Vec<usize>,
    count: usize,
}

/// All entries; a part of them are those of a range.
pub(in crate::catalog::define) struct KeyEntries {
    ranges: KeyRanges,
    stretches: Vec<Gathered>,
    is_unique: bool,
    has_met_repeated: AtomicBool,
    interrupt: Arc<AtomicBool>,
}

impl KeyEntries {
    /// Entries of a UNIQUE index must not be gone through to their end when two rows have the same values.
    pub fn new(
        ranges: KeyRanges,
        stretches: Vec<Gathered>,
        is_unique: bool,
        interrupt: Arc<AtomicBool>,
    ) -> KeyEntries {
        KeyEntries { ranges, stretches, is_unique, has_met_repeated: AtomicBool::new(false), interrupt }
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

impl SortedParts for KeyEntries {
    type Part<'p> = SortedKeys<'p>;

    fn part_count(&self) -> usize {
        self.ranges.count()
    }

    fn bound(&self, number: usize) -> &[u8] {
        self.ranges.bound(number)
    }

    fn part(&self, number: usize) -> std::result::Result<SortedKeys<'_>, TreeError> {
        let arenas: Vec<&Arena> = self.stretches.iter().map(|stretch| &stretch.arenas[number]).collect();
        let order = order_of(&arenas);
        let spilled = self.stretches.iter().flat_map(|stretch| {
            let runs = stretch.spilled_ranges.iter().enumerate().filter(move |(_, range)| **range == number);
            let spilled = stretch.spilled.iter();
            runs.flat_map(move |(run, _)| spilled.clone().map(move |spilled| spilled.reader(run)))
        });
        let runs = spilled.map(RunCursor::Spilled).chain([RunCursor::Memory { arenas, order, at: None }]);
        Ok(SortedKeys { entries: self, runs: Merge::new(runs), last: Vec::new(), gone: 0 })
    }
}

/// The entries of a range in the order of their keys.
pub(in crate::catalog::define) struct SortedKeys<'a> {
    entries: &'a KeyEntries,
    runs: Merge<RunCursor<'a>>,
    /// The values of the last entry of a UNIQUE index that had no NULL.
    last: Vec<u8>,
    gone: usize,
}

impl SortedEntries for SortedKeys<'_> {
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
