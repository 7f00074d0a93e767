# Pages behind a row: an index is entered by all columns of the comparison that it has.
> CREATE TABLE t(id INTEGER PRIMARY KEY, a INT, b TEXT COLLATE NOCASE, c REAL, d)
> WITH RECURSIVE n(v) AS (SELECT 1 UNION ALL SELECT v + 1 FROM n WHERE v < 600) INSERT INTO t SELECT v, v / 10 % 7, CASE WHEN v % 11 THEN 'k' || (v % 5) END, CASE WHEN v % 13 THEN v % 9 / 2.0 END, v % 3 FROM n
changes 600
> CREATE INDEX t_abc ON t(a, b, c)
> CREATE INDEX t_cd ON t(c DESC, d DESC)
> CREATE INDEX t_d ON t(d)
> SELECT id, a, b, c FROM t WHERE (a, b, c) > (3, 'K2', 1.5) ORDER BY a, b, c LIMIT 4
382 | 3 | 'k2' | 2.0
32 | 3 | 'k2' | 2.5
527 | 3 | 'k2' | 2.5
177 | 3 | 'k2' | 3.0
> SELECT id, a, b, c FROM t WHERE (a, b, c) >= (3, 'K2', 1.5) ORDER BY a, b, c LIMIT 4
102 | 3 | 'k2' | 1.5
597 | 3 | 'k2' | 1.5
382 | 3 | 'k2' | 2.0
32 | 3 | 'k2' | 2.5
> SELECT id, a, b, c FROM t WHERE (a, b) > (3, 'K2') ORDER BY a, b, c LIMIT 3
598 | 3 | 'k3' | NULL
108 | 3 | 'k3' | 0.0
243 | 3 | 'k3' | 0.0
> SELECT id, a, b, c FROM t WHERE (a, b) <= (3, 'K2') ORDER BY a DESC, b DESC, c DESC LIMIT 3
107 | 3 | 'k2' | 4.0
592 | 3 | 'k2' | 3.5
457 | 3 | 'k2' | 3.5
> SELECT id, a, b, c FROM t WHERE (a, b, c) < (3, 'k2', 1.5) ORDER BY a DESC, b DESC, c DESC LIMIT 4
452 | 3 | 'k2' | 1.0
317 | 3 | 'k2' | 1.0
172 | 3 | 'k2' | 0.5
37 | 3 | 'k2' | 0.5
> SELECT count(*) FROM t WHERE (a, b, c) > (3, 'k2', 1.5)
280
> SELECT count(*) FROM t WHERE (a, b, c) <= (3, 'k2', 1.5)
310
> SELECT count(*) FROM t WHERE (a, b) > (3, NULL)
241
> SELECT count(*) FROM t WHERE (a, b) < (3, NULL)
269
> SELECT count(*) FROM t WHERE (a, b) > (NULL, 'k2')
0
> SELECT count(*) FROM t WHERE (a, b, c) > (3, 'k2', NULL)
273
> SELECT count(*) FROM t WHERE (a, b) > (3, 'k2') AND (a, b) < (5, 'k1')
127
> SELECT count(*) FROM t WHERE (a, b) > (3, 'k2') AND a <= 4
113
> SELECT count(*) FROM t WHERE (a, b) > ('3', 2)
323
> SELECT count(*) FROM t WHERE (a, b) > (2.5, 'k2')
331
> SELECT count(*) FROM t WHERE (a, c) > (3, 2)
277
> SELECT count(*) FROM t WHERE (a, b COLLATE BINARY) > (3, 'K2')
323
> SELECT count(*) FROM t WHERE (3, 'k2') < (a, b)
273
> SELECT count(*) FROM t WHERE a = 3 AND (b, c) > ('k2', 1.5)
39
> SELECT count(*) FROM t WHERE a IN (2, 4) AND (b, c) >= ('k2', 1.5)
78
> SELECT id, c, d FROM t WHERE (c, d) < (2.0, 1) ORDER BY c DESC, d DESC LIMIT 4
3 | 1.5 | 0
12 | 1.5 | 0
21 | 1.5 | 0
30 | 1.5 | 0
> SELECT id, c, d FROM t WHERE (c, d) > (2.0, 1) ORDER BY c, d LIMIT 4
599 | 2.5 | 2
590 | 2.5 | 2
581 | 2.5 | 2
563 | 2.5 | 2
> SELECT id, c, d FROM t WHERE (c, d, id) > (2.0, 1, 300) ORDER BY c, d, id LIMIT 4
301 | 2.0 | 1
310 | 2.0 | 1
319 | 2.0 | 1
328 | 2.0 | 1
> SELECT id, d FROM t INDEXED BY t_d WHERE (d, id) > (1, 590) ORDER BY d, id LIMIT 4
592 | 1
595 | 1
598 | 1
2 | 2
> SELECT id, d FROM t INDEXED BY t_d WHERE (d, id) >= (1, 592) ORDER BY d, id LIMIT 4
592 | 1
595 | 1
598 | 1
2 | 2
> SELECT id, d FROM t INDEXED BY t_d WHERE (d, id) < (1, 5) ORDER BY d DESC, id DESC LIMIT 4
4 | 1
1 | 1
600 | 0
597 | 0
> SELECT id, d FROM t INDEXED BY t_d WHERE (d, id) <= (1, 4) ORDER BY d DESC, id DESC LIMIT 4
4 | 1
1 | 1
600 | 0
597 | 0
> SELECT id, d FROM t INDEXED BY t_d WHERE (d, id) > (1, 590.5) ORDER BY d, id LIMIT 4
592 | 1
595 | 1
598 | 1
2 | 2
> SELECT id, d FROM t INDEXED BY t_d WHERE (d, id) > (1, '590') ORDER BY d, id LIMIT 4
592 | 1
595 | 1
598 | 1
2 | 2
> SELECT id, d FROM t INDEXED BY t_d WHERE (d, id) > (1, 'x') ORDER BY d, id LIMIT 2
2 | 2
5 | 2
> SELECT id, d FROM t INDEXED BY t_d WHERE (d, id) > (1, 9223372036854775807) ORDER BY d, id LIMIT 2
2 | 2
5 | 2
> SELECT id, d FROM t INDEXED BY t_d WHERE (d, rowid) > (1, 590) AND (d, rowid) < (2, 10) ORDER BY d, id
592 | 1
595 | 1
598 | 1
2 | 2
5 | 2
8 | 2
> CREATE TABLE w(k TEXT, n INTEGER, v, PRIMARY KEY(k, n DESC)) WITHOUT ROWID
> CREATE INDEX w_v ON w(v)
> INSERT INTO w SELECT 'k' || (id % 4), id, id % 6 FROM t
changes 600
> SELECT k, n FROM w WHERE (k, n) > ('k1', 500) ORDER BY k, n DESC LIMIT 4
'k1' | 597
'k1' | 593
'k1' | 589
'k1' | 585
> SELECT k, n FROM w WHERE (k, n) > ('k1', 500) ORDER BY k, n LIMIT 4
'k1' | 501
'k1' | 505
'k1' | 509
'k1' | 513
> SELECT v, k, n FROM w WHERE (v, k, n) > (3, 'k1', 9) ORDER BY v, k, n LIMIT 4
3 | 'k1' | 21
3 | 'k1' | 33
3 | 'k1' | 45
3 | 'k1' | 57
> SELECT count(*) FROM w WHERE (k, n) < ('k2', 100)
325
> UPDATE w SET v = -1 WHERE (v, k) > (4, 'k2')
changes 100
> DELETE FROM t WHERE (a, b) > (5, 'k3')
changes 95
> SELECT count(*), sum(id) FROM t
505 | 150980
