//! Every place where a definition's text names a table or a column: what ALTER … RENAME edits.

use pluresdb_sql::ast::{
    self, AssignmentTarget, CreateTableBody, Expr, ExprKind, FromSource, InsertSource, Name, Over, Qualifier,
    Select, SelectCore, Statement, UpsertAction, Window,
};

/// Told of names in the order the text has them, more or less.
pub(super) trait Mentions {
    /// A table or view, in FROM or as the target of a change. `alias` is what the text calls it from there on.
    fn table(&mut self, _name: &Name, _alias: Option<&Name>) {}
    /// `column`, `table.column`.
    fn column(&mut self, _qualifier: Option<&Qualifier>, _column: &Name) {}
    /// A column in a list where only columns of `table` can stand: INSERT, SET, UPDATE OF.
    fn listed_column(&mut self, _table: &Name, _column: &Name) {}
}

pub(super) fn visit_statement(statement: &Statement, to: &mut dyn Mentions) {
    match statement {
        Statement::Select(select) => visit_select(select, to),
        Statement::Insert(insert) => {
            to.table(&insert.table.name, insert.alias.as_ref());
            with(insert.with.as_ref(), to);
            for column in insert.columns.iter().flatten() {
                to.listed_column(&insert.table.name, column);
            }
            if let InsertSource::Select(select) = &insert.source {
                visit_select(select, to);
            }
            for upsert in &insert.upserts {
                if let Some(target) = &upsert.target {
                    for term in &target.columns {
                        visit_expr(&term.expr, to);
                    }
                    if let Some(filter) = &target.filter {
                        visit_expr(filter, to);
                    }
                }
                if let UpsertAction::Update { assignments: list, filter } = &upsert.action {
                    assignments(&insert.table.name, list, to);
                    if let Some(filter) = filter {
                        visit_expr(filter, to);
                    }
                }
            }
        }
        Statement::Update(update) => {
            to.table(&update.table.name, update.alias.as_ref());
            with(update.with.as_ref(), to);
            if let Some(list) = &update.from {
                from(list, to);
            }
            assignments(&update.table.name, &update.assignments, to);
            if let Some(filter) = &update.filter {
                visit_expr(filter, to);
            }
        }
        Statement::Delete(delete) => {
            to.table(&delete.table.name, delete.alias.as_ref());
            with(delete.with.as_ref(), to);
            if let Some(filter) = &delete.filter {
                visit_expr(filter, to);
            }
        }
        Statement::CreateTable(create) => create_table(create, to),
        Statement::CreateIndex(create) => {
            to.table(&create.table, None);
            for term in &create.columns {
                visit_expr(&term.expr, to);
            }
            if let Some(filter) = &create.filter {
                visit_expr(filter, to);
            }
        }
        Statement::CreateView(create) => visit_select(&create.select, to),
        Statement::CreateTrigger(create) => {
            to.table(&create.table.name, None);
            if let ast::TriggerEvent::UpdateOf(columns) = &create.event {
                for column in columns {
                    to.listed_column(&create.table.name, column);
                }
            }
            if let Some(when) = &create.when {
                visit_expr(when, to);
            }
            for step in &create.body {
                visit_statement(&step.statement, to);
            }
        }
        _ => {}
    }
}

fn assignments(table: &Name, list: &[ast::Assignment], to: &mut dyn Mentions) {
    for assignment in list {
        match &assignment.target {
            AssignmentTarget::Column(name) => to.listed_column(table, name),
            AssignmentTarget::Row(names) => names.iter().for_each(|name| to.listed_column(table, name)),
        }
        visit_expr(&assignment.value, to);
    }
}

fn create_table(create: &ast::CreateTable, to: &mut dyn Mentions) {
    use ast::{ColumnConstraintKind, TableConstraintKind};
    let own = &create.name.name;
    let CreateTableBody::Columns { columns, constraints, .. } = &create.body else { return };
    let foreign_key = |clause: &ast::ForeignKeyClause, to: &mut dyn Mentions| {
        to.table(&clause.table, None);
        clause.columns.iter().flatten().for_each(|column| to.listed_column(&clause.table, column));
    };
    for column in columns {
        to.listed_column(own, &column.name);
        for constraint in &column.constraints {
            match &constraint.kind {
                ColumnConstraintKind::Check(check) => visit_expr(&check.expr, to),
                ColumnConstraintKind::Generated(generated) => visit_expr(&generated.expr, to),
                ColumnConstraintKind::ForeignKey(clause) => foreign_key(clause, to),
                _ => {}
            }
        }
    }
    for constraint in constraints {
        match &constraint.kind {
            TableConstraintKind::PrimaryKey { columns, .. } | TableConstraintKind::Unique { columns, .. } => {
                for term in columns {
                    visit_expr(&term.expr, to);
                }
            }
            TableConstraintKind::Check { check, .. } => visit_expr(&check.expr, to),
            TableConstraintKind::ForeignKey { columns, clause } => {
                for column in columns {
                    to.listed_column(own, column);
                }
                foreign_key(clause, to);
            }
        }
    }
}

fn with(clause: Option<&ast::With>, to: &mut dyn Mentions) {
    for table in clause.iter().flat_map(|with| &with.tables) {
        visit_select(&table.select, to);
    }
}

/// FROM comes first, so that aliases are known before they are used.
pub(super) fn visit_select(select: &Select, to: &mut dyn Mentions) {
    with(select.with.as_ref(), to);
    core(&select.first, to);
    for compound in &select.compounds {
        core(&compound.core, to);
    }
    for term in &select.order_by {
        visit_expr(&term.expr, to);
    }
    if let Some(limit) = &select.limit {
        visit_expr(&limit.limit, to);
        if let Some(offset) = &limit.offset {
            visit_expr(offset, to);
        }
    }
}

fn core(core: &SelectCore, to: &mut dyn Mentions) {
    match core {
        SelectCore::Values(values) => values.rows.iter().flatten().for_each(|expr| visit_expr(expr, to)),
        SelectCore::Query(query) => {
            if let Some(list) = &query.from {
                from(list, to);
            }
            for column in &query.columns {
                match column {
                    ast::ResultColumn::Expr { expr, .. } => visit_expr(expr, to),
                    ast::ResultColumn::TableStar { table, .. } => to.table(table, None),
                    ast::ResultColumn::Star { .. } => {}
                }
            }
            query
                .filter
                .iter()
                .chain(&query.group_by)
                .chain(&query.having)
                .for_each(|expr| visit_expr(expr, to));
            for named in &query.windows {
                window(&named.window, to);
            }
        }
    }
}

fn from(list: &ast::From, to: &mut dyn Mentions) {
    let terms = std::iter::once(&list.first).chain(list.joins.iter().map(|join| &join.term));
    for term in terms {
        match &term.source {
            FromSource::Table { name, .. } => to.table(&name.name, term.alias.as_ref()),
            FromSource::Function { arguments, .. } => arguments.iter().for_each(|expr| visit_expr(expr, to)),
            FromSource::Subquery(select) => visit_select(select, to),
            FromSource::Nested(inner) => from(inner, to),
        }
        match &term.constraint {
            Some(ast::JoinConstraint::On(expr)) => visit_expr(expr, to),
            Some(ast::JoinConstraint::Using(names)) => names.iter().for_each(|name| to.column(None, name)),
            None => {}
        }
    }
}

fn window(window: &Window, to: &mut dyn Mentions) {
    for expr in &window.partition_by {
        visit_expr(expr, to);
    }
    for term in &window.order_by {
        visit_expr(&term.expr, to);
    }
}

fn visit_expr(expr: &Expr, to: &mut dyn Mentions) {
    crate::catalog::walk_expr(expr, &mut |expr| match &expr.kind {
        ExprKind::Column { qualifier, column } => to.column(qualifier.as_deref(), column),
        ExprKind::Exists(select) | ExprKind::Subquery(select) | ExprKind::InSelect { select, .. } => {
            visit_select(select, to);
        }
        ExprKind::InTable { table, .. } => to.table(&table.name, None),
        ExprKind::Function(call) => {
            if let Some(Over::Window(over)) = &call.over {
                window(over, to);
            }
        }
        _ => {}
    });
}
