//! The leaf of a rowid table: a columnar base shared with every copy, and a row delta in front that takes all writes.
//!
//! A write goes to the delta. A delta that has grown large is folded: base and delta become a new base, or several
//! when one would be too large. A leaf that a snapshot holds is copied by each transaction that writes to it; once its
//! delta has been copied so often that a fold would have cost no more, it is folded then.
//!
//! On disk a leaf is a base block and, when few rows have changed since that was written, a delta block beside it. A leaf
//! remembers its base block through all folds in memory, for as long as the rows that differ from it fit a delta block.
//!
//! Sizes were measured with `examples/tree_bench.rs`.

use std::sync::Arc;

use pluresdb_store::BlockId;
use pluresdb_value::{ValueRef, record};

use crate::{
    Result,
    cache::CachedNode,
    node::{DeltaForm, KeyRange, Leaf, Node, Separators, Side},
    pager::{Charge, Pager},
    row::{
        base::{Base, Cell, Wide},
        delta::{Delta, Patch, write_marker, write_wide_slots},
        delta_block,
        fold::fold,
    },
};

/// Encoded bytes a leaf is meant to have.
pub(crate) const TARGET_BYTES: usize = 32 * 1024;
/// Beyond this a folded leaf is split.
pub(crate) const MAX_BYTES: usize = TARGET_BYTES * 3 / 2;
/// From here on a new leaf starts rather than this one growing at its end.
const FULL_BYTES: usize = TARGET_BYTES * 3 / 4;
/// Rows of a leaf at most, for tables whose rows are tiny.
pub(crate) const MAX_ROWS: usize = 4096;
/// Rows × slots of a leaf at most: columns of NULLs take no bytes in a base, but folding looks at each cell.
const MAX_CELLS: usize = 1 << 16;
/// Delta bytes of a leaf: room for most of its rows as records, so that a transaction that updates them again and again
/// folds once. More would make `is_full` guess too early how large a leaf of new rows becomes.
const DELTA_BYTES: usize = 48 * 1024;
/// A fold takes about as long as copying so many times the bytes of base and delta.
const FOLD_COST: usize = 16;
/// Pieces a fold makes at most; what is still too large is cut at the next fold.
const MAX_PIECES: usize = 4;

#[derive(Clone, Default)]
pub(crate) struct RowLeaf {
    pub(crate) base: Option<Arc<Base>>,
    /// Of a base whose rowids have no gaps, the first one and their number, which else is 0: then a row's position is known
    /// before the base has come from memory.
    dense: (i64, u64),
    pub(crate) delta: Delta,
    pub(crate) live: usize,
    /// Delta bytes that transactions had to copy since the base was built.
    copied_bytes: usize,
    stored: Option<StoredBase>,
    /// The base's share of the pager's dirty bytes.
    charge: Option<Arc<Charge>>,
}

/// A block that has most of a leaf.
#[derive(Clone)]
struct StoredBase {
    block: BlockId,
    /// What was folded into the leaf's base since, as a delta block; None: the base is as the block has it.
    folded: Option<Arc<[u8]>>,
}

/// Where a row stands in its leaf.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// As the base has it.
    Base(u32),
    /// A row of the base, written over: its entry in the delta.
    Patch(u32),
    /// A row that the base does not have: its entry in the delta.
    Added(u32),
}

impl Place {
    /// The entry in the delta.
    #[inline]
    pub(crate) fn entry(self) -> Option<usize> {
        match self {
            Place::Base(_) => None,
            Place::Patch(entry) | Place::Added(entry) => Some(entry as usize),
        }
    }
}

impl RowLeaf {
    pub(crate) fn from_base(base: Base) -> RowLeaf {
        RowLeaf {
            live: base.rows,
            dense: base.dense_rowids().unwrap_or_default(),
            base: Some(Arc::new(base)),
            ..RowLeaf::default()
        }
    }

    /// Whether it is just what the block has.
    pub(crate) fn is_as_in(&self, block: BlockId) -> bool {
        let is_of_block = |stored: &StoredBase| stored.block == block && stored.folded.is_none();
        self.delta.is_empty() && self.stored.as_ref().is_some_and(is_of_block)
    }

    /// The delta block over what is stored; None when there is nothing stored, or when it would be too large.
    fn delta_block(&self) -> Option<(BlockId, Vec<u8>)> {
        let StoredBase { block, folded } = self.stored.as_ref()?;
        Some((*block, delta_block::encode(self, *block, folded.as_deref())?))
    }

    /// What is stored, as seen from a base that has all rows of the delta.
    fn folded_into_stored(&self) -> Option<StoredBase> {
        self.delta_block().map(|(block, delta)| StoredBase { block, folded: Some(delta.into()) })
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
        if let Some(row) = self.find_in_base(rowid) {
            let place = self.place_of_base(row);
            if let Some(Place::Patch(entry)) = place {
                self.delta.ask(entry as usize);
            }
            return place;
        }
        let index = self.delta.find_added(rowid).ok()?;
        Some(Place::Added(self.delta.added(index) as u32))
    }

    #[inline]
    fn find_in_base(&self, rowid: i64) -> Option<usize> {
        let (first, rows) = self.dense;
        if rows > 0 {
            let row = rowid.wrapping_sub(first) as u64;
            return (row < rows).then_some(row as usize);
        }
        self.base.as_deref()?.find(rowid)
    }

    /// Where a row of the base stands now; None when it is gone.
    #[inline]
    fn place_of_base(&self, row: usize) -> Option<Place> {
        match self.delta.patch(row) {
            Patch::Untouched => Some(Place::Base(row as u32)),
            Patch::Entry(entry) => Some(Place::Patch(entry as u32)),
            Patch::Gone => None,
        }
    }

    /// Where the row of an entry of the delta stands.
    pub(crate) fn place_of_entry(&self, entry: usize) -> Place {
        match self.base.as_ref().and_then(|base| base.find(self.delta.rowid(entry))) {
            Some(_) => Place::Patch(entry as u32),
            None => Place::Added(entry as u32),
        }
    }

    /// Whether the rowid lies between rows of the leaf, so that no other leaf can have it. Not said of all that do: only
    /// the base's edges are looked at, and a deleted one says nothing, as a neighbour may have begun before it since.
    #[inline]
    pub(crate) fn surrounds(&self, rowid: i64) -> bool {
        let Some(base) = self.base.as_deref() else { return false };
        let last = base.rows - 1;
        let is_alive = |edge| self.delta.patch(edge) != Patch::Gone;
        base.rowid(0) <= rowid && rowid <= base.rowid(last) && is_alive(0) && is_alive(last)
    }

    /// The value of a row at a slot: None when it is missing, or when it lies in overflow blocks, which
    /// `wide_value` tells.
    #[inline(always)]
    pub(crate) fn value(&self, place: Place, slot: usize) -> Result<Option<ValueRef<'_>>> {
        match place {
            Place::Base(row) => {
                let base = self.base();
                Ok(match base.lanes.get(slot) {
                    Some(lane) => base.lane_value(lane, row as usize),
                    None => None,
                })
            }
            Place::Patch(entry) | Place::Added(entry) => self.delta.value(entry as usize, slot),
        }
    }

    #[inline]
    pub(crate) fn wide_value(&self, place: Place, slot: usize) -> Result<Option<Wide>> {
        let cell = match place {
            Place::Base(row) if self.base().has_wide => self.base().cell(slot, row as usize),
            Place::Patch(entry) | Place::Added(entry) if self.delta.is_wide(entry as usize) => {
                self.delta.cell(entry as usize, slot)?
            }
            Place::Base(_) | Place::Patch(_) | Place::Added(_) => return Ok(None),
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
            Place::Patch(entry) | Place::Added(entry) => self.delta.rowid(entry as usize),
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
            Place::Patch(entry) | Place::Added(entry) => self.delta.is_wide(entry as usize),
        }
    }

    /// Appends the cells of a row, without trailing missing ones.
    pub(crate) fn cells<'a>(&'a self, place: Place, out: &mut Vec<Cell<'a>>) {
        match place {
            Place::Patch(entry) | Place::Added(entry) => {
                self.delta.for_each_cell(entry as usize, |_, cell| out.push(cell));
            }
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
    #[inline]
    pub(crate) fn put(&mut self, rowid: i64, record: &[u8], is_wide: bool) {
        let is_new = match self.base.as_deref().zip(self.find_in_base(rowid)) {
            Some((base, row)) => self.delta.put_over(base, row, rowid, record, is_wide),
            None => {
                let place = self.delta.find_added(rowid);
                self.delta.put_added(place, rowid, record, is_wide);
                place.is_err()
            }
        };
        self.live += usize::from(is_new);
    }

    /// Takes a row that lies behind all others and tells that one came; None, and nothing done, where it has a place in the
    /// base, `settle` would have something to do after that, or another leaf should begin.
    #[inline]
    pub(crate) fn append(&mut self, rowid: i64, record: &[u8]) -> Option<usize> {
        debug_assert!(
            self.last_rowid().is_none_or(|last| last < rowid),
            "row {rowid} lies behind all others"
        );
        // A row that the base has, though deleted, comes back to its place there.
        let is_behind = self.base.as_ref().is_none_or(|base| base.rowid(base.rows - 1) < rowid);
        if !is_behind || self.delta.bytes_with(record) > DELTA_BYTES || self.is_full() {
            return None;
        }
        self.delta.push(rowid, record);
        self.live += 1;
        Some(1)
    }

    /// Writes over a row that is there; None, and nothing done, where `settle` would have something to do after that.
    #[inline]
    pub(crate) fn replace(&mut self, rowid: i64, record: &[u8]) -> Option<usize> {
        if self.delta.bytes_with(record) > DELTA_BYTES {
            return None;
        }
        self.put(rowid, record, false);
        Some(0)
    }

    #[inline]
    pub(crate) fn delete(&mut self, rowid: i64) -> bool {
        let base = self.base.as_deref();
        let is_gone = match base.zip(self.find_in_base(rowid)) {
            Some((base, row)) => self.delta.remove_base(base, row),
            None => match self.delta.find_added(rowid) {
                Ok(index) => {
                    self.delta.remove_added(base, index);
                    true
                }
                Err(_) => false,
            },
        };
        self.live -= usize::from(is_gone);
        is_gone
    }

    pub(crate) fn first_rowid(&self) -> Option<i64> {
        let (mut row, mut index) = (0, 0);
        self.settle_forward(&mut row, &mut index).map(|place| self.rowid(place))
    }

    pub(crate) fn last_rowid(&self) -> Option<i64> {
        let (mut row, mut index) = (self.base_rows(), self.delta.added_len());
        self.settle_backward(&mut row, &mut index).map(|place| self.rowid(place))
    }

    /// How many live rows have a smaller rowid.
    pub(crate) fn rank(&self, rowid: i64) -> usize {
        let row = self.base.as_ref().map_or(0, |base| base.lower_bound(rowid));
        row - self.delta.gone_before(row) + self.delta.lower_bound(rowid)
    }

    /// The rowid of a live row counted from 0.
    pub(crate) fn nth(&self, offset: usize) -> Option<i64> {
        let (mut row, mut index) = (0, 0);
        if self.delta.is_empty() {
            row = offset;
        } else {
            for _ in 0..offset {
                let place = self.settle_forward(&mut row, &mut index)?;
                step(place, &mut row, &mut index);
            }
        }
        self.settle_forward(&mut row, &mut index).map(|place| self.rowid(place))
    }

    /// The first live row among base rows from `row` and added rows from `index` on. Afterwards both stand past
    /// everything that lies before the row, and the one that has the row stands on it.
    #[inline]
    pub(crate) fn settle_forward(&self, row: &mut usize, index: &mut usize) -> Option<Place> {
        let rows = self.base_rows();
        if *index < self.delta.added_len() {
            let entry = self.delta.added(*index);
            let rowid = self.delta.rowid(entry);
            while *row < rows && self.base().rowid(*row) < rowid {
                let place = self.place_of_base(*row);
                if place.is_some() {
                    return place;
                }
                *row += 1;
            }
            return Some(Place::Added(entry as u32));
        }
        while *row < rows {
            let place = self.place_of_base(*row);
            if place.is_some() {
                return place;
            }
            *row += 1;
        }
        None
    }

    /// The last live row among base rows before `row` and added rows before `index`. Afterwards both stand as
    /// `settle_forward` leaves them.
    #[inline]
    pub(crate) fn settle_backward(&self, row: &mut usize, index: &mut usize) -> Option<Place> {
        let added = index.checked_sub(1).map(|last| self.delta.added(last));
        while let Some(last) = row.checked_sub(1)
            && added.is_none_or(|entry| self.base().rowid(last) > self.delta.rowid(entry))
        {
            *row = last;
            let place = self.place_of_base(last);
            if place.is_some() {
                return place;
            }
        }
        let entry = added?;
        *index -= 1;
        Some(Place::Added(entry as u32))
    }

    /// Where `settle_forward` begins for rows from this rowid on.
    #[inline]
    pub(crate) fn lower_bounds(&self, rowid: i64) -> (usize, usize) {
        let row = self.base.as_ref().map_or(0, |base| base.lower_bound(rowid));
        (row, self.delta.lower_bound(rowid))
    }

    /// Encoded bytes of the live rows, about.
    fn live_bytes(&self) -> usize {
        let base =
            self.base.as_ref().map_or(0, |base| base.block.len() * self.live.min(base.rows) / base.rows);
        base + self.delta.heap_len()
    }

    fn is_full(&self) -> bool {
        self.base.as_ref().is_some_and(|base| {
            let rows = base.rows + self.delta.added_len();
            base.block.len() + self.delta.heap_len() / 2 >= FULL_BYTES
                || rows >= MAX_ROWS
                || rows * base.lanes.len() >= MAX_CELLS
        })
    }
}

/// Goes on behind the row that `settle_forward` found.
#[inline]
pub(crate) fn step(place: Place, row: &mut usize, index: &mut usize) {
    match place {
        Place::Base(_) | Place::Patch(_) => *row += 1,
        Place::Added(_) => *index += 1,
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
        let folded = self.stored.as_ref().and_then(|stored| stored.folded.as_ref());
        self.base.as_ref().map_or(0, |base| base.memory())
            + self.delta.memory()
            + folded.map_or(0, |block| block.len())
            + size_of::<RowLeaf>()
    }

    fn own_memory(&self) -> usize {
        self.delta.memory() + size_of::<RowLeaf>()
    }

    fn charge_shared(&mut self, pager: &Pager) {
        if let (Some(base), None) = (&self.base, &self.charge) {
            self.charge = Some(Arc::new(pager.charge(base.memory())));
        }
    }

    fn uncharge_shared(&mut self) {
        self.charge = None;
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
        let bytes = self.delta.bytes();
        if is_shared {
            self.copied_bytes += bytes;
        }
        let base_bytes = self.base.as_ref().map_or(0, |base| base.block.len());
        let is_small = bytes <= DELTA_BYTES && base_bytes <= MAX_BYTES;
        if is_small && self.copied_bytes <= FOLD_COST * (base_bytes + bytes) {
            return Vec::new();
        }
        let mut pieces = fold(self, MAX_PIECES);
        if pieces.is_empty() {
            *self = RowLeaf::default();
            return pieces;
        }
        if let [whole] = &mut pieces[..] {
            whole.stored = self.folded_into_stored();
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
            step(place, &mut row, &mut index);
        }
        Some(joined.folded())
    }

    fn separator(&self, right: &RowLeaf) -> i64 {
        right.first_rowid().expect("a leaf in a tree has a row")
    }

    fn any_key(&self) -> Option<i64> {
        self.first_rowid()
    }

    fn folded(&self) -> RowLeaf {
        if self.delta.is_empty() {
            return self.clone();
        }
        fold(self, 1).pop().expect("a leaf in a tree has a row")
    }

    fn encode(&self) -> Arc<[u8]> {
        assert!(self.delta.is_empty(), "a leaf is folded before it is stored");
        Arc::clone(&self.base().block)
    }

    fn decode(block: &Arc<[u8]>) -> Result<RowLeaf> {
        Base::decode(block).map(RowLeaf::from_base)
    }

    fn note_block(&mut self, block: BlockId) {
        self.stored = Some(StoredBase { block, folded: None });
    }

    fn encode_delta(&self) -> Option<DeltaForm> {
        let StoredBase { block, folded } = self.stored.as_ref()?;
        if self.delta.is_empty() && folded.is_none() {
            return Some(DeltaForm { base: *block, block: None });
        }
        self.delta_block().map(|(base, block)| DeltaForm { base, block: Some(block) })
    }

    fn is_slow_to_scan(&self) -> bool {
        !self.delta.is_empty()
    }

    fn for_scans(&self) -> Option<RowLeaf> {
        if !self.is_slow_to_scan() {
            return None;
        }
        let mut whole = fold(self, 1).pop()?;
        whole.stored = self.folded_into_stored();
        Some(whole)
    }

    fn with_delta(&self, base: BlockId, delta: &[u8]) -> Result<RowLeaf> {
        delta_block::apply(self, base, delta)
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
            step(place, &mut row, &mut index);
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

    /// Two looks, each at several separators side by side: halving would wait for one comparison after the other.
    #[inline(always)]
    fn find(&self, rowid: &i64) -> usize {
        const TOGETHER: usize = 8;
        // Written out for the nodes that there are: of a loop the compiler makes vectors for hundreds of them.
        let Some(last_start) = self.len().checked_sub(TOGETHER).filter(|_| self.len() < 4 * TOGETHER) else {
            return self.partition_point(|separator| separator <= rowid);
        };
        let is_below = |group: usize| {
            self.as_slice().get(group * TOGETHER - 1).is_some_and(|separator| separator <= rowid)
        };
        let groups_below = usize::from(is_below(1)) + usize::from(is_below(2)) + usize::from(is_below(3));
        // The last ones may be looked at once more: then there are always as many, and no branch to be guessed.
        let start = last_start.min(groups_below * TOGETHER);
        let group =
            self[start..].first_chunk::<TOGETHER>().expect("there are as many from the last start on");
        let mut child = start;
        for separator in group {
            child += usize::from(separator <= rowid);
        }
        child
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_child_is_found_as_by_halves() {
        for len in 0..40_i64 {
            let separators: Vec<i64> = (0..len).map(|index| index * 2 - 20).collect();
            for rowid in (-24..=2 * len - 16).chain([i64::MIN, i64::MAX]) {
                let expected = separators.partition_point(|separator| *separator <= rowid);
                assert_eq!(Separators::find(&separators, &rowid), expected, "{rowid} among {len}");
            }
        }
    }
}
