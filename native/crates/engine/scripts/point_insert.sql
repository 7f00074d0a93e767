# One row of VALUES into a table with nothing else to look after: affinities, NOT NULL, rowids, keys, and in which order they fail.
> CREATE TABLE t(i INTEGER, r REAL, x TEXT, n NUMERIC, b BLOB, a)
> INSERT INTO t VALUES (1.0, 1, 1, '1e2', 1, 1)
changes 1
> INSERT INTO t VALUES ('12', '-0.0', 1.5, '12x', '12', '12')
changes 1
> INSERT INTO t VALUES (' 7 ', -0.0, x'4142', 1.0, -0.0, -0.0)
changes 1
> INSERT INTO t VALUES (9223372036854775807, 9223372036854775807, 9223372036854775807, 9223372036854775808, 1e300, NULL)
changes 1
> INSERT INTO t VALUES (NULL, NULL, NULL, NULL, NULL, 1 + 1)
changes 1
> INSERT INTO t(x, i) VALUES ('abcdefghijklmnopqrstuvwxyz abcdefghijklmnopqrstuvwxyz abcdefghijklmnopqrstuvwxyz', -1)
changes 1
> SELECT rowid, i, r, x, n, b, a, typeof(i), typeof(r), typeof(x), typeof(n), typeof(b), typeof(a) FROM t
1 | 1 | 1.0 | '1' | 100 | 1 | 1 | 'integer' | 'real' | 'text' | 'integer' | 'integer' | 'integer'
2 | 12 | 0.0 | '1.5' | '12x' | '12' | '12' | 'integer' | 'real' | 'text' | 'text' | 'text' | 'text'
3 | 7 | 0.0 | x'4142' | 1 | 0.0 | 0.0 | 'integer' | 'real' | 'blob' | 'integer' | 'real' | 'real'
4 | 9223372036854775807 | 9.2233720368547758e+18 | '9223372036854775807' | 9.2233720368547758e+18 | 1.0e+300 | NULL | 'integer' | 'real' | 'text' | 'real' | 'real' | 'null'
5 | NULL | NULL | NULL | NULL | NULL | 2 | 'null' | 'null' | 'null' | 'null' | 'null' | 'integer'
6 | -1 | NULL | 'abcdefghijklmnopqrstuvwxyz abcdefghijklmnopqrstuvwxyz abcdefghijklmnopqrstuvwxyz' | NULL | NULL | NULL | 'integer' | 'null' | 'text' | 'null' | 'null' | 'null'
> INSERT INTO t(rowid, i) VALUES (3, 0)
error SQLITE_CONSTRAINT_ROWID: UNIQUE constraint failed: t.rowid
> INSERT OR IGNORE INTO t(rowid, i) VALUES (3, 0)
> SELECT changes(), last_insert_rowid()
0 | 6
> INSERT INTO t(rowid, i) VALUES ('40', 0)
changes 1
> INSERT INTO t(rowid, i) VALUES ('x', 0)
error SQLITE_MISMATCH: datatype mismatch
> INSERT INTO t(rowid, i) VALUES (NULL, 0)
changes 1
> SELECT rowid, last_insert_rowid() FROM t WHERE i = 0
40 | 41
41 | 41
> CREATE TABLE s(id INTEGER PRIMARY KEY, a TEXT NOT NULL, b INT NOT NULL DEFAULT 5, c DEFAULT (1 + 1), u UNIQUE)
> INSERT INTO s(a, u) VALUES ('one', 1)
changes 1
> INSERT INTO s(a, u) VALUES (NULL, 1)
error SQLITE_CONSTRAINT_NOTNULL: NOT NULL constraint failed: s.a
> INSERT INTO s(id, a, u) VALUES ('x', NULL, 1)
error SQLITE_MISMATCH: datatype mismatch
> INSERT INTO s(id, a, u) VALUES (1, NULL, 1)
error SQLITE_CONSTRAINT_NOTNULL: NOT NULL constraint failed: s.a
> INSERT INTO s(id, a, u) VALUES (1, 'two', 1)
error SQLITE_CONSTRAINT_PRIMARYKEY: UNIQUE constraint failed: s.id
> INSERT INTO s(id, a, u) VALUES (7, 'two', '1')
changes 1
> INSERT INTO s(id, a, u) VALUES (8, 'two', 1)
error SQLITE_CONSTRAINT_UNIQUE: UNIQUE constraint failed: s.u
> INSERT OR IGNORE INTO s(a, u) VALUES ('two', 1)
> INSERT OR FAIL INTO s(a, u) VALUES ('two', 1)
error SQLITE_CONSTRAINT_UNIQUE: UNIQUE constraint failed: s.u
> INSERT OR IGNORE INTO s(a, u) VALUES (NULL, 2)
> INSERT OR ROLLBACK INTO s(a, u) VALUES (NULL, 2)
error SQLITE_CONSTRAINT_NOTNULL: NOT NULL constraint failed: s.a
> INSERT OR REPLACE INTO s(a, u) VALUES ('new', 1)
changes 1
> INSERT INTO s(a, b, u) VALUES (x'00', NULL, 2)
error SQLITE_CONSTRAINT_NOTNULL: NOT NULL constraint failed: s.b
> INSERT INTO s(a, b, u) VALUES (x'00', 'x', NULL)
changes 1
> INSERT INTO s(a, u, a) VALUES ('first', 3, 'second')
changes 1
> INSERT INTO s(a, u) VALUES ((SELECT max(a) FROM s), 4)
changes 1
> INSERT INTO s(a, u) VALUES (abs(-9223372036854775808), 5)
error SQLITE_ERROR: integer overflow
> INSERT INTO s(a, u) VALUES (1, 2, 3)
error SQLITE_ERROR: 3 values for 2 columns
> SELECT *, typeof(a), typeof(b), typeof(u) FROM s
7 | 'two' | 5 | 2 | '1' | 'text' | 'integer' | 'text'
8 | 'new' | 5 | 2 | 1 | 'text' | 'integer' | 'integer'
9 | x'00' | 'x' | 2 | NULL | 'blob' | 'text' | 'null'
10 | 'first' | 5 | 2 | 3 | 'text' | 'integer' | 'integer'
11 | x'00' | 5 | 2 | 4 | 'blob' | 'integer' | 'integer'
> SELECT changes(), total_changes(), last_insert_rowid()
0 | 14 | 11
> BEGIN
> INSERT INTO s(a, u) VALUES ('kept', 10)
changes 1
> INSERT INTO s(a, u) VALUES ('kept', 10)
error SQLITE_CONSTRAINT_UNIQUE: UNIQUE constraint failed: s.u
> INSERT INTO s(a, u) VALUES (NULL, 11)
error SQLITE_CONSTRAINT_NOTNULL: NOT NULL constraint failed: s.a
> INSERT INTO s(a, u) VALUES ('kept', 11)
changes 1
> COMMIT
> SELECT a, u FROM s WHERE u >= 10 ORDER BY u
'kept' | 10
'kept' | 11
'two' | '1'
> ALTER TABLE s DROP COLUMN c
> ALTER TABLE s ADD COLUMN d DEFAULT 'late'
> INSERT INTO s(a, u) VALUES ('after', 20)
changes 1
> INSERT INTO s VALUES (100, 'all', 1, 21, NULL)
changes 1
> SELECT * FROM s WHERE u >= 20
14 | 'after' | 5 | 20 | 'late'
100 | 'all' | 1 | 21 | NULL
7 | 'two' | 5 | '1' | 'late'
> CREATE INDEX sd ON s(d) WHERE b > 3
> CREATE INDEX se ON s(a || 'x')
> INSERT INTO s(a, b, u, d) VALUES ('partial', 4, 30, 'p'), ('not', 3, 31, 'p')
changes 2
> INSERT INTO s(a, b, u, d) VALUES ('partial', 4, 32, 'p')
changes 1
> SELECT a, u FROM s WHERE d = 'p' AND b > 3
'partial' | 30
'partial' | 32
> SELECT u FROM s WHERE a || 'x' = 'partialx'
30
32
> INSERT INTO s(id, a, u) VALUES (9223372036854775807, 'last', 40)
changes 1
> INSERT INTO t(rowid, i) VALUES (9223372036854775807, 0)
changes 1
> SELECT count(*) FROM t
9
> PRAGMA integrity_check
'ok'
