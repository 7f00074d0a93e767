//! Folding: base and delta of a leaf become a new base, or several when one would be too large.
//!
//! Where rows were only written over, the new base has the same rows: columns in which nothing changed are copied as
//! bytes, so that an UPDATE of one column costs little more than that column.

use crate::row::{
    base::{Base, Cell},
    build::Builder,
    delta::Patch,
    leaf::{MAX_BYTES, MAX_ROWS, Place, RowLeaf, TARGET_BYTES, step},
};
use pluresdb_value::ValueRef;

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
    let merged = Merged::new(leaf);
    let rows = merged.order.len();
    let whole = merged.build(0, rows);
    let by_bytes = if whole.block.len() > MAX_BYTES { whole.block.len().div_ceil(TARGET_BYTES) } else { 1 };
    let by_rows = if rows > 2 * MAX_ROWS { rows.div_ceil(MAX_ROWS) } else { 1 };
    let pieces = by_bytes.max(by_rows).min(max_pieces).min(rows);
    if pieces == 1 {
        return vec![RowLeaf::from_base(whole)];
    }
    (0..pieces)
        .map(|piece| {
            let (from, to) = (rows * piece / pieces, rows * (piece + 1) / pieces);
            RowLeaf::from_base(merged.build(from, to))
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
            let lane = self.leaf.base.as_ref().and_then(|base| base.lanes.get(slot)?.as_ref());
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
