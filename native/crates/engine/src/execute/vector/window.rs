//! Windows over batches: rows are kept by column, sorted, and handed on with the calls' results, in batches or one by one.
//!
//! Keeping, sorting and computing are `execute::window`'s, whose row by row operator runs what fails here. All results are
//! computed before the first row is given.

use super::batch::{Batch, Columns, Rows};
use super::column::{Column, TRUE};
use super::compile::{Expression, Shared};
use super::evaluate::{Surroundings, evaluate, evaluate_truths};
use super::having::Having;
use super::input::Input;
use super::{Run, Stop, least_rows};
use crate::error::Result;
use crate::execute::window::{
    Bounds, KeptRows, Layout, Part, Results, RowOrder, SortedRows, WindowSource, can_be_computed_at_once,
    results, set_row,
};
use crate::execute::{Context, Frame, Source};
use crate::plan::SourceNode;
use crate::resolve::tree::{Expr, Register, Window};

/// Rows that are handed on together.
const PORTION: usize = 2048;

enum Mode {
    /// The run is the row engine's.
    Rows,
    Unread,
    Output(Output),
}

struct Output {
    rows: KeptRows,
    order: RowOrder,
    results: Vec<Results>,
    /// Places before this one were handed on, or are in the present portion.
    taken: usize,
    /// Places of the portion that pass the conditions, and how many of them have been given.
    passing: Vec<u32>,
    given: usize,
    /// Whether the conditions could be asked of all rows of the portion.
    is_asked: bool,
}

pub(super) struct VectorWindow {
    input: Input,
    /// By part of the layout.
    parts: Vec<Expression>,
    layout: Layout,
    window: Window,
    /// Conditions on the rows that are given one by one: they are asked once more above.
    having: Option<Having>,
    /// For runs that are the row engine's.
    rows: WindowSource,
    mode: Mode,
    charged: usize,
}

impl VectorWindow {
    /// None when a part of it needs the row engine.
    pub fn compile(node: &SourceNode, window: &Window, having: &[Expr]) -> Option<VectorWindow> {
        if !can_be_computed_at_once(window) {
            return None;
        }
        let layout = Layout::of(window);
        let mut input = Input::compile(node)?;
        let parts = layout.parts.iter().map(|part| match part {
            Part::Value { label: Some(_), .. } => None,
            Part::Value { expr, label: None } | Part::Filter(expr) => input.compile_expr(expr),
        });
        let parts = parts.collect::<Option<Vec<_>>>()?;
        let mut operator = VectorWindow {
            input,
            parts,
            layout,
            window: window.clone(),
            having: None,
            rows: WindowSource::new(node.clone(), window.clone(), false),
            mode: Mode::Rows,
            charged: 0,
        };
        operator.having = Having::compile(having, operator.registers());
        Some(operator)
    }

    /// Those of the rows that are given: what is captured, then results.
    fn registers(&self) -> Vec<Register> {
        let captured = self.window.captured.iter().map(|capture| capture.register);
        captured.chain(self.window.calls.iter().map(|call| call.result)).collect()
    }

    /// Opens the input; false when the run is the row engine's.
    fn begin(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Run<bool> {
        self.rows.tell_json_results(frame);
        let Some(least) = least_rows(context) else { return Ok(false) };
        if !self.input.pays(least, frame, context)? {
            return Ok(false);
        }
        self.input.open(frame, context)?;
        Ok(true)
    }

    fn read(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Run<Output> {
        let mut rows = KeptRows::new(&self.layout);
        loop {
            let VectorWindow { input, parts, layout, .. } = self;
            let mut bytes = 0;
            let found = input.next_batch(frame, context, &mut |batch, surroundings| {
                bytes += keep(&mut rows, batch, layout, parts, surroundings)?;
                Ok(())
            })?;
            self.charge(bytes, frame)?;
            if !found {
                break;
            }
            // The row engine has them wait for their partitions' turns.
            let has_partitions = self.layout.partition_len > 0;
            if has_partitions && self.charged > context.session.settings.group_memory() {
                return Err(Stop::RowByRow);
            }
        }
        context.session.work.sorts += u64::from(!self.window.is_input_sorted);
        let order = RowOrder::of(&rows, &self.layout);
        let results = self.results(&rows, &order, frame, context)?;
        self.charge(results.iter().map(Results::memory).sum(), frame)?;
        if let Some(having) = &mut self.having {
            having.begin(frame, context);
        }
        Ok(Output { rows, order, results, taken: 0, passing: Vec::new(), given: 0, is_asked: true })
    }

    fn results(
        &self,
        rows: &KeptRows,
        order: &RowOrder,
        frame: &mut Frame,
        context: &mut Context<'_>,
    ) -> Run<Vec<Results>> {
        if rows.count == 0 {
            return Ok(Vec::new());
        }
        let bounds = Bounds::compute(&self.window.frame, frame, context).map_err(|_| Stop::RowByRow)?;
        let sorted = SortedRows { kept: rows, layout: &self.layout, order };
        results(sorted, &self.window.calls, &bounds, context)?.ok_or(Stop::RowByRow)
    }

    fn charge(&mut self, bytes: usize, frame: &mut Frame) -> Result<()> {
        frame.memory.charge(bytes)?;
        self.charged += bytes;
        Ok(())
    }

    /// Goes on to the next portion; false: there is none.
    fn take_portion(&mut self, output: &mut Output, context: &mut Context<'_>) -> bool {
        let start = output.taken;
        let end = output.rows.count.min(start + PORTION);
        output.taken = end;
        output.given = 0;
        output.passing.clear();
        output.passing.extend(start as u32..end as u32);
        if let Some(having) = &mut self.having
            && start < end
        {
            let passing = having.passing(&mut Portion::of(output, &self.layout).batch(), context);
            output.is_asked = passing.is_some();
            if let Some(passing) = passing {
                output.passing.clear();
                output.passing.extend(passing.into_iter().map(|row| start as u32 + row));
            }
        }
        start < end
    }

    /// Puts the next row into the frame; false: there is none.
    fn give(&mut self, output: &mut Output, frame: &mut Frame, context: &mut Context<'_>) -> Result<bool> {
        while output.given == output.passing.len() {
            context.poll()?;
            if !self.take_portion(output, context) {
                return Ok(false);
            }
        }
        let place = output.passing[output.given] as usize;
        output.given += 1;
        let rows = SortedRows { kept: &output.rows, layout: &self.layout, order: &output.order };
        set_row(rows, &self.window, &output.results, place, frame);
        Ok(true)
    }

    fn forget(&mut self, frame: &mut Frame) {
        self.mode = Mode::Rows;
        frame.memory.release(self.charged);
        self.charged = 0;
    }
}

/// Keeps the batch's rows; how many bytes they take.
fn keep(
    rows: &mut KeptRows,
    mut batch: Batch<'_>,
    layout: &Layout,
    parts: &[Expression],
    surroundings: &mut Surroundings<'_, '_>,
) -> Run<usize> {
    batch.settle();
    let count = batch.len();
    if count == 0 {
        return Ok(0);
    }
    let mut bytes = rows.passes.len() * count;
    let mut columns = rows.columns.iter_mut();
    let mut passes = rows.passes.iter_mut();
    for (part, expression) in layout.parts.iter().zip(parts) {
        match part {
            Part::Value { .. } => {
                let Some(kept) = columns.next() else { continue };
                kept.append_all(&*evaluate(expression, &mut batch, surroundings)?, count);
                bytes += kept.memory_from(rows.count);
            }
            Part::Filter(_) => {
                let Some(passes) = passes.next() else { continue };
                let truths = evaluate_truths(expression, &mut batch, surroundings)?;
                passes.extend(truths.into_iter().map(|truth| truth == TRUE));
            }
        }
    }
    rows.count += count;
    Ok(bytes + count * KeptRows::PLACE_SIZE)
}

/// Rows side by side in the order, as columns.
struct Portion<'o> {
    output: &'o Output,
    layout: &'o Layout,
    /// By row of the portion, its place and the kept row.
    places: Vec<u32>,
    rows: Vec<u32>,
}

impl<'o> Portion<'o> {
    /// The rows that pass.
    fn of(output: &'o Output, layout: &'o Layout) -> Portion<'o> {
        let places = output.passing.clone();
        let rows = places.iter().map(|place| output.order.rows[*place as usize]).collect();
        Portion { output, layout, places, rows }
    }

    fn batch(&self) -> Batch<'_> {
        let slot_count = self.layout.captured.len() + self.output.results.len();
        Batch::of_made(self, slot_count, Rows::Computed(self.rows.len()))
    }
}

impl Columns for Portion<'_> {
    fn column(&self, slot: usize) -> Column<'_> {
        let columns = &self.output.rows.columns;
        match slot.checked_sub(self.layout.captured.len()) {
            None => columns[self.layout.captured[slot]].gather(&self.rows),
            Some(call) => match &self.output.results[call] {
                Results::Values(values) => values.gather(&self.places),
                Results::Picked { column, rows } => {
                    let picked: Vec<u32> = self.places.iter().map(|place| rows[*place as usize]).collect();
                    columns[*column].gather(&picked)
                }
            },
        }
    }
}

/// As batches, for who reads the window.
impl VectorWindow {
    pub fn shared_by_registers(&self) -> Shared {
        Shared::of_registers(self.registers())
    }

    /// Whether all conditions on the rows are asked in batches.
    pub fn asks_all_of(&self, having: &[Expr]) -> bool {
        having.len() == self.having.as_ref().map_or(0, Having::condition_count)
    }

    pub fn row_count(&self, context: &Context<'_>) -> Result<u64> {
        self.input.row_count(context)
    }

    pub fn restart_input(&mut self) {
        self.input.restart();
    }

    pub fn open_in_batches(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Run<()> {
        self.forget(frame);
        if !self.begin(frame, context)? {
            return Err(Stop::RowByRow);
        }
        self.mode = Mode::Unread;
        Ok(())
    }

    /// Hands on the next rows.
    pub fn next_batch(
        &mut self,
        frame: &mut Frame,
        context: &mut Context<'_>,
        consume: &mut dyn FnMut(Batch<'_>, &mut Context<'_>) -> Run<()>,
    ) -> Run<bool> {
        if let Mode::Unread = self.mode {
            self.mode = Mode::Output(self.read(frame, context)?);
        }
        context.poll()?;
        let Mode::Output(mut output) = std::mem::replace(&mut self.mode, Mode::Rows) else {
            return Err(Stop::RowByRow);
        };
        if !self.take_portion(&mut output, context) {
            return Ok(false);
        }
        if !output.is_asked {
            return Err(Stop::RowByRow);
        }
        consume(Portion::of(&output, &self.layout).batch(), context)?;
        self.mode = Mode::Output(output);
        Ok(true)
    }

    pub fn close_in_batches(&mut self, frame: &mut Frame) {
        self.forget(frame);
        if let Some(having) = &mut self.having {
            having.close(frame);
        }
        self.input.close(frame);
    }
}

impl Source for VectorWindow {
    fn restart(&mut self) {
        self.input.restart();
        self.rows.restart();
    }

    fn open(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        self.forget(frame);
        match self.begin(frame, context) {
            Ok(true) => {
                self.mode = Mode::Unread;
                Ok(())
            }
            Ok(false) | Err(Stop::RowByRow) => self.rows.open(frame, context),
            Err(Stop::Error(error)) => Err(error),
        }
    }

    fn next(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<bool> {
        if let Mode::Unread = self.mode {
            match self.read(frame, context) {
                Ok(output) => self.mode = Mode::Output(output),
                Err(Stop::Error(error)) => return Err(error),
                Err(Stop::RowByRow) => {
                    self.forget(frame);
                    self.rows.restart();
                    self.rows.open(frame, context)?;
                }
            }
        }
        let mut mode = std::mem::replace(&mut self.mode, Mode::Rows);
        let found = match &mut mode {
            Mode::Rows => self.rows.next(frame, context),
            Mode::Unread => unreachable!("the input was read above"),
            Mode::Output(output) => self.give(output, frame, context),
        };
        self.mode = mode;
        found
    }

    fn close(&mut self, frame: &mut Frame) {
        self.close_in_batches(frame);
        self.rows.close(frame);
    }

    fn set_null_row(&mut self, frame: &mut Frame) {
        self.rows.set_null_row(frame);
    }
}
