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
