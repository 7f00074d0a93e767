# Which operands SQLite computes: abs() of the smallest integer fails when it is called
> CREATE TABLE t(a, b, m)
> INSERT INTO t VALUES (1, 0, -9223372036854775808), (2, NULL, -9223372036854775808), (3, 1.0, -9223372036854775808)
changes 3

# What the text itself decides
> SELECT (1 ISNULL) AND abs(m) FROM t
0
0
0
> SELECT (1 IS NULL) AND abs(m), abs(m) AND (-+'a' IS NULL) FROM t
0 | 0
0 | 0
0 | 0
> SELECT ('a' NOTNULL) OR abs(m), ('a' IS NOT NULL) OR abs(m), x'' IS DISTINCT FROM NULL OR abs(m) FROM t
1 | 1 | 1
1 | 1 | 1
1 | 1 | 1
> SELECT (NULL IS NULL) OR abs(m) FROM t
error SQLITE_ERROR: integer overflow
> SELECT (1 COLLATE nocase ISNULL) AND abs(m) FROM t
error SQLITE_ERROR: integer overflow
> SELECT NOT 1 AND abs(m) FROM t
error SQLITE_ERROR: integer overflow
> SELECT abs(m) OR (1 AND 1), abs(m) AND (0 OR 0) FROM t
1 | 0
1 | 0
1 | 0
> SELECT (1 ISNULL) AND nosuch
0
> SELECT nosuch AND (1 IS NULL)
0
> SELECT (1 NOTNULL) OR nosuch
error SQLITE_ERROR: no such column: nosuch
> SELECT abs(nosuch) AND (1 IS NULL)
error SQLITE_ERROR: no such column: nosuch
> SELECT 0xffffffffffffffffff ISNULL
0
> SELECT a FROM t WHERE abs(m) OR 1
1
2
3
> SELECT a FROM t WHERE abs(m) AND 0
> SELECT a FROM t WHERE NOT (abs(m) AND 0)
1
2
3
> SELECT CASE WHEN abs(m) OR 1 THEN 1 END, iif(abs(m) AND 0, 1, 2) FROM t
1 | 2
1 | 2
1 | 2
> SELECT count(*) FILTER (WHERE abs(m) AND 0) FROM t
0
> SELECT count(*) FROM t JOIN t AS u ON abs(t.m) OR 1
9

# A decision is wanted: NULL ends it as 0 does
> SELECT CASE WHEN NULL AND abs(m) THEN 1 END FROM t
NULL
NULL
NULL
> SELECT CASE WHEN NOT (NULL OR abs(m)) THEN 1 END FROM t
NULL
NULL
NULL
> SELECT CASE WHEN NOT (NULL AND abs(m)) THEN 1 END FROM t
error SQLITE_ERROR: integer overflow
> SELECT CASE WHEN (NULL AND abs(m)) IS TRUE THEN 1 ELSE 2 END FROM t
2
2
2
> SELECT CASE WHEN (NULL AND abs(m)) IS NOT TRUE THEN 1 ELSE 2 END FROM t
1
1
1
> SELECT CASE WHEN (NULL AND abs(m)) IS FALSE THEN 1 ELSE 2 END FROM t
error SQLITE_ERROR: integer overflow
> SELECT CASE WHEN (NULL OR abs(m)) IS NOT FALSE THEN 1 ELSE 2 END FROM t
1
1
1
> SELECT CASE WHEN NULL BETWEEN 1 AND abs(m) THEN 1 END FROM t
NULL
NULL
NULL
> SELECT CASE WHEN NULL NOT BETWEEN 1 AND abs(m) THEN 1 END FROM t
error SQLITE_ERROR: integer overflow
> SELECT CASE WHEN +(NULL AND abs(m)) THEN 1 END FROM t
error SQLITE_ERROR: integer overflow
> SELECT CASE WHEN likely(NULL AND abs(m)) THEN 1 END FROM t
error SQLITE_ERROR: integer overflow
> SELECT CASE WHEN (NULL AND abs(m)) COLLATE NOCASE THEN 1 END FROM t
error SQLITE_ERROR: integer overflow
> SELECT (NULL AND abs(m)) IS TRUE FROM t
error SQLITE_ERROR: integer overflow
> SELECT NULL BETWEEN 1 AND (SELECT abs(m)) FROM t
error SQLITE_ERROR: integer overflow
> SELECT a FROM t WHERE (b AND abs(m)) OR a = 1
error SQLITE_ERROR: integer overflow
> SELECT sum(1) FILTER (WHERE NULL AND abs(m)) FROM t
NULL
> SELECT sum(1) FILTER (WHERE NULL AND abs(m)) OVER () FROM t
error SQLITE_ERROR: integer overflow
> CREATE TABLE checked(a, CHECK ((a OR NULL) OR abs(a)))
> INSERT INTO checked VALUES (-9223372036854775808)
changes 1

# One with a subquery waits for the other
> SELECT (SELECT abs(m)) AND (a = 0) FROM t
0
0
0
> SELECT (a = 0) AND (SELECT abs(m)) FROM t
0
0
0
> SELECT (a > 0) OR (SELECT abs(m)) FROM t
1
1
1
> SELECT (SELECT abs(m)) OR (SELECT 1) FROM t
error SQLITE_ERROR: integer overflow
> SELECT a FROM t WHERE a = 5 OR ((SELECT abs(m)) AND (a = 0))
> SELECT (SELECT abs(m)) + NULL, NULL + (SELECT abs(m)), (SELECT abs(m)) || NULL FROM t
NULL | NULL | NULL
NULL | NULL | NULL
NULL | NULL | NULL
> SELECT (SELECT abs(m)) = NULL, NULL < (SELECT abs(m)) FROM t
NULL | NULL
NULL | NULL
NULL | NULL
> SELECT NULL IS (SELECT abs(m)) FROM t
error SQLITE_ERROR: integer overflow
> SELECT 1 + (SELECT abs(m)) FROM t
error SQLITE_ERROR: integer overflow
