//! Laws of the encodings: key order is value order, what is encoded comes back, hostile bytes never panic.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::cmp::Ordering;

use pluresdb_value::key::{self, KeyColumn};
use pluresdb_value::number;
use pluresdb_value::record::{self, Record};
use pluresdb_value::{Affinity, Collation, Value, ValueRef, affinity, cast, compare};
use proptest::prelude::*;

fn number() -> impl Strategy<Value = Value> {
    let near = |center: f64| {
        (-3_i64..=3)
            .prop_map(move |ulps| Value::real(f64::from_bits((center.to_bits() as i64 + ulps) as u64)))
    };
    prop_oneof![
        any::<i64>().prop_map(Value::Integer),
        (-300_i64..300).prop_map(Value::Integer),
        (0..63_u32, -2_i64..=2, any::<bool>()).prop_map(|(bit, offset, negative)| {
            let near = (1_i64 << bit) + offset;
            Value::Integer(if negative { -near } else { near })
        }),
        (0..=1_i64).prop_map(|offset| Value::Integer(i64::MAX - offset)),
        (0..=1_i64).prop_map(|offset| Value::Integer(i64::MIN + offset)),
        any::<u64>().prop_map(|bits| Value::real(f64::from_bits(bits))),
        (-2000_i64..2000).prop_map(|eighths| Value::Real(eighths as f64 / 8.0)),
        (any::<i64>()).prop_map(|integer| Value::Real(integer as f64)),
        Just(9007199254740992.0).prop_flat_map(near),
        Just(-9223372036854775808.0).prop_flat_map(near),
        Just(9223372036854775808.0).prop_flat_map(near),
        Just(18446744073709551616.0).prop_flat_map(near),
        prop_oneof![Just(0.0), Just(-0.0), Just(f64::INFINITY), Just(f64::NEG_INFINITY), Just(5e-324)]
            .prop_map(Value::Real),
    ]
}

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..24),
        proptest::collection::vec(proptest::sample::select(&b"aAbB \0\x01\xff\xfe"[..]), 0..6),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        1 => Just(Value::Null),
        6 => number(),
        4 => bytes().prop_map(Value::text),
        2 => bytes().prop_map(Value::blob),
    ]
}

fn column() -> impl Strategy<Value = KeyColumn> {
    let collation = proptest::sample::select(&[Collation::Binary, Collation::NoCase, Collation::Rtrim][..]);
    (collation, any::<bool>()).prop_map(|(collation, descending)| KeyColumn { collation, descending })
}

fn directed(order: Ordering, column: KeyColumn) -> Ordering {
    if column.descending { order.reverse() } else { order }
}

/// Identity that tells -0.0 from 0.0.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Real(a), Value::Real(b)) => a.to_bits() == b.to_bits(),
        _ => a == b,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn key_order_is_value_order(a in value(), b in value(), column in column(), tail in any::<(i64, i64)>()) {
        let (mut x, mut y) = (Vec::new(), Vec::new());
        key::encode_value(a.as_ref(), column, &mut x);
        key::encode_value(b.as_ref(), column, &mut y);
        let expected = directed(compare(a.as_ref(), b.as_ref(), column.collation), column);
        prop_assert_eq!(x.cmp(&y), expected);
        // What follows a value does not disturb its order, and a prefix range holds exactly the equal ones.
        let prefix = x.clone();
        key::encode_rowid(tail.0, &mut x);
        key::encode_rowid(tail.1, &mut y);
        prop_assert_eq!(x.cmp(&y), expected.then(tail.0.cmp(&tail.1)));
        prop_assert_eq!(y.starts_with(&prefix), expected == Ordering::Equal);
        let mut end = prefix.clone();
        prop_assert!(key::prefix_successor(&mut end));
        prop_assert_eq!(prefix <= y && y < end, expected == Ordering::Equal);
    }

    #[test]
    fn numbers_order_the_same_as_keys(a in number(), b in number()) {
        let (mut x, mut y) = (Vec::new(), Vec::new());
        key::encode_value(a.as_ref(), KeyColumn::ASCENDING, &mut x);
        key::encode_value(b.as_ref(), KeyColumn::ASCENDING, &mut y);
        prop_assert_eq!(x.cmp(&y), compare(a.as_ref(), b.as_ref(), Collation::Binary));
    }

    #[test]
    fn keys_and_remainders_give_back_the_values(row in proptest::collection::vec((value(), column()), 0..5), rowid in any::<i64>()) {
        let (values, columns): (Vec<Value>, Vec<KeyColumn>) = row.into_iter().unzip();
        let mut bytes = Vec::new();
        key::encode_values(&values, &columns, &mut bytes);
        key::encode_rowid(rowid, &mut bytes);
        let mut remainder = Vec::new();
        key::encode_remainder(values.iter().map(Value::as_ref), &columns, &mut remainder);

        prop_assert_eq!(key::decode_trailing_rowid(&bytes), Ok(rowid));
        let mut input = &bytes[..];
        let mut decoded = Vec::new();
        for (value, column) in values.iter().zip(&columns) {
            let (found, exact) = key::decode_value(&mut input, *column).unwrap();
            prop_assert!(!exact || same(&found, value), "{found:?} is not {value:?}");
            decoded.push(found);
        }
        prop_assert_eq!(key::decode_rowid(input), Ok(rowid));
        key::apply_remainder(&remainder, &mut decoded).unwrap();
        for (found, value) in decoded.iter().zip(&values) {
            prop_assert!(same(found, value), "{found:?} is not {value:?}");
        }
    }

    #[test]
    fn records_give_back_the_values(values in proptest::collection::vec(value(), 0..12)) {
        let mut bytes = Vec::new();
        record::encode_values(&values, &mut bytes);
        let record = Record::new(&bytes).unwrap();
        prop_assert_eq!(record.len(), values.len());
        for (i, value) in values.iter().enumerate() {
            prop_assert!(same(&record.column(i).unwrap().unwrap().to_value(), value));
        }
        prop_assert_eq!(record.column(values.len()), Ok(None));
    }

    #[test]
    fn hostile_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..40), column in column()) {
        if let Ok(record) = Record::new(&bytes) {
            for i in 0..record.len().min(50) {
                let _ = record.column(i);
            }
            let _ = record.iter().count();
        }
        let mut input = &bytes[..];
        while !input.is_empty() && key::decode_value(&mut input, column).is_ok() {}
        let mut row = vec![Value::Null, Value::Integer(0), Value::text("x")];
        let _ = key::apply_remainder(&bytes, &mut row);
        let _ = number::text_to_number(&bytes);
        let _ = number::parse_integer(&bytes);
    }

    #[test]
    fn damaged_records_and_keys_never_panic(values in proptest::collection::vec(value(), 1..6), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = Vec::new();
        record::encode_values(&values, &mut bytes);
        let position = at.index(bytes.len());
        bytes[position] = byte;
        if let Ok(record) = Record::new(&bytes) {
            let _ = record.iter().count();
        }
        let mut bytes = Vec::new();
        key::encode_values(&values, &[KeyColumn::ASCENDING; 6], &mut bytes);
        let position = at.index(bytes.len());
        bytes[position] = byte;
        let mut input = &bytes[..];
        while !input.is_empty() && key::decode_value(&mut input, KeyColumn::ASCENDING).is_ok() {}
    }

    #[test]
    fn storing_twice_is_storing_once(value in value()) {
        for target in [Affinity::Blob, Affinity::Text, Affinity::Numeric, Affinity::Integer, Affinity::Real] {
            let mut once = value.clone();
            affinity::apply(&mut once, target);
            let mut twice = once.clone();
            affinity::apply(&mut twice, target);
            prop_assert!(same(&once, &twice));
            let _ = cast::cast(value.clone(), target);
        }
    }

    #[test]
    fn text_of_a_real_reads_back_as_that_real(bits in any::<u64>()) {
        let real = f64::from_bits(bits);
        prop_assume!(real.is_finite());
        let text = number::real_to_text(real);
        let back = number::text_to_real(&text);
        // 17 digits by SQLite's own arithmetic: the last bit may be off.
        prop_assert!((back.to_bits() as i64 - real.to_bits() as i64).abs() <= 1);
        prop_assert_eq!(ValueRef::Real(real).to_text(), Some(text));
    }
}
