# A window that takes its rows as the window before gives them finds the end of a partition in one pass
> CREATE TABLE t(id INTEGER PRIMARY KEY, a, b)
> WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 30000) INSERT INTO t SELECT i, i % 7, i * 7919 % 30011 FROM c
changes 30000
> SELECT sum(x * y), max(x), max(y) FROM (SELECT percent_rank() OVER () x, rank() OVER (ORDER BY b) y FROM t)
0.0 | 0.0 | 30000
> SELECT sum(x * y), max(x), max(y) FROM (SELECT ntile(5) OVER (PARTITION BY a) x, dense_rank() OVER (PARTITION BY a ORDER BY b) y FROM t)
244313565 | 5 | 4286
