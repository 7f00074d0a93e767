//! A node: a leaf, or an inner node with children, their entry counts and the separators between them.
//!
//!     inner block   magic 4 | kind u8 | version u8 | level u8 | 0 u8 | child count u32
//!                   | (block id u64, entries u64) per child | separators, as the key type writes them
//!
//! Version 2 has (block id u64, base block id u64 or 0, entries u64) per child: where there is a base block, the first
//! is a delta block, and both are the leaf. It is written when a child has a delta, version 1 otherwise.
//!
//! Always true:
//! - Separator i is ≤ every key in child i + 1 and > every key in child i.
//! - A child's entry count is the sum over its subtree; no child is empty.
//! - Levels count from the leaves (0) up, and a child is one level below its parent.
//! - A dirty node's children may be stored or dirty; a stored node's children are all stored.
//! - Only a leaf below an inner node has a delta block: a root's one id names all of it.

use std::{
    borrow::Borrow,
    sync::{
        Arc, OnceLock, Weak,
        atomic::{AtomicBool, Ordering},
    },
};

use parking_lot::RwLock;
use pluresdb_prefetch as prefetch;
use pluresdb_store::BlockId;

use crate::{Result, TreeError, cache::CachedNode, pager::Charge, pager::Pager};

/// Children of an inner node at most. Copying a path copies one node per level with a reference count per dirty
/// child, so this is lower than a disk would like it.
pub(crate) const MAX_CHILDREN: usize = 32;
/// Levels of any tree we build; deeper is damage. 32^12 leaves do not exist.
pub(crate) const MAX_HEIGHT: u8 = 16;
/// Entries are counted and values numbered one at a time: a number beyond this was read from damaged bytes, and below it
/// no count ever overflows.
pub(crate) const MAX_COUNT: u64 = 1 << 62;

pub(crate) const MAGIC: [u8; 4] = *b"PDBT";
const VERSION: u8 = 1;
const VERSION_WITH_DELTAS: u8 = 2;
const INNER_HEADER_LEN: usize = 12;
const CHILD_LEN: usize = 16;
const CHILD_LEN_WITH_DELTAS: usize = 24;

/// Where beyond a full leaf a new key lies.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Left,
    Right,
}

/// What the tree asks of its leaves.
pub(crate) trait Leaf: Clone + Default + Send + Sync + 'static {
    type Key: ?Sized + ToOwned<Owned: Clone + Send + Sync + Borrow<Self::Key>> + Ord;
    type Separators: Separators<Self::Key>;
    /// Tells row blocks from key blocks: inner blocks carry it, leaf blocks carry it + 1, delta blocks it + 2.
    const INNER_KIND: u8;

    /// Live entries.
    fn len(&self) -> usize;
    /// Bytes of memory, about.
    fn memory(&self) -> usize;
    /// Those that only this copy of the leaf takes.
    fn own_memory(&self) -> usize {
        self.memory()
    }
    /// Charges the others, which copies share, once for all copies. Called when the leaf is dirty.
    fn charge_shared(&mut self, _: &Pager) {}
    /// Called when it is clean again.
    fn uncharge_shared(&mut self) {}
    /// The side on which `key` lies beyond a leaf too full to take it: the tree starts a new leaf there.
    fn beyond(&self, key: &Self::Key) -> Option<Side>;
    /// Called after each change: tidies up and hands back what no longer fits, in order, to stand right of it.
    /// `is_shared`: the leaf was just copied because a snapshot holds it, so small is cheap.
    fn settle(&mut self, is_shared: bool) -> Vec<Self>;
    /// So small that it should join a neighbour.
    fn is_small(&self) -> bool;
    /// The union with the leaf to the right, when it is not too large.
    fn joined(&self, right: &Self) -> Option<Self>;
    /// A separator between this leaf and the one to the right.
    fn separator(&self, right: &Self) -> <Self::Key as ToOwned>::Owned;
    /// The form that is stored as one block, and cached.
    fn folded(&self) -> Self;
    /// The block of a folded leaf.
    fn encode(&self) -> Arc<[u8]>;
    /// The leaf of a block.
    fn decode(block: &Arc<[u8]>) -> Result<Self>;
    /// The leaf was read from the block, or is about to be written as it, whole.
    fn note_block(&mut self, id: BlockId);
    /// How to store a leaf of which part is stored already; None when it is better written anew.
    fn encode_delta(&self) -> Option<DeltaForm>;
    /// Whether `for_scans` has another form of it.
    fn is_slow_to_scan(&self) -> bool {
        false
    }
    /// The same leaf in the form that is quickest to scan, when that is another one.
    fn for_scans(&self) -> Option<Self> {
        None
    }
    /// The leaf of a delta block; `self` is the leaf of the block that it must belong to.
    fn with_delta(&self, base: BlockId, delta: &[u8]) -> Result<Self>;
    /// One of its keys; None when it has none.
    fn any_key(&self) -> Option<<Self::Key as ToOwned>::Owned>;
    /// First and last key, and whether entries are in order: for `verify`.
    fn check(&self, report: &mut dyn FnMut(String)) -> Option<KeyRange<Self::Key>>;

    fn to_cached(node: Arc<Node<Self>>) -> CachedNode;
    fn from_cached(node: &CachedNode) -> Option<&Arc<Node<Self>>>;
}

/// How a leaf is stored beside a block that stays.
pub(crate) struct DeltaForm {
    pub(crate) base: BlockId,
    /// The delta block; None when the base block is all of the leaf.
    pub(crate) block: Option<Vec<u8>>,
}

pub(crate) type KeyRange<K> = (<K as ToOwned>::Owned, <K as ToOwned>::Owned);

/// The separators of an inner node, in order.
pub(crate) trait Separators<K: ?Sized + ToOwned>: Clone + Default + Send + Sync {
    fn len(&self) -> usize;
    fn get(&self, index: usize) -> &K;
    /// How many separators are ≤ `key`: the child to go to.
    fn find(&self, key: &K) -> usize;
    fn insert(&mut self, index: usize, key: &K);
    fn remove(&mut self, index: usize);
    fn split_off(&mut self, index: usize) -> Self;
    fn append(&mut self, other: &Self);
    fn memory(&self) -> usize;
    fn encode(&self, out: &mut Vec<u8>);
    /// Reads `count` separators from all of `bytes`.
    fn decode(bytes: &[u8], count: usize) -> Option<Self>;
}

pub(crate) enum Link<L: Leaf> {
    Stored(Stored<L>),
    Memory(Arc<Node<L>>),
}

/// Where a stored node lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Blocks {
    /// The block it is known by, in the cache too.
    pub(crate) id: BlockId,
    /// The base block of a leaf, when `id` is a delta block.
    pub(crate) base: Option<BlockId>,
}

impl Blocks {
    pub(crate) fn ids(self) -> impl Iterator<Item = BlockId> {
        std::iter::once(self.id).chain(self.base)
    }
}

/// A node that lies in blocks.
pub(crate) struct Stored<L: Leaf> {
    pub(crate) blocks: Blocks,
    /// What the pager found first. While its cache keeps the node, nobody needs to look for it there again.
    first: OnceLock<Weak<Node<L>>>,
    /// What it found last, once the first had left the cache: a link may be older than the nodes that came to its place.
    last: OnceLock<Box<RwLock<Weak<Node<L>>>>>,
}

impl<L: Leaf> Stored<L> {
    #[inline]
    pub(crate) fn node(&self, pager: &Pager, level: u8) -> Result<Arc<Node<L>>> {
        match self.node_in_memory() {
            Some(node) => Ok(node),
            None => self.load(pager, level),
        }
    }

    #[inline]
    fn node_in_memory(&self) -> Option<Arc<Node<L>>> {
        let node = match self.last.get() {
            None => self.first.get()?.upgrade()?,
            Some(last) => last.read().upgrade()?,
        };
        node.note_use();
        Some(node)
    }

    #[cold]
    fn load(&self, pager: &Pager, level: u8) -> Result<Arc<Node<L>>> {
        let node: Arc<Node<L>> = pager.load(self.blocks, level)?;
        // A leaf that a scan will exchange is looked for in the cache until then: what is remembered stays.
        if !matches!(&node.kind, Kind::Leaf(leaf) if leaf.is_slow_to_scan()) {
            self.remember(&node);
        }
        Ok(node)
    }

    fn remember(&self, node: &Arc<Node<L>>) {
        if self.first.get_or_init(|| Arc::downgrade(node)).strong_count() == 0 {
            *self.last.get_or_init(<_>::default).write() = Arc::downgrade(node);
        }
    }

    #[inline]
    fn holder_count(&self) -> usize {
        match self.last.get() {
            None => self.first.get().map_or(0, Weak::strong_count),
            Some(last) => last.read().strong_count(),
        }
    }

    /// Where the node is, or was; without a look at it.
    #[inline]
    fn address(&self) -> Option<*const Node<L>> {
        match self.last.get() {
            None => self.first.get().map(Weak::as_ptr),
            Some(last) => Some(last.read().as_ptr()),
        }
    }
}

impl<L: Leaf> Clone for Link<L> {
    fn clone(&self) -> Self {
        match self {
            Link::Stored(stored) => Link::stored_in(stored.blocks),
            Link::Memory(node) => Link::Memory(Arc::clone(node)),
        }
    }
}

impl<L: Leaf> Link<L> {
    pub(crate) fn stored(id: BlockId) -> Link<L> {
        Link::stored_in(Blocks { id, base: None })
    }

    pub(crate) fn stored_in(blocks: Blocks) -> Link<L> {
        Link::Stored(Stored { blocks, first: OnceLock::new(), last: OnceLock::new() })
    }

    pub(crate) fn has_delta_block(&self) -> bool {
        matches!(self, Link::Stored(stored) if stored.blocks.base.is_some())
    }

    #[inline]
    pub(crate) fn node(&self, pager: &Pager, level: u8) -> Result<Arc<Node<L>>> {
        match self {
            Link::Memory(node) => Ok(Arc::clone(node)),
            Link::Stored(stored) => stored.node(pager, level),
        }
    }

    /// How many hold the node, 0 when it has to be read: looks at the node and waits for nothing.
    #[inline]
    pub(crate) fn holder_count(&self) -> usize {
        match self {
            Link::Memory(node) => Arc::strong_count(node),
            Link::Stored(stored) => stored.holder_count(),
        }
    }

    /// Asks for the node's memory, where it need not be read.
    #[inline]
    pub(crate) fn ask(&self) {
        let node = match self {
            Link::Memory(node) => Arc::as_ptr(node),
            Link::Stored(stored) => match stored.address() {
                Some(node) => node,
                None => return,
            },
        };
        // The counts of its holders stand before it.
        prefetch::line(node.cast::<usize>().wrapping_sub(2));
        prefetch::line(node.cast::<usize>().wrapping_add(6));
    }

    /// The node, where it need not be read.
    #[inline]
    pub(crate) fn node_in_memory(&self) -> Option<Arc<Node<L>>> {
        match self {
            Link::Memory(node) => Some(Arc::clone(node)),
            Link::Stored(stored) => stored.node_in_memory(),
        }
    }
}

pub(crate) struct Child<L: Leaf> {
    pub(crate) link: Link<L>,
    pub(crate) count: u64,
}

impl<L: Leaf> Clone for Child<L> {
    fn clone(&self) -> Self {
        Child { link: self.link.clone(), count: self.count }
    }
}

pub(crate) struct Inner<L: Leaf> {
    pub(crate) level: u8,
    pub(crate) children: Vec<Child<L>>,
    /// Shared by copies: most changes below leave them as they are.
    pub(crate) separators: Arc<L::Separators>,
}

impl<L: Leaf> Clone for Inner<L> {
    fn clone(&self) -> Self {
        // One more than now: the copy is about to be changed and may get a child.
        let mut children = Vec::with_capacity(self.children.len() + 1);
        children.extend(self.children.iter().cloned());
        Inner { level: self.level, children, separators: Arc::clone(&self.separators) }
    }
}

impl<L: Leaf> Inner<L> {
    pub(crate) fn count(&self) -> u64 {
        self.children.iter().map(|child| child.count).sum()
    }

    fn memory(&self) -> usize {
        self.children.len() * size_of::<Child<L>>() + self.separators.memory() + 64
    }

    pub(crate) fn push_separator(&mut self, separator: &L::Key) {
        let separators = Arc::make_mut(&mut self.separators);
        separators.insert(separators.len(), separator);
    }

    /// Takes a child out together with the separator that bounded it.
    pub(crate) fn remove_child(&mut self, index: usize) -> Child<L> {
        if self.separators.len() > 0 {
            Arc::make_mut(&mut self.separators).remove(index.saturating_sub(1));
        }
        self.children.remove(index)
    }

    /// The block; every child must be stored.
    pub(crate) fn encode(&self) -> Arc<[u8]> {
        let has_deltas = self.children.iter().any(|child| child.link.has_delta_block());
        let (version, child_len) =
            if has_deltas { (VERSION_WITH_DELTAS, CHILD_LEN_WITH_DELTAS) } else { (VERSION, CHILD_LEN) };
        let mut out =
            Vec::with_capacity(INNER_HEADER_LEN + self.children.len() * child_len + self.separators.memory());
        out.extend_from_slice(&MAGIC);
        out.extend_from_slice(&[L::INNER_KIND, version, self.level, 0]);
        out.extend_from_slice(&(self.children.len() as u32).to_le_bytes());
        for child in &self.children {
            let Link::Stored(stored) = &child.link else {
                panic!("children are written before their parent")
            };
            out.extend_from_slice(&stored.blocks.id.get().to_le_bytes());
            if has_deltas {
                out.extend_from_slice(&stored.blocks.base.map_or(0, BlockId::get).to_le_bytes());
            }
            out.extend_from_slice(&child.count.to_le_bytes());
        }
        self.separators.encode(&mut out);
        out.into()
    }

    fn decode(block: &[u8], level: u8) -> Option<Inner<L>> {
        let (header, rest) = block.split_at_checked(INNER_HEADER_LEN)?;
        let child_len = match header[5] {
            VERSION => CHILD_LEN,
            VERSION_WITH_DELTAS => CHILD_LEN_WITH_DELTAS,
            _ => return None,
        };
        if header[6] != level || level == 0 {
            return None;
        }
        let child_count = read_u32(header, 8)? as usize;
        let (table, separators) = rest.split_at_checked(child_count.checked_mul(child_len)?)?;
        if child_count == 0 {
            return None;
        }
        let mut children = Vec::with_capacity(child_count);
        let mut total = 0_u64;
        for entry in table.chunks_exact(child_len) {
            let id = BlockId::new(read_u64(entry, 0)?)?;
            let base = if child_len == CHILD_LEN { None } else { BlockId::new(read_u64(entry, 8)?) };
            if base.is_some() && (level > 1 || base == Some(id)) {
                return None;
            }
            let count = read_u64(entry, child_len - 8)?;
            total = total.checked_add(count).filter(|total| *total <= MAX_COUNT)?;
            children.push(Child { link: Link::stored_in(Blocks { id, base }), count });
        }
        let separators = Arc::new(L::Separators::decode(separators, child_count - 1)?);
        Some(Inner { level, children, separators })
    }
}

#[derive(Clone)]
pub(crate) enum Kind<L: Leaf> {
    Inner(Inner<L>),
    Leaf(L),
}

/// In this order, so that what every way through a node looks at lies in the memory of its counts.
#[repr(C)]
pub(crate) struct Node<L: Leaf> {
    /// Somebody came to it since the cache last asked.
    is_used: AtomicBool,
    /// A dirty leaf was scanned since it changed.
    was_scanned: AtomicBool,
    /// Of a dirty leaf that was scanned twice: the form that is quickest to scan. Scans that do not come again never pay for
    /// that.
    scan_form: OnceLock<Arc<Node<L>>>,
    pub(crate) kind: Kind<L>,
    /// The block it lies in; None when it is dirty.
    pub(crate) id: Option<BlockId>,
    pub(crate) charge: Charge,
}

impl<L: Leaf> Node<L> {
    fn new(id: Option<BlockId>, kind: Kind<L>) -> Node<L> {
        let (is_used, was_scanned, charge) = <_>::default();
        Node { is_used, was_scanned, kind, id, charge, scan_form: OnceLock::new() }
    }

    pub(crate) fn clean(id: BlockId, mut kind: Kind<L>) -> Node<L> {
        if let Kind::Leaf(leaf) = &mut kind {
            leaf.uncharge_shared();
        }
        Node::new(Some(id), kind)
    }

    pub(crate) fn dirty(kind: Kind<L>, pager: &Pager) -> Node<L> {
        let mut node = Node::new(None, kind);
        if let Kind::Leaf(leaf) = &mut node.kind {
            leaf.charge_shared(pager);
        }
        node.charge = pager.charge(node.own_memory());
        node
    }

    /// A dirty leaf in the form that is quickest to scan, when it has another one and is worth it by now.
    pub(crate) fn scan_form(&self, pager: &Pager) -> Option<Arc<Node<L>>> {
        if self.scan_form.get().is_none() {
            if !self.was_scanned.swap(true, Ordering::Relaxed) {
                return None;
            }
            let form = Node::dirty(Kind::Leaf(self.leaf().for_scans()?), pager);
            // Another thread may have been quicker.
            self.scan_form.get_or_init(|| Arc::new(form));
        }
        self.scan_form.get().cloned()
    }

    /// What a copy of the node begins with: a leaf that was brought into another form for scans goes on in it.
    pub(crate) fn kind_to_change(&self) -> Kind<L> {
        self.scan_form.get().map_or(&self.kind, |form| &form.kind).clone()
    }

    /// The same for a node that is about to change in place.
    #[inline]
    pub(crate) fn begin_change(&mut self) {
        if std::mem::take(self.was_scanned.get_mut()) && self.scan_form.get().is_some() {
            self.kind = self.kind_to_change();
            self.scan_form.take();
        }
    }

    /// The leaf as a scan will read it.
    #[inline]
    pub(crate) fn leaf_for_scans(&self) -> &L {
        self.scan_form.get().map_or_else(|| self.leaf(), |form| form.leaf())
    }

    /// Others look at the flag, too: it is only written when it changes.
    #[inline]
    pub(crate) fn note_use(&self) {
        if !self.is_used.load(Ordering::Relaxed) {
            self.is_used.store(true, Ordering::Relaxed);
        }
    }

    pub(crate) fn take_use(&self) -> bool {
        self.is_used.swap(false, Ordering::Relaxed)
    }

    pub(crate) fn level(&self) -> u8 {
        match &self.kind {
            Kind::Inner(inner) => inner.level,
            Kind::Leaf(_) => 0,
        }
    }

    pub(crate) fn memory(&self) -> usize {
        match &self.kind {
            Kind::Inner(inner) => inner.memory(),
            Kind::Leaf(leaf) => leaf.memory(),
        }
    }

    pub(crate) fn own_memory(&self) -> usize {
        match &self.kind {
            Kind::Inner(inner) => inner.memory(),
            Kind::Leaf(leaf) => leaf.own_memory(),
        }
    }

    /// The leaf of a node found at level 0.
    #[inline]
    pub(crate) fn leaf(&self) -> &L {
        match &self.kind {
            Kind::Leaf(leaf) => leaf,
            Kind::Inner(_) => panic!("a node at level 0 is a leaf"),
        }
    }

    /// The inner node that is found above level 0.
    #[inline]
    pub(crate) fn inner(&self) -> &Inner<L> {
        match &self.kind {
            Kind::Inner(inner) => inner,
            Kind::Leaf(_) => panic!("a node above level 0 is an inner node"),
        }
    }

    pub(crate) fn decode(block: &Arc<[u8]>, id: BlockId, level: u8) -> Result<Node<L>> {
        let kind = block.get(4).copied();
        if !block.starts_with(&MAGIC) {
            return Err(TreeError::corrupt(format!("{id:?} is no tree node")));
        }
        if level == 0 && kind == Some(L::INNER_KIND + 1) {
            let mut leaf = L::decode(block).map_err(|error| error.within(id))?;
            leaf.note_block(id);
            return Ok(Node::clean(id, Kind::Leaf(leaf)));
        }
        if level > 0
            && kind == Some(L::INNER_KIND)
            && let Some(inner) = Inner::decode(block, level)
        {
            return Ok(Node::clean(id, Kind::Inner(inner)));
        }
        Err(TreeError::corrupt(format!("{id:?} is not the node of level {level} it should be")))
    }
}

pub(crate) fn read_u32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

pub(crate) fn read_u64(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(bytes.get(at..at + 8)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use pluresdb_store::MemoryStore;

    use super::*;
    use crate::row::leaf::RowLeaf;

    #[test]
    fn a_link_remembers_whatever_node_came_to_its_place() {
        let pager = Pager::new(Arc::new(MemoryStore::new()), 1 << 20);
        let id = BlockId::new(1).unwrap();
        let link: Link<RowLeaf> = Link::stored(id);
        for _ in 0..3 {
            let loaded = Arc::new(Node::clean(id, Kind::Leaf(RowLeaf::default())));
            pager.keep(id, &loaded);
            assert!(link.node_in_memory().is_none() && link.holder_count() == 0);
            for _ in 0..2 {
                assert!(Arc::ptr_eq(&link.node(&pager, 0).unwrap(), &loaded));
                assert!(Arc::ptr_eq(&link.node_in_memory().unwrap(), &loaded));
                assert!(link.holder_count() > 0);
            }
            pager.forget(id);
        }
    }
}
