> CREATE TABLE t(id INTEGER PRIMARY KEY, a INTEGER, b TEXT, c REAL, d, u INTEGER)
> INSERT INTO t SELECT value, value * 7919 % 100, 'Name ' || (value * 31 % 53), value / 8.0, iif(value % 5 = 0, NULL, value), value FROM (WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < 4000) SELECT value FROM n)
changes 4000
> CREATE INDEX t_a ON t(a)
> CREATE INDEX t_b ON t(b COLLATE NOCASE DESC, a)
> CREATE INDEX t_c ON t(c, d)
> CREATE INDEX t_part ON t(d) WHERE a > 50
> CREATE INDEX t_expr ON t(a + 1, b)
> CREATE INDEX t_lower ON t(lower(b))
> UPDATE t SET a = a + 1
changes 4000
> SELECT changes(), total_changes(), sum(a), min(a), max(a) FROM t
4000 | 8000 | 202000 | 1 | 100
> SELECT count(*), sum(id) FROM t INDEXED BY t_a WHERE a = 50
40 | 80840
> SELECT count(*), sum(id) FROM t INDEXED BY t_expr WHERE a + 1 = 51
40 | 80840
> SELECT count(*), sum(id) FROM t INDEXED BY t_part WHERE a > 50 AND d > 100
1560 | 3205800
> PRAGMA integrity_check
'ok'
> DROP INDEX t_part
> DROP INDEX t_expr
> DROP INDEX t_lower
> UPDATE t SET a = a + 1
changes 4000
> UPDATE t SET b = upper(b), c = CAST(c AS INTEGER) WHERE a BETWEEN 20 AND 40
changes 840
> SELECT changes(), count(*), sum(id), min(b), max(b) FROM t WHERE b = 'name 7' COLLATE NOCASE
840 | 75 | 149400 | 'NAME 7' | 'Name 7'
> PRAGMA integrity_check
'ok'
> SELECT b, count(*) FROM t INDEXED BY t_b WHERE b > 'name 50' COLLATE NOCASE GROUP BY b ORDER BY b LIMIT 6
'NAME 51' | 15
'NAME 52' | 15
'NAME 6' | 15
'NAME 7' | 15
'NAME 8' | 18
'NAME 9' | 16
> UPDATE t SET c = -0.0, d = 7.0 WHERE a = 30
changes 40
> SELECT typeof(c), typeof(d), count(*), sum(id) FROM t INDEXED BY t_c WHERE c = 0 GROUP BY 1, 2
'real' | 'integer' | 3 | 10
'real' | 'real' | 40 | 78480
> UPDATE t SET c = 'text', d = id % 3 WHERE a = 31
changes 40
> SELECT c, d, count(*), sum(id) FROM t INDEXED BY t_c WHERE c = 'text' GROUP BY d
'text' | 0 | 13 | 27183
'text' | 1 | 14 | 28574
'text' | 2 | 13 | 25883
> UPDATE t SET a = a WHERE a < 50
changes 1920
> UPDATE t SET b = b || '', a = iif(id % 2, a, a + 1) WHERE a < 50
changes 1920
> SELECT changes(), sum(a), count(DISTINCT b) FROM t
1920 | 206960 | 106
> PRAGMA integrity_check
'ok'
> DELETE FROM t WHERE a BETWEEN 60 AND 70 AND id % 4 > 0
changes 320
> SELECT changes(), count(*), sum(id) FROM t
320 | 3680 | 7358840
> DELETE FROM t WHERE id IN (SELECT id FROM t WHERE b < 'Name 2' AND a > 80)
changes 190
> SELECT changes(), count(*), sum(id) FROM t
190 | 3490 | 6973954
> DELETE FROM t WHERE a = 10 OR b = 'NAME 9' COLLATE NOCASE
changes 69
> SELECT changes(), count(*), sum(id) FROM t
69 | 3421 | 6837712
> DELETE FROM t WHERE a IN (1, 5, 5, 3) AND c > (SELECT avg(c) FROM t)
changes 81
> SELECT changes(), count(*), sum(id) FROM t
81 | 3340 | 6596553
> PRAGMA integrity_check
'ok'
> SELECT count(*) FROM t INDEXED BY t_a WHERE a > 0
3340
> SELECT count(*) FROM t INDEXED BY t_b WHERE b > '' COLLATE NOCASE
3340
> CREATE INDEX t_part ON t(a, c) WHERE d IS NOT NULL
> UPDATE t SET a = a - 1
changes 3340
> SELECT changes(), count(*), sum(a) FROM t INDEXED BY t_part WHERE d IS NOT NULL AND a > 40
3340 | 1452 | 102392
> UPDATE t SET d = NULL WHERE a > 90
changes 299
> SELECT changes(), count(*), sum(a) FROM t INDEXED BY t_part WHERE d IS NOT NULL AND a > 40
299 | 1210 | 79160
> DELETE FROM t WHERE a > 85
changes 455
> SELECT changes(), count(*), sum(id) FROM t
455 | 2885 | 5684930
> PRAGMA integrity_check
'ok'
> CREATE UNIQUE INDEX t_u ON t(u)
> UPDATE t SET u = u + 1 WHERE a > 40
error SQLITE_CONSTRAINT_UNIQUE: UNIQUE constraint failed: t.u
> UPDATE t SET u = u - 1
changes 2885
> SELECT changes(), sum(u), min(u) FROM t
2885 | 5682045 | 0
> UPDATE t SET u = u + 1
error SQLITE_CONSTRAINT_UNIQUE: UNIQUE constraint failed: t.u
> SELECT changes(), sum(u), min(u) FROM t
0 | 5682045 | 0
> UPDATE OR IGNORE t SET u = u + 2, a = 0 WHERE a > 20
changes 877
> SELECT changes(), sum(u), sum(a), count(*) FROM t
877 | 5683799 | 81340 | 2885
> UPDATE OR REPLACE t SET u = u + 3, a = 1 WHERE a > 20 AND id % 3 = 0
changes 290
> SELECT changes(), sum(u), sum(a), count(*) FROM t
290 | 5315318 | 57316 | 2693
> UPDATE OR FAIL t SET u = iif(id > 2000, 5000, u + 10000), a = 2 WHERE a > 15
error SQLITE_CONSTRAINT_UNIQUE: UNIQUE constraint failed: t.u
> SELECT changes(), sum(u), sum(a), count(*) FROM t
562 | 10928318 | 31458 | 2693
> UPDATE t SET u = id, a = 3 WHERE a = 2
error SQLITE_CONSTRAINT_UNIQUE: UNIQUE constraint failed: t.u
> PRAGMA integrity_check
'ok'
> UPDATE t SET a = abs(iif(id = 3999, -9223372036854775807 - 1, id)), b = 'lost' WHERE u > 0
error SQLITE_ERROR: integer overflow
> SELECT count(*), sum(b = 'lost') FROM t
2693 | 0
> PRAGMA integrity_check
'ok'
> CREATE TABLE n(id INTEGER PRIMARY KEY, a INT NOT NULL, b)
> INSERT INTO n SELECT id, a, b FROM t
changes 2693
> CREATE INDEX n_a ON n(a)
> CREATE INDEX n_b ON n(b)
> UPDATE n SET a = iif(id = 3000, NULL, a + 1), b = 'lost' WHERE b > 'N'
changes 2693
> UPDATE OR IGNORE n SET a = iif(id % 3 = 0, NULL, a + 1) WHERE b > 'N'
changes 1892
> SELECT changes(), count(*), sum(a) FROM n INDEXED BY n_a WHERE a >= 0
1892 | 2693 | 36043
> UPDATE OR FAIL n SET a = iif(id >= 3000, NULL, 500) WHERE b > 'N'
error SQLITE_CONSTRAINT_NOTNULL: NOT NULL constraint failed: n.a
> SELECT changes(), count(*) FROM n INDEXED BY n_a WHERE a = 500
2035 | 2035
> PRAGMA integrity_check
'ok'
> BEGIN
> UPDATE n SET b = printf('%0100d', id * 7919 % 10007)
changes 2693
> SAVEPOINT s
> UPDATE n SET b = 'short ' || b WHERE a = 500
changes 2035
> DELETE FROM n WHERE b > 'short 0005'
> SELECT changes(), count(*), sum(length(b)) FROM n
0 | 2693 | 281510
> ROLLBACK TO s
> SELECT count(*), sum(length(b)) FROM n
2693 | 269300
> SELECT count(*) FROM n INDEXED BY n_b WHERE b > 'short'
0
> UPDATE n SET b = substr(b, 90) WHERE b BETWEEN '0' AND '1'
changes 2693
> SELECT changes(), count(*), max(b) FROM n INDEXED BY n_b WHERE b < '1'
2693 | 2693 | '00000010006'
> COMMIT
> PRAGMA integrity_check
'ok'
> UPDATE n SET b = 'wide ' || printf('%03000d', id) WHERE id % 100 = 0
changes 16
> UPDATE n SET a = a + 1, b = b || '!' WHERE a > 0
changes 2693
> SELECT changes(), count(*), sum(length(b)) FROM n
2693 | 2693 | 80220
> DELETE FROM n WHERE b > 'wide'
changes 16
> SELECT changes(), count(*), sum(length(b)) FROM n
16 | 2677 | 32124
> PRAGMA integrity_check
'ok'
> UPDATE n SET b = x'31' WHERE a > 100
changes 2019
> UPDATE n SET b = b || a, a = id % 7 WHERE b = x'31'
changes 2019
> SELECT a, typeof(b), count(*), max(b) FROM n INDEXED BY n_a WHERE a BETWEEN 0 AND 6 GROUP BY a, 2
0 | 'text' | 287 | '1501'
1 | 'text' | 297 | '1501'
2 | 'text' | 355 | '1501'
3 | 'text' | 494 | '1501'
4 | 'text' | 291 | '1501'
5 | 'text' | 279 | '1501'
6 | 'text' | 302 | '1501'
> DELETE FROM n WHERE b IS NOT NULL AND a = 3
changes 494
> DELETE FROM n WHERE a >= 0
changes 2183
> SELECT changes(), count(*) FROM n
2183 | 0
> PRAGMA integrity_check
'ok'
> CREATE TABLE w(k TEXT PRIMARY KEY, v INT, x) WITHOUT ROWID
> INSERT INTO w SELECT 'k' || id, a, b FROM t
changes 2693
> CREATE INDEX w_v ON w(v)
> UPDATE w SET v = v + 1
changes 2693
> DELETE FROM w WHERE v BETWEEN 3 AND 10
changes 778
> SELECT changes(), count(*), sum(v) FROM w INDEXED BY w_v WHERE v > 0
778 | 1915 | 30973
> CREATE TABLE g(id INTEGER PRIMARY KEY, a INT, v INT AS (a * 2) VIRTUAL, s INT AS (a * 3) STORED)
> INSERT INTO g(id, a) SELECT id, a FROM t
changes 2693
> CREATE INDEX g_v ON g(v)
> CREATE INDEX g_s ON g(s)
> UPDATE g SET a = a + 1
changes 2693
> DELETE FROM g WHERE v BETWEEN 4 AND 20
changes 1068
> SELECT changes(), count(*), sum(v), sum(s) FROM g INDEXED BY g_s WHERE s > 0
1068 | 1625 | 60786 | 91179
> PRAGMA integrity_check
'ok'
