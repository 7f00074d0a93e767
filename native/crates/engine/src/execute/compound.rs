//! UNION, INTERSECT, EXCEPT and UNION ALL.
//!
//! Rows are kept by column and sorted by all of their values, so that equal ones stand side by side; the distinct operators
//! give them out so, as SQLite does. With ORDER BY the rows are then sorted by its terms; equal ones keep the order they had.
//! Of the distinct operators' rows those for which there is no room are sorted in runs (`sorted_sides`).

use pluresdb_value::{Collation, CollationId, Value, ValueRef};

use crate::error::Result;
use crate::execute::column_order::{Term, Words};
use crate::execute::frame::heap_size;
use crate::execute::sorted_rows::OrderedRows;
use crate::execute::sorted_sides::{Side, SortedSides};
use crate::execute::vector::{DeferredCompound, KeptColumn};
use crate::execute::{Context, Frame, Rows};
use crate::plan::{Compound as Node, RowsNode};
use crate::resolve::tree::{CompoundOperator, CompoundOrder, Direction};
use crate::session::Session;

pub(crate) fn into_operator(node: Node) -> Box<dyn Rows> {
    if is_plain(&node) || !DeferredCompound::may_run(&node) {
        return by_rows(node);
    }
    Box::new(DeferredCompound::new(node))
}

/// Whether its rows go on as they come.
fn is_plain(node: &Node) -> bool {
    node.operator == CompoundOperator::UnionAll && node.order_by.is_empty()
}

/// The operator of a compound that batches do not run, nor those that are its sides.
pub(super) fn by_rows(node: Node) -> Box<dyn Rows> {
    let is_plain = is_plain(&node);
    let side = |node: RowsNode| match node {
        RowsNode::Compound(inner) if !is_plain => by_rows(*inner),
        node => node.into_operator(),
    };
    let sorts = sorted_sides(&node);
    let (left, right) = (side(node.left), side(node.right));
    if is_plain {
        return Box::new(UnionAll { left, right, is_right: false });
    }
    Box::new(Compound {
        operator: node.operator,
        left,
        right,
        collations: node.collations,
        order_by: node.order_by,
        rows: SideRows::default(),
        order: Vec::new(),
        next: 0,
        sorted: None,
        is_read: false,
        sorts,
        charged: 0,
    })
}

/// How many queries SQLite would sort to merge them; a compound within that has a merge of its own counts for itself.
pub(super) fn sorted_sides(node: &Node) -> u64 {
    let of_side = |side: &RowsNode| match side {
        RowsNode::Compound(inner) if is_plain(inner) => sorted_sides(inner),
        RowsNode::Compound(_) => 0,
        _ => 1,
    };
    of_side(&node.left) + of_side(&node.right)
}

/// The left side's rows, then the right side's.
struct UnionAll {
    left: Box<dyn Rows>,
    right: Box<dyn Rows>,
    is_right: bool,
}

impl Rows for UnionAll {
    fn restart(&mut self) {
        self.left.restart();
        self.right.restart();
    }

    fn open(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        self.is_right = false;
        self.left.open(frame, context)
    }

    fn next(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<bool> {
        if !self.is_right {
            if self.left.next(frame, context)? {
                return Ok(true);
            }
            self.is_right = true;
            self.right.open(frame, context)?;
        }
        self.right.next(frame, context)
    }

    fn close(&mut self, frame: &mut Frame) {
        self.left.close(frame);
        self.right.close(frame);
    }

    fn column_count(&self) -> usize {
        self.left.column_count()
    }

    fn column<'r>(&'r self, index: usize, frame: &'r Frame) -> Result<ValueRef<'r>> {
        if self.is_right { self.right.column(index, frame) } else { self.left.column(index, frame) }
    }

    fn append_row(&mut self, frame: &Frame, row: &mut Vec<Value>) -> Result<()> {
        if self.is_right { self.right.append_row(frame, row) } else { self.left.append_row(frame, row) }
    }
}

struct Compound {
    operator: CompoundOperator,
    left: Box<dyn Rows>,
    right: Box<dyn Rows>,
    collations: Vec<Collation>,
    order_by: Vec<CompoundOrder>,
    rows: SideRows,
    /// Those that are given out, in their order.
    order: Vec<u32>,
    next: usize,
    /// The same where there was no room.
    sorted: Option<OrderedRows>,
    is_read: bool,
    /// Sorts that a run counts as.
    sorts: u64,
    charged: usize,
}

/// Rows of one side, or of both, in the order they came.
#[derive(Default)]
struct SideRows {
    count: usize,
    /// The rows' columns, and behind them labels of those that a collation of the application compares.
    columns: Vec<KeptColumn>,
    /// Which column has labels, and those of which.
    labels: Vec<(usize, CollationId)>,
    /// What tells rows apart: every column.
    terms: Vec<Term>,
    bytes: usize,
    /// So many rows are kept before equal ones are left out again.
    thin_at: usize,
}

/// As many rows are kept before equal ones are looked for.
const LEAST_THINNED: usize = 1 << 16;
pub(super) const ASCENDING: Direction = Direction { descending: false, nulls_first: true };

impl SideRows {
    fn new(column_count: usize, collations: &[Collation], order_by: &[CompoundOrder]) -> SideRows {
        let mut rows = SideRows::default();
        let of_columns = (0..column_count).map(|column| (column, collations.get(column).copied()));
        let of_order = order_by.iter().map(|term| (term.column, Some(term.collation)));
        for (column, collation) in of_columns.clone().chain(of_order) {
            if let Some(Collation::Custom(id)) = collation
                && !rows.labels.contains(&(column, id))
            {
                rows.labels.push((column, id));
            }
        }
        rows.columns.resize_with(column_count + rows.labels.len(), KeptColumn::default);
        rows.terms = of_columns
            .map(|(column, collation)| rows.term(column, collation.unwrap_or_default(), ASCENDING))
            .collect();
        rows
    }

    fn width(&self) -> usize {
        self.columns.len() - self.labels.len()
    }

    fn term(&self, column: usize, collation: Collation, direction: Direction) -> Term {
        let Collation::Custom(id) = collation else { return Term { column, collation, direction } };
        let label = self.labels.iter().position(|label| *label == (column, id));
        let column = label.map_or(column, |label| self.width() + label);
        Term { column, collation: Collation::Binary, direction }
    }

    /// Keeps the row that `rows` gives.
    fn push(&mut self, rows: &dyn Rows, frame: &Frame, session: &Session) -> Result<()> {
        let width = self.width();
        let (values, labels) = self.columns.split_at_mut(width);
        for (index, column) in values.iter_mut().enumerate() {
            let value = rows.column(index, frame)?;
            self.bytes += heap_size(value);
            column.push(value);
        }
        for (column, (of, id)) in labels.iter_mut().zip(&self.labels) {
            match rows.column(*of, frame)? {
                ValueRef::Text(text) => {
                    let label = session.label(*id, text)?;
                    self.bytes += label.len();
                    column.push(ValueRef::Text(&label));
                }
                value => column.push(value),
            }
        }
        self.count += 1;
        self.bytes += self.columns.len() * VALUE_SIZE;
        Ok(())
    }

    /// Leaves out rows that equal an earlier one, when there are twice as many as after the last time, four times where that
    /// left out few.
    fn thin(&mut self) {
        if self.count < LEAST_THINNED.max(self.thin_at) {
            return;
        }
        let mut firsts: Vec<u32> = Vec::new();
        self.each_equal(|equal| firsts.extend(equal.first()));
        firsts.sort_unstable();
        self.thin_at = if firsts.len() < self.count / 2 { firsts.len() * 2 } else { firsts.len() * 4 };
        if firsts.len() == self.count {
            return;
        }
        let mut columns = Vec::with_capacity(self.columns.len());
        for column in &self.columns {
            let mut kept = KeptColumn::default();
            kept.append_all(&column.gather(&firsts), firsts.len());
            columns.push(kept);
        }
        (self.columns, self.count) = (columns, firsts.len());
        self.bytes = self.columns.iter().map(KeptColumn::memory).sum();
    }

    /// Calls `each` with the rows that are equal, in the order of their values; equal ones are as they came.
    fn each_equal(&self, mut each: impl FnMut(&[u32])) {
        let words = Words::of(&self.columns, self.count, &self.terms, 0);
        let mut order: Vec<u32> = (0..self.count as u32).collect();
        words.sort(&mut order);
        for equal in order.chunk_by(|a, b| !words.differ(*a, *b).0) {
            each(equal);
        }
    }

    /// Takes in the other's rows behind its own.
    fn append(&mut self, other: &SideRows) {
        let all: Vec<u32> = (0..other.count as u32).collect();
        for (column, more) in self.columns.iter_mut().zip(&other.columns) {
            column.append_all(&more.gather(&all), other.count);
        }
        self.count += other.count;
        self.bytes += other.bytes;
    }
}

/// What a value takes beside the bytes of a text.
const VALUE_SIZE: usize = 16;

impl Compound {
    fn read(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        let width = self.left.column_count();
        self.rows = SideRows::new(width, &self.collations, &self.order_by);
        let mut right = SideRows::new(width, &self.collations, &self.order_by);
        let mut sorted = None;
        self.read_side(Side::Left, &mut right, &mut sorted, frame, context)?;
        // With nothing on the left the right side cannot matter, not even by an error.
        let needs_right = self.rows.count > 0
            || sorted.is_some()
            || matches!(self.operator, CompoundOperator::Union | CompoundOperator::UnionAll);
        if needs_right {
            self.read_side(Side::Right, &mut right, &mut sorted, frame, context)?;
        }
        if let Some(sorted) = sorted {
            let result = sorted.into_result(
                self.operator,
                &self.order_by,
                width,
                &mut frame.memory,
                context.session,
            )?;
            self.sorted = Some(result);
            return Ok(());
        }
        let left_count = self.rows.count;
        if needs_right {
            // For as long as they are there twice.
            frame.memory.charge(right.bytes)?;
            self.rows.append(&right);
            frame.memory.release(right.bytes);
        }
        self.order = self.given(left_count as u32);
        if !self.order_by.is_empty() {
            let rows = &self.rows;
            let terms = self.order_by.iter();
            let terms: Vec<Term> =
                terms.map(|term| rows.term(term.column, term.collation, term.direction)).collect();
            Words::of(&rows.columns, rows.count, &terms, 0).sort(&mut self.order);
        }
        Ok(())
    }

    /// Reads a side: the left one into the rows, the right one into `right`, both into `sorted` once there is no room.
    fn read_side(
        &mut self,
        side: Side,
        right: &mut SideRows,
        sorted: &mut Option<SortedSides>,
        frame: &mut Frame,
        context: &mut Context<'_>,
    ) -> Result<()> {
        let limit = context.session.settings.group_memory();
        let is_distinct = self.operator != CompoundOperator::UnionAll;
        self.side(side).open(frame, context)?;
        while self.side(side).next(frame, context)? {
            let source = if side == Side::Left { &self.left } else { &self.right };
            if let Some(sorted) = sorted {
                // The row borrows the frame, its account not.
                let mut memory = std::mem::take(&mut frame.memory);
                let row = (0..source.column_count()).map(|index| source.column(index, frame));
                let kept = sorted.keep(row, side, &self.collations, &mut memory, context.session);
                frame.memory = memory;
                kept?;
                continue;
            }
            let rows = if side == Side::Left { &mut self.rows } else { &mut *right };
            let before = rows.bytes;
            rows.push(&**source, frame, context.session)?;
            if is_distinct {
                rows.thin();
            }
            let after = rows.bytes;
            frame.memory.charge(after.saturating_sub(before))?;
            frame.memory.release(before.saturating_sub(after));
            self.charged = (self.charged + after).saturating_sub(before);
            if is_distinct && self.rows.bytes + right.bytes >= limit {
                *sorted = Some(self.hand_over(right, frame, context)?);
            }
        }
        Ok(())
    }

    fn side(&mut self, side: Side) -> &mut dyn Rows {
        if side == Side::Left { &mut *self.left } else { &mut *self.right }
    }

    /// The rows of both sides so far, to be sorted in runs.
    fn hand_over(
        &mut self,
        right: &mut SideRows,
        frame: &mut Frame,
        context: &Context<'_>,
    ) -> Result<SortedSides> {
        let mut sorted = SortedSides::default();
        for (side, rows) in [(Side::Left, &mut self.rows), (Side::Right, right)] {
            for row in 0..rows.count {
                let values = rows.columns[..rows.width()].iter().map(|column| Ok(column.value(row)));
                sorted.keep(values, side, &self.collations, &mut frame.memory, context.session)?;
            }
            *rows = SideRows::default();
        }
        frame.memory.release(self.charged);
        self.charged = 0;
        Ok(sorted)
    }

    /// The rows of the result in their order; the first ones are the left side's, so many.
    fn given(&self, left_count: u32) -> Vec<u32> {
        if self.operator == CompoundOperator::UnionAll {
            return (0..self.rows.count as u32).collect();
        }
        let mut given = Vec::new();
        self.rows.each_equal(|equal| {
            let (left, right) = equal.split_at(equal.partition_point(|row| *row < left_count));
            given.extend(match self.operator {
                // Of rows that are equal but not the same ('a' and 'A' under NOCASE), UNION keeps the first of the right side.
                CompoundOperator::Union | CompoundOperator::UnionAll => right.first().or(left.first()),
                CompoundOperator::Except => left.first().filter(|_| right.is_empty()),
                CompoundOperator::Intersect => left.first().filter(|_| !right.is_empty()),
            });
        });
        given
    }

    fn forget(&mut self, frame: &mut Frame) {
        self.rows = SideRows::default();
        if let Some(mut sorted) = self.sorted.take() {
            sorted.clear(&mut frame.memory);
        }
        self.order = Vec::new();
        self.next = 0;
        frame.memory.release(self.charged);
        self.charged = 0;
    }
}

impl Rows for Compound {
    fn restart(&mut self) {
        self.left.restart();
        self.right.restart();
    }

    fn open(&mut self, frame: &mut Frame, _: &mut Context<'_>) -> Result<()> {
        self.forget(frame);
        self.is_read = false;
        Ok(())
    }

    fn next(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<bool> {
        if !self.is_read {
            self.is_read = true;
            context.session.work.sorts += self.sorts;
            self.read(frame, context)?;
        }
        if let Some(sorted) = &mut self.sorted {
            return sorted.next();
        }
        let is_found = self.next < self.order.len();
        self.next += usize::from(is_found);
        Ok(is_found)
    }

    fn close(&mut self, frame: &mut Frame) {
        self.forget(frame);
        self.left.close(frame);
        self.right.close(frame);
    }

    fn column_count(&self) -> usize {
        self.left.column_count()
    }

    fn column<'r>(&'r self, index: usize, _: &'r Frame) -> Result<ValueRef<'r>> {
        Ok(match &self.sorted {
            Some(sorted) => sorted.value(index).as_ref(),
            None => self.rows.columns[index].value(self.order[self.next - 1] as usize),
        })
    }
}
