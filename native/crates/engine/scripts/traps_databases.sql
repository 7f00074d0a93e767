# Attached and temp databases: when temp begins to be, what keeps a database from being detached, what ALTER does in temp.
> PRAGMA database_list
0 | 'main' | ''
> DROP TABLE IF EXISTS temp.x
> SELECT * FROM temp.x
error SQLITE_ERROR: no such table: temp.x
> PRAGMA database_list
0 | 'main' | ''
> DETACH temp
error SQLITE_ERROR: no such database: temp
> SELECT count(*) FROM sqlite_temp_schema
0
> PRAGMA database_list
0 | 'main' | ''
1 | 'temp' | ''
> DETACH temp
error SQLITE_ERROR: cannot detach database temp
# Read in a transaction, a database cannot go; named by a statement that runs, it counts as read.
> ATTACH ':memory:' AS aux
> ATTACH ':memory:' AS aux
error SQLITE_ERROR: database aux is already in use
> ATTACH ':memory:' AS main
error SQLITE_ERROR: database main is already in use
> CREATE TABLE t(a)
> CREATE TABLE aux.u(a)
> BEGIN
> SELECT * FROM t
> DETACH aux
> ROLLBACK
> SELECT * FROM aux.u
error SQLITE_ERROR: no such table: aux.u
> ATTACH ':memory:' AS aux
> CREATE TABLE aux.u(a)
> BEGIN
> SELECT (SELECT a FROM aux.u) FROM t
> DETACH aux
error SQLITE_ERROR: database aux is locked
> COMMIT
> BEGIN
> PRAGMA aux.user_version
0
> DETACH aux
error SQLITE_ERROR: database aux is locked
> COMMIT
> BEGIN
> PRAGMA table_info(t)
0 | 'a' | '' | 0 | NULL | 0
> DETACH aux
error SQLITE_ERROR: database aux is locked
> COMMIT
> BEGIN
> CREATE TABLE IF NOT EXISTS aux.u(z)
> DETACH aux
error SQLITE_ERROR: database aux is locked
> COMMIT
> BEGIN
> DROP TABLE IF EXISTS nowhere
> DETACH aux
error SQLITE_ERROR: database aux is locked
> COMMIT
> SAVEPOINT s
> PRAGMA collation_list
0 | 'RTRIM'
1 | 'NOCASE'
2 | 'BINARY'
> INSERT INTO t VALUES (1)
changes 1
> DETACH aux
> ROLLBACK TO s
> RELEASE s
> PRAGMA database_list
0 | 'main' | ''
1 | 'temp' | ''
> DETACH aux
error SQLITE_ERROR: no such database: aux
> DETACH main
error SQLITE_ERROR: cannot detach database main
# A column of a temp table that temp views name by name is not renamed.
> CREATE TEMP TABLE k(a, b)
> CREATE TEMP VIEW kv AS SELECT a FROM k
> ALTER TABLE k RENAME a TO c
error SQLITE_ERROR: error in view kv: no such column: c
> ALTER TABLE k RENAME b TO d
> DROP VIEW kv
> CREATE TEMP VIEW kv AS SELECT * FROM k
> CREATE TEMP TRIGGER kt AFTER UPDATE OF a ON k BEGIN SELECT 1; END
> ALTER TABLE k RENAME a TO c
> SELECT type, sql FROM sqlite_temp_schema
'table' | 'CREATE TABLE k(c, d)'
'view' | 'CREATE VIEW kv AS SELECT * FROM k'
'trigger' | 'CREATE TRIGGER kt AFTER UPDATE OF c ON k BEGIN SELECT 1; END'
# RETURNING after DO UPDATE gives whole numbers of REAL columns as the changed row's record holds them.
> CREATE TABLE r(a UNIQUE, r REAL)
> INSERT INTO r VALUES (1, 2) RETURNING r, +r
2.0 | 2.0
> INSERT INTO r VALUES (1, 5) ON CONFLICT (a) DO UPDATE SET r = 4 RETURNING r, +r, CASE WHEN 1 THEN r END
4.0 | 4 | 4
> INSERT INTO r VALUES (1, 5) ON CONFLICT (a) DO UPDATE SET a = 1 RETURNING r, +r
4.0 | 4.0
> INSERT INTO r VALUES (1, 5) ON CONFLICT (a) DO UPDATE SET r = -0.0 RETURNING r, +r
0.0 | 0
