//! A column of values kept beyond its batch, typed as long as all of them are of one class: what a join keeps of its right
//! side, and the keys of groups.

use std::sync::atomic::{AtomicU64, Ordering};

use pluresdb_value::{Value, ValueRef};

use super::batch::NO_ROW;
use super::column::{Column, Numbers, Run};
use super::entries::Entries;
use crate::execute::frame::row_size;

pub(in crate::execute) enum KeptColumn {
    /// Nothing yet but NULLs, so many.
    Nulls(usize),
    /// So many integers, each its own place.
    Places(usize),
    Integers(Numbers<i64>),
    Reals(Numbers<f64>),
    Texts(KeptTexts),
    Values(Vec<Value>),
}

/// Texts one after the other.
#[derive(Clone, Debug)]
pub(in crate::execute) struct KeptTexts {
    bytes: Vec<u8>,
    /// Where each text ends.
    ends: Vec<usize>,
    nulls: Option<Vec<bool>>,
    identity: u64,
}

/// Gives each list of texts its own number: what is known about its texts is kept under it.
static LISTS: AtomicU64 = AtomicU64::new(0);

impl KeptTexts {
    /// So many NULLs.
    fn of_nulls(count: usize) -> KeptTexts {
        KeptTexts {
            bytes: Vec::new(),
            ends: vec![0; count],
            nulls: (count > 0).then(|| vec![true; count]),
            identity: LISTS.fetch_add(1, Ordering::Relaxed),
        }
    }

    pub fn len(&self) -> usize {
        self.ends.len()
    }

    pub fn identity(&self) -> u64 {
        self.identity
    }

    /// With room for so many texts, and as many bytes.
    pub fn with_room(count: usize, bytes: usize) -> KeptTexts {
        let mut texts = KeptTexts::of_nulls(0);
        texts.ends.reserve(count);
        texts.bytes.reserve(bytes);
        texts
    }

    /// The texts' bytes, for who appends those of the next one: `end` makes a text of them.
    pub fn heap(&mut self) -> &mut Vec<u8> {
        &mut self.bytes
    }

    /// Ends the text whose bytes were appended.
    pub fn end(&mut self) {
        push_null(&mut self.nulls, self.ends.len(), false);
        self.ends.push(self.bytes.len());
    }

    /// Lets go of the texts behind the first `count`.
    pub fn truncate(&mut self, count: usize) {
        self.ends.truncate(count);
        self.bytes.truncate(self.ends.last().copied().unwrap_or(0));
        if let Some(nulls) = &mut self.nulls {
            nulls.truncate(count);
        }
    }

    /// None is NULL.
    #[inline]
    pub fn text(&self, row: usize) -> Option<&[u8]> {
        self.get(row).filter(|_| !self.is_null(row))
    }

    #[inline]
    pub fn value(&self, row: usize) -> ValueRef<'_> {
        self.text(row).map_or(ValueRef::Null, ValueRef::Text)
    }

    /// The texts of these rows, NULL for `NO_ROW`.
    pub fn gather(&self, rows: &[u32]) -> Column<'_> {
        // What is asked of a text, or known of it, need not be found out for each of its rows.
        let null = self.len() as u32;
        let code = |row: &u32| match &self.nulls {
            None => (*row).min(null),
            Some(nulls) if *row == NO_ROW || nulls[*row as usize] => null,
            Some(_) => *row,
        };
        Column::Dictionary { codes: rows.iter().map(code).collect(), entries: Entries::Kept(self) }
    }

    /// Takes in all texts of another list.
    fn append_all(&mut self, other: &KeptTexts) {
        if self.nulls.is_some() || other.nulls.is_some() {
            (0..other.len()).for_each(|row| {
                self.push(if other.is_null(row) { None } else { other.get(row) });
            });
            return;
        }
        let start = self.bytes.len();
        self.bytes.extend_from_slice(&other.bytes);
        self.ends.extend(other.ends.iter().map(|end| start + end));
    }

    /// Takes in these rows of a leaf's texts.
    fn append_run(&mut self, run: &Run<'_>, rows: &[u32]) {
        self.ends.reserve(rows.len());
        if are_all(rows, run.len()) && !rows.is_empty() {
            let start = self.bytes.len();
            self.bytes.extend_from_slice(run.bytes());
            self.ends.extend((0..run.len()).map(|row| start + run.end_of(row)));
            return;
        }
        for row in rows {
            self.bytes.extend_from_slice(run.get(*row as usize));
            self.ends.push(self.bytes.len());
        }
    }

    fn is_null(&self, row: usize) -> bool {
        self.nulls.as_ref().is_some_and(|nulls| nulls[row])
    }

    #[inline]
    pub fn get(&self, row: usize) -> Option<&[u8]> {
        let end = *self.ends.get(row)?;
        Some(&self.bytes[self.start(row)..end])
    }

    #[inline]
    fn start(&self, row: usize) -> usize {
        row.checked_sub(1).map_or(0, |before| self.ends[before])
    }

    pub fn push(&mut self, text: Option<&[u8]>) {
        push_null(&mut self.nulls, self.ends.len(), text.is_none());
        self.bytes.extend_from_slice(text.unwrap_or_default());
        self.ends.push(self.bytes.len());
    }
}

impl Default for KeptColumn {
    fn default() -> KeptColumn {
        KeptColumn::Nulls(0)
    }
}

impl KeptColumn {
    pub fn len(&self) -> usize {
        match self {
            KeptColumn::Nulls(count) | KeptColumn::Places(count) => *count,
            KeptColumn::Integers(numbers) => numbers.values.len(),
            KeptColumn::Reals(numbers) => numbers.values.len(),
            KeptColumn::Texts(texts) => texts.len(),
            KeptColumn::Values(values) => values.len(),
        }
    }

    /// Bytes that the values take.
    pub fn memory(&self) -> usize {
        self.memory_from(0)
    }

    /// Bytes that the values from a row on take.
    pub fn memory_from(&self, row: usize) -> usize {
        let count = self.len() - row;
        match self {
            KeptColumn::Nulls(_) | KeptColumn::Places(_) => 0,
            KeptColumn::Integers(_) | KeptColumn::Reals(_) => count * 9,
            KeptColumn::Texts(texts) => texts.bytes.len() - texts.start(row) + count * 9,
            KeptColumn::Values(values) => row_size(&values[row..]),
        }
    }

    /// Takes in one value, in the form the values before have where its class allows it.
    #[inline]
    pub fn push(&mut self, value: ValueRef<'_>) {
        match (&mut *self, value) {
            (KeptColumn::Integers(numbers), ValueRef::Integer(integer)) => numbers.push(Some(integer)),
            (KeptColumn::Integers(numbers), ValueRef::Null) => numbers.push(None),
            (KeptColumn::Reals(numbers), ValueRef::Real(real)) => numbers.push(Some(real)),
            (KeptColumn::Reals(numbers), ValueRef::Null) => numbers.push(None),
            (KeptColumn::Texts(texts), ValueRef::Text(text)) => texts.push(Some(text)),
            (KeptColumn::Texts(texts), ValueRef::Null) => texts.push(None),
            (KeptColumn::Values(values), value) => values.push(value.to_value()),
            (KeptColumn::Nulls(count), ValueRef::Null) => *count += 1,
            _ => self.push_other(value),
        }
    }

    /// A value of another class than those before.
    #[cold]
    fn push_other(&mut self, value: ValueRef<'_>) {
        *self = match *self {
            KeptColumn::Nulls(count) => KeptColumn::of_class_of(value, count),
            _ => self.of_any_class(),
        };
        self.push(value);
    }

    /// Room for the value's class, behind so many NULLs.
    fn of_class_of(value: ValueRef<'_>, null_count: usize) -> KeptColumn {
        let nulls = (null_count > 0).then(|| vec![true; null_count]);
        match value {
            ValueRef::Null => KeptColumn::Nulls(null_count),
            ValueRef::Integer(_) => KeptColumn::Integers(Numbers { values: vec![0; null_count], nulls }),
            ValueRef::Real(_) => KeptColumn::Reals(Numbers { values: vec![0.0; null_count], nulls }),
            ValueRef::Text(_) => KeptColumn::Texts(KeptTexts::of_nulls(null_count)),
            ValueRef::Blob(_) => KeptColumn::Values(vec![Value::Null; null_count]),
        }
    }

    /// The same values with room for every class.
    fn of_any_class(&self) -> KeptColumn {
        KeptColumn::Values((0..self.len()).map(|row| self.value(row).to_value()).collect())
    }

    /// The values as a batch's column.
    pub fn into_column(self) -> Column<'static> {
        match self {
            KeptColumn::Nulls(_) => Column::Constant(Value::Null),
            KeptColumn::Places(count) => Column::Integers(Numbers::new((0..count as i64).collect())),
            KeptColumn::Integers(numbers) => Column::Integers(numbers),
            KeptColumn::Reals(numbers) => Column::Reals(numbers),
            KeptColumn::Texts(texts) => Column::Made(texts),
            KeptColumn::Values(values) => Column::Owned(values),
        }
    }

    /// Takes in all rows of the column, so many.
    pub fn append_all(&mut self, column: &Column<'_>, count: usize) {
        if let KeptColumn::Nulls(0) = self
            && count > 0
        {
            *self = KeptColumn::of_class_of(column.value(0), 0);
        }
        match (&mut *self, column) {
            (
                KeptColumn::Integers(Numbers { values, nulls: None }),
                Column::Integers(Numbers { values: more, nulls: None }),
            ) => values.extend_from_slice(more),
            (
                KeptColumn::Reals(Numbers { values, nulls: None }),
                Column::Reals(Numbers { values: more, nulls: None }),
            ) => values.extend_from_slice(more),
            (KeptColumn::Texts(texts), Column::Made(more)) => texts.append_all(more),
            (kept, column) => (0..count).for_each(|row| kept.push(column.value(row))),
        }
    }

    /// Takes in these rows of the column, in the form the rows before have where the classes allow it.
    pub fn append(&mut self, column: &Column<'_>, rows: &[u32]) {
        match *self {
            KeptColumn::Nulls(count) => *self = KeptColumn::of_class(column, count),
            KeptColumn::Places(count) => {
                *self = KeptColumn::Integers(Numbers::new((0..count as i64).collect()));
            }
            _ => {}
        }
        let is_alike = match self {
            KeptColumn::Nulls(_) | KeptColumn::Places(_) => true,
            KeptColumn::Integers(_) => matches!(column, Column::Integers(_)),
            KeptColumn::Reals(_) => matches!(column, Column::Reals(_)),
            KeptColumn::Texts(_) => column.is_of_texts(),
            KeptColumn::Values(_) => true,
        };
        if !is_alike && !is_all_null(column) {
            *self = self.of_any_class();
        }
        match (&mut *self, column) {
            (
                KeptColumn::Integers(Numbers { values, nulls: None }),
                Column::Integers(Numbers { values: more, nulls: None }),
            ) => return extend_picked(values, more, rows),
            (
                KeptColumn::Reals(Numbers { values, nulls: None }),
                Column::Reals(Numbers { values: more, nulls: None }),
            ) => return extend_picked(values, more, rows),
            (KeptColumn::Texts(texts), Column::Run(run)) if texts.nulls.is_none() => {
                return texts.append_run(run, rows);
            }
            _ => {}
        }
        let values = rows.iter().map(|row| column.value(*row as usize));
        match self {
            KeptColumn::Nulls(count) => *count += rows.len(),
            KeptColumn::Places(_) => unreachable!("they were made integers"),
            KeptColumn::Integers(numbers) => numbers.append(values.map(|value| match value {
                ValueRef::Integer(integer) => Some(integer),
                _ => None,
            })),
            KeptColumn::Reals(numbers) => numbers.append(values.map(|value| match value {
                ValueRef::Real(real) => Some(real),
                _ => None,
            })),
            KeptColumn::Texts(texts) => values.for_each(|value| {
                texts.push(if let ValueRef::Text(text) = value { Some(text) } else { None });
            }),
            KeptColumn::Values(kept) => kept.extend(values.map(ValueRef::to_value)),
        }
    }

    /// Room for a column's class, behind so many NULLs.
    fn of_class(column: &Column<'_>, null_count: usize) -> KeptColumn {
        let nulls = (null_count > 0).then(|| vec![true; null_count]);
        match column {
            Column::Integers(_) => KeptColumn::Integers(Numbers { values: vec![0; null_count], nulls }),
            Column::Reals(_) => KeptColumn::Reals(Numbers { values: vec![0.0; null_count], nulls }),
            column if column.is_of_texts() => KeptColumn::Texts(KeptTexts::of_nulls(null_count)),
            column if is_all_null(column) => KeptColumn::Nulls(null_count),
            _ => KeptColumn::Values(vec![Value::Null; null_count]),
        }
    }

    #[inline]
    pub fn value(&self, row: usize) -> ValueRef<'_> {
        match self {
            KeptColumn::Nulls(_) => ValueRef::Null,
            KeptColumn::Places(_) => ValueRef::Integer(row as i64),
            KeptColumn::Integers(numbers) => numbers.get(row).map_or(ValueRef::Null, ValueRef::Integer),
            KeptColumn::Reals(numbers) => numbers.get(row).map_or(ValueRef::Null, ValueRef::Real),
            KeptColumn::Texts(texts) => texts.value(row),
            KeptColumn::Values(values) => values[row].as_ref(),
        }
    }

    /// The values of these rows, NULL for `NO_ROW`.
    pub fn gather(&self, rows: &[u32]) -> Column<'_> {
        match self {
            KeptColumn::Nulls(_) => Column::Constant(Value::Null),
            KeptColumn::Places(_) => {
                Column::Integers(Numbers::new(rows.iter().map(|row| i64::from(*row)).collect()))
            }
            KeptColumn::Integers(numbers) => Column::Integers(numbers.gather(rows)),
            KeptColumn::Reals(numbers) => Column::Reals(numbers.gather(rows)),
            KeptColumn::Texts(texts) => texts.gather(rows),
            KeptColumn::Values(_) => Column::Values(rows.iter().map(|row| self.at(*row)).collect()),
        }
    }

    fn at(&self, row: u32) -> ValueRef<'_> {
        if row == NO_ROW { ValueRef::Null } else { self.value(row as usize) }
    }
}

/// Whether these are all of so many rows, in their order.
fn are_all(rows: &[u32], count: usize) -> bool {
    // All are looked at, so that the compiler makes vectors of the loop.
    rows.len() == count
        && rows.iter().zip(0..).fold(0, |differing, (row, place)| differing | (row ^ place)) == 0
}

fn extend_picked<T: Copy>(values: &mut Vec<T>, more: &[T], rows: &[u32]) {
    if are_all(rows, more.len()) {
        values.extend_from_slice(more);
    } else {
        values.extend(rows.iter().map(|row| more[*row as usize]));
    }
}

fn is_all_null(column: &Column<'_>) -> bool {
    matches!(column, Column::Constant(Value::Null))
}

fn push_null(nulls: &mut Option<Vec<bool>>, len: usize, is_null: bool) {
    if is_null && nulls.is_none() {
        *nulls = Some(vec![false; len]);
    }
    if let Some(nulls) = nulls {
        nulls.push(is_null);
    }
}

impl<T: Copy + Default> Numbers<T> {
    #[inline]
    fn push(&mut self, value: Option<T>) {
        push_null(&mut self.nulls, self.values.len(), value.is_none());
        self.values.push(value.unwrap_or_default());
    }

    fn append(&mut self, values: impl Iterator<Item = Option<T>>) {
        values.for_each(|value| self.push(value));
    }

    fn gather(&self, rows: &[u32]) -> Numbers<T> {
        if self.nulls.is_none() && !rows.contains(&NO_ROW) {
            return Numbers::new(rows.iter().map(|row| self.values[*row as usize]).collect());
        }
        let mut gathered = Numbers::default();
        gathered.append(rows.iter().map(|row| if *row == NO_ROW { None } else { self.get(*row as usize) }));
        gathered
    }
}
