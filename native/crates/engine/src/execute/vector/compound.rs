//! UNION, INTERSECT, EXCEPT, and UNION ALL with ORDER BY, over batches of their sides.
//!
//! ```text
//! SELECT x FROM t   EXCEPT   SELECT y FROM u   EXCEPT   SELECT z FROM v
//! side 0: each different row has a code        sides 1, 2: which of the codes they have
//! ```
//! Of equal rows one is kept, the one that `execute::compound` gives, whose operator runs what fails here or has no room.
//! What is given is sorted by all of its values, then by ORDER BY.

use pluresdb_value::Collation;

use super::batch::Batch;
use super::column::Column;
use super::deferred;
use super::kept::KeptColumn;
use super::key::{NOT_FOUND, RowCodes};
use super::subquery::{Consume, SubqueryBatches, batch_of, width_of};
use super::{Run, Stop, least_rows, scans_of_rows};
use crate::error::Result;
use crate::execute::column_order::{Term, Words};
use crate::execute::compound::{ASCENDING, by_rows};
use crate::execute::{Context, Frame, Rows};
use crate::plan::{Compound as Node, RowsNode};
use crate::resolve::tree::{CompoundOperator, CompoundOrder};
use pluresdb_value::ValueRef;

/// Rows that are handed on together.
const PORTION: usize = 2048;

pub(super) struct VectorCompound {
    operator: CompoundOperator,
    /// By column; none with UNION ALL.
    collations: Vec<Collation>,
    order_by: Vec<CompoundOrder>,
    /// Two, or more of a chain of the same operator.
    sides: Vec<SubqueryBatches>,
    kept: Kept,
    /// The rows that are given, in their order.
    order: Vec<u32>,
    next: usize,
    is_read: bool,
    charged: usize,
}

/// Different rows, in the order they came.
#[derive(Default)]
struct Kept {
    columns: Vec<KeptColumn>,
    count: usize,
    codes: Option<RowCodes>,
    /// By code, the row that is given; but for UNION a row's code is its number.
    row_of_code: Vec<u32>,
    /// By code, the last of the sides behind the first that has it; of INTERSECT, if all those before had it.
    last_sides: Vec<u32>,
    /// Codes of the last batch.
    found: Vec<u32>,
}

impl VectorCompound {
    /// None when no side of it runs in batches, and when the application compares values.
    pub fn compile(node: &Node) -> Option<VectorCompound> {
        let collations = node.order_by.iter().map(|term| term.collation);
        if node.collations.iter().copied().chain(collations).any(Collation::is_custom) {
            return None;
        }
        let width = width_of(&node.left);
        let is_distinct = node.operator != CompoundOperator::UnionAll;
        let collations: Vec<Collation> = (0..if is_distinct { width } else { 0 })
            .map(|index| node.collations.get(index).copied().unwrap_or_default())
            .collect();
        let mut sides = Vec::new();
        add_sides(&node.left, node, &collations, &mut sides);
        add_sides(&node.right, node, &collations, &mut sides);
        sides.iter().any(SubqueryBatches::has_batches).then_some(VectorCompound {
            operator: node.operator,
            collations,
            order_by: node.order_by.clone(),
            sides,
            kept: Kept::default(),
            order: Vec::new(),
            next: 0,
            is_read: false,
            charged: 0,
        })
    }

    pub fn row_count(&self, context: &Context<'_>) -> Result<u64> {
        self.sides.iter().try_fold(0, |count, side| Ok(count + side.row_count(context)?))
    }

    pub fn restart_sides(&mut self) {
        self.sides.iter_mut().for_each(SubqueryBatches::restart);
    }

    pub fn open_in_batches(&mut self, frame: &mut Frame, context: &Context<'_>) -> Run<()> {
        self.forget(frame);
        if least_rows(context).is_none() { Err(Stop::RowByRow) } else { Ok(()) }
    }

    /// Hands on the next rows, the columns `reals` as reals.
    pub fn next_batch(
        &mut self,
        reals: &[usize],
        context: &mut Context<'_>,
        consume: &mut Consume<'_>,
        frame: &mut Frame,
    ) -> Run<bool> {
        self.read_once(frame, context)?;
        context.poll()?;
        let rows = &self.order[self.next..self.order.len().min(self.next + PORTION)];
        self.next += rows.len();
        if rows.is_empty() {
            return Ok(false);
        }
        consume(batch_of(&self.kept.columns, reals, rows), context)?;
        Ok(true)
    }

    pub fn close_in_batches(&mut self, frame: &mut Frame) {
        self.forget(frame);
        for side in &mut self.sides {
            side.close(frame);
        }
    }

    fn forget(&mut self, frame: &mut Frame) {
        frame.memory.release(self.charged);
        self.charged = 0;
        self.kept = Kept::default();
        self.order = Vec::new();
        (self.next, self.is_read) = (0, false);
    }

    /// Reads the sides, unless they were.
    fn read_once(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Run<()> {
        if self.is_read {
            return Ok(());
        }
        self.is_read = true;
        self.kept = Kept::new(self.sides[0].column_count(), &self.collations);
        for side in 0..self.sides.len() {
            // With nothing on the left the right side cannot matter.
            let needs_left = matches!(self.operator, CompoundOperator::Except | CompoundOperator::Intersect);
            if side > 0 && needs_left && self.kept.count == 0 {
                break;
            }
            self.read_side(side, frame, context)?;
        }
        // Each of them is sorted where they are merged, as SQLite does it.
        context.session.work.sorts += self.sides.len() as u64;
        self.order = self.kept.in_order(self.operator, self.sides.len() as u32 - 1, &self.collations);
        if !self.order_by.is_empty() {
            let terms = self.order_by.iter().map(|order| Term {
                column: order.column,
                collation: order.collation,
                direction: order.direction,
            });
            let terms: Vec<Term> = terms.collect();
            Words::of(&self.kept.columns, self.kept.count, &terms, 0).sort(&mut self.order);
        }
        Ok(())
    }

    fn read_side(&mut self, side: usize, frame: &mut Frame, context: &mut Context<'_>) -> Run<()> {
        let is_distinct = self.operator != CompoundOperator::UnionAll;
        // The rows before are of sides before.
        let before = self.kept.count as u32;
        self.sides[side].open(frame, context)?;
        loop {
            let VectorCompound { sides, kept, operator, .. } = self;
            let found = sides[side].next_batch(frame, context, &mut |batch, _| {
                if batch.is_empty() {
                    return Ok(());
                }
                match (*operator, side) {
                    (CompoundOperator::UnionAll, _) => kept.append(&batch),
                    (CompoundOperator::Except | CompoundOperator::Intersect, 1..) => {
                        kept.mark(&batch, side as u32, *operator == CompoundOperator::Except);
                    }
                    (CompoundOperator::Except | CompoundOperator::Intersect, 0)
                    | (CompoundOperator::Union, _) => kept.append_new(&batch, before),
                }
                Ok(())
            })?;
            let bytes = self.kept.memory();
            if bytes > self.charged {
                frame.memory.charge(bytes - self.charged)?;
                self.charged = bytes;
            }
            // The row engine goes on with less.
            if is_distinct && bytes > context.session.settings.group_memory() {
                return Err(Stop::RowByRow);
            }
            if !found {
                return Ok(());
            }
        }
    }
}

/// The sides of a chain of one operator from the left: each is there by itself.
fn add_sides(node: &RowsNode, outer: &Node, collations: &[Collation], sides: &mut Vec<SubqueryBatches>) {
    if let RowsNode::Compound(inner) = node
        && sides.is_empty()
        && inner.operator == outer.operator
        && inner.operator != CompoundOperator::UnionAll
        && inner.order_by.is_empty()
        && inner.collations == outer.collations
    {
        add_sides(&inner.left, outer, collations, sides);
        add_sides(&inner.right, outer, collations, sides);
        return;
    }
    let in_any_order = (!collations.is_empty()).then_some(collations);
    sides.push(SubqueryBatches::of(node, &[], in_any_order));
}

impl Kept {
    fn new(width: usize, collations: &[Collation]) -> Kept {
        let codes = (!collations.is_empty()).then(|| RowCodes::of_nulls_too(collations.iter().copied()));
        let columns = (0..width).map(|_| KeptColumn::default()).collect();
        Kept { columns, codes, ..Kept::default() }
    }

    fn memory(&self) -> usize {
        let columns: usize = self.columns.iter().map(KeptColumn::memory).sum();
        let codes = self.codes.as_ref().map_or(0, RowCodes::memory);
        columns + codes + (self.row_of_code.len() + self.last_sides.len()) * 4
    }

    /// Takes in all rows.
    fn append(&mut self, batch: &Batch<'_>) {
        for (index, column) in self.columns.iter_mut().enumerate() {
            column.append_all(batch.column(index), batch.len());
        }
        self.count += batch.len();
    }

    /// Takes in rows that equal none before. Of rows that are equal but not the same ('a' and 'A' under NOCASE), UNION gives
    /// the first of the last side that has one; those `before` are of other sides.
    fn append_new(&mut self, batch: &Batch<'_>, before: u32) {
        let Some(codes) = &mut self.codes else { return };
        for index in 0..self.columns.len() {
            codes.column(index, batch.column(index), batch.len(), &mut self.found);
        }
        let differ = before > 0
            && !self
                .columns
                .iter()
                .enumerate()
                .all(|(index, kept)| codes.is_binary(index) && is_of_one_form(kept, batch.column(index)));
        let mut new = Vec::new();
        for (row, code) in self.found.iter().enumerate() {
            let kept = (self.count + new.len()) as u32;
            match self.row_of_code.get_mut(*code as usize) {
                None => self.row_of_code.push(kept),
                Some(given) if differ && *given < before => *given = kept,
                Some(_) => continue,
            }
            new.push(row as u32);
        }
        for (index, column) in self.columns.iter_mut().enumerate() {
            column.append(batch.column(index), &new);
        }
        self.count += new.len();
    }

    /// Marks the rows that a side behind the first has too: `any` of these sides, or all so far.
    fn mark(&mut self, batch: &Batch<'_>, side: u32, any: bool) {
        let Some(codes) = &mut self.codes else { return };
        for index in 0..self.columns.len() {
            codes.find_column(index, batch.column(index), batch.len(), &mut self.found);
        }
        self.last_sides.resize(self.row_of_code.len(), 0);
        for code in self.found.iter().filter(|code| **code != NOT_FOUND) {
            let last = &mut self.last_sides[*code as usize];
            if any || *last == side - 1 {
                *last = side;
            }
        }
    }

    /// The rows that are given, in the order of their values; `last_side` is the last side's number.
    fn in_order(&self, operator: CompoundOperator, last_side: u32, collations: &[Collation]) -> Vec<u32> {
        let last_side_of = |row: u32| self.last_sides.get(row as usize).copied().unwrap_or(0);
        let all = 0..self.count as u32;
        let mut given: Vec<u32> = match operator {
            CompoundOperator::UnionAll => return all.collect(),
            CompoundOperator::Union => self.row_of_code.clone(),
            CompoundOperator::Except => all.filter(|row| last_side_of(*row) == 0).collect(),
            CompoundOperator::Intersect => all.filter(|row| last_side_of(*row) == last_side).collect(),
        };
        let term = |(column, collation): (usize, &Collation)| Term {
            column,
            collation: *collation,
            direction: ASCENDING,
        };
        let terms: Vec<Term> = collations.iter().enumerate().map(term).collect();
        if given.len() == self.count {
            Words::of_different(&self.columns, self.count, &terms).sort(&mut given);
            return given;
        }
        let mut columns = Vec::with_capacity(self.columns.len());
        for column in &self.columns {
            let mut picked = KeptColumn::default();
            picked.append_all(&column.gather(&given), given.len());
            columns.push(picked);
        }
        let mut order: Vec<u32> = (0..given.len() as u32).collect();
        Words::of_different(&columns, given.len(), &terms).sort(&mut order);
        order.into_iter().map(|place| given[place as usize]).collect()
    }
}

/// Whether equal values among them are the same.
fn is_of_one_form(kept: &KeptColumn, column: &Column<'_>) -> bool {
    match kept {
        KeptColumn::Integers(_) => matches!(column, Column::Integers(_)),
        KeptColumn::Texts(_) => column.is_of_texts(),
        KeptColumn::Nulls(_) | KeptColumn::Places(_) | KeptColumn::Reals(_) | KeptColumn::Values(_) => false,
    }
}

/// A compound that runs in batches when a table that it reads has enough rows.
pub(in crate::execute) struct DeferredCompound {
    node: Node,
    rows: Option<Box<dyn Rows>>,
    /// The inner None: it cannot run in batches.
    batches: Option<Option<VectorCompound>>,
    is_by_row: bool,
}

impl DeferredCompound {
    /// Whether batches may read any of its tables.
    pub fn may_run(node: &Node) -> bool {
        !scans_of_rows(&node.left).is_empty() || !scans_of_rows(&node.right).is_empty()
    }

    pub fn new(node: Node) -> DeferredCompound {
        DeferredCompound { node, rows: None, batches: None, is_by_row: false }
    }

    fn begin(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Run<()> {
        if self.batches.is_none() {
            let Some(least) = least_rows(context) else { return Err(Stop::RowByRow) };
            let scans = [scans_of_rows(&self.node.left), scans_of_rows(&self.node.right)].concat();
            if !deferred::are_large(&scans, least, context)? {
                return Err(Stop::RowByRow);
            }
            self.batches = Some(VectorCompound::compile(&self.node));
        }
        match &mut self.batches {
            Some(Some(batches)) => batches.open_in_batches(frame, context),
            _ => Err(Stop::RowByRow),
        }
    }

    fn go_by_rows(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        if let Some(Some(batches)) = &mut self.batches {
            batches.close_in_batches(frame);
        }
        self.is_by_row = true;
        self.rows.get_or_insert_with(|| by_rows(self.node.clone())).open(frame, context)
    }
}

impl Rows for DeferredCompound {
    fn restart(&mut self) {
        if let Some(Some(batches)) = &mut self.batches {
            batches.restart_sides();
        }
        if let Some(rows) = &mut self.rows {
            rows.restart();
        }
    }

    fn open(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        self.is_by_row = false;
        match self.begin(frame, context) {
            Ok(()) => Ok(()),
            Err(Stop::RowByRow) => self.go_by_rows(frame, context),
            Err(Stop::Error(error)) => Err(error),
        }
    }

    fn next(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<bool> {
        if let (false, Some(Some(batches))) = (self.is_by_row, &mut self.batches) {
            match batches.read_once(frame, context) {
                Ok(()) => {
                    let is_found = batches.next < batches.order.len();
                    batches.next += usize::from(is_found);
                    return Ok(is_found);
                }
                Err(Stop::Error(error)) => return Err(error),
                Err(Stop::RowByRow) => {
                    if let Some(rows) = &mut self.rows {
                        rows.restart();
                    }
                    self.go_by_rows(frame, context)?;
                }
            }
        }
        match &mut self.rows {
            Some(rows) => rows.next(frame, context),
            None => Ok(false),
        }
    }

    fn close(&mut self, frame: &mut Frame) {
        if let Some(Some(batches)) = &mut self.batches {
            batches.close_in_batches(frame);
        }
        if let Some(rows) = &mut self.rows {
            rows.close(frame);
        }
    }

    fn column_count(&self) -> usize {
        width_of(&self.node.left)
    }

    fn column<'r>(&'r self, index: usize, frame: &'r Frame) -> Result<ValueRef<'r>> {
        match (&self.batches, &self.rows) {
            (Some(Some(batches)), _) if !self.is_by_row => {
                Ok(batches.kept.columns[index].value(batches.order[batches.next - 1] as usize))
            }
            (_, Some(rows)) => rows.column(index, frame),
            _ => Ok(ValueRef::Null),
        }
    }
}
