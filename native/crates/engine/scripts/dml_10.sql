> create table t(a,b)
> insert into t values(1,2)
changes 1
> insert into t values(1,2) returning *
1 | 2
> insert into t values(3,4) returning a+b as s, *, rowid, t.a
7 | 3 | 4 | 3 | 3
> update t set a=9 where b=4 returning *
9 | 4
> delete from t returning b
2
2
4
> insert into t(a) values(1) returning zz
error SQLITE_ERROR: no such column: zz
> insert into t as q values(1,2) returning q.a
error SQLITE_ERROR: no such column: q.a
> insert into t as q values(1,2) returning t.a
1
> insert into t default values returning *
NULL | NULL
> update t as q set a=1 returning q.a
error SQLITE_ERROR: no such column: q.a
> update t set a=1 returning count(*)
error SQLITE_ERROR: misuse of aggregate function count()
