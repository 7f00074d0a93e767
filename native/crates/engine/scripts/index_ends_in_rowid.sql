> CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER, b TEXT, c)
> CREATE TABLE u (a TEXT, b INTEGER)
> INSERT INTO t WITH s (k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM s LIMIT 3000) SELECT k - 5, CASE WHEN k % 50 = 0 THEN NULL ELSE k % 7 END, 'b' || (k % 5), k % 3 FROM s
changes 3000
> INSERT INTO u SELECT b, a FROM t
changes 3000
> CREATE INDEX t_a ON t (a)
> CREATE INDEX t_bc ON t (b, c DESC)
> CREATE UNIQUE INDEX t_u ON t (a, id)
> CREATE INDEX u_a ON u (a)
> CREATE INDEX t_part ON t (c) WHERE b > 'b2'
> SELECT id FROM t INDEXED BY t_a WHERE a = 3 AND id < 100 ORDER BY id DESC LIMIT 4
96
89
82
75
> SELECT id FROM t INDEXED BY t_a WHERE a = 3 AND id > 2950 ORDER BY id
2952
2959
2966
2973
2980
2987
2994
> SELECT id FROM t INDEXED BY t_a WHERE a = 3 AND id > 100 AND id <= 115
103
110
> SELECT id FROM t INDEXED BY t_a WHERE a IS NULL AND id >= 2900
2945
2995
> SELECT id FROM t INDEXED BY t_a WHERE a IN (1, 3) AND id BETWEEN 10 AND 25
10
17
24
12
19
> SELECT id FROM t INDEXED BY t_bc WHERE b = 'b1' AND c = 2 AND id < 40
6
21
36
> SELECT id FROM t INDEXED BY t_bc WHERE b = 'b1' AND c = 2 AND id < 40 ORDER BY id DESC
36
21
6
> SELECT count(*), sum(a) FROM t INDEXED BY t_bc WHERE b = 'b1' AND c = 2 AND id > 400
173 | 522
> SELECT id FROM t INDEXED BY t_part WHERE c = 1 AND b > 'b2' AND id < 30
-1
8
14
23
29
> SELECT id FROM t INDEXED BY t_a WHERE a = 3 AND id < '21'
-2
5
12
19
> SELECT id FROM t INDEXED BY t_a WHERE a = 3 AND id <= 20.5 AND id > -3.5
-2
5
12
19
> SELECT id FROM t INDEXED BY t_a WHERE a = 3 AND id < 'x' AND id > 2980
2987
2994
> SELECT id FROM t INDEXED BY t_a WHERE a = 3 AND id > 'x'
> SELECT id FROM t INDEXED BY t_a WHERE a = 3 AND id < NULL
> SELECT id FROM t INDEXED BY t_a WHERE a = 3 AND id > x'00'
> SELECT count(*) FROM t INDEXED BY t_a WHERE a = 3 AND id < x'00'
420
> SELECT id FROM t INDEXED BY t_a WHERE a = 3 AND id > 9223372036854775807
> SELECT count(*) FROM t INDEXED BY t_a WHERE a = 3 AND id >= -9223372036854775808 AND id <= 9223372036854775807
420
> SELECT id FROM t INDEXED BY t_a WHERE a = 3 AND id > 20 AND id < 10
> SELECT rowid, b FROM u WHERE a = 'b1' AND rowid > 2970 ORDER BY rowid DESC
2996 | 0
2991 | 2
2986 | 4
2981 | 6
2976 | 1
2971 | 3
> SELECT rowid FROM u WHERE a = 'b1' AND rowid < 20 ORDER BY rowid
1
6
11
16
> SELECT DISTINCT b FROM u WHERE a = 'b1' AND rowid < 40 ORDER BY b
0
1
2
3
4
5
6
> SELECT a, count(*) FROM u WHERE a IN ('b1', 'b3') AND rowid < 100 GROUP BY a ORDER BY a
'b1' | 20
'b3' | 20
> SELECT x.id, (SELECT count(*) FROM t y WHERE y.a = x.a AND y.id < x.id) FROM t x WHERE x.id BETWEEN 50 AND 56
50 | 7
51 | 7
52 | 7
53 | 8
54 | 8
55 | 8
56 | 8
> SELECT x.id, (SELECT max(y.id) FROM t y WHERE y.a = x.a AND y.id < x.id) FROM t x WHERE x.id BETWEEN 50 AND 56
50 | 43
51 | 44
52 | 38
53 | 46
54 | 47
55 | 48
56 | 49
> SELECT count(*) FROM t x JOIN u y ON y.a = x.b AND y.rowid > x.id WHERE x.id BETWEEN 50 AND 56
4123
> SELECT x.id, y.rowid FROM t x LEFT JOIN u y ON y.a = x.b AND y.rowid BETWEEN x.id AND x.id + 3 WHERE x.id < 3
-4 | NULL
-3 | NULL
-2 | NULL
-1 | NULL
0 | NULL
1 | 1
2 | 2
> SELECT id FROM t WHERE (a = 3 AND id < 10) OR (b = 'b1' AND c = 1 AND id > 2980) ORDER BY id
-2
5
2981
> SELECT id FROM t WHERE a = 3 AND id < 100 AND c = 1 ORDER BY id DESC LIMIT 2 OFFSET 1
68
47
> SELECT count(*) FROM t WHERE a = 3 AND (id, b) < (100, 'b1')
15
> UPDATE t SET c = 9 WHERE a = 3 AND id > 2980
changes 2
> DELETE FROM t WHERE a = 3 AND id < 30
changes 5
> SELECT id, c FROM t WHERE a = 3 AND (id < 50 OR id > 2970) ORDER BY id
33 | 2
40 | 0
47 | 1
2973 | 2
2980 | 0
2987 | 9
2994 | 9
> SELECT count(*) FROM u x JOIN t y ON y.a = x.b * 100
176400
> SELECT count(*) FROM (SELECT 1 AS k UNION ALL SELECT 8 UNION ALL SELECT 3 UNION ALL SELECT 99 UNION ALL SELECT 6) x JOIN t y ON y.a = x.k
1255
