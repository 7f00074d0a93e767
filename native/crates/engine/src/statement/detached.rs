//! A query that runs on another thread while its connection goes on: on the last commit, with a session of its own.
//!
//! ```text
//! connection's thread    detach ─► DetachedQuery { engines, snapshots, settings, text, parameters }
//! any thread                          run ─► Connection over the same engines ─► Statement ─► rows
//! ```
//! The snapshots are taken by `detach`, so the query sees what was committed before, and nothing after. Code of the
//! application belongs to the connection's thread; a statement that calls any is not detached.

use std::sync::Arc;

use pluresdb_value::Value;

use super::compile::compile;
use super::{Source, Statement, release_snapshots, take_snapshots};
use crate::connection::Connection;
use crate::environment::{Clock, InterruptHandle};
use crate::session::{AttachedDatabase, Session, Settings};
use crate::{Error, Result, ResultCode};

pub struct DetachedQuery {
    databases: Vec<AttachedDatabase>,
    settings: Settings,
    clock: Arc<dyn Clock>,
    seed: u64,
    /// What `changes()`, `total_changes()` and `last_insert_rowid()` answer.
    counters: [i64; 3],
    interrupt: InterruptHandle,
    text: String,
    parameters: Vec<Value>,
    columns: usize,
}

impl Statement {
    /// The query with the values that are bound; None when it calls code of the application, or may have to.
    ///
    /// # Errors
    /// SQLITE_MISUSE for what is no query, or writes; SQLITE_BUSY within a transaction, whose changes nobody else sees.
    pub fn detach(&mut self, connection: &mut Connection) -> Result<Option<DetachedQuery>> {
        connection.check_usable()?;
        let session = &mut connection.session;
        if !self.returns_rows() || !self.core.compiled.read_only {
            return Err(Error::new(ResultCode::Misuse, "only a query can run beside its connection"));
        }
        if !session.autocommit || session.active_writers > 0 {
            return Err(Error::new(ResultCode::Busy, "a transaction is open, whose changes only it can see"));
        }
        let held = take_snapshots(session)?;
        let calls_application = self.recompile(session);
        release_snapshots(session, held);
        if calls_application? {
            return Ok(None);
        }
        let mut databases: Vec<AttachedDatabase> =
            session.databases.iter().map(AttachedDatabase::another).collect();
        for database in &mut databases {
            database.transaction.begin_read()?;
        }
        Ok(Some(DetachedQuery {
            databases,
            settings: session.settings.clone(),
            clock: session.clock.clone(),
            seed: session.random.next_u64(),
            counters: [session.changes, session.total_changes, session.last_insert_rowid],
            interrupt: InterruptHandle::default(),
            text: self.sql().to_owned(),
            parameters: self.core.bound().to_vec(),
            columns: self.column_count(),
        }))
    }
}

impl Statement {
    /// For the present schema; whether code of the application may be called.
    fn recompile(&mut self, session: &mut Session) -> Result<bool> {
        if !self.core.compiled.is_current(session) {
            self.core.compile_again(session)?;
        }
        session.callbacks.may_be_needed(|| {
            let source = Source::parse(self.sql(), 0, session.settings.dialect())?;
            compile(session, &source.expect("the text has been parsed before"))
        })
    }
}

impl DetachedQuery {
    /// Stops the query, before or while it runs.
    pub fn interrupt_handle(&self) -> InterruptHandle {
        self.interrupt.clone()
    }

    /// Prepares the query and lets `read` take its rows.
    pub fn run<R>(self, read: impl FnOnce(&mut Statement, &mut Connection) -> Result<R>) -> Result<R> {
        let mut connection = Connection::of(self.databases, self.settings, self.clock, self.seed);
        let session = &mut connection.session;
        [session.changes, session.total_changes, session.last_insert_rowid] = self.counters;
        session.interrupt = self.interrupt.0;
        // As if another statement ran: the first one's start would forget an interrupt that came before it.
        session.active_statements = 1;
        let Some((mut statement, _)) = connection.prepare(&self.text, 0)? else {
            return Err(Error::new(ResultCode::Internal, "the text has been prepared before"));
        };
        if statement.column_count() != self.columns {
            return Err(Error::new(ResultCode::Schema, "database schema has changed"));
        }
        for (index, value) in self.parameters.into_iter().enumerate() {
            statement.bind(index, value)?;
        }
        let outcome = read(&mut statement, &mut connection);
        statement.reset(&mut connection);
        outcome
    }
}
