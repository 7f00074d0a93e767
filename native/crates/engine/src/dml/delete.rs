//! DELETE: finds the rows, then deletes them one by one; a whole table that nobody watches is emptied at once.

use pluresdb_sql::ast;
use pluresdb_value::Value;

use super::found::{FinderRequest, RowFinder};
use super::returning::Returning;
use super::target::{Found, Image, Target, find_target, is_a_view};
use crate::execute::{Context, Frame};
use crate::plan::PlanLine;
use crate::resolve::Resolver;
use crate::resolve::tree::{OutputColumn, Program};
use crate::session::Session;
use crate::statement::Effect;
use crate::{Error, Result};

pub(crate) struct Delete {
    program: Program,
    frame: Frame,
    target: Target,
    finder: RowFinder,
    returning: Returning,
}

impl Delete {
    pub fn compile(
        session: &Session,
        delete: &ast::Delete,
        text: &str,
        parameter_count: usize,
    ) -> Result<Delete> {
        let (database, table) = match find_target(session, &delete.table)? {
            Found::Table(database, table) => (database, table),
            Found::View(view) => return Err(is_a_view(&view.name)),
        };
        if !delete.order_by.is_empty() && delete.limit.is_none() {
            return Err(Error::error("ORDER BY without LIMIT on DELETE"));
        }
        let mut resolver = Resolver::new(session, text, parameter_count);
        if let Some(with) = &delete.with {
            resolver.push_with(with)?;
        }
        let target = Target::compile(session, &mut resolver, database, &table)?;
        let mut request = FinderRequest {
            alias: delete.alias.as_ref().map(|alias| &*alias.text),
            indexed: delete.indexed.as_ref(),
            from: None,
            filter: delete.filter.as_ref(),
            order_by: &delete.order_by,
            limit: delete.limit.as_ref(),
        };
        let finder = RowFinder::compile(&mut request, &target, session, &mut resolver, &mut |_| Ok(()))?;
        let returning = Returning::compile(&delete.returning, &target, Image::Old, session, &mut resolver)?;
        let program = resolver.finish();
        let finder = finder.plan(&program, session)?;
        let frame = Frame::new(&program);
        Ok(Delete { program, frame, target, finder, returning })
    }

    pub fn columns(&self) -> &[OutputColumn] {
        &self.returning.columns
    }

    pub fn effect(&self) -> Effect {
        Effect::Write(self.target.database)
    }

    pub fn explain(&self) -> &[PlanLine] {
        self.finder.explain()
    }

    pub fn run(
        &mut self,
        session: &mut Session,
        parameters: &[Value],
        rows: &mut Vec<Vec<Value>>,
    ) -> Result<()> {
        let Delete { program, frame, target, finder, returning } = self;
        frame.reset();
        let mut context = Context::new(session, parameters, program);
        let mut changes = 0;
        let outcome = if finder.finds_all() && returning.columns.is_empty() && target.can_truncate(&context) {
            target.truncate(&mut context).map(|count| changes = count)
        } else {
            delete_found(target, finder, returning, rows, &mut changes, frame, &mut context)
        };
        context.session.count_changes(changes, outcome.is_ok());
        outcome
    }
}

fn delete_found(
    target: &mut Target,
    finder: &mut RowFinder,
    returning: &Returning,
    rows: &mut Vec<Vec<Value>>,
    changes: &mut i64,
    frame: &mut Frame,
    context: &mut Context<'_>,
) -> Result<()> {
    finder.find(target, frame, context, &mut |_, _| Ok(()))?;
    let mut record = std::mem::take(&mut target.buffers.old_record);
    let mut outcome = Ok(());
    for index in 0..finder.found.len() {
        outcome = (|| {
            context.step()?;
            if !finder.load(index, target, &mut record, frame, context)? {
                return Ok(());
            }
            target.delete_row(Image::Old, &record, frame, context)?;
            *changes += 1;
            returning.collect(rows, frame, context)
        })();
        if outcome.is_err() {
            break;
        }
    }
    target.buffers.old_record = record;
    outcome
}

impl Target {
    /// Nobody needs to see the rows go.
    fn can_truncate(&self, context: &Context<'_>) -> bool {
        !context.session.transaction(self.database).is_watched(self.table.tree)
    }
}
