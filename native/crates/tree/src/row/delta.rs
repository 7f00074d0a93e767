//! The row delta of a leaf: rows that were written since its base was built, as records in one heap.
//!
//!     patches   by base row: as the base has it │ gone │ entry + 1
//!     added     entries of rows that the base does not have, by rowid
//!     entries   rowid, place of the record in the heap; in no order
//!
//! So writing over a base row or deleting it moves nothing, however many were written before, and rows that come in
//! order are only appended. A wide row's record holds a 17-byte blob {class, number, length} where a value lies in
//! overflow blocks, and after the record come the slots of those values and their number, u16 each.
//!
//! Always true: each entry stands at exactly one place, in `patches` or in `added`.

use pluresdb_prefetch as prefetch;
use pluresdb_value::{
    ValueRef,
    record::{self, Record},
};

use crate::{
    Result,
    row::base::{Base, Cell, Wide, le},
};

pub(crate) const MARKER_LEN: usize = 17;

const WIDE: u32 = 1 << 31;
/// Bytes of a record in a delta at most.
pub(crate) const MAX_RECORD_LEN: usize = (1 << 29) - 1;

/// In `patches`: the row is as the base has it.
const UNTOUCHED: u16 = 0;
/// In `patches`: the row was deleted.
const GONE: u16 = u16::MAX;
/// What the numbers in `patches` can name.
pub(crate) const MAX_ENTRIES: usize = u16::MAX as usize - 1;

#[derive(Clone, Copy)]
struct Entry {
    rowid: i64,
    start: u32,
    /// Length and flag.
    bits: u32,
}

impl Entry {
    #[inline]
    fn len(self) -> usize {
        (self.bits & !WIDE) as usize
    }
}

/// What became of a base row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Patch {
    Untouched,
    Gone,
    Entry(usize),
}

#[derive(Default)]
pub(crate) struct Delta {
    entries: Vec<Entry>,
    added: Vec<u16>,
    /// Empty until a base row is changed.
    patches: Vec<u16>,
    gone: usize,
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
        if self.is_empty() {
            return Delta::default();
        }
        let added_room = if self.added.is_empty() { 0 } else { 8 };
        Delta {
            entries: clone_with_room(&self.entries, 8),
            added: clone_with_room(&self.added, added_room),
            patches: self.patches.clone(),
            gone: self.gone,
            heap: clone_with_room(&self.heap, 512),
            garbage: self.garbage,
        }
    }
}

impl Delta {
    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty() && self.gone == 0
    }

    /// Makes room for so many rows and their records, and no more.
    pub(crate) fn reserve(&mut self, rows: usize, record_bytes: usize) {
        self.entries.reserve_exact(rows);
        self.heap.reserve_exact(record_bytes);
    }

    /// Rows that have a record here.
    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Base rows that were deleted.
    pub(crate) fn gone_count(&self) -> usize {
        self.gone
    }

    /// Bytes in use: what decides when to fold.
    #[inline]
    pub(crate) fn bytes(&self) -> usize {
        self.heap.len() + self.entries.len() * size_of::<Entry>()
    }

    pub(crate) fn heap_len(&self) -> usize {
        self.heap.len()
    }

    /// Bytes of the records that are in use.
    pub(crate) fn record_bytes(&self) -> usize {
        self.heap.len() - self.garbage
    }

    pub(crate) fn memory(&self) -> usize {
        self.heap.capacity()
            + self.entries.capacity() * size_of::<Entry>()
            + (self.added.capacity() + self.patches.capacity()) * size_of::<u16>()
    }

    #[inline]
    pub(crate) fn rowid(&self, entry: usize) -> i64 {
        self.entries[entry].rowid
    }

    #[inline]
    pub(crate) fn patch(&self, row: usize) -> Patch {
        match self.patches.get(row) {
            None | Some(&UNTOUCHED) => Patch::Untouched,
            Some(&GONE) => Patch::Gone,
            Some(&number) => Patch::Entry(usize::from(number) - 1),
        }
    }

    /// The base rows that are not as the base has them, ascending.
    pub(crate) fn patched_rows(&self) -> impl Iterator<Item = (usize, Patch)> + '_ {
        let is_patched = |(_, number): &(usize, &u16)| **number != UNTOUCHED;
        self.patches.iter().enumerate().filter(is_patched).map(|(row, _)| (row, self.patch(row)))
    }

    /// How many of the first `rows` base rows were deleted.
    pub(crate) fn gone_before(&self, rows: usize) -> usize {
        if self.gone == 0 {
            return 0;
        }
        self.patches[..rows].iter().filter(|&&number| number == GONE).count()
    }

    #[inline]
    pub(crate) fn added_len(&self) -> usize {
        self.added.len()
    }

    /// The entry of an added row, counted by rowid.
    #[inline]
    pub(crate) fn added(&self, index: usize) -> usize {
        usize::from(self.added[index])
    }

    #[inline]
    pub(crate) fn added_rowid(&self, index: usize) -> i64 {
        self.rowid(self.added(index))
    }

    /// How many added rowids are smaller.
    #[inline]
    pub(crate) fn lower_bound(&self, rowid: i64) -> usize {
        match self.added.last() {
            Some(&last) if self.rowid(usize::from(last)) >= rowid => {
                self.added.partition_point(|&entry| self.rowid(usize::from(entry)) < rowid)
            }
            _ => self.added.len(),
        }
    }

    /// Where among the added rows it is, or would be.
    #[inline]
    pub(crate) fn find_added(&self, rowid: i64) -> std::result::Result<usize, usize> {
        let index = self.lower_bound(rowid);
        let is_there = index < self.added.len() && self.added_rowid(index) == rowid;
        if is_there { Ok(index) } else { Err(index) }
    }

    #[inline]
    pub(crate) fn is_wide(&self, entry: usize) -> bool {
        self.entries[entry].bits & WIDE != 0
    }

    /// Asks for a record, where it lies if those before it have the mean length: `bytes_of` waits for the entry first.
    #[inline]
    pub(crate) fn ask(&self, entry: usize) {
        let before = entry * self.heap.len() / self.entries.len().max(1);
        prefetch::line(self.heap.as_ptr().wrapping_add(before));
    }

    /// The record and, for a wide row, what follows it.
    #[inline]
    pub(crate) fn bytes_of(&self, entry: usize) -> &[u8] {
        let entry = self.entries[entry];
        &self.heap[entry.start as usize..][..entry.len()]
    }

    /// Writes over a base row, or in the place of a deleted one; tells whether it was deleted.
    #[inline]
    pub(crate) fn put_over(
        &mut self,
        base: &Base,
        row: usize,
        rowid: i64,
        record: &[u8],
        is_wide: bool,
    ) -> bool {
        if self.patches.is_empty() {
            self.patches = vec![UNTOUCHED; base.rows];
        }
        match self.patch(row) {
            Patch::Entry(entry) => {
                self.replace(entry, record, is_wide);
                false
            }
            patch => {
                self.patches[row] = self.append(rowid, record, is_wide) + 1;
                let was_gone = patch == Patch::Gone;
                self.gone -= usize::from(was_gone);
                was_gone
            }
        }
    }

    /// Puts a row that the base does not have at `place`, as `find_added` answered it.
    #[inline]
    pub(crate) fn put_added(
        &mut self,
        place: std::result::Result<usize, usize>,
        rowid: i64,
        record: &[u8],
        is_wide: bool,
    ) {
        match place {
            Ok(index) => self.replace(self.added(index), record, is_wide),
            Err(index) => {
                let entry = self.append(rowid, record, is_wide);
                self.added.insert(index, entry);
            }
        }
    }

    /// Puts a row behind all others.
    #[inline]
    pub(crate) fn push(&mut self, rowid: i64, record: &[u8]) {
        let entry = self.append(rowid, record, false);
        self.added.push(entry);
    }

    /// What `bytes` comes to with one more record.
    #[inline]
    pub(crate) fn bytes_with(&self, record: &[u8]) -> usize {
        self.bytes() + record.len() + size_of::<Entry>()
    }

    #[inline]
    fn replace(&mut self, entry: usize, record: &[u8], is_wide: bool) {
        let old = self.entries[entry];
        self.garbage += old.len();
        let start = if record.len() <= old.len() {
            self.garbage -= record.len();
            self.heap[old.start as usize..][..record.len()].copy_from_slice(record);
            old.start
        } else {
            self.append_record(record)
        };
        self.entries[entry] = Entry { start, bits: bits(record, is_wide), ..old };
        self.collect_garbage();
    }

    #[inline]
    fn append(&mut self, rowid: i64, record: &[u8], is_wide: bool) -> u16 {
        assert!(self.entries.len() < MAX_ENTRIES, "a delta is folded before it has so many rows");
        let start = self.append_record(record);
        self.entries.push(Entry { rowid, start, bits: bits(record, is_wide) });
        (self.entries.len() - 1) as u16
    }

    #[inline]
    fn append_record(&mut self, record: &[u8]) -> u32 {
        let start = self.heap.len() as u32;
        self.heap.extend_from_slice(record);
        start
    }

    /// Deletes a base row; false when it is deleted already.
    #[inline]
    pub(crate) fn remove_base(&mut self, base: &Base, row: usize) -> bool {
        if self.patches.is_empty() {
            self.patches = vec![UNTOUCHED; base.rows];
        }
        match self.patch(row) {
            Patch::Gone => return false,
            Patch::Untouched => {}
            Patch::Entry(entry) => self.remove_entry(entry, Some(base)),
        }
        self.patches[row] = GONE;
        self.gone += 1;
        true
    }

    /// Deletes an added row.
    pub(crate) fn remove_added(&mut self, base: Option<&Base>, index: usize) {
        self.remove_entry(self.added(index), base);
        self.added.remove(index);
    }

    /// The last entry takes the place of one that goes.
    fn remove_entry(&mut self, entry: usize, base: Option<&Base>) {
        let last = self.entries.len() - 1;
        if entry != last {
            let rowid = self.rowid(last);
            match base.and_then(|base| base.find(rowid)) {
                Some(row) => self.patches[row] = entry as u16 + 1,
                None => {
                    let index = self.find_added(rowid).expect("an entry is a patch or was added");
                    self.added[index] = entry as u16;
                }
            }
        }
        self.garbage += self.entries[entry].len();
        self.entries.swap_remove(entry);
        self.collect_garbage();
    }

    #[inline]
    fn collect_garbage(&mut self) {
        if self.garbage >= 2048 && self.garbage >= self.heap.len() / 2 {
            self.compact();
        }
    }

    #[cold]
    fn compact(&mut self) {
        let mut heap = Vec::with_capacity(self.heap.len() - self.garbage + 512);
        for entry in &mut self.entries {
            let bytes = &self.heap[entry.start as usize..][..entry.len()];
            entry.start = heap.len() as u32;
            heap.extend_from_slice(bytes);
        }
        self.heap = heap;
        self.garbage = 0;
    }

    /// Whether all rows were added, in the order of their rowids, and none of them is wide.
    pub(crate) fn is_in_order(&self) -> bool {
        self.added.len() == self.entries.len()
            && self.added.iter().zip(0..).all(|(&entry, place)| entry == place)
            && self.entries.iter().all(|entry| entry.bits & WIDE == 0)
    }

    /// Slots of an entry's record.
    pub(crate) fn slot_count(&self, entry: usize) -> usize {
        Record::new(self.bytes_of(entry)).map_or(0, |record| record.len())
    }

    pub(crate) fn heap(&self) -> &[u8] {
        &self.heap
    }

    /// Hands the values of a row that is not wide to `take`, from the first slot on, as places in the heap or numbers.
    #[inline]
    pub(crate) fn for_each_word(&self, entry: usize, take: impl FnMut(record::Class, i64)) {
        let entry = self.entries[entry];
        let start = entry.start as usize;
        record::for_each_word(&self.heap, start..start + entry.len(), take)
            .expect("records are checked when they are put");
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

    /// Hands the cells of a row to `take`, from the first slot on.
    #[inline]
    pub(crate) fn for_each_cell<'a>(&'a self, index: usize, mut take: impl FnMut(usize, Cell<'a>)) {
        let record = Record::new(self.bytes_of(index)).expect("records are checked when they are put");
        let is_wide = self.is_wide(index);
        let taken = record.for_each(|slot, value| {
            take(slot, if is_wide { self.wide_cell(index, slot, value) } else { Cell::Value(value) });
        });
        taken.expect("records are checked when they are put");
    }

    /// The cell of a wide row whose record has this value.
    #[inline(never)]
    fn wide_cell<'a>(&'a self, index: usize, slot: usize, value: ValueRef<'a>) -> Cell<'a> {
        let is_wide = self.wide_slots(index).any(|wide| wide == slot);
        read_marker(value).filter(|_| is_wide).map_or(Cell::Value(value), Cell::Wide)
    }
}

#[inline]
fn bits(record: &[u8], is_wide: bool) -> u32 {
    assert!(record.len() <= MAX_RECORD_LEN, "the table bounds its records");
    record.len() as u32 | if is_wide { WIDE } else { 0 }
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

/// Whether what follows a wide row's record can be read as what it should be; `slot_count` of the record itself.
pub(crate) fn are_wide_slots_sound(bytes: &[u8], slot_count: usize) -> bool {
    let Some((rest, count)) = bytes.split_last_chunk::<2>() else { return false };
    let len = 2 * usize::from(u16::from_le_bytes(*count));
    let Some(slots) = rest.len().checked_sub(len).and_then(|start| rest.get(start..)) else { return false };
    let record = Record::new(bytes);
    let is_sound = |slot: &[u8; 2]| {
        let slot = usize::from(u16::from_le_bytes(*slot));
        let value = record.as_ref().ok().and_then(|record| record.column(slot).ok().flatten());
        slot < slot_count && value.is_some_and(|value| read_marker(value).is_some())
    };
    len > 0 && slots.as_chunks().0.iter().all(is_sound)
}

/// What follows a wide row's record.
pub(crate) fn write_wide_slots(slots: &[u16], out: &mut Vec<u8>) {
    for slot in slots {
        out.extend_from_slice(&slot.to_le_bytes());
    }
    out.extend_from_slice(&(slots.len() as u16).to_le_bytes());
}
