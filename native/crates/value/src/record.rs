//! A row as bytes.
//!
//! ```text
//! varint header length | varint type per column | payload of each column, in order
//! ```
//!
//! | type | payload | value |
//! |---|---|---|
//! | 0 | | NULL |
//! | 1, 2 | | integer 0, 1 |
//! | 3 4 5 6 7 8 | 1 2 3 4 6 8 bytes, big-endian | integer |
//! | 9 | 8 bytes, big-endian | real |
//! | 10 11 12 | 1 2 4 bytes, big-endian | real that is a small whole number |
//! | 16 + 2n, 17 + 2n | n bytes | text, blob |
//!
//! Always true:
//! - What was encoded comes back with its class, -0.0 included.
//! - A record may have fewer columns than its table: columns added later stand in no old record.
//!
//! Not here: index keys (`key`), where rows live.

use crate::varint;
use crate::{Malformed, Value, ValueRef};

const NULL: u64 = 0;
const ZERO: u64 = 1;
const ONE: u64 = 2;
const REAL: u64 = 9;
const FIRST_TEXT: u64 = 16;

/// Payload bytes of types 0 to 12.
const FIXED_LEN: [usize; 13] = [0, 0, 0, 1, 2, 3, 4, 6, 8, 8, 1, 2, 4];

/// Appends the record of `values` to `out`.
pub fn encode<'a, I>(values: I, out: &mut Vec<u8>)
where
    I: IntoIterator<Item = ValueRef<'a>>,
    I::IntoIter: Clone,
{
    let values = values.into_iter();
    if let (_, Some(columns)) = values.size_hint()
        && columns < MAX_SHORT_HEADER
        && encode_in_one_pass(values.clone(), columns, out)
    {
        return;
    }
    let start = begin_header(out);
    for value in values.clone() {
        write_type(type_of(value), out);
    }
    end_header(start, out);
    for value in values {
        write_payload(value, out);
    }
}

/// Bytes of types that are kept aside while payloads are written.
const MAX_SHORT_HEADER: usize = 64;

/// `encode` of at most so many values, each of which is asked for once, as that may take longer than writing it. False, and
/// nothing written, when the header becomes too long.
fn encode_in_one_pass<'a>(
    values: impl Iterator<Item = ValueRef<'a>>,
    columns: usize,
    out: &mut Vec<u8>,
) -> bool {
    let start = out.len();
    let mut types = [0; MAX_SHORT_HEADER];
    let mut header_len = 0;
    // The header has this length where each type is a byte.
    let expected = start + 1 + columns;
    out.resize(expected, 0);
    for value in values {
        let column_type = type_of(value);
        if column_type < 0x80 && header_len < MAX_SHORT_HEADER {
            types[header_len] = column_type as u8;
            header_len += 1;
        } else {
            let rest = types.get_mut(header_len..).unwrap_or_default();
            let Some(len) = varint::write_into(column_type, rest) else {
                out.truncate(start);
                return false;
            };
            header_len += len;
        }
        write_payload_of(column_type, value, out);
    }
    let first = start + 1 + header_len;
    if first != expected {
        let end = out.len();
        out.resize(end.max(end + first - expected), 0);
        out.copy_within(expected..end, first);
        out.truncate(end + first - expected);
    }
    out[start] = header_len as u8;
    out[start + 1..first].copy_from_slice(&types[..header_len]);
    true
}

/// A record in the making, value by value, at its place in the caller's buffer: only where a type needs more than a byte
/// does the header go somewhere else first.
#[derive(Default)]
pub struct RecordWriter {
    columns: usize,
    /// Where the next type belongs.
    next: usize,
    /// All types, once one is longer.
    long_types: Vec<u8>,
}

impl RecordWriter {
    /// Begins a record of so many values, which becomes all that is in `out`.
    #[inline]
    pub fn begin(&mut self, columns: usize, out: &mut Vec<u8>) {
        // What stands there of the record before is written over: `finish` sees that each type has been.
        out.truncate(1 + columns);
        if out.len() <= columns {
            out.resize(1 + columns, 0);
        }
        out[0] = columns as u8;
        self.columns = columns;
        self.next = 1;
        self.long_types.clear();
    }

    #[inline]
    pub fn push(&mut self, value: ValueRef<'_>, out: &mut Vec<u8>) {
        let column_type = type_of(value);
        if column_type < 0x80 && self.long_types.is_empty() {
            out[self.next] = column_type as u8;
        } else {
            self.push_type(column_type, out);
        }
        self.next += 1;
        write_payload_of(column_type, value, out);
    }

    fn push_type(&mut self, column_type: u64, out: &[u8]) {
        if self.long_types.is_empty() {
            self.long_types.extend_from_slice(&out[1..self.next]);
        }
        write_type(column_type, &mut self.long_types);
    }

    /// Called when all values are there.
    #[inline]
    pub fn finish(&mut self, out: &mut Vec<u8>) {
        assert!(self.next == 1 + self.columns, "a record has the values that it was begun for");
        if self.columns >= 0x80 || !self.long_types.is_empty() {
            self.finish_long(out);
        }
    }

    /// Puts a header in its place that takes more room than was made for it.
    fn finish_long(&mut self, out: &mut Vec<u8>) {
        if self.long_types.is_empty() {
            self.long_types.extend_from_slice(&out[1..self.next]);
        }
        let types = &self.long_types[..];
        let prefix_len = varint::encoded_len(types.len() as u64);
        let (payload, end) = (prefix_len + types.len(), out.len());
        out.resize(end + payload - self.next, 0);
        out.copy_within(self.next..end, payload);
        varint::write_into(types.len() as u64, out).expect("room was made for the header");
        out[prefix_len..payload].copy_from_slice(types);
    }
}

/// Makes room for the header's length; returns where the header begins.
#[inline]
fn begin_header(out: &mut Vec<u8>) -> usize {
    out.push(0);
    out.len()
}

#[inline]
fn write_type(column_type: u64, out: &mut Vec<u8>) {
    if column_type < 0x80 {
        out.push(column_type as u8);
    } else {
        varint::write(column_type, out);
    }
}

/// Writes the header's length before it.
#[inline]
fn end_header(start: usize, out: &mut Vec<u8>) {
    let header_len = out.len() - start;
    if header_len < 0x80 {
        out[start - 1] = header_len as u8;
    } else {
        let mut prefix = Vec::new();
        varint::write(header_len as u64, &mut prefix);
        out.splice(start - 1..start, prefix);
    }
}

#[inline]
fn write_payload(value: ValueRef<'_>, out: &mut Vec<u8>) {
    write_payload_of(type_of(value), value, out);
}

/// The payload of a value whose type is known.
#[inline]
fn write_payload_of(column_type: u64, value: ValueRef<'_>, out: &mut Vec<u8>) {
    match value {
        ValueRef::Null => {}
        ValueRef::Integer(integer) => write_integer(integer, FIXED_LEN[column_type as usize], out),
        ValueRef::Real(real) if column_type == REAL => {
            out.extend_from_slice(&real.to_bits().to_be_bytes());
        }
        ValueRef::Real(real) => write_integer(real as i64, FIXED_LEN[column_type as usize], out),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => out.extend_from_slice(bytes),
    }
}

/// The last `len` bytes of an integer. All eight are written and the rest is cut off: a copy of known length is quicker.
#[inline]
fn write_integer(integer: i64, len: usize, out: &mut Vec<u8>) {
    if len > 0 {
        let end = out.len() + len;
        out.extend_from_slice(&(integer << (64 - 8 * len)).to_be_bytes());
        out.truncate(end);
    }
}

/// Appends `record` to `out` with some columns exchanged, whose numbers ascend; the others are copied as bytes. A column
/// between the record's end and one of these is what `missing` says.
pub fn rewrite<'m>(
    record: &[u8],
    changes: &[(usize, Value)],
    missing: impl Fn(usize) -> ValueRef<'m>,
    out: &mut Vec<u8>,
) -> Result<(), Malformed> {
    let Record { mut header, mut payload } = Record::new(record)?;
    if header.len() < 0x80 && rewrite_short_types(header, payload, changes, out)? {
        return Ok(());
    }
    let start = begin_header(out);
    let mut rest = changes.iter().peekable();
    let mut columns = RecordColumns { header, payload };
    let mut count = 0;
    while !header.is_empty() {
        let before = header;
        varint::read(&mut header)?;
        match rest.next_if(|(column, _)| *column == count) {
            Some((_, value)) => write_type(type_of(value.as_ref()), out),
            None => out.extend_from_slice(&before[..before.len() - header.len()]),
        }
        count += 1;
    }
    let added = rest.clone();
    let mut at = count;
    for (column, value) in added {
        while at < *column {
            write_type(type_of(missing(at)), out);
            at += 1;
        }
        write_type(type_of(value.as_ref()), out);
        at += 1;
    }
    end_header(start, out);
    let mut at = 0;
    for (column, value) in changes {
        // Up to the changed column in one piece.
        while at < (*column).min(count) {
            columns.take_column()?;
            at += 1;
        }
        let kept = payload.len() - columns.payload.len();
        out.extend_from_slice(&payload[..kept]);
        while at < *column {
            write_payload(missing(at), out);
            at += 1;
        }
        write_payload(value.as_ref(), out);
        if at < count {
            columns.take_column()?;
        }
        at += 1;
        payload = columns.payload;
    }
    out.extend_from_slice(payload);
    Ok(())
}

/// `rewrite` where each type is one byte, before and after, and no column is added. False, and nothing written, where it is
/// not so.
fn rewrite_short_types(
    header: &[u8],
    payload: &[u8],
    changes: &[(usize, Value)],
    out: &mut Vec<u8>,
) -> Result<bool, Malformed> {
    let is_short =
        |(column, value): &(usize, Value)| *column < header.len() && type_of(value.as_ref()) < 0x80;
    if header.iter().any(|&column_type| column_type >= 0x80) || !changes.iter().all(is_short) {
        return Ok(false);
    }
    let start = out.len() + 1;
    out.push(header.len() as u8);
    out.extend_from_slice(header);
    let (mut kept, mut column) = (0, 0);
    for (changed, value) in changes {
        let before = payload_len_of_short(&header[column..*changed])?;
        let end = kept + before;
        out.extend_from_slice(payload.get(kept..end).ok_or(Malformed)?);
        let column_type = type_of(value.as_ref());
        out[start + changed] = column_type as u8;
        write_payload_of(column_type, value.as_ref(), out);
        column = changed + 1;
        kept = end + payload_len_of_short(&header[*changed..column])?;
    }
    out.extend_from_slice(payload.get(kept..).ok_or(Malformed)?);
    Ok(true)
}

/// Payload bytes of columns whose types are one byte each.
#[inline]
fn payload_len_of_short(types: &[u8]) -> Result<usize, Malformed> {
    let mut sum = 0;
    for &column_type in types {
        match SHORT_LEN.get(usize::from(column_type)) {
            Some(&len) if len != NO_LEN => sum += usize::from(len),
            _ => return Err(Malformed),
        }
    }
    Ok(sum)
}

/// `encode` for owned values.
pub fn encode_values(values: &[Value], out: &mut Vec<u8>) {
    encode(values.iter().map(Value::as_ref), out);
}

#[inline]
fn type_of(value: ValueRef<'_>) -> u64 {
    match value {
        ValueRef::Null => NULL,
        ValueRef::Integer(0) => ZERO,
        ValueRef::Integer(1) => ONE,
        ValueRef::Integer(integer) => match significant_bits(integer) {
            0..=8 => 3,
            9..=16 => 4,
            17..=24 => 5,
            25..=32 => 6,
            33..=48 => 7,
            _ => 8,
        },
        ValueRef::Real(real) => {
            let whole = real as i64;
            if (whole as f64).to_bits() != real.to_bits() {
                return REAL;
            }
            match significant_bits(whole) {
                0..=8 => 10,
                9..=16 => 11,
                17..=32 => 12,
                _ => REAL,
            }
        }
        ValueRef::Text(text) => FIRST_TEXT + 2 * text.len() as u64,
        ValueRef::Blob(blob) => FIRST_TEXT + 2 * blob.len() as u64 + 1,
    }
}

/// Bits of the two's complement form, sign included.
fn significant_bits(integer: i64) -> u32 {
    65 - (integer ^ (integer >> 63)).leading_zeros()
}

/// Stands in `SHORT_LEN` for what is no type.
const NO_LEN: u8 = u8::MAX;

/// The payload's length by types of one byte.
const SHORT_LEN: [u8; 128] = {
    let mut lens = [NO_LEN; 128];
    let mut column_type = 0;
    while column_type < 128 {
        if column_type < FIXED_LEN.len() {
            lens[column_type] = FIXED_LEN[column_type] as u8;
        } else if column_type >= FIRST_TEXT as usize {
            lens[column_type] = ((column_type - FIRST_TEXT as usize) / 2) as u8;
        }
        column_type += 1;
    }
    lens
};

fn payload_len(column_type: u64) -> Result<usize, Malformed> {
    match FIXED_LEN.get(column_type as usize) {
        Some(&len) => Ok(len),
        None if column_type >= FIRST_TEXT => Ok(((column_type - FIRST_TEXT) / 2) as usize),
        None => Err(Malformed),
    }
}

#[inline]
fn decode(column_type: u64, payload: &[u8]) -> Result<ValueRef<'_>, Malformed> {
    Ok(match column_type {
        NULL => ValueRef::Null,
        ZERO => ValueRef::Integer(0),
        ONE => ValueRef::Integer(1),
        3..=8 => ValueRef::Integer(signed_be(payload)),
        REAL => {
            let bits: [u8; 8] = payload.try_into().map_err(|_| Malformed)?;
            let real = f64::from_bits(u64::from_be_bytes(bits));
            if real.is_nan() {
                return Err(Malformed);
            }
            ValueRef::Real(real)
        }
        10..=12 => ValueRef::Real(signed_be(payload) as f64),
        _ if column_type >= FIRST_TEXT && column_type & 1 == 0 => ValueRef::Text(payload),
        _ if column_type >= FIRST_TEXT => ValueRef::Blob(payload),
        _ => return Err(Malformed),
    })
}

/// A big-endian two's complement integer of 1 to 8 bytes.
#[inline]
fn signed_be(bytes: &[u8]) -> i64 {
    match *bytes {
        [a] => i64::from(a as i8),
        [a, b] => i64::from(i16::from_be_bytes([a, b])),
        [a, b, c] => i64::from(i32::from_be_bytes([a, b, c, 0]) >> 8),
        [a, b, c, d] => i64::from(i32::from_be_bytes([a, b, c, d])),
        [a, b, c, d, e, f] => i64::from_be_bytes([a, b, c, d, e, f, 0, 0]) >> 16,
        [a, b, c, d, e, f, g, h] => i64::from_be_bytes([a, b, c, d, e, f, g, h]),
        // No type has so many bytes.
        _ => 0,
    }
}

/// A record read in place, column by column.
#[derive(Clone, Copy, Debug)]
pub struct Record<'a> {
    header: &'a [u8],
    payload: &'a [u8],
}

impl<'a> Record<'a> {
    /// Reads the header length; the columns are checked when they are asked for.
    pub fn new(mut bytes: &'a [u8]) -> Result<Record<'a>, Malformed> {
        let header_len = usize::try_from(varint::read(&mut bytes)?).map_err(|_| Malformed)?;
        let (header, payload) = bytes.split_at_checked(header_len).ok_or(Malformed)?;
        Ok(Record { header, payload })
    }

    /// Number of columns; a damaged header counts up to the damage.
    pub fn len(&self) -> usize {
        self.header.iter().filter(|&&byte| byte < 0x80).count()
    }

    pub fn is_empty(&self) -> bool {
        self.header.is_empty()
    }

    /// The value of a column, counted from 0; `None` when the record is shorter.
    #[inline]
    pub fn column(&self, index: usize) -> Result<Option<ValueRef<'a>>, Malformed> {
        // Nearly every type is one byte: the columns before are only added up.
        let mut start = 0;
        for (position, &column_type) in self.header.iter().enumerate() {
            let len = match SHORT_LEN.get(column_type as usize) {
                Some(&len) if len != NO_LEN => usize::from(len),
                _ => return self.column_beyond(index),
            };
            if position == index {
                let payload = self.payload.get(start..start + len).ok_or(Malformed)?;
                return decode(u64::from(column_type), payload).map(Some);
            }
            start += len;
        }
        Ok(None)
    }

    /// `column` where one before it, or it itself, has a longer type.
    #[inline(never)]
    fn column_beyond(&self, index: usize) -> Result<Option<ValueRef<'a>>, Malformed> {
        self.iter().nth(index).transpose()
    }

    /// All columns in order, after the first `Err` nothing.
    pub fn iter(&self) -> RecordColumns<'a> {
        RecordColumns { header: self.header, payload: self.payload }
    }

    /// Hands every column to `take`, in order.
    #[inline]
    pub fn for_each(&self, mut take: impl FnMut(usize, ValueRef<'a>)) -> Result<(), Malformed> {
        let mut start = 0;
        for (index, &column_type) in self.header.iter().enumerate() {
            let len = match SHORT_LEN.get(usize::from(column_type)) {
                Some(&len) if len != NO_LEN => usize::from(len),
                _ => {
                    let rest =
                        RecordColumns { header: &self.header[index..], payload: &self.payload[start..] };
                    for (column, value) in (index..).zip(rest) {
                        take(column, value?);
                    }
                    return Ok(());
                }
            };
            let payload = self.payload.get(start..start + len).ok_or(Malformed)?;
            take(index, decode(u64::from(column_type), payload)?);
            start += len;
        }
        Ok(())
    }

    /// Decodes columns into `out`, in order, up to its length; returns how many there were.
    pub fn read_into(&self, out: &mut [Value]) -> Result<usize, Malformed> {
        let mut count = 0;
        for (slot, column) in out.iter_mut().zip(self.iter()) {
            *slot = column?.to_value();
            count += 1;
        }
        Ok(count)
    }
}

/// What `for_each_word` tells of a value beside its word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    Null,
    Integer,
    Real,
    Text,
    Blob,
}

/// Hands every column of the record that is `bytes[record]` to `take`, in order, as class and word: the integer, the bits
/// of the real, or for texts and blobs where they begin in `bytes` (upper half) and how long they are. For who takes many
/// records apart: nothing is copied, and integers of every length are read in one way.
#[inline]
pub fn for_each_word(
    bytes: &[u8],
    record: std::ops::Range<usize>,
    mut take: impl FnMut(Class, i64),
) -> Result<(), Malformed> {
    let mut rest = bytes.get(record.clone()).ok_or(Malformed)?;
    let header_len = usize::try_from(varint::read(&mut rest)?).map_err(|_| Malformed)?;
    let (mut header, payload) = rest.split_at_checked(header_len).ok_or(Malformed)?;
    let mut start = record.end - payload.len();
    while let Some((&first, behind)) = header.split_first() {
        let (column_type, len) = match SHORT_LEN.get(usize::from(first)) {
            Some(&len) if len != NO_LEN => {
                header = behind;
                (u64::from(first), usize::from(len))
            }
            _ => {
                let column_type = varint::read(&mut header)?;
                (column_type, payload_len(column_type)?)
            }
        };
        if len > record.end - start {
            return Err(Malformed);
        }
        let (class, word) = match column_type {
            NULL => (Class::Null, 0),
            ZERO => (Class::Integer, 0),
            ONE => (Class::Integer, 1),
            3..=8 => (Class::Integer, integer_at(bytes, start, len)),
            REAL => {
                let word = integer_at(bytes, start, len);
                if f64::from_bits(word as u64).is_nan() {
                    return Err(Malformed);
                }
                (Class::Real, word)
            }
            10..=12 => (Class::Real, (integer_at(bytes, start, len) as f64).to_bits() as i64),
            _ => {
                let class = if column_type & 1 == 0 { Class::Text } else { Class::Blob };
                (class, (start as i64) << 32 | len as i64)
            }
        };
        take(class, word);
        start += len;
    }
    Ok(())
}

/// As `for_each_word`, of one column, counted from 0; `None` when the record is shorter.
#[inline]
pub fn column_word(record: &[u8], column: usize) -> Result<Option<(Class, i64)>, Malformed> {
    let header_len = usize::from(*record.first().ok_or(Malformed)?);
    let Some(types) = record.get(1..1 + header_len).filter(|_| header_len < 0x80) else {
        return column_word_of_any(record, column);
    };
    let Some(types) = types.get(..=column) else {
        return Ok(None);
    };
    // Types of one byte are only added up; what is longer, or none, is found out behind the loop.
    let (own, before) = (types[column], &types[..column]);
    let (mut start, mut longest, mut all) = (1 + header_len, 0, own);
    for &column_type in before {
        let len = SHORT_LEN[usize::from(column_type & 0x7f)];
        start += usize::from(len);
        longest = len.max(longest);
        all |= column_type;
    }
    let len = SHORT_LEN[usize::from(own & 0x7f)];
    if all >= 0x80 || longest.max(len) == NO_LEN {
        return column_word_of_any(record, column);
    }
    let len = usize::from(len);
    let end = start + len;
    if end > record.len() {
        return Err(Malformed);
    }
    Ok(Some(match u64::from(own) {
        NULL => (Class::Null, 0),
        ZERO => (Class::Integer, 0),
        ONE => (Class::Integer, 1),
        3..=8 => (Class::Integer, integer_before(record, end, len)),
        REAL => {
            let word = integer_before(record, end, len);
            if f64::from_bits(word as u64).is_nan() {
                return Err(Malformed);
            }
            (Class::Real, word)
        }
        10..=12 => (Class::Real, (integer_before(record, end, len) as f64).to_bits() as i64),
        _ => {
            let class = if own & 1 == 0 { Class::Text } else { Class::Blob };
            (class, (start as i64) << 32 | len as i64)
        }
    }))
}

/// `column_word` of a record with types of any length.
#[cold]
fn column_word_of_any(record: &[u8], column: usize) -> Result<Option<(Class, i64)>, Malformed> {
    let (mut at, mut found) = (0, None);
    for_each_word(record, 0..record.len(), |class, word| {
        if at == column {
            found = Some((class, word));
        }
        at += 1;
    })?;
    Ok(found)
}

/// A big-endian two's complement integer of 1 to 8 bytes that ends there; what stands before it is read too and cut off.
#[inline]
fn integer_before(bytes: &[u8], end: usize, len: usize) -> i64 {
    let cut = 64 - 8 * len;
    match bytes[..end].last_chunk() {
        Some(eight) => i64::from_be_bytes(*eight) << cut >> cut,
        None => signed_be(&bytes[end - len..end]),
    }
}

/// A big-endian two's complement integer of 1 to 8 bytes; what stands behind it is read too and cut off.
#[inline]
fn integer_at(bytes: &[u8], start: usize, len: usize) -> i64 {
    match bytes[start..].first_chunk() {
        Some(eight) => i64::from_be_bytes(*eight) >> (64 - 8 * len),
        None => signed_be(&bytes[start..start + len]),
    }
}

impl<'a> IntoIterator for &Record<'a> {
    type Item = Result<ValueRef<'a>, Malformed>;
    type IntoIter = RecordColumns<'a>;

    fn into_iter(self) -> RecordColumns<'a> {
        self.iter()
    }
}

/// Iterator over a record's columns.
#[derive(Clone, Debug)]
pub struct RecordColumns<'a> {
    header: &'a [u8],
    payload: &'a [u8],
}

impl<'a> RecordColumns<'a> {
    #[inline]
    fn take_column(&mut self) -> Result<(u64, &'a [u8]), Malformed> {
        let (column_type, len) = match self.header.split_first() {
            Some((&short, rest)) if SHORT_LEN.get(usize::from(short)).is_some_and(|&len| len != NO_LEN) => {
                self.header = rest;
                (u64::from(short), usize::from(SHORT_LEN[usize::from(short)]))
            }
            _ => {
                let column_type = varint::read(&mut self.header)?;
                (column_type, payload_len(column_type)?)
            }
        };
        let (column, rest) = self.payload.split_at_checked(len).ok_or(Malformed)?;
        self.payload = rest;
        Ok((column_type, column))
    }
}

impl<'a> Iterator for RecordColumns<'a> {
    type Item = Result<ValueRef<'a>, Malformed>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        if self.header.is_empty() {
            return None;
        }
        let column = self.take_column().and_then(|(column_type, payload)| decode(column_type, payload));
        if column.is_err() {
            self.header = &[];
        }
        Some(column)
    }

    /// Skips without decoding.
    fn nth(&mut self, n: usize) -> Option<Self::Item> {
        for _ in 0..n {
            if self.header.is_empty() {
                return None;
            }
            if let Err(malformed) = self.take_column() {
                self.header = &[];
                return Some(Err(malformed));
            }
        }
        self.next()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_values_take_little_room() {
        let mut out = Vec::new();
        encode_values(&[Value::Integer(1), Value::Null, Value::text("abc"), Value::Real(2.0)], &mut out);
        assert_eq!(out, [4, 2, 0, 22, 10, b'a', b'b', b'c', 2]);
        let record = Record::new(&out).unwrap();
        assert_eq!(record.len(), 4);
        assert_eq!(record.column(2), Ok(Some(ValueRef::Text(b"abc"))));
        assert_eq!(record.column(3), Ok(Some(ValueRef::Real(2.0))));
        assert_eq!(record.column(4), Ok(None));
    }

    #[test]
    fn a_rewritten_record_is_the_record_of_the_changed_row() {
        let long = vec![b'x'; 300];
        let samples = [
            Value::Null,
            Value::Integer(0),
            Value::Integer(-70_000),
            Value::Real(0.5),
            Value::text("short"),
            Value::blob(&long[..]),
        ];
        for width in [0, 1, 3, 130] {
            let row: Vec<Value> = (0..width).map(|column| samples[column % samples.len()].clone()).collect();
            let mut record = Vec::new();
            encode_values(&row, &mut record);
            for changed in [&[0][..], &[1], &[0, 2], &[2, 5], &[140], &[0, 129, 131]] {
                for (first, _) in samples.iter().enumerate() {
                    let changes: Vec<(usize, Value)> = (changed.iter().zip(first..))
                        .map(|(column, sample)| (*column, samples[sample % samples.len()].clone()))
                        .collect();
                    let mut expected = row.clone();
                    for (column, value) in &changes {
                        while expected.len() <= *column {
                            expected.push(Value::Integer(expected.len() as i64));
                        }
                        expected[*column] = value.clone();
                    }
                    let (mut wanted, mut rewritten) = (Vec::new(), Vec::new());
                    encode_values(&expected, &mut wanted);
                    let missing = |column: usize| ValueRef::Integer(column as i64);
                    rewrite(&record, &changes, missing, &mut rewritten).unwrap();
                    assert_eq!(rewritten, wanted, "{width} columns, {changed:?}");
                }
            }
        }
    }

    #[test]
    fn a_record_written_value_by_value_is_the_same_record() {
        let samples = [
            Value::Null,
            Value::Integer(1),
            Value::Real(0.5),
            Value::text("short"),
            Value::text("x".repeat(55)),
            Value::text("x".repeat(56)),
            Value::blob(vec![7; 20_000]),
        ];
        let (mut writer, mut written) = (RecordWriter::default(), Vec::new());
        for width in [0, 1, 2, 5, 126, 127, 128, 300] {
            for first in 0..samples.len() {
                for step in 0..samples.len() {
                    let row: Vec<Value> =
                        (0..width).map(|at| samples[(first + at * step) % samples.len()].clone()).collect();
                    let mut wanted = Vec::new();
                    encode_values(&row, &mut wanted);
                    writer.begin(row.len(), &mut written);
                    for value in &row {
                        writer.push(value.as_ref(), &mut written);
                    }
                    writer.finish(&mut written);
                    assert!(written == wanted, "{width} columns, {first} + {step}");
                }
            }
        }
    }

    #[test]
    fn a_column_is_found_as_all_columns_are() {
        let samples = [
            Value::Null,
            Value::Integer(0),
            Value::Integer(1),
            Value::Integer(-300),
            Value::Integer(i64::MIN),
            Value::Real(2.0),
            Value::Real(-0.1),
            Value::text("a"),
            Value::text("x".repeat(56)),
            Value::blob(vec![7; 300]),
        ];
        for width in [0, 1, 2, 9, 130] {
            for step in 1..samples.len() {
                let row: Vec<Value> =
                    (0..width).map(|at| samples[at * step % samples.len()].clone()).collect();
                let mut record = Vec::new();
                encode_values(&row, &mut record);
                let mut words = Vec::new();
                for_each_word(&record, 0..record.len(), |class, word| words.push((class, word))).unwrap();
                for (column, word) in words.iter().enumerate() {
                    assert_eq!(column_word(&record, column), Ok(Some(*word)), "{width}, {step}, {column}");
                }
                assert_eq!(column_word(&record, width), Ok(None));
                // Cut short it is an error, or has lost nothing of the column.
                for end in 0..record.len() {
                    for (column, word) in words.iter().enumerate() {
                        let found = column_word(&record[..end], column);
                        assert!(
                            found.is_err() || found == Ok(Some(*word)),
                            "{width}, {step}, {column}, {end}"
                        );
                    }
                }
            }
        }
        assert_eq!(column_word(&[2, 13, 1], 0), Err(Malformed));
        assert_eq!(column_word(&[2, 13, 1], 1), Err(Malformed));
    }

    #[test]
    fn integers_of_every_width_come_back() {
        for shift in 0..64 {
            for near in [-2_i64, -1, 0, 1, 2] {
                for value in [(1_i64 << shift).wrapping_add(near), (-1_i64 << shift).wrapping_add(near)] {
                    let mut out = Vec::new();
                    encode_values(&[Value::Integer(value), Value::Real(value as f64)], &mut out);
                    let record = Record::new(&out).unwrap();
                    assert_eq!(record.column(0), Ok(Some(ValueRef::Integer(value))));
                    assert_eq!(record.column(1), Ok(Some(ValueRef::Real(value as f64))));
                }
            }
        }
    }
}
