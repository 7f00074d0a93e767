//! Has the processor fetch leaves before they are read.
//!
//! A leaf lies in several places of memory, each told by the one before: node, base, lane, column. A scan of leaves that
//! are in no cache of the processor waits for each of them. Here the same place of several leaves is looked at one after
//! the other; nothing depends on what is found, so that the processor waits for all of them together.
//!
//! So it is for rows here and there whose rowids are known beforehand, as those of an index's entries.
//!
//! Measured with `bench`: `sum-integers`, `filter`, `sum-reals`; `--tpch --only q20,q17`.

use std::{hint::black_box, sync::Arc};

use crate::{node::Node, row::leaf::RowLeaf};

/// What memory comes in.
const LINE_BYTES: usize = 64;
/// Of one column of a leaf: several of them together find room in the first-level cache.
const MOST_BYTES: usize = 4096;

pub(crate) fn fetch(nodes: &[Arc<Node<RowLeaf>>], slots: &[usize]) {
    let bases = || nodes.iter().filter_map(|node| node.leaf().base.as_deref());
    for node in nodes {
        black_box(node.leaf().delta.is_empty());
    }
    for base in bases() {
        black_box(base.rows);
        black_box(base.has_wide);
    }
    for &slot in slots {
        for base in bases() {
            black_box(base.lanes.get(slot).map(Option::is_some));
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
            black_box(base.lanes.get(slot).map(Option::is_some));
        }
    }
    for (base, rowid) in bases() {
        let Some(row) = base.find(rowid) else { continue };
        for &slot in slots {
            if let Some(Some(lane)) = base.lanes.get(slot) {
                black_box(base.lane_value(lane, row));
            }
        }
    }
}
