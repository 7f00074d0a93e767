//! Search among sorted byte strings by their heads: the 8 bytes after what all of them share, as one number.
//!
//! Heads lie side by side, so a search touches a few cache lines and the strings themselves only where heads tie.
//!
//! Always true: all strings start with the same `shared_len` bytes, and heads ascend with the strings (not strictly: a
//! short string is padded with zeros).

use std::ops::Range;

#[derive(Clone, Default)]
pub(crate) struct Heads {
    shared_len: usize,
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

/// How many of the ascending heads are smaller. Seven are looked at at once, since heads that are in no cache are waited for
/// together: three waits for a whole leaf where halves would take six, one after the other.
#[inline]
fn lower_bound(heads: &[u64], head: u64) -> usize {
    let (mut rest, mut before) = (heads, 0);
    while rest.len() > 8 {
        let step = rest.len() / 8;
        let smaller = (1..8).filter(|&probe| rest[probe * step] < head).count();
        let from = if smaller == 0 { 0 } else { smaller * step + 1 };
        let to = if smaller == 7 { rest.len() } else { (smaller + 1) * step };
        rest = &rest[from..to];
        before += from;
    }
    before + rest.iter().filter(|&&other| other < head).count()
}

impl Heads {
    /// The heads of `len` sorted strings.
    pub(crate) fn of<'a>(len: usize, string: impl Fn(usize) -> &'a [u8]) -> Heads {
        let Some(last) = len.checked_sub(1) else { return Heads::default() };
        let shared_len = shared_len(string(0), string(last));
        let mut heads = Vec::with_capacity(len + 8);
        heads.extend((0..len).map(|index| head_of(&string(index)[shared_len..])));
        Heads { shared_len, heads }
    }

    /// A copy with room for a few more.
    pub(crate) fn clone_with_room(&self) -> Heads {
        let mut heads = Vec::with_capacity(self.heads.len() + 8);
        heads.extend_from_slice(&self.heads);
        Heads { shared_len: self.shared_len, heads }
    }

    /// Where `key` may be: strings before the range are below it, strings after it are above it, strings within it
    /// have its head. There must be a string.
    #[inline]
    pub(crate) fn candidates<'a>(&self, key: &[u8], string: impl Fn(usize) -> &'a [u8]) -> Range<usize> {
        let (start, rest) = key.split_at(self.shared_len.min(key.len()));
        let head = head_of(rest);
        let from = lower_bound(&self.heads, head);
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
        true
    }

    pub(crate) fn remove(&mut self, index: usize) {
        self.heads.remove(index);
    }

    pub(crate) fn memory(&self) -> usize {
        self.heads.capacity() * size_of::<u64>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_are_found_as_by_halves() {
        for len in 0..200_u64 {
            let heads: Vec<u64> = (0..len).map(|index| index / 3 * 2 + 1).collect();
            for head in 0..=len + 1 {
                assert_eq!(
                    lower_bound(&heads, head),
                    heads.partition_point(|&other| other < head),
                    "{head} among {len}"
                );
            }
        }
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
