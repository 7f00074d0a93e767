# Windows over enough rows to be sorted by digits: terms of every class, NULLs at either end, peers under collations
> CREATE TABLE t(id INTEGER PRIMARY KEY, i, r REAL, s TEXT COLLATE NOCASE, m)
> WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 5000) INSERT INTO t SELECT i, nullif(i * 7919 % 97 - 40, 3), (i * 31 % 211 - 100) / 8.0, char(65 + i * 13 % 26 + i % 2 * 32) || i % 5, CASE i % 5 WHEN 0 THEN i % 40 WHEN 1 THEN i % 40 + 0.0 WHEN 2 THEN 'x' || i % 30 WHEN 3 THEN NULL ELSE CAST('b' || i % 20 AS BLOB) END FROM c
changes 5000
> INSERT INTO t VALUES (6000, 9223372036854775807, 9e999, '', 9223372036854775807), (6001, -9223372036854775807 - 1, -9e999, 'zz', -9.3e18), (6002, 9007199254740993, -0.0, 'A1', 9007199254740992.0), (6003, NULL, 0.0, NULL, 9007199254740993)
changes 4
> SELECT sum(x * id % 10007), sum(y * id % 10007), sum(z * id % 10007) FROM (SELECT id, row_number() OVER (ORDER BY i) x, rank() OVER (ORDER BY i DESC) y, dense_rank() OVER (ORDER BY i DESC NULLS FIRST) z FROM t)
24947920 | 24800850 | 24643026
> SELECT sum(x * id % 10007), sum(y * id % 10007), sum(z * id % 10007) FROM (SELECT id, row_number() OVER (ORDER BY r) x, rank() OVER (ORDER BY r DESC) y, dense_rank() OVER (ORDER BY i NULLS LAST, r DESC) z FROM t)
24685015 | 25331320 | 24830393
> SELECT sum(x * id % 10007), sum(y * id % 10007), sum(z * id % 10007) FROM (SELECT id, row_number() OVER (ORDER BY s) x, rank() OVER (ORDER BY s DESC, i) y, dense_rank() OVER (ORDER BY s COLLATE BINARY NULLS LAST) z FROM t)
24947799 | 24787732 | 25032990
> SELECT sum(x * id % 10007), sum(y * id % 10007), sum(z * id % 10007) FROM (SELECT id, row_number() OVER (ORDER BY m) x, rank() OVER (ORDER BY m DESC) y, dense_rank() OVER (PARTITION BY m ORDER BY i DESC, r) z FROM t)
24800417 | 22274544 | 25205980
> SELECT id, row_number() OVER (ORDER BY m, id), i FROM t ORDER BY 2 DESC LIMIT 4
4999 | 5004 | -17
4994 | 5003 | -36
4989 | 5002 | 42
4984 | 5001 | 23
> SELECT sum(x * id % 10007), total(y * id), sum(length(z) * id % 10007) FROM (SELECT id, count(*) OVER (PARTITION BY s, i) x, percent_rank() OVER (PARTITION BY s ORDER BY i, r) y, min(m) OVER (PARTITION BY i ORDER BY s) z FROM t)
24629248 | 6254349.2950590123 | 12528354
# Frames that move, over numbers and over values of any class
> SELECT total(x), total(y), sum(z), count(n) FROM (SELECT avg(r) OVER (ORDER BY id ROWS BETWEEN 3 PRECEDING AND 3 FOLLOWING) x, total(m) OVER (ORDER BY id ROWS BETWEEN 2 PRECEDING AND 1 PRECEDING) y, count(m) OVER (PARTITION BY i ORDER BY id GROUPS BETWEEN 1 FOLLOWING AND 2 FOLLOWING) z, nth_value(m, 2) OVER (ORDER BY id ROWS BETWEEN 4 PRECEDING AND CURRENT ROW) n FROM t WHERE id < 6000)
3126.6279761904762 | 72000.0 | 7767 | 4000
> SELECT sum(x * id % 10007), sum(y * id % 10007), sum(length(z) * id % 10007), sum(w * id % 10007) FROM (SELECT id, max(i) OVER (ORDER BY id ROWS BETWEEN 30 PRECEDING AND 3 FOLLOWING) x, min(i) OVER (ORDER BY id ROWS BETWEEN 1 FOLLOWING AND 9 FOLLOWING) y, max(s) OVER (ORDER BY id ROWS 4 PRECEDING) z, last_value(i) OVER (ORDER BY i RANGE BETWEEN 2 PRECEDING AND 1 PRECEDING) w FROM t WHERE id < 6000)
24808536 | -25033299 | 12502500 | 3662475
> SELECT id, sum(i) FILTER (WHERE id % 2) OVER (ORDER BY id), max(r) FILTER (WHERE id % 3 = 0) OVER (ORDER BY id ROWS 3 PRECEDING), lag(s, 2, 'none') OVER (ORDER BY id), lead(m, 1.0) OVER (ORDER BY id), lead(id, 'x') OVER (ORDER BY id), lag(id, -1) OVER (ORDER BY id), ntile(3) OVER (ORDER BY id) FROM t WHERE id < 12
1 | 22 | NULL | 'none' | 0 | 1 | 2 | 1
2 | 22 | NULL | 'none' | NULL | 2 | 3 | 1
3 | 71 | -0.875 | '0' | x'30' | 3 | 4 | 1
4 | 71 | -0.875 | '0' | 5 | 4 | 5 | 1
5 | 50 | -0.875 | '0' | 6.0 | 5 | 6 | 2
6 | 50 | 10.75 | '0' | 0 | 6 | 7 | 2
7 | 56 | 10.75 | '0' | NULL | 7 | 8 | 2
8 | 56 | 10.75 | '0' | x'30' | 8 | 9 | 2
9 | 89 | 10.75 | '0' | 10 | 9 | 10 | 3
10 | 89 | -4.0 | '0' | 11.0 | 10 | 11 | 3
11 | 52 | -4.0 | '0' | NULL | 11 | NULL | 3
# A sum that overflows ends the query behind the rows before it; a frame that never holds such a sum does not
> SELECT count(*) FROM (SELECT sum(i) OVER (ORDER BY id ROWS 1 PRECEDING) FROM t)
error SQLITE_ERROR: integer overflow
> SELECT sum(i) OVER (ORDER BY i DESC ROWS 1 PRECEDING) FROM t WHERE i > 9000000000000000 OR id = 5
error SQLITE_ERROR: integer overflow
> SELECT sum(i) OVER (ORDER BY id), i FROM (SELECT id, i FROM t WHERE id IN (6000, 5) UNION ALL SELECT 7000, 9223372036854775807)
error SQLITE_ERROR: integer overflow
> SELECT ntile(id - 5) OVER (ORDER BY id) FROM t WHERE id IN (5, 6)
error SQLITE_ERROR: argument of ntile must be a positive integer
> SELECT nth_value(i, id - 5) OVER (ORDER BY id DESC) FROM t WHERE id IN (5, 6)
error SQLITE_ERROR: second argument to nth_value must be a positive integer
