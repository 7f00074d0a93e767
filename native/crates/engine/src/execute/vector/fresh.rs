//! A column of a leaf whose rows have partly changed: the base's lane as if nothing had, and the rows of the delta put over
//! it. Where a changed value is of another class than the lane, the column is made value by value.

use std::collections::HashMap;

use pluresdb_tree::{LeafView, RowPosition};
use pluresdb_value::{Value, ValueRef};

use super::batch::{Picks, Place, stored};
use super::column::{Column, Numbers};
use super::entries::Entries;
use crate::error::Result;
use crate::execute::context::tree_error;

/// A row of the delta: where it is in the batch, and its value.
type Fresh<'a> = (usize, ValueRef<'a>);

/// A column of base and delta rows.
pub(super) fn merged<'a>(
    view: LeafView<'a>,
    place: &'a Place,
    positions: &[RowPosition],
) -> Result<Column<'a>> {
    let (slot, missing) = match place {
        Place::Rowid => return Ok(rowids(view, positions)),
        Place::Stored(slot, missing) => (*slot, missing),
    };
    let mut rows = Vec::with_capacity(positions.len());
    let mut fresh: Vec<Fresh<'a>> = Vec::new();
    for (at, position) in positions.iter().enumerate() {
        match *position {
            RowPosition::Base(row) => rows.push(row),
            RowPosition::Delta(index) => {
                let value = view.delta_value(index as usize, slot).map_err(tree_error)?;
                fresh.push((at, value.unwrap_or(missing.as_ref())));
                // Any base row: what it says is written over.
                rows.push(0);
            }
        }
    }
    if fresh.len() < positions.len() {
        let mut column = stored(view, slot, missing, &Picks::Rows(&rows));
        if put_over(&mut column, &fresh) {
            return Ok(column);
        }
    }
    let mut values: Vec<ValueRef<'a>> =
        rows.iter().map(|row| view.base_value(slot, *row as usize).unwrap_or(missing.as_ref())).collect();
    for (at, value) in fresh {
        values[at] = value;
    }
    Ok(typed(values))
}

fn rowids<'a>(view: LeafView<'a>, positions: &[RowPosition]) -> Column<'a> {
    let base = view.base_rowids();
    let rowid = |position: &RowPosition| match *position {
        RowPosition::Base(row) => base.map_or(0, |rowids| rowids.get(row as usize)),
        RowPosition::Delta(index) => view.delta_rowid(index as usize),
    };
    Column::Integers(Numbers::new(positions.iter().map(rowid).collect()))
}

/// False when a value does not fit into the column, whose rows then say nothing.
fn put_over<'a>(column: &mut Column<'a>, fresh: &[Fresh<'a>]) -> bool {
    match column {
        Column::Integers(numbers) => put_numbers(numbers, fresh, |value| match value {
            ValueRef::Integer(integer) => Some(integer),
            _ => None,
        }),
        Column::Reals(numbers) => put_numbers(numbers, fresh, |value| match value {
            ValueRef::Real(real) => Some(real),
            _ => None,
        }),
        Column::Texts(texts) => fresh.iter().all(|&(at, value)| {
            texts[at] = match value {
                ValueRef::Text(text) => Some(text),
                ValueRef::Null => None,
                _ => return false,
            };
            true
        }),
        Column::Dictionary { codes, entries } => put_codes(codes, entries, fresh),
        Column::Values(values) => {
            for &(at, value) in fresh {
                values[at] = value;
            }
            true
        }
        Column::Constant(Value::Null) => fresh.iter().all(|(_, value)| value.is_null()),
        _ => false,
    }
}

fn put_numbers<'a, T>(
    numbers: &mut Numbers<T>,
    fresh: &[Fresh<'a>],
    number: impl Fn(ValueRef<'a>) -> Option<T>,
) -> bool {
    fresh.iter().all(|&(at, value)| {
        let is_null = value.is_null();
        if let Some(nulls) = &mut numbers.nulls {
            nulls[at] = is_null;
        } else if is_null {
            let mut nulls = vec![false; numbers.values.len()];
            nulls[at] = true;
            numbers.nulls = Some(nulls);
        }
        match number(value) {
            Some(number) => numbers.values[at] = number,
            None => return is_null,
        }
        true
    })
}

/// A text that the dictionary lacks becomes an entry; each entry stays another text.
fn put_codes<'a>(codes: &mut [u32], entries: &mut Entries<'a>, fresh: &[Fresh<'a>]) -> bool {
    /// Stands for NULL while the code behind the last entry moves.
    const NULL: u32 = u32::MAX;
    let old_null = entries.len() as u32;
    let mut texts: Vec<&[u8]> = entries.iter().flatten().collect();
    let mut known: HashMap<&[u8], u32> = texts.iter().copied().zip(0..).collect();
    for code in codes.iter_mut().filter(|code| **code == old_null) {
        *code = NULL;
    }
    for &(at, value) in fresh {
        codes[at] = match value {
            ValueRef::Null => NULL,
            ValueRef::Text(text) => *known.entry(text).or_insert_with(|| {
                texts.push(text);
                texts.len() as u32 - 1
            }),
            _ => return false,
        };
    }
    let null = texts.len() as u32;
    for code in codes.iter_mut().filter(|code| **code == NULL) {
        *code = null;
    }
    *entries = Entries::List(texts);
    true
}

/// The typed form of values that are all of one class, so that a leaf with some fresh rows is as quick as any.
pub(super) fn typed(values: Vec<ValueRef<'_>>) -> Column<'_> {
    let is_integer = |value: &ValueRef<'_>| matches!(value, ValueRef::Integer(_) | ValueRef::Null);
    let is_real = |value: &ValueRef<'_>| matches!(value, ValueRef::Real(_) | ValueRef::Null);
    let is_text = |value: &ValueRef<'_>| matches!(value, ValueRef::Text(_) | ValueRef::Null);
    let nulls = |values: &[ValueRef<'_>]| {
        let nulls: Vec<bool> = values.iter().map(|value| value.is_null()).collect();
        nulls.contains(&true).then_some(nulls)
    };
    if values.iter().all(is_integer) {
        let numbers =
            values.iter().map(|value| if let ValueRef::Integer(i) = value { *i } else { 0 }).collect();
        return Column::Integers(Numbers { values: numbers, nulls: nulls(&values) });
    }
    if values.iter().all(is_real) {
        let numbers =
            values.iter().map(|value| if let ValueRef::Real(r) = value { *r } else { 0.0 }).collect();
        return Column::Reals(Numbers { values: numbers, nulls: nulls(&values) });
    }
    if values.iter().all(is_text) {
        let texts =
            values.iter().map(|value| if let ValueRef::Text(text) = value { Some(*text) } else { None });
        return Column::Texts(texts.collect());
    }
    Column::Values(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dictionary(codes: &[u32]) -> Column<'static> {
        Column::Dictionary { codes: codes.to_vec(), entries: Entries::List(vec![b"a", b"b"]) }
    }

    fn texts(column: &Column<'_>, len: usize) -> Vec<Option<Vec<u8>>> {
        let text =
            |row| if let ValueRef::Text(text) = column.value(row) { Some(text.to_vec()) } else { None };
        (0..len).map(text).collect()
    }

    #[test]
    fn new_texts_become_entries_and_null_stays_null() {
        let mut column = dictionary(&[0, 2, 1, 0]);
        let fresh = [(0, ValueRef::Text(b"new")), (2, ValueRef::Null), (3, ValueRef::Text(b"new"))];
        assert!(put_over(&mut column, &fresh));
        assert_eq!(texts(&column, 4), [Some(b"new".to_vec()), None, None, Some(b"new".to_vec())]);
        let Column::Dictionary { entries, .. } = column else { panic!("it was a dictionary") };
        assert!(entries.iter().eq([Some(&b"a"[..]), Some(b"b"), Some(b"new")]));
    }

    #[test]
    fn a_value_of_another_class_does_not_fit() {
        assert!(!put_over(&mut dictionary(&[0, 1]), &[(1, ValueRef::Integer(1))]));
        let mut integers = Column::Integers(Numbers::new(vec![1, 2]));
        assert!(!put_over(&mut integers, &[(0, ValueRef::Real(0.5))]));
        let mut nothing = Column::Constant(Value::Null);
        assert!(!put_over(&mut nothing, &[(0, ValueRef::Integer(1))]));
    }

    #[test]
    fn a_number_takes_the_place_of_null_and_null_of_a_number() {
        let mut column =
            Column::Integers(Numbers { values: vec![0, 5, 6], nulls: Some(vec![true, false, false]) });
        assert!(put_over(&mut column, &[(0, ValueRef::Integer(7)), (2, ValueRef::Null)]));
        let values: Vec<_> = (0..3).map(|row| column.value(row)).collect();
        assert_eq!(values, [ValueRef::Integer(7), ValueRef::Integer(5), ValueRef::Null]);
        let mut column = Column::Reals(Numbers::new(vec![0.5, 1.5]));
        assert!(put_over(&mut column, &[(1, ValueRef::Null)]));
        assert!(column.value(1).is_null());
    }
}
