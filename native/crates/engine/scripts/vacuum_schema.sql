# VACUUM makes everything again: tables, then indexes, then views and triggers.
> CREATE TABLE t(a)
> CREATE VIEW v AS SELECT 1
> CREATE TABLE u(a INTEGER PRIMARY KEY AUTOINCREMENT, b UNIQUE)
> CREATE INDEX ta ON t(a)
> CREATE TRIGGER tt AFTER INSERT ON t BEGIN SELECT 1; END
> CREATE TABLE w(a UNIQUE, b PRIMARY KEY) WITHOUT ROWID
> PRAGMA schema_version
6
> INSERT INTO t VALUES (1), (2), (3)
changes 3
> VACUUM
> SELECT last_insert_rowid(), changes(), total_changes()
9 | 3 | 3
> PRAGMA schema_version
7
> SELECT rowid, type, name, tbl_name FROM sqlite_schema
1 | 'table' | 't' | 't'
2 | 'table' | 'u' | 'u'
3 | 'index' | 'sqlite_autoindex_u_1' | 'u'
4 | 'table' | 'sqlite_sequence' | 'sqlite_sequence'
5 | 'table' | 'w' | 'w'
6 | 'index' | 'sqlite_autoindex_w_1' | 'w'
7 | 'index' | 'ta' | 't'
8 | 'view' | 'v' | 'v'
9 | 'trigger' | 'tt' | 't'
> DROP TABLE t
> VACUUM
> SELECT last_insert_rowid()
6
> SELECT rowid, type, name, tbl_name FROM sqlite_schema
1 | 'table' | 'u' | 'u'
2 | 'index' | 'sqlite_autoindex_u_1' | 'u'
3 | 'table' | 'sqlite_sequence' | 'sqlite_sequence'
4 | 'table' | 'w' | 'w'
5 | 'index' | 'sqlite_autoindex_w_1' | 'w'
6 | 'view' | 'v' | 'v'
> DROP VIEW v
> VACUUM
> SELECT last_insert_rowid()
6
> SELECT rowid, type, name, tbl_name FROM sqlite_schema
1 | 'table' | 'u' | 'u'
2 | 'index' | 'sqlite_autoindex_u_1' | 'u'
3 | 'table' | 'sqlite_sequence' | 'sqlite_sequence'
4 | 'table' | 'w' | 'w'
5 | 'index' | 'sqlite_autoindex_w_1' | 'w'
> CREATE TABLE x(a)
> SELECT rowid, type, name, tbl_name FROM sqlite_schema
1 | 'table' | 'u' | 'u'
2 | 'index' | 'sqlite_autoindex_u_1' | 'u'
3 | 'table' | 'sqlite_sequence' | 'sqlite_sequence'
4 | 'table' | 'w' | 'w'
5 | 'index' | 'sqlite_autoindex_w_1' | 'w'
6 | 'table' | 'x' | 'x'
> PRAGMA schema_version
12

# It drops sqlite_sequence where no table needs it.
> INSERT INTO u(b) VALUES (1), (2)
changes 2
> VACUUM
> SELECT * FROM sqlite_sequence
'u' | 2
> DROP TABLE u
> SELECT * FROM sqlite_sequence
> VACUUM
> SELECT * FROM sqlite_sequence
error SQLITE_ERROR: no such table: sqlite_sequence
> SELECT rowid, type, name, tbl_name FROM sqlite_schema
1 | 'table' | 'w' | 'w'
2 | 'index' | 'sqlite_autoindex_w_1' | 'w'
3 | 'table' | 'x' | 'x'
> CREATE TABLE u(a INTEGER PRIMARY KEY AUTOINCREMENT, b UNIQUE)
> INSERT INTO u(b) VALUES (1), (2)
changes 2
> SELECT * FROM sqlite_sequence
'u' | 2
> SELECT rowid, type, name, tbl_name FROM sqlite_schema
1 | 'table' | 'w' | 'w'
2 | 'index' | 'sqlite_autoindex_w_1' | 'w'
3 | 'table' | 'x' | 'x'
4 | 'table' | 'u' | 'u'
5 | 'index' | 'sqlite_autoindex_u_1' | 'u'
6 | 'table' | 'sqlite_sequence' | 'sqlite_sequence'
