//! The first k rows of an order, kept in a heap: ORDER BY … LIMIT without sorting what is thrown away.

use std::collections::BinaryHeap;

use pluresdb_value::Value;

/// Above this many rows a sort is no dearer.
pub(crate) const MAX_TOP_K: usize = 10_000;

#[derive(PartialEq)]
pub(crate) struct RankedRow {
    pub key: Vec<u8>,
    /// Rows with equal keys stay in the order they came.
    sequence: u64,
    pub row: Vec<Value>,
    /// The first sort term, where a scan wants to know it.
    lead: Option<Value>,
}

impl Eq for RankedRow {}

impl PartialOrd for RankedRow {
    fn partial_cmp(&self, other: &RankedRow) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for RankedRow {
    fn cmp(&self, other: &RankedRow) -> std::cmp::Ordering {
        self.key.cmp(&other.key).then(self.sequence.cmp(&other.sequence))
    }
}

pub(crate) struct TopK {
    limit: usize,
    /// The worst kept row on top.
    heap: BinaryHeap<RankedRow>,
    sequence: u64,
}

impl TopK {
    pub fn new(limit: usize) -> TopK {
        TopK { limit, heap: BinaryHeap::new(), sequence: 0 }
    }

    /// How many rows are kept at most.
    pub fn limit(&self) -> usize {
        self.limit
    }

    /// Whether a row with this key would be kept: asked before the row is made.
    pub fn wants(&self, key: &[u8]) -> bool {
        self.heap.len() < self.limit || self.heap.peek().is_some_and(|worst| key < worst.key.as_slice())
    }

    /// Whether there are as many rows as wanted.
    pub fn is_full(&self) -> bool {
        self.heap.len() == self.limit
    }

    /// The first sort term of the worst row, once there are as many rows as wanted.
    pub fn worst_lead(&self) -> Option<&Value> {
        self.heap.peek().filter(|_| self.is_full())?.lead.as_ref()
    }

    pub fn push(&mut self, key: Vec<u8>, row: Vec<Value>, lead: Option<Value>) {
        self.sequence += 1;
        let ranked = RankedRow { key, sequence: self.sequence, row, lead };
        if self.heap.len() < self.limit {
            self.heap.push(ranked);
        } else if let Some(mut worst) = self.heap.peek_mut() {
            *worst = ranked;
        }
    }

    pub fn into_sorted(self) -> Vec<Vec<Value>> {
        self.heap.into_sorted_vec().into_iter().map(|ranked| ranked.row).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_rows_come_out_sorted_and_stable() {
        let mut top = TopK::new(3);
        for (key, id) in [(5, 0), (3, 1), (9, 2), (3, 3), (1, 4), (3, 5)] {
            let key = vec![key];
            if top.wants(&key) {
                top.push(key, vec![Value::Integer(id)], None);
            }
        }
        let ids: Vec<Value> = top.into_sorted().into_iter().flatten().collect();
        assert_eq!(ids, [Value::Integer(4), Value::Integer(1), Value::Integer(3)]);
    }
}
