# A query in an expression has one row or none: its LIMIT is whether the one that is written is not 0, as a number.
> CREATE TABLE t(a)
> INSERT INTO t VALUES (1), (2)
changes 2
> SELECT (SELECT a FROM t LIMIT 'x'), (SELECT a FROM t LIMIT '0'), (SELECT a FROM t LIMIT -1), (SELECT a FROM t LIMIT 1.5)
1 | NULL | 1 | 1
> SELECT (SELECT a FROM t LIMIT 0), (SELECT a FROM t LIMIT '0.0'), (SELECT a FROM t LIMIT 2), (SELECT a FROM t LIMIT 'x' OFFSET 1)
NULL | NULL | 1 | 2
> SELECT (SELECT a FROM t LIMIT NULL)
error SQLITE_MISMATCH: datatype mismatch
> SELECT (SELECT a FROM t LIMIT 1 OFFSET 'x')
error SQLITE_MISMATCH: datatype mismatch
> SELECT EXISTS (SELECT a FROM t LIMIT 'x'), EXISTS (SELECT a FROM t LIMIT 0), EXISTS (SELECT a FROM t LIMIT '0')
1 | 0 | 0
> SELECT EXISTS (SELECT a FROM t LIMIT NULL)
error SQLITE_MISMATCH: datatype mismatch
> SELECT 1 IN (SELECT a FROM t LIMIT 'x')
error SQLITE_MISMATCH: datatype mismatch
> SELECT (SELECT 1 LIMIT 'x'), (SELECT a FROM t LIMIT x'31'), (SELECT a UNION SELECT 2 LIMIT 'x') FROM t
1 | 1 | 1
1 | 1 | 2
> SELECT (SELECT a, a FROM t LIMIT 'x') = (1, 1)
1
> SELECT a FROM t ORDER BY (SELECT a FROM t LIMIT 'x')
1
2
> CREATE VIEW v AS SELECT (SELECT a FROM t LIMIT 'x') AS q
> SELECT * FROM v
1
> UPDATE t SET a = (SELECT 7 LIMIT 'x') WHERE a = 2
changes 1
> SELECT a FROM t WHERE EXISTS (SELECT 1 FROM t AS u WHERE u.a = t.a LIMIT 'x')
1
7
> SELECT a, (SELECT a FROM t AS u WHERE u.a >= t.a LIMIT t.a) FROM t
error SQLITE_ERROR: no such column: t.a
> SELECT a, (SELECT a FROM t AS u WHERE u.a >= t.a LIMIT t.a - 1) FROM t
error SQLITE_ERROR: no such column: t.a
> SELECT a FROM t WHERE a IN (SELECT a FROM t AS u LIMIT t.a)
error SQLITE_ERROR: no such column: t.a
> SELECT a FROM t LIMIT a
error SQLITE_ERROR: no such column: a
> SELECT a FROM t LIMIT 1 OFFSET t.a
error SQLITE_ERROR: no such column: t.a
> SELECT a, (SELECT a FROM t AS u LIMIT (SELECT t.a)) FROM t
error SQLITE_ERROR: no such column: t.a
> SELECT a, (SELECT a FROM t AS u LIMIT (SELECT count(*) FROM t)) FROM t
1 | 1
7 | 1
> SELECT a FROM t LIMIT sum(1)
error SQLITE_ERROR: misuse of aggregate function sum()
> SELECT a, (SELECT a FROM t AS u LIMIT sum(1)) FROM t
error SQLITE_ERROR: misuse of aggregate function sum()
> SELECT a, (SELECT a FROM t AS u LIMIT sum(t.a)) FROM t
error SQLITE_ERROR: no such column: t.a
> SELECT (SELECT a FROM t LIMIT row_number() OVER ())
error SQLITE_ERROR: misuse of window function row_number()
> SELECT * FROM t, (SELECT a FROM t LIMIT 1) LIMIT 1
1 | 1
> WITH c AS (SELECT a FROM t LIMIT 1) SELECT (SELECT a FROM c LIMIT c.a) FROM c
error SQLITE_ERROR: no such column: c.a
> CREATE TABLE log(x)
> CREATE TRIGGER g AFTER UPDATE ON t BEGIN INSERT INTO log SELECT a FROM t LIMIT NEW.a; END
> UPDATE t SET a = a + 1
changes 2
> SELECT * FROM log
2
7
2
8
> DELETE FROM t WHERE a = (SELECT 8 LIMIT t.a)
error SQLITE_ERROR: no such column: t.a
> UPDATE t SET a = (SELECT 8 LIMIT t.a)
error SQLITE_ERROR: no such column: t.a
