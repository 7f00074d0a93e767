//! The sums of all groups side by side: plain integers as long as all that is added are integers and none can overflow, what
//! SQLite keeps from then on.

use pluresdb_function::aggregate::Sum;
use pluresdb_tree::Integers;
use pluresdb_value::{Value, ValueRef};

use super::aggregate::{Groups, picked, rows};
use super::batch::Picks;
use super::column::{Column, Numbers};
use super::packed;

/// A sum is the same in any order to the last digit, but for its size against that of its numbers. Of a sum that is smaller
/// than they are by more than this, the row engine takes care.
const MOST_CANCELLED: f64 = 65536.0;
/// No sum of integers overflows on its way, in whichever order, when they come to less.
const NEVER_OVERFLOWS: u64 = 1 << 62;

#[derive(Clone, Copy, Default)]
struct IntegerSum {
    sum: i64,
    count: i64,
}

enum States {
    Integers {
        sums: Vec<IntegerSum>,
        /// What all integers added so far come to without their signs, at most.
        bound: u64,
        has_negative: bool,
    },
    Any {
        sums: Vec<Sum>,
        /// By group, what its numbers come to without their signs; kept where rows come in another order than SQLite's.
        magnitudes: Option<Vec<f64>>,
    },
}

pub(super) struct Sums {
    states: States,
    is_any_order: bool,
}

impl Sums {
    /// Of no group yet.
    pub fn new(is_any_order: bool) -> Sums {
        let states = States::Integers { sums: Vec::new(), bound: 0, has_negative: false };
        Sums { states, is_any_order }
    }

    pub fn fit(&mut self, count: usize) {
        match &mut self.states {
            States::Integers { sums, .. } => sums.resize(count, IntegerSum::default()),
            States::Any { sums, magnitudes } => {
                sums.resize(count, Sum::default());
                if let Some(magnitudes) = magnitudes {
                    magnitudes.resize(count, 0.0);
                }
            }
        }
    }

    /// Group `order[n]` becomes group n.
    pub fn renumber(&mut self, order: &[u32]) {
        match &mut self.states {
            States::Integers { sums, .. } => *sums = picked(sums, order),
            States::Any { sums, magnitudes } => {
                *sums = picked(sums, order);
                if let Some(magnitudes) = magnitudes {
                    *magnitudes = picked(magnitudes, order);
                }
            }
        }
    }

    /// The sums of these groups, when all are integers.
    pub fn integers(&self, groups: &[u32]) -> Option<Numbers<i64>> {
        let States::Integers { sums, .. } = &self.states else { return None };
        let values = groups.iter().map(|group| sums[*group as usize].sum).collect();
        let nulls: Vec<bool> = groups.iter().map(|group| sums[*group as usize].count == 0).collect();
        Some(Numbers { values, nulls: nulls.contains(&true).then_some(nulls) })
    }

    /// Whether another order of the rows could not have changed a result.
    pub fn is_certain(&self) -> bool {
        let States::Any { sums, magnitudes: Some(magnitudes) } = &self.states else { return true };
        sums.iter().zip(magnitudes).all(|(sum, magnitude)| {
            *magnitude < NEVER_OVERFLOWS as f64 && *magnitude <= sum.total().abs() * MOST_CANCELLED
        })
    }

    pub fn of(&self, group: usize) -> Sum {
        match &self.states {
            States::Integers { sums, .. } => Sum::of_integers(sums[group].sum, sums[group].count),
            States::Any { sums, .. } => sums[group],
        }
    }

    /// Adds packed integers to the one group there is; false when they have to be looked at one by one.
    pub fn add_packed(&mut self, lane: Integers<'_>, picks: &Picks<'_>) -> bool {
        let count = picks.len();
        let (least, greatest) = packed::bounds(lane);
        let magnitude = least.unsigned_abs().max(greatest.unsigned_abs());
        let States::Integers { sums, bound, has_negative } = &mut self.states else { return false };
        if grown(bound, magnitude, count).is_none() {
            return false;
        }
        *has_negative |= least < 0;
        sums[0].sum += packed::sum(lane, picks);
        sums[0].count += count as i64;
        true
    }

    /// Adds reals as they are stored to the one group there is.
    pub fn add_packed_reals(&mut self, reals: &[[u8; 8]]) {
        self.take_any();
        let States::Any { sums, magnitudes } = &mut self.states else { return };
        let reals = || reals.iter().map(|bytes| f64::from_le_bytes(*bytes));
        sums[0].add_reals(reals());
        if let Some(magnitudes) = magnitudes {
            magnitudes[0] += reals().map(f64::abs).sum::<f64>();
        }
    }

    pub fn add(
        &mut self,
        column: &Column<'_>,
        groups: &Groups<'_>,
        chosen: Option<&[u32]>,
        row_count: usize,
    ) {
        if let States::Integers { sums, bound, has_negative } = &mut self.states {
            match column {
                Column::Constant(Value::Null) => return,
                Column::Integers(numbers) => {
                    let (magnitude, negative) =
                        numbers.values.iter().fold((0, 0), |(bits, signs), integer| {
                            (bits | integer.unsigned_abs(), signs | *integer)
                        });
                    if grown(bound, magnitude, row_count).is_some() {
                        *has_negative |= negative < 0;
                        add_integers(sums, numbers, groups, chosen, row_count);
                        return;
                    }
                }
                _ => {}
            }
            self.take_any();
        }
        let States::Any { sums, magnitudes } = &mut self.states else { return };
        add_any(sums, column, groups, chosen, row_count);
        if let Some(magnitudes) = magnitudes {
            measure(magnitudes, column, groups, chosen, row_count);
        }
    }

    fn take_any(&mut self) {
        let States::Integers { sums, bound, has_negative } = &self.states else { return };
        let magnitude = |sum: &IntegerSum| if *has_negative { *bound } else { sum.sum as u64 };
        let magnitudes = self.is_any_order.then(|| sums.iter().map(|sum| magnitude(sum) as f64).collect());
        let sums = sums.iter().map(|sum| Sum::of_integers(sum.sum, sum.count)).collect();
        self.states = States::Any { sums, magnitudes };
    }
}

/// Lets the bound take in so many more integers; None, and nothing changes, when a sum could overflow.
fn grown(bound: &mut u64, magnitude: u64, count: usize) -> Option<()> {
    let grown = magnitude.checked_mul(count as u64)?.checked_add(*bound)?;
    if grown >= NEVER_OVERFLOWS {
        return None;
    }
    *bound = grown;
    Some(())
}

/// Integers whose sums do not overflow.
fn add_integers(
    sums: &mut [IntegerSum],
    numbers: &Numbers<i64>,
    groups: &Groups<'_>,
    chosen: Option<&[u32]>,
    row_count: usize,
) {
    match (groups, chosen, &numbers.nulls) {
        (Groups::One, None, None) => {
            sums[0].sum += numbers.values.iter().sum::<i64>();
            sums[0].count += row_count as i64;
        }
        (Groups::Each(groups), None, None) => {
            for (group, integer) in groups.iter().zip(&numbers.values) {
                let sum = &mut sums[*group as usize];
                sum.sum += integer;
                sum.count += 1;
            }
        }
        _ => {
            for row in rows(chosen, row_count) {
                if let Some(integer) = numbers.get(row) {
                    let sum = &mut sums[groups.of(row)];
                    sum.sum += integer;
                    sum.count += 1;
                }
            }
        }
    }
}

fn add_any(
    sums: &mut [Sum],
    column: &Column<'_>,
    groups: &Groups<'_>,
    chosen: Option<&[u32]>,
    row_count: usize,
) {
    match (column, groups, chosen) {
        (Column::Integers(Numbers { values, nulls: None }), Groups::One, None) => {
            sums[0].add_integers(values);
        }
        (Column::Reals(Numbers { values, nulls: None }), Groups::One, None) => {
            sums[0].add_reals(values.iter().copied());
        }
        (Column::Integers(numbers), ..) => {
            for row in rows(chosen, row_count) {
                if let Some(integer) = numbers.get(row) {
                    sums[groups.of(row)].add_integer(integer);
                }
            }
        }
        (Column::Reals(numbers), ..) => {
            for row in rows(chosen, row_count) {
                if let Some(real) = numbers.get(row) {
                    sums[groups.of(row)].add_real(real);
                }
            }
        }
        (column, ..) => {
            for row in rows(chosen, row_count) {
                match column.value(row) {
                    ValueRef::Null => {}
                    ValueRef::Integer(integer) => sums[groups.of(row)].add_integer(integer),
                    ValueRef::Real(real) => sums[groups.of(row)].add_real(real),
                    value => sums[groups.of(row)].add(&value.to_value()),
                }
            }
        }
    }
}

/// Adds what the numbers are without their signs; what is no number makes the sum an uncertain one.
fn measure(
    magnitudes: &mut [f64],
    column: &Column<'_>,
    groups: &Groups<'_>,
    chosen: Option<&[u32]>,
    row_count: usize,
) {
    if let Column::Reals(Numbers { values, nulls: None }) = column {
        for row in rows(chosen, row_count) {
            magnitudes[groups.of(row)] += values[row].abs();
        }
        return;
    }
    for row in rows(chosen, row_count) {
        magnitudes[groups.of(row)] += match column.value(row) {
            ValueRef::Null => 0.0,
            ValueRef::Integer(integer) => (integer as f64).abs(),
            ValueRef::Real(real) => real.abs(),
            ValueRef::Text(_) | ValueRef::Blob(_) => f64::INFINITY,
        };
    }
}
