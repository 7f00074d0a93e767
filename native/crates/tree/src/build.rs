//! A whole tree out of leaves in key order.

use std::{borrow::Borrow, sync::Arc};

use crate::{
    btree::{APPENDED_CHILDREN, OwnedKey, Tree},
    freed::FreedList,
    node::{Child, Inner, Kind, Leaf, Link, Node},
    pager::Pager,
};

impl<L: Leaf> Tree<L> {
    /// A tree over leaves in key order. Each comes with the separator to its left; the first one's is not used.
    pub(crate) fn from_leaves(pager: &Pager, leaves: Vec<(OwnedKey<L>, L)>) -> Tree<L> {
        let mut level: Vec<(OwnedKey<L>, Child<L>)> = leaves
            .into_iter()
            .map(|(separator, leaf)| {
                let count = leaf.len() as u64;
                (
                    separator,
                    Child { link: Link::Memory(Arc::new(Node::dirty(Kind::Leaf(leaf), pager))), count },
                )
            })
            .collect();
        let count = level.iter().map(|(_, child)| child.count).sum();
        let mut height = u8::from(!level.is_empty());
        while level.len() > 1 {
            let group_len = level.len().div_ceil(level.len().div_ceil(APPENDED_CHILDREN));
            let mut parents = Vec::with_capacity(level.len().div_ceil(group_len));
            let mut nodes = level.into_iter().peekable();
            while let Some((first, child)) = nodes.next() {
                let mut inner = Inner { level: height, children: vec![child], separators: Arc::default() };
                while inner.children.len() < group_len
                    && let Some((separator, child)) = nodes.next()
                {
                    inner.push_separator(separator.borrow());
                    inner.children.push(child);
                }
                let count = inner.count();
                let link = Link::Memory(Arc::new(Node::dirty(Kind::Inner(inner), pager)));
                parents.push((first, Child { link, count }));
            }
            level = parents;
            height += 1;
        }
        let root = level.pop().map(|(_, child)| child.link);
        Tree { root, height, count, freed: FreedList::default() }
    }
}
