# A table of which ANALYZE counted few rows is read whole: that shows in the order of what triggers do (fuzz seed 50349).
> CREATE TABLE t(a BLOB PRIMARY KEY, b REAL UNIQUE ON CONFLICT IGNORE, c REAL, d)
> INSERT INTO t VALUES ('q', 9, 1, 1)
changes 1
> CREATE VIEW v AS SELECT a, b, c, d FROM t
> CREATE TABLE log(x)
> CREATE TRIGGER g INSTEAD OF DELETE ON v BEGIN INSERT INTO log VALUES (OLD.a); END
> ANALYZE
> INSERT INTO t VALUES ('c', 3, 1, 1), ('b', 2, 1, 'a'), ('a', 1, 1, 1)
changes 3
> DELETE FROM v WHERE a > ' 7'
> SELECT * FROM log
'q'
'c'
'b'
'a'
> DELETE FROM log
changes 4
> DELETE FROM v WHERE a > ' 7' AND a < 'c'
> SELECT * FROM log
'b'
'a'
> DELETE FROM log
changes 2
> DELETE FROM v WHERE a IN ('c', 'b', 'a')
> SELECT * FROM log
'c'
'b'
'a'
> SELECT a FROM t WHERE b > 1
'q'
'c'
'b'
> SELECT a, c FROM t WHERE b IN (3, 2, 9)
'q' | 1.0
'c' | 1.0
'b' | 1.0
> SELECT b FROM t WHERE b > 1
2.0
3.0
9.0
> SELECT a FROM t INDEXED BY sqlite_autoindex_t_1 WHERE a > 'a' AND d = 1
'c'
'q'
> CREATE TABLE never_analyzed(a UNIQUE, b)
> INSERT INTO never_analyzed VALUES (3, 1), (2, 2), (1, 3)
changes 3
> SELECT * FROM never_analyzed WHERE a > 0
1 | 3
2 | 2
3 | 1
