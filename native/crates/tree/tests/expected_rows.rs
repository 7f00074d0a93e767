//! Rows that a cursor was told to expect are those that it finds without.
#![allow(clippy::unwrap_used, reason = "a test fails where an answer is missing")]

mod common;

use std::sync::Arc;

use common::record_of;
use pluresdb_store::MemoryStore;
use pluresdb_tree::{MOST_EXPECTED, Pager, RowCursor, RowTree};
use pluresdb_value::{Value, ValueRef};

/// Enough, with rows as long as these, for a tree whose rows are expected at all.
const ROWS: i64 = 20_000;

fn row(rowid: i64, number: i64) -> Vec<u8> {
    record_of(&[Value::Integer(number), Value::text(format!("{rowid:>2000}"))])
}

/// What is found of each rowid: its number, or that there is no row.
fn found(cursor: &mut RowCursor, rowid: i64) -> Option<Option<Value>> {
    let is_there = cursor.seek_exact(rowid).unwrap();
    assert_eq!(is_there, cursor.is_valid());
    is_there.then(|| cursor.column(0).unwrap().map(ValueRef::to_value))
}

fn check(tree: &RowTree, pager: &Arc<Pager>) {
    let mut cursor = RowCursor::new(tree, pager.clone());
    let mut plain = RowCursor::new(tree, pager.clone());
    let mut rowid = 1;
    for round in 0..400 {
        let next = |rowid: &i64| Some((*rowid * 7_919 + 13) % (ROWS + 50));
        let rowids: Vec<i64> = std::iter::successors(next(&rowid), next).take(MOST_EXPECTED).collect();
        rowid = rowids[MOST_EXPECTED - 1];
        cursor.expect(&rowids, &[0, 1, 7]);
        // Some of what is expected is not sought, and something else is.
        for rowid in rowids.iter().skip(round % 3) {
            assert_eq!(found(&mut cursor, *rowid), found(&mut plain, *rowid));
            if round % 5 == 0 {
                assert_eq!(found(&mut cursor, rowid / 2), found(&mut plain, rowid / 2));
            }
            assert_eq!(
                cursor.is_valid() && cursor.next().unwrap(),
                plain.is_valid() && plain.next().unwrap()
            );
            assert_eq!(cursor.is_valid().then(|| cursor.rowid()), plain.is_valid().then(|| plain.rowid()));
        }
    }
}

#[test]
fn rows_that_are_expected_are_those_that_are_found_without() {
    for cache_bytes in [1 << 30, 4 << 20] {
        let pager = Pager::new(Arc::new(MemoryStore::new()), cache_bytes);
        let mut tree = RowTree::new();
        for rowid in 0..ROWS {
            tree.put(&pager, rowid, &row(rowid, rowid * 3)).unwrap();
        }
        check(&tree, &pager);
        tree.write_back(&pager).unwrap();
        check(&tree, &pager);
        for rowid in (0..ROWS).step_by(11) {
            if rowid % 2 == 0 {
                tree.delete(&pager, rowid).unwrap();
            } else {
                tree.put(&pager, rowid, &row(rowid, -rowid)).unwrap();
            }
        }
        check(&tree, &pager);
    }
}
