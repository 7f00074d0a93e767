//! The face of a store: blocks of bytes by id, and one root.
//!
//! Life of a block:
//!
//!     allocate → write ─ commit_root ─► in the root … freed by a later commit_root → gone after the last older pin
//!              → spill ─ adopt ──┘
//!                      ─ discard ─► gone
//!
//! Always true:
//! - Every block version has its own id; an id that a root could see never stands for other bytes.
//! - What `read` returns is what was written, verified; a bad block is `ErrorKind::Corrupt`, never other bytes.
//! - After a crash the store is as its last committed root left it: blocks written, spilled or freed since are undone.
//! - A failed `commit_root` leaves the old root in force in this process; what a reopen finds is the old root or the
//!   new one, whole. After a failed sync every further write fails until the store is opened anew.

use std::{
    collections::BTreeMap,
    fmt,
    num::NonZeroU64,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use parking_lot::Mutex;

use crate::error::{ErrorKind, Result, StoreError};

/// Longest block, before encoding. Wide values are cut into several blocks above; this only bounds allocation.
pub const MAX_BLOCK_LEN: usize = 1 << 28;
/// Positions, versions, ids and generations count up from 0, one at a time. A number beyond this was read from damaged
/// or hostile bytes; below it, no count ever overflows.
pub(crate) const MAX_COUNT: u64 = 1 << 62;
/// The same for the numbers in the names of files.
pub(crate) const MAX_FILE_NUMBER: u32 = 1 << 30;
/// Longest `Root::engine`: it is written with every root.
pub const MAX_ENGINE_BYTES: usize = 4096;

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlockId(NonZeroU64);

impl BlockId {
    /// None for 0, which no block has: codecs above may use 0 for "no block".
    pub fn new(id: u64) -> Option<BlockId> {
        NonZeroU64::new(id).map(BlockId)
    }

    pub fn get(self) -> u64 {
        self.0.get()
    }
}

impl fmt::Debug for BlockId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "block {}", self.0)
    }
}

/// A point in the commit log: the number of log bytes before it, over the life of the database.
/// A record is named by the point right after it, so a root at position p contains every record up to p.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct LogPosition(pub u64);

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Uuid(pub [u8; 16]);

impl Uuid {
    /// A random (version 4) uuid.
    pub fn random() -> Uuid {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).expect("the operating system provides random bytes");
        bytes[6] = bytes[6] & 0x0f | 0x40;
        bytes[8] = bytes[8] & 0x3f | 0x80;
        Uuid(bytes)
    }
}

impl fmt::Display for Uuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, byte) in self.0.iter().enumerate() {
            if matches!(index, 4 | 6 | 8 | 10) {
                f.write_str("-")?;
            }
            write!(f, "{byte:02x}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Uuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Everything a checkpoint swings at once. The store keeps the next block id beside it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Root {
    /// Root block of the catalog tree; None in a new store.
    pub catalog: Option<BlockId>,
    /// Replay starts here: everything before is in the blocks.
    pub log_position: LogPosition,
    pub commit_version: u64,
    /// The engine's own few bytes, at most `MAX_ENGINE_BYTES`.
    pub engine: Vec<u8>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Synchronous {
    /// No sync at all: a power cut may damage the store, a killed process may not.
    Off = 0,
    /// Sync at checkpoints.
    Normal = 1,
    /// Also each commit, before it is published (the engine calls `CommitLog::sync_to`).
    Full = 2,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sizes {
    /// Encoded bytes of blocks that can still be read.
    pub live_bytes: u64,
    /// Bytes on disk that no block uses; `compact` gives them back.
    pub dead_bytes: u64,
    pub block_count: u64,
    /// Bytes of all block files; 0 in memory.
    pub file_bytes: u64,
}

pub trait Store: Send + Sync {
    fn uuid(&self) -> Uuid;

    /// The last committed root.
    fn root(&self) -> Root;

    /// An id for a block about to be written. An id never written costs nothing.
    fn allocate(&self) -> BlockId;

    fn read(&self, id: BlockId) -> Result<Arc<[u8]>>;

    /// Writes blocks that the next `commit_root` makes part of its root. Readable at once; not durable until then.
    fn write(&self, blocks: &[(BlockId, &[u8])]) -> Result<()>;

    /// Writes blocks of a transaction that is still running: readable, but no `commit_root` takes them until they are
    /// adopted, so a checkpoint may run meanwhile and a crash forgets them.
    fn spill(&self, blocks: &[(BlockId, &[u8])]) -> Result<()>;

    /// Makes spilled blocks part of the next root.
    fn adopt(&self, ids: &[BlockId]);

    /// Drops blocks written or spilled that no root has taken. Ids already in a root are freed by `commit_root` only.
    fn discard(&self, ids: &[BlockId]);

    /// The checkpoint: makes every written or adopted block, then the new root durable, in this order; then frees.
    /// Freed blocks stay readable for pins taken before this call. The caller releases the log afterwards.
    fn commit_root(&self, root: Root, freed: &[BlockId]) -> Result<()>;

    /// Keeps every block of the present root readable until the pin is dropped.
    fn pin(&self) -> Pin;

    /// Calls `visit` with each readable block and its encoded length, in no order.
    fn iterate(&self, visit: &mut dyn FnMut(BlockId, u32));

    fn sizes(&self) -> Sizes;

    /// Moves the live blocks out of one mostly dead file and removes it. False when there is nothing worth moving.
    fn compact(&self) -> Result<bool>;

    /// Whether so much is dead that `compact` should not wait to be asked for.
    fn is_worth_compacting(&self) -> bool {
        let sizes = self.sizes();
        sizes.dead_bytes > sizes.live_bytes
    }

    fn synchronous(&self) -> Synchronous;

    fn set_synchronous(&self, synchronous: Synchronous);

    /// Gives up the files and the lock; later calls fail. Does not checkpoint.
    fn close(&self) -> Result<()>;
}

/// Which roots are still looked at. Roots are numbered by the store; a pin holds the number it was taken at.
#[derive(Default)]
pub(crate) struct PinTable {
    counts: Mutex<BTreeMap<u64, usize>>,
    released: AtomicBool,
}

impl PinTable {
    pub(crate) fn pin(self: &Arc<PinTable>, root_number: u64) -> Pin {
        *self.counts.lock().entry(root_number).or_insert(0) += 1;
        Pin { table: Arc::clone(self), root_number }
    }

    /// The oldest root number somebody looks at.
    pub(crate) fn oldest(&self) -> Option<u64> {
        self.counts.lock().keys().next().copied()
    }

    /// Whether a pin went since this was last asked: time to look for blocks nobody can see any more.
    pub(crate) fn take_released(&self) -> bool {
        self.released.load(Ordering::Relaxed) && self.released.swap(false, Ordering::Relaxed)
    }
}

/// Holds the blocks of one root. Dropping it does no I/O; the store lets go at its next write.
pub struct Pin {
    table: Arc<PinTable>,
    root_number: u64,
}

impl Drop for Pin {
    fn drop(&mut self) {
        let mut counts = self.table.counts.lock();
        if let Some(count) = counts.get_mut(&self.root_number) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.root_number);
            }
        }
        self.table.released.store(true, Ordering::Relaxed);
    }
}

/// Blocks that left the root but may still be pinned, oldest first.
#[derive(Default)]
pub(crate) struct FreedQueue {
    batches: std::collections::VecDeque<(u64, Vec<BlockId>)>,
}

impl FreedQueue {
    /// `root_number` is the first root that no longer holds them.
    pub(crate) fn push(&mut self, root_number: u64, ids: Vec<BlockId>) {
        if !ids.is_empty() {
            self.batches.push_back((root_number, ids));
        }
    }

    /// The next batch that no pin can see.
    pub(crate) fn pop_unseen(&mut self, oldest_pin: Option<u64>) -> Option<(u64, Vec<BlockId>)> {
        let (root_number, _) = self.batches.front()?;
        if oldest_pin.is_some_and(|pinned| pinned < *root_number) {
            return None;
        }
        self.batches.pop_front()
    }
}

pub(crate) fn missing_block(id: BlockId) -> StoreError {
    StoreError::corrupt(format!("{id:?} is not in the store"))
}

pub(crate) fn closed() -> StoreError {
    StoreError::new(ErrorKind::Closed, "the store was closed")
}

pub(crate) fn check_block_len(id: BlockId, bytes: &[u8]) -> Result<()> {
    if bytes.len() <= MAX_BLOCK_LEN {
        return Ok(());
    }
    Err(StoreError::new(
        ErrorKind::TooBig,
        format!("{id:?} has {} bytes, at most {MAX_BLOCK_LEN} fit", bytes.len()),
    ))
}

/// Of numbers read, and of numbers about to be written: what is written can be read again.
pub(crate) fn check_counts(counts: &[u64]) -> Result<()> {
    if counts.iter().all(|count| *count <= MAX_COUNT) {
        return Ok(());
    }
    Err(StoreError::corrupt("a count is beyond what can have been counted"))
}

/// Of the file about to be made: what is made can be found again.
pub(crate) fn check_file_number(number: u32) -> Result<()> {
    if number <= MAX_FILE_NUMBER {
        return Ok(());
    }
    Err(StoreError::corrupt("the number of a file is beyond what can have been counted"))
}

pub(crate) fn check_engine_len(root: &Root) -> Result<()> {
    if root.engine.len() <= MAX_ENGINE_BYTES {
        return Ok(());
    }
    let len = root.engine.len();
    Err(StoreError::new(
        ErrorKind::TooBig,
        format!("a root carries {len} engine bytes, at most {MAX_ENGINE_BYTES} fit"),
    ))
}

/// A tree that names or frees a block twice, or one it never wrote, must not get to write a root about it.
pub(crate) fn check_known(root: &Root, freed: &[BlockId], is_known: impl Fn(BlockId) -> bool) {
    for id in freed.iter().chain(&root.catalog) {
        assert!(is_known(*id), "a root names and frees only blocks that exist, not {id:?}");
    }
}
