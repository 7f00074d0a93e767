//! What statements cost on this machine, in memory. Run with `cargo run --release --example statement_cost`.
#![allow(clippy::print_stdout, reason = "it is a program that prints numbers")]

use std::hint::black_box;
use std::time::Instant;

use pluresdb_engine::{Connection, DatabasePath, OpenOptions, Result, Statement, Step};
use pluresdb_value::Value;

const ROWS: i64 = 100_000;

/// Nanoseconds per round.
fn measure(name: &str, rounds: i64, mut work: impl FnMut(i64) -> Result<()>) -> Result<()> {
    let start = Instant::now();
    for round in 0..rounds {
        work(round)?;
    }
    println!("{name:45} {:10.1} ns", start.elapsed().as_nanos() as f64 / rounds as f64);
    Ok(())
}

fn prepare(connection: &mut Connection, sql: &str) -> Result<Statement> {
    let prepared = connection.prepare(sql, 0)?;
    Ok(prepared.expect("the text holds a statement").0)
}

fn finish(statement: &mut Statement, connection: &mut Connection) -> Result<()> {
    while statement.step(connection)? == Step::Row {
        black_box(statement.value(0)?);
    }
    Ok(())
}

fn main() -> Result<()> {
    let mut connection = Connection::open(&OpenOptions::new(DatabasePath::Memory))?;
    let connection = &mut connection;
    connection.execute("CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT, b INTEGER, c REAL)")?;

    let get = "SELECT * FROM t WHERE id = ?";
    let first = prepare(connection, get)?;
    connection.finalize(first);
    measure("prepare and finalize, cached", ROWS, |_| {
        let statement = prepare(connection, get)?;
        connection.finalize(black_box(statement));
        Ok(())
    })?;
    measure("prepare, another text each time", 2_000, |round| {
        let statement = prepare(connection, &format!("SELECT a, b FROM t WHERE id = {round}"))?;
        connection.finalize(black_box(statement));
        Ok(())
    })?;

    let mut insert = prepare(connection, "INSERT INTO t(a, b, c) VALUES (?, ?, ?)")?;
    connection.execute("BEGIN")?;
    measure("insert, in one transaction", ROWS, |round| {
        insert.bind(0, Value::text("some text"))?;
        insert.bind(1, Value::Integer(round))?;
        insert.bind(2, Value::Real(round as f64))?;
        finish(&mut insert, connection)
    })?;
    connection.execute("COMMIT")?;
    measure("insert, one per transaction", ROWS / 10, |_| finish(&mut insert, connection))?;

    let mut get = prepare(connection, get)?;
    measure("get by rowid, autocommit", ROWS, |round| {
        get.bind(0, Value::Integer(round * 7919 % ROWS + 1))?;
        finish(&mut get, connection)
    })?;
    let mut update = prepare(connection, "UPDATE t SET b = ? WHERE id = ?")?;
    connection.execute("BEGIN")?;
    measure("update by rowid, in one transaction", ROWS, |round| {
        update.bind(0, Value::Integer(round))?;
        update.bind(1, Value::Integer(round * 7919 % ROWS + 1))?;
        finish(&mut update, connection)
    })?;
    let mut delete = prepare(connection, "DELETE FROM t WHERE id = ?")?;
    measure("delete by rowid, in one transaction", ROWS / 2, |round| {
        delete.bind(0, Value::Integer(round * 7919 % ROWS + 1))?;
        finish(&mut delete, connection)
    })?;
    connection.execute("COMMIT")?;
    let mut index = prepare(connection, "CREATE INDEX i ON t(a, b)")?;
    measure("create index, per row", 1, |_| finish(&mut index, connection))
}
