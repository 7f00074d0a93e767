> CREATE TABLE s(k INTEGER PRIMARY KEY, a INT UNIQUE, b BLOB) STRICT
> INSERT INTO s VALUES (1, 1, NULL)
changes 1
> INSERT INTO s VALUES (1, 'x', NULL)
error SQLITE_CONSTRAINT_PRIMARYKEY: UNIQUE constraint failed: s.k
> INSERT INTO s VALUES (2, 'x', NULL)
error SQLITE_CONSTRAINT_DATATYPE: cannot store TEXT value in INT column s.a
> INSERT INTO s VALUES (2, 2, 7)
error SQLITE_CONSTRAINT_DATATYPE: cannot store INT value in BLOB column s.b
> INSERT OR IGNORE INTO s VALUES (1, 'x', NULL)
> INSERT INTO s VALUES (1, 'x', 1) ON CONFLICT DO UPDATE SET a = 5 RETURNING *
1 | 5 | NULL
> CREATE TABLE sc(k INTEGER PRIMARY KEY, a INT CHECK (a <> 7)) STRICT
> INSERT INTO sc VALUES (1, 1)
changes 1
> INSERT INTO sc VALUES (1, 'x')
error SQLITE_CONSTRAINT_DATATYPE: cannot store TEXT value in INT column sc.a
> INSERT OR IGNORE INTO sc VALUES (1, 'x')
error SQLITE_CONSTRAINT_DATATYPE: cannot store TEXT value in INT column sc.a
> CREATE TABLE r(a REAL, b, c REAL AS (b + 0) STORED, d REAL AS (b + 0) VIRTUAL)
> INSERT INTO r(a, b) VALUES (3, 2) RETURNING a, +a, a || '', typeof(+a), a / 4, coalesce(a, 1), max(a, 1), a COLLATE NOCASE, c, +c, +d, (SELECT a)
3.0 | 3 | '3.0' | 'real' | 0.75 | 3 | 3 | 3.0 | 2.0 | 2 | 2.0 | 3.0
> INSERT INTO r(a, b) VALUES (3.0, 2) RETURNING CAST(a AS NUMERIC), CASE a WHEN 3 THEN a END, nullif(a, 4), iif(1, a, 2), likely(a), abs(a), -a
3 | 3 | 3 | 3 | 3 | 3.0 | -3.0
> INSERT INTO r(a, b) VALUES (140737488355328, -0.0) RETURNING +a, +b, +c
140737488355328.0 | 0.0 | 0
> INSERT INTO r(a, b) VALUES (140737488355327, 1.5) RETURNING +a, +b, +c
140737488355327 | 1.5 | 1.5
> UPDATE r SET b = 4 WHERE rowid = 1 RETURNING +a, +c
3 | 4
> DELETE FROM r WHERE rowid = 1 RETURNING +a, +c
3.0 | 4.0
> CREATE TABLE p(a INTEGER PRIMARY KEY, b, c)
> CREATE UNIQUE INDEX p1 ON p(a, b)
> INSERT INTO p VALUES (1, 1, 1) ON CONFLICT (a, b) DO NOTHING
error SQLITE_ERROR: ON CONFLICT clause does not match any PRIMARY KEY or UNIQUE constraint
> INSERT INTO p VALUES (1, 1, 1) ON CONFLICT (a) DO NOTHING ON CONFLICT (c) DO NOTHING
error SQLITE_ERROR: 2nd ON CONFLICT clause does not match any PRIMARY KEY or UNIQUE constraint
> INSERT INTO p VALUES (1, 1, 1) ON CONFLICT (c) DO NOTHING ON CONFLICT (a) DO NOTHING
error SQLITE_ERROR: 1st ON CONFLICT clause does not match any PRIMARY KEY or UNIQUE constraint
> INSERT INTO p VALUES (1, 1, 1) ON CONFLICT (c) DO NOTHING
error SQLITE_ERROR: ON CONFLICT clause does not match any PRIMARY KEY or UNIQUE constraint
> INSERT INTO p(b) VALUES (1) ON CONFLICT (a) DO UPDATE SET b = (SELECT 1 FROM nowhere)
changes 1
> INSERT INTO p(a) VALUES (7) ON CONFLICT (a) DO UPDATE SET b = (SELECT 1 FROM nowhere)
error SQLITE_ERROR: no such table: nowhere
> CREATE TABLE u(a, b)
> INSERT INTO u VALUES (1, 1) ON CONFLICT DO UPDATE SET b = (SELECT 1 FROM nowhere)
changes 1
> INSERT INTO u(a) VALUES (1), (last_insert_rowid()) RETURNING a
1
1
> INSERT INTO u(a) VALUES (1), (last_insert_rowid())
changes 2
> INSERT INTO u(a) VALUES (7), ((SELECT count(*) FROM u))
changes 2
> SELECT a FROM u
1
1
1
1
4
7
5
> INSERT INTO u VALUES (1, 2, 3)
error SQLITE_ERROR: table u has 2 columns but 3 values were supplied
> INSERT INTO main.u VALUES (1, 2, 3)
error SQLITE_ERROR: table main.u has 2 columns but 3 values were supplied
> INSERT INTO main.u AS x VALUES (1, 2, 3)
error SQLITE_ERROR: table x has 2 columns but 3 values were supplied
> INSERT INTO main.u(x) VALUES (1)
error SQLITE_ERROR: table main.u has no column named x
> PRAGMA index_info(p1)
0 | 0 | 'a'
1 | 1 | 'b'
> PRAGMA index_xinfo(p1)
0 | 0 | 'a' | 0 | 'BINARY' | 1
1 | 1 | 'b' | 0 | 'BINARY' | 1
2 | -1 | NULL | 0 | 'BINARY' | 0
> CREATE INDEX temp.i ON nowhere(a)
error SQLITE_ERROR: no such table: nowhere
> CREATE INDEX temp.i ON u(a)
error SQLITE_ERROR: cannot create a TEMP index on non-TEMP table "u"
> CREATE TEMP TABLE x(a)
> CREATE VIEW v1 AS SELECT * FROM temp.x
error SQLITE_ERROR: view v1 cannot reference objects in database temp
> CREATE VIEW v2 AS SELECT 1 IN temp.x
error SQLITE_ERROR: view v2 cannot reference objects in database temp
> CREATE VIEW v3 AS WITH c AS (SELECT * FROM temp.x) SELECT * FROM c
error SQLITE_ERROR: view v3 cannot reference objects in database temp
> CREATE VIEW v4 AS SELECT row_number() OVER (ORDER BY (SELECT 1 FROM temp.x))
error SQLITE_ERROR: view v4 cannot reference objects in database temp
> CREATE VIEW v5 AS SELECT * FROM nope.x
error SQLITE_ERROR: view v5 cannot reference objects in database nope
> CREATE VIEW v6 AS SELECT * FROM main.u
> CREATE TEMP VIEW v7 AS SELECT * FROM nope.x
> CREATE TRIGGER g1 AFTER INSERT ON u BEGIN SELECT 1 FROM temp.x; END
error SQLITE_ERROR: trigger g1 cannot reference objects in database temp
> CREATE TRIGGER g2 AFTER INSERT ON u WHEN 1 IN temp.x BEGIN SELECT 1; END
error SQLITE_ERROR: trigger g2 cannot reference objects in database temp
> SELECT lead(a, 2.5, 'none') OVER w, lead(a, '1', 'none') OVER w, lead(a, NULL, 'none') OVER w, lag(a, 1.0) OVER w FROM u WINDOW w AS (ORDER BY rowid)
'none' | 1 | 'none' | NULL
'none' | 1 | 'none' | 1
'none' | 1 | 'none' | 1
'none' | 4 | 'none' | 1
'none' | 7 | 'none' | 1
'none' | 5 | 'none' | 4
'none' | 'none' | 'none' | 7
> SELECT row_number() OVER (ORDER BY rowid ROWS BETWEEN -1 PRECEDING AND CURRENT ROW EXCLUDE GROUP) FROM u
1
2
3
4
5
6
7
> SELECT cume_dist() OVER (ORDER BY rowid ROWS BETWEEN 'x' PRECEDING AND CURRENT ROW) FROM u
0.14285714285714285
0.2857142857142857
0.42857142857142855
0.5714285714285714
0.7142857142857143
0.8571428571428571
1.0
> SELECT count(*) OVER (ORDER BY rowid ROWS BETWEEN -1 PRECEDING AND CURRENT ROW) FROM u
error SQLITE_ERROR: frame starting offset must be a non-negative integer
> CREATE TABLE l(a INTEGER PRIMARY KEY, b)
> INSERT INTO l(b) VALUES (1), (2), (3), (4)
changes 4
> UPDATE OR REPLACE l SET a = 1 ORDER BY a DESC LIMIT 2 OFFSET 1
changes 2
> SELECT * FROM l
1 | 3
4 | 4
> UPDATE l SET none = count(*)
error SQLITE_ERROR: misuse of aggregate function count()
> UPDATE l SET (none) = (count(*))
error SQLITE_ERROR: misuse of aggregate function count()
> INSERT INTO l(a, b) VALUES (10, 1), (11, last_insert_rowid()) ON CONFLICT (a) DO UPDATE SET b = (SELECT count(*) FROM u)
changes 2
> SELECT * FROM l
1 | 3
4 | 4
10 | 1
11 | 10
> CREATE TABLE w(a TEXT PRIMARY KEY COLLATE NOCASE, b) WITHOUT ROWID
> CREATE INDEX w1 ON w(a COLLATE BINARY)
> PRAGMA index_xinfo(w1)
0 | 0 | 'a' | 0 | 'BINARY' | 1
1 | 0 | 'a' | 0 | 'NOCASE' | 0
> PRAGMA index_xinfo(sqlite_autoindex_w_1)
0 | 0 | 'a' | 0 | 'NOCASE' | 1
1 | 1 | 'b' | 0 | 'BINARY' | 0
> SELECT CAST(1 AS), typeof(CAST('12' AS)), typeof(CAST(x'3132' AS)), typeof(CAST('ab' AS))
1 | 'integer' | 'integer' | 'integer'
> SAVEPOINT one
> SAVEPOINT two
> ATTACH ':memory:' AS aux
> CREATE TABLE aux.t(a)
> RELEASE two
> ROLLBACK TO one
> SELECT * FROM aux.t
error SQLITE_ERROR: no such table: aux.t
> RELEASE one
> CREATE TABLE i(a, b)
> CREATE INDEX i1 ON i(a) WHERE b > 1
> CREATE INDEX i2 ON i(b) WHERE a IS NOT NULL
> INSERT INTO i VALUES (1, 1), (2, 2), (NULL, 3)
changes 3
> SELECT * FROM i INDEXED BY i1
error SQLITE_ERROR: no query solution
> SELECT * FROM i INDEXED BY i1 WHERE b > 2
error SQLITE_ERROR: no query solution
> SELECT * FROM i INDEXED BY i1 WHERE b > 1 ORDER BY a
NULL | 3
2 | 2
> SELECT * FROM i INDEXED BY i2 WHERE a < 5 ORDER BY b
1 | 1
2 | 2
> SELECT * FROM i INDEXED BY i2 WHERE a IS 1
error SQLITE_ERROR: no query solution
> DELETE FROM i INDEXED BY i1 WHERE a = 1
error SQLITE_ERROR: no query solution
> UPDATE i INDEXED BY i1 SET a = 5 WHERE b > 1
changes 2
> SELECT * FROM i ORDER BY b
1 | 1
5 | 2
5 | 3
> CREATE TABLE n(a, b CONSTRAINT nb CHECK (b < 5), CHECK (a < 5), CHECK (a < 3))
> INSERT INTO n VALUES (9, 1)
error SQLITE_CONSTRAINT_CHECK: CHECK constraint failed: nb
> INSERT INTO n VALUES (4, 1)
error SQLITE_CONSTRAINT_CHECK: CHECK constraint failed: a < 3
> INSERT INTO n VALUES (1, 1), (2, 2) RETURNING (SELECT count(*) FROM n), (SELECT max(a) FROM (SELECT a FROM n))
1 | 1
2 | 1
> DELETE FROM n
changes 2
> INSERT INTO n VALUES (1, 1), (2, 2) RETURNING (SELECT count(*) FROM n UNION ALL SELECT 5), 2 IN (SELECT a FROM n), EXISTS (SELECT 1 FROM n WHERE a = 2), (SELECT max(n.a) FROM n JOIN u)
1 | 0 | 0 | 1
1 | 1 | 1 | 2
> SELECT column1 FROM (VALUES (CAST('2' AS TEXT)), (2), ('')) WHERE column1 = 2
2
> SELECT column1 FROM (VALUES (CAST('2' AS TEXT)), ('3')) WHERE column1 = 2
'2'
> SELECT x FROM (SELECT CAST('2' AS TEXT) AS x UNION SELECT 2) WHERE x = 2
2
> SELECT x FROM (SELECT 2 AS x UNION SELECT CAST('2' AS TEXT)) WHERE x = '2'
'2'
> SELECT x FROM (SELECT CAST(2 AS INT) AS x UNION SELECT '2') WHERE x = '2'
'2'
> SELECT x FROM (SELECT CAST(2 AS INT) AS x UNION SELECT 5) WHERE x = '2'
2
> SELECT x FROM (SELECT NULL AS x UNION ALL SELECT CAST('2' AS TEXT)) WHERE x = 2
'2'
> SELECT x FROM (SELECT CAST('2' AS TEXT) AS x UNION ALL SELECT x'00' UNION ALL SELECT NULL) WHERE x = 2
'2'
> SELECT x FROM (SELECT CAST('2' AS TEXT) AS x UNION SELECT NULL UNION SELECT 1.5) WHERE x = 2
> WITH c AS MATERIALIZED (SELECT CAST('2' AS TEXT) AS x UNION ALL SELECT 2) SELECT x FROM c WHERE x = 2
2
> UPDATE l SET none = 1 WHERE nothere = 1
error SQLITE_ERROR: no such column: none
> SELECT 1 FROM l ORDER BY 0 AND b
error SQLITE_ERROR: 1st ORDER BY term out of range - should be between 1 and 1
> CREATE TABLE e(a TEXT COLLATE NOCASE, k INTEGER PRIMARY KEY)
> INSERT INTO e VALUES ('abc', 1)
changes 1
> INSERT INTO e VALUES ('ABC', 1) ON CONFLICT (k) DO UPDATE SET a = 'x' WHERE excluded.a = 'abc' RETURNING *
> INSERT INTO e VALUES ('ABC', 1) ON CONFLICT (k) DO UPDATE SET a = 'y' WHERE excluded.a = e.a RETURNING *
'y' | 1
> INSERT INTO e VALUES ('5', 1) ON CONFLICT (k) DO UPDATE SET a = 'z' WHERE excluded.a = 5 RETURNING *
> INSERT INTO e VALUES ('1', 1) ON CONFLICT (k) DO UPDATE SET a = 'w' WHERE excluded.a > 42 RETURNING *
'w' | 1
> CREATE UNIQUE INDEX e1 ON e(k, a || 'x' COLLATE NOCASE)
> CREATE TABLE f(a, b)
> CREATE UNIQUE INDEX f1 ON f(a || 'x' COLLATE NOCASE)
> INSERT INTO f VALUES (1, 1) ON CONFLICT (a || 'x') DO NOTHING
error SQLITE_ERROR: ON CONFLICT clause does not match any PRIMARY KEY or UNIQUE constraint
> INSERT INTO f VALUES (1, 1) ON CONFLICT (a || 'x' COLLATE NOCASE) DO NOTHING
changes 1
> CREATE TABLE h(a REAL, b CHECK (b > 0))
> INSERT INTO h VALUES (1, 1) RETURNING +a
1.0
> UPDATE h SET a = 2 RETURNING +a
2
> UPDATE h SET b = 2 RETURNING +a
2.0
> CREATE TABLE j(a REAL, b)
> CREATE INDEX j1 ON j(b)
> INSERT INTO j VALUES (1, 1) RETURNING +a
1.0
> UPDATE j SET a = 2 RETURNING +a
2
> UPDATE j SET b = 2 RETURNING +a
2.0
> CREATE TABLE k(a, b)
> INSERT INTO k VALUES (1, 'a'), (1, 42), (1, NULL), (1, 0), (1, 1), (1, -1)
changes 6
> UPDATE k SET (b, a) = (1, (SELECT sum(k2.b) FROM k AS k2 WHERE k2.b = k.a))
changes 6
> SELECT * FROM k
1 | 1
2 | 1
3 | 1
4 | 1
5 | 1
5 | 1
> CREATE TABLE m1(x TEXT COLLATE NOCASE)
> CREATE TABLE m2(x INT)
> CREATE TABLE m3(x)
> INSERT INTO m1 VALUES ('A'), ('5')
changes 2
> INSERT INTO m2 VALUES (7)
changes 1
> SELECT x, x < ' 7', x = 'a', x = '7' FROM m1 FULL JOIN m2 USING (x) ORDER BY 1
7 | 0 | 0 | 1
'5' | 0 | 0 | 0
'A' | 0 | 1 | 0
> SELECT x, x = '7', x = 7 FROM m1 RIGHT JOIN m2 USING (x)
7 | 1 | 1
> SELECT x, x < ' 7' FROM m2 RIGHT JOIN (SELECT 1.5 AS x) USING (x)
1.5 | 1
> SELECT * FROM m1 FULL JOIN m2 USING (x) LEFT JOIN m3 ON 1
error SQLITE_ERROR: ambiguous column name: x
> SELECT * FROM m1 RIGHT JOIN m2 USING (x) LEFT JOIN m3 ON 1
error SQLITE_ERROR: ambiguous column name: x
> SELECT * FROM m1 LEFT JOIN m2 USING (x) LEFT JOIN m3 ON 1 ORDER BY 1
'5' | NULL
'A' | NULL
> CREATE TABLE sr(a REAL UNIQUE, b REAL) STRICT
> INSERT INTO sr VALUES (2, 1) RETURNING max(b, a), +b
2 | 1
> SELECT m1.* FROM m1 NATURAL RIGHT JOIN m1 AS y RIGHT JOIN m1 AS z ON 1 ORDER BY 1
'5'
'5'
'A'
'A'

# A CHECK that is ignored converts nothing before the record is made
> CREATE TABLE checked_real(a INTEGER PRIMARY KEY, b REAL CHECK (length(b) < 20))
> INSERT INTO checked_real VALUES (1, 1) RETURNING CAST(b AS NUMERIC), b
1.0 | 1.0
> UPDATE checked_real SET b = 2 RETURNING CAST(b AS NUMERIC), b
2.0 | 2.0
> PRAGMA ignore_check_constraints = 1
> INSERT INTO checked_real VALUES (2, 1) RETURNING CAST(b AS NUMERIC), b
1 | 1.0
> UPDATE checked_real SET b = 2 RETURNING CAST(b AS NUMERIC), b
2 | 2.0
2 | 2.0
> PRAGMA ignore_check_constraints = 0

# A table without rowids is an index, which an UPDATE of any column writes
> CREATE TABLE real_key(a REAL PRIMARY KEY, b INT, e DOUBLE) WITHOUT ROWID
> INSERT INTO real_key(a, e) VALUES (1, 1) RETURNING +a, +e
1.0 | 1.0
> UPDATE real_key SET b = 1 RETURNING +a, +e
1.0 | 1.0
> UPDATE real_key SET e = 2 RETURNING +a, +e
1.0 | 2.0
> UPDATE real_key SET a = 2 RETURNING +a, +e
2.0 | 2.0
> CREATE TABLE strict_key(a REAL PRIMARY KEY, b INT, e REAL) STRICT, WITHOUT ROWID
> INSERT INTO strict_key(a, e) VALUES (1, 1) RETURNING +a, +e
1 | 1
> UPDATE strict_key SET b = 1 RETURNING +a, +e
1 | 1
> CREATE TABLE real_index(i INTEGER PRIMARY KEY, a REAL UNIQUE, b INT, e DOUBLE)
> INSERT INTO real_index(a, e) VALUES (1, 1) RETURNING +a, +e
1.0 | 1.0
> UPDATE real_index SET b = 1 RETURNING +a, +e
1 | 1
> UPDATE real_index SET a = 2 RETURNING +a, +e
2.0 | 1.0
> UPDATE real_index SET i = 7 RETURNING +a, +e, coalesce(NULL, a)
2.0 | 1.0 | 2.0

# Rows that come back behind the last one, where deleted rows lie (seed 50462).
> CREATE TABLE back(a INTEGER PRIMARY KEY)
> INSERT INTO back(a) VALUES (7), (NULL), (5), (NULL), (NULL)
changes 5
> INSERT INTO back(a) VALUES (NULL), (17), (12), (32)
changes 4
> INSERT INTO back(a) VALUES (40), (1)
changes 2
> INSERT INTO back(a) VALUES (NULL)
changes 1
> REPLACE INTO back(a) VALUES (NULL), (NULL)
changes 2
> DELETE FROM back WHERE a IS DISTINCT FROM 42
changes 13
> ALTER TABLE back ADD n5 INTEGER
> SAVEPOINT s1
> INSERT INTO back(a, n5) VALUES (1, 1), (3, 1), (NULL, 1), (1, 1)
error SQLITE_CONSTRAINT_PRIMARYKEY: UNIQUE constraint failed: back.a
> INSERT INTO back(a, n5) VALUES (1, 1), (44, 2), (NULL, 1)
changes 3
> RELEASE s1
> SELECT * FROM back
1 | 1
42 | NULL
44 | 2
45 | 1
> DELETE FROM back WHERE a > 1
changes 3
> INSERT INTO back(n5) VALUES (7), (8)
changes 2
> UPDATE back SET n5 = n5 + 1 WHERE a = 2
changes 1
> SELECT *, (SELECT count(*) FROM back) FROM back
1 | 1 | 3
2 | 8 | 3
3 | 8 | 3
