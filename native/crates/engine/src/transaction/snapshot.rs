//! One committed version of a database, whole and unchanging.
//!
//! `DatabaseState` is everything a transaction can change. A working transaction owns one, savepoints keep clones, and
//! a commit wraps it into a `Snapshot`. Cloning it is O(1): every part is shared until somebody changes it.

use std::sync::Arc;

use pluresdb_store::{BlockId, Pin};
use pluresdb_tree::{KeyTree, Pager, RowTree};

use super::tree_map::{Tree, TreeKind, TreeMap};
use crate::{
    Result,
    catalog::{Catalog, TreeId},
};

/// Facts of the database that stand in no tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) user_version: i32,
    pub(super) application_id: i32,
    /// The catalog's; kept here because no row of `sqlite_schema` tells it.
    pub(super) schema_version: u32,
    /// Tree ids are never reused, so that a dropped table's leftovers cannot surface in a new one.
    pub(super) next_tree: u32,
    /// What SQLite keeps in a file's format version: `PRAGMA journal_mode = wal` was given. Moves nothing here.
    pub(super) is_wal: bool,
}

#[derive(Clone)]
pub(super) struct DatabaseState {
    pub(super) trees: TreeMap,
    pub(super) catalog: Arc<Catalog>,
    pub(super) header: Header,
    /// Blocks of dropped trees, kept until a checkpoint frees them.
    pub(super) dropped: Arc<Vec<BlockId>>,
    /// How many blocks the running transaction had spilled when this state was the working one: later ones are not
    /// in it. 0 in snapshots.
    pub(super) spilled_count: usize,
}

impl DatabaseState {
    /// A new database: the schema's own tree, and nothing in it.
    pub(super) fn empty() -> DatabaseState {
        let mut trees = TreeMap::default();
        trees.insert(TreeId::SCHEMA, Tree::new(TreeKind::Row));
        let header = Header {
            user_version: 0,
            application_id: 0,
            schema_version: 0,
            next_tree: TreeId::SCHEMA.0 + 1,
            is_wal: false,
        };
        DatabaseState { trees, catalog: Arc::default(), header, dropped: Arc::default(), spilled_count: 0 }
    }
}

impl DatabaseState {
    /// Removes a tree; its blocks are freed by the next checkpoint. False when there is none.
    pub(super) fn drop_tree(&mut self, id: TreeId, pager: &Pager) -> Result<bool> {
        // Cleared as a clone: a failure leaves the tree where it is.
        let Some(mut dropped) = self.trees.get(id).cloned() else { return Ok(false) };
        dropped.clear(pager)?;
        self.trees.remove(id);
        let mut blocks = dropped.take_freed();
        if !blocks.is_empty() {
            Arc::make_mut(&mut self.dropped).append(&mut blocks);
        }
        Ok(true)
    }

    /// Removes every entry of a tree. False when there is none.
    pub(super) fn clear_tree(&mut self, id: TreeId, pager: &Pager) -> Result<bool> {
        let Some(mut cleared) = self.trees.get(id).cloned() else { return Ok(false) };
        cleared.clear(pager)?;
        self.trees.insert(id, cleared);
        Ok(true)
    }
}

pub struct Snapshot {
    pub(super) version: u64,
    /// Orders heads: grows with every commit and every checkpoint.
    pub(super) generation: u64,
    pub(super) state: DatabaseState,
    pub(super) pager: Arc<Pager>,
    /// Keeps the blocks of the root these trees stand on; shared by all versions since that root.
    pub(super) pin: Arc<Pin>,
}

impl Snapshot {
    /// Grows by one with every commit that changed something.
    pub fn version(&self) -> u64 {
        self.version
    }

    pub fn catalog(&self) -> &Arc<Catalog> {
        &self.state.catalog
    }

    pub fn pager(&self) -> &Arc<Pager> {
        &self.pager
    }

    pub fn row_tree(&self, id: TreeId) -> Result<&RowTree> {
        self.state.trees.row(id)
    }

    pub fn key_tree(&self, id: TreeId) -> Result<&KeyTree> {
        self.state.trees.key(id)
    }
}
