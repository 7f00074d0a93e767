//! Columns of a batch: typed where the leaf's lane was typed, so that kernels run over plain slices.

use std::ops::Range;

use pluresdb_tree::Strings;
use pluresdb_value::{Value, ValueRef};

use super::chosen::Chosen;
use super::entries::Entries;
use super::kept::KeptTexts;
use super::packed::{self, Kernel, Offset};

/// Three-valued truth as kernels keep it, one byte a row.
pub(super) const FALSE: u8 = 0;
pub(super) const TRUE: u8 = 1;
pub(super) const UNKNOWN: u8 = 2;

/// The values of one column in the rows of a batch.
#[derive(Debug)]
pub(in crate::execute) enum Column<'a> {
    /// One value for every row.
    Constant(Value),
    Integers(Numbers<i64>),
    Reals(Numbers<f64>),
    Texts(Vec<Option<&'a [u8]>>),
    /// Texts as they lie in the leaf one after the other, none of them NULL.
    Run(Run<'a>),
    /// Texts that repeat: a code per row into `entries`; the code behind the last entry is NULL.
    Dictionary {
        codes: Vec<u32>,
        entries: Entries<'a>,
    },
    /// Texts that were computed, one behind the other.
    Made(KeptTexts),
    /// `FALSE`, `TRUE` or `UNKNOWN`: 0, 1, NULL.
    Truths(Vec<u8>),
    /// Any classes, where they stand in the leaf.
    Values(Vec<ValueRef<'a>>),
    /// Any classes, computed.
    Owned(Vec<Value>),
    /// Each row of one of several columns.
    Chosen(Box<Chosen<'a>>),
}

#[derive(Clone, Debug)]
pub(in crate::execute) struct Run<'a> {
    strings: Strings<'a>,
    rows: Range<usize>,
    /// All texts are known to begin with the same so many bytes.
    pub shared: usize,
}

impl<'a> Run<'a> {
    pub fn new(strings: Strings<'a>, rows: Range<usize>) -> Run<'a> {
        Run { strings, rows, shared: 0 }
    }

    /// Texts that are known to begin with the same so many bytes.
    pub fn beginning_alike(self, shared: usize) -> Run<'a> {
        Run { shared, ..self }
    }

    pub fn len(&self) -> usize {
        self.rows.len()
    }

    #[inline]
    pub fn get(&self, row: usize) -> &'a [u8] {
        self.strings.get(self.rows.start + row)
    }

    pub fn iter(&self) -> impl Iterator<Item = &'a [u8]> + '_ {
        self.rows.clone().map(|row| self.strings.get(row))
    }

    /// All texts as one.
    pub fn bytes(&self) -> &'a [u8] {
        &self.strings.heap[self.end(None)..self.end(self.rows.len().checked_sub(1))]
    }

    /// Where a text begins in `bytes`.
    pub fn start_of(&self, row: usize) -> usize {
        self.end(row.checked_sub(1)) - self.end(None)
    }

    /// Where a text ends in `bytes`.
    pub fn end_of(&self, row: usize) -> usize {
        self.end(Some(row)) - self.end(None)
    }

    /// Which text has this byte of `bytes`; it is none before `first`.
    pub fn row_at(&self, byte: usize, first: usize) -> usize {
        struct RowAt {
            rows: Range<usize>,
            byte: u64,
            first: usize,
        }

        impl Kernel for RowAt {
            type Output = usize;

            fn run<O: Offset>(self, ends: &[O]) -> usize {
                let starts = &ends[self.rows];
                let is_behind = |row: usize| {
                    let start: u64 = starts[row].number().into();
                    start > self.byte
                };
                // Steps of growing length, then halves of the last one.
                let (mut low, mut step) = (self.first, 1);
                while low + step < starts.len() && !is_behind(low + step) {
                    low += step;
                    step *= 2;
                }
                let mut high = (low + step).min(starts.len());
                while low + 1 < high {
                    let middle = low.midpoint(high);
                    if is_behind(middle) {
                        high = middle;
                    } else {
                        low = middle;
                    }
                }
                low
            }

            fn run_constant(self) -> usize {
                self.first
            }
        }
        let byte = self.end(None) + byte;
        match self.strings.each {
            Some(len) if len > 0 => byte / len - self.rows.start,
            _ => {
                let rows = self.rows.clone();
                packed::run(self.strings.ends, RowAt { rows, byte: byte as u64, first })
            }
        }
    }

    /// The length of every text, where the leaf knows of one.
    pub fn length_of_each(&self) -> Option<usize> {
        self.strings.each
    }

    /// Where a text ends in the heap; None: where the first begins.
    fn end(&self, row: Option<usize>) -> usize {
        let end = self.rows.start + row.map_or(0, |row| row + 1);
        match self.strings.each {
            Some(len) => end * len,
            None => self.strings.ends.get(end) as usize,
        }
    }
}

#[derive(Clone, Debug, Default)]
pub(in crate::execute) struct Numbers<T> {
    /// A NULL row has some filler.
    pub values: Vec<T>,
    /// None: no row is NULL.
    pub nulls: Option<Vec<bool>>,
}

impl<T: Copy> Numbers<T> {
    pub fn new(values: Vec<T>) -> Numbers<T> {
        Numbers { values, nulls: None }
    }

    #[inline]
    pub fn is_null(&self, row: usize) -> bool {
        self.nulls.as_ref().is_some_and(|nulls| nulls[row])
    }

    #[inline]
    pub fn get(&self, row: usize) -> Option<T> {
        (!self.is_null(row)).then(|| self.values[row])
    }

    /// Those of these rows, in their order.
    pub fn pick(&self, rows: &[u32]) -> Numbers<T> {
        Numbers {
            values: rows.iter().map(|row| self.values[*row as usize]).collect(),
            nulls: self.nulls.as_ref().map(|nulls| rows.iter().map(|row| nulls[*row as usize]).collect()),
        }
    }
}

impl<'a> Column<'a> {
    /// The text of a row, of a column of texts; None is NULL.
    pub fn text(&self, row: usize) -> Option<&'a [u8]> {
        match self {
            Column::Texts(texts) => texts[row],
            Column::Run(run) => Some(run.get(row)),
            Column::Dictionary { codes, entries } => entries.get(codes[row]),
            _ => panic!("a column of texts"),
        }
    }

    /// The same column once more.
    pub fn duplicate(&self) -> Column<'a> {
        match self {
            Column::Constant(value) => Column::Constant(value.clone()),
            Column::Integers(numbers) => Column::Integers(numbers.clone()),
            Column::Reals(numbers) => Column::Reals(numbers.clone()),
            Column::Texts(texts) => Column::Texts(texts.clone()),
            Column::Run(run) => Column::Run(run.clone()),
            Column::Dictionary { codes, entries } => {
                Column::Dictionary { codes: codes.clone(), entries: entries.clone() }
            }
            Column::Made(texts) => Column::Made(texts.clone()),
            Column::Truths(truths) => Column::Truths(truths.clone()),
            Column::Values(values) => Column::Values(values.clone()),
            Column::Owned(values) => Column::Owned(values.clone()),
            Column::Chosen(chosen) => Column::Chosen(Box::new(Chosen {
                columns: chosen.columns.iter().map(Column::duplicate).collect(),
                choice: chosen.choice.clone(),
            })),
        }
    }

    /// Values that were computed, typed when all are numbers of one class.
    pub fn computed(values: Vec<Value>) -> Column<'a> {
        if values.iter().all(|value| matches!(value, Value::Integer(_))) {
            let integers = values.iter().map(|value| if let Value::Integer(i) = value { *i } else { 0 });
            return Column::Integers(Numbers::new(integers.collect()));
        }
        if values.iter().all(|value| matches!(value, Value::Real(_))) {
            let reals = values.iter().map(|value| if let Value::Real(r) = value { *r } else { 0.0 });
            return Column::Reals(Numbers::new(reals.collect()));
        }
        Column::Owned(values)
    }
}

impl Column<'_> {
    /// Whether every value is a text or NULL, as the column's kind alone tells.
    pub fn is_of_texts(&self) -> bool {
        matches!(self, Column::Texts(_) | Column::Run(_) | Column::Dictionary { .. } | Column::Made(_))
    }

    #[inline]
    pub fn value(&self, row: usize) -> ValueRef<'_> {
        match self {
            Column::Constant(value) => value.as_ref(),
            Column::Integers(numbers) => numbers.get(row).map_or(ValueRef::Null, ValueRef::Integer),
            Column::Reals(numbers) => numbers.get(row).map_or(ValueRef::Null, ValueRef::Real),
            Column::Texts(texts) => texts[row].map_or(ValueRef::Null, ValueRef::Text),
            Column::Run(run) => ValueRef::Text(run.get(row)),
            Column::Dictionary { codes, entries } => {
                entries.get(codes[row]).map_or(ValueRef::Null, ValueRef::Text)
            }
            Column::Made(texts) => texts.value(row),
            Column::Truths(truths) => match truths[row] {
                UNKNOWN => ValueRef::Null,
                truth => ValueRef::Integer(i64::from(truth)),
            },
            Column::Values(values) => values[row],
            Column::Owned(values) => values[row].as_ref(),
            Column::Chosen(chosen) => chosen.columns[chosen.choice[row] as usize].value(row),
        }
    }

    /// Whether the column's kind alone tells that no value is NULL.
    pub fn has_no_null(&self) -> bool {
        match self {
            Column::Integers(numbers) => numbers.nulls.is_none(),
            Column::Reals(numbers) => numbers.nulls.is_none(),
            Column::Run(_) => true,
            _ => false,
        }
    }

    /// The column of these rows, in their order.
    pub fn gather(&self, rows: &[u32]) -> Column<'_> {
        let picks = rows.iter().map(|row| *row as usize);
        match self {
            Column::Constant(value) => Column::Constant(value.clone()),
            Column::Integers(numbers) => Column::Integers(numbers.pick(rows)),
            Column::Reals(numbers) => Column::Reals(numbers.pick(rows)),
            Column::Texts(texts) => Column::Texts(picks.map(|row| texts[row]).collect()),
            Column::Run(run) => Column::Texts(picks.map(|row| Some(run.get(row))).collect()),
            Column::Dictionary { codes, entries } => {
                Column::Dictionary { codes: picks.map(|row| codes[row]).collect(), entries: entries.clone() }
            }
            Column::Made(texts) => texts.gather(rows),
            Column::Truths(truths) => Column::Truths(picks.map(|row| truths[row]).collect()),
            Column::Values(_) | Column::Owned(_) | Column::Chosen(_) => {
                Column::Values(picks.map(|row| self.value(row)).collect())
            }
        }
    }

    /// Lets go of the rows behind the first `count`, of a column of results.
    pub fn truncate(&mut self, count: usize) {
        match self {
            Column::Integers(Numbers { values, nulls }) => {
                values.truncate(count);
                if let Some(nulls) = nulls {
                    nulls.truncate(count);
                }
            }
            Column::Reals(Numbers { values, nulls }) => {
                values.truncate(count);
                if let Some(nulls) = nulls {
                    nulls.truncate(count);
                }
            }
            Column::Made(texts) => texts.truncate(count),
            Column::Owned(values) => values.truncate(count),
            _ => panic!("results are numbers, texts or any values"),
        }
    }

    /// The column as a condition.
    pub fn into_truths(self, row_count: usize) -> Vec<u8> {
        match self {
            Column::Truths(truths) => truths,
            column => truths_of(&column, row_count),
        }
    }
}

/// Whether `test` holds of each value. The truths are written where they stand: a list that grows could, as far as the compiler
/// sees, lie over what `test` looks at.
#[inline(always)]
pub(super) fn tested<T>(values: impl ExactSizeIterator<Item = T>, test: impl Fn(T) -> bool) -> Vec<u8> {
    each(values, |value| u8::from(test(value)))
}

/// As `tested`, of truths that are known.
#[allow(
    clippy::slow_vector_initialization,
    reason = "glibc does not take zeroed memory from what the thread freed last"
)]
#[inline(always)]
pub(super) fn each<T>(values: impl ExactSizeIterator<Item = T>, truth_of: impl Fn(T) -> u8) -> Vec<u8> {
    let mut truths = Vec::with_capacity(values.len());
    truths.resize(values.len(), FALSE);
    for (truth, value) in truths.iter_mut().zip(values) {
        *truth = truth_of(value);
    }
    truths
}

/// What each row is as a condition.
pub(super) fn truths_of(column: &Column<'_>, row_count: usize) -> Vec<u8> {
    match column {
        Column::Truths(truths) => truths.clone(),
        Column::Chosen(chosen) => chosen.truths(|column| truths_of(column, row_count)),
        Column::Constant(value) => vec![truth_byte(pluresdb_value::truth(value.as_ref())); row_count],
        Column::Integers(Numbers { values, nulls: None }) => {
            values.iter().map(|value| u8::from(*value != 0)).collect()
        }
        column => (0..row_count).map(|row| truth_byte(pluresdb_value::truth(column.value(row)))).collect(),
    }
}

#[inline]
pub(super) fn truth_byte(truth: Option<bool>) -> u8 {
    match truth {
        None => UNKNOWN,
        Some(truth) => u8::from(truth),
    }
}
