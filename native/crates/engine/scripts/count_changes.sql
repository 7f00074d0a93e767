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
