//! Rows that stand in registers as batches: those of a subquery in FROM, its groups or windows, or those that a window is over.
//!
//! ```text
//! SELECT count(*), sum(total) FROM (SELECT sum(x) AS total FROM t GROUP BY k)
//! ```
//! Expressions above read what the grouping or the window below has in its registers, by way of what the subquery makes of
//! these.

use super::Run;
use super::batch::{Batch, Rows, rows_that_pass};
use super::compile::{Expression, Shared, compile};
use super::evaluate::{Surroundings, evaluate, evaluate_truths};
use super::group::{Parts, VectorGroup, is_read_in_order};
use super::known::Known;
use super::subquery::SubqueryBatches;
use super::window::VectorWindow;
use crate::error::Result;
use crate::execute::{Context, Frame};
use crate::plan::{RowsNode, SourceNode};
use crate::resolve::substituted;
use crate::resolve::tree::{Expr, Register, Window};

pub(super) struct Derived {
    below: Below,
    /// Where the rows above expect the subquery's columns, and what these are; none where there is no subquery.
    output: Register,
    outputs: Vec<Expr>,
    /// Those that could fail: they are computed whether somebody reads them or not.
    computed: Vec<Expression>,
    /// Of a subquery's rows.
    conditions: Vec<Expression>,
    /// By slot, whether something above reads it.
    wanted: Vec<bool>,
    shared: Shared,
    known: Known,
}

/// What leaves its rows in registers.
enum Below {
    Group(Box<VectorGroup>),
    Window(Box<VectorWindow>),
    /// Registers are the result columns.
    Rows(Box<SubqueryBatches>),
}

impl Derived {
    /// None when the node is anything but a window, the groups of one table that batches read in order or of a LEFT JOIN's
    /// rows, or a subquery of which a part runs in batches.
    pub fn compile(node: &SourceNode) -> Option<Derived> {
        match node {
            SourceNode::Subquery { rows, output, reals, .. } => match &**rows {
                RowsNode::Project { input, outputs, distinct: None } if reals.is_empty() => {
                    Derived::over(Below::compile(input)?, outputs, *output)
                }
                RowsNode::Compound(_) => {
                    let rows = SubqueryBatches::compile(rows, reals, None)?;
                    Derived::over(Below::Rows(Box::new(rows)), &[], *output)
                }
                _ => None,
            },
            SourceNode::Filter { input, conditions } if matches!(**input, SourceNode::Subquery { .. }) => {
                Derived::of_filtered(input, conditions).or_else(|| {
                    let mut derived = Derived::compile(input)?;
                    conditions.iter().all(|condition| derived.add_condition(condition)).then_some(derived)
                })
            }
            node => Derived::over(Below::compile(node)?, &[], Register(0)),
        }
    }

    /// A window's rows that pass conditions on the subquery's columns.
    fn of_filtered(node: &SourceNode, conditions: &[Expr]) -> Option<Derived> {
        let windowed = WindowedSubquery::of(node)?;
        let having = windowed.conditions_below(conditions)?;
        let window = VectorWindow::compile(windowed.input, windowed.window, &having)?;
        window.asks_all_of(&having).then_some(())?;
        Derived::over(Below::Window(Box::new(window)), windowed.outputs, windowed.output)
    }

    fn over(below: Below, outputs: &[Expr], output: Register) -> Option<Derived> {
        let mut shared = match &below {
            Below::Group(group) => group.shared_by_registers(),
            Below::Window(window) => window.shared_by_registers(),
            Below::Rows(rows) => Shared::of_registers(
                (0..rows.column_count()).map(|index| Register(output.0 + index)).collect(),
            ),
        };
        let wanted = vec![false; shared.slots.len()];
        let computed = outputs.iter().filter(|output| !is_plain(output));
        let computed = computed.map(|output| compile(output, &mut shared)).collect::<Option<Vec<_>>>()?;
        Some(Derived {
            below,
            output,
            outputs: outputs.to_vec(),
            computed,
            conditions: Vec::new(),
            wanted,
            shared,
            known: Known::default(),
        })
    }

    pub fn compile_expr(&mut self, expr: &Expr) -> Option<Expression> {
        let compiled = compile(&substituted(expr, &self.outputs, self.output), &mut self.shared)?;
        for slot in &compiled.slots {
            self.wanted[*slot] = true;
        }
        Some(compiled)
    }

    /// False when the row engine, or what is below, has to ask it.
    pub fn add_condition(&mut self, condition: &Expr) -> bool {
        if !self.is_of_rows() {
            return false;
        }
        let compiled = self.compile_expr(condition);
        compiled.map(|condition| self.conditions.push(condition)).is_some()
    }

    /// Whether it has the rows of a subquery, and not groups or windows.
    pub fn is_of_rows(&self) -> bool {
        matches!(self.below, Below::Rows(_))
    }

    pub fn shared(&self) -> &Shared {
        &self.shared
    }

    /// Rows of the table that drives what is below.
    pub fn row_count(&self, context: &Context<'_>) -> Result<u64> {
        match &self.below {
            Below::Group(group) => group.row_count(context),
            Below::Window(window) => window.row_count(context),
            Below::Rows(rows) => rows.row_count(context),
        }
    }

    pub fn restart(&mut self) {
        match &mut self.below {
            Below::Group(group) => group.restart_input(),
            Below::Window(window) => window.restart_input(),
            Below::Rows(rows) => rows.restart(),
        }
    }

    pub fn open(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Run<()> {
        self.shared.begin(&mut self.known, frame, context)?;
        match &mut self.below {
            Below::Group(group) => group.open_in_batches(frame, context),
            Below::Window(window) => window.open_in_batches(frame, context),
            Below::Rows(rows) => {
                rows.want(&self.wanted);
                rows.open(frame, context)
            }
        }
    }

    pub fn next_batch(
        &mut self,
        frame: &mut Frame,
        context: &mut Context<'_>,
        consume: &mut dyn FnMut(Batch<'_>, &mut Surroundings<'_, '_>) -> Run<()>,
    ) -> Run<bool> {
        let Derived { below, computed, conditions, known, .. } = self;
        let mut consume = |mut batch: Batch<'_>, context: &mut Context<'_>| {
            let mut surroundings = Surroundings { known: &mut *known, context };
            for output in computed.iter() {
                evaluate(output, &mut batch, &mut surroundings)?;
            }
            filtered(batch, conditions, &mut surroundings, consume)
        };
        match below {
            Below::Group(group) => group.next_batch(frame, context, &mut consume),
            Below::Window(window) => window.next_batch(frame, context, &mut consume),
            Below::Rows(rows) => rows.next_batch(frame, context, &mut consume),
        }
    }

    pub fn close(&mut self, frame: &mut Frame) {
        self.known.clear(frame);
        match &mut self.below {
            Below::Group(group) => group.close_in_batches(frame),
            Below::Window(window) => window.close_in_batches(frame),
            Below::Rows(rows) => rows.close(frame),
        }
    }
}

impl Below {
    fn compile(node: &SourceNode) -> Option<Below> {
        let (group, having) = match node {
            SourceNode::Window { input, window, is_lazy: false } => {
                let window = VectorWindow::compile(input, window, &[])?;
                return Some(Below::Window(Box::new(window)));
            }
            SourceNode::Group(group) => (group, &[][..]),
            SourceNode::Filter { input, conditions } => match &**input {
                SourceNode::Group(group) => (group, &conditions[..]),
                _ => return None,
            },
            _ => return None,
        };
        let parts = Parts::compile(group)?;
        if !is_read_in_order(&group.input) && !parts.is_matched() {
            return None;
        }
        let group = parts.into_operator((**group).clone(), having);
        group.asks_all_of(having).then(|| Below::Group(Box::new(group)))
    }
}

/// Hands on the rows that pass the conditions.
fn filtered(
    mut batch: Batch<'_>,
    conditions: &[Expression],
    surroundings: &mut Surroundings<'_, '_>,
    consume: &mut dyn FnMut(Batch<'_>, &mut Surroundings<'_, '_>) -> Run<()>,
) -> Run<()> {
    let Some((condition, others)) = conditions.split_first() else { return consume(batch, surroundings) };
    if batch.is_empty() {
        return Ok(());
    }
    let truths = evaluate_truths(condition, &mut batch, surroundings)?;
    let passing = rows_that_pass(&truths);
    if passing.len() == batch.len() {
        return filtered(batch, others, surroundings, consume);
    }
    let columns = batch.loaded_columns().map(|column| column.map(|column| column.gather(&passing))).collect();
    filtered(Batch::of_columns(columns, Rows::Computed(passing.len())), others, surroundings, consume)
}

fn is_plain(output: &Expr) -> bool {
    matches!(output, Expr::Register(_) | Expr::Literal(_))
}

/// A subquery that is a window and nothing more.
pub(in crate::execute) struct WindowedSubquery<'n> {
    pub input: &'n SourceNode,
    pub window: &'n Window,
    pub outputs: &'n [Expr],
    pub output: Register,
}

impl<'n> WindowedSubquery<'n> {
    pub fn of(node: &'n SourceNode) -> Option<WindowedSubquery<'n>> {
        let SourceNode::Subquery { rows, output, reals, .. } = node else { return None };
        let RowsNode::Project {
            input: SourceNode::Window { input, window, is_lazy: false },
            outputs,
            distinct: None,
        } = &**rows
        else {
            return None;
        };
        reals.is_empty().then_some(WindowedSubquery { input, window, outputs, output: *output })
    }

    /// Conditions on the subquery's columns as such on the window's rows; None: the columns of a row that fails must be
    /// computed all the same.
    pub fn conditions_below(&self, conditions: &[Expr]) -> Option<Vec<Expr>> {
        let below = |condition| substituted(condition, self.outputs, self.output);
        self.outputs.iter().all(is_plain).then(|| conditions.iter().map(below).collect())
    }
}
