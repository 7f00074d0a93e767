//! Laws: no bytes make a function panic; JSON survives its binary form; windows that move agree with fresh sums.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use pluresdb_function::json::{Column, Rows};
use pluresdb_function::{Call, Context, FunctionError, aggregate, format, pattern, scalar};
use pluresdb_value::{Collation, Value, ValueRef};
use proptest::prelude::*;

struct World;

impl Context for World {
    fn now_unix_ms(&self) -> i64 {
        1_700_000_000_000
    }
    fn random_i64(&mut self) -> i64 {
        -3
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
    fn local_offset_seconds(&self, _unix_seconds: i64) -> Option<i64> {
        Some(3600)
    }
    fn case_sensitive_like(&self) -> bool {
        false
    }
    fn max_length(&self) -> usize {
        100_000
    }
}

fn call(name: &str, args: &[Value]) -> Result<Value, FunctionError> {
    let mut world = World;
    let args: Vec<ValueRef<'_>> = args.iter().map(Value::as_ref).collect();
    (scalar(name).unwrap().call)(&mut Call::new(&mut world, &args))
}

const TOKENS: &[&[u8]] = &[
    b"\x0b",
    b"\x0c",
    b"\x1b\x00",
    b"\xcb\x05",
    b"\xdb\x00\x03",
    b"\xeb\x00\x00\x00\x02",
    b"\xfb",
    b"\xbc",
    b"\x17a",
    b"\x3c",
    b"{",
    b"}",
    b"[",
    b"]",
    b":",
    b",",
    b"\"a\"",
    b"1.5",
    b"\\u00e9",
    b"\\",
    b"$",
    b".a",
    b"[0]",
    b"[#-1]",
    b"%",
    b"*",
    b".",
    b"d",
    b"f",
    b"2024-02-30",
    b" 12:34",
    b"+1",
    b" month",
    b"-",
    b"\xe2\x80\xa8",
    b"\xff",
    b"\0",
    b"'",
    b"/*",
    b"_",
];

/// Bytes that look like JSONB, JSON, dates, templates and paths.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let tokens = proptest::sample::select(TOKENS);
    prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..20),
        proptest::collection::vec(tokens, 0..8).prop_map(|tokens| tokens.concat()),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        1 => Just(Value::Null),
        1 => any::<i64>().prop_map(Value::Integer),
        1 => (-40_i64..40).prop_map(Value::Integer),
        1 => any::<f64>().prop_map(Value::real),
        3 => bytes().prop_map(Value::text),
        3 => bytes().prop_map(Value::blob),
    ]
}

/// JSON text, with faults and JSON5's liberties now and then.
fn document() -> impl Strategy<Value = String> {
    let scalar = proptest::sample::select(vec![
        "1",
        "-0",
        "1.50",
        "1e5",
        "-2E-3",
        "0x1f",
        ".5",
        "5.",
        "+1",
        "01",
        "null",
        "true",
        "falsey",
        "NaN",
        "\"\"",
        "\"a\"",
        "\"é'\"",
        "\"\\u0061\"",
        "\"\\n\\\"\"",
        "'a'",
        "\"\\x41\"",
        "\"\t\"",
        "",
        "]",
        "/**/1",
        "12345678901234567890",
    ]);
    let label = proptest::sample::select(vec![
        "\"a\"",
        "\"b\"",
        "\"\\u0061\"",
        "\"\"",
        "\"a b\"",
        "a",
        "'b'",
        "\"a.b\"",
    ]);
    let space = proptest::sample::select(vec!["", "", "", "", " ", "\n\t", "\x0c"]);
    scalar.prop_map(str::to_owned).prop_recursive(4, 24, 4, move |inner| {
        let member = (label.clone(), space.clone(), inner.clone(), space.clone());
        let member = member.prop_map(|(label, before, value, behind)| {
            format!("{before}{label}{behind}:{before}{value}{behind}")
        });
        let end = proptest::sample::select(vec!["", "", "", ",", " "]);
        prop_oneof![
            (proptest::collection::vec(inner, 0..4), end.clone(), space.clone()).prop_map(
                |(values, end, space)| format!("{space}[{space}{}{end}]", values.join(&format!("{space},")))
            ),
            (proptest::collection::vec(member, 0..4), end)
                .prop_map(|(members, end)| format!("{{{}{end}}}", members.join(","))),
        ]
    })
}

fn path() -> impl Strategy<Value = String> {
    let step = proptest::sample::select(vec![
        ".a",
        ".b",
        ".\"a\"",
        ".\"a b\"",
        ".\"\\u0061\"",
        ".a b",
        ".c",
        "[0]",
        "[1]",
        "[2]",
        "[#]",
        "[#-1]",
        "[#-2]",
        "[01]",
        "[",
        ".",
        "[-1]",
        ".\"a",
        ".\"\"",
    ]);
    proptest::collection::vec(step, 0..4).prop_map(|steps| format!("${}", steps.concat()))
}

const NAMES: &[&str] = &[
    "abs",
    "char",
    "concat_ws",
    "date",
    "datetime",
    "format",
    "glob",
    "hex",
    "instr",
    "json",
    "json_array_insert",
    "json_array_length",
    "json_error_position",
    "json_extract",
    "json_insert",
    "json_object",
    "json_patch",
    "json_pretty",
    "json_quote",
    "json_remove",
    "json_replace",
    "json_set",
    "json_type",
    "json_valid",
    "jsonb",
    "jsonb_array",
    "jsonb_extract",
    "jsonb_patch",
    "jsonb_remove",
    "jsonb_set",
    "julianday",
    "length",
    "like",
    "quote",
    "replace",
    "round",
    "soundex",
    "strftime",
    "substr",
    "time",
    "timediff",
    "trim",
    "unhex",
    "unicode",
    "unistr",
    "unistr_quote",
    "->",
    "->>",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn no_arguments_make_a_function_panic(args in proptest::collection::vec(value(), 0..5)) {
        for name in NAMES {
            if scalar(name).unwrap().accepts(args.len()) {
                let _ = call(name, &args);
            }
        }
    }

    #[test]
    fn rows_of_any_document_end(json in value(), root in proptest::option::of(value()), is_tree: bool, is_jsonb: bool) {
        let Ok(mut rows) = Rows::open(&json, root.as_ref(), is_tree, is_jsonb) else { return Ok(()) };
        let columns = [Column::Key, Column::Value, Column::Type, Column::Atom, Column::Id, Column::Parent, Column::FullKey, Column::Path, Column::Json, Column::Root];
        for _ in 0..100 {
            if rows.is_end() {
                return Ok(());
            }
            for column in columns {
                let _ = rows.column(column);
            }
            if rows.advance().is_err() {
                return Ok(());
            }
        }
        prop_assert!(false, "a short document has a hundred rows");
    }

    #[test]
    fn json_survives_its_binary_form(text in bytes()) {
        let text = Value::text(text);
        if let Ok(minified) = call("json", std::slice::from_ref(&text)) {
            let binary = call("jsonb", std::slice::from_ref(&text)).unwrap();
            prop_assert_eq!(&call("json", std::slice::from_ref(&binary)).unwrap(), &minified);
            if !minified.is_null() {
                prop_assert_eq!(call("json", std::slice::from_ref(&minified)).unwrap(), minified);
                prop_assert_eq!(call("json_valid", &[binary, Value::Integer(8)]), Ok(Value::Integer(1)));
            }
        }
    }

    #[test]
    fn rows_without_ids_are_the_rows(json in document(), root in path(), is_jsonb: bool) {
        let (json, root) = (Value::text(json), Value::text(root));
        let all = |rows: Result<Rows, FunctionError>| {
            let mut rows = rows?;
            let columns = [Column::Key, Column::Value, Column::Type, Column::Atom, Column::Parent, Column::FullKey, Column::Path, Column::Json, Column::Root];
            let mut found = Vec::new();
            while !rows.is_end() {
                for column in columns {
                    found.push(rows.column(column)?);
                }
                rows.advance()?;
            }
            Ok::<_, FunctionError>(found)
        };
        prop_assert_eq!(
            all(Rows::open_without_ids(&json, Some(&root), is_jsonb)),
            all(Rows::open(&json, Some(&root), false, is_jsonb))
        );
    }

    #[test]
    fn json_text_answers_as_its_binary_form(text in document(), paths in proptest::collection::vec(path(), 1..3), new in value()) {
        let text = Value::text(text);
        let binary = call("jsonb", std::slice::from_ref(&text)).unwrap_or_else(|_| text.clone());
        let is_sound = binary != text;
        prop_assert_eq!(call("json_valid", &[text.clone(), Value::Integer(2)]), Ok(Value::boolean(is_sound)));
        let alike = |name: &str, behind: &[Value]| {
            let of = |json: &Value| call(name, &[std::slice::from_ref(json), behind].concat());
            let expected = if is_sound { of(&binary) } else { Err(FunctionError::new("malformed JSON")) };
            prop_assert_eq!(of(&text), expected, "{}({:?}, {:?})", name, text, behind);
            Ok(())
        };
        for name in ["json", "json_type", "json_array_length"] {
            alike(name, &[])?;
        }
        let mut edits = Vec::new();
        let mut removed = Vec::new();
        for path in paths {
            let path = Value::text(path);
            for name in ["->", "->>", "json_extract", "jsonb_extract", "json_type", "json_array_length"] {
                alike(name, std::slice::from_ref(&path))?;
            }
            removed.push(path.clone());
            edits.extend([path, new.clone()]);
            alike("json_remove", &removed)?;
            if is_sound {
                for name in ["json_insert", "json_replace", "json_set", "json_array_insert"] {
                    alike(name, &edits)?;
                }
            }
        }
        for short in [Value::Integer(1), Value::Integer(-1), Value::text("a"), Value::text("a b"), Value::text("[0]")] {
            alike("->", std::slice::from_ref(&short))?;
            alike("->>", std::slice::from_ref(&short))?;
        }
    }

    #[test]
    fn patterns_and_templates_never_panic(a in bytes(), b in bytes(), args in proptest::collection::vec(value(), 0..3)) {
        let _ = pattern::like(&a, &b, Some(92), false);
        let _ = pattern::glob(&a, &b);
        for (escape, case_sensitive) in [(None, false), (None, true), (Some(92), false), (Some(37), false)] {
            let like = pattern::like(&a, &b, escape, case_sensitive);
            prop_assert_eq!(pattern::LikePattern::new(&a, escape, case_sensitive).matches(&b), like);
        }
        prop_assert!(pattern::like(b"%", &a, None, false));
        let args: Vec<ValueRef<'_>> = args.iter().map(Value::as_ref).collect();
        let _ = format::format(&a, &args, 10_000);
    }

    #[test]
    fn a_prepared_pattern_matches_as_the_pattern_does(a in "%?[abA%_é]{0,4}%?", b in "[abABé%]{0,7}", case_sensitive: bool) {
        let like = pattern::like(a.as_bytes(), b.as_bytes(), None, case_sensitive);
        prop_assert_eq!(pattern::LikePattern::new(a.as_bytes(), None, case_sensitive).matches(b.as_bytes()), like);
        let a = a.replace('%', "*").replace('_', "?");
        let glob = pattern::glob(a.as_bytes(), b.as_bytes());
        prop_assert_eq!(pattern::LikePattern::glob(a.as_bytes()).matches(b.as_bytes()), glob);
    }

    #[test]
    fn a_window_that_moves_agrees_with_a_fresh_sum(values in proptest::collection::vec(-1000_i64..1000, 1..30), width in 1_usize..6) {
        for name in ["sum", "total", "avg", "count", "group_concat", "json_group_array", "median"] {
            let function = aggregate(name).unwrap();
            let mut world = World;
            let mut moving = (function.new)(Collation::Binary);
            for (i, value) in values.iter().enumerate() {
                let args = [ValueRef::Integer(*value)];
                moving.step(&mut Call::new(&mut world, &args)).unwrap();
                if i >= width {
                    let oldest = [ValueRef::Integer(values[i - width])];
                    moving.inverse(&mut Call::new(&mut world, &oldest)).unwrap();
                }
                let mut fresh = (function.new)(Collation::Binary);
                for value in &values[(i + 1).saturating_sub(width)..=i] {
                    let args = [ValueRef::Integer(*value)];
                    fresh.step(&mut Call::new(&mut world, &args)).unwrap();
                }
                prop_assert_eq!(moving.value(&mut world).unwrap(), fresh.value(&mut world).unwrap(), "{}", name);
            }
        }
    }
}
