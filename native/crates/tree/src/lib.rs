//! Copy-on-write B+trees of blocks: tables (`RowTree`) and everything ordered by bytes (`KeyTree`).
#![forbid(unsafe_code)]

mod draft;
mod error;

pub use draft::{KeyCursor, KeyTree, KeyView, Pager, RowCursor, RowTree, RowView};
pub use error::{Result, TreeError};
