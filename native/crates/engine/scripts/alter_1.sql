> create table t(a integer primary key, b text, c, check(c is null or c>0))
> insert into t values(1,'x',2)
changes 1
> alter table t add column d int default 5
> select * from t
1 | 'x' | 2 | 5
> alter table t add e not null
error SQLITE_ERROR: Cannot add a NOT NULL column with default value NULL
> alter table t add column e not null default 'z' collate nocase
> alter table t add f primary key
error SQLITE_ERROR: Cannot add a PRIMARY KEY column
> alter table t add f unique
error SQLITE_ERROR: Cannot add a UNIQUE column
> alter table t add f default (random())
error SQLITE_ERROR: Cannot add a column with non-constant default
> alter table t add f default current_timestamp
error SQLITE_ERROR: Cannot add a column with non-constant default
> alter table t add a
error SQLITE_ERROR: duplicate column name: a
> alter table t add g as (a+1)
> alter table t add h as (a+1) stored
error SQLITE_ERROR: cannot add a STORED column
> alter table t add r references t default 5
error SQLITE_ERROR: Cannot add a REFERENCES column with non-NULL default value
> alter table t add r references t
> select * from t
1 | 'x' | 2 | 5 | 'z' | 2 | NULL
> select sql from sqlite_master
'CREATE TABLE t(a integer primary key, b text, c, d int default 5, e not null default ''z'' collate nocase, g as (a+1), r references t, check(c is null or c>0))'
> alter table nope add x
error SQLITE_ERROR: no such table: nope
> create view v as select * from t
> alter table v add x
error SQLITE_ERROR: Cannot add a column to a view
> alter table sqlite_master add x
error SQLITE_ERROR: table sqlite_master may not be altered
> alter table t add k check(k>0)
> alter table t add l default -1 check(l>0)
error SQLITE_ERROR: CHECK constraint failed
