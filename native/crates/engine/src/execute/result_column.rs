//! A statement's rows by column: for charts and data work, where one array per column serves better than one object per row.
//!
//! A column takes the narrowest kind that holds all its values: integers, reals, texts as codes into a dictionary, blobs one
//! behind the other, and values as they are where these differ in kind. Integers among reals become reals as long as a
//! real holds them exactly.

use std::hash::Hasher;

use pluresdb_value::{Value, ValueRef};

use crate::text_hash::TextHasher;

/// One column of a whole result.
#[derive(Debug, PartialEq)]
pub struct ResultColumn {
    pub values: ColumnValues,
    /// A bit per row, the lowest first, 1 where there is a value; None when no row is NULL. Where one is, `values` hold 0, the
    /// first text or an empty blob.
    pub validity: Option<Vec<u8>>,
}

#[derive(Debug, PartialEq)]
pub enum ColumnValues {
    /// Nothing but NULL, so many times.
    Null(usize),
    Integer(Vec<i64>),
    Real(Vec<f64>),
    Text {
        /// Per row, which of the texts.
        codes: Vec<u32>,
        texts: Texts,
    },
    Blob(Texts),
    /// With NULL among them.
    Mixed(Vec<Value>),
}

/// Texts or blobs, one behind the other.
#[derive(Debug, Default, PartialEq)]
pub struct Texts {
    pub bytes: Vec<u8>,
    /// Where each one ends.
    pub ends: Vec<usize>,
}

impl Texts {
    fn push(&mut self, text: &[u8]) {
        self.bytes.extend_from_slice(text);
        self.ends.push(self.bytes.len());
    }

    pub fn get(&self, index: usize) -> &[u8] {
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.bytes[start..self.ends[index]]
    }

    pub fn iter(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.ends.len()).map(|index| self.get(index))
    }
}

/// Values come in, a column goes out.
#[derive(Default)]
pub(crate) struct ColumnBuilder {
    kind: Building,
    rows: usize,
    /// Of the rows up to the last NULL; empty when there is none.
    validity: Vec<u8>,
}

#[derive(Default)]
enum Building {
    #[default]
    Null,
    Integer(Vec<i64>),
    Real(Vec<f64>),
    Text(Vec<u32>, Dictionary),
    Blob(Texts),
    Mixed(Vec<Value>),
}

impl ColumnBuilder {
    #[inline]
    pub fn push(&mut self, value: ValueRef<'_>) {
        match (&mut self.kind, value) {
            (Building::Integer(values), ValueRef::Integer(integer)) => values.push(integer),
            (Building::Real(values), ValueRef::Real(real)) => values.push(real),
            (Building::Text(codes, dictionary), ValueRef::Text(text)) => codes.push(dictionary.code(text)),
            _ => self.push_other(value),
        }
        self.rows += 1;
    }

    pub fn push_integers(&mut self, integers: &[i64]) {
        if let Building::Integer(values) = &mut self.kind {
            values.extend_from_slice(integers);
            self.rows += integers.len();
        } else {
            for &integer in integers {
                self.push(ValueRef::Integer(integer));
            }
        }
    }

    pub fn push_reals(&mut self, reals: &[f64]) {
        if let Building::Real(values) = &mut self.kind {
            values.extend_from_slice(reals);
            self.rows += reals.len();
        } else {
            for &real in reals {
                self.push(ValueRef::Real(real));
            }
        }
    }

    /// Texts by a dictionary of so many; `entry` is the text of a code, None for NULL's.
    pub fn push_dictionary<'a>(
        &mut self,
        codes: &[u32],
        count: usize,
        entry: impl Fn(u32) -> Option<&'a [u8]>,
    ) {
        // Ours, once they have been asked for.
        let mut known: Vec<Option<u32>> = vec![None; count];
        for &code in codes {
            let Some(text) = entry(code) else {
                self.push(ValueRef::Null);
                continue;
            };
            let Building::Text(ours, dictionary) = &mut self.kind else {
                self.push(ValueRef::Text(text));
                continue;
            };
            let code = *known[code as usize].get_or_insert_with(|| dictionary.code(text));
            ours.push(code);
            self.rows += 1;
        }
    }

    fn push_other(&mut self, value: ValueRef<'_>) {
        if matches!(value, ValueRef::Null) {
            self.note_null();
        }
        match (&mut self.kind, value) {
            (Building::Null, ValueRef::Null) => {}
            (Building::Null, _) => {
                self.kind = Building::first(value, self.rows);
                self.push_other(value);
            }
            (Building::Integer(values), ValueRef::Integer(integer)) => values.push(integer),
            (Building::Integer(values), ValueRef::Null) => values.push(0),
            (Building::Real(values), ValueRef::Real(real)) => values.push(real),
            (Building::Real(values), ValueRef::Null) => values.push(0.0),
            (Building::Real(values), ValueRef::Integer(integer)) if is_exact(integer) => {
                values.push(integer as f64);
            }
            (Building::Text(codes, dictionary), ValueRef::Text(text)) => codes.push(dictionary.code(text)),
            (Building::Text(codes, _), ValueRef::Null) => codes.push(0),
            (Building::Blob(blobs), ValueRef::Blob(blob)) => blobs.push(blob),
            (Building::Blob(blobs), ValueRef::Null) => blobs.push(&[]),
            (Building::Mixed(values), _) => values.push(value.to_value()),
            (Building::Integer(integers), ValueRef::Real(real)) if integers.iter().all(|&i| is_exact(i)) => {
                let mut values: Vec<f64> = integers.iter().map(|&integer| integer as f64).collect();
                values.push(real);
                self.kind = Building::Real(values);
            }
            (Building::Integer(_) | Building::Real(_) | Building::Text(..) | Building::Blob(_), _) => {
                let mut values = self.values_so_far();
                values.push(value.to_value());
                self.kind = Building::Mixed(values);
            }
        }
    }

    fn note_null(&mut self) {
        self.validity.resize(self.rows / 8 + 1, 0xff);
        self.validity[self.rows / 8] &= !(1 << (self.rows % 8));
    }

    fn is_null(&self, row: usize) -> bool {
        self.validity.get(row / 8).is_some_and(|byte| byte & (1 << (row % 8)) == 0)
    }

    #[cold]
    fn values_so_far(&self) -> Vec<Value> {
        let value = |row: usize| match &self.kind {
            _ if self.is_null(row) => Value::Null,
            Building::Null => Value::Null,
            Building::Integer(values) => Value::Integer(values[row]),
            Building::Real(values) => Value::real(values[row]),
            Building::Text(codes, dictionary) => Value::text(dictionary.texts.get(codes[row] as usize)),
            Building::Blob(blobs) => Value::blob(blobs.get(row)),
            Building::Mixed(values) => values[row].clone(),
        };
        (0..self.rows).map(value).collect()
    }

    pub fn finish(mut self) -> ResultColumn {
        let values = match self.kind {
            Building::Null => ColumnValues::Null(self.rows),
            Building::Integer(values) => ColumnValues::Integer(values),
            Building::Real(values) => ColumnValues::Real(values),
            Building::Text(codes, dictionary) => ColumnValues::Text { codes, texts: dictionary.texts },
            Building::Blob(blobs) => ColumnValues::Blob(blobs),
            Building::Mixed(values) => ColumnValues::Mixed(values),
        };
        let has_nulls = !self.validity.is_empty();
        self.validity.resize(self.rows.div_ceil(8), 0xff);
        ResultColumn { values, validity: has_nulls.then_some(self.validity) }
    }
}

impl Building {
    /// The kind of the first value that is not NULL, with so many NULLs before it.
    fn first(value: ValueRef<'_>, nulls: usize) -> Building {
        match value {
            ValueRef::Null => Building::Null,
            ValueRef::Integer(_) => Building::Integer(vec![0; nulls]),
            ValueRef::Real(_) => Building::Real(vec![0.0; nulls]),
            ValueRef::Text(_) => Building::Text(vec![0; nulls], Dictionary::default()),
            ValueRef::Blob(_) => Building::Blob(Texts { bytes: Vec::new(), ends: vec![0; nulls] }),
        }
    }
}

/// Whether a real holds the integer.
fn is_exact(integer: i64) -> bool {
    integer.unsigned_abs() <= 1 << 53
}

/// Different texts, numbered as they come.
#[derive(Default)]
struct Dictionary {
    texts: Texts,
    /// By hash, by open addressing; at least twice as many places as texts.
    places: Vec<Place>,
    last: u32,
}

#[derive(Clone, Copy)]
struct Place {
    code: u32,
    /// A part of the text's hash that says nothing of the place.
    tag: u32,
}

const FREE: Place = Place { code: u32::MAX, tag: 0 };

impl Dictionary {
    #[inline]
    fn code(&mut self, text: &[u8]) -> u32 {
        // Rows that lie together often have the same text.
        if !self.texts.ends.is_empty() && self.texts.get(self.last as usize) == text {
            return self.last;
        }
        if self.texts.ends.len() * 2 >= self.places.len() {
            self.grow();
        }
        let (at, tag) = self.find(text);
        if self.places[at].code == FREE.code {
            let code = u32::try_from(self.texts.ends.len()).ok().filter(|code| *code != FREE.code);
            let code = code.expect("a result has fewer than 2^32 - 1 texts");
            self.places[at] = Place { code, tag };
            self.texts.push(text);
        }
        self.last = self.places[at].code;
        self.last
    }

    /// Where the text is, or is to be, and its tag.
    #[inline]
    fn find(&self, text: &[u8]) -> (usize, u32) {
        let mask = self.places.len() - 1;
        let mut hasher = TextHasher::default();
        hasher.write(text);
        // The upper half of the product depends on all bits of the hash.
        let mixed = (u128::from(hasher.finish()) * 0x9e37_79b9_7f4a_7c15) >> 32;
        let (tag, mut at) = (mixed as u32, (mixed >> 32) as usize & mask);
        loop {
            let place = self.places[at];
            let is_found = place.tag == tag && place.code != FREE.code;
            if place.code == FREE.code || is_found && self.texts.get(place.code as usize) == text {
                return (at, tag);
            }
            at = (at + 1) & mask;
        }
    }

    #[cold]
    fn grow(&mut self) {
        self.places = vec![FREE; (self.places.len() * 2).max(64)];
        for code in 0..self.texts.ends.len() {
            let (at, tag) = self.find(self.texts.get(code));
            self.places[at] = Place { code: code as u32, tag };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(values: &[Value]) -> ResultColumn {
        let mut builder = ColumnBuilder::default();
        for value in values {
            builder.push(value.as_ref());
        }
        builder.finish()
    }

    #[test]
    fn a_column_has_the_narrowest_kind_that_holds_all() {
        let (null, one, half) = (Value::Null, Value::Integer(1), Value::Real(0.5));
        assert_eq!(column(&[]).values, ColumnValues::Null(0));
        assert_eq!(column(&[null.clone(), null.clone()]).values, ColumnValues::Null(2));
        assert_eq!(column(&[null.clone(), one.clone()]).values, ColumnValues::Integer(vec![0, 1]));
        assert_eq!(
            column(&[one.clone(), half.clone(), null]).values,
            ColumnValues::Real(vec![1.0, 0.5, 0.0])
        );
        assert_eq!(column(&[half.clone(), one]).values, ColumnValues::Real(vec![0.5, 1.0]));
        let large = Value::Integer((1 << 53) + 1);
        assert_eq!(column(&[large.clone(), half.clone()]).values, ColumnValues::Mixed(vec![large, half]));
    }

    #[test]
    fn nulls_are_bits_that_are_not_set() {
        let mut values = vec![Value::Integer(7); 17];
        values[3] = Value::Null;
        values[8] = Value::Null;
        assert_eq!(column(&values).validity, Some(vec![0b1111_0111, 0b1111_1110, 0xff]));
        assert_eq!(column(&values[..3]).validity, None);
    }

    #[test]
    fn texts_are_kept_once_and_blobs_as_they_come() {
        let texts: Vec<Value> =
            (0..1000).map(|row| Value::text(format!("text {}", row % 100).as_bytes())).collect();
        let ColumnValues::Text { codes, texts } = column(&texts).values else { panic!("they are texts") };
        assert_eq!(texts.ends.len(), 100);
        for (row, code) in codes.iter().enumerate() {
            assert_eq!(texts.get(*code as usize), format!("text {}", row % 100).as_bytes());
        }
        let blobs = column(&[Value::blob(b"ab"), Value::Null, Value::blob(b""), Value::blob(b"c")]);
        assert_eq!(
            blobs.values,
            ColumnValues::Blob(Texts { bytes: b"abc".to_vec(), ends: vec![2, 2, 2, 3] })
        );
    }

    #[test]
    fn values_of_several_kinds_stay_what_they_are() {
        let values = [Value::text("a"), Value::Null, Value::text("b"), Value::text("a"), Value::Integer(3)];
        assert_eq!(column(&values).values, ColumnValues::Mixed(values.to_vec()));
    }
}
