# PRAGMA reverse_unordered_selects: a query that names no order reads its tables backwards; statements kept from before learn of it.
> CREATE TABLE t(a INTEGER PRIMARY KEY, b)
> CREATE INDEX i ON t(b)
> INSERT INTO t VALUES (1, 'x'), (2, 'z'), (3, 'y')
changes 3
> SELECT * FROM t
1 | 'x'
2 | 'z'
3 | 'y'
> PRAGMA reverse_unordered_selects = on
> SELECT * FROM t
3 | 'y'
2 | 'z'
1 | 'x'
> SELECT a FROM t WHERE a > 1
3
2
> SELECT a FROM t WHERE b > 'w'
2
3
1
> SELECT a FROM t ORDER BY a
1
2
3
> SELECT a FROM t LIMIT 1
3
> SELECT DISTINCT a FROM t
3
2
1
> SELECT x.a, y.a FROM t AS x, t AS y WHERE y.a > x.a
2 | 3
1 | 3
1 | 2
> SELECT a FROM t UNION ALL SELECT a FROM t
3
2
1
3
2
1
> SELECT b, count(*) FROM t GROUP BY b
'x' | 1
'y' | 1
'z' | 1
> PRAGMA reverse_unordered_selects = off
> SELECT * FROM t
1 | 'x'
2 | 'z'
3 | 'y'
