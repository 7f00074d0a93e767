//! The first table that a query names in vain.
//!
//! SQLite looks up the tables of a query, those of all its subqueries included, before it asks what any other name
//! means: where both are wrong, it complains of the table. Here names are resolved in one pass, so a query that fails is
//! searched for such a table.
//!
//! ```text
//! SELECT nix FROM t UNION SELECT 1 FROM gone       no such table: gone
//! ```
//! So it does of a USING whose column is missing. One that is ambiguous does not end SQLite's search, but it goes on no
//! further than through the next FROM.
//!
//! Of a view it resolves all names where it comes upon the view.
//!
//! As in SQLite the arms of a compound are searched from the last to the first, and of each FROM before the expressions.

use std::sync::Arc;

use pluresdb_sql::ast::{self, ExprKind, FromSource, JoinConstraint, SelectCore};

use super::Resolver;
use super::from::{PendingJoins, no_such_table};
use super::names::Relation;
use crate::catalog::{DatabaseIndex, View, walk_expr};
use crate::error::{Error, Result, ResultCode};

/// Deeper ones are not searched.
const MAX_DEPTH: usize = 100;

impl Resolver<'_> {
    /// The error that SQLite finds in place of this one.
    pub(super) fn first_error(&mut self, error: Error, select: &ast::Select) -> Error {
        if !is_of_resolution(&error) {
            return error;
        }
        self.push_scope(Vec::new());
        let mut search = Search { error, ambiguous_from: self.ambiguous_from, has_met_it: false };
        let missing = self.missing_table(select, &mut search, 0);
        self.scopes.pop();
        missing.unwrap_or(search.error)
    }

    fn missing_table(&mut self, select: &ast::Select, search: &mut Search, depth: usize) -> Option<Error> {
        if depth > MAX_DEPTH {
            return None;
        }
        let ctes = self.ctes.len();
        if let Some(with) = &select.with
            && self.push_with(with).is_err()
        {
            return None;
        }
        let limit = select.limit.iter().flat_map(|limit| std::iter::once(&limit.limit).chain(&limit.offset));
        let behind: Vec<&ast::Expr> =
            select.order_by.iter().map(|term| &term.expr).chain(limit.map(|expr| &**expr)).collect();
        let cores = std::iter::once(&select.first).chain(select.compounds.iter().map(|arm| &arm.core));
        let cores: Vec<&SelectCore> = cores.collect();
        let mut behind = Some(behind);
        let missing = cores
            .into_iter()
            .rev()
            .find_map(|core| self.missing_in_core(core, &behind.take().unwrap_or_default(), search, depth));
        self.ctes.truncate(ctes);
        missing
    }

    fn missing_in_core(
        &mut self,
        core: &SelectCore,
        behind: &[&ast::Expr],
        search: &mut Search,
        depth: usize,
    ) -> Option<Error> {
        let query = match core {
            SelectCore::Values(_) if search.has_met_it => return Some(search.error.clone()),
            SelectCore::Values(values) => {
                return self.missing_in_exprs(values.rows.iter().flatten(), search, depth);
            }
            SelectCore::Query(query) => query,
        };
        let mut conditions = Vec::new();
        let mut arguments = Vec::new();
        if let Some(from) = &query.from {
            let missing = self.missing_in_from(from, &mut conditions, &mut arguments, search, depth);
            if missing.is_some() {
                return missing;
            }
            if search.has_met_it {
                return Some(search.error.clone());
            }
            search.has_met_it = search.ambiguous_from.is_some_and(|ambiguous| std::ptr::eq(ambiguous, from));
            match self.unjoined(from) {
                Some(error) if is_ambiguous_using(&error) => {
                    (search.error, search.has_met_it) = (error, true);
                }
                Some(error) => return Some(error),
                None => {}
            }
        } else if search.has_met_it {
            return Some(search.error.clone());
        }
        let columns = query.columns.iter().filter_map(|column| match column {
            ast::ResultColumn::Expr { expr, .. } => Some(expr),
            _ => None,
        });
        let exprs = columns
            .chain(&query.filter)
            .chain(conditions)
            .chain(&query.group_by)
            .chain(&query.having)
            .chain(behind.iter().copied())
            .chain(arguments);
        self.missing_in_exprs(exprs, search, depth)
    }

    /// A USING whose column one of its sides has not, or has twice; a NATURAL join uses the columns of both sides.
    fn unjoined(&mut self, from: &ast::From) -> Option<Error> {
        let has_using = |join: &ast::Join| {
            join.operator.natural || matches!(join.term.constraint, Some(JoinConstraint::Using(_)))
        };
        if !from.joins.iter().any(has_using) {
            return None;
        }
        let resolved =
            self.aside(|resolver| resolver.resolve_from(from, &mut PendingJoins::default()).map(drop));
        resolved.err().filter(|error| {
            error.message.starts_with("cannot join using column") || is_ambiguous_using(error)
        })
    }

    fn missing_in_from<'e>(
        &mut self,
        from: &'e ast::From,
        conditions: &mut Vec<&'e ast::Expr>,
        arguments: &mut Vec<&'e ast::Expr>,
        search: &mut Search,
        depth: usize,
    ) -> Option<Error> {
        for term in std::iter::once(&from.first).chain(from.joins.iter().map(|join| &join.term)) {
            let missing = match &term.source {
                FromSource::Table { name, .. } => self.missing_relation(name, search, depth),
                FromSource::Function { name, arguments: own } => {
                    arguments.extend(own);
                    self.missing_relation(name, search, depth)
                }
                FromSource::Subquery(select) => self.missing_table(select, search, depth + 1),
                FromSource::Nested(from) => self.missing_in_from(from, conditions, arguments, search, depth),
            };
            if missing.is_some() {
                return missing;
            }
            if let Some(JoinConstraint::On(condition)) = &term.constraint {
                conditions.push(condition);
            }
        }
        None
    }

    fn missing_relation(
        &mut self,
        name: &ast::QualifiedName,
        search: &mut Search,
        depth: usize,
    ) -> Option<Error> {
        if name.schema.is_none()
            && let Some(missing) = self
                .within_common(&name.name, &mut |own, select| own.missing_table(select, search, depth + 1))
        {
            return missing;
        }
        match self.find_relation(name) {
            Ok(Some(Relation::View(database, view))) => self.missing_in_view(database, &view, search, depth),
            Ok(Some(Relation::Table(..) | Relation::Virtual(_))) | Err(_) => None,
            Ok(None) => match self.table_function(name, Vec::new(), None) {
                Ok(None) => Some(no_such_table(name, self.view_schema.as_deref())),
                Ok(Some(_)) | Err(_) => None,
            },
        }
    }

    fn missing_in_view(
        &mut self,
        database: DatabaseIndex,
        view: &Arc<View>,
        search: &mut Search,
        depth: usize,
    ) -> Option<Error> {
        let own_schema =
            (database != DatabaseIndex::TEMP).then(|| self.names.database_name(database).to_owned());
        let schema = std::mem::replace(&mut self.view_schema, own_schema);
        let ctes = std::mem::take(&mut self.ctes);
        let missing = self.missing_table(&view.select, search, depth + 1);
        self.ctes = ctes;
        self.view_schema = schema;
        missing.or_else(|| {
            let resolved = self.aside(|resolver| resolver.resolve_view(database, view, None).map(drop));
            resolved.err().filter(is_of_resolution)
        })
    }

    /// Resolves what is a part of the query in a scope of its own, which goes with all that came of it. The queries in it
    /// are searched by themselves, not each from here once more.
    fn aside(&mut self, resolve: impl FnOnce(&mut Self) -> Result<()>) -> Result<()> {
        let is_inner = std::mem::replace(&mut self.is_within_query, true);
        let scopes = self.scopes.len();
        self.push_scope(Vec::new());
        let resolved = self.unrecorded(resolve);
        self.is_within_query = is_inner;
        self.scopes.truncate(scopes);
        resolved
    }

    fn missing_in_exprs<'e>(
        &mut self,
        exprs: impl Iterator<Item = &'e ast::Expr>,
        search: &mut Search,
        depth: usize,
    ) -> Option<Error> {
        let mut found: Vec<Tables<'_>> = Vec::new();
        for expr in exprs {
            walk_expr(expr, &mut |expr| match &expr.kind {
                ExprKind::Exists(select) | ExprKind::Subquery(select) | ExprKind::InSelect { select, .. } => {
                    found.push(Tables::Of(select));
                }
                ExprKind::InTable { table, .. } => found.push(Tables::One(table)),
                _ => {}
            });
        }
        found.into_iter().find_map(|tables| match tables {
            Tables::Of(select) => self.missing_table(select, search, depth + 1),
            Tables::One(name) => self.missing_relation(name, search, depth),
        })
    }
}

struct Search {
    /// What is told when nothing is missing.
    error: Error,
    ambiguous_from: Option<*const ast::From>,
    /// The ambiguous FROM lies behind.
    has_met_it: bool,
}

fn is_ambiguous_using(error: &Error) -> bool {
    error.message.starts_with("ambiguous reference to") && error.message.ends_with(" in USING()")
}

/// What an expression names of tables.
enum Tables<'e> {
    Of(&'e ast::Select),
    One(&'e ast::QualifiedName),
}

/// An error about names, calls and the shape of expressions, all of which come after the tables; and the one about USING
/// that does not keep SQLite from looking on.
fn is_of_resolution(error: &Error) -> bool {
    const BEGINNINGS: [&str; 9] = [
        "ambiguous reference to",
        "no such column",
        "ambiguous column name",
        "no such function",
        "wrong number of arguments",
        "misuse of ",
        "row value misused",
        "sub-select returns",
        "no such collation sequence",
    ];
    error.code == ResultCode::Error && BEGINNINGS.iter().any(|beginning| error.message.starts_with(beginning))
}
