//! Rowid tables: `leaf` = columnar `base` + row `delta`, each a block on disk; `tree` and `cursor` are the face.

mod ahead;
pub(crate) mod base;
mod build;
pub(crate) mod cached_row;
pub(crate) mod cursor;
mod delta;
mod delta_block;
mod fold;
pub(crate) mod lane;
pub(crate) mod leaf;
pub(crate) mod many;
pub(crate) mod numerals;
pub(crate) mod row_cache;
pub(crate) mod tree;
