> create table t(a text primary key, b unique, unique(b), unique(a,b)) without rowid
> select * from sqlite_master
'table' | 't' | 't' | 2 | 'CREATE TABLE t(a text primary key, b unique, unique(b), unique(a,b)) without rowid'
'index' | 'sqlite_autoindex_t_2' | 't' | 3 | NULL
'index' | 'sqlite_autoindex_t_3' | 't' | 4 | NULL
> pragma index_list(t)
0 | 'sqlite_autoindex_t_3' | 1 | 'u' | 0
1 | 'sqlite_autoindex_t_2' | 1 | 'u' | 0
2 | 'sqlite_autoindex_t_1' | 1 | 'pk' | 0
> pragma index_xinfo(sqlite_autoindex_t_1)
0 | 0 | 'a' | 0 | 'BINARY' | 1
1 | 1 | 'b' | 0 | 'BINARY' | 0
> pragma table_xinfo(t)
0 | 'a' | 'TEXT' | 1 | NULL | 1 | 0
1 | 'b' | '' | 0 | NULL | 0 | 0
