# What RETURNING may name: columns of the row, by themselves or behind the table's own name, and nothing else.
> CREATE TABLE r(id INTEGER PRIMARY KEY, a)
> CREATE TEMP TABLE tr(a)
> INSERT INTO r VALUES (1, 'x'), (2, 'y') RETURNING r.id, rowid, r.rowid, oid
1 | 1 | 1 | 1
2 | 2 | 2 | 2
> UPDATE r SET a = 1 RETURNING main.r.a
error SQLITE_ERROR: no such column: main.r.a
> UPDATE r AS q SET a = 2 RETURNING r.a
2
2
> UPDATE r AS q SET a = 3 RETURNING q.a
error SQLITE_ERROR: no such column: q.a
> DELETE FROM r RETURNING main.r.*
error SQLITE_ERROR: near "*": syntax error
> DELETE FROM r RETURNING r.*
error SQLITE_ERROR: RETURNING may not use "TABLE.*" wildcards
> DELETE FROM r RETURNING *, r.*
error SQLITE_ERROR: RETURNING may not use "TABLE.*" wildcards
> DELETE FROM r RETURNING nope, r.*
error SQLITE_ERROR: RETURNING may not use "TABLE.*" wildcards
> DELETE FROM nope RETURNING r.*
error SQLITE_ERROR: no such table: nope
> DELETE FROM r WHERE nope RETURNING r.*
error SQLITE_ERROR: no such column: nope
> INSERT INTO r VALUES (5, 5) RETURNING r.id, main.r.rowid
error SQLITE_ERROR: no such column: main.r.rowid
> INSERT INTO r VALUES (6, 6) RETURNING new.id
error SQLITE_ERROR: no such column: new.id
> INSERT INTO r VALUES (7, 7) RETURNING (SELECT main.r.id)
error SQLITE_ERROR: no such column: main.r.id
> INSERT INTO r VALUES (8, 8) RETURNING (SELECT max(main.r.id) FROM r), (SELECT r.a)
8 | 8
> INSERT INTO r VALUES (9, 9) RETURNING (SELECT r.*)
error SQLITE_ERROR: no such table: r
> INSERT INTO tr VALUES (1) RETURNING tr.a
1
> INSERT INTO tr VALUES (1) RETURNING temp.tr.a
error SQLITE_ERROR: no such column: temp.tr.a
> CREATE VIEW v AS SELECT id, a FROM r
> CREATE TRIGGER vi INSTEAD OF INSERT ON v BEGIN INSERT INTO r VALUES (new.id, new.a); END
> INSERT INTO v VALUES (20, 'v') RETURNING v.a
'v'
> INSERT INTO v VALUES (21, 'v') RETURNING main.v.a
error SQLITE_ERROR: no such column: main.v.a
> INSERT INTO v VALUES (22, 'v') RETURNING v.*
error SQLITE_ERROR: RETURNING may not use "TABLE.*" wildcards
> SELECT * FROM r
1 | 2
2 | 2
8 | 8
20 | 'v'
> CREATE TABLE parent(a, b)
> CREATE TABLE child(x REFERENCES parent(b))
> INSERT INTO parent VALUES (1, 1) RETURNING nope
error SQLITE_ERROR: foreign key mismatch - "child" referencing "parent"
> UPDATE parent SET b = 1 RETURNING nope
error SQLITE_ERROR: foreign key mismatch - "child" referencing "parent"
> UPDATE parent SET a = 1 RETURNING nope
error SQLITE_ERROR: no such column: nope
> DELETE FROM parent RETURNING nope
error SQLITE_ERROR: foreign key mismatch - "child" referencing "parent"
> INSERT INTO child VALUES (1) RETURNING nope
error SQLITE_ERROR: foreign key mismatch - "child" referencing "parent"
> UPDATE child SET x = 1 RETURNING nope
error SQLITE_ERROR: foreign key mismatch - "child" referencing "parent"
> DELETE FROM child RETURNING nope
error SQLITE_ERROR: foreign key mismatch - "child" referencing "parent"
> REPLACE INTO parent VALUES (1, 1) RETURNING parent.*
error SQLITE_ERROR: RETURNING may not use "TABLE.*" wildcards
> INSERT INTO parent VALUES (1, 1) RETURNING parent.*
error SQLITE_ERROR: RETURNING may not use "TABLE.*" wildcards
> UPDATE parent SET b = 1 RETURNING parent.*
error SQLITE_ERROR: RETURNING may not use "TABLE.*" wildcards
> DELETE FROM parent RETURNING parent.*
error SQLITE_ERROR: RETURNING may not use "TABLE.*" wildcards
> INSERT INTO child VALUES (1) RETURNING child.*
error SQLITE_ERROR: RETURNING may not use "TABLE.*" wildcards
> INSERT INTO parent(nope) VALUES (1) RETURNING parent.*
error SQLITE_ERROR: table parent has no column named nope
> UPDATE parent SET nope = 1 RETURNING parent.*
error SQLITE_ERROR: no such column: nope
> PRAGMA foreign_keys = 0
> UPDATE parent SET b = 1 RETURNING nope
error SQLITE_ERROR: no such column: nope
