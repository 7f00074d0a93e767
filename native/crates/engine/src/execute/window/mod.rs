//! Window functions: rows are kept, sorted by partition and order, and given out again with the calls' results.
//!
//! ```text
//! input ─► kept ─► order ─┬─► results: by column, all at once
//!        columns          ├─► walk ─► call: row after row, as rows are asked for
//!                         └─► row numbers, ranks and lag() where few rows are wanted: as rows are read
//! ```
//!
//! Beyond a bound of memory rows wait outside of it for their partition's turn (`partitions`): one partition must fit.
//!
//! Each window sorts the rows it is given, unless the window before it gives them in its order; equal ones stay as they
//! came. Where somebody can see when a call is made (it is the application's, or it fails), rows go into the walk one at
//! a time, as rows are asked for: an error waits until the rows before it are out.

mod call;
mod frame;
mod kept;
mod order;
mod partitions;
mod rank;
mod results;
mod walk;

pub(super) use frame::Bounds;
pub(super) use kept::{KeptRows, Layout, Part};
pub(super) use order::{RowOrder, SortedRows};
pub(super) use results::{Results, can_be_computed_at_once, results};

use std::ops::Range;

use pluresdb_function::Flags;
use pluresdb_value::Value;

use call::{CallStates, Calls};
use partitions::{Partitions, UnreadPartitions};
use rank::Ranking;
use walk::Walk;

use crate::error::{Error, Result};
use crate::execute::{Context, Frame, Source};
use crate::plan::SourceNode;
use crate::resolve::tree::{Expr, Window, WindowCall, WindowFunction};

pub(crate) struct WindowSource {
    input: Box<dyn Source>,
    window: Window,
    layout: Layout,
    /// All rows may be read before the first is given.
    reads_all: bool,
    /// Whether some call needs all rows of a partition before the first is given.
    ranks: bool,
    work: Option<Work>,
    charged: usize,
}

/// Rows in their order, on their way.
struct Work {
    /// All of them, or those of a partition.
    rows: KeptRows,
    order: RowOrder,
    /// Rows that there was no room for.
    waiting: Waiting,
    /// No more rows come to these.
    is_complete: bool,
    /// What came instead of another row.
    input_error: Option<Error>,
    given: Given,
}

enum Waiting {
    None,
    Unread(UnreadPartitions),
    Partitions(Partitions),
}

enum Given {
    /// All results, and the next row to give.
    AtOnce(Vec<Results>, usize),
    OneByOne(OneByOne),
    /// Each row as soon as it is read; where the peers of the last one begin.
    AsRead(usize),
}

#[derive(Default)]
struct OneByOne {
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
    /// Says which registers will have the JSON subtype.
    pub fn tell_json_results(&self, frame: &mut Frame) {
        for call in &self.window.calls {
            if let WindowFunction::Aggregate(function) = &call.function
                && function.flags().has(Flags::GIVES_JSON)
            {
                frame.tell_json(call.result, true);
            }
        }
    }

    /// `is_lazy`: rows that come in order are read as they are needed.
    pub fn new(input: SourceNode, window: Window, is_lazy: bool) -> WindowSource {
        WindowSource {
            layout: Layout::of(&window),
            reads_all: !window.is_input_sorted || !is_lazy && reads_unseen(&window) && gives_unseen(&input),
            ranks: window.calls.iter().any(|call| !call.function.reads_frame()),
            input: input.into_operator(),
            window,
            work: None,
            charged: 0,
        }
    }

    /// Makes ready for the first row. Rows that come in order already are read as they are needed where that can be seen.
    fn begin(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<Work> {
        context.session.work.sorts += u64::from(!self.window.is_input_sorted);
        let mut work = Work {
            rows: KeptRows::new(&self.layout),
            order: RowOrder::default(),
            waiting: Waiting::None,
            is_complete: false,
            input_error: None,
            given: Given::OneByOne(OneByOne::default()),
        };
        if !self.reads_all {
            if self.window.calls.iter().all(WindowCall::is_told_by_rows_before) {
                work.given = Given::AsRead(0);
            }
            return Ok(work);
        }
        loop {
            match self.keep_next(&mut work, frame, context) {
                Ok(true) if self.has_no_room(context) => self.put_aside(&mut work, frame, context)?,
                Ok(true) => {}
                Ok(false) => break,
                Err(error) if self.window.is_input_sorted => {
                    work.input_error = Some(error);
                    break;
                }
                Err(error) => return Err(error),
            }
        }
        if let Waiting::Unread(_) = work.waiting {
            self.put_aside(&mut work, frame, context)?;
        }
        if let Waiting::Unread(unread) = std::mem::replace(&mut work.waiting, Waiting::None) {
            work.waiting = Waiting::Partitions(unread.into_partitions(&self.layout, &mut frame.memory)?);
            self.next_partition(&mut work, frame, context)?;
            return Ok(work);
        }
        self.order(&mut work, frame, context)?;
        Ok(work)
    }

    /// Whether the rows in memory had better wait outside of it.
    fn has_no_room(&self, context: &Context<'_>) -> bool {
        self.layout.partition_len > 0 && self.charged > context.session.settings.group_memory()
    }

    /// Has the rows in memory wait for their partitions' turns.
    fn put_aside(&mut self, work: &mut Work, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        if let Waiting::None = work.waiting {
            work.waiting = Waiting::Unread(UnreadPartitions::default());
        }
        if let Waiting::Unread(unread) = &mut work.waiting {
            let rows = std::mem::replace(&mut work.rows, KeptRows::new(&self.layout));
            unread.take(&rows, &self.layout, &mut frame.memory, context.session)?;
        }
        frame.memory.release(std::mem::take(&mut self.charged));
        Ok(())
    }

    /// Goes on to the rows of the next partition that waits; false: there is none.
    fn next_partition(
        &mut self,
        work: &mut Work,
        frame: &mut Frame,
        context: &mut Context<'_>,
    ) -> Result<bool> {
        let Waiting::Partitions(partitions) = &mut work.waiting else { return Ok(false) };
        if partitions.is_at_end() {
            return Ok(false);
        }
        work.rows = KeptRows::new(&self.layout);
        frame.memory.release(std::mem::take(&mut self.charged));
        let charged = &mut self.charged;
        partitions.read(&mut work.rows, &self.layout, &mut |bytes| {
            frame.memory.charge(bytes)?;
            *charged += bytes;
            Ok(())
        })?;
        // What went wrong in the input is told behind the last one.
        work.is_complete = !partitions.is_at_end() || work.input_error.is_none();
        work.given = Given::OneByOne(OneByOne::default());
        self.order(work, frame, context)?;
        Ok(true)
    }

    /// Sorts the rows, and computes what can be computed at once.
    fn order(&mut self, work: &mut Work, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        work.order = RowOrder::of(&work.rows, &self.layout);
        if work.is_complete && work.rows.count > 0 && can_be_computed_at_once(&self.window) {
            let bounds = Bounds::compute(&self.window.frame, frame, context)?;
            let sorted = SortedRows { kept: &work.rows, layout: &self.layout, order: &work.order };
            if let Some(results) = results(sorted, &self.window.calls, &bounds, context)? {
                self.charge(results.iter().map(Results::memory).sum(), frame)?;
                work.given = Given::AtOnce(results, 0);
            }
        }
        Ok(())
    }

    /// Reads a row; false: there is none.
    fn keep_next(&mut self, work: &mut Work, frame: &mut Frame, context: &mut Context<'_>) -> Result<bool> {
        if let Some(error) = work.input_error.take() {
            return Err(error);
        }
        if !self.input.next(frame, context)? {
            work.is_complete = true;
            return Ok(false);
        }
        let bytes = work.rows.push(&self.layout, frame, context)?;
        self.charge(bytes, frame)?;
        Ok(true)
    }

    fn charge(&mut self, bytes: usize, frame: &mut Frame) -> Result<()> {
        frame.memory.charge(bytes)?;
        self.charged += bytes;
        Ok(())
    }

    /// Reads a row that comes in order.
    fn read_row(&mut self, work: &mut Work, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        if self.keep_next(work, frame, context)? {
            work.order.push(&work.rows, &self.layout);
        }
        Ok(())
    }

    /// The next row that has its results, by its place.
    fn next_given(
        &mut self,
        work: &mut Work,
        given: &mut OneByOne,
        frame: &mut Frame,
        context: &mut Context<'_>,
    ) -> Result<Option<(usize, Vec<Value>)>> {
        loop {
            if let Some(given) = given.states.next_given() {
                return Ok(Some(given));
            }
            if let Some(error) = given.error.take() {
                return Err(error);
            }
            if work.is_complete && given.next == work.rows.count && given.partition_start == given.next {
                return Ok(None);
            }
            given.error = self.advance(work, given, frame, context).err();
        }
    }

    /// Takes one more row into the walk, or ends the partition.
    fn advance(
        &mut self,
        work: &mut Work,
        given: &mut OneByOne,
        frame: &mut Frame,
        context: &mut Context<'_>,
    ) -> Result<()> {
        if given.next == work.rows.count && !work.is_complete {
            self.read_row(work, frame, context)?;
        }
        if given.partition_start < given.next && work.begins_partition(given.next) {
            let partition = given.partition_start..given.next;
            given.partition_start = given.next;
            return self.walk(work, given, partition, context, |walk, rows, calls| walk.finish(rows, calls));
        }
        if given.next == work.rows.count {
            return Ok(());
        }
        if given.walk.is_none() {
            let bounds = Bounds::compute(&self.window.frame, frame, context)?;
            given.walk = Some((bounds.clone(), Walk::new(bounds)));
        }
        let mut end = work.rows.count;
        if self.ranks && given.partition_start == given.next {
            end = work.partition_end(given.next);
            while end == work.rows.count && !work.is_complete {
                self.read_row(work, frame, context)?;
                end = if work.begins_partition(end) { end } else { work.rows.count };
            }
        }
        let row = given.next;
        given.next += 1;
        let partition = given.partition_start..end;
        self.walk(work, given, partition, context, |walk, rows, calls| walk.take(row, rows, calls))
    }

    fn walk(
        &self,
        work: &Work,
        given: &mut OneByOne,
        partition: Range<usize>,
        context: &mut Context<'_>,
        step: impl FnOnce(&mut Walk, SortedRows<'_>, &mut Calls<'_, '_, '_>) -> Result<()>,
    ) -> Result<()> {
        let Some((bounds, walk)) = &mut given.walk else { return Ok(()) };
        let rows = self.sorted(work);
        let mut calls =
            Calls { calls: &self.window.calls, rows, partition, bounds, states: &mut given.states, context };
        step(walk, rows, &mut calls)
    }

    fn sorted<'w>(&'w self, work: &'w Work) -> SortedRows<'w> {
        SortedRows { kept: &work.rows, layout: &self.layout, order: &work.order }
    }

    /// Puts the next row into the frame; false: there is none.
    fn give(&mut self, work: &mut Work, frame: &mut Frame, context: &mut Context<'_>) -> Result<bool> {
        loop {
            if self.give_of_present(work, frame, context)? {
                return Ok(true);
            }
            if !self.next_partition(work, frame, context)? {
                return Ok(false);
            }
        }
    }

    /// Puts the next of the rows in memory into the frame; false: there is none.
    fn give_of_present(
        &mut self,
        work: &mut Work,
        frame: &mut Frame,
        context: &mut Context<'_>,
    ) -> Result<bool> {
        if let Given::AtOnce(results, next) = &mut work.given {
            let place = *next;
            if place == work.rows.count {
                return Ok(false);
            }
            *next += 1;
            let rows = SortedRows { kept: &work.rows, layout: &self.layout, order: &work.order };
            set_row(rows, &self.window, results, place, frame);
            return Ok(true);
        }
        if let Given::AsRead(peers) = work.given {
            return self.give_as_read(work, peers, frame, context);
        }
        let Given::OneByOne(given) = &mut work.given else { return Ok(false) };
        let mut given = std::mem::take(given);
        let next = self.next_given(work, &mut given, frame, context);
        work.given = Given::OneByOne(given);
        let Some((place, results)) = next? else { return Ok(false) };
        for (call, value) in self.window.calls.iter().zip(results) {
            frame.set_register(call.result, value);
        }
        set_captured(self.sorted(work), &self.window, place, frame);
        Ok(true)
    }

    /// Reads a row and puts it into the frame; `peers` is where those of the last row begin.
    fn give_as_read(
        &mut self,
        work: &mut Work,
        mut peers: usize,
        frame: &mut Frame,
        context: &mut Context<'_>,
    ) -> Result<bool> {
        let place = work.rows.count;
        self.read_row(work, frame, context)?;
        if work.is_complete {
            return Ok(false);
        }
        let rows = self.sorted(work);
        if rows.group_of(place) != rows.group_of(peers) {
            peers = place;
        }
        let start = work.order.partitions.last().map_or(0, |start| *start as usize);
        for (index, call) in self.window.calls.iter().enumerate() {
            let number = match call.function {
                WindowFunction::Lag => {
                    let value = Ranking { rows, call: index }.lag_at(place, start);
                    frame.set_register(call.result, value);
                    continue;
                }
                WindowFunction::Rank => peers - start,
                WindowFunction::DenseRank => (rows.group_of(place) - rows.group_of(start)) as usize,
                _ => place - start,
            };
            frame.set_register(call.result, Value::Integer(number as i64 + 1));
        }
        set_captured(rows, &self.window, place, frame);
        work.given = Given::AsRead(peers);
        Ok(true)
    }

    fn forget(&mut self, frame: &mut Frame) {
        if let Some(Work { waiting: Waiting::Partitions(mut partitions), .. }) = self.work.take() {
            partitions.clear(&mut frame.memory);
        }
        frame.memory.release(self.charged);
        self.charged = 0;
    }
}

impl Work {
    /// Whether the row at this place begins a partition, or there is none.
    fn begins_partition(&self, place: usize) -> bool {
        place == self.rows.count || self.order.partitions.binary_search(&(place as u32)).is_ok()
    }

    /// Where the partition ends that begins at this place, as far as rows were read.
    fn partition_end(&self, start: usize) -> usize {
        let partitions = &self.order.partitions;
        let next = partitions.partition_point(|other| *other as usize <= start);
        partitions.get(next).map_or(self.rows.count, |end| *end as usize)
    }
}

/// Puts the row at a place of the order into the frame, with its results.
pub(super) fn set_row(
    rows: SortedRows<'_>,
    window: &Window,
    results: &[Results],
    place: usize,
    frame: &mut Frame,
) {
    for (call, results) in window.calls.iter().zip(results) {
        frame.set_register(call.result, results.value(&rows.kept.columns, place).to_value());
    }
    set_captured(rows, window, place, frame);
}

fn set_captured(rows: SortedRows<'_>, window: &Window, place: usize, frame: &mut Frame) {
    for (capture, column) in window.captured.iter().zip(&rows.layout.captured) {
        frame.set_register(capture.register, rows.value(*column, place).to_value());
    }
}

/// Whether nobody can see when the window reads its rows.
fn reads_unseen(window: &Window) -> bool {
    let is_unseen = |expr: &Expr| {
        matches!(
            expr,
            Expr::Column { .. } | Expr::Rowid(_) | Expr::Register(_) | Expr::Literal(_) | Expr::Parameter(_)
        )
    };
    let mut parts = Layout::of(window).parts.into_iter().map(|part| match part {
        Part::Value { expr, .. } => expr,
        Part::Filter(expr) => expr,
    });
    parts.all(|expr| is_unseen(&expr)) && calls_unseen(window)
}

/// Whether nobody can see when the window calls its functions.
fn calls_unseen(window: &Window) -> bool {
    window.calls.iter().all(|call| match &call.function {
        WindowFunction::Aggregate(function) => function.built_in_name().is_some(),
        _ => true,
    })
}

/// Whether nobody can see when the rows of a window or a scan are asked for.
fn gives_unseen(node: &SourceNode) -> bool {
    match node {
        SourceNode::Scan(_) => true,
        SourceNode::Window { input, window, .. } if window.is_input_sorted => {
            reads_unseen(window) && gives_unseen(input)
        }
        SourceNode::Window { window, .. } => calls_unseen(window),
        _ => false,
    }
}

impl Source for WindowSource {
    fn restart(&mut self) {
        self.input.restart();
    }

    fn open(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        self.forget(frame);
        self.tell_json_results(frame);
        self.input.open(frame, context)
    }

    fn next(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<bool> {
        let mut work = match self.work.take() {
            Some(work) => work,
            None => self.begin(frame, context)?,
        };
        let found = self.give(&mut work, frame, context);
        self.work = Some(work);
        found
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
