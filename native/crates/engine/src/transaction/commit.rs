//! How changes become the newest version.
//!
//!     participants → record → append │ spilled: commit_root → [FULL: sync] → publish → checkpoint when due
//!
//! Always true:
//! - The transaction is over when `commit` returns, whatever it returns.
//! - An error means that nobody will see the changes, except after a failed sync: then no later write is taken, and
//!   what a reopen finds is the database with or without this commit, whole.

use std::sync::Arc;

use pluresdb_store::{LogPosition, Synchronous};

use super::{
    engine::Engine,
    snapshot::Snapshot,
    transaction::{Transaction, Write},
};
use crate::{Error, Result, ResultCode};

impl Transaction {
    /// Ends the transaction, keeping what it did.
    pub fn commit(&mut self, synchronous: Synchronous) -> Result<()> {
        let outcome = match self.write.take() {
            None => Ok(()),
            Some(write) if !write.is_changed => {
                self.abandon(write);
                Ok(())
            }
            Some(write) => self.commit_write(write, synchronous),
        };
        self.forget();
        outcome
    }

    fn commit_write(&mut self, mut write: Write, synchronous: Synchronous) -> Result<()> {
        let version = write.guard.head.version + 1;
        if let Err(error) = self.prepare(&mut write, version) {
            self.abandon(write);
            return Err(error);
        }
        let engine = Arc::clone(&self.engine);
        if synchronous as u8 > write.guard.synchronous as u8 {
            write.guard.synchronous = synchronous;
        }
        let doubt = Doubt::new(&engine);
        let logged = if write.spill.has_spilled {
            commit_as_checkpoint(&engine, &mut write, version)
        } else {
            self.append(&mut write, version)
        };
        doubt.clear();
        let position = match logged {
            Ok(position) => position,
            Err(error) => {
                self.abandon(write);
                return Err(error);
            }
        };
        self.own_commits += 1;
        for participant in &mut write.guard.participants {
            participant.committed(version);
        }
        let head = Arc::clone(&write.guard.head);
        match (&engine.log, synchronous) {
            (Some(log), Synchronous::Full) if !write.spill.has_spilled => {
                // The next writer may go on while this commit waits for the disk; they may share its sync.
                drop(write);
                if let Err(error) = log.sync_to(position) {
                    let error = Error::from(error);
                    engine.fail(error.clone());
                    return Err(error);
                }
                self.publish(&head);
                if let Some(mut guard) = engine.try_acquire_writer() {
                    engine.checkpoint_if_due(&mut guard);
                }
            }
            (_, Synchronous::Full | Synchronous::Normal | Synchronous::Off) => {
                self.publish(&head);
                drop(head);
                if write.spill.has_spilled {
                    engine.compact_after_commit();
                } else {
                    engine.checkpoint_if_due(&mut write.guard);
                }
            }
        }
        Ok(())
    }

    /// What may still refuse the commit.
    fn prepare(&mut self, write: &mut Write, version: u64) -> Result<()> {
        if write.is_tree_open {
            return Err(Error::new(ResultCode::Internal, "the transaction was interrupted inside a change"));
        }
        self.engine.check_writable()?;
        for participant in &mut write.guard.participants {
            participant.commit(version, &self.write_set)?;
        }
        if write.state.header != write.guard.head.state.header {
            self.record.header(&write.state.header);
        }
        Ok(())
    }

    /// Puts the record into the log and makes the working version the head.
    fn append(&mut self, write: &mut Write, version: u64) -> Result<LogPosition> {
        let log_position = match &self.engine.log {
            Some(log) => log.append(self.record.finish(version))?,
            None => LogPosition(0),
        };
        let head = &write.guard.head;
        let (pager, pin) = (Arc::clone(&head.pager), Arc::clone(&head.pin));
        let generation = head.generation + 1;
        let state = write.state.clone();
        write.guard.head = Arc::new(Snapshot { version, generation, state, pager, pin });
        Ok(log_position)
    }

    fn publish(&mut self, head: &Arc<Snapshot>) {
        self.engine.publish(head);
        let (newest, stamp) = self.engine.newest();
        self.remember(&newest, stamp);
    }
}

/// Everything is in blocks by now, other commits since the last checkpoint included.
fn commit_as_checkpoint(engine: &Engine, write: &mut Write, version: u64) -> Result<LogPosition> {
    let position = engine.log.as_ref().map_or(LogPosition(0), |log| log.end());
    engine.commit_root(&mut write.guard, &mut write.state, version, position, &mut write.spill)?;
    if let Some(log) = &engine.log {
        // The root holds everything; a log that could not be cut is only longer than it need be.
        let _ = log.release(position);
    }
    Ok(position)
}

/// Between the log and the head nobody may panic: it would be unclear what the next record stands on.
struct Doubt<'a> {
    engine: &'a Engine,
    is_clear: bool,
}

impl Doubt<'_> {
    fn new(engine: &Engine) -> Doubt<'_> {
        Doubt { engine, is_clear: false }
    }

    fn clear(mut self) {
        self.is_clear = true;
    }
}

impl Drop for Doubt<'_> {
    fn drop(&mut self) {
        if !self.is_clear {
            self.engine.fail(Error::new(ResultCode::Internal, "a commit was interrupted"));
        }
    }
}
