# Foreign keys: when a violation is told, what an action does, what a parent's key must be.
> PRAGMA foreign_keys
1
> CREATE TABLE p(a INTEGER PRIMARY KEY, b TEXT COLLATE NOCASE UNIQUE, c, d)
> CREATE TABLE c(x REFERENCES p, y REFERENCES p(b), z REFERENCES p(c))
# A parent's key without a unique index is told when the child changes, not when it is made.
> INSERT INTO c(x) VALUES (1)
error SQLITE_ERROR: foreign key mismatch - "c" referencing "p"
> CREATE UNIQUE INDEX p_c ON p(c) WHERE c > 0
> INSERT INTO c(x) VALUES (1)
error SQLITE_ERROR: foreign key mismatch - "c" referencing "p"
> DROP INDEX p_c
> CREATE UNIQUE INDEX p_c ON p(c)
> INSERT INTO c(x) VALUES (1)
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> INSERT INTO p VALUES (1, 'Abc', '7', 1)
changes 1
> INSERT INTO c VALUES ('1', 'aBC', NULL)
changes 1
> INSERT INTO c VALUES (1.0, 'ABC', '7')
changes 1
> INSERT INTO c VALUES (1, 'ABC ', '7')
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> INSERT INTO c VALUES (1, 'ABC', 7)
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> SELECT * FROM c
'1' | 'aBC' | NULL
1.0 | 'ABC' | '7'
> DELETE FROM p
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> UPDATE p SET b = 'ABC'
changes 1
> UPDATE p SET b = 'other'
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> UPDATE p SET a = 1, d = 2
changes 1
# Immediate keys are looked at when the statement ends, deferred ones when the transaction does.
> CREATE TABLE t(a PRIMARY KEY, up REFERENCES t)
> INSERT INTO t VALUES (1, 1)
changes 1
> INSERT INTO t VALUES (2, 3), (3, 2)
changes 2
> INSERT INTO t VALUES (4, 5)
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> UPDATE t SET a = a + 10, up = up + 10
changes 3
> DELETE FROM t WHERE a = 12
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> DELETE FROM t WHERE a > 11
changes 2
> SELECT * FROM t
11 | 11
> CREATE TABLE d(a PRIMARY KEY, up REFERENCES d DEFERRABLE INITIALLY DEFERRED)
> INSERT INTO d VALUES (1, 2)
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> BEGIN
> INSERT INTO d VALUES (1, 2)
changes 1
> COMMIT
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> SELECT * FROM d
1 | 2
> INSERT INTO d VALUES (2, 1)
changes 1
> COMMIT
> SAVEPOINT s
> DELETE FROM d WHERE a = 1
changes 1
> RELEASE s
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> ROLLBACK TO s
> RELEASE s
> PRAGMA defer_foreign_keys = ON
> BEGIN
> PRAGMA defer_foreign_keys = ON
> DELETE FROM p
changes 1
> COMMIT
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> PRAGMA defer_foreign_keys
1
> INSERT INTO p VALUES (1, 'abc', '7', 1)
changes 1
> COMMIT
> PRAGMA defer_foreign_keys
0
# Actions: RESTRICT at once, NO ACTION at the end; SET DEFAULT needs a parent; CASCADE goes on.
> CREATE TABLE a(k INTEGER PRIMARY KEY)
> CREATE TABLE a_r(k REFERENCES a ON DELETE RESTRICT ON UPDATE RESTRICT)
> CREATE TABLE a_n(k REFERENCES a)
> CREATE TABLE a_d(k DEFAULT 9 REFERENCES a ON DELETE SET DEFAULT ON UPDATE SET DEFAULT)
> CREATE TABLE a_c(k PRIMARY KEY REFERENCES a ON DELETE CASCADE ON UPDATE CASCADE)
> CREATE TABLE a_cc(k REFERENCES a_c ON DELETE SET NULL ON UPDATE CASCADE)
> INSERT INTO a VALUES (1), (2), (3), (4)
changes 4
> INSERT INTO a_r VALUES (1)
changes 1
> INSERT INTO a_n VALUES (2)
changes 1
> INSERT INTO a_d VALUES (3)
changes 1
> INSERT INTO a_c VALUES (4)
changes 1
> INSERT INTO a_cc VALUES (4)
changes 1
> DELETE FROM a WHERE k = 1
error SQLITE_CONSTRAINT_TRIGGER: FOREIGN KEY constraint failed
> UPDATE a SET k = 11 WHERE k = 1
error SQLITE_CONSTRAINT_TRIGGER: FOREIGN KEY constraint failed
> UPDATE a SET k = 1 WHERE k = 1
changes 1
> DELETE FROM a WHERE k = 2
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> REPLACE INTO a VALUES (2)
changes 1
> REPLACE INTO a VALUES (1)
error SQLITE_CONSTRAINT_TRIGGER: FOREIGN KEY constraint failed
> DELETE FROM a WHERE k = 3
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> INSERT INTO a VALUES (9)
changes 1
> DELETE FROM a WHERE k = 3
changes 1
> SELECT * FROM a_d
9
> UPDATE a SET k = 44 WHERE k = 4
changes 1
> SELECT a_c.k, a_cc.k FROM a_c, a_cc
44 | 44
> DELETE FROM a WHERE k = 44
changes 1
> SELECT count(*) FROM a_c
0
> SELECT * FROM a_cc
NULL
> SELECT changes(), total_changes()
1 | 39
# OR IGNORE and OR REPLACE do not help against them, and triggers of the child fire for actions.
> INSERT OR IGNORE INTO a_n VALUES (99)
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> INSERT OR REPLACE INTO a_n VALUES (99)
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> UPDATE OR IGNORE a_n SET k = 99
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> CREATE TABLE fired(what)
> CREATE TRIGGER a_cc_u AFTER UPDATE ON a_cc BEGIN INSERT INTO fired VALUES (OLD.k || ' -> ' || coalesce(NEW.k, 'NULL')); END
> INSERT INTO a VALUES (5)
changes 1
> INSERT INTO a_c VALUES (5)
changes 1
> UPDATE a_cc SET k = 5
changes 1
> DELETE FROM a WHERE k = 5
changes 1
> SELECT * FROM fired
NULL
'5 -> NULL'
# Composite keys with a NULL in them refer to nothing.
> CREATE TABLE pp(a, b, PRIMARY KEY (a, b))
> CREATE TABLE cc(x, y, FOREIGN KEY (x, y) REFERENCES pp ON UPDATE SET NULL)
> INSERT INTO pp VALUES (1, 2)
changes 1
> INSERT INTO cc VALUES (1, NULL), (NULL, 3), (1, 2)
changes 3
> INSERT INTO cc VALUES (2, 1)
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> UPDATE pp SET b = 3
changes 1
> SELECT * FROM cc
1 | NULL
NULL | 3
NULL | NULL
> CREATE TABLE c3(x, y, z, FOREIGN KEY (x, y, z) REFERENCES pp)
> INSERT INTO c3 VALUES (1, 2, 3)
error SQLITE_ERROR: foreign key mismatch - "c3" referencing "pp"
> DROP TABLE c3
# DROP TABLE deletes the rows first.
> DROP TABLE a
error SQLITE_CONSTRAINT_TRIGGER: FOREIGN KEY constraint failed
> DELETE FROM a_r
changes 1
> DELETE FROM a_n
changes 1
> DELETE FROM a_d
changes 1
> DROP TABLE a
changes 3
> INSERT INTO a_n VALUES (1)
error SQLITE_ERROR: no such table: main.a
> INSERT INTO a_n VALUES (NULL)
error SQLITE_ERROR: no such table: main.a
> PRAGMA foreign_key_check
> PRAGMA foreign_keys = OFF
> INSERT INTO a_n VALUES (1)
changes 1
> PRAGMA foreign_keys = ON
> PRAGMA foreign_key_check
'a_n' | 1 | 'a' | 0
> PRAGMA foreign_key_check(a_n)
'a_n' | 1 | 'a' | 0
> UPDATE a_n SET k = NULL
error SQLITE_ERROR: no such table: main.a
# The key whose SET NULL is the last program that SQLite began is not checked.
> CREATE TABLE o(a INTEGER PRIMARY KEY)
> CREATE TABLE oc(a, o REFERENCES o(a) ON DELETE SET NULL)
> CREATE TRIGGER oc_before BEFORE INSERT ON oc BEGIN DELETE FROM o WHERE a = NEW.o; END
> INSERT INTO oc VALUES (1, 7)
changes 1
> UPDATE oc SET o = 8
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> SELECT * FROM oc
1 | 7
> CREATE TRIGGER oc_update BEFORE UPDATE ON oc BEGIN UPDATE o SET a = a WHERE a = 9; END
> UPDATE oc SET o = 8
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> CREATE TRIGGER oc_last AFTER INSERT ON oc BEGIN SELECT 1; END
> INSERT INTO oc VALUES (2, 8)
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> CREATE TRIGGER oc_first BEFORE INSERT ON oc BEGIN SELECT 1; END
> INSERT INTO oc VALUES (3, 8)
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> CREATE TABLE tree(a INTEGER PRIMARY KEY, up REFERENCES tree ON DELETE SET NULL)
> INSERT INTO tree VALUES (1, 2)
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> REPLACE INTO tree VALUES (1, 2)
changes 1
> INSERT INTO tree VALUES (3, 4) ON CONFLICT DO UPDATE SET a = 5
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> SELECT * FROM tree
1 | 2
# Of several programs with errors, the one that SQLite finishes first tells its error.
> CREATE TABLE e(a)
> CREATE TABLE e2(a)
> CREATE TRIGGER e_after AFTER INSERT ON e BEGIN INSERT INTO after_one VALUES (1); END
> CREATE TRIGGER e_before BEFORE INSERT ON e BEGIN INSERT INTO e2 VALUES (1); INSERT INTO before_one VALUES (1); END
> CREATE TRIGGER e2_after AFTER INSERT ON e2 BEGIN INSERT INTO within VALUES (1); END
> INSERT INTO e VALUES (1)
error SQLITE_ERROR: no such table: main.within
> CREATE TABLE within(a)
> INSERT INTO e VALUES (1)
error SQLITE_ERROR: no such table: main.before_one
> CREATE TABLE before_one(a)
> INSERT INTO e VALUES (1)
error SQLITE_ERROR: no such table: main.after_one
> CREATE TEMP TRIGGER e_temp AFTER INSERT ON e BEGIN INSERT INTO temp_one VALUES (1); END
> INSERT INTO e VALUES (1)
error SQLITE_ERROR: no such table: temp_one
> CREATE TRIGGER e_u_after AFTER UPDATE ON e BEGIN INSERT INTO after_one VALUES (1); END
> CREATE TRIGGER e_u_before BEFORE UPDATE ON e BEGIN INSERT INTO before_two VALUES (1); END
> UPDATE e SET a = 1
error SQLITE_ERROR: no such table: main.before_two
> CREATE TRIGGER e_u_last AFTER UPDATE ON e BEGIN INSERT INTO last_one VALUES (1); END
> UPDATE e SET a = 1
error SQLITE_ERROR: no such table: main.last_one
