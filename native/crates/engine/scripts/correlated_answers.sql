# Correlated subqueries that batches answer for all rows at once: EXISTS of plain rows and values of aggregates, nothing else.
> CREATE TABLE t(a INTEGER, b INTEGER)
> INSERT INTO t VALUES (1, 5), (2, 6), (3, 7), (NULL, 8)
changes 4
> CREATE TABLE u(x INTEGER, y INTEGER)
> INSERT INTO u VALUES (1, 7), (1, 8), (2, NULL)
changes 3
> SELECT a, EXISTS (SELECT count(*) FROM u WHERE x = a), EXISTS (SELECT 1 FROM u WHERE x = a) FROM t
1 | 1 | 1
2 | 1 | 1
3 | 1 | 0
NULL | 1 | 0
> SELECT a FROM t WHERE EXISTS (SELECT count(*) FROM u WHERE x = a AND y = 3)
1
2
3
NULL
> SELECT a FROM t WHERE NOT EXISTS (SELECT max(y) FROM u WHERE x = a)
> SELECT a FROM t WHERE EXISTS (SELECT count(*) FROM u WHERE x = a GROUP BY y)
1
2
> SELECT a FROM t WHERE EXISTS (SELECT count(*) FROM u WHERE x = a HAVING count(*) > 1)
1
> SELECT a, (SELECT y FROM u WHERE x = a) FROM t
1 | 7
2 | NULL
3 | NULL
NULL | NULL
> SELECT a FROM t WHERE (SELECT y FROM u WHERE x = a) = 7
1
> SELECT a FROM t WHERE (SELECT y FROM u WHERE x = a) IS NULL
2
3
NULL
> SELECT a, (SELECT count(*) FROM u WHERE x = a), (SELECT sum(y) FROM u WHERE x = a) FROM t
1 | 2 | 15
2 | 1 | NULL
3 | 0 | NULL
NULL | 0 | NULL
> SELECT count(*), sum(b) FROM t WHERE EXISTS (SELECT count(*) FROM u WHERE x = a)
4 | 26
> SELECT b, count(*) FROM t WHERE (SELECT y FROM u WHERE x = a) = 7 GROUP BY b
5 | 1

# A grouping in FROM whose HAVING asks a correlated subquery.
> SELECT count(*) FROM (SELECT a FROM t GROUP BY a HAVING count(*) = (SELECT count(*) FROM u WHERE x = a))
1
> SELECT sum(s) FROM (SELECT sum(b) AS s FROM t GROUP BY a HAVING sum(b) < (SELECT max(y) FROM u WHERE x = a))
5
> SELECT count(*), sum(s) FROM (SELECT sum(b) AS s FROM t GROUP BY a HAVING EXISTS (SELECT 1 FROM u WHERE x = a))
2 | 11
> SELECT count(*) FROM (SELECT a FROM t GROUP BY a HAVING a = (SELECT y FROM u WHERE y > a ORDER BY y LIMIT 1))
0
