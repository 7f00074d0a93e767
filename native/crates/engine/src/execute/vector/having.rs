//! HAVING, asked of many groups at once before any of them goes on: those that fail are left out.
//!
//! The row engine's filter above asks those that pass once more, and all of them where something failed here: what an error
//! is and when it comes is decided there.

use super::batch::{Batch, rows_that_pass};
use super::column::TRUE;
use super::compile::{Expression, Shared, compile};
use super::evaluate::{Surroundings, evaluate_truths};
use super::known::Known;
use crate::execute::{Context, Frame};
use crate::resolve::tree::{Expr, Register};

pub(super) struct Having {
    conditions: Vec<Expression>,
    shared: Shared,
    known: Known,
    is_ready: bool,
}

impl Having {
    /// Of the conditions those that can be asked so, about batches that have a slot for each register; None when there is none.
    pub fn compile(conditions: &[Expr], registers: Vec<Register>) -> Option<Having> {
        let mut shared = Shared::of_registers(registers);
        let conditions: Vec<Expression> = conditions
            .iter()
            .filter_map(|condition| compile(condition, &mut shared))
            .filter(|condition| !condition.slots.is_empty())
            .collect();
        let known = Known::default();
        (!conditions.is_empty()).then_some(Having { conditions, shared, known, is_ready: false })
    }

    pub fn condition_count(&self) -> usize {
        self.conditions.len()
    }

    /// Evaluates what all groups have in common.
    pub fn begin(&mut self, frame: &mut Frame, context: &mut Context<'_>) {
        self.is_ready = self.shared.begin(&mut self.known, frame, context).is_ok();
    }

    /// The groups that pass; None when they could not all be asked.
    pub fn passing(&mut self, batch: &mut Batch<'_>, context: &mut Context<'_>) -> Option<Vec<u32>> {
        let row_count = batch.len();
        if !self.is_ready || row_count == 0 {
            return None;
        }
        let mut surroundings = Surroundings { known: &mut self.known, context };
        let mut passes = vec![TRUE; row_count];
        for condition in &self.conditions {
            let truths = evaluate_truths(condition, batch, &mut surroundings).ok()?;
            for (passes, truth) in passes.iter_mut().zip(truths) {
                *passes &= u8::from(truth == TRUE);
            }
        }
        Some(rows_that_pass(&passes))
    }

    pub fn close(&mut self, frame: &mut Frame) {
        self.known.clear(frame);
    }
}
