# A condition on a compound's columns is checked in each arm, by the affinities of its columns, and on the whole.
> CREATE TABLE t(a, i INTEGER, x TEXT, r REAL)
> CREATE TABLE u(b, j INT, y TEXT COLLATE NOCASE)
> INSERT INTO t VALUES (1, 1, '1', 1.0), (10, 10, '10', 10.5), (3, 3, '3', 3), (NULL, NULL, NULL, NULL), ('4', 4, 4, '4'), (x'35', 5, x'35', 5)
changes 6
> INSERT INTO u VALUES (1, 1, 'A'), ('3', 3, '3'), (20, 20, '20'), ('b', 'b', 'b'), (x'36', x'36', x'36'), (5.5, 5.5, 5.5)
changes 6
> SELECT * FROM (SELECT CAST(a AS TEXT) AS k FROM t UNION ALL SELECT b FROM u) WHERE k > 2
'3'
'4'
'5'
'3'
20
'b'
x'36'
5.5
> SELECT * FROM (SELECT b AS k FROM u UNION ALL SELECT CAST(a AS TEXT) FROM t) WHERE k > 2
'3'
20
'b'
x'36'
5.5
'3'
'4'
'5'
> SELECT * FROM (SELECT x AS k FROM t UNION ALL SELECT i FROM t UNION ALL SELECT b FROM u) WHERE k < 4
1
3
1
> SELECT * FROM (SELECT x AS k FROM t UNION ALL SELECT i FROM t UNION ALL SELECT b FROM u) WHERE k < '4'
'1'
'10'
'3'
1
3
1
'3'
20
5.5
> SELECT * FROM (SELECT i AS k FROM t UNION ALL SELECT x FROM t) WHERE k = '3'
'3'
> SELECT * FROM (SELECT i AS k FROM t UNION ALL SELECT x FROM t) WHERE '3' = k
'3'
> SELECT * FROM (SELECT x AS k FROM t UNION ALL SELECT '3') WHERE k < 4
'1'
'10'
'3'
> SELECT * FROM (SELECT x AS k FROM t UNION ALL VALUES ('3')) WHERE k < 4
'1'
'10'
'3'
> SELECT * FROM (SELECT x AS k FROM t UNION ALL VALUES ('3'), ('5'), ('1')) WHERE k < 4
> SELECT * FROM (SELECT x AS k, i AS m FROM t UNION ALL SELECT b, y FROM u) WHERE k BETWEEN 2 AND 5
> SELECT * FROM (SELECT x AS k, i AS m FROM t UNION ALL SELECT b, y FROM u) WHERE k IN (3, 4, 10)
> SELECT * FROM (SELECT x AS k, i AS m FROM t UNION ALL SELECT b, y FROM u) WHERE k NOT IN ('3', '4', 10)
'1' | 1
x'35' | 5
1 | 'A'
20 | '20'
'b' | 'b'
x'36' | x'36'
5.5 | '5.5'
> SELECT * FROM (SELECT x AS k, i AS m FROM t UNION ALL SELECT b, y FROM u) WHERE (k, m) > (3, '3')
'4' | 4
x'35' | 5
'3' | '3'
20 | '20'
'b' | 'b'
x'36' | x'36'
5.5 | '5.5'
> SELECT * FROM (SELECT x AS k, i AS m FROM t UNION ALL SELECT b, y FROM u) WHERE (k, m) = (3, 3)
> SELECT * FROM (SELECT x AS k, i AS m FROM t UNION ALL SELECT b, y FROM u) WHERE k = m
'3' | '3'
'b' | 'b'
x'36' | x'36'
> SELECT * FROM (SELECT x AS k, i AS m FROM t UNION ALL SELECT b, y FROM u) WHERE k > m OR k = 3
'3' | 3
x'35' | 5
> SELECT * FROM (SELECT x AS k, i AS m FROM t UNION ALL SELECT b, y FROM u) WHERE NOT k <= 3
'4' | 4
x'35' | 5
'3' | '3'
20 | '20'
'b' | 'b'
x'36' | x'36'
5.5 | '5.5'
> SELECT * FROM (SELECT x AS k, i AS m FROM t UNION ALL SELECT b, y FROM u) WHERE CASE k WHEN 3 THEN 1 ELSE 0 END
> SELECT * FROM (SELECT x AS k, i AS m FROM t UNION ALL SELECT b, y FROM u) WHERE k COLLATE NOCASE > 2
'3' | 3
'4' | 4
x'35' | 5
'3' | '3'
20 | '20'
'b' | 'b'
x'36' | x'36'
5.5 | '5.5'
> SELECT * FROM (SELECT x AS k, i AS m FROM t UNION ALL SELECT b, y FROM u) WHERE +k > 2
'1' | 1
'10' | 10
'3' | 3
'4' | 4
x'35' | 5
'3' | '3'
20 | '20'
'b' | 'b'
x'36' | x'36'
5.5 | '5.5'
> SELECT * FROM (SELECT x AS k FROM t UNION SELECT i FROM t UNION SELECT b FROM u) WHERE k > 2
3
4
5
5.5
10
20
'3'
'4'
'b'
x'35'
x'36'
> SELECT * FROM (SELECT x AS k FROM t INTERSECT SELECT b FROM u) WHERE k > 2
'3'
> SELECT * FROM (SELECT x AS k FROM t EXCEPT SELECT b FROM u) WHERE k > 2
'4'
x'35'
> SELECT * FROM (SELECT b AS k FROM u EXCEPT SELECT x FROM t) WHERE k > 2
5.5
20
'b'
x'36'
> SELECT * FROM (SELECT y AS k FROM u UNION SELECT b FROM u) WHERE k > 2
5.5
20
'20'
'3'
'5.5'
'A'
'b'
x'36'
> SELECT * FROM (SELECT x AS k FROM t UNION ALL SELECT b FROM u LIMIT 20) WHERE k > 2
'1'
'10'
'3'
'4'
x'35'
'3'
20
'b'
x'36'
5.5
> SELECT * FROM (SELECT x AS k FROM t UNION ALL SELECT max(b) FROM u) WHERE k > 2
'3'
'4'
x'35'
x'36'
> SELECT * FROM (SELECT x AS k, count(*) AS n FROM t GROUP BY x UNION ALL SELECT b, count(*) FROM u GROUP BY b) WHERE k > 2 AND n = '1'
> SELECT * FROM (SELECT DISTINCT x AS k FROM t UNION ALL SELECT DISTINCT b FROM u) WHERE k > 2
'3'
'4'
x'35'
'3'
20
'b'
x'36'
5.5
> SELECT * FROM (SELECT x AS k, row_number() OVER () FROM t UNION ALL SELECT b, 1 FROM u) WHERE k > 2
'1' | 1
'10' | 2
'3' | 3
'4' | 5
x'35' | 6
'3' | 1
20 | 1
'b' | 1
x'36' | 1
5.5 | 1
> WITH w AS (SELECT x AS k FROM t UNION ALL SELECT b FROM u) SELECT * FROM w WHERE k > 2
'3'
'4'
x'35'
'3'
20
'b'
x'36'
5.5
> WITH w AS (SELECT x AS k FROM t UNION ALL SELECT b FROM u) SELECT * FROM w AS p WHERE k > 2 UNION ALL SELECT * FROM w WHERE k > 19
'1'
'10'
'3'
'4'
x'35'
'3'
20
'b'
x'36'
5.5
'1'
'10'
'3'
'4'
x'35'
'3'
20
'b'
x'36'
> WITH w AS MATERIALIZED (SELECT x AS k FROM t UNION ALL SELECT b FROM u) SELECT * FROM w WHERE k > 2
'1'
'10'
'3'
'4'
x'35'
'3'
20
'b'
x'36'
5.5
> CREATE VIEW v AS SELECT x AS k, i AS m FROM t UNION ALL SELECT b, j FROM u
> SELECT * FROM v WHERE k > 2
'3' | 3
'4' | 4
x'35' | 5
'3' | 3
20 | 20
'b' | 'b'
x'36' | x'36'
5.5 | 5.5
> SELECT count(*), sum(m) FROM v WHERE k > 2
8 | 46.5
> SELECT k FROM v WHERE k > 2 ORDER BY k LIMIT 3
5.5
20
'3'
> SELECT * FROM (SELECT k AS z FROM v UNION ALL SELECT r FROM t) WHERE z > 2
'3'
'4'
x'35'
'3'
20
'b'
x'36'
5.5
10.5
3.0
4.0
5.0
> SELECT * FROM (SELECT k AS z FROM v UNION ALL SELECT r FROM t) WHERE z > '2'
'3'
'4'
x'35'
'3'
'b'
x'36'
> SELECT t.a, s.k FROM t LEFT JOIN (SELECT x AS k FROM t UNION ALL SELECT b FROM u) AS s ON s.k > 2 AND s.k = t.a
1 | NULL
10 | NULL
3 | NULL
NULL | NULL
'4' | '4'
x'35' | x'35'
> SELECT t.a, s.k FROM t LEFT JOIN (SELECT x AS k FROM t UNION ALL SELECT b FROM u) AS s ON s.k = t.a WHERE s.k > 2
'4' | '4'
x'35' | x'35'
> SELECT t.a, s.k FROM t JOIN (SELECT x AS k FROM t UNION ALL SELECT b FROM u) AS s ON s.k > 2 WHERE t.i = 3
3 | '3'
3 | '4'
3 | x'35'
3 | '3'
3 | 20
3 | 'b'
3 | x'36'
3 | 5.5
> SELECT t.a, s.k FROM t RIGHT JOIN (SELECT x AS k FROM t UNION ALL SELECT b FROM u) AS s ON s.k = t.a WHERE s.k > 2
'4' | '4'
x'35' | x'35'
NULL | '1'
NULL | '10'
NULL | '3'
NULL | '3'
NULL | 20
NULL | 'b'
NULL | x'36'
NULL | 5.5
> SELECT t.a, s.k FROM (SELECT x AS k FROM t UNION ALL SELECT b FROM u) AS s RIGHT JOIN t ON s.k = t.a WHERE s.k > 2
'4' | '4'
x'35' | x'35'
> SELECT t.a, s.k FROM (SELECT x AS k FROM t UNION ALL SELECT b FROM u) AS s LEFT JOIN t ON s.k = t.a WHERE s.k > 2
NULL | '3'
'4' | '4'
x'35' | x'35'
NULL | '3'
NULL | 20
NULL | 'b'
NULL | x'36'
NULL | 5.5
> UPDATE t SET r = 0 FROM (SELECT x AS k FROM t UNION ALL SELECT b FROM u) AS s WHERE s.k > 9 AND t.i = 1
changes 1
> SELECT i, r FROM t
1 | 0.0
10 | 10.5
3 | 3.0
NULL | NULL
4 | 4.0
5 | 5.0
> SELECT (SELECT count(*) FROM (SELECT x AS k FROM t UNION ALL SELECT b FROM u) WHERE k > 2 AND i IS NOT NULL) FROM t
8
8
8
0
8
8
> SELECT (SELECT count(*) FROM (SELECT x AS k FROM t UNION ALL SELECT b FROM u) WHERE k > t.a) FROM t
10
9
10
0
3
1
> SELECT * FROM (SELECT x AS k FROM t UNION ALL SELECT b FROM u) WHERE k IN (SELECT i FROM t)
'1'
'10'
'3'
'4'
1
'3'
> SELECT * FROM (SELECT x AS k FROM t UNION ALL SELECT b FROM u) WHERE k > (SELECT 2)
'3'
'4'
x'35'
'3'
20
'b'
x'36'
5.5
> SELECT * FROM (SELECT x AS k FROM t UNION ALL SELECT b FROM u) WHERE k > (SELECT i FROM t WHERE i = 3)
'10'
'4'
x'35'
20
'b'
x'36'
5.5
# A column that is read as real outside, and is not in all arms (fuzz seed 50381); a FULL JOIN that keeps no right rows.
> CREATE TABLE ra(a DOUBLE, b, c)
> INSERT INTO ra VALUES (1e20, 1, 9007199254740993), (3, 3, 3)
changes 2
> CREATE VIEW rv AS SELECT a AS x, c AS y FROM ra UNION ALL SELECT CAST(a AS INTEGER), CAST(c AS INTEGER) FROM ra UNION ALL SELECT CAST(c AS INTEGER), c FROM ra
> SELECT x, typeof(x), y FROM rv WHERE x = 9223372036854775807
> SELECT x, typeof(x), y FROM rv WHERE x >= y
1.0e+20 | 'real' | 9007199254740993
3.0 | 'real' | 3
9.2233720368547758e+18 | 'real' | 9007199254740993
3.0 | 'real' | 3
3.0 | 'real' | 3
> SELECT typeof(x), max(y) FROM rv WHERE x >= y GROUP BY typeof(x)
'real' | 9007199254740993
> SELECT x FROM rv WHERE x BETWEEN 9007199254740993 AND 9007199254740993
> CREATE TABLE fa(a INTEGER PRIMARY KEY)
> INSERT INTO fa VALUES (1), (2)
changes 2
> CREATE TABLE fb(a VARCHAR(10))
> INSERT INTO fb VALUES (1), ('x')
changes 2
> SELECT q.x FROM (SELECT CAST(a AS INTEGER) AS x FROM fa UNION ALL SELECT a FROM fb) AS q FULL JOIN fa ON 1 WHERE q.x < ' 1'
> SELECT q.x, fa.a FROM (SELECT CAST(a AS INTEGER) AS x FROM fa UNION ALL SELECT a FROM fb) AS q FULL JOIN fa ON q.x = fa.a WHERE q.x <= ' 1'
1 | 1
> SELECT q.x, fa.a FROM fa RIGHT JOIN (SELECT CAST(a AS INTEGER) AS x FROM fa UNION ALL SELECT a FROM fb) AS q ON q.x = fa.a WHERE q.x <= ' 1'
1 | 1
2 | 2
> SELECT q.x, fa.a FROM fa FULL JOIN (SELECT CAST(a AS INTEGER) AS x FROM fa UNION ALL SELECT a FROM fb) AS q ON q.x = fa.a WHERE q.x <= ' 1' AND fa.a > 0
1 | 1
# What a row comparison says of its first parts alone goes into no arm (fuzz seed 50383).
> CREATE TABLE ia(a REAL, b TEXT)
> INSERT INTO ia VALUES (1000000, 1)
changes 1
> CREATE TABLE ib(c INTEGER)
> CREATE VIEW iv AS SELECT CAST(c AS TEXT) AS x, CAST(c AS INTEGER) AS y FROM ib UNION ALL SELECT a, b FROM ia
> SELECT y FROM iv WHERE y >= x
> SELECT y FROM iv LEFT JOIN ib ON 1 WHERE (y, c) >= (x, 'Zed')
'1'
> SELECT y FROM iv FULL JOIN ib ON 1 WHERE (y, c) >= (x, 'Zed')
'1'
> SELECT y FROM iv WHERE (y, 1) >= (x, 'Zed')
> SELECT y FROM iv WHERE (y, 1) >= (x, 0)

# What IN finds is looked up as each arm's affinity wants it.
> CREATE TABLE ic(a INTEGER, n)
> INSERT INTO ic VALUES (1000000, NULL), (1, NULL), (1.5, NULL)
changes 3
> CREATE TABLE id(b NUMERIC)
> INSERT INTO id VALUES (1000000), ('x')
changes 2
> WITH q AS NOT MATERIALIZED (SELECT CAST(a AS TEXT) AS k FROM ic UNION ALL SELECT b FROM id) SELECT k FROM q WHERE k IN (SELECT a FROM ic)
'1000000'
'1'
'1.5'
1000000
> WITH q AS NOT MATERIALIZED (SELECT CAST(a AS TEXT) AS k FROM ic UNION ALL SELECT b FROM id) SELECT k FROM q WHERE k NOT IN (SELECT a FROM ic)
'x'
> WITH q AS NOT MATERIALIZED (SELECT CAST(a AS TEXT) AS k FROM ic UNION ALL SELECT b FROM id) SELECT k FROM q WHERE k IN (SELECT CAST(a AS TEXT) FROM ic)
'1000000'
'1'
'1.5'
> WITH q AS NOT MATERIALIZED (SELECT CAST(a AS TEXT) AS k FROM ic UNION ALL SELECT b FROM id) SELECT k FROM q WHERE NOT ((k, k) NOT IN (SELECT n, a FROM ic) AND k IN (1000000))
'1'
'1.5'
'x'
> SELECT k FROM (SELECT b AS k FROM id UNION ALL SELECT CAST(a AS TEXT) FROM ic) WHERE (k IN (SELECT b FROM id)) + (k > 5)
1000000
'x'
'1000000'

# A column of a joined subquery that is a constant is one for the arms, too.
> CREATE TABLE jc(a TEXT, c)
> INSERT INTO jc VALUES ('1', 9223372036854775807), ('2', 5)
changes 2
> CREATE VIEW jv AS SELECT a AS x FROM jc UNION ALL SELECT CAST(c AS INTEGER) FROM jc
> SELECT x, q.y FROM jv JOIN (SELECT quote(1) AS y FROM jc LIMIT 1) AS q ON x <= q.y
'1' | '1'
9223372036854775807 | '1'
5 | '1'
> SELECT x, q.y FROM jv JOIN (SELECT quote(1) AS y FROM jc) AS q ON x <= q.y
'1' | '1'
'1' | '1'
> SELECT x, q.y FROM jv, (SELECT '1' AS y FROM jc WHERE c = 5) AS q WHERE x <= q.y
'1' | '1'
> SELECT x, q.y FROM (SELECT '1' AS y FROM jc) AS q, jv WHERE x <= q.y
'1' | '1'
'1' | '1'
> SELECT x, q.y FROM jv JOIN (SELECT a || 1 AS y FROM jc) AS q ON x <= q.y
'1' | '11'
'1' | '21'
'2' | '21'
9223372036854775807 | '11'
9223372036854775807 | '21'
5 | '11'
5 | '21'
> SELECT x, q.y FROM jv JOIN (SELECT '1' AS y) AS q ON x <= q.y
'1' | '1'
9223372036854775807 | '1'
5 | '1'
> SELECT x, q.y FROM jv LEFT JOIN (SELECT '1' AS y FROM jc) AS q ON x <= q.y
'1' | '1'
'1' | '1'
'2' | NULL
9223372036854775807 | '1'
9223372036854775807 | '1'
5 | '1'
5 | '1'
> SELECT x, q.y FROM jv LEFT JOIN (SELECT '1' AS y FROM jc) AS q ON 1 WHERE x <= q.y
'1' | '1'
'1' | '1'
> SELECT x, q.y FROM jv JOIN (SELECT max('1') AS y FROM jc) AS q ON x <= q.y
'1' | '1'
9223372036854775807 | '1'
5 | '1'
> SELECT x, q.y FROM jv JOIN (SELECT DISTINCT '1' AS y FROM jc) AS q ON x <= q.y
'1' | '1'
9223372036854775807 | '1'
5 | '1'
> SELECT x, q.y FROM jv JOIN (SELECT CAST(1 AS TEXT) AS y FROM jc) AS q ON x <= q.y
'1' | '1'
'1' | '1'
> SELECT x, q.y FROM jv JOIN (SELECT '1' AS y FROM jc ORDER BY c) AS q ON x <= q.y
'1' | '1'
'1' | '1'
> SELECT x, q.y, r.z FROM jv JOIN (SELECT '1' AS y FROM jc) AS q JOIN (SELECT 7 AS z FROM jc) AS r ON x <= q.y AND x < r.z
> WITH k AS (SELECT '1' AS y FROM jc) SELECT x, y FROM jv, k WHERE x <= y
'1' | '1'
'1' | '1'
> WITH k AS MATERIALIZED (SELECT '1' AS y FROM jc) SELECT x, y FROM jv, k WHERE x <= y
'1' | '1'
'1' | '1'
9223372036854775807 | '1'
9223372036854775807 | '1'
5 | '1'
5 | '1'
> SELECT (SELECT count(*) FROM jv JOIN (SELECT '1' AS y FROM jc) AS q ON x <= q.y AND x <> jc.c) FROM jc
2
2
