# Correlated subqueries below a grouping: rows with NULL, without a match, and of other types.
> CREATE TABLE o(id INTEGER PRIMARY KEY, c INTEGER, code TEXT COLLATE NOCASE, price REAL, any)
> CREATE TABLE l(o INTEGER, part INTEGER, quantity INTEGER, code TEXT, price REAL)
> CREATE INDEX l_o ON l(o)
> CREATE INDEX o_c ON o(c)
> CREATE TABLE c(id INTEGER PRIMARY KEY, name TEXT, region INTEGER)
> WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 40) INSERT INTO o SELECT x, nullif(x % 7, 3), char(65 + x % 5), x / 8.0, CASE x % 4 WHEN 0 THEN x WHEN 1 THEN x || '' WHEN 2 THEN NULL ELSE x + 0.0 END FROM n
changes 40
> WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 90) INSERT INTO l SELECT nullif(x % 37, 5), x % 9, x % 11, char(97 + x % 6), x / 16.0 FROM n
changes 90
> INSERT INTO c VALUES (0, 'zero', 1), (1, 'one', 1), (2, 'two', 2), (4, 'four', 2), (5, 'five', NULL), (9, 'nine', 3)
changes 6
> SELECT c, count(*) FROM o WHERE EXISTS (SELECT * FROM l WHERE l.o = o.id AND quantity > 6) GROUP BY c
NULL | 4
0 | 4
1 | 5
2 | 4
4 | 5
5 | 3
6 | 4
> SELECT c, count(*) FROM o WHERE NOT EXISTS (SELECT * FROM l WHERE l.o = o.id AND quantity > 6) GROUP BY c
NULL | 2
0 | 1
1 | 1
2 | 2
4 | 1
5 | 3
6 | 1
> SELECT count(*) FROM o WHERE NOT EXISTS (SELECT * FROM l WHERE l.part = o.c)
6
> SELECT count(*) FROM o WHERE EXISTS (SELECT * FROM l WHERE l.o = o.c AND l.part <> o.id)
28
> SELECT count(*), sum(id) FROM o WHERE NOT EXISTS (SELECT 1 FROM l WHERE l.part = o.c AND l.quantity > o.id % 12)
11 | 248
> SELECT count(*) FROM o WHERE EXISTS (SELECT * FROM l WHERE l.code = o.code)
0
> SELECT count(*) FROM o WHERE EXISTS (SELECT * FROM l WHERE o.code = l.code)
40
> SELECT count(*), total(id) FROM o WHERE EXISTS (SELECT * FROM l WHERE l.o = o.any)
26 | 499.0
> SELECT count(*) FROM o WHERE (EXISTS (SELECT * FROM l WHERE l.o = o.id) OR c = 2) AND id > 3
33
> SELECT c, sum(price) FROM o WHERE price > (SELECT avg(price) FROM l WHERE l.part = o.c) GROUP BY c
0 | 7.875
1 | 10.875
2 | 11.25
4 | 12.0
5 | 12.375
6 | 7.625
> SELECT c, count(*) FROM o WHERE (SELECT count(*) FROM l WHERE l.o = o.id) = 2 GROUP BY c
NULL | 3
0 | 3
1 | 3
2 | 2
4 | 3
5 | 3
6 | 3
> SELECT c, count(*) FROM o WHERE (SELECT count(*) FROM l WHERE l.o = o.c) = 0 GROUP BY c
NULL | 6
5 | 6
> SELECT count(*), sum(c IS NULL) FROM o WHERE (SELECT sum(quantity) FROM l WHERE l.o = o.c) IS NULL
12 | 6
> SELECT c, max(id) FROM o WHERE id < (SELECT 3 * max(quantity) - min(quantity) FROM l WHERE l.part = o.c AND l.o > 4) GROUP BY c ORDER BY 2
2 | 23
4 | 25
5 | 26
6 | 27
0 | 28
1 | 29
> SELECT o.c, count(*) FROM o, c WHERE o.c = c.id AND o.price > (SELECT 0.5 * avg(l.price) FROM l, c AS d WHERE l.part = d.id AND d.region = c.region) GROUP BY o.c
0 | 4
1 | 4
2 | 4
4 | 5
> SELECT name, count(*) FROM c, o, l AS l1 WHERE c.id = o.c AND l1.o = o.id AND EXISTS (SELECT * FROM l AS l2 WHERE l2.o = l1.o AND l2.part <> l1.part) AND NOT EXISTS (SELECT * FROM l AS l3 WHERE l3.o = l1.o AND l3.part <> l1.part AND l3.quantity > l1.quantity) GROUP BY name ORDER BY 2 DESC, name
'one' | 6
'four' | 5
'two' | 5
'zero' | 5
'five' | 4
> SELECT k, count(*) FROM (SELECT substr(code, 1, 1) AS k FROM o WHERE price > (SELECT avg(price) FROM o WHERE price > 1) AND NOT EXISTS (SELECT * FROM l WHERE l.o = o.id AND l.quantity < 3)) GROUP BY k
'A' | 2
'B' | 2
'C' | 3
'D' | 2
'E' | 1
> SELECT count(*) FROM o WHERE id = 1000 AND (SELECT sum(abs(-9223372036854775807 - l.o)) FROM l WHERE l.part = o.c) > 0
0
> WITH r AS (SELECT part AS p, sum(quantity) AS q FROM l GROUP BY part) SELECT id, q FROM c, r WHERE c.id = p AND q = (SELECT max(q) FROM r)
0 | 55
> WITH r AS (SELECT part AS p, sum(quantity) AS q FROM l GROUP BY part) SELECT id FROM c WHERE (SELECT max(q) FROM r) > 50 ORDER BY id
0
1
2
4
5
9
> SELECT part, count(*) FROM l GROUP BY part HAVING sum(quantity) > 50 AND count(*) > 9
0 | 10
1 | 10
2 | 10
> SELECT part, o, avg(quantity), sum(quantity), total(quantity) FROM l GROUP BY part, o HAVING max(quantity) - min(quantity) > (SELECT min(id) FROM o) ORDER BY 3, 1, 2
> SELECT o.id, o.price, o.c, count(*) FROM o LEFT JOIN l ON l.o = o.id GROUP BY o.id, o.price, o.c HAVING count(*) > 2 OR o.c IS NULL ORDER BY o.id
1 | 0.125 | 1 | 3
2 | 0.25 | 2 | 3
3 | 0.375 | NULL | 3
4 | 0.5 | 4 | 3
6 | 0.75 | 6 | 3
7 | 0.875 | 0 | 3
8 | 1.0 | 1 | 3
9 | 1.125 | 2 | 3
10 | 1.25 | NULL | 3
11 | 1.375 | 4 | 3
12 | 1.5 | 5 | 3
13 | 1.625 | 6 | 3
14 | 1.75 | 0 | 3
15 | 1.875 | 1 | 3
16 | 2.0 | 2 | 3
17 | 2.125 | NULL | 2
24 | 3.0 | NULL | 2
31 | 3.875 | NULL | 2
38 | 4.75 | NULL | 1
> SELECT l.o, l.part, (SELECT max(price) FROM o WHERE o.c = l.part), (SELECT typeof(o.any) FROM o WHERE o.id = l.o) FROM l WHERE l.quantity < (SELECT 0.9 * avg(m.quantity) FROM l AS m WHERE m.part = l.part) AND l.o < 9
0 | 1 | 4.5 | NULL
1 | 1 | 4.5 | 'text'
2 | 2 | 4.625 | 'null'
3 | 3 | NULL | 'real'
3 | 5 | 5.0 | 'real'
4 | 4 | 4.875 | 'integer'
4 | 6 | 4.25 | 'integer'
6 | 8 | NULL | 'null'
7 | 8 | NULL | 'real'
7 | 0 | 4.375 | 'real'
8 | 0 | 4.375 | 'integer'
> SELECT (SELECT count(*) FROM o WHERE o.any = v), (SELECT typeof(v) FROM o LIMIT 1) FROM (SELECT 4 AS v UNION ALL SELECT 4.0 UNION ALL SELECT '4' UNION ALL SELECT 4)
1 | 'integer'
1 | 'real'
0 | 'text'
1 | 'integer'
> UPDATE l SET price = (SELECT max(m.price) + 1 FROM l AS m WHERE m.part = l.part) WHERE o < 4
changes 11
> SELECT o, part, price FROM l WHERE o < 4
0 | 1 | 6.125
0 | 2 | 6.1875
1 | 1 | 7.125
1 | 2 | 7.1875
1 | 3 | 6.25
2 | 2 | 8.1875
2 | 3 | 7.25
2 | 4 | 6.3125
3 | 3 | 8.25
3 | 4 | 7.3125
3 | 5 | 6.375

# What is computed of an aggregate may read the row around it
> CREATE TABLE around(c)
> CREATE TABLE within(d INT)
> INSERT INTO around VALUES (1), (NULL), (2)
changes 3
> INSERT INTO within VALUES (2)
changes 1
> PRAGMA execution_engine = vector
> SELECT c FROM around AS q WHERE (SELECT count(*) + (q.c IS NULL) FROM within AS n WHERE n.d = q.c)
NULL
2
> SELECT c FROM around AS q WHERE (SELECT count(*) + q.c FROM within AS n WHERE n.d = q.c) > 1
2
> PRAGMA execution_engine = automatic
