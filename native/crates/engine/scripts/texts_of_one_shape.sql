> CREATE TABLE t (id INTEGER PRIMARY KEY, mail TEXT NOT NULL UNIQUE, n INTEGER CHECK (n <> 13), r REAL, x TEXT COLLATE NOCASE UNIQUE, g AS (n * 2))
> CREATE TABLE s (id INTEGER PRIMARY KEY, i INT, t TEXT, r REAL, a ANY) STRICT
> CREATE TABLE w (k TEXT, v, PRIMARY KEY (k)) WITHOUT ROWID
> CREATE TABLE child (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES t ON DELETE CASCADE)
> CREATE TABLE log (what, id)
> CREATE TRIGGER changed AFTER UPDATE OF n ON t BEGIN INSERT INTO log VALUES ('n to 5', new.id * 5); END
> PRAGMA foreign_keys = ON
> INSERT INTO t (id, mail, n, r, x) VALUES (1, 'a', 10, 1.5, 'X')
changes 1
> INSERT INTO t (id, mail, n, r, x) VALUES (2, 'b''c', 20, 2.0, 'Y')
changes 1
> INSERT INTO t (id, mail, n, r, x) VALUES (3, '', 5, -0.0, 'Z')
changes 1
> INSERT INTO t (id, mail, n, r, x) VALUES (4, 'd', 13, 1.0, 'Q')
error SQLITE_CONSTRAINT_CHECK: CHECK constraint failed: n <> 13
> INSERT INTO t (id, mail, n, r, x) VALUES (5, 'a', 1, 1.0, 'R')
error SQLITE_CONSTRAINT_UNIQUE: UNIQUE constraint failed: t.mail
> INSERT INTO t (id, mail, n, r, x) VALUES (6, 'f', 1, 1.0, 'x')
error SQLITE_CONSTRAINT_UNIQUE: UNIQUE constraint failed: t.x
> INSERT INTO t (id, mail, n, r, x) VALUES (1, 'g', 1, 1.0, 'S')
error SQLITE_CONSTRAINT_PRIMARYKEY: UNIQUE constraint failed: t.id
> INSERT INTO t (id, mail, n, r, x) VALUES (7, 'h', 999999999999999999, 1.0, 'T')
changes 1
> INSERT INTO t (id, mail, n, r, x) VALUES (8, 'i', 9223372036854775807, 1.0, 'U')
changes 1
> INSERT INTO t VALUES (10, 'j', '12', '3', 4)
changes 1
> INSERT INTO t VALUES (11, 'k', '12x', '3x', 5)
changes 1
> INSERT INTO t VALUES (12, 'l', '1e2', '1e2', 6)
changes 1
> INSERT INTO s VALUES (1, 1, 'a', 1, 'x')
changes 1
> INSERT INTO s VALUES (2, 2, 'b', 2, '1')
changes 1
> INSERT INTO s VALUES (3, 3, 'c', 3, '')
changes 1
> INSERT INTO s VALUES (4, '4', 'a', 1, 1)
changes 1
> INSERT INTO s VALUES (5, '4x', 'b', 2, 2)
error SQLITE_CONSTRAINT_DATATYPE: cannot store TEXT value in INT column s.i
> INSERT INTO s VALUES (6, '7.5', 'c', 3, 3)
error SQLITE_CONSTRAINT_DATATYPE: cannot store REAL value in INT column s.i
> INSERT INTO s VALUES (7, 4.0, 5, 1, 1)
changes 1
> INSERT INTO s VALUES (8, 4.5, 6, 2, 2)
error SQLITE_CONSTRAINT_DATATYPE: cannot store REAL value in INT column s.i
> INSERT INTO s VALUES (9, 5.0, 7.5, 3, 3)
changes 1
> INSERT INTO w VALUES ('a', 1)
changes 1
> INSERT INTO w VALUES ('b', 2)
changes 1
> INSERT INTO w VALUES ('a', 3)
error SQLITE_CONSTRAINT_PRIMARYKEY: UNIQUE constraint failed: w.k
> INSERT INTO w VALUES ('c', -4)
changes 1
> INSERT OR IGNORE INTO w VALUES ('a', 1)
> INSERT OR IGNORE INTO w VALUES ('d', 2)
changes 1
> INSERT OR IGNORE INTO w VALUES ('a', 3)
> INSERT INTO w VALUES ('a', 1) ON CONFLICT (k) DO UPDATE SET v = v + excluded.v + 100
changes 1
> INSERT INTO w VALUES ('b', 2) ON CONFLICT (k) DO UPDATE SET v = v + excluded.v + 100
changes 1
> INSERT INTO w VALUES ('e', 3) ON CONFLICT (k) DO UPDATE SET v = v + excluded.v + 100
changes 1
> INSERT INTO w VALUES ('f', 1), ('z' || 'f', 1 + 1) RETURNING v + 1, v * 2 AS twice
2 | 2
3 | 4
> INSERT INTO w VALUES ('g', 2), ('z' || 'g', 2 + 1) RETURNING v + 1, v * 2 AS twice
3 | 4
4 | 6
> INSERT INTO w VALUES ('h', 3), ('z' || 'h', 3 + 1) RETURNING v + 1, v * 2 AS twice
4 | 6
5 | 8
> INSERT INTO w VALUES ('i', 3), ('z' || 'i', 3 + 1) RETURNING v + 1, v * 3 AS twice
4 | 9
5 | 12
> INSERT INTO child VALUES (1, 1)
changes 1
> INSERT INTO child VALUES (2, 2)
changes 1
> INSERT INTO child VALUES (3, 99)
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> INSERT INTO child VALUES (4, 3)
changes 1
> SELECT n, n + 1 AS later, typeof(n + 1) AS kind FROM t WHERE id = 1
10 | 11 | 'integer'
> SELECT n, n + 2 AS later, typeof(n + 2) AS kind FROM t WHERE id = 2
20 | 22 | 'integer'
> SELECT n, n + 3 AS later, typeof(n + 3) AS kind FROM t WHERE id = 3
5 | 8 | 'integer'
> SELECT n, n + 4 AS later, typeof(n + 4) AS kind FROM t WHERE id = 99
> SELECT n + 1 AS later, mail || 'q' AS a, n > 1 AS b, r / 1 AS c, n % 1 AS d FROM t WHERE id = 1
11 | 'aq' | 1 | 1.5 | 0
> SELECT n + 0 AS later, mail || 'r' AS a, n > 0 AS b, r / 0 AS c, n % 0 AS d FROM t WHERE id = 2
20 | 'b''cr' | 1 | NULL | NULL
> SELECT n + 999999999999999999 AS later, mail || '' AS a, n > 999999999999999999 AS b, r / 999999999999999999 AS c, n % 999999999999999999 AS d FROM t WHERE id = 3
1000000000000000004 | '' | 0 | 0.0 | 5
> SELECT n + 9223372036854775 AS later, typeof(r * 9223372036854775) AS k FROM t WHERE id = 7
1009223372036854774 | 'real'
> SELECT n + 922337203685477580 AS later, typeof(r * 922337203685477580) AS k FROM t WHERE id = 7
1922337203685477579 | 'real'
> SELECT n + 1 AS later, typeof(r * 1) AS k FROM t WHERE id = 1
11 | 'real'
> SELECT n + 1 FROM t WHERE id = 1
11
> SELECT n + 1 FROM t WHERE id = 2
21
> SELECT n + 2 FROM t WHERE id = 2
22
> SELECT id FROM t WHERE id = 1
1
> SELECT id FROM t WHERE id = 2
2
> SELECT id FROM t WHERE id = 44
> SELECT id FROM t WHERE id = 1.0
1
> SELECT id FROM t WHERE id = 2.0
2
> SELECT id FROM t WHERE id = 2.5
> SELECT id FROM t WHERE id = '1'
1
> SELECT id FROM t WHERE id = '2'
2
> SELECT id FROM t WHERE id = '2x'
> SELECT id FROM t WHERE id = ''
> SELECT id FROM t WHERE id = ' 2 '
2
> SELECT id FROM t WHERE id = -1
> SELECT id FROM t WHERE id = -2
> SELECT id FROM t WHERE id = -0
> SELECT id FROM t WHERE 1 = t.id AND n >= 1
1
> SELECT id FROM t WHERE 2 = t.id AND n >= 20
2
> SELECT id FROM t WHERE 2 = t.id AND n >= 21
> SELECT id, rowid FROM t AS a WHERE a.mail = 'a'
1 | 1
> SELECT id, rowid FROM t AS a WHERE a.mail = 'b''c'
2 | 2
> SELECT id, rowid FROM t AS a WHERE a.mail = 'A'
> SELECT id FROM t WHERE mail = 1
> SELECT id FROM t WHERE mail = 2
> SELECT id, x FROM t WHERE x = 'x'
1 | 'X'
> SELECT id, x FROM t WHERE x = 'y'
2 | 'Y'
> SELECT id, x FROM t WHERE x = 'z'
3 | 'Z'
> SELECT id, x FROM t WHERE x = 'nothing'
> SELECT id, x FROM t WHERE x = 'x' COLLATE BINARY
> SELECT id, x FROM t WHERE x = 'X' COLLATE BINARY
1 | 'X'
> SELECT id, x FROM t WHERE x = 'Y' COLLATE BINARY
2 | 'Y'
> SELECT v FROM w WHERE k = 'a'
102
> SELECT v FROM w WHERE k = 'b'
104
> SELECT v FROM w WHERE k = 'B'
> SELECT count(*), max(n) FROM t WHERE id = 1
1 | 10
> SELECT count(*), max(n) FROM t WHERE id = 2
1 | 20
> SELECT count(*), max(n) FROM t WHERE id = 99
0 | NULL
> SELECT id FROM t WHERE oid = 1 ORDER BY 1 LIMIT 1
1
> SELECT id FROM t WHERE oid = 2 ORDER BY 1 LIMIT 1
2
> SELECT id FROM t WHERE oid = 3 ORDER BY 1 LIMIT 1
3
> SELECT id FROM t WHERE id = 1 OR id = 2
1
2
> SELECT id FROM t WHERE id = 2 OR id = 3
2
3
> SELECT id FROM t WHERE id = 3 OR id = 3
3
> SELECT (SELECT what FROM log WHERE id = t.id * 2) AS a, n BETWEEN 1 AND 2 AS b FROM t WHERE id = 1
NULL | 0
> SELECT (SELECT what FROM log WHERE id = t.id * 25) AS a, n BETWEEN 2 AND 25 AS b FROM t WHERE id = 2
NULL | 1
> SELECT (SELECT what FROM log WHERE id = t.id * 5) AS a, n BETWEEN 3 AND 5 AS b FROM t WHERE id = 3
NULL | 1
> UPDATE t SET n = 11, r = n + 11 WHERE id = 1
changes 1
> UPDATE t SET n = 21, r = n + 21 WHERE id = 2
changes 1
> UPDATE t SET n = 13, r = n + 13 WHERE id = 3
error SQLITE_CONSTRAINT_CHECK: CHECK constraint failed: n <> 13
> UPDATE t SET n = 1, r = n + 1 WHERE id = 98
> UPDATE t SET n = 22, r = n + 22 WHERE id = 2
changes 1
> UPDATE t SET n = n - 1, mail = 'x' || mail WHERE mail = 'a'
changes 1
> UPDATE t SET n = n - 2, mail = 'y' || mail WHERE mail = 'b''c'
changes 1
> UPDATE t SET n = n - 2, mail = 'y' || mail WHERE mail = 'd'
> UPDATE t SET n = n - 1, mail = 'z' || mail WHERE mail = 'xa'
changes 1
> UPDATE s SET i = '5' WHERE id = 1
changes 1
> UPDATE s SET i = 'x' WHERE id = 2
error SQLITE_CONSTRAINT_DATATYPE: cannot store TEXT value in INT column s.i
> UPDATE s SET i = '6' WHERE id = 3
changes 1
> UPDATE t SET id = 30 WHERE id = 3
error SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN KEY constraint failed
> UPDATE t SET id = 2 WHERE id = 30
> UPDATE t SET id = 31 WHERE id = 30
> DELETE FROM t WHERE id = 1 RETURNING id, n
1 | 9
> DELETE FROM t WHERE id = 31 RETURNING id, n
> DELETE FROM t WHERE id = 31 RETURNING id, n
> DELETE FROM t WHERE id = 2 RETURNING id, n
2 | 20
> DELETE FROM w WHERE k = 'a' AND v = 3
> DELETE FROM w WHERE k = 'b' AND v = 104
changes 1
> DELETE FROM w WHERE k = 'c' AND v = -4
changes 1
> SELECT * FROM t
3 | '' | 5 | 0.0 | 'Z' | 10
7 | 'h' | 999999999999999999 | 1.0 | 'T' | 1999999999999999998
8 | 'i' | 9223372036854775807 | 1.0 | 'U' | 1.8446744073709552e+19
10 | 'j' | 12 | 3.0 | '4' | 24
11 | 'k' | '12x' | '3x' | '5' | 24
12 | 'l' | 100 | 100.0 | '6' | 200
> SELECT * FROM s
1 | 5 | 'a' | 1.0 | 'x'
2 | 2 | 'b' | 2.0 | '1'
3 | 6 | 'c' | 3.0 | ''
4 | 4 | 'a' | 1.0 | 1
7 | 4 | '5' | 1.0 | 1
9 | 5 | '7.5' | 3.0 | 3
> SELECT * FROM w
'a' | 102
'd' | 2
'e' | 3
'f' | 1
'g' | 2
'h' | 3
'i' | 3
'zf' | 2
'zg' | 3
'zh' | 4
'zi' | 4
> SELECT * FROM child
4 | 3
> SELECT * FROM log
'n to 5' | 5
'n to 5' | 10
'n to 5' | 10
'n to 5' | 5
'n to 5' | 10
'n to 5' | 5
> ALTER TABLE w ADD COLUMN added DEFAULT 'new'
> SELECT * FROM w WHERE k = 'a'
'a' | 102 | 'new'
> SELECT * FROM w WHERE k = 'd'
'd' | 2 | 'new'
> SELECT * FROM w WHERE k = 'e'
'e' | 3 | 'new'
> ALTER TABLE w RENAME COLUMN v TO value
> SELECT * FROM w WHERE k = 'e' AND value > 1
'e' | 3 | 'new'
> SELECT * FROM w WHERE k = 'd' AND value > 1
'd' | 2 | 'new'
> SELECT * FROM w WHERE k = 'd' AND value > 2
> SELECT v FROM w WHERE k = 'a'
error SQLITE_ERROR: no such column: v
> SELECT v FROM w WHERE k = 'd'
error SQLITE_ERROR: no such column: v
> CREATE UNIQUE INDEX half ON w (added) WHERE value = 2
error SQLITE_CONSTRAINT_UNIQUE: UNIQUE constraint failed: w.added
> SELECT * FROM w WHERE k = 'd' AND value = 2
'd' | 2 | 'new'
> SELECT * FROM w WHERE k = 'e' AND value = 2
> SELECT * FROM w WHERE k = 'e' AND value = 3
'e' | 3 | 'new'
> DROP TABLE w
> SELECT * FROM w WHERE k = 'a'
error SQLITE_ERROR: no such table: w
> SELECT * FROM w WHERE k = 'd'
error SQLITE_ERROR: no such table: w
> SELECT * FROM w WHERE k = 'e'
error SQLITE_ERROR: no such table: w
