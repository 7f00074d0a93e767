//! What a statement reads and calls, shown to the application's authorizer as it is resolved.
//!
//! Queries inside a statement are asked for once all its names are resolved, which is when SQLite makes code of them.

use super::Resolver;
use super::expr::is_rowid_name;
use super::names::{Names, Relation};
use super::scope::{ColumnRead, JoinedTable, ScopeSource, Typed};
use super::tree::Expr;
use crate::callback::{Action, Permission};
use crate::catalog::DatabaseIndex;
use crate::error::{Error, Result, ResultCode};
use pluresdb_sql::ast;
use pluresdb_value::Value;
use std::sync::Arc;

/// Whose text is being resolved.
pub(super) struct Context {
    pub name: String,
    /// A common table's; else a view's or a trigger's.
    pub is_common: bool,
}

/// A question that waits for the end of resolution.
pub(super) struct LateQuestion {
    what: Late,
    context: Option<String>,
}

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
    pub(super) fn take_late_questions(&mut self, first: usize) -> Vec<LateQuestion> {
        self.late_questions.split_off(first)
    }

    pub(super) fn add_late_questions(&mut self, questions: Vec<LateQuestion>) {
        self.late_questions.extend(questions);
    }

    pub(super) fn late_question_count(&self) -> usize {
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

    pub(super) fn ask_functions_late<'n>(&mut self, names: impl Iterator<Item = &'n str>) {
        if self.is_authorized {
            names.for_each(|name| self.ask_later(Late::Function(name.to_ascii_lowercase())));
        }
    }

    fn ask_later(&mut self, what: Late) {
        let context = self.context().map(str::to_owned);
        self.late_questions.push(LateQuestion { what, context });
    }

    /// The tables of a FROM that is done, as far as nothing of them was read.
    ///
    /// Those of a query that SQLite joins into the one around it are that one's: nothing is read of them but what its
    /// result columns read that are used there.
    pub(super) fn authorize_untouched(&mut self, level: usize, is_joined: bool) {
        if !self.is_authorized {
            return;
        }
        let is_in_view = self.contexts.last().is_some_and(|context| !context.is_common);
        let tables: Vec<JoinedTable> =
            self.scopes[level].sources.iter().flat_map(|source| tables_of(source, is_in_view)).collect();
        if is_joined {
            self.joined = tables;
            return;
        }
        for JoinedTable { table, database, is_read, outputs } in tables {
            if !is_read && outputs.is_empty() {
                self.ask_later(Late::Untouched { table, database });
            }
        }
    }

    /// Asks what was left for the end.
    pub(super) fn ask_late_questions(&self) -> Result<()> {
        for LateQuestion { what, context } in &self.late_questions {
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

    /// A function is called; None: it is to be ignored, its value NULL.
    pub(super) fn authorize_function(&self, name: &str) -> Result<Option<Typed>> {
        if !self.is_authorized {
            return Ok(None);
        }
        let name = name.to_ascii_lowercase();
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
    let joined = source.joined.iter().map(|inner| JoinedTable {
        table: inner.table.clone(),
        database: inner.database.clone(),
        is_read: inner.is_read || is_read(&|column| inner.outputs.contains(&column)),
        outputs: outputs(&|column| inner.outputs.contains(&column)),
    });
    own.into_iter().chain(joined).collect()
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
