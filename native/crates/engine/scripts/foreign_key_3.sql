# CASCADE, SET NULL, SET DEFAULT, RESTRICT, NO ACTION.
> CREATE TABLE p(id INTEGER PRIMARY KEY)
> CREATE TABLE cascades(id INTEGER PRIMARY KEY, x REFERENCES p ON DELETE CASCADE ON UPDATE CASCADE)
> CREATE TABLE nulls(id INTEGER PRIMARY KEY, x REFERENCES p ON DELETE SET NULL ON UPDATE SET NULL)
> CREATE TABLE defaults(id INTEGER PRIMARY KEY, x DEFAULT 1 REFERENCES p ON DELETE SET DEFAULT ON UPDATE SET DEFAULT)
> INSERT INTO p VALUES (1), (2), (3), (4), (5)
changes 5
> INSERT INTO cascades(x) VALUES (2), (2), (3)
changes 3
> INSERT INTO nulls(x) VALUES (2), (2), (3)
changes 3
> INSERT INTO defaults(x) VALUES (2), (2), (3)
changes 3
> SELECT total_changes()
14
> DELETE FROM p WHERE id = 2
changes 1
> SELECT changes(), total_changes()
1 | 21
> SELECT * FROM cascades
3 | 3
> SELECT * FROM nulls
1 | NULL
2 | NULL
3 | 3
> SELECT * FROM defaults
1 | 1
2 | 1
3 | 3
> UPDATE p SET id = 30 WHERE id = 3
changes 1
> SELECT changes(), total_changes()
1 | 25
> SELECT * FROM cascades
3 | 30
> SELECT * FROM nulls
1 | NULL
2 | NULL
3 | NULL
> SELECT * FROM defaults
1 | 1
2 | 1
3 | 1
> DELETE FROM p WHERE id = 1
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> UPDATE p SET id = 10 WHERE id = 1
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> SELECT * FROM defaults
1 | 1
2 | 1
3 | 1
> DELETE FROM defaults
changes 3
> DELETE FROM p WHERE id = 1
changes 1
> UPDATE p SET id = id
changes 3
> SELECT changes(), total_changes()
3 | 38
> CREATE TABLE pr(id INTEGER PRIMARY KEY, n)
> CREATE TABLE restricts(x REFERENCES pr ON DELETE RESTRICT ON UPDATE RESTRICT)
> CREATE TABLE later(x REFERENCES pr ON DELETE RESTRICT ON UPDATE RESTRICT DEFERRABLE INITIALLY DEFERRED)
> INSERT INTO pr VALUES (1, 'a'), (2, 'b'), (3, 'c')
changes 3
> INSERT INTO restricts VALUES (1)
changes 1
> INSERT INTO later VALUES (2)
changes 1
> DELETE FROM pr WHERE id = 1
error SQLITE_CONSTRAINT_TRIGGER: FOREIGN KEY constraint failed
> DELETE FROM pr WHERE id = 2
error SQLITE_CONSTRAINT_TRIGGER: FOREIGN KEY constraint failed
> UPDATE pr SET id = 10 WHERE id = 1
error SQLITE_CONSTRAINT_TRIGGER: FOREIGN KEY constraint failed
> UPDATE pr SET id = 20 WHERE id = 2
error SQLITE_CONSTRAINT_TRIGGER: FOREIGN KEY constraint failed
> UPDATE pr SET n = 'z', id = 1 WHERE id = 1
changes 1
> DELETE FROM pr WHERE id = 3
changes 1
> BEGIN
> DELETE FROM pr WHERE id = 2
error SQLITE_CONSTRAINT_TRIGGER: FOREIGN KEY constraint failed
> DELETE FROM later
changes 1
> DELETE FROM pr WHERE id = 2
changes 1
> COMMIT
> BEGIN
> PRAGMA defer_foreign_keys = ON
> DELETE FROM pr WHERE id = 1
changes 1
> COMMIT
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> INSERT INTO pr VALUES (1, 'again')
changes 1
> COMMIT
> SELECT * FROM pr
1 | 'again'
# RESTRICT looks when the row is gone; NO ACTION when the statement ends.
> CREATE TABLE n1(id INTEGER PRIMARY KEY)
> CREATE TABLE n2(x REFERENCES n1)
> INSERT INTO n1 VALUES (1), (2)
changes 2
> INSERT INTO n2 VALUES (2), (1)
changes 2
> UPDATE n1 SET id = 3 - id
error SQLITE_CONSTRAINT_PRIMARYKEY: UNIQUE constraint failed: n1.id
> UPDATE n1 SET id = CASE id WHEN 1 THEN -2 ELSE -1 END
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> SELECT * FROM n1
1
2
> CREATE TABLE u1(k UNIQUE)
> CREATE TABLE u2(x REFERENCES u1(k))
> INSERT INTO u1 VALUES (1), (2), (3)
changes 3
> INSERT INTO u2 VALUES (2), (3)
changes 2
> UPDATE u1 SET k = k + 1
error SQLITE_CONSTRAINT_UNIQUE: UNIQUE constraint failed: u1.k
> DELETE FROM u2 WHERE x = 2
changes 1
> UPDATE u1 SET k = k + 1 WHERE k >= 2
error SQLITE_CONSTRAINT_UNIQUE: UNIQUE constraint failed: u1.k
> UPDATE u1 SET k = k - 1
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> SELECT * FROM u1
1
2
3
# Chains, circles and trees.
> CREATE TABLE tree(id INTEGER PRIMARY KEY, up REFERENCES tree ON DELETE CASCADE ON UPDATE CASCADE)
> CREATE INDEX tree_up ON tree(up)
> INSERT INTO tree VALUES (1, NULL), (2, 1), (3, 2), (4, 3), (5, 3), (6, 5), (7, 7)
changes 7
> UPDATE tree SET id = id + 100 WHERE id = 3
changes 1
> SELECT * FROM tree
1 | NULL
2 | 1
4 | 103
5 | 103
6 | 5
7 | 7
103 | 2
> SELECT changes(), total_changes()
1 | 69
> DELETE FROM tree WHERE id = 2
changes 1
> SELECT changes(), total_changes()
1 | 74
> SELECT * FROM tree
1 | NULL
7 | 7
> UPDATE tree SET id = 8 WHERE id = 7
changes 1
> UPDATE tree SET id = 8, up = 8 WHERE id = 7
> SELECT * FROM tree
1 | NULL
8 | 8
> DELETE FROM tree
changes 2
> CREATE TABLE r1(id INTEGER PRIMARY KEY, x REFERENCES r2 ON DELETE CASCADE)
> CREATE TABLE r2(id INTEGER PRIMARY KEY, x REFERENCES r1 ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED)
> BEGIN
> INSERT INTO r2 VALUES (1, 1)
changes 1
> INSERT INTO r1 VALUES (1, 1)
changes 1
> COMMIT
> DELETE FROM r1
changes 1
> SELECT (SELECT count(*) FROM r1), (SELECT count(*) FROM r2)
0 | 0
> WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 900) INSERT INTO tree SELECT i, nullif(i - 1, 0) FROM n
changes 900
> DELETE FROM tree WHERE id = 1
changes 1
> SELECT count(*) FROM tree
0
# Composite actions; values go over in the parent's order of columns.
> CREATE TABLE p2(a, b, PRIMARY KEY (b, a))
> CREATE TABLE c2(x DEFAULT 'dx', y DEFAULT 'dy', FOREIGN KEY (x, y) REFERENCES p2(a, b) ON UPDATE CASCADE ON DELETE SET DEFAULT)
> CREATE TABLE c3(x, y, z, FOREIGN KEY (x, y) REFERENCES p2(a, b) ON UPDATE SET NULL ON DELETE CASCADE)
> INSERT INTO p2 VALUES (1, 2), ('dx', 'dy'), (3, 4)
changes 3
> INSERT INTO c2 VALUES (1, 2), (NULL, 2), (1, NULL), (3, 4)
changes 4
> INSERT INTO c3 VALUES (1, 2, 'k'), (NULL, 2, 'l')
changes 2
> UPDATE p2 SET b = 20 WHERE a = 1
changes 1
> SELECT * FROM c2
1 | 20
NULL | 2
1 | NULL
3 | 4
> SELECT * FROM c3
NULL | NULL | 'k'
NULL | 2 | 'l'
> DELETE FROM p2 WHERE a = 3
changes 1
> SELECT * FROM c2
1 | 20
NULL | 2
1 | NULL
'dx' | 'dy'
> DELETE FROM p2 WHERE a = 'dx'
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> INSERT INTO c3 VALUES (1, 20, 'm')
changes 1
> DELETE FROM c2
changes 4
> DELETE FROM p2
changes 2
> SELECT * FROM c3
NULL | NULL | 'k'
NULL | 2 | 'l'
# Defaults of all kinds; none is NULL.
> CREATE TABLE pd(k UNIQUE)
> CREATE TABLE d1(x DEFAULT (1 + 1) REFERENCES pd(k) ON DELETE SET DEFAULT)
> CREATE TABLE d2(x DEFAULT 'two' REFERENCES pd(k) ON DELETE SET DEFAULT)
> CREATE TABLE d3(x REFERENCES pd(k) ON DELETE SET DEFAULT)
> CREATE TABLE d4(x DEFAULT -5 REFERENCES pd(k) ON DELETE SET DEFAULT)
> CREATE TABLE d5(x DEFAULT two REFERENCES pd(k) ON DELETE SET DEFAULT, two)
> CREATE TABLE d6(x DEFAULT true REFERENCES pd(k) ON DELETE SET DEFAULT)
> INSERT INTO pd VALUES (2), ('two'), (-5), (1), ('gone')
changes 5
> INSERT INTO d1 VALUES ('gone')
changes 1
> INSERT INTO d2 VALUES ('gone')
changes 1
> INSERT INTO d3 VALUES ('gone')
changes 1
> INSERT INTO d4 VALUES ('gone')
changes 1
> INSERT INTO d5 VALUES ('gone', 'column')
changes 1
> INSERT INTO d6 VALUES ('gone')
changes 1
> DELETE FROM pd WHERE k = 'gone'
changes 1
> SELECT d1.x, d2.x, d3.x, d4.x, d5.x, d6.x FROM d1, d2, d3, d4, d5, d6
2 | 'two' | NULL | -5 | 'two' | 1
# What the children's own constraints say to it.
> CREATE TABLE pc(id INTEGER PRIMARY KEY)
> CREATE TABLE k1(x NOT NULL REFERENCES pc ON DELETE SET NULL)
> INSERT INTO pc VALUES (1), (2), (3)
changes 3
> INSERT INTO k1 VALUES (1)
changes 1
> DELETE FROM pc WHERE id = 1
error SQLITE_CONSTRAINT_NOTNULL: NOT NULL constraint failed: k1.x
> DELETE FROM k1
changes 1
> CREATE TABLE k2(x UNIQUE ON CONFLICT REPLACE REFERENCES pc ON UPDATE CASCADE ON DELETE SET DEFAULT DEFAULT 3)
> INSERT INTO k2 VALUES (1), (2), (3)
changes 3
> SELECT * FROM k2
1
2
3
> DELETE FROM pc WHERE id = 1
error SQLITE_CONSTRAINT_UNIQUE: UNIQUE constraint failed: k2.x
> UPDATE k2 SET x = NULL WHERE x = 3
changes 1
> DELETE FROM pc WHERE id = 1
changes 1
> SELECT * FROM k2
3
2
NULL
> CREATE TABLE k3(x CHECK (x < 10) REFERENCES pc ON UPDATE CASCADE)
> INSERT INTO k3 VALUES (2)
changes 1
> UPDATE pc SET id = 12 WHERE id = 2
error SQLITE_CONSTRAINT_CHECK: CHECK constraint failed: x < 10
> UPDATE pc SET id = 9 WHERE id = 2
changes 1
> SELECT * FROM k3
9
> CREATE TABLE k4(x INTEGER REFERENCES pt(k) ON UPDATE CASCADE, y TEXT REFERENCES pt(k) ON UPDATE CASCADE) STRICT
> CREATE TABLE pt(k UNIQUE)
> INSERT INTO pt VALUES (1), ('1'), (2)
changes 3
> INSERT INTO k4 VALUES (2, '1')
changes 1
> UPDATE pt SET k = 'x' WHERE k = 2
error SQLITE_CONSTRAINT_DATATYPE: cannot store TEXT value in INTEGER column k4.x
> UPDATE pt SET k = 7 WHERE k = '1'
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> SELECT x, typeof(x), y, typeof(y) FROM k4
2 | 'integer' | '1' | 'text'
# Children without rowid, keys among the child's own key.
> CREATE TABLE w(a, b, x, PRIMARY KEY (x, a), FOREIGN KEY (x) REFERENCES pc ON UPDATE CASCADE ON DELETE CASCADE) WITHOUT ROWID
> INSERT INTO w VALUES (1, 'b', 9), (2, 'b', 9), (3, 'b', 3)
changes 3
> UPDATE pc SET id = 90 WHERE id = 9
error SQLITE_CONSTRAINT_CHECK: CHECK constraint failed: x < 10
> SELECT * FROM w
3 | 'b' | 3
1 | 'b' | 9
2 | 'b' | 9
> DELETE FROM k3
changes 1
> DELETE FROM k2
changes 3
> DELETE FROM pc WHERE id = 90
> SELECT * FROM w
3 | 'b' | 3
1 | 'b' | 9
2 | 'b' | 9
> CREATE TABLE ipk(x INTEGER PRIMARY KEY REFERENCES pc ON UPDATE CASCADE ON DELETE SET NULL)
> INSERT INTO ipk VALUES (3)
changes 1
> UPDATE pc SET id = 4
error SQLITE_CONSTRAINT_PRIMARYKEY: UNIQUE constraint failed: pc.id
> SELECT * FROM ipk
3
> DELETE FROM pc
error SQLITE_MISMATCH: datatype mismatch
> SELECT * FROM ipk
3
# Quoted names, and names that mean something in triggers.
> CREATE TABLE "new"("old" UNIQUE, "a b")
> CREATE TABLE "old"("new" REFERENCES "new"("old") ON UPDATE CASCADE ON DELETE CASCADE, "select")
> INSERT INTO "new" VALUES (1, 2)
changes 1
> INSERT INTO "old" VALUES (1, 'x')
changes 1
> UPDATE "new" SET "old" = 5
changes 1
> SELECT * FROM "old"
5 | 'x'
> DELETE FROM "new"
changes 1
> SELECT * FROM "old"
