//! What reading or changing a tree can fail with.

use std::fmt;

use pluresdb_store::{BlockId, StoreError};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TreeError {
    Store(StoreError),
    /// SQLITE_CORRUPT: a block was read whole and does not hold what a tree's block holds.
    Corrupt(String),
    /// SQLITE_TOOBIG: a key or record beyond what a leaf can address.
    TooBig,
    /// SQLITE_INTERRUPT: whoever makes the entries of a tree has stopped, and knows why.
    Stopped,
}

pub type Result<T> = std::result::Result<T, TreeError>;

impl TreeError {
    pub(crate) fn corrupt(detail: impl Into<String>) -> TreeError {
        TreeError::Corrupt(detail.into())
    }

    /// The same, with the block it was found in.
    pub(crate) fn within(self, id: BlockId) -> TreeError {
        match self {
            TreeError::Corrupt(detail) => TreeError::Corrupt(format!("{id:?}: {detail}")),
            TreeError::Store(_) | TreeError::TooBig | TreeError::Stopped => self,
        }
    }

    pub fn sqlite_code(&self) -> i32 {
        match self {
            TreeError::Store(error) => error.kind.sqlite_code(),
            TreeError::Corrupt(_) => 11,
            TreeError::TooBig => 18,
            TreeError::Stopped => 9,
        }
    }

    /// SQLite's message for the code, letter for letter.
    pub fn sqlite_message(&self) -> &'static str {
        match self {
            TreeError::Store(error) => error.kind.sqlite_message(),
            TreeError::Corrupt(_) => "database disk image is malformed",
            TreeError::TooBig => "string or blob too big",
            TreeError::Stopped => "interrupted",
        }
    }
}

impl From<StoreError> for TreeError {
    fn from(error: StoreError) -> TreeError {
        TreeError::Store(error)
    }
}

impl From<pluresdb_value::Malformed> for TreeError {
    fn from(error: pluresdb_value::Malformed) -> TreeError {
        TreeError::Corrupt(error.to_string())
    }
}

impl fmt::Display for TreeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TreeError::Store(error) => error.fmt(f),
            TreeError::Corrupt(detail) => write!(f, "{} ({detail})", self.sqlite_message()),
            TreeError::TooBig | TreeError::Stopped => f.write_str(self.sqlite_message()),
        }
    }
}

impl std::error::Error for TreeError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            TreeError::Store(error) => Some(error),
            TreeError::Corrupt(_) | TreeError::TooBig | TreeError::Stopped => None,
        }
    }
}
