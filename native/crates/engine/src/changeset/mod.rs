//! SQLite's session extension: what changes on a connection as changesets and patchsets, and how these are applied.
//!
//!     dml ─ rows ─► recorder ─┐
//!                             ├─ generate ─► bytes ─► … ─► apply ─► SQL ─► dml
//!            the rows of now ─┘
//!
//! A recorder keeps, by primary key, what each row was that has changed since it began, and no more: what became of it
//! is read when somebody asks. So what is rolled back needs no thought, and what changes twice is one change.
//!
//! Always true:
//! - The bytes are those SQLite writes for the same statements, in its order: the order of a hash table, which is
//!   therefore SQLite's own.
//! - Only tables with a primary key are recorded, and only rows whose key has no NULL.
//!
//! Not here: the format of the bytes (`pluresdb-sqlite-changeset`).

mod apply;
mod generate;
mod recorder;
mod table;

pub use apply::{ChangesetHandler, ConflictAnswer, ConflictKind};
pub use pluresdb_sqlite_changeset::Kind;
pub(crate) use recorder::Observed;
pub use recorder::{RecorderId, Recorders};
