> CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT, b INT, c REAL DEFAULT 1.5)
> CREATE TABLE log(n INTEGER PRIMARY KEY, what, x, y, z)
> CREATE TRIGGER bi BEFORE INSERT ON t BEGIN INSERT INTO log(what,x,y,z) VALUES('bi', new.id, new.a, typeof(new.b)||typeof(new.c)); END
> CREATE TRIGGER ai AFTER INSERT ON t BEGIN INSERT INTO log(what,x,y,z) VALUES('ai', new.id, new.a, typeof(new.b)||typeof(new.c)); END
> CREATE TRIGGER bu BEFORE UPDATE ON t BEGIN INSERT INTO log(what,x,y,z) VALUES('bu', old.id||'>'||new.id, old.a||'>'||new.a, old.b||'>'||new.b); END
> CREATE TRIGGER au AFTER UPDATE ON t BEGIN INSERT INTO log(what,x,y,z) VALUES('au', old.id||'>'||new.id, old.a||'>'||new.a, old.b||'>'||new.b); END
> CREATE TRIGGER bd BEFORE DELETE ON t BEGIN INSERT INTO log(what,x,y,z) VALUES('bd', old.id, old.a, (SELECT count(*) FROM t)); END
> CREATE TRIGGER ad AFTER DELETE ON t BEGIN INSERT INTO log(what,x,y,z) VALUES('ad', old.id, old.a, (SELECT count(*) FROM t)); END
> INSERT INTO t(a,b) VALUES('one', '1'), ('two', 2.0)
changes 2
> INSERT INTO t VALUES(NULL, 3, 'x', 4), (7, 'seven', NULL, NULL)
changes 2
> INSERT INTO t(rowid, a) VALUES(20, 'twenty')
changes 1
> INSERT INTO t DEFAULT VALUES
changes 1
> INSERT INTO t(a) SELECT a||'!' FROM t WHERE b IS NOT NULL
changes 3
> SELECT * FROM log
1 | 'bi' | -1 | 'one' | 'integerreal'
2 | 'ai' | 1 | 'one' | 'integerreal'
3 | 'bi' | -1 | 'two' | 'integerreal'
4 | 'ai' | 2 | 'two' | 'integerreal'
5 | 'bi' | -1 | '3' | 'textreal'
6 | 'ai' | 3 | '3' | 'textreal'
7 | 'bi' | 7 | 'seven' | 'nullnull'
8 | 'ai' | 7 | 'seven' | 'nullnull'
9 | 'bi' | 20 | 'twenty' | 'nullreal'
10 | 'ai' | 20 | 'twenty' | 'nullreal'
11 | 'bi' | -1 | NULL | 'nullreal'
12 | 'ai' | 21 | NULL | 'nullreal'
13 | 'bi' | -1 | 'one!' | 'nullreal'
14 | 'ai' | 22 | 'one!' | 'nullreal'
15 | 'bi' | -1 | 'two!' | 'nullreal'
16 | 'ai' | 23 | 'two!' | 'nullreal'
17 | 'bi' | -1 | '3!' | 'nullreal'
18 | 'ai' | 24 | '3!' | 'nullreal'
> DELETE FROM log
changes 18
> UPDATE t SET b = 10 WHERE id = 1
changes 1
> UPDATE t SET id = id + 100 WHERE id > 20
changes 4
> UPDATE t SET rowid = 50, a = 'fifty' WHERE a = 'twenty'
changes 1
> UPDATE t SET b = b
changes 9
> SELECT * FROM log
1 | 'bu' | '1>1' | 'one>one' | '1>10'
2 | 'au' | '1>1' | 'one>one' | '1>10'
3 | 'bu' | '21>121' | NULL | NULL
4 | 'au' | '21>121' | NULL | NULL
5 | 'bu' | '22>122' | 'one!>one!' | NULL
6 | 'au' | '22>122' | 'one!>one!' | NULL
7 | 'bu' | '23>123' | 'two!>two!' | NULL
8 | 'au' | '23>123' | 'two!>two!' | NULL
9 | 'bu' | '24>124' | '3!>3!' | NULL
10 | 'au' | '24>124' | '3!>3!' | NULL
11 | 'bu' | '20>50' | 'twenty>fifty' | NULL
12 | 'au' | '20>50' | 'twenty>fifty' | NULL
13 | 'bu' | '1>1' | 'one>one' | '10>10'
14 | 'au' | '1>1' | 'one>one' | '10>10'
15 | 'bu' | '2>2' | 'two>two' | '2>2'
16 | 'au' | '2>2' | 'two>two' | '2>2'
17 | 'bu' | '3>3' | '3>3' | 'x>x'
18 | 'au' | '3>3' | '3>3' | 'x>x'
19 | 'bu' | '7>7' | 'seven>seven' | NULL
20 | 'au' | '7>7' | 'seven>seven' | NULL
21 | 'bu' | '50>50' | 'fifty>fifty' | NULL
22 | 'au' | '50>50' | 'fifty>fifty' | NULL
23 | 'bu' | '121>121' | NULL | NULL
24 | 'au' | '121>121' | NULL | NULL
25 | 'bu' | '122>122' | 'one!>one!' | NULL
26 | 'au' | '122>122' | 'one!>one!' | NULL
27 | 'bu' | '123>123' | 'two!>two!' | NULL
28 | 'au' | '123>123' | 'two!>two!' | NULL
29 | 'bu' | '124>124' | '3!>3!' | NULL
30 | 'au' | '124>124' | '3!>3!' | NULL
> DELETE FROM log
changes 30
> DELETE FROM t WHERE id < 3
changes 2
> DELETE FROM t
changes 7
> SELECT * FROM log
1 | 'bd' | 1 | 'one' | 9
2 | 'ad' | 1 | 'one' | 8
3 | 'bd' | 2 | 'two' | 8
4 | 'ad' | 2 | 'two' | 7
5 | 'bd' | 3 | '3' | 7
6 | 'ad' | 3 | '3' | 6
7 | 'bd' | 7 | 'seven' | 6
8 | 'ad' | 7 | 'seven' | 5
9 | 'bd' | 50 | 'fifty' | 5
10 | 'ad' | 50 | 'fifty' | 4
11 | 'bd' | 121 | NULL | 4
12 | 'ad' | 121 | NULL | 3
13 | 'bd' | 122 | 'one!' | 3
14 | 'ad' | 122 | 'one!' | 2
15 | 'bd' | 123 | 'two!' | 2
16 | 'ad' | 123 | 'two!' | 1
17 | 'bd' | 124 | '3!' | 1
18 | 'ad' | 124 | '3!' | 0
> DELETE FROM log
changes 18
> SELECT count(*) FROM t
0
> DROP TRIGGER bi
> DROP TRIGGER ai
> DROP TRIGGER bu
> DROP TRIGGER au
> DROP TRIGGER bd
> DROP TRIGGER ad
> CREATE TRIGGER o1 AFTER INSERT ON t BEGIN INSERT INTO log(what) VALUES('o1'); END
> CREATE TRIGGER o2 AFTER INSERT ON t BEGIN INSERT INTO log(what) VALUES('o2'); END
> CREATE TRIGGER o3 BEFORE INSERT ON t BEGIN INSERT INTO log(what) VALUES('o3'); END
> CREATE TRIGGER o4 BEFORE INSERT ON t BEGIN INSERT INTO log(what) VALUES('o4'); END
> CREATE TEMP TRIGGER o5 AFTER INSERT ON t BEGIN INSERT INTO log(what) VALUES('o5'); END
> CREATE TEMP TRIGGER o6 AFTER INSERT ON t BEGIN INSERT INTO log(what) VALUES('o6'); END
> CREATE TEMP TRIGGER o7 BEFORE INSERT ON t BEGIN INSERT INTO log(what) VALUES('o7'); END
> INSERT INTO t(a) VALUES('x') RETURNING id, (SELECT group_concat(what) FROM log)
1 | 'o7,o4,o3,o5,o6'
> SELECT group_concat(what) FROM log
'o7,o4,o3,o5,o6,o2,o1'
> DROP TABLE t
> SELECT name FROM sqlite_master WHERE type='trigger'
> SELECT name FROM temp.sqlite_master WHERE type='trigger'
> DELETE FROM log
changes 7
> CREATE TABLE t(a, b, c)
> CREATE TRIGGER u1 AFTER UPDATE OF a ON t BEGIN INSERT INTO log(what) VALUES('u1'); END
> CREATE TRIGGER u2 AFTER UPDATE OF b, c ON t BEGIN INSERT INTO log(what) VALUES('u2'); END
> CREATE TRIGGER u3 AFTER UPDATE OF nosuch ON t BEGIN INSERT INTO log(what) VALUES('u3'); END
> CREATE TRIGGER u4 AFTER UPDATE OF rowid ON t BEGIN INSERT INTO log(what) VALUES('u4'); END
> CREATE TRIGGER u5 AFTER UPDATE OF A ON t WHEN new.a <> old.a BEGIN INSERT INTO log(what, x, y) VALUES('u5', old.a, new.a); END
> INSERT INTO t VALUES(1,2,3)
changes 1
> UPDATE t SET a = 1
changes 1
> UPDATE t SET A = 2
changes 1
> UPDATE t SET (b, a) = (5, 6)
changes 1
> UPDATE t SET c = 9
changes 1
> UPDATE t SET rowid = 9
changes 1
> UPDATE t SET oid = 10
changes 1
> SELECT group_concat(what), max(x), max(y) FROM log
'u1,u5,u1,u5,u2,u1,u2,u4' | 2 | 6
> DELETE FROM log
changes 8
> CREATE TRIGGER w1 AFTER INSERT ON t WHEN new.a BEGIN INSERT INTO log(what,x) VALUES('w1', new.a); END
> CREATE TRIGGER w2 AFTER INSERT ON t WHEN new.a IN (SELECT b FROM t) BEGIN INSERT INTO log(what,x) VALUES('w2', new.a); END
> CREATE TRIGGER w3 AFTER INSERT ON t WHEN EXISTS(SELECT 1 FROM t WHERE t.c = new.c AND t.rowid <> new.rowid) BEGIN INSERT INTO log(what,x) VALUES('w3', new.rowid); END
> CREATE TRIGGER w4 AFTER INSERT ON t WHEN NULL BEGIN INSERT INTO log(what,x) VALUES('w4', new.a); END
> INSERT INTO t VALUES(0,1,1), (NULL,1,2), ('abc',1,3), ('1x',1,4), (5,5,9), (7,8,1)
changes 6
> SELECT what, x FROM log
'w1' | '1x'
'w3' | 15
'w2' | 5
'w1' | 5
'w3' | 16
'w1' | 7
> DROP TRIGGER w1
> DROP TRIGGER w2
> DROP TRIGGER w3
> DROP TRIGGER w4
> DELETE FROM log
changes 6
> CREATE TABLE aff(i INTEGER, t TEXT, r REAL, n NUMERIC, k TEXT COLLATE NOCASE, id INTEGER PRIMARY KEY)
> CREATE TRIGGER aff1 AFTER INSERT ON aff BEGIN INSERT INTO log(what,x,y,z) VALUES('t', new.i = '1', new.t = 1, new.r = '1.0'); INSERT INTO log(what,x,y,z) VALUES('k', new.k = 'ABC', 'ABC' = new.k, new.id = '1'); INSERT INTO log(what,x,y,z) SELECT typeof(new.r), new.r, new.oid, new._rowid_; END
> INSERT INTO aff VALUES(1,'1',1,'1','abc',1)
changes 1
> INSERT INTO aff VALUES('2','x','2','1e2','aBc',NULL)
changes 1
> SELECT what,x,y,z FROM log
't' | 0 | 0 | 0
'k' | 1 | 1 | 1
'real' | 1.0 | 1 | 1
't' | 0 | 0 | 0
'k' | 1 | 1 | 0
'real' | 2.0 | 2 | 2
> DELETE FROM log
changes 6
> CREATE TABLE g(a, b AS (a*2), c AS (b+1) STORED)
> CREATE TRIGGER g1 BEFORE INSERT ON g BEGIN INSERT INTO log(what,x,y,z) VALUES('g1', new.a, new.b, new.c); END
> CREATE TRIGGER g2 AFTER UPDATE OF c ON g BEGIN INSERT INTO log(what,x,y,z) VALUES('g2', new.a, new.b, old.c); END
> CREATE TRIGGER g3 BEFORE UPDATE OF a ON g BEGIN INSERT INTO log(what,x,y,z) VALUES('g3', new.a, new.b, new.c); END
> INSERT INTO g(a) VALUES(1),(2)
changes 2
> UPDATE g SET a = a + 10
changes 2
> DELETE FROM g WHERE b > 22
changes 1
> SELECT what,x,y,z FROM log
'g1' | 1 | 2 | 3
'g1' | 2 | 4 | 5
'g3' | 11 | 22 | 23
'g3' | 12 | 24 | 25
> DELETE FROM log
changes 4
> CREATE TABLE w(k TEXT PRIMARY KEY, v) WITHOUT ROWID
> CREATE TRIGGER w1 AFTER INSERT ON w BEGIN INSERT INTO log(what,x,y) VALUES('w1', new.k, new.v); END
> CREATE TRIGGER w2 BEFORE UPDATE ON w BEGIN INSERT INTO log(what,x,y) VALUES('w2', old.k, new.k); END
> CREATE TRIGGER w3 AFTER DELETE ON w BEGIN INSERT INTO log(what,x,y) VALUES('w3', old.k, old.v); END
> INSERT INTO w VALUES('a',1),('b',2)
changes 2
> UPDATE w SET k = k||k
changes 2
> DELETE FROM w WHERE v = 1
changes 1
> SELECT what,x,y FROM log
'w1' | 'a' | 1
'w1' | 'b' | 2
'w2' | 'a' | 'aa'
'w2' | 'b' | 'bb'
'w3' | 'aa' | 1
> CREATE TRIGGER w4 AFTER INSERT ON w BEGIN SELECT new.rowid; END
> INSERT INTO w VALUES('c',3)
error SQLITE_ERROR: no such column: new.rowid
