> CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER, b TEXT, c, n TEXT COLLATE NOCASE, j TEXT)
> INSERT INTO t WITH s (k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM s LIMIT 3000) SELECT k, CASE WHEN k % 50 = 0 THEN NULL ELSE k % 7 END, CASE WHEN k % 31 = 0 THEN NULL ELSE 'b' || (k % 5) END, CASE k % 4 WHEN 0 THEN 1 WHEN 1 THEN 1.0 WHEN 2 THEN '1' END, CASE k % 3 WHEN 0 THEN 'X' WHEN 1 THEN 'x' ELSE 'y' END, json_object('k', CASE k % 6 WHEN 0 THEN 1 WHEN 1 THEN 1.0 WHEN 2 THEN json('[1]') WHEN 3 THEN NULL ELSE 'v' || (k % 10) END) FROM s
changes 3000
> CREATE INDEX t_ab ON t (a, b)
> CREATE INDEX t_ca ON t (c, a)
> CREATE INDEX t_na ON t (n, a)
> CREATE INDEX t_k ON t (json_extract(j, '$.k'))
> SELECT count(DISTINCT b) FROM t WHERE a = 3
5
> SELECT count(DISTINCT b) FROM t WHERE a IS NULL
1
> SELECT count(DISTINCT b) FROM t WHERE a = 99
0
> SELECT count(DISTINCT b), count(*) FROM t WHERE a = 3
5 | 420
> SELECT count(DISTINCT a) FROM t
7
> SELECT count(DISTINCT a) FROM t WHERE a > 4
2
> SELECT count(DISTINCT c) FROM t
2
> SELECT count(DISTINCT a) FROM t WHERE c = 1
7
> SELECT count(DISTINCT n) FROM t
2
> SELECT count(DISTINCT a) FROM t WHERE n = 'X'
7
> SELECT count(DISTINCT b) FROM t WHERE a IN (1, 2)
5
> SELECT a, count(DISTINCT b), count(*) FROM t GROUP BY a
NULL | 1 | 60
0 | 5 | 420
1 | 5 | 420
2 | 5 | 420
3 | 5 | 420
4 | 5 | 420
5 | 5 | 420
6 | 5 | 420
> SELECT a, count(DISTINCT b) FROM t GROUP BY a ORDER BY a DESC
6 | 5
5 | 5
4 | 5
3 | 5
2 | 5
1 | 5
0 | 5
NULL | 1
> SELECT a, count(DISTINCT b) FROM t GROUP BY a HAVING count(*) > 400 ORDER BY a DESC LIMIT 2
6 | 5
5 | 5
> SELECT a, count(DISTINCT b) FROM t WHERE a BETWEEN 2 AND 3 GROUP BY a
2 | 5
3 | 5
> SELECT a, count(DISTINCT lower(b)) FROM t WHERE a < 2 GROUP BY a
0 | 5
1 | 5
> SELECT DISTINCT b FROM t WHERE a = 3
NULL
'b0'
'b1'
'b2'
'b3'
'b4'
> SELECT DISTINCT b FROM t WHERE a = 3 ORDER BY b DESC
'b4'
'b3'
'b2'
'b1'
'b0'
NULL
> SELECT DISTINCT b, a FROM t WHERE a IN (3, 1, 3)
NULL | 1
'b0' | 1
'b1' | 1
'b2' | 1
'b3' | 1
'b4' | 1
NULL | 3
'b0' | 3
'b1' | 3
'b2' | 3
'b3' | 3
'b4' | 3
> SELECT DISTINCT a FROM t ORDER BY a
NULL
0
1
2
3
4
5
6
> SELECT DISTINCT a FROM t ORDER BY a DESC LIMIT 3 OFFSET 1
5
4
3
> SELECT DISTINCT a FROM t WHERE a > 3 LIMIT 2
4
5
> SELECT DISTINCT substr(b, 2), a FROM t WHERE a = 5
NULL | 5
'0' | 5
'1' | 5
'2' | 5
'3' | 5
'4' | 5
> SELECT DISTINCT c FROM t
NULL
1
'1'
> SELECT DISTINCT typeof(c) FROM t
'null'
'integer'
'real'
'text'
> SELECT DISTINCT a + 0 FROM t WHERE c = 1
NULL
0
1
2
3
4
5
6
> SELECT DISTINCT n COLLATE BINARY FROM t
'x'
'X'
'y'
> SELECT count(*) FROM (SELECT DISTINCT n, a FROM t)
16
> SELECT DISTINCT b FROM t WHERE a = 3 AND id > 2990
'b2'
'b4'
> SELECT a FROM (SELECT DISTINCT a FROM t) WHERE a IS NOT NULL ORDER BY a
0
1
2
3
4
5
6
> SELECT id FROM t WHERE a IN (SELECT DISTINCT a FROM t WHERE c = 1 AND a > 5) AND id < 20
6
13
> SELECT a, count(*) FROM t WHERE a IN (5, 1, NULL, 1, 99) GROUP BY a
1 | 420
5 | 420
> SELECT a, b, count(*) FROM t WHERE a IN (5, 1) AND b IN ('b1', 'b0', 'zz') GROUP BY a, b
1 | 'b0' | 74
1 | 'b1' | 83
5 | 'b0' | 75
5 | 'b1' | 82
> SELECT b, count(*) FROM t WHERE a IN (5, 1) GROUP BY b
NULL | 28
'b0' | 149
'b1' | 165
'b2' | 167
'b3' | 166
'b4' | 165
> SELECT a, count(*) FROM t WHERE a IN (5, 1) GROUP BY a ORDER BY a DESC
5 | 420
1 | 420
> SELECT b, a, count(*) FROM t WHERE a IN (2, 1) AND b IN ('b1', 'b0') GROUP BY b, a ORDER BY b, a
'b0' | 1 | 74
'b0' | 2 | 73
'b1' | 1 | 83
'b1' | 2 | 84
> SELECT a, count(*) FROM t WHERE a IN (SELECT a FROM t WHERE id < 4) GROUP BY a
1 | 420
2 | 420
3 | 420
> SELECT a, min(b), max(b), count(*) FROM t WHERE a IN (5, 1) GROUP BY a
1 | 'b0' | 'b4' | 420
5 | 'b0' | 'b4' | 420
> SELECT b, count(*) FROM t WHERE b IN ('b1', 'b3') GROUP BY b
'b1' | 580
'b3' | 581
> SELECT min(b), max(b) FROM t WHERE a = 3
'b0' | 'b4'
> SELECT min(b), max(b), count(*) FROM t WHERE a = 99
NULL | NULL | 0
> SELECT min(a), max(a) FROM t WHERE c = 1
0 | 6
> SELECT min(b), max(b), count(*) FROM t WHERE a IS NULL
'b0' | 'b0' | 60
> SELECT max(b), min(b) FROM t WHERE a = 3 AND b > 'b1'
'b4' | 'b2'
> SELECT json_extract(j, '$.k') k, count(*) FROM t GROUP BY k
NULL | 500
1.0 | 1000
'[1]' | 500
'v0' | 100
'v1' | 100
'v2' | 100
'v3' | 100
'v4' | 100
'v5' | 100
'v6' | 100
'v7' | 100
'v8' | 100
'v9' | 100
> SELECT json_extract(j, '$.k') k, count(*) FROM t GROUP BY k ORDER BY k DESC LIMIT 3
'v9' | 100
'v8' | 100
'v7' | 100
> SELECT json_extract(j, '$.k') k, typeof(json_extract(j, '$.k')), count(*) FROM t GROUP BY k HAVING count(*) > 300
NULL | 'null' | 500
1.0 | 'real' | 1000
'[1]' | 'text' | 500
> SELECT count(*) FROM t GROUP BY json_extract(j, '$.k') LIMIT 2
500
1000
> SELECT a, (SELECT count(DISTINCT b) FROM t u WHERE u.a = v.a) FROM (SELECT DISTINCT a FROM t) v ORDER BY a
NULL | 0
0 | 5
1 | 5
2 | 5
3 | 5
4 | 5
5 | 5
6 | 5
> SELECT sum(a), count(b), avg(a) FROM t WHERE c = 1
4409 | 1452 | 2.9993197278911565
> SELECT sum(CASE WHEN b < 'b2' THEN 1 ELSE 0 END) FROM t WHERE a = 4
157
> SELECT a, sum(CASE WHEN b < 'b2' THEN 1 ELSE 0 END), max(b) FROM t WHERE a IN (4, 6) GROUP BY a
4 | 157 | 'b4'
6 | 159 | 'b4'
> SELECT sum(b + a), group_concat(DISTINCT b) FROM t WHERE a = 2
812 | 'b0,b1,b2,b3,b4'
> SELECT sum(abs(a - 9223372036854775807 - 3)) FROM t WHERE a = 2
error SQLITE_ERROR: integer overflow
> DELETE FROM t WHERE a = 3 AND b <> 'b1'
changes 325
> SELECT count(DISTINCT b), min(b), max(b) FROM t WHERE a = 3
1 | 'b1' | 'b1'
> SELECT DISTINCT b FROM t WHERE a = 3
NULL
'b1'
> SELECT count(*), max(a) FROM t WHERE a > 4 LIMIT 3
840 | 6
> SELECT min(a), max(a) FROM t WHERE a BETWEEN 2 AND 4
2 | 4
> SELECT count(DISTINCT a), count(*) FROM t WHERE a > 99 LIMIT 2
0 | 0
> SELECT min(b), max(b), count(*) FROM t WHERE a = 2 LIMIT 3
'b0' | 'b4' | 420
> CREATE TABLE s (id INTEGER PRIMARY KEY, k INTEGER, v INTEGER)
> INSERT INTO s WITH s (k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM s LIMIT 3000) SELECT k, CASE WHEN k % 11 = 0 THEN NULL ELSE k * 7 % 1500 END, k FROM s
changes 3000
> CREATE INDEX s_k ON s (k)
> SELECT count(DISTINCT k) FROM s
1500
> SELECT count(DISTINCT k) FROM s WHERE k > 700
799
> SELECT k % 2, count(DISTINCT k) FROM s GROUP BY 1
NULL | 0
0 | 750
1 | 750
> SELECT count(*) FROM (SELECT DISTINCT k FROM s)
1501
> SELECT DISTINCT k FROM s WHERE k IN (7, 14, 7, 21) ORDER BY k DESC
21
14
7
