# Of a table's rows those are read that have one of few keys, found by rowid, by an index, or told by a bit for each key
> CREATE TABLE t(id INTEGER PRIMARY KEY, k INT, l INT, v REAL, w TEXT)
> INSERT INTO t WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 12000) SELECT i * 3 - 9000, i * 7 % 6000 - 100, i % 10, i * 0.25, 'w' || (i % 50) FROM c
changes 12000
> CREATE INDEX t_k_l ON t(k, l)
> CREATE TABLE s(a INTEGER PRIMARY KEY, k, name TEXT)
> INSERT INTO s WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 200) SELECT i, CASE i % 9 WHEN 0 THEN NULL WHEN 1 THEN i * 1.0 WHEN 2 THEN CAST(i AS TEXT) WHEN 3 THEN i * 0.5 ELSE i * 5 - 150 END, 'n' || (i % 7) FROM c
changes 200
> CREATE TABLE i(a INTEGER PRIMARY KEY, k INT NOT NULL, name TEXT)
> INSERT INTO i SELECT a, a * 11 % 3000 - 120, name FROM s
changes 200
> SELECT count(*), sum(t.v), min(t.id), max(t.id) FROM t, i WHERE t.k = i.k AND i.name = 'n3'
58 | 58188.5 | -6423 | 12501
> SELECT count(*), sum(t.v), min(t.id), max(t.id) FROM t, s WHERE t.k = s.k AND s.name = 'n3'
48 | 42605.0 | -8985 | 14271
> SELECT i.name, count(*), total(t.v) FROM t JOIN i ON t.k = i.k AND t.l = i.a % 10 WHERE i.a < 90 GROUP BY i.name
'n0' | 4 | 8222.5
'n1' | 6 | 7185.0
'n2' | 4 | 7357.5
'n3' | 6 | 5887.5
'n4' | 4 | 6492.5
'n5' | 6 | 4590.0
'n6' | 4 | 5627.5
> SELECT count(*), sum(t.v) FROM t, i WHERE t.id = i.k AND i.name <> 'n1'
57 | 47443.5
> SELECT count(*), sum(t.v) FROM t, i WHERE t.l = i.k AND i.name <> 'n1'
1200 | 1798800.0
> SELECT count(*), sum(t.v) FROM t, i WHERE t.id = i.k * 3 AND i.name = 'n2'
29 | 28855.0
> SELECT i.name, count(*) FROM i WHERE EXISTS (SELECT 1 FROM t WHERE t.k = i.k AND t.v > 700) GROUP BY i.name
'n0' | 28
'n1' | 28
'n2' | 29
'n3' | 29
'n4' | 29
'n5' | 28
'n6' | 28
> SELECT i.name, count(*) FROM i WHERE NOT EXISTS (SELECT 1 FROM t WHERE t.k = i.k AND t.l <> i.a % 3) GROUP BY i.name
'n0' | 2
'n1' | 4
'n2' | 3
'n3' | 3
'n4' | 3
'n5' | 3
'n6' | 3
> SELECT name, count(*) FROM i WHERE a % 11 = 0 AND a > (SELECT 0.1 * sum(t.l) FROM t WHERE t.k = i.k) GROUP BY name
'n0' | 2
'n1' | 3
'n2' | 3
'n3' | 2
'n4' | 3
'n5' | 3
'n6' | 2
> SELECT count(*), sum(v) FROM t WHERE k IN (SELECT k FROM i WHERE name = 'n5')
56 | 44149.0
> SELECT count(*), sum(v) FROM t WHERE k IN (SELECT k FROM s)
300 | 422031.0
> SELECT count(*), sum(v) FROM t WHERE +k NOT IN (SELECT k FROM i WHERE name = 'n5')
11944 | 17957351.0
> SELECT count(*), sum(v) FROM t WHERE id IN (SELECT k FROM i) AND v > 500
66 | 54920.25
> DELETE FROM t WHERE id % 7 = 0
changes 1714
> UPDATE t SET k = k + 1, v = -v WHERE id % 11 = 3
changes 702
> INSERT INTO t(id, k, l, v, w) SELECT id + 1, k, 4, 0.5, 'late' FROM t WHERE id % 100 = 1
changes 77
> SELECT count(*), sum(t.v), min(t.id), max(t.id) FROM t, i WHERE t.k = i.k AND i.name = 'n3'
51 | 50152.0 | -6423 | 12502
> SELECT count(*), sum(t.v) FROM t, i WHERE t.id = i.k AND i.name <> 'n1'
47 | 39094.75
> SELECT i.name, count(*) FROM i WHERE EXISTS (SELECT 1 FROM t WHERE t.k = i.k AND t.v > 700) GROUP BY i.name
'n0' | 28
'n1' | 24
'n2' | 29
'n3' | 25
'n4' | 29
'n5' | 24
'n6' | 6
> UPDATE t SET w = printf('%.*c', 5000, 'x') WHERE id % 500 = 3
changes 15
> SELECT count(*), sum(t.v), sum(length(t.w)) FROM t, i WHERE t.k = i.k AND i.name = 'n3'
51 | 50152.0 | 140
> SELECT count(*), sum(length(t.w)) FROM t, i WHERE t.id = i.k AND i.name <> 'n1'
47 | 133
> SELECT count(*), sum(length(w)) FROM t WHERE k IN (SELECT k FROM i)
344 | 963
# Rows of joins that run in batches come in the plan's order where an ORDER BY leaves it open
> SELECT i.name, t.id, t.l FROM i, t WHERE t.k = i.k AND i.a BETWEEN 20 AND 60 AND t.v > 0 ORDER BY i.name LIMIT 12
'n0' | 6519 | 3
'n0' | 24519 | 3
'n0' | 24552 | 4
'n0' | 6585 | 5
'n0' | 24585 | 5
'n0' | 6618 | 6
'n0' | 24618 | 6
'n0' | 6651 | 7
'n0' | 24651 | 7
'n0' | 6684 | 8
'n0' | 24684 | 8
'n1' | -3762 | 6
> SELECT t.l, i.a, t.id FROM t, i WHERE t.k = i.k AND t.l IN (7, 2) AND i.a < 50 ORDER BY t.l
2 | 4 | 1296
2 | 4 | 19296
2 | 5 | 11586
2 | 14 | 6486
2 | 24 | -6324
2 | 44 | 4056
2 | 44 | 22056
7 | 9 | 3891
7 | 9 | 21891
7 | 19 | -8919
7 | 19 | 9081
7 | 29 | -3729
7 | 29 | 14271
7 | 39 | 1461
7 | 39 | 19461
7 | 40 | 11751
7 | 49 | 6651
7 | 49 | 24651
> SELECT i.a, t.id FROM i JOIN t ON t.k = i.k WHERE i.a < 40 AND t.v > (SELECT avg(u.v) FROM t u WHERE u.k = i.k) - 100 ORDER BY i.name
7 | 24453
14 | 6486
21 | 24519
28 | 24552
35 | 24585
8 | 14172
15 | 14205
22 | -3762
29 | 14271
36 | 14304
2 | 21858
9 | 21891
16 | 3924
23 | 21957
30 | 21990
37 | 22023
3 | 11577
10 | 11610
17 | 11643
24 | -6324
31 | 11709
38 | 11742
4 | 19296
11 | 19329
18 | 1362
25 | 19395
32 | 19428
39 | 19461
5 | -8985
5 | 9015
12 | -8952
12 | 9048
19 | -8919
19 | 9081
26 | -8886
33 | 9147
6 | -1266
13 | -1233
20 | -1200
27 | -1167
> CREATE INDEX t_l_v ON t(l, v DESC)
> SELECT i.a, t.id FROM i JOIN t ON t.l = i.a WHERE i.a < 9 AND t.v > 2990 ORDER BY i.name
7 | 26991
7 | 26961
1 | 26973
1 | 26913
1 | 26883
8 | 26994
8 | 26934
8 | 26904
2 | 26976
2 | 26946
2 | 26916
2 | 26886
3 | 26979
3 | 26949
3 | 26919
3 | 26889
4 | 26982
4 | 26952
4 | 26892
5 | 26955
5 | 26925
5 | 26895
6 | 26988
6 | 26958
6 | 26928
> SELECT a FROM i WHERE k IN (SELECT t.k FROM t, s WHERE t.k = s.k AND s.name = 'n4') ORDER BY name
50
85
> SELECT count(*) FROM i WHERE (k, a % 10) IN (SELECT t.k, t.l FROM t, s WHERE t.id = s.a AND s.name > 'n1')
0
# An error stays one, whichever rows a join would have left out
> SELECT count(*) FROM t, i WHERE t.k = i.k AND i.name = 'n3' AND abs(t.l - 9223372036854775807 - 1) > 0
error SQLITE_ERROR: integer overflow
> SELECT i.a FROM t, i WHERE t.k = i.k AND i.name = 'n3' AND json_extract(t.w, '$') > 0 ORDER BY i.name
error SQLITE_ERROR: malformed JSON
