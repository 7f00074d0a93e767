//! The store on disk: blocks in segments, their places in a map, one root that swings it all.
//!
//!     commit_root:  (blocks were appended by write)
//!                   sync segments and their directory
//!                   → map: groups of places, lists of the freed → flush → sync
//!                   → map: the root                             → flush → sync        now it is committed
//!                   → append a marker to the segment; forget the freed that no pin sees
//!
//! The whole map is also held in memory: a read costs one lookup and one positioned read, and a checkpoint writes
//! groups without reading them. 1 M blocks take about 35 MB.
//!
//! Always true:
//! - Places, freed lists and moved blocks of a checkpoint that did not finish name a root number that was never
//!   committed; opening sweeps them.
//! - A block leaves the map only in a checkpoint after the one that freed it, so the root on disk never misses one;
//!   until then, and long after, a freed list says that it is gone (`stale_groups`).
//! - A failure past the first sync closes the store to writes: what reached the disk is not known. Reads go on.

use std::{
    any::Any,
    cell::RefCell,
    collections::{HashMap, HashSet},
    hash::BuildHasherDefault,
    sync::{
        Arc,
        atomic::{AtomicU8, AtomicU64, Ordering},
    },
};

use parking_lot::{Mutex, RwLock};

use crate::{
    block_map::{
        BlockMap, FREED_CHUNK_LEN, Loaded, RootRecord, encode_ids, encode_root, freed_key, group_key,
        root_key,
    },
    codec::{checksum_seed, decode_block, encode_block, encode_marker, verify_block},
    error::{ErrorKind, Result, StoreError},
    place_table::{CountedHasher, Place, PlaceTable, UNROOTED, group_of},
    segment::{SEGMENT_HEADER_LEN, SegmentOptions, SegmentUse, Segments},
    stale_groups::{Due, StaleGroups},
    store::{
        BlockId, FreedQueue, Pin, PinTable, Root, Sizes, Store, Synchronous, Uuid, check_block_len,
        check_engine_len, check_known, closed, missing_block,
    },
};

/// What one append to a segment gathers.
const APPEND_LEN: usize = 4 << 20;
/// A segment still being appended to is compacted only when this much can be won.
const MIN_DEAD_IN_CURRENT: u64 = 1 << 20;

pub(crate) type LockHolder = Arc<Mutex<Option<Box<dyn Any + Send + Sync>>>>;

pub(crate) struct BlockStore {
    uuid: Uuid,
    seed: u64,
    is_read_only: bool,
    synchronous: AtomicU8,
    next_id: AtomicU64,
    pins: Arc<PinTable>,
    segments: Segments,
    map: Box<dyn BlockMap>,
    state: RwLock<State>,
    /// Held through a checkpoint or compaction: they exclude each other, not the writers.
    commit: Mutex<()>,
    failure: Mutex<Option<StoreError>>,
    lock: LockHolder,
}

struct State {
    root: Root,
    root_number: u64,
    blocks: PlaceTable,
    /// Encoded bytes per segment that can still be read.
    live: HashMap<u32, u64, BuildHasherDefault<CountedHasher>>,
    live_bytes: u64,
    unrooted: HashSet<BlockId>,
    spilled: HashSet<BlockId>,
    freed: FreedQueue,
    /// Freed lists in the map, by root, and how many chunks each has.
    freed_chunks: HashMap<u64, u32>,
    /// Where the map is behind.
    stale: StaleGroups,
    is_closed: bool,
}

thread_local! {
    /// Encoded bytes on their way to being decoded.
    static READ_BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}
/// Longer buffers are not kept.
const READ_BUFFER_KEPT: usize = 1 << 20;

impl State {
    fn place(&mut self, id: BlockId, place: Place) {
        *self.live.entry(place.segment).or_insert(0) += u64::from(place.len);
        self.live_bytes += u64::from(place.len);
        self.blocks.insert(id, place);
    }

    fn remove(&mut self, id: BlockId) {
        let Some(place) = self.blocks.remove(id) else { return };
        self.live_bytes -= u64::from(place.len);
        if let Some(live) = self.live.get_mut(&place.segment) {
            *live -= u64::from(place.len);
        }
        if place.root_number != UNROOTED {
            self.stale.mark(group_of(id));
        }
    }

    fn reclaim(&mut self, pins: &PinTable) {
        let oldest = pins.oldest();
        while let Some((root_number, ids)) = self.freed.pop_unseen(oldest) {
            for id in ids {
                self.remove(id);
            }
            let chunk_count = self.freed_chunks.remove(&root_number).unwrap_or(0);
            self.stale.spend((0..chunk_count).map(|chunk| (root_number, chunk)));
        }
    }

    fn set_root_number(&mut self, ids: &[BlockId], root_number: u64) {
        for id in ids {
            if let Some(place) = self.blocks.get_mut(*id) {
                place.root_number = root_number;
            }
        }
    }

    /// The map's changes, from what is in memory. A list goes after the groups that no longer hold its blocks.
    fn changes(&self, due: &Due) -> Vec<(Vec<u8>, Option<Vec<u8>>)> {
        let groups = due.groups.iter().map(|group| (group_key(*group), self.blocks.encode_group(*group)));
        let lists = due.spent_lists.iter().map(|(number, chunk)| (freed_key(*number, *chunk), None));
        groups.chain(lists).collect()
    }
}

pub(crate) struct BlockStoreOptions {
    pub is_read_only: bool,
    pub synchronous: Synchronous,
    pub min_segment_len: Option<u64>,
    pub segment_dir: std::path::PathBuf,
}

impl BlockStore {
    /// Writes the first root of a new store into its map.
    pub(crate) fn create(map: &dyn BlockMap, uuid: Uuid) -> Result<()> {
        let record = RootRecord { root: Root::default(), number: 1, next_id: 1, is_synced: true };
        map.apply(vec![(root_key(), Some(encode_root(checksum_seed(uuid), &record)))])?;
        map.flush()?;
        map.sync()
    }

    pub(crate) fn open(
        disk: Arc<dyn crate::disk::Disk>,
        map: Box<dyn BlockMap>,
        uuid: Uuid,
        options: BlockStoreOptions,
        lock: LockHolder,
    ) -> Result<BlockStore> {
        let seed = checksum_seed(uuid);
        let loaded = crate::block_map::load(&*map, seed)?;
        let record = loaded.root.clone().ok_or_else(|| StoreError::corrupt("the block map holds no root"))?;
        let (state, uses, max_id) = sweep(loaded, &record);
        let segment_options = SegmentOptions {
            seed,
            root_number: record.number,
            is_read_only: options.is_read_only,
            is_unsynced: !record.is_synced,
            min_full_len: options.min_segment_len,
        };
        let segments = Segments::open(disk, options.segment_dir, uuid, &uses, &segment_options)?;
        Ok(BlockStore {
            uuid,
            seed,
            is_read_only: options.is_read_only,
            synchronous: AtomicU8::new(options.synchronous as u8),
            next_id: AtomicU64::new(record.next_id.max(max_id + 1)),
            pins: Arc::default(),
            segments,
            map,
            state: RwLock::new(state),
            commit: Mutex::new(()),
            failure: Mutex::new(None),
            lock,
        })
    }

    fn is_syncing(&self) -> bool {
        self.synchronous.load(Ordering::Relaxed) != Synchronous::Off as u8
    }

    fn record(&self, root: Root, number: u64) -> RootRecord {
        RootRecord {
            root,
            number,
            next_id: self.next_id.load(Ordering::Relaxed),
            is_synced: self.is_syncing(),
        }
    }

    fn check_writable(&self) -> Result<()> {
        if self.state.read().is_closed {
            return Err(closed());
        }
        if self.is_read_only {
            return Err(StoreError::new(ErrorKind::ReadOnly, "the store was opened for reading"));
        }
        match &*self.failure.lock() {
            Some(first) => Err(StoreError::new(
                ErrorKind::Io,
                format!("the store takes no writes until it is opened anew, after: {first}"),
            )),
            None => Ok(()),
        }
    }

    /// Past the point of knowing what is on disk: no more writes.
    fn fail(&self, error: StoreError) -> StoreError {
        self.failure.lock().get_or_insert_with(|| error.clone());
        error
    }

    fn append(&self, blocks: &[(BlockId, &[u8])], is_spill: bool) -> Result<()> {
        self.check_writable()?;
        {
            let state = self.state.read();
            for (id, bytes) in blocks {
                check_block_len(*id, bytes)?;
                let is_new = state.blocks.get(*id).is_none();
                assert!(is_new, "every block version has its own id, {id:?} was written before");
            }
        }
        if self.pins.take_released() {
            self.state.write().reclaim(&self.pins);
        }
        let mut buffer = Vec::new();
        let mut gathered = Vec::new();
        for (id, bytes) in blocks {
            let start = buffer.len();
            let checksum = encode_block(self.seed, *id, bytes, &mut buffer);
            gathered.push((*id, checksum, start as u32, (buffer.len() - start) as u32));
            if buffer.len() >= APPEND_LEN {
                self.append_gathered(&mut buffer, &mut gathered, is_spill)?;
            }
        }
        self.append_gathered(&mut buffer, &mut gathered, is_spill)
    }

    fn append_gathered(
        &self,
        buffer: &mut Vec<u8>,
        gathered: &mut Vec<(BlockId, u64, u32, u32)>,
        is_spill: bool,
    ) -> Result<()> {
        if gathered.is_empty() {
            return Ok(());
        }
        let (segment, start) = self.segments.append(buffer)?;
        let mut state = self.state.write();
        for (id, checksum, offset, len) in gathered.drain(..) {
            state.place(id, Place { segment, offset: start + offset, len, checksum, root_number: UNROOTED });
            if is_spill {
                state.spilled.insert(id)
            } else {
                state.unrooted.insert(id)
            };
        }
        buffer.clear();
        Ok(())
    }

    /// The steps of a checkpoint that touch the disk.
    fn checkpoint(&self, record: &RootRecord, placed: &[BlockId], freed: &[BlockId]) -> Result<()> {
        if record.is_synced {
            self.segments.sync()?;
        }
        let mut changes = {
            let state = &mut *self.state.write();
            let mut due = state.stale.take_due(freed.len());
            due.groups.extend(placed.iter().map(|id| group_of(*id)));
            state.changes(&due)
        };
        for (chunk, ids) in freed.chunks(FREED_CHUNK_LEN).enumerate() {
            changes.push((freed_key(record.number, chunk as u32), Some(encode_ids(ids))));
        }
        self.write_map(changes, record.is_synced)?;
        self.write_root(record)
    }

    fn write_root(&self, record: &RootRecord) -> Result<()> {
        let bytes = encode_root(self.seed, record);
        self.write_map(vec![(root_key(), Some(bytes.clone()))], record.is_synced)?;
        // The root stands, whether or not the marker gets there. Without syncs it could get there first.
        if record.is_synced {
            let _ = self.segments.append(&encode_marker(self.seed, &bytes));
        }
        Ok(())
    }

    fn write_map(&self, changes: Vec<(Vec<u8>, Option<Vec<u8>>)>, is_synced: bool) -> Result<()> {
        self.map.apply(changes)?;
        self.map.flush()?;
        if is_synced { self.map.sync() } else { Ok(()) }
    }

    /// The segment with the most to win and its blocks, or None when none is half dead.
    fn choose_victim(&self) -> Option<(u32, Vec<(BlockId, Place)>)> {
        let state = self.state.read();
        let live = |number: u32| state.live.get(&number).copied().unwrap_or(0);
        let dead = |number: u32, len: u64| len.saturating_sub(SEGMENT_HEADER_LEN + live(number));
        let is_half_dead = |number: u32, len: u64| dead(number, len) > live(number) || live(number) == 0;
        let full = self.segments.full_segments();
        let mut candidates: Vec<(u32, u64)> =
            full.iter().copied().filter(|(n, len)| is_half_dead(*n, *len)).collect();
        if let Some(number) = self.segments.current() {
            let len = self.segments.len(number);
            if is_half_dead(number, len) && dead(number, len) >= MIN_DEAD_IN_CURRENT {
                candidates.push((number, len));
            }
        }
        candidates.sort_unstable_by_key(|(number, len)| std::cmp::Reverse(dead(*number, *len)));
        for (victim, _) in candidates {
            let inside = state.blocks.iter().filter(|(_, place)| place.segment == victim);
            let mut blocks: Vec<_> = inside.map(|(id, place)| (id, *place)).collect();
            // Blocks of no root yet may be discarded or placed at any moment; their segment's time will come.
            if blocks.iter().all(|(_, place)| place.root_number != UNROOTED) {
                blocks.sort_unstable_by_key(|(_, place)| place.offset);
                return Some((victim, blocks));
            }
        }
        None
    }

    /// Copies the blocks, as encoded, behind the present end.
    fn copy_blocks(&self, blocks: &[(BlockId, Place)]) -> Result<Vec<(BlockId, Place, Place)>> {
        let mut moved = Vec::with_capacity(blocks.len());
        let (mut buffer, mut encoded) = (Vec::new(), Vec::new());
        let mut first_in_buffer = 0;
        for (index, (id, place)) in blocks.iter().enumerate() {
            if !self.segments.read(place.segment, place.offset, place.len, &mut encoded)? {
                return Err(StoreError::corrupt(format!("{id:?}: its segment {} is missing", place.segment)));
            }
            verify_block(self.seed, *id, place.checksum, &encoded)?;
            moved.push((*id, *place, Place { offset: buffer.len() as u32, ..*place }));
            buffer.extend_from_slice(&encoded);
            if buffer.len() >= APPEND_LEN || index + 1 == blocks.len() {
                let (segment, start) = self.segments.append(&buffer)?;
                for (_, _, new) in &mut moved[first_in_buffer..] {
                    *new = Place { segment, offset: start + new.offset, ..*new };
                }
                first_in_buffer = moved.len();
                buffer.clear();
            }
        }
        Ok(moved)
    }

    /// Swings the places of moved blocks, under a new root number: a map from before is then known to be outdated.
    fn swing_places(&self, victim: u32, moved: Vec<(BlockId, Place, Place)>) -> Result<()> {
        let is_synced = self.is_syncing();
        if is_synced {
            self.segments.sync()?;
        }
        let (changes, record) = {
            let state = &mut *self.state.write();
            // This writes a root too: what an unfinished checkpoint left must go first.
            let mut due = state.stale.take_unfinished();
            due.groups.extend(moved.iter().map(|(id, ..)| group_of(*id)));
            for (id, old, new) in moved {
                if state.blocks.get(id) == Some(&old) {
                    *state.live.entry(old.segment).or_insert(0) -= u64::from(old.len);
                    state.live_bytes -= u64::from(old.len);
                    state.place(id, new);
                }
            }
            state.live.remove(&victim);
            (state.changes(&due), self.record(state.root.clone(), state.root_number + 1))
        };
        if changes.is_empty() {
            return Ok(());
        }
        self.write_map(changes, is_synced)?;
        self.write_root(&record)?;
        self.state.write().root_number = record.number;
        Ok(())
    }
}

/// Leaves out what the last root does not hold, and notes that the map still lists it.
fn sweep(loaded: Loaded, record: &RootRecord) -> (State, HashMap<u32, SegmentUse>, u64) {
    let mut state = State {
        root: record.root.clone(),
        root_number: record.number,
        blocks: loaded.places,
        live: HashMap::default(),
        live_bytes: 0,
        unrooted: HashSet::new(),
        spilled: HashSet::new(),
        freed: FreedQueue::default(),
        freed_chunks: HashMap::new(),
        stale: StaleGroups::default(),
        is_closed: false,
    };
    if state.blocks.places().any(|place| place.root_number > record.number) {
        let unfinished = state.blocks.iter().filter(|(_, place)| place.root_number > record.number);
        for id in unfinished.map(|(id, _)| id).collect::<Vec<_>>() {
            state.blocks.remove(id);
            state.stale.mark_unfinished(group_of(id));
        }
    }
    for list in loaded.freed {
        let name = (list.root_number, list.chunk);
        if list.root_number > record.number {
            state.stale.drop_unfinished(name);
            continue;
        }
        for id in list.ids {
            state.blocks.remove(id);
            state.stale.mark(group_of(id));
        }
        state.stale.spend([name]);
    }

    let mut uses: HashMap<u32, SegmentUse> = HashMap::new();
    // Neighbours mostly lie in one segment: its sums are kept at hand.
    let (mut segment, mut sum) = (0, SegmentUse::default());
    for place in state.blocks.places() {
        if place.segment != segment {
            merge_use(&mut uses, segment, sum);
            (segment, sum) = (place.segment, SegmentUse::default());
        }
        sum.live_bytes += u64::from(place.len);
        sum.end = sum.end.max(u64::from(place.offset) + u64::from(place.len));
    }
    merge_use(&mut uses, segment, sum);
    for (number, segment_use) in &uses {
        state.live.insert(*number, segment_use.live_bytes);
        state.live_bytes += segment_use.live_bytes;
    }
    let max_id = state.blocks.max_id();
    (state, uses, max_id)
}

fn merge_use(uses: &mut HashMap<u32, SegmentUse>, segment: u32, sum: SegmentUse) {
    if sum.live_bytes > 0 {
        let segment_use = uses.entry(segment).or_default();
        segment_use.live_bytes += sum.live_bytes;
        segment_use.end = segment_use.end.max(sum.end);
    }
}

impl Store for BlockStore {
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
        let find = || {
            let state = self.state.read();
            if state.is_closed {
                return Err(closed());
            }
            state.blocks.get(id).copied().ok_or_else(|| missing_block(id))
        };
        let mut place = find()?;
        READ_BUFFER.with_borrow_mut(|buffer| {
            while !self.segments.read(place.segment, place.offset, place.len, buffer)? {
                // Compaction moved the block between the two lookups, or its file is gone.
                let found = find()?;
                if found == place {
                    return Err(StoreError::corrupt(format!(
                        "{id:?}: its segment {} is missing",
                        place.segment
                    )));
                }
                place = found;
            }
            let block = decode_block(self.seed, id, place.checksum, buffer);
            if buffer.capacity() > READ_BUFFER_KEPT {
                *buffer = Vec::new();
            }
            block
        })
    }

    fn write(&self, blocks: &[(BlockId, &[u8])]) -> Result<()> {
        self.append(blocks, false)
    }

    fn spill(&self, blocks: &[(BlockId, &[u8])]) -> Result<()> {
        self.append(blocks, true)
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
        let state = &mut *self.state.write();
        for id in ids {
            if state.unrooted.remove(id) || state.spilled.remove(id) {
                state.remove(*id);
            }
        }
    }

    fn commit_root(&self, root: Root, freed: &[BlockId]) -> Result<()> {
        let _commit = self.commit.lock();
        self.check_writable()?;
        check_engine_len(&root)?;
        let (number, placed, freed_rooted) = {
            let state = &mut *self.state.write();
            let number = state.root_number + 1;
            let is_rooted =
                |id: &BlockId| state.blocks.get(*id).is_some_and(|place| place.root_number != UNROOTED);
            check_known(&root, freed, |id| state.blocks.get(id).is_some());
            let freed_rooted: Vec<BlockId> = freed.iter().copied().filter(is_rooted).collect();
            for id in freed {
                // Written and superseded since the last root: it never enters the map.
                state.unrooted.remove(id);
                state.spilled.remove(id);
            }
            let placed: Vec<BlockId> = state.unrooted.drain().collect();
            state.set_root_number(&placed, number);
            (number, placed, freed_rooted)
        };
        let record = self.record(root, number);
        let result = record.check_counts().and_then(|()| self.checkpoint(&record, &placed, &freed_rooted));
        let state = &mut *self.state.write();
        if let Err(error) = result {
            state.set_root_number(&placed, UNROOTED);
            state.unrooted.extend(placed);
            return Err(self.fail(error));
        }
        state.root = record.root;
        state.root_number = number;
        state.freed_chunks.insert(number, freed_rooted.len().div_ceil(FREED_CHUNK_LEN) as u32);
        state.freed.push(number, freed.to_vec());
        state.reclaim(&self.pins);
        Ok(())
    }

    fn pin(&self) -> Pin {
        let state = self.state.read();
        self.pins.pin(state.root_number)
    }

    fn iterate(&self, visit: &mut dyn FnMut(BlockId, u32)) {
        for (id, place) in self.state.read().blocks.iter() {
            visit(id, place.len);
        }
    }

    fn sizes(&self) -> Sizes {
        let state = self.state.read();
        let file_bytes = self.segments.file_bytes();
        Sizes {
            live_bytes: state.live_bytes,
            dead_bytes: file_bytes.saturating_sub(state.live_bytes),
            block_count: state.blocks.len() as u64,
            file_bytes,
        }
    }

    fn compact(&self) -> Result<bool> {
        let _commit = self.commit.lock();
        self.check_writable()?;
        self.state.write().reclaim(&self.pins);
        let Some((victim, blocks)) = self.choose_victim() else { return Ok(false) };
        self.segments.close_if_current(victim);
        let moved = self.copy_blocks(&blocks)?;
        self.swing_places(victim, moved).map_err(|error| self.fail(error))?;
        self.segments.remove(victim)?;
        Ok(true)
    }

    fn synchronous(&self) -> Synchronous {
        match self.synchronous.load(Ordering::Relaxed) {
            0 => Synchronous::Off,
            1 => Synchronous::Normal,
            _ => Synchronous::Full,
        }
    }

    fn set_synchronous(&self, synchronous: Synchronous) {
        let before = self.synchronous.swap(synchronous as u8, Ordering::Relaxed);
        if before == Synchronous::Off as u8 && synchronous != Synchronous::Off {
            self.segments.mark_all_dirty();
        }
    }

    fn close(&self) -> Result<()> {
        let _commit = self.commit.lock();
        {
            let state = &mut *self.state.write();
            state.is_closed = true;
            state.blocks = PlaceTable::default();
        }
        self.segments.close();
        self.map.close()?;
        drop(self.lock.lock().take());
        Ok(())
    }
}
