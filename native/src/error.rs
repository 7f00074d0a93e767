//! Failures on their way to JavaScript.

use std::borrow::Cow;

use napi_sys as sys;
use pluresdb_engine::Error;

use crate::node_api::Reference;

/// Why a function of the addon did not return a value.
pub enum Failure {
    /// Becomes a `SqliteError`; or, with the code `Callback`, what JavaScript threw inside the running call.
    Engine(Error),
    /// What JavaScript threw during an earlier call.
    Thrown(Reference),
    /// A plain `Error`.
    Plain(&'static str),
    Range(Cow<'static, str>),
    Type(Cow<'static, str>),
    /// Node-API refused a call with this status; usually an exception is already pending.
    NodeApi(sys::napi_status),
}

impl Failure {
    pub const fn fixed_type(message: &'static str) -> Failure {
        Failure::Type(Cow::Borrowed(message))
    }

    pub const fn fixed_range(message: &'static str) -> Failure {
        Failure::Range(Cow::Borrowed(message))
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Engine(error)
    }
}
