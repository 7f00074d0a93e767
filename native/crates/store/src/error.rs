//! What can go wrong below the trees, and which SQLite result code it is.
//!
//! `message` is SQLite's text for that code, letter for letter; `detail` says what happened here, for people.

use std::{fmt, io, path::Path};

/// One variant per SQLite result code the store can cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// SQLITE_NOTADB: what stands at the path is not ours, or a newer version made it.
    NotADatabase,
    /// SQLITE_CANTOPEN: missing, a wrong kind of file, or no permission.
    CannotOpen,
    /// SQLITE_BUSY: another process holds the store.
    Busy,
    /// SQLITE_CORRUPT: bytes that were written and are not what they were.
    Corrupt,
    /// SQLITE_FULL: no room on the disk.
    Full,
    /// SQLITE_IOERR: the disk failed; after a failed sync the store refuses writes until it is opened anew.
    Io,
    /// SQLITE_READONLY: a write to a store opened for reading.
    ReadOnly,
    /// SQLITE_TOOBIG: a block or record beyond its bound.
    TooBig,
    /// SQLITE_MISUSE: the store was closed.
    Closed,
}

impl ErrorKind {
    pub fn sqlite_code(self) -> i32 {
        match self {
            ErrorKind::Busy => 5,
            ErrorKind::ReadOnly => 8,
            ErrorKind::Io => 10,
            ErrorKind::Corrupt => 11,
            ErrorKind::Full => 13,
            ErrorKind::CannotOpen => 14,
            ErrorKind::TooBig => 18,
            ErrorKind::Closed => 21,
            ErrorKind::NotADatabase => 26,
        }
    }

    pub fn sqlite_message(self) -> &'static str {
        match self {
            ErrorKind::Busy => "database is locked",
            ErrorKind::ReadOnly => "attempt to write a readonly database",
            ErrorKind::Io => "disk I/O error",
            ErrorKind::Corrupt => "database disk image is malformed",
            ErrorKind::Full => "database or disk is full",
            ErrorKind::CannotOpen => "unable to open database file",
            ErrorKind::TooBig => "string or blob too big",
            ErrorKind::Closed => "bad parameter or other API misuse",
            ErrorKind::NotADatabase => "file is not a database",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreError {
    pub kind: ErrorKind,
    /// What happened, where: for people and logs, never matched on.
    pub detail: String,
}

pub type Result<T> = std::result::Result<T, StoreError>;

impl StoreError {
    pub fn new(kind: ErrorKind, detail: impl Into<String>) -> StoreError {
        StoreError { kind, detail: detail.into() }
    }

    pub fn corrupt(detail: impl Into<String>) -> StoreError {
        StoreError::new(ErrorKind::Corrupt, detail)
    }

    /// An I/O failure while doing `action` at `path`.
    pub fn from_io(error: &io::Error, action: &str, path: &Path) -> StoreError {
        let kind = match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
                ErrorKind::Full
            }
            _ => ErrorKind::Io,
        };
        StoreError::new(kind, format!("{action} {}: {error}", path.display()))
    }

    /// A failure to open what should be at `path`.
    pub fn from_open(error: &io::Error, path: &Path) -> StoreError {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                StoreError::from_io(error, "open", path)
            }
            _ => StoreError::new(ErrorKind::CannotOpen, format!("open {}: {error}", path.display())),
        }
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.kind.sqlite_message(), self.detail)
    }
}

impl std::error::Error for StoreError {}
