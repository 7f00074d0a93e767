//! What SQLite makes of edge values, replayed from `vectors.tsv` (written by `vectors.mjs`), or from the file named by
//! `PLURESDB_VALUE_VECTORS` for a longer run.

#![allow(clippy::unwrap_used, clippy::format_collect, reason = "a test may fail loudly and format slowly")]

use std::cmp::Ordering;

use pluresdb_value::{Affinity, Collation, Value, affinity, arithmetic, cast, compare, truth};

#[test]
fn values_agree_with_sqlite() {
    let larger =
        std::env::var("PLURESDB_VALUE_VECTORS").ok().map(|path| std::fs::read_to_string(path).unwrap());
    let vectors = larger.as_deref().unwrap_or(include_str!("vectors.tsv"));
    let mut failures = Vec::new();
    let mut count = 0;
    for line in vectors.lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        let (expected, args) = fields[1..].split_last().unwrap();
        let args: Vec<Value> = args.iter().map(|arg| parse(arg)).collect();
        let actual = evaluate(fields[0], &args);
        count += 1;
        if show(&actual) != *expected {
            failures.push(format!("{line}\n    ours {} = {actual:?}, args {args:?}", show(&actual)));
        }
    }
    assert!(count > 1000, "only {count} vectors");
    assert!(
        failures.is_empty(),
        "{} of {count} differ:\n{}",
        failures.len(),
        failures[..failures.len().min(30)].join("\n")
    );
}

fn evaluate(operation: &str, args: &[Value]) -> Value {
    let (a, b) = (args[0].as_ref(), args.last().unwrap().as_ref());
    let (name, qualifier) = operation.split_once(' ').unwrap_or((operation, ""));
    match name {
        "real_to_text" => cast::cast(args[0].clone(), Affinity::Text),
        "text_to_real" => cast::cast(args[0].clone(), Affinity::Real),
        "cast" => cast::cast(args[0].clone(), Affinity::of_declared_type(qualifier)),
        "store" => {
            let mut value = args[0].clone();
            affinity::apply(&mut value, Affinity::of_declared_type(qualifier));
            value
        }
        "add" => arithmetic::add(a, b),
        "subtract" => arithmetic::subtract(a, b),
        "multiply" => arithmetic::multiply(a, b),
        "divide" => arithmetic::divide(a, b),
        "remainder" => arithmetic::remainder(a, b),
        "bit_and" => arithmetic::bit_and(a, b),
        "bit_or" => arithmetic::bit_or(a, b),
        "shift_left" => arithmetic::shift_left(a, b),
        "shift_right" => arithmetic::shift_right(a, b),
        "concat" => arithmetic::concat(a, b),
        "negate" => arithmetic::negate(a),
        "bit_not" => arithmetic::bit_not(a),
        "truth" => truth(a).map_or(Value::Null, Value::boolean),
        "compare" => three_valued(args, |args| {
            compare(args[0].as_ref(), args[1].as_ref(), Collation::from_name(qualifier).unwrap())
        }),
        "compare_column" => three_valued(args, |args| {
            let under = affinity::of_comparison(Some(Affinity::of_declared_type(qualifier)), None);
            let direct = affinity::compare_with(args[0].as_ref(), args[1].as_ref(), under, Collation::Binary);
            let (mut a, mut b) = (args[0].clone(), args[1].clone());
            affinity::apply_for_comparison(&mut a, &mut b, under);
            assert_eq!(direct, compare(a.as_ref(), b.as_ref(), Collation::Binary));
            direct
        }),
        _ => panic!("unknown operation {operation}"),
    }
}

fn three_valued(args: &[Value], compare: impl Fn(&[Value]) -> Ordering) -> Value {
    if args.iter().any(Value::is_null) {
        return Value::Null;
    }
    Value::Integer(compare(args) as i64)
}

fn parse(text: &str) -> Value {
    let (kind, body) = text.split_at(1);
    match kind {
        "n" => Value::Null,
        "i" => Value::Integer(body.parse().unwrap()),
        "r" => Value::real(f64::from_bits(u64::from_str_radix(body, 16).unwrap())),
        "t" => Value::text(unhex(body)),
        "b" => Value::blob(unhex(body)),
        _ => panic!("unknown value {text}"),
    }
}

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|i| u8::from_str_radix(&text[i..i + 2], 16).unwrap()).collect()
}

fn show(value: &Value) -> String {
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    match value {
        Value::Null => "n".to_owned(),
        Value::Integer(integer) => format!("i{integer}"),
        Value::Real(real) => format!("r{:016x}", real.to_bits()),
        Value::Text(text) => format!("t{}", hex(text)),
        Value::Blob(blob) => format!("b{}", hex(blob)),
    }
}
