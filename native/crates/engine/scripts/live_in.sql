# IN of an indexed table looks into it anew where the rows of an INSERT change it
> CREATE TABLE t0(a, b UNIQUE)
> CREATE TABLE t2(a INTEGER PRIMARY KEY, b)
> CREATE TABLE t3(a PRIMARY KEY)
> CREATE TABLE t5(a)
> INSERT INTO t2 VALUES(1,1),(2,1),(3,2),(4,1)
changes 4
> INSERT INTO t3 VALUES(1)
changes 1
> INSERT INTO t5 VALUES(1)
changes 1
> CREATE TRIGGER g4 AFTER UPDATE OF a ON t0 BEGIN INSERT OR IGNORE INTO t3 VALUES(2)
error SQLITE_ERROR: incomplete input
> INSERT INTO t5 VALUES(2)
changes 1
> END
error SQLITE_ERROR: cannot commit - no transaction is active
> INSERT INTO t0 SELECT a, 1 FROM t2 WHERE b IN t3 ON CONFLICT DO UPDATE SET a = a+1
changes 3
> SELECT * FROM t0
3 | 1
> DELETE FROM t3 WHERE a=2
> DELETE FROM t5 WHERE a=2
changes 1
> DELETE FROM t0
changes 1
> INSERT INTO t0 SELECT a, 1 FROM t2 WHERE b IN t5 ON CONFLICT DO UPDATE SET a = a+1
changes 3
> SELECT * FROM t0
3 | 1
> DELETE FROM t0
changes 1
> DELETE FROM t3 WHERE a=2
> INSERT INTO t0 SELECT a, 1 FROM t2 WHERE b NOT IN (SELECT a FROM t3) OR a < 3 ON CONFLICT DO UPDATE SET a = a+1
changes 3
> SELECT * FROM t0
3 | 1
