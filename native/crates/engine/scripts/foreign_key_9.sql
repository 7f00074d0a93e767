# A chain of cascades longer than SQLite lets triggers nest.
> CREATE TABLE chain(id INTEGER PRIMARY KEY, next REFERENCES chain ON DELETE CASCADE ON UPDATE SET NULL)
> WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1100) INSERT INTO chain SELECT i, nullif(i - 1, 0) FROM n
changes 1100
> DELETE FROM chain WHERE id = 1
error SQLITE_ERROR: triggers nested too deep
> SELECT count(*), min(id), max(id) FROM chain
1100 | 1 | 1100
> SELECT changes()
0
> DELETE FROM chain WHERE id = 150
changes 1
> DELETE FROM chain WHERE id = 101
changes 1
> SELECT count(*), min(id), max(id) FROM chain
100 | 1 | 100
> DELETE FROM chain WHERE id > 50
changes 1
> SELECT count(*), min(id), max(id) FROM chain
50 | 1 | 50
> DELETE FROM chain WHERE id = 1
changes 1
> SELECT count(*) FROM chain
0
# RAISE in a child's trigger, which an action fires.
> CREATE TABLE rp(id INTEGER PRIMARY KEY)
> CREATE TABLE rc(id INTEGER PRIMARY KEY, x REFERENCES rp ON DELETE CASCADE ON UPDATE CASCADE)
> CREATE TRIGGER rc_fail BEFORE DELETE ON rc WHEN old.id = 11 BEGIN SELECT RAISE(FAIL, 'failed'); END
> CREATE TRIGGER rc_rollback BEFORE DELETE ON rc WHEN old.id = 21 BEGIN SELECT RAISE(ROLLBACK, 'rolled back'); END
> CREATE TRIGGER rc_abort BEFORE DELETE ON rc WHEN old.id = 31 BEGIN SELECT RAISE(ABORT, 'aborted'); END
> CREATE TRIGGER rc_ignore BEFORE DELETE ON rc WHEN old.id = 41 BEGIN SELECT RAISE(IGNORE); END
> CREATE TRIGGER rc_au AFTER UPDATE ON rc WHEN new.x = 12 BEGIN SELECT RAISE(FAIL, 'no twelve'); END
> INSERT INTO rp VALUES (1), (2), (3), (4)
changes 4
> INSERT INTO rc VALUES (10, 1), (11, 1), (12, 1), (20, 2), (21, 2), (30, 3), (31, 3), (40, 4), (41, 4), (42, 4)
changes 10
> BEGIN
> DELETE FROM rp WHERE id = 1
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> SELECT changes(), total_changes()
0 | 2214
> SELECT * FROM rp
1
2
3
4
> SELECT * FROM rc
10 | 1
11 | 1
12 | 1
20 | 2
21 | 2
30 | 3
31 | 3
40 | 4
41 | 4
42 | 4
> COMMIT
> UPDATE rc SET x = NULL WHERE id IN (11, 12)
changes 2
> COMMIT
error SQLITE_ERROR: cannot commit - no transaction is active
> SELECT count(*) FROM rc
10
> BEGIN
> DELETE FROM rc WHERE id = 30
changes 1
> DELETE FROM rp WHERE id = 2
error SQLITE_CONSTRAINT_TRIGGER: rolled back
> COMMIT
error SQLITE_ERROR: cannot commit - no transaction is active
> SELECT id FROM rp
1
2
3
4
> SELECT id FROM rc
10
11
12
20
21
30
31
40
41
42
> DELETE FROM rp WHERE id = 3
error SQLITE_CONSTRAINT_TRIGGER: aborted
> DELETE FROM rp WHERE id = 4
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> UPDATE rp SET id = 12 WHERE id = 3
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> SELECT changes()
0
> SELECT * FROM rp
1
2
3
4
> SELECT * FROM rc
10 | 1
11 | NULL
12 | NULL
20 | 2
21 | 2
30 | 3
31 | 3
40 | 4
41 | 4
42 | 4
# Triggers of a view over tables with keys.
> CREATE TABLE vp(id INTEGER PRIMARY KEY, name)
> CREATE TABLE vc(id INTEGER PRIMARY KEY, x NOT NULL REFERENCES vp ON DELETE CASCADE)
> CREATE VIEW v AS SELECT vc.id AS id, vp.name AS name FROM vc JOIN vp ON vp.id = vc.x
> CREATE TRIGGER v_ii INSTEAD OF INSERT ON v BEGIN INSERT INTO vc VALUES (new.id, coalesce((SELECT id FROM vp WHERE name = new.name), 99)); END
> CREATE TRIGGER v_iu INSTEAD OF UPDATE ON v BEGIN UPDATE vc SET x = coalesce((SELECT id FROM vp WHERE name = new.name), 99) WHERE id = old.id; END
> CREATE TRIGGER v_id INSTEAD OF DELETE ON v BEGIN DELETE FROM vp WHERE name = old.name; END
> INSERT INTO vp VALUES (1, 'one'), (2, 'two')
changes 2
> INSERT INTO v VALUES (10, 'one'), (11, 'two'), (12, 'one')
> SELECT changes(), total_changes()
0 | 2224
> INSERT INTO v VALUES (13, 'three')
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> INSERT OR IGNORE INTO v VALUES (13, 'three')
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> INSERT INTO v VALUES (13, 'two'), (14, 'three')
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> SELECT * FROM v
10 | 'one'
11 | 'two'
12 | 'one'
> UPDATE v SET name = 'three' WHERE id = 10
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> UPDATE v SET name = 'two' WHERE id = 10 RETURNING *
10 | 'two'
> DELETE FROM v WHERE id = 10
> SELECT * FROM v
12 | 'one'
> SELECT * FROM vp
1 | 'one'
> SELECT * FROM vc
12 | 1
# What an UPDATE OR REPLACE does not touch evicts nothing, and needs no parent.
> CREATE TABLE un(a, b REFERENCES nowhere(id), c)
> CREATE UNIQUE INDEX un_i ON un(b, c) WHERE c IS NOT NULL
> UPDATE OR REPLACE un SET a = '1'
> UPDATE OR REPLACE un SET c = '1'
error SQLITE_ERROR: no such table: main.nowhere
> CREATE TABLE ue(a, b REFERENCES nowhere(id), c)
> CREATE UNIQUE INDEX ue_i ON ue(abs(b) + 1)
> UPDATE OR REPLACE ue SET a = '1'
> UPDATE OR REPLACE ue SET b = '1'
error SQLITE_ERROR: no such table: main.nowhere
> CREATE TABLE uw(a INTEGER, b TEXT, c TEXT, PRIMARY KEY (b, a), FOREIGN KEY (c, b) REFERENCES uw ON DELETE SET NULL) WITHOUT ROWID
> INSERT OR REPLACE INTO uw VALUES (2, 1, 1)
changes 1
> UPDATE OR REPLACE uw SET c = a
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> UPDATE OR REPLACE uw SET c = a, a = 3
changes 1
# The same statement before and after defer_foreign_keys.
> CREATE TABLE dp(a, b)
> CREATE TABLE dc(x REFERENCES dp(b))
> BEGIN
> INSERT INTO dp VALUES (1, 1)
changes 1
> PRAGMA defer_foreign_keys = ON
> INSERT INTO dp VALUES (1, 1)
error SQLITE_ERROR: foreign key mismatch - "dc" referencing "dp"
> COMMIT
> INSERT INTO dp VALUES (1, 1)
changes 1
# REPLACE overlooks a key with SET NULL if that is the last action compiled, also as one that another sets off.
> CREATE TABLE o1(id INTEGER PRIMARY KEY, b UNIQUE, c DEFAULT 4, FOREIGN KEY (b) REFERENCES o1(b) ON DELETE SET DEFAULT, FOREIGN KEY (c) REFERENCES o1(b) ON DELETE RESTRICT ON UPDATE SET NULL) WITHOUT ROWID
> INSERT OR REPLACE INTO o1 VALUES (1, 1.5, 'A')
changes 1
> CREATE TABLE o2(id INTEGER PRIMARY KEY, b TEXT, c, UNIQUE (b, c), FOREIGN KEY (id, b) REFERENCES o2(b, c) ON DELETE SET DEFAULT ON UPDATE SET NULL)
> INSERT OR REPLACE INTO o2 VALUES (2, 1, 'b')
changes 1
> CREATE TABLE o3(a, b UNIQUE, FOREIGN KEY (a) REFERENCES o3(b) ON DELETE CASCADE, FOREIGN KEY (a) REFERENCES o3(b) ON UPDATE SET NULL)
> INSERT OR REPLACE INTO o3 VALUES (1, 2)
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> CREATE TABLE o4(a, b UNIQUE, FOREIGN KEY (a) REFERENCES o4(b) ON UPDATE SET NULL, FOREIGN KEY (b) REFERENCES o4(b) ON DELETE SET NULL)
> INSERT OR REPLACE INTO o4 VALUES (1, 2)
changes 1
> CREATE TABLE o5(id INTEGER PRIMARY KEY, x REFERENCES o6 ON DELETE CASCADE)
> CREATE TABLE o6(id INTEGER PRIMARY KEY, x REFERENCES o5 ON DELETE SET NULL)
> INSERT OR REPLACE INTO o6 VALUES (1, 7)
changes 1
> INSERT OR REPLACE INTO o5 VALUES (1, 7)
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed

# A row that is its own child is found by an index only as far as UPDATE leaves the index's entries alone
> CREATE TABLE own_index(a REAL, b, c TEXT, UNIQUE (c, b), FOREIGN KEY (a, c) REFERENCES own_index(b, c))
> INSERT INTO own_index VALUES ('b', 'b', 'b'), (3.0, 3, '2')
changes 2
> UPDATE own_index SET b = 3
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> UPDATE own_index SET b = 3 WHERE c = '2'
changes 1
> SELECT * FROM own_index
'b' | 'b' | 'b'
3.0 | 3 | '2'
> CREATE TABLE own_table(a REAL, b, c TEXT, UNIQUE (b, c), FOREIGN KEY (a, c) REFERENCES own_table(b, c))
> INSERT INTO own_table VALUES ('b', 'b', 'b'), (3.0, 3, '2')
changes 2
> UPDATE own_table SET b = 3
changes 2
> SELECT * FROM own_table
'b' | 3 | 'b'
3.0 | 3 | '2'
