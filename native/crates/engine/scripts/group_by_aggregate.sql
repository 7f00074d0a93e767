# Grouping by an aggregate is refused, in one of two ways.
> CREATE TABLE t(a, b)
> INSERT INTO t VALUES (1, 2)
changes 1
> SELECT max(a) FROM t GROUP BY 1
error SQLITE_ERROR: aggregate functions are not allowed in the GROUP BY clause
> SELECT max(a) FROM t GROUP BY (1)
error SQLITE_ERROR: aggregate functions are not allowed in the GROUP BY clause
> SELECT max(a) FROM t GROUP BY (1 COLLATE BINARY)
error SQLITE_ERROR: misuse of aggregate: max()
> SELECT max(a) AS m FROM t GROUP BY m
error SQLITE_ERROR: aggregate functions are not allowed in the GROUP BY clause
> SELECT max(a) AS m FROM t GROUP BY m COLLATE BINARY
error SQLITE_ERROR: misuse of aggregate: max()
> SELECT max(a) AS m FROM t GROUP BY m + 1
error SQLITE_ERROR: misuse of aggregate: max()
> SELECT max(a) FROM t GROUP BY max(a) + 1
error SQLITE_ERROR: aggregate functions are not allowed in the GROUP BY clause
> SELECT max(a) FROM t GROUP BY max(a) COLLATE NOCASE
error SQLITE_ERROR: aggregate functions are not allowed in the GROUP BY clause
> SELECT b, max(a) + min(b) FROM t GROUP BY 2 COLLATE NOCASE
error SQLITE_ERROR: misuse of aggregate: min()
> SELECT b, max(a) + 1 FROM t GROUP BY b, 2
error SQLITE_ERROR: aggregate functions are not allowed in the GROUP BY clause
> SELECT b, sum(a) OVER () AS w, max(a) FROM t GROUP BY w
error SQLITE_ERROR: misuse of aliased window function w
> SELECT b, max(a) FROM t GROUP BY 1 COLLATE NOCASE
2 | 1
