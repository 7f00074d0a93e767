# Names in double quotes where a column is dropped, or never was; tbl_name of a trigger is as it was written.
> CREATE TABLE z("a", "b", "c", UNIQUE("a", "b"), CHECK ("c" > 0))
> ALTER TABLE z DROP COLUMN "b"
error SQLITE_ERROR: error in table z after drop column: expressions prohibited in PRIMARY KEY and UNIQUE constraints
> ALTER TABLE z DROP COLUMN "c"
error SQLITE_ERROR: error in table z after drop column: no such column: "c" - should this be a string literal in single-quotes?
> CREATE TABLE z2("a", "b", PRIMARY KEY ("a", "b"))
> ALTER TABLE z2 DROP COLUMN "b"
error SQLITE_ERROR: cannot drop PRIMARY KEY column: "b"
> CREATE TABLE z3(a, b, c, UNIQUE(a, b))
> ALTER TABLE z3 DROP COLUMN b
error SQLITE_ERROR: error in table z3 after drop column: no such column: b
> CREATE TABLE z4(a, b, c, UNIQUE(a, `b`))
> ALTER TABLE z4 DROP COLUMN b
error SQLITE_ERROR: error in table z4 after drop column: no such column: b
> CREATE TABLE z6("a", "b")
> CREATE INDEX z6i ON z6("b")
> ALTER TABLE z6 DROP COLUMN "b"
error SQLITE_ERROR: error in index z6i after drop column: no such column: "b" - should this be a string literal in single-quotes?
> CREATE TABLE z7("a", "b")
> CREATE INDEX z7i ON z7("b" COLLATE NOCASE, a)
> CREATE INDEX z7j ON z7(b)
> ALTER TABLE z7 DROP COLUMN b
error SQLITE_ERROR: error in index z7j after drop column: no such column: b
> CREATE TABLE z8(a, b, UNIQUE ("b" COLLATE NOCASE))
> ALTER TABLE z8 DROP b
error SQLITE_ERROR: error in table z8 after drop column: expressions prohibited in PRIMARY KEY and UNIQUE constraints
> CREATE TABLE z9(a, b, UNIQUE ('b'))
> ALTER TABLE z9 DROP b
error SQLITE_ERROR: error in table z9 after drop column: no such column: b
> CREATE TABLE y1("a", UNIQUE ("nope"))
error SQLITE_ERROR: no such column: "nope" - should this be a string literal in single-quotes?
> CREATE TABLE y2(a, UNIQUE ('nope'))
error SQLITE_ERROR: no such column: nope
> CREATE TABLE y2(a, PRIMARY KEY (a, "nope"))
error SQLITE_ERROR: no such column: "nope" - should this be a string literal in single-quotes?
> CREATE TABLE y2(a, UNIQUE (nope))
error SQLITE_ERROR: no such column: nope
> SELECT sql FROM sqlite_schema
'CREATE TABLE z("a", "b", "c", UNIQUE("a", "b"), CHECK ("c" > 0))'
NULL
'CREATE TABLE z2("a", "b", PRIMARY KEY ("a", "b"))'
NULL
'CREATE TABLE z3(a, b, c, UNIQUE(a, b))'
NULL
'CREATE TABLE z4(a, b, c, UNIQUE(a, `b`))'
NULL
'CREATE TABLE z6("a", "b")'
'CREATE INDEX z6i ON z6("b")'
'CREATE TABLE z7("a", "b")'
'CREATE INDEX z7i ON z7("b" COLLATE NOCASE, a)'
'CREATE INDEX z7j ON z7(b)'
'CREATE TABLE z8(a, b, UNIQUE ("b" COLLATE NOCASE))'
NULL
'CREATE TABLE z9(a, b, UNIQUE (''b''))'
NULL
> CREATE TABLE t8(a, b, c)
> CREATE TRIGGER r8 AFTER INSERT ON T8 BEGIN SELECT 1; END
> CREATE INDEX I8 ON T8(a)
> CREATE TEMP TRIGGER r8t AFTER INSERT ON main.T8 BEGIN INSERT INTO z2 VALUES (new.a, 2); END
> SELECT name, tbl_name FROM sqlite_schema WHERE name LIKE '_8'
'z8' | 'z8'
't8' | 't8'
'r8' | 'T8'
'I8' | 't8'
> SELECT name, tbl_name FROM sqlite_temp_schema
'r8t' | 'T8'
> INSERT INTO t8(a) VALUES (1)
changes 1
> SELECT * FROM z2
1 | 2
> CREATE VIEW V8 AS SELECT 1 AS x
> CREATE TRIGGER rv8 INSTEAD OF INSERT ON v8 BEGIN INSERT INTO z2 VALUES (new.x, 3); END
> INSERT INTO V8 VALUES (7)
> SELECT * FROM z2
1 | 2
7 | 3
> SELECT name, tbl_name FROM sqlite_schema WHERE name LIKE '%v8'
'V8' | 'V8'
'rv8' | 'v8'
> ALTER TABLE T8 RENAME TO t8x
> SELECT name, tbl_name, sql FROM sqlite_schema WHERE name LIKE '%8%'
'z8' | 'z8' | 'CREATE TABLE z8(a, b, UNIQUE ("b" COLLATE NOCASE))'
'sqlite_autoindex_z8_1' | 'z8' | NULL
't8x' | 't8x' | 'CREATE TABLE "t8x"(a, b, c)'
'r8' | 't8x' | 'CREATE TRIGGER r8 AFTER INSERT ON "t8x" BEGIN SELECT 1; END'
'I8' | 't8x' | 'CREATE INDEX I8 ON "t8x"(a)'
'V8' | 'V8' | 'CREATE VIEW V8 AS SELECT 1 AS x'
'rv8' | 'v8' | 'CREATE TRIGGER rv8 INSTEAD OF INSERT ON v8 BEGIN INSERT INTO z2 VALUES (new.x, 3); END'
> SELECT name, tbl_name, sql FROM sqlite_temp_schema
'r8t' | 't8x' | 'CREATE TRIGGER r8t AFTER INSERT ON main."t8x" BEGIN INSERT INTO z2 VALUES (new.a, 2); END'
> INSERT INTO t8x(a) VALUES (2)
changes 1
> SELECT * FROM z2
1 | 2
7 | 3
2 | 2
> DROP TRIGGER r8
> DROP TABLE T8X
> SELECT name, tbl_name FROM sqlite_schema WHERE name LIKE '%8%'
'z8' | 'z8'
'sqlite_autoindex_z8_1' | 'z8'
'V8' | 'V8'
'rv8' | 'v8'
