//! A fuzzer's bytes read as numbers, pieces and SQL values; and the way back, for seeds.
//!
//!     value    kind u8 | payload          kind % 5: 0 NULL, 1 integer i64, 2 real f64, 3 text, 4 blob
//!     piece    length u8 (255: u16 follows) | bytes
//!
//! Reading never fails: beyond the end everything is zero and empty, so every byte string is an input.

use pluresdb_value::{Value, ValueRef};

pub struct Input<'a> {
    bytes: &'a [u8],
}

impl<'a> Input<'a> {
    pub fn new(bytes: &'a [u8]) -> Input<'a> {
        Input { bytes }
    }

    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    pub fn take(&mut self, len: usize) -> &'a [u8] {
        let (taken, rest) = self.bytes.split_at(len.min(self.bytes.len()));
        self.bytes = rest;
        taken
    }

    pub fn rest(&mut self) -> &'a [u8] {
        self.take(usize::MAX)
    }

    fn array<const LEN: usize>(&mut self) -> [u8; LEN] {
        let mut array = [0; LEN];
        let taken = self.take(LEN);
        array[..taken.len()].copy_from_slice(taken);
        array
    }

    pub fn u8(&mut self) -> u8 {
        u8::from_le_bytes(self.array())
    }

    pub fn u16(&mut self) -> u16 {
        u16::from_le_bytes(self.array())
    }

    pub fn u64(&mut self) -> u64 {
        u64::from_le_bytes(self.array())
    }

    pub fn piece(&mut self) -> &'a [u8] {
        let len = match self.u8() {
            255 => usize::from(self.u16()),
            short => usize::from(short),
        };
        self.take(len)
    }

    pub fn value(&mut self) -> Value {
        match self.u8() % 5 {
            0 => Value::Null,
            1 => Value::Integer(self.u64() as i64),
            2 => Value::real(f64::from_bits(self.u64())),
            3 => Value::text(self.piece()),
            _ => Value::blob(self.piece()),
        }
    }

    /// Values up to the end, but no more than `limit`.
    pub fn values(&mut self, limit: usize) -> Vec<Value> {
        let mut values = Vec::new();
        while !self.is_empty() && values.len() < limit {
            values.push(self.value());
        }
        values
    }
}

pub(crate) fn write_piece(bytes: &[u8], out: &mut Vec<u8>) {
    let len = u16::try_from(bytes.len()).expect("a seed's pieces are short");
    match u8::try_from(len) {
        Ok(short) if short < 255 => out.push(short),
        _ => {
            out.push(255);
            out.extend_from_slice(&len.to_le_bytes());
        }
    }
    out.extend_from_slice(bytes);
}

pub(crate) fn write_value(value: &Value, out: &mut Vec<u8>) {
    match value.as_ref() {
        ValueRef::Null => out.push(0),
        ValueRef::Integer(integer) => {
            out.push(1);
            out.extend_from_slice(&integer.to_le_bytes());
        }
        ValueRef::Real(real) => {
            out.push(2);
            out.extend_from_slice(&real.to_bits().to_le_bytes());
        }
        ValueRef::Text(text) => {
            out.push(3);
            write_piece(text, out);
        }
        ValueRef::Blob(blob) => {
            out.push(4);
            write_piece(blob, out);
        }
    }
}

/// A row of every kind, for seeds.
pub(crate) fn sample_values() -> Vec<Value> {
    vec![
        Value::Null,
        Value::Integer(0),
        Value::Integer(-1),
        Value::Integer(i64::MIN),
        Value::Integer(i64::MAX),
        Value::Real(-0.0),
        Value::Real(1.5),
        Value::Real(9007199254740993.0),
        Value::Real(1e300),
        Value::Real(f64::INFINITY),
        Value::text("Text with \0 and \u{e9} "),
        Value::text("12.5e3"),
        Value::blob(&b"\x00\xff\x00"[..]),
        Value::text(""),
    ]
}

/// Whether two values are the same to the bit.
pub(crate) fn is_same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Real(a), Value::Real(b)) => a.to_bits() == b.to_bits(),
        _ => a.type_name() == b.type_name() && a == b,
    }
}
