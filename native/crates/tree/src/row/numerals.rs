//! Short texts that differ in their digits alone, as the numbers these make: dates, times, numbered names.
//!
//! ```text
//! 1994-01-31 … 1998-12-02    pattern 0000-00-00, from 19940131 on, offsets of 2 bytes
//! ```
//! Digits in the same places beside the same other bytes: the order of the numbers is that of the texts. A scan compares a
//! fifth of the bytes then, with the loops that it has for integers.
//!
//! They are made for the second scan that asks for a column of a leaf, and kept beside the leaf's base for as long as that is
//! in memory; no block has them.
//!
//! Measured with `bench --tpch --only q06,q12,q14`.

mod repeats;

use std::sync::{
    OnceLock,
    atomic::{AtomicU64, Ordering},
};

use pluresdb_prefetch as prefetch;

use crate::row::{
    base::{Base, LaneData, LaneMeta, MANY_LENGTHS},
    lane::{Integers, Offsets},
};

const LENGTHS: std::ops::RangeInclusive<usize> = 8..=32;
/// Of so many digits any number fits an `i64`.
const MOST_DIGITS: usize = 18;
/// The numbers are worth their memory where they take no more than so little of what the texts do.
const LEAST_SAVED: usize = 4;

/// The numbers of a column's texts.
#[derive(Clone, Copy, Debug)]
pub struct Numerals<'a> {
    /// A text of the column with zeros for its digits.
    pattern: &'a [u8],
    pub numbers: Integers<'a>,
}

impl Numerals<'_> {
    /// The number of any text that has these texts' pattern.
    pub fn number_of(&self, text: &[u8]) -> Option<i64> {
        number(text, self.pattern)
    }

    /// Whether the texts of both have one pattern, so that they compare as their numbers do.
    pub fn are_like(&self, others: &Numerals<'_>) -> bool {
        self.pattern == others.pattern
    }
}

#[derive(Debug)]
struct Made {
    pattern: Box<[u8]>,
    base: i64,
    width: u8,
    offsets: Box<[u8]>,
}

/// Those of a leaf's columns that somebody asked for, and the repeats of its columns of reals.
#[derive(Debug, Default)]
pub(crate) struct NumeralLanes {
    /// A bit for each slot that was asked for, modulo 64.
    were_asked: AtomicU64,
    /// By slot; None inside: the column has neither.
    lanes: OnceLock<Box<[OnceLock<Option<Beside>>]>>,
}

/// What is kept beside a column.
#[derive(Debug)]
enum Beside {
    Numerals(Made),
    Repeats(repeats::Made),
}

/// The length of each text of a column that may have numerals.
fn length(lane: &LaneMeta) -> Option<usize> {
    match lane.data {
        LaneData::Text { each, .. } if each != MANY_LENGTHS && lane.nulls | lane.missing == 0 => {
            LENGTHS.contains(&(each as usize)).then_some(each as usize)
        }
        _ => None,
    }
}

/// What is kept beside a column takes at most.
pub(crate) fn most_memory(lane: &LaneMeta, row_count: usize) -> usize {
    length(lane).map_or_else(|| repeats::most_memory(lane, row_count), |each| row_count * each / LEAST_SAVED)
}

impl NumeralLanes {
    /// None where the column has none, and for whoever asks for it first: most leaves that are read once are not read again
    /// soon.
    #[inline]
    pub(crate) fn of<'a>(&'a self, base: &'a Base, slot: usize) -> Option<Numerals<'a>> {
        let each = length(base.lanes.get(slot)?)?;
        match self.beside(base, slot, || Beside::of_texts(base, slot, each))? {
            Beside::Numerals(Made { pattern, base, width, offsets }) => {
                let numbers = Integers { base: *base, offsets: Offsets::new(offsets, *width) };
                Some(Numerals { pattern, numbers })
            }
            Beside::Repeats(_) => None,
        }
    }

    /// As `of`, of reals.
    #[inline]
    pub(crate) fn repeats_of<'a>(&'a self, base: &'a Base, slot: usize) -> Option<(&'a [[u8; 8]], &'a [u8])> {
        let start = repeats::start(base.lanes.get(slot)?)?;
        match self.beside(base, slot, || Beside::of_reals(base, start))? {
            Beside::Repeats(made) => Some(made.repeats()),
            Beside::Numerals(_) => None,
        }
    }

    #[inline]
    fn beside(&self, base: &Base, slot: usize, make: impl FnOnce() -> Option<Beside>) -> Option<&Beside> {
        if let Some(made) = self.lanes.get().and_then(|lanes| lanes[slot].get()) {
            return made.as_ref();
        }
        let bit = 1 << (slot % 64);
        if self.were_asked.fetch_or(bit, Ordering::Relaxed) & bit == 0 {
            return None;
        }
        let lanes = self.lanes.get_or_init(|| (0..base.lanes.len()).map(|_| OnceLock::new()).collect());
        lanes[slot].get_or_init(make).as_ref()
    }

    /// Asks for the memory that `bytes` looks at.
    pub(crate) fn ask(&self, slot: usize) {
        if let Some(lane) = self.lanes.get().and_then(|lanes| lanes.get(slot)) {
            prefetch::value(lane);
        }
    }

    /// What a scan of the column reads, where its numerals were made.
    pub(crate) fn bytes(&self, slot: usize) -> Option<&[u8]> {
        self.lanes.get()?.get(slot)?.get()?.as_ref().map(|beside| match beside {
            Beside::Numerals(made) => &*made.offsets,
            Beside::Repeats(made) => &*made.bytes,
        })
    }
}

impl Beside {
    fn of_texts(base: &Base, slot: usize, each: usize) -> Option<Beside> {
        let LaneData::Text { heap, .. } = base.lanes.get(slot)?.data else { return None };
        Made::of(&base.block[heap as usize..][..each * base.rows], each).map(Beside::Numerals)
    }

    fn of_reals(base: &Base, start: usize) -> Option<Beside> {
        let reals = base.block[start..][..size_of::<f64>() * base.rows].as_chunks().0;
        repeats::Made::of(reals).map(Beside::Repeats)
    }
}

impl Made {
    /// Of texts that lie one after the other; there is one.
    fn of(texts: &[u8], each: usize) -> Option<Made> {
        let pattern: Box<[u8]> =
            texts[..each].iter().map(|byte| if byte.is_ascii_digit() { b'0' } else { *byte }).collect();
        let texts = texts.chunks_exact(each);
        let numbers = texts.map(|text| number(text, &pattern)).collect::<Option<Vec<i64>>>()?;
        let (base, greatest) = (*numbers.iter().min()?, *numbers.iter().max()?);
        let width = match greatest - base {
            0 => 0,
            1..=0xff => 1,
            0x100..=0xffff => 2,
            0x1_0000..=0xffff_ffff => 4,
            _ => return None,
        };
        if width * LEAST_SAVED > each {
            return None;
        }
        let offset = |number: &i64| (number - base).to_le_bytes();
        let offsets = numbers.iter().flat_map(|number| offset(number).into_iter().take(width)).collect();
        Some(Made { pattern, base, width: width as u8, offsets })
    }
}

/// The number that the digits make of a text with this pattern; None for another text, and where there are too many digits.
fn number(text: &[u8], pattern: &[u8]) -> Option<i64> {
    if text.len() != pattern.len() {
        return None;
    }
    let (mut number, mut digit_count) = (0, 0);
    for (byte, expected) in text.iter().zip(pattern) {
        if *expected == b'0' {
            let digit = byte.wrapping_sub(b'0');
            if digit > 9 {
                return None;
            }
            digit_count += 1;
            if digit_count > MOST_DIGITS {
                return None;
            }
            number = number * 10 + i64::from(digit);
        } else if byte != expected {
            return None;
        }
    }
    (digit_count > 0).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(texts: &[&str]) -> Option<Made> {
        Made::of(texts.concat().as_bytes(), texts[0].len())
    }

    #[test]
    fn numbers_are_in_the_order_of_their_texts() {
        let mut texts = ["1994-01-31", "1992-02-02", "1998-12-01", "1994-01-30", "1994-10-01"];
        texts.sort_unstable();
        let made = made(&texts).expect("dates");
        assert_eq!((&*made.pattern, made.base, made.width), (&b"0000-00-00"[..], 19_920_202, 2));
        let numbers = Integers { base: made.base, offsets: Offsets::new(&made.offsets, made.width) };
        let numerals = Numerals { pattern: &made.pattern, numbers };
        for (row, text) in texts.iter().enumerate() {
            assert_eq!(numerals.number_of(text.as_bytes()), Some(numbers.get(row)));
        }
        assert!((1..texts.len()).all(|row| numbers.get(row - 1) < numbers.get(row)));
        for other in ["1994-01-3", "1994-01-311", "1994/01/31", "1994-01-3x", ""] {
            assert_eq!(numerals.number_of(other.as_bytes()), None, "{other}");
        }
    }

    #[test]
    fn only_texts_of_one_pattern_have_numbers() {
        assert!(made(&["1994-01-31", "1994-01-3x"]).is_none());
        assert!(made(&["1994-01-31", "1994-0a-31"]).is_none());
        assert!(made(&["abcdefghij"]).is_none());
        // No less memory than a quarter of the texts'.
        assert!(made(&["00000000", "00070000"]).is_none());
        assert_eq!(made(&["a0000000", "a0050000"]).map(|made| made.width), Some(2));
        assert_eq!(made(&["a0050000", "a0050000"]).map(|made| made.width), Some(0));
        // More digits than any number has.
        assert!(made(&["00000000000000000000", "00000000000000000001"]).is_none());
        assert_eq!(made(&["999999999999999999", "999999999999999998"]).map(|made| made.width), Some(1));
    }
}
