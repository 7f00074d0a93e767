//! Trees built from the bottom up, from entries in order, in one pass.
//!
//! ```text
//! level 2                      open
//! level 1      previous ─ divider ─ open
//! level 0      previous ─ divider ─ open  ◄─ next entry
//! ```
//!
//! A page that is full becomes `previous` and is written only when its successor is full too: at the end the last two
//! share what they have, so that no page but the root stands empty. A table's dividers repeat the last rowid before
//! them; an index's dividers are entries themselves.
//!
//! Pages are numbered as they are written, children before parents, so the file grows from front to back.

use std::cmp::Ordering;
use std::io::{Seek, Write};

use pluresdb_value::Value;
use pluresdb_value::key::KeyColumn;

use crate::order::compare_records;
use crate::page::{TreeKind, header_offset};
use crate::writer::{Pages, Writer};
use crate::{ErrorKind, FileError, Result, record, varint};

/// No cell of a leaf takes less room than a free block would.
const MIN_CELL: usize = 4;
/// Payloads beyond SQLite's own limit cannot be read back by it.
const MAX_PAYLOAD: usize = i32::MAX as usize;

/// A page being filled. `cells` stand one after the other in `data`, without their children.
#[derive(Default)]
struct Node {
    data: Vec<u8>,
    ends: Vec<usize>,
    /// Of an interior page: one before each cell, and the last behind them all.
    children: Vec<u32>,
}

impl Node {
    fn push_cell(&mut self, cell: &[u8]) {
        self.data.extend_from_slice(cell);
        self.ends.push(self.data.len());
    }

    fn pop_cell(&mut self) -> Vec<u8> {
        self.ends.pop();
        let start = self.ends.last().copied().unwrap_or(0);
        self.data.split_off(start)
    }

    fn cells(&self) -> impl Iterator<Item = &[u8]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, end)| &self.data[start..*end])
    }

    fn is_leaf(&self) -> bool {
        self.children.is_empty()
    }

    /// Bytes of a page that the node fills.
    fn len(&self) -> usize {
        if self.is_leaf() {
            8 + self.cells().map(|cell| cell.len().max(MIN_CELL) + 2).sum::<usize>()
        } else {
            12 + self.data.len() + 6 * self.ends.len()
        }
    }

    fn write(&self, kind: TreeKind, page: &mut [u8], start: usize, usable: usize) {
        let mut pointer = start + if self.is_leaf() { 8 } else { 12 };
        let mut content = usable;
        for (index, cell) in self.cells().enumerate() {
            let child = self.children.get(index).map(|child| child.to_be_bytes());
            let child: &[u8] = child.as_ref().map_or(&[], |child| child);
            content -= (child.len() + cell.len()).max(MIN_CELL);
            page[content..content + child.len()].copy_from_slice(child);
            page[content + child.len()..content + child.len() + cell.len()].copy_from_slice(cell);
            page[pointer..pointer + 2].copy_from_slice(&(content as u16).to_be_bytes());
            pointer += 2;
        }
        page[start] = if self.is_leaf() { kind.leaf_type() } else { kind.interior_type() };
        page[start + 3..start + 5].copy_from_slice(&(self.ends.len() as u16).to_be_bytes());
        // 65536 is written as 0.
        page[start + 5..start + 7].copy_from_slice(&(content as u16).to_be_bytes());
        if let Some(last) = self.children.last() {
            page[start + 8..start + 12].copy_from_slice(&last.to_be_bytes());
        }
    }
}

#[derive(Default)]
struct Level {
    /// A full page with the divider behind it.
    previous: Option<(Node, Vec<u8>)>,
    open: Node,
    /// What `open.len()` says, kept while it grows.
    open_len: usize,
}

pub(crate) struct Tree {
    kind: TreeKind,
    levels: Vec<Level>,
}

impl Tree {
    pub fn new(kind: TreeKind) -> Tree {
        let leaves = Level { open_len: 8, ..Level::default() };
        Tree { kind, levels: vec![leaves] }
    }

    /// Adds a leaf's cell; false when the open leaf has no room for it.
    fn push_cell(&mut self, cell: &[u8], usable: usize) -> bool {
        let leaves = &mut self.levels[0];
        let len = leaves.open_len + cell.len().max(MIN_CELL) + 2;
        if len > usable {
            return false;
        }
        leaves.open.push_cell(cell);
        leaves.open_len = len;
        true
    }

    /// Ends the open page of a level; what comes next comes behind `divider`.
    fn close<W: Write + Seek>(&mut self, level: usize, divider: Vec<u8>, pages: &mut Pages<W>) -> Result<()> {
        let Level { previous, open, open_len } = &mut self.levels[level];
        let full = std::mem::take(open);
        *open_len = if full.is_leaf() { 8 } else { 12 };
        match previous.replace((full, divider)) {
            Some((node, divider)) => {
                let page = pages.append_node(&node, self.kind)?;
                self.put_child(level + 1, page, divider, pages)
            }
            None => Ok(()),
        }
    }

    fn put_child<W: Write + Seek>(
        &mut self,
        level: usize,
        page: u32,
        divider: Vec<u8>,
        pages: &mut Pages<W>,
    ) -> Result<()> {
        if self.levels.len() == level {
            self.levels.push(Level { open_len: 12, ..Level::default() });
        }
        let Level { open, open_len, .. } = &mut self.levels[level];
        open.children.push(page);
        let len = *open_len + divider.len() + 6;
        if len > pages.usable() {
            return self.close(level, divider, pages);
        }
        open.push_cell(&divider);
        *open_len = len;
        Ok(())
    }

    /// Writes all but the root, and returns that.
    fn finish<W: Write + Seek>(mut self, pages: &mut Pages<W>) -> Result<Root> {
        let mut level = 0;
        loop {
            let Level { previous, mut open, .. } = std::mem::take(&mut self.levels[level]);
            let Some((mut previous, mut divider)) = previous else {
                return Ok(Root { node: open, kind: self.kind });
            };
            if open.ends.is_empty() {
                // Nothing, or one child: the page before gives its last.
                if let Some(child) = previous.children.pop() {
                    open.children.insert(0, child);
                }
                let last = previous.pop_cell();
                open.push_cell(&divider);
                divider = last;
            }
            let page = pages.append_node(&previous, self.kind)?;
            self.put_child(level + 1, page, divider, pages)?;
            let page = pages.append_node(&open, self.kind)?;
            level += 1;
            self.levels[level].open.children.push(page);
        }
    }
}

/// The top page of a tree whose other pages are written.
pub(crate) struct Root {
    node: Node,
    kind: TreeKind,
}

impl Root {
    pub fn append<W: Write + Seek>(&self, pages: &mut Pages<W>) -> Result<u32> {
        pages.append_node(&self.node, self.kind)
    }

    /// Writes it as page 1, which the file's header leaves less room on. A root that is too big for that goes below an
    /// empty one, as SQLite does when the schema's tree grows.
    pub fn write_first<W: Write + Seek>(&self, pages: &mut Pages<W>, page: &mut [u8]) -> Result<()> {
        let start = header_offset(1);
        if start + self.node.len() <= pages.usable() {
            self.node.write(self.kind, page, start, pages.usable());
            return Ok(());
        }
        let below = self.append(pages)?;
        let above = Node { children: vec![below], ..Node::default() };
        above.write(self.kind, page, start, pages.usable());
        Ok(())
    }
}

impl<W: Write + Seek> Pages<W> {
    fn append_node(&mut self, node: &Node, kind: TreeKind) -> Result<u32> {
        let usable = self.usable();
        self.append(|page| node.write(kind, page, 0, usable))
    }

    /// Appends a payload to `cell`: what has its place there, and the rest to overflow pages.
    fn put_payload(&mut self, payload: &[u8], kind: TreeKind, cell: &mut Vec<u8>) -> Result<()> {
        if payload.len() > MAX_PAYLOAD {
            return Err(FileError::new(ErrorKind::TooBig, format!("a record of {} bytes", payload.len())));
        }
        let (local, rest) = payload.split_at(kind.local_len(payload.len() as u64, self.usable()));
        cell.extend_from_slice(local);
        if !rest.is_empty() {
            cell.extend_from_slice(&self.next_page()?.to_be_bytes());
            let mut chunks = rest.chunks(self.usable() - 4).peekable();
            while let Some(chunk) = chunks.next() {
                let next = if chunks.peek().is_some() { self.page_after_next()? } else { 0 };
                self.append(|page| {
                    page[..4].copy_from_slice(&next.to_be_bytes());
                    page[4..4 + chunk.len()].copy_from_slice(chunk);
                })?;
            }
        }
        Ok(())
    }
}

/// Takes a table's rows, rowids ascending.
pub struct TableBuilder<'a, W: Write + Seek> {
    pages: &'a mut Pages<W>,
    tree: Tree,
    last: Option<i64>,
    cell: Vec<u8>,
}

impl<'a, W: Write + Seek> TableBuilder<'a, W> {
    pub(crate) fn new(pages: &'a mut Pages<W>) -> TableBuilder<'a, W> {
        TableBuilder { pages, tree: Tree::new(TreeKind::Table), last: None, cell: Vec::new() }
    }

    pub fn push(&mut self, rowid: i64, record: &[u8]) -> Result<()> {
        let last = self.last.replace(rowid);
        if last.is_some_and(|last| last >= rowid) {
            return Err(FileError::new(ErrorKind::Misordered, format!("rowid {rowid} after {last:?}")));
        }
        self.cell.clear();
        varint::write(record.len() as u64, &mut self.cell);
        varint::write(rowid as u64, &mut self.cell);
        self.pages.put_payload(record, TreeKind::Table, &mut self.cell)?;
        if !self.tree.push_cell(&self.cell, self.pages.usable()) {
            let mut divider = Vec::new();
            varint::write(last.unwrap_or(rowid) as u64, &mut divider);
            self.tree.close(0, divider, self.pages)?;
            self.tree.push_cell(&self.cell, self.pages.usable());
        }
        Ok(())
    }

    /// Writes what is left; the tree's root page.
    pub fn finish(self) -> Result<u32> {
        self.tree.finish(self.pages)?.append(self.pages)
    }

    pub(crate) fn finish_below_root(self) -> Result<Root> {
        self.tree.finish(self.pages)
    }
}

/// Takes the records of an index, or of a WITHOUT ROWID table, in the index's order.
pub struct IndexBuilder<'a, W: Write + Seek> {
    pages: &'a mut Pages<W>,
    tree: Tree,
    columns: Vec<KeyColumn>,
    last: Vec<Value>,
    is_first: bool,
    record: Vec<u8>,
    cell: Vec<u8>,
}

impl<'a, W: Write + Seek> IndexBuilder<'a, W> {
    pub(crate) fn new(pages: &'a mut Pages<W>, columns: &[KeyColumn]) -> IndexBuilder<'a, W> {
        IndexBuilder {
            pages,
            tree: Tree::new(TreeKind::Index),
            columns: columns.to_vec(),
            last: Vec::new(),
            is_first: true,
            record: Vec::new(),
            cell: Vec::new(),
        }
    }

    /// A record must come behind the one before it: an index out of order finds nothing. Its values are kept, and others given
    /// for them, whatever they are.
    pub fn push(&mut self, values: &mut Vec<Value>) -> Result<()> {
        let encoding = self.pages.encoding();
        let order = compare_records(&self.last, values, &self.columns, encoding);
        if !self.is_first && order != Ordering::Less {
            return Err(FileError::new(ErrorKind::Misordered, format!("{values:?} after {:?}", self.last)));
        }
        self.is_first = false;
        self.record.clear();
        record::encode(values.iter().map(Value::as_ref), encoding, &mut self.record);
        self.cell.clear();
        varint::write(self.record.len() as u64, &mut self.cell);
        std::mem::swap(&mut self.last, values);
        self.pages.put_payload(&self.record, TreeKind::Index, &mut self.cell)?;
        if !self.tree.push_cell(&self.cell, self.pages.usable()) {
            self.tree.close(0, self.cell.clone(), self.pages)?;
        }
        Ok(())
    }

    /// Writes what is left; the tree's root page.
    pub fn finish(self) -> Result<u32> {
        self.tree.finish(self.pages)?.append(self.pages)
    }
}

impl<W: Write + Seek> Writer<W> {
    /// Begins a table that has rowids.
    pub fn table(&mut self) -> TableBuilder<'_, W> {
        TableBuilder::new(&mut self.pages)
    }

    /// Begins an index, or a WITHOUT ROWID table. `columns` are those that order it; others ascend in BINARY.
    pub fn index(&mut self, columns: &[KeyColumn]) -> IndexBuilder<'_, W> {
        IndexBuilder::new(&mut self.pages, columns)
    }
}
