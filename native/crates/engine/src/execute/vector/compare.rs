//! Comparisons of whole columns.

use std::cmp::Ordering;

use pluresdb_value::{Affinity, Collation, Value, ValueRef, affinity, compare_text};

use super::column::{Column, FALSE, Numbers, UNKNOWN, tested, truth_byte};
use super::text_key::{KeyedRun, Keys, text_key};
use crate::execute::eval::{compare_values, holds};
use crate::resolve::tree::{CompareOperator, Comparison};

/// `left operator right` in every row.
pub(super) fn compare_columns(
    operator: CompareOperator,
    left: &Column<'_>,
    right: &Column<'_>,
    comparison: Comparison,
    row_count: usize,
) -> Vec<u8> {
    match (left, right) {
        (Column::Chosen(chosen), _) => {
            chosen.truths(|column| compare_columns(operator, column, right, comparison, row_count))
        }
        (_, Column::Chosen(chosen)) => {
            chosen.truths(|column| compare_columns(operator, left, column, comparison, row_count))
        }
        (_, Column::Constant(constant)) => {
            let converted = prepared(constant, comparison, left);
            compare_with_constant(
                operator,
                left,
                converted.as_ref().unwrap_or(constant),
                comparison,
                row_count,
            )
        }
        (Column::Constant(_), _) => compare_columns(mirrored(operator), right, left, comparison, row_count),
        (Column::Integers(left), Column::Integers(right)) => pairs(operator, left, right, Ord::cmp),
        (Column::Reals(left), Column::Reals(right)) => {
            pairs(operator, left, right, |left, right| left.partial_cmp(right).unwrap_or(Ordering::Equal))
        }
        (
            Column::Run(_) | Column::Texts(_) | Column::Dictionary { .. },
            Column::Run(_) | Column::Texts(_) | Column::Dictionary { .. },
        ) if compares_text(comparison) && comparison.collation == Collation::Binary => {
            compare_texts(operator, left, right, row_count)
        }
        _ => compare_each(operator, left, right, comparison, row_count),
    }
}

/// Texts with texts, byte by byte.
fn compare_texts(
    operator: CompareOperator,
    left: &Column<'_>,
    right: &Column<'_>,
    row_count: usize,
) -> Vec<u8> {
    if let (Column::Run(left), Column::Run(right)) = (left, right) {
        let len = if row_count > 0 { left.get(0).len() } else { 0 };
        if let (Some(left), Some(right)) = (KeyedRun::new(left, len), KeyedRun::new(right, len)) {
            return match left.both_last_bytes(&right) {
                Some((left, right)) => pairs_of_keys(operator, &left, &right),
                None => pairs_of_keys(operator, &left, &right),
            };
        }
    }
    let truth = |row: usize| {
        let (ValueRef::Text(left), ValueRef::Text(right)) = (left.value(row), right.value(row)) else {
            let comparison = Comparison::new(Collation::Binary);
            return truth_byte(compare_values(operator, left.value(row), right.value(row), comparison));
        };
        u8::from(holds(operator, compare_bytes(left, right)))
    };
    (0..row_count).map(truth).collect()
}

fn keys_with_constant<K: Keys>(operator: CompareOperator, keys: &K, constant: K::Key) -> Vec<u8> {
    match operator {
        CompareOperator::Equal | CompareOperator::Is => keys.map(|key| key == constant),
        CompareOperator::NotEqual | CompareOperator::IsNot => keys.map(|key| key != constant),
        CompareOperator::Less => keys.map(|key| key < constant),
        CompareOperator::LessOrEqual => keys.map(|key| key <= constant),
        CompareOperator::Greater => keys.map(|key| key > constant),
        CompareOperator::GreaterOrEqual => keys.map(|key| key >= constant),
    }
}

fn pairs_of_keys<K: Keys>(operator: CompareOperator, left: &K, right: &K) -> Vec<u8> {
    match operator {
        CompareOperator::Equal | CompareOperator::Is => left.zip(right, |left, right| left == right),
        CompareOperator::NotEqual | CompareOperator::IsNot => left.zip(right, |left, right| left != right),
        CompareOperator::Less => left.zip(right, |left, right| left < right),
        CompareOperator::LessOrEqual => left.zip(right, |left, right| left <= right),
        CompareOperator::Greater => left.zip(right, |left, right| left > right),
        CompareOperator::GreaterOrEqual => left.zip(right, |left, right| left >= right),
    }
}

/// Byte order.
#[inline]
fn compare_bytes(left: &[u8], right: &[u8]) -> Ordering {
    if left.len() == right.len()
        && let (Some(left), Some(right)) = (text_key(left), text_key(right))
    {
        return left.cmp(&right);
    }
    left.cmp(right)
}

/// The operator with its sides exchanged.
pub(super) fn mirrored(operator: CompareOperator) -> CompareOperator {
    match operator {
        CompareOperator::Less => CompareOperator::Greater,
        CompareOperator::LessOrEqual => CompareOperator::GreaterOrEqual,
        CompareOperator::Greater => CompareOperator::Less,
        CompareOperator::GreaterOrEqual => CompareOperator::LessOrEqual,
        CompareOperator::Equal | CompareOperator::NotEqual | CompareOperator::Is | CompareOperator::IsNot => {
            operator
        }
    }
}

fn compare_with_constant(
    operator: CompareOperator,
    column: &Column<'_>,
    constant: &Value,
    comparison: Comparison,
    row_count: usize,
) -> Vec<u8> {
    match (column, constant) {
        (Column::Integers(numbers), Value::Integer(constant)) => with_constant(operator, numbers, *constant),
        (Column::Reals(numbers), Value::Real(constant)) => with_constant(operator, numbers, *constant),
        // Integers of this size are reals without loss, so that the order is that of the reals.
        (Column::Reals(numbers), Value::Integer(constant)) if constant.unsigned_abs() <= 1 << 53 => {
            with_constant(operator, numbers, *constant as f64)
        }
        (Column::Texts(texts), Value::Text(constant)) if compares_text(comparison) => {
            texts_with_constant(operator, texts.iter().copied(), constant, comparison.collation)
        }
        (Column::Dictionary { codes, entries }, Value::Text(constant)) if compares_text(comparison) => {
            let texts = codes.iter().map(|code| entries.get(*code));
            texts_with_constant(operator, texts, constant, comparison.collation)
        }
        (Column::Made(made), Value::Text(constant)) if compares_text(comparison) => {
            let texts = (0..row_count).map(|row| made.text(row));
            texts_with_constant(operator, texts, constant, comparison.collation)
        }
        (Column::Run(run), Value::Text(constant)) if compares_text(comparison) => {
            let keys = (comparison.collation == Collation::Binary)
                .then(|| text_key(constant).zip(KeyedRun::new(run, constant.len())))
                .flatten();
            match keys {
                Some((key, keys)) => match keys.last_bytes(constant) {
                    Some((last, key)) => keys_with_constant(operator, &last, key),
                    None => keys_with_constant(operator, &keys, key),
                },
                None => texts_with_constant(operator, run.iter().map(Some), constant, comparison.collation),
            }
        }
        _ => {
            let constant = Column::Constant(constant.clone());
            compare_each(operator, column, &constant, comparison, row_count)
        }
    }
}

/// For so many texts of up to two bytes a bit for each that there can be is made.
const LEAST_FOR_BITS: usize = 128;

/// Which rows have one of these texts; None where they are not all short and of one length, or compared otherwise.
pub(super) fn among_short_texts(
    column: &Column<'_>,
    constants: &[&Value],
    comparison: Comparison,
) -> Option<Vec<u8>> {
    if !compares_text(comparison) || comparison.collation != Collation::Binary {
        return None;
    }
    let text = |constant: &&'_ Value| match constant {
        Value::Text(text) => Some(text.len()),
        _ => None,
    };
    let len = text(constants.first()?)?;
    let of_constant = |constant: &&Value| match constant {
        Value::Text(text) if text.len() == len => short_number(text),
        _ => None,
    };
    let numbers = constants.iter().map(of_constant).collect::<Option<Vec<u64>>>()?;
    let number = |text: &[u8]| if text.len() == len { short_number(text) } else { None };
    if let Column::Texts(texts) = column
        && len <= 2
        && texts.len() >= LEAST_FOR_BITS
    {
        // What a number has beside its lowest 16 bits, it has there already.
        let bit = |number: u64| (number as usize % (1 << 16) / 64, number % 64);
        let mut bits = vec![0u64; 1 << 10];
        for number in &numbers {
            let (word, place) = bit(*number);
            bits[word] |= 1 << place;
        }
        let truth = |text: &[u8]| {
            number(text).map(bit).map_or(FALSE, |(word, place)| (bits[word] >> place) as u8 & 1)
        };
        return Some(texts.iter().map(|text| text.map_or(UNKNOWN, truth)).collect());
    }
    let is_among = |text: &[u8]| number(text).is_some_and(|number| numbers.contains(&number));
    let truth = |text: Option<&[u8]>| text.map_or(UNKNOWN, |text| u8::from(is_among(text)));
    Some(match column {
        Column::Run(run) => run.iter().map(|text| truth(Some(text))).collect(),
        Column::Texts(texts) => texts.iter().map(|text| truth(*text)).collect(),
        Column::Dictionary { codes, entries } => codes.iter().map(|code| truth(entries.get(*code))).collect(),
        _ => return None,
    })
}

/// A text of up to 8 bytes as a number that no other text of its length has.
#[inline]
fn short_number(text: &[u8]) -> Option<u64> {
    // The halves overlap where there are fewer bytes.
    let of_two = |bytes: &[u8; 2]| u64::from(u16::from_le_bytes(*bytes));
    let of_four = |bytes: &[u8; 4]| u64::from(u32::from_le_bytes(*bytes));
    match text.len() {
        0 => Some(0),
        1 => Some(u64::from(text[0])),
        2..=3 => Some(of_two(text.first_chunk()?) | of_two(text.last_chunk()?) << 16),
        4..=8 => Some(of_four(text.first_chunk()?) | of_four(text.last_chunk()?) << 32),
        _ => None,
    }
}

/// Whether text is compared as text.
pub(super) fn compares_text(comparison: Comparison) -> bool {
    matches!(comparison.affinity, None | Some(Affinity::Blob | Affinity::Text))
}

/// Puts the answer for NULL into the rows that are NULL, the other side being none.
fn answer_nulls(operator: CompareOperator, nulls: Option<&[bool]>, truths: &mut [u8]) {
    let Some(nulls) = nulls else { return };
    let answer = match operator {
        CompareOperator::Is => 0,
        CompareOperator::IsNot => 1,
        _ => UNKNOWN,
    };
    for (truth, is_null) in truths.iter_mut().zip(nulls) {
        if *is_null {
            *truth = answer;
        }
    }
}

fn with_constant<T: PartialOrd + Copy>(
    operator: CompareOperator,
    numbers: &Numbers<T>,
    constant: T,
) -> Vec<u8> {
    // One loop for each operator, so that each is a plain one.
    let values = numbers.values.iter();
    let mut truths: Vec<u8> = match operator {
        CompareOperator::Equal | CompareOperator::Is => tested(values, |v| *v == constant),
        CompareOperator::NotEqual | CompareOperator::IsNot => tested(values, |v| *v != constant),
        CompareOperator::Less => tested(values, |v| *v < constant),
        CompareOperator::LessOrEqual => tested(values, |v| *v <= constant),
        CompareOperator::Greater => tested(values, |v| *v > constant),
        CompareOperator::GreaterOrEqual => tested(values, |v| *v >= constant),
    };
    answer_nulls(operator, numbers.nulls.as_deref(), &mut truths);
    truths
}

fn pairs<T>(
    operator: CompareOperator,
    left: &Numbers<T>,
    right: &Numbers<T>,
    order: impl Fn(&T, &T) -> Ordering,
) -> Vec<u8> {
    let mut truths: Vec<u8> = left
        .values
        .iter()
        .zip(&right.values)
        .map(|(left, right)| u8::from(holds(operator, order(left, right))))
        .collect();
    if left.nulls.is_some() || right.nulls.is_some() {
        for (row, truth) in truths.iter_mut().enumerate() {
            let is_null = |nulls: &Option<Vec<bool>>| nulls.as_ref().is_some_and(|nulls| nulls[row]);
            let (left, right) = (is_null(&left.nulls), is_null(&right.nulls));
            if left || right {
                *truth = match operator {
                    CompareOperator::Is => u8::from(left && right),
                    CompareOperator::IsNot => u8::from(!(left && right)),
                    _ => UNKNOWN,
                };
            }
        }
    }
    truths
}

fn texts_with_constant<'t>(
    operator: CompareOperator,
    texts: impl Iterator<Item = Option<&'t [u8]>>,
    constant: &[u8],
    collation: Collation,
) -> Vec<u8> {
    let of_null = match operator {
        CompareOperator::Is => 0,
        CompareOperator::IsNot => 1,
        _ => UNKNOWN,
    };
    match (operator, collation) {
        (CompareOperator::Equal | CompareOperator::Is, Collation::Binary) => {
            texts.map(|text| text.map_or(of_null, |text| u8::from(text == constant))).collect()
        }
        (CompareOperator::NotEqual | CompareOperator::IsNot, Collation::Binary) => {
            texts.map(|text| text.map_or(of_null, |text| u8::from(text != constant))).collect()
        }
        (_, Collation::Binary) => {
            let key = text_key(constant);
            let answer = |text: &[u8]| {
                let order = match (key, text_key(text)) {
                    (Some(constant_key), Some(key)) if text.len() == constant.len() => key.cmp(&constant_key),
                    _ => text.cmp(constant),
                };
                u8::from(holds(operator, order))
            };
            texts.map(|text| text.map_or(of_null, answer)).collect()
        }
        _ => {
            let answer = |text: &[u8]| u8::from(holds(operator, compare_text(text, constant, collation)));
            texts.map(|text| text.map_or(of_null, answer)).collect()
        }
    }
}

/// A constant as the comparison will see it in every row, so that it is converted once.
fn prepared(constant: &Value, comparison: Comparison, other: &Column<'_>) -> Option<Value> {
    let affinity = comparison.affinity?;
    let mut value = constant.clone();
    match (affinity, constant) {
        (Affinity::Numeric | Affinity::Integer | Affinity::Real, Value::Text(_)) => {
            affinity::apply_for_comparison(&mut value, &mut Value::Integer(0), affinity);
        }
        (Affinity::Text, Value::Integer(_) | Value::Real(_)) if other.is_of_texts() => {
            affinity::apply(&mut value, Affinity::Text);
        }
        _ => return None,
    }
    Some(value)
}

/// The slow way of every comparison.
fn compare_each(
    operator: CompareOperator,
    left: &Column<'_>,
    right: &Column<'_>,
    comparison: Comparison,
    row_count: usize,
) -> Vec<u8> {
    (0..row_count)
        .map(|row| truth_byte(compare_values(operator, left.value(row), right.value(row), comparison)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_texts_are_found_among_others_of_their_length_alone() {
        let comparison = Comparison { affinity: Some(Affinity::Text), ..Comparison::new(Collation::Binary) };
        let texts = ["", "a", "b", "ab", "ba", "aba", "abb", "aabb", "abcdefgh", "abcdabcd", "abcdefghi"];
        let column = Column::Texts(texts.iter().map(|text| Some(text.as_bytes())).chain([None]).collect());
        for wanted in &texts[..10] {
            let constant = Value::text(*wanted);
            let truths = among_short_texts(&column, &[&constant], comparison).expect("it is short");
            for (text, truth) in texts.iter().zip(&truths) {
                assert_eq!(*truth == 1, text == wanted, "{text} and {wanted}");
            }
            assert_eq!(truths.last(), Some(&UNKNOWN));
        }
        let many = Column::Texts((0..1000).map(|row| Some(texts[row % texts.len()].as_bytes())).collect());
        let wanted = [Value::text("ab"), Value::text("ac")];
        let truths = among_short_texts(&many, &[&wanted[0], &wanted[1]], comparison).expect("they are short");
        assert!((0..1000).all(|row| (truths[row] == 1) == (texts[row % texts.len()] == "ab")));
        let (short, long) = (Value::text("ab"), Value::text("abcdefghi"));
        assert!(among_short_texts(&column, &[&long], comparison).is_none());
        assert!(among_short_texts(&column, &[&short, &Value::text("a")], comparison).is_none());
        assert!(among_short_texts(&column, &[&short, &Value::Null], comparison).is_none());
        let folded = Comparison { collation: Collation::NoCase, ..comparison };
        assert!(among_short_texts(&column, &[&short], folded).is_none());
    }
}
