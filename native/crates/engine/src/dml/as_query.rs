//! UPDATE and DELETE whose rows a query finds, because more than names and conditions is in it.
//!
//! ```text
//! UPDATE t SET a = sum(u.x) FROM u WHERE p
//!   ► UPDATE t SET a = "rows of t"."1" FROM (SELECT t.rowid AS "0", sum(u.x) AS "1" FROM t, u WHERE p) AS "rows of t"
//!       WHERE t.rowid = "rows of t"."0"
//! DELETE FROM t WHERE p ORDER BY rank() OVER (…) LIMIT 1
//!   ► DELETE FROM t WHERE rowid IN (SELECT rowid FROM t WHERE p ORDER BY rank() OVER (…) LIMIT 1)
//! ```
//!
//! SQLite makes such queries of every UPDATE with FROM and of every change with LIMIT, so that aggregates and window
//! functions are as good there as in a SELECT, and LIMIT counts rows of the table: the query is grouped by them.

use pluresdb_sql::ast::{
    self, AssignmentTarget, BinaryOp, Expr, ExprKind, FromSource, FromTerm, JoinKind, JoinOperator, Name,
    QualifiedName, Qualifier, ResultColumn, Select, SelectCore, Span,
};

use super::assignment::is_rowid_name;
use super::found::FinderRequest;
use super::surroundings::Surroundings;
use crate::catalog::{DatabaseIndex, Table};
use crate::resolve::{Relation, calls_over_rows};
use crate::session::Session;
use crate::{Error, Result};

/// What is changed, as the statement names it.
pub(super) struct Changed<'a> {
    pub session: &'a Session,
    pub database: DatabaseIndex,
    pub table: &'a Table,
    pub alias: Option<&'a Name>,
    pub indexed: Option<&'a ast::IndexedBy>,
}

/// Whether a query would not refuse the statement for what was called in it.
pub(super) fn is_misuse(error: &Error) -> bool {
    error.message.starts_with("misuse of ")
}

/// Refuses an UPDATE whose FROM has what it changes once more, by the same name: whose columns would be meant?
pub(super) fn check_apart(
    surroundings: &Surroundings<'_>,
    request: &FinderRequest<'_>,
    with: Option<&ast::With>,
    database: DatabaseIndex,
    name: &str,
) -> Result<()> {
    let Some(from) = request.from else { return Ok(()) };
    let is_common =
        |name: &Name| with.is_some_and(|with| with.tables.iter().any(|common| name.is(&common.name.text)));
    let is_target = |written: &QualifiedName| {
        if written.schema.is_none() && is_common(&written.name) || !written.name.is(name) {
            return false;
        }
        let schema = written.schema.as_ref().map(|schema| &*schema.text).or(surroundings.home());
        let found = surroundings.session.find_relation(schema, name);
        matches!(found, Some(Relation::Table(home, _) | Relation::View(home, _)) if home == database)
    };
    if !has_term(from, &|written, alias| {
        let is_same_alias = match (alias, request.alias) {
            (Some(alias), Some(own)) => alias.is(own),
            (None, None) => true,
            _ => false,
        };
        is_same_alias && is_target(written)
    }) {
        return Ok(());
    }
    let shown = request.alias.unwrap_or(name);
    Err(Error::error(format!("target object/alias may not appear in FROM clause: {shown}")))
}

/// Whether a FROM names such a table, by itself or within parentheses.
fn has_term(from: &ast::From, is_such: &dyn Fn(&QualifiedName, Option<&Name>) -> bool) -> bool {
    let mut terms = std::iter::once(&from.first).chain(from.joins.iter().map(|join| &join.term));
    terms.any(|term| match &term.source {
        FromSource::Table { name, .. } => is_such(name, term.alias.as_ref()),
        FromSource::Nested(from) => has_term(from, is_such),
        FromSource::Function { .. } | FromSource::Subquery(_) => false,
    })
}

/// An UPDATE with FROM; None: its rows cannot be told by name.
pub(super) fn update_from(update: &ast::Update, changed: &Changed<'_>) -> Option<ast::Update> {
    let from = update.from.as_ref()?;
    let identity = changed.identity()?;
    let rows = Name::synthetic(&format!("rows of {}", changed.name().text));
    let mut outputs: Vec<Expr> = identity.iter().map(|name| changed.column(name)).collect();
    let group_by = if update.limit.is_some() { outputs.clone() } else { Vec::new() };
    let mut take = |value: Expr| {
        outputs.push(value);
        column(Some(&rows), &number(outputs.len() - 1))
    };
    let mut assignments = Vec::with_capacity(update.assignments.len());
    for ast::Assignment { target, value } in &update.assignments {
        let value = match (target, &value.kind) {
            (AssignmentTarget::Row(names), ExprKind::Subquery(select)) if names.len() > 1 => {
                row(columns_of(select)?.into_iter().map(&mut take).collect())
            }
            (AssignmentTarget::Row(_), ExprKind::Row(parts)) => {
                row(parts.iter().cloned().map(&mut take).collect())
            }
            _ => take(value.clone()),
        };
        assignments.push(ast::Assignment { target: target.clone(), value });
    }
    let right = if from.joins.is_empty() {
        from.first.clone()
    } else {
        term(FromSource::Nested(Box::new(from.clone())), None)
    };
    let comma = JoinOperator { kind: JoinKind::Comma, natural: false };
    let joined = ast::From {
        first: changed.term(),
        joins: vec![ast::Join { operator: comma, term: right }],
        span: Span::default(),
    };
    let query = ast::Query { group_by, ..query(outputs, joined, update.filter.as_ref()) };
    let found = select(query, &update.order_by, update.limit.as_ref());
    let is_same = identity.iter().enumerate().map(|(index, name)| {
        let (left, right) = (changed.column(name), column(Some(&rows), &number(index)));
        binary(BinaryOp::Equal, left, right)
    });
    Some(ast::Update {
        assignments,
        from: Some(ast::From {
            first: term(FromSource::Subquery(Box::new(found)), Some(rows.clone())),
            joins: Vec::new(),
            span: Span::default(),
        }),
        filter: is_same.reduce(|left, right| binary(BinaryOp::And, left, right)),
        order_by: Vec::new(),
        limit: None,
        ..update.clone()
    })
}

/// The same columns set to NULL.
pub(super) fn nulls(assignments: &[ast::Assignment]) -> Vec<ast::Assignment> {
    let null = |column: &Name| ast::Assignment {
        target: AssignmentTarget::Column(column.clone()),
        value: expr(ExprKind::Literal(ast::Literal::Null)),
    };
    let columns = assignments.iter().flat_map(|assignment| match &assignment.target {
        AssignmentTarget::Column(column) => std::slice::from_ref(column),
        AssignmentTarget::Row(columns) => columns,
    });
    columns.map(null).collect()
}

/// The condition in place of WHERE, ORDER BY and LIMIT, where ORDER BY calls an aggregate or a window function.
pub(super) fn limited(
    changed: &Changed<'_>,
    filter: Option<&Expr>,
    order_by: &[ast::SortTerm],
    limit: Option<&ast::Limit>,
) -> Option<Expr> {
    if !order_by.iter().any(|term| calls_over_rows(changed.session, &term.expr)) {
        return None;
    }
    let identity = changed.identity()?;
    let columns = || identity.iter().map(|name| changed.column(name)).collect::<Vec<_>>();
    let from = ast::From { first: changed.term(), joins: Vec::new(), span: Span::default() };
    let found = select(query(columns(), from, filter), order_by, limit);
    Some(expr(ExprKind::InSelect {
        negated: false,
        operand: Box::new(row(columns())),
        select: Box::new(found),
    }))
}

impl Changed<'_> {
    /// The columns that tell its rows apart; None: columns hide every name of the rowid.
    fn identity(&self) -> Option<Vec<Name>> {
        let table = self.table;
        let names: Vec<&str> = match (table.without_rowid, table.rowid_alias) {
            (true, _) => table.primary_key.iter().map(|key| &*table.columns[key.column].name).collect(),
            (false, Some(column)) => vec![&table.columns[column].name],
            (false, None) => {
                let is_free = |name: &&str| {
                    debug_assert!(is_rowid_name(name), "one of the three names");
                    !table.columns.iter().any(|column| column.name.eq_ignore_ascii_case(name))
                };
                vec![["rowid", "oid", "_rowid_"].into_iter().find(is_free)?]
            }
        };
        Some(names.into_iter().map(Name::synthetic).collect())
    }

    /// The name it has in the statement.
    fn name(&self) -> Name {
        self.alias.cloned().unwrap_or_else(|| Name::synthetic(&self.table.name))
    }

    fn column(&self, name: &Name) -> Expr {
        column(Some(&self.name()), name)
    }

    /// As a term of FROM, where no common table stands in for it.
    fn term(&self) -> FromTerm {
        let schema = Some(Name::synthetic(self.session.database_name(self.database)));
        let name = QualifiedName { schema, name: Name::synthetic(&self.table.name) };
        term(FromSource::Table { name, indexed: self.indexed.cloned() }, self.alias.cloned())
    }
}

/// The columns of a subquery without FROM as subqueries of one column.
fn columns_of(select: &Select) -> Option<Vec<Expr>> {
    let SelectCore::Query(query) = &select.first else { return None };
    if !select.compounds.is_empty()
        || query.from.is_some()
        || !query.group_by.is_empty()
        || query.having.is_some()
    {
        return None;
    }
    let alone = |column: &ResultColumn| {
        let columns = vec![column.clone()];
        let first = SelectCore::Query(Box::new(ast::Query { columns, ..(**query).clone() }));
        expr(ExprKind::Subquery(Box::new(Select { first, order_by: Vec::new(), ..select.clone() })))
    };
    Some(query.columns.iter().map(alone).collect())
}

fn expr(kind: ExprKind) -> Expr {
    Expr { kind, span: Span::default() }
}

fn column(table: Option<&Name>, name: &Name) -> Expr {
    let qualifier = table.map(|table| Box::new(Qualifier { schema: None, table: table.clone() }));
    expr(ExprKind::Column { qualifier, column: name.clone() })
}

fn binary(op: BinaryOp, left: Expr, right: Expr) -> Expr {
    expr(ExprKind::Binary { op, left: Box::new(left), right: Box::new(right) })
}

/// A row value, or its only part.
fn row(mut parts: Vec<Expr>) -> Expr {
    if parts.len() == 1 { parts.remove(0) } else { expr(ExprKind::Row(parts)) }
}

/// The name of a query's column.
fn number(index: usize) -> Name {
    Name::synthetic(&index.to_string())
}

fn term(source: FromSource, alias: Option<Name>) -> FromTerm {
    FromTerm { source, alias, constraint: None, span: Span::default() }
}

fn query(outputs: Vec<Expr>, from: ast::From, filter: Option<&Expr>) -> ast::Query {
    let columns = outputs.into_iter().enumerate().map(|(index, expr)| ResultColumn::Expr {
        expr,
        alias: Some(number(index)),
        span: Span::default(),
    });
    ast::Query {
        quantifier: None,
        columns: columns.collect(),
        from: Some(from),
        filter: filter.cloned(),
        group_by: Vec::new(),
        having: None,
        windows: Vec::new(),
        span: Span::default(),
    }
}

fn select(query: ast::Query, order_by: &[ast::SortTerm], limit: Option<&ast::Limit>) -> Select {
    Select {
        with: None,
        first: SelectCore::Query(Box::new(query)),
        compounds: Vec::new(),
        order_by: order_by.to_vec(),
        limit: limit.cloned(),
        number: 0,
        span: Span::default(),
    }
}
