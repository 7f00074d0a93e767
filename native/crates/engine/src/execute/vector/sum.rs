//! The sums of all groups side by side: plain integers as long as all that is added are integers and none can overflow, sums of
//! reals as long as all are reals, else what SQLite keeps.

use pluresdb_function::aggregate::Sum;
use pluresdb_function::real_sum::RealSum;
use pluresdb_tree::Integers;
use pluresdb_value::{Value, ValueRef};

use super::aggregate::{Groups, picked, rows};
use super::batch::Picks;
use super::column::{Column, Numbers};
use super::packed::{self, Marked};

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

#[derive(Clone, Copy, Default)]
struct CountedReals {
    sum: RealSum,
    count: i64,
}

enum States {
    Reals {
        sums: Vec<CountedReals>,
        /// As those of `Any`.
        magnitudes: Option<Vec<f64>>,
    },
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
            States::Reals { sums, magnitudes } => {
                sums.resize(count, CountedReals::default());
                fit_magnitudes(magnitudes, count);
            }
            States::Any { sums, magnitudes } => {
                sums.resize(count, Sum::default());
                fit_magnitudes(magnitudes, count);
            }
        }
    }

    /// Group `order[n]` becomes group n.
    pub fn renumber(&mut self, order: &[u32]) {
        match &mut self.states {
            States::Integers { sums, .. } => *sums = picked(sums, order),
            States::Any { sums, magnitudes } => {
                *sums = picked(sums, order);
                renumber_magnitudes(magnitudes, order);
            }
            States::Reals { sums, magnitudes } => {
                *sums = picked(sums, order);
                renumber_magnitudes(magnitudes, order);
            }
        }
    }

    /// The sums of these groups, when all are numbers of one class.
    pub fn numbers(&self, groups: &[u32]) -> Option<Column<'static>> {
        fn column<T>(values: Vec<T>, nulls: Vec<bool>) -> Numbers<T> {
            Numbers { values, nulls: nulls.contains(&true).then_some(nulls) }
        }
        match &self.states {
            States::Integers { sums, .. } => {
                let sums = || groups.iter().map(|group| sums[*group as usize]);
                let nulls = sums().map(|sum| sum.count == 0).collect();
                Some(Column::Integers(column(sums().map(|sum| sum.sum).collect(), nulls)))
            }
            States::Reals { sums, .. } => {
                let sums = || groups.iter().map(|group| sums[*group as usize]);
                let totals: Vec<f64> = sums().map(|sum| sum.sum.total()).collect();
                // What is no number, is NULL.
                let nulls =
                    sums().zip(&totals).map(|(sum, total)| sum.count == 0 || total.is_nan()).collect();
                Some(Column::Reals(column(totals, nulls)))
            }
            States::Any { .. } => None,
        }
    }

    /// So far it has met reals only, whose sums are quicker group by group.
    pub fn has_only_reals(&self) -> bool {
        matches!(self.states, States::Reals { .. })
    }

    /// Whether another order of the rows could not have changed a result.
    pub fn is_certain(&self) -> bool {
        let is_certain = |total: f64, magnitude: f64| {
            magnitude < NEVER_OVERFLOWS as f64 && magnitude <= total.abs() * MOST_CANCELLED
        };
        match &self.states {
            States::Any { sums, magnitudes: Some(magnitudes) } => {
                sums.iter().zip(magnitudes).all(|(sum, magnitude)| is_certain(sum.total(), *magnitude))
            }
            States::Reals { sums, magnitudes: Some(magnitudes) } => {
                sums.iter().zip(magnitudes).all(|(sum, magnitude)| is_certain(sum.sum.total(), *magnitude))
            }
            _ => true,
        }
    }

    pub fn of(&self, group: usize) -> Sum {
        match &self.states {
            States::Integers { sums, .. } => Sum::of_integers(sums[group].sum, sums[group].count),
            States::Reals { sums, .. } => Sum::of_reals(sums[group].sum, sums[group].count),
            States::Any { sums, .. } => sums[group],
        }
    }

    /// Adds packed integers to the one group there is; false when they have to be looked at one by one.
    pub fn add_packed(&mut self, lane: Integers<'_>, picks: &Picks<'_>) -> bool {
        self.add_certain(lane, picks.len(), || packed::sum(lane, picks))
    }

    /// As `add_packed`, of rows that are marked.
    pub fn add_marked(&mut self, lane: Integers<'_>, rows: &Marked<'_>) -> bool {
        self.add_certain(lane, rows.count, || packed::marked_sum(lane, rows))
    }

    /// Adds the sum of so many integers of the lane, if none of them can make the group's overflow.
    fn add_certain(&mut self, lane: Integers<'_>, count: usize, sum: impl FnOnce() -> i64) -> bool {
        let (least, greatest) = packed::bounds(lane);
        let magnitude = least.unsigned_abs().max(greatest.unsigned_abs());
        let States::Integers { sums, bound, has_negative } = &mut self.states else { return false };
        if grown(bound, magnitude, count).is_none() {
            return false;
        }
        *has_negative |= least < 0;
        sums[0].sum += sum();
        sums[0].count += count as i64;
        true
    }

    /// Adds reals as they are stored to the one group there is.
    pub fn add_packed_reals(&mut self, packed: &[[u8; 8]]) {
        self.take_reals();
        let magnitudes = match &mut self.states {
            States::Reals { sums, magnitudes } => {
                sums[0].sum.add_all(packed, f64::from_le_bytes);
                sums[0].count += packed.len() as i64;
                magnitudes
            }
            States::Integers { .. } => unreachable!("they take reals by now"),
            States::Any { sums, magnitudes } => {
                sums[0].add_reals(packed, f64::from_le_bytes);
                magnitudes
            }
        };
        if let Some(magnitudes) = magnitudes {
            magnitudes[0] += magnitude_of(packed);
        }
    }

    pub fn add(
        &mut self,
        column: &Column<'_>,
        groups: &Groups<'_>,
        chosen: Option<&[u32]>,
        row_count: usize,
    ) {
        match column {
            Column::Constant(Value::Null) => return,
            Column::Integers(numbers) => {
                if let States::Integers { sums, bound, has_negative } = &mut self.states {
                    let (magnitude, signs) = numbers.values.iter().fold((0, 0), |(bits, signs), integer| {
                        (bits | integer.unsigned_abs(), signs | *integer)
                    });
                    if grown(bound, magnitude, row_count).is_some() {
                        *has_negative |= signs < 0;
                        add_integers(sums, numbers, groups, chosen, row_count);
                        return;
                    }
                }
                self.take_any();
            }
            Column::Reals(_) => self.take_reals(),
            _ => self.take_any(),
        }
        let magnitudes = match (&mut self.states, column) {
            (States::Reals { sums, magnitudes }, Column::Reals(numbers)) => {
                add_reals(sums, numbers, groups, chosen, row_count);
                magnitudes
            }
            (States::Any { sums, magnitudes }, column) => {
                add_any(sums, column, groups, chosen, row_count);
                magnitudes
            }
            _ => unreachable!("they take the column by now"),
        };
        if let Some(magnitudes) = magnitudes {
            measure(magnitudes, column, groups, chosen, row_count);
        }
    }

    /// Takes in the sums of other rows, group n's into group `groups[n]`; false when a sum could overflow on its way.
    pub fn merge(&mut self, mut other: Sums, groups: &[u32]) -> bool {
        self.become_like(&other);
        other.become_like(self);
        self.become_like(&other);
        let places = groups.iter().map(|group| *group as usize);
        match (&mut self.states, other.states) {
            (
                States::Integers { sums, bound, has_negative },
                States::Integers { sums: others, bound: other_bound, has_negative: other_negative },
            ) => {
                *bound = bound.saturating_add(other_bound);
                *has_negative |= other_negative;
                for (place, other) in places.zip(others) {
                    sums[place].sum = sums[place].sum.wrapping_add(other.sum);
                    sums[place].count += other.count;
                }
                return *bound < NEVER_OVERFLOWS;
            }
            (
                States::Reals { sums, magnitudes },
                States::Reals { sums: others, magnitudes: other_magnitudes },
            ) => {
                for (place, other) in places.zip(others) {
                    sums[place].sum.merge(other.sum);
                    sums[place].count += other.count;
                }
                merge_magnitudes(magnitudes, other_magnitudes, groups);
            }
            (
                States::Any { sums, magnitudes },
                States::Any { sums: others, magnitudes: other_magnitudes },
            ) => {
                for (place, other) in places.zip(others) {
                    sums[place].merge(&other);
                }
                merge_magnitudes(magnitudes, other_magnitudes, groups);
            }
            _ => unreachable!("both are of a kind by now"),
        }
        true
    }

    /// Makes way for what the other has met.
    fn become_like(&mut self, other: &Sums) {
        match other.states {
            States::Integers { .. } => {}
            States::Reals { .. } => self.take_reals(),
            States::Any { .. } => self.take_any(),
        }
    }

    /// Makes way for reals.
    fn take_reals(&mut self) {
        let States::Integers { sums, .. } = &self.states else { return };
        if sums.iter().any(|sum| sum.count > 0) {
            return self.take_any();
        }
        let magnitudes = self.is_any_order.then(|| vec![0.0; sums.len()]);
        self.states = States::Reals { sums: vec![CountedReals::default(); sums.len()], magnitudes };
    }

    /// Makes way for all numbers.
    fn take_any(&mut self) {
        self.states = match &mut self.states {
            States::Integers { sums, bound, has_negative } => {
                let magnitude = |sum: &IntegerSum| if *has_negative { *bound } else { sum.sum as u64 };
                let magnitudes =
                    self.is_any_order.then(|| sums.iter().map(|sum| magnitude(sum) as f64).collect());
                let sums = sums.iter().map(|sum| Sum::of_integers(sum.sum, sum.count)).collect();
                States::Any { sums, magnitudes }
            }
            States::Reals { sums, magnitudes } => {
                let sums = sums.iter().map(|sum| Sum::of_reals(sum.sum, sum.count)).collect();
                States::Any { sums, magnitudes: magnitudes.take() }
            }
            States::Any { .. } => return,
        };
    }
}

fn fit_magnitudes(magnitudes: &mut Option<Vec<f64>>, count: usize) {
    if let Some(magnitudes) = magnitudes {
        magnitudes.resize(count, 0.0);
    }
}

fn renumber_magnitudes(magnitudes: &mut Option<Vec<f64>>, order: &[u32]) {
    if let Some(magnitudes) = magnitudes {
        *magnitudes = picked(magnitudes, order);
    }
}

fn merge_magnitudes(magnitudes: &mut Option<Vec<f64>>, others: Option<Vec<f64>>, groups: &[u32]) {
    if let (Some(magnitudes), Some(others)) = (magnitudes, others) {
        for (group, other) in groups.iter().zip(others) {
            magnitudes[*group as usize] += other;
        }
    }
}

/// What reals come to without their signs, in whichever order.
fn magnitude_of(reals: &[[u8; 8]]) -> f64 {
    const LANES: usize = 8;
    let magnitude = |bytes: &[u8; 8]| f64::from_le_bytes(*bytes).abs();
    let (chunks, rest) = reals.as_chunks::<LANES>();
    let mut lanes = [0.0; LANES];
    for chunk in chunks {
        for (lane, bytes) in lanes.iter_mut().zip(chunk) {
            *lane += magnitude(bytes);
        }
    }
    lanes.iter().sum::<f64>() + rest.iter().map(magnitude).sum::<f64>()
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
        (Groups::Each(groups, _), None, None) => {
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

fn add_reals(
    sums: &mut [CountedReals],
    numbers: &Numbers<f64>,
    groups: &Groups<'_>,
    chosen: Option<&[u32]>,
    row_count: usize,
) {
    let add = |sum: &mut CountedReals, real: f64| {
        sum.sum.add(real);
        sum.count += 1;
    };
    match (groups, chosen, &numbers.nulls) {
        (Groups::One, None, None) => {
            sums[0].sum.add_all(&numbers.values, |real| real);
            sums[0].count += numbers.values.len() as i64;
        }
        (Groups::Each(_, Some(few)), None, None) => {
            let mut reals = Vec::new();
            for (sum, rows) in sums.iter_mut().zip(few.iter()) {
                reals.resize(rows.len(), 0.0);
                for (real, row) in reals.iter_mut().zip(rows) {
                    *real = numbers.values[*row as usize];
                }
                sum.sum.add_all(&reals, |real| real);
                sum.count += reals.len() as i64;
            }
        }
        (Groups::Each(groups, None), None, None) => {
            for (group, real) in groups.iter().zip(&numbers.values) {
                add(&mut sums[*group as usize], *real);
            }
        }
        _ => {
            for row in rows(chosen, row_count) {
                if let Some(real) = numbers.get(row) {
                    add(&mut sums[groups.of(row)], real);
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
            sums[0].add_reals(values, |real| real);
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
                    value => sums[groups.of(row)].add(value),
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
