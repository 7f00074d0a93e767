//! What the names of a text turned out to mean: kept only while ALTER TABLE looks for what it must edit.
//!
//! SQLite resolves the texts of its schema in a mode of its own for this, with rules that show in what it edits:
//! - Functions are not looked at, only their arguments: a view of an unknown function can be renamed.
//! - A name that is an alias, or a column that `*` brought into the result, is no mention of a table's column.
//! - The operand of `IN ()` is gone before anything is resolved.
//! - `rowid` is a mention of the INTEGER PRIMARY KEY.
//!
//! Only the text itself counts: what stands in the views it names is not its own.

use std::sync::Arc;

use pluresdb_sql::ast::{self, SelectCore, Span};
use pluresdb_value::Value;

use super::Resolver;
use super::scope::{ScopeSource, Typed};
use super::tree::Expr;
use crate::catalog::Table;
use crate::error::Result;

/// One name, and the object of the catalog that it stands for.
#[derive(Clone, Debug)]
pub struct Reference {
    pub span: Span,
    pub table: Arc<Table>,
    pub meaning: Meaning,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// The name is the table's.
    Table,
    Column(usize),
    Rowid,
}

#[derive(Debug, Default)]
pub(super) struct Recorder {
    references: Vec<Reference>,
    /// Result columns that `*` brought in, by the depth of their query.
    starred: Vec<(usize, String)>,
}

impl Resolver<'_> {
    /// Resolves for ALTER TABLE from here on. `schema` is the database that names without one mean.
    pub fn record_references(&mut self, schema: Option<&str>) {
        self.recorder = Some(Box::default());
        self.view_schema = schema.map(str::to_owned);
    }

    pub fn into_references(self) -> Vec<Reference> {
        self.recorder.map_or_else(Vec::new, |recorder| recorder.references)
    }

    pub(super) fn is_recording(&self) -> bool {
        self.recorder.is_some()
    }

    fn note(&mut self, span: Span, table: &Arc<Table>, meaning: Meaning) {
        if self.open_views.is_empty()
            && let Some(recorder) = &mut self.recorder
        {
            recorder.references.push(Reference { span, table: table.clone(), meaning });
        }
    }

    pub(super) fn note_table(&mut self, span: Span, table: &Arc<Table>) {
        if self.is_recording() {
            self.note(span, table, Meaning::Table);
        }
    }

    /// SQLite keeps no token of a table that stands behind IN: RENAME leaves the name as it is.
    pub(super) fn forget_table(&mut self, span: Span) {
        if let Some(recorder) = &mut self.recorder {
            recorder.references.retain(|reference| reference.span != span);
        }
    }

    /// A name that was found in a source of the scope `level`; `column` is None for the rowid.
    pub(super) fn note_column(
        &mut self,
        level: usize,
        source: usize,
        column: Option<usize>,
        qualifier: Option<&ast::Qualifier>,
        name: &ast::Name,
    ) {
        let ScopeSource { table, is_aliased, .. } = &self.scopes[level].sources[source];
        let (Some(table), is_aliased) = (table.clone(), *is_aliased) else { return };
        self.note(name.span, &table, column.map_or(Meaning::Rowid, Meaning::Column));
        if let Some(qualifier) = qualifier
            && !is_aliased
        {
            self.note(qualifier.table.span, &table, Meaning::Table);
        }
    }

    /// `table.*`, and the names that a star of either kind adds to the result.
    pub(super) fn note_star(&mut self, table: Option<&ast::Name>, names: Vec<String>) {
        let level = self.scopes.len();
        if let Some(written) = table {
            let sources = self.scopes.last().map_or(&[][..], |scope| scope.sources.as_slice());
            let named = sources.iter().find(|source| written.is(&source.name) && !source.is_aliased);
            if let Some(table) = named.and_then(|source| source.table.clone()) {
                self.note(written.span, &table, Meaning::Table);
            }
        }
        if let Some(recorder) = &mut self.recorder {
            recorder.starred.extend(names.into_iter().map(|name| (level, name)));
        }
    }

    /// Ends what `note_star` noted of queries deeper than the scopes that are open now.
    pub(super) fn forget_stars(&mut self) {
        let level = self.scopes.len();
        if let Some(recorder) = &mut self.recorder {
            recorder.starred.retain(|(depth, _)| *depth <= level);
        }
    }

    /// Whether ORDER BY names a column that `*` brought into this query's result.
    pub(super) fn is_starred(&self, expr: &ast::Expr) -> bool {
        let ast::ExprKind::Column { qualifier: None, column } = &expr.kind else { return false };
        let level = self.scopes.len();
        let starred = self.recorder.iter().flat_map(|recorder| &recorder.starred);
        starred.into_iter().any(|(depth, name)| *depth == level && column.is(name))
    }

    /// Resolves what gives no mention, such as the term of ORDER BY that is an alias.
    pub(super) fn unrecorded<T>(&mut self, resolve: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        let recorder = self.recorder.take();
        let resolved = resolve(self);
        self.recorder = recorder;
        resolved
    }

    /// A call whose function is not looked at.
    pub(super) fn resolve_call_parts(&mut self, call: &ast::FunctionCall) -> Result<Typed> {
        if let ast::FunctionArguments::List(arguments) = &call.arguments {
            for argument in arguments {
                self.resolve_typed(argument)?;
            }
        }
        for term in &call.order_by {
            self.resolve_typed(&term.expr)?;
        }
        if let Some(filter) = &call.filter {
            self.resolve_typed(filter)?;
        }
        if let Some(ast::Over::Window(window)) = &call.over {
            self.resolve_window_parts(window)?;
        }
        Ok(Typed::plain(Expr::Literal(Value::Null)))
    }

    fn resolve_window_parts(&mut self, window: &ast::Window) -> Result<()> {
        for expr in &window.partition_by {
            self.resolve_typed(expr)?;
        }
        for term in &window.order_by {
            self.resolve_typed(&term.expr)?;
        }
        Ok(())
    }

    /// The WINDOW clause, whether or not a call uses its windows.
    pub(super) fn note_windows(&mut self, windows: &[ast::NamedWindow]) -> Result<()> {
        windows.iter().try_for_each(|named| self.resolve_window_parts(&named.window))
    }

    /// Common tables that nothing names are resolved too; their errors are nobody's. `first` is the first WITH of the
    /// query that ends.
    pub(super) fn note_unused_tables(&mut self, first: usize) {
        for select in self.unused_tables(first) {
            let depth = self.depth;
            let _nobody_reads_it = self.resolve_select(&select);
            self.depth = depth;
        }
    }

    /// ORDER BY of a compound, where a term is an expression of one of its arms.
    pub(super) fn note_compound_order(&mut self, terms: &[ast::SortTerm], arms: &[&SelectCore]) {
        for term in terms {
            let expr = super::select::split_collate(&term.expr).0;
            let _found = arms.iter().any(|arm| {
                let SelectCore::Query(query) = arm else { return false };
                let level = self.scopes.len();
                self.scopes.push(super::scope::Scope::default());
                let resolved = match &query.from {
                    Some(from) => {
                        let mut joins = super::from::PendingJoins::default();
                        self.unrecorded(|resolver| resolver.resolve_from(from, &mut joins)).is_ok()
                    }
                    None => true,
                } && !names_alias(expr, query)
                    && self.resolve_typed(expr).is_ok();
                self.scopes.truncate(level);
                resolved
            });
        }
    }
}

/// Whether the term is a result column's alias, or stands in a result opened from `*`.
fn names_alias(expr: &ast::Expr, query: &ast::Query) -> bool {
    let ast::ExprKind::Column { qualifier: None, column } = &expr.kind else { return false };
    query.columns.iter().any(|result| match result {
        ast::ResultColumn::Expr { alias, .. } => alias.as_ref().is_some_and(|alias| column.is(&alias.text)),
        ast::ResultColumn::Star { .. } | ast::ResultColumn::TableStar { .. } => true,
    })
}
