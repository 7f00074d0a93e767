# Where the rowid is taken, ON CONFLICT sees the values as they were given, before affinity.
> CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT UNIQUE, r REAL, c)
> INSERT INTO t VALUES (1, 2, 3, 4)
changes 1
> INSERT INTO t VALUES ('1', 5, 6, 7) ON CONFLICT DO UPDATE SET c = typeof(excluded.id) || typeof(excluded.a) || typeof(excluded.r)
changes 1
> SELECT * FROM t
1 | '2' | 3.0 | 'integerintegerreal'
> INSERT INTO t VALUES ('1', 5, 6, 7) ON CONFLICT DO UPDATE SET a = excluded.r, c = excluded.a WHERE excluded.a = 5
changes 1
> SELECT * FROM t
1 | '6.0' | 3.0 | 5
> INSERT INTO t SELECT '1', 5, 6, 7 WHERE 1 ON CONFLICT(id) DO UPDATE SET c = excluded.a RETURNING *
1 | '6.0' | 3.0 | 5
> INSERT INTO t VALUES (2, 6, 6, 7), (2, 8, 8, 8) ON CONFLICT(id) DO UPDATE SET a = 9, c = excluded.a RETURNING *
2 | '6' | 6.0 | 7
2 | '9' | 6.0 | 8
> INSERT INTO t VALUES (3, 9, 1, 1) ON CONFLICT(id) DO NOTHING ON CONFLICT(a) DO UPDATE SET c = typeof(excluded.a)
changes 1
> INSERT INTO t VALUES (2, 9, 1, 1) ON CONFLICT(a) DO NOTHING ON CONFLICT(id) DO UPDATE SET c = typeof(excluded.a)
> INSERT INTO t VALUES (2, 10, 1, 1) ON CONFLICT(a) DO NOTHING ON CONFLICT(id) DO UPDATE SET c = typeof(excluded.a)
changes 1
> SELECT * FROM t
1 | '6.0' | 3.0 | 5
2 | '9' | 6.0 | 'text'
# Not where another constraint looked at the row before.
> CREATE TABLE u(id INTEGER PRIMARY KEY, a TEXT CHECK (a <> 9), c)
> INSERT INTO u VALUES (1, 2, 3)
changes 1
> INSERT INTO u VALUES (1, 2, 3) ON CONFLICT DO UPDATE SET c = typeof(excluded.a) RETURNING *
1 | '2' | 'text'
> PRAGMA ignore_check_constraints = ON
> INSERT INTO u VALUES (1, 2, 3) ON CONFLICT DO UPDATE SET c = typeof(excluded.a) RETURNING *
1 | '2' | 'integer'
> PRAGMA ignore_check_constraints = OFF
> CREATE TABLE g(id INTEGER PRIMARY KEY, a TEXT, c, d AS (a) VIRTUAL)
> INSERT INTO g VALUES (1, 2, 3)
changes 1
> INSERT INTO g VALUES (1, 2, 3) ON CONFLICT DO UPDATE SET c = typeof(excluded.a) RETURNING *
1 | '2' | 'text' | '2'
> CREATE TABLE i(id INTEGER UNIQUE, a TEXT, c)
> INSERT INTO i VALUES (1, 2, 3)
changes 1
> INSERT INTO i VALUES (1, 2, 3) ON CONFLICT DO UPDATE SET c = typeof(excluded.a) RETURNING *
1 | '2' | 'text'
> CREATE TABLE w(id INTEGER PRIMARY KEY, a TEXT, c) WITHOUT ROWID
> INSERT INTO w VALUES (1, 2, 3)
changes 1
> INSERT INTO w VALUES (1, 2, 3) ON CONFLICT DO UPDATE SET c = typeof(excluded.a) RETURNING *
1 | '2' | 'text'
# STRICT, NOT NULL and triggers.
> CREATE TABLE s(id INTEGER PRIMARY KEY, a TEXT NOT NULL, c ANY) STRICT
> INSERT INTO s VALUES (1, 2, 3)
changes 1
> INSERT INTO s VALUES (1, 2, 3) ON CONFLICT DO UPDATE SET c = excluded.a RETURNING *, typeof(c)
1 | '2' | 2 | 'integer'
> INSERT OR REPLACE INTO s VALUES (1, NULL, 3) ON CONFLICT DO UPDATE SET c = excluded.a
error SQLITE_CONSTRAINT_NOTNULL: NOT NULL constraint failed: s.a
> CREATE TABLE b(id INTEGER PRIMARY KEY, a TEXT, c)
> CREATE TABLE seen(a)
> CREATE TRIGGER b_bi BEFORE INSERT ON b BEGIN INSERT INTO seen VALUES (typeof(new.a)); END
> INSERT INTO b VALUES (1, 2, 3)
changes 1
> INSERT INTO b VALUES (1, 2, 3) ON CONFLICT DO UPDATE SET c = typeof(excluded.a) RETURNING *
1 | '2' | 'integer'
> SELECT * FROM seen
'text'
'text'
> SELECT *, typeof(a) FROM b
1 | '2' | 'integer' | 'text'
