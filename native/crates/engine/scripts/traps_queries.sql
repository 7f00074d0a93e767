# Queries: bare columns, empty aggregates, HAVING, names and ordinals, DISTINCT, FILTER, ordered aggregates.
> CREATE TABLE t(a, b, c)
> INSERT INTO t VALUES (1, 10, 'x'), (2, 5, 'y'), (3, 20, 'z'), (NULL, NULL, 'n'), (2, 5, 'w')
changes 5
> SELECT max(b), a, c FROM t
20 | 3 | 'z'
> SELECT min(b), a, c FROM t
5 | 2 | 'y'
> SELECT max(b), min(b), c FROM t WHERE a = 3
20 | 20 | 'z'
> SELECT max(b), c, max(b) || c FROM t GROUP BY a > 1 ORDER BY 1
NULL | 'n' | NULL
10 | 'x' | '10x'
20 | 'z' | '20z'
> SELECT max(b), a FROM t WHERE 0
NULL | NULL
> SELECT max(NULL), c FROM t WHERE a IS NULL
NULL | 'n'
> SELECT count(*), sum(a), total(a), avg(a), group_concat(a), min(a), max(a), a FROM t WHERE 0
0 | NULL | 0.0 | NULL | NULL | NULL | NULL | NULL
> SELECT count(*) FROM t WHERE 0 GROUP BY a
> SELECT count(*) FROM t WHERE 0 HAVING count(*) = 0
0
> SELECT 5 FROM t HAVING count(*) > 4
error SQLITE_ERROR: HAVING clause on a non-aggregate query
> SELECT a FROM t HAVING a > 1
error SQLITE_ERROR: HAVING clause on a non-aggregate query
> SELECT sum(a) AS s FROM t HAVING s > 1
8
> SELECT a AS b, count(*) FROM t GROUP BY b ORDER BY 1, 2
NULL | 1
1 | 1
2 | 2
3 | 1
> SELECT a AS x, count(*) FROM t GROUP BY x ORDER BY x
NULL | 1
1 | 1
2 | 2
3 | 1
> SELECT b AS a FROM t ORDER BY a
NULL
5
5
10
20
> SELECT b AS a FROM t ORDER BY +a, c
NULL
10
5
5
20
> SELECT -a AS b FROM t WHERE b = 5
-2
-2
> SELECT a FROM t GROUP BY 1 ORDER BY 1 DESC
3
2
1
NULL
> SELECT a FROM t GROUP BY 2
error SQLITE_ERROR: 1st GROUP BY term out of range - should be between 1 and 1
> SELECT a FROM t ORDER BY 2
error SQLITE_ERROR: 1st ORDER BY term out of range - should be between 1 and 1
> SELECT a FROM t ORDER BY 0
error SQLITE_ERROR: 1st ORDER BY term out of range - should be between 1 and 1
> SELECT a FROM t ORDER BY 1 + 0, c
NULL
2
1
2
3
> SELECT a, b FROM t GROUP BY 'a' ORDER BY 1
1 | 10
> SELECT "a" FROM t ORDER BY "nothing"
error SQLITE_ERROR: no such column: "nothing" - should this be a string literal in single-quotes?
> SELECT "nothing" FROM t
error SQLITE_ERROR: no such column: "nothing" - should this be a string literal in single-quotes?
> SELECT 'a' FROM t LIMIT 1
'a'
> SELECT count(DISTINCT a), sum(DISTINCT a), avg(DISTINCT b), group_concat(DISTINCT a), total(DISTINCT b) FROM t
3 | 6 | 11.666666666666666 | '1,2,3' | 35.0
> SELECT count(DISTINCT a, b) FROM t
error SQLITE_ERROR: wrong number of arguments to function count()
> SELECT count(DISTINCT *) FROM t
error SQLITE_ERROR: near "*": syntax error
> SELECT group_concat(DISTINCT a, '-') FROM t
error SQLITE_ERROR: DISTINCT aggregates must have exactly one argument
> SELECT sum(a) FILTER (WHERE b > 5), count(*) FILTER (WHERE a IS NULL), max(a) FILTER (WHERE 0), group_concat(c) FILTER (WHERE a > 1) FROM t
4 | 1 | NULL | 'y,z,w'
> SELECT abs(a) FILTER (WHERE 1) FROM t
error SQLITE_ERROR: FILTER may not be used with non-aggregate abs()
> SELECT group_concat(c ORDER BY b DESC, c), string_agg(c, '/' ORDER BY c), json_group_array(c ORDER BY a DESC, c), group_concat(DISTINCT b ORDER BY b DESC) FROM t
'z,x,w,y,n' | 'n/w/x/y/z' | '["z","w","y","x","n"]' | '20,10,5'
> SELECT group_concat(c, a ORDER BY c) FROM t
'n2w1x2y3z'
> SELECT abs(a ORDER BY b) FROM t
error SQLITE_ERROR: ORDER BY may not be used with non-aggregate abs()
> SELECT group_concat(c) FROM (SELECT c FROM t ORDER BY c DESC)
'z,y,x,w,n'
> SELECT sum(count(*)) FROM t
error SQLITE_ERROR: misuse of aggregate function count()
> SELECT count(*) + sum(a) * 2, count(*) FROM t GROUP BY a IS NULL
20 | 4
NULL | 1
> SELECT (SELECT sum(t.a) FROM t AS i LIMIT 1) FROM t
8
> SELECT (SELECT sum(i.a + t.a) FROM t AS i) FROM t
12
16
20
NULL
16
> SELECT a, (SELECT max(i.b) FROM t AS i WHERE i.a = t.a) FROM t ORDER BY (SELECT count(*) FROM t AS i WHERE i.a < t.a), c
NULL | NULL
1 | 10
2 | 5
2 | 5
3 | 20
# Windows: default frames, RANGE with NULL and text, names
> SELECT c, sum(b) OVER (ORDER BY a), sum(b) OVER (), count(*) OVER (ORDER BY a DESC), group_concat(c, '') OVER (ORDER BY c ROWS 1 PRECEDING) FROM t ORDER BY c
'n' | NULL | 40 | 5 | 'n'
'w' | 20 | 40 | 3 | 'nw'
'x' | 10 | 40 | 4 | 'wx'
'y' | 20 | 40 | 3 | 'xy'
'z' | 40 | 40 | 1 | 'yz'
> SELECT c, sum(b) OVER (ORDER BY a RANGE BETWEEN 1 PRECEDING AND 1 FOLLOWING), group_concat(c, '') OVER (ORDER BY c RANGE BETWEEN 1 PRECEDING AND 1 FOLLOWING) FROM t ORDER BY c
'n' | NULL | 'n'
'w' | 40 | 'w'
'x' | 20 | 'x'
'y' | 40 | 'y'
'z' | 30 | 'z'
> SELECT c, sum(b) OVER w, rank() OVER w, row_number() OVER (w ROWS UNBOUNDED PRECEDING) FROM t WINDOW w AS (PARTITION BY a ORDER BY c) ORDER BY c
'n' | NULL | 1 | 1
'w' | 5 | 1 | 1
'x' | 10 | 1 | 1
'y' | 10 | 2 | 2
'z' | 20 | 1 | 1
> SELECT sum(b) OVER (w PARTITION BY a) FROM t WINDOW w AS (ORDER BY c)
error SQLITE_ERROR: cannot override PARTITION clause of window: w
> SELECT sum(b) OVER w FROM t
error SQLITE_ERROR: no such window: w
> SELECT sum(b) OVER (ORDER BY a ROWS BETWEEN CURRENT ROW AND 1 PRECEDING) FROM t
error SQLITE_ERROR: unsupported frame specification
> SELECT sum(b) OVER (ROWS BETWEEN UNBOUNDED FOLLOWING AND CURRENT ROW) FROM t
error SQLITE_ERROR: near "FOLLOWING": syntax error
> SELECT sum(b) OVER (ORDER BY a, b RANGE 1 PRECEDING) FROM t
error SQLITE_ERROR: RANGE with offset PRECEDING/FOLLOWING requires one ORDER BY expression
> SELECT sum(b) OVER (GROUPS 1 PRECEDING) FROM t
40
40
40
40
40
> SELECT sum(DISTINCT b) OVER () FROM t
error SQLITE_ERROR: DISTINCT is not supported for window functions
> SELECT a FROM t WHERE sum(b) OVER () > 1
error SQLITE_ERROR: misuse of window function sum()
> SELECT a FROM t GROUP BY sum(b) OVER ()
error SQLITE_ERROR: misuse of window function sum()
> SELECT a, sum(b) OVER () AS s FROM t ORDER BY s, a
NULL | 40
1 | 40
2 | 40
2 | 40
3 | 40
> SELECT sum(sum(b)) OVER (ORDER BY a) FROM t GROUP BY a
NULL
10
20
40
> SELECT sum(sum(b) OVER ()) OVER () FROM t
error SQLITE_ERROR: misuse of window function sum()
> SELECT DISTINCT count(*) OVER (PARTITION BY a) FROM t ORDER BY 1
1
2
# Subqueries in every clause, row values
> SELECT (SELECT c FROM t ORDER BY c), (SELECT c FROM t WHERE 0), EXISTS (SELECT 1 FROM t WHERE 0), (SELECT 1, 2) = (1, 2), (1, 2) = (SELECT 1, 2)
'n' | NULL | 0 | 1 | 1
> SELECT (SELECT a, b FROM t)
error SQLITE_ERROR: sub-select returns 2 columns - expected 1
> SELECT (1, 2)
error SQLITE_ERROR: row value misused
> SELECT (1, 2) = (1, 2, 3)
error SQLITE_ERROR: row value misused
> SELECT (1, NULL) = (1, 2), (1, NULL) = (2, 2), (1, 2) < (1, 3), (1, NULL) < (2, 0), (1, NULL) < (1, 2), (1, 2) IS (1, 2), (NULL, 1) IS (NULL, 1), (2, 1) BETWEEN (1, 9) AND (2, 1), (1, 2) IS NOT DISTINCT FROM (1, 2)
NULL | 0 | 1 | 1 | NULL | 1 | 1 | 1 | 1
> SELECT (1, 2) IN ((1, 2), (3, 4)), (1, 2) IN (SELECT 1, 2), (1, NULL) IN (SELECT 1, 2), (1, NULL) NOT IN (SELECT 2, 2), (1, 2) NOT IN (VALUES (1, 3))
1 | 1 | NULL | 1 | 1
> SELECT 1 IN (), NULL IN (), 1 NOT IN (), NULL NOT IN (SELECT 1 WHERE 0), 1 IN (NULL), 1 NOT IN (2, NULL)
0 | 0 | 1 | 1 | NULL | NULL
> SELECT a FROM t WHERE (a, b) IN (SELECT 2, 5) ORDER BY c
2
2
> SELECT CASE (SELECT 1, 2) WHEN 1 THEN 1 END
error SQLITE_ERROR: row value misused
# Joins: merged columns, stars, ON beside WHERE
> CREATE TABLE l(a, b)
> CREATE TABLE r(a, c)
> INSERT INTO l VALUES (1, 'l1'), (2, 'l2')
changes 2
> INSERT INTO r VALUES (2, 'r2'), (3, 'r3')
changes 2
> SELECT * FROM l NATURAL JOIN r
2 | 'l2' | 'r2'
> SELECT * FROM l NATURAL LEFT JOIN r
1 | 'l1' | NULL
2 | 'l2' | 'r2'
> SELECT * FROM l NATURAL RIGHT JOIN r
2 | 'l2' | 'r2'
3 | NULL | 'r3'
> SELECT * FROM l NATURAL FULL JOIN r
1 | 'l1' | NULL
2 | 'l2' | 'r2'
3 | NULL | 'r3'
> SELECT a, l.a, r.a FROM l FULL JOIN r USING (a) ORDER BY a
1 | 1 | NULL
2 | 2 | 2
3 | NULL | 3
> SELECT a FROM l JOIN r ON l.a = r.a
error SQLITE_ERROR: ambiguous column name: a
> SELECT l.*, r.* FROM l LEFT JOIN r USING (a)
1 | 'l1' | NULL | NULL
2 | 'l2' | 2 | 'r2'
> SELECT * FROM l LEFT JOIN r ON l.a = r.a AND r.c = 'r3'
1 | 'l1' | NULL | NULL
2 | 'l2' | NULL | NULL
> SELECT * FROM l LEFT JOIN r ON l.a = r.a WHERE r.c = 'r3'
> SELECT * FROM l LEFT JOIN r ON l.a = 1 WHERE r.a IS NOT NULL ORDER BY 3
1 | 'l1' | 2 | 'r2'
1 | 'l1' | 3 | 'r3'
> SELECT * FROM l FULL JOIN r ON 0 ORDER BY 1, 3
NULL | NULL | 2 | 'r2'
NULL | NULL | 3 | 'r3'
1 | 'l1' | NULL | NULL
2 | 'l2' | NULL | NULL
> SELECT * FROM l RIGHT JOIN r ON l.a = r.a AND l.b = 'zzz' ORDER BY 3
NULL | NULL | 2 | 'r2'
NULL | NULL | 3 | 'r3'
> SELECT * FROM l, r WHERE l.a < r.a ORDER BY 1, 3
1 | 'l1' | 2 | 'r2'
1 | 'l1' | 3 | 'r3'
2 | 'l2' | 3 | 'r3'
> SELECT * FROM l JOIN r ORDER BY 1, 3
1 | 'l1' | 2 | 'r2'
1 | 'l1' | 3 | 'r3'
2 | 'l2' | 2 | 'r2'
2 | 'l2' | 3 | 'r3'
> SELECT * FROM l CROSS JOIN r USING (a)
2 | 'l2' | 'r2'
> SELECT * FROM l NATURAL JOIN r ON 1
error SQLITE_ERROR: a NATURAL join may not have an ON or USING clause
> SELECT * FROM l JOIN r USING (nothing)
error SQLITE_ERROR: near "nothing": syntax error
> SELECT * FROM l JOIN r USING (b)
error SQLITE_ERROR: cannot join using column b - column not present in both tables
> SELECT nothing.* FROM l
error SQLITE_ERROR: near "nothing": syntax error
> SELECT * FROM l JOIN (r JOIN l AS l2 USING (a)) USING (a)
2 | 'l2' | 'r2' | 'l2'
> SELECT l2.b, a FROM (l JOIN r USING (a)) LEFT JOIN l AS l2 USING (a)
'l2' | 2
> SELECT * FROM l AS x JOIN l AS y USING (a, b) RIGHT JOIN r USING (a)
2 | 'l2' | 'r2'
3 | NULL | 'r3'
# Recursive CTEs: the queue, its order, LIMIT
> WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n LIMIT 5) SELECT x FROM n
1
2
3
4
5
> WITH RECURSIVE n(x) AS (VALUES (1) UNION SELECT (x + 1) % 4 FROM n) SELECT x FROM n
1
2
3
0
> WITH RECURSIVE n(x, d) AS (SELECT 1, 0 UNION ALL SELECT x * 2 + i, d + 1 FROM n, (SELECT 0 AS i UNION ALL SELECT 1) WHERE d < 2) SELECT x FROM n
1
2
3
4
5
6
7
> WITH RECURSIVE n(x, d) AS (SELECT 1, 0 UNION ALL SELECT x * 2 + i, d + 1 FROM n, (SELECT 0 AS i UNION ALL SELECT 1) WHERE d < 2 ORDER BY 2 DESC) SELECT x FROM n
1
2
4
5
3
6
7
> WITH RECURSIVE n(x, d) AS (SELECT 1, 0 UNION ALL SELECT x * 2 + i, d + 1 FROM n, (SELECT 0 AS i UNION ALL SELECT 1) WHERE d < 2 ORDER BY 2 DESC, 1 DESC LIMIT 4 OFFSET 1) SELECT x FROM n
3
7
6
2
> WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 3), m(y) AS (SELECT x FROM n UNION ALL SELECT y * 10 FROM m WHERE y < 100) SELECT y FROM m
1
2
3
10
20
30
100
200
300
> WITH n AS MATERIALIZED (SELECT 1 AS x), m AS NOT MATERIALIZED (SELECT x + 1 AS y FROM n) SELECT * FROM n, m, n AS k
1 | 2 | 1
> WITH n(a, b) AS (SELECT 1) SELECT * FROM n
error SQLITE_ERROR: table n has 1 values for 2 columns
# Compounds, LIMIT, VALUES
> SELECT a FROM t UNION SELECT b FROM t ORDER BY a DESC LIMIT 3
20
10
5
> SELECT a FROM t UNION SELECT b FROM t ORDER BY c
error SQLITE_ERROR: 1st ORDER BY term does not match any column in the result set
> SELECT a AS x FROM t UNION ALL SELECT b FROM t ORDER BY b LIMIT 4
NULL
NULL
1
2
> SELECT a FROM t UNION ALL SELECT b FROM t ORDER BY a + 1
error SQLITE_ERROR: 1st ORDER BY term does not match any column in the result set
> SELECT a, b FROM t UNION SELECT a FROM t
error SQLITE_ERROR: SELECTs to the left and right of UNION do not have the same number of result columns
> SELECT 1 UNION ALL SELECT 2 INTERSECT SELECT 2 EXCEPT SELECT 3
2
> SELECT a FROM t ORDER BY a UNION SELECT 1
error SQLITE_ERROR: ORDER BY clause should come after UNION not before
> SELECT a FROM t LIMIT 1 UNION SELECT 1
error SQLITE_ERROR: LIMIT clause should come after UNION not before
> VALUES (1, 2), (3, 4) ORDER BY 1 DESC
error SQLITE_ERROR: near "ORDER": syntax error
> VALUES (1, 2), (3)
error SQLITE_ERROR: all VALUES must have the same number of terms
> SELECT column2 FROM (VALUES (1, 'a'), (2, 'b'))
'a'
'b'
> SELECT c FROM t ORDER BY c LIMIT 2 OFFSET 1
'w'
'x'
> SELECT c FROM t ORDER BY c LIMIT 1, 2
'w'
'x'
> SELECT c FROM t ORDER BY c LIMIT -1 OFFSET 3
'y'
'z'
> SELECT c FROM t ORDER BY c LIMIT '2'
'n'
'w'
> SELECT c FROM t ORDER BY c LIMIT 1.0
'n'
> SELECT c FROM t ORDER BY c LIMIT 1.5
error SQLITE_MISMATCH: datatype mismatch
> SELECT c FROM t ORDER BY c LIMIT 'x'
error SQLITE_MISMATCH: datatype mismatch
> SELECT c FROM t ORDER BY c LIMIT NULL
error SQLITE_MISMATCH: datatype mismatch
> SELECT c FROM t ORDER BY c LIMIT 2 OFFSET -5
'n'
'w'
> SELECT c FROM t ORDER BY c LIMIT (SELECT count(*) FROM l)
'n'
'w'
> SELECT c FROM t ORDER BY c LIMIT a
error SQLITE_ERROR: no such column: a
# Rowids and their names
> CREATE TABLE k(rowid, x)
> INSERT INTO k VALUES ('r', 'x')
changes 1
> SELECT rowid, oid, _rowid_ FROM k
'r' | 1 | 1
> CREATE TABLE k2(id INTEGER PRIMARY KEY, oid)
> INSERT INTO k2 VALUES (7, 'o')
changes 1
> SELECT rowid, oid, _rowid_, id FROM k2
7 | 'o' | 7 | 7
> CREATE TABLE k3(id INT PRIMARY KEY, x)
> INSERT INTO k3(rowid, id) VALUES (5, 9)
changes 1
> SELECT rowid, id FROM k3
5 | 9
> CREATE TABLE k4(id INTEGER PRIMARY KEY DESC, x)
> INSERT INTO k4(rowid, id) VALUES (5, 9)
changes 1
> SELECT rowid, id FROM k4
5 | 9
> CREATE TABLE k5(id INTEGER, PRIMARY KEY (id DESC))
> INSERT INTO k5(rowid, id) VALUES (5, 9)
changes 1
> SELECT rowid, id FROM k5
9 | 9
> CREATE TABLE k6(x PRIMARY KEY) WITHOUT ROWID
> SELECT rowid FROM k6
error SQLITE_ERROR: no such column: rowid
> SELECT rowid FROM (SELECT 1 AS x)
error SQLITE_ERROR: no such column: rowid
> SELECT rowid FROM (SELECT * FROM k3)
error SQLITE_ERROR: no such column: rowid
> CREATE VIEW kv AS SELECT * FROM k3
> SELECT rowid FROM kv
error SQLITE_ERROR: no such column: rowid
> SELECT count(*), "count(*)", count( * ) FROM (SELECT 1 AS "count(*)")
1 | 1 | 1
