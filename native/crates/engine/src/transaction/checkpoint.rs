//! Checkpoints: the trees go into the store, and the log they came from is released.
//!
//!     write back dirty nodes → block of tree roots → commit_root (syncs, in the store's order) → publish → release log
//!
//! It runs under the writer lock, usually by the thread whose commit made the log long. Readers go on: the snapshots
//! they hold pin the blocks this replaces.
//!
//! A transaction that spilled commits this way too: its root is the commit.

use std::{collections::HashSet, sync::Arc};

use pluresdb_store::{BlockId, LogPosition, Root};

use super::{
    engine::{Engine, WriterState},
    record, recovery,
    snapshot::{DatabaseState, Snapshot},
    writer_lock::BusyHandler,
};
use crate::{Error, Result, ResultCode};

/// A log of this size is worth a checkpoint: replaying it takes a fraction of a second, writing the nodes it changed
/// costs less per commit the longer it is.
pub(super) const CHECKPOINT_LOG_BYTES: u64 = 16 << 20;
/// What `PRAGMA wal_checkpoint` calls a page.
const PAGE_BYTES: u64 = 4096;

/// The modes of `PRAGMA wal_checkpoint`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckpointMode {
    /// Does not wait for a writer.
    Passive,
    Full,
    Restart,
    Truncate,
}

/// The row of `PRAGMA wal_checkpoint`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CheckpointResult {
    pub is_busy: bool,
    /// Pages in the log; -1 when there is no log.
    pub log_pages: i64,
    pub checkpointed_pages: i64,
}

impl Engine {
    pub fn checkpoint(
        self: &Arc<Engine>,
        mode: CheckpointMode,
        busy: &BusyHandler,
    ) -> Result<CheckpointResult> {
        let Some(log) = &self.log else {
            return Ok(CheckpointResult { is_busy: false, log_pages: -1, checkpointed_pages: -1 });
        };
        let log_pages = log.size().div_ceil(PAGE_BYTES) as i64;
        let guard = match mode {
            CheckpointMode::Passive => self.try_acquire_writer(),
            CheckpointMode::Full | CheckpointMode::Restart | CheckpointMode::Truncate => {
                match self.acquire_writer(busy) {
                    Err(error) if error.code == ResultCode::Busy => None,
                    other => Some(other?),
                }
            }
        };
        let Some(mut guard) = guard else {
            let is_busy = mode != CheckpointMode::Passive;
            return Ok(CheckpointResult { is_busy, log_pages, checkpointed_pages: 0 });
        };
        self.check_writable()?;
        let log_pages = log.size().div_ceil(PAGE_BYTES) as i64;
        self.run_checkpoint(&mut guard)?;
        let log_pages = if mode == CheckpointMode::Truncate { 0 } else { log_pages };
        Ok(CheckpointResult { is_busy: false, log_pages, checkpointed_pages: log_pages })
    }

    /// Checkpoints when the log or the unwritten nodes have grown enough. The commit before it stands either way.
    pub(super) fn checkpoint_if_due(&self, writer: &mut WriterState) {
        let Some(log) = &self.log else { return };
        let size = log.size();
        let budget = self.dirty_budget();
        if size < writer.checkpoint_at && self.pager.dirty_bytes() <= budget.max(writer.dirty_due) {
            return;
        }
        match self.run_checkpoint(writer) {
            Ok(()) => writer.checkpoint_at = CHECKPOINT_LOG_BYTES,
            // No room now; the log holds everything, so it may grow for a while before the next attempt.
            Err(error) if error.code == ResultCode::Full => {
                writer.checkpoint_at = size + CHECKPOINT_LOG_BYTES;
            }
            Err(error) => self.fail(error),
        }
        // What is still dirty belongs to snapshots that readers hold; another checkpoint would not change that.
        writer.dirty_due = self.pager.dirty_bytes() + budget / 2;
    }

    /// Brings the store's root to the head. Called with the writer lock.
    pub(super) fn run_checkpoint(&self, writer: &mut WriterState) -> Result<()> {
        let Some(log) = &self.log else { return Ok(()) };
        let position = log.end();
        let root = self.store.root();
        if root.commit_version == writer.head.version && root.log_position == position {
            return Ok(());
        }
        let mut state = writer.head.state.clone();
        self.commit_root(writer, &mut state, writer.head.version, position, Vec::new())?;
        self.publish(&writer.head);
        log.release(position)?;
        self.compact_if_worth_it()
    }

    /// Writes `state` as the store's root and makes it the head. What it replaced is freed for those who come later.
    pub(super) fn commit_root(
        &self,
        writer: &mut WriterState,
        state: &mut DatabaseState,
        version: u64,
        position: LogPosition,
        spilled: Vec<BlockId>,
    ) -> Result<()> {
        let mut freed: Vec<BlockId> = writer.root_block.into_iter().collect();
        for (_, tree) in state.trees.iter_mut() {
            tree.write_back(&self.pager)?;
            freed.append(&mut tree.take_freed());
        }
        for tree in Arc::make_mut(&mut state.dropped) {
            freed.append(&mut tree.take_freed());
        }
        state.dropped = Arc::default();

        // Spilled and replaced by the same transaction: no root ever had it.
        let mut spilled: HashSet<BlockId> = spilled.into_iter().collect();
        let mut discarded = Vec::new();
        freed.retain(|id| {
            let is_spilled = spilled.remove(id);
            if is_spilled {
                discarded.push(*id);
            }
            !is_spilled
        });
        self.store.adopt(&spilled.into_iter().collect::<Vec<_>>());
        self.store.discard(&discarded);

        let block = self.store.allocate();
        self.store.write(&[(block, &recovery::encode_roots(&state.trees))])?;
        let mut engine = Vec::new();
        record::encode_header(&state.header, &mut engine);
        let root = Root { catalog: Some(block), log_position: position, commit_version: version, engine };
        self.store.commit_root(root, &freed)?;

        writer.root_block = Some(block);
        writer.head = Arc::new(Snapshot {
            version,
            state: state.clone(),
            pager: Arc::clone(&self.pager),
            pin: Arc::new(self.store.pin()),
        });
        Ok(())
    }

    /// Moves one file's worth of live blocks when more of the store is dead than alive.
    fn compact_if_worth_it(&self) -> Result<()> {
        let sizes = self.store.sizes();
        if sizes.dead_bytes > sizes.live_bytes {
            self.store.compact()?;
        }
        Ok(())
    }

    /// Gives the store's dead bytes back to the file system, as VACUUM does.
    pub fn compact(self: &Arc<Engine>, busy: &BusyHandler) -> Result<()> {
        let mut guard = self.acquire_writer(busy)?;
        self.check_writable()?;
        self.run_checkpoint(&mut guard)?;
        while self.store.compact()? {}
        Ok(())
    }
}

/// `PRAGMA wal_checkpoint` inside a write transaction of the same connection.
pub(super) fn checkpoint_inside_transaction() -> Error {
    Error::new(ResultCode::Locked, "database table is locked")
}
