//! Which rows of a table a join can match: those with the keys that its other side has. Where these are few, the rowid or an
//! index finds them, and the scan reads no other rows.
//!
//! It only saves work: what the scan reads is compared all the same, in the order of the rowids as ever.

use pluresdb_tree::KeyCursor;
use pluresdb_value::key::{KeyColumn, decode_trailing_rowid, encode_value};
use pluresdb_value::{Affinity, ValueRef};

use super::batch::Slot;
use crate::catalog::{DatabaseIndex, Index, IndexColumn, IndexTerm, Table};
use crate::error::Result;
use crate::execute::{Context, corrupt, tree_error};

/// Looking a key up in an index takes as long as asking so many rows of a scan whether they have one of the keys.
const ROWS_PER_LOOKUP: usize = 100;
/// The same of going to a row that lies by itself.
const ROWS_PER_ROW: usize = 60;
/// How many keys tell how many rows a key has.
const TRIED_KEYS: usize = 32;

/// What rows have to equal in one column: each tuple of keys once.
pub(super) struct Key<'k> {
    pub slot: Slot,
    pub values: &'k [i64],
}

/// An index whose first columns are given by keys, these in its order.
struct Way<'c, 'k> {
    index: &'c Index,
    columns: Vec<KeyColumn>,
    values: Vec<&'k [i64]>,
}

/// Whether the values at the slot that are equal to an integer are numbers.
pub(super) fn holds_numbers(table: &Table, slot: Slot) -> bool {
    match slot {
        Slot::Rowid(_) => true,
        Slot::Column(_, column) => {
            matches!(table.columns[column].affinity, Affinity::Integer | Affinity::Numeric | Affinity::Real)
        }
        Slot::Answer(_) | Slot::Register(_) => false,
    }
}

/// The rows with these keys, ascending; None when reading the whole table of so many rows takes less time.
pub(super) fn rows_with(
    keys: &[Key<'_>],
    table: &Table,
    database: DatabaseIndex,
    row_count: usize,
    context: &Context<'_>,
) -> Result<Option<Vec<i64>>> {
    let most = row_count / ROWS_PER_ROW;
    let Some(key_count) = keys.first().map(|key| key.values.len()) else { return Ok(None) };
    if key_count > most {
        return Ok(None);
    }
    if let Some(key) = keys.iter().find(|key| is_rowid(table, key.slot)) {
        let mut rowids = key.values.to_vec();
        rowids.sort_unstable();
        rowids.dedup();
        return Ok(Some(rowids));
    }
    if key_count > row_count / ROWS_PER_LOOKUP {
        return Ok(None);
    }
    let Some(way) = best_way(keys, table, database, context) else { return Ok(None) };
    let order = way.order(key_count);
    let (tree, pager) = context.key_tree(database, way.index.tree)?;
    let mut entries = KeyCursor::new(tree, pager.clone());
    if key_count > TRIED_KEYS {
        let tried = order.iter().step_by(key_count.div_ceil(TRIED_KEYS));
        let tried_count = tried.len();
        match way.find(tried, most, &mut entries)? {
            Some(rowids) if rowids.len() * key_count / tried_count <= most => {}
            _ => return Ok(None),
        }
    }
    let mut rowids = way.find(order.iter(), most, &mut entries)?;
    if let Some(rowids) = &mut rowids {
        rowids.sort_unstable();
    }
    Ok(rowids)
}

impl Way<'_, '_> {
    /// The keys in the order of the index, but for descending columns.
    fn order(&self, key_count: usize) -> Vec<u32> {
        let mut order: Vec<u32> = (0..key_count as u32).collect();
        let part = |values: &&[i64], key: u32| values[key as usize];
        order.sort_unstable_by(|a, b| {
            let parts = |key| self.values.iter().map(move |values| part(values, key));
            parts(*a).cmp(parts(*b))
        });
        order
    }

    /// The rowids of the entries with these keys; None when there are more than `most`.
    fn find<'o>(
        &self,
        keys: impl Iterator<Item = &'o u32>,
        most: usize,
        entries: &mut KeyCursor,
    ) -> Result<Option<Vec<i64>>> {
        let mut rowids = Vec::new();
        let mut sought = Vec::new();
        for key in keys {
            sought.clear();
            for (values, column) in self.values.iter().zip(&self.columns) {
                encode_value(ValueRef::Integer(values[*key as usize]), *column, &mut sought);
            }
            let mut is_there = entries.seek_ge(&sought).map_err(tree_error)?;
            while is_there && entries.key().starts_with(&sought) {
                rowids.push(decode_trailing_rowid(entries.key()).map_err(corrupt)?);
                is_there = entries.next().map_err(tree_error)?;
            }
            if rowids.len() > most {
                return Ok(None);
            }
        }
        Ok(Some(rowids))
    }
}

fn is_rowid(table: &Table, slot: Slot) -> bool {
    match slot {
        Slot::Rowid(_) => true,
        Slot::Column(_, column) => table.rowid_alias == Some(column),
        Slot::Answer(_) | Slot::Register(_) => false,
    }
}

fn part_is(index: &Index, position: usize, table: &Table, slot: Slot) -> bool {
    let (IndexTerm::Column(part), Slot::Column(_, column)) = (&index.columns[position].term, slot) else {
        return false;
    };
    *part == column && holds_numbers(table, slot)
}

/// The index of which the keys give most columns.
fn best_way<'c, 'k>(
    keys: &[Key<'k>],
    table: &Table,
    database: DatabaseIndex,
    context: &'c Context<'_>,
) -> Option<Way<'c, 'k>> {
    let indexes = context.session.catalog(database).indexes_of(&table.name);
    let ways = indexes.iter().filter(|index| index.partial.is_none()).map(|index| {
        let given = |position| keys.iter().find(|key| part_is(index, position, table, key.slot));
        let values: Vec<&[i64]> = (0..index.columns.len()).map_while(given).map(|key| key.values).collect();
        let columns = index.columns.iter().take(values.len());
        let column =
            |part: &IndexColumn| KeyColumn { collation: part.collation, descending: part.descending };
        Way { index, columns: columns.map(column).collect(), values }
    });
    ways.filter(|way| !way.values.is_empty()).max_by_key(|way| way.values.len())
}
