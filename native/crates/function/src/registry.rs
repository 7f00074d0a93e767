//! What a function is, what it may ask for, and how one is found by its name.

use std::any::Any;
use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::LazyLock;

use pluresdb_value::{Collation, CollationId, TextRef, Value, ValueRef, compare, number};

use crate::{date, general, json, math, percentile};

/// What functions learn about the world. The engine implements it for a running statement.
pub trait Context {
    /// Milliseconds since 1970, the same for the whole statement.
    fn now_unix_ms(&self) -> i64;
    fn random_i64(&mut self) -> i64;
    fn last_insert_rowid(&self) -> i64;
    fn changes(&self) -> i64;
    fn total_changes(&self) -> i64;
    /// Seconds that local time is ahead of UTC at that moment; `None` when it cannot be known.
    fn local_offset_seconds(&self, unix_seconds: i64) -> Option<i64>;
    /// `PRAGMA case_sensitive_like`.
    fn case_sensitive_like(&self) -> bool;
    /// LIKE and GLOB read blobs as text instead of matching none.
    fn like_matches_blobs(&self) -> bool {
        false
    }
    /// Compares text by a collation of the application.
    fn collate(&self, collation: CollationId, a: &[u8], b: &[u8]) -> Result<Ordering, FunctionError> {
        let _ = collation;
        Ok(a.cmp(b))
    }
    /// The longest text or blob, in bytes.
    fn max_length(&self) -> usize {
        1_000_000_000
    }
    /// The longest LIKE or GLOB pattern, in bytes.
    fn max_pattern_length(&self) -> usize {
        50_000
    }
    /// Where the expression stands when it must always give the same answer: `an index`, `a CHECK constraint`,
    /// `a generated column`.
    fn deterministic_place(&self) -> Option<&'static str> {
        None
    }
    /// Who runs the statement, for functions that are not this crate's.
    fn host(&mut self) -> Option<&mut dyn Any> {
        None
    }
}

/// Why a function failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FunctionError {
    /// `SQLITE_ERROR` with this message.
    Error(String),
    /// `SQLITE_TOOBIG`: `string or blob too big`.
    TooBig,
    /// A function of the application threw; what it threw is with the application.
    Thrown,
    /// `SQLITE_ABORT_ROLLBACK`: a function of the application took away what the statement stood on.
    RolledBack,
}

impl FunctionError {
    pub fn new(message: impl Into<String>) -> FunctionError {
        FunctionError::Error(message.into())
    }

    pub fn message(&self) -> &str {
        match self {
            FunctionError::Error(message) => message,
            FunctionError::TooBig => "string or blob too big",
            FunctionError::Thrown => "",
            FunctionError::RolledBack => "abort due to ROLLBACK",
        }
    }
}

/// One call: the arguments where they stand, and room for the subtype of the result.
pub struct Call<'a> {
    pub context: &'a mut dyn Context,
    pub args: &'a [ValueRef<'a>],
    /// Bit `i % 64` of word `i / 64` says that argument `i` has SQLite's JSON subtype; missing words are zero.
    pub json_args: &'a [u64],
    /// For functions that compare (`Flags::COLLATION`).
    pub collation: Collation,
    /// Set by the function when its result has the JSON subtype.
    pub json_result: bool,
    /// Where a text that is made may go, behind what is there: many calls share the memory. Then `is_in_heap` is set, and the
    /// answer is NULL.
    pub heap: Option<&'a mut Vec<u8>>,
    pub is_in_heap: bool,
}

impl<'a> Call<'a> {
    pub fn new(context: &'a mut dyn Context, args: &'a [ValueRef<'a>]) -> Call<'a> {
        Call {
            context,
            args,
            json_args: &[],
            collation: Collation::Binary,
            json_result: false,
            heap: None,
            is_in_heap: false,
        }
    }

    /// The text that `write` appends to what it is given, as the result; about `len` bytes.
    #[inline]
    pub(crate) fn write_text(
        &mut self,
        len: usize,
        write: impl FnOnce(&mut Self, &mut Vec<u8>) -> Result<(), FunctionError>,
    ) -> Result<Value, FunctionError> {
        let Some(heap) = self.heap.take() else {
            let mut out = Vec::with_capacity(len);
            write(self, &mut out)?;
            return Ok(Value::text(out));
        };
        heap.reserve(len);
        let written = write(self, &mut *heap);
        self.heap = Some(heap);
        self.is_in_heap = written.is_ok();
        written.map(|()| Value::Null)
    }

    /// Which of two values comes first by the call's collation.
    pub(crate) fn compare(&self, a: ValueRef<'_>, b: ValueRef<'_>) -> Result<Ordering, FunctionError> {
        match (self.collation, a, b) {
            (Collation::Custom(id), ValueRef::Text(a), ValueRef::Text(b)) => self.context.collate(id, a, b),
            _ => Ok(compare(a, b, self.collation)),
        }
    }

    pub fn is_json(&self, index: usize) -> bool {
        self.json_args.get(index / 64).is_some_and(|word| word >> (index % 64) & 1 == 1)
    }

    /// The argument as text; `None` for NULL and for an argument that is not there.
    #[inline]
    pub(crate) fn text(&self, index: usize) -> Option<TextRef<'a>> {
        self.args.get(index)?.as_text()
    }

    pub(crate) fn check_length(&self, len: usize) -> Result<(), FunctionError> {
        if len > self.context.max_length() { Err(FunctionError::TooBig) } else { Ok(()) }
    }
}

/// An argument as functions that want a number see it: text that is one counts as one.
pub(crate) enum Operand {
    Null,
    Integer(i64),
    Real(f64),
    /// A blob, or text that is no number; with the number it begins with.
    Other(f64),
}

impl Operand {
    pub(crate) fn of(value: ValueRef<'_>) -> Operand {
        match value {
            ValueRef::Null => Operand::Null,
            ValueRef::Integer(integer) => Operand::Integer(integer),
            ValueRef::Real(real) => Operand::Real(real),
            ValueRef::Text(text) => match number::number_in_text(text) {
                Some(Value::Integer(integer)) => Operand::Integer(integer),
                Some(Value::Real(real)) => Operand::Real(real),
                _ => Operand::Other(number::text_to_real(text)),
            },
            ValueRef::Blob(blob) => Operand::Other(number::text_to_real(blob)),
        }
    }

    /// The number, if it is one.
    pub(crate) fn number(&self) -> Option<f64> {
        match self {
            Operand::Integer(integer) => Some(*integer as f64),
            Operand::Real(real) => Some(*real),
            Operand::Null | Operand::Other(_) => None,
        }
    }
}

pub type ScalarFn = fn(&mut Call<'_>) -> Result<Value, FunctionError>;

/// Properties of a function that resolving and planning ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flags(u16);

impl Flags {
    pub const NONE: Flags = Flags(0);
    /// Same arguments, same result. Date functions count, but refuse `'now'` where `Context::deterministic_place`
    /// names a place.
    pub const DETERMINISTIC: Flags = Flags(1);
    /// May appear in views and triggers of a schema that is not trusted.
    pub const INNOCUOUS: Flags = Flags(2);
    /// Compares; `Call::collation` matters.
    pub const COLLATION: Flags = Flags(4);
    /// LIKE or GLOB: the planner may turn it into a range.
    pub const LIKE: Flags = Flags(8);
    /// Not every argument is evaluated; the engine decides which, and calls this only with all of them at hand.
    pub const LAZY: Flags = Flags(16);
    /// Looks at the JSON subtype of its arguments.
    pub const READS_JSON: Flags = Flags(32);
    /// Its result may have the JSON subtype.
    pub const GIVES_JSON: Flags = Flags(64);
    /// Its result is one of its arguments, with the subtype of that one.
    pub const PASSES_JSON: Flags = Flags(512);
    /// Of a wide first argument only its class and length, or a part of it, is needed (`length`, `substr`).
    pub const READS_SHAPE: Flags = Flags(1024);
    /// Not allowed in views, triggers and schema expressions.
    pub const DIRECT_ONLY: Flags = Flags(128);
    /// The same value for the whole statement, another one in the next (`changes()`, `current_date`).
    pub const STATEMENT_CONSTANT: Flags = Flags(256);

    pub const fn with(self, other: Flags) -> Flags {
        Flags(self.0 | other.0)
    }

    pub const fn has(self, other: Flags) -> bool {
        self.0 & other.0 == other.0
    }

    pub(crate) const PURE: Flags = Flags::DETERMINISTIC.with(Flags::INNOCUOUS);
}

/// A scalar function.
#[derive(Clone, Copy)]
pub struct Scalar {
    pub name: &'static str,
    pub min_args: i8,
    /// -1: any number.
    pub max_args: i8,
    pub flags: Flags,
    pub call: ScalarFn,
}

impl Scalar {
    pub(crate) const fn new(name: &'static str, min_args: i8, max_args: i8, call: ScalarFn) -> Scalar {
        Scalar { name, min_args, max_args, flags: Flags::PURE, call }
    }

    pub(crate) const fn with(mut self, flags: Flags) -> Scalar {
        self.flags = self.flags.with(flags);
        self
    }

    /// Not the usual deterministic and innocuous function.
    pub(crate) const fn only(mut self, flags: Flags) -> Scalar {
        self.flags = flags;
        self
    }

    pub fn accepts(&self, arg_count: usize) -> bool {
        accepts(self.min_args, self.max_args, arg_count)
    }
}

fn accepts(min_args: i8, max_args: i8, arg_count: usize) -> bool {
    arg_count >= usize::try_from(min_args).unwrap_or(0)
        && (max_args < 0 || usize::try_from(max_args).is_ok_and(|max| arg_count <= max))
}

impl std::fmt::Debug for Scalar {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}()", self.name)
    }
}

/// A group being aggregated.
pub trait AggregateState {
    /// Takes a row in. `false` says that the row changes nothing for columns beside the aggregate: `min()` and
    /// `max()` saw no new extreme.
    fn step(&mut self, call: &mut Call<'_>) -> Result<bool, FunctionError>;
    /// Takes in `count` rows of numbers, whose arguments stand one after the other.
    fn step_numbers(
        &mut self,
        numbers: &[f64],
        count: usize,
        context: &mut dyn Context,
    ) -> Result<(), FunctionError> {
        for args in numbers.chunks_exact(numbers.len() / count.max(1)) {
            let args: Vec<ValueRef<'_>> = args.iter().copied().map(ValueRef::Real).collect();
            self.step(&mut Call::new(context, &args))?;
        }
        Ok(())
    }
    /// Takes the oldest row out again, for a window that moves.
    fn inverse(&mut self, call: &mut Call<'_>) -> Result<(), FunctionError>;
    /// The result so far; may be asked many times.
    fn value(&mut self, context: &mut dyn Context) -> Result<Value, FunctionError>;
}

/// The state of a function of ours, which may be carried to another thread.
pub type BuiltInState = Box<dyn AggregateState + Send>;

/// An aggregate function; each can be used as a window function too.
#[derive(Clone, Copy)]
pub struct Aggregate {
    pub name: &'static str,
    pub min_args: i8,
    pub max_args: i8,
    pub flags: Flags,
    pub new: fn(Collation) -> BuiltInState,
}

impl Aggregate {
    pub fn accepts(&self, arg_count: usize) -> bool {
        accepts(self.min_args, self.max_args, arg_count)
    }
}

impl std::fmt::Debug for Aggregate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}()", self.name)
    }
}

/// A function that exists only with OVER. The engine runs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WindowFunction {
    pub name: &'static str,
    pub min_args: i8,
    pub max_args: i8,
}

impl WindowFunction {
    const fn new(name: &'static str, min_args: i8, max_args: i8) -> WindowFunction {
        WindowFunction { name, min_args, max_args }
    }

    pub fn accepts(&self, arg_count: usize) -> bool {
        accepts(self.min_args, self.max_args, arg_count)
    }
}

pub const WINDOW_FUNCTIONS: &[WindowFunction] = &[
    WindowFunction::new("row_number", 0, 0),
    WindowFunction::new("rank", 0, 0),
    WindowFunction::new("dense_rank", 0, 0),
    WindowFunction::new("percent_rank", 0, 0),
    WindowFunction::new("cume_dist", 0, 0),
    WindowFunction::new("ntile", 1, 1),
    WindowFunction::new("lead", 1, 3),
    WindowFunction::new("lag", 1, 3),
    WindowFunction::new("first_value", 1, 1),
    WindowFunction::new("last_value", 1, 1),
    WindowFunction::new("nth_value", 2, 2),
];

fn scalars() -> impl Iterator<Item = &'static Scalar> {
    [general::FUNCTIONS, math::FUNCTIONS, date::FUNCTIONS, json::FUNCTIONS].into_iter().flatten()
}

fn aggregates() -> impl Iterator<Item = &'static Aggregate> {
    [crate::aggregate::FUNCTIONS, percentile::FUNCTIONS, json::AGGREGATES].into_iter().flatten()
}

static SCALARS: LazyLock<HashMap<&'static str, &'static Scalar>> =
    LazyLock::new(|| scalars().map(|scalar| (scalar.name, scalar)).collect());

static AGGREGATES: LazyLock<HashMap<&'static str, &'static Aggregate>> =
    LazyLock::new(|| aggregates().map(|aggregate| (aggregate.name, aggregate)).collect());

/// The scalar function of that name, in any case. `Scalar::accepts` tells whether it takes so many arguments; `min`
/// and `max` are aggregates with one argument, scalars with more.
pub fn scalar(name: &str) -> Option<&'static Scalar> {
    SCALARS.get(name.to_ascii_lowercase().as_str()).copied()
}

/// The aggregate function of that name, in any case.
pub fn aggregate(name: &str) -> Option<&'static Aggregate> {
    AGGREGATES.get(name.to_ascii_lowercase().as_str()).copied()
}

/// The window-only function of that name, in any case.
pub fn window_function(name: &str) -> Option<&'static WindowFunction> {
    WINDOW_FUNCTIONS.iter().find(|function| function.name.eq_ignore_ascii_case(name))
}

/// A row of `PRAGMA function_list`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listed {
    pub name: &'static str,
    /// `s` scalar, `w` aggregate or window.
    pub kind: &'static str,
    /// -1: any number; -3 at least one, -4 at least two.
    pub arg_count: i8,
    pub flags: i64,
}

/// All built-in functions as `PRAGMA function_list` shows them, one row for each number of arguments.
pub fn all() -> impl Iterator<Item = Listed> {
    const DETERMINISTIC: i64 = 0x800;
    const DIRECT_ONLY: i64 = 0x8_0000;
    const SUBTYPE: i64 = 0x10_0000;
    const INNOCUOUS: i64 = 0x20_0000;
    let bit = |flags: Flags, flag: Flags, bit: i64| if flags.has(flag) { bit } else { 0 };
    let scalars = scalars().flat_map(move |function| {
        let flags = bit(function.flags, Flags::DETERMINISTIC, DETERMINISTIC)
            | bit(function.flags, Flags::DIRECT_ONLY, DIRECT_ONLY)
            | bit(function.flags, Flags::READS_JSON, SUBTYPE)
            | bit(function.flags, Flags::INNOCUOUS, INNOCUOUS);
        let name = function.name;
        arities(name, function.min_args, function.max_args).map(move |arg_count| Listed {
            name,
            kind: "s",
            arg_count,
            flags,
        })
    });
    let aggregates = aggregates().flat_map(move |function| {
        let flags = bit(function.flags, Flags::READS_JSON, SUBTYPE | DETERMINISTIC)
            | bit(function.flags, Flags::INNOCUOUS, INNOCUOUS);
        let name = function.name;
        (function.min_args..=function.max_args).map(move |arg_count| Listed {
            name,
            kind: "w",
            arg_count,
            flags,
        })
    });
    let windows = WINDOW_FUNCTIONS.iter().flat_map(|function| {
        (function.min_args..=function.max_args).map(|arg_count| Listed {
            name: function.name,
            kind: "w",
            arg_count,
            flags: INNOCUOUS,
        })
    });
    scalars.chain(aggregates).chain(windows)
}

fn arities(name: &str, min_args: i8, max_args: i8) -> impl Iterator<Item = i8> + use<> {
    // Scalar min() and max() are registered for one argument, too, though the aggregate takes it.
    let open = match (name, min_args) {
        ("min" | "max", _) => -3,
        (_, 0) => -1,
        (_, at_least) => -2 - at_least,
    };
    if max_args < 0 { open..=open } else { min_args..=max_args }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_are_found_in_any_case_and_know_their_arity() {
        assert!(
            scalar("SubStr").is_some_and(|f| f.accepts(2) && f.accepts(3) && !f.accepts(1) && !f.accepts(4))
        );
        assert!(scalar("char").is_some_and(|f| f.accepts(0) && f.accepts(100)));
        assert!(scalar("coalesce").is_some_and(|f| !f.accepts(1) && f.accepts(2)));
        assert!(aggregate("COUNT").is_some_and(|f| f.accepts(0) && f.accepts(1) && !f.accepts(2)));
        assert!(scalar("nope").is_none() && window_function("LAG").is_some());
    }

    #[test]
    fn no_name_is_taken_twice() {
        assert_eq!(SCALARS.len(), scalars().count());
        assert_eq!(AGGREGATES.len(), aggregates().count());
    }
}
