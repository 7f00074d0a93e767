# The order of SQLite's hash table of names tells of what was made and dropped since the schema was read.
> CREATE TABLE t2(c)
> CREATE TABLE t4(a INTEGER PRIMARY KEY AUTOINCREMENT, d REFERENCES t2(a))
> CREATE TABLE t5(c REFERENCES t2(a))
> PRAGMA foreign_key_check
error SQLITE_ERROR: foreign key mismatch - "t5" referencing "t2"
> SELECT name FROM pragma_table_list WHERE schema = 'main'
't5'
'sqlite_schema'
't2'
'sqlite_sequence'
't4'
> CREATE VIEW v1 AS SELECT 1
> CREATE TABLE t1(a)
> CREATE TABLE t3(a)
> CREATE TABLE t6(a)
> CREATE TABLE t7(a)
> SELECT name FROM pragma_table_list WHERE schema = 'main'
'v1'
't7'
't6'
't5'
'sqlite_schema'
't1'
't2'
'sqlite_sequence'
't3'
't4'
> DROP TABLE t1
> DROP VIEW v1
> CREATE TABLE t8(a)
> CREATE TABLE t1(a)
> CREATE VIEW v1 AS SELECT 1
> SELECT name FROM pragma_table_list WHERE schema = 'main'
'v1'
't8'
't7'
't6'
't5'
'sqlite_schema'
't1'
't2'
'sqlite_sequence'
't3'
't4'
> SAVEPOINT s
> DROP TABLE t2
> SELECT name FROM pragma_table_list WHERE schema = 'main'
'v1'
't8'
't7'
't6'
't5'
'sqlite_schema'
't1'
'sqlite_sequence'
't3'
't4'
> ROLLBACK
> SELECT name FROM pragma_table_list WHERE schema = 'main'
'v1'
't8'
't7'
't6'
't5'
'sqlite_schema'
't1'
't2'
't3'
't4'
'sqlite_sequence'
> PRAGMA foreign_key_check
error SQLITE_ERROR: foreign key mismatch - "t5" referencing "t2"
> DROP TABLE t3
> CREATE TABLE t3(b)
> SELECT name FROM pragma_table_list WHERE schema = 'main'
'v1'
't8'
't7'
't6'
't5'
'sqlite_schema'
't1'
't2'
't3'
't4'
'sqlite_sequence'
> ALTER TABLE t3 RENAME TO t9
> SELECT name FROM pragma_table_list WHERE schema = 'main'
'v1'
't9'
't8'
't7'
't6'
't5'
'sqlite_schema'
't1'
't2'
't4'
'sqlite_sequence'
> CREATE TEMP TABLE w1(a)
> CREATE TEMP TABLE w2(a)
> DROP TABLE w1
> CREATE TEMP TABLE w1(b)
> CREATE TEMP VIEW w3 AS SELECT 1
> SELECT name FROM pragma_table_list WHERE schema = 'temp'
'w3'
'w1'
'w2'
'sqlite_temp_schema'
> INSERT INTO t6 VALUES (1)
changes 1
> CREATE INDEX t6a ON t6(a)
> ANALYZE
> SELECT name FROM pragma_table_list WHERE schema = 'main'
'sqlite_stat4'
'sqlite_stat1'
'v1'
't9'
't8'
't7'
't6'
't5'
'sqlite_schema'
't1'
't2'
't4'
'sqlite_sequence'
> DROP TABLE t5
> CREATE TABLE t5(a)
> VACUUM
> SELECT name FROM pragma_table_list WHERE schema = 'main'
'v1'
'sqlite_stat4'
'sqlite_stat1'
't9'
't8'
't5'
't7'
't6'
'sqlite_schema'
't1'
't2'
't4'
'sqlite_sequence'
> BEGIN
> DROP TABLE t7
> CREATE TABLE t7(b)
> CREATE TABLE t10(b)
> COMMIT
> SELECT name FROM pragma_table_list WHERE schema = 'main'
'v1'
'sqlite_stat4'
'sqlite_stat1'
't10'
't9'
't8'
't7'
't5'
't6'
'sqlite_schema'
't1'
't2'
't4'
'sqlite_sequence'

# ALTER of a temp table has nothing but temp read anew.
> CREATE TABLE s1(a INTEGER PRIMARY KEY AUTOINCREMENT, b REFERENCES t1(zz))
> CREATE TABLE s2(a INTEGER PRIMARY KEY AUTOINCREMENT, b REFERENCES t1(zz))
> DROP TABLE s1
> CREATE TABLE s1(b REFERENCES t1(zz))
> ALTER TABLE temp.w2 ADD COLUMN c
> SELECT name FROM pragma_table_list WHERE schema = 'main'
's1'
's2'
'v1'
'sqlite_stat4'
'sqlite_stat1'
't10'
't9'
't8'
't7'
't5'
't6'
'sqlite_schema'
't1'
't2'
't4'
'sqlite_sequence'
> SELECT name FROM pragma_table_list WHERE schema = 'temp'
'w3'
'w1'
'w2'
'sqlite_temp_schema'
> PRAGMA foreign_key_check
error SQLITE_ERROR: foreign key mismatch - "s1" referencing "t1"
> ALTER TABLE t6 ADD COLUMN c
> SELECT name FROM pragma_table_list WHERE schema = 'main'
's1'
's2'
'v1'
'sqlite_stat4'
'sqlite_stat1'
't10'
't9'
't8'
't7'
't5'
't6'
'sqlite_schema'
't1'
't2'
't4'
'sqlite_sequence'
> ATTACH ':memory:' AS aux
> CREATE TABLE aux.a1(a INTEGER PRIMARY KEY AUTOINCREMENT)
> CREATE TABLE aux.a2(a)
> CREATE TABLE aux.a3(a)
> DROP TABLE aux.a1
> CREATE TABLE aux.a1(a)
> ALTER TABLE t6 ADD COLUMN d
> SELECT name FROM pragma_table_list WHERE schema = 'aux'
'a3'
'sqlite_schema'
'sqlite_sequence'
'a1'
'a2'
> ALTER TABLE aux.a2 ADD COLUMN d
> SELECT name FROM pragma_table_list WHERE schema = 'aux'
'sqlite_schema'
'sqlite_sequence'
'a1'
'a2'
'a3'
> SELECT name FROM pragma_table_list WHERE schema = 'main'
's1'
's2'
'v1'
'sqlite_stat4'
'sqlite_stat1'
't10'
't9'
't8'
't7'
't5'
't6'
'sqlite_schema'
't1'
't2'
't4'
'sqlite_sequence'
