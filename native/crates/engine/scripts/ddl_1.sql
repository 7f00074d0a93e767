> create table t(a integer primary key unique, b)
> select * from sqlite_master
'table' | 't' | 't' | 2 | 'CREATE TABLE t(a integer primary key unique, b)'
'index' | 'sqlite_autoindex_t_1' | 't' | 3 | NULL
> pragma index_list(t)
0 | 'sqlite_autoindex_t_1' | 1 | 'u' | 0
