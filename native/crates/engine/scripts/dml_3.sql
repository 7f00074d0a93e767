> create table t(a integer primary key, b unique, c unique on conflict replace, d not null default 5)
> insert into t values(1,1,1,1)
changes 1
> insert into t values(1,1,1,null)
error SQLITE_CONSTRAINT_NOTNULL: NOT NULL constraint failed: t.d
> insert into t values(2,2,1,2)
changes 1
> select * from t
2 | 2 | 1 | 2
> insert or replace into t values(2,3,3,null)
changes 1
> select * from t
2 | 3 | 3 | 5
> insert into t values(2,9,9,9)
error SQLITE_CONSTRAINT_PRIMARYKEY: UNIQUE constraint failed: t.a
> insert into t values(9,3,9,9)
error SQLITE_CONSTRAINT_UNIQUE: UNIQUE constraint failed: t.b
> insert or ignore into t values(9,3,9,9)
> insert into t values(5,5,5,5) on conflict(zz) do nothing
error SQLITE_ERROR: no such column: zz
> insert into t values(5,5,5,5) on conflict(d) do nothing
error SQLITE_ERROR: ON CONFLICT clause does not match any PRIMARY KEY or UNIQUE constraint
> insert into t values(2,5,5,5) on conflict(a) do update set b=excluded.b+100
changes 1
> select * from t
2 | 105 | 3 | 5
> insert into t values(2,5,5,5) on conflict do update set b=7
changes 1
> select * from t
2 | 7 | 3 | 5
> insert into t values(2,5,5,5) on conflict(b) do update set (b,d)=(select 77,78)
error SQLITE_CONSTRAINT_PRIMARYKEY: UNIQUE constraint failed: t.a
> select * from t
2 | 7 | 3 | 5
