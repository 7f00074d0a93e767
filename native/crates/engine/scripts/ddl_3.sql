> create table t(a integer, b, primary key(a desc))
> select name from sqlite_master
't'
