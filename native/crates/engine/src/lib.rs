//! The SQL engine: text in, rows out, over copy-on-write trees.
//!
//!     SQL text ─ parse ─► AST ─ resolve ─► resolved tree ─ plan ─► operators ─ execute ─► rows
//!                                                                        │ writes
//!                                               dml ─► transaction ─► commit log + trees ─► store
//!
//! The face is `Connection`, which prepares a `Statement`, which steps through rows.
#![forbid(unsafe_code)]

mod analyze;
pub mod callback;
pub mod catalog;
pub mod changeset;
pub mod connection;
mod dml;
mod environment;
mod error;
pub mod execute;
pub mod plan;
mod pragma;
pub mod resolve;
mod session;
mod sqlite_file;
mod statement;
mod text_hash;
pub mod transaction;
mod upkeep;
mod work;

pub use connection::{Connection, DatabasePath, OpenOptions};
pub use environment::{Clock, InterruptHandle, Random, SystemClock};
pub use error::{Error, Result, ResultCode};
pub use execute::{ColumnValues, ResultColumn, Texts};
pub use execute::{Run, RunColumn};
pub use pluresdb_tree::{Integers as PackedIntegers, Reals, Strings};
pub use session::{AttachedDatabase, JournalMode, Session, Settings, Synchronous};
pub use sqlite_file::{MigrationPhase, MigrationProgress, MigrationWatch};
pub use statement::{ColumnMetadata, DetachedQuery, Statement, Step};
pub use transaction::StoreKind;
pub use work::Work;
