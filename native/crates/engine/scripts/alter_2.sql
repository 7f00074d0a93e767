> create table t(a,b unique,c,d primary key)
> create index i on t(c)
> create index j on t(a) where c>1
> insert into t values(1,2,3,4)
changes 1
> alter table t drop column b
error SQLITE_ERROR: cannot drop UNIQUE column: "b"
> alter table t drop column d
error SQLITE_ERROR: cannot drop PRIMARY KEY column: "d"
> alter table t drop column zz
error SQLITE_ERROR: no such column: "zz"
> alter table t drop column c
error SQLITE_ERROR: error in index i after drop column: no such column: c
> drop index i
> drop index j
> alter table t drop column c
> select * from t
1 | 2 | 4
> select sql from sqlite_master
'CREATE TABLE t(a,b unique,d primary key)'
NULL
NULL
> insert into t values(5,6,7)
changes 1
> select * from t
1 | 2 | 4
5 | 6 | 7
> alter table t add c2 default 9
> select * from t
1 | 2 | 4 | 9
5 | 6 | 7 | 9
> create table u(a)
> alter table u drop column a
error SQLITE_ERROR: cannot drop column "a": no other columns exist
> create table w(a,b,c)
> alter table w drop column c
> alter table w drop column a
> select sql from sqlite_master where name='w'
'CREATE TABLE w(b)'
