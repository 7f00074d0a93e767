//! Names become things: AST in, resolved tree out. The only stage that reads both the AST and the catalog.
//!
//! `Resolver` builds one program. It keeps a stack of scopes (innermost last); FROM pushes one, a subquery sees those
//! below it. `expr` resolves expressions, `select` queries, `from` the FROM clause, `cte` WITH, `compound` compounds,
//! `grouping` aggregates and `window` window calls, `columns` result columns, `row_condition` conditions of rows within rows.

mod arms;
mod authorize;
mod columns;
mod compound;
mod constant;
mod cte;
mod expansion;
mod expr;
mod from;
mod function;
mod grouping;
mod last_error;
mod names;
mod nest;
mod references;
mod retype;
mod row_condition;
mod scope;
mod select;
pub mod tree;
mod view;
mod walk;
mod window;

use std::borrow::Cow;

use pluresdb_sql::ast;

pub use authorize::may_read;
pub use function::calls_over_rows;
pub(crate) use names::JSON_TABLE;
pub use names::{ColumnNames, Names, PragmaColumns, Relation, VirtualRelation};
pub(crate) use nest::UniqueNames;
pub use references::{Meaning, Reference};
pub use retype::retyped;
pub use scope::{
    Aggregates, Allowed, CollationSource, Provenance, RowImages, Scope, ScopeColumn, ScopeSource, Typed,
    subquery_name,
};
pub(crate) use select::ordinal_text;
pub use view::{shown_type, view_as_table};
pub use walk::{
    any_expr, conjunction, has_known_subquery, identical_expr, is_column, names_subquery, reads_table,
    rewrite_expr, same_expr, subqueries_of, substituted, visit_expr,
};

pub use tree::Program;

use crate::catalog::Table;
use crate::error::{Error, Result};
use tree::{Expr, Register, SourceId, Subquery, SubqueryId};

/// Nested views, common tables and subqueries. SQLite takes more of them; a thread of Node has room for these.
const MAX_SELECT_DEPTH: usize = 250;
/// Levels of expressions, counted on through the subqueries they hold (SQLITE_MAX_EXPR_DEPTH).
const MAX_EXPR_DEPTH: usize = 1000;

/// Resolves the parts of one statement into one program.
pub struct Resolver<'a> {
    names: &'a dyn Names,
    /// Of result columns. What the schema keeps has short ones.
    column_names: ColumnNames,
    /// The result columns are those of a view, or of a table made of a query.
    names_stored: bool,
    /// The text the AST's spans point into: the statement's, or a view's while its body is resolved.
    text: Cow<'a, str>,
    program: Program,
    scopes: Vec<Scope>,
    ctes: Vec<cte::WithScope>,
    /// Inside a view or trigger: the database whose tables its unqualified names mean; None inside temp ones and outside.
    view_schema: Option<String>,
    /// Inside a trigger: what `new` and `old` mean.
    row_images: RowImages,
    is_in_trigger: bool,
    /// What is being resolved is text of a schema (a view, a trigger, a CHECK, …) that is not the temp database's.
    is_schema_text: bool,
    /// Views being expanded, to find circles.
    open_views: Vec<String>,
    /// Tables and views of the schema, and how often the statement has named them so far.
    references: Vec<(String, u32)>,
    /// The outermost scope that anything resolved since the enclosing subquery began has referred to.
    outermost_reference: usize,
    depth: usize,
    /// What is being resolved is part of a query.
    is_within_query: bool,
    /// Levels of expressions that are being resolved.
    expr_depth: usize,
    /// What is being resolved is part of an expression of its query.
    is_within_expr: bool,
    /// Where the subquery stands that could not be resolved, and why.
    failed_subquery: Option<(ast::Span, Error)>,
    /// The statement calls a function of the application.
    calls_application: bool,
    /// Keeps what names turned out to mean, for ALTER TABLE alone.
    recorder: Option<Box<references::Recorder>>,
    /// Whether the application is asked for what is read and called.
    is_authorized: bool,
    /// The statement's own query was asked for.
    has_asked: bool,
    is_ignored: bool,
    /// Views, common tables and triggers whose texts are being resolved.
    contexts: Vec<authorize::Context>,
    /// The next query that is resolved may be joined into the one around it.
    may_join: bool,
    /// Queries of EXISTS that are, by where they lie.
    joined_exists: Vec<usize>,
    /// Of the query that was just resolved, where it is joined.
    joined: Vec<scope::JoinedTable>,
    late_questions: Vec<authorize::LateQuestion>,
    /// The functions that the application was asked for, with how many scopes were open.
    asked_functions: Vec<(usize, String)>,
    /// The rows of VALUES that come next are the statement itself.
    asks_values_now: bool,
    /// What is asked for an INSERT of several rows once the first of them are known: its table and database.
    insert_question: Option<(String, String)>,
    /// The first error that SQLite finds only when it generates code: any other of the statement goes before it.
    late_error: Option<Error>,
    /// The FROM whose USING has a name that several tables on the left have.
    ambiguous_from: Option<*const ast::From>,
}

impl<'a> Resolver<'a> {
    /// `text` is what the statement's spans point into.
    pub fn new(names: &'a dyn Names, text: &'a str, parameter_count: usize) -> Self {
        Self {
            names,
            column_names: names.column_names(),
            names_stored: false,
            text: Cow::Borrowed(text),
            program: Program { parameter_count, ..Program::default() },
            // Scopes are large, and deep nesting is rare.
            scopes: Vec::with_capacity(2),
            ctes: Vec::new(),
            view_schema: None,
            row_images: RowImages::default(),
            is_in_trigger: false,
            is_schema_text: false,
            open_views: Vec::new(),
            references: Vec::new(),
            outermost_reference: usize::MAX,
            depth: 0,
            is_within_query: false,
            expr_depth: 0,
            is_within_expr: false,
            failed_subquery: None,
            calls_application: false,
            recorder: None,
            is_authorized: names.has_authorizer(),
            has_asked: false,
            is_ignored: false,
            contexts: Vec::new(),
            may_join: false,
            joined_exists: Vec::new(),
            joined: Vec::new(),
            late_questions: Vec::new(),
            asked_functions: Vec::new(),
            asks_values_now: false,
            insert_question: None,
            late_error: None,
            ambiguous_from: None,
        }
    }

    /// Resolves as inside a trigger: unqualified tables are `home`'s, and the images have their names.
    #[must_use]
    pub fn within_trigger(mut self, home: Option<&str>, row_images: &RowImages) -> Self {
        self.is_schema_text = home.is_some();
        self.view_schema = home.map(str::to_owned);
        self.row_images = row_images.clone();
        self.is_in_trigger = true;
        self
    }

    /// Result columns have short names, whatever the settings.
    #[must_use]
    pub fn with_short_names(mut self) -> Self {
        self.column_names = ColumnNames::Short;
        self.names_stored = true;
        self
    }

    /// The finished program.
    pub fn finish(mut self) -> Result<Program> {
        self.ask_late_questions()?;
        match self.late_error {
            Some(error) => Err(error),
            None => Ok(self.program),
        }
    }

    /// Says whether the application is asked for what follows; answers what held before.
    pub fn set_asking(&mut self, is_asking: bool) -> bool {
        std::mem::replace(&mut self.is_authorized, is_asking && self.names.has_authorizer())
    }

    /// The query is not to be run, but it is no error.
    pub fn is_ignored(&self) -> bool {
        self.is_ignored
    }

    /// What is resolved from now on stands in the text of a trigger or common table.
    pub fn enter_context(&mut self, name: &str) {
        self.contexts.push(authorize::Context { name: name.to_owned(), is_common: false });
    }

    fn enter_common_table(&mut self, name: &str) {
        self.contexts.push(authorize::Context { name: name.to_owned(), is_common: true });
    }

    pub fn leave_context(&mut self) {
        self.contexts.pop();
    }

    /// Notes an error of SQLite's code generator; what it stands in has some value meanwhile.
    fn refuse_late(&mut self, message: impl Into<String>) -> Typed {
        self.late_error.get_or_insert_with(|| Error::error(message));
        Typed::plain(Expr::Literal(pluresdb_value::Value::Null))
    }

    /// Says whether what follows is text of a schema that others may have written; answers what held before.
    pub fn set_schema_text(&mut self, is_schema_text: bool) -> bool {
        std::mem::replace(&mut self.is_schema_text, is_schema_text)
    }

    pub fn new_source(&mut self) -> SourceId {
        self.program.source_count += 1;
        SourceId(self.program.source_count - 1)
    }

    /// The first of `count` new registers that stand side by side.
    pub fn new_registers(&mut self, count: usize) -> Register {
        self.program.register_count += count;
        Register(self.program.register_count - count)
    }

    pub fn subquery_count(&self) -> usize {
        self.program.subqueries.len()
    }

    /// Makes the subqueries from that number on that read the table run whenever they are asked.
    pub fn correlate_readers(&mut self, first: usize, table: &Table) {
        for subquery in &mut self.program.subqueries[first..] {
            subquery.correlated |= names_table(&subquery.select, table);
        }
    }

    /// Whether a subquery that has been resolved so far may read the table.
    pub fn subqueries_read(&self, table: &Table) -> bool {
        walk::subqueries_read(&self.program, table)
    }

    /// Opens a scope with the given sources: DML's target row, OLD and NEW, `excluded`.
    pub fn push_scope(&mut self, sources: Vec<ScopeSource>) {
        self.scopes.push(Scope::new(sources));
    }

    /// Opens the scope of a CHECK or of the WHERE of an index.
    pub fn push_schema_scope(&mut self, source: ScopeSource) {
        self.scopes.push(Scope { ignores_schema: true, ..Scope::new(vec![source]) });
    }

    /// Adds a source to the innermost scope.
    pub fn add_source(&mut self, mut source: ScopeSource) {
        if source.table.is_none() {
            source.joined = std::mem::take(&mut self.joined);
        }
        source.questions_end = self.late_question_count();
        if let Some(scope) = self.scopes.last_mut() {
            scope.sources.push(source);
        }
    }

    /// The sources of the innermost scope, when nothing more is to be resolved.
    pub fn into_scope(mut self) -> Option<Vec<ScopeSource>> {
        self.scopes.pop().map(|scope| scope.sources)
    }

    pub fn pop_scope(&mut self) {
        self.scopes.pop();
    }

    /// A scalar expression in the current scopes.
    pub fn resolve_expr(&mut self, expr: &ast::Expr) -> Result<Expr> {
        Ok(self.resolve_typed(expr)?.expr)
    }

    /// An expression that may see no table at all, such as LIMIT's.
    pub fn resolve_constant(&mut self, expr: &ast::Expr) -> Result<Expr> {
        let scopes = std::mem::take(&mut self.scopes);
        let resolved = self.resolve_expr(expr);
        self.scopes = scopes;
        resolved
    }

    fn add_subquery(&mut self, select: tree::Select, correlated: bool) -> SubqueryId {
        self.program.subqueries.push(Subquery { select, correlated });
        SubqueryId(self.program.subqueries.len() - 1)
    }

    /// Source text of a span, for column names.
    fn span_text(&self, span: ast::Span) -> &str {
        self.text.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    /// The last word that stands between two expressions.
    fn word_between(&self, left: ast::Span, right: ast::Span) -> Option<&str> {
        let between = self.text.get(left.end as usize..right.start as usize)?;
        between.split(|c: char| !c.is_ascii_alphabetic()).rfind(|word| !word.is_empty())
    }

    fn enter(&mut self) -> Result<()> {
        self.depth += 1;
        if self.depth > MAX_SELECT_DEPTH {
            return Err(Error::error("VIEWs and/or subqueries nested too deep"));
        }
        Ok(())
    }
}

/// Whether the query's own FROM names the table; a compound's is that of its last arm.
fn names_table(select: &tree::Select, table: &Table) -> bool {
    fn has(from: &tree::From, table: &Table) -> bool {
        match from {
            tree::From::Table(source) => std::ptr::eq(&raw const *source.table, table),
            tree::From::Join(join) => has(&join.left, table) || has(&join.right, table),
            tree::From::Subquery { .. }
            | tree::From::Cte { .. }
            | tree::From::RecursiveRow { .. }
            | tree::From::TableFunction(_)
            | tree::From::Virtual(_) => false,
        }
    }
    match &select.body {
        tree::Body::Core(core) => core.from.as_ref().is_some_and(|from| has(from, table)),
        tree::Body::Compound(compound) => names_table(&compound.right, table),
        tree::Body::Values(_) => false,
    }
}
