> create table p(id integer primary key, x text unique, y int not null default 7, z real default 'a''b', w as (x||1), v generated always as (y) stored)
> create table c(a int references p, b text references p(x) on delete cascade on update set null deferrable initially deferred, foreign key(a,b) references p(id,x) match full)
> create table wr(a,b,c,primary key(b,a)) without rowid
> create view vw as select id as i, x from p
> create index i1 on p(x desc, y collate nocase) where y>1
> create index i2 on p(y+1)
> create index i3 on wr(c)
> pragma table_info(p)
0 | 'id' | 'INTEGER' | 0 | NULL | 1
1 | 'x' | 'TEXT' | 0 | NULL | 0
2 | 'y' | 'INT' | 1 | '7' | 0
3 | 'z' | 'REAL' | 0 | '''a''''b''' | 0
> pragma table_xinfo(p)
0 | 'id' | 'INTEGER' | 0 | NULL | 1 | 0
1 | 'x' | 'TEXT' | 0 | NULL | 0 | 0
2 | 'y' | 'INT' | 1 | '7' | 0 | 0
3 | 'z' | 'REAL' | 0 | '''a''''b''' | 0 | 0
4 | 'w' | '' | 0 | NULL | 0 | 2
5 | 'v' | '' | 0 | NULL | 0 | 3
> pragma table_info(vw)
0 | 'i' | 'INTEGER' | 0 | NULL | 0
1 | 'x' | 'TEXT' | 0 | NULL | 0
> pragma table_info(wr)
0 | 'a' | '' | 1 | NULL | 2
1 | 'b' | '' | 1 | NULL | 1
2 | 'c' | '' | 0 | NULL | 0
> pragma table_info(nope)
> pragma table_info=p
0 | 'id' | 'INTEGER' | 0 | NULL | 1
1 | 'x' | 'TEXT' | 0 | NULL | 0
2 | 'y' | 'INT' | 1 | '7' | 0
3 | 'z' | 'REAL' | 0 | '''a''''b''' | 0
> pragma table_info
> pragma index_list(p)
0 | 'i2' | 0 | 'c' | 0
1 | 'i1' | 0 | 'c' | 1
2 | 'sqlite_autoindex_p_1' | 1 | 'u' | 0
> pragma index_list(wr)
0 | 'i3' | 0 | 'c' | 0
1 | 'sqlite_autoindex_wr_1' | 1 | 'pk' | 0
> pragma index_info(i1)
0 | 1 | 'x'
1 | 2 | 'y'
> pragma index_info(i2)
0 | -2 | NULL
> pragma index_xinfo(i2)
0 | -2 | NULL | 0 | 'BINARY' | 1
1 | -1 | NULL | 0 | 'BINARY' | 0
> pragma index_xinfo(i3)
0 | 2 | 'c' | 0 | 'BINARY' | 1
1 | 1 | 'b' | 0 | 'BINARY' | 0
2 | 0 | 'a' | 0 | 'BINARY' | 0
> pragma index_info(wr)
0 | 1 | 'b'
1 | 0 | 'a'
> pragma index_xinfo(sqlite_autoindex_p_1)
0 | 1 | 'x' | 0 | 'BINARY' | 1
1 | -1 | NULL | 0 | 'BINARY' | 0
> pragma foreign_key_list(c)
0 | 0 | 'p' | 'a' | 'id' | 'NO ACTION' | 'NO ACTION' | 'NONE'
0 | 1 | 'p' | 'b' | 'x' | 'NO ACTION' | 'NO ACTION' | 'NONE'
1 | 0 | 'p' | 'b' | 'x' | 'SET NULL' | 'CASCADE' | 'NONE'
2 | 0 | 'p' | 'a' | NULL | 'NO ACTION' | 'NO ACTION' | 'NONE'
> pragma table_list(vw)
'main' | 'vw' | 'view' | 2 | 0 | 0
> pragma main.table_info(p)
0 | 'id' | 'INTEGER' | 0 | NULL | 1
1 | 'x' | 'TEXT' | 0 | NULL | 0
2 | 'y' | 'INT' | 1 | '7' | 0
3 | 'z' | 'REAL' | 0 | '''a''''b''' | 0
> pragma temp.table_info(p)
> pragma zz.table_info(p)
error SQLITE_ERROR: unknown database zz
> pragma table_list('c')
'main' | 'c' | 'table' | 2 | 0 | 0
> select name from pragma_index_list('p')
'i2'
'i1'
'sqlite_autoindex_p_1'
> select * from pragma_foreign_key_list('c')
0 | 0 | 'p' | 'a' | 'id' | 'NO ACTION' | 'NO ACTION' | 'NONE'
0 | 1 | 'p' | 'b' | 'x' | 'NO ACTION' | 'NO ACTION' | 'NONE'
1 | 0 | 'p' | 'b' | 'x' | 'SET NULL' | 'CASCADE' | 'NONE'
2 | 0 | 'p' | 'a' | NULL | 'NO ACTION' | 'NO ACTION' | 'NONE'
> pragma table_info(sqlite_master)
0 | 'type' | 'TEXT' | 0 | NULL | 0
1 | 'name' | 'TEXT' | 0 | NULL | 0
2 | 'tbl_name' | 'TEXT' | 0 | NULL | 0
3 | 'rootpage' | 'INT' | 0 | NULL | 0
4 | 'sql' | 'TEXT' | 0 | NULL | 0
> pragma foreign_keys=off
> pragma synchronous=off
> pragma synchronous
0
> pragma synchronous=extra
> pragma synchronous
3
> pragma cache_size=-5
> pragma cache_size
-5
> pragma foreign_keys(1)
> pragma foreign_keys
1
> pragma foreign_keys=yes
> pragma user_version='12'
> pragma user_version
12
> pragma user_version=-5
> pragma user_version
-5
> pragma user_version=abc
> pragma user_version
0
> pragma temp_store=memory
> pragma temp_store
2
> pragma temp_store=file
> pragma temp_store
1
> pragma secure_delete=fast
2
> pragma locking_mode=exclusive
'exclusive'
> pragma encoding='UTF-16'
> pragma encoding
'UTF-8'
> pragma auto_vacuum
0
> pragma incremental_vacuum(1)
> pragma wal_checkpoint(truncate)
0 | -1 | -1
> pragma integrity_check(1)
'ok'
> pragma integrity_check(p)
'ok'
> pragma integrity_check(nope)
error SQLITE_ERROR: no such table: nope
> pragma optimize
> pragma collation_list
0 | 'RTRIM'
1 | 'NOCASE'
2 | 'BINARY'
> pragma cell_size_check=1
> pragma busy_timeout=-1
0
> pragma max_page_count=10
10
> pragma max_page_count=0
10
