//! A leaf as whole columns, for operators that work on batches: typed lanes of the base, and the delta row by row.
//!
//! The rows of a leaf are the base rows that nothing hides, and the entries of the delta. An operator that needs rowid
//! order asks for both merged; one that does not takes the base with a selection, then the delta.

use pluresdb_value::ValueRef;

use crate::{
    Result,
    row::{
        base::{Base, Cell, LaneData, LaneMeta, MANY_LENGTHS, NO_ROW, TypeSet, le, unsigned},
        cursor::RowPosition,
        leaf::{RowLeaf, step},
        numerals::Numerals,
    },
};

/// The leaf a cursor stands in.
#[derive(Clone, Copy)]
pub struct LeafView<'a> {
    pub(crate) leaf: &'a RowLeaf,
}

/// Little-endian unsigned offsets of one width.
#[derive(Clone, Copy, Debug)]
pub enum Offsets<'a> {
    /// All 0.
    Constant,
    U8(&'a [u8]),
    U16(&'a [[u8; 2]]),
    U32(&'a [[u8; 4]]),
    U64(&'a [[u8; 8]]),
}

/// Integers: `base` plus an offset each, wrapping.
#[derive(Clone, Copy, Debug)]
pub struct Integers<'a> {
    pub base: i64,
    pub offsets: Offsets<'a>,
}

#[derive(Clone, Copy, Debug)]
pub enum Reals<'a> {
    Constant(f64),
    Each(&'a [[u8; 8]]),
}

/// Byte strings one after the other.
#[derive(Clone, Copy, Debug)]
pub struct Strings<'a> {
    /// Where each ends in the heap; entry 0 is 0, so there is one more than strings.
    pub ends: Offsets<'a>,
    pub heap: &'a [u8],
    /// The length of every string, where the lane knows of one.
    pub each: Option<usize>,
}

/// One column of the base. Rows that are NULL or missing have some filler in a typed lane: look at the bits.
#[derive(Clone, Copy, Debug)]
pub enum Lane<'a> {
    /// The slot is in no row.
    Missing,
    /// Every row is NULL or missing.
    Null,
    Integer(Integers<'a>),
    Real(Reals<'a>),
    /// Texts that repeat: a code per row into `entries`.
    Dictionary {
        codes: Offsets<'a>,
        entry_count: u32,
        entries: Strings<'a>,
    },
    Text(Strings<'a>),
    Blob(Strings<'a>),
    /// Several classes, or values in overflow blocks: ask `LeafView::base_value`.
    Mixed,
}

/// One bit per row, row 0 lowest.
#[derive(Clone, Copy, Debug)]
pub struct Bits<'a>(pub &'a [u8]);

impl Bits<'_> {
    #[inline]
    pub fn get(self, row: usize) -> bool {
        self.0[row / 8] >> (row % 8) & 1 != 0
    }
}

/// What a lane holds, over all its rows.
#[derive(Clone, Copy, Debug)]
pub struct LaneSummary<'a> {
    pub types: TypeSet,
    pub null_count: u32,
    /// Rows that are NULL; None when there is none.
    pub nulls: Option<Bits<'a>>,
    /// Rows written before the slot existed; None when there is none.
    pub missing: Option<Bits<'a>>,
    /// Least and greatest value of a lane of one class, texts as bytes.
    pub range: Option<(ValueRef<'a>, ValueRef<'a>)>,
}

impl<'a> Offsets<'a> {
    pub(crate) fn new(bytes: &'a [u8], width: u8) -> Offsets<'a> {
        match width {
            0 => Offsets::Constant,
            1 => Offsets::U8(bytes),
            2 => Offsets::U16(bytes.as_chunks().0),
            4 => Offsets::U32(bytes.as_chunks().0),
            _ => Offsets::U64(bytes.as_chunks().0),
        }
    }

    #[inline]
    pub fn get(self, row: usize) -> u64 {
        match self {
            Offsets::Constant => 0,
            Offsets::U8(offsets) => u64::from(offsets[row]),
            Offsets::U16(offsets) => u64::from(u16::from_le_bytes(offsets[row])),
            Offsets::U32(offsets) => u64::from(u32::from_le_bytes(offsets[row])),
            Offsets::U64(offsets) => u64::from_le_bytes(offsets[row]),
        }
    }
}

impl Integers<'_> {
    #[inline]
    pub fn get(self, row: usize) -> i64 {
        self.base.wrapping_add(self.offsets.get(row) as i64)
    }
}

impl Reals<'_> {
    #[inline]
    pub fn get(self, row: usize) -> f64 {
        match self {
            Reals::Constant(real) => real,
            Reals::Each(reals) => f64::from_le_bytes(reals[row]),
        }
    }
}

impl<'a> Strings<'a> {
    #[inline]
    pub fn get(self, index: usize) -> &'a [u8] {
        if let Some(len) = self.each {
            return &self.heap[index * len..][..len];
        }
        &self.heap[self.ends.get(index) as usize..self.ends.get(index + 1) as usize]
    }
}

fn numbers(block: &[u8], start: u32, width: u8, count: usize) -> Offsets<'_> {
    Offsets::new(&block[start as usize..][..count * width as usize], width)
}

fn strings(block: &[u8], ends: u32, width: u8, heap: u32, count: usize) -> Strings<'_> {
    let heap_len = unsigned(block, ends as usize, width, count) as usize;
    Strings {
        ends: numbers(block, ends, width, count + 1),
        heap: &block[heap as usize..][..heap_len],
        each: None,
    }
}

fn lane_of<'a>(base: &'a Base, lane: &LaneMeta) -> Lane<'a> {
    let (block, rows) = (&*base.block, base.rows);
    match lane.data {
        LaneData::Null => Lane::Null,
        LaneData::Integer(packed) => Lane::Integer(Integers {
            base: packed.base,
            offsets: numbers(block, packed.start, packed.width, rows),
        }),
        LaneData::Real { start, is_constant: true } => {
            Lane::Real(Reals::Constant(f64::from_le_bytes(le(block, start as usize))))
        }
        LaneData::Real { start, is_constant: false } => {
            Lane::Real(Reals::Each(block[start as usize..][..8 * rows].as_chunks().0))
        }
        LaneData::Dictionary { codes, width, ends, entries, heap } => Lane::Dictionary {
            codes: numbers(block, codes, width, rows),
            entry_count: entries,
            entries: strings(block, ends, 4, heap, entries as usize),
        },
        LaneData::Text { ends, width, heap, each: MANY_LENGTHS, .. } => {
            Lane::Text(strings(block, ends, width, heap, rows))
        }
        LaneData::Text { ends, width, heap, each, .. } => Lane::Text(Strings {
            ends: numbers(block, ends, width, rows + 1),
            heap: &block[heap as usize..][..each as usize * rows],
            each: Some(each as usize),
        }),
        LaneData::Blob { ends, width, heap } => Lane::Blob(strings(block, ends, width, heap, rows)),
        LaneData::Mixed { .. } => Lane::Mixed,
    }
}

impl<'a> LeafView<'a> {
    fn meta(self, slot: usize) -> Option<(&'a Base, &'a LaneMeta)> {
        let base = self.leaf.base.as_deref()?;
        Some((base, base.lanes.get(slot)?))
    }

    /// Rows of the base, hidden ones included.
    pub fn base_len(self) -> usize {
        self.leaf.base_rows()
    }

    /// None when the leaf has no base.
    pub fn base_rowids(self) -> Option<Integers<'a>> {
        let base = self.leaf.base.as_deref()?;
        let offsets = numbers(&base.block, base.rowids.start, base.rowids.width, base.rows);
        Some(Integers { base: base.rowids.base, offsets })
    }

    /// The rowid of a row of the base, which must have one.
    #[inline]
    pub fn base_rowid(self, row: usize) -> i64 {
        self.leaf.base().rowid(row)
    }

    /// The texts of a column that repeats them and has nothing else, in any row of the base.
    #[inline]
    pub fn plain_dictionary(self, slot: usize) -> Option<(Offsets<'a>, Strings<'a>, usize)> {
        let (base, lane) = self.meta(slot)?;
        match lane_of(base, lane) {
            Lane::Dictionary { codes, entry_count, entries } if lane.nulls | lane.missing == 0 => {
                Some((codes, entries, entry_count as usize))
            }
            _ => None,
        }
    }

    pub fn lane(self, slot: usize) -> Lane<'a> {
        self.meta(slot).map_or(Lane::Missing, |(base, lane)| lane_of(base, lane))
    }

    /// The integers of a column that has nothing else, in any row of the base.
    #[inline]
    pub fn plain_integers(self, slot: usize) -> Option<Integers<'a>> {
        let (base, lane) = self.meta(slot)?;
        match lane.data {
            LaneData::Integer(packed) if lane.nulls | lane.missing == 0 => Some(Integers {
                base: packed.base,
                offsets: numbers(&base.block, packed.start, packed.width, base.rows),
            }),
            _ => None,
        }
    }

    /// As `plain_integers`, of reals.
    #[inline]
    pub fn plain_reals(self, slot: usize) -> Option<&'a [[u8; 8]]> {
        let (base, lane) = self.meta(slot)?;
        match lane.data {
            LaneData::Real { start, is_constant: false } if lane.nulls | lane.missing == 0 => {
                Some(base.block[start as usize..][..8 * base.rows].as_chunks().0)
            }
            _ => None,
        }
    }

    /// The texts of a column as numbers, where it has only short ones that differ in their digits alone; in any row of the
    /// base. Not told at once: a leaf that is asked a second time makes them.
    #[inline]
    pub fn numerals(self, slot: usize) -> Option<Numerals<'a>> {
        let base = self.leaf.base.as_deref()?;
        base.numerals.of(base, slot)
    }

    /// As `numerals`, of a column that has few different reals and nothing else: these, ascending and little-endian, and by row
    /// its place among them.
    #[inline]
    pub fn repeats(self, slot: usize) -> Option<(&'a [[u8; 8]], &'a [u8])> {
        let base = self.leaf.base.as_deref()?;
        base.numerals.repeats_of(base, slot)
    }

    /// Whether somebody has asked for these, and there are any.
    #[inline]
    pub fn has_repeats(self, slot: usize) -> bool {
        self.leaf.base.as_deref().is_some_and(|base| {
            matches!(base.lanes.get(slot), Some(LaneMeta { data: LaneData::Real { .. }, .. }))
                && base.numerals.bytes(slot).is_some()
        })
    }

    /// None when the slot is in no row of the base.
    pub fn summary(self, slot: usize) -> Option<LaneSummary<'a>> {
        let (base, lane) = self.meta(slot)?;
        let bits =
            |start: u32| (start != 0).then(|| Bits(&base.block[start as usize..][..base.rows.div_ceil(8)]));
        let value = |row: u32| match base.lane_cell(lane, row as usize) {
            Cell::Value(value) if row != NO_ROW => Some(value),
            _ => None,
        };
        let range =
            (lane.least_row != NO_ROW).then(|| value(lane.least_row).zip(value(lane.greatest_row))).flatten();
        Some(LaneSummary {
            types: lane.types,
            null_count: lane.null_count,
            nulls: bits(lane.nulls),
            missing: bits(lane.missing),
            range,
        })
    }

    /// The classes of a slot's values; none when the slot is in no row of the base.
    pub fn types(self, slot: usize) -> TypeSet {
        self.meta(slot).map_or(TypeSet::default(), |(_, lane)| lane.types)
    }

    /// Whether every row of the base has a value at the slot, and none is NULL.
    pub fn is_whole(self, slot: usize) -> bool {
        self.meta(slot).is_some_and(|(_, lane)| lane.nulls == 0 && lane.missing == 0)
    }

    /// Which rows of a slot are NULL; None when there is none.
    pub fn nulls(self, slot: usize) -> Option<Bits<'a>> {
        let (base, lane) = self.meta(slot)?;
        (lane.nulls != 0).then(|| Bits(&base.block[lane.nulls as usize..][..base.rows.div_ceil(8)]))
    }

    /// Whether values of the base lie in overflow blocks.
    pub fn base_is_wide(self) -> bool {
        self.leaf.base.as_ref().is_some_and(|base| base.has_wide)
    }

    /// One value of the base: None when missing, and also when `TypeSet::WIDE` is in the lane and the value lies in
    /// overflow blocks (only a cursor reads those).
    pub fn base_value(self, slot: usize, row: usize) -> Option<ValueRef<'a>> {
        match self.leaf.base.as_deref()?.cell(slot, row) {
            Cell::Value(value) => Some(value),
            Cell::Missing | Cell::Wide(_) => None,
        }
    }

    /// Whether all rows are as the base has them.
    pub fn is_plain(self) -> bool {
        self.leaf.delta.is_empty()
    }

    /// Rows that have an entry in the delta; these come in no order.
    pub fn delta_len(self) -> usize {
        self.leaf.delta.len()
    }

    pub fn delta_rowid(self, entry: usize) -> i64 {
        self.leaf.delta.rowid(entry)
    }

    /// Whether the entry has values in overflow blocks.
    pub fn delta_is_wide(self, entry: usize) -> bool {
        self.leaf.delta.is_wide(entry)
    }

    pub fn delta_value(self, entry: usize, slot: usize) -> Result<Option<ValueRef<'a>>> {
        self.leaf.delta.value(entry, slot)
    }

    /// Appends the positions of base rows that were deleted or written over, ascending.
    pub fn hidden_base_rows(self, out: &mut Vec<u32>) {
        out.extend(self.leaf.delta.patched_rows().map(|(row, _)| row as u32));
    }

    /// Appends the positions of up to `limit` rows in the order of their rowids, from `low` to `high`.
    pub fn merge(self, low: i64, high: i64, limit: usize, out: &mut Vec<RowPosition>) -> MergeEnd {
        let (mut row, mut index) = self.leaf.lower_bounds(low);
        let end = out.len() + limit;
        while let Some(place) = self.leaf.settle_forward(&mut row, &mut index) {
            let rowid = self.leaf.rowid(place);
            if rowid > high {
                return MergeEnd::High;
            }
            if out.len() == end {
                return MergeEnd::Limit(rowid);
            }
            out.push(RowPosition::of(place));
            step(place, &mut row, &mut index);
        }
        MergeEnd::Leaf
    }

    /// Appends the positions of those of the rowids, which ascend, that the leaf has; how many of them lie up to its last row.
    pub fn pick(self, rowids: &[i64], out: &mut Vec<RowPosition>) -> usize {
        let (mut row, mut index) = (self.base_len(), self.leaf.delta.added_len());
        let Some(last) = self.leaf.settle_backward(&mut row, &mut index) else { return 0 };
        let last = self.leaf.rowid(last);
        let count = rowids.partition_point(|rowid| *rowid <= last);
        out.extend(rowids[..count].iter().filter_map(|rowid| self.leaf.find(*rowid)).map(RowPosition::of));
        count
    }

    /// Live rows.
    pub fn row_count(self) -> usize {
        crate::node::Leaf::len(self.leaf)
    }
}

/// Why `LeafView::merge` ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MergeEnd {
    /// The next row lies beyond `high`.
    High,
    /// There are more rows; the next has this rowid.
    Limit(i64),
    /// The leaf has no more rows.
    Leaf,
}
