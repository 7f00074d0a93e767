//! The way back to a statement's start: what each changed key held before, newest last.
//!
//! Rows are undone one by one, because keeping the old trees instead would make every statement copy the nodes it
//! touches. Schema changes keep the whole state, which is cheap and rare. A statement that changes very much exchanges
//! its list for the old trees after all: they are the present trees with the list applied backwards.

use super::{
    change::{Change, ChangeKey, ChangeList},
    snapshot::DatabaseState,
    transaction::{StatementMark, Transaction},
};
use crate::Result;
use pluresdb_tree::Pager;

/// Above this a statement's undo list becomes trees.
pub(super) const MAX_UNDO_BYTES: usize = 8 << 20;
/// Memory a connection keeps between statements.
const KEEP_BYTES: usize = 256 << 10;

#[derive(Default)]
pub(super) struct UndoList {
    changes: ChangeList,
    /// The state before something else than a row changed, with the number of row changes before it.
    states: Vec<(usize, DatabaseState)>,
}

#[derive(Clone, Copy)]
struct UndoMark {
    changes: usize,
    states: usize,
}

/// A statement that has begun and not ended.
pub(super) struct OpenStatement {
    undo: UndoMark,
    record_len: usize,
    write_set_len: usize,
    /// The state it began with, in place of an undo list that grew too long.
    state: Option<DatabaseState>,
}

impl UndoList {
    #[inline]
    pub(super) fn push(&mut self, change: &Change<'_>) {
        self.changes.push(&Change { new: None, ..*change });
    }

    pub(super) fn push_state(&mut self, state: DatabaseState) {
        self.states.push((self.changes.len(), state));
    }

    pub(super) fn byte_len(&self) -> usize {
        self.changes.byte_len()
    }

    pub(super) fn clear(&mut self) {
        self.changes.clear(KEEP_BYTES);
        self.states.clear();
    }

    fn mark(&self) -> UndoMark {
        UndoMark { changes: self.changes.len(), states: self.states.len() }
    }

    /// Takes `state` back to where it was at `mark`.
    fn rollback(&mut self, mark: UndoMark, state: &mut DatabaseState, pager: &Pager) -> Result<()> {
        while self.states.len() > mark.states {
            let (change_count, kept) = self.states.pop().expect("there are more states than at the mark");
            // Later row changes were made to trees that `kept` does not share.
            self.changes.truncate(change_count);
            *state = kept;
        }
        while self.changes.len() > mark.changes {
            let last = self.changes.len() - 1;
            let change = self.changes.get(last).expect("the list is longer than at the mark");
            match (change.key, change.old) {
                (ChangeKey::Rowid(rowid), Some(old)) => {
                    state.trees.row_mut(change.tree)?.put(pager, rowid, old)?;
                }
                (ChangeKey::Rowid(rowid), None) => {
                    state.trees.row_mut(change.tree)?.delete(pager, rowid)?;
                }
                (ChangeKey::Bytes(key), Some(old)) => {
                    state.trees.key_mut(change.tree)?.put(pager, key, old)?;
                }
                (ChangeKey::Bytes(key), None) => {
                    state.trees.key_mut(change.tree)?.delete(pager, key)?;
                }
            }
            self.changes.truncate(last);
        }
        Ok(())
    }
}

impl Transaction {
    /// From here on changes can be taken back with `rollback_statement`, until `end_statement`.
    pub fn begin_statement(&mut self) -> StatementMark {
        let write_set_len = self.write_set.len();
        if let Some(write) = &mut self.write
            && write.is_watched
        {
            for participant in &mut write.guard.participants {
                participant.savepoint(write_set_len);
            }
        }
        self.statements.push(OpenStatement {
            undo: self.undo.mark(),
            record_len: self.record.len(),
            write_set_len,
            state: None,
        });
        StatementMark(self.statements.len() - 1)
    }

    /// The statement succeeded (or failed with FAIL or IGNORE): its changes stay.
    pub fn end_statement(&mut self, mark: StatementMark) {
        self.statements.truncate(mark.0);
        if mark.0 == 0 {
            self.undo.clear();
        }
    }

    /// Takes back what happened since the mark, and ends the statement. After an error the transaction can only be
    /// rolled back.
    pub fn rollback_statement(&mut self, mark: StatementMark) -> Result<()> {
        // A ROLLBACK TO within the statement has taken back what it did.
        let begun = mark.0.min(self.statements.len());
        let Some(statement) = self.statements.drain(begun..).next() else { return Ok(()) };
        let Some(write) = &mut self.write else { return Ok(()) };
        // Left set by an error or a panic: half a way back is no state to commit.
        write.is_tree_open = true;
        if let Some(state) = statement.state {
            write.state = state;
            self.undo.changes.truncate(statement.undo.changes);
            self.undo.states.truncate(statement.undo.states);
        } else {
            self.undo.rollback(statement.undo, &mut write.state, &self.engine.pager)?;
        }
        write.orphan_spilled();
        write.is_tree_open = false;
        self.record.truncate(statement.record_len);
        self.write_set.truncate(statement.write_set_len);
        if write.is_watched {
            for participant in &mut write.guard.participants {
                participant.rollback_to(statement.write_set_len);
            }
        }
        Ok(())
    }

    /// Exchanges the undo list for the states the open statements began with.
    pub(super) fn collapse_undo(&mut self) -> Result<()> {
        let Some(write) = &self.write else { return Ok(()) };
        let mut state = write.state.clone();
        for statement in self.statements.iter_mut().rev() {
            if let Some(kept) = &statement.state {
                state = kept.clone();
            } else {
                self.undo.rollback(statement.undo, &mut state, &self.engine.pager)?;
                statement.state = Some(state.clone());
            }
            statement.undo = UndoMark { changes: 0, states: 0 };
        }
        self.undo.clear();
        Ok(())
    }

    /// Whether the way back is made of row changes. Once the innermost statement has its state, it is not.
    pub(super) fn needs_undo(&self) -> bool {
        self.statements.last().is_some_and(|statement| statement.state.is_none())
    }
}
