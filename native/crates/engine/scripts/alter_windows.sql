# Of several mistakes that ALTER TABLE makes in a view, the one in WHERE comes before those in its named windows.
> CREATE TABLE t(a, b, c TEXT)
> CREATE VIEW v AS SELECT string_agg(s.c, ',') OVER w AS x0 FROM t AS s WHERE (SELECT n.b FROM t AS n WHERE n.c > s.c) WINDOW w AS (PARTITION BY length(s.b), s.c > 1 ORDER BY s.a DESC)
> ALTER TABLE t DROP a
error SQLITE_ERROR: error in view v after drop column: no such column: s.a
> ALTER TABLE t DROP b
error SQLITE_ERROR: error in view v after drop column: no such column: n.b
> DROP VIEW v
> CREATE VIEW v AS SELECT sum(s.c) OVER (w RANGE 1 PRECEDING) FROM t AS s WINDOW w AS (PARTITION BY s.b ORDER BY s.a)
> ALTER TABLE t DROP b
error SQLITE_ERROR: error in view v after drop column: no such column: s.b
> ALTER TABLE t RENAME a TO aa
> SELECT sql FROM sqlite_schema WHERE name = 'v'
'CREATE VIEW v AS SELECT sum(s.c) OVER (w RANGE 1 PRECEDING) FROM t AS s WINDOW w AS (PARTITION BY s.b ORDER BY s.aa)'
> ALTER TABLE t DROP aa
error SQLITE_ERROR: error in view v after drop column: no such column: s.aa
> DROP VIEW v
> CREATE VIEW v AS SELECT sum(s.c) OVER (PARTITION BY s.aa ORDER BY s.b), s.aa FROM t AS s
> ALTER TABLE t DROP b
error SQLITE_ERROR: error in view v after drop column: no such column: s.b
> ALTER TABLE t DROP aa
error SQLITE_ERROR: error in view v after drop column: no such column: s.aa
> DROP VIEW v
> CREATE VIEW v AS SELECT count(*) OVER w, min(c) OVER (w ORDER BY aa), b FROM t WINDOW w AS (PARTITION BY b), u AS (w ORDER BY c, aa)
> ALTER TABLE t RENAME b TO bb
> ALTER TABLE t RENAME aa TO a
> SELECT sql FROM sqlite_schema WHERE name = 'v'
'CREATE VIEW v AS SELECT count(*) OVER w, min(c) OVER (w ORDER BY a), bb FROM t WINDOW w AS (PARTITION BY bb), u AS (w ORDER BY c, a)'
> ALTER TABLE t DROP bb
error SQLITE_ERROR: error in view v after drop column: no such column: bb
> ALTER TABLE t DROP a
error SQLITE_ERROR: error in view v after drop column: no such column: a
> SELECT * FROM v
