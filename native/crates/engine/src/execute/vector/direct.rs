//! Groups by a key of small integers: the key is the group's number, so that nothing is looked up and groups lie in the order
//! in which they come out.
//!
//! Whoever has begun so goes on with codes (`key`) when a key comes that is too large or no integer.

use pluresdb_tree::Integers;

use super::Run;
use super::batch::{Batch, Picks};
use super::column::{Column, Numbers};
use super::compile::{Expression, Node};
use super::evaluate::{Surroundings, evaluate};
use super::packed;

/// Keys below this are always small.
const SMALL: usize = 1 << 16;
/// There may be so many numbers for each row that is known to come.
const NUMBERS_PER_ROW: usize = 2;

pub(super) struct DirectKeys {
    /// By key, 1 where it has come.
    seen: Vec<u8>,
    limit: usize,
}

impl DirectKeys {
    /// `rows` are known to come.
    pub fn new(rows: usize) -> DirectKeys {
        DirectKeys { seen: Vec::new(), limit: rows.saturating_mul(NUMBERS_PER_ROW).max(SMALL) }
    }

    /// How many numbers groups may have by now.
    pub fn count(&self) -> usize {
        self.seen.len()
    }

    /// The keys that have come, ascending.
    pub fn keys(&self) -> Vec<u32> {
        self.seen.iter().zip(0..).filter(|(seen, _)| **seen != 0).map(|(_, key)| key).collect()
    }

    /// For another part of the rows.
    pub fn another(&self) -> DirectKeys {
        DirectKeys { seen: Vec::new(), limit: self.limit }
    }

    /// The keys of other rows have come as well.
    pub fn merge(&mut self, other: &DirectKeys) {
        if self.seen.len() < other.seen.len() {
            self.seen.resize(other.seen.len(), 0);
        }
        for (seen, other) in self.seen.iter_mut().zip(&other.seen) {
            *seen |= other;
        }
    }

    /// The group of each row; false when a key is none here.
    pub fn assign(
        &mut self,
        key: &Expression,
        batch: &mut Batch<'_>,
        surroundings: &mut Surroundings<'_, '_>,
        groups: &mut Vec<u32>,
    ) -> Run<bool> {
        let packed = if let Node::Slot(slot) = key.node { batch.packed(slot) } else { None };
        if let Some((lane, picks)) = packed
            && self.assign_packed(lane, &picks, groups)
        {
            return Ok(true);
        }
        let column = evaluate(key, batch, surroundings)?;
        let Column::Integers(Numbers { values, nulls: None }) = &*column else { return Ok(false) };
        let bits = values.iter().fold(0, |bits, key| bits | *key as u64);
        let bound = if bits < self.seen.len() as u64 {
            bits
        } else {
            values.iter().fold(0, |greatest, key| greatest.max(*key as u64))
        };
        if !self.reach(bound) {
            return Ok(false);
        }
        groups.clear();
        groups.extend(values.iter().map(|key| *key as u32));
        self.see(groups);
        Ok(true)
    }

    fn assign_packed(&mut self, lane: Integers<'_>, picks: &Picks<'_>, groups: &mut Vec<u32>) -> bool {
        let (least, greatest) = packed::bounds(lane);
        if least < 0 || greatest as usize >= self.seen.len() {
            return false;
        }
        packed::numbers_into(lane, picks, groups);
        self.see(groups);
        true
    }

    fn see(&mut self, groups: &[u32]) {
        for group in groups {
            self.seen[*group as usize] = 1;
        }
    }

    /// Makes numbers up to this one; false when it is too large.
    fn reach(&mut self, key: u64) -> bool {
        if key < self.seen.len() as u64 {
            return true;
        }
        if key >= self.limit as u64 {
            return false;
        }
        let count = (self.seen.len() * 2).max(key as usize + 1).min(self.limit);
        self.seen.resize(count, 0);
        true
    }
}
