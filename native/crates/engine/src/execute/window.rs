//! Window functions: rows are kept, sorted by partition and order, and given out again with the calls' results.
//!
//! Each window sorts the rows it is given, unless the window before it gives them in its order; equal ones stay as they
//! came. Sorted rows go into the walk (`window_walk`) one at a time, as rows are asked for: an error waits until the rows
//! before it are out.

use std::ops::Range;

use pluresdb_value::Value;

use crate::error::{Error, Result};
use crate::execute::eval::{eval, eval_truth};
use crate::execute::frame::row_size;
use crate::execute::key_hash::push_key;
use crate::execute::key_order;
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
    /// Whether some call needs all rows of a partition before the first is given.
    ranks: bool,
    work: Option<Work>,
    charged: usize,
}

/// Rows in their order, on their way.
struct Work {
    rows: Vec<KeptRow>,
    order: RowOrder,
    /// The input has no more rows.
    is_complete: bool,
    /// Made for the first row.
    walk: Option<(Bounds, Walk)>,
    states: CallStates,
    /// Where the partition starts that the walk is in.
    partition_start: usize,
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
        let ranks = window.calls.iter().any(|call| !call.function.reads_frame());
        WindowSource { input, window, args, ranks, work: None, charged: 0 }
    }

    /// Makes ready for the first row. Rows that come in order already are read as they are needed.
    fn begin(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<Work> {
        let direction = self.window.order_by.first().map(|term| term.direction);
        let mut work = Work {
            rows: Vec::new(),
            order: RowOrder {
                group_of: Vec::new(),
                values: Vec::new(),
                is_descending: direction.is_some_and(|direction| direction.descending),
                nulls_first: direction.is_none_or(|direction| direction.nulls_first),
            },
            is_complete: false,
            walk: None,
            states: CallStates::default(),
            partition_start: 0,
            next: 0,
            error: None,
        };
        if !self.window.is_input_sorted {
            while !work.is_complete {
                self.read_row(&mut work, frame, context)?;
            }
            work.sort();
        }
        Ok(work)
    }

    fn read_row(&mut self, work: &mut Work, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        if !self.input.next(frame, context)? {
            work.is_complete = true;
            return Ok(());
        }
        let row = self.keep(frame, context)?;
        let first_term = match self.window.order_by.first() {
            Some(term) => eval(&term.expr, frame, context)?,
            None => Value::Null,
        };
        let bytes = row.key.len() + row_size(&row.captured) + row_size(&row.args) + size_of::<KeptRow>();
        frame.memory.charge(bytes)?;
        self.charged += bytes;
        let group = match (work.order.group_of.last(), work.rows.last()) {
            (Some(group), Some(last)) => group + usize::from(last.key != row.key),
            _ => 0,
        };
        work.order.group_of.push(group);
        work.rows.push(row);
        work.order.values.push(first_term);
        Ok(())
    }

    /// The next row that has its results.
    fn next_given(
        &mut self,
        work: &mut Work,
        frame: &mut Frame,
        context: &mut Context<'_>,
    ) -> Result<Option<(usize, Vec<Value>)>> {
        loop {
            if let Some(given) = work.states.next_given() {
                return Ok(Some(given));
            }
            if let Some(error) = work.error.take() {
                return Err(error);
            }
            if work.is_complete && work.next == work.rows.len() && work.partition_start == work.next {
                return Ok(None);
            }
            work.error = self.advance(work, frame, context).err();
        }
    }

    /// Takes one more row into the walk, or ends the partition.
    fn advance(&mut self, work: &mut Work, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        if work.next == work.rows.len() && !work.is_complete {
            self.read_row(work, frame, context)?;
        }
        if work.is_partition_over() {
            let partition = work.partition_start..work.next;
            work.partition_start = work.next;
            return self.walk(work, partition, context, |walk, order, calls| walk.finish(order, calls));
        }
        if work.next == work.rows.len() {
            return Ok(());
        }
        if work.walk.is_none() {
            let bounds = Bounds::compute(&self.window.frame, frame, context)?;
            work.walk = Some((bounds.clone(), Walk::new(bounds)));
        }
        let mut end = work.rows.len();
        if self.ranks && work.partition_start == work.next {
            end = work.partition_end(work.next);
            while end == work.rows.len() && !work.is_complete {
                self.read_row(work, frame, context)?;
                end = work.partition_end(end);
            }
        }
        let row = work.next;
        work.next += 1;
        let partition = work.partition_start..end;
        self.walk(work, partition, context, |walk, order, calls| walk.take(row, order, calls))
    }

    fn walk(
        &self,
        work: &mut Work,
        partition: Range<usize>,
        context: &mut Context<'_>,
        step: impl FnOnce(&mut Walk, &RowOrder, &mut Calls<'_, '_, '_>) -> Result<()>,
    ) -> Result<()> {
        let Some((bounds, walk)) = &mut work.walk else { return Ok(()) };
        let mut calls = Calls {
            calls: &self.window.calls,
            args: &self.args,
            rows: &work.rows,
            group_of: &work.order.group_of,
            partition,
            bounds,
            states: &mut work.states,
            context,
        };
        step(walk, &work.order, &mut calls)
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
    /// Sorts all rows by partition and order.
    fn sort(&mut self) {
        let order = key_order::sorted(self.rows.len(), |index| &self.rows[index].key);
        let mut rows: Vec<Option<KeptRow>> = std::mem::take(&mut self.rows).into_iter().map(Some).collect();
        self.rows = order.iter().filter_map(|index| rows[*index as usize].take()).collect();
        let values = &mut self.order.values;
        self.order.values = order.iter().map(|index| std::mem::take(&mut values[*index as usize])).collect();
        let mut group = 0;
        for index in 0..self.rows.len() {
            group += usize::from(index > 0 && self.rows[index].key != self.rows[index - 1].key);
            self.order.group_of[index] = group;
        }
    }

    /// Whether the next row, if there is any, is of another partition than the one the walk is in.
    fn is_partition_over(&self) -> bool {
        let first = self.rows.get(self.partition_start);
        self.partition_start < self.next
            && self
                .rows
                .get(self.next)
                .is_none_or(|row| first.is_some_and(|first| first.partition() != row.partition()))
    }

    /// Where the partition of the next row ends, as far as rows were read; it has all rows up to `known`.
    fn partition_end(&self, known: usize) -> usize {
        let first = &self.rows[self.next];
        let len = self.rows[known..].iter().position(|row| row.partition() != first.partition());
        len.map_or(self.rows.len(), |len| known + len)
    }
}

impl Source for WindowSource {
    fn restart(&mut self) {
        self.input.restart();
    }

    fn open(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        self.forget(frame);
        self.input.open(frame, context)
    }

    fn next(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<bool> {
        let mut work = match self.work.take() {
            Some(work) => work,
            None => self.begin(frame, context)?,
        };
        let given = self.next_given(&mut work, frame, context);
        let work = self.work.insert(work);
        let Some((row, results)) = given? else { return Ok(false) };
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
