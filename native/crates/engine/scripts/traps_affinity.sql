# Affinity: what a column makes of a value, and which of two operands is converted when they are compared.
> CREATE TABLE t(i INT, x TEXT, n NUMERIC, r REAL, b BLOB, a ANY, f "FLOATING POINT", c CHARINT, s STRING, v VARCHAR(9), z)
> INSERT INTO t VALUES ('1', 1, '1', '1', '1', '1', '1', '1', '1', 1, 1)
changes 1
> INSERT INTO t VALUES (1.0, 1.0, 1.0, 1, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0)
changes 1
> INSERT INTO t VALUES ('1e2', 1e2, '1e2', '1e2', '1e2', '1e2', '1e2', '1e2', '1e2', 1e2, '1e2')
changes 1
> INSERT INTO t VALUES (' 1', ' 1', ' 1 ', '1 x', x'31', x'31', x'31', '0x10', '9223372036854775808', x'31', -0.0)
changes 1
> INSERT INTO t VALUES (9007199254740993, 9007199254740993, 9007199254740993.0, 9007199254740993, NULL, '', '', '', '', '', '')
changes 1
> SELECT typeof(i), typeof(x), typeof(n), typeof(r), typeof(b), typeof(a), typeof(f), typeof(c), typeof(s), typeof(v), typeof(z) FROM t
'integer' | 'text' | 'integer' | 'real' | 'text' | 'integer' | 'integer' | 'integer' | 'integer' | 'text' | 'integer'
'integer' | 'text' | 'integer' | 'real' | 'real' | 'integer' | 'integer' | 'integer' | 'integer' | 'text' | 'real'
'integer' | 'text' | 'integer' | 'real' | 'text' | 'integer' | 'integer' | 'integer' | 'integer' | 'text' | 'text'
'integer' | 'text' | 'integer' | 'text' | 'blob' | 'blob' | 'blob' | 'text' | 'real' | 'blob' | 'real'
'integer' | 'text' | 'integer' | 'real' | 'null' | 'text' | 'text' | 'text' | 'text' | 'text' | 'text'
> SELECT * FROM t
1 | '1' | 1 | 1.0 | '1' | 1 | 1 | 1 | 1 | '1' | 1
1 | '1.0' | 1 | 1.0 | 1.0 | 1 | 1 | 1 | 1 | '1.0' | 1.0
100 | '100.0' | 100 | 100.0 | '1e2' | 100 | 100 | 100 | 100 | '100.0' | '1e2'
1 | ' 1' | 1 | '1 x' | x'31' | x'31' | x'31' | '0x10' | 9.2233720368547758e+18 | x'31' | 0.0
9007199254740993 | '9007199254740993' | 9007199254740992 | 9007199254740992.0 | NULL | '' | '' | '' | '' | '' | ''
# A comparison: numeric goes before text, text before none; no column, no conversion.
> SELECT 1 = '1', '1' = 1, 1 = CAST('1' AS TEXT), CAST(1 AS TEXT) = 1, CAST('1' AS INTEGER) = '1', x'31' = '1', 1 IS '1'
0 | 0 | 1 | 1 | 1 | 0 | 0
> SELECT i = '1', x = 1, n = '1', b = '1', z = '1', b = 1, a = 1 FROM t WHERE rowid = 1
1 | 1 | 1 | 1 | 0 | 0 | 1
> SELECT +i = '1', +x = 1, (i) = '1', -i = '-1', i || '' = 1, (SELECT i) = '1', abs(i) = '1' FROM t WHERE rowid = 1
0 | 0 | 1 | 0 | 0 | 1 | 0
> SELECT x = i, x = b, i = b, r = x, z = i, z = x, b = x FROM t WHERE rowid = 1
1 | 1 | 1 | 1 | 1 | 0 | 1
> SELECT 1 < '0', 'a' < 1, x < 2, x < '10', i < '10', z < '10', NULL < '1' FROM t WHERE rowid = 1
1 | 0 | 1 | 1 | 1 | 1 | NULL
> SELECT i BETWEEN '0' AND '2', 1 BETWEEN '0' AND '2', x BETWEEN 0 AND 2, CASE i WHEN '1' THEN 'same' END, CASE 1 WHEN '1' THEN 'same' ELSE 'other' END FROM t WHERE rowid = 1
1 | 0 | 1 | 'same' | 'other'
# IN converts by its left side alone, unless a query stands on the right.
> SELECT 1 IN ('1'), i IN ('1'), x IN (1), '1' IN (1), +i IN ('1'), 1 IN (SELECT '1'), '1' IN (SELECT i), 1 IN (SELECT x) FROM t WHERE rowid = 1
0 | 1 | 1 | 0 | 0 | 0 | 1 | 1
> SELECT count(*) FROM t WHERE x IN (SELECT i FROM t)
5
> SELECT count(*) FROM t WHERE i IN (SELECT x FROM t)
5
> SELECT count(*) FROM t WHERE i IN (1, '100', 9007199254740993)
5
> SELECT (i, x) = ('1', 1), (i, x) IN (SELECT '1', 1), (1, 1) IN (SELECT i, x), (i, x) < (1, 2) FROM t WHERE rowid = 1
1 | 1 | 1 | 1
# Views, subqueries and compounds hand affinity and collation on; an expression has none.
> CREATE TABLE k(a TEXT COLLATE NOCASE, b INT)
> INSERT INTO k VALUES ('Ab', '5'), ('aB', 6)
changes 2
> CREATE VIEW kv AS SELECT a, b, +a AS pa, a || '' AS ea, b + 0 AS eb FROM k
> SELECT a = 'AB', b = '5', pa = 'AB', ea = 'AB', eb = '5' FROM kv
1 | 1 | 1 | 0 | 0
1 | 0 | 1 | 0 | 0
> SELECT count(*) FROM (SELECT a FROM k UNION SELECT 'x') WHERE a = 'AB'
1
> SELECT count(*) FROM (SELECT 'x' AS a UNION ALL SELECT a FROM k) WHERE a = 'AB'
0
> SELECT a = 1 FROM (SELECT i AS a FROM t WHERE rowid = 1 UNION ALL SELECT 'x')
1
0
> SELECT a = '1' FROM (SELECT i AS a FROM t WHERE rowid = 1 UNION ALL SELECT x FROM t WHERE rowid = 1)
0
1
> SELECT a = '1' FROM (SELECT x AS a FROM t WHERE rowid = 1 UNION ALL SELECT i FROM t WHERE rowid = 1)
1
0
> SELECT column1 = '1' FROM (VALUES (1))
0
> WITH w(a) AS (SELECT i FROM t WHERE rowid = 1) SELECT a = '1', typeof(a) FROM w
1 | 'integer'
> SELECT DISTINCT a FROM k
'Ab'
> SELECT a, count(*) FROM k GROUP BY a
'Ab' | 2
> SELECT a FROM k ORDER BY a COLLATE BINARY
'Ab'
'aB'
> SELECT a = 'AB' COLLATE BINARY, 'AB' = a, 'AB' COLLATE BINARY = a, a LIKE 'ab', a IN ('AB'), 'AB' IN (a), max(a, 'AA') FROM k
0 | 1 | 0 | 1 | 1 | 0 | 'Ab'
0 | 1 | 0 | 1 | 1 | 0 | 'aB'
# CAST takes a prefix; a column takes the whole or nothing.
> SELECT CAST('12abc' AS INTEGER), CAST('1e3x' AS REAL), CAST('1e3' AS INTEGER), CAST('0x10' AS INTEGER), CAST(x'313233' AS INTEGER), CAST(1e300 AS INTEGER), CAST('9223372036854775808' AS INTEGER), CAST('9223372036854775808' AS NUMERIC), CAST('1.0' AS NUMERIC), CAST('-' AS REAL), CAST(2.9 AS INTEGER), CAST(NULL AS TEXT)
12 | 1000.0 | 1 | 0 | 123 | 9223372036854775807 | 9223372036854775807 | 9.2233720368547758e+18 | 1 | 0.0 | 2 | NULL
> SELECT typeof(CAST(1 AS REAL)), typeof(CAST('1' AS NUMERIC)), typeof(CAST('1.5' AS NUMERIC)), typeof(CAST(1 AS BLOB)), typeof(CAST(x'31' AS NUMERIC)), typeof(CAST('a' AS WHATEVER)), typeof(CAST(1 AS CHARINT))
'real' | 'integer' | 'real' | 'blob' | 'integer' | 'integer' | 'integer'
# Generated columns have their own affinity.
> CREATE TABLE g(a, b INT AS (a), c TEXT AS (a), d AS (a), e REAL AS (a) STORED, f INT AS (a || '') STORED)
> INSERT INTO g(a) VALUES ('7'), (7), (7.5), ('x'), (-0.0)
changes 5
> SELECT quote(a), quote(b), quote(c), quote(d), quote(e), quote(f) FROM g
'''7''' | '7' | '''7''' | '''7''' | '7.0' | '7'
'7' | '7' | '''7''' | '7' | '7.0' | '7'
'7.5' | '7.5' | '''7.5''' | '7.5' | '7.5' | '7.5'
'''x''' | '''x''' | '''x''' | '''x''' | '''x''' | '''x'''
'0.0' | '0' | '''0.0''' | '0.0' | '0.0' | '0'
> SELECT b = '7', c = 7, d = '7', f = '7' FROM g WHERE rowid = 2
1 | 1 | 0 | 1
> SELECT count(*) FROM g WHERE b = '7'
2
> CREATE INDEX g_b ON g(b)
> SELECT count(*) FROM g WHERE b = '7'
2
> CREATE INDEX g_e ON g(a + 0)
> SELECT count(*) FROM g WHERE a + 0 = '7'
0
# STRICT: the type must come out, after the affinity did what it can.
> CREATE TABLE s(i INT, x TEXT, r REAL, b BLOB, a ANY) STRICT
> INSERT INTO s VALUES ('1', 1, '1', x'00', '1')
changes 1
> INSERT INTO s VALUES (1.0, 1.5, 2, NULL, 1.0)
changes 1
> INSERT INTO s VALUES (1.5, 1, 1, NULL, 1)
error SQLITE_CONSTRAINT_DATATYPE: cannot store REAL value in INT column s.i
> INSERT INTO s VALUES (1, x'31', 1, NULL, 1)
error SQLITE_CONSTRAINT_DATATYPE: cannot store BLOB value in TEXT column s.x
> INSERT INTO s VALUES (1, 1, 'x', NULL, 1)
error SQLITE_CONSTRAINT_DATATYPE: cannot store TEXT value in REAL column s.r
> INSERT INTO s VALUES (1, 1, 1, 1, 1)
error SQLITE_CONSTRAINT_DATATYPE: cannot store INT value in BLOB column s.b
> SELECT quote(i), quote(x), quote(r), quote(b), quote(a) FROM s
'1' | '''1''' | '1.0' | 'X''00''' | '''1'''
'1' | '''1.5''' | '2.0' | 'NULL' | '1.0'
> UPDATE s SET i = x, x = i
error SQLITE_CONSTRAINT_DATATYPE: cannot store REAL value in INT column s.i
> SELECT quote(i), quote(x) FROM s
'1' | '''1'''
'1' | '''1.5'''
