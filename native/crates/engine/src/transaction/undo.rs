//! The way back to a statement's start: what each changed key held before, newest last.
//!
//! Rows are undone one by one, because keeping the old trees instead would make every statement copy the nodes it
//! touches. Where many rows of a tree change at once its nodes are copied anyway, and that tree is kept. Schema changes keep
//! the whole state, which is cheap and rare. A statement that changes very much exchanges its list for the old trees after
//! all: they are the present trees with the list applied backwards.

use super::{
    change::{Change, ChangeKey, ChangeList},
    snapshot::DatabaseState,
    transaction::{StatementMark, Transaction},
    tree_map::{Tree, missing},
};
use crate::Result;
use crate::catalog::TreeId;
use pluresdb_tree::Pager;

/// Above this a statement's undo list becomes trees.
pub(super) const MAX_UNDO_BYTES: usize = 8 << 20;
/// Memory a connection keeps between statements.
const KEEP_BYTES: usize = 256 << 10;

#[derive(Default)]
pub(super) struct UndoList {
    changes: ChangeList,
    /// What stands in for changes that are not in the list, with the number of those before it.
    kept: Vec<(usize, Kept)>,
}

enum Kept {
    /// Everything, before something else than a row changed.
    State(DatabaseState),
    /// One tree, before many of its rows changed.
    Tree(TreeId, Tree),
}

#[derive(Clone, Copy)]
struct UndoMark {
    changes: usize,
    kept: usize,
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
        self.kept.push((self.changes.len(), Kept::State(state)));
    }

    /// Whether the tree can be taken back to where it was at the mark or later, whatever happens to it from now on.
    fn has_kept(&self, mark: UndoMark, tree: TreeId) -> bool {
        self.kept[mark.kept..].iter().any(|(_, kept)| match kept {
            Kept::State(_) => true,
            Kept::Tree(kept, _) => *kept == tree,
        })
    }

    /// Whether it holds trees by themselves.
    pub(super) fn holds_trees(&self) -> bool {
        self.kept.iter().any(|(_, kept)| matches!(kept, Kept::Tree(..)))
    }

    pub(super) fn byte_len(&self) -> usize {
        self.changes.byte_len()
    }

    pub(super) fn clear(&mut self) {
        self.changes.clear(KEEP_BYTES);
        self.kept.clear();
    }

    fn mark(&self) -> UndoMark {
        UndoMark { changes: self.changes.len(), kept: self.kept.len() }
    }

    /// Takes `state` back to where it was at `mark`.
    fn rollback(&mut self, mark: UndoMark, state: &mut DatabaseState, pager: &Pager) -> Result<()> {
        while self.kept.len() > mark.kept {
            let (change_count, kept) = self.kept.pop().expect("more is kept than at the mark");
            match kept {
                Kept::State(kept) => {
                    // Later row changes were made to trees that `kept` does not share.
                    self.changes.truncate(change_count);
                    *state = kept;
                }
                Kept::Tree(id, tree) => {
                    self.rollback_changes(change_count, state, pager)?;
                    state.trees.insert(id, tree);
                }
            }
        }
        self.rollback_changes(mark.changes, state, pager)
    }

    /// Takes back all changes but the first so many.
    fn rollback_changes(&mut self, count: usize, state: &mut DatabaseState, pager: &Pager) -> Result<()> {
        while self.changes.len() > count {
            let last = self.changes.len() - 1;
            let change = self.changes.get(last).expect("the list is longer than that");
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
            self.undo.kept.truncate(statement.undo.kept);
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
            statement.undo = UndoMark { changes: 0, kept: 0 };
        }
        self.undo.clear();
        Ok(())
    }

    /// Keeps the tree, when the way back needs it: many of its rows are about to change, and none of them is put on the list.
    pub(super) fn keep_tree(&mut self, id: TreeId) -> Result<()> {
        if self.is_listed(id)
            && let Some(write) = &self.write
        {
            let tree = write.state.trees.get(id).ok_or_else(|| missing(id, "any kind"))?.clone();
            self.undo.kept.push((self.undo.changes.len(), Kept::Tree(id, tree)));
        }
        Ok(())
    }

    /// Whether the way back is made of what becomes of the tree's rows.
    pub(super) fn is_listed(&self, id: TreeId) -> bool {
        let statement = self.statements.last().filter(|statement| statement.state.is_none());
        statement.is_some_and(|statement| !self.undo.has_kept(statement.undo, id))
    }

    /// Whether the way back is made of row changes. Once the innermost statement has its state, it is not.
    pub(super) fn needs_undo(&self) -> bool {
        self.statements.last().is_some_and(|statement| statement.state.is_none())
    }
}
