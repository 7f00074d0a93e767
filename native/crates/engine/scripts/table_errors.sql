# CREATE TABLE: what is refused, and in which words.
> CREATE TABLE x(a, a)
error SQLITE_ERROR: duplicate column name: a
> CREATE TABLE x()
error SQLITE_ERROR: near ")": syntax error
> CREATE TABLE x(a AS (1))
error SQLITE_ERROR: must have at least one non-generated column
> CREATE TABLE x(a, b AS (nosuch))
error SQLITE_ERROR: no such column: nosuch
> CREATE TABLE x(a, b AS (b))
error SQLITE_ERROR: generated column loop on "b"
> CREATE TABLE x(a, b AS (c), c AS (b))
error SQLITE_ERROR: generated column loop on "c"
> CREATE TABLE x(a DEFAULT (a))
error SQLITE_ERROR: default value of column [a] is not constant
> CREATE TABLE x(a DEFAULT (SELECT 1))
error SQLITE_ERROR: near "SELECT": syntax error
> CREATE TABLE x(a CHECK (nosuch > 1))
error SQLITE_ERROR: no such column: nosuch
> CREATE TABLE x(a CHECK (a IN (SELECT 1)))
error SQLITE_ERROR: subqueries prohibited in CHECK constraints
> CREATE TABLE x(a, PRIMARY KEY(nosuch))
error SQLITE_ERROR: no such column: nosuch
> CREATE TABLE x(a PRIMARY KEY, b PRIMARY KEY)
error SQLITE_ERROR: table "x" has more than one primary key
> CREATE TABLE x(a, UNIQUE(a+1))
error SQLITE_ERROR: expressions prohibited in PRIMARY KEY and UNIQUE constraints
> CREATE TABLE x(a, FOREIGN KEY(b) REFERENCES y(c))
error SQLITE_ERROR: unknown column "b" in foreign key definition
> CREATE TABLE x(a, FOREIGN KEY(a) REFERENCES y(c,d))
error SQLITE_ERROR: number of columns in foreign key does not match the number of columns in the referenced table
> CREATE TABLE x(a REFERENCES y(c,d))
error SQLITE_ERROR: foreign key on a should reference only one column of table y
> CREATE TABLE x(a TEXT PRIMARY KEY AUTOINCREMENT)
error SQLITE_ERROR: AUTOINCREMENT is only allowed on an INTEGER PRIMARY KEY
> CREATE TABLE x(a INTEGER PRIMARY KEY AUTOINCREMENT) WITHOUT ROWID
error SQLITE_ERROR: AUTOINCREMENT not allowed on WITHOUT ROWID tables
> CREATE TABLE x(a) WITHOUT ROWID
error SQLITE_ERROR: PRIMARY KEY missing on table x
> CREATE TABLE x(a) STRICT
error SQLITE_ERROR: missing datatype for x.a
> CREATE TABLE x(a FOO) STRICT
error SQLITE_ERROR: unknown datatype for x.a: "FOO"
> CREATE TABLE x(a) FOO
error SQLITE_ERROR: unknown table option: FOO
> CREATE TABLE x(a COLLATE nosuch)
error SQLITE_ERROR_MISSING_COLLSEQ: no such collation sequence: nosuch
> CREATE TABLE nosuch.x(a)
error SQLITE_ERROR: unknown database nosuch
> CREATE TEMP TABLE main.x(a)
error SQLITE_ERROR: temporary table name must be unqualified
> CREATE TEMP TABLE temp.x(a)
> CREATE TABLE sqlite_x(a)
error SQLITE_ERROR: object name reserved for internal use: sqlite_x
> CREATE TABLE x(a AS (1) STORED, b DEFAULT 1 AS (2))
error SQLITE_ERROR: error in generated column "b"
> CREATE TABLE x(a, b AS (random()))
error SQLITE_ERROR: non-deterministic functions prohibited in generated columns
> CREATE TABLE x(a, b AS (a) PRIMARY KEY)
error SQLITE_ERROR: generated columns cannot be part of the PRIMARY KEY
> CREATE TABLE x(a, b AS (a) FOO)
error SQLITE_ERROR: error in generated column "b"
> CREATE TABLE y(a INTEGER PRIMARY KEY DESC, b INT NOT NULL ON CONFLICT IGNORE UNIQUE ON CONFLICT REPLACE, CONSTRAINT q CHECK (b>0) ON CONFLICT FAIL)
> SELECT type,name,tbl_name,sql FROM sqlite_schema
'table' | 'y' | 'y' | 'CREATE TABLE y(a INTEGER PRIMARY KEY DESC, b INT NOT NULL ON CONFLICT IGNORE UNIQUE ON CONFLICT REPLACE, CONSTRAINT q CHECK (b>0) ON CONFLICT FAIL)'
'index' | 'sqlite_autoindex_y_1' | 'y' | NULL
'index' | 'sqlite_autoindex_y_2' | 'y' | NULL
> SELECT type,name,tbl_name,sql FROM temp.sqlite_schema
'table' | 'x' | 'x' | 'CREATE TABLE x(a)'
> CREATE TABLE z(a, b, UNIQUE(a,b) ON CONFLICT IGNORE, UNIQUE(a,b) ON CONFLICT REPLACE)
error SQLITE_ERROR: conflicting ON CONFLICT clauses specified

# SET is looked at before WHERE, an index's first term before its condition, that before a collation.
> CREATE TABLE order_of_mistakes(a)
> UPDATE order_of_mistakes SET b = 1 WHERE c = 2
error SQLITE_ERROR: no such column: b
> UPDATE order_of_mistakes SET a = b WHERE c = 2
error SQLITE_ERROR: no such column: b
> UPDATE order_of_mistakes SET a = 1 WHERE c = 2
error SQLITE_ERROR: no such column: c
> CREATE INDEX mistaken ON order_of_mistakes(b COLLATE nowhere)
error SQLITE_ERROR: no such column: b
> CREATE INDEX mistaken ON order_of_mistakes(a COLLATE nowhere, b)
error SQLITE_ERROR_MISSING_COLLSEQ: no such collation sequence: nowhere
> CREATE INDEX mistaken ON order_of_mistakes(b) WHERE c
error SQLITE_ERROR: no such column: b
> CREATE INDEX mistaken ON order_of_mistakes(a COLLATE nowhere) WHERE c
error SQLITE_ERROR: no such column: c
