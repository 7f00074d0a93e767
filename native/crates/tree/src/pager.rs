//! The pager: finds nodes by block id, keeps clean ones in a bounded cache, counts the bytes of dirty ones.
//!
//! One pager serves all trees of a store. A clean node is a decoded block; a dirty node lives only in the trees that
//! hold it and is charged here until it is written back or its last tree goes.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use pluresdb_store::{BlockId, Store};

use crate::{
    Result,
    cache::Cache,
    node::{Blocks, Kind, Leaf, Node},
};

pub struct Pager {
    store: Arc<dyn Store>,
    cache: Cache,
    dirty: Arc<AtomicUsize>,
}

impl Pager {
    pub fn new(store: Arc<dyn Store>, cache_bytes: usize) -> Arc<Pager> {
        Arc::new(Pager { store, cache: Cache::new(cache_bytes), dirty: Arc::default() })
    }

    pub fn store(&self) -> &Arc<dyn Store> {
        &self.store
    }

    /// The budget for clean nodes, of which dirty ones take their part; what is over it leaves.
    pub fn set_cache_size(&self, bytes: usize) {
        self.cache.set_max_bytes(bytes);
    }

    pub fn cache_size(&self) -> usize {
        self.cache.max_bytes()
    }

    /// Bytes of clean nodes held now.
    pub fn cached_bytes(&self) -> usize {
        self.cache.bytes()
    }

    /// Bytes of nodes not yet written, over all trees and snapshots; exact to about 1 kB a node.
    pub fn dirty_bytes(&self) -> usize {
        self.dirty.load(Ordering::Relaxed)
    }

    pub fn clear_cache(&self) {
        self.cache.clear();
    }

    /// The node that lies in these blocks, `level` levels above the leaves. A block of another kind or level is corrupt:
    /// this is also what keeps a damaged tree from leading a reader in circles.
    pub(crate) fn load<L: Leaf>(&self, blocks: Blocks, level: u8) -> Result<Arc<Node<L>>> {
        let Blocks { id, base } = blocks;
        if let Some(node) = self.cached(id, level) {
            return Ok(node);
        }
        let node = match base {
            None => Node::decode(&self.store.read(id)?, id, level)?,
            Some(base) => {
                let node = match self.cached::<L>(base, 0) {
                    Some(node) => node,
                    None => Arc::new(Node::decode(&self.store.read(base)?, base, 0)?),
                };
                let delta = self.store.read(id)?;
                let leaf = node.leaf().with_delta(base, &delta).map_err(|error| error.within(id))?;
                Node::clean(id, Kind::Leaf(leaf))
            }
        };
        let node = Arc::new(node);
        self.keep(id, &node);
        Ok(node)
    }

    fn cached<L: Leaf>(&self, id: BlockId, level: u8) -> Option<Arc<Node<L>>> {
        let cached = self.cache.get(id)?;
        let node = L::from_cached(&cached)?;
        (node.level() == level).then(|| Arc::clone(node))
    }

    pub(crate) fn keep<L: Leaf>(&self, id: BlockId, node: &Arc<Node<L>>) {
        self.cache.insert(id, L::to_cached(Arc::clone(node)), node.memory(), self.dirty_bytes());
    }

    /// Somebody has just made a dirty copy of a clean node. A rollback comes back to it, so it stays until its turn comes, but
    /// only while there is room for both.
    pub(crate) fn retire(&self, id: BlockId) {
        if self.cached_bytes() + self.dirty_bytes() > self.cache_size() {
            self.cache.remove(id);
        } else {
            self.cache.retire(id);
        }
    }

    /// Lets go of a clean node that no tree to come has a use for.
    pub fn forget(&self, id: BlockId) {
        self.cache.remove(id);
    }

    /// The node in the form that is quickest to scan, when that is another one: a clean node takes the place of the one in the
    /// cache, a dirty one stands beside it.
    pub(crate) fn for_scans<L: Leaf>(&self, node: &Arc<Node<L>>) -> Option<Arc<Node<L>>> {
        let Some(id) = node.id else { return node.scan_form(self) };
        let node = Arc::new(Node::clean(id, Kind::Leaf(node.leaf().for_scans()?)));
        self.cache.replace(id, L::to_cached(Arc::clone(&node)), node.memory());
        Some(node)
    }

    pub(crate) fn charge(&self, bytes: usize) -> Charge {
        self.dirty.fetch_add(bytes, Ordering::Relaxed);
        Charge { dirty: Some(Arc::clone(&self.dirty)), bytes }
    }
}

/// A dirty node's share of `Pager::dirty_bytes`, given back when it is dropped.
#[derive(Default)]
pub(crate) struct Charge {
    dirty: Option<Arc<AtomicUsize>>,
    bytes: usize,
}

impl Charge {
    /// Follows the node's size, coarsely: most changes are small and this is on every write's way.
    #[inline]
    pub(crate) fn set(&mut self, bytes: usize) {
        if bytes.abs_diff(self.bytes) < 1024 {
            return;
        }
        if let Some(dirty) = &self.dirty {
            dirty.fetch_add(bytes.wrapping_sub(self.bytes), Ordering::Relaxed);
            self.bytes = bytes;
        }
    }
}

impl Drop for Charge {
    fn drop(&mut self) {
        if let Some(dirty) = &self.dirty {
            dirty.fetch_sub(self.bytes, Ordering::Relaxed);
        }
    }
}
