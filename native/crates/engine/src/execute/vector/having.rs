//! HAVING, asked of many groups at once before any of them goes on: those that fail are left out.
//!
//! The row engine's filter above asks those that pass once more, and all of them where something failed here: what an error
//! is and when it comes is decided there.

use pluresdb_value::Value;

use super::Run;
use super::batch::{Batch, Rows, Slot};
use super::column::TRUE;
use super::compile::{Expression, Shared, compile};
use super::evaluate::{Surroundings, evaluate_truths};
use super::fresh::typed;
use super::known::Known;
use crate::execute::{Context, Frame};
use crate::resolve::tree::{Expr, Register};

pub(super) struct Having {
    conditions: Vec<Expression>,
    shared: Shared,
    known: Known,
    /// Where the groups' results stand, column by column.
    registers: Vec<Register>,
    is_ready: bool,
}

impl Having {
    /// Of the conditions those that can be asked so; None when there is none.
    pub fn compile(conditions: &[Expr], registers: Vec<Register>) -> Option<Having> {
        let mut shared = Shared::of_registers(registers.clone());
        let conditions: Vec<Expression> = conditions
            .iter()
            .filter_map(|condition| compile(condition, &mut shared))
            .filter(|condition| !condition.slots.is_empty())
            .collect();
        let known = Known::default();
        (!conditions.is_empty()).then_some(Having { conditions, shared, known, registers, is_ready: false })
    }

    /// Evaluates what all groups have in common.
    pub fn begin(&mut self, frame: &mut Frame, context: &mut Context<'_>) {
        self.is_ready = self.shared.begin(&mut self.known, frame, context).is_ok();
    }

    /// Leaves out the groups that fail.
    pub fn apply(&mut self, columns: &mut [Vec<Value>], context: &mut Context<'_>) {
        let row_count = columns.first().map_or(0, Vec::len);
        if !self.is_ready || row_count == 0 {
            return;
        }
        let Ok(passes) = self.passing(columns, row_count, context) else { return };
        for column in columns {
            let mut passes = passes.iter();
            column.retain(|_| passes.next().is_some_and(|passes| *passes));
        }
    }

    fn passing(
        &mut self,
        columns: &[Vec<Value>],
        row_count: usize,
        context: &mut Context<'_>,
    ) -> Run<Vec<bool>> {
        let column_of = |slot: &Slot| {
            let Slot::Register(register) = slot else { return None };
            let column = self.registers.iter().position(|known| known == register)?;
            Some(typed(columns[column].iter().map(Value::as_ref).collect()))
        };
        let slots = self.shared.slots.iter().map(column_of).collect();
        let mut batch = Batch::of_columns(slots, Rows::Computed(row_count));
        let mut surroundings = Surroundings { known: &mut self.known, context };
        let mut passes = vec![true; row_count];
        for condition in &self.conditions {
            let truths = evaluate_truths(condition, &mut batch, &mut surroundings)?;
            for (passes, truth) in passes.iter_mut().zip(truths) {
                *passes &= truth == TRUE;
            }
        }
        Ok(passes)
    }

    pub fn close(&mut self, frame: &mut Frame) {
        self.known.clear(frame);
    }
}
