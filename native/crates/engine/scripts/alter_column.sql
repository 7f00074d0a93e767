# ADD COLUMN and DROP COLUMN: what the text becomes, what rows forbid.
> CREATE TABLE t(a, b, UNIQUE(b), CHECK(a <> 7)) -- end
> INSERT INTO t VALUES(1, 2)
changes 1
> ALTER TABLE t ADD COLUMN c DEFAULT (1) ;
> SELECT sql FROM sqlite_schema WHERE name = 't'
'CREATE TABLE t(a, b, c DEFAULT (1), UNIQUE(b), CHECK(a <> 7))'
> ALTER TABLE t ADD d NOT NULL
error SQLITE_ERROR: Cannot add a NOT NULL column with default value NULL
> ALTER TABLE t ADD d NOT NULL DEFAULT NULL
error SQLITE_ERROR: Cannot add a NOT NULL column with default value NULL
> ALTER TABLE t ADD d NOT NULL DEFAULT 5
> ALTER TABLE t ADD e DEFAULT CURRENT_TIMESTAMP
error SQLITE_ERROR: Cannot add a column with non-constant default
> ALTER TABLE t ADD e DEFAULT (1 + 1)
error SQLITE_ERROR: Cannot add a column with non-constant default
> ALTER TABLE t ADD e DEFAULT -5.5
> ALTER TABLE t ADD f REFERENCES t(b) DEFAULT 1
error SQLITE_ERROR: Cannot add a REFERENCES column with non-NULL default value
> ALTER TABLE t ADD f REFERENCES t(b)
> ALTER TABLE t ADD g CHECK (g > 3)
> ALTER TABLE t ADD h CHECK (h > 3) DEFAULT 1
error SQLITE_ERROR: CHECK constraint failed
> ALTER TABLE t ADD h AS (a + 1) STORED
error SQLITE_ERROR: cannot add a STORED column
> ALTER TABLE t ADD h AS (a + 1)
> ALTER TABLE t ADD i AS (NULL) NOT NULL
error SQLITE_ERROR: NOT NULL constraint failed
> ALTER TABLE t ADD i AS (nosuch)
error SQLITE_ERROR: error in table t after add column: no such column: nosuch
> ALTER TABLE t ADD i CHECK (nosuch)
error SQLITE_ERROR: error in table t after add column: no such column: nosuch
> ALTER TABLE t ADD i DEFAULT (a)
error SQLITE_ERROR: default value of column [i] is not constant
> ALTER TABLE t ADD a
error SQLITE_ERROR: duplicate column name: a
> ALTER TABLE t ADD i PRIMARY KEY
error SQLITE_ERROR: Cannot add a PRIMARY KEY column
> ALTER TABLE t ADD i UNIQUE
error SQLITE_ERROR: Cannot add a UNIQUE column
> ALTER TABLE t ADD i TEXT PRIMARY KEY AUTOINCREMENT
error SQLITE_ERROR: AUTOINCREMENT is only allowed on an INTEGER PRIMARY KEY
> ALTER TABLE t ADD rowid
error SQLITE_ERROR: cannot add rowid alias: rowid
> ALTER TABLE t ADD i REFERENCES t(a, b)
error SQLITE_ERROR: foreign key on i should reference only one column of table t
> ALTER TABLE t ADD i COLLATE nosuch
error SQLITE_ERROR_MISSING_COLLSEQ: no such collation sequence: nosuch
> ALTER TABLE t ADD i -- foo
error SQLITE_ERROR: error in table t after add column: incomplete input
> ALTER TABLE t ADD i int /* foo */ ;
> SELECT sql FROM sqlite_schema WHERE name = 't'
'CREATE TABLE t(a, b, c DEFAULT (1), d NOT NULL DEFAULT 5, e DEFAULT -5.5, f REFERENCES t(b), g CHECK (g > 3), h AS (a + 1), i int /* foo */, UNIQUE(b), CHECK(a <> 7))'
> SELECT * FROM t
1 | 2 | 1 | 5 | -5.5 | NULL | NULL | 2 | NULL
> CREATE TABLE s(a INT) STRICT
> INSERT INTO s VALUES(1)
changes 1
> ALTER TABLE s ADD b
error SQLITE_ERROR: error in table s after add column: missing datatype for s.b
> ALTER TABLE s ADD b nosuch
error SQLITE_ERROR: error in table s after add column: unknown datatype for s.b: "nosuch"
> ALTER TABLE s ADD b INT DEFAULT 'x'
error SQLITE_ERROR: type mismatch on DEFAULT
> ALTER TABLE s ADD b INT DEFAULT '5'
> SELECT b, typeof(b) FROM s
5 | 'integer'
> CREATE VIEW v AS SELECT a FROM t
> ALTER TABLE v ADD b
error SQLITE_ERROR: Cannot add a column to a view
> ALTER TABLE v DROP COLUMN a
error SQLITE_ERROR: cannot drop column from view "v"
> ALTER TABLE t DROP COLUMN a
error SQLITE_ERROR: error in table t after drop column: no such column: a
> DROP VIEW v
> ALTER TABLE t DROP COLUMN a
error SQLITE_ERROR: error in table t after drop column: no such column: a
> ALTER TABLE t DROP COLUMN h
> ALTER TABLE t DROP COLUMN b
error SQLITE_ERROR: error in table t after drop column: no such column: b
> ALTER TABLE t DROP COLUMN zz
error SQLITE_ERROR: no such column: "zz"
> ALTER TABLE t DROP COLUMN "zz"
error SQLITE_ERROR: no such column: ""zz""
> ALTER TABLE t DROP COLUMN rowid
error SQLITE_ERROR: no such column: "rowid"
> ALTER TABLE t DROP COLUMN c
> ALTER TABLE t DROP COLUMN i
> SELECT sql FROM sqlite_schema WHERE name = 't'
'CREATE TABLE t(a, b, d NOT NULL DEFAULT 5, e DEFAULT -5.5, f REFERENCES t(b), g CHECK (g > 3), UNIQUE(b), CHECK(a <> 7))'
> SELECT * FROM t
1 | 2 | 5 | -5.5 | NULL | NULL
> CREATE TABLE p(a, b UNIQUE, c, "d d", PRIMARY KEY(a, c)) WITHOUT ROWID
> INSERT INTO p VALUES(1, 2, 3, 4)
changes 1
> ALTER TABLE p DROP b
error SQLITE_ERROR: cannot drop UNIQUE column: "b"
> ALTER TABLE p DROP c
error SQLITE_ERROR: cannot drop PRIMARY KEY column: "c"
> CREATE INDEX pi ON p("d d")
> ALTER TABLE p DROP [d d]
error SQLITE_ERROR: error in index pi after drop column: no such column: "d d" - should this be a string literal in single-quotes?
> DROP INDEX pi
> CREATE INDEX pi ON p(b) WHERE "d d" > 1
> ALTER TABLE p DROP [d d]
error SQLITE_ERROR: error in index pi after drop column: no such column: "d d" - should this be a string literal in single-quotes?
> DROP INDEX pi
> CREATE TRIGGER pt AFTER INSERT ON p BEGIN SELECT new."d d"; END
> ALTER TABLE p DROP [d d]
error SQLITE_ERROR: error in trigger pt after drop column: no such column: new.d d
> DROP TRIGGER pt
> ALTER TABLE p DROP [d d]
> SELECT sql FROM sqlite_schema WHERE name = 'p'
'CREATE TABLE p(a, b UNIQUE, c, PRIMARY KEY(a, c)) WITHOUT ROWID'
> SELECT * FROM p
1 | 2 | 3
> CREATE TABLE o(a)
> ALTER TABLE o DROP a
error SQLITE_ERROR: cannot drop column "a": no other columns exist
> CREATE TABLE k(a, b/*,*/ DEFAULT ',', c /* last, */ CHECK (c > ','), CONSTRAINT x UNIQUE(a))
> ALTER TABLE k ADD d
> ALTER TABLE k DROP d
> ALTER TABLE k DROP c
> ALTER TABLE k DROP b
> SELECT sql FROM sqlite_schema WHERE name = 'k'
'CREATE TABLE k(a, CONSTRAINT x UNIQUE(a))'
