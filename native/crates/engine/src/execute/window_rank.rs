//! The functions that exist only with OVER and look at a row's place in its partition, whatever the frame.

use std::ops::Range;

use pluresdb_value::{Affinity, Value, ValueRef, affinity, arithmetic};

use super::window::KeptRow;
use crate::error::{Error, Result};
use crate::resolve::tree::WindowFunction;

/// One call over one partition.
pub(crate) struct Ranking<'r> {
    pub rows: &'r [KeptRow],
    pub group_of: &'r [usize],
    /// Where the call's arguments are among a row's.
    pub args: Range<usize>,
}

impl Ranking<'_> {
    /// The results of all rows; None for a function that reads its frame.
    pub fn results(&self, function: &WindowFunction) -> Result<Option<Vec<Value>>> {
        let count = self.rows.len();
        let rows = 0..count;
        let results = match function {
            WindowFunction::Aggregate(_)
            | WindowFunction::FirstValue
            | WindowFunction::LastValue
            | WindowFunction::NthValue => return Ok(None),
            WindowFunction::RowNumber => rows.map(|row| Value::Integer(row as i64 + 1)).collect(),
            WindowFunction::Rank => self.by_peers(|peers| Value::Integer(peers.start as i64 + 1)),
            WindowFunction::DenseRank => {
                let first = self.group_of[0];
                self.group_of.iter().map(|group| Value::Integer((group - first) as i64 + 1)).collect()
            }
            WindowFunction::PercentRank => self.by_peers(|peers| {
                Value::Real(if count == 1 { 0.0 } else { peers.start as f64 / (count - 1) as f64 })
            }),
            WindowFunction::CumeDist => self.by_peers(|peers| Value::Real(peers.end as f64 / count as f64)),
            WindowFunction::Ntile => {
                let tiles = self.tile_count()?;
                rows.map(|row| Value::Integer(tile(row as i64, count as i64, tiles))).collect()
            }
            WindowFunction::Lag => rows.map(|row| self.shifted(row, arithmetic::subtract)).collect(),
            WindowFunction::Lead => rows.map(|row| self.shifted(row, arithmetic::add)).collect(),
        };
        Ok(Some(results))
    }

    fn by_peers(&self, result: impl Fn(Range<usize>) -> Value) -> Vec<Value> {
        let mut results = Vec::with_capacity(self.rows.len());
        for peers in self.group_of.chunk_by(|a, b| a == b) {
            let value = result(results.len()..results.len() + peers.len());
            results.extend(std::iter::repeat_n(value, peers.len()));
        }
        results
    }

    fn arg(&self, row: usize, index: usize) -> Option<&Value> {
        self.rows[row].args[self.args.clone()].get(index)
    }

    /// The argument of the row `offset` rows behind (or, for lag, before) this one.
    fn shifted(&self, row: usize, step: fn(ValueRef<'_>, ValueRef<'_>) -> Value) -> Value {
        // SQLite computes a row number, from 1, and a number that is no integer is no row's.
        let place = Value::Integer(row as i64 + 1);
        let one = Value::Integer(1);
        let offset = self.arg(row, 1).unwrap_or(&one).as_ref();
        let mut target = step(place.as_ref(), offset);
        affinity::apply(&mut target, Affinity::Numeric);
        let target = match target {
            Value::Integer(target) => usize::try_from(target).ok().and_then(|target| target.checked_sub(1)),
            Value::Null | Value::Real(_) | Value::Text(_) | Value::Blob(_) => None,
        };
        match target.filter(|target| *target < self.rows.len()) {
            Some(target) => self.arg(target, 0).cloned().unwrap_or_default(),
            None => self.arg(row, 2).cloned().unwrap_or_default(),
        }
    }

    fn tile_count(&self) -> Result<i64> {
        let tiles = self.arg(0, 0).map_or(0, Value::to_integer);
        if tiles <= 0 {
            return Err(Error::error("argument of ntile must be a positive integer"));
        }
        Ok(tiles)
    }
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
