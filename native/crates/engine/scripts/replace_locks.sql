# UPDATE locks its table while REPLACE takes away a row that stands in the way in an index and has DELETE triggers.
> PRAGMA recursive_triggers = ON
> CREATE TABLE t(a INTEGER PRIMARY KEY, u UNIQUE, x)
> INSERT INTO t VALUES (1, 10, 'a'), (2, 20, 'b'), (3, 30, 'c')
changes 3
> CREATE TRIGGER t_gone AFTER DELETE ON t BEGIN DELETE FROM t WHERE a = (SELECT min(a) FROM t); END
> UPDATE OR REPLACE t SET u = 20 WHERE a = 1
error SQLITE_CONSTRAINT_PINNED: constraint failed
> SELECT * FROM t
1 | 10 | 'a'
2 | 20 | 'b'
3 | 30 | 'c'
> UPDATE OR REPLACE t SET u = 20
error SQLITE_CONSTRAINT_PINNED: constraint failed
> SELECT * FROM t
1 | 10 | 'a'
2 | 20 | 'b'
3 | 30 | 'c'
# By rowid nothing is locked, nor by INSERT.
> BEGIN
> UPDATE OR REPLACE t SET a = 2 WHERE a = 3
> SELECT * FROM t
> ROLLBACK
> BEGIN
> INSERT OR REPLACE INTO t VALUES (9, 20, 'new')
changes 1
> SELECT * FROM t
9 | 20 | 'new'
> ROLLBACK
# A statement within finds nothing to change, or changes another table.
> DROP TRIGGER t_gone
> CREATE TABLE log(line)
> CREATE TRIGGER t_gone AFTER DELETE ON t BEGIN INSERT INTO log VALUES ('gone ' || OLD.a); DELETE FROM t WHERE a > 100; INSERT INTO t SELECT 1, 1, 1 WHERE false; END
> UPDATE OR REPLACE t SET u = 20 WHERE a = 1
changes 1
> SELECT * FROM t
1 | 20 | 'a'
3 | 30 | 'c'
> SELECT * FROM log
'gone 2'
# What a row of that other table sets off counts, too, and the whole statement is undone.
> CREATE TRIGGER log_new AFTER INSERT ON log WHEN NEW.line LIKE 'gone 3' BEGIN UPDATE t SET x = x WHERE a = 1; END
> BEGIN
> INSERT INTO t VALUES (5, 50, 'e'), (6, 60, 'f')
changes 2
> UPDATE OR REPLACE t SET u = 50 WHERE a = 6
changes 1
> UPDATE OR REPLACE t SET x = x || '!', u = (a + 1) % 3 * 10 + 20
error SQLITE_CONSTRAINT_PINNED: constraint failed
> SELECT * FROM t
1 | 20 | 'a'
3 | 30 | 'c'
6 | 50 | 'f'
> SELECT * FROM log
'gone 2'
'gone 5'
> COMMIT
# BEFORE triggers.
> CREATE TABLE b(u UNIQUE, v)
> INSERT INTO b VALUES (1, 'one'), (2, 'two'), (3, 'three')
changes 3
> CREATE TRIGGER b_gone BEFORE DELETE ON b WHEN OLD.u > 1 BEGIN UPDATE b SET v = v || '.' WHERE u < OLD.u; END
> UPDATE OR REPLACE b SET u = 1 WHERE u = 3
changes 1
> UPDATE OR REPLACE b SET u = 2 WHERE u = 1
error SQLITE_CONSTRAINT_PINNED: constraint failed
> UPDATE OR IGNORE b SET u = 2 WHERE u = 1
> SELECT * FROM b
2 | 'two'
1 | 'three'
# A constraint's own REPLACE, and triggers that raise before they write.
> CREATE TABLE c(u UNIQUE ON CONFLICT REPLACE, v)
> INSERT INTO c VALUES (1, 'one'), (2, 'two'), (3, 'three')
changes 3
> CREATE TEMP TRIGGER c_gone BEFORE DELETE ON c BEGIN SELECT RAISE(IGNORE) WHERE OLD.u = 1; INSERT INTO c VALUES (7, 'seven'); END
> UPDATE c SET u = 3 WHERE u = 2
error SQLITE_CONSTRAINT_PINNED: constraint failed
> UPDATE c SET u = 1 WHERE u = 2
error SQLITE_CONSTRAINT_UNIQUE: UNIQUE constraint failed: c.u
> INSERT INTO c VALUES (2, 'deux')
error SQLITE_CONSTRAINT_ROWID: UNIQUE constraint failed: c.rowid
> SELECT * FROM c
1 | 'one'
2 | 'two'
3 | 'three'
# Without rowids: in the primary key and in another index.
> CREATE TABLE w(k PRIMARY KEY, u UNIQUE, v) WITHOUT ROWID
> INSERT INTO w VALUES (1, 10, 'a'), (2, 20, 'b'), (3, 30, 'c')
changes 3
> CREATE TRIGGER w_gone AFTER DELETE ON w WHEN OLD.k <> 1 BEGIN DELETE FROM w WHERE k = 1; END
> UPDATE OR REPLACE w SET k = 2 WHERE k = 3
error SQLITE_CONSTRAINT_PINNED: constraint failed
> UPDATE OR REPLACE w SET u = 20 WHERE k = 3
error SQLITE_CONSTRAINT_PINNED: constraint failed
> UPDATE OR REPLACE w SET u = 10 WHERE k = 3
changes 1
> SELECT * FROM w
2 | 20 | 'b'
3 | 10 | 'c'
> UPDATE OR REPLACE w SET k = 2 WHERE k = 3
changes 1
> SELECT * FROM w
2 | 10 | 'c'
# What foreign keys do is refused where there is a DELETE trigger, and else not.
> PRAGMA foreign_keys = ON
> CREATE TABLE f(k INTEGER PRIMARY KEY, u UNIQUE, p REFERENCES f ON DELETE CASCADE)
> INSERT INTO f VALUES (1, 10, NULL), (2, 20, NULL), (3, 30, 2)
changes 3
> BEGIN
> UPDATE OR REPLACE f SET u = 20 WHERE k = 1
changes 1
> SELECT * FROM f
1 | 20 | NULL
> ROLLBACK
> CREATE TRIGGER f_gone BEFORE DELETE ON f WHEN false BEGIN SELECT 1; END
> UPDATE OR REPLACE f SET u = 20 WHERE k = 1
error SQLITE_CONSTRAINT_PINNED: constraint failed
> UPDATE OR REPLACE f SET u = 30 WHERE k = 1
changes 1
> SELECT * FROM f
1 | 30 | NULL
2 | 20 | NULL
# Triggers are not recursive: none is fired, and nothing locked.
> PRAGMA recursive_triggers = OFF
> UPDATE OR REPLACE b SET u = 1 WHERE u = 3
> SELECT * FROM b
2 | 'two'
1 | 'three'
> PRAGMA recursive_triggers = ON
# One locked table within another's trigger, each by its own statement.
> CREATE TABLE m(u UNIQUE, v)
> INSERT INTO m VALUES (1, 'a'), (2, 'b'), (3, 'c'), (4, 'd')
changes 4
> CREATE TRIGGER m_gone AFTER DELETE ON m WHEN OLD.u = 1 BEGIN UPDATE OR REPLACE n SET u = 1 WHERE u = 2; END
> CREATE TABLE n(u UNIQUE, v)
> INSERT INTO n VALUES (1, 'a'), (2, 'b'), (3, 'c'), (4, 'd')
changes 4
> CREATE TRIGGER n_gone AFTER DELETE ON n WHEN OLD.u = 1 BEGIN UPDATE m SET v = v || '!' WHERE u = 4; END
> UPDATE OR REPLACE m SET u = 1 WHERE u = 3
error SQLITE_CONSTRAINT_PINNED: constraint failed
> UPDATE OR REPLACE m SET u = 2 WHERE u = 3
changes 1
> UPDATE OR REPLACE n SET u = 1 WHERE u = 3
changes 1
> SELECT m.*, n.* FROM m LEFT JOIN n USING (u)
1 | 'a' | 1 | 'c'
2 | 'c' | 2 | 'b'
4 | 'd!' | 4 | 'd'
# An empty table has no row to hold on to.
> CREATE TABLE e(a INTEGER PRIMARY KEY, u UNIQUE)
> INSERT INTO e VALUES (1, 0), (2, 5), (3, 1)
changes 3
> CREATE TRIGGER e_gone AFTER DELETE ON e BEGIN DELETE FROM e WHERE a = 1 AND OLD.a = 2; INSERT INTO e SELECT 9, 9 WHERE OLD.a = 3; END
> UPDATE OR REPLACE e SET a = 2, u = 1 WHERE a = 1
> SELECT * FROM e
9 | 9
