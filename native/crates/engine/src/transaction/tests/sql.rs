//! The same promises through SQL, with the schema that follows them.

use std::{path::PathBuf, thread};

use pluresdb_value::ValueRef;

use super::*;
use crate::{Connection, DatabasePath, OpenOptions, ResultCode, Step};

fn connect(path: &Path, busy_timeout_ms: u64) -> Connection {
    let options = OpenOptions { busy_timeout_ms, ..OpenOptions::new(DatabasePath::Path(path.to_path_buf())) };
    Connection::open(&options).unwrap()
}

/// The first column of every row, as text.
fn ask(connection: &mut Connection, sql: &str) -> Vec<String> {
    let (mut statement, _) = connection.prepare(sql, 0).unwrap().unwrap();
    let mut rows = Vec::new();
    while statement.step(connection).unwrap() == Step::Row {
        rows.push(match statement.value(0).unwrap() {
            ValueRef::Null => "NULL".to_owned(),
            ValueRef::Text(text) | ValueRef::Blob(text) => String::from_utf8_lossy(text).into_owned(),
            number => String::from_utf8_lossy(&number.to_text().unwrap()).into_owned(),
        });
    }
    connection.finalize(statement);
    rows
}

/// What a killed process leaves: the files as they are now, without the lock.
fn killed(path: &Path) -> PathBuf {
    fn copy(from: &Path, to: &Path) {
        std::fs::create_dir(to).unwrap();
        for entry in std::fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            let (from, to) = (entry.path(), to.join(entry.file_name()));
            if entry.file_type().unwrap().is_dir() {
                copy(&from, &to);
            } else {
                std::fs::copy(&from, &to).unwrap();
            }
        }
    }
    let copied = (0..).map(|number| path.with_extension(format!("killed{number}")));
    let copied = copied.filter(|copied| !copied.exists()).take(1).next().unwrap();
    copy(path, &copied);
    copied
}

const DDL: &str = "CREATE TABLE t(id INTEGER PRIMARY KEY, name TEXT UNIQUE, v REAL DEFAULT 1.5);
    CREATE INDEX t_v ON t(v);
    CREATE TABLE w(a TEXT, b INT, PRIMARY KEY(a, b)) WITHOUT ROWID;
    CREATE VIEW total AS SELECT count(*) AS n FROM t;";

#[test]
fn commits_and_schema_survive_a_kill_with_and_without_a_checkpoint() {
    let parent = tempfile::tempdir().unwrap();
    let path = parent.path().join("db");
    let mut connection = connect(&path, 0);
    connection.execute(DDL).unwrap();
    for round in 0..3 {
        connection.execute("BEGIN").unwrap();
        for number in 0..50 {
            let id = round * 50 + number;
            connection.execute(&format!("INSERT INTO t(name) VALUES ('n{id}')")).unwrap();
            connection.execute(&format!("INSERT INTO w VALUES ('n{id}', {id})")).unwrap();
        }
        connection
            .execute("COMMIT; DELETE FROM t WHERE id % 10 = 3; UPDATE t SET v = id WHERE id % 7 = 0")
            .unwrap();
        connection.execute("BEGIN; INSERT INTO t(name) VALUES ('never'); CREATE TABLE never(a)").unwrap();
        let expected: Vec<_> = ["SELECT group_concat(id || name || v) FROM t", "SELECT sum(b) FROM w"]
            .iter()
            .map(|sql| ask(&mut connect(&killed(&path), 0), sql))
            .collect();
        connection.execute("ROLLBACK").unwrap();
        if round == 1 {
            assert_eq!(ask(&mut connection, "PRAGMA wal_checkpoint"), ["0"]);
        }
        let mut after = connect(&killed(&path), 0);
        for (sql, expected) in
            ["SELECT group_concat(id || name || v) FROM t", "SELECT sum(b) FROM w"].iter().zip(&expected)
        {
            assert_eq!(ask(&mut after, sql), *expected);
            assert_eq!(ask(&mut connection, sql), *expected);
        }
        assert_eq!(ask(&mut after, "PRAGMA integrity_check"), ["ok"]);
        let names = ask(&mut after, "SELECT name FROM sqlite_schema");
        assert_eq!(names, ask(&mut connection, "SELECT name FROM sqlite_schema"));
        assert!(!names.contains(&"never".to_owned()));
        let versions = "SELECT schema_version FROM pragma_schema_version";
        assert_eq!(ask(&mut after, versions), ask(&mut connection, versions));
    }
    drop(connection);
    let mut reopened = connect(&path, 0);
    assert_eq!(ask(&mut reopened, "SELECT n FROM total"), ask(&mut reopened, "SELECT count(*) FROM t"));
    reopened
        .execute(
            "DROP TABLE w; DROP INDEX t_v; CREATE TABLE w(extra DEFAULT 'x'); INSERT INTO w DEFAULT VALUES",
        )
        .unwrap();
    let mut after = connect(&killed(&path), 0);
    assert_eq!(ask(&mut after, "SELECT extra FROM w"), ["x"]);
    assert_eq!(ask(&mut after, "PRAGMA integrity_check"), ["ok"]);
}

#[test]
fn two_connections_see_each_others_commits_and_schema_and_wait_for_each_other() {
    let parent = tempfile::tempdir().unwrap();
    let path = parent.path().join("db");
    let (mut first, mut second) = (connect(&path, 0), connect(&path, 0));
    first.execute("CREATE TABLE t(a)").unwrap();
    second.execute("INSERT INTO t VALUES (1)").unwrap();
    first.execute("BEGIN; SELECT * FROM t").unwrap();
    second.execute("INSERT INTO t VALUES (2)").unwrap();
    assert_eq!(ask(&mut first, "SELECT count(*) FROM t"), ["1"]);
    assert_eq!(first.execute("INSERT INTO t VALUES (3)").unwrap_err().code, ResultCode::BusySnapshot);
    first.execute("COMMIT; CREATE TABLE u(a, b)").unwrap();
    second.execute("INSERT INTO u(a, b) VALUES (4, 5); INSERT INTO t SELECT a FROM u").unwrap();
    first.execute("BEGIN IMMEDIATE").unwrap();
    assert_eq!(second.execute("INSERT INTO t(a) VALUES (6)").unwrap_err().code, ResultCode::Busy);
    assert_eq!(ask(&mut second, "SELECT count(*) FROM t"), ["3"]);

    let waiting = thread::spawn(move || {
        let mut third = connect(&path, 30_000);
        third.execute("INSERT INTO t(a) VALUES (7); BEGIN; INSERT INTO t(a) VALUES (8); COMMIT").unwrap();
    });
    thread::sleep(Duration::from_millis(30));
    first.execute("INSERT INTO t(a) VALUES (9); COMMIT").unwrap();
    waiting.join().unwrap();
    assert_eq!(ask(&mut first, "SELECT a FROM t"), ["1", "2", "4", "9", "7", "8"]);
}

#[test]
fn integrity_check_finds_an_index_that_disagrees_with_its_table() {
    /// Damage done to the index behind the back of SQL, and what is said about it.
    type Case = (fn(&mut Transaction, TreeId, &[u8], &[u8]), &'static [&'static str]);
    const CASES: [Case; 3] = [
        (
            |transaction, index, key, value| assert!(transaction.delete_key(index, key, value).is_ok()),
            &["row 1 missing from index t_v", "wrong # of entries in index t_v"],
        ),
        (
            |transaction, index, key, value| {
                transaction.put_key(index, &[key, b"more"].concat(), value, None).unwrap();
            },
            &["wrong # of entries in index t_v"],
        ),
        (
            |transaction, index, key, value| {
                transaction.delete_key(index, key, value).unwrap();
                transaction.put_key(index, &[key, b"more"].concat(), value, None).unwrap();
            },
            &["row 1 missing from index t_v"],
        ),
    ];
    let parent = tempfile::tempdir().unwrap();
    for (number, (plant, expected)) in CASES.into_iter().enumerate() {
        let path = parent.path().join(format!("db{number}"));
        let mut connection = connect(&path, 0);
        connection
            .execute("CREATE TABLE t(id INTEGER PRIMARY KEY, v); CREATE INDEX t_v ON t(v)")
            .and_then(|()| connection.execute("INSERT INTO t(v) VALUES ('a'), ('b'), ('c')"))
            .unwrap();
        assert_eq!(ask(&mut connection, "PRAGMA integrity_check"), ["ok"]);
        let engine = Engine::open(&Location::Path(path), &EngineOptions::default()).unwrap();
        let mut transaction = Transaction::new(engine);
        transaction.begin_write(&NO_WAIT).unwrap();
        let index = transaction.catalog().index("t_v").expect("the index is there").tree;
        let (key, value) = keys_of(&transaction, index).unwrap().pop_first().unwrap();
        plant(&mut transaction, index, &key, &value);
        transaction.commit(Synchronous::Normal).unwrap();
        assert_eq!(ask(&mut connection, "PRAGMA integrity_check"), *expected);
        assert_eq!(ask(&mut connection, "PRAGMA quick_check"), ["ok"]);
    }
}
