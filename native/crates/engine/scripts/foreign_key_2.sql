# Which key is meant, and what is wrong with it.
> CREATE TABLE c1(x REFERENCES nowhere)
> INSERT INTO c1 VALUES (1)
error SQLITE_ERROR: no such table: main.nowhere
> INSERT INTO c1 VALUES (NULL)
error SQLITE_ERROR: no such table: main.nowhere
> INSERT INTO c1 DEFAULT VALUES
error SQLITE_ERROR: no such table: main.nowhere
> UPDATE c1 SET x = 1
error SQLITE_ERROR: no such table: main.nowhere
> DELETE FROM c1
error SQLITE_ERROR: no such table: main.nowhere
> SELECT * FROM c1
> CREATE TEMP TABLE tc(x REFERENCES nowhere)
> INSERT INTO tc VALUES (1)
error SQLITE_ERROR: no such table: temp.nowhere
> CREATE TABLE "odd ""name"(a)
> CREATE TABLE "child ""x"(x REFERENCES "odd ""name")
> INSERT INTO "child ""x" VALUES (1)
error SQLITE_ERROR: foreign key mismatch - "child ""x" referencing "odd ""name"
> DELETE FROM "odd ""name"
error SQLITE_ERROR: foreign key mismatch - "child ""x" referencing "odd ""name"
> UPDATE "odd ""name" SET a = 1
> INSERT INTO "odd ""name" VALUES (1)
changes 1
> CREATE TABLE p1(a, b UNIQUE, c)
> CREATE TABLE c2(x REFERENCES p1(a))
> INSERT INTO c2 VALUES (NULL)
error SQLITE_ERROR: foreign key mismatch - "c2" referencing "p1"
> INSERT INTO p1 VALUES (1, 2, 3)
changes 1
> INSERT INTO p1 VALUES (1, 2, 3), (4, 5, 6)
error SQLITE_ERROR: foreign key mismatch - "c2" referencing "p1"
> INSERT INTO p1 SELECT 4, 5, 6
error SQLITE_ERROR: foreign key mismatch - "c2" referencing "p1"
> UPDATE p1 SET a = 2
error SQLITE_ERROR: foreign key mismatch - "c2" referencing "p1"
> UPDATE p1 SET b = 2
changes 1
> UPDATE p1 SET c = 2
changes 1
> DELETE FROM p1
error SQLITE_ERROR: foreign key mismatch - "c2" referencing "p1"
> CREATE TABLE c3(x REFERENCES p1(nothing))
error SQLITE_ERROR: near "nothing": syntax error
> INSERT INTO c3 VALUES (1)
error SQLITE_ERROR: no such table: c3
> UPDATE p1 SET b = 3
changes 1
> DROP TABLE c2
> DELETE FROM p1
changes 1
> DROP TABLE c3
error SQLITE_ERROR: no such table: c3
> DELETE FROM p1
> CREATE TABLE c4(x REFERENCES p1)
> INSERT INTO c4 VALUES (1)
error SQLITE_ERROR: foreign key mismatch - "c4" referencing "p1"
> CREATE UNIQUE INDEX p1_c ON p1(c) WHERE c > 0
> CREATE TABLE c5(x REFERENCES p1(c))
> INSERT INTO c5 VALUES (NULL)
error SQLITE_ERROR: foreign key mismatch - "c5" referencing "p1"
> CREATE UNIQUE INDEX p1_c2 ON p1(c COLLATE NOCASE)
> INSERT INTO c5 VALUES (NULL)
error SQLITE_ERROR: foreign key mismatch - "c5" referencing "p1"
> CREATE UNIQUE INDEX p1_c3 ON p1(c + 0)
> INSERT INTO c5 VALUES (NULL)
error SQLITE_ERROR: foreign key mismatch - "c5" referencing "p1"
> CREATE INDEX p1_c4 ON p1(c)
> INSERT INTO c5 VALUES (NULL)
error SQLITE_ERROR: foreign key mismatch - "c5" referencing "p1"
> CREATE UNIQUE INDEX p1_c5 ON p1(c DESC)
> INSERT INTO c5 VALUES (NULL)
changes 1
> INSERT INTO c5 VALUES (1)
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> DROP TABLE c4
> INSERT INTO p1 VALUES (1, 1, 1)
changes 1
> INSERT INTO c5 VALUES (1)
changes 1
> DROP INDEX p1_c5
> INSERT INTO c5 VALUES (1)
error SQLITE_ERROR: foreign key mismatch - "c5" referencing "p1"
> DELETE FROM c5
error SQLITE_ERROR: foreign key mismatch - "c5" referencing "p1"
> CREATE VIEW v AS SELECT 1 AS a
> CREATE TABLE c6(x REFERENCES v)
> INSERT INTO c6 VALUES (1)
error SQLITE_ERROR: foreign key mismatch - "c6" referencing "v"
> DELETE FROM c6
error SQLITE_ERROR: foreign key mismatch - "c6" referencing "v"
> CREATE TABLE c7(x REFERENCES sqlite_schema)
> INSERT INTO c7 VALUES (1)
error SQLITE_ERROR: foreign key mismatch - "c7" referencing "sqlite_schema"
> CREATE TABLE p2(a, b, PRIMARY KEY (a, b))
> CREATE TABLE c8(x REFERENCES p2)
> INSERT INTO c8 VALUES (NULL)
error SQLITE_ERROR: foreign key mismatch - "c8" referencing "p2"
> CREATE TABLE c9(x, y, FOREIGN KEY (x, y) REFERENCES p2(a, a))
> INSERT INTO c9 VALUES (NULL, 1)
error SQLITE_ERROR: foreign key mismatch - "c9" referencing "p2"
> CREATE TABLE c10(x, y, FOREIGN KEY (x, y) REFERENCES p2(B, A))
> INSERT INTO p2 VALUES (1, 2)
changes 1
> DROP TABLE c8
> INSERT INTO p2 VALUES (1, 2)
error SQLITE_CONSTRAINT_PRIMARYKEY: UNIQUE constraint failed: p2.a, p2.b
> DROP TABLE c9
> INSERT INTO p2 SELECT 1, 2
error SQLITE_CONSTRAINT_PRIMARYKEY: UNIQUE constraint failed: p2.a, p2.b
> INSERT INTO c10 VALUES (2, 1)
changes 1
> INSERT INTO c10 VALUES (1, 2)
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> CREATE TABLE p3(id INTEGER PRIMARY KEY, a)
> CREATE UNIQUE INDEX p3_i ON p3(a, id)
> CREATE TABLE c11(x, y, FOREIGN KEY (x, y) REFERENCES p3(id, a))
> CREATE TABLE c12(x, y, FOREIGN KEY (x, y) REFERENCES p3)
> INSERT INTO p3 VALUES (1, 'a')
changes 1
> INSERT INTO c11 VALUES (1, 'a')
changes 1
> INSERT INTO c11 VALUES ('1', 'a')
changes 1
> INSERT INTO c11 VALUES ('a', 1)
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> INSERT INTO c12 VALUES (1, 'a')
error SQLITE_ERROR: foreign key mismatch - "c12" referencing "p3"
> DROP TABLE c12
> UPDATE p3 SET id = 2
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> UPDATE p3 SET a = 'b'
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> DELETE FROM p3
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> CREATE TABLE p4(id INTEGER PRIMARY KEY DESC)
> CREATE TABLE c13(x REFERENCES p4)
> INSERT INTO p4 VALUES ('7')
changes 1
> INSERT INTO c13 VALUES (7)
changes 1
> INSERT INTO c13 VALUES ('7')
changes 1
> INSERT INTO c13 VALUES (1)
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> CREATE TABLE c14(x REFERENCES p4(rowid))
> INSERT INTO c14 VALUES (1)
error SQLITE_ERROR: foreign key mismatch - "c14" referencing "p4"
> DROP TABLE c14
> DELETE FROM p4
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
# Errors of CREATE TABLE.
> CREATE TABLE e1(a, b, FOREIGN KEY (a, b) REFERENCES p2(a))
error SQLITE_ERROR: number of columns in foreign key does not match the number of columns in the referenced table
> CREATE TABLE e2(a, FOREIGN KEY (z) REFERENCES p2)
error SQLITE_ERROR: unknown column "z" in foreign key definition
> CREATE TABLE e3(a REFERENCES p2(a, b))
error SQLITE_ERROR: foreign key on a should reference only one column of table p2
> CREATE TABLE e4(a REFERENCES p2(a) REFERENCES p3)
> SELECT "table", "from", "to" FROM pragma_foreign_key_list('e4')
'p3' | 'a' | NULL
'p2' | 'a' | 'a'
# Keys stay within one database, and temp tables have their own.
> CREATE TEMP TABLE p5(id INTEGER PRIMARY KEY)
> CREATE TABLE c15(x REFERENCES p5)
> INSERT INTO c15 VALUES (1)
error SQLITE_ERROR: no such table: main.p5
> CREATE TEMP TABLE c16(x REFERENCES p5, y REFERENCES p4)
> INSERT INTO c16 VALUES (NULL, NULL)
error SQLITE_ERROR: no such table: temp.p4
> CREATE TEMP TABLE p4(id INTEGER PRIMARY KEY)
> INSERT INTO temp.p4 VALUES (1)
changes 1
> INSERT INTO c16 VALUES (NULL, 1)
changes 1
> INSERT INTO c16 VALUES (NULL, 7)
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> DELETE FROM temp.p4
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> ATTACH ':memory:' AS aux
> CREATE TABLE aux.p(id INTEGER PRIMARY KEY)
> CREATE TABLE aux.c(x REFERENCES p ON DELETE CASCADE)
> CREATE TABLE aux.d(x REFERENCES p1)
> INSERT INTO aux.p VALUES (1)
changes 1
> INSERT INTO aux.c VALUES (1)
changes 1
> INSERT INTO aux.c VALUES (2)
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> INSERT INTO aux.d VALUES (1)
error SQLITE_ERROR: no such table: aux.p1
> DELETE FROM aux.p
changes 1
> SELECT * FROM aux.c
# The pragma.
> PRAGMA foreign_keys
1
> PRAGMA foreign_keys = OFF
> INSERT INTO c15 VALUES (1)
changes 1
> INSERT INTO c6 VALUES (1)
changes 1
> PRAGMA foreign_keys
0
> BEGIN
> PRAGMA foreign_keys = ON
> PRAGMA foreign_keys
0
> COMMIT
> PRAGMA foreign_keys = ON
> INSERT INTO c15 VALUES (1)
error SQLITE_ERROR: no such table: main.p5
> BEGIN
> PRAGMA foreign_keys = OFF
> PRAGMA foreign_keys
1
> INSERT INTO c15 VALUES (1)
error SQLITE_ERROR: no such table: main.p5
> ROLLBACK
# Of several errors the last that is met counts.
> CREATE TABLE m(a, b UNIQUE, c REFERENCES gone)
> CREATE TABLE m1(x REFERENCES m(a))
> CREATE TABLE m2(x REFERENCES m(c) ON DELETE CASCADE ON UPDATE SET NULL)
> CREATE TABLE m3(x REFERENCES m(b) ON DELETE CASCADE)
> DELETE FROM m
error SQLITE_ERROR: foreign key mismatch - "m2" referencing "m"
> UPDATE m SET a = 1
error SQLITE_ERROR: foreign key mismatch - "m1" referencing "m"
> UPDATE m SET b = 1
error SQLITE_ERROR: foreign key mismatch - "m1" referencing "m"
> UPDATE m SET c = 1
error SQLITE_ERROR: foreign key mismatch - "m2" referencing "m"
> INSERT INTO m VALUES (1, 2, 3)
error SQLITE_ERROR: no such table: main.gone
> INSERT OR REPLACE INTO m VALUES (1, 2, 3)
error SQLITE_ERROR: no such table: main.gone
> DROP TABLE m
> SELECT name FROM sqlite_schema WHERE name LIKE 'm%'
'm1'
'm2'
'm3'
