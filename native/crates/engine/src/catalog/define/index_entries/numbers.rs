//! The entries of an index whose columns have only numbers: one word each, which orders as the entry's key does.
//!
//! ```text
//! index of a, b DESC; a 5..=9, b 0..=100 or NULL; rowids 1..=60:   a - 5 | 101 - (b + 1) | rowid - 1    3 + 7 + 6 bits
//! ```
//!
//! Integers and reals count from the column's least one, NULL comes before them. The key is made when the entry goes to its
//! leaf. What the words lack is left to `keys`: other classes, columns younger than some row, -0.0, and more bits than
//! a word of 128.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use pluresdb_tree::{
    Lane, LeafView, MergeEnd, RowCursor, RowPosition, SortedEntries, SortedParts, TreeError, TypeSet,
};
use pluresdb_value::ValueRef;
use pluresdb_value::key::{self, KeyColumn};

use super::stretches::{IndexedRows, Stretch};
use super::{MAX_RANGES, ROWS_PER_POLL, ROWS_PER_RANGE, SAMPLES_PER_RANGE, check_interrupt};
use crate::Result;
use crate::execute::{ordered_bits, real_of_ordered_bits, sorted_by_digits, tree_error};

/// Fewer rows than this are sorted by comparing them.
const RADIX_FROM: usize = 1024;
const SIGN: u64 = 1 << 63;

/// Unsigned numbers of one width.
pub(in crate::catalog::define) trait Word:
    Copy + Ord + Send + Sync + 'static
{
    const BITS: u32;
    const ZERO: Self;

    /// With a number of so many bits put behind it.
    fn followed_by(self, number: u64, bits: u32) -> Self;

    /// The lowest bits behind so many.
    fn low_bits_from(self, shift: u32) -> u64;

    /// All bits behind so many.
    fn bits_from(self, shift: u32) -> Self;
}

macro_rules! word {
    ($word:ty) => {
        impl Word for $word {
            const BITS: u32 = <$word>::BITS;
            const ZERO: $word = 0;

            #[inline]
            fn followed_by(self, number: u64, bits: u32) -> $word {
                self.checked_shl(bits).unwrap_or(0) | <$word>::from(number)
            }

            #[inline]
            fn low_bits_from(self, shift: u32) -> u64 {
                self.bits_from(shift) as u64
            }

            #[inline]
            fn bits_from(self, shift: u32) -> $word {
                self.checked_shr(shift).unwrap_or(0)
            }
        }
    };
}
word!(u64);
word!(u128);

/// A column that may turn out to have only numbers.
#[derive(Clone, Copy)]
pub(super) struct Candidate {
    /// None: the rowid.
    pub slot: Option<usize>,
    pub order: KeyColumn,
}

/// What the values of a column are, over some rows or all.
#[derive(Clone, Copy, Default)]
struct Seen {
    has_null: bool,
    is_real: bool,
    is_integer: bool,
    /// Least and greatest, as `ordered` has them; None: all are NULL.
    range: Option<(u64, u64)>,
}

impl Seen {
    /// False: the value is no number.
    fn add(&mut self, value: ValueRef<'_>) -> bool {
        match value {
            ValueRef::Null => self.has_null = true,
            ValueRef::Integer(_) => self.is_integer = true,
            ValueRef::Real(_) => self.is_real = true,
            ValueRef::Text(_) | ValueRef::Blob(_) => return false,
        }
        if let Some(number) = ordered(value) {
            let (least, most) = self.range.unwrap_or((number, number));
            self.range = Some((least.min(number), most.max(number)));
        }
        true
    }

    /// False: the leaf has more than numbers.
    fn add_leaf(&mut self, view: LeafView<'_>, slot: usize) -> bool {
        if view.base_len() > 0 {
            let Some(summary) = view.summary(slot) else { return false };
            let values_are_known = summary.range.is_some() || summary.types == TypeSet::NULL;
            if !values_are_known || summary.missing.is_some() {
                return false;
            }
            self.has_null |= summary.null_count > 0;
            if let Some((least, most)) = summary.range
                && !(self.add(least) && self.add(most))
            {
                return false;
            }
        }
        (0..view.delta_len()).all(|entry| match view.delta_value(entry, slot) {
            Ok(Some(value)) => self.add(value),
            // Older than the column, or in overflow blocks.
            Ok(None) | Err(_) => false,
        })
    }

    fn join(&mut self, other: Seen) {
        self.has_null |= other.has_null;
        self.is_real |= other.is_real;
        self.is_integer |= other.is_integer;
        self.range = match (self.range, other.range) {
            (Some((least, most)), Some((other_least, other_most))) => {
                Some((least.min(other_least), most.max(other_most)))
            }
            (range, other) => range.or(other),
        };
    }
}

/// Numbers in the order of integers, or of reals; None: it is NULL, or none of these.
fn ordered(value: ValueRef<'_>) -> Option<u64> {
    match value {
        ValueRef::Integer(integer) => Some(integer as u64 ^ SIGN),
        ValueRef::Real(real) => Some(ordered_bits(real)),
        ValueRef::Null | ValueRef::Text(_) | ValueRef::Blob(_) => None,
    }
}

fn is_negative_zero(real: f64) -> bool {
    real.to_bits() == SIGN
}

/// A column of numbers, and where it stands in the word.
#[derive(Clone, Copy)]
struct Column {
    slot: Option<usize>,
    order: KeyColumn,
    is_real: bool,
    least: u64,
    /// What NULL takes away: 1 where there are some.
    null_count: u64,
    /// The greatest code.
    top: u64,
    bits: u32,
    shift: u32,
}

impl Column {
    /// None: the values are no numbers of one class, or there is no code left for NULL.
    fn of(candidate: Candidate, seen: Seen) -> Option<Column> {
        if seen.is_integer && seen.is_real {
            return None;
        }
        let (least, most) = seen.range.unwrap_or_default();
        let null_count = u64::from(seen.has_null);
        let top = if seen.range.is_some() { (most - least).checked_add(null_count)? } else { 0 };
        let bits = u64::BITS - top.leading_zeros();
        let Candidate { slot, order } = candidate;
        Some(Column { slot, order, is_real: seen.is_real, least, null_count, top, bits, shift: 0 })
    }

    #[inline]
    fn code(&self, number: Option<u64>) -> u64 {
        let code = number.map_or(0, |number| number - self.least + self.null_count);
        if self.order.descending { self.top - code } else { code }
    }

    #[inline]
    fn value<W: Word>(&self, word: W) -> ValueRef<'static> {
        let mask = u64::MAX.checked_shr(u64::BITS - self.bits).unwrap_or(0);
        let code = word.low_bits_from(self.shift) & mask;
        let code = if self.order.descending { self.top - code } else { code };
        if code < self.null_count {
            return ValueRef::Null;
        }
        let number = code - self.null_count + self.least;
        if self.is_real {
            ValueRef::Real(real_of_ordered_bits(number))
        } else {
            ValueRef::Integer((number ^ SIGN) as i64)
        }
    }
}

/// How rows become words.
pub(super) struct Shape {
    columns: Vec<Column>,
    /// The key's columns, as `columns` has them.
    orders: Vec<KeyColumn>,
    has_reals: bool,
    least_rowid: i64,
    rowid_bits: u32,
    pub bits: u32,
}

/// An entry's key and value.
#[derive(Default)]
struct Entry {
    key: Vec<u8>,
    value: Vec<u8>,
}

impl Shape {
    /// None: the columns have more than numbers.
    pub fn of(candidates: &[Candidate], rows: &IndexedRows<'_>) -> Result<Option<Shape>> {
        let mut cursor = rows.cursor();
        let (first, last) = match (cursor.first(), cursor.is_valid().then(|| cursor.rowid())) {
            (Ok(true), Some(first)) if cursor.last().map_err(tree_error)? => (first, cursor.rowid()),
            (found, _) => return found.map(|_| None).map_err(tree_error),
        };
        let seen = rows.read_each(|stretch| look_at(stretch, candidates, rows.cursor()))?;
        let mut total = vec![Seen::default(); candidates.len()];
        for seen in seen {
            let Some(seen) = seen else { return Ok(None) };
            for (total, seen) in total.iter_mut().zip(seen) {
                total.join(seen);
            }
        }
        let rowids = Seen {
            is_integer: true,
            range: ordered(ValueRef::Integer(first)).zip(ordered(ValueRef::Integer(last))),
            ..Seen::default()
        };
        let columns = candidates.iter().zip(total).map(|(candidate, seen)| {
            Column::of(*candidate, if candidate.slot.is_some() { seen } else { rowids })
        });
        let Some(mut columns) = columns.collect::<Option<Vec<Column>>>() else { return Ok(None) };
        let rowid_bits = u64::BITS - first.abs_diff(last).leading_zeros();
        let mut bits = rowid_bits;
        for column in columns.iter_mut().rev() {
            column.shift = bits;
            bits += column.bits;
        }
        let orders = candidates.iter().map(|candidate| candidate.order).collect();
        let has_reals = columns.iter().any(|column| column.is_real);
        Ok(Some(Shape { columns, orders, has_reals, least_rowid: first, rowid_bits, bits }))
    }

    fn slots(&self) -> Vec<usize> {
        self.columns.iter().filter_map(|column| column.slot).collect()
    }

    #[inline]
    fn put_rowid<W: Word>(&self, word: W, rowid: i64) -> W {
        word.followed_by(rowid.wrapping_sub(self.least_rowid) as u64, self.rowid_bits)
    }

    /// None: a value has no code.
    fn word<'v, W: Word>(
        &self,
        rowid: i64,
        value: impl Fn(usize) -> Result<Option<ValueRef<'v>>>,
    ) -> Result<Option<W>> {
        let mut word = W::ZERO;
        for column in &self.columns {
            let value = match column.slot {
                None => ValueRef::Integer(rowid),
                Some(slot) => match value(slot)? {
                    Some(value) => value,
                    None => return Ok(None),
                },
            };
            if matches!(value, ValueRef::Real(real) if is_negative_zero(real)) {
                return Ok(None);
            }
            word = word.followed_by(column.code(ordered(value)), column.bits);
        }
        Ok(Some(self.put_rowid(word, rowid)))
    }

    /// The key of an entry, and its value: empty but for whole reals.
    #[inline]
    fn write<W: Word>(&self, word: W, entry: &mut Entry) {
        let Entry { key, value } = entry;
        key.clear();
        for column in &self.columns {
            key::encode_value(column.value(word), column.order, key);
        }
        let mask = u64::MAX.checked_shr(u64::BITS - self.rowid_bits).unwrap_or(0);
        key::encode_rowid(self.least_rowid.wrapping_add((word.low_bits_from(0) & mask) as i64), key);
        if self.has_reals {
            value.clear();
            let values = self.columns.iter().map(|column| column.value(word));
            key::encode_remainder(values, &self.orders, value);
        }
    }

    fn has_null<W: Word>(&self, word: W) -> bool {
        self.columns.iter().any(|column| column.null_count > 0 && column.value(word).is_null())
    }
}

/// What each column has in the leaves of a stretch, in rows beside the stretch, too; None: more than numbers.
fn look_at(stretch: Stretch, candidates: &[Candidate], mut cursor: RowCursor) -> Result<Option<Vec<Seen>>> {
    let slots: Vec<usize> = candidates.iter().filter_map(|candidate| candidate.slot).collect();
    let mut seen = vec![Seen::default(); candidates.len()];
    let mut found = stretch.enter(&mut cursor)?;
    while found && !stretch.is_behind(cursor.rowid()) {
        cursor.settle_leaf();
        let view = cursor.leaf();
        for (seen, candidate) in seen.iter_mut().zip(candidates) {
            if let Some(slot) = candidate.slot
                && !seen.add_leaf(view, slot)
            {
                return Ok(None);
            }
        }
        found = cursor.next_leaf(&slots).map_err(tree_error)?;
    }
    Ok(Some(seen))
}

/// All entries, divided by ranges of their words.
pub(in crate::catalog::define) struct NumberEntries<W> {
    shape: Shape,
    /// Where the ranges behind the first one begin, ascending, and the keys there.
    bounds: Vec<(W, Vec<u8>)>,
    /// Of each stretch the words of each range, by rowid.
    stretches: Vec<Vec<Vec<W>>>,
    is_unique: bool,
    has_met_repeated: AtomicBool,
    interrupt: Arc<AtomicBool>,
}

impl<W: Word> NumberEntries<W> {
    /// None: a value has no code, or there is no room.
    pub(super) fn read(shape: Shape, rows: &IndexedRows<'_>) -> Result<Option<NumberEntries<W>>> {
        let count = rows.rows.count();
        if shape.bits > W::BITS || !rows.room.has(count as usize * size_of::<W>()) {
            return Ok(None);
        }
        let Some(bounds) = find_bounds(&shape, rows.is_unique, count, rows.cursor())? else {
            return Ok(None);
        };
        let stretches = rows.read_each(|stretch| {
            let mut reader = Reader::new(&shape, &bounds);
            let is_read = reader.read(stretch, rows.cursor(), rows.interrupt)?;
            Ok(is_read.then_some(reader.ranges))
        })?;
        let Some(stretches) = stretches.into_iter().collect::<Option<Vec<_>>>() else { return Ok(None) };
        let keyed = |bound| {
            let mut entry = Entry::default();
            shape.write(bound, &mut entry);
            (bound, entry.key)
        };
        Ok(Some(NumberEntries {
            bounds: bounds.into_iter().map(keyed).collect(),
            shape,
            stretches,
            is_unique: rows.is_unique,
            has_met_repeated: AtomicBool::new(false),
            interrupt: Arc::clone(rows.interrupt),
        }))
    }

    pub fn len(&self) -> usize {
        self.stretches.iter().flatten().map(Vec::len).sum()
    }

    pub fn has_met_repeated(&self) -> bool {
        self.has_met_repeated.load(Ordering::Relaxed)
    }

    /// The words of a range in their order.
    fn sorted(&self, number: usize) -> Vec<W> {
        let mut words = Vec::with_capacity(self.stretches.iter().map(|ranges| ranges[number].len()).sum());
        for ranges in &self.stretches {
            words.extend_from_slice(&ranges[number]);
        }
        // Rows come by their rowids, so that only what stands before these must be sorted.
        let shift = self.shape.rowid_bits;
        let (Some(least), Some(most)) = (words.iter().min(), words.iter().max()) else { return words };
        let (least, most) = (least.bits_from(shift), most.bits_from(shift));
        if words.len() < RADIX_FROM || most.bits_from(u64::BITS) > W::ZERO {
            words.sort_unstable();
            return words;
        }
        let (least, most) = (least.low_bits_from(0), most.low_bits_from(0));
        let bits = u64::BITS - (most - least).leading_zeros();
        sorted_by_digits(words, bits, |word| word.low_bits_from(shift) - least)
    }
}

/// As some of the rows tell; None: a value has no code.
fn find_bounds<W: Word>(
    shape: &Shape,
    is_unique: bool,
    count: u64,
    mut cursor: RowCursor,
) -> Result<Option<Vec<W>>> {
    let range_count = (count / ROWS_PER_RANGE).clamp(1, MAX_RANGES);
    let sample_count = if range_count == 1 { 0 } else { range_count * SAMPLES_PER_RANGE };
    let mut samples: Vec<W> = Vec::with_capacity(sample_count as usize);
    for number in 0..sample_count {
        if !cursor.seek_nth(count * number / sample_count).map_err(tree_error)? {
            break;
        }
        let word = shape.word(cursor.rowid(), |slot| cursor.column(slot).map_err(tree_error))?;
        let Some(word) = word else { return Ok(None) };
        // Rows with the same values come to lie in the same range of a UNIQUE index, where they are noticed.
        let least = |word: W| word.bits_from(shape.rowid_bits).followed_by(0, shape.rowid_bits);
        samples.push(if is_unique { least(word) } else { word });
    }
    samples.sort_unstable();
    let range_count = range_count as usize;
    let mut bounds: Vec<W> = (1..range_count)
        .filter_map(|number| samples.get(number * samples.len() / range_count).copied())
        .collect();
    bounds.dedup();
    Ok(Some(bounds))
}

/// Makes words of the rows of a stretch.
struct Reader<'a, W> {
    shape: &'a Shape,
    bounds: &'a [W],
    ranges: Vec<Vec<W>>,
    /// Of no meaning: those of one leaf.
    words: Vec<W>,
    positions: Vec<RowPosition>,
}

impl<'a, W: Word> Reader<'a, W> {
    fn new(shape: &'a Shape, bounds: &'a [W]) -> Reader<'a, W> {
        let ranges = vec![Vec::new(); bounds.len() + 1];
        Reader { shape, bounds, ranges, words: Vec::new(), positions: Vec::new() }
    }

    /// False: a value has no code.
    fn read(&mut self, stretch: Stretch, mut cursor: RowCursor, interrupt: &AtomicBool) -> Result<bool> {
        let slots = self.shape.slots();
        let mut rows_to_poll = 0;
        let mut found = stretch.enter(&mut cursor)?;
        while found {
            cursor.settle_leaf();
            let view = cursor.leaf();
            self.words.clear();
            let is_last = match cursor.plain_run(stretch.high(), usize::MAX) {
                Some(rows) => {
                    let is_last = rows.end < view.base_len();
                    if !self.add_run(view, rows) {
                        return Ok(false);
                    }
                    is_last
                }
                None => {
                    self.positions.clear();
                    let end = view.merge(cursor.rowid(), stretch.high(), usize::MAX, &mut self.positions);
                    if !self.add_rows(view)? {
                        return Ok(false);
                    }
                    matches!(end, MergeEnd::High)
                }
            };
            for word in &self.words {
                let range = self.bounds.partition_point(|bound| bound <= word);
                self.ranges[range].push(*word);
            }
            if is_last {
                break;
            }
            rows_to_poll += self.words.len();
            if rows_to_poll >= ROWS_PER_POLL {
                rows_to_poll = 0;
                check_interrupt(interrupt)?;
            }
            found = cursor.next_leaf(&slots).map_err(tree_error)?;
        }
        Ok(true)
    }

    /// Rows of the base, column by column.
    fn add_run(&mut self, view: LeafView<'_>, rows: std::ops::Range<usize>) -> bool {
        let Some(rowids) = view.base_rowids() else { return rows.is_empty() };
        self.words.resize(rows.len(), W::ZERO);
        for column in &self.shape.columns {
            let lane = column.slot.map_or(Lane::Integer(rowids), |slot| view.lane(slot));
            let nulls = column.slot.and_then(|slot| view.nulls(slot));
            let is_null = |row| nulls.is_some_and(|nulls| nulls.get(row));
            let words = self.words.iter_mut().zip(rows.clone());
            let put = |word: &mut W, number| *word = word.followed_by(column.code(number), column.bits);
            match lane {
                Lane::Null => words.for_each(|(word, _)| put(word, None)),
                Lane::Integer(integers) if nulls.is_none() => {
                    words.for_each(|(word, row)| put(word, Some(integers.get(row) as u64 ^ SIGN)));
                }
                Lane::Integer(integers) => {
                    let number = |row| (!is_null(row)).then(|| integers.get(row) as u64 ^ SIGN);
                    words.for_each(|(word, row)| put(word, number(row)));
                }
                Lane::Real(reals) => {
                    for (word, row) in words {
                        let real = (!is_null(row)).then(|| reals.get(row));
                        if real.is_some_and(is_negative_zero) {
                            return false;
                        }
                        put(word, real.map(ordered_bits));
                    }
                }
                Lane::Missing | Lane::Dictionary { .. } | Lane::Text(_) | Lane::Blob(_) | Lane::Mixed => {
                    return false;
                }
            }
        }
        for (word, row) in self.words.iter_mut().zip(rows) {
            *word = self.shape.put_rowid(*word, rowids.get(row));
        }
        true
    }

    /// The rows at `positions`, one by one.
    fn add_rows(&mut self, view: LeafView<'_>) -> Result<bool> {
        for position in &self.positions {
            let word = match *position {
                RowPosition::Base(row) => {
                    let row = row as usize;
                    self.shape.word(view.base_rowid(row), |slot| Ok(view.base_value(slot, row)))?
                }
                RowPosition::Delta(entry) => {
                    let entry = entry as usize;
                    let value = |slot| view.delta_value(entry, slot).map_err(tree_error);
                    self.shape.word(view.delta_rowid(entry), value)?
                }
            };
            let Some(word) = word else { return Ok(false) };
            self.words.push(word);
        }
        Ok(true)
    }
}

impl<W: Word> SortedParts for NumberEntries<W> {
    type Part<'p> = SortedNumbers<'p, W>;

    fn part_count(&self) -> usize {
        self.bounds.len() + 1
    }

    fn bound(&self, number: usize) -> &[u8] {
        number.checked_sub(1).map_or(&[], |before| &self.bounds[before].1)
    }

    fn part(&self, number: usize) -> std::result::Result<SortedNumbers<'_, W>, TreeError> {
        Ok(SortedNumbers { entries: self, words: self.sorted(number), next: 0, entry: Entry::default() })
    }
}

/// The entries of a range in the order of their keys.
pub(in crate::catalog::define) struct SortedNumbers<'a, W> {
    entries: &'a NumberEntries<W>,
    words: Vec<W>,
    next: usize,
    entry: Entry,
}

impl<W: Word> SortedNumbers<'_, W> {
    /// Whether the next entry's values are those of the one before, and none is NULL.
    fn is_repeated(&self) -> bool {
        let shape = &self.entries.shape;
        let values = |place: usize| self.words[place].bits_from(shape.rowid_bits);
        let Some(before) = self.next.checked_sub(1) else { return false };
        values(before) == values(self.next) && !shape.has_null(self.words[self.next])
    }
}

impl<W: Word> SortedEntries for SortedNumbers<'_, W> {
    #[inline]
    fn advance(&mut self) -> std::result::Result<bool, TreeError> {
        let Some(word) = self.words.get(self.next) else { return Ok(false) };
        if self.next.is_multiple_of(ROWS_PER_POLL) && self.entries.interrupt.load(Ordering::Relaxed) {
            return Err(TreeError::Stopped);
        }
        if self.entries.is_unique && self.is_repeated() {
            self.entries.has_met_repeated.store(true, Ordering::Relaxed);
            return Err(TreeError::Stopped);
        }
        self.entries.shape.write(*word, &mut self.entry);
        self.next += 1;
        Ok(true)
    }

    #[inline]
    fn entry(&self) -> (&[u8], &[u8]) {
        (&self.entry.key, &self.entry.value)
    }
}
