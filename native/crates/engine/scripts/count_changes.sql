# PRAGMA count_changes: what changes rows tells how many, in a row; statements prepared before learn of it.
> CREATE TABLE t(a INTEGER PRIMARY KEY, b)
> INSERT INTO t VALUES (1, 'x'), (2, 'y')
changes 2
> SELECT t.b FROM t WHERE a = 1
'x'
> PRAGMA count_changes
0
> PRAGMA count_changes = on
> PRAGMA count_changes
1
> INSERT INTO t VALUES (3, 'x'), (4, 'y')
2
> UPDATE t SET b = 'z' WHERE a > 2
2
> UPDATE OR IGNORE t SET a = 1
1
> REPLACE INTO t VALUES (1, 'r')
1
> INSERT INTO t VALUES (5, 'ret') RETURNING a
5
> INSERT INTO t VALUES (1, 'again') ON CONFLICT DO NOTHING
0
> INSERT INTO t VALUES (1, 'dup')
error SQLITE_CONSTRAINT_PRIMARYKEY: UNIQUE constraint failed: t.a
> DELETE FROM t WHERE a = 9
0
> DELETE FROM t
5
> SELECT changes(), total_changes()
5 | 14
> PRAGMA count_changes = off
> DELETE FROM t

# Of a view, what its INSTEAD OF triggers were handed: all that DELETE found, what UPDATE and INSERT did not ignore.
> CREATE TABLE kept(a)
> CREATE VIEW v AS SELECT a FROM kept
> CREATE TRIGGER i INSTEAD OF INSERT ON v BEGIN SELECT raise(IGNORE) WHERE new.a = 2; INSERT INTO kept VALUES(new.a); END
> CREATE TRIGGER u INSTEAD OF UPDATE ON v BEGIN SELECT raise(IGNORE) WHERE old.a = 3; END
> CREATE TRIGGER d INSTEAD OF DELETE ON v BEGIN SELECT raise(IGNORE) WHERE old.a = 3; END
> PRAGMA count_changes = on
> INSERT INTO v VALUES(1)
1
> INSERT INTO v VALUES(2),(3),(4)
2
> SELECT changes(), total_changes()
0 | 17
> UPDATE v SET a = a + 1
2
> UPDATE v SET a = a + 1 WHERE a > 100
0
> DELETE FROM v
3
> SELECT changes(), total_changes()
0 | 17
> DELETE FROM v RETURNING a
1
4
> PRAGMA count_changes = off
