//! `SET a = …, (b, c) = (…)`: which columns change, and to what.

use pluresdb_sql::ast::{self, AssignmentTarget, ExprKind};
use pluresdb_value::Value;

use super::foreign_key::UpdatedKeys;
use super::target::Target;
use crate::catalog::{Table, walk_expr};
use crate::execute::{Context, Frame, eval_subtyped, first_row, json_columns};
use crate::resolve::tree::{Expr, SubqueryId};
use crate::resolve::{Resolver, any_expr};
use crate::{Error, Result, ResultCode};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Assigned {
    Column(usize),
    Rowid,
}

/// What a column is set to, and whether it has the JSON subtype.
pub(crate) struct NewValue {
    pub assigned: Assigned,
    pub value: Value,
    pub is_json: bool,
}

enum Source {
    Expr(Assigned, Expr),
    /// The first row of a subquery; NULLs when it has none.
    Subquery(Vec<Assigned>, SubqueryId),
}

pub(crate) struct Assignments {
    sources: Vec<Source>,
    /// By column of the table.
    pub changed: Vec<bool>,
    pub changes_rowid: bool,
    pub foreign_keys: UpdatedKeys,
}

/// Whether the application lets the column be changed.
fn may_assign(name: &ast::Name, target: &Target, resolver: &Resolver<'_>) -> Result<bool> {
    let table = &target.table;
    let column = match table.columns.iter().find(|column| name.is(&column.name)) {
        Some(column) => &column.name,
        None if is_rowid_name(&name.text) => "ROWID",
        // It is found missing before it is asked for.
        None => return Ok(true),
    };
    resolver.authorize_assignment(target.database, &table.name, column)
}

impl Assignments {
    /// Asks which of the written columns may be set.
    pub fn ask(written: &[ast::Assignment], target: &Target, resolver: &Resolver<'_>) -> Result<Vec<bool>> {
        let names = written.iter().flat_map(|assignment| match &assignment.target {
            AssignmentTarget::Column(name) => std::slice::from_ref(name),
            AssignmentTarget::Row(names) => names,
        });
        names.map(|name| may_assign(name, target, resolver)).collect()
    }

    /// Names on the right resolve in the resolver's present scopes.
    pub fn compile(
        written: &[ast::Assignment],
        target: &Target,
        resolver: &mut Resolver<'_>,
    ) -> Result<Assignments> {
        Assignments::compile_asked(written, None, target, resolver)
    }

    /// `settable` are the answers of `ask`; None: they are asked for one by one.
    pub fn compile_asked(
        written: &[ast::Assignment],
        settable: Option<Vec<bool>>,
        target: &Target,
        resolver: &mut Resolver<'_>,
    ) -> Result<Assignments> {
        let mut settable = settable.map(Vec::into_iter);
        let mut may_assign = |name: &ast::Name, resolver: &Resolver<'_>| match &mut settable {
            Some(answers) => Ok(answers.next().unwrap_or(true)),
            None => may_assign(name, target, resolver),
        };
        let mut assignments = Assignments {
            sources: Vec::with_capacity(written.len()),
            changed: vec![false; target.table.columns.len()],
            changes_rowid: false,
            foreign_keys: UpdatedKeys::default(),
        };
        for assignment in written {
            match &assignment.target {
                AssignmentTarget::Column(name) => {
                    // A wrong value is an error before a wrong column is.
                    let expr = resolver.resolve_expr(&assignment.value)?;
                    if !may_assign(name, resolver)? {
                        continue;
                    }
                    let assigned = assignments.assigned(name, target)?;
                    assignments.sources.push(Source::Expr(assigned, expr));
                }
                AssignmentTarget::Row(names) => {
                    for name in names {
                        if !may_assign(name, resolver)? {
                            return Err(Error::new(ResultCode::Auth, "not authorized"));
                        }
                    }
                    assignments.add_row(names, &assignment.value, target, resolver)?;
                }
            }
        }
        let generated = target.generated.iter().map(|(column, _)| *column);
        propagate_to_generated(&target.table, generated, &mut assignments.changed);
        if let Some(keys) = &target.foreign_keys {
            assignments.foreign_keys = keys.updated_keys(&assignments, &target.table);
        }
        Ok(assignments)
    }

    /// What is wrong with the columns alone: SQLite looks at them before the FROM of an UPDATE that has one.
    pub fn check_columns(written: &[ast::Assignment], target: &Target) -> Result<()> {
        let mut assignments = Assignments {
            sources: Vec::new(),
            changed: vec![false; target.table.columns.len()],
            changes_rowid: false,
            foreign_keys: UpdatedKeys::default(),
        };
        let mut names = written.iter().flat_map(|assignment| match &assignment.target {
            AssignmentTarget::Column(name) => std::slice::from_ref(name),
            AssignmentTarget::Row(names) => names,
        });
        names.try_for_each(|name| assignments.assigned(name, target).map(drop))
    }

    /// What is assigned, in the order in which the values are computed.
    pub fn places(&self) -> impl Iterator<Item = Assigned> {
        self.sources
            .iter()
            .flat_map(|source| match source {
                Source::Expr(assigned, _) => std::slice::from_ref(assigned),
                Source::Subquery(assigned, _) => &assigned[..],
            })
            .copied()
    }

    /// What is assigned where, in the order written; None when a subquery assigns several columns at once.
    pub fn simple(&self) -> Option<Vec<(Assigned, &Expr)>> {
        let simple = self.sources.iter().map(|source| match source {
            Source::Expr(assigned, expr) => Some((*assigned, expr)),
            Source::Subquery(..) => None,
        });
        simple.collect()
    }

    /// Whether code of the application may run for it; subqueries are not looked into.
    pub fn call_application(&self) -> bool {
        let is_application = |expr: &Expr| matches!(expr, Expr::Application { .. });
        self.sources.iter().any(|source| match source {
            Source::Expr(_, expr) => any_expr(expr, &is_application),
            Source::Subquery(..) => true,
        })
    }

    /// Whether the row's identity may change.
    pub fn changes_key(&self, table: &Table) -> bool {
        let is_in_key = || table.primary_key.iter().any(|key| self.changed[key.column]);
        self.changes_rowid || (table.without_rowid && is_in_key())
    }

    fn add_row(
        &mut self,
        names: &[ast::Name],
        value: &ast::Expr,
        target: &Target,
        resolver: &mut Resolver<'_>,
    ) -> Result<()> {
        let mismatch =
            |found: usize| Error::error(format!("{} columns assigned {found} values", names.len()));
        match &value.kind {
            ExprKind::Subquery(select) => {
                let (subquery, columns) = resolver.resolve_subquery(select)?;
                if columns.len() != names.len() {
                    return Err(mismatch(columns.len()));
                }
                let assigned = names.iter().map(|name| self.assigned(name, target)).collect::<Result<_>>()?;
                self.sources.push(Source::Subquery(assigned, subquery));
            }
            ExprKind::Row(parts) => {
                if parts.len() != names.len() {
                    return Err(mismatch(parts.len()));
                }
                for (name, part) in names.iter().zip(parts) {
                    let expr = resolver.resolve_expr(part)?;
                    let assigned = self.assigned(name, target)?;
                    self.sources.push(Source::Expr(assigned, expr));
                }
            }
            _ if names.len() == 1 => {
                let expr = resolver.resolve_expr(value)?;
                let assigned = self.assigned(&names[0], target)?;
                self.sources.push(Source::Expr(assigned, expr));
            }
            _ => return Err(mismatch(1)),
        }
        Ok(())
    }

    fn assigned(&mut self, name: &ast::Name, target: &Target) -> Result<Assigned> {
        let table = &target.table;
        match table.columns.iter().position(|column| name.is(&column.name)) {
            Some(column) if table.columns[column].generated.is_some() => Err(Error::error(format!(
                "cannot UPDATE generated column \"{}\"",
                table.columns[column].name
            ))),
            Some(column) => {
                self.changed[column] = true;
                if table.rowid_alias == Some(column) {
                    self.changes_rowid = true;
                    return Ok(Assigned::Rowid);
                }
                Ok(Assigned::Column(column))
            }
            None if !table.without_rowid && is_rowid_name(&name.text) => {
                self.changes_rowid = true;
                if let Some(alias) = table.rowid_alias {
                    self.changed[alias] = true;
                }
                Ok(Assigned::Rowid)
            }
            None => Err(Error::error(format!("no such column: {}", name.text))),
        }
    }

    /// Computes the new values; `out` gets what is assigned, in the order written.
    pub fn eval(&self, out: &mut Vec<NewValue>, frame: &mut Frame, context: &mut Context<'_>) -> Result<()> {
        out.clear();
        for source in &self.sources {
            match source {
                Source::Expr(assigned, expr) => {
                    let (value, is_json) = eval_subtyped(expr, frame, context)?;
                    out.push(NewValue { assigned: *assigned, value, is_json });
                }
                Source::Subquery(assigned, subquery) => {
                    let row = first_row(*subquery, frame, context)?;
                    let json = json_columns(*subquery, frame);
                    let row = assigned.iter().zip(row).enumerate();
                    out.extend(row.map(|(index, (assigned, value))| NewValue {
                        assigned: *assigned,
                        value,
                        is_json: json.contains(&index),
                    }));
                }
            }
        }
        Ok(())
    }
}

/// The three names every rowid has, where no column takes them.
pub(crate) fn is_rowid_name(name: &str) -> bool {
    ["rowid", "_rowid_", "oid"].iter().any(|rowid| rowid.eq_ignore_ascii_case(name))
}

/// A generated column changes with those it is computed from, each of which stands before it in `generated`.
fn propagate_to_generated(table: &Table, generated: impl Iterator<Item = usize>, changed: &mut [bool]) {
    for column in generated {
        let Some(generated) = &table.columns[column].generated else { continue };
        let mut changes = false;
        walk_expr(&generated.expr, &mut |expr| {
            if let ExprKind::Column { column: name, .. } = &expr.kind {
                let mut columns = table.columns.iter().zip(&*changed);
                changes |= columns.any(|(of, changed)| *changed && name.is(&of.name));
            }
        });
        changed[column] |= changes;
    }
}
