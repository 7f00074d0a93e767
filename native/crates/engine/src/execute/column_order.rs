//! Rows kept by column, sorted by some of the columns.
//!
//! Each sort term becomes numbers in the order of its values, counted from 0: integers and reals by their distance from
//! the least one, everything else by its rank among the different values. Terms that fit share a word of 64 bits, and
//! rows are sorted by words.
//!
//! ```text
//! PARTITION BY a ORDER BY b DESC, a of 0..1000, b of 1..9:    word = a << 3 | 9 - b      13 bits
//! ```

use pluresdb_value::Collation;

use crate::execute::key_order;
use crate::execute::sort::push_plain_sort_key;
use crate::execute::vector::{KeptColumn, ValueCodes};
use crate::resolve::tree::Direction;

/// What rows are sorted by.
pub(crate) struct Term {
    pub column: usize,
    /// Of labels it is their bytes' order.
    pub collation: Collation,
    pub direction: Direction,
}

/// A term of all rows as numbers from 0 to `greatest`, in the term's direction.
struct Image {
    numbers: Vec<u64>,
    greatest: u64,
}

impl Image {
    /// Leaves out bits at the end that no number has, as those of reals that are short fractions.
    fn shorten(&mut self) {
        let unused = self.numbers.iter().fold(0, |bits, number| bits | number).trailing_zeros();
        if unused > 0 && self.greatest > 0 {
            for number in &mut self.numbers {
                *number >>= unused;
            }
            self.greatest >>= unused;
        }
    }
}

/// Terms one behind the other.
struct Word {
    numbers: Vec<u64>,
    bits: u32,
    /// How many of the bits, the lowest ones, are the order's; the others are the partition's.
    order_bits: u32,
}

/// Whether any bit is set above the lowest `bits`.
fn is_beyond(number: u64, bits: u32) -> bool {
    bits < u64::BITS && number >> bits != 0
}

/// What rows are sorted by, as words.
pub(crate) struct Words(Vec<Word>);

impl Words {
    /// The first terms make partitions, so many.
    pub fn of(columns: &[KeptColumn], count: usize, terms: &[Term], partition_len: usize) -> Words {
        Words(words(columns, count, terms, partition_len, false))
    }

    /// Of rows no two of which are equal.
    pub fn of_different(columns: &[KeptColumn], count: usize, terms: &[Term]) -> Words {
        Words(words(columns, count, terms, 0, terms.len() == 1))
    }

    /// Sorts these rows; equal ones stay as they are.
    pub fn sort(&self, order: &mut [u32]) {
        for word in self.0.iter().rev() {
            sort_by(word, order);
        }
    }

    /// Whether two rows differ, and whether they are of different partitions.
    #[inline]
    pub fn differ(&self, a: u32, b: u32) -> (bool, bool) {
        let mut differ = (false, false);
        for word in &self.0 {
            let differing = word.numbers[a as usize] ^ word.numbers[b as usize];
            differ.0 |= differing != 0;
            differ.1 |= is_beyond(differing, word.order_bits);
        }
        differ
    }
}

fn words(
    columns: &[KeptColumn],
    count: usize,
    terms: &[Term],
    partition_len: usize,
    are_different: bool,
) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    for (index, term) in terms.iter().enumerate() {
        let Image { numbers, greatest } = image(&columns[term.column], count, term, are_different);
        let bits = u64::BITS - greatest.leading_zeros();
        let order_bits = if index < partition_len { 0 } else { bits };
        match words.last_mut() {
            Some(word) if word.bits + bits <= u64::BITS => {
                if bits == 0 {
                    continue;
                }
                for (word, number) in word.numbers.iter_mut().zip(numbers) {
                    *word = word.checked_shl(bits).unwrap_or(0) | number;
                }
                word.bits += bits;
                word.order_bits += order_bits;
            }
            _ => words.push(Word { numbers, bits, order_bits }),
        }
    }
    words
}

/// `are_different`: no two values are equal.
fn image(column: &KeptColumn, count: usize, term: &Term, are_different: bool) -> Image {
    let numbers = match column {
        KeptColumn::Nulls(_) => Some(Image { numbers: vec![0; count], greatest: 0 }),
        KeptColumn::Integers(numbers) => {
            let ordered = |integer: &i64| *integer as u64 ^ 1 << 63;
            image_of(numbers.values.iter().map(ordered), numbers.nulls.as_deref(), term)
        }
        KeptColumn::Reals(numbers) => {
            image_of(numbers.values.iter().map(|real| ordered_bits(*real)), numbers.nulls.as_deref(), term)
        }
        KeptColumn::Places(_) | KeptColumn::Texts(_) | KeptColumn::Values(_) => None,
    };
    numbers.unwrap_or_else(|| {
        if are_different { ranks_of_different(column, count, term) } else { ranks(column, count, term) }
    })
}

/// Bits in the order of the reals they are of.
pub(crate) fn ordered_bits(real: f64) -> u64 {
    // -0.0 equals 0.0.
    let bits = (real + 0.0).to_bits();
    if bits >> 63 == 1 { !bits } else { bits | 1 << 63 }
}

/// The real that `ordered_bits` are of.
pub(crate) fn real_of_ordered_bits(bits: u64) -> f64 {
    f64::from_bits(if bits >> 63 == 1 { bits & !(1 << 63) } else { !bits })
}

/// None when there is no number left for NULL.
fn image_of(
    numbers: impl Iterator<Item = u64> + Clone,
    nulls: Option<&[bool]>,
    term: &Term,
) -> Option<Image> {
    let is_null = |row: usize| nulls.is_some_and(|nulls| nulls[row]);
    let mut present = numbers.clone().enumerate().filter(|(row, _)| !is_null(*row)).map(|(_, number)| number);
    let Some(first) = present.next() else {
        return Some(Image { numbers: numbers.map(|_| 0).collect(), greatest: 0 });
    };
    let (least, most) =
        present.fold((first, first), |(least, most), number| (least.min(number), most.max(number)));
    let span = most - least;
    let number = |number: u64| if term.direction.descending { most - number } else { number - least };
    let Some(nulls) = nulls else {
        let mut image = Image { numbers: numbers.map(number).collect(), greatest: span };
        image.shorten();
        return Some(image);
    };
    let greatest = span.checked_add(1)?;
    let (null, first) = if term.direction.nulls_first { (0, 1) } else { (greatest, 0) };
    let numbers =
        numbers.zip(nulls).map(|(ordered, is_null)| if *is_null { null } else { first + number(ordered) });
    Some(Image { numbers: numbers.collect(), greatest })
}

/// The rank of each row's value among all different ones.
fn ranks(column: &KeptColumn, count: usize, term: &Term) -> Image {
    let mut codes = ValueCodes::new(term.collation);
    codes.reserve_texts(count);
    // The key of each different value, one behind the other.
    let (mut keys, mut ends) = (Vec::new(), Vec::new());
    let code_of: Vec<u32> = (0..count)
        .map(|row| {
            let value = column.value(row);
            let code = codes.value(value);
            if code as usize == ends.len() {
                push_plain_sort_key(value, term.direction, term.collation, &mut keys);
                ends.push(keys.len());
            }
            code
        })
        .collect();
    let key = |code: usize| &keys[code.checked_sub(1).map_or(0, |before| ends[before])..ends[code]];
    let mut rank_of = vec![0; ends.len()];
    for (rank, code) in (0..).zip(key_order::sorted(ends.len(), key)) {
        rank_of[code as usize] = rank;
    }
    let numbers = code_of.into_iter().map(|code| rank_of[code as usize]).collect();
    Image { numbers, greatest: (ends.len() as u64).saturating_sub(1) }
}

/// As `ranks`, of different values.
fn ranks_of_different(column: &KeptColumn, count: usize, term: &Term) -> Image {
    let (mut keys, mut ends) = (Vec::new(), Vec::with_capacity(count));
    for row in 0..count {
        push_plain_sort_key(column.value(row), term.direction, term.collation, &mut keys);
        ends.push(keys.len());
    }
    let key = |row: usize| &keys[row.checked_sub(1).map_or(0, |before| ends[before])..ends[row]];
    let mut numbers = vec![0; count];
    for (rank, row) in (0..).zip(key_order::sorted(count, key)) {
        numbers[row as usize] = rank;
    }
    Image { numbers, greatest: (count as u64).saturating_sub(1) }
}

/// Fewer rows than this are sorted by comparing them.
const RADIX_FROM: usize = 1024;
/// A pass over the rows looks at so many bits at most.
const DIGIT_BITS: u32 = 10;

/// Sorts rows by the word; equal ones stay as they are.
fn sort_by(word: &Word, order: &mut [u32]) {
    let number = |row: u32| word.numbers[row as usize];
    if order.is_sorted_by_key(|row| number(*row)) {
        return;
    }
    if order.len() < RADIX_FROM {
        order.sort_by_key(|row| number(*row));
        return;
    }
    if word.bits <= u32::BITS {
        let packed = order.iter().map(|row| number(*row) << 32 | u64::from(*row)).collect();
        let sorted = sorted_by_digits(packed, word.bits, |packed: &u64| packed >> 32);
        for (row, packed) in order.iter_mut().zip(sorted) {
            *row = packed as u32;
        }
    } else {
        let pairs = order.iter().map(|row| (number(*row), *row)).collect();
        let sorted = sorted_by_digits(pairs, word.bits, |pair: &(u64, u32)| pair.0);
        for (row, pair) in order.iter_mut().zip(sorted) {
            *row = pair.1;
        }
    }
}

/// Sorts by numbers of so many bits, the lowest digits first; equal ones stay as they are.
pub(crate) fn sorted_by_digits<T: Copy>(mut items: Vec<T>, bits: u32, number: impl Fn(&T) -> u64) -> Vec<T> {
    if bits == 0 {
        return items;
    }
    let mut sorted = items.clone();
    let passes = bits.div_ceil(DIGIT_BITS);
    let bits = bits.div_ceil(passes);
    for pass in 0..passes {
        let digit = |item: &T| (number(item) >> (pass * bits)) as usize & ((1 << bits) - 1);
        let mut places = vec![0u32; 1 << bits];
        for item in &items {
            places[digit(item)] += 1;
        }
        let mut start = 0;
        for place in &mut places {
            start += std::mem::replace(place, start);
        }
        for item in &items {
            let place = &mut places[digit(item)];
            sorted[*place as usize] = *item;
            *place += 1;
        }
        std::mem::swap(&mut items, &mut sorted);
    }
    items
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resolve::tree::Direction;
    use pluresdb_value::{Collation, Value};

    fn column_of(values: &[Value]) -> KeptColumn {
        let mut column = KeptColumn::default();
        for value in values {
            column.push(value.as_ref());
        }
        column
    }

    fn numbers(values: &[Value], descending: bool, nulls_first: bool) -> Vec<u64> {
        let direction = Direction { descending, nulls_first };
        let term = Term { column: 0, collation: Collation::NoCase, direction };
        let Image { numbers, greatest } = image(&column_of(values), values.len(), &term, false);
        assert_eq!(numbers.iter().max(), Some(&greatest));
        numbers
    }

    #[test]
    fn numbers_are_in_the_order_of_the_values() {
        let integers = [Value::Integer(-5), Value::Null, Value::Integer(-3), Value::Integer(-5)];
        assert_eq!(numbers(&integers, false, true), [1, 0, 3, 1]);
        assert_eq!(numbers(&integers, true, false), [2, 3, 0, 2]);
        let extremes = [Value::Integer(i64::MAX), Value::Integer(i64::MIN)];
        assert_eq!(numbers(&extremes, false, true), [u64::MAX, 0]);
        // No number is left for NULL: ranks are.
        let extremes = [Value::Integer(i64::MAX), Value::Null, Value::Integer(i64::MIN)];
        assert_eq!(numbers(&extremes, false, true), [2, 0, 1]);
        let reals = numbers(&[-1.5, -0.0, 0.0, f64::INFINITY, 1.0].map(Value::Real), false, true);
        assert!(reals[0] < reals[1] && reals[1] == reals[2] && reals[2] < reals[4] && reals[4] < reals[3]);
        let mixed = [Value::text("b"), Value::Integer(1), Value::Real(1.0), Value::text("B"), Value::Null];
        assert_eq!(numbers(&mixed, false, true), [2, 1, 1, 2, 0]);
        assert_eq!(numbers(&mixed, true, true), [1, 2, 2, 1, 0]);
    }

    #[test]
    fn many_rows_are_sorted_as_few_are() {
        for bits in [1, 9, 27, 40, 64] {
            let mask = u64::MAX >> (64 - bits);
            let numbers: Vec<u64> = (0..5000u64)
                .map(|row| row.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(17) & mask)
                .collect();
            let mut expected: Vec<u32> = (0..5000).rev().collect();
            let mut order = expected.clone();
            expected.sort_by_key(|row| numbers[*row as usize]);
            sort_by(&Word { numbers, bits, order_bits: bits }, &mut order);
            assert_eq!(order, expected, "{bits} bits");
        }
    }
}
