//! The groups of a subquery in FROM as batches: a grouping over a grouping.
//!
//! ```text
//! SELECT count(*), sum(total) FROM (SELECT sum(x) AS total FROM t GROUP BY k)
//! ```
//! Expressions above read what the grouping below has in its registers, by way of what the subquery makes of these.

use super::Run;
use super::batch::Batch;
use super::compile::{Expression, Shared, compile};
use super::evaluate::{Surroundings, evaluate};
use super::group::{Parts, VectorGroup, is_read_in_order};
use super::known::Known;
use crate::execute::{Context, Frame};
use crate::plan::{RowsNode, SourceNode};
use crate::resolve::substituted;
use crate::resolve::tree::{Expr, Register};

pub(super) struct Derived {
    group: VectorGroup,
    /// Where the rows above expect the subquery's columns, and what these are.
    output: Register,
    outputs: Vec<Expr>,
    /// Those that could fail: they are computed whether somebody reads them or not.
    computed: Vec<Expression>,
    shared: Shared,
    known: Known,
}

impl Derived {
    /// None when the subquery is anything but the groups of one table that batches read in order, or reads as reals what are
    /// integers.
    pub fn compile(node: &SourceNode) -> Option<Derived> {
        let SourceNode::Subquery { rows, output, reals, .. } = node else { return None };
        let RowsNode::Project { input, outputs, distinct: None } = &**rows else { return None };
        let (group, having) = match input {
            SourceNode::Group(group) => (group, &[][..]),
            SourceNode::Filter { input, conditions } => match &**input {
                SourceNode::Group(group) => (group, &conditions[..]),
                _ => return None,
            },
            _ => return None,
        };
        if !reals.is_empty() || !is_read_in_order(&group.input) {
            return None;
        }
        let group = Parts::compile(group)?.into_operator((**group).clone(), having);
        if !group.asks_all_of(having) {
            return None;
        }
        let mut shared = group.shared_by_registers();
        let is_plain = |output: &&Expr| matches!(output, Expr::Register(_) | Expr::Literal(_));
        let computed = outputs.iter().filter(|output| !is_plain(output));
        let computed = computed.map(|output| compile(output, &mut shared)).collect::<Option<Vec<_>>>()?;
        let (output, outputs, known) = (*output, outputs.clone(), Known::default());
        Some(Derived { group, output, outputs, computed, shared, known })
    }

    pub fn compile_expr(&mut self, expr: &Expr) -> Option<Expression> {
        compile(&substituted(expr, &self.outputs, self.output), &mut self.shared)
    }

    pub fn shared(&self) -> &Shared {
        &self.shared
    }

    pub fn group(&self) -> &VectorGroup {
        &self.group
    }

    pub fn restart(&mut self) {
        self.group.restart_input();
    }

    pub fn open(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Run<()> {
        self.shared.begin(&mut self.known, frame, context)?;
        self.group.open_in_batches(frame, context)
    }

    pub fn next_batch(
        &mut self,
        frame: &mut Frame,
        context: &mut Context<'_>,
        consume: &mut dyn FnMut(Batch<'_>, &mut Surroundings<'_, '_>) -> Run<()>,
    ) -> Run<bool> {
        let Derived { group, computed, known, .. } = self;
        group.next_batch(frame, context, &mut |mut batch, context| {
            let mut surroundings = Surroundings { known: &mut *known, context };
            for output in computed.iter() {
                evaluate(output, &mut batch, &mut surroundings)?;
            }
            consume(batch, &mut surroundings)
        })
    }

    pub fn close(&mut self, frame: &mut Frame) {
        self.known.clear(frame);
        self.group.close_in_batches(frame);
    }
}
