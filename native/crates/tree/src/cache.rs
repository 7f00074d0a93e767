//! The bounded cache of clean nodes: block id → decoded node, second chance.
//!
//! A new entry has no chance yet; a use gives it one, also one that came to the node without asking here; the hand
//! takes it away or evicts. So one long scan passes through without pushing out what is used again. The byte budget is
//! shared by all shards: the hand goes round them.
//!
//! Always true: an entry is what its block decodes to. Ids never stand for other bytes, so nothing goes stale.

use std::{
    collections::HashMap,
    hash::{BuildHasherDefault, Hasher},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use parking_lot::Mutex;
use pluresdb_store::BlockId;

use crate::{key::leaf::KeyLeaf, node::Node, row::leaf::RowLeaf};

const SHARD_COUNT: usize = 16;
/// One part in so many of the budget is the cache's, whatever others take.
const LEAST_SHARE: usize = 8;

#[derive(Clone)]
pub(crate) enum CachedNode {
    Row(Arc<Node<RowLeaf>>),
    Key(Arc<Node<KeyLeaf>>),
}

struct Entry {
    id: BlockId,
    node: CachedNode,
    bytes: usize,
}

impl CachedNode {
    fn note_use(&self) {
        match self {
            CachedNode::Row(node) => node.note_use(),
            CachedNode::Key(node) => node.note_use(),
        }
    }

    fn take_use(&self) -> bool {
        match self {
            CachedNode::Row(node) => node.take_use(),
            CachedNode::Key(node) => node.take_use(),
        }
    }
}

/// Ids count up, so multiplying spreads them well enough.
#[derive(Default)]
struct IdHasher(u64);

impl Hasher for IdHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.write_u64(u64::from(byte));
        }
    }

    fn write_u64(&mut self, id: u64) {
        self.0 = (self.0 ^ id).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_right(32);
    }
}

#[derive(Default)]
struct Shard {
    places: HashMap<BlockId, usize, BuildHasherDefault<IdHasher>>,
    entries: Vec<Entry>,
    hand: usize,
}

impl Shard {
    fn remove_at(&mut self, index: usize) -> usize {
        let entry = self.entries.swap_remove(index);
        self.places.remove(&entry.id);
        if let Some(moved) = self.entries.get(index) {
            self.places.insert(moved.id, index);
        }
        entry.bytes
    }

    /// Turns the hand until one entry goes; returns its bytes, 0 when there is none.
    fn evict_one(&mut self) -> usize {
        // Each turn takes chances away, so two rounds always find one.
        for _ in 0..2 * self.entries.len() {
            if self.hand >= self.entries.len() {
                self.hand = 0;
            }
            if !self.entries[self.hand].node.take_use() {
                return self.remove_at(self.hand);
            }
            self.hand += 1;
        }
        0
    }
}

pub(crate) struct Cache {
    shards: [Mutex<Shard>; SHARD_COUNT],
    bytes: AtomicUsize,
    max_bytes: AtomicUsize,
    next_victim: AtomicUsize,
}

impl Cache {
    pub(crate) fn new(max_bytes: usize) -> Cache {
        Cache {
            shards: std::array::from_fn(|_| Mutex::default()),
            bytes: AtomicUsize::new(0),
            max_bytes: AtomicUsize::new(max_bytes),
            next_victim: AtomicUsize::new(0),
        }
    }

    fn shard(&self, id: BlockId) -> &Mutex<Shard> {
        &self.shards[id.get() as usize % SHARD_COUNT]
    }

    pub(crate) fn get(&self, id: BlockId) -> Option<CachedNode> {
        let shard = self.shard(id).lock();
        let place = *shard.places.get(&id)?;
        let node = &shard.entries[place].node;
        node.note_use();
        Some(node.clone())
    }

    /// `taken`: what others use of the budget, so that the cache keeps clear of it.
    pub(crate) fn insert(&self, id: BlockId, node: CachedNode, bytes: usize, taken: usize) {
        {
            let mut shard = self.shard(id).lock();
            if shard.places.contains_key(&id) {
                return;
            }
            let place = shard.entries.len();
            shard.places.insert(id, place);
            shard.entries.push(Entry { id, node, bytes });
        }
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
        self.shrink(taken);
    }

    pub(crate) fn remove(&self, id: BlockId) {
        let mut shard = self.shard(id).lock();
        if let Some(&place) = shard.places.get(&id) {
            let freed = shard.remove_at(place);
            self.bytes.fetch_sub(freed, Ordering::Relaxed);
        }
    }

    fn shrink(&self, taken: usize) {
        let mut idle = 0;
        let max_bytes = self.max_bytes.load(Ordering::Relaxed);
        let room = max_bytes.saturating_sub(taken).max(max_bytes / LEAST_SHARE);
        while self.bytes.load(Ordering::Relaxed) > room && idle < SHARD_COUNT {
            let victim = self.next_victim.fetch_add(1, Ordering::Relaxed) % SHARD_COUNT;
            let freed = self.shards[victim].lock().evict_one();
            self.bytes.fetch_sub(freed, Ordering::Relaxed);
            idle = if freed == 0 { idle + 1 } else { 0 };
        }
    }

    pub(crate) fn set_max_bytes(&self, max_bytes: usize) {
        self.max_bytes.store(max_bytes, Ordering::Relaxed);
        self.shrink(0);
    }

    pub(crate) fn max_bytes(&self) -> usize {
        self.max_bytes.load(Ordering::Relaxed)
    }

    pub(crate) fn bytes(&self) -> usize {
        self.bytes.load(Ordering::Relaxed)
    }

    pub(crate) fn clear(&self) {
        for shard in &self.shards {
            let mut shard = shard.lock();
            let freed: usize = shard.entries.iter().map(|entry| entry.bytes).sum();
            *shard = Shard::default();
            self.bytes.fetch_sub(freed, Ordering::Relaxed);
        }
    }
}
