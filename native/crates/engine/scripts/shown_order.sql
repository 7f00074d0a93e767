# Where it shows in which order rows come to a grouping, an index is read in the table's place as SQLite does
> CREATE TABLE t0(a NUMERIC UNIQUE, b NUMERIC, c INTEGER, d DOUBLE, e VARCHAR(10))
> INSERT INTO t0 VALUES (3, 1, 1, 1, 1), (2, 1, 1, 1, 1), (NULL, 1, 1, 1, 1)
changes 3
> SELECT count(*), a FROM t0
3 | NULL
> SELECT group_concat(a) FROM t0
'2,3'
> SELECT group_concat(a) FROM t0 NOT INDEXED
'3,2'
> SELECT group_concat(a) FROM t0 WHERE a <> 7
'2,3'
> SELECT group_concat(a), group_concat(rowid) FROM t0
'2,3' | '3,2,1'
> SELECT group_concat(a), count(b) FROM t0
'3,2' | 3
> SELECT min(a COLLATE nocase), a, count(*) FROM t0
2 | 2 | 3
> SELECT count(*), a FROM t0 AS x, t0 AS y
error SQLITE_ERROR: ambiguous column name: a
# With the table as narrow as the index, the table
> CREATE TABLE t1(a UNIQUE)
> INSERT INTO t1 VALUES (3), (2), (1)
changes 3
> SELECT group_concat(a) FROM t1
'3,2,1'
> CREATE TABLE t2(a UNIQUE, b)
> INSERT INTO t2 VALUES (3, 1), (2, 1), (1, 1)
changes 3
> SELECT group_concat(a) FROM t2
'1,2,3'
# Without rowids
> CREATE TABLE w(k TEXT PRIMARY KEY, a INT, b TEXT) WITHOUT ROWID
> CREATE INDEX wa ON w(a)
> INSERT INTO w VALUES ('x', 3, 'p'), ('y', 2, 'q'), ('z', 1, 'r')
changes 3
> SELECT group_concat(a) FROM w
'1,2,3'
> SELECT group_concat(k) FROM w
'z,y,x'
> SELECT count(*), k FROM w
3 | 'z'
> SELECT count(*), b FROM w
3 | 'p'
# A partial index has fewer rows
> CREATE TABLE p(a INT, b INT, c TEXT)
> CREATE INDEX pa ON p(b) WHERE a > 0
> INSERT INTO p VALUES (1, 3, 'a'), (2, 2, 'b'), (3, 1, 'c')
changes 3
> SELECT group_concat(b) FROM p WHERE a > 0
'1,2,3'
> SELECT count(*), c FROM p WHERE a > 0
3 | 'c'
> SELECT group_concat(a) FROM p WHERE a > 0
'3,2,1'
> SELECT group_concat(a) FROM p
'1,2,3'
# ANY is as wide as a number
> CREATE TABLE any_table(a BLOB, b TEXT, c ANY) STRICT
> CREATE INDEX any_index ON any_table(a, CAST(c AS INTEGER) % 7, b)
> INSERT INTO any_table(a) VALUES (x'33'), (NULL)
changes 2
> SELECT count(*), a FROM any_table
2 | x'33'
