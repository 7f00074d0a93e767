//! Ordered byte keys: `leaf` = a sorted arena; `tree` and `cursor` are the face.

pub(crate) mod cursor;
mod heads;
pub(crate) mod leaf;
pub(crate) mod many;
pub(crate) mod tree;
