# REPLACE deletes before it inserts.
> CREATE TABLE p(id INTEGER PRIMARY KEY, u UNIQUE, n)
> CREATE TABLE c(x REFERENCES p)
> CREATE TABLE cu(x REFERENCES p(u))
> INSERT INTO p VALUES (1, 'a', 1), (2, 'b', 2), (3, 'c', 3)
changes 3
> INSERT INTO c VALUES (1)
changes 1
> INSERT INTO cu VALUES ('b')
changes 1
> REPLACE INTO p VALUES (1, 'a', 'new')
changes 1
> REPLACE INTO p VALUES (1, 'z', 'newer')
changes 1
> REPLACE INTO p VALUES (9, 'z', 'moved')
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> REPLACE INTO p VALUES (8, 'b', 'moved')
changes 1
> REPLACE INTO p VALUES (3, 'b', 'both')
changes 1
> REPLACE INTO p VALUES (2, 'c', 'both')
changes 1
> SELECT * FROM p
1 | 'z' | 'newer'
2 | 'c' | 'both'
3 | 'b' | 'both'
> UPDATE OR REPLACE p SET u = 'b' WHERE id = 8
> UPDATE OR REPLACE p SET id = 1 WHERE id = 8
> UPDATE OR REPLACE p SET id = 1, u = 'q' WHERE id = 8
> SELECT * FROM p
1 | 'z' | 'newer'
2 | 'c' | 'both'
3 | 'b' | 'both'
> SELECT * FROM c
1
> CREATE TABLE q(id INTEGER PRIMARY KEY, n)
> CREATE TABLE qc(x REFERENCES q ON DELETE CASCADE ON UPDATE CASCADE, n)
> CREATE TABLE qn(x REFERENCES q ON DELETE SET NULL, n)
> INSERT INTO q VALUES (1, 'a'), (2, 'b')
changes 2
> INSERT INTO qc VALUES (1, 'x'), (2, 'y')
changes 2
> INSERT INTO qn VALUES (1, 'x'), (2, 'y')
changes 2
> REPLACE INTO q VALUES (1, 'again')
changes 1
> SELECT changes(), total_changes()
1 | 19
> SELECT * FROM qc
2 | 'y'
> SELECT * FROM qn
NULL | 'x'
2 | 'y'
> UPDATE OR REPLACE q SET id = 1 WHERE id = 2
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> SELECT changes(), total_changes()
0 | 20
> SELECT * FROM q
1 | 'again'
2 | 'b'
> SELECT * FROM qc
2 | 'y'
> SELECT * FROM qn
NULL | 'x'
2 | 'y'
> CREATE TABLE pr(id INTEGER PRIMARY KEY)
> CREATE TABLE r(x REFERENCES pr ON DELETE RESTRICT)
> INSERT INTO pr VALUES (1)
changes 1
> INSERT INTO r VALUES (1)
changes 1
> REPLACE INTO pr VALUES (1)
error SQLITE_CONSTRAINT_TRIGGER: FOREIGN KEY constraint failed
> INSERT OR IGNORE INTO pr VALUES (1)
> CREATE TABLE pd(id INTEGER PRIMARY KEY)
> CREATE TABLE dd(x REFERENCES pd DEFERRABLE INITIALLY DEFERRED)
> INSERT INTO pd VALUES (1)
changes 1
> INSERT INTO dd VALUES (1)
changes 1
> REPLACE INTO pd VALUES (1)
changes 1
> SELECT * FROM pd
1
> CREATE TABLE self(id INTEGER PRIMARY KEY, up REFERENCES self ON DELETE CASCADE, u UNIQUE)
> INSERT INTO self VALUES (1, NULL, 'a'), (2, 1, 'b'), (3, 2, 'c')
changes 3
> REPLACE INTO self VALUES (4, 4, 'a')
changes 1
> SELECT * FROM self
4 | 4 | 'a'
> INSERT INTO self VALUES (5, 4, 'e'), (6, 5, 'f')
changes 2
> UPDATE OR REPLACE self SET u = 'a' WHERE id = 6
> SELECT * FROM self
> INSERT INTO self VALUES (7, NULL, 'g'), (8, 7, 'h')
changes 2
> UPDATE OR REPLACE self SET u = 'g', up = 7 WHERE id = 8
> SELECT * FROM self
> CREATE TABLE ocr(id INTEGER PRIMARY KEY, u UNIQUE ON CONFLICT REPLACE)
> CREATE TABLE occ(x REFERENCES ocr ON DELETE SET NULL)
> INSERT INTO ocr VALUES (1, 'a'), (2, 'b')
changes 2
> INSERT INTO occ VALUES (1), (2)
changes 2
> INSERT INTO ocr VALUES (3, 'a')
changes 1
> SELECT * FROM occ
NULL
2
> UPDATE ocr SET u = 'b' WHERE id = 3
changes 1
> SELECT * FROM occ
NULL
NULL
> INSERT OR ABORT INTO ocr VALUES (4, 'b')
error SQLITE_CONSTRAINT_UNIQUE: UNIQUE constraint failed: ocr.u
# Other conflict clauses do not soften a foreign key.
> INSERT OR IGNORE INTO c VALUES (99)
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> INSERT OR REPLACE INTO c VALUES (99)
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> INSERT OR FAIL INTO c VALUES (2), (99), (2)
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> INSERT OR ROLLBACK INTO c VALUES (99)
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> BEGIN
> INSERT INTO c VALUES (2)
changes 1
> INSERT OR ROLLBACK INTO c VALUES (99)
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> INSERT OR FAIL INTO c VALUES (99)
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> UPDATE OR IGNORE c SET x = 99
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> UPDATE OR FAIL c SET x = 99
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> COMMIT
> SELECT * FROM c
1
2
> CREATE TABLE fail(id INTEGER PRIMARY KEY, x REFERENCES p)
> INSERT OR FAIL INTO fail VALUES (1, 2), (2, 99), (1, 2)
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> SELECT * FROM fail
> SELECT changes(), total_changes()
0 | 47
> INSERT OR FAIL INTO fail VALUES (1, 2), (2, 2), (1, 2)
error SQLITE_CONSTRAINT_PRIMARYKEY: UNIQUE constraint failed: fail.id
> SELECT * FROM fail
1 | 2
2 | 2
> SELECT changes(), total_changes()
2 | 49
> BEGIN
> INSERT OR FAIL INTO fail VALUES (5, 99), (1, 1)
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> SELECT changes(), total_changes()
0 | 49
> COMMIT
> SELECT * FROM fail
1 | 2
2 | 2
> CREATE TABLE ffail(id INTEGER PRIMARY KEY, x REFERENCES p DEFERRABLE INITIALLY DEFERRED)
> INSERT INTO ffail VALUES (1, NULL)
changes 1
> INSERT OR FAIL INTO ffail VALUES (5, 99), (1, 1)
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> SELECT * FROM ffail
1 | NULL
> SELECT changes(), total_changes()
0 | 50
# UPSERT.
> INSERT INTO q VALUES (1, 'u') ON CONFLICT (id) DO UPDATE SET id = 5
changes 1
> SELECT * FROM q
2 | 'b'
5 | 'again'
> SELECT * FROM qc
2 | 'y'
> INSERT INTO c(rowid, x) VALUES (1, 99) ON CONFLICT DO NOTHING
> INSERT INTO fail VALUES (1, 99) ON CONFLICT DO NOTHING
> INSERT INTO fail VALUES (1, 99) ON CONFLICT (id) DO UPDATE SET x = excluded.x
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> INSERT INTO fail VALUES (1, 99) ON CONFLICT (id) DO UPDATE SET x = 1
changes 1
> INSERT INTO fail VALUES (10, 99) ON CONFLICT (id) DO UPDATE SET x = 1
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> INSERT INTO p VALUES (1, 'k', 0) ON CONFLICT (id) DO UPDATE SET id = 77
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> INSERT INTO p VALUES (3, 'k', 0) ON CONFLICT (id) DO UPDATE SET id = 77
changes 1
> SELECT * FROM fail
1 | 1
2 | 2
# changes(), total_changes() and the last rowid.
> CREATE TABLE tp(id INTEGER PRIMARY KEY)
> CREATE TABLE tc(x REFERENCES tp ON DELETE CASCADE ON UPDATE CASCADE)
> CREATE TABLE ti(id INTEGER PRIMARY KEY, x REFERENCES tp)
> INSERT INTO tp VALUES (1), (2), (3)
changes 3
> INSERT INTO tc VALUES (1), (1), (2), (3)
changes 4
> SELECT changes(), total_changes(), last_insert_rowid()
4 | 60 | 4
> UPDATE tp SET id = id + 10
changes 3
> SELECT changes(), total_changes(), last_insert_rowid()
3 | 67 | 4
> DELETE FROM tp WHERE id < 13
changes 2
> SELECT changes(), total_changes(), last_insert_rowid()
2 | 72 | 4
> INSERT INTO ti VALUES (70, 99)
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> SELECT changes(), total_changes(), last_insert_rowid()
0 | 72 | 4
> INSERT INTO ti VALUES (71, 99), (72, 99)
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> SELECT changes(), total_changes(), last_insert_rowid()
0 | 72 | 72
> INSERT INTO ti VALUES (73, 13)
changes 1
> DELETE FROM tp
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> SELECT changes(), total_changes(), last_insert_rowid()
0 | 74 | 73
> SELECT * FROM tc
13
# UPDATE FROM, and LIMIT.
> CREATE TABLE moves(a, b)
> INSERT INTO moves VALUES (13, 14), (13, 15)
changes 2
> UPDATE tp SET id = b FROM moves WHERE id = a
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> DELETE FROM ti
changes 1
> UPDATE tp SET id = b FROM moves WHERE id = a
changes 1
> SELECT * FROM tp
15
> SELECT * FROM tc
15
> DELETE FROM tp ORDER BY id LIMIT 1
changes 1
> SELECT count(*) FROM tc
0
# A multi-row INSERT may mend what it breaks; one row may not.
> CREATE TABLE ring(id INTEGER PRIMARY KEY, x REFERENCES ring)
> INSERT INTO ring VALUES (1, 2), (2, 3), (3, 1)
changes 3
> INSERT INTO ring VALUES (4, 5)
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> PRAGMA foreign_keys = OFF
> INSERT INTO ring VALUES (10, 11)
changes 1
> PRAGMA foreign_keys = ON
> INSERT INTO ring VALUES (11, 12)
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> INSERT INTO ring SELECT 11, 12
changes 1
> PRAGMA foreign_key_check
'ring' | 11 | 'ring' | 0

# SQLite overlooks a table's own key where REPLACE may evict rows and SET NULL is the action it compiles last.
> CREATE TABLE tree(id INTEGER PRIMARY KEY, up REFERENCES tree ON DELETE SET NULL, u UNIQUE)
> INSERT OR REPLACE INTO tree VALUES (1, 99, 'a')
changes 1
> INSERT INTO tree VALUES (2, 98, 'b')
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> REPLACE INTO tree VALUES (2, 98, 'b'), (3, 97, 'c')
changes 2
> UPDATE OR REPLACE tree SET up = 77 WHERE id = 1
changes 1
> UPDATE OR REPLACE tree SET up = 77, u = 'b' WHERE id = 1
changes 1
> UPDATE tree SET up = 78 WHERE id = 1
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> SELECT * FROM tree
1 | 77 | 'b'
3 | 97 | 'c'
> CREATE TABLE younger(x REFERENCES tree ON DELETE CASCADE)
> INSERT OR REPLACE INTO tree VALUES (4, 44, 'd')
changes 1
> CREATE TABLE older(x REFERENCES tree2 ON DELETE CASCADE)
> CREATE TABLE tree2(id INTEGER PRIMARY KEY, up REFERENCES tree2 ON DELETE SET NULL)
> INSERT OR REPLACE INTO tree2 VALUES (1, 99)
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> CREATE TRIGGER tree_au AFTER UPDATE ON tree BEGIN SELECT 1; END
> INSERT OR REPLACE INTO tree VALUES (5, 55, 'e')
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
# Rows are changed in the order of the table whenever keys or triggers look on.
> CREATE TABLE sorted(id INTEGER PRIMARY KEY, k UNIQUE, x REFERENCES sorted(k))
> INSERT INTO sorted VALUES (1, 30, NULL), (2, 20, 30), (3, 10, 20)
changes 3
> UPDATE sorted SET k = k + 10, x = k WHERE k >= 10
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> UPDATE OR REPLACE sorted SET k = 5 WHERE k > 0
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> SELECT * FROM sorted
1 | 30 | NULL
2 | 20 | 30
3 | 10 | 20
# DO UPDATE counts only where it can come to it.
> CREATE TABLE plain(a, b)
> CREATE TABLE plainc(x REFERENCES plain(a))
> INSERT INTO plain VALUES (1, 2) ON CONFLICT DO UPDATE SET a = 3
changes 1
> INSERT INTO plain VALUES (1, 2) ON CONFLICT DO NOTHING
changes 1
