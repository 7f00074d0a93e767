//! What SQLite's functions answer to edge values, replayed from `vectors.tsv` (written by `vectors.mjs`), or from the
//! file named by `PLURESDB_FUNCTION_VECTORS` for a longer run.
#![allow(clippy::unwrap_used, clippy::format_collect, reason = "a test may fail loudly and format slowly")]

use std::collections::BTreeMap;

use pluresdb_function::json::{Column, Rows};
use pluresdb_function::{Call, Context, FunctionError, aggregate, scalar};
use pluresdb_value::{Collation, Value, ValueRef};

struct World;

impl Context for World {
    fn now_unix_ms(&self) -> i64 {
        1_700_000_000_000
    }
    fn random_i64(&mut self) -> i64 {
        4
    }
    fn last_insert_rowid(&self) -> i64 {
        0
    }
    fn changes(&self) -> i64 {
        0
    }
    fn total_changes(&self) -> i64 {
        0
    }
    fn local_offset_seconds(&self, _unix_seconds: i64) -> Option<i64> {
        Some(0)
    }
    fn case_sensitive_like(&self) -> bool {
        false
    }
}

#[test]
fn functions_agree_with_sqlite() {
    let larger =
        std::env::var("PLURESDB_FUNCTION_VECTORS").ok().map(|path| std::fs::read_to_string(path).unwrap());
    let vectors = larger.as_deref().unwrap_or(include_str!("vectors.tsv"));
    let mut failures: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let mut count = 0;
    for line in vectors.lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        let (expected, args) = fields[1..].split_last().unwrap();
        let outcome = match fields[0].split_at(1) {
            ("@", name) => run_aggregate(name, args),
            ("#", name) => run_table(name, args),
            _ => run_scalar(fields[0], args),
        };
        let actual = outcome.unwrap_or_else(|error| format!("e{}", hex(error.message().as_bytes())));
        count += 1;
        if actual != *expected {
            let args: Vec<String> = args.iter().map(|arg| readable(arg)).collect();
            failures.entry(fields[0]).or_default().push(format!(
                "{}({})\n    ours    {}\n    SQLite  {}",
                fields[0],
                args.join(", "),
                readable(&actual),
                readable(expected)
            ));
        }
    }
    assert!(count > 1000, "only {count} vectors");
    let total: usize = failures.values().map(Vec::len).sum();
    let report: String = failures
        .iter()
        .map(|(name, list)| format!("-- {name}: {}\n{}\n", list.len(), list[..list.len().min(4)].join("\n")))
        .collect();
    assert!(failures.is_empty(), "{total} of {count} differ:\n{report}");
}

fn run_scalar(name: &str, args: &[&str]) -> Result<String, FunctionError> {
    let function = scalar(name).unwrap_or_else(|| panic!("no function {name}"));
    assert!(function.accepts(args.len()), "{name} with {} arguments", args.len());
    let values: Vec<Value> = args.iter().map(|arg| parse(arg)).collect();
    let json_args = json_bits(args);
    let mut world = World;
    let values: Vec<ValueRef<'_>> = values.iter().map(Value::as_ref).collect();
    let mut call = Call::new(&mut world, &values);
    call.json_args = &json_args;
    let value = (function.call)(&mut call)?;
    Ok(show(&value, call.json_result))
}

fn run_aggregate(name: &str, rows: &[&str]) -> Result<String, FunctionError> {
    let function = aggregate(name).unwrap_or_else(|| panic!("no aggregate {name}"));
    let mut state = (function.new)(Collation::Binary);
    let mut world = World;
    for row in rows {
        let args: Vec<&str> = row.split(',').collect();
        assert!(function.accepts(args.len()), "{name} with {} arguments", args.len());
        let values: Vec<Value> = args.iter().map(|arg| parse(arg)).collect();
        let json_args = json_bits(&args);
        let values: Vec<ValueRef<'_>> = values.iter().map(Value::as_ref).collect();
        let mut call = Call::new(&mut world, &values);
        call.json_args = &json_args;
        state.step(&mut call)?;
    }
    let value = state.value(&mut world)?;
    Ok(show(&value, name.starts_with("json_")))
}

fn run_table(name: &str, args: &[&str]) -> Result<String, FunctionError> {
    const COLUMNS: [Column; 10] = [
        Column::Key,
        Column::Value,
        Column::Type,
        Column::Atom,
        Column::Id,
        Column::Parent,
        Column::FullKey,
        Column::Path,
        Column::Json,
        Column::Root,
    ];
    let json = parse(args[0]);
    let root = args.get(1).map(|root| parse(root));
    let mut rows = Rows::open(&json, root.as_ref(), name.ends_with("tree"), name.starts_with("jsonb"))?;
    let mut shown = Vec::new();
    while !rows.is_end() {
        let mut row = Vec::new();
        for column in COLUMNS {
            let (value, is_json) = rows.column(column)?;
            row.push(show(&value, is_json));
        }
        shown.push(row.join(","));
        rows.advance()?;
    }
    Ok(shown.join(";"))
}

fn json_bits(args: &[&str]) -> Vec<u64> {
    vec![args.iter().enumerate().fold(0, |bits, (i, arg)| bits | u64::from(arg.starts_with('j')) << i)]
}

fn parse(text: &str) -> Value {
    let (kind, body) = text.split_at(1);
    match kind {
        "n" => Value::Null,
        "i" => Value::Integer(body.parse().unwrap()),
        "r" => Value::real(f64::from_bits(u64::from_str_radix(body, 16).unwrap())),
        "t" | "j" => Value::text(unhex(body)),
        "b" => Value::blob(unhex(body)),
        _ => panic!("unknown value {text}"),
    }
}

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|i| u8::from_str_radix(&text[i..i + 2], 16).unwrap()).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn show(value: &Value, is_json: bool) -> String {
    match value {
        Value::Null => "n".to_owned(),
        Value::Integer(integer) => format!("i{integer}"),
        Value::Real(real) => format!("r{:016x}", real.to_bits()),
        Value::Text(text) if is_json => format!("j{}", hex(text)),
        Value::Text(text) => format!("t{}", hex(text)),
        Value::Blob(blob) => format!("b{}", hex(blob)),
    }
}

fn readable(shown: &str) -> String {
    if shown.contains(';') {
        return shown.split(';').map(readable).collect::<Vec<_>>().join("\n      ");
    }
    if shown.contains(',') {
        return format!("[{}]", shown.split(',').map(readable).collect::<Vec<_>>().join(", "));
    }
    match shown.as_bytes().first() {
        Some(b'e') => format!("error {:?}", String::from_utf8_lossy(&unhex(&shown[1..]))),
        Some(b'j') => format!("json {:?}", parse(shown)),
        Some(b'b') => format!("X'{}'", &shown[1..]),
        Some(_) => format!("{:?}", parse(shown)),
        None => String::new(),
    }
}
