//! What can be told of a lane's packed integers in their own width of 8, 16 or 32 bits, with nothing unpacked: how they compare
//! with an integer, their sum, the least and the greatest. Dates and the like are compared as the integers they make, reals
//! where they lie.

use std::cmp::Ordering;
use std::ops::Range;

use pluresdb_tree::{Integers, LeafView, Offsets};
use pluresdb_value::{Collation, Value};

use super::batch::{Batch, Picks};
use super::column::{TRUE, tested};
use super::compare::{compares_text, mirrored};
use super::compile::{Expression, Node};
use super::known::Known;
use crate::execute::eval::holds;
use crate::resolve::tree::{CompareOperator, Comparison};

/// An offset as it is stored.
pub(super) trait Offset: Copy {
    type Number: Ord + Copy + TryFrom<i128> + Into<u64>;

    fn number(self) -> Self::Number;

    /// Wrapping.
    fn sum(offsets: &[Self]) -> u64 {
        offsets.iter().fold(0, |sum: u64, offset| sum.wrapping_add(offset.number().into()))
    }

    /// Of those that are `TRUE`; the others are `FALSE`. Wrapping.
    fn sum_of_true(offsets: &[Self], truths: &[u8]) -> u64 {
        offsets.iter().zip(truths).fold(0, |sum: u64, (offset, truth)| {
            sum.wrapping_add(offset.number().into() & u64::from(*truth).wrapping_neg())
        })
    }
}

/// So many sums of 16 bits fit into 32.
const NARROW: usize = 1 << 16;

/// Of numbers whose sums fit into 32 bits, so many at a time.
#[inline(always)]
fn narrow_sum<O: Offset<Number: Into<u32>>>(offsets: &[O]) -> u64 {
    let sum = |chunk: &[O]| chunk.iter().fold(0, |sum: u32, offset| sum.wrapping_add(offset.number().into()));
    offsets.chunks(NARROW).map(|chunk| u64::from(sum(chunk))).sum()
}

#[inline(always)]
fn narrow_sum_of_true<O: Offset<Number: Into<u32>>>(offsets: &[O], truths: &[u8]) -> u64 {
    let sum = |chunk: &[O], truths: &[u8]| {
        chunk.iter().zip(truths).fold(0, |sum: u32, (offset, truth)| {
            sum.wrapping_add(offset.number().into() & u32::from(*truth).wrapping_neg())
        })
    };
    let chunks = offsets.chunks(NARROW).zip(truths.chunks(NARROW));
    chunks.map(|(chunk, truths)| u64::from(sum(chunk, truths))).sum()
}

impl Offset for u8 {
    type Number = u8;

    #[inline(always)]
    fn number(self) -> u8 {
        self
    }

    fn sum(offsets: &[u8]) -> u64 {
        narrow_sum(offsets)
    }

    fn sum_of_true(offsets: &[u8], truths: &[u8]) -> u64 {
        narrow_sum_of_true(offsets, truths)
    }
}

impl Offset for [u8; 2] {
    type Number = u16;

    #[inline(always)]
    fn number(self) -> u16 {
        u16::from_le_bytes(self)
    }

    fn sum(offsets: &[[u8; 2]]) -> u64 {
        narrow_sum(offsets)
    }

    fn sum_of_true(offsets: &[[u8; 2]], truths: &[u8]) -> u64 {
        narrow_sum_of_true(offsets, truths)
    }
}

impl Offset for [u8; 4] {
    type Number = u32;

    #[inline(always)]
    fn number(self) -> u32 {
        u32::from_le_bytes(self)
    }
}

impl Offset for [u8; 8] {
    type Number = u64;

    #[inline(always)]
    fn number(self) -> u64 {
        u64::from_le_bytes(self)
    }
}

/// A loop that is compiled for each width.
pub(super) trait Kernel {
    type Output;

    fn run<O: Offset>(self, offsets: &[O]) -> Self::Output;

    /// Where all offsets are 0.
    fn run_constant(self) -> Self::Output;
}

#[inline(always)]
pub(super) fn run<K: Kernel>(offsets: Offsets<'_>, kernel: K) -> K::Output {
    match offsets {
        Offsets::Constant => kernel.run_constant(),
        Offsets::U8(offsets) => kernel.run(offsets),
        Offsets::U16(offsets) => kernel.run(offsets),
        Offsets::U32(offsets) => kernel.run(offsets),
        Offsets::U64(offsets) => kernel.run(offsets),
    }
}

/// No integer of the lane lies outside; these need not be among them.
pub(super) fn bounds(lane: Integers<'_>) -> (i64, i64) {
    let greatest = match lane.offsets {
        Offsets::Constant => 0,
        Offsets::U8(_) => i64::from(u8::MAX),
        Offsets::U16(_) => i64::from(u16::MAX),
        Offsets::U32(_) => i64::from(u32::MAX),
        Offsets::U64(_) => return (i64::MIN, i64::MAX),
    };
    (lane.base, lane.base.saturating_add(greatest))
}

/// The sum of these rows, wrapping.
pub(super) fn sum(lane: Integers<'_>, rows: &Picks<'_>) -> i64 {
    struct Sum<'r>(&'r Picks<'r>);

    impl Kernel for Sum<'_> {
        type Output = u64;

        fn run<O: Offset>(self, offsets: &[O]) -> u64 {
            match self.0 {
                Picks::Range(range) => O::sum(&offsets[range.clone()]),
                Picks::Rows(rows) => rows
                    .iter()
                    .fold(0, |sum: u64, row| sum.wrapping_add(offsets[*row as usize].number().into())),
            }
        }

        fn run_constant(self) -> u64 {
            0
        }
    }
    lane.base.wrapping_mul(rows.len() as i64).wrapping_add(run(lane.offsets, Sum(rows)) as i64)
}

/// Rows one after the other, of which those are meant that are `TRUE`, so many; the others are `FALSE`.
pub(super) struct Marked<'r> {
    pub range: Range<usize>,
    pub truths: &'r [u8],
    pub count: usize,
}

/// As `sum`.
pub(super) fn marked_sum(lane: Integers<'_>, rows: &Marked<'_>) -> i64 {
    struct Sum<'r>(&'r Marked<'r>);

    impl Kernel for Sum<'_> {
        type Output = u64;

        fn run<O: Offset>(self, offsets: &[O]) -> u64 {
            O::sum_of_true(&offsets[self.0.range.clone()], self.0.truths)
        }

        fn run_constant(self) -> u64 {
            0
        }
    }
    lane.base.wrapping_mul(rows.count as i64).wrapping_add(run(lane.offsets, Sum(rows)) as i64)
}

/// As `extreme`.
pub(super) fn marked_extreme(lane: Integers<'_>, rows: &Marked<'_>, wanted: Ordering) -> Option<i64> {
    struct Extreme<'r>(&'r Marked<'r>, Ordering);

    impl Kernel for Extreme<'_> {
        type Output = u64;

        fn run<O: Offset>(self, offsets: &[O]) -> u64 {
            let Marked { range, truths, .. } = self.0;
            let marked = offsets[range.clone()].iter().zip(*truths).filter(|(_, truth)| **truth == TRUE);
            let numbers = marked.map(|(offset, _)| offset.number());
            let found = if self.1 == Ordering::Less { numbers.min() } else { numbers.max() };
            found.map_or(0, Into::into)
        }

        fn run_constant(self) -> u64 {
            0
        }
    }
    (rows.count > 0).then(|| lane.base.wrapping_add(run(lane.offsets, Extreme(rows, wanted)) as i64))
}

/// The least or the greatest of these rows; None when there is no row.
pub(super) fn extreme(lane: Integers<'_>, rows: &Picks<'_>, wanted: Ordering) -> Option<i64> {
    struct Extreme<'r>(&'r Picks<'r>, Ordering);

    impl Kernel for Extreme<'_> {
        type Output = u64;

        fn run<O: Offset>(self, offsets: &[O]) -> u64 {
            #[inline(always)]
            fn of<N: Ord>(numbers: impl Iterator<Item = N>, wanted: Ordering) -> Option<N> {
                if wanted == Ordering::Less { numbers.reduce(Ord::min) } else { numbers.reduce(Ord::max) }
            }
            let found = match self.0 {
                Picks::Range(range) => {
                    of(offsets[range.clone()].iter().map(|offset| offset.number()), self.1)
                }
                Picks::Rows(rows) => of(rows.iter().map(|row| offsets[*row as usize].number()), self.1),
            };
            found.map_or(0, Into::into)
        }

        fn run_constant(self) -> u64 {
            0
        }
    }
    (rows.len() > 0).then(|| lane.base.wrapping_add(run(lane.offsets, Extreme(rows, wanted)) as i64))
}

/// The integers of these rows, which all fit.
pub(super) fn numbers_into(lane: Integers<'_>, rows: &Picks<'_>, numbers: &mut Vec<u32>) {
    struct Numbers<'r> {
        base: u32,
        rows: &'r Picks<'r>,
        numbers: &'r mut Vec<u32>,
    }

    impl Kernel for Numbers<'_> {
        type Output = ();

        fn run<O: Offset>(self, offsets: &[O]) {
            let Numbers { base, rows, numbers } = self;
            let number = |offset: O| {
                let offset: u64 = offset.number().into();
                base.wrapping_add(offset as u32)
            };
            numbers.resize(rows.len(), 0);
            match rows {
                Picks::Range(range) => {
                    for (found, offset) in numbers.iter_mut().zip(&offsets[range.clone()]) {
                        *found = number(*offset);
                    }
                }
                Picks::Rows(rows) => {
                    for (found, row) in numbers.iter_mut().zip(*rows) {
                        *found = number(offsets[*row as usize]);
                    }
                }
            }
        }

        fn run_constant(self) {
            // None of the last batch's stay.
            self.numbers.clear();
            self.numbers.resize(self.rows.len(), self.base);
        }
    }
    run(lane.offsets, Numbers { base: lane.base as u32, rows, numbers });
}

/// The reals of a leaf's column that has few different ones.
#[derive(Clone, Copy)]
pub(super) struct Repeats<'a> {
    /// The different ones, ascending and little-endian.
    pub values: &'a [[u8; 8]],
    /// By row of the base its place among them.
    pub codes: &'a [u8],
}

impl<'a> Repeats<'a> {
    pub fn of(view: LeafView<'a>, stored: usize) -> Option<Repeats<'a>> {
        view.repeats(stored).map(|(values, codes)| Repeats { values, codes })
    }

    #[inline]
    pub fn get(self, row: usize) -> f64 {
        f64::from_le_bytes(self.values[usize::from(self.codes[row])])
    }
}

/// What a condition says of all rows of a batch.
pub(super) enum Verdict {
    All,
    None,
    /// As truths.
    Each(Vec<u8>),
}

impl Verdict {
    /// Of rows that have to pass both.
    fn and(self, other: Verdict) -> Verdict {
        match (self, other) {
            (Verdict::None, _) | (_, Verdict::None) => Verdict::None,
            (Verdict::All, verdict) | (verdict, Verdict::All) => verdict,
            (Verdict::Each(mut truths), Verdict::Each(others)) => {
                for (truth, other) in truths.iter_mut().zip(others) {
                    *truth &= other;
                }
                Verdict::Each(truths)
            }
        }
    }

    fn of_all(holds: bool) -> Verdict {
        if holds { Verdict::All } else { Verdict::None }
    }
}

/// What the condition says of the rows of the batch; None when it has to be evaluated.
pub(super) fn verdict(condition: &Expression, batch: &Batch<'_>, known: &Known) -> Option<Verdict> {
    verdict_of(&condition.node, batch, known)
}

fn verdict_of(node: &Node, batch: &Batch<'_>, known: &Known) -> Option<Verdict> {
    let (operator, left, right, comparison) = match node {
        Node::And(left, right) => {
            return Some(match verdict_of(left, batch, known)? {
                Verdict::None => Verdict::None,
                left => left.and(verdict_of(right, batch, known)?),
            });
        }
        Node::Compare { operator, left, right, comparison } => (*operator, &**left, &**right, *comparison),
        _ => return None,
    };
    let (operator, slot, constant) = match (left, right) {
        (Node::Slot(slot), Node::Constant(constant)) => (operator, *slot, *constant),
        (Node::Constant(constant), Node::Slot(slot)) => (mirrored(operator), *slot, *constant),
        (Node::Slot(left), Node::Slot(right)) => {
            return compares_bytes(comparison).then(|| compare_numerals(operator, *left, *right, batch))?;
        }
        _ => return None,
    };
    match &known.constants[constant] {
        Value::Integer(constant) => match batch.packed(slot) {
            Some((lane, rows)) => Some(compare(lane, &rows, operator, *constant)),
            // Integers of this size are reals without loss, so that the order is that of the reals.
            None if constant.unsigned_abs() <= 1 << 53 => {
                verdict_of_reals(operator, slot, *constant as f64, batch)
            }
            None => None,
        },
        Value::Real(constant) => verdict_of_reals(operator, slot, *constant, batch),
        Value::Text(constant) if compares_bytes(comparison) => {
            let (numerals, rows) = batch.numerals(slot)?;
            Some(compare(numerals.numbers, &rows, operator, numerals.number_of(constant)?))
        }
        _ => None,
    }
}

/// Whether texts are compared as they are.
fn compares_bytes(comparison: Comparison) -> bool {
    compares_text(comparison) && comparison.collation == Collation::Binary
}

/// Two columns of texts that are alike but for their digits.
fn compare_numerals(
    operator: CompareOperator,
    left: usize,
    right: usize,
    batch: &Batch<'_>,
) -> Option<Verdict> {
    let (left, rows) = batch.numerals(left)?;
    let (right, _) = batch.numerals(right)?;
    let fits = |(least, greatest): (i64, i64)| least >= 0 && greatest <= i64::from(u32::MAX);
    if !left.are_like(&right) || !fits(bounds(left.numbers)) || !fits(bounds(right.numbers)) {
        return None;
    }
    if let (Offsets::U16(lefts), Offsets::U16(rights), Picks::Range(range)) =
        (left.numbers.offsets, right.numbers.offsets, &rows)
    {
        // As dates of a few years are; what fits is added without a list of sums.
        let (left_base, right_base) = (left.numbers.base as u32, right.numbers.base as u32);
        let pairs = lefts[range.clone()].iter().zip(&rights[range.clone()]);
        return Some(Verdict::Each(compare_pairs(
            operator,
            pairs.map(move |(left, right)| {
                (
                    left_base + u32::from(u16::from_le_bytes(*left)),
                    right_base + u32::from(u16::from_le_bytes(*right)),
                )
            }),
        )));
    }
    let (mut lefts, mut rights) = (Vec::new(), Vec::new());
    numbers_into(left.numbers, &rows, &mut lefts);
    numbers_into(right.numbers, &rows, &mut rights);
    let pairs = lefts.iter().zip(&rights);
    Some(Verdict::Each(compare_pairs(operator, pairs.map(|(left, right)| (*left, *right)))))
}

#[inline(always)]
fn compare_pairs(operator: CompareOperator, pairs: impl ExactSizeIterator<Item = (u32, u32)>) -> Vec<u8> {
    match operator {
        CompareOperator::Equal | CompareOperator::Is => tested(pairs, |(left, right)| left == right),
        CompareOperator::NotEqual | CompareOperator::IsNot => tested(pairs, |(left, right)| left != right),
        CompareOperator::Less => tested(pairs, |(left, right)| left < right),
        CompareOperator::LessOrEqual => tested(pairs, |(left, right)| left <= right),
        CompareOperator::Greater => tested(pairs, |(left, right)| left > right),
        CompareOperator::GreaterOrEqual => tested(pairs, |(left, right)| left >= right),
    }
}

fn compare(lane: Integers<'_>, rows: &Picks<'_>, operator: CompareOperator, constant: i64) -> Verdict {
    struct Compare<'r> {
        rows: &'r Picks<'r>,
        operator: CompareOperator,
        target: i128,
    }

    impl Kernel for Compare<'_> {
        type Output = Verdict;

        fn run<O: Offset>(self, offsets: &[O]) -> Verdict {
            let Compare { rows, operator, target } = self;
            let Ok(target) = O::Number::try_from(target) else {
                // No offset reaches so far.
                let order = if target < 0 { Ordering::Greater } else { Ordering::Less };
                return Verdict::of_all(holds(operator, order));
            };
            // One loop for each operator, so that each is a plain one.
            Verdict::Each(match operator {
                CompareOperator::Equal | CompareOperator::Is => {
                    test(offsets, rows, |number| number == target)
                }
                CompareOperator::NotEqual | CompareOperator::IsNot => {
                    test(offsets, rows, |number| number != target)
                }
                CompareOperator::Less => test(offsets, rows, |number| number < target),
                CompareOperator::LessOrEqual => test(offsets, rows, |number| number <= target),
                CompareOperator::Greater => test(offsets, rows, |number| number > target),
                CompareOperator::GreaterOrEqual => test(offsets, rows, |number| number >= target),
            })
        }

        fn run_constant(self) -> Verdict {
            Verdict::of_all(holds(self.operator, 0.cmp(&self.target)))
        }
    }
    // The lane's base is its least value: what is compared is how far a value lies above it.
    let target = i128::from(constant) - i128::from(lane.base);
    run(lane.offsets, Compare { rows, operator, target })
}

fn verdict_of_reals(
    operator: CompareOperator,
    slot: usize,
    constant: f64,
    batch: &Batch<'_>,
) -> Option<Verdict> {
    if let Some((repeats, rows)) = batch.repeats(slot) {
        return Some(compare_repeats(repeats, &rows, operator, constant));
    }
    let (reals, rows) = batch.reals_in_leaf(slot)?;
    Some(Verdict::Each(compare_reals(reals, &rows, operator, constant)))
}

/// Reals by their places among the different ones.
fn compare_repeats(
    repeats: Repeats<'_>,
    rows: &Picks<'_>,
    operator: CompareOperator,
    constant: f64,
) -> Verdict {
    let below = repeats.values.partition_point(|value| f64::from_le_bytes(*value) < constant);
    let is_there = repeats.values.get(below).is_some_and(|value| f64::from_le_bytes(*value) == constant);
    let (operator, place) = match operator {
        CompareOperator::Equal | CompareOperator::Is if !is_there => return Verdict::None,
        CompareOperator::NotEqual | CompareOperator::IsNot if !is_there => return Verdict::All,
        // All that are not below it are at its place or behind.
        CompareOperator::LessOrEqual if !is_there => (CompareOperator::Less, below),
        CompareOperator::Greater if !is_there => (CompareOperator::GreaterOrEqual, below),
        operator => (operator, below),
    };
    compare(Integers { base: 0, offsets: Offsets::U8(repeats.codes) }, rows, operator, place as i64)
}

/// None of them is NaN.
fn compare_reals(reals: &[[u8; 8]], rows: &Picks<'_>, operator: CompareOperator, constant: f64) -> Vec<u8> {
    match operator {
        CompareOperator::Equal | CompareOperator::Is => test_reals(reals, rows, |real| real == constant),
        CompareOperator::NotEqual | CompareOperator::IsNot => {
            test_reals(reals, rows, |real| real != constant)
        }
        CompareOperator::Less => test_reals(reals, rows, |real| real < constant),
        CompareOperator::LessOrEqual => test_reals(reals, rows, |real| real <= constant),
        CompareOperator::Greater => test_reals(reals, rows, |real| real > constant),
        CompareOperator::GreaterOrEqual => test_reals(reals, rows, |real| real >= constant),
    }
}

#[inline(always)]
fn test_reals(reals: &[[u8; 8]], rows: &Picks<'_>, holds: impl Fn(f64) -> bool) -> Vec<u8> {
    let holds = |real: &[u8; 8]| holds(f64::from_le_bytes(*real));
    match rows {
        Picks::Range(range) => tested(reals[range.clone()].iter(), holds),
        Picks::Rows(rows) => tested(rows.iter(), |row| holds(&reals[*row as usize])),
    }
}

#[inline(always)]
fn test<O: Offset>(offsets: &[O], rows: &Picks<'_>, holds: impl Fn(O::Number) -> bool) -> Vec<u8> {
    match rows {
        Picks::Range(range) => tested(offsets[range.clone()].iter(), |offset| holds(offset.number())),
        Picks::Rows(rows) => tested(rows.iter(), |row| holds(offsets[*row as usize].number())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BYTES: [u8; 4] = [0, 1, 200, 255];

    /// A lane of each width, handed to `check`.
    fn each_lane(mut check: impl FnMut(Integers<'_>, &[i64])) {
        let shorts = BYTES.map(|byte| (u16::from(byte) * 257).to_le_bytes());
        let words = BYTES.map(|byte| (u32::from(byte) * 0x0101_0101).to_le_bytes());
        let longs = BYTES.map(|byte| (u64::from(byte) * 0x0101_0101_0101_0101).to_le_bytes());
        let lanes = [
            (5, Offsets::Constant),
            (-100, Offsets::U8(&BYTES)),
            (i64::MAX - 65535, Offsets::U16(&shorts)),
            (7, Offsets::U32(&words)),
            (i64::MIN, Offsets::U64(&longs)),
        ];
        for (base, offsets) in lanes {
            let lane = Integers { base, offsets };
            let values: Vec<i64> = (0..4).map(|row| lane.get(row)).collect();
            check(lane, &values);
        }
    }

    fn picks() -> [(Vec<usize>, Picks<'static>); 3] {
        [(vec![1, 2, 3], Picks::Range(1..4)), (vec![3, 0], Picks::Rows(&[3, 0])), (vec![], Picks::Rows(&[]))]
    }

    #[test]
    fn every_width_adds_up_and_has_its_extremes_within_its_bounds() {
        each_lane(|lane, values| {
            let (least, greatest) = bounds(lane);
            assert!(values.iter().all(|value| (least..=greatest).contains(value)));
            for (rows, picks) in picks() {
                let picked = || rows.iter().map(|row| values[*row]);
                assert_eq!(sum(lane, &picks), picked().fold(0, i64::wrapping_add));
                assert_eq!(extreme(lane, &picks, Ordering::Less), picked().min());
                assert_eq!(extreme(lane, &picks, Ordering::Greater), picked().max());
                let mut numbers = Vec::new();
                numbers_into(lane, &picks, &mut numbers);
                assert!(numbers.into_iter().eq(picked().map(|value| value as u32)));
            }
            for truths in [[0, 0, 0], [1, 0, 0], [0, 1, 1], [1, 1, 1]] {
                let marked = || {
                    values[1..].iter().zip(truths).filter(|(_, truth)| *truth == 1).map(|(value, _)| *value)
                };
                let rows = Marked { range: 1..4, truths: &truths, count: marked().count() };
                assert_eq!(marked_sum(lane, &rows), marked().fold(0, i64::wrapping_add));
                assert_eq!(marked_extreme(lane, &rows, Ordering::Less), marked().min());
                assert_eq!(marked_extreme(lane, &rows, Ordering::Greater), marked().max());
            }
        });
    }

    const OPERATORS: [CompareOperator; 8] = [
        CompareOperator::Equal,
        CompareOperator::NotEqual,
        CompareOperator::Less,
        CompareOperator::LessOrEqual,
        CompareOperator::Greater,
        CompareOperator::GreaterOrEqual,
        CompareOperator::Is,
        CompareOperator::IsNot,
    ];

    #[test]
    fn reals_compare_where_they_lie() {
        let values = [-0.0, 1.5, f64::INFINITY, 0.0];
        let lane = values.map(f64::to_le_bytes);
        for constant in [0.0, -0.0, 1.5, 2.0, f64::NEG_INFINITY, f64::INFINITY] {
            for operator in OPERATORS {
                for (rows, picks) in picks() {
                    let order = |row: &usize| values[*row].partial_cmp(&constant).expect("no NaN");
                    let expected: Vec<u8> =
                        rows.iter().map(|row| u8::from(holds(operator, order(row)))).collect();
                    assert_eq!(compare_reals(&lane, &picks, operator, constant), expected, "{operator:?}");
                }
            }
        }
    }

    #[test]
    fn reals_that_repeat_compare_by_their_places() {
        let values = [-1.0, 0.0, 2.5, f64::INFINITY].map(f64::to_le_bytes);
        let repeats = Repeats { values: &values, codes: &[2, 0, 3, 1] };
        let constants = [-2.0, -1.0, -0.5, -0.0, 0.0, 1.0, 2.5, 3.0, f64::INFINITY, f64::NEG_INFINITY];
        for constant in constants {
            for operator in OPERATORS {
                for (rows, picks) in picks() {
                    let order = |row: &usize| repeats.get(*row).partial_cmp(&constant).expect("no NaN");
                    let expected: Vec<u8> =
                        rows.iter().map(|row| u8::from(holds(operator, order(row)))).collect();
                    let found = match compare_repeats(repeats, &picks, operator, constant) {
                        Verdict::All => vec![1; rows.len()],
                        Verdict::None => vec![0; rows.len()],
                        Verdict::Each(truths) => truths,
                    };
                    assert_eq!(found, expected, "{operator:?} {constant}");
                }
            }
        }
    }

    #[test]
    fn every_width_compares_as_the_integers_it_packs() {
        each_lane(|lane, values| {
            let base = lane.base;
            let edges = [i64::MIN, i64::MIN + 1, -1, 0, 1, i64::MAX];
            for constant in values.iter().flat_map(|value| [*value, value.wrapping_add(1)]).chain(edges) {
                for operator in OPERATORS {
                    let expected = |row: usize| u8::from(holds(operator, values[row].cmp(&constant)));
                    for (rows, picks) in picks() {
                        let found = match compare(lane, &picks, operator, constant) {
                            Verdict::All => vec![1; rows.len()],
                            Verdict::None => vec![0; rows.len()],
                            Verdict::Each(truths) => truths,
                        };
                        let expected: Vec<u8> = rows.iter().map(|row| expected(*row)).collect();
                        assert_eq!(found, expected, "{base} {operator:?} {constant}");
                    }
                }
            }
        });
    }
}
