# Groups by integers that come in order and lie far apart, until one does not
> CREATE TABLE l(k INTEGER, n INTEGER, q REAL, s TEXT)
> INSERT INTO l WITH RECURSIVE c(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM c WHERE i < 9999) SELECT i / 4 * 32 - 9000, i % 4, i * 0.37, 'text ' || i % 11 FROM c
changes 10000
> SELECT count(*), sum(k), sum(c), sum(q) FROM (SELECT k, count(*) AS c, sum(q) AS q FROM l GROUP BY k)
2500 | 77460000 | 10000 | 18498150.0
> SELECT k, count(*), sum(q), min(s), max(n), avg(n) FROM l GROUP BY k LIMIT 5
-9000 | 4 | 2.2199999999999998 | '0' | 3 | 1.5
-8968 | 4 | 8.14 | '0' | 3 | 1.5
-8936 | 4 | 14.06 | '0' | 3 | 1.5
-8904 | 4 | 19.979999999999997 | '0' | 3 | 1.5
-8872 | 4 | 25.9 | '0' | 3 | 1.5
> SELECT k, sum(q) FROM l GROUP BY k ORDER BY k DESC LIMIT 5
70968 | 14796.3
70936 | 14790.38
70904 | 14784.46
70872 | 14778.54
70840 | 14772.619999999999
> SELECT k, sum(q) AS total FROM l GROUP BY k HAVING sum(q) > 14790 ORDER BY total DESC LIMIT 5
70968 | 14796.3
70936 | 14790.38
> SELECT k + 1, total(n) FROM l WHERE n <> 2 GROUP BY k + 1 LIMIT 3 OFFSET 100
-5799 | 4.0
-5767 | 4.0
-5735 | 4.0
> SELECT k, count(s), group_concat(n) FROM l GROUP BY k LIMIT 3
-9000 | 4 | '0,1,2,3'
-8968 | 4 | '0,1,2,3'
-8936 | 4 | '0,1,2,3'
> SELECT k, count(DISTINCT n) FROM l GROUP BY k LIMIT 3
-9000 | 4
-8968 | 4
-8936 | 4
> SELECT count(*) FROM (SELECT k FROM l GROUP BY k HAVING count(*) = 4)
2500
> INSERT INTO l VALUES (-9000, 7, 1000.5, 'late'), (NULL, 8, 1.0, 'none'), (2500.5, 9, 2.0, 'half'), (99999999999, 1, 0.5, 'far')
changes 4
> SELECT k, count(*), sum(q), max(s) FROM l GROUP BY k LIMIT 4
NULL | 1 | 1.0 | 'none'
-9000 | 5 | 1002.72 | 'late'
-8968 | 4 | 8.14 | '0'
-8936 | 4 | 14.06 | '0'
> SELECT k, count(*), sum(q), max(s) FROM l GROUP BY k ORDER BY k DESC LIMIT 4
99999999999 | 1 | 0.5 | 'far'
70968 | 4 | 14796.3 | '0'
70936 | 4 | 14790.38 | '0'
70904 | 4 | 14784.46 | '0'
> SELECT count(*), sum(k), sum(c), sum(q) FROM (SELECT k, count(*) AS c, sum(q) AS q FROM l GROUP BY k)
2503 | 100077462499.5 | 10004 | 18499154.0
> UPDATE l SET k = 5 WHERE rowid = 500
changes 1
> UPDATE l SET k = k - 40 WHERE rowid = 9000
changes 1
> SELECT count(*), sum(k), sum(c), sum(q) FROM (SELECT k, count(*) AS c, sum(q) AS q FROM l GROUP BY k)
2505 | 100077525432.5 | 10004 | 18499154.0
> SELECT k, count(*) FROM l GROUP BY k HAVING count(*) <> 4
NULL | 1
-9000 | 5
-5032 | 3
5 | 1
2500.5 | 1
62928 | 1
62968 | 3
99999999999 | 1
> PRAGMA threads = 3
3
> SELECT count(*), sum(k), sum(c), sum(q) FROM (SELECT k, count(*) AS c, sum(n) AS q FROM l GROUP BY k)
2505 | 100077525432.5 | 10004 | 15025
> DELETE FROM l WHERE rowid > 10000
changes 4
> SELECT count(*), sum(k), sum(c), sum(q) FROM (SELECT k, count(*) AS c, sum(n) AS q FROM l GROUP BY k)
2502 | 77522933 | 10000 | 15000
