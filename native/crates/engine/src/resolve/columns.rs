//! Result columns: `*` opened, names and origins found. Also RETURNING's.

use pluresdb_sql::ast::{self, ExprKind, ResultColumn};

use super::Resolver;
use super::scope::{Alias, Scope, ScopeColumn, ScopeSource, Typed};
use super::select::output_column;
use super::tree::{Expr, OutputColumn};
use crate::error::{Error, Result};

impl Resolver<'_> {
    /// RETURNING: expressions over the current scopes, `*` meaning the innermost scope's first source.
    pub fn resolve_result_columns(
        &mut self,
        columns: &[ResultColumn],
    ) -> Result<(Vec<Expr>, Vec<OutputColumn>)> {
        let (outputs, columns, _) = self.resolve_columns(columns, true)?;
        Ok((outputs.into_iter().map(|typed| typed.expr).collect(), columns))
    }

    pub(super) fn resolve_columns(
        &mut self,
        written: &[ResultColumn],
        has_from: bool,
    ) -> Result<(Vec<Typed>, Vec<OutputColumn>, Vec<Alias>)> {
        let mut outputs = Vec::with_capacity(written.len());
        let mut columns = Vec::with_capacity(written.len());
        let mut aliases = Vec::new();
        for column in written {
            match column {
                ResultColumn::Expr { expr, alias, span } => {
                    let typed = self.resolve_typed(expr)?;
                    let described = self.describe(expr, alias.as_ref(), *span, &typed);
                    if let Some(alias) = alias {
                        let (has_aggregate, has_window) = super::function::call_kinds(expr);
                        aliases.push(Alias {
                            name: alias.text.to_string(),
                            typed: typed.clone(),
                            has_aggregate,
                            has_window,
                        });
                    }
                    outputs.push(typed);
                    columns.push(described);
                }
                ResultColumn::Star { .. } if !has_from => return Err(Error::error("no tables specified")),
                ResultColumn::Star { .. } => {
                    let Some(scope) = self.scopes.last() else { continue };
                    let first = columns.len();
                    for (typed, described) in star_columns(scope) {
                        outputs.push(typed);
                        columns.push(described);
                    }
                    if self.is_recording() {
                        self.note_star(None, names_of(&columns[first..]));
                    }
                    self.note_star_reference();
                }
                ResultColumn::TableStar { table, .. } => {
                    let source = self
                        .scopes
                        .last()
                        .and_then(|scope| scope.sources.iter().find(|source| table.is(&source.name)))
                        .ok_or_else(|| Error::error(format!("no such table: {}", table.text)))?;
                    let first = columns.len();
                    for column in source.columns.iter().filter(|column| !column.hidden) {
                        outputs.push(column.typed());
                        columns.push(column_description(column));
                    }
                    if self.is_recording() {
                        self.note_star(Some(table), names_of(&columns[first..]));
                    }
                    self.note_star_reference();
                }
            }
        }
        Ok((outputs, columns, aliases))
    }

    /// `*` reads the innermost scope: that counts as a reference to it.
    fn note_star_reference(&mut self) {
        let level = self.scopes.len().saturating_sub(1);
        if let Some(scope) = self.scopes.last_mut() {
            scope.reference_count += 1;
        }
        self.outermost_reference = self.outermost_reference.min(level);
    }

    /// Name, declared type and origin of one written result column.
    fn describe(
        &self,
        expr: &ast::Expr,
        alias: Option<&ast::Name>,
        span: ast::Span,
        typed: &Typed,
    ) -> OutputColumn {
        let mut described = output_column(String::new(), typed);
        let found = self.scope_column(expr, &typed.expr);
        if let Some(column) = &found {
            described.declared_type.clone_from(&column.declared_type);
            described.origin.clone_from(&column.origin);
        }
        if let Expr::ScalarSubquery(id) = &typed.expr
            && let Some(column) = self.program.subqueries[id.0].select.columns.first()
        {
            described.declared_type.clone_from(&column.declared_type);
            described.origin.clone_from(&column.origin);
        }
        described.name = match (alias, found) {
            (Some(alias), _) => alias.text.to_string(),
            (None, Some(column)) => column.name,
            (None, None) => self.span_text(span).to_owned(),
        };
        described
    }

    /// The scope column that a result column is, when it is nothing but a column.
    fn scope_column(&self, written: &ast::Expr, resolved: &Expr) -> Option<ScopeColumn> {
        let ExprKind::Column { column: name, .. } = &written.kind else { return None };
        for scope in self.scopes.iter().rev() {
            for source in &scope.sources {
                if super::expr::is_rowid_name(name)
                    && source.rowid.as_ref().is_some_and(|rowid| super::walk::same_expr(rowid, resolved))
                    && !source.columns.iter().any(|column| name.is(&column.name))
                {
                    return Some(rowid_column(source));
                }
                for column in source.columns.iter().filter(|column| name.is(&column.name)) {
                    let same = super::walk::same_expr(&column.expr, resolved)
                        || column
                            .merged
                            .as_ref()
                            .is_some_and(|merged| super::walk::same_expr(merged, resolved));
                    if same {
                        return Some(column.clone());
                    }
                }
            }
        }
        None
    }
}

fn names_of(columns: &[OutputColumn]) -> Vec<String> {
    columns.iter().map(|column| column.name.clone()).collect()
}

fn rowid_column(source: &ScopeSource) -> ScopeColumn {
    ScopeColumn {
        name: source.rowid_name.clone(),
        expr: source.rowid.clone().unwrap_or(Expr::Literal(pluresdb_value::Value::Null)),
        affinity: Some(pluresdb_value::Affinity::Integer),
        collation: super::scope::CollationSource::None,
        declared_type: Some("INTEGER".to_owned()),
        origin: source.rowid_origin.clone(),
        hidden: false,
        merged_away: false,
        merged: None,
    }
}

fn column_description(column: &ScopeColumn) -> OutputColumn {
    OutputColumn {
        name: column.name.clone(),
        declared_type: column.declared_type.clone(),
        origin: column.origin.clone(),
        affinity: column.affinity,
        collation: column.collation.collation(),
        has_collation: column.collation != super::scope::CollationSource::None,
    }
}

/// What `*` stands for: every visible column, merged ones once.
fn star_columns(scope: &Scope) -> Vec<(Typed, OutputColumn)> {
    scope
        .sources
        .iter()
        .flat_map(|source| &source.columns)
        .filter(|column| !column.hidden && !column.merged_away)
        .map(|column| (column.typed_unqualified(), column_description(column)))
        .collect()
}
