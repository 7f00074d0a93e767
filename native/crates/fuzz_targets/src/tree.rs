//! Row trees and key trees whose blocks hold anything.
//!
//!     input    root (43 bytes) | (block piece)…        blocks have the ids 1, 2, …
//!
//! Laws: reading, looking up, changing, writing, checking and clearing end, in an error or in rows.

use std::sync::Arc;

use pluresdb_store::{BlockId, MemoryStore, Store};
use pluresdb_tree::{KeyCursor, KeyTree, Lane, Pager, Result, RowCursor, RowTree};
use pluresdb_value::record::encode_values;

use crate::Input;
use crate::input::{sample_values, write_piece};

const ROOT_LEN: usize = 43;
const MAX_BLOCKS: usize = 24;
const MAX_STEPS: usize = 5000;
const CACHE_BYTES: usize = 1 << 20;
const SLOTS: usize = 8;

/// A store in which the blocks of the input lie under the ids 1, 2, ….
fn pager_over(input: &mut Input<'_>) -> Arc<Pager> {
    let store = MemoryStore::new();
    for _ in 0..MAX_BLOCKS {
        if input.is_empty() {
            break;
        }
        let id = store.allocate();
        store.write(&[(id, input.piece())]).expect("memory takes blocks of any contents");
    }
    Pager::new(Arc::new(store), CACHE_BYTES)
}

fn record(index: usize) -> Vec<u8> {
    let mut out = Vec::new();
    let mut values = sample_values();
    values.rotate_left(index % 13);
    encode_values(&values[..SLOTS], &mut out);
    out
}

pub fn run_rows(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let root = input.take(ROOT_LEN);
    let pager = pager_over(&mut input);
    let Ok(mut tree) = RowTree::decode_root(root) else { return };
    let _ = read_rows(&tree, &pager);
    tree.verify(&pager, &mut |_| {});
    for (index, rowid) in [0, 1, -1, 5, 100, i64::MAX, i64::MIN].into_iter().enumerate() {
        let _ = tree.get(&pager, rowid).map(|view| view.map(|view| view.to_record(&mut Vec::new())));
        let _ = tree.nth(&pager, rowid as u64);
        let _ = tree.put(&pager, rowid, &record(index));
        let _ = tree.delete(&pager, rowid.wrapping_add(1));
    }
    let _ = read_rows(&tree, &pager);
    if tree.write_back(&pager).is_ok() {
        pager.clear_cache();
        let _ = read_rows(&tree, &pager);
    }
    let _ = tree.clear(&pager);
}

fn read_rows(tree: &RowTree, pager: &Arc<Pager>) -> Result<()> {
    let mut cursor = RowCursor::new(tree, Arc::clone(pager));
    let mut is_valid = cursor.first()?;
    for _ in 0..MAX_STEPS {
        if !is_valid {
            break;
        }
        for slot in 0..SLOTS {
            let _ = cursor.column(slot);
            if let Lane::Text(strings) = cursor.leaf().lane(slot) {
                let _ = strings.get(0);
            }
            let _ = cursor.leaf().summary(slot);
        }
        let _ = cursor.to_record(&mut Vec::new());
        if cursor.rowid() % 8 == 0 {
            cursor.settle_leaf();
        }
        is_valid = cursor.next()?;
    }
    let _ = cursor.last()?;
    let _ = cursor.seek_ge(3)?;
    let _ = cursor.seek_nth(1)?;
    let _ = cursor.prev()?;
    Ok(())
}

pub fn run_keys(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let root = input.take(ROOT_LEN);
    let pager = pager_over(&mut input);
    let Ok(mut tree) = KeyTree::decode_root(root) else { return };
    let _ = read_keys(&tree, &pager);
    tree.verify(&pager, &mut |_| {});
    for key in [&b""[..], b"a", b"shared/1", b"shared/31", b"\xff\xff", &[0; 300]] {
        let _ = tree.get(&pager, key).map(|view| view.map(|view| view.value().len()));
        let _ = tree.put(&pager, key, b"new");
        let _ = tree.put(&pager, key, &[1; 5000]);
        let _ = tree.delete(&pager, b"shared/62");
    }
    let _ = read_keys(&tree, &pager);
    if tree.write_back(&pager).is_ok() {
        pager.clear_cache();
        let _ = read_keys(&tree, &pager);
    }
    let _ = tree.clear(&pager);
}

fn read_keys(tree: &KeyTree, pager: &Arc<Pager>) -> Result<()> {
    let mut cursor = KeyCursor::new(tree, Arc::clone(pager));
    let mut is_valid = cursor.first()?;
    for _ in 0..MAX_STEPS {
        if !is_valid {
            break;
        }
        let _ = (cursor.key().len(), cursor.value().map(<[u8]>::len));
        is_valid = cursor.next()?;
    }
    let _ = cursor.last()?;
    let _ = cursor.seek_le(b"shared/5")?;
    let _ = cursor.seek_nth(1)?;
    let _ = cursor.prev()?;
    Ok(())
}

/// A tree's root and its blocks in the input's form.
fn written(root: &[u8], store: &dyn Store) -> Vec<u8> {
    let mut ids = Vec::new();
    store.iterate(&mut |id: BlockId, _| ids.push(id));
    ids.sort_unstable();
    let mut out = root.to_vec();
    for id in ids {
        let block = store.read(id).expect("it was just written");
        write_piece(&block[..block.len().min(usize::from(u16::MAX))], &mut out);
    }
    out
}

/// Bytes of a delta block that tell it from others.
const ROW_DELTA: &[u8] = b"PDBTT";

pub fn row_seeds() -> Vec<Vec<u8>> {
    let mut seeds = vec![seed_with_deltas()];
    seeds.extend([0_usize, 1, 5, 40, 300, 3000].map(|count| {
        let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
        let pager = Pager::new(Arc::clone(&store), CACHE_BYTES);
        let mut tree = RowTree::new();
        for index in 0..count {
            tree.put(&pager, index as i64 * 3, &record(index)).expect("memory takes rows");
        }
        if count == 40 {
            let mut wide = Vec::new();
            encode_values(&[pluresdb_value::Value::blob(&[5_u8; 9000][..])], &mut wide);
            tree.put(&pager, 7, &wide).expect("memory takes rows");
        }
        tree.write_back(&pager).expect("memory takes blocks");
        written(&tree.encode_root(), &*store)
    }));
    seeds
}

/// Leaves of which few rows changed after they were written: some were put, some are gone, one is wide.
fn seed_with_deltas() -> Vec<u8> {
    let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
    let pager = Pager::new(Arc::clone(&store), CACHE_BYTES);
    let mut tree = RowTree::new();
    for index in 0..1000 {
        tree.put(&pager, index as i64 * 3, &record(index)).expect("memory takes rows");
    }
    tree.write_back(&pager).expect("memory takes blocks");
    let mut wide = Vec::new();
    encode_values(&[pluresdb_value::Value::blob(&[5_u8; 9000][..])], &mut wide);
    for rowid in [3, 4, 1500, 2997] {
        tree.put(&pager, rowid, &record(7)).expect("memory takes rows");
        tree.delete(&pager, rowid + 3).expect("memory takes rows");
    }
    tree.put(&pager, 100, &wide).expect("memory takes rows");
    tree.write_back(&pager).expect("memory takes blocks");
    let seed = written(&tree.encode_root(), &*store);
    assert!(seed.windows(ROW_DELTA.len()).any(|bytes| bytes == ROW_DELTA), "there is a delta block");
    seed
}

pub fn key_seeds() -> Vec<Vec<u8>> {
    [0_usize, 1, 7, 60, 500, 4000]
        .map(|count| {
            let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
            let pager = Pager::new(Arc::clone(&store), CACHE_BYTES);
            let mut tree = KeyTree::new();
            for index in 0..count {
                let value = vec![1; if index == 20 { 9000 } else { index % 20 }];
                tree.put(&pager, format!("shared/{}", index * 31).as_bytes(), &value)
                    .expect("memory takes keys");
            }
            tree.write_back(&pager).expect("memory takes blocks");
            written(&tree.encode_root(), &*store)
        })
        .to_vec()
}
