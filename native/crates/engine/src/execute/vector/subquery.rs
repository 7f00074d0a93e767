//! The rows of a query in FROM, or of a side of a compound, as batches of its result columns.
//!
//! ```text
//! SELECT a, b + 1 FROM t UNION ALL SELECT c, d FROM u WHERE e UNION ALL VALUES (1, 2)
//!        part: batches of t              part: batches of u              part: row by row
//! ```
//! Parts follow each other. One that batches cannot run, or for which they do not pay, is read row by row into columns: the
//! others need not be given up for it.

use pluresdb_value::{Affinity, Collation, Value};

use super::batch::{Batch, Rows as BatchRows};
use super::column::{Column, Numbers};
use super::compile::{Expression, Node};
use super::compound::VectorCompound;
use super::evaluate::{Surroundings, evaluate};
use super::input::Input;
use super::kept::KeptColumn;
use super::{Run, Stop, least_rows};
use crate::error::{Error, Result, ResultCode};
use crate::execute::{Context, Frame, Rows};
use crate::plan::{AccessPath, RowsNode, Scan, SourceNode};
use crate::resolve::tree::{CompoundOperator, Expr};

/// Rows that are read one by one and handed on together.
const PORTION: usize = 1024;

/// Takes batches of result columns, a slot for each.
pub(super) type Consume<'c> = dyn FnMut(Batch<'_>, &mut Context<'_>) -> Run<()> + 'c;

pub(super) struct SubqueryBatches {
    /// Of UNION ALL, one after the other.
    parts: Vec<Part>,
    /// The part that is read.
    present: usize,
    /// Columns whose integers are reals to who reads them.
    reals: Vec<usize>,
    /// By column, whether somebody reads it.
    wanted: Vec<bool>,
}

enum Reader {
    Computed(Computed),
    Compound(Box<VectorCompound>),
    RowByRow,
}

/// The result columns of rows that come in batches.
struct Computed {
    input: Input,
    outputs: Vec<Expression>,
    /// By output, the slot that it is, where none of the outputs behind it is that too.
    taken: Vec<Option<usize>>,
}

struct Part {
    reader: Reader,
    /// What is read row by row; None where only batches may.
    node: Option<RowsNode>,
    rows: Option<Box<dyn Rows>>,
    /// Whether the present run goes row by row.
    is_by_row: bool,
}

impl SubqueryBatches {
    /// None when no part of it runs in batches. `in_any_order`: equal rows are the same to who takes them, of these collations,
    /// and their order decides nothing.
    pub fn compile(
        node: &RowsNode,
        reals: &[usize],
        in_any_order: Option<&[Collation]>,
    ) -> Option<SubqueryBatches> {
        let batches = SubqueryBatches::of(node, reals, in_any_order);
        batches.has_batches().then_some(batches)
    }

    /// As `compile`, but for rows of any query.
    pub fn of(node: &RowsNode, reals: &[usize], in_any_order: Option<&[Collation]>) -> SubqueryBatches {
        let mut parts = Vec::new();
        add_parts(node, in_any_order, &mut parts);
        let wanted = vec![true; width_of(node)];
        SubqueryBatches { parts, present: 0, reals: reals.to_vec(), wanted }
    }

    pub fn has_batches(&self) -> bool {
        self.parts.iter().any(|part| !matches!(part.reader, Reader::RowByRow))
    }

    pub fn column_count(&self) -> usize {
        self.wanted.len()
    }

    /// Has only these columns made.
    pub fn want(&mut self, wanted: &[bool]) {
        self.wanted.copy_from_slice(wanted);
    }

    /// Rows of the tables that drive the parts.
    pub fn row_count(&self, context: &Context<'_>) -> Result<u64> {
        self.parts.iter().try_fold(0, |count, part| Ok(count + part.row_count(context)?))
    }

    pub fn restart(&mut self) {
        for part in &mut self.parts {
            match &mut part.reader {
                Reader::Computed(computed) => computed.input.restart(),
                Reader::Compound(compound) => compound.restart_sides(),
                Reader::RowByRow => {}
            }
            if let Some(rows) = &mut part.rows {
                rows.restart();
            }
        }
    }

    /// What runs anew when something fails must not be seen by the application.
    pub fn open(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Run<()> {
        self.present = 0;
        match self.parts.first_mut() {
            Some(part) => part.open(frame, context),
            None => Ok(()),
        }
    }

    /// Hands on the next batch, which may be empty; false: there are no more.
    pub fn next_batch(
        &mut self,
        frame: &mut Frame,
        context: &mut Context<'_>,
        consume: &mut Consume<'_>,
    ) -> Run<bool> {
        loop {
            let SubqueryBatches { parts, present, reals, wanted } = self;
            let Some(part) = parts.get_mut(*present) else { return Ok(false) };
            if part.next_batch(reals, wanted, frame, context, consume)? {
                return Ok(true);
            }
            *present += 1;
            if let Some(part) = parts.get_mut(*present) {
                part.open(frame, context)?;
            }
        }
    }

    pub fn close(&mut self, frame: &mut Frame) {
        for part in &mut self.parts {
            match &mut part.reader {
                Reader::Computed(computed) => computed.input.close(frame),
                Reader::Compound(compound) => compound.close_in_batches(frame),
                Reader::RowByRow => {}
            }
            if let Some(rows) = &mut part.rows {
                rows.close(frame);
            }
        }
    }
}

/// How many columns its rows have.
pub(super) fn width_of(node: &RowsNode) -> usize {
    match node {
        RowsNode::Project { outputs, .. } => outputs.len(),
        RowsNode::Values { rows } => rows.first().map_or(0, Vec::len),
        RowsNode::Sort(sort) => sort.outputs.len(),
        RowsNode::Limit { input, .. } => width_of(input),
        RowsNode::Compound(compound) => width_of(&compound.left),
    }
}

fn add_parts(node: &RowsNode, in_any_order: Option<&[Collation]>, parts: &mut Vec<Part>) {
    let (reader, node) = match node {
        RowsNode::Compound(compound) => {
            if compound.operator == CompoundOperator::UnionAll && compound.order_by.is_empty() {
                add_parts(&compound.left, in_any_order, parts);
                add_parts(&compound.right, in_any_order, parts);
                return;
            }
            match VectorCompound::compile(compound) {
                // A copy of each of many compounds in each other would be too much.
                Some(compound) => (Reader::Compound(Box::new(compound)), None),
                None => (Reader::RowByRow, Some(node)),
            }
        }
        RowsNode::Project { input, outputs, distinct: None } => {
            let computed = Computed::compile(input, outputs, in_any_order);
            (computed.map_or(Reader::RowByRow, Reader::Computed), Some(node))
        }
        node => (Reader::RowByRow, Some(node)),
    };
    parts.push(Part { reader, node: node.cloned(), rows: None, is_by_row: false });
}

impl Computed {
    fn compile(node: &SourceNode, outputs: &[Expr], in_any_order: Option<&[Collation]>) -> Option<Computed> {
        let by_table = in_any_order.and_then(|collations| by_table(node, outputs, collations));
        let mut input = Input::compile(by_table.as_ref().unwrap_or(node))?;
        // Few rows are found row by row.
        if matches!(&input, Input::Keys(keys) if keys.is_lookup()) {
            return None;
        }
        let compiled = outputs.iter().map(|output| input.compile_expr(output));
        let outputs = compiled.collect::<Option<Vec<Expression>>>()?;
        let slots: Vec<Option<usize>> = outputs
            .iter()
            .map(|output| if let Node::Slot(slot) = output.node { Some(slot) } else { None })
            .collect();
        let is_last = |index: usize| !slots[index + 1..].contains(&slots[index]);
        let taken = (0..slots.len()).map(|index| slots[index].filter(|_| is_last(index))).collect();
        Some(Computed { input, outputs, taken })
    }

    /// Makes the columns of a batch, and hands them on.
    fn hand_on(
        outputs: &[Expression],
        taken: &[Option<usize>],
        (reals, wanted): (&[usize], &[bool]),
        mut batch: Batch<'_>,
        surroundings: &mut Surroundings<'_, '_>,
        consume: &mut Consume<'_>,
    ) -> Run<()> {
        batch.settle();
        let count = batch.len();
        let mut columns: Vec<Option<Column<'_>>> = outputs.iter().map(|_| None).collect();
        // What others are computed of is taken at last.
        for (index, output) in outputs.iter().enumerate().filter(|(index, _)| taken[*index].is_none()) {
            if wanted[index] || output.may_fail {
                columns[index] = Some(evaluate(output, &mut batch, surroundings)?.into_column());
            }
        }
        for (index, slot) in taken.iter().enumerate().filter(|(index, _)| wanted[*index]) {
            if let Some(slot) = slot {
                batch.load(&[*slot])?;
                columns[index] = Some(batch.take_column(*slot));
            }
        }
        for real in reals {
            columns[*real] = columns[*real].take().map(|column| as_reals(column, count));
        }
        consume(Batch::of_columns(columns, BatchRows::Computed(count)), surroundings.context)
    }
}

impl Part {
    fn row_count(&self, context: &Context<'_>) -> Result<u64> {
        match &self.reader {
            Reader::Computed(computed) => computed.input.row_count(context),
            Reader::Compound(compound) => compound.row_count(context),
            Reader::RowByRow => Ok(0),
        }
    }

    /// Decides how the run goes.
    fn open(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Run<()> {
        let Some(least) = least_rows(context) else { return Err(Stop::RowByRow) };
        self.is_by_row = match &mut self.reader {
            Reader::Computed(Computed { input, .. }) => !input.pays(least, frame, context)?,
            Reader::Compound(_) => false,
            Reader::RowByRow => true,
        };
        if self.is_by_row {
            // What runs once more when something fails must not be seen to do so.
            if context.session.callbacks.may_see_rows() {
                return Err(Stop::RowByRow);
            }
            let Some(node) = &self.node else { return Err(Stop::RowByRow) };
            let rows = self.rows.get_or_insert_with(|| node.clone().into_operator());
            return rows.open(frame, context).map_err(row_by_row);
        }
        match &mut self.reader {
            Reader::Computed(Computed { input, .. }) => input.open(frame, context),
            Reader::Compound(compound) => compound.open_in_batches(frame, context),
            Reader::RowByRow => Ok(()),
        }
    }

    fn next_batch(
        &mut self,
        reals: &[usize],
        wanted: &[bool],
        frame: &mut Frame,
        context: &mut Context<'_>,
        consume: &mut Consume<'_>,
    ) -> Run<bool> {
        if self.is_by_row {
            let Some(rows) = &mut self.rows else { return Ok(false) };
            return read_rows(&mut **rows, reals, wanted, frame, context, consume);
        }
        match &mut self.reader {
            Reader::Computed(Computed { input, outputs, taken }) => {
                input.next_batch(frame, context, &mut |batch, surroundings| {
                    Computed::hand_on(outputs, taken, (reals, wanted), batch, surroundings, consume)
                })
            }
            Reader::Compound(compound) => compound.next_batch(reals, context, consume, frame),
            Reader::RowByRow => Ok(false),
        }
    }
}

/// Which of several errors comes, and whether any does, is the row engine's to tell.
fn row_by_row(error: Error) -> Stop {
    if error.code == ResultCode::Interrupt { Stop::Error(error) } else { Stop::RowByRow }
}

fn read_rows(
    rows: &mut dyn Rows,
    reals: &[usize],
    wanted: &[bool],
    frame: &mut Frame,
    context: &mut Context<'_>,
    consume: &mut Consume<'_>,
) -> Run<bool> {
    let mut columns: Vec<KeptColumn> = wanted.iter().map(|_| KeptColumn::default()).collect();
    let mut count = 0;
    while count < PORTION && rows.next(frame, context).map_err(row_by_row)? {
        for (index, column) in columns.iter_mut().enumerate().filter(|(index, _)| wanted[*index]) {
            column.push(rows.column(index, frame).map_err(row_by_row)?);
        }
        count += 1;
    }
    if count == 0 {
        return Ok(false);
    }
    consume(batch_of(&columns, reals, &(0..count as u32).collect::<Vec<u32>>()), context)?;
    Ok(count == PORTION)
}

/// These of the rows that were kept.
pub(super) fn batch_of<'k>(columns: &'k [KeptColumn], reals: &[usize], rows: &[u32]) -> Batch<'k> {
    let column = |(index, column): (usize, &'k KeptColumn)| {
        let column = column.gather(rows);
        Some(if reals.contains(&index) { as_reals(column, rows.len()) } else { column })
    };
    let columns = columns.iter().enumerate().map(column).collect();
    Batch::of_columns(columns, BatchRows::Computed(rows.len()))
}

/// The column with its integers as reals.
fn as_reals(column: Column<'_>, count: usize) -> Column<'_> {
    let real = |value: Value| if let Value::Integer(i) = value { Value::Real(i as f64) } else { value };
    match column {
        Column::Integers(Numbers { values, nulls }) => Column::Reals(Numbers {
            values: values.into_iter().map(|integer| integer as f64).collect(),
            nulls,
        }),
        Column::Constant(value) => Column::Constant(real(value)),
        Column::Reals(_)
        | Column::Texts(_)
        | Column::Run(_)
        | Column::Dictionary { .. }
        | Column::Made(_) => column,
        Column::Truths(_) | Column::Values(_) | Column::Owned(_) | Column::Chosen(_) => {
            Column::computed((0..count).map(|row| real(column.value(row).to_value())).collect())
        }
    }
}

/// The scan of all of an index as one of its table, whose columns are taken out in a tenth of the time. None where rows that
/// are equal under the collations may differ, so that the order tells which of them is the first.
fn by_table(node: &SourceNode, outputs: &[Expr], collations: &[Collation]) -> Option<SourceNode> {
    let SourceNode::Scan(scan) = node else { return None };
    let AccessPath::Index { index, bounds, covering: Some(_) } = &scan.path else { return None };
    let is_whole = bounds.equal.is_empty() && bounds.low.is_none() && bounds.high.is_none();
    if !is_whole || index.partial.is_some() || scan.table.without_rowid {
        return None;
    }
    let is_exact = |(output, collation): (&Expr, &Collation)| match output {
        Expr::Rowid(source) => *source == scan.source,
        Expr::Column { source, column } if *source == scan.source => {
            let column = &scan.table.columns[*column];
            // Of a number there is one form, and of a text.
            let is_typed = matches!(column.affinity, Affinity::Integer | Affinity::Numeric | Affinity::Text);
            is_typed && column.generated.is_none() && *collation == Collation::Binary
        }
        _ => false,
    };
    let is_exact = outputs.len() == collations.len() && outputs.iter().zip(collations).all(is_exact);
    let scan = || Scan { path: AccessPath::Full, is_reverse: false, ..scan.clone() };
    is_exact.then(|| SourceNode::Scan(scan()))
}
