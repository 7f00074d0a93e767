> create table t(a int, b text) strict
> insert into t values('x',1)
error SQLITE_CONSTRAINT_DATATYPE: cannot store TEXT value in INT column t.a
> insert into t values(1.5,1)
error SQLITE_CONSTRAINT_DATATYPE: cannot store REAL value in INT column t.a
> insert into t values('1',x'00')
error SQLITE_CONSTRAINT_DATATYPE: cannot store BLOB value in TEXT column t.b
> insert into t values(1.0,5)
changes 1
> select * from t
1 | '5'
> insert or ignore into t values('x',1)
error SQLITE_CONSTRAINT_DATATYPE: cannot store TEXT value in INT column t.a
