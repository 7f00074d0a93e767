> CREATE TABLE t (a INTEGER PRIMARY KEY, b UNIQUE, c)
> INSERT INTO t VALUES (1, 1, 1), (2, 2, 2), (3, 3, 3)
changes 3
> INSERT INTO t VALUES (2, 20, 0), (30, 3, 0) ON CONFLICT DO UPDATE SET c = hex((SELECT n.c FROM t AS n WHERE n.c > 1 ORDER BY n.a LIMIT 1))
changes 2
> SELECT * FROM t ORDER BY a
1 | 1 | 1
2 | 2 | '32'
3 | 3 | '3332'
> INSERT INTO t VALUES (1, 10, 0), (2, 20, 0) ON CONFLICT DO UPDATE SET c = 10 * (SELECT max(n.a) + count(*) FROM t AS n WHERE n.c <> 40)
changes 2
> SELECT * FROM t ORDER BY a
1 | 1 | 60
2 | 2 | 60
3 | 3 | '3332'
> INSERT INTO t VALUES (1, 10, 0), (2, 20, 0), (30, 3, 0), (31, 1, 0) ON CONFLICT (b) DO UPDATE SET c = (SELECT sum(n.c) FROM t AS n) ON CONFLICT DO UPDATE SET c = c + (SELECT sum(n.c) FROM t AS n)
changes 4
> SELECT * FROM t ORDER BY a
1 | 1 | 10356
2 | 2 | 3512
3 | 3 | 10356
> INSERT INTO t (b, c) VALUES (1, 5), (2, 6) ON CONFLICT DO UPDATE SET c = excluded.c + (SELECT count(*) FROM t AS n WHERE n.c < 50) WHERE (SELECT count(*) FROM t AS n WHERE n.c = 5) < 2
changes 2
> SELECT * FROM t ORDER BY a
1 | 1 | 5
2 | 2 | 6
3 | 3 | 10356
