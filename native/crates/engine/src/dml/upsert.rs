//! `ON CONFLICT … DO NOTHING | DO UPDATE`: which constraint a clause is about, and its update.

use pluresdb_sql::ast::{self, UpsertAction, UpsertTarget};

use super::assignment::Assignments;
use super::conflict::UniqueKey;
use super::surroundings::Surroundings;
use super::target::{Image, Target};
use super::update::RowUpdate;
use crate::catalog::{ConflictAction, IndexTerm};
use crate::resolve::Resolver;
use crate::resolve::ordinal_text;
use crate::resolve::tree::Expr;
use crate::resolve::{identical_expr, same_expr};
use crate::{Error, Result};
use pluresdb_value::Collation;

pub(crate) struct Upsert {
    /// None: any constraint.
    pub key: Option<UniqueKey>,
    pub action: Action,
}

pub(crate) enum Action {
    Nothing,
    Update { assignments: Assignments, filter: Option<Expr>, update: RowUpdate },
}

/// The clause as it stands in its INSERT.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    pub written: &'a ast::Upsert,
    /// Counted from 0 among several; None: it is the only one.
    pub position: Option<usize>,
    /// The INSERT says which rowid its rows get.
    pub gives_rowid: bool,
}

impl Upsert {
    /// Of DO UPDATE.
    pub fn assignments(&self) -> Option<&Assignments> {
        match &self.action {
            Action::Nothing => None,
            Action::Update { assignments, .. } => Some(assignments),
        }
    }

    /// Whether its update changes more than its row: it fires triggers, or its columns are in foreign keys.
    pub fn changes_more(&self) -> bool {
        match &self.action {
            Action::Nothing => false,
            Action::Update { assignments, update, .. } => {
                !update.triggers.is_empty() || !assignments.foreign_keys.is_empty()
            }
        }
    }

    pub fn compile(
        place: Place<'_>,
        alias: Option<&str>,
        target: &Target,
        surroundings: &Surroundings<'_>,
        resolver: &mut Resolver<'_>,
    ) -> Result<Upsert> {
        let Place { written, position, gives_rowid } = place;
        let schema = surroundings.session.database_name(target.database);
        let name = alias.unwrap_or(&target.table.name);
        let existing = target.scope(name, alias.is_none().then_some(schema), Image::Old);
        let key = match &written.target {
            None => None,
            Some(wanted) => {
                resolver.push_scope(vec![existing.clone()]);
                let key = find_key(wanted, target, resolver);
                resolver.pop_scope();
                Some(key?.ok_or_else(|| no_such_key(position))?)
            }
        };
        let action = match &written.action {
            UpsertAction::Nothing => Action::Nothing,
            // SQLite compiles an update only where it compiles a check for conflicts.
            _ if !can_conflict(key, target, gives_rowid) => Action::Nothing,
            UpsertAction::Update { assignments, filter } => {
                // A bare name means the existing row's column: `excluded` lies one scope further out.
                resolver.push_scope(vec![target.scope("excluded", None, Image::New).without_types()]);
                resolver.push_scope(vec![existing]);
                let compiled = Assignments::compile(assignments, target, resolver).and_then(|assignments| {
                    let filter = filter.as_ref().map(|filter| resolver.resolve_expr(filter)).transpose()?;
                    Ok((assignments, filter))
                });
                resolver.pop_scope();
                resolver.pop_scope();
                let (compiled, filter) = compiled?;
                // DO UPDATE aborts on a conflict, whatever the constraint or INSERT OR says.
                let or = Some(ConflictAction::Abort);
                let update = RowUpdate::compile(surroundings, target, assignments, or)?;
                Action::Update { assignments: compiled, filter, update }
            }
        };
        Ok(Upsert { key, action })
    }
}

/// The rowid or unique index whose columns the clause names, in any order. None: there is none.
///
/// An index with the rowid's alias in it is never found: SQLite takes the name for the rowid, which no index column is.
fn find_key(
    wanted: &UpsertTarget,
    target: &Target,
    resolver: &mut Resolver<'_>,
) -> Result<Option<UniqueKey>> {
    let mut terms = Vec::with_capacity(wanted.columns.len());
    for term in &wanted.columns {
        let mut operand = &term.expr;
        let mut collation = None;
        while let ast::ExprKind::Collate { operand: inner, collation: name } = &operand.kind {
            collation = collation.or(Collation::named(&name.text));
            operand = inner;
        }
        terms.push((resolver.resolve_expr(operand)?, collation));
    }
    let filter = wanted.filter.as_ref().map(|filter| resolver.resolve_expr(filter)).transpose()?;
    if !target.table.without_rowid
        && let [(Expr::Register(register), _)] = terms.as_slice()
        && *register == target.rowid_register(Image::Old)
    {
        return Ok(Some(UniqueKey::Rowid));
    }
    for (number, plan) in target.indexes.iter().enumerate() {
        let image = plan.image(Image::Old);
        if !plan.index.unique || plan.index.columns.len() != terms.len() {
            continue;
        }
        if let Some(partial) = &image.partial
            && !filter.as_ref().is_some_and(|filter| same_expr(filter, partial))
        {
            continue;
        }
        let is_named = plan.index.columns.iter().zip(&image.registers).all(|(column, register)| {
            let computed = image.computed.iter().find(|(computed, _)| computed == register);
            terms.iter().any(|(term, collation)| {
                let is_same = match (&column.term, computed) {
                    (IndexTerm::Expr(_), Some((_, expr))) => identical_expr(term, expr),
                    _ => {
                        *register != target.rowid_register(Image::Old)
                            && matches!(term, Expr::Register(named) if named == register)
                    }
                };
                is_same && collation.is_none_or(|collation| collation == column.collation)
            })
        });
        if is_named {
            return Ok(Some(UniqueKey::Index(number)));
        }
    }
    Ok(None)
}

/// Whether the clause can ever be asked: a rowid that the table chooses stands in no row's way.
fn can_conflict(key: Option<UniqueKey>, target: &Target, gives_rowid: bool) -> bool {
    match key {
        Some(UniqueKey::Index(_)) => true,
        Some(UniqueKey::Rowid) => gives_rowid,
        None => gives_rowid || target.indexes.iter().any(|plan| plan.index.unique),
    }
}

/// `position` is the clause's place in a list of several; the only clause needs none.
fn no_such_key(position: Option<usize>) -> Error {
    let which = position.map_or_else(String::new, |position| format!("{} ", ordinal_text(position + 1)));
    Error::error(format!("{which}ON CONFLICT clause does not match any PRIMARY KEY or UNIQUE constraint"))
}
