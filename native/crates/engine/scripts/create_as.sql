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
