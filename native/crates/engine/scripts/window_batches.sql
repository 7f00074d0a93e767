# Windows whose rows come and go in batches: over conditions, joins, groups and other windows
> CREATE TABLE t(id INTEGER PRIMARY KEY, a, b, s TEXT)
> CREATE TABLE u(id INTEGER PRIMARY KEY, n TEXT, g)
> WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 3000) INSERT INTO t SELECT i, i * 7919 % 53, CASE WHEN i % 11 THEN i * 31 % 1009 END, 'text number ' || (i % 71) FROM c
changes 3000
> WITH RECURSIVE c(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM c WHERE i < 100) INSERT INTO u SELECT i, 'a name that is long ' || i, i % 7 FROM c
changes 101
> SELECT count(*), sum(b), min(s), max(k) FROM (SELECT a, b, s, row_number() OVER (PARTITION BY a ORDER BY b DESC, id) k FROM t) WHERE k <= 3
159 | 155503 | 'text number 11' | 3
> SELECT a, b, s, k FROM (SELECT a, b, s, row_number() OVER (PARTITION BY a ORDER BY b DESC, id) k FROM t) WHERE k <= 2 AND a < 3
0 | 1001 | 'text number 9' | 1
0 | 974 | 'text number 11' | 2
1 | 1004 | 'text number 15' | 1
1 | 977 | 'text number 17' | 2
2 | 1007 | 'text number 21' | 1
2 | 980 | 'text number 23' | 2
> SELECT k, count(*), sum(x) FROM (SELECT ntile(4) OVER (ORDER BY b, id) k, sum(b) OVER (PARTITION BY a) x FROM t WHERE b > 100) GROUP BY k
1 | 614 | 15723664
2 | 614 | 15748516
3 | 613 | 15782230
4 | 613 | 15773378
> SELECT n, sum(x) FROM (SELECT n, rank() OVER (PARTITION BY g ORDER BY b) x FROM t JOIN u ON u.id = t.a WHERE t.id % 3) GROUP BY n ORDER BY 2 DESC, 1 LIMIT 3
'a name that is long 7' | 6131
'a name that is long 23' | 6079
'a name that is long 29' | 6043
> SELECT sum(x * g), count(n), sum(y) FROM (SELECT n, g, first_value(b) OVER (PARTITION BY g ORDER BY t.id ROWS 2 PRECEDING) x, rank() OVER (ORDER BY n) y FROM t LEFT JOIN u ON u.id = t.a * 3)
2612633 | 1924 | 3869670
> SELECT a, sum(b), rank() OVER (ORDER BY sum(b) DESC), round(100.0 * sum(b) / sum(sum(b)) OVER (), 3) FROM t GROUP BY a HAVING sum(b) > 27000 ORDER BY 3
8 | 28240 | 1 | 12.873
29 | 27864 | 2 | 12.702
45 | 27446 | 3 | 12.511
24 | 27326 | 4 | 12.456
51 | 27240 | 5 | 12.417
23 | 27168 | 6 | 12.384
46 | 27071 | 7 | 12.34
2 | 27017 | 8 | 12.316
> SELECT sum(r), max(x) FROM (SELECT rank() OVER (ORDER BY count(*)) r, sum(sum(b)) OVER (ORDER BY a) x FROM t GROUP BY a HAVING a % 2)
191 | 676050
> SELECT sum(x), sum(y), sum(z) FROM (SELECT rank() OVER (ORDER BY a) x, row_number() OVER (ORDER BY a, b, id) y, lag(b, 1, a) OVER (PARTITION BY a, b ORDER BY id) z FROM t)
4418088 | 4501500 | 72309
> SELECT sum(y) FROM (SELECT dense_rank() OVER (ORDER BY x, id) y FROM (SELECT id, count(*) OVER (PARTITION BY b) x FROM t))
4501500
> SELECT count(DISTINCT x), group_concat(DISTINCT y) FROM (SELECT max(s) OVER (PARTITION BY a) x, typeof(nth_value(b, 9) OVER (PARTITION BY a ORDER BY id)) y FROM t)
3 | 'null,integer'
> SELECT sum(x) FILTER (WHERE id % 2), avg(x) FROM (SELECT id, avg(b) FILTER (WHERE a > 20) OVER (ORDER BY id ROWS BETWEEN 5 PRECEDING AND 5 FOLLOWING) x FROM t)
757804.19047619053 | 505.11410119047622
# What a row that is left out would have been is computed all the same
> SELECT count(*) FROM (SELECT abs(a * 0 - 9223372036854775807 - (id = 2999)) x, row_number() OVER (ORDER BY id) k FROM t) WHERE k <= 3
error SQLITE_ERROR: integer overflow
> SELECT k, x FROM (SELECT abs(a * 0 - 9223372036854775807 - (id = 2)) x, row_number() OVER (ORDER BY id) k FROM t) WHERE k <= 3
error SQLITE_ERROR: integer overflow
> SELECT sum(x) FROM (SELECT sum(9223372036854775807 - id) OVER (ORDER BY id ROWS 1 PRECEDING) x FROM t) WHERE x > 5
error SQLITE_ERROR: integer overflow
> SELECT x FROM (SELECT rank() OVER (ORDER BY b) x FROM t) WHERE abs(x - 9223372036854775807 - 2) > 5 LIMIT 3
error SQLITE_ERROR: integer overflow
# No rows, and one
> SELECT rank() OVER (ORDER BY b), sum(b) OVER (ORDER BY b ROWS -1 PRECEDING) FROM t WHERE a > 100
> SELECT rank() OVER (ORDER BY b), sum(b) OVER (ORDER BY b ROWS -1 PRECEDING) FROM t WHERE a < 100
error SQLITE_ERROR: frame starting offset must be a non-negative integer
> SELECT rank() OVER (ORDER BY b), percent_rank() OVER (ORDER BY b), s FROM t WHERE id = 77
1 | 0.0 | 'text number 6'
