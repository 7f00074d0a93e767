//! The face over one sorted map: replaced by the real trees; signatures stay.
#![allow(missing_docs, unused_variables, reason = "placeholder until the real trees land")]

use std::{
    collections::BTreeMap,
    ops::Bound,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use pluresdb_store::{BlockId, Store};
use pluresdb_value::{ValueRef, record::Record};

use crate::{Result, TreeError};

/// Finds nodes: the store plus a bounded cache of clean nodes.
pub struct Pager {
    store: Arc<dyn Store>,
    cache_bytes: AtomicUsize,
}

impl Pager {
    pub fn new(store: Arc<dyn Store>, cache_bytes: usize) -> Arc<Pager> {
        Arc::new(Pager { store, cache_bytes: AtomicUsize::new(cache_bytes) })
    }
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.store
    }
    pub fn set_cache_size(&self, bytes: usize) {
        self.cache_bytes.store(bytes, Ordering::Relaxed);
    }
    /// Bytes of decoded clean nodes held now.
    pub fn cached_bytes(&self) -> usize {
        0
    }
    /// Bytes of nodes not yet written, over all trees and snapshots.
    pub fn dirty_bytes(&self) -> usize {
        0
    }
    pub fn clear_cache(&self) {}
}

/// A rowid table. `Clone` is O(1) and is a snapshot.
#[derive(Clone, Default)]
pub struct RowTree {
    rows: Arc<BTreeMap<i64, Arc<[u8]>>>,
}

impl RowTree {
    pub fn new() -> RowTree {
        RowTree::default()
    }
    /// The tree an `encode_root` described; reads no block.
    pub fn decode_root(root: &[u8]) -> Result<RowTree> {
        Ok(RowTree::default())
    }
    /// What finds this tree again (≤ 64 bytes); the tree must be written back.
    pub fn encode_root(&self) -> Vec<u8> {
        Vec::new()
    }
    pub fn count(&self) -> u64 {
        self.rows.len() as u64
    }
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
    /// Inserts or replaces.
    pub fn put(&mut self, pager: &Pager, rowid: i64, record: &[u8]) -> Result<()> {
        Arc::make_mut(&mut self.rows).insert(rowid, record.into());
        Ok(())
    }
    pub fn delete(&mut self, pager: &Pager, rowid: i64) -> Result<bool> {
        Ok(Arc::make_mut(&mut self.rows).remove(&rowid).is_some())
    }
    pub fn get(&self, pager: &Arc<Pager>, rowid: i64) -> Result<Option<RowView>> {
        Ok(self.rows.get(&rowid).map(|record| RowView { rowid, record: record.clone() }))
    }
    pub fn contains(&self, pager: &Pager, rowid: i64) -> Result<bool> {
        Ok(self.rows.contains_key(&rowid))
    }
    pub fn first_rowid(&self, pager: &Pager) -> Result<Option<i64>> {
        Ok(self.rows.keys().next().copied())
    }
    pub fn last_rowid(&self, pager: &Pager) -> Result<Option<i64>> {
        Ok(self.rows.keys().next_back().copied())
    }
    /// The rowid with `offset` rows before it.
    pub fn nth(&self, pager: &Pager, offset: u64) -> Result<Option<i64>> {
        Ok(self.rows.keys().nth(offset as usize).copied())
    }
    /// Removes every row; the blocks go to the freed list (also how a table is dropped).
    pub fn clear(&mut self, pager: &Pager) -> Result<()> {
        self.rows = Arc::default();
        Ok(())
    }
    /// Builds a tree from rows in ascending rowid order.
    pub fn build_sorted<'a>(
        pager: &Pager,
        rows: impl IntoIterator<Item = (i64, &'a [u8])>,
    ) -> Result<RowTree> {
        let mut tree = RowTree::new();
        for (rowid, record) in rows {
            tree.put(pager, rowid, record)?;
        }
        Ok(tree)
    }
    /// Checkpoint: writes dirty nodes with `Store::write` and returns the root block.
    pub fn write_back(&mut self, pager: &Pager) -> Result<Option<BlockId>> {
        Ok(None)
    }
    /// The same with `Store::spill` inside a running transaction; appends the spilled ids to `spilled`
    /// (adopt them at commit, discard them at rollback).
    pub fn spill(&mut self, pager: &Pager, spilled: &mut Vec<BlockId>) -> Result<()> {
        Ok(())
    }
    pub fn is_dirty(&self) -> bool {
        true
    }
    /// Ids of stored blocks this version replaced since the last call.
    pub fn take_freed(&mut self) -> Vec<BlockId> {
        Vec::new()
    }
    /// integrity_check: tells `report` everything that is wrong.
    pub fn verify(&self, pager: &Pager, report: &mut dyn FnMut(String)) -> Result<()> {
        Ok(())
    }
}

/// One row, found by rowid.
pub struct RowView {
    rowid: i64,
    record: Arc<[u8]>,
}

impl RowView {
    pub fn rowid(&self) -> i64 {
        self.rowid
    }
    /// None: the row was written before the slot existed.
    pub fn column(&self, slot: usize) -> Result<Option<ValueRef<'_>>> {
        Ok(Record::new(&self.record)?.column(slot)?)
    }
    /// Appends the row in record encoding.
    pub fn to_record(&self, out: &mut Vec<u8>) -> Result<()> {
        out.extend_from_slice(&self.record);
        Ok(())
    }
}

/// A place in one version of a rowid table. New cursors stand nowhere.
pub struct RowCursor {
    tree: RowTree,
    pager: Option<Arc<Pager>>,
    at: Option<RowView>,
}

impl RowCursor {
    pub fn new(tree: &RowTree, pager: Arc<Pager>) -> RowCursor {
        RowCursor { tree: tree.clone(), pager: Some(pager), at: None }
    }
    /// A cursor over nothing, to be `reset` later.
    pub fn closed() -> RowCursor {
        RowCursor { tree: RowTree::new(), pager: None, at: None }
    }
    /// Looks at another tree or version from now on; stands nowhere.
    pub fn reset(&mut self, tree: &RowTree, pager: &Arc<Pager>) {
        self.tree = tree.clone();
        self.pager = Some(pager.clone());
        self.at = None;
    }
    /// Lets go of tree and pager; buffers stay for the next `reset`.
    pub fn close(&mut self) {
        self.tree = RowTree::new();
        self.pager = None;
        self.at = None;
    }
    fn land(&mut self, found: Option<(i64, Arc<[u8]>)>) -> bool {
        self.at = found.map(|(rowid, record)| RowView { rowid, record });
        self.at.is_some()
    }
    pub fn first(&mut self) -> Result<bool> {
        let found = self.tree.rows.first_key_value().map(|(k, v)| (*k, v.clone()));
        Ok(self.land(found))
    }
    pub fn last(&mut self) -> Result<bool> {
        let found = self.tree.rows.last_key_value().map(|(k, v)| (*k, v.clone()));
        Ok(self.land(found))
    }
    pub fn seek_ge(&mut self, rowid: i64) -> Result<bool> {
        let found = self.tree.rows.range(rowid..).next().map(|(k, v)| (*k, v.clone()));
        Ok(self.land(found))
    }
    pub fn seek_le(&mut self, rowid: i64) -> Result<bool> {
        let found = self.tree.rows.range(..=rowid).next_back().map(|(k, v)| (*k, v.clone()));
        Ok(self.land(found))
    }
    /// False leaves the cursor invalid.
    pub fn seek_exact(&mut self, rowid: i64) -> Result<bool> {
        let found = self.tree.rows.get(&rowid).map(|v| (rowid, v.clone()));
        Ok(self.land(found))
    }
    /// Stands on the row with `offset` rows before it.
    pub fn seek_nth(&mut self, offset: u64) -> Result<bool> {
        let found = self.tree.rows.iter().nth(offset as usize).map(|(k, v)| (*k, v.clone()));
        Ok(self.land(found))
    }
    pub fn next(&mut self) -> Result<bool> {
        let Some(at) = &self.at else { return Ok(false) };
        match at.rowid.checked_add(1) {
            Some(rowid) => self.seek_ge(rowid),
            None => Ok(self.land(None)),
        }
    }
    pub fn prev(&mut self) -> Result<bool> {
        let Some(at) = &self.at else { return Ok(false) };
        match at.rowid.checked_sub(1) {
            Some(rowid) => self.seek_le(rowid),
            None => Ok(self.land(None)),
        }
    }
    pub fn is_valid(&self) -> bool {
        self.at.is_some()
    }
    /// The cursor must be valid.
    pub fn rowid(&self) -> i64 {
        self.at.as_ref().expect("the cursor stands on a row").rowid
    }
    /// The cursor must be valid. None: the row was written before the slot existed.
    pub fn column(&self, slot: usize) -> Result<Option<ValueRef<'_>>> {
        self.at.as_ref().expect("the cursor stands on a row").column(slot)
    }
    pub fn to_record(&self, out: &mut Vec<u8>) -> Result<()> {
        self.at.as_ref().expect("the cursor stands on a row").to_record(out)
    }
}

/// Byte keys in memcmp order with byte values. `Clone` is O(1) and is a snapshot.
#[derive(Clone, Default)]
pub struct KeyTree {
    entries: Arc<BTreeMap<Vec<u8>, Arc<[u8]>>>,
}

/// One value, found by key.
pub struct KeyView {
    value: Arc<[u8]>,
}

impl KeyView {
    pub fn value(&self) -> &[u8] {
        &self.value
    }
}

impl KeyTree {
    pub fn new() -> KeyTree {
        KeyTree::default()
    }
    pub fn decode_root(root: &[u8]) -> Result<KeyTree> {
        Ok(KeyTree::default())
    }
    pub fn encode_root(&self) -> Vec<u8> {
        Vec::new()
    }
    pub fn count(&self) -> u64 {
        self.entries.len() as u64
    }
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
    /// Inserts or replaces; true when the key was new.
    pub fn put(&mut self, pager: &Pager, key: &[u8], value: &[u8]) -> Result<bool> {
        Ok(Arc::make_mut(&mut self.entries).insert(key.to_vec(), value.into()).is_none())
    }
    pub fn delete(&mut self, pager: &Pager, key: &[u8]) -> Result<bool> {
        Ok(Arc::make_mut(&mut self.entries).remove(key).is_some())
    }
    pub fn get(&self, pager: &Arc<Pager>, key: &[u8]) -> Result<Option<KeyView>> {
        Ok(self.entries.get(key).map(|value| KeyView { value: value.clone() }))
    }
    pub fn contains(&self, pager: &Pager, key: &[u8]) -> Result<bool> {
        Ok(self.entries.contains_key(key))
    }
    pub fn clear(&mut self, pager: &Pager) -> Result<()> {
        self.entries = Arc::default();
        Ok(())
    }
    /// Builds a tree from strictly ascending keys; `TreeError::Corrupt` when they are not.
    pub fn build_sorted<K: AsRef<[u8]>, V: AsRef<[u8]>>(
        pager: &Pager,
        entries: impl IntoIterator<Item = (K, V)>,
    ) -> Result<KeyTree> {
        let mut tree = KeyTree::new();
        for (key, value) in entries {
            if !tree.put(pager, key.as_ref(), value.as_ref())? {
                return Err(TreeError::corrupt("keys out of order"));
            }
        }
        Ok(tree)
    }
    pub fn write_back(&mut self, pager: &Pager) -> Result<Option<BlockId>> {
        Ok(None)
    }
    pub fn spill(&mut self, pager: &Pager, spilled: &mut Vec<BlockId>) -> Result<()> {
        Ok(())
    }
    pub fn is_dirty(&self) -> bool {
        true
    }
    pub fn take_freed(&mut self) -> Vec<BlockId> {
        Vec::new()
    }
    pub fn verify(&self, pager: &Pager, report: &mut dyn FnMut(String)) -> Result<()> {
        Ok(())
    }
}

/// A place in one version of a key tree.
pub struct KeyCursor {
    tree: KeyTree,
    pager: Option<Arc<Pager>>,
    at: Option<(Vec<u8>, Arc<[u8]>)>,
}

impl KeyCursor {
    pub fn new(tree: &KeyTree, pager: Arc<Pager>) -> KeyCursor {
        KeyCursor { tree: tree.clone(), pager: Some(pager), at: None }
    }
    pub fn closed() -> KeyCursor {
        KeyCursor { tree: KeyTree::new(), pager: None, at: None }
    }
    pub fn reset(&mut self, tree: &KeyTree, pager: &Arc<Pager>) {
        self.tree = tree.clone();
        self.pager = Some(pager.clone());
        self.at = None;
    }
    pub fn close(&mut self) {
        *self = KeyCursor::closed();
    }
    fn land_after(&mut self, low: Bound<&[u8]>) -> bool {
        let found = self.tree.entries.range::<[u8], _>((low, Bound::Unbounded)).next();
        self.at = found.map(|(k, v)| (k.clone(), v.clone()));
        self.at.is_some()
    }
    fn land_before(&mut self, high: Bound<&[u8]>) -> bool {
        let found = self.tree.entries.range::<[u8], _>((Bound::Unbounded, high)).next_back();
        self.at = found.map(|(k, v)| (k.clone(), v.clone()));
        self.at.is_some()
    }
    pub fn first(&mut self) -> Result<bool> {
        Ok(self.land_after(Bound::Unbounded))
    }
    pub fn last(&mut self) -> Result<bool> {
        Ok(self.land_before(Bound::Unbounded))
    }
    pub fn seek_ge(&mut self, key: &[u8]) -> Result<bool> {
        Ok(self.land_after(Bound::Included(key)))
    }
    pub fn seek_gt(&mut self, key: &[u8]) -> Result<bool> {
        Ok(self.land_after(Bound::Excluded(key)))
    }
    pub fn seek_le(&mut self, key: &[u8]) -> Result<bool> {
        Ok(self.land_before(Bound::Included(key)))
    }
    pub fn seek_lt(&mut self, key: &[u8]) -> Result<bool> {
        Ok(self.land_before(Bound::Excluded(key)))
    }
    pub fn seek_exact(&mut self, key: &[u8]) -> Result<bool> {
        let found = self.seek_ge(key)? && self.key() == key;
        if !found {
            self.at = None;
        }
        Ok(found)
    }
    pub fn seek_nth(&mut self, offset: u64) -> Result<bool> {
        self.at = self.tree.entries.iter().nth(offset as usize).map(|(k, v)| (k.clone(), v.clone()));
        Ok(self.at.is_some())
    }
    pub fn next(&mut self) -> Result<bool> {
        let Some((key, _)) = self.at.take() else { return Ok(false) };
        self.seek_gt(&key)
    }
    pub fn prev(&mut self) -> Result<bool> {
        let Some((key, _)) = self.at.take() else { return Ok(false) };
        self.seek_lt(&key)
    }
    pub fn is_valid(&self) -> bool {
        self.at.is_some()
    }
    /// The cursor must be valid.
    pub fn key(&self) -> &[u8] {
        &self.at.as_ref().expect("the cursor stands on an entry").0
    }
    /// The cursor must be valid. Reads overflow blocks of a wide value, so it may fail.
    pub fn value(&self) -> Result<&[u8]> {
        Ok(&self.at.as_ref().expect("the cursor stands on an entry").1)
    }
}
