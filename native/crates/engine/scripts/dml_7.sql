> create table t(a,b,check(a>b), constraint foo check(a<100))
> insert into t values(1,2)
error SQLITE_CONSTRAINT_CHECK: CHECK constraint failed: a>b
> insert into t values(100,2)
error SQLITE_CONSTRAINT_CHECK: CHECK constraint failed: foo
> insert or replace into t values(100,2)
error SQLITE_CONSTRAINT_CHECK: CHECK constraint failed: foo
> insert or ignore into t values(100,2)
> insert or rollback into t values(100,2)
error SQLITE_CONSTRAINT_CHECK: CHECK constraint failed: foo
