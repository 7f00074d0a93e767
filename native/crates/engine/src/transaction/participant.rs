//! Who follows a transaction: capture for replication now; virtual tables, text and vector indexes later.
//!
//!     open ─► (savepoint │ row_changed │ rollback_to)* ─► commit ─► committed
//!                                                      └► rollback
//!
//! Participants belong to the engine and lend themselves to the one transaction that writes, whichever connection it
//! is. While there are none, no change is kept for them and none is told.
//!
//! Always true:
//! - `commit` hands over exactly the changes that take effect, in order; what was rolled back never reaches it.
//! - An error from `row_changed` fails the statement, one from `commit` rolls the transaction back.

use super::{
    change::{Change, ChangeList},
    snapshot::Snapshot,
};
use crate::{Result, catalog::TreeId};

pub trait TransactionParticipant: Send {
    /// The state it starts from; called once, when it joins.
    fn open(&mut self, _snapshot: &Snapshot) -> Result<()> {
        Ok(())
    }

    /// Whether it wants to know of changes in this tree. Asked per change: answer quickly.
    fn watches(&self, _tree: TreeId) -> bool {
        true
    }

    /// A row was written or deleted.
    fn row_changed(&mut self, _change: &Change<'_>) -> Result<()> {
        Ok(())
    }

    /// A statement or savepoint begins after `mark` changes of this transaction.
    fn savepoint(&mut self, _mark: usize) {}

    /// Everything after the first `mark` changes is undone.
    fn rollback_to(&mut self, _mark: usize) {}

    /// The transaction is about to become `version`; `changes` are those of all watched trees.
    fn commit(&mut self, _version: u64, _changes: &ChangeList) -> Result<()> {
        Ok(())
    }

    /// `version` is in the log and is being published.
    fn committed(&mut self, _version: u64) {}

    /// The transaction is gone, with everything it did.
    fn rollback(&mut self) {}
}
