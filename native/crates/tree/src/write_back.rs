//! Nodes become blocks: children first, in batches, a little changed leaf beside the block that it is of.
//!
//! Always true: a tree changes only when all of it is written. After an error the store has none of the blocks.

use std::{collections::HashSet, sync::Arc};

use pluresdb_store::BlockId;

use crate::{
    Result,
    btree::Tree,
    node::{Blocks, DeltaForm, Inner, Kind, Leaf, Link, Node, Stored},
    pager::Pager,
};

/// Blocks are handed to the store in batches of about this size.
const WRITE_BATCH_BYTES: usize = 1 << 20;
/// Where `write_back` puts blocks.
#[derive(Clone, Copy)]
pub(crate) enum Destination {
    /// For the next root.
    Checkpoint,
    /// For a running transaction, which adopts or discards the blocks.
    Spill,
}

impl<L: Leaf> Tree<L> {
    /// Writes every dirty node, children first; the ids of the blocks. The tree changes only when all of it is written.
    pub(crate) fn write_back(&mut self, pager: &Pager, destination: Destination) -> Result<Vec<BlockId>> {
        let Some(root @ Link::Memory(_)) = &self.root else { return Ok(Vec::new()) };
        let mut writer = Writer::new(pager, destination);
        match writer.write(root, Place::Root).and_then(|link| writer.flush().map(|()| link)) {
            Ok(link) => {
                self.root = Some(link);
                self.freed.remove_all(&writer.kept);
                Ok(writer.written)
            }
            Err(error) => {
                writer.undo();
                Err(error)
            }
        }
    }

    /// Writes the leaves that lie in two blocks as one each; true when there are any. The tree must be written back, and
    /// changes only when all is written.
    pub(crate) fn fold_deltas(&mut self, pager: &Pager) -> Result<bool> {
        let Some(root @ Link::Stored(_)) = &self.root else { return Ok(false) };
        let mut writer = Writer::new(pager, Destination::Checkpoint);
        let mut replaced = Vec::new();
        let folded =
            writer.fold(root, self.height - 1, &mut replaced).and_then(|link| writer.flush().map(|()| link));
        match folded {
            Ok(None) => Ok(false),
            Ok(Some(link)) => {
                self.root = Some(link);
                for id in replaced {
                    self.freed.push(id);
                }
                Ok(true)
            }
            Err(error) => {
                writer.undo();
                Err(error)
            }
        }
    }
}

pub(crate) struct Writer<'a, L: Leaf> {
    pager: &'a Pager,
    destination: Destination,
    batch: Vec<Written<L>>,
    batch_bytes: usize,
    /// What the store has by now.
    pub(crate) written: Vec<BlockId>,
    /// Base blocks of changed leaves that stay in the tree.
    kept: HashSet<BlockId>,
}

/// A block to be written, and the node that lies in it.
struct Written<L: Leaf> {
    id: BlockId,
    block: Arc<[u8]>,
    node: Arc<Node<L>>,
}

/// Where a node stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Root,
    Below,
}

impl<'a, L: Leaf> Writer<'a, L> {
    pub(crate) fn new(pager: &'a Pager, destination: Destination) -> Writer<'a, L> {
        Writer {
            pager,
            destination,
            batch: Vec::new(),
            batch_bytes: 0,
            written: Vec::new(),
            kept: HashSet::new(),
        }
    }

    /// Writes what lies in two blocks below a stored link, and the nodes above it; None when there is nothing.
    fn fold(&mut self, link: &Link<L>, level: u8, replaced: &mut Vec<BlockId>) -> Result<Option<Link<L>>> {
        let Link::Stored(Stored { blocks, .. }) = link else { return Ok(None) };
        if level == 0 && blocks.base.is_none() {
            return Ok(None);
        }
        let node = link.node(self.pager, level)?;
        let folded = match &node.kind {
            Kind::Leaf(leaf) => self.write_whole(leaf)?,
            Kind::Inner(inner) => {
                let mut changed: Option<Inner<L>> = None;
                for (index, child) in inner.children.iter().enumerate() {
                    if let Some(link) = self.fold(&child.link, level - 1, replaced)? {
                        changed.get_or_insert_with(|| inner.clone()).children[index].link = link;
                    }
                }
                let Some(changed) = changed else { return Ok(None) };
                self.write_inner(changed)?
            }
        };
        replaced.extend(blocks.ids());
        self.pager.forget(blocks.id);
        Ok(Some(folded))
    }

    fn write(&mut self, link: &Link<L>, place: Place) -> Result<Link<L>> {
        let Link::Memory(node) = link else { return Ok(link.clone()) };
        match &node.kind {
            Kind::Leaf(leaf) => match leaf.encode_delta() {
                Some(DeltaForm { base, block: None }) => {
                    self.kept.insert(base);
                    self.pager.keep(base, &Arc::new(Node::clean(base, Kind::Leaf(leaf.clone()))));
                    Ok(Link::stored(base))
                }
                Some(DeltaForm { base, block: Some(block) }) if place == Place::Below => {
                    self.kept.insert(base);
                    let id = self.pager.store().allocate();
                    self.push(id, block.into(), Kind::Leaf(leaf.clone()))?;
                    Ok(Link::stored_in(Blocks { id, base: Some(base) }))
                }
                Some(_) | None => self.write_whole(leaf),
            },
            Kind::Inner(inner) => {
                let mut stored = inner.clone();
                for child in &mut stored.children {
                    child.link = self.write(&child.link, Place::Below)?;
                }
                self.write_inner(stored)
            }
        }
    }

    fn write_whole(&mut self, leaf: &L) -> Result<Link<L>> {
        self.write_folded(leaf.folded())
    }

    pub(crate) fn write_folded(&mut self, mut folded: L) -> Result<Link<L>> {
        let id = self.pager.store().allocate();
        folded.note_block(id);
        self.push(id, folded.encode(), Kind::Leaf(folded))?;
        Ok(Link::stored(id))
    }

    /// Its children are stored.
    fn write_inner(&mut self, inner: Inner<L>) -> Result<Link<L>> {
        let id = self.pager.store().allocate();
        self.push(id, inner.encode(), Kind::Inner(inner))?;
        Ok(Link::stored(id))
    }

    fn push(&mut self, id: BlockId, block: Arc<[u8]>, kind: Kind<L>) -> Result<()> {
        self.batch_bytes += block.len();
        self.batch.push(Written { id, block, node: Arc::new(Node::clean(id, kind)) });
        if self.batch_bytes >= WRITE_BATCH_BYTES { self.flush() } else { Ok(()) }
    }

    pub(crate) fn flush(&mut self) -> Result<()> {
        let blocks: Vec<(BlockId, &[u8])> =
            self.batch.iter().map(|written| (written.id, &written.block[..])).collect();
        match self.destination {
            Destination::Checkpoint => self.pager.store().write(&blocks)?,
            Destination::Spill => self.pager.store().spill(&blocks)?,
        }
        for Written { id, node, .. } in self.batch.drain(..) {
            self.written.push(id);
            self.pager.keep(id, &node);
        }
        self.batch_bytes = 0;
        Ok(())
    }

    /// After an error: nothing of what was written stays.
    pub(crate) fn undo(&self) {
        self.pager.store().discard(&self.written);
    }
}
