//! A connection's state on one database: nothing, a snapshot to read, or the working version it writes.
//!
//!     none ── begin_read ──► reading ── begin_write ──► writing ── commit, rollback ──► none
//!       ▲                     │  └─ SQLITE_BUSY_SNAPSHOT when somebody has committed since
//!       └────── end_read ─────┘
//!
//! The working version is a `DatabaseState` of its own: its trees are changed in place where no snapshot, savepoint or
//! cursor shares a node. Each change also goes to the record of the commit, to the undo list while a statement is
//! open, and to the write set while somebody follows.
//!
//! Always true:
//! - Between transactions a connection holds no snapshot, only a weak hint at the last one, so an idle connection
//!   keeps no old version alive.
//! - The record holds exactly the changes that would take effect if the transaction committed now.
//! - A transaction that panicked in the middle of a tree change cannot commit.
//!
//! `old` arguments are what the tree holds at the key now: the way back is made of them, and they are not checked in
//! release builds.

use std::{
    cell::Cell,
    sync::{Arc, Weak, atomic::Ordering},
};

use pluresdb_store::Pin;
use pluresdb_tree::{
    AllParts, KeyChange, KeyTree, LeafChange, NewColumn, Pager, PutColumns, RowInPlace, RowTree,
    SortedEntries, SortedParts, TreeError,
};

use super::{
    change::{Change, ChangeKey, ChangeList},
    checkpoint::{CheckpointMode, CheckpointResult, checkpoint_inside_transaction},
    engine::{Engine, WriterGuard, read_only},
    record::RecordBuffer,
    savepoint::Savepoint,
    snapshot::{DatabaseState, Snapshot},
    spill::Spill,
    tree_map::{Tree, TreeKind, missing},
    undo::{OpenStatement, UndoList},
    writer_lock::{BusyHandler, locked},
};
use crate::{
    Error, Result, ResultCode,
    catalog::{Catalog, TreeId},
};

/// What a changed leaf of an index takes until it is written, about.
const LEAF_BYTES: usize = 16 << 10;
/// An index of more entries is built as blocks that its commit adopts.
const MAX_LOGGED_ENTRIES: usize = 100_000;

/// Where a statement began, for its end or its rollback. Marks nest: an inner statement ends before an outer one.
#[must_use]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StatementMark(pub(super) usize);

pub struct Transaction {
    pub(super) engine: Arc<Engine>,
    is_read_only: bool,
    cache_wish: Option<usize>,
    /// The newest snapshot when this connection last looked, if it is still around.
    hint: Weak<Snapshot>,
    hint_stamp: u64,
    /// The schema last seen; what `catalog` answers between transactions.
    catalog: Arc<Catalog>,
    /// What `is_wal` answers between transactions.
    was_wal: bool,
    snapshot: Option<Arc<Snapshot>>,
    /// A tree of the snapshot was handed out. Until then nobody knows what it says, and a newer one serves as well.
    is_used: Cell<bool>,
    /// The newest version when this connection opened, and how many it has committed since.
    opened_at: u64,
    pub(super) own_commits: u64,
    pub(super) write: Option<Write>,
    pub(super) savepoints: Vec<Savepoint>,
    pub(super) statements: Vec<OpenStatement>,
    pub(super) undo: UndoList,
    pub(super) record: RecordBuffer,
    /// Changes of watched trees, for the participants.
    pub(super) write_set: ChangeList,
}

pub(super) struct Write {
    pub(super) guard: WriterGuard,
    pub(super) state: DatabaseState,
    pub(super) is_changed: bool,
    pub(super) is_watched: bool,
    /// Set while a tree is being changed: found set at commit, somebody panicked there.
    pub(super) is_tree_open: bool,
    pub(super) spill: Spill,
    /// Cursors of this connection may stand on blocks of the root it began with.
    pub(super) _pin: Arc<Pin>,
}

impl Transaction {
    pub fn new(engine: Arc<Engine>) -> Transaction {
        Transaction::with_access(engine, false)
    }

    /// For a connection opened read-only; others may write through the same engine.
    pub fn new_read_only(engine: Arc<Engine>) -> Transaction {
        Transaction::with_access(engine, true)
    }

    fn with_access(engine: Arc<Engine>, is_read_only: bool) -> Transaction {
        let (newest, hint_stamp) = engine.newest();
        engine.connections.fetch_add(1, Ordering::Relaxed);
        if !is_read_only {
            engine.has_writers.store(true, Ordering::Relaxed);
        }
        Transaction {
            is_read_only,
            cache_wish: None,
            hint: Arc::downgrade(&newest),
            hint_stamp,
            catalog: Arc::clone(newest.catalog()),
            was_wal: newest.state.header.is_wal,
            snapshot: None,
            is_used: Cell::new(false),
            opened_at: newest.version(),
            own_commits: 0,
            write: None,
            savepoints: Vec::new(),
            statements: Vec::new(),
            undo: UndoList::default(),
            record: RecordBuffer::default(),
            write_set: ChangeList::default(),
            engine,
        }
    }

    pub fn engine(&self) -> &Arc<Engine> {
        &self.engine
    }

    pub fn pager(&self) -> &Arc<Pager> {
        &self.engine.pager
    }

    pub fn is_none(&self) -> bool {
        self.snapshot.is_none() && self.write.is_none()
    }

    pub fn is_read(&self) -> bool {
        self.snapshot.is_some()
    }

    /// The snapshot was looked into.
    pub fn has_read(&self) -> bool {
        self.snapshot.is_some() && self.is_used.get()
    }

    /// As if the snapshot was looked into.
    pub fn note_read(&self) {
        self.is_used.set(true);
    }

    pub fn is_write(&self) -> bool {
        self.write.is_some()
    }

    /// The write transaction has changed something.
    pub fn is_changed(&self) -> bool {
        self.write.as_ref().is_some_and(|write| write.is_changed)
    }

    pub fn is_read_only(&self) -> bool {
        self.is_read_only
    }

    /// This connection's `cache_size`; the engine takes the largest of all.
    pub fn set_cache_size(&mut self, bytes: usize) {
        self.engine.set_cache_wish(self.cache_wish, Some(bytes));
        self.cache_wish = Some(bytes);
    }

    // Beginning and ending.

    /// Takes the newest snapshot if there is none.
    #[inline]
    pub fn begin_read(&mut self) -> Result<()> {
        self.go_on_reading();
        Ok(())
    }

    /// The same for who has begun to read before, and whose snapshot went with a transaction that ended.
    #[inline]
    pub fn go_on_reading(&mut self) {
        if !self.is_none() {
            return;
        }
        self.is_used.set(false);
        if self.engine.stamp() == self.hint_stamp
            && let Some(snapshot) = self.hint.upgrade()
        {
            self.snapshot = Some(snapshot);
            return;
        }
        self.take_newest();
    }

    #[cold]
    fn take_newest(&mut self) {
        let (newest, stamp) = self.engine.newest();
        self.remember(&newest, stamp);
        self.snapshot = Some(newest);
    }

    pub(super) fn remember(&mut self, newest: &Arc<Snapshot>, stamp: u64) {
        self.hint = Arc::downgrade(newest);
        self.hint_stamp = stamp;
        self.was_wal = newest.state.header.is_wal;
        if !Arc::ptr_eq(&self.catalog, newest.catalog()) {
            self.catalog = Arc::clone(newest.catalog());
        }
    }

    /// Lets go of the snapshot. A write transaction goes on.
    #[inline]
    pub fn end_read(&mut self) {
        self.snapshot = None;
        if self.write.is_none() {
            self.savepoints.clear();
            self.statements.clear();
        }
    }

    /// Becomes the writer.
    ///
    /// As in SQLite's WAL mode, only a transaction that has read nothing waits for the lock, and goes on from the
    /// newest version: one that has read would find its snapshot outdated after the wait. So the catalog may be
    /// another one afterwards. After an error such a transaction holds no snapshot.
    pub fn begin_write(&mut self, busy: &BusyHandler) -> Result<()> {
        if self.write.is_some() {
            return Ok(());
        }
        if self.is_read_only {
            return Err(read_only());
        }
        self.engine.check_writable()?;
        if !self.is_used.get() {
            self.snapshot = None;
        }
        let guard = match &self.snapshot {
            None => self.engine.acquire_writer(busy)?,
            Some(snapshot) => {
                let guard = self.engine.try_acquire_writer().ok_or_else(locked)?;
                if guard.head.version != snapshot.version {
                    return Err(Error::new(ResultCode::BusySnapshot, "database is locked"));
                }
                guard
            }
        };
        // The writer before may have failed while this one waited.
        self.engine.check_writable()?;

        let state = guard.head.state.clone();
        for savepoint in &mut self.savepoints {
            savepoint.state = Some(state.clone());
        }
        self.record.start(self.engine.log.is_some());
        self.snapshot = None;
        self.write = Some(Write {
            is_changed: false,
            is_watched: !guard.participants.is_empty(),
            is_tree_open: false,
            spill: Spill::new(self.engine.pager.dirty_bytes()),
            _pin: Arc::clone(&guard.head.pin),
            state,
            guard,
        });
        Ok(())
    }

    /// Drops everything since the beginning and lets the next writer in.
    pub fn rollback(&mut self) {
        if let Some(write) = self.write.take() {
            self.abandon(write);
        }
        self.forget();
    }

    pub(super) fn abandon(&self, mut write: Write) {
        for participant in &mut write.guard.participants {
            participant.rollback();
        }
        self.engine.store.discard(&write.spill.blocks);
        self.engine.store.discard(&write.spill.orphans);
        let head = Arc::clone(&write.guard.head);
        drop(write);
        self.engine.wait_for(&head);
    }

    /// Back to `none`, once the write transaction has been dealt with.
    pub(super) fn forget(&mut self) {
        self.snapshot = None;
        self.savepoints.clear();
        self.statements.clear();
        self.undo.clear();
        self.record.clear();
        self.write_set.clear(0);
    }

    // Looking.

    /// Of the working version, the snapshot, or between transactions the last one seen.
    #[inline]
    pub fn catalog(&self) -> &Arc<Catalog> {
        match (&self.write, &self.snapshot) {
            (Some(write), _) => &write.state.catalog,
            (None, Some(snapshot)) => &snapshot.state.catalog,
            (None, None) => &self.catalog,
        }
    }

    #[inline]
    pub(super) fn state(&self) -> &DatabaseState {
        match (&self.write, &self.snapshot) {
            (Some(write), _) => &write.state,
            (None, Some(snapshot)) => &snapshot.state,
            (None, None) => panic!("a transaction is begun before it looks at the database"),
        }
    }

    #[inline]
    pub fn row_tree(&self, tree: TreeId) -> Result<&RowTree> {
        self.is_used.set(true);
        self.state().trees.row(tree)
    }

    #[inline]
    pub fn key_tree(&self, tree: TreeId) -> Result<&KeyTree> {
        self.is_used.set(true);
        self.state().trees.key(tree)
    }

    /// Entries of a tree, for who plans: does not count as having read.
    pub fn entry_count(&self, tree: TreeId) -> Result<u64> {
        match self.state().trees.get(tree) {
            Some(Tree::Row(rows)) => Ok(rows.count()),
            Some(Tree::Key(keys)) => Ok(keys.count()),
            None => Err(missing(tree, "any kind")),
        }
    }

    /// Every tree there is, the schema's own included.
    pub fn tree_ids(&self) -> impl Iterator<Item = TreeId> + '_ {
        self.state().trees.iter().map(|(id, _)| id)
    }

    /// `PRAGMA integrity_check` of the trees themselves: tells `report` what is wrong, unreadable blocks included.
    pub fn verify_trees(&self, report: &mut dyn FnMut(TreeId, String)) {
        for (id, tree) in self.state().trees.iter() {
            tree.verify(&self.engine.pager, &mut |text| report(id, text));
        }
    }

    /// How many commits of others this connection has come to see (`PRAGMA data_version`).
    pub fn foreign_commits(&self) -> u64 {
        self.version().saturating_sub(self.opened_at + self.own_commits)
    }

    /// The version looked at, or written on top of.
    pub fn version(&self) -> u64 {
        match (&self.write, &self.snapshot) {
            (Some(write), _) => write.guard.head.version,
            (None, Some(snapshot)) => snapshot.version,
            (None, None) => self.engine.snapshot().version,
        }
    }

    pub fn user_version(&self) -> i32 {
        self.state().header.user_version
    }

    pub fn application_id(&self) -> i32 {
        self.state().header.application_id
    }

    /// Of the working version, the snapshot, or between transactions the last one seen.
    pub fn is_wal(&self) -> bool {
        match (&self.write, &self.snapshot) {
            (Some(write), _) => write.state.header.is_wal,
            (None, Some(snapshot)) => snapshot.state.header.is_wal,
            (None, None) => self.was_wal,
        }
    }

    pub fn schema_version(&self) -> u32 {
        self.catalog().schema_version
    }

    /// `PRAGMA wal_checkpoint`.
    pub fn checkpoint(&mut self, mode: CheckpointMode, busy: &BusyHandler) -> Result<CheckpointResult> {
        if self.is_write() {
            return Err(checkpoint_inside_transaction());
        }
        if self.is_read_only {
            return Err(read_only());
        }
        self.engine.checkpoint(mode, busy)
    }

    // Changing. Each of these needs a write transaction.

    #[inline]
    pub(super) fn writing(&mut self) -> &mut Write {
        self.write.as_mut().expect("a change comes after begin_write")
    }

    /// Inserts the row, or replaces the one that holds `old`.
    pub fn put_row(&mut self, tree: TreeId, rowid: i64, record: &[u8], old: Option<&[u8]>) -> Result<()> {
        self.relieve_memory_if_due()?;
        let write = self.write.as_mut().expect("a change comes after begin_write");
        let pager = &self.engine.pager;
        let rows = write.state.trees.row_mut(tree)?;
        debug_assert_eq!(rows.contains(pager, rowid)?, old.is_some(), "`old` is what row {rowid} holds");
        write.is_tree_open = true;
        let outcome = rows.put_encoded(pager, rowid, record, old.is_some());
        write.is_tree_open = false;
        outcome?;
        self.changed(&Change { tree, key: ChangeKey::Rowid(rowid), old, new: Some(record) })
    }

    /// Deletes the row that holds `old`.
    pub fn delete_row(&mut self, tree: TreeId, rowid: i64, old: &[u8]) -> Result<()> {
        self.relieve_memory_if_due()?;
        let write = self.write.as_mut().expect("a change comes after begin_write");
        let rows = write.state.trees.row_mut(tree)?;
        write.is_tree_open = true;
        let outcome = rows.delete(&self.engine.pager, rowid);
        write.is_tree_open = false;
        let was_there = outcome?;
        debug_assert!(was_there, "row {rowid} is there to be deleted");
        if !was_there {
            return Ok(());
        }
        self.changed(&Change { tree, key: ChangeKey::Rowid(rowid), old: Some(old), new: None })
    }

    /// Deletes a row whatever it holds; false when there is none.
    pub fn take_row(&mut self, tree: TreeId, rowid: i64) -> Result<bool> {
        if self.needs_undo() || self.writing().is_watched {
            let mut old = Vec::new();
            let found = self
                .row_tree(tree)?
                .read(&self.engine.pager, rowid, |row| row.to_record(&mut old))
                .map_err(Error::from)?;
            return match found {
                Some(()) => self.delete_row(tree, rowid, &old).map(|()| true),
                None => Ok(false),
            };
        }
        self.relieve_memory_if_due()?;
        let write = self.write.as_mut().expect("a change comes after begin_write");
        let rows = write.state.trees.row_mut(tree)?;
        write.is_tree_open = true;
        let outcome = rows.delete(&self.engine.pager, rowid);
        write.is_tree_open = false;
        let was_there = outcome?;
        if was_there {
            self.changed(&Change { tree, key: ChangeKey::Rowid(rowid), old: None, new: None })?;
        }
        Ok(was_there)
    }

    /// Deletes a row whose values `read` is shown before; false when there is none. Nobody follows the table, and none of its
    /// values lies in overflow blocks.
    pub fn take_row_read(
        &mut self,
        tree: TreeId,
        rowid: i64,
        old: &mut Vec<u8>,
        read: impl FnOnce(&RowInPlace<'_>) -> Result<()>,
    ) -> Result<bool> {
        old.clear();
        let is_listed = self.is_listed(tree);
        let found = self.row_tree(tree)?.read(&self.engine.pager, rowid, |row| {
            read(row)?;
            if is_listed { row.to_record(old).map_err(Error::from) } else { Ok(()) }
        })?;
        match found {
            Some(()) if is_listed => self.delete_row(tree, rowid, old).map(|()| true),
            Some(()) => self.take_row(tree, rowid),
            None => Ok(false),
        }
    }

    /// Whether no row of the table has a value in overflow blocks.
    pub fn is_without_overflow(&self, tree: TreeId) -> Result<bool> {
        Ok(self.row_tree(tree)?.is_without_overflow())
    }

    /// Writes columns over, of rows that are there and have ascending rowids: of as many, from the first one on, as lie in its
    /// leaf; answers how many that are. None, and nothing done, where only rows by themselves can be written. Nobody follows
    /// the table.
    pub fn put_columns(
        &mut self,
        tree: TreeId,
        rowids: &[i64],
        columns: &[NewColumn<'_>],
    ) -> Result<Option<usize>> {
        self.begin_many(tree)?;
        let write = self.write.as_mut().expect("a change comes after begin_write");
        let rows = write.state.trees.row_mut(tree)?;
        write.is_tree_open = true;
        let outcome = rows.put_columns(&self.engine.pager, rowids, columns);
        write.is_tree_open = false;
        let Some(PutColumns { count, change }) = outcome? else { return Ok(None) };
        write.is_changed = true;
        write.spill.note_bytes(change.block().len());
        self.record.change_leaf(tree, &change);
        Ok(Some(count))
    }

    /// Appends rows behind all others of the table as a leaf: each has all columns, in the order of their slots, and no long
    /// value. Nobody follows the table.
    pub fn append_leaf(&mut self, tree: TreeId, rowids: &[i64], columns: &[NewColumn<'_>]) -> Result<()> {
        self.begin_many(tree)?;
        let write = self.write.as_mut().expect("a change comes after begin_write");
        let rows = write.state.trees.row_mut(tree)?;
        write.is_tree_open = true;
        let outcome = rows.append_leaf(&self.engine.pager, rowids, columns);
        write.is_tree_open = false;
        let block = outcome?;
        write.is_changed = true;
        write.spill.note_bytes(block.len());
        self.record.change_leaf(tree, &LeafChange::Rows(block));
        Ok(())
    }

    /// Deletes rows that are there, with ascending rowids: of as many, from the first one on, as lie in its leaf; answers how
    /// many that are. Nobody follows the table, and none of its values lies in overflow blocks.
    pub fn delete_rows(&mut self, tree: TreeId, rowids: &[i64]) -> Result<usize> {
        self.begin_many(tree)?;
        let write = self.write.as_mut().expect("a change comes after begin_write");
        let rows = write.state.trees.row_mut(tree)?;
        write.is_tree_open = true;
        let outcome = rows.delete_rows(&self.engine.pager, rowids);
        write.is_tree_open = false;
        let count = outcome?;
        write.is_changed = true;
        write.spill.note_bytes(count * size_of::<i64>());
        for rowid in &rowids[..count] {
            let key = ChangeKey::Rowid(*rowid);
            self.record.change(&Change { tree, key, old: None, new: None });
        }
        Ok(count)
    }

    /// Makes changes of entries whose keys ascend: of as many, from the first one on, as concern its leaf; answers how many
    /// that are. `olds` are the values that the entries have, None of one that comes; nobody follows the tree. `are_many`: so
    /// many of the tree's entries change that its leaves had better be copied than each change be noted for the way back.
    pub fn change_keys(
        &mut self,
        tree: TreeId,
        changes: &[KeyChange<'_>],
        olds: &[Option<&[u8]>],
        are_many: bool,
    ) -> Result<usize> {
        if are_many {
            self.begin_many(tree)?;
        } else {
            self.relieve_memory_if_due()?;
        }
        let is_listed = !are_many && self.is_listed(tree);
        let write = self.write.as_mut().expect("a change comes after begin_write");
        let keys = write.state.trees.key_mut(tree)?;
        write.is_tree_open = true;
        let outcome = keys.change_many(&self.engine.pager, changes);
        write.is_tree_open = false;
        let count = outcome?;
        write.is_changed = true;
        let mut bytes = 0;
        for (change, old) in changes[..count].iter().zip(olds) {
            let (key, new) = (ChangeKey::Bytes(change.key), change.value);
            bytes += change.key.len() + new.map_or(0, <[u8]>::len);
            let change = Change { tree, key, old: *old, new };
            if is_listed {
                self.undo.push(&change);
            }
            self.record.change(&change);
        }
        write.spill.note_bytes(bytes.max(LEAF_BYTES));
        Ok(count)
    }

    /// Many of a tree's rows are about to change at once.
    fn begin_many(&mut self, tree: TreeId) -> Result<()> {
        self.relieve_memory_if_due()?;
        self.keep_tree(tree)
    }

    /// Inserts the entry, or replaces the one that holds `old`.
    pub fn put_key(&mut self, tree: TreeId, key: &[u8], value: &[u8], old: Option<&[u8]>) -> Result<()> {
        self.relieve_memory_if_due()?;
        let write = self.write.as_mut().expect("a change comes after begin_write");
        let keys = write.state.trees.key_mut(tree)?;
        write.is_tree_open = true;
        let outcome = keys.put(&self.engine.pager, key, value);
        write.is_tree_open = false;
        let is_new = outcome?;
        debug_assert_eq!(is_new, old.is_none(), "`old` is what the key holds");
        self.changed(&Change { tree, key: ChangeKey::Bytes(key), old, new: Some(value) })
    }

    /// Deletes the entry that holds `old`.
    pub fn delete_key(&mut self, tree: TreeId, key: &[u8], old: &[u8]) -> Result<()> {
        self.relieve_memory_if_due()?;
        let write = self.write.as_mut().expect("a change comes after begin_write");
        let keys = write.state.trees.key_mut(tree)?;
        write.is_tree_open = true;
        let outcome = keys.delete(&self.engine.pager, key);
        write.is_tree_open = false;
        let was_there = outcome?;
        debug_assert!(was_there, "the key is there to be deleted");
        if !was_there {
            return Ok(());
        }
        self.changed(&Change { tree, key: ChangeKey::Bytes(key), old: Some(old), new: None })
    }

    /// Tells everybody of a change a tree has taken. Only somebody who follows the transaction can refuse it now.
    #[inline]
    fn changed(&mut self, change: &Change<'_>) -> Result<()> {
        if self.needs_undo() {
            self.undo.push(change);
        }
        self.record.change(change);
        let write = self.write.as_mut().expect("a tree was just changed");
        write.is_changed = true;
        if write.is_watched {
            self.tell_participants(change)?;
        }
        self.count_bytes(change);
        Ok(())
    }

    #[cold]
    fn tell_participants(&mut self, change: &Change<'_>) -> Result<()> {
        let participants = &mut self.write.as_mut().expect("a tree was just changed").guard.participants;
        let mut is_kept = false;
        for participant in participants {
            if participant.watches(change.tree) {
                if !is_kept {
                    self.write_set.push(change);
                    is_kept = true;
                }
                participant.row_changed(change)?;
            }
        }
        Ok(())
    }

    pub fn create_row_tree(&mut self) -> Result<TreeId> {
        self.create_tree(Tree::new(TreeKind::Row))
    }

    pub fn create_key_tree(&mut self) -> Result<TreeId> {
        self.create_tree(Tree::new(TreeKind::Key))
    }

    /// A new tree of so many entries: what CREATE INDEX makes.
    pub fn build_key_tree(&mut self, entries: &impl SortedParts, count: usize) -> Result<TreeId> {
        let id = self.create_key_tree()?;
        self.fill_key_tree(id, entries, count)?;
        Ok(id)
    }

    /// Gives an empty tree its entries.
    pub fn fill_key_tree(&mut self, id: TreeId, entries: &impl SortedParts, count: usize) -> Result<()> {
        self.keep_state();
        let pager = Arc::clone(&self.engine.pager);
        // What is written as blocks at once, for a commit that is a checkpoint, need not go through the log as well.
        let is_logged = self.engine.log.is_none() || count < MAX_LOGGED_ENTRIES;
        let record_len = self.record.len();
        let write = self.write.as_mut().expect("a change comes after begin_write");
        write.is_tree_open = true;
        let built = if is_logged {
            let entries = AllParts::new(entries);
            KeyTree::build(&pager, &mut Logged { entries, tree: id, record: &mut self.record })
        } else {
            KeyTree::build_spilled_parts(&pager, entries, &mut write.spill.blocks)
        };
        write.is_tree_open = false;
        if built.is_err() {
            // The tree stays as it was created, empty.
            self.record.truncate(record_len);
        }
        write.state.trees.insert(id, Tree::Key(built?));
        if is_logged { self.relieve_memory() } else { self.spill() }
    }

    fn create_tree(&mut self, tree: Tree) -> Result<TreeId> {
        self.keep_state();
        let kind = tree.kind();
        let state = &mut self.writing().state;
        let id = TreeId(state.header.next_tree);
        let next_tree = state.header.next_tree.checked_add(1);
        state.header.next_tree =
            next_tree.ok_or_else(|| Error::new(ResultCode::Full, "database or disk is full"))?;
        state.trees.insert(id, tree);
        self.record.create(id, kind);
        Ok(id)
    }

    pub fn drop_tree(&mut self, tree: TreeId) -> Result<()> {
        self.keep_state();
        let write = self.write.as_mut().expect("a change comes after begin_write");
        if !write.state.drop_tree(tree, &self.engine.pager)? {
            return Err(missing(tree, "any kind"));
        }
        self.record.drop_tree(tree);
        Ok(())
    }

    /// Removes every entry, at the price of the tree's inner blocks. Participants are not told: see `is_watched`.
    pub fn clear_tree(&mut self, tree: TreeId) -> Result<()> {
        self.keep_state();
        let write = self.write.as_mut().expect("a change comes after begin_write");
        if !write.state.clear_tree(tree, &self.engine.pager)? {
            return Err(missing(tree, "any kind"));
        }
        self.record.clear_tree(tree);
        Ok(())
    }

    /// Whether somebody follows the transaction, and may refuse a change that a tree has taken.
    pub fn is_followed(&self) -> bool {
        self.write.as_ref().is_some_and(|write| write.is_watched)
    }

    /// Whether somebody follows this tree, so that its rows must be deleted one by one.
    pub fn is_watched(&self, tree: TreeId) -> bool {
        self.write
            .as_ref()
            .is_some_and(|write| write.guard.participants.iter().any(|participant| participant.watches(tree)))
    }

    /// DDL: the schema from here on, and once the transaction commits, everybody's.
    pub fn set_catalog(&mut self, catalog: Arc<Catalog>) {
        self.keep_state();
        let state = &mut self.writing().state;
        state.header.schema_version = catalog.schema_version;
        state.catalog = catalog;
    }

    pub fn set_user_version(&mut self, user_version: i32) {
        self.keep_state();
        self.writing().state.header.user_version = user_version;
    }

    pub fn set_application_id(&mut self, application_id: i32) {
        self.keep_state();
        self.writing().state.header.application_id = application_id;
    }

    /// # Errors
    /// `SQLITE_BUSY` where the database would leave WAL mode while other connections have it open.
    pub fn set_is_wal(&mut self, is_wal: bool) -> Result<()> {
        if self.is_wal() && !is_wal && self.engine.connections.load(Ordering::Relaxed) > 1 {
            return Err(locked());
        }
        self.keep_state();
        self.writing().state.header.is_wal = is_wal;
        Ok(())
    }

    pub fn set_schema_version(&mut self, schema_version: u32) {
        let mut catalog = Catalog::clone(self.catalog());
        catalog.schema_version = schema_version;
        self.set_catalog(Arc::new(catalog));
    }

    /// Before a change that is no row change: the way back is the whole state, which is O(1) to keep.
    fn keep_state(&mut self) {
        let needs_undo = self.needs_undo();
        let write = self.write.as_mut().expect("a change comes after begin_write");
        write.is_changed = true;
        if needs_undo {
            self.undo.push_state(write.state.clone());
        }
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        self.rollback();
        self.engine.connections.fetch_sub(1, Ordering::Relaxed);
        self.engine.set_cache_wish(self.cache_wish, None);
    }
}

/// Entries that are written down in the record as they go by.
struct Logged<'a, E> {
    entries: E,
    tree: TreeId,
    record: &'a mut RecordBuffer,
}

impl<E: SortedEntries> SortedEntries for Logged<'_, E> {
    fn advance(&mut self) -> std::result::Result<bool, TreeError> {
        if !self.entries.advance()? {
            return Ok(false);
        }
        let (key, value) = self.entries.entry();
        let (key, new) = (ChangeKey::Bytes(key), Some(value));
        self.record.change(&Change { tree: self.tree, key, old: None, new });
        Ok(true)
    }

    fn entry(&self) -> (&[u8], &[u8]) {
        self.entries.entry()
    }
}
