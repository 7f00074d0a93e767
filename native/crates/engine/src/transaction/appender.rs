//! Rows that come behind all others of a table, many of them: gathered by column and written leaf by leaf.
//!
//! What does not fill a leaf in the end, and rows with values too long for one, are put by themselves.

use pluresdb_tree::NewColumn;
use pluresdb_value::{Affinity, ValueRef, affinity, record};

use super::transaction::Transaction;
use crate::{Result, catalog::TreeId};

/// Bytes of values that a leaf is begun with. Repeated texts take fewer in a leaf than here.
const LEAF_BYTES: usize = 28 * 1024;
const MAX_LEAF_ROWS: usize = 4096;
/// Rows that may be ended together: so many hardly make a leaf that is full much larger.
pub(crate) const MOST_ROWS_AT_ONCE: usize = 128;
/// A longer value may have to lie outside of the leaf.
pub(crate) const MAX_VALUE_LEN: usize = 1024;

pub(crate) struct Appender {
    tree: TreeId,
    rowids: Vec<i64>,
    /// By column and row.
    columns: Vec<Vec<Kept>>,
    heap: Vec<u8>,
    bytes: usize,
    record: Vec<u8>,
}

#[derive(Clone, Copy)]
enum Kept {
    Null,
    Integer(i64),
    Real(f64),
    /// Start and length in the heap.
    Text(u32, u32),
    Blob(u32, u32),
}

impl Kept {
    #[inline]
    fn of(value: ValueRef<'_>, heap: &mut Vec<u8>) -> Kept {
        let mut keep = |bytes: &[u8]| {
            let start = heap.len() as u32;
            heap.extend_from_slice(bytes);
            (start, bytes.len() as u32)
        };
        match value {
            ValueRef::Null => Kept::Null,
            ValueRef::Integer(integer) => Kept::Integer(integer),
            ValueRef::Real(real) => Kept::Real(real),
            ValueRef::Text(text) => {
                let (start, len) = keep(text);
                Kept::Text(start, len)
            }
            ValueRef::Blob(blob) => {
                let (start, len) = keep(blob);
                Kept::Blob(start, len)
            }
        }
    }

    #[inline]
    fn value(self, heap: &[u8]) -> ValueRef<'_> {
        match self {
            Kept::Null => ValueRef::Null,
            Kept::Integer(integer) => ValueRef::Integer(integer),
            Kept::Real(real) => ValueRef::Real(real),
            Kept::Text(start, len) => ValueRef::Text(&heap[start as usize..][..len as usize]),
            Kept::Blob(start, len) => ValueRef::Blob(&heap[start as usize..][..len as usize]),
        }
    }
}

impl Appender {
    /// For a table of so many slots that nobody follows. What is appended is in the table after `finish`.
    pub fn new(tree: TreeId, slot_count: usize) -> Appender {
        Appender {
            tree,
            rowids: Vec::new(),
            columns: vec![Vec::new(); slot_count],
            heap: Vec::new(),
            bytes: 0,
            record: Vec::new(),
        }
    }

    /// The next value of a column; rows end together.
    #[inline]
    fn push(&mut self, slot: usize, value: ValueRef<'_>) {
        self.bytes += match value {
            ValueRef::Text(bytes) | ValueRef::Blob(bytes) => 2 + bytes.len(),
            ValueRef::Null => 0,
            ValueRef::Integer(_) => 4,
            ValueRef::Real(_) => 8,
        };
        self.columns[slot].push(Kept::of(value, &mut self.heap));
    }

    /// The same, as a column of the affinity stores it.
    #[inline]
    pub fn push_stored(&mut self, slot: usize, value: ValueRef<'_>, affinity: Affinity) {
        match affinity::converted(value, affinity) {
            Some(converted) => self.push(slot, converted.as_ref()),
            None => self.push(slot, value),
        }
    }

    /// Ends rows, for which each column has a value. Their rowids ascend and are greater than all others of the table.
    #[inline]
    pub fn end_rows(
        &mut self,
        rowids: impl IntoIterator<Item = i64>,
        transaction: &mut Transaction,
    ) -> Result<()> {
        self.rowids.extend(rowids);
        if self.bytes >= LEAF_BYTES || self.rowids.len() >= MAX_LEAF_ROWS {
            return self.write_leaf(transaction);
        }
        Ok(())
    }

    /// Takes back what was pushed of rows that were not ended.
    pub fn drop_rows(&mut self) {
        let count = self.rowids.len();
        self.columns.iter_mut().for_each(|column| column.truncate(count));
    }

    /// Writes what is left.
    pub fn finish(&mut self, transaction: &mut Transaction) -> Result<()> {
        for row in 0..self.rowids.len() {
            self.record.clear();
            record::encode(self.columns.iter().map(|column| column[row].value(&self.heap)), &mut self.record);
            transaction.put_row(self.tree, self.rowids[row], &self.record, None)?;
        }
        self.clear();
        Ok(())
    }

    fn write_leaf(&mut self, transaction: &mut Transaction) -> Result<()> {
        let is_long = |kept: &Kept| matches!(kept, Kept::Text(_, len) | Kept::Blob(_, len) if *len as usize > MAX_VALUE_LEN);
        if self.columns.iter().flatten().any(is_long) {
            return self.finish(transaction);
        }
        let values: Vec<Vec<ValueRef<'_>>> = self
            .columns
            .iter()
            .map(|column| column.iter().map(|kept| kept.value(&self.heap)).collect())
            .collect();
        let columns: Vec<NewColumn<'_>> =
            values.iter().enumerate().map(|(slot, values)| NewColumn { slot, values }).collect();
        transaction.append_leaf(self.tree, &self.rowids, &columns)?;
        self.clear();
        Ok(())
    }

    fn clear(&mut self) {
        self.rowids.clear();
        self.columns.iter_mut().for_each(Vec::clear);
        self.heap.clear();
        self.bytes = 0;
    }
}
