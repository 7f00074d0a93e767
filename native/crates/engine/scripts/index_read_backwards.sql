> CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER, b TEXT, r REAL)
> CREATE TABLE w (a INTEGER, b TEXT, c INTEGER, PRIMARY KEY (a, b)) WITHOUT ROWID
> INSERT INTO t WITH s (k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM s LIMIT 4000) SELECT k, CASE WHEN k % 90 = 0 THEN NULL ELSE k * 37 % 301 END, 'b' || (k % 13), k * 7919 % 4001 / 8.0 FROM s
changes 4000
> INSERT INTO w SELECT id / 4, b, a FROM t WHERE id <= 3000 GROUP BY id / 4, b
changes 3000
> CREATE INDEX t_ab ON t (a, b)
> CREATE INDEX t_r ON t (r)
> CREATE INDEX t_ad ON t (b DESC, a)
> CREATE INDEX w_c ON w (c)
> SELECT id, a, b FROM t WHERE b = 'b5' ORDER BY a DESC, b DESC, id DESC LIMIT 5
122 | 300 | 'b5'
1448 | 299 | 'b5'
2774 | 298 | 'b5'
187 | 297 | 'b5'
1513 | 296 | 'b5'
> SELECT count(*), sum(id) FROM (SELECT id FROM t WHERE b > 'b5' ORDER BY a DESC, b DESC LIMIT -1)
1232 | 2467696
> SELECT id, a FROM t WHERE b < 'b1' ORDER BY a DESC LIMIT 4 OFFSET 300
3848 | 3
1261 | 2
2587 | 1
3913 | 0
> SELECT id, r FROM t WHERE r - CAST(r AS INTEGER) = 0.5 ORDER BY r DESC LIMIT 3
1398 | 499.5
434 | 498.5
3471 | 497.5
> SELECT id, r FROM t WHERE id % 1000 = 1 ORDER BY r DESC
1 | 489.75
3001 | 372.5
2001 | 244.875
1001 | 117.25
> SELECT a, count(*), sum(length(b)) FROM t GROUP BY a ORDER BY a DESC LIMIT 3
300 | 13 | 29
299 | 13 | 29
298 | 14 | 31
> SELECT a, min(b), group_concat(b) FROM t WHERE b < 'b12' AND a > 298 GROUP BY a ORDER BY a DESC
300 | 'b0' | 'b11,b10,b1,b0'
299 | 'b0' | 'b11,b10,b1,b0'
> SELECT b, a FROM t WHERE a % 100 = 7 ORDER BY b, a DESC LIMIT 4
'b0' | 207
'b0' | 107
'b0' | 7
'b1' | 207
> SELECT b, a FROM t WHERE a % 100 = 7 ORDER BY b DESC, a LIMIT 4
'b9' | 7
'b9' | 107
'b9' | 207
'b8' | 7
> SELECT b, a FROM t WHERE a % 100 = 7 ORDER BY b, a LIMIT 4
'b0' | 7
'b0' | 107
'b0' | 207
'b1' | 7
> SELECT a, b FROM t WHERE length(b) = 2 AND a IS NULL ORDER BY a DESC, b DESC LIMIT 3
NULL | 'b9'
NULL | 'b9'
NULL | 'b9'
> SELECT a, b FROM t WHERE length(b) = 3 ORDER BY a DESC NULLS FIRST, b DESC LIMIT 3
NULL | 'b12'
NULL | 'b12'
NULL | 'b12'
> SELECT a, b FROM w WHERE c > 250 ORDER BY a DESC, b DESC LIMIT 4
748 | 'b3'
746 | 'b8'
744 | 'b0'
742 | 'b5'
> SELECT a, b, c FROM w WHERE c % 50 = 3 ORDER BY a DESC, b DESC
736 | 'b7' | 3
731 | 'b1' | 203
716 | 'b5' | 53
711 | 'b12' | 253
696 | 'b3' | 103
676 | 'b1' | 153
661 | 'b5' | 3
656 | 'b12' | 203
641 | 'b3' | 53
636 | 'b10' | 253
621 | 'b1' | 103
601 | 'b12' | 153
585 | 'b3' | 3
581 | 'b10' | 203
565 | 'b1' | 53
561 | 'b8' | 253
545 | 'b12' | 103
525 | 'b10' | 153
510 | 'b1' | 3
505 | 'b8' | 203
490 | 'b12' | 53
485 | 'b6' | 253
470 | 'b10' | 103
450 | 'b8' | 153
435 | 'b12' | 3
430 | 'b6' | 203
415 | 'b10' | 53
410 | 'b4' | 253
395 | 'b8' | 103
375 | 'b6' | 153
355 | 'b4' | 203
340 | 'b8' | 53
335 | 'b2' | 253
320 | 'b6' | 103
300 | 'b4' | 153
284 | 'b8' | 3
280 | 'b2' | 203
264 | 'b6' | 53
260 | 'b0' | 253
244 | 'b4' | 103
224 | 'b2' | 153
209 | 'b6' | 3
204 | 'b0' | 203
189 | 'b4' | 53
184 | 'b11' | 253
169 | 'b2' | 103
149 | 'b0' | 153
134 | 'b4' | 3
129 | 'b11' | 203
114 | 'b2' | 53
109 | 'b9' | 253
94 | 'b0' | 103
74 | 'b11' | 153
59 | 'b2' | 3
54 | 'b9' | 203
39 | 'b0' | 53
34 | 'b7' | 253
19 | 'b11' | 103
> SELECT c FROM w WHERE c % 50 = 3 ORDER BY c DESC LIMIT 5
253
253
253
253
253
> SELECT c, a FROM w WHERE a % 50 = 3 AND c > 100 ORDER BY c DESC LIMIT 5
296 | 453
296 | 303
282 | 353
282 | 203
273 | 703
> SELECT id, a FROM t WHERE a > 200 AND b = 'b3' ORDER BY a DESC LIMIT 3
3734 | 300
1147 | 299
2473 | 298
> SELECT id, a FROM t WHERE a IN (3, 300) AND b > 'b7' ORDER BY a DESC, b DESC
724 | 300
2530 | 300
3246 | 3
1139 | 3
> SELECT id FROM t WHERE abs(a - 9223372036854775807 - 3) > 0 ORDER BY a DESC LIMIT 1
724
> SELECT id FROM t INDEXED BY t_ab WHERE a > 299 AND abs(CASE WHEN id = 2000 THEN -9223372036854775808 ELSE id END) > 0 ORDER BY a DESC
724
2530
423
2229
122
1928
3734
1627
3132
1025
2831
3433
1326
> SELECT x.id, y.id FROM t x JOIN t y ON y.a = x.a AND y.b = x.b WHERE x.id BETWEEN 10 AND 13
10 | 10
10 | 3923
11 | 11
11 | 3924
12 | 12
12 | 3925
13 | 13
13 | 3926
> SELECT x.id, y.id FROM t x LEFT JOIN t y ON y.a = x.b AND y.b = x.b WHERE x.id BETWEEN 10 AND 13
10 | NULL
11 | NULL
12 | NULL
13 | NULL
> SELECT count(*) FROM t x JOIN t y ON y.a = x.a AND y.b = x.b WHERE x.id BETWEEN 10 AND 900
958
