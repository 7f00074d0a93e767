# SQLite acts on a definition while it reads it: what is wrong with what it has read it tells before an error of the grammar further on.
> CREATE TABLE x(a)
> CREATE VIEW v AS SELECT 1
> CREATE INDEX i ON x(a)
> CREATE TRIGGER t AFTER INSERT ON x BEGIN SELECT 1; END
> CREATE TABLE x(a, b
error SQLITE_ERROR: table x already exists
> CREATE TABLE x(a,,)
error SQLITE_ERROR: table x already exists
> CREATE TABLE x
error SQLITE_ERROR: incomplete input
> CREATE TABLE x x
error SQLITE_ERROR: near "x": syntax error
> CREATE TABLE IF NOT EXISTS x(a, b
error SQLITE_ERROR: incomplete input
> CREATE TABLE v(a,
error SQLITE_ERROR: view v already exists
> CREATE TABLE IF NOT EXISTS v(a,
error SQLITE_ERROR: incomplete input
> CREATE TABLE i(a,
error SQLITE_ERROR: there is already an index named i
> CREATE TABLE nodb.x(a,
error SQLITE_ERROR: unknown database nodb
> CREATE TABLE sqlite_x(a,
error SQLITE_ERROR: object name reserved for internal use: sqlite_x
> CREATE TEMP TABLE main.y(a,
error SQLITE_ERROR: temporary table name must be unqualified
> CREATE TEMP TABLE x(a,
error SQLITE_ERROR: incomplete input
> CREATE TABLE x AS SELECT 1 FROM
error SQLITE_ERROR: table x already exists
> CREATE TABLE x AS SELECT nope FROM nope x y
error SQLITE_ERROR: table x already exists
> CREATE TABLE x(a) x
error SQLITE_ERROR: table x already exists
> CREATE TABLE x(a) WITHOUT ROWID STRICT
error SQLITE_ERROR: table x already exists
> CREATE TABLE x(a, #
error SQLITE_ERROR: table x already exists
> CREATE TABLE y(a, #
error SQLITE_ERROR: unrecognized token: "#"
> EXPLAIN CREATE TABLE x(a,
error SQLITE_ERROR: table x already exists
> CREATE TABLE y(a, a
error SQLITE_ERROR: incomplete input
> CREATE TABLE y(a, a,
error SQLITE_ERROR: duplicate column name: a
> CREATE TABLE y(a, a INT
error SQLITE_ERROR: incomplete input
> CREATE TABLE y(a, a INT UNIQUE
error SQLITE_ERROR: duplicate column name: a
> CREATE TABLE y(a, a INT UNIQUE x
error SQLITE_ERROR: duplicate column name: a
> CREATE TABLE y(a primary key, b primary key
error SQLITE_ERROR: incomplete input
> CREATE TABLE y(a primary key, b primary key,
error SQLITE_ERROR: table "y" has more than one primary key
> CREATE TABLE y(a primary key, b primary key, a)
error SQLITE_ERROR: table "y" has more than one primary key
> CREATE TABLE y(a primary key, b, a, c primary key)
error SQLITE_ERROR: duplicate column name: a
> CREATE TABLE y(a TEXT PRIMARY KEY AUTOINCREMENT,
error SQLITE_ERROR: AUTOINCREMENT is only allowed on an INTEGER PRIMARY KEY
> CREATE TABLE y(a DEFAULT (b),
error SQLITE_ERROR: default value of column [a] is not constant
> CREATE TABLE y(a AS (1) STORED PRIMARY KEY,
error SQLITE_ERROR: generated columns cannot be part of the PRIMARY KEY
> CREATE TABLE y(a AS (1) foo,
error SQLITE_ERROR: error in generated column "a"
> CREATE TABLE y(a, UNIQUE(zz)
error SQLITE_ERROR: incomplete input
> CREATE TABLE y(a, UNIQUE(zz),
error SQLITE_ERROR: no such column: zz
> CREATE TABLE y(a, PRIMARY KEY(zz),
error SQLITE_ERROR: no such column: zz
> CREATE TABLE y(a, FOREIGN KEY(zz) REFERENCES x(b),
error SQLITE_ERROR: unknown column "zz" in foreign key definition
> CREATE TABLE y(a, FOREIGN KEY(a) REFERENCES x(b,c),
error SQLITE_ERROR: number of columns in foreign key does not match the number of columns in the referenced table
> CREATE TABLE y(a REFERENCES x(b,c),
error SQLITE_ERROR: foreign key on a should reference only one column of table x
> CREATE TABLE y(a REFERENCES x(b,c)
error SQLITE_ERROR: incomplete input
> CREATE TABLE y(a CHECK(?),
error SQLITE_ERROR: incomplete input
> CREATE TABLE y(a) STRICT x
error SQLITE_ERROR: near "x": syntax error
> CREATE VIEW x AS SELECT 1 1
error SQLITE_ERROR: near "1": syntax error
> CREATE INDEX i ON x(a
error SQLITE_ERROR: incomplete input
> CREATE INDEX i ON nope(a
error SQLITE_ERROR: incomplete input
> CREATE TRIGGER t AFTER INSERT ON x BEGIN SELECT 1 1; END
error SQLITE_ERROR: trigger t already exists
> CREATE TRIGGER t AFTER INSERT ON nope BEGIN SELECT 1 1; END
error SQLITE_ERROR: no such table: main.nope
> CREATE TRIGGER t2 AFTER INSERT ON nope BEGIN SELECT 1; END x
error SQLITE_ERROR: no such table: main.nope
> CREATE TRIGGER t2 AFTER INSERT ON nope WHEN 1 1 BEGIN SELECT 1; END
error SQLITE_ERROR: near "1": syntax error
> CREATE TRIGGER t2 AFTER INSERT ON nope FOR EACH STATEMENT BEGIN SELECT 1; END
error SQLITE_ERROR: near "STATEMENT": syntax error
> CREATE TRIGGER t2 AFTER INSERT ON nope
error SQLITE_ERROR: incomplete input
> CREATE TRIGGER t2 AFTER INSERT ON nope BEGIN
error SQLITE_ERROR: no such table: main.nope
> CREATE TRIGGER t2 AFTER INSERT ON nope BEGIN SELECT 'abc; END
error SQLITE_ERROR: no such table: main.nope
> CREATE TRIGGER t2 AFTER INSERT ON v BEGIN SELECT 1 1; END
error SQLITE_ERROR: cannot create AFTER trigger on view: v
> CREATE TRIGGER t2 INSTEAD OF INSERT ON x BEGIN SELECT 1 1; END
error SQLITE_ERROR: cannot create INSTEAD OF trigger on table: x
> CREATE TRIGGER IF NOT EXISTS t AFTER INSERT ON x BEGIN SELECT 1 1; END
error SQLITE_ERROR: near "1": syntax error
> CREATE TRIGGER t AFTER INSERT ON x BEGIN DELETE FROM x INDEXED BY i; END
error SQLITE_ERROR: trigger t already exists
> CREATE TRIGGER t2 AFTER INSERT ON x BEGIN DELETE FROM x INDEXED BY i; END
error SQLITE_ERROR: the INDEXED BY clause is not allowed on UPDATE or DELETE statements within triggers
> CREATE TRIGGER nodb.t2 AFTER INSERT ON x BEGIN SELECT 1 1; END
error SQLITE_ERROR: unknown database nodb
> CREATE TRIGGER sqlite_t2 AFTER INSERT ON x BEGIN SELECT 1 1; END
error SQLITE_ERROR: object name reserved for internal use: sqlite_t2
> CREATE TEMP TRIGGER main.t2 AFTER INSERT ON x BEGIN SELECT 1 1; END
error SQLITE_ERROR: temporary trigger may not have qualified name
> CREATE TRIGGER t2 AFTER INSERT ON sqlite_schema BEGIN SELECT 1 1; END
error SQLITE_ERROR: cannot create trigger on system table
> CREATE VIRTUAL TABLE x USING nope(
error SQLITE_ERROR: table x already exists
> CREATE VIRTUAL TABLE x USING nope() x
error SQLITE_ERROR: table x already exists
> CREATE VIRTUAL TABLE x USING nope x
error SQLITE_ERROR: near "x": syntax error
> CREATE VIRTUAL TABLE IF NOT EXISTS x USING nope(
error SQLITE_ERROR: incomplete input
> SELECT name FROM sqlite_schema
'x'
'v'
'i'
't'
