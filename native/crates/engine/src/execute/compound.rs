//! UNION, INTERSECT, EXCEPT and UNION ALL.
//!
//! The distinct ones keep rows in a map ordered by their key bytes and so give them out sorted, as SQLite does. With
//! ORDER BY the rows are then sorted by its terms; equal ones keep the order they had.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use pluresdb_value::{Collation, Value, ValueRef};

use crate::error::Result;
use crate::execute::frame::row_size;
use crate::execute::key_hash::{ENTRY_SIZE, push_key};
use crate::execute::sort::push_sort_key;
use crate::execute::{Context, Frame, Rows};
use crate::plan::Compound as Node;
use crate::resolve::tree::{CompoundOperator, CompoundOrder};
use crate::session::Session;

pub(crate) fn into_operator(node: Node) -> Box<dyn Rows> {
    let left = node.left.into_operator();
    let right = node.right.into_operator();
    if node.operator == CompoundOperator::UnionAll && node.order_by.is_empty() {
        return Box::new(UnionAll { left, right, is_right: false });
    }
    Box::new(Compound {
        operator: node.operator,
        left,
        right,
        collations: node.collations,
        order_by: node.order_by,
        rows: Vec::new().into_iter(),
        row: Vec::new(),
        is_read: false,
        charged: 0,
    })
}

/// The left side's rows, then the right side's.
struct UnionAll {
    left: Box<dyn Rows>,
    right: Box<dyn Rows>,
    is_right: bool,
}

impl Rows for UnionAll {
    fn restart(&mut self) {
        self.left.restart();
        self.right.restart();
    }

    fn open(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        self.is_right = false;
        self.left.open(frame, context)
    }

    fn next(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<bool> {
        if !self.is_right {
            if self.left.next(frame, context)? {
                return Ok(true);
            }
            self.is_right = true;
            self.right.open(frame, context)?;
        }
        self.right.next(frame, context)
    }

    fn close(&mut self, frame: &mut Frame) {
        self.left.close(frame);
        self.right.close(frame);
    }

    fn column_count(&self) -> usize {
        self.left.column_count()
    }

    fn column<'r>(&'r self, index: usize, frame: &'r Frame) -> Result<ValueRef<'r>> {
        if self.is_right { self.right.column(index, frame) } else { self.left.column(index, frame) }
    }

    fn take_row(&mut self, frame: &Frame, row: &mut Vec<Value>) -> Result<()> {
        if self.is_right { self.right.take_row(frame, row) } else { self.left.take_row(frame, row) }
    }
}

struct Compound {
    operator: CompoundOperator,
    left: Box<dyn Rows>,
    right: Box<dyn Rows>,
    collations: Vec<Collation>,
    order_by: Vec<CompoundOrder>,
    rows: std::vec::IntoIter<Vec<Value>>,
    row: Vec<Value>,
    is_read: bool,
    charged: usize,
}

impl Compound {
    fn read(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        let mut rows: Vec<Vec<Value>> = if self.operator == CompoundOperator::UnionAll {
            let mut rows = Vec::new();
            for side in [&mut self.left, &mut self.right] {
                side.open(frame, context)?;
                while side.next(frame, context)? {
                    let mut row = Vec::new();
                    side.take_row(frame, &mut row)?;
                    charge(&mut self.charged, row_size(&row), frame)?;
                    rows.push(row);
                }
            }
            rows
        } else {
            self.read_distinct(frame, context)?.into_values().collect()
        };
        if !self.order_by.is_empty() {
            let order_by = &self.order_by;
            let mut keyed = Vec::with_capacity(rows.len());
            for row in rows {
                let mut key = Vec::new();
                for term in order_by {
                    let value = row[term.column].as_ref();
                    push_sort_key(value, term.direction, term.collation, &mut key, context.session)?;
                }
                keyed.push((key, row));
            }
            keyed.sort_by(|a, b| a.0.cmp(&b.0));
            rows = keyed.into_iter().map(|(_, row)| row).collect();
        }
        self.rows = rows.into_iter();
        Ok(())
    }

    fn read_distinct(
        &mut self,
        frame: &mut Frame,
        context: &mut Context<'_>,
    ) -> Result<BTreeMap<Vec<u8>, Vec<Value>>> {
        let mut kept = BTreeMap::new();
        self.left.open(frame, context)?;
        while self.left.next(frame, context)? {
            let mut row = Vec::new();
            self.left.take_row(frame, &mut row)?;
            let key = row_key(&row, &self.collations, context.session)?;
            add_new(&mut kept, key, row, &mut self.charged, frame)?;
        }
        let mut in_both = BTreeMap::new();
        // With nothing on the left the right side cannot matter, not even by an error.
        if kept.is_empty() && self.operator != CompoundOperator::Union {
            return Ok(kept);
        }
        // Of rows that are equal but not the same ('a' and 'A' under NOCASE), UNION keeps the first of the right side.
        let mut on_right = BTreeMap::new();
        self.right.open(frame, context)?;
        while self.right.next(frame, context)? {
            let mut row = Vec::new();
            self.right.take_row(frame, &mut row)?;
            let key = row_key(&row, &self.collations, context.session)?;
            match self.operator {
                CompoundOperator::Union | CompoundOperator::UnionAll => {
                    add_new(&mut on_right, key, row, &mut self.charged, frame)?;
                }
                CompoundOperator::Except => {
                    kept.remove(&key);
                }
                CompoundOperator::Intersect => {
                    if let Some((key, row)) = kept.remove_entry(&key) {
                        in_both.insert(key, row);
                    }
                }
            }
        }
        kept.append(&mut on_right);
        Ok(if self.operator == CompoundOperator::Intersect { in_both } else { kept })
    }

    fn forget(&mut self, frame: &mut Frame) {
        self.rows = Vec::new().into_iter();
        frame.memory.release(self.charged);
        self.charged = 0;
    }
}

/// Keeps the row unless an equal one is there.
fn add_new(
    kept: &mut BTreeMap<Vec<u8>, Vec<Value>>,
    key: Vec<u8>,
    row: Vec<Value>,
    charged: &mut usize,
    frame: &mut Frame,
) -> Result<()> {
    if let Entry::Vacant(place) = kept.entry(key) {
        charge(charged, place.key().len() + row_size(&row) + ENTRY_SIZE, frame)?;
        place.insert(row);
    }
    Ok(())
}

fn charge(charged: &mut usize, bytes: usize, frame: &mut Frame) -> Result<()> {
    *charged += bytes;
    frame.memory.charge(bytes)
}

pub(crate) fn row_key(row: &[Value], collations: &[Collation], session: &Session) -> Result<Vec<u8>> {
    let mut key = Vec::new();
    for (index, value) in row.iter().enumerate() {
        let collation = collations.get(index).copied().unwrap_or_default();
        push_key(value.as_ref(), collation, &mut key, session)?;
    }
    Ok(key)
}

impl Rows for Compound {
    fn restart(&mut self) {
        self.left.restart();
        self.right.restart();
    }

    fn open(&mut self, frame: &mut Frame, _: &mut Context<'_>) -> Result<()> {
        self.forget(frame);
        self.is_read = false;
        Ok(())
    }

    fn next(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<bool> {
        if !self.is_read {
            self.is_read = true;
            self.read(frame, context)?;
        }
        match self.rows.next() {
            Some(row) => {
                self.row = row;
                Ok(true)
            }
            None => Ok(false),
        }
    }

    fn close(&mut self, frame: &mut Frame) {
        self.forget(frame);
        self.left.close(frame);
        self.right.close(frame);
    }

    fn column_count(&self) -> usize {
        self.left.column_count()
    }

    fn column<'r>(&'r self, index: usize, _: &'r Frame) -> Result<ValueRef<'r>> {
        Ok(self.row[index].as_ref())
    }

    fn take_row(&mut self, _: &Frame, row: &mut Vec<Value>) -> Result<()> {
        std::mem::swap(row, &mut self.row);
        Ok(())
    }
}
