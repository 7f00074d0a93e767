# BEGIN IMMEDIATE within a transaction fails, but all databases are being written from then on.
> BEGIN IMMEDIATE
> ATTACH ':memory:' AS aux
> BEGIN IMMEDIATE
error SQLITE_ERROR: cannot start a transaction within a transaction
> DETACH aux
error SQLITE_ERROR: database aux is locked
> ROLLBACK
> DETACH aux
> BEGIN
> ATTACH ':memory:' AS aux
> BEGIN
error SQLITE_ERROR: cannot start a transaction within a transaction
> DETACH aux
> ATTACH ':memory:' AS aux
> BEGIN EXCLUSIVE
error SQLITE_ERROR: cannot start a transaction within a transaction
> DETACH aux
error SQLITE_ERROR: database aux is locked
> COMMIT
> DETACH aux
