//! SQLite's own files: a database written as one, and one read as a database.
//!
//!     VACUUM INTO, serialize ─► export: catalog, rows, index entries ─► pluresdb-sqlite-file ─► file or bytes
//!     ATTACH, open of bytes  ─► import: pluresdb-sqlite-file ─► trees, rows, indexes ─► a database in memory
//!     open of a path         ─► convert: import into a new database, which takes the file's place
//!
//! | module | does |
//! |---|---|
//! | `layout` | which columns a record of SQLite's has, in which order |
//! | `import` | fills an empty database from a file |
//! | `convert` | puts a database of ours in a file's place, and keeps the file as a backup |
//! | `export` | writes a database, as its transaction sees it, as a file |
//! | `place` | where the file goes: beside its place first, then into it |
//!
//! Always true:
//! - What is imported is a copy: the file is read once and never changed. An attached one is read-only, because what
//!   was written to the copy would reach nobody.
//! - Rows go through one at a time, in the order they have anyway: neither side is in memory whole because of this.

mod convert;
mod export;
mod import;
mod layout;
mod place;

use std::fs::File;
use std::io::Read;
use std::path::Path;

use pluresdb_sqlite_file::{ErrorKind, FileError, MAGIC};

pub use convert::{MigrationPhase, MigrationProgress, MigrationWatch};
pub(crate) use convert::{convert, finish_conversion};
pub(crate) use export::{export_to_bytes, export_to_file};
pub(crate) use import::{Watch, import_bytes, import_file};
pub(crate) use place::check_place;

use crate::{Error, ResultCode};

impl From<FileError> for Error {
    fn from(error: FileError) -> Error {
        let code = match error.kind {
            ErrorKind::NotADatabase => ResultCode::NotADatabase,
            ErrorKind::Corrupt => ResultCode::Corrupt,
            ErrorKind::UnsupportedFormat => ResultCode::Error,
            ErrorKind::CannotOpen => ResultCode::CantOpen,
            ErrorKind::Io => ResultCode::IoError,
            ErrorKind::Full => ResultCode::Full,
            ErrorKind::Changed => ResultCode::Busy,
            ErrorKind::TooBig => ResultCode::TooBig,
            ErrorKind::Misordered => ResultCode::Internal,
        };
        Error::new(code, error.sqlite_message()).with_detail(error.detail)
    }
}

/// Whether a SQLite file stands at the path.
pub(crate) fn is_sqlite_file(path: &Path) -> bool {
    let mut head = [0; MAGIC.len()];
    let is_file = path.metadata().is_ok_and(|metadata| metadata.is_file());
    is_file && File::open(path).and_then(|mut file| file.read_exact(&mut head)).is_ok() && head == *MAGIC
}
