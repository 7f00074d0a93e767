//! `RowTree`: the rows of a rowid table.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use pluresdb_store::BlockId;
use pluresdb_value::{ValueRef, record, record::Record};

use crate::{
    Result, TreeError,
    btree::{Path, Purpose, Tree},
    key::tree::{join_root, split_root},
    node::{Inner, Leaf, Link, Node, Separators, Side},
    overflow::{Overflow, WideValues, chunk_count},
    pager::Pager,
    row::{
        base::{Cell, MAX_SLOTS, Wide},
        leaf::{Place, RowLeaf, TARGET_BYTES, encode_cells, step},
        row_cache::{RowCache, RowCacheOf},
    },
    write_back::Destination,
};

/// Longest text or blob that lies in a leaf.
pub(crate) const MAX_VALUE_INLINE: usize = TARGET_BYTES / 8;
/// A record longer than this keeps only short values.
const MAX_RECORD_INLINE: usize = TARGET_BYTES / 2;
const MAX_VALUE_INLINE_IN_LONG_RECORD: usize = 512;

/// `Clone` is O(1) and is a snapshot: later changes to either are not seen by the other.
#[derive(Clone, Default)]
pub struct RowTree {
    /// Changed only by way of `changing`.
    pub(crate) tree: Tree<RowLeaf>,
    pub(crate) overflow: Overflow,
    pub(crate) last: LastRowid,
    cache: RowCacheOf,
}

/// The greatest rowid, once somebody has asked for it: who appends asks before each row.
pub(crate) struct LastRowid(AtomicI64);

impl LastRowid {
    /// A table whose greatest rowid is this one asks the tree each time.
    const UNKNOWN: i64 = i64::MIN;

    #[inline]
    fn get(&self) -> Option<i64> {
        let last = self.0.load(Ordering::Relaxed);
        (last != LastRowid::UNKNOWN).then_some(last)
    }

    /// Readers of one version may find out together: all of them find the same.
    #[inline]
    fn learn(&self, last: i64) {
        self.0.store(last, Ordering::Relaxed);
    }

    #[inline]
    pub(crate) fn note_put(&mut self, rowid: i64) {
        let last = self.0.get_mut();
        if *last != LastRowid::UNKNOWN && *last < rowid {
            *last = rowid;
        }
    }

    #[inline]
    pub(crate) fn note_deleted(&mut self, rowid: i64) {
        if *self.0.get_mut() <= rowid {
            *self = LastRowid::default();
        }
    }
}

impl Default for LastRowid {
    fn default() -> LastRowid {
        LastRowid(AtomicI64::new(LastRowid::UNKNOWN))
    }
}

impl Clone for LastRowid {
    fn clone(&self) -> LastRowid {
        LastRowid(AtomicI64::new(self.0.load(Ordering::Relaxed)))
    }
}

impl RowTree {
    pub fn new() -> RowTree {
        RowTree::default()
    }

    /// The tree that `encode_root` described; reads no block.
    pub fn decode_root(root: &[u8]) -> Result<RowTree> {
        let (tree, overflow) = split_root(root)?;
        let (tree, overflow) = (Tree::decode_root(tree)?, Overflow::decode_root(overflow)?);
        Ok(RowTree { tree, overflow, last: LastRowid::default(), cache: RowCacheOf::default() })
    }

    /// The bytes that find this tree again, 43 of them; the tree must be written back.
    pub fn encode_root(&self) -> Vec<u8> {
        join_root(&self.tree, &self.overflow)
    }

    pub fn count(&self) -> u64 {
        self.tree.count
    }

    /// For a change of what the tree holds: what was kept of the version before is let go of.
    #[inline]
    pub(crate) fn changing(&mut self) -> &mut Tree<RowLeaf> {
        self.cache.forget();
        &mut self.tree
    }

    /// Rows of just this version that were looked up lately. None as long as it is not worth its while.
    #[inline]
    pub fn row_cache(&self) -> Option<&Arc<RowCache>> {
        self.cache.get()
    }

    /// The row was looked up for itself, without a row cache. It has at most so many slots.
    #[inline]
    pub fn note_lookup(&self, pager: &Pager, row: &RowView, slots: usize) {
        self.cache.note_lookup(row, slots, self.count(), pager.cache_size());
    }

    pub fn is_empty(&self) -> bool {
        self.tree.root.is_none()
    }

    pub fn is_dirty(&self) -> bool {
        self.tree.is_dirty() || self.overflow.chunks.is_dirty()
    }

    /// Inserts or replaces. `record` is in record encoding, position i for slot i.
    pub fn put(&mut self, pager: &Pager, rowid: i64, record: &[u8]) -> Result<()> {
        check_record(record)?;
        self.put_encoded(pager, rowid, record, false)
    }

    /// `put` of a record that was just encoded, of at most as many slots as a leaf takes. `replaces`: the row is there.
    pub fn put_encoded(&mut self, pager: &Pager, rowid: i64, record: &[u8], replaces: bool) -> Result<()> {
        debug_assert!(check_record(record).is_ok(), "a record just encoded can be read");
        let purpose = if replaces { Purpose::Replace } else { Purpose::Insert };
        if record.len() <= MAX_VALUE_INLINE && self.overflow.is_empty() {
            if !self.put_in_place(rowid, record, replaces) {
                self.changing().change(pager, &rowid, purpose, |leaf| leaf.put(rowid, record, false))?;
            }
            self.last.note_put(rowid);
            return Ok(());
        }
        // Replaced only when all has gone well: a failed write must not leave chunks that no row refers to.
        let mut overflow = self.overflow.clone();
        let cut = cut_wide_values(pager, &mut overflow, record)?;
        self.free_wide_values(pager, &mut overflow, rowid)?;
        let (kept, is_wide) = match &cut {
            Some(cut) => (&cut[..], true),
            None => (record, false),
        };
        self.changing().change(pager, &rowid, purpose, |leaf| leaf.put(rowid, kept, is_wide))?;
        self.overflow = overflow;
        self.last.note_put(rowid);
        Ok(())
    }

    /// What most puts of a transaction are: rows written over in its own leaves, or coming behind the last one. False, and
    /// nothing done, of others.
    #[inline]
    fn put_in_place(&mut self, rowid: i64, record: &[u8], replaces: bool) -> bool {
        if replaces {
            let choose = |inner: &Inner<RowLeaf>| inner.separators.find(&rowid);
            return self.changing().change_in_place(choose, |leaf| leaf.replace(rowid, record));
        }
        let is_last = self.last.get().is_some_and(|last| last < rowid);
        let choose = |inner: &Inner<RowLeaf>| inner.children.len() - 1;
        is_last && self.changing().change_in_place(choose, |leaf| leaf.append(rowid, record))
    }

    fn free_wide_values(&self, pager: &Pager, overflow: &mut Overflow, rowid: i64) -> Result<()> {
        if self.overflow.is_empty() {
            return Ok(());
        }
        if let Some(node) = self.tree.find_leaf(pager, &rowid)? {
            for wide in node.leaf().wide_values(rowid) {
                overflow.free(pager, wide.number, wide.len)?;
            }
        }
        Ok(())
    }

    /// False when there is no such row.
    pub fn delete(&mut self, pager: &Pager, rowid: i64) -> Result<bool> {
        self.last.note_deleted(rowid);
        if self.overflow.is_empty() {
            return self.changing().change(pager, &rowid, Purpose::Delete, |leaf| leaf.delete(rowid));
        }
        let mut overflow = self.overflow.clone();
        self.free_wide_values(pager, &mut overflow, rowid)?;
        let is_gone = self.changing().change(pager, &rowid, Purpose::Delete, |leaf| leaf.delete(rowid))?;
        self.overflow = overflow;
        Ok(is_gone)
    }

    /// How many rowids are smaller.
    pub fn rank(&self, pager: &Pager, rowid: i64) -> Result<u64> {
        self.tree.rank(pager, &rowid, |leaf| leaf.rank(rowid))
    }

    pub fn contains(&self, pager: &Pager, rowid: i64) -> Result<bool> {
        let found = self.tree.look(pager, &rowid, |leaf| leaf.find(rowid).is_some())?;
        Ok(found.unwrap_or(false))
    }

    /// Reads one row in place; None when there is no such row.
    #[inline]
    pub fn read<R, E: From<TreeError>>(
        &self,
        pager: &Pager,
        rowid: i64,
        read: impl FnOnce(&RowInPlace<'_>) -> std::result::Result<R, E>,
    ) -> std::result::Result<Option<R>, E> {
        let found = self.tree.look(pager, &rowid, |leaf| {
            let place = leaf.find(rowid)?;
            Some(read(&RowInPlace { tree: self, pager, leaf, place, wide: WideValues::default() }))
        })?;
        found.flatten().transpose()
    }

    pub fn get(&self, pager: &Arc<Pager>, rowid: i64) -> Result<Option<RowView>> {
        let Some(node) = self.tree.find_leaf(pager, &rowid)? else { return Ok(None) };
        let Some(place) = node.leaf().find(rowid) else { return Ok(None) };
        let overflow = (!self.overflow.is_empty()).then(|| (self.overflow.clone(), Arc::clone(pager)));
        Ok(Some(RowView { node, place, overflow, wide: WideValues::default() }))
    }

    /// The same, where no block has to be read for it; None also when one would.
    pub fn get_in_memory(&self, pager: &Arc<Pager>, rowid: i64) -> Option<RowView> {
        let node = self.tree.find_leaf_in_memory(&rowid)?;
        let place = node.leaf().find(rowid)?;
        let overflow = (!self.overflow.is_empty()).then(|| (self.overflow.clone(), Arc::clone(pager)));
        Some(RowView { node, place, overflow, wide: WideValues::default() })
    }

    pub fn first_rowid(&self, pager: &Pager) -> Result<Option<i64>> {
        Ok(self.tree.look_at_edge(pager, Side::Left, RowLeaf::first_rowid)?.flatten())
    }

    pub fn last_rowid(&self, pager: &Pager) -> Result<Option<i64>> {
        if let Some(last) = self.last.get() {
            return Ok(Some(last));
        }
        let last = self.tree.look_at_edge(pager, Side::Right, RowLeaf::last_rowid)?.flatten();
        if let Some(last) = last {
            self.last.learn(last);
        }
        Ok(last)
    }

    /// The rowid with `offset` rows before it.
    pub fn nth(&self, pager: &Pager, offset: u64) -> Result<Option<i64>> {
        let mut path = Path::default();
        path.reset(&self.tree);
        let Some(offset) = path.seek_nth(pager, offset)? else { return Ok(None) };
        Ok(path.leaf.and_then(|node| node.leaf().nth(offset as usize)))
    }

    /// Removes every row; the blocks go to the freed list. Also how a table is dropped.
    pub fn clear(&mut self, pager: &Pager) -> Result<()> {
        let mut cleared = self.clone();
        cleared.changing().clear(pager)?;
        cleared.overflow.chunks.clear(pager)?;
        cleared.last = LastRowid::default();
        *self = cleared;
        Ok(())
    }

    /// Builds a tree from rows in ascending rowid order, with full leaves; panics when they are not in order.
    pub fn build_sorted<R: AsRef<[u8]>>(
        pager: &Pager,
        rows: impl IntoIterator<Item = (i64, R)>,
    ) -> Result<RowTree> {
        let mut overflow = Overflow::default();
        let tree = Tree::build(pager, |sink| {
            let mut leaf = RowLeaf::default();
            let mut first = 0;
            let mut last = None;
            for (rowid, record) in rows {
                assert!(last.is_none_or(|last| last < rowid), "rows are built in ascending rowid order");
                last = Some(rowid);
                let record = record.as_ref();
                check_record(record)?;
                if leaf.beyond(&rowid).is_some() {
                    sink(first, std::mem::take(&mut leaf))?;
                }
                if leaf.len() == 0 {
                    first = rowid;
                }
                match cut_wide_values(pager, &mut overflow, record)? {
                    Some(cut) => leaf.put(rowid, &cut, true),
                    None => leaf.put(rowid, record, false),
                }
                for piece in leaf.settle(false) {
                    let piece_first = leaf.separator(&piece);
                    sink(first, std::mem::replace(&mut leaf, piece))?;
                    first = piece_first;
                }
            }
            if leaf.len() > 0 { sink(first, leaf) } else { Ok(()) }
        })?;
        Ok(RowTree { tree, overflow, last: LastRowid::default(), cache: RowCacheOf::default() })
    }

    /// Checkpoint: writes dirty nodes for the next root of the store; returns the root block. Stored nodes stay in the
    /// pager's cache.
    pub fn write_back(&mut self, pager: &Pager) -> Result<Option<BlockId>> {
        self.tree.write_back(pager, Destination::Checkpoint)?;
        self.overflow.write_back(pager, Destination::Checkpoint)?;
        Ok(match self.tree.root {
            Some(Link::Stored(ref stored)) => Some(stored.blocks.id),
            _ => None,
        })
    }

    /// The same for a transaction that is larger than memory: appends the ids of the blocks to `spilled`, to be adopted
    /// at commit or discarded at rollback.
    pub fn spill(&mut self, pager: &Pager, spilled: &mut Vec<BlockId>) -> Result<()> {
        spilled.extend(self.tree.write_back(pager, Destination::Spill)?);
        spilled.extend(self.overflow.write_back(pager, Destination::Spill)?);
        Ok(())
    }

    /// Writes leaves whole that lie in two blocks, for the next root of the store: what VACUUM does. True when there were
    /// any. The tree must be written back.
    pub fn fold_deltas(&mut self, pager: &Pager) -> Result<bool> {
        self.tree.fold_deltas(pager)
    }

    /// Stored blocks that this version replaced since the last call.
    pub fn take_freed(&mut self) -> Vec<BlockId> {
        let mut freed = self.tree.freed.take();
        freed.append(&mut self.overflow.chunks.freed.take());
        freed
    }

    /// integrity_check: reads every block and reports everything that is wrong.
    pub fn verify(&self, pager: &Pager, report: &mut dyn FnMut(String)) {
        let mut chunks = 0;
        self.tree.verify(pager, report, &mut |leaf, report| {
            let (mut row, mut index) = (0, 0);
            while let Some(place) = leaf.settle_forward(&mut row, &mut index) {
                for wide in leaf.wide_values(leaf.rowid(place)) {
                    chunks += chunk_count(wide.len);
                    if let Err(error) = self.overflow.read(pager, wide.number, wide.len) {
                        report(format!("row {}: {error}", leaf.rowid(place)));
                    }
                }
                step(place, &mut row, &mut index);
            }
        });
        self.overflow.verify(pager, chunks, report);
    }
}

/// A bad record would be noticed only when its leaf is folded, far from whoever made it.
fn check_record(record: &[u8]) -> Result<()> {
    let mut slots = 0;
    for value in &Record::new(record)? {
        value?;
        slots += 1;
    }
    if slots > MAX_SLOTS { Err(TreeError::TooBig) } else { Ok(()) }
}

/// Moves wide values to overflow; None when the record has none.
fn cut_wide_values(pager: &Pager, overflow: &mut Overflow, record: &[u8]) -> Result<Option<Vec<u8>>> {
    if record.len() <= MAX_VALUE_INLINE {
        return Ok(None);
    }
    let record = Record::new(record)?;
    let mut cells = Vec::new();
    for value in &record {
        cells.push(Cell::Value(value?));
    }
    let mut is_cut = cut_values(pager, overflow, &mut cells, MAX_VALUE_INLINE)?;
    let kept: usize = cells.iter().map(inline_len).sum();
    if kept > MAX_RECORD_INLINE {
        is_cut |= cut_values(pager, overflow, &mut cells, MAX_VALUE_INLINE_IN_LONG_RECORD)?;
    }
    if !is_cut {
        return Ok(None);
    }
    let mut out = Vec::new();
    encode_cells(&cells, &mut out);
    Ok(Some(out))
}

fn inline_len(cell: &Cell<'_>) -> usize {
    match cell {
        Cell::Value(ValueRef::Text(bytes) | ValueRef::Blob(bytes)) => bytes.len(),
        Cell::Missing | Cell::Value(_) | Cell::Wide(_) => 8,
    }
}

fn cut_values(
    pager: &Pager,
    overflow: &mut Overflow,
    cells: &mut [Cell<'_>],
    max_inline: usize,
) -> Result<bool> {
    let mut is_cut = false;
    for cell in cells {
        let (bytes, is_text) = match *cell {
            Cell::Value(ValueRef::Text(text)) => (text, true),
            Cell::Value(ValueRef::Blob(blob)) => (blob, false),
            Cell::Missing | Cell::Value(_) | Cell::Wide(_) => continue,
        };
        if bytes.len() > max_inline {
            let number = overflow.write(pager, bytes)?;
            *cell = Cell::Wide(Wide { number, len: bytes.len() as u64, is_text });
            is_cut = true;
        }
    }
    Ok(is_cut)
}

/// The value of a row at a slot, read from overflow blocks when it lies there.
#[inline(always)]
pub(crate) fn column_of<'a>(
    leaf: &'a RowLeaf,
    place: Place,
    slot: usize,
    wide_values: &'a WideValues,
    read: impl FnOnce(Wide) -> Result<Box<[u8]>>,
) -> Result<Option<ValueRef<'a>>> {
    if let Some(value) = leaf.value(place, slot)? {
        return Ok(Some(value));
    }
    let Some(wide) = leaf.wide_value(place, slot)? else { return Ok(None) };
    let bytes = wide_values.get_or_read(slot, || read(wide))?;
    Ok(Some(if wide.is_text { ValueRef::Text(bytes) } else { ValueRef::Blob(bytes) }))
}

/// Appends the row at `place` in record encoding.
pub(crate) fn write_record<'a>(
    leaf: &'a RowLeaf,
    place: Place,
    out: &mut Vec<u8>,
    column: impl Fn(usize) -> Result<Option<ValueRef<'a>>>,
) -> Result<()> {
    if let Some(entry) = place.entry()
        && !leaf.delta.is_wide(entry)
    {
        out.extend_from_slice(leaf.delta.bytes_of(entry));
        return Ok(());
    }
    if let Place::Base(row) = place
        && !leaf.base().has_wide
    {
        leaf.base().write_record(row as usize, out);
        return Ok(());
    }
    let mut values = Vec::new();
    let mut cells = Vec::new();
    leaf.cells(place, &mut cells);
    for slot in 0..cells.len() {
        values.push(column(slot)?.unwrap_or(ValueRef::Null));
    }
    record::encode(values.iter().copied(), out);
    Ok(())
}

/// One row, found by rowid, for as long as its tree is looked at.
pub struct RowInPlace<'a> {
    tree: &'a RowTree,
    pager: &'a Pager,
    leaf: &'a RowLeaf,
    place: Place,
    wide: WideValues,
}

impl RowInPlace<'_> {
    /// None: the row was written before the slot existed.
    #[inline]
    pub fn column(&self, slot: usize) -> Result<Option<ValueRef<'_>>> {
        column_of(self.leaf, self.place, slot, &self.wide, |wide| {
            self.tree.overflow.read(self.pager, wide.number, wide.len)
        })
    }

    /// Appends the row in record encoding.
    #[inline]
    pub fn to_record(&self, out: &mut Vec<u8>) -> Result<()> {
        write_record(self.leaf, self.place, out, |slot| self.column(slot))
    }
}

/// One row, found by rowid. Holds the leaf it lies in; nothing is copied.
pub struct RowView {
    node: Arc<Node<RowLeaf>>,
    place: Place,
    /// Present when the table has overflow values at all.
    overflow: Option<(Overflow, Arc<Pager>)>,
    wide: WideValues,
}

impl RowView {
    #[inline]
    pub fn rowid(&self) -> i64 {
        self.node.leaf().rowid(self.place)
    }

    /// None: the row was written before the slot existed.
    #[inline]
    pub fn column(&self, slot: usize) -> Result<Option<ValueRef<'_>>> {
        let leaf = self.node.leaf();
        if let Place::Base(row) = self.place {
            leaf.base().ask_text(slot, row as usize);
        }
        column_of(leaf, self.place, slot, &self.wide, |wide| {
            let (overflow, pager) = self
                .overflow
                .as_ref()
                .ok_or_else(|| TreeError::corrupt("a wide value in a table without overflow"))?;
            overflow.read(pager, wide.number, wide.len)
        })
    }

    /// The value, None where the row was written before the slot existed. None of all: the value does not lie in the leaf,
    /// or cannot be read.
    pub(crate) fn value_in_leaf(&self, slot: usize) -> Option<Option<ValueRef<'_>>> {
        let leaf = self.node.leaf();
        let value = leaf.value(self.place, slot).ok()?;
        if value.is_none() && leaf.wide_value(self.place, slot).ok()?.is_some() {
            return None;
        }
        Some(value)
    }

    /// Appends the row in record encoding.
    pub fn to_record(&self, out: &mut Vec<u8>) -> Result<()> {
        write_record(self.node.leaf(), self.place, out, |slot| self.column(slot))
    }
}
