> create table t(a text primary key, b) without rowid
> insert into t values(null,1)
error SQLITE_CONSTRAINT_NOTNULL: NOT NULL constraint failed: t.a
> insert into t values(1,1)
changes 1
> insert into t values(1,1)
error SQLITE_CONSTRAINT_PRIMARYKEY: UNIQUE constraint failed: t.a
> select rowid from t
error SQLITE_ERROR: no such column: rowid
> update t set a=2
changes 1
> select *,typeof(a) from t
'2' | 1 | 'text'
> insert into t values(3,3) returning rowid
error SQLITE_ERROR: no such column: rowid
> insert into t(rowid,a) values(1,2)
error SQLITE_ERROR: table t has no column named rowid
> insert or replace into t values(2,9)
changes 1
> select * from t
'2' | 9
