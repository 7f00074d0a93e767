//! The engine's one error: a SQLite result code and SQLite's text for it.
//!
//! Lower layers have their own errors (`ParseError`, `StoreError`, `TreeError`, `FunctionError`); each becomes an
//! `Error` here, and only the binding turns an `Error` into a JavaScript one.

use std::fmt;

pub type Result<T> = std::result::Result<T, Error>;

/// SQLite's primary and extended result codes, as far as the engine raises them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ResultCode {
    Error,
    /// The application's own code failed: an `SQLITE_ERROR` without words, whose exception the binding raises.
    Callback,
    MissingCollation,
    Internal,
    Perm,
    Abort,
    AbortRollback,
    Busy,
    BusySnapshot,
    Locked,
    NoMemory,
    ReadOnly,
    ReadOnlyDbMoved,
    Interrupt,
    IoError,
    Corrupt,
    Full,
    CantOpen,
    Schema,
    TooBig,
    Constraint,
    ConstraintCheck,
    ConstraintForeignKey,
    ConstraintNotNull,
    ConstraintPinned,
    ConstraintPrimaryKey,
    ConstraintRowid,
    ConstraintTrigger,
    ConstraintUnique,
    ConstraintDatatype,
    Mismatch,
    Misuse,
    Auth,
    Range,
    NotADatabase,
}

impl ResultCode {
    /// The code's name as better-sqlite3 reports it in `SqliteError.code`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Error | Self::Callback => "SQLITE_ERROR",
            Self::MissingCollation => "SQLITE_ERROR_MISSING_COLLSEQ",
            Self::Internal => "SQLITE_INTERNAL",
            Self::Perm => "SQLITE_PERM",
            Self::Abort => "SQLITE_ABORT",
            Self::AbortRollback => "SQLITE_ABORT_ROLLBACK",
            Self::Busy => "SQLITE_BUSY",
            Self::BusySnapshot => "SQLITE_BUSY_SNAPSHOT",
            Self::Locked => "SQLITE_LOCKED",
            Self::NoMemory => "SQLITE_NOMEM",
            Self::ReadOnly => "SQLITE_READONLY",
            Self::ReadOnlyDbMoved => "SQLITE_READONLY_DBMOVED",
            Self::Interrupt => "SQLITE_INTERRUPT",
            Self::IoError => "SQLITE_IOERR",
            Self::Corrupt => "SQLITE_CORRUPT",
            Self::Full => "SQLITE_FULL",
            Self::CantOpen => "SQLITE_CANTOPEN",
            Self::Schema => "SQLITE_SCHEMA",
            Self::TooBig => "SQLITE_TOOBIG",
            Self::Constraint => "SQLITE_CONSTRAINT",
            Self::ConstraintCheck => "SQLITE_CONSTRAINT_CHECK",
            Self::ConstraintForeignKey => "SQLITE_CONSTRAINT_FOREIGNKEY",
            Self::ConstraintNotNull => "SQLITE_CONSTRAINT_NOTNULL",
            Self::ConstraintPinned => "SQLITE_CONSTRAINT_PINNED",
            Self::ConstraintPrimaryKey => "SQLITE_CONSTRAINT_PRIMARYKEY",
            Self::ConstraintRowid => "SQLITE_CONSTRAINT_ROWID",
            Self::ConstraintTrigger => "SQLITE_CONSTRAINT_TRIGGER",
            Self::ConstraintUnique => "SQLITE_CONSTRAINT_UNIQUE",
            Self::ConstraintDatatype => "SQLITE_CONSTRAINT_DATATYPE",
            Self::Mismatch => "SQLITE_MISMATCH",
            Self::Misuse => "SQLITE_MISUSE",
            Self::Auth => "SQLITE_AUTH",
            Self::Range => "SQLITE_RANGE",
            Self::NotADatabase => "SQLITE_NOTADB",
        }
    }
}

/// What went wrong, in SQLite's words.
#[derive(Clone, Debug, PartialEq)]
pub struct Error {
    pub code: ResultCode,
    /// SQLite's text, letter for letter.
    pub message: String,
    /// Byte offset into the statement's text, where SQLite would know one.
    pub offset: Option<usize>,
    /// More than SQLite says (holder of a lock, damaged key range): for `cause`, never part of the message.
    pub detail: Option<String>,
}

impl Error {
    pub fn new(code: ResultCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), offset: None, detail: None }
    }

    /// The everyday `SQLITE_ERROR`.
    #[expect(clippy::self_named_constructors, reason = "SQLite's name for it is no other")]
    pub fn error(message: impl Into<String>) -> Self {
        Self::new(ResultCode::Error, message)
    }

    #[must_use]
    pub fn at(mut self, offset: usize) -> Self {
        self.offset = Some(offset);
        self
    }

    /// At an offset, unless the error knows a nearer one.
    #[must_use]
    pub fn located(self, offset: usize) -> Self {
        if self.offset.is_some() { self } else { self.at(offset) }
    }

    #[must_use]
    pub fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    pub fn is_constraint(&self) -> bool {
        self.code.name().starts_with("SQLITE_CONSTRAINT")
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

impl From<pluresdb_store::ErrorKind> for ResultCode {
    fn from(kind: pluresdb_store::ErrorKind) -> ResultCode {
        use pluresdb_store::ErrorKind;

        match kind {
            ErrorKind::NotADatabase => ResultCode::NotADatabase,
            ErrorKind::CannotOpen => ResultCode::CantOpen,
            ErrorKind::Busy => ResultCode::Busy,
            ErrorKind::Corrupt => ResultCode::Corrupt,
            ErrorKind::Full => ResultCode::Full,
            ErrorKind::Io => ResultCode::IoError,
            ErrorKind::ReadOnly => ResultCode::ReadOnly,
            ErrorKind::TooBig => ResultCode::TooBig,
            ErrorKind::Closed => ResultCode::Misuse,
        }
    }
}

impl From<pluresdb_store::StoreError> for Error {
    fn from(error: pluresdb_store::StoreError) -> Error {
        Error::new(error.kind.into(), error.kind.sqlite_message()).with_detail(error.detail)
    }
}

impl From<pluresdb_tree::TreeError> for Error {
    fn from(error: pluresdb_tree::TreeError) -> Error {
        use pluresdb_tree::TreeError;

        let message = error.sqlite_message();
        match error {
            TreeError::Store(error) => error.into(),
            TreeError::Corrupt(detail) => Error::new(ResultCode::Corrupt, message).with_detail(detail),
            TreeError::TooBig => Error::new(ResultCode::TooBig, message),
            TreeError::Stopped => Error::new(ResultCode::Interrupt, message),
        }
    }
}
