//! UPDATE and DELETE of many rows, leaf after leaf.
//!
//!     UPDATE t SET a = a + 1 WHERE b < 10        DELETE FROM t WHERE name = 'x'
//!
//! For statements that change nothing but the rows that are meant, as those of `point`, and entries of indexes that may hold
//! a key more than once. Where the table itself is read for the rows, a leaf's rows are found and their new values computed
//! in batches (`execute::vector`); rows that an index led to are found first, and then read in the order of the table. The
//! transaction writes the columns of the leaf over, or deletes its rows, at once. What becomes of index entries is
//! gathered and done in the order of their keys (`many_entries`).
//!
//! Always true: where something cannot be done this way (a value that may not be NULL, one that is too long for a leaf, an
//! expression that fails), all that was done is taken back and the rows are changed one by one.
//!
//! AFTER triggers that have nothing to do with the table fire once the rows of a leaf have changed.

use pluresdb_tree::NewColumn;
use pluresdb_value::{Affinity, Value, ValueRef, affinity, key, record};

use super::assignment::Assignments;
use super::found::RowFinder;
use super::many_entries::{ManyEntries, RowTerms, Term};
use super::point::{AssignedColumn, assigned_term};
use super::target::{Image, Target};
use super::trigger::RowTriggers;
use crate::Result;
use crate::execute::{BatchFinder, Context, FoundBatch, Frame, corrupt, exact_rowid, with_value};
use crate::resolve::rewrite_expr;
use crate::resolve::tree::{Expr, SourceId};
use crate::transaction::MAX_VALUE_LEN;

/// Fewer rows of a leaf are written one by one: the leaf's other rows would go to the log as well. Not so beside values in
/// overflow blocks, which would have to be written again.
const FEW_ROWS: usize = 32;
/// Rows of a list that lie farther apart than so many are changed one by one: of a leaf hardly more would be found than a few.
const SPARSE_ROWS: u64 = 32;

pub(crate) struct ManyUpdate {
    batches: Batches,
    columns: Vec<Column>,
    entries: ManyEntries,
    /// Rows far from each other are better changed one by one, which `PointUpdate` does.
    leaves_sparse: bool,
    images: Option<Images>,
    old: Vec<u8>,
    new: Vec<u8>,
}

struct Column {
    slot: usize,
    affinity: Affinity,
    is_not_null: bool,
}

impl ManyUpdate {
    /// None for an UPDATE that has to find or compute its rows one by one. `assigned` is in the order of the slots.
    pub fn compile(
        target: &Target,
        finder: &RowFinder,
        assignments: &Assignments,
        assigned: &[AssignedColumn],
        beside: Beside,
    ) -> Option<ManyUpdate> {
        let source = finder.scan()?.source;
        let (mut columns, mut exprs) = (Vec::new(), Vec::new());
        for assigned in assigned {
            let (slot, affinity, is_not_null) = (assigned.slot, assigned.affinity, assigned.is_not_null);
            columns.push(Column { slot, affinity, is_not_null });
            exprs.push(target.read_by_cursor(&assigned.expr, source)?);
        }
        let mut entries = ManyEntries::default();
        let mut are_unique = false;
        for plan in target.indexes.iter().filter(|plan| plan.is_touched_by(&assignments.changed)) {
            are_unique |= plan.index.unique;
            entries.add(plan, target, source, &mut exprs, |register| {
                assigned_term(assigned, target, register)
            })?;
        }
        let images = match beside {
            Beside::Triggers
                if BatchFinder::loses_nothing(assigned.iter().map(|assigned| &assigned.expr)) =>
            {
                let assigned = assigned.iter().map(|assigned| assigned.column).collect();
                Some(Images::new(target, source, assigned, &mut exprs))
            }
            Beside::Triggers => return None,
            Beside::Point | Beside::Nothing => None,
        };
        Some(ManyUpdate {
            batches: Batches::new(exprs),
            columns,
            entries,
            leaves_sparse: beside == Beside::Point || are_unique,
            images,
            old: Vec::new(),
            new: Vec::new(),
        })
    }

    /// How many rows changed; None, and nothing done, where they are to be changed one by one.
    pub fn run(
        &mut self,
        target: &Target,
        finder: &mut RowFinder,
        triggers: &RowTriggers,
        frame: &mut Frame,
        context: &mut Context<'_>,
    ) -> Result<Option<i64>> {
        let ManyUpdate { batches, columns, entries, leaves_sparse, images, old, new } = self;
        let sparse = if *leaves_sparse { Sparse::LeftToOthers } else { Sparse::LikeAll };
        let fired = images.is_some().then_some(triggers);
        let take: &mut TakeRows<'_> = &mut |found, entries, context| {
            if !put_columns(target, columns, &found, entries, old, new, context)? {
                return Ok(false);
            }
            if let Some(images) = images {
                images.fire(&found, columns, triggers, context)?;
            }
            Ok(true)
        };
        batches.all_or_nothing(entries, target, finder, fired, frame, context, sparse, take)
    }
}

/// False where a row has to be changed by itself.
fn put_columns(
    target: &Target,
    columns: &[Column],
    found: &FoundBatch<'_>,
    entries: &mut ManyEntries,
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
    let values = |index: usize| &converted[index].as_ref().unwrap_or(&found.values[index])[..];
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
    entries.gather(found, &values);
    let tree = target.table.tree;
    let is_few = found.rowids.len() < FEW_ROWS;
    if is_few && context.session.transaction(target.database).is_without_overflow(tree)? {
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
    batches: Batches,
    entries: ManyEntries,
    one_by_one: Option<OneByOne>,
    images: Option<Images>,
}

/// Rows that are deleted one by one, and their entries together.
struct OneByOne {
    terms: RowTerms,
    old: Vec<u8>,
}

impl ManyDelete {
    /// None for a DELETE that has to find its rows one by one, or whose rows have children in other tables. `fires`: its rows
    /// fire triggers.
    pub fn compile(target: &Target, finder: &RowFinder, fires: bool) -> Option<ManyDelete> {
        let is_parent = target.foreign_keys.as_ref().is_some_and(|keys| keys.has_children());
        if target.table.without_rowid || is_parent {
            return None;
        }
        let source = finder.scan()?.source;
        let (mut entries, mut exprs) = (ManyEntries::default(), Vec::new());
        for plan in &target.indexes {
            entries.add(plan, target, source, &mut exprs, |_| Some(Term::Gone))?;
        }
        let terms = if fires { None } else { RowTerms::of(&exprs, target) };
        let one_by_one = terms.map(|terms| OneByOne { terms, old: Vec::new() });
        let images = fires.then(|| Images::new(target, source, Vec::new(), &mut exprs));
        Some(ManyDelete { batches: Batches::new(exprs), entries, one_by_one, images })
    }

    /// How many rows are gone; None, and nothing done, where they are to be deleted one by one.
    pub fn run(
        &mut self,
        target: &Target,
        finder: &mut RowFinder,
        triggers: &RowTriggers,
        frame: &mut Frame,
        context: &mut Context<'_>,
    ) -> Result<Option<i64>> {
        if !context.session.transaction(target.database).is_without_overflow(target.table.tree)? {
            return Ok(None);
        }
        let ManyDelete { batches, entries, one_by_one, images } = self;
        let fired = images.is_some().then_some(triggers);
        let has_one_by_one = one_by_one.is_some();
        let mut delete = |rowids: &[i64], entries: &mut ManyEntries, context: &mut Context<'_>| {
            let OneByOne { terms, old } =
                one_by_one.as_mut().expect("rows are only given to who can delete them one by one");
            delete_one_by_one(target, rowids, terms, old, entries, context)
        };
        let sparse = if has_one_by_one { Sparse::OneByOne(&mut delete) } else { Sparse::LikeAll };
        let take: &mut TakeRows<'_> = &mut |found, entries, context| {
            entries.gather(&found, &|_| &[]);
            let mut rest = &found.rowids[..];
            while !rest.is_empty() {
                let transaction = context.session.transaction_mut(target.database);
                rest = &rest[transaction.delete_rows(target.table.tree, rest)?..];
            }
            if let Some(images) = images {
                images.fire(&found, &[], triggers, context)?;
            }
            Ok(true)
        };
        batches.all_or_nothing(entries, target, finder, fired, frame, context, sparse, take)
    }
}

fn delete_one_by_one(
    target: &Target,
    rowids: &[i64],
    terms: &RowTerms,
    old: &mut Vec<u8>,
    entries: &mut ManyEntries,
    context: &mut Context<'_>,
) -> Result<i64> {
    let mut count = 0;
    for rowid in rowids {
        context.step()?;
        let transaction = context.session.transaction_mut(target.database);
        let is_gone = transaction.take_row_read(target.table.tree, *rowid, old, |row| {
            entries.gather_row(terms, *rowid, row, target)
        })?;
        count += i64::from(is_gone);
        entries.change_if_due(target, context)?;
    }
    entries.change(target, context)?;
    Ok(count)
}

/// What the rows of an UPDATE have besides.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Beside {
    Nothing,
    /// A `PointUpdate`.
    Point,
    /// Triggers, all of which fire once the row has changed.
    Triggers,
}

/// The rows that triggers know as `new` and `old`.
struct Images {
    /// Which of the values that are computed of a row is its first column; the others follow.
    first: usize,
    /// What each column is: None of the one that is the rowid.
    columns: Vec<Option<usize>>,
    /// Columns that change, in the order of their values; empty for DELETE.
    assigned: Vec<usize>,
    /// `new` and then `old`, each a value for each column and the rowid; of DELETE only `old`.
    images: Vec<Value>,
}

impl Images {
    /// Has all columns computed as well.
    fn new(target: &Target, source: SourceId, assigned: Vec<usize>, exprs: &mut Vec<Expr>) -> Images {
        let first = exprs.len();
        let columns: Vec<Option<usize>> = (0..target.columns.len())
            .map(|column| (target.table.rowid_alias != Some(column)).then_some(column))
            .collect();
        exprs.extend(columns.iter().flatten().map(|column| Expr::Column { source, column: *column }));
        let image_count = if assigned.is_empty() { 1 } else { 2 };
        let images = vec![Value::Null; image_count * (columns.len() + 1)];
        Images { first, columns, assigned, images }
    }

    /// Fires the triggers of rows that have changed.
    fn fire(
        &mut self,
        found: &FoundBatch<'_>,
        changed: &[Column],
        triggers: &RowTriggers,
        context: &mut Context<'_>,
    ) -> Result<()> {
        let Images { first, columns, assigned, images } = self;
        let width = columns.len() + 1;
        for (row, rowid) in found.rowids.iter().enumerate() {
            context.step()?;
            for image in images.chunks_exact_mut(width) {
                let stored = columns.iter().zip(&mut *image).filter(|(column, _)| column.is_some());
                for ((_, slot), values) in stored.zip(&found.values[*first..]) {
                    slot.assign(values[row]);
                }
                image[width - 1] = Value::Integer(*rowid);
            }
            for ((column, values), Column { affinity, .. }) in assigned.iter().zip(&found.values).zip(changed)
            {
                match affinity::converted(values[row], *affinity) {
                    Some(converted) => images[*column] = converted,
                    None => images[*column].assign(values[row]),
                }
            }
            triggers.fire_late(images, context.session)?;
        }
        Ok(())
    }
}

/// The rows and what is computed of each.
struct Batches {
    exprs: Vec<Expr>,
    /// None until the statement runs.
    finder: Option<Compiled>,
}

enum Compiled {
    /// The table is read for the rows.
    Read(BatchFinder),
    /// They were found before, by an index or by what only the row engine can ask.
    Listed(BatchFinder),
    /// Only the row engine can compute what is to be computed.
    Nothing,
}

/// Takes all rows, and counts them.
type TakeOneByOne<'t> = dyn FnMut(&[i64], &mut ManyEntries, &mut Context<'_>) -> Result<i64> + 't;

/// What becomes of rows that an index led to and that are few, or far from each other.
enum Sparse<'s> {
    LikeAll,
    LeftToOthers,
    OneByOne(&'s mut TakeOneByOne<'s>),
}

/// Takes rows of one leaf; false where they are to be changed one by one.
type TakeRows<'t> = dyn FnMut(FoundBatch<'_>, &mut ManyEntries, &mut Context<'_>) -> Result<bool> + 't;

impl Batches {
    fn new(exprs: Vec<Expr>) -> Batches {
        Batches { exprs, finder: None }
    }

    fn compile(&self, finder: &RowFinder) -> Compiled {
        let Some(scan) = finder.scan() else { return Compiled::Nothing };
        match BatchFinder::compile(scan, self.exprs.clone()) {
            Some(batches) => Compiled::Read(batches),
            None => match BatchFinder::of_listed(scan, self.exprs.clone()) {
                Some(batches) => Compiled::Listed(batches),
                None => Compiled::Nothing,
            },
        }
    }

    /// Has all rows taken and counts them; None, and nothing done, where not all can be.
    fn all_or_nothing(
        &mut self,
        entries: &mut ManyEntries,
        target: &Target,
        finder: &mut RowFinder,
        fired: Option<&RowTriggers>,
        frame: &mut Frame,
        context: &mut Context<'_>,
        mut sparse: Sparse<'_>,
        take: &mut TakeRows<'_>,
    ) -> Result<Option<i64>> {
        // What the application does in the middle, a rollback say, is to be seen after each row.
        if context.session.may_be_used_within()
            || fired.is_some_and(|triggers| !triggers.may_fire_late(target, context.session))
        {
            return Ok(None);
        }
        let transaction = context.session.transaction(target.database);
        if transaction.is_watched(target.table.tree) || entries.are_watched(transaction) {
            return Ok(None);
        }
        if self.finder.is_none() {
            self.finder = Some(self.compile(finder));
        }
        entries.clear();
        if let Sparse::OneByOne(take) = &mut sparse
            && let Some(rowid) = finder.only_rowid()
        {
            return match with_value(rowid, frame, context, exact_rowid)? {
                Some(rowid) => take(&[rowid], entries, context).map(Some),
                None => Ok(Some(0)),
            };
        }
        let (batches, is_listed) = match &mut self.finder {
            Some(Compiled::Read(batches)) => (batches, false),
            Some(Compiled::Listed(batches)) => (batches, true),
            Some(Compiled::Nothing) | None => return Ok(None),
        };
        let rowids = if is_listed {
            let least = BatchFinder::least_listed(context);
            let least_found = match (&sparse, least) {
                (Sparse::OneByOne(_), _) => 1,
                (Sparse::LikeAll | Sparse::LeftToOthers, Some(least)) => least,
                (Sparse::LikeAll | Sparse::LeftToOthers, None) => return Ok(None),
            };
            let Some(rowids) = finder.find_ahead(least_found, target, frame, context)? else {
                return Ok(None);
            };
            let is_few = least.is_none_or(|least| rowids.len() < least);
            match &mut sparse {
                Sparse::OneByOne(take) if is_few || are_sparse(&rowids, target, context)? => {
                    return take(&rowids, entries, context).map(Some);
                }
                Sparse::LeftToOthers if are_sparse(&rowids, target, context)? => {
                    finder.keep_found();
                    return Ok(None);
                }
                Sparse::LikeAll | Sparse::LeftToOthers | Sparse::OneByOne(_) => Some(rowids),
            }
        } else if batches.is_worth_it(context)? {
            None
        } else {
            return Ok(None);
        };
        let mark = context.session.transaction_mut(target.database).begin_statement();
        let (total_changes, error_action) = (context.session.total_changes, context.session.error_action);
        let mut count = 0;
        let mut outcome = batches.run(rowids, frame, context, &mut |found, context| {
            count += found.rowids.len() as i64;
            let is_taken = take(found, entries, context)?;
            if is_taken { entries.change_if_due(target, context) } else { Ok(false) }
        });
        if let Ok(true) = outcome {
            outcome = entries.change(target, context);
        }
        let transaction = context.session.transaction_mut(target.database);
        if let Ok(true) = outcome {
            transaction.end_statement(mark);
            return Ok(Some(count));
        }
        transaction.rollback_statement(mark)?;
        match fired {
            // An error of a trigger may be one that leaves the rows before it changed.
            Some(triggers) => {
                context.session.total_changes = total_changes;
                context.session.error_action = error_action;
                triggers.begin_again(context.session)?;
            }
            None => drop(outcome?),
        }
        if is_listed {
            finder.keep_found();
        }
        Ok(None)
    }
}

/// Whether hardly more than a few of the rowids, which ascend, are to be expected in one leaf.
pub(super) fn are_sparse(rowids: &[i64], target: &Target, context: &Context<'_>) -> Result<bool> {
    let (Some(first), Some(last)) = (rowids.first(), rowids.last()) else { return Ok(true) };
    // Tests have batches taken whatever they are worth.
    if BatchFinder::least_listed(context) == Some(0) {
        return Ok(false);
    }
    let row_count = context.session.transaction(target.database).entry_count(target.table.tree)?;
    Ok(last.abs_diff(*first).min(row_count) / rowids.len() as u64 > SPARSE_ROWS)
}

impl Target {
    /// The expression about the row as it was, asked of a cursor that stands on it; None when it reads something else, too.
    pub fn read_by_cursor(&self, expr: &Expr, source: SourceId) -> Option<Expr> {
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
