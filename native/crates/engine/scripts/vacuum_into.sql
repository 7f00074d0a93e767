# VACUUM INTO a database that nobody keeps, and what it refuses.
> CREATE TABLE t(a PRIMARY KEY, b)
> INSERT INTO t VALUES (1, 'one'), (2, NULL)
changes 2
> VACUUM INTO ':memory:'
> VACUUM main INTO ':memory:'
> VACUUM INTO ':mem' || 'ory:'
> VACUUM INTO (SELECT ':memory:')
> VACUUM temp INTO ':memory:'
> VACUUM nosuch INTO ':memory:'
error SQLITE_ERROR: unknown database nosuch
> VACUUM INTO 5
error SQLITE_ERROR: non-text filename
> VACUUM INTO NULL
error SQLITE_ERROR: non-text filename
> VACUUM INTO x'3a6d656d6f72793a'
error SQLITE_ERROR: non-text filename
> VACUUM INTO nosuch
error SQLITE_ERROR: no such column: nosuch
> VACUUM INTO a
error SQLITE_ERROR: no such column: a
> VACUUM INTO (SELECT b FROM t WHERE a = 2)
error SQLITE_ERROR: non-text filename
> VACUUM INTO '/nosuch-directory/copy.db'
error SQLITE_CANTOPEN: unable to open database: /nosuch-directory/copy.db
> ATTACH ':memory:' AS other
> CREATE TABLE other.u(x)
> VACUUM other INTO ':memory:'
> SELECT * FROM t
1 | 'one'
2 | NULL
> SELECT changes(), total_changes(), last_insert_rowid()
2 | 2 | 2
> BEGIN
> VACUUM INTO ':memory:'
error SQLITE_ERROR: cannot VACUUM from within a transaction
> INSERT INTO t VALUES (3, 'three')
changes 1
> VACUUM INTO ':memory:'
error SQLITE_ERROR: cannot VACUUM from within a transaction
> COMMIT
> SELECT count(*) FROM t
3
> PRAGMA query_only = 1
> VACUUM INTO ':memory:'
error SQLITE_READONLY: attempt to write a readonly database
> PRAGMA query_only = 0
> PRAGMA data_version
1
