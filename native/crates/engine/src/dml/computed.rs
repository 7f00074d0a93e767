//! UPDATE whose new values the row engine computes, of all rows before the first is written.
//!
//!     UPDATE t SET a = u.x FROM u WHERE u.id = t.id        UPDATE t SET a = (SELECT max(x) FROM u WHERE u.t = t.id)
//!
//! SQLite computes the values of an UPDATE with FROM first. Those of others it computes row by row, which comes to the same
//! where subqueries do not read the table. Nothing but the rows may change, and no index: then the columns of a leaf are
//! written over at once.

use pluresdb_tree::NewColumn;
use pluresdb_value::{Affinity, Value, ValueRef, affinity};

use super::assignment::{Assigned, Assignments, NewValue};
use super::many::are_sparse;
use super::target::Target;
use crate::Result;
use crate::catalog::ConflictAction;
use crate::execute::{BatchFinder, Context};
use crate::transaction::MAX_VALUE_LEN;

/// Rows whose values are kept until they are written, at most.
pub(super) const MOST_COMPUTED: usize = 1 << 20;

pub(super) struct ComputedUpdate {
    /// In the order in which values are computed.
    columns: Vec<Column>,
}

struct Column {
    slot: usize,
    affinity: Affinity,
    is_not_null: bool,
}

impl ComputedUpdate {
    /// None for an UPDATE that does more than to write columns. What may touch other rows has been looked at.
    pub fn compile(
        target: &Target,
        assignments: &Assignments,
        or: Option<ConflictAction>,
    ) -> Option<ComputedUpdate> {
        if target.table.strict
            || target.table.without_rowid
            || !target.generated.is_empty()
            || assignments.changes_rowid
            || target.checks.iter().any(|check| check.is_touched_by(Some(assignments)))
            || target.indexes.iter().any(|plan| plan.is_touched_by(&assignments.changed))
        {
            return None;
        }
        let mut columns: Vec<Column> = Vec::new();
        for assigned in assignments.places() {
            let Assigned::Column(column) = assigned else { return None };
            let (plan, slot) = (&target.columns[column], target.table.columns[column].slot as usize);
            if columns.iter().any(|column| column.slot == slot) {
                return None;
            }
            let is_not_null = match plan.not_null {
                None => false,
                Some(own) if or.unwrap_or(own) == ConflictAction::Abort => true,
                Some(_) => return None,
            };
            columns.push(Column { slot, affinity: plan.affinity, is_not_null });
        }
        Some(ComputedUpdate { columns })
    }

    /// Whether so many rows may be written this way.
    pub fn is_worth_it(row_count: usize, target: &Target, context: &Context<'_>) -> bool {
        let session = &*context.session;
        // A single row was read when it was found, and is read no other time.
        let is_many = |least: usize| (least.max(2)..=MOST_COMPUTED).contains(&row_count);
        BatchFinder::least_listed(context).is_some_and(is_many)
            && !session.callbacks.may_see_rows()
            && !session.transaction(target.database).is_watched(target.table.tree)
            && !target.is_observed(context)
    }

    /// Writes the values of rows that are there; `rows` are their rowids, ascending, and where their values stand. False, and
    /// nothing done, where rows have to be written one by one.
    pub fn write(
        &self,
        rows: &[(i64, usize)],
        computed: &[Vec<NewValue>],
        target: &Target,
        context: &mut Context<'_>,
    ) -> Result<bool> {
        let rowids: Vec<i64> = rows.iter().map(|(rowid, _)| *rowid).collect();
        if rowids.is_empty() || are_sparse(&rowids, target, context)? {
            return Ok(false);
        }
        let mut stored: Vec<Vec<Value>> = Vec::with_capacity(self.columns.len());
        for (index, column) in self.columns.iter().enumerate() {
            let mut values = Vec::with_capacity(rows.len());
            for (_, place) in rows {
                let mut value = computed[*place][index].value.clone();
                affinity::apply(&mut value, column.affinity);
                let is_fit = match &value {
                    Value::Null => !column.is_not_null,
                    Value::Integer(_) | Value::Real(_) => true,
                    Value::Text(bytes) | Value::Blob(bytes) => bytes.len() <= MAX_VALUE_LEN,
                };
                if !is_fit {
                    return Ok(false);
                }
                values.push(value);
            }
            stored.push(values);
        }
        let stored: Vec<Vec<ValueRef<'_>>> =
            stored.iter().map(|values| values.iter().map(Value::as_ref).collect()).collect();
        // The tree takes them in the order of the slots.
        let mut order: Vec<usize> = (0..self.columns.len()).collect();
        order.sort_unstable_by_key(|index| self.columns[*index].slot);
        let mark = context.session.transaction_mut(target.database).begin_statement();
        let mut from = 0;
        while from < rowids.len() {
            context.step()?;
            let column = |index: &usize| NewColumn {
                slot: self.columns[*index].slot,
                values: &stored[*index][from..],
            };
            let new: Vec<NewColumn<'_>> = order.iter().map(column).collect();
            let transaction = context.session.transaction_mut(target.database);
            match transaction.put_columns(target.table.tree, &rowids[from..], &new)? {
                Some(count) => from += count,
                None => {
                    transaction.rollback_statement(mark)?;
                    return Ok(false);
                }
            }
        }
        context.session.transaction_mut(target.database).end_statement(mark);
        Ok(true)
    }
}
