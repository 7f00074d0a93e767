//! What the application adds to SQL: functions, aggregates, collations and table modules of its own.
//!
//!     binding ── define ──► Callbacks (of one session) ── find ──► resolve ──► resolved tree ──► execute ── call ──► binding
//!
//! The engine knows only the traits here; the binding implements them in whatever language the application speaks.
//!
//! Always true:
//! - A definition that fails answers `Thrown`: the application's own exception stays with the binding, which raises it
//!   unchanged once the statement has ended. The engine's error for it is `ResultCode::Callback`.
//! - While the application's code runs, it may be lent the session (`reentry`), and a nested statement runs within another.
//! - Every change of what is defined gives `Callbacks::version` another value; statements compiled before compile again.

mod authorizer;
mod changed_rows;
mod collation;
mod function;
mod label;
mod reentry;
mod registry;
mod table;
mod trigger_trace;

pub use authorizer::{Action, Authorizer, Permission};
pub use changed_rows::{ChangedRow, ChangedRows, RowChange};
pub use collation::CollationFunction;
pub use function::{
    Accumulator, AggregateFunction, AggregateKind, CallSite, FunctionBody, FunctionDefinition,
    ScalarFunction, Thrown,
};
pub(crate) use reentry::Reentry;
pub use registry::Callbacks;
pub(crate) use registry::no_such_collation;
pub use table::{ConnectedTable, Declaration, ModuleUses, RowGenerator, TableModule, TableRows};
pub use trigger_trace::TriggerTrace;
