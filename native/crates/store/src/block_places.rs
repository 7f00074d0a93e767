//! Where the blocks of a single file were found: a shorter way to their bytes than asking redb once more.
//!
//! Always true: a place is a hint. Pages move and are used again, so that what lies there is the block only when it passes
//! the block's own checksum. That one covers the id, and an id never stands for other bytes.

use std::{collections::HashMap, hash::BuildHasherDefault};

use parking_lot::RwLock;

use crate::{place_table::CountedHasher, store::BlockId};

type Shard = HashMap<BlockId, BlockPlace, BuildHasherDefault<CountedHasher>>;

const SHARD_COUNT: usize = 16;
/// All together take 40 MB at most.
const MAX_PLACES_IN_SHARD: usize = (1 << 19) / SHARD_COUNT;
/// Blocks of more pieces are of hundreds of kilobytes, or nearly 32: not worth remembering.
const MAX_PIECES: usize = 4;

/// The pieces of one block.
#[derive(Clone, Copy, Default)]
pub(crate) struct BlockPlace {
    /// Of all pieces.
    pub len: u32,
    /// Where each begins, as the owner of the pages sees it; the first is never 0.
    pub starts: [u64; MAX_PIECES],
}

impl BlockPlace {
    /// None when one of the pieces was not seen, or there are too many.
    pub(crate) fn new(len: usize, starts: &[Option<u64>]) -> Option<BlockPlace> {
        let mut place = BlockPlace { len: u32::try_from(len).ok()?, ..BlockPlace::default() };
        for (index, start) in starts.iter().enumerate() {
            *place.starts.get_mut(index)? = (*start)?;
        }
        (!starts.is_empty()).then_some(place)
    }
}

#[derive(Default)]
pub(crate) struct BlockPlaces {
    shards: [RwLock<Shard>; SHARD_COUNT],
}

impl BlockPlaces {
    fn shard(&self, id: BlockId) -> &RwLock<Shard> {
        &self.shards[id.get() as usize % SHARD_COUNT]
    }

    pub(crate) fn get(&self, id: BlockId) -> Option<BlockPlace> {
        self.shard(id).read().get(&id).copied()
    }

    pub(crate) fn insert(&self, id: BlockId, place: BlockPlace) {
        let shard = &mut *self.shard(id).write();
        if shard.len() >= MAX_PLACES_IN_SHARD {
            // They are found again as they are wanted.
            shard.clear();
        }
        shard.insert(id, place);
    }

    pub(crate) fn remove(&self, id: BlockId) {
        self.shard(id).write().remove(&id);
    }

    pub(crate) fn clear(&self) {
        for shard in &self.shards {
            *shard.write() = Shard::default();
        }
    }
}
