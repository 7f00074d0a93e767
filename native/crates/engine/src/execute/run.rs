//! Runs: rows of a result that lie side by side in one leaf, exactly as they are handed out.
//!
//! Who hands out many rows takes them column by column, without an operator's step and an expression for each value.
//! There is a run where a query gives columns of one table in the order of its rowids, and all of it lies in the base
//! of a leaf that nobody has written to since. Operators that do anything to rows have none.

use std::ops::Range;

use pluresdb_tree::{Integers, Lane, LeafView, Reals, Strings};
use pluresdb_value::ValueRef;

use crate::execute::{Cursor, Frame};
use crate::resolve::tree::{Expr, SourceId};

/// Rows of a scan that lie side by side, from the present one on.
pub(crate) struct RunRows {
    pub source: SourceId,
    /// Their places in the leaf.
    pub places: Range<usize>,
    /// The last of them comes first.
    pub is_reverse: bool,
}

/// Rows from the present one on.
pub struct Run<'r> {
    leaf: LeafView<'r>,
    rows: Range<usize>,
    is_reverse: bool,
    cursor: &'r Cursor,
    outputs: &'r [Expr],
}

/// A column of a run; the rows are counted as `Run::rows` counts them.
pub enum RunColumn<'r> {
    Integers(Integers<'r>),
    Reals(Reals<'r>),
    Texts(Strings<'r>),
    /// To be asked for value by value.
    Values,
}

impl<'r> Run<'r> {
    /// None where the outputs are more than columns of the table, or blobs may be among the values: whoever takes rows
    /// has to make room for those one by one.
    pub(crate) fn new(
        frame: &'r Frame,
        RunRows { source, places: rows, is_reverse }: RunRows,
        outputs: &'r [Expr],
    ) -> Option<Run<'r>> {
        let is_of_source = |output: &Expr| match output {
            Expr::Column { source: of, .. } | Expr::Rowid(of) => *of == source,
            _ => false,
        };
        let cursor = frame.cursor(source);
        let run = Run { leaf: cursor.rows_ref().leaf(), rows, is_reverse, cursor, outputs };
        let has_blobs = |index: usize| {
            let lane = run.slot(index).map(|(slot, _)| run.leaf.lane(slot));
            matches!(lane, Some(Lane::Blob(_) | Lane::Mixed))
        };
        let is_plain = outputs.iter().all(is_of_source) && !(0..outputs.len()).any(has_blobs);
        is_plain.then_some(run)
    }

    /// Their places in the leaf.
    pub fn rows(&self) -> Range<usize> {
        self.rows.clone()
    }

    /// Whether the last of them comes first.
    pub fn is_reverse(&self) -> bool {
        self.is_reverse
    }

    /// Leaves out all but the first `count`.
    pub fn truncate(&mut self, count: usize) {
        let left_out = self.rows.len().saturating_sub(count);
        if self.is_reverse {
            self.rows.start += left_out;
        } else {
            self.rows.end -= left_out;
        }
    }

    /// Bytes of text in the rows, about.
    pub fn text_len(&self) -> usize {
        let text_len = |index: usize| match self.slot(index).map(|(slot, _)| self.leaf.lane(slot)) {
            Some(Lane::Text(texts)) => {
                (texts.ends.get(self.rows.end) - texts.ends.get(self.rows.start)) as usize
            }
            Some(Lane::Dictionary { entry_count, entries, .. }) => {
                entries.heap.len() / (entry_count as usize).max(1) * self.rows.len()
            }
            _ => 0,
        };
        (0..self.outputs.len()).map(text_len).sum()
    }

    /// Where an output stands in the leaf, and what it is in rows older than the column; None: it is the rowid.
    fn slot(&self, index: usize) -> Option<(usize, ValueRef<'r>)> {
        match &self.outputs[index] {
            Expr::Column { column, .. } => {
                self.cursor.stored_slot(*column).map(|(slot, missing)| (slot, missing.as_ref()))
            }
            _ => None,
        }
    }

    pub fn column(&self, index: usize) -> RunColumn<'r> {
        let Some((slot, _)) = self.slot(index) else {
            return self.leaf.base_rowids().map_or(RunColumn::Values, RunColumn::Integers);
        };
        if !self.leaf.is_whole(slot) {
            return RunColumn::Values;
        }
        match self.leaf.lane(slot) {
            Lane::Integer(integers) => RunColumn::Integers(integers),
            Lane::Real(reals) => RunColumn::Reals(reals),
            Lane::Text(texts) => RunColumn::Texts(texts),
            Lane::Missing | Lane::Null | Lane::Dictionary { .. } | Lane::Blob(_) | Lane::Mixed => {
                RunColumn::Values
            }
        }
    }

    /// Hands on the values of a column, in the order of the rows.
    pub fn for_each(&self, index: usize, mut take: impl FnMut(ValueRef<'r>)) {
        if self.is_reverse {
            return self.rows().rev().for_each(|row| take(self.value(index, row)));
        }
        match self.column(index) {
            RunColumn::Integers(lane) => self.rows().for_each(|row| take(ValueRef::Integer(lane.get(row)))),
            RunColumn::Reals(lane) => self.rows().for_each(|row| take(ValueRef::Real(lane.get(row)))),
            RunColumn::Texts(lane) => self.rows().for_each(|row| take(ValueRef::Text(lane.get(row)))),
            RunColumn::Values => self.rows().for_each(|row| take(self.value(index, row))),
        }
    }

    /// One value of a row.
    pub fn value(&self, index: usize, row: usize) -> ValueRef<'r> {
        match self.slot(index) {
            Some((slot, missing)) => self.leaf.base_value(slot, row).unwrap_or(missing),
            None => {
                self.leaf.base_rowids().map_or(ValueRef::Null, |rowids| ValueRef::Integer(rowids.get(row)))
            }
        }
    }
}
