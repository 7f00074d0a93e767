//! Rowid tables: `leaf` = columnar `base` + row `delta`; `tree` and `cursor` are the face.

mod ahead;
pub(crate) mod base;
mod build;
pub(crate) mod cursor;
mod delta;
mod fold;
pub(crate) mod lane;
pub(crate) mod leaf;
pub(crate) mod tree;
