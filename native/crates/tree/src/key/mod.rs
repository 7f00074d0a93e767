//! Ordered byte keys: `leaf` = a sorted arena; `tree` and `cursor` are the face.

pub(crate) mod cursor;
pub(crate) mod leaf;
pub(crate) mod tree;
