> CREATE TABLE t(a INTEGER PRIMARY KEY, b UNIQUE, c NOT NULL ON CONFLICT IGNORE DEFAULT 0)
> CREATE TABLE u(k PRIMARY KEY, v)
> CREATE TABLE log(x, y)
> CREATE TRIGGER ai AFTER INSERT ON t BEGIN INSERT INTO u VALUES(new.b % 10, new.a); END
> INSERT INTO t(b) VALUES(1)
changes 1
> INSERT INTO t(b) VALUES(11)
error SQLITE_CONSTRAINT_PRIMARYKEY: UNIQUE constraint failed: u.k
> INSERT OR IGNORE INTO t(b) VALUES(11)
changes 1
> SELECT * FROM t
1 | 1 | 0
2 | 11 | 0
> SELECT * FROM u
1 | 1
> INSERT OR REPLACE INTO t(b) VALUES(21)
changes 1
> SELECT * FROM u
1 | 3
> INSERT OR FAIL INTO t(b) VALUES(2), (12), (3)
error SQLITE_CONSTRAINT_PRIMARYKEY: UNIQUE constraint failed: u.k
> SELECT * FROM t
1 | 1 | 0
2 | 11 | 0
3 | 21 | 0
4 | 2 | 0
5 | 12 | 0
> SELECT * FROM u
1 | 3
2 | 4
> BEGIN
> INSERT INTO t(b) VALUES(7)
changes 1
> INSERT OR ROLLBACK INTO t(b) VALUES(17)
error SQLITE_CONSTRAINT_PRIMARYKEY: UNIQUE constraint failed: u.k
> COMMIT
error SQLITE_ERROR: cannot commit - no transaction is active
> SELECT count(*) FROM t
5
> DROP TRIGGER ai
> CREATE TRIGGER ai AFTER INSERT ON t BEGIN INSERT OR REPLACE INTO u VALUES(new.b % 10, 'r' || new.a); END
> INSERT INTO t(b) VALUES(31)
changes 1
> INSERT OR ABORT INTO t(b) VALUES(41)
error SQLITE_CONSTRAINT_PRIMARYKEY: UNIQUE constraint failed: u.k
> INSERT OR IGNORE INTO t(b) VALUES(51)
changes 1
> SELECT * FROM u
2 | 4
1 | 'r6'
> DROP TRIGGER ai
> CREATE TRIGGER bi BEFORE INSERT ON t BEGIN INSERT INTO log VALUES('bi', new.b); END
> CREATE TRIGGER ai AFTER INSERT ON t BEGIN INSERT INTO log VALUES('ai', new.b); END
> CREATE TRIGGER bu BEFORE UPDATE ON t BEGIN INSERT INTO log VALUES('bu', old.b || '>' || new.b); END
> CREATE TRIGGER au AFTER UPDATE OF c ON t BEGIN INSERT INTO log VALUES('au', old.c || '>' || new.c); END
> CREATE TRIGGER bd BEFORE DELETE ON t BEGIN INSERT INTO log VALUES('bd', old.b); END
> CREATE TRIGGER ad AFTER DELETE ON t BEGIN INSERT INTO log VALUES('ad', old.b); END
> DELETE FROM t
changes 7
> DELETE FROM log
changes 14
> INSERT INTO t VALUES(1, 1, 1), (2, 2, 2)
changes 2
> INSERT INTO t VALUES(3, 1, 5) ON CONFLICT(b) DO UPDATE SET c = excluded.c + c RETURNING *
1 | 1 | 6
> INSERT INTO t VALUES(3, 1, 5) ON CONFLICT(b) DO NOTHING RETURNING *
> INSERT INTO t VALUES(2, 9, 9) ON CONFLICT(a) DO UPDATE SET b = 20 WHERE excluded.b = 8
> INSERT INTO t VALUES(2, 8, 9) ON CONFLICT(a) DO UPDATE SET b = 20 WHERE excluded.b = 8
changes 1
> INSERT INTO t VALUES(4, 1, 9) ON CONFLICT(b) DO UPDATE SET b = 20
error SQLITE_CONSTRAINT_UNIQUE: UNIQUE constraint failed: t.b
> INSERT OR REPLACE INTO t VALUES(5, 1, 7)
changes 1
> INSERT OR IGNORE INTO t VALUES(6, 1, 7)
> UPDATE OR REPLACE t SET b = 20 WHERE a = 5
changes 1
> UPDATE OR IGNORE t SET a = 5
changes 1
> INSERT INTO t(a, b, c) VALUES(7, 7, NULL)
> SELECT * FROM t
5 | 20 | 7
> SELECT * FROM log
'bi' | 1
'ai' | 1
'bi' | 2
'ai' | 2
'bi' | 1
'bu' | '1>1'
'au' | '1>6'
'bi' | 1
'bi' | 9
'bi' | 8
'bu' | '2>20'
'bi' | 1
'ai' | 1
'bi' | 1
'bu' | '1>20'
'bu' | '20>20'
'bi' | 7
> DELETE FROM log
changes 17
> PRAGMA recursive_triggers = ON
> INSERT INTO t VALUES(8, 8, 8), (9, 9, 9)
changes 2
> INSERT OR REPLACE INTO t VALUES(8, 9, 1)
changes 1
> UPDATE OR REPLACE t SET b = 20 WHERE a = 8
changes 1
> SELECT * FROM t
8 | 20 | 1
> SELECT * FROM log
'bi' | 8
'ai' | 8
'bi' | 9
'ai' | 9
'bi' | 9
'bd' | 8
'ad' | 8
'bd' | 9
'ad' | 9
'ai' | 9
'bu' | '9>20'
'bd' | 20
'ad' | 20
> DELETE FROM log
changes 13
> CREATE TRIGGER stop BEFORE DELETE ON t WHEN old.b = 20 BEGIN SELECT RAISE(IGNORE); END
> INSERT OR REPLACE INTO t VALUES(8, 3, 3)
error SQLITE_CONSTRAINT_PRIMARYKEY: UNIQUE constraint failed: t.a
> SELECT * FROM t
8 | 20 | 1
> INSERT OR REPLACE INTO t VALUES(10, 20, 3)
error SQLITE_CONSTRAINT_UNIQUE: UNIQUE constraint failed: t.b
> SELECT * FROM t
8 | 20 | 1
> DROP TRIGGER stop
> CREATE TRIGGER again AFTER DELETE ON t WHEN old.b = 20 BEGIN INSERT INTO t VALUES(old.a + 1000, old.b, 0); END
> INSERT OR REPLACE INTO t VALUES(10, 20, 3)
error SQLITE_CONSTRAINT_UNIQUE: UNIQUE constraint failed: t.b
> UPDATE OR REPLACE t SET b = 20 WHERE a = 8
changes 1
> REPLACE INTO t SELECT a, b, c + 1 FROM t WHERE b <> 20
> SELECT * FROM t
8 | 20 | 1
> DROP TRIGGER again
> CREATE TABLE w(k TEXT PRIMARY KEY, v UNIQUE) WITHOUT ROWID
> CREATE TRIGGER wd AFTER DELETE ON w BEGIN INSERT INTO log VALUES('wd', old.k || old.v); END
> INSERT INTO w VALUES('a', 1), ('b', 2)
changes 2
> INSERT OR REPLACE INTO w VALUES('a', 2)
changes 1
> SELECT * FROM w
'a' | 2
> SELECT * FROM log WHERE x = 'wd'
'wd' | 'b2'
'wd' | 'a1'
> CREATE TABLE chain(a INTEGER PRIMARY KEY, b)
> CREATE TRIGGER c1 AFTER INSERT ON chain BEGIN UPDATE chain SET b = b + 1 WHERE a = new.a; END
> CREATE TRIGGER c2 AFTER UPDATE ON chain WHEN new.b < 5 BEGIN UPDATE chain SET b = b + 1 WHERE a = new.a; END
> INSERT INTO chain VALUES(1, 1)
changes 1
> SELECT * FROM chain
1 | 5
> PRAGMA recursive_triggers = OFF
> INSERT INTO chain VALUES(2, 1)
changes 1
> SELECT * FROM chain
1 | 5
2 | 3
