//! The functions that exist only with OVER and look at a row's place in its partition, whatever the frame.

use std::ops::Range;

use pluresdb_value::{Affinity, Value, ValueRef, affinity, arithmetic};

use super::order::SortedRows;
use super::results::Results;
use crate::error::{Error, Result};
use crate::execute::vector::{KeptColumn, NO_ROW, Numbers};
use crate::resolve::tree::WindowFunction;

/// One call over partitions that are all there.
pub(crate) struct Ranking<'r> {
    pub rows: SortedRows<'r>,
    /// The call's number.
    pub call: usize,
}

impl Ranking<'_> {
    /// The results of all rows of the partitions, which lie side by side; None for a function that reads its frame.
    pub fn results(
        &self,
        function: &WindowFunction,
        partitions: impl Iterator<Item = Range<usize>>,
    ) -> Result<Option<Results>> {
        let results = match function {
            WindowFunction::Aggregate(_)
            | WindowFunction::FirstValue
            | WindowFunction::LastValue
            | WindowFunction::NthValue => return Ok(None),
            WindowFunction::RowNumber => integers(partitions, |partition, numbers| {
                numbers.extend(1..=partition.len() as i64);
                Ok(())
            })?,
            WindowFunction::Rank => integers(partitions, |partition, numbers| {
                let start = partition.start;
                self.each_peers(partition, |peers| {
                    numbers.extend(std::iter::repeat_n((peers.start - start) as i64 + 1, peers.len()));
                });
                Ok(())
            })?,
            WindowFunction::DenseRank => integers(partitions, |partition, numbers| {
                let first = self.rows.group_of(partition.start);
                let groups = &self.rows.order.group_of[partition];
                numbers.extend(groups.iter().map(|group| i64::from(group - first) + 1));
                Ok(())
            })?,
            WindowFunction::PercentRank => self.shares(partitions, |peers, count| {
                if count == 1 { 0.0 } else { peers.start as f64 / (count - 1) as f64 }
            }),
            WindowFunction::CumeDist => {
                self.shares(partitions, |peers, count| peers.end as f64 / count as f64)
            }
            WindowFunction::Ntile => integers(partitions, |partition, numbers| {
                let tiles = self.tile_count(partition.start)?;
                let count = partition.len() as i64;
                numbers.extend((0..count).map(|row| tile(row, count, tiles)));
                Ok(())
            })?,
            WindowFunction::Lag => self.shifted(partitions, arithmetic::subtract, i64::checked_sub),
            WindowFunction::Lead => self.shifted(partitions, arithmetic::add, i64::checked_add),
        };
        Ok(Some(results))
    }

    /// What lag() gives a row, whose partition begins at `start`; its offset is a whole number from 0 on.
    pub fn lag_at(&self, row: usize, start: usize) -> Value {
        let offset = self.rows.arg(self.call, 1, row).map_or(1, ValueRef::to_integer);
        let before = usize::try_from(offset).ok().and_then(|offset| row.checked_sub(offset));
        let value = match before.filter(|before| *before >= start) {
            Some(before) => self.rows.arg(self.call, 0, before),
            None => self.rows.arg(self.call, 2, row),
        };
        value.map(ValueRef::to_value).unwrap_or_default()
    }

    fn each_peers(&self, partition: Range<usize>, each: impl FnMut(Range<usize>)) {
        self.rows.peers(partition).for_each(each);
    }

    /// A share of the partition for each group of peers, given their rows within it.
    fn shares(
        &self,
        partitions: impl Iterator<Item = Range<usize>>,
        share: impl Fn(Range<usize>, usize) -> f64,
    ) -> Results {
        let mut shares = Vec::new();
        for partition in partitions {
            let (start, count) = (partition.start, partition.len());
            self.each_peers(partition, |peers| {
                let share = share(peers.start - start..peers.end - start, count);
                shares.extend(std::iter::repeat_n(share, peers.len()));
            });
        }
        Results::Values(KeptColumn::Reals(Numbers::new(shares)))
    }

    /// The argument of the row `offset` rows behind (or, for lag, before) each one.
    fn shifted(
        &self,
        partitions: impl Iterator<Item = Range<usize>>,
        step: fn(ValueRef<'_>, ValueRef<'_>) -> Value,
        step_integers: fn(i64, i64) -> Option<i64>,
    ) -> Results {
        let args = &self.rows.layout.args[self.call];
        let mut picked = Vec::new();
        let mut values = KeptColumn::default();
        for partition in partitions {
            for place in partition.clone() {
                // SQLite computes a row number, from 1, and a number that is no integer is no row's.
                let number = (place - partition.start) as i64 + 1;
                let target = match self.rows.arg(self.call, 1, place) {
                    None => step_integers(number, 1),
                    Some(ValueRef::Integer(offset)) => step_integers(number, offset),
                    Some(offset) => {
                        let mut target = step(ValueRef::Integer(number), offset);
                        affinity::apply(&mut target, Affinity::Numeric);
                        if let Value::Integer(target) = target { Some(target) } else { None }
                    }
                };
                let target = target.filter(|target| (1..=partition.len() as i64).contains(target));
                let target = target.map(|target| partition.start + target as usize - 1);
                if args.len() > 2 {
                    let (arg, place) = target.map_or((2, place), |target| (0, target));
                    values.push(self.rows.value(args[arg], place));
                } else {
                    picked.push(target.map_or(NO_ROW, |target| self.rows.order.rows[target]));
                }
            }
        }
        if args.len() > 2 {
            Results::Values(values)
        } else {
            Results::Picked { column: args[0], rows: picked }
        }
    }

    fn tile_count(&self, first: usize) -> Result<i64> {
        let tiles = self.rows.arg(self.call, 0, first).map_or(0, ValueRef::to_integer);
        if tiles <= 0 {
            return Err(Error::error("argument of ntile must be a positive integer"));
        }
        Ok(tiles)
    }
}

fn integers(
    partitions: impl Iterator<Item = Range<usize>>,
    mut add: impl FnMut(Range<usize>, &mut Vec<i64>) -> Result<()>,
) -> Result<Results> {
    let mut numbers = Vec::new();
    for partition in partitions {
        add(partition, &mut numbers)?;
    }
    Ok(Results::Values(KeptColumn::Integers(Numbers::new(numbers))))
}

/// Tiles differ by one row at most; the larger ones come first.
fn tile(row: i64, count: i64, tiles: i64) -> i64 {
    let size = count / tiles;
    if size == 0 {
        return row + 1;
    }
    let larger = count % tiles;
    let in_larger = larger * (size + 1);
    if row < in_larger { row / (size + 1) + 1 } else { larger + (row - in_larger) / size + 1 }
}

#[cfg(test)]
mod tests {
    use super::tile;

    #[test]
    fn the_larger_tiles_come_first() {
        let tiles: Vec<i64> = (0..7).map(|row| tile(row, 7, 3)).collect();
        assert_eq!(tiles, [1, 1, 1, 2, 2, 3, 3]);
        let tiles: Vec<i64> = (0..2).map(|row| tile(row, 2, 3)).collect();
        assert_eq!(tiles, [1, 2]);
    }
}
