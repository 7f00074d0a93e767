//! CTEs that are computed once: ordinary ones kept for several readers, recursive ones from a queue.
//!
//! Rows are made when a reader asks for them, so `WITH RECURSIVE … LIMIT 10` over an endless CTE ends. A recursive
//! CTE's terms read one row of the queue at a time; ORDER BY makes the queue a priority queue, and LIMIT counts rows
//! that leave it.

use std::collections::{BTreeMap, VecDeque};

use pluresdb_value::{Collation, Value};

use crate::error::Result;
use crate::execute::byte_codes::ByteCodes;
use crate::execute::frame::row_size;
use crate::execute::key_hash::push_key;
use crate::execute::limit::{Window, limit_window};
use crate::execute::sort::push_sort_key;
use crate::execute::{Context, Frame, Query, Source};
use crate::plan::plan_select;
use crate::resolve::tree::{Cte, CteId, Register};
use crate::session::Session;

#[derive(Default)]
pub(crate) struct CteState {
    /// Execution of the frame the rows belong to; None: not begun.
    begun_in: Option<u64>,
    rows: Vec<Value>,
    row_count: usize,
    initial: Option<Query>,
    recursive: Vec<Query>,
    phase: Phase,
    queue: Queue,
    seen: ByteCodes,
    /// Of the row being looked for there.
    key: Vec<u8>,
    window: Window,
    /// Rows that have left the queue.
    taken: u64,
    /// What the recursive terms read.
    current: Vec<Value>,
    charged: usize,
}

#[derive(Default, PartialEq, Eq, Clone, Copy)]
enum Phase {
    #[default]
    Initial,
    Queue,
    Done,
}

#[derive(Default)]
struct Queue {
    first_in: VecDeque<Vec<Value>>,
    /// By sort key, then arrival.
    by_priority: BTreeMap<(Vec<u8>, u64), Vec<Value>>,
    arrivals: u64,
}

impl Queue {
    fn push(&mut self, cte: &Cte, row: Vec<Value>, session: &Session) -> Result<()> {
        if cte.order_by.is_empty() {
            self.first_in.push_back(row);
            return Ok(());
        }
        let mut key = Vec::new();
        for term in &cte.order_by {
            push_sort_key(row[term.column].as_ref(), term.direction, term.collation, &mut key, session)?;
        }
        self.arrivals += 1;
        self.by_priority.insert((key, self.arrivals), row);
        Ok(())
    }

    fn pop(&mut self) -> Option<Vec<Value>> {
        self.first_in.pop_front().or_else(|| self.by_priority.pop_first().map(|(_, row)| row))
    }
}

impl CteState {
    /// Drops the rows: the next reader computes them anew.
    pub fn forget(&mut self, frame: &mut Frame) {
        self.begun_in = None;
        self.rows = Vec::new();
        self.row_count = 0;
        self.queue = Queue::default();
        self.seen = ByteCodes::default();
        frame.memory.release(self.charged);
        self.charged = 0;
    }

    pub fn close(&mut self, frame: &mut Frame) {
        self.forget(frame);
        for query in self.initial.iter_mut().chain(&mut self.recursive) {
            query.operator().close(frame);
        }
    }

    fn begin(&mut self, cte: &Cte, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        self.forget(frame);
        if self.initial.is_none() {
            self.initial = Some(Query::new(plan_select(&cte.initial, context.program, context.session)?));
            for term in &cte.recursive {
                self.recursive.push(Query::new(plan_select(term, context.program, context.session)?));
            }
        }
        self.window = limit_window(cte.limit.as_ref(), cte.offset.as_ref(), frame, context)?;
        self.taken = 0;
        self.phase = Phase::Initial;
        self.initial.as_mut().expect("planned above").start(frame, context)?;
        self.begun_in = Some(frame.execution);
        Ok(())
    }

    fn charge(&mut self, bytes: usize, frame: &mut Frame) -> Result<()> {
        self.charged += bytes;
        frame.memory.charge(bytes)
    }

    fn keep(&mut self, row: &[Value], frame: &mut Frame) -> Result<()> {
        self.charge(row_size(row), frame)?;
        self.rows.extend_from_slice(row);
        self.row_count += 1;
        Ok(())
    }

    /// Whether a row is new, of a UNION.
    fn is_new(&mut self, cte: &Cte, row: &[Value], frame: &mut Frame, session: &Session) -> Result<bool> {
        if !cte.distinct {
            return Ok(true);
        }
        push_row_key(row, &cte.collations, &mut self.key, session)?;
        let (next, memory) = (self.seen.len(), self.seen.memory());
        if self.seen.code(&self.key, next as u32) as usize != next {
            return Ok(false);
        }
        self.charge(self.seen.memory() - memory, frame)?;
        Ok(true)
    }
}

/// The bytes that tell the row from others.
fn push_row_key(row: &[Value], collations: &[Collation], key: &mut Vec<u8>, session: &Session) -> Result<()> {
    key.clear();
    for (index, value) in row.iter().enumerate() {
        let collation = collations.get(index).copied().unwrap_or_default();
        push_key(value.as_ref(), collation, key, session)?;
    }
    Ok(())
}

/// Makes one more row, or finds that there is none.
fn produce(id: CteId, cte: &Cte, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
    let mut state = std::mem::take(&mut frame.ctes[id.0]);
    let result = if cte.recursive.is_empty() {
        produce_plain(&mut state, frame, context)
    } else {
        produce_recursive(id, cte, &mut state, frame, context)
    };
    frame.ctes[id.0] = state;
    result
}

fn produce_plain(state: &mut CteState, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
    let query = state.initial.as_mut().expect("begun");
    if !query.next(frame, context)? {
        state.phase = Phase::Done;
        return Ok(());
    }
    let mut row = Vec::new();
    query.take_row(frame, &mut row)?;
    state.keep(&row, frame)
}

fn produce_recursive(
    id: CteId,
    cte: &Cte,
    state: &mut CteState,
    frame: &mut Frame,
    context: &mut Context<'_>,
) -> Result<()> {
    if state.phase == Phase::Initial {
        let mut row = Vec::new();
        while state.initial.as_mut().expect("begun").next(frame, context)? {
            state.initial.as_mut().expect("begun").take_row(frame, &mut row)?;
            if state.is_new(cte, &row, frame, context.session)? {
                state.queue.push(cte, std::mem::take(&mut row), context.session)?;
            }
        }
        state.phase = Phase::Queue;
    }
    loop {
        context.step()?;
        if state.window.end().is_some_and(|end| state.taken >= end) {
            state.phase = Phase::Done;
            return Ok(());
        }
        let Some(row) = state.queue.pop() else {
            state.phase = Phase::Done;
            return Ok(());
        };
        let is_wanted = state.taken >= state.window.offset;
        state.taken += 1;
        if is_wanted {
            state.keep(&row, frame)?;
        }
        // The terms need not run for the last row that LIMIT lets through.
        if state.window.end().is_none_or(|end| state.taken < end) {
            expand(id, cte, row, state, frame, context)?;
        }
        if is_wanted {
            return Ok(());
        }
    }
}

/// Runs the recursive terms on one row of the queue.
fn expand(
    id: CteId,
    cte: &Cte,
    row: Vec<Value>,
    state: &mut CteState,
    frame: &mut Frame,
    context: &mut Context<'_>,
) -> Result<()> {
    // The terms find their row in the frame, where this state is missing meanwhile.
    frame.ctes[id.0].current = row;
    let mut terms = std::mem::take(&mut state.recursive);
    let mut result = Ok(());
    'terms: for term in &mut terms {
        result = term.start(frame, context);
        while result.is_ok() {
            let mut row = Vec::new();
            result = match term.next(frame, context) {
                Ok(true) => term.take_row(frame, &mut row),
                Ok(false) => continue 'terms,
                Err(error) => Err(error),
            };
            if result.is_ok() {
                result = state.is_new(cte, &row, frame, context.session).and_then(|is_new| {
                    if is_new { state.queue.push(cte, row, context.session) } else { Ok(()) }
                });
            }
        }
        break;
    }
    state.recursive = terms;
    result
}

/// Reads a CTE's rows into registers.
pub(crate) struct CteScan {
    cte: CteId,
    output: Register,
    column_count: usize,
    next_row: usize,
}

impl CteScan {
    pub fn new(cte: CteId, output: Register, column_count: usize) -> CteScan {
        CteScan { cte, output, column_count, next_row: 0 }
    }
}

impl Source for CteScan {
    fn open(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        self.next_row = 0;
        let program = context.program;
        if frame.ctes[self.cte.0].begun_in != Some(frame.execution) {
            let mut state = std::mem::take(&mut frame.ctes[self.cte.0]);
            let begun = state.begin(&program.ctes[self.cte.0], frame, context);
            frame.ctes[self.cte.0] = state;
            begun?;
        }
        Ok(())
    }

    fn next(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<bool> {
        context.step()?;
        let program = context.program;
        loop {
            let state = &frame.ctes[self.cte.0];
            if self.next_row < state.row_count {
                break;
            }
            if state.phase == Phase::Done {
                return Ok(false);
            }
            produce(self.cte, &program.ctes[self.cte.0], frame, context)?;
        }
        let width = self.column_count;
        let start = self.next_row * width;
        self.next_row += 1;
        let Frame { ctes, registers, .. } = frame;
        let registers = &mut registers[self.output.0..self.output.0 + width];
        registers.clone_from_slice(&ctes[self.cte.0].rows[start..start + width]);
        make_real(registers, &program.ctes[self.cte.0].reals);
        Ok(true)
    }

    fn close(&mut self, _: &mut Frame) {}

    fn set_null_row(&mut self, frame: &mut Frame) {
        frame.register_range(self.output, self.column_count).fill(Value::Null);
    }
}

/// What integers in these columns are to a reader.
pub(super) fn make_real(row: &mut [Value], columns: &[usize]) {
    for &index in columns {
        if let Value::Integer(integer) = row[index] {
            row[index] = Value::Real(integer as f64);
        }
    }
}

/// The queue's row, inside a recursive term.
pub(crate) struct RecursiveRow {
    cte: CteId,
    output: Register,
    column_count: usize,
    is_done: bool,
}

impl RecursiveRow {
    pub fn new(cte: CteId, output: Register, column_count: usize) -> RecursiveRow {
        RecursiveRow { cte, output, column_count, is_done: true }
    }
}

impl Source for RecursiveRow {
    fn open(&mut self, _: &mut Frame, _: &mut Context<'_>) -> Result<()> {
        self.is_done = false;
        Ok(())
    }

    fn next(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<bool> {
        if std::mem::replace(&mut self.is_done, true) {
            return Ok(false);
        }
        let Frame { ctes, registers, .. } = frame;
        let registers = &mut registers[self.output.0..self.output.0 + self.column_count];
        registers.clone_from_slice(&ctes[self.cte.0].current);
        make_real(registers, &context.program.ctes[self.cte.0].reals);
        Ok(true)
    }

    fn close(&mut self, _: &mut Frame) {}

    fn set_null_row(&mut self, frame: &mut Frame) {
        frame.register_range(self.output, self.column_count).fill(Value::Null);
    }
}
