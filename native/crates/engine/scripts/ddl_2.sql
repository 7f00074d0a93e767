> create table t(a integer primary key desc, b unique unique)
> select name from sqlite_master
't'
'sqlite_autoindex_t_1'
'sqlite_autoindex_t_2'
