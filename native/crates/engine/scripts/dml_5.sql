> create table t(a integer primary key)
> insert into t values(9223372036854775807)
changes 1
> create table s(a integer primary key autoincrement)
> insert into s values(9223372036854775807)
changes 1
> insert into s values(null)
error SQLITE_FULL: database or disk is full
