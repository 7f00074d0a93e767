> CREATE TABLE t(a INTEGER PRIMARY KEY, b, c)
> CREATE INDEX tb ON t(b)
> CREATE TABLE log(x, y, z)
> INSERT INTO t VALUES(1,10,100),(2,20,200),(3,30,300),(4,40,400)
changes 4
> CREATE TRIGGER bu BEFORE UPDATE OF b ON t BEGIN UPDATE t SET c = c + 1 WHERE a = old.a; END
> CREATE TRIGGER au AFTER UPDATE OF b ON t BEGIN INSERT INTO log VALUES(old.a, old.b || ',' || old.c, new.b || ',' || new.c); END
> UPDATE t SET b = b + 1 RETURNING *
1 | 11 | 101
2 | 21 | 201
3 | 31 | 301
4 | 41 | 401
> SELECT * FROM t
1 | 11 | 101
2 | 21 | 201
3 | 31 | 301
4 | 41 | 401
> SELECT * FROM log
1 | '10,100' | '11,101'
2 | '20,200' | '21,201'
3 | '30,300' | '31,301'
4 | '40,400' | '41,401'
> DROP TRIGGER bu
> CREATE TRIGGER bu BEFORE UPDATE OF b ON t BEGIN DELETE FROM t WHERE a = old.a + 1; END
> UPDATE t SET b = b + 1 RETURNING a
1
3
> SELECT * FROM t
1 | 12 | 101
3 | 32 | 301
> DROP TRIGGER bu
> CREATE TRIGGER bu BEFORE UPDATE OF b ON t BEGIN DELETE FROM t WHERE a = old.a; END
> UPDATE t SET b = b + 1 RETURNING a
> SELECT changes()
0
> SELECT * FROM t
> DROP TRIGGER bu
> INSERT INTO t VALUES(1,10,100),(2,20,200),(3,30,300),(4,40,400)
changes 4
> CREATE TRIGGER bu BEFORE UPDATE OF b ON t BEGIN UPDATE t SET a = a + 10 WHERE a = old.a; END
> UPDATE t SET b = b + 1 WHERE a < 3
> SELECT * FROM t
3 | 30 | 300
4 | 40 | 400
11 | 10 | 100
12 | 20 | 200
> DROP TRIGGER bu
> CREATE TRIGGER bu BEFORE UPDATE OF c ON t BEGIN UPDATE t SET b = 99 WHERE a = old.a; END
> UPDATE t SET c = 0 WHERE b = 30
changes 1
> SELECT * FROM t WHERE b = 99
3 | 99 | 0
> SELECT * FROM t WHERE b = 30
> DROP TRIGGER bu
> CREATE TRIGGER bd BEFORE DELETE ON t BEGIN UPDATE t SET b = b + 1000 WHERE a = old.a; INSERT INTO log VALUES('bd', old.a, old.b); END
> CREATE TRIGGER ad AFTER DELETE ON t BEGIN INSERT INTO log VALUES('ad', old.a, old.b); END
> DELETE FROM log
changes 7
> DELETE FROM t WHERE a = 4 RETURNING *
4 | 40 | 400
> SELECT * FROM t
3 | 99 | 0
11 | 10 | 100
12 | 20 | 200
> SELECT * FROM t WHERE b > 1000
> SELECT * FROM log
4 | '40,400' | '1040,400'
'bd' | 4 | 40
'ad' | 4 | 40
> DROP TRIGGER bd
> CREATE TRIGGER bd BEFORE DELETE ON t BEGIN DELETE FROM t WHERE a > old.a; END
> DELETE FROM log
changes 3
> DELETE FROM t
changes 1
> SELECT changes()
1
> SELECT * FROM log
'ad' | 11 | 10
'ad' | 12 | 20
'ad' | 3 | 99
> DROP TRIGGER bd
> DROP TRIGGER ad
> CREATE TRIGGER ad AFTER DELETE ON t WHEN old.a < 50 BEGIN INSERT INTO t VALUES(old.a + 1, old.b, old.c); END
> INSERT INTO t VALUES(48, 1, 1)
changes 1
> DELETE FROM t
changes 1
> SELECT * FROM t
49 | 1 | 1
> DELETE FROM t
changes 1
> SELECT * FROM t
50 | 1 | 1
> DROP TRIGGER ad
> DELETE FROM t
changes 1
> INSERT INTO t VALUES(1,10,100),(2,20,200),(3,30,300)
changes 3
> CREATE TRIGGER bi BEFORE INSERT ON t BEGIN DELETE FROM t WHERE b = new.b; END
> INSERT INTO t VALUES(4, 10, 1), (5, 20, 2), (5, 30, 3)
error SQLITE_CONSTRAINT_PRIMARYKEY: UNIQUE constraint failed: t.a
> SELECT * FROM t
1 | 10 | 100
2 | 20 | 200
3 | 30 | 300
> INSERT INTO t SELECT a + 100, b, c FROM t
changes 3
> SELECT * FROM t
101 | 10 | 100
102 | 20 | 200
103 | 30 | 300
> DROP TRIGGER bi
> CREATE TRIGGER ai AFTER INSERT ON t WHEN new.a < 1000 BEGIN INSERT INTO t SELECT a + 1000, b, c FROM t WHERE a < 1000; END
> DELETE FROM t WHERE a > 101
changes 2
> INSERT INTO t SELECT a + 200, b, c FROM t
changes 1
> INSERT INTO t SELECT a + 300, b, c FROM t WHERE a < 2
> SELECT * FROM t
101 | 10 | 100
301 | 10 | 100
1101 | 10 | 100
1301 | 10 | 100
> DROP TRIGGER ai
> DROP TRIGGER au
> CREATE TABLE src(k, v)
> INSERT INTO src VALUES(1, 'one'), (2, 'two'), (2, 'zwei'), (104, 'hundred')
changes 4
> CREATE TRIGGER au AFTER UPDATE ON t BEGIN INSERT INTO log VALUES(old.a, old.b, new.b); END
> DELETE FROM log
changes 3
> UPDATE t SET b = src.v FROM src WHERE src.k = t.a
> SELECT changes()
0
> SELECT * FROM log
> CREATE TRIGGER bu BEFORE UPDATE ON t BEGIN DELETE FROM src WHERE k = old.a; END
> UPDATE t SET b = src.v || '!' FROM src WHERE src.k = t.a RETURNING a, b
> SELECT * FROM src
1 | 'one'
2 | 'two'
2 | 'zwei'
104 | 'hundred'
> DROP TRIGGER bu
> DROP TRIGGER au
> CREATE TRIGGER au AFTER UPDATE ON t BEGIN UPDATE src SET v = d.c FROM (SELECT c FROM t WHERE a = new.a) AS d WHERE k = new.a; UPDATE src AS s SET k = s.k WHERE s.k > 0; DELETE FROM src AS s WHERE s.k = 104; INSERT INTO src AS s VALUES(new.a, new.b); END
> UPDATE t SET b = 5 WHERE a = 104
> SELECT * FROM src
1 | 'one'
2 | 'two'
2 | 'zwei'
104 | 'hundred'
> CREATE TRIGGER err AFTER INSERT ON t BEGIN INSERT INTO nosuch VALUES(1); END
> INSERT INTO t(b) VALUES(1)
error SQLITE_ERROR: no such table: main.nosuch
> UPDATE t SET b = 1 WHERE a = -1
> DROP TRIGGER err
> CREATE TRIGGER err AFTER INSERT ON t BEGIN SELECT nosuch FROM t; END
> INSERT INTO t(b) VALUES(1)
error SQLITE_ERROR: no such column: nosuch
> DROP TRIGGER err
> CREATE TRIGGER err AFTER INSERT ON t BEGIN INSERT INTO log(nosuch) VALUES(1); END
> INSERT INTO t(b) VALUES(1)
error SQLITE_ERROR: table log has no column named nosuch
> DROP TRIGGER err
> CREATE TRIGGER err AFTER INSERT ON t BEGIN INSERT INTO log VALUES(1); END
> INSERT INTO t(b) VALUES(1)
error SQLITE_ERROR: table log has 3 columns but 1 values were supplied
> DROP TRIGGER err
> CREATE TRIGGER err AFTER INSERT ON t BEGIN INSERT INTO log VALUES(old.a, 2, 3); END
> INSERT INTO t(b) VALUES(1)
error SQLITE_ERROR: no such column: old.a
> DROP TRIGGER err
> CREATE TRIGGER err AFTER DELETE ON t BEGIN INSERT INTO log VALUES(new.a, 2, 3); END
> DELETE FROM t WHERE 0
error SQLITE_ERROR: no such column: new.a
> DROP TRIGGER err
> CREATE TRIGGER err AFTER INSERT ON t BEGIN UPDATE log SET nosuch = 1; END
> INSERT INTO t(b) VALUES(1)
error SQLITE_ERROR: no such column: nosuch
> DROP TRIGGER err
> CREATE TRIGGER err AFTER INSERT ON t BEGIN DELETE FROM log WHERE nosuch(1); END
> INSERT INTO t(b) VALUES(1)
error SQLITE_ERROR: no such function: nosuch
> DROP TRIGGER err
> CREATE TRIGGER err AFTER INSERT ON t WHEN new.nosuch BEGIN SELECT 1; END
> INSERT INTO t(b) VALUES(1)
error SQLITE_ERROR: no such column: new.nosuch
> DROP TRIGGER err
> CREATE TRIGGER err AFTER INSERT ON t BEGIN SELECT a FROM t WHERE a = b; SELECT new; END
> INSERT INTO t(b) VALUES(1)
error SQLITE_ERROR: no such column: new
> DROP TRIGGER err
> CREATE TRIGGER err AFTER INSERT ON t BEGIN INSERT INTO log SELECT * FROM log, src; END
> INSERT INTO t(b) VALUES(1)
error SQLITE_ERROR: table log has 3 columns but 5 values were supplied
> DROP TRIGGER err
> CREATE TRIGGER err AFTER INSERT ON t BEGIN UPDATE sqlite_master SET name = 1; END
> INSERT INTO t(b) VALUES(1)
error SQLITE_ERROR: table sqlite_master may not be modified
> DROP TRIGGER err
> CREATE VIEW plain AS SELECT * FROM t
> CREATE TRIGGER err AFTER INSERT ON t BEGIN INSERT INTO plain VALUES(1, 2, 3); END
> INSERT INTO t(b) VALUES(1)
error SQLITE_ERROR: cannot modify plain because it is a view
> DROP TRIGGER err
> CREATE TRIGGER ok AFTER INSERT ON t BEGIN INSERT INTO log SELECT new.a AS "new", old.b, 3 FROM src AS old(k) LIMIT 1; END
error SQLITE_ERROR: near "(": syntax error
> CREATE TABLE old(a, b)
> INSERT INTO old VALUES('table old', 1)
changes 1
> CREATE TRIGGER ok AFTER INSERT ON t BEGIN INSERT INTO log SELECT old.a, new.b, old.b FROM old; UPDATE old SET b = new.b WHERE old.b = 1; END
> DELETE FROM log
> INSERT INTO t(b) VALUES(123)
changes 1
> SELECT * FROM log
'table old' | 123 | 1
> SELECT * FROM old
'table old' | 123
> DROP TRIGGER au
> ALTER TABLE log RENAME TO log2
> INSERT INTO t(b) VALUES(124)
changes 1
> SELECT sql FROM sqlite_master WHERE name = 'ok'
'CREATE TRIGGER ok AFTER INSERT ON t BEGIN INSERT INTO "log2" SELECT old.a, new.b, old.b FROM old; UPDATE old SET b = new.b WHERE old.b = 1; END'
> ALTER TABLE t ADD COLUMN d DEFAULT 'new column'
> CREATE TRIGGER ok2 AFTER INSERT ON t BEGIN INSERT INTO log2 VALUES(new.d, 0, 0); END
> INSERT INTO t(b) VALUES(125)
changes 1
> SELECT * FROM log2
'table old' | 123 | 1
'table old' | 124 | 123
'new column' | 0 | 0
'table old' | 125 | 123
> DROP TABLE log2
> INSERT INTO t(b) VALUES(126)
error SQLITE_ERROR: no such table: main.log2
> CREATE TABLE log2(x, y, z)
> INSERT INTO t(b) VALUES(126)
changes 1
> SELECT * FROM log2
'new column' | 0 | 0
'table old' | 126 | 123
> DROP TABLE t
> SELECT name FROM sqlite_master WHERE type = 'trigger'
