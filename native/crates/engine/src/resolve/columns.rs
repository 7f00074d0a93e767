//! Result columns: `*` opened, names and origins found. Also RETURNING's.

use std::sync::Arc;

use pluresdb_sql::ast::{self, ExprKind, ResultColumn};

use super::Resolver;
use super::arms::ArmTypes;
use super::names::ColumnNames;
use super::scope::{Alias, Provenance, Scope, ScopeColumn, ScopeSource, Typed};
use super::select::output_column;
use super::tree::{Expr, OutputColumn};
use super::walk::is_column;
use crate::error::{Error, Result};

/// What `*` may stand for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Stars {
    /// There is no FROM.
    Nothing,
    From,
    /// RETURNING's, which knows no alias in the names of its columns.
    ChangedRow,
}

impl Resolver<'_> {
    /// RETURNING: expressions over the current scopes, `*` meaning the innermost scope's first source.
    pub fn resolve_result_columns(
        &mut self,
        columns: &[ResultColumn],
    ) -> Result<(Vec<Expr>, Vec<OutputColumn>)> {
        let (outputs, columns, _) = self.resolve_columns(columns, Stars::ChangedRow)?;
        Ok((outputs.into_iter().map(|typed| typed.expr).collect(), columns))
    }

    pub(super) fn resolve_columns(
        &mut self,
        written: &[ResultColumn],
        stars: Stars,
    ) -> Result<(Vec<Typed>, Vec<OutputColumn>, Vec<Alias>)> {
        let mut outputs = Vec::with_capacity(written.len());
        let mut columns = Vec::with_capacity(written.len());
        let mut aliases = Vec::new();
        for column in written {
            match column {
                ResultColumn::Expr { expr, alias, span } => {
                    self.reads_for_output(Some(outputs.len()));
                    let typed = self.resolve_typed(expr)?;
                    let described = self.describe(expr, alias.as_ref(), *span, &typed);
                    if let Some(alias) = alias {
                        let (aggregate, has_window) = super::function::call_kinds(self.names, expr);
                        aliases.push(Alias {
                            name: alias.text.to_string(),
                            typed: typed.clone(),
                            position: outputs.len(),
                            is_of_star: false,
                            aggregate,
                            has_window,
                        });
                    }
                    outputs.push(typed);
                    columns.push(described);
                }
                ResultColumn::Star { .. } if stars == Stars::Nothing => {
                    return Err(Error::error("no tables specified"));
                }
                ResultColumn::Star { .. } => {
                    let Some(scope) = self.scopes.last() else { continue };
                    let first = columns.len();
                    for (typed, mut described, source, at) in star_columns(scope)? {
                        self.lengthen_of_star(&mut described, source, stars);
                        self.reads_for_output(Some(outputs.len()));
                        let typed = self.authorize_column(self.scopes.len() - 1, source, Some(at), typed)?;
                        aliases.push(star_alias(&typed, &described, outputs.len()));
                        outputs.push(typed);
                        columns.push(described);
                    }
                    if self.is_recording() {
                        self.note_star(None, names_of(&columns[first..]));
                    }
                    self.note_star_reference();
                }
                ResultColumn::TableStar { table, .. } => {
                    let absent = || Error::error(format!("no such table: {}", table.text));
                    let scope = self.scopes.last().ok_or_else(absent)?;
                    let index = scope.sources.iter().position(|source| table.is(&source.name));
                    let index = index.ok_or_else(absent)?;
                    let first = columns.len();
                    let mut found = Vec::new();
                    for (at, column) in scope.sources[index].columns.iter().enumerate() {
                        if column.hidden {
                            continue;
                        }
                        refuse_twin(scope, index, column)?;
                        let name = scope.shown_name(index, at, false);
                        found.push((column.typed(), column_description(column, name), at));
                    }
                    for (typed, mut described, at) in found {
                        self.lengthen_of_star(&mut described, index, stars);
                        self.reads_for_output(Some(outputs.len()));
                        let typed = self.authorize_column(self.scopes.len() - 1, index, Some(at), typed)?;
                        aliases.push(star_alias(&typed, &described, outputs.len()));
                        outputs.push(typed);
                        columns.push(described);
                    }
                    if self.is_recording() {
                        self.note_star(Some(table), names_of(&columns[first..]));
                    }
                    self.note_star_reference();
                }
            }
        }
        self.reads_for_output(None);
        check_width(columns.len(), self.names.max_columns())?;
        avoid_truths(&mut columns);
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
        let mut described = output_column(typed);
        let (found, source) = self.scope_column(expr, &typed.expr).unzip();
        if let Some(column) = &found {
            described.declared_type = column.provenance.declared_type();
            described.origin = column.provenance.origin();
        }
        if let Expr::ScalarSubquery(id) = &typed.expr
            && let Some(column) = self.program.subqueries[id.0].select.columns.first()
        {
            described.declared_type.clone_from(&column.declared_type);
            described.origin.clone_from(&column.origin);
        }
        if alias.is_none() {
            described.shown = self.shown_instead(&typed.expr, span, found.as_ref(), source);
        }
        described.name = match (alias, found) {
            (Some(alias), _) => alias.text.as_ref().into(),
            (None, Some(column)) => column.name,
            (None, None) => match self.collated_column(expr, &typed.expr) {
                // The statement's own name for it stays the text.
                Some(column) => {
                    described.shown.get_or_insert_with(|| self.span_text(span).into());
                    column.name
                }
                None => self.span_text(span).into(),
            },
        };
        described
    }

    /// The scope column that is below COLLATE: who reads the result knows it by that name.
    fn collated_column(&self, written: &ast::Expr, resolved: &Expr) -> Option<ScopeColumn> {
        let (mut below, mut expr) = (written, resolved);
        while let Some(operand) = self.below_mark(below) {
            below = operand;
            if let Expr::Collate { operand, .. } | Expr::Plus(operand) = expr {
                expr = operand;
            }
        }
        if std::ptr::eq(below, written) {
            return None;
        }
        self.scope_column(below, expr).map(|(column, _)| column)
    }

    /// What COLLATE is of; and likely(), unlikely() and likelihood(), which SQLite knows where it names columns of a view or a
    /// table, not where it names those of a subquery.
    fn below_mark<'e>(&self, expr: &'e ast::Expr) -> Option<&'e ast::Expr> {
        match &expr.kind {
            ExprKind::Collate { operand, .. } => Some(operand),
            ExprKind::Function(call) if self.names_stored => {
                let is_mark = ["likely", "unlikely", "likelihood"].iter().any(|mark| call.name.is(mark));
                match &call.arguments {
                    ast::FunctionArguments::List(arguments) if is_mark => arguments.first(),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// The statement's own name for a column that it names by nothing but the column.
    fn shown_instead(
        &self,
        expr: &Expr,
        span: ast::Span,
        column: Option<&ScopeColumn>,
        source: Option<&ScopeSource>,
    ) -> Option<Arc<str>> {
        let written = || self.span_text(span).into();
        match self.column_names {
            ColumnNames::Short => None,
            ColumnNames::Written => Some(written()),
            // Of what a join has made one column SQLite shows the text.
            ColumnNames::Full { .. } if !is_column(expr) => Some(written()),
            ColumnNames::Full { .. } => Some(format!("{}.{}", source?.own_name(), column?.name).into()),
        }
    }

    /// With long names of all columns those that `*` stands for have them for every reader.
    fn lengthen_of_star(&self, described: &mut OutputColumn, source: usize, stars: Stars) {
        if self.column_names == (ColumnNames::Full { is_of_stars: true })
            && let Some(scope) = self.scopes.last()
        {
            let source = &scope.sources[source];
            let table = if stars == Stars::ChangedRow { source.own_name() } else { source.shown_name() };
            described.name = format!("{table}.{}", described.name).into();
        }
    }

    /// The scope column that a result column is, when it is nothing but a column.
    fn scope_column(&self, written: &ast::Expr, resolved: &Expr) -> Option<(ScopeColumn, &ScopeSource)> {
        let ExprKind::Column { qualifier, column: name } = &written.kind else { return None };
        for scope in self.scopes.iter().rev() {
            if let Some(ast::Qualifier { schema: None, table }) = qualifier.as_deref()
                && !scope.sources.iter().any(|source| table.is(&source.name))
                && let Some(in_nest) = scope.find_in_nest(table, name)
                && let Some(at) = in_nest.column
            {
                let source = &scope.sources[in_nest.source];
                return Some((ScopeColumn { name: in_nest.name, ..source.columns[at].clone() }, source));
            }
            for (index, source) in scope.sources.iter().enumerate() {
                if super::expr::is_rowid_name(name)
                    && source.rowid.as_ref().is_some_and(|rowid| super::walk::same_expr(rowid, resolved))
                    && !source.columns.iter().any(|column| name.is(&column.name))
                {
                    return Some((rowid_column(source), source));
                }
                for (at, column) in source.columns.iter().enumerate() {
                    if !name.is(&column.name) {
                        continue;
                    }
                    let same = super::walk::same_expr(&column.expr, resolved)
                        || column
                            .merged
                            .as_ref()
                            .is_some_and(|merged| super::walk::same_expr(&merged.expr, resolved));
                    if same {
                        let name = scope.shown_name(index, at, qualifier.is_none());
                        return Some((ScopeColumn { name, ..column.clone() }, source));
                    }
                }
            }
        }
        None
    }
}

/// As many columns as a table may have, a result may have.
pub(super) fn check_width(columns: usize, max: usize) -> Result<()> {
    if columns > max { Err(Error::error("too many columns in result set")) } else { Ok(()) }
}

/// Who reads the result could take such a name for the truth: SQLite numbers the column.
fn avoid_truths(columns: &mut [OutputColumn]) {
    for (number, column) in (1..).zip(columns) {
        if ["true", "false"].iter().any(|truth| column.name.eq_ignore_ascii_case(truth)) {
            column.shown.get_or_insert_with(|| column.name.clone());
            column.name = format!("column{number}").into();
        }
    }
}

fn names_of(columns: &[OutputColumn]) -> Vec<String> {
    columns.iter().map(|column| column.name.to_string()).collect()
}

fn rowid_column(source: &ScopeSource) -> ScopeColumn {
    ScopeColumn {
        name: source.rowid_name.clone(),
        expr: source.rowid.clone().unwrap_or(Expr::Literal(pluresdb_value::Value::Null)),
        affinity: Some(pluresdb_value::Affinity::Integer),
        collation: super::scope::CollationSource::None,
        provenance: Provenance::described(Some("INTEGER".into()), source.rowid_origin.clone()),
        hidden: false,
        merged_away: false,
        merged: None,
        gathered: None,
    }
}

fn column_description(column: &ScopeColumn, name: Arc<str>) -> OutputColumn {
    OutputColumn {
        name,
        shown: None,
        declared_type: column.provenance.declared_type(),
        origin: column.provenance.origin(),
        affinity: column.affinity,
        collation: column.collation.collation(),
        types: ArmTypes::of_column(column.affinity, column.collation),
    }
}

fn star_alias(typed: &Typed, described: &OutputColumn, position: usize) -> Alias {
    Alias {
        name: described.name.to_string(),
        typed: typed.clone(),
        position,
        is_of_star: true,
        aggregate: None,
        has_window: false,
    }
}

/// A column that `*` stands for, its source and its number there.
type StarColumn = (Typed, OutputColumn, usize, usize);

/// What `*` stands for: every visible column, merged ones once. For SQLite it stands for `schema.table.column`, which
/// two tables of one name make ambiguous.
fn star_columns(scope: &Scope) -> Result<Vec<StarColumn>> {
    let mut columns = Vec::new();
    let all = 0..scope.sources.len();
    if scope.is_one_nest() {
        for column in scope.nest_columns(&all).into_iter().filter(|column| !column.is_hidden) {
            let Some(at) = column.column else { continue };
            // `*` stands for bare names here.
            let name = &scope.sources[column.source].columns[at].name;
            let is_other = |(index, source): (usize, &ScopeSource)| {
                index != column.source
                    && source
                        .columns
                        .iter()
                        .any(|other| !other.merged_away && other.name.eq_ignore_ascii_case(name))
            };
            if scope.sources.iter().enumerate().any(is_other) {
                return Err(Error::error(format!("ambiguous column name: {name}")));
            }
            add_star_column(scope, column.source, at, column.name, &mut columns)?;
        }
        return Ok(columns);
    }
    for item in scope.items(&all) {
        let sources = item.sources.clone();
        let in_nest = if scope.is_nest(&sources) { scope.nest_columns(&sources) } else { Vec::new() };
        if in_nest.is_empty() {
            for index in sources {
                for at in 0..scope.sources[index].columns.len() {
                    add_star_column(scope, index, at, scope.shown_name(index, at, false), &mut columns)?;
                }
            }
            continue;
        }
        for column in in_nest.into_iter().filter(|column| !column.is_hidden) {
            if let Some(at) = column.column {
                add_star_column(scope, column.source, at, column.name, &mut columns)?;
            }
        }
    }
    Ok(columns)
}

fn add_star_column(
    scope: &Scope,
    index: usize,
    at: usize,
    name: Arc<str>,
    columns: &mut Vec<StarColumn>,
) -> Result<()> {
    let column = &scope.sources[index].columns[at];
    if column.hidden || column.merged_away {
        return Ok(());
    }
    refuse_twin(scope, index, column)?;
    if is_ambiguous(scope, index, column) {
        return Err(Error::error(format!("ambiguous column name: {}", column.name)));
    }
    columns.push((column.typed_unqualified(), column_description(column, name), index, at));
    Ok(())
}

/// Whether `*` stands for the column's bare name to SQLite, and another source has a column of that name which no join
/// made one with it. The bare name it is on the left of a RIGHT or FULL JOIN, and within parentheses on the left of
/// any, where a join further right merges the column.
fn is_ambiguous(scope: &Scope, index: usize, column: &ScopeColumn) -> bool {
    let nest = scope.nests.iter().find(|nest| nest.contains(&index));
    let level = nest.cloned().unwrap_or(0..scope.sources.len());
    let is_named = |other: &&ScopeColumn| other.name.eq_ignore_ascii_case(&column.name);
    let merges = |at: usize| scope.sources[at].columns.iter().filter(is_named).any(|other| other.merged_away);
    let has_other =
        |at: usize| scope.sources[at].columns.iter().filter(is_named).any(|other| !other.merged_away);
    let is_left = scope
        .left_of_right
        .iter()
        .any(|left| left.contains(&index) && level.start <= left.start && left.end <= level.end);
    let is_bare = (is_left || nest.is_some()) && (index + 1..level.end).any(merges);
    is_bare && level.filter(|at| *at != index).any(has_other)
}

/// An error when another table of the same name has the column too.
fn refuse_twin(scope: &Scope, index: usize, column: &ScopeColumn) -> Result<()> {
    let source = &scope.sources[index];
    let is_twin = |other: &ScopeSource| {
        !source.name.is_empty()
            && other.name.eq_ignore_ascii_case(&source.name)
            && other.schema == source.schema
            && other.columns.iter().any(|own| !own.merged_away && own.name.eq_ignore_ascii_case(&column.name))
    };
    if !scope.sources[index + 1..].iter().any(is_twin) {
        return Ok(());
    }
    let schema = source.schema.as_ref().map_or_else(String::new, |schema| format!("{schema}."));
    Err(Error::error(format!("ambiguous column name: {schema}{}.{}", source.name, column.name)))
}
