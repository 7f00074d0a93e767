# What a CHECK without a name is called: its text, of which a quote at the start leaves only what it holds.
> CREATE TABLE t(`kind` TEXT CHECK (`kind` IN ('a', 'b')), "x" CHECK ("x" > 0), [y] CHECK ([y] > 0), z CHECK ( 'it''s' < z ), n CHECK (n > 0))
> INSERT INTO t(kind) VALUES ('c')
error SQLITE_CONSTRAINT_CHECK: CHECK constraint failed: kind
> INSERT INTO t(x) VALUES (-1)
error SQLITE_CONSTRAINT_CHECK: CHECK constraint failed: x
> INSERT INTO t(y) VALUES (-1)
error SQLITE_CONSTRAINT_CHECK: CHECK constraint failed: y
> INSERT INTO t(z) VALUES ('a')
error SQLITE_CONSTRAINT_CHECK: CHECK constraint failed: it's
> INSERT INTO t(n) VALUES (-1)
error SQLITE_CONSTRAINT_CHECK: CHECK constraint failed: n > 0
> CREATE TABLE u(a, CHECK ("a" > 0 AND "a" < 9), CONSTRAINT "named ""one""" CHECK (a <> 5))
> INSERT INTO u VALUES (10)
error SQLITE_CONSTRAINT_CHECK: CHECK constraint failed: a
> INSERT INTO u VALUES (5)
error SQLITE_CONSTRAINT_CHECK: CHECK constraint failed: named "one"
