//! Copy-on-write B+trees of blocks: tables (`RowTree`) and everything ordered by bytes (`KeyTree`).
//!
//!     RowTree, KeyTree ── Tree<Leaf> ── Node ── Inner (children, counts, separators)
//!                              │          └──── RowLeaf (columnar base + row delta) or KeyLeaf (sorted arena)
//!                              └ Pager: store + cache of clean nodes + bytes of dirty ones
//!
//! Trees are values: a clone is a snapshot and costs nothing until one of the two changes. A new tree's nodes are in
//! memory; `write_back` turns them into blocks, bottom up, and leaves them in the cache.
//!
//! | module | decides |
//! |---|---|
//! | `btree`, `node` | how trees change, split, join and are checked, whatever their leaves |
//! | `write_back` | how dirty nodes become blocks |
//! | `build` | how a tree comes out of leaves in key order |
//! | `row` | leaves of rowid tables, rows, cursors over rows, leaves as columns |
//! | `key` | leaves of byte keys, cursors over keys |
//! | `overflow` | values too wide for a leaf |
//! | `pager`, `cache` | where nodes are found |
//! | `freed` | which blocks a version no longer needs |
//!
//! Not here: what a row or a key means, transactions, when to checkpoint.
#![forbid(unsafe_code)]

mod btree;
mod build;
mod cache;
mod error;
mod freed;
mod key;
mod node;
mod overflow;
mod pager;
mod row;
mod write_back;

pub use error::{Result, TreeError};
pub use key::cursor::{HeldRun, KeyCursor, KeyRun};
pub use key::many::KeyChange;
pub use key::tree::{
    AllParts, FirstKey, KeyTree, KeyView, ListedEntries, ListedPart, SortedEntries, SortedParts,
};
pub use pager::Pager;
pub use row::base::TypeSet;
pub use row::cached_row::CachedRow;
pub use row::cursor::{MOST_EXPECTED, RowCursor, RowPosition, WideShape};
pub use row::lane::{Bits, Integers, Lane, LaneSummary, LeafView, MergeEnd, Offsets, Reals, Strings};
pub use row::many::{LeafChange, NewColumn, PutColumns, for_each_row_of};
pub use row::numerals::Numerals;
pub use row::row_cache::{RowCache, RowPlaces};
pub use row::tree::{RowInPlace, RowTree, RowView};
