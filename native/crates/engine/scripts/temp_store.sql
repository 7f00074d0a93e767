# PRAGMA temp_store ends the temp database when it changes, and is refused within a transaction.
> CREATE TABLE m(a)
> CREATE TEMP TABLE t(a)
> CREATE TEMP VIEW tv AS SELECT 1
> CREATE TEMP TRIGGER tt AFTER INSERT ON m BEGIN INSERT INTO t VALUES (new.a); END
> INSERT INTO m VALUES (1)
changes 1
> SELECT * FROM t
1
> PRAGMA temp_store
0
> PRAGMA temp_store = DEFAULT
> PRAGMA temp_store = 0
> SELECT * FROM t
1
> BEGIN
> PRAGMA temp_store = 0
> PRAGMA temp_store = MEMORY
error SQLITE_ERROR: temporary storage cannot be changed from within a transaction
> INSERT INTO m VALUES (2)
changes 1
> COMMIT
> SELECT * FROM t
1
2
> PRAGMA temp_store = memory
> PRAGMA temp_store
2
> SELECT * FROM t
error SQLITE_ERROR: no such table: t
> SELECT * FROM tv
error SQLITE_ERROR: no such table: tv
> SELECT count(*) FROM sqlite_temp_schema
0
> INSERT INTO m VALUES (3)
changes 1
> SELECT * FROM m
1
2
3
> PRAGMA database_list
0 | 'main' | ''
1 | 'temp' | ''
> CREATE TEMP TABLE t(b)
> INSERT INTO t VALUES ('new')
changes 1
> SELECT * FROM temp.t
'new'
> PRAGMA temp_store = 2
> SELECT * FROM temp.t
'new'
> PRAGMA temp_store = file
> SELECT * FROM temp.t
error SQLITE_ERROR: no such table: temp.t
> SELECT * FROM pragma_database_list
0 | 'main' | ''
