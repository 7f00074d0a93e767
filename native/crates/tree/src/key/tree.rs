//! `KeyTree`: byte keys in memcmp order with byte values: indexes, tables without rowid, the catalog.

use std::sync::Arc;

use parking_lot::Mutex;
use pluresdb_store::BlockId;

use crate::{
    Result, TreeError,
    btree::{Purpose, ROOT_LEN, Tree},
    build::LeafSink,
    key::heads::shared_len,
    key::leaf::{KeyLeaf, MAX_HEAP, MAX_PART_LEN},
    node::{Leaf, Node},
    overflow::{OVERFLOW_ROOT_LEN, Overflow, chunk_count},
    pager::Pager,
    write_back::Destination,
};

/// Values longer than this lie in overflow blocks.
pub(super) const MAX_VALUE_INLINE: usize = MAX_HEAP / 8;
const ROOT_VERSION: u8 = 1;

/// `Clone` is O(1) and is a snapshot: later changes to either are not seen by the other.
#[derive(Clone, Default)]
pub struct KeyTree {
    pub(crate) tree: Tree<KeyLeaf>,
    pub(crate) overflow: Overflow,
}

/// What `KeyTree::first_from` came to.
pub enum FirstKey<R> {
    Found(R),
    /// The key is not less than the last one of its leaf: what is next stands in another, or nowhere.
    Beyond,
}

impl KeyTree {
    pub fn new() -> KeyTree {
        KeyTree::default()
    }

    /// The tree that `encode_root` described; reads no block.
    pub fn decode_root(root: &[u8]) -> Result<KeyTree> {
        let (tree, overflow) = split_root(root)?;
        Ok(KeyTree { tree: Tree::decode_root(tree)?, overflow: Overflow::decode_root(overflow)? })
    }

    /// The bytes that find this tree again, 43 of them; the tree must be written back.
    pub fn encode_root(&self) -> Vec<u8> {
        join_root(&self.tree, &self.overflow)
    }

    pub fn count(&self) -> u64 {
        self.tree.count
    }

    pub fn is_empty(&self) -> bool {
        self.tree.root.is_none()
    }

    pub fn is_dirty(&self) -> bool {
        self.tree.is_dirty() || self.overflow.chunks.is_dirty()
    }

    /// Inserts or replaces; true when the key was new.
    pub fn put(&mut self, pager: &Pager, key: &[u8], value: &[u8]) -> Result<bool> {
        if key.len() > MAX_PART_LEN {
            return Err(TreeError::TooBig);
        }
        if value.len() <= MAX_VALUE_INLINE && self.overflow.is_empty() {
            return self.tree.change(pager, key, Purpose::Insert, |leaf| leaf.put(key, value, false));
        }
        self.put_with_overflow(pager, key, value)
    }

    fn put_with_overflow(&mut self, pager: &Pager, key: &[u8], value: &[u8]) -> Result<bool> {
        let mut overflow = self.overflow.clone();
        let old = self.wide_value(pager, key)?;
        let is_wide = value.len() > MAX_VALUE_INLINE;
        let mut marker = [0; 16];
        if is_wide {
            let number = overflow.write(pager, value)?;
            marker[..8].copy_from_slice(&number.to_le_bytes());
            marker[8..].copy_from_slice(&(value.len() as u64).to_le_bytes());
        }
        if let Some((number, len)) = old {
            overflow.free(pager, number, len)?;
        }
        let kept = if is_wide { &marker } else { value };
        let is_new = self.tree.change(pager, key, Purpose::Insert, |leaf| leaf.put(key, kept, is_wide))?;
        self.overflow = overflow;
        Ok(is_new)
    }

    fn wide_value(&self, pager: &Pager, key: &[u8]) -> Result<Option<(u64, u64)>> {
        let Some(node) = self.tree.find_leaf(pager, key)? else { return Ok(None) };
        let leaf = node.leaf();
        Ok(leaf.find(key).ok().and_then(|index| leaf.wide_value(index)))
    }

    /// False when the key is not there.
    pub fn delete(&mut self, pager: &Pager, key: &[u8]) -> Result<bool> {
        if self.overflow.is_empty() {
            return self.tree.change(pager, key, Purpose::Delete, |leaf| leaf.delete(key));
        }
        let mut overflow = self.overflow.clone();
        if let Some((number, len)) = self.wide_value(pager, key)? {
            overflow.free(pager, number, len)?;
        }
        let is_gone = self.tree.change(pager, key, Purpose::Delete, |leaf| leaf.delete(key))?;
        self.overflow = overflow;
        Ok(is_gone)
    }

    /// How many keys are smaller.
    pub fn rank(&self, pager: &Pager, key: &[u8]) -> Result<u64> {
        self.tree.rank(pager, key, |leaf| leaf.lower_bound(key))
    }

    pub fn contains(&self, pager: &Pager, key: &[u8]) -> Result<bool> {
        let node = self.tree.find_leaf(pager, key)?;
        Ok(node.is_some_and(|node| node.leaf().find(key).is_ok()))
    }

    pub fn get(&self, pager: &Pager, key: &[u8]) -> Result<Option<KeyView>> {
        let Some(node) = self.tree.find_leaf(pager, key)? else { return Ok(None) };
        let Ok(index) = node.leaf().find(key) else { return Ok(None) };
        let wide = match node.leaf().wide_value(index) {
            Some((number, len)) => Some(self.overflow.read(pager, number, len)?),
            None => None,
        };
        Ok(Some(KeyView { node, index, wide }))
    }

    /// Hands the first key that is not less than `key` to `found`, in place, where it stands in the leaf of `key`. The last four
    /// bytes of what is likely to be that key go to `ahead` before: nobody has waited for the key then.
    #[inline]
    pub fn first_from<R>(
        &self,
        pager: &Pager,
        key: &[u8],
        ahead: impl FnOnce([u8; 4]),
        found: impl FnOnce(&[u8]) -> R,
    ) -> Result<FirstKey<R>> {
        let first = self.tree.look(pager, key, |leaf| {
            let index = leaf.lower_bound_ahead(key, ahead);
            (index < leaf.len()).then(|| found(leaf.key(index)))
        })?;
        Ok(first.flatten().map_or(FirstKey::Beyond, FirstKey::Found))
    }

    /// Removes every entry; the blocks go to the freed list. Also how a tree is dropped.
    pub fn clear(&mut self, pager: &Pager) -> Result<()> {
        let mut cleared = self.clone();
        cleared.tree.clear(pager)?;
        cleared.overflow.chunks.clear(pager)?;
        *self = cleared;
        Ok(())
    }

    /// Builds a tree with full leaves; panics when the entries are not in order.
    pub fn build(pager: &Pager, entries: &mut impl SortedEntries) -> Result<KeyTree> {
        let overflow = Mutex::default();
        let tree = Tree::build(pager, |sink| fill_leaves(pager, entries, Vec::new(), &overflow, sink))?;
        Ok(KeyTree { tree, overflow: overflow.into_inner() })
    }

    /// The same of an iterator's entries.
    pub fn build_sorted<K: AsRef<[u8]>, V: AsRef<[u8]>>(
        pager: &Pager,
        entries: impl IntoIterator<Item = (K, V)>,
    ) -> Result<KeyTree> {
        KeyTree::build(pager, &mut ListedEntries::new(entries))
    }

    /// The same for a tree that may be larger than memory: its leaves are blocks already, as `spill` writes them.
    pub fn build_spilled(
        pager: &Pager,
        entries: &mut impl SortedEntries,
        spilled: &mut Vec<BlockId>,
    ) -> Result<KeyTree> {
        let overflow = Mutex::default();
        let fill = |sink: LeafSink<'_, KeyLeaf>| fill_leaves(pager, entries, Vec::new(), &overflow, sink);
        let tree = Tree::build_stored(pager, spilled, fill)?;
        Ok(KeyTree { tree, overflow: overflow.into_inner() })
    }

    /// The same of entries in parts, on as many threads as there are cores.
    pub fn build_spilled_parts(
        pager: &Pager,
        parts: &impl SortedParts,
        spilled: &mut Vec<BlockId>,
    ) -> Result<KeyTree> {
        if parts.part_count() == 1 {
            return KeyTree::build_spilled(pager, &mut parts.part(0)?, spilled);
        }
        let overflow = Mutex::default();
        let fill = |number: usize, sink: LeafSink<'_, KeyLeaf>| {
            let bound = if number == 0 { Vec::new() } else { parts.bound(number).to_vec() };
            fill_leaves(pager, &mut parts.part(number)?, bound, &overflow, sink)
        };
        let tree = Tree::build_stored_parts(pager, spilled, parts.part_count(), &fill)?;
        Ok(KeyTree { tree, overflow: overflow.into_inner() })
    }

    /// Checkpoint: writes dirty nodes for the next root of the store; returns the root block. Stored nodes stay in the
    /// pager's cache.
    pub fn write_back(&mut self, pager: &Pager) -> Result<Option<BlockId>> {
        self.tree.write_back(pager, Destination::Checkpoint)?;
        self.overflow.write_back(pager, Destination::Checkpoint)?;
        Ok(match self.tree.root {
            Some(crate::node::Link::Stored(ref stored)) => Some(stored.blocks.id),
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
            for (number, len) in (0..leaf.len()).filter_map(|index| leaf.wide_value(index)) {
                chunks += chunk_count(len);
                if let Err(error) = self.overflow.read(pager, number, len) {
                    report(error.to_string());
                }
            }
        });
        self.overflow.verify(pager, chunks, report);
    }
}

/// Entries in strictly ascending key order, one at a time: they may come from a file.
pub trait SortedEntries {
    /// Goes to the next entry; false when there is none.
    fn advance(&mut self) -> Result<bool>;

    /// Key and value of the entry it stands on.
    fn entry(&self) -> (&[u8], &[u8]);
}

/// Entries in parts that can be read at the same time: all keys of one are below those of the next.
pub trait SortedParts: Sync {
    type Part<'p>: SortedEntries
    where
        Self: 'p;

    /// One at least.
    fn part_count(&self) -> usize;

    /// No key of the part is below it, and all those of the parts before are; the first one's is not used.
    fn bound(&self, number: usize) -> &[u8];

    fn part(&self, number: usize) -> Result<Self::Part<'_>>;
}

/// Those of an iterator.
pub struct ListedEntries<I, K, V> {
    entries: I,
    last: Option<(K, V)>,
}

impl<I: Iterator<Item = (K, V)>, K, V> ListedEntries<I, K, V> {
    pub fn new(entries: impl IntoIterator<IntoIter = I>) -> ListedEntries<I, K, V> {
        ListedEntries { entries: entries.into_iter(), last: None }
    }
}

impl<I: Iterator<Item = (K, V)>, K: AsRef<[u8]>, V: AsRef<[u8]>> SortedEntries for ListedEntries<I, K, V> {
    fn advance(&mut self) -> Result<bool> {
        self.last = self.entries.next();
        Ok(self.last.is_some())
    }

    fn entry(&self) -> (&[u8], &[u8]) {
        let (key, value) = self.last.as_ref().expect("it stands on an entry");
        (key.as_ref(), value.as_ref())
    }
}

/// Those of iterators that can be had again and again, as one part.
pub struct ListedPart<F>(pub F);

impl<F, I, K, V> SortedParts for ListedPart<F>
where
    F: Fn() -> I + Sync,
    I: Iterator<Item = (K, V)>,
    K: AsRef<[u8]>,
    V: AsRef<[u8]>,
{
    type Part<'p>
        = ListedEntries<I, K, V>
    where
        F: 'p;

    fn part_count(&self) -> usize {
        1
    }

    fn bound(&self, _: usize) -> &[u8] {
        &[]
    }

    fn part(&self, _: usize) -> Result<ListedEntries<I, K, V>> {
        Ok(ListedEntries::new((self.0)()))
    }
}

/// The entries of all parts, one part after the other.
pub struct AllParts<'p, P: SortedParts> {
    parts: &'p P,
    next: usize,
    part: Option<P::Part<'p>>,
}

impl<'p, P: SortedParts> AllParts<'p, P> {
    pub fn new(parts: &'p P) -> AllParts<'p, P> {
        AllParts { parts, next: 0, part: None }
    }
}

impl<P: SortedParts> SortedEntries for AllParts<'_, P> {
    fn advance(&mut self) -> Result<bool> {
        loop {
            if let Some(part) = &mut self.part
                && part.advance()?
            {
                return Ok(true);
            }
            if self.next == self.parts.part_count() {
                return Ok(false);
            }
            self.part = Some(self.parts.part(self.next)?);
            self.next += 1;
        }
    }

    fn entry(&self) -> (&[u8], &[u8]) {
        self.part.as_ref().expect("it stands on an entry").entry()
    }
}

/// Full leaves of the entries, the first with this separator to its left.
fn fill_leaves(
    pager: &Pager,
    entries: &mut impl SortedEntries,
    mut separator: Vec<u8>,
    overflow: &Mutex<Overflow>,
    sink: LeafSink<'_, KeyLeaf>,
) -> Result<()> {
    let mut leaf = KeyLeaf::default();
    while entries.advance()? {
        let (key, value) = entries.entry();
        if key.len() > MAX_PART_LEN {
            return Err(TreeError::TooBig);
        }
        assert!(
            leaf.len() == 0 || is_below(leaf.key(leaf.len() - 1), key),
            "entries are built in ascending key order"
        );
        if leaf.is_full() {
            let mut next = leaf.as_large();
            put_new(pager, overflow, &mut next, key, value)?;
            let next_separator = leaf.separator(&next);
            let mut full = std::mem::replace(&mut leaf, next);
            full.finish();
            sink(std::mem::replace(&mut separator, next_separator), full)?;
        } else {
            put_new(pager, overflow, &mut leaf, key, value)?;
        }
    }
    if leaf.len() > 0 {
        leaf.finish();
        sink(separator, leaf)?;
    }
    Ok(())
}

/// As `<`, without a call.
#[inline]
fn is_below(a: &[u8], b: &[u8]) -> bool {
    let shared = shared_len(a, b);
    a.get(shared) < b.get(shared)
}

/// Adds an entry to a leaf that is being built.
#[inline]
fn put_new(
    pager: &Pager,
    overflow: &Mutex<Overflow>,
    leaf: &mut KeyLeaf,
    key: &[u8],
    value: &[u8],
) -> Result<()> {
    if value.len() <= MAX_VALUE_INLINE {
        leaf.push(key, value, false);
        return Ok(());
    }
    let number = overflow.lock().write(pager, value)?;
    let mut marker = [0; 16];
    marker[..8].copy_from_slice(&number.to_le_bytes());
    marker[8..].copy_from_slice(&(value.len() as u64).to_le_bytes());
    leaf.push(key, &marker, true);
    Ok(())
}

/// `version u8 | tree | overflow`, for both kinds of tree.
pub(crate) fn join_root<L: Leaf>(tree: &Tree<L>, overflow: &Overflow) -> Vec<u8> {
    let mut root = vec![ROOT_VERSION];
    tree.encode_root(&mut root);
    overflow.encode_root(&mut root);
    root
}

pub(crate) fn split_root(root: &[u8]) -> Result<(&[u8; ROOT_LEN], &[u8; OVERFLOW_ROOT_LEN])> {
    let damaged = || TreeError::corrupt("bad tree root");
    let (&version, rest) = root.split_first().ok_or_else(damaged)?;
    let (tree, overflow) = rest.split_first_chunk().ok_or_else(damaged)?;
    if version != ROOT_VERSION {
        return Err(damaged());
    }
    Ok((tree, overflow.try_into().map_err(|_| damaged())?))
}

/// The value found by `KeyTree::get`. Holds the leaf it lies in.
pub struct KeyView {
    node: Arc<Node<KeyLeaf>>,
    index: usize,
    wide: Option<Box<[u8]>>,
}

impl KeyView {
    pub fn key(&self) -> &[u8] {
        self.node.leaf().key(self.index)
    }

    pub fn value(&self) -> &[u8] {
        match &self.wide {
            Some(value) => value,
            None => self.node.leaf().value(self.index),
        }
    }
}
