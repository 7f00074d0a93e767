//! Statements within statements: code of the application that uses the connection it is called by.
//!
//!     statement ── call_out ──► put aside ── the application ──► another statement of the session, whole
//!         ◄──────────────────── taken up again ◄──┘
//!
//! A binding that allows it lends the session out while the application's code runs. What the outer statement counts for
//! itself is put aside meanwhile. The inner one is within the same transaction and sees what the outer one has changed;
//! what it changes, the outer one sees from then on: scans go on in the present version, and a row that is about to be
//! changed is read again.
//!
//! Always true:
//! - While entries of a row are being written (`call_alone`), nobody else writes.
//! - A statement that writes ends when its transaction was rolled back within it.

use crate::callback::{CallSite, Thrown};
use crate::catalog::ConflictAction;
use crate::session::Session;
use pluresdb_function::FunctionError;

/// What a session knows of statements that run beside or within others.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Reentry {
    /// The running code of the application may use the session.
    is_lent: bool,
    /// How many statements wait for code of the application.
    depth: usize,
    /// Counts statements that began to write while others were running.
    writes: u64,
    /// The same, when no statement was running.
    writes_before: u64,
    rollbacks: u64,
    schema_rollbacks: u64,
    expirations: u64,
    /// Those that do not concern statements which run.
    mild_expirations: u64,
}

impl Reentry {
    /// The first of the running statements begins.
    #[inline]
    pub fn begin_first(&mut self) {
        self.writes_before = self.writes;
    }

    /// A statement begins to write beside others.
    pub fn note_write(&mut self) {
        self.writes += 1;
    }

    /// The transaction was rolled back.
    pub fn note_rollback(&mut self, is_schema_changed: bool) {
        self.rollbacks += 1;
        self.schema_rollbacks += u64::from(is_schema_changed);
    }

    /// All statements are to be compiled again, as SQLite has it after pragmas that set a flag, ANALYZE and definitions of
    /// temp. Here they are where their schema or switches are others; this is for what can be told from outside.
    pub fn expire_statements(&mut self) {
        self.expirations += 1;
    }

    /// The same, but for those that run: after CREATE INDEX.
    pub fn expire_idle_statements(&mut self) {
        self.mild_expirations += 1;
    }

    /// Changes whenever running statements expire.
    pub fn expirations(&self) -> u64 {
        self.expirations
    }

    /// Grows whenever statements expire.
    #[inline]
    pub fn age(&self) -> u64 {
        self.expirations + self.mild_expirations
    }

    /// Changes whenever another statement may have changed rows that were read.
    #[inline]
    pub fn writes(&self) -> u64 {
        self.writes
    }

    /// Since the first of the running statements began, another one has written.
    #[inline]
    pub fn has_written(&self) -> bool {
        self.writes != self.writes_before
    }

    /// A statement waits for code of the application, which runs this one.
    pub fn is_within(&self) -> bool {
        self.depth > 0
    }
}

/// What a statement has put aside.
struct Suspended {
    before: Reentry,
    immediate_violations: i64,
    error_action: ConflictAction,
    trigger_depth: usize,
    is_writer: bool,
}

impl Session {
    /// What code of the application may learn while it runs.
    #[inline]
    pub fn call_site(&self) -> CallSite {
        CallSite { in_transaction: !self.autocommit }
    }

    /// Whether the code of the application that is about to run may use the session.
    #[inline]
    pub fn is_lent(&self) -> bool {
        self.reentry.is_lent
    }

    /// Runs code of the application within a statement.
    #[inline]
    pub(crate) fn call_out<R>(
        &mut self,
        call: impl FnOnce(&mut Session) -> Result<R, Thrown>,
    ) -> Result<R, FunctionError> {
        if self.settings.is_reentrant { self.call_lending(call) } else { Ok(call(self)?) }
    }

    /// The same where nothing else may happen meanwhile.
    pub(crate) fn call_alone<R>(
        &mut self,
        call: impl FnOnce(&mut Session) -> Result<R, Thrown>,
    ) -> Result<R, FunctionError> {
        Ok(call(self)?)
    }

    fn call_lending<R>(
        &mut self,
        call: impl FnOnce(&mut Session) -> Result<R, Thrown>,
    ) -> Result<R, FunctionError> {
        let suspended = self.suspend();
        self.reentry.is_lent = true;
        let json_images = std::mem::take(&mut self.json_images);
        let result = call(self);
        self.json_images = json_images;
        self.resume(&suspended)?;
        Ok(result?)
    }

    fn suspend(&mut self) -> Suspended {
        let suspended = Suspended {
            before: self.reentry,
            immediate_violations: self.foreign_keys.take_immediate(),
            error_action: self.error_action,
            trigger_depth: self.trigger_depth,
            is_writer: self.active_writers > 0,
        };
        self.note_stack();
        self.trigger_depth = 0;
        self.reentry.depth += 1;
        suspended
    }

    fn resume(&mut self, suspended: &Suspended) -> Result<(), FunctionError> {
        let Suspended { before, immediate_violations, error_action, trigger_depth, is_writer } = *suspended;
        self.foreign_keys.count(false, false, immediate_violations);
        self.error_action = error_action;
        self.trigger_depth = trigger_depth;
        (self.reentry.depth, self.reentry.is_lent) = (before.depth, before.is_lent);
        if self.is_poisoned {
            return Err(FunctionError::new("the connection is closed after an internal error"));
        }
        let is_undone = is_writer && self.reentry.rollbacks != before.rollbacks;
        if is_undone || self.reentry.schema_rollbacks != before.schema_rollbacks {
            return Err(FunctionError::RolledBack);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::rc::Rc;

    use pluresdb_value::Value;

    use super::*;
    use crate::callback::{FunctionBody, FunctionDefinition, ScalarFunction};
    use crate::{Connection, DatabasePath, OpenOptions, ResultCode, Step};

    /// `run(sql)`: on the connection that calls.
    struct Run(RefCell<Connection>);

    impl ScalarFunction for Run {
        fn call(&self, args: &[Value], session: &mut Session) -> Result<Value, Thrown> {
            assert!(session.is_lent(), "the session may be used");
            let Value::Text(sql) = &args[0] else { return Err(Thrown) };
            let sql = String::from_utf8_lossy(sql).into_owned();
            let mut inner = self.0.borrow_mut();
            std::mem::swap(&mut inner.session, session);
            let outcome = inner.execute(&sql);
            std::mem::swap(&mut inner.session, session);
            Ok(outcome.map_or_else(|error| Value::text(error.message.as_bytes()), |()| Value::Integer(1)))
        }
    }

    fn connection() -> Connection {
        let options = OpenOptions::new(DatabasePath::Memory);
        let mut connection = Connection::open(&options).expect("memory opens");
        connection.session.settings.is_reentrant = true;
        let run = Run(RefCell::new(Connection::borrower(options.clock.clone())));
        let definition = FunctionDefinition {
            name: "run".to_owned(),
            arg_count: Some(1),
            is_deterministic: false,
            is_direct_only: false,
            body: FunctionBody::Scalar(Rc::new(run)),
        };
        connection.define_function(definition).expect("the function is new");
        connection.execute("CREATE TABLE t (a INTEGER PRIMARY KEY, b)").expect("the table is new");
        connection.execute("INSERT INTO t VALUES (1, 1), (2, 2), (3, 3)").expect("there is room");
        connection
    }

    fn integers(connection: &mut Connection, sql: &str) -> crate::Result<Vec<i64>> {
        let (mut statement, _) = connection.prepare(sql, 0)?.expect("there is a statement");
        let mut found = Vec::new();
        while statement.step(connection)? == Step::Row {
            found.push(statement.value(0)?.to_value());
        }
        statement.try_reset(connection)?;
        Ok(found
            .into_iter()
            .map(|value| if let Value::Integer(integer) = value { integer } else { -1 })
            .collect())
    }

    #[test]
    fn a_scan_goes_on_in_what_the_application_has_written() {
        let mut connection = connection();
        let sql =
            "SELECT a FROM t WHERE run('INSERT OR IGNORE INTO t VALUES (' || (a + 2) || ', 0)') LIMIT 6";
        assert_eq!(integers(&mut connection, sql).expect("it runs"), [1, 2, 3, 4, 5, 6]);
    }

    #[test]
    fn an_update_keeps_what_the_application_wrote_into_its_row() {
        let mut connection = connection();
        connection
            .execute("ALTER TABLE t ADD COLUMN c DEFAULT 0; CREATE INDEX tc ON t (c)")
            .expect("it is new");
        let sql = "UPDATE t SET b = run('UPDATE t SET c = c + 10 WHERE a = ' || a)";
        connection.execute(sql).expect("it runs");
        assert_eq!(
            integers(&mut connection, "SELECT c FROM t INDEXED BY tc").expect("it runs"),
            [10, 10, 10]
        );
    }

    #[test]
    fn a_delete_takes_each_row_before_it_looks_for_the_next() {
        let mut connection = connection();
        let sql = "DELETE FROM t WHERE run('INSERT INTO t SELECT max(a) + 10, 0 FROM t HAVING count(*) = 3') AND a < 10";
        connection.execute(sql).expect("it runs");
        assert_eq!(integers(&mut connection, "SELECT a FROM t").expect("it runs"), [13, 23, 33]);
    }

    #[test]
    fn columns_are_read_from_what_became_of_the_row() {
        let mut connection = connection();
        let sql = "SELECT b + run('UPDATE t SET b = b * 10 WHERE a = ' || a) * 0 + b FROM t";
        assert_eq!(integers(&mut connection, sql).expect("it runs"), [11, 22, 33]);
        let sql = "DELETE FROM t WHERE run('DELETE FROM t WHERE a = ' || a)";
        connection.execute(sql).expect("it runs");
        assert_eq!(integers(&mut connection, "SELECT a FROM t").expect("it runs"), []);
    }

    #[test]
    fn a_writer_ends_where_its_transaction_was_rolled_back_within_it() {
        let mut connection = connection();
        connection.execute("BEGIN").expect("none is open");
        let error = connection.execute("UPDATE t SET b = run('ROLLBACK')").expect_err("it was rolled back");
        assert_eq!(error.code, ResultCode::AbortRollback);
        connection.execute("SAVEPOINT s").expect("none is open");
        let error =
            connection.execute("UPDATE t SET b = run('ROLLBACK TO s')").expect_err("it was rolled back");
        assert_eq!(error.code, ResultCode::AbortRollback);
        connection.execute("RELEASE s").expect("it is open");
        assert_eq!(integers(&mut connection, "SELECT b FROM t").expect("it runs"), [1, 2, 3]);
    }

    #[test]
    fn a_query_reads_on_after_a_commit_beside_it() {
        let mut connection = connection();
        let sql = "SELECT (SELECT count(*) FROM t AS u WHERE u.a <> t.a) FROM t WHERE run('DELETE FROM t WHERE a = 3')";
        assert_eq!(integers(&mut connection, sql).expect("it runs"), [1, 1]);
    }
}
