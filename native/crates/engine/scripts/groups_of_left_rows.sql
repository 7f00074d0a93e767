> CREATE TABLE author (id INTEGER PRIMARY KEY, name TEXT, kind INTEGER)
> CREATE TABLE post (id INTEGER PRIMARY KEY, author INTEGER, size REAL, score INTEGER, tag TEXT)
> WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300) INSERT INTO author SELECT i * 3, 'name ' || (i * 7 % 11), i % 5 FROM n
changes 300
> WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2500) INSERT INTO post SELECT i, CASE WHEN i % 17 = 0 THEN NULL ELSE i * 7919 % 1000 END, (i * 104729 % 9973) / 7.0 * (1 - i % 3), i * 31 % 101, CASE WHEN i % 4 THEN 'tag ' || (i % 6) END FROM n
changes 2500
> SELECT a.id, a.name, count(p.id), sum(p.size), avg(p.size), total(p.size), min(p.score), max(p.tag), count(DISTINCT p.tag) FROM author a LEFT JOIN post p ON p.author = a.id GROUP BY a.id HAVING a.id < 60
3 | 'name 7' | 2 | 75.714285714285708 | 37.857142857142854 | 75.714285714285708 | 22 | 'tag 3' | 2
6 | 'name 3' | 2 | 361.0 | 180.5 | 361.0 | 65 | 'tag 2' | 2
9 | 'name 10' | 3 | 702.71428571428567 | 234.23809523809521 | 702.71428571428567 | 0 | 'tag 5' | 3
12 | 'name 6' | 3 | 361.0 | 120.33333333333333 | 361.0 | 29 | NULL | 0
15 | 'name 2' | 3 | 361.0 | 120.33333333333333 | 361.0 | 65 | 'tag 5' | 3
18 | 'name 9' | 3 | -721.99999999999989 | -240.66666666666663 | -721.99999999999989 | 0 | 'tag 4' | 3
21 | 'name 5' | 3 | 361.0 | 120.33333333333333 | 361.0 | 36 | 'tag 5' | 3
24 | 'name 1' | 3 | 361.0 | 120.33333333333333 | 361.0 | 72 | NULL | 0
27 | 'name 8' | 3 | 702.71428571428567 | 234.23809523809521 | 702.71428571428567 | 7 | 'tag 5' | 3
30 | 'name 4' | 3 | 361.00000000000011 | 120.33333333333337 | 361.00000000000011 | 43 | 'tag 4' | 3
33 | 'name 0' | 3 | 361.0 | 120.33333333333333 | 361.0 | 79 | 'tag 5' | 3
36 | 'name 7' | 3 | 702.71428571428578 | 234.23809523809527 | 702.71428571428578 | 14 | NULL | 0
39 | 'name 3' | 3 | 361.0 | 120.33333333333333 | 361.0 | 50 | 'tag 5' | 3
42 | 'name 10' | 2 | 361.0 | 180.5 | 361.0 | 93 | 'tag 2' | 2
45 | 'name 6' | 2 | 278.71428571428572 | 139.35714285714286 | 278.71428571428572 | 28 | 'tag 3' | 2
48 | 'name 2' | 2 | -1418.1428571428571 | -709.07142857142856 | -1418.1428571428571 | 64 | NULL | 0
51 | 'name 9' | 1 | 771.85714285714289 | 771.85714285714289 | 771.85714285714289 | 100 | 'tag 3' | 1
54 | 'name 5' | 1 | 1189.2857142857142 | 1189.2857142857142 | 1189.2857142857142 | 42 | 'tag 0' | 1
57 | 'name 1' | 2 | -904.0 | -452.0 | -904.0 | 71 | 'tag 5' | 2
> SELECT count(*), sum(n), max(s), min(m) FROM (SELECT a.id, count(p.id) AS n, sum(p.size) AS s, min(p.score) AS m FROM author a LEFT JOIN post p ON p.author = a.id GROUP BY a.id)
300 | 701 | 1382.1428571428571 | 0
> SELECT n, count(*) FROM (SELECT count(p.id) AS n FROM author a LEFT JOIN post p ON p.author = a.id AND p.tag NOT LIKE '%3' GROUP BY a.id) GROUP BY n ORDER BY 2 DESC, n DESC
2 | 129
0 | 79
1 | 63
3 | 29
> SELECT a.id, count(*), count(coalesce(p.id, 0)), sum(p.score IS NULL) FROM author a LEFT JOIN post p ON p.author = a.id GROUP BY a.id HAVING count(p.id) = 0 LIMIT 9
> SELECT a.kind, count(p.id) FROM author a LEFT JOIN post p ON p.author = a.id GROUP BY a.kind
0 | 141
1 | 139
2 | 139
3 | 142
4 | 140
> SELECT a.id, a.kind, count(p.id) FROM author a LEFT JOIN post p ON p.author = a.id WHERE a.kind = 2 GROUP BY a.id, a.kind HAVING count(p.id) > 4
> SELECT count(p.score) AS n, a.id FROM author a LEFT JOIN post p ON p.author = a.id AND p.score > 50 GROUP BY a.id ORDER BY n DESC, a.id DESC LIMIT 12
3 | 900
3 | 894
3 | 834
3 | 825
3 | 816
3 | 768
3 | 759
3 | 750
3 | 735
3 | 684
3 | 675
3 | 666
> SELECT a.id, count(p.id), sum(p.score) FROM author a LEFT JOIN post p ON p.author = a.id AND a.kind > 2 GROUP BY a.id HAVING a.id BETWEEN 90 AND 120
90 | 0 | NULL
93 | 0 | NULL
96 | 0 | NULL
99 | 2 | 147
102 | 2 | 24
105 | 0 | NULL
108 | 0 | NULL
111 | 0 | NULL
114 | 3 | 165
117 | 3 | 273
120 | 0 | NULL
> SELECT a.id, count(p.id) FROM author a LEFT JOIN post p ON p.author = a.id WHERE p.score > 95 GROUP BY a.id HAVING a.id < 200
42 | 1
51 | 1
84 | 1
93 | 1
117 | 1
126 | 1
159 | 1
168 | 1
192 | 1
> SELECT a.id, p.tag, max(p.score) FROM author a LEFT JOIN post p ON p.author = a.id GROUP BY a.id HAVING a.id < 40
3 | 'tag 1' | 36
6 | 'tag 2' | 72
9 | 'tag 5' | 94
12 | NULL | 43
15 | 'tag 5' | 79
18 | 'tag 0' | 14
21 | 'tag 1' | 50
24 | NULL | 86
27 | 'tag 3' | 21
30 | 'tag 4' | 57
33 | 'tag 5' | 93
36 | NULL | 28
39 | 'tag 1' | 64
> SELECT a.id, count(p.id) FILTER (WHERE p.score > 50), max(p.score) FILTER (WHERE p.score IS NOT 7) FROM author a LEFT JOIN post p ON p.author = a.id GROUP BY a.id HAVING a.id < 40
3 | 0 | 36
6 | 2 | 72
9 | 1 | 94
12 | 0 | 43
15 | 3 | 79
18 | 0 | 14
21 | 0 | 50
24 | 3 | 86
27 | 0 | 21
30 | 1 | 57
33 | 3 | 93
36 | 0 | 28
39 | 2 | 64
> SELECT a.id, count(p.id), sum(9223372036854775807 * (p.score > 90)) FROM author a LEFT JOIN post p ON p.author = a.id WHERE a.id < 40 GROUP BY a.id
3 | 2 | 0
6 | 2 | 0
9 | 3 | 9223372036854775807
12 | 3 | 0
15 | 3 | 0
18 | 3 | 0
21 | 3 | 0
24 | 3 | 0
27 | 3 | 0
30 | 3 | 0
33 | 3 | 9223372036854775807
36 | 3 | 0
39 | 3 | 0
> CREATE INDEX post_author ON post (author)
> SELECT a.id, a.name, count(p.id), sum(p.size), avg(p.size), min(p.score), max(p.tag) FROM author a LEFT JOIN post p ON p.author = a.id GROUP BY a.id HAVING a.id < 60
3 | 'name 7' | 2 | 75.714285714285708 | 37.857142857142854 | 22 | 'tag 3'
6 | 'name 3' | 2 | 361.0 | 180.5 | 65 | 'tag 2'
9 | 'name 10' | 3 | 702.71428571428567 | 234.23809523809521 | 0 | 'tag 5'
12 | 'name 6' | 3 | 361.0 | 120.33333333333333 | 29 | NULL
15 | 'name 2' | 3 | 361.0 | 120.33333333333333 | 65 | 'tag 5'
18 | 'name 9' | 3 | -721.99999999999989 | -240.66666666666663 | 0 | 'tag 4'
21 | 'name 5' | 3 | 361.0 | 120.33333333333333 | 36 | 'tag 5'
24 | 'name 1' | 3 | 361.0 | 120.33333333333333 | 72 | NULL
27 | 'name 8' | 3 | 702.71428571428567 | 234.23809523809521 | 7 | 'tag 5'
30 | 'name 4' | 3 | 361.00000000000011 | 120.33333333333337 | 43 | 'tag 4'
33 | 'name 0' | 3 | 361.0 | 120.33333333333333 | 79 | 'tag 5'
36 | 'name 7' | 3 | 702.71428571428578 | 234.23809523809527 | 14 | NULL
39 | 'name 3' | 3 | 361.0 | 120.33333333333333 | 50 | 'tag 5'
42 | 'name 10' | 2 | 361.0 | 180.5 | 93 | 'tag 2'
45 | 'name 6' | 2 | 278.71428571428572 | 139.35714285714286 | 28 | 'tag 3'
48 | 'name 2' | 2 | -1418.1428571428571 | -709.07142857142856 | 64 | NULL
51 | 'name 9' | 1 | 771.85714285714289 | 771.85714285714289 | 100 | 'tag 3'
54 | 'name 5' | 1 | 1189.2857142857142 | 1189.2857142857142 | 42 | 'tag 0'
57 | 'name 1' | 2 | -904.0 | -452.0 | 71 | 'tag 5'
> SELECT n, count(*) FROM (SELECT count(p.id) AS n FROM author a LEFT JOIN post p ON p.author = a.id GROUP BY a.id) GROUP BY n
1 | 19
2 | 161
3 | 120
> SELECT a.id, count(p.id) FROM author a LEFT JOIN post p ON p.author = a.id AND p.score % 2 = 0 GROUP BY a.id ORDER BY 2 DESC, 1 LIMIT 8
3 | 2
9 | 2
18 | 2
21 | 2
24 | 2
36 | 2
39 | 2
96 | 2
> UPDATE post SET author = 3000000000 WHERE id % 50 = 0
changes 50
> UPDATE post SET author = 'none' WHERE id % 60 = 0
changes 41
> UPDATE post SET score = 9223372036854775807 WHERE id IN (3, 1003, 2003)
changes 3
> SELECT a.id, sum(p.score) FROM author a LEFT JOIN post p ON p.author = a.id GROUP BY a.id HAVING a.id > 870
873 | 77
876 | 149
879 | 19
882 | 91
885 | 163
888 | 13
891 | 56
894 | 276
897 | 81
900 | NULL
> SELECT a.id, sum(p.score) FROM author a LEFT JOIN post p ON p.author = a.id GROUP BY a.id HAVING sum(p.score) > 1000
> SELECT count(n) FROM (SELECT count(p.author) AS n FROM author a LEFT JOIN post p ON p.author = a.id GROUP BY a.id)
300
> SELECT a.id, count(b.id), max(b.name) FROM author a LEFT JOIN author b ON b.id = a.id + 3 GROUP BY a.id HAVING a.id > 880
882 | 1 | 'name 8'
885 | 1 | 'name 4'
888 | 1 | 'name 0'
891 | 1 | 'name 7'
894 | 1 | 'name 3'
897 | 1 | 'name 10'
900 | 0 | NULL
> SELECT a.id, count(p.id) FROM author a LEFT JOIN post p ON p.id = a.id GROUP BY a.id HAVING count(p.id) = 1 AND a.id > 870
873 | 1
876 | 1
879 | 1
882 | 1
885 | 1
888 | 1
891 | 1
894 | 1
897 | 1
900 | 1
> DELETE FROM author
changes 300
> SELECT a.id, count(p.id) FROM author a LEFT JOIN post p ON p.author = a.id GROUP BY a.id
> SELECT tag, author % 3, count(*) FROM post GROUP BY tag, author % 3 ORDER BY count(*) DESC, tag, author % 3
NULL | 0 | 234
NULL | 1 | 180
NULL | 2 | 178
'tag 1' | 0 | 133
'tag 3' | 1 | 133
'tag 1' | 1 | 131
'tag 5' | 2 | 131
'tag 3' | 2 | 130
'tag 5' | 0 | 130
'tag 5' | 1 | 130
'tag 1' | 2 | 129
'tag 3' | 0 | 129
'tag 2' | 0 | 74
'tag 0' | 0 | 70
'tag 4' | 0 | 69
'tag 0' | 2 | 65
'tag 4' | 1 | 65
'tag 2' | 1 | 62
'tag 4' | 2 | 62
'tag 0' | 1 | 61
'tag 2' | 2 | 61
NULL | NULL | 33
'tag 3' | NULL | 25
'tag 5' | NULL | 25
'tag 1' | NULL | 24
'tag 0' | NULL | 12
'tag 2' | NULL | 12
'tag 4' | NULL | 12
> SELECT tag COLLATE NOCASE, count(*), count(DISTINCT score) FROM post GROUP BY tag COLLATE NOCASE ORDER BY 3, tag COLLATE NOCASE DESC
'tag 4' | 208 | 101
'tag 2' | 209 | 101
'tag 0' | 208 | 101
NULL | 625 | 101
'tag 5' | 416 | 102
'tag 3' | 417 | 102
'tag 1' | 417 | 102
> SELECT upper(tag) AS u, count(*) FROM post GROUP BY tag ORDER BY u DESC, 2
'TAG 5' | 416
'TAG 4' | 208
'TAG 3' | 417
'TAG 2' | 209
'TAG 1' | 417
'TAG 0' | 208
NULL | 625
> SELECT score % 10 AS d, tag, sum(size) FROM post WHERE score < 200 GROUP BY d, tag HAVING count(*) > 40 ORDER BY tag DESC NULLS LAST, d DESC
8 | 'tag 5' | -28787.428571428573
7 | 'tag 5' | -29827.285714285714
6 | 'tag 5' | -30087.857142857141
5 | 'tag 5' | -28712.142857142859
4 | 'tag 5' | -29569.0
3 | 'tag 5' | -29184.142857142859
2 | 'tag 5' | -30041.0
1 | 'tag 5' | -28995.571428571428
0 | 'tag 5' | -32863.285714285717
9 | 'tag 3' | 30773.142857142859
8 | 'tag 3' | 29745.571428571428
7 | 'tag 3' | 28233.285714285714
6 | 'tag 3' | 29273.142857142859
5 | 'tag 3' | 30130.0
4 | 'tag 3' | 28320.428571428573
3 | 'tag 3' | 29177.285714285714
2 | 'tag 3' | 30955.428571428573
1 | 'tag 3' | 28062.142857142859
0 | 'tag 3' | 31449.857142857141
9 | 'tag 1' | 0.0
8 | 'tag 1' | 0.0
7 | 'tag 1' | 0.0
5 | 'tag 1' | 0.0
4 | 'tag 1' | 0.0
3 | 'tag 1' | 0.0
2 | 'tag 1' | 0.0
1 | 'tag 1' | 0.0
0 | 'tag 1' | 0.0
9 | NULL | 1436.8571428571424
8 | NULL | -248.42857142857127
7 | NULL | -1345.5714285714287
6 | NULL | 76.42857142857126
5 | NULL | -62.714285714285531
4 | NULL | -1229.5714285714284
3 | NULL | -184.14285714285734
2 | NULL | 197.85714285714298
1 | NULL | 1382.4285714285716
0 | NULL | 37.857142857143053
