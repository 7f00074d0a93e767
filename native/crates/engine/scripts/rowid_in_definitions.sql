# A generated column and an index see the row's columns and no rowid.
> CREATE TABLE g8(a, c AS (rowid))
error SQLITE_ERROR: no such column: rowid
> CREATE TABLE g8(a INTEGER PRIMARY KEY, c AS (rowid + a))
error SQLITE_ERROR: no such column: rowid
> CREATE TABLE g8(a INTEGER PRIMARY KEY, c AS (a + 1))
> CREATE TABLE g9(a, CHECK (rowid > 0))
> INSERT INTO g9(a) VALUES (1)
changes 1
> CREATE INDEX ii ON g9(rowid)
error SQLITE_ERROR: no such column: rowid
> CREATE INDEX ii ON g9(oid + 1)
error SQLITE_ERROR: no such column: oid
> CREATE INDEX ii2 ON g9(a) WHERE rowid > 5
> CREATE INDEX ii3 ON g9(g9.a)
error SQLITE_ERROR: the "." operator prohibited in index expressions
> CREATE INDEX ii3 ON g9(g9.nope)
error SQLITE_ERROR: no such column: g9.nope
> CREATE INDEX ii3 ON g9(a + g9.a)
error SQLITE_ERROR: the "." operator prohibited in index expressions
> CREATE INDEX ii3 ON g9(nope + g9.a)
error SQLITE_ERROR: no such column: nope
> CREATE TABLE g11(a, c AS (oid) STORED, d AS (_rowid_))
error SQLITE_ERROR: no such column: oid
> CREATE TABLE g12(a, rowid, c AS (rowid))
> CREATE INDEX i12 ON g12(rowid)
> ALTER TABLE g9 ADD COLUMN z AS (rowid)
error SQLITE_ERROR: error in table g9 after add column: no such column: rowid
> ALTER TABLE g9 ADD COLUMN z AS (g9.a)
error SQLITE_ERROR: error in table g9 after add column: the "." operator prohibited in generated columns
> ALTER TABLE g9 ADD COLUMN z AS (g9.rowid)
error SQLITE_ERROR: error in table g9 after add column: no such column: g9.rowid
> ALTER TABLE g9 ADD COLUMN z AS (g9.nope)
error SQLITE_ERROR: error in table g9 after add column: no such column: g9.nope
> CREATE TABLE g13(a, c AS (g13.a))
error SQLITE_ERROR: the "." operator prohibited in generated columns
> CREATE TABLE g13(a, c AS (g13.b))
error SQLITE_ERROR: no such column: g13.b
> CREATE TABLE g13(a, c AS ((SELECT 1) + g13.a))
error SQLITE_ERROR: subqueries prohibited in generated columns
> CREATE TABLE g13(a, c AS (g13.a + (SELECT 1)))
error SQLITE_ERROR: subqueries prohibited in generated columns
> CREATE TABLE g14(a, c AS (main.g14.a))
error SQLITE_ERROR: the "." operator prohibited in generated columns
> CREATE TABLE w(a PRIMARY KEY, b) WITHOUT ROWID
> CREATE INDEX wi ON w(rowid)
error SQLITE_ERROR: no such column: rowid
> SELECT sql FROM sqlite_schema
'CREATE TABLE g8(a INTEGER PRIMARY KEY, c AS (a + 1))'
'CREATE TABLE g9(a, CHECK (rowid > 0))'
'CREATE INDEX ii2 ON g9(a) WHERE rowid > 5'
'CREATE TABLE g12(a, rowid, c AS (rowid))'
'CREATE INDEX i12 ON g12(rowid)'
'CREATE TABLE w(a PRIMARY KEY, b) WITHOUT ROWID'
