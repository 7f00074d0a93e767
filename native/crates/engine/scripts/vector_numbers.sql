> CREATE TABLE n(i)
> INSERT INTO n WITH RECURSIVE c(x) AS (SELECT 0 UNION ALL SELECT x + 1 FROM c WHERE x < 2999) SELECT x FROM c
changes 3000
> CREATE TABLE t(id INTEGER PRIMARY KEY, wide INT, small INT, signed INT, amount, label TEXT, late)
> INSERT INTO t SELECT i + 1, (i - 1500) * 3000000000000007, i % 97, i % 7 - 3, CASE WHEN i < 2000 THEN i % 11 ELSE i * 0.25 END, 'label ' || (i % 13), CASE WHEN i > 2500 THEN i END FROM n
changes 3000
> SELECT count(*), min(wide), max(wide), sum(wide) FROM t WHERE wide < 91
error SQLITE_ERROR: integer overflow
> SELECT min(wide), max(wide) FROM t
-4500000000000010500 | 4497000000000010493
> SELECT count(*) FROM t WHERE wide > -5
1500
> SELECT count(*) FROM t WHERE wide <= 3000000000000007
1502
> SELECT max(id), min(id), sum(id), avg(id), total(id) FROM t WHERE id > 17 AND small < 40 AND signed <> 2
2950 | 18 | 1569325 | 1496.020019065777 | 1569325.0
> SELECT sum(signed), avg(signed), total(signed), sum(amount), avg(amount), total(amount) FROM t
-6 | -0.002 | -6.0 | 634866.0 | 211.622 | 634866.0
> SELECT sum(DISTINCT signed), count(DISTINCT signed), avg(DISTINCT amount) FROM t
0 | 7 | 618.13056379821956
> SELECT small, count(*), sum(signed), min(amount), max(amount), max(wide) FROM t WHERE small > 91 GROUP BY small
92 | 30 | -5 | 0 | 726.25 | 4215000000000009835
93 | 30 | -3 | 0 | 726.5 | 4218000000000009842
94 | 30 | -1 | 0 | 726.75 | 4221000000000009849
95 | 30 | 1 | 0 | 727.0 | 4224000000000009856
96 | 30 | 3 | 0 | 727.25 | 4227000000000009863
> SELECT signed, count(*), sum(small), min(id), max(label) FROM t GROUP BY signed
-3 | 429 | 20484 | 1 | 'label 9'
-2 | 429 | 20525 | 2 | 'label 9'
-1 | 429 | 20566 | 3 | 'label 9'
0 | 429 | 20607 | 4 | 'label 9'
1 | 428 | 20558 | 5 | 'label 9'
2 | 428 | 20501 | 6 | 'label 9'
3 | 428 | 20444 | 7 | 'label 9'
> SELECT signed, count(*), sum(amount) FROM t GROUP BY signed ORDER BY signed DESC
3 | 428 | 90723.5
2 | 428 | 90688.75
1 | 428 | 90162.25
0 | 429 | 90876.5
-1 | 429 | 90840.75
-2 | 429 | 90805.0
-3 | 429 | 90769.25
> SELECT amount, count(*) FROM t WHERE id BETWEEN 1990 AND 2010 GROUP BY amount
0 | 1
1 | 1
2 | 1
3 | 1
4 | 1
5 | 1
6 | 1
7 | 1
8 | 1
9 | 1
10 | 1
500.0 | 1
500.25 | 1
500.5 | 1
500.75 | 1
501.0 | 1
501.25 | 1
501.5 | 1
501.75 | 1
502.0 | 1
502.25 | 1
> SELECT late, count(*), max(small) FROM t WHERE late IS NULL OR late > 2995 GROUP BY late
NULL | 2501 | 96
2996 | 1 | 86
2997 | 1 | 87
2998 | 1 | 88
2999 | 1 | 89
> SELECT small / 10, min(id), max(id) FROM t GROUP BY small / 10
0 | 1 | 2920
1 | 11 | 2930
2 | 21 | 2940
3 | 31 | 2950
4 | 41 | 2960
5 | 51 | 2970
6 | 61 | 2980
7 | 71 | 2990
8 | 81 | 3000
9 | 91 | 2910
> SELECT small % 5 - 2, count(late), sum(late), sum(late * 0.5) FROM t GROUP BY small % 5 - 2
-2 | 102 | 280395 | 140197.5
-1 | 103 | 282998 | 141499.0
0 | 98 | 269521 | 134760.5
1 | 98 | 269619 | 134809.5
2 | 98 | 269717 | 134858.5
> SELECT id % 70000 + 1, count(*) FROM t WHERE id > 2997 GROUP BY id % 70000 + 1
2999 | 1
3000 | 1
3001 | 1
> SELECT id * 1000, sum(small) FROM t WHERE id % 500 = 0 GROUP BY id * 1000
500000 | 14
1000000 | 29
1500000 | 44
2000000 | 59
2500000 | 74
3000000 | 89
> SELECT min(label), max(label), min(late), max(late) FROM t
'label 0' | 'label 9' | 2501 | 2999
> SELECT small, id, max(amount) FROM t WHERE small < 3 GROUP BY small
0 | 2911 | 727.5
1 | 2912 | 727.75
2 | 2913 | 728.0
> SELECT small, max(amount) FILTER (WHERE id % 2), sum(signed) FILTER (WHERE signed < 0) FROM t WHERE small < 3 GROUP BY small
0 | 727.5 | -27
1 | 703.5 | -29
2 | 728.0 | -30
> INSERT INTO t VALUES (5000, 4, 5, 6, 'text', NULL, 1.0), (5001, NULL, NULL, NULL, NULL, 'label 3', 2501), (5002, 7.0, 4.0, 'x', x'00', 'label 3', '1')
changes 3
> SELECT small, count(*), sum(signed), max(amount), min(amount) FROM t WHERE small < 6 OR small IS NULL OR id > 4999 GROUP BY small
NULL | 1 | NULL | NULL | NULL
0 | 31 | 2 | 727.5 | 0
1 | 31 | -2 | 727.75 | 0
2 | 31 | -6 | 728.0 | 0
3 | 31 | -3 | 728.25 | 0
4 | 32 | 0.0 | x'00' | 0
5 | 32 | 9 | 'text' | 0
> SELECT late, count(*) FROM t WHERE late < 2504 OR id > 4999 GROUP BY late
1.0 | 1
2501 | 2
2502 | 1
2503 | 1
'1' | 1
> SELECT min(amount), max(amount), sum(small), sum(wide) FROM t
error SQLITE_ERROR: integer overflow
> SELECT sum(wide) FROM t WHERE wide > 0
error SQLITE_ERROR: integer overflow
> SELECT sum(wide * 400) FROM t WHERE wide > 0
1.3491000000000032e+24
> SELECT total(wide * 400) FROM t WHERE wide > 0
1.3491000000000032e+24
> SELECT count(*), sum(total), max(total), min(k) FROM (SELECT small AS k, sum(signed) AS total FROM t GROUP BY small)
98 | 0.0 | 9 | 0
> SELECT total, count(*), sum(k) FROM (SELECT small AS k, count(*) AS total FROM t GROUP BY small) GROUP BY total
1 | 1 | NULL
30 | 7 | 651
31 | 88 | 3996
32 | 2 | 9
> SELECT n, count(*) FROM (SELECT label, count(*) AS n, max(id) AS last FROM t GROUP BY label HAVING count(*) > 1) GROUP BY n
230 | 3
231 | 9
233 | 1
> SELECT count(*), sum(n * 2 + 1) FROM (SELECT signed, count(*) AS n FROM t WHERE id < 4000 GROUP BY signed HAVING signed > -2) WHERE n > 428
2 | 1718
> SELECT count(*) FROM (SELECT signed, abs(min(id - 9223372036854775807)) AS n FROM t GROUP BY signed)
10
> SELECT count(*) FROM (SELECT small, abs(min(-9223372036854775807 - (id = 17))) AS n FROM t GROUP BY small)
error SQLITE_ERROR: integer overflow
> SELECT max(n) FROM (SELECT small, sum(wide * 400) AS n FROM t WHERE wide > 0 GROUP BY signed)
1.9350000000000044e+23
> SELECT count(*), max(n) FROM (SELECT small, id, max(amount) AS n FROM t GROUP BY small)
98 | x'00'
> SELECT group_concat(k || ':' || n) FROM (SELECT signed AS k, count(*) AS n FROM t GROUP BY signed)
'-3:429,-2:429,-1:429,0:429,1:428,2:428,3:428,6:1,x:1'
> SELECT group_concat(k) FROM (SELECT signed AS k FROM t GROUP BY signed ORDER BY signed DESC)
'x,6,3,2,1,0,-1,-2,-3'
> SELECT k, n FROM (SELECT signed AS k, count(*) AS n FROM t GROUP BY signed) GROUP BY n, k
NULL | 1
6 | 1
'x' | 1
1 | 428
2 | 428
3 | 428
-3 | 429
-2 | 429
-1 | 429
0 | 429
> SELECT max(n), (SELECT min(id) FROM t WHERE signed = k) FROM (SELECT signed AS k, count(*) AS n FROM t GROUP BY signed)
429 | 1
> SELECT count(*) FROM (SELECT signed AS k, count(*) AS n FROM t GROUP BY signed) AS g JOIN n ON n.i = g.k
5
> CREATE TABLE c(id INTEGER PRIMARY KEY, region TEXT, note)
> INSERT INTO c SELECT i, CASE i % 6 WHEN 0 THEN NULL ELSE 'region ' || (i % 6) END, CASE WHEN i % 5 THEN 'note ' || i ELSE i END FROM n WHERE i < 97
changes 97
> SELECT c.region, count(*), sum(t.signed), max(t.amount) FROM t JOIN c ON c.id = t.small GROUP BY c.region
NULL | 525 | 10 | 748.5
'region 1' | 495 | -2 | 748.75
'region 2' | 495 | -11 | 749.0
'region 3' | 495 | -6 | 749.25
'region 4' | 496 | -1.0 | x'00'
'region 5' | 496 | 10 | 'text'
> SELECT c.region, count(*), sum(t.amount) FROM t LEFT JOIN c ON c.id = t.id GROUP BY c.region
NULL | 2923 | 634472.0
'region 1' | 16 | 71
'region 2' | 16 | 76
'region 3' | 16 | 81
'region 4' | 16 | 86
'region 5' | 16 | 80
> SELECT c.note, count(*) FROM t JOIN c ON c.id = t.small WHERE c.note > 'note 9' GROUP BY c.note
'note 91' | 30
'note 92' | 30
'note 93' | 30
'note 94' | 30
'note 96' | 30
> SELECT substr(c.region, 1, 3), upper(c.region), count(*) FROM t JOIN c ON c.id = t.small WHERE c.region LIKE '%N 4' GROUP BY 1, 2
'reg' | 'REGION 4' | 496
> SELECT c.region, t.label, count(*) FROM t JOIN c ON c.id = t.small WHERE t.signed = 3 AND c.region >= 'region 4' AND t.label < 'label 11' GROUP BY c.region, t.label
'region 4' | 'label 1' | 16
'region 4' | 'label 10' | 6
'region 5' | 'label 1' | 12
> SELECT a.region, b.region, count(*) FROM t JOIN c AS a ON a.id = t.small JOIN c AS b ON b.region = a.region WHERE a.region < b.note GROUP BY a.region, b.region
