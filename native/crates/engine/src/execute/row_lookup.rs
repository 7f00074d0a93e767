//! Rows that a statement looks up one by one, in the row cache of the version that it reads (`RowTree::row_cache`).
//!
//! A row that was looked up before stands in the cache as a whole, at a place that follows from what it is looked up by: the
//! statement asks for that memory before it begins, and has it when it comes to the tree.

use std::sync::Arc;

use pluresdb_tree::{CachedRow, Pager, RowPlaces, RowTree, RowView};

pub(super) struct RowLookup {
    /// Slots that the table's rows have at most.
    slots: usize,
    /// Of the cache that was looked into last.
    places: Option<RowPlaces>,
    row: CachedRow,
}

impl RowLookup {
    pub fn new(slots: usize) -> RowLookup {
        RowLookup { slots, places: None, row: CachedRow::default() }
    }

    /// Asks for the memory of a row that will be looked up soon.
    #[inline]
    pub fn ask(&self, hash: u64) {
        if let Some(places) = self.places {
            places.ask(hash);
        }
    }

    /// Whether the cache has the row that is wanted: `row` is it then.
    #[inline]
    pub fn find(&mut self, tree: &RowTree, hash: u64, is_wanted: impl FnOnce(&CachedRow) -> bool) -> bool {
        self.places = tree.row_cache().map(|cache| cache.places());
        tree.row_cache().is_some_and(|cache| cache.find(hash, &mut self.row, is_wanted))
    }

    #[inline]
    pub fn row(&self) -> &CachedRow {
        &self.row
    }

    /// The row, which `find` did not have, was found in the tree.
    pub fn learn(&self, tree: &RowTree, pager: &Arc<Pager>, hash: u64, row: &RowView) {
        match tree.row_cache() {
            Some(cache) => cache.keep(hash, row, self.slots),
            None => tree.note_lookup(pager, row, self.slots),
        }
    }
}
