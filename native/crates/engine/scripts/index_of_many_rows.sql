> CREATE TABLE t (id INTEGER PRIMARY KEY, few INTEGER, other INTEGER, name TEXT COLLATE NOCASE)
> WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 70000) INSERT INTO t SELECT n, n % 3, (n * 48271) % 70001, CASE n % 7 WHEN 0 THEN NULL ELSE 'Name ' || (n * 7919 % 997) END FROM c
changes 70000
> CREATE INDEX by_few ON t (few)
> CREATE INDEX by_name ON t (name DESC, few)
> CREATE UNIQUE INDEX by_other ON t (other)
> SELECT count(*), sum(other), min(other), max(other) FROM t INDEXED BY by_other WHERE other > 0
70000 | 2450035000 | 1 | 70000
> SELECT id, other FROM t INDEXED BY by_other WHERE other BETWEEN 34998 AND 35003 ORDER BY other
1957 | 34998
57175 | 34999
42392 | 35000
27609 | 35001
12826 | 35002
68044 | 35003
> SELECT few, count(*), min(id), max(id) FROM t INDEXED BY by_few WHERE few >= 0 GROUP BY few
0 | 23333 | 3 | 69999
1 | 23334 | 1 | 70000
2 | 23333 | 2 | 69998
> SELECT name, few, id FROM t INDEXED BY by_name WHERE name < 'name 101' ORDER BY name DESC, few, id LIMIT 5
'Name 100' | 0 | 1485
'Name 100' | 0 | 4476
'Name 100' | 0 | 7467
'Name 100' | 0 | 13449
'Name 100' | 0 | 16440
> SELECT count(*), count(name) FROM t INDEXED BY by_name WHERE name IS NULL OR name >= ''
70000 | 60000
> PRAGMA integrity_check
'ok'
> CREATE UNIQUE INDEX twice ON t (name)
error SQLITE_CONSTRAINT_UNIQUE: UNIQUE constraint failed: t.name
> CREATE UNIQUE INDEX of_few ON t (few, id)
> INSERT INTO t VALUES (70001, 1, 5, NULL)
error SQLITE_CONSTRAINT_UNIQUE: UNIQUE constraint failed: t.other
> DROP INDEX by_other
> INSERT INTO t VALUES (70001, 1, 5, NULL)
changes 1
> CREATE UNIQUE INDEX by_other ON t (other)
error SQLITE_CONSTRAINT_UNIQUE: UNIQUE constraint failed: t.other
> SELECT name FROM sqlite_schema WHERE type = 'index' ORDER BY name
'by_few'
'by_name'
'of_few'
> UPDATE t SET other = NULL WHERE other = 5
changes 2
> CREATE UNIQUE INDEX by_other ON t (other)
> SELECT count(*) FROM t INDEXED BY by_other WHERE other IS NULL
2
> REINDEX
> PRAGMA integrity_check
'ok'
