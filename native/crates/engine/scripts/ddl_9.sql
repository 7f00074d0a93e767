> create table t(a,b,c)
> insert into t values(1,2)
error SQLITE_ERROR: table t has 3 columns but 2 values were supplied
> insert into t(a,b) values(1)
error SQLITE_ERROR: 1 values for 2 columns
> insert into t(a) values(1,2)
error SQLITE_ERROR: 2 values for 1 columns
> insert into t(zz) values(1)
error SQLITE_ERROR: table t has no column named zz
> insert into t values(1,2,3),(1,2)
error SQLITE_ERROR: all VALUES must have the same number of terms
> insert into zz values(1)
error SQLITE_ERROR: no such table: zz
> insert into sqlite_master values(1)
error SQLITE_ERROR: table sqlite_master may not be modified
> delete from sqlite_master
error SQLITE_ERROR: table sqlite_master may not be modified
> update sqlite_master set name=1
error SQLITE_ERROR: table sqlite_master may not be modified
> create view v as select 1 as x
> insert into v values(1)
error SQLITE_ERROR: cannot modify v because it is a view
> delete from v
error SQLITE_ERROR: cannot modify v because it is a view
> update v set x=1
error SQLITE_ERROR: cannot modify v because it is a view
> update t set zz=1
error SQLITE_ERROR: no such column: zz
> update t set a=1,a=2
> insert into t(a,a) values(1,2)
changes 1
> insert into t select 1
error SQLITE_ERROR: table t has 3 columns but 1 values were supplied
> insert into t(a,b) select 1
error SQLITE_ERROR: 1 values for 2 columns
> insert into t(a) default values
error SQLITE_ERROR: 0 values for 1 columns
> insert into t default values
changes 1
> select * from t
1 | NULL | NULL
NULL | NULL | NULL
> update t set (a,b)=(1,2,3)
error SQLITE_ERROR: 2 columns assigned 3 values
> update t set (a,b)=1
error SQLITE_ERROR: 2 columns assigned 1 values
> update t set rowid=7
error SQLITE_CONSTRAINT_ROWID: UNIQUE constraint failed: t.rowid
> select rowid from t
1
2
> insert into t(rowid,a) values(9,1)
changes 1
> insert into t(rowid) values('x')
error SQLITE_MISMATCH: datatype mismatch
> update t set rowid='x'
error SQLITE_MISMATCH: datatype mismatch
> insert into t(_rowid_, rowid) values(20,21)
changes 1
> select rowid from t
1
2
9
21
