# Compounds whose sides run in batches, and what reads them: aggregates, groups, windows, joins, conditions
> CREATE TABLE t(id INTEGER PRIMARY KEY, n INTEGER, r REAL, s TEXT, c TEXT COLLATE NOCASE, x)
> CREATE INDEX t_n ON t(n, s)
> WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 3000) INSERT INTO t SELECT i, nullif(i % 97, 5), i / 8.0, 'text ' || (i % 211), char(65 + i % 5 + i / 5 % 2 * 32), CASE i % 6 WHEN 0 THEN NULL WHEN 1 THEN i % 13 + 0.0 WHEN 2 THEN x'61' WHEN 3 THEN 'a' ELSE i % 13 END FROM c
changes 3000
> CREATE TABLE u(id INTEGER PRIMARY KEY, n INTEGER, r REAL, s TEXT, c TEXT, x)
> INSERT INTO u SELECT id + 1000, n + 40, n, 'text ' || (id % 300), lower(c), x FROM t WHERE id % 3 = 0
changes 1000
> CREATE TABLE small(id INTEGER PRIMARY KEY, n INTEGER, r REAL, s TEXT, c TEXT, x)
> INSERT INTO small VALUES (1, 3, 1.5, 'text 3', 'A', 1), (2, NULL, 2, 'none', 'zz', 1.0), (3, 4000, 3, NULL, NULL, NULL)
changes 3
> SELECT count(*), sum(n), min(n), max(n) FROM (SELECT n FROM t EXCEPT SELECT n FROM u)
40 | 820 | 0 | 45
> SELECT count(*), sum(n), min(n), max(n) FROM (SELECT n FROM t INTERSECT SELECT n FROM u)
57 | 3831 | 40 | 96
> SELECT count(*), sum(n), min(n), max(n) FROM (SELECT n FROM t UNION SELECT n FROM u)
137 | 9311 | 0 | 136
> SELECT count(*), sum(n), min(n), max(n), count(n) FROM (SELECT n FROM t UNION ALL SELECT n FROM u)
4000 | 231125 | 0 | 136 | 3959
> SELECT n FROM t EXCEPT SELECT n FROM u
0
1
2
3
4
6
7
8
9
10
11
12
13
14
15
16
17
18
19
20
21
22
23
24
25
26
27
28
29
30
31
32
33
34
35
36
37
38
39
45
> SELECT n FROM t INTERSECT SELECT n FROM u WHERE n < 60
40
41
42
43
44
46
47
48
49
50
51
52
53
54
55
56
57
58
59
> SELECT n FROM t WHERE id < 90 EXCEPT SELECT n FROM u EXCEPT SELECT id FROM t WHERE id BETWEEN 10 AND 30
1
2
3
4
6
7
8
9
31
32
33
34
35
36
37
38
39
45
> SELECT n FROM t INTERSECT SELECT n FROM u INTERSECT SELECT id FROM t WHERE id < 50
40
41
42
43
44
46
47
48
49
> SELECT count(*), total(n) FROM (SELECT n FROM t INTERSECT SELECT n FROM u INTERSECT SELECT n FROM small)
1 | 0.0
> SELECT n FROM small INTERSECT SELECT n FROM t INTERSECT SELECT n FROM u
NULL
> SELECT n FROM small EXCEPT SELECT n FROM t
4000
> SELECT n FROM small UNION SELECT n + 100 FROM t WHERE n > 90 UNION SELECT id FROM small
NULL
1
2
3
191
192
193
194
195
196
4000
> SELECT n FROM t WHERE n > 10000 EXCEPT SELECT abs(-9223372036854775807 - 1) FROM u
> SELECT n FROM t WHERE n = 3 EXCEPT SELECT abs(-9223372036854775807 - 1) FROM u
error SQLITE_ERROR: integer overflow
> SELECT count(n) FROM (SELECT n FROM t UNION ALL SELECT abs(-9223372036854775807 - 1) FROM u)
error SQLITE_ERROR: integer overflow
> SELECT s FROM t WHERE id < 40 INTERSECT SELECT s FROM u WHERE id > 1100
'text 12'
'text 15'
'text 18'
'text 21'
'text 24'
'text 27'
'text 3'
'text 30'
'text 33'
'text 36'
'text 39'
'text 6'
'text 9'
> SELECT s, n FROM t WHERE id < 30 UNION SELECT s, n FROM u WHERE id < 1030
'text 1' | 1
'text 10' | 10
'text 11' | 11
'text 12' | 12
'text 12' | 52
'text 13' | 13
'text 14' | 14
'text 15' | 15
'text 15' | 55
'text 16' | 16
'text 17' | 17
'text 18' | 18
'text 18' | 58
'text 19' | 19
'text 2' | 2
'text 20' | 20
'text 21' | 21
'text 21' | 61
'text 22' | 22
'text 23' | 23
'text 24' | 24
'text 24' | 64
'text 25' | 25
'text 26' | 26
'text 27' | 27
'text 27' | 67
'text 28' | 28
'text 29' | 29
'text 3' | 3
'text 3' | 43
'text 4' | 4
'text 5' | NULL
'text 6' | 6
'text 6' | 46
'text 7' | 7
'text 8' | 8
'text 9' | 9
'text 9' | 49
> SELECT s, n FROM t WHERE id < 30 UNION SELECT s, n FROM u WHERE id < 1030 ORDER BY 2 DESC, 1 LIMIT 12
'text 27' | 67
'text 24' | 64
'text 21' | 61
'text 18' | 58
'text 15' | 55
'text 12' | 52
'text 9' | 49
'text 6' | 46
'text 3' | 43
'text 29' | 29
'text 28' | 28
'text 27' | 27
> SELECT count(*), count(DISTINCT s), group_concat(n) FROM (SELECT s, n FROM t WHERE id < 12 UNION SELECT s, n FROM u WHERE id < 1012)
14 | 11 | '1,10,11,2,3,43,4,6,46,7,8,9,49'
> SELECT c FROM t UNION SELECT c FROM u
'a'
'b'
'c'
'd'
'e'
> SELECT c FROM u UNION SELECT c FROM t
'A'
'B'
'C'
'D'
'E'
'a'
'b'
'c'
'd'
'e'
> SELECT c FROM t EXCEPT SELECT 'b'
'a'
'C'
'D'
'E'
> SELECT c FROM t INTERSECT SELECT c FROM u WHERE c IN ('a', 'c')
'a'
'C'
> SELECT c, n FROM t WHERE n < 2 UNION SELECT c, n FROM u WHERE n < 42 UNION SELECT 'a', 1
'a' | 0
'a' | 1
'a' | 40
'a' | 41
'B' | 0
'B' | 1
'b' | 40
'b' | 41
'c' | 0
'C' | 1
'c' | 40
'c' | 41
'D' | 0
'd' | 1
'd' | 40
'd' | 41
'E' | 0
'E' | 1
'e' | 40
'e' | 41
> SELECT c, typeof(x), x FROM t UNION SELECT c, typeof(x), x FROM u WHERE id < 1020 ORDER BY 3, 2, 1 LIMIT 20
'A' | 'null' | NULL
'b' | 'null' | NULL
'c' | 'null' | NULL
'd' | 'null' | NULL
'E' | 'null' | NULL
'a' | 'integer' | 0
'B' | 'integer' | 0
'C' | 'integer' | 0
'D' | 'integer' | 0
'e' | 'integer' | 0
'a' | 'real' | 0.0
'B' | 'real' | 0.0
'c' | 'real' | 0.0
'D' | 'real' | 0.0
'e' | 'real' | 0.0
'A' | 'integer' | 1
'B' | 'integer' | 1
'c' | 'integer' | 1
'D' | 'integer' | 1
'e' | 'integer' | 1
> SELECT x FROM t UNION SELECT x FROM u
NULL
0.0
1.0
2
3
4
5
6.0
7.0
8
9
10
11
12.0
'a'
x'61'
> SELECT x FROM u WHERE id % 2 UNION SELECT x FROM t WHERE id > 2990
NULL
2
3
5.0
8
9
'a'
x'61'
> SELECT x FROM t INTERSECT SELECT x FROM small
NULL
1.0
> SELECT x FROM small INTERSECT SELECT x FROM t
NULL
1
> SELECT x FROM t EXCEPT SELECT x FROM small
0.0
2
3
4
5
6.0
7.0
8
9
10
11
12.0
'a'
x'61'
> SELECT r FROM t WHERE id < 40 INTERSECT SELECT n FROM t
1.0
2.0
3.0
4.0
> SELECT n FROM t INTERSECT SELECT r FROM t WHERE id < 40
1
2
3
4
> SELECT n FROM t WHERE id < 5 UNION ALL SELECT s FROM u WHERE id < 1010 ORDER BY 1
1
2
3
4
'text 3'
'text 6'
'text 9'
> SELECT n, s FROM t WHERE id < 9 UNION ALL SELECT n, s FROM u WHERE id < 1010 ORDER BY 2 DESC, 1
49 | 'text 9'
8 | 'text 8'
7 | 'text 7'
6 | 'text 6'
46 | 'text 6'
NULL | 'text 5'
4 | 'text 4'
3 | 'text 3'
43 | 'text 3'
2 | 'text 2'
1 | 'text 1'
> CREATE VIEW v AS SELECT 1 AS part, id, n, r, s, c, x FROM t UNION ALL SELECT 2, id, n, r, s, c, x FROM u UNION ALL SELECT 3, id, n, r, s, c, x FROM small
> SELECT count(*), sum(n), sum(r), min(s), max(s), min(c), max(c), count(x) FROM v
4003 | 235128 | 610599.0 | 'none' | 'text 99' | 'a' | 'zz' | 3002
> SELECT part, count(*), sum(n), avg(r), min(s), max(c), count(DISTINCT n) FROM v GROUP BY part
1 | 3000 | 143620 | 187.5625 | 'text 0' | 'E' | 96
2 | 1000 | 87505 | 48.388888888888886 | 'text 0' | 'e' | 96
3 | 3 | 4003 | 2.1666666666666665 | 'none' | 'zz' | 2
> SELECT n, count(*), sum(id), min(part), max(part) FROM v GROUP BY n HAVING count(*) > 44 ORDER BY 2 DESC, 1
> SELECT c, count(*), sum(part) FROM v GROUP BY c
NULL | 1 | 3
'a' | 801 | 1003
'B' | 800 | 1000
'C' | 800 | 1000
'D' | 800 | 1000
'E' | 800 | 1000
'zz' | 1 | 3
> SELECT c, count(*), sum(part) FROM v GROUP BY c COLLATE BINARY
NULL | 1 | 3
'A' | 301 | 303
'B' | 300 | 300
'C' | 300 | 300
'D' | 300 | 300
'E' | 300 | 300
'a' | 500 | 700
'b' | 500 | 700
'c' | 500 | 700
'd' | 500 | 700
'e' | 500 | 700
'zz' | 1 | 3
> SELECT count(*), sum(n) FROM v WHERE n > 50
2308 | 191117
> SELECT count(*), sum(n) FROM v WHERE part = 2 AND s LIKE '%7'
100 | 8782
> SELECT count(*), sum(n) FROM v WHERE c = 'A'
801 | 46296
> SELECT count(*) FROM v WHERE x = '1'
0
> SELECT count(*) FROM v WHERE r = '2'
12
> SELECT part, count(*) FROM v WHERE s > 'text 2' AND id % 7 = 1 GROUP BY part
1 | 201
2 | 90
3 | 1
> SELECT count(*), min(x), max(x), sum(x), total(x) FROM v WHERE typeof(x) IN ('integer', 'real')
1502 | 0.0 | 12.0 | 9003.0 | 9003.0
> SELECT typeof(n), typeof(r), count(*) FROM (SELECT n, r FROM t UNION ALL SELECT r, n FROM u) GROUP BY 1, 2
'integer' | 'real' | 2969
'null' | 'null' | 10
'null' | 'real' | 31
'real' | 'real' | 990
> SELECT typeof(r), r FROM (SELECT r FROM t WHERE id < 4 UNION ALL SELECT n FROM u WHERE id < 1010)
'real' | 0.125
'real' | 0.25
'real' | 0.375
'real' | 43.0
'real' | 46.0
'real' | 49.0
> SELECT typeof(r), count(*), sum(r) FROM (SELECT r FROM t UNION ALL SELECT r FROM u UNION ALL SELECT n FROM small) GROUP BY 1
'null' | 11 | NULL
'real' | 3992 | 614595.5
> SELECT typeof(r), count(*), sum(r) FROM (SELECT r FROM t UNION SELECT n FROM u) GROUP BY 1
'null' | 1 | NULL
'real' | 3000 | 562687.5
> CREATE TABLE s1(a REAL, b TEXT, d NUMERIC)
> CREATE TABLE s2(a INTEGER, b INTEGER, d TEXT)
> INSERT INTO s1 SELECT n, n, n FROM t
changes 3000
> INSERT INTO s2 SELECT n, n, n FROM u
changes 1000
> SELECT typeof(a), typeof(b), typeof(d), count(*), sum(a), min(b), max(b), sum(d) FROM (SELECT * FROM s1 UNION ALL SELECT * FROM s2) GROUP BY 1, 2, 3
'null' | 'null' | 'null' | 41 | NULL | NULL | NULL | NULL
'real' | 'integer' | 'text' | 990 | 87505.0 | 40 | 136 | 87505
'real' | 'text' | 'integer' | 2969 | 143620.0 | '0' | '96' | 143620
> SELECT typeof(a), typeof(b), typeof(d), count(*), sum(a), min(b), max(b), sum(d) FROM (SELECT * FROM s2 UNION ALL SELECT * FROM s1) GROUP BY 1, 2, 3
'integer' | 'integer' | 'text' | 990 | 87505 | 40 | 136 | 87505
'null' | 'null' | 'null' | 41 | NULL | NULL | NULL | NULL
'real' | 'text' | 'integer' | 2969 | 143620.0 | '0' | '96' | 143620
> SELECT count(*) FROM (SELECT a FROM s1 UNION SELECT a FROM s2)
137
> SELECT count(*) FROM (SELECT b FROM s1 UNION SELECT b FROM s2)
193
> SELECT count(*) FROM (SELECT d FROM s2 INTERSECT SELECT b FROM s1)
57
> SELECT count(*) FROM (SELECT b FROM s1 UNION ALL SELECT b FROM s2) WHERE b = 50
10
> SELECT count(*) FROM (SELECT b FROM s2 UNION ALL SELECT b FROM s1) WHERE b = '50'
31
> SELECT count(*) FROM (SELECT d FROM s1 UNION ALL SELECT d FROM s2) WHERE d = 50
31
> SELECT sum(k), count(*) FROM (SELECT count(*) AS k FROM t GROUP BY n UNION ALL SELECT count(*) FROM u UNION ALL SELECT length(s) FROM t)
26405 | 3098
> SELECT sum(k), count(*) FROM (SELECT 5 AS k UNION ALL SELECT n FROM t UNION ALL VALUES (7), (8))
143640 | 3003
> SELECT sum(k), count(*) FROM (SELECT n AS k FROM t WHERE id < 100 ORDER BY 1) 
4654 | 99
> SELECT k, sum(j) FROM (SELECT t.n AS k, u.r AS j FROM t JOIN u ON u.id = t.id UNION ALL SELECT n, r FROM t) GROUP BY k ORDER BY 2 DESC LIMIT 5
29 | 6422.5
28 | 6411.625
90 | 6406.875
89 | 6396.0
26 | 6389.875
> SELECT part, id, rank() OVER (PARTITION BY part ORDER BY n) FROM v WHERE id % 500 = 3 ORDER BY 1, 2
1 | 3 | 1
1 | 503 | 2
1 | 1003 | 3
1 | 1503 | 4
1 | 2003 | 5
1 | 2503 | 6
2 | 1003 | 1
2 | 2503 | 2
3 | 3 | 1
> SELECT sum(k) FROM (SELECT row_number() OVER (PARTITION BY part ORDER BY id) AS k FROM v)
5002006
> SELECT count(*), sum(k) FROM (SELECT rank() OVER (ORDER BY n) AS k FROM (SELECT n FROM t EXCEPT SELECT n FROM u))
40 | 820
> SELECT DISTINCT part, c FROM v WHERE n < 3
1 | 'a'
1 | 'E'
1 | 'c'
1 | 'B'
1 | 'D'
> SELECT count(DISTINCT c), count(DISTINCT n) FROM v
6 | 137
> SELECT part, count(*) FROM v WHERE n IN (SELECT n FROM u EXCEPT SELECT n FROM t) GROUP BY part
2 | 412
> SELECT count(*) FROM t WHERE n NOT IN (SELECT n FROM u WHERE n IS NOT NULL UNION SELECT 4)
1208
> SELECT count(*), sum(v.n) FROM v JOIN small ON small.n = v.n
33 | 4096
> SELECT v.part, count(*) FROM small LEFT JOIN v ON v.n = small.n GROUP BY v.part
NULL | 1
1 | 31
3 | 2
> SELECT id, (SELECT count(*) FROM (SELECT n FROM t WHERE t.n < small.id UNION SELECT n FROM u WHERE u.n < 41 + small.id)) FROM small
1 | 3
2 | 5
3 | 7
> SELECT id, (SELECT sum(n) FROM (SELECT n FROM t WHERE t.n < small.id UNION ALL SELECT n FROM u WHERE u.n < 41 + small.id)) FROM small
1 | 810
2 | 1261
3 | 1796
> SELECT id, EXISTS (SELECT n FROM t WHERE t.n = small.n INTERSECT SELECT n FROM u) FROM small
1 | 0
2 | 0
3 | 0
> SELECT count(*) FROM (SELECT DISTINCT n FROM t UNION ALL SELECT DISTINCT n FROM u)
194
> SELECT count(*), sum(n) FROM (SELECT n FROM (SELECT n FROM t UNION SELECT n FROM u) EXCEPT SELECT n FROM small)
135 | 9308
> SELECT count(*), sum(n) FROM (SELECT n FROM t EXCEPT SELECT n FROM (SELECT n FROM u UNION ALL SELECT n FROM small))
39 | 817
> SELECT n FROM t WHERE id < 20 UNION ALL SELECT n FROM (SELECT n FROM u UNION SELECT n FROM small LIMIT 3)
1
2
3
4
NULL
6
7
8
9
10
11
12
13
14
15
16
17
18
19
NULL
3
40
> INSERT INTO small SELECT 10000 + n, n, r, s, c, x FROM (SELECT n, r, s, c, x FROM t WHERE id < 4 UNION SELECT n, r, s, c, x FROM small)
error SQLITE_CONSTRAINT_PRIMARYKEY: UNIQUE constraint failed: small.id
> SELECT id, n, s FROM small
1 | 3 | 'text 3'
2 | NULL | 'none'
3 | 4000 | NULL
> SELECT count(*) FROM (SELECT abs(n) AS k FROM t UNION ALL SELECT abs(n - 9223372036854775807 - 1) FROM u WHERE n > 41)
3970
> SELECT count(*), sum(k) FROM (SELECT n + 9223372036854775800 AS k FROM t UNION ALL SELECT n FROM u)
4000 | 2.7384191577421829e+22
> SELECT sum(k) FROM (SELECT n + 9223372036854775000 AS k FROM t UNION ALL SELECT n FROM u)
error SQLITE_ERROR: integer overflow
> WITH a AS (SELECT n FROM t EXCEPT SELECT n FROM u), b AS (SELECT n FROM a UNION ALL SELECT n FROM a) SELECT count(*), sum(n) FROM b
80 | 1640
> SELECT count(*) FROM (SELECT n, n, s FROM t UNION ALL SELECT n, id, s FROM u)
4000
> SELECT sum(a), sum(b), min(d) FROM (SELECT n AS a, n AS b, s AS d FROM t UNION ALL SELECT n, id, s FROM u)
231125 | 2645120 | 'text 0'
> SELECT sum(a), sum(b) FROM (SELECT n AS a, n + 1 AS b FROM t UNION SELECT n, n FROM u)
13142 | 13238
