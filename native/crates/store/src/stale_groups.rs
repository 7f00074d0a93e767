//! Which groups of the map say more than the table in memory, and when a checkpoint writes them anew.
//!
//! A freed block need not leave its group at once: the freed list in the map says that it is gone. Frees hit groups at
//! random, so writing each hit group with each checkpoint would rewrite a large part of the map all the time, and sled
//! grows by what is rewritten. Instead groups are written in rounds, a few with each checkpoint, in proportion to what
//! it frees; when a round is through, the lists from before it have been taken into the groups and go.
//!
//!     checkpoint   1        2        3        4
//!     freed        a b c    d e      f        …
//!     round        ├─ groups stale at its start, some each time ─┤ → lists of before the start go
//!
//! What an unfinished checkpoint left behind cannot wait: the next root's number would make it valid.

use std::collections::BTreeSet;

/// Groups written with every checkpoint, if any are stale, and one more for so many blocks it frees. A round over n
/// groups then takes n * 8 frees: lists stay short beside the groups, and each group is written for some eight frees.
const LEAST_PER_CHECKPOINT: usize = 8;
const FREES_PER_GROUP: usize = 8;

/// A freed list in the map: root number and chunk.
pub(crate) type ChunkName = (u64, u32);

#[derive(Default)]
pub(crate) struct StaleGroups {
    stale: BTreeSet<u64>,
    /// Lists all of whose blocks have left the table.
    spent: Vec<ChunkName>,
    round: Vec<u64>,
    round_lists: Vec<ChunkName>,
    urgent: BTreeSet<u64>,
    urgent_lists: Vec<ChunkName>,
}

/// What to write now: the groups, then the lists' removal.
pub(crate) struct Due {
    pub groups: BTreeSet<u64>,
    pub spent_lists: Vec<ChunkName>,
}

impl StaleGroups {
    /// A block left the table whose group in the map lists it.
    pub(crate) fn mark(&mut self, group: u64) {
        self.stale.insert(group);
    }

    pub(crate) fn spend(&mut self, lists: impl IntoIterator<Item = ChunkName>) {
        self.spent.extend(lists);
    }

    pub(crate) fn mark_unfinished(&mut self, group: u64) {
        self.urgent.insert(group);
    }

    pub(crate) fn drop_unfinished(&mut self, list: ChunkName) {
        self.urgent_lists.push(list);
    }

    /// Takes what the next write of the map must hold. When that write fails the map is not written to again.
    pub(crate) fn take_due(&mut self, freed_count: usize) -> Due {
        if self.round.is_empty() {
            self.round.extend(std::mem::take(&mut self.stale));
            self.round_lists = std::mem::take(&mut self.spent);
        }
        let mut due = self.take_unfinished();
        let quota = LEAST_PER_CHECKPOINT + freed_count / FREES_PER_GROUP;
        due.groups.extend(self.round.drain(self.round.len().saturating_sub(quota)..));
        if self.round.is_empty() {
            due.spent_lists.append(&mut self.round_lists);
        }
        due
    }

    /// Only what cannot wait.
    pub(crate) fn take_unfinished(&mut self) -> Due {
        Due { groups: std::mem::take(&mut self.urgent), spent_lists: std::mem::take(&mut self.urgent_lists) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_goes_when_every_group_stale_before_it_was_spent_is_written() {
        let mut groups = StaleGroups::default();
        (0..20).for_each(|group| groups.mark(group));
        groups.spend([(1, 0)]);
        let first = groups.take_due(0);
        groups.mark(3);
        groups.spend([(2, 0)]);
        let (second, third) = (groups.take_due(0), groups.take_due(0));
        let written: Vec<_> = [&first, &second, &third].iter().map(|due| due.groups.len()).collect();
        assert_eq!(written, [8, 8, 4]);
        assert_eq!(
            (first.spent_lists, second.spent_lists, third.spent_lists),
            (vec![], vec![], vec![(1, 0)])
        );
        let fourth = groups.take_due(0);
        assert_eq!((fourth.groups, fourth.spent_lists), ([3].into(), vec![(2, 0)]));
    }
}
