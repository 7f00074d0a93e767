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
> create table nulls(a integer primary key, b text not null default null, e numeric not null)
> replace into nulls(a) values (0)
error SQLITE_CONSTRAINT_NOTNULL: NOT NULL constraint failed: nulls.e
> replace into nulls(a, e) values (0, 1)
error SQLITE_CONSTRAINT_NOTNULL: NOT NULL constraint failed: nulls.b
> create table passes(a not null default (null), b not null default 3, c not null, d not null default null)
> replace into passes(b) values (null)
error SQLITE_CONSTRAINT_NOTNULL: NOT NULL constraint failed: passes.c
> replace into passes(c) values (1)
error SQLITE_CONSTRAINT_NOTNULL: NOT NULL constraint failed: passes.a
> replace into passes(a, c) values (1, 1)
error SQLITE_CONSTRAINT_NOTNULL: NOT NULL constraint failed: passes.d
> replace into passes(a, c, d) values (1, 1, 2)
changes 1
> update or replace passes set a = null, c = null
error SQLITE_CONSTRAINT_NOTNULL: NOT NULL constraint failed: passes.c
> update or replace passes set a = null
error SQLITE_CONSTRAINT_NOTNULL: NOT NULL constraint failed: passes.a
> update or replace passes set a = 5, b = null
changes 1
> select * from passes
5 | 3 | 1 | 2
