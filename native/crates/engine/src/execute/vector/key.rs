//! Codes for values: equal values have the same code, counted from 0 in the order they are first seen.
//!
//! Equal is what GROUP BY and DISTINCT call equal: 1 and 1.0, NULL and NULL, texts under the collation. A row of several
//! values has the code of the pair of its first values' code and its last value's.

use std::hash::Hasher;

use pluresdb_value::key::{KeyColumn, encode_value};
use pluresdb_value::{Collation, Value, ValueRef, compare_integer_real};

use super::column::{Column, Numbers};
use crate::execute::key_hash::{ENTRY_SIZE, KeyHasher, KeyMap};

/// Codes by 64-bit keys: an open table without removal.
pub(super) struct IntegerCodes {
    /// Key and code + 1; 0 marks an empty place.
    places: Vec<(i64, u32)>,
    len: usize,
}

impl Default for IntegerCodes {
    fn default() -> IntegerCodes {
        IntegerCodes { places: vec![(0, 0); 64], len: 0 }
    }
}

impl IntegerCodes {
    #[inline]
    fn first_place(key: i64, mask: usize) -> usize {
        let mixed = (key as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (mixed ^ (mixed >> 32)) as usize & mask
    }

    /// The key's code; `next` when it is new.
    #[inline]
    pub fn code(&mut self, key: i64, next: u32) -> u32 {
        let mask = self.places.len() - 1;
        let mut place = Self::first_place(key, mask);
        loop {
            let (found, code) = self.places[place];
            if code == 0 {
                break;
            }
            if found == key {
                return code - 1;
            }
            place = (place + 1) & mask;
        }
        self.places[place] = (key, next + 1);
        self.len += 1;
        if self.len * 2 > self.places.len() {
            self.grow();
        }
        next
    }

    #[cold]
    fn grow(&mut self) {
        let mut places = vec![(0, 0); self.places.len() * 4];
        let mask = places.len() - 1;
        for (key, code) in self.places.iter().filter(|(_, code)| *code != 0) {
            let mut place = Self::first_place(*key, mask);
            while places[place].1 != 0 {
                place = (place + 1) & mask;
            }
            places[place] = (*key, *code);
        }
        self.places = places;
    }

    pub fn memory(&self) -> usize {
        self.places.len() * size_of::<(i64, u32)>()
    }
}

/// Codes of texts compared byte by byte.
#[derive(Default)]
struct TextCodes {
    /// The upper half of the hash, and entry + 1; 0 marks an empty place.
    places: Vec<(u32, u32)>,
    /// All texts, one after the other.
    bytes: Vec<u8>,
    /// Where each text ends, and its code.
    entries: Vec<(usize, u32)>,
}

impl TextCodes {
    fn hash(text: &[u8]) -> u64 {
        let mut hasher = KeyHasher::default();
        hasher.write(text);
        hasher.write_usize(text.len());
        hasher.finish()
    }

    fn text(&self, entry: usize) -> &[u8] {
        let start = entry.checked_sub(1).map_or(0, |before| self.entries[before].0);
        &self.bytes[start..self.entries[entry].0]
    }

    /// The text's code; `next` when it is new.
    fn code(&mut self, text: &[u8], next: u32) -> u32 {
        if self.entries.len() * 2 >= self.places.len() {
            self.grow();
        }
        let hash = Self::hash(text);
        let (mask, tag) = (self.places.len() - 1, (hash >> 32) as u32);
        let mut place = hash as usize & mask;
        loop {
            let (found, entry) = self.places[place];
            if entry == 0 {
                break;
            }
            if found == tag && self.text(entry as usize - 1) == text {
                return self.entries[entry as usize - 1].1;
            }
            place = (place + 1) & mask;
        }
        self.bytes.extend_from_slice(text);
        self.entries.push((self.bytes.len(), next));
        self.places[place] = (tag, self.entries.len() as u32);
        next
    }

    #[cold]
    fn grow(&mut self) {
        let len = (self.places.len() * 4).max(256);
        let mut places = vec![(0, 0); len];
        for entry in 0..self.entries.len() {
            let hash = Self::hash(self.text(entry));
            let mut place = hash as usize & (len - 1);
            while places[place].1 != 0 {
                place = (place + 1) & (len - 1);
            }
            places[place] = ((hash >> 32) as u32, entry as u32 + 1);
        }
        self.places = places;
    }

    fn memory(&self) -> usize {
        self.places.len() * 8 + self.bytes.len() + self.entries.len() * 16
    }
}

/// Codes of the values of one column.
pub(super) struct ValueCodes {
    collation: Collation,
    count: u32,
    null: Option<u32>,
    integers: IntegerCodes,
    texts: TextCodes,
    /// Every other value by its key bytes.
    others: KeyMap<u32>,
    other_bytes: usize,
    key: Vec<u8>,
    /// Of the last dictionary's entries, as far as they occurred.
    entry_codes: Vec<u32>,
}

const NOT_YET: u32 = u32::MAX;

impl ValueCodes {
    pub fn new(collation: Collation) -> ValueCodes {
        ValueCodes {
            collation,
            count: 0,
            null: None,
            integers: IntegerCodes::default(),
            texts: TextCodes::default(),
            others: KeyMap::default(),
            other_bytes: 0,
            key: Vec::new(),
            entry_codes: Vec::new(),
        }
    }

    /// How many codes there are.
    pub fn count(&self) -> u32 {
        self.count
    }

    pub fn memory(&self) -> usize {
        self.integers.memory() + self.texts.memory() + self.other_bytes
    }

    #[inline]
    fn integer(&mut self, integer: i64) -> u32 {
        let code = self.integers.code(integer, self.count);
        self.count += u32::from(code == self.count);
        code
    }

    #[inline]
    fn text(&mut self, text: &[u8]) -> u32 {
        let code = self.texts.code(text, self.count);
        self.count += u32::from(code == self.count);
        code
    }

    fn null(&mut self) -> u32 {
        let count = &mut self.count;
        *self.null.get_or_insert_with(|| {
            *count += 1;
            *count - 1
        })
    }

    fn value(&mut self, value: ValueRef<'_>) -> u32 {
        match value {
            ValueRef::Null => return self.null(),
            ValueRef::Integer(integer) => return self.integer(integer),
            ValueRef::Real(real) => {
                let whole = real as i64;
                if compare_integer_real(whole, real).is_eq() {
                    return self.integer(whole);
                }
            }
            ValueRef::Text(text) if self.collation == Collation::Binary => return self.text(text),
            ValueRef::Text(_) | ValueRef::Blob(_) => {}
        }
        self.key.clear();
        encode_value(value, KeyColumn { collation: self.collation, descending: false }, &mut self.key);
        if let Some(code) = self.others.get(self.key.as_slice()) {
            return *code;
        }
        self.other_bytes += self.key.len() + ENTRY_SIZE;
        self.others.insert(self.key.as_slice().into(), self.count);
        self.count += 1;
        self.count - 1
    }

    /// The code of each row.
    pub fn codes(&mut self, column: &Column<'_>, row_count: usize, codes: &mut Vec<u32>) {
        codes.clear();
        codes.reserve(row_count);
        match column {
            Column::Integers(Numbers { values, nulls: None }) => {
                codes.extend(values.iter().map(|integer| self.integer(*integer)));
            }
            Column::Dictionary { codes: entry_of, entries } => {
                self.entry_codes.clear();
                self.entry_codes.resize(entries.len() + 1, NOT_YET);
                for entry in entry_of {
                    let entry = *entry as usize;
                    if self.entry_codes[entry] == NOT_YET {
                        self.entry_codes[entry] = match entries.get(entry) {
                            Some(text) => self.value(ValueRef::Text(text)),
                            None => self.null(),
                        };
                    }
                    codes.push(self.entry_codes[entry]);
                }
            }
            Column::Constant(value) => {
                if row_count > 0 {
                    let code = self.value(value.as_ref());
                    codes.resize(row_count, code);
                }
            }
            column => codes.extend((0..row_count).map(|row| self.value(column.value(row)))),
        }
    }
}

/// Codes of rows of several columns.
pub(super) struct RowCodes {
    columns: Vec<ValueCodes>,
    /// Of the pairs (code so far, code of the next column).
    pairs: Vec<(IntegerCodes, u32)>,
    of_column: Vec<u32>,
}

impl RowCodes {
    /// At least one column.
    pub fn new(collations: impl Iterator<Item = Collation>) -> RowCodes {
        let columns: Vec<ValueCodes> = collations.map(ValueCodes::new).collect();
        let pairs = columns.iter().skip(1).map(|_| (IntegerCodes::default(), 0)).collect();
        RowCodes { columns, pairs, of_column: Vec::new() }
    }

    /// How many codes there are.
    pub fn count(&self) -> u32 {
        match (self.pairs.last(), self.columns.first()) {
            (Some((_, count)), _) => *count,
            (None, Some(column)) => column.count(),
            (None, None) => 0,
        }
    }

    pub fn memory(&self) -> usize {
        let pairs: usize = self.pairs.iter().map(|(codes, _)| codes.memory()).sum();
        pairs + self.columns.iter().map(ValueCodes::memory).sum::<usize>()
    }

    /// Takes the next column into the codes; call it once for each column, in order.
    pub fn column(&mut self, index: usize, column: &Column<'_>, row_count: usize, codes: &mut Vec<u32>) {
        if index == 0 {
            self.columns[0].codes(column, row_count, codes);
            return;
        }
        self.columns[index].codes(column, row_count, &mut self.of_column);
        let (pairs, count) = &mut self.pairs[index - 1];
        for (code, other) in codes.iter_mut().zip(&self.of_column) {
            let pair = i64::from(*code) << 32 | i64::from(*other);
            *code = pairs.code(pair, *count);
            *count += u32::from(*code == *count);
        }
    }
}

/// The order in which groups come out: that of their key values.
pub(super) fn order_of_groups(keys: &[Vec<Value>], collations: &[Collation]) -> Vec<u32> {
    let mut order: Vec<u32> = (0..keys.len() as u32).collect();
    if let [_] = collations
        && let Some(integers) = keys.iter().map(|key| integer_rank(&key[0])).collect::<Option<Vec<_>>>()
    {
        order.sort_unstable_by_key(|group| integers[*group as usize]);
        return order;
    }
    let mut bytes = Vec::new();
    let encoded: Vec<Box<[u8]>> = keys
        .iter()
        .map(|key| {
            bytes.clear();
            for (value, collation) in key.iter().zip(collations) {
                let column = KeyColumn { collation: *collation, descending: false };
                encode_value(value.as_ref(), column, &mut bytes);
            }
            bytes.as_slice().into()
        })
        .collect();
    order.sort_unstable_by(|a, b| encoded[*a as usize].cmp(&encoded[*b as usize]));
    order
}

/// NULL comes before every integer.
fn integer_rank(value: &Value) -> Option<(bool, i64)> {
    match value {
        Value::Null => Some((false, 0)),
        Value::Integer(integer) => Some((true, *integer)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes_of(values: &[ValueRef<'_>], collation: Collation) -> Vec<u32> {
        let mut codes = Vec::new();
        let column = Column::Values(values.to_vec());
        ValueCodes::new(collation).codes(&column, values.len(), &mut codes);
        codes
    }

    #[test]
    fn values_that_sql_calls_equal_have_one_code() {
        let values = [
            ValueRef::Integer(1),
            ValueRef::Real(1.0),
            ValueRef::Text(b"1"),
            ValueRef::Null,
            ValueRef::Blob(b"1"),
            ValueRef::Real(-0.0),
            ValueRef::Integer(0),
            ValueRef::Real(0.5),
            ValueRef::Null,
            ValueRef::Real(1e300),
        ];
        assert_eq!(codes_of(&values, Collation::Binary), [0, 0, 1, 2, 3, 4, 4, 5, 2, 6]);
        let texts = [ValueRef::Text(b"a"), ValueRef::Text(b"A"), ValueRef::Text(b"b")];
        assert_eq!(codes_of(&texts, Collation::NoCase), [0, 0, 1]);
        assert_eq!(codes_of(&texts, Collation::Binary), [0, 1, 2]);
    }

    #[test]
    fn an_open_table_finds_its_keys_when_it_has_grown() {
        let mut codes = IntegerCodes::default();
        for key in 0..10_000 {
            assert_eq!(codes.code(key * 7919, key as u32), key as u32);
        }
        for key in 0..10_000 {
            assert_eq!(codes.code(key * 7919, u32::MAX - 1), key as u32);
        }
    }
}
