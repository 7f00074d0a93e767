//! SQL scripts on a small memory database.
//!
//! Laws: every statement ends in rows, in an error, or interrupted soon after its time is over; the trees and indexes
//! it leaves are sound; the connection works afterwards.
//!
//! The clock stands still and chance has one seed, so a finding repeats itself.

use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use pluresdb_engine::{Clock, Connection, DatabasePath, InterruptHandle, OpenOptions, ResultCode, Step};

/// What a statement may take before it is told to stop.
const TIME_LIMIT: Duration = Duration::from_millis(300);
const MAX_STATEMENTS: usize = 40;
const MAX_ROWS: usize = 2000;
/// Longest text or blob: `zeroblob(1e9)` is sound, and no find.
const MAX_LENGTH: usize = 1 << 20;

struct StoppedClock;

impl Clock for StoppedClock {
    fn unix_ms(&self) -> i64 {
        1_700_000_000_000
    }
    fn monotonic_ms(&self) -> u64 {
        0
    }
    fn sleep_ms(&self, _ms: u64) {}
}

enum Watch {
    Begin(InterruptHandle),
    End,
}

/// Interrupts what runs too long, again and again: each statement starts with the flag cleared.
static WATCHDOG: LazyLock<Sender<Watch>> = LazyLock::new(|| {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        while let Ok(watch) = receiver.recv() {
            let Watch::Begin(handle) = watch else { continue };
            while let Err(RecvTimeoutError::Timeout) = receiver.recv_timeout(TIME_LIMIT) {
                handle.interrupt();
            }
        }
    });
    sender
});

fn watch(watch: Watch) {
    WATCHDOG.send(watch).expect("the watchdog lives as long as the process");
}

const SCHEMA: &str = "
    CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT COLLATE NOCASE, c REAL DEFAULT 1.5, d CHECK (d IS NOT 0));
    CREATE TABLE u (x TEXT PRIMARY KEY, y INT UNIQUE REFERENCES t (a), z AS (y + 1)) WITHOUT ROWID;
    CREATE INDEX i ON t (b, c DESC) WHERE d IS NULL;
    CREATE VIEW v AS SELECT a, b, y FROM t LEFT JOIN u ON y = a;
    INSERT INTO t VALUES (1, 'one', 1.0, NULL), (2, 'Two', -2.5, x'02'), (3, NULL, 9e99, 'three'), (7, 'one', 0, NULL);
    INSERT INTO u (x, y) VALUES ('p', 1), ('q', 3), ('r', NULL);
";

fn open() -> Connection {
    let mut options = OpenOptions::new(DatabasePath::Memory);
    options.clock = Arc::new(StoppedClock);
    options.seed = 1;
    let mut connection = Connection::open(&options).expect("memory databases open");
    connection.session.settings.max_length = MAX_LENGTH;
    connection.execute(SCHEMA).expect("the schema is sound");
    connection
}

pub fn run(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let mut connection = open();
    watch(Watch::Begin(connection.interrupt_handle()));
    run_script(&mut connection, &text);
    watch(Watch::End);
    check(&mut connection);
}

fn run_script(connection: &mut Connection, text: &str) {
    let mut offset = 0;
    for _ in 0..MAX_STATEMENTS {
        let (mut statement, end) = match connection.prepare(text, offset) {
            Ok(Some(prepared)) => prepared,
            Ok(None) => return,
            Err(error) => {
                check_error(&error);
                // What follows a statement that does not compile is another script.
                let Some(at) = text.get(offset..).and_then(|rest| rest.find(';')) else { return };
                offset += at + 1;
                continue;
            }
        };
        for _ in 0..MAX_ROWS {
            match statement.step(connection) {
                Ok(Step::Row) => {
                    for index in 0..statement.column_count() {
                        let value = statement.value(index).expect("a row has its columns");
                        assert!(
                            value.to_text().is_none_or(|text| text.len() <= 8 * MAX_LENGTH),
                            "length is bounded"
                        );
                    }
                }
                Ok(Step::Done) => break,
                Err(error) => {
                    check_error(&error);
                    break;
                }
            }
        }
        connection.finalize(statement);
        offset = end;
    }
}

fn check_error(error: &pluresdb_engine::Error) {
    assert!(error.code != ResultCode::Internal, "an internal error: {}", error.message);
    assert!(error.code != ResultCode::Corrupt || error.detail.is_none(), "nothing damaged this: {error:?}");
}

/// Everything is as it should be, and the connection still works.
fn check(connection: &mut Connection) {
    if connection.in_transaction() {
        let _ = connection.execute("ROLLBACK");
    }
    let _ = connection.execute("PRAGMA writable_schema = off");
    let Ok(Some((mut statement, _))) = connection.prepare("PRAGMA integrity_check", 0) else { return };
    while let Ok(Step::Row) = statement.step(connection) {
        let found = statement.value(0).expect("the pragma has a column").to_text().unwrap_or_default();
        let found = String::from_utf8_lossy(&found).into_owned();
        // Constraints can be switched off, and the script may have done so.
        let is_constraint = found.contains("NULL value in") || found.contains("CHECK constraint failed");
        assert!(found == "ok" || is_constraint || found.contains("non-"), "integrity_check: {found}");
    }
    connection.finalize(statement);
}

pub fn seeds() -> Vec<Vec<u8>> {
    crate::texts(&[
        "SELECT * FROM v; SELECT b, sum(c) OVER (PARTITION BY b ORDER BY a ROWS 1 PRECEDING) FROM t ORDER BY 2",
        "UPDATE t SET b = b || c, c = a WHERE a > 1 RETURNING *; DELETE FROM t WHERE a IN (SELECT y FROM u)",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50) INSERT INTO t (b) SELECT i FROM n; \
         SELECT count(*), group_concat(b) FROM t",
        "BEGIN; SAVEPOINT s; INSERT OR REPLACE INTO u (x, y) VALUES ('p', 2); ROLLBACK TO s; RELEASE s; COMMIT; SELECT * FROM u",
        "CREATE TABLE n AS SELECT * FROM t; ALTER TABLE n ADD COLUMN e DEFAULT 5; ALTER TABLE n DROP COLUMN c; DROP TABLE n",
        "CREATE TRIGGER g AFTER INSERT ON t BEGIN UPDATE u SET y = new.a WHERE x = 'r'; END; INSERT INTO t (b) VALUES ('n')",
        "INSERT INTO u (x, y) VALUES ('p', 9) ON CONFLICT (x) DO UPDATE SET y = excluded.y; PRAGMA foreign_key_check",
        "SELECT json_group_array(value) FROM json_each('[1,2,3]'); SELECT date('now', '+1 day'), printf('%5.2f', 1.5)",
        "EXPLAIN QUERY PLAN SELECT * FROM t JOIN u ON a = y WHERE b = 'one'; ANALYZE; REINDEX; VACUUM; PRAGMA table_xinfo(u)",
        "SELECT a FROM t UNION SELECT y FROM u EXCEPT SELECT 3 ORDER BY 1 LIMIT 2 OFFSET 1; VALUES (1), (2)",
    ])
}
