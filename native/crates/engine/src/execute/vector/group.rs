//! GROUP BY and aggregates over batches of one table, with the results and the order of `execute::group`.
//!
//! Each batch's rows get group numbers from the codes of their keys; then each aggregate takes the batch in, group states
//! side by side. Nothing is given out before the table is read, so that a run in which something fails can start again
//! row by row.

use pluresdb_value::{Collation, Value};

use super::aggregate::{Groups, VectorAggregate};
use super::batch::Batch;
use super::compile::Expression;
use super::evaluate::{Surroundings, evaluate};
use super::key::{RowCodes, order_of_groups};
use super::scan::BatchScan;
use super::{Run, Stop, least_rows};
use crate::error::Result;
use crate::execute::aggregate::ACCUMULATOR_SIZE;
use crate::execute::frame::row_size;
use crate::execute::group::Group;
use crate::execute::{Context, Frame, Source};
use crate::plan::{Group as Node, SourceNode};
use crate::resolve::tree::Register;

/// More rows than a leaf has.
const WHOLE_LEAF: usize = 1 << 16;

enum Mode {
    /// The run is the row engine's.
    Rows,
    Unread,
    /// Groups still to give out, the next one last.
    Output(Vec<u32>),
}

pub(crate) struct VectorGroup {
    scan: BatchScan,
    keys: Vec<Expression>,
    key_registers: Vec<Register>,
    collations: Vec<Collation>,
    has_group_by: bool,
    aggregates: Vec<VectorAggregate>,
    captures: Vec<Expression>,
    capture_registers: Vec<Register>,
    capture_from: Option<usize>,
    groups: GroupStates,
    /// For runs that are the row engine's.
    rows: Group,
    mode: Mode,
    charged: usize,
}

#[derive(Default)]
struct GroupStates {
    /// By group, in the order they were first seen.
    keys: Vec<Vec<Value>>,
    captured: Vec<Vec<Value>>,
    /// What keys and captured values take.
    bytes: usize,
}

impl VectorGroup {
    fn read(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Run<Vec<u32>> {
        self.groups = GroupStates::default();
        for aggregate in &mut self.aggregates {
            aggregate.clear();
        }
        let mut codes = (!self.keys.is_empty()).then(|| RowCodes::new(self.collations.iter().copied()));
        let mut group_of_row = Vec::new();
        if codes.is_none() && !self.has_group_by {
            self.new_groups(1);
        }
        loop {
            let VectorGroup { scan, keys, aggregates, captures, capture_from, groups, .. } = self;
            let found =
                scan.next_batch(WHOLE_LEAF, true, frame, context, &mut |mut batch, surroundings| {
                    if batch.is_empty() {
                        return Ok(());
                    }
                    let mut captured_rows: Vec<(u32, u32)> = Vec::new();
                    match &mut codes {
                        Some(codes) => {
                            groups.assign(
                                keys,
                                &mut batch,
                                surroundings,
                                codes,
                                &mut group_of_row,
                                &mut captured_rows,
                            )?;
                            groups.captured.resize(groups.keys.len(), Vec::new());
                            for aggregate in aggregates.iter_mut() {
                                aggregate.fit(groups.keys.len());
                            }
                        }
                        None => captured_rows.extend(groups.captured[0].is_empty().then_some((0, 0))),
                    }
                    let places = if codes.is_some() { Groups::Each(&group_of_row) } else { Groups::One };
                    let mut improved = Vec::new();
                    for (index, aggregate) in aggregates.iter_mut().enumerate() {
                        improved.clear();
                        aggregate.step(&mut batch, &places, surroundings, &mut improved)?;
                        if *capture_from == Some(index) {
                            captured_rows.append(&mut improved);
                        }
                    }
                    groups.capture(captures, &captured_rows, &mut batch, surroundings)
                })?;
            let bytes = self.memory(codes.as_ref());
            if bytes > self.charged {
                frame.memory.charge(bytes - self.charged)?;
                self.charged = bytes;
            }
            if !found {
                let mut order = if self.keys.is_empty() {
                    (0..self.groups.keys.len() as u32).collect()
                } else {
                    order_of_groups(&self.groups.keys, &self.collations)
                };
                order.reverse();
                return Ok(order);
            }
        }
    }

    fn new_groups(&mut self, count: usize) {
        self.groups.keys.resize(count, Vec::new());
        self.groups.captured.resize(count, Vec::new());
        for aggregate in &mut self.aggregates {
            aggregate.fit(count);
        }
    }

    fn memory(&self, codes: Option<&RowCodes>) -> usize {
        let states = self.groups.keys.len() * (48 + self.aggregates.len() * ACCUMULATOR_SIZE);
        let seen: usize = self.aggregates.iter().map(VectorAggregate::memory).sum();
        states + seen + self.groups.bytes + codes.map_or(0, RowCodes::memory)
    }

    fn forget(&mut self, frame: &mut Frame) {
        frame.memory.release(self.charged);
        self.charged = 0;
        self.groups = GroupStates::default();
        for aggregate in &mut self.aggregates {
            aggregate.clear();
        }
    }

    fn output(&mut self, group: usize, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        for aggregate in &mut self.aggregates {
            let value = aggregate.finish(group, context)?;
            frame.set_register(aggregate.result, value);
        }
        let keys = std::mem::take(&mut self.groups.keys[group]);
        for (register, value) in self.key_registers.iter().zip(keys) {
            frame.set_register(*register, value);
        }
        let mut captured = std::mem::take(&mut self.groups.captured[group]).into_iter();
        for register in &self.capture_registers {
            frame.set_register(*register, captured.next().unwrap_or_default());
        }
        Ok(())
    }
}

impl GroupStates {
    /// The group of each row. `first_rows` receives the new groups with the row that began each.
    fn assign(
        &mut self,
        keys: &[Expression],
        batch: &mut Batch<'_>,
        surroundings: &mut Surroundings<'_, '_>,
        codes: &mut RowCodes,
        group_of_row: &mut Vec<u32>,
        first_rows: &mut Vec<(u32, u32)>,
    ) -> Run<()> {
        let row_count = batch.len();
        let known = codes.count();
        for (index, key) in keys.iter().enumerate() {
            let column = evaluate(key, batch, surroundings)?;
            codes.column(index, &column, row_count, group_of_row);
        }
        if codes.count() == known {
            return Ok(());
        }
        // New groups are numbered in the order of their first rows.
        let mut next = known;
        for (row, group) in group_of_row.iter().enumerate() {
            if *group == next {
                first_rows.push((next, row as u32));
                next += 1;
            }
        }
        self.keys.resize(next as usize, Vec::with_capacity(keys.len()));
        for key in keys {
            let column = evaluate(key, batch, surroundings)?;
            for (group, row) in first_rows.iter() {
                self.keys[*group as usize].push(column.value(*row as usize).to_value());
            }
        }
        self.bytes += self.keys[known as usize..].iter().map(|key| row_size(key)).sum::<usize>();
        Ok(())
    }

    /// Takes the columns beside the aggregates from these rows; of a group's, the last.
    fn capture(
        &mut self,
        captures: &[Expression],
        rows: &[(u32, u32)],
        batch: &mut Batch<'_>,
        surroundings: &mut Surroundings<'_, '_>,
    ) -> Run<()> {
        if captures.is_empty() || rows.is_empty() {
            return Ok(());
        }
        for (group, _) in rows {
            self.captured[*group as usize].clear();
        }
        let mut last = std::collections::HashMap::new();
        last.extend(rows.iter().copied());
        for capture in captures {
            let column = evaluate(capture, batch, surroundings)?;
            for (group, row) in &last {
                self.captured[*group as usize].push(column.value(*row as usize).to_value());
            }
        }
        self.bytes += last.keys().map(|group| row_size(&self.captured[*group as usize])).sum::<usize>();
        Ok(())
    }
}

/// The compiled expressions of a grouping.
pub(super) struct Parts {
    scan: BatchScan,
    keys: Vec<Expression>,
    aggregates: Vec<VectorAggregate>,
    captures: Vec<Expression>,
}

impl Parts {
    /// None when the grouping is the row engine's in any case.
    pub fn compile(node: &Node) -> Option<Parts> {
        let SourceNode::Scan(scan) = &node.input else { return None };
        // A lone min() or max() over rows in its order needs one row.
        if node.stops_at_first || node.keys.iter().any(|key| key.collation.is_custom()) {
            return None;
        }
        let mut batches = BatchScan::compile(scan)?;
        if batches.condition_count() < scan.conditions.len() {
            return None;
        }
        let mut compile = |expr| batches.compile_expr(expr);
        let keys = node.keys.iter().map(|key| compile(&key.expr)).collect::<Option<Vec<_>>>()?;
        let captures =
            node.captured.iter().map(|capture| compile(&capture.expr)).collect::<Option<Vec<_>>>()?;
        let aggregates = node.aggregates.iter().map(|call| VectorAggregate::compile(call, &mut batches));
        Some(Parts { aggregates: aggregates.collect::<Option<Vec<_>>>()?, scan: batches, keys, captures })
    }

    pub fn into_operator(self, node: Node) -> VectorGroup {
        let Parts { scan, keys, aggregates, captures } = self;
        VectorGroup {
            scan,
            keys,
            key_registers: node.keys.iter().map(|key| key.register).collect(),
            collations: node.keys.iter().map(|key| key.collation).collect(),
            has_group_by: node.has_group_by,
            aggregates,
            captures,
            capture_registers: node.captured.iter().map(|capture| capture.register).collect(),
            capture_from: node.capture_from,
            groups: GroupStates::default(),
            rows: Group::new(node),
            mode: Mode::Rows,
            charged: 0,
        }
    }
}

impl Source for VectorGroup {
    fn restart(&mut self) {
        self.scan.restart();
        self.rows.restart();
    }

    fn open(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        self.forget(frame);
        let is_by_row = match least_rows(context) {
            Some(least) => self.scan.is_small(context, least)?,
            None => true,
        };
        if is_by_row {
            self.mode = Mode::Rows;
            return self.rows.open(frame, context);
        }
        self.mode = Mode::Unread;
        match self.scan.open(frame, context) {
            Ok(()) => Ok(()),
            Err(Stop::Error(error)) => Err(error),
            Err(Stop::RowByRow) => {
                self.mode = Mode::Rows;
                self.rows.open(frame, context)
            }
        }
    }

    fn next(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<bool> {
        if let Mode::Unread = self.mode {
            match self.read(frame, context) {
                Ok(order) => self.mode = Mode::Output(order),
                Err(Stop::Error(error)) => return Err(error),
                Err(Stop::RowByRow) => {
                    self.forget(frame);
                    self.mode = Mode::Rows;
                    self.rows.restart();
                    self.rows.open(frame, context)?;
                }
            }
        }
        match &mut self.mode {
            Mode::Rows => self.rows.next(frame, context),
            Mode::Unread => unreachable!("the table was read above"),
            Mode::Output(order) => match order.pop() {
                Some(group) => {
                    self.output(group as usize, frame, context)?;
                    Ok(true)
                }
                None => Ok(false),
            },
        }
    }

    fn close(&mut self, frame: &mut Frame) {
        self.forget(frame);
        self.scan.close(frame);
        self.rows.close(frame);
    }

    fn set_null_row(&mut self, frame: &mut Frame) {
        self.rows.set_null_row(frame);
    }
}
