> create table s(a integer primary key autoincrement, b)
> insert into s(b) values(1),(2)
changes 2
> select * from sqlite_sequence
's' | 2
> insert into s values(100,1)
changes 1
> delete from s
changes 3
> insert into s(b) values(1)
changes 1
> select * from s
101 | 1
> select * from sqlite_master
'table' | 's' | 's' | 2 | 'CREATE TABLE s(a integer primary key autoincrement, b)'
'table' | 'sqlite_sequence' | 'sqlite_sequence' | 3 | 'CREATE TABLE sqlite_sequence(name,seq)'
> select * from sqlite_sequence
's' | 101
> drop table s
> select * from sqlite_sequence
> drop table sqlite_sequence
error SQLITE_ERROR: table sqlite_sequence may not be dropped
> insert into sqlite_sequence values('q',5)
changes 1
> create index z on sqlite_sequence(name)
error SQLITE_ERROR: table sqlite_sequence may not be indexed
> alter table sqlite_sequence rename to x
error SQLITE_ERROR: table sqlite_sequence may not be altered
