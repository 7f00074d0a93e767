# SQLite overlooks a subquery below COLLATE: UPDATE changes each row before it looks at the next.
> CREATE TABLE t(a TEXT PRIMARY KEY, b NUMERIC)
> INSERT INTO t VALUES ('31', 1), ('5e1', 1), ('1', 1)
changes 3
> UPDATE t SET a = 'a' WHERE ((SELECT n.a FROM t AS n WHERE n.a IS DISTINCT FROM +t.a ORDER BY n.rowid DESC LIMIT 1 OFFSET 1) COLLATE NOCASE)
changes 1
> SELECT rowid, * FROM t
1 | 'a' | 1
2 | '5e1' | 1
3 | '1' | 1
> UPDATE t SET b = b + 1 WHERE b BETWEEN (SELECT max(n.b) FROM t AS n WHERE n.rowid <> t.rowid) AND 100
changes 3
> SELECT rowid, * FROM t
1 | 'a' | 2
2 | '5e1' | 2
3 | '1' | 2
> UPDATE t SET b = b + 1 WHERE b >= (SELECT max(n.b) FROM t AS n WHERE n.rowid <> t.rowid)
changes 3
> SELECT rowid, * FROM t
1 | 'a' | 3
2 | '5e1' | 3
3 | '1' | 3
> UPDATE t AS u SET b = b + 1 WHERE b BETWEEN 0 AND (SELECT max(n.b) FROM t AS n WHERE n.rowid <> u.rowid)
changes 3
> SELECT rowid, * FROM t
1 | 'a' | 4
2 | '5e1' | 4
3 | '1' | 4
> UPDATE t SET b = b + 1 WHERE b BETWEEN 0 AND (SELECT max(n.b) FROM t AS n)
changes 3
> SELECT rowid, * FROM t
1 | 'a' | 5
2 | '5e1' | 5
3 | '1' | 5
> UPDATE t SET b = b + 1 WHERE b BETWEEN 0 AND (SELECT max(n.b) FROM t AS n WHERE n.rowid <> t.rowid) RETURNING b
6
6
6
> DELETE FROM t WHERE ((SELECT count(*) FROM t AS n WHERE n.rowid <> t.rowid) COLLATE BINARY)
changes 3
> SELECT rowid, * FROM t
> CREATE TABLE n(i INTEGER PRIMARY KEY, v)
> INSERT INTO n VALUES (1, 1), (2, 2), (3, 3)
changes 3
> UPDATE n SET i = i + 10 WHERE ((SELECT count(*) FROM n AS m WHERE m.i > 10) COLLATE BINARY) = 0
changes 3
> SELECT * FROM n
11 | 1
12 | 2
13 | 3
> UPDATE n SET v = v + 10 WHERE ((SELECT count(*) FROM n AS m WHERE m.v > 10 AND m.i <> n.i) COLLATE BINARY) = 0
changes 1
> SELECT * FROM n
11 | 11
12 | 2
13 | 3

# Operands that hold a subquery SQLite knows of are computed last.
> SELECT ((SELECT 1 / 0) COLLATE NOCASE) = abs(-9223372036854775807 - 1)
error SQLITE_ERROR: integer overflow
> SELECT (SELECT abs(-9223372036854775807 - 1)) = NULL
NULL
> SELECT ((SELECT abs(-9223372036854775807 - 1)) COLLATE NOCASE) = NULL
error SQLITE_ERROR: integer overflow
> SELECT (1 BETWEEN 0 AND (SELECT abs(-9223372036854775807 - 1))) = NULL
NULL
