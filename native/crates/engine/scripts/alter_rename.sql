# RENAME edits every text that names the table or the column, and nothing else.
> CREATE TABLE t(a INTEGER PRIMARY KEY, b, c)
> CREATE TABLE u(x REFERENCES t(b), y, FOREIGN KEY(y, x) REFERENCES T(c, "b"), CHECK(x <> 'b'))
> CREATE VIEW v1 AS SELECT rowid, a, oid FROM t
> CREATE VIEW v2 AS SELECT * FROM t ORDER BY b
> CREATE VIEW v3 AS SELECT t.* FROM t
> CREATE VIEW v4 AS SELECT x.b, (SELECT max(t.c) FROM t) AS b2 FROM t AS x WHERE x.b IN (SELECT c FROM t) GROUP BY b
> CREATE VIEW v5 AS SELECT b FROM t UNION ALL SELECT c FROM t ORDER BY b
> CREATE VIEW v6 AS WITH x AS (SELECT b FROM t), y AS (SELECT t.c FROM t) SELECT b FROM x
> CREATE VIEW v7 AS SELECT nosuchfunction(b), sum(b) OVER w FROM t WINDOW w AS (PARTITION BY b ORDER BY c)
> CREATE TRIGGER tr AFTER INSERT ON t BEGIN INSERT INTO t(b,c) VALUES(new.b, new.rowid) ON CONFLICT(a) DO UPDATE SET b=excluded.b, c=t.b WHERE excluded.a>1; UPDATE t SET b = old.b FROM u WHERE t.b = u.x; END
> ALTER TABLE t RENAME b TO bb
error SQLITE_ERROR: error in trigger tr: no such column: old.b
> DROP TRIGGER tr
> CREATE TRIGGER tr AFTER UPDATE OF b, c ON t WHEN new.b > old.b BEGIN INSERT INTO t(b,c) VALUES(new.b, new.rowid) ON CONFLICT(a) DO UPDATE SET b=excluded.b, c=t.b WHERE excluded.a>1; UPDATE t SET b = old.b FROM u WHERE t.b = u.x; DELETE FROM t WHERE b = 1; SELECT b FROM t; END
> ALTER TABLE t RENAME b TO bb
error SQLITE_ERROR: error in view v2 after rename: no such column: b
> DROP VIEW v2
> ALTER TABLE t RENAME b TO bb
error SQLITE_ERROR: error in view v6 after rename: no such column: b
> SELECT name, sql FROM sqlite_schema
't' | 'CREATE TABLE t(a INTEGER PRIMARY KEY, b, c)'
'u' | 'CREATE TABLE u(x REFERENCES t(b), y, FOREIGN KEY(y, x) REFERENCES T(c, "b"), CHECK(x <> ''b''))'
'v1' | 'CREATE VIEW v1 AS SELECT rowid, a, oid FROM t'
'v3' | 'CREATE VIEW v3 AS SELECT t.* FROM t'
'v4' | 'CREATE VIEW v4 AS SELECT x.b, (SELECT max(t.c) FROM t) AS b2 FROM t AS x WHERE x.b IN (SELECT c FROM t) GROUP BY b'
'v5' | 'CREATE VIEW v5 AS SELECT b FROM t UNION ALL SELECT c FROM t ORDER BY b'
'v6' | 'CREATE VIEW v6 AS WITH x AS (SELECT b FROM t), y AS (SELECT t.c FROM t) SELECT b FROM x'
'v7' | 'CREATE VIEW v7 AS SELECT nosuchfunction(b), sum(b) OVER w FROM t WINDOW w AS (PARTITION BY b ORDER BY c)'
'tr' | 'CREATE TRIGGER tr AFTER UPDATE OF b, c ON t WHEN new.b > old.b BEGIN INSERT INTO t(b,c) VALUES(new.b, new.rowid) ON CONFLICT(a) DO UPDATE SET b=excluded.b, c=t.b WHERE excluded.a>1; UPDATE t SET b = old.b FROM u WHERE t.b = u.x; DELETE FROM t WHERE b = 1; SELECT b FROM t; END'
> ALTER TABLE t RENAME a TO "id x"
> SELECT name, sql FROM sqlite_schema WHERE name IN ('t', 'v1', 'tr')
't' | 'CREATE TABLE t("id x" INTEGER PRIMARY KEY, b, c)'
'v1' | 'CREATE VIEW v1 AS SELECT "id x", "id x", "id x" FROM t'
'tr' | 'CREATE TRIGGER tr AFTER UPDATE OF b, c ON t WHEN new.b > old.b BEGIN INSERT INTO t(b,c) VALUES(new.b, new."id x") ON CONFLICT("id x") DO UPDATE SET b=excluded.b, c=t.b WHERE excluded."id x">1; UPDATE t SET b = old.b FROM u WHERE t.b = u.x; DELETE FROM t WHERE b = 1; SELECT b FROM t; END'
> ALTER TABLE t RENAME TO "t t"
> SELECT name, tbl_name, sql FROM sqlite_schema
't t' | 't t' | 'CREATE TABLE "t t"("id x" INTEGER PRIMARY KEY, b, c)'
'u' | 'u' | 'CREATE TABLE u(x REFERENCES "t t"(b), y, FOREIGN KEY(y, x) REFERENCES "t t"(c, "b"), CHECK(x <> ''b''))'
'v1' | 'v1' | 'CREATE VIEW v1 AS SELECT "id x", "id x", "id x" FROM "t t"'
'v3' | 'v3' | 'CREATE VIEW v3 AS SELECT "t t".* FROM "t t"'
'v4' | 'v4' | 'CREATE VIEW v4 AS SELECT x.b, (SELECT max("t t".c) FROM "t t") AS b2 FROM "t t" AS x WHERE x.b IN (SELECT c FROM "t t") GROUP BY b'
'v5' | 'v5' | 'CREATE VIEW v5 AS SELECT b FROM "t t" UNION ALL SELECT c FROM "t t" ORDER BY b'
'v6' | 'v6' | 'CREATE VIEW v6 AS WITH x AS (SELECT b FROM "t t"), y AS (SELECT "t t".c FROM "t t") SELECT b FROM x'
'v7' | 'v7' | 'CREATE VIEW v7 AS SELECT nosuchfunction(b), sum(b) OVER w FROM "t t" WINDOW w AS (PARTITION BY b ORDER BY c)'
'tr' | 't t' | 'CREATE TRIGGER tr AFTER UPDATE OF b, c ON "t t" WHEN new.b > old.b BEGIN INSERT INTO "t t"(b,c) VALUES(new.b, new."id x") ON CONFLICT("id x") DO UPDATE SET b="t t".b, c="t t".b WHERE "t t"."id x">1; UPDATE "t t" SET b = old.b FROM u WHERE "t t".b = u.x; DELETE FROM "t t" WHERE b = 1; SELECT b FROM "t t"; END'
> ALTER TABLE "t t" RENAME TO t
> SELECT name, sql FROM sqlite_schema WHERE name LIKE 'v%'
'v1' | 'CREATE VIEW v1 AS SELECT "id x", "id x", "id x" FROM "t"'
'v3' | 'CREATE VIEW v3 AS SELECT "t".* FROM "t"'
'v4' | 'CREATE VIEW v4 AS SELECT x.b, (SELECT max("t".c) FROM "t") AS b2 FROM "t" AS x WHERE x.b IN (SELECT c FROM "t") GROUP BY b'
'v5' | 'CREATE VIEW v5 AS SELECT b FROM "t" UNION ALL SELECT c FROM "t" ORDER BY b'
'v6' | 'CREATE VIEW v6 AS WITH x AS (SELECT b FROM "t"), y AS (SELECT "t".c FROM "t") SELECT b FROM x'
'v7' | 'CREATE VIEW v7 AS SELECT nosuchfunction(b), sum(b) OVER w FROM "t" WINDOW w AS (PARTITION BY b ORDER BY c)'
# Names that cannot be, and what is in the way.
> ALTER TABLE t RENAME TO u
error SQLITE_ERROR: there is already another table or index with this name: u
> ALTER TABLE t RENAME TO v1
error SQLITE_ERROR: there is already another table or index with this name: v1
> ALTER TABLE t RENAME TO sqlite_t
error SQLITE_ERROR: object name reserved for internal use: sqlite_t
> ALTER TABLE v1 RENAME TO w
error SQLITE_ERROR: view v1 may not be altered
> ALTER TABLE v1 RENAME TO u
error SQLITE_ERROR: there is already another table or index with this name: u
> ALTER TABLE v1 RENAME a TO b
error SQLITE_ERROR: cannot rename columns of view "v1"
> ALTER TABLE nosuch RENAME TO w
error SQLITE_ERROR: no such table: nosuch
> ALTER TABLE nosuch.t RENAME TO w
error SQLITE_ERROR: no such table: nosuch.t
> ALTER TABLE sqlite_schema RENAME TO w
error SQLITE_ERROR: table sqlite_master may not be altered
> ALTER TABLE json_each RENAME TO w
error SQLITE_ERROR: table json_each may not be altered
> ALTER TABLE t RENAME nosuch TO w
error SQLITE_ERROR: no such column: "nosuch"
> ALTER TABLE t RENAME [nosuch] TO w
error SQLITE_ERROR: no such column: "[nosuch]"
> ALTER TABLE t RENAME c TO bb
> ALTER TABLE t RENAME c TO rowid
error SQLITE_ERROR: no such column: "c"
> CREATE VIEW bad AS SELECT * FROM gone
> ALTER TABLE t RENAME c TO cc
error SQLITE_ERROR: no such column: "c"
> ALTER TABLE t RENAME TO tt
error SQLITE_ERROR: error in view bad: no such table: main.gone
> ALTER TABLE t DROP COLUMN c
error SQLITE_ERROR: no such column: "c"
> DROP VIEW bad
> CREATE VIEW q AS SELECT * FROM u NATURAL JOIN (SELECT y FROM u)
> ALTER TABLE u RENAME y TO z
> CREATE VIEW j AS SELECT * FROM t JOIN u USING (x)
> ALTER TABLE t RENAME c TO cc
error SQLITE_ERROR: no such column: "c"
> PRAGMA legacy_alter_table = 1
> ALTER TABLE t RENAME TO tt
> SELECT name, sql FROM sqlite_schema
'tt' | 'CREATE TABLE "tt"("id x" INTEGER PRIMARY KEY, b, bb)'
'u' | 'CREATE TABLE u(x REFERENCES "tt"(b), z, FOREIGN KEY(z, x) REFERENCES "tt"(bb, "b"), CHECK(x <> ''b''))'
'v1' | 'CREATE VIEW v1 AS SELECT "id x", "id x", "id x" FROM "t"'
'v3' | 'CREATE VIEW v3 AS SELECT "t".* FROM "t"'
'v4' | 'CREATE VIEW v4 AS SELECT x.b, (SELECT max("t".bb) FROM "t") AS b2 FROM "t" AS x WHERE x.b IN (SELECT bb FROM "t") GROUP BY b'
'v5' | 'CREATE VIEW v5 AS SELECT b FROM "t" UNION ALL SELECT bb FROM "t" ORDER BY b'
'v6' | 'CREATE VIEW v6 AS WITH x AS (SELECT b FROM "t"), y AS (SELECT "t".bb FROM "t") SELECT b FROM x'
'v7' | 'CREATE VIEW v7 AS SELECT nosuchfunction(b), sum(b) OVER w FROM "t" WINDOW w AS (PARTITION BY b ORDER BY bb)'
'tr' | 'CREATE TRIGGER tr AFTER UPDATE OF b, bb ON "tt" WHEN new.b > old.b BEGIN INSERT INTO "t"(b,bb) VALUES(new.b, new."id x") ON CONFLICT("id x") DO UPDATE SET b="t".b, bb="t".b WHERE "t"."id x">1; UPDATE "t" SET b = old.b FROM u WHERE "t".b = u.x; DELETE FROM "t" WHERE b = 1; SELECT b FROM "t"; END'
'q' | 'CREATE VIEW q AS SELECT * FROM u NATURAL JOIN (SELECT z FROM u)'
'j' | 'CREATE VIEW j AS SELECT * FROM t JOIN u USING (x)'
