# Values and types: text of reals, integers that overflow, comparisons across classes, collations, patterns, STRICT.
> SELECT 0.1, 1e23, 1e17, 1e16, 1e15, 123456789012345678.0, 1e-4, 1e-5, 4.9406564584124654e-324, 2.2250738585072014e-308, 1.7976931348623157e308, 1/3.0, 2/3.0, 0.1 + 0.2, 0.12345678901234559, 0.79999999999999993, 100.0, 5e-324, 1e308 * 10, -1e308 * 10
0.1 | 1.0e+23 | 1.0e+17 | 10000000000000000.0 | 1000000000000000.0 | 1.2345678901234568e+17 | 0.0001 | 1.0e-05 | 4.9406564584124654e-324 | 2.2250738585072014e-308 | 1.7976931348623157e+308 | 0.33333333333333332 | 0.66666666666666663 | 0.30000000000000004 | 0.12345678901234559 | 0.79999999999999993 | 100.0 | 4.9406564584124654e-324 | Inf | -Inf
> SELECT CAST(0.1 AS TEXT), CAST(1e23 AS TEXT), 1e23 || '', 1e-5 || '', 123456789.123456789 || '', 9007199254740993.0 || '', -0.0 || '', 0.0 * -1 || '', 1e999 || '', -1e999 || ''
'0.1' | '1.0e+23' | '1.0e+23' | '1.0e-05' | '123456789.12345679' | '9007199254740992.0' | '0.0' | 0.0 | 'Inf' | '-Inf'
> SELECT printf('%!.15g', 0.1), printf('%!.17g', 0.1), printf('%g', 1e15), printf('%g', 123456789), printf('%.3f', 2.0005), round(2.675, 2), round(-2.5), round(1e17), round(0.5), round(1.5), round(9223372036854775807.0)
'0.1' | '0.1' | '1e+15' | '1.23457e+08' | '2.001' | 2.67 | -3.0 | 1.0e+17 | 1.0 | 2.0 | 9.2233720368547758e+18
> SELECT 9223372036854775807 + 1, -9223372036854775808 - 1, 9223372036854775807 * 2, -9223372036854775808 / -1, -9223372036854775808 % -1, 9223372036854775807 - -1, -(-9223372036854775808), 4611686018427387904 * 2, 4611686018427387904 * -2
9.2233720368547758e+18 | -9.2233720368547758e+18 | 1.8446744073709552e+19 | 9.2233720368547758e+18 | 0 | 9.2233720368547758e+18 | 9.2233720368547758e+18 | 9.2233720368547758e+18 | -9223372036854775808
> SELECT -9223372036854775808, typeof(-9223372036854775808), - 9223372036854775808, typeof(9223372036854775808), +9223372036854775807, 9223372036854775808
-9223372036854775808 | 'integer' | -9223372036854775808 | 'real' | 9223372036854775807 | 9.2233720368547758e+18
> SELECT abs(-9223372036854775807), abs(9223372036854775807)
9223372036854775807 | 9223372036854775807
> SELECT abs(-9223372036854775808)
error SQLITE_ERROR: integer overflow
> SELECT abs('-5'), abs('x'), abs(NULL), abs(-1.5), abs(x'31')
5.0 | 0.0 | NULL | 1.5 | 1.0
> SELECT 1 / 0, 1 % 0, 1.0 / 0, 1.0 % 0, 0 / 0.0, 5 / 2, -5 / 2, -5 % 2, 5 % -2, 5.7 % 2.9, 7 / 2.0, '7' / 2, '7.0' / 2, 7 / '2x'
NULL | NULL | NULL | NULL | NULL | 2 | -2 | -1 | 1 | 1.0 | 3.5 | 3 | 3.5 | 3
> SELECT 1 << 63, 1 << 64, 1 << -1, -1 >> 63, -1 >> 64, -1 >> -1, 1 >> 1, 5 << 1.9, '6' << 1, -8 >> 1, 1 << 9223372036854775807, ~0, ~9223372036854775807, 6 & 3, 6 | 3, '6' & 3.9
-9223372036854775808 | 0 | 0 | -1 | -1 | -2 | 0 | 10 | 12 | -4 | 0 | -1 | -9223372036854775808 | 2 | 7 | 2
> SELECT '12abc' + 0, '0x10' + 0, 0x10 + 0, CAST('0x10' AS INTEGER), '1e2' + 0, '1e2x' + 0, ' 5 ' + 0, '+5' + 0, '-' + 0, '.5' + 0, '5.' + 0, '1_000' + 0, 1_000 + 0, 1_0.0_1, 0xFFFFFFFFFFFFFFFF, x'3132' + 0, CAST(x'3132' AS INTEGER), CAST('9223372036854775808' AS INTEGER), CAST(9.3e18 AS INTEGER), CAST(-9.3e18 AS INTEGER), CAST('1.9' AS INTEGER), CAST(-1.9 AS INTEGER)
12 | 0 | 16 | 0 | 100.0 | 100.0 | 5 | 5 | 0 | 0.5 | 5.0 | 1 | 1000 | 10.01 | -1 | 12 | 12 | 9223372036854775807 | 9223372036854775807 | -9223372036854775808 | 1 | -1
> SELECT CAST('1e2' AS NUMERIC), CAST('1.0' AS NUMERIC), CAST('1e400' AS NUMERIC), CAST('abc' AS NUMERIC), CAST(x'31' AS NUMERIC), CAST('9223372036854775808' AS NUMERIC), CAST(1e20 AS NUMERIC), CAST('  12' AS REAL), CAST(NULL AS TEXT), CAST(5 AS BLOB), CAST(1.5 AS BLOB), typeof(CAST('' AS INTEGER)), typeof(CAST(1 AS NONE)), typeof(CAST('1' AS ANY))
100 | 1 | Inf | 0 | 1 | 9.2233720368547758e+18 | 1.0e+20 | 12.0 | NULL | x'35' | x'312e35' | 'integer' | 'integer' | 'integer'
> SELECT sum(x) FROM (SELECT 9223372036854775807 AS x UNION ALL SELECT 1)
error SQLITE_ERROR: integer overflow
> SELECT sum(x), total(x), avg(x) FROM (SELECT 9223372036854775807 AS x UNION ALL SELECT 1 UNION ALL SELECT 0.0)
9.2233720368547758e+18 | 9.2233720368547758e+18 | 3.0744573456182584e+18
> SELECT sum(x) FROM (SELECT 0.0 AS x UNION ALL SELECT 9223372036854775807 UNION ALL SELECT 9223372036854775807)
1.8446744073709552e+19
> SELECT total(x), avg(x) FROM (SELECT 9223372036854775807 AS x UNION ALL SELECT 9223372036854775807)
1.8446744073709552e+19 | 9.2233720368547758e+18
> SELECT sum(x), sum(-x) FROM (SELECT 1e100 AS x UNION ALL SELECT 1.0 UNION ALL SELECT -1e100)
1.0 | -1.0
> SELECT sum(x), avg(x) FROM (SELECT 0.1 AS x UNION ALL SELECT 0.2 UNION ALL SELECT 0.3 UNION ALL SELECT 0.4 UNION ALL SELECT 0.5 UNION ALL SELECT 0.6 UNION ALL SELECT 0.7)
2.8 | 0.39999999999999997
> SELECT sum(x) FROM (SELECT 1e308 AS x UNION ALL SELECT 1e308 UNION ALL SELECT -1e308)
Inf
> SELECT sum(x), total(x), count(x), typeof(sum(x)) FROM (SELECT '5' AS x UNION ALL SELECT '5.5' UNION ALL SELECT 'x' UNION ALL SELECT NULL UNION ALL SELECT x'36')
16.5 | 16.5 | 4 | 'real'
> SELECT sum(NULL), total(NULL), avg(NULL), max(NULL), min(NULL), count(NULL), sum(x) FROM (SELECT 1 AS x WHERE 0)
NULL | 0.0 | NULL | NULL | NULL | 0 | NULL
> SELECT 9007199254740993 = 9007199254740992.0, 9007199254740993 > 9007199254740992.0, 9223372036854775807 = 9223372036854775808.0, 9223372036854775807 < 9223372036854775808.0, -9223372036854775808 = -9223372036854775808.0, 1 = 1.0, 0.0 = -0.0, 1e999 > 9223372036854775807
0 | 1 | 0 | 1 | 1 | 1 | 1 | 1
> SELECT 1 = '1', '1' = 1, 1 = x'31', '1' = x'31', 'a' < x'00', 5 < '', NULL = NULL, NULL IS NULL, 1e999 - 1e999, 0 * 1e999, typeof(1e999 - 1e999), 1 < 'a', 'a' < 2, x'' > 'zzz'
0 | 0 | 0 | 0 | 1 | 1 | NULL | 1 | NULL | NULL | 'null' | 1 | 0 | 1
> CREATE TABLE a(i INTEGER, t TEXT, r REAL, n NUMERIC, b BLOB, x)
> INSERT INTO a VALUES ('1', 1, 1, '1', 1, 1), ('1e2', 1e2, '1e2', '1e2', '1e2', '1e2'), (1.0, 1.0, 1.0, 1.0, 1.0, 1.0), ('1.5', 1.5, '1.5', '1.5', '1.5', '1.5'), ('x', x'78', 'x', 'x', 'x', x'78'), (9223372036854775808, 9223372036854775808, 9223372036854775807, 9223372036854775808, 0, 0), ('9007199254740993', 9007199254740993, 9007199254740993, '9007199254740993.0', 0, 0), (' 7 ', ' 7 ', ' 7 ', ' 7 ', ' 7 ', ' 7 '), ('0x10', '0x10', '0x10', '0x10', '0x10', '0x10')
changes 9
> SELECT i, typeof(i), t, typeof(t), r, typeof(r), n, typeof(n), b, typeof(b), x, typeof(x) FROM a
1 | 'integer' | '1' | 'text' | 1.0 | 'real' | 1 | 'integer' | 1 | 'integer' | 1 | 'integer'
100 | 'integer' | '100.0' | 'text' | 100.0 | 'real' | 100 | 'integer' | '1e2' | 'text' | '1e2' | 'text'
1 | 'integer' | '1.0' | 'text' | 1.0 | 'real' | 1 | 'integer' | 1.0 | 'real' | 1.0 | 'real'
1.5 | 'real' | '1.5' | 'text' | 1.5 | 'real' | 1.5 | 'real' | '1.5' | 'text' | '1.5' | 'text'
'x' | 'text' | x'78' | 'blob' | 'x' | 'text' | 'x' | 'text' | 'x' | 'text' | x'78' | 'blob'
9.2233720368547758e+18 | 'real' | '9.2233720368547758e+18' | 'text' | 9.2233720368547758e+18 | 'real' | 9.2233720368547758e+18 | 'real' | 0 | 'integer' | 0 | 'integer'
9007199254740993 | 'integer' | '9007199254740993' | 'text' | 9007199254740992.0 | 'real' | 9007199254740992 | 'integer' | 0 | 'integer' | 0 | 'integer'
7 | 'integer' | ' 7 ' | 'text' | 7.0 | 'real' | 7 | 'integer' | ' 7 ' | 'text' | ' 7 ' | 'text'
'0x10' | 'text' | '0x10' | 'text' | '0x10' | 'text' | '0x10' | 'text' | '0x10' | 'text' | '0x10' | 'text'
> SELECT i = '1', t = 1, r = '1', n = '1', b = '1', x = '1', i = t, t = i, t = r, b = i, x = t, +i = '1', +t = 1, i = +t, CAST(t AS INTEGER) = '1', i COLLATE NOCASE = '1' FROM a LIMIT 3
1 | 1 | 1 | 1 | 0 | 0 | 1 | 1 | 1 | 1 | 0 | 0 | 0 | 1 | 1 | 1
0 | 0 | 0 | 0 | 0 | 0 | 1 | 1 | 1 | 1 | 0 | 0 | 0 | 1 | 0 | 0
1 | 0 | 1 | 1 | 0 | 0 | 1 | 1 | 1 | 1 | 0 | 0 | 0 | 1 | 1 | 1
> SELECT i IN ('1'), t IN (1), +t IN (1), +i IN ('1'), b IN ('1'), i IN (SELECT '1'), t IN (SELECT 1), b IN (SELECT '1'), '1' IN (SELECT i FROM a), 1 IN (SELECT t FROM a), 1 IN (SELECT b FROM a), '1' IN (i), 1 IN (t) FROM a LIMIT 2
1 | 1 | 0 | 0 | 0 | 1 | 1 | 0 | 1 | 1 | 1 | 0 | 0
0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 1 | 1 | 1 | 0 | 0
> SELECT i BETWEEN '0' AND '2', '1' BETWEEN i AND t, CASE i WHEN '1' THEN 'a' ELSE 'b' END, CASE '1' WHEN i THEN 'a' ELSE 'b' END, CASE 1 WHEN t THEN 'a' ELSE 'b' END, nullif(i, '1'), max(i, '1'), coalesce(i, 1) = '1', iif(i = '1', i, t) = '1' FROM a LIMIT 2
1 | 1 | 'a' | 'a' | 'a' | 1 | '1' | 0 | 0
0 | 0 | 'b' | 'b' | 'b' | 100 | '1' | 0 | 0
> CREATE VIEW av AS SELECT i AS vi, t AS vt, +i AS pi, CAST(x AS TEXT) AS ct, x COLLATE NOCASE AS cx FROM a
> SELECT vi = '1', vt = 1, pi = '1', ct = 1, cx = 'X' FROM av LIMIT 5
1 | 1 | 0 | 1 | 0
0 | 0 | 0 | 0 | 0
1 | 0 | 0 | 0 | 0
0 | 0 | 0 | 0 | 0
0 | 0 | 0 | 0 | 0
> SELECT y = '1' FROM (SELECT i AS y FROM a UNION ALL SELECT 'z') LIMIT 2
0
0
> SELECT y = '1' FROM (SELECT x AS y FROM a UNION ALL SELECT i FROM a) LIMIT 2
0
0
> SELECT y = 1 FROM (SELECT t AS y FROM a UNION ALL SELECT 5) LIMIT 2
0
0
> CREATE TABLE c(b TEXT, n TEXT COLLATE NOCASE, r TEXT COLLATE RTRIM)
> INSERT INTO c VALUES ('a', 'a', 'a'), ('A', 'A', 'a '), ('é', 'É', 'a  b'), ('É', 'é', ' a')
changes 4
> SELECT b, b = 'A', n = 'A', r = 'a   ', b = n, n = b, b = r, r = b, b = n COLLATE BINARY, b COLLATE NOCASE = n, n || '' = 'A', +n = 'A', max(n, 'a') = 'A', (n) = 'A', CAST(n AS TEXT) = 'A', n IS 'A', n IN ('A'), 'A' IN (n), n BETWEEN 'A' AND 'A', CASE n WHEN 'A' THEN 1 ELSE 0 END FROM c
'a' | 0 | 1 | 1 | 1 | 1 | 1 | 1 | 1 | 1 | 0 | 1 | 0 | 1 | 1 | 1 | 1 | 0 | 1 | 1
'A' | 1 | 1 | 1 | 1 | 1 | 0 | 0 | 1 | 1 | 1 | 1 | 1 | 1 | 1 | 1 | 1 | 1 | 1 | 1
'é' | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0
'É' | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0
> SELECT b FROM c ORDER BY b COLLATE NOCASE, b
'A'
'a'
'É'
'é'
> SELECT n, count(*) FROM c GROUP BY n
'a' | 2
'É' | 1
'é' | 1
> SELECT DISTINCT n FROM c
'a'
'É'
'é'
> SELECT DISTINCT r FROM c
'a'
'a  b'
' a'
> SELECT max(n), min(n), max(b COLLATE NOCASE), count(DISTINCT n), count(DISTINCT r) FROM c
'é' | 'a' | 'é' | 3 | 3
> SELECT n FROM c UNION SELECT b FROM c
'a'
'É'
'é'
> SELECT b FROM c UNION SELECT n FROM c
'A'
'a'
'É'
'é'
> SELECT b COLLATE nowhere FROM c
'a'
'A'
'é'
'É'
> SELECT 1 COLLATE nowhere
1
> SELECT b FROM c WHERE b = 'a' COLLATE nowhere
error SQLITE_ERROR_MISSING_COLLSEQ: no such collation sequence: nowhere
> SELECT b FROM c ORDER BY b COLLATE nowhere
error SQLITE_ERROR_MISSING_COLLSEQ: no such collation sequence: nowhere
> SELECT b FROM c GROUP BY b COLLATE nowhere
error SQLITE_ERROR_MISSING_COLLSEQ: no such collation sequence: nowhere
> SELECT max(b COLLATE nowhere) FROM c
error SQLITE_ERROR_MISSING_COLLSEQ: no such collation sequence: nowhere
> SELECT count(DISTINCT b COLLATE nowhere) FROM c
error SQLITE_ERROR_MISSING_COLLSEQ: no such collation sequence: nowhere
> SELECT b || 'x' COLLATE nowhere FROM c LIMIT 1
'ax'
> SELECT b FROM c WHERE (b COLLATE nowhere) IS NULL
> SELECT b FROM c WHERE b COLLATE nowhere
> SELECT b FROM c WHERE b COLLATE nowhere IN ('a', 'b')
error SQLITE_ERROR_MISSING_COLLSEQ: no such collation sequence: nowhere
> SELECT CASE b COLLATE nowhere WHEN 'a' THEN 1 END FROM c
error SQLITE_ERROR_MISSING_COLLSEQ: no such collation sequence: nowhere
> SELECT b FROM c WHERE b COLLATE nowhere LIKE 'a'
'a'
'A'
> SELECT b FROM c WHERE b COLLATE nowhere BETWEEN 'a' AND 'b'
error SQLITE_ERROR_MISSING_COLLSEQ: no such collation sequence: nowhere
> SELECT DISTINCT b COLLATE nowhere FROM c
error SQLITE_ERROR_MISSING_COLLSEQ: no such collation sequence: nowhere
> SELECT b COLLATE nowhere FROM c UNION SELECT 1
error SQLITE_ERROR_MISSING_COLLSEQ: no such collation sequence: nowhere
> SELECT b COLLATE nowhere FROM c UNION ALL SELECT 1
'a'
'A'
'é'
'É'
1
> SELECT 'a' LIKE 'A', 'é' LIKE 'É', 'a%' LIKE 'a\%' ESCAPE '\', 'ab' LIKE 'a\%' ESCAPE '\', 'a' LIKE '', '' LIKE '%', 'abc' LIKE '%b%', 'abc' LIKE '_b_', 'é' LIKE '_', NULL LIKE 'a', 'a' LIKE NULL, 1 LIKE '1', 1.0 LIKE '1.0', x'61' LIKE 'a', 'a' LIKE x'61'
1 | 0 | 1 | 0 | 0 | 1 | 1 | 1 | 1 | NULL | NULL | 1 | 1 | 0 | 0
> SELECT 'a' LIKE 'b' ESCAPE 'xx'
error SQLITE_ERROR: ESCAPE expression must be a single character
> SELECT 'a' LIKE 'b' ESCAPE NULL
NULL
> SELECT 'a_b' LIKE 'ax_b' ESCAPE 'x', 'a%b' LIKE 'a%%b' ESCAPE '%', 'ab' LIKE 'aab' ESCAPE 'a'
1 | 1 | 1
> SELECT 'abc' GLOB 'a*', 'abc' GLOB 'A*', 'abc' GLOB 'a?c', 'a' GLOB '[abc]', 'd' GLOB '[^abc]', 'b' GLOB '[a-c]', ']' GLOB '[]]', 'a' GLOB '[]a]', '-' GLOB '[a-]', '^' GLOB '[\^]', 'a' GLOB '[^]a]', 'é' GLOB '?', '*' GLOB '[*]', 'a' GLOB '[', 'a[' GLOB 'a[', x'61' GLOB 'a'
1 | 0 | 1 | 1 | 1 | 1 | 1 | 1 | 1 | 1 | 0 | 1 | 1 | 0 | 0 | 0
> SELECT b LIKE 'A' FROM c LIMIT 1
1
> PRAGMA case_sensitive_like = 1
> SELECT 'a' LIKE 'A', 'a' LIKE 'a', b LIKE 'A' FROM c LIMIT 1
0 | 1 | 0
> PRAGMA case_sensitive_like = 0
> SELECT length(CAST(x'610062' AS TEXT)), length(x'610062'), hex(CAST(x'610062' AS TEXT)), CAST(x'610062' AS TEXT) = 'a', instr(CAST(x'610062' AS TEXT), 'b'), upper(CAST(x'610062' AS TEXT)) = 'A', length('é'), octet_length('é'), length(CAST(x'ff' AS TEXT)), hex(CAST(x'c328' AS TEXT)), unicode(CAST(x'c328' AS TEXT)), hex(substr(CAST(x'c328' AS TEXT), 1, 1)), quote(CAST(x'610062' AS TEXT))
1 | 3 | '610062' | 0 | 3 | 0 | 1 | 2 | 1 | 'C328' | 65533 | 'C3' | '''a'''
> SELECT '' IS NULL, length(''), typeof(''), typeof(x''), '' = x'', hex(''), quote(x''), quote(''), '' || NULL, length(NULL)
0 | 0 | 'text' | 'blob' | 0 | '' | 'X''''' | '''''' | NULL | NULL
> CREATE TABLE s(i INT, n INTEGER, r REAL, t TEXT, b BLOB, a ANY) STRICT
> INSERT INTO s VALUES ('5', 5.0, 5, 5, x'05', '5')
changes 1
> INSERT INTO s(i) VALUES ('x')
error SQLITE_CONSTRAINT_DATATYPE: cannot store TEXT value in INT column s.i
> INSERT INTO s(i) VALUES (1.5)
error SQLITE_CONSTRAINT_DATATYPE: cannot store REAL value in INT column s.i
> INSERT INTO s(n) VALUES (x'31')
error SQLITE_CONSTRAINT_DATATYPE: cannot store BLOB value in INTEGER column s.n
> INSERT INTO s(r) VALUES ('x')
error SQLITE_CONSTRAINT_DATATYPE: cannot store TEXT value in REAL column s.r
> INSERT INTO s(r) VALUES ('1.5')
changes 1
> INSERT INTO s(t) VALUES (x'31')
error SQLITE_CONSTRAINT_DATATYPE: cannot store BLOB value in TEXT column s.t
> INSERT INTO s(b) VALUES ('a')
error SQLITE_CONSTRAINT_DATATYPE: cannot store TEXT value in BLOB column s.b
> INSERT INTO s(b) VALUES (1)
error SQLITE_CONSTRAINT_DATATYPE: cannot store INT value in BLOB column s.b
> INSERT INTO s(a) VALUES ('0123')
changes 1
> INSERT INTO s(a) VALUES (1.0)
changes 1
> SELECT i, typeof(i), n, typeof(n), r, typeof(r), t, typeof(t), b, typeof(b), a, typeof(a) FROM s
5 | 'integer' | 5 | 'integer' | 5.0 | 'real' | '5' | 'text' | x'05' | 'blob' | '5' | 'text'
NULL | 'null' | NULL | 'null' | 1.5 | 'real' | NULL | 'null' | NULL | 'null' | NULL | 'null'
NULL | 'null' | NULL | 'null' | NULL | 'null' | NULL | 'null' | NULL | 'null' | '0123' | 'text'
NULL | 'null' | NULL | 'null' | NULL | 'null' | NULL | 'null' | NULL | 'null' | 1.0 | 'real'
> SELECT a = 123, a = '0123', a = 5, t = 5 FROM s
0 | 0 | 0 | 1
NULL | NULL | NULL | NULL
0 | 1 | 0 | NULL
0 | 0 | 0 | NULL
> CREATE TABLE s2(a VARCHAR) STRICT
error SQLITE_ERROR: unknown datatype for s2.a: "VARCHAR"
> CREATE TABLE s3(a) STRICT
error SQLITE_ERROR: missing datatype for s3.a
> CREATE TABLE s4(a INTEGER PRIMARY KEY, b ANY PRIMARY KEY) STRICT
error SQLITE_ERROR: table "s4" has more than one primary key
> SELECT 0x7fffffffffffffff, 0x8000000000000000, -0x8000000000000000
error SQLITE_ERROR: hex literal too big: -0x8000000000000000
> SELECT 0x10000000000000000
error SQLITE_ERROR: hex literal too big: 0x10000000000000000
> SELECT 12345678901234567890, 1e, 1
error SQLITE_ERROR: unrecognized token: "1e"
> SELECT 1__0
error SQLITE_ERROR: unrecognized token: "1__0"
> SELECT 1_, 2
error SQLITE_ERROR: unrecognized token: "1_"
> SELECT .5, 5., 5.e1, 1.e-1, 0e0, 00012, 1.50
0.5 | 5.0 | 50.0 | 0.1 | 0.0 | 12 | 1.5
