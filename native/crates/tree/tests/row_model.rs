//! A row tree behaves as a sorted map from rowid to row, whatever the order of changes, snapshots, checkpoints,
//! spills, reopens and evictions.
#![allow(clippy::unwrap_used, reason = "a test fails where an answer is missing")]

mod common;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use common::{ROW_DELTA, Rng, blocks_of_kind, random_row, record_of};
use pluresdb_store::{BlockId, MemoryStore, Root, Store};
use pluresdb_tree::{LeafChange, NewColumn, Pager, RowCursor, RowTree, for_each_row_of};
use pluresdb_value::{Value, ValueRef, record::Record};

type Model = BTreeMap<i64, Vec<Value>>;

fn values_of(record: &[u8]) -> Vec<Value> {
    Record::new(record).unwrap().iter().map(|value| value.unwrap().to_value()).collect()
}

fn bits_of(row: &[Value]) -> Vec<Option<u64>> {
    let bits = |value: &Value| if let Value::Real(real) = value { Some(real.to_bits()) } else { None };
    row.iter().map(bits).collect()
}

fn assert_row(row: &[Value], column: impl Fn(usize) -> Option<Value>) {
    for (slot, value) in row.iter().enumerate() {
        assert_eq!(column(slot).as_ref(), Some(value), "slot {slot}");
    }
    assert_eq!(column(row.len()), None);
    assert_eq!(column(row.len() + 7), None);
}

fn assert_same(tree: &RowTree, pager: &Arc<Pager>, model: &Model) {
    assert_eq!(tree.count(), model.len() as u64);
    assert_eq!(tree.is_empty(), model.is_empty());
    let mut problems = Vec::new();
    tree.verify(pager, &mut |problem| problems.push(problem));
    assert_eq!(problems, Vec::<String>::new());
    let mut cursor = RowCursor::new(tree, pager.clone());
    let mut is_valid = cursor.first().unwrap();
    for (rowid, row) in model {
        assert!(is_valid);
        assert_eq!(cursor.rowid(), *rowid);
        assert_row(row, |slot| cursor.column(slot).unwrap().map(ValueRef::to_value));
        let mut record = Vec::new();
        cursor.to_record(&mut record).unwrap();
        assert_eq!(&values_of(&record), row);
        assert_eq!(bits_of(&values_of(&record)), bits_of(row), "0.0 is not -0.0");
        if rowid % 64 == 0 {
            cursor.settle_leaf();
            assert_eq!(cursor.rowid(), *rowid);
            assert_row(row, |slot| cursor.column(slot).unwrap().map(ValueRef::to_value));
        }
        is_valid = cursor.next().unwrap();
    }
    assert!(!is_valid && !cursor.is_valid());
    let mut is_valid = cursor.last().unwrap();
    for rowid in model.keys().rev() {
        assert!(is_valid);
        assert_eq!(cursor.rowid(), *rowid);
        is_valid = cursor.prev().unwrap();
    }
    assert!(!is_valid);
    // Scans that settle the leaves they come to.
    let mut is_valid = cursor.first().unwrap();
    for (rowid, row) in model {
        assert!(is_valid);
        assert_eq!(cursor.rowid(), *rowid);
        assert_row(row, |slot| cursor.column(slot).unwrap().map(ValueRef::to_value));
        is_valid = cursor.next_settled().unwrap();
    }
    assert!(!is_valid);
    let mut is_valid = cursor.last().unwrap();
    for rowid in model.keys().rev() {
        assert!(is_valid);
        assert_eq!(cursor.rowid(), *rowid);
        is_valid = cursor.prev_settled().unwrap();
    }
    assert!(!is_valid);
}

fn assert_points(tree: &RowTree, pager: &Arc<Pager>, model: &Model, rng: &mut Rng, keys: u64) {
    let mut cursor = RowCursor::new(tree, pager.clone());
    for _ in 0..60 {
        let rowid = rng.below(keys + 20) as i64 - 10;
        let row = model.get(&rowid);
        let view = tree.get(pager, rowid).unwrap();
        assert_eq!(view.is_some(), row.is_some());
        assert_eq!(tree.contains(pager, rowid).unwrap(), row.is_some());
        if let (Some(view), Some(row)) = (view, row) {
            assert_eq!(view.rowid(), rowid);
            assert_row(row, |slot| view.column(slot).unwrap().map(ValueRef::to_value));
        }
        assert_eq!(cursor.seek_exact(rowid).unwrap(), row.is_some());
        if row.is_some() {
            assert_eq!(cursor.rowid(), rowid);
            let step = if rng.below(2) == 0 { cursor.next().unwrap() } else { cursor.prev().unwrap() };
            assert_eq!(step, cursor.is_valid());
        }
        // Seeks from wherever the cursor stands, then steps both ways across what it found.
        let above: Vec<i64> = model.range(rowid..).map(|(rowid, _)| *rowid).take(4).collect();
        let below: Vec<i64> = model.range(..=rowid).rev().map(|(rowid, _)| *rowid).take(4).collect();
        let mut is_valid = cursor.seek_ge(rowid).unwrap();
        for expected in &above {
            assert!(is_valid);
            assert_eq!(cursor.rowid(), *expected);
            is_valid = cursor.next().unwrap();
        }
        assert!(above.len() == 4 || !is_valid);
        let mut is_valid = cursor.seek_le(rowid).unwrap();
        for expected in &below {
            assert!(is_valid);
            assert_eq!(cursor.rowid(), *expected);
            is_valid = cursor.prev().unwrap();
        }
        assert_eq!(tree.rank(pager, rowid).unwrap(), model.range(..rowid).count() as u64);
        if let [first, second, ..] = above[..] {
            assert!(cursor.seek_ge(rowid).unwrap());
            assert!(cursor.next().unwrap());
            assert_eq!(cursor.rowid(), second);
            assert!(cursor.prev().unwrap());
            assert_eq!(cursor.rowid(), first);
        }
    }
    for _ in 0..10 {
        let offset = rng.below(model.len() as u64 + 2);
        let expected = model.keys().nth(offset as usize).copied();
        assert_eq!(tree.nth(pager, offset).unwrap(), expected);
        assert_eq!(cursor.seek_nth(offset).unwrap().then(|| cursor.rowid()), expected);
    }
    assert_eq!(tree.first_rowid(pager).unwrap(), model.keys().next().copied());
    assert_eq!(tree.last_rowid(pager).unwrap(), model.keys().next_back().copied());
}

/// Blocks in the store are those the tree needs, and no others.
fn assert_no_leak(tree: &RowTree, store: &MemoryStore, pager: &Arc<Pager>) {
    let mut probe = tree.clone();
    let _ = probe.take_freed();
    probe.clear(pager).unwrap();
    let needed: BTreeSet<BlockId> = probe.take_freed().into_iter().collect();
    let mut stored = BTreeSet::new();
    store.iterate(&mut |id, _| {
        stored.insert(id);
    });
    assert_eq!(stored, needed);
}

/// How many delta blocks its checkpoints left in the store, all together.
fn run(seed: u64, steps: usize, keys: u64, cache_bytes: usize, checks_leaks: bool) -> usize {
    let mut rng = Rng(seed);
    let store = Arc::new(MemoryStore::new());
    let pager = Pager::new(store.clone(), cache_bytes);
    let mut tree = RowTree::new();
    let mut model = Model::new();
    let mut snapshots: Vec<(RowTree, Model)> = Vec::new();
    let mut next = 0;
    let mut delta_count = 0;
    for step in 0..steps {
        match rng.below(100) {
            0..=39 => {
                let rowid = rng.below(keys) as i64;
                let row = random_row(&mut rng);
                let replaces = model.contains_key(&rowid);
                tree.put_encoded(&pager, rowid, &record_of(&row), replaces).unwrap();
                model.insert(rowid, row);
            }
            40..=69 => {
                next += 1 + i64::from(rng.below(4) == 0);
                let row = random_row(&mut rng);
                tree.put(&pager, next, &record_of(&row)).unwrap();
                model.insert(next, row);
            }
            70..=90 => {
                let rowid = rng.below(keys) as i64;
                assert_eq!(tree.delete(&pager, rowid).unwrap(), model.remove(&rowid).is_some());
            }
            91 => {
                let from = rng.below(keys) as i64;
                for rowid in from..from + rng.below(keys / 4) as i64 {
                    assert_eq!(tree.delete(&pager, rowid).unwrap(), model.remove(&rowid).is_some());
                }
            }
            92..=93 if !checks_leaks => snapshots.push((tree.clone(), model.clone())),
            94 if !snapshots.is_empty() => {
                let index = rng.below(snapshots.len() as u64) as usize;
                let (old, old_model) = snapshots.swap_remove(index);
                assert_same(&old, &pager, &old_model);
                if rng.below(3) == 0 {
                    // Rollback.
                    (tree, model) = (old, old_model);
                }
            }
            95..=96 => {
                let catalog = tree.write_back(&pager).unwrap();
                assert!(!tree.is_dirty());
                delta_count += blocks_of_kind(&*store, ROW_DELTA).len();
                let freed = tree.take_freed();
                if checks_leaks {
                    store.commit_root(Root { catalog, ..Root::default() }, &freed).unwrap();
                    assert_no_leak(&tree, &store, &pager);
                }
                let root = tree.encode_root();
                tree = RowTree::decode_root(&root).unwrap();
                if rng.below(2) == 0 {
                    pager.clear_cache();
                }
            }
            97 => {
                let mut spilled = Vec::new();
                tree.spill(&pager, &mut spilled).unwrap();
                store.adopt(&spilled);
            }
            98 => assert_points(&tree, &pager, &model, &mut rng, keys),
            _ if step % 7 == 0 => assert_same(&tree, &pager, &model),
            _ => {}
        }
        assert_eq!(tree.count(), model.len() as u64);
    }
    assert_same(&tree, &pager, &model);
    for (old, old_model) in &snapshots {
        assert_same(old, &pager, old_model);
    }
    drop(snapshots);
    tree.clear(&pager).unwrap();
    assert!(tree.is_empty());
    drop(tree);
    assert_eq!(pager.dirty_bytes(), 0);
    assert!(pager.cached_bytes() <= pager.cache_size());
    delta_count
}

#[test]
fn a_row_tree_is_a_sorted_map_of_rows() {
    let delta_count: usize = (1..=6).map(|seed| run(seed, 3000, 2000, 1 << 20, false)).sum();
    assert!(delta_count > 100, "{delta_count} delta blocks");
}

#[test]
fn a_row_tree_with_hardly_any_cache_is_the_same() {
    for seed in 11..=13 {
        run(seed, 2500, 3000, 10_000, false);
    }
}

#[test]
fn blocks_in_the_store_are_those_the_tree_needs() {
    let delta_count: usize = (21..=24).map(|seed| run(seed, 2500, 1500, 1 << 20, true)).sum();
    assert!(delta_count > 20, "{delta_count} delta blocks");
}

#[test]
fn small_trees_too() {
    for seed in 31..=60 {
        run(seed, 300, 20, 1 << 16, seed % 2 == 0);
    }
}

#[test]
fn rows_appended_in_order_fill_leaves_and_read_back() {
    let pager = Pager::new(Arc::new(MemoryStore::new()), 64 << 20);
    let mut tree = RowTree::new();
    let row = |rowid: i64| {
        vec![
            Value::Integer(rowid * 7),
            Value::text(format!("name {}", rowid % 100).as_bytes()),
            Value::text(format!("unique {rowid}").as_bytes()),
            Value::Real(rowid as f64 / 3.0),
            Value::Null,
        ]
    };
    for rowid in 0..50_000 {
        tree.put(&pager, rowid, &record_of(&row(rowid))).unwrap();
    }
    let built =
        RowTree::build_sorted(&pager, (0..50_000).map(|rowid| (rowid, record_of(&row(rowid))))).unwrap();
    for mut tree in [tree, built] {
        let model: Model = (0..50_000).map(|rowid| (rowid, row(rowid))).collect();
        tree.write_back(&pager).unwrap();
        assert_same(&tree, &pager, &model);
        let sizes = pager.store().sizes();
        let leaves = sizes.live_bytes / sizes.block_count;
        assert!(leaves > 16_000, "blocks are {leaves} bytes on average");
    }
}

/// Rows of full leaves change in some of their columns, as an UPDATE does it, and come and go in between: what is copied
/// unchanged when a leaf is folded is what was there.
#[test]
fn rows_that_change_in_some_columns_fold_into_what_they_are() {
    for seed in 71..=82 {
        let mut rng = Rng(seed);
        let pager = Pager::new(Arc::new(MemoryStore::new()), 1 << 20);
        let mut tree = RowTree::new();
        let mut model = Model::new();
        let value = |slot: usize, rng: &mut Rng| match (slot, rng.below(40)) {
            (_, 0) => Value::Null,
            (_, 1) => Value::Integer(rng.next() as i64),
            (0, _) => Value::Integer(rng.below(200) as i64),
            (1, _) => Value::text(format!("name {}", rng.below(9000)).as_bytes()),
            (2, pick) => Value::Real(if pick % 2 == 0 { 0.0 } else { -0.0 }),
            (3, _) => Value::text(format!("kind {}", rng.below(5)).as_bytes()),
            _ => Value::Integer(1 << 40 | rng.below(1 << 20) as i64),
        };
        let (rows, step) = (5000, 1 + rng.below(3) as i64);
        for rowid in (0..rows).map(|row| row * step) {
            let row: Vec<Value> = (0..5).map(|slot| value(slot, &mut rng)).collect();
            tree.put(&pager, rowid, &record_of(&row)).unwrap();
            model.insert(rowid, row);
        }
        let mut snapshot = tree.clone();
        for wave in 0..12 {
            if wave % 3 == 0 {
                tree.write_back(&pager).unwrap();
            }
            let slots = rng.below(32);
            for _ in 0..rng.below(9000) {
                let rowid = rng.below((rows * step) as u64) as i64;
                let Some(row) = model.get_mut(&rowid) else { continue };
                for slot in (0..5).filter(|slot| slots >> slot & 1 != 0) {
                    row[slot] = value(slot, &mut rng);
                }
                tree.put(&pager, rowid, &record_of(row)).unwrap();
                if rng.below(200) == 0 {
                    snapshot = tree.clone();
                }
            }
            if wave % 4 == 3 {
                for _ in 0..rng.below(400) {
                    let rowid = rng.below((rows * step) as u64) as i64;
                    assert_eq!(tree.delete(&pager, rowid).unwrap(), model.remove(&rowid).is_some());
                    let added = rng.below((rows * step) as u64) as i64;
                    let row: Vec<Value> = (0..5).map(|slot| value(slot, &mut rng)).collect();
                    tree.put(&pager, added, &record_of(&row)).unwrap();
                    model.insert(added, row);
                }
            }
            assert_same(&tree, &pager, &model);
            assert_points(&tree, &pager, &model, &mut rng, (rows * step) as u64);
        }
        drop(snapshot);
    }
}

/// Rows move to other rowids, one by one: a full leaf keeps the rows that left it as dead ones, and beside them another
/// leaf begins where they were.
#[test]
fn moved_rows_are_found_from_wherever_a_cursor_stands() {
    for seed in 41..=60 {
        let mut rng = Rng(seed);
        let pager = Pager::new(Arc::new(MemoryStore::new()), 1 << 20);
        let mut tree = RowTree::new();
        let mut model = Model::new();
        let row_len = 300 + rng.below(600) as usize;
        for _ in 0..60 {
            let rowid = rng.next() as i64 >> rng.below(64);
            let row = vec![Value::blob(vec![rng.next() as u8; row_len])];
            tree.put(&pager, rowid, &record_of(&row)).unwrap();
            model.insert(rowid, row);
        }
        for wave in 0..8 {
            if rng.below(3) == 0 {
                tree.write_back(&pager).unwrap();
            }
            let rowids: Vec<i64> = model.keys().copied().collect();
            for (nth, rowid) in rowids.into_iter().enumerate() {
                let moved = if wave % 2 == 0 { nth as i64 } else { rng.next() as i64 >> rng.below(64) };
                if !model.contains_key(&moved) {
                    let row = model.remove(&rowid).unwrap();
                    assert!(tree.delete(&pager, rowid).unwrap());
                    tree.put(&pager, moved, &record_of(&row)).unwrap();
                    model.insert(moved, row);
                }
            }
            assert_same(&tree, &pager, &model);
            let rowids: Vec<i64> = model.keys().copied().collect();
            let mut cursor = RowCursor::new(&tree, pager.clone());
            for _ in 0..500 {
                let rowid = rowids[rng.below(rowids.len() as u64) as usize];
                assert!(cursor.seek_exact(rowid).unwrap(), "seed {seed}, rowid {rowid}");
                let (above, below) = (rowid.saturating_add(1), rowid.saturating_sub(1));
                let next = model.range(above..).map(|(rowid, _)| *rowid).find(|next| *next > rowid);
                let found = cursor.seek_ge(above).unwrap().then(|| cursor.rowid());
                assert_eq!(found.filter(|found| *found > rowid), next, "seed {seed}, after {rowid}");
                let prev = model.range(..=below).map(|(rowid, _)| *rowid).rfind(|prev| *prev < rowid);
                let found = cursor.seek_le(below).unwrap().then(|| cursor.rowid());
                assert_eq!(found.filter(|found| *found < rowid), prev, "seed {seed}, before {rowid}");
            }
        }
    }
}

#[test]
fn wide_values_go_to_overflow_and_come_back() {
    let store = Arc::new(MemoryStore::new());
    let pager = Pager::new(store.clone(), 1 << 20);
    let mut tree = RowTree::new();
    let long: Vec<u8> = (0..3_000_000_u32).map(|at| (at / 7) as u8).collect();
    let row = vec![Value::Integer(1), Value::blob(&long[..]), Value::text(&long[..5000]), Value::Null];
    let many: Vec<Value> = (0..100).map(|_| Value::text(&long[..1000])).collect();
    tree.put(&pager, 5, &record_of(&row)).unwrap();
    tree.put(&pager, 6, &record_of(&many)).unwrap();
    let snapshot = tree.clone();
    tree.write_back(&pager).unwrap();
    let mut model = Model::from([(5, row), (6, many)]);
    assert_same(&tree, &pager, &model);
    tree.put(&pager, 5, &record_of(&[Value::Null])).unwrap();
    tree.delete(&pager, 6).unwrap();
    assert_same(&snapshot, &pager, &model);
    model = Model::from([(5, vec![Value::Null])]);
    assert_same(&tree, &pager, &model);
    tree.write_back(&pager).unwrap();
    assert_same(&tree, &pager, &model);
}

#[test]
fn rowids_at_the_ends_of_their_range_are_in_order() {
    let pager = Pager::new(Arc::new(MemoryStore::new()), 1 << 20);
    let mut tree = RowTree::new();
    let mut model = Model::new();
    for rowid in [0, i64::MAX, i64::MIN, -1, 1, i64::MIN + 1, i64::MAX - 1] {
        let row = vec![Value::Integer(rowid), Value::Integer(i64::MIN), Value::Integer(!rowid)];
        tree.put(&pager, rowid, &record_of(&row)).unwrap();
        model.insert(rowid, row);
    }
    assert_same(&tree, &pager, &model);
    tree.write_back(&pager).unwrap();
    assert_same(&tree, &pager, &model);
    let mut cursor = RowCursor::new(&tree, pager.clone());
    assert!(cursor.seek_ge(i64::MAX).unwrap());
    assert!(!cursor.next().unwrap());
    assert!(cursor.seek_le(i64::MIN).unwrap());
    assert!(!cursor.prev().unwrap());
}

#[test]
fn a_malformed_record_is_refused() {
    let pager = Pager::new(Arc::new(MemoryStore::new()), 1 << 20);
    let mut tree = RowTree::new();
    assert!(tree.put(&pager, 1, &[200]).is_err());
    assert!(tree.put(&pager, 1, &[1, 60]).is_err());
    assert!(tree.is_empty());
    assert_eq!(tree.count(), 0);
}

/// Both go a way of their own in the leaves that are a tree's alone.
#[test]
fn rows_appended_and_written_over_leave_snapshots_as_they_are() {
    for seed in 1..=6 {
        let mut rng = Rng(seed * 7919 + 5);
        let pager = Pager::new(Arc::new(MemoryStore::new()), 1 << 22);
        let (mut tree, mut model) = (RowTree::new(), Model::new());
        let mut kept = Vec::new();
        let mut next = -500;
        for step in 0..12_000 {
            let row = random_row(&mut rng);
            let is_wide = row.iter().any(|value| matches!(value, Value::Text(text) if text.len() > 4096));
            // With a wide value every put goes another way: half of the seeds have none.
            let row = if is_wide && seed % 2 == 0 { vec![Value::Integer(step)] } else { row };
            let last = tree.last_rowid(&pager).unwrap();
            assert_eq!(last, model.last_key_value().map(|(rowid, _)| *rowid));
            let rowid = match rng.below(8) {
                0..=4 => {
                    next = last.unwrap_or(next) + 1 + rng.below(3) as i64;
                    next
                }
                _ => rng.below((next + 501) as u64 + 1) as i64 - 500,
            };
            let replaces = model.contains_key(&rowid);
            tree.put_encoded(&pager, rowid, &record_of(&row), replaces).unwrap();
            model.insert(rowid, row);
            if rng.below(40) == 0
                && let Some(last) = tree.last_rowid(&pager).unwrap()
            {
                assert!(tree.delete(&pager, last).unwrap());
                model.remove(&last);
            }
            if rng.below(1500) == 0 {
                kept.push((tree.clone(), model.clone()));
            }
            if rng.below(4000) == 0 {
                tree.write_back(&pager).unwrap();
            }
        }
        kept.push((tree, model));
        for (tree, model) in &kept {
            assert_same(tree, &pager, model);
        }
    }
}

/// The base still has them, deleted: they come back to their places there.
#[test]
fn rows_appended_where_deleted_ones_were_are_found() {
    let pager = Pager::new(Arc::new(MemoryStore::new()), 1 << 22);
    let mut tree = RowTree::new();
    let mut model = Model::new();
    let put = |tree: &mut RowTree, model: &mut Model, rowid: i64, value: i64| {
        let row = vec![Value::Integer(value), Value::Text("text".into())];
        tree.put_encoded(&pager, rowid, &record_of(&row), model.contains_key(&rowid)).unwrap();
        model.insert(rowid, row);
    };
    // What copies the delta of a leaf often enough folds it into a base.
    for rowid in 0..300 {
        let _snapshot = tree.clone();
        put(&mut tree, &mut model, rowid, rowid);
    }
    for rowid in (200..300).rev() {
        assert!(tree.delete(&pager, rowid).unwrap());
        model.remove(&rowid);
        if rowid % 3 == 0 {
            assert_eq!(tree.last_rowid(&pager).unwrap(), Some(rowid - 1));
            for (added, value) in [(rowid, 1), (rowid + 1, 2), (rowid + 2, 3), (rowid + 1, 4)] {
                put(&mut tree, &mut model, added, value);
            }
            assert_same(&tree, &pager, &model);
            for added in rowid..rowid + 3 {
                assert!(tree.delete(&pager, added).unwrap());
                model.remove(&added);
            }
        }
    }
    assert_same(&tree, &pager, &model);
}

/// A row of as many columns as any other, of which the last one may lie in overflow blocks.
fn short_row(rng: &mut Rng, may_be_wide: bool) -> Vec<Value> {
    let mut row: Vec<Value> = (0..4).map(|slot| short_value(rng, slot)).collect();
    if may_be_wide {
        row.push(match rng.below(4) {
            0 => Value::blob(vec![rng.below(256) as u8; 20_000]),
            _ => Value::text(b"short".as_slice()),
        });
    }
    row
}

fn short_value(rng: &mut Rng, slot: usize) -> Value {
    match (slot, rng.below(20)) {
        (_, 0) => Value::Null,
        (0, _) => Value::Integer(rng.below(1000) as i64),
        (1, _) => Value::Real(rng.below(100) as f64 / 8.0),
        (2, _) => Value::text(format!("text {}", rng.below(12)).as_bytes()),
        (_, 1..=3) => Value::Integer(rng.next() as i64),
        (_, 4) => Value::text(vec![b'w'; 900]),
        _ => Value::text(format!("unique {}", rng.next()).as_bytes()),
    }
}

#[test]
fn rows_changed_many_at_a_time_are_rows_changed_one_by_one() {
    for seed in 0..16 {
        let has_wide = seed >= 12;
        let mut rng = Rng(seed);
        let pager = Pager::new(Arc::new(MemoryStore::new()), 1 << 20);
        let (mut tree, mut model) = (RowTree::new(), Model::new());
        let mut snapshots = Vec::new();
        for step in 0..if has_wide { 60 } else { 200 } {
            let low = rng.below(6000) as i64;
            let every = 1 + rng.below(9) as usize;
            let high = low + rng.below(3000) as i64;
            let chosen: Vec<i64> = model.range(low..high).map(|(rowid, _)| *rowid).step_by(every).collect();
            match rng.below(10) {
                0..=3 => {
                    for rowid in (low..low + 400).step_by(every) {
                        let row = short_row(&mut rng, has_wide);
                        tree.put(&pager, rowid, &record_of(&row)).unwrap();
                        model.insert(rowid, row);
                    }
                }
                4..=5 if has_wide => {
                    for rowid in &chosen {
                        assert!(tree.delete(&pager, *rowid).unwrap() && model.remove(rowid).is_some());
                    }
                }
                4..=5 => {
                    let mut rest = &chosen[..];
                    while !rest.is_empty() {
                        let count = tree.delete_rows(&pager, rest).unwrap();
                        rest = &rest[count..];
                    }
                    for rowid in &chosen {
                        assert!(model.remove(rowid).is_some());
                    }
                }
                6..=8 => {
                    let slots: Vec<usize> = (0..4).filter(|_| rng.below(2) == 0).collect();
                    let values: Vec<Vec<Value>> = slots
                        .iter()
                        .map(|slot| chosen.iter().map(|_| short_value(&mut rng, *slot)).collect())
                        .collect();
                    put_many(&mut tree, &pager, &chosen, &slots, &values);
                    for (row, rowid) in chosen.iter().enumerate() {
                        let stored = model.get_mut(rowid).unwrap();
                        for (slot, values) in slots.iter().zip(&values) {
                            stored[*slot] = values[row].clone();
                        }
                    }
                }
                _ if step % 3 == 0 => snapshots.push((tree.clone(), model.clone())),
                _ => {
                    tree.write_back(&pager).unwrap();
                }
            }
            assert_eq!(tree.last_rowid(&pager).unwrap(), model.keys().next_back().copied());
        }
        assert_same(&tree, &pager, &model);
        for (tree, model) in &snapshots {
            assert_same(tree, &pager, model);
        }
    }
}

/// Writes the columns over; the blocks that tell of it have the rows as they are then, or what makes them so.
fn put_many(tree: &mut RowTree, pager: &Arc<Pager>, rowids: &[i64], slots: &[usize], values: &[Vec<Value>]) {
    let values: Vec<Vec<ValueRef<'_>>> =
        values.iter().map(|values| values.iter().map(Value::as_ref).collect()).collect();
    let mut from = 0;
    let mut follower = tree.clone();
    while from < rowids.len() {
        let columns: Vec<NewColumn<'_>> = slots
            .iter()
            .zip(&values)
            .map(|(slot, values)| NewColumn { slot: *slot, values: &values[from..] })
            .collect();
        let done = tree.put_columns(pager, &rowids[from..], &columns).unwrap().unwrap();
        let mut told = BTreeMap::new();
        match &done.change {
            LeafChange::Rows(block) => for_each_row_of(block, |rowid, record| {
                told.insert(rowid, values_of(record));
                follower.put(pager, rowid, record)
            })
            .unwrap(),
            LeafChange::Columns(block) => {
                follower.delete(pager, rowids[from]).unwrap();
                follower.put_columns_of(pager, block).unwrap();
                assert!(!follower.contains(pager, rowids[from]).unwrap(), "a row that is gone stays away");
                let mut record = Vec::new();
                tree.read(pager, rowids[from], |row| row.to_record(&mut record)).unwrap().unwrap();
                follower.put(pager, rowids[from], &record).unwrap();
                follower.put_columns_of(pager, block).unwrap();
                for rowid in &rowids[from..from + done.count] {
                    let mut record = Vec::new();
                    follower.read(pager, *rowid, |row| row.to_record(&mut record)).unwrap().unwrap();
                    told.insert(*rowid, values_of(&record));
                }
            }
        }
        for rowid in &rowids[from..from + done.count] {
            assert!(told.contains_key(rowid));
        }
        for (rowid, row) in told {
            let view = tree.get(pager, rowid).unwrap().unwrap();
            assert_row(&row, |slot| view.column(slot).unwrap().map(ValueRef::to_value));
        }
        from += done.count;
    }
}

#[test]
fn columns_beside_long_values_are_put_and_long_ones_are_not() {
    let pager = Pager::new(Arc::new(MemoryStore::new()), 1 << 20);
    let mut tree = RowTree::new();
    let long = Value::blob(vec![7; 20_000]);
    for rowid in 0..100 {
        let second = if rowid % 2 == 0 { long.clone() } else { Value::Null };
        tree.put(&pager, rowid, &record_of(&[Value::Integer(rowid), second])).unwrap();
    }
    let blocks = tree.overflow_blocks();
    let put = |tree: &mut RowTree, rowid, slot| {
        let new = [NewColumn { slot, values: &[ValueRef::Integer(-1)] }];
        tree.put_columns(&pager, &[rowid], &new).unwrap().is_some()
    };
    assert!(put(&mut tree, 4, 0) && put(&mut tree, 5, 1));
    assert!(!put(&mut tree, 4, 1), "its overflow blocks would have to be freed");
    assert_eq!(tree.overflow_blocks(), blocks);
    let row = |rowid| {
        let view = tree.get(&pager, rowid).unwrap().unwrap();
        [0, 1].map(|slot| view.column(slot).unwrap().map(ValueRef::to_value))
    };
    assert_eq!(row(4), [Some(Value::Integer(-1)), Some(long)]);
    assert_eq!(row(5), [Some(Value::Integer(5)), Some(Value::Integer(-1))]);
}

#[test]
fn a_column_is_not_put_behind_one_that_rows_of_the_leaf_lack() {
    let pager = Pager::new(Arc::new(MemoryStore::new()), 1 << 20);
    let mut tree = RowTree::new();
    for rowid in 0..100 {
        let row = vec![Value::Integer(rowid); if rowid == 50 { 3 } else { 1 }];
        tree.put(&pager, rowid, &record_of(&row)).unwrap();
    }
    let put = |tree: &mut RowTree, slot| {
        let new = [NewColumn { slot, values: &[ValueRef::Integer(7)] }];
        tree.put_columns(&pager, &[3], &new).unwrap().is_some()
    };
    assert!(!put(&mut tree, 2), "only the table knows what row 3 has in the second column");
    assert_eq!(tree.get(&pager, 3).unwrap().unwrap().column(1).unwrap(), None);
    assert!(put(&mut tree, 1) && put(&mut tree, 0));
    assert_eq!(tree.get(&pager, 3).unwrap().unwrap().column(1).unwrap(), Some(ValueRef::Integer(7)));
}
