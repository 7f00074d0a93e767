//! Trees in key order: the rows of a table, the records of an index.
//!
//! Both walk down the left edge and then along, one page of each level in memory. Every page and every overflow page
//! belongs to one place, so a walk that reads more pages than the file has is going in circles.

use crate::header::u32_at;
use crate::page::{Page, Payload, TreeKind};
use crate::pager::Pager;
use crate::{FileError, Result};

/// SQLite's own bound on the height of a tree.
const MAX_DEPTH: usize = 20;

struct Walk<'a> {
    pager: &'a mut Pager,
    root: u32,
    kind: TreeKind,
    /// From the root down, each with the number of the step to be taken next.
    stack: Vec<(Page, usize)>,
    pages_read: u32,
    /// A payload that does not stand in one page.
    buffer: Vec<u8>,
}

impl<'a> Walk<'a> {
    fn new(pager: &'a mut Pager, root: u32, kind: TreeKind) -> Result<Walk<'a>> {
        let mut walk = Walk { pager, root, kind, stack: Vec::new(), pages_read: 0, buffer: Vec::new() };
        if walk.pager.page_count > 0 {
            walk.descend(root)?;
        }
        Ok(walk)
    }

    fn count_page(&mut self, page: u32) -> Result<()> {
        self.pages_read += 1;
        if self.pages_read > self.pager.page_count {
            return Err(FileError::corrupt(format!("tree {} meets page {page} again", self.root)));
        }
        Ok(())
    }

    fn descend(&mut self, number: u32) -> Result<()> {
        if self.stack.len() >= MAX_DEPTH {
            return Err(FileError::corrupt(format!("tree {} is too high", self.root)));
        }
        self.count_page(number)?;
        let page = self.pager.claim_tree_page(number, self.root)?;
        if page.kind != self.kind {
            return Err(FileError::corrupt(format!("page {number} is of the wrong kind for its tree")));
        }
        self.stack.push((page, 0));
        Ok(())
    }

    /// Moves to the next cell that carries a payload; false at the end. It is the top page's, at the index returned.
    fn advance(&mut self) -> Result<Option<usize>> {
        while let Some((page, step)) = self.stack.last_mut() {
            let taken = *step;
            *step += 1;
            if page.is_leaf {
                if taken < page.cell_count {
                    return Ok(Some(taken));
                }
                self.stack.pop();
                continue;
            }
            // Children and cells by turns. A table's interior cells carry no payload.
            let (child, cell) = match self.kind {
                TreeKind::Table => (Some(taken), None),
                TreeKind::Index if taken % 2 == 0 => (Some(taken / 2), None),
                TreeKind::Index => (None, Some(taken / 2)),
            };
            match (child, cell) {
                (Some(child), _) if child <= page.cell_count => {
                    let child = page.child(child)?;
                    self.descend(child)?;
                }
                (None, Some(cell)) if cell < page.cell_count => return Ok(Some(cell)),
                _ => {
                    self.stack.pop();
                }
            }
        }
        Ok(None)
    }

    fn page(&self) -> Result<&Page> {
        let top = self.stack.last().ok_or_else(|| FileError::corrupt("a walk that is over"))?;
        Ok(&top.0)
    }

    /// The payload's bytes, gathered when they stand in more than one page.
    fn gather(&mut self, payload: &Payload) -> Result<&[u8]> {
        let Some(first) = payload.overflow else { return Ok(&self.page()?.bytes[payload.local.clone()]) };
        let usable = self.pager.header.usable();
        if payload.len > u64::from(self.pager.page_count) * usable as u64 {
            return Err(FileError::corrupt("a payload longer than the file"));
        }
        let mut buffer = std::mem::take(&mut self.buffer);
        buffer.clear();
        buffer.extend_from_slice(&self.page()?.bytes[payload.local.clone()]);
        let mut next = first;
        while (buffer.len() as u64) < payload.len {
            self.count_page(next)?;
            let page = self.pager.claim(next, self.root)?;
            let left = (payload.len - buffer.len() as u64).min(usable as u64 - 4) as usize;
            buffer.extend_from_slice(&page[4..4 + left]);
            next = u32_at(&page, 0);
        }
        self.buffer = buffer;
        Ok(&self.buffer)
    }
}

/// The rows of a table, rowids ascending.
pub struct TableRows<'a> {
    walk: Walk<'a>,
    last: Option<i64>,
}

impl<'a> TableRows<'a> {
    pub(crate) fn new(pager: &'a mut Pager, root: u32) -> Result<TableRows<'a>> {
        Ok(TableRows { walk: Walk::new(pager, root, TreeKind::Table)?, last: None })
    }

    /// The next rowid with its record's bytes.
    #[expect(clippy::should_implement_trait, reason = "it lends its bytes, which no Iterator can")]
    pub fn next(&mut self) -> Result<Option<(i64, &[u8])>> {
        let Some(cell) = self.walk.advance()? else { return Ok(None) };
        let (rowid, payload) = self.walk.page()?.row(cell)?;
        if self.last.is_some_and(|last| last >= rowid) {
            let detail = format!("rowid {rowid} of tree {} is out of order", self.walk.root);
            return Err(FileError::corrupt(detail));
        }
        self.last = Some(rowid);
        Ok(Some((rowid, self.walk.gather(&payload)?)))
    }
}

/// The records of an index, or of a WITHOUT ROWID table, in the order of the tree.
pub struct IndexRecords<'a> {
    walk: Walk<'a>,
}

impl<'a> IndexRecords<'a> {
    pub(crate) fn new(pager: &'a mut Pager, root: u32) -> Result<IndexRecords<'a>> {
        Ok(IndexRecords { walk: Walk::new(pager, root, TreeKind::Index)? })
    }

    #[expect(clippy::should_implement_trait, reason = "it lends its bytes, which no Iterator can")]
    pub fn next(&mut self) -> Result<Option<&[u8]>> {
        let Some(cell) = self.walk.advance()? else { return Ok(None) };
        let payload = self.walk.page()?.record(cell)?;
        self.walk.gather(&payload).map(Some)
    }
}
