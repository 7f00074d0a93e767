> CREATE TABLE t(a INTEGER PRIMARY KEY, b)
> CREATE TABLE u(k INTEGER PRIMARY KEY, x, y, z)
> CREATE TRIGGER t1 AFTER INSERT ON t BEGIN INSERT INTO u(x,y,z) VALUES(changes(), total_changes(), last_insert_rowid()); INSERT INTO u(x,y,z) VALUES(changes(), total_changes(), last_insert_rowid()), (changes(), total_changes(), last_insert_rowid()); INSERT INTO u(x,y,z) VALUES(changes(), total_changes(), last_insert_rowid()); UPDATE u SET x = x WHERE k > 1; INSERT INTO u(x,y,z) VALUES(changes(), total_changes(), last_insert_rowid()); DELETE FROM u WHERE k = 1; INSERT INTO u(x,y,z) VALUES(changes(), total_changes(), last_insert_rowid()); END
> INSERT INTO t VALUES(100, 1)
changes 1
> SELECT changes(), total_changes(), last_insert_rowid()
1 | 11 | 100
> SELECT * FROM u
2 | 1 | 1 | 1
3 | 1 | 1 | 2
4 | 2 | 3 | 3
5 | 3 | 7 | 4
6 | 1 | 9 | 5
> INSERT INTO t(b) VALUES(2),(3)
changes 2
> SELECT changes(), total_changes(), last_insert_rowid()
2 | 49 | 102
> SELECT * FROM u
2 | 1 | 1 | 1
3 | 1 | 1 | 2
4 | 2 | 3 | 3
5 | 3 | 7 | 4
6 | 1 | 9 | 5
7 | 1 | 11 | 101
8 | 1 | 12 | 7
9 | 1 | 12 | 8
10 | 2 | 14 | 9
11 | 9 | 24 | 10
12 | 0 | 25 | 11
13 | 1 | 26 | 102
14 | 1 | 27 | 13
15 | 1 | 27 | 14
16 | 2 | 29 | 15
17 | 15 | 45 | 16
18 | 0 | 46 | 17
> CREATE TRIGGER t2 BEFORE UPDATE ON t BEGIN INSERT INTO u(x,y,z) VALUES('t2', changes(), last_insert_rowid()); END
> UPDATE t SET b = b + 1
changes 3
> SELECT changes(), total_changes(), last_insert_rowid()
3 | 55 | 102
> SELECT * FROM u WHERE x = 't2'
19 | 't2' | 2 | 102
20 | 't2' | 2 | 102
21 | 't2' | 2 | 102
> CREATE TRIGGER t3 AFTER DELETE ON t BEGIN INSERT INTO t(b) VALUES('again'); END
> DELETE FROM t WHERE a = 100
changes 1
> SELECT changes(), total_changes(), last_insert_rowid()
1 | 87 | 102
> SELECT * FROM t
101 | 3
102 | 4
103 | 'again'
> INSERT INTO t VALUES(1, 1)
changes 1
> SELECT changes(), total_changes(), last_insert_rowid()
1 | 124 | 1
> INSERT INTO t VALUES(101, 1)
error SQLITE_CONSTRAINT_PRIMARYKEY: UNIQUE constraint failed: t.a
> SELECT changes(), total_changes() > 0, last_insert_rowid()
0 | 1 | 1
> INSERT OR IGNORE INTO t VALUES(101, 1)
> SELECT changes(), last_insert_rowid()
0 | 1
> INSERT OR REPLACE INTO t VALUES(101, 5)
changes 1
> SELECT changes(), last_insert_rowid()
1 | 101
> DROP TRIGGER t1
> DROP TRIGGER t2
> DROP TRIGGER t3
> CREATE VIEW v AS SELECT a, b FROM t
> CREATE TRIGGER v1 INSTEAD OF INSERT ON v BEGIN INSERT INTO t VALUES(new.a, new.b); INSERT INTO u(x,y) VALUES(changes(), last_insert_rowid()); END
> DELETE FROM u
changes 38
> INSERT INTO v VALUES(500, 1), (501, 2)
> SELECT changes(), last_insert_rowid()
0 | 101
> SELECT x, y FROM u
1 | 500
1 | 501
> CREATE TABLE e(a INTEGER PRIMARY KEY, b UNIQUE)
> CREATE TRIGGER e1 AFTER INSERT ON e BEGIN INSERT INTO u(x) VALUES(new.b); END
> SELECT total_changes() - total_changes()
0
> INSERT INTO e VALUES(1,1),(2,2),(3,1)
error SQLITE_CONSTRAINT_UNIQUE: UNIQUE constraint failed: e.b
> SELECT changes(), last_insert_rowid()
0 | 2
> INSERT OR FAIL INTO e VALUES(1,1),(2,2),(3,1)
error SQLITE_CONSTRAINT_UNIQUE: UNIQUE constraint failed: e.b
> SELECT changes(), last_insert_rowid()
2 | 2
> SELECT count(*) FROM e
2
> CREATE TABLE s(a INTEGER PRIMARY KEY AUTOINCREMENT, b)
> CREATE TABLE s2(a INTEGER PRIMARY KEY AUTOINCREMENT, b)
> CREATE TABLE s3(a INTEGER PRIMARY KEY AUTOINCREMENT, b)
> CREATE TRIGGER s1 AFTER INSERT ON s WHEN new.b < 3 BEGIN INSERT INTO s(b) VALUES(new.b + 1); INSERT INTO s2(b) VALUES(new.b); END
> CREATE TRIGGER s3 AFTER INSERT ON s WHEN 0 BEGIN INSERT INTO s3(b) VALUES(1); END
> INSERT INTO s(b) VALUES(1),(2)
changes 2
> SELECT * FROM s
1 | 1
2 | 2
3 | 2
4 | 3
> SELECT * FROM sqlite_sequence
's2' | 2
's3' | 0
's' | 4
> PRAGMA recursive_triggers = 1
> INSERT INTO s(b) VALUES(1),(2)
changes 2
> SELECT * FROM s
1 | 1
2 | 2
3 | 2
4 | 3
5 | 1
6 | 2
7 | 3
8 | 2
9 | 3
> SELECT * FROM sqlite_sequence
's2' | 5
's3' | 0
's' | 9
> CREATE TRIGGER s4 BEFORE INSERT ON s2 BEGIN DELETE FROM s2 WHERE b = new.b; END
> INSERT INTO s(b) VALUES(1)
changes 1
> DELETE FROM s2
changes 2
> INSERT INTO s2(b) VALUES(9)
changes 1
> SELECT * FROM s2
8 | 9
> SELECT * FROM sqlite_sequence
's2' | 8
's3' | 0
's' | 12
> UPDATE sqlite_sequence SET seq = 1000 WHERE name = 's2'
changes 1
> INSERT INTO s2(b) VALUES(10)
changes 1
> SELECT * FROM s2
8 | 9
1001 | 10
