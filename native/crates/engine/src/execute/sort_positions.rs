//! Positions of UPDATE or DELETE with ORDER BY or LIMIT.

use crate::error::Result;
use crate::execute::image::ImageStore;
use crate::execute::limit::{Window, limit_window};
use crate::execute::sort::push_sort_keys;
use crate::execute::{Context, Frame, Source};
use crate::plan::{ImageSlot, SortKey, SortPositions as PositionsNode};
use crate::resolve::tree::{Expr, SourceId};

/// The input is read to its end, then each chosen row is
/// sought anew, the target in its tree and the joined sources as images.
pub(crate) struct SortPositions {
    input: Box<dyn Source>,
    rows: ImageStore,
    /// None: no cursor, the row is all in the image.
    target: Option<SourceId>,
    /// Keys of a WITHOUT ROWID target, by row.
    target_keys: Vec<Vec<u8>>,
    keys: Vec<SortKey>,
    limit: Option<Expr>,
    offset: Option<Expr>,
    order: Vec<(Vec<u8>, usize)>,
    window: Window,
    next_row: usize,
    is_read: bool,
}

impl SortPositions {
    pub fn new(node: PositionsNode) -> SortPositions {
        let others = node.image.into_iter().filter(|slot| match slot {
            ImageSlot::Column { source, .. } => Some(*source) != node.target,
            ImageSlot::Rowid(_) | ImageSlot::Register(_) | ImageSlot::Subtype(_) => true,
        });
        SortPositions {
            rows: ImageStore::new(others.collect()),
            input: node.input.into_operator(),
            target: node.target,
            target_keys: Vec::new(),
            keys: node.keys,
            limit: node.limit,
            offset: node.offset,
            order: Vec::new(),
            window: Window::default(),
            next_row: 0,
            is_read: false,
        }
    }

    fn read(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        self.window = limit_window(self.limit.as_ref(), self.offset.as_ref(), frame, context)?;
        context.session.work.sorts += 1;
        while self.input.next(frame, context)? {
            let mut key = Vec::new();
            push_sort_keys(&self.keys, &[], &mut key, frame, context)?;
            frame.memory.charge(key.len())?;
            self.order.push((key, self.order.len()));
            if let Some(key) = self.target.and_then(|target| frame.cursor(target).key()) {
                self.target_keys.push(key.to_vec());
            }
            self.rows.push(frame)?;
        }
        self.order.sort_by(|a, b| a.0.cmp(&b.0));
        self.next_row = usize::try_from(self.window.offset).unwrap_or(usize::MAX);
        Ok(())
    }
}

impl Source for SortPositions {
    fn restart(&mut self) {
        self.input.restart();
    }

    fn open(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        self.is_read = false;
        self.order.clear();
        self.target_keys.clear();
        self.rows.clear(frame);
        self.input.open(frame, context)
    }

    fn next(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<bool> {
        if !self.is_read {
            self.is_read = true;
            self.read(frame, context)?;
        }
        if self.window.end().is_some_and(|end| self.next_row as u64 >= end) {
            return Ok(false);
        }
        let Some((_, row)) = self.order.get(self.next_row) else { return Ok(false) };
        self.next_row += 1;
        self.rows.restore(*row, frame);
        let Some(target) = self.target else { return Ok(true) };
        match self.target_keys.get(*row) {
            Some(key) => frame.cursor_mut(target).seek_key(key)?,
            None => {
                let rowid = self.rows.rowid(*row, target).unwrap_or_default();
                frame.cursor_mut(target).seek_rowid(rowid)?
            }
        };
        Ok(true)
    }

    fn close(&mut self, frame: &mut Frame) {
        self.order = Vec::new();
        self.target_keys = Vec::new();
        self.rows.clear(frame);
        self.input.close(frame);
    }

    fn set_null_row(&mut self, frame: &mut Frame) {
        self.input.set_null_row(frame);
    }
}
