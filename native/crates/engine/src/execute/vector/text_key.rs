//! Short texts of one length as numbers that are in the same order: dates, codes, phone numbers.
//!
//! A text of 8 to 16 bytes is its first and its last 8 bytes, the most significant first. The halves overlap where there are
//! fewer than 16 bytes, which changes no order: what they share has been compared by then.

use super::column::{Run, tested};

const LENGTHS: std::ops::RangeInclusive<usize> = 8..=16;
const HALF: usize = 8;

#[inline(always)]
fn key(text: &[u8]) -> u128 {
    let half = |bytes: &[u8; HALF]| u128::from(u64::from_be_bytes(*bytes));
    let first = text.first_chunk().expect("keys are of texts of 8 bytes and more");
    let last = text.last_chunk().expect("keys are of texts of 8 bytes and more");
    half(first) << 64 | half(last)
}

/// None for texts of other lengths.
#[inline]
pub(super) fn text_key(text: &[u8]) -> Option<u128> {
    LENGTHS.contains(&text.len()).then(|| key(text))
}

/// Texts that lie one after the other and all have this length.
pub(super) struct KeyedRun<'a> {
    bytes: &'a [u8],
    len: usize,
}

impl<'a> KeyedRun<'a> {
    pub fn new(run: &Run<'a>, len: usize) -> Option<KeyedRun<'a>> {
        let fits = LENGTHS.contains(&len) && run.length_of_each() == Some(len);
        fits.then(|| KeyedRun { bytes: run.bytes(), len })
    }

    /// What `test` says of each key.
    #[inline(always)]
    pub fn map(&self, test: impl Fn(u128) -> bool) -> Vec<u8> {
        assert!(self.len >= HALF);
        tested(self.bytes.chunks_exact(self.len), |text| test(key(text)))
    }

    /// What `test` says of each pair of keys.
    #[inline(always)]
    pub fn zip(&self, other: &KeyedRun<'_>, test: impl Fn(u128, u128) -> bool) -> Vec<u8> {
        assert!(self.len >= HALF && other.len >= HALF);
        let others = other.bytes.chunks_exact(other.len);
        let pairs = self.bytes.chunks_exact(self.len).zip(others);
        tested(pairs, |(text, other)| test(key(text), key(other)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_in_the_order_of_their_texts() {
        let texts: [&[u8]; 6] =
            [b"1994-01-01", b"1994-01-02", b"1994-02-01", b"1995-01-01", b"1995-01-0\xff", b"\xffabcdefghi"];
        for pair in texts.windows(2) {
            assert!(text_key(pair[0]) < text_key(pair[1]));
        }
        assert_eq!(text_key(b"1994-01"), None);
        assert_eq!(text_key(b"1994-01-01 00:00:00"), None);
    }
}
