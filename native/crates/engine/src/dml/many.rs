//! UPDATE and DELETE of many rows, leaf after leaf.
//!
//!     UPDATE t SET a = a + 1 WHERE b < 10        DELETE FROM t WHERE b < 10
//!
//! For statements that change nothing but the rows that are meant, as those of `point`, found by reading the table. A leaf's
//! rows are found and their new values computed in batches (`execute::vector`); the transaction then writes the columns of
//! the leaf over, or deletes its rows, at once. Index entries are gathered and deleted in the order of their keys.
//!
//! Always true: where something cannot be done this way (a value that may not be NULL, one that is too long for a leaf, an
//! expression that fails), all that was done is taken back and the rows are changed one by one.

use pluresdb_tree::NewColumn;
use pluresdb_value::key::{self, KeyColumn};
use pluresdb_value::{Affinity, Value, ValueRef, affinity, record};

use super::found::RowFinder;
use super::point::PointUpdate;
use super::target::{Image, Target};
use crate::Result;
use crate::catalog::TreeId;
use crate::execute::{BatchFinder, Context, FoundBatch, Frame, corrupt};
use crate::resolve::rewrite_expr;
use crate::resolve::tree::{Expr, SourceId};
use crate::transaction::MAX_VALUE_LEN;

/// Fewer rows of a leaf are written one by one: the leaf's other rows would go to the log as well.
const FEW_ROWS: usize = 32;
/// Bytes of index entries that are gathered before they are deleted.
const MAX_ENTRY_BYTES: usize = 16 << 20;

pub(crate) struct ManyUpdate {
    finder: BatchFinder,
    columns: Vec<Column>,
    old: Vec<u8>,
    new: Vec<u8>,
}

struct Column {
    slot: usize,
    affinity: Affinity,
    is_not_null: bool,
}

impl ManyUpdate {
    /// None for an UPDATE that has to find or compute its rows one by one.
    pub fn compile(target: &Target, finder: &RowFinder, point: &PointUpdate) -> Option<ManyUpdate> {
        let scan = finder.scan()?;
        let (mut columns, mut exprs) = (Vec::new(), Vec::new());
        for assigned in point.assigned() {
            let (slot, affinity, is_not_null) = (assigned.slot, assigned.affinity, assigned.is_not_null);
            columns.push(Column { slot, affinity, is_not_null });
            exprs.push(target.read_by_cursor(&assigned.expr, scan.source)?);
        }
        let finder = BatchFinder::compile(scan, exprs)?;
        Some(ManyUpdate { finder, columns, old: Vec::new(), new: Vec::new() })
    }

    /// How many rows changed; None, and nothing done, where they are to be changed one by one.
    pub fn run(
        &mut self,
        target: &Target,
        frame: &mut Frame,
        context: &mut Context<'_>,
    ) -> Result<Option<i64>> {
        let ManyUpdate { finder, columns, old, new } = self;
        all_or_nothing(finder, target, frame, context, &mut |found, context| {
            put_columns(target, columns, &found, old, new, context)
        })
    }
}

/// False where a row has to be changed by itself.
fn put_columns(
    target: &Target,
    columns: &[Column],
    found: &FoundBatch<'_>,
    old: &mut Vec<u8>,
    new: &mut Vec<u8>,
    context: &mut Context<'_>,
) -> Result<bool> {
    let converted: Vec<Option<Vec<Value>>> =
        columns.iter().zip(&found.values).map(|(column, values)| convert(column.affinity, values)).collect();
    let converted: Vec<Option<Vec<ValueRef<'_>>>> = converted
        .iter()
        .map(|values| values.as_ref().map(|values| values.iter().map(Value::as_ref).collect()))
        .collect();
    let values = |index: usize| converted[index].as_ref().unwrap_or(&found.values[index]);
    for (index, column) in columns.iter().enumerate() {
        let is_fit = |value: &ValueRef<'_>| match value {
            ValueRef::Null => !column.is_not_null,
            ValueRef::Integer(_) | ValueRef::Real(_) => true,
            ValueRef::Text(bytes) | ValueRef::Blob(bytes) => bytes.len() <= MAX_VALUE_LEN,
        };
        if !values(index).iter().all(is_fit) {
            return Ok(false);
        }
    }
    let tree = target.table.tree;
    if found.rowids.len() < FEW_ROWS {
        for (row, rowid) in found.rowids.iter().enumerate() {
            if !target.read_record(&key::rowid_bytes(*rowid), old, context)? {
                continue;
            }
            let changed: Vec<(usize, Value)> = (0..columns.len())
                .map(|index| (columns[index].slot, values(index)[row].to_value()))
                .collect();
            new.clear();
            record::rewrite(old, &changed, |slot| target.missing(slot), new).map_err(corrupt)?;
            context.session.transaction_mut(target.database).put_row(tree, *rowid, new, Some(old))?;
        }
        return Ok(true);
    }
    let mut from = 0;
    while from < found.rowids.len() {
        let new_column = |(index, column): (usize, &Column)| NewColumn {
            slot: column.slot,
            values: &values(index)[from..],
        };
        let new: Vec<NewColumn<'_>> = columns.iter().enumerate().map(new_column).collect();
        let transaction = context.session.transaction_mut(target.database);
        match transaction.put_columns(tree, &found.rowids[from..], &new)? {
            Some(count) => from += count,
            None => return Ok(false),
        }
    }
    Ok(true)
}

/// The values as a column of the affinity has them, when it changes any.
fn convert(affinity: Affinity, values: &[ValueRef<'_>]) -> Option<Vec<Value>> {
    if values.iter().all(|value| affinity::converted(*value, affinity).is_none()) {
        return None;
    }
    let stored =
        |value: &ValueRef<'_>| affinity::converted(*value, affinity).unwrap_or_else(|| value.to_value());
    Some(values.iter().map(stored).collect())
}

pub(crate) struct ManyDelete {
    finder: BatchFinder,
    indexes: Vec<EntriesOf>,
}

/// The index entries of deleted rows.
struct EntriesOf {
    tree: TreeId,
    columns: Vec<KeyColumn>,
    /// Which of the values that are computed of a row the first one is.
    first_value: usize,
    /// Keys and values back to back, and where each ends.
    bytes: Vec<u8>,
    ends: Vec<(usize, usize)>,
}

impl ManyDelete {
    /// None for a DELETE that has to find its rows one by one, or of a table with an index that not only columns are in.
    pub fn compile(target: &Target, finder: &RowFinder) -> Option<ManyDelete> {
        if target.table.without_rowid || target.foreign_keys.is_some() {
            return None;
        }
        let scan = finder.scan()?;
        let (mut indexes, mut exprs) = (Vec::new(), Vec::new());
        for plan in &target.indexes {
            let image = plan.image(Image::Old);
            if plan.turned.is_some() || image.partial.is_some() || !image.computed.is_empty() {
                return None;
            }
            indexes.push(EntriesOf {
                tree: plan.index.tree,
                columns: plan.columns.clone(),
                first_value: exprs.len(),
                bytes: Vec::new(),
                ends: Vec::new(),
            });
            for register in &image.registers {
                exprs.push(target.read_by_cursor(&Expr::Register(*register), scan.source)?);
            }
        }
        Some(ManyDelete { finder: BatchFinder::compile(scan, exprs)?, indexes })
    }

    /// How many rows are gone; None, and nothing done, where they are to be deleted one by one.
    pub fn run(
        &mut self,
        target: &Target,
        frame: &mut Frame,
        context: &mut Context<'_>,
    ) -> Result<Option<i64>> {
        let ManyDelete { finder, indexes } = self;
        indexes.iter_mut().for_each(EntriesOf::clear);
        let deleted = all_or_nothing(finder, target, frame, context, &mut |found, context| {
            for entries in &mut *indexes {
                entries.gather(&found);
                if entries.bytes.len() > MAX_ENTRY_BYTES {
                    entries.delete(target, context)?;
                }
            }
            let mut rest = &found.rowids[..];
            while !rest.is_empty() {
                let transaction = context.session.transaction_mut(target.database);
                rest = &rest[transaction.delete_rows(target.table.tree, rest)?..];
            }
            Ok(true)
        })?;
        if deleted.is_some() {
            for entries in indexes {
                entries.delete(target, context)?;
            }
        }
        Ok(deleted)
    }
}

impl EntriesOf {
    fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
    }

    fn gather(&mut self, found: &FoundBatch<'_>) {
        let values = &found.values[self.first_value..][..self.columns.len()];
        for (row, rowid) in found.rowids.iter().enumerate() {
            for (column, values) in self.columns.iter().zip(values) {
                key::encode_value(values[row], *column, &mut self.bytes);
            }
            self.bytes.extend_from_slice(&key::rowid_bytes(*rowid));
            let key_end = self.bytes.len();
            key::encode_remainder(values.iter().map(|values| values[row]), &self.columns, &mut self.bytes);
            self.ends.push((key_end, self.bytes.len()));
        }
    }

    /// Deletes what was gathered, in the order of the keys.
    fn delete(&mut self, target: &Target, context: &mut Context<'_>) -> Result<()> {
        let mut start = 0;
        let mut entries: Vec<(&[u8], &[u8])> = Vec::with_capacity(self.ends.len());
        for &(key_end, end) in &self.ends {
            entries.push((&self.bytes[start..key_end], &self.bytes[key_end..end]));
            start = end;
        }
        entries.sort_unstable();
        for (key, value) in entries {
            context.step()?;
            context.session.transaction_mut(target.database).delete_key(self.tree, key, value)?;
        }
        self.clear();
        Ok(())
    }
}

/// Has all rows taken and counts them; None, and nothing done, where not all can be.
fn all_or_nothing(
    finder: &mut BatchFinder,
    target: &Target,
    frame: &mut Frame,
    context: &mut Context<'_>,
    take: &mut dyn FnMut(FoundBatch<'_>, &mut Context<'_>) -> Result<bool>,
) -> Result<Option<i64>> {
    let transaction = context.session.transaction(target.database);
    if !transaction.takes_many(target.table.tree)? || !finder.is_worth_it(context)? {
        return Ok(None);
    }
    let mark = context.session.transaction_mut(target.database).begin_statement();
    let mut count = 0;
    let outcome = finder.run(frame, context, &mut |found, context| {
        count += found.rowids.len() as i64;
        take(found, context)
    });
    let transaction = context.session.transaction_mut(target.database);
    if let Ok(true) = outcome {
        transaction.end_statement(mark);
        return Ok(Some(count));
    }
    transaction.rollback_statement(mark)?;
    outcome.map(|_| None)
}

impl Target {
    /// The expression about the row as it was, asked of a cursor that stands on it; None when it reads something else, too.
    fn read_by_cursor(&self, expr: &Expr, source: SourceId) -> Option<Expr> {
        let mut expr = expr.clone();
        let mut reads_else = false;
        let mut change = |node: &mut Expr| {
            let Expr::Register(register) = node else { return false };
            let column =
                (0..self.columns.len()).find(|column| self.register(Image::Old, *column) == *register);
            *node = match column {
                Some(column) if self.table.rowid_alias != Some(column) => Expr::Column { source, column },
                None if *register != self.rowid_register(Image::Old) => {
                    reads_else = true;
                    return true;
                }
                _ => Expr::Rowid(source),
            };
            true
        };
        let mut subqueries = Vec::new();
        rewrite_expr(&mut expr, &mut change, &mut subqueries);
        (!reads_else && subqueries.is_empty()).then_some(expr)
    }

    /// What a slot has in rows that are older than it.
    pub fn missing(&self, slot: usize) -> ValueRef<'_> {
        let column = self.slots.get(slot).copied().flatten();
        column.map_or(ValueRef::Null, |column| self.columns[column].missing.as_ref())
    }
}
