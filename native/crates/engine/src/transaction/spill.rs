//! Transactions larger than the memory they may use.
//!
//! When unwritten nodes outgrow their budget, or the record its bound, the working trees go to the store as blocks no
//! root has, and the record is dropped: such a transaction commits as a checkpoint, whatever `synchronous` says.
//! Memory databases keep everything where it is: their store is memory too.

use pluresdb_store::BlockId;

use super::{
    change::Change,
    transaction::{Transaction, Write},
    undo::MAX_UNDO_BYTES,
};
use crate::Result;

/// A record longer than this is dropped in favour of a checkpoint.
const MAX_RECORD_BYTES: usize = 64 << 20;
/// Looking at all the limits costs a little: done once per this many bytes of changes.
const CHECK_STEP: usize = 16 << 10;
/// What a change counts at least. The leaf it makes dirty is far larger than the change, so few may go unchecked.
const MIN_CHANGE_BYTES: usize = 128;

#[derive(Default)]
pub(super) struct Spill {
    /// Written by this transaction and in no root: adopted by its commit, discarded by its rollback.
    pub(super) blocks: Vec<BlockId>,
    /// Those that only a state knew which was rolled back. They stay until the transaction ends, because cursors may
    /// still stand on them.
    pub(super) orphans: Vec<BlockId>,
    pub(super) has_spilled: bool,
    /// Bytes of changes since the limits were looked at.
    unchecked: usize,
    /// Unwritten bytes that spilling would not get rid of: other versions hold them.
    dirty_floor: usize,
}

impl Spill {
    /// For a transaction that begins with this many unwritten bytes.
    pub(super) fn new(dirty_bytes: usize) -> Spill {
        Spill { dirty_floor: dirty_bytes, ..Spill::default() }
    }

    /// So many bytes have changed.
    pub(super) fn note_bytes(&mut self, bytes: usize) {
        self.unchecked += bytes.max(MIN_CHANGE_BYTES);
    }
}

impl Write {
    /// After the working state went back to an older one: what was spilled in between is in no state any more,
    /// because the states that are left are older still.
    pub(super) fn orphan_spilled(&mut self) {
        let orphans = self.spill.blocks.split_off(self.state.spilled_count);
        self.spill.orphans.extend(orphans);
    }
}

impl Transaction {
    #[inline]
    pub(super) fn count_bytes(&mut self, change: &Change<'_>) {
        let len = change.new.map_or(0, <[u8]>::len) + change.old.map_or(0, <[u8]>::len);
        self.writing().spill.note_bytes(len);
    }

    /// Looks at the limits when it is time to. Comes before a change: one that a tree has taken cannot fail for want of
    /// room any more.
    #[inline]
    pub(super) fn relieve_memory_if_due(&mut self) -> Result<()> {
        if self.writing().spill.unchecked >= CHECK_STEP { self.relieve_memory() } else { Ok(()) }
    }

    #[cold]
    pub(super) fn relieve_memory(&mut self) -> Result<()> {
        if self.undo.byte_len() > MAX_UNDO_BYTES {
            self.collapse_undo()?;
        }
        let budget = self.engine.dirty_budget();
        let is_memory = self.engine.is_memory();
        let dirty_bytes = self.engine.pager.dirty_bytes();
        let record_len = self.record.len();
        let spill = &mut self.writing().spill;
        spill.unchecked = 0;
        spill.dirty_floor = spill.dirty_floor.min(dirty_bytes);
        let is_over_budget = dirty_bytes > budget && dirty_bytes - spill.dirty_floor > budget / 4;
        let is_due = record_len > MAX_RECORD_BYTES || is_over_budget;
        if is_memory || !is_due {
            return Ok(());
        }
        self.spill()
    }

    pub(super) fn spill(&mut self) -> Result<()> {
        // What a tree that is kept by itself would leave behind of the blocks is known of whole states only.
        if self.undo.holds_trees() {
            self.collapse_undo()?;
        }
        let write = self.write.as_mut().expect("only a write transaction has something to spill");
        for (_, tree) in write.state.trees.iter_mut().filter(|(_, tree)| tree.is_dirty()) {
            tree.spill(&self.engine.pager, &mut write.spill.blocks)?;
        }
        write.state.spilled_count = write.spill.blocks.len();
        write.spill.has_spilled = true;
        write.spill.dirty_floor = self.engine.pager.dirty_bytes();
        self.record.clear();
        Ok(())
    }
}
