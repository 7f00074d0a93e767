> CREATE TABLE t(a, b)
> CREATE TABLE log(x, y)
> CREATE TEMP TABLE log(x, y)
> ATTACH ':memory:' AS aux
> CREATE TABLE aux.t(a, b)
> CREATE TABLE aux.log(x, y)
> CREATE TABLE aux.only(x)
> CREATE TEMP TRIGGER t1 AFTER INSERT ON main.t BEGIN INSERT INTO log VALUES('temp on main', new.a); INSERT INTO only VALUES(new.a); END
> CREATE TEMP TRIGGER t2 AFTER INSERT ON aux.t BEGIN INSERT INTO log VALUES('temp on aux', new.a); END
> CREATE TRIGGER t3 AFTER INSERT ON t BEGIN INSERT INTO log VALUES('main', new.a); END
> CREATE TRIGGER aux.t4 AFTER INSERT ON t BEGIN INSERT INTO log VALUES('aux', new.a); END
> INSERT INTO t VALUES(1, 2)
changes 1
> INSERT INTO aux.t VALUES(3, 4)
changes 1
> SELECT * FROM main.log
'main' | 1
> SELECT * FROM temp.log
'temp on main' | 1
'temp on aux' | 3
> SELECT * FROM aux.log
'aux' | 3
> SELECT * FROM only
1
> BEGIN
> INSERT INTO t VALUES(5, 6)
changes 1
> SELECT count(*) FROM only
2
> ROLLBACK
> SELECT count(*) FROM only
1
> SELECT count(*) FROM temp.log
2
> CREATE TEMP TRIGGER t5 BEFORE INSERT ON main.t WHEN new.a = 9 BEGIN INSERT INTO only VALUES('before 9'); SELECT RAISE(ABORT, 'no nine'); END
> INSERT INTO t VALUES(8, 0), (9, 0)
error SQLITE_CONSTRAINT_TRIGGER: no nine
> SELECT count(*) FROM only
1
> BEGIN
> INSERT INTO t VALUES(7, 0)
changes 1
> INSERT INTO t VALUES(8, 0), (9, 0)
error SQLITE_CONSTRAINT_TRIGGER: no nine
> SELECT count(*) FROM only
2
> COMMIT
> SELECT group_concat(x) FROM only
'1,7'
> SELECT name, tbl_name, sql FROM temp.sqlite_master WHERE type = 'trigger'
't1' | 't' | 'CREATE TRIGGER t1 AFTER INSERT ON main.t BEGIN INSERT INTO log VALUES(''temp on main'', new.a); INSERT INTO only VALUES(new.a); END'
't2' | 't' | 'CREATE TRIGGER t2 AFTER INSERT ON aux.t BEGIN INSERT INTO log VALUES(''temp on aux'', new.a); END'
't5' | 't' | 'CREATE TRIGGER t5 BEFORE INSERT ON main.t WHEN new.a = 9 BEGIN INSERT INTO only VALUES(''before 9''); SELECT RAISE(ABORT, ''no nine''); END'
> SELECT name, tbl_name, sql FROM aux.sqlite_master WHERE type = 'trigger'
't4' | 't' | 'CREATE TRIGGER t4 AFTER INSERT ON t BEGIN INSERT INTO log VALUES(''aux'', new.a); END'
> CREATE TRIGGER aux.t6 AFTER INSERT ON main.t BEGIN SELECT 1; END
error SQLITE_ERROR: trigger t6 cannot reference objects in database main
> CREATE TRIGGER t6 AFTER INSERT ON aux.t BEGIN SELECT 1; END
error SQLITE_ERROR: trigger t6 cannot reference objects in database aux
> CREATE TRIGGER temp.t6 AFTER INSERT ON aux.t BEGIN SELECT 1; END
> DROP TRIGGER t6
> DROP TRIGGER aux.t3
error SQLITE_ERROR: no such trigger: aux.t3
> DROP TRIGGER main.t3
> DROP TABLE aux.t
> SELECT name FROM temp.sqlite_master WHERE type = 'trigger'
't1'
't5'
> SELECT name FROM aux.sqlite_master WHERE type = 'trigger'
> CREATE TEMP TABLE tt(a)
> CREATE TRIGGER tt1 AFTER INSERT ON tt BEGIN INSERT INTO main.log VALUES(1, 1); END
> CREATE TRIGGER tt1 AFTER INSERT ON tt BEGIN INSERT INTO log SELECT 'tt1', count(*) FROM main.log; END
error SQLITE_ERROR: trigger tt1 already exists
> INSERT INTO tt VALUES(1)
changes 1
> SELECT * FROM temp.log
'temp on main' | 1
'temp on aux' | 3
'temp on main' | 7
> CREATE TABLE tt(a)
> INSERT INTO main.tt VALUES(1)
changes 1
> SELECT count(*) FROM temp.log
3
> DROP TABLE temp.log
> INSERT INTO tt VALUES(1)
changes 1
> SELECT * FROM main.log
'main' | 1
'main' | 7
1 | 1
1 | 1
> DROP TABLE tt
> INSERT INTO tt VALUES(1)
changes 1
> SELECT name FROM temp.sqlite_master WHERE type = 'trigger'
't1'
't5'
> CREATE TEMP VIEW tv AS SELECT a FROM main.t
> CREATE TRIGGER tv1 INSTEAD OF INSERT ON tv BEGIN INSERT INTO main.t VALUES(new.a, 'tv'); END
> CREATE TRIGGER tv1 INSTEAD OF INSERT ON tv BEGIN INSERT INTO t VALUES(new.a, 'tv'); END
error SQLITE_ERROR: trigger tv1 already exists
> INSERT INTO tv VALUES(77)
> SELECT * FROM t WHERE b = 'tv'
77 | 'tv'
> CREATE VIEW mv AS SELECT a FROM t
> CREATE TEMP TRIGGER mv1 INSTEAD OF DELETE ON mv BEGIN DELETE FROM t WHERE a = old.a; END
> DELETE FROM mv WHERE a = 77
> SELECT count(*) FROM t WHERE b = 'tv'
0
> DROP VIEW mv
> SELECT name FROM temp.sqlite_master WHERE type = 'trigger'
't1'
't5'
'tv1'
> CREATE TEMP TRIGGER q1 AFTER INSERT ON main.t BEGIN UPDATE main.t SET b = 'q1' WHERE a = new.a; DELETE FROM aux.only WHERE x = new.a; INSERT INTO aux.only VALUES(new.a + 1); END
> INSERT INTO t VALUES(300, 1)
changes 1
> SELECT b FROM t WHERE a = 300
'q1'
> SELECT * FROM only
1
7
77
301
> CREATE VIEW badv AS SELECT * FROM aux.only
error SQLITE_ERROR: view badv cannot reference objects in database aux
> CREATE TEMP VIEW goodv AS SELECT * FROM aux.only
> SELECT count(*) > 0 FROM goodv
1
