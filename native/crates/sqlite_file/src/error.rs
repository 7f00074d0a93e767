//! What can be wrong with a file, and SQLite's words for it.

use std::{fmt, io, path::Path};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// SQLITE_NOTADB: it does not start as a SQLite file does.
    NotADatabase,
    /// SQLITE_CORRUPT: it starts as one, and then breaks the format.
    Corrupt,
    /// SQLITE_ERROR: made by a SQLite newer than the format we know.
    UnsupportedFormat,
    /// SQLITE_CANTOPEN
    CannotOpen,
    /// SQLITE_IOERR
    Io,
    /// SQLITE_FULL
    Full,
    /// SQLITE_BUSY: somebody changed the file while it was being read.
    Changed,
    /// SQLITE_TOOBIG: a file would get more pages, or a payload more bytes, than the format can number.
    TooBig,
    /// SQLITE_INTERNAL: rows or index records were given out of order.
    Misordered,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileError {
    pub kind: ErrorKind,
    /// What happened, where: for people, never matched on.
    pub detail: String,
}

pub type Result<T> = std::result::Result<T, FileError>;

impl FileError {
    pub fn new(kind: ErrorKind, detail: impl Into<String>) -> FileError {
        FileError { kind, detail: detail.into() }
    }

    pub fn corrupt(detail: impl Into<String>) -> FileError {
        FileError::new(ErrorKind::Corrupt, detail)
    }

    pub(crate) fn not_a_database(detail: impl Into<String>) -> FileError {
        FileError::new(ErrorKind::NotADatabase, detail)
    }

    pub(crate) fn from_io(error: &io::Error, action: &str) -> FileError {
        let kind = match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
                ErrorKind::Full
            }
            _ => ErrorKind::Io,
        };
        FileError::new(kind, format!("{action}: {error}"))
    }

    pub(crate) fn from_open(error: &io::Error, path: &Path) -> FileError {
        FileError::new(ErrorKind::CannotOpen, format!("open {}: {error}", path.display()))
    }

    /// SQLite's text, letter for letter.
    pub fn sqlite_message(&self) -> &'static str {
        match self.kind {
            ErrorKind::NotADatabase => "file is not a database",
            ErrorKind::Corrupt => "database disk image is malformed",
            ErrorKind::UnsupportedFormat => "unsupported file format",
            ErrorKind::CannotOpen => "unable to open database file",
            ErrorKind::Io => "disk I/O error",
            ErrorKind::Full => "database or disk is full",
            ErrorKind::Changed => "database is locked",
            ErrorKind::TooBig => "string or blob too big",
            ErrorKind::Misordered => "internal error",
        }
    }
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.sqlite_message(), self.detail)
    }
}

impl std::error::Error for FileError {}
