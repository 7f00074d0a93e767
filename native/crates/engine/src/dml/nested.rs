//! Nested statements: an INSERT, UPDATE, DELETE or SELECT that runs inside another statement, for one of its rows.
//!
//! They are ordinary statements in all but this:
//! - their parameters are the row they run for (`row_program`), never the application's;
//! - their rows are dropped, and what they change counts for `total_changes()` alone;
//! - they commit nothing and undo nothing: an error ends the outermost statement, which undoes them with itself.

use pluresdb_sql::ast;
use pluresdb_value::Value;

use super::surroundings::Surroundings;
use super::target::{Found, find_target};
use super::trigger::{ViewChange, ViewRequest};
use super::{delete::Delete, insert::Insert, update::Update};
use crate::catalog::{DatabaseIndex, TreeId};
use crate::plan::PlanLine;
use crate::resolve::tree::{OutputColumn, Program};
use crate::session::Session;
use crate::statement::RunningQuery;
use crate::{Error, Result};

/// A statement that changes rows, compiled.
pub(crate) enum ChangeStatement {
    Insert(Box<Insert>),
    Update(Box<Update>),
    Delete(Box<Delete>),
    /// UPDATE or DELETE of a view.
    View(Box<ViewChange>),
}

/// The rows that one run of a statement was about.
#[derive(Default)]
pub(crate) struct RowCounts {
    /// Those it changed by itself: what changes() tells.
    pub changed: i64,
    /// A view's rows that it handed to INSTEAD OF triggers.
    pub handed: i64,
}

impl ChangeStatement {
    /// None for a statement that is none of the three.
    pub fn compile(
        statement: &ast::Statement,
        surroundings: &Surroundings<'_>,
    ) -> Result<Option<ChangeStatement>> {
        Ok(Some(match statement {
            ast::Statement::Insert(insert) => {
                ChangeStatement::Insert(Box::new(Insert::compile(surroundings, insert)?))
            }
            ast::Statement::Update(update) => {
                match find_target(surroundings.session, &update.table, surroundings.home())? {
                    Found::Table(database, table) => ChangeStatement::Update(Box::new(Update::compile(
                        surroundings,
                        update,
                        database,
                        &table,
                    )?)),
                    Found::View(database, view) => {
                        let request = ViewRequest::of_update(update);
                        let change = ViewChange::compile(surroundings, &request, database, &view)?;
                        ChangeStatement::View(Box::new(change))
                    }
                }
            }
            ast::Statement::Delete(delete) => {
                match find_target(surroundings.session, &delete.table, surroundings.home())? {
                    Found::Table(database, table) => ChangeStatement::Delete(Box::new(Delete::compile(
                        surroundings,
                        delete,
                        database,
                        &table,
                    )?)),
                    Found::View(database, view) => {
                        let request = ViewRequest::of_delete(delete);
                        let change = ViewChange::compile(surroundings, &request, database, &view)?;
                        ChangeStatement::View(Box::new(change))
                    }
                }
            }
            _ => return Ok(None),
        }))
    }

    /// The database whose rows it changes.
    pub fn database(&self) -> DatabaseIndex {
        match self {
            ChangeStatement::Insert(insert) => insert.database(),
            ChangeStatement::Update(update) => update.database(),
            ChangeStatement::Delete(delete) => delete.database(),
            ChangeStatement::View(change) => change.database(),
        }
    }

    /// The table whose rows it changes; None for a view's.
    pub fn tree(&self) -> Option<TreeId> {
        match self {
            ChangeStatement::Insert(insert) => Some(insert.tree()),
            ChangeStatement::Update(update) => Some(update.tree()),
            ChangeStatement::Delete(delete) => Some(delete.tree()),
            ChangeStatement::View(_) => None,
        }
    }

    pub fn columns(&self) -> &[OutputColumn] {
        match self {
            ChangeStatement::Insert(insert) => insert.columns(),
            ChangeStatement::Update(update) => update.columns(),
            ChangeStatement::Delete(delete) => delete.columns(),
            ChangeStatement::View(change) => change.columns(),
        }
    }

    pub fn explain(&self) -> &[PlanLine] {
        match self {
            ChangeStatement::Insert(insert) => insert.explain(),
            ChangeStatement::Update(update) => update.explain(),
            ChangeStatement::Delete(delete) => delete.explain(),
            ChangeStatement::View(change) => change.explain(),
        }
    }

    /// `counts` holds also when it then fails; `rows` gets those of RETURNING. Triggers nest through here a thousand times: what
    /// the statements need of the stack is not to be added up in this frame, so they are not inlined.
    pub fn run(
        &mut self,
        session: &mut Session,
        parameters: &[Value],
        rows: &mut Vec<Vec<Value>>,
        counts: &mut RowCounts,
    ) -> Result<()> {
        let RowCounts { changed, handed } = counts;
        match self {
            ChangeStatement::Insert(insert) if insert.is_of_view() => {
                insert.run(session, parameters, rows, handed)
            }
            ChangeStatement::Insert(insert) => insert.run(session, parameters, rows, changed),
            ChangeStatement::Update(update) => update.run(session, parameters, rows, changed),
            ChangeStatement::Delete(delete) => delete.run(session, parameters, rows, changed),
            ChangeStatement::View(change) => change.run(session, parameters, rows, handed),
        }
    }
}

pub(crate) enum NestedStatement {
    Change(ChangeStatement),
    Query(Box<RunningQuery>),
}

impl NestedStatement {
    pub fn compile(statement: &ast::Statement, surroundings: &Surroundings<'_>) -> Result<NestedStatement> {
        if let ast::Statement::Select(select) = statement {
            let mut resolver = surroundings.resolver();
            let resolved = resolver.resolve_select(select)?;
            let query = RunningQuery::plan(&resolved, resolver.finish()?, surroundings.session)?;
            return Ok(NestedStatement::Query(Box::new(query)));
        }
        match ChangeStatement::compile(statement, surroundings)? {
            Some(change) => {
                surroundings.programs.note_written(change.database());
                Ok(NestedStatement::Change(change))
            }
            None => Err(Error::error("not a statement of a trigger")),
        }
    }

    /// Whether it neither reads nor writes the table of that tree.
    pub fn is_apart(&self, tree: TreeId) -> bool {
        match self {
            NestedStatement::Change(ChangeStatement::Insert(insert)) => insert.is_apart(tree),
            NestedStatement::Change(ChangeStatement::Update(update)) => update.is_apart(tree),
            NestedStatement::Change(ChangeStatement::Delete(delete)) => delete.is_apart(tree),
            NestedStatement::Change(ChangeStatement::View(_)) => false,
            NestedStatement::Query(query) => reads_no_table(&query.program),
        }
    }

    pub fn run(&mut self, session: &mut Session, parameters: &[Value]) -> Result<()> {
        match self {
            NestedStatement::Change(change) => {
                let mut counts = RowCounts::default();
                change.run(session, parameters, &mut Vec::new(), &mut counts)?;
                session.changes = counts.changed;
                session.total_changes += counts.changed;
                Ok(())
            }
            NestedStatement::Query(query) => {
                let outcome = run_to_end(query, session, parameters);
                query.close();
                outcome
            }
        }
    }
}

/// Whether a query with this program, or an expression, looks at no table.
pub(super) fn reads_no_table(program: &Program) -> bool {
    program.source_count == 0 && program.subqueries.is_empty() && program.ctes.is_empty()
}

fn run_to_end(query: &mut RunningQuery, session: &mut Session, parameters: &[Value]) -> Result<()> {
    query.start(session, parameters)?;
    while query.next(session, parameters)? {}
    Ok(())
}
