//! The FROM clause: relations found, views and CTEs opened, joins built, USING and NATURAL merged.
//!
//! Sources enter the scope from left to right, so a table function's arguments see what stands before it. ON clauses
//! are resolved with WHERE: in a chain of inner joins SQLite lets them look ahead, and such a condition belongs to
//! WHERE.

use std::rc::Rc;
use std::sync::Arc;

use pluresdb_sql::ast::{self, FromSource, JoinConstraint, JoinKind as AstJoinKind};
use pluresdb_value::{Affinity, Collation};

use super::Resolver;
use super::authorize::may_be_joined;
use super::names::{JSON_TABLE, Relation, VirtualRelation};
use super::nest::{JoinedItem, UniqueNames};
use super::scope::{CollationSource, Provenance, ScopeColumn, ScopeSource, Typed, rowid_name};
use super::tree::{
    ColumnOrigin, Compare, CompareOperator, CteId, Expr, From, IndexedBy, Join, JoinKind, OutputColumn,
    Register, TableFunction, TableFunctionSource, TableSource, VirtualSource, Waits,
};
use super::walk::{conjunction, from_owns};
use crate::catalog::{DatabaseIndex, Table};
use crate::error::{Error, Result};

/// How often a statement may name one table or view, by way of views too (SQLite counts in 16 bits).
const MAX_REFERENCES: u32 = 65535;

/// An ON clause waiting for all sources: which join node it belongs to, counted in the order they were made.
struct PendingOn<'e> {
    join: usize,
    expr: &'e ast::Expr,
}

/// Arguments of a module's table: they may name any table of the FROM.
struct PendingArguments<'e> {
    output: Register,
    arguments: &'e [ast::Expr],
}

/// What joins must hold, until it is attached to them.
#[derive(Default)]
pub(super) struct PendingJoins<'e> {
    on: Vec<PendingOn<'e>>,
    arguments: Vec<PendingArguments<'e>>,
    /// USING and NATURAL conditions, by join.
    merged: Vec<(usize, Expr)>,
    has_right: bool,
}

struct FromBuilder<'b, 'e> {
    joins: usize,
    pending: &'b mut PendingJoins<'e>,
    /// Recursive tables this FROM has named: each may be named once.
    recursive_seen: Vec<CteId>,
    /// A name in USING that several tables on the left have: SQLite goes on, and tells of it if nothing else is wrong.
    ambiguous: Option<Error>,
}

impl Resolver<'_> {
    /// Resolves FROM into the innermost scope; its conditions wait in `pending` for `resolve_on`.
    pub(super) fn resolve_from<'e>(
        &mut self,
        from: &'e ast::From,
        pending: &mut PendingJoins<'e>,
    ) -> Result<From> {
        let mut builder = FromBuilder { joins: 0, pending, recursive_seen: Vec::new(), ambiguous: None };
        let resolved = self.resolve_from_list(from, &mut builder)?;
        if let Some(error) = builder.ambiguous {
            self.ambiguous_from = Some(from);
            return Err(error);
        }
        if let Some(scope) = self.scopes.last_mut() {
            scope.name_nested();
        }
        Ok(resolved)
    }

    /// A whole FROM with its conditions, where nothing else is resolved first. The second result is what must be added
    /// to WHERE.
    pub fn resolve_joined(&mut self, from: &ast::From) -> Result<(From, Option<Expr>)> {
        let mut pending = PendingJoins::default();
        let mut tree = self.resolve_from(from, &mut pending)?;
        let filter = self.resolve_on(&mut tree, pending)?;
        Ok((tree, filter))
    }

    /// Resolves ON and attaches what the joins must hold. SQLite has made ON part of WHERE by then: it may name result
    /// columns, and WHERE's errors come before its own. The result is what must be added to WHERE.
    pub(super) fn resolve_on(&mut self, tree: &mut From, joins: PendingJoins<'_>) -> Result<Option<Expr>> {
        let mut filter = None;
        for (join, condition) in joins.merged {
            attach_on(tree, join, condition);
        }
        for PendingArguments { output, arguments } in joins.arguments {
            let args = arguments.iter().map(|arg| self.resolve_expr(arg)).collect::<Result<Vec<_>>>()?;
            set_arguments(tree, output, args);
        }
        for pending in joins.on {
            self.set_in_on(true);
            let condition = self.resolve_condition(pending.expr);
            self.set_in_on(false);
            let condition = condition?;
            if covers(tree, pending.join, &condition) {
                attach_on(tree, pending.join, condition);
            } else if joins.has_right || !is_inner(tree, pending.join) {
                return Err(Error::error("ON clause references tables to its right"));
            } else {
                filter = Some(conjunction(filter, condition));
            }
        }
        Ok(filter)
    }

    fn set_in_on(&mut self, is_in_on: bool) {
        if let Some(scope) = self.scopes.last_mut() {
            scope.is_in_on = is_in_on;
        }
    }

    fn resolve_from_list<'e>(
        &mut self,
        from: &'e ast::From,
        builder: &mut FromBuilder<'_, 'e>,
    ) -> Result<From> {
        if let Some(constraint) = &from.first.constraint {
            return Err(match constraint {
                JoinConstraint::On(_) => Error::error("a JOIN clause is required before ON"),
                JoinConstraint::Using(_) => Error::error("a JOIN clause is required before USING"),
            });
        }
        builder.pending.has_right |= from
            .joins
            .iter()
            .any(|join| matches!(join.operator.kind, AstJoinKind::Right | AstJoinKind::Full));
        let first_source = self.source_len();
        let mut left = self.resolve_from_term(&from.first, builder)?;
        for join in &from.joins {
            let kind = match join.operator.kind {
                AstJoinKind::Comma | AstJoinKind::Inner => JoinKind::Inner,
                AstJoinKind::Cross => JoinKind::Cross,
                AstJoinKind::Left => JoinKind::Left,
                AstJoinKind::Right => JoinKind::Right,
                AstJoinKind::Full => JoinKind::Full,
            };
            let split = self.source_len();
            let right = self.resolve_from_term(&join.term, builder)?;
            let end = self.source_len();
            if let Some(scope) = self.scopes.last_mut() {
                if matches!(kind, JoinKind::Right | JoinKind::Full) {
                    scope.left_of_right.push(first_source..split);
                }
                // Around the first term, and around one table, SQLite's parser drops parentheses.
                if matches!(join.term.source, FromSource::Nested(_))
                    && end - split > 1
                    && !scope.nests.contains(&(split..end))
                {
                    scope.nests.push(split..end);
                }
            }
            let number = builder.joins;
            builder.joins += 1;
            left = From::Join(Box::new(Join { kind, left, right, on: None, number }));
            if join.operator.natural && join.term.constraint.is_some() {
                return Err(Error::error("a NATURAL join may not have an ON or USING clause"));
            }
            let using = match &join.term.constraint {
                Some(JoinConstraint::On(expr)) => {
                    builder.pending.on.push(PendingOn { join: number, expr });
                    Vec::new()
                }
                Some(JoinConstraint::Using(names)) => distinct_names(names),
                None if join.operator.natural => self.common_columns(first_source, split),
                None => Vec::new(),
            };
            if let Some(scope) = self.scopes.last_mut() {
                scope.joined.push(JoinedItem { sources: split..end, using: using.clone() });
            }
            for name in using {
                let condition = self.merge_column(&name, first_source, split, kind, builder)?;
                builder.pending.merged.push((number, condition));
            }
        }
        Ok(left)
    }

    fn source_len(&self) -> usize {
        self.scopes.last().map_or(0, |scope| scope.sources.len())
    }

    /// Column names on both sides of a NATURAL join, in the order of the right side.
    fn common_columns(&self, first: usize, split: usize) -> Vec<String> {
        let Some(scope) = self.scopes.last() else { return Vec::new() };
        let (left, right) = (&scope.sources[first..split], &scope.sources[split..]);
        let is_left = |name: &str| {
            left.iter().any(|source| {
                source.columns.iter().any(|column| !column.hidden && column.name.eq_ignore_ascii_case(name))
            })
        };
        let mut common: Vec<String> = Vec::new();
        for column in right.iter().flat_map(|source| &source.columns) {
            let seen = common.iter().any(|name| name.eq_ignore_ascii_case(&column.name));
            if !column.hidden && !column.merged_away && !seen && is_left(&column.name) {
                common.push(column.name.to_string());
            }
        }
        common
    }

    /// Makes one column of two, and returns the equality that joins them.
    fn merge_column(
        &mut self,
        name: &str,
        first: usize,
        split: usize,
        kind: JoinKind,
        builder: &mut FromBuilder<'_, '_>,
    ) -> Result<Expr> {
        let absent =
            || Error::error(format!("cannot join using column {name} - column not present in both tables"));
        let Some(scope) = self.scopes.last_mut() else { return Err(absent()) };
        let find = |sources: &[ScopeSource]| -> Option<(usize, usize)> {
            sources.iter().enumerate().find_map(|(index, source)| {
                let column = source
                    .columns
                    .iter()
                    .position(|column| !column.merged_away && column.name.eq_ignore_ascii_case(name))?;
                Some((index, column))
            })
        };
        let left_sources = &scope.sources[first..split];
        let (left_source, left_column) = find(left_sources).ok_or_else(absent)?;
        if builder.pending.has_right && find(&left_sources[left_source + 1..]).is_some() {
            let ambiguous = || Error::error(format!("ambiguous reference to {name} in USING()"));
            builder.ambiguous.get_or_insert_with(ambiguous);
        }
        let (right_source, right_column) = find(&scope.sources[split..]).ok_or_else(absent)?;
        let is_outer = matches!(kind, JoinKind::Right | JoinKind::Full);
        // Without RIGHT or FULL joins the first table that has the column stands for it; otherwise another table
        // of that name on the left makes the name ambiguous.
        let right = &mut scope.sources[split + right_source].columns[right_column];
        right.merged_away = true;
        let right_typed = right.typed_unqualified();
        let left = &mut scope.sources[first + left_source].columns[left_column];
        let left_typed = left.typed_unqualified();
        // What a later USING compares: the first of all columns so far that is not NULL, typed as the first.
        let gathered = left.gathered.as_deref().unwrap_or(&left_typed).clone();
        if is_outer {
            let before = match &gathered.expr {
                Expr::Coalesce(parts) if left.gathered.is_some() => parts,
                single => std::slice::from_ref(single),
            };
            let parts = before.iter().chain([&right_typed.expr]).cloned().collect();
            left.gathered = Some(Rc::new(Typed { expr: Expr::Coalesce(parts), ..gathered.clone() }));
        }
        // Behind RIGHT the name means the right column, behind FULL a call of coalesce(), typed as the first.
        if kind == JoinKind::Right {
            left.merged = Some(Rc::new(right_typed.clone()));
        } else if is_outer {
            let before = match &left_typed.expr {
                Expr::Coalesce(parts) if left.merged.is_some() => parts,
                single => std::slice::from_ref(single),
            };
            let parts = before.iter().chain([&right_typed.expr]).cloned().collect();
            left.merged = Some(Rc::new(Typed { expr: Expr::Coalesce(parts), ..left_typed.clone() }));
        }
        let comparison = self.comparison(&gathered, &right_typed);
        Ok(Expr::Compare(Rc::new(Compare {
            operator: CompareOperator::Equal,
            left: gathered.expr,
            right: right_typed.expr,
            comparison,
            waits: Waits::Neither,
        })))
    }

    fn resolve_from_term<'e>(
        &mut self,
        term: &'e ast::FromTerm,
        builder: &mut FromBuilder<'_, 'e>,
    ) -> Result<From> {
        let alias = term.alias.as_ref().map(|alias| alias.text.to_string());
        self.resolve_from_source(&term.source, alias, builder)
    }

    fn resolve_from_source<'e>(
        &mut self,
        source: &'e FromSource,
        alias: Option<String>,
        builder: &mut FromBuilder<'_, 'e>,
    ) -> Result<From> {
        match source {
            FromSource::Table { name, indexed } => {
                self.resolve_relation(name, alias, indexed.as_ref(), builder)
            }
            FromSource::Subquery(select) => {
                self.may_join = self.is_authorized && may_be_joined(select);
                let number = select.number;
                let (select, output, correlated) = self.resolve_from_subquery(select)?;
                let columns = subquery_scope_columns(&select.columns, output, None)?;
                let source = subquery_source(alias.clone().unwrap_or_default(), columns);
                self.add_source(ScopeSource { number, ..source });
                Ok(From::Subquery {
                    select: Box::new(select),
                    name: alias.unwrap_or_default(),
                    definition: None,
                    output,
                    correlated,
                    uses: Rc::default(),
                })
            }
            FromSource::Nested(from) => {
                if from.joins.is_empty() && from.first.constraint.is_none() && alias.is_some() {
                    // The name outside the parentheses replaces the one inside.
                    return self.resolve_from_source(&from.first.source, alias, builder);
                }
                let first = self.source_len();
                let joined = self.resolve_from_list(from, builder)?;
                if matches!(joined, From::Join(_)) {
                    self.rename_rowids(first);
                }
                let sources = first..self.source_len();
                if let Some(alias) = alias
                    && let Some(scope) = self.scopes.last_mut()
                {
                    scope.nests.push(sources.clone());
                    scope.nest_aliases.push((alias, sources));
                }
                Ok(joined)
            }
            FromSource::Function { name, arguments } => {
                if let Some(Relation::Virtual(table)) = self.find_relation(name)? {
                    let from = self.virtual_source(&table, arguments.len(), alias)?;
                    if let From::Virtual(source) = &from {
                        builder.pending.arguments.push(PendingArguments { output: source.output, arguments });
                    }
                    return Ok(from);
                }
                let mut args = Vec::with_capacity(arguments.len());
                for argument in arguments {
                    args.push(self.resolve_expr(argument)?);
                }
                match self.table_function(name, args, alias)? {
                    Some(from) => Ok(from),
                    None if self.find_relation(name)?.is_some() => {
                        Err(Error::error(format!("'{}' is not a function", name.name.text)))
                    }
                    None => Err(no_such_table(name, self.view_schema.as_deref())),
                }
            }
        }
    }

    /// A rowid out of a parenthesised join shows the first of its names that no column has.
    fn rename_rowids(&mut self, first: usize) {
        let Some(scope) = self.scopes.last_mut() else { return };
        for source in &mut scope.sources[first..] {
            let is_free =
                |name: &&str| !source.columns.iter().any(|column| column.name.eq_ignore_ascii_case(name));
            if let Some(name) = ["_ROWID_", "ROWID", "OID"].into_iter().find(is_free) {
                source.rowid_name = name.into();
            }
        }
    }

    fn resolve_relation(
        &mut self,
        name: &ast::QualifiedName,
        alias: Option<String>,
        indexed: Option<&ast::IndexedBy>,
        builder: &mut FromBuilder<'_, '_>,
    ) -> Result<From> {
        if name.schema.is_none()
            && let Some(from) =
                self.resolve_cte_reference(&name.name, alias.clone(), &mut builder.recursive_seen)?
        {
            if let Some(ast::IndexedBy::Index(index)) = indexed {
                return Err(Error::error(format!("no such index: {}", index.text)));
            }
            return Ok(from);
        }
        match self.find_relation(name)? {
            Some(Relation::Table(database, table)) => {
                self.note_table(name.name.span, &table);
                self.count_reference(&table.name)?;
                self.table_source(database, table, name, alias, indexed)
            }
            Some(Relation::View(database, view)) => {
                if let Some(ast::IndexedBy::Index(index)) = indexed {
                    return Err(Error::error(format!("no such index: {}", index.text)));
                }
                self.resolve_view(database, &view, alias)
            }
            Some(Relation::Virtual(table)) => {
                if let Some(ast::IndexedBy::Index(index)) = indexed {
                    return Err(Error::error(format!("no such index: {}", index.text)));
                }
                self.virtual_source(&table, 0, alias)
            }
            None => match self.table_function(name, Vec::new(), alias)? {
                Some(from) => Ok(from),
                None => Err(no_such_table(name, self.view_schema.as_deref())),
            },
        }
    }

    pub(super) fn find_relation(&self, name: &ast::QualifiedName) -> Result<Option<Relation>> {
        let schema = name.schema.as_ref().map(|schema| schema.text.as_ref()).or(self.view_schema.as_deref());
        Ok(self.names.find_relation(schema, &name.name.text))
    }

    fn table_source(
        &mut self,
        database: DatabaseIndex,
        table: Arc<Table>,
        written: &ast::QualifiedName,
        alias: Option<String>,
        indexed: Option<&ast::IndexedBy>,
    ) -> Result<From> {
        let indexed_by = match indexed {
            None => IndexedBy::Any,
            Some(ast::IndexedBy::NotIndexed) => IndexedBy::NotIndexed,
            Some(ast::IndexedBy::Index(name)) => {
                let index = self
                    .names
                    .find_index(database, &name.text)
                    .filter(|index| index.table.eq_ignore_ascii_case(&table.name));
                IndexedBy::Index(index.ok_or_else(|| Error::error(format!("no such index: {}", name.text)))?)
            }
        };
        let source = self.new_source();
        let schema = self.names.database_name(database);
        let name = alias.as_deref().unwrap_or(&table.name);
        let mut row = ScopeSource::from_cursor(name, Some(schema), &table, source);
        row.is_aliased = alias.is_some();
        self.add_source(row);
        let shown = alias.unwrap_or_else(|| match &written.schema {
            Some(schema) => format!("{}.{}", schema.text, written.name.text),
            None => written.name.text.to_string(),
        });
        Ok(From::Table(TableSource { source, database, table, shown, indexed_by }))
    }

    /// A subquery of FROM: sees the outer queries, not its neighbours.
    fn resolve_from_subquery(
        &mut self,
        select: &ast::Select,
    ) -> Result<(super::tree::Select, Register, bool)> {
        let own = self.scopes.pop();
        let outer = std::mem::replace(&mut self.outermost_reference, usize::MAX);
        let names_stored = std::mem::take(&mut self.names_stored);
        let resolved = self.resolve_select(select);
        self.names_stored = names_stored;
        let correlated = self.outermost_reference < self.scopes.len();
        self.outermost_reference = self.outermost_reference.min(outer);
        self.scopes.extend(own);
        let mut select = resolved?;
        let output = self.ensure_output(&mut select);
        Ok((select, output, correlated))
    }

    pub(super) fn count_reference(&mut self, name: &str) -> Result<()> {
        let count = match self.references.iter_mut().find(|(known, _)| known == name) {
            Some((_, count)) => count,
            None => {
                self.references.push((name.to_owned(), 0));
                let last = self.references.len() - 1;
                &mut self.references[last].1
            }
        };
        *count += 1;
        if *count >= MAX_REFERENCES {
            return Err(Error::error(format!("too many references to \"{name}\": max {MAX_REFERENCES}")));
        }
        Ok(())
    }

    /// Gives the select registers for its result row, when it has none yet.
    pub fn ensure_output(&mut self, select: &mut super::tree::Select) -> Register {
        if let Some(output) = select.output {
            return output;
        }
        let output = self.new_registers(select.columns.len());
        select.output = Some(output);
        output
    }

    pub(super) fn table_function(
        &mut self,
        name: &ast::QualifiedName,
        args: Vec<Expr>,
        alias: Option<String>,
    ) -> Result<Option<From>> {
        let text = name.name.text.to_ascii_lowercase();
        let (function, columns, hidden): (_, Vec<String>, &[&str]) = match text.as_str() {
            "json_each" | "json_tree" | "jsonb_each" | "jsonb_tree" => {
                let (is_tree, is_jsonb) = (text.ends_with("tree"), text.starts_with("jsonb"));
                let function = TableFunction::Json { is_tree, is_jsonb };
                (function, owned(JSON_TABLE.visible), JSON_TABLE.hidden)
            }
            _ => match text.strip_prefix("pragma_") {
                Some(pragma) => match self.names.pragma_columns(pragma) {
                    Some(columns) => {
                        let function = TableFunction::Pragma(pragma.to_owned());
                        (function, owned(columns.visible), columns.hidden)
                    }
                    None => return Ok(None),
                },
                None => return Ok(None),
            },
        };
        self.names.note_table_function();
        if args.len() > hidden.len() {
            return Err(Error::error(format!(
                "too many arguments on {}() - max {}",
                name.name.text,
                hidden.len()
            )));
        }
        let column_count = columns.len();
        // Behind the columns stand the arguments, and then the rowid.
        let register_count = column_count + hidden.len() + 1;
        let output = self.new_registers(register_count);
        let names = columns.iter().map(String::as_str).chain(hidden.iter().copied());
        let origin = |column: &str| ColumnOrigin {
            database: "main".into(),
            table: text.as_str().into(),
            column: column.into(),
        };
        let columns = names
            .enumerate()
            .map(|(index, column)| ScopeColumn {
                name: column.into(),
                expr: Expr::Register(Register(output.0 + index)),
                affinity: Some(Affinity::Blob),
                collation: CollationSource::Column(Collation::Binary),
                // What stands behind a hidden column's name is its type, with the word HIDDEN taken out.
                provenance: Provenance::described(
                    (index >= column_count).then(|| "".into()),
                    Some(origin(column)),
                ),
                hidden: index >= column_count,
                merged_away: false,
                merged: None,
                gathered: None,
            })
            .collect();
        let shown = alias.unwrap_or_else(|| name.name.text.to_string());
        let rowid = Some(Expr::Register(Register(output.0 + register_count - 1)));
        let readable = Some(("main".into(), name.name.text.as_ref().into()));
        let rowid_origin = Some(origin("rowid"));
        let described = subquery_source(shown.clone(), columns);
        self.add_source(ScopeSource { rowid, rowid_origin, readable, ..described });
        Ok(Some(From::TableFunction(TableFunctionSource {
            function,
            name: shown,
            args,
            output,
            column_count: register_count,
            parameter_count: hidden.len(),
        })))
    }

    /// A table of a module: its parameters are hidden columns that stand before the others.
    fn virtual_source(
        &mut self,
        relation: &VirtualRelation,
        arg_count: usize,
        alias: Option<String>,
    ) -> Result<From> {
        let table = self.names.connect(relation)?;
        let parameters = table.declaration.parameters.len();
        if self.is_schema_text && (table.declaration.is_direct_only || !self.names.trusts_schema()) {
            return Err(Error::error(format!("unsafe use of virtual table \"{}\"", relation.name())));
        }
        if arg_count > parameters {
            let name = relation.name();
            return Err(Error::error(format!("too many arguments on {name}() - max {parameters}")));
        }
        let output = self.new_registers(table.column_count() + 1);
        let database = match relation {
            VirtualRelation::Created(database, _) => self.names.database_name(*database).to_owned(),
            VirtualRelation::Eponymous(_) => "main".to_owned(),
        };
        let origin = |column: &str| ColumnOrigin {
            database: database.as_str().into(),
            table: relation.name().into(),
            column: column.into(),
        };
        let columns = table.column_names().enumerate().map(|(index, column)| ScopeColumn {
            name: column.into(),
            expr: Expr::Register(Register(output.0 + index)),
            affinity: Some(Affinity::Blob),
            collation: CollationSource::Column(Collation::Binary),
            // What stands behind a hidden column's name is its type, with the word HIDDEN taken out.
            provenance: Provenance::described(
                match index.checked_sub(parameters) {
                    None => Some("".into()),
                    Some(index) => {
                        table.declaration.types.get(index).map(|declared| declared.as_str().into())
                    }
                },
                Some(origin(column)),
            ),
            hidden: index < parameters,
            merged_away: false,
            merged: None,
            gathered: None,
        });
        let name = alias.unwrap_or_else(|| relation.name().to_owned());
        let rowid = Expr::Register(Register(output.0 + table.column_count()));
        let source = ScopeSource {
            rowid: Some(rowid),
            rowid_origin: Some(origin("rowid")),
            readable: Some((database.as_str().into(), relation.name().into())),
            schema: Some(database.as_str().into()),
            ..subquery_source(name.clone(), columns.collect())
        };
        self.add_source(source);
        Ok(From::Virtual(VirtualSource { table, name, args: Vec::new(), output }))
    }
}

/// A column that USING names twice is joined once.
fn distinct_names(names: &[ast::Name]) -> Vec<String> {
    let mut seen = std::collections::HashSet::new();
    let new = names.iter().filter(|name| seen.insert(name.text.to_ascii_lowercase()));
    new.map(|name| name.text.to_string()).collect()
}

pub(super) fn no_such_table(name: &ast::QualifiedName, view_schema: Option<&str>) -> Error {
    let full = match name.schema.as_ref().map(|schema| schema.text.as_ref()).or(view_schema) {
        Some(schema) => format!("{schema}.{}", name.name.text),
        None => name.name.text.to_string(),
    };
    Error::error(format!("no such table: {full}"))
}

pub(super) fn subquery_source(name: String, columns: Vec<ScopeColumn>) -> ScopeSource {
    ScopeSource {
        name,
        schema: None,
        table: None,
        is_aliased: true,
        columns,
        rowid: None,
        rowid_name: rowid_name(),
        rowid_origin: None,
        readable: None,
        reads: Vec::new(),
        joined: Vec::new(),
        query: None,
        number: 0,
        questions_end: 0,
    }
}

/// The columns a subquery, view or CTE offers. Names that repeat get `:1`, `:2`, … as in SQLite.
pub(super) fn subquery_scope_columns(
    columns: &[OutputColumn],
    output: Register,
    renamed: Option<&[String]>,
) -> Result<Vec<ScopeColumn>> {
    let mut names = UniqueNames::default();
    let mut result: Vec<ScopeColumn> = Vec::with_capacity(columns.len());
    for (index, column) in columns.iter().enumerate() {
        let wanted = renamed.map_or(&*column.name, |names| names[index].as_str());
        result.push(ScopeColumn {
            name: names.add(wanted).into(),
            expr: Expr::Register(Register(output.0 + index)),
            affinity: column.affinity,
            collation: CollationSource::Column(column.collation),
            provenance: Provenance::described(column.declared_type.clone(), column.origin.clone()),
            hidden: false,
            merged_away: false,
            merged: None,
            gathered: None,
        });
    }
    Ok(result)
}

/// `SELECT * FROM from`: what `x IN table` stands for.
pub(super) fn select_star(from: ast::From) -> ast::Select {
    let span = from.span;
    let query = ast::Query {
        quantifier: None,
        columns: vec![ast::ResultColumn::Star { span }],
        from: Some(from),
        filter: None,
        group_by: Vec::new(),
        having: None,
        windows: Vec::new(),
        span,
    };
    ast::Select {
        with: None,
        first: ast::SelectCore::Query(Box::new(query)),
        compounds: Vec::new(),
        order_by: Vec::new(),
        limit: None,
        number: 0,
        span,
    }
}

fn find_join(from: &From, number: usize) -> Option<&Join> {
    let From::Join(join) = from else { return None };
    if join.number == number {
        return Some(join);
    }
    find_join(&join.left, number).or_else(|| find_join(&join.right, number))
}

/// Gives the module's table at `output` its arguments.
fn set_arguments(from: &mut From, output: Register, args: Vec<Expr>) {
    let mut pending = vec![from];
    while let Some(from) = pending.pop() {
        match from {
            From::Virtual(source) if source.output == output => {
                source.args = args;
                return;
            }
            From::Join(join) => pending.extend([&mut join.left, &mut join.right]),
            _ => {}
        }
    }
}

fn attach_on(from: &mut From, number: usize, condition: Expr) -> bool {
    let From::Join(join) = from else { return false };
    if join.number == number {
        join.on = Some(conjunction(join.on.take(), condition));
        return true;
    }
    let Join { left, right, .. } = join.as_mut();
    if find_join(left, number).is_some() {
        return attach_on(left, number, condition);
    }
    attach_on(right, number, condition)
}

fn is_inner(from: &From, number: usize) -> bool {
    find_join(from, number).is_some_and(|join| matches!(join.kind, JoinKind::Inner | JoinKind::Cross))
}

/// Whether every column the condition reads from this FROM lies under the join it is written at.
fn covers(from: &From, number: usize, condition: &Expr) -> bool {
    let Some(join) = find_join(from, number) else { return false };
    let mut covered = true;
    super::walk::visit_expr(condition, &mut |expr| {
        let inside = from_owns(&join.left, expr) || from_owns(&join.right, expr);
        if !inside && from_owns(from, expr) {
            covered = false;
        }
    });
    covered
}

fn owned(columns: &[&str]) -> Vec<String> {
    columns.iter().map(|&column| column.to_owned()).collect()
}
