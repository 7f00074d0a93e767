//! Leaves of which a few rows changed lie in two blocks, a base and a delta; what becomes of both.
#![allow(clippy::unwrap_used, reason = "a test fails where an answer is missing")]

mod common;

use std::{collections::BTreeSet, sync::Arc};

use common::{ROW_DELTA, ROW_LEAF, blocks_of_kind, record_of};
use pluresdb_store::{BlockId, MemoryStore, Root, Store};
use pluresdb_tree::{Pager, RowCursor, RowTree, TreeError};
use pluresdb_value::{Value, ValueRef};

const ROWS: i64 = 5000;

fn row(rowid: i64, number: i64) -> Vec<u8> {
    record_of(&[
        Value::Integer(number),
        Value::text(format!("unique {}", rowid * 7919).as_bytes()),
        Value::Real(rowid as f64 / 3.0),
    ])
}

/// A store, and a tree in it that is committed.
struct Life {
    store: Arc<MemoryStore>,
    pager: Arc<Pager>,
    tree: RowTree,
}

impl Life {
    /// Rows 0, 2, 4 …, each with its own number.
    fn new() -> Life {
        let store = Arc::new(MemoryStore::new());
        let pager = Pager::new(store.clone(), 1 << 20);
        let rows = (0..ROWS).map(|number| (2 * number, row(2 * number, 2 * number)));
        let tree = RowTree::build_sorted(&pager, rows).unwrap();
        let mut life = Life { store, pager, tree };
        life.checkpoint();
        life
    }

    fn put(&mut self, rowid: i64, number: i64) {
        self.tree.put(&self.pager, rowid, &row(rowid, number)).unwrap();
    }

    /// Then only the blocks are there.
    fn checkpoint(&mut self) {
        self.tree.write_back(&self.pager).unwrap();
        self.commit();
        self.tree = RowTree::decode_root(&self.tree.encode_root()).unwrap();
        self.pager.clear_cache();
    }

    fn commit(&mut self) {
        let freed = self.tree.take_freed();
        self.store.commit_root(Root::default(), &freed).unwrap();
    }

    fn bases(&self) -> BTreeSet<BlockId> {
        blocks_of_kind(&*self.store, ROW_LEAF)
    }

    fn deltas(&self) -> BTreeSet<BlockId> {
        blocks_of_kind(&*self.store, ROW_DELTA)
    }

    fn assert_sound(&self) {
        assert_eq!(problems(&self.tree, &self.pager), Vec::<String>::new());
    }
}

fn problems(tree: &RowTree, pager: &Pager) -> Vec<String> {
    let mut problems = Vec::new();
    tree.verify(pager, &mut |problem| problems.push(problem));
    problems
}

fn number_of(tree: &RowTree, pager: &Arc<Pager>, rowid: i64) -> Option<i64> {
    let view = tree.get(pager, rowid).unwrap()?;
    match view.column(0).unwrap() {
        Some(ValueRef::Integer(number)) => Some(number),
        other => panic!("{other:?} is no integer"),
    }
}

#[test]
fn a_few_changed_rows_are_written_beside_their_base_until_they_are_many() {
    let mut life = Life::new();
    let bases = life.bases();
    assert!(bases.len() > 3 && life.deltas().is_empty());

    life.put(100, -1);
    life.put(101, -2);
    assert!(life.tree.delete(&life.pager, 102).unwrap());
    life.checkpoint();
    let first = life.deltas();
    assert_eq!((life.bases(), first.len()), (bases.clone(), 1), "the base stays");
    life.assert_sound();
    let found = [99, 100, 101, 102, 104].map(|rowid| number_of(&life.tree, &life.pager, rowid));
    assert_eq!(found, [None, Some(-1), Some(-2), None, Some(104)]);

    // The row that came is gone again, the one that went is there, and what nobody touched is still as it was written.
    assert!(life.tree.delete(&life.pager, 101).unwrap());
    life.put(102, -3);
    life.checkpoint();
    let second = life.deltas();
    assert_eq!((life.bases(), second.len()), (bases.clone(), 1));
    assert!(first.is_disjoint(&second), "the delta block before is freed");
    let found = [100, 101, 102].map(|rowid| number_of(&life.tree, &life.pager, rowid));
    assert_eq!(found, [Some(-1), None, Some(-3)]);

    for rowid in 0..300 {
        life.put(rowid, -rowid);
    }
    life.checkpoint();
    assert!(life.deltas().is_empty(), "a large delta is folded");
    assert_eq!(life.bases().len(), bases.len());
    assert_eq!(life.bases().difference(&bases).count(), 1, "the base before is freed");
    life.assert_sound();
    assert_eq!(number_of(&life.tree, &life.pager, 101), Some(-101));

    life.tree.clear(&life.pager).unwrap();
    life.commit();
    life.commit();
    assert_eq!(life.store.sizes().block_count, 0, "a dropped tree leaves no block");
}

#[test]
fn a_dropped_tree_frees_base_and_delta_without_reading_leaves() {
    let mut life = Life::new();
    for rowid in (0..2 * ROWS).step_by(100) {
        life.put(rowid, -1);
    }
    life.checkpoint();
    assert_eq!(life.deltas().len(), life.bases().len(), "every leaf has a delta");
    // One leaf is dirty when the tree goes.
    life.put(0, -2);
    life.tree.clear(&life.pager).unwrap();
    assert!(life.pager.cached_bytes() < 100_000, "{} bytes are cached", life.pager.cached_bytes());
    life.commit();
    life.commit();
    assert_eq!(life.store.sizes().block_count, 0);
}

#[test]
fn a_checkpoint_of_scattered_changes_writes_a_fraction_of_the_leaves() {
    let mut life = Life::new();
    let whole = life.store.sizes().live_bytes;
    for rowid in (0..2 * ROWS).step_by(100) {
        life.put(rowid, -1);
    }
    life.tree.write_back(&life.pager).unwrap();
    let written = life.store.sizes().live_bytes - whole;
    assert!(written * 10 < whole, "{written} bytes for a table of {whole}");
}

#[test]
fn a_snapshot_reads_the_delta_block_it_was_taken_with() {
    let mut life = Life::new();
    life.put(100, -1);
    life.checkpoint();
    let (snapshot, pin) = (life.tree.clone(), life.store.pin());
    let old = life.deltas();
    for round in 2..5 {
        life.put(100, -round);
        life.checkpoint();
        assert_eq!(number_of(&snapshot, &life.pager, 100), Some(-1));
        assert_eq!(number_of(&life.tree, &life.pager, 100), Some(-round));
    }
    // The base goes, too.
    for rowid in 0..300 {
        life.put(rowid, -9);
    }
    life.checkpoint();
    assert_eq!(number_of(&snapshot, &life.pager, 100), Some(-1));
    assert_eq!(problems(&snapshot, &life.pager), Vec::<String>::new());
    drop((snapshot, pin));
    life.put(9998, -1);
    life.checkpoint();
    assert!(old.is_disjoint(&life.deltas()), "nobody sees the old delta block any more");
}

#[test]
fn what_a_transaction_spilled_and_gave_up_leaves_base_and_delta_as_they_were() {
    let mut life = Life::new();
    life.put(100, -1);
    life.checkpoint();
    let (bases, deltas) = (life.bases(), life.deltas());
    let before = life.tree.clone();
    let mut spilled = Vec::new();
    for number in [-2, -3] {
        life.put(100, number);
        life.put(300, number);
        life.tree.spill(&life.pager, &mut spilled).unwrap();
    }
    assert_eq!(number_of(&life.tree, &life.pager, 100), Some(-3));
    life.tree = before;
    life.store.discard(&spilled);
    life.pager.clear_cache();
    assert_eq!((life.bases(), life.deltas()), (bases.clone(), deltas));
    life.put(102, -4);
    life.checkpoint();
    assert_eq!((life.bases(), life.deltas().len()), (bases, 1));
    assert_eq!(
        [100, 102, 300].map(|rowid| number_of(&life.tree, &life.pager, rowid)),
        [Some(-1), Some(-4), Some(300)]
    );
    life.assert_sound();
}

#[test]
fn a_leaf_changed_back_and_a_leaf_read_for_a_scan_keep_their_base() {
    let mut life = Life::new();
    let bases = life.bases();
    // Nothing is there to be deleted: the leaf is copied and stays as it is.
    assert!(!life.tree.delete(&life.pager, 101).unwrap());
    life.checkpoint();
    assert_eq!((life.bases(), life.deltas().len()), (bases.clone(), 0));
    life.put(100, -1);
    life.put(101, -1);
    life.checkpoint();
    // A scan folds the leaf in memory; what is written after it is still only what differs from the base.
    let mut cursor = RowCursor::new(&life.tree, Arc::clone(&life.pager));
    assert!(cursor.seek_exact(101).unwrap());
    cursor.settle_leaf();
    assert!(cursor.leaf().is_plain() && cursor.rowid() == 101);
    assert!(cursor.next().unwrap() && cursor.rowid() == 102);
    drop(cursor);
    life.put(104, -1);
    assert!(life.tree.delete(&life.pager, 101).unwrap());
    life.checkpoint();
    assert_eq!((life.bases(), life.deltas().len()), (bases, 1));
    let found = [100, 101, 102, 104].map(|rowid| number_of(&life.tree, &life.pager, rowid));
    assert_eq!(found, [Some(-1), None, Some(102), Some(-1)]);
    life.assert_sound();
}

#[test]
fn a_tree_of_which_one_leaf_is_left_is_found_again() {
    let mut life = Life::new();
    life.put(2 * ROWS - 2, -1);
    life.checkpoint();
    assert_eq!(life.deltas().len(), 1);
    for rowid in 0..2 * ROWS - 100 {
        let _ = life.tree.delete(&life.pager, rowid).unwrap();
    }
    life.checkpoint();
    life.assert_sound();
    assert_eq!(number_of(&life.tree, &life.pager, 2 * ROWS - 2), Some(-1));
    life.put(2 * ROWS - 4, -2);
    life.checkpoint();
    assert_eq!(number_of(&life.tree, &life.pager, 2 * ROWS - 4), Some(-2));
}

/// A store of the blocks of another one, under their ids, of which one is exchanged.
fn copy_with(store: &MemoryStore, id: BlockId, bytes: &[u8]) -> Arc<Pager> {
    let copy = MemoryStore::new();
    let mut last = 0;
    let mut ids = BTreeSet::new();
    store.iterate(&mut |id, _| {
        ids.insert(id);
    });
    for other in ids {
        while last < other.get() {
            last = copy.allocate().get();
        }
        let block = store.read(other).unwrap();
        copy.write(&[(other, if other == id { bytes } else { &block })]).unwrap();
    }
    Pager::new(Arc::new(copy), 1 << 20)
}

#[test]
fn a_bad_delta_block_is_an_error_and_never_another_row() {
    let mut life = Life::new();
    life.put(100, -1);
    life.put(101, -2);
    let wide = Value::blob(vec![7_u8; 9000]);
    life.tree.put(&life.pager, 103, &record_of(&[Value::Integer(5), wide])).unwrap();
    assert!(life.tree.delete(&life.pager, 102).unwrap());
    life.checkpoint();
    let id = *life.deltas().first().unwrap();
    let block = life.store.read(id).unwrap();
    let other_base = life.bases().last().unwrap().get().to_le_bytes();
    let edit = |at: usize, bytes: &[u8]| {
        let mut block = block.to_vec();
        block[at..at + bytes.len()].copy_from_slice(bytes);
        block
    };
    let rowid = |rowid: i64| rowid.to_le_bytes();
    let cases: Vec<(&str, Vec<u8>)> = vec![
        ("empty", Vec::new()),
        ("a header alone", block[..20].to_vec()),
        ("another kind", edit(4, b"S")),
        ("a later version", edit(5, &[2])),
        ("another base block", edit(8, &other_base)),
        ("no base block", edit(8, &[0; 8])),
        ("more entries", edit(16, &[5])),
        ("fewer entries", edit(16, &[3])),
        ("far too many entries", edit(16, &[0xff; 4])),
        ("rows out of order", edit(20, &rowid(101))),
        ("the same row twice", edit(32, &rowid(100))),
        ("a longer record", edit(28, &[200])),
        ("a record cut off", block[..block.len() - 1].to_vec()),
        ("bytes behind the records", [&block[..], &[0]].concat()),
        ("a record said to be wide", edit(31, &[0x80])),
        ("a wide record's slot outside of it", edit(block.len() - 4, &[2])),
        ("a wide record without slots", edit(block.len() - 2, &[0])),
    ];
    let root = life.tree.encode_root();
    for (what, bytes) in cases {
        let pager = copy_with(&life.store, id, &bytes);
        let tree = RowTree::decode_root(&root).unwrap();
        for rowid in [0, 100, 102] {
            let found = tree.get(&pager, rowid).map(|view| view.map(|view| view.rowid()));
            assert!(matches!(found, Err(TreeError::Corrupt(_))), "{what}: {found:?}");
        }
        assert!(!problems(&tree, &pager).is_empty(), "{what}");
        assert_eq!(
            number_of(&tree, &pager, 2 * ROWS - 2),
            Some(2 * ROWS - 2),
            "other leaves are as they were"
        );
    }
    let pager = copy_with(&life.store, id, &block);
    assert_eq!(number_of(&RowTree::decode_root(&root).unwrap(), &pager, 100), Some(-1));
}

#[test]
fn a_delta_block_whose_rows_are_all_gone_is_an_error() {
    let mut life = Life::new();
    life.put(100, -1);
    life.checkpoint();
    let id = *life.deltas().first().unwrap();
    let mut block = life.store.read(id).unwrap()[..16].to_vec();
    block.extend_from_slice(&(ROWS as u32).to_le_bytes());
    for rowid in 0..ROWS {
        block.extend_from_slice(&(2 * rowid).to_le_bytes());
        block.extend_from_slice(&u32::MAX.to_le_bytes());
    }
    let pager = copy_with(&life.store, id, &block);
    let tree = RowTree::decode_root(&life.tree.encode_root()).unwrap();
    assert!(matches!(tree.get(&pager, 100).map(|_| ()), Err(TreeError::Corrupt(_))));
}

/// Inner blocks as they were before there were delta blocks.
#[test]
fn inner_blocks_of_the_first_version_are_read_and_take_deltas() {
    let store = Arc::new(MemoryStore::new());
    let pager = Pager::new(store.clone(), 1 << 20);
    let mut inner = b"PDBTR\x01\x01\x00\x02\x00\x00\x00".to_vec();
    for first in [0, 1000] {
        let rows = (first..first + 500).map(|rowid| (rowid, row(rowid, rowid)));
        let id = RowTree::build_sorted(&pager, rows).unwrap().write_back(&pager).unwrap().unwrap();
        inner.extend_from_slice(&id.get().to_le_bytes());
        inner.extend_from_slice(&500_u64.to_le_bytes());
    }
    inner.extend_from_slice(&1000_i64.to_le_bytes());
    let id = store.allocate();
    store.write(&[(id, &inner)]).unwrap();
    // version | root id, entries, levels | overflow: no root, next number 0
    let mut root = vec![1];
    root.extend_from_slice(&id.get().to_le_bytes());
    root.extend_from_slice(&1000_u64.to_le_bytes());
    root.push(2);
    root.extend_from_slice(&[0; 25]);
    let tree = RowTree::decode_root(&root).unwrap();
    assert_eq!(problems(&tree, &pager), Vec::<String>::new());
    let mut life = Life { store, pager, tree };
    life.checkpoint();
    life.put(1300, -1);
    life.checkpoint();
    assert_eq!(life.deltas().len(), 1);
    assert_eq!(
        [300, 1300, 1301].map(|rowid| number_of(&life.tree, &life.pager, rowid)),
        [Some(300), Some(-1), Some(1301)]
    );
    // Without deltas, an inner block is written as it always was.
    for rowid in 1000..1300 {
        life.put(rowid, rowid);
    }
    life.put(1300, 1300);
    life.checkpoint();
    let root = life.tree.encode_root();
    let id = BlockId::new(u64::from_le_bytes(root[1..9].try_into().unwrap())).unwrap();
    let block = life.store.read(id).unwrap();
    assert_eq!((life.deltas().len(), &block[..12], block.len()), (0, &inner[..12], inner.len()));
}
