# IN looks rows up: REAL makes reals of integers on both sides
> CREATE TABLE r(a, b REAL, c INTEGER)
> INSERT INTO r VALUES (9223372036854775807, 9223372036854775807, 1), (-9007199254740993, -9007199254740993, 2), (5, 5, 3), (NULL, NULL, 4)
changes 4
> SELECT c, +a IN (SELECT b FROM r), a IN (SELECT b FROM r), a = b, +a = b, b IN (9223372036854775807, -9007199254740993) FROM r
1 | 1 | NULL | 0 | 0 | 0
2 | 1 | NULL | 0 | 0 | 0
3 | 1 | 1 | 1 | 1 | 0
4 | NULL | NULL | NULL | NULL | NULL
> SELECT c, (c, b) IN (VALUES (1, 9223372036854775807), (2, -9007199254740993)), (c, b) NOT IN (VALUES (NULL, 9223372036854775807)) FROM r
1 | 1 | NULL
2 | 1 | 1
3 | 0 | 1
4 | 0 | NULL
> SELECT c, (+a, c) IN (SELECT b, c FROM r), (+a, c) NOT IN (SELECT b, 4 - c FROM r WHERE b IS NOT NULL) FROM r
1 | 1 | 1
2 | 1 | 0
3 | 1 | 1
4 | NULL | 1
# A NULL beside parts that are equal is unknown, also of text with a NUL in it
> CREATE TABLE n(a INTEGER PRIMARY KEY, b TEXT COLLATE NOCASE, c REAL)
> INSERT INTO n VALUES (1, CAST(x'610062' AS TEXT), NULL), (2, 'x', NULL), (3, 'X', 1)
changes 3
> SELECT a, (q0.b, q0.c) IN (SELECT n1.b, n1.b FROM n AS n1), (q0.b, q0.c) IN (SELECT n1.b, n1.c FROM n AS n1), (q0.b, 2) IN (SELECT n1.b, n1.c FROM n AS n1) FROM n AS q0
1 | NULL | NULL | NULL
2 | NULL | NULL | NULL
3 | 0 | 1 | NULL
> SELECT (NULL, 1) IN (SELECT 2, 3), (NULL, 1) IN (SELECT 2, 1), (NULL, NULL) IN (SELECT 1, 1 WHERE 0), NULL IN (SELECT 1 WHERE 0), NULL IN (SELECT 1)
0 | NULL | 0 | 0 | NULL
# Constant rows of VALUES behind one without affinity have none
> SELECT x0 > 5 FROM (SELECT column1 AS x0 FROM (VALUES (' 7'), (CAST('10' AS TEXT))))
1
1
> SELECT x0 > 5 FROM (SELECT column1 AS x0 FROM (VALUES (CAST('10' AS TEXT)), (' 7')))
0
0
> SELECT x0 > 5 FROM (SELECT column1 AS x0 FROM (VALUES (' 7'), (CAST((SELECT '10') AS TEXT))))
0
0
> SELECT x0 > 5 FROM (SELECT column1 AS x0 FROM (VALUES (' 7'), ('8'), (CAST((SELECT '10') AS TEXT)), ('1')))
1
1
1
1
> WITH unused AS (SELECT 1) SELECT x0 > 5 FROM (SELECT column1 AS x0 FROM (VALUES (' 7'), (CAST('10' AS TEXT))))
0
0
> SELECT x0 > 5 FROM (SELECT column1 AS x0 FROM (VALUES (' 7'), (CAST(1 IS 1 AS TEXT))))
0
0
> SELECT x0 > 5 FROM (SELECT column1 AS x0 FROM (VALUES (1 IS 1), (CAST('7' AS TEXT))))
0
1
> CREATE VIEW v AS SELECT column1 AS x0 FROM (VALUES (' 7'), (CAST('10' AS TEXT)))
> SELECT x0 > 5 FROM v
0
0
# With nothing on the left INTERSECT and EXCEPT do not look right
> SELECT 1 WHERE 0 INTERSECT SELECT ntile(-1) OVER ()
> SELECT 1 WHERE 0 EXCEPT SELECT ntile(-1) OVER ()
> SELECT 1 WHERE 0 UNION SELECT ntile(-1) OVER ()
error SQLITE_ERROR: argument of ntile must be a positive integer
# A subquery beside an outer join that WHERE makes an inner one is read for rows only
> CREATE TABLE t4(a INTEGER, b BLOB, d TEXT)
> SELECT q0.b FROM t4 AS q0 FULL JOIN (SELECT ntile(-1) OVER () AS x) AS q1 ON 1 WHERE q0.a COLLATE RTRIM <> 'a'
> SELECT q0.b FROM t4 AS q0 FULL JOIN (SELECT ntile(-1) OVER () AS x) AS q1 ON 1 WHERE -q0.a + 1 > 2
> SELECT q0.b FROM t4 AS q0 FULL JOIN (SELECT ntile(-1) OVER () AS x) AS q1 ON 1 WHERE NOT (q0.a BETWEEN 1 AND 2)
> SELECT q0.b FROM t4 AS q0 FULL JOIN (SELECT ntile(-1) OVER () AS x) AS q1 ON 1 WHERE q0.a IS NULL
error SQLITE_ERROR: argument of ntile must be a positive integer
# Which foreign database a view is refused for
> ATTACH ':memory:' AS aux
> CREATE VIEW v1 AS SELECT 1 FROM aux.x UNION ALL SELECT 2 FROM temp.y
error SQLITE_ERROR: view v1 cannot reference objects in database temp
> CREATE VIEW v2 AS SELECT (SELECT 1 FROM temp.y) FROM aux.x
error SQLITE_ERROR: view v2 cannot reference objects in database aux
> CREATE VIEW v3 AS SELECT 1 FROM (SELECT 1 FROM temp.y) AS q WHERE 1 IN aux.x
error SQLITE_ERROR: view v3 cannot reference objects in database aux
> CREATE VIEW v4 AS WITH c AS (SELECT 1 FROM temp.y) SELECT (SELECT 2 FROM aux.x) FROM c
error SQLITE_ERROR: view v4 cannot reference objects in database temp
> CREATE VIEW v5 AS VALUES ((SELECT 1 FROM aux.x)), ((SELECT 1 FROM temp.y))
error SQLITE_ERROR: view v5 cannot reference objects in database temp
> CREATE VIEW v6 AS SELECT sum(1) OVER (PARTITION BY (SELECT 1 FROM temp.y) ORDER BY (SELECT 1 FROM aux.x))
error SQLITE_ERROR: view v6 cannot reference objects in database aux
# IN compares by the affinity and the collation of the last arm
> CREATE TABLE z(t TEXT, i INTEGER, r REAL, n, c TEXT COLLATE NOCASE)
> INSERT INTO z VALUES ('5', 5, 5, 5, 'A'), ('7', 7, 7, '7', 'a')
changes 2
> SELECT i, +i IN (SELECT '5' UNION ALL SELECT t FROM z), +i IN (SELECT t FROM z UNION ALL SELECT '5'), +t IN (SELECT 5 UNION ALL SELECT i FROM z), +t IN (SELECT i FROM z UNION ALL SELECT '8'), t IN (SELECT 5 UNION ALL SELECT n FROM z), t IN (SELECT n FROM z UNION ALL SELECT 5) FROM z
5 | 1 | 0 | 1 | 0 | 0 | 1
7 | 1 | 0 | 1 | 0 | 1 | 1
> SELECT i, +i IN (VALUES ('5'), ((SELECT t FROM z))), +i IN (VALUES ((SELECT t FROM z)), ('5')), +i IN (VALUES (t), (5)), +i IN (VALUES (5), (t)), +t IN (VALUES ('8'), (i)), (+i, +i) IN (VALUES (+n, 5), (9007199254740993, CAST(x'c328' AS TEXT))) FROM z
5 | 1 | 0 | 1 | 1 | 1 | 1
7 | 0 | 0 | 0 | 1 | 1 | 0
> SELECT 'a' IN (SELECT 'A' COLLATE NOCASE), t || 'a' IN (SELECT '5A' COLLATE NOCASE), 'a' IN (SELECT c FROM z), c IN (SELECT 'a'), c IN (SELECT 'a' COLLATE BINARY), 'a' IN (SELECT 'b' UNION ALL SELECT c FROM z), 'a' IN (SELECT c FROM z UNION ALL SELECT 'b'), 'a' IN (VALUES ('A' COLLATE NOCASE), ('b')), 'a' IN (VALUES ('b'), ('A' COLLATE NOCASE)) FROM z
1 | 1 | 1 | 1 | 0 | 1 | 1 | 1 | 0
1 | 0 | 1 | 1 | 1 | 1 | 1 | 1 | 0
> CREATE TABLE y(t TEXT, u TEXT)
> INSERT INTO y VALUES ('a', 'A')
changes 1
> SELECT t IN (SELECT u COLLATE NOCASE FROM y), (t, t) IN (SELECT u COLLATE NOCASE, u COLLATE NOCASE FROM y), t IN (SELECT u FROM y), t COLLATE NOCASE IN (SELECT u COLLATE BINARY FROM y) FROM y
1 | 1 | 0 | 1
# On the left of a RIGHT or FULL JOIN `*` stands for bare names where a join merges the column
> CREATE TABLE t7(a, b, x)
> CREATE TABLE t8(a, b, y)
> CREATE TABLE t9(a, c)
> INSERT INTO t7 VALUES (1, 2, 3)
changes 1
> INSERT INTO t8 VALUES (1, 2, 4)
changes 1
> INSERT INTO t9 VALUES (1, 5), (6, 7)
changes 2
> SELECT * FROM t8 AS q0 NATURAL FULL JOIN t7 AS q1 JOIN t8 AS q2 ON 1
error SQLITE_ERROR: ambiguous column name: a
> SELECT q0.* FROM t8 AS q0 NATURAL FULL JOIN t7 AS q1 JOIN t8 AS q2 ON 1
1 | 2 | 4
> SELECT q1.* FROM t8 AS q0 NATURAL FULL JOIN t7 AS q1 JOIN t8 AS q2 ON 1
1 | 2 | 3
> SELECT *, q0.* FROM t8 AS q0 NATURAL FULL JOIN t7 AS q1 JOIN t8 AS q2 ON 1
error SQLITE_ERROR: ambiguous column name: a
> SELECT * FROM t8 q0 JOIN t7 q1 USING (a, b) FULL JOIN t9 q2 ON 1
error SQLITE_ERROR: ambiguous column name: a
> SELECT * FROM t8 q0 JOIN t7 q1 USING (a, b) RIGHT JOIN t9 q2 ON 1
error SQLITE_ERROR: ambiguous column name: a
> SELECT * FROM t8 q0 LEFT JOIN t7 q1 USING (a, b) JOIN t9 q2 ON 1
1 | 2 | 4 | 3 | 1 | 5
1 | 2 | 4 | 3 | 6 | 7
> SELECT q0.* FROM t8 q0 JOIN t7 q1 USING (a, b) RIGHT JOIN t9 q2 ON 1
1 | 2 | 4
1 | 2 | 4
> SELECT q1.* FROM t8 q0 JOIN t7 q1 USING (a, b) RIGHT JOIN t9 q2 ON 1
1 | 2 | 3
1 | 2 | 3
> SELECT * FROM t8 q0 JOIN t7 q1 USING (a, b) RIGHT JOIN t9 q2 USING (a)
1 | 2 | 4 | 3 | 5
6 | NULL | NULL | NULL | 7
> SELECT * FROM t9 q0 JOIN t7 q1 ON 1 RIGHT JOIN t9 q2 USING (c)
1 | 5 | 1 | 2 | 3 | 1
6 | 7 | 1 | 2 | 3 | 6
> SELECT * FROM (t8 q0 FULL JOIN t7 q1 USING (a, b)) JOIN t9 q2 ON 1
error SQLITE_ERROR: ambiguous column name: a
> SELECT * FROM (t8 q0 FULL JOIN t7 q1 USING (b)) JOIN t9 q2 ON 1
1 | 2 | 4 | 1 | 3 | 1 | 5
1 | 2 | 4 | 1 | 3 | 6 | 7
> SELECT * FROM t9 JOIN (t8 FULL JOIN t7 USING (a, b)) ON 1
1 | 5 | 1 | 2 | 4 | 3
6 | 7 | 1 | 2 | 4 | 3
> SELECT * FROM t9 LEFT JOIN (t8 FULL JOIN t7 USING (a, b)) USING (a)
1 | 5 | 2 | 4 | 3
6 | 7 | NULL | NULL | NULL
> SELECT t8.*, t9.* FROM t9 JOIN (t8 FULL JOIN t7 USING (a, b)) ON 1
1 | 2 | 4 | 1 | 5
1 | 2 | 4 | 6 | 7
# UNION with LIMIT 1 and no ORDER BY does not sort, nor does one in an expression
> CREATE TABLE w(a)
> INSERT INTO w VALUES (3), (1), (2)
changes 3
> SELECT a FROM w UNION SELECT a FROM w LIMIT 1
3
> SELECT a FROM w UNION SELECT a FROM w LIMIT 1 OFFSET 0
1
> SELECT a FROM w UNION SELECT a FROM w LIMIT 2
1
2
> SELECT a FROM w UNION SELECT a FROM w ORDER BY 1 LIMIT 1
1
> SELECT (SELECT a FROM w UNION SELECT a FROM w), (SELECT a FROM w UNION SELECT a FROM w LIMIT 1), (SELECT a FROM w INTERSECT SELECT a FROM w), (SELECT a FROM w UNION SELECT a FROM w ORDER BY 1), (SELECT 2 UNION SELECT 1 UNION ALL SELECT 0), (SELECT 2 UNION ALL SELECT 1 UNION SELECT 0), (SELECT 1 WHERE 0 UNION SELECT 3 UNION SELECT 2), (SELECT 1 EXCEPT SELECT 1 UNION SELECT 4), (SELECT 2 UNION SELECT 1 LIMIT 0), (SELECT 2 UNION SELECT 1 LIMIT 2), (SELECT 2 UNION SELECT 1 LIMIT 1 OFFSET 1)
3 | 3 | 1 | 1 | 2 | 2 | 3 | 4 | NULL | 1 | 2
> SELECT 5 IN (SELECT 2 UNION SELECT 1 LIMIT 1), 2 IN (SELECT 2 UNION SELECT 1 LIMIT 1), (1, 2) = (SELECT 2, 1 UNION SELECT 1, 2), (2, 1) = (SELECT 2, 1 UNION SELECT 1, 2)
0 | 1 | 0 | 1
> SELECT * FROM (SELECT 2 UNION SELECT 1 LIMIT 1)
2
> SELECT (SELECT 2 UNION SELECT 1 LIMIT 'x')
1
> SELECT (SELECT 2 UNION SELECT 1 LIMIT NULL)
error SQLITE_MISMATCH: datatype mismatch
# A compound in FROM whose column is REAL gives reals for integers
> CREATE TABLE rr(r REAL, i INTEGER, n)
> INSERT INTO rr VALUES (1.5, 2, 9223372036854775807)
changes 1
> SELECT v FROM (SELECT r AS v FROM rr UNION ALL SELECT i FROM rr)
1.5
2.0
> SELECT v, typeof(v) FROM (SELECT r AS v FROM rr UNION ALL SELECT n FROM rr)
1.5 | 'real'
9223372036854775807 | 'integer'
> SELECT v FROM (SELECT CAST(i AS REAL) AS v FROM rr UNION ALL SELECT i FROM rr)
2.0
2
> SELECT v FROM (SELECT i AS v FROM rr UNION ALL SELECT r FROM rr)
2
1.5
> SELECT v FROM (SELECT r AS v FROM rr UNION SELECT i FROM rr UNION SELECT 'x')
1.5
2
'x'
> SELECT v FROM (SELECT r AS v FROM rr UNION SELECT i FROM rr)
1.5
2.0
> WITH s(v) AS (SELECT r FROM rr UNION ALL SELECT i FROM rr) SELECT v, v / 4 FROM s
1.5 | 0.375
2.0 | 0.5
> CREATE VIEW rv AS SELECT r AS v FROM rr UNION ALL SELECT i FROM rr
> SELECT v FROM rv
1.5
2.0
> SELECT r FROM rr UNION ALL SELECT i FROM rr
1.5
2
> SELECT (SELECT r FROM rr WHERE 0 UNION ALL SELECT i FROM rr)
2
# So it is where the compound is a common table, materialized or recursive
> WITH s(v) AS MATERIALIZED (SELECT r FROM rr UNION ALL SELECT i FROM rr) SELECT v, typeof(v) FROM s
1.5 | 'real'
2.0 | 'real'
> WITH s(v) AS (SELECT r FROM rr UNION SELECT i FROM rr) SELECT s.v, t.v FROM s JOIN s AS t USING (v)
1.5 | 1.5
2.0 | 2.0
> WITH s(v) AS MATERIALIZED (SELECT i FROM rr UNION ALL SELECT r FROM rr) SELECT v FROM s
2
1.5
> WITH RECURSIVE s(v, n) AS (SELECT r, 1 FROM rr UNION ALL SELECT 5, typeof(v) FROM s LIMIT 4) SELECT v, n FROM s
1.5 | 1
5.0 | 'real'
5.0 | 'real'
5.0 | 'real'
> WITH RECURSIVE s(v) AS (SELECT r FROM rr UNION ALL SELECT CAST(v AS INTEGER) + 1 FROM s LIMIT 4) SELECT v FROM s
1.5
2.0
3.0
4.0
> WITH RECURSIVE s(v, n) AS (SELECT r, 1 FROM rr UNION ALL SELECT 'x', n + 1 FROM s WHERE n < 3 UNION ALL SELECT 7, n + 1 FROM s WHERE n < 3) SELECT v, n FROM s
1.5 | 1
'x' | 2
7 | 2
'x' | 3
7 | 3
'x' | 3
7 | 3
> WITH RECURSIVE s(v) AS (SELECT CAST(i AS REAL) FROM rr UNION ALL SELECT 3 FROM s LIMIT 3) SELECT v FROM s
2.0
3
3
