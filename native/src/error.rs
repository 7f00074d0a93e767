//! Failures on their way to JavaScript.

use napi_sys as sys;
use pluresdb_engine::Error;

/// Why a function of the addon did not return a value.
pub enum Failure {
    /// Becomes a `SqliteError`.
    Engine(Error),
    Range(&'static str),
    Type(&'static str),
    /// Node-API refused a call with this status; usually an exception is already pending.
    NodeApi(sys::napi_status),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Engine(error)
    }
}
