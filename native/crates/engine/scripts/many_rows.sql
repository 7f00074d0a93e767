> CREATE TABLE t(id INTEGER PRIMARY KEY, a INTEGER, b TEXT NOT NULL, c REAL, d, e NUMERIC)
> INSERT INTO t SELECT value, value % 100, 'text ' || (value % 7), value / 8.0, iif(value % 5 = 0, NULL, value), value FROM (WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < 3000) SELECT value FROM n)
changes 3000
> UPDATE t SET a = a + 1
changes 3000
> SELECT changes(), total_changes(), sum(a), min(a), max(a) FROM t
3000 | 6000 | 151500 | 1 | 100
> UPDATE t SET a = 2.0, c = 7, d = d || 'x', e = '12.50' WHERE id % 3 = 0
changes 1000
> SELECT changes(), typeof(a), typeof(c), typeof(d), typeof(e), count(*), max(d), max(e) FROM t GROUP BY 2, 3, 4, 5
1000 | 'integer' | 'real' | 'integer' | 'integer' | 1600 | 2999 | 2999
1000 | 'integer' | 'real' | 'null' | 'integer' | 400 | NULL | 2995
1000 | 'integer' | 'real' | 'null' | 'real' | 200 | NULL | 12.5
1000 | 'integer' | 'real' | 'text' | 'real' | 800 | '9x' | 12.5
> UPDATE t SET a = '0x10', c = 'not a number', e = 'neither' WHERE id BETWEEN 100 AND 900
changes 801
> SELECT changes(), typeof(a), typeof(c), typeof(e), count(*), max(a), max(c), max(e) FROM t GROUP BY 2, 3, 4
801 | 'integer' | 'real' | 'integer' | 1466 | 100 | 374.875 | 2999
801 | 'integer' | 'real' | 'real' | 733 | 2 | 7.0 | 12.5
801 | 'text' | 'text' | 'text' | 801 | '0x10' | 'not a number' | 'neither'
> UPDATE t SET a = -1, b = iif(id > 2990, NULL, 'gone')
error SQLITE_CONSTRAINT_NOTNULL: NOT NULL constraint failed: t.b
> SELECT count(*), sum(a = -1), sum(b = 'gone') FROM t
3000 | 0 | 0
> UPDATE OR IGNORE t SET b = iif(id % 2, NULL, 'even') WHERE id > 2000
changes 500
> SELECT changes(), count(*) FROM t WHERE b = 'even'
500 | 500
> UPDATE OR FAIL t SET b = iif(id = 2500, NULL, 'failing') WHERE id > 2000
error SQLITE_CONSTRAINT_NOTNULL: NOT NULL constraint failed: t.b
> SELECT changes(), count(*), max(id) FROM t WHERE b = 'failing'
499 | 499 | 2499
> UPDATE t SET a = abs(iif(id = 2999, -9223372036854775807 - 1, id))
error SQLITE_ERROR: integer overflow
> SELECT count(*) FROM t WHERE a = id
0
> UPDATE t SET id = id, a = id, d = rowid * 2, c = a
changes 3000
> SELECT sum(a = id), sum(d = 2 * id), typeof(c), count(*) FROM t GROUP BY 3
2199 | 2199 | 'real' | 2199
801 | 801 | 'text' | 801
> UPDATE t SET d = printf('%05000d', id) WHERE id % 500 = 0
changes 6
> UPDATE t SET a = 5 WHERE id % 2 = 0
changes 1500
> SELECT changes(), sum(length(d)), sum(a = 5) FROM t
1500 | 41424 | 1501
> UPDATE t SET d = 'short' WHERE length(d) > 1000
changes 6
> UPDATE t SET a = 6 WHERE id % 2 = 0
changes 1500
> SELECT changes(), sum(length(d)), sum(a = 6) FROM t
1500 | 11454 | 1500
> ALTER TABLE t ADD COLUMN late TEXT DEFAULT 'late'
> ALTER TABLE t ADD COLUMN later DEFAULT 'later'
> UPDATE t SET later = id WHERE id % 4 = 0
changes 750
> SELECT late, typeof(later), count(*) FROM t GROUP BY 1, 2
'late' | 'integer' | 750
'late' | 'text' | 2250
> UPDATE t SET late = 'now'
changes 3000
> SELECT late, typeof(later), count(*) FROM t GROUP BY 1, 2
'now' | 'integer' | 750
'now' | 'text' | 2250
> CREATE INDEX t_a ON t(a)
> CREATE INDEX t_bc ON t(b COLLATE NOCASE DESC, c)
> DELETE FROM t WHERE a = 6 AND id % 3 = 0
changes 500
> SELECT changes(), count(*) FROM t
500 | 2500
> PRAGMA integrity_check
'ok'
> SELECT count(*) FROM t WHERE a = 6
1000
> SELECT count(*) FROM t WHERE b = 'FAILING' COLLATE NOCASE
416
> CREATE INDEX t_part ON t(c) WHERE a > 100
> CREATE INDEX t_expr ON t(a + 1)
> DELETE FROM t WHERE id % 5 = 0
changes 500
> SELECT changes(), count(*) FROM t
500 | 2000
> UPDATE t SET a = a + 1
changes 2000
> PRAGMA integrity_check
'ok'
> SAVEPOINT s
> DELETE FROM t WHERE id > 10
changes 1993
> UPDATE t SET d = 'in the savepoint'
changes 7
> SELECT changes(), count(*) FROM t
7 | 7
> ROLLBACK TO s
> SELECT count(*), sum(d = 'in the savepoint') FROM t
2000 | 0
> RELEASE s
> CREATE TABLE seen(id, old, new)
> CREATE TRIGGER tr AFTER UPDATE OF d ON t WHEN new.id % 500 = 1 BEGIN INSERT INTO seen VALUES (new.id, old.d, new.d); END
> UPDATE t SET d = id
changes 2000
> SELECT * FROM seen
1 | 2 | 1
501 | 1002 | 501
1001 | 2002 | 1001
1501 | 3002 | 1501
2001 | 4002 | 2001
2501 | 5002 | 2501
> DROP TRIGGER tr
> UPDATE t SET d = -id WHERE id < 50 RETURNING id, d
1 | -1
2 | -2
3 | -3
4 | -4
7 | -7
8 | -8
9 | -9
11 | -11
13 | -13
14 | -14
16 | -16
17 | -17
19 | -19
21 | -21
22 | -22
23 | -23
26 | -26
27 | -27
28 | -28
29 | -29
31 | -31
32 | -32
33 | -33
34 | -34
37 | -37
38 | -38
39 | -39
41 | -41
43 | -43
44 | -44
46 | -46
47 | -47
49 | -49
> DELETE FROM t WHERE id < 12 RETURNING id
1
2
3
4
7
8
9
11
> DELETE FROM t WHERE id >= 0 AND a IS NOT NULL
changes 1992
> SELECT changes(), count(*) FROM t
1992 | 0
> INSERT INTO t(b) VALUES ('again')
changes 1
> SELECT id, b, late FROM t
1 | 'again' | 'late'
> PRAGMA integrity_check
'ok'
> CREATE TABLE zeros(id INTEGER PRIMARY KEY, r REAL, n NUMERIC, x)
> INSERT INTO zeros SELECT value, 1, 1, 1 FROM (WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < 300) SELECT value FROM n)
changes 300
> UPDATE zeros SET r = -0.0, n = -0.0, x = -0.0
changes 300
> SELECT r, n, x, typeof(r), typeof(n), typeof(x), count(*) FROM zeros GROUP BY 1, 2, 3
0.0 | 0 | 0.0 | 'real' | 'integer' | 'real' | 300
> UPDATE zeros SET n = n + 1
changes 300
> SELECT r, n, x FROM zeros WHERE id = 7
0.0 | 1 | 0.0
