# AFTER triggers of many rows: those that have nothing to do with the table may fire once more of its rows have changed.
> CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, b TEXT, c REAL NOT NULL, d NUMERIC)
> WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) INSERT INTO t SELECT i, i % 50, 'name ' || i, i, i FROM n
changes 5000
> CREATE INDEX by_a ON t (a)
> CREATE TABLE log (n INTEGER PRIMARY KEY AUTOINCREMENT, what TEXT, id INT, old, new, kind)
> CREATE TABLE total (k TEXT PRIMARY KEY, n INT, last INT)
> CREATE TRIGGER changed AFTER UPDATE OF a, c, d ON t WHEN old.a IS NOT new.a OR old.d IS NOT new.d BEGIN INSERT INTO log (what, id, old, new, kind) VALUES ('u', new.id, old.a, new.a, typeof(new.d) || typeof(new.c)); INSERT INTO total VALUES ('u', 1, new.rowid) ON CONFLICT (k) DO UPDATE SET n = n + 1, last = excluded.last; END
> CREATE TRIGGER gone AFTER DELETE ON t BEGIN INSERT INTO log (what, id, old) VALUES ('d', old.id, old.b); UPDATE total SET n = n - 1 WHERE k = 'u'; END
> INSERT INTO total VALUES ('u', 0, 0)
changes 1
> UPDATE t SET a = a + 1 WHERE id % 2 = 0
changes 2500
> SELECT changes(), last_insert_rowid(), (SELECT seq FROM sqlite_sequence)
2500 | 1 | 2500
> SELECT count(*), sum(id), sum(old), sum(new), min(n), max(n) FROM log
2500 | 6252500 | 60000 | 62500 | 1 | 2500
> SELECT * FROM total
'u' | 2500 | 5000
> SELECT * FROM log WHERE id BETWEEN 4000 AND 4006
2000 | 'u' | 4000 | 0 | 1 | 'integerreal'
2001 | 'u' | 4002 | 2 | 3 | 'integerreal'
2002 | 'u' | 4004 | 4 | 5 | 'integerreal'
2003 | 'u' | 4006 | 6 | 7 | 'integerreal'
> UPDATE t SET d = '12x', c = id / 2 WHERE id < 300
changes 299
> UPDATE t SET d = '12', c = '7.5' WHERE id < 300
changes 299
> SELECT kind, count(*) FROM log GROUP BY kind
'integerreal' | 2799
'textreal' | 299
> SELECT * FROM total
'u' | 3098 | 299
> DELETE FROM t WHERE id > 4500
changes 500
> SELECT what, count(*), min(old), max(old) FROM log GROUP BY what
'd' | 500 | 'name 4501' | 'name 5000'
'u' | 3098 | 0 | 49
> SELECT changes(), total_changes(), last_insert_rowid()
500 | 15795 | 1
> PRAGMA integrity_check
'ok'
# An error of a row, of the row's trigger, and one that leaves the rows before it.
> UPDATE t SET a = a + 1, c = CASE WHEN id = 4000 THEN NULL ELSE c END
error SQLITE_CONSTRAINT_NOTNULL: NOT NULL constraint failed: t.c
> UPDATE t SET a = CASE WHEN id = 3000 THEN abs(-9223372036854775807 - 1) ELSE a + 1 END
error SQLITE_ERROR: integer overflow
> SELECT count(*), sum(n) FROM log
3598 | 6474601
> SELECT * FROM total
'u' | 2598 | 299
> CREATE TRIGGER refuses AFTER UPDATE OF b ON t WHEN new.b = 'bad' BEGIN SELECT raise(ABORT, 'refused') WHERE new.id > 100; SELECT raise(FAIL, 'failed') WHERE new.id > 50; SELECT raise(IGNORE) WHERE new.id > 20; INSERT INTO log (what, id) VALUES ('bad', new.id); END
> CREATE TRIGGER counts AFTER UPDATE OF b ON t BEGIN INSERT INTO log (what, id, old) VALUES ('b', new.id, changes()); END
> UPDATE t SET b = CASE WHEN id = 2000 THEN 'bad' ELSE 'good' END
error SQLITE_CONSTRAINT_TRIGGER: refused
> SELECT count(*), min(b) FROM t WHERE b = 'good'
0 | NULL
> UPDATE t SET b = CASE WHEN id = 60 THEN 'bad' ELSE 'good' END
error SQLITE_CONSTRAINT_TRIGGER: failed
> SELECT count(*), max(id), changes(), total_changes() FROM t WHERE b = 'good'
59 | 59 | 60 | 31911
> SELECT what, count(*), max(id), max(n) FROM log GROUP BY what
'b' | 60 | 60 | 3658
'd' | 500 | 5000 | 3598
'u' | 3098 | 5000 | 3098
> UPDATE t SET b = CASE WHEN id IN (10, 30) THEN 'bad' ELSE 'better' END
changes 4500
> SELECT count(*), max(id), changes(), total_changes() FROM t WHERE b = 'better'
4498 | 4500 | 4500 | 40912
> SELECT what, count(*), max(id), max(n), max(old) FROM log GROUP BY what
'b' | 4560 | 4500 | 8159 | 60
'bad' | 1 | 10 | 3669 | NULL
'd' | 500 | 5000 | 3598 | 'name 5000'
'u' | 3098 | 5000 | 3098 | 49
> SELECT seq FROM sqlite_sequence
8159
# Triggers that read or write the table, and what the statement reads of theirs.
> DROP TRIGGER counts
> CREATE TRIGGER reads AFTER UPDATE OF a ON t WHEN new.id % 500 = 0 BEGIN INSERT INTO log (what, id, old) VALUES ('r', new.id, (SELECT sum(a) FROM t)); END
> UPDATE t SET a = a + 1
changes 4500
> SELECT id, old FROM log WHERE what = 'r'
500 | 113000
1000 | 113500
1500 | 114000
2000 | 114500
2500 | 115000
3000 | 115500
3500 | 116000
4000 | 116500
4500 | 117000
> DROP TRIGGER reads
> CREATE TRIGGER writes AFTER UPDATE OF b ON t WHEN new.id % 500 = 0 BEGIN UPDATE t SET a = -1 WHERE id = new.id + 1; DELETE FROM t WHERE id = new.id + 2; END
> UPDATE t SET b = a
changes 4492
> SELECT count(*), count(nullif(a, -1)), sum(b) FROM t
4492 | 4484 | 116944
> DROP TRIGGER writes
> UPDATE t SET a = a + 1 WHERE id NOT IN (SELECT id FROM log WHERE what = 'u' AND id > 1000)
changes 999
> SELECT count(*) FROM log
13683
> DELETE FROM t WHERE (SELECT count(*) FROM log WHERE what = 'd') % 2 = 0 AND id > 4000
changes 499
> SELECT count(*) FROM t
3993
> CREATE VIEW seen AS SELECT sum(a) AS s FROM t
> CREATE TRIGGER sees AFTER DELETE ON t WHEN old.id % 100 = 0 BEGIN INSERT INTO log (what, id, new) SELECT 's', old.id, s FROM seen; END
> DELETE FROM t WHERE id BETWEEN 3000 AND 3999
changes 998
> SELECT id, new FROM log WHERE what = 's'
3000 | 104948
3100 | 102355
3200 | 99755
3300 | 97155
3400 | 94555
3500 | 91955
3600 | 89362
3700 | 86762
3800 | 84162
3900 | 81562
> DROP TRIGGER sees
# Through another trigger, and what has the JSON subtype.
> CREATE TABLE step (id INT, a INT)
> CREATE TRIGGER passes AFTER INSERT ON step WHEN new.a = 3 BEGIN UPDATE t SET d = -1 WHERE id = new.id; END
> CREATE TRIGGER passing AFTER UPDATE OF c ON t BEGIN INSERT INTO step VALUES (old.id + 1, old.a); END
> UPDATE t SET c = c + d
changes 2995
> SELECT count(*), sum(c), sum(d) FROM t
2995 | 8887898.5 | 4435516
> DROP TRIGGER passing
> CREATE TRIGGER makes AFTER UPDATE OF b ON t WHEN new.id < 4 BEGIN INSERT INTO log (what, id, new) VALUES ('j', new.id, json_array(new.b, old.b)); END
> UPDATE t SET b = json_array(id)
changes 2995
> UPDATE t SET b = json_array(b)
changes 2995
> UPDATE t SET b = '[1]'
changes 2995
> SELECT id, new FROM log WHERE what = 'j'
1 | '[[1],"2"]'
2 | '[[2],"4"]'
3 | '[[3],"4"]'
1 | '[["[1]"],"[1]"]'
2 | '[["[2]"],"[2]"]'
3 | '[["[3]"],"[3]"]'
1 | '["[1]","[\"[1]\"]"]'
2 | '["[1]","[\"[2]\"]"]'
3 | '["[1]","[\"[3]\"]"]'
# In a transaction, with savepoints, in other databases.
> BEGIN
> UPDATE t SET a = a + 1
changes 2995
> SAVEPOINT s
> DELETE FROM t WHERE id > 200
changes 2795
> SELECT count(*) FROM log
21028
> ROLLBACK TO s
> SELECT count(*) FROM log
18233
> COMMIT
> CREATE TEMP TABLE own (id INT, a INT)
> CREATE TEMP TRIGGER tells AFTER UPDATE OF a ON t BEGIN INSERT INTO own VALUES (new.id, new.a); END
> UPDATE t SET a = a + 1, c = CASE WHEN id = 2000 THEN NULL ELSE c END
error SQLITE_CONSTRAINT_NOTNULL: NOT NULL constraint failed: t.c
> SELECT count(*) FROM own
0
> UPDATE t SET a = a + 1
changes 2995
> SELECT count(*), sum(a) FROM own
2995 | 84954
> UPDATE OR FAIL t SET a = a + 1
changes 2995
> UPDATE OR IGNORE t SET a = NULL WHERE id > 10
changes 2985
> DELETE FROM t
changes 2995
> SELECT what, count(*), sum(id) FROM log GROUP BY what
'b' | 4560 | 10129080
'bad' | 1 | 10
'd' | 5000 | 12502500
'j' | 9 | 18
'r' | 9 | 22500
's' | 10 | 34500
'u' | 20614 | 34986919
> SELECT * FROM total
'u' | 15614 | 4000
> PRAGMA integrity_check
'ok'
