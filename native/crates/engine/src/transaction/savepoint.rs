//! Named savepoints: each keeps the state it stands for, which is O(1), and nodes changed since are copies.
//!
//! A savepoint may be set before the transaction writes; it then stands for the state the writing begins with.

use super::{snapshot::DatabaseState, transaction::Transaction};
use crate::{Error, Result};

pub(super) struct Savepoint {
    name: String,
    /// None until the transaction writes.
    pub(super) state: Option<DatabaseState>,
    record_len: usize,
    write_set_len: usize,
}

impl Transaction {
    pub fn savepoint(&mut self, name: &str) {
        let write_set_len = self.write_set.len();
        if let Some(write) = &mut self.write
            && write.is_watched
        {
            for participant in &mut write.guard.participants {
                participant.savepoint(write_set_len);
            }
        }
        self.savepoints.push(Savepoint {
            name: name.to_owned(),
            state: self.write.as_ref().map(|write| write.state.clone()),
            record_len: self.record.len(),
            write_set_len,
        });
    }

    pub fn savepoint_count(&self) -> usize {
        self.savepoints.len()
    }

    /// The newest savepoint of that name, counted from the outermost. 0 of a transaction that SAVEPOINT began: its
    /// release is a commit.
    pub fn savepoint_index(&self, name: &str) -> Result<usize> {
        self.savepoints
            .iter()
            .rposition(|savepoint| savepoint.name.eq_ignore_ascii_case(name))
            .ok_or_else(|| Error::error(format!("no such savepoint: {name}")))
    }

    /// Forgets the savepoint and those inside it; what happened since stays part of the transaction.
    pub fn release(&mut self, name: &str) -> Result<()> {
        let index = self.savepoint_index(name)?;
        self.savepoints.truncate(index);
        Ok(())
    }

    /// Takes everything back to the savepoint, which stays; those inside it are gone.
    pub fn rollback_to(&mut self, name: &str) -> Result<()> {
        let index = self.savepoint_index(name)?;
        self.savepoints.truncate(index + 1);
        // Statements still open began inside or before; their ways back lead to trees that are no longer there.
        self.statements.clear();
        self.undo.clear();
        let savepoint = &self.savepoints[index];
        let (Some(write), Some(state)) = (&mut self.write, &savepoint.state) else { return Ok(()) };
        write.state = state.clone();
        write.orphan_spilled();
        write.is_tree_open = false;
        self.record.truncate(savepoint.record_len);
        self.write_set.truncate(savepoint.write_set_len);
        if write.is_watched {
            for participant in &mut write.guard.participants {
                participant.rollback_to(savepoint.write_set_len);
            }
        }
        Ok(())
    }
}
