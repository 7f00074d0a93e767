//! The bounded cache of clean nodes: block id → decoded node.
//!
//! Each shard has two queues, after S3-FIFO (Yang et al., SOSP 2023):
//!
//!     new ─► trial ── used meanwhile ─► proven ⟲ used since it was last its turn
//!     ▲        └── not used ─► out, its id among the ghosts ── asked for again ─► proven
//!
//! The trial has a tenth of the bytes: a long scan passes through it and leaves what is used again where it is, and a
//! new working set has moved in once it was asked for twice. A use also counts when it came to the node without asking
//! here. The byte budget is shared by all shards: evicting goes round them.
//!
//! Always true: an entry is what its block decodes to. Ids never stand for other bytes, so nothing goes stale.

use std::{
    collections::{HashMap, HashSet, VecDeque},
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
/// One part in so many of the bytes is the trial's.
const TRIAL_SHARE: usize = 10;
/// Turns of removed entries that are not yet worth a walk through the queues.
const MAX_PASSED_TURNS: usize = 64;

#[derive(Clone)]
pub(crate) enum CachedNode {
    Row(Arc<Node<RowLeaf>>),
    Key(Arc<Node<KeyLeaf>>),
}

struct Entry {
    node: CachedNode,
    bytes: usize,
    is_proven: bool,
    /// That of the place in its queue which counts.
    turn: u64,
}

/// A place in a queue; what it stood for may be gone.
struct Turn {
    id: BlockId,
    turn: u64,
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

type ById<T> = HashMap<BlockId, T, BuildHasherDefault<IdHasher>>;

#[derive(Default)]
struct Shard {
    entries: ById<Entry>,
    bytes: usize,
    trial_bytes: usize,
    trial: VecDeque<Turn>,
    proven: VecDeque<Turn>,
    last_turn: u64,
    ghosts: Ghosts,
}

/// Ids that left the trial unused, oldest first.
#[derive(Default)]
struct Ghosts {
    ids: HashSet<BlockId, BuildHasherDefault<IdHasher>>,
    order: VecDeque<BlockId>,
}

impl Ghosts {
    fn insert(&mut self, id: BlockId, max_len: usize) {
        self.ids.insert(id);
        self.order.push_back(id);
        while self.order.len() > max_len {
            let oldest = self.order.pop_front().expect("more than none");
            self.ids.remove(&oldest);
        }
    }
}

impl Shard {
    /// False when it is there already.
    fn insert(&mut self, id: BlockId, node: CachedNode, bytes: usize) -> bool {
        if self.entries.contains_key(&id) {
            return false;
        }
        let is_proven = self.ghosts.ids.remove(&id);
        self.entries.insert(id, Entry { node, bytes, is_proven, turn: 0 });
        self.bytes += bytes;
        if !is_proven {
            self.trial_bytes += bytes;
        }
        self.queue(id);
        self.drop_passed_turns();
        true
    }

    /// Puts the entry at the end of the queue it belongs to.
    fn queue(&mut self, id: BlockId) {
        self.last_turn += 1;
        let turn = self.last_turn;
        let entry = self.entries.get_mut(&id).expect("only what is there is queued");
        entry.turn = turn;
        let queue = if entry.is_proven { &mut self.proven } else { &mut self.trial };
        queue.push_back(Turn { id, turn });
    }

    /// Entries that were removed leave their turns behind.
    fn drop_passed_turns(&mut self) {
        if self.trial.len() + self.proven.len() > 2 * self.entries.len() + MAX_PASSED_TURNS {
            for queue in [&mut self.trial, &mut self.proven] {
                queue.retain(|Turn { id, turn }| {
                    self.entries.get(id).is_some_and(|entry| entry.turn == *turn)
                });
            }
        }
    }

    fn remove(&mut self, id: BlockId) -> usize {
        let Some(entry) = self.entries.remove(&id) else { return 0 };
        self.bytes -= entry.bytes;
        if !entry.is_proven {
            self.trial_bytes -= entry.bytes;
        }
        entry.bytes
    }

    /// Puts the node in another's place, which keeps its turn. Returns the bytes of the other.
    fn replace(&mut self, id: BlockId, node: CachedNode, bytes: usize) -> Option<usize> {
        let entry = self.entries.get_mut(&id)?;
        let old = std::mem::replace(&mut entry.bytes, bytes);
        entry.node = node;
        self.bytes = self.bytes - old + bytes;
        if !entry.is_proven {
            self.trial_bytes = self.trial_bytes - old + bytes;
        }
        Some(old)
    }

    /// Takes turns until one entry goes; returns its bytes, 0 when there is none.
    fn evict_one(&mut self) -> usize {
        // A turn that evicts nothing is a passed one, or takes a use away: others could make new ones for ever.
        for _ in 0..2 * (self.trial.len() + self.proven.len()) {
            let is_trial_due = self.trial_bytes * TRIAL_SHARE >= self.bytes || self.proven.is_empty();
            let queue = if is_trial_due { &mut self.trial } else { &mut self.proven };
            let Some(Turn { id, turn }) = queue.pop_front() else { continue };
            let Some(entry) = self.entries.get_mut(&id).filter(|entry| entry.turn == turn) else { continue };
            if entry.node.take_use() {
                if !std::mem::replace(&mut entry.is_proven, true) {
                    self.trial_bytes -= entry.bytes;
                }
                self.queue(id);
                continue;
            }
            if !entry.is_proven {
                self.ghosts.insert(id, self.entries.len());
            }
            return self.remove(id);
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
        let node = &shard.entries.get(&id)?.node;
        node.note_use();
        Some(node.clone())
    }

    /// `taken`: what others use of the budget, so that the cache keeps clear of it.
    pub(crate) fn insert(&self, id: BlockId, node: CachedNode, bytes: usize, taken: usize) {
        if self.shard(id).lock().insert(id, node, bytes) {
            self.bytes.fetch_add(bytes, Ordering::Relaxed);
            self.shrink(taken);
        }
    }

    /// Puts another form of the node in its place, if it is still there.
    pub(crate) fn replace(&self, id: BlockId, node: CachedNode, bytes: usize) {
        if let Some(old) = self.shard(id).lock().replace(id, node, bytes) {
            self.bytes.fetch_add(bytes, Ordering::Relaxed);
            self.bytes.fetch_sub(old, Ordering::Relaxed);
        }
    }

    /// Takes back that the node was of use: it goes when its turn comes, unless it is asked for until then.
    pub(crate) fn retire(&self, id: BlockId) {
        if let Some(entry) = self.shard(id).lock().entries.get(&id) {
            entry.node.take_use();
        }
    }

    pub(crate) fn remove(&self, id: BlockId) {
        let freed = self.shard(id).lock().remove(id);
        self.bytes.fetch_sub(freed, Ordering::Relaxed);
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
            let freed = std::mem::take(&mut *shard).bytes;
            self.bytes.fetch_sub(freed, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::node::Kind;

    const NODE_BYTES: usize = 1000;
    const ROOM: usize = 1600;

    fn cache() -> Cache {
        Cache::new(ROOM * NODE_BYTES)
    }

    /// Asks for the node, which is loaded when it is not there. Whether it was.
    fn touch(cache: &Cache, number: usize) -> bool {
        let id = BlockId::new(number as u64 + 1).unwrap();
        if cache.get(id).is_some() {
            return true;
        }
        let node = Arc::new(Node::clean(id, Kind::Leaf(RowLeaf::default())));
        cache.insert(id, CachedNode::Row(node), NODE_BYTES, 0);
        assert!(cache.bytes() <= ROOM * NODE_BYTES);
        false
    }

    fn hits(cache: &Cache, numbers: impl Iterator<Item = usize>) -> usize {
        numbers.filter(|number| touch(cache, *number)).count()
    }

    #[test]
    fn a_new_working_set_moves_in_once_it_was_asked_for_twice() {
        let cache = cache();
        for _ in 0..4 {
            hits(&cache, 0..ROOM);
        }
        for set in 1..5 {
            let numbers = || set * 10 * ROOM..set * 10 * ROOM + ROOM / 2;
            let rounds: Vec<usize> = (0..4).map(|_| hits(&cache, numbers())).collect();
            assert_eq!(rounds[3], ROOM / 2, "set {set}: {rounds:?}");
            assert_eq!(rounds[2], ROOM / 2, "set {set}: {rounds:?}");
        }
    }

    #[test]
    fn a_long_scan_leaves_what_is_used_again() {
        let cache = cache();
        let used = 0..ROOM / 2;
        for _ in 0..3 {
            hits(&cache, used.clone());
        }
        hits(&cache, 10 * ROOM..20 * ROOM);
        assert_eq!(hits(&cache, used.clone()), used.len());
    }

    #[test]
    fn what_does_not_fit_hits_for_its_share() {
        let cache = cache();
        let mut random = 1_u64;
        let mut next = || {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (random >> 33) as usize % (4 * ROOM)
        };
        hits(&cache, (0..20 * ROOM).map(|_| next()));
        let hits = hits(&cache, (0..20 * ROOM).map(|_| next()));
        assert!((4 * ROOM..6 * ROOM).contains(&hits), "{hits} hits of {}", 20 * ROOM);
    }

    #[test]
    fn turns_of_removed_entries_do_not_gather() {
        let cache = cache();
        for _ in 0..10_000 {
            touch(&cache, 7);
            cache.remove(BlockId::new(8).unwrap());
        }
        let turns: usize = cache.shards.iter().map(|shard| shard.lock().trial.len()).sum();
        assert!(turns <= 2 * MAX_PASSED_TURNS, "{turns} turns");
        assert_eq!(cache.bytes(), 0);
    }
}
