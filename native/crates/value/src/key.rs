//! Index keys: values as bytes whose byte order is SQL's order.
//!
//! ```text
//! NULL      08
//! number    tag | whole part, big-endian, no leading zeros | 00, or 01 and the fraction as f64 bits
//!           tag = 20 + bytes of the whole part (0 to 8); 29 and the f64 bits from 2^64 on
//!           negative: tag = 1F - bytes (16 from -2^64 down), the bytes behind it inverted
//! text      40 | bytes, 00 written as 00 FF | 00 00
//! blob      50 | the same
//! rowid     8 bytes, big-endian, sign flipped
//! ```
//!
//! A descending column is the same with every byte inverted.
//!
//! Always true:
//! - Comparing two keys as bytes is comparing their values one by one with `compare`, beyond 2^53 too; equal values
//!   have equal bytes, so 1 and 1.0 do, and so do 'a' and 'A' under NOCASE. A UNIQUE check is a prefix check.
//! - No value's bytes are a prefix of another's, so what follows (a rowid, the primary key) never disturbs the order.
//! - What the key lost (the class of a whole real, the sign of -0.0, the folded text) fits into a *remainder* kept in
//!   the entry's value: `encode_remainder`. It is empty for most rows, and empty means that the key says it all.

use crate::collation::without_trailing_spaces;
use crate::varint;
use crate::{Bytes, Collation, Malformed, Value, ValueRef};

/// How one column of an index orders.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KeyColumn {
    pub collation: Collation,
    pub descending: bool,
}

impl KeyColumn {
    pub const ASCENDING: KeyColumn = KeyColumn { collation: Collation::Binary, descending: false };
}

const TAG_NULL: u8 = 0x08;
const TAG_NEGATIVE: u8 = 0x1f;
const TAG_POSITIVE: u8 = 0x20;
/// Added to (or taken from) the tags above when the whole part does not fit 64 bits.
const HUGE: u8 = 9;
const TAG_TEXT: u8 = 0x40;
const TAG_BLOB: u8 = 0x50;

const NO_FRACTION: u8 = 0;
const FRACTION: u8 = 1;

const TWO_POW_64: f64 = 18446744073709551616.0;

/// Appends the key bytes of one value.
#[inline]
pub fn encode_value(value: ValueRef<'_>, column: KeyColumn, out: &mut Vec<u8>) {
    let start = out.len();
    match value {
        ValueRef::Null => out.push(TAG_NULL),
        ValueRef::Integer(integer) => encode_number(integer < 0, integer.unsigned_abs(), 0.0, out),
        ValueRef::Real(real) => {
            let magnitude = real.abs();
            if magnitude < TWO_POW_64 {
                encode_number(real < 0.0, magnitude as u64, magnitude.fract(), out);
            } else {
                encode_huge(real < 0.0, magnitude, out);
            }
        }
        ValueRef::Text(text) => {
            out.push(TAG_TEXT);
            encode_text(text, column.collation, out);
        }
        ValueRef::Blob(blob) => {
            out.push(TAG_BLOB);
            escape(blob, out);
            out.extend_from_slice(&[0, 0]);
        }
    }
    if column.descending {
        invert(&mut out[start..]);
    }
}

#[inline]
fn encode_number(is_negative: bool, whole: u64, fraction: f64, out: &mut Vec<u8>) {
    let len = 8 - whole.leading_zeros() as usize / 8;
    out.push(if is_negative { TAG_NEGATIVE - len as u8 } else { TAG_POSITIVE + len as u8 });
    let body = out.len();
    // Eight bytes are copied without a call, and those that are too many go again.
    out.extend_from_slice(&whole.checked_shl(64 - 8 * len as u32).unwrap_or(0).to_be_bytes());
    out.truncate(body + len);
    if fraction == 0.0 {
        out.push(NO_FRACTION);
    } else {
        out.push(FRACTION);
        out.extend_from_slice(&fraction.to_bits().to_be_bytes());
    }
    if is_negative {
        invert(&mut out[body..]);
    }
}

fn encode_huge(is_negative: bool, magnitude: f64, out: &mut Vec<u8>) {
    out.push(if is_negative { TAG_NEGATIVE - HUGE } else { TAG_POSITIVE + HUGE });
    let body = out.len();
    out.extend_from_slice(&magnitude.to_bits().to_be_bytes());
    if is_negative {
        invert(&mut out[body..]);
    }
}

fn encode_text(text: &[u8], collation: Collation, out: &mut Vec<u8>) {
    match collation {
        // The application's order cannot be told by bytes: its columns are kept in byte order.
        Collation::Binary | Collation::Custom(_) => escape(text, out),
        Collation::Rtrim => escape(without_trailing_spaces(text), out),
        Collation::NoCase => {
            // NOCASE compares up to a common NUL and then by length alone: behind a NUL stands the length.
            let visible_len = text.iter().position(|&byte| byte == 0).unwrap_or(text.len());
            out.extend(text[..visible_len].iter().map(u8::to_ascii_lowercase));
            if visible_len < text.len() {
                escape(&[0], out);
                escape(&(text.len() as u64).to_be_bytes(), out);
            }
        }
    }
    out.extend_from_slice(&[0, 0]);
}

fn escape(bytes: &[u8], out: &mut Vec<u8>) {
    if !bytes.contains(&0) {
        out.extend_from_slice(bytes);
        return;
    }
    for &byte in bytes {
        out.push(byte);
        if byte == 0 {
            out.push(0xff);
        }
    }
}

fn invert(bytes: &mut [u8]) {
    for byte in bytes {
        *byte = !*byte;
    }
}

/// Appends the key bytes of a row's indexed values.
pub fn encode_values(values: &[Value], columns: &[KeyColumn], out: &mut Vec<u8>) {
    for (value, column) in values.iter().zip(columns) {
        encode_value(value.as_ref(), *column, out);
    }
}

#[inline]
pub fn encode_rowid(rowid: i64, out: &mut Vec<u8>) {
    out.extend_from_slice(&rowid_bytes(rowid));
}

/// The eight bytes of `encode_rowid`.
#[inline]
pub fn rowid_bytes(rowid: i64) -> [u8; 8] {
    ((rowid as u64) ^ (1 << 63)).to_be_bytes()
}

/// Reads a rowid that is all of `bytes`.
pub fn decode_rowid(bytes: &[u8]) -> Result<i64, Malformed> {
    let bytes: [u8; 8] = bytes.try_into().map_err(|_| Malformed)?;
    Ok((u64::from_be_bytes(bytes) ^ (1 << 63)) as i64)
}

/// The rowid a key ends in.
pub fn decode_trailing_rowid(key: &[u8]) -> Result<i64, Malformed> {
    decode_rowid(key.last_chunk::<8>().ok_or(Malformed)?)
}

/// The rowid of a key that ends in these bytes, if it has 32 bits.
#[inline]
pub fn guess_trailing_rowid(tail: [u8; 4]) -> i64 {
    i64::from(u32::from_be_bytes(tail))
}

/// Takes one value off the front of a key. The flag says that no remainder could change it; without it, the value is
/// right unless the entry's remainder names it: whole numbers come back as integers, text as it was folded.
pub fn decode_value(input: &mut &[u8], column: KeyColumn) -> Result<(Value, bool), Malformed> {
    let mut scratch = Vec::new();
    let (value, is_exact) = read_value(input, column, &mut scratch)?;
    Ok((value.to_value(), is_exact))
}

/// The same in place: text and blobs are the key's own bytes where it has them as they are, else they are put into
/// `scratch`.
pub fn read_value<'v, 'k: 'v>(
    input: &mut &'k [u8],
    column: KeyColumn,
    scratch: &'v mut Vec<u8>,
) -> Result<(ValueRef<'v>, bool), Malformed> {
    let mut reader = Reader { input, mask: if column.descending { 0xff } else { 0 } };
    let tag = reader.byte()?;
    match tag {
        TAG_NULL => Ok((ValueRef::Null, true)),
        0x16..=0x29 => decode_number(tag, &mut reader),
        TAG_TEXT => {
            let text = reader.escaped(scratch)?;
            let exact = matches!(column.collation, Collation::Binary | Collation::Custom(_));
            if column.collation == Collation::NoCase
                && let Some(visible_len) = text.iter().position(|&byte| byte == 0)
            {
                // The text behind the NUL stands in the remainder, always.
                return Ok((ValueRef::Text(&text[..visible_len]), false));
            }
            Ok((ValueRef::Text(text), exact))
        }
        TAG_BLOB => Ok((ValueRef::Blob(reader.escaped(scratch)?), true)),
        _ => Err(Malformed),
    }
}

fn decode_number<'v>(tag: u8, reader: &mut Reader<'_, '_>) -> Result<(ValueRef<'v>, bool), Malformed> {
    let is_negative = tag < TAG_POSITIVE;
    let len = if is_negative { TAG_NEGATIVE - tag } else { tag - TAG_POSITIVE };
    if is_negative {
        reader.mask = !reader.mask;
    }
    let signed = |magnitude: f64| if is_negative { -magnitude } else { magnitude };
    if len == HUGE {
        let magnitude = f64::from_bits(reader.unsigned(8)?);
        if magnitude.is_nan() || magnitude < TWO_POW_64 {
            return Err(Malformed);
        }
        return Ok((ValueRef::Real(signed(magnitude)), true));
    }
    let whole = reader.unsigned(usize::from(len))?;
    match reader.byte()? {
        NO_FRACTION => {
            let integer =
                if is_negative { 0_i64.checked_sub_unsigned(whole) } else { i64::try_from(whole).ok() };
            Ok(match integer {
                Some(integer) => (ValueRef::Integer(integer), false),
                None => (ValueRef::Real(signed(whole as f64)), true),
            })
        }
        FRACTION => {
            let fraction = f64::from_bits(reader.unsigned(8)?);
            if !(fraction > 0.0 && fraction < 1.0) {
                return Err(Malformed);
            }
            Ok((ValueRef::Real(signed(whole as f64 + fraction)), true))
        }
        _ => Err(Malformed),
    }
}

/// Appends the values of a key whose columns order as `from`, so that they order as `to`, which differs in directions alone.
pub fn redirect(
    mut key: &[u8],
    from: &[KeyColumn],
    to: &[KeyColumn],
    out: &mut Vec<u8>,
) -> Result<(), Malformed> {
    for (from, to) in from.iter().zip(to) {
        let start = out.len();
        out.extend_from_slice(skip_value(&mut key, *from)?);
        if from.descending != to.descending {
            invert(&mut out[start..]);
        }
    }
    Ok(())
}

/// Steps over one value and returns its bytes.
pub fn skip_value<'a>(input: &mut &'a [u8], column: KeyColumn) -> Result<&'a [u8], Malformed> {
    let whole = *input;
    let mut reader = Reader { input, mask: if column.descending { 0xff } else { 0 } };
    match reader.byte()? {
        TAG_NULL => {}
        TAG_TEXT | TAG_BLOB => while reader.piece()?.1 {},
        tag @ 0x16..=0x29 => {
            decode_number(tag, &mut reader)?;
        }
        _ => return Err(Malformed),
    }
    Ok(&whole[..whole.len() - input.len()])
}

struct Reader<'r, 'a> {
    input: &'r mut &'a [u8],
    mask: u8,
}

impl<'a> Reader<'_, 'a> {
    fn byte(&mut self) -> Result<u8, Malformed> {
        let (&first, rest) = self.input.split_first().ok_or(Malformed)?;
        *self.input = rest;
        Ok(first ^ self.mask)
    }

    fn unsigned(&mut self, len: usize) -> Result<u64, Malformed> {
        let (bytes, rest) = self.input.split_at_checked(len).ok_or(Malformed)?;
        *self.input = rest;
        Ok(bytes.iter().fold(0, |value, &byte| value << 8 | u64::from(byte ^ self.mask)))
    }

    /// Bytes up to a zero, as they stand in the key, and whether more follow: that zero is one of the value's own then.
    #[inline]
    fn piece(&mut self) -> Result<(&'a [u8], bool), Malformed> {
        let zero = self.mask;
        let len = self.input.iter().position(|&byte| byte == zero).ok_or(Malformed)?;
        let (plain, rest) = self.input.split_at(len);
        *self.input = &rest[1..];
        match self.byte()? {
            0 => Ok((plain, false)),
            0xff => Ok((plain, true)),
            _ => Err(Malformed),
        }
    }

    #[inline]
    fn escaped<'v>(&mut self, scratch: &'v mut Vec<u8>) -> Result<&'v [u8], Malformed>
    where
        'a: 'v,
    {
        let (mut plain, mut goes_on) = self.piece()?;
        if self.mask == 0 && !goes_on {
            return Ok(plain);
        }
        scratch.clear();
        loop {
            scratch.extend(plain.iter().map(|byte| byte ^ self.mask));
            if !goes_on {
                return Ok(scratch);
            }
            scratch.push(0);
            (plain, goes_on) = self.piece()?;
        }
    }
}

const REMAINDER_REAL: u8 = 0;
const REMAINDER_NEGATIVE_ZERO: u8 = 1;
const REMAINDER_TEXT: u8 = 2;

/// Appends what the keys of `values` lost: per such column its number, what was lost, and for text the original.
pub fn encode_remainder<'a>(
    values: impl IntoIterator<Item = ValueRef<'a>>,
    columns: &[KeyColumn],
    out: &mut Vec<u8>,
) {
    for (i, (value, column)) in values.into_iter().zip(columns).enumerate() {
        match value {
            ValueRef::Real(real) if real == 0.0 && real.is_sign_negative() => {
                varint::write(i as u64, out);
                out.push(REMAINDER_NEGATIVE_ZERO);
            }
            ValueRef::Real(real)
                if (-9223372036854775808.0..9223372036854775808.0).contains(&real) && real.fract() == 0.0 =>
            {
                varint::write(i as u64, out);
                out.push(REMAINDER_REAL);
            }
            ValueRef::Text(text) if is_folded(text, column.collation) => {
                varint::write(i as u64, out);
                out.push(REMAINDER_TEXT);
                varint::write(text.len() as u64, out);
                out.extend_from_slice(text);
            }
            _ => {}
        }
    }
}

fn is_folded(text: &[u8], collation: Collation) -> bool {
    match collation {
        Collation::Binary | Collation::Custom(_) => false,
        Collation::NoCase => text.iter().any(|byte| byte.is_ascii_uppercase() || *byte == 0),
        Collation::Rtrim => text.last() == Some(&b' '),
    }
}

/// Gives values decoded from a key back what the key lost.
pub fn apply_remainder(mut remainder: &[u8], values: &mut [Value]) -> Result<(), Malformed> {
    while !remainder.is_empty() {
        let index = usize::try_from(varint::read(&mut remainder)?).map_err(|_| Malformed)?;
        let slot = values.get_mut(index).ok_or(Malformed)?;
        let (&kind, rest) = remainder.split_first().ok_or(Malformed)?;
        remainder = rest;
        *slot = match (kind, &*slot) {
            (REMAINDER_REAL, Value::Integer(integer)) => Value::Real(*integer as f64),
            (REMAINDER_NEGATIVE_ZERO, Value::Integer(0)) => Value::Real(-0.0),
            (REMAINDER_TEXT, Value::Text(_)) => {
                let len = usize::try_from(varint::read(&mut remainder)?).map_err(|_| Malformed)?;
                let (text, rest) = remainder.split_at_checked(len).ok_or(Malformed)?;
                remainder = rest;
                Value::Text(Bytes::new(text))
            }
            _ => return Err(Malformed),
        };
    }
    Ok(())
}

/// Turns a prefix into the smallest key greater than every key that starts with it; `false` when there is none (the
/// prefix is empty or all FF), in which case the range has no upper end.
pub fn prefix_successor(prefix: &mut Vec<u8>) -> bool {
    while let Some(last) = prefix.pop() {
        if last < 0xff {
            prefix.push(last + 1);
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(value: &Value, column: KeyColumn) -> Vec<u8> {
        let mut out = Vec::new();
        encode_value(value.as_ref(), column, &mut out);
        out
    }

    #[test]
    fn whole_numbers_of_either_class_have_the_same_key() {
        let column = KeyColumn::ASCENDING;
        assert_eq!(key(&Value::Integer(1), column), [0x21, 1, 0]);
        assert_eq!(key(&Value::Integer(1), column), key(&Value::Real(1.0), column));
        assert_eq!(key(&Value::Integer(0), column), key(&Value::Real(-0.0), column));
        assert_eq!(key(&Value::Integer(i64::MIN), column), key(&Value::Real(-9223372036854775808.0), column));
        assert_ne!(key(&Value::Integer(i64::MAX), column), key(&Value::Real(9223372036854775808.0), column));
    }

    #[test]
    fn a_redirected_key_is_the_key_in_those_directions() {
        let ascending = KeyColumn::ASCENDING;
        let descending = KeyColumn { descending: true, ..ascending };
        let values = [Value::text("a\0b"), Value::Real(-1.5), Value::Null, Value::Integer(300)];
        let (from, to) =
            ([descending, ascending, descending, descending], [ascending, ascending, descending, ascending]);
        let (mut key, mut expected, mut found) = (Vec::new(), Vec::new(), Vec::new());
        encode_values(&values, &from, &mut key);
        encode_values(&values, &to, &mut expected);
        redirect(&key, &from, &to, &mut found).unwrap();
        assert_eq!(found, expected);
        assert_eq!(redirect(&key[1..], &from, &to, &mut found), Err(Malformed));
    }

    #[test]
    fn rowids_order_as_bytes() {
        let rowids = [i64::MIN, -2, -1, 0, 1, 255, 256, i64::MAX];
        for pair in rowids.windows(2) {
            assert!(rowid_bytes(pair[0]) < rowid_bytes(pair[1]));
        }
        for rowid in rowids {
            assert_eq!(decode_rowid(&rowid_bytes(rowid)), Ok(rowid));
        }
    }

    #[test]
    fn the_successor_of_a_prefix_is_above_all_its_keys() {
        let mut prefix = vec![1, 0xff, 0xff];
        assert!(prefix_successor(&mut prefix));
        assert_eq!(prefix, [2]);
        assert!(!prefix_successor(&mut vec![0xff]));
    }
}
