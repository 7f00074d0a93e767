//! `ON CONFLICT … DO NOTHING | DO UPDATE`: which constraint a clause is about, and its update.

use pluresdb_sql::ast::{self, UpsertAction, UpsertTarget};

use super::assignment::Assignments;
use super::compile_order::Step;
use super::conflict::UniqueKey;
use super::surroundings::Surroundings;
use super::target::{Image, Target};
use super::update::RowUpdate;
use crate::catalog::{ConflictAction, IndexTerm};
use crate::resolve::ordinal_text;
use crate::resolve::tree::Expr;
use crate::resolve::{Resolver, ScopeSource};
use crate::resolve::{identical_expr, same_expr};
use crate::session::Session;
use crate::{Error, Result};
use pluresdb_value::Collation;

/// What a clause does.
pub(crate) enum Upsert {
    Nothing,
    Update { assignments: Assignments, filter: Option<Expr>, update: RowUpdate },
}

impl Upsert {
    /// Of DO UPDATE.
    pub fn assignments(&self) -> Option<&Assignments> {
        match self {
            Upsert::Nothing => None,
            Upsert::Update { assignments, .. } => Some(assignments),
        }
    }

    /// What SQLite comes upon while it compiles the clause.
    pub fn compile_steps(&self, target: &Target, session: &Session) -> Vec<Step> {
        match self {
            Upsert::Nothing => Vec::new(),
            Upsert::Update { assignments, update, .. } => update.compile_steps(assignments, target, session),
        }
    }

    /// Whether its update changes more than its row: it fires triggers, or its columns are in foreign keys.
    pub fn changes_more(&self) -> bool {
        match self {
            Upsert::Nothing => false,
            Upsert::Update { assignments, update, .. } => {
                !update.triggers.is_empty() || !assignments.foreign_keys.is_empty()
            }
        }
    }
}

/// What the clauses of an INSERT can name.
pub(crate) struct UpsertScopes {
    /// The row that stands in the way.
    existing: ScopeSource,
    excluded: ScopeSource,
}

impl UpsertScopes {
    pub fn new(alias: Option<&str>, target: &Target, session: &Session) -> UpsertScopes {
        let schema = alias.is_none().then(|| session.database_name(target.database));
        UpsertScopes {
            existing: target.scope(alias.unwrap_or(&target.table.name), schema, Image::Old),
            excluded: target.scope("excluded", None, Image::New).without_types(),
        }
    }

    /// The constraint that each clause is about; None: any.
    pub fn find_keys(
        &self,
        clauses: &[ast::Upsert],
        target: &Target,
        resolver: &mut Resolver<'_>,
    ) -> Result<Vec<Option<UniqueKey>>> {
        let keys = clauses.iter().enumerate().map(|(position, clause)| {
            let Some(wanted) = &clause.target else { return Ok(None) };
            resolver.push_scope(vec![self.existing.clone()]);
            let key = find_key(wanted, target, resolver);
            resolver.pop_scope();
            let position = (clauses.len() > 1).then_some(position);
            key?.map(Some).ok_or_else(|| no_such_key(position))
        });
        keys.collect()
    }

    pub fn compile(
        &self,
        clause: &ast::Upsert,
        target: &Target,
        surroundings: &Surroundings<'_>,
        resolver: &mut Resolver<'_>,
    ) -> Result<Upsert> {
        let UpsertAction::Update { assignments, filter } = &clause.action else {
            return Ok(Upsert::Nothing);
        };
        // A bare name means the existing row's column: `excluded` lies one scope further out.
        resolver.push_scope(vec![self.excluded.clone()]);
        resolver.push_scope(vec![self.existing.clone()]);
        let compiled = Assignments::compile(assignments, target, resolver).and_then(|assignments| {
            let filter = filter.as_ref().map(|filter| resolver.resolve_expr(filter)).transpose()?;
            Ok((assignments, filter))
        });
        resolver.pop_scope();
        resolver.pop_scope();
        let (compiled, filter) = compiled?;
        // DO UPDATE aborts on a conflict, whatever the constraint or INSERT OR says.
        let or = Some(ConflictAction::Abort);
        let update = RowUpdate::compile(surroundings, target, assignments, &compiled, or)?;
        Ok(Upsert::Update { assignments: compiled, filter, update })
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

/// `position` is the clause's place in a list of several; the only clause needs none.
fn no_such_key(position: Option<usize>) -> Error {
    let which = position.map_or_else(String::new, |position| format!("{} ", ordinal_text(position + 1)));
    Error::error(format!("{which}ON CONFLICT clause does not match any PRIMARY KEY or UNIQUE constraint"))
}
