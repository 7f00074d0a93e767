> CREATE TABLE t(a INTEGER PRIMARY KEY, b)
> CREATE TABLE u(x)
> CREATE TRIGGER r1 AFTER INSERT ON t WHEN new.a < 10 BEGIN INSERT INTO t VALUES(new.a + 1, new.b); INSERT INTO u VALUES(new.a); END
> INSERT INTO t VALUES(1, 'x')
changes 1
> SELECT count(*) FROM t
2
> PRAGMA recursive_triggers = 1
> DELETE FROM t
changes 2
> DELETE FROM u
changes 1
> INSERT INTO t VALUES(1, 'x')
changes 1
> SELECT group_concat(a) FROM t
'1,2,3,4,5,6,7,8,9,10'
> SELECT group_concat(x) FROM u
'9,8,7,6,5,4,3,2,1'
> SELECT changes(), total_changes(), last_insert_rowid()
1 | 25 | 1
> CREATE TRIGGER r2 AFTER INSERT ON u WHEN new.x > 0 BEGIN INSERT INTO u VALUES(-new.x); END
> DELETE FROM t
changes 10
> DELETE FROM u
changes 9
> INSERT INTO t VALUES(8, 'x'), (1000, 'y')
changes 2
> SELECT group_concat(x) FROM u
'9,-9,8,-8'
> CREATE TABLE deep(a)
> CREATE TRIGGER d1 AFTER INSERT ON deep WHEN new.a > 0 BEGIN INSERT INTO deep VALUES(new.a - 1); END
> INSERT INTO deep VALUES(999)
changes 1
> SELECT count(*) FROM deep
1000
> DELETE FROM deep
changes 1000
> INSERT INTO deep VALUES(1000)
error SQLITE_ERROR: triggers nested too deep
> SELECT count(*) FROM deep
0
> BEGIN
> INSERT INTO deep VALUES(5)
changes 1
> INSERT OR ROLLBACK INTO deep VALUES(4)
changes 1
> SELECT count(*) FROM deep
11
> COMMIT
> CREATE TRIGGER d2 BEFORE DELETE ON deep BEGIN DELETE FROM deep WHERE a = old.a - 1; END
> DELETE FROM deep WHERE a = 5
changes 1
> SELECT changes(), count(*) FROM deep
1 | 0
> DROP TRIGGER d1
> INSERT INTO deep VALUES(1), (2), (3), (4)
changes 4
> CREATE TRIGGER d3 AFTER UPDATE ON deep WHEN new.a < 100 BEGIN UPDATE deep SET a = a * 2 WHERE a = new.a; END
> UPDATE deep SET a = a + 1
changes 4
> SELECT group_concat(a) FROM deep
'128,129,128,129'
> PRAGMA recursive_triggers = 0
> UPDATE deep SET a = 3
changes 4
> SELECT group_concat(a) FROM deep
'6,6,6,6'
> CREATE TABLE a1(x)
> CREATE TABLE b1(x)
> CREATE TRIGGER ta AFTER INSERT ON a1 WHEN new.x < 5 BEGIN INSERT INTO b1 VALUES(new.x + 1); END
> CREATE TRIGGER tb AFTER INSERT ON b1 WHEN new.x < 5 BEGIN INSERT INTO a1 VALUES(new.x + 1); END
> INSERT INTO a1 VALUES(1)
changes 1
> SELECT (SELECT group_concat(x) FROM a1), (SELECT group_concat(x) FROM b1)
'1,3' | '2'
> PRAGMA recursive_triggers = 1
> DELETE FROM a1
changes 2
> DELETE FROM b1
changes 1
> INSERT INTO a1 VALUES(1)
changes 1
> SELECT (SELECT group_concat(x) FROM a1), (SELECT group_concat(x) FROM b1)
'1,3,5' | '2,4'
> INSERT OR REPLACE INTO a1 VALUES(1)
changes 1
> CREATE TRIGGER tc AFTER INSERT ON a1 BEGIN INSERT INTO a1 SELECT new.x - 1 WHERE new.x > 3; END
> DELETE FROM a1
changes 6
> DELETE FROM b1
changes 4
> INSERT INTO a1 VALUES(1)
error SQLITE_ERROR: triggers nested too deep
> SELECT (SELECT group_concat(x) FROM a1), (SELECT group_concat(x) FROM b1)
NULL | NULL
> CREATE TABLE tree(id INTEGER PRIMARY KEY, parent)
> CREATE TRIGGER tree_d AFTER DELETE ON tree BEGIN DELETE FROM tree WHERE parent = old.id; END
> INSERT INTO tree VALUES(1,NULL),(2,1),(3,1),(4,2),(5,4),(6,3),(7,NULL)
changes 7
> DELETE FROM tree WHERE id = 1
changes 1
> SELECT changes(), total_changes() > 6
1 | 1
> SELECT * FROM tree
7 | NULL
> CREATE VIEW vt AS SELECT * FROM tree
> CREATE TRIGGER vt_i INSTEAD OF INSERT ON vt WHEN new.id < 20 BEGIN INSERT INTO tree VALUES(new.id, new.parent); INSERT INTO vt VALUES(new.id + 1, new.id); END
> INSERT INTO vt VALUES(15, NULL)
> SELECT * FROM tree
7 | NULL
15 | NULL
16 | 15
17 | 16
18 | 17
19 | 18
