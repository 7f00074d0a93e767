//! Scripts whose answers were recorded from better-sqlite3 (`scripts/record.mjs`), run on an empty memory database, by
//! the row engine, by the vector engine, by the one that the planner takes, with hardly any memory to sort in, and by the
//! vector engine on two threads.
//!
//! ```text
//! > INSERT INTO t VALUES (1), (1)
//! error SQLITE_CONSTRAINT_PRIMARYKEY: UNIQUE constraint failed: t.id
//! > SELECT a, b FROM t
//! 1 | 'text'
//! > DELETE FROM t
//! changes 1
//! ```

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::fmt::Write;
use std::path::Path;

use pluresdb_engine::{Connection, DatabasePath, Error, OpenOptions, Step};
use pluresdb_value::ValueRef;

fn show(value: ValueRef<'_>, out: &mut String) {
    match value {
        ValueRef::Null => out.push_str("NULL"),
        ValueRef::Text(text) => {
            let text = String::from_utf8_lossy(text).replace('\'', "''").replace('\n', "\\n");
            write!(out, "'{text}'").unwrap();
        }
        ValueRef::Blob(blob) => {
            out.push_str("x'");
            for byte in blob {
                write!(out, "{byte:02x}").unwrap();
            }
            out.push('\'');
        }
        number => out.push_str(&String::from_utf8_lossy(&number.to_text().unwrap())),
    }
}

fn run(connection: &mut Connection, sql: &str, out: &mut Vec<String>) -> Result<(), Error> {
    let Some((mut statement, _)) = connection.prepare(sql, 0)? else { return Ok(()) };
    let total = connection.total_changes();
    let mut outcome = Ok(());
    loop {
        match statement.step(connection) {
            Ok(Step::Done) => break,
            Ok(Step::Row) => {
                let mut line = String::new();
                for index in 0..statement.column_count() {
                    if index > 0 {
                        line.push_str(" | ");
                    }
                    show(statement.value(index)?, &mut line);
                }
                out.push(line);
            }
            Err(error) => {
                out.clear();
                outcome = Err(error);
                break;
            }
        }
    }
    let has_changed = connection.total_changes() != total && connection.changes() > 0;
    if outcome.is_ok() && !statement.returns_rows() && has_changed {
        out.push(format!("changes {}", connection.changes()));
    }
    connection.finalize(statement);
    outcome
}

fn answer(connection: &mut Connection, sql: &str) -> Vec<String> {
    let mut out = Vec::new();
    if let Err(error) = run(connection, sql, &mut out) {
        let message = error.message.replace('\n', "\\n");
        out = vec![format!("error {}: {message}", error.code.name())];
    }
    out
}

/// How a script is run, and by which statements that begins.
const WAYS: [(&str, &[&str]); 5] = [
    ("row", &["PRAGMA execution_engine = row"]),
    ("vector", &["PRAGMA execution_engine = vector"]),
    ("automatic", &[]),
    ("in scratch files", &["PRAGMA soft_heap_limit = 1"]),
    ("on two threads", &["PRAGMA execution_engine = vector", "PRAGMA threads = 1"]),
];
/// A script that asks for one of these is not run where it is set.
const ASKED: [&str; 2] = ["heap_limit", "threads"];

/// Differences of one script, each with the statement it is about.
fn play(path: &Path, way: &str, first: &[&str]) -> Vec<String> {
    let script = std::fs::read_to_string(path).unwrap();
    if ASKED.iter().any(|asked| script.contains(asked) && first.iter().any(|sql| sql.contains(asked))) {
        return Vec::new();
    }
    let mut connection = Connection::open(&OpenOptions::new(DatabasePath::Memory)).unwrap();
    for sql in first {
        run(&mut connection, sql, &mut Vec::new()).unwrap();
    }
    let mut differences = Vec::new();
    let mut lines = script.lines().peekable();
    while let Some(line) = lines.next() {
        let Some(sql) = line.strip_prefix("> ") else { continue };
        let mut expected = Vec::new();
        while let Some(line) = lines.peek() {
            if line.starts_with("> ") || line.starts_with('#') || line.is_empty() {
                break;
            }
            expected.push((*line).to_owned());
            lines.next();
        }
        let found = answer(&mut connection, sql);
        if found != expected {
            let name = path.file_name().unwrap().to_string_lossy();
            differences.push(format!("{name} ({way}): {sql}\n  expected {expected:?}\n  found    {found:?}"));
        }
    }
    differences
}

/// Triggers nest as deep as SQLite lets them, which takes more stack than a test's thread has.
const STACK_BYTES: usize = 8 << 20;

#[test]
fn scripts_answer_as_sqlite_did() {
    std::thread::Builder::new().stack_size(STACK_BYTES).spawn(play_all).unwrap().join().unwrap();
}

fn play_all() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts");
    let mut scripts: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "sql"))
        .collect();
    scripts.sort();
    let only = std::env::var("SCRIPT").ok();
    let differences: Vec<String> = scripts
        .iter()
        .filter(|path| {
            only.as_ref().is_none_or(|only| path.file_stem().is_some_and(|stem| stem == only.as_str()))
        })
        .flat_map(|path| WAYS.iter().flat_map(|(way, first)| play(path, way, first)))
        .collect();
    assert!(differences.is_empty(), "{} differences\n{}", differences.len(), differences.join("\n"));
}
