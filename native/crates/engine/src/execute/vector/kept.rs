//! A column of values kept beyond its batch, typed as long as all of them are of one class: what a join keeps of its right
//! side, and the keys of groups.

use pluresdb_value::{Value, ValueRef};

use super::batch::NO_ROW;
use super::column::{Column, Numbers};
use crate::execute::frame::row_size;

pub(super) enum KeptColumn {
    /// Nothing yet but NULLs, so many.
    Nulls(usize),
    Integers(Numbers<i64>),
    Reals(Numbers<f64>),
    Texts {
        bytes: Vec<u8>,
        /// Where each text ends.
        ends: Vec<usize>,
        nulls: Option<Vec<bool>>,
    },
    Values(Vec<Value>),
}

impl Default for KeptColumn {
    fn default() -> KeptColumn {
        KeptColumn::Nulls(0)
    }
}

impl KeptColumn {
    pub fn len(&self) -> usize {
        match self {
            KeptColumn::Nulls(count) => *count,
            KeptColumn::Integers(numbers) => numbers.values.len(),
            KeptColumn::Reals(numbers) => numbers.values.len(),
            KeptColumn::Texts { ends, .. } => ends.len(),
            KeptColumn::Values(values) => values.len(),
        }
    }

    /// Bytes that the values take.
    pub fn memory(&self) -> usize {
        match self {
            KeptColumn::Nulls(_) => 0,
            KeptColumn::Integers(Numbers { values, .. }) => values.len() * 9,
            KeptColumn::Reals(Numbers { values, .. }) => values.len() * 9,
            KeptColumn::Texts { bytes, ends, .. } => bytes.len() + ends.len() * 9,
            KeptColumn::Values(values) => row_size(values),
        }
    }

    /// Takes in these rows of the column, in the form the rows before have where the classes allow it.
    pub fn append(&mut self, column: &Column<'_>, rows: &[u32]) {
        if let KeptColumn::Nulls(count) = *self {
            *self = KeptColumn::of_class(column, count);
        }
        let is_alike = match self {
            KeptColumn::Nulls(_) => true,
            KeptColumn::Integers(_) => matches!(column, Column::Integers(_)),
            KeptColumn::Reals(_) => matches!(column, Column::Reals(_)),
            KeptColumn::Texts { .. } => {
                matches!(column, Column::Texts(_) | Column::Run(_) | Column::Dictionary { .. })
            }
            KeptColumn::Values(_) => true,
        };
        if !is_alike && !is_all_null(column) {
            *self = KeptColumn::Values((0..self.len()).map(|row| self.value(row).to_value()).collect());
        }
        let values = rows.iter().map(|row| column.value(*row as usize));
        match self {
            KeptColumn::Nulls(count) => *count += rows.len(),
            KeptColumn::Integers(numbers) => numbers.append(values.map(|value| match value {
                ValueRef::Integer(integer) => Some(integer),
                _ => None,
            })),
            KeptColumn::Reals(numbers) => numbers.append(values.map(|value| match value {
                ValueRef::Real(real) => Some(real),
                _ => None,
            })),
            KeptColumn::Texts { bytes, ends, nulls } => {
                for value in values {
                    if let ValueRef::Text(text) = value {
                        bytes.extend_from_slice(text);
                        push_null(nulls, ends.len(), false);
                    } else {
                        push_null(nulls, ends.len(), true);
                    }
                    ends.push(bytes.len());
                }
            }
            KeptColumn::Values(kept) => kept.extend(values.map(ValueRef::to_value)),
        }
    }

    /// Room for a column's class, behind so many NULLs.
    fn of_class(column: &Column<'_>, null_count: usize) -> KeptColumn {
        let nulls = (null_count > 0).then(|| vec![true; null_count]);
        match column {
            Column::Integers(_) => KeptColumn::Integers(Numbers { values: vec![0; null_count], nulls }),
            Column::Reals(_) => KeptColumn::Reals(Numbers { values: vec![0.0; null_count], nulls }),
            Column::Texts(_) | Column::Run(_) | Column::Dictionary { .. } => {
                KeptColumn::Texts { bytes: Vec::new(), ends: vec![0; null_count], nulls }
            }
            column if is_all_null(column) => KeptColumn::Nulls(null_count),
            _ => KeptColumn::Values(vec![Value::Null; null_count]),
        }
    }

    #[inline]
    pub fn value(&self, row: usize) -> ValueRef<'_> {
        match self {
            KeptColumn::Nulls(_) => ValueRef::Null,
            KeptColumn::Integers(numbers) => numbers.get(row).map_or(ValueRef::Null, ValueRef::Integer),
            KeptColumn::Reals(numbers) => numbers.get(row).map_or(ValueRef::Null, ValueRef::Real),
            KeptColumn::Texts { nulls, .. } if nulls.as_ref().is_some_and(|nulls| nulls[row]) => {
                ValueRef::Null
            }
            KeptColumn::Texts { bytes, ends, .. } => ValueRef::Text(text(bytes, ends, row)),
            KeptColumn::Values(values) => values[row].as_ref(),
        }
    }

    /// The values of these rows, NULL for `NO_ROW`.
    pub fn gather(&self, rows: &[u32]) -> Column<'_> {
        match self {
            KeptColumn::Nulls(_) => Column::Constant(Value::Null),
            KeptColumn::Integers(numbers) => Column::Integers(numbers.gather(rows)),
            KeptColumn::Reals(numbers) => Column::Reals(numbers.gather(rows)),
            // Where there are fewer texts than rows they repeat, and what is asked of them is asked once for each.
            KeptColumn::Texts { bytes, ends, nulls } if ends.len() <= rows.len() => {
                let null = ends.len() as u32;
                let is_null =
                    |row: u32| row == NO_ROW || nulls.as_ref().is_some_and(|nulls| nulls[row as usize]);
                Column::Dictionary {
                    codes: rows.iter().map(|row| if is_null(*row) { null } else { *row }).collect(),
                    entries: (0..ends.len()).map(|row| text(bytes, ends, row)).collect(),
                }
            }
            KeptColumn::Texts { .. } => {
                let text = |row: &u32| match self.at(*row) {
                    ValueRef::Text(text) => Some(text),
                    _ => None,
                };
                Column::Texts(rows.iter().map(text).collect())
            }
            KeptColumn::Values(_) => Column::Values(rows.iter().map(|row| self.at(*row)).collect()),
        }
    }

    fn at(&self, row: u32) -> ValueRef<'_> {
        if row == NO_ROW { ValueRef::Null } else { self.value(row as usize) }
    }
}

fn text<'b>(bytes: &'b [u8], ends: &[usize], row: usize) -> &'b [u8] {
    &bytes[row.checked_sub(1).map_or(0, |before| ends[before])..ends[row]]
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
    fn append(&mut self, values: impl Iterator<Item = Option<T>>) {
        for value in values {
            push_null(&mut self.nulls, self.values.len(), value.is_none());
            self.values.push(value.unwrap_or_default());
        }
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
