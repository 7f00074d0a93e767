//! Changesets: any bytes are read, and applied to a database.
//!
//! Laws: reading and applying end; what fails leaves the database as it was, and sound either way.

use pluresdb_engine::callback::Thrown;
use pluresdb_engine::changeset::{ChangesetHandler, ConflictAnswer, ConflictKind, Kind};
use pluresdb_engine::{Connection, DatabasePath, OpenOptions, Session, Step};
use pluresdb_sqlite_changeset::Reader;
use pluresdb_value::{Value, ValueRef};

const SCHEMA: &str = "CREATE TABLE t (a INTEGER PRIMARY KEY, b UNIQUE, c); CREATE TABLE w (k PRIMARY KEY, v) WITHOUT ROWID; \
     INSERT INTO t VALUES (1, 'x', 2.5), (2, NULL, x'00ff'), (3, 'y', 3); INSERT INTO w VALUES ('k', 1), (5, 'v')";

/// Answers that the bytes' length chooses.
struct Answers(usize);

impl ChangesetHandler for Answers {
    fn takes_table(&mut self, _: &str, _: &mut Session) -> Result<bool, Thrown> {
        Ok(true)
    }

    fn conflict(&mut self, _: ConflictKind, _: &mut Session) -> Result<ConflictAnswer, Thrown> {
        self.0 += 1;
        Ok([ConflictAnswer::Omit, ConflictAnswer::Replace, ConflictAnswer::Abort][self.0 % 3])
    }
}

fn database() -> Connection {
    let mut connection = Connection::open(&OpenOptions::new(DatabasePath::Memory)).expect("memory opens");
    connection.execute(SCHEMA).expect("the schema is sound");
    connection
}

pub fn run(bytes: &[u8]) {
    let mut reader = Reader::new(bytes);
    while let Ok(Some(_)) = reader.next_change() {}
    let mut connection = database();
    let before = connection.serialize("main").expect("it has a file's form");
    let applied = connection.apply_changeset(bytes, &mut Answers(bytes.len()));
    assert!(!connection.in_transaction(), "no savepoint is left");
    let after = connection.serialize("main").expect("it has a file's form");
    if applied.is_err() {
        assert!(before == after, "a changeset that fails changes nothing");
    }
    let check = connection.prepare("PRAGMA integrity_check", 0).expect("the pragma is known");
    let (mut statement, _) = check.expect("there is a statement");
    assert_eq!(statement.step(&mut connection), Ok(Step::Row));
    let sound = Value::text("ok".as_bytes());
    assert_eq!(statement.value(0).map(ValueRef::to_value), Ok(sound));
    connection.finalize(statement);
}

pub fn seeds() -> Vec<Vec<u8>> {
    let scripts = [
        "INSERT INTO t VALUES (9, 'nine', 9.5), (10, NULL, x'0102'); INSERT INTO w VALUES (x'01', NULL)",
        "UPDATE t SET b = a + 1; UPDATE w SET v = 'other' WHERE k = 5",
        "DELETE FROM t; DELETE FROM w WHERE k = 'k'",
        "UPDATE t SET a = a + 10; REPLACE INTO t VALUES (11, 'z', 1)",
    ];
    let record = |script: &&str| {
        let mut connection = database();
        let recorder = connection.begin_recording("main", None);
        connection.execute(script).expect("the script is sound");
        [Kind::Changeset, Kind::Patchset]
            .map(|kind| connection.recorded_changes(recorder, kind).expect("it was recorded"))
    };
    scripts.iter().flat_map(record).collect()
}
