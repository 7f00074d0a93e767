//! Values as hash keys: the key bytes of `pluresdb_value::key`, which are equal exactly when SQL's values are.
//!
//! So 1 and 1.0 meet, 'a' and 'A' under NOCASE, and NULL and NULL (which joins must keep out themselves).

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

use pluresdb_value::key::{KeyColumn, encode_value};
use pluresdb_value::{Collation, ValueRef};

use crate::error::Result;
use crate::session::Session;

pub(crate) type KeyMap<V> = HashMap<Box<[u8]>, V, BuildHasherDefault<KeyHasher>>;
pub(crate) type KeySet = HashSet<Box<[u8]>, BuildHasherDefault<KeyHasher>>;

/// What an entry of a `KeyMap` costs beside the key's bytes.
pub(crate) const ENTRY_SIZE: usize = 48;

/// Appends the value's key bytes; of a text under a collation of the application, those of its label.
#[inline]
pub(crate) fn push_key(
    value: ValueRef<'_>,
    collation: Collation,
    key: &mut Vec<u8>,
    session: &Session,
) -> Result<()> {
    push_column_key(value, KeyColumn { collation, descending: false }, key, session)
}

/// The same for a column that may be descending.
#[inline]
pub(crate) fn push_column_key(
    value: ValueRef<'_>,
    column: KeyColumn,
    key: &mut Vec<u8>,
    session: &Session,
) -> Result<()> {
    match (column.collation, value) {
        (Collation::Custom(id), ValueRef::Text(text)) => {
            encode_value(ValueRef::Text(&session.label(id, text)?), column, key);
        }
        _ => encode_value(value, column, key),
    }
    Ok(())
}

/// Multiplies eight bytes at a time and folds the product: key bytes are short and the tables are ours.
#[derive(Default)]
pub(crate) struct KeyHasher(u64);

/// 2⁶⁴ divided by the golden ratio: products of numbers in a row lie far apart.
pub(super) const MULTIPLIER: u64 = 0x9e37_79b9_7f4a_7c15;

impl KeyHasher {
    #[inline]
    fn mix(&mut self, word: u64) {
        let product = u128::from(self.0.rotate_left(23) ^ word) * u128::from(MULTIPLIER);
        self.0 = product as u64 ^ (product >> 64) as u64;
    }
}

impl Hasher for KeyHasher {
    #[inline]
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.mix(u64::from_le_bytes(*word));
        }
        if !rest.is_empty() {
            let mut last = [0; 8];
            last[..rest.len()].copy_from_slice(rest);
            self.mix(u64::from_le_bytes(last));
        }
    }

    #[inline]
    fn write_usize(&mut self, length: usize) {
        self.mix(length as u64);
    }

    #[inline]
    fn finish(&self) -> u64 {
        // The table takes the low bits for the place and the high ones for the tag: both must be mixed.
        self.0 ^ (self.0 >> 32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn distinct_halves(texts: impl Iterator<Item = String>) -> usize {
        let half = |text: String| {
            let mut hasher = KeyHasher::default();
            hasher.write_usize(text.len());
            hasher.write(text.as_bytes());
            (hasher.finish() >> 32) as u32
        };
        texts.map(half).collect::<HashSet<_>>().len()
    }

    /// 32 random bits of 100,000 texts would be the same of one or two.
    #[test]
    fn texts_as_applications_have_them_differ_in_the_upper_half_of_their_hash() {
        let numbers = 0..100_000;
        assert!(distinct_halves(numbers.clone().map(|n| format!("person.{n}@example.org"))) > 99_900);
        assert!(distinct_halves(numbers.clone().map(|n| format!("src/components/file{n}.ts"))) > 99_900);
        assert!(distinct_halves(numbers.clone().map(|n| n.to_string())) > 99_900);
        assert!(distinct_halves(numbers.map(|n| format!("{n:032x}"))) > 99_900);
    }
}
