//! Ranges that the keys of an index under construction are divided into, so that each can be sorted and built by itself.

use crate::execute::key_order::head;

/// All keys of a range are below those of the next one.
#[derive(Default)]
pub(in crate::catalog::define) struct KeyRanges {
    /// Where the ranges behind the first one begin, ascending.
    bounds: Vec<Vec<u8>>,
    /// How many bytes all bounds begin with.
    shared_len: usize,
    /// The eight bytes of each bound behind those.
    heads: Vec<u64>,
}

impl KeyRanges {
    /// At most so many ranges, which have about as many of the samples each.
    pub fn of_samples(mut samples: Vec<Vec<u8>>, count: usize) -> KeyRanges {
        samples.sort_unstable();
        let mut bounds: Vec<Vec<u8>> =
            (1..count).filter_map(|number| samples.get(number * samples.len() / count)).cloned().collect();
        bounds.dedup();
        let shared_len = match (bounds.first(), bounds.last()) {
            (Some(first), Some(last)) => {
                first.iter().zip(last).take_while(|(one, other)| one == other).count()
            }
            _ => 0,
        };
        let heads = bounds.iter().map(|bound| head(&bound[shared_len..])).collect();
        KeyRanges { bounds, shared_len, heads }
    }

    pub fn count(&self) -> usize {
        self.bounds.len() + 1
    }

    /// Where a range begins; nothing is known of the first one.
    pub fn bound(&self, range: usize) -> &[u8] {
        range.checked_sub(1).map_or(&[], |number| &self.bounds[number])
    }

    /// The range that a key lies in.
    #[inline]
    pub fn range_of(&self, key: &[u8]) -> usize {
        let Some(first) = self.bounds.first() else { return 0 };
        if !key.starts_with(&first[..self.shared_len]) {
            return self.bounds.partition_point(|bound| &bound[..] <= key);
        }
        let key_head = head(&key[self.shared_len..]);
        let below = self.heads.partition_point(|&head| head < key_head);
        let ties = self.heads[below..].iter().take_while(|&&head| head == key_head).count();
        below + self.bounds[below..below + ties].partition_point(|bound| &bound[..] <= key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_lies_between_the_bounds_of_its_range() {
        let keys: Vec<Vec<u8>> = (0..500_u32)
            .map(|number| {
                let mixed = number.wrapping_mul(2_654_435_761) >> 20;
                let beginning = ["", "shared", "shared beginning "][number as usize % 3];
                let mut key = format!("{beginning}{}", mixed % 300).into_bytes();
                key.resize(key.len() + number as usize % 4, 0);
                key
            })
            .collect();
        for step in [1, 3] {
            let samples: Vec<Vec<u8>> = keys.iter().skip(1).step_by(3).step_by(step).cloned().collect();
            for count in [1, 2, 7, 40, 1000] {
                let ranges = KeyRanges::of_samples(samples.clone(), count);
                assert!(ranges.count() <= count);
                for key in &keys {
                    let range = ranges.range_of(key);
                    assert!(ranges.bound(range) <= &key[..]);
                    assert!(range + 1 == ranges.count() || &key[..] < ranges.bound(range + 1));
                }
            }
        }
        assert_eq!(KeyRanges::of_samples(Vec::new(), 4).count(), 1);
        assert_eq!(KeyRanges::default().range_of(b"any"), 0);
    }
}
