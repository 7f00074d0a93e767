//! How wide SQLite takes rows and index entries to be, in units of four bytes, and which index it therefore reads in
//! place of a table.

use std::sync::Arc;

use super::access_path::{TableItem, is_table_key};
use super::partial::Implication;
use crate::catalog::{ConflictAction, Index, IndexOrigin, IndexTerm, Table};
use crate::resolve::any_expr;
use crate::resolve::tree::{CompareOperator, Expr, IndexedBy};

// Costs are logarithms, of which the size of the table is the zero.
/// A partial index is taken to have half of the rows.
const PARTIAL: i64 = -10;
/// Three times as dear as reading an entry: looking up its row, and reading a row of a table with rowids.
const LOOKUP: i64 = 16;
const SCAN: i64 = 16;
/// What an equality lets through fewer.
const EQUALITY: i64 = 19;

pub(super) fn table_width(table: &Table) -> usize {
    let columns: usize = table.columns.iter().map(|column| column.width).sum();
    columns + usize::from(table.rowid_alias.is_none())
}

/// With what stands behind the indexed values: the rowid, or what is missing of the primary key.
pub(super) fn index_width(table: &Table, index: &Index) -> usize {
    if is_table_key(table, index) {
        let is_stored = |column: &usize| !is_virtual(table, *column);
        return (0..table.columns.len()).filter(is_stored).map(|column| table.columns[column].width).sum();
    }
    let columns = index.columns.iter().map(|column| match column.term {
        IndexTerm::Column(column) => table.columns[column].width,
        IndexTerm::Rowid | IndexTerm::Expr(_) => 1,
    });
    let identity = if table.without_rowid {
        missing_key(table, index).map(|column| table.columns[column].width).sum()
    } else {
        1
    };
    columns.sum::<usize>() + identity
}

/// Columns of the primary key that the index does not keep by itself, or under another collation.
fn missing_key(table: &Table, index: &Index) -> impl Iterator<Item = usize> {
    let is_kept = |column: usize, collation| {
        let mut terms = index.columns.iter();
        terms.any(|term| {
            matches!(term.term, IndexTerm::Column(own) if own == column) && term.collation == collation
        })
    };
    let missing = table.primary_key.iter().filter(move |key| !is_kept(key.column, key.collation));
    missing.map(|key| key.column)
}

fn is_virtual(table: &Table, column: usize) -> bool {
    table.columns[column].generated.as_ref().is_some_and(|generated| !generated.stored)
}

/// Whether the index keeps the column, be it for its rows' identity.
fn keeps(table: &Table, index: &Index, column: usize) -> bool {
    index.columns.iter().any(|term| matches!(term.term, IndexTerm::Column(own) if own == column))
        || (table.without_rowid && table.primary_key.iter().any(|key| key.column == column))
}

/// Whether SQLite knows that the columns are in the index: of a constraint's index it has forgotten that the primary key
/// is in it, and a generated column it takes for all columns.
fn has_all(table: &Table, index: &Index, columns: &[usize]) -> bool {
    let is_own = |column: usize| {
        index.columns.iter().any(|term| matches!(term.term, IndexTerm::Column(own) if own == column))
    };
    let is_known = |column: usize| match index.origin {
        IndexOrigin::CreateIndex => keeps(table, index, column),
        IndexOrigin::Unique | IndexOrigin::PrimaryKey => is_own(column),
    };
    if columns.iter().any(|column| table.columns[*column].generated.is_some()) {
        return (0..table.columns.len()).all(is_known);
    }
    columns.iter().all(|column| is_known(*column) && !is_virtual(table, *column))
}

/// The index that SQLite reads to find all rows of a table, when no condition leads to them; None: the table itself.
/// `columns` are those that are read; of a table whose rows are to be changed, by conditions.
///
/// Of a table without rowids any index can serve, and mostly the one with the narrowest entries does. Of others a partial
/// index can, as it has fewer rows, and, unless the rows are changed, one that is narrower and has all columns.
pub(super) fn whole_index(
    item: &TableItem<'_>,
    columns: &[usize],
    conditions: Implication<'_>,
) -> Option<Arc<Index>> {
    let table = item.table;
    let table_size = logarithm(4 * table_width(table) as u64);
    let index_size = |index: &Index| logarithm(4 * index_width(table, index) as u64);
    let columns: Vec<usize> =
        columns.iter().copied().filter(|column| table.rowid_alias != Some(*column)).collect();
    let has_all = |index: &Index| has_all(table, index, &columns);
    let can_serve = |index: &Index| match item.indexed_by {
        // SQLite does not heed it where the table is an index itself.
        IndexedBy::NotIndexed if !table.without_rowid => false,
        _ => {
            table.without_rowid
                || index.partial.is_some()
                || (!item.is_target && index_size(index) < table_size && has_all(index))
        }
    };
    let cost = |index: &Arc<Index>| {
        let rows = if index.partial.is_some() { PARTIAL } else { 0 };
        let visits = rows + 1 + 15 * index_size(index) / table_size;
        if is_table_key(table, index) || has_all(index) {
            return visits;
        }
        sum(visits, rows + LOOKUP - conditions_spare(item, index, conditions))
    };
    let mut cheapest = (!table.without_rowid).then_some(((SCAN, true), None));
    // Of equal ones the newest; those of REPLACE stand behind all others.
    let (last, first): (Vec<_>, Vec<_>) =
        item.indexes.iter().rev().partition(|index| index.on_conflict == ConflictAction::Replace);
    for index in first.into_iter().chain(last) {
        if !conditions.holds_for(index) || !can_serve(index) {
            continue;
        }
        // Where the costs are equal, fewer rows are better.
        let cost = (cost(index), index.partial.is_none());
        if cheapest.as_ref().is_none_or(|(least, _)| cost < *least) {
            cheapest = Some((cost, Some(index)));
        }
    }
    let (_, index) = cheapest?;
    index.filter(|index| !is_table_key(table, index)).cloned()
}

/// What is spared of looking up rows because the first conditions can be judged by the index alone.
fn conditions_spare(item: &TableItem<'_>, index: &Index, conditions: Implication<'_>) -> i64 {
    let is_missing = |expr: &Expr| match expr {
        Expr::Column { source, column } => {
            *source == item.source
                && item.table.rowid_alias != Some(*column)
                && !keeps(item.table, index, *column)
        }
        _ => false,
    };
    let judged = conditions.conjuncts.iter().take_while(|conjunct| !any_expr(&conjunct.expr, &is_missing));
    let spared = judged.map(|conjunct| match &conjunct.expr {
        Expr::Compare(compare)
            if matches!(compare.operator, CompareOperator::Equal | CompareOperator::Is)
                && item.place_of(&compare.left).or(item.place_of(&compare.right)).is_some() =>
        {
            1 + EQUALITY
        }
        _ => 1,
    });
    spared.sum()
}

/// SQLite's `sqlite3LogEstAdd`.
fn sum(a: i64, b: i64) -> i64 {
    let (larger, smaller) = (a.max(b), a.min(b));
    larger
        + match larger - smaller {
            0..=1 => 10,
            2..=3 => 9,
            4..=5 => 8,
            6..=8 => 7,
            9..=11 => 6,
            12..=14 => 5,
            15..=18 => 4,
            19..=24 => 3,
            25..=31 => 2,
            32..=49 => 1,
            _ => 0,
        }
}

/// SQLite's `LogEst`: ten times the logarithm to base 2, in integers.
pub(crate) fn logarithm(count: u64) -> i64 {
    const FRACTIONS: [i64; 8] = [0, 2, 3, 5, 6, 7, 8, 9];
    if count < 2 {
        return 0;
    }
    let top = 63 - i64::from(count.leading_zeros());
    let digits = if top >= 3 { count >> (top - 3) } else { count << (3 - top) };
    FRACTIONS[(digits & 7) as usize] + top * 10
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logarithms_are_sqlites() {
        let expected = [(1, 0), (2, 10), (3, 16), (4, 20), (7, 28), (10, 33), (1000, 99), (1_048_576, 200)];
        for (count, logarithm_of) in expected {
            assert_eq!(logarithm(count), logarithm_of, "{count}");
        }
    }
}
