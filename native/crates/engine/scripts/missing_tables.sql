# All tables of a query are looked up before its other names
> CREATE TABLE t(a,b)
> SELECT x FROM t UNION SELECT 1 FROM nix
error SQLITE_ERROR: no such table: nix
> SELECT 1 FROM nix UNION SELECT x FROM t
error SQLITE_ERROR: no such table: nix
> SELECT x FROM t JOIN (SELECT 1 FROM nix)
error SQLITE_ERROR: no such table: nix
> SELECT x FROM t, nix
error SQLITE_ERROR: no such table: nix
> SELECT x, (SELECT 1 FROM nix) FROM t
error SQLITE_ERROR: no such table: nix
> SELECT (SELECT 1 FROM nix), x FROM t
error SQLITE_ERROR: no such table: nix
> SELECT 1 FROM (SELECT x FROM t) JOIN nix
error SQLITE_ERROR: no such table: nix
> SELECT 1 FROM nix JOIN (SELECT x FROM t)
error SQLITE_ERROR: no such table: nix
> SELECT 1 FROM (SELECT x FROM t UNION SELECT 2) JOIN nix
error SQLITE_ERROR: no such table: nix
> SELECT 1 FROM nix JOIN (SELECT x FROM t UNION SELECT 2)
error SQLITE_ERROR: no such table: nix
> SELECT 1 FROM (SELECT x FROM t) UNION SELECT 2 FROM nix
error SQLITE_ERROR: no such table: nix
> SELECT 2 FROM nix UNION SELECT 1 FROM (SELECT x FROM t)
error SQLITE_ERROR: no such table: nix
> SELECT 2 FROM t JOIN nix UNION SELECT 1 FROM (SELECT x FROM t UNION SELECT 5)
error SQLITE_ERROR: no such table: nix
> SELECT 1 FROM (SELECT 2 FROM t JOIN nix UNION SELECT 1 FROM (SELECT x FROM t UNION SELECT 5))
error SQLITE_ERROR: no such table: nix
> WITH c AS (SELECT x FROM t) SELECT * FROM c, nix
error SQLITE_ERROR: no such table: nix
> SELECT 1 FROM (SELECT x FROM t) UNION SELECT 1 WHERE (SELECT 1 FROM nix)
error SQLITE_ERROR: no such table: nix
> SELECT * FROM t a JOIN t b USING (zz) UNION SELECT 1 FROM nix
error SQLITE_ERROR: no such table: nix
> SELECT q.* FROM t UNION SELECT 1 FROM nix
error SQLITE_ERROR: no such table: nix
> SELECT 2 FROM nix UNION SELECT * FROM t JOIN t b USING (zz)
error SQLITE_ERROR: cannot join using column zz - column not present in both tables
> SELECT x FROM t WHERE EXISTS (SELECT 1 FROM nix)
error SQLITE_ERROR: no such table: nix
> WITH c AS (SELECT 1 FROM nix) SELECT x FROM t
error SQLITE_ERROR: no such column: x
> WITH c AS (SELECT 1 FROM nix), d AS (SELECT * FROM c) SELECT x FROM t, d
error SQLITE_ERROR: no such table: nix
> WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM c, c) SELECT x FROM c
error SQLITE_ERROR: multiple references to recursive table: c
> WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM c WHERE n<3) SELECT x FROM c, nix
error SQLITE_ERROR: no such table: nix
> WITH t2 AS (SELECT 1 AS a) SELECT x FROM t2
error SQLITE_ERROR: no such column: x
> WITH t2 AS (SELECT x FROM t) SELECT (SELECT 1 FROM nix) FROM t2
error SQLITE_ERROR: no such table: nix
> SELECT nofun(1) FROM t WHERE a IN (SELECT 1 FROM nix)
error SQLITE_ERROR: no such table: nix
> SELECT abs(1,2,3) FROM t JOIN t u ON (SELECT 1 FROM nix)
error SQLITE_ERROR: no such table: nix
> SELECT 1 FROM t ORDER BY x, (SELECT 1 FROM nix)
error SQLITE_ERROR: no such table: nix
> SELECT x FROM t LIMIT (SELECT 1 FROM nix)
error SQLITE_ERROR: no such table: nix
> SELECT sum(sum(a)) FROM t WHERE (SELECT 1 FROM nix)
error SQLITE_ERROR: no such table: nix
> SELECT (1,2) FROM t WHERE (SELECT 1 FROM nix)
error SQLITE_ERROR: no such table: nix
> INSERT INTO t SELECT x, 1 FROM t WHERE (SELECT 1 FROM nix)
error SQLITE_ERROR: no such table: nix
> INSERT INTO t VALUES (x, (SELECT 1 FROM nix))
error SQLITE_ERROR: no such column: x
> INSERT INTO t VALUES (1, x), ((SELECT 1 FROM nix), 2)
error SQLITE_ERROR: no such table: nix
> DELETE FROM t WHERE x = (SELECT 1 FROM nix)
error SQLITE_ERROR: no such column: x
> DELETE FROM t WHERE a = (SELECT x FROM t WHERE (SELECT 1 FROM nix))
error SQLITE_ERROR: no such table: nix
> UPDATE t SET a = (SELECT x FROM t JOIN nix)
error SQLITE_ERROR: no such table: nix
> UPDATE t SET a = x, b = (SELECT 1 FROM nix)
error SQLITE_ERROR: no such column: x
> CREATE TABLE n AS SELECT x FROM t, (SELECT 1 FROM nix)
error SQLITE_ERROR: no such table: nix
> CREATE VIEW v AS SELECT * FROM gone
> SELECT x FROM t, v
error SQLITE_ERROR: no such table: main.gone
> SELECT x FROM t WHERE a IN v
error SQLITE_ERROR: no such table: main.gone
> SELECT x FROM t, json_each(a)
error SQLITE_ERROR: no such column: x
> SELECT x FROM t, json_each('[1]') j, pragma_table_info('t')
error SQLITE_ERROR: no such column: x
> SELECT x, (SELECT 1 FROM pragma_nix) FROM t
error SQLITE_ERROR: no such table: pragma_nix
> SELECT x, (SELECT 1 FROM json_nix(1)) FROM t
error SQLITE_ERROR: no such table: json_nix
> SELECT x FROM t a, main.nix
error SQLITE_ERROR: no such table: main.nix
> SELECT x FROM t a, aux.nix
error SQLITE_ERROR: no such table: aux.nix
> SELECT 1 FROM t WHERE x AND a = (SELECT b FROM t UNION SELECT y FROM t UNION SELECT 1 FROM nix)
error SQLITE_ERROR: no such table: nix
> SELECT x COLLATE nix FROM t WHERE (SELECT 1 FROM nix2)
error SQLITE_ERROR: no such table: nix2
# Of a view all names are resolved where FROM comes upon it, before the table behind it is looked for.
> DROP TABLE IF EXISTS behind
> CREATE TABLE behind(z)
> CREATE VIEW wrong AS SELECT s.a AS x FROM behind AS s
> SELECT * FROM wrong CROSS JOIN gone
error SQLITE_ERROR: no such column: s.a
> SELECT * FROM gone CROSS JOIN wrong
error SQLITE_ERROR: no such table: gone
> SELECT 1 UNION SELECT 1 FROM wrong CROSS JOIN gone
error SQLITE_ERROR: no such column: s.a
> SELECT 1 FROM gone UNION SELECT 1 FROM wrong
error SQLITE_ERROR: no such column: s.a
> SELECT 1 FROM wrong UNION SELECT 1 FROM gone
error SQLITE_ERROR: no such table: gone
> SELECT nix FROM wrong, gone
error SQLITE_ERROR: no such column: s.a
> SELECT (SELECT 1 FROM wrong), (SELECT 1 FROM gone)
error SQLITE_ERROR: no such column: s.a
> SELECT * FROM (SELECT * FROM wrong), gone
error SQLITE_ERROR: no such column: s.a
> WITH c AS (SELECT * FROM wrong) SELECT * FROM c, gone
error SQLITE_ERROR: no such column: s.a
> CREATE VIEW over_wrong AS SELECT * FROM wrong
> SELECT * FROM over_wrong, gone
error SQLITE_ERROR: no such column: s.a
> DROP VIEW wrong
> SELECT * FROM gone, over_wrong
error SQLITE_ERROR: no such table: gone
> SELECT * FROM over_wrong, gone
error SQLITE_ERROR: no such table: main.wrong
