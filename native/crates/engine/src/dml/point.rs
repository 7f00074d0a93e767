//! UPDATE and DELETE where nothing changes but the rows that are meant, one by its rowid in most cases.
//!
//!     UPDATE t SET a = a + 1, b = ? WHERE id = ?        DELETE FROM t WHERE id = ?
//!     UPDATE t SET a = ? WHERE name = ?
//!
//! Everything that could have a say in it is excluded when the statement is compiled: triggers, foreign keys, RETURNING,
//! CHECKs and unique indexes that the change touches, generated columns. So no image of a row is needed: the columns that SET
//! reads go into registers, and the new record is the old one with the assigned columns exchanged. A row given by its
//! rowid needs no cursor either.
//!
//! Always true: what may fail of a row comes before it is changed, so there is never anything to undo of a statement about
//! one rowid.

use pluresdb_value::record::{self, Record};
use pluresdb_value::{Affinity, Value, ValueRef, affinity, key};

use super::assignment::{Assigned, Assignments};
use super::constraint::{fail, not_null_violation};
use super::found::RowFinder;
use super::many_entries::{ManyEntries, RowTerms, Term};
use super::target::{Image, Target};
use crate::Result;
use crate::catalog::ConflictAction;
use crate::execute::{Context, Frame, corrupt, eval, exact_rowid, tree_error, with_value};
use crate::resolve::tree::{Expr, Register};
use crate::resolve::{any_expr, names_subquery};

/// The most columns that are assigned this way.
const MAX_ASSIGNED: usize = 32;

pub(crate) struct PointUpdate {
    /// None: the finder finds the rows.
    rowid: Option<Expr>,
    /// Columns that SET reads, with their registers.
    reads: Vec<(usize, Register)>,
    rowid_register: Register,
    /// In the order of the slots.
    assigned: Vec<AssignedColumn>,
    /// Of indexes that change with the rows, none of them unique; changed behind all rows.
    entries: ManyEntries,
    terms: RowTerms,
    /// New values by slot, and what becomes of the record: used again by every run.
    values: Vec<(usize, Value)>,
    old: Vec<u8>,
    new: Vec<u8>,
}

#[derive(Clone)]
pub(super) struct AssignedColumn {
    pub column: usize,
    pub slot: usize,
    pub affinity: Affinity,
    pub is_not_null: bool,
    pub expr: Expr,
}

impl AssignedColumn {
    /// What SET assigns, in the order of the slots; None for an UPDATE that needs more than to write that. Of the target, what
    /// may touch other rows has been looked at, and indexes are still to be.
    pub fn all(
        target: &Target,
        assignments: &Assignments,
        or: Option<ConflictAction>,
    ) -> Option<Vec<AssignedColumn>> {
        if target.table.strict
            || target.table.without_rowid
            || !target.generated.is_empty()
            || assignments.changes_rowid
            || target.checks.iter().any(|check| check.is_touched_by(Some(assignments)))
        {
            return None;
        }
        let mut assigned = Vec::new();
        for (place, expr) in assignments.simple()? {
            let Assigned::Column(column) = place else { return None };
            if any_expr(expr, &names_subquery) {
                return None;
            }
            let plan = &target.columns[column];
            let is_not_null = match plan.not_null {
                None => false,
                Some(own) if or.unwrap_or(own) == ConflictAction::Abort => true,
                Some(_) => return None,
            };
            assigned.push(AssignedColumn {
                column,
                slot: target.table.columns[column].slot as usize,
                affinity: plan.affinity,
                is_not_null,
                expr: expr.clone(),
            });
        }
        // The values are computed in the order of the slots: who assigns a column twice, or calls something that may tell
        // the order, does not go this way.
        let is_in_order = assigned.is_sorted_by(|a, b| a.slot < b.slot);
        (is_in_order && assigned.len() <= MAX_ASSIGNED).then_some(assigned)
    }
}

/// What becomes of a term of an index entry, where it is one of the assigned columns.
pub(super) fn assigned_term(
    assigned: &[AssignedColumn],
    target: &Target,
    register: Register,
) -> Option<Term> {
    let is_it = |assigned: &AssignedColumn| target.register(Image::Old, assigned.column) == register;
    assigned.iter().position(is_it).map(Term::Assigned)
}

impl PointUpdate {
    /// None for an UPDATE that changes entries of indexes that have each key once, or that hold what is computed.
    pub fn compile(
        target: &Target,
        finder: &RowFinder,
        assignments: &Assignments,
        assigned: &[AssignedColumn],
    ) -> Option<PointUpdate> {
        let rowid = finder.only_rowid().cloned();
        let (mut entries, mut exprs, mut reads) = (ManyEntries::default(), Vec::new(), Vec::new());
        for plan in target.indexes.iter().filter(|plan| plan.is_touched_by(&assignments.changed)) {
            // Whether another row has the key is to be asked row after row.
            if plan.index.unique {
                return None;
            }
            reads.extend(&plan.reads);
            entries.add(plan, target, finder.scan()?.source, &mut exprs, |register| {
                assigned_term(assigned, target, register)
            })?;
        }
        let terms = RowTerms::of(&exprs, target)?;
        for assigned in assigned {
            target.note_columns(&assigned.expr, Image::Old, &mut reads);
        }
        reads.sort_unstable();
        reads.dedup();
        reads.retain(|column| target.table.rowid_alias != Some(*column));
        Some(PointUpdate {
            rowid,
            reads: reads.into_iter().map(|column| (column, target.register(Image::Old, column))).collect(),
            rowid_register: target.rowid_register(Image::Old),
            assigned: assigned.to_vec(),
            entries,
            terms,
            values: Vec::new(),
            old: Vec::new(),
            new: Vec::new(),
        })
    }

    /// It writes one row, and nothing beside it.
    pub fn is_of_one(&self) -> bool {
        self.rowid.is_some() && self.entries.is_empty()
    }

    /// Whether somebody has to see each entry change with its row.
    pub fn is_seen(&self, target: &Target, context: &Context<'_>) -> bool {
        !self.entries.is_empty()
            && (context.session.may_be_used_within()
                || self.entries.are_watched(context.session.transaction(target.database)))
    }

    /// How many rows changed.
    pub fn run(
        &mut self,
        target: &Target,
        finder: &mut RowFinder,
        frame: &mut Frame,
        context: &mut Context<'_>,
    ) -> Result<i64> {
        self.entries.clear();
        let count = self.change_rows(target, finder, frame, context)?;
        let is_changed = self.entries.change(target, context)?;
        assert!(is_changed, "an index that has each key once is not changed this way");
        Ok(count)
    }

    fn change_rows(
        &mut self,
        target: &Target,
        finder: &mut RowFinder,
        frame: &mut Frame,
        context: &mut Context<'_>,
    ) -> Result<i64> {
        let PointUpdate { rowid: Some(rowid), reads, old, .. } = self else {
            return self.run_found(target, finder, frame, context);
        };
        let Some(rowid) = with_value(rowid, frame, context, exact_rowid)? else { return Ok(0) };
        let transaction = context.session.transaction(target.database);
        let tree = transaction.row_tree(target.table.tree)?;
        old.clear();
        let found = tree.read(transaction.pager(), rowid, |row| {
            for (column, register) in &*reads {
                let value = row.column(target.table.columns[*column].slot as usize)?;
                let value = value.map_or_else(|| target.columns[*column].missing.clone(), ValueRef::to_value);
                frame.set_register(*register, value);
            }
            row.to_record(old)
        });
        if found.map_err(tree_error)?.is_none() {
            return Ok(0);
        }
        target.note_read(context);
        Ok(i64::from(self.change(target, rowid, frame, context)?))
    }

    fn run_found(
        &mut self,
        target: &Target,
        finder: &mut RowFinder,
        frame: &mut Frame,
        context: &mut Context<'_>,
    ) -> Result<i64> {
        finder.find(target, frame, context, &mut |_, _| Ok(()))?;
        let mut count = 0;
        for index in 0..finder.found.len() {
            context.step()?;
            if !finder.read(index, target, &mut self.old, context)? {
                continue;
            }
            let record = Record::new(&self.old).map_err(corrupt)?;
            for (column, register) in &self.reads {
                let slot = target.table.columns[*column].slot as usize;
                let value = record.column(slot).map_err(corrupt)?;
                let value = value.map_or_else(|| target.columns[*column].missing.clone(), ValueRef::to_value);
                frame.set_register(*register, value);
            }
            let rowid = key::decode_rowid(finder.found.identity(index)).map_err(corrupt)?;
            count += i64::from(self.change(target, rowid, frame, context)?);
            self.entries.change_if_due(target, context)?;
        }
        Ok(count)
    }

    /// Changes the row whose old record stands ready, and what SET reads of it. False: what SET called has deleted it.
    fn change(
        &mut self,
        target: &Target,
        rowid: i64,
        frame: &mut Frame,
        context: &mut Context<'_>,
    ) -> Result<bool> {
        let PointUpdate { rowid_register, assigned, entries, terms, values, old, new, .. } = self;
        frame.set_register(*rowid_register, Value::Integer(rowid));
        values.clear();
        for AssignedColumn { slot, affinity, expr, .. } in &*assigned {
            let mut value = eval(expr, frame, context)?;
            affinity::apply(&mut value, *affinity);
            values.push((*slot, value));
        }
        for (AssignedColumn { column, is_not_null, .. }, (_, value)) in assigned.iter().zip(&*values) {
            if *is_not_null && value.is_null() {
                let error = not_null_violation(&target.table, *column);
                return Err(fail(context, ConflictAction::Abort, error));
            }
        }
        if target.is_outdated(context) && !target.read_record(&key::rowid_bytes(rowid), old, context)? {
            return Ok(false);
        }
        new.clear();
        record::rewrite(old, values, |slot| target.missing(slot), new).map_err(corrupt)?;
        let transaction = context.session.transaction_mut(target.database);
        transaction.put_row(target.table.tree, rowid, new, Some(old))?;
        entries.gather_update(terms, rowid, frame, &|assigned| values[assigned].1.as_ref());
        Ok(true)
    }
}

pub(crate) struct PointDelete {
    rowid: Expr,
}

impl PointDelete {
    /// None for a DELETE that needs more.
    pub fn compile(target: &Target, finder: &RowFinder) -> Option<PointDelete> {
        let rowid = finder.only_rowid()?;
        let is_alone = !target.table.without_rowid && target.indexes.is_empty();
        is_alone.then(|| PointDelete { rowid: rowid.clone() })
    }

    /// How many rows are gone.
    pub fn run(&self, target: &Target, frame: &mut Frame, context: &mut Context<'_>) -> Result<i64> {
        let Some(rowid) = with_value(&self.rowid, frame, context, exact_rowid)? else { return Ok(0) };
        let transaction = context.session.transaction_mut(target.database);
        Ok(i64::from(transaction.take_row(target.table.tree, rowid)?))
    }
}

impl Target {
    /// Whether somebody wants to see each row that changes, or forbids it: known only when the statement runs.
    #[inline]
    pub fn is_observed(&self, context: &Context<'_>) -> bool {
        let session = &*context.session;
        session.changed_rows.is_watching() || !session.locked_tables.is_empty() || self.is_recorded(context)
    }
}
