# UPDATE without a condition that leads to rows: of a table without rowids SQLite reads the narrowest index that will do, and changes the rows in its order.
> CREATE TABLE w1(a TEXT PRIMARY KEY, b REAL, c REAL, d DOUBLE UNIQUE, e) WITHOUT ROWID
> CREATE INDEX w1a ON w1(a DESC)
> INSERT INTO w1 VALUES ('a', 1, 3, 10, '31'), ('b', 2, 4, 20, '31'), ('c', 3, 5, 15, '32')
changes 3
> UPDATE OR FAIL w1 SET (b, d) = (e, e)
error SQLITE_CONSTRAINT_UNIQUE: UNIQUE constraint failed: w1.d
> SELECT * FROM w1 ORDER BY a
'a' | 1.0 | 3.0 | 10.0 | '31'
'b' | 31.0 | 4.0 | 31.0 | '31'
'c' | 32.0 | 5.0 | 32.0 | '32'
> UPDATE OR FAIL w1 NOT INDEXED SET (b, d) = (e, e) WHERE +a <> 'c'
error SQLITE_CONSTRAINT_UNIQUE: UNIQUE constraint failed: w1.d
> SELECT * FROM w1 ORDER BY a
'a' | 1.0 | 3.0 | 10.0 | '31'
'b' | 31.0 | 4.0 | 31.0 | '31'
'c' | 32.0 | 5.0 | 32.0 | '32'
# A column of the condition that the index does not have.
> UPDATE OR FAIL w1 SET b = 7, d = 7 WHERE b < 1000
error SQLITE_CONSTRAINT_UNIQUE: UNIQUE constraint failed: w1.d
> SELECT * FROM w1 ORDER BY a
'a' | 7.0 | 3.0 | 7.0 | '31'
'b' | 31.0 | 4.0 | 31.0 | '31'
'c' | 32.0 | 5.0 | 32.0 | '32'
# What SET changes cannot lead.
> CREATE TABLE w2(k INT PRIMARY KEY, u UNIQUE, v) WITHOUT ROWID
> INSERT INTO w2 VALUES (1, 3, 1), (2, 2, 2), (3, 1, 3)
changes 3
> UPDATE OR FAIL w2 SET u = 9
error SQLITE_CONSTRAINT_UNIQUE: UNIQUE constraint failed: w2.u
> SELECT * FROM w2 ORDER BY k
1 | 9 | 1
2 | 2 | 2
3 | 1 | 3
> CREATE UNIQUE INDEX w2v ON w2(v)
> UPDATE OR FAIL w2 SET v = 9
error SQLITE_CONSTRAINT_UNIQUE: UNIQUE constraint failed: w2.v
> SELECT * FROM w2 ORDER BY k
1 | 9 | 9
2 | 2 | 2
3 | 1 | 3
# As wide as one another: the newest.
> CREATE TABLE w3(k INT PRIMARY KEY, a INT, b INT, c INT, d INT, u UNIQUE) WITHOUT ROWID
> INSERT INTO w3 VALUES (1, 3, 1, 2, 0, 1), (2, 2, 3, 1, 0, 2), (3, 1, 2, 3, 0, 3)
changes 3
> CREATE INDEX w3a ON w3(a)
> CREATE INDEX w3b ON w3(b)
> CREATE INDEX w3c ON w3(c DESC)
> BEGIN
> UPDATE OR FAIL w3 SET u = 9
error SQLITE_CONSTRAINT_UNIQUE: UNIQUE constraint failed: w3.u
> SELECT k, u FROM w3 ORDER BY k
1 | 1
2 | 2
3 | 9
> ROLLBACK
> BEGIN
> UPDATE OR FAIL w3 SET u = 9 WHERE +b > 0
error SQLITE_CONSTRAINT_UNIQUE: UNIQUE constraint failed: w3.u
> SELECT k, u FROM w3 ORDER BY k
1 | 9
2 | 2
3 | 3
> ROLLBACK
> BEGIN
> UPDATE OR FAIL w3 SET u = 9 WHERE +b > 0 AND +a < 4
error SQLITE_CONSTRAINT_UNIQUE: UNIQUE constraint failed: w3.u
> SELECT k, u FROM w3 ORDER BY k
1 | 9
2 | 2
3 | 3
> ROLLBACK
> CREATE INDEX w3ab ON w3(a DESC, b)
> BEGIN
> UPDATE OR FAIL w3 SET u = 9 WHERE +b > 0 AND +a < 4
error SQLITE_CONSTRAINT_UNIQUE: UNIQUE constraint failed: w3.u
> SELECT k, u FROM w3 ORDER BY k
1 | 9
2 | 2
3 | 3
> ROLLBACK
> BEGIN
> UPDATE OR FAIL w3 SET u = 9, d = 1 WHERE k IN (SELECT 4 - k FROM w3)
error SQLITE_CONSTRAINT_UNIQUE: UNIQUE constraint failed: w3.u
> SELECT k, u FROM w3 ORDER BY k
1 | 9
2 | 2
3 | 3
> ROLLBACK
# The lengths of columns.
> CREATE TABLE w4(k INT PRIMARY KEY, a VARCHAR, b VARCHAR(4), c VARCHAR(100), d TEXT(100), e CLOB, f BLOB, g BLOB(3), h, u VARCHAR(20) UNIQUE) WITHOUT ROWID
> INSERT INTO w4 VALUES (1, 3, 4, 2, 'x', 'x', 'x', 'x', 'x', 1), (2, 2, 3, 1, 'x', 'x', 'x', 'x', 'x', 2), (3, 4, 2, 3, 'x', 'x', 'x', 'x', 'x', 3), (4, 1, 5, 4, 'x', 'x', 'x', 'x', 'x', 4)
changes 4
> CREATE INDEX w4c ON w4(c)
> BEGIN
> UPDATE OR FAIL w4 SET u = 9
error SQLITE_CONSTRAINT_UNIQUE: UNIQUE constraint failed: w4.u
> SELECT k, u FROM w4 ORDER BY k
1 | '9'
2 | '2'
3 | '3'
4 | '4'
> ROLLBACK
> CREATE INDEX w4b ON w4(b)
> CREATE INDEX w4d ON w4(d)
> BEGIN
> UPDATE OR FAIL w4 SET u = 9
error SQLITE_CONSTRAINT_UNIQUE: UNIQUE constraint failed: w4.u
> SELECT k, u FROM w4 ORDER BY k
1 | '1'
2 | '2'
3 | '9'
4 | '4'
> ROLLBACK
> CREATE INDEX w4a ON w4(a)
> BEGIN
> UPDATE OR FAIL w4 SET u = 9
error SQLITE_CONSTRAINT_UNIQUE: UNIQUE constraint failed: w4.u
> SELECT k, u FROM w4 ORDER BY k
1 | '1'
2 | '2'
3 | '3'
4 | '9'
> ROLLBACK
# Partial indexes, expressions, generated columns.
> CREATE TABLE w5(k INT PRIMARY KEY, a INT, b INT, g AS (a + 1), s AS (b + 1) STORED, u TEXT UNIQUE) WITHOUT ROWID
> INSERT INTO w5 VALUES (1, 1, 3, 1), (2, 2, 1, 2), (3, 3, 2, 3)
changes 3
> CREATE INDEX w5p ON w5(b, a) WHERE a > 0
> CREATE INDEX w5e ON w5(-a)
> BEGIN
> UPDATE OR FAIL w5 SET u = 9
error SQLITE_CONSTRAINT_UNIQUE: UNIQUE constraint failed: w5.u
> SELECT k, u FROM w5 ORDER BY k
1 | '1'
2 | '2'
3 | '9'
> ROLLBACK
> DROP INDEX w5e
> CREATE INDEX w5s ON w5(s)
> BEGIN
> UPDATE OR FAIL w5 SET u = 9
error SQLITE_CONSTRAINT_UNIQUE: UNIQUE constraint failed: w5.u
> SELECT k, u FROM w5 ORDER BY k
1 | '1'
2 | '9'
3 | '3'
> UPDATE OR FAIL w5 SET u = k WHERE +s > 0
changes 3
> ROLLBACK
> BEGIN
> UPDATE OR FAIL w5 SET u = 9 WHERE +s > 0
error SQLITE_CONSTRAINT_UNIQUE: UNIQUE constraint failed: w5.u
> SELECT k, u FROM w5 ORDER BY k
1 | '9'
2 | '2'
3 | '3'
> ROLLBACK
> DROP INDEX w5s
> DROP INDEX w5p
> CREATE INDEX w5p ON w5(b) WHERE a > 0
> BEGIN
> UPDATE OR FAIL w5 SET u = 9 WHERE a > 0
error SQLITE_CONSTRAINT_UNIQUE: UNIQUE constraint failed: w5.u
> SELECT k, u FROM w5 ORDER BY k
1 | '1'
2 | '9'
3 | '3'
> ROLLBACK
# Triggers, or a key that changes: the rows are kept first, and changed in the order of the table.
> CREATE TABLE w6(k INT PRIMARY KEY, a INT, u UNIQUE) WITHOUT ROWID
> INSERT INTO w6 VALUES (1, 3, 1), (2, 2, 2), (3, 1, 3)
changes 3
> CREATE INDEX w6a ON w6(a)
> BEGIN
> UPDATE OR FAIL w6 SET k = k + 10, u = 9
error SQLITE_CONSTRAINT_UNIQUE: UNIQUE constraint failed: w6.u
> SELECT * FROM w6 ORDER BY a
3 | 1 | 3
2 | 2 | 2
11 | 3 | 9
> ROLLBACK
> UPDATE OR FAIL w6 SET u = 9
error SQLITE_CONSTRAINT_UNIQUE: UNIQUE constraint failed: w6.u
> SELECT * FROM w6 ORDER BY k
1 | 3 | 1
2 | 2 | 2
3 | 1 | 9
> UPDATE w6 SET u = k
changes 3
> CREATE TRIGGER w6t AFTER UPDATE ON w6 BEGIN SELECT 1; END
> UPDATE OR FAIL w6 SET u = 9
error SQLITE_CONSTRAINT_UNIQUE: UNIQUE constraint failed: w6.u
> SELECT * FROM w6 ORDER BY k
1 | 3 | 9
2 | 2 | 2
3 | 1 | 3
