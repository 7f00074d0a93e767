> create table t(a)
> select changes(), total_changes()
0 | 0
> insert into t values(1),(2)
changes 2
> select changes(), total_changes(), last_insert_rowid()
2 | 2 | 2
> update t set a=a where a>5
> select changes(), total_changes()
0 | 2
> delete from t
changes 2
> select changes(), total_changes()
2 | 4
> pragma query_only=1
> insert into t values(1)
error SQLITE_READONLY: attempt to write a readonly database
> pragma query_only=0
> insert into t values(1)
changes 1
> pragma user_version=7
> pragma user_version
7
> pragma schema_version
1
> create table u(b)
> pragma schema_version
2
> pragma journal_mode
'memory'
> pragma journal_mode=wal
'memory'
> pragma foreign_keys
1
> pragma cache_size
-16000
> pragma encoding
'UTF-8'
> pragma nonsense
> pragma nonsense=5
> select * from pragma_table_info('t')
0 | 'a' | '' | 0 | NULL | 0
> select name from sqlite_master where type='table'
't'
'u'
> select type,name,tbl_name,sql from sqlite_schema
'table' | 't' | 't' | 'CREATE TABLE t(a)'
'table' | 'u' | 'u' | 'CREATE TABLE u(b)'
> create trigger tr after insert on t begin select 1; end
> create trigger tr after insert on t begin select 1; end
error SQLITE_ERROR: trigger tr already exists
> create trigger t2 instead of insert on t begin select 1; end
error SQLITE_ERROR: cannot create INSTEAD OF trigger on table: t
> create trigger t3 before insert on zz begin select 1; end
error SQLITE_ERROR: no such table: main.zz
> select name,tbl_name,sql from sqlite_master where type='trigger'
'tr' | 't' | 'CREATE TRIGGER tr after insert on t begin select 1; end'
> drop trigger tr
> drop trigger if exists tr
> drop trigger tr
error SQLITE_ERROR: no such trigger: tr
> create view v(x,y) as select a, a+1 from t
> select * from v
1 | 2
> pragma table_info(v)
0 | 'x' | 'BLOB' | 0 | NULL | 0
1 | 'y' | '' | 0 | NULL | 0
> drop view v
> select * from v
error SQLITE_ERROR: no such table: v
