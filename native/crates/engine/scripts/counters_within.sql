# total_changes() and last_insert_rowid() are asked anew for every row: triggers, and rows before, have moved them.
> CREATE TABLE t(a INTEGER PRIMARY KEY, b, c INTEGER)
> CREATE TABLE s(x)
> INSERT INTO t VALUES (1, 1, 1), (2, 2, 2), (3, 3, 3)
changes 3
> UPDATE t SET c = total_changes(), b = changes()
changes 3
> SELECT b, c FROM t
3 | 3
3 | 3
3 | 3
> CREATE TRIGGER g AFTER UPDATE ON t BEGIN INSERT INTO s VALUES (NEW.c); END
> UPDATE t SET c = total_changes(), b = abs(total_changes())
changes 3
> SELECT b, c FROM t
6 | 6
7 | 7
8 | 8
> UPDATE t SET c = +total_changes() WHERE total_changes() < 100 RETURNING c, total_changes(), changes(), last_insert_rowid()
12 | 12 | 3 | 3
13 | 13 | 3 | 3
14 | 14 | 3 | 3
> INSERT INTO t SELECT 10 * x, last_insert_rowid(), total_changes() FROM s ORDER BY rowid LIMIT 3
changes 3
> INSERT INTO t(b, c) VALUES (last_insert_rowid(), total_changes()), (last_insert_rowid(), total_changes())
changes 2
> SELECT * FROM t
1 | 6 | 12
2 | 7 | 13
3 | 8 | 14
60 | 3 | 18
70 | 60 | 18
80 | 70 | 18
81 | 80 | 21
82 | 81 | 21
> SELECT count(DISTINCT total_changes()), count(DISTINCT changes()) FROM t
1 | 1
> DELETE FROM t WHERE a > 3 RETURNING total_changes()
23
23
23
23
23
> CREATE TRIGGER h AFTER DELETE ON t BEGIN DELETE FROM s WHERE rowid = (SELECT min(rowid) FROM s); END
> DELETE FROM t WHERE a > 0 RETURNING a, total_changes(), changes()
1 | 28 | 5
2 | 29 | 5
3 | 30 | 5
> SELECT count(*), total_changes() FROM s
3 | 34
