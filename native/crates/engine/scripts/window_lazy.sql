# Windows in the order of a scan read no more rows than a LIMIT wants: what would fail behind these does not
> CREATE TABLE t(id INTEGER PRIMARY KEY, a, b)
> WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 400) INSERT INTO t SELECT i, i * 7 % 13, i % 5 FROM c
changes 400
> SELECT id, sum(a) OVER (ORDER BY id), row_number() OVER (ORDER BY id) FROM t LIMIT 4
1 | 7 | 1
2 | 8 | 2
3 | 16 | 3
4 | 18 | 4
> SELECT row_number() OVER (ORDER BY id), rank() OVER (ORDER BY id), dense_rank() OVER (ORDER BY id), a FROM t LIMIT 2 OFFSET 3
4 | 4 | 4 | 2
5 | 5 | 5 | 9
> SELECT row_number() OVER (), rank() OVER (), dense_rank() OVER (), a FROM t LIMIT 3
1 | 1 | 1 | 7
2 | 1 | 1 | 1
3 | 1 | 1 | 8
> SELECT rank() OVER (PARTITION BY id ORDER BY a), row_number() OVER (PARTITION BY id ORDER BY a), b FROM t WHERE id > 100 LIMIT 3
1 | 1 | 1
1 | 1 | 2
1 | 1 | 3
> SELECT row_number() OVER (ORDER BY id), abs(-9223372036854775807 - (id > 5)) FROM t LIMIT 5
1 | 9223372036854775807
2 | 9223372036854775807
3 | 9223372036854775807
4 | 9223372036854775807
5 | 9223372036854775807
> SELECT row_number() OVER (ORDER BY id), abs(-9223372036854775807 - (id > 5)) FROM t LIMIT 6
error SQLITE_ERROR: integer overflow
> SELECT sum(abs(-9223372036854775807 - (id > 1))) OVER (ORDER BY id) FROM t LIMIT 1
error SQLITE_ERROR: integer overflow
> SELECT count(abs(-9223372036854775807 - (id > 2))) OVER (ORDER BY id ROWS 3 PRECEDING) FROM t LIMIT 1
1
> SELECT count(abs(-9223372036854775807 - (id > 2))) OVER (ORDER BY id ROWS 3 PRECEDING) FROM t LIMIT 2
error SQLITE_ERROR: integer overflow
> SELECT sum(9223372036854775807) OVER (ORDER BY id) FROM t LIMIT 1
9223372036854775807
> SELECT avg(a) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING), lag(a) OVER (ORDER BY id) FROM t LIMIT 3
4.0 | NULL
5.333333333333333 | 7
3.6666666666666665 | 1
> SELECT first_value(a) OVER (ORDER BY id DESC), rank() OVER (ORDER BY id DESC) FROM t LIMIT 2
5 | 1
5 | 2
> SELECT id, row_number() OVER (ORDER BY id) FROM t ORDER BY a, id LIMIT 3
13 | 13
26 | 26
39 | 39
> SELECT DISTINCT row_number() OVER (ORDER BY id) % 2 FROM t LIMIT 3
1
0
> SELECT sum(x) FROM (SELECT row_number() OVER (ORDER BY id) x FROM t LIMIT 3)
6
> SELECT id, ntile(4) OVER (ORDER BY id), cume_dist() OVER (ORDER BY id) FROM t WHERE id BETWEEN 10 AND 13 LIMIT 9
10 | 1 | 0.25
11 | 2 | 0.5
12 | 3 | 0.75
13 | 4 | 1.0
