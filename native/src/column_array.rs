//! Results by column: each column becomes one ArrayBuffer, which V8 owns, and what belongs to it.
//!
//!     [kind, bits, …]     bits: an ArrayBuffer with a bit per row, 1 where there is a value, or null when no row is NULL
//!
//! | kind | then |
//! |---|---|
//! | 0 NULL in every row | |
//! | 1, 2, 3 integers | an ArrayBuffer of i32, f64 or i64: the narrowest that holds them all |
//! | 4 reals | an ArrayBuffer of f64, NaN for NULL |
//! | 5 texts | an ArrayBuffer of codes; bytes of a code: 1, 2 or 4; an ArrayBuffer of u32: texts' lengths; strings and counts |
//! | 6 blobs | an ArrayBuffer of bytes, an ArrayBuffer of u32: where each blob ends |
//! | 7 others | an array of values |
//!
//! A string holds as many texts as its count says, one behind the other; lengths are in UTF-16 units. lib/columnar.ts reads this.

use pluresdb_engine::{ColumnValues, Error, ResultCode, ResultColumn, Texts};
use pluresdb_value::Value;

use crate::error::Failure;
use crate::node_api::{Js, RawValue};
use crate::row_buffer::Integers;

/// A text that somebody keeps may keep the string alive that it was cut from, so these stay small.
const MAX_STRING: usize = 64 * 1024;

pub fn new_columns(env: Js, columns: &[ResultColumn], integers: Integers) -> Result<RawValue, Failure> {
    let mut items = Vec::with_capacity(columns.len() + 1);
    items.push(env.new_f64(columns.first().map_or(0, rows) as f64)?);
    for column in columns {
        items.push(new_column(env, column, integers)?);
    }
    env.new_array(&items)
}

fn rows(column: &ResultColumn) -> usize {
    match &column.values {
        ColumnValues::Null(rows) => *rows,
        ColumnValues::Integer(values) => values.len(),
        ColumnValues::Real(values) => values.len(),
        ColumnValues::Text { codes, .. } => codes.len(),
        ColumnValues::Blob(blobs) => blobs.ends.len(),
        ColumnValues::Mixed(values) => values.len(),
    }
}

fn new_column(env: Js, column: &ResultColumn, integers: Integers) -> Result<RawValue, Failure> {
    let bits = match &column.validity {
        Some(bits) => env.new_array_buffer(bits.iter().map(|byte| [*byte]))?,
        None => env.null()?,
    };
    let mut items = vec![env.new_u32(0)?, bits];
    let kind = match &column.values {
        ColumnValues::Null(_) => 0,
        ColumnValues::Integer(values) => {
            let (kind, array) = new_integers(env, values, integers)?;
            items.push(array);
            kind
        }
        ColumnValues::Real(values) => {
            let is_valid = |row: usize| match &column.validity {
                Some(bits) => bits[row / 8] & (1 << (row % 8)) != 0,
                None => true,
            };
            let shown =
                values.iter().enumerate().map(|(row, real)| if is_valid(row) { *real } else { f64::NAN });
            items.push(env.new_array_buffer(shown.map(f64::to_ne_bytes))?);
            4
        }
        ColumnValues::Text { codes, texts } => {
            let (width, array) = match texts.ends.len() {
                0..=0x100 => (1, env.new_array_buffer(codes.iter().map(|code| [*code as u8]))?),
                0x101..=0x1_0000 => {
                    (2, env.new_array_buffer(codes.iter().map(|code| (*code as u16).to_ne_bytes()))?)
                }
                _ => (4, env.new_array_buffer(codes.iter().map(|code| code.to_ne_bytes()))?),
            };
            items.extend([array, env.new_u32(width)?]);
            push_texts(env, texts, &mut items)?;
            5
        }
        ColumnValues::Blob(blobs) => {
            if u32::try_from(blobs.bytes.len()).is_err() {
                return Err(Error::new(ResultCode::TooBig, "string or blob too big").into());
            }
            items.push(env.new_array_buffer(blobs.bytes.iter().map(|byte| [*byte]))?);
            items.push(env.new_array_buffer(blobs.ends.iter().map(|end| (*end as u32).to_ne_bytes()))?);
            6
        }
        ColumnValues::Mixed(values) => {
            let exact = if integers == Integers::Numbers { Integers::Exact } else { integers };
            let values: Vec<RawValue> =
                values.iter().map(|value: &Value| env.new_value(value, exact)).collect::<Result<_, _>>()?;
            items.push(env.new_array(&values)?);
            7
        }
    };
    items[0] = env.new_u32(kind)?;
    env.new_array(&items)
}

/// Integers never lose digits here: beyond 2^53 all of the column become bigints.
fn new_integers(env: Js, values: &[i64], integers: Integers) -> Result<(u32, RawValue), Failure> {
    // The bits that differ from the sign's, of all of them together.
    let used = values.iter().fold(0, |bits, value| bits | (value ^ (value >> 63)));
    let fits = |bits: u32| used >> (bits - 1) == 0;
    if integers != Integers::Bigints && fits(32) {
        return Ok((1, env.new_array_buffer(values.iter().map(|value| (*value as i32).to_ne_bytes()))?));
    }
    if integers != Integers::Bigints && fits(54) {
        return Ok((2, env.new_array_buffer(values.iter().map(|value| (*value as f64).to_ne_bytes()))?));
    }
    Ok((3, env.new_array_buffer(values.iter().map(|value| value.to_ne_bytes()))?))
}

fn push_texts(env: Js, texts: &Texts, items: &mut Vec<RawValue>) -> Result<(), Failure> {
    let mut lengths = Vec::with_capacity(texts.ends.len());
    let mut strings = Vec::new();
    let mut first = 0;
    let mut start = 0;
    while let Some(rest) = texts.ends.get(first..).filter(|rest| !rest.is_empty()) {
        // One at least, however long.
        let count = rest.partition_point(|end| *end <= start + MAX_STRING).max(1);
        let end = rest[count - 1];
        let bytes = &texts.bytes[start..end];
        if bytes.is_ascii() {
            let mut before = start;
            lengths
                .extend(rest[..count].iter().map(|end| (end - std::mem::replace(&mut before, *end)) as u32));
            strings.push(env.new_latin1(bytes)?);
        } else {
            let mut units: Vec<u16> = Vec::with_capacity(bytes.len());
            for index in first..first + count {
                let before = units.len();
                units.extend(String::from_utf8_lossy(texts.get(index)).encode_utf16());
                lengths.push((units.len() - before) as u32);
            }
            strings.push(env.new_utf16(&units)?);
        }
        strings.push(env.new_u32(count as u32)?);
        (first, start) = (first + count, end);
    }
    items.push(env.new_array_buffer(lengths.iter().map(|length| length.to_ne_bytes()))?);
    items.append(&mut strings);
    Ok(())
}
