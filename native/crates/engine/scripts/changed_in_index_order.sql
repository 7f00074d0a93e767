# A WITHOUT ROWID table is changed in the order of an index where no entry is wider than a row; NOT INDEXED says nothing
> CREATE TABLE u(a PRIMARY KEY, b UNIQUE, c) WITHOUT ROWID
> CREATE INDEX uc ON u(c)
> INSERT INTO u VALUES (1, 30, 2), (2, 20, 1), (3, 10, 3)
changes 3
> UPDATE OR IGNORE u SET b = 5
changes 1
> SELECT * FROM u
1 | 30 | 2
2 | 5 | 1
3 | 10 | 3
> UPDATE OR REPLACE u SET b = 6
changes 3
> SELECT * FROM u
3 | 6 | 3
> DELETE FROM u
changes 1
> INSERT INTO u VALUES (1, 30, 2), (2, 20, 1), (3, 10, 3)
changes 3
> UPDATE OR FAIL u NOT INDEXED SET b = 5
error SQLITE_CONSTRAINT_UNIQUE: UNIQUE constraint failed: u.b
> SELECT * FROM u
1 | 30 | 2
2 | 5 | 1
3 | 10 | 3
> UPDATE OR IGNORE u SET b = 4 WHERE b
changes 1
> SELECT * FROM u
1 | 4 | 2
2 | 5 | 1
3 | 10 | 3
> UPDATE OR IGNORE u SET b = 3 WHERE a + c
changes 1
> SELECT * FROM u
1 | 4 | 2
2 | 3 | 1
3 | 10 | 3
> SELECT * FROM u NOT INDEXED WHERE c = 1
2 | 3 | 1
# A condition on no row changes nothing of that (fuzz seed 50351).
> CREATE TABLE gated(a PRIMARY KEY DESC, b, c, d, e UNIQUE ON CONFLICT IGNORE) WITHOUT ROWID
> CREATE INDEX of_gated ON gated(quote(b))
> INSERT INTO gated VALUES ('a', NULL, 1, 1, 'a'), (1, 1, 1, 1, NULL)
changes 2
> UPDATE gated SET (e, d) = (1, 1) WHERE 1
changes 1
> SELECT * FROM gated
'a' | NULL | 1 | 1 | 'a'
1 | 1 | 1 | 1 | 1
> UPDATE gated SET e = NULL
changes 2
> UPDATE gated SET e = 2 WHERE 1 AND a IS NOT NULL
changes 1
> SELECT * FROM gated
'a' | NULL | 1 | 1 | NULL
1 | 1 | 1 | 1 | 2
> UPDATE gated SET e = 3 WHERE 0
> SELECT * FROM gated
'a' | NULL | 1 | 1 | NULL
1 | 1 | 1 | 1 | 2
