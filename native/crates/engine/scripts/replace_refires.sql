# What triggers of evicted rows put in the way of the new row, at the rowid that was chosen for it among others.
> PRAGMA recursive_triggers = true
> CREATE TABLE t0(aa, bb)
> CREATE UNIQUE INDEX t0bb ON t0(bb)
> CREATE TRIGGER r11 AFTER DELETE ON t0 BEGIN INSERT INTO t0(aa, bb) VALUES (99, 1); END
> INSERT INTO t0(aa, bb) VALUES (10, 20)
changes 1
> REPLACE INTO t0(aa, bb) VALUES (30, 20)
changes 1
> SELECT rowid, * FROM t0
1 | 99 | 1
2 | 30 | 20
> PRAGMA integrity_check
'ok'
> CREATE TABLE t1(id INTEGER PRIMARY KEY, bb UNIQUE)
> CREATE TRIGGER r12 BEFORE DELETE ON t1 BEGIN INSERT INTO t1(bb) VALUES (old.bb + 1); END
> INSERT INTO t1(bb) VALUES (20)
changes 1
> REPLACE INTO t1(bb) VALUES (20)
error SQLITE_CONSTRAINT_PRIMARYKEY: UNIQUE constraint failed: t1.id
> SELECT * FROM t1
1 | 20
> REPLACE INTO t1(id, bb) VALUES (7, 20)
changes 1
> SELECT * FROM t1
2 | 21
7 | 20
> CREATE TABLE t2(id INTEGER PRIMARY KEY AUTOINCREMENT, bb UNIQUE ON CONFLICT REPLACE)
> CREATE TRIGGER r13 AFTER DELETE ON t2 BEGIN INSERT INTO t2(id, bb) VALUES (2, 77); END
> INSERT INTO t2(bb) VALUES (20)
changes 1
> INSERT INTO t2(bb) VALUES (20)
error SQLITE_CONSTRAINT_PRIMARYKEY: UNIQUE constraint failed: t2.id
> SELECT * FROM t2
1 | 20

# What the actions of replaced rows put in the way of any constraint is told of in the constraints' order
> CREATE TABLE acted(a INTEGER DEFAULT 'b', b TEXT, c INT UNIQUE ON CONFLICT REPLACE DEFAULT 2, PRIMARY KEY (b, a), UNIQUE (b, c), FOREIGN KEY (c, a) REFERENCES acted(a, b) ON DELETE SET DEFAULT) WITHOUT ROWID
> PRAGMA foreign_keys = 0
> INSERT INTO acted VALUES (1, '3', 2), (3, '2', 1)
changes 2
> PRAGMA foreign_keys = 1
> SELECT * FROM acted
3 | '2' | 1
1 | '3' | 2
> INSERT INTO acted VALUES (1, '2', 2)
error SQLITE_CONSTRAINT_UNIQUE: UNIQUE constraint failed: acted.b, acted.c
> INSERT INTO acted VALUES (1, '4', 2)
error SQLITE_CONSTRAINT_UNIQUE: UNIQUE constraint failed: acted.c
> SELECT * FROM acted
3 | '2' | 1
1 | '3' | 2
