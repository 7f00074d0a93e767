//! Search among sorted byte strings by their heads: the 8 bytes after what all of them share, as one number.
//!
//! Heads lie side by side, so a search touches a few cache lines and the strings themselves only where heads tie. Seven
//! heads that divide the others into eight parts lie in the node itself: the first look waits for no memory of its own.
//!
//! Always true: all strings start with the same `shared_len` bytes, and heads ascend with the strings (not strictly: a
//! short string is padded with zeros).

use std::ops::Range;

/// So many heads are looked at at once, and divide the others into one part more.
const PROBES: usize = 7;
const PARTS: usize = PROBES + 1;
/// From so many heads on what belongs to them is worth being asked for.
const NEAR: usize = 48;

#[derive(Clone, Default)]
pub(crate) struct Heads {
    shared_len: usize,
    /// The heads at `probe_places`, where there are more than `PARTS`.
    probes: [u64; PROBES],
    heads: Vec<u64>,
}

#[inline]
fn head_of(rest: &[u8]) -> u64 {
    if let Some(bytes) = rest.first_chunk() {
        return u64::from_be_bytes(*bytes);
    }
    let mut bytes = [0; 8];
    bytes[..rest.len()].copy_from_slice(rest);
    u64::from_be_bytes(bytes)
}

/// How many bytes both begin with.
#[inline]
pub(crate) fn shared_len(a: &[u8], b: &[u8]) -> usize {
    let words = a.as_chunks::<8>().0.iter().zip(b.as_chunks::<8>().0);
    let mut shared = 0;
    for (a, b) in words {
        let differing = u64::from_le_bytes(*a) ^ u64::from_le_bytes(*b);
        if differing != 0 {
            return shared + differing.trailing_zeros() as usize / 8;
        }
        shared += 8;
    }
    shared + a[shared..].iter().zip(&b[shared..]).take_while(|(a, b)| a == b).count()
}

/// Where the heads lie that divide `len` of them.
#[inline(always)]
fn probe_places(len: usize) -> impl Iterator<Item = usize> {
    (1..PARTS).map(move |probe| probe * (len / PARTS))
}

/// The part of `heads` that holds the first that is not smaller, or ends before it, when so many of those that divide them are
/// smaller; and how many lie before it, `before` among them.
#[inline(always)]
fn narrowed(heads: &[u64], before: usize, smaller: usize) -> (&[u64], usize) {
    let step = heads.len() / PARTS;
    let from = if smaller == 0 { 0 } else { smaller * step + 1 };
    let to = if smaller == PROBES { heads.len() } else { (smaller + 1) * step };
    (&heads[from..to], before + from)
}

#[inline(always)]
fn probed(heads: &[u64], before: usize, head: u64) -> (&[u64], usize) {
    let mut smaller = 0;
    for place in probe_places(heads.len()) {
        smaller += usize::from(heads[place] < head);
    }
    narrowed(heads, before, smaller)
}

impl Heads {
    /// The heads of `len` sorted strings.
    pub(crate) fn of<'a>(len: usize, string: impl Fn(usize) -> &'a [u8]) -> Heads {
        let Some(last) = len.checked_sub(1) else { return Heads::default() };
        let shared_len = shared_len(string(0), string(last));
        let mut heads = Vec::with_capacity(len + 8);
        heads.extend((0..len).map(|index| head_of(&string(index)[shared_len..])));
        let mut heads = Heads { shared_len, probes: [0; PROBES], heads };
        heads.take_probes();
        heads
    }

    #[inline]
    fn take_probes(&mut self) {
        if self.heads.len() > PARTS {
            for (probe, place) in self.probes.iter_mut().zip(probe_places(self.heads.len())) {
                *probe = self.heads[place];
            }
        }
    }

    /// A copy with room for a few more.
    pub(crate) fn clone_with_room(&self) -> Heads {
        let mut heads = Vec::with_capacity(self.heads.len() + 8);
        heads.extend_from_slice(&self.heads);
        Heads { shared_len: self.shared_len, probes: self.probes, heads }
    }

    /// How many heads are smaller. Seven are looked at at once, since heads that are in no cache are waited for together: two
    /// waits for a whole leaf where halves would take six, one after the other. `near` is told the first range left that has
    /// `NEAR` heads or fewer.
    #[inline(always)]
    fn lower_bound(&self, head: u64, near: impl FnOnce(Range<usize>)) -> usize {
        let (mut rest, mut before) = (&self.heads[..], 0);
        if rest.len() > PARTS {
            let mut smaller = 0;
            for probe in self.probes {
                smaller += usize::from(probe < head);
            }
            (rest, before) = narrowed(rest, before, smaller);
            if rest.len() > NEAR {
                (rest, before) = probed(rest, before, head);
            }
            near(before..before + rest.len());
            while rest.len() > PARTS {
                (rest, before) = probed(rest, before, head);
            }
        }
        before + rest.iter().filter(|&&other| other < head).count()
    }

    /// Where `key` may be: strings before the range are below it, strings after it are above it, strings within it
    /// have its head. There must be a string. Before any string is looked at, `near` is told a range in which it will lie, as
    /// soon as that is small, and `met` at last which is the first with the key's head.
    #[inline]
    pub(crate) fn candidates<'a>(
        &self,
        key: &[u8],
        near: impl FnOnce(Range<usize>),
        met: impl FnOnce(usize),
        string: impl Fn(usize) -> &'a [u8],
    ) -> Range<usize> {
        let (start, rest) = key.split_at(self.shared_len.min(key.len()));
        let head = head_of(rest);
        let from = self.lower_bound(head, near);
        if self.heads.get(from) == Some(&head) {
            met(from);
        }
        // Any string tells what they share; this one's bytes are needed next, so it costs no cache line of its own.
        let shared = &string(from.min(self.heads.len() - 1))[..self.shared_len];
        if start != shared {
            let at = if start < shared { 0 } else { self.heads.len() };
            return at..at;
        }
        let ties = self.heads[from..].iter().take_while(|&&other| other == head).count();
        from..from + ties
    }

    /// Adds a string at its place; false when it shares less than the others: then heads must be made anew.
    #[inline]
    pub(crate) fn insert(&mut self, index: usize, key: &[u8], first: &[u8]) -> bool {
        if self.heads.is_empty() || !key.starts_with(&first[..self.shared_len]) {
            return false;
        }
        self.heads.insert(index, head_of(&key[self.shared_len..]));
        self.take_probes();
        true
    }

    pub(crate) fn remove(&mut self, index: usize) {
        self.heads.remove(index);
        self.take_probes();
    }

    pub(crate) fn memory(&self) -> usize {
        self.heads.capacity() * size_of::<u64>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heads_of(numbers: &[u64]) -> Heads {
        let strings: Vec<[u8; 8]> = numbers.iter().map(|number| number.to_be_bytes()).collect();
        let mut heads = Heads::of(strings.len(), |index| &strings[index]);
        // As if nothing were shared: then a head is the number.
        (heads.shared_len, heads.heads) = (0, numbers.to_vec());
        heads.take_probes();
        heads
    }

    fn assert_finds(heads: &Heads, numbers: &[u64]) {
        assert_eq!(heads.heads, numbers);
        for head in 0..=numbers.last().map_or(0, |last| last + 1) {
            let expected = numbers.partition_point(|&other| other < head);
            let near = |range: Range<usize>| {
                assert!(range.start <= expected && expected <= range.end, "{expected} lies in {range:?}");
            };
            assert_eq!(heads.lower_bound(head, near), expected, "{head} among {numbers:?}");
        }
    }

    #[test]
    fn heads_are_found_as_by_halves() {
        for len in 0..200_u64 {
            let numbers: Vec<u64> = (0..len).map(|index| index / 3 * 2 + 1).collect();
            assert_finds(&heads_of(&numbers), &numbers);
        }
    }

    #[test]
    fn heads_that_came_or_went_are_found() {
        let mut numbers: Vec<u64> = (1..60).map(|index| index * 4).collect();
        let mut heads = heads_of(&numbers);
        for round in 0..90 {
            let number = round * 37 % 240;
            match numbers.binary_search(&number) {
                Ok(index) => {
                    numbers.remove(index);
                    heads.remove(index);
                }
                Err(index) => {
                    numbers.insert(index, number);
                    assert!(heads.insert(index, &number.to_be_bytes(), &[]));
                }
            }
            assert_finds(&heads, &numbers);
        }
    }

    #[test]
    fn only_a_string_with_the_same_head_is_met() {
        let strings = [b"ab", b"cd", b"cd", b"ef"];
        let heads = Heads::of(strings.len(), |index| strings[index]);
        let met_by = |key: &[u8]| {
            let mut met = None;
            heads.candidates(key, |_| (), |index| met = Some(index), |index| strings[index]);
            met
        };
        assert_eq!(met_by(b"cd"), Some(1));
        assert_eq!(met_by(b"ce"), None);
        assert_eq!(met_by(b"zz"), None);
    }

    #[test]
    fn bytes_are_shared_up_to_the_first_that_differs() {
        let bytes: Vec<u8> = (0..40).collect();
        for len in 0..40 {
            assert_eq!(shared_len(&bytes, &bytes[..len]), len);
            for at in 0..len {
                let mut other = bytes[..len].to_vec();
                other[at] ^= 0x80;
                assert_eq!(shared_len(&bytes, &other), at);
                assert_eq!(shared_len(&other, &bytes), at);
            }
        }
    }
}
