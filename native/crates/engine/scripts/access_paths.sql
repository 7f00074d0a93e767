# Access paths that show in the order of rows: an index for each part of an OR, indexes on expressions, narrow indexes.
> CREATE TABLE t(a, b, c)
> CREATE INDEX ta ON t(a)
> CREATE INDEX tb ON t(b, c)
> INSERT INTO t VALUES (9, 1, 'x'), (1, 8, 'y'), (3, 2, 'z'), (1, 2, 'w'), (2, 2, 'v'), (NULL, 5, 'u')
changes 6
> SELECT * FROM t WHERE b = 2 OR a = 1
2 | 2 | 'v'
1 | 2 | 'w'
3 | 2 | 'z'
1 | 8 | 'y'
> SELECT * FROM t WHERE a = 1 OR b = 2
1 | 8 | 'y'
1 | 2 | 'w'
2 | 2 | 'v'
3 | 2 | 'z'
> SELECT * FROM t WHERE a = 1 OR (b = 2 AND c > 'v') OR a = 9
1 | 8 | 'y'
1 | 2 | 'w'
3 | 2 | 'z'
9 | 1 | 'x'
> SELECT * FROM t WHERE a = 1 OR b = 2 OR rowid = 6
1 | 8 | 'y'
1 | 2 | 'w'
2 | 2 | 'v'
3 | 2 | 'z'
NULL | 5 | 'u'
> SELECT * FROM t WHERE a IS NULL OR b IN (2, 8)
NULL | 5 | 'u'
2 | 2 | 'v'
1 | 2 | 'w'
3 | 2 | 'z'
1 | 8 | 'y'
> SELECT * FROM t WHERE (a = 1 OR b = 2) AND c <> 'w'
1 | 8 | 'y'
2 | 2 | 'v'
3 | 2 | 'z'
> SELECT * FROM t WHERE (a = 1 OR b = 2) ORDER BY c
2 | 2 | 'v'
1 | 2 | 'w'
1 | 8 | 'y'
3 | 2 | 'z'
> SELECT * FROM t WHERE (a = 1 OR b = 2) AND (a = 2 OR b = 8)
1 | 8 | 'y'
2 | 2 | 'v'
> SELECT * FROM t WHERE a = 1 OR c = 'v'
1 | 8 | 'y'
1 | 2 | 'w'
2 | 2 | 'v'
> SELECT * FROM t WHERE a > 2 OR b < 2
3 | 2 | 'z'
9 | 1 | 'x'
> SELECT count(*), max(c) FROM t WHERE a = 1 OR b = 2
4 | 'z'
> SELECT x.c, y.c FROM t x JOIN t y ON y.a = x.b OR y.b = x.a WHERE x.rowid < 4
'x' | 'y'
'x' | 'w'
'y' | 'x'
'z' | 'v'
> SELECT x.c, y.c FROM t x LEFT JOIN t y ON y.a = x.b OR y.b = x.b + 40
'x' | 'y'
'x' | 'w'
'v' | 'v'
'w' | 'v'
'z' | 'v'
'u' | NULL
'y' | NULL
> SELECT c, (SELECT group_concat(y.c) FROM t y WHERE y.a = t.a OR y.b = t.a) FROM t
'x' | 'x'
'y' | 'y,w,x'
'z' | 'z'
'w' | 'y,w,x'
'v' | 'v,w,z'
'u' | NULL
> UPDATE t SET c = c || '!' WHERE a = 1 OR b = 2
changes 4
> SELECT c FROM t
'x'
'v!'
'w!'
'z!'
'u'
'y!'
> DELETE FROM t WHERE a = 9 OR b = 5
changes 2
> SELECT c FROM t
'v!'
'w!'
'z!'
'y!'
> CREATE TABLE w(k TEXT, m, n, PRIMARY KEY (k, m)) WITHOUT ROWID
> CREATE INDEX wm ON w(m)
> CREATE INDEX wn ON w(n)
> INSERT INTO w VALUES ('a', 1, 7), ('b', 2, 1), ('c', 1, 1), ('d', 3, 3), ('e', 1, 3)
changes 5
> SELECT * FROM w WHERE n = 1 OR m = 1
'b' | 2 | 1
'c' | 1 | 1
'a' | 1 | 7
'e' | 1 | 3
> SELECT * FROM w WHERE k = 'e' OR n = 3 OR m = 2
'e' | 1 | 3
'd' | 3 | 3
'b' | 2 | 1
> CREATE TABLE e(a TEXT, b)
> CREATE INDEX ea ON e(lower(a))
> CREATE INDEX eb ON e(b + 1, a)
> INSERT INTO e VALUES ('Zoe', 5), ('amy', 3), ('Bob', 5), ('bob', 1), (NULL, NULL)
changes 5
> SELECT * FROM e WHERE lower(a) > 'a'
'amy' | 3
'Bob' | 5
'bob' | 1
'Zoe' | 5
> SELECT * FROM e WHERE lower(a) = 'bob'
'Bob' | 5
'bob' | 1
> SELECT * FROM e WHERE b + 1 = 6
'Bob' | 5
'Zoe' | 5
> SELECT * FROM e WHERE b + 1 = '6'
> SELECT * FROM e WHERE b + 1 IN (6, 4)
'amy' | 3
'Bob' | 5
'Zoe' | 5
> SELECT * FROM e WHERE b + 1 BETWEEN 2 AND 4
'bob' | 1
'amy' | 3
> SELECT * FROM e WHERE b + 1 IS NULL
NULL | NULL
> SELECT * FROM e WHERE 1 + b = 6
'Zoe' | 5
'Bob' | 5
> SELECT a FROM e ORDER BY lower(a)
NULL
'amy'
'Bob'
'bob'
'Zoe'
> SELECT a FROM e ORDER BY lower(a) DESC
'Zoe'
'bob'
'Bob'
'amy'
NULL
> SELECT a, b FROM e ORDER BY b + 1, a
NULL | NULL
'bob' | 1
'amy' | 3
'Bob' | 5
'Zoe' | 5
> SELECT lower(a), count(*) FROM e GROUP BY lower(a)
NULL | 1
'amy' | 1
'bob' | 2
'zoe' | 1
> SELECT min(lower(a)), max(lower(a)) FROM e
'amy' | 'zoe'
> SELECT a FROM e WHERE lower(a) = 'bob' ORDER BY a
'Bob'
'bob'
> SELECT a FROM e WHERE lower(a) COLLATE NOCASE = 'BOB'
'Bob'
'bob'
> CREATE INDEX ec ON e(a COLLATE NOCASE)
> SELECT a FROM e WHERE a COLLATE NOCASE = 'BOB'
'Bob'
'bob'
> SELECT a FROM e WHERE a = 'bob' COLLATE NOCASE ORDER BY a
'Bob'
'bob'
> SELECT a FROM e WHERE a = 'bob' COLLATE NOCASE ORDER BY a DESC
'bob'
'Bob'
> CREATE TABLE n(a, b, c, d)
> CREATE INDEX nab ON n(a, b)
> CREATE INDEX nb ON n(b)
> INSERT INTO n VALUES (5, 4, 3, 2), (4, 8, 2, 1), (3, 2, 1, 0)
changes 3
> SELECT a FROM n
3
4
5
> SELECT b FROM n
2
4
8
> SELECT a, b FROM n
3 | 2
4 | 8
5 | 4
> SELECT c FROM n
3
2
1
> SELECT b FROM n WHERE b <> 4
2
8
> CREATE INDEX nd ON n(d)
> SELECT b, d FROM n WHERE b > 0 AND d < 9
2 | 0
8 | 1
4 | 2
> SELECT n.b, m.b FROM n, n AS m WHERE m.a = n.a
2 | 2
8 | 8
4 | 4
