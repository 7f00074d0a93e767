//! Codes for values: equal values have the same code, counted from 0 in the order they are first seen.
//!
//! Equal is what GROUP BY and DISTINCT call equal: 1 and 1.0, NULL and NULL, texts under the collation. A row of several
//! values has the code of the pair of its first values' code and its last value's.

use pluresdb_value::key::{KeyColumn, encode_value};
use pluresdb_value::{Collation, ValueRef, compare_integer_real};

use super::column::{Column, Numbers};
use super::kept::KeptColumn;
use crate::execute::byte_codes::ByteCodes;
use crate::execute::key_hash::{ENTRY_SIZE, KeyMap};
use crate::execute::key_order;

/// Codes by 64-bit keys, none of which is ever removed: an array for keys in `0..dense.len()`, an open table for others.
///
/// The array grows with the number of keys, when enough of those in the table would come to lie in it: keys that are
/// numbers of rows, or another table's ids, end there.
#[derive(Clone)]
pub(super) struct IntegerCodes {
    /// Code + 1; 0: no such key yet.
    dense: Vec<u32>,
    /// How many keys `dense` has.
    dense_len: usize,
    /// Key and code + 1; 0 marks an empty place.
    places: Vec<(i64, u32)>,
    /// How many keys `places` has.
    len: usize,
}

/// The array has at most so many places for each key.
const DENSE_PLACES: usize = 4;
/// As long as it is small, so many: they take as many bytes as the table would.
const SPARSE_PLACES: usize = 32;
const SMALL_ARRAY: usize = 1 << 20;

impl Default for IntegerCodes {
    fn default() -> IntegerCodes {
        IntegerCodes { dense: Vec::new(), dense_len: 0, places: vec![(0, 0); 64], len: 0 }
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
        if let Some(code) = self.dense.get_mut(key as usize) {
            if *code == 0 {
                *code = next + 1;
                self.dense_len += 1;
            }
            return *code - 1;
        }
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

    #[inline]
    fn find(&self, key: i64) -> Option<u32> {
        if let Some(code) = self.dense.get(key as usize) {
            return code.checked_sub(1);
        }
        let mask = self.places.len() - 1;
        let mut place = Self::first_place(key, mask);
        loop {
            match self.places[place] {
                (_, 0) => return None,
                (found, code) if found == key => return Some(code - 1),
                _ => place = (place + 1) & mask,
            }
        }
    }

    /// The code of each key, or `NOT_FOUND`.
    fn find_all(&self, keys: &[i64], codes: &mut [u32]) {
        let dense = &self.dense[..];
        for (code, key) in codes.iter_mut().zip(keys) {
            *code = match dense.get(*key as usize) {
                // 0 becomes `NOT_FOUND`.
                Some(code) => code.wrapping_sub(1),
                None => self.find(*key).unwrap_or(NOT_FOUND),
            };
        }
    }

    /// Makes room: in the array, if half of the table's keys move there, else in the table.
    #[cold]
    fn grow(&mut self) {
        let old: Vec<(i64, u32)> =
            std::mem::take(&mut self.places).into_iter().filter(|(_, code)| *code != 0).collect();
        let keys = self.dense_len + self.len;
        let window = (keys * DENSE_PLACES).max((keys * SPARSE_PLACES).min(SMALL_ARRAY)).next_power_of_two();
        let moving = old.iter().filter(|(key, _)| (*key as usize) < window).count();
        if window > self.dense.len() && moving * 2 >= old.len() {
            self.dense.resize(window, 0);
        }
        let staying = old.iter().filter(|(key, _)| *key as usize >= self.dense.len()).count();
        let place_count = (staying * 8).next_power_of_two().max(64);
        self.places = vec![(0, 0); place_count];
        let mask = place_count - 1;
        for (key, code) in old {
            if let Some(dense) = self.dense.get_mut(key as usize) {
                *dense = code;
                self.dense_len += 1;
                continue;
            }
            let mut place = Self::first_place(key, mask);
            while self.places[place].1 != 0 {
                place = (place + 1) & mask;
            }
            self.places[place] = (key, code);
        }
        self.len = staying;
    }

    pub fn memory(&self) -> usize {
        self.dense.len() * 4 + self.places.len() * size_of::<(i64, u32)>()
    }
}

/// Codes of the values of one column.
#[derive(Clone)]
pub(in crate::execute) struct ValueCodes {
    collation: Collation,
    count: u32,
    null: Option<u32>,
    integers: IntegerCodes,
    texts: ByteCodes,
    /// Every other value by its key bytes.
    others: KeyMap<u32>,
    other_bytes: usize,
    key: Vec<u8>,
    /// Of the last dictionary's entries, as far as they occurred.
    entry_codes: Vec<u32>,
    /// Rows that came with the entries.
    entry_rows: usize,
    /// Which entries these are, where they outlast their batch.
    entries: Option<u64>,
    /// Whether NULL is looked for as any value is.
    finds_null: bool,
}

const NOT_YET: u32 = u32::MAX - 1;
/// The code of what has none.
pub(super) const NOT_FOUND: u32 = u32::MAX;

impl ValueCodes {
    pub fn new(collation: Collation) -> ValueCodes {
        ValueCodes {
            collation,
            count: 0,
            null: None,
            integers: IntegerCodes::default(),
            texts: ByteCodes::default(),
            others: KeyMap::default(),
            other_bytes: 0,
            key: Vec::new(),
            entry_codes: Vec::new(),
            entry_rows: 0,
            entries: None,
            finds_null: false,
        }
    }

    /// Makes room for so many texts at once.
    pub fn reserve_texts(&mut self, count: usize) {
        self.texts.reserve(count);
    }

    /// How many codes there are.
    pub fn count(&self) -> u32 {
        self.count
    }

    pub fn memory(&self) -> usize {
        self.integers.memory() + self.texts.memory() + self.other_bytes + self.entry_codes.len() * 4
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

    /// The code of a value, new or known.
    pub fn value(&mut self, value: ValueRef<'_>) -> u32 {
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

    /// The code of a value that was seen; NULL's only where it is looked for.
    fn find(&mut self, value: ValueRef<'_>) -> Option<u32> {
        match value {
            ValueRef::Null => return self.null.filter(|_| self.finds_null),
            ValueRef::Integer(integer) => return self.integers.find(integer),
            ValueRef::Real(real) => {
                let whole = real as i64;
                if compare_integer_real(whole, real).is_eq() {
                    return self.integers.find(whole);
                }
            }
            ValueRef::Text(text) if self.collation == Collation::Binary => return self.texts.find(text),
            ValueRef::Text(_) | ValueRef::Blob(_) => {}
        }
        self.key.clear();
        encode_value(value, KeyColumn { collation: self.collation, descending: false }, &mut self.key);
        self.others.get(self.key.as_slice()).copied()
    }

    /// The code of each row, `NOT_FOUND` for NULL and what was not seen.
    pub fn find_codes(&mut self, column: &Column<'_>, row_count: usize, codes: &mut Vec<u32>) {
        codes.clear();
        codes.reserve(row_count);
        match column {
            Column::Integers(Numbers { values, nulls: None }) => {
                codes.resize(row_count, NOT_FOUND);
                self.integers.find_all(values, codes);
            }
            // Of more texts than there are rows, most are not asked for.
            Column::Dictionary { codes: entry_of, entries } if entries.len() <= row_count => {
                self.entries = None;
                self.entry_codes.clear();
                self.entry_codes.resize(entries.len(), NOT_YET);
                let null = self.find(ValueRef::Null).unwrap_or(NOT_FOUND);
                for entry in entry_of {
                    codes.push(match self.entry_codes.get(*entry as usize) {
                        None => null,
                        Some(&NOT_YET) => {
                            let text = entries.get(*entry).map_or(ValueRef::Null, ValueRef::Text);
                            let code = self.find(text).unwrap_or(NOT_FOUND);
                            self.entry_codes[*entry as usize] = code;
                            code
                        }
                        Some(code) => *code,
                    });
                }
            }
            column => {
                codes.extend((0..row_count).map(|row| self.find(column.value(row)).unwrap_or(NOT_FOUND)));
            }
        }
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
                let identity = entries.identity();
                if identity.is_none() || identity != self.entries {
                    self.entry_codes.clear();
                    self.entries = identity;
                    self.entry_rows = 0;
                }
                self.entry_rows += row_count;
                // A place for each entry pays when there were as many rows: a join may keep far more texts than meet here.
                if self.entry_rows < entries.len() {
                    codes.extend(entry_of.iter().map(|entry| match entries.get(*entry) {
                        Some(text) => self.value(ValueRef::Text(text)),
                        None => self.null(),
                    }));
                    return;
                }
                self.entry_codes.resize(entries.len(), NOT_YET);
                for entry in entry_of {
                    codes.push(match self.entry_codes.get(*entry as usize) {
                        None => self.null(),
                        Some(&NOT_YET) => {
                            let code = self.value(entries.get(*entry).map_or(ValueRef::Null, ValueRef::Text));
                            self.entry_codes[*entry as usize] = code;
                            code
                        }
                        Some(code) => *code,
                    });
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

    /// As `new`, of rows whose NULLs are looked for as other values are.
    pub fn of_nulls_too(collations: impl Iterator<Item = Collation>) -> RowCodes {
        let mut codes = RowCodes::new(collations);
        for column in &mut codes.columns {
            column.finds_null = true;
        }
        codes
    }

    /// Whether texts of a column are equal only when they are the same.
    pub fn is_binary(&self, column: usize) -> bool {
        self.columns[column].collation == Collation::Binary
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

    /// As `column`, but gives no new codes: rows that were not seen before get `NOT_FOUND`.
    pub fn find_column(&mut self, index: usize, column: &Column<'_>, row_count: usize, codes: &mut Vec<u32>) {
        if index == 0 {
            self.columns[0].find_codes(column, row_count, codes);
            return;
        }
        self.columns[index].find_codes(column, row_count, &mut self.of_column);
        let (pairs, _) = &self.pairs[index - 1];
        for (code, other) in codes.iter_mut().zip(&self.of_column) {
            if *code != NOT_FOUND {
                let pair = i64::from(*code) << 32 | i64::from(*other);
                *code = if *other == NOT_FOUND { NOT_FOUND } else { pairs.find(pair).unwrap_or(NOT_FOUND) };
            }
        }
    }
}

/// The order in which groups come out: that of their key values.
pub(super) fn order_of_groups(keys: &[&KeptColumn], columns: &[KeyColumn]) -> Vec<u32> {
    let count = keys.first().map_or(0, |key| key.len());
    if let ([KeptColumn::Integers(Numbers { values, nulls: None })], [column]) = (keys, columns) {
        let mut order: Vec<(i64, u32)> = values.iter().copied().zip(0..).collect();
        order.sort_unstable();
        let groups = order.into_iter().map(|(_, group)| group);
        return if column.descending { groups.rev().collect() } else { groups.collect() };
    }
    // All keys' bytes, one after the other.
    let mut bytes = Vec::new();
    let mut ends = Vec::with_capacity(count);
    for group in 0..count {
        for (key, column) in keys.iter().zip(columns) {
            encode_value(key.value(group), *column, &mut bytes);
        }
        ends.push(bytes.len());
    }
    key_order::sorted(count, |group| {
        &bytes[group.checked_sub(1).map_or(0, |before| ends[before])..ends[group]]
    })
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
            assert_eq!(codes.find(key * 7919), Some(key as u32));
        }
        assert_eq!(codes.find(1), None);
        assert_eq!(codes.find(-7919), None);
    }

    #[test]
    fn keys_that_lie_close_come_to_stand_in_an_array() {
        let mut codes = IntegerCodes::default();
        let keys =
            || (0..20_000).map(|step: i64| step * 7919 % 20_011).chain(-50..0).chain([i64::MAX, i64::MIN]);
        let known: Vec<u32> = keys().zip(0..).map(|(key, next)| codes.code(key, next)).collect();
        assert!(known.iter().copied().eq(0..known.len() as u32));
        assert!(codes.dense_len > 15_000, "{} keys are in the array", codes.dense_len);
        assert!(keys().zip(0..).all(|(key, code)| codes.find(key) == Some(code)));
    }
}
