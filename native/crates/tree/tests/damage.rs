//! Whatever a block holds, reading it answers an error or some rows: never a panic, a hang or a huge allocation.
#![allow(clippy::unwrap_used, reason = "a test fails where an answer is missing")]

mod common;

use std::sync::{Arc, atomic::Ordering};

use common::{LyingStore, ROW_DELTA, Rng, blocks_of_kind, random_row, record_of};
use pluresdb_tree::{KeyCursor, KeyTree, Lane, Pager, RowCursor, RowTree};

const MAX_STEPS: usize = 200_000;

fn read_all(tree: &RowTree, pager: &Arc<Pager>) -> pluresdb_tree::Result<()> {
    let mut cursor = RowCursor::new(tree, pager.clone());
    let mut is_valid = cursor.first()?;
    let mut steps = 0;
    while is_valid && steps < MAX_STEPS {
        for slot in 0..8 {
            let _ = cursor.column(slot);
            if let Lane::Text(strings) = cursor.leaf().lane(slot) {
                let _ = strings.get(0);
            }
            let _ = cursor.leaf().summary(slot);
        }
        let _ = cursor.to_record(&mut Vec::new());
        is_valid = cursor.next()?;
        steps += 1;
    }
    Ok(())
}

#[test]
fn damaged_row_blocks_never_panic() {
    let store = LyingStore::new();
    let pager = Pager::new(store.clone(), 1 << 20);
    let mut rng = Rng(77);
    let mut tree = RowTree::new();
    for rowid in 0..4000 {
        tree.put(&pager, rowid * 3, &record_of(&random_row(&mut rng))).unwrap();
    }
    tree.write_back(&pager).unwrap();
    for _ in 0..40 {
        tree.put(&pager, rng.below(12_000) as i64, &record_of(&random_row(&mut rng))).unwrap();
        tree.delete(&pager, rng.below(4000) as i64 * 3).unwrap();
    }
    tree.write_back(&pager).unwrap();
    assert!(!blocks_of_kind(&*store, ROW_DELTA).is_empty(), "some leaves have a delta block");
    let root = tree.encode_root();
    for seed in 1..400_u64 {
        store.seed.store(seed * 7919, Ordering::Relaxed);
        pager.clear_cache();
        let mut tree = RowTree::decode_root(&root).unwrap();
        let _ = read_all(&tree, &pager);
        tree.verify(&pager, &mut |_| {});
        for _ in 0..40 {
            let rowid = rng.below(12_000) as i64;
            let _ = tree.get(&pager, rowid).map(|view| view.map(|view| view.to_record(&mut Vec::new())));
            let _ = tree.nth(&pager, rng.below(5000));
            let _ = tree.put(&pager, rowid, &record_of(&random_row(&mut rng)));
            let _ = tree.delete(&pager, rng.below(12_000) as i64);
        }
        let _ = tree.write_back(&pager);
        let _ = tree.clear(&pager);
    }
}

#[test]
fn damaged_key_blocks_never_panic() {
    let store = LyingStore::new();
    let pager = Pager::new(store.clone(), 1 << 20);
    let mut rng = Rng(78);
    let mut tree = KeyTree::new();
    for number in 0..8000_u32 {
        let value = vec![1; if number % 500 == 0 { 20_000 } else { rng.below(20) as usize }];
        tree.put(&pager, format!("shared/{}", number * 31).as_bytes(), &value).unwrap();
    }
    tree.write_back(&pager).unwrap();
    let root = tree.encode_root();
    for seed in 1..400_u64 {
        store.seed.store(seed * 104_729, Ordering::Relaxed);
        pager.clear_cache();
        let mut tree = KeyTree::decode_root(&root).unwrap();
        let mut cursor = KeyCursor::new(&tree, pager.clone());
        let mut steps = 0;
        let mut is_valid = cursor.first().unwrap_or(false);
        while is_valid && steps < MAX_STEPS {
            let _ = cursor.value();
            is_valid = cursor.next().unwrap_or(false);
            steps += 1;
        }
        tree.verify(&pager, &mut |_| {});
        for _ in 0..40 {
            let key = format!("shared/{}", rng.below(250_000));
            let _ = tree.get(&pager, key.as_bytes());
            let _ = tree.put(&pager, key.as_bytes(), b"new");
            let _ = tree.delete(&pager, format!("shared/{}", rng.below(8000) * 31).as_bytes());
        }
        let _ = tree.clear(&pager);
    }
}

#[test]
fn damaged_roots_are_refused() {
    let mut rng = Rng(5);
    let sound = RowTree::new().encode_root();
    assert!(RowTree::decode_root(&sound).is_ok());
    assert!(RowTree::decode_root(&[]).is_err());
    for _ in 0..1000 {
        let mut root = sound.clone();
        let at = rng.below(root.len() as u64) as usize;
        root[at] = rng.next() as u8;
        let _ = RowTree::decode_root(&root);
        let _ = KeyTree::decode_root(&root[..at]);
    }
}
