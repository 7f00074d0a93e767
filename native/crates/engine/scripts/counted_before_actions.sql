# Rows count as changed before the actions of foreign keys, which may fail with FAIL; and of an IN list that becomes a
# table the members are computed before the operand. Found by seed 50343 of the fuzzer.
> CREATE TABLE p(a INT PRIMARY KEY, b)
> INSERT INTO p VALUES (1, 1), (2, 2), (3, 3)
changes 3
> CREATE TABLE c(x REFERENCES p ON UPDATE CASCADE ON DELETE SET NULL)
> INSERT INTO c VALUES (2)
changes 1
> CREATE TRIGGER g AFTER UPDATE ON c BEGIN SELECT RAISE(FAIL, 'failed here'); END
> PRAGMA foreign_keys = ON
> UPDATE p SET a = a + 10
error SQLITE_CONSTRAINT_TRIGGER: failed here
> SELECT changes(), total_changes()
2 | 6
> SELECT * FROM p ORDER BY b
11 | 1
12 | 2
3 | 3
> DELETE FROM p
error SQLITE_CONSTRAINT_TRIGGER: failed here
> SELECT changes(), total_changes()
2 | 8
> SELECT * FROM p ORDER BY b
3 | 3
> SELECT * FROM c
NULL
> CREATE TABLE w(a INT PRIMARY KEY, b) WITHOUT ROWID
> INSERT INTO w VALUES (1, 1), (2, 2), (3, 3)
changes 3
> CREATE TABLE d(x REFERENCES w ON UPDATE CASCADE ON DELETE SET NULL)
> INSERT INTO d VALUES (2)
changes 1
> CREATE TRIGGER h AFTER UPDATE ON d BEGIN SELECT RAISE(FAIL, 'failed here'); END
> UPDATE w SET a = a + 10
error SQLITE_CONSTRAINT_TRIGGER: failed here
> SELECT changes(), total_changes()
2 | 14
> DELETE FROM w
error SQLITE_CONSTRAINT_TRIGGER: failed here
> SELECT changes(), total_changes()
3 | 17
> INSERT INTO w VALUES (7, 7)
changes 1
> SELECT * FROM w
7 | 7
> SELECT json_remove(1, 1) IN (json_quote(x'c3a9'), 1, 1)
error SQLITE_ERROR: JSON cannot hold BLOB values
> SELECT json_remove(1, 1) NOT IN (json_quote(x'c3a9'), 1, 1)
error SQLITE_ERROR: JSON cannot hold BLOB values
> SELECT json_remove(1, 1) IN (json_quote(x'c3a9'), 1)
error SQLITE_ERROR: bad JSON path: '1'
> SELECT json_remove(1, 1) IN (1, 1, b, json_quote(x'c3a9')) FROM w
error SQLITE_ERROR: bad JSON path: '1'
> SELECT json_remove(1, b) IN (1, 1, json_quote(x'c3a9')) FROM w WHERE b > 100
> SELECT json_remove(1, b) IN (1, 1, json_quote(x'c3a9')) FROM w
error SQLITE_ERROR: JSON cannot hold BLOB values
> SELECT b FROM w WHERE json_remove(1, b) IN (1, 1, json_quote(x'c3a9'))
error SQLITE_ERROR: JSON cannot hold BLOB values
> SELECT 1 IN (2, json_quote(x'00'), abs(-9223372036854775807 - 1))
error SQLITE_ERROR: integer overflow
> SELECT CASE WHEN 0 THEN json_remove(1, 1) IN (json_quote(x'c3a9'), 1, 1) END
NULL
