//! The order of a window's rows, and which of them are peers.

use std::ops::Range;

use pluresdb_value::{ValueRef, compare};

use super::kept::{KeptRows, Layout};
use crate::execute::column_order::{Term, Words};
use crate::execute::vector::{KeptColumn, Numbers};

/// Rows by their place in the order.
#[derive(Default)]
pub(crate) struct RowOrder {
    pub rows: Vec<u32>,
    /// Which rows are peers: the number of their group, over all partitions.
    pub group_of: Vec<u32>,
    /// The places where partitions start.
    pub partitions: Vec<u32>,
}

/// Rows in their order, as calls read them.
#[derive(Clone, Copy)]
pub(crate) struct SortedRows<'r> {
    pub kept: &'r KeptRows,
    pub layout: &'r Layout,
    pub order: &'r RowOrder,
}

impl<'r> SortedRows<'r> {
    /// An integer of a column that has nothing else.
    #[inline]
    pub fn integer(&self, column: usize, place: usize) -> Option<i64> {
        match &self.kept.columns[column] {
            KeptColumn::Integers(Numbers { values, nulls: None }) => {
                Some(values[self.order.rows[place] as usize])
            }
            _ => None,
        }
    }

    #[inline]
    pub fn value(&self, column: usize, place: usize) -> ValueRef<'r> {
        self.kept.columns[column].value(self.order.rows[place] as usize)
    }

    /// An argument of a call; None: it has fewer.
    pub fn arg(&self, call: usize, index: usize, place: usize) -> Option<ValueRef<'r>> {
        self.layout.args[call].get(index).map(|column| self.value(*column, place))
    }

    pub fn args(&self, call: usize, place: usize) -> impl Iterator<Item = ValueRef<'r>> {
        let rows = *self;
        rows.layout.args[call].iter().map(move |column| rows.value(*column, place))
    }

    /// Whether a call's FILTER lets the row in.
    #[inline]
    pub fn passes(&self, call: usize, place: usize) -> bool {
        self.layout.filters[call]
            .is_none_or(|filter| self.kept.passes[filter][self.order.rows[place] as usize])
    }

    pub fn group_of(&self, place: usize) -> u32 {
        self.order.group_of[place]
    }

    /// The first ORDER BY term.
    pub fn order_term(&self) -> Option<&'r Term> {
        self.layout.terms.get(self.layout.partition_len)
    }

    /// The places of each partition, the last one as far as rows are known.
    pub fn partitions(&self) -> impl Iterator<Item = Range<usize>> + '_ {
        let starts = &self.order.partitions;
        starts.iter().enumerate().map(|(index, start)| {
            let end = starts.get(index + 1).map_or(self.order.rows.len(), |end| *end as usize);
            *start as usize..end
        })
    }

    /// The places of each group of peers within a partition.
    pub fn peers(&self, partition: Range<usize>) -> impl Iterator<Item = Range<usize>> + '_ {
        let mut start = partition.start;
        self.order.group_of[partition].chunk_by(|a, b| a == b).map(move |peers| {
            let places = start..start + peers.len();
            start = places.end;
            places
        })
    }
}

impl RowOrder {
    /// Sorts the rows; equal ones stay as they came.
    pub fn of(rows: &KeptRows, layout: &Layout) -> RowOrder {
        let words = Words::of(&rows.columns, rows.count, &layout.terms, layout.partition_len);
        let mut order: Vec<u32> = (0..rows.count as u32).collect();
        words.sort(&mut order);
        let (group_of, partitions) = boundaries(&order, &words);
        RowOrder { rows: order, group_of, partitions }
    }

    /// Adds the row that comes next in the order.
    pub fn push(&mut self, rows: &KeptRows, layout: &Layout) {
        let row = self.rows.len();
        let differs = |terms: &[Term]| {
            terms.iter().any(|term| {
                let column = &rows.columns[term.column];
                compare(column.value(row - 1), column.value(row), term.collation).is_ne()
            })
        };
        let (partition, order) = layout.terms.split_at(layout.partition_len);
        let starts = row == 0 || differs(partition);
        if starts {
            self.partitions.push(row as u32);
        }
        let group = match self.group_of.last() {
            Some(group) => group + u32::from(starts || differs(order)),
            None => 0,
        };
        self.group_of.push(group);
        self.rows.push(row as u32);
    }
}

/// Groups and partitions of sorted rows.
fn boundaries(order: &[u32], words: &Words) -> (Vec<u32>, Vec<u32>) {
    let mut group_of = Vec::with_capacity(order.len());
    let mut partitions = Vec::new();
    let mut group = 0;
    for (place, row) in order.iter().enumerate() {
        let (of_groups, of_partitions) = match place.checked_sub(1) {
            Some(before) => words.differ(order[before], *row),
            None => (false, true),
        };
        group += u32::from(of_groups);
        if of_partitions {
            partitions.push(place as u32);
        }
        group_of.push(group);
    }
    (group_of, partitions)
}
