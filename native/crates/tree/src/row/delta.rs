//! The row delta of a leaf: a few rows as records, sorted by rowid, in one heap.
//!
//! An entry hides the base row with the same rowid, if there is one (`HIDES`); a tombstone only hides. A wide row's
//! record holds a 17-byte blob {class, number, length} where a value lies in overflow blocks, and after the record
//! come the slots of those values and their number, u16 each.

use pluresdb_value::{ValueRef, record::Record};

use crate::{
    Result,
    row::base::{Cell, Wide, le},
};

pub(crate) const MARKER_LEN: usize = 17;

const HIDES: u32 = 1 << 31;
const TOMBSTONE: u32 = 1 << 30;
const WIDE: u32 = 1 << 29;
/// Bytes of a record in a delta at most: what the flags leave.
pub(crate) const MAX_RECORD_LEN: usize = (1 << 29) - 1;

#[derive(Clone, Copy)]
struct Entry {
    rowid: i64,
    start: u32,
    /// Length and flags.
    bits: u32,
}

impl Entry {
    fn len(self) -> usize {
        (self.bits & !(HIDES | TOMBSTONE | WIDE)) as usize
    }
}

#[derive(Default)]
pub(crate) struct Delta {
    entries: Vec<Entry>,
    heap: Vec<u8>,
    /// Heap bytes no entry uses.
    garbage: usize,
}

fn clone_with_room<T: Copy>(items: &[T], room: usize) -> Vec<T> {
    let mut copy = Vec::with_capacity(items.len() + room);
    copy.extend_from_slice(items);
    copy
}

impl Clone for Delta {
    /// A copy is made to be written to, so it has room for a few rows.
    fn clone(&self) -> Delta {
        if self.entries.is_empty() {
            return Delta::default();
        }
        Delta {
            entries: clone_with_room(&self.entries, 8),
            heap: clone_with_room(&self.heap, 512),
            garbage: self.garbage,
        }
    }
}

impl Delta {
    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Bytes in use: what decides when to fold.
    pub(crate) fn bytes(&self) -> usize {
        self.heap.len() + self.entries.len() * size_of::<Entry>()
    }

    pub(crate) fn heap_len(&self) -> usize {
        self.heap.len()
    }

    pub(crate) fn memory(&self) -> usize {
        self.heap.capacity() + self.entries.capacity() * size_of::<Entry>()
    }

    #[inline]
    pub(crate) fn rowid(&self, index: usize) -> i64 {
        self.entries[index].rowid
    }

    /// How many rowids are smaller.
    #[inline]
    pub(crate) fn lower_bound(&self, rowid: i64) -> usize {
        match self.entries.last() {
            Some(last) if last.rowid >= rowid => self.entries.partition_point(|entry| entry.rowid < rowid),
            _ => self.entries.len(),
        }
    }

    #[inline]
    pub(crate) fn find(&self, rowid: i64) -> std::result::Result<usize, usize> {
        let index = self.lower_bound(rowid);
        if self.entries.get(index).is_some_and(|entry| entry.rowid == rowid) { Ok(index) } else { Err(index) }
    }

    #[inline]
    pub(crate) fn is_tombstone(&self, index: usize) -> bool {
        self.entries[index].bits & TOMBSTONE != 0
    }

    #[inline]
    pub(crate) fn hides(&self, index: usize) -> bool {
        self.entries[index].bits & HIDES != 0
    }

    pub(crate) fn is_wide(&self, index: usize) -> bool {
        self.entries[index].bits & WIDE != 0
    }

    /// The record and, for a wide row, what follows it.
    pub(crate) fn bytes_of(&self, index: usize) -> &[u8] {
        let entry = self.entries[index];
        &self.heap[entry.start as usize..][..entry.len()]
    }

    /// Puts a row at `place`, as `find` answered it. `hides`: the base has this rowid; asked only for a new entry.
    pub(crate) fn put(
        &mut self,
        place: std::result::Result<usize, usize>,
        rowid: i64,
        record: &[u8],
        is_wide: bool,
        hides: bool,
    ) {
        assert!(record.len() <= MAX_RECORD_LEN, "the table bounds its records");
        let wide = if is_wide { WIDE } else { 0 };
        match place {
            Ok(index) => {
                let old = self.entries[index];
                self.garbage += old.len();
                let start = if record.len() <= old.len() {
                    self.garbage -= record.len();
                    self.heap[old.start as usize..][..record.len()].copy_from_slice(record);
                    old.start
                } else {
                    self.append(record)
                };
                self.entries[index] =
                    Entry { rowid, start, bits: old.bits & HIDES | wide | record.len() as u32 };
                self.collect_garbage();
            }
            Err(index) => {
                let start = self.append(record);
                let hides = if hides { HIDES } else { 0 };
                let bits = hides | wide | record.len() as u32;
                self.entries.insert(index, Entry { rowid, start, bits });
            }
        }
    }

    fn append(&mut self, record: &[u8]) -> u32 {
        let start = self.heap.len() as u32;
        self.heap.extend_from_slice(record);
        start
    }

    /// Puts a tombstone over a base row.
    pub(crate) fn bury(&mut self, place: std::result::Result<usize, usize>, rowid: i64) {
        let tombstone = Entry { rowid, start: 0, bits: HIDES | TOMBSTONE };
        match place {
            Ok(index) => {
                self.garbage += self.entries[index].len();
                self.entries[index] = tombstone;
                self.collect_garbage();
            }
            Err(index) => {
                self.entries.insert(index, tombstone);
            }
        }
    }

    pub(crate) fn remove(&mut self, index: usize) {
        self.garbage += self.entries[index].len();
        self.entries.remove(index);
        self.collect_garbage();
    }

    fn collect_garbage(&mut self) {
        if self.garbage < 2048 || self.garbage < self.heap.len() / 2 {
            return;
        }
        let mut heap = Vec::with_capacity(self.heap.len() - self.garbage + 512);
        for entry in &mut self.entries {
            let bytes = &self.heap[entry.start as usize..][..entry.len()];
            entry.start = heap.len() as u32;
            heap.extend_from_slice(bytes);
        }
        self.heap = heap;
        self.garbage = 0;
    }

    /// The slots of a wide row's overflow values, as they follow its record.
    fn wide_slots(&self, index: usize) -> impl Iterator<Item = usize> + '_ {
        let bytes = self.bytes_of(index);
        let count =
            if self.is_wide(index) { u16::from_le_bytes(le(bytes, bytes.len() - 2)) as usize } else { 0 };
        let start = bytes.len() - if count > 0 { 2 + 2 * count } else { 0 };
        (0..count).map(move |nth| u16::from_le_bytes(le(bytes, start + 2 * nth)) as usize)
    }

    /// None when the value is missing or lies in overflow blocks.
    #[inline]
    pub(crate) fn value(&self, index: usize, slot: usize) -> Result<Option<ValueRef<'_>>> {
        if self.is_wide(index) {
            return Ok(match self.cell(index, slot)? {
                Cell::Value(value) => Some(value),
                Cell::Missing | Cell::Wide(_) => None,
            });
        }
        Ok(Record::new(self.bytes_of(index))?.column(slot)?)
    }

    pub(crate) fn cell(&self, index: usize, slot: usize) -> Result<Cell<'_>> {
        let value = Record::new(self.bytes_of(index))?.column(slot)?;
        if self.is_wide(index) && self.wide_slots(index).any(|wide| wide == slot) {
            return Ok(value.and_then(read_marker).map_or(Cell::Missing, Cell::Wide));
        }
        Ok(value.map_or(Cell::Missing, Cell::Value))
    }

    /// Appends the cells of a row.
    pub(crate) fn cells<'a>(&'a self, index: usize, out: &mut Vec<Cell<'a>>) {
        let first = out.len();
        let record = Record::new(self.bytes_of(index)).expect("records are checked when they are put");
        for value in &record {
            out.push(Cell::Value(value.expect("records are checked when they are put")));
        }
        if self.is_wide(index) {
            for slot in self.wide_slots(index) {
                if let Cell::Value(value) = out[first + slot]
                    && let Some(wide) = read_marker(value)
                {
                    out[first + slot] = Cell::Wide(wide);
                }
            }
        }
    }
}

pub(crate) fn write_marker(wide: Wide) -> [u8; MARKER_LEN] {
    let mut marker = [0; MARKER_LEN];
    marker[0] = u8::from(wide.is_text);
    marker[1..9].copy_from_slice(&wide.number.to_le_bytes());
    marker[9..].copy_from_slice(&wide.len.to_le_bytes());
    marker
}

fn read_marker(value: ValueRef<'_>) -> Option<Wide> {
    let ValueRef::Blob(marker) = value else { return None };
    let marker: &[u8; MARKER_LEN] = marker.try_into().ok()?;
    Some(Wide {
        is_text: marker[0] == 1,
        number: u64::from_le_bytes(le(marker, 1)),
        len: u64::from_le_bytes(le(marker, 9)),
    })
}

/// What follows a wide row's record.
pub(crate) fn write_wide_slots(slots: &[u16], out: &mut Vec<u8>) {
    for slot in slots {
        out.extend_from_slice(&slot.to_le_bytes());
    }
    out.extend_from_slice(&(slots.len() as u16).to_le_bytes());
}
