# Rows within rows: in conditions that are taken apart, and nowhere else.
> CREATE TABLE t1(a, b INTEGER)
> CREATE TABLE t2(c, d)
> INSERT INTO t1 VALUES (3, 4), (5, 6), (NULL, 7)
changes 3
> INSERT INTO t2 VALUES (3, '4'), (NULL, 7)
changes 2
> SELECT 1 WHERE (2,(2,0)) IS (2,(2,0))
1
> SELECT 1 WHERE (2,(2,0)) = (2,(2,0))
1
> SELECT a FROM t1 WHERE (a,(b,0)) = (3,(4,0))
3
> SELECT a FROM t1 WHERE (a,(b,0)) IS (NULL,('7',0))
NULL
> SELECT a FROM t1 WHERE a > 1 AND ((a,b),(a,b)) = ((3,4),(3,4)) AND b < 9
3
> SELECT a FROM t1 WHERE ((a,b),(a,b)) = ((3,4),(3,5))
> SELECT a, c FROM t1 JOIN t2 ON (a,(b,0)) IS (c,(d,0))
3 | 3
NULL | NULL
> SELECT a, c FROM t1 LEFT JOIN t2 ON (a,(b,0)) = (c,(d,0))
3 | 3
5 | NULL
NULL | NULL
> SELECT a FROM t1 GROUP BY a HAVING (a,(2,0)) = (3,(2,0))
3
> UPDATE t1 SET b = 8 WHERE (a,(b,0)) = (3,(4,0))
changes 1
> DELETE FROM t1 WHERE (a,(b,0)) = (3,(8,0))
changes 1
> SELECT (2,(2,0)) = (2,(2,0))
error SQLITE_ERROR: row value misused
> SELECT a FROM t1 WHERE (a,(b,0)) IS NOT (3,(4,0))
error SQLITE_ERROR: row value misused
> SELECT a FROM t1 WHERE (a,(b,0)) > (3,(4,0))
error SQLITE_ERROR: row value misused
> SELECT a FROM t1 WHERE NOT (a,(b,0)) = (3,(4,0))
error SQLITE_ERROR: row value misused
> SELECT a FROM t1 WHERE a OR (a,(b,0)) = (3,(4,0))
error SQLITE_ERROR: row value misused
> SELECT a FROM t1 WHERE (a,(b,0,1)) = (3,(4,0))
error SQLITE_ERROR: row value misused
> SELECT a FROM t1 WHERE (a,b) = (3,(4,0))
error SQLITE_ERROR: row value misused
> SELECT a FROM t1 WHERE (a,(b,0)) IN (SELECT 3,4)
error SQLITE_ERROR: row value misused
> SELECT a FROM t1 WHERE (a,(b,0)) = (SELECT 3,4)
error SQLITE_ERROR: row value misused
> SELECT a FROM t1 WHERE (a,(SELECT 6,0)) = (5,(b,0))
5
> SELECT a FROM t1 ORDER BY (a,(b,0)) = (3,(4,0))
error SQLITE_ERROR: row value misused
