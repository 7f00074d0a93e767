# PRAGMA foreign_key_list.
> CREATE TABLE p(a, b, c, PRIMARY KEY (a, b))
> CREATE TABLE c(x REFERENCES p ON DELETE CASCADE, y CONSTRAINT named REFERENCES q(Z) ON UPDATE SET NULL MATCH simple DEFERRABLE INITIALLY DEFERRED, z, FOREIGN KEY (x, z) REFERENCES P ON DELETE SET DEFAULT ON UPDATE RESTRICT, FOREIGN KEY (z, y) REFERENCES p(b, a) MATCH FULL)
> PRAGMA foreign_key_list(c)
0 | 0 | 'p' | 'z' | 'b' | 'NO ACTION' | 'NO ACTION' | 'NONE'
0 | 1 | 'p' | 'y' | 'a' | 'NO ACTION' | 'NO ACTION' | 'NONE'
1 | 0 | 'P' | 'x' | NULL | 'RESTRICT' | 'SET DEFAULT' | 'NONE'
1 | 1 | 'P' | 'z' | NULL | 'RESTRICT' | 'SET DEFAULT' | 'NONE'
2 | 0 | 'q' | 'y' | 'Z' | 'SET NULL' | 'NO ACTION' | 'NONE'
3 | 0 | 'p' | 'x' | NULL | 'NO ACTION' | 'CASCADE' | 'NONE'
> PRAGMA foreign_key_list('C')
0 | 0 | 'p' | 'z' | 'b' | 'NO ACTION' | 'NO ACTION' | 'NONE'
0 | 1 | 'p' | 'y' | 'a' | 'NO ACTION' | 'NO ACTION' | 'NONE'
1 | 0 | 'P' | 'x' | NULL | 'RESTRICT' | 'SET DEFAULT' | 'NONE'
1 | 1 | 'P' | 'z' | NULL | 'RESTRICT' | 'SET DEFAULT' | 'NONE'
2 | 0 | 'q' | 'y' | 'Z' | 'SET NULL' | 'NO ACTION' | 'NONE'
3 | 0 | 'p' | 'x' | NULL | 'NO ACTION' | 'CASCADE' | 'NONE'
> PRAGMA main.foreign_key_list(c)
0 | 0 | 'p' | 'z' | 'b' | 'NO ACTION' | 'NO ACTION' | 'NONE'
0 | 1 | 'p' | 'y' | 'a' | 'NO ACTION' | 'NO ACTION' | 'NONE'
1 | 0 | 'P' | 'x' | NULL | 'RESTRICT' | 'SET DEFAULT' | 'NONE'
1 | 1 | 'P' | 'z' | NULL | 'RESTRICT' | 'SET DEFAULT' | 'NONE'
2 | 0 | 'q' | 'y' | 'Z' | 'SET NULL' | 'NO ACTION' | 'NONE'
3 | 0 | 'p' | 'x' | NULL | 'NO ACTION' | 'CASCADE' | 'NONE'
> PRAGMA temp.foreign_key_list(c)
> PRAGMA foreign_key_list(p)
> PRAGMA foreign_key_list(nothing)
error SQLITE_ERROR: near "nothing": syntax error
> PRAGMA foreign_key_list
> SELECT * FROM pragma_foreign_key_list('c') WHERE "to" IS NULL
1 | 0 | 'P' | 'x' | NULL | 'RESTRICT' | 'SET DEFAULT' | 'NONE'
1 | 1 | 'P' | 'z' | NULL | 'RESTRICT' | 'SET DEFAULT' | 'NONE'
3 | 0 | 'p' | 'x' | NULL | 'NO ACTION' | 'CASCADE' | 'NONE'
> SELECT id, seq, "from" FROM pragma_foreign_key_list('c', 'main') ORDER BY id DESC, seq
3 | 0 | 'x'
2 | 0 | 'y'
1 | 0 | 'x'
1 | 1 | 'z'
0 | 0 | 'z'
0 | 1 | 'y'
> SELECT m.name, f.* FROM sqlite_schema AS m, pragma_foreign_key_list(m.name) AS f ORDER BY 1, 2, 3
'c' | 0 | 0 | 'p' | 'z' | 'b' | 'NO ACTION' | 'NO ACTION' | 'NONE'
'c' | 0 | 1 | 'p' | 'y' | 'a' | 'NO ACTION' | 'NO ACTION' | 'NONE'
'c' | 1 | 0 | 'P' | 'x' | NULL | 'RESTRICT' | 'SET DEFAULT' | 'NONE'
'c' | 1 | 1 | 'P' | 'z' | NULL | 'RESTRICT' | 'SET DEFAULT' | 'NONE'
'c' | 2 | 0 | 'q' | 'y' | 'Z' | 'SET NULL' | 'NO ACTION' | 'NONE'
'c' | 3 | 0 | 'p' | 'x' | NULL | 'NO ACTION' | 'CASCADE' | 'NONE'
> CREATE TABLE clash(a REFERENCES p MATCH a ON DELETE CASCADE ON DELETE SET NULL)
> PRAGMA foreign_key_list(clash)
0 | 0 | 'p' | 'a' | NULL | 'NO ACTION' | 'SET NULL' | 'NONE'
# PRAGMA foreign_key_check.
> PRAGMA foreign_keys = OFF
> CREATE TABLE q(id INTEGER PRIMARY KEY, u TEXT UNIQUE COLLATE NOCASE)
> CREATE TABLE k1(x REFERENCES q, y REFERENCES q(u))
> CREATE TABLE k2(x PRIMARY KEY REFERENCES q) WITHOUT ROWID
> CREATE TABLE k3(x REFERENCES gone, y REFERENCES gone(a, b), z)
error SQLITE_ERROR: foreign key on y should reference only one column of table gone
> CREATE TABLE k3(x REFERENCES gone, y, z, FOREIGN KEY (y, z) REFERENCES gone(a, b))
> INSERT INTO q VALUES (1, 'a'), (2, '5')
changes 2
> INSERT INTO k1 VALUES (1, 'A'), (9, 'b'), (NULL, 'b'), ('1', 5), (NULL, NULL), (2.5, 5.0)
changes 6
> INSERT INTO k2 VALUES (1), (7), ('2'), ('x')
changes 4
> INSERT INTO k3 VALUES (1, 2, 3), (NULL, 2, 3), (1, NULL, 3), (NULL, NULL, NULL)
changes 4
> DROP TABLE c
> DROP TABLE clash
> PRAGMA foreign_key_check
'k3' | 1 | 'gone' | 0
'k3' | 1 | 'gone' | 1
'k3' | 2 | 'gone' | 0
'k3' | 3 | 'gone' | 1
'k2' | NULL | 'q' | 0
'k2' | NULL | 'q' | 0
'k1' | 2 | 'q' | 0
'k1' | 2 | 'q' | 1
'k1' | 3 | 'q' | 0
'k1' | 6 | 'q' | 0
'k1' | 6 | 'q' | 1
> PRAGMA foreign_key_check(k1)
'k1' | 2 | 'q' | 0
'k1' | 2 | 'q' | 1
'k1' | 3 | 'q' | 0
'k1' | 6 | 'q' | 0
'k1' | 6 | 'q' | 1
> PRAGMA foreign_key_check(K2)
'k2' | NULL | 'q' | 0
'k2' | NULL | 'q' | 0
> PRAGMA foreign_key_check('k3')
'k3' | 1 | 'gone' | 0
'k3' | 1 | 'gone' | 1
'k3' | 2 | 'gone' | 0
'k3' | 3 | 'gone' | 1
> PRAGMA foreign_key_check(q)
> PRAGMA foreign_key_check(nothing)
error SQLITE_ERROR: near "nothing": syntax error
> PRAGMA main.foreign_key_check
'k3' | 1 | 'gone' | 0
'k3' | 1 | 'gone' | 1
'k3' | 2 | 'gone' | 0
'k3' | 3 | 'gone' | 1
'k2' | NULL | 'q' | 0
'k2' | NULL | 'q' | 0
'k1' | 2 | 'q' | 0
'k1' | 2 | 'q' | 1
'k1' | 3 | 'q' | 0
'k1' | 6 | 'q' | 0
'k1' | 6 | 'q' | 1
> PRAGMA main.foreign_key_check(k1)
'k1' | 2 | 'q' | 0
'k1' | 2 | 'q' | 1
'k1' | 3 | 'q' | 0
'k1' | 6 | 'q' | 0
'k1' | 6 | 'q' | 1
> PRAGMA temp.foreign_key_check
> PRAGMA temp.foreign_key_check(k1)
error SQLITE_ERROR: no such table: temp.k1
> PRAGMA aux.foreign_key_check
error SQLITE_ERROR: unknown database aux
> SELECT * FROM pragma_foreign_key_check
'k3' | 1 | 'gone' | 0
'k3' | 1 | 'gone' | 1
'k3' | 2 | 'gone' | 0
'k3' | 3 | 'gone' | 1
'k2' | NULL | 'q' | 0
'k2' | NULL | 'q' | 0
'k1' | 2 | 'q' | 0
'k1' | 2 | 'q' | 1
'k1' | 3 | 'q' | 0
'k1' | 6 | 'q' | 0
'k1' | 6 | 'q' | 1
> SELECT * FROM pragma_foreign_key_check('k1')
'k1' | 2 | 'q' | 0
'k1' | 2 | 'q' | 1
'k1' | 3 | 'q' | 0
'k1' | 6 | 'q' | 0
'k1' | 6 | 'q' | 1
> SELECT * FROM pragma_foreign_key_check('k1', 'main')
'k1' | 2 | 'q' | 0
'k1' | 2 | 'q' | 1
'k1' | 3 | 'q' | 0
'k1' | 6 | 'q' | 0
'k1' | 6 | 'q' | 1
> SELECT * FROM pragma_foreign_key_check('nothing')
error SQLITE_ERROR: no such table: nothing
> SELECT "table", count(*) FROM pragma_foreign_key_check GROUP BY 1 ORDER BY 1
'k1' | 5
'k2' | 2
'k3' | 4
> SELECT k1.*, f.fkid FROM pragma_foreign_key_check('k1') AS f JOIN k1 ON k1.rowid = f.rowid
9 | 'b' | 0
9 | 'b' | 1
NULL | 'b' | 0
2.5 | 5.0 | 0
2.5 | 5.0 | 1
> CREATE VIEW v AS SELECT 1
> PRAGMA foreign_key_check(v)
> CREATE TABLE bad(x REFERENCES q(nothing))
error SQLITE_ERROR: near "nothing": syntax error
> PRAGMA foreign_key_check
'k3' | 1 | 'gone' | 0
'k3' | 1 | 'gone' | 1
'k3' | 2 | 'gone' | 0
'k3' | 3 | 'gone' | 1
'k2' | NULL | 'q' | 0
'k2' | NULL | 'q' | 0
'k1' | 2 | 'q' | 0
'k1' | 2 | 'q' | 1
'k1' | 3 | 'q' | 0
'k1' | 6 | 'q' | 0
'k1' | 6 | 'q' | 1
> PRAGMA foreign_key_check(bad)
error SQLITE_ERROR: no such table: bad
> PRAGMA foreign_key_check(k1)
'k1' | 2 | 'q' | 0
'k1' | 2 | 'q' | 1
'k1' | 3 | 'q' | 0
'k1' | 6 | 'q' | 0
'k1' | 6 | 'q' | 1
> DROP TABLE bad
error SQLITE_ERROR: no such table: bad
> CREATE TABLE bad(x REFERENCES v)
> PRAGMA foreign_key_check(bad)
error SQLITE_ERROR: foreign key mismatch - "bad" referencing "v"
> DROP TABLE bad
> CREATE TEMP TABLE t(x REFERENCES q)
> INSERT INTO t VALUES (1), (NULL)
changes 2
> PRAGMA foreign_key_check(t)
't' | 1 | 'q' | 0
> PRAGMA temp.foreign_key_check
't' | 1 | 'q' | 0
> ATTACH ':memory:' AS aux
> CREATE TABLE aux.k(x REFERENCES q)
> INSERT INTO aux.k VALUES (1)
changes 1
> PRAGMA aux.foreign_key_check
'k' | 1 | 'q' | 0
> PRAGMA foreign_key_check(k)
'k' | 1 | 'q' | 0
> PRAGMA foreign_key_check
'k3' | 1 | 'gone' | 0
'k3' | 1 | 'gone' | 1
'k3' | 2 | 'gone' | 0
'k3' | 3 | 'gone' | 1
'k2' | NULL | 'q' | 0
'k2' | NULL | 'q' | 0
'k1' | 2 | 'q' | 0
'k1' | 2 | 'q' | 1
'k1' | 3 | 'q' | 0
'k1' | 6 | 'q' | 0
'k1' | 6 | 'q' | 1
# Self references, composite keys and generated columns.
> CREATE TABLE s(id INTEGER PRIMARY KEY, up REFERENCES s)
> INSERT INTO s VALUES (1, 1), (2, 3), (4, 2)
changes 3
> PRAGMA foreign_key_check(s)
's' | 2 | 's' | 0
> INSERT INTO p VALUES (1, 2, 3)
changes 1
> CREATE TABLE cp(x, y, FOREIGN KEY (x, y) REFERENCES p(b, a))
> INSERT INTO cp VALUES (2, 1), (1, 2), (1, NULL)
changes 3
> PRAGMA foreign_key_check(cp)
'cp' | 2 | 'p' | 0
> CREATE TABLE g(a, b AS (a + 1) REFERENCES q, c AS (a) STORED REFERENCES q)
> INSERT INTO g(a) VALUES (1), (0), (7)
changes 3
> PRAGMA foreign_key_check(g)
'g' | 2 | 'q' | 0
'g' | 3 | 'q' | 0
'g' | 3 | 'q' | 1
> ALTER TABLE g ADD COLUMN d DEFAULT 5 REFERENCES q
> PRAGMA foreign_key_check(g)
'g' | 1 | 'q' | 0
'g' | 2 | 'q' | 0
'g' | 2 | 'q' | 1
'g' | 3 | 'q' | 0
'g' | 3 | 'q' | 1
'g' | 3 | 'q' | 2
# All tables, in the order of SQLite's hash table of their names.
> CREATE TABLE Zebra(x REFERENCES q)
> CREATE TABLE apple(x REFERENCES q)
> CREATE TABLE "mixed Case"(x REFERENCES q)
> CREATE TABLE users(x REFERENCES q)
> CREATE TABLE posts(x REFERENCES q)
> CREATE TABLE comments(x REFERENCES q)
> CREATE TABLE tags(x REFERENCES q)
> CREATE TABLE post_tags(x REFERENCES q)
> CREATE TABLE sessions(x REFERENCES q)
> INSERT INTO Zebra VALUES (99)
changes 1
> INSERT INTO apple VALUES (99)
changes 1
> INSERT INTO "mixed Case" VALUES (99)
changes 1
> INSERT INTO users VALUES (99)
changes 1
> INSERT INTO posts VALUES (99)
changes 1
> INSERT INTO comments VALUES (99)
changes 1
> INSERT INTO tags VALUES (99)
changes 1
> INSERT INTO post_tags VALUES (99)
changes 1
> INSERT INTO sessions VALUES (99)
changes 1
> PRAGMA foreign_key_check
'users' | 1 | 'q' | 0
'tags' | 1 | 'q' | 0
'mixed Case' | 1 | 'q' | 0
'Zebra' | 1 | 'q' | 0
'posts' | 1 | 'q' | 0
'apple' | 1 | 'q' | 0
'g' | 1 | 'q' | 0
'g' | 2 | 'q' | 0
'g' | 2 | 'q' | 1
'g' | 3 | 'q' | 0
'g' | 3 | 'q' | 1
'g' | 3 | 'q' | 2
'cp' | 2 | 'p' | 0
'sessions' | 1 | 'q' | 0
's' | 2 | 's' | 0
'post_tags' | 1 | 'q' | 0
'k3' | 1 | 'gone' | 0
'k3' | 1 | 'gone' | 1
'k3' | 2 | 'gone' | 0
'k3' | 3 | 'gone' | 1
'comments' | 1 | 'q' | 0
'k2' | NULL | 'q' | 0
'k2' | NULL | 'q' | 0
'k1' | 2 | 'q' | 0
'k1' | 2 | 'q' | 1
'k1' | 3 | 'q' | 0
'k1' | 6 | 'q' | 0
'k1' | 6 | 'q' | 1
> ALTER TABLE users ADD COLUMN y
> PRAGMA foreign_key_check
'users' | 1 | 'q' | 0
'tags' | 1 | 'q' | 0
'mixed Case' | 1 | 'q' | 0
'Zebra' | 1 | 'q' | 0
'posts' | 1 | 'q' | 0
'apple' | 1 | 'q' | 0
'g' | 1 | 'q' | 0
'g' | 2 | 'q' | 0
'g' | 2 | 'q' | 1
'g' | 3 | 'q' | 0
'g' | 3 | 'q' | 1
'g' | 3 | 'q' | 2
'cp' | 2 | 'p' | 0
'sessions' | 1 | 'q' | 0
's' | 2 | 's' | 0
'post_tags' | 1 | 'q' | 0
'k3' | 1 | 'gone' | 0
'k3' | 1 | 'gone' | 1
'k3' | 2 | 'gone' | 0
'k3' | 3 | 'gone' | 1
'comments' | 1 | 'q' | 0
'k2' | NULL | 'q' | 0
'k2' | NULL | 'q' | 0
'k1' | 2 | 'q' | 0
'k1' | 2 | 'q' | 1
'k1' | 3 | 'q' | 0
'k1' | 6 | 'q' | 0
'k1' | 6 | 'q' | 1
> DROP TABLE posts
> PRAGMA foreign_key_check
'users' | 1 | 'q' | 0
'tags' | 1 | 'q' | 0
'mixed Case' | 1 | 'q' | 0
'Zebra' | 1 | 'q' | 0
'apple' | 1 | 'q' | 0
'g' | 1 | 'q' | 0
'g' | 2 | 'q' | 0
'g' | 2 | 'q' | 1
'g' | 3 | 'q' | 0
'g' | 3 | 'q' | 1
'g' | 3 | 'q' | 2
'cp' | 2 | 'p' | 0
'sessions' | 1 | 'q' | 0
's' | 2 | 's' | 0
'post_tags' | 1 | 'q' | 0
'k3' | 1 | 'gone' | 0
'k3' | 1 | 'gone' | 1
'k3' | 2 | 'gone' | 0
'k3' | 3 | 'gone' | 1
'comments' | 1 | 'q' | 0
'k2' | NULL | 'q' | 0
'k2' | NULL | 'q' | 0
'k1' | 2 | 'q' | 0
'k1' | 2 | 'q' | 1
'k1' | 3 | 'q' | 0
'k1' | 6 | 'q' | 0
'k1' | 6 | 'q' | 1
