//! What a view or trigger may name: objects of its own database, unless it is temporary.
//!
//! The text alone is looked at, as SQLite does: a name without a database is found later and cannot be wrong here.

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
    if let Some(when) = &trigger.when {
        check.expr(when);
    }
    for step in &trigger.body {
        check.statement(&step.statement);
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
                self.with(insert.with.as_ref());
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
                self.with(update.with.as_ref());
                if let Some(from) = &update.from {
                    self.from(from);
                }
                for assignment in &update.assignments {
                    self.expr(&assignment.value);
                }
                if let Some(filter) = &update.filter {
                    self.expr(filter);
                }
            }
            ast::Statement::Delete(delete) => {
                self.with(delete.with.as_ref());
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
        self.with(select.with.as_ref());
        self.core(&select.first);
        for compound in &select.compounds {
            self.core(&compound.core);
        }
        self.sort_terms(&select.order_by);
        if let Some(limit) = &select.limit {
            self.expr(&limit.limit);
            if let Some(offset) = &limit.offset {
                self.expr(offset);
            }
        }
    }

    fn core(&mut self, core: &SelectCore) {
        let query = match core {
            SelectCore::Query(query) => query,
            SelectCore::Values(values) => {
                return values.rows.iter().flatten().for_each(|expr| self.expr(expr));
            }
        };
        if let Some(from) = &query.from {
            self.from(from);
        }
        for column in &query.columns {
            if let ResultColumn::Expr { expr, .. } = column {
                self.expr(expr);
            }
        }
        for expr in query.filter.iter().chain(&query.group_by).chain(&query.having) {
            self.expr(expr);
        }
        for named in &query.windows {
            self.window(&named.window);
        }
    }

    fn from(&mut self, from: &From) {
        let joined = from.joins.iter().map(|join| &join.term);
        for term in std::iter::once(&from.first).chain(joined) {
            match &term.source {
                FromSource::Table { name, .. } => self.name(name),
                FromSource::Function { name, arguments } => {
                    self.name(name);
                    for argument in arguments {
                        self.expr(argument);
                    }
                }
                FromSource::Subquery(select) => self.select(select),
                FromSource::Nested(from) => self.from(from),
            }
            if let Some(JoinConstraint::On(expr)) = &term.constraint {
                self.expr(expr);
            }
        }
    }

    fn sort_terms(&mut self, terms: &[SortTerm]) {
        for term in terms {
            self.expr(&term.expr);
        }
    }

    fn window(&mut self, window: &Window) {
        for expr in &window.partition_by {
            self.expr(expr);
        }
        self.sort_terms(&window.order_by);
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
