//! One database as its connections share it: snapshots, one writer, commits that survive, and a way back.
//!
//!     Engine ── published ──► Snapshot { trees, catalog, header }  ◄── readers hold an Arc and never wait
//!        │                        ▲ publish
//!        └─ writer lock ─► Write { working trees, undo, record } ─ commit ─► log record │ checkpoint
//!
//!     engine         the shared object per path       registry      which paths are open in this process
//!     snapshot       one committed version            tree_map      tree id → tree, cheap to clone
//!     transaction    none │ reading │ writing         change        row changes kept as bytes
//!     savepoint      named ways back                  undo          the way back to a statement's start
//!     commit         how changes become the newest    record        one commit as bytes of the log
//!     checkpoint     trees into the store             recovery      store and log into trees, at open
//!     writer_lock    one at a time, busy rules        participant   who follows a transaction
//!     spill          transactions beyond the memory they may use
//!
//! Always true:
//! - A snapshot never changes. What a rolled back statement, savepoint or transaction did is nowhere.
//! - A version is published whole, after its record is in the log (and synced, when FULL asks for it).
//! - A record in the log is replayed at open exactly when the store's root does not hold it yet.

mod appender;
mod change;
mod checkpoint;
mod commit;
mod engine;
mod participant;
mod record;
mod recovery;
mod registry;
mod savepoint;
mod snapshot;
mod spill;
#[expect(clippy::module_inception, reason = "the file is named for the type it holds, as the others are")]
mod transaction;
mod tree_map;
mod undo;
mod writer_lock;

#[cfg(test)]
mod tests;

pub(crate) use appender::{Appender, MAX_VALUE_LEN, MOST_ROWS_AT_ONCE};
pub use change::{Change, ChangeKey, ChangeList};
pub use checkpoint::{CheckpointMode, CheckpointResult};
pub(crate) use engine::read_only;
pub use engine::{Engine, EngineOptions, EngineSizes, Location};
pub use participant::TransactionParticipant;
pub(crate) use pluresdb_store::{Found, look};
pub use pluresdb_store::{StoreKind, Synchronous};
pub use snapshot::Snapshot;
pub use transaction::{StatementMark, Transaction};
pub use writer_lock::BusyHandler;
