# A child needs a parent; NULL needs none.
> CREATE TABLE p(id INTEGER PRIMARY KEY, name TEXT)
> CREATE TABLE c(id INTEGER PRIMARY KEY, pid REFERENCES p)
> INSERT INTO p VALUES (1, 'one'), (2, 'two')
changes 2
> INSERT INTO c VALUES (1, 1), (2, NULL), (3, 2)
changes 3
> INSERT INTO c VALUES (4, 9)
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> INSERT INTO c VALUES (4, 1), (5, 9)
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> INSERT INTO c SELECT 7, 8
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> INSERT INTO c VALUES (4, '2')
changes 1
> INSERT INTO c VALUES (5, 2.0)
changes 1
> INSERT INTO c VALUES (6, ' 2 ')
changes 1
> INSERT INTO c VALUES (7, 2.5)
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> INSERT INTO c VALUES (7, 'x')
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> INSERT INTO c VALUES (7, x'32')
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> INSERT INTO c VALUES (7, 1e300)
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> SELECT id, pid, typeof(pid) FROM c
1 | 1 | 'integer'
2 | NULL | 'null'
3 | 2 | 'integer'
4 | '2' | 'text'
5 | 2.0 | 'real'
6 | ' 2 ' | 'text'
> UPDATE c SET pid = 9 WHERE id = 1
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> UPDATE c SET pid = 2 WHERE id = 1
changes 1
> UPDATE c SET pid = NULL WHERE id = 1
changes 1
> UPDATE c SET id = 100 WHERE id = 2
changes 1
> DELETE FROM p WHERE id = 2
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> DELETE FROM p WHERE id = 1
changes 1
> DELETE FROM p
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> UPDATE p SET id = 3 WHERE id = 2
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> UPDATE p SET id = 2 WHERE id = 2
changes 1
> UPDATE p SET id = id + 0
changes 1
> UPDATE p SET name = 'zwei'
changes 1
> UPDATE p SET rowid = 5 WHERE id = 2
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> DELETE FROM c WHERE pid = 2
changes 2
> DELETE FROM c
changes 4
> DELETE FROM p WHERE id = 2
changes 1
> SELECT * FROM p
> SELECT changes(), total_changes()
1 | 22
# The parent's affinity, then its collation.
> CREATE TABLE pt(k TEXT PRIMARY KEY)
> CREATE TABLE ct(k REFERENCES pt(k))
> INSERT INTO pt VALUES (1), ('01'), ('a')
changes 3
> INSERT INTO ct VALUES (1)
changes 1
> INSERT INTO ct VALUES ('1')
changes 1
> INSERT INTO ct VALUES (01)
changes 1
> INSERT INTO ct VALUES (1.0)
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> INSERT INTO ct VALUES ('A')
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> INSERT INTO ct VALUES (x'61')
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> SELECT k, typeof(k) FROM ct
1 | 'integer'
'1' | 'text'
1 | 'integer'
> DELETE FROM pt WHERE k = 'a'
changes 1
> DELETE FROM pt WHERE k = '1'
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> CREATE TABLE ci(k INTEGER REFERENCES pt(k))
> INSERT INTO ci VALUES ('01')
changes 1
> SELECT k, typeof(k) FROM ci
1 | 'integer'
> DELETE FROM pt WHERE k = '01'
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> CREATE TABLE pn(k TEXT COLLATE NOCASE PRIMARY KEY)
> CREATE TABLE cn(k REFERENCES pn)
> INSERT INTO pn VALUES ('Alpha'), ('beta ')
changes 2
> INSERT INTO cn VALUES ('ALPHA'), ('alpha')
changes 2
> INSERT INTO cn VALUES ('beta')
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> DELETE FROM pn WHERE k = 'alpha'
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> UPDATE pn SET k = 'ALPHA' WHERE k = 'alpha'
changes 1
> UPDATE pn SET k = 'gamma' WHERE k = 'alpha'
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> SELECT * FROM pn
'ALPHA'
'beta '
> CREATE TABLE pr(k TEXT COLLATE RTRIM UNIQUE)
> CREATE TABLE cr(k REFERENCES pr(k) ON UPDATE CASCADE)
> INSERT INTO pr VALUES ('x  ')
changes 1
> INSERT INTO cr VALUES ('x')
changes 1
> UPDATE pr SET k = 'x'
changes 1
> UPDATE pr SET k = 'y '
changes 1
> SELECT k, length(k) FROM cr
'y ' | 2
> CREATE TABLE preal(k REAL UNIQUE)
> CREATE TABLE creal(k REFERENCES preal(k))
> INSERT INTO preal VALUES (1), (2.5)
changes 2
> INSERT INTO creal VALUES (1), ('2.5'), (1.0)
changes 3
> INSERT INTO creal VALUES ('2.50')
changes 1
> INSERT INTO creal VALUES ('one')
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> SELECT k, typeof(k) FROM creal
1 | 'integer'
'2.5' | 'text'
1.0 | 'real'
'2.50' | 'text'
> DELETE FROM preal WHERE k = 1
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
# Composite keys.
> CREATE TABLE p2(a, b, c, PRIMARY KEY (a, b), UNIQUE (c, a))
> CREATE TABLE c2(x, y, FOREIGN KEY (x, y) REFERENCES p2)
> CREATE TABLE c3(x, y, FOREIGN KEY (x, y) REFERENCES p2(a, c))
> CREATE TABLE c4(x, y, FOREIGN KEY (x, y) REFERENCES p2(b, a) MATCH FULL)
> INSERT INTO p2 VALUES (1, 2, 3), (1, 3, 4), (NULL, 5, 6), ('x', 'y', 'z')
changes 4
> INSERT INTO c2 VALUES (1, 2), (1, NULL), (NULL, 9), (NULL, NULL)
changes 4
> INSERT INTO c2 VALUES (2, 1)
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> INSERT INTO c2 VALUES (NULL, 5)
changes 1
> INSERT INTO c3 VALUES (1, 3)
changes 1
> INSERT INTO c3 VALUES (1, 2)
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> INSERT INTO c4 VALUES (2, 1)
changes 1
> INSERT INTO c4 VALUES (1, 2)
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> INSERT INTO c4 VALUES (NULL, 7)
changes 1
> DELETE FROM p2 WHERE b = 2
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> UPDATE p2 SET c = 9 WHERE b = 2
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> UPDATE p2 SET c = 9 WHERE b = 3
changes 1
> UPDATE p2 SET a = 5 WHERE b = 3
changes 1
> DELETE FROM p2 WHERE a IS NULL
changes 1
> UPDATE c2 SET y = 3 WHERE x = 1 AND y = 2
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> UPDATE c2 SET y = 4 WHERE x = 1 AND y = 3
> SELECT * FROM p2
1 | 2 | 3
5 | 3 | 9
'x' | 'y' | 'z'
# Tables without rowid, on both sides.
> CREATE TABLE pw(a, b, c UNIQUE, PRIMARY KEY (b, a)) WITHOUT ROWID
> CREATE TABLE cw(x, y, z REFERENCES pw(c), PRIMARY KEY (x), FOREIGN KEY (x, y) REFERENCES pw(a, b)) WITHOUT ROWID
> INSERT INTO pw VALUES (1, 2, 'c1'), (3, 4, 'c2')
changes 2
> INSERT INTO cw VALUES (1, 2, NULL), (3, 4, 'c1')
changes 2
> INSERT INTO cw VALUES (2, 1, NULL)
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> INSERT INTO cw VALUES (5, NULL, 'c3')
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> DELETE FROM pw WHERE a = 3
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> UPDATE pw SET c = 'c9' WHERE a = 1
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> UPDATE pw SET c = 'c9' WHERE a = 3
changes 1
> UPDATE pw SET a = 2 WHERE a = 1
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> UPDATE cw SET y = NULL WHERE x = 1
changes 1
> UPDATE pw SET a = 2 WHERE a = 1
changes 1
> SELECT * FROM pw
2 | 2 | 'c1'
3 | 4 | 'c9'
# A table that refers to itself.
> CREATE TABLE s(id INTEGER PRIMARY KEY, up REFERENCES s)
> INSERT INTO s VALUES (1, 1)
changes 1
> INSERT INTO s VALUES (2, 3)
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> INSERT INTO s VALUES (2, 3), (3, 2)
changes 2
> INSERT INTO s VALUES (4, '4'), (5, NULL)
changes 2
> UPDATE s SET id = 10 WHERE id = 1
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> UPDATE s SET id = 10, up = 10 WHERE id = 1
changes 1
> UPDATE s SET up = 9 WHERE id = 5
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> UPDATE s SET up = 5 WHERE id = 5
changes 1
> DELETE FROM s WHERE id = 2
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> DELETE FROM s WHERE id = 10
changes 1
> DELETE FROM s WHERE id IN (2, 3)
changes 2
> DELETE FROM s
changes 2
> CREATE TABLE sn(k TEXT COLLATE NOCASE UNIQUE, up REFERENCES sn(k))
> INSERT INTO sn VALUES ('a', 'a')
changes 1
> INSERT INTO sn VALUES ('b', 'B')
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> INSERT INTO sn VALUES ('c', 'A')
changes 1
> UPDATE sn SET up = 'C' WHERE k = 'c'
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> UPDATE sn SET k = 'D', up = 'd' WHERE k = 'c'
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> DELETE FROM sn WHERE k = 'a'
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> SELECT * FROM sn
'a' | 'a'
'c' | 'A'
> CREATE TABLE sw(a, b, x, y, PRIMARY KEY (a, b), FOREIGN KEY (x, y) REFERENCES sw) WITHOUT ROWID
> INSERT INTO sw VALUES (1, 2, 1, 2), (3, 4, 1, 2), (5, 6, NULL, 9)
changes 3
> INSERT INTO sw VALUES (7, 8, 8, 7)
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> DELETE FROM sw WHERE a = 1
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> UPDATE sw SET a = 9 WHERE a = 1
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> UPDATE sw SET x = 3, y = 4 WHERE a = 3
changes 1
> UPDATE sw SET a = 9, x = 9 WHERE a = 1
changes 1
> SELECT * FROM sw
3 | 4 | 3 | 4
5 | 6 | NULL | 9
9 | 2 | 9 | 2
# Generated columns on both sides.
> CREATE TABLE pg(a, g AS (a * 2) STORED UNIQUE)
> CREATE TABLE cg(a, g AS (a + 1) REFERENCES pg(g))
> INSERT INTO pg(a) VALUES (1), (2)
changes 2
> INSERT INTO cg(a) VALUES (1), (3)
changes 2
> INSERT INTO cg(a) VALUES (2)
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> UPDATE cg SET a = 2 WHERE a = 1
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> UPDATE pg SET a = 3 WHERE a = 1
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> UPDATE pg SET a = 1 WHERE a = 1
changes 1
> DELETE FROM pg
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> SELECT * FROM cg
1 | 2
3 | 4
