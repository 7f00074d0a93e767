> create table t(a,b as (a+1))
> insert into t(a,b) values(1,2)
error SQLITE_ERROR: cannot INSERT into generated column "b"
> insert into t values(1,2)
error SQLITE_ERROR: table t has 1 columns but 2 values were supplied
> insert into t values(1)
changes 1
> select * from t
1 | 2
> update t set b=1
error SQLITE_ERROR: cannot UPDATE generated column "b"
> create table g(a as (b), b as (a), c)
error SQLITE_ERROR: generated column loop on "b"
> insert into t values(1),(2)
changes 2
> select * from pragma_table_xinfo('t')
0 | 'a' | '' | 0 | NULL | 0 | 0
1 | 'b' | '' | 0 | NULL | 0 | 2
> select * from pragma_table_info('t')
0 | 'a' | '' | 0 | NULL | 0
