//! A comparison with an integer, decided on a lane's packed offsets: in their own width, with nothing unpacked.

use std::cmp::Ordering;

use pluresdb_tree::{Integers, Offsets};
use pluresdb_value::Value;

use super::batch::{Batch, Picks};
use super::compare::mirrored;
use super::compile::{Expression, Node};
use super::known::Known;
use crate::execute::eval::holds;
use crate::resolve::tree::CompareOperator;

/// What the condition says of each row of the batch; None when it has to be evaluated.
pub(super) fn truths(condition: &Expression, batch: &Batch<'_>, known: &Known) -> Option<Vec<u8>> {
    let Node::Compare { operator, left, right, .. } = &condition.node else { return None };
    let (operator, slot, constant) = match (&**left, &**right) {
        (Node::Slot(slot), Node::Constant(constant)) => (*operator, *slot, *constant),
        (Node::Constant(constant), Node::Slot(slot)) => (mirrored(*operator), *slot, *constant),
        _ => return None,
    };
    let Value::Integer(constant) = known.constants[constant] else { return None };
    let (lane, rows) = batch.packed(slot)?;
    Some(compare(lane, &rows, operator, constant))
}

fn compare(lane: Integers<'_>, rows: &Picks<'_>, operator: CompareOperator, constant: i64) -> Vec<u8> {
    // The lane's base is its least value: what is compared is how far a value lies above it.
    let target = i128::from(constant) - i128::from(lane.base);
    match lane.offsets {
        Offsets::Constant => rows.map(|_| u8::from(holds(operator, 0.cmp(&target)))),
        Offsets::U8(offsets) => each(offsets, rows, operator, target, |byte| byte),
        Offsets::U16(offsets) => each(offsets, rows, operator, target, u16::from_le_bytes),
        Offsets::U32(offsets) => each(offsets, rows, operator, target, u32::from_le_bytes),
        Offsets::U64(offsets) => each(offsets, rows, operator, target, u64::from_le_bytes),
    }
}

fn each<O: Copy, N: Ord + Copy + TryFrom<i128>>(
    offsets: &[O],
    rows: &Picks<'_>,
    operator: CompareOperator,
    target: i128,
    number: impl Fn(O) -> N + Copy,
) -> Vec<u8> {
    let Ok(target) = N::try_from(target) else {
        // No offset reaches so far.
        let order = if target < 0 { Ordering::Greater } else { Ordering::Less };
        return rows.map(|_| u8::from(holds(operator, order)));
    };
    // One loop for each operator, so that each is a plain one.
    match operator {
        CompareOperator::Equal | CompareOperator::Is => {
            test(offsets, rows, |offset| number(offset) == target)
        }
        CompareOperator::NotEqual | CompareOperator::IsNot => {
            test(offsets, rows, |offset| number(offset) != target)
        }
        CompareOperator::Less => test(offsets, rows, |offset| number(offset) < target),
        CompareOperator::LessOrEqual => test(offsets, rows, |offset| number(offset) <= target),
        CompareOperator::Greater => test(offsets, rows, |offset| number(offset) > target),
        CompareOperator::GreaterOrEqual => test(offsets, rows, |offset| number(offset) >= target),
    }
}

#[inline(always)]
fn test<O: Copy>(offsets: &[O], rows: &Picks<'_>, holds: impl Fn(O) -> bool) -> Vec<u8> {
    match rows {
        Picks::Range(range) => offsets[range.clone()].iter().map(|offset| u8::from(holds(*offset))).collect(),
        Picks::Rows(rows) => rows.iter().map(|row| u8::from(holds(offsets[*row as usize]))).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_width_compares_as_the_integers_it_packs() {
        let operators = [
            CompareOperator::Equal,
            CompareOperator::NotEqual,
            CompareOperator::Less,
            CompareOperator::LessOrEqual,
            CompareOperator::Greater,
            CompareOperator::GreaterOrEqual,
            CompareOperator::Is,
            CompareOperator::IsNot,
        ];
        let bytes = [0u8, 1, 200, 255];
        let shorts = bytes.map(|byte| (u16::from(byte) * 257).to_le_bytes());
        let words = bytes.map(|byte| (u32::from(byte) * 0x0101_0101).to_le_bytes());
        let longs = bytes.map(|byte| (u64::from(byte) * 0x0101_0101_0101_0101).to_le_bytes());
        let lanes = [
            (5, Offsets::Constant),
            (-100, Offsets::U8(&bytes)),
            (i64::MAX - 65535, Offsets::U16(&shorts)),
            (7, Offsets::U32(&words)),
            (i64::MIN, Offsets::U64(&longs)),
        ];
        for (base, offsets) in lanes {
            let lane = Integers { base, offsets };
            let values: Vec<i64> = (0..4).map(|row| lane.get(row)).collect();
            let edges = [i64::MIN, i64::MIN + 1, -1, 0, 1, i64::MAX];
            for constant in values.iter().flat_map(|value| [*value, value.wrapping_add(1)]).chain(edges) {
                for operator in operators {
                    let expected = |row: usize| u8::from(holds(operator, values[row].cmp(&constant)));
                    let found = compare(lane, &Picks::Range(1..4), operator, constant);
                    assert_eq!(
                        found,
                        [expected(1), expected(2), expected(3)],
                        "{base} {operator:?} {constant}"
                    );
                    let found = compare(lane, &Picks::Rows(&[3, 0]), operator, constant);
                    assert_eq!(found, [expected(3), expected(0)], "{base} {operator:?} {constant}");
                }
            }
        }
    }
}
