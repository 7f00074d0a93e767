# PRAGMA defer_foreign_keys holds for one transaction, and every statement by itself that looks into a database is one.
> CREATE TABLE t(a)
> CREATE INDEX i ON t(a)
> PRAGMA defer_foreign_keys = ON
> SELECT 1
1
> PRAGMA defer_foreign_keys
1
> PRAGMA defer_foreign_keys = ON
> SELECT 1 WHERE 0
> PRAGMA defer_foreign_keys
1
> PRAGMA defer_foreign_keys = ON
> VALUES(1)
1
> PRAGMA defer_foreign_keys
1
> PRAGMA defer_foreign_keys = ON
> PRAGMA defer_foreign_keys
1
> PRAGMA defer_foreign_keys = ON
> SELECT count(*) FROM pragma_foreign_keys
1
> PRAGMA defer_foreign_keys
0
> PRAGMA defer_foreign_keys = ON
> SELECT value FROM json_each('[1]')
1
> PRAGMA defer_foreign_keys
0
> PRAGMA defer_foreign_keys = ON
> WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM c WHERE x<3) SELECT * FROM c
1
2
3
> PRAGMA defer_foreign_keys
1
> PRAGMA defer_foreign_keys = ON
> PRAGMA database_list
0 | 'main' | ''
> PRAGMA defer_foreign_keys
1
> PRAGMA defer_foreign_keys = ON
> PRAGMA user_version
0
> PRAGMA defer_foreign_keys
0
> PRAGMA defer_foreign_keys = ON
> PRAGMA table_info(t)
0 | 'a' | '' | 0 | NULL | 0
> PRAGMA defer_foreign_keys
0
> PRAGMA defer_foreign_keys = ON
> PRAGMA table_info(missing)
> PRAGMA defer_foreign_keys
0
> PRAGMA defer_foreign_keys = ON
> PRAGMA foreign_keys
1
> PRAGMA defer_foreign_keys
1
> PRAGMA defer_foreign_keys = ON
> PRAGMA index_list(t)
0 | 'i' | 0 | 'c' | 0
> PRAGMA defer_foreign_keys
0
> PRAGMA defer_foreign_keys = ON
> PRAGMA index_info(i)
0 | 0 | 'a'
> PRAGMA defer_foreign_keys
0
> PRAGMA defer_foreign_keys = ON
> PRAGMA journal_size_limit
-1
> PRAGMA defer_foreign_keys
1
> PRAGMA defer_foreign_keys = ON
> PRAGMA integrity_check
'ok'
> PRAGMA defer_foreign_keys
0
> PRAGMA defer_foreign_keys = ON
> BEGIN
> PRAGMA defer_foreign_keys
1
> PRAGMA defer_foreign_keys = ON
> COMMIT
> PRAGMA defer_foreign_keys
0
> PRAGMA defer_foreign_keys = ON
> SELECT * FROM t
> PRAGMA defer_foreign_keys
0
> PRAGMA defer_foreign_keys = ON
> INSERT INTO t VALUES(1)
changes 1
> PRAGMA defer_foreign_keys
0
> PRAGMA defer_foreign_keys = ON
> UPDATE t SET a=1 WHERE 0
> PRAGMA defer_foreign_keys
0
> PRAGMA defer_foreign_keys = ON
> CREATE TABLE IF NOT EXISTS t(a)
> PRAGMA defer_foreign_keys
0
> PRAGMA defer_foreign_keys = ON
> DROP TABLE IF EXISTS zz
> PRAGMA defer_foreign_keys
0
> PRAGMA defer_foreign_keys = ON
> ATTACH ':memory:' AS q
> PRAGMA defer_foreign_keys
0
> PRAGMA defer_foreign_keys = ON
> DETACH q
> PRAGMA defer_foreign_keys
1
> PRAGMA defer_foreign_keys = ON
> ANALYZE
> PRAGMA defer_foreign_keys
0
> PRAGMA defer_foreign_keys = ON
> SELECT * FROM missing
error SQLITE_ERROR: no such table: missing
> PRAGMA defer_foreign_keys
1
> PRAGMA defer_foreign_keys = ON
> PRAGMA user_version=3
> PRAGMA defer_foreign_keys
0
> PRAGMA defer_foreign_keys = ON
> PRAGMA foreign_key_check
> PRAGMA defer_foreign_keys
1
> PRAGMA defer_foreign_keys = ON
> VACUUM
> PRAGMA defer_foreign_keys
0
> PRAGMA defer_foreign_keys = ON
> REINDEX
> PRAGMA defer_foreign_keys
0
