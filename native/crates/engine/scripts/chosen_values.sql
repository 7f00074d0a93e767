> CREATE TABLE t (id INTEGER PRIMARY KEY, n INT, r REAL, s TEXT, m)
> INSERT INTO t WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM c WHERE i<200) SELECT i, CASE WHEN i%3 THEN i%7 END, CASE WHEN i%4 THEN i/8.0 END, CASE WHEN i%5 THEN 'text '||(i%11) END, CASE i%4 WHEN 0 THEN i WHEN 1 THEN i/2.0 WHEN 2 THEN 'm'||(i%6) END FROM c
changes 200
> SELECT count(*) FROM t WHERE coalesce(nullif(s, 'text 5'), 'x') = 'x'
54
> SELECT count(*) FROM t WHERE coalesce(nullif(s, 'text 5'), m, n) > 'n'
146
> SELECT sum(coalesce(n, 100)), sum(coalesce(r, n, 7)), sum(coalesce(r, 0.5)), total(coalesce(m, n)) FROM t
6998 | 2088.0 | 1900.0 | 7673.0
> SELECT count(*), sum(nullif(n, 3)), sum(nullif(r, 2)), count(nullif(s, m)), count(nullif(m, 'm2')), count(nullif(n, '3')) FROM t
200 | 341 | 1875.0 | 160 | 133 | 134
> SELECT nullif(s, 'TEXT 5' COLLATE NOCASE) k, count(*) FROM t GROUP BY k ORDER BY k
NULL | 40
'text 0' | 15
'text 1' | 16
'text 10' | 14
'text 2' | 15
'text 3' | 14
'text 4' | 14
'text 5' | 14
'text 6' | 15
'text 7' | 15
'text 8' | 14
'text 9' | 14
> SELECT coalesce(s, n, r) k, count(*), max(coalesce(m, s)) FROM t GROUP BY k ORDER BY count(*) DESC, k LIMIT 6
'text 1' | 16 | 'text 1'
'text 0' | 15 | 'text 0'
'text 2' | 15 | 'text 2'
'text 6' | 15 | 'text 6'
'text 7' | 15 | 'text 7'
'text 10' | 14 | 'text 10'
> SELECT sum(CASE WHEN n=1 THEN n=r WHEN n=2 THEN 5 END), sum(iif(n>3, r, n)), sum(iif(s LIKE '%1', id)), count(CASE n WHEN 1 THEN s WHEN 2 THEN m END) FROM t
95 | 643.375 | 1600 | 30
> SELECT count(*) FROM t WHERE CASE WHEN n=1 THEN s WHEN n=2 THEN m ELSE r END < iif(n=2, 'm3', 4)
31
> SELECT count(*) FROM t WHERE coalesce(n = 3, m)
51
> SELECT count(*) FROM t WHERE iif(id < 150, n, coalesce(m, r)) IN (2, 5, 'm3')
29
> SELECT id FROM t WHERE coalesce(id, abs(-9223372036854775807-1)) < 3
1
2
> SELECT id FROM t WHERE coalesce(n, abs(-9223372036854775807-1)) < 3
error SQLITE_ERROR: integer overflow
