# UPDATE and DELETE of rows far from each other, found by an index, with the way back of each.
> CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, b TEXT COLLATE NOCASE, c REAL NOT NULL, d TEXT)
> WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) INSERT INTO t SELECT i, i * 7919 % 200, 'Name ' || (i * 31 % 1009), i / 7.0, 'd' || i FROM n
changes 20000
> CREATE INDEX by_a ON t (a)
> CREATE INDEX by_b ON t (b DESC, a)
> CREATE UNIQUE INDEX by_d ON t (d)
> CREATE INDEX by_part ON t (a) WHERE c > 1000
> ALTER TABLE t ADD COLUMN e DEFAULT 'late'
> CREATE INDEX by_e ON t (e, a)
> BEGIN
> DELETE FROM t WHERE a = 7
changes 100
> UPDATE t SET b = upper(b) WHERE a = 8
changes 100
> UPDATE t SET b = 'new ' || b, e = a WHERE a = 9
changes 100
> UPDATE t SET a = a + 1000 WHERE a = 10
changes 100
> SELECT count(*), sum(a), sum(id) FROM t INDEXED BY by_a WHERE a > -1
19900 | 2089300 | 199004700
> SELECT count(*), sum(id) FROM t INDEXED BY by_b WHERE b > 'new'
100 | 1001100
> SELECT e, count(*), min(id), max(id) FROM t INDEXED BY by_e WHERE e IS NOT NULL GROUP BY e
9 | 100 | 111 | 19911
'late' | 19800 | 1 | 20000
> PRAGMA integrity_check
'ok'
> SAVEPOINT s
> DELETE FROM t WHERE a = 1010
changes 100
> UPDATE t SET c = NULL WHERE a = 11 AND id > 3
error SQLITE_CONSTRAINT_NOTNULL: NOT NULL constraint failed: t.c
> UPDATE t SET c = CASE WHEN id < 15000 THEN c ELSE NULL END, a = a + 1, b = 'x' WHERE a = 12
error SQLITE_CONSTRAINT_NOTNULL: NOT NULL constraint failed: t.c
> SELECT count(*), sum(a), sum(c) FROM t
19800 | 1988300 | 28285100.0
> SELECT count(*) FROM t INDEXED BY by_b WHERE b = 'x'
0
> PRAGMA integrity_check
'ok'
> ROLLBACK TO s
> SELECT count(*) FROM t WHERE a = 1010
100
> PRAGMA integrity_check
'ok'
> UPDATE t SET a = 3 WHERE id = 4000
changes 1
> UPDATE t SET a = json(d) WHERE id = 4001
error SQLITE_ERROR: malformed JSON
> DELETE FROM t WHERE id = 4002
changes 1
> DELETE FROM t WHERE d = 'd4003'
changes 1
> DELETE FROM t WHERE d IN ('d4004', 'd4005', 'D4006')
changes 2
> SELECT id, a, b, e FROM t WHERE id BETWEEN 4000 AND 4007
4000 | 3 | 'Name 902' | 'late'
4001 | 119 | 'Name 933' | 'late'
4006 | 114 | 'Name 79' | 'late'
4007 | 33 | 'Name 110' | 'late'
> SELECT id FROM t INDEXED BY by_a WHERE a = 3 AND id < 4200 ORDER BY id
37
237
437
637
837
1037
1237
1437
1637
1837
2037
2237
2437
2637
2837
3037
3237
3437
3637
3837
4000
4037
> PRAGMA integrity_check
'ok'
> COMMIT
> DELETE FROM t WHERE id BETWEEN 500 AND 900 AND a <> 3
changes 397
> UPDATE t SET a = -id, b = id WHERE id BETWEEN 1000 AND 1300
changes 300
> SELECT a, b, id FROM t INDEXED BY by_a WHERE a < 0 ORDER BY a LIMIT 3
-1300 | '1300' | 1300
-1299 | '1299' | 1299
-1298 | '1298' | 1298
> PRAGMA integrity_check
'ok'
> BEGIN
> DELETE FROM t WHERE id BETWEEN 2000 AND 2500
changes 499
> UPDATE t SET a = a + 1 WHERE b = 'name 5'
changes 18
> UPDATE t SET a = a + 1
changes 19000
> UPDATE t SET a = a - 1, c = iif(id = 19999, NULL, c)
error SQLITE_CONSTRAINT_NOTNULL: NOT NULL constraint failed: t.c
> SELECT count(*), sum(a) FROM t
19000 | 1637999
> DELETE FROM t WHERE a > 50
changes 14189
> SELECT count(*), sum(a) FROM t INDEXED BY by_a WHERE a IS NOT NULL
4811 | -226688
> PRAGMA integrity_check
'ok'
> ROLLBACK
> SELECT count(*), sum(a) FROM t INDEXED BY by_a WHERE a IS NOT NULL
19499 | 1670917
> PRAGMA integrity_check
'ok'
> CREATE TABLE log (a INT, id INT)
> CREATE TRIGGER gone AFTER DELETE ON log BEGIN DELETE FROM t WHERE a = old.a; UPDATE t SET b = 'by trigger', a = a + 1 WHERE a = old.a + 1; SELECT raise(ABORT, 'no') WHERE old.id = 2; END
> INSERT INTO log VALUES (20, 1), (30, 2), (40, 3)
changes 3
> DELETE FROM log WHERE id <> 2
changes 2
> DELETE FROM log
error SQLITE_CONSTRAINT_TRIGGER: no
> SELECT a, count(*) FROM t WHERE a IN (20, 21, 22, 30, 31, 32, 40, 41, 42) GROUP BY a
22 | 193
30 | 97
31 | 96
32 | 97
42 | 193
> PRAGMA integrity_check
'ok'
# Children that an action takes along are nobody's violation, whatever else waits to be mended.
> PRAGMA foreign_keys = ON
> CREATE TABLE p (id INTEGER PRIMARY KEY, x TEXT UNIQUE)
> CREATE TABLE c (id INTEGER PRIMARY KEY, p INT REFERENCES p ON DELETE CASCADE)
> CREATE TABLE n (id INTEGER PRIMARY KEY, x TEXT REFERENCES p (x) ON DELETE SET NULL)
> CREATE TABLE w (id INTEGER PRIMARY KEY, p INT REFERENCES p DEFERRABLE INITIALLY DEFERRED)
> CREATE INDEX c_p ON c (p)
> CREATE INDEX n_x ON n (x)
> WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300) INSERT INTO p SELECT i, 'x' || i FROM n
changes 300
> WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) INSERT INTO c SELECT i, 1 + i % 300 FROM n
changes 3000
> WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) INSERT INTO n SELECT i, 'x' || (1 + i % 300) FROM n
changes 3000
> DELETE FROM p WHERE id = 7
changes 1
> DELETE FROM p WHERE id BETWEEN 20 AND 120
changes 101
> SELECT count(*), sum(p) FROM c
1980 | 380730
> SELECT count(*), count(x) FROM n
3000 | 1980
> BEGIN
> INSERT INTO w VALUES (1, 9999)
changes 1
> DELETE FROM p WHERE id = 8
changes 1
> DELETE FROM p WHERE id IN (9, 10)
changes 2
> COMMIT
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> DELETE FROM w
changes 1
> COMMIT
> SELECT count(*), sum(p) FROM c
1950 | 380460
> BEGIN
> INSERT INTO w VALUES (1, 200)
changes 1
> DELETE FROM p WHERE id BETWEEN 190 AND 210
changes 21
> COMMIT
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> INSERT INTO p VALUES (200, 'again')
changes 1
> COMMIT
> SELECT count(*), sum(p) FROM c
1740 | 338460
> REPLACE INTO p VALUES (250, 'x251')
changes 1
> SELECT count(*), sum(p) FROM c
1720 | 333450
> SELECT count(*), count(x) FROM n
3000 | 1720
> PRAGMA foreign_key_check
> PRAGMA integrity_check
'ok'
