> create table t(a primary key,b)
> insert into t values(1,1),(2,2)
changes 2
> create table f(k,x)
> insert into f values(1,10),(1,20),(1,15)
changes 3
> update t set b=f.x from f where f.k=t.a returning *
1 | 15
> select * from t
1 | 15
2 | 2
