# Groups that come in the order of a key are given out before all rows are read; errors wait for their turn.
> CREATE TABLE w(k TEXT, n INTEGER, v, r REAL, PRIMARY KEY(k, n)) WITHOUT ROWID
> WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 3000) INSERT INTO w SELECT 'k' || (1000 + i % 300), i, CASE i % 7 WHEN 0 THEN NULL WHEN 1 THEN 'text ' || i ELSE i * 31 % 100 END, i / 8.0 FROM c
changes 3000
> CREATE INDEX w_v ON w(v, r)
> SELECT k, count(*), sum(r), min(n), max(v) FROM w GROUP BY k LIMIT 4
'k1000' | 10 | 2062.5 | 300 | 'text 1800'
'k1001' | 10 | 1688.75 | 1 | 'text 2101'
'k1002' | 10 | 1690.0 | 2 | 'text 302'
'k1003' | 10 | 1691.25 | 3 | 'text 603'
> SELECT k, count(*) AS c, sum(n) FROM w GROUP BY k HAVING sum(n) > 14000 LIMIT 3
'k1000' | 10 | 16500
'k1051' | 10 | 14010
'k1052' | 10 | 14020
> SELECT k, count(*) FROM w WHERE n % 3 = 1 GROUP BY k LIMIT 3 OFFSET 150
> SELECT k, sum(n), group_concat(n) FROM w WHERE n < 900 GROUP BY k LIMIT 2
'k1000' | 900 | '300,600'
'k1001' | 903 | '1,301,601'
> SELECT count(*), sum(c), sum(s) FROM (SELECT k, count(*) AS c, sum(r) AS s FROM w GROUP BY k)
300 | 3000 | 562687.5
> SELECT k, n, count(*) FROM w GROUP BY k, n LIMIT 3 OFFSET 1000
'k1100' | 100 | 1
'k1100' | 400 | 1
'k1100' | 700 | 1
> SELECT k, max(r), n FROM w GROUP BY k LIMIT 2
'k1000' | 375.0 | 3000
'k1001' | 337.625 | 2701
> SELECT v, count(*), total(r) FROM w GROUP BY v LIMIT 4
NULL | 428 | 80330.25
0 | 22 | 4212.5
1 | 21 | 4073.875
2 | 21 | 3947.75
> SELECT v, count(*) FROM w WHERE v > 50 GROUP BY v LIMIT 3
51 | 21
52 | 21
53 | 21
> SELECT k, sum(abs(-9223372036854775807 - (n > 2000))) FROM w WHERE n > 1990 GROUP BY k LIMIT 2
error SQLITE_ERROR: integer overflow
> SELECT k, count(abs(-9223372036854775807 - (n = 2150))) FROM w GROUP BY k LIMIT 40
'k1000' | 10
'k1001' | 10
'k1002' | 10
'k1003' | 10
'k1004' | 10
'k1005' | 10
'k1006' | 10
'k1007' | 10
'k1008' | 10
'k1009' | 10
'k1010' | 10
'k1011' | 10
'k1012' | 10
'k1013' | 10
'k1014' | 10
'k1015' | 10
'k1016' | 10
'k1017' | 10
'k1018' | 10
'k1019' | 10
'k1020' | 10
'k1021' | 10
'k1022' | 10
'k1023' | 10
'k1024' | 10
'k1025' | 10
'k1026' | 10
'k1027' | 10
'k1028' | 10
'k1029' | 10
'k1030' | 10
'k1031' | 10
'k1032' | 10
'k1033' | 10
'k1034' | 10
'k1035' | 10
'k1036' | 10
'k1037' | 10
'k1038' | 10
'k1039' | 10
> SELECT k, count(abs(-9223372036854775807 - (n = 2150))) FROM w GROUP BY k LIMIT 60
error SQLITE_ERROR: integer overflow
> SELECT k FROM w GROUP BY k HAVING count(abs(-9223372036854775807 - (n = 2150))) > 100 LIMIT 60
error SQLITE_ERROR: integer overflow
> SELECT (SELECT k FROM w AS i WHERE i.n > o.n GROUP BY k LIMIT 1) FROM w AS o WHERE o.n IN (5, 2995)
'k1000'
'k1000'
> CREATE TABLE t(id INTEGER PRIMARY KEY, a INT, b TEXT COLLATE NOCASE, c)
> INSERT INTO t SELECT n, n % 50, CASE n % 3 WHEN 0 THEN 'a' WHEN 1 THEN 'A' ELSE 'b' END, v FROM w
changes 3000
> CREATE INDEX t_ab ON t(a, b)
> CREATE INDEX t_c ON t(c)
> SELECT id, count(*), max(a) FROM t GROUP BY id LIMIT 3
1 | 1 | 1
2 | 1 | 2
3 | 1 | 3
> SELECT a, b, count(*) FROM t GROUP BY a, b LIMIT 4
0 | 'A' | 40
0 | 'b' | 20
1 | 'A' | 40
1 | 'b' | 20
> SELECT id, a, b FROM t WHERE b = 'A' AND a BETWEEN 10 AND 12 AND id < 300
10 | 10 | 'A'
60 | 10 | 'a'
160 | 10 | 'A'
210 | 10 | 'a'
61 | 11 | 'A'
111 | 11 | 'a'
211 | 11 | 'A'
261 | 11 | 'a'
12 | 12 | 'a'
112 | 12 | 'A'
162 | 12 | 'a'
262 | 12 | 'A'
> SELECT id FROM t WHERE c LIKE '%99%' AND c > 't'
1499
1996
2199
2899
2990
2997
799
99
995
> SELECT a, b FROM t WHERE a % 17 = 3 AND b < 'b' LIMIT 3
3 | 'a'
3 | 'A'
3 | 'a'
> SELECT count(*), count(c), sum(c > 40) FROM t WHERE c IS NOT 5
2979 | 2551 | 1696
> SELECT c, typeof(c) FROM t WHERE c BETWEEN 97 AND 'text 1003' ORDER BY c, id LIMIT 5
97 | 'integer'
97 | 'integer'
97 | 'integer'
97 | 'integer'
97 | 'integer'
> SELECT sum(a), max(b), min(b) FROM t WHERE a + 0 > 44
14100 | 'b' | 'a'
> UPDATE t SET a = 3.5 WHERE id % 100 = 1
changes 30
> SELECT a, typeof(a), count(*) FROM t WHERE a * 2 IN (6, 7) GROUP BY a, typeof(a)
3 | 'integer' | 60
3.5 | 'real' | 30
> SELECT DISTINCT a FROM t WHERE a * 3 > 145
49
