//! The order of a window's rows, and which of them are peers.
//!
//! Each sort term becomes numbers in the order of its values, counted from 0: integers and reals by their distance from
//! the least one, everything else by its rank among the different values. Terms that fit share a word of 64 bits, and
//! rows are sorted by words.
//!
//! ```text
//! PARTITION BY a ORDER BY b DESC, a of 0..1000, b of 1..9:    word = a << 3 | 9 - b      13 bits
//! ```

use std::ops::Range;

use pluresdb_value::{ValueRef, compare};

use super::kept::{KeptRows, Layout, Term};
use crate::execute::key_order;
use crate::execute::sort::push_plain_sort_key;
use crate::execute::vector::{KeptColumn, Numbers, ValueCodes};

/// Rows by their place in the order.
#[derive(Default)]
pub(crate) struct RowOrder {
    pub rows: Vec<u32>,
    /// Which rows are peers: the number of their group, over all partitions.
    pub group_of: Vec<u32>,
    /// The places where partitions start.
    pub partitions: Vec<u32>,
}

/// Rows in their order, as calls read them.
#[derive(Clone, Copy)]
pub(crate) struct SortedRows<'r> {
    pub kept: &'r KeptRows,
    pub layout: &'r Layout,
    pub order: &'r RowOrder,
}

impl<'r> SortedRows<'r> {
    /// An integer of a column that has nothing else.
    #[inline]
    pub fn integer(&self, column: usize, place: usize) -> Option<i64> {
        match &self.kept.columns[column] {
            KeptColumn::Integers(Numbers { values, nulls: None }) => {
                Some(values[self.order.rows[place] as usize])
            }
            _ => None,
        }
    }

    #[inline]
    pub fn value(&self, column: usize, place: usize) -> ValueRef<'r> {
        self.kept.columns[column].value(self.order.rows[place] as usize)
    }

    /// An argument of a call; None: it has fewer.
    pub fn arg(&self, call: usize, index: usize, place: usize) -> Option<ValueRef<'r>> {
        self.layout.args[call].get(index).map(|column| self.value(*column, place))
    }

    pub fn args(&self, call: usize, place: usize) -> impl Iterator<Item = ValueRef<'r>> {
        let rows = *self;
        rows.layout.args[call].iter().map(move |column| rows.value(*column, place))
    }

    /// Whether a call's FILTER lets the row in.
    #[inline]
    pub fn passes(&self, call: usize, place: usize) -> bool {
        self.layout.filters[call]
            .is_none_or(|filter| self.kept.passes[filter][self.order.rows[place] as usize])
    }

    pub fn group_of(&self, place: usize) -> u32 {
        self.order.group_of[place]
    }

    /// The first ORDER BY term.
    pub fn order_term(&self) -> Option<&'r Term> {
        self.layout.terms.get(self.layout.partition_len)
    }

    /// The places of each partition, the last one as far as rows are known.
    pub fn partitions(&self) -> impl Iterator<Item = Range<usize>> + '_ {
        let starts = &self.order.partitions;
        starts.iter().enumerate().map(|(index, start)| {
            let end = starts.get(index + 1).map_or(self.order.rows.len(), |end| *end as usize);
            *start as usize..end
        })
    }

    /// The places of each group of peers within a partition.
    pub fn peers(&self, partition: Range<usize>) -> impl Iterator<Item = Range<usize>> + '_ {
        let mut start = partition.start;
        self.order.group_of[partition].chunk_by(|a, b| a == b).map(move |peers| {
            let places = start..start + peers.len();
            start = places.end;
            places
        })
    }
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

impl RowOrder {
    /// Sorts the rows; equal ones stay as they came.
    pub fn of(rows: &KeptRows, layout: &Layout) -> RowOrder {
        let words = words(rows, layout);
        let mut order: Vec<u32> = (0..rows.count as u32).collect();
        for word in words.iter().rev() {
            sort_by(word, &mut order);
        }
        let (group_of, partitions) = match &words[..] {
            [word] => boundaries(&order, |a, b| {
                let differing = word.numbers[a] ^ word.numbers[b];
                (differing != 0, is_beyond(differing, word.order_bits))
            }),
            words => boundaries(&order, |a, b| {
                let mut differs = (false, false);
                for word in words {
                    let differing = word.numbers[a] ^ word.numbers[b];
                    differs.0 |= differing != 0;
                    differs.1 |= is_beyond(differing, word.order_bits);
                }
                differs
            }),
        };
        RowOrder { rows: order, group_of, partitions }
    }

    /// Adds the row that comes next in the order.
    pub fn push(&mut self, rows: &KeptRows, layout: &Layout) {
        let row = self.rows.len();
        let differs = |terms: &[Term]| {
            terms.iter().any(|term| {
                let column = &rows.columns[term.column];
                compare(column.value(row - 1), column.value(row), term.collation).is_ne()
            })
        };
        let (partition, order) = layout.terms.split_at(layout.partition_len);
        let starts = row == 0 || differs(partition);
        if starts {
            self.partitions.push(row as u32);
        }
        let group = match self.group_of.last() {
            Some(group) => group + u32::from(starts || differs(order)),
            None => 0,
        };
        self.group_of.push(group);
        self.rows.push(row as u32);
    }
}

/// Whether any bit is set above the lowest `bits`.
fn is_beyond(number: u64, bits: u32) -> bool {
    bits < u64::BITS && number >> bits != 0
}

/// Groups and partitions of sorted rows; `differs` says whether two rows are of different groups, and of different partitions.
fn boundaries(order: &[u32], differs: impl Fn(usize, usize) -> (bool, bool)) -> (Vec<u32>, Vec<u32>) {
    let mut group_of = Vec::with_capacity(order.len());
    let mut partitions = Vec::new();
    let mut group = 0;
    for (place, row) in order.iter().enumerate() {
        let (of_groups, of_partitions) = match place.checked_sub(1) {
            Some(before) => differs(order[before] as usize, *row as usize),
            None => (false, true),
        };
        group += u32::from(of_groups);
        if of_partitions {
            partitions.push(place as u32);
        }
        group_of.push(group);
    }
    (group_of, partitions)
}

fn words(rows: &KeptRows, layout: &Layout) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    for (index, term) in layout.terms.iter().enumerate() {
        let Image { numbers, greatest } = image(&rows.columns[term.column], rows.count, term);
        let bits = u64::BITS - greatest.leading_zeros();
        let order_bits = if index < layout.partition_len { 0 } else { bits };
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

fn image(column: &KeptColumn, count: usize, term: &Term) -> Image {
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
    numbers.unwrap_or_else(|| ranks(column, count, term))
}

/// Bits in the order of the reals they are of.
fn ordered_bits(real: f64) -> u64 {
    // -0.0 equals 0.0.
    let bits = (real + 0.0).to_bits();
    if bits >> 63 == 1 { !bits } else { bits | 1 << 63 }
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

/// Sorts by numbers of so many bits, the lowest digits first.
fn sorted_by_digits<T: Copy>(mut items: Vec<T>, bits: u32, number: impl Fn(&T) -> u64) -> Vec<T> {
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
        let Image { numbers, greatest } = image(&column_of(values), values.len(), &term);
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
