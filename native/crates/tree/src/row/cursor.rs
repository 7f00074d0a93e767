//! `RowCursor`: a place in one version of a rowid table.
//!
//! Within a leaf the cursor keeps a position in the base and one among the added rows, both past all that lies before
//! its row; `RowLeaf::settle_forward` and `settle_backward` tell which of the two is next.

use std::{ops::Range, sync::Arc};

use pluresdb_value::ValueRef;

use crate::{
    Result,
    btree::Path,
    node::{Leaf, Node, Side},
    overflow::{Overflow, WideValues},
    pager::Pager,
    row::{
        ahead,
        lane::LeafView,
        leaf::{Place, RowLeaf, step},
        tree::{RowTree, column_of, write_record},
    },
};

/// Owns its snapshot, so it may outlive the tree it was made from, and move to another thread.
#[derive(Default)]
pub struct RowCursor {
    pager: Option<Arc<Pager>>,
    path: Path<RowLeaf>,
    overflow: Overflow,
    /// The row it stands on; None when it stands nowhere.
    place: Option<Place>,
    row: usize,
    index: usize,
    wide: WideValues,
    /// Rowids that will be sought, with their leaves; the next one last.
    expected: Vec<(i64, Arc<Node<RowLeaf>>)>,
    /// Of no meaning: room for the leaves of `expected`.
    leaves: Vec<Arc<Node<RowLeaf>>>,
}

/// A value in overflow blocks, as its row tells of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WideShape {
    /// Bytes.
    pub len: u64,
    /// Else it is a blob.
    pub is_text: bool,
}

/// Rows that can be expected at a time.
pub const MOST_EXPECTED: usize = 8;

/// A tree of fewer levels has a thousand blocks at most: there the processor waits for less than expecting costs.
const LEVELS_BEYOND_CACHES: u8 = 4;

impl RowCursor {
    /// A cursor that stands nowhere yet.
    pub fn new(tree: &RowTree, pager: Arc<Pager>) -> RowCursor {
        let mut cursor = RowCursor { pager: Some(pager), ..RowCursor::default() };
        cursor.path.reset(&tree.tree);
        cursor.overflow.clone_from(&tree.overflow);
        cursor
    }

    /// A cursor over nothing, to be `reset` later.
    pub fn closed() -> RowCursor {
        RowCursor::default()
    }

    /// Looks at another tree or version from now on; stands nowhere.
    pub fn reset(&mut self, tree: &RowTree, pager: &Arc<Pager>) {
        self.leave();
        self.expected.clear();
        self.path.reset(&tree.tree);
        self.overflow.clone_from(&tree.overflow);
        if !self.pager.as_ref().is_some_and(|own| Arc::ptr_eq(own, pager)) {
            self.pager = Some(Arc::clone(pager));
        }
    }

    /// Lets go of the snapshot; keeps its buffers for the next `reset`.
    pub fn close(&mut self) {
        self.leave();
        self.expected.clear();
        self.path.close();
        self.overflow = Overflow::default();
    }

    #[inline]
    fn leave(&mut self) {
        self.place = None;
        self.wide.forget();
    }

    #[inline]
    fn current(&self) -> &RowLeaf {
        self.path.leaf.as_ref().expect("the cursor stands in a leaf").leaf()
    }

    #[inline]
    fn here(&self) -> Place {
        self.place.expect("the cursor stands on a row")
    }

    /// Stands on the first row from the two positions on, in this leaf or the next.
    #[inline]
    fn settle_forward(&mut self) -> Result<bool> {
        let Some(node) = &self.path.leaf else { return Ok(false) };
        self.place = node.leaf().settle_forward(&mut self.row, &mut self.index);
        if self.place.is_some() { Ok(true) } else { self.enter_right() }
    }

    #[inline]
    fn settle_backward(&mut self) -> Result<bool> {
        let Some(node) = &self.path.leaf else { return Ok(false) };
        self.place = node.leaf().settle_backward(&mut self.row, &mut self.index);
        if self.place.is_some() { Ok(true) } else { self.enter_left() }
    }

    /// Goes on to the first row of the leaf to the right.
    fn enter_right(&mut self) -> Result<bool> {
        self.place = None;
        let Some(pager) = &self.pager else { return Ok(false) };
        while self.path.advance(pager, Side::Right)? {
            (self.row, self.index) = (0, 0);
            let Some(node) = &self.path.leaf else { break };
            self.place = node.leaf().settle_forward(&mut self.row, &mut self.index);
            if self.place.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn enter_left(&mut self) -> Result<bool> {
        self.place = None;
        let Some(pager) = &self.pager else { return Ok(false) };
        while self.path.advance(pager, Side::Left)? {
            let Some(node) = &self.path.leaf else { break };
            let leaf = node.leaf();
            (self.row, self.index) = (leaf.base_rows(), leaf.delta.added_len());
            self.place = leaf.settle_backward(&mut self.row, &mut self.index);
            if self.place.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    pub fn first(&mut self) -> Result<bool> {
        self.leave();
        let Some(pager) = &self.pager else { return Ok(false) };
        self.path.seek_edge(pager, Side::Left)?;
        (self.row, self.index) = (0, 0);
        self.settle_forward()
    }

    pub fn last(&mut self) -> Result<bool> {
        self.leave();
        let Some(pager) = &self.pager else { return Ok(false) };
        self.path.seek_edge(pager, Side::Right)?;
        if let Some(node) = &self.path.leaf {
            (self.row, self.index) = (node.leaf().base_rows(), node.leaf().delta.added_len());
        }
        self.settle_backward()
    }

    /// Has the processor fetch the rows that are about to be sought, in this order, with the values at these slots.
    pub fn expect(&mut self, rowids: &[i64], slots: &[usize]) {
        self.expected.clear();
        if self.path.height() < LEVELS_BEYOND_CACHES {
            return;
        }
        let mut keys = [&0; MOST_EXPECTED];
        for (key, rowid) in keys.iter_mut().zip(rowids) {
            *key = rowid;
        }
        let count = rowids.len().min(MOST_EXPECTED);
        self.path.leaves_in_memory::<MOST_EXPECTED>(&keys[..count], &mut self.leaves);
        ahead::fetch_rows(&self.leaves, rowids, slots);
        self.expected.extend(rowids.iter().copied().zip(self.leaves.drain(..)));
        self.expected.reverse();
    }

    /// Whether a rowid lies in the leaf that the cursor stands in; not said of all that do.
    #[inline]
    pub fn is_in_leaf(&self, rowid: i64) -> bool {
        self.place.is_some() && self.current().surrounds(rowid)
    }

    /// Goes to the leaf for `rowid`; false when the tree is empty.
    fn seek_leaf(&mut self, rowid: i64) -> Result<bool> {
        // The next rowid is often in the same leaf.
        let stays = self.is_in_leaf(rowid);
        self.leave();
        // Those before it were not sought after all.
        let expected = self.expected.iter().rposition(|(expected, _)| *expected == rowid).and_then(|place| {
            self.expected.truncate(place + 1);
            self.expected.pop()
        });
        if stays {
            return Ok(true);
        }
        if let Some((_, leaf)) = expected {
            self.path.enter(leaf);
            return Ok(true);
        }
        let Some(pager) = &self.pager else { return Ok(false) };
        self.path.seek(pager, &rowid)
    }

    pub fn seek_ge(&mut self, rowid: i64) -> Result<bool> {
        if !self.seek_leaf(rowid)? {
            return Ok(false);
        }
        (self.row, self.index) = self.current().lower_bounds(rowid);
        self.settle_forward()
    }

    pub fn seek_le(&mut self, rowid: i64) -> Result<bool> {
        if !self.seek_leaf(rowid)? {
            return Ok(false);
        }
        let leaf = self.current();
        let row = leaf.base.as_ref().map_or(0, |base| {
            let row = base.lower_bound(rowid);
            row + usize::from(row < base.rows && base.rowid(row) == rowid)
        });
        let index = leaf.delta.find_added(rowid).map_or_else(|index| index, |index| index + 1);
        (self.row, self.index) = (row, index);
        self.settle_backward()
    }

    /// False leaves the cursor standing nowhere.
    pub fn seek_exact(&mut self, rowid: i64) -> Result<bool> {
        if !self.seek_leaf(rowid)? {
            return Ok(false);
        }
        match self.current().find(rowid) {
            Some(place) => {
                self.take_place(place);
                Ok(true)
            }
            None => {
                (self.place, self.row, self.index) = (None, 0, 0);
                Ok(false)
            }
        }
    }

    /// Stands on the row with `offset` rows before it.
    pub fn seek_nth(&mut self, offset: u64) -> Result<bool> {
        self.leave();
        let Some(pager) = &self.pager else { return Ok(false) };
        let Some(offset) = self.path.seek_nth(pager, offset)? else { return Ok(false) };
        (self.row, self.index) = (0, 0);
        if self.current().delta.is_empty() {
            self.row = offset as usize;
            return self.settle_forward();
        }
        let mut is_there = self.settle_forward()?;
        for _ in 0..offset {
            is_there = is_there && self.next()?;
        }
        Ok(is_there)
    }

    #[allow(
        clippy::should_implement_trait,
        reason = "a cursor lends what it stands on, so it is no iterator"
    )]
    #[inline]
    pub fn next(&mut self) -> Result<bool> {
        self.wide.forget();
        match self.place {
            None => return Ok(false),
            Some(place) => step(place, &mut self.row, &mut self.index),
        }
        self.settle_forward()
    }

    #[inline]
    pub fn prev(&mut self) -> Result<bool> {
        self.wide.forget();
        if self.place.is_none() {
            return Ok(false);
        }
        self.settle_backward()
    }

    /// `next` of a scan that takes leaves whole: those that it comes to are settled.
    #[inline]
    pub fn next_settled(&mut self) -> Result<bool> {
        self.wide.forget();
        match self.place {
            None => return Ok(false),
            Some(place) => step(place, &mut self.row, &mut self.index),
        }
        let Some(node) = &self.path.leaf else { return Ok(false) };
        self.place = node.leaf().settle_forward(&mut self.row, &mut self.index);
        if self.place.is_some() {
            return Ok(true);
        }
        let found = self.enter_right()?;
        if found {
            self.settle_leaf();
        }
        Ok(found)
    }

    /// The same backwards.
    #[inline]
    pub fn prev_settled(&mut self) -> Result<bool> {
        self.wide.forget();
        if self.place.is_none() {
            return Ok(false);
        }
        let Some(node) = &self.path.leaf else { return Ok(false) };
        self.place = node.leaf().settle_backward(&mut self.row, &mut self.index);
        if self.place.is_some() {
            return Ok(true);
        }
        let found = self.enter_left()?;
        if found {
            self.settle_leaf();
        }
        Ok(found)
    }

    #[inline]
    pub fn is_valid(&self) -> bool {
        self.place.is_some()
    }

    /// The cursor must be valid.
    #[inline]
    pub fn rowid(&self) -> i64 {
        self.current().rowid(self.here())
    }

    /// The cursor must be valid. None: the row was written before the slot existed. Values in overflow blocks are read
    /// when they are asked for, and kept until the cursor moves.
    #[inline(always)]
    pub fn column(&self, slot: usize) -> Result<Option<ValueRef<'_>>> {
        column_of(self.current(), self.here(), slot, &self.wide, |wide| {
            let pager = self.pager.as_ref().expect("a cursor on a row has a pager");
            self.overflow.read(pager, wide.number, wide.len)
        })
    }

    /// Whether values of its table may lie in overflow blocks.
    #[inline]
    pub fn may_have_wide(&self) -> bool {
        !self.overflow.is_empty()
    }

    /// What is known of a value in overflow blocks without reading it; None where the value lies elsewhere. The cursor must
    /// be valid.
    pub fn wide(&self, slot: usize) -> Result<Option<WideShape>> {
        if !self.may_have_wide() {
            return Ok(None);
        }
        let wide = self.current().wide_value(self.here(), slot)?;
        Ok(wide.map(|wide| WideShape { len: wide.len, is_text: wide.is_text }))
    }

    /// Some bytes of a value in overflow blocks, of which no others are read; None where the value lies elsewhere. The cursor
    /// must be valid.
    pub fn wide_part(&self, slot: usize, part: Range<u64>) -> Result<Option<Vec<u8>>> {
        let (Some(pager), Some(wide)) = (&self.pager, self.current().wide_value(self.here(), slot)?) else {
            return Ok(None);
        };
        self.overflow.read_part(pager, wide.number, wide.len, part).map(Some)
    }

    /// The cursor must be valid. Appends the row in record encoding.
    pub fn to_record(&self, out: &mut Vec<u8>) -> Result<()> {
        write_record(self.current(), self.here(), out, |slot| self.column(slot))
    }

    /// The leaf of the row, as columns; the cursor must be valid.
    pub fn leaf(&self) -> LeafView<'_> {
        let _ = self.here();
        LeafView { leaf: self.current() }
    }

    /// Goes to the first row of the next leaf: how whole leaves are scanned. `slots` are those that will be read of it.
    pub fn next_leaf(&mut self, slots: &[usize]) -> Result<bool> {
        self.wide.forget();
        if self.place.is_none() {
            return Ok(false);
        }
        self.path.look_ahead(|leaves| ahead::fetch(leaves, slots), |leaves| ahead::ask(leaves, slots));
        self.enter_right()
    }

    /// Gets the leaf ready to be read by columns: rows that a delta block holds join the base, and where no block has them yet,
    /// once a leaf is read a second time. The cursor must be valid.
    #[inline]
    pub fn settle_leaf(&mut self) {
        if !self.current().delta.is_empty() {
            self.fold_leaf();
        }
    }

    #[cold]
    fn fold_leaf(&mut self) {
        let rowid = self.rowid();
        let (Some(node), Some(pager)) = (&self.path.leaf, &self.pager) else { return };
        if let Some(node) = pager.for_scans(node) {
            self.path.leaf = Some(node);
            let place = self.current().find(rowid).expect("the row is in either form of the leaf");
            self.take_place(place);
        }
    }

    /// Places in the base of the rows from this one on, up to the rowid `high` and `limit` of them; None when the leaf
    /// has a delta or values in overflow blocks. The cursor must be valid.
    pub fn plain_run(&self, high: i64, limit: usize) -> Option<Range<usize>> {
        let Place::Base(row) = self.here() else { return None };
        let leaf = self.current();
        let base = leaf.base();
        if !leaf.delta.is_empty() || base.has_wide {
            return None;
        }
        let row = row as usize;
        let end = high.checked_add(1).map_or(base.rows, |above| base.lower_bound(above));
        Some(row..end.min(row.saturating_add(limit)))
    }

    /// As `plain_run`, of the rows from this one back, down to the rowid `low`.
    pub fn plain_run_back(&self, low: i64, limit: usize) -> Option<Range<usize>> {
        let Place::Base(row) = self.here() else { return None };
        let leaf = self.current();
        let base = leaf.base();
        if !leaf.delta.is_empty() || base.has_wide {
            return None;
        }
        let end = row as usize + 1;
        Some(base.lower_bound(low).max(end.saturating_sub(limit))..end)
    }

    /// Goes back by so many rows of `plain_run_back`.
    pub fn skip_back(&mut self, count: usize) {
        self.wide.forget();
        let Place::Base(row) = self.here() else { return };
        self.take_place(Place::Base(row - count as u32));
    }

    /// Goes on by so many rows of `plain_run`.
    pub fn skip(&mut self, count: usize) {
        self.wide.forget();
        self.row += count;
        self.place = Some(Place::Base(self.row as u32));
    }

    /// Position of the row in its leaf's base or delta; the cursor must be valid.
    pub fn position(&self) -> RowPosition {
        RowPosition::of(self.here())
    }

    /// Goes to another row of the leaf it stands in; the cursor must be valid, and so must the position.
    pub fn stand_on(&mut self, position: RowPosition) {
        let _ = self.here();
        self.wide.forget();
        let place = match position {
            RowPosition::Base(row) => Place::Base(row),
            RowPosition::Delta(entry) => self.current().place_of_entry(entry as usize),
        };
        self.take_place(place);
    }

    /// Stands on a row of the present leaf, with both positions past what lies before it.
    #[inline]
    fn take_place(&mut self, place: Place) {
        let leaf = self.current();
        let (row, index) = match place {
            Place::Base(row) if leaf.delta.added_len() == 0 => (row as usize, 0),
            Place::Base(row) => (row as usize, leaf.delta.lower_bound(leaf.rowid(place))),
            Place::Patch(_) | Place::Added(_) => leaf.lower_bounds(leaf.rowid(place)),
        };
        (self.place, self.row, self.index) = (Some(place), row, index);
    }

    /// Rows in the leaf the cursor stands in; the cursor must be valid.
    pub fn leaf_len(&self) -> usize {
        self.current().len()
    }
}

/// Where a row stands in its `LeafView`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowPosition {
    Base(u32),
    /// An entry of the delta.
    Delta(u32),
}

impl RowPosition {
    #[inline]
    pub(crate) fn of(place: Place) -> RowPosition {
        match place {
            Place::Base(row) => RowPosition::Base(row),
            Place::Patch(entry) | Place::Added(entry) => RowPosition::Delta(entry),
        }
    }
}
