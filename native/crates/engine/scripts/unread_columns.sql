> CREATE TABLE t (a INTEGER PRIMARY KEY, b, c, d)
> INSERT INTO t VALUES (1, 'b1', 'c1', 7), (2, 'b2', 'c2', 8), (3, 'b3', 'c3', 9)
changes 3
> SELECT a FROM (SELECT * FROM t LIMIT 2)
1
2
> SELECT count(*) FROM (SELECT * FROM t LIMIT 2)
2
> SELECT x.a FROM (SELECT * FROM t LIMIT 2) x WHERE x.c > 'c1'
2
> SELECT x.a FROM (SELECT * FROM t LIMIT 3) x ORDER BY x.d DESC
3
2
1
> SELECT max(x.a), (SELECT x.b) FROM (SELECT * FROM t LIMIT 3) x GROUP BY x.c || x.d
1 | 'b1'
2 | 'b2'
3 | 'b3'
> SELECT a FROM (SELECT * FROM t LIMIT 3) x WHERE EXISTS (SELECT 1 FROM t WHERE t.d = x.d + 1)
1
2
> SELECT x.a, y.a FROM (SELECT * FROM t LIMIT 3) x JOIN (SELECT b, a, c FROM t LIMIT 3) y USING (c)
1 | 1
2 | 2
3 | 3
> SELECT c FROM (SELECT * FROM t LIMIT 3) x FULL JOIN (SELECT d, c FROM t LIMIT 2) y USING (c)
'c1'
'c2'
'c3'
> SELECT x.a, e.value FROM (SELECT a, json_array(b, c) j, d FROM t LIMIT 3) x, json_each(x.j) e WHERE e.key = x.d - 7
1 | 'b1'
2 | 'c2'
> SELECT a, row_number() OVER (PARTITION BY d % 2 ORDER BY c DESC) FROM (SELECT * FROM t LIMIT 3)
2 | 1
3 | 1
1 | 2
> SELECT a FROM (SELECT * FROM t LIMIT 3) UNION ALL SELECT b FROM (SELECT * FROM t LIMIT 1) ORDER BY 1
1
2
3
'b1'
> SELECT a FROM (SELECT a, b, d FROM t LIMIT 3) WHERE (b, d) IN (SELECT 'b2', 8)
2
> WITH RECURSIVE r(n) AS (SELECT x.a FROM (SELECT * FROM t LIMIT 1) x UNION ALL SELECT n + x.d FROM r, (SELECT * FROM t LIMIT 1) x WHERE n < 20) SELECT n FROM r
1
8
15
22
> SELECT a, (WITH w AS (SELECT x.d e) SELECT e FROM w) FROM (SELECT * FROM t LIMIT 3) x
1 | 7
2 | 8
3 | 9
> CREATE TABLE u (a, b)
> INSERT INTO u SELECT x.a, x.c FROM (SELECT * FROM t LIMIT 2) x
changes 2
> UPDATE u SET b = x.d FROM (SELECT * FROM t LIMIT 3) x WHERE x.a = u.a
changes 2
> SELECT * FROM u
1 | 7
2 | 8
