> CREATE TABLE t (a INTEGER PRIMARY KEY AUTOINCREMENT)
> CREATE TABLE u (a INTEGER PRIMARY KEY AUTOINCREMENT)
> CREATE TABLE v (a INTEGER PRIMARY KEY AUTOINCREMENT)
> INSERT INTO t VALUES (7)
changes 1
> INSERT INTO u VALUES (8)
changes 1
> INSERT INTO v VALUES (9)
changes 1
> DROP TABLE t
> SELECT rowid, * FROM sqlite_sequence
2 | 'u' | 8
3 | 'v' | 9
> VACUUM
> SELECT rowid, * FROM sqlite_sequence
1 | 'u' | 8
2 | 'v' | 9
> UPDATE sqlite_sequence SET rowid = 40 WHERE name = 'u'
changes 1
> VACUUM
> SELECT rowid, * FROM sqlite_sequence
1 | 'v' | 9
2 | 'u' | 8
> INSERT INTO u VALUES (NULL)
changes 1
> SELECT rowid, * FROM sqlite_sequence
1 | 'v' | 9
2 | 'u' | 9
> DELETE FROM sqlite_sequence
changes 2
> VACUUM
> SELECT rowid, * FROM sqlite_sequence
