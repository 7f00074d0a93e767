> CREATE TABLE t (id INTEGER PRIMARY KEY, city TEXT, kind TEXT COLLATE NOCASE, n, r REAL)
> CREATE INDEX tcn ON t (city, n)
> CREATE INDEX tk ON t (kind)
> CREATE INDEX tn ON t (n DESC)
> INSERT INTO t WITH s (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s LIMIT 3000) SELECT i, 'city ' || (i * 7 % 13), CASE i % 4 WHEN 0 THEN 'Kind' WHEN 1 THEN 'kind' WHEN 2 THEN 'OTHER' END, CASE i % 5 WHEN 0 THEN i % 3 WHEN 1 THEN 1.0 * (i % 3) WHEN 2 THEN NULL WHEN 3 THEN '' || (i % 3) ELSE x'31' END, i % 6 FROM s
changes 3000
> SELECT DISTINCT city FROM t
'city 0'
'city 1'
'city 10'
'city 11'
'city 12'
'city 2'
'city 3'
'city 4'
'city 5'
'city 6'
'city 7'
'city 8'
'city 9'
> SELECT DISTINCT kind FROM t
NULL
'kind'
'OTHER'
> SELECT DISTINCT n, typeof(n) FROM t
x'31' | 'blob'
'2' | 'text'
'1' | 'text'
'0' | 'text'
2 | 'integer'
2.0 | 'real'
1.0 | 'real'
1 | 'integer'
0.0 | 'real'
0 | 'integer'
NULL | 'null'
> SELECT DISTINCT n FROM t
x'31'
'2'
'1'
'0'
2
1.0
0.0
NULL
> SELECT DISTINCT city, n FROM t WHERE city < 'city 2'
'city 0' | NULL
'city 0' | 0.0
'city 0' | 1.0
'city 0' | 2.0
'city 0' | '0'
'city 0' | '1'
'city 0' | '2'
'city 0' | x'31'
'city 1' | NULL
'city 1' | 0
'city 1' | 1.0
'city 1' | 2.0
'city 1' | '0'
'city 1' | '1'
'city 1' | '2'
'city 1' | x'31'
'city 10' | NULL
'city 10' | 0.0
'city 10' | 1.0
'city 10' | 2
'city 10' | '0'
'city 10' | '1'
'city 10' | '2'
'city 10' | x'31'
'city 11' | NULL
'city 11' | 0.0
'city 11' | 1.0
'city 11' | 2
'city 11' | '0'
'city 11' | '1'
'city 11' | '2'
'city 11' | x'31'
'city 12' | NULL
'city 12' | 0.0
'city 12' | 1.0
'city 12' | 2.0
'city 12' | '0'
'city 12' | '1'
'city 12' | '2'
'city 12' | x'31'
> SELECT DISTINCT city FROM t WHERE city > 'city 5'
'city 6'
'city 7'
'city 8'
'city 9'
> SELECT DISTINCT city FROM t WHERE n = 1
'city 7'
'city 5'
'city 8'
'city 6'
'city 9'
'city 10'
'city 11'
'city 12'
'city 0'
'city 1'
'city 2'
'city 3'
'city 4'
> SELECT DISTINCT n FROM t WHERE city = 'city 3'
NULL
0.0
1.0
2.0
'0'
'1'
'2'
x'31'
> SELECT DISTINCT kind COLLATE BINARY FROM t
NULL
'kind'
'Kind'
'OTHER'
> SELECT DISTINCT city COLLATE NOCASE FROM t LIMIT 3
'city 0'
'city 1'
'city 10'
> SELECT DISTINCT city FROM t LIMIT 2 OFFSET 3
'city 11'
'city 12'
> SELECT DISTINCT r FROM t
1.0
2.0
3.0
4.0
5.0
0.0
> SELECT DISTINCT r, kind FROM t WHERE id > 100 AND id < 2000
5.0 | 'kind'
0.0 | 'OTHER'
1.0 | NULL
2.0 | 'Kind'
3.0 | 'kind'
4.0 | 'OTHER'
5.0 | NULL
0.0 | 'Kind'
1.0 | 'kind'
2.0 | 'OTHER'
3.0 | NULL
4.0 | 'Kind'
> SELECT DISTINCT upper(kind) FROM t
NULL
'KIND'
'OTHER'
> SELECT DISTINCT id % 7 FROM t
4
2
0
5
3
1
6
> SELECT DISTINCT 5, kind FROM t
5 | NULL
5 | 'kind'
5 | 'OTHER'
> SELECT DISTINCT substr(city, 6) FROM t ORDER BY 1 DESC LIMIT 4
'9'
'8'
'7'
'6'
> SELECT DISTINCT city FROM t ORDER BY city DESC
'city 9'
'city 8'
'city 7'
'city 6'
'city 5'
'city 4'
'city 3'
'city 2'
'city 12'
'city 11'
'city 10'
'city 1'
'city 0'
> SELECT count(*) FROM (SELECT DISTINCT city, kind, n FROM t)
312
> SELECT DISTINCT abs(CASE WHEN id = 2900 THEN -9223372036854775807 - 1 ELSE id % 3 END) FROM t
error SQLITE_ERROR: integer overflow
> UPDATE t SET kind = 'third' WHERE id = 1500
changes 1
> DELETE FROM t WHERE city = 'city 4'
changes 231
> INSERT INTO t VALUES (5000, 'city 0', 'KIND', 7, 7.5), (0, 'zz', NULL, -1, 0)
changes 2
> SELECT DISTINCT kind FROM t
NULL
'kind'
'OTHER'
'third'
> SELECT DISTINCT city FROM t
'city 0'
'city 1'
'city 10'
'city 11'
'city 12'
'city 2'
'city 3'
'city 5'
'city 6'
'city 7'
'city 8'
'city 9'
'zz'
> SELECT DISTINCT r FROM t
0.0
1.0
2.0
3.0
4.0
5.0
7.5
> SELECT DISTINCT n FROM t
x'31'
'2'
'1'
'0'
7
2
1.0
0.0
-1
NULL
> CREATE TABLE w (a TEXT, b INTEGER, c, PRIMARY KEY (a, b)) WITHOUT ROWID
> INSERT INTO w SELECT DISTINCT city, id, n FROM t
changes 2771
> SELECT DISTINCT a FROM w
'city 0'
'city 1'
'city 10'
'city 11'
'city 12'
'city 2'
'city 3'
'city 5'
'city 6'
'city 7'
'city 8'
'city 9'
'zz'
> SELECT DISTINCT c FROM w
'1'
2.0
x'31'
NULL
'0'
1.0
'2'
0.0
7
-1
> SELECT DISTINCT a, c FROM w WHERE b % 50 = 0
'city 0' | 2
'city 0' | 1
'city 0' | 0
'city 0' | 7
'city 1' | 0
'city 1' | 2
'city 1' | 1
'city 10' | 0
'city 10' | 2
'city 10' | 1
'city 11' | 1
'city 11' | 0
'city 11' | 2
'city 12' | 2
'city 12' | 1
'city 12' | 0
'city 2' | 1
'city 2' | 0
'city 2' | 2
'city 3' | 2
'city 3' | 1
'city 3' | 0
'city 5' | 1
'city 5' | 0
'city 5' | 2
'city 6' | 2
'city 6' | 1
'city 6' | 0
'city 7' | 0
'city 7' | 2
'city 7' | 1
'city 8' | 1
'city 8' | 0
'city 8' | 2
'city 9' | 2
'city 9' | 1
'city 9' | 0
'zz' | -1
