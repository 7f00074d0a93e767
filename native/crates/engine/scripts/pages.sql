> CREATE TABLE t (id INTEGER PRIMARY KEY, a, b, c TEXT COLLATE NOCASE)
> INSERT INTO t WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60) SELECT i, nullif(i % 7, 6), nullif(i % 5, 4), char(65 + i % 4, 97 + i % 3) FROM n
changes 60
> CREATE INDEX t_ab ON t (a, b)
> CREATE INDEX t_cb ON t (c DESC, b)
> SELECT id, a, b FROM t WHERE (a, b) > (3, 1) ORDER BY a, b, id LIMIT 8
17 | 3 | 2
52 | 3 | 2
3 | 3 | 3
38 | 3 | 3
4 | 4 | NULL
39 | 4 | NULL
25 | 4 | 0
60 | 4 | 0
> SELECT id, a, b FROM t WHERE (a, b) >= (3, 3) ORDER BY a, b, id LIMIT 8
3 | 3 | 3
38 | 3 | 3
4 | 4 | NULL
39 | 4 | NULL
25 | 4 | 0
60 | 4 | 0
11 | 4 | 1
46 | 4 | 1
> SELECT id, a, b FROM t WHERE (a, b, id) < (2, 1, 30) ORDER BY a DESC, b DESC, id DESC LIMIT 8
16 | 2 | 1
30 | 2 | 0
43 | 1 | 3
8 | 1 | 3
57 | 1 | 2
22 | 1 | 2
36 | 1 | 1
1 | 1 | 1
> SELECT id, a, b FROM t WHERE (2, 1) <= (a, b) AND (a, b) <= (2, 3) ORDER BY a, b, id
16 | 2 | 1
51 | 2 | 1
2 | 2 | 2
37 | 2 | 2
23 | 2 | 3
58 | 2 | 3
> SELECT id, a, b FROM t WHERE (a, b) < (1, NULL) ORDER BY id
7 | 0 | 2
14 | 0 | NULL
21 | 0 | 1
28 | 0 | 3
35 | 0 | 0
42 | 0 | 2
49 | 0 | NULL
56 | 0 | 1
> SELECT id, a, b FROM t WHERE (a, b) > (NULL, 1) ORDER BY id
> SELECT id, c FROM t WHERE (c, b) > ('CB', 0) ORDER BY id
2 | 'Cc'
3 | 'Da'
7 | 'Db'
11 | 'Dc'
14 | 'Cc'
15 | 'Da'
19 | 'Db'
22 | 'Cb'
23 | 'Dc'
26 | 'Cc'
27 | 'Da'
31 | 'Db'
35 | 'Dc'
38 | 'Cc'
39 | 'Da'
43 | 'Db'
46 | 'Cb'
47 | 'Dc'
50 | 'Cc'
51 | 'Da'
55 | 'Db'
58 | 'Cb'
59 | 'Dc'
> SELECT id, c FROM t WHERE (c, b) > ('cb' COLLATE BINARY, 0) ORDER BY id
> SELECT id FROM t WHERE (id, a) > (57, 0) ORDER BY id
57
58
59
60
> SELECT id FROM t WHERE (a, b) > ('3', 1) ORDER BY id
> SELECT count(*) FROM t WHERE (a, b) > (1, 1) OR (a, b) < (0, 2)
42
> SELECT x.id, y.id FROM t x JOIN t y ON (y.a, y.b) > (x.a, x.b) WHERE x.id < 4 ORDER BY 1, 2 LIMIT 12
1 | 2
1 | 3
1 | 4
1 | 5
1 | 8
1 | 9
1 | 10
1 | 11
1 | 12
1 | 16
1 | 17
1 | 18
> SELECT x.id, y.id FROM t x LEFT JOIN t y ON (y.a, y.b) > (x.a, 3) AND y.id < 20 WHERE x.id < 9 ORDER BY 1, 2
1 | 2
1 | 3
1 | 4
1 | 5
1 | 9
1 | 10
1 | 11
1 | 12
1 | 16
1 | 17
1 | 18
1 | 19
2 | 3
2 | 4
2 | 5
2 | 10
2 | 11
2 | 12
2 | 17
2 | 18
2 | 19
3 | 4
3 | 5
3 | 11
3 | 12
3 | 18
3 | 19
4 | 5
4 | 12
4 | 19
5 | NULL
6 | NULL
7 | 1
7 | 2
7 | 3
7 | 4
7 | 5
7 | 8
7 | 9
7 | 10
7 | 11
7 | 12
7 | 15
7 | 16
7 | 17
7 | 18
7 | 19
8 | 2
8 | 3
8 | 4
8 | 5
8 | 9
8 | 10
8 | 11
8 | 12
8 | 16
8 | 17
8 | 18
8 | 19
> DELETE FROM t WHERE (a, b) > (4, 2)
changes 10
> SELECT id FROM t ORDER BY id LIMIT 3 OFFSET 40
49
50
51
> SELECT id FROM t ORDER BY id DESC LIMIT 3 OFFSET 50
> SELECT id FROM t LIMIT 5 OFFSET 53
> SELECT id FROM t LIMIT 5 OFFSET 500
> SELECT id FROM t WHERE id > 10 LIMIT -1 OFFSET 44
> SELECT max(id) FROM t WHERE a = 3
59
> SELECT min(id) FROM t WHERE a = 5 AND b = 3
NULL
> SELECT id FROM t WHERE a = 2 ORDER BY id DESC LIMIT 2
58
51
