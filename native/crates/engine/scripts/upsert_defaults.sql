# ON CONFLICT on a rowid sees a constant default as it was written, until a row before it in the statement was stored: then it is as the column stores it.
> CREATE TABLE t(a INTEGER PRIMARY KEY, b TEXT DEFAULT TRUE, c NUMERIC DEFAULT '5', d REAL DEFAULT 7, e INT DEFAULT '0x', f TEXT DEFAULT (1 + 2), g TEXT DEFAULT (abs(-9)), h TEXT DEFAULT (abs(random()) * 0), x)
> INSERT INTO t(a) VALUES (10), (10) ON CONFLICT (a) DO UPDATE SET x = concat_ws(' ', quote(excluded.b), quote(excluded.c), quote(excluded.d), quote(excluded.e), quote(excluded.f), quote(excluded.g), quote(excluded.h))
changes 2
> SELECT x FROM t
'''1'' 5 7.0 ''0x'' ''3'' ''9'' 0'
> INSERT INTO t(a) VALUES (10), (10) ON CONFLICT (a) DO UPDATE SET x = concat_ws(' ', quote(excluded.b), quote(excluded.c), quote(excluded.d), quote(excluded.e), quote(excluded.f), quote(excluded.g), quote(excluded.h))
changes 2
> SELECT x FROM t
'1 ''5'' 7.0 ''0x'' 3 9 0'
> INSERT INTO t(a) SELECT 11 UNION ALL SELECT 11 ON CONFLICT (a) DO UPDATE SET x = 1
changes 2
> INSERT INTO t(a) SELECT value FROM json_each('[10, 12, 10]') WHERE true ON CONFLICT (a) DO UPDATE SET x = concat_ws(' ', x, quote(excluded.b), quote(excluded.c), quote(excluded.d), quote(excluded.e), quote(excluded.f), quote(excluded.g), quote(excluded.h))
changes 3
> SELECT a, x FROM t
10 | '1 ''5'' 7.0 ''0x'' 3 9 0 1 ''5'' 7.0 ''0x'' 3 9 0 ''1'' 5 7.0 ''0x'' ''3'' ''9'' 0'
11 | 1
12 | NULL
> INSERT INTO t(a, b) VALUES (10, 2), (13, 2), (10, 2) ON CONFLICT (a) DO UPDATE SET x = concat_ws(' ', x, '|', quote(excluded.b), quote(excluded.c))
changes 3
> SELECT a, x FROM t
10 | '1 ''5'' 7.0 ''0x'' 3 9 0 1 ''5'' 7.0 ''0x'' 3 9 0 ''1'' 5 7.0 ''0x'' ''3'' ''9'' 0 | 2 ''5'' | 2 5'
11 | 1
12 | NULL
13 | NULL
> INSERT INTO t(a) VALUES (10) ON CONFLICT (a) DO UPDATE SET x = quote(excluded.b)
changes 1
> SELECT a, x FROM t
10 | '1'
11 | 1
12 | NULL
13 | NULL
# A constraint answered before the row is stored.
> CREATE TABLE u(a INTEGER PRIMARY KEY, b TEXT DEFAULT 1, k UNIQUE, n NOT NULL ON CONFLICT IGNORE, x)
> INSERT INTO u(a, k, n) VALUES (1, 1, 1)
changes 1
> INSERT INTO u(a, k, n) VALUES (2, 2, NULL), (1, 3, 1) ON CONFLICT (a) DO UPDATE SET x = quote(excluded.b)
changes 1
> SELECT x FROM u
'1'
> INSERT INTO u(a, k, n) VALUES (2, 1, 1), (1, 3, 1) ON CONFLICT (a) DO UPDATE SET x = quote(excluded.b) ON CONFLICT (k) DO NOTHING
changes 1
> SELECT x FROM u
'''1'''
> INSERT INTO u(a, k, n) VALUES (2, 1, 1), (1, 3, 1) ON CONFLICT (k) DO NOTHING ON CONFLICT (a) DO UPDATE SET x = quote(excluded.b)
changes 1
> SELECT x FROM u
'''1'''
> INSERT INTO u(a, k, n) VALUES (1, 1, 1), (1, 3, 1) ON CONFLICT (a) DO UPDATE SET x = quote(excluded.b)
changes 2
> SELECT x FROM u
'1'
# With a BEFORE trigger.
> CREATE TRIGGER ub BEFORE INSERT ON u BEGIN SELECT NEW.b; END
> INSERT INTO u(a, k, n) VALUES (5, 5, 1), (1, 3, 1) ON CONFLICT (a) DO UPDATE SET x = quote(excluded.b)
changes 2
> SELECT x FROM u
'''1'''
NULL
