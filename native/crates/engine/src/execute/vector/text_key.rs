//! Short texts of one length as numbers that are in the same order: dates, codes, phone numbers.
//!
//! Of a leaf's texts the bytes that all begin with are known: mostly the last 8 bytes are what differs, one number.
//! Else a text of 8 to 16 bytes is its first and its last 8 bytes, the most significant first. The halves overlap where there are
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

/// Texts that lie one after the other and all have one length, as keys.
pub(super) trait Keys {
    type Key: Ord + Copy;

    /// What `test` says of each key.
    fn map(&self, test: impl Fn(Self::Key) -> bool) -> Vec<u8>;

    /// What `test` says of each pair of keys.
    fn zip(&self, other: &Self, test: impl Fn(Self::Key, Self::Key) -> bool) -> Vec<u8>;
}

/// Keys of whole texts.
pub(super) struct KeyedRun<'a> {
    bytes: &'a [u8],
    len: usize,
    /// They all begin with the same so many bytes.
    shared: usize,
}

/// Of texts that differ in their last 8 bytes alone, these.
pub(super) struct LastBytes<'a, 'r>(&'r KeyedRun<'a>);

impl<'a> KeyedRun<'a> {
    pub fn new(run: &Run<'a>, len: usize) -> Option<KeyedRun<'a>> {
        let fits = LENGTHS.contains(&len) && run.length_of_each() == Some(len);
        fits.then(|| KeyedRun { bytes: run.bytes(), len, shared: run.shared })
    }

    /// What all texts have before their last 8 bytes, where it is the same; there is a text.
    fn beginning(&self) -> Option<&'a [u8]> {
        let before = self.len - HALF;
        if before <= self.shared { self.bytes.get(..before) } else { None }
    }

    /// The last bytes, when they alone differ from those of a text of the same length, and the text's.
    pub fn last_bytes(&self, text: &[u8]) -> Option<(LastBytes<'a, '_>, u64)> {
        let (beginning, last) = text.split_last_chunk()?;
        (self.beginning()? == beginning).then(|| (LastBytes(self), u64::from_be_bytes(*last)))
    }

    /// The last bytes of both, when they alone differ.
    pub fn both_last_bytes<'r>(
        &'r self,
        other: &'r KeyedRun<'a>,
    ) -> Option<(LastBytes<'a, 'r>, LastBytes<'a, 'r>)> {
        let is_same = self.len == other.len && self.beginning()? == other.beginning()?;
        is_same.then_some((LastBytes(self), LastBytes(other)))
    }
}

impl Keys for KeyedRun<'_> {
    type Key = u128;

    #[inline(always)]
    fn map(&self, test: impl Fn(u128) -> bool) -> Vec<u8> {
        assert!(self.len >= HALF);
        tested(self.bytes.chunks_exact(self.len), |text| test(key(text)))
    }

    #[inline(always)]
    fn zip(&self, other: &KeyedRun<'_>, test: impl Fn(u128, u128) -> bool) -> Vec<u8> {
        assert!(self.len >= HALF && other.len >= HALF);
        let others = other.bytes.chunks_exact(other.len);
        let pairs = self.bytes.chunks_exact(self.len).zip(others);
        tested(pairs, |(text, other)| test(key(text), key(other)))
    }
}

#[inline(always)]
fn last(text: &[u8]) -> u64 {
    u64::from_be_bytes(*text.last_chunk().expect("keys are of texts of 8 bytes and more"))
}

impl Keys for LastBytes<'_, '_> {
    type Key = u64;

    #[inline(always)]
    fn map(&self, test: impl Fn(u64) -> bool) -> Vec<u8> {
        assert!(self.0.len >= HALF);
        tested(self.0.bytes.chunks_exact(self.0.len), |text| test(last(text)))
    }

    #[inline(always)]
    fn zip(&self, other: &LastBytes<'_, '_>, test: impl Fn(u64, u64) -> bool) -> Vec<u8> {
        assert!(self.0.len >= HALF && other.0.len >= HALF);
        let others = other.0.bytes.chunks_exact(other.0.len);
        let pairs = self.0.bytes.chunks_exact(self.0.len).zip(others);
        tested(pairs, |(text, other)| test(last(text), last(other)))
    }
}

#[cfg(test)]
mod tests {
    use pluresdb_tree::{Offsets, Strings};

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

    #[test]
    fn last_bytes_stand_for_texts_that_begin_alike() {
        let heap = b"1994-01-011995-02-031994-12-31";
        let strings = Strings { ends: Offsets::U8(&[0, 10, 20, 30]), heap, each: Some(10) };
        let run = |shared| Run::new(strings, 0..3).beginning_alike(shared);
        let (run, other) = (run(3), run(1));
        let (keyed, unknown) =
            (KeyedRun::new(&run, 10).expect("short"), KeyedRun::new(&other, 10).expect("short"));
        let (last, constant) = keyed.last_bytes(b"1995-01-01").expect("they begin alike");
        assert_eq!(last.map(|key| key < constant), [1, 0, 1]);
        assert!(keyed.last_bytes(b"2995-01-01").is_none());
        assert!(unknown.last_bytes(b"1995-01-01").is_none());
        let (left, right) = keyed.both_last_bytes(&keyed).expect("they begin alike");
        assert_eq!(left.zip(&right, |left, right| left >= right), [1, 1, 1]);
        assert!(keyed.both_last_bytes(&unknown).is_none());
    }
}
