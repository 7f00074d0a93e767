//! A column of which each row is one of several columns': what CASE, iif() and coalesce() give, and nullif().
//!
//! Numbers are put together; of anything else the columns are kept with the choice, so that no value is copied and
//! a comparison asks whole columns.

use pluresdb_value::Value;

use super::column::{Column, Numbers, TRUE, UNKNOWN};
use super::evaluate::Operand;

#[derive(Debug)]
pub(in crate::execute) struct Chosen<'a> {
    pub columns: Vec<Column<'a>>,
    /// By row, which of them.
    pub choice: Vec<u32>,
}

impl Chosen<'_> {
    /// What each row is as a condition, when `truths_of` tells it of a column.
    pub fn truths(&self, truths_of: impl Fn(&Column<'_>) -> Vec<u8>) -> Vec<u8> {
        let by_column: Vec<Vec<u8>> = self.columns.iter().map(truths_of).collect();
        self.choice.iter().enumerate().map(|(row, column)| by_column[*column as usize][row]).collect()
    }
}

/// The column that in each row is the chosen one of `columns`.
pub(super) fn choose<'a>(columns: Vec<Operand<'_, 'a>>, choice: Vec<u32>) -> Column<'a> {
    let columns: Vec<Operand<'_, 'a>> = columns.into_iter().map(with_numbers).collect();
    let integers: Option<Vec<Side<'_, i64>>> = columns.iter().map(|column| integer_side(column)).collect();
    if let Some(sides) = integers {
        return Column::Integers(merged(&sides, &choice));
    }
    let reals: Option<Vec<Side<'_, f64>>> = columns.iter().map(|column| real_side(column)).collect();
    if let Some(sides) = reals {
        return Column::Reals(merged(&sides, &choice));
    }
    Column::Chosen(Box::new(Chosen {
        columns: columns.into_iter().map(Operand::into_column).collect(),
        choice,
    }))
}

/// Truths are numbers to who chooses among values.
fn with_numbers<'x, 'a>(operand: Operand<'x, 'a>) -> Operand<'x, 'a> {
    let Column::Truths(truths) = &*operand else { return operand };
    let nulls = truths.contains(&UNKNOWN).then(|| truths.iter().map(|truth| *truth == UNKNOWN).collect());
    let values = truths.iter().map(|truth| i64::from(*truth)).collect();
    Operand::Computed(Column::Integers(Numbers { values, nulls }))
}

/// Numbers of one class, or one for all rows; None is NULL.
enum Side<'c, T> {
    Each(&'c Numbers<T>),
    Same(Option<T>),
}

fn integer_side<'c>(column: &'c Column<'_>) -> Option<Side<'c, i64>> {
    match column {
        Column::Integers(numbers) => Some(Side::Each(numbers)),
        Column::Constant(Value::Integer(integer)) => Some(Side::Same(Some(*integer))),
        Column::Constant(Value::Null) => Some(Side::Same(None)),
        _ => None,
    }
}

fn real_side<'c>(column: &'c Column<'_>) -> Option<Side<'c, f64>> {
    match column {
        Column::Reals(numbers) => Some(Side::Each(numbers)),
        Column::Constant(Value::Real(real)) => Some(Side::Same(Some(*real))),
        Column::Constant(Value::Null) => Some(Side::Same(None)),
        _ => None,
    }
}

fn merged<T: Copy + Default>(sides: &[Side<'_, T>], choice: &[u32]) -> Numbers<T> {
    let value = |(row, side): (usize, &u32)| match &sides[*side as usize] {
        Side::Each(numbers) => numbers.values[row],
        Side::Same(value) => value.unwrap_or_default(),
    };
    let is_null = |(row, side): (usize, &u32)| match &sides[*side as usize] {
        Side::Each(numbers) => numbers.is_null(row),
        Side::Same(value) => value.is_none(),
    };
    let may_be_null = sides.iter().any(|side| match side {
        Side::Each(numbers) => numbers.nulls.is_some(),
        Side::Same(value) => value.is_none(),
    });
    Numbers {
        values: choice.iter().enumerate().map(value).collect(),
        nulls: may_be_null.then(|| choice.iter().enumerate().map(is_null).collect()),
    }
}

/// The column with NULL in the rows where `truths` is `TRUE`.
pub(super) fn without<'x, 'a>(operand: Operand<'x, 'a>, truths: &[u8]) -> Operand<'x, 'a> {
    if !truths.contains(&TRUE) {
        return operand;
    }
    let choice = truths.iter().map(|truth| u32::from(*truth == TRUE)).collect();
    Operand::Computed(choose(vec![operand, Operand::Computed(Column::Constant(Value::Null))], choice))
}
