//! Columns of rows that lie as records: those of a table WITHOUT ROWID. Each is taken out when it is asked for, of the rows
//! that are still in the batch; texts and blobs stay where they are.

use pluresdb_value::record::{Class, column_word};
use pluresdb_value::{Value, ValueRef};

use super::column::{Column, Numbers};
use crate::error::Result;
use crate::execute::corrupt;

/// One column of these records, by its number in them; `missing` is what it is in those that are older than it.
pub(super) fn column<'a>(records: &[&'a [u8]], stored: usize, missing: &'a Value) -> Result<Column<'a>> {
    let class = match records.iter().find_map(|record| first_class(record, stored).transpose()) {
        Some(class) => class?,
        None if missing.is_null() => return Ok(Column::Constant(Value::Null)),
        None => Class::Null,
    };
    let typed = match class {
        Class::Integer => numbers(records, stored, class, |word| word)?.map(Column::Integers),
        Class::Real => {
            numbers(records, stored, class, |word| f64::from_bits(word as u64))?.map(Column::Reals)
        }
        Class::Text => texts(records, stored)?.map(Column::Texts),
        Class::Null | Class::Blob => None,
    };
    match typed {
        Some(column) => Ok(column),
        None => values(records, stored, missing).map(Column::Values),
    }
}

/// The class of a record's column; None where it is NULL or missing.
fn first_class(record: &[u8], stored: usize) -> Result<Option<Class>> {
    let word = column_word(record, stored).map_err(corrupt)?;
    Ok(word.map(|(class, _)| class).filter(|class| *class != Class::Null))
}

/// None when one of them is of another class, or missing.
fn numbers<T: Copy + Default>(
    records: &[&[u8]],
    stored: usize,
    class: Class,
    number: impl Fn(i64) -> T,
) -> Result<Option<Numbers<T>>> {
    let mut values = Vec::with_capacity(records.len());
    let mut nulls: Option<Vec<bool>> = None;
    for record in records {
        match column_word(record, stored).map_err(corrupt)? {
            Some((own, word)) if own == class => {
                values.push(number(word));
                if let Some(nulls) = &mut nulls {
                    nulls.push(false);
                }
            }
            Some((Class::Null, _)) => {
                nulls.get_or_insert_with(|| vec![false; values.len()]).push(true);
                values.push(T::default());
            }
            _ => return Ok(None),
        }
    }
    Ok(Some(Numbers { values, nulls }))
}

/// As `numbers`, of texts.
fn texts<'a>(records: &[&'a [u8]], stored: usize) -> Result<Option<Vec<Option<&'a [u8]>>>> {
    let mut texts = Vec::with_capacity(records.len());
    for record in records {
        match column_word(record, stored).map_err(corrupt)? {
            Some((Class::Text, word)) => texts.push(Some(bytes_at(record, word))),
            Some((Class::Null, _)) => texts.push(None),
            _ => return Ok(None),
        }
    }
    Ok(Some(texts))
}

fn values<'a>(records: &[&'a [u8]], stored: usize, missing: &'a Value) -> Result<Vec<ValueRef<'a>>> {
    let value = |record: &&'a [u8]| {
        Ok(match column_word(record, stored).map_err(corrupt)? {
            None => missing.as_ref(),
            Some((Class::Null, _)) => ValueRef::Null,
            Some((Class::Integer, word)) => ValueRef::Integer(word),
            Some((Class::Real, word)) => ValueRef::Real(f64::from_bits(word as u64)),
            Some((Class::Text, word)) => ValueRef::Text(bytes_at(record, word)),
            Some((Class::Blob, word)) => ValueRef::Blob(bytes_at(record, word)),
        })
    };
    records.iter().map(value).collect()
}

/// The bytes that a word tells the place of.
#[inline]
fn bytes_at(record: &[u8], word: i64) -> &[u8] {
    &record[(word >> 32) as usize..][..word as u32 as usize]
}
