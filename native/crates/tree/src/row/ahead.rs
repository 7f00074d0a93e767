//! Has the processor fetch leaves before they are read.
//!
//! A leaf lies in several places of memory, each told by the one before: node, base, lane, column. A scan of leaves that
//! are in no cache of the processor waits for each of them. Here the same place of several leaves is looked at one after
//! the other; nothing depends on what is found, so that the processor waits for all of them together. That is for a scan's
//! first leaves. Of those behind them each place is asked for in time (`prefetch`), while others are worked on.
//!
//! So it is for rows here and there whose rowids are known beforehand, as those of an index's entries.
//!
//! Measured with `bench`: `sum-integers`, `filter`, `sum-reals`; `--tpch --only q20,q17`.

use std::{collections::VecDeque, hint::black_box, sync::Arc};

use pluresdb_prefetch as prefetch;

use crate::{node::Node, row::leaf::RowLeaf};

/// How many leaves before a scan comes to one, what is asked for of it.
const BASE_AHEAD: usize = 6;
const LANES_AHEAD: usize = 4;
const COLUMNS_AHEAD: usize = 2;
/// What memory comes in.
const LINE_BYTES: usize = 64;
/// Of one column of a leaf: several of them together find room in the first-level cache.
const MOST_BYTES: usize = 4096;
/// The same where leaves are asked for one by one.
const MOST_ASKED: usize = 8192;

pub(crate) fn fetch(nodes: &VecDeque<Arc<Node<RowLeaf>>>, slots: &[usize]) {
    let bases = || nodes.iter().filter_map(|node| node.leaf_for_scans().base.as_deref());
    for node in nodes {
        black_box(node.leaf_for_scans().delta.is_empty());
    }
    for base in bases() {
        black_box(base.rows);
        black_box(base.has_wide);
    }
    for &slot in slots {
        for base in bases() {
            black_box(base.lanes.get(slot).is_some());
            black_box(base.numerals.bytes(slot).map(<[u8]>::len));
        }
    }
    for &slot in slots {
        for base in bases() {
            let bytes = base.lane_bytes(slot);
            let bytes = &bytes[..bytes.len().min(MOST_BYTES)];
            let ends = bytes.chunks(LINE_BYTES).map(|line| line[0]);
            black_box(ends.fold(0, |seen, byte| seen ^ byte));
        }
    }
}

/// Asks for what is next of each of the leaves that a scan is about to come to, each further away than the one before.
pub(crate) fn ask(nodes: &VecDeque<Arc<Node<RowLeaf>>>, slots: &[usize]) {
    let base = |ahead: usize| nodes.get(ahead).and_then(|node| node.leaf_for_scans().base.as_deref());
    if let Some(base) = base(BASE_AHEAD) {
        base.ask(slots);
    }
    if let Some(base) = base(LANES_AHEAD) {
        for &slot in slots {
            if base.lanes.place_at_hand(slot).is_none()
                && let Some(lane) = base.lanes.get(slot)
            {
                prefetch::value(lane);
            }
            base.numerals.ask(slot);
        }
    }
    if let Some(base) = base(COLUMNS_AHEAD) {
        for &slot in slots {
            let bytes = base.lane_bytes(slot);
            prefetch::slice(&bytes[..bytes.len().min(MOST_ASKED)]);
        }
    }
}

/// As `fetch`, of one row of each leaf.
pub(crate) fn fetch_rows(nodes: &[Arc<Node<RowLeaf>>], rowids: &[i64], slots: &[usize]) {
    for node in nodes {
        black_box(node.leaf().delta.is_empty());
    }
    let bases =
        || nodes.iter().zip(rowids).filter_map(|(node, rowid)| Some((node.leaf().base.as_deref()?, *rowid)));
    for (base, _) in bases() {
        black_box(base.rows);
        black_box(base.has_wide);
    }
    for &slot in slots {
        for (base, _) in bases() {
            black_box(base.lanes.get(slot).is_some());
        }
    }
    for (base, rowid) in bases() {
        let Some(row) = base.find(rowid) else { continue };
        for &slot in slots {
            if let Some(lane) = base.lanes.get(slot) {
                black_box(base.lane_value(lane, row));
            }
        }
    }
}
