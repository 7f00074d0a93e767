> create table t(a)
> create table t(a)
error SQLITE_ERROR: table t already exists
> create index t on t(a)
error SQLITE_ERROR: there is already a table named t
> create view t as select 1
error SQLITE_ERROR: table t already exists
> create index i on t(a)
> create index i on t(a)
error SQLITE_ERROR: index i already exists
> create table i(a)
error SQLITE_ERROR: there is already an index named i
> create view i as select 1
error SQLITE_ERROR: there is already an index named i
> create index j on zz(a)
error SQLITE_ERROR: no such table: main.zz
> create index j on t(b)
error SQLITE_ERROR: no such column: b
> create unique index if not exists i on t(a)
> create index sqlite_x on t(a)
error SQLITE_ERROR: object name reserved for internal use: sqlite_x
> create view v as select 1
> create index k on v(a)
error SQLITE_ERROR: views may not be indexed
> create index k on sqlite_master(name)
error SQLITE_ERROR: table sqlite_master may not be indexed
> create table v(a)
error SQLITE_ERROR: view v already exists
> drop table zz
error SQLITE_ERROR: no such table: zz
> drop index zz
error SQLITE_ERROR: no such index: zz
> drop view zz
error SQLITE_ERROR: no such view: zz
> drop trigger zz
error SQLITE_ERROR: no such trigger: zz
> drop table v
error SQLITE_ERROR: use DROP VIEW to delete view v
> drop view t
error SQLITE_ERROR: use DROP TABLE to delete table t
> drop table sqlite_master
error SQLITE_ERROR: table sqlite_master may not be dropped
> drop table x.y
error SQLITE_ERROR: no such table: x.y
> create table x.y(a)
error SQLITE_ERROR: unknown database x
> create temp table main.q(a)
error SQLITE_ERROR: temporary table name must be unqualified
> create index k on t(a collate foo)
error SQLITE_ERROR_MISSING_COLLSEQ: no such collation sequence: foo
> create index k on t((select 1))
error SQLITE_ERROR: subqueries prohibited in index expressions
> create index k on t(a) where (select 1)
error SQLITE_ERROR: subqueries prohibited in partial index WHERE clauses
> create index k on t(random())
error SQLITE_ERROR: non-deterministic functions prohibited in index expressions
> create index k on t(a) where random()
error SQLITE_ERROR: non-deterministic functions prohibited in partial index WHERE clauses
> create index k on t(?)
error SQLITE_ERROR: parameters prohibited in index expressions
> create index temp.k on t(a)
error SQLITE_ERROR: cannot create a TEMP index on non-TEMP table "t"
> drop index if exists nope
> create index k on t("a")
> select sql from sqlite_master
'CREATE TABLE t(a)'
'CREATE INDEX i on t(a)'
'CREATE VIEW v as select 1'
'CREATE INDEX k on t("a")'
