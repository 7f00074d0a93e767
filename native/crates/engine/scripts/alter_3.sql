> create table t(a integer primary key, b references t(a), c, check(b<>c), unique(b,c))
> create index i on t(b, c+b) where b>0
> insert into t values(1,1,2)
changes 1
> alter table t rename column b to bb
> select sql from sqlite_master
'CREATE TABLE t(a integer primary key, bb references t(a), c, check(bb<>c), unique(bb,c))'
NULL
'CREATE INDEX i on t(bb, c+bb) where bb>0'
> alter table t rename column zz to y
error SQLITE_ERROR: no such column: "zz"
> alter table t rename bb to c
error SQLITE_ERROR: error in table t after rename: duplicate column name: c
> alter table t rename a to "id x"
> select sql from sqlite_master
'CREATE TABLE t("id x" integer primary key, bb references t("id x"), c, check(bb<>c), unique(bb,c))'
NULL
'CREATE INDEX i on t(bb, c+bb) where bb>0'
> select * from t
1 | 1 | 2
> insert into t values(2,1,2)
error SQLITE_CONSTRAINT_UNIQUE: UNIQUE constraint failed: t.bb, t.c
> create table t2(x references t)
> alter table t rename to u
> select name,tbl_name,sql from sqlite_master
'u' | 'u' | 'CREATE TABLE "u"("id x" integer primary key, bb references "u"("id x"), c, check(bb<>c), unique(bb,c))'
'sqlite_autoindex_u_1' | 'u' | NULL
'i' | 'u' | 'CREATE INDEX i on "u"(bb, c+bb) where bb>0'
't2' | 't2' | 'CREATE TABLE t2(x references "u")'
> alter table u rename to t2
error SQLITE_ERROR: there is already another table or index with this name: t2
> alter table u rename to sqlite_y
error SQLITE_ERROR: object name reserved for internal use: sqlite_y
> select * from u
1 | 1 | 2
> select * from t
error SQLITE_ERROR: no such table: t
> create table s(a integer primary key autoincrement)
> insert into s values(null)
changes 1
> alter table s rename to s9
> select * from sqlite_sequence
's9' | 1
> create view vv as select a from s9 where s9.a>0
> alter table s9 rename to s8
> select sql from sqlite_master where name='vv'
'CREATE VIEW vv as select a from "s8" where "s8".a>0'
> select * from vv
1
> alter table s8 rename column a to aa
> select sql from sqlite_master where name='vv'
'CREATE VIEW vv as select aa from "s8" where "s8".aa>0'
