//! One b-tree page: its header, its cells, and how much of a payload stands in it.
//!
//! ```text
//! kind | first freeblock | cells | start of cells | fragments | right child, interior pages only
//! cell pointers, in key order … free … cells
//!
//! table interior (5)   child | rowid
//! table leaf (13)      payload length | rowid | payload [| overflow page]
//! index interior (2)   child | payload length | payload [| overflow page]
//! index leaf (10)      payload length | payload [| overflow page]
//! ```

use std::ops::Range;

use crate::header::{HEADER_LEN, u32_at};
use crate::{FileError, Result, varint};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TreeKind {
    Table,
    Index,
}

impl TreeKind {
    pub fn leaf_type(self) -> u8 {
        match self {
            TreeKind::Table => 13,
            TreeKind::Index => 10,
        }
    }

    pub fn interior_type(self) -> u8 {
        match self {
            TreeKind::Table => 5,
            TreeKind::Index => 2,
        }
    }

    /// The longest payload that stands in a page whole.
    fn max_local(self, usable: usize) -> usize {
        match self {
            TreeKind::Table => usable - 35,
            TreeKind::Index => (usable - 12) * 64 / 255 - 23,
        }
    }

    /// How much of a payload stands in its page; the rest is in overflow pages.
    pub fn local_len(self, payload_len: u64, usable: usize) -> usize {
        let max = self.max_local(usable);
        if payload_len <= max as u64 {
            return payload_len as usize;
        }
        let min = (usable - 12) * 32 / 255 - 23;
        // What overflows then fills its last page.
        let local = min + ((payload_len - min as u64) % (usable as u64 - 4)) as usize;
        if local <= max { local } else { min }
    }
}

pub(crate) struct Page {
    pub bytes: Vec<u8>,
    pub number: u32,
    pub kind: TreeKind,
    pub is_leaf: bool,
    pub cell_count: usize,
    usable: usize,
    pointers: usize,
}

/// Where a payload stands.
pub(crate) struct Payload {
    pub len: u64,
    pub local: Range<usize>,
    /// The first overflow page, when `local` is not all.
    pub overflow: Option<u32>,
}

/// Where the b-tree header begins: behind the file's header on page 1.
pub(crate) fn header_offset(page: u32) -> usize {
    if page == 1 { HEADER_LEN } else { 0 }
}

impl Page {
    pub fn parse(bytes: Vec<u8>, number: u32, usable: usize) -> Result<Page> {
        let start = header_offset(number);
        let (kind, is_leaf) = match bytes[start] {
            2 => (TreeKind::Index, false),
            5 => (TreeKind::Table, false),
            10 => (TreeKind::Index, true),
            13 => (TreeKind::Table, true),
            other => return Err(FileError::corrupt(format!("page {number} is of no known kind ({other})"))),
        };
        let cell_count = usize::from(bytes[start + 3]) << 8 | usize::from(bytes[start + 4]);
        let pointers = start + if is_leaf { 8 } else { 12 };
        if pointers + 2 * cell_count > usable {
            return Err(FileError::corrupt(format!("page {number} has room for no {cell_count} cells")));
        }
        Ok(Page { bytes, number, kind, is_leaf, cell_count, usable, pointers })
    }

    fn cell(&self, index: usize) -> Result<usize> {
        let at = self.pointers + 2 * index;
        let cell = usize::from(self.bytes[at]) << 8 | usize::from(self.bytes[at + 1]);
        let first = self.pointers + 2 * self.cell_count;
        if cell < first || cell + 4 > self.usable {
            return Err(self.bad_cell(index));
        }
        Ok(cell)
    }

    #[cold]
    fn bad_cell(&self, index: usize) -> FileError {
        FileError::corrupt(format!("cell {index} of page {} is outside of it", self.number))
    }

    /// The child before cell `index`, or the right child for the index behind the last cell.
    pub fn child(&self, index: usize) -> Result<u32> {
        let at = if index == self.cell_count { self.pointers - 4 } else { self.cell(index)? };
        Ok(u32_at(&self.bytes, at))
    }

    /// Rowid and payload of a table leaf's cell.
    pub fn row(&self, index: usize) -> Result<(i64, Payload)> {
        let cell = self.cell(index)?;
        let mut rest = &self.bytes[cell..self.usable];
        let len = varint::read(&mut rest).ok_or_else(|| self.bad_cell(index))?;
        let rowid = varint::read(&mut rest).ok_or_else(|| self.bad_cell(index))?;
        Ok((rowid as i64, self.payload(index, len, self.usable - rest.len())?))
    }

    /// Payload of an index's cell, interior or leaf.
    pub fn record(&self, index: usize) -> Result<Payload> {
        let cell = self.cell(index)? + if self.is_leaf { 0 } else { 4 };
        let mut rest = self.bytes.get(cell..self.usable).unwrap_or_default();
        let len = varint::read(&mut rest).ok_or_else(|| self.bad_cell(index))?;
        self.payload(index, len, self.usable - rest.len())
    }

    fn payload(&self, index: usize, len: u64, start: usize) -> Result<Payload> {
        let local_len = self.kind.local_len(len, self.usable);
        let local = start..start + local_len;
        let is_whole = local_len as u64 == len;
        let end = local.end + if is_whole { 0 } else { 4 };
        if end > self.usable {
            return Err(self.bad_cell(index));
        }
        let overflow = (!is_whole).then(|| u32_at(&self.bytes, local.end));
        Ok(Payload { len, local, overflow })
    }
}
