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

# Beside a lone min() or max() the key is that of its row
> CREATE TABLE k(a, b, i INTEGER, r REAL)
> INSERT INTO k VALUES (1, 0, 1, 0), (2, -0.0, 1, -0.0), (3, 1.0, 2, 1), (4, 1, 2, 1), (5, 'x', 3, 2), (6, 'X', 3, 2), (7, 'x', 3, 2)
changes 7
> SELECT max(rowid), b FROM k GROUP BY b
2 | 0.0
4 | 1
6 | 'X'
7 | 'x'
> SELECT min(rowid), b FROM k GROUP BY b
1 | 0
3 | 1.0
6 | 'X'
5 | 'x'
> SELECT max(a), b FROM k GROUP BY b COLLATE NOCASE
2 | 0.0
4 | 1
7 | 'x'
> SELECT max(a) FILTER (WHERE a < 7), b FROM k GROUP BY b COLLATE NOCASE
2 | 0.0
4 | 1
6 | 'X'
> SELECT max(a), count(*), b || '' FROM k GROUP BY (b || '') COLLATE NOCASE HAVING b <> 'X' ORDER BY b || '' DESC
7 | 3 | 'x'
3 | 1 | '1.0'
4 | 1 | '1'
2 | 1 | '0.0'
1 | 1 | '0'
> SELECT max(a), min(a), b FROM k GROUP BY b COLLATE NOCASE
2 | 1 | 0
4 | 3 | 1.0
7 | 5 | 'x'
> SELECT count(*), b FROM k GROUP BY b COLLATE NOCASE
2 | 0
2 | 1.0
3 | 'x'
> SELECT max(a), i, r FROM k GROUP BY i, r
2 | 1 | 0.0
4 | 2 | 1.0
7 | 3 | 2.0
> SELECT max(a), (SELECT k.b || '!') FROM k GROUP BY b COLLATE NOCASE
2 | '0.0!'
4 | '1!'
7 | 'x!'
> SELECT max(a), b, row_number() OVER (ORDER BY b DESC) FROM k GROUP BY b COLLATE NOCASE
7 | 'x' | 1
4 | 1 | 2
2 | 0.0 | 3
> CREATE INDEX kb ON k(b COLLATE NOCASE)
> SELECT max(a), b FROM k GROUP BY b COLLATE NOCASE ORDER BY b COLLATE NOCASE
2 | 0.0
4 | 1
7 | 'x'
