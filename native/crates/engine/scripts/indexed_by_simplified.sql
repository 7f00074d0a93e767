# A condition is what is left of it without the parts that are written as true or false: it may then say enough for a partial index.
> CREATE TABLE t(a, b)
> CREATE INDEX k ON t(b) WHERE a IS NOT NULL
> INSERT INTO t VALUES (1, 3), (2, 2), (3, 1), (NULL, 0)
changes 4
> SELECT a FROM t INDEXED BY k WHERE 0 OR a > 1
3
2
> SELECT a FROM t INDEXED BY k WHERE a > 1 OR 0
3
2
> SELECT a FROM t INDEXED BY k WHERE false OR a > 1
3
2
> SELECT a FROM t INDEXED BY k WHERE a IN () OR a > 1
3
2
> SELECT a FROM t INDEXED BY k WHERE a > 1 OR 0 OR b IN ()
3
2
> SELECT a FROM t INDEXED BY k WHERE (a > 1 OR 0) AND b
3
2
> SELECT a FROM t INDEXED BY k WHERE a > 1 OR (0 AND b)
3
2
> SELECT a FROM t INDEXED BY k WHERE a > 1 OR (1 AND a < 1)
error SQLITE_ERROR: no query solution
> SELECT a FROM t INDEXED BY k WHERE (a > 1 AND b) OR 0
error SQLITE_ERROR: no query solution
> SELECT a FROM t INDEXED BY k WHERE a > 1 OR NULL
error SQLITE_ERROR: no query solution
> SELECT a FROM t INDEXED BY k WHERE a > 1 OR +0
error SQLITE_ERROR: no query solution
> SELECT a FROM t INDEXED BY k WHERE a > 1 OR 0.0
error SQLITE_ERROR: no query solution
> SELECT a FROM t INDEXED BY k WHERE a > 1 OR 1
error SQLITE_ERROR: no query solution
> SELECT a FROM t INDEXED BY k WHERE a > 1 OR (b OR 1)
error SQLITE_ERROR: no query solution
> SELECT a FROM t INDEXED BY k WHERE a > 1 OR NOT true
error SQLITE_ERROR: no query solution
> SELECT a FROM t INDEXED BY k WHERE NOT (NOT (a > 1) OR 0)
error SQLITE_ERROR: no query solution
> SELECT a FROM t INDEXED BY k WHERE a IN ()
error SQLITE_ERROR: no query solution
> SELECT a FROM t INDEXED BY k WHERE a NOT IN ()
error SQLITE_ERROR: no query solution
> SELECT a FROM t INDEXED BY k WHERE a NOT IN () AND a > 1
3
2
> SELECT a FROM t WHERE a > 1 OR (b AND 0) OR b = 0
2
3
NULL
> SELECT a FROM t WHERE a > 1 OR 5
1
2
3
NULL
> SELECT a FROM t WHERE (a > 1 OR 0) IS NULL
NULL
> UPDATE t INDEXED BY k SET b = b + 10 WHERE 0 OR a > 1
changes 2
> DELETE FROM t INDEXED BY k WHERE 0 OR a > 2
changes 1
> SELECT * FROM t
1 | 3
2 | 12
NULL | 0
