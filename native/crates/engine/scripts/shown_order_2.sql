# Rows of a table WITHOUT ROWID come in the order of the index that costs least, and that shows in what is made of them.
> CREATE TABLE k(a PRIMARY KEY, b INTEGER, wide TEXT, wider TEXT) WITHOUT ROWID
> CREATE INDEX kb ON k(b)
> INSERT INTO k VALUES (1, 30, 'x', 'y'), (2, 20, 'x', 'y'), (3, 10, 'x', 'y'), (x'', 25, 'x', 'y')
changes 4
> CREATE TABLE copy(n INTEGER PRIMARY KEY, a, b)
> INSERT INTO copy(a, b) SELECT a, b FROM k
changes 4
> SELECT * FROM copy
1 | 3 | 10
2 | 2 | 20
3 | x'' | 25
4 | 1 | 30
> DELETE FROM copy
changes 4
> INSERT INTO copy(a, b) SELECT a, wide FROM k
changes 4
> SELECT * FROM copy
1 | 1 | 'x'
2 | 2 | 'x'
3 | 3 | 'x'
4 | x'' | 'x'
> DELETE FROM copy
changes 4
> INSERT INTO copy(a, b) SELECT a, b FROM k WHERE a IS NOT 2
changes 3
> SELECT * FROM copy
1 | 3 | 10
2 | x'' | 25
3 | 1 | 30
> DELETE FROM copy
changes 3
> INSERT INTO copy(a, b) SELECT a, b FROM k NOT INDEXED
changes 4
> SELECT * FROM copy
1 | 3 | 10
2 | 2 | 20
3 | x'' | 25
4 | 1 | 30
> CREATE VIEW v AS SELECT a, b FROM k
> CREATE TRIGGER vu INSTEAD OF UPDATE ON v BEGIN INSERT INTO copy(a, b) VALUES (old.a, new.b); END
> DELETE FROM copy
changes 4
> UPDATE v SET b = b + 1 WHERE a IS NOT 7
> SELECT * FROM copy
1 | 3 | 11
2 | 2 | 21
3 | x'' | 26
4 | 1 | 31
> CREATE TRIGGER vd INSTEAD OF DELETE ON v BEGIN INSERT INTO copy(a, b) VALUES (old.a, 'deleted'); END
> DELETE FROM copy
changes 4
> DELETE FROM v
> SELECT * FROM copy
1 | 3 | 'deleted'
2 | 2 | 'deleted'
3 | x'' | 'deleted'
4 | 1 | 'deleted'
> SELECT a, b FROM k LIMIT 2
3 | 10
2 | 20
> SELECT a FROM k LIMIT 2
3
2
> SELECT group_concat(a) FROM k
'3,2,,1'
> SELECT a, b FROM k ORDER BY a LIMIT 2
1 | 30
2 | 20

# Of two of one width the newest is read.
> CREATE TABLE even(a PRIMARY KEY, b INTEGER) WITHOUT ROWID
> CREATE INDEX even_b ON even(CAST(a AS INTEGER) % 7, b)
> INSERT INTO even VALUES (x'', 10), (1, 1), (6, 7), (5, 8)
changes 4
> ALTER TABLE even ADD COLUMN n
> SELECT a, b FROM even LIMIT 3
x'' | 10
1 | 1
5 | 8
> CREATE TABLE even_copy(a, b)
> INSERT INTO even_copy SELECT a, b FROM even WHERE a IS NOT 5
changes 3
> SELECT rowid, * FROM even_copy
1 | x'' | 10
2 | 1 | 1
3 | 6 | 7

# What an index covers of a table WITHOUT ROWID: keys do not tell 1 from 1.0, nor how a folded text was written.
> CREATE TABLE kept(k, n INTEGER, t TEXT COLLATE NOCASE, r REAL, v, PRIMARY KEY (k, n, t, r)) WITHOUT ROWID
> CREATE INDEX kept_v ON kept(v)
> INSERT INTO kept VALUES (1, 1, 'a', 1, 3), (1.0, 2, 'B', -0.0, 2), ('x', -9223372036854775808.0, 'C', 2.5, 1), (x'00', 9e18, 'd', 1e300, 1.0), (-0.0, -9223372036854775808, 'e', -1, NULL)
changes 5
> SELECT k, typeof(k), n, typeof(n), t, r, v FROM kept LIMIT 9
0.0 | 'real' | -9223372036854775808 | 'integer' | 'e' | -1.0 | NULL
'x' | 'text' | -9.2233720368547758e+18 | 'real' | 'C' | 2.5 | 1
x'00' | 'blob' | 9000000000000000000 | 'integer' | 'd' | 1.0e+300 | 1.0
1.0 | 'real' | 2 | 'integer' | 'B' | 0.0 | 2
1 | 'integer' | 1 | 'integer' | 'a' | 1.0 | 3
> SELECT n, typeof(n), v FROM kept LIMIT 9
-9223372036854775808 | 'integer' | NULL
-9.2233720368547758e+18 | 'real' | 1
9000000000000000000 | 'integer' | 1.0
2 | 'integer' | 2
1 | 'integer' | 3
> SELECT count(*) FROM kept WHERE v > 1
2
> SELECT k, n FROM kept WHERE v = 1
'x' | -9.2233720368547758e+18
x'00' | 9000000000000000000
> SELECT 1 FROM kept WHERE v = 1
1
1
> SELECT v FROM kept WHERE k = 1
3
2

# The parts of an OR tell rows apart by their keys.
> CREATE TABLE parts(a TEXT PRIMARY KEY, b) WITHOUT ROWID
> CREATE INDEX parts_a ON parts(a)
> CREATE INDEX parts_b ON parts(b)
> INSERT INTO parts VALUES ('a', 1), ('31', 2), ('x', 3)
changes 3
> SELECT a FROM parts WHERE a > 2 OR a = '5e1' GROUP BY a
'31'
'a'
'x'
> SELECT a FROM parts WHERE b > 1 OR b = 1 ORDER BY a
'31'
'a'
'x'
> SELECT count(*) FROM parts WHERE b > 1 OR a = 'a'
3
> DELETE FROM parts WHERE b > 2 OR a = 'a'
changes 2
> SELECT * FROM parts
'31' | 2
