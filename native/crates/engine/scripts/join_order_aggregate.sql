# Joins below a grouping run in an order of their own: nothing may show it.
> CREATE TABLE a(id INTEGER PRIMARY KEY, b INTEGER, x INTEGER, r REAL, t TEXT COLLATE NOCASE)
> CREATE TABLE b(id INTEGER PRIMARY KEY, c INTEGER, y INTEGER, t TEXT)
> CREATE TABLE c(id INTEGER PRIMARY KEY, z INTEGER, t TEXT)
> CREATE INDEX a_b ON a(b)
> CREATE INDEX b_c ON b(c, y)
> WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 120) INSERT INTO a SELECT x, nullif(x % 13, 4), x % 10, CASE x % 5 WHEN 0 THEN NULL ELSE x * 0.1 END, char(65 + x % 4 + 32 * (x % 2)) FROM n
changes 120
> WITH RECURSIVE n(x) AS (SELECT 0 UNION ALL SELECT x + 1 FROM n WHERE x < 15) INSERT INTO b SELECT x, x % 5, x % 3, char(65 + x % 4) FROM n
changes 16
> INSERT INTO c VALUES (0, 1, 'a'), (1, 2, 'b'), (2, NULL, 'c'), (3, 4, NULL), (7, 1, 'a')
changes 5
> SELECT c.t, count(*), sum(a.x), sum(a.r), avg(a.r) FROM a, b, c WHERE a.b = b.id AND b.c = c.id GROUP BY c.t
NULL | 19 | 85 | 92.0 | 5.75
'a' | 27 | 126 | 143.10000000000002 | 6.5045454545454557
'b' | 28 | 124 | 121.9 | 5.540909090909091
'c' | 28 | 122 | 139.70000000000002 | 6.3500000000000005
> SELECT b.y, c.z, count(*), total(a.x) FROM c, b, a WHERE a.b = b.id AND b.c = c.id AND c.z < 4 GROUP BY b.y, c.z ORDER BY c.z, b.y
0 | 1 | 9 | 45.0
1 | 1 | 9 | 38.0
2 | 1 | 9 | 43.0
0 | 2 | 9 | 42.0
1 | 2 | 10 | 45.0
2 | 2 | 9 | 37.0
> SELECT b.c, min(a.t), max(a.t), min(a.x) FROM b, a WHERE a.b = b.id GROUP BY b.c
0 | 'A' | 'd' | 0
1 | 'A' | 'd' | 0
2 | 'A' | 'd' | 0
3 | 'A' | 'd' | 0
4 | 'A' | 'd' | 0
> SELECT count(*) FROM a, b WHERE (a.b = b.id AND a.x = 1 AND b.y = 0) OR (a.b = b.id AND a.x IN (2, 3) AND b.y = 1) OR (a.b = b.id AND a.x > 8 AND b.y BETWEEN 1 AND 2)
18
> SELECT count(*) FROM a, b WHERE (a.b = b.id AND a.x = 1) OR a.b = b.id
111
> SELECT count(*) FROM a, b WHERE (a.x = 1 AND b.y = 0) OR (a.x = 2 AND b.y = 1 AND a.b = b.id)
75
> SELECT count(*) FROM a, b, c WHERE a.b = b.id AND b.c = c.id AND a.x = c.z
8
> SELECT count(*), sum(a.x) FROM a, b, c WHERE a.b = b.id AND a.x = c.id AND b.c = c.id
10 | 15
> SELECT k, sum(v) FROM (SELECT c.t AS k, a.x * b.y AS v FROM a, b, c WHERE a.b = b.id AND b.c = c.id) WHERE v > 2 GROUP BY k
NULL | 78
'a' | 119
'b' | 114
'c' | 126
> SELECT k, sum(v) FROM (SELECT c.t AS k, p.v FROM (SELECT a.x + 1 AS v, a.b AS w FROM a WHERE a.x < 6) AS p, b, c WHERE p.w = b.id AND b.c = c.id) GROUP BY k
NULL | 36
'a' | 59
'b' | 59
'c' | 58
> SELECT x, count(*) FROM a WHERE b IN (1, 2, 3) GROUP BY x
0 | 3
1 | 3
2 | 3
3 | 3
4 | 3
5 | 3
6 | 3
7 | 3
8 | 3
9 | 3
> SELECT b, count(*), sum(x) FROM a GROUP BY b
NULL | 9 | 44
0 | 9 | 45
1 | 10 | 45
2 | 10 | 45
3 | 10 | 45
5 | 9 | 43
6 | 9 | 42
7 | 9 | 41
8 | 9 | 40
9 | 9 | 39
10 | 9 | 38
11 | 9 | 37
12 | 9 | 36
> SELECT c, y, count(*) FROM b GROUP BY c, y
0 | 0 | 2
0 | 1 | 1
0 | 2 | 1
1 | 0 | 1
1 | 1 | 1
1 | 2 | 1
2 | 0 | 1
2 | 1 | 1
2 | 2 | 1
3 | 0 | 1
3 | 1 | 1
3 | 2 | 1
4 | 0 | 1
4 | 1 | 1
4 | 2 | 1
> SELECT count(*) FROM a, b WHERE a.b = b.id AND b.id IN (SELECT c.id FROM c WHERE z > 0)
38
> SELECT sum(a.x * 4611686018427387904) FROM a, b WHERE a.b = b.id AND a.x < 3
1.5679732462653119e+20
> CREATE TABLE big(id INTEGER PRIMARY KEY, k INTEGER, v)
> INSERT INTO big VALUES (1, 1, 1e100), (2, 2, 1), (3, 1, -1e100), (4, 2, 1e100), (5, 1, 3), (6, 2, -1e100), (7, 3, 9223372036854775807), (8, 3, -5), (9, 3, 4)
changes 9
> CREATE TABLE key(k INTEGER PRIMARY KEY, g TEXT)
> INSERT INTO key VALUES (1, 'x'), (2, 'x'), (3, 'y')
changes 3
> SELECT g, sum(v), avg(v), total(v) FROM key, big WHERE big.k = key.k GROUP BY g
'x' | 4.0 | 0.66666666666666663 | 4.0
'y' | 9223372036854775806 | 3.0744573456182584e+18 | 9.2233720368547758e+18
> SELECT sum(v) FROM big, key WHERE big.k = key.k AND key.k = 3
9223372036854775806
> SELECT g, count(DISTINCT v) FROM key, big WHERE big.k = key.k GROUP BY g
'x' | 4
'y' | 3
> SELECT count(*) FROM a LEFT JOIN b ON a.b = b.id AND b.t NOT LIKE '%B%'
120
> SELECT n, count(*) FROM (SELECT b.id, count(a.id) AS n FROM b LEFT JOIN a ON a.b = b.id AND a.t LIKE '%a%' GROUP BY b.id) GROUP BY n ORDER BY 2 DESC, n DESC
2 | 9
0 | 4
3 | 3
