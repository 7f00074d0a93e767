//! What a statement begins and what becomes of it: autocommit, statement rollback, BEGIN to ROLLBACK TO.
//!
//! | a writing statement ends | in autocommit | inside BEGIN |
//! |---|---|---|
//! | well, or with FAIL | commit | its changes stay |
//! | with ABORT (any error) | rollback | its own changes are undone |
//! | with ROLLBACK, or an error of I/O or an interrupt | rollback | the whole transaction is rolled back |

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use pluresdb_sql::ast::{BeginMode, ConflictAction, Name};

use super::compile::Effect;
use crate::catalog::define::hash_order;
use crate::catalog::{DatabaseIndex, DatabaseSet};
use crate::dml::violation;
use crate::session::{ForeignKeyCounters, OpenSavepoint, Session, Settings};
use crate::transaction::{BusyHandler, StatementMark, read_only};
use crate::{Error, Result, ResultCode};

/// What a running statement must give back; as by default while it does not run. It is filled and emptied in its place: a copy
/// would wait until its parts have left the store buffer.
#[derive(Default)]
pub(crate) struct StatementScope {
    is_writer: bool,
    /// It began with its transaction: undoing the one undoes the other.
    is_whole: bool,
    /// Of the database it writes, where its own changes begin; None when the whole transaction is its own.
    mark: Option<(DatabaseIndex, StatementMark)>,
    other_marks: Vec<(DatabaseIndex, StatementMark)>,
    foreign_keys: ForeignKeyCounters,
}

impl StatementScope {
    fn mark_also(&mut self, session: &mut Session, database: DatabaseIndex, needs_mark: bool) {
        if needs_mark {
            let mark = session.transaction_mut(database).begin_statement();
            self.other_marks.push((database, mark));
        }
    }

    fn take_marks(&mut self) -> impl Iterator<Item = (DatabaseIndex, StatementMark)> {
        self.other_marks.drain(..).chain(self.mark.take())
    }
}

/// Begins the write transactions of a statement; `is_atomic`: it cannot fail with something done.
pub(crate) fn begin_statement(
    session: &mut Session,
    effect: Effect,
    is_atomic: bool,
    scope: &mut StatementScope,
) -> Result<()> {
    session.foreign_keys.take_immediate();
    let needs_mark = !session.autocommit || session.active_writers > 0;
    scope.is_whole = !needs_mark;
    scope.foreign_keys = session.foreign_keys;
    session.error_action = ConflictAction::Abort;
    if session.active_statements > 1 {
        session.reentry.note_write();
    }
    match effect {
        Effect::Read => {}
        Effect::Write(database) => {
            begin_write(session, database)?;
            if needs_mark && (!is_atomic || session.transaction(database).is_followed()) {
                scope.mark = Some((database, session.transaction_mut(database).begin_statement()));
            }
        }
        Effect::WriteSome(databases) => {
            for database in (0..session.databases.len()).map(DatabaseIndex) {
                if databases.contains(database) {
                    begin_write(session, database)?;
                    scope.mark_also(session, database, needs_mark);
                }
            }
        }
        Effect::WriteAll => {
            for database in (0..session.databases.len()).map(DatabaseIndex) {
                if !session.database(database).read_only {
                    begin_write(session, database)?;
                    scope.mark_also(session, database, needs_mark);
                }
            }
        }
    }
    session.active_writers += 1;
    scope.is_writer = true;
    Ok(())
}

pub(crate) fn begin_write(session: &mut Session, database: DatabaseIndex) -> Result<()> {
    session.unseen_wal.set(session.unseen_wal.get().without(DatabaseSet::default().with(database)));
    let Session { databases, settings, interrupt, .. } = session;
    let attached = &mut databases[database.0];
    if attached.read_only || settings.query_only {
        return Err(read_only());
    }
    if attached.transaction.is_write() {
        return Ok(());
    }
    attached.transaction.begin_write(&busy_handler(settings, interrupt))
}

/// How long the connection waits for other writers.
pub(crate) fn busy_handler(settings: &Settings, interrupt: &Arc<AtomicBool>) -> BusyHandler {
    BusyHandler {
        timeout: Duration::from_millis(settings.busy_timeout_ms),
        interrupt: Some(Arc::clone(interrupt)),
    }
}

/// A writing statement has run: the immediate foreign keys must hold, also where FAIL stopped it.
pub(crate) fn check_immediate_keys(session: &mut Session, outcome: Result<()>) -> Result<()> {
    if session.foreign_keys.take_immediate() == 0 {
        return outcome;
    }
    if let Err(error) = &outcome
        && !matches!(undo_after(error, session.error_action), Undo::Nothing)
    {
        return outcome;
    }
    session.error_action = ConflictAction::Abort;
    session.uncount_changes();
    Err(violation())
}

/// Ends a statement that left the given error, or none.
pub(crate) fn end_statement(
    session: &mut Session,
    scope: &mut StatementScope,
    error: Option<&Error>,
) -> Result<()> {
    let outcome = if std::mem::take(&mut scope.is_writer) {
        session.active_writers -= 1;
        end_writer(session, scope, error)
    } else {
        Ok(())
    };
    // Those of databases that went with their transactions, or of a statement that could not begin.
    scope.mark = None;
    scope.other_marks.clear();
    if session.autocommit && session.active_statements == 0 {
        for database in &mut session.databases {
            session.settings.defer_foreign_keys &= !database.transaction.has_read();
            database.transaction.end_read();
        }
    }
    outcome
}

enum Undo {
    Nothing,
    Statement,
    Transaction,
}

fn undo_after(error: &Error, action: ConflictAction) -> Undo {
    match error.code {
        ResultCode::IoError | ResultCode::Interrupt | ResultCode::Internal | ResultCode::Corrupt => {
            Undo::Transaction
        }
        _ => match action {
            ConflictAction::Fail => Undo::Nothing,
            ConflictAction::Rollback => Undo::Transaction,
            ConflictAction::Abort | ConflictAction::Ignore | ConflictAction::Replace => Undo::Statement,
        },
    }
}

fn end_writer(session: &mut Session, scope: &mut StatementScope, error: Option<&Error>) -> Result<()> {
    let undo = error.map_or(Undo::Nothing, |error| undo_after(error, session.error_action));
    let is_last_writer = session.active_writers == 0;
    match undo {
        Undo::Nothing if session.autocommit && is_last_writer => {
            if session.foreign_keys.allow_commit() {
                return commit_all(session);
            }
            session.uncount_changes();
            rollback_all(session);
            return Err(violation());
        }
        Undo::Transaction => rollback_all(session),
        Undo::Statement if scope.is_whole || session.autocommit && is_last_writer => {
            // SQLite lets those go on that read meanwhile.
            session.reentry.note_rollback(false);
            roll_back(session);
        }
        Undo::Statement => {
            session.foreign_keys.restore(scope.foreign_keys);
            let mut undone = Ok(());
            for (database, mark) in scope.take_marks() {
                undone = undone.and(session.transaction_mut(database).rollback_statement(mark));
            }
            if undone.is_err() {
                // Half a way back is no state to go on from.
                rollback_all(session);
                return undone;
            }
        }
        Undo::Nothing if scope.mark.is_none() && scope.other_marks.is_empty() => {}
        Undo::Nothing => {
            for (database, mark) in scope.take_marks() {
                session.transaction_mut(database).end_statement(mark);
            }
        }
    }
    Ok(())
}

/// Commits every database, main last, and goes back to autocommit. A failure rolls back what is not committed yet.
pub(crate) fn commit_all(session: &mut Session) -> Result<()> {
    for index in (0..session.databases.len()).rev() {
        let database = &mut session.databases[index];
        if !database.transaction.is_write() {
            continue;
        }
        let synchronous = database.synchronous(&session.settings).of_commits();
        if let Err(error) = database.transaction.commit(synchronous) {
            rollback_all(session);
            return Err(error);
        }
    }
    leave_transaction(session);
    Ok(())
}

pub(crate) fn rollback_all(session: &mut Session) {
    session.reentry.note_rollback(session.known_views.is_schema_changed());
    roll_back(session);
}

fn roll_back(session: &mut Session) {
    for database in &mut session.databases {
        if database.transaction.is_write() {
            database.transaction.rollback();
        }
    }
    schema_rolled_back(session);
    leave_transaction(session);
}

/// What a rollback of the schema's changes makes SQLite read anew.
fn schema_rolled_back(session: &mut Session) {
    if session.known_views.is_schema_changed() {
        session.known_views.forget();
        hash_order::forget(session);
    }
}

fn leave_transaction(session: &mut Session) {
    session.autocommit = true;
    session.known_views.transaction_ended();
    session.savepoints.clear();
    session.savepoint_is_transaction = false;
    session.foreign_keys = ForeignKeyCounters::default();
    session.settings.defer_foreign_keys = false;
    for database in &mut session.databases {
        if session.active_statements == 0 {
            database.transaction.end_read();
        } else {
            // Who is still reading looks at the newest version from here on.
            database.transaction.go_on_reading();
        }
    }
}

/// BEGIN and its relatives.
#[derive(Clone, Debug)]
pub(crate) enum Control {
    Begin(BeginMode),
    Commit,
    Rollback,
    Savepoint(Name),
    Release(Name),
    RollbackTo(Name),
}

pub(crate) fn control(control: &Control, session: &mut Session) -> Result<()> {
    match control {
        Control::Begin(mode) => begin(session, *mode),
        Control::Commit => {
            if session.autocommit {
                return Err(Error::error("cannot commit - no transaction is active"));
            }
            if session.active_writers > 0 {
                return Err(Error::new(
                    ResultCode::Busy,
                    "cannot commit transaction - SQL statements in progress",
                ));
            }
            commit_transaction(session)
        }
        Control::Rollback => {
            if session.autocommit {
                return Err(Error::error("cannot rollback - no transaction is active"));
            }
            rollback_all(session);
            Ok(())
        }
        Control::Savepoint(name) => savepoint(session, name),
        Control::Release(name) => release(session, name),
        Control::RollbackTo(name) => rollback_to(session, name),
    }
}

fn begin(session: &mut Session, mode: BeginMode) -> Result<()> {
    let is_within = !session.autocommit;
    if mode != BeginMode::Deferred {
        if !session.can_be_read() {
            return Err(super::not_a_database());
        }
        for index in 0..session.databases.len() {
            if session.databases[index].read_only {
                if mode == BeginMode::Exclusive || index == 0 {
                    // A read-only database has nothing to lock: SQLite begins a read transaction instead.
                    session.databases[index].transaction.begin_read()?;
                }
                continue;
            }
            session.databases[index].transaction.begin_read()?;
            if let Err(error) = begin_write(session, DatabaseIndex(index)) {
                if !is_within {
                    rollback_all(session);
                }
                return Err(error);
            }
        }
    }
    // SQLite has begun to write by then, also in databases that were attached within the transaction.
    if is_within {
        return Err(Error::error("cannot start a transaction within a transaction"));
    }
    session.autocommit = false;
    Ok(())
}

/// Commits at the user's word. When it cannot, the transaction stays open.
fn commit_transaction(session: &mut Session) -> Result<()> {
    if session.interrupt.load(Ordering::Relaxed) {
        session.check_interrupt()?;
    }
    if !session.foreign_keys.allow_commit() {
        return Err(violation());
    }
    commit_all(session)
}

fn savepoint(session: &mut Session, name: &Name) -> Result<()> {
    if session.active_writers > 0 {
        return Err(Error::new(ResultCode::Busy, "cannot open savepoint - SQL statements in progress"));
    }
    if session.autocommit {
        session.autocommit = false;
        session.savepoint_is_transaction = true;
    }
    let foreign_keys = session.foreign_keys;
    session.savepoints.push(OpenSavepoint { name: name.text.to_string(), foreign_keys });
    for database in &mut session.databases {
        database.transaction.savepoint(&name.text);
    }
    Ok(())
}

fn find_savepoint(session: &Session, name: &Name) -> Result<usize> {
    session
        .savepoints
        .iter()
        .rposition(|open| name.is(&open.name))
        .ok_or_else(|| Error::error(format!("no such savepoint: {}", name.text)))
}

fn release(session: &mut Session, name: &Name) -> Result<()> {
    let index = find_savepoint(session, name)?;
    if session.active_writers > 0 {
        return Err(Error::new(ResultCode::Busy, "cannot release savepoint - SQL statements in progress"));
    }
    if index == 0 && session.savepoint_is_transaction {
        return commit_transaction(session);
    }
    session.savepoints.truncate(index);
    for database in &mut session.databases {
        database.transaction.release(&name.text)?;
    }
    Ok(())
}

fn rollback_to(session: &mut Session, name: &Name) -> Result<()> {
    let index = find_savepoint(session, name)?;
    session.savepoints.truncate(index + 1);
    session.foreign_keys.restore(session.savepoints[index].foreign_keys);
    for database in &mut session.databases {
        database.transaction.rollback_to(&name.text)?;
    }
    session.reentry.note_rollback(session.known_views.is_schema_changed());
    schema_rolled_back(session);
    Ok(())
}
