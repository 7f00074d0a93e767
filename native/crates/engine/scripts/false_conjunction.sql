> CREATE TABLE t (a INT PRIMARY KEY, b, g AS (hex(a)) VIRTUAL) WITHOUT ROWID
> CREATE INDEX i ON t (b) WHERE b IN (1, 2, 3)
> INSERT INTO t (a, b) VALUES (1, 1)
changes 1
> SELECT 1 FROM t WHERE nosuch AND (1 AND a IN ())
> SELECT 1 FROM t WHERE nosuch AND (a AND a IN ())
> SELECT 1 FROM t WHERE nosuch AND (a AND (b AND 0))
> SELECT 1 FROM t WHERE nosuch AND (abs(a) AND 0)
error SQLITE_ERROR: no such column: nosuch
> SELECT 1 FROM t INDEXED BY i WHERE b IN (1, 2, 3) AND (1 AND g IN ())
error SQLITE_ERROR: no query solution
> SELECT 1 FROM t INDEXED BY i WHERE b IN (1, 2, 3) AND (1 AND 0)
error SQLITE_ERROR: no query solution
> SELECT 1 FROM t INDEXED BY i WHERE b IN (1, 2, 3) AND 1
1
> SELECT a FROM t WHERE b AND (1 AND 0) AND nosuch
