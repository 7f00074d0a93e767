# Groups of which only their number is asked: entries of an index that begin alike are passed over.
> CREATE TABLE g(id INTEGER PRIMARY KEY, k TEXT COLLATE NOCASE, n, m INT)
> CREATE INDEX g_kn ON g(k, n)
> CREATE INDEX g_m ON g(m DESC, k)
> CREATE INDEX g_part ON g(n) WHERE m > 3
> WITH s(v) AS (SELECT 1 UNION ALL SELECT v + 1 FROM s LIMIT 9000) INSERT INTO g SELECT v, CASE v % 4 WHEN 0 THEN NULL WHEN 1 THEN 'KEY ' ELSE 'key ' END || (v * 7919 % 5), CASE v % 3 WHEN 0 THEN v % 4 WHEN 1 THEN v % 4 + 0.0 END, nullif(v % 9, 0) FROM s
changes 9000
> INSERT INTO g(k, n, m) VALUES ('single', -0.0, 77), ('other', 1e300, 78), ('Z', x'00', 79)
changes 3
> SELECT k, count(*) FROM g GROUP BY k
NULL | 2250
'KEY 0' | 1350
'key 1' | 1350
'key 2' | 1350
'key 3' | 1350
'key 4' | 1350
'other' | 1
'single' | 1
'Z' | 1
> SELECT k, n, count(*) FROM g GROUP BY k, n
NULL | NULL | 750
NULL | 0.0 | 1500
'KEY 0' | NULL | 450
'KEY 0' | 1.0 | 300
'key 0' | 2.0 | 300
'key 0' | 3 | 300
'key 1' | NULL | 450
'KEY 1' | 1 | 300
'key 1' | 2.0 | 300
'key 1' | 3.0 | 300
'key 2' | NULL | 450
'KEY 2' | 1.0 | 300
'key 2' | 2 | 300
'key 2' | 3 | 300
'key 3' | NULL | 450
'KEY 3' | 1.0 | 300
'key 3' | 2.0 | 300
'key 3' | 3.0 | 300
'key 4' | NULL | 450
'KEY 4' | 1.0 | 300
'key 4' | 2 | 300
'key 4' | 3.0 | 300
'other' | 1.0e+300 | 1
'single' | 0.0 | 1
'Z' | x'00' | 1
> SELECT n, typeof(n), count(*) FROM g WHERE k = 'key 3' GROUP BY n
NULL | 'null' | 450
1.0 | 'real' | 300
2.0 | 'real' | 300
3.0 | 'real' | 300
> SELECT k, count(*) FROM g GROUP BY k ORDER BY k DESC
'Z' | 1
'single' | 1
'other' | 1
'key 4' | 1350
'key 3' | 1350
'key 2' | 1350
'key 1' | 1350
'key 0' | 1350
NULL | 2250
> SELECT k, count(*) FROM g GROUP BY k ORDER BY k DESC LIMIT 2
'Z' | 1
'single' | 1
> SELECT k, n, count(*) FROM g GROUP BY k, n ORDER BY k DESC, n DESC LIMIT 7
'Z' | x'00' | 1
'single' | 0.0 | 1
'other' | 1.0e+300 | 1
'key 4' | 3 | 300
'key 4' | 2.0 | 300
'KEY 4' | 1 | 300
'KEY 4' | NULL | 450
> SELECT m, count(*) FROM g GROUP BY m
79 | 1
78 | 1
77 | 1
8 | 1000
7 | 1000
6 | 1000
5 | 1000
4 | 1000
3 | 1000
2 | 1000
1 | 1000
NULL | 1000
> SELECT m, count(*) FROM g GROUP BY m LIMIT 2
79 | 1
78 | 1
> SELECT m, k, count(*), count(*) FROM g WHERE m = 5 GROUP BY m, k
5 | NULL | 250 | 250
5 | 'KEY 0' | 150 | 150
5 | 'key 1' | 150 | 150
5 | 'key 2' | 150 | 150
5 | 'KEY 3' | 150 | 150
5 | 'KEY 4' | 150 | 150
> SELECT m, count(*) FROM g WHERE m > 4 GROUP BY m
79 | 1
78 | 1
77 | 1
8 | 1000
7 | 1000
6 | 1000
5 | 1000
> SELECT m, count(*) FROM g WHERE m BETWEEN 2 AND 7 GROUP BY m ORDER BY m DESC
7 | 1000
6 | 1000
5 | 1000
4 | 1000
3 | 1000
2 | 1000
> SELECT k, count(*) FROM g WHERE k > 'key 1' AND k < 'key 4' GROUP BY k
'key 2' | 1350
'key 3' | 1350
> SELECT k, count(*) FROM g WHERE k = 'none' GROUP BY k
> SELECT k, count(*) AS c FROM g GROUP BY k HAVING c > 1300 LIMIT 2
NULL | 2250
'KEY 0' | 1350
> SELECT n, count(*) FROM g WHERE m > 3 GROUP BY n LIMIT 1
NULL | 2000
> SELECT count(*) FROM g GROUP BY k LIMIT 3 OFFSET 2
1350
1350
1350
> SELECT k FROM g GROUP BY k
NULL
'KEY 0'
'key 1'
'key 2'
'key 3'
'key 4'
'other'
'single'
'Z'
> SELECT k, n FROM g GROUP BY n, k LIMIT 5
NULL | NULL
NULL | 0.0
'KEY 0' | NULL
'KEY 0' | 1.0
'key 0' | 2.0
> SELECT m, (SELECT count(*) FROM g AS i WHERE i.m = o.m GROUP BY i.k LIMIT 1) FROM g AS o WHERE o.id < 12
1 | 250
2 | 250
3 | 250
4 | 250
5 | 250
6 | 250
7 | 250
8 | 250
NULL | NULL
1 | 250
2 | 250
> SELECT sum(c), count(*) FROM (SELECT k, n, count(*) AS c FROM g GROUP BY k, n)
9003 | 25
> DELETE FROM g WHERE k = 'key 2' AND id % 3
changes 900
> SELECT k, count(*) FROM g GROUP BY k
NULL | 2250
'KEY 0' | 1350
'key 1' | 1350
'KEY 2' | 450
'key 3' | 1350
'key 4' | 1350
'other' | 1
'single' | 1
'Z' | 1
