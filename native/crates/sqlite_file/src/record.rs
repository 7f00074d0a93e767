//! A record: the columns of a row or of an index entry.
//!
//! ```text
//! header length | type of each column | bytes of each column
//!
//! 0 NULL    1 2 3 4 5 6  integers of 1 2 3 4 6 8 bytes    7 real    8 9  the integers 0 and 1
//! 12 + 2n   n bytes of blob      13 + 2n   n bytes of text in the file's encoding
//! ```
//!
//! A record may have fewer columns than its table: those added later. Types 10 and 11 are no file's.

use pluresdb_value::{Value, ValueRef};

use crate::text::{self, Encoding};
use crate::{FileError, Result, varint};

/// A record's columns, decoded one after the other.
#[derive(Clone, Debug)]
pub struct Record<'a> {
    types: &'a [u8],
    bytes: &'a [u8],
    encoding: Encoding,
}

impl<'a> Record<'a> {
    pub fn new(payload: &'a [u8], encoding: Encoding) -> Result<Record<'a>> {
        let mut rest = payload;
        let split = varint::read(&mut rest).and_then(|header_len| {
            let header_len = usize::try_from(header_len).ok()?;
            let read = payload.len() - rest.len();
            rest.split_at_checked(header_len.checked_sub(read)?)
        });
        let (types, bytes) = split.ok_or_else(|| FileError::corrupt("a record shorter than its header"))?;
        Ok(Record { types, bytes, encoding })
    }

    fn next_column(&mut self) -> Option<Value> {
        let column_type = varint::read(&mut self.types)?;
        let len = usize::try_from(payload_len(column_type)?).ok()?;
        let (column, rest) = self.bytes.split_at_checked(len)?;
        self.bytes = rest;
        Some(match column_type {
            0 => Value::Null,
            1..=6 => Value::Integer(signed(column)),
            7 => Value::real(f64::from_bits(signed(column) as u64)),
            8 => Value::Integer(0),
            9 => Value::Integer(1),
            _ if column_type % 2 == 0 => Value::blob(column),
            _ if self.encoding == Encoding::Utf8 => Value::text(column),
            _ => Value::text(text::to_utf8(column, self.encoding)),
        })
    }
}

impl Iterator for Record<'_> {
    type Item = Result<Value>;

    fn next(&mut self) -> Option<Result<Value>> {
        if self.types.is_empty() {
            return None;
        }
        let column = self.next_column();
        if column.is_none() {
            self.types = &[];
        }
        Some(column.ok_or_else(|| FileError::corrupt("a record's columns do not fit into it")))
    }
}

fn payload_len(column_type: u64) -> Option<u64> {
    Some(match column_type {
        0 | 8 | 9 => 0,
        1..=4 => column_type,
        5 => 6,
        6 | 7 => 8,
        10 | 11 => return None,
        _ => (column_type - 12) / 2,
    })
}

/// Big-endian, of up to 8 bytes.
fn signed(bytes: &[u8]) -> i64 {
    let first = bytes.first().map_or(0, |&byte| i64::from(byte as i8));
    bytes.iter().skip(1).fold(first, |integer, &byte| integer << 8 | i64::from(byte))
}

/// Appends the record of `values` to `out`.
pub fn encode<'v, I>(values: I, encoding: Encoding, out: &mut Vec<u8>)
where
    I: IntoIterator<Item = ValueRef<'v>>,
    I::IntoIter: Clone,
{
    let values = values.into_iter();
    if encoding == Encoding::Utf8 {
        return encode_utf8(values, out);
    }
    // A text's length is known once it is converted.
    let mut converted: Vec<Value> = values.map(ValueRef::to_value).collect();
    for value in &mut converted {
        if let Value::Text(utf8) = value {
            let mut bytes = Vec::new();
            text::from_utf8(utf8, encoding, &mut bytes);
            *value = Value::text(bytes);
        }
    }
    encode_utf8(converted.iter().map(Value::as_ref), out);
}

/// The same of texts whose bytes are as they are to be.
fn encode_utf8<'v>(values: impl Iterator<Item = ValueRef<'v>> + Clone, out: &mut Vec<u8>) {
    let types_len: usize = values.clone().map(|value| varint::encoded_len(type_of(value).0)).sum();
    // The length counts itself.
    let mut header_len = types_len + 1;
    while types_len + varint::encoded_len(header_len as u64) != header_len {
        header_len = types_len + varint::encoded_len(header_len as u64);
    }
    varint::write(header_len as u64, out);
    for value in values.clone() {
        varint::write(type_of(value).0, out);
    }
    for value in values {
        match value {
            ValueRef::Null => {}
            ValueRef::Integer(integer) => {
                out.extend_from_slice(&integer.to_be_bytes()[8 - type_of(value).1..]);
            }
            ValueRef::Real(real) => out.extend_from_slice(&real.to_bits().to_be_bytes()),
            ValueRef::Text(bytes) | ValueRef::Blob(bytes) => out.extend_from_slice(bytes),
        }
    }
}

/// A column's type, and how many bytes it has.
fn type_of(value: ValueRef<'_>) -> (u64, usize) {
    match value {
        ValueRef::Null => (0, 0),
        ValueRef::Integer(0) => (8, 0),
        ValueRef::Integer(1) => (9, 0),
        ValueRef::Integer(integer) => integer_type(integer),
        ValueRef::Real(_) => (7, 8),
        ValueRef::Text(text) => (13 + 2 * text.len() as u64, text.len()),
        ValueRef::Blob(blob) => (12 + 2 * blob.len() as u64, blob.len()),
    }
}

/// The type of the fewest bytes that hold the integer, and how many those are.
fn integer_type(integer: i64) -> (u64, usize) {
    match 65 - (integer ^ (integer >> 63)).leading_zeros() {
        0..=8 => (1, 1),
        9..=16 => (2, 2),
        17..=24 => (3, 3),
        25..=32 => (4, 4),
        33..=48 => (5, 6),
        _ => (6, 8),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round_trip(values: &[Value], encoding: Encoding) {
        let mut out = Vec::new();
        encode(values.iter().map(Value::as_ref), encoding, &mut out);
        let decoded: Result<Vec<Value>> =
            Record::new(&out, encoding).expect("what was just encoded has a header").collect();
        assert_eq!(decoded.as_deref(), Ok(values));
    }

    #[test]
    fn every_width_of_integer_and_every_length_of_header_round_trips() {
        let edges = (0..63).flat_map(|shift| [-2_i64, -1, 0, 1].map(|near| (1_i64 << shift) + near));
        let values: Vec<Value> = edges.flat_map(|edge| [edge, -edge]).map(Value::Integer).collect();
        round_trip(&values, Encoding::Utf8);
        for columns in [1, 125, 126, 127, 128, 129, 2000] {
            round_trip(&vec![Value::Null; columns], Encoding::Utf8);
        }
        let mixed = [Value::text("a\0é𝄞"), Value::blob(b"\xff\0"), Value::Real(-0.5), Value::text("")];
        for encoding in [Encoding::Utf8, Encoding::Utf16Le, Encoding::Utf16Be] {
            round_trip(&mixed, encoding);
        }
    }

    #[test]
    fn a_record_that_breaks_the_format_is_an_error() {
        for bytes in [&[][..], &[0], &[5, 1], &[2, 10], &[2, 1], &[2, 0x81], &[3, 8, 40]] {
            let columns = Record::new(bytes, Encoding::Utf8).and_then(Iterator::collect::<Result<Vec<_>>>);
            assert!(columns.is_err(), "{bytes:?}");
        }
    }
}
