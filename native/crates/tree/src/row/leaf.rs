//! The leaf of a rowid table: a columnar base shared with every copy, and a row delta in front that takes all writes.
//!
//! A write goes to the delta. A delta that has grown large is folded: base and delta become a new base, or several
//! when one would be too large. A leaf that a snapshot holds is copied by each transaction that writes to it, so its
//! delta is kept smaller than that of a leaf that nobody else sees.
//!
//! Sizes were measured with `examples/tree_bench.rs`.

use std::sync::Arc;

use pluresdb_value::{ValueRef, record};

use crate::{
    Result,
    cache::CachedNode,
    node::{KeyRange, Leaf, Node, Separators, Side},
    row::{
        base::{Base, Cell, Wide},
        build::build,
        delta::{Delta, write_marker, write_wide_slots},
    },
};

/// Encoded bytes a leaf is meant to have.
pub(crate) const TARGET_BYTES: usize = 32 * 1024;
/// Beyond this a folded leaf is split.
const MAX_BYTES: usize = TARGET_BYTES * 3 / 2;
/// From here on a new leaf starts rather than this one growing at its end.
const FULL_BYTES: usize = TARGET_BYTES * 3 / 4;
/// Rows of a leaf at most, for tables whose rows are tiny.
const MAX_ROWS: usize = 4096;
/// Rows × slots of a leaf at most: columns of NULLs take no bytes in a base, but folding looks at each cell.
const MAX_CELLS: usize = 1 << 16;
/// Delta bytes of a leaf that snapshots share.
const SHARED_DELTA_BYTES: usize = 8 * 1024;
/// Delta bytes of a leaf that nobody else sees: room for most of a leaf's rows as records, so that a transaction that
/// updates them again and again folds once.
const DELTA_BYTES: usize = 48 * 1024;
/// Pieces a fold makes at most; what is still too large is cut at the next fold.
const MAX_PIECES: usize = 4;

#[derive(Clone, Default)]
pub(crate) struct RowLeaf {
    pub(crate) base: Option<Arc<Base>>,
    pub(crate) delta: Delta,
    live: usize,
}

/// Where a row stands in its leaf.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Base(u32),
    Delta(u32),
}

impl RowLeaf {
    fn from_base(base: Base) -> RowLeaf {
        RowLeaf { live: base.rows, base: Some(Arc::new(base)), delta: Delta::default() }
    }

    #[inline]
    pub(crate) fn base_rows(&self) -> usize {
        self.base.as_ref().map_or(0, |base| base.rows)
    }

    /// The leaf's own base; asked only for places in it.
    #[inline]
    pub(crate) fn base(&self) -> &Base {
        self.base.as_ref().expect("a place in the base has a base")
    }

    #[inline]
    pub(crate) fn find(&self, rowid: i64) -> Option<Place> {
        if !self.delta.is_empty()
            && let Ok(index) = self.delta.find(rowid)
        {
            return (!self.delta.is_tombstone(index)).then_some(Place::Delta(index as u32));
        }
        self.base.as_ref()?.find(rowid).map(|row| Place::Base(row as u32))
    }

    /// Whether the rowid lies between rows of the leaf, so that no other leaf can have it. Not said of all that do: only
    /// the base's edges are looked at, and a deleted one says nothing, as a neighbour may have begun before it since.
    #[inline]
    pub(crate) fn surrounds(&self, rowid: i64) -> bool {
        let Some(base) = self.base.as_deref() else { return false };
        let (first, last) = (base.rowid(0), base.rowid(base.rows - 1));
        let is_alive = |edge| self.delta.find(edge).map_or(true, |index| !self.delta.is_tombstone(index));
        first <= rowid && rowid <= last && (self.delta.is_empty() || (is_alive(first) && is_alive(last)))
    }

    /// The value of a row at a slot: None when it is missing, or when it lies in overflow blocks, which
    /// `wide_value` tells.
    #[inline(always)]
    pub(crate) fn value(&self, place: Place, slot: usize) -> Result<Option<ValueRef<'_>>> {
        match place {
            Place::Base(row) => {
                let base = self.base();
                let lane = base.lanes.get(slot).and_then(Option::as_ref);
                Ok(lane.and_then(|lane| base.lane_value(lane, row as usize)))
            }
            Place::Delta(index) => self.delta.value(index as usize, slot),
        }
    }

    #[inline]
    pub(crate) fn wide_value(&self, place: Place, slot: usize) -> Result<Option<Wide>> {
        let cell = match place {
            Place::Base(row) if self.base().has_wide => self.base().cell(slot, row as usize),
            Place::Delta(index) if self.delta.is_wide(index as usize) => {
                self.delta.cell(index as usize, slot)?
            }
            Place::Base(_) | Place::Delta(_) => return Ok(None),
        };
        Ok(match cell {
            Cell::Wide(wide) => Some(wide),
            Cell::Missing | Cell::Value(_) => None,
        })
    }

    #[inline]
    pub(crate) fn rowid(&self, place: Place) -> i64 {
        match place {
            Place::Base(row) => self.base().rowid(row as usize),
            Place::Delta(index) => self.delta.rowid(index as usize),
        }
    }

    /// Whether the row has values in overflow blocks.
    pub(crate) fn is_wide(&self, place: Place) -> bool {
        match place {
            Place::Base(row) => {
                let base = self.base();
                base.has_wide
                    && (0..base.lanes.len())
                        .any(|slot| matches!(base.cell(slot, row as usize), Cell::Wide(_)))
            }
            Place::Delta(index) => self.delta.is_wide(index as usize),
        }
    }

    /// Appends the cells of a row, without trailing missing ones.
    pub(crate) fn cells<'a>(&'a self, place: Place, out: &mut Vec<Cell<'a>>) {
        match place {
            Place::Delta(index) => self.delta.cells(index as usize, out),
            Place::Base(row) => {
                let base = self.base();
                out.extend((0..base.lanes.len()).map(|slot| base.cell(slot, row as usize)));
                while out.last() == Some(&Cell::Missing) {
                    out.pop();
                }
            }
        }
    }

    /// The values of a row that lie in overflow blocks.
    pub(crate) fn wide_values(&self, rowid: i64) -> Vec<Wide> {
        let Some(place) = self.find(rowid).filter(|&place| self.is_wide(place)) else { return Vec::new() };
        let mut cells = Vec::new();
        self.cells(place, &mut cells);
        let wide = cells.into_iter().filter_map(|cell| match cell {
            Cell::Wide(wide) => Some(wide),
            Cell::Missing | Cell::Value(_) => None,
        });
        wide.collect()
    }

    /// Inserts or replaces a row, in the form the delta keeps.
    pub(crate) fn put(&mut self, rowid: i64, record: &[u8], is_wide: bool) {
        let place = self.delta.find(rowid);
        let (is_new, hides) = match place {
            Ok(index) => (self.delta.is_tombstone(index), false),
            Err(_) => {
                let hides = self.base.as_ref().is_some_and(|base| base.find(rowid).is_some());
                (!hides, hides)
            }
        };
        self.delta.put(place, rowid, record, is_wide, hides);
        self.live += usize::from(is_new);
    }

    pub(crate) fn delete(&mut self, rowid: i64) -> bool {
        let place = self.delta.find(rowid);
        match place {
            Ok(index) if self.delta.is_tombstone(index) => return false,
            Ok(index) if !self.delta.hides(index) => self.delta.remove(index),
            Ok(_) => self.delta.bury(place, rowid),
            Err(_) => {
                if self.base.as_ref().is_none_or(|base| base.find(rowid).is_none()) {
                    return false;
                }
                self.delta.bury(place, rowid);
            }
        }
        self.live -= 1;
        true
    }

    pub(crate) fn first_rowid(&self) -> Option<i64> {
        let (mut row, mut index) = (0, 0);
        self.settle_forward(&mut row, &mut index).map(|place| self.rowid(place))
    }

    pub(crate) fn last_rowid(&self) -> Option<i64> {
        let (mut row, mut index) = (self.base_rows(), self.delta.len());
        self.settle_backward(&mut row, &mut index).map(|place| self.rowid(place))
    }

    /// How many live rows have a smaller rowid.
    pub(crate) fn rank(&self, rowid: i64) -> usize {
        let mut rank = self.base.as_ref().map_or(0, |base| base.lower_bound(rowid));
        for index in 0..self.delta.lower_bound(rowid) {
            rank += usize::from(!self.delta.is_tombstone(index));
            rank -= usize::from(self.delta.hides(index));
        }
        rank
    }

    /// The rowid of a live row counted from 0.
    pub(crate) fn nth(&self, offset: usize) -> Option<i64> {
        let (mut row, mut index) = (0, 0);
        if self.delta.is_empty() {
            row = offset;
        } else {
            for _ in 0..offset {
                match self.settle_forward(&mut row, &mut index)? {
                    Place::Base(_) => row += 1,
                    Place::Delta(_) => index += 1,
                }
            }
        }
        self.settle_forward(&mut row, &mut index).map(|place| self.rowid(place))
    }

    /// The first live row among base rows from `row` and delta entries from `index` on. Afterwards both stand past
    /// everything that lies before the row, and the one that has the row stands on it.
    #[inline]
    pub(crate) fn settle_forward(&self, row: &mut usize, index: &mut usize) -> Option<Place> {
        let rows = self.base_rows();
        while *index < self.delta.len() {
            let rowid = self.delta.rowid(*index);
            if *row < rows {
                let base_rowid = self.base().rowid(*row);
                if base_rowid < rowid {
                    return Some(Place::Base(*row as u32));
                }
                if base_rowid == rowid {
                    *row += 1;
                }
            }
            if !self.delta.is_tombstone(*index) {
                return Some(Place::Delta(*index as u32));
            }
            *index += 1;
        }
        (*row < rows).then_some(Place::Base(*row as u32))
    }

    /// The last live row among base rows before `row` and delta entries before `index`. Afterwards both stand as
    /// `settle_forward` leaves them.
    #[inline]
    pub(crate) fn settle_backward(&self, row: &mut usize, index: &mut usize) -> Option<Place> {
        while *index > 0 {
            let rowid = self.delta.rowid(*index - 1);
            let mut hidden = 0;
            if *row > 0 {
                let base_rowid = self.base().rowid(*row - 1);
                if base_rowid > rowid {
                    *row -= 1;
                    return Some(Place::Base(*row as u32));
                }
                hidden = usize::from(base_rowid == rowid);
            }
            *index -= 1;
            if !self.delta.is_tombstone(*index) {
                return Some(Place::Delta(*index as u32));
            }
            *row -= hidden;
        }
        *row = row.checked_sub(1)?;
        Some(Place::Base(*row as u32))
    }

    /// Encoded bytes of the live rows, about.
    fn live_bytes(&self) -> usize {
        let base =
            self.base.as_ref().map_or(0, |base| base.block.len() * self.live.min(base.rows) / base.rows);
        base + self.delta.heap_len()
    }

    fn is_full(&self) -> bool {
        self.base.as_ref().is_some_and(|base| {
            base.block.len() + self.delta.heap_len() / 2 >= FULL_BYTES
                || base.rows + self.delta.len() >= MAX_ROWS
                || (base.rows + self.delta.len()) * base.lanes.len() >= MAX_CELLS
        })
    }

    /// Base and delta as new bases, in order; none when no row is left.
    fn fold(&self, max_pieces: usize) -> Vec<RowLeaf> {
        let merged = Merged::new(self);
        let rows = merged.order.len();
        if rows == 0 {
            return Vec::new();
        }
        let whole = merged.build(0, rows);
        let by_bytes =
            if whole.block.len() > MAX_BYTES { whole.block.len().div_ceil(TARGET_BYTES) } else { 1 };
        let by_rows = if rows > 2 * MAX_ROWS { rows.div_ceil(MAX_ROWS) } else { 1 };
        let pieces = by_bytes.max(by_rows).min(max_pieces).min(rows);
        if pieces == 1 {
            return vec![RowLeaf::from_base(whole)];
        }
        (0..pieces)
            .map(|piece| {
                let (from, to) = (rows * piece / pieces, rows * (piece + 1) / pieces);
                RowLeaf::from_base(merged.build(from, to))
            })
            .collect()
    }
}

/// The live rows of a leaf in order, delta rows decoded.
struct Merged<'a> {
    leaf: &'a RowLeaf,
    order: Vec<Place>,
    rowids: Vec<i64>,
    /// Cells of the delta's rows, one after the other; row i starts at `starts[i]`.
    cells: Vec<Cell<'a>>,
    starts: Vec<usize>,
    slot_count: usize,
}

impl<'a> Merged<'a> {
    fn new(leaf: &'a RowLeaf) -> Merged<'a> {
        let mut order = Vec::with_capacity(leaf.live);
        let mut rowids = Vec::with_capacity(leaf.live);
        let (mut row, mut index) = (0, 0);
        while let Some(place) = leaf.settle_forward(&mut row, &mut index) {
            order.push(place);
            rowids.push(leaf.rowid(place));
            match place {
                Place::Base(_) => row += 1,
                Place::Delta(_) => index += 1,
            }
        }
        let mut cells = Vec::new();
        let mut starts = Vec::with_capacity(leaf.delta.len() + 1);
        let mut slot_count = leaf.base.as_ref().map_or(0, |base| base.lanes.len());
        for index in 0..leaf.delta.len() {
            starts.push(cells.len());
            if !leaf.delta.is_tombstone(index) {
                leaf.delta.cells(index, &mut cells);
                slot_count = slot_count.max(cells.len() - starts[index]);
            }
        }
        starts.push(cells.len());
        Merged { leaf, order, rowids, cells, starts, slot_count }
    }

    fn build(&self, from: usize, to: usize) -> Base {
        build(&self.rowids[from..to], self.slot_count, |slot, out: &mut Vec<Cell<'a>>| {
            let lane = self.leaf.base.as_ref().and_then(|base| base.lanes.get(slot)?.as_ref());
            out.extend(self.order[from..to].iter().map(|place| match *place {
                Place::Base(row) => {
                    lane.map_or(Cell::Missing, |lane| self.leaf.base().lane_cell(lane, row as usize))
                }
                Place::Delta(index) => {
                    let index = index as usize;
                    self.cells[self.starts[index]..self.starts[index + 1]]
                        .get(slot)
                        .copied()
                        .unwrap_or(Cell::Missing)
                }
            }));
        })
    }
}

/// Encodes cells as the delta keeps them; tells whether the row is wide.
pub(crate) fn encode_cells(cells: &[Cell<'_>], out: &mut Vec<u8>) -> bool {
    let markers: Vec<_> = cells
        .iter()
        .map(|cell| match cell {
            Cell::Wide(wide) => write_marker(*wide),
            Cell::Missing | Cell::Value(_) => Default::default(),
        })
        .collect();
    let values = cells.iter().zip(&markers).map(|(cell, marker)| match cell {
        // Only the end of a row can be missing, and callers cut that off.
        Cell::Missing => ValueRef::Null,
        Cell::Value(value) => *value,
        Cell::Wide(_) => ValueRef::Blob(marker),
    });
    record::encode(values, out);
    let slots: Vec<u16> = cells
        .iter()
        .enumerate()
        .filter(|(_, cell)| matches!(cell, Cell::Wide(_)))
        .map(|(slot, _)| slot as u16)
        .collect();
    if !slots.is_empty() {
        write_wide_slots(&slots, out);
    }
    !slots.is_empty()
}

impl Leaf for RowLeaf {
    type Key = i64;
    type Separators = Vec<i64>;
    const INNER_KIND: u8 = b'R';

    fn len(&self) -> usize {
        self.live
    }

    fn memory(&self) -> usize {
        self.base.as_ref().map_or(0, |base| base.memory()) + self.delta.memory() + size_of::<RowLeaf>()
    }

    fn beyond(&self, &rowid: &i64) -> Option<Side> {
        if !self.is_full() {
            return None;
        }
        if self.last_rowid().is_some_and(|last| rowid > last) {
            return Some(Side::Right);
        }
        self.first_rowid().is_some_and(|first| rowid < first).then_some(Side::Left)
    }

    fn settle(&mut self, is_shared: bool) -> Vec<RowLeaf> {
        let max_bytes = if is_shared { SHARED_DELTA_BYTES } else { DELTA_BYTES };
        if self.delta.bytes() <= max_bytes {
            return Vec::new();
        }
        let mut pieces = self.fold(MAX_PIECES);
        if pieces.is_empty() {
            *self = RowLeaf::default();
            return pieces;
        }
        *self = pieces.remove(0);
        pieces
    }

    fn is_small(&self) -> bool {
        self.live_bytes() < TARGET_BYTES / 8
    }

    fn joined(&self, right: &RowLeaf) -> Option<RowLeaf> {
        if self.live_bytes() + right.live_bytes() > TARGET_BYTES / 2 || self.live + right.live > MAX_ROWS {
            return None;
        }
        let mut joined = self.clone();
        let (mut row, mut index) = (0, 0);
        let mut cells = Vec::new();
        let mut bytes = Vec::new();
        while let Some(place) = right.settle_forward(&mut row, &mut index) {
            cells.clear();
            bytes.clear();
            right.cells(place, &mut cells);
            let is_wide = encode_cells(&cells, &mut bytes);
            joined.put(right.rowid(place), &bytes, is_wide);
            match place {
                Place::Base(_) => row += 1,
                Place::Delta(_) => index += 1,
            }
        }
        Some(joined.folded())
    }

    fn separator(&self, right: &RowLeaf) -> i64 {
        right.first_rowid().expect("a leaf in a tree has a row")
    }

    fn folded(&self) -> RowLeaf {
        if self.delta.is_empty() {
            return self.clone();
        }
        self.fold(1).pop().expect("a leaf in a tree has a row")
    }

    fn encode(&self) -> Arc<[u8]> {
        assert!(self.delta.is_empty(), "a leaf is folded before it is stored");
        Arc::clone(&self.base().block)
    }

    fn decode(block: &Arc<[u8]>) -> Result<RowLeaf> {
        Base::decode(block).map(RowLeaf::from_base)
    }

    fn check(&self, report: &mut dyn FnMut(String)) -> Option<KeyRange<i64>> {
        let (mut row, mut index) = (0, 0);
        let mut live = 0;
        let mut last = None;
        while let Some(place) = self.settle_forward(&mut row, &mut index) {
            let rowid = self.rowid(place);
            if last.is_some_and(|last| rowid <= last) {
                report(format!("row {rowid} out of order"));
            }
            last = Some(rowid);
            live += 1;
            match place {
                Place::Base(_) => row += 1,
                Place::Delta(_) => index += 1,
            }
        }
        if live != self.live {
            report(format!("{live} rows where the leaf counts {}", self.live));
        }
        self.first_rowid().zip(last)
    }

    fn to_cached(node: Arc<Node<RowLeaf>>) -> CachedNode {
        CachedNode::Row(node)
    }

    fn from_cached(node: &CachedNode) -> Option<&Arc<Node<RowLeaf>>> {
        match node {
            CachedNode::Row(node) => Some(node),
            CachedNode::Key(_) => None,
        }
    }
}

impl Separators<i64> for Vec<i64> {
    fn len(&self) -> usize {
        self.len()
    }

    fn get(&self, index: usize) -> &i64 {
        &self[index]
    }

    fn find(&self, rowid: &i64) -> usize {
        match self.last() {
            Some(last) if rowid < last => self.partition_point(|separator| separator <= rowid),
            _ => self.len(),
        }
    }

    fn insert(&mut self, index: usize, rowid: &i64) {
        Vec::insert(self, index, *rowid);
    }

    fn remove(&mut self, index: usize) {
        Vec::remove(self, index);
    }

    fn split_off(&mut self, index: usize) -> Vec<i64> {
        Vec::split_off(self, index)
    }

    fn append(&mut self, other: &Vec<i64>) {
        self.extend_from_slice(other);
    }

    fn memory(&self) -> usize {
        self.len() * size_of::<i64>()
    }

    fn encode(&self, out: &mut Vec<u8>) {
        for separator in self {
            out.extend_from_slice(&separator.to_le_bytes());
        }
    }

    fn decode(bytes: &[u8], count: usize) -> Option<Vec<i64>> {
        if bytes.len() != count.checked_mul(8)? {
            return None;
        }
        let separators: Vec<i64> = bytes
            .chunks_exact(8)
            .map(|bytes| i64::from_le_bytes(bytes.try_into().expect("chunks of 8")))
            .collect();
        separators.is_sorted_by(|a, b| a < b).then_some(separators)
    }
}
