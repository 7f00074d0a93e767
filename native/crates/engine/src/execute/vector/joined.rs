//! The rows of inner joins, for those who take all of them: an ORDER BY, the set of an IN.
//!
//! ```text
//! batches, in an order of their own ─► which rows of the tables go together ─► the plan's order ─► cursors, row by row
//! ```
//! What goes through the joins are rowids and what conditions look at. The plan's order is that of the rowids, the first
//! table's first; of a table that is read by an index it is the index's. At last each table's cursor goes to its row.

use std::sync::Arc;

use pluresdb_function::Flags;
use pluresdb_value::ValueRef;
use pluresdb_value::key::{KeyColumn, encode_value};

use super::answers::{Answers, questions};
use super::batch::Slot;
use super::bound::SortBound;
use super::deferred::Plan;
use super::graph::JoinGraph;
use super::images::Images;
use super::input::Input;
use super::order::order;
use super::{Run, Stop, least_rows, scans_of};
use crate::catalog::{DatabaseIndex, IndexTerm, Table};
use crate::error::Result;
use crate::execute::eval::eval;
use crate::execute::{Context, Frame, Source, key_order};
use crate::plan::{self, AccessPath, KeyValue, LoopKind, RowidBounds, RowsNode, SortKey, SourceNode};
use crate::resolve::any_expr;
use crate::resolve::tree::{Expr, Register, SourceId};

/// More rows than these are looked up as the plan has it.
const MOST_ROWS: usize = 1 << 22;

/// Joins that run in batches where that pays, and the bound of an ORDER BY with LIMIT.
pub(super) struct Joining {
    pub node: SourceNode,
    /// What is computed of all rows.
    pub asked: Vec<Expr>,
    pub bounded: Option<(Vec<SortKey>, SortBound)>,
}

impl Plan for Joining {
    fn scans(&self) -> Vec<&plan::Scan> {
        scans_of(&self.node)
    }

    fn by_rows(&self) -> Box<dyn Source> {
        self.node.clone().into_operator()
    }

    fn in_batches(&self, frame: &mut Frame, context: &mut Context<'_>) -> Result<Box<dyn Source>> {
        match Joined::compile(&self.node, frame, context) {
            Ok(Some(joined)) => return Ok(Box::new(joined)),
            Ok(None) | Err(Stop::RowByRow) => {}
            Err(Stop::Error(error)) => return Err(error),
        }
        let bound = self.bounded.as_ref().map(|(keys, bound)| (&keys[..], bound));
        Ok(match Images::compile(&self.node, &self.asked, bound, frame, context)? {
            Some(images) => Box::new(images),
            None => self.by_rows(),
        })
    }
}

/// A table whose cursor goes to the rows.
struct Target {
    source: SourceId,
    database: DatabaseIndex,
    table: Arc<Table>,
    /// Slot of the rowid.
    slot: usize,
}

struct Joined {
    input: Input,
    targets: Vec<Target>,
    /// Slots that make the plan's order, and how they are ordered.
    keys: Vec<(usize, KeyColumn)>,
    /// Columns of FROM's subqueries, from these registers on.
    computed: Vec<(Register, Vec<Expr>)>,
    answers: Answers,
    /// For runs that are the row engine's.
    rows: Box<dyn Source>,
    is_by_row: bool,
    /// Rowids of the targets, row after row.
    rowids: Vec<i64>,
    /// The rows in the plan's order.
    order: Vec<u32>,
    next: usize,
    /// The execution of the last run.
    ran_in: Option<u64>,
    charged: usize,
}

impl Joined {
    /// None when a part of the joins needs the row engine, when their order is not told by rowids and indexes, and when the
    /// plan's way is the quicker one.
    fn compile(node: &SourceNode, frame: &mut Frame, context: &mut Context<'_>) -> Run<Option<Joined>> {
        let mut key_slots = Vec::new();
        if context.program.reads_live || !add_order(node, &mut key_slots) {
            return Ok(None);
        }
        let program = context.program;
        let Some(graph) = JoinGraph::of(node, program) else { return Ok(None) };
        let asks = graph.conditions.iter().any(|condition| condition.is_correlated);
        if graph.tables.len() == 1 && !asks {
            return Ok(None);
        }
        let computed = graph.registers().to_vec();
        // What the application could notice is computed in the plan's order.
        let is_seen = |expr: &Expr| match expr {
            Expr::Function { function, .. } => !function.flags.has(Flags::DETERMINISTIC),
            expr => matches!(expr, Expr::Application { .. }),
        };
        if computed.iter().flat_map(|(_, outputs)| outputs).any(|output| any_expr(output, &is_seen)) {
            return Ok(None);
        }
        let Some(ordered) = order(&graph, frame, context)? else { return Ok(None) };
        let is_chosen = ordered.pays_with_lookups(graph.tables.len());
        if !is_chosen && least_rows(context) != Some(0) {
            return Ok(None);
        }
        // In the plan's order they need not be put into it.
        if !asks
            && graph.registers().is_empty()
            && let Some(mut planned) = Input::compile_tables(node, false)
            && planned.pays(least_rows(context).unwrap_or(0), frame, context)?
            && ordered.is_dearer_than_images(planned.row_count(context)?, planned.kept_rows(context)?)
        {
            return Ok(None);
        }
        let mut input = ordered.input;
        let of_conditions = graph.conditions.iter().map(|condition| &condition.expr);
        let answers = Answers::new(questions(of_conditions, program), &mut input);
        let target = |table: &super::graph::GraphTable| {
            let scan = &table.scan;
            let slot = input.slot(Slot::Rowid(scan.source));
            Target { source: scan.source, database: scan.database, table: scan.table.clone(), slot }
        };
        let targets = graph.tables.iter().map(target).collect();
        let keys = key_slots.into_iter().map(|(slot, column)| (input.slot(slot), column)).collect();
        Ok(Some(Joined {
            input,
            targets,
            keys,
            computed,
            answers,
            rows: node.clone().into_operator(),
            is_by_row: false,
            rowids: Vec::new(),
            order: Vec::new(),
            next: 0,
            ran_in: None,
            charged: 0,
        }))
    }

    fn read(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Run<()> {
        let Joined { input, targets, keys, answers, rowids, charged, .. } = self;
        answers.clear();
        let slots: Vec<usize> =
            targets.iter().map(|target| target.slot).chain(keys.iter().map(|(slot, _)| *slot)).collect();
        let (mut bytes, mut ends) = (Vec::new(), Vec::new());
        input.open(frame, context)?;
        while input.next_batch(frame, context, &mut |mut batch, _| {
            if batch.is_empty() {
                return Ok(());
            }
            batch.load(&slots)?;
            answers.append(&mut batch)?;
            for row in 0..batch.len() {
                for target in &*targets {
                    let ValueRef::Integer(rowid) = batch.column(target.slot).value(row) else {
                        return Err(Stop::RowByRow);
                    };
                    rowids.push(rowid);
                }
                for (slot, column) in &*keys {
                    encode_value(batch.column(*slot).value(row), *column, &mut bytes);
                }
                ends.push(bytes.len());
            }
            Ok(())
        })? {
            let taken = rowids.len() * 8 + bytes.len() + ends.len() * 8 + answers.memory();
            frame.memory.charge(taken - *charged)?;
            *charged = taken;
            if ends.len() > MOST_ROWS {
                return Err(Stop::RowByRow);
            }
        }
        self.order = key_order::sorted(ends.len(), |row| {
            &bytes[row.checked_sub(1).map_or(0, |before| ends[before])..ends[row]]
        });
        Ok(())
    }

    fn forget(&mut self, frame: &mut Frame) {
        frame.memory.release(self.charged);
        self.charged = 0;
        self.rowids.clear();
        self.order.clear();
        self.next = 0;
        self.answers.clear();
        self.answers.take_back(frame);
    }
}

impl Source for Joined {
    fn restart(&mut self) {
        self.input.restart();
        self.rows.restart();
    }

    fn open(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        self.forget(frame);
        // Who asks again within one execution asks about another row, and mostly wants few.
        let is_again = self.ran_in.replace(frame.execution) == Some(frame.execution);
        self.is_by_row = is_again || least_rows(context).is_none();
        if !self.is_by_row {
            match self.read(frame, context) {
                Ok(()) => {}
                Err(Stop::RowByRow) => self.is_by_row = true,
                Err(Stop::Error(error)) => return Err(error),
            }
            self.input.close(frame);
        }
        if self.is_by_row {
            self.forget(frame);
            self.rows.restart();
            return self.rows.open(frame, context);
        }
        for target in &self.targets {
            frame.cursor_mut(target.source).open(target.database, &target.table, context)?;
        }
        Ok(())
    }

    fn next(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Result<bool> {
        if self.is_by_row {
            return self.rows.next(frame, context);
        }
        let Some(row) = self.order.get(self.next) else {
            self.answers.take_back(frame);
            return Ok(false);
        };
        self.next += 1;
        context.step()?;
        let rowids = &self.rowids[*row as usize * self.targets.len()..];
        for (target, rowid) in self.targets.iter().zip(rowids) {
            frame.cursor_mut(target.source).seek_rowid(*rowid)?;
        }
        self.answers.give(*row as usize, frame);
        for (register, outputs) in &self.computed {
            for (index, output) in outputs.iter().enumerate() {
                let value = eval(output, frame, context)?;
                frame.set_register(Register(register.0 + index), value);
            }
        }
        Ok(true)
    }

    fn close(&mut self, frame: &mut Frame) {
        self.forget(frame);
        self.input.close(frame);
        for target in &self.targets {
            frame.cursor_mut(target.source).close();
        }
        self.rows.close(frame);
    }

    fn set_null_row(&mut self, frame: &mut Frame) {
        self.rows.set_null_row(frame);
    }
}

/// Appends what the rows of the node are ordered by; false where that cannot be told.
fn add_order(node: &SourceNode, keys: &mut Vec<(Slot, KeyColumn)>) -> bool {
    match node {
        SourceNode::Once => true,
        SourceNode::Scan(scan) => add_order_of_scan(scan, keys),
        SourceNode::Filter { input, .. } | SourceNode::Materialize { input, .. } => add_order(input, keys),
        SourceNode::NestedLoop(join) if join.kind == LoopKind::Inner => {
            add_order(&join.left, keys) && add_order(&join.right, keys)
        }
        SourceNode::HashJoin(join) if join.kind == LoopKind::Inner => {
            add_order(&join.left, keys) && add_order(&join.right, keys)
        }
        SourceNode::Subquery { rows, .. } => match &**rows {
            RowsNode::Project { input, distinct: None, .. } => add_order(input, keys),
            _ => false,
        },
        _ => false,
    }
}

fn add_order_of_scan(scan: &plan::Scan, keys: &mut Vec<(Slot, KeyColumn)>) -> bool {
    if scan.is_reverse || scan.table.without_rowid {
        return false;
    }
    match &scan.path {
        // Those of a list are sorted.
        AccessPath::Full
        | AccessPath::Rowid(RowidBounds::Equal(_) | RowidBounds::Range { .. } | RowidBounds::In(_)) => {}
        AccessPath::Index { bounds, .. } if bounds.puts_nulls_apart => return false,
        AccessPath::Index { index, bounds, .. } => {
            for (position, column) in index.columns.iter().enumerate() {
                let is_one = |term: &plan::KeyTerm| !matches!(term.value, KeyValue::In(_));
                if bounds.equal.get(position).is_some_and(is_one) {
                    continue;
                }
                let slot = match column.term {
                    IndexTerm::Column(column) => Slot::Column(scan.source, column),
                    IndexTerm::Rowid => Slot::Rowid(scan.source),
                    IndexTerm::Expr(_) => return false,
                };
                if column.collation.is_custom() {
                    return false;
                }
                keys.push((slot, KeyColumn { collation: column.collation, descending: column.descending }));
            }
        }
        AccessPath::PrimaryKey { .. } | AccessPath::AnyOf(_) => return false,
    }
    keys.push((Slot::Rowid(scan.source), KeyColumn::ASCENDING));
    true
}
