//! The store of `:memory:`: a map from id to bytes. No codec, no files, nothing to recover.

use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use parking_lot::RwLock;

use crate::{
    error::Result,
    store::{
        BlockId, FreedQueue, Pin, PinTable, Root, Sizes, Store, Synchronous, Uuid, check_block_len,
        check_engine_len, check_known, closed, missing_block,
    },
};

pub struct MemoryStore {
    uuid: Uuid,
    next_id: AtomicU64,
    pins: Arc<PinTable>,
    state: RwLock<State>,
}

struct State {
    root: Root,
    root_number: u64,
    blocks: HashMap<BlockId, Arc<[u8]>>,
    unrooted: HashSet<BlockId>,
    spilled: HashSet<BlockId>,
    freed: FreedQueue,
    live_bytes: u64,
    is_closed: bool,
}

impl State {
    fn remove(&mut self, id: BlockId) {
        if let Some(block) = self.blocks.remove(&id) {
            self.live_bytes -= block.len() as u64;
        }
    }

    fn reclaim(&mut self, pins: &PinTable) {
        let oldest = pins.oldest();
        while let Some((_, ids)) = self.freed.pop_unseen(oldest) {
            for id in ids {
                self.remove(id);
            }
        }
    }
}

impl Default for MemoryStore {
    fn default() -> MemoryStore {
        MemoryStore::new()
    }
}

impl MemoryStore {
    pub fn new() -> MemoryStore {
        MemoryStore {
            uuid: Uuid::random(),
            next_id: AtomicU64::new(1),
            pins: Arc::default(),
            state: RwLock::new(State {
                root: Root::default(),
                root_number: 0,
                blocks: HashMap::new(),
                unrooted: HashSet::new(),
                spilled: HashSet::new(),
                freed: FreedQueue::default(),
                live_bytes: 0,
                is_closed: false,
            }),
        }
    }
}

impl Store for MemoryStore {
    fn uuid(&self) -> Uuid {
        self.uuid
    }

    fn root(&self) -> Root {
        self.state.read().root.clone()
    }

    fn allocate(&self) -> BlockId {
        let id = self.next_id.fetch_add(1, Ordering::Relaxed);
        BlockId::new(id).expect("ids start at 1 and 2^64 of them are never used up")
    }

    fn read(&self, id: BlockId) -> Result<Arc<[u8]>> {
        let state = self.state.read();
        state.blocks.get(&id).map(Arc::clone).ok_or_else(|| missing_block(id))
    }

    fn write(&self, blocks: &[(BlockId, &[u8])]) -> Result<()> {
        let mut state = self.state.write();
        if state.is_closed {
            return Err(closed());
        }
        if self.pins.take_released() {
            state.reclaim(&self.pins);
        }
        for (id, bytes) in blocks {
            check_block_len(*id, bytes)?;
            let previous = state.blocks.insert(*id, Arc::from(*bytes));
            assert!(previous.is_none(), "every block version has its own id, {id:?} was written before");
            state.live_bytes += bytes.len() as u64;
            state.unrooted.insert(*id);
        }
        Ok(())
    }

    fn spill(&self, blocks: &[(BlockId, &[u8])]) -> Result<()> {
        self.write(blocks)?;
        let state = &mut *self.state.write();
        for (id, _) in blocks {
            state.unrooted.remove(id);
            state.spilled.insert(*id);
        }
        Ok(())
    }

    fn adopt(&self, ids: &[BlockId]) {
        let state = &mut *self.state.write();
        for id in ids {
            if state.spilled.remove(id) {
                state.unrooted.insert(*id);
            }
        }
    }

    fn discard(&self, ids: &[BlockId]) {
        let mut state = self.state.write();
        for id in ids {
            if state.unrooted.remove(id) || state.spilled.remove(id) {
                state.remove(*id);
            }
        }
    }

    fn commit_root(&self, root: Root, freed: &[BlockId]) -> Result<()> {
        check_engine_len(&root)?;
        let mut state = self.state.write();
        if state.is_closed {
            return Err(closed());
        }
        check_known(&root, freed, |id| state.blocks.contains_key(&id));
        state.root = root;
        state.root_number += 1;
        state.unrooted.clear();
        let root_number = state.root_number;
        state.freed.push(root_number, freed.to_vec());
        state.reclaim(&self.pins);
        Ok(())
    }

    fn pin(&self) -> Pin {
        let state = self.state.read();
        self.pins.pin(state.root_number)
    }

    fn iterate(&self, visit: &mut dyn FnMut(BlockId, u32)) {
        for (id, block) in &self.state.read().blocks {
            visit(*id, block.len() as u32);
        }
    }

    fn sizes(&self) -> Sizes {
        let state = self.state.read();
        Sizes {
            live_bytes: state.live_bytes,
            dead_bytes: 0,
            block_count: state.blocks.len() as u64,
            file_bytes: 0,
        }
    }

    fn compact(&self) -> Result<bool> {
        Ok(false)
    }

    fn synchronous(&self) -> Synchronous {
        Synchronous::Off
    }

    fn set_synchronous(&self, _synchronous: Synchronous) {}

    fn close(&self) -> Result<()> {
        let mut state = self.state.write();
        state.is_closed = true;
        state.blocks.clear();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    #[test]
    fn freed_blocks_stay_for_older_pins() {
        let store = MemoryStore::new();
        let id = store.allocate();
        store.write(&[(id, b"one")]).unwrap();
        store.commit_root(Root { catalog: Some(id), ..Root::default() }, &[]).unwrap();
        let pin = store.pin();
        store.commit_root(Root::default(), &[id]).unwrap();
        assert_eq!(&*store.read(id).unwrap(), b"one");
        drop(pin);
        store.write(&[]).unwrap();
        assert_eq!(store.read(id).unwrap_err().kind, ErrorKind::Corrupt);
        assert_eq!(store.sizes(), Sizes::default());
    }

    #[test]
    fn discarded_blocks_are_gone_and_rooted_ones_are_not() {
        let store = MemoryStore::new();
        let (kept, dropped) = (store.allocate(), store.allocate());
        store.write(&[(kept, b"kept")]).unwrap();
        store.commit_root(Root { catalog: Some(kept), ..Root::default() }, &[]).unwrap();
        store.spill(&[(dropped, b"dropped")]).unwrap();
        store.discard(&[kept, dropped]);
        assert!(store.read(kept).is_ok());
        assert!(store.read(dropped).is_err());
    }
}
