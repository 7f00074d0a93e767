//! A changeset is applied: change by change, as SQLite does it, with the application's word where one does not fit.
//!
//!     change ─► statement ─ it did what it should ─► next
//!                   │ no row, or a row in the way
//!                   └─► conflict ─ omit │ replace: once more, by force │ abort: nothing of it all stays
//!
//! A constraint that stands in the way may be gone when the table's other changes are made: those changes are kept and
//! tried again at the table's end, until a round helps none of them.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use pluresdb_sql::quote_identifier;
use pluresdb_sqlite_changeset::{Change, Kind, Operation, Reader, Row, TableHeader};
use pluresdb_value::Value;

use super::table::{TableShape, run_prepared};
use crate::callback::Thrown;
use crate::execute::function_error;
use crate::session::Session;
use crate::{Connection, Error, Result, ResultCode, Statement};

/// Why a change does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConflictKind {
    /// The row is another than the change began with.
    Data = 1,
    NotFound = 2,
    /// A row of that key is there already.
    Conflict = 3,
    Constraint = 4,
    /// Violations of foreign keys are left at the end.
    ForeignKey = 5,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConflictAnswer {
    Omit,
    Replace,
    Abort,
    /// None of these: a mistake.
    Unknown,
}

/// The application's part.
pub trait ChangesetHandler {
    /// Whether a table's changes are applied.
    fn takes_table(&mut self, table: &str, session: &mut Session) -> std::result::Result<bool, Thrown>;
    fn conflict(
        &mut self,
        kind: ConflictKind,
        session: &mut Session,
    ) -> std::result::Result<ConflictAnswer, Thrown>;
}

/// What became of a changeset that raised no error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Done,
    /// Not yet: by force, ignoring what the row's other columns are.
    Retry,
    /// Not yet: when the row in the way is gone.
    Replace,
}

impl Connection {
    /// Applies a changeset or patchset to main.
    pub fn apply_changeset(&mut self, bytes: &[u8], handler: &mut dyn ChangesetHandler) -> Result<()> {
        self.check_usable()?;
        self.execute("SAVEPOINT changeset_apply")?;
        self.execute("PRAGMA defer_foreign_keys = 1")?;
        let outcome = Application { connection: self, handler, table: None }.run(bytes);
        let outcome = outcome.and_then(|()| self.check_foreign_keys(handler));
        // Violations that the application has omitted are forgotten with that.
        let outcome = self.execute("PRAGMA defer_foreign_keys = 0").and(outcome);
        let released = outcome.and_then(|()| self.execute("RELEASE changeset_apply"));
        if released.is_err() {
            self.execute("ROLLBACK TO changeset_apply")?;
            self.execute("RELEASE changeset_apply")?;
        }
        released
    }

    fn check_foreign_keys(&mut self, handler: &mut dyn ChangesetHandler) -> Result<()> {
        if self.session.foreign_keys.allow_commit() {
            return Ok(());
        }
        let answer = self.session.call_out(|session| handler.conflict(ConflictKind::ForeignKey, session));
        match answer.map_err(function_error)? {
            ConflictAnswer::Omit => Ok(()),
            ConflictAnswer::Replace | ConflictAnswer::Abort | ConflictAnswer::Unknown => {
                Err(Error::new(ResultCode::Constraint, "constraint failed"))
            }
        }
    }
}

struct Application<'a> {
    connection: &'a mut Connection,
    handler: &'a mut dyn ChangesetHandler,
    table: Option<Applied>,
}

/// The table whose changes are being applied.
struct Applied {
    header: TableHeader,
    /// None: its changes are passed over.
    shape: Option<TableShape>,
    /// Changes that a constraint stood in the way of.
    deferred: Vec<Change>,
    may_defer: bool,
    /// What its changes are made with, by the text.
    statements: HashMap<String, Statement>,
}

fn damaged() -> Error {
    Error::new(ResultCode::Corrupt, "database disk image is malformed")
}

fn misuse() -> Error {
    Error::new(ResultCode::Misuse, "bad parameter or other API misuse")
}

impl Application<'_> {
    fn run(mut self, bytes: &[u8]) -> Result<()> {
        let mut reader = Reader::new(bytes);
        loop {
            let change = reader.next_change().map_err(|_| damaged())?;
            let Some(change) = change else { return self.retry_deferred() };
            let header = reader.table().ok_or_else(damaged)?;
            let is_same =
                self.table.as_ref().is_some_and(|table| table.header.name.eq_ignore_ascii_case(&header.name));
            if !is_same {
                self.retry_deferred()?;
                self.table = Some(self.begin_table(header)?);
            }
            if self.table.as_ref().is_some_and(|table| table.shape.is_some()) {
                self.apply(&change)?;
            }
        }
    }

    /// Looks whether the table is the one the changes are of.
    fn begin_table(&mut self, header: &TableHeader) -> Result<Applied> {
        let applied = |shape| Applied {
            header: header.clone(),
            shape,
            deferred: Vec::new(),
            may_defer: true,
            statements: HashMap::new(),
        };
        let (session, handler) = (&mut self.connection.session, &mut *self.handler);
        let takes = session.call_out(|session| handler.takes_table(&header.name, session));
        if !takes.map_err(function_error)? {
            return Ok(applied(None));
        }
        let mut shape = TableShape::read(self.connection, "main", &header.name)?;
        if !shape.columns.is_empty() && shape.key.iter().all(|place| *place == 0) {
            shape.begin_with_rowid();
        }
        let count = header.column_count();
        let fits = !shape.columns.is_empty()
            && shape.columns.len() >= count
            && shape.key[..count] == header.key[..]
            && shape.key[count..].iter().all(|place| *place == 0);
        if !fits {
            return Ok(applied(None));
        }
        shape.columns.truncate(count);
        shape.key.truncate(count);
        let mut table = applied(Some(shape));
        if let Some(shape) = &table.shape {
            // All of them, as SQLite does: whoever is asked whether they may be is asked now.
            for sql in [shape.select(), delete(shape, |_| true), insert(shape)] {
                if let Some((statement, _)) = self.connection.prepare(&sql, 0)? {
                    table.statements.insert(sql, statement);
                }
            }
        }
        Ok(table)
    }

    /// Runs a statement of the table's changes.
    fn execute(&mut self, sql: String, parameters: &[(usize, Value)]) -> Result<Vec<Vec<Value>>> {
        let table = self.table.as_mut().expect("a change is applied to the table that was begun");
        let statement = match table.statements.entry(sql) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => match self.connection.prepare(place.key(), 0)? {
                Some((statement, _)) => place.insert(statement),
                None => return Ok(Vec::new()),
            },
        };
        run_prepared(self.connection, statement, parameters)
    }

    fn table(&self) -> (&Applied, &TableShape) {
        let table = self.table.as_ref().expect("a change is applied to the table that was begun");
        (table, table.shape.as_ref().expect("a table that is passed over has no changes applied"))
    }

    /// Tries what was kept for the table's end, while that helps.
    fn retry_deferred(&mut self) -> Result<()> {
        while let Some(table) = self.table.as_mut().filter(|table| !table.deferred.is_empty()) {
            let deferred = std::mem::take(&mut table.deferred);
            for change in &deferred {
                self.apply(change)?;
            }
            if let Some(table) = &mut self.table
                && table.deferred.len() >= deferred.len()
            {
                table.may_defer = false;
            }
        }
        Ok(())
    }

    fn apply(&mut self, change: &Change) -> Result<()> {
        match self.apply_once(change, false)? {
            Outcome::Done => Ok(()),
            Outcome::Retry => self.apply_once(change, true).map(|_| ()),
            Outcome::Replace => {
                self.connection.execute("SAVEPOINT replace_op")?;
                let (_, shape) = self.table();
                let is_key = |column| shape.key[column] != 0;
                let sql = delete(shape, is_key);
                let key = self.key_values(&change.new)?;
                self.execute(sql, &key)?;
                self.apply_once(change, true)?;
                self.connection.execute("RELEASE replace_op")
            }
        }
    }

    /// `by_force`: what the row's other columns are does not matter, and there is no second time.
    fn apply_once(&mut self, change: &Change, by_force: bool) -> Result<Outcome> {
        let (sql, parameters) = match change.operation {
            Operation::Insert => self.insert(change)?,
            Operation::Update => self.update(change, by_force)?,
            Operation::Delete => self.delete(change, by_force)?,
        };
        match self.execute(sql, &parameters) {
            Ok(_) if change.operation == Operation::Insert || self.connection.changes() > 0 => {
                Ok(Outcome::Done)
            }
            Ok(_) => self.resolve_conflict(ConflictKind::Data, change, (!by_force).then_some(Outcome::Retry)),
            Err(error) if error.is_constraint() => {
                let again = (change.operation == Operation::Insert && !by_force).then_some(Outcome::Replace);
                self.resolve_conflict(ConflictKind::Conflict, change, again)
            }
            Err(error) => Err(error),
        }
    }

    fn insert(&self, change: &Change) -> Result<(String, Vec<(usize, Value)>)> {
        Ok((insert(self.table().1), self.all_values(&change.new)?))
    }

    fn delete(&self, change: &Change, by_force: bool) -> Result<(String, Vec<(usize, Value)>)> {
        let (table, shape) = self.table();
        let looks_at_key = by_force || table.header.kind == Kind::Patchset;
        let values = if looks_at_key { self.key_values(&change.old)? } else { self.all_values(&change.old)? };
        Ok((delete(shape, |column| !looks_at_key || shape.key[column] != 0), values))
    }

    fn update(&self, change: &Change, by_force: bool) -> Result<(String, Vec<(usize, Value)>)> {
        let (_, shape) = self.table();
        let count = shape.columns.len();
        let assignments = change.new.iter().map(|(column, _)| {
            format!("{} = ?{}", quote_identifier(&shape.columns[column]), count + column + 1)
        });
        let assignments = assignments.collect::<Vec<_>>().join(", ");
        let is_looked_at = |column| shape.key[column] != 0 || (!by_force && change.old.get(column).is_some());
        let sql = format!("UPDATE {} SET {assignments} WHERE {}", shape.place, shape.matches(is_looked_at));
        let mut values = self.key_values(&change.old)?;
        values.extend(change.old.iter().filter(|(column, _)| is_looked_at(*column)).map(owned));
        values.extend(change.new.iter().map(|(column, value)| (count + column, value.clone())));
        Ok((sql, values))
    }

    /// A value for every column: what is undefined is damage.
    fn all_values(&self, row: &Row) -> Result<Vec<(usize, Value)>> {
        let count = self.table().1.columns.len();
        (0..count)
            .map(|column| row.get(column).map(|value| (column, value.clone())).ok_or_else(damaged))
            .collect()
    }

    fn key_values(&self, row: &Row) -> Result<Vec<(usize, Value)>> {
        let (_, shape) = self.table();
        let columns = (0..shape.columns.len()).filter(|column| shape.key[*column] != 0);
        columns
            .map(|column| row.get(column).map(|value| (column, value.clone())).ok_or_else(damaged))
            .collect()
    }

    /// Asks the application. `again` is what REPLACE means here; None: it means nothing.
    fn resolve_conflict(
        &mut self,
        kind: ConflictKind,
        change: &Change,
        again: Option<Outcome>,
    ) -> Result<Outcome> {
        let is_row_there = again.is_some() && self.finds_row(change)?;
        let told = match (kind, is_row_there) {
            (kind, true) => kind,
            (ConflictKind::Conflict, false) => {
                if let Some(table) = self.table.as_mut().filter(|table| table.may_defer) {
                    table.deferred.push(change.clone());
                    return Ok(Outcome::Done);
                }
                ConflictKind::Constraint
            }
            (_, false) => ConflictKind::NotFound,
        };
        let (session, handler) = (&mut self.connection.session, &mut *self.handler);
        let answer = session.call_out(|session| handler.conflict(told, session));
        match (answer.map_err(function_error)?, again) {
            (ConflictAnswer::Omit, _) => Ok(Outcome::Done),
            (ConflictAnswer::Abort, _) => Err(Error::new(ResultCode::Abort, "query aborted")),
            (ConflictAnswer::Replace, Some(again)) if is_row_there => Ok(again),
            (ConflictAnswer::Replace | ConflictAnswer::Unknown, _) => Err(misuse()),
        }
    }

    /// Whether there is a row with the change's key.
    fn finds_row(&mut self, change: &Change) -> Result<bool> {
        let row = if change.operation == Operation::Insert { &change.new } else { &change.old };
        let key = self.key_values(row)?;
        let sql = self.table().1.select();
        Ok(!self.execute(sql, &key)?.is_empty())
    }
}

fn insert(shape: &TableShape) -> String {
    let names = shape.columns.iter().map(|column| quote_identifier(column)).collect::<Vec<_>>().join(", ");
    let marks = (1..=shape.columns.len()).map(|number| format!("?{number}")).collect::<Vec<_>>().join(", ");
    format!("INSERT INTO {} ({names}) VALUES ({marks})", shape.place)
}

/// Of the row with these values in the columns that are chosen.
fn delete(shape: &TableShape, is_chosen: impl Fn(usize) -> bool) -> String {
    format!("DELETE FROM {} WHERE {}", shape.place, shape.matches(is_chosen))
}

fn owned((column, value): (usize, &Value)) -> (usize, Value) {
    (column, value.clone())
}
