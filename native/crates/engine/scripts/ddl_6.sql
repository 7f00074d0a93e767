> create table t(a foo) strict
error SQLITE_ERROR: unknown datatype for t.a: "foo"
> create table t(a) strict
error SQLITE_ERROR: missing datatype for t.a
> create table t(a default (b))
error SQLITE_ERROR: default value of column [a] is not constant
> create table t(a, primary key(b))
error SQLITE_ERROR: no such column: b
> create table t(a, unique(b))
error SQLITE_ERROR: no such column: b
> create table t(a, foreign key(b) references x)
error SQLITE_ERROR: unknown column "b" in foreign key definition
> create table t(a references x(a,b))
error SQLITE_ERROR: foreign key on a should reference only one column of table x
> create table t(a,b, foreign key(a,b) references x(a))
error SQLITE_ERROR: number of columns in foreign key does not match the number of columns in the referenced table
> create table t(a collate foo)
error SQLITE_ERROR_MISSING_COLLSEQ: no such collation sequence: foo
