# REINDEX changes no order of tables (fuzz seed 50380).
> CREATE TABLE parent(a INT, b INT, PRIMARY KEY (a, b)) WITHOUT ROWID
> CREATE INDEX of_parent ON parent(a)
> CREATE TABLE child_2(a, b BLOB REFERENCES parent(b), PRIMARY KEY (a, b)) WITHOUT ROWID
> CREATE TABLE child_3(a INTEGER PRIMARY KEY AUTOINCREMENT, c REAL REFERENCES parent(a))
> PRAGMA foreign_key_check
error SQLITE_ERROR: foreign key mismatch - "child_3" referencing "parent"
> REINDEX
> PRAGMA foreign_key_check
error SQLITE_ERROR: foreign key mismatch - "child_3" referencing "parent"
> REINDEX of_parent
> PRAGMA foreign_key_check
error SQLITE_ERROR: foreign key mismatch - "child_3" referencing "parent"
