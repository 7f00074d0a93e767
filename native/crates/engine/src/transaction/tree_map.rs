//! Tree id → tree, as a value: cloning it is O(1), changing one tree copies one small chunk the first time.
//!
//! Ids lie in chunks of 5, and only chunks with a tree in them exist, so that a database whose ids have grown large
//! costs no more than a new one. Every commit makes a chunk anew: 5 trees are as many as the allocator has at hand, which in
//! glibc's case ends at 1,032 bytes.

use std::sync::Arc;

use pluresdb_store::BlockId;
use pluresdb_tree::{KeyTree, Pager, RowTree};

use crate::{Error, Result, ResultCode, catalog::TreeId};

const CHUNK_LEN: u32 = 5;

#[derive(Clone)]
pub(super) enum Tree {
    Row(RowTree),
    Key(KeyTree),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TreeKind {
    Row,
    Key,
}

impl Tree {
    pub(super) fn new(kind: TreeKind) -> Tree {
        match kind {
            TreeKind::Row => Tree::Row(RowTree::new()),
            TreeKind::Key => Tree::Key(KeyTree::new()),
        }
    }

    pub(super) fn kind(&self) -> TreeKind {
        match self {
            Tree::Row(_) => TreeKind::Row,
            Tree::Key(_) => TreeKind::Key,
        }
    }

    pub(super) fn encode_root(&self) -> Vec<u8> {
        match self {
            Tree::Row(tree) => tree.encode_root(),
            Tree::Key(tree) => tree.encode_root(),
        }
    }

    pub(super) fn decode_root(kind: TreeKind, root: &[u8]) -> Result<Tree> {
        Ok(match kind {
            TreeKind::Row => Tree::Row(RowTree::decode_root(root)?),
            TreeKind::Key => Tree::Key(KeyTree::decode_root(root)?),
        })
    }

    pub(super) fn clear(&mut self, pager: &Pager) -> Result<()> {
        match self {
            Tree::Row(tree) => tree.clear(pager)?,
            Tree::Key(tree) => tree.clear(pager)?,
        }
        Ok(())
    }

    pub(super) fn write_back(&mut self, pager: &Pager) -> Result<()> {
        match self {
            Tree::Row(tree) => tree.write_back(pager)?,
            Tree::Key(tree) => tree.write_back(pager)?,
        };
        Ok(())
    }

    /// Whether leaves were written anew, whole.
    pub(super) fn fold_deltas(&mut self, pager: &Pager) -> Result<bool> {
        match self {
            Tree::Row(tree) => Ok(tree.fold_deltas(pager)?),
            // Leaves of keys are always whole.
            Tree::Key(_) => Ok(false),
        }
    }

    pub(super) fn spill(&mut self, pager: &Pager, spilled: &mut Vec<BlockId>) -> Result<()> {
        match self {
            Tree::Row(tree) => tree.spill(pager, spilled)?,
            Tree::Key(tree) => tree.spill(pager, spilled)?,
        }
        Ok(())
    }

    pub(super) fn is_dirty(&self) -> bool {
        match self {
            Tree::Row(tree) => tree.is_dirty(),
            Tree::Key(tree) => tree.is_dirty(),
        }
    }

    pub(super) fn take_freed(&mut self) -> Vec<BlockId> {
        match self {
            Tree::Row(tree) => tree.take_freed(),
            Tree::Key(tree) => tree.take_freed(),
        }
    }

    pub(super) fn verify(&self, pager: &Pager, report: &mut dyn FnMut(String)) {
        match self {
            Tree::Row(tree) => tree.verify(pager, report),
            Tree::Key(tree) => tree.verify(pager, report),
        }
    }
}

type Chunk = [Option<Tree>; CHUNK_LEN as usize];

/// A tree that one transaction changes again and again is taken out of its chunk, in which an empty one keeps its place:
/// each chunk on the way would cost an atomic exchange for each row.
#[derive(Clone, Default)]
pub(super) struct TreeMap {
    /// By chunk number, ascending.
    chunks: Arc<Vec<(u32, Arc<Chunk>)>>,
    hot: Option<(TreeId, Tree)>,
    /// What was changed last.
    recent: Option<TreeId>,
}

impl TreeMap {
    #[inline]
    fn find(&self, number: u32) -> std::result::Result<usize, usize> {
        // Most databases have one chunk, or a few without a gap.
        match self.chunks.get(number as usize) {
            Some((found, _)) if *found == number => Ok(number as usize),
            _ => self.chunks.binary_search_by_key(&number, |(number, _)| *number),
        }
    }

    #[inline]
    pub(super) fn get(&self, id: TreeId) -> Option<&Tree> {
        match &self.hot {
            Some((hot, tree)) if *hot == id => Some(tree),
            _ => self.get_in_chunk(id),
        }
    }

    #[inline]
    fn get_in_chunk(&self, id: TreeId) -> Option<&Tree> {
        let index = self.find(id.0 / CHUNK_LEN).ok()?;
        self.chunks[index].1[(id.0 % CHUNK_LEN) as usize].as_ref()
    }

    #[inline]
    pub(super) fn get_mut(&mut self, id: TreeId) -> Option<&mut Tree> {
        let is_hot = matches!(&self.hot, Some((hot, _)) if *hot == id);
        if !is_hot {
            if self.recent.replace(id) != Some(id) {
                return self.get_mut_in_chunk(id);
            }
            self.heat(id)?;
        }
        self.hot.as_mut().map(|(_, tree)| tree)
    }

    fn get_mut_in_chunk(&mut self, id: TreeId) -> Option<&mut Tree> {
        let index = self.find(id.0 / CHUNK_LEN).ok()?;
        let chunk = &mut Arc::make_mut(&mut self.chunks)[index].1;
        Arc::make_mut(chunk)[(id.0 % CHUNK_LEN) as usize].as_mut()
    }

    /// Takes the tree out of its chunk, for the one that was taken out before.
    fn heat(&mut self, id: TreeId) -> Option<()> {
        self.settle();
        let tree = self.get_mut_in_chunk(id)?;
        let empty = Tree::new(tree.kind());
        self.hot = Some((id, std::mem::replace(tree, empty)));
        Some(())
    }

    /// Puts the tree that was taken out back into its place.
    fn settle(&mut self) {
        if let Some((id, tree)) = self.hot.take() {
            *self.get_mut_in_chunk(id).expect("an empty tree keeps the place") = tree;
        }
    }

    pub(super) fn insert(&mut self, id: TreeId, tree: Tree) {
        self.settle();
        let number = id.0 / CHUNK_LEN;
        let found = self.find(number);
        let chunks = Arc::make_mut(&mut self.chunks);
        let index = found.unwrap_or_else(|index| {
            chunks.insert(index, (number, Arc::new([const { None }; CHUNK_LEN as usize])));
            index
        });
        Arc::make_mut(&mut chunks[index].1)[(id.0 % CHUNK_LEN) as usize] = Some(tree);
    }

    pub(super) fn remove(&mut self, id: TreeId) -> Option<Tree> {
        self.settle();
        let index = self.find(id.0 / CHUNK_LEN).ok()?;
        let chunks = Arc::make_mut(&mut self.chunks);
        let chunk = Arc::make_mut(&mut chunks[index].1);
        let tree = chunk[(id.0 % CHUNK_LEN) as usize].take();
        if chunk.iter().all(Option::is_none) {
            chunks.remove(index);
        }
        tree
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (TreeId, &Tree)> {
        let hot = &self.hot;
        self.chunks.iter().flat_map(move |(number, chunk)| {
            let first = number * CHUNK_LEN;
            // Places behind the last id have no tree, and no number.
            chunk.iter().zip(0..).filter_map(move |(tree, offset)| {
                let tree = tree.as_ref()?;
                let id = TreeId(first + offset);
                match hot {
                    Some((hot, tree)) if *hot == id => Some((id, tree)),
                    _ => Some((id, tree)),
                }
            })
        })
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = (TreeId, &mut Tree)> {
        self.settle();
        Arc::make_mut(&mut self.chunks).iter_mut().flat_map(|(number, chunk)| {
            let first = *number * CHUNK_LEN;
            let trees = Arc::make_mut(chunk).iter_mut();
            trees.zip(0..).filter_map(move |(tree, offset)| {
                let tree = tree.as_mut()?;
                Some((TreeId(first + offset), tree))
            })
        })
    }

    #[inline]
    pub(super) fn row(&self, id: TreeId) -> Result<&RowTree> {
        match self.get(id) {
            Some(Tree::Row(tree)) => Ok(tree),
            Some(Tree::Key(_)) | None => Err(missing(id, "rows")),
        }
    }

    #[inline]
    pub(super) fn key(&self, id: TreeId) -> Result<&KeyTree> {
        match self.get(id) {
            Some(Tree::Key(tree)) => Ok(tree),
            Some(Tree::Row(_)) | None => Err(missing(id, "keys")),
        }
    }

    #[inline]
    pub(super) fn row_mut(&mut self, id: TreeId) -> Result<&mut RowTree> {
        match self.get_mut(id) {
            Some(Tree::Row(tree)) => Ok(tree),
            Some(Tree::Key(_)) | None => Err(missing(id, "rows")),
        }
    }

    #[inline]
    pub(super) fn key_mut(&mut self, id: TreeId) -> Result<&mut KeyTree> {
        match self.get_mut(id) {
            Some(Tree::Key(tree)) => Ok(tree),
            Some(Tree::Row(_)) | None => Err(missing(id, "keys")),
        }
    }
}

/// The schema names a tree that is not there: the file is damaged, or a caller kept a stale schema.
#[cold]
pub(super) fn missing(id: TreeId, of: &str) -> Error {
    Error::new(ResultCode::Corrupt, "database disk image is malformed")
        .with_detail(format!("there is no tree {} of {of}", id.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clone_does_not_see_later_changes() {
        let mut map = TreeMap::default();
        for id in [1, 2, 15, 16, 4000, u32::MAX] {
            map.insert(TreeId(id), Tree::new(TreeKind::Row));
        }
        let before = map.clone();
        map.remove(TreeId(4000)).unwrap();
        map.insert(TreeId(3), Tree::new(TreeKind::Key));
        let ids = |map: &TreeMap| map.iter().map(|(id, _)| id.0).collect::<Vec<_>>();
        assert_eq!(ids(&before), [1, 2, 15, 16, 4000, u32::MAX]);
        assert_eq!(ids(&map), [1, 2, 3, 15, 16, u32::MAX]);
        assert!(map.key(TreeId(3)).is_ok() && map.row(TreeId(3)).is_err() && before.get(TreeId(3)).is_none());
        // The second change in a row takes a tree out of its chunk, which nobody may notice.
        for _ in 0..2 {
            map.get_mut(TreeId(3)).unwrap();
        }
        assert!(map.hot.is_some() && map.key(TreeId(3)).is_ok());
        assert_eq!(ids(&map), [1, 2, 3, 15, 16, u32::MAX]);
        let copy = map.clone();
        map.remove(TreeId(3));
        assert!(copy.key(TreeId(3)).is_ok() && map.get_mut(TreeId(3)).is_none() && map.hot.is_none());
        assert_eq!(map.chunks.len(), 3);
        assert!(size_of::<Chunk>() <= 1000, "the counts before it take 16 bytes more");
    }
}
