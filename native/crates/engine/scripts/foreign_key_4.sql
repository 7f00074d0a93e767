# Deferred keys wait for COMMIT; a transaction that cannot commit stays open.
> CREATE TABLE p(id INTEGER PRIMARY KEY)
> CREATE TABLE d(x REFERENCES p DEFERRABLE INITIALLY DEFERRED)
> CREATE TABLE i(x REFERENCES p DEFERRABLE INITIALLY IMMEDIATE)
> CREATE TABLE n(x REFERENCES p NOT DEFERRABLE INITIALLY DEFERRED)
> CREATE TABLE f(x REFERENCES p DEFERRABLE)
> INSERT INTO d VALUES (1)
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> SELECT count(*), changes(), total_changes() FROM d
0 | 0 | 0
> BEGIN
> INSERT INTO d VALUES (1)
changes 1
> INSERT INTO i VALUES (1)
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> INSERT INTO n VALUES (1)
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> INSERT INTO f VALUES (1)
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> COMMIT
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> SELECT * FROM d
1
> INSERT INTO p VALUES (1)
changes 1
> COMMIT
> BEGIN
> DELETE FROM p
changes 1
> COMMIT
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> DELETE FROM d
changes 1
> COMMIT
> SELECT count(*) FROM p
0
> BEGIN
> INSERT INTO d VALUES (5), (6), (5)
changes 3
> INSERT INTO p VALUES (5)
changes 1
> COMMIT
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> UPDATE d SET x = NULL WHERE x = 6
changes 1
> COMMIT
> BEGIN
> INSERT INTO d VALUES (7)
changes 1
> UPDATE d SET x = 8 WHERE x = 7
changes 1
> UPDATE p SET id = 8
changes 1
> COMMIT
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> UPDATE d SET x = 8
changes 4
> COMMIT
> BEGIN
> DELETE FROM p
changes 1
> INSERT INTO p VALUES (8)
changes 1
> COMMIT
> BEGIN
> INSERT INTO d VALUES (100)
changes 1
> ROLLBACK
> SELECT * FROM d
8
8
8
8
# Savepoints.
> SAVEPOINT one
> INSERT INTO d VALUES (50)
changes 1
> RELEASE one
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> SAVEPOINT two
> INSERT INTO d VALUES (51)
changes 1
> ROLLBACK TO two
> RELEASE two
> RELEASE one
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> INSERT INTO p VALUES (50)
changes 1
> RELEASE one
> BEGIN
> INSERT INTO d VALUES (60)
changes 1
> SAVEPOINT a
> INSERT INTO d VALUES (61)
changes 1
> SAVEPOINT b
> INSERT INTO p VALUES (60), (61)
changes 2
> ROLLBACK TO a
> INSERT INTO p VALUES (60)
changes 1
> COMMIT
> SELECT * FROM d
8
8
8
8
50
60
> BEGIN
> INSERT INTO d VALUES (70)
changes 1
> SAVEPOINT a
> INSERT INTO p VALUES (70)
changes 1
> ROLLBACK TO a
> COMMIT
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> ROLLBACK
# A statement that fails takes its violations with it; an INSERT of one row does not.
> BEGIN
> INSERT INTO d VALUES (80), (81), (nullif(1, 1)), (json('x'))
error SQLITE_ERROR: malformed JSON
> COMMIT
> CREATE TABLE two(a REFERENCES p, b REFERENCES p DEFERRABLE INITIALLY DEFERRED)
> BEGIN
> INSERT INTO two VALUES (1000, 1001), (NULL, NULL)
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> COMMIT
> BEGIN
> INSERT INTO two VALUES (1000, 1001)
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> COMMIT
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> SELECT count(*) FROM two
0
> ROLLBACK
> BEGIN
> INSERT INTO two VALUES (1000, 1001) RETURNING a
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> COMMIT
> CREATE TABLE owt(b REFERENCES p DEFERRABLE INITIALLY DEFERRED, a REFERENCES p)
> BEGIN
> INSERT INTO owt VALUES (1001, 1000)
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> COMMIT
# PRAGMA defer_foreign_keys.
> PRAGMA defer_foreign_keys
0
> PRAGMA defer_foreign_keys = ON
> PRAGMA defer_foreign_keys
1
> BEGIN
> PRAGMA defer_foreign_keys
1
> INSERT INTO i VALUES (200), (201)
changes 2
> DELETE FROM p WHERE id = 5
> COMMIT
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> DELETE FROM i WHERE x = 200
changes 1
> UPDATE i SET x = 8
changes 1
> COMMIT
> PRAGMA defer_foreign_keys
0
> BEGIN
> INSERT INTO i VALUES (200)
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> PRAGMA defer_foreign_keys = ON
> INSERT INTO i VALUES (200)
changes 1
> PRAGMA defer_foreign_keys = OFF
> COMMIT
> SELECT x FROM i
8
200
> PRAGMA foreign_key_check
'i' | 3 | 'p' | 0
> DELETE FROM i WHERE x = 200
changes 1
> BEGIN
> INSERT INTO d VALUES (300)
changes 1
> PRAGMA defer_foreign_keys = OFF
> COMMIT
> PRAGMA foreign_key_check
'd' | 7 | 'p' | 0
> BEGIN
> PRAGMA defer_foreign_keys = ON
> INSERT INTO i VALUES (300)
changes 1
> SAVEPOINT s
> INSERT INTO p VALUES (300)
changes 1
> ROLLBACK TO s
> PRAGMA defer_foreign_keys
1
> COMMIT
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> ROLLBACK
> PRAGMA defer_foreign_keys
0
> PRAGMA defer_foreign_keys = ON
> INSERT INTO i VALUES (400)
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> PRAGMA defer_foreign_keys
0
> PRAGMA defer_foreign_keys = ON
> SELECT count(*) FROM i
1
> PRAGMA defer_foreign_keys
0
> PRAGMA defer_foreign_keys = ON
> SELECT 1
1
> PRAGMA defer_foreign_keys
1
> PRAGMA defer_foreign_keys = OFF
# RETURNING: nothing comes of a statement that violates an immediate key.
> INSERT INTO i VALUES (500) RETURNING x
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> INSERT INTO d VALUES (500) RETURNING x
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> SELECT count(*) FROM d WHERE x = 500
0
> UPDATE i SET x = 9 RETURNING x
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> DELETE FROM p WHERE id = 8 RETURNING id
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
# Rows that were written while keys were off: the counts are off, too.
> PRAGMA foreign_keys = OFF
> CREATE TABLE q(id INTEGER PRIMARY KEY)
> CREATE TABLE qd(x REFERENCES q DEFERRABLE INITIALLY DEFERRED, y)
> CREATE TABLE qi(x REFERENCES q, y)
> INSERT INTO qd VALUES (1, 'a'), (2, 'b')
changes 2
> INSERT INTO qi VALUES (1, 'a'), (2, 'b')
changes 2
> PRAGMA foreign_keys = ON
> UPDATE qi SET y = 'z'
changes 2
> UPDATE qi SET x = x
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> UPDATE qd SET x = x
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> DELETE FROM qi WHERE x = 1
changes 1
> INSERT INTO q VALUES (2)
changes 1
> BEGIN
> INSERT INTO qd VALUES (7, 'c')
changes 1
> DELETE FROM qd WHERE x = 1
changes 1
> COMMIT
> DELETE FROM qd WHERE x = 7
changes 1
> COMMIT
error SQLITE_ERROR: cannot commit - no transaction is active
> SELECT * FROM qd
2 | 'b'
> ROLLBACK
error SQLITE_ERROR: cannot rollback - no transaction is active
> BEGIN
> INSERT INTO qd VALUES (7, 'c'), (8, 'd')
changes 2
> INSERT INTO q VALUES (1)
changes 1
> COMMIT
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> DELETE FROM qd WHERE x = 7
changes 1
> COMMIT
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> SELECT * FROM qd
2 | 'b'
8 | 'd'
> PRAGMA foreign_key_check
'qd' | 4 | 'q' | 0
'd' | 7 | 'p' | 0
> ROLLBACK
> DELETE FROM q WHERE id = 2
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> UPDATE q SET id = 22 WHERE id = 2
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
