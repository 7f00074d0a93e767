//! Built-in functions with any arguments.
//!
//!     input    name `(` argument values…      the name decides: a scalar is called, an aggregate steps and steps back
//!
//! Laws: a result is no NaN and no longer than the limit.

use pluresdb_function::{
    Aggregate, Call, Context, FunctionError, Listed, Scalar, aggregate, all, format, pattern, scalar,
};
use pluresdb_value::{Collation, Value, ValueRef};

use crate::Input;
use crate::input::{sample_values, write_value};

/// So that a longer result would be seen, and none costs much.
const MAX_LENGTH: usize = 100_000;
const MAX_ARGUMENTS: usize = 8;

/// A world that stands still.
pub(crate) struct World;

impl Context for World {
    fn now_unix_ms(&self) -> i64 {
        1_700_000_000_000
    }
    fn random_i64(&mut self) -> i64 {
        i64::MIN
    }
    fn last_insert_rowid(&self) -> i64 {
        1
    }
    fn changes(&self) -> i64 {
        2
    }
    fn total_changes(&self) -> i64 {
        3
    }
    fn local_offset_seconds(&self, unix_seconds: i64) -> Option<i64> {
        (unix_seconds % 2 == 0).then_some(3600)
    }
    fn case_sensitive_like(&self) -> bool {
        false
    }
    fn max_length(&self) -> usize {
        MAX_LENGTH
    }
}

pub fn run(bytes: &[u8]) {
    let open = bytes.iter().position(|byte| *byte == b'(').unwrap_or(bytes.len());
    let Ok(name) = std::str::from_utf8(&bytes[..open]) else { return };
    let args = Input::new(bytes.get(open + 1..).unwrap_or_default()).values(MAX_ARGUMENTS);
    if let Some(function) = scalar(name)
        && function.accepts(args.len())
    {
        let _ = call(function, &args);
    }
    if let Some(function) = aggregate(name) {
        run_aggregate(function, &args);
    }
    if let ("pattern", [Value::Text(a), Value::Text(b), ..]) = (name, &args[..]) {
        check_patterns(a, b);
    }
    if let ("template", [Value::Text(template), rest @ ..]) = (name, &args[..]) {
        let _ = format::format(template, &borrowed(rest), MAX_LENGTH);
    }
}

fn borrowed(values: &[Value]) -> Vec<ValueRef<'_>> {
    values.iter().map(Value::as_ref).collect()
}

pub(crate) fn call(function: &Scalar, args: &[Value]) -> Result<Value, FunctionError> {
    let mut world = World;
    let result = (function.call)(&mut Call::new(&mut world, &borrowed(args)))?;
    check_result(function.name, &result);
    Ok(result)
}

fn check_result(name: &str, result: &Value) {
    match result.as_ref() {
        ValueRef::Real(real) => assert!(!real.is_nan(), "{name} gave NaN"),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => {
            // A result may grow in one last step beyond a limit that was looked at before.
            assert!(bytes.len() <= 8 * MAX_LENGTH, "{name} gave {} bytes", bytes.len());
        }
        ValueRef::Null | ValueRef::Integer(_) => {}
    }
}

/// A window of two rows moves over the arguments; a frame of `min` and `max` is never shrunk.
fn run_aggregate(function: &Aggregate, values: &[Value]) {
    let mut world = World;
    let can_shrink = !matches!(function.name, "min" | "max");
    for arg_count in 0..=2 {
        if !function.accepts(arg_count) {
            continue;
        }
        let mut state = (function.new)(Collation::NoCase);
        let values = borrowed(values);
        let rows: Vec<&[ValueRef<'_>]> =
            if arg_count == 0 { vec![&[][..]; 3] } else { values.chunks_exact(arg_count).collect() };
        for (index, row) in rows.iter().enumerate() {
            if state.step(&mut Call::new(&mut world, row)).is_err() {
                return;
            }
            if can_shrink && index >= 2 && state.inverse(&mut Call::new(&mut world, rows[index - 2])).is_err()
            {
                return;
            }
            if let Ok(value) = state.value(&mut world) {
                check_result(function.name, &value);
            }
        }
    }
}

fn check_patterns(wanted: &[u8], text: &[u8]) {
    let _ = pattern::glob(wanted, text);
    for (escape, case_sensitive) in [(None, false), (None, true), (Some(92), false), (Some(37), false)] {
        let like = pattern::like(wanted, text, escape, case_sensitive);
        let prepared = pattern::LikePattern::new(wanted, escape, case_sensitive);
        assert_eq!(prepared.matches(text), like, "a prepared pattern matches as the pattern does");
    }
    assert!(pattern::like(b"%", text, None, false), "% matches everything");
}

fn sample_arguments(name: &str) -> Vec<Vec<Value>> {
    let text = |text: &str| Value::text(text.as_bytes());
    let mut rows = vec![sample_values()];
    rows.push(vec![Value::Integer(3), Value::Integer(2), Value::Integer(1)]);
    rows.push(vec![Value::Real(0.5), Value::Integer(2)]);
    rows.push(vec![text("abcABC%_*é"), text("b"), text("\\"), text("x")]);
    if name.starts_with("json") || name.starts_with('-') {
        let json = text("{\"a\":[1,2.5e3,null,true,{\"b\":\"\\u00e9\"}],'c':+0x1F}");
        rows.push(vec![json.clone(), text("$.a[#-1].b"), text("[]"), text("$.x"), json.clone()]);
        rows.push(vec![json, text("$.a[0]")]);
    }
    for date in ["2024-02-29 12:34:56.789+01:00", "2460000.5", "now", "12:34"] {
        rows.push(vec![
            text("%Y-%m-%d %H:%M:%f %j %s %W %J %G %V %u"),
            text(date),
            text("-13 months"),
            text("weekday 0"),
        ]);
        rows.push(vec![text(date), text("+1 month"), text("start of year"), text("utc"), text("ceiling")]);
    }
    rows.push(vec![
        text("%-+ 0#!,*.3d|%5.2f|%e|%g|%x|%o|%q|%Q|%w|%c|%s|%%|%n|%p|%r"),
        Value::Integer(5),
        Value::Real(1e9),
    ]);
    rows
}

pub fn seeds() -> Vec<Vec<u8>> {
    let mut names: Vec<&str> = all().map(|Listed { name, .. }| name).collect();
    names.extend(["pattern", "template"]);
    names.dedup();
    let mut seeds = Vec::new();
    for name in names {
        for row in sample_arguments(name) {
            for len in 0..=row.len().min(4) {
                let mut out = [name.as_bytes(), b"("].concat();
                row[..len].iter().for_each(|value| write_value(value, &mut out));
                seeds.push(out);
            }
        }
    }
    seeds
}
