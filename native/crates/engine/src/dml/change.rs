//! INSERT, UPDATE or DELETE as the application's own statement, with all that it sets off.

use std::rc::Rc;

use pluresdb_sql::ast;
use pluresdb_value::Value;

use super::nested::{ChangeStatement, RowCounts};
use super::row_program::RowPrograms;
use super::surroundings::Surroundings;
use crate::catalog::DatabaseSet;
use crate::plan::PlanLine;
use crate::resolve::tree::OutputColumn;
use crate::session::Session;
use crate::statement::Effect;
use crate::{Error, Result};

pub(crate) struct Change {
    statement: ChangeStatement,
    /// Owned here: the statement and the programs themselves only refer to it.
    programs: Rc<RowPrograms>,
    /// `PRAGMA count_changes`: the statement's one row says how many it changed.
    tells_count: bool,
}

impl Change {
    pub fn compile(
        session: &Session,
        statement: &ast::Statement,
        text: &str,
        parameter_count: usize,
    ) -> Result<Change> {
        let programs = Rc::new(RowPrograms::default());
        let surroundings =
            Surroundings { session, text, parameter_count, programs: &programs, trigger: None };
        let statement = ChangeStatement::compile(statement, &surroundings)?
            .ok_or_else(|| Error::error("not a statement that changes rows"))?;
        programs.compile_all(session)?;
        let tells_count = session.settings.count_changes && statement.columns().is_empty();
        Ok(Change { statement, programs, tells_count })
    }

    /// Whether the application wants it to do nothing.
    pub fn is_ignored(&self) -> bool {
        self.programs.is_ignored()
    }

    /// The name of the column that tells how many rows changed.
    pub fn count_column(&self) -> Option<&'static str> {
        self.tells_count.then_some(match &self.statement {
            ChangeStatement::Insert(_) => "rows inserted",
            ChangeStatement::Delete(_) => "rows deleted",
            ChangeStatement::View(change) if change.is_delete() => "rows deleted",
            ChangeStatement::Update(_) | ChangeStatement::View(_) => "rows updated",
        })
    }

    pub fn columns(&self) -> &[OutputColumn] {
        self.statement.columns()
    }

    pub fn effect(&self) -> Effect {
        let own = self.statement.database();
        let all = self.programs.written().with(own);
        if all == DatabaseSet::default().with(own) { Effect::Write(own) } else { Effect::WriteSome(all) }
    }

    pub fn explain(&self) -> &[PlanLine] {
        self.statement.explain()
    }

    /// Nothing of it is left to undo when it fails.
    pub fn is_atomic(&self) -> bool {
        match &self.statement {
            ChangeStatement::Update(update) => update.is_atomic(),
            ChangeStatement::Delete(delete) => delete.is_atomic(),
            ChangeStatement::Insert(insert) => insert.is_atomic(),
            ChangeStatement::View(_) => false,
        }
    }

    pub fn is_delete(&self) -> bool {
        matches!(self.statement, ChangeStatement::Delete(_))
    }

    pub fn run(
        &mut self,
        session: &mut Session,
        parameters: &[Value],
        rows: &mut Vec<Vec<Value>>,
    ) -> Result<()> {
        let mut counts = RowCounts::default();
        // Only code of the application asks, and only where it may use the session.
        let is_told = session.settings.is_reentrant;
        if is_told {
            let tree = self.statement.tree().filter(|_| self.programs.is_empty());
            session.changing.push(tree.map(|tree| (self.statement.database(), tree)));
        }
        let outcome = self
            .programs
            .open_sequences(session)
            .and_then(|()| self.statement.run(session, parameters, rows, &mut counts))
            .and_then(|()| self.programs.close_sequences(session));
        if is_told {
            session.changing.pop();
        }
        session.count_changes(counts.changed, outcome.is_ok());
        if self.tells_count && outcome.is_ok() {
            rows.push(vec![Value::Integer(counts.changed + counts.handed)]);
        }
        outcome
    }
}
