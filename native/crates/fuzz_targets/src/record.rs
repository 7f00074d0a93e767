//! Records: any bytes are read; what could be read is written and read again.

use pluresdb_value::record::{Record, encode_values};
use pluresdb_value::{Value, varint};

use crate::input::{is_same, sample_values};

pub fn run(bytes: &[u8]) {
    let _ = varint::read(&mut &*bytes);
    let Ok(record) = Record::new(bytes) else { return };
    let columns: Vec<_> = record.iter().collect();
    assert_eq!(record.is_empty(), columns.is_empty(), "an empty record has no columns");
    let mut slots = vec![Value::Null; columns.len()];
    let is_whole = columns.iter().all(Result::is_ok);
    assert_eq!(record.read_into(&mut slots).is_ok(), is_whole, "all ways to read agree on damage");
    for (index, column) in columns.iter().enumerate().take(64) {
        match (record.column(index), column) {
            (Ok(Some(one)), Ok(same)) => assert!(is_same(&one.to_value(), &same.to_value())),
            (Err(_), Err(_)) => {}
            (found, expected) => panic!("column {index}: {found:?} alone, {expected:?} in order"),
        }
    }
    if !is_whole {
        return;
    }
    assert_eq!(record.len(), columns.len(), "a sound record knows its length");
    let mut again = Vec::new();
    encode_values(&slots, &mut again);
    let record = Record::new(&again).expect("what was written can be read");
    for (value, column) in slots.iter().zip(record.iter()) {
        let column = column.expect("what was written can be read");
        assert!(is_same(&column.to_value(), value), "values come back");
    }
}

pub fn seeds() -> Vec<Vec<u8>> {
    let values = sample_values();
    let rows = [&values[..], &values[..3], &values[10..], &[]];
    rows.map(|row| {
        let mut out = Vec::new();
        encode_values(row, &mut out);
        out
    })
    .to_vec()
}
