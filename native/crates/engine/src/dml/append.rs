//! INSERT … SELECT into a table without indexes: rows behind all others are appended leaf by leaf.
//!
//! For statements in which nothing has a say but the rows themselves, as those of `point_insert`. A row whose rowid is not
//! behind all others, or that lacks a value it must have, is inserted by itself after those that came before it.

use pluresdb_value::ValueRef;

use super::point_insert::{PointInsert, PointValue, ValueSource};
use super::target::Target;
use crate::Result;
use crate::catalog::{DatabaseIndex, TreeId};
use crate::execute::{Context, Frame, Query, eval, tree_error};
use crate::resolve::tree::Expr;
use crate::transaction::{Appender, MOST_ROWS_AT_ONCE, Transaction};

pub(super) struct AppendedRows<'p> {
    /// In the order of the slots.
    values: &'p [PointValue],
    /// Which of the query's columns the rowid is.
    rowid: Option<usize>,
    tree: TreeId,
    appender: Appender,
    /// The table's last rowid, where rows wait to be written.
    last: Option<i64>,
}

/// Rows that were taken.
pub(super) struct Appended {
    pub count: usize,
    /// The last one's rowid.
    pub last: i64,
}

/// The rowid of a row behind all others, given or to be chosen; None where it has none.
fn rowid_behind(last: Option<i64>, given: ValueRef<'_>) -> Option<i64> {
    match given {
        ValueRef::Null => last.map_or(Some(1), |last| last.checked_add(1)),
        ValueRef::Integer(rowid) => Some(rowid).filter(|rowid| last.is_none_or(|last| last < *rowid)),
        _ => None,
    }
}

impl<'p> AppendedRows<'p> {
    pub fn new(point: &'p PointInsert, target: &Target) -> AppendedRows<'p> {
        AppendedRows {
            values: &point.values,
            rowid: point.rowid,
            tree: target.table.tree,
            appender: Appender::new(target.table.tree, point.values.len()),
            last: None,
        }
    }

    /// Takes rows from the query's present one on; the query goes on to the last of them. None, and nothing done, where its row
    /// has to be inserted by itself.
    pub fn append(
        &mut self,
        query: &mut Query,
        database: DatabaseIndex,
        frame: &mut Frame,
        context: &mut Context<'_>,
    ) -> Result<Option<Appended>> {
        let last = if self.last.is_some() {
            self.last
        } else {
            let transaction = context.session.transaction(database);
            transaction.row_tree(self.tree)?.last_rowid(transaction.pager()).map_err(tree_error)?
        };
        let taken = match self.take_run(query, last, frame) {
            Some(rowids) => Some(rowids),
            None => self.take_row(query, last, frame, context)?.map(|rowid| vec![rowid]),
        };
        let Some(rowids) = taken else {
            self.appender.drop_rows();
            return Ok(None);
        };
        let appended = Appended { count: rowids.len(), last: rowids.last().copied().unwrap_or_default() };
        if appended.count > 1 {
            query.skip(appended.count - 1, frame);
        }
        self.appender.end_rows(rowids, context.session.transaction_mut(database))?;
        self.last = Some(appended.last);
        Ok(Some(appended))
    }

    /// The rowids of rows that were taken at once; None where that cannot be.
    fn take_run(&mut self, query: &Query, last: Option<i64>, frame: &Frame) -> Option<Vec<i64>> {
        let run = query.run(frame, MOST_ROWS_AT_ONCE)?;
        let count = run.rows().len();
        let mut rowids = Vec::with_capacity(count);
        let (mut before, mut is_ascending) = (last, true);
        let mut take = |given: ValueRef<'_>| match rowid_behind(before, given) {
            Some(rowid) => {
                rowids.push(rowid);
                before = Some(rowid);
            }
            None => is_ascending = false,
        };
        match self.rowid {
            None => (0..count).for_each(|_| take(ValueRef::Null)),
            Some(index) => run.for_each(index, take),
        }
        if !is_ascending {
            return None;
        }
        for (slot, PointValue { affinity, is_not_null, source, .. }) in self.values.iter().enumerate() {
            let mut is_there = true;
            let mut push = |value: ValueRef<'_>| {
                is_there &= !(*is_not_null && value.is_null());
                self.appender.push_stored(slot, value, *affinity);
            };
            match source {
                ValueSource::Given(index) => run.for_each(*index, push),
                ValueSource::Own(Expr::Literal(own)) => (0..count).for_each(|_| push(own.as_ref())),
                ValueSource::Own(_) => is_there = false,
            }
            if !is_there {
                self.appender.drop_rows();
                return None;
            }
        }
        Some(rowids)
    }

    /// The rowid of the query's row, when it was taken.
    fn take_row(
        &mut self,
        query: &Query,
        last: Option<i64>,
        frame: &mut Frame,
        context: &mut Context<'_>,
    ) -> Result<Option<i64>> {
        let given = match self.rowid {
            None => ValueRef::Null,
            Some(index) => query.column(index, frame)?,
        };
        let Some(rowid) = rowid_behind(last, given) else { return Ok(None) };
        for (slot, PointValue { affinity, is_not_null, source, .. }) in self.values.iter().enumerate() {
            let own;
            let value = match source {
                ValueSource::Given(index) => query.column(*index, frame)?,
                ValueSource::Own(expr) => {
                    own = eval(expr, frame, context)?;
                    own.as_ref()
                }
            };
            if *is_not_null && value.is_null() {
                return Ok(None);
            }
            self.appender.push_stored(slot, value, *affinity);
        }
        Ok(Some(rowid))
    }

    /// Writes what waits.
    pub fn finish(&mut self, transaction: &mut Transaction) -> Result<()> {
        self.last = None;
        self.appender.finish(transaction)
    }
}
