//! SQL values: what a column, a parameter or an expression result can hold, and the rules that need nothing else.
//!
//! | module | decides |
//! |---|---|
//! | `value`, `bytes` | the five storage classes and how their bytes are kept |
//! | `affinity`, `cast` | what a value becomes in a column, a comparison or a `CAST` |
//! | `collation` | which of two values comes first |
//! | `arithmetic` | `+ - * / % & \| << >> ~ \|\|` and SQL's idea of truth |
//! | `number` | text ↔ number, digit for digit as SQLite 3.54 does it |
//! | `record` | a row as bytes |
//! | `key` | values as bytes whose order is SQL's order |
//!
//! Always true:
//! - Text is bytes, as in SQLite: it may hold NULs and invalid UTF-8, and survives unchanged.
//! - `Value::Real` is never NaN; `Value::real` turns NaN into NULL.
//! - Nothing here panics on bytes from outside; `record` and `key` answer `Malformed`.
#![forbid(unsafe_code)]

pub mod affinity;
pub mod arithmetic;
mod bytes;
pub mod cast;
mod collation;
mod collation_name;
pub mod key;
pub mod number;
pub mod record;
mod value;
pub mod varint;

pub use affinity::Affinity;
pub use arithmetic::truth;
pub use bytes::Bytes;
pub use collation::{Collation, compare, compare_integer_real, compare_text};
pub use collation_name::CollationId;
pub use value::{TextRef, Value, ValueRef};

/// Bytes that no encoder of this crate wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed;

impl std::fmt::Display for Malformed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("malformed value encoding")
    }
}

impl std::error::Error for Malformed {}
