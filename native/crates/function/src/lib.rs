//! SQLite's built-in functions as pure code: scalars, aggregates, JSON, dates, patterns, `printf`.
//!
//! | module | holds |
//! |---|---|
//! | `registry` | what a function is, and finding one by name |
//! | `general`, `math`, `date`, `json` | the scalar functions |
//! | `aggregate`, `percentile` | the aggregate functions |
//! | `pattern`, `pattern_range` | LIKE and GLOB, and what an index could find of them |
//! | `format` | `printf()` |
//!
//! Always true:
//! - A function sees its arguments and a `Context`; it does no I/O and asks no clock.
//! - Results, classes and error texts are SQLite 3.54's.
//!
//! Not here: window-only functions (the engine runs them; `WINDOW_FUNCTIONS` lists them), which arguments are
//! evaluated (`LAZY` functions leave that to the engine), functions written in JavaScript.
#![forbid(unsafe_code)]

pub mod aggregate;
mod build;
mod date;
pub mod format;
mod general;
pub mod json;
mod math;
pub mod pattern;
mod pattern_range;
mod percentile;
pub mod real_sum;
mod registry;
mod text;

pub use build::{COMPILE_OPTIONS, SOURCE_ID, VERSION};
pub use pattern_range::{PATTERN_HIGH, PATTERN_LOW, PatternLanguage, Reach, Wildcards};
pub use registry::{
    Aggregate, AggregateState, BuiltInState, Call, Context, Flags, FunctionError, Listed, Scalar, ScalarFn,
    WINDOW_FUNCTIONS, WindowFunction, aggregate, all, scalar, window_function,
};
