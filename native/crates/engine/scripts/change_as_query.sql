# What SQLite's UPDATE … FROM and changes with LIMIT can do because a query finds their rows: aggregates, windows, groups.
> CREATE TABLE t1(a INTEGER PRIMARY KEY, b, c)
> CREATE TABLE t0(x, y)
> INSERT INTO t1 VALUES(1,10,NULL),(2,20,NULL),(3,30,NULL)
changes 3
> INSERT INTO t0 VALUES(1,'p'),(2,'q'),(2,'r')
changes 3
> UPDATE t1 SET c=row_number() OVER (ORDER BY a DESC, y) FROM t0 WHERE x=a RETURNING *
1 | 10 | 3
2 | 20 | 2
> SELECT * FROM t1
1 | 10 | 3
2 | 20 | 2
3 | 30 | NULL
> UPDATE t1 SET c=sum(x) FROM t0 RETURNING *
1 | 10 | 15
> UPDATE t1 SET c=sum(x), b=max(a) FROM t0 RETURNING *
3 | 3 | 15
> UPDATE t1 SET c=sum(x), b=y FROM t0 WHERE a=x RETURNING *
1 | 'p' | 5
> UPDATE t1 SET c=sum(x) OVER (PARTITION BY a) FROM t0 WHERE x=a RETURNING *
1 | 'p' | 1
2 | 20 | 4
> UPDATE t1 SET c=sum(x) RETURNING *
error SQLITE_ERROR: no such column: x
> UPDATE t1 SET c=row_number() OVER () RETURNING *
error SQLITE_ERROR: misuse of window function row_number()
> UPDATE t1 SET c=count(*) FROM t0 WHERE 0 RETURNING *
> UPDATE t1 SET (b,c)=(count(*),sum(x)) FROM t0 RETURNING *
1 | 9 | 15
> UPDATE t1 SET c=1 FROM t0 WHERE x=sum(a)
error SQLITE_ERROR: misuse of aggregate function sum()
> UPDATE t1 SET c=1 FROM t0 WHERE x=row_number() OVER ()
error SQLITE_ERROR: misuse of window function row_number()
> UPDATE t1 SET c=5 FROM t0 WHERE x=a ORDER BY row_number() OVER (ORDER BY y DESC) LIMIT 1 RETURNING *
error SQLITE_ERROR: near "RETURNING": syntax error
> UPDATE t1 SET c=y FROM t0 WHERE x=a ORDER BY y DESC LIMIT 1 RETURNING *
error SQLITE_ERROR: near "RETURNING": syntax error
> UPDATE t1 SET c=6 ORDER BY row_number() OVER (ORDER BY a DESC) LIMIT 2 RETURNING *
error SQLITE_ERROR: near "RETURNING": syntax error
> UPDATE t1 SET c=7 ORDER BY sum(a) LIMIT 2 RETURNING *
error SQLITE_ERROR: near "RETURNING": syntax error
> UPDATE t1 SET c=sum(a) ORDER BY a LIMIT 2 RETURNING *
error SQLITE_ERROR: near "RETURNING": syntax error
> UPDATE t1 SET c=sum(x) FROM t0 ORDER BY sum(x) LIMIT 2 RETURNING *
error SQLITE_ERROR: near "RETURNING": syntax error
> DELETE FROM t1 ORDER BY row_number() OVER (ORDER BY a DESC) LIMIT 1 RETURNING *
error SQLITE_ERROR: near "RETURNING": syntax error
> DELETE FROM t1 ORDER BY count(*) LIMIT 1 RETURNING *
error SQLITE_ERROR: near "RETURNING": syntax error
> DELETE FROM t1 WHERE a>row_number() OVER ()
error SQLITE_ERROR: misuse of window function row_number()
> WITH t0 AS (SELECT 3 AS rowid UNION ALL SELECT 7) DELETE FROM t0 ORDER BY rowid LIMIT 1 RETURNING *
error SQLITE_ERROR: near "RETURNING": syntax error
> CREATE TABLE w(a, b, c, PRIMARY KEY(a,b)) WITHOUT ROWID
> INSERT INTO w VALUES(1,1,1),(1,2,2),(2,1,3)
changes 3
> UPDATE w SET c=rank() OVER (ORDER BY b) FROM t0 RETURNING *
1 | 1 | 1
1 | 2 | 7
2 | 1 | 1
> UPDATE w SET c=sum(x) FROM t0 RETURNING *
1 | 1 | 15
> DELETE FROM w ORDER BY rank() OVER (ORDER BY b DESC) LIMIT 1 RETURNING *
error SQLITE_ERROR: near "RETURNING": syntax error
> UPDATE t1 SET c=(SELECT sum(t0.x)) FROM t0 RETURNING *
1 | 9 | 15
> UPDATE t1 SET c=(SELECT max(t0.x) OVER (PARTITION BY sum((SELECT t0.y)))) FROM t0 RETURNING *
1 | 9 | 1
> UPDATE t1 SET (b,c)=(SELECT sum(t0.x), 2) FROM t0 RETURNING *
1 | 15 | 2
> UPDATE t1 SET (b,c)=(SELECT max(t0.x) OVER (PARTITION BY sum((SELECT t0.y))), 2) FROM t0 RETURNING *
1 | 1 | 2
> UPDATE t1 SET c=(SELECT sum(t1.a)) RETURNING *
error SQLITE_ERROR: misuse of aggregate: sum()
> UPDATE t1 SET c=(SELECT sum(t1.a) FROM t0) RETURNING *
error SQLITE_ERROR: misuse of aggregate: sum()
> DELETE FROM t1
changes 3
> INSERT INTO t1 VALUES (1, 10, NULL), (2, 20, NULL), (3, 30, NULL)
changes 3
> DELETE FROM w
changes 3
> INSERT INTO w VALUES (1, 1, 1), (1, 2, 2), (2, 1, 3)
changes 3
> UPDATE t1 SET c=5 FROM t0 WHERE x=a ORDER BY row_number() OVER (ORDER BY y DESC) LIMIT 1
changes 1
> SELECT * FROM t1
1 | 10 | NULL
2 | 20 | 5
3 | 30 | NULL
> UPDATE t1 SET c=y FROM t0 WHERE x=a ORDER BY y DESC LIMIT 1
changes 1
> SELECT * FROM t1
1 | 10 | NULL
2 | 20 | 'q'
3 | 30 | NULL
> UPDATE t1 SET c=6 ORDER BY row_number() OVER (ORDER BY a DESC) LIMIT 2
changes 2
> SELECT * FROM t1
1 | 10 | NULL
2 | 20 | 6
3 | 30 | 6
> UPDATE t1 SET c=7 ORDER BY sum(a) LIMIT 2
error SQLITE_ERROR: misuse of aggregate: sum()
> SELECT * FROM t1
1 | 10 | NULL
2 | 20 | 6
3 | 30 | 6
> UPDATE t1 SET c=sum(a) ORDER BY a LIMIT 2
error SQLITE_ERROR: misuse of aggregate function sum()
> SELECT * FROM t1
1 | 10 | NULL
2 | 20 | 6
3 | 30 | 6
> UPDATE t1 SET c=sum(x) FROM t0 ORDER BY sum(x) LIMIT 2
changes 2
> SELECT * FROM t1
1 | 10 | 5
2 | 20 | 5
3 | 30 | 6
> UPDATE t1 SET c=row_number() OVER (ORDER BY a DESC) FROM t0 ORDER BY 1 DESC LIMIT 2
changes 2
> SELECT * FROM t1
1 | 10 | 5
2 | 20 | 2
3 | 30 | 1
> UPDATE t1 SET c=x FROM t0 ORDER BY sum(x) LIMIT 2
changes 2
> SELECT * FROM t1
1 | 10 | 1
2 | 20 | 1
3 | 30 | 1
> UPDATE t1 SET c=row_number() OVER (ORDER BY main.t1.a DESC) FROM t0, t1 AS z
changes 3
> SELECT * FROM t1
1 | 10 | 27
2 | 20 | 18
3 | 30 | 9
> UPDATE t1 SET c=row_number() OVER (ORDER BY a DESC) FROM t0, t1 AS z
error SQLITE_ERROR: ambiguous column name: a
> SELECT * FROM t1
1 | 10 | 27
2 | 20 | 18
3 | 30 | 9
> DELETE FROM t1 ORDER BY count(*) LIMIT 1
error SQLITE_ERROR: misuse of aggregate: count()
> SELECT * FROM t1
1 | 10 | 27
2 | 20 | 18
3 | 30 | 9
> DELETE FROM t1 ORDER BY row_number() OVER (ORDER BY a DESC) LIMIT 1
changes 1
> SELECT * FROM t1
1 | 10 | 27
2 | 20 | 18
> WITH t1 AS (SELECT 3 AS rowid UNION ALL SELECT 7) DELETE FROM t1 ORDER BY rank() OVER() LIMIT 1
changes 1
> SELECT * FROM t1
2 | 20 | 18
> DELETE FROM w ORDER BY rank() OVER (ORDER BY b DESC) LIMIT 1
changes 1
> SELECT * FROM w
1 | 1 | 1
2 | 1 | 3
> UPDATE w SET c=9 ORDER BY rank() OVER (ORDER BY b DESC, a DESC) LIMIT 1 OFFSET 1
changes 1
> SELECT * FROM w
1 | 1 | 9
2 | 1 | 3
> UPDATE w SET c=max(x) OVER () FROM t0
changes 2
> SELECT * FROM w
1 | 1 | 2
2 | 1 | 2
> DELETE FROM t1 AS z WHERE z.b>1 ORDER BY sum(z.a) OVER (ORDER BY z.a) LIMIT 1
changes 1
> SELECT * FROM t1
> UPDATE OR IGNORE t1 SET a = 1 FROM t0 WHERE x = a ORDER BY a LIMIT 5
> CREATE TABLE e(id INTEGER PRIMARY KEY, g TEXT, n INT, place INT)
> INSERT INTO e VALUES (1, 'a', 5, NULL), (2, 'a', 7, NULL), (3, 'b', 1, NULL), (4, 'b', 9, NULL), (5, NULL, 2, NULL)
changes 5
> CREATE TABLE gs(name TEXT PRIMARY KEY, bonus INT)
> INSERT INTO gs VALUES ('a', 10), ('b', -10)
changes 2
> UPDATE e SET place = rank() OVER (PARTITION BY g ORDER BY n + bonus DESC), n = n + bonus FROM gs WHERE g = name RETURNING *
1 | 'a' | 15 | 2
2 | 'a' | 17 | 1
3 | 'b' | -9 | 2
4 | 'b' | -1 | 1
> UPDATE e AS q SET place = sum(q.n) OVER (ORDER BY q.id) FROM gs AS z WHERE q.g = z.name AND z.bonus > 0 RETURNING id, place
1 | 15
2 | 32
> WITH gs AS (SELECT 'b' AS name, 3 AS bonus) UPDATE e SET n = bonus + count(*) OVER () FROM gs WHERE g = name RETURNING *
3 | 'b' | 5 | 2
4 | 'b' | 5 | 1
> WITH e AS (SELECT 1 AS id) UPDATE e SET n = count(*) FROM gs RETURNING *
1 | 'a' | 10 | 15
> CREATE TRIGGER tr AFTER INSERT ON gs BEGIN UPDATE e SET n = count(*) OVER (ORDER BY id) + new.bonus FROM gs WHERE gs.name = new.name; END
> INSERT INTO gs VALUES ('c', 100)
changes 1
> SELECT * FROM e
1 | 'a' | 101 | 15
2 | 'a' | 102 | 32
3 | 'b' | 103 | 2
4 | 'b' | 104 | 1
5 | NULL | 105 | NULL
> UPDATE e SET n = row_number() OVER w FROM gs WINDOW w AS (ORDER BY id)
error SQLITE_ERROR: near "WINDOW": syntax error
> UPDATE e SET n = sum(nope) FROM gs
error SQLITE_ERROR: no such column: nope
> UPDATE e SET nope = sum(n) FROM gs
error SQLITE_ERROR: no such column: nope
> UPDATE e SET n = sum(n) FROM nope
error SQLITE_ERROR: no such table: nope
> UPDATE e SET n = sum(sum(n)) FROM gs
error SQLITE_ERROR: misuse of aggregate function sum()
> UPDATE e SET n = sum(n, 1) FROM gs
error SQLITE_ERROR: wrong number of arguments to function sum()
> UPDATE e SET n = 1 FROM gs WHERE count(*) > 1
error SQLITE_ERROR: misuse of aggregate function count()
> UPDATE e SET n = n + 1 FROM gs WHERE 1 LIMIT 2
changes 2
> SELECT * FROM e
1 | 'a' | 102 | 15
2 | 'a' | 103 | 32
3 | 'b' | 103 | 2
4 | 'b' | 104 | 1
5 | NULL | 105 | NULL
> UPDATE e SET n = bonus FROM gs ORDER BY bonus DESC LIMIT 3
changes 3
> SELECT * FROM e
1 | 'a' | 10 | 15
2 | 'a' | 10 | 32
3 | 'b' | 10 | 2
4 | 'b' | 104 | 1
5 | NULL | 105 | NULL
> UPDATE e SET n = bonus FROM gs ORDER BY bonus, id DESC LIMIT 2 OFFSET 1
changes 2
> SELECT * FROM e
1 | 'a' | 10 | 15
2 | 'a' | 10 | 32
3 | 'b' | 10 | 2
4 | 'b' | 10 | 1
5 | NULL | 105 | NULL
> UPDATE e SET id = id + 10 FROM gs LIMIT 2
changes 2
> SELECT * FROM e
3 | 'b' | 10 | 2
4 | 'b' | 10 | 1
5 | NULL | 105 | NULL
11 | 'a' | 10 | 15
12 | 'a' | 10 | 32
> UPDATE e SET nope = nothing FROM gs
error SQLITE_ERROR: near "nothing": syntax error
> UPDATE e SET nope = 1 FROM nosuch
error SQLITE_ERROR: no such column: nope
> UPDATE e SET nope = nothing
error SQLITE_ERROR: near "nothing": syntax error
> CREATE TABLE gen(a, b AS (a + 1))
> UPDATE gen SET b = sum(sum(a)) FROM gs
error SQLITE_ERROR: cannot UPDATE generated column "b"
> UPDATE gen SET b = 1 FROM nosuch
error SQLITE_ERROR: cannot UPDATE generated column "b"
> UPDATE gen SET (a, b) = (SELECT 1, 2) FROM nosuch
error SQLITE_ERROR: cannot UPDATE generated column "b"
> UPDATE gen SET a = 1, b = nothing FROM gs
error SQLITE_ERROR: near "nothing": syntax error
> UPDATE e SET n = 1 FROM e
error SQLITE_ERROR: target object/alias may not appear in FROM clause: e
> UPDATE e SET n = 1 FROM main.e
error SQLITE_ERROR: target object/alias may not appear in FROM clause: e
> UPDATE e SET n = 1 FROM gs, e
error SQLITE_ERROR: target object/alias may not appear in FROM clause: e
> UPDATE e SET n = 1 FROM gs JOIN (t0 JOIN e)
error SQLITE_ERROR: target object/alias may not appear in FROM clause: e
> UPDATE e AS q SET n = 1 FROM e AS Q
error SQLITE_ERROR: target object/alias may not appear in FROM clause: q
> UPDATE e AS q SET n = n FROM e
error SQLITE_ERROR: ambiguous column name: n
> UPDATE e AS q SET n = q.n FROM e
changes 5
> UPDATE e SET n = 1 FROM (SELECT * FROM e) AS e WHERE 0
> UPDATE e SET n = 1 FROM gs AS e WHERE 0
> UPDATE e SET n = 1 FROM e WHERE misspelt
error SQLITE_ERROR: no such column: misspelt
> UPDATE e SET n = 1 FROM e WHERE e.misspelt
error SQLITE_ERROR: no such column: e.misspelt
> UPDATE e SET n = 1 FROM e LIMIT 1
error SQLITE_ERROR: target object/alias may not appear in FROM clause: e
> UPDATE e SET n = sum(1) FROM e
error SQLITE_ERROR: target object/alias may not appear in FROM clause: e
> UPDATE e AS e SET n = 1 FROM e WHERE 0
> WITH e AS (SELECT 1 AS z) UPDATE e SET n = n FROM e WHERE 0
> UPDATE e INDEXED BY missing SET misspelt = 1
error SQLITE_ERROR: no such index: missing
> UPDATE e INDEXED BY missing SET misspelt = 1 FROM gs
error SQLITE_ERROR: no such index: missing
> CREATE VIEW ve AS SELECT * FROM e
> CREATE TRIGGER tve INSTEAD OF UPDATE ON ve BEGIN SELECT 1; END
> UPDATE ve SET n = 1 FROM ve
error SQLITE_ERROR: target object/alias may not appear in FROM clause: ve
> UPDATE ve SET n = 1 FROM ve AS q WHERE 0

# Where REPLACE may evict rows, all their keys are looked at, before what is wrong with the query.
> CREATE TABLE rk(a INTEGER PRIMARY KEY ON CONFLICT REPLACE, c REFERENCES absent(b), d UNIQUE)
> UPDATE rk SET a = sum(sum(a)) FROM (SELECT 1)
error SQLITE_ERROR: no such table: main.absent
> UPDATE rk SET d = sum(sum(a)) FROM (SELECT 1)
error SQLITE_ERROR: misuse of aggregate function sum()
> UPDATE OR REPLACE rk SET d = sum(sum(a)) FROM (SELECT 1)
error SQLITE_ERROR: no such table: main.absent
> UPDATE OR IGNORE rk SET a = sum(sum(a)) FROM (SELECT 1)
error SQLITE_ERROR: misuse of aggregate function sum()
> UPDATE rk SET a = nope FROM (SELECT 1)
error SQLITE_ERROR: no such table: main.absent
> UPDATE OR REPLACE rk SET d = nope FROM (SELECT 1)
error SQLITE_ERROR: no such table: main.absent
> UPDATE OR REPLACE rk SET d = 1 FROM (SELECT 1) WHERE nope
error SQLITE_ERROR: no such table: main.absent
