//! Answers of correlated subqueries that batches found, given to the row engine with each row that goes on to it.

use super::Run;
use super::batch::{Batch, Slot};
use super::input::Input;
use super::kept::KeptColumn;
use crate::execute::{Frame, subquery};
use crate::resolve::tree::{Expr, Program, SubqueryId};
use crate::resolve::visit_expr;

/// A subquery, and whether EXISTS asks it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Question {
    pub subquery: SubqueryId,
    pub is_exists: bool,
}

/// What the expressions ask about each row.
pub(super) fn questions<'e>(exprs: impl Iterator<Item = &'e Expr>, program: &Program) -> Vec<Question> {
    let mut questions = Vec::new();
    for expr in exprs {
        visit_expr(expr, &mut |expr| {
            let question = match expr {
                Expr::ScalarSubquery(id) => Question { subquery: *id, is_exists: false },
                Expr::Exists { subquery, .. } => Question { subquery: *subquery, is_exists: true },
                _ => return,
            };
            if program.subqueries[question.subquery.0].correlated && !questions.contains(&question) {
                questions.push(question);
            }
        });
    }
    questions
}

/// Answers about the rows that were read, column by column.
#[derive(Default)]
pub(super) struct Answers {
    questions: Vec<Question>,
    slots: Vec<usize>,
    kept: Vec<KeptColumn>,
}

impl Answers {
    /// To questions that the input answers.
    pub fn new(questions: Vec<Question>, input: &mut Input) -> Answers {
        let slots = questions.iter().map(|question| input.slot(Slot::Answer(question.subquery))).collect();
        Answers { questions, slots, kept: Vec::new() }
    }

    pub fn clear(&mut self) {
        self.kept.clear();
        self.kept.resize_with(self.slots.len(), KeptColumn::default);
    }

    pub fn memory(&self) -> usize {
        self.kept.iter().map(KeptColumn::memory).sum()
    }

    /// Keeps those about the rows of the batch.
    pub fn append(&mut self, batch: &mut Batch<'_>) -> Run<()> {
        batch.load(&self.slots)?;
        for (slot, kept) in self.slots.iter().zip(&mut self.kept) {
            kept.append_all(batch.column(*slot), batch.len());
        }
        Ok(())
    }

    /// Whoever asks about the frame's row is given those about this one.
    pub fn give(&self, row: usize, frame: &mut Frame) {
        for (question, kept) in self.questions.iter().zip(&self.kept) {
            subquery::give(question.subquery, kept.value(row).to_value(), question.is_exists, frame);
        }
    }

    /// From now on the subqueries are run again.
    pub fn take_back(&self, frame: &mut Frame) {
        for question in &self.questions {
            subquery::take_back(question.subquery, frame);
        }
    }
}
