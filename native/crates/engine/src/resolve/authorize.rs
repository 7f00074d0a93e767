//! What a statement reads and calls, shown to the application's authorizer as it is resolved.
//!
//! Queries inside a statement are asked for once all its names are resolved, which is when SQLite makes code of them.

use super::Resolver;
use super::expr::is_rowid_name;
use super::names::Names;
use super::scope::{ScopeSource, Typed};
use super::tree::Expr;
use crate::callback::{Action, Permission};
use crate::catalog::DatabaseIndex;
use crate::error::{Error, Result, ResultCode};
use pluresdb_sql::ast;
use pluresdb_value::Value;
use std::sync::Arc;

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
        self.contexts.last().map(String::as_str)
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

    /// A recursive common table: SQLite asks for the whole of it, for its recursion, then for its parts.
    pub(super) fn authorize_recursion(&mut self) -> Result<()> {
        self.authorize_query()?;
        if self.is_authorized {
            self.ask_later(Late::RecursiveQuery);
        }
        Ok(())
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
    pub(super) fn authorize_untouched(&mut self, level: usize) {
        if !self.is_authorized {
            return;
        }
        let is_in_view = self.context().is_some();
        let untouched = self.scopes[level].sources.iter().filter(|source| !source.is_read);
        let tables: Vec<Late> = untouched
            .filter_map(|source| {
                let table = source.table.as_ref()?.name.to_string();
                Some(Late::Untouched { table, database: source.schema.clone().filter(|_| is_in_view) })
            })
            .collect();
        for table in tables {
            self.ask_later(table);
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
        let source = &mut self.scopes[level].sources[source];
        let alias = source.table.as_ref().and_then(|table| table.rowid_alias);
        source.is_read |= column.is_some_and(|column| Some(column) != alias);
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
