> create table t(a integer primary key, b unique)
> begin
> insert into t values(1,1)
changes 1
> savepoint x
> insert into t values(2,2)
changes 1
> savepoint y
> insert into t values(3,3)
changes 1
> rollback to x
> select * from t
1 | 1
> insert into t values(4,4)
changes 1
> release x
> commit
> select * from t
1 | 1
4 | 4
> begin
> insert into t values(5,1)
error SQLITE_CONSTRAINT_UNIQUE: UNIQUE constraint failed: t.b
> insert into t values(5,5)
changes 1
> insert into t values(6,6),(7,7),(8,6)
error SQLITE_CONSTRAINT_UNIQUE: UNIQUE constraint failed: t.b
> select * from t
1 | 1
4 | 4
5 | 5
> insert or fail into t values(6,6),(7,7),(8,6),(9,9)
error SQLITE_CONSTRAINT_UNIQUE: UNIQUE constraint failed: t.b
> select * from t
1 | 1
4 | 4
5 | 5
6 | 6
7 | 7
> insert or rollback into t values(10,1)
error SQLITE_CONSTRAINT_UNIQUE: UNIQUE constraint failed: t.b
> select * from t
1 | 1
4 | 4
> commit
error SQLITE_ERROR: cannot commit - no transaction is active
> savepoint s
> insert into t values(20,20)
changes 1
> release s
> select count(*) from t
3
> savepoint s
> insert into t values(21,21)
changes 1
> rollback to s
> rollback
> select count(*) from t
3
> begin
> create table u(x)
> insert into u values(1)
changes 1
> create index ui on u(x)
> select name from sqlite_master
't'
'sqlite_autoindex_t_1'
'u'
'ui'
> rollback
> select name from sqlite_master
't'
'sqlite_autoindex_t_1'
> begin
> drop table t
> rollback
> select count(*) from t
3
> begin
> alter table t add c default 3
> select * from t limit 1
1 | 1 | 3
> rollback
> select * from t limit 1
1 | 1
> create temp table tt(z)
> insert into tt values(5)
changes 1
> select * from temp.tt
5
> select name from sqlite_temp_master
'tt'
> select name from sqlite_master
't'
'sqlite_autoindex_t_1'
> create temp table t(q)
> select * from t
> select count(*) from main.t
3
> drop table t
> select count(*) from t
3
> attach ':memory:' as aux
> create table aux.t3(a)
> insert into aux.t3 values(7)
changes 1
> insert into t3 select a+1 from t3
changes 1
> select * from aux.t3
7
8
> select name from aux.sqlite_master
't3'
> pragma database_list
0 | 'main' | ''
1 | 'temp' | ''
2 | 'aux' | ''
> begin
> insert into aux.t3 values(9)
changes 1
> insert into main.t values(50,50)
changes 1
> rollback
> select count(*) from t3
2
> detach aux
> select * from t3
error SQLITE_ERROR: no such table: t3
> detach nope
error SQLITE_ERROR: no such database: nope
> attach ':memory:' as main
error SQLITE_ERROR: database main is already in use
> begin
> create table again(a)
> rollback
> begin
> create table again(a)
> rollback
> create table again(a)
> create table again(a)
error SQLITE_ERROR: table again already exists
> drop table again
> create table again(a)
> alter table again add b
> select * from again
> drop table again
> create table again(x, y, z)
> select * from again
> insert into again values(1,2,3)
changes 1
> select * from again
1 | 2 | 3
