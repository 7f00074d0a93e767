//! A small set of work whose instructions `npm run bench -- --instructions` counts: what is `measured`, case by case.
//!
//! Alone it prints the cases' names, in the order in which they run.
#![allow(clippy::print_stdout, reason = "it is a program that prints names")]

use std::hint::black_box;

use pluresdb_engine::{Connection, DatabasePath, OpenOptions, Result, Statement, Step};
use pluresdb_value::Value;

const ROWS: i64 = 20_000;
/// No divisor of `ROWS`: steps through all of them in no order.
const STRIDE: i64 = 7919;

/// What the profiler counts, and nothing else.
#[inline(never)]
fn measured(work: &mut dyn FnMut() -> Result<()>) -> Result<()> {
    let outcome = work();
    black_box(outcome)
}

fn case(name: &str, mut work: impl FnMut() -> Result<()>) -> Result<()> {
    println!("{name}");
    measured(&mut work)
}

fn prepare(connection: &mut Connection, sql: &str) -> Result<Statement> {
    Ok(connection.prepare(sql, 0)?.expect("the text holds a statement").0)
}

fn finish(statement: &mut Statement, connection: &mut Connection) -> Result<()> {
    while statement.step(connection)? == Step::Row {
        for column in 0..statement.column_count() {
            black_box(statement.value(column)?);
        }
    }
    Ok(())
}

fn nth_row(round: i64) -> i64 {
    round * STRIDE % ROWS + 1
}

fn mail(row: i64) -> Value {
    Value::text(format!("user{row}@example.com"))
}

fn single_rows(connection: &mut Connection) -> Result<()> {
    let mut insert = prepare(connection, "INSERT INTO t (mail, city, n, r) VALUES (?, ?, ?, ?)")?;
    let mut fill = |from: i64, to: i64, connection: &mut Connection| {
        for row in from..to {
            insert.bind(0, mail(row))?;
            insert.bind(1, Value::text(format!("city {}", row % 50)))?;
            insert.bind(2, Value::Integer(row * STRIDE % 1000))?;
            insert.bind(3, Value::Real(row as f64 / 7.0))?;
            finish(&mut insert, connection)?;
        }
        Ok(())
    };
    connection.execute("BEGIN")?;
    fill(1, ROWS - 2000, connection)?;
    case("insert", || fill(ROWS - 2000, ROWS + 1, connection))?;
    connection.execute("COMMIT")?;

    case("prepare", || {
        for row in 0..300 {
            let sql = format!("SELECT mail, n FROM t AS t{row} WHERE t{row}.id = {row}");
            let statement = prepare(connection, &sql)?;
            connection.finalize(black_box(statement));
        }
        Ok(())
    })?;
    case("prepare, other values", || {
        for row in 0..300 {
            let sql = format!("SELECT mail, n FROM t WHERE id = {row}");
            let statement = prepare(connection, &sql)?;
            connection.finalize(black_box(statement));
        }
        Ok(())
    })?;
    let mut get = prepare(connection, "SELECT * FROM t WHERE id = ?")?;
    case("get by rowid", || {
        for round in 0..3000 {
            get.bind(0, Value::Integer(nth_row(round)))?;
            finish(&mut get, connection)?;
        }
        Ok(())
    })?;
    let mut get = prepare(connection, "SELECT * FROM t WHERE mail = ?")?;
    // Led by the index; by hints, while the table's row cache fills; by that.
    for name in ["get by text index", "get by text index, again", "get by text index, kept"] {
        case(name, || {
            for round in 0..2000 {
                get.bind(0, mail(nth_row(round)))?;
                finish(&mut get, connection)?;
            }
            Ok(())
        })?;
    }
    connection.execute("BEGIN")?;
    let mut update = prepare(connection, "UPDATE t SET n = n + 1 WHERE id = ?")?;
    case("update by rowid", || {
        for round in 0..2000 {
            update.bind(0, Value::Integer(nth_row(round)))?;
            finish(&mut update, connection)?;
        }
        Ok(())
    })?;
    let mut delete = prepare(connection, "DELETE FROM t WHERE id = ?")?;
    case("delete by rowid", || {
        for round in 0..1000 {
            delete.bind(0, Value::Integer(nth_row(round)))?;
            finish(&mut delete, connection)?;
        }
        Ok(())
    })?;
    connection.execute("ROLLBACK")
}

const QUERIES: [(&str, &str); 8] = [
    ("page", "SELECT * FROM t WHERE id > 5000 ORDER BY id LIMIT 100"),
    ("sum of integers", "SELECT sum(n) FROM t"),
    ("sum of reals", "SELECT sum(r) FROM t"),
    ("filter", "SELECT count(*) FROM t WHERE n > 500 AND r < 2000"),
    ("group", "SELECT n, count(*), sum(r) FROM t GROUP BY n"),
    ("join and group", "SELECT c.name, sum(t.n) FROM t JOIN c ON c.id = t.n GROUP BY c.name"),
    ("like", "SELECT count(*) FROM t WHERE mail LIKE '%99%'"),
    ("first ten", "SELECT * FROM t ORDER BY r DESC LIMIT 10"),
];

fn main() -> Result<()> {
    let mut options = OpenOptions::new(DatabasePath::Memory);
    options.seed = 1;
    let mut connection = Connection::open(&options)?;
    let connection = &mut connection;
    connection.execute(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, mail TEXT UNIQUE, city TEXT, n INTEGER, r REAL);
         CREATE TABLE c (id INTEGER PRIMARY KEY, name TEXT);
         INSERT INTO c WITH s (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM s LIMIT 1000) SELECT n, 'name ' || n % 20 FROM s",
    )?;
    single_rows(connection)?;
    for (name, sql) in QUERIES {
        let mut query = prepare(connection, sql)?;
        // Once for what only the first run does.
        finish(&mut query, connection)?;
        case(name, || finish(&mut query, connection))?;
    }
    Ok(())
}
