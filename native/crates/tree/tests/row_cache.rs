//! Rows that a row cache has are those that the tree has, in the version that it belongs to.
#![allow(clippy::unwrap_used, reason = "a test fails where an answer is missing")]

mod common;

use std::sync::Arc;

use common::{Rng, random_row, record_of};
use pluresdb_store::MemoryStore;
use pluresdb_tree::{CachedRow, NewColumn, Pager, RowCache, RowTree};
use pluresdb_value::{Value, ValueRef};

const SLOTS: usize = 7;
fn hash(rowid: i64) -> u64 {
    (rowid as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

fn pager() -> Arc<Pager> {
    Pager::new(Arc::new(MemoryStore::new()), 64 << 20)
}

/// Asks for rows until the version has a cache, which has all of them that it takes then.
fn warmed(tree: &RowTree, pager: &Arc<Pager>, rowids: &[i64]) -> Arc<RowCache> {
    for rowid in rowids.iter().cycle().take(3_000_000) {
        if tree.row_cache().is_some() {
            break;
        }
        if let Some(row) = tree.get(pager, *rowid).unwrap() {
            tree.note_lookup(pager, &row, SLOTS);
        }
    }
    let cache = Arc::clone(tree.row_cache().unwrap());
    for rowid in rowids {
        if let Some(row) = tree.get(pager, *rowid).unwrap() {
            cache.keep(hash(*rowid), &row, SLOTS);
        }
    }
    cache
}

fn has(cache: &RowCache, rowid: i64, cached: &mut CachedRow) -> bool {
    cache.find(hash(rowid), cached, |row| row.rowid() == rowid)
}

/// How many rows it has, each of them as the tree has it.
fn check(cache: &RowCache, tree: &RowTree, pager: &Arc<Pager>, rowids: &[i64]) -> usize {
    let mut cached = CachedRow::default();
    let is_known = |rowid: &&i64| {
        if !has(cache, **rowid, &mut cached) {
            return false;
        }
        let row = tree.get(pager, **rowid).unwrap().unwrap();
        for slot in 0..=SLOTS {
            let (known, found) = (cached.column(slot), row.column(slot).unwrap());
            assert_eq!(known.map(ValueRef::to_value), found.map(ValueRef::to_value), "row {rowid}, {slot}");
        }
        true
    };
    rowids.iter().filter(is_known).count()
}

#[test]
fn rows_of_all_shapes_are_found_as_they_are_but_for_long_ones() {
    let (pager, mut rng, mut tree) = (pager(), Rng(77), RowTree::new());
    let rowids: Vec<i64> = (0..2000).map(|_| rng.next() as i64 >> rng.below(60)).collect();
    for rowid in &rowids {
        tree.put(&pager, *rowid, &record_of(&random_row(&mut rng))).unwrap();
    }
    // Of those that lie in the delta of their leaf, and of those that have been folded.
    for _ in 0..2 {
        let cache = warmed(&tree, &pager, &rowids);
        let known = check(&cache, &tree, &pager, &rowids);
        assert!(known > rowids.len() * 3 / 4, "{known}");
        tree.put(&pager, rowids[0], &record_of(&random_row(&mut rng))).unwrap();
        tree.write_back(&pager).unwrap();
    }
}

#[test]
fn integers_and_reals_of_every_size_come_back() {
    let (pager, mut tree) = (pager(), RowTree::new());
    let integers = (0..64)
        .flat_map(|bits| [1_i64 << bits, (1_i64 << bits).wrapping_neg(), (1_i64 << bits).wrapping_sub(1)]);
    let rowids: Vec<i64> = integers.collect();
    for rowid in &rowids {
        let values = [Value::Integer(*rowid), Value::Real(*rowid as f64 / 3.0), Value::Real(-0.0)];
        tree.put(&pager, *rowid, &record_of(&values)).unwrap();
    }
    let cache = warmed(&tree, &pager, &rowids);
    assert!(check(&cache, &tree, &pager, &rowids) > rowids.len() * 3 / 4);
}

/// Each way to change a tree, with the name under which it fails.
fn changes() -> Vec<(&'static str, fn(&mut RowTree, &Arc<Pager>))> {
    fn record() -> Vec<u8> {
        record_of(&[Value::Integer(-1), Value::text("new")])
    }
    const COLUMN: [NewColumn<'_>; 1] = [NewColumn { slot: 0, values: &[ValueRef::Integer(-2)] }];
    vec![
        ("put", |tree, pager| tree.put(pager, 5, &record()).unwrap()),
        ("put of a new row", |tree, pager| tree.put(pager, -5, &record()).unwrap()),
        ("put behind", |tree, pager| tree.put(pager, 1 << 40, &record()).unwrap()),
        ("put_encoded", |tree, pager| tree.put_encoded(pager, 5, &record(), true).unwrap()),
        ("put of a long value", |tree, pager| {
            let long = Value::text(&b"x".repeat(100_000)[..]);
            tree.put(pager, 5, &record_of(&[long])).unwrap();
        }),
        ("delete", |tree, pager| assert!(tree.delete(pager, 5).unwrap())),
        ("delete_rows", |tree, pager| assert_eq!(tree.delete_rows(pager, &[5]).unwrap(), 1)),
        ("put_columns", |tree, pager| _ = tree.put_columns(pager, &[5], &COLUMN).unwrap().unwrap()),
        ("append_leaf", |tree, pager| _ = tree.append_leaf(pager, &[1 << 41], &COLUMN).unwrap()),
        ("clear", |tree, pager| tree.clear(pager).unwrap()),
    ]
}

#[test]
fn every_change_lets_go_of_the_cache_and_other_versions_keep_it() {
    let rowids: Vec<i64> = (0..500).collect();
    for (name, change) in changes() {
        let (pager, mut tree) = (pager(), RowTree::new());
        for rowid in &rowids {
            let values = [Value::Integer(rowid * 2), Value::text(format!("row {rowid}"))];
            tree.put(&pager, *rowid, &record_of(&values)).unwrap();
        }
        let cache = warmed(&tree, &pager, &rowids);
        tree.write_back(&pager).unwrap();
        assert!(Arc::ptr_eq(&cache, tree.row_cache().unwrap()), "{name}: writing back changes no row");
        // Twice: the second change may go another way, in the tree's own nodes.
        for _ in 0..2 {
            let old = tree.clone();
            change(&mut tree, &pager);
            assert!(tree.row_cache().is_none(), "{name}");
            if name != "clear" && !name.starts_with("delete") {
                let cache = warmed(&tree, &pager, &rowids);
                assert!(check(&cache, &tree, &pager, &rowids) > 0, "{name}");
            }
            if let Some(cache) = old.row_cache() {
                assert!(check(cache, &old, &pager, &rowids) > 400, "{name}: the version before");
            }
            if name.starts_with("delete") || name == "clear" {
                break;
            }
            if name == "append_leaf" {
                tree.delete(&pager, 1 << 41).unwrap();
            }
        }
    }
}

#[test]
fn a_slot_that_others_write_is_never_read_half_old_half_new() {
    let (pager, mut tree) = (pager(), RowTree::new());
    let rowids: Vec<i64> = (0..2000).collect();
    for rowid in &rowids {
        // A row tells in every word of its slot which one it is.
        let text = Value::text(format!("{rowid:>8}").repeat(9));
        tree.put(&pager, *rowid, &record_of(&[Value::Integer(*rowid), text])).unwrap();
    }
    let cache = warmed(&tree, &pager, &rowids);
    std::thread::scope(|scope| {
        for thread in 0..3_u64 {
            let (cache, tree, pager, rowids) = (&cache, &tree, &pager, &rowids);
            scope.spawn(move || {
                let (mut rng, mut cached, mut found) = (Rng(thread + 1), CachedRow::default(), 0);
                for _ in 0..200_000 {
                    let rowid = rowids[rng.below(rowids.len() as u64) as usize];
                    // All of them in few slots.
                    let place = hash(rowid % 8) ^ (rowid as u64 % 4);
                    if rng.below(2) == 0 {
                        let row = tree.get(pager, rowid).unwrap().unwrap();
                        cache.keep(place, &row, 2);
                    } else if cache.find(place, &mut cached, |_| true) {
                        found += 1;
                        let rowid = cached.rowid();
                        assert_eq!(cached.column(0), Some(ValueRef::Integer(rowid)));
                        let text = format!("{rowid:>8}").repeat(9);
                        assert_eq!(cached.column(1), Some(ValueRef::Text(text.as_bytes())));
                    }
                }
                assert!(found > 10_000, "{found}");
            });
        }
    });
}

#[test]
fn a_cache_that_finds_too_few_stands_aside_and_later_ones_come_later() {
    let (pager, mut tree) = (pager(), RowTree::new());
    for rowid in 0..50_000 {
        tree.put(&pager, rowid, &record_of(&[Value::Integer(rowid)])).unwrap();
    }
    let mut rowids = (0..50_000).cycle();
    let mut cached = CachedRow::default();
    let mut lookups_until_cached = |tree: &RowTree| {
        let ask = |rowid: i64| {
            let row = tree.get(&pager, rowid).unwrap().unwrap();
            tree.note_lookup(&pager, &row, SLOTS);
            tree.row_cache().is_some()
        };
        1 + rowids.by_ref().take_while(|rowid| !ask(*rowid)).count()
    };
    let first = lookups_until_cached(&tree);
    assert_eq!(first, 50_000 / 4 + 1);
    // Rows that come once each are kept as long as it may think that they come again.
    let cache = Arc::clone(tree.row_cache().unwrap());
    for rowid in 0..50_000 {
        assert!(!has(&cache, rowid, &mut cached));
        cache.keep(hash(rowid), &tree.get(&pager, rowid).unwrap().unwrap(), SLOTS);
    }
    let passed_by = (50_000..100_000).filter(|rowid| has(&cache, *rowid, &mut cached)).count();
    let first_kept = (0..5000).filter(|rowid| has(&cache, *rowid, &mut cached)).count();
    let last_kept = (40_000..50_000).filter(|rowid| has(&cache, *rowid, &mut cached)).count();
    assert_eq!((passed_by, last_kept), (0, 0));
    assert!(first_kept > 4500, "{first_kept}");
    // What was found just now has not paid for it yet: the next version waits longer.
    tree.put(&pager, 0, &record_of(&[Value::Integer(0)])).unwrap();
    assert_eq!(lookups_until_cached(&tree), 4 * (first - 1) + 1);
}
