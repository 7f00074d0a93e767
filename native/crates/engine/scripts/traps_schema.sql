# Texts of the schema: what CREATE keeps, what ALTER makes of them, what breaks, what names are reserved.
> CREATE  TABLE   main . "t 1" ( a  INTEGER PRIMARY KEY , b TEXT -- a comment
error SQLITE_ERROR: incomplete input
> CREATE  TABLE   main . "t 1" ( a  INTEGER PRIMARY KEY , b TEXT /* kept */ DEFAULT 'x''y' )  ;
> CREATE TABLE IF NOT EXISTS "t 1"(other)
> CREATE TABLE "T 1"(other)
error SQLITE_ERROR: table "T 1" already exists
> CREATE TEMPORARY TABLE tt(a, b)
> CREATE TABLE [u](a UNIQUE, b, UNIQUE (b, a), PRIMARY KEY (b))
> CREATE TABLE s AS SELECT 1 AS a, 'x' AS "b c", 2.5 AS a
> CREATE INDEX IF NOT EXISTS "i 1" ON u(a DESC, b COLLATE NOCASE) WHERE a > 0
> CREATE VIEW v(x, y) AS SELECT a, b FROM u WHERE a > 1
> CREATE TRIGGER g AFTER UPDATE OF a ON u WHEN NEW.a > OLD.a BEGIN UPDATE u SET b = NEW.a WHERE a = OLD.a; SELECT * FROM v; END
> SELECT type, name, tbl_name, sql FROM sqlite_schema
'table' | 't 1' | 't 1' | 'CREATE TABLE "t 1" ( a  INTEGER PRIMARY KEY , b TEXT /* kept */ DEFAULT ''x''''y'' )'
'table' | 'u' | 'u' | 'CREATE TABLE [u](a UNIQUE, b, UNIQUE (b, a), PRIMARY KEY (b))'
'index' | 'sqlite_autoindex_u_1' | 'u' | NULL
'index' | 'sqlite_autoindex_u_2' | 'u' | NULL
'index' | 'sqlite_autoindex_u_3' | 'u' | NULL
'table' | 's' | 's' | 'CREATE TABLE s(a,"b c","a:1")'
'index' | 'i 1' | 'u' | 'CREATE INDEX "i 1" ON u(a DESC, b COLLATE NOCASE) WHERE a > 0'
'view' | 'v' | 'v' | 'CREATE VIEW v(x, y) AS SELECT a, b FROM u WHERE a > 1'
'trigger' | 'g' | 'u' | 'CREATE TRIGGER g AFTER UPDATE OF a ON u WHEN NEW.a > OLD.a BEGIN UPDATE u SET b = NEW.a WHERE a = OLD.a; SELECT * FROM v; END'
> SELECT type, name, tbl_name, sql FROM sqlite_temp_master
'table' | 'tt' | 'tt' | 'CREATE TABLE tt(a, b)'
> SELECT name, rootpage > 0 FROM sqlite_schema
't 1' | 1
'u' | 1
'sqlite_autoindex_u_1' | 1
'sqlite_autoindex_u_2' | 1
'sqlite_autoindex_u_3' | 1
's' | 1
'i 1' | 1
'v' | 0
'g' | 0
> PRAGMA schema_version
6
# Names.
> CREATE TABLE sqlite_x(a)
error SQLITE_ERROR: object name reserved for internal use: sqlite_x
> CREATE INDEX sqlite_i ON u(a)
error SQLITE_ERROR: object name reserved for internal use: sqlite_i
> CREATE TABLE "i 1"(a)
error SQLITE_ERROR: there is already an index named i 1
> CREATE INDEX u ON s(a)
error SQLITE_ERROR: there is already a table named u
> CREATE VIEW u AS SELECT 1
error SQLITE_ERROR: table u already exists
> CREATE TRIGGER g BEFORE DELETE ON u BEGIN SELECT 1; END
error SQLITE_ERROR: trigger g already exists
> DROP INDEX sqlite_autoindex_u_1
error SQLITE_ERROR: index associated with UNIQUE or PRIMARY KEY constraint cannot be dropped
> DROP TABLE sqlite_schema
error SQLITE_ERROR: table sqlite_master may not be dropped
> DROP TABLE v
error SQLITE_ERROR: use DROP VIEW to delete view v
> DROP VIEW u
error SQLITE_ERROR: use DROP TABLE to delete table u
> DROP TABLE IF EXISTS nowhere
> CREATE TABLE bad(a, b, A)
error SQLITE_ERROR: duplicate column name: A
> CREATE TABLE bad(a, PRIMARY KEY (b))
error SQLITE_ERROR: no such column: b
> CREATE TABLE bad(a PRIMARY KEY, b PRIMARY KEY)
error SQLITE_ERROR: table "bad" has more than one primary key
> CREATE TABLE bad(a TEXT PRIMARY KEY AUTOINCREMENT)
error SQLITE_ERROR: AUTOINCREMENT is only allowed on an INTEGER PRIMARY KEY
> CREATE TABLE bad(a) WITHOUT ROWID
error SQLITE_ERROR: PRIMARY KEY missing on table bad
> CREATE TABLE bad(a DEFAULT (b))
error SQLITE_ERROR: default value of column [a] is not constant
> CREATE TABLE bad(a CHECK ((SELECT 1)))
error SQLITE_ERROR: subqueries prohibited in CHECK constraints
> CREATE TABLE bad(a AS (b), b AS (a))
error SQLITE_ERROR: must have at least one non-generated column
> CREATE TABLE bad(a REFERENCES u(a, b))
error SQLITE_ERROR: foreign key on a should reference only one column of table u
> CREATE TABLE bad(a WHATEVER) STRICT
error SQLITE_ERROR: unknown datatype for bad.a: "WHATEVER"
# ALTER edits texts, wherever the name stands for the thing.
> ALTER TABLE u RENAME TO "new u"
> SELECT sql FROM sqlite_schema WHERE tbl_name = 'new u' OR type IN ('view', 'trigger')
'CREATE TABLE "new u"(a UNIQUE, b, UNIQUE (b, a), PRIMARY KEY (b))'
NULL
NULL
NULL
'CREATE INDEX "i 1" ON "new u"(a DESC, b COLLATE NOCASE) WHERE a > 0'
'CREATE VIEW v(x, y) AS SELECT a, b FROM "new u" WHERE a > 1'
'CREATE TRIGGER g AFTER UPDATE OF a ON "new u" WHEN NEW.a > OLD.a BEGIN UPDATE "new u" SET b = NEW.a WHERE a = OLD.a; SELECT * FROM v; END'
> ALTER TABLE "new u" RENAME COLUMN a TO "a a"
> SELECT sql FROM sqlite_schema WHERE tbl_name = 'new u' OR type IN ('view', 'trigger')
'CREATE TABLE "new u"("a a" UNIQUE, b, UNIQUE (b, "a a"), PRIMARY KEY (b))'
NULL
NULL
NULL
'CREATE INDEX "i 1" ON "new u"("a a" DESC, b COLLATE NOCASE) WHERE "a a" > 0'
'CREATE VIEW v(x, y) AS SELECT "a a", b FROM "new u" WHERE "a a" > 1'
'CREATE TRIGGER g AFTER UPDATE OF "a a" ON "new u" WHEN NEW."a a" > OLD."a a" BEGIN UPDATE "new u" SET b = NEW."a a" WHERE "a a" = OLD."a a"; SELECT * FROM v; END'
> ALTER TABLE "new u" RENAME b TO bee
> SELECT sql FROM sqlite_schema WHERE tbl_name = 'new u' OR type IN ('view', 'trigger')
'CREATE TABLE "new u"("a a" UNIQUE, bee, UNIQUE (bee, "a a"), PRIMARY KEY (bee))'
NULL
NULL
NULL
'CREATE INDEX "i 1" ON "new u"("a a" DESC, bee COLLATE NOCASE) WHERE "a a" > 0'
'CREATE VIEW v(x, y) AS SELECT "a a", bee FROM "new u" WHERE "a a" > 1'
'CREATE TRIGGER g AFTER UPDATE OF "a a" ON "new u" WHEN NEW."a a" > OLD."a a" BEGIN UPDATE "new u" SET bee = NEW."a a" WHERE "a a" = OLD."a a"; SELECT * FROM v; END'
> SELECT name FROM sqlite_schema WHERE name LIKE 'sqlite_autoindex%'
'sqlite_autoindex_new u_1'
'sqlite_autoindex_new u_2'
'sqlite_autoindex_new u_3'
> ALTER TABLE "new u" DROP COLUMN bee
error SQLITE_ERROR: cannot drop PRIMARY KEY column: "bee"
> ALTER TABLE "new u" DROP COLUMN "a a"
error SQLITE_ERROR: cannot drop UNIQUE column: "a a"
> ALTER TABLE s DROP COLUMN "b c"
> SELECT sql FROM sqlite_schema WHERE name = 's'
'CREATE TABLE s(a,"a:1")'
> ALTER TABLE s DROP COLUMN "a:1"
> ALTER TABLE s DROP COLUMN a
error SQLITE_ERROR: cannot drop column "a": no other columns exist
> CREATE VIEW broken AS SELECT nothing FROM s
error SQLITE_ERROR: near "nothing": syntax error
> ALTER TABLE s RENAME TO s2
> ALTER TABLE s RENAME COLUMN a TO b
error SQLITE_ERROR: no such table: s
> PRAGMA legacy_alter_table = ON
> ALTER TABLE s RENAME TO s2
error SQLITE_ERROR: no such table: s
> PRAGMA legacy_alter_table = OFF
> DROP VIEW broken
error SQLITE_ERROR: no such view: broken
# A table behind IN is not renamed, so that the view is broken.
> CREATE VIEW behind AS SELECT 1 WHERE 1 IN s2
> ALTER TABLE s2 RENAME TO s3
error SQLITE_ERROR: error in view behind after rename: no such table: main.s2
> DROP VIEW behind
> CREATE TRIGGER behind AFTER INSERT ON s2 BEGIN SELECT 1 WHERE 1 IN s2; END
> ALTER TABLE s2 RENAME TO s3
error SQLITE_ERROR: error in trigger behind after rename: no such table: main.s2
> DROP TRIGGER behind
> ALTER TABLE s2 RENAME TO s3
# ADD COLUMN.
> INSERT INTO s3 VALUES (2)
changes 1
> ALTER TABLE s3 ADD COLUMN c PRIMARY KEY
error SQLITE_ERROR: Cannot add a PRIMARY KEY column
> ALTER TABLE s3 ADD COLUMN c UNIQUE
error SQLITE_ERROR: Cannot add a UNIQUE column
> ALTER TABLE s3 ADD COLUMN c NOT NULL
error SQLITE_ERROR: Cannot add a NOT NULL column with default value NULL
> ALTER TABLE s3 ADD COLUMN c NOT NULL DEFAULT NULL
error SQLITE_ERROR: Cannot add a NOT NULL column with default value NULL
> ALTER TABLE s3 ADD COLUMN c DEFAULT CURRENT_TIME
error SQLITE_ERROR: Cannot add a column with non-constant default
> ALTER TABLE s3 ADD COLUMN c DEFAULT (1 + 1)
error SQLITE_ERROR: Cannot add a column with non-constant default
> ALTER TABLE s3 ADD COLUMN c AS (a) STORED
error SQLITE_ERROR: cannot add a STORED column
> ALTER TABLE s3 ADD COLUMN c CHECK (c > 0) DEFAULT 0
error SQLITE_ERROR: CHECK constraint failed
> ALTER TABLE s3 ADD COLUMN c CHECK (a > 2)
error SQLITE_ERROR: CHECK constraint failed
> ALTER TABLE s3 ADD COLUMN c REFERENCES "t 1" DEFAULT 1
error SQLITE_ERROR: Cannot add a REFERENCES column with non-NULL default value
> ALTER TABLE s3 ADD COLUMN c TEXT NOT NULL DEFAULT 'd' COLLATE NOCASE
> ALTER TABLE s3 ADD d AS (c || '!')
> ALTER TABLE s3 ADD COLUMN C
error SQLITE_ERROR: duplicate column name: C
> SELECT *, typeof(c) FROM s3
1 | 'd' | 'd!' | 'text'
2 | 'd' | 'd!' | 'text'
> SELECT sql FROM sqlite_schema WHERE name = 's3'
'CREATE TABLE "s3"(a, c TEXT NOT NULL DEFAULT ''d'' COLLATE NOCASE, d AS (c || ''!''))'
> DELETE FROM s3
changes 2
> ALTER TABLE s3 ADD COLUMN e DEFAULT CURRENT_TIME
> ALTER TABLE s3 ADD COLUMN f DEFAULT (1 + 1)
> ALTER TABLE s3 ADD COLUMN h NOT NULL
> SELECT sql FROM sqlite_schema WHERE name = 's3'
'CREATE TABLE "s3"(a, c TEXT NOT NULL DEFAULT ''d'' COLLATE NOCASE, d AS (c || ''!''), e DEFAULT CURRENT_TIME, f DEFAULT (1 + 1), h NOT NULL)'
# Temp hides main, and main must not name temp.
> CREATE TABLE both(a)
> CREATE TEMP TABLE both(b)
> INSERT INTO both VALUES (1)
changes 1
> SELECT (SELECT count(*) FROM main.both), (SELECT count(*) FROM temp.both)
0 | 1
> CREATE VIEW crossing AS SELECT * FROM temp.both
error SQLITE_ERROR: view crossing cannot reference objects in database temp
> CREATE VIEW crossing AS SELECT * FROM temp.both UNION SELECT * FROM nowhere.t
error SQLITE_ERROR: view crossing cannot reference objects in database nowhere
> CREATE VIEW crossing AS SELECT (SELECT 1 FROM a1.t) FROM a2.t, (SELECT 1 FROM a3.t) ORDER BY (SELECT 1 FROM a4.t)
error SQLITE_ERROR: view crossing cannot reference objects in database a2
> CREATE VIEW crossing AS WITH w AS (SELECT 1 FROM a1.t) SELECT (SELECT 1 FROM a2.t) FROM (SELECT 1 FROM a3.t)
error SQLITE_ERROR: view crossing cannot reference objects in database a1
> CREATE TRIGGER crossing AFTER INSERT ON main.both WHEN (SELECT 1 FROM a1.t) BEGIN SELECT 1 FROM a2.t; END
error SQLITE_ERROR: trigger crossing cannot reference objects in database a2
> CREATE TRIGGER crossing AFTER INSERT ON main.both BEGIN INSERT INTO temp.both VALUES (1); END
error SQLITE_ERROR: qualified table names are not allowed on INSERT, UPDATE, and DELETE statements within triggers
> CREATE TEMP VIEW crossing AS SELECT * FROM main.both, temp.both
> SELECT * FROM crossing
> DROP TABLE both
> SELECT * FROM crossing
error SQLITE_ERROR: no such table: temp.both
> CREATE INDEX temp.i ON both(a)
error SQLITE_ERROR: cannot create a TEMP index on non-TEMP table "both"
> CREATE TEMP TRIGGER tg AFTER INSERT ON both BEGIN INSERT INTO tt VALUES (NEW.a, 'temp'); END
> INSERT INTO both VALUES (5)
changes 1
> SELECT * FROM tt
5 | 'temp'
> DROP TABLE both
> SELECT name FROM sqlite_temp_schema
'tt'
'crossing'
# Numbers of the schema.
> PRAGMA user_version = 7
> PRAGMA application_id = -1
> PRAGMA user_version
7
> PRAGMA application_id
-1
> BEGIN
> PRAGMA user_version = 8
> ROLLBACK
> PRAGMA user_version
7
> INSERT INTO sqlite_schema VALUES (1, 2, 3, 4, 5)
error SQLITE_ERROR: table sqlite_master may not be modified
> UPDATE sqlite_schema SET sql = ''
error SQLITE_ERROR: table sqlite_master may not be modified
> CREATE INDEX x ON sqlite_schema(name)
error SQLITE_ERROR: table sqlite_master may not be indexed
> CREATE TRIGGER x AFTER INSERT ON sqlite_schema BEGIN SELECT 1; END
error SQLITE_ERROR: cannot create trigger on system table
> CREATE VIEW x AS SELECT ?
error SQLITE_ERROR: parameters are not allowed in views
