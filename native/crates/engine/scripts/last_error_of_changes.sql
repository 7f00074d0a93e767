# SQLite goes on behind a mistake in the query of UPDATE … FROM: of several mistakes it tells the last.
> CREATE TABLE child(a VARCHAR(10) REFERENCES gone)
> UPDATE child SET a = nope FROM (SELECT 1)
error SQLITE_ERROR: no such table: main.gone
> UPDATE child SET a = sum(sum(a)) FROM (SELECT 1)
error SQLITE_ERROR: no such table: main.gone
> UPDATE child SET a = 1 FROM (SELECT nope)
error SQLITE_ERROR: no such table: main.gone
> UPDATE child SET a = 1 FROM nope
error SQLITE_ERROR: no such table: main.gone
> UPDATE child SET a = 1 FROM (SELECT 1) WHERE count(*) > 1
error SQLITE_ERROR: no such table: main.gone
> UPDATE child SET a = nth_value(1) OVER () FROM (SELECT 1)
error SQLITE_ERROR: no such table: main.gone
> UPDATE child SET a = nofunc(1) FROM (SELECT 1)
error SQLITE_ERROR: no such table: main.gone
> UPDATE child SET (a) = (SELECT 1, 2) FROM (SELECT 1)
error SQLITE_ERROR: no such table: main.gone
> UPDATE child SET nix = 1 FROM (SELECT sum(sum(1)))
error SQLITE_ERROR: no such column: nix
> UPDATE child SET a = 1 FROM (SELECT nope) RETURNING nix
error SQLITE_ERROR: no such table: main.gone
> UPDATE child AS x SET a = 1 FROM (SELECT nope) RETURNING nix
error SQLITE_ERROR: no such table: main.gone
> CREATE TABLE free(a, b)
> UPDATE free SET a = 1 FROM (SELECT nope) RETURNING nix
error SQLITE_ERROR: no such column: nope
> UPDATE free SET a = 1 FROM nope RETURNING nix
error SQLITE_ERROR: no such table: nope
> UPDATE free SET a = 1 FROM free RETURNING nix
error SQLITE_ERROR: target object/alias may not appear in FROM clause: free
> UPDATE free SET a = 1 FROM (SELECT 1) ORDER BY nope LIMIT 1
error SQLITE_ERROR: no such column: nope
> CREATE TABLE parent(x, y)
> CREATE TABLE of_parent(y REFERENCES parent(y))
> UPDATE parent SET y = sum(sum(x)) FROM (SELECT 1)
error SQLITE_ERROR: foreign key mismatch - "of_parent" referencing "parent"
> UPDATE parent SET x = sum(sum(x)) FROM (SELECT 1)
error SQLITE_ERROR: misuse of aggregate function sum()
> CREATE TABLE watched(a)
> CREATE TRIGGER of_watched AFTER UPDATE ON watched BEGIN INSERT INTO not_there VALUES (1); END
> UPDATE watched SET a = nope FROM (SELECT 1)
error SQLITE_ERROR: no such column: nope
> UPDATE watched SET a = sum(sum(a)) FROM (SELECT 1)
error SQLITE_ERROR: misuse of aggregate function sum()
# What is wrong in RETURNING is told after what is wrong in triggers that come before it.
> CREATE TABLE before_it(a)
> CREATE TRIGGER b1 BEFORE INSERT ON before_it BEGIN INSERT INTO gone VALUES (1); END
> CREATE TRIGGER b2 BEFORE UPDATE ON before_it BEGIN INSERT INTO gone VALUES (1); END
> CREATE TRIGGER b3 BEFORE DELETE ON before_it BEGIN INSERT INTO gone VALUES (1); END
> CREATE TABLE after_it(a)
> CREATE TRIGGER a1 AFTER INSERT ON after_it BEGIN INSERT INTO gone VALUES (1); END
> CREATE TRIGGER a2 AFTER UPDATE ON after_it BEGIN INSERT INTO gone VALUES (1); END
> CREATE TRIGGER a3 AFTER DELETE ON after_it BEGIN INSERT INTO gone VALUES (1); END
> INSERT INTO before_it VALUES (1) RETURNING nix
error SQLITE_ERROR: no such table: main.gone
> INSERT INTO before_it SELECT 1 RETURNING nix
error SQLITE_ERROR: no such table: main.gone
> REPLACE INTO before_it VALUES (1) RETURNING nix
error SQLITE_ERROR: no such table: main.gone
> UPDATE before_it SET a = 1 RETURNING nix
error SQLITE_ERROR: no such table: main.gone
> DELETE FROM before_it RETURNING nix
error SQLITE_ERROR: no such table: main.gone
> INSERT INTO after_it VALUES (1) RETURNING nix
error SQLITE_ERROR: no such column: nix
> UPDATE after_it SET a = 1 RETURNING nix
error SQLITE_ERROR: no such table: main.gone
> DELETE FROM after_it WHERE a = 1 RETURNING nix
error SQLITE_ERROR: no such table: main.gone
