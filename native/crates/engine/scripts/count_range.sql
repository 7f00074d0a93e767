# count(*) of a range of keys is told by counts, not by reading rows.
> CREATE TABLE t (id INTEGER PRIMARY KEY, a, b TEXT COLLATE NOCASE, c INTEGER)
> CREATE INDEX t_a ON t (a)
> CREATE INDEX t_ca ON t (c, a DESC)
> CREATE INDEX t_b ON t (b) WHERE b IS NOT NULL
> CREATE TABLE w (k TEXT, n INTEGER, v, PRIMARY KEY (k, n)) WITHOUT ROWID
> WITH RECURSIVE c (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 400) INSERT INTO t SELECT i * 3, CASE i % 5 WHEN 0 THEN NULL WHEN 1 THEN i % 13 WHEN 2 THEN 'x' || (i % 7) WHEN 3 THEN i / 4.0 ELSE x'ff' END, CASE WHEN i % 4 THEN 'Key' || (i % 6) END, i % 9 FROM c
changes 400
> INSERT INTO w SELECT 'k' || (id % 5), id, a FROM t
changes 400
> SELECT count(*) FROM t WHERE a = 5
6
> SELECT count(*) FROM t WHERE a = '5'
0
> SELECT count(*) FROM t WHERE a = NULL
0
> SELECT count(*) FROM t WHERE a IS NULL
80
> SELECT count(*) FROM t WHERE a > 3
293
> SELECT count(*) FROM t WHERE a < 3
21
> SELECT count(*) FROM t WHERE a BETWEEN 3 AND 40.5
91
> SELECT count(*) FROM t WHERE a BETWEEN 40 AND 3
0
> SELECT count(*) FROM t WHERE a >= 'x3'
125
> SELECT count(*) FROM t WHERE a > x'00'
80
> SELECT count(*) FROM t WHERE a IN (1, 2, 'x1', NULL, 1.0, 99)
25
> SELECT count(*) FROM t WHERE c = 4
45
> SELECT count(*) FROM t WHERE c = 4 AND a > 6
30
> SELECT count(*) FROM t WHERE c = 4 AND a <= 6
6
> SELECT count(*) FROM t WHERE c IN (1, 4, 20) AND a < 'y'
54
> SELECT count(*) FROM t WHERE c > 6
88
> SELECT count(*) FROM t WHERE b = 'KEY3'
67
> SELECT count(*) FROM t WHERE b > 'key2' COLLATE NOCASE
166
> SELECT count(*) FROM t WHERE b LIKE 'key3'
67
> SELECT count(*) FROM t WHERE id > 600
200
> SELECT count(*) FROM t WHERE id BETWEEN 31 AND 299.5
89
> SELECT count(*) FROM t WHERE id <= 9223372036854775807
400
> SELECT count(*) FROM t WHERE id >= -9223372036854775808 AND id < 4
1
> SELECT count(*) FROM t WHERE id > 9223372036854775807
0
> SELECT count(*) FROM t WHERE id < 'x'
400
> SELECT count(*) FROM w WHERE k = 'k3'
80
> SELECT count(*) FROM w WHERE k = 'k3' AND n > 500
46
> SELECT count(*) FROM w WHERE k >= 'k3'
160
> SELECT (SELECT count(*) FROM t WHERE t.a = u.a) AS n, count(*) FROM t AS u GROUP BY 1
0 | 80
1 | 77
6 | 48
7 | 35
11 | 44
12 | 36
80 | 80
> SELECT count(*) * 2, 'x' FROM t WHERE a > 3
586 | 'x'
> SELECT count(*) FROM t WHERE a > 3 HAVING count(*) > 1000
> BEGIN
> DELETE FROM t WHERE id % 5 = 1
changes 80
> UPDATE t SET a = 5 WHERE id % 7 = 2
changes 46
> INSERT INTO t (id, a, c) VALUES (-5, 5, 4), (31, 5, 4), (5000, NULL, 4)
changes 3
> SELECT count(*) FROM t WHERE a = 5
53
> SELECT count(*) FROM t WHERE a IS NULL
69
> SELECT count(*) FROM t WHERE c = 4 AND a <= 6
12
> SELECT count(*) FROM t WHERE id < 300
81
> SELECT count(*) FROM t WHERE id BETWEEN 30 AND 61
10
> ROLLBACK
> SELECT count(*) FROM t WHERE a = 5
6
> SELECT count(*) FROM t WHERE id < 300
99
