//! Window functions: rows are kept, sorted by partition and order, and given out again with the calls' results.
//!
//! Each window sorts the rows it is given; equal ones stay in the order they came. Sorted rows go into the walk
//! (`window_walk`) one at a time, as rows are asked for: an error waits until the rows before it are out.

use std::ops::Range;

use pluresdb_value::Value;

use crate::error::{Error, Result};
use crate::execute::eval::{eval, eval_truth};
use crate::execute::frame::row_size;
use crate::execute::key_hash::push_key;
use crate::execute::sort::push_sort_key;
use crate::execute::window_call::{CallStates, Calls};
use crate::execute::window_frame::Bounds;
use crate::execute::window_walk::{RowOrder, Walk};
use crate::execute::{Context, Frame, Source};
use crate::resolve::tree::Window;

pub(crate) struct KeptRow {
    /// Partition, then order.
    key: Vec<u8>,
    partition_len: usize,
    captured: Vec<Value>,
    /// Arguments of all calls, one after the other.
    pub args: Vec<Value>,
    /// Per call: whether its FILTER lets the row in.
    pub passes: Vec<bool>,
}

impl KeptRow {
    fn partition(&self) -> &[u8] {
        &self.key[..self.partition_len]
    }
}

pub(crate) struct WindowSource {
    input: Box<dyn Source>,
    window: Window,
    /// Where each call's arguments are among a row's.
    args: Vec<Range<usize>>,
    is_read: bool,
    work: Option<Work>,
    charged: usize,
}

/// Sorted rows on their way.
struct Work {
    rows: Vec<KeptRow>,
    order: RowOrder,
    bounds: Bounds,
    walk: Walk,
    states: CallStates,
    /// The partition that the walk is in.
    partition: Range<usize>,
    /// The next row to take.
    next: usize,
    /// What went wrong behind the rows that are not out yet.
    error: Option<Error>,
}

impl WindowSource {
    pub fn new(input: Box<dyn Source>, window: Window) -> WindowSource {
        let mut args = Vec::with_capacity(window.calls.len());
        let mut start = 0;
        for call in &window.calls {
            args.push(start..start + call.args.len());
            start += call.args.len();
        }
        WindowSource { input, window, args, is_read: false, work: None, charged: 0 }
    }

    fn read(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<Option<Work>> {
        let mut rows: Vec<KeptRow> = Vec::new();
        let mut values: Vec<Value> = Vec::new();
        while self.input.next(frame, context)? {
            let row = self.keep(frame, context)?;
            let first_term = match self.window.order_by.first() {
                Some(term) => eval(&term.expr, frame, context)?,
                None => Value::Null,
            };
            let bytes = row.key.len() + row_size(&row.captured) + row_size(&row.args) + size_of::<KeptRow>();
            frame.memory.charge(bytes)?;
            self.charged += bytes;
            rows.push(row);
            values.push(first_term);
        }
        if rows.is_empty() {
            return Ok(None);
        }
        let bounds = Bounds::compute(&self.window.frame, frame, context)?;
        let mut order: Vec<usize> = (0..rows.len()).collect();
        order.sort_by(|a, b| {
            let (a, b) = (&rows[*a], &rows[*b]);
            a.partition().cmp(b.partition()).then_with(|| a.key.cmp(&b.key))
        });
        let mut rows: Vec<Option<KeptRow>> = rows.into_iter().map(Some).collect();
        let rows: Vec<KeptRow> = order.iter().filter_map(|index| rows[*index].take()).collect();
        let values = order.iter().map(|index| std::mem::take(&mut values[*index])).collect();
        let mut group_of = Vec::with_capacity(rows.len());
        let mut group = 0;
        for (index, row) in rows.iter().enumerate() {
            let is_peer = index == 0 || row.key == rows[index - 1].key;
            group += usize::from(!is_peer);
            group_of.push(group);
        }
        let direction = self.window.order_by.first().map(|term| term.direction);
        let order = RowOrder {
            group_of,
            values,
            is_descending: direction.is_some_and(|direction| direction.descending),
            nulls_first: direction.is_none_or(|direction| direction.nulls_first),
        };
        Ok(Some(Work {
            rows,
            order,
            walk: Walk::new(bounds.clone()),
            bounds,
            states: CallStates::default(),
            partition: 0..0,
            next: 0,
            error: None,
        }))
    }

    fn keep(&self, frame: &mut Frame, context: &mut Context<'_>) -> Result<KeptRow> {
        let mut key = Vec::new();
        for (expr, collation) in &self.window.partition_by {
            let value = eval(expr, frame, context)?;
            push_key(value.as_ref(), *collation, &mut key, context.session)?;
        }
        let partition_len = key.len();
        for term in &self.window.order_by {
            let value = eval(&term.expr, frame, context)?;
            push_sort_key(value.as_ref(), term.direction, term.collation, &mut key, context.session)?;
        }
        let mut row = KeptRow {
            key,
            partition_len,
            captured: Vec::with_capacity(self.window.captured.len()),
            args: Vec::new(),
            passes: Vec::with_capacity(self.window.calls.len()),
        };
        for capture in &self.window.captured {
            row.captured.push(eval(&capture.expr, frame, context)?);
        }
        for call in &self.window.calls {
            for arg in &call.args {
                row.args.push(eval(arg, frame, context)?);
            }
            let passes = match &call.filter {
                Some(filter) => eval_truth(filter, frame, context)? == Some(true),
                None => true,
            };
            row.passes.push(passes);
        }
        Ok(row)
    }

    fn forget(&mut self, frame: &mut Frame) {
        self.work = None;
        frame.memory.release(self.charged);
        self.charged = 0;
    }
}

impl Work {
    /// The next row that has its results.
    fn next_given(
        &mut self,
        window: &Window,
        args: &[Range<usize>],
        context: &mut Context<'_>,
    ) -> Result<Option<(usize, Vec<Value>)>> {
        loop {
            if let Some(given) = self.states.next_given() {
                return Ok(Some(given));
            }
            if let Some(error) = self.error.take() {
                return Err(error);
            }
            if self.next == self.rows.len() && self.partition.is_empty() {
                return Ok(None);
            }
            self.error = self.advance(window, args, context).err();
        }
    }

    /// Takes one more row into the walk, or ends the partition.
    fn advance(&mut self, window: &Window, args: &[Range<usize>], context: &mut Context<'_>) -> Result<()> {
        let is_over = self.next == self.partition.end && !self.partition.is_empty();
        if self.partition.is_empty() {
            let first = &self.rows[self.next];
            let len = self.rows[self.next..]
                .iter()
                .position(|row| row.partition() != first.partition())
                .unwrap_or(self.rows.len() - self.next);
            self.partition = self.next..self.next + len;
        }
        let mut calls = Calls {
            calls: &window.calls,
            args,
            rows: &self.rows,
            group_of: &self.order.group_of,
            partition: self.partition.clone(),
            bounds: &self.bounds,
            states: &mut self.states,
            context,
        };
        if is_over {
            self.partition = self.next..self.next;
            return self.walk.finish(&self.order, &mut calls);
        }
        self.next += 1;
        self.walk.take(self.next - 1, &self.order, &mut calls)
    }
}

impl Source for WindowSource {
    fn restart(&mut self) {
        self.input.restart();
    }

    fn open(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        self.forget(frame);
        self.is_read = false;
        self.input.open(frame, context)
    }

    fn next(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<bool> {
        if !self.is_read {
            self.is_read = true;
            self.work = self.read(frame, context)?;
        }
        let Some(work) = &mut self.work else { return Ok(false) };
        let Some((row, results)) = work.next_given(&self.window, &self.args, context)? else {
            return Ok(false);
        };
        let captured = std::mem::take(&mut work.rows[row].captured);
        for (capture, value) in self.window.captured.iter().zip(captured) {
            frame.set_register(capture.register, value);
        }
        for (call, value) in self.window.calls.iter().zip(results) {
            frame.set_register(call.result, value);
        }
        Ok(true)
    }

    fn close(&mut self, frame: &mut Frame) {
        self.forget(frame);
        self.input.close(frame);
    }

    fn set_null_row(&mut self, frame: &mut Frame) {
        let captured = self.window.captured.iter().map(|capture| capture.register);
        for register in captured.chain(self.window.calls.iter().map(|call| call.result)) {
            frame.set_register(register, Value::Null);
        }
    }
}
