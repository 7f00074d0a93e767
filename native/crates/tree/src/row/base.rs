//! The columnar base of a leaf: one block, read in place.
//!
//! ```text
//! magic 4 | kind u8 | version u8 | 0 u16 | rows u32 | sections u32
//! | per section: tag u16 | flags u16 | slot u32 | start u32 | length u32
//! | section bytes …
//!
//! tag 1, row keys   base i64 | width u8 | 0 × 7 | offsets from base, rows × width
//! tag 2, column     lane u8 | types u8 | flags u8 | width u8 | nulls u32 | row of the least value u32 | of the greatest u32
//!                   | null bits, when flags & 1 | missing bits, when flags & 2 | the lane
//! ```
//!
//! | lane | bytes |
//! |---|---|
//! | 0 null | none |
//! | 1 integer | base i64, offsets rows × width (0 1 2 4 8) |
//! | 2 real | one f64 (width 0: all alike) or rows × 8 |
//! | 3 dictionary text | entries u32, their ends (entries + 1) × u32, codes rows × width (0 1 2), heap |
//! | 4 text, 5 blob | ends (rows + 1) × width (2 4), heap |
//! | 6 mixed | the same; each value: class u8 (1 integer 2 real 3 text 4 blob 5 wide text 6 wide blob) and its bytes |
//!
//! All numbers are little-endian. A column section's slot is the position in a record; a slot without section is
//! missing in every row. A section with an unknown tag is an error when its flag 1 (must understand) is set and is
//! skipped otherwise; a rewritten leaf does not carry it on.
//!
//! Always true: everything was measured and checked when the block was decoded, so reading a cell cannot fail.

use std::sync::Arc;

use pluresdb_prefetch as prefetch;
use pluresdb_value::{ValueRef, record};

use crate::{
    Result, TreeError,
    node::{Leaf, MAGIC, read_u32},
    row::{
        leaf::RowLeaf,
        numerals::{self, NumeralLanes},
    },
};

pub(crate) const HEADER_LEN: usize = 16;
pub(crate) const SECTION_ENTRY_LEN: usize = 16;
pub(crate) const VERSION: u8 = 1;
pub(crate) const TAG_ROWIDS: u16 = 1;
pub(crate) const TAG_COLUMN: u16 = 2;
pub(crate) const MUST_UNDERSTAND: u16 = 1;
/// Columns of any SQLite table at most (SQLITE_MAX_COLUMN's upper bound); bounds what a block can make us allocate.
pub(crate) const MAX_SLOTS: usize = 32767;

pub(crate) const LANE_NULL: u8 = 0;
pub(crate) const LANE_INTEGER: u8 = 1;
pub(crate) const LANE_REAL: u8 = 2;
pub(crate) const LANE_DICTIONARY: u8 = 3;
pub(crate) const LANE_TEXT: u8 = 4;
pub(crate) const LANE_BLOB: u8 = 5;
pub(crate) const LANE_MIXED: u8 = 6;
pub(crate) const LANE_HEADER_LEN: usize = 16;
pub(crate) const HAS_NULLS: u8 = 1;
pub(crate) const HAS_MISSING: u8 = 2;

pub(crate) const MIXED_INTEGER: u8 = 1;
pub(crate) const MIXED_REAL: u8 = 2;
pub(crate) const MIXED_TEXT: u8 = 3;
pub(crate) const MIXED_BLOB: u8 = 4;
pub(crate) const MIXED_WIDE_TEXT: u8 = 5;
pub(crate) const MIXED_WIDE_BLOB: u8 = 6;

/// Texts of a lane differ in length.
pub(crate) const MANY_LENGTHS: u32 = u32::MAX;

/// No row has the least or greatest value: the lane is not ordered or empty.
pub(crate) const NO_ROW: u32 = u32::MAX;

/// The storage classes found in a lane.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TypeSet(pub(crate) u8);

impl TypeSet {
    pub const NULL: TypeSet = TypeSet(1);
    pub const INTEGER: TypeSet = TypeSet(2);
    pub const REAL: TypeSet = TypeSet(4);
    pub const TEXT: TypeSet = TypeSet(8);
    pub const BLOB: TypeSet = TypeSet(16);
    /// Some rows were written before the slot existed.
    pub const MISSING: TypeSet = TypeSet(32);
    /// Some texts or blobs lie in overflow blocks.
    pub const WIDE: TypeSet = TypeSet(64);

    pub fn contains(self, other: TypeSet) -> bool {
        self.0 & other.0 == other.0
    }

    pub(crate) fn insert(&mut self, other: TypeSet) {
        self.0 |= other.0;
    }

    /// The classes of values that are there, without NULL and missing.
    pub(crate) fn values(self) -> TypeSet {
        TypeSet(self.0 & !(TypeSet::NULL.0 | TypeSet::MISSING.0))
    }
}

/// A value kept in overflow blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Wide {
    pub(crate) number: u64,
    pub(crate) len: u64,
    pub(crate) is_text: bool,
}

/// What stands in one row at one slot.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Cell<'a> {
    /// The row was written before the slot existed.
    Missing,
    Value(ValueRef<'a>),
    Wide(Wide),
}

/// N bytes of a place that was measured when the block was decoded.
#[inline(always)]
pub(crate) fn le<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
    *bytes[at..].first_chunk::<N>().expect("lanes are measured when a block is decoded")
}

/// Unsigned numbers of one width.
#[inline(always)]
pub(crate) fn unsigned(bytes: &[u8], start: usize, width: u8, index: usize) -> u64 {
    match width {
        0 => 0,
        1 => u64::from(bytes[start + index]),
        2 => u64::from(u16::from_le_bytes(le(bytes, start + 2 * index))),
        4 => u64::from(u32::from_le_bytes(le(bytes, start + 4 * index))),
        _ => u64::from_le_bytes(le(bytes, start + 8 * index)),
    }
}

/// Integers as offsets from a base, all of one width.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Packed {
    pub(crate) base: i64,
    pub(crate) start: u32,
    pub(crate) width: u8,
}

impl Packed {
    #[inline(always)]
    pub(crate) fn get(self, block: &[u8], index: usize) -> i64 {
        self.base.wrapping_add(unsigned(block, self.start as usize, self.width, index) as i64)
    }
}

impl Packed {
    /// Appends the first `count`.
    fn unpack(self, block: &[u8], count: usize, out: &mut Vec<i64>) {
        let offsets = &block[self.start as usize..][..count * self.width as usize];
        let integer = |offset: u64| self.base.wrapping_add(offset as i64);
        match self.width {
            0 => out.extend(std::iter::repeat_n(self.base, count)),
            1 => out.extend(offsets.iter().map(|&offset| integer(u64::from(offset)))),
            2 => out.extend(
                offsets.as_chunks().0.iter().map(|&offset| integer(u64::from(u16::from_le_bytes(offset)))),
            ),
            4 => out.extend(
                offsets.as_chunks().0.iter().map(|&offset| integer(u64::from(u32::from_le_bytes(offset)))),
            ),
            _ => out.extend(offsets.as_chunks().0.iter().map(|&offset| integer(u64::from_le_bytes(offset)))),
        }
    }
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum LaneData {
    Null,
    Integer(Packed),
    Real {
        start: u32,
        is_constant: bool,
    },
    Dictionary {
        codes: u32,
        width: u8,
        ends: u32,
        entries: u32,
        heap: u32,
    },
    /// `each` is the length of every text, or `MANY_LENGTHS`; `mean` the mean one, in units of 2⁻¹⁶ bytes.
    Text {
        ends: u32,
        width: u8,
        heap: u32,
        each: u32,
        mean: u32,
    },
    Blob {
        ends: u32,
        width: u8,
        heap: u32,
    },
    Mixed {
        ends: u32,
        width: u8,
        heap: u32,
    },
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct LaneMeta {
    pub(crate) data: LaneData,
    pub(crate) types: TypeSet,
    pub(crate) null_count: u32,
    pub(crate) least_row: u32,
    pub(crate) greatest_row: u32,
    /// Where the bits start; 0 when no row is null or missing.
    pub(crate) nulls: u32,
    pub(crate) missing: u32,
}

/// So many lanes lie in the base itself.
const LANES_AT_HAND: usize = 8;

/// Lanes by slot. The first ones, in most tables all of them, lie where the base does: a row's values are not waited for once
/// more on their account.
#[derive(Default)]
pub(crate) struct Lanes {
    len: usize,
    at_hand: [Option<LaneMeta>; LANES_AT_HAND],
    rest: Vec<Option<LaneMeta>>,
}

impl Lanes {
    fn of(lanes: &[Option<LaneMeta>]) -> Lanes {
        let (first, rest) = lanes.split_at(lanes.len().min(LANES_AT_HAND));
        let mut at_hand = [None; LANES_AT_HAND];
        at_hand[..first.len()].copy_from_slice(first);
        Lanes { len: lanes.len(), at_hand, rest: rest.to_vec() }
    }

    /// The greatest slot with a lane, and one more.
    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// None: the slot is in no row.
    #[inline(always)]
    pub(crate) fn get(&self, slot: usize) -> Option<&LaneMeta> {
        match self.at_hand.get(slot) {
            Some(lane) => lane.as_ref(),
            None => self.rest.get(slot - LANES_AT_HAND)?.as_ref(),
        }
    }

    fn iter(&self) -> impl Iterator<Item = &LaneMeta> {
        self.at_hand.iter().chain(&self.rest).flatten()
    }

    /// Where the lane lies, if it does where the base is: told without a look at it.
    pub(crate) fn place_at_hand(&self, slot: usize) -> Option<&Option<LaneMeta>> {
        self.at_hand.get(slot)
    }
}

/// In this order: what a row is found by lies in one line of memory, and the first lanes behind it.
#[repr(C)]
pub(crate) struct Base {
    pub(crate) rows: usize,
    first: i64,
    /// Rowids without gaps: position = rowid - first.
    is_dense: bool,
    pub(crate) has_wide: bool,
    pub(crate) block: Arc<[u8]>,
    pub(crate) lanes: Lanes,
    pub(crate) rowids: Packed,
    pub(crate) numerals: NumeralLanes,
}

impl Base {
    /// The first rowid and how many there are, where they have no gaps.
    pub(crate) fn dense_rowids(&self) -> Option<(i64, u64)> {
        self.is_dense.then_some((self.first, self.rows as u64))
    }

    #[inline]
    pub(crate) fn rowid(&self, row: usize) -> i64 {
        // Without a look at the block, where they have no gaps.
        if self.is_dense { self.first.wrapping_add(row as i64) } else { self.rowids.get(&self.block, row) }
    }

    pub(crate) fn memory(&self) -> usize {
        // As if every column had its numerals: what a node takes is weighed when it comes.
        let numerals = self.lanes.iter().map(|lane| numerals::most_memory(lane, self.rows));
        self.block.len()
            + self.lanes.rest.len() * size_of::<Option<LaneMeta>>()
            + size_of::<Base>()
            + numerals.sum::<usize>()
    }

    /// Asks for what the base itself has of these slots' lanes.
    pub(crate) fn ask(&self, slots: &[usize]) {
        prefetch::value(&self.rows);
        prefetch::value(&self.rowids);
        prefetch::value(&self.numerals);
        for lane in slots.iter().filter_map(|&slot| self.lanes.place_at_hand(slot)) {
            prefetch::value(lane);
        }
    }

    /// How many rowids are smaller.
    #[inline]
    pub(crate) fn lower_bound(&self, rowid: i64) -> usize {
        if rowid <= self.first {
            return 0;
        }
        if self.is_dense {
            return (rowid.wrapping_sub(self.first) as u64).min(self.rows as u64) as usize;
        }
        let (mut low, mut high) = (0, self.rows);
        while low < high {
            let middle = low.midpoint(high);
            if self.rowid(middle) < rowid {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    #[inline]
    pub(crate) fn find(&self, rowid: i64) -> Option<usize> {
        if self.is_dense {
            let row = rowid.wrapping_sub(self.first) as u64;
            return (row < self.rows as u64).then_some(row as usize);
        }
        let row = self.lower_bound(rowid);
        (row < self.rows && self.rowid(row) == rowid).then_some(row)
    }

    #[inline(always)]
    fn bit(&self, start: u32, row: usize) -> bool {
        start != 0 && self.block[start as usize + row / 8] >> (row % 8) & 1 != 0
    }

    #[inline(always)]
    pub(crate) fn cell(&self, slot: usize, row: usize) -> Cell<'_> {
        self.lanes.get(slot).map_or(Cell::Missing, |lane| self.lane_cell(lane, row))
    }

    #[inline(always)]
    pub(crate) fn lane_cell(&self, lane: &LaneMeta, row: usize) -> Cell<'_> {
        match self.lane_value(lane, row) {
            Some(value) => Cell::Value(value),
            None => self.valueless_cell(lane, row),
        }
    }

    /// A cell that `lane_value` found no value in.
    #[cold]
    fn valueless_cell(&self, lane: &LaneMeta, row: usize) -> Cell<'_> {
        match lane.data {
            LaneData::Mixed { ends, width, heap } if !self.bit(lane.missing, row) => {
                mixed_cell(piece(&self.block, ends, width, heap, row))
            }
            _ => Cell::Missing,
        }
    }

    /// The value of a row: None when it is missing or lies in overflow blocks.
    #[inline(always)]
    pub(crate) fn lane_value(&self, lane: &LaneMeta, row: usize) -> Option<ValueRef<'_>> {
        if lane.nulls | lane.missing != 0 {
            if self.bit(lane.missing, row) {
                return None;
            }
            if self.bit(lane.nulls, row) {
                return Some(ValueRef::Null);
            }
        }
        let block = &*self.block;
        Some(match lane.data {
            LaneData::Integer(packed) => ValueRef::Integer(packed.get(block, row)),
            LaneData::Text { ends, width, heap, each: MANY_LENGTHS, .. } => {
                ValueRef::Text(piece(block, ends, width, heap, row))
            }
            LaneData::Text { heap, each, .. } => {
                ValueRef::Text(&block[heap as usize + row * each as usize..][..each as usize])
            }
            LaneData::Dictionary { codes, width, ends, heap, .. } => {
                let code = unsigned(block, codes as usize, width, row) as usize;
                ValueRef::Text(piece(block, ends, 4, heap, code))
            }
            LaneData::Real { start, is_constant } => {
                let index = if is_constant { 0 } else { row };
                ValueRef::Real(f64::from_le_bytes(le(block, start as usize + 8 * index)))
            }
            LaneData::Null => ValueRef::Null,
            LaneData::Blob { ends, width, heap } => ValueRef::Blob(piece(block, ends, width, heap, row)),
            LaneData::Mixed { ends, width, heap } => {
                return mixed_value(piece(block, ends, width, heap, row));
            }
        })
    }

    /// Asks for the text of a row, where it lies if those before it have the mean length: `lane_value`, which is to come next,
    /// knows the place only after it has waited for the text's ends.
    #[inline(always)]
    pub(crate) fn ask_text(&self, slot: usize, row: usize) {
        if let Some(LaneMeta { data: LaneData::Text { heap, each: MANY_LENGTHS, mean, .. }, .. }) =
            self.lanes.get(slot)
        {
            let before = (u64::from(*mean) * row as u64) >> 16;
            prefetch::line(self.block.as_ptr().wrapping_add(*heap as usize + before as usize));
        }
    }

    /// What a scan of the slot reads first, from its numbers, or the ends of its texts, on.
    pub(crate) fn lane_bytes(&self, slot: usize) -> &[u8] {
        let Some(lane) = self.lanes.get(slot) else { return &[] };
        if let Some(bytes) = self.numerals.bytes(slot) {
            return bytes;
        }
        let rows = self.rows;
        let (start, len) = match lane.data {
            LaneData::Null => return &[],
            LaneData::Integer(packed) => (packed.start as usize, rows * packed.width as usize),
            LaneData::Real { start, is_constant } => (start as usize, if is_constant { 8 } else { 8 * rows }),
            // The codes, and the texts behind them.
            LaneData::Dictionary { ends, heap, .. } => (ends as usize, 2 * (heap - ends) as usize),
            // Nobody asks for the ends of texts of one length.
            LaneData::Text { heap, each, .. } if each != MANY_LENGTHS => {
                (heap as usize, rows * each as usize)
            }
            LaneData::Text { ends, width, .. }
            | LaneData::Blob { ends, width, .. }
            | LaneData::Mixed { ends, width, .. } => (ends as usize, rows * width as usize),
        };
        let rest = &self.block[start..];
        &rest[..len.min(rest.len())]
    }

    /// Appends a row in record encoding, without trailing missing values. There are no wide values in the base.
    pub(crate) fn write_record(&self, row: usize, out: &mut Vec<u8>) {
        let value = |slot: usize| self.lanes.get(slot).and_then(|lane| self.lane_value(lane, row));
        let mut count = self.lanes.len();
        while count > 0
            && self.lanes.get(count - 1).is_none_or(|lane| lane.missing != 0 && value(count - 1).is_none())
        {
            count -= 1;
        }
        record::encode((0..count).map(|slot| value(slot).unwrap_or(ValueRef::Null)), out);
    }

    /// Reads the integers of a column that has nothing else; false when it has, and then `out` is left alone.
    pub(crate) fn read_integers(&self, slot: usize, out: &mut Vec<i64>) -> bool {
        match self.lanes.get(slot) {
            Some(LaneMeta { data: LaneData::Integer(packed), nulls: 0, missing: 0, .. }) => {
                packed.unpack(&self.block, self.rows, out);
                true
            }
            _ => false,
        }
    }

    /// The same of a column's reals, as their bits.
    pub(crate) fn read_reals(&self, slot: usize, out: &mut Vec<i64>) -> bool {
        match self.lanes.get(slot) {
            Some(LaneMeta { data: LaneData::Real { start, is_constant }, nulls: 0, missing: 0, .. }) => {
                let (start, step) = (*start as usize, if *is_constant { 0 } else { 8 });
                out.extend((0..self.rows).map(|row| i64::from_le_bytes(le(&self.block, start + step * row))));
                true
            }
            _ => false,
        }
    }

    /// The bytes of a section.
    pub(crate) fn section(&self, tag: u16, slot: usize) -> Option<&[u8]> {
        let count = read_u32(&self.block, 12)? as usize;
        let mut table = self.block[HEADER_LEN..][..count * SECTION_ENTRY_LEN].chunks_exact(SECTION_ENTRY_LEN);
        let entry = table.find(|entry| {
            u16::from_le_bytes(le(entry, 0)) == tag && u32::from_le_bytes(le(entry, 4)) as usize == slot
        })?;
        let start = u32::from_le_bytes(le(entry, 8)) as usize;
        Some(&self.block[start..][..u32::from_le_bytes(le(entry, 12)) as usize])
    }

    pub(crate) fn decode(block: &Arc<[u8]>) -> Result<Base> {
        parse(block, Origin::Store).map_err(TreeError::corrupt)
    }

    /// For a block that `build` just made.
    pub(crate) fn of_own(block: &Arc<[u8]>) -> Result<Base> {
        let origin = if cfg!(debug_assertions) { Origin::Store } else { Origin::Builder };
        parse(block, origin).map_err(TreeError::corrupt)
    }
}

/// Entry `index` of a heap: entries lie one after the other, `ends` starts with 0.
#[inline(always)]
pub(crate) fn piece(block: &[u8], ends: u32, width: u8, heap: u32, index: usize) -> &[u8] {
    let from = unsigned(block, ends as usize, width, index) as usize;
    let to = unsigned(block, ends as usize, width, index + 1) as usize;
    &block[heap as usize + from..heap as usize + to]
}

fn mixed_value(bytes: &[u8]) -> Option<ValueRef<'_>> {
    let Some((&class, payload)) = bytes.split_first() else { return Some(ValueRef::Null) };
    Some(match class {
        MIXED_INTEGER => ValueRef::Integer(i64::from_le_bytes(le(payload, 0))),
        MIXED_REAL => ValueRef::Real(f64::from_le_bytes(le(payload, 0))),
        MIXED_TEXT => ValueRef::Text(payload),
        MIXED_BLOB => ValueRef::Blob(payload),
        _ => return None,
    })
}

fn mixed_cell(bytes: &[u8]) -> Cell<'_> {
    match (mixed_value(bytes), bytes.split_first()) {
        (Some(value), _) => Cell::Value(value),
        (None, Some((&class, payload))) => Cell::Wide(Wide {
            number: u64::from_le_bytes(le(payload, 0)),
            len: u64::from_le_bytes(le(payload, 8)),
            is_text: class == MIXED_WIDE_TEXT,
        }),
        (None, None) => Cell::Missing,
    }
}

fn is_sound_mixed(bytes: &[u8]) -> bool {
    let Some((&class, payload)) = bytes.split_first() else { return true };
    match class {
        MIXED_INTEGER => payload.len() == 8,
        MIXED_REAL => payload.len() == 8 && !f64::from_le_bytes(le(payload, 0)).is_nan(),
        MIXED_TEXT | MIXED_BLOB => true,
        MIXED_WIDE_TEXT | MIXED_WIDE_BLOB => payload.len() == 16,
        _ => false,
    }
}

/// A byte range of the block being parsed, taken from the front.
struct Taker {
    at: usize,
    end: usize,
}

impl Taker {
    fn take(&mut self, len: usize) -> std::result::Result<u32, &'static str> {
        if self.end - self.at < len {
            return Err("a section is shorter than its content");
        }
        let start = self.at;
        self.at += len;
        Ok(start as u32)
    }
}

/// Where a block comes from: our own are not looked through value by value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Origin {
    Store,
    Builder,
}

fn parse(block: &Arc<[u8]>, origin: Origin) -> std::result::Result<Base, &'static str> {
    if block.len() > u32::MAX as usize || block.get(..4) != Some(&MAGIC[..]) {
        return Err("no row leaf");
    }
    let header = block.get(..HEADER_LEN).ok_or("a leaf without header")?;
    if header[4] != RowLeaf::INNER_KIND + 1 || header[5] != VERSION {
        return Err("a leaf of an unknown version");
    }
    let rows = read_u32(header, 8).ok_or("short header")? as usize;
    let section_count = read_u32(header, 12).ok_or("short header")? as usize;
    if rows == 0 {
        return Err("a leaf without rows");
    }
    let table_len = section_count.checked_mul(SECTION_ENTRY_LEN).ok_or("too many sections")?;
    let table = block.get(HEADER_LEN..HEADER_LEN.saturating_add(table_len)).ok_or("too many sections")?;
    let mut rowids = None;
    let mut lanes: Vec<Option<LaneMeta>> = Vec::new();
    let mut has_wide = false;
    for entry in table.chunks_exact(SECTION_ENTRY_LEN) {
        let tag = u16::from_le_bytes(le(entry, 0));
        let flags = u16::from_le_bytes(le(entry, 2));
        let slot = u32::from_le_bytes(le(entry, 4)) as usize;
        let start = u32::from_le_bytes(le(entry, 8)) as usize;
        let len = u32::from_le_bytes(le(entry, 12)) as usize;
        if start + len > block.len() {
            return Err("a section outside its block");
        }
        let mut taker = Taker { at: start, end: start + len };
        match tag {
            TAG_ROWIDS if rowids.is_none() => {
                let at = taker.take(16)? as usize;
                let base = i64::from_le_bytes(le(block, at));
                rowids = Some(take_packed(&mut taker, base, block[at + 8], rows)?);
            }
            TAG_COLUMN => {
                if slot >= MAX_SLOTS || matches!(lanes.get(slot), Some(Some(_))) {
                    return Err("a column section with a bad slot");
                }
                let lane = parse_lane(block, &mut taker, rows, origin)?;
                has_wide |= lane.types.contains(TypeSet::WIDE);
                if lanes.len() <= slot {
                    lanes.resize(slot + 1, None);
                }
                lanes[slot] = Some(lane);
            }
            _ if flags & MUST_UNDERSTAND != 0 => return Err("a section of a later version"),
            _ => {}
        }
    }
    let rowids = rowids.ok_or("a leaf without row keys")?;
    let last = rowids.get(block, rows - 1);
    if origin == Origin::Store && !are_rowids_ascending(block, rowids, rows) {
        return Err("row keys out of order");
    }
    let first = rowids.get(block, 0);
    let is_dense = last.wrapping_sub(first) as u64 == (rows - 1) as u64;
    Ok(Base {
        block: Arc::clone(block),
        rows,
        rowids,
        first,
        is_dense,
        lanes: Lanes::of(&lanes),
        has_wide,
        numerals: NumeralLanes::default(),
    })
}

fn take_packed(
    taker: &mut Taker,
    base: i64,
    width: u8,
    rows: usize,
) -> std::result::Result<Packed, &'static str> {
    if !matches!(width, 0 | 1 | 2 | 4 | 8) {
        return Err("a lane of an odd width");
    }
    let start = taker.take(rows * width as usize)?;
    Ok(Packed { base, start, width })
}

/// Whether `holds` of each number of a run and the one behind it. All are looked at, in their own width and with no way out
/// before the end, so that the compiler makes vectors of the loop: a leaf that is read is checked, and is nearly always sound.
#[inline(always)]
fn all_pairs<const N: usize, T: Copy>(
    bytes: &[u8],
    number: impl Fn([u8; N]) -> T,
    holds: impl Fn(T, T) -> bool,
) -> bool {
    let numbers = bytes.as_chunks::<N>().0;
    let behind = numbers.get(1..).unwrap_or_default();
    let pairs = numbers.iter().zip(behind);
    pairs.fold(0, |fails, (&a, &b)| fails | u8::from(!holds(number(a), number(b)))) == 0
}

fn are_rowids_ascending(block: &[u8], rowids: Packed, rows: usize) -> bool {
    let Packed { base, start, width } = rowids;
    let offsets = &block[start as usize..][..rows * usize::from(width)];
    // Offsets that cannot carry a rowid beyond the last one are in the order of the rowids.
    match width {
        1 if base <= i64::MAX - i64::from(u8::MAX) => all_pairs(offsets, u8::from_le_bytes, |a, b| a < b),
        2 if base <= i64::MAX - i64::from(u16::MAX) => all_pairs(offsets, u16::from_le_bytes, |a, b| a < b),
        4 if base <= i64::MAX - i64::from(u32::MAX) => all_pairs(offsets, u32::from_le_bytes, |a, b| a < b),
        _ => (1..rows).all(|row| rowids.get(block, row - 1) < rowids.get(block, row)),
    }
}

/// Takes the ends of a heap's entries and the heap behind them, and checks that the ends ascend within it.
fn take_ends(
    block: &[u8],
    taker: &mut Taker,
    width: u8,
    count: usize,
    origin: Origin,
) -> std::result::Result<u32, &'static str> {
    if !matches!(width, 2 | 4) {
        return Err("a heap of an odd width");
    }
    taker.take((count + 1).checked_mul(width as usize).ok_or("a heap of too many entries")?).and_then(
        |ends| {
            let first = unsigned(block, ends as usize, width, 0);
            let numbers = &block[ends as usize..][..(count + 1) * width as usize];
            let is_ascending = origin == Origin::Builder
                || match width {
                    2 => all_pairs(numbers, u16::from_le_bytes, |a, b| a <= b),
                    _ => all_pairs(numbers, u32::from_le_bytes, |a, b| a <= b),
                };
            if first == 0 && is_ascending { Ok(ends) } else { Err("a heap with entries out of order") }
        },
    )
}

/// How long every entry of a heap is, or `MANY_LENGTHS`; its ends ascend from 0.
fn length_of_each(block: &[u8], ends: u32, width: u8, count: usize) -> u32 {
    let numbers = &block[ends as usize..][..(count + 1) * width as usize];
    let each = unsigned(numbers, 0, width, 1) as u32;
    let is_each = match width {
        2 => all_pairs(numbers, u16::from_le_bytes, |a, b| u32::from(b.wrapping_sub(a)) == each),
        _ => all_pairs(numbers, u32::from_le_bytes, |a, b| b.wrapping_sub(a) == each),
    };
    if is_each { each } else { MANY_LENGTHS }
}

fn take_heap(
    block: &[u8],
    taker: &mut Taker,
    ends: u32,
    width: u8,
    count: usize,
) -> std::result::Result<u32, &'static str> {
    let len = unsigned(block, ends as usize, width, count) as usize;
    taker.take(len)
}

fn parse_lane(
    block: &[u8],
    taker: &mut Taker,
    rows: usize,
    origin: Origin,
) -> std::result::Result<LaneMeta, &'static str> {
    let at = taker.take(LANE_HEADER_LEN)? as usize;
    let (kind, types, flags, width) = (block[at], TypeSet(block[at + 1]), block[at + 2], block[at + 3]);
    let null_count = u32::from_le_bytes(le(block, at + 4));
    let least_row = u32::from_le_bytes(le(block, at + 8));
    let greatest_row = u32::from_le_bytes(le(block, at + 12));
    if [least_row, greatest_row].iter().any(|&row| row != NO_ROW && row as usize >= rows)
        || (least_row == NO_ROW) != (greatest_row == NO_ROW)
    {
        return Err("a zone map outside its lane");
    }
    let bits_len = rows.div_ceil(8);
    let nulls = if flags & HAS_NULLS != 0 { taker.take(bits_len)? } else { 0 };
    let missing = if flags & HAS_MISSING != 0 { taker.take(bits_len)? } else { 0 };
    let data = match kind {
        LANE_NULL => LaneData::Null,
        LANE_INTEGER => {
            let base_at = taker.take(8)? as usize;
            LaneData::Integer(take_packed(taker, i64::from_le_bytes(le(block, base_at)), width, rows)?)
        }
        LANE_REAL => {
            let is_constant = width == 0;
            let count = if is_constant { 1 } else { rows };
            let start = taker.take(8 * count)?;
            let has_nan = origin == Origin::Store
                && (0..count).any(|index| f64::from_le_bytes(le(block, start as usize + 8 * index)).is_nan());
            if has_nan {
                return Err("a real that is not a number");
            }
            LaneData::Real { start, is_constant }
        }
        LANE_DICTIONARY => {
            let entries_at = taker.take(4)? as usize;
            let entries = u32::from_le_bytes(le(block, entries_at));
            if entries == 0 || !matches!(width, 0..=2) {
                return Err("a bad dictionary");
            }
            let ends = take_ends(block, taker, 4, entries as usize, origin)?;
            let codes = taker.take(rows * width as usize)?;
            let is_inside = |row| unsigned(block, codes as usize, width, row) < u64::from(entries);
            if origin == Origin::Store && !(0..rows).all(is_inside) {
                return Err("a code outside its dictionary");
            }
            let heap = take_heap(block, taker, ends, 4, entries as usize)?;
            LaneData::Dictionary { codes, width, ends, entries, heap }
        }
        LANE_TEXT | LANE_BLOB | LANE_MIXED => {
            let ends = take_ends(block, taker, width, rows, origin)?;
            let heap = take_heap(block, taker, ends, width, rows)?;
            match kind {
                LANE_TEXT => {
                    let each = length_of_each(block, ends, width, rows);
                    // Of no more than 2³² bytes: blocks have no more.
                    let mean = ((taker.at as u64 - u64::from(heap)) << 16) / rows as u64;
                    LaneData::Text { ends, width, heap, each, mean: u32::try_from(mean).unwrap_or(u32::MAX) }
                }
                LANE_BLOB => LaneData::Blob { ends, width, heap },
                _ => {
                    let is_sound = |row| is_sound_mixed(piece(block, ends, width, heap, row));
                    if origin == Origin::Store && !(0..rows).all(is_sound) {
                        return Err("a bad value in a mixed lane");
                    }
                    LaneData::Mixed { ends, width, heap }
                }
            }
        }
        _ => return Err("a lane of a later version"),
    };
    if null_count as usize > rows {
        return Err("more nulls than rows");
    }
    Ok(LaneMeta { data, types, null_count, least_row, greatest_row, nulls, missing })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lane_is_found_by_its_slot_wherever_it_lies() {
        let lane = |slot: u32| {
            let data = LaneData::Null;
            let meta = LaneMeta {
                data,
                types: TypeSet::NULL,
                null_count: slot,
                least_row: 0,
                greatest_row: 0,
                nulls: 0,
                missing: 0,
            };
            (!slot.is_multiple_of(3)).then_some(meta)
        };
        for len in 0..=3 * LANES_AT_HAND {
            let lanes = Lanes::of(&(0..len as u32).map(lane).collect::<Vec<_>>());
            assert_eq!(lanes.len(), len);
            for slot in 0..4 * LANES_AT_HAND {
                let expected = (slot < len && slot % 3 != 0).then_some(slot as u32);
                assert_eq!(lanes.get(slot).map(|lane| lane.null_count), expected, "slot {slot} of {len}");
            }
            assert_eq!(lanes.iter().count(), (0..len).filter(|slot| slot % 3 != 0).count());
        }
    }
}
