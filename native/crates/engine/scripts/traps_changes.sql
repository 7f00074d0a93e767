# RETURNING, counters, rowids, sequences, triggers: where each is easily taken for another.
# RETURNING gives the row as it was written: after BEFORE, before AFTER triggers; in the order of the writes.
> CREATE TABLE t(a INTEGER PRIMARY KEY, b, g AS (b || '!'))
> CREATE TABLE log(what, n)
> CREATE TRIGGER t_before BEFORE INSERT ON t BEGIN INSERT INTO log VALUES ('before', NEW.a); END
> CREATE TRIGGER t_after AFTER INSERT ON t BEGIN UPDATE t SET b = 'after' WHERE a = NEW.a; END
> INSERT INTO t(b) VALUES ('x'), ('y') RETURNING a, b, g, (SELECT count(*) FROM log)
1 | 'x' | 'x!' | 1
2 | 'y' | 'y!' | 1
> SELECT changes(), total_changes(), last_insert_rowid()
2 | 6 | 2
> SELECT * FROM t
1 | 'after' | 'after!'
2 | 'after' | 'after!'
> SELECT * FROM log
'before' | -1
'before' | -1
> INSERT INTO t(a, b) VALUES (1, 'z') ON CONFLICT DO UPDATE SET b = excluded.b || t.b RETURNING *
1 | 'zafter' | 'zafter!'
> INSERT OR IGNORE INTO t(a, b) VALUES (1, 'z'), (7, 'q') RETURNING *
7 | 'q' | 'q!'
> UPDATE t SET a = a + 10 WHERE a < 3 RETURNING a, b, a - 10 AS old
11 | 'zafter' | 1
12 | 'after' | 2
> DELETE FROM t RETURNING b, a
'after' | 7
'zafter' | 11
'after' | 12
> SELECT changes(), total_changes(), last_insert_rowid()
3 | 17 | 7
# The rowid changes under UPDATE; rows are visited once, whichever index leads to them.
> CREATE TABLE h(a INTEGER PRIMARY KEY, b)
> CREATE INDEX h_b ON h(b)
> INSERT INTO h VALUES (1, 10), (2, 20), (3, 30)
changes 3
> UPDATE h SET b = b + 15 WHERE b > 5
changes 3
> UPDATE h SET a = a + 100 WHERE a > 0
changes 3
> UPDATE h SET rowid = a - 50, b = rowid
changes 3
> SELECT * FROM h
51 | 101
52 | 102
53 | 103
> INSERT INTO h SELECT a + 10, b FROM h
changes 3
> SELECT count(*), max(a), last_insert_rowid() FROM h
6 | 63 | 63
> DELETE FROM h WHERE b > (SELECT avg(b) FROM h)
changes 2
> SELECT * FROM h
51 | 101
52 | 102
61 | 101
62 | 102
# UPDATE FROM: of several matches one row is changed once.
> CREATE TABLE uf(a INTEGER PRIMARY KEY, b)
> INSERT INTO uf VALUES (1, 'a'), (2, 'b')
changes 2
> CREATE TABLE src(k, v)
> INSERT INTO src VALUES (1, 'p'), (1, 'q'), (3, 'r')
changes 3
> UPDATE uf SET b = v FROM src WHERE k = a
changes 1
> SELECT changes()
1
> SELECT a, b IN ('p', 'q') FROM uf
1 | 1
2 | 0
> UPDATE uf SET b = x.b FROM uf AS x WHERE x.a = uf.a + 1 RETURNING *
1 | 'b'
# AUTOINCREMENT never gives a rowid twice, also after a rollback of the rows it made within a statement.
> CREATE TABLE s(a INTEGER PRIMARY KEY AUTOINCREMENT, b UNIQUE)
> INSERT INTO s(b) VALUES (1), (2)
changes 2
> DELETE FROM s
changes 2
> INSERT INTO s(b) VALUES (3)
changes 1
> INSERT INTO s(b) VALUES (4), (3)
error SQLITE_CONSTRAINT_UNIQUE: UNIQUE constraint failed: s.b
> INSERT OR IGNORE INTO s(b) VALUES (3), (3), (5)
changes 1
> INSERT INTO s VALUES (-5, 6), (100, 7), (50, 8)
changes 3
> SELECT * FROM s
-5 | 6
3 | 3
6 | 5
50 | 8
100 | 7
> SELECT * FROM sqlite_sequence
's' | 100
> UPDATE s SET a = 500 WHERE a = 100
changes 1
> INSERT INTO s(b) VALUES (9)
changes 1
> SELECT max(a), last_insert_rowid() FROM s
501 | 501
> UPDATE sqlite_sequence SET seq = 9223372036854775807
changes 1
> INSERT INTO s(b) VALUES (10)
error SQLITE_FULL: database or disk is full
> DELETE FROM sqlite_sequence
changes 1
> INSERT INTO s(b) VALUES (11)
changes 1
> SELECT max(a), last_insert_rowid() FROM s
502 | 502
> SELECT * FROM sqlite_sequence
's' | 502
# After the largest rowid, any free one is taken; text and reals become rowids where they are whole.
> CREATE TABLE m(a)
> INSERT INTO m(rowid, a) VALUES (9223372036854775807, 'last')
changes 1
> INSERT INTO m VALUES ('some')
changes 1
> SELECT count(*), count(DISTINCT rowid), min(rowid) > 0 FROM m
2 | 2 | 1
> INSERT INTO m(rowid, a) VALUES ('12', 'text'), (13.0, 'real')
changes 2
> INSERT INTO m(rowid, a) VALUES ('x', 1)
error SQLITE_MISMATCH: datatype mismatch
> INSERT INTO m(rowid, a) VALUES (1.5, 1)
error SQLITE_MISMATCH: datatype mismatch
> SELECT rowid, a FROM m WHERE a IN ('text', 'real')
12 | 'text'
13 | 'real'
# WITHOUT ROWID leaves last_insert_rowid() alone, and so does a trigger once it is done.
> CREATE TABLE w(a PRIMARY KEY, b) WITHOUT ROWID
> SELECT last_insert_rowid()
13
> INSERT INTO w VALUES (1, 2)
changes 1
> SELECT last_insert_rowid(), changes()
13 | 1
> CREATE TRIGGER w_after AFTER INSERT ON w BEGIN INSERT INTO m(rowid, a) VALUES (777, 'w'), (778, 'w'); INSERT INTO log VALUES (last_insert_rowid(), changes()); END
> INSERT INTO w VALUES (2, 3)
changes 1
> SELECT last_insert_rowid(), changes()
13 | 1
> SELECT * FROM log WHERE what > 700
'before' | -1
'before' | -1
'before' | 1
'before' | 1
'before' | 7
778 | 2
# changes() counts a statement's own rows; total_changes() also what triggers and actions did, and stays after failures.
> CREATE TABLE parent(a PRIMARY KEY)
> CREATE TABLE child(a REFERENCES parent ON DELETE CASCADE ON UPDATE CASCADE)
> INSERT INTO parent VALUES (1), (2)
changes 2
> INSERT INTO child VALUES (1), (1), (2)
changes 3
> DELETE FROM parent WHERE a = 1
changes 1
> SELECT changes(), total_changes()
1 | 72
> UPDATE parent SET a = 5
changes 1
> SELECT changes(), total_changes()
1 | 74
> CREATE TRIGGER child_stop AFTER DELETE ON child BEGIN SELECT RAISE(ABORT, 'no'); END
> DELETE FROM parent
error SQLITE_CONSTRAINT_TRIGGER: no
> SELECT changes(), total_changes()
0 | 74
> DELETE FROM log
changes 6
> SELECT changes(), total_changes()
6 | 80
> CREATE TABLE log2 AS SELECT 1 AS x
> SELECT changes(), total_changes()
6 | 80
# Triggers: of columns by their written names, RAISE of each kind, none within itself.
> CREATE TABLE g(a INTEGER PRIMARY KEY, b, c)
> CREATE TRIGGER g_of AFTER UPDATE OF b, a ON g WHEN NEW.b IS NOT OLD.b BEGIN INSERT INTO log VALUES ('of', NEW.b); END
> CREATE TRIGGER g_self AFTER INSERT ON g BEGIN INSERT INTO g(b) VALUES (NEW.b || '+'); END
> INSERT INTO g(b) VALUES ('x')
changes 1
> UPDATE g SET c = 1
changes 2
> UPDATE g SET b = b
changes 2
> UPDATE g SET b = b || '-'
changes 2
> UPDATE g SET rowid = rowid + 10
changes 2
> SELECT * FROM g
11 | 'x-' | 1
12 | 'x+-' | 1
> SELECT * FROM log
'of' | 'x-'
'of' | 'x+-'
> CREATE TRIGGER g_raise BEFORE DELETE ON g BEGIN SELECT CASE OLD.c WHEN 1 THEN RAISE(IGNORE) WHEN 2 THEN RAISE(ABORT, 'two') WHEN 3 THEN RAISE(FAIL, 'three') WHEN 4 THEN RAISE(ROLLBACK, 'four') END; END
> INSERT INTO g VALUES (20, 'a', 0), (21, 'b', 1), (22, 'c', 3), (23, 'd', 0)
error SQLITE_CONSTRAINT_PRIMARYKEY: UNIQUE constraint failed: g.a
> DELETE FROM g WHERE a > 19 AND a < 100
> SELECT changes(), total_changes()
0 | 93
> SELECT a, b FROM g WHERE a > 19
> BEGIN
> UPDATE g SET c = 4 WHERE a = 23
> DELETE FROM g WHERE a = 23
> COMMIT
> SELECT c FROM g WHERE a = 23
> CREATE VIEW v AS SELECT a, b FROM g
> INSERT INTO v VALUES (1, 2)
error SQLITE_ERROR: cannot modify v because it is a view
> CREATE TRIGGER v_insert INSTEAD OF INSERT ON v BEGIN INSERT INTO log VALUES (NEW.a, NEW.b); END
> INSERT INTO v(b) VALUES (9) RETURNING *
NULL | 9
> SELECT changes(), total_changes()
0 | 94
> DELETE FROM v
error SQLITE_ERROR: cannot modify v because it is a view
> CREATE TRIGGER v_none BEFORE INSERT ON v BEGIN SELECT 1; END
error SQLITE_ERROR: cannot create BEFORE trigger on view: v
> CREATE TRIGGER g_none INSTEAD OF INSERT ON g BEGIN SELECT 1; END
error SQLITE_ERROR: cannot create INSTEAD OF trigger on table: g
> PRAGMA recursive_triggers = ON
> CREATE TABLE deep(a)
> CREATE TRIGGER deep_self AFTER INSERT ON deep WHEN NEW.a < 900 BEGIN INSERT INTO deep VALUES (NEW.a + 1); END
> INSERT INTO deep VALUES (1)
changes 1
> SELECT count(*) FROM deep
900
> DROP TRIGGER deep_self
> CREATE TRIGGER deep_self AFTER INSERT ON deep BEGIN INSERT INTO deep VALUES (NEW.a + 1); END
> INSERT INTO deep VALUES (1)
error SQLITE_ERROR: triggers nested too deep
> SELECT count(*) FROM deep
900
> PRAGMA recursive_triggers = OFF
