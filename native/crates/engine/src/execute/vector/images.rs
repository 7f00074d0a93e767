//! The rows of joins and index scans in the plan's own order, handed on one by one.
//!
//! ```text
//! batches ─► what the query reads of their rows, copied ─► images on the tables' cursors, row by row
//! ```
//! When something fails in a batch, the row engine starts over, passes over the rows that went through batches and goes on
//! behind them.

use std::sync::Arc;

use pluresdb_value::ValueRef;

use super::answers::{Answers, Question, questions};
use super::batch::Slot;
use super::bound::{BoundFilter, SortBound};
use super::deferred::Plan;
use super::graph::JoinGraph;
use super::group::is_read_in_order;
use super::input::Input;
use super::kept::KeptColumn;
use super::order::{answering, order};
use super::{Run, STEPS_OF_ROW, Stop, least_rows, looking_up, reads_keys, scans_of, steps_of_first};
use crate::catalog::Table;
use crate::error::Result;
use crate::execute::first_rows::FirstRows;
use crate::execute::{Context, Frame, Source};
use crate::plan::{Scan, SortKey, SourceNode};
use crate::resolve::tree::{Expr, SourceId};

/// One row of the left side that has more matches than these is the row engine's.
const MOST_ROWS: usize = 1 << 20;

/// Joins whose rows are handed on in batches where that pays.
pub(super) struct Handing {
    pub node: SourceNode,
    /// What is computed of all rows.
    pub asked: Vec<Expr>,
    /// A LIMIT counts the rows.
    pub is_limited: bool,
}

impl Plan for Handing {
    fn scans(&self) -> Vec<&Scan> {
        scans_of(&self.node)
    }

    fn by_rows(&self) -> Box<dyn Source> {
        self.node.clone().into_operator()
    }

    fn in_batches(&self, frame: &mut Frame, context: &mut Context<'_>) -> Result<Box<dyn Source>> {
        Ok(match Images::compile(&self.node, &self.asked, None, frame, context)? {
            Some(images) if images.begins_small() && !self.is_limited => Box::new(images),
            Some(images) if self.is_limited => match steps_of_first(&self.scans(), STEPS_OF_ROW, context)? {
                Some(allowed) => Box::new(FirstRows::under_limit(self.by_rows(), Box::new(images), allowed)),
                None => Box::new(images),
            },
            Some(images) => match steps_of_first(&self.scans(), STEPS_OF_ROW, context)? {
                Some(allowed) => {
                    let few = looking_up(&self.node).into_operator();
                    Box::new(FirstRows::new(few, Box::new(images), allowed))
                }
                None => Box::new(images),
            },
            None => self.by_rows(),
        })
    }
}

/// A table and what is read of it.
struct Image {
    source: SourceId,
    table: Arc<Table>,
    /// Where the rowid stands among the copied columns.
    rowid: Option<usize>,
    /// Columns of the table, and where they stand.
    columns: Vec<(usize, usize)>,
}

pub(super) struct Images {
    input: Input,
    images: Vec<Image>,
    /// What is copied.
    slots: Vec<usize>,
    answers: Answers,
    bound: Option<BoundFilter>,
    /// For runs that are the row engine's.
    rows: Box<dyn Source>,
    is_by_row: bool,
    copied: Vec<KeptColumn>,
    len: usize,
    next: usize,
    /// Rows of the batches before the present one, those that the bound left out too.
    passed: u64,
    /// The execution of the last run.
    ran_in: Option<u64>,
    charged: usize,
}

impl Images {
    /// None when a part of the node needs the row engine, and when batches gain nothing. `asked` is computed of all rows; a
    /// bound is that of an ORDER BY with LIMIT above.
    pub fn compile(
        node: &SourceNode,
        asked: &[Expr],
        bound: Option<(&[SortKey], &SortBound)>,
        frame: &mut Frame,
        context: &mut Context<'_>,
    ) -> Result<Option<Images>> {
        if context.program.reads_live {
            return Ok(None);
        }
        let (input, answered) = match answering_input(node, asked, frame, context) {
            Ok(Some((input, answered))) => (Some(input), answered),
            // A table that is read in its order has batches of its own.
            Ok(None) | Err(Stop::RowByRow) if is_read_in_order(node) => (None, Vec::new()),
            Ok(None) | Err(Stop::RowByRow) => (Input::compile_tables(node, false), Vec::new()),
            Err(Stop::Error(error)) => return Err(error),
        };
        Ok(input.map(|input| Images::over(input, node, answered, bound)))
    }

    fn over(
        mut input: Input,
        node: &SourceNode,
        answered: Vec<Question>,
        bound: Option<(&[SortKey], &SortBound)>,
    ) -> Images {
        input.begin_small();
        let answers = Answers::new(answered, &mut input);
        let mut slots = Vec::new();
        let mut place_of = |slot: Slot| {
            let slot = input.slot(slot);
            slots.iter().position(|own| *own == slot).unwrap_or_else(|| {
                slots.push(slot);
                slots.len() - 1
            })
        };
        let mut images = Vec::new();
        for scan in scans_of(node) {
            let source = scan.source;
            let rowid = (!scan.table.without_rowid).then(|| place_of(Slot::Rowid(source)));
            let used = scan.used_columns.iter().filter(|column| scan.table.rowid_alias != Some(**column));
            let columns = used.map(|column| (*column, place_of(Slot::Column(source, *column)))).collect();
            images.push(Image { source, table: scan.table.clone(), rowid, columns });
        }
        let bound = bound
            .and_then(|(keys, bound)| BoundFilter::compile(keys, bound, |term| input.compile_expr(term)));
        Images {
            input,
            images,
            slots,
            answers,
            bound,
            rows: node.clone().into_operator(),
            is_by_row: false,
            copied: Vec::new(),
            len: 0,
            next: 0,
            passed: 0,
            ran_in: None,
            charged: 0,
        }
    }

    /// Whether the first rows come as soon as they are found.
    fn begins_small(&self) -> bool {
        matches!(self.input, Input::Keys(_) | Input::Scan(_))
    }

    fn begin(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Run<bool> {
        let Some(least) = least_rows(context) else { return Ok(false) };
        if !self.input.pays(least, frame, context)? {
            return Ok(false);
        }
        self.input.open(frame, context)?;
        for image in &self.images {
            frame.cursor_mut(image.source).open_for_images(&image.table);
        }
        Ok(true)
    }

    /// Copies the next batch that has rows; false: there is none.
    fn read(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Run<bool> {
        loop {
            let Images { input, slots, answers, bound, copied, len, passed, .. } = self;
            answers.clear();
            copied.clear();
            copied.resize_with(slots.len(), KeptColumn::default);
            (*len, self.next) = (0, 0);
            let mut rows_of_batch = 0;
            let found = input.next_batch(frame, context, &mut |mut batch, surroundings| {
                rows_of_batch += batch.len();
                if let Some(bound) = bound {
                    bound.apply(&mut batch, surroundings)?;
                }
                *len += batch.len();
                if *len > MOST_ROWS {
                    return Err(Stop::RowByRow);
                }
                answers.append(&mut batch)?;
                batch.load(slots)?;
                for (slot, column) in slots.iter().zip(&mut *copied) {
                    column.append_all(batch.column(*slot), batch.len());
                }
                Ok(())
            })?;
            *passed += rows_of_batch as u64;
            if *len > 0 || !found {
                break;
            }
        }
        let bytes = self.copied.iter().map(KeptColumn::memory).sum::<usize>() + self.answers.memory();
        frame.memory.release(self.charged);
        self.charged = 0;
        frame.memory.charge(bytes)?;
        self.charged = bytes;
        Ok(self.len > 0)
    }

    /// Gives the run to the row engine, behind the rows of the batches.
    fn go_on_by_rows(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        self.forget(frame);
        self.input.close(frame);
        self.is_by_row = true;
        self.rows.restart();
        self.rows.open(frame, context)?;
        for _ in 0..self.passed {
            self.rows.next(frame, context)?;
        }
        Ok(())
    }

    fn put_out(&mut self, frame: &mut Frame) {
        let row = self.next;
        self.next += 1;
        self.answers.give(row, frame);
        for image in &self.images {
            let cursor = frame.cursor_mut(image.source);
            match image.rowid.map(|place| self.copied[place].value(row)) {
                // No row has a NULL there.
                Some(ValueRef::Null) => {
                    cursor.set_null_row();
                    continue;
                }
                Some(ValueRef::Integer(rowid)) => cursor.set_image(rowid),
                _ => cursor.set_image(0),
            }
            for (column, place) in &image.columns {
                cursor.assign_image_column(*column, self.copied[*place].value(row));
            }
        }
    }

    fn forget(&mut self, frame: &mut Frame) {
        frame.memory.release(self.charged);
        self.charged = 0;
        self.copied = Vec::new();
        self.answers.clear();
        self.answers.take_back(frame);
        (self.len, self.next) = (0, 0);
    }
}

/// Whether the node finds a few rows of one table.
fn is_lookup(node: &SourceNode) -> bool {
    match node {
        SourceNode::Scan(_) => !is_read_in_order(node) && !reads_keys(node),
        SourceNode::Filter { input, .. } => is_lookup(input),
        _ => false,
    }
}

/// More questions than these are asked row by row.
const MOST_QUESTIONS: usize = 8;

/// The node's rows in the plan's order, with answers to questions that are asked about all of them; None when there is no
/// such question that batches answer in less time.
fn answering_input(
    node: &SourceNode,
    asked: &[Expr],
    frame: &mut Frame,
    context: &mut Context<'_>,
) -> Run<Option<(Input, Vec<Question>)>> {
    let program = context.program;
    if is_lookup(node) {
        return Ok(None);
    }
    let asked = questions(asked.iter(), program);
    let Some(mut graph) = JoinGraph::of(node, program) else { return Ok(None) };
    let of_conditions = questions(graph.conditions.iter().map(|condition| &condition.expr), program);
    // Of a lone table, what asks about its rows may decide which of them go on.
    let is_of_one = graph.read_as_planned(node);
    if !graph.registers().is_empty()
        || asked.is_empty() && of_conditions.is_empty()
        || !is_of_one && !of_conditions.is_empty()
    {
        return Ok(None);
    }
    let mut answered: Vec<Question> = Vec::new();
    let mut found = None;
    let unanswered = asked.into_iter().filter(|question| !of_conditions.contains(question));
    for more in std::iter::once(None).chain(unanswered.take(MOST_QUESTIONS).map(Some)) {
        let tried: Vec<Question> = answered.iter().copied().chain(more).collect();
        let Some(ordered) = order(&graph, frame, context)? else { return Ok(None) };
        if !of_conditions.is_empty() && !ordered.pays() && least_rows(context) != Some(0) {
            return Ok(None);
        }
        let rows = ordered.rows;
        let input = if is_of_one { Some(ordered.input) } else { Input::compile_tables(node, false) };
        let Some(input) = input else { return Ok(None) };
        if let Some(input) = answering(&tried, input, rows, &graph, frame, context)? {
            (found, answered) = (Some(input), tried);
        }
    }
    answered.extend(&of_conditions);
    Ok(found.filter(|_| !answered.is_empty()).map(|input| (input, answered)))
}

impl Source for Images {
    fn restart(&mut self) {
        self.input.restart();
        self.rows.restart();
    }

    fn open(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        self.forget(frame);
        self.passed = 0;
        // Who asks again within one execution asks about another row, and mostly wants few.
        let is_again = self.ran_in.replace(frame.execution) == Some(frame.execution);
        self.is_by_row = is_again
            || match self.begin(frame, context) {
                Ok(runs) => !runs,
                Err(Stop::RowByRow) => true,
                Err(Stop::Error(error)) => return Err(error),
            };
        if self.is_by_row {
            return self.go_on_by_rows(frame, context);
        }
        Ok(())
    }

    fn next(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<bool> {
        if self.is_by_row {
            return self.rows.next(frame, context);
        }
        if self.next == self.len {
            match self.read(frame, context) {
                Ok(true) => {}
                Ok(false) => {
                    self.answers.take_back(frame);
                    return Ok(false);
                }
                Err(Stop::Error(error)) => return Err(error),
                Err(Stop::RowByRow) => {
                    self.go_on_by_rows(frame, context)?;
                    return self.rows.next(frame, context);
                }
            }
        }
        context.step()?;
        self.put_out(frame);
        Ok(true)
    }

    fn close(&mut self, frame: &mut Frame) {
        self.forget(frame);
        self.input.close(frame);
        self.rows.close(frame);
    }

    fn set_null_row(&mut self, frame: &mut Frame) {
        self.rows.set_null_row(frame);
    }
}
