//! A compound for whose rows there is no room: those of both sides are sorted by all of their values, in memory and then in
//! runs, so that equal ones come together.
//!
//!     row    values | which side it is of | key

use pluresdb_value::key::KeyColumn;
use pluresdb_value::{Collation, Value, ValueRef};

use crate::error::Result;
use crate::execute::frame::MemoryAccount;
use crate::execute::key_hash::push_column_key;
use crate::execute::limit::Window;
use crate::execute::sort::push_sort_key;
use crate::execute::sorted_rows::{GatheredRows, OrderedRows};
use crate::resolve::tree::{CompoundOperator, CompoundOrder};
use crate::session::Session;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Left,
    Right,
}

#[derive(Default)]
pub(crate) struct SortedSides {
    rows: GatheredRows,
    /// Of the last row.
    key: Vec<u8>,
}

impl SortedSides {
    /// Keeps a row; the left side's come first.
    ///
    /// # Errors
    ///
    /// As `GatheredRows::keep`.
    pub fn keep<'v>(
        &mut self,
        row: impl Iterator<Item = Result<ValueRef<'v>>>,
        side: Side,
        collations: &[Collation],
        memory: &mut MemoryAccount,
        session: &Session,
    ) -> Result<()> {
        let start = self.rows.values.len();
        self.key.clear();
        for (index, value) in row.enumerate() {
            let value = value?;
            let collation = collations.get(index).copied().unwrap_or_default();
            push_column_key(value, KeyColumn { collation, descending: false }, &mut self.key, session)?;
            self.rows.values.push(value.to_value());
        }
        self.rows.values.push(Value::Integer((side == Side::Right).into()));
        self.rows.values.push(Value::Blob(self.key.as_slice().into()));
        self.rows.keep(&self.key, start, memory, &session.settings)
    }

    /// The result's rows, each of so many values, in their order.
    pub fn into_result(
        self,
        operator: CompoundOperator,
        order_by: &[CompoundOrder],
        width: usize,
        memory: &mut MemoryAccount,
        session: &Session,
    ) -> Result<OrderedRows> {
        let mut sorted = self.rows.into_ordered(Window::default(), memory)?;
        let mut given = Given { rows: GatheredRows::default(), count: 0, order_by };
        // Of rows that are equal: their key, the first of each side.
        let mut key: Option<Value> = None;
        let (mut left, mut right): (Option<Vec<Value>>, Option<Vec<Value>>) = (None, None);
        while sorted.next()? {
            if key.as_ref() != Some(sorted.value(width + 1)) {
                given.take(chosen(operator, left.take(), right.take()), memory, session)?;
                key = Some(sorted.value(width + 1).clone());
            }
            let first = if *sorted.value(width) == Value::Integer(0) { &mut left } else { &mut right };
            if first.is_none() {
                *first = Some(sorted.take(width).collect());
            }
        }
        given.take(chosen(operator, left, right), memory, session)?;
        sorted.clear(memory);
        given.rows.into_ordered(Window::default(), memory)
    }
}

/// Which of equal rows is given out, of the first of each side.
fn chosen(
    operator: CompoundOperator,
    left: Option<Vec<Value>>,
    right: Option<Vec<Value>>,
) -> Option<Vec<Value>> {
    match operator {
        // Of rows that are equal but not the same ('a' and 'A' under NOCASE), UNION keeps the first of the right side.
        CompoundOperator::Union | CompoundOperator::UnionAll => right.or(left),
        CompoundOperator::Except => left.filter(|_| right.is_none()),
        CompoundOperator::Intersect => left.filter(|_| right.is_some()),
    }
}

/// Rows of the result on their way into its order.
struct Given<'o> {
    rows: GatheredRows,
    count: u64,
    order_by: &'o [CompoundOrder],
}

impl Given<'_> {
    fn take(&mut self, row: Option<Vec<Value>>, memory: &mut MemoryAccount, session: &Session) -> Result<()> {
        let Some(row) = row else { return Ok(()) };
        let mut key = Vec::new();
        for term in self.order_by {
            push_sort_key(row[term.column].as_ref(), term.direction, term.collation, &mut key, session)?;
        }
        if self.order_by.is_empty() {
            key.extend(self.count.to_be_bytes());
        }
        self.count += 1;
        let start = self.rows.values.len();
        self.rows.values.extend(row);
        self.rows.keep(&key, start, memory, &session.settings)
    }
}
