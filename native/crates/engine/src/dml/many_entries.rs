//! Index entries of many rows: gathered while rows change, then changed in the order of their keys.
//!
//! Where an index has each key once, new keys must be nobody's, neither of rows as they were nor twice among those that come:
//! then no order in which the rows change would meet a row in the way. Otherwise it is for the rows to be changed in turn.
//!
//! Entries of one leaf of an index come one after the other in that order, and are changed together. Entries of an index
//! are kept as bytes until there are too many of them; no key stands among them twice, because keys end in the rowid and a
//! statement comes to a row once.

use std::ops::Range;

use pluresdb_tree::{KeyChange, KeyCursor, RowInPlace};
use pluresdb_value::key::{self, KeyColumn};
use pluresdb_value::{ValueRef, arithmetic};

use super::target::{Image, IndexPlan, Target};
use crate::Result;
use crate::catalog::TreeId;
use crate::execute::{Context, FoundBatch, Frame, tree_error};
use crate::resolve::any_expr;
use crate::resolve::tree::{Expr, Register, SourceId};
use crate::transaction::Transaction;

/// Bytes of memory that gathered entries take at most, of all indexes.
const MAX_GATHERED_BYTES: usize = 32 << 20;
/// An index of which one entry in so many changes has its leaves copied: as many changes of a leaf, put down one by one for
/// the way back, cost as much.
const ENTRIES_PER_CHANGE: u64 = 16;
/// So many entries are changed as they come.
const FEW_ENTRIES: usize = 4;
/// The most columns that indexes look at where rows are changed one by one.
const MAX_TERMS: usize = 16;

#[derive(Default)]
pub(super) struct ManyEntries {
    indexes: Vec<EntriesOf>,
}

/// What one index has to do with.
struct EntriesOf {
    tree: TreeId,
    columns: Vec<KeyColumn>,
    /// Which of the values that are computed of a row are the terms of its entry, as it was.
    old: Vec<usize>,
    /// What they are afterwards; None: the entries go.
    new: Option<Vec<Term>>,
    /// Which value tells whether the index holds the row.
    partial: Option<usize>,
    /// Keys that come must be new.
    is_unique: bool,
    /// Keys and values back to back.
    bytes: Vec<u8>,
    entries: Vec<Entry>,
}

/// Where a term of a changed row's entry is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Term {
    /// Where it was: among the values that are computed of the row.
    Kept(usize),
    /// Among the assigned columns.
    Assigned(usize),
    /// Nowhere: the row goes.
    Gone,
}

/// One entry that comes or goes.
struct Entry {
    start: usize,
    key_len: usize,
    value_len: usize,
    is_put: bool,
    /// Where the value lies that the entry has; None of one that comes.
    old: Option<Range<usize>>,
    /// Of entries with a NULL there may be any number.
    has_null: bool,
}

impl Entry {
    fn value(&self) -> Range<usize> {
        let start = self.start + self.key_len;
        start..start + self.value_len
    }
}

/// What indexes look at of rows that are changed one by one: columns, and the rowid.
pub(super) struct RowTerms(Vec<RowTerm>);

struct RowTerm {
    /// None: the rowid.
    slot: Option<usize>,
    /// Where the row as it was has it in the frame.
    register: Register,
}

impl RowTerms {
    /// None where something is to be computed. `exprs` are those that the indexes were added with.
    pub fn of(exprs: &[Expr], target: &Target) -> Option<RowTerms> {
        let term = |expr: &Expr| match expr {
            Expr::Column { column, .. } => Some(RowTerm {
                slot: Some(target.table.columns[*column].slot as usize),
                register: target.register(Image::Old, *column),
            }),
            Expr::Rowid(_) => Some(RowTerm { slot: None, register: target.rowid_register(Image::Old) }),
            _ => None,
        };
        let terms: Option<Vec<RowTerm>> = exprs.iter().map(term).collect();
        terms.filter(|terms| terms.len() <= MAX_TERMS).map(RowTerms)
    }
}

impl ManyEntries {
    /// Adds an index, and what of a row it looks at to `exprs`. `changed` tells of the columns that change what they become.
    /// None where a row has to be looked at by itself.
    pub fn add(
        &mut self,
        plan: &IndexPlan,
        target: &Target,
        source: SourceId,
        exprs: &mut Vec<Expr>,
        changed: impl Fn(Register) -> Option<Term>,
    ) -> Option<()> {
        let image = plan.image(Image::Old);
        if plan.is_table || plan.turned.is_some() {
            return None;
        }
        // Some functions are other ones within an index.
        let calls = |expr: &Expr| matches!(expr, Expr::Function { .. } | Expr::Application { .. });
        let mut read = |expr: &Expr, is_kept: bool| {
            let is_changed = |expr: &Expr| matches!(expr, Expr::Register(of) if matches!(changed(*of), Some(Term::Assigned(_))));
            if is_kept && (any_expr(expr, &calls) || any_expr(expr, &is_changed)) {
                return None;
            }
            exprs.push(target.read_by_cursor(expr, source)?);
            Some(exprs.len() - 1)
        };
        let partial = match &image.partial {
            Some(partial) => Some(read(partial, true)?),
            None => None,
        };
        let (mut old, mut new) = (Vec::new(), Some(Vec::new()));
        for register in &image.registers {
            let computed = image.computed.iter().find(|(computed, _)| computed == register);
            let place = match computed {
                Some((_, expr)) => read(expr, true)?,
                None => read(&Expr::Register(*register), false)?,
            };
            old.push(place);
            match changed(*register) {
                Some(Term::Gone) => new = None,
                term => {
                    if let Some(new) = &mut new {
                        new.push(term.unwrap_or(Term::Kept(place)));
                    }
                }
            }
        }
        let (tree, columns) = (plan.index.tree, plan.columns.clone());
        self.indexes.push(EntriesOf {
            tree,
            columns,
            old,
            is_unique: plan.index.unique && new.is_some(),
            new,
            partial,
            bytes: Vec::new(),
            entries: Vec::new(),
        });
        Some(())
    }

    /// Whether somebody follows one of the indexes.
    pub fn are_watched(&self, transaction: &Transaction) -> bool {
        self.indexes.iter().any(|index| transaction.is_watched(index.tree))
    }

    pub fn clear(&mut self) {
        self.indexes.iter_mut().for_each(EntriesOf::clear);
    }

    /// The entries of rows that change; `assigned` gives the new values of an assigned column.
    pub fn gather<'v>(&mut self, found: &FoundBatch<'_>, assigned: &dyn Fn(usize) -> &'v [ValueRef<'v>]) {
        for index in &mut self.indexes {
            index.gather(found, assigned);
        }
    }

    pub fn is_empty(&self) -> bool {
        self.indexes.is_empty()
    }

    /// The entries of one row that goes.
    pub fn gather_row(
        &mut self,
        terms: &RowTerms,
        rowid: i64,
        row: &RowInPlace<'_>,
        target: &Target,
    ) -> Result<()> {
        let mut values = [ValueRef::Integer(rowid); MAX_TERMS];
        for (value, term) in values.iter_mut().zip(&terms.0) {
            if let Some(slot) = term.slot {
                *value = row.column(slot).map_err(tree_error)?.unwrap_or_else(|| target.missing(slot));
            }
        }
        for index in &mut self.indexes {
            index.gather_row(rowid, &|place| values[place], &|_| ValueRef::Null);
        }
        Ok(())
    }

    /// The entries of one row that changes and stands in the frame as it was.
    pub fn gather_update<'v>(
        &mut self,
        terms: &RowTerms,
        rowid: i64,
        frame: &Frame,
        assigned: &dyn Fn(usize) -> ValueRef<'v>,
    ) {
        let value = |place: usize| frame.register(terms.0[place].register).as_ref();
        for index in &mut self.indexes {
            index.gather_row(rowid, &value, assigned);
        }
    }

    /// Changes the entries that were gathered when they are many. False, as in `change`.
    pub fn change_if_due(&mut self, target: &Target, context: &mut Context<'_>) -> Result<bool> {
        let bytes: usize = self.indexes.iter().map(EntriesOf::memory).sum();
        if bytes > MAX_GATHERED_BYTES { self.change(target, context) } else { Ok(true) }
    }

    /// Changes all that was gathered. False where a key that comes may be in the way of another: some may have changed.
    pub fn change(&mut self, target: &Target, context: &mut Context<'_>) -> Result<bool> {
        for index in &mut self.indexes {
            if !index.change(target, context)? {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

impl EntriesOf {
    fn clear(&mut self) {
        self.bytes.clear();
        self.entries.clear();
    }

    fn memory(&self) -> usize {
        self.bytes.len() + self.entries.len() * size_of::<Entry>()
    }

    fn gather<'v>(&mut self, found: &FoundBatch<'_>, assigned: &dyn Fn(usize) -> &'v [ValueRef<'v>]) {
        for (row, rowid) in found.rowids.iter().enumerate() {
            self.gather_row(*rowid, &|place| found.values[place][row], &|column| assigned(column)[row]);
        }
    }

    fn gather_row<'o, 'v>(
        &mut self,
        rowid: i64,
        value: &dyn Fn(usize) -> ValueRef<'o>,
        assigned: &dyn Fn(usize) -> ValueRef<'v>,
    ) {
        if self.partial.is_some_and(|partial| arithmetic::truth(value(partial)) != Some(true)) {
            return;
        }
        let EntriesOf { columns, old, new, bytes, entries, .. } = self;
        let start = bytes.len();
        let mut old = push_entry(old.iter().map(|place| value(*place)), columns, rowid, false, bytes);
        old.old = Some(old.value());
        let Some(new) = new else {
            entries.push(old);
            return;
        };
        let is = new.iter().map(|term| match term {
            Term::Kept(place) => value(*place),
            Term::Assigned(column) => assigned(*column),
            Term::Gone => ValueRef::Null,
        });
        let mut new = push_entry(is, columns, rowid, true, bytes);
        let (before, after) = bytes[start..].split_at(new.start - start);
        if before == after && old.key_len == new.key_len {
            bytes.truncate(start);
        } else if before[..old.key_len] == after[..new.key_len] {
            new.old = old.old;
            entries.push(new);
        } else {
            entries.push(old);
            entries.push(new);
        }
    }

    /// Changes what was gathered. False where a key that comes is not new.
    fn change(&mut self, target: &Target, context: &mut Context<'_>) -> Result<bool> {
        if self.entries.len() <= FEW_ENTRIES && !self.is_unique {
            self.change_few(target, context)?;
            return Ok(true);
        }
        let bytes = &self.bytes;
        let key = |entry: &Entry| &bytes[entry.start..][..entry.key_len];
        let mut order: Vec<(u128, u32)> =
            self.entries.iter().zip(0..).map(|(entry, number)| (head(key(entry)), number)).collect();
        order.sort_unstable_by(|(head, number), (other_head, other)| {
            let keys = || key(&self.entries[*number as usize]).cmp(key(&self.entries[*other as usize]));
            head.cmp(other_head).then_with(keys)
        });
        let (mut changes, mut olds) = (Vec::with_capacity(order.len()), Vec::with_capacity(order.len()));
        for (_, number) in &order {
            let entry = &self.entries[*number as usize];
            changes.push(KeyChange { key: key(entry), value: entry.is_put.then(|| &bytes[entry.value()]) });
            olds.push(entry.old.clone().map(|old| &bytes[old]));
        }
        if self.is_unique && !self.are_new(&order, target, context)? {
            return Ok(false);
        }
        let transaction = context.session.transaction(target.database);
        let are_many = changes.len() as u64 * ENTRIES_PER_CHANGE >= transaction.entry_count(self.tree)?;
        let (mut rest, mut olds) = (&changes[..], &olds[..]);
        while !rest.is_empty() {
            context.step()?;
            let transaction = context.session.transaction_mut(target.database);
            let count = transaction.change_keys(self.tree, rest, olds, are_many)?;
            (rest, olds) = (&rest[count..], &olds[count..]);
        }
        self.clear();
        Ok(true)
    }

    fn change_few(&mut self, target: &Target, context: &mut Context<'_>) -> Result<()> {
        let transaction = context.session.transaction_mut(target.database);
        for entry in &self.entries {
            let key = &self.bytes[entry.start..][..entry.key_len];
            let old = entry.old.clone().map(|old| &self.bytes[old]);
            match old {
                Some(old) if !entry.is_put => transaction.delete_key(self.tree, key, old)?,
                _ => transaction.put_key(self.tree, key, &self.bytes[entry.value()], old)?,
            }
        }
        self.clear();
        Ok(())
    }

    /// Whether no key that comes is in the index, or comes twice. `order` is that of the keys.
    fn are_new(&self, order: &[(u128, u32)], target: &Target, context: &Context<'_>) -> Result<bool> {
        let transaction = context.session.transaction(target.database);
        let mut cursor = KeyCursor::new(transaction.key_tree(self.tree)?, transaction.pager().clone());
        let mut last: &[u8] = &[];
        for (_, number) in order {
            let entry = &self.entries[*number as usize];
            // An entry that keeps its key is not looked at: it is not in its own way.
            if !entry.is_put || entry.has_null || entry.old.is_some() {
                continue;
            }
            let key = &self.bytes[entry.start..][..entry.key_len];
            let prefix = &key[..key.len() - key::rowid_bytes(0).len()];
            let is_there = cursor.seek_ge(prefix).map_err(tree_error)? && cursor.key().starts_with(prefix);
            if is_there || prefix == last {
                return Ok(false);
            }
            last = prefix;
        }
        Ok(true)
    }
}

fn push_entry<'v>(
    values: impl Iterator<Item = ValueRef<'v>> + Clone,
    columns: &[KeyColumn],
    rowid: i64,
    is_put: bool,
    bytes: &mut Vec<u8>,
) -> Entry {
    let start = bytes.len();
    let has_null = values.clone().any(ValueRef::is_null);
    for (value, column) in values.clone().zip(columns) {
        key::encode_value(value, *column, bytes);
    }
    bytes.extend_from_slice(&key::rowid_bytes(rowid));
    let key_end = bytes.len();
    key::encode_remainder(values, columns, bytes);
    Entry { start, key_len: key_end - start, value_len: bytes.len() - key_end, is_put, old: None, has_null }
}

/// The first bytes of a key: what tells most of them.
fn head(key: &[u8]) -> u128 {
    let mut head = [0; 16];
    let len = key.len().min(head.len());
    head[..len].copy_from_slice(&key[..len]);
    u128::from_be_bytes(head)
}
