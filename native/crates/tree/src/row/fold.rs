//! Folding: base and delta of a leaf become a new base, or several when one would be too large.
//!
//! Where rows were only written over, the new base has the same rows: columns in which nothing changed are copied as
//! bytes, so that an UPDATE of one column costs little more than that column.

use crate::row::{
    base::{Base, Cell, TypeSet},
    build::Builder,
    delta::Patch,
    leaf::{MAX_BYTES, MAX_ROWS, Place, RowLeaf, TARGET_BYTES, step},
};
use pluresdb_value::{ValueRef, record::Class};

/// Base and delta as new bases, in order; none when no row is left.
pub(crate) fn fold(leaf: &RowLeaf, max_pieces: usize) -> Vec<RowLeaf> {
    if leaf.live == 0 {
        return Vec::new();
    }
    if let Some(base) = leaf.base.as_deref()
        && leaf.delta.added_len() == 0
        && leaf.delta.gone_count() == 0
    {
        let patched = write_over(base, leaf);
        if patched.block.len() <= MAX_BYTES || max_pieces == 1 {
            return vec![RowLeaf::from_base(patched)];
        }
    }
    if let Some(appended) = Appended::new(leaf) {
        return pieces(appended.rows, max_pieces, |from, to| appended.build(from, to));
    }
    let merged = Merged::new(leaf);
    pieces(merged.order.len(), max_pieces, |from, to| merged.build(from, to))
}

/// All rows as one base, or as several of about as many rows when that would be too large.
fn pieces(rows: usize, max_pieces: usize, build: impl Fn(usize, usize) -> Base) -> Vec<RowLeaf> {
    let whole = build(0, rows);
    let by_bytes = if whole.block.len() > MAX_BYTES { whole.block.len().div_ceil(TARGET_BYTES) } else { 1 };
    let by_rows = if rows > 2 * MAX_ROWS { rows.div_ceil(MAX_ROWS) } else { 1 };
    let pieces = by_bytes.max(by_rows).min(max_pieces).min(rows);
    if pieces == 1 {
        return vec![RowLeaf::from_base(whole)];
    }
    (0..pieces)
        .map(|piece| {
            let (from, to) = (rows * piece / pieces, rows * (piece + 1) / pieces);
            RowLeaf::from_base(build(from, to))
        })
        .collect()
}

/// The cells of a delta's rows, decoded once.
struct DeltaCells<'a> {
    /// By slot, one for each entry.
    columns: Vec<Vec<Cell<'a>>>,
}

impl<'a> DeltaCells<'a> {
    fn new(leaf: &'a RowLeaf) -> DeltaCells<'a> {
        let entries = leaf.delta.len();
        let mut columns: Vec<Vec<Cell<'a>>> = Vec::new();
        for entry in 0..entries {
            leaf.delta.for_each_cell(entry, |slot, cell| {
                if slot == columns.len() {
                    columns.push(Vec::with_capacity(entries));
                }
                let column = &mut columns[slot];
                if column.len() < entry {
                    column.resize(entry, Cell::Missing);
                }
                column.push(cell);
            });
        }
        for column in &mut columns {
            column.resize(entries, Cell::Missing);
        }
        DeltaCells { columns }
    }

    #[inline]
    fn get(&self, entry: usize, slot: usize) -> Cell<'a> {
        self.columns.get(slot).map_or(Cell::Missing, |column| column[entry])
    }
}

/// The base with the delta's rows written over its own.
fn write_over(base: &Base, leaf: &RowLeaf) -> Base {
    let delta = DeltaCells::new(leaf);
    let entry_of = |(row, patch)| match patch {
        Patch::Entry(entry) => Some((row, entry)),
        Patch::Untouched | Patch::Gone => None,
    };
    let patches: Vec<(usize, usize)> = leaf.delta.patched_rows().filter_map(entry_of).collect();
    let slot_count = base.lanes.len().max(delta.columns.len());
    let mut builder = Builder::new(base.rows, slot_count, base.block.len() + leaf.delta.heap_len());
    builder.copy_rowids(base);
    let mut cells = Vec::new();
    let mut integers = Vec::new();
    for slot in 0..slot_count {
        let is_unchanged =
            |&(row, entry): &(usize, usize)| is_same(&delta.get(entry, slot), &base.cell(slot, row));
        if patches.iter().all(is_unchanged) {
            builder.copy_column(base, slot);
            continue;
        }
        integers.clear();
        if base.read_integers(slot, &mut integers) && write_integers(&patches, &delta, slot, &mut integers) {
            builder.integers(slot, &integers);
            continue;
        }
        cells.clear();
        cells.extend((0..base.rows).map(|row| base.cell(slot, row)));
        for &(row, entry) in &patches {
            cells[row] = delta.get(entry, slot);
        }
        builder.column(slot, &cells);
    }
    builder.finish()
}

/// Writes one slot of the patches over the base's integers; false when not all are integers.
fn write_integers(
    patches: &[(usize, usize)],
    delta: &DeltaCells<'_>,
    slot: usize,
    integers: &mut [i64],
) -> bool {
    for &(row, entry) in patches {
        match delta.get(entry, slot) {
            Cell::Value(ValueRef::Integer(integer)) => integers[row] = integer,
            Cell::Missing | Cell::Value(_) | Cell::Wide(_) => return false,
        }
    }
    true
}

/// Whether they are stored alike: 0.0 and -0.0 are equal, but not the same.
fn is_same(a: &Cell<'_>, b: &Cell<'_>) -> bool {
    match (a, b) {
        (Cell::Value(ValueRef::Real(a)), Cell::Value(ValueRef::Real(b))) => a.to_bits() == b.to_bits(),
        _ => a == b,
    }
}

/// The rows of a leaf that has only what came behind its last row, all with the same columns: nothing is put in order, and
/// a column of one class is written as it was read.
struct Appended<'a> {
    leaf: &'a RowLeaf,
    rows: usize,
    /// By slot, what classes there are.
    types: Vec<TypeSet>,
    /// By slot and row; `record::for_each_word` tells what words are.
    classes: Vec<Class>,
    words: Vec<i64>,
}

impl<'a> Appended<'a> {
    /// None for another leaf.
    fn new(leaf: &'a RowLeaf) -> Option<Appended<'a>> {
        let delta = &leaf.delta;
        if leaf.base.is_some() || !delta.is_in_order() {
            return None;
        }
        let rows = delta.len();
        let slots = delta.slot_count(0);
        let mut types = vec![TypeSet::default(); slots];
        let mut classes = vec![Class::Null; slots * rows];
        let mut words = vec![0; slots * rows];
        for row in 0..rows {
            let (mut count, mut place) = (0, row);
            delta.for_each_word(row, |class, word| {
                if let Some(types) = types.get_mut(count) {
                    types.insert(type_of(class));
                    classes[place] = class;
                    words[place] = word;
                }
                count += 1;
                place += rows;
            });
            if count != slots {
                return None;
            }
        }
        Some(Appended { leaf, rows, types, classes, words })
    }

    fn text(&self, word: i64) -> &'a [u8] {
        &self.leaf.delta.heap()[(word >> 32) as usize..][..word as u32 as usize]
    }

    fn cell(&self, class: Class, word: i64) -> Cell<'a> {
        Cell::Value(match class {
            Class::Null => ValueRef::Null,
            Class::Integer => ValueRef::Integer(word),
            Class::Real => ValueRef::Real(f64::from_bits(word as u64)),
            Class::Text => ValueRef::Text(self.text(word)),
            Class::Blob => ValueRef::Blob(self.text(word)),
        })
    }

    fn build(&self, from: usize, to: usize) -> Base {
        let mut builder = Builder::new(to - from, self.types.len(), self.leaf.delta.heap_len());
        let rowids: Vec<i64> = (from..to).map(|row| self.leaf.delta.rowid(row)).collect();
        builder.rowids(&rowids);
        let (mut texts, mut cells) = (Vec::new(), Vec::new());
        for (slot, &types) in self.types.iter().enumerate() {
            let place = slot * self.rows + from..slot * self.rows + to;
            let words = &self.words[place.clone()];
            match types {
                TypeSet::NULL => builder.nulls(slot),
                TypeSet::INTEGER => builder.integers(slot, words),
                TypeSet::REAL => builder.reals(slot, words),
                TypeSet::TEXT => {
                    texts.clear();
                    texts.extend(words.iter().map(|&word| self.text(word)));
                    builder.texts(slot, &texts);
                }
                _ => {
                    cells.clear();
                    let values = self.classes[place].iter().zip(words);
                    cells.extend(values.map(|(&class, &word)| self.cell(class, word)));
                    builder.column(slot, &cells);
                }
            }
        }
        builder.finish()
    }
}

fn type_of(class: Class) -> TypeSet {
    match class {
        Class::Null => TypeSet::NULL,
        Class::Integer => TypeSet::INTEGER,
        Class::Real => TypeSet::REAL,
        Class::Text => TypeSet::TEXT,
        Class::Blob => TypeSet::BLOB,
    }
}

/// The live rows of a leaf in order.
struct Merged<'a> {
    leaf: &'a RowLeaf,
    order: Vec<Place>,
    /// There are rows of the delta only, in the order of its entries.
    is_of_entries: bool,
    rowids: Vec<i64>,
    delta: DeltaCells<'a>,
}

impl<'a> Merged<'a> {
    fn new(leaf: &'a RowLeaf) -> Merged<'a> {
        let mut order = Vec::with_capacity(leaf.live);
        let mut rowids = Vec::with_capacity(leaf.live);
        let (mut row, mut index) = (0, 0);
        while let Some(place) = leaf.settle_forward(&mut row, &mut index) {
            order.push(place);
            rowids.push(leaf.rowid(place));
            step(place, &mut row, &mut index);
        }
        let is_entry = |(entry, place): (usize, &Place)| *place == Place::Added(entry as u32);
        let is_of_entries = leaf.base.is_none() && order.iter().enumerate().all(is_entry);
        Merged { leaf, order, is_of_entries, rowids, delta: DeltaCells::new(leaf) }
    }

    fn build(&self, from: usize, to: usize) -> Base {
        let base_slots = self.leaf.base.as_ref().map_or(0, |base| base.lanes.len());
        let slot_count = base_slots.max(self.delta.columns.len());
        let base_len = self.leaf.base.as_ref().map_or(0, |base| base.block.len());
        let mut builder = Builder::new(to - from, slot_count, base_len + self.leaf.delta.heap_len());
        builder.rowids(&self.rowids[from..to]);
        let mut cells: Vec<Cell<'a>> = Vec::with_capacity(to - from);
        for slot in 0..slot_count {
            if self.is_of_entries {
                builder.column(slot, &self.delta.columns[slot][from..to]);
                continue;
            }
            let lane = self.leaf.base.as_ref().and_then(|base| base.lanes.get(slot));
            cells.clear();
            cells.extend(self.order[from..to].iter().map(|place| match *place {
                Place::Base(row) => {
                    lane.map_or(Cell::Missing, |lane| self.leaf.base().lane_cell(lane, row as usize))
                }
                Place::Patch(entry) | Place::Added(entry) => self.delta.get(entry as usize, slot),
            }));
            builder.column(slot, &cells);
        }
        builder.finish()
    }
}

#[cfg(test)]
mod tests {
    use pluresdb_value::record;

    use super::*;

    /// A value of the column by its row: columns of each class, alike and different, and of several.
    fn value(slot: usize, row: usize, texts: &[String]) -> ValueRef<'_> {
        let text = texts[row].as_bytes();
        let number = row as i64 * 7919 % 1013;
        match slot {
            0 => ValueRef::Null,
            1 => ValueRef::Integer(number - 500),
            2 => ValueRef::Integer(-7),
            3 => ValueRef::Integer([i64::MIN, 0, 1, i64::MAX][row % 4]),
            4 => ValueRef::Integer(row as i64 * 1_000_003),
            5 => ValueRef::Real(number as f64 / 8.0),
            6 => ValueRef::Real(0.25),
            7 => ValueRef::Real([0.0, -0.0, f64::INFINITY, f64::NEG_INFINITY, 1e300, 3.0][row % 6]),
            8 => ValueRef::Text(text),
            9 => ValueRef::Text(texts[row % 5].as_bytes()),
            10 => {
                ValueRef::Text([&b""[..], b"\0", b"equal in eight", b"equal in eigh", b"\xff"][row * row % 5])
            }
            11 => ValueRef::Text(&text[..text.len().min(row % 12)]),
            12 => ValueRef::Blob(text),
            13 if row.is_multiple_of(3) => ValueRef::Null,
            13 => ValueRef::Integer(number),
            14 if row == 40 => ValueRef::Null,
            14 => ValueRef::Text(text),
            _ => match row % 4 {
                0 => ValueRef::Text(text),
                1 => ValueRef::Integer(number),
                2 => ValueRef::Real(0.5),
                _ => ValueRef::Null,
            },
        }
    }

    #[test]
    fn appended_rows_become_the_block_that_their_cells_become() {
        for rows in [1, 2, 7, 8, 9, 64, 300] {
            let long = "long ".repeat(40);
            let texts: Vec<String> =
                (0..rows).map(|row| format!("row {}{}", row * 31 % rows, &long[..row % 200])).collect();
            let mut leaf = RowLeaf::default();
            for row in 0..rows {
                let mut bytes = Vec::new();
                record::encode((0..16).map(|slot| value(slot, row, &texts)), &mut bytes);
                leaf.put(row as i64 * 3 - 50, &bytes, false);
            }
            let appended = Appended::new(&leaf).expect("rows were put in order");
            let merged = Merged::new(&leaf);
            for (from, to) in [(0, rows), (rows / 2, rows), (0, rows.div_ceil(2))] {
                assert!(appended.build(from, to).block == merged.build(from, to).block, "{from}..{to}");
            }
        }
    }

    #[test]
    fn only_rows_that_came_in_order_with_the_same_columns_are_taken_as_appended() {
        let record = |values: usize| {
            let mut bytes = Vec::new();
            record::encode((0..values).map(|value| ValueRef::Integer(value as i64)), &mut bytes);
            bytes
        };
        let is_appended = |rows: &[(i64, usize)]| {
            let mut leaf = RowLeaf::default();
            for &(rowid, values) in rows {
                leaf.put(rowid, &record(values), false);
            }
            Appended::new(&leaf).is_some()
        };
        assert!(is_appended(&[(1, 2), (2, 2), (9, 2)]));
        assert!(!is_appended(&[(1, 2), (9, 2), (2, 2)]));
        assert!(!is_appended(&[(1, 2), (2, 3)]) && !is_appended(&[(1, 3), (2, 2)]));
    }
}
