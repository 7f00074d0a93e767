//! Failures on their way to JavaScript.

use pluresdb_engine::Error;

/// Why a function of the addon did not return a value.
pub enum Failure {
    /// Becomes a `SqliteError`.
    Engine(Error),
    Range(&'static str),
    Type(&'static str),
    /// Node-API refused a call; usually an exception is already pending.
    NodeApi(i32),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Engine(error)
    }
}
