//! What a statement reads and calls, shown to the application's authorizer as it is resolved.
//!
//! Queries inside a statement are asked for once all its names are resolved, which is when SQLite makes code of them.

use super::Resolver;
use super::expr::is_rowid_name;
use super::names::{Names, Relation};
use super::scope::{ColumnRead, JoinedTable, ScopeSource, Typed};
use super::tree::{Body, Expr, From, Register, Subquery, SubqueryId, Window};
use crate::callback::{Action, Permission};
use crate::catalog::DatabaseIndex;
use crate::error::{Error, Result, ResultCode};
use pluresdb_sql::ast;
use pluresdb_value::Value;
use std::ops::Range;
use std::sync::Arc;

/// Whose text is being resolved.
pub(super) struct Context {
    pub name: String,
    /// A common table's; else a view's or a trigger's.
    pub is_common: bool,
}

/// A question that waits for the end of resolution.
#[derive(Clone, Debug)]
pub struct LateQuestion {
    what: Late,
    context: Option<String>,
}

/// A call of an aggregate or of a window function: which of the functions asked for stand in it.
#[derive(Debug)]
pub struct AskedCall {
    all: Range<usize>,
    /// None: an aggregate.
    window: Option<AskedWindow>,
}

#[derive(Debug)]
pub struct AskedWindow {
    pub result: Register,
    pub args: Range<usize>,
    /// PARTITION BY and ORDER BY.
    pub sorted: Range<usize>,
    pub filter: Range<usize>,
    /// The questions of the queries in PARTITION BY and ORDER BY.
    pub queries_sorted: Range<usize>,
}

#[derive(Clone, Debug)]
enum Late {
    Query,
    RecursiveQuery,
    Function(String),
    /// A table of FROM none of whose columns is read.
    Untouched {
        table: String,
        database: Option<Arc<str>>,
    },
}

fn denied() -> Error {
    Error::new(ResultCode::Auth, "not authorized")
}

fn null() -> Typed {
    Typed::plain(Expr::Literal(Value::Null))
}

impl Resolver<'_> {
    /// The view or common table whose text is being resolved.
    fn context(&self) -> Option<&str> {
        self.contexts.last().map(|context| context.name.as_str())
    }

    /// A query begins: the statement's own is asked for at once.
    pub(super) fn authorize_query(&mut self) -> Result<()> {
        if !self.is_authorized {
            return Ok(());
        }
        if self.has_asked {
            self.ask_later(Late::Query);
            return Ok(());
        }
        self.has_asked = true;
        match self.names.authorize(Action::new(Action::SELECT), self.context())? {
            Permission::Allowed => Ok(()),
            Permission::Ignored => {
                self.is_ignored = true;
                Ok(())
            }
            Permission::Denied => Err(denied()),
        }
    }

    /// The query that SQLite makes itself is asked for, whatever was asked before.
    pub fn ask_query_now(&mut self) -> Result<()> {
        if !self.is_authorized {
            return Ok(());
        }
        match self.names.authorize(Action::new(Action::SELECT), self.context())? {
            Permission::Allowed => Ok(()),
            Permission::Denied | Permission::Ignored => Err(denied()),
        }
    }

    /// Asks for the INSERT that was put off; false: none was.
    pub(super) fn authorize_insert(&mut self) -> Result<bool> {
        let Some((table, database)) = self.insert_question.take() else { return Ok(false) };
        match self.names.authorize(Action::new(Action::INSERT).of(&table).within(&database), None)? {
            Permission::Allowed => Ok(true),
            Permission::Ignored => {
                self.is_ignored = true;
                Ok(true)
            }
            Permission::Denied => Err(denied()),
        }
    }

    /// Reads all columns of the innermost scope's first source, and tells which of them are to be ignored.
    pub fn ignored_columns(&mut self) -> Result<Vec<usize>> {
        let Some(scope) = self.scopes.last().filter(|_| self.is_authorized) else { return Ok(Vec::new()) };
        let width = scope.sources.first().map_or(0, |source| source.columns.len());
        let level = self.scopes.len() - 1;
        let mut ignored = Vec::new();
        for column in 0..width {
            let value = Typed::plain(Expr::Literal(Value::Integer(0)));
            let read = self.authorize_column(level, 0, Some(column), value)?;
            if matches!(read.expr, Expr::Literal(Value::Null)) {
                ignored.push(column);
            }
        }
        Ok(ignored)
    }

    /// The rowids of a whole table, in which `IN` searches.
    pub(super) fn searches_rowids(&self, subquery: SubqueryId) -> bool {
        if !self.is_authorized {
            return false;
        }
        let Subquery { select, correlated: false } = &self.program.subqueries[subquery.0] else {
            return false;
        };
        let Body::Core(core) = &select.body else { return false };
        let is_whole = core.filter.is_none()
            && core.grouping.is_none()
            && core.windows.is_empty()
            && !core.distinct
            && select.limit.is_none();
        is_whole && matches!(core.from, Some(From::Table(_))) && matches!(core.outputs[..], [Expr::Rowid(_)])
    }

    /// What waits to be asked is asked in this name.
    pub fn rename_late_questions(&mut self, context: &str) {
        for question in &mut self.late_questions {
            question.context = Some(context.to_owned());
        }
    }

    /// What was left for the end of a FROM that is no query's, from `first` on.
    pub fn close_from(&mut self, first: usize) {
        if self.is_authorized {
            let level = self.scopes.len() - 1;
            self.authorize_untouched(level, first, false);
        }
    }

    /// Remembers which queries of EXISTS SQLite joins into the query that they are a condition of.
    pub(super) fn note_joined_exists(&mut self, filter: &ast::Expr) {
        match &filter.kind {
            ast::ExprKind::Binary { op: ast::BinaryOp::And, left, right } => {
                self.note_joined_exists(left);
                self.note_joined_exists(right);
            }
            ast::ExprKind::Exists(select) if may_be_joined(select) && self.has_one_table(select) => {
                self.joined_exists.push(std::ptr::from_ref::<ast::Select>(select).addr());
            }
            _ => {}
        }
    }

    /// Its FROM is a table, and no view or common table.
    fn has_one_table(&self, select: &ast::Select) -> bool {
        let ast::SelectCore::Query(query) = &select.first else { return false };
        let Some(ast::From { first, joins, .. }) = &query.from else { return false };
        let ast::FromSource::Table { name, .. } = &first.source else { return false };
        let schema = name.schema.as_ref().map(|schema| &*schema.text);
        joins.is_empty()
            && select.with.is_none()
            && !(schema.is_none() && self.ctes.iter().any(|with| with.has(&name.name)))
            && matches!(self.names.find_relation(schema, &name.name.text), Some(Relation::Table(..)))
    }

    pub(super) fn is_joined_exists(&self, select: &ast::Select) -> bool {
        !self.joined_exists.is_empty()
            && self.joined_exists.contains(&std::ptr::from_ref::<ast::Select>(select).addr())
    }

    /// A recursive common table: SQLite asks for the whole of it, for its recursion, then for its parts.
    pub(super) fn authorize_recursion(&mut self) -> Result<()> {
        self.authorize_query()?;
        if self.is_authorized {
            self.ask_later(Late::RecursiveQuery);
        }
        Ok(())
    }

    /// The application is not asked for what is resolved: it is no part of its statement.
    pub fn unasked(mut self) -> Self {
        self.is_authorized = false;
        self
    }

    /// The query is asked for once it is resolved, not before.
    pub fn ask_query_late(&mut self) {
        self.has_asked = true;
    }

    /// Sets aside the questions that came after `first`.
    pub fn take_late_questions(&mut self, first: usize) -> Vec<LateQuestion> {
        self.late_questions.split_off(first)
    }

    pub fn add_late_questions(&mut self, questions: Vec<LateQuestion>) {
        self.late_questions.extend(questions);
    }

    pub fn late_question_count(&self) -> usize {
        self.late_questions.len()
    }

    /// The arms of a compound, from left to right; SQLite asks for each compound that begins the next one, too.
    pub(super) fn authorize_arms(
        &mut self,
        arms: impl ExactSizeIterator<Item = Vec<LateQuestion>>,
    ) -> Result<()> {
        for _ in 2..arms.len() {
            self.authorize_query()?;
        }
        for questions in arms {
            self.authorize_query()?;
            self.late_questions.extend(questions);
        }
        Ok(())
    }

    fn ask_later(&mut self, what: Late) {
        let context = self.context().map(str::to_owned);
        self.late_questions.push(LateQuestion { what, context });
    }

    /// The tables of a FROM that is done, as far as nothing of them was read, each with the questions of its own that
    /// wait (from `first` on): those of what SQLite joins into this query come first.
    ///
    /// The tables of a query that SQLite joins into the one around it are that one's: nothing is read of them but what
    /// its result columns read that are used there.
    pub(super) fn authorize_untouched(&mut self, level: usize, first: usize, is_joined: bool) {
        if !self.is_authorized {
            return;
        }
        let is_in_view = self.contexts.last().is_some_and(|context| !context.is_common);
        let sources = &self.scopes[level].sources;
        let tables: Vec<Vec<JoinedTable>> =
            sources.iter().map(|source| tables_of(source, is_in_view)).collect();
        if is_joined {
            self.joined = tables.into_iter().flatten().collect();
            return;
        }
        let ends: Vec<usize> = sources.iter().map(|source| source.questions_end).collect();
        let is_joined: Vec<bool> = sources.iter().map(|source| !source.joined.is_empty()).collect();
        let mut waiting = self.take_late_questions(first).into_iter();
        let mut taken = first;
        let mut of_sources: Vec<Vec<LateQuestion>> = Vec::with_capacity(ends.len());
        for end in ends {
            let count = end.saturating_sub(taken);
            of_sources.push(waiting.by_ref().take(count).collect());
            taken += count;
        }
        for (questions, _) in of_sources.iter_mut().zip(&is_joined).filter(|(_, is_joined)| **is_joined) {
            self.late_questions.append(questions);
        }
        for (tables, questions) in tables.into_iter().zip(of_sources) {
            for JoinedTable { table, database, is_read, outputs } in tables {
                if !is_read && outputs.is_empty() {
                    self.ask_later(Late::Untouched { table, database });
                }
            }
            self.add_late_questions(questions);
        }
        self.late_questions.extend(waiting);
    }

    /// SQLite makes a subquery of what each window reads, and looks at the functions in it once more.
    pub(super) fn ask_for_windows(&mut self, windows: &[Window], clauses: &[Range<usize>; 3]) {
        if !self.is_authorized || windows.is_empty() {
            return;
        }
        let level = self.scopes.len();
        let mut calls = std::mem::take(&mut self.scopes[level - 1].asked_calls);
        calls.sort_by_key(|call| call.all.start);
        let aggregates: Vec<usize> =
            calls.iter().filter(|call| call.window.is_none()).map(|call| call.all.start).collect();
        let mut end = 0;
        // What stands inside another call goes with that.
        let mut outer = Vec::with_capacity(calls.len());
        for call in calls {
            if call.all.start >= end {
                end = call.all.end;
                outer.push(call);
            }
        }
        let window_of = |call: &AskedCall| {
            let result = call.window.as_ref()?.result;
            windows.iter().position(|window| window.calls.iter().any(|call| call.result == result))
        };
        let own = |asked: &[(usize, String)], range: &Range<usize>| -> Vec<String> {
            let names = asked[range.clone()].iter().filter(|(of, _)| *of == level);
            names.map(|(_, name)| name.clone()).collect()
        };
        let [filter, group_by, having] = clauses;
        // An aggregate is one already, but what it computes is looked at.
        let within = |asked: &[(usize, String)], range: &Range<usize>| -> Vec<String> {
            let names = range.clone().filter(|at| !aggregates.contains(at)).map(|at| &asked[at]);
            names.filter(|(of, _)| *of == level).map(|(_, name)| name.clone()).collect()
        };
        // The window that is named first is computed last, and taken apart first.
        for inner in (0..windows.len()).rev() {
            let mut names = Vec::new();
            for call in &outer {
                if call.window.is_none() || window_of(call).is_some_and(|other| other < inner) {
                    names.extend(own(&self.asked_functions, &call.all));
                }
            }
            let of_window: Vec<&AskedWindow> = outer
                .iter()
                .filter(|call| window_of(call) == Some(inner))
                .filter_map(|call| call.window.as_ref())
                .collect();
            let sorted =
                of_window.first().map_or_else(Vec::new, |call| within(&self.asked_functions, &call.sorted));
            names.extend(sorted.iter().cloned());
            for call in &of_window {
                names.extend(within(&self.asked_functions, &call.args));
                names.extend(within(&self.asked_functions, &call.filter));
            }
            names.extend(within(&self.asked_functions, having));
            names.extend(own(&self.asked_functions, filter));
            names.extend(sorted);
            names.extend(own(&self.asked_functions, group_by));
            let context = self.context().map(str::to_owned);
            let questions = &mut self.scopes[level - 1].questions_of_windows;
            let functions = names.into_iter().map(Late::Function);
            questions.extend(
                functions.chain([Late::Query]).map(|what| LateQuestion { what, context: context.clone() }),
            );
            // Its ORDER BY computes what it is sorted by a second time.
            if let Some(call) = of_window.first() {
                let again = self.late_questions[call.queries_sorted.clone()].to_vec();
                self.scopes[level - 1].queries_sorted_by.extend(again);
            }
        }
    }

    /// How many functions were asked for so far.
    pub(super) fn asked_function_count(&self) -> usize {
        self.asked_functions.len()
    }

    /// A call to which the answer was yes is resolved.
    pub(super) fn note_asked_call(&mut self, first: usize, window: Option<AskedWindow>) {
        if self.is_authorized {
            let all = first..self.asked_functions.len();
            if let Some(scope) = self.scopes.last_mut() {
                scope.asked_calls.push(AskedCall { all, window });
            }
        }
    }

    /// Asks what was left for when code is made.
    pub fn ask_late_questions(&mut self) -> Result<()> {
        for LateQuestion { what, context } in std::mem::take(&mut self.late_questions) {
            let what = &what;
            let action = match what {
                Late::Query => Action::new(Action::SELECT),
                Late::RecursiveQuery => Action::new(Action::RECURSIVE),
                Late::Function(name) => Action::new(Action::FUNCTION).and(name),
                Late::Untouched { table, database } => {
                    Action { database: database.as_deref(), ..Action::new(Action::READ).of(table).and("") }
                }
            };
            match (self.names.authorize(action, context.as_deref())?, what) {
                (Permission::Allowed, _)
                | (Permission::Ignored, Late::Untouched { .. } | Late::Function(_)) => {}
                (Permission::Denied, Late::Function(name)) => {
                    return Err(Error::error(format!("not authorized to use function: {name}")));
                }
                (Permission::Denied, Late::Untouched { table, .. }) => {
                    return Err(prohibited(None, table, ""));
                }
                (Permission::Denied | Permission::Ignored, _) => return Err(denied()),
            }
        }
        Ok(())
    }

    /// The result column whose names come next; None: those of another clause.
    pub(super) fn reads_for_output(&mut self, output: Option<usize>) {
        if let Some(scope) = self.scopes.last_mut() {
            scope.output = output;
        }
    }

    /// A column of a source is read: its value, or NULL where it is to be ignored.
    pub(super) fn authorize_column(
        &mut self,
        level: usize,
        source: usize,
        column: Option<usize>,
        typed: Typed,
    ) -> Result<Typed> {
        if !self.is_authorized {
            return Ok(typed);
        }
        let output = self.scopes[level].output;
        let source = &mut self.scopes[level].sources[source];
        let alias = source.table.as_ref().and_then(|table| table.rowid_alias);
        if let Some(column) = column.filter(|column| Some(*column) != alias) {
            let read = ColumnRead { column, output };
            if !source.reads.contains(&read) {
                source.reads.push(read);
            }
        }
        let Some((database, table)) = source.readable.clone() else { return Ok(typed) };
        let name = match (column, alias) {
            (Some(column), _) | (None, Some(column)) => source.columns[column].name.to_string(),
            (None, None) => "ROWID".to_owned(),
        };
        self.authorize_read(&database, &table, &name, typed)
    }

    /// The same for `new.x` and `old.x`.
    pub(super) fn authorize_image(
        &self,
        image: &ScopeSource,
        name: &ast::Name,
        typed: Typed,
    ) -> Result<Typed> {
        let Some((database, table)) = image.readable.as_ref().filter(|_| self.is_authorized) else {
            return Ok(typed);
        };
        let column = image.columns.iter().find(|column| name.is(&column.name));
        let column = column.map_or("ROWID", |column| &column.name);
        debug_assert!(column != "ROWID" || is_rowid_name(name), "an image has the columns of its table");
        self.authorize_read(database, table, column, typed)
    }

    fn authorize_read(&self, database: &str, table: &str, column: &str, typed: Typed) -> Result<Typed> {
        let may_read = may_read(self.names, self.context(), database, table, column)?;
        Ok(if may_read { typed } else { null() })
    }

    /// A function is called; its value where it is to be ignored: NULL.
    pub(super) fn authorize_function(&mut self, name: &str) -> Result<Option<Typed>> {
        if !self.is_authorized {
            return Ok(None);
        }
        let name = name.to_ascii_lowercase();
        self.asked_functions.push((self.scopes.len(), name.clone()));
        match self.names.authorize(Action::new(Action::FUNCTION).and(&name), self.context())? {
            Permission::Allowed => Ok(None),
            Permission::Ignored => Ok(Some(null())),
            Permission::Denied => Err(Error::error(format!("not authorized to use function: {name}"))),
        }
    }

    /// A column is assigned; false: it is to be left as it is.
    pub fn authorize_assignment(&self, database: DatabaseIndex, table: &str, column: &str) -> Result<bool> {
        if !self.is_authorized {
            return Ok(true);
        }
        let database = self.names.database_name(database);
        let action = Action::new(Action::UPDATE).of(table).and(column).within(database);
        match self.names.authorize(action, self.context())? {
            Permission::Allowed => Ok(true),
            Permission::Ignored => Ok(false),
            Permission::Denied => Err(denied()),
        }
    }
}

/// The tables behind a source, and who needs them.
fn tables_of(source: &ScopeSource, is_in_view: bool) -> Vec<JoinedTable> {
    let outputs = |is_meant: &dyn Fn(usize) -> bool| -> Vec<usize> {
        let meant = source.reads.iter().filter(|read| is_meant(read.column));
        meant.filter_map(|read| read.output).collect()
    };
    let is_read = |is_meant: &dyn Fn(usize) -> bool| {
        source.reads.iter().any(|read| read.output.is_none() && is_meant(read.column))
    };
    let own = source.table.as_ref().map(|table| JoinedTable {
        table: table.name.to_string(),
        database: source.schema.clone().filter(|_| is_in_view),
        is_read: is_read(&|_| true),
        outputs: outputs(&|_| true),
    });
    // Of a query that is not joined into this one, SQLite asks as if it were a table.
    let query = source.query.as_ref().filter(|_| source.joined.is_empty()).map(|name| JoinedTable {
        table: name.clone(),
        database: None,
        is_read: is_read(&|_| true),
        outputs: outputs(&|_| true),
    });
    let joined = source.joined.iter().map(|inner| JoinedTable {
        table: inner.table.clone(),
        database: inner.database.clone(),
        is_read: inner.is_read || is_read(&|column| inner.outputs.contains(&column)),
        outputs: outputs(&|column| inner.outputs.contains(&column)),
    });
    own.into_iter().chain(query).chain(joined).collect()
}

/// Whether a query, as it is written, can be joined into the one around it.
pub(super) fn may_be_joined(select: &ast::Select) -> bool {
    let ast::SelectCore::Query(query) = &select.first else { return false };
    select.compounds.is_empty()
        && select.limit.is_none()
        && query.quantifier != Some(ast::Quantifier::Distinct)
        && query.from.is_some()
        && query.group_by.is_empty()
        && query.having.is_none()
}

/// Whether a column may be read; false: it is to be taken for NULL.
pub fn may_read(
    names: &dyn Names,
    context: Option<&str>,
    database: &str,
    table: &str,
    column: &str,
) -> Result<bool> {
    let action = Action::new(Action::READ).of(table).and(column).within(database);
    match names.authorize(action, context)? {
        Permission::Allowed => Ok(true),
        Permission::Ignored => Ok(false),
        Permission::Denied => Err(prohibited((database != "main").then_some(database), table, column)),
    }
}

#[cold]
fn prohibited(database: Option<&str>, table: &str, column: &str) -> Error {
    let place = database
        .map_or_else(|| format!("{table}.{column}"), |database| format!("{database}.{table}.{column}"));
    Error::new(ResultCode::Auth, format!("access to {place} is prohibited"))
}
