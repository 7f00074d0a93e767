//! Parameters: what JavaScript wrote into the shared buffer becomes values.
//!
//!     slot i, 16 bytes at 16 * i:   u32 tag | u32 length | f64 real / i64 integer / u32 offset of the bytes
//!
//! Bytes of text and blobs stand anywhere behind the slots. All numbers are in the machine's order, which is what
//! typed arrays use.

use pluresdb_engine::{Error, ResultCode, Statement};
use pluresdb_value::Value;

use crate::error::Failure;

const NULL: u32 = 0;
const REAL: u32 = 1;
const INTEGER: u32 = 2;
const TEXT: u32 = 3;
const BLOB: u32 = 4;
/// Given before by `setWideParameter`.
const WIDE: u32 = 5;

const SLOT: usize = 16;

pub fn bind(
    statement: &mut Statement,
    count: usize,
    buffer: &[u8],
    wide: &mut Vec<(u32, Value)>,
    max_length: usize,
) -> Result<(), Failure> {
    for index in 0..count {
        let parameter = statement.parameter_mut(index)?;
        if !read(buffer, index, parameter)? {
            let at = wide.iter().position(|(wanted, _)| *wanted as usize == index);
            *parameter = at.map(|at| wide.swap_remove(at).1).ok_or(OUT_OF_BOUNDS)?;
        }
        if let Value::Text(bytes) | Value::Blob(bytes) = parameter
            && bytes.len() > max_length
        {
            *parameter = Value::Null;
            return Err(Error::new(ResultCode::TooBig, "string or blob too big").into());
        }
    }
    wide.clear();
    Ok(())
}

const OUT_OF_BOUNDS: Failure = Failure::fixed_range("a parameter lies outside the shared buffer");

/// Sets the value of one slot; false for a wide one.
fn read(buffer: &[u8], index: usize, value: &mut Value) -> Result<bool, Failure> {
    let slot: &[u8; SLOT] =
        buffer.get(index * SLOT..).and_then(|rest| rest.first_chunk()).ok_or(OUT_OF_BOUNDS)?;
    let word = |at: usize| u32::from_ne_bytes([slot[at], slot[at + 1], slot[at + 2], slot[at + 3]]);
    let mut number = [0_u8; 8];
    number.copy_from_slice(&slot[8..]);
    let bytes = || {
        let (len, start) = (word(4) as usize, word(8) as usize);
        buffer.get(start..).and_then(|rest| rest.get(..len)).ok_or(OUT_OF_BOUNDS)
    };
    match (word(0), value) {
        (NULL, value) => *value = Value::Null,
        (REAL, value) => *value = Value::real(f64::from_ne_bytes(number)),
        (INTEGER, value) => *value = Value::Integer(i64::from_ne_bytes(number)),
        (TEXT, Value::Text(kept)) => kept.assign(bytes()?),
        (TEXT, value) => *value = Value::text(bytes()?),
        (BLOB, Value::Blob(kept)) => kept.assign(bytes()?),
        (BLOB, value) => *value = Value::blob(bytes()?),
        (WIDE, _) => return Ok(false),
        _ => return Err(Failure::fixed_type("unknown kind of parameter")),
    }
    Ok(true)
}
