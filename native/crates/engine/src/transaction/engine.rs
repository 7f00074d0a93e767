//! One database of this process, shared by all its connections.
//!
//! It holds the newest published snapshot for readers, the lock for the one writer, and the store and log below.
//! Dropping the last handle checkpoints, closes the files and lets another process in.
//!
//! `published` is what readers get, `WriterState::head` what the next writer builds on. They differ only while a
//! commit at FULL waits for its sync: the writer lock is free by then, so that commits share a sync.
//!
//! After a failure that leaves it unclear what the disk holds (a failed sync, a panic while committing), readers go
//! on and writers are refused until the database is opened anew.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, OnceLock, PoisonError, RwLock,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use pluresdb_store::{
    BlockId, CommitLog, ErrorKind, Opened, Sizes, Store, StoreError, StoreKind, Synchronous, Uuid, open_path,
};
use pluresdb_tree::Pager;

use super::{
    checkpoint::CHECKPOINT_LOG_BYTES,
    participant::TransactionParticipant,
    recovery,
    registry::{self, Slot},
    snapshot::Snapshot,
    writer_lock::{BusyHandler, WriterLock, lock, locked},
};
use crate::{Error, Result, ResultCode};

/// Trees may hold this many unwritten bytes however small the cache is: a checkpoint per few rows serves nobody.
const MIN_DIRTY_BYTES: usize = 8 << 20;
/// What clean and unwritten nodes may take together, beside `cache_size`: SQLite reads through the system's cache of
/// pages, for which decoded blocks have no equal (`docs/decisions/0005-cache-beside-cache-size.md`).
const BASE_CACHE_BYTES: usize = 64 << 20;
/// What unwritten nodes may take beside `cache_size`, which is the measure for small ones.
const BASE_DIRTY_BYTES: usize = 32 << 20;
const DIRTY_SHARE_OF_SMALL: usize = 3;
/// How often opening asks again for a lock that another process holds.
const LOCK_POLL: Duration = Duration::from_millis(20);

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    /// A store on disk, of whichever kind stands there.
    Path(PathBuf),
    /// Private to the connection.
    Memory,
}

#[derive(Clone, Debug)]
pub struct EngineOptions {
    /// For a connection that only reads: nothing is created, and files that may not be written are fine. Its
    /// `Transaction` is made with `new_read_only`.
    pub read_only: bool,
    /// Make the database when there is none.
    pub create: bool,
    /// Which kind it then gets.
    pub new_store: StoreKind,
    pub cache_bytes: usize,
    /// How long to wait for a second process that holds the database.
    pub busy: BusyHandler,
}

impl Default for EngineOptions {
    fn default() -> EngineOptions {
        EngineOptions {
            read_only: false,
            create: true,
            new_store: StoreKind::default(),
            // better-sqlite3's default of 16 MB.
            cache_bytes: 16_000 << 10,
            busy: BusyHandler::default(),
        }
    }
}

#[derive(Clone, Copy, Debug)]
pub struct EngineSizes {
    pub store: Sizes,
    pub log_bytes: u64,
    pub dirty_bytes: usize,
    pub cached_bytes: usize,
}

pub struct Engine {
    pub(super) store: Arc<dyn Store>,
    /// None for memory databases: their commits need not survive anything.
    pub(super) log: Option<Arc<CommitLog>>,
    pub(super) pager: Arc<Pager>,
    /// The files were opened for reading.
    is_read_only: bool,
    /// A connection that may write has had it open.
    pub(super) has_writers: AtomicBool,
    /// How many connections have it open.
    pub(super) connections: AtomicUsize,
    published: RwLock<Arc<Snapshot>>,
    /// Grows with every publication: a connection sees here whether its snapshot is still the newest.
    stamp: AtomicU64,
    pub(super) writer: WriterLock<Box<WriterState>>,
    failure: OnceLock<Error>,
    /// The wishes of all connections, with how many have each; the largest counts.
    cache_wishes: Mutex<BTreeMap<usize, usize>>,
    dirty_budget: AtomicUsize,
    slot: OnceLock<Arc<Slot>>,
}

/// Bytes of a node in memory for each byte of its block, as compression leaves it on average.
const NODE_BYTES_PER_STORED: f64 = 1.7;

/// Bytes of all nodes, for a `cache_size`.
fn cache_budget(cache_bytes: usize) -> usize {
    cache_bytes.saturating_add(BASE_CACHE_BYTES)
}

/// Bytes of unwritten nodes, for a `cache_size`.
fn dirty_budget(cache_bytes: usize) -> usize {
    let share = cache_bytes.saturating_mul(DIRTY_SHARE_OF_SMALL);
    cache_bytes.saturating_add(BASE_DIRTY_BYTES).min(share).max(MIN_DIRTY_BYTES)
}

/// What only the holder of the writer lock may touch.
pub(super) struct WriterState {
    pub(super) head: Arc<Snapshot>,
    /// The table of tree roots in the store, replaced by each checkpoint.
    pub(super) root_block: Option<BlockId>,
    /// Log size at which the next checkpoint is due.
    pub(super) checkpoint_at: u64,
    /// Unwritten bytes at which it is due, if that is more than the budget.
    pub(super) dirty_due: usize,
    /// The strongest level of the commits since the last checkpoint: it releases their records, so it must be as
    /// durable as they are.
    pub(super) synchronous: Synchronous,
    pub(super) participants: Vec<Box<dyn TransactionParticipant>>,
}

/// The writer lock, held. Dropping it lets the next writer in.
pub(super) struct WriterGuard {
    engine: Arc<Engine>,
    state: Option<Box<WriterState>>,
}

impl Engine {
    /// The engine of `location`; shared when this process has it open already.
    pub fn open(location: &Location, options: &EngineOptions) -> Result<Arc<Engine>> {
        match location {
            Location::Memory => Engine::from_opened(pluresdb_store::open_memory(), options),
            Location::Path(path) => registry::find_or_open(path, || {
                let (opened, read_only) = open_store(path, options)?;
                Engine::from_opened(opened, &EngineOptions { read_only, ..options.clone() })
            }),
        }
    }

    /// An engine over a store and log that are open, for reading when the options say so: loads the trees, replays
    /// the log.
    pub fn from_opened(opened: Opened, options: &EngineOptions) -> Result<Arc<Engine>> {
        let Opened { store, log, is_new: _ } = opened;
        let pager = Pager::new(Arc::clone(&store), cache_budget(options.cache_bytes));
        let snapshot = match recovery::load(&store, log.as_deref(), &pager) {
            Ok(snapshot) => Arc::new(snapshot),
            Err(error) => {
                close_files(&store, log.as_deref());
                return Err(error);
            }
        };
        let writer = WriterState {
            head: Arc::clone(&snapshot),
            root_block: store.root().catalog,
            checkpoint_at: CHECKPOINT_LOG_BYTES,
            dirty_due: 0,
            // Who wrote the records found in the log, and how, is not known.
            synchronous: Synchronous::Normal,
            participants: Vec::new(),
        };
        Ok(Arc::new(Engine {
            store,
            log,
            pager,
            is_read_only: options.read_only,
            has_writers: AtomicBool::new(false),
            connections: AtomicUsize::new(0),
            published: RwLock::new(snapshot),
            stamp: AtomicU64::new(1),
            writer: WriterLock::new(Box::new(writer)),
            failure: OnceLock::new(),
            cache_wishes: Mutex::default(),
            dirty_budget: AtomicUsize::new(dirty_budget(options.cache_bytes)),
            slot: OnceLock::new(),
        }))
    }

    pub fn uuid(&self) -> Uuid {
        self.store.uuid()
    }

    pub fn pager(&self) -> &Arc<Pager> {
        &self.pager
    }

    /// Whether the database ends with its last connection.
    pub fn is_memory(&self) -> bool {
        self.log.is_none()
    }

    /// What share of the database's nodes the cache has no room for.
    pub fn uncached_share(&self) -> f64 {
        let stored = self.store.sizes().live_bytes as f64 * NODE_BYTES_PER_STORED;
        (1.0 - self.pager.cache_size() as f64 / stored.max(1.0)).max(0.0)
    }

    pub fn sizes(&self) -> EngineSizes {
        EngineSizes {
            store: self.store.sizes(),
            log_bytes: self.log.as_ref().map_or(0, |log| log.size()),
            dirty_bytes: self.pager.dirty_bytes(),
            cached_bytes: self.pager.cached_bytes(),
        }
    }

    /// The newest committed version.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        Arc::clone(&self.published.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The newest version with its stamp.
    pub(super) fn newest(&self) -> (Arc<Snapshot>, u64) {
        let published = self.published.read().unwrap_or_else(PoisonError::into_inner);
        (Arc::clone(&published), self.stamp.load(Ordering::Acquire))
    }

    /// The stamp of what is published now.
    #[inline]
    pub(super) fn stamp(&self) -> u64 {
        self.stamp.load(Ordering::Acquire)
    }

    /// Makes `snapshot` what readers get, unless they have a later version already.
    pub(super) fn publish(&self, snapshot: &Arc<Snapshot>) {
        let mut published = self.published.write().unwrap_or_else(PoisonError::into_inner);
        if snapshot.generation < published.generation {
            return;
        }
        let previous = std::mem::replace(&mut *published, Arc::clone(snapshot));
        self.stamp.fetch_add(1, Ordering::Release);
        drop(published);
        // Freeing a version's nodes may take a while: not under the lock.
        drop(previous);
    }

    /// Returns once readers get `head` or a later version. It is a version that a writer has begun with: its own commit may
    /// still wait for the disk, and whoever has seen it must not find an older one afterwards.
    pub(super) fn wait_for(&self, head: &Arc<Snapshot>) {
        if self.newest().0.generation >= head.generation {
            return;
        }
        // A version is published under the writer lock where there is no log. If the sync fails, that commit fails as
        // well, and the engine with it.
        if self.log.as_ref().is_some_and(|log| log.sync().is_ok()) {
            self.publish(head);
        }
    }

    /// Another thing that follows every transaction from the next one on.
    pub fn add_participant(
        self: &Arc<Engine>,
        mut participant: Box<dyn TransactionParticipant>,
        busy: &BusyHandler,
    ) -> Result<()> {
        let mut guard = self.acquire_writer(busy)?;
        participant.open(&guard.head)?;
        guard.participants.push(participant);
        Ok(())
    }

    pub(super) fn acquire_writer(self: &Arc<Engine>, busy: &BusyHandler) -> Result<WriterGuard> {
        let state = self.writer.acquire(busy)?.ok_or_else(locked)?;
        Ok(WriterGuard { engine: Arc::clone(self), state: Some(state) })
    }

    pub(super) fn try_acquire_writer(self: &Arc<Engine>) -> Option<WriterGuard> {
        let state = self.writer.try_acquire()?;
        Some(WriterGuard { engine: Arc::clone(self), state: Some(state) })
    }

    /// Refuses every further write, for this reason.
    #[cold]
    pub(super) fn fail(&self, reason: Error) {
        let _first_reason_stays = self.failure.set(reason);
    }

    /// The file is no longer what its path names: what is committed goes into it while that can be done, so that the
    /// log's name is free, and nothing more is written.
    pub(super) fn disown(&self) {
        if let Some(mut writer) = self.writer.try_acquire() {
            if self.check_writable().is_ok() && self.run_checkpoint(&mut writer).is_ok() {
                self.log.iter().for_each(|log| log.close());
            }
            self.writer.release(writer);
        }
        self.fail(Error::new(ResultCode::ReadOnlyDbMoved, "attempt to write a readonly database"));
    }

    pub(super) fn check_writable(&self) -> Result<()> {
        if self.is_read_only {
            return Err(read_only());
        }
        self.failure.get().map_or(Ok(()), |reason| Err(reason.clone()))
    }

    /// A connection's wish for the cache: the largest of all connections counts.
    pub(super) fn set_cache_wish(&self, old: Option<usize>, new: Option<usize>) {
        let mut wishes = lock(&self.cache_wishes);
        if let Some(old) = old
            && let Some(count) = wishes.get_mut(&old)
        {
            *count -= 1;
            if *count == 0 {
                wishes.remove(&old);
            }
        }
        if let Some(new) = new {
            *wishes.entry(new).or_insert(0) += 1;
        }
        if let Some((&largest, _)) = wishes.last_key_value() {
            self.pager.set_cache_size(cache_budget(largest));
            self.dirty_budget.store(dirty_budget(largest), Ordering::Relaxed);
        }
    }

    /// Unwritten bytes that trees may hold before they go to the store.
    pub(super) fn dirty_budget(&self) -> usize {
        self.dirty_budget.load(Ordering::Relaxed)
    }

    #[cfg(test)]
    pub(super) fn set_dirty_budget(&self, bytes: usize) {
        self.dirty_budget.store(bytes, Ordering::Relaxed);
    }

    pub(super) fn set_slot(&self, slot: Arc<Slot>) {
        assert!(self.slot.set(slot).is_ok(), "an engine is registered once, when it is opened");
    }

    fn close(&self) {
        // Who only looked leaves the files as they were, a log to replay included.
        if self.has_writers.load(Ordering::Relaxed)
            && self.check_writable().is_ok()
            && let Some(mut writer) = self.writer.try_acquire()
        {
            // A failed checkpoint costs a replay at the next open, nothing else.
            let _ = self.run_checkpoint(&mut writer);
        }
        close_files(&self.store, self.log.as_deref());
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.close();
        if let Some(slot) = self.slot.get() {
            registry::closed(slot);
        }
    }
}

impl std::ops::Deref for WriterGuard {
    type Target = WriterState;

    fn deref(&self) -> &WriterState {
        self.state.as_ref().expect("the guard has the state until it is dropped")
    }
}

impl std::ops::DerefMut for WriterGuard {
    fn deref_mut(&mut self) -> &mut WriterState {
        self.state.as_mut().expect("the guard has the state until it is dropped")
    }
}

impl Drop for WriterGuard {
    fn drop(&mut self) {
        if let Some(state) = self.state.take() {
            self.engine.writer.release(state);
        }
    }
}

fn close_files(store: &Arc<dyn Store>, log: Option<&CommitLog>) {
    if let Some(log) = log {
        log.close();
    }
    // A failed close loses nothing: what is committed is in the log or the root.
    let _ = store.close();
}

pub(crate) fn read_only() -> Error {
    Error::new(ResultCode::ReadOnly, "attempt to write a readonly database")
}

/// Opens the files, waiting for another process that holds them as long as the busy handler allows. Also tells whether
/// they are open for reading only.
fn open_store(path: &Path, options: &EngineOptions) -> Result<(Opened, bool)> {
    let mut held = None;
    let mut is_first = true;
    let opened = options.busy.wait(LOCK_POLL, |slice| {
        if !std::mem::take(&mut is_first) {
            std::thread::sleep(slice);
        }
        match open_files(path, options) {
            Err(error) if error.kind == ErrorKind::Busy => {
                held = Some(error);
                Ok(None)
            }
            other => Ok(Some(other?)),
        }
    })?;
    opened.ok_or_else(|| held.map_or_else(locked, Error::from))
}

/// A read-only connection shares the engine with others of this process that write, so the files are opened for
/// writing whenever they allow it; nothing is written until somebody does.
fn open_files(path: &Path, options: &EngineOptions) -> std::result::Result<(Opened, bool), StoreError> {
    let create = options.create && !options.read_only;
    match open_path(path, options.new_store, create, false) {
        Ok(opened) => Ok((opened, false)),
        Err(error)
            if options.read_only
                && matches!(error.kind, ErrorKind::CannotOpen | ErrorKind::ReadOnly | ErrorKind::Io) =>
        {
            open_path(path, options.new_store, false, true).map(|opened| (opened, true))
        }
        Err(error) => Err(error),
    }
}
