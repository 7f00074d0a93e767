//! Answers of correlated subqueries, kept by what they were asked about.
//!
//! `… WHERE quantity < (SELECT avg(quantity) FROM l WHERE l.part = p.id)` asks once for each part, however many of its rows
//! come by.
//!
//! Only where asking again could give nothing else: the subquery calls nothing volatile and no transaction writes. Where
//! hardly any question comes twice, keeping ends.

use pluresdb_value::{Value, ValueRef};

use crate::error::Result;
use crate::execute::eval::eval;
use crate::execute::frame::heap_size;
use crate::execute::key_hash::{ENTRY_SIZE, KeyMap};
use crate::execute::{Context, Frame};
use crate::plan::asked_about;
use crate::resolve::tree::{Expr, SubqueryId};

/// After so many questions it shows whether they come again.
const TRIED: u64 = 256;
/// So many must have come again of each one that was new.
const WORTH: u64 = 4;
const MOST_KEPT: usize = 1 << 16;

#[derive(Default)]
pub(super) struct Memo {
    /// What a question consists of; None inside: answers may not be kept. Found when the subquery is first asked.
    about: Option<Option<Vec<Expr>>>,
    answers: KeyMap<Value>,
    found: u64,
    asked: u64,
}

impl Memo {
    /// A new execution begins.
    pub fn forget(&mut self) {
        self.answers.clear();
        (self.found, self.asked) = (0, 0);
    }

    /// The question that the frame's rows are now; None when its answer is not to be kept.
    pub fn question(
        &mut self,
        id: SubqueryId,
        frame: &mut Frame,
        context: &mut Context<'_>,
    ) -> Result<Option<Vec<u8>>> {
        let program = context.program;
        let about = self.about.get_or_insert_with(|| asked_about(&program.subqueries[id.0].select, program));
        let Some(about) = about else { return Ok(None) };
        if self.asked > TRIED && self.found < self.asked / WORTH {
            return Ok(None);
        }
        // What writes may change rows between two questions.
        if context.session.databases.iter().any(|database| database.transaction.is_write()) {
            return Ok(None);
        }
        let mut question = Vec::new();
        for expr in about {
            push_exactly(eval(expr, frame, context)?.as_ref(), &mut question);
        }
        Ok(Some(question))
    }

    pub fn answer(&mut self, question: &[u8]) -> Option<Value> {
        self.asked += 1;
        let answer = self.answers.get(question).cloned();
        self.found += u64::from(answer.is_some());
        answer
    }

    pub fn keep(&mut self, question: Vec<u8>, answer: &Value, frame: &mut Frame) -> Result<()> {
        if self.answers.len() < MOST_KEPT {
            frame.memory.charge(question.len() + ENTRY_SIZE + heap_size(answer.as_ref()))?;
            self.answers.insert(question.into(), answer.clone());
        }
        Ok(())
    }
}

/// 1 and 1.0 are different questions: the subquery may ask for their type.
fn push_exactly(value: ValueRef<'_>, question: &mut Vec<u8>) {
    match value {
        ValueRef::Null => question.push(0),
        ValueRef::Integer(integer) => {
            question.push(1);
            question.extend_from_slice(&integer.to_le_bytes());
        }
        ValueRef::Real(real) => {
            question.push(2);
            question.extend_from_slice(&real.to_bits().to_le_bytes());
        }
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => {
            question.push(if matches!(value, ValueRef::Text(_)) { 3 } else { 4 });
            question.extend_from_slice(&bytes.len().to_le_bytes());
            question.extend_from_slice(bytes);
        }
    }
}
