//! `KeyCursor`: a place in one version of a key tree.

use std::sync::Arc;

use crate::{
    Result,
    btree::Path,
    key::{leaf::KeyLeaf, tree::KeyTree},
    node::{Leaf, Node, Side},
    overflow::{Overflow, WideValues},
    pager::Pager,
};

/// Entries of one leaf, one after the other: those behind the first, or those before it, backwards.
#[derive(Clone, Copy)]
pub struct KeyRun<'c> {
    leaf: &'c KeyLeaf,
    start: usize,
    len: usize,
    is_backward: bool,
}

impl<'c> KeyRun<'c> {
    #[allow(clippy::len_without_is_empty, reason = "a run has an entry")]
    #[inline]
    pub fn len(&self) -> usize {
        self.len
    }

    #[inline]
    pub fn key(&self, index: usize) -> &'c [u8] {
        self.leaf.key(self.place(index))
    }

    #[inline]
    fn place(&self, index: usize) -> usize {
        if self.is_backward { self.start - index } else { self.start + index }
    }

    /// None: the value is wide, only a cursor reads it.
    #[inline]
    pub fn value(&self, index: usize) -> Option<&'c [u8]> {
        let index = self.place(index);
        (!self.leaf.is_wide(index)).then(|| self.leaf.value(index))
    }

    /// The first of these entries, those before `end`; an empty `end` is none.
    pub fn before(self, end: &[u8]) -> KeyRun<'c> {
        if end.is_empty() || self.key(self.len - 1) < end {
            return self;
        }
        let len = self.leaf.lower_bound(end).saturating_sub(self.start).min(self.len);
        KeyRun { len, ..self }
    }

    /// Of entries that come backwards: the first of them, as far as they are not before `start`.
    pub fn down_to(self, start: &[u8]) -> KeyRun<'c> {
        if self.key(self.len - 1) >= start {
            return self;
        }
        let len = (self.start + 1).saturating_sub(self.leaf.lower_bound(start)).min(self.len);
        KeyRun { len, ..self }
    }
}

/// The entries of a run, held beyond their cursor's next step.
pub struct HeldRun {
    node: Arc<Node<KeyLeaf>>,
    start: usize,
    len: usize,
    is_backward: bool,
}

impl HeldRun {
    #[inline]
    pub fn run(&self) -> KeyRun<'_> {
        let HeldRun { start, len, is_backward, .. } = *self;
        KeyRun { leaf: self.node.leaf(), start, len, is_backward }
    }
}

/// Owns its snapshot, so it may outlive the tree it was made from, and move to another thread.
#[derive(Default)]
pub struct KeyCursor {
    pager: Option<Arc<Pager>>,
    path: Path<KeyLeaf>,
    overflow: Overflow,
    index: usize,
    /// Entries of the leaf; 0 when the cursor stands nowhere.
    len: usize,
    wide: WideValues,
    /// No entry is as great as this key; empty: not known of any.
    beyond: Vec<u8>,
}

impl KeyCursor {
    /// A cursor that stands nowhere yet.
    pub fn new(tree: &KeyTree, pager: Arc<Pager>) -> KeyCursor {
        let mut cursor = KeyCursor { pager: Some(pager), ..KeyCursor::default() };
        cursor.path.reset(&tree.tree);
        cursor.overflow.clone_from(&tree.overflow);
        cursor
    }

    /// A cursor over nothing, to be `reset` later.
    pub fn closed() -> KeyCursor {
        KeyCursor::default()
    }

    /// Looks at another tree or version from now on; stands nowhere.
    pub fn reset(&mut self, tree: &KeyTree, pager: &Arc<Pager>) {
        self.leave();
        self.beyond.clear();
        self.path.reset(&tree.tree);
        self.overflow.clone_from(&tree.overflow);
        if !self.pager.as_ref().is_some_and(|own| Arc::ptr_eq(own, pager)) {
            self.pager = Some(Arc::clone(pager));
        }
    }

    /// Lets go of the snapshot; keeps its buffers for the next `reset`.
    pub fn close(&mut self) {
        self.leave();
        self.beyond.clear();
        self.path.close();
        self.overflow = Overflow::default();
    }

    fn leave(&mut self) {
        self.len = 0;
        self.wide.forget();
    }

    #[inline]
    fn leaf(&self) -> &KeyLeaf {
        self.path.leaf.as_ref().expect("the cursor stands on an entry").leaf()
    }

    fn enter(&mut self) {
        self.len = self.path.leaf.as_ref().map_or(0, |node| node.leaf().len());
    }

    /// Goes to the leaf for `key`; false when there is none.
    fn seek_leaf(&mut self, key: &[u8]) -> Result<bool> {
        // The next key is often in the same leaf.
        if self.len > 0 && self.leaf().key(0) <= key && key <= self.leaf().key(self.len - 1) {
            self.wide.forget();
            return Ok(true);
        }
        self.leave();
        let Some(pager) = &self.pager else { return Ok(false) };
        self.path.seek(pager, key)?;
        self.enter();
        Ok(self.len > 0)
    }

    fn advance(&mut self, side: Side) -> Result<bool> {
        self.leave();
        let Some(pager) = &self.pager else { return Ok(false) };
        self.path.advance(pager, side)?;
        self.enter();
        self.index = if side == Side::Right { 0 } else { self.len.saturating_sub(1) };
        Ok(self.len > 0)
    }

    fn seek_edge(&mut self, side: Side) -> Result<bool> {
        self.leave();
        let Some(pager) = &self.pager else { return Ok(false) };
        self.path.seek_edge(pager, side)?;
        self.enter();
        self.index = if side == Side::Left { 0 } else { self.len.saturating_sub(1) };
        Ok(self.len > 0)
    }

    pub fn first(&mut self) -> Result<bool> {
        self.seek_edge(Side::Left)
    }

    pub fn last(&mut self) -> Result<bool> {
        self.seek_edge(Side::Right)
    }

    /// Stands on the first of the entries from `index` on.
    fn stand_at(&mut self, index: usize) -> Result<bool> {
        if index < self.len {
            self.index = index;
            return Ok(true);
        }
        self.advance(Side::Right)
    }

    /// Stands on the last of the entries before `index`.
    fn stand_before(&mut self, index: usize) -> Result<bool> {
        if index > 0 {
            self.index = index - 1;
            return Ok(true);
        }
        self.advance(Side::Left)
    }

    pub fn seek_ge(&mut self, key: &[u8]) -> Result<bool> {
        // Who looks up ever greater keys comes to the end, and goes on asking.
        if !self.beyond.is_empty() && key >= &self.beyond[..] {
            self.leave();
            return Ok(false);
        }
        let is_found = self.seek_leaf(key)? && self.stand_at(self.leaf().lower_bound(key))?;
        if !is_found && self.pager.is_some() {
            self.beyond.clear();
            self.beyond.extend_from_slice(key);
        }
        Ok(is_found)
    }

    pub fn seek_gt(&mut self, key: &[u8]) -> Result<bool> {
        Ok(self.seek_leaf(key)? && self.stand_at(self.leaf().find(key).map_or_else(|at| at, |at| at + 1))?)
    }

    pub fn seek_le(&mut self, key: &[u8]) -> Result<bool> {
        Ok(self.seek_leaf(key)?
            && self.stand_before(self.leaf().find(key).map_or_else(|at| at, |at| at + 1))?)
    }

    pub fn seek_lt(&mut self, key: &[u8]) -> Result<bool> {
        Ok(self.seek_leaf(key)? && self.stand_before(self.leaf().lower_bound(key))?)
    }

    /// False leaves the cursor standing nowhere.
    pub fn seek_exact(&mut self, key: &[u8]) -> Result<bool> {
        if self.seek_leaf(key)? {
            if let Ok(index) = self.leaf().find(key) {
                self.index = index;
                return Ok(true);
            }
            self.leave();
        }
        Ok(false)
    }

    /// Stands on the entry with `offset` entries before it.
    pub fn seek_nth(&mut self, offset: u64) -> Result<bool> {
        self.leave();
        let Some(pager) = &self.pager else { return Ok(false) };
        if let Some(index) = self.path.seek_nth(pager, offset)? {
            self.enter();
            self.index = index as usize;
        }
        Ok(self.len > 0)
    }

    #[allow(
        clippy::should_implement_trait,
        reason = "a cursor lends what it stands on, so it is no iterator"
    )]
    #[inline]
    pub fn next(&mut self) -> Result<bool> {
        if self.index + 1 < self.len {
            self.index += 1;
            self.wide.forget();
            return Ok(true);
        }
        Ok(self.len > 0 && self.advance(Side::Right)?)
    }

    #[inline]
    pub fn prev(&mut self) -> Result<bool> {
        if self.len > 0 && self.index > 0 {
            self.index -= 1;
            self.wide.forget();
            return Ok(true);
        }
        Ok(self.len > 0 && self.advance(Side::Left)?)
    }

    #[inline]
    pub fn is_valid(&self) -> bool {
        self.len > 0
    }

    /// The cursor must be valid.
    #[inline]
    pub fn key(&self) -> &[u8] {
        self.leaf().key(self.index)
    }

    /// This entry and those behind it in its leaf, so many at most; the cursor must be valid.
    #[inline]
    pub fn run(&self, limit: usize) -> KeyRun<'_> {
        let (start, len) = (self.index, limit.min(self.len - self.index));
        KeyRun { leaf: self.leaf(), start, len, is_backward: false }
    }

    /// This entry and those before it in its leaf, backwards.
    #[inline]
    pub fn run_back(&self, limit: usize) -> KeyRun<'_> {
        KeyRun { leaf: self.leaf(), start: self.index, len: limit.min(self.index + 1), is_backward: true }
    }

    /// As `run` or `run_back`, to be read once the cursor has gone on; the leaf must have so many.
    pub fn hold(&self, len: usize, is_backward: bool) -> HeldRun {
        let node = self.path.leaf.as_ref().expect("the cursor stands on an entry").clone();
        HeldRun { node, start: self.index, len, is_backward }
    }

    /// Stands on the entry so many behind this one, in the same leaf.
    #[inline]
    pub fn skip(&mut self, count: usize) {
        self.index += count;
        debug_assert!(self.index < self.len, "the entry is in the leaf");
        self.wide.forget();
    }

    /// Stands on the entry so many before this one, in the same leaf.
    #[inline]
    pub fn skip_back(&mut self, count: usize) {
        debug_assert!(count <= self.index, "the entry is in the leaf");
        self.index -= count;
        self.wide.forget();
    }

    /// The key so many entries behind this one, as far as the same leaf has them; the cursor must be valid.
    #[inline]
    pub fn key_behind(&self, count: usize) -> Option<&[u8]> {
        let index = self.index + count;
        (index < self.len).then(|| self.leaf().key(index))
    }

    /// The cursor must be valid. A wide value is read from overflow blocks, which may fail.
    #[inline]
    pub fn value(&self) -> Result<&[u8]> {
        match self.leaf().wide_value(self.index) {
            None => Ok(self.leaf().value(self.index)),
            Some((number, len)) => self.wide.get_or_read(0, || {
                let pager = self.pager.as_ref().expect("a cursor on an entry has a pager");
                self.overflow.read(pager, number, len)
            }),
        }
    }
}
