//! Groups by an integer key in whose order the rows come, as those of a table do that was filled key by key: the rows of a
//! group lie side by side, and a greater key than the last one begins the next group. Nothing is looked up, and what
//! aggregates keep of the groups is as dense as they are, wherever the keys lie.
//!
//! Whoever has begun so goes on with codes (`key`) when a key comes that is less than the last one or no integer.
//!
//! Measured with `bench --tpch --only q18`.

use super::column::{Column, Numbers};

/// Fewer rows tell nothing of the order.
const LEAST_ROWS: usize = 64;
/// Keys that lie closer are numbers of groups themselves (`direct`).
const SPARSE: u64 = 2;

#[derive(Default)]
pub(super) struct AscendingKeys {
    ends: Option<(i64, i64)>,
    count: u32,
}

/// The integers of a column without NULLs.
fn integers<'c>(keys: &'c Column<'_>) -> Option<&'c [i64]> {
    match keys {
        Column::Integers(Numbers { values, nulls: None }) => Some(values),
        _ => None,
    }
}

fn are_ascending(keys: &[i64]) -> bool {
    // All are looked at, so that the compiler makes vectors of the loop.
    keys.windows(2).fold(0, |falls, pair| falls | u8::from(pair[0] > pair[1])) == 0
}

impl AscendingKeys {
    /// Whether the first rows of a grouping look as if its keys came in order, and lie far apart.
    pub fn suit(keys: &Column<'_>) -> bool {
        let Some(keys) = integers(keys) else { return false };
        let ([first, ..], [.., last]) = (keys, keys) else { return false };
        if keys.len() < LEAST_ROWS || !are_ascending(keys) {
            return false;
        }
        let group_count = 1 + keys.windows(2).filter(|pair| pair[0] != pair[1]).count();
        last.abs_diff(*first) > group_count as u64 * SPARSE
    }

    pub fn count(&self) -> usize {
        self.count as usize
    }

    /// The group of each row, and the keys of new groups; false, with nothing changed, when the keys do not go on as they should.
    pub fn assign(&mut self, keys: &Column<'_>, groups: &mut Vec<u32>, new_keys: &mut Vec<i64>) -> bool {
        let Some(keys) = integers(keys) else { return false };
        let ([first, ..], [.., last]) = (keys, keys) else { return true };
        if self.ends.is_some_and(|(_, last)| *first < last) || !are_ascending(keys) {
            return false;
        }
        // Before the first group there is none: any other key begins one.
        let mut before = self.ends.map_or(!first, |(_, last)| last);
        let (mut next, mut new_count) = (self.count, 0);
        groups.clear();
        groups.resize(keys.len(), 0);
        new_keys.clear();
        new_keys.resize(keys.len(), 0);
        // What a closure counts would go through memory in each round.
        for (group, key) in groups.iter_mut().zip(keys) {
            // Written in any case and counted where it is another: whether it is one cannot be guessed.
            new_keys[new_count] = *key;
            let is_new = *key != before;
            new_count += usize::from(is_new);
            next += u32::from(is_new);
            before = *key;
            *group = next - 1;
        }
        new_keys.truncate(new_count);
        self.ends = Some((self.ends.map_or(*first, |(first, _)| first), *last));
        self.count = next;
        true
    }

    /// Takes in the keys of the rows behind: the group that each of the other's becomes; None, with nothing changed, when they do
    /// not go on.
    pub fn merge(&mut self, other: &AscendingKeys) -> Option<Vec<u32>> {
        let Some((other_first, other_last)) = other.ends else { return Some(Vec::new()) };
        let first_group = match self.ends {
            Some((_, last)) if last > other_first => return None,
            Some((_, last)) if last == other_first => self.count - 1,
            _ => self.count,
        };
        self.ends = Some((self.ends.map_or(other_first, |(first, _)| first), other_last));
        self.count = first_group + other.count;
        Some((first_group..self.count).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(keys: &[i64]) -> Column<'static> {
        Column::Integers(Numbers::new(keys.to_vec()))
    }

    #[test]
    fn a_greater_key_begins_a_group_and_a_lesser_one_ends_it_all() {
        let mut ascending = AscendingKeys::default();
        let (mut groups, mut new) = (Vec::new(), Vec::new());
        assert!(ascending.assign(&column(&[-9, -9, 0, 40]), &mut groups, &mut new));
        assert_eq!((&groups[..], &new[..]), (&[0, 0, 1, 2][..], &[-9, 0, 40][..]));
        assert!(ascending.assign(&column(&[40, 40, 41]), &mut groups, &mut new));
        assert_eq!((&groups[..], &new[..]), (&[2, 2, 3][..], &[41][..]));
        assert!(!ascending.assign(&column(&[40]), &mut groups, &mut new));
        assert!(!ascending.assign(&column(&[50, 49]), &mut groups, &mut new));
        let null = Column::Integers(Numbers { values: vec![50, 51], nulls: Some(vec![false, true]) });
        assert!(!ascending.assign(&null, &mut groups, &mut new));
        assert_eq!(ascending.count(), 4);
    }

    #[test]
    fn keys_of_the_rows_behind_go_on_where_they_are_not_less() {
        let of = |keys: &[i64]| {
            let mut ascending = AscendingKeys::default();
            assert!(ascending.assign(&column(keys), &mut Vec::new(), &mut Vec::new()));
            ascending
        };
        let mut ascending = of(&[1, 5, 5]);
        assert_eq!(ascending.merge(&of(&[4, 9])), None);
        assert_eq!(ascending.merge(&of(&[5, 9])), Some(vec![1, 2]));
        assert_eq!(ascending.merge(&AscendingKeys::default()), Some(Vec::new()));
        assert_eq!(ascending.merge(&of(&[10])), Some(vec![3]));
        let mut empty = AscendingKeys::default();
        assert_eq!(empty.merge(&of(&[i64::MIN, i64::MAX])), Some(vec![0, 1]));
        assert!(empty.assign(&column(&[i64::MAX]), &mut Vec::new(), &mut Vec::new()));
        assert_eq!(empty.count(), 2);
    }

    #[test]
    fn many_keys_in_order_and_far_apart_suit() {
        let keys = |step: i64| -> Vec<i64> { (0..100).map(|row| row / 4 * step).collect() };
        assert!(AscendingKeys::suit(&column(&keys(4))));
        assert!(!AscendingKeys::suit(&column(&keys(1))));
        assert!(!AscendingKeys::suit(&column(&keys(4)[..50])));
        let mut others = keys(4);
        others.swap(10, 90);
        assert!(!AscendingKeys::suit(&column(&others)));
    }
}
