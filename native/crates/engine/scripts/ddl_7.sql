> create table t(a as (1))
error SQLITE_ERROR: must have at least one non-generated column
> create table t(a, b as (a) primary key)
error SQLITE_ERROR: generated columns cannot be part of the PRIMARY KEY
> create table t(a, b default 1 as (a))
error SQLITE_ERROR: error in generated column "b"
> create table t(a check(b))
error SQLITE_ERROR: no such column: b
> create table t(a check((select 1)))
error SQLITE_ERROR: subqueries prohibited in CHECK constraints
> create table t(a check(?))
error SQLITE_ERROR: parameters prohibited in CHECK constraints
> create table t(a check(count(a)))
error SQLITE_ERROR: misuse of aggregate function count()
> create table t(a, b as (c))
error SQLITE_ERROR: no such column: c
> create table t(a, b as ((select 1)))
error SQLITE_ERROR: subqueries prohibited in generated columns
> create table t(a, b as (a) foo)
error SQLITE_ERROR: error in generated column "b"
