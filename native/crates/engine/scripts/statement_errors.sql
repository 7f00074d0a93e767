# Which of a statement's errors SQLite tells, and what is compiled only where it is used.
> CREATE TABLE t1(x INTEGER, y)
> INSERT INTO t1 VALUES (1, 2), (3, 4)
changes 2
> CREATE TABLE d1(a, b DEFAULT (missing(25)))
> INSERT INTO d1(a) VALUES (1)
error SQLITE_ERROR: unknown function: missing()
> INSERT INTO d1(a, b) VALUES (1, 2)
changes 1
> INSERT INTO d1 DEFAULT VALUES
error SQLITE_ERROR: unknown function: missing()
> UPDATE d1 SET a = 3
changes 1
> CREATE TABLE d2(a, b NOT NULL DEFAULT (missing(25)))
> REPLACE INTO d2 VALUES (1, NULL)
error SQLITE_ERROR: unknown function: missing()
> CREATE TABLE g1(x, y, z AS (date()))
> INSERT INTO g1(x, y) VALUES (1, 2)
error SQLITE_ERROR: non-deterministic use of date() in a generated column
> CREATE TABLE g2(x, y, CHECK (date(x) > '2000-01-01'))
> INSERT INTO g2 VALUES ('2020-01-01', 1)
changes 1
> INSERT INTO g2 VALUES ('now', 1)
error SQLITE_ERROR: non-deterministic use of date() in a CHECK constraint
> CREATE INDEX g2x ON g2(y) WHERE datetime(x, y) IS NOT NULL
> INSERT INTO g2 VALUES ('2020-01-01', 'utc')
error SQLITE_ERROR: non-deterministic use of datetime() in an index
> INSERT INTO g2 VALUES ('2020-01-01', '+1 day')
changes 1
> CREATE INDEX g2y ON g2(date(y))
> UPDATE g2 SET y = 'now' WHERE y = 1
error SQLITE_ERROR: non-deterministic use of date() in an index
> WITH i(x) AS (SELECT 1, 2 UNION ALL SELECT 1) SELECT * FROM i
error SQLITE_ERROR: table i has 2 values for 1 columns
> WITH i(x, y) AS (VALUES (1)) SELECT * FROM i
error SQLITE_ERROR: table i has 1 values for 2 columns
> WITH RECURSIVE c(i, j) AS (SELECT 5, * UNION ALL SELECT i + 1, 11 FROM c WHERE i < 10) SELECT i FROM c
error SQLITE_ERROR: table c has 1 values for 2 columns
> WITH i(x) AS (SELECT * FROM t1) SELECT * FROM i
error SQLITE_ERROR: table i has 2 values for 1 columns
> WITH i(x) AS (SELECT x, y FROM t1) SELECT * FROM i
error SQLITE_ERROR: table i has 2 values for 1 columns
> SELECT count(*) FROM t1 LIMIT nth_value(x, 1) OVER ()
error SQLITE_ERROR: no such column: x
> SELECT * FROM t1 WHERE sum(nobody) > 1
error SQLITE_ERROR: no such column: nobody
> SELECT * FROM t1 WHERE sum(x) > 1
error SQLITE_ERROR: misuse of aggregate function sum()
> SELECT * FROM t1 WHERE sum(x + nobody) > 1
error SQLITE_ERROR: misuse of aggregate function sum()
> SELECT * FROM t1 WHERE nth_value(y, nobody) OVER ()
error SQLITE_ERROR: no such column: nobody
> SELECT sum(x) OVER () FROM t1 GROUP BY 1
error SQLITE_ERROR: misuse of window function sum()
> SELECT row_number() OVER () AS r FROM t1 GROUP BY 1
error SQLITE_ERROR: misuse of window function row_number()
> SELECT ntile((SELECT sum(x))) OVER (ORDER BY x), min(x) OVER (ORDER BY x) FROM t1
error SQLITE_ERROR: misuse of aggregate: sum()
> SELECT sum(345 + x) OVER (ORDER BY x), sum(avg(678)) OVER (ORDER BY y) FROM t1
346 | 678.0
> SELECT likelihood(NULL, (d, (SELECT c)))
error SQLITE_ERROR: second argument to likelihood() must be a constant between 0.0 and 1.0
> SELECT likelihood(nobody, 0.5)
error SQLITE_ERROR: no such column: nobody
> SELECT likelihood(x, 2) FROM t1
error SQLITE_ERROR: second argument to likelihood() must be a constant between 0.0 and 1.0
> SELECT likelihood(x, 0.5) FROM t1
1
3
> SELECT likelihood(x, -0.5) FROM t1
error SQLITE_ERROR: second argument to likelihood() must be a constant between 0.0 and 1.0
> SELECT likelihood(x, 1.0) FROM t1
1
3
> UPDATE t1 SET y = NULL WHERE x < (SELECT * FROM (SELECT y, 2))
error SQLITE_ERROR: sub-select returns 2 columns - expected 1
> DELETE FROM t1 WHERE x < (SELECT * FROM (SELECT y, 2))
error SQLITE_ERROR: sub-select returns 2 columns - expected 1
> DELETE FROM t1 WHERE x < (SELECT y, 2)
error SQLITE_ERROR: row value misused
> SELECT x < (SELECT * FROM (SELECT y, 2)) FROM t1
error SQLITE_ERROR: row value misused
> UPDATE t1 SET x = (SELECT * FROM (SELECT y, 2)) < 3
error SQLITE_ERROR: row value misused

> SELECT * FROM t1 WHERE nth_value(y, 1, nobody) OVER ()
error SQLITE_ERROR: wrong number of arguments to function nth_value()
> WITH c(i) AS (SELECT * UNION ALL SELECT 1) SELECT i FROM c
error SQLITE_ERROR: no tables specified
> SELECT sum(x) OVER (ORDER BY (SELECT max(x) OVER (ORDER BY sum((SELECT x AS c UNION SELECT 1234 ORDER BY c))) AS e ORDER BY e)) FROM t1
1
> CREATE TABLE n1(a)
> CREATE TABLE n2(id INTEGER PRIMARY KEY, _rowid_ TEXT)
> INSERT INTO n1 VALUES (1)
changes 1
> INSERT INTO n2 VALUES (7, 'seven')
changes 1
> CREATE TABLE named AS SELECT n1.rowid FROM t1 JOIN (n1 JOIN n2)
> SELECT sql FROM sqlite_schema WHERE name = 'named'
'CREATE TABLE named(_ROWID_ INT)'
> CREATE TABLE named2 AS SELECT n2.rowid, n2.oid FROM t1 JOIN (n1 JOIN n2)
> SELECT sql FROM sqlite_schema WHERE name = 'named2'
'CREATE TABLE named2(ROWID INT,"ROWID:1" INT)'
> CREATE TABLE named3 AS SELECT n2.rowid, n1.oid FROM t1 JOIN (n1) JOIN n2
> SELECT sql FROM sqlite_schema WHERE name = 'named3'
'CREATE TABLE named3(id INT,rowid INT)'

# The query of IN is looked at before its operand
> CREATE TABLE in_order(a)
> SELECT nosuch IN (SELECT 1 FROM nosuchtable)
error SQLITE_ERROR: no such table: nosuchtable
> SELECT 1 FROM in_order WHERE nosuch IN (SELECT nosuch2)
error SQLITE_ERROR: no such column: nosuch2
> SELECT 1 FROM in_order WHERE nosuch IN nosuchtable
error SQLITE_ERROR: no such table: nosuchtable
> SELECT 1 FROM in_order WHERE nosuch IN (nosuch2)
error SQLITE_ERROR: no such column: nosuch
> SELECT 1 FROM in_order WHERE (nosuch, 1) IN (SELECT nosuch2)
error SQLITE_ERROR: no such column: nosuch2
> SELECT 1 FROM in_order WHERE (nosuch, 1) IN ((1, 2), (nosuch2, 1))
error SQLITE_ERROR: no such column: nosuch2
> SELECT 1 FROM in_order WHERE (nosuch, 1) IN (SELECT 1)
error SQLITE_ERROR: no such column: nosuch
> SELECT 1 FROM in_order WHERE nosuch IN json_each(nosuch2)
error SQLITE_ERROR: no such column: nosuch2
> WITH c(k) AS (SELECT 1 FROM nosuchtable) DELETE FROM in_order WHERE nosuch IN (SELECT k FROM c)
error SQLITE_ERROR: no such table: nosuchtable

# Of a window call's errors: behind one of the arguments FILTER alone is looked at, else the last counts
> SELECT last_value(s.e) OVER (ORDER BY s.d) FROM in_order AS s
error SQLITE_ERROR: no such column: s.e
> SELECT last_value(s.e) OVER (w ORDER BY s.d COLLATE NOCASE DESC NULLS LAST, s.rowid) FROM in_order AS s WINDOW w AS ()
error SQLITE_ERROR: no such column: s.e
> SELECT sum(s.e) FILTER (WHERE s.f) OVER (PARTITION BY s.c ORDER BY s.d) FROM in_order AS s
error SQLITE_ERROR: no such column: s.f
> SELECT sum(s.a) FILTER (WHERE s.f) OVER (PARTITION BY s.c ORDER BY s.d) FROM in_order AS s
error SQLITE_ERROR: no such column: s.f
> SELECT sum(s.a) OVER (PARTITION BY s.c ORDER BY s.d) FROM in_order AS s
error SQLITE_ERROR: no such column: s.d
> SELECT sum(s.e) OVER nosuch FROM in_order AS s
error SQLITE_ERROR: no such column: s.e
> SELECT sum(s.a) OVER nosuch FROM in_order AS s
error SQLITE_ERROR: no such window: nosuch
> SELECT sum(s.a) OVER (nosuch ORDER BY s.d) FROM in_order AS s
error SQLITE_ERROR: no such column: s.d
> SELECT sum(s.a) OVER (nosuch ORDER BY s.a) FROM in_order AS s
error SQLITE_ERROR: no such window: nosuch
> SELECT sum(s.a) OVER (ORDER BY s.a, s.a RANGE BETWEEN 1 PRECEDING AND CURRENT ROW) FROM in_order AS s
error SQLITE_ERROR: RANGE with offset PRECEDING/FOLLOWING requires one ORDER BY expression
> SELECT sum(s.e) OVER (ORDER BY s.a, s.a RANGE BETWEEN 1 PRECEDING AND CURRENT ROW) FROM in_order AS s
error SQLITE_ERROR: no such column: s.e
