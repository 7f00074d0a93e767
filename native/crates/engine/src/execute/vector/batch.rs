//! A batch: some rows of one leaf, in rowid order, or some pairs of rows that a join matched, and those of their columns
//! that something reads.
//!
//! A column is loaded when it is first asked for, only for the rows that are still in the batch. Columns borrow from
//! the leaf, or from what the join keeps: texts are not copied.

use std::ops::Range;

use pluresdb_tree::{
    Bits, Integers, Lane, LeafView, Numerals, Offsets, Reals, RowPosition, Strings, TypeSet,
};
use pluresdb_value::{Value, ValueRef};

use super::build::Build;
use super::column::{Column, FALSE, Numbers, Run, TRUE};
use super::dictionary::Dictionary;
use super::entries::Entries;
use super::fresh::merged;
use super::kept::KeptColumn;
use super::key_scan::KeyPlaces;
use super::packed::{self, Kernel, Marked, Offset, Repeats};
use super::records;
use crate::error::Result;
use crate::resolve::tree::{Register, SourceId, SubqueryId};

/// What a slot of the pipeline is in the tables that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slot {
    Rowid(SourceId),
    /// Index of the table's column.
    Column(SourceId, usize),
    /// What a subquery answers about the row.
    Answer(SubqueryId),
    /// A result of a group.
    Register(Register),
}

/// Where a slot's values stand.
pub(super) enum Place {
    Rowid,
    /// In this slot of the records; rows older than the column have the value beside it.
    Stored(usize, Value),
}

pub(super) enum Rows {
    /// Base rows one after the other.
    Range(Range<usize>),
    /// Base rows, ascending.
    Picked(Vec<u32>),
    /// Of base rows one after the other those that are `TRUE`, so many; the others are `FALSE`.
    Marked { range: Range<usize>, truths: Vec<u8>, count: usize },
    /// Base and delta rows.
    Merged(Vec<RowPosition>),
    /// Rows of these rowids, whose columns were all loaded beforehand.
    Read(Vec<i64>),
    /// Rows of the left batch, ascending, and beside each the row of the right side, or `NO_ROW`.
    Pairs { left: Vec<u32>, right: Vec<u32> },
    /// So many rows that stand in no table.
    Computed(usize),
}

/// Stands where an outer join found no row of the right side.
pub(in crate::execute) const NO_ROW: u32 = u32::MAX;

impl Rows {
    pub fn len(&self) -> usize {
        match self {
            Rows::Range(range) => range.len(),
            Rows::Picked(rows) => rows.len(),
            Rows::Merged(positions) => positions.len(),
            Rows::Read(rowids) => rowids.len(),
            Rows::Pairs { left, .. } => left.len(),
            Rows::Marked { count, .. } | Rows::Computed(count) => *count,
        }
    }
}

/// Which side of a join a slot comes from, and which slot of it that is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Left(usize),
    Right(usize),
}

/// Where columns are loaded from.
enum Origin<'a> {
    Leaf {
        view: LeafView<'a>,
        places: &'a [Place],
    },
    /// The left batch's columns were loaded beforehand.
    Join {
        left: &'a Batch<'a>,
        right: &'a Build,
        sides: &'a [Side],
    },
    /// Rows that were kept while a subquery was asked about them.
    Kept {
        rows: &'a Build,
        answers: &'a KeptColumn,
        /// By slot: that of the kept rows, or the answers.
        slots: &'a [Option<usize>],
    },
    /// Columns that are made when they are asked for.
    Made(&'a dyn Columns),
    /// Rows of a table WITHOUT ROWID; `places` by slot: a column of the records, and what it is in rows older than it.
    Records {
        records: &'a [&'a [u8]],
        places: &'a [(usize, Value)],
    },
    /// Entries of an index, by their keys.
    Keys {
        keys: &'a [&'a [u8]],
        places: &'a KeyPlaces,
    },
    /// Rows of several batches that were put together, by slot.
    Gathered(&'a [KeptColumn]),
    /// Every column is there.
    Nowhere,
}

/// Makes the columns of a batch.
pub(super) trait Columns {
    fn column(&self, slot: usize) -> Column<'_>;
}

pub(super) struct Batch<'a> {
    origin: Origin<'a>,
    rows: Rows,
    columns: Vec<Option<Column<'a>>>,
}

impl<'a> Batch<'a> {
    pub fn new(view: LeafView<'a>, places: &'a [Place], rows: Rows) -> Batch<'a> {
        let columns = places.iter().map(|_| None).collect();
        Batch { origin: Origin::Leaf { view, places }, rows, columns }
    }

    /// Pairs of a left batch's rows with those that a join keeps; `sides` by slot.
    pub fn of_pairs(left: &'a Batch<'a>, right: &'a Build, sides: &'a [Side], pairs: Rows) -> Batch<'a> {
        let columns = sides.iter().map(|_| None).collect();
        Batch { origin: Origin::Join { left, right, sides }, rows: pairs, columns }
    }

    /// Some of the rows that were kept, and what a subquery answered about each; `slots` are theirs, None is the answer.
    pub fn of_kept(
        rows: &'a Build,
        answers: &'a KeptColumn,
        slots: &'a [Option<usize>],
        picked: Vec<u32>,
    ) -> Batch<'a> {
        let columns = slots.iter().map(|_| None).collect();
        Batch { origin: Origin::Kept { rows, answers, slots }, rows: Rows::Picked(picked), columns }
    }

    /// So many rows of which some columns were put together.
    pub fn of_gathered(columns: &'a [KeptColumn], count: usize) -> Batch<'a> {
        let rows = Rows::Picked((0..count as u32).collect());
        Batch { origin: Origin::Gathered(columns), rows, columns: columns.iter().map(|_| None).collect() }
    }

    /// Rows of a table WITHOUT ROWID.
    pub fn of_records(records: &'a [&'a [u8]], places: &'a [(usize, Value)]) -> Batch<'a> {
        let columns = places.iter().map(|_| None).collect();
        Batch { origin: Origin::Records { records, places }, rows: Rows::Range(0..records.len()), columns }
    }

    /// Entries of an index whose keys say all that is read of them.
    pub fn of_keys(keys: &'a [&'a [u8]], places: &'a KeyPlaces) -> Batch<'a> {
        let columns = (0..places.slot_count()).map(|_| None).collect();
        Batch { origin: Origin::Keys { keys, places }, rows: Rows::Range(0..keys.len()), columns }
    }

    /// A batch whose columns are all there.
    pub fn of_columns(columns: Vec<Option<Column<'a>>>, rows: Rows) -> Batch<'a> {
        Batch { origin: Origin::Nowhere, rows, columns }
    }

    /// A batch whose columns are made when they are asked for.
    pub fn of_made(made: &'a dyn Columns, slot_count: usize, rows: Rows) -> Batch<'a> {
        let columns = (0..slot_count).map(|_| None).collect();
        Batch { origin: Origin::Made(made), rows, columns }
    }

    pub fn len(&self) -> usize {
        self.rows.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn slot_count(&self) -> usize {
        self.columns.len()
    }

    /// Which rows these are.
    pub fn into_rows(self) -> Rows {
        self.rows
    }

    /// Loads the columns that are not there yet.
    pub fn load(&mut self, slots: &[usize]) -> Result<()> {
        self.settle();
        for &slot in slots {
            if self.columns[slot].is_none() {
                self.columns[slot] = Some(self.read(slot)?);
            }
        }
        Ok(())
    }

    /// The leaf, the place in it and the rows of a column that was not loaded yet.
    fn in_leaf(&self, slot: usize) -> Option<(LeafView<'a>, &'a Place, Picks<'_>)> {
        let Origin::Leaf { view, places } = &self.origin else { return None };
        let rows = match &self.rows {
            Rows::Range(range) => Picks::Range(range.clone()),
            Rows::Picked(rows) => Picks::Rows(rows),
            _ => return None,
        };
        self.columns[slot].is_none().then(|| (*view, &places[slot], rows))
    }

    /// The integers of a column as they are packed in fewer than 8 bytes, and which of them are the batch's rows; None where a
    /// row is NULL or lacks the column, and where it was loaded already.
    pub fn packed(&self, slot: usize) -> Option<(Integers<'a>, Picks<'_>)> {
        let (view, place, rows) = self.in_leaf(slot)?;
        let lane = match place {
            Place::Rowid => view.base_rowids()?,
            Place::Stored(stored, _) => view.plain_integers(*stored)?,
        };
        // What takes 8 bytes is no offset from the least, but the integer itself.
        (!matches!(lane.offsets, Offsets::U64(_))).then_some((lane, rows))
    }

    /// Appends the values of some rows of a leaf that were not loaded; false where that has to be done.
    pub fn append_few(&self, slot: usize, kept: &mut KeptColumn) -> bool {
        let Some((view, place, rows)) = self.in_leaf(slot) else { return false };
        let integers = match place {
            Place::Rowid => view.base_rowids(),
            Place::Stored(stored, _) => view.plain_integers(*stored),
        };
        if let Some(lane) = integers {
            rows.for_each(|row| kept.push(ValueRef::Integer(lane.get(row))));
            return true;
        }
        let Place::Stored(stored, missing) = place else { return false };
        if let Some(repeats) = Repeats::of(view, *stored) {
            rows.for_each(|row| kept.push(ValueRef::Real(repeats.get(row))));
        } else if let Some(lane) = view.plain_reals(*stored) {
            rows.for_each(|row| kept.push(ValueRef::Real(f64::from_le_bytes(lane[row]))));
        } else {
            // Leaves with wide values are read through a cursor.
            rows.for_each(|row| kept.push(view.base_value(*stored, row).unwrap_or(missing.as_ref())));
        }
        true
    }

    /// As `packed`, of short texts that compare as numbers.
    pub fn numerals(&self, slot: usize) -> Option<(Numerals<'a>, Picks<'_>)> {
        let (view, Place::Stored(stored, _), rows) = self.in_leaf(slot)? else { return None };
        Some((view.numerals(*stored)?, rows))
    }

    /// As `packed`, of reals that repeat, as places among the different ones.
    pub fn repeats(&self, slot: usize) -> Option<(Repeats<'a>, Picks<'_>)> {
        let (view, Place::Stored(stored, _), rows) = self.in_leaf(slot)? else { return None };
        Some((Repeats::of(view, *stored)?, rows))
    }

    /// As `packed`, where the batch's rows are marked.
    pub fn marked(&self, slot: usize) -> Option<(Integers<'a>, Marked<'_>)> {
        let Origin::Leaf { view, places } = &self.origin else { return None };
        let (Place::Stored(stored, _), Rows::Marked { range, truths, count }) = (&places[slot], &self.rows)
        else {
            return None;
        };
        let lane = view.plain_integers(*stored)?;
        let marked = Marked { range: range.clone(), truths, count: *count };
        (!matches!(lane.offsets, Offsets::U64(_))).then_some((lane, marked))
    }

    /// The least and the greatest rowid, where the column is that of the rowids and lies in the leaf.
    pub fn rowid_ends(&self, slot: usize) -> Option<(i64, i64)> {
        let Origin::Leaf { view, places } = &self.origin else { return None };
        let Place::Rowid = places[slot] else { return None };
        let (first, last) = match &self.rows {
            Rows::Range(range) => (range.start, range.clone().last()?),
            Rows::Picked(rows) => (*rows.first()? as usize, *rows.last()? as usize),
            Rows::Marked { range, truths, .. } => {
                let is_true = |truth: &u8| *truth == TRUE;
                (
                    range.start + truths.iter().position(is_true)?,
                    range.start + truths.iter().rposition(is_true)?,
                )
            }
            Rows::Merged(_) | Rows::Read(_) | Rows::Pairs { .. } | Rows::Computed(_) => return None,
        };
        Some((view.base_rowid(first), view.base_rowid(last)))
    }

    /// As `packed`, of a column that repeats its texts.
    pub fn dictionary(&self, slot: usize) -> Option<Dictionary<'a, '_>> {
        let (view, Place::Stored(stored, _), rows) = self.in_leaf(slot)? else { return None };
        let (codes, entries, entry_count) = view.plain_dictionary(*stored)?;
        Some(Dictionary { codes, entries, entry_count, rows })
    }

    /// As `packed`, of reals, which are as they are wherever they stand.
    pub fn reals_in_leaf(&self, slot: usize) -> Option<(&'a [[u8; 8]], Picks<'_>)> {
        let (view, Place::Stored(stored, _), rows) = self.in_leaf(slot)? else { return None };
        Some((view.plain_reals(*stored)?, rows))
    }

    /// As `reals_in_leaf`, of rows one after the other.
    pub fn packed_reals(&self, slot: usize) -> Option<(&'a [[u8; 8]], Range<usize>)> {
        let Origin::Leaf { view, places } = &self.origin else { return None };
        let (Place::Stored(stored, _), Rows::Range(range), None) =
            (&places[slot], &self.rows, &self.columns[slot])
        else {
            return None;
        };
        // Of those that repeat a scan has only asked for their places among the different ones.
        if view.has_repeats(*stored) {
            return None;
        }
        Some((view.plain_reals(*stored)?, range.clone()))
    }

    /// A column that was loaded.
    pub fn column(&self, slot: usize) -> &Column<'a> {
        self.columns[slot].as_ref().expect("an expression's columns are loaded before it is evaluated")
    }

    /// By slot, the columns that were loaded.
    pub fn loaded_columns(&self) -> impl Iterator<Item = Option<&Column<'a>>> {
        self.columns.iter().map(Option::as_ref)
    }

    /// A column that was loaded, for one who is the last to read it.
    pub fn take_column(&mut self, slot: usize) -> Column<'a> {
        self.columns[slot].take().expect("a column is loaded before it is taken")
    }

    /// As `keep`, but leaves the others where they are, so that what takes in all of a column can pass over them; `truths` has
    /// so many that are `TRUE`, and others that are `FALSE`.
    pub fn mark(&mut self, truths: Vec<u8>, count: usize) {
        match &self.rows {
            Rows::Range(range) => {
                self.rows = Rows::Marked { range: range.clone(), truths, count };
                self.columns.fill_with(|| None);
            }
            _ => self.keep(&truths),
        }
    }

    /// Takes out rows that were left where they are.
    pub fn settle(&mut self) {
        if let Rows::Marked { range, truths, .. } = &mut self.rows {
            let truths = std::mem::take(truths);
            self.rows = Rows::Range(range.clone());
            self.keep(&truths);
        }
    }

    /// Keeps the rows where `truths` is `TRUE`.
    pub fn keep(&mut self, truths: &[u8]) {
        self.settle();
        let picked = rows_that_pass(truths);
        if picked.len() == truths.len() {
            return;
        }
        match &mut self.rows {
            Rows::Range(range) => {
                let start = range.start as u32;
                let mut picked = picked;
                for row in &mut picked {
                    *row += start;
                }
                self.rows = Rows::Picked(picked);
            }
            Rows::Picked(rows) => *rows = values_at(rows, &picked),
            Rows::Merged(positions) => *positions = values_at(positions, &picked),
            Rows::Read(rowids) => {
                *rowids = values_at(rowids, &picked);
                for column in self.columns.iter_mut().flatten() {
                    let Column::Owned(values) = column else { panic!("rows that were read have values") };
                    *values = picked.iter().map(|row| std::mem::take(&mut values[*row as usize])).collect();
                }
                return;
            }
            Rows::Pairs { left, right } => {
                for side in [left, right] {
                    *side = values_at(side, &picked);
                }
            }
            Rows::Marked { .. } => unreachable!("they were just taken out"),
            Rows::Computed(_) => panic!("conditions are of rows of a table"),
        }
        // What was loaded is of more rows than there are now; the rest is loaded for these alone.
        self.columns.fill_with(|| None);
    }

    fn read(&self, slot: usize) -> Result<Column<'a>> {
        let (view, places) = match &self.origin {
            Origin::Leaf { view, places } => (*view, *places),
            Origin::Join { left, right, sides } => return Ok(self.read_pairs(left, right, sides[slot])),
            Origin::Kept { rows, answers, slots } => {
                let Rows::Picked(picked) = &self.rows else { panic!("kept rows are picked") };
                return Ok(match slots[slot] {
                    Some(slot) => rows.gather(slot, picked),
                    None => answers.gather(picked),
                });
            }
            Origin::Made(made) => return Ok(made.column(slot)),
            Origin::Gathered(columns) => {
                let Rows::Picked(picked) = &self.rows else { panic!("gathered rows are picked") };
                return Ok(columns[slot].gather(picked));
            }
            Origin::Records { records, places } => {
                let (stored, missing) = &places[slot];
                return match &self.rows {
                    Rows::Range(range) => records::column(&records[range.clone()], *stored, missing),
                    Rows::Picked(rows) => {
                        let picked: Vec<&[u8]> = rows.iter().map(|row| records[*row as usize]).collect();
                        records::column(&picked, *stored, missing)
                    }
                    _ => panic!("records are picked"),
                };
            }
            Origin::Keys { keys, places } => {
                return match &self.rows {
                    Rows::Range(range) => places.column(slot, keys[range.clone()].iter().copied()),
                    Rows::Picked(rows) => places.column(slot, rows.iter().map(|row| keys[*row as usize])),
                    _ => panic!("entries are picked"),
                };
            }
            Origin::Nowhere => panic!("these rows have their columns"),
        };
        let rows = match &self.rows {
            Rows::Range(range) => Picks::Range(range.clone()),
            Rows::Picked(rows) => Picks::Rows(rows),
            Rows::Merged(positions) => return merged(view, &places[slot], positions),
            Rows::Marked { .. } => panic!("rows that are left out are taken out before a column is loaded"),
            Rows::Read(_) | Rows::Pairs { .. } | Rows::Computed(_) => panic!("rows of a leaf stand in it"),
        };
        match &places[slot] {
            Place::Rowid => {
                let rowids = view.base_rowids().expect("base rows have a base");
                Ok(Column::Integers(Numbers::new(integers(rowids, &rows))))
            }
            Place::Stored(slot, missing) => Ok(stored(view, *slot, missing, &rows)),
        }
    }

    fn read_pairs(&self, left: &'a Batch<'a>, right: &'a Build, side: Side) -> Column<'a> {
        let Rows::Pairs { left: left_rows, right: right_rows } = &self.rows else {
            panic!("a join's rows are pairs")
        };
        match side {
            Side::Left(slot) => left.column(slot).gather(left_rows),
            Side::Right(slot) => right.gather(slot, right_rows),
        }
    }
}

/// Truths that are looked at together.
const BLOCK: usize = 64;

/// The rows where `truths` is `TRUE`.
pub(super) fn rows_that_pass(truths: &[u8]) -> Vec<u32> {
    let mut rows = Vec::with_capacity(true_count(truths));
    let (blocks, rest) = truths.as_chunks::<BLOCK>();
    let mut last = [FALSE; BLOCK];
    last[..rest.len()].copy_from_slice(rest);
    for (block, first) in blocks.iter().chain([&last]).zip((0..).step_by(BLOCK)) {
        let mut passing = passing_bits(block);
        while passing != 0 {
            rows.push(first + passing.trailing_zeros());
            passing &= passing - 1;
        }
    }
    rows
}

/// How many are `TRUE`.
pub(super) fn true_count(truths: &[u8]) -> usize {
    const LANES: usize = 16;
    let (chunks, rest) = truths.as_chunks::<LANES>();
    let mut count: usize = rest.iter().map(|truth| usize::from(truth & TRUE)).sum();
    // Counted as bytes, as many at a time as cannot overflow.
    for chunks in chunks.chunks(usize::from(u8::MAX)) {
        let mut counts = [0_u8; LANES];
        for chunk in chunks {
            for lane in 0..LANES {
                counts[lane] += chunk[lane] & TRUE;
            }
        }
        count += counts.iter().map(|count| usize::from(*count)).sum::<usize>();
    }
    count
}

fn values_at<T: Copy>(values: &[T], places: &[u32]) -> Vec<T> {
    places.iter().map(|place| values[*place as usize]).collect()
}

/// A bit for each truth, set where it is `TRUE`.
#[inline(always)]
fn passing_bits(truths: &[u8; BLOCK]) -> u64 {
    let mut bits = 0;
    for (index, word) in truths.as_chunks::<8>().0.iter().enumerate() {
        // The lowest bit of each byte is TRUE's alone; the product brings the eight of them together in the highest byte.
        let lowest = u64::from_le_bytes(*word) & 0x0101_0101_0101_0101;
        bits |= (lowest.wrapping_mul(0x0102_0408_1020_4080) >> 56) << (8 * index);
    }
    bits
}

/// The rows a column is loaded for.
pub(super) enum Picks<'r> {
    Range(Range<usize>),
    Rows(&'r [u32]),
}

impl Picks<'_> {
    pub fn len(&self) -> usize {
        match self {
            Picks::Range(range) => range.len(),
            Picks::Rows(rows) => rows.len(),
        }
    }

    fn for_each(&self, mut take: impl FnMut(usize)) {
        match self {
            Picks::Range(range) => range.clone().for_each(take),
            Picks::Rows(rows) => rows.iter().for_each(|row| take(*row as usize)),
        }
    }

    pub fn map<T>(&self, mut value: impl FnMut(usize) -> T) -> Vec<T> {
        match self {
            Picks::Range(range) => range.clone().map(value).collect(),
            Picks::Rows(rows) => rows.iter().map(|row| value(*row as usize)).collect(),
        }
    }
}

fn integers(lane: Integers<'_>, rows: &Picks<'_>) -> Vec<i64> {
    let base = lane.base;
    unpack(lane.offsets, rows, move |offset| base.wrapping_add(offset as i64))
}

#[inline(always)]
fn unpack<T>(offsets: Offsets<'_>, rows: &Picks<'_>, number: impl Fn(u64) -> T) -> Vec<T> {
    struct Unpack<'r, N> {
        rows: &'r Picks<'r>,
        number: N,
    }

    impl<T, N: Fn(u64) -> T> Kernel for Unpack<'_, N> {
        type Output = Vec<T>;

        #[inline(always)]
        fn run<O: Offset>(self, offsets: &[O]) -> Vec<T> {
            let Unpack { rows, number } = self;
            // By value, so that each loop keeps what it needs in registers.
            let number = move |offset: O| number(offset.number().into());
            match rows {
                Picks::Range(range) => {
                    offsets[range.clone()].iter().map(move |offset| number(*offset)).collect()
                }
                Picks::Rows(rows) => rows.iter().map(move |row| number(offsets[*row as usize])).collect(),
            }
        }

        fn run_constant(self) -> Vec<T> {
            self.rows.map(|_| (self.number)(0))
        }
    }
    packed::run(offsets, Unpack { rows, number })
}

/// A stored column of base rows.
pub(super) fn stored<'a>(
    view: LeafView<'a>,
    slot: usize,
    missing: &'a Value,
    rows: &Picks<'_>,
) -> Column<'a> {
    let types = view.types(slot);
    // Leaves with wide values are read through a cursor.
    if types.contains(TypeSet::MISSING) || types.contains(TypeSet::WIDE) {
        return Column::Values(rows.map(|row| view.base_value(slot, row).unwrap_or(missing.as_ref())));
    }
    let null_bits = view.nulls(slot);
    let nulls = null_bits.map(|bits| rows.map(|row| bits.get(row)));
    match view.lane(slot) {
        Lane::Missing => Column::Constant(missing.clone()),
        Lane::Null => Column::Constant(Value::Null),
        Lane::Integer(lane) => Column::Integers(Numbers { values: integers(lane, rows), nulls }),
        Lane::Real(Reals::Constant(real)) => Column::Reals(Numbers { values: rows.map(|_| real), nulls }),
        Lane::Real(Reals::Each(reals)) => {
            let values = match (Repeats::of(view, slot), rows) {
                (Some(Repeats { values, codes }), Picks::Range(range)) => {
                    let real = |code: &u8| f64::from_le_bytes(values[usize::from(*code)]);
                    codes[range.clone()].iter().map(real).collect()
                }
                (Some(repeats), Picks::Rows(_)) => rows.map(|row| repeats.get(row)),
                (None, Picks::Range(range)) => {
                    reals[range.clone()].iter().map(|bytes| f64::from_le_bytes(*bytes)).collect()
                }
                (None, Picks::Rows(_)) => rows.map(|row| f64::from_le_bytes(reals[row])),
            };
            Column::Reals(Numbers { values, nulls })
        }
        Lane::Dictionary { codes, entry_count, entries } => {
            let null = entry_count;
            let mut codes: Vec<u32> = unpack(codes, rows, |code| code as u32);
            if let Some(nulls) = nulls {
                for (code, is_null) in codes.iter_mut().zip(nulls) {
                    if is_null {
                        *code = null;
                    }
                }
            }
            let entries = Entries::Run(Run::new(entries, 0..entry_count as usize));
            Column::Dictionary { codes, entries }
        }
        Lane::Text(strings) => match (rows, null_bits) {
            (Picks::Range(range), None) => {
                let run = Run::new(strings, range.clone());
                Column::Run(run.beginning_alike(bytes_alike(view, slot, strings)))
            }
            _ => Column::Texts(texts(strings, null_bits, rows)),
        },
        Lane::Blob(_) | Lane::Mixed => {
            Column::Values(rows.map(|row| view.base_value(slot, row).unwrap_or(missing.as_ref())))
        }
    }
}

/// How many bytes all texts of a leaf's column begin with; it is looked for where they are short and of one length.
fn bytes_alike(view: LeafView<'_>, slot: usize, strings: Strings<'_>) -> usize {
    if strings.each.is_none_or(|each| each > 16) {
        return 0;
    }
    // What lies between the least and the greatest begins as both do.
    match view.summary(slot).and_then(|summary| summary.range) {
        Some((ValueRef::Text(least), ValueRef::Text(greatest))) => {
            least.iter().zip(greatest).take_while(|(a, b)| a == b).count()
        }
        _ => 0,
    }
}

fn texts<'a>(strings: Strings<'a>, nulls: Option<Bits<'_>>, rows: &Picks<'_>) -> Vec<Option<&'a [u8]>> {
    match nulls {
        None => rows.map(|row| Some(strings.get(row))),
        Some(nulls) => rows.map(|row| (!nulls.get(row)).then(|| strings.get(row))),
    }
}
