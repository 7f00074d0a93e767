> create table t(a integer primary key, b text collate nocase, c real, d)
> create index tb on t(b)
> create unique index tc on t(c) where d is not null
> create index tl on t(lower(b), d desc)
> insert into t values(3,'Foo',1,'x'),(1,'bar',2,null),(2,'foo',2,null)
changes 3
> insert into t(b,c,d) values('Baz','2','y')
changes 1
> insert into t(b,c,d) values('q',2.0,'z')
error SQLITE_CONSTRAINT_UNIQUE: UNIQUE constraint failed: t.c
> select a,b,c,typeof(c),d from t where b='FOO' order by a
2 | 'foo' | 2.0 | 'real' | NULL
3 | 'Foo' | 1.0 | 'real' | 'x'
> select a from t where lower(b)='foo' order by a
2
3
> update t set b='ZED', c=c+10 where b='foo'
changes 2
> select * from t order by a
1 | 'bar' | 2.0 | NULL
2 | 'ZED' | 12.0 | NULL
3 | 'ZED' | 11.0 | 'x'
4 | 'Baz' | 2.0 | 'y'
> pragma integrity_check
'ok'
> update t set a=a+100
changes 4
> select a from t order by b,a
101
104
102
103
> pragma integrity_check
'ok'
> update t set c=5 where d is null
changes 2
> update t set d=1
error SQLITE_CONSTRAINT_UNIQUE: UNIQUE constraint failed: t.c
> update or ignore t set d=1
changes 3
> update or replace t set d=1
changes 4
> select * from t
102 | 'ZED' | 5.0 | 1
103 | 'ZED' | 11.0 | 1
104 | 'Baz' | 2.0 | 1
> pragma integrity_check
'ok'
> delete from t where b='zed'
changes 2
> pragma integrity_check
'ok'
> delete from t
changes 1
> select count(*) from t
0
> pragma integrity_check
'ok'
> insert into t select value, 'n'||value, value, null from json_each('[1,2,3,4,5]')
changes 5
> insert into t select a+10,b,c+10,d from t
changes 5
> select a,b,c from t where a>9
11 | 'n1' | 11.0
12 | 'n2' | 12.0
13 | 'n3' | 13.0
14 | 'n4' | 14.0
15 | 'n5' | 15.0
> update t set b=(select max(b) from t x where x.a<t.a)
changes 10
> select a,b from t
1 | NULL
2 | NULL
3 | NULL
4 | NULL
5 | NULL
11 | NULL
12 | NULL
13 | NULL
14 | NULL
15 | NULL
> update t set (b,d)=(select 'p','q') where a=1
changes 1
> update t set (b,d)=('r',rowid) where a=2
changes 1
> select a,b,d from t where a<3
1 | 'p' | 'q'
2 | 'r' | 2
> insert into t(a,b) values(1,'up') on conflict(a) do update set b=excluded.b||t.b where t.a=1 returning *
1 | 'upp' | 1.0 | 'q'
> insert into t(a,b) values(1,'up') on conflict do nothing returning *
> delete from t where a in (select a from t where a>11) returning a
12
13
14
15
> create table w(k text, n int, v, primary key(k,n desc)) without rowid
> create index wv on w(v)
> insert into w values('a',1,'x'),('b',2,'y'),('a',3,'z')
changes 3
> insert into w values('a',3,'z')
error SQLITE_CONSTRAINT_PRIMARYKEY: UNIQUE constraint failed: w.k, w.n
> insert or replace into w values('a',3,'zz')
changes 1
> select * from w order by k, n desc
'a' | 3 | 'zz'
'a' | 1 | 'x'
'b' | 2 | 'y'
> select k,n from w where v='y'
'b' | 2
> update w set n=n+1 where k='a'
changes 2
> select * from w order by k, n desc
'a' | 4 | 'zz'
'a' | 2 | 'x'
'b' | 2 | 'y'
> update w set k='c', v=upper(v) where v='y' returning *
'c' | 2 | 'Y'
> delete from w where k='a' and n=2
changes 1
> select * from w order by k, n desc
'a' | 4 | 'zz'
'c' | 2 | 'Y'
> pragma integrity_check
'ok'
> insert into w(k,v) values('q',1)
error SQLITE_CONSTRAINT_NOTNULL: NOT NULL constraint failed: w.n
> create table g(a, b as (a*2) stored, c as (b+1), unique(c))
> insert into g values(1),(2)
changes 2
> insert into g values(1)
error SQLITE_CONSTRAINT_UNIQUE: UNIQUE constraint failed: g.c
> update g set a=5 where c=3 returning *
5 | 10 | 11
> select * from g
5 | 10 | 11
2 | 4 | 5
> create index gc on g(c)
> select a from g where c=11
5
> pragma integrity_check
'ok'
> create table x as select a, b, c+1 as q, 'lit' from g
> select sql from sqlite_master where name='x'
'CREATE TABLE x(a,b,q,"''lit''")'
> select * from x
5 | 10 | 12 | 'lit'
2 | 4 | 6 | 'lit'
> create table y as select 1 as aaaaaaaaaaaaaaaaaaaa, 2 as bbbbbbbbbbbbbbbbbbbbbbbb, a as ccccccccccccc from g
> select sql from sqlite_master where name='y'
'CREATE TABLE y(\n  aaaaaaaaaaaaaaaaaaaa,\n  bbbbbbbbbbbbbbbbbbbbbbbb,\n  ccccccccccccc\n)'
> replace into x values(1,2,3,4)
changes 1
> insert into x default values
changes 1
> select count(*) from x
4
> reindex
> analyze
> select tbl,idx,stat from sqlite_stat1 order by 1,2
'g' | 'gc' | '2 1'
'g' | 'sqlite_autoindex_g_1' | '2 1'
't' | 'tb' | '6 2'
't' | 'tc' | '2 1'
't' | 'tl' | '6 2 2'
'w' | 'w' | '2 1 1'
'w' | 'wv' | '2 1'
'x' | NULL | '4'
'y' | NULL | '2'
> vacuum
> pragma integrity_check
'ok'
