//! Queries end to end: text in, rows out, on a database in memory.

use pluresdb_value::ValueRef;

use crate::{Connection, DatabasePath, OpenOptions, Step};

fn database() -> Connection {
    let mut connection =
        Connection::open(&OpenOptions::new(DatabasePath::Memory)).expect("a database in memory opens");
    connection
        .execute(
            "CREATE TABLE t(id INTEGER PRIMARY KEY, a INT, b TEXT);
             INSERT INTO t VALUES (1, 10, 'one'), (2, 20, 'two'), (3, NULL, 'three'), (4, 20, NULL), (5, 50, 'Two');
             CREATE INDEX t_a ON t(a);
             CREATE TABLE u(x INT, y TEXT, t_id INT);
             INSERT INTO u VALUES (1, 'p', 1), (2, 'q', 1), (3, 'r', 2), (4, 's', NULL), (5, 't', 9);",
        )
        .expect("the sample is valid SQL");
    connection
}

/// Rows as text: columns by commas, rows by bars.
pub(super) fn rows(connection: &mut Connection, sql: &str) -> String {
    let (mut statement, _) =
        connection.prepare(sql, 0).expect("the query compiles").expect("there is a statement");
    let mut rows = Vec::new();
    loop {
        match statement.step(connection) {
            Ok(Step::Row) => {
                let columns = (0..statement.column_count()).map(|index| {
                    match statement.value(index).expect("memory is readable") {
                        ValueRef::Null => "NULL".to_owned(),
                        value => String::from_utf8_lossy(&value.to_text().unwrap_or_default()).into_owned(),
                    }
                });
                rows.push(columns.collect::<Vec<_>>().join(","));
            }
            Ok(Step::Done) => break,
            Err(error) => {
                rows.push(format!("error {}: {error}", error.code.name()));
                break;
            }
        }
    }
    statement.reset(connection);
    connection.finalize(statement);
    rows.join("|")
}

fn check(cases: &[(&str, &str)]) {
    let mut connection = database();
    for (sql, expected) in cases {
        assert_eq!(rows(&mut connection, sql), *expected, "{sql}");
    }
}

/// Each query answers within so many bytes as it does without a limit.
fn check_within(connection: &mut Connection, queries: &[&str], limits: &[usize]) {
    let set = |connection: &mut Connection, limit: usize| {
        connection.execute(&format!("PRAGMA soft_heap_limit = {limit}")).expect("it is known");
    };
    for sql in queries {
        set(connection, 0);
        let expected = rows(connection, sql);
        for limit in limits {
            set(connection, *limit);
            assert_eq!(rows(connection, sql), expected, "{sql} within {limit} bytes");
        }
    }
}

#[test]
fn outer_joins_keep_what_has_no_partner() {
    check(&[
        ("SELECT t.id, u.x FROM t LEFT JOIN u ON u.t_id = t.id", "3,NULL|1,1|1,2|2,3|4,NULL|5,NULL"),
        ("SELECT t.id, u.x FROM t LEFT JOIN u ON u.t_id = t.id AND u.x > 1 WHERE t.id < 3", "1,2|2,3"),
        ("SELECT t.id, u.x FROM t RIGHT JOIN u ON u.t_id = t.id", "1,1|1,2|2,3|NULL,4|NULL,5"),
        ("SELECT count(*) FROM t FULL JOIN u ON u.t_id = t.id", "8"),
        ("SELECT t.id FROM t LEFT JOIN u ON u.t_id = t.id WHERE u.x IS NULL", "3|4|5"),
    ]);
}

#[test]
fn not_in_is_unknown_beside_a_null() {
    check(&[
        ("SELECT id FROM t WHERE id NOT IN (SELECT t_id FROM u)", ""),
        ("SELECT id FROM t WHERE id NOT IN (SELECT t_id FROM u WHERE t_id IS NOT NULL)", "3|4|5"),
        ("SELECT NULL IN (SELECT 1 WHERE 0), 1 NOT IN (SELECT 1 WHERE 0)", "0,1"),
        ("SELECT (1, 2) IN (SELECT 1, NULL), (1, 2) IN (SELECT 2, NULL)", "NULL,0"),
    ]);
}

#[test]
fn a_plan_by_index_finds_what_a_whole_scan_finds() {
    let mut connection = database();
    for condition in ["a = 20", "a > 10", "a < 50", "a IS NULL", "a IN (10, 50, NULL)", "a BETWEEN 10 AND 20"]
    {
        let by_index = rows(&mut connection, &format!("SELECT id FROM t WHERE {condition} ORDER BY id"));
        let by_scan = rows(&mut connection, &format!("SELECT id FROM t WHERE +{condition} ORDER BY id"));
        assert_eq!(by_index, by_scan, "{condition}");
        let plan = rows(&mut connection, &format!("EXPLAIN QUERY PLAN SELECT b FROM t WHERE {condition}"));
        assert!(plan.contains("SEARCH t USING INDEX t_a"), "{condition}: {plan}");
    }
}

#[test]
fn an_endless_recursion_ends_with_its_reader() {
    check(&[
        ("WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x FROM c LIMIT 3", "1|2|3"),
        ("WITH RECURSIVE c(x) AS (SELECT 1 UNION SELECT (x + 1) % 4 FROM c) SELECT x FROM c", "1|2|3|0"),
        (
            "WITH RECURSIVE c(x, l) AS (SELECT 1, 0 UNION ALL SELECT x * 2, l + 1 FROM c WHERE l < 2 \
             UNION ALL SELECT x * 2 + 1, l + 1 FROM c WHERE l < 2 ORDER BY 2 DESC) SELECT x FROM c",
            "1|2|4|5|3|6|7",
        ),
    ]);
}

#[test]
fn groups_come_in_key_order_and_empty_input_makes_one_row_without_group_by() {
    check(&[
        ("SELECT a, count(*) FROM t GROUP BY a", "NULL,1|10,1|20,2|50,1"),
        ("SELECT b, a FROM t GROUP BY a % 7 ORDER BY max(id) DESC", "Two,50|NULL,20|three,NULL|one,10"),
        ("SELECT max(a), b, count(*) FROM t", "50,Two,5"),
        ("SELECT count(*), sum(a), min(b) FROM t WHERE 0", "0,NULL,NULL"),
        ("SELECT a, count(*) FROM t WHERE 0 GROUP BY a", ""),
    ]);
}

#[test]
fn errors_are_raised_only_where_sqlite_computes() {
    check(&[
        ("SELECT CASE WHEN a IS NULL THEN abs(-9223372036854775808) END FROM t WHERE id = 1", "NULL"),
        ("SELECT id FROM t WHERE id < 2 AND (id = 1 OR abs(-9223372036854775808))", "1"),
        (
            "SELECT id FROM t WHERE abs(-9223372036854775808) OR id = 1",
            "error SQLITE_ERROR: integer overflow",
        ),
        ("SELECT 1 LIMIT 'x'", "error SQLITE_MISMATCH: datatype mismatch"),
        ("SELECT 1 LIMIT -1 OFFSET -5", "1"),
    ]);
}

#[test]
fn window_frames_see_their_rows() {
    check(&[
        (
            "SELECT group_concat(id) OVER (ORDER BY a GROUPS BETWEEN 1 PRECEDING AND CURRENT ROW EXCLUDE TIES) FROM t",
            "3|3,1|1,2|1,4|2,4,5",
        ),
        (
            "SELECT group_concat(id) OVER (ORDER BY a RANGE BETWEEN 10 PRECEDING AND 10 FOLLOWING) FROM t",
            "3|1,2,4|1,2,4|1,2,4|5",
        ),
        (
            "SELECT max(a) OVER (ORDER BY id ROWS BETWEEN 2 PRECEDING AND 1 PRECEDING) FROM t",
            "NULL|10|20|20|20",
        ),
    ]);
}

#[test]
fn a_row_source_sorted_by_position_reads_the_rows_it_chose() {
    let mut connection = database();
    connection.execute("DELETE FROM t ORDER BY b DESC LIMIT 2").expect("DELETE may be limited");
    assert_eq!(rows(&mut connection, "SELECT id FROM t"), "1|4|5");
    connection.execute("UPDATE t SET b = y FROM u WHERE t_id = id").expect("UPDATE may join");
    let updated = rows(&mut connection, "SELECT b FROM t WHERE id = 1");
    assert!(updated == "p" || updated == "q", "{updated}");
}

#[test]
fn no_text_grows_beyond_the_limit() {
    let mut connection = database();
    connection.session.settings.max_length = 10;
    for (sql, expected) in [
        ("SELECT 'abcde' || 'fghij'", "abcdefghij"),
        ("SELECT 'abcdef' || 'ghijk'", "error SQLITE_TOOBIG: string or blob too big"),
        ("SELECT x'010203040506' || NULL", "NULL"),
        ("SELECT length(zeroblob(11))", "error SQLITE_TOOBIG: string or blob too big"),
        ("SELECT group_concat(b) FROM t", "error SQLITE_TOOBIG: string or blob too big"),
    ] {
        assert_eq!(rows(&mut connection, sql), expected, "{sql}");
    }
}

#[test]
fn groups_without_room_come_between_the_others() {
    let mut connection = database();
    connection
        .execute(
            "CREATE TABLE g(k TEXT COLLATE NOCASE, n INT, r REAL);
             WITH RECURSIVE i(v) AS (SELECT 1 UNION ALL SELECT v + 1 FROM i WHERE v < 20000)
             INSERT INTO g SELECT CASE v % 2 WHEN 0 THEN 'key ' ELSE 'KEY ' END || (v * 7919 % 5000), v % 7, v / 8.0 FROM i;",
        )
        .expect("the sample is valid SQL");
    let queries = [
        "SELECT k, count(*), sum(r), group_concat(n), min(n) FROM g GROUP BY k",
        "SELECT k, max(r), n FROM g GROUP BY k ORDER BY k DESC",
        "SELECT g.k, t.b, count(DISTINCT n), avg(r) FROM g LEFT JOIN t ON t.id = g.n GROUP BY g.k, t.b HAVING count(*) > 1",
        "SELECT k || n, total(r) FROM (SELECT k, n, r + 1 AS r FROM g ORDER BY r DESC) GROUP BY 1",
        "SELECT (SELECT count(*) FROM (SELECT 1 FROM g GROUP BY k, n + t.id)) FROM t",
    ];
    for engine in ["row", "automatic"] {
        connection.execute(&format!("PRAGMA execution_engine = {engine}")).expect("it is known");
        check_within(&mut connection, &queries, &[1, 10_000, 200_000]);
    }
}

#[test]
fn a_join_without_room_gives_the_same_rows_in_the_same_order() {
    let mut connection = database();
    connection
        .execute(
            "CREATE TABLE l(k TEXT COLLATE NOCASE, n INT);
             CREATE TABLE r(k TEXT, n INT, x);
             WITH RECURSIVE i(v) AS (SELECT 1 UNION ALL SELECT v + 1 FROM i WHERE v < 3000)
             INSERT INTO l SELECT CASE v % 9 WHEN 0 THEN NULL ELSE 'Key ' || (v * 7919 % 700) END, v % 13 FROM i;
             WITH RECURSIVE i(v) AS (SELECT 1 UNION ALL SELECT v + 1 FROM i WHERE v < 2000)
             INSERT INTO r SELECT CASE v % 7 WHEN 0 THEN NULL ELSE 'KEY ' || (v * 31 % 900) END, v % 11, x'00' || v FROM i;",
        )
        .expect("the sample is valid SQL");
    let queries = [
        "SELECT l.rowid, r.rowid, r.x FROM l JOIN r ON l.k = r.k",
        "SELECT l.rowid, l.k, r.rowid, r.x FROM l LEFT JOIN r ON l.k = r.k AND l.n < r.n",
        "SELECT l.rowid, l.n, r.rowid, r.k FROM l RIGHT JOIN r ON l.k = r.k AND l.n = r.n",
        "SELECT l.rowid, r.rowid, t.b FROM l FULL JOIN r ON l.k = r.k AND l.n > r.n LEFT JOIN t ON t.id = l.n",
        "SELECT t.id, (SELECT group_concat(l.rowid || '-' || r.rowid) FROM l JOIN r ON l.k = r.k WHERE l.n = t.id) FROM t",
        "SELECT s.k, s.m, r.rowid FROM (SELECT k, max(n) AS m FROM l GROUP BY k) s LEFT JOIN r ON r.k = s.k LIMIT 100 OFFSET 50",
    ];
    connection.execute("PRAGMA execution_engine = row").expect("it is known");
    check_within(&mut connection, &queries, &[5_000, 50_000]);
}

#[test]
fn distinct_rows_without_room_come_in_the_same_order() {
    let mut connection = database();
    connection
        .execute(
            "CREATE TABLE d(k TEXT COLLATE NOCASE, n INT);
             WITH RECURSIVE i(v) AS (SELECT 1 UNION ALL SELECT v + 1 FROM i WHERE v < 20000)
             INSERT INTO d SELECT CASE v % 2 WHEN 0 THEN 'key ' ELSE 'KEY ' END || (v * 7919 % 3000), v % 7 FROM i;",
        )
        .expect("the sample is valid SQL");
    let queries = [
        "SELECT DISTINCT k FROM d",
        "SELECT DISTINCT k, n FROM d LIMIT 9000 OFFSET 3000",
        "SELECT DISTINCT n, k || 'x' FROM d ORDER BY n DESC, 2",
        "SELECT DISTINCT k FROM d ORDER BY length(k), k DESC LIMIT 700",
        "SELECT DISTINCT n FROM d ORDER BY k LIMIT 5",
        "SELECT count(*), max(k) FROM (SELECT DISTINCT k, n FROM d)",
    ];
    check_within(&mut connection, &queries, &[1000, 100_000]);
}

#[test]
fn compounds_without_room_give_the_same_rows() {
    let mut connection = database();
    connection
        .execute(
            "CREATE TABLE c(k TEXT COLLATE NOCASE, n);
             WITH RECURSIVE i(v) AS (SELECT 1 UNION ALL SELECT v + 1 FROM i WHERE v < 9000)
             INSERT INTO c SELECT CASE v % 2 WHEN 0 THEN 'key ' ELSE 'KEY ' END || (v * 7919 % 3000),
                 CASE v % 4 WHEN 0 THEN v % 50 WHEN 1 THEN v % 50 + 0.0 WHEN 2 THEN NULL ELSE 'x' END FROM i;",
        )
        .expect("the sample is valid SQL");
    let queries = [
        "SELECT k, n FROM c WHERE rowid < 5000 UNION SELECT k, n FROM c WHERE rowid > 3000",
        "SELECT k FROM c UNION SELECT upper(k) || 'z' FROM c ORDER BY 1 DESC LIMIT 500",
        "SELECT n, k FROM c EXCEPT SELECT n, k FROM c WHERE rowid % 3 = 0 ORDER BY 2, 1",
        "SELECT k FROM c WHERE rowid % 2 INTERSECT SELECT k FROM c WHERE rowid % 5 = 0",
        "SELECT k FROM c WHERE 0 EXCEPT SELECT k FROM c",
        "SELECT count(*), max(k) FROM (SELECT k FROM c INTERSECT SELECT k FROM c UNION SELECT n FROM c)",
        "SELECT k, n FROM c UNION ALL SELECT n, k FROM c ORDER BY 2 DESC, 1",
    ];
    check_within(&mut connection, &queries, &[1000, 100_000]);
}

#[test]
fn windows_without_room_give_the_same_rows() {
    let mut connection = database();
    connection
        .execute(
            "CREATE TABLE w(k TEXT COLLATE NOCASE, n, x REAL);
             WITH RECURSIVE i(v) AS (SELECT 1 UNION ALL SELECT v + 1 FROM i WHERE v < 9000)
             INSERT INTO w SELECT CASE v % 11 WHEN 0 THEN NULL WHEN 1 THEN 'KEY ' ELSE 'key ' END || (v * 7919 % 300),
                 CASE v % 4 WHEN 0 THEN v % 50 WHEN 1 THEN v % 50 + 0.0 WHEN 2 THEN NULL ELSE 'x' || v END,
                 v / 7.0 FROM i;",
        )
        .expect("the sample is valid SQL");
    let queries = [
        "SELECT k, n, row_number() OVER (PARTITION BY k ORDER BY n DESC), rank() OVER (PARTITION BY k ORDER BY n) FROM w",
        "SELECT rowid, sum(x) OVER (PARTITION BY k ORDER BY n ROWS 2 PRECEDING), count(*) FILTER (WHERE n > 20) OVER p \
         FROM w WINDOW p AS (PARTITION BY k)",
        "SELECT k, group_concat(n, '-') OVER (PARTITION BY k ORDER BY x GROUPS 1 PRECEDING EXCLUDE TIES) FROM w",
        "SELECT max(r) FROM (SELECT ntile(7) OVER (PARTITION BY typeof(n), k ORDER BY x DESC) AS r FROM w)",
        "SELECT k, lag(n, 2, 'none') OVER (PARTITION BY n ORDER BY x), last_value(k) OVER (PARTITION BY k) FROM w LIMIT 700",
        "SELECT t.id, (SELECT sum(s) FROM (SELECT min(x) OVER (PARTITION BY k) AS s FROM w WHERE w.n = t.a)) FROM t",
        "SELECT sum(json_extract(CASE k WHEN 'key 7' THEN '{' ELSE '1' END, '$')) OVER (PARTITION BY k) FROM w",
    ];
    for engine in ["row", "vector"] {
        connection.execute(&format!("PRAGMA execution_engine = {engine}")).expect("it is known");
        check_within(&mut connection, &queries, &[1000, 100_000]);
    }
}

#[test]
fn a_subquery_ends_whose_rows_were_given_answers() {
    let mut connection = database();
    connection
        .execute(
            "CREATE TABLE a(id INTEGER PRIMARY KEY, n INT);
             CREATE TABLE c(id INTEGER PRIMARY KEY, a INT, n INT);
             WITH RECURSIVE i(v) AS (SELECT 1 UNION ALL SELECT v + 1 FROM i WHERE v < 3000)
             INSERT INTO c SELECT v, v % 700, v % 11 FROM i;
             INSERT INTO a SELECT id, n FROM c WHERE id < 700;",
        )
        .expect("the sample is valid SQL");
    let queries = [
        "SELECT id FROM t WHERE id IN (SELECT a.id FROM a WHERE a.n > (SELECT min(c.n) FROM c WHERE c.a = a.id))",
        "SELECT id FROM t WHERE id IN (SELECT a.id FROM a WHERE EXISTS (SELECT 1 FROM c WHERE c.a = a.id AND c.n > 3) ORDER BY n)",
        "SELECT id FROM t WHERE id IN (SELECT (SELECT max(c.n) - 5 FROM c WHERE c.a = a.id) FROM a)",
        "SELECT id, (SELECT count(*) FROM (SELECT (SELECT max(c.n) FROM c WHERE c.a = a.id) m FROM a ORDER BY m) WHERE m > t.id) FROM t",
    ];
    for sql in queries {
        connection.execute("PRAGMA execution_engine = row").expect("it is known");
        let expected = rows(&mut connection, sql);
        connection.execute("PRAGMA execution_engine = automatic").expect("it is known");
        assert_eq!(rows(&mut connection, sql), expected, "{sql}");
        assert_eq!(rows(&mut connection, sql), expected, "{sql}, once more");
    }
}

/// Takes so many rows of each run of one statement.
fn takes(connection: &mut Connection, sql: &str, counts: &[usize]) -> Vec<Vec<i64>> {
    let (mut statement, _) =
        connection.prepare(sql, 0).expect("the query compiles").expect("there is a statement");
    let taken = counts.iter().map(|count| {
        let mut rows = Vec::new();
        while rows.len() < *count && matches!(statement.step(connection), Ok(Step::Row)) {
            match statement.value(0).expect("memory is readable") {
                ValueRef::Integer(integer) => rows.push(integer),
                value => panic!("{sql} gives {value:?}"),
            }
        }
        statement.reset(connection);
        rows
    });
    let taken = taken.collect();
    connection.finalize(statement);
    taken
}

#[test]
fn first_rows_are_those_of_a_run_that_takes_all() {
    let mut connection = database();
    connection
        .execute(
            "CREATE TABLE p(id INTEGER PRIMARY KEY, c INT, n INT, s TEXT);
             CREATE TABLE c(id INTEGER PRIMARY KEY, n INT, s TEXT);
             WITH RECURSIVE i(v) AS (SELECT 1 UNION ALL SELECT v + 1 FROM i WHERE v < 9000)
             INSERT INTO p SELECT v, v * 7919 % 5000, v % 50, 's' || v % 7 FROM i;
             INSERT INTO c SELECT id, n % 11, s FROM p WHERE id % 3;
             CREATE INDEX p_n ON p(n, s);",
        )
        .expect("the sample is valid SQL");
    let queries = [
        "SELECT p.id * 10000 + c.id, c.s FROM p JOIN c ON c.id = p.c",
        "SELECT p.id * 10000 + ifnull(c.id, 0), c.s FROM p LEFT JOIN c ON c.id = p.c AND c.n > 3",
        "SELECT p.id, c.s FROM p JOIN c ON c.id = p.c WHERE p.id > 8990",
        "SELECT p.id, c.s FROM p JOIN c ON c.id = p.c WHERE p.id + c.n > 9006",
        "SELECT id FROM p WHERE EXISTS (SELECT 1 FROM c WHERE c.id = p.c AND c.n > 5)",
        "SELECT id FROM p WHERE EXISTS (SELECT 1 FROM c WHERE c.id = p.c AND c.n > 10)",
        "SELECT sum(p.id), n FROM p GROUP BY n",
        "SELECT max(p.id), s FROM p GROUP BY n",
        "SELECT count(c.id), p.s FROM p LEFT JOIN c ON c.id = p.c GROUP BY p.id",
    ];
    for sql in queries {
        connection.execute("PRAGMA execution_engine = row").expect("it is known");
        let expected = takes(&mut connection, sql, &[usize::MAX]).remove(0);
        connection.execute("PRAGMA execution_engine = automatic").expect("it is known");
        let counts = [1, 4, 1, 5, 6, usize::MAX, usize::MAX, 1, 3, usize::MAX];
        for (rows, count) in takes(&mut connection, sql, &counts).iter().zip(counts) {
            assert_eq!(rows[..], expected[..count.min(expected.len())], "{count} rows of {sql}");
        }
    }
}

#[test]
fn index_entries_of_more_rows_than_are_gathered_at_once_change_in_parts() {
    let mut connection = database();
    connection
        .execute(
            "CREATE TABLE many(id INTEGER PRIMARY KEY, name TEXT);
             INSERT INTO many SELECT value, printf('%0600d', value * 7919 % 40009) FROM (
                 WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < 40000)
                 SELECT value FROM n);
             CREATE INDEX many_name ON many(name);
             UPDATE many SET name = substr(name, 2) || 'x';
             SAVEPOINT s;
             UPDATE many SET name = 'lost ' || name WHERE name > '';
             ROLLBACK TO s;
             DELETE FROM many WHERE name > printf('%0599d', 20000);",
        )
        .expect("nothing stands in the way");
    let cases = [
        ("SELECT count(*), min(length(name)), max(substr(name, 590)) FROM many", "19995,600,0000019999x"),
        ("SELECT count(*) FROM many INDEXED BY many_name WHERE name > ''", "19995"),
        ("PRAGMA integrity_check", "ok"),
    ];
    for (sql, expected) in cases {
        assert_eq!(rows(&mut connection, sql), expected, "{sql}");
    }
}
