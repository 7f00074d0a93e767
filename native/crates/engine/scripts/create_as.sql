# CREATE TABLE AS SELECT: names, types and the text that is kept.
> CREATE TABLE src(a INTEGER PRIMARY KEY, b TEXT, c REAL, d NUMERIC, e BLOB, f, "g h" VARCHAR(10), "select" INT)
> INSERT INTO src VALUES(1,'x',2.5,3,x'00',NULL,'q',9)
changes 1
> CREATE TABLE c1 AS SELECT * FROM src
> CREATE TABLE c2 AS SELECT a+1, b||'x', count(*), max(c), CAST(d AS TEXT) AS "x y", 'lit', 5, 5.5, NULL FROM src
> CREATE TABLE c3 AS SELECT a, a, a AS A FROM src
> CREATE TABLE "c 4" AS SELECT "select", "g h" FROM src
> CREATE TABLE [order] AS VALUES(1,2)
> CREATE TABLE c6 AS SELECT 1 AS "quo""te", 2 AS 'sq', 3 AS [br], 4 AS x
> CREATE TABLE c7 AS SELECT src.a, s2.a FROM src, src s2
> CREATE TEMP TABLE c8 AS SELECT * FROM src
> CREATE TABLE c9(a,b) AS SELECT 1,2
error SQLITE_ERROR: near "AS": syntax error
> CREATE TABLE IF NOT EXISTS c1 AS SELECT 1
> CREATE TABLE c1 AS SELECT 1
error SQLITE_ERROR: table c1 already exists
> CREATE TABLE c11 AS SELECT averyveryverylongcolumnname, another_very_long_name FROM (SELECT 1 AS averyveryverylongcolumnname, 2 AS another_very_long_name)
> CREATE TABLE c12 AS SELECT nosuch FROM src
error SQLITE_ERROR: no such column: nosuch
> CREATE TABLE c13 AS SELECT 1 AS abort, 2 AS "1a", 3 AS é, 4 AS "a-b"
> CREATE TABLE c14 AS WITH x AS (SELECT 1 AS q) SELECT * FROM x UNION ALL SELECT 'a'
> CREATE TABLE c15 AS SELECT 1 AS rowid, 2 AS oid
> SELECT type,name,tbl_name,sql FROM sqlite_schema
'table' | 'src' | 'src' | 'CREATE TABLE src(a INTEGER PRIMARY KEY, b TEXT, c REAL, d NUMERIC, e BLOB, f, "g h" VARCHAR(10), "select" INT)'
'table' | 'c1' | 'c1' | 'CREATE TABLE c1(\n  a INT,\n  b TEXT,\n  c REAL,\n  d NUM,\n  e,\n  f,\n  "g h" TEXT,\n  "select" INT\n)'
'table' | 'c2' | 'c2' | 'CREATE TABLE c2(\n  "a+1",\n  "b||''x''",\n  "count(*)",\n  "max(c)",\n  "x y" TEXT,\n  "''lit''",\n  "5",\n  "5.5",\n  "NULL"\n)'
'table' | 'c3' | 'c3' | 'CREATE TABLE c3(a INT,"a:1" INT,"A:2" INT)'
'table' | 'c 4' | 'c 4' | 'CREATE TABLE "c 4"("select" INT,"g h" TEXT)'
'table' | 'order' | 'order' | 'CREATE TABLE "order"(column1,column2)'
'table' | 'c6' | 'c6' | 'CREATE TABLE c6("quo""te",sq,br,x)'
'table' | 'c7' | 'c7' | 'CREATE TABLE c7(a INT,"a:1" INT)'
'table' | 'c11' | 'c11' | 'CREATE TABLE c11(\n  averyveryverylongcolumnname,\n  another_very_long_name\n)'
'table' | 'c13' | 'c13' | 'CREATE TABLE c13("abort","1a","é","a-b")'
'table' | 'c14' | 'c14' | 'CREATE TABLE c14(q)'
'table' | 'c15' | 'c15' | 'CREATE TABLE c15(rowid,oid)'
> SELECT type,name,tbl_name,sql FROM sqlite_temp_schema
'table' | 'c8' | 'c8' | 'CREATE TABLE c8(\n  a INT,\n  b TEXT,\n  c REAL,\n  d NUM,\n  e,\n  f,\n  "g h" TEXT,\n  "select" INT\n)'
> SELECT * FROM c2
2 | 'xx' | 1 | 2.5 | '3' | 'lit' | 5 | 5.5 | NULL
> SELECT * FROM c3
1 | 1 | 1
> SELECT typeof(a), typeof(c) FROM c1
'integer' | 'real'
> CREATE TABLE collated(a, b)
> CREATE TABLE copied AS SELECT (a COLLATE NOCASE), b COLLATE RTRIM COLLATE NOCASE, +a, rowid COLLATE NOCASE FROM collated
> SELECT sql FROM sqlite_schema WHERE name = 'copied'
'CREATE TABLE copied(a,b,"+a",rowid INT)'
> CREATE VIEW shown_collated AS SELECT a COLLATE NOCASE, b FROM collated
> SELECT name FROM pragma_table_info('shown_collated')
'a'
'b'
> INSERT INTO collated VALUES (1, 2)
changes 1
> SELECT a COLLATE NOCASE, (b) FROM collated
1 | 2
> SELECT x.a FROM (SELECT a COLLATE NOCASE FROM collated) x
1
> WITH w AS (SELECT (a COLLATE NOCASE) COLLATE RTRIM FROM collated) SELECT a FROM w
1
> CREATE TABLE source(k INTEGER PRIMARY KEY, n INTEGER, t TEXT, r REAL, x)
> INSERT INTO source SELECT value, value % 7, 'text ' || value, value / 4.0, iif(value % 3, value, 'mixed') FROM (WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < 3000) SELECT value FROM n)
changes 3000
> SELECT changes(), last_insert_rowid(), count(*), sum(n), sum(length(t)), sum(r), typeof(x) FROM source GROUP BY 7
3000 | 3000 | 2000 | 5995 | 17262 | 750000.0 | 'integer'
3000 | 3000 | 1000 | 3003 | 8631 | 375375.0 | 'text'
> CREATE TABLE whole AS SELECT * FROM source
> SELECT count(*), max(rowid), sum(n), sum(length(t)), sum(r) FROM whole
3000 | 3000 | 8998 | 25893 | 1125375.0
> CREATE TABLE target(k INTEGER PRIMARY KEY, n TEXT NOT NULL, t, r INTEGER, d DEFAULT 'default')
> INSERT INTO target(k, n, t, r) SELECT k * 2, n, t, r FROM source
changes 3000
> SELECT changes(), last_insert_rowid(), count(*), typeof(n), typeof(r), d FROM target GROUP BY 4, 5
3000 | 6000 | 750 | 'text' | 'integer' | 'default'
3000 | 6000 | 2250 | 'text' | 'real' | 'default'
> INSERT INTO target(n, t) SELECT n, t FROM source WHERE k % 2
changes 1500
> SELECT changes(), last_insert_rowid(), count(*) FROM target
1500 | 7500 | 4500
> INSERT INTO target(k, n) SELECT k + 7400, n FROM source
error SQLITE_CONSTRAINT_PRIMARYKEY: UNIQUE constraint failed: target.k
> SELECT changes(), last_insert_rowid(), count(*), max(k) FROM target
0 | 7500 | 4500 | 7500
> INSERT OR IGNORE INTO target(k, n) SELECT k + 7400, n FROM source
changes 2900
> SELECT changes(), count(*), max(k) FROM target
2900 | 7400 | 10400
> INSERT OR FAIL INTO target(k, n) SELECT k + 12000, iif(k = 2900, NULL, n) FROM source
error SQLITE_CONSTRAINT_NOTNULL: NOT NULL constraint failed: target.n
> SELECT count(*), max(k) FROM target
10299 | 14899
> INSERT INTO target(k, n) SELECT -k, n FROM source ORDER BY k DESC
changes 3000
> SELECT changes(), last_insert_rowid(), count(*), min(k) FROM target
3000 | -1 | 13299 | -3000
> INSERT INTO target(k, n) SELECT NULL, 'x' FROM source LIMIT 3
changes 3
> SELECT last_insert_rowid() = (SELECT max(k) FROM target)
1
> DELETE FROM target
changes 13302
> INSERT INTO target(k, n) VALUES (-5, 'negative')
changes 1
> INSERT INTO target(n) SELECT 'behind' FROM source LIMIT 300
changes 300
> SELECT min(k), max(k), count(*), last_insert_rowid() FROM target
-5 | 295 | 301 | 295
> INSERT INTO target(n, t) SELECT 'long', printf('%05000d', k) FROM source WHERE k <= 300
changes 300
> SELECT count(*), sum(length(t)), max(k) FROM target
601 | 1500000 | 595
> INSERT INTO target(n, t) SELECT n, t FROM source
changes 3000
> SELECT count(*), sum(length(t)), max(k) FROM target
3601 | 1525893 | 3595
> PRAGMA integrity_check
'ok'
> INSERT INTO target(n, t) VALUES ('a', 1), ('b', 2), (NULL, 3)
error SQLITE_CONSTRAINT_NOTNULL: NOT NULL constraint failed: target.n
> INSERT OR FAIL INTO target(n, t) VALUES ('a', 1), ('b', 2), (NULL, 3), ('d', 4)
error SQLITE_CONSTRAINT_NOTNULL: NOT NULL constraint failed: target.n
> SELECT count(*), sum(n IN ('a', 'b')) FROM target
3603 | 2
