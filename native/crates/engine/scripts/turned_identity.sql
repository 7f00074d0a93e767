# In the index of a UNIQUE constraint the key of a WITHOUT ROWID table's row stands ascending, whatever the table's order
# is; in an index of its own it stands as in the table (fuzz seed 50366).
> CREATE TABLE t(a PRIMARY KEY DESC, c UNIQUE, d UNIQUE ON CONFLICT FAIL) WITHOUT ROWID
> INSERT INTO t(a) VALUES (0), (1)
changes 2
> UPDATE t SET d = 1
error SQLITE_CONSTRAINT_UNIQUE: UNIQUE constraint failed: t.d
> SELECT * FROM t
1 | NULL | 1
0 | NULL | NULL
> SELECT a FROM t INDEXED BY sqlite_autoindex_t_2 WHERE c IS NULL
0
1
> CREATE INDEX t_c ON t(c)
> SELECT a FROM t INDEXED BY t_c WHERE c IS NULL
1
0
> REINDEX
> SELECT a FROM t INDEXED BY sqlite_autoindex_t_2 WHERE c IS NULL
0
1
> PRAGMA integrity_check
'ok'
> CREATE TABLE u(a TEXT, b, c, d, e, PRIMARY KEY(a COLLATE NOCASE DESC, b, c DESC), UNIQUE(d), UNIQUE(e DESC, d)) WITHOUT ROWID
> INSERT INTO u VALUES ('x', 1, 1.5, NULL, 7), ('y', 1, 2, NULL, 7), ('Z', 2, 'q', NULL, 7), ('y', 1, 3, 5, 7), ('Y', 2, 3.0, 6, NULL)
changes 5
> SELECT a, c FROM u INDEXED BY sqlite_autoindex_u_2 WHERE d IS NULL
'x' | 1.5
'y' | 2
'Z' | 'q'
> SELECT a, b, c, d FROM u INDEXED BY sqlite_autoindex_u_2
'x' | 1 | 1.5 | NULL
'y' | 1 | 2 | NULL
'Z' | 2 | 'q' | NULL
'y' | 1 | 3 | 5
'Y' | 2 | 3.0 | 6
> SELECT a, c, typeof(c), e FROM u INDEXED BY sqlite_autoindex_u_3 WHERE e > 1
'x' | 1.5 | 'real' | 7
'y' | 2 | 'integer' | 7
'Z' | 'q' | 'text' | 7
'y' | 3 | 'integer' | 7
> INSERT INTO u VALUES ('n', 1, 1, 5, 8)
error SQLITE_CONSTRAINT_UNIQUE: UNIQUE constraint failed: u.d
> INSERT OR REPLACE INTO u VALUES ('n', 1, 1, 5, 8)
changes 1
> SELECT * FROM u
'Z' | 2 | 'q' | NULL | 7
'y' | 1 | 2 | NULL | 7
'Y' | 2 | 3.0 | 6 | NULL
'x' | 1 | 1.5 | NULL | 7
'n' | 1 | 1 | 5 | 8
> INSERT INTO u VALUES ('m', 1, 1, 6, 8) ON CONFLICT (d) DO UPDATE SET e = 'met'
changes 1
> UPDATE u SET a = a || '!' WHERE d IS NULL
changes 3
> UPDATE OR REPLACE u SET d = 6 WHERE d = 5
changes 1
> SELECT * FROM u
'Z!' | 2 | 'q' | NULL | 7
'y!' | 1 | 2 | NULL | 7
'x!' | 1 | 1.5 | NULL | 7
'n' | 1 | 1 | 6 | 8
> SELECT * FROM u INDEXED BY sqlite_autoindex_u_2 WHERE d = 6
'n' | 1 | 1 | 6 | 8
> DELETE FROM u WHERE e = 7 AND b = 1
changes 2
> SELECT * FROM u INDEXED BY sqlite_autoindex_u_2
'Z!' | 2 | 'q' | NULL | 7
'n' | 1 | 1 | 6 | 8
> PRAGMA integrity_check
'ok'
> ANALYZE u
> SELECT idx, stat FROM sqlite_stat1 WHERE tbl = 'u' ORDER BY 1
'sqlite_autoindex_u_2' | '2 1'
'sqlite_autoindex_u_3' | '2 1 1'
'u' | '2 1 1 1'
> SELECT idx, quote(sample) FROM sqlite_stat4 WHERE tbl = 'u' ORDER BY 1, 2
'sqlite_autoindex_u_2' | 'X''050011010F5A210271'''
'sqlite_autoindex_u_2' | 'X''05010F0909066E'''
'sqlite_autoindex_u_3' | 'X''06010011010F075A210271'''
'sqlite_autoindex_u_3' | 'X''0601010F090908066E'''
'u' | 'X''040F09096E'''
'u' | 'X''0411010F5A210271'''
> CREATE TABLE child(x REFERENCES u(d))
> PRAGMA foreign_keys = 1
> INSERT INTO child VALUES (6)
changes 1
> DELETE FROM u WHERE d = 6
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> UPDATE u SET a = 'moved' WHERE d = 6
changes 1
> UPDATE u SET d = 7 WHERE d = 6
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> SELECT count(*), max(a) FROM u WHERE d IS NULL OR d > 0
2 | 'moved'
