//! Checkpoints: the trees go into the store, and the log they came from is released.
//!
//!     write back dirty nodes → block of tree roots → commit_root (syncs, in the store's order) → publish → release log
//!
//! It runs under the writer lock, usually by the thread whose commit made the log long. Readers go on: the snapshots
//! they hold pin the blocks this replaces.
//!
//! A transaction that spilled commits this way too: its root is the commit.

use std::{collections::HashSet, sync::Arc};

use pluresdb_store::{BlockId, LogPosition, Root, Synchronous};

use super::{
    engine::{Engine, WriterState},
    record, recovery,
    snapshot::{DatabaseState, Snapshot},
    spill::Spill,
    writer_lock::BusyHandler,
};
use crate::{Error, Result, ResultCode};

/// A log of this size is worth a checkpoint: replaying it takes a fraction of a second, writing the nodes it changed
/// costs less per commit the longer it is.
pub(super) const CHECKPOINT_LOG_BYTES: u64 = 16 << 20;
/// Files that one checkpoint compacts at most: it runs inside somebody's commit.
const MAX_COMPACTIONS: usize = 4;
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
        writer.checkpoint_at = match self.run_checkpoint(writer) {
            Ok(()) => CHECKPOINT_LOG_BYTES,
            // No room now, say. The log holds everything, so it may grow for a while before the next attempt.
            Err(_) => size + CHECKPOINT_LOG_BYTES,
        };
        // What is still dirty belongs to snapshots that readers hold; another checkpoint would not change that.
        writer.dirty_due = self.pager.dirty_bytes() + budget / 2;
    }

    /// Brings the store's root to the head. Called with the writer lock. When the disk itself failed, nothing more is
    /// written: what it says from now on cannot be trusted.
    pub(super) fn run_checkpoint(&self, writer: &mut WriterState) -> Result<()> {
        self.try_checkpoint(writer).inspect_err(|error| {
            if error.code == ResultCode::IoError {
                self.fail(error.clone());
            }
        })
    }

    fn try_checkpoint(&self, writer: &mut WriterState) -> Result<()> {
        let Some(log) = &self.log else { return Ok(()) };
        let position = log.end();
        let root = self.store.root();
        if root.commit_version == writer.head.version && root.log_position == position {
            return Ok(());
        }
        let mut state = writer.head.state.clone();
        self.commit_root(writer, &mut state, writer.head.version, position, &mut Spill::default())?;
        self.publish(&writer.head);
        log.release(position)?;
        self.compact_if_worth_it()
    }

    /// A commit that was a checkpoint leaves dead blocks as any other does. Called with the writer lock.
    pub(super) fn compact_after_commit(&self) {
        if let Err(error) = self.compact_if_worth_it()
            && error.code == ResultCode::IoError
        {
            self.fail(error);
        }
    }

    /// Writes `state` as the store's root and makes it the head. What it replaced is freed for those who come later.
    pub(super) fn commit_root(
        &self,
        writer: &mut WriterState,
        state: &mut DatabaseState,
        version: u64,
        position: LogPosition,
        spill: &mut Spill,
    ) -> Result<()> {
        // Ids grow, and nobody else takes any while the writer lock is held.
        let first_id = self.store.allocate();
        let (block, freed) = self.write_trees(state, writer.root_block).inspect_err(|_| {
            let written = first_id.get()..=self.store.allocate().get();
            self.store.discard(&written.filter_map(BlockId::new).collect::<Vec<_>>());
        })?;
        let is_commit = version != writer.head.version;
        let freed = self.adopt(spill, freed);
        state.spilled_count = 0;
        let mut engine = Vec::new();
        record::encode_header(&state.header, &mut engine);
        let root = Root { catalog: Some(block), log_position: position, commit_version: version, engine };
        self.store.set_synchronous(writer.synchronous);
        self.store.commit_root(root, &freed).inspect_err(|error| {
            // The disk may have the new root or the old one. For a mere checkpoint that is the same; a commit in
            // doubt must be the last one.
            if is_commit {
                self.fail(error.clone().into());
            }
        })?;
        writer.synchronous = Synchronous::Off;
        writer.root_block = Some(block);
        writer.head = Arc::new(Snapshot {
            version,
            generation: writer.head.generation + 1,
            state: state.clone(),
            pager: Arc::clone(&self.pager),
            pin: Arc::new(self.store.pin()),
        });
        Ok(())
    }

    /// Writes dirty nodes and the block of tree roots; gives that block and the blocks replaced.
    fn write_trees(
        &self,
        state: &mut DatabaseState,
        replaced: Option<BlockId>,
    ) -> Result<(BlockId, Vec<BlockId>)> {
        let mut freed: Vec<BlockId> = replaced.into_iter().collect();
        for (_, tree) in state.trees.iter_mut() {
            tree.write_back(&self.pager)?;
            freed.append(&mut tree.take_freed());
        }
        freed.extend_from_slice(&std::mem::take(&mut state.dropped));
        let block = self.store.allocate();
        self.store.write(&[(block, &recovery::encode_roots(&state.trees))])?;
        Ok((block, freed))
    }

    /// Lets the next root take what a transaction spilled and still uses; gives back the freed blocks that older
    /// roots had.
    fn adopt(&self, spill: &mut Spill, mut freed: Vec<BlockId>) -> Vec<BlockId> {
        let mut adopted: HashSet<BlockId> = spill.blocks.drain(..).collect();
        let mut discarded = std::mem::take(&mut spill.orphans);
        freed.retain(|id| {
            let is_spilled = adopted.remove(id);
            if is_spilled {
                discarded.push(*id);
            }
            !is_spilled
        });
        self.store.adopt(&adopted.into_iter().collect::<Vec<_>>());
        self.store.discard(&discarded);
        for id in freed.iter().chain(&discarded) {
            self.pager.forget(*id);
        }
        freed
    }

    /// Moves live blocks out of the deadest files while that is worth it.
    fn compact_if_worth_it(&self) -> Result<()> {
        for _ in 0..MAX_COMPACTIONS {
            if !self.store.is_worth_compacting() || !self.store.compact()? {
                break;
            }
        }
        Ok(())
    }

    /// Writes leaves whole that lie in two blocks. Called with the writer lock, after a checkpoint.
    fn fold_deltas(&self, writer: &mut WriterState) -> Result<()> {
        let Some(log) = &self.log else { return Ok(()) };
        let mut state = writer.head.state.clone();
        let first_id = self.store.allocate();
        let mut has_folded = false;
        for (_, tree) in state.trees.iter_mut() {
            has_folded |= tree.fold_deltas(&self.pager).inspect_err(|_| {
                let written = first_id.get()..=self.store.allocate().get();
                self.store.discard(&written.filter_map(BlockId::new).collect::<Vec<_>>());
            })?;
        }
        if has_folded {
            let position = log.end();
            // It frees what the checkpoint before it made durable, so it must be no less so.
            writer.synchronous = self.store.synchronous();
            self.commit_root(writer, &mut state, writer.head.version, position, &mut Spill::default())?;
            self.publish(&writer.head);
            log.release(position)?;
        }
        Ok(())
    }

    /// Gives the store's dead bytes back to the file system, as VACUUM does.
    pub fn compact(self: &Arc<Engine>, busy: &BusyHandler) -> Result<()> {
        let mut guard = self.acquire_writer(busy)?;
        self.check_writable()?;
        self.run_checkpoint(&mut guard)?;
        self.fold_deltas(&mut guard).inspect_err(|error| {
            if error.code == ResultCode::IoError {
                self.fail(error.clone());
            }
        })?;
        while self.store.compact()? {}
        Ok(())
    }
}

/// `PRAGMA wal_checkpoint` inside a write transaction of the same connection.
pub(super) fn checkpoint_inside_transaction() -> Error {
    Error::new(ResultCode::Locked, "database table is locked")
}
