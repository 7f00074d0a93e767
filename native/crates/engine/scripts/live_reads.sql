# What REPLACE sets off changes the rows that an INSERT has still to read
> PRAGMA foreign_keys=1
> CREATE TABLE t0(a ANY PRIMARY KEY, b INT UNIQUE ON CONFLICT REPLACE, e)
> CREATE TABLE t2(a, d REFERENCES t0(a) ON DELETE SET NULL)
> CREATE INDEX i2 ON t2(d, a)
> CREATE TABLE t3(a, d REFERENCES t0(a) ON DELETE CASCADE)
> CREATE TABLE t4(a, d REFERENCES t0(a) ON UPDATE CASCADE, PRIMARY KEY(a, d)) WITHOUT ROWID
> INSERT INTO t0 VALUES(1,1,0),(2,2,0),(3,3,0),(4,4,0)
changes 4
> INSERT INTO t2 VALUES(10,1),(11,2),(12,3),(13,4)
changes 4
> INSERT OR REPLACE INTO t0 SELECT a, rowid+1, quote(d) FROM t2 NOT INDEXED ORDER BY rowid LIMIT 6
changes 4
> SELECT * FROM t0
1 | 1 | 0
10 | 2 | '1'
11 | 3 | 'NULL'
12 | 4 | 'NULL'
13 | 5 | 'NULL'
> SELECT * FROM t2
10 | 1
11 | NULL
12 | NULL
13 | NULL
> DELETE FROM t2
changes 4
> DELETE FROM t0
changes 5
> INSERT INTO t0 VALUES(1,1,0),(2,2,0),(3,3,0),(4,4,0)
changes 4
> INSERT INTO t2 VALUES(10,1),(11,2),(12,3),(13,4)
changes 4
> INSERT OR REPLACE INTO t0 SELECT a, rowid+1, quote(d) FROM t2 NOT INDEXED ORDER BY rowid DESC
changes 4
> SELECT * FROM t0
1 | 1 | 0
13 | 5 | '4'
12 | 4 | '3'
11 | 3 | '2'
10 | 2 | '1'
> SELECT * FROM t2
10 | 1
11 | NULL
12 | NULL
13 | NULL
> DELETE FROM t2
changes 4
> DELETE FROM t0
changes 5
> INSERT INTO t0 VALUES(1,1,0),(2,2,0),(3,3,0),(4,4,0)
changes 4
> INSERT INTO t2 VALUES(10,1),(11,2),(12,3),(13,4)
changes 4
> INSERT INTO t0 SELECT a, d+1, quote(d) FROM t2 WHERE d>0 ORDER BY d
changes 2
> SELECT * FROM t0
1 | 1 | 0
3 | 3 | 0
10 | 2 | '1'
12 | 4 | '3'
> SELECT * FROM t2
10 | 1
11 | NULL
12 | 3
13 | NULL
> DELETE FROM t2
changes 4
> DELETE FROM t0
changes 4
> INSERT INTO t0 VALUES(1,1,0),(2,2,0),(3,3,0),(4,4,0)
changes 4
> INSERT INTO t2 VALUES(10,1),(11,2),(12,3),(13,4)
changes 4
> INSERT INTO t0 SELECT a, 5-d, quote(d) FROM t2 WHERE d>0 ORDER BY d DESC
changes 2
> SELECT * FROM t0
3 | 3 | 0
4 | 4 | 0
13 | 1 | '4'
12 | 2 | '3'
> SELECT * FROM t2
10 | NULL
11 | NULL
12 | 3
13 | 4
> DELETE FROM t2
changes 4
> DELETE FROM t0
changes 4
> INSERT INTO t0 VALUES(1,1,0),(2,2,0),(3,3,0),(4,4,0)
changes 4
> INSERT INTO t3 VALUES(10,1),(11,2),(12,3),(13,4)
changes 4
> INSERT INTO t0 SELECT a, rowid+1, quote(d) FROM t3
changes 2
> SELECT * FROM t0
1 | 1 | 0
3 | 3 | 0
10 | 2 | '1'
12 | 4 | '3'
> SELECT * FROM t3
10 | 1
12 | 3
> DELETE FROM t3
changes 2
> DELETE FROM t0
changes 4
> INSERT INTO t0 VALUES(1,1,0),(2,2,0),(3,3,0),(4,4,0)
changes 4
> INSERT INTO t3 VALUES(10,1),(11,2),(12,3),(13,4)
changes 4
> INSERT INTO t0 SELECT a, rowid, quote(d) FROM t3 WHERE rowid IN (1,2,3,4)
changes 4
> SELECT * FROM t0
10 | 1 | '1'
11 | 2 | '2'
12 | 3 | '3'
13 | 4 | '4'
> SELECT * FROM t3
> DELETE FROM t3
> DELETE FROM t0
changes 4
> INSERT INTO t0 VALUES(1,1,0),(2,2,0),(3,3,0),(4,4,0)
changes 4
> INSERT INTO t4 VALUES(1,1),(1,2),(2,3),(2,4)
changes 4
> INSERT INTO t0 SELECT d, 9, quote(a) FROM t4 WHERE 1 ON CONFLICT DO UPDATE SET a = excluded.a - 100
changes 4
> SELECT * FROM t0
-99 | 1 | 0
-98 | 2 | 0
-97 | 3 | 0
-96 | 4 | 0
> SELECT * FROM t4
1 | -99
1 | -98
2 | -97
2 | -96
> DELETE FROM t4
changes 4
> DELETE FROM t0
changes 4
> INSERT INTO t0 VALUES(1,1,0),(2,2,0),(3,3,0),(4,4,0)
changes 4
> INSERT INTO t2 VALUES(10,1),(11,2),(12,3),(13,4)
changes 4
> INSERT INTO t0 SELECT DISTINCT a, 2, quote(d) FROM t2
changes 4
> SELECT * FROM t0
1 | 1 | 0
3 | 3 | 0
4 | 4 | 0
13 | 2 | '4'
> SELECT * FROM t2
10 | 1
11 | NULL
12 | 3
13 | 4
> DELETE FROM t2
changes 4
> DELETE FROM t0
changes 4
> INSERT INTO t0 VALUES(1,1,0),(2,2,0),(3,3,0),(4,4,0)
changes 4
> INSERT INTO t2 VALUES(10,1),(11,2),(12,3),(13,4)
changes 4
> INSERT INTO t0 SELECT x.a||y.a, x.rowid+1, quote(y.d) FROM t2 x, t2 y
changes 16
> SELECT * FROM t0
1 | 1 | 0
1013 | 2 | '4'
1113 | 3 | '4'
1213 | 4 | 'NULL'
1313 | 5 | 'NULL'
> SELECT * FROM t2
10 | 1
11 | NULL
12 | NULL
13 | NULL
> DELETE FROM t2
changes 4
> DELETE FROM t0
changes 5
> INSERT INTO t0 VALUES(1,1,0),(2,2,0),(3,3,0),(4,4,0)
changes 4
> INSERT INTO t2 VALUES(10,1),(11,2),(12,3),(13,4)
changes 4
> INSERT INTO t0 SELECT a, rowid+1, quote(d) FROM t2 UNION ALL SELECT a+20, rowid, quote(d) FROM t2
changes 8
> SELECT * FROM t0
13 | 5 | 'NULL'
30 | 1 | '1'
31 | 2 | 'NULL'
32 | 3 | 'NULL'
33 | 4 | 'NULL'
> SELECT * FROM t2
10 | NULL
11 | NULL
12 | NULL
13 | NULL
> DELETE FROM t2
changes 4
> DELETE FROM t0
changes 5
> INSERT INTO t0 VALUES(1,1,0),(2,2,0),(3,3,0),(4,4,0)
changes 4
> INSERT INTO t2 VALUES(10,1),(11,2),(12,3),(13,4)
changes 4
> INSERT INTO t0 SELECT a, rowid+1, (SELECT count(d) FROM t2) FROM t2
changes 4
> SELECT * FROM t0
1 | 1 | 0
10 | 2 | 4
11 | 3 | 4
12 | 4 | 4
13 | 5 | 4
> SELECT * FROM t2
10 | 1
11 | NULL
12 | NULL
13 | NULL
> DELETE FROM t2
changes 4
> DELETE FROM t0
changes 5
