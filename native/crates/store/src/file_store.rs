//! The store in one file: blocks by id, and in the same transactions what is to be remembered of them.
//!
//!     write, spill    gather in memory ─ 4 MB ─► a volatile transaction: readable, gone after a crash
//!     commit_root     one durable transaction: what is gathered, the root, who was freed, who is gone for good
//!
//!     facts   'r'                              → the root, as the block map has it
//!             'c'                              → blocks and bytes in the file
//!             'f' | root number | chunk (u32)  → ids that this root no longer holds
//!             's' | chunk (u32)                → ids of a transaction that was running: no root has them
//!
//! Always true:
//! - A transaction of the file is whole or not at all, so that the lists of the freed and the blocks agree.
//! - What a list names when the file is opened is gone: nobody pins it. The next commit removes it.
//! - A failure closes the store to writes. Reads go on at the last root; what is gathered is still there.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    sync::{
        Arc,
        atomic::{AtomicU8, AtomicU64, Ordering},
    },
};

use parking_lot::{Mutex, RwLock};

use crate::{
    block_map::{
        FREED_CHUNK_LEN, RootRecord, decode_ids, decode_root, encode_ids, encode_root, freed_key, root_key,
    },
    codec::{checksum_seed, decode_block, encode_block, read_u64},
    error::{ErrorKind, Result, StoreError},
    file::{BlockFile, Changes, Commit, Removed},
    paged_file::PagedFile,
    store::{
        BlockId, FreedQueue, Pin, PinTable, Root, Sizes, Store, Synchronous, Uuid, check_block_len,
        check_counts, check_engine_len, check_known, closed, missing_block,
    },
};

/// Encoded bytes gathered before they go to the file.
const GATHERED_BYTES: usize = 4 << 20;

thread_local! {
    /// Encoded bytes on their way to being decoded.
    static READ_BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}
/// Longer buffers are not kept.
const READ_BUFFER_KEPT: usize = 1 << 20;

pub(crate) struct FileStore {
    uuid: Uuid,
    seed: u64,
    is_read_only: bool,
    synchronous: AtomicU8,
    next_id: AtomicU64,
    pins: Arc<PinTable>,
    pages: Arc<PagedFile>,
    file: BlockFile,
    state: RwLock<State>,
    /// Held through everything that writes to the file.
    commit: Mutex<()>,
    failure: Mutex<Option<StoreError>>,
}

#[derive(Default)]
struct State {
    root: Root,
    root_number: u64,
    /// Encoded blocks that are not in the file yet, in the order in which the file takes them best.
    gathered: BTreeMap<BlockId, Arc<[u8]>>,
    gathered_bytes: usize,
    /// Blocks no root has, in the file or not.
    unrooted: HashSet<BlockId>,
    spilled: BTreeSet<BlockId>,
    /// In the file by a volatile transaction, with their encoded lengths.
    volatile: HashMap<BlockId, u64>,
    /// They were volatile, and the file went back.
    lost: HashSet<BlockId>,
    freed: FreedQueue,
    /// Freed lists in the file, by root, and how many chunks each has.
    freed_chunks: HashMap<u64, u32>,
    /// Gone, and still to be removed from the file; with the lists that say so.
    doomed: BTreeSet<BlockId>,
    spent: Vec<Vec<u8>>,
    spilled_chunks: u32,
    stored_count: u64,
    stored_bytes: u64,
    is_closed: bool,
}

impl State {
    fn doom(&mut self, id: BlockId) {
        if let Some(bytes) = self.gathered.remove(&id) {
            self.gathered_bytes -= bytes.len();
        } else if !self.lost.remove(&id) {
            self.doomed.insert(id);
        }
    }

    /// The file is as the last root left it.
    fn go_back(&mut self) {
        for (id, len) in std::mem::take(&mut self.volatile) {
            self.stored_count -= 1;
            self.stored_bytes -= len;
            if !self.doomed.remove(&id) {
                self.lost.insert(id);
            }
        }
    }

    /// What a root's transaction says of the blocks that are in the file and not in the root; and how many chunks the
    /// list of spilled ones has.
    fn lists(&self, root_number: u64, freed: &[BlockId]) -> (Vec<(Vec<u8>, Option<Vec<u8>>)>, u32) {
        let spent = self.spent.iter().map(|key| (key.clone(), None));
        let freed_set: HashSet<_> = freed.iter().collect();
        let spilled: Vec<_> = self.spilled.iter().copied().filter(|id| !freed_set.contains(id)).collect();
        let spilled_chunks = spilled.len().div_ceil(FREED_CHUNK_LEN) as u32;
        let emptied = (spilled_chunks..self.spilled_chunks).map(|chunk| (spilled_key(chunk), None));
        let spilled = spilled.chunks(FREED_CHUNK_LEN).zip(0..);
        let freed = freed.chunks(FREED_CHUNK_LEN).zip(0..);
        let lists = spent
            .chain(emptied)
            .chain(spilled.map(|(ids, chunk)| (spilled_key(chunk), Some(encode_ids(ids)))))
            .chain(freed.map(|(ids, chunk)| (freed_key(root_number, chunk), Some(encode_ids(ids)))));
        (lists.collect(), spilled_chunks)
    }

    fn reclaim(&mut self, pins: &PinTable) {
        let oldest = pins.oldest();
        while let Some((root_number, ids)) = self.freed.pop_unseen(oldest) {
            for id in ids {
                self.doom(id);
            }
            let chunk_count = self.freed_chunks.remove(&root_number).unwrap_or(0);
            self.spent.extend((0..chunk_count).map(|chunk| freed_key(root_number, chunk)));
        }
    }
}

impl FileStore {
    pub(crate) fn create(pages: Arc<PagedFile>, uuid: Uuid, options: &FileStoreOptions) -> Result<FileStore> {
        let record = RootRecord { root: Root::default(), number: 1, next_id: 1, is_synced: true };
        let facts = vec![
            (root_key(), Some(encode_root(checksum_seed(uuid), &record))),
            (counts_key(), Some(encode_counts(0, 0))),
        ];
        let file = BlockFile::create(Arc::clone(&pages), &Changes { facts, ..Changes::default() })?;
        FileStore::new(pages, file, uuid, options)
    }

    pub(crate) fn open(pages: Arc<PagedFile>, uuid: Uuid, options: &FileStoreOptions) -> Result<FileStore> {
        let file = BlockFile::open(Arc::clone(&pages), options.is_read_only)?;
        FileStore::new(pages, file, uuid, options)
    }

    fn new(
        pages: Arc<PagedFile>,
        file: BlockFile,
        uuid: Uuid,
        options: &FileStoreOptions,
    ) -> Result<FileStore> {
        let seed = checksum_seed(uuid);
        let mut state = State::default();
        let mut record = None;
        let mut has_counts = false;
        file.facts(&mut |key, value| {
            match (key.first(), key.len()) {
                (Some(b'r'), 1) => record = Some(decode_root(seed, value)?),
                (Some(b'c'), 1) => {
                    (state.stored_count, state.stored_bytes) = decode_counts(value)?;
                    has_counts = true;
                }
                (Some(b'f'), 13) | (Some(b's'), 5) => {
                    state.doomed.extend(decode_ids(value)?);
                    state.spent.push(key.to_vec());
                }
                _ => return Err(StoreError::corrupt("the database holds a fact that is not known")),
            }
            Ok(())
        })?;
        let Some(RootRecord { root, number, next_id, .. }) = record.filter(|_| has_counts) else {
            return Err(StoreError::corrupt("the database holds no root"));
        };
        state.root = root;
        state.root_number = number;
        pages.set_syncing(options.synchronous != Synchronous::Off);
        Ok(FileStore {
            uuid,
            seed,
            is_read_only: options.is_read_only,
            synchronous: AtomicU8::new(options.synchronous as u8),
            next_id: AtomicU64::new(next_id),
            pins: Arc::default(),
            pages,
            file,
            state: RwLock::new(state),
            commit: Mutex::new(()),
            failure: Mutex::new(None),
        })
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

    /// The file went back to its last root. What it holds now is known, unless a sync failed.
    fn fail(&self, error: StoreError) -> StoreError {
        self.state.write().go_back();
        if self.pages.is_in_doubt() {
            self.failure.lock().get_or_insert_with(|| error.clone());
        }
        error
    }

    fn gather(&self, blocks: &[(BlockId, &[u8])], is_spill: bool) -> Result<()> {
        self.check_writable()?;
        if self.pins.take_released() {
            self.state.write().reclaim(&self.pins);
        }
        for (id, bytes) in blocks {
            check_block_len(*id, bytes)?;
            let mut encoded = Vec::new();
            encode_block(self.seed, *id, bytes, &mut encoded);
            let is_full = {
                let state = &mut *self.state.write();
                state.gathered_bytes += encoded.len();
                let previous = state.gathered.insert(*id, Arc::from(encoded));
                assert!(previous.is_none(), "every block version has its own id, {id:?} was written before");
                if is_spill {
                    state.spilled.insert(*id)
                } else {
                    state.unrooted.insert(*id)
                };
                state.gathered_bytes >= GATHERED_BYTES
            };
            if is_full {
                self.flush()?;
            }
        }
        Ok(())
    }

    /// Takes what is gathered to the file, where a crash forgets it.
    fn flush(&self) -> Result<()> {
        let _commit = self.commit.lock();
        let gathered: Vec<_> = {
            let state = self.state.read();
            state.gathered.iter().map(|(id, bytes)| (*id, Arc::clone(bytes))).collect()
        };
        let blocks = gathered.iter().map(|(id, bytes)| (*id, &**bytes)).collect();
        let changes = Changes { blocks, ..Changes::default() };
        self.file.write(&changes, Commit::Volatile).map_err(|error| self.fail(error))?;
        let state = &mut *self.state.write();
        state.volatile.extend(gathered.iter().map(|(id, bytes)| (*id, bytes.len() as u64)));
        state.take_stored(&gathered);
        Ok(())
    }

    /// The transaction of a root.
    fn commit(&self, root: Root, freed: &[BlockId]) -> Result<()> {
        let (record, gathered, changes, spilled_chunks) = {
            let state = &mut *self.state.write();
            check_known(&root, freed, |id| self.is_known(state, id));
            if state.unrooted.iter().any(|id| state.lost.contains(id)) {
                return Err(StoreError::new(ErrorKind::Io, "blocks of this root did not get to the disk"));
            }
            state.reclaim(&self.pins);
            let record = self.record(root, state.root_number + 1);
            record.check_counts()?;
            let gathered: Vec<_> =
                state.gathered.iter().map(|(id, bytes)| (*id, Arc::clone(bytes))).collect();
            let (lists, spilled_chunks) = state.lists(record.number, freed);
            let facts = lists.into_iter().chain([(root_key(), Some(encode_root(self.seed, &record)))]);
            let changes = Changes {
                removed: state.doomed.iter().copied().collect(),
                facts: facts.collect(),
                ..Changes::default()
            };
            (record, gathered, changes, spilled_chunks)
        };
        let (count, bytes) = {
            let state = self.state.read();
            let new_bytes: usize = gathered.iter().map(|(_, bytes)| bytes.len()).sum();
            (state.stored_count + gathered.len() as u64, state.stored_bytes + new_bytes as u64)
        };
        let counts = |gone: Removed| {
            let (count, bytes) = (count.saturating_sub(gone.count), bytes.saturating_sub(gone.bytes));
            (counts_key(), encode_counts(count, bytes))
        };
        let blocks = gathered.iter().map(|(id, bytes)| (*id, &**bytes)).collect();
        let changes = Changes { blocks, last_fact: Some(&counts), ..changes };
        let gone = self.file.write(&changes, Commit::Durable).map_err(|error| self.fail(error))?;

        let state = &mut *self.state.write();
        state.take_stored(&gathered);
        state.volatile.clear();
        for id in &changes.removed {
            state.doomed.remove(id);
        }
        state.stored_count = state.stored_count.saturating_sub(gone.count);
        state.stored_bytes = state.stored_bytes.saturating_sub(gone.bytes);
        state.spent.clear();
        state.spilled_chunks = spilled_chunks;
        state.unrooted.clear();
        for id in freed {
            state.spilled.remove(id);
        }
        state.root = record.root;
        state.root_number = record.number;
        state.freed_chunks.insert(record.number, freed.len().div_ceil(FREED_CHUNK_LEN) as u32);
        state.freed.push(record.number, freed.to_vec());
        state.reclaim(&self.pins);
        Ok(())
    }

    fn record(&self, root: Root, number: u64) -> RootRecord {
        let is_synced = self.synchronous() != Synchronous::Off;
        RootRecord { root, number, next_id: self.next_id.load(Ordering::Relaxed), is_synced }
    }

    /// An id is written once, so there is no older version that its checksum would have to be told from.
    fn decode(&self, id: BlockId, encoded: &[u8]) -> Result<Arc<[u8]>> {
        let checksum = encoded.first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes));
        decode_block(self.seed, id, checksum, encoded)
    }

    fn read_from_file(&self, id: BlockId, buffer: &mut Vec<u8>) -> Result<Arc<[u8]>> {
        buffer.clear();
        if self.file.read_where_found(id, buffer)
            && let Ok(block) = self.decode(id, buffer)
        {
            return Ok(block);
        }
        buffer.clear();
        if !self.file.read(id, buffer)? {
            return Err(missing_block(id));
        }
        self.decode(id, buffer)
    }

    /// Whether the block was ever written and is not gone.
    fn is_known(&self, state: &State, id: BlockId) -> bool {
        if state.gathered.contains_key(&id) || state.unrooted.contains(&id) || state.spilled.contains(&id) {
            return true;
        }
        // Its first page would have to be read to be sure; a damaged one is there too.
        id.get() < self.next_id.load(Ordering::Relaxed) && !state.doomed.contains(&id)
    }
}

impl State {
    fn take_stored(&mut self, blocks: &[(BlockId, Arc<[u8]>)]) {
        for (id, bytes) in blocks {
            self.stored_count += 1;
            self.stored_bytes += bytes.len() as u64;
            match self.gathered.remove(id) {
                Some(bytes) => self.gathered_bytes -= bytes.len(),
                // Discarded meanwhile.
                None => {
                    self.doomed.insert(*id);
                }
            }
        }
    }
}

pub(crate) struct FileStoreOptions {
    pub is_read_only: bool,
    pub synchronous: Synchronous,
}

fn counts_key() -> Vec<u8> {
    b"c".to_vec()
}

fn spilled_key(chunk: u32) -> Vec<u8> {
    [b"s", &chunk.to_be_bytes()[..]].concat()
}

fn encode_counts(count: u64, bytes: u64) -> Vec<u8> {
    [count.to_le_bytes(), bytes.to_le_bytes()].concat()
}

fn decode_counts(value: &[u8]) -> Result<(u64, u64)> {
    if value.len() != 16 {
        return Err(StoreError::corrupt("the counts of the database are malformed"));
    }
    let counts = [read_u64(value, 0), read_u64(value, 8)];
    check_counts(&counts)?;
    Ok((counts[0], counts[1]))
}

impl Store for FileStore {
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
        let gathered = {
            let state = self.state.read();
            if state.is_closed {
                return Err(closed());
            }
            if state.doomed.contains(&id) {
                return Err(missing_block(id));
            }
            state.gathered.get(&id).map(Arc::clone)
        };
        if let Some(encoded) = gathered {
            return self.decode(id, &encoded);
        }
        READ_BUFFER.with_borrow_mut(|buffer| {
            let block = self.read_from_file(id, buffer);
            if buffer.capacity() > READ_BUFFER_KEPT {
                *buffer = Vec::new();
            }
            block
        })
    }

    fn write(&self, blocks: &[(BlockId, &[u8])]) -> Result<()> {
        self.gather(blocks, false)
    }

    fn spill(&self, blocks: &[(BlockId, &[u8])]) -> Result<()> {
        self.gather(blocks, true)
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
                state.doom(*id);
            }
        }
    }

    fn commit_root(&self, root: Root, freed: &[BlockId]) -> Result<()> {
        let _commit = self.commit.lock();
        self.check_writable()?;
        check_engine_len(&root)?;
        self.commit(root, freed)
    }

    fn pin(&self) -> Pin {
        let state = self.state.read();
        self.pins.pin(state.root_number)
    }

    fn iterate(&self, visit: &mut dyn FnMut(BlockId, u32)) {
        let state = self.state.read();
        for (id, bytes) in &state.gathered {
            visit(*id, bytes.len() as u32);
        }
        // What cannot be read is not readable.
        let _ = self.file.scan(&mut |id, len| {
            if !state.doomed.contains(&id) {
                visit(id, len);
            }
        });
    }

    fn sizes(&self) -> Sizes {
        let state = self.state.read();
        let live_bytes = state.stored_bytes + state.gathered_bytes as u64;
        let file_bytes = self.pages.file_len();
        Sizes {
            live_bytes,
            dead_bytes: file_bytes.saturating_sub(live_bytes),
            block_count: state.stored_count + state.gathered.len() as u64 - state.doomed.len() as u64,
            file_bytes,
        }
    }

    fn compact(&self) -> Result<bool> {
        let _commit = self.commit.lock();
        self.check_writable()?;
        let has_leftovers = {
            let state = &mut *self.state.write();
            // What no root has would become durable, and nobody would know of it.
            if !state.unrooted.is_empty() || !state.spilled.is_empty() {
                return Ok(false);
            }
            state.reclaim(&self.pins);
            !state.doomed.is_empty() || !state.volatile.is_empty()
        };
        if has_leftovers {
            self.commit(self.root(), &[])?;
        }
        self.file.compact().map_err(|error| self.fail(error))
    }

    // Free pages are used again, and moving the last pages to the front may touch the whole file.
    fn is_worth_compacting(&self) -> bool {
        false
    }

    fn synchronous(&self) -> Synchronous {
        match self.synchronous.load(Ordering::Relaxed) {
            0 => Synchronous::Off,
            1 => Synchronous::Normal,
            _ => Synchronous::Full,
        }
    }

    fn set_synchronous(&self, synchronous: Synchronous) {
        self.synchronous.store(synchronous as u8, Ordering::Relaxed);
        self.pages.set_syncing(synchronous != Synchronous::Off);
    }

    fn close(&self) -> Result<()> {
        let _commit = self.commit.lock();
        *self.state.write() = State { is_closed: true, ..State::default() };
        self.file.close();
        self.pages.let_go();
        Ok(())
    }
}
