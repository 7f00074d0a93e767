//! The copy-on-write B+tree over any kind of leaf: finding, changing, checking.
//!
//! A tree is a value. Cloning it shares every node; a change copies the nodes on its path that something shares (a
//! clone, or the store) and changes the others in place. Leaves know their entries, this file knows only keys and
//! counts.
//!
//! Always true:
//! - After an error the tree is as before the call, but for nodes copied to be changed and not changed.
//! - `freed` holds exactly the stored blocks that were in the tree at the last `take_freed` and are not any more, and
//!   spilled ones that were replaced since.

use std::{borrow::Borrow, collections::VecDeque, hint::black_box, sync::Arc};

use pluresdb_prefetch as prefetch;
use pluresdb_store::BlockId;

use crate::{
    Result, TreeError,
    freed::FreedList,
    node::{
        Blocks, Child, Inner, Kind, Leaf, Link, MAX_CHILDREN, MAX_COUNT, MAX_HEIGHT, Node, Separators, Side,
        Stored,
    },
    pager::Pager,
};

/// An inner node filled in key order keeps this many children, so that later inserts find room.
pub(crate) const APPENDED_CHILDREN: usize = MAX_CHILDREN - MAX_CHILDREN / 8;
/// So many leaves are looked at ahead by one that reads whole leaves.
const LEAVES_AHEAD: usize = 8;
/// So many before a leaf is held, its memory is asked for.
const LINKS_AHEAD: usize = 3;
/// The next inner node is asked for, and then held, when so many children are left of the one before.
const NODE_ASKED: usize = LEAVES_AHEAD + LINKS_AHEAD + 5;
const NODE_HELD: usize = LEAVES_AHEAD + LINKS_AHEAD + 2;

pub(crate) type OwnedKey<L> = <<L as Leaf>::Key as ToOwned>::Owned;

pub(crate) struct Tree<L: Leaf> {
    pub(crate) root: Option<Link<L>>,
    /// Levels, leaves included; 0 when empty.
    pub(crate) height: u8,
    pub(crate) count: u64,
    pub(crate) freed: FreedList,
}

impl<L: Leaf> Clone for Tree<L> {
    fn clone(&self) -> Self {
        Tree { root: self.root.clone(), height: self.height, count: self.count, freed: self.freed.clone() }
    }
}

impl<L: Leaf> Default for Tree<L> {
    fn default() -> Self {
        Tree { root: None, height: 0, count: 0, freed: FreedList::default() }
    }
}

/// Bytes of `encode_root`.
pub(crate) const ROOT_LEN: usize = 17;

impl<L: Leaf> Tree<L> {
    pub(crate) fn encode_root(&self, out: &mut Vec<u8>) {
        let id = match &self.root {
            None => 0,
            Some(Link::Stored(Stored { blocks: Blocks { id, base: None }, .. })) => id.get(),
            Some(Link::Stored(_)) => panic!("a root is stored as one block"),
            Some(Link::Memory(_)) => panic!("a tree is written back before its root is stored"),
        };
        out.extend_from_slice(&id.to_le_bytes());
        out.extend_from_slice(&self.count.to_le_bytes());
        out.push(self.height);
    }

    pub(crate) fn decode_root(bytes: &[u8; ROOT_LEN]) -> Result<Tree<L>> {
        let (id, rest) = bytes.split_first_chunk::<8>().expect("17 bytes hold 8");
        let (count, rest) = rest.split_first_chunk::<8>().expect("9 bytes hold 8");
        let root = BlockId::new(u64::from_le_bytes(*id)).map(Link::stored);
        let count = u64::from_le_bytes(*count);
        let height = rest[0];
        if height > MAX_HEIGHT
            || count > MAX_COUNT
            || root.is_some() != (height > 0)
            || root.is_some() != (count > 0)
        {
            return Err(TreeError::corrupt("bad tree root"));
        }
        Ok(Tree { root, height, count, freed: FreedList::default() })
    }

    pub(crate) fn is_dirty(&self) -> bool {
        matches!(self.root, Some(Link::Memory(_)))
    }

    /// Looks into the leaf that is reached by taking child `choose(inner)` each time; None when the tree is empty. Nodes
    /// in memory are held by their parents, so they are not held once more.
    #[inline]
    fn look_along<R>(
        &self,
        pager: &Pager,
        choose: impl Fn(&Inner<L>) -> usize,
        look: impl FnOnce(&L) -> R,
    ) -> Result<Option<R>> {
        let Some(mut link) = self.root.as_ref() else { return Ok(None) };
        let mut level = self.height - 1;
        while let Link::Memory(node) = link {
            match &node.kind {
                Kind::Leaf(leaf) => return Ok(Some(look(leaf))),
                Kind::Inner(inner) => link = &inner.children[choose(inner)].link,
            }
            level -= 1;
        }
        let mut node = link.node(pager, level)?;
        while let Kind::Inner(inner) = &node.kind {
            level -= 1;
            let child = inner.children[choose(inner)].link.node(pager, level)?;
            node = child;
        }
        Ok(Some(look(node.leaf())))
    }

    /// Looks into the first or the last leaf.
    pub(crate) fn look_at_edge<R>(
        &self,
        pager: &Pager,
        side: Side,
        look: impl FnOnce(&L) -> R,
    ) -> Result<Option<R>> {
        let choose = |inner: &Inner<L>| match side {
            Side::Left => 0,
            Side::Right => inner.children.len() - 1,
        };
        self.look_along(pager, choose, look)
    }

    /// Looks into the leaf where `key` is or would be, in place; None when the tree is empty.
    #[inline]
    pub(crate) fn look<R>(
        &self,
        pager: &Pager,
        key: &L::Key,
        look: impl FnOnce(&L) -> R,
    ) -> Result<Option<R>> {
        self.look_along(pager, |inner| inner.separators.find(key), look)
    }

    /// The leaf where `key` is or would be.
    pub(crate) fn find_leaf(&self, pager: &Pager, key: &L::Key) -> Result<Option<Arc<Node<L>>>> {
        let Some(root) = &self.root else { return Ok(None) };
        find_leaf(root, self.height - 1, pager, key).map(Some)
    }

    /// The same, where no node has to be read; None also when one would.
    pub(crate) fn find_leaf_in_memory(&self, key: &L::Key) -> Option<Arc<Node<L>>> {
        let mut link = self.root.as_ref()?;
        while let Link::Memory(node) = link {
            let Kind::Inner(inner) = &node.kind else { return Some(Arc::clone(node)) };
            link = &inner.children[inner.separators.find(key)].link;
        }
        let mut node = link.node_in_memory()?;
        while let Kind::Inner(inner) = &node.kind {
            let child = inner.children[inner.separators.find(key)].link.node_in_memory()?;
            node = child;
        }
        Some(node)
    }

    /// How many entries lie before `key`; `rank` tells it within a leaf. Reads one path, since inner nodes keep counts.
    pub(crate) fn rank(&self, pager: &Pager, key: &L::Key, rank: impl FnOnce(&L) -> usize) -> Result<u64> {
        let Some(root) = &self.root else { return Ok(0) };
        let mut level = self.height - 1;
        let mut node = root.node(pager, level)?;
        let mut before = 0;
        while let Kind::Inner(inner) = &node.kind {
            let index = inner.separators.find(key);
            before += inner.children[..index].iter().map(|child| child.count).sum::<u64>();
            level -= 1;
            let child = inner.children[index].link.node(pager, level)?;
            node = child;
        }
        Ok(before + rank(node.leaf()) as u64)
    }

    /// The first key that belongs behind the leaf of `key`; None when that is the last one.
    pub(crate) fn bound_behind(&self, pager: &Pager, key: &L::Key) -> Result<Option<OwnedKey<L>>> {
        let Some(root) = &self.root else { return Ok(None) };
        let mut level = self.height - 1;
        let mut node = root.node(pager, level)?;
        let mut bound = None;
        while let Kind::Inner(inner) = &node.kind {
            let index = inner.separators.find(key);
            if index < inner.separators.len() {
                bound = Some(inner.separators.get(index).to_owned());
            }
            level -= 1;
            let child = inner.children[index].link.node(pager, level)?;
            node = child;
        }
        Ok(bound)
    }

    /// Changes the leaf where `key` belongs. A full leaf that an inserted one lies beyond is left alone: a new one starts.
    pub(crate) fn change<R>(
        &mut self,
        pager: &Pager,
        key: &L::Key,
        purpose: Purpose,
        change: impl FnOnce(&mut L) -> R,
    ) -> Result<R> {
        let was_empty = self.root.is_none();
        let link = self.root.take().unwrap_or_else(|| {
            self.height = 1;
            Link::Memory(Arc::new(Node::dirty(Kind::Leaf(L::default()), pager)))
        });
        let mut root = Child { link, count: self.count };
        let mut descent =
            Descent { pager, freed: &mut self.freed, key, purpose, extra: Vec::new(), is_small: false };
        let result = descent.change(&mut root, self.height - 1, change);
        let extra = descent.extra;
        if result.is_err() && was_empty || root.count == 0 {
            *self = Tree { freed: std::mem::take(&mut self.freed), ..Tree::default() };
            return result;
        }
        self.count = root.count;
        if extra.is_empty() {
            self.root = Some(root.link);
            self.drop_idle_root();
        } else {
            let mut inner = Inner { level: self.height, children: vec![root], separators: Arc::default() };
            for (separator, child) in extra {
                inner.push_separator(separator.borrow());
                inner.children.push(child);
            }
            self.count = inner.count();
            self.height += 1;
            self.root = Some(Link::Memory(Arc::new(Node::dirty(Kind::Inner(inner), pager))));
        }
        result
    }

    /// Changes the leaf that is reached by taking child `choose(inner)` each time, where the way there is nobody else's:
    /// nothing is copied, joined or split. `change` tells how many entries came, or None when it wants more than that. False,
    /// and nothing done, where the change must go the long way.
    #[inline]
    pub(crate) fn change_in_place(
        &mut self,
        choose: impl Fn(&Inner<L>) -> usize,
        change: impl FnOnce(&mut L) -> Option<usize>,
    ) -> bool {
        let Some(root) = &mut self.root else { return false };
        let Some(came) = change_below(root, &choose, change) else { return false };
        self.count += came as u64;
        true
    }

    /// A dirty root with a single child is no use, unless that lies in two blocks: a root names one.
    fn drop_idle_root(&mut self) {
        while let Some(Link::Memory(node)) = &self.root
            && let Kind::Inner(inner) = &node.kind
            && let [only] = &inner.children[..]
            && !only.link.has_delta_block()
        {
            let link = only.link.clone();
            self.root = Some(link);
            self.height -= 1;
        }
    }

    /// Removes everything; all stored blocks go to the freed list.
    pub(crate) fn clear(&mut self, pager: &Pager) -> Result<()> {
        let mut ids = Vec::new();
        if let Some(root) = &self.root {
            collect_stored(pager, root, self.height - 1, &mut ids)?;
        }
        for id in ids {
            // Who still reads an older version reads its blocks again; the memory is wanted for what comes now.
            pager.forget(id);
            self.freed.push(id);
        }
        *self = Tree { freed: std::mem::take(&mut self.freed), ..Tree::default() };
        Ok(())
    }

    /// Tells everything wrong with order, counts and levels; calls `visit` with each sound leaf.
    pub(crate) fn verify(
        &self,
        pager: &Pager,
        report: &mut dyn FnMut(String),
        visit: &mut dyn FnMut(&L, &mut dyn FnMut(String)),
    ) {
        if let Some(root) = &self.root {
            let mut check = Check { pager, report, visit };
            check.child(root, self.count, self.height - 1, None, None);
        }
    }
}

/// The leaf below `link` where `key` is or would be. Only the leaf is held, not the way to it.
fn find_leaf<L: Leaf>(link: &Link<L>, level: u8, pager: &Pager, key: &L::Key) -> Result<Arc<Node<L>>> {
    let (mut link, mut level) = (link, level);
    while let Link::Memory(node) = link {
        let Kind::Inner(inner) = &node.kind else { return Ok(Arc::clone(node)) };
        link = &inner.children[inner.separators.find(key)].link;
        level -= 1;
    }
    let mut node = link.node(pager, level)?;
    while let Kind::Inner(inner) = &node.kind {
        level -= 1;
        let child = inner.children[inner.separators.find(key)].link.node(pager, level)?;
        node = child;
    }
    Ok(node)
}

fn change_below<L: Leaf>(
    link: &mut Link<L>,
    choose: &impl Fn(&Inner<L>) -> usize,
    change: impl FnOnce(&mut L) -> Option<usize>,
) -> Option<usize> {
    let Link::Memory(node) = link else { return None };
    let node = Arc::get_mut(node)?;
    node.begin_change();
    match &mut node.kind {
        Kind::Leaf(leaf) => {
            let came = change(leaf)?;
            node.charge.set(leaf.own_memory());
            Some(came)
        }
        Kind::Inner(inner) => {
            let index = choose(inner);
            let child = &mut inner.children[index];
            let came = change_below(&mut child.link, choose, change)?;
            child.count += came as u64;
            Some(came)
        }
    }
}

fn collect_stored<L: Leaf>(pager: &Pager, link: &Link<L>, level: u8, ids: &mut Vec<BlockId>) -> Result<()> {
    if let Link::Stored(stored) = link {
        ids.extend(stored.blocks.ids());
    }
    if level == 0 {
        return Ok(());
    }
    if let Kind::Inner(inner) = &link.node(pager, level)?.kind {
        for child in &inner.children {
            collect_stored(pager, &child.link, level - 1, ids)?;
        }
    }
    Ok(())
}

/// What a change does with its key.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// It may be there already.
    Insert,
    /// It lies behind all others, and a new leaf begins with it.
    Append,
    /// It is there.
    Replace,
    Delete,
    /// Entries of its leaf, this one and others, come and go.
    Many,
}

/// One change on its way down and up again.
struct Descent<'a, L: Leaf> {
    pager: &'a Pager,
    freed: &'a mut FreedList,
    key: &'a L::Key,
    purpose: Purpose,
    /// New right neighbours of the child just changed, for its parent to take in.
    extra: Vec<(OwnedKey<L>, Child<L>)>,
    /// Whether the child just changed should join a neighbour.
    is_small: bool,
}

impl<L: Leaf> Descent<'_, L> {
    /// Makes the node behind `link` ours alone; also tells whether a snapshot held it.
    fn own<'n>(&mut self, link: &'n mut Link<L>, level: u8) -> Result<(&'n mut Node<L>, bool)> {
        // Nobody has a weak link to a node in memory, so the count tells, and looking at it exchanges nothing.
        let is_shared = match link {
            Link::Memory(node) => Arc::strong_count(node) > 1,
            Link::Stored(_) => false,
        };
        if is_shared || matches!(link, Link::Stored(_)) {
            let node = link.node(self.pager, level)?;
            let copy = Arc::new(Node::dirty(node.kind_to_change(), self.pager));
            if let Link::Stored(stored) = link {
                self.free(stored.blocks);
                self.pager.retire(stored.blocks.id);
            }
            *link = Link::Memory(copy);
        }
        let Link::Memory(node) = link else { unreachable!("the link was just made a memory link") };
        let node = Arc::get_mut(node).expect("nothing shares a node just copied or found unshared");
        node.begin_change();
        Ok((node, is_shared))
    }

    /// Also the base block of a leaf that is about to change: when the leaf is written and the base is still good, the
    /// writer takes it off the list.
    fn free(&mut self, blocks: Blocks) {
        for id in blocks.ids() {
            self.freed.push(id);
        }
    }

    fn dirty_leaf(&self, leaf: L) -> Child<L> {
        let count = leaf.len() as u64;
        Child { link: Link::Memory(Arc::new(Node::dirty(Kind::Leaf(leaf), self.pager))), count }
    }

    fn change<R>(&mut self, child: &mut Child<L>, level: u8, change: impl FnOnce(&mut L) -> R) -> Result<R> {
        if level == 0 { self.change_leaf(child, change) } else { self.change_below(child, level, change) }
    }

    fn change_leaf<R>(&mut self, child: &mut Child<L>, change: impl FnOnce(&mut L) -> R) -> Result<R> {
        if self.purpose == Purpose::Append && child.count > 0 {
            return self.start_leaf(child, Side::Right, change);
        }
        if self.purpose == Purpose::Insert {
            let side = match &child.link {
                Link::Memory(node) => node.leaf().beyond(self.key),
                Link::Stored(stored) => stored.node(self.pager, 0)?.leaf().beyond(self.key),
            };
            if let Some(side) = side {
                return self.start_leaf(child, side, change);
            }
        }
        let (node, is_shared) = self.own(&mut child.link, 0)?;
        let Kind::Leaf(leaf) = &mut node.kind else { panic!("a node at level 0 is a leaf") };
        let result = change(leaf);
        let pieces = leaf.settle(is_shared);
        child.count = leaf.len() as u64;
        self.is_small = matches!(self.purpose, Purpose::Delete | Purpose::Many) && leaf.is_small();
        leaf.charge_shared(self.pager);
        let memory = leaf.own_memory();
        if !pieces.is_empty() {
            self.add_pieces(leaf, pieces);
        }
        node.charge.set(memory);
        Ok(result)
    }

    /// What no longer fits a leaf stands right of it.
    #[cold]
    fn add_pieces(&mut self, leaf: &L, pieces: Vec<L>) {
        let lefts = std::iter::once(leaf).chain(&pieces);
        let separators: Vec<_> = lefts.zip(&pieces).map(|(left, right)| left.separator(right)).collect();
        for (separator, piece) in separators.into_iter().zip(pieces) {
            let piece = self.dirty_leaf(piece);
            self.extra.push((separator, piece));
        }
    }

    fn start_leaf<R>(
        &mut self,
        child: &mut Child<L>,
        side: Side,
        change: impl FnOnce(&mut L) -> R,
    ) -> Result<R> {
        let old = child.link.node(self.pager, 0)?;
        let mut leaf = L::default();
        let result = change(&mut leaf);
        if leaf.len() == 0 {
            return Ok(result);
        }
        self.is_small = false;
        let separator = match side {
            Side::Right => old.leaf().separator(&leaf),
            Side::Left => leaf.separator(old.leaf()),
        };
        let new = self.dirty_leaf(leaf);
        let right = match side {
            Side::Right => new,
            Side::Left => std::mem::replace(child, new),
        };
        self.extra.push((separator, right));
        Ok(result)
    }

    fn change_below<R>(
        &mut self,
        parent: &mut Child<L>,
        level: u8,
        change: impl FnOnce(&mut L) -> R,
    ) -> Result<R> {
        let (node, _) = self.own(&mut parent.link, level)?;
        let Kind::Inner(inner) = &mut node.kind else { panic!("a node above level 0 is an inner node") };
        let index = inner.separators.find(self.key);
        let before = inner.children[index].count;
        let result = self.change(&mut inner.children[index], level - 1, change)?;
        parent.count = parent.count.wrapping_sub(before).wrapping_add(inner.children[index].count);
        if !self.extra.is_empty() {
            self.take_in_extra(parent, index);
        } else if inner.children[index].count == 0 {
            // The child was made ours on the way down, so it has no stored block to free.
            inner.remove_child(index);
            self.is_small = inner.children.len() < MAX_CHILDREN / 4;
        } else if std::mem::take(&mut self.is_small) {
            self.join(inner, index);
            self.is_small = inner.children.len() < MAX_CHILDREN / 4;
        }
        Ok(result)
    }

    /// Puts the new children right of child `index`; splits the node when it has too many.
    fn take_in_extra(&mut self, parent: &mut Child<L>, index: usize) {
        let Link::Memory(node) = &mut parent.link else { panic!("the node was made ours") };
        let node = Arc::get_mut(node).expect("the node was made ours");
        let Kind::Inner(inner) = &mut node.kind else { panic!("the parent of a node is an inner node") };
        for (at, (separator, child)) in (index..).zip(self.extra.drain(..)) {
            parent.count = parent.count.wrapping_add(child.count);
            Arc::make_mut(&mut inner.separators).insert(at, separator.borrow());
            inner.children.insert(at + 1, child);
        }
        self.is_small = false;
        while inner.children.len() > MAX_CHILDREN {
            let in_order = index + 2 >= inner.children.len();
            let at = if in_order { APPENDED_CHILDREN } else { inner.children.len() / 2 };
            let children = inner.children.split_off(at);
            let own = Arc::make_mut(&mut inner.separators);
            let separators = Arc::new(own.split_off(at));
            let middle = own.get(at - 1).to_owned();
            own.remove(at - 1);
            let right = Inner { level: inner.level, children, separators };
            let count = right.count();
            parent.count = parent.count.wrapping_sub(count);
            let link = Link::Memory(Arc::new(Node::dirty(Kind::Inner(right), self.pager)));
            self.extra.insert(0, (middle, Child { link, count }));
        }
        let memory = node.memory();
        node.charge.set(memory);
    }

    /// Joins child `index` with a neighbour when both are small. Only a courtesy: what cannot be read stays apart.
    fn join(&mut self, inner: &mut Inner<L>, index: usize) {
        let level = inner.level - 1;
        for left in [index.checked_sub(1), Some(index)].into_iter().flatten() {
            let Some(pair) = inner.children.get(left..left + 2) else { continue };
            let (Ok(a), Ok(b)) = (pair[0].link.node(self.pager, level), pair[1].link.node(self.pager, level))
            else {
                continue;
            };
            let joined = match (&a.kind, &b.kind) {
                (Kind::Leaf(a), Kind::Leaf(b)) => a.joined(b).map(Kind::Leaf),
                (Kind::Inner(a), Kind::Inner(b))
                    if a.children.len() + b.children.len() <= MAX_CHILDREN / 2 =>
                {
                    let mut union = a.clone();
                    union.push_separator(inner.separators.get(left));
                    Arc::make_mut(&mut union.separators).append(&b.separators);
                    union.children.extend(b.children.iter().cloned());
                    Some(Kind::Inner(union))
                }
                _ => None,
            };
            let Some(joined) = joined else { continue };
            let right = inner.remove_child(left + 1);
            let count = inner.children[left].count.wrapping_add(right.count);
            let link = Link::Memory(Arc::new(Node::dirty(joined, self.pager)));
            let old = std::mem::replace(&mut inner.children[left], Child { link, count });
            for link in [old.link, right.link] {
                if let Link::Stored(stored) = link {
                    self.free(stored.blocks);
                }
            }
            return;
        }
    }
}

struct Check<'a, L: Leaf> {
    pager: &'a Pager,
    report: &'a mut dyn FnMut(String),
    visit: &'a mut dyn FnMut(&L, &mut dyn FnMut(String)),
}

impl<L: Leaf> Check<'_, L> {
    fn child(&mut self, link: &Link<L>, count: u64, level: u8, low: Option<&L::Key>, high: Option<&L::Key>) {
        let node = match link.node(self.pager, level) {
            Ok(node) => node,
            Err(error) => return (self.report)(error.to_string()),
        };
        let name = match link {
            Link::Stored(stored) => format!("{:?}", stored.blocks.id),
            Link::Memory(_) => "a node in memory".to_owned(),
        };
        let found = match &node.kind {
            Kind::Leaf(leaf) => {
                let range = leaf.check(&mut |problem| (self.report)(format!("{name}: {problem}")));
                match range {
                    None => (self.report)(format!("{name}: empty leaf")),
                    Some((first, last)) => {
                        if low.is_some_and(|low| first.borrow() < low)
                            || high.is_some_and(|high| last.borrow() >= high)
                        {
                            (self.report)(format!("{name}: keys outside the range of the leaf"));
                        }
                    }
                }
                (self.visit)(leaf, self.report);
                leaf.len() as u64
            }
            Kind::Inner(inner) => {
                for (index, child) in inner.children.iter().enumerate() {
                    let left = index.checked_sub(1).map(|left| inner.separators.get(left)).or(low);
                    let right =
                        (index < inner.separators.len()).then(|| inner.separators.get(index)).or(high);
                    if let (Some(left), Some(right)) = (left, right)
                        && left >= right
                    {
                        (self.report)(format!("{name}: separators out of order"));
                    }
                    self.child(&child.link, child.count, level - 1, left, right);
                }
                inner.count()
            }
        };
        if found != count {
            (self.report)(format!("{name}: {found} entries where {count} are expected"));
        }
    }
}

/// A way from the root to one leaf, movable to the neighbouring leaves. Holds every node on it; after `seek` only the
/// leaf, until it is moved: most who look for a key stay in its leaf.
pub(crate) struct Path<L: Leaf> {
    root: Option<Link<L>>,
    height: u8,
    /// Inner nodes from the root down, each with the index of the child taken.
    steps: Vec<(Arc<Node<L>>, usize)>,
    /// The steps are not known.
    is_short: bool,
    pub(crate) leaf: Option<Arc<Node<L>>>,
    /// Leaves to the right that are held already, the next one first.
    ahead: VecDeque<Arc<Node<L>>>,
    /// The inner node to the right of the last step's, once leaves below it are looked at.
    beyond: Option<Arc<Node<L>>>,
}

impl<L: Leaf> Default for Path<L> {
    fn default() -> Self {
        Path {
            root: None,
            height: 0,
            steps: Vec::new(),
            is_short: false,
            leaf: None,
            ahead: VecDeque::new(),
            beyond: None,
        }
    }
}

/// How to choose among children on the way down.
enum Toward<'k, L: Leaf> {
    Key(&'k L::Key),
    Side(Side),
}

impl<L: Leaf> Path<L> {
    pub(crate) fn reset(&mut self, tree: &Tree<L>) {
        self.root.clone_from(&tree.root);
        self.height = tree.height;
        self.leave();
    }

    /// Lets go of everything but the room for steps.
    pub(crate) fn close(&mut self) {
        self.root = None;
        self.leave();
    }

    pub(crate) fn leave(&mut self) {
        self.steps.clear();
        self.is_short = false;
        self.leaf = None;
        self.ahead.clear();
        self.beyond = None;
    }

    /// Holds the next leaves to the right that need not be read, and hands them to `fetch`, or to `ask` when only the last of
    /// them is held since just now. To be called before each step to the right.
    pub(crate) fn look_ahead(
        &mut self,
        fetch: impl FnOnce(&VecDeque<Arc<Node<L>>>),
        ask: impl FnOnce(&VecDeque<Arc<Node<L>>>),
    ) {
        if self.is_short {
            return;
        }
        let Path { steps, ahead, beyond, .. } = self;
        let Some((node, index)) = steps.last() else { return };
        let children = &node.inner().children[index + 1..];
        if beyond.is_none()
            && children.len() <= NODE_ASKED
            && let [.., (above, place), _] = &steps[..]
            && let Some(next) = above.inner().children.get(place + 1)
        {
            if children.len() == NODE_ASKED {
                next.link.ask();
            } else if children.len() <= NODE_HELD {
                *beyond = next.link.node_in_memory();
                beyond.iter().flat_map(|node| &node.inner().children).for_each(prefetch::value);
            }
        }
        let further = beyond.as_ref().map_or(&[][..], |node| &node.inner().children);
        let link = |ahead: usize| {
            let child = children.get(ahead).or_else(|| further.get(ahead.checked_sub(children.len())?));
            child.map(|child| &child.link)
        };
        if let Some(link) = link(LEAVES_AHEAD + LINKS_AHEAD) {
            link.ask();
        }
        if !ahead.is_empty() {
            ahead.extend(link(ahead.len()).and_then(Link::node_in_memory));
            return ask(ahead);
        }
        // Holding a node waits for its memory before anything else is looked at; looking at all of them first waits once.
        for link in (0..LEAVES_AHEAD).map_while(link) {
            black_box(link.holder_count());
        }
        ahead.extend((0..LEAVES_AHEAD).map_while(|ahead| link(ahead)?.node_in_memory()));
        fetch(ahead);
    }

    /// Goes from a node at this level to a leaf below it.
    fn descend(
        &mut self,
        pager: &Pager,
        mut node: Arc<Node<L>>,
        mut level: u8,
        toward: &Toward<'_, L>,
    ) -> Result<()> {
        while let Kind::Inner(inner) = &node.kind {
            let index = match toward {
                Toward::Key(key) => inner.separators.find(key),
                Toward::Side(Side::Left) => 0,
                Toward::Side(Side::Right) => inner.children.len() - 1,
            };
            level -= 1;
            let child = inner.children[index].link.node(pager, level)?;
            self.steps.push((node, index));
            node = child;
        }
        self.leaf = Some(node);
        Ok(())
    }

    fn restart(&mut self, pager: &Pager, toward: &Toward<'_, L>) -> Result<bool> {
        self.leave();
        let Some(root) = &self.root else { return Ok(false) };
        let level = self.height - 1;
        let node = root.node(pager, level)?;
        self.descend(pager, node, level, toward)?;
        Ok(true)
    }

    /// Goes to the leaf where `key` is or would be; false when the tree is empty.
    #[inline]
    pub(crate) fn seek(&mut self, pager: &Pager, key: &L::Key) -> Result<bool> {
        self.leave();
        let Some(root) = &self.root else { return Ok(false) };
        self.leaf = Some(find_leaf(root, self.height - 1, pager, key)?);
        self.is_short = true;
        Ok(true)
    }

    /// Where each of the keys is or would be, up to the first whose way leads through a node that has to be read; there are
    /// no more than so many.
    pub(crate) fn leaves_in_memory<const MOST: usize>(
        &self,
        keys: &[&L::Key],
        leaves: &mut Vec<Arc<Node<L>>>,
    ) {
        leaves.clear();
        let Some(root) = &self.root else { return };
        leaves.extend(keys.iter().take(MOST).map_while(|_| root.node_in_memory()));
        for _ in 1..self.height {
            let mut children = [0; MOST];
            for ((child, node), key) in children.iter_mut().zip(&*leaves).zip(keys) {
                let inner = node.inner();
                *child = inner.separators.find(key);
                // As `look_ahead`: all of them are waited for at once.
                black_box(inner.children[*child].link.holder_count());
            }
            let mut count = 0;
            for (node, child) in leaves.iter_mut().zip(children) {
                let Some(next) = node.inner().children[child].link.node_in_memory() else { break };
                *node = next;
                count += 1;
            }
            leaves.truncate(count);
        }
    }

    /// Goes to a leaf that was found before.
    pub(crate) fn enter(&mut self, leaf: Arc<Node<L>>) {
        self.leave();
        self.leaf = Some(leaf);
        self.is_short = true;
    }

    /// Levels of the tree.
    pub(crate) fn height(&self) -> u8 {
        self.height
    }

    pub(crate) fn seek_edge(&mut self, pager: &Pager, side: Side) -> Result<bool> {
        self.restart(pager, &Toward::Side(side))
    }

    /// Goes to the leaf with entry number `offset`; returns its number within the leaf.
    pub(crate) fn seek_nth(&mut self, pager: &Pager, mut offset: u64) -> Result<Option<u64>> {
        self.leave();
        let Some(root) = &self.root else { return Ok(None) };
        let mut level = self.height - 1;
        let mut node = root.node(pager, level)?;
        while let Kind::Inner(inner) = &node.kind {
            let mut index = 0;
            while index + 1 < inner.children.len() && offset >= inner.children[index].count {
                offset -= inner.children[index].count;
                index += 1;
            }
            level -= 1;
            let child = inner.children[index].link.node(pager, level)?;
            self.steps.push((node, index));
            node = child;
        }
        let is_inside = offset < node.leaf().len() as u64;
        self.leaf = Some(node);
        Ok(is_inside.then_some(offset))
    }

    /// Goes to the next leaf on `side`; false when there is none, and then stands nowhere.
    pub(crate) fn advance(&mut self, pager: &Pager, side: Side) -> Result<bool> {
        if self.is_short {
            let key = self.leaf.as_ref().and_then(|node| node.leaf().any_key());
            let key = key.expect("a leaf in a tree has a key");
            self.restart(pager, &Toward::Key(key.borrow()))?;
        }
        if side == Side::Right
            && let Some(leaf) = self.ahead.pop_front()
        {
            let (node, index) = self.steps.last_mut().expect("what lies ahead has a parent");
            *index += 1;
            if *index == node.inner().children.len() {
                self.steps.pop();
                let (_, index) = self.steps.last_mut().expect("what lies beyond a node has a parent with it");
                *index += 1;
                self.steps.push((self.beyond.take().expect("what lies ahead has a parent"), 0));
            }
            self.leaf = Some(leaf);
            return Ok(true);
        }
        self.ahead.clear();
        self.beyond = None;
        self.leaf = None;
        while let Some((node, index)) = self.steps.pop() {
            let Kind::Inner(inner) = &node.kind else { panic!("steps are inner nodes") };
            let next = match side {
                Side::Right => Some(index + 1).filter(|&next| next < inner.children.len()),
                Side::Left => index.checked_sub(1),
            };
            if let Some(next) = next {
                let level = inner.level - 1;
                // Asked in place, where the link remembers its node.
                let child = inner.children[next].link.node(pager, level)?;
                let from = match side {
                    Side::Right => Side::Left,
                    Side::Left => Side::Right,
                };
                self.steps.push((node, next));
                return self.descend(pager, child, level, &Toward::Side(from)).map(|()| true);
            }
        }
        self.leave();
        Ok(false)
    }
}
