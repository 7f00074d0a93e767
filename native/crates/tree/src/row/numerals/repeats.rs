//! Reals of which a column of a leaf has few different ones, as places among these: quantities, rates, points.
//!
//! ```text
//! 0.04 0.07 0.00 0.07 …     values 0.00 … 0.10, ascending; codes of one byte  4 7 0 7 …
//! ```
//! The order of the codes is that of the reals, so that a comparison looks at an eighth of the bytes; and a value is taken from
//! a table that the first-level cache holds.
//!
//! They are made and kept as the numerals of texts are (`numerals`); no block has them.
//!
//! Measured with `bench --tpch --only q06,q19,q01`.

use crate::row::base::{LaneData, LaneMeta};

/// A code is a byte.
const MOST_VALUES: usize = 1 << 8;
/// A real has to come in so many rows, as a mean: then codes and values take three eighths of the reals' bytes.
const LEAST_ROWS_OF_EACH: usize = 4;
/// So many rows show whether reals repeat at all: of these so many may be different.
const TRIED_ROWS: usize = 64;
const MOST_OF_TRIED: usize = 56;

/// The different reals of a column, and which of them each row has.
#[derive(Debug)]
pub(crate) struct Made {
    /// The values, then the codes: what is asked for ahead lies side by side.
    pub(crate) bytes: Box<[u8]>,
    value_count: usize,
}

/// Where the reals of a column that may have repeats begin in its block.
pub(crate) fn start(lane: &LaneMeta) -> Option<usize> {
    match lane.data {
        LaneData::Real { start, is_constant: false } if lane.nulls | lane.missing == 0 => {
            Some(start as usize)
        }
        _ => None,
    }
}

/// What the repeats of a column take at most.
pub(crate) fn most_memory(lane: &LaneMeta, row_count: usize) -> usize {
    let values = row_count / LEAST_ROWS_OF_EACH;
    start(lane).map_or(0, |_| row_count + size_of::<f64>() * values.min(MOST_VALUES))
}

impl Made {
    pub(crate) fn of(reals: &[[u8; 8]]) -> Option<Made> {
        let reals = || reals.iter().map(|real| f64::from_le_bytes(*real));
        if different(reals().take(TRIED_ROWS)).len() > MOST_OF_TRIED {
            return None;
        }
        let values = different(reals());
        // A negative zero equals the other one, and is not the same.
        let is_negative_zero = |real: &f64| *real == 0.0 && real.is_sign_negative();
        let most = MOST_VALUES.min(reals().len() / LEAST_ROWS_OF_EACH);
        if values.len() > most || values.iter().any(is_negative_zero) {
            return None;
        }
        let code = |real: f64| values.partition_point(|value| *value < real) as u8;
        let bytes = values.iter().flat_map(|value| value.to_le_bytes()).chain(reals().map(code)).collect();
        Some(Made { bytes, value_count: values.len() })
    }

    /// The values, ascending and little-endian, and the codes by row.
    pub(crate) fn repeats(&self) -> (&[[u8; 8]], &[u8]) {
        let (values, codes) = self.bytes.split_at(size_of::<f64>() * self.value_count);
        (values.as_chunks().0, codes)
    }
}

fn different(reals: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut different: Vec<f64> = reals.collect();
    different.sort_unstable_by(f64::total_cmp);
    different.dedup_by_key(|real| real.to_bits());
    different
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(reals: &[f64]) -> Option<Made> {
        let bytes: Vec<[u8; 8]> = reals.iter().map(|real| real.to_le_bytes()).collect();
        Made::of(&bytes)
    }

    #[test]
    fn codes_are_in_the_order_of_their_reals() {
        let reals: Vec<f64> = (0..400)
            .map(|row| [0.07, -1.5, f64::INFINITY, 0.0, f64::NEG_INFINITY, 1e300][row % 7 % 6])
            .collect();
        let made = made(&reals).expect("six of them repeat");
        let (values, codes) = made.repeats();
        let values: Vec<f64> = values.iter().map(|value| f64::from_le_bytes(*value)).collect();
        assert!(values.is_sorted());
        assert_eq!(values.len(), 6);
        for (code, real) in codes.iter().zip(&reals) {
            assert_eq!(values[usize::from(*code)].to_bits(), real.to_bits());
        }
    }

    #[test]
    fn only_reals_that_repeat_have_codes() {
        let each_differs: Vec<f64> = (0..400).map(f64::from).collect();
        assert!(made(&each_differs).is_none());
        let begins_alike: Vec<f64> = (0..400).map(|row| f64::from((row - 64).max(0))).collect();
        assert!(made(&begins_alike).is_none());
        // A code is a byte: 257 different ones in many rows have none.
        let many: Vec<f64> = (0..4000).map(|row| f64::from(row / 8 % 257)).collect();
        assert!(made(&many).is_none());
        let zeros: Vec<f64> = (0..400).map(|row| if row % 5 == 0 { -0.0 } else { 0.0 }).collect();
        assert!(made(&zeros).is_none());
        assert!(made(&[1.0, 1.0]).is_none());
        assert!(made(&[1.0, 1.0, 1.0, 1.0]).is_some());
    }
}
