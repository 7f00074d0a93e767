//! Numbers and values as bytes.

use pluresdb_value::Value;

pub const INTEGER: u8 = 1;
pub const REAL: u8 = 2;
pub const TEXT: u8 = 3;
pub const BLOB: u8 = 4;
pub const NULL: u8 = 5;

/// Seven bits a byte, the highest first; a varint of the format has 32 bits.
pub fn put_varint(number: u32, out: &mut Vec<u8>) {
    let groups = (32 - number.leading_zeros()).div_ceil(7).max(1);
    for group in (0..groups).rev() {
        let bits = (number >> (group * 7)) as u8 & 0x7f;
        out.push(if group == 0 { bits } else { bits | 0x80 });
    }
}

pub fn put_value(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Null => out.push(NULL),
        Value::Integer(integer) => {
            out.push(INTEGER);
            out.extend_from_slice(&integer.to_be_bytes());
        }
        Value::Real(real) => {
            out.push(REAL);
            out.extend_from_slice(&real.to_bits().to_be_bytes());
        }
        Value::Text(text) => put_bytes(TEXT, text, out),
        Value::Blob(blob) => put_bytes(BLOB, blob, out),
    }
}

fn put_bytes(kind: u8, bytes: &[u8], out: &mut Vec<u8>) {
    out.push(kind);
    // No value is as long as 2^31.
    put_varint(bytes.len() as u32, out);
    out.extend_from_slice(bytes);
}
