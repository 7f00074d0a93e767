# Conflict clauses, UPSERT, REPLACE and the order of checks: where each is easily taken for another.
# The statement's clause goes before the constraint's.
> CREATE TABLE c(a UNIQUE ON CONFLICT IGNORE, b NOT NULL ON CONFLICT FAIL, d UNIQUE ON CONFLICT REPLACE)
> INSERT INTO c VALUES (1, 1, 1)
changes 1
> INSERT INTO c VALUES (1, 2, 2)
> INSERT OR ABORT INTO c VALUES (1, 2, 2)
error SQLITE_CONSTRAINT_UNIQUE: UNIQUE constraint failed: c.a
> INSERT OR REPLACE INTO c VALUES (1, 2, 2)
changes 1
> INSERT INTO c VALUES (3, 3, 2)
changes 1
> INSERT OR IGNORE INTO c VALUES (4, NULL, 4)
> INSERT INTO c VALUES (5, 5, 5), (6, NULL, 6), (7, 7, 7)
error SQLITE_CONSTRAINT_NOTNULL: NOT NULL constraint failed: c.b
> SELECT changes(), total_changes()
1 | 4
> SELECT * FROM c
3 | 3 | 2
5 | 5 | 5
> UPDATE c SET a = 3
changes 1
> SELECT * FROM c
3 | 3 | 2
5 | 5 | 5
> UPDATE OR REPLACE c SET a = 3
changes 2
> SELECT * FROM c
3 | 5 | 5
# REPLACE evicts one row for each constraint; triggers of DELETE fire only when they are recursive.
> CREATE TABLE r(a UNIQUE, b UNIQUE, d UNIQUE)
> CREATE TABLE gone(a, b, d)
> CREATE TRIGGER r_gone AFTER DELETE ON r BEGIN INSERT INTO gone VALUES (OLD.a, OLD.b, OLD.d); END
> INSERT INTO r VALUES (1, 1, 1), (2, 2, 2), (3, 3, 3), (4, 4, 4)
changes 4
> REPLACE INTO r VALUES (1, 2, 3)
changes 1
> SELECT changes(), total_changes()
1 | 12
> SELECT * FROM r
4 | 4 | 4
1 | 2 | 3
> SELECT * FROM gone
> PRAGMA recursive_triggers = ON
> REPLACE INTO r VALUES (1, 4, 9)
changes 1
> SELECT changes(), total_changes()
1 | 15
> SELECT * FROM r
1 | 4 | 9
> SELECT * FROM gone
4 | 4 | 4
1 | 2 | 3
> PRAGMA recursive_triggers = OFF
# IGNORE passes over NOT NULL and CHECK, but not over types and foreign keys.
> CREATE TABLE i(a INTEGER NOT NULL, b INTEGER CHECK (b > 0), d INTEGER REFERENCES i(d)) STRICT
> CREATE UNIQUE INDEX i_d ON i(d)
> INSERT OR IGNORE INTO i VALUES (NULL, 1, NULL), (1, -1, NULL), (1, 1, NULL)
changes 1
> INSERT OR IGNORE INTO i VALUES (1, 'x', NULL)
error SQLITE_CONSTRAINT_DATATYPE: cannot store TEXT value in INTEGER column i.b
> INSERT OR IGNORE INTO i VALUES (2, 2, 7)
changes 1
> UPDATE OR IGNORE i SET b = -1
> UPDATE OR IGNORE i SET d = 8
changes 1
> SELECT * FROM i
1 | 1 | 8
2 | 2 | 7
# FAIL keeps what came before, ABORT does not, ROLLBACK ends the transaction.
> CREATE TABLE f(a UNIQUE)
> BEGIN
> INSERT OR FAIL INTO f VALUES (1), (2), (1), (3)
error SQLITE_CONSTRAINT_UNIQUE: UNIQUE constraint failed: f.a
> SELECT changes(), total_changes()
2 | 20
> INSERT OR ABORT INTO f VALUES (4), (5), (1), (6)
error SQLITE_CONSTRAINT_UNIQUE: UNIQUE constraint failed: f.a
> SELECT changes(), total_changes()
0 | 20
> SELECT * FROM f
1
2
> INSERT OR ROLLBACK INTO f VALUES (7), (1)
error SQLITE_CONSTRAINT_UNIQUE: UNIQUE constraint failed: f.a
> SELECT * FROM f
> COMMIT
error SQLITE_ERROR: cannot commit - no transaction is active
# A unique key is checked row by row, in the order in which rows are visited.
> CREATE TABLE u(a INTEGER PRIMARY KEY, b UNIQUE)
> INSERT INTO u VALUES (1, 1), (2, 2), (3, 3)
changes 3
> UPDATE u SET a = a + 1
error SQLITE_CONSTRAINT_PRIMARYKEY: UNIQUE constraint failed: u.a
> UPDATE u SET a = -a
changes 3
> UPDATE u SET b = b + 1
changes 3
> UPDATE u SET b = b - 1
error SQLITE_CONSTRAINT_UNIQUE: UNIQUE constraint failed: u.b
> SELECT * FROM u
-3 | 4
-2 | 3
-1 | 2
> UPDATE OR IGNORE u SET b = b + 1
changes 3
> SELECT * FROM u
-3 | 5
-2 | 4
-1 | 3
> UPDATE OR REPLACE u SET b = b + 1
changes 3
> SELECT * FROM u
-3 | 6
-2 | 5
-1 | 4
# A NOT NULL column whose REPLACE finds a DEFAULT, and one that finds none.
> CREATE TABLE n(a NOT NULL ON CONFLICT REPLACE DEFAULT 'd', b NOT NULL ON CONFLICT REPLACE, g AS (a || b) NOT NULL)
> INSERT INTO n(a, b) VALUES (NULL, 1)
changes 1
> INSERT INTO n(a, b) VALUES (2, NULL)
error SQLITE_CONSTRAINT_NOTNULL: NOT NULL constraint failed: n.b
> INSERT OR REPLACE INTO n(a, b) VALUES (NULL, 3)
changes 1
> UPDATE n SET a = NULL
changes 2
> SELECT * FROM n
'd' | 1 | 'd1'
'd' | 3 | 'd3'
# What an UPDATE does not touch is not checked.
> CREATE TABLE k(a CHECK (a > 0), b, c AS (a + b) CHECK (c <> 5), CHECK (rowid < 9))
> PRAGMA ignore_check_constraints = ON
> INSERT INTO k(a, b) VALUES (-1, 2)
changes 1
> PRAGMA ignore_check_constraints = OFF
> UPDATE k SET b = 3
changes 1
> UPDATE k SET b = 6
error SQLITE_CONSTRAINT_CHECK: CHECK constraint failed: c <> 5
> UPDATE k SET a = -2
error SQLITE_CONSTRAINT_CHECK: CHECK constraint failed: a > 0
> UPDATE k SET rowid = 5
changes 1
> UPDATE k SET rowid = 10
error SQLITE_CONSTRAINT_CHECK: CHECK constraint failed: rowid < 9
> INSERT INTO k(rowid, b) VALUES (5, 1) ON CONFLICT DO UPDATE SET b = 9
changes 1
> SELECT rowid, * FROM k
5 | -1 | 9 | 8
# Types of STRICT tables: before NOT NULL where there are generated columns, else after; before BEFORE triggers.
> CREATE TABLE s(a INT NOT NULL, b INT NOT NULL) STRICT
> INSERT INTO s VALUES ('x', NULL)
error SQLITE_CONSTRAINT_NOTNULL: NOT NULL constraint failed: s.b
> CREATE TABLE sg(a INT NOT NULL, v INT AS ('x'), b INT NOT NULL) STRICT
> INSERT INTO sg(a, b) VALUES ('x', NULL)
error SQLITE_CONSTRAINT_DATATYPE: cannot store TEXT value in INT column sg.a
> INSERT INTO sg(a, b) VALUES (1, 'q')
error SQLITE_CONSTRAINT_DATATYPE: cannot store TEXT value in INT column sg.b
> INSERT INTO sg(a, b) VALUES (NULL, 1)
error SQLITE_CONSTRAINT_DATATYPE: cannot store TEXT value in INT column sg.v
> CREATE TABLE ss(a INT NOT NULL, v INT AS ('x') STORED, b INT NOT NULL) STRICT
> INSERT INTO ss(a, b) VALUES (NULL, 1)
error SQLITE_CONSTRAINT_NOTNULL: NOT NULL constraint failed: ss.a
> INSERT INTO ss(a, b) VALUES (1, 1)
error SQLITE_CONSTRAINT_DATATYPE: cannot store TEXT value in INT column ss.v
> CREATE TRIGGER s_before BEFORE UPDATE ON s BEGIN INSERT INTO f VALUES ('fired'); END
> INSERT INTO s VALUES (1, 1)
changes 1
> UPDATE s SET a = 'x'
error SQLITE_CONSTRAINT_DATATYPE: cannot store TEXT value in INT column s.a
> SELECT changes(), total_changes()
0 | 44
> SELECT * FROM f
# UPSERT: which constraint a target names.
> CREATE TABLE p(a, b, c COLLATE NOCASE, d INTEGER PRIMARY KEY)
> CREATE UNIQUE INDEX p_ab ON p(a, b)
> CREATE UNIQUE INDEX p_part ON p(b) WHERE a > 0
> CREATE UNIQUE INDEX p_expr ON p(a + b)
> CREATE UNIQUE INDEX p_c ON p(c)
> INSERT INTO p VALUES (1, 1, 'x', 1)
changes 1
> INSERT INTO p VALUES (1, 1, 'y', 2) ON CONFLICT (b, a) DO UPDATE SET c = excluded.c
changes 1
> INSERT INTO p VALUES (1, 1, 'y', 2) ON CONFLICT (b) DO NOTHING
error SQLITE_ERROR: ON CONFLICT clause does not match any PRIMARY KEY or UNIQUE constraint
> INSERT INTO p VALUES (1, 1, 'y', 2) ON CONFLICT (b) WHERE a > 0 DO NOTHING
> INSERT INTO p VALUES (1, 1, 'y', 2) ON CONFLICT (b) WHERE a > 1 DO NOTHING
error SQLITE_ERROR: ON CONFLICT clause does not match any PRIMARY KEY or UNIQUE constraint
> INSERT INTO p VALUES (2, 0, 'z', 2) ON CONFLICT (a + b) DO UPDATE SET a = 5
changes 1
> INSERT INTO p VALUES (8, 8, 'Y', 8) ON CONFLICT (c) DO UPDATE SET c = c || excluded.c
changes 1
> INSERT INTO p VALUES (8, 8, 'YY', 8) ON CONFLICT (c COLLATE BINARY) DO NOTHING
error SQLITE_ERROR: ON CONFLICT clause does not match any PRIMARY KEY or UNIQUE constraint
> INSERT INTO p VALUES (9, 9, 'q', 1) ON CONFLICT (d) DO UPDATE SET d = 7
changes 1
> INSERT INTO p VALUES (9, 9, 'yy', 9) ON CONFLICT (d) DO NOTHING
error SQLITE_CONSTRAINT_UNIQUE: UNIQUE constraint failed: p.c
> INSERT INTO p VALUES (9, 9, 'yy', 9) ON CONFLICT (d) DO NOTHING ON CONFLICT (c) DO UPDATE SET b = -1 ON CONFLICT DO UPDATE SET b = -2
changes 1
> INSERT INTO p VALUES (5, -1, 'new', 9) ON CONFLICT (d) DO NOTHING ON CONFLICT (c) DO UPDATE SET b = -1 ON CONFLICT DO UPDATE SET b = -2
changes 1
> INSERT INTO p VALUES (5, -2, 'new', 9) ON CONFLICT DO NOTHING ON CONFLICT (c) DO UPDATE SET b = -1
error SQLITE_ERROR: near "ON": syntax error
> INSERT INTO p VALUES (5, -2, 'new', 9) ON CONFLICT (a, b) DO UPDATE SET b = 4 WHERE excluded.b > 0
> SELECT changes(), last_insert_rowid()
0 | 1
> SELECT * FROM p
5 | -2 | 'yY' | 7
# A clause that no check asks for is not compiled, whatever it sets off.
> CREATE TABLE q(a, b, UNIQUE (a))
> CREATE TRIGGER q_b AFTER UPDATE OF b ON q BEGIN INSERT INTO nowhere VALUES (1); END
> INSERT INTO q VALUES (1, 1) ON CONFLICT (a) DO NOTHING ON CONFLICT DO UPDATE SET b = 2
changes 1
> INSERT INTO q VALUES (1, 1) ON CONFLICT (a) DO UPDATE SET b = 2
error SQLITE_ERROR: no such table: main.nowhere
> INSERT INTO q(rowid, a) VALUES (1, 1) ON CONFLICT (a) DO NOTHING ON CONFLICT DO UPDATE SET b = 2
error SQLITE_ERROR: no such table: main.nowhere
> SELECT * FROM q
1 | 1
# UPDATE OR REPLACE that cannot evict compiles no DELETE triggers.
> CREATE TABLE w(a REFERENCES nowhere(a), d)
> CREATE TRIGGER w_d BEFORE DELETE ON w BEGIN DELETE FROM w WHERE rowid = 3; END
> PRAGMA recursive_triggers = ON
> UPDATE OR REPLACE w SET d = 1
> UPDATE OR REPLACE w SET rowid = 1
error SQLITE_ERROR: no such table: main.nowhere
> PRAGMA recursive_triggers = OFF
