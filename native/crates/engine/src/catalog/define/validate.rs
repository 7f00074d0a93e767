//! What the expressions of a definition may hold: CHECK, generated columns, index terms, partial index filters.

use std::sync::Arc;

use pluresdb_function::Flags;
use pluresdb_sql::ast::{self, ExprKind};
use pluresdb_value::Collation;

use crate::callback::no_such_collation;
use crate::catalog::{DatabaseIndex, Table, walk_expr};
use crate::dml::generation_order;
use crate::resolve::tree::{Expr, Register};
use crate::resolve::{Resolver, ScopeSource, visit_expr};
use crate::session::Session;
use crate::{Error, Result};

/// Where an expression stands, in the words of SQLite's errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Check,
    Generated,
    IndexTerm,
    PartialIndex,
}

impl Place {
    fn words(self) -> &'static str {
        match self {
            Place::Check => "CHECK constraints",
            Place::Generated => "generated columns",
            Place::IndexTerm => "index expressions",
            Place::PartialIndex => "partial index WHERE clauses",
        }
    }
}

/// Checks a new table's generated columns and CHECKs.
pub(super) fn check_table(
    session: &Session,
    database: DatabaseIndex,
    table: &Arc<Table>,
    text: &str,
) -> Result<()> {
    if table.checks.is_empty() && table.columns.iter().all(|column| column.generated.is_none()) {
        return Ok(());
    }
    for check in &table.checks {
        check_expr(session, database, table, &check.expr, text, Place::Check)?;
    }
    for column in &table.columns {
        if let Some(generated) = &column.generated {
            check_expr(session, database, table, &generated.expr, text, Place::Generated)?;
        }
    }
    generation_order(table)?;
    Ok(())
}

/// A definition names only collations that are there; a schema read from a file may name others.
pub(super) fn check_collation(session: &Session, collation: Collation) -> Result<()> {
    match collation {
        Collation::Custom(id) if !session.callbacks.has_collation(id) => Err(no_such_collation(id.name())),
        _ => Ok(()),
    }
}

pub(super) fn check_expr(
    session: &Session,
    database: DatabaseIndex,
    table: &Arc<Table>,
    expr: &ast::Expr,
    text: &str,
    place: Place,
) -> Result<()> {
    let is_of_row = matches!(place, Place::Generated | Place::IndexTerm);
    let mut prohibited = None;
    let mut is_qualified = false;
    walk_expr(expr, &mut |expr| match &expr.kind {
        ExprKind::Subquery(_)
        | ExprKind::Exists(_)
        | ExprKind::InSelect { .. }
        | ExprKind::InTable { .. } => {
            prohibited.get_or_insert("subqueries");
        }
        ExprKind::Parameter(_) => {
            prohibited.get_or_insert("parameters");
        }
        ExprKind::Column { qualifier: Some(_), .. } if is_of_row => is_qualified = prohibited.is_none(),
        _ => {}
    });
    if let Some(what) = prohibited {
        return Err(Error::error(format!("{what} prohibited in {}", place.words())));
    }
    let mut resolver = Resolver::new(session, text, 0);
    resolver.set_schema_text(database != DatabaseIndex::TEMP);
    let base: Register = resolver.new_registers(table.columns.len() + 1);
    let row = ScopeSource::from_registers(&table.name, None, table, base);
    resolver.push_schema_scope(if is_of_row { row.without_rowid() } else { row });
    let resolved = resolver.resolve_expr(expr)?;
    if is_qualified {
        return Err(Error::error(format!("the \".\" operator prohibited in {}", place.words())));
    }
    if place == Place::Check {
        return Ok(());
    }
    let mut is_deterministic = true;
    visit_expr(&resolved, &mut |expr| match expr {
        Expr::Function { function, .. } => {
            is_deterministic &= function.flags.has(Flags::DETERMINISTIC);
        }
        Expr::Application { function, .. } => is_deterministic &= function.is_deterministic,
        Expr::Raw(_) => is_deterministic = false,
        _ => {}
    });
    if !is_deterministic {
        return Err(Error::error(format!("non-deterministic functions prohibited in {}", place.words())));
    }
    Ok(())
}
