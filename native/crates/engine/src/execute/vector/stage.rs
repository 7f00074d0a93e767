//! What joins and subqueries put above the batches they make: expressions over their rows, and the conditions these have to
//! pass.

use super::Run;
use super::batch::{Batch, Slot};
use super::compile::{Expression, Shared, compile};
use super::evaluate::{Surroundings, evaluate_truths};
use super::known::Known;
use crate::execute::{Context, Frame};
use crate::resolve::tree::Expr;

pub(super) struct Stage {
    pub shared: Shared,
    pub known: Known,
    conditions: Vec<Expression>,
}

impl Stage {
    pub fn new(shared: Shared) -> Stage {
        Stage { shared, known: Known::default(), conditions: Vec::new() }
    }

    pub fn compile_expr(&mut self, expr: &Expr) -> Option<Expression> {
        compile(expr, &mut self.shared)
    }

    /// False when the condition needs the row engine.
    pub fn add_condition(&mut self, condition: &Expr) -> bool {
        let compiled = self.compile_expr(condition);
        compiled.map(|condition| self.conditions.push(condition)).is_some()
    }

    /// The number of a slot that somebody above reads.
    pub fn slot(&mut self, wanted: Slot) -> usize {
        self.shared.slot(wanted)
    }

    pub fn may_fail(&self) -> bool {
        self.conditions.iter().any(|condition| condition.may_fail)
    }

    pub fn begin(&mut self, frame: &mut Frame, context: &mut Context<'_>) -> Run<()> {
        self.shared.begin(&mut self.known, frame, context)
    }

    /// Leaves out the rows that fail a condition.
    pub fn filter(&mut self, batch: &mut Batch<'_>, context: &mut Context<'_>) -> Run<()> {
        let mut surroundings = Surroundings { known: &mut self.known, context };
        for condition in &self.conditions {
            if batch.is_empty() {
                break;
            }
            let truths = evaluate_truths(condition, batch, &mut surroundings)?;
            batch.keep(&truths);
        }
        Ok(())
    }
}
