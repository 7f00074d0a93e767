//! Many entries of one leaf changed at once: what a statement about many rows does to an index, in key order.
//!
//! Entry by entry each change finds its leaf and moves what stands behind it there. Here a leaf is looked up once, and
//! written anew as the union of what it holds and what comes.

use super::heads::shared_len;
use super::leaf::{KeyLeaf, MAX_ENTRIES, MAX_HEAP, MAX_PART_LEN};
use super::tree::{KeyTree, MAX_VALUE_INLINE};
use crate::{Result, TreeError, btree::Purpose, pager::Pager};

/// What becomes of an entry.
#[derive(Clone, Copy, Debug)]
pub struct KeyChange<'c> {
    pub key: &'c [u8],
    /// The value it has from now on; None: there is no such entry.
    pub value: Option<&'c [u8]>,
}

/// What one call puts at most: what no longer fits a leaf are a few new ones.
const MOST_BYTES: usize = 8 * MAX_HEAP;
const MOST_ENTRIES: usize = 8 * MAX_ENTRIES;
/// Fewer changes than one for so many entries are made one by one.
const ENTRIES_PER_CHANGE: usize = 16;

impl KeyTree {
    /// Makes changes whose keys ascend strictly: as many, from the first one on, as concern its leaf; answers how many that
    /// are. An entry that is to go and is not there is passed over.
    pub fn change_many(&mut self, pager: &Pager, changes: &[KeyChange<'_>]) -> Result<usize> {
        let first = changes.first().ok_or_else(|| TreeError::corrupt("no entry is named"))?;
        let is_narrow = |change: &KeyChange<'_>| {
            change.key.len() <= MAX_PART_LEN && change.value.map_or(0, <[u8]>::len) <= MAX_VALUE_INLINE
        };
        if !self.overflow.is_empty() || !is_narrow(first) {
            match first.value {
                Some(value) => self.put(pager, first.key, value)?,
                None => self.delete(pager, first.key)?,
            };
            return Ok(1);
        }
        let bound = self.tree.bound_behind(pager, first.key)?;
        let mut bytes = 0;
        let mut concerns_leaf = |change: &&KeyChange<'_>| {
            bytes += change.value.map_or(0, |value| change.key.len() + value.len());
            bound.as_deref().is_none_or(|bound| change.key < bound)
                && bytes <= MOST_BYTES
                && is_narrow(change)
        };
        let most = &changes[1..changes.len().min(MOST_ENTRIES)];
        let count = 1 + most.iter().take_while(&mut concerns_leaf).count();
        debug_assert!(changes[..count].is_sorted_by(|a, b| a.key < b.key));
        self.tree.change(pager, first.key, Purpose::Many, |leaf| leaf.change_many(&changes[..count]))?;
        Ok(count)
    }
}

impl KeyLeaf {
    fn change_many(&mut self, changes: &[KeyChange<'_>]) {
        if changes.len() * ENTRIES_PER_CHANGE < self.entry_count() {
            for change in changes {
                match change.value {
                    Some(value) => self.put(change.key, value, false),
                    None => self.delete(change.key),
                };
            }
            return;
        }
        let mut union = self.as_large();
        let mut next = 0;
        for change in changes {
            let place = self.lower_bound_from(next, change.key);
            union.push_range(self, next..place);
            let is_there = place < self.entry_count() && self.key(place) == change.key;
            next = place + usize::from(is_there);
            if let Some(value) = change.value {
                union.push(change.key, value, false);
            }
        }
        union.push_range(self, next..self.entry_count());
        union.finish();
        *self = union;
    }

    /// How many keys are smaller, when that is known of those before `from`.
    fn lower_bound_from(&self, from: usize, key: &[u8]) -> usize {
        let is_smaller = |index: usize| {
            let other = self.key(index);
            let shared = shared_len(other, key);
            other.get(shared) < key.get(shared)
        };
        let (mut low, mut high, mut step) = (from, from, 1);
        while high < self.entry_count() && is_smaller(high) {
            low = high + 1;
            high += step;
            step *= 2;
        }
        high = high.min(self.entry_count());
        while low < high {
            let middle = low.midpoint(high);
            if is_smaller(middle) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }
}
