//! ORDER BY. A row's sort terms become one byte string, so that comparing rows is comparing bytes.
//!
//! Always true:
//! - Rows with equal terms stay in the order they came.
//! - Result columns are computed when the row comes by, sort terms too; with DISTINCT only the first of equal rows is.

use pluresdb_value::key::{KeyColumn, encode_value};
use pluresdb_value::{Collation, Value, ValueRef};

use crate::error::Result;
use crate::execute::eval::{eval, with_value};
use crate::execute::frame::row_size;
use crate::execute::image::ImageStore;
use crate::execute::key_hash::push_column_key;
use crate::execute::limit::{Window, limit_window};
use crate::execute::project::Distinct;
use crate::execute::top_k::{MAX_TOP_K, TopK};
use crate::execute::vector::{self, SortBound};
use crate::execute::{Context, Frame, Rows, Source};
use crate::plan::{ImageSlot, Sort as Node, SortKey, SortPositions as PositionsNode, SortValue};
use crate::resolve::tree::{Direction, Expr, SourceId};
use crate::session::Session;

/// Appends a sort term's bytes.
pub(crate) fn push_sort_key(
    value: ValueRef<'_>,
    direction: Direction,
    collation: Collation,
    key: &mut Vec<u8>,
    session: &Session,
) -> Result<()> {
    if collation.is_custom() {
        push_null_place(value, direction, key);
        return push_column_key(
            value,
            KeyColumn { collation, descending: direction.descending },
            key,
            session,
        );
    }
    push_plain_sort_key(value, direction, collation, key);
    Ok(())
}

/// The same for a collation that bytes can tell.
pub(crate) fn push_plain_sort_key(
    value: ValueRef<'_>,
    direction: Direction,
    collation: Collation,
    key: &mut Vec<u8>,
) {
    push_null_place(value, direction, key);
    encode_value(value, KeyColumn { collation, descending: direction.descending }, key);
}

/// NULL is the lowest key: first when ascending, last when descending. Anything else is told by a byte before it.
fn push_null_place(value: ValueRef<'_>, direction: Direction, key: &mut Vec<u8>) {
    if direction.nulls_first == direction.descending {
        key.push(u8::from(value.is_null() != direction.nulls_first));
    }
}

pub(crate) struct Sort {
    input: Box<dyn Source>,
    outputs: Vec<Expr>,
    distinct: Option<Distinct>,
    keys: Vec<SortKey>,
    limit: Option<Expr>,
    offset: Option<Expr>,
    /// For a scan that leaves out what comes behind the worst row kept.
    bound: Option<SortBound>,
    /// Result columns of all rows, in the order they came.
    values: Vec<Value>,
    /// The rows in the order they are given out, by where their values begin.
    order: Vec<usize>,
    next: usize,
    is_read: bool,
    charged: usize,
}

impl Sort {
    pub fn new(node: Node) -> Sort {
        let (input, bound) = if node.limit.is_some() && node.distinct.is_none() {
            vector::input_of_top_k(node.input, &node.keys)
        } else {
            (node.input.into_operator(), None)
        };
        Sort {
            input,
            bound,
            outputs: node.outputs,
            distinct: node.distinct.map(Distinct::new),
            keys: node.keys,
            limit: node.limit,
            offset: node.offset,
            values: Vec::new(),
            order: Vec::new(),
            next: 0,
            is_read: false,
            charged: 0,
        }
    }

    fn read(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        let window = limit_window(self.limit.as_ref(), self.offset.as_ref(), frame, context)?;
        let wanted = window.end();
        let mut top = wanted.filter(|wanted| *wanted <= MAX_TOP_K as u64).map(|k| TopK::new(k as usize));
        let mut pending = Pending::default();
        if wanted == Some(0) {
            return Ok(());
        }
        let needs_row_first =
            self.distinct.is_some() || self.keys.iter().any(|key| matches!(key.value, SortValue::Output(_)));
        let mut key = Vec::new();
        while self.input.next(frame, context)? {
            let start = self.values.len();
            if needs_row_first {
                self.push_row(frame, context)?;
                if let Some(distinct) = &mut self.distinct {
                    let row = self.values[start..].iter().map(|value| Ok(value.as_ref()));
                    let is_new = distinct.is_new(row, context.session)?;
                    frame.memory.charge(distinct.uncharged())?;
                    if !is_new {
                        self.values.truncate(start);
                        continue;
                    }
                }
            }
            key.clear();
            push_sort_keys(&self.keys, &self.values[start..], &mut key, frame, context)?;
            if top.as_ref().is_some_and(|top| !top.wants(&key)) {
                self.values.truncate(start);
                continue;
            }
            if !needs_row_first {
                self.push_row(frame, context)?;
            }
            match &mut top {
                Some(top) => {
                    let lead = match (&self.bound, self.keys.first()) {
                        (Some(_), Some(SortKey { value: SortValue::Expr(term), .. })) => {
                            Some(eval(term, frame, context)?)
                        }
                        _ => None,
                    };
                    top.push(key.clone(), self.values.drain(start..).collect(), lead);
                    if let Some(bound) = &self.bound {
                        bound.set(top.worst_lead().cloned());
                    }
                }
                None => {
                    let bytes = row_size(&self.values[start..]) + key.len() + size_of::<PendingRow>();
                    frame.memory.charge(bytes)?;
                    self.charged += bytes;
                    pending.push(&key, start);
                }
            }
        }
        match top {
            Some(top) => {
                for mut row in top.into_sorted() {
                    self.order.push(self.values.len());
                    self.values.append(&mut row);
                }
            }
            None => self.order = pending.into_sorted(),
        }
        if let Some(end) = wanted {
            self.order.truncate(usize::try_from(end).unwrap_or(usize::MAX));
        }
        self.next = usize::try_from(window.offset).unwrap_or(usize::MAX).min(self.order.len());
        Ok(())
    }

    fn push_row(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        for output in &self.outputs {
            self.values.push(eval(output, frame, context)?);
        }
        Ok(())
    }

    /// Where the row that `next` found has its values.
    fn row(&self) -> usize {
        self.order[self.next - 1]
    }

    fn forget(&mut self, frame: &mut Frame) {
        self.values = Vec::new();
        self.order = Vec::new();
        self.next = 0;
        frame.memory.release(self.charged);
        self.charged = 0;
        if let Some(distinct) = &mut self.distinct {
            distinct.clear(frame);
        }
    }
}

/// Rows that wait to be sorted: their keys back to back.
#[derive(Default)]
struct Pending {
    keys: Vec<u8>,
    rows: Vec<PendingRow>,
}

struct PendingRow {
    /// The key's first bytes: they decide nearly every comparison.
    prefix: u64,
    key_start: usize,
    key_end: usize,
    /// Where its values begin: in the order the rows came.
    values: usize,
}

impl Pending {
    fn push(&mut self, key: &[u8], values: usize) {
        let key_start = self.keys.len();
        self.keys.extend_from_slice(key);
        let mut prefix = [0; 8];
        let len = key.len().min(8);
        prefix[..len].copy_from_slice(&key[..len]);
        let prefix = u64::from_be_bytes(prefix);
        self.rows.push(PendingRow { prefix, key_start, key_end: self.keys.len(), values });
    }

    fn into_sorted(self) -> Vec<usize> {
        let Pending { keys, mut rows } = self;
        let key = |row: &PendingRow| &keys[row.key_start..row.key_end];
        rows.sort_by(|a, b| a.prefix.cmp(&b.prefix).then_with(|| key(a).cmp(key(b))));
        rows.into_iter().map(|row| row.values).collect()
    }
}

fn push_sort_keys(
    keys: &[SortKey],
    row: &[Value],
    bytes: &mut Vec<u8>,
    frame: &mut Frame,
    context: &mut Context<'_>,
) -> Result<()> {
    for SortKey { value, direction, collation } in keys {
        match value {
            SortValue::Output(index) => {
                push_sort_key(row[*index].as_ref(), *direction, *collation, bytes, context.session)?;
            }
            SortValue::Expr(expr) if collation.is_custom() => {
                let value = eval(expr, frame, context)?;
                push_sort_key(value.as_ref(), *direction, *collation, bytes, context.session)?;
            }
            SortValue::Expr(expr) => with_value(expr, frame, context, |value| {
                push_plain_sort_key(value, *direction, *collation, bytes);
            })?,
        }
    }
    Ok(())
}

impl Rows for Sort {
    fn restart(&mut self) {
        self.input.restart();
    }

    fn open(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        self.forget(frame);
        self.is_read = false;
        if let Some(bound) = &self.bound {
            bound.set(None);
        }
        self.input.open(frame, context)
    }

    fn next(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<bool> {
        if !self.is_read {
            self.is_read = true;
            self.read(frame, context)?;
        }
        let is_found = self.next < self.order.len();
        self.next += usize::from(is_found);
        Ok(is_found)
    }

    fn close(&mut self, frame: &mut Frame) {
        self.forget(frame);
        self.input.close(frame);
    }

    fn column_count(&self) -> usize {
        self.outputs.len()
    }

    fn column<'r>(&'r self, index: usize, _: &'r Frame) -> Result<ValueRef<'r>> {
        Ok(self.values[self.row() + index].as_ref())
    }

    fn take_row(&mut self, _: &Frame, row: &mut Vec<Value>) -> Result<()> {
        row.clear();
        let start = self.row();
        row.extend(self.values[start..start + self.outputs.len()].iter_mut().map(std::mem::take));
        Ok(())
    }
}

/// Positions of UPDATE or DELETE with ORDER BY or LIMIT: the input is read to its end, then each chosen row is
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
            ImageSlot::Rowid(_) | ImageSlot::Register(_) => true,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nulls_stand_where_they_are_asked_to() {
        for descending in [false, true] {
            for nulls_first in [false, true] {
                let key = |value: Value| {
                    let mut key = Vec::new();
                    let direction = Direction { descending, nulls_first };
                    push_plain_sort_key(value.as_ref(), direction, Collation::Binary, &mut key);
                    key
                };
                assert_eq!(key(Value::Null) < key(Value::Integer(1)), nulls_first);
                assert_eq!(key(Value::Integer(1)) > key(Value::text("a")), descending);
            }
        }
    }
}
