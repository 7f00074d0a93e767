# Of several errors in one expression the last that SQLite's walk meets counts: after the first it enters calls, IS NULL and names only
> CREATE TABLE t(a)
> SELECT count(z, z) FROM t
error SQLITE_ERROR: no such column: z
> SELECT max(t.z IS NULL) FILTER (WHERE t.y <> 3) OVER w FROM t WINDOW w AS (ORDER BY t.y COLLATE NOCASE NULLS LAST), v AS ()
error SQLITE_ERROR: no such column: t.z
> SELECT row_number(1) FROM t
error SQLITE_ERROR: wrong number of arguments to function row_number()
> SELECT abs(DISTINCT a) FROM t
> SELECT nofn(DISTINCT a) FROM t
error SQLITE_ERROR: no such function: nofn
> SELECT nofn(a) FILTER (WHERE z) FROM t
error SQLITE_ERROR: no such function: nofn
> SELECT nofn(a ORDER BY z) FROM t
error SQLITE_ERROR: no such function: nofn
> SELECT abs(a ORDER BY z) FROM t
error SQLITE_ERROR: ORDER BY may not be used with non-aggregate abs()
> SELECT abs(a, a) FILTER (WHERE 1) FROM t
error SQLITE_ERROR: wrong number of arguments to function abs()
> SELECT nofn(z) + y FROM t
error SQLITE_ERROR: no such column: y
> SELECT nofn(z) + 1 + y FROM t
error SQLITE_ERROR: no such column: z
> SELECT (z IS NULL) + y FROM t
error SQLITE_ERROR: no such column: y
> SELECT (z IS NULL) + (y + 1) FROM t
error SQLITE_ERROR: no such column: z
> SELECT sum(z) + y FROM t
error SQLITE_ERROR: no such column: y
> SELECT sum(a, y) + sum(z + 1), x FROM t
error SQLITE_ERROR: no such column: y
> SELECT abs(abs(z), 1) FROM t
error SQLITE_ERROR: no such column: z
> SELECT sum(sum(z)) FROM t
error SQLITE_ERROR: no such column: z
> SELECT sum(row_number() OVER (ORDER BY z)) FROM t
error SQLITE_ERROR: misuse of window function row_number()
> SELECT abs(DISTINCT a, a, z) FROM t
error SQLITE_ERROR: no such column: z
> SELECT rank() FILTER (WHERE z) OVER (ORDER BY y) FROM t
error SQLITE_ERROR: no such column: z
> SELECT rank() FILTER (WHERE 1) OVER (ORDER BY y) FROM t
error SQLITE_ERROR: no such column: y
> SELECT sum(a) FILTER (WHERE z) OVER w FROM t
error SQLITE_ERROR: no such column: z
> SELECT sum(z) FILTER (WHERE y) OVER w FROM t
error SQLITE_ERROR: no such column: y
> SELECT sum(a) OVER (ORDER BY z, y RANGE 1 PRECEDING) FROM t
error SQLITE_ERROR: no such column: z
> SELECT sum(a) OVER (ORDER BY z + 1, y RANGE 1 PRECEDING) FROM t
error SQLITE_ERROR: RANGE with offset PRECEDING/FOLLOWING requires one ORDER BY expression
> SELECT sum(a ORDER BY z) FILTER (WHERE y) FROM t
error SQLITE_ERROR: no such column: y
> SELECT sum(DISTINCT a) OVER (ORDER BY z) FROM t
error SQLITE_ERROR: DISTINCT is not supported for window functions
> SELECT y LIKE z FROM t
error SQLITE_ERROR: no such column: z
> SELECT y REGEXP z FROM t
error SQLITE_ERROR: no such column: z
> SELECT (y LIKE z) = x FROM t
error SQLITE_ERROR: no such column: x
> SELECT CASE WHEN nofn(1) THEN y WHEN x THEN 1 END FROM t
error SQLITE_ERROR: no such column: y
> SELECT likelihood(z, 2) FROM t
error SQLITE_ERROR: no such column: z
> SELECT max(z, y, 1), x FROM t
error SQLITE_ERROR: no such column: z
> SELECT abs(z) IS y FROM t
error SQLITE_ERROR: no such column: y
> SELECT abs(z) IS TRUE FROM t
error SQLITE_ERROR: no such column: z
> SELECT y IS abs(z) FROM t
error SQLITE_ERROR: no such column: y
> SELECT abs((SELECT z)) + y FROM t
error SQLITE_ERROR: no such column: y
> SELECT (SELECT abs(z) + w) + y FROM t
error SQLITE_ERROR: no such column: w
> SELECT abs(z) IN (SELECT y) FROM t
error SQLITE_ERROR: no such column: y
> SELECT abs(z) IN (y, x) FROM t
error SQLITE_ERROR: no such column: y
> SELECT abs(z) BETWEEN y AND x FROM t
error SQLITE_ERROR: no such column: y
> SELECT abs(z) BETWEEN (1, 2) AND x FROM t
error SQLITE_ERROR: row value misused
> SELECT abs(z) COLLATE nocase || y FROM t
error SQLITE_ERROR: no such column: y
> SELECT sum(a) FILTER (WHERE sum(y)) FROM t
error SQLITE_ERROR: no such column: y
> SELECT sum(sum(a)) FILTER (WHERE y) FROM t
error SQLITE_ERROR: no such column: y
> SELECT max(a IS NULL AND z) FILTER (WHERE y) OVER (ORDER BY x) FROM t
error SQLITE_ERROR: no such column: y
> SELECT a FROM t WHERE abs(z) AND y
error SQLITE_ERROR: no such column: y
> SELECT a FROM t GROUP BY abs(z) AND y
error SQLITE_ERROR: no such column: y
> SELECT a FROM t ORDER BY abs(z) AND y
error SQLITE_ERROR: no such column: y
> SELECT a FROM t AS u JOIN t ON abs(z) + y
error SQLITE_ERROR: ambiguous column name: a
> SELECT nofn(1) -> y FROM t
error SQLITE_ERROR: no such column: y
> UPDATE t SET a = abs(z) + y
error SQLITE_ERROR: no such column: y
> DELETE FROM t WHERE abs(z) + y
error SQLITE_ERROR: no such column: y
> INSERT INTO t VALUES (abs(z) + y)
error SQLITE_ERROR: no such column: y

# An ambiguous name in USING is told of where nothing else in FROM is wrong
> CREATE TABLE u(d)
> SELECT 1 FROM u AS p JOIN u AS q ON 1 RIGHT JOIN t USING (d, c)
error SQLITE_ERROR: cannot join using column d - column not present in both tables
> SELECT 1 FROM u AS p JOIN u AS q ON 1 FULL JOIN u AS r USING (d)
error SQLITE_ERROR: ambiguous reference to d in USING()
> SELECT 1 FROM gone UNION SELECT 1 FROM u AS p JOIN u AS q ON 1 FULL JOIN u AS r USING (d)
error SQLITE_ERROR: no such table: gone
> SELECT 1 FROM u AS p JOIN u AS q ON 1 FULL JOIN u AS r USING (d) WHERE 1 IN (SELECT 1 FROM gone)
error SQLITE_ERROR: no such table: gone

# What SQLite's parser makes an integer of is a number of a column
> SELECT a FROM t ORDER BY ((1 IS NULL) ISNULL)
error SQLITE_ERROR: 1st ORDER BY term out of range - should be between 1 and 1
> SELECT a FROM t GROUP BY ((1 NOTNULL) NOTNULL)
> SELECT a FROM t ORDER BY -(1 ISNULL)
error SQLITE_ERROR: 1st ORDER BY term out of range - should be between 1 and 1

# An ambiguous USING ends the search for missing tables with the next FROM
> CREATE TABLE amb(a, b)
> SELECT 1 FROM amb AS p JOIN amb AS q ON 1 RIGHT JOIN amb AS r USING (a, b) WHERE (SELECT 1 FROM amb WHERE 1 IN gone)
error SQLITE_ERROR: ambiguous reference to a in USING()
> SELECT 1 FROM amb AS p JOIN amb AS q ON 1 RIGHT JOIN amb AS r USING (a, b) WHERE (SELECT 1 FROM amb JOIN gone)
error SQLITE_ERROR: no such table: gone
> SELECT (SELECT 1), 1 IN gone FROM amb AS p JOIN amb AS q ON 1 RIGHT JOIN amb AS r USING (a, b)
error SQLITE_ERROR: ambiguous reference to a in USING()
> SELECT 1 IN (VALUES (1 IN gone)) FROM amb AS p JOIN amb AS q ON 1 RIGHT JOIN amb AS r USING (a, b)
error SQLITE_ERROR: ambiguous reference to a in USING()
> SELECT 1 FROM gone UNION SELECT 1 FROM amb UNION SELECT 1 FROM amb AS p JOIN amb AS q ON 1 RIGHT JOIN amb AS r USING (a)
error SQLITE_ERROR: ambiguous reference to a in USING()
> SELECT 1 FROM amb AS p JOIN amb AS q ON 1 RIGHT JOIN amb AS r USING (a) WHERE EXISTS (SELECT 1 FROM (SELECT 1) JOIN gone)
error SQLITE_ERROR: ambiguous reference to a in USING()

# Of DO UPDATE and the new row's foreign keys SQLite tells of the latter.
> CREATE TABLE orphan(a PRIMARY KEY, b UNIQUE, c REFERENCES gone(a))
> INSERT INTO orphan(a, c) VALUES (1, 1) ON CONFLICT (b) DO UPDATE SET c = (SELECT 1 FROM nix)
error SQLITE_ERROR: no such table: main.gone
> INSERT INTO orphan(a, c) VALUES (1, 1) ON CONFLICT (b) DO UPDATE SET c = nix
error SQLITE_ERROR: no such table: main.gone
> INSERT INTO orphan(a, c) VALUES (1, 1) ON CONFLICT (b) DO UPDATE SET c = 1 WHERE nix
error SQLITE_ERROR: no such table: main.gone
> INSERT INTO orphan(a, c) VALUES (1, 1) ON CONFLICT (nix) DO UPDATE SET c = 1
error SQLITE_ERROR: no such column: nix
> INSERT INTO orphan(a, c) VALUES (1, nix) ON CONFLICT (b) DO UPDATE SET c = 1
error SQLITE_ERROR: no such column: nix
> INSERT INTO orphan(a, c) VALUES (1, 1) ON CONFLICT (b) DO UPDATE SET c = 1 RETURNING nix
error SQLITE_ERROR: no such table: main.gone
> UPDATE orphan SET a = nix
error SQLITE_ERROR: no such column: nix
> UPDATE orphan SET a = 1 WHERE nix
error SQLITE_ERROR: no such column: nix
> PRAGMA foreign_keys = 0
> INSERT INTO orphan(a, c) VALUES (1, 1) ON CONFLICT (b) DO UPDATE SET c = (SELECT 1 FROM nix)
error SQLITE_ERROR: no such table: nix
> PRAGMA foreign_keys = 1
# A NATURAL join uses a column that its left side has twice: that comes before other arms' names.
> CREATE TABLE once_1(c)
> CREATE TABLE once_2(c)
> SELECT x.c FROM once_1 AS x JOIN once_2 AS y ON 1 NATURAL RIGHT JOIN once_1 AS z
error SQLITE_ERROR: ambiguous reference to c in USING()
> SELECT x.c FROM once_1 AS x JOIN once_2 AS y ON 1 NATURAL RIGHT JOIN once_1 AS z INTERSECT SELECT q.b FROM once_1 AS q
error SQLITE_ERROR: ambiguous reference to c in USING()
> SELECT q.b FROM once_1 AS q UNION SELECT x.c FROM once_1 AS x JOIN once_2 AS y ON 1 NATURAL RIGHT JOIN once_1 AS z
error SQLITE_ERROR: ambiguous reference to c in USING()
> SELECT q.b FROM once_1 AS q UNION SELECT x.c FROM once_1 AS x JOIN once_2 AS y ON 1 NATURAL RIGHT JOIN once_1 AS z UNION SELECT q.b FROM once_1 AS q
error SQLITE_ERROR: ambiguous reference to c in USING()
> SELECT x.nix FROM once_1 AS x JOIN once_2 AS y ON 1 NATURAL LEFT JOIN once_1 AS z
error SQLITE_ERROR: no such column: x.nix
> SELECT x.nix, (SELECT y FROM gone) FROM once_1 AS x JOIN once_2 AS y ON 1 NATURAL JOIN once_1 AS z
error SQLITE_ERROR: no such table: gone

# A query without FROM makes no code of its ORDER BY, and wants its collations all the same.
> SELECT 1 ORDER BY 1 COLLATE nope
error SQLITE_ERROR_MISSING_COLLSEQ: no such collation sequence: nope
> SELECT DISTINCT 1 ORDER BY 1 COLLATE nope
error SQLITE_ERROR_MISSING_COLLSEQ: no such collation sequence: nope
> SELECT max(1) ORDER BY 1 COLLATE nope
error SQLITE_ERROR_MISSING_COLLSEQ: no such collation sequence: nope
> SELECT 1, 2 ORDER BY 1, 2 COLLATE nope
error SQLITE_ERROR_MISSING_COLLSEQ: no such collation sequence: nope
> SELECT 1 ORDER BY 'a' = 'b' COLLATE nope
error SQLITE_ERROR_MISSING_COLLSEQ: no such collation sequence: nope
> SELECT 1 ORDER BY max('a' COLLATE nope, 1)
error SQLITE_ERROR_MISSING_COLLSEQ: no such collation sequence: nope
> SELECT 1 ORDER BY ('a' = 'b' COLLATE nope) COLLATE other
error SQLITE_ERROR_MISSING_COLLSEQ: no such collation sequence: other
> SELECT 1 ORDER BY 'a' = 'b' COLLATE other, 1 COLLATE nope
error SQLITE_ERROR_MISSING_COLLSEQ: no such collation sequence: nope
> SELECT 'a' = 'b' COLLATE nope ORDER BY 1 COLLATE other
error SQLITE_ERROR_MISSING_COLLSEQ: no such collation sequence: other
> SELECT 'a' COLLATE nope AS x ORDER BY x
error SQLITE_ERROR_MISSING_COLLSEQ: no such collation sequence: nope
> SELECT 'a' COLLATE nope AS x ORDER BY x COLLATE other
error SQLITE_ERROR_MISSING_COLLSEQ: no such collation sequence: other
> SELECT 1 ORDER BY -('a' COLLATE nope)
error SQLITE_ERROR_MISSING_COLLSEQ: no such collation sequence: nope
> CREATE TABLE oc(a, b)
> SELECT a FROM oc ORDER BY a COLLATE nope, b COLLATE other
error SQLITE_ERROR_MISSING_COLLSEQ: no such collation sequence: other
> SELECT a = 'b' COLLATE nope FROM oc ORDER BY a COLLATE other
error SQLITE_ERROR_MISSING_COLLSEQ: no such collation sequence: other
> SELECT a FROM oc WHERE a = 'b' COLLATE nope ORDER BY a COLLATE other
error SQLITE_ERROR_MISSING_COLLSEQ: no such collation sequence: other
> SELECT max(a COLLATE nope) FROM oc GROUP BY b ORDER BY a COLLATE other
error SQLITE_ERROR_MISSING_COLLSEQ: no such collation sequence: other
> SELECT row_number() OVER (ORDER BY a COLLATE nope) FROM oc ORDER BY a COLLATE other
error SQLITE_ERROR_MISSING_COLLSEQ: no such collation sequence: other
> SELECT (SELECT a FROM oc ORDER BY a COLLATE nope) FROM oc ORDER BY b COLLATE other
error SQLITE_ERROR_MISSING_COLLSEQ: no such collation sequence: other
> SELECT a FROM oc ORDER BY (SELECT 1 WHERE a = 'x' COLLATE nope), b COLLATE other
error SQLITE_ERROR_MISSING_COLLSEQ: no such collation sequence: other