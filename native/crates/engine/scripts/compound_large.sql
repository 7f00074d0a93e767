# Compounds over enough rows that equal ones are left out on the way; which of equal rows is given
> CREATE TABLE t(id INTEGER PRIMARY KEY, a, s TEXT COLLATE NOCASE)
> WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 70000) INSERT INTO t SELECT i, CASE i % 7 WHEN 0 THEN NULL WHEN 1 THEN i % 11 + 0.0 WHEN 2 THEN x'61' ELSE i % 11 END, char(65 + i % 3 + i / 7 % 2 * 32) FROM c
changes 70000
> SELECT a, s FROM t UNION SELECT a, lower(s) FROM t WHERE id < 4
NULL | 'a'
NULL | 'b'
NULL | 'C'
0 | 'A'
0.0 | 'b'
0 | 'c'
1 | 'a'
1.0 | 'b'
1 | 'C'
2 | 'a'
2 | 'b'
2 | 'c'
3 | 'a'
3 | 'b'
3 | 'C'
4.0 | 'A'
4 | 'B'
4 | 'c'
5 | 'a'
5 | 'b'
5 | 'C'
6 | 'A'
6 | 'B'
6 | 'C'
7 | 'A'
7 | 'b'
7.0 | 'C'
8 | 'a'
8 | 'B'
8.0 | 'c'
9 | 'A'
9 | 'B'
9 | 'C'
10 | 'a'
10 | 'b'
10 | 'C'
x'61' | 'a'
x'61' | 'B'
x'61' | 'c'
> SELECT a, s FROM t UNION SELECT a, upper(s) FROM t LIMIT 5
NULL | 'A'
NULL | 'B'
NULL | 'C'
0 | 'A'
0.0 | 'B'
> SELECT a FROM t EXCEPT SELECT a FROM t WHERE a > 3 ORDER BY a DESC
3
2
1.0
0
NULL
> SELECT a, s FROM t WHERE s > 'b' INTERSECT SELECT a, s FROM t WHERE a < 4 AND id > 100
0 | 'c'
1 | 'C'
2 | 'c'
3 | 'C'
> SELECT count(*), sum(id) FROM (SELECT id FROM t WHERE id % 3 UNION SELECT id FROM t WHERE id % 2)
58334 | 2041713334
> SELECT s, a FROM t WHERE id < 9 UNION ALL SELECT s, a FROM t WHERE id BETWEEN 5 AND 12 ORDER BY s, a DESC NULLS LAST
'a' | x'61'
'A' | 6
'A' | 6
'A' | 3
'a' | 1
'b' | 10
'B' | 4
'B' | 1.0
'b' | NULL
'b' | NULL
'C' | x'61'
'c' | 8.0
'c' | 8.0
'C' | 5
'C' | 5
'c' | 0
> SELECT a FROM t WHERE id < 0 EXCEPT SELECT abs(-9223372036854775807 - id) FROM t
> SELECT a FROM t WHERE id < 0 UNION SELECT abs(-9223372036854775807 - id) FROM t
error SQLITE_ERROR: integer overflow
