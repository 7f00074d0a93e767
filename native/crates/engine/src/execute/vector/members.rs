//! Which integers a join keeps as keys, a bit for each between the least and the greatest: what a scan asks of a leaf's packed
//! column before it looks at anything else.

use pluresdb_tree::Integers;

use super::batch::{Batch, Picks};
use super::column::{self, Column, Numbers};
use super::packed::{self, Kernel, Offset, Verdict};

/// A bit for each of so many integers fits the second-level cache.
const SMALL: u64 = 1 << 20;
/// More take so many for each key, at most.
const BITS_PER_KEY: u64 = 256;

#[derive(Clone)]
pub(super) struct Members {
    least: i64,
    /// Bits of the integers from `least` on; those behind the greatest are 0, and there is at least one.
    bits: Vec<u64>,
}

impl Members {
    /// None when the integers lie too far apart.
    pub fn of(keys: &[i64]) -> Option<Members> {
        let (least, greatest) = (*keys.iter().min()?, *keys.iter().max()?);
        let span = greatest.abs_diff(least);
        if span >= SMALL.max(keys.len() as u64 * BITS_PER_KEY) {
            return None;
        }
        // The last bit stands for whatever lies beyond.
        let mut bits = vec![0; (span + 1) as usize / 64 + 1];
        for key in keys {
            let bit = key.abs_diff(least);
            bits[bit as usize / 64] |= 1 << (bit % 64);
        }
        Some(Members { least, bits })
    }

    /// Whether this one so far above the least is among them.
    #[inline(always)]
    fn has(bits: &[u64], above: u64) -> u8 {
        let word = bits.get((above / 64) as usize).copied().unwrap_or(0);
        (word >> (above % 64)) as u8 & 1
    }

    /// Which rows of a batch have one of them; None: the column is none of plain integers, or has to be loaded.
    pub fn verdict(&self, batch: &Batch<'_>, slot: usize) -> Option<Verdict> {
        let (lane, rows) = batch.packed(slot)?;
        let (least, greatest) = packed::bounds(lane);
        let above = greatest.checked_sub(self.least).filter(|_| greatest >= self.least);
        let is_beyond = above.is_none()
            || least
                .checked_sub(self.least)
                .is_some_and(|least| least > 0 && least as u64 >= self.bits.len() as u64 * 64);
        if is_beyond {
            return Some(Verdict::None);
        }
        Some(packed::run(lane.offsets, Test { members: self, lane, rows: &rows }))
    }

    /// As `verdict`, of a column that was loaded.
    pub fn truths(&self, column: &Column<'_>) -> Option<Vec<u8>> {
        let Column::Integers(Numbers { values, nulls: None }) = column else { return None };
        let bits = &self.bits[..];
        Some(column::each(values.iter(), |value| Members::has(bits, value.wrapping_sub(self.least) as u64)))
    }
}

struct Test<'t> {
    members: &'t Members,
    lane: Integers<'t>,
    rows: &'t Picks<'t>,
}

impl Kernel for Test<'_> {
    type Output = Verdict;

    fn run<O: Offset>(self, offsets: &[O]) -> Verdict {
        let bits = &self.members.bits[..];
        // What lies below the least comes out far above the greatest.
        let first = self.lane.base.wrapping_sub(self.members.least) as u64;
        let test = |offset: O| {
            let offset: u64 = offset.number().into();
            Members::has(bits, first.wrapping_add(offset))
        };
        Verdict::Each(match self.rows {
            Picks::Range(range) => column::each(offsets[range.clone()].iter(), |offset| test(*offset)),
            Picks::Rows(rows) => column::each(rows.iter(), |row| test(offsets[*row as usize])),
        })
    }

    fn run_constant(self) -> Verdict {
        let above = self.lane.base.wrapping_sub(self.members.least) as u64;
        if Members::has(&self.members.bits, above) == 1 { Verdict::All } else { Verdict::None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_the_keys_and_nothing_else() {
        for least in [0, -70, i64::MIN, i64::MAX - 200] {
            let keys = [least + 3, least, least + 63, least + 64, least + 200];
            let members = Members::of(&keys).expect("they lie close");
            let others = [least.wrapping_sub(1), i64::MIN, i64::MAX, 0];
            let values: Vec<i64> = (0..=200).map(|above| least + above).chain(others).collect();
            let truths = members.truths(&Column::Integers(Numbers::new(values.clone()))).expect("integers");
            for (value, truth) in values.iter().zip(truths) {
                assert_eq!(truth == 1, keys.contains(value), "{value} of {keys:?}");
            }
        }
        assert!(Members::of(&[]).is_none());
        assert!(Members::of(&[i64::MIN, i64::MAX]).is_none());
        assert!(Members::of(&[0, SMALL as i64]).is_none());
    }
}
