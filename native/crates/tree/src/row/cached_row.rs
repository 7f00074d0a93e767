//! One row in one piece, as a row cache keeps it and as it is copied from there.
//!
//!     rowid i64 | column count u8 | (kind u8, end of its value u8) per column | values
//!
//! Ends count from the rowid on. An integer has one, four or eight bytes, whichever it needs.

use pluresdb_value::ValueRef;

use crate::RowView;

/// Words of a row at most: their bytes are counted in one byte.
pub(super) const MOST_WORDS: usize = 31;
const MOST_BYTES: usize = MOST_WORDS * size_of::<u64>();

/// A row as a cache keeps it.
pub(super) struct Payload {
    bytes: [u8; MOST_BYTES],
    len: usize,
}

const ROWID_LEN: usize = 8;
/// The rowid and the number of columns.
const HEADER_LEN: usize = ROWID_LEN + 1;

#[derive(Clone, Copy)]
#[repr(u8)]
enum Kind {
    /// The row was written before the column existed.
    Missing,
    Null,
    Integer,
    Real,
    Text,
    Blob,
}

impl Payload {
    pub(super) fn of(row: &RowView, slots: usize) -> Option<Payload> {
        let mut payload = Payload { bytes: [0; MOST_BYTES], len: HEADER_LEN + 2 * slots };
        if payload.len > MOST_BYTES {
            return None;
        }
        payload.bytes[..ROWID_LEN].copy_from_slice(&row.rowid().to_le_bytes());
        payload.bytes[ROWID_LEN] = u8::try_from(slots).ok()?;
        for slot in 0..slots {
            let kind = match row.value_in_leaf(slot)? {
                None => Kind::Missing,
                Some(ValueRef::Null) => Kind::Null,
                Some(ValueRef::Integer(integer)) => {
                    payload.push_integer(integer)?;
                    Kind::Integer
                }
                Some(ValueRef::Real(real)) => {
                    payload.push(&real.to_le_bytes())?;
                    Kind::Real
                }
                Some(ValueRef::Text(bytes)) => {
                    payload.push(bytes)?;
                    Kind::Text
                }
                Some(ValueRef::Blob(bytes)) => {
                    payload.push(bytes)?;
                    Kind::Blob
                }
            };
            let end = payload.len as u8;
            payload.bytes[HEADER_LEN + 2 * slot..][..2].copy_from_slice(&[kind as u8, end]);
        }
        Some(payload)
    }

    fn push_integer(&mut self, integer: i64) -> Option<()> {
        if let Ok(integer) = i8::try_from(integer) {
            self.push(&integer.to_le_bytes())
        } else if let Ok(integer) = i32::try_from(integer) {
            self.push(&integer.to_le_bytes())
        } else {
            self.push(&integer.to_le_bytes())
        }
    }

    fn push(&mut self, bytes: &[u8]) -> Option<()> {
        self.bytes.get_mut(self.len..)?.get_mut(..bytes.len())?.copy_from_slice(bytes);
        self.len += bytes.len();
        Some(())
    }

    pub(super) fn words(&self) -> &[[u8; 8]] {
        &self.bytes.as_chunks().0[..self.len.div_ceil(8)]
    }
}

/// A copy of a row that a cache had.
pub struct CachedRow {
    bytes: [u8; MOST_BYTES],
}

impl Default for CachedRow {
    fn default() -> CachedRow {
        CachedRow { bytes: [0; MOST_BYTES] }
    }
}

impl CachedRow {
    /// For the words of a payload.
    #[inline]
    pub(super) fn words_mut(&mut self) -> &mut [[u8; 8]] {
        self.bytes.as_chunks_mut().0
    }

    #[inline]
    pub fn rowid(&self) -> i64 {
        i64::from_le_bytes(*self.bytes.first_chunk().expect("it is longer"))
    }

    /// None: the row was written before the slot existed.
    #[inline]
    pub fn column(&self, slot: usize) -> Option<ValueRef<'_>> {
        let count = usize::from(self.bytes[ROWID_LEN]);
        if slot >= count {
            return None;
        }
        let start = match slot {
            0 => HEADER_LEN + 2 * count,
            _ => usize::from(self.bytes[HEADER_LEN + 2 * slot - 1]),
        };
        let [kind, end] = [self.bytes[HEADER_LEN + 2 * slot], self.bytes[HEADER_LEN + 2 * slot + 1]];
        let bytes = &self.bytes[start..usize::from(end)];
        const MISSING: u8 = Kind::Missing as u8;
        const INTEGER: u8 = Kind::Integer as u8;
        const REAL: u8 = Kind::Real as u8;
        const TEXT: u8 = Kind::Text as u8;
        const BLOB: u8 = Kind::Blob as u8;
        match kind {
            MISSING => None,
            INTEGER => Some(ValueRef::Integer(integer_of(bytes))),
            REAL => Some(ValueRef::Real(f64::from_bits(integer_of(bytes) as u64))),
            TEXT => Some(ValueRef::Text(bytes)),
            BLOB => Some(ValueRef::Blob(bytes)),
            _ => Some(ValueRef::Null),
        }
    }
}

/// Of one, four or eight bytes.
#[inline]
fn integer_of(bytes: &[u8]) -> i64 {
    match *bytes {
        [byte] => i64::from(byte.cast_signed()),
        [a, b, c, d] => i64::from(i32::from_le_bytes([a, b, c, d])),
        _ => bytes.try_into().map_or(0, i64::from_le_bytes),
    }
}
