//! A whole tree out of leaves in key order, in memory or straight into the store.
//!
//!     entries ── caller's thread: fills leaves ──(portions, a few at a time)── writer's thread: encodes, writes ── links
//!     parts ──┬─ a thread: fills leaves, encodes, writes ── links
//!             └─ another, with the part that is next: as many as there are cores
//!
//! Always true: of a tree that goes into the store, no more than a few portions of leaves are in memory outside the cache.

use std::{
    borrow::Borrow,
    num::NonZero,
    panic::resume_unwind,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread,
};

use pluresdb_store::BlockId;

use crate::{
    Result, TreeError,
    btree::{APPENDED_CHILDREN, OwnedKey, Tree},
    freed::FreedList,
    node::{Child, Inner, Kind, Leaf, Link, Node},
    pager::Pager,
    write_back::{Destination, Writer},
};

/// Leaves go to the writer's thread in portions of about this size.
const PORTION_BYTES: usize = 1 << 20;
/// Portions that may wait for it.
const WAITING_PORTIONS: usize = 2;

/// Threads that write parts, at most.
const MAX_THREADS: usize = 8;

/// A leaf, and the separator to its left; the first one's is not used.
type Bounded<L> = (OwnedKey<L>, L);
type BoundedChild<L> = (OwnedKey<L>, Child<L>);
/// What a thread has made: of each of its parts the number and the leaves.
type Parts<L> = Vec<(usize, Vec<BoundedChild<L>>)>;

/// Takes leaves in key order, each with the separator to its left.
pub(crate) type LeafSink<'s, L> = &'s mut dyn FnMut(OwnedKey<L>, L) -> Result<()>;

impl<L: Leaf> Tree<L> {
    /// A tree over the leaves that `fill` makes, all of it in memory.
    pub(crate) fn build(pager: &Pager, fill: impl FnOnce(LeafSink<'_, L>) -> Result<()>) -> Result<Tree<L>> {
        let mut children = Vec::new();
        fill(&mut |separator, leaf| {
            let count = leaf.len() as u64;
            let link = Link::Memory(Arc::new(Node::dirty(Kind::Leaf(leaf), pager)));
            children.push((separator, Child { link, count }));
            Ok(())
        })?;
        Ok(Tree::over(pager, children))
    }

    /// A tree over the leaves that `fill` makes, which are written as blocks of a running transaction while the next ones
    /// are made; nodes above them are in memory. The ids of the blocks are appended to `spilled`; after an error there
    /// are none.
    pub(crate) fn build_stored(
        pager: &Pager,
        spilled: &mut Vec<BlockId>,
        fill: impl FnOnce(LeafSink<'_, L>) -> Result<()>,
    ) -> Result<Tree<L>> {
        let built = thread::scope(|scope| {
            let (sender, receiver) = mpsc::sync_channel::<Vec<Bounded<L>>>(WAITING_PORTIONS);
            let thread = thread::Builder::new().spawn_scoped(scope, move || {
                let mut writer = LeafWriter::new(pager);
                let mut leaves = receiver.iter().flatten();
                let outcome = leaves.try_for_each(|(separator, leaf)| writer.write(separator, leaf));
                writer.finish(outcome)
            });
            let Ok(thread) = thread else {
                let mut writer = LeafWriter::new(pager);
                let outcome = fill(&mut |separator, leaf| writer.write(separator, leaf));
                return writer.finish(outcome);
            };
            let filled = fill_portions(fill, &sender);
            drop(sender);
            // Where the writer failed, the other thread knows no more than that it was not listened to.
            let (children, ids) = thread.join().unwrap_or_else(|panic| resume_unwind(panic))?;
            if let Err(error) = filled {
                pager.store().discard(&ids);
                return Err(error);
            }
            Ok((children, ids))
        });
        let (children, ids) = built?;
        spilled.extend(ids);
        Ok(Tree::over(pager, children))
    }

    /// The same from so many parts, all keys of one below those of the next: `fill` makes the leaves of one, on whichever
    /// thread is free. The separator to the left of a part's first leaf is above all keys of the parts before.
    pub(crate) fn build_stored_parts(
        pager: &Pager,
        spilled: &mut Vec<BlockId>,
        part_count: usize,
        fill: &(dyn Fn(usize, LeafSink<'_, L>) -> Result<()> + Sync),
    ) -> Result<Tree<L>> {
        let next = AtomicUsize::new(0);
        let work = || {
            let mut writer = LeafWriter::new(pager);
            let mut parts = Parts::<L>::new();
            let outcome = loop {
                let part = next.fetch_add(1, Ordering::Relaxed);
                if part >= part_count {
                    break Ok(());
                }
                let filled = fill(part, &mut |separator, leaf| writer.write(separator, leaf));
                if filled.is_err() {
                    next.store(part_count, Ordering::Relaxed);
                    break filled;
                }
                parts.push((part, std::mem::take(&mut writer.children)));
            };
            writer.finish(outcome).map(|(_, ids)| (parts, ids))
        };
        let cores = thread::available_parallelism().map_or(1, NonZero::get);
        let outcomes = thread::scope(|scope| {
            // Without another thread to be had, there are fewer.
            let others: Vec<_> = (1..cores.min(MAX_THREADS).min(part_count))
                .filter_map(|_| thread::Builder::new().spawn_scoped(scope, work).ok())
                .collect();
            let mut outcomes = vec![work()];
            outcomes.extend(
                others.into_iter().map(|thread| thread.join().unwrap_or_else(|panic| resume_unwind(panic))),
            );
            outcomes
        });
        let (mut parts, mut ids, mut failure) = (Parts::<L>::new(), Vec::new(), None);
        for outcome in outcomes {
            match outcome {
                Ok((own_parts, own_ids)) => {
                    parts.extend(own_parts);
                    ids.extend(own_ids);
                }
                Err(error) => failure = failure.or(Some(error)),
            }
        }
        if let Some(error) = failure {
            pager.store().discard(&ids);
            return Err(error);
        }
        spilled.extend(ids);
        parts.sort_unstable_by_key(|(number, _)| *number);
        Ok(Tree::over(pager, parts.into_iter().flat_map(|(_, children)| children).collect()))
    }

    /// A tree over children in key order, all on one level: leaves.
    fn over(pager: &Pager, children: Vec<BoundedChild<L>>) -> Tree<L> {
        let mut level = children;
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

/// Sends leaves on in portions.
fn fill_portions<L: Leaf>(
    fill: impl FnOnce(LeafSink<'_, L>) -> Result<()>,
    sender: &mpsc::SyncSender<Vec<Bounded<L>>>,
) -> Result<()> {
    let send =
        |portion| sender.send(portion).map_err(|_| TreeError::corrupt("the writer of leaves has stopped"));
    let (mut portion, mut bytes) = (Vec::new(), 0);
    fill(&mut |separator, leaf| {
        bytes += leaf.memory();
        portion.push((separator, leaf));
        if bytes < PORTION_BYTES {
            return Ok(());
        }
        bytes = 0;
        send(std::mem::take(&mut portion))
    })?;
    send(portion)
}

/// Writes leaves as they come, and keeps the way to them.
struct LeafWriter<'p, L: Leaf> {
    writer: Writer<'p, L>,
    children: Vec<BoundedChild<L>>,
}

impl<'p, L: Leaf> LeafWriter<'p, L> {
    fn new(pager: &'p Pager) -> LeafWriter<'p, L> {
        LeafWriter { writer: Writer::new(pager, Destination::Spill), children: Vec::new() }
    }

    fn write(&mut self, separator: OwnedKey<L>, leaf: L) -> Result<()> {
        let count = leaf.len() as u64;
        let link = self.writer.write_folded(leaf)?;
        self.children.push((separator, Child { link, count }));
        Ok(())
    }

    /// The leaves and their blocks, unless something has failed: then there are no blocks.
    fn finish(mut self, outcome: Result<()>) -> Result<(Vec<BoundedChild<L>>, Vec<BlockId>)> {
        match outcome.and_then(|()| self.writer.flush()) {
            Ok(()) => Ok((self.children, self.writer.written)),
            Err(error) => {
                self.writer.undo();
                Err(error)
            }
        }
    }
}
