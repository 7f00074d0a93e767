//! What operators over whole leaves rely on: lanes, summaries, the delta, and blocks of later versions.
#![allow(clippy::unwrap_used, reason = "a test fails where an answer is missing")]

mod common;

use std::sync::{Arc, Mutex};

use common::record_of;
use pluresdb_store::{BlockId, MemoryStore, Pin, Root, Sizes, Store, StoreError, Synchronous, Uuid};
use pluresdb_tree::{KeyCursor, KeyTree, Lane, LeafView, Pager, RowCursor, RowTree, RowView, TypeSet};
use pluresdb_value::{Value, ValueRef};

fn is_sendable<T: Send + 'static>() {}
fn is_shareable<T: Send + Sync + 'static>() {}

#[test]
fn trees_and_cursors_may_go_to_other_threads() {
    is_shareable::<RowTree>();
    is_shareable::<KeyTree>();
    is_shareable::<Pager>();
    is_sendable::<RowCursor>();
    is_sendable::<KeyCursor>();
    is_sendable::<RowView>();
}

fn pager() -> Arc<Pager> {
    Pager::new(Arc::new(MemoryStore::new()), 16 << 20)
}

fn sum(tree: &RowTree, pager: &Arc<Pager>, slot: usize) -> i64 {
    let mut cursor = RowCursor::new(tree, pager.clone());
    let mut is_valid = cursor.first().unwrap();
    let mut sum = 0;
    let mut rows = 0;
    while is_valid {
        let leaf = cursor.leaf();
        let mut hidden = Vec::new();
        leaf.hidden_base_rows(&mut hidden);
        let nulls = leaf.summary(slot).and_then(|summary| summary.nulls);
        for row in (0..leaf.base_len()).filter(|row| !hidden.contains(&(*row as u32))) {
            match leaf.lane(slot) {
                Lane::Integer(integers) if !nulls.is_some_and(|nulls| nulls.get(row)) => {
                    sum += integers.get(row);
                }
                Lane::Integer(_) | Lane::Missing | Lane::Null => {}
                other => panic!("an unexpected lane: {other:?}"),
            }
        }
        for index in 0..leaf.delta_len() {
            if let Some(ValueRef::Integer(integer)) = leaf.delta_value(index, slot).unwrap() {
                sum += integer;
            }
        }
        rows += leaf.row_count() as u64;
        is_valid = cursor.next_leaf(&[slot]).unwrap();
    }
    assert_eq!(rows, tree.count());
    sum
}

#[test]
fn an_integer_lane_and_its_delta_sum_to_what_rows_hold() {
    let pager = pager();
    let mut tree = RowTree::new();
    let mut expected = 0_i64;
    for rowid in 0..20_000_i64 {
        let value = if rowid % 10 == 3 { Value::Null } else { Value::Integer(rowid * rowid - 5_000) };
        expected += if rowid % 10 == 3 { 0 } else { rowid * rowid - 5_000 };
        tree.put(&pager, rowid, &record_of(&[Value::text("x"), value])).unwrap();
    }
    tree.write_back(&pager).unwrap();
    assert_eq!(sum(&tree, &pager, 1), expected);
    for rowid in (0..20_000).step_by(7) {
        if rowid % 2 == 0 {
            tree.delete(&pager, rowid).unwrap();
        } else {
            tree.put(&pager, rowid, &record_of(&[Value::Null, Value::Integer(1)])).unwrap();
            expected += 1;
        }
        expected -= if rowid % 10 == 3 { 0 } else { rowid * rowid - 5_000 };
    }
    assert_eq!(sum(&tree, &pager, 1), expected);
    assert_eq!(sum(&tree, &pager, 9), 0);
    tree.write_back(&pager).unwrap();
    assert_eq!(sum(&tree, &pager, 1), expected);
}

/// How many of the leaves have all their rows in the base, as a scan reads them.
fn scan(tree: &RowTree, pager: &Arc<Pager>) -> (usize, usize) {
    let mut cursor = RowCursor::new(tree, pager.clone());
    let mut is_valid = cursor.first().unwrap();
    let (mut plain, mut leaves) = (0, 0);
    while is_valid {
        cursor.settle_leaf();
        plain += usize::from(cursor.leaf().is_plain());
        leaves += 1;
        is_valid = cursor.next_leaf(&[1]).unwrap();
    }
    (plain, leaves)
}

#[test]
fn changed_leaves_are_scanned_as_any_other_from_the_second_time_on() {
    let pager = pager();
    let row = |number: i64| record_of(&[Value::text("x"), Value::Integer(number)]);
    let mut tree = RowTree::build_sorted(&pager, (0..20_000).map(|rowid| (rowid, row(rowid)))).unwrap();
    tree.write_back(&pager).unwrap();
    let before = pager.dirty_bytes();
    let mut expected = sum(&tree, &pager, 1);
    for round in 0..3 {
        for rowid in (round..20_000).step_by(50) {
            tree.put(&pager, rowid, &row(rowid + 1)).unwrap();
            expected += 1;
        }
        let snapshot = tree.clone();
        let (plain, leaves) = scan(&tree, &pager);
        assert_eq!(plain, 0, "once is not worth it");
        assert_eq!(scan(&tree, &pager), (leaves, leaves));
        assert_eq!(sum(&tree, &pager, 1), expected);
        tree.put(&pager, 7, &row(7 + round)).unwrap();
        expected += i64::from(round != 0);
        assert_eq!(scan(&tree, &pager), (leaves - 1, leaves), "one leaf changed");
        assert_eq!(sum(&tree, &pager, 1), expected);
        assert_eq!(scan(&snapshot, &pager), (leaves, leaves));
    }
    drop(tree);
    assert_eq!(pager.dirty_bytes(), before, "what was made for scans is given back");
}

fn with_first_leaf(rows: &[Vec<Value>], look: impl FnOnce(LeafView<'_>)) {
    let pager = pager();
    let mut tree = RowTree::build_sorted(
        &pager,
        rows.iter().enumerate().map(|(rowid, row)| (rowid as i64, record_of(row))),
    )
    .unwrap();
    tree.write_back(&pager).unwrap();
    let mut cursor = RowCursor::new(&tree, pager);
    assert!(cursor.first().unwrap());
    look(cursor.leaf());
}

#[test]
fn a_column_gets_the_lane_its_values_allow() {
    let rows: Vec<Vec<Value>> = (0..100_i64)
        .map(|row| {
            let mut values = vec![
                Value::Integer(1_000_000 + row),
                Value::Real(row as f64 / 2.0),
                Value::text(format!("city {}", row % 5).as_bytes()),
                Value::text(format!("unique {row:03}").as_bytes()),
                Value::blob(&[row as u8; 3][..]),
                if row % 2 == 0 { Value::Integer(row) } else { Value::text("odd") },
                Value::Null,
                Value::text("same"),
            ];
            if row >= 50 {
                values.push(if row == 60 { Value::Null } else { Value::Integer(-row) });
            }
            values
        })
        .collect();
    with_first_leaf(&rows, |leaf| {
        assert_eq!(leaf.base_len(), 100);
        assert_eq!(leaf.base_rowids().unwrap().get(99), 99);
        assert!(matches!(leaf.lane(0), Lane::Integer(_)));
        assert!(matches!(leaf.lane(1), Lane::Real(_)));
        assert!(matches!(leaf.lane(2), Lane::Dictionary { entry_count: 5, .. }));
        assert!(matches!(leaf.lane(3), Lane::Text(_)));
        assert!(matches!(leaf.lane(4), Lane::Blob(_)));
        assert!(matches!(leaf.lane(5), Lane::Mixed));
        assert!(matches!(leaf.lane(6), Lane::Null));
        assert!(matches!(leaf.lane(7), Lane::Dictionary { entry_count: 1, .. }));
        assert!(matches!(leaf.lane(8), Lane::Integer(_)));
        assert!(matches!(leaf.lane(9), Lane::Missing));
        let range = |slot: usize| leaf.summary(slot).unwrap().range;
        assert_eq!(range(0), Some((ValueRef::Integer(1_000_000), ValueRef::Integer(1_000_099))));
        assert_eq!(range(1), Some((ValueRef::Real(0.0), ValueRef::Real(49.5))));
        assert_eq!(range(2), Some((ValueRef::Text(b"city 0"), ValueRef::Text(b"city 4"))));
        assert_eq!(range(3), Some((ValueRef::Text(b"unique 000"), ValueRef::Text(b"unique 099"))));
        assert_eq!(range(5), None);
        assert_eq!(range(6), None);
        assert_eq!(range(8), Some((ValueRef::Integer(-99), ValueRef::Integer(-50))));
        let added = leaf.summary(8).unwrap();
        assert!(added.types.contains(TypeSet::MISSING) && added.types.contains(TypeSet::NULL));
        assert_eq!(added.null_count, 1);
        assert!(added.missing.unwrap().get(49) && !added.missing.unwrap().get(50));
        assert!(added.nulls.unwrap().get(60) && !added.nulls.unwrap().get(61));
        for (row, values) in rows.iter().enumerate() {
            for slot in 0..10 {
                assert_eq!(leaf.base_value(slot, row), values.get(slot).map(Value::as_ref));
            }
            let (Lane::Text(texts), Lane::Dictionary { codes, entries, .. }) = (leaf.lane(3), leaf.lane(2))
            else {
                panic!("lanes changed");
            };
            assert_eq!(ValueRef::Text(texts.get(row)), values[3].as_ref());
            assert_eq!(ValueRef::Text(entries.get(codes.get(row) as usize)), values[2].as_ref());
        }
    });
}

/// A memory store that passes each block it reads through a function.
struct Rewriting {
    inner: MemoryStore,
    rewrite: Mutex<fn(&[u8]) -> Vec<u8>>,
}

impl Store for Rewriting {
    fn read(&self, id: BlockId) -> Result<Arc<[u8]>, StoreError> {
        let block = self.inner.read(id)?;
        Ok(self.rewrite.lock().unwrap()(&block).into())
    }
    fn uuid(&self) -> Uuid {
        self.inner.uuid()
    }
    fn root(&self) -> Root {
        self.inner.root()
    }
    fn allocate(&self) -> BlockId {
        self.inner.allocate()
    }
    fn write(&self, blocks: &[(BlockId, &[u8])]) -> Result<(), StoreError> {
        self.inner.write(blocks)
    }
    fn spill(&self, blocks: &[(BlockId, &[u8])]) -> Result<(), StoreError> {
        self.inner.spill(blocks)
    }
    fn adopt(&self, ids: &[BlockId]) {
        self.inner.adopt(ids);
    }
    fn discard(&self, ids: &[BlockId]) {
        self.inner.discard(ids);
    }
    fn commit_root(&self, root: Root, freed: &[BlockId]) -> Result<(), StoreError> {
        self.inner.commit_root(root, freed)
    }
    fn pin(&self) -> Pin {
        self.inner.pin()
    }
    fn iterate(&self, visit: &mut dyn FnMut(BlockId, u32)) {
        self.inner.iterate(visit);
    }
    fn sizes(&self) -> Sizes {
        self.inner.sizes()
    }
    fn compact(&self) -> Result<bool, StoreError> {
        self.inner.compact()
    }
    fn synchronous(&self) -> Synchronous {
        self.inner.synchronous()
    }
    fn set_synchronous(&self, synchronous: Synchronous) {
        self.inner.set_synchronous(synchronous);
    }
    fn close(&self) -> Result<(), StoreError> {
        self.inner.close()
    }
}

/// A leaf block with one more section, of tag 77.
fn with_section(block: &[u8], flags: u16) -> Vec<u8> {
    let count = u32::from_le_bytes(block[12..16].try_into().unwrap());
    let table_end = 16 + 16 * count as usize;
    let mut out = block[..table_end].to_vec();
    out[12..16].copy_from_slice(&(count + 1).to_le_bytes());
    for entry in out[16..].chunks_exact_mut(16) {
        let start = u32::from_le_bytes(entry[8..12].try_into().unwrap()) + 16;
        entry[8..12].copy_from_slice(&start.to_le_bytes());
    }
    out.extend_from_slice(&77_u16.to_le_bytes());
    out.extend_from_slice(&flags.to_le_bytes());
    out.extend_from_slice(&0_u32.to_le_bytes());
    out.extend_from_slice(&(block.len() as u32 + 16).to_le_bytes());
    out.extend_from_slice(&5_u32.to_le_bytes());
    out.extend_from_slice(&block[table_end..]);
    out.extend_from_slice(b"stamp");
    out
}

#[test]
fn unknown_sections_are_skipped_unless_they_must_be_understood() {
    let store = Arc::new(Rewriting { inner: MemoryStore::new(), rewrite: Mutex::new(<[u8]>::to_vec) });
    let pager = Pager::new(store.clone(), 1 << 20);
    let mut tree = RowTree::new();
    tree.put(&pager, 1, &record_of(&[Value::Integer(7), Value::text("seven")])).unwrap();
    tree.write_back(&pager).unwrap();
    let read = |rewrite: fn(&[u8]) -> Vec<u8>| {
        *store.rewrite.lock().unwrap() = rewrite;
        pager.clear_cache();
        tree.get(&pager, 1).map(|view| view.unwrap().column(1).unwrap().map(ValueRef::to_value))
    };
    assert_eq!(read(|block| with_section(block, 0)).unwrap(), Some(Value::text("seven")));
    assert!(read(|block| with_section(block, 1)).is_err());
    assert!(read(|block| block[..block.len() - 1].to_vec()).is_err());
    assert_eq!(read(<[u8]>::to_vec).unwrap(), Some(Value::text("seven")));
}
