//! What a view or trigger may name: objects of its own database, unless it is temporary.
//!
//! The text alone is looked at, as SQLite does: a name without a database is found later and cannot be wrong here.
//!
//! The error tells the first foreign database on SQLite's way: of a compound SELECT the last part comes first, of a part
//! the tables of its FROM, then WITH, then its expressions, then the subqueries of its FROM; of a trigger WHEN comes last.

use pluresdb_sql::ast::{
    self, Expr, ExprKind, From, FromSource, JoinConstraint, QualifiedName, ResultColumn, Select, SelectCore,
    SortTerm, Window,
};

use crate::catalog::{DatabaseIndex, walk_expr};
use crate::session::Session;
use crate::{Error, Result};

pub(super) fn check_view(
    session: &Session,
    database: DatabaseIndex,
    name: &str,
    select: &Select,
) -> Result<()> {
    let mut check = Check::new(session, database);
    check.select(select);
    check.verdict("view", name)
}

pub(super) fn check_trigger(
    session: &Session,
    database: DatabaseIndex,
    trigger: &ast::CreateTrigger,
) -> Result<()> {
    let mut check = Check::new(session, database);
    for step in &trigger.body {
        check.statement(&step.statement);
    }
    if let Some(when) = &trigger.when {
        check.expr(when);
    }
    check.verdict("trigger", &trigger.name.name.text)
}

struct Check<'s> {
    session: &'s Session,
    database: DatabaseIndex,
    /// The first database named that is not its own.
    foreign: Option<String>,
}

impl<'s> Check<'s> {
    fn new(session: &'s Session, database: DatabaseIndex) -> Check<'s> {
        Check { session, database, foreign: None }
    }

    fn verdict(self, kind: &str, name: &str) -> Result<()> {
        match self.foreign {
            Some(database) if self.database != DatabaseIndex::TEMP => {
                Err(Error::error(format!("{kind} {name} cannot reference objects in database {database}")))
            }
            _ => Ok(()),
        }
    }

    fn name(&mut self, name: &QualifiedName) {
        if let Some(schema) = &name.schema
            && self.foreign.is_none()
            && self.session.database_index(&schema.text) != Some(self.database)
        {
            self.foreign = Some(schema.text.to_string());
        }
    }

    fn statement(&mut self, statement: &ast::Statement) {
        match statement {
            ast::Statement::Select(select) => self.select(select),
            ast::Statement::Insert(insert) => {
                if let ast::InsertSource::Select(select) = &insert.source {
                    self.select(select);
                }
                for upsert in &insert.upserts {
                    if let ast::UpsertAction::Update { assignments, filter } = &upsert.action {
                        for assignment in assignments {
                            self.expr(&assignment.value);
                        }
                        if let Some(filter) = filter {
                            self.expr(filter);
                        }
                    }
                }
            }
            ast::Statement::Update(update) => {
                if let Some(filter) = &update.filter {
                    self.expr(filter);
                }
                for assignment in &update.assignments {
                    self.expr(&assignment.value);
                }
                if let Some(from) = &update.from {
                    self.tables(from);
                    self.subqueries(from);
                }
            }
            ast::Statement::Delete(delete) => {
                if let Some(filter) = &delete.filter {
                    self.expr(filter);
                }
            }
            _ => {}
        }
    }

    fn with(&mut self, with: Option<&ast::With>) {
        for table in with.iter().flat_map(|with| &with.tables) {
            self.select(&table.select);
        }
    }

    fn select(&mut self, select: &Select) {
        let cores = std::iter::once(&select.first).chain(select.compounds.iter().map(|part| &part.core));
        for (position, core) in cores.rev().enumerate() {
            // What is written for the whole belongs to the last part.
            self.core(core, (position == 0).then_some(select));
        }
    }

    fn core(&mut self, core: &SelectCore, whole: Option<&Select>) {
        let query = match core {
            SelectCore::Query(query) => Some(query),
            SelectCore::Values(_) => None,
        };
        let from = query.and_then(|query| query.from.as_ref());
        if let Some(from) = from {
            self.tables(from);
        }
        self.with(whole.and_then(|whole| whole.with.as_ref()));
        match core {
            SelectCore::Query(query) => self.clauses(query),
            SelectCore::Values(values) => values.rows.iter().rev().flatten().for_each(|expr| self.expr(expr)),
        }
        if let Some(whole) = whole {
            self.sort_terms(&whole.order_by);
            if let Some(limit) = &whole.limit {
                self.expr(&limit.limit);
                if let Some(offset) = &limit.offset {
                    self.expr(offset);
                }
            }
        }
        for named in query.iter().flat_map(|query| &query.windows) {
            self.window(&named.window);
        }
        if let Some(from) = from {
            self.subqueries(from);
        }
    }

    fn clauses(&mut self, query: &ast::Query) {
        for column in &query.columns {
            if let ResultColumn::Expr { expr, .. } = column {
                self.expr(expr);
            }
        }
        for expr in query.filter.iter().chain(&query.group_by).chain(&query.having) {
            self.expr(expr);
        }
    }

    fn tables(&mut self, from: &From) {
        for term in terms(from) {
            match &term.source {
                FromSource::Table { name, .. } | FromSource::Function { name, .. } => self.name(name),
                FromSource::Subquery(_) | FromSource::Nested(_) => {}
            }
            if let Some(JoinConstraint::On(expr)) = &term.constraint {
                self.expr(expr);
            }
        }
    }

    fn subqueries(&mut self, from: &From) {
        for term in terms(from) {
            match &term.source {
                FromSource::Table { .. } => {}
                FromSource::Function { arguments, .. } => arguments.iter().for_each(|each| self.expr(each)),
                FromSource::Subquery(select) => self.select(select),
                FromSource::Nested(from) => {
                    self.tables(from);
                    self.subqueries(from);
                }
            }
        }
    }

    fn sort_terms(&mut self, terms: &[SortTerm]) {
        for term in terms {
            self.expr(&term.expr);
        }
    }

    fn window(&mut self, window: &Window) {
        self.sort_terms(&window.order_by);
        for expr in &window.partition_by {
            self.expr(expr);
        }
    }

    fn expr(&mut self, expr: &Expr) {
        walk_expr(expr, &mut |expr| match &expr.kind {
            ExprKind::Exists(select) | ExprKind::Subquery(select) | ExprKind::InSelect { select, .. } => {
                self.select(select);
            }
            ExprKind::InTable { table, .. } => self.name(table),
            ExprKind::Function(call) => {
                if let Some(ast::Over::Window(window)) = &call.over {
                    self.window(window);
                }
            }
            _ => {}
        });
    }
}

fn terms(from: &From) -> impl Iterator<Item = &ast::FromTerm> {
    std::iter::once(&from.first).chain(from.joins.iter().map(|join| &join.term))
}
