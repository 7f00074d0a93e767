//! Many rows of one leaf changed at once: what a statement about many rows does, leaf after leaf.
//!
//! Row by row each change finds its leaf, goes into the delta as a record, and is taken apart again when the leaf is
//! folded. Here a leaf is looked up once, and of its base only the columns that change are written anew: values in overflow
//! blocks stay where they are.

use std::sync::Arc;

use pluresdb_value::{Value, ValueRef, record};

use crate::{
    Result, TreeError,
    btree::Purpose,
    pager::Pager,
    row::{
        base::{Base, Cell, TypeSet},
        build::Builder,
        fold::fold,
        leaf::RowLeaf,
        tree::{MAX_VALUE_INLINE, RowTree},
    },
};

/// New values of a slot, one for each row.
pub struct NewColumn<'v> {
    pub slot: usize,
    pub values: &'v [ValueRef<'v>],
}

/// What `RowTree::put_columns` did.
pub struct PutColumns {
    /// How many of the rows, from the first one on, lay in the leaf.
    pub count: usize,
    pub change: LeafChange,
}

/// What tells of a leaf's change to whoever has the tree as it was.
pub enum LeafChange {
    /// The leaf with all its rows, as `for_each_row_of` reads it.
    Rows(Arc<[u8]>),
    /// The changed columns of the changed rows, as `RowTree::put_columns_of` reads them: the leaf has values in overflow
    /// blocks, which mean nothing outside of its table.
    Columns(Arc<[u8]>),
}

impl LeafChange {
    pub fn block(&self) -> &[u8] {
        match self {
            LeafChange::Rows(block) | LeafChange::Columns(block) => block,
        }
    }
}

impl RowTree {
    /// Whether no value of the table lies in overflow blocks: only then rows are deleted leaf by leaf.
    pub fn is_without_overflow(&self) -> bool {
        self.overflow.is_empty()
    }

    /// Writes columns over, of rows that are there: of as many, from the first one on, as lie in its leaf. `rowids` ascend;
    /// values are short enough to stand in a leaf. None, and nothing done, where rows of the leaf are older than a column
    /// that stands before a new one: what they have there only the table knows; and where an old value lies in overflow
    /// blocks.
    pub fn put_columns(
        &mut self,
        pager: &Pager,
        rowids: &[i64],
        columns: &[NewColumn<'_>],
    ) -> Result<Option<PutColumns>> {
        debug_assert!(rowids.is_sorted());
        let first = rowids.first().ok_or_else(|| TreeError::corrupt("no row is named"))?;
        self.changing().change(pager, first, Purpose::Replace, |leaf| leaf.put_columns(rowids, columns))
    }

    /// Does again what `put_columns` told of as `LeafChange::Columns`. Rows that are not there are left out: they were
    /// deleted later, and this is not the first time.
    pub fn put_columns_of(&mut self, pager: &Pager, block: &[u8]) -> Result<()> {
        let change = Base::decode(&Arc::from(block))?;
        if change.has_wide {
            return Err(outside_of_table());
        }
        let rowids: Vec<i64> = (0..change.rows).map(|row| change.rowid(row)).collect();
        let slots: Vec<usize> =
            (0..change.lanes.len()).filter(|slot| change.lanes.get(*slot).is_some()).collect();
        let value = |slot: usize, row: usize| match change.cell(slot, row) {
            Cell::Value(value) => value,
            Cell::Missing | Cell::Wide(_) => ValueRef::Null,
        };
        let is_long = |value: &ValueRef<'_>| match value {
            ValueRef::Text(bytes) | ValueRef::Blob(bytes) => bytes.len() > MAX_VALUE_INLINE,
            ValueRef::Null | ValueRef::Integer(_) | ValueRef::Real(_) => false,
        };
        let values: Vec<Vec<ValueRef<'_>>> =
            slots.iter().map(|slot| (0..change.rows).map(|row| value(*slot, row)).collect()).collect();
        if values.iter().flatten().any(is_long) {
            return Err(TreeError::corrupt("a value is too long for a leaf"));
        }
        let mut from = 0;
        while from < rowids.len() {
            if !self.contains(pager, rowids[from])? {
                from += 1;
                continue;
            }
            let columns = slots.iter().zip(&values);
            let columns: Vec<NewColumn<'_>> =
                columns.map(|(slot, values)| NewColumn { slot: *slot, values: &values[from..] }).collect();
            match self.put_columns(pager, &rowids[from..], &columns)? {
                Some(done) => from += done.count,
                None => {
                    self.put_columns_of_row(pager, rowids[from], &columns)?;
                    from += 1;
                }
            }
        }
        Ok(())
    }

    /// Writes the first values of columns over in one row, which is there.
    fn put_columns_of_row(&mut self, pager: &Pager, rowid: i64, columns: &[NewColumn<'_>]) -> Result<()> {
        let (mut old, mut new) = (Vec::new(), Vec::new());
        self.read(pager, rowid, |row| row.to_record(&mut old))?;
        let changes: Vec<(usize, Value)> =
            columns.iter().map(|column| (column.slot, column.values[0].to_value())).collect();
        // No column before these was missing when they were first written.
        record::rewrite(&old, &changes, |_| ValueRef::Null, &mut new)?;
        self.put(pager, rowid, &new)
    }

    /// Appends rows behind all others as a leaf of their own, and answers its block. `rowids` ascend; each row has all columns,
    /// which come in the order of their slots, and values short enough to stand in a leaf.
    pub fn append_leaf(
        &mut self,
        pager: &Pager,
        rowids: &[i64],
        columns: &[NewColumn<'_>],
    ) -> Result<Arc<[u8]>> {
        debug_assert!(rowids.is_sorted());
        let (Some(first), Some(last)) = (rowids.first(), rowids.last()) else {
            return Err(TreeError::corrupt("no row is named"));
        };
        let base = build(rowids, columns);
        let block = Arc::clone(&base.block);
        self.changing().change(pager, first, Purpose::Append, |leaf| *leaf = RowLeaf::from_base(base))?;
        self.last.note_put(*last);
        Ok(block)
    }

    /// Deletes rows: of as many, from the first one on, as lie in its leaf; answers how many that are. All are there, and
    /// `rowids` ascend.
    pub fn delete_rows(&mut self, pager: &Pager, rowids: &[i64]) -> Result<usize> {
        debug_assert!(self.is_without_overflow() && rowids.is_sorted());
        let first = rowids.first().ok_or_else(|| TreeError::corrupt("no row is named"))?;
        let delete = |leaf: &mut RowLeaf| rowids.iter().take_while(|rowid| leaf.delete(**rowid)).count();
        let count = self.changing().change(pager, first, Purpose::Delete, delete)?;
        rowids[..count].iter().for_each(|rowid| self.last.note_deleted(*rowid));
        if count == 0 { Err(TreeError::corrupt(format!("row {first} is gone"))) } else { Ok(count) }
    }
}

impl RowLeaf {
    /// None, and nothing done, when the first row is not here, rows lack columns, or overflow blocks would have to be freed.
    fn put_columns(&mut self, rowids: &[i64], columns: &[NewColumn<'_>]) -> Option<PutColumns> {
        if !self.delta.is_empty() {
            *self = fold(self, 1).pop()?;
        }
        let base = self.base.as_deref()?;
        let rows: Vec<usize> = rowids.iter().map_while(|rowid| base.find(*rowid)).collect();
        if rows.is_empty() || !has_all_columns(base, columns) || has_wide(base, &rows, columns) {
            return None;
        }
        let written = write_columns(base, &rows, columns);
        let change = if written.has_wide {
            LeafChange::Columns(build(&rowids[..rows.len()], columns).block)
        } else {
            LeafChange::Rows(Arc::clone(&written.block))
        };
        *self = RowLeaf::from_base(written);
        Some(PutColumns { count: rows.len(), change })
    }
}

/// Whether every row has all columns before the last new one, but for those that are new.
fn has_all_columns(base: &Base, columns: &[NewColumn<'_>]) -> bool {
    let last = columns.iter().map(|column| column.slot).max().unwrap_or(0);
    let is_new = |slot: &usize| columns.iter().any(|column| column.slot == *slot);
    let has = |slot: usize| base.lanes.get(slot).is_some_and(|lane| lane.missing == 0);
    (0..last).filter(|slot| !is_new(slot)).all(has)
}

/// Whether one of the old values lies in overflow blocks.
fn has_wide(base: &Base, rows: &[usize], columns: &[NewColumn<'_>]) -> bool {
    let is_wide = |slot: usize, row: &usize| matches!(base.cell(slot, *row), Cell::Wide(_));
    let may_be = |slot: usize| base.lanes.get(slot).is_some_and(|lane| lane.types.contains(TypeSet::WIDE));
    let slots = columns.iter().map(|column| column.slot);
    base.has_wide && slots.filter(|slot| may_be(*slot)).any(|slot| rows.iter().any(|row| is_wide(slot, row)))
}

/// A base of these rows and columns, whose slots ascend.
fn build(rowids: &[i64], columns: &[NewColumn<'_>]) -> Base {
    let mut builder = Builder::new(rowids.len(), columns.len(), 16 * rowids.len() * (1 + columns.len()));
    builder.rowids(rowids);
    let (mut numbers, mut texts, mut cells) = (Vec::new(), Vec::new(), Vec::new());
    for NewColumn { slot, values } in columns {
        let values = &values[..rowids.len()];
        numbers.clear();
        numbers.extend(values.iter().map_while(integer));
        if numbers.len() == values.len() {
            builder.integers(*slot, &numbers);
            continue;
        }
        numbers.clear();
        numbers.extend(values.iter().map_while(bits_of_real));
        if numbers.len() == values.len() {
            builder.reals(*slot, &numbers);
            continue;
        }
        texts.clear();
        texts.extend(values.iter().map_while(text));
        if texts.len() == values.len() {
            builder.texts(*slot, &texts);
            continue;
        }
        cells.clear();
        cells.extend(values.iter().map(|value| Cell::Value(*value)));
        builder.column(*slot, &cells);
    }
    builder.finish()
}

fn integer(value: &ValueRef<'_>) -> Option<i64> {
    if let ValueRef::Integer(integer) = value { Some(*integer) } else { None }
}

fn bits_of_real(value: &ValueRef<'_>) -> Option<i64> {
    if let ValueRef::Real(real) = value { Some(real.to_bits() as i64) } else { None }
}

fn text<'v>(value: &ValueRef<'v>) -> Option<&'v [u8]> {
    if let ValueRef::Text(text) = value { Some(text) } else { None }
}

fn write_columns(base: &Base, rows: &[usize], columns: &[NewColumn<'_>]) -> Base {
    let slot_of_last = columns.iter().map(|column| column.slot + 1).max().unwrap_or(0);
    let slot_count = base.lanes.len().max(slot_of_last);
    let mut builder = Builder::new(base.rows, slot_count, base.block.len());
    builder.copy_rowids(base);
    let (mut numbers, mut cells) = (Vec::new(), Vec::new());
    for slot in 0..slot_count {
        let Some(column) = columns.iter().find(|column| column.slot == slot) else {
            builder.copy_column(base, slot);
            continue;
        };
        let values = &column.values[..rows.len()];
        let is_all = rows.len() == base.rows;
        let put = |numbers: &mut [i64], number: fn(&ValueRef<'_>) -> Option<i64>| {
            rows.iter()
                .zip(values)
                .all(|(row, value)| number(value).map(|number| numbers[*row] = number).is_some())
        };
        numbers.clear();
        if is_all {
            numbers.resize(base.rows, 0);
        }
        if (is_all || base.read_integers(slot, &mut numbers)) && put(&mut numbers, integer) {
            builder.integers(slot, &numbers);
            continue;
        }
        if (is_all || base.read_reals(slot, &mut numbers)) && put(&mut numbers, bits_of_real) {
            builder.reals(slot, &numbers);
            continue;
        }
        cells.clear();
        cells.extend((0..base.rows).map(|row| base.cell(slot, row)));
        for (row, value) in rows.iter().zip(values) {
            cells[*row] = Cell::Value(*value);
        }
        builder.column(slot, &cells);
    }
    builder.finish()
}

#[cold]
fn outside_of_table() -> TreeError {
    TreeError::corrupt("a leaf outside of its table has values in overflow blocks")
}

/// Hands the rows of a leaf's block on, each as a record.
pub fn for_each_row_of<E: From<TreeError>>(
    block: &[u8],
    mut take: impl FnMut(i64, &[u8]) -> std::result::Result<(), E>,
) -> std::result::Result<(), E> {
    let base = Base::decode(&Arc::from(block))?;
    if base.has_wide {
        return Err(outside_of_table().into());
    }
    let mut record = Vec::new();
    for row in 0..base.rows {
        record.clear();
        base.write_record(row, &mut record);
        take(base.rowid(row), &record)?;
    }
    Ok(())
}
