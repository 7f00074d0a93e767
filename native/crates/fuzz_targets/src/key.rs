//! Index keys and their remainders.
//!
//!     input    column settings u8 | remainder piece | key bytes
//!
//! Law: values that came out of a key and its remainder go into a key that gives them back, in the same order.

use pluresdb_value::key::{
    KeyColumn, apply_remainder, decode_trailing_rowid, decode_value, encode_remainder, encode_value,
    prefix_successor, skip_value,
};
use pluresdb_value::{Collation, Value, compare};

use crate::Input;
use crate::input::{is_same, sample_values, write_piece};

const MAX_COLUMNS: usize = 16;

fn column(settings: u8) -> KeyColumn {
    let collation = match settings % 3 {
        0 => Collation::Binary,
        1 => Collation::NoCase,
        _ => Collation::Rtrim,
    };
    KeyColumn { collation, descending: settings & 4 != 0 }
}

pub fn run(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let column = column(input.u8());
    let remainder = input.piece();
    let key = input.rest();
    let _ = decode_trailing_rowid(key);
    let mut successor = key.to_vec();
    if prefix_successor(&mut successor) {
        assert!(successor[..] > *key, "the successor lies behind");
    }
    let mut rest = key;
    let mut values = Vec::new();
    while values.len() < MAX_COLUMNS {
        let before = rest;
        let skipped = skip_value(&mut { before }, column).ok();
        let Ok((value, _)) = decode_value(&mut rest, column) else { break };
        assert_eq!(skipped.map(<[u8]>::len), Some(before.len() - rest.len()), "skipping is reading");
        values.push(value);
    }
    if apply_remainder(remainder, &mut values).is_err() {
        return;
    }
    check_round_trip(&values, column);
    check_order(&values, column);
}

fn check_round_trip(values: &[Value], column: KeyColumn) {
    let columns = vec![column; values.len()];
    let (mut key, mut remainder) = (Vec::new(), Vec::new());
    for value in values {
        encode_value(value.as_ref(), column, &mut key);
    }
    encode_remainder(values.iter().map(Value::as_ref), &columns, &mut remainder);
    let mut rest = &key[..];
    let mut again: Vec<Value> = Vec::new();
    for value in values {
        let (found, is_exact) = decode_value(&mut rest, column).expect("what was written can be read");
        assert!(!is_exact || is_same(&found, value), "exact is exact: {found:?}, {value:?}");
        again.push(found);
    }
    assert!(rest.is_empty(), "nothing is left over");
    apply_remainder(&remainder, &mut again).expect("what was written can be read");
    for (found, value) in again.iter().zip(values) {
        assert!(is_same(found, value), "values come back: {found:?}, {value:?}");
    }
}

fn check_order(values: &[Value], column: KeyColumn) {
    let encoded = |value: &Value| {
        let mut out = Vec::new();
        encode_value(value.as_ref(), column, &mut out);
        out
    };
    for pair in values.windows(2) {
        let order = compare(pair[0].as_ref(), pair[1].as_ref(), column.collation);
        let order = if column.descending { order.reverse() } else { order };
        assert_eq!(encoded(&pair[0]).cmp(&encoded(&pair[1])), order, "{pair:?}");
    }
}

pub fn seeds() -> Vec<Vec<u8>> {
    (0..8)
        .map(|settings| {
            let column = column(settings);
            let values = sample_values();
            let columns = vec![column; values.len()];
            let mut remainder = Vec::new();
            encode_remainder(values.iter().map(Value::as_ref), &columns, &mut remainder);
            let mut out = vec![settings];
            write_piece(&remainder, &mut out);
            for value in &values {
                encode_value(value.as_ref(), column, &mut out);
            }
            out
        })
        .collect()
}
