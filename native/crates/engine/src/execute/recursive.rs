//! CTEs that are computed once: ordinary ones kept for several readers, recursive ones from a queue.
//!
//! ```text
//! rows    given out │ in the queue
//!         1  2  3   │ 4  5            the terms read row 3 before row 4 is given out, and what they find comes behind 5
//! ```
//! Rows are made when a reader asks for them, so `WITH RECURSIVE … LIMIT 10` over an endless CTE ends. A recursive
//! CTE's terms read one row of the queue at a time; ORDER BY makes the queue a priority queue, and LIMIT counts rows
//! that leave it. Rows stay where they were found, whatever order they leave the queue in. A term that reads the row alone
//! runs without operators (`recursive_step`), and some rows ahead where nobody can tell.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use pluresdb_value::{Collation, Value};

use crate::error::Result;
use crate::execute::byte_codes::ByteCodes;
use crate::execute::frame::row_size;
use crate::execute::key_hash::push_key;
use crate::execute::limit::{Window, limit_window};
use crate::execute::recursive_step::Step;
use crate::execute::sort::push_sort_key;
use crate::execute::{Context, Frame, Query, Source};
use crate::plan::plan_select;
use crate::resolve::tree::{Cte, CteId, Register};
use crate::session::Session;

/// Rows that are made at once where they can be made ahead.
const ROWS_AHEAD: usize = 256;

#[derive(Default)]
pub(crate) struct CteState {
    /// Execution of the frame the rows belong to; None: not begun.
    begun_in: Option<u64>,
    /// All rows that were found, one after the other.
    rows: Vec<Value>,
    /// In which order they leave the queue, where it is another than that in which they were found.
    order: Option<Vec<usize>>,
    /// Rows that have left the queue.
    taken: usize,
    /// Of these so many are not given out.
    skipped: usize,
    is_done: bool,
    /// The row that the recursive terms read.
    current: usize,
    /// None while it is at work.
    making: Option<Box<Making>>,
    charged: usize,
}

/// What makes the rows.
#[derive(Default)]
struct Making {
    initial: Option<Query>,
    recursive: Vec<Term>,
    /// There is one term, which can run ahead.
    is_whole: bool,
    /// The row that a step has made.
    made: Vec<Value>,
    has_begun: bool,
    /// The row that left the queue last and that the terms have not read.
    unread: Option<usize>,
    /// Of ORDER BY: the rows in the queue, by their sort key.
    by_priority: BinaryHeap<Reverse<(Vec<u8>, usize)>>,
    seen: ByteCodes,
    /// Of the row being looked for there.
    key: Vec<u8>,
    window: Window,
}

/// A recursive term.
enum Term {
    Query(Query),
    Step(Step),
}

impl CteState {
    /// Drops the rows: the next reader computes them anew.
    pub fn forget(&mut self, frame: &mut Frame) {
        self.begun_in = None;
        self.rows = Vec::new();
        self.order = None;
        (self.taken, self.skipped, self.is_done) = (0, 0, false);
        if let Some(making) = &mut self.making {
            making.by_priority = BinaryHeap::new();
            making.seen = ByteCodes::default();
        }
        frame.memory.release(self.charged);
        self.charged = 0;
    }

    pub fn close(&mut self, frame: &mut Frame) {
        self.forget(frame);
        let Some(making) = &mut self.making else { return };
        let terms = making.recursive.iter_mut().filter_map(|term| match term {
            Term::Query(query) => Some(query),
            Term::Step(_) => None,
        });
        for query in making.initial.iter_mut().chain(terms) {
            query.operator().close(frame);
        }
    }

    fn begin(&mut self, cte: &Cte, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        self.forget(frame);
        let making = self.making.get_or_insert_default();
        if making.initial.is_none() {
            making.initial = Some(Query::new(plan_select(&cte.initial, context.program, context.session)?));
            for term in &cte.recursive {
                let plan = plan_select(term, context.program, context.session)?;
                making.recursive.push(match Step::of(&plan, cte) {
                    Some(step) => Term::Step(step),
                    None => Term::Query(Query::new(plan)),
                });
            }
            let is_whole = matches!(&making.recursive[..], [Term::Step(step)] if step.is_whole());
            making.is_whole = is_whole && cte.order_by.is_empty();
        }
        making.window = limit_window(cte.limit.as_ref(), cte.offset.as_ref(), frame, context)?;
        making.has_begun = false;
        making.unread = None;
        making.initial.as_mut().expect("planned above").start(frame, context)?;
        for term in &mut making.recursive {
            if let Term::Query(query) = term {
                query.operator().restart();
            }
        }
        self.order = (!cte.order_by.is_empty()).then(Vec::new);
        self.begun_in = Some(frame.execution);
        Ok(())
    }

    fn row(&self, number: usize, width: usize) -> &[Value] {
        &self.rows[number * width..(number + 1) * width]
    }

    /// A row that is given out; None: there are no more for now.
    fn given(&self, number: usize, width: usize) -> Option<&[Value]> {
        let number = number + self.skipped;
        if number >= self.taken {
            return None;
        }
        Some(self.row(self.order.as_ref().map_or(number, |order| order[number]), width))
    }
}

impl Making {
    /// Takes the row that `term` has among the rows, unless it is one of a UNION that was there before.
    fn take_in(
        &mut self,
        id: CteId,
        cte: &Cte,
        term: &mut Query,
        frame: &mut Frame,
        context: &mut Context<'_>,
    ) -> Result<()> {
        let mut rows = std::mem::take(&mut frame.ctes[id.0].rows);
        let start = rows.len();
        let pushed = term.append_row(frame, &mut rows);
        self.keep(id, cte, rows, start, pushed, frame, context)
    }

    /// Gives the CTE its rows back, with those from a place on that were pushed unless they are not new.
    #[allow(clippy::too_many_arguments, reason = "what a row is kept in and by")]
    fn keep(
        &mut self,
        id: CteId,
        cte: &Cte,
        mut rows: Vec<Value>,
        start: usize,
        pushed: Result<()>,
        frame: &mut Frame,
        context: &mut Context<'_>,
    ) -> Result<()> {
        let row = &rows[start..];
        let kept = pushed.and_then(|()| {
            if !self.is_new(id, cte, row, frame, context.session)? {
                return Ok(false);
            }
            if !cte.order_by.is_empty() {
                let key = priority(cte, row, context.session)?;
                self.by_priority.push(Reverse((key, start / cte.column_count)));
            }
            charge(id, row_size(row), frame)?;
            Ok(true)
        });
        if !matches!(kept, Ok(true)) {
            rows.truncate(start);
        }
        frame.ctes[id.0].rows = rows;
        kept.map(|_| ())
    }

    /// Whether a row is new, of a UNION.
    fn is_new(
        &mut self,
        id: CteId,
        cte: &Cte,
        row: &[Value],
        frame: &mut Frame,
        session: &Session,
    ) -> Result<bool> {
        if !cte.distinct {
            return Ok(true);
        }
        push_row_key(row, &cte.collations, &mut self.key, session)?;
        let (next, memory) = (self.seen.len(), self.seen.memory());
        if self.seen.code(&self.key, next as u32) as usize != next {
            return Ok(false);
        }
        charge(id, self.seen.memory() - memory, frame)?;
        Ok(true)
    }

    /// Has one more row leave the queue, or finds that there is none.
    fn next(&mut self, id: CteId, cte: &Cte, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        if cte.recursive.is_empty() {
            return self.next_plain(id, cte, frame, context);
        }
        if !self.has_begun {
            self.has_begun = true;
            let mut initial = self.initial.take().expect("begun");
            let result = self.take_in_all(id, cte, &mut initial, frame, context);
            self.initial = Some(initial);
            result?;
        }
        // The terms need not run for the last row that LIMIT lets through.
        if self.window.end().is_some_and(|end| frame.ctes[id.0].taken as u64 >= end) {
            frame.ctes[id.0].is_done = true;
            return Ok(());
        }
        if let Some(row) = self.unread.take() {
            frame.ctes[id.0].current = row;
            let mut terms = std::mem::take(&mut self.recursive);
            let result = terms.iter_mut().try_for_each(|term| match term {
                Term::Query(query) => {
                    query.operator().open(frame, context)?;
                    self.take_in_all(id, cte, query, frame, context)
                }
                Term::Step(step) => self.take_step(id, cte, step, frame, context),
            });
            self.recursive = terms;
            result?;
        }
        let state = &mut frame.ctes[id.0];
        let next = match &mut state.order {
            None => (state.taken * cte.column_count < state.rows.len()).then_some(state.taken),
            Some(order) => {
                let first = self.by_priority.pop().map(|Reverse((_, row))| row);
                order.extend(first);
                first
            }
        };
        let Some(row) = next else {
            state.is_done = true;
            return Ok(());
        };
        self.unread = Some(row);
        state.skipped += usize::from((state.taken as u64) < self.window.offset);
        state.taken += 1;
        Ok(())
    }

    /// Runs a step over the row that the terms read.
    fn take_step(
        &mut self,
        id: CteId,
        cte: &Cte,
        step: &Step,
        frame: &mut Frame,
        context: &mut Context<'_>,
    ) -> Result<()> {
        let state = &frame.ctes[id.0];
        let row = state.row(state.current, cte.column_count);
        let made = &mut self.made;
        let is_made = match step.run_whole(row, context.parameters, made) {
            Some(is_made) => is_made,
            None => {
                made.clear();
                made.extend_from_slice(row);
                step.run(&cte.reals, made, frame, context)?
            }
        };
        if !is_made {
            return Ok(());
        }
        let mut rows = std::mem::take(&mut frame.ctes[id.0].rows);
        let start = rows.len();
        rows.append(&mut self.made);
        self.keep(id, cte, rows, start, Ok(()), frame, context)
    }

    fn next_plain(
        &mut self,
        id: CteId,
        cte: &Cte,
        frame: &mut Frame,
        context: &mut Context<'_>,
    ) -> Result<()> {
        let mut query = self.initial.take().expect("begun");
        let result = match query.next(frame, context) {
            Ok(true) => self.take_in(id, cte, &mut query, frame, context).map(|()| true),
            other => other,
        };
        self.initial = Some(query);
        let state = &mut frame.ctes[id.0];
        if result? {
            state.taken += 1;
        } else {
            state.is_done = true;
        }
        Ok(())
    }

    fn take_in_all(
        &mut self,
        id: CteId,
        cte: &Cte,
        term: &mut Query,
        frame: &mut Frame,
        context: &mut Context<'_>,
    ) -> Result<()> {
        while term.next(frame, context)? {
            self.take_in(id, cte, term, frame, context)?;
        }
        Ok(())
    }
}

fn charge(id: CteId, bytes: usize, frame: &mut Frame) -> Result<()> {
    frame.ctes[id.0].charged += bytes;
    frame.memory.charge(bytes)
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

fn priority(cte: &Cte, row: &[Value], session: &Session) -> Result<Vec<u8>> {
    let mut key = Vec::new();
    for term in &cte.order_by {
        push_sort_key(row[term.column].as_ref(), term.direction, term.collation, &mut key, session)?;
    }
    Ok(key)
}

/// Makes one more row, or finds that there is none.
fn produce(id: CteId, cte: &Cte, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
    context.step()?;
    let mut making = frame.ctes[id.0].making.take().expect("a CTE that is read was begun");
    let count = if making.is_whole { ROWS_AHEAD } else { 1 };
    let mut result = Ok(());
    for _ in 0..count {
        result = making.next(id, cte, frame, context);
        if result.is_err() || frame.ctes[id.0].is_done {
            break;
        }
    }
    frame.ctes[id.0].making = Some(making);
    result
}

/// Reads a CTE's rows into registers.
pub(crate) struct CteScan {
    cte: CteId,
    output: Register,
    column_count: usize,
    /// Columns whose integers stay what they are.
    raw: Vec<usize>,
    next_row: usize,
}

impl CteScan {
    pub fn new(cte: CteId, output: Register, column_count: usize, raw: Vec<usize>) -> CteScan {
        CteScan { cte, output, column_count, raw, next_row: 0 }
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
        let cte = &context.program.ctes[self.cte.0];
        let width = self.column_count;
        while self.next_row + frame.ctes[self.cte.0].skipped >= frame.ctes[self.cte.0].taken {
            if frame.ctes[self.cte.0].is_done {
                return Ok(false);
            }
            produce(self.cte, cte, frame, context)?;
        }
        let Frame { ctes, registers, .. } = frame;
        let Some(row) = ctes[self.cte.0].given(self.next_row, width) else { return Ok(false) };
        // The rows of a recursive one are handed on as they come, unless it is named twice.
        if cte.recursive.is_empty() {
            context.session.work.scan(self.next_row as u64, 1);
        }
        self.next_row += 1;
        let registers = &mut registers[self.output.0..self.output.0 + width];
        if self.raw.is_empty() {
            read_row(row, registers, &cte.reals);
        } else {
            read_row(row, registers, &[]);
            let reals = cte.reals.iter().filter(|column| !self.raw.contains(column));
            reals.for_each(|column| make_real(&mut registers[*column]));
        }
        Ok(true)
    }

    fn close(&mut self, _: &mut Frame) {}

    fn set_null_row(&mut self, frame: &mut Frame) {
        frame.register_range(self.output, self.column_count).fill(Value::Null);
    }
}

pub(super) fn read_row(row: &[Value], registers: &mut [Value], reals: &[usize]) {
    for (register, value) in registers.iter_mut().zip(row) {
        match (&mut *register, value) {
            (Value::Integer(register), Value::Integer(integer)) => *register = *integer,
            (register, value) => *register = value.clone(),
        }
    }
    for column in reals {
        make_real(&mut registers[*column]);
    }
}

/// What an integer is to who reads it as REAL.
pub(super) fn make_real(value: &mut Value) {
    if let Value::Integer(integer) = *value {
        *value = Value::Real(integer as f64);
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
        let (state, width) = (&ctes[self.cte.0], self.column_count);
        let row = state.row(state.current, width);
        let reals = &context.program.ctes[self.cte.0].reals;
        read_row(row, &mut registers[self.output.0..self.output.0 + width], reals);
        Ok(true)
    }

    fn close(&mut self, _: &mut Frame) {}

    fn set_null_row(&mut self, frame: &mut Frame) {
        frame.register_range(self.output, self.column_count).fill(Value::Null);
    }
}
