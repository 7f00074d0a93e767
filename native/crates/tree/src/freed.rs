//! The ids of stored blocks a tree version replaced since the last checkpoint.
//!
//! A persistent list: cloning is O(1), versions share their common past, and going back to an older clone forgets
//! what was freed since.

use std::{collections::HashSet, sync::Arc};

use pluresdb_store::BlockId;

const CHUNK_LEN: usize = 128;

#[derive(Clone, Default)]
pub(crate) struct FreedList(Option<Arc<Chunk>>);

#[derive(Default)]
struct Chunk {
    ids: Vec<BlockId>,
    older: FreedList,
}

impl FreedList {
    pub(crate) fn push(&mut self, id: BlockId) {
        if let Some(chunk) = self.0.as_mut().and_then(Arc::get_mut)
            && chunk.ids.len() < CHUNK_LEN
        {
            chunk.ids.push(id);
            return;
        }
        let older = std::mem::take(self);
        self.0 = Some(Arc::new(Chunk { ids: vec![id], older }));
    }

    /// Takes out what is not freed after all.
    pub(crate) fn remove_all(&mut self, kept: &HashSet<BlockId>) {
        if kept.is_empty() {
            return;
        }
        for id in self.take() {
            if !kept.contains(&id) {
                self.push(id);
            }
        }
    }

    pub(crate) fn take(&mut self) -> Vec<BlockId> {
        let mut ids = Vec::new();
        let mut list = &*self;
        while let Some(chunk) = &list.0 {
            ids.extend_from_slice(&chunk.ids);
            list = &chunk.older;
        }
        *self = FreedList::default();
        ids
    }
}

impl Drop for Chunk {
    fn drop(&mut self) {
        // One chunk after the other: the compiler's own way would recurse through the whole list.
        let mut next = self.older.0.take();
        while let Some(chunk) = next {
            match Arc::into_inner(chunk) {
                Some(mut chunk) => next = chunk.older.0.take(),
                None => break,
            }
        }
    }
}
