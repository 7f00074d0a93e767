# ATTACH, DETACH, REINDEX and VACUUM of databases in memory.
> ATTACH ':memory:' AS aux
> ATTACH ':memory:' AS aux
error SQLITE_ERROR: database aux is already in use
> ATTACH ':memory:' AS main
error SQLITE_ERROR: database main is already in use
> ATTACH ':memory:' AS temp
error SQLITE_ERROR: database temp is already in use
> ATTACH ':memory:' AS AUX
error SQLITE_ERROR: database AUX is already in use
> ATTACH '' AS empty
> PRAGMA database_list
0 | 'main' | ''
2 | 'aux' | ''
3 | 'empty' | ''
> CREATE TABLE aux.t(a, b)
> CREATE TABLE t(a)
> INSERT INTO aux.t VALUES(1,2)
changes 1
> SELECT * FROM t, aux.t
> SELECT aux.t.a, main.t.a FROM aux.t LEFT JOIN main.t
1 | NULL
> SELECT t.a FROM aux.t, main.t
error SQLITE_ERROR: ambiguous column name: t.a
> CREATE INDEX aux.i ON t(a)
> CREATE INDEX i ON aux.t(a)
error SQLITE_ERROR: near ".": syntax error
> CREATE VIEW aux.v AS SELECT * FROM main.t
error SQLITE_ERROR: view v cannot reference objects in database main
> CREATE VIEW aux.v2 AS SELECT * FROM t
> SELECT * FROM aux.v2
1 | 2
> SELECT * FROM v2
1 | 2
> CREATE TRIGGER aux.tr AFTER INSERT ON t BEGIN INSERT INTO main.t VALUES(1); END
error SQLITE_ERROR: qualified table names are not allowed on INSERT, UPDATE, and DELETE statements within triggers
> CREATE TRIGGER aux.tr AFTER INSERT ON main.t BEGIN SELECT 1; END
error SQLITE_ERROR: trigger tr cannot reference objects in database main
> CREATE TRIGGER tr2 AFTER INSERT ON aux.t BEGIN SELECT 1; END
error SQLITE_ERROR: trigger tr2 cannot reference objects in database aux
> SELECT name FROM aux.sqlite_schema
't'
'i'
'v2'
> PRAGMA aux.table_info(t)
0 | 'a' | '' | 0 | NULL | 0
1 | 'b' | '' | 0 | NULL | 0
> PRAGMA table_list
'main' | 't' | 'table' | 1 | 0 | 0
'main' | 'sqlite_schema' | 'table' | 5 | 0 | 0
'temp' | 'sqlite_temp_schema' | 'table' | 5 | 0 | 0
'aux' | 'v2' | 'view' | 2 | 0 | 0
'aux' | 't' | 'table' | 2 | 0 | 0
'aux' | 'sqlite_schema' | 'table' | 5 | 0 | 0
'empty' | 'sqlite_schema' | 'table' | 5 | 0 | 0
> BEGIN
> INSERT INTO aux.t VALUES(3,4)
changes 1
> DETACH aux
error SQLITE_ERROR: database aux is locked
> ATTACH ':memory:' AS inner
> DETACH inner
> COMMIT
> DETACH main
error SQLITE_ERROR: cannot detach database main
> DETACH temp
error SQLITE_ERROR: no such database: temp
> DETACH nosuch
error SQLITE_ERROR: no such database: nosuch
> DETACH empty
> DETACH aux
> SELECT * FROM aux.t
error SQLITE_ERROR: no such table: aux.t
> ATTACH NULL AS nn
> ATTACH ':memory:' AS 'quo''ted'
> ATTACH ':memory:' AS "d d"
> CREATE TABLE "d d".t(a)
> DETACH "d d"
> DETACH 'quo''ted'
> ATTACH ':memory:' AS (SELECT 'x')
> ATTACH ':memory:' AS a || 'b'
error SQLITE_ERROR: no such column: a
> REINDEX
> REINDEX t
> REINDEX nosuch
error SQLITE_ERROR: unable to identify the object to be reindexed
> REINDEX main.nosuch
error SQLITE_ERROR: unable to identify the object to be reindexed
> REINDEX nosuch.t
error SQLITE_ERROR: unknown database nosuch
> REINDEX nocase
> REINDEX main.nocase
error SQLITE_ERROR: unable to identify the object to be reindexed
> VACUUM
> VACUUM main
> VACUUM nosuch
error SQLITE_ERROR: unknown database nosuch
> VACUUM temp
> BEGIN
> VACUUM
error SQLITE_ERROR: cannot VACUUM from within a transaction
> VACUUM temp
> VACUUM temp INTO 'nowhere/x'
> ROLLBACK

# An index goes to main or temp unless its database is named, whatever is attached.
> ATTACH ':memory:' AS beside
> CREATE TABLE beside.only_beside(e)
> CREATE INDEX on_beside ON only_beside(a) WHERE (SELECT 1)
error SQLITE_ERROR: no such table: main.only_beside
> CREATE INDEX on_beside ON only_beside(e)
error SQLITE_ERROR: no such table: main.only_beside
> CREATE INDEX beside.on_beside ON only_beside(e)
> CREATE TEMP TABLE only_temp(e)
> CREATE INDEX on_temp ON only_temp(e)
> SELECT name, tbl_name FROM temp.sqlite_schema WHERE type = 'index'
'on_temp' | 'only_temp'
