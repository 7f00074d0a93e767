# The columns of a temp view are known once it was resolved, also when its table is gone
> CREATE TABLE t0(a,b)
> CREATE TEMP VIEW v6 AS SELECT a,b FROM t0
> SELECT * FROM v6
> DROP TABLE t0
> UPDATE v6 SET b=1
error SQLITE_ERROR: cannot modify v6 because it is a view
> DELETE FROM v6
error SQLITE_ERROR: cannot modify v6 because it is a view
> INSERT INTO v6 VALUES(1,2)
error SQLITE_ERROR: cannot modify v6 because it is a view
> SELECT * FROM v6
error SQLITE_ERROR: no such table: t0
> DROP VIEW v6
> CREATE TABLE t0(a,b)
> CREATE TEMP VIEW v6 AS SELECT a,b FROM t0
> DROP TABLE t0
> UPDATE v6 SET b=1
error SQLITE_ERROR: no such table: t0
> SELECT * FROM v6
error SQLITE_ERROR: no such table: t0
> DROP VIEW v6
> ATTACH ':memory:' AS aux
> CREATE TABLE aux.t0(a,b)
> CREATE TEMP VIEW v6 AS SELECT a,b FROM aux.t0
> CREATE TEMP VIEW v7 AS SELECT * FROM v6
> SELECT * FROM v7
> DETACH aux
> UPDATE v6 SET b=1
error SQLITE_ERROR: cannot modify v6 because it is a view
> DELETE FROM v7
error SQLITE_ERROR: cannot modify v7 because it is a view
> CREATE TEMP TABLE x(y)
> DELETE FROM v7
error SQLITE_ERROR: cannot modify v7 because it is a view
> DROP TABLE x
> DELETE FROM v7
error SQLITE_ERROR: no such table: aux.t0
> DROP VIEW v7
> DROP VIEW v6
> CREATE TABLE t0(a,b)
> CREATE TEMP VIEW v6 AS SELECT a,b FROM t0
> SELECT * FROM v6
> CREATE TABLE y(z)
> ALTER TABLE y RENAME TO yy
> DROP TABLE t0
> DELETE FROM v6
error SQLITE_ERROR: no such table: t0
> DROP VIEW v6
> CREATE TABLE t0(a,b)
> CREATE TEMP VIEW v6 AS SELECT a,b FROM t0
> SELECT * FROM v6
> DROP TABLE t0
> CREATE TABLE y(z)
> ALTER TABLE y RENAME TO y2
error SQLITE_ERROR: error in view v6: no such table: t0
> DELETE FROM v6
error SQLITE_ERROR: cannot modify v6 because it is a view
> DROP VIEW v6
> CREATE TABLE t0(a,b)
> CREATE TEMP VIEW v6 AS SELECT a,b FROM t0
> SELECT * FROM v6
> BEGIN
> CREATE TABLE z(z)
> ROLLBACK
> DROP TABLE t0
> DELETE FROM v6
error SQLITE_ERROR: no such table: t0
> DROP VIEW v6
> CREATE TABLE t0(a,b)
> CREATE TEMP VIEW v6 AS SELECT a,b FROM t0
> SELECT * FROM v6
> BEGIN
> INSERT INTO t0 VALUES(1,2)
changes 1
> ROLLBACK
> DROP TABLE t0
> DELETE FROM v6
error SQLITE_ERROR: cannot modify v6 because it is a view
> VACUUM
> DELETE FROM v6
error SQLITE_ERROR: no such table: t0
> DROP VIEW v6
> CREATE TABLE t0(a,b)
> CREATE TEMP VIEW v6 AS SELECT a,b FROM t0
> SELECT * FROM v6
> BEGIN
> SAVEPOINT s
> CREATE TABLE z(z)
> ROLLBACK TO s
> DROP TABLE t0
> DELETE FROM v6
error SQLITE_ERROR: no such table: t0
> COMMIT
> DROP VIEW v6
> CREATE TABLE t0(a,b)
> CREATE VIEW v6 AS SELECT a,b FROM t0
> SELECT * FROM v6
> DROP TABLE t0
> DELETE FROM v6
error SQLITE_ERROR: no such table: main.t0

# SET is looked at before what the view is made of, WHERE once more behind it
> CREATE TABLE set_first(x, y)
> CREATE TEMP VIEW v8 AS SELECT x, y FROM main.set_first
> CREATE TEMP TRIGGER on_v8 INSTEAD OF UPDATE ON v8 BEGIN SELECT 1; END
> CREATE TEMP TRIGGER of_v8 INSTEAD OF DELETE ON v8 BEGIN SELECT 1; END
> SELECT * FROM v8
> DROP TABLE set_first
> UPDATE v8 SET x = 1
error SQLITE_ERROR: no such table: main.set_first
> UPDATE v8 SET nix = 1
error SQLITE_ERROR: no such column: nix
> UPDATE v8 SET x = nix
error SQLITE_ERROR: no such column: nix
> UPDATE v8 SET x = nix WHERE y = nox
error SQLITE_ERROR: no such column: nix
> UPDATE v8 SET x = 1 WHERE nix
error SQLITE_ERROR: no such column: nix
> UPDATE v8 SET x = 1 WHERE nix = 1
error SQLITE_ERROR: no such table: main.set_first
> UPDATE v8 SET x = 1 WHERE abs(nix)
error SQLITE_ERROR: no such column: nix
> DELETE FROM v8
error SQLITE_ERROR: no such table: main.set_first
> DELETE FROM v8 WHERE nix
error SQLITE_ERROR: no such column: nix
> DELETE FROM v8 WHERE nix = 1
error SQLITE_ERROR: no such table: main.set_first
# The types of known columns, when their tables are gone (fuzz seed 50379).
> ATTACH ':memory:' AS typed
> CREATE TABLE typed.t(a INTEGER PRIMARY KEY, b REAL, c, d VARCHAR(3))
> CREATE TEMP VIEW v9 AS SELECT quote(b) AS x, a, b, c, d, CAST(c AS TEXT) AS e, b + 1 AS f FROM typed.t
> PRAGMA table_info(v9)
0 | 'x' | '' | 0 | NULL | 0
1 | 'a' | 'INTEGER' | 0 | NULL | 0
2 | 'b' | 'REAL' | 0 | NULL | 0
3 | 'c' | 'BLOB' | 0 | NULL | 0
4 | 'd' | 'VARCHAR(3)' | 0 | NULL | 0
5 | 'e' | 'TEXT' | 0 | NULL | 0
6 | 'f' | '' | 0 | NULL | 0
> DETACH typed
> PRAGMA table_info(v9)
0 | 'x' | '' | 0 | NULL | 0
1 | 'a' | 'INTEGER' | 0 | NULL | 0
2 | 'b' | 'REAL' | 0 | NULL | 0
3 | 'c' | 'BLOB' | 0 | NULL | 0
4 | 'd' | 'VARCHAR(3)' | 0 | NULL | 0
5 | 'e' | 'TEXT' | 0 | NULL | 0
6 | 'f' | '' | 0 | NULL | 0
