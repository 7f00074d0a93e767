//! Window functions: rows are kept, sorted by partition and order, and given out again with the calls' results.
//!
//! Each window sorts the rows it is given; equal ones stay in the order they came.
//!
//! A frame that only grows, or that slides without EXCLUDE, steps each row in once (and out once); any other frame is
//! computed anew for each row.

use std::ops::Range;

use pluresdb_function::{AggregateState, Call};
use pluresdb_value::{Affinity, Collation, Value, ValueRef, affinity, arithmetic};

use crate::callback::AggregateKind;
use crate::error::{Error, Result};
use crate::execute::eval::{eval, eval_truth};
use crate::execute::frame::row_size;
use crate::execute::function_call::function_error;
use crate::execute::key_hash::push_key;
use crate::execute::sort::push_sort_key;
use crate::execute::window_frame::{Bounds, Partition};
use crate::execute::{Context, Frame, Source};
use crate::resolve::tree::{Window, WindowCall, WindowFunction};

struct KeptRow {
    /// Partition, then order.
    key: Vec<u8>,
    partition_len: usize,
    captured: Vec<Value>,
    /// Arguments of all calls, one after the other.
    args: Vec<Value>,
    /// Per call: whether its FILTER lets the row in.
    passes: Vec<bool>,
    results: Vec<Value>,
}

impl KeptRow {
    fn partition(&self) -> &[u8] {
        &self.key[..self.partition_len]
    }
}

pub(crate) struct WindowSource {
    input: Box<dyn Source>,
    window: Window,
    rows: std::vec::IntoIter<KeptRow>,
    is_read: bool,
    charged: usize,
}

impl WindowSource {
    pub fn new(input: Box<dyn Source>, window: Window) -> WindowSource {
        WindowSource { input, window, rows: Vec::new().into_iter(), is_read: false, charged: 0 }
    }

    fn read(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        let mut rows: Vec<KeptRow> = Vec::new();
        let mut order_values: Vec<Value> = Vec::new();
        let mut bounds = None;
        while self.input.next(frame, context)? {
            if bounds.is_none() {
                bounds = Some(Bounds::compute(&self.window.frame, frame, context)?);
            }
            let row = self.keep(frame, context)?;
            let first_term = match self.window.order_by.first() {
                Some(term) => eval(&term.expr, frame, context)?,
                None => Value::Null,
            };
            let bytes = row.key.len() + row_size(&row.captured) + row_size(&row.args) + size_of::<KeptRow>();
            frame.memory.charge(bytes)?;
            self.charged += bytes;
            rows.push(row);
            order_values.push(first_term);
        }
        let Some(bounds) = bounds else { return Ok(()) };
        let mut order: Vec<usize> = (0..rows.len()).collect();
        order.sort_by(|a, b| {
            let (a, b) = (&rows[*a], &rows[*b]);
            a.partition().cmp(b.partition()).then_with(|| a.key.cmp(&b.key))
        });
        let mut rows: Vec<Option<KeptRow>> = rows.into_iter().map(Some).collect();
        let mut sorted: Vec<KeptRow> = order.iter().filter_map(|index| rows[*index].take()).collect();
        let order_values: Vec<Value> =
            order.iter().map(|index| std::mem::take(&mut order_values[*index])).collect();
        let mut start = 0;
        while start < sorted.len() {
            let end = (start..sorted.len())
                .find(|index| sorted[*index].partition() != sorted[start].partition())
                .unwrap_or(sorted.len());
            self.compute(&mut sorted[start..end], &order_values[start..end], &bounds, context)?;
            start = end;
        }
        self.rows = sorted.into_iter();
        Ok(())
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
            results: Vec::with_capacity(self.window.calls.len()),
        };
        for capture in &self.window.captured {
            row.captured.push(eval(&capture.expr, frame, context)?);
        }
        for call in &self.window.calls {
            let passes = match &call.filter {
                Some(filter) => eval_truth(filter, frame, context)? == Some(true),
                None => true,
            };
            row.passes.push(passes);
            for arg in &call.args {
                row.args.push(eval(arg, frame, context)?);
            }
        }
        Ok(row)
    }

    /// Computes every call for the rows of one partition.
    fn compute(
        &self,
        rows: &mut [KeptRow],
        order_values: &[Value],
        bounds: &Bounds,
        context: &mut Context<'_>,
    ) -> Result<()> {
        let mut groups: Vec<Range<usize>> = Vec::new();
        let mut group_of = Vec::with_capacity(rows.len());
        for (index, row) in rows.iter().enumerate() {
            match groups.last_mut() {
                Some(peers) if rows[peers.start].key == row.key => peers.end = index + 1,
                _ => groups.push(index..index + 1),
            }
            group_of.push(groups.len() - 1);
        }
        let direction = self.window.order_by.first().map(|term| term.direction);
        let is_descending = direction.is_some_and(|direction| direction.descending);
        let nulls_first = direction.is_none_or(|direction| direction.nulls_first);
        let partition = Partition { groups, group_of, order_values, is_descending, nulls_first };
        let mut first_arg = 0;
        for (number, call) in self.window.calls.iter().enumerate() {
            let args = first_arg..first_arg + call.args.len();
            first_arg = args.end;
            let view = CallView { rows, args, number, call };
            let results = match &call.function {
                WindowFunction::Aggregate(function) => {
                    view.aggregate(function, call.collation, &partition, bounds, context)?
                }
                function => view.ranked(function, &partition, bounds, context)?,
            };
            for (row, result) in rows.iter_mut().zip(results) {
                row.results.push(result);
            }
        }
        Ok(())
    }

    fn forget(&mut self, frame: &mut Frame) {
        self.rows = Vec::new().into_iter();
        frame.memory.release(self.charged);
        self.charged = 0;
    }
}

/// An aggregate whose frame moves on: rows are stepped in and out in SQLite's order, since sums of reals and functions
/// of the application can tell.
struct Sliding<'v> {
    view: &'v CallView<'v>,
    state: Box<dyn AggregateState>,
    collation: Collation,
    /// Rows that are in the state.
    inside: Range<usize>,
    steps_first: bool,
}

impl Sliding<'_> {
    fn move_to(&mut self, frame: &Range<usize>, context: &mut Context<'_>) -> Result<()> {
        if !self.steps_first {
            self.drop_to(frame.start.min(self.inside.end), context)?;
        }
        while self.inside.end < frame.end {
            context.step()?;
            self.view.step(&mut *self.state, self.inside.end, self.collation, context)?;
            self.inside.end += 1;
        }
        self.drop_to(frame.start.min(self.inside.end), context)
    }

    fn drop_to(&mut self, start: usize, context: &mut Context<'_>) -> Result<()> {
        while self.inside.start < start {
            context.step()?;
            self.view.inverse(&mut *self.state, self.inside.start, self.collation, context)?;
            self.inside.start += 1;
        }
        Ok(())
    }
}

/// One call over one partition.
struct CallView<'v> {
    rows: &'v [KeptRow],
    args: Range<usize>,
    number: usize,
    call: &'v WindowCall,
}

impl CallView<'_> {
    fn args(&self, row: usize) -> &[Value] {
        &self.rows[row].args[self.args.clone()]
    }

    fn arg(&self, row: usize, index: usize) -> Option<&Value> {
        self.args(row).get(index)
    }

    fn step(
        &self,
        state: &mut dyn AggregateState,
        row: usize,
        collation: Collation,
        context: &mut Context<'_>,
    ) -> Result<()> {
        if self.rows[row].passes[self.number] {
            let mut call = Call::new(context, self.args(row));
            call.collation = collation;
            state.step(&mut call).map_err(function_error)?;
        }
        Ok(())
    }

    fn inverse(
        &self,
        state: &mut dyn AggregateState,
        row: usize,
        collation: Collation,
        context: &mut Context<'_>,
    ) -> Result<()> {
        if self.rows[row].passes[self.number] {
            let mut call = Call::new(context, self.args(row));
            call.collation = collation;
            state.inverse(&mut call).map_err(function_error)?;
        }
        Ok(())
    }

    fn aggregate(
        &self,
        function: &AggregateKind,
        collation: Collation,
        partition: &Partition<'_>,
        bounds: &Bounds,
        context: &mut Context<'_>,
    ) -> Result<Vec<Value>> {
        let mut results = Vec::with_capacity(self.rows.len());
        // min() and max() cannot let a row go again.
        let cannot_slide = matches!(function.built_in_name(), Some("min" | "max")) && !bounds.only_grows();
        if !bounds.excludes_nothing() || cannot_slide {
            for row in 0..self.rows.len() {
                let mut state = function.new_state(collation, context.session.call_site());
                for run in partition.included(row, bounds) {
                    for other in run {
                        context.step()?;
                        self.step(&mut *state, other, collation, context)?;
                    }
                }
                results.push(state.value(context).map_err(function_error)?);
            }
            return Ok(results);
        }
        if bounds.are_always_empty() {
            for _ in 0..self.rows.len() {
                let mut state = function.new_state(collation, context.session.call_site());
                results.push(state.value(context).map_err(function_error)?);
            }
            return Ok(results);
        }
        let mut sliding = Sliding {
            view: self,
            state: function.new_state(collation, context.session.call_site()),
            collation,
            inside: 0..0,
            steps_first: bounds.steps_first(),
        };
        for frame in partition.frames_before_first(bounds) {
            sliding.move_to(&frame, context)?;
        }
        for row in 0..self.rows.len() {
            context.step()?;
            if bounds.are_same_for_peers() && partition.peers(row).start != row {
                results.push(results[row - 1].clone());
                continue;
            }
            sliding.move_to(&partition.frame(row, bounds), context)?;
            results.push(sliding.state.value(context).map_err(function_error)?);
        }
        Ok(results)
    }

    /// The functions that exist only with OVER.
    fn ranked(
        &self,
        function: &WindowFunction,
        partition: &Partition<'_>,
        bounds: &Bounds,
        context: &mut Context<'_>,
    ) -> Result<Vec<Value>> {
        let count = self.rows.len();
        let tiles = if matches!(function, WindowFunction::Ntile) { self.tile_count()? } else { 1 };
        let mut results = Vec::with_capacity(count);
        for row in 0..count {
            context.step()?;
            let peers = partition.peers(row);
            results.push(match function {
                WindowFunction::Aggregate(_) => Value::Null,
                WindowFunction::RowNumber => Value::Integer(row as i64 + 1),
                WindowFunction::Rank => Value::Integer(peers.start as i64 + 1),
                WindowFunction::DenseRank => Value::Integer(partition.group_of[row] as i64 + 1),
                WindowFunction::PercentRank if count == 1 => Value::Real(0.0),
                WindowFunction::PercentRank => Value::Real(peers.start as f64 / (count - 1) as f64),
                WindowFunction::CumeDist => Value::Real(peers.end as f64 / count as f64),
                WindowFunction::Ntile => Value::Integer(tile(row as i64, count as i64, tiles)),
                WindowFunction::Lag => self.shifted(row, arithmetic::subtract),
                WindowFunction::Lead => self.shifted(row, arithmetic::add),
                WindowFunction::FirstValue => self.nth(partition.included(row, bounds), 0),
                WindowFunction::LastValue => {
                    let runs = partition.included(row, bounds);
                    let last = runs.into_iter().rev().find(|run| !run.is_empty());
                    last.and_then(|run| self.arg(run.end - 1, 0).cloned()).unwrap_or_default()
                }
                WindowFunction::NthValue => {
                    let mut n = self.arg(row, 1).cloned().unwrap_or_default();
                    affinity::apply(&mut n, Affinity::Numeric);
                    match n {
                        Value::Integer(n) if n > 0 => {
                            self.nth(partition.included(row, bounds), n as usize - 1)
                        }
                        _ => {
                            return Err(Error::error(
                                "second argument to nth_value must be a positive integer",
                            ));
                        }
                    }
                }
            });
        }
        Ok(results)
    }

    fn nth(&self, runs: [Range<usize>; 3], mut n: usize) -> Value {
        for run in runs {
            if n < run.len() {
                return self.arg(run.start + n, 0).cloned().unwrap_or_default();
            }
            n -= run.len();
        }
        Value::Null
    }

    /// The argument of the row `offset` rows behind (or, for lag, before) this one.
    fn shifted(&self, row: usize, step: fn(ValueRef<'_>, ValueRef<'_>) -> Value) -> Value {
        let place = Value::Integer(row as i64);
        let one = Value::Integer(1);
        let offset = self.arg(row, 1).unwrap_or(&one).as_ref();
        // SQLite computes a row number, and a number that is no integer is no row's.
        let mut target = step(place.as_ref(), offset);
        affinity::apply(&mut target, Affinity::Numeric);
        let target = match target {
            Value::Integer(target) => usize::try_from(target).ok(),
            Value::Null | Value::Real(_) | Value::Text(_) | Value::Blob(_) => None,
        };
        match target.filter(|target| *target < self.rows.len()) {
            Some(target) => self.arg(target, 0).cloned().unwrap_or_default(),
            None => self.arg(row, 2).cloned().unwrap_or_default(),
        }
    }

    fn tile_count(&self) -> Result<i64> {
        debug_assert!(matches!(self.call.function, WindowFunction::Ntile));
        let tiles = self.arg(0, 0).map_or(0, Value::to_integer);
        if tiles <= 0 {
            return Err(Error::error("argument of ntile must be a positive integer"));
        }
        Ok(tiles)
    }
}

/// Tiles differ by one row at most; the larger ones come first.
fn tile(row: i64, count: i64, tiles: i64) -> i64 {
    let size = count / tiles;
    if size == 0 {
        return row + 1;
    }
    let larger = count % tiles;
    let in_larger = larger * (size + 1);
    if row < in_larger { row / (size + 1) + 1 } else { larger + (row - in_larger) / size + 1 }
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
            self.read(frame, context)?;
        }
        let Some(row) = self.rows.next() else { return Ok(false) };
        for (capture, value) in self.window.captured.iter().zip(row.captured) {
            frame.set_register(capture.register, value);
        }
        for (call, value) in self.window.calls.iter().zip(row.results) {
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

#[cfg(test)]
mod tests {
    use super::tile;

    #[test]
    fn the_larger_tiles_come_first() {
        let tiles: Vec<i64> = (0..7).map(|row| tile(row, 7, 3)).collect();
        assert_eq!(tiles, [1, 1, 1, 2, 2, 3, 3]);
        let tiles: Vec<i64> = (0..2).map(|row| tile(row, 2, 3)).collect();
        assert_eq!(tiles, [1, 2]);
    }
}
