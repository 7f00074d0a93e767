# Aggregates over joins: what joins in batches must give as joins row by row do.
> CREATE TABLE l (id INTEGER PRIMARY KEY, a, t TEXT COLLATE NOCASE, n INTEGER)
> CREATE TABLE r (id INTEGER PRIMARY KEY, k, t TEXT, v REAL, w)
> CREATE INDEX r_k ON r (k)
> CREATE INDEX r_kt ON r (k, t)
> CREATE TABLE e (x INTEGER PRIMARY KEY, y)
> CREATE TABLE u (code TEXT PRIMARY KEY, weight)
> WITH RECURSIVE c (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 200) INSERT INTO l SELECT i, CASE i % 7 WHEN 0 THEN NULL WHEN 1 THEN i % 5 WHEN 2 THEN (i % 5) || '' WHEN 3 THEN (i % 5) + 0.0 WHEN 4 THEN (i % 5) + 0.5 WHEN 5 THEN x'31' ELSE 'k' || (i % 3) END, CASE WHEN i % 9 = 0 THEN NULL WHEN i % 2 THEN 'Key' || (i % 4) ELSE 'kEY' || (i % 4) END, i % 11 FROM c
changes 200
> WITH RECURSIVE c (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 90) INSERT INTO r SELECT i, CASE i % 6 WHEN 0 THEN NULL WHEN 1 THEN i % 4 WHEN 2 THEN (i % 4) || '' WHEN 3 THEN (i % 4) + 0.5 WHEN 4 THEN 'k' || (i % 3) ELSE x'31' END, CASE WHEN i % 8 = 0 THEN NULL ELSE 'key' || (i % 5) END, i / 8.0, CASE i % 4 WHEN 0 THEN NULL WHEN 1 THEN i WHEN 2 THEN 't' || i ELSE x'0102' END FROM c
changes 90
> INSERT INTO u SELECT 'key' || value, value * 1.5 FROM json_each('[0,1,2,9]')
changes 4

# By rowid: values of every class.
> SELECT count(*), sum(r.v), group_concat(r.id) FROM l JOIN r ON r.id = l.a
70 | 21.875 | '1,2,3,3,4,1,2,2,3,4,4,1,1,2,3,3,4,1,2,2,3,4,4,1,1,2,3,3,4,1,2,2,3,4,4,1,1,2,3,3,4,1,2,2,3,4,4,1,1,2,3,3,4,1,2,2,3,4,4,1,1,2,3,3,4,1,2,2,3,4'
> SELECT count(*), count(r.id), sum(r.v), min(r.t), max(r.w) FROM l LEFT JOIN r ON r.id = l.a
200 | 70 | 21.875 | 'key1' | x'0102'
> SELECT l.n, count(r.id), total(r.v), r.t FROM l LEFT JOIN r ON r.id = l.n GROUP BY l.n
0 | 0 | 0.0 | NULL
1 | 19 | 2.375 | 'key1'
2 | 19 | 4.75 | 'key2'
3 | 18 | 6.75 | 'key3'
4 | 18 | 9.0 | 'key4'
5 | 18 | 11.25 | 'key0'
6 | 18 | 13.5 | 'key1'
7 | 18 | 15.75 | 'key2'
8 | 18 | 18.0 | NULL
9 | 18 | 20.25 | 'key4'
10 | 18 | 22.5 | 'key0'

# By an index, by none, by two terms.
> SELECT count(*), sum(r.v), group_concat(l.id || ':' || r.id) FROM l CROSS JOIN r ON r.k = l.a WHERE l.id < 20
105 | 597.25 | '1:1,1:13,1:25,1:37,1:49,1:61,1:73,1:85,2:2,2:14,2:26,2:38,2:50,2:62,2:74,2:86,3:7,3:19,3:31,3:43,3:55,3:67,3:79,5:5,5:11,5:17,5:23,5:29,5:35,5:41,5:47,5:53,5:59,5:65,5:71,5:77,5:83,5:89,8:7,8:19,8:31,8:43,8:55,8:67,8:79,11:9,11:21,11:33,11:45,11:57,11:69,11:81,12:5,12:11,12:17,12:23,12:29,12:35,12:41,12:47,12:53,12:59,12:65,12:71,12:77,12:83,12:89,13:4,13:10,13:16,13:22,13:28,13:34,13:40,13:46,13:52,13:58,13:64,13:70,13:76,13:82,13:88,18:3,18:15,18:27,18:39,18:51,18:63,18:75,18:87,19:5,19:11,19:17,19:23,19:29,19:35,19:41,19:47,19:53,19:59,19:65,19:71,19:77,19:83,19:89'
> SELECT count(*), sum(r.v) FROM l CROSS JOIN r ON r.w = l.id
23 | 129.375
> SELECT typeof(l.a), count(*), group_concat(r.id) FROM l CROSS JOIN r ON +r.k = l.a WHERE l.id < 60 GROUP BY typeof(l.a)
'blob' | 120 | '5,11,17,23,29,35,41,47,53,59,65,71,77,83,89,5,11,17,23,29,35,41,47,53,59,65,71,77,83,89,5,11,17,23,29,35,41,47,53,59,65,71,77,83,89,5,11,17,23,29,35,41,47,53,59,65,71,77,83,89,5,11,17,23,29,35,41,47,53,59,65,71,77,83,89,5,11,17,23,29,35,41,47,53,59,65,71,77,83,89,5,11,17,23,29,35,41,47,53,59,65,71,77,83,89,5,11,17,23,29,35,41,47,53,59,65,71,77,83,89'
'integer' | 30 | '1,13,25,37,49,61,73,85,7,19,31,43,55,67,79,1,13,25,37,49,61,73,85,7,19,31,43,55,67,79'
'real' | 52 | '7,19,31,43,55,67,79,9,21,33,45,57,69,81,3,15,27,39,51,63,75,87,1,13,25,37,49,61,73,85,7,19,31,43,55,67,79,9,21,33,45,57,69,81,3,15,27,39,51,63,75,87'
'text' | 68 | '2,14,26,38,50,62,74,86,4,10,16,22,28,34,40,46,52,58,64,70,76,82,88,8,20,32,44,56,68,80,4,10,16,22,28,34,40,46,52,58,64,70,76,82,88,2,14,26,38,50,62,74,86,4,10,16,22,28,34,40,46,52,58,64,70,76,82,88'
> SELECT l.n, count(*), sum(r.v) FROM l JOIN r ON r.k = l.a AND r.t = l.t GROUP BY l.n
> SELECT l.n, count(*), sum(r.v) FROM l CROSS JOIN r ON +r.k = l.a AND +r.t = l.n GROUP BY l.n

# The collation is that of the left operand.
> SELECT r.t, count(*), sum(l.n) FROM l CROSS JOIN r ON l.t = r.t GROUP BY r.t
'key0' | 720 | 3616
'key1' | 704 | 3520
'key2' | 704 | 3456
'key3' | 675 | 3315
> SELECT r.t, count(*), sum(l.n) FROM l CROSS JOIN r ON r.t = l.t GROUP BY r.t
> SELECT l.t, count(*), sum(u.weight) FROM l CROSS JOIN u ON u.code = l.t COLLATE NOCASE GROUP BY l.t
'kEY0' | 45 | 0.0
'Key1' | 44 | 66.0
'kEY2' | 44 | 132.0
> SELECT u.code, count(l.id), sum(l.n) FROM u LEFT JOIN l ON l.t = u.code GROUP BY 1
'key0' | 45 | 226
'key1' | 44 | 220
'key2' | 44 | 216
'key9' | 0 | NULL

# What ON decides, and what WHERE does.
> SELECT l.n, count(*), count(r.id), sum(r.v) FROM l LEFT JOIN r ON r.k = l.a AND r.v > l.n / 2.0 GROUP BY l.n
0 | 107 | 98 | 558.625
1 | 98 | 87 | 512.875
2 | 87 | 76 | 468.125
3 | 63 | 51 | 326.125
4 | 74 | 63 | 422.625
5 | 79 | 69 | 479.5
6 | 67 | 56 | 403.625
7 | 73 | 63 | 465.875
8 | 68 | 58 | 444.625
9 | 57 | 46 | 364.375
10 | 53 | 42 | 340.25
> SELECT l.n, count(*), count(r.id), sum(r.v) FROM l LEFT JOIN r ON r.k = l.a AND l.n > 5 GROUP BY l.n
0 | 18 | 0 | NULL
1 | 19 | 0 | NULL
2 | 19 | 0 | NULL
3 | 18 | 0 | NULL
4 | 18 | 0 | NULL
5 | 18 | 0 | NULL
6 | 87 | 76 | 433.875
7 | 100 | 90 | 513.875
8 | 99 | 89 | 510.125
9 | 87 | 76 | 431.125
10 | 85 | 74 | 422.0
> SELECT l.n, count(*), sum(r.v) FROM l LEFT JOIN r ON r.k = l.a WHERE r.id IS NULL GROUP BY l.n
0 | 9 | NULL
1 | 11 | NULL
2 | 11 | NULL
3 | 12 | NULL
4 | 11 | NULL
5 | 10 | NULL
6 | 11 | NULL
7 | 10 | NULL
8 | 10 | NULL
9 | 11 | NULL
10 | 11 | NULL
> SELECT count(*), sum(l.n) FROM l LEFT JOIN r ON r.id = l.a WHERE r.v IS NULL OR r.v > 0.3
165 | 826
> SELECT count(*) FROM l LEFT JOIN e ON e.x = l.id
200
> SELECT count(*), sum(e.y) FROM l JOIN e ON e.x = l.id
0 | NULL

# Chains.
> SELECT r.t, count(*), sum(u.weight), sum(l.n) FROM l JOIN r ON r.id = l.n JOIN u ON u.code = r.t GROUP BY r.t
'key0' | 36 | 0.0 | 270
'key1' | 37 | 55.5 | 127
'key2' | 37 | 111.0 | 164
> SELECT r.t, count(*), count(u.code), sum(l.n) FROM l LEFT JOIN r ON r.id = l.n LEFT JOIN u ON u.code = r.t GROUP BY r.t
NULL | 36 | 0 | 144
'key0' | 36 | 36 | 270
'key1' | 37 | 37 | 127
'key2' | 37 | 37 | 164
'key3' | 18 | 0 | 54
'key4' | 36 | 0 | 234
> SELECT count(*), sum(a.n), sum(b.n) FROM l a JOIN l b ON b.id = a.n JOIN l c ON c.id = b.n + a.n
182 | 993 | 993
> SELECT a.n, count(*), sum(b.n * c.n) FROM l a CROSS JOIN l b ON b.n = a.n CROSS JOIN l c ON c.id = b.n GROUP BY a.n
1 | 361 | 361
2 | 361 | 1444
3 | 324 | 2916
4 | 324 | 5184
5 | 324 | 8100
6 | 324 | 11664
7 | 324 | 15876
8 | 324 | 20736
9 | 324 | 26244
10 | 324 | 32400

# Bare columns, DISTINCT, FILTER, HAVING, a group of all.
> SELECT l.n, max(r.v), r.t, r.id FROM l JOIN r ON r.id = l.n GROUP BY l.n
1 | 0.125 | 'key1' | 1
2 | 0.25 | 'key2' | 2
3 | 0.375 | 'key3' | 3
4 | 0.5 | 'key4' | 4
5 | 0.625 | 'key0' | 5
6 | 0.75 | 'key1' | 6
7 | 0.875 | 'key2' | 7
8 | 1.0 | NULL | 8
9 | 1.125 | 'key4' | 9
10 | 1.25 | 'key0' | 10
> SELECT count(DISTINCT r.t), count(DISTINCT l.n), sum(DISTINCT r.v) FROM l JOIN r ON r.k = l.a
5 | 11 | 421.875
> SELECT l.n, count(*) FILTER (WHERE r.v > 5), sum(r.v) FROM l JOIN r ON r.k = l.a GROUP BY l.n HAVING count(*) > 20
0 | 55 | 558.625
1 | 51 | 513.75
2 | 46 | 471.5
3 | 34 | 333.0
4 | 43 | 435.75
5 | 51 | 507.375
6 | 42 | 433.875
7 | 51 | 513.875
8 | 51 | 510.125
9 | 42 | 431.125
10 | 42 | 422.0
> SELECT count(*), 'x' FROM l JOIN r ON r.id = l.n GROUP BY 'x'
182 | 'x'
> SELECT count(*) FROM l JOIN r ON r.id = l.n WHERE l.id > 1000 GROUP BY l.n

# Failing calls: only in rows that are asked for.
> SELECT count(*) FROM l JOIN r ON r.id = l.n WHERE CASE WHEN l.id > 1000 THEN json(l.a) ELSE 1 END
182
> SELECT count(*), sum(json(l.t) IS NULL) FROM l JOIN r ON r.id = l.n
error SQLITE_ERROR: malformed JSON
> SELECT sum(CASE WHEN r.id > 5 THEN 9223372036854775807 ELSE l.n END) FROM l JOIN r ON r.id = l.n
error SQLITE_ERROR: integer overflow
> SELECT l.n, sum(CASE WHEN r.id > 5 THEN 9223372036854775807 ELSE l.n END) FROM l JOIN r ON r.id = l.n GROUP BY l.n
error SQLITE_ERROR: integer overflow

# Inside of a row of another query.
> SELECT e.column1, (SELECT sum(r.v) FROM l CROSS JOIN r ON r.id = l.n WHERE l.n < e.column1) FROM (VALUES (3), (NULL), (9)) AS e
3 | 7.125
NULL | NULL
9 | 81.375
> SELECT e.column1, (SELECT count(*) FROM l CROSS JOIN r ON +r.id = l.n + e.column1) FROM (VALUES (3), (0), (3)) AS e
3 | 200
0 | 182
3 | 200
> SELECT e.column1, (SELECT count(*) FROM l CROSS JOIN r ON +r.id = l.n AND r.v > e.column1) FROM (VALUES (1), (0), (1)) AS e
1 | 36
0 | 182
1 | 36

# Rows of a transaction, deleted and wide ones.
> BEGIN
> UPDATE r SET v = v + 1 WHERE id % 3 = 0
changes 30
> DELETE FROM r WHERE id % 5 = 0
changes 18
> INSERT INTO r (id, k, t, v) VALUES (5, 2, 'key1', 100), (500, NULL, hex(zeroblob(9000)), 7)
changes 2
> SELECT l.n, count(*), sum(r.v), max(length(r.t)) FROM l JOIN r ON r.id = l.n GROUP BY l.n
1 | 19 | 2.375 | 4
2 | 19 | 4.75 | 4
3 | 18 | 24.75 | 4
4 | 18 | 9.0 | 4
5 | 18 | 1800.0 | 4
6 | 18 | 31.5 | 4
7 | 18 | 15.75 | 4
8 | 18 | 18.0 | NULL
9 | 18 | 38.25 | 4
> SELECT count(*), sum(length(r.t)), sum(r.v) FROM l CROSS JOIN r ON +r.id = CASE WHEN l.id < 150 THEN 500 ELSE l.n END
190 | 2682144 | 1479.375
> ROLLBACK
> SELECT count(*), sum(r.v) FROM l JOIN r ON r.id = l.n
182 | 124.125

# Groups by keys of every class, in their order.
> SELECT a, count(*), min(id) FROM l GROUP BY a
NULL | 28 | 7
0.0 | 12 | 10
0.5 | 6 | 25
1 | 11 | 1
1.5 | 6 | 11
2.0 | 12 | 17
2.5 | 5 | 32
3.0 | 12 | 3
3.5 | 6 | 18
4.0 | 11 | 24
4.5 | 6 | 4
'0' | 5 | 30
'1' | 6 | 16
'2' | 6 | 2
'3' | 6 | 23
'4' | 6 | 9
'k0' | 10 | 6
'k1' | 9 | 13
'k2' | 9 | 20
x'31' | 28 | 5
> SELECT a, n, count(*) FROM l GROUP BY a, n LIMIT 20
NULL | 0 | 2
NULL | 1 | 2
NULL | 2 | 3
NULL | 3 | 3
NULL | 4 | 2
NULL | 5 | 2
NULL | 6 | 3
NULL | 7 | 3
NULL | 8 | 2
NULL | 9 | 3
NULL | 10 | 3
0.0 | 1 | 2
0.0 | 3 | 2
0 | 4 | 1
0.0 | 5 | 1
0 | 6 | 1
0.0 | 7 | 1
0 | 8 | 1
0.0 | 9 | 1
0.0 | 10 | 2
> SELECT t, count(*) FROM l GROUP BY t
NULL | 22
'kEY0' | 45
'Key1' | 44
'kEY2' | 44
'Key3' | 45
> SELECT t COLLATE BINARY, count(*) FROM l GROUP BY 1
NULL | 22
'Key1' | 44
'Key3' | 45
'kEY0' | 45
'kEY2' | 44
> SELECT count(DISTINCT a), count(DISTINCT t), count(DISTINCT id * 1000), count(DISTINCT -id) FROM l
19 | 4 | 200 | 200
