> CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER NOT NULL, b REAL, c TEXT DEFAULT 'none', d)
> INSERT INTO t VALUES (1, 10, 1.5, 'one', NULL), (2, 20, -0.0, 'two', x'00'), (3, 30, 3, 'three', '3'), (-4, 40, NULL, 'four', 4.0)
changes 4
> UPDATE t SET a = a + 1 WHERE id = 1
changes 1
> UPDATE t SET a = a + 1 WHERE id = '2'
changes 1
> UPDATE t SET a = a + 1 WHERE id = 3.0
changes 1
> UPDATE t SET a = a + 1 WHERE id = 3.5
> UPDATE t SET a = a + 1 WHERE id = 'x'
> UPDATE t SET a = a + 1 WHERE id = NULL
> UPDATE t SET a = a + 1 WHERE id = 99
> UPDATE t SET b = 7, d = id || c WHERE rowid = -4
changes 1
> UPDATE t SET d = b, b = d WHERE id = 3
changes 1
> UPDATE t SET a = '12', b = '13', c = 14, d = '15' WHERE id = 1
changes 1
> SELECT id, a, typeof(a), b, typeof(b), c, typeof(c), d, typeof(d) FROM t
-4 | 40 | 'integer' | 7.0 | 'real' | 'four' | 'text' | '-4four' | 'text'
1 | 12 | 'integer' | 13.0 | 'real' | '14' | 'text' | '15' | 'text'
2 | 21 | 'integer' | 0.0 | 'real' | 'two' | 'text' | x'00' | 'blob'
3 | 31 | 'integer' | 3.0 | 'real' | 'three' | 'text' | 3.0 | 'real'
> UPDATE t SET a = NULL WHERE id = 1
error SQLITE_CONSTRAINT_NOTNULL: NOT NULL constraint failed: t.a
> UPDATE OR IGNORE t SET a = NULL, c = 'ignored' WHERE id = 1
> UPDATE OR FAIL t SET a = NULL WHERE id = 1
error SQLITE_CONSTRAINT_NOTNULL: NOT NULL constraint failed: t.a
> UPDATE t SET a = 5, a = 6 WHERE id = 1
changes 1
> UPDATE t SET c = 'last', b = 0 WHERE id = 1
changes 1
> SELECT changes(), total_changes()
1 | 12
> ALTER TABLE t ADD COLUMN e INTEGER DEFAULT 50
> ALTER TABLE t ADD COLUMN f TEXT
> UPDATE t SET e = e + 1 WHERE id = 2
changes 1
> UPDATE t SET f = e WHERE id = 3
changes 1
> UPDATE t SET c = NULL WHERE id = 1
changes 1
> SELECT * FROM t
-4 | 40 | 7.0 | 'four' | '-4four' | 50 | NULL
1 | 6 | 0.0 | NULL | '15' | 50 | NULL
2 | 21 | 0.0 | 'two' | x'00' | 51 | NULL
3 | 31 | 3.0 | 'three' | 3.0 | 50 | '50'
> ALTER TABLE t DROP COLUMN d
> UPDATE t SET f = 'after', b = b * 2 WHERE id = 2
changes 1
> SELECT * FROM t
-4 | 40 | 7.0 | 'four' | 50 | NULL
1 | 6 | 0.0 | NULL | 50 | NULL
2 | 21 | 0.0 | 'two' | 51 | 'after'
3 | 31 | 3.0 | 'three' | 50 | '50'
> BEGIN
> UPDATE t SET a = a * 2 WHERE id = 1
changes 1
> SAVEPOINT one
> UPDATE t SET a = a * 2 WHERE id = 1
changes 1
> DELETE FROM t WHERE id = 2
changes 1
> UPDATE t SET a = NULL WHERE id = 1
error SQLITE_CONSTRAINT_NOTNULL: NOT NULL constraint failed: t.a
> SELECT id, a FROM t
-4 | 40
1 | 24
3 | 31
> ROLLBACK TO one
> SELECT id, a FROM t
-4 | 40
1 | 12
2 | 21
3 | 31
> DELETE FROM t WHERE id = 3
changes 1
> DELETE FROM t WHERE id = 3
> SELECT changes(), total_changes()
0 | 20
> ROLLBACK
> SELECT id, a FROM t
-4 | 40
1 | 6
2 | 21
3 | 31
> BEGIN
> DELETE FROM t WHERE id = 2
changes 1
> INSERT INTO t (id, a) VALUES (2, 200)
changes 1
> UPDATE t SET c = 'again' WHERE id = 2
changes 1
> DELETE FROM t WHERE id = '1'
changes 1
> DELETE FROM t WHERE id = -4
changes 1
> COMMIT
> SELECT * FROM t
2 | 200 | NULL | 'again' | 50 | NULL
3 | 31 | 3.0 | 'three' | 50 | '50'
> UPDATE t SET id = 7 WHERE id = 2
changes 1
> UPDATE t SET rowid = rowid + 1, a = id WHERE id = 7
changes 1
> SELECT * FROM t
3 | 31 | 3.0 | 'three' | 50 | '50'
8 | 7 | NULL | 'again' | 50 | NULL
> CREATE TABLE checked (id INTEGER PRIMARY KEY, a CHECK (a > 0), b, u UNIQUE, g AS (b + 1))
> INSERT INTO checked VALUES (1, 1, 1, 1), (2, 2, 2, 2)
changes 2
> UPDATE checked SET a = 0 WHERE id = 1
error SQLITE_CONSTRAINT_CHECK: CHECK constraint failed: a > 0
> UPDATE checked SET u = 2 WHERE id = 1
error SQLITE_CONSTRAINT_UNIQUE: UNIQUE constraint failed: checked.u
> UPDATE checked SET b = 9 WHERE id = 1
changes 1
> UPDATE checked SET u = 3 WHERE id = 1
changes 1
> DELETE FROM checked WHERE id = 2
changes 1
> SELECT * FROM checked
1 | 1 | 9 | 3 | 10
> SELECT u FROM checked WHERE u > 0 ORDER BY u
3
> CREATE TABLE parent (id INTEGER PRIMARY KEY, a)
> CREATE TABLE child (id INTEGER PRIMARY KEY, p REFERENCES parent ON DELETE CASCADE, a)
> PRAGMA foreign_keys = ON
> INSERT INTO parent VALUES (1, 1), (2, 2)
changes 2
> INSERT INTO child VALUES (1, 1, 'x'), (2, 2, 'y')
changes 2
> UPDATE child SET p = 3 WHERE id = 1
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> UPDATE child SET a = 'z' WHERE id = 1
changes 1
> DELETE FROM parent WHERE id = 2
changes 1
> SELECT * FROM child
1 | 1 | 'z'
> CREATE TABLE log (what)
> CREATE TRIGGER child_changed AFTER UPDATE ON child BEGIN INSERT INTO log VALUES (old.a || '>' || new.a); END
> CREATE TRIGGER child_gone AFTER DELETE ON child BEGIN INSERT INTO log VALUES (old.a || ' gone'); END
> UPDATE child SET a = 'w' WHERE id = 1
changes 1
> DELETE FROM child WHERE id = 1
changes 1
> SELECT * FROM log
'z>w'
'w gone'
> CREATE TABLE strict_one (id INTEGER PRIMARY KEY, a INT, b TEXT) STRICT
> INSERT INTO strict_one VALUES (1, 1, 'x')
changes 1
> UPDATE strict_one SET a = 'no' WHERE id = 1
error SQLITE_CONSTRAINT_DATATYPE: cannot store TEXT value in INT column strict_one.a
> UPDATE strict_one SET a = '7', b = 8 WHERE id = 1
changes 1
> SELECT id, a, typeof(a), b, typeof(b) FROM strict_one
1 | 7 | 'integer' | '8' | 'text'
> UPDATE t SET a = 1 WHERE id = 8 RETURNING id, a
8 | 1
> DELETE FROM t WHERE id = 8 RETURNING *
8 | 1 | NULL | 'again' | 50 | NULL
