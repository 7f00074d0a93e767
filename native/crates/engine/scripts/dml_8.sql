> create table t(a,b,c)
> create unique index i on t(a,b)
> create unique index j on t(a+b)
> insert into t values(1,2,3)
changes 1
> insert into t values(1,2,3)
error SQLITE_CONSTRAINT_UNIQUE: UNIQUE constraint failed: index 'j'
> insert into t values(2,1,3)
error SQLITE_CONSTRAINT_UNIQUE: UNIQUE constraint failed: index 'j'
> create unique index k on t(c)
> insert into t values(3,3,4)
changes 1
> create table d(a)
> insert into d values(1),(1)
changes 2
> create unique index di on d(a)
error SQLITE_CONSTRAINT_UNIQUE: UNIQUE constraint failed: d.a
> create unique index dj on d(a+1)
error SQLITE_CONSTRAINT_UNIQUE: UNIQUE constraint failed: index 'dj'
