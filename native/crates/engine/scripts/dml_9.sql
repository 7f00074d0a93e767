> create table t(a)
> insert into t values(1),(2),(3)
changes 3
> update t set a=a+1 order by a limit 2
changes 2
> select * from t
2
3
3
> delete from t order by a desc limit 1
changes 1
> select * from t
2
3
> delete from t limit 1 offset 1
changes 1
> select * from t
2
> delete from t order by a
error SQLITE_ERROR: ORDER BY without LIMIT on DELETE
> delete from t
changes 1
> begin
> begin
error SQLITE_ERROR: cannot start a transaction within a transaction
> commit
> commit
error SQLITE_ERROR: cannot commit - no transaction is active
> rollback
error SQLITE_ERROR: cannot rollback - no transaction is active
> release x
error SQLITE_ERROR: no such savepoint: x
> savepoint x
> rollback to y
error SQLITE_ERROR: no such savepoint: y
> release x
> release x
error SQLITE_ERROR: no such savepoint: x
> rollback to x
error SQLITE_ERROR: no such savepoint: x
