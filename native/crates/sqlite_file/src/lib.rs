//! Real SQLite database files, read and written.
//!
//!     file or bytes ─ source ─► pager (WAL, journal laid over) ─ btree ─► payloads ─ record ─► values
//!     values ─ record ─► payloads ─ build ─► pages ─ writer ─► file
//!
//! | module | knows |
//! |---|---|
//! | `header` | the first hundred bytes |
//! | `source`, `pager` | where a page's newest committed bytes stand |
//! | `wal`, `journal` | what lies beside a file whose last user did not tidy up |
//! | `page`, `btree` | b-tree pages, cells, overflow chains; trees in key order |
//! | `record`, `varint`, `text` | payload ↔ values, in the file's encoding |
//! | `reader` | a file as schema entries and rows |
//! | `build`, `writer` | rows in order → a file, bottom-up, in one pass |
//! | `order` | which index record comes first, as SQLite has it |
//! | `lock` | SQLite's lock on a file, held |
//!
//! Always true:
//! - A file is only read, never changed, nor is what lies beside it.
//! - Bytes are hostile until checked: no panic, no endless loop, no allocation beyond what the file's own size allows.
//!   Each page belongs to one tree and is visited once in a pass over it, so a pass is linear in the file's size.
//! - A file that was written holds what was given, in the order SQLite wants, or there is an error.
//!
//! Not here: what the SQL texts of the schema mean, and everything about our own engine.
#![forbid(unsafe_code)]

mod btree;
mod build;
mod error;
mod header;
mod journal;
mod lock;
mod order;
mod page;
mod pager;
mod reader;
mod record;
mod source;
mod text;
mod varint;
mod wal;
mod writer;

pub use btree::{IndexRecords, TableRows};
pub use build::{IndexBuilder, TableBuilder};
pub use error::{ErrorKind, FileError, Result};
pub use header::{Header, MAGIC, is_sqlite_file};
pub use lock::FileLock;
pub use order::compare_records;
pub use reader::{Reader, SchemaEntry, Totals};
pub use record::{Record, encode as encode_record};
pub use text::Encoding;
pub use writer::{Writer, WriterOptions};
