# DROP TABLE deletes the rows first.
> CREATE TABLE p(id INTEGER PRIMARY KEY)
> CREATE TABLE c(x REFERENCES p)
> INSERT INTO p VALUES (1), (2)
changes 2
> INSERT INTO c VALUES (1)
changes 1
> DROP TABLE p
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> SELECT changes(), total_changes()
0 | 3
> SELECT count(*) FROM p
2
> DELETE FROM c
changes 1
> DROP TABLE p
changes 2
> SELECT changes(), total_changes()
2 | 6
> INSERT INTO c VALUES (1)
error SQLITE_ERROR: no such table: main.p
> INSERT INTO c VALUES (NULL)
error SQLITE_ERROR: no such table: main.p
> DELETE FROM c
error SQLITE_ERROR: no such table: main.p
> PRAGMA foreign_key_check
> CREATE TABLE p(id INTEGER PRIMARY KEY)
> INSERT INTO c VALUES (NULL)
changes 1
> DROP TABLE c
> DROP TABLE p
> CREATE TABLE p(id INTEGER PRIMARY KEY)
> CREATE TABLE cc(x REFERENCES p ON DELETE CASCADE)
> CREATE TABLE cn(x REFERENCES p ON DELETE SET NULL)
> INSERT INTO p VALUES (1), (2)
changes 2
> INSERT INTO cc VALUES (1), (1), (2)
changes 3
> INSERT INTO cn VALUES (1), (1), (2)
changes 3
> SELECT changes(), total_changes()
3 | 15
> DROP TABLE p
changes 2
> SELECT changes(), total_changes()
2 | 23
> SELECT * FROM cc
> SELECT * FROM cn
NULL
NULL
NULL
> CREATE TABLE p(id INTEGER PRIMARY KEY)
> CREATE TABLE cr(x REFERENCES p ON DELETE RESTRICT)
> INSERT INTO p VALUES (1)
changes 1
> INSERT INTO cr VALUES (1)
changes 1
> DROP TABLE p
error SQLITE_CONSTRAINT_TRIGGER: FOREIGN KEY constraint failed
> DROP TABLE cr
> CREATE TABLE cd(x REFERENCES p DEFERRABLE INITIALLY DEFERRED)
> INSERT INTO cd VALUES (1)
changes 1
> DROP TABLE p
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> SELECT name FROM sqlite_schema ORDER BY name
'cc'
'cd'
'cn'
'p'
> BEGIN
> DROP TABLE p
changes 1
> SELECT name FROM sqlite_schema ORDER BY name
'cc'
'cd'
'cn'
> COMMIT
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> CREATE TABLE p(id INTEGER PRIMARY KEY)
> COMMIT
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> INSERT INTO p VALUES (1)
changes 1
> COMMIT
> SELECT * FROM p
1
> ROLLBACK
error SQLITE_ERROR: cannot rollback - no transaction is active
> SELECT count(*) FROM p
1
> BEGIN
> INSERT INTO cd VALUES (9)
changes 1
> COMMIT
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> DROP TABLE cd
changes 2
> COMMIT
> SELECT changes(), total_changes()
2 | 31
# No trigger fires for it; those of the children do.
> CREATE TABLE log(what)
> CREATE TABLE tp(id INTEGER PRIMARY KEY)
> CREATE TABLE tc(x REFERENCES tp ON DELETE CASCADE)
> CREATE TRIGGER tp_d AFTER DELETE ON tp BEGIN INSERT INTO log VALUES ('parent'); END
> CREATE TRIGGER tc_d AFTER DELETE ON tc BEGIN INSERT INTO log VALUES ('child ' || old.x); END
> INSERT INTO tp VALUES (1), (2)
changes 2
> INSERT INTO tc VALUES (2), (1)
changes 2
> DROP TABLE tp
changes 2
> SELECT * FROM log
'child 1'
'child 2'
# A table that refers to itself, circles, missing parents.
> CREATE TABLE s(id INTEGER PRIMARY KEY, up REFERENCES s)
> INSERT INTO s VALUES (1, NULL), (2, 1), (3, 2)
changes 3
> DROP TABLE s
changes 3
> CREATE TABLE r1(id INTEGER PRIMARY KEY, x REFERENCES r2)
> CREATE TABLE r2(id INTEGER PRIMARY KEY, x REFERENCES r1)
> INSERT INTO r1 VALUES (1, NULL)
changes 1
> INSERT INTO r2 VALUES (1, 1)
changes 1
> UPDATE r1 SET x = 1
changes 1
> DROP TABLE r1
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> DROP TABLE r2
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> BEGIN
> PRAGMA defer_foreign_keys = ON
> DROP TABLE r1
changes 1
> DROP TABLE r2
changes 1
> COMMIT
> CREATE TABLE m(id INTEGER PRIMARY KEY, x REFERENCES missing DEFERRABLE INITIALLY DEFERRED)
> PRAGMA foreign_keys = OFF
> INSERT INTO m VALUES (1, 1), (2, 2)
changes 2
> PRAGMA foreign_keys = ON
> DROP TABLE m
> CREATE TABLE m(id INTEGER PRIMARY KEY, x REFERENCES missing)
> CREATE TABLE mc(x REFERENCES m)
> PRAGMA foreign_keys = OFF
> INSERT INTO m VALUES (1, 1), (2, NULL)
changes 2
> PRAGMA foreign_keys = ON
> DROP TABLE m
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> DELETE FROM m
error SQLITE_ERROR: no such table: main.missing
> PRAGMA foreign_keys = OFF
> UPDATE m SET x = NULL
changes 2
> PRAGMA foreign_keys = ON
> DROP TABLE m
changes 2
> CREATE TABLE bad(a)
> CREATE TABLE badc(x REFERENCES bad(a))
> DROP TABLE bad
> DROP TABLE badc
# With keys off, nothing is looked at.
> CREATE TABLE op(id INTEGER PRIMARY KEY)
> CREATE TABLE oc(x REFERENCES op ON DELETE CASCADE)
> INSERT INTO op VALUES (1)
changes 1
> INSERT INTO oc VALUES (1)
changes 1
> PRAGMA foreign_keys = OFF
> DROP TABLE op
> SELECT * FROM oc
1
> PRAGMA foreign_key_check
'oc' | 1 | 'op' | 0
> PRAGMA foreign_keys = ON
# ALTER TABLE.
> CREATE TABLE ap(id INTEGER PRIMARY KEY, k UNIQUE)
> CREATE TABLE ac(x REFERENCES ap, y REFERENCES ap(k) ON UPDATE CASCADE)
> INSERT INTO ap VALUES (1, 'a'), (2, 'b')
changes 2
> INSERT INTO ac VALUES (1, 'a')
changes 1
> ALTER TABLE ap RENAME TO ap2
> SELECT sql FROM sqlite_schema WHERE name = 'ac'
'CREATE TABLE ac(x REFERENCES "ap2", y REFERENCES "ap2"(k) ON UPDATE CASCADE)'
> INSERT INTO ac VALUES (9, 'a')
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> INSERT INTO ac VALUES (2, 'b')
changes 1
> ALTER TABLE ap2 RENAME COLUMN k TO kk
> SELECT sql FROM sqlite_schema WHERE name = 'ac'
'CREATE TABLE ac(x REFERENCES "ap2", y REFERENCES "ap2"(kk) ON UPDATE CASCADE)'
> UPDATE ap2 SET kk = 'z' WHERE id = 1
changes 1
> SELECT * FROM ac
1 | 'z'
2 | 'b'
> ALTER TABLE ac RENAME COLUMN x TO xx
> ALTER TABLE ac RENAME TO ac2
> DELETE FROM ap2 WHERE id = 1
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> ALTER TABLE ac2 DROP COLUMN xx
> ALTER TABLE ac2 DROP COLUMN y
error SQLITE_ERROR: cannot drop column "y": no other columns exist
> ALTER TABLE ap2 DROP COLUMN kk
error SQLITE_ERROR: cannot drop UNIQUE column: "kk"
> ALTER TABLE ap2 ADD COLUMN parent REFERENCES ap2
> ALTER TABLE ap2 ADD COLUMN other REFERENCES ap2 DEFAULT 1
error SQLITE_ERROR: Cannot add a REFERENCES column with non-NULL default value
> ALTER TABLE ap2 ADD COLUMN third DEFAULT NULL REFERENCES nowhere
> INSERT INTO ap2 VALUES (3, 'c', 3, NULL)
error SQLITE_ERROR: no such table: main.nowhere
> PRAGMA foreign_keys = OFF
> ALTER TABLE ap2 ADD COLUMN other REFERENCES ap2 DEFAULT 1
> PRAGMA foreign_keys = ON
> PRAGMA foreign_key_list(ap2)
0 | 0 | 'ap2' | 'other' | NULL | 'NO ACTION' | 'NO ACTION' | 'NONE'
1 | 0 | 'nowhere' | 'third' | NULL | 'NO ACTION' | 'NO ACTION' | 'NONE'
2 | 0 | 'ap2' | 'parent' | NULL | 'NO ACTION' | 'NO ACTION' | 'NONE'
> PRAGMA foreign_key_check(ap2)
# The twelve steps: a table made anew under its children.
> CREATE TABLE tw(id INTEGER PRIMARY KEY, n)
> CREATE TABLE tw_c(x REFERENCES tw)
> INSERT INTO tw VALUES (1, 'x')
changes 1
> INSERT INTO tw_c VALUES (1)
changes 1
> PRAGMA foreign_keys = OFF
> BEGIN
> CREATE TABLE tw_new(id INTEGER PRIMARY KEY, n TEXT NOT NULL)
> INSERT INTO tw_new SELECT * FROM tw
changes 1
> DROP TABLE tw
> ALTER TABLE tw_new RENAME TO tw
> PRAGMA foreign_key_check
'oc' | 1 | 'op' | 0
> COMMIT
> PRAGMA foreign_keys = ON
> SELECT sql FROM sqlite_schema WHERE name = 'tw_c'
'CREATE TABLE tw_c(x REFERENCES tw)'
> INSERT INTO tw_c VALUES (2)
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> INSERT INTO tw_c VALUES (1)
changes 1
> DELETE FROM tw
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
# The same in a transaction with keys put off, as Django and others do.
> BEGIN
> PRAGMA defer_foreign_keys = ON
> CREATE TABLE tw_new(id INTEGER PRIMARY KEY, n TEXT)
> INSERT INTO tw_new SELECT * FROM tw
changes 1
> DROP TABLE tw
changes 1
> ALTER TABLE tw_new RENAME TO tw
> COMMIT
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> PRAGMA foreign_key_check
'oc' | 1 | 'op' | 0
> ROLLBACK
