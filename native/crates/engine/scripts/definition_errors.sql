# Views, indexes and DROP: what is refused, and in which words.
> CREATE VIEW v1(a,b) AS SELECT 1,2
> CREATE VIEW v2(a) AS SELECT 1,2
> SELECT * FROM v2
error SQLITE_ERROR: expected 1 columns for 'v2' but got 2
> SELECT a FROM v1
1
> CREATE VIEW v3(a,a) AS SELECT 1,2
> SELECT * FROM v3
1 | 2
> CREATE VIEW v1 AS SELECT 1
error SQLITE_ERROR: view v1 already exists
> CREATE VIEW IF NOT EXISTS v1 AS SELECT 1
> CREATE TEMP VIEW v1 AS SELECT 'temp'
> SELECT * FROM v1
'temp'
> SELECT * FROM main.v1
1 | 2
> CREATE TEMP VIEW main.v5 AS SELECT 1
error SQLITE_ERROR: temporary table name must be unqualified
> CREATE VIEW temp.v6 AS SELECT 1
> CREATE VIEW nosuch.v7 AS SELECT 1
error SQLITE_ERROR: unknown database nosuch
> CREATE VIEW sqlite_v AS SELECT 1
error SQLITE_ERROR: object name reserved for internal use: sqlite_v
> CREATE VIEW v9 AS SELECT * FROM temp.v6
error SQLITE_ERROR: view v9 cannot reference objects in database temp
> CREATE VIEW v10 AS SELECT * FROM nosuch
> SELECT * FROM v10
error SQLITE_ERROR: no such table: main.nosuch
> CREATE TABLE v1(a)
error SQLITE_ERROR: view v1 already exists
> CREATE TABLE t(a)
> CREATE INDEX t ON t(a)
error SQLITE_ERROR: there is already a table named t
> CREATE INDEX i ON t(a)
> CREATE TABLE i(a)
error SQLITE_ERROR: there is already an index named i
> CREATE VIEW i AS SELECT 1
error SQLITE_ERROR: there is already an index named i
> CREATE TRIGGER i AFTER INSERT ON t BEGIN SELECT 1; END
> CREATE INDEX i ON t(a)
error SQLITE_ERROR: index i already exists
> CREATE INDEX IF NOT EXISTS i ON t(a)
> CREATE INDEX j ON v10(a)
error SQLITE_ERROR: views may not be indexed
> CREATE INDEX j ON nosuch(a)
error SQLITE_ERROR: no such table: main.nosuch
> CREATE INDEX j ON t(nosuch)
error SQLITE_ERROR: no such column: nosuch
> CREATE INDEX j ON t(random())
error SQLITE_ERROR: non-deterministic functions prohibited in index expressions
> CREATE INDEX j ON t((SELECT 1))
error SQLITE_ERROR: subqueries prohibited in index expressions
> CREATE INDEX j ON t(a) WHERE (SELECT 1)
error SQLITE_ERROR: subqueries prohibited in partial index WHERE clauses
> CREATE INDEX j ON t(a) WHERE random()
error SQLITE_ERROR: non-deterministic functions prohibited in partial index WHERE clauses
> CREATE INDEX j ON t(a COLLATE nosuch)
error SQLITE_ERROR_MISSING_COLLSEQ: no such collation sequence: nosuch
> CREATE INDEX j ON t(a NULLS LAST)
error SQLITE_ERROR: unsupported use of NULLS LAST
> CREATE INDEX temp.j ON t(a)
error SQLITE_ERROR: cannot create a TEMP index on non-TEMP table "t"
> CREATE INDEX nosuch.j ON t(a)
error SQLITE_ERROR: unknown database nosuch
> CREATE INDEX sqlite_j ON t(a)
error SQLITE_ERROR: object name reserved for internal use: sqlite_j
> CREATE INDEX j ON sqlite_schema(name)
error SQLITE_ERROR: table sqlite_master may not be indexed
> CREATE UNIQUE INDEX j ON t(1)
> CREATE INDEX k ON t(a+1, 'a', "a")
> DROP TABLE v1
error SQLITE_ERROR: use DROP VIEW to delete view v1
> DROP TABLE main.v1
error SQLITE_ERROR: use DROP VIEW to delete view v1
> DROP VIEW t
error SQLITE_ERROR: use DROP TABLE to delete table t
> DROP VIEW nosuch
error SQLITE_ERROR: no such view: nosuch
> DROP VIEW main.nosuch
error SQLITE_ERROR: no such view: main.nosuch
> DROP VIEW nosuch.v
error SQLITE_ERROR: no such view: nosuch.v
> DROP TABLE nosuch
error SQLITE_ERROR: no such table: nosuch
> DROP TABLE IF EXISTS nosuch
> DROP TABLE nosuch.t
error SQLITE_ERROR: no such table: nosuch.t
> DROP TABLE IF EXISTS nosuch.t
> DROP INDEX nosuch
error SQLITE_ERROR: no such index: nosuch
> DROP INDEX main.nosuch
error SQLITE_ERROR: no such index: main.nosuch
> DROP INDEX t
error SQLITE_ERROR: no such index: t
> DROP INDEX nosuch.i
error SQLITE_ERROR: no such index: nosuch.i
> DROP TRIGGER nosuch
error SQLITE_ERROR: no such trigger: nosuch
> DROP TRIGGER main.nosuch
error SQLITE_ERROR: no such trigger: main.nosuch
> DROP TRIGGER t
error SQLITE_ERROR: no such trigger: t
> DROP TABLE sqlite_schema
error SQLITE_ERROR: table sqlite_master may not be dropped
> DROP TABLE sqlite_master
error SQLITE_ERROR: table sqlite_master may not be dropped
> DROP VIEW sqlite_schema
error SQLITE_ERROR: table sqlite_master may not be dropped
> CREATE TABLE u(a PRIMARY KEY, b UNIQUE)
> DROP INDEX sqlite_autoindex_u_1
error SQLITE_ERROR: index associated with UNIQUE or PRIMARY KEY constraint cannot be dropped
> DROP INDEX sqlite_autoindex_u_2
error SQLITE_ERROR: index associated with UNIQUE or PRIMARY KEY constraint cannot be dropped
> SELECT type, name, tbl_name, sql FROM sqlite_schema
'view' | 'v1' | 'v1' | 'CREATE VIEW v1(a,b) AS SELECT 1,2'
'view' | 'v2' | 'v2' | 'CREATE VIEW v2(a) AS SELECT 1,2'
'view' | 'v3' | 'v3' | 'CREATE VIEW v3(a,a) AS SELECT 1,2'
'view' | 'v10' | 'v10' | 'CREATE VIEW v10 AS SELECT * FROM nosuch'
'table' | 't' | 't' | 'CREATE TABLE t(a)'
'index' | 'i' | 't' | 'CREATE INDEX i ON t(a)'
'trigger' | 'i' | 't' | 'CREATE TRIGGER i AFTER INSERT ON t BEGIN SELECT 1; END'
'index' | 'j' | 't' | 'CREATE UNIQUE INDEX j ON t(1)'
'index' | 'k' | 't' | 'CREATE INDEX k ON t(a+1, ''a'', "a")'
'table' | 'u' | 'u' | 'CREATE TABLE u(a PRIMARY KEY, b UNIQUE)'
'index' | 'sqlite_autoindex_u_1' | 'u' | NULL
'index' | 'sqlite_autoindex_u_2' | 'u' | NULL
> SELECT type, name, tbl_name, sql FROM temp.sqlite_schema
'view' | 'v1' | 'v1' | 'CREATE VIEW v1 AS SELECT ''temp'''
'view' | 'v6' | 'v6' | 'CREATE VIEW v6 AS SELECT 1'
> SELECT * FROM sqlite_temp_schema
'view' | 'v1' | 'v1' | 0 | 'CREATE VIEW v1 AS SELECT ''temp'''
'view' | 'v6' | 'v6' | 0 | 'CREATE VIEW v6 AS SELECT 1'
> INSERT INTO sqlite_schema VALUES('a','b','c',1,'d')
error SQLITE_ERROR: table sqlite_master may not be modified
> UPDATE sqlite_schema SET name='x'
error SQLITE_ERROR: table sqlite_master may not be modified
> DELETE FROM sqlite_schema
error SQLITE_ERROR: table sqlite_master may not be modified
> PRAGMA writable_schema=1
> UPDATE sqlite_schema SET name='x'
error SQLITE_ERROR: table sqlite_master may not be modified
> CREATE TABLE aut(a INTEGER PRIMARY KEY AUTOINCREMENT)
> INSERT INTO aut VALUES(5)
changes 1
> SELECT * FROM sqlite_sequence
'aut' | 5
> UPDATE sqlite_sequence SET seq = 100
changes 1
> INSERT INTO aut VALUES(NULL)
changes 1
> SELECT * FROM aut
5
101
> DELETE FROM sqlite_sequence
changes 1
> INSERT INTO aut VALUES(NULL)
changes 1
> INSERT INTO sqlite_sequence VALUES('zz', 1)
changes 1
> DROP TABLE sqlite_sequence
error SQLITE_ERROR: table sqlite_sequence may not be dropped
> ALTER TABLE sqlite_sequence ADD COLUMN x
error SQLITE_ERROR: table sqlite_sequence may not be altered
> CREATE TRIGGER st AFTER INSERT ON sqlite_sequence BEGIN SELECT 1; END
error SQLITE_ERROR: cannot create trigger on system table
> CREATE INDEX si ON sqlite_sequence(name)
error SQLITE_ERROR: table sqlite_sequence may not be indexed
> SELECT type, name FROM sqlite_schema WHERE name='sqlite_sequence'
'table' | 'sqlite_sequence'
