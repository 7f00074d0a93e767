# Joins by rowids and indexes run in batches: rows and their order are those of look-ups one by one.
> CREATE TABLE users(id INTEGER PRIMARY KEY, email TEXT UNIQUE, name TEXT, score REAL)
> CREATE TABLE posts(id INTEGER PRIMARY KEY, author INTEGER, title TEXT COLLATE NOCASE, published INTEGER, created TEXT)
> CREATE INDEX posts_author ON posts(author, created)
> CREATE INDEX posts_title ON posts(title DESC, published)
> CREATE TABLE tags(id INTEGER PRIMARY KEY, name TEXT)
> CREATE TABLE post_tags(post INTEGER, tag INTEGER, weight, note TEXT, PRIMARY KEY(post, tag)) WITHOUT ROWID
> CREATE INDEX post_tags_tag ON post_tags(tag)
> CREATE TABLE words(w TEXT COLLATE NOCASE, n, x INTEGER, PRIMARY KEY(w, n DESC)) WITHOUT ROWID
> CREATE INDEX words_x ON words(x)
> WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 90) INSERT INTO users SELECT x, 'u' || (x * 37 % 91), 'name ' || (x % 17), x % 9 FROM n
changes 90
> WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 400) INSERT INTO posts SELECT x, nullif(x * 7 % 83, 11), CASE x % 3 WHEN 0 THEN 'Title ' ELSE 'title ' END || (x % 23), x % 2, CASE WHEN x % 19 = 0 THEN NULL ELSE '2024-0' || (1 + x % 9) END FROM n
changes 400
> WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 20) INSERT INTO tags SELECT x, 'Tag' || x FROM n
changes 20
> WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 900) INSERT OR IGNORE INTO post_tags SELECT 1 + x * 13 % 450, 1 + x % 22, CASE x % 4 WHEN 0 THEN x * 1.0 WHEN 1 THEN x WHEN 2 THEN 'w' END, 'n' || x FROM n
changes 900
> WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 200) INSERT OR IGNORE INTO words SELECT CASE x % 2 WHEN 0 THEN 'Word' ELSE 'word' END || (x % 40), CASE x % 3 WHEN 0 THEN x * 1.0 ELSE x END, x % 31 FROM n
changes 200
> SELECT t.name, count(*), sum(weight), max(note) FROM post_tags pt JOIN tags t ON t.id = pt.tag GROUP BY t.id ORDER BY count(*) DESC, t.id LIMIT 4
'Tag2' | 41 | 9261 | 'n89'
'Tag3' | 41 | 8840.0 | 'n90'
'Tag4' | 41 | 8860 | 'n91'
'Tag5' | 41 | 9324.0 | 'n92'
> SELECT t.name, count(*) c FROM post_tags pt JOIN tags t ON t.id = pt.tag GROUP BY t.id HAVING c > 42
> SELECT tag, count(*), sum(post) FROM post_tags GROUP BY tag ORDER BY 2 DESC, 1 LIMIT 3
2 | 41 | 8744
3 | 41 | 9277
4 | 41 | 9810
> SELECT weight, count(*), min(post), typeof(max(weight)) FROM post_tags WHERE tag < 3 GROUP BY weight ORDER BY weight LIMIT 4
NULL | 20 | 2 | 'null'
1 | 1 | 14 | 'integer'
44.0 | 1 | 123 | 'real'
45 | 1 | 136 | 'integer'
> SELECT u.id FROM users u LEFT JOIN posts p ON p.author = u.id WHERE p.id IS NULL
84
89
87
11
85
90
83
88
86
> SELECT u.id, u.name, count(p.id) n FROM users u LEFT JOIN posts p ON p.author = u.id GROUP BY u.id ORDER BY n, u.id LIMIT 9
11 | 'name 11' | 0
83 | 'name 15' | 0
84 | 'name 16' | 0
85 | 'name 0' | 0
86 | 'name 1' | 0
87 | 'name 2' | 0
88 | 'name 3' | 0
89 | 'name 4' | 0
90 | 'name 5' | 0
> SELECT u.id, u.name, group_concat(p.id), min(p.title) FROM users u LEFT JOIN posts p ON p.author = u.id WHERE u.id < 14 GROUP BY u.id
1 | 'name 1' | '95,261,344,12,178' | 'Title 12'
2 | 'name 2' | '190,273,356,24,107' | 'Title 1'
3 | 'name 3' | '285,36,119,202,368' | 'title 0'
4 | 'name 4' | '380,297,48,131,214' | 'title 12'
5 | 'name 5' | '226,309,392,60,143' | 'title 1'
6 | 'name 6' | '72,155,238,321' | 'title 17'
7 | 'name 7' | '333,1,84,167,250' | 'title 1'
8 | 'name 8' | '262,345,13,96,179' | 'Title 0'
9 | 'name 9' | '108,191,274,357,25' | 'Title 12'
10 | 'name 10' | '369,37,120,203,286' | 'Title 1'
11 | 'name 11' | NULL | NULL
12 | 'name 12' | '144,227,310,393,61' | 'title 11'
13 | 'name 13' | '73,156,239,322' | 'title 0'
> SELECT u.id, group_concat(p.created) FROM users u JOIN posts p ON p.author = u.id WHERE u.id < 5 GROUP BY u.id
1 | '2024-01,2024-03,2024-04,2024-08'
2 | '2024-04,2024-06,2024-07,2024-09'
3 | '2024-01,2024-03,2024-05,2024-09'
4 | '2024-01,2024-04,2024-06,2024-08'
> SELECT u.id, p.id, p.created FROM users u JOIN posts p ON p.author = u.id WHERE u.id IN (3, 4) OR u.id = 70
3 | 285 | NULL
3 | 36 | '2024-01'
3 | 119 | '2024-03'
3 | 202 | '2024-05'
3 | 368 | '2024-09'
4 | 380 | NULL
4 | 297 | '2024-01'
4 | 48 | '2024-04'
4 | 131 | '2024-06'
4 | 214 | '2024-08'
70 | 342 | NULL
70 | 10 | '2024-02'
70 | 93 | '2024-04'
70 | 176 | '2024-06'
70 | 259 | '2024-08'
> SELECT u.id, p.id, p.created FROM users u LEFT JOIN posts p ON p.author = u.id AND p.published = 1 WHERE u.id BETWEEN 9 AND 12
9 | 191 | '2024-03'
9 | 357 | '2024-07'
9 | 25 | '2024-08'
10 | 369 | '2024-01'
10 | 37 | '2024-02'
10 | 203 | '2024-06'
11 | NULL | NULL
12 | 227 | '2024-03'
12 | 393 | '2024-07'
12 | 61 | '2024-08'
> SELECT u.name, p.title FROM users u LEFT JOIN posts p ON p.author = u.id ORDER BY p.created DESC, u.email LIMIT 5
'name 11' | 'title 12'
'name 8' | 'title 19'
'name 6' | 'title 16'
'name 11' | 'title 11'
'name 3' | 'title 0'
> SELECT author, min(created), id, title FROM posts GROUP BY author LIMIT 4
NULL | '2024-02' | 298 | 'title 22'
0 | '2024-03' | 83 | 'title 14'
1 | '2024-01' | 261 | 'Title 8'
2 | '2024-04' | 273 | 'Title 20'
> SELECT author, max(created), id FROM posts GROUP BY author LIMIT 4
NULL | '2024-09' | 215
0 | '2024-09' | 332
1 | '2024-08' | 178
2 | '2024-09' | 107
> SELECT u.name, count(DISTINCT pt.tag) FROM users u JOIN posts p ON p.author = u.id JOIN post_tags pt ON pt.post = p.id GROUP BY u.name ORDER BY 2 DESC, 1 LIMIT 5
'name 14' | 18
'name 3' | 18
'name 6' | 18
'name 9' | 17
'name 1' | 16
> SELECT p.id, pt.tag, pt.weight, pt.note FROM posts p JOIN post_tags pt ON pt.post = p.id WHERE p.id > 392
393 | 3 | 'w' | 'n134'
393 | 13 | 584.0 | 'n584'
394 | 4 | 861 | 'n861'
394 | 16 | NULL | 'n411'
395 | 7 | 688.0 | 'n688'
395 | 19 | 'w' | 'n238'
396 | 10 | NULL | 'n515'
396 | 22 | 65 | 'n65'
397 | 1 | 792.0 | 'n792'
397 | 13 | 'w' | 'n342'
398 | 4 | NULL | 'n619'
398 | 16 | 169 | 'n169'
399 | 7 | 'w' | 'n446'
399 | 17 | 896.0 | 'n896'
400 | 10 | 273 | 'n273'
400 | 20 | NULL | 'n723'
> SELECT a.w, a.n, b.n, typeof(b.n) FROM words a JOIN words b ON b.w = a.w WHERE a.x = 3 ORDER BY a.n LIMIT 6
'word3' | 3.0 | 163 | 'integer'
'word3' | 3.0 | 123.0 | 'real'
'word3' | 3.0 | 83 | 'integer'
'word3' | 3.0 | 43 | 'integer'
'word3' | 3.0 | 3.0 | 'real'
'Word34' | 34 | 194 | 'integer'
> SELECT a.n, b.w, b.n FROM words a LEFT JOIN words b ON b.x = a.x AND b.n > 150 WHERE a.w = 'word7'
167 | 'Word38' | 198.0
167 | 'word7' | 167
127 | 'word29' | 189.0
127 | 'Word38' | 158
87.0 | 'Word20' | 180.0
47 | 'word11' | 171.0
7 | 'Word2' | 162.0
7 | 'word33' | 193
> SELECT count(*), sum(n), group_concat(w, ' ') FROM words WHERE x = 5
7 | 686.0 | 'Word0 Word18 word27 word31 Word36 word5 word9'
> SELECT x, count(*), min(w), max(n) FROM words GROUP BY x ORDER BY x LIMIT 3
0 | 6 | 'word13' | 186.0
1 | 7 | 'word1' | 187
2 | 7 | 'word15' | 188
> SELECT id, created FROM posts WHERE created < '2024-03' OR (created = '2024-03' AND id < 50) ORDER BY created DESC, id DESC LIMIT 5
47 | '2024-03'
29 | '2024-03'
20 | '2024-03'
11 | '2024-03'
2 | '2024-03'
> SELECT author, created FROM posts WHERE created > '2024-08' ORDER BY created DESC LIMIT 4
NULL | '2024-09'
0 | '2024-09'
2 | '2024-09'
3 | '2024-09'
# Subqueries about each row.
> SELECT id, (SELECT count(*) FROM posts WHERE author = u.id) n FROM users u WHERE id < 12 OR id > 82
1 | 5
2 | 5
3 | 5
4 | 5
5 | 5
6 | 4
7 | 5
8 | 5
9 | 5
10 | 5
11 | 0
83 | 0
84 | 0
85 | 0
86 | 0
87 | 0
88 | 0
89 | 0
90 | 0
> SELECT id, (SELECT max(created) FROM posts p WHERE p.author = u.id), EXISTS (SELECT 1 FROM posts WHERE author = u.id AND published = 0 AND created > '2024-05') FROM users u WHERE id > 70
71 | '2024-09' | 1
72 | '2024-08' | 1
73 | '2024-08' | 1
74 | '2024-09' | 1
75 | '2024-08' | 1
76 | '2024-08' | 1
77 | '2024-09' | 1
78 | '2024-08' | 1
79 | '2024-09' | 1
80 | '2024-09' | 1
81 | '2024-08' | 1
82 | '2024-09' | 1
83 | NULL | 0
84 | NULL | 0
85 | NULL | 0
86 | NULL | 0
87 | NULL | 0
88 | NULL | 0
89 | NULL | 0
90 | NULL | 0
> SELECT id, (SELECT sum(published) FROM posts WHERE author = u.id) s, (SELECT title FROM posts WHERE author = u.id ORDER BY id LIMIT 1) FROM users u WHERE id BETWEEN 10 AND 13 ORDER BY s DESC, id
10 | 3 | 'title 14'
12 | 3 | 'title 15'
13 | 2 | 'title 4'
11 | NULL | NULL
> SELECT id FROM users u WHERE NOT EXISTS (SELECT 1 FROM posts WHERE author = u.id)
84
89
87
11
85
90
83
88
86
> SELECT email FROM users u WHERE (SELECT count(*) FROM posts WHERE author = u.id) > 4 AND name > 'name 5'
'u77'
'u23'
'u60'
'u32'
'u69'
'u15'
'u52'
'u24'
'u7'
'u44'
'u16'
'u53'
'u90'
'u36'
'u8'
'u28'
> SELECT * FROM (SELECT u.*, (SELECT max(created) FROM posts WHERE author = u.id) last FROM users u) WHERE last > '2024-08' ORDER BY last, id LIMIT 6
2 | 'u74' | 'name 2' | 2.0 | '2024-09'
3 | 'u20' | 'name 3' | 3.0 | '2024-09'
5 | 'u3' | 'name 5' | 5.0 | '2024-09'
8 | 'u23' | 'name 8' | 8.0 | '2024-09'
14 | 'u63' | 'name 14' | 5.0 | '2024-09'
16 | 'u46' | 'name 16' | 7.0 | '2024-09'
> SELECT *, last IS NULL FROM (SELECT id, score + 1 AS more, (SELECT min(created) FROM posts WHERE author = u.id AND published) last FROM users u) WHERE last IS NULL ORDER BY more DESC, id
89 | 9.0 | NULL | 1
88 | 8.0 | NULL | 1
87 | 7.0 | NULL | 1
86 | 6.0 | NULL | 1
85 | 5.0 | NULL | 1
84 | 4.0 | NULL | 1
11 | 3.0 | NULL | 1
83 | 3.0 | NULL | 1
90 | 1.0 | NULL | 1
> SELECT u.id, (SELECT group_concat(p.id) FROM posts p WHERE p.author = u.id), (SELECT count(*) FROM posts p WHERE p.author = u.id AND p.id > u.id) FROM users u WHERE u.id IN (4, 5)
4 | '380,297,48,131,214' | 5
5 | '226,309,392,60,143' | 5
# What is not plain rows of one leaf.
> BEGIN
> UPDATE posts SET author = author + 1 WHERE id % 50 = 0
changes 8
> INSERT INTO posts VALUES (1000, 11, NULL, 1, 'z'), (1001, '12', x'01', 0, 3.5)
changes 2
> INSERT INTO post_tags VALUES (1000, 9223372036854775807, 1e300, zeroblob(5)), ('a', 2, NULL, NULL), (2.5, 3, '', hex(zeroblob(9000)))
changes 3
> SELECT u.id, count(p.id), max(p.created) FROM users u LEFT JOIN posts p ON p.author = u.id WHERE u.id BETWEEN 8 AND 13 GROUP BY u.id
8 | 6 | '2024-09'
9 | 5 | '2024-08'
10 | 5 | '2024-08'
11 | 1 | 'z'
12 | 6 | '3.5'
13 | 4 | '2024-08'
> SELECT post, tag, weight, length(note) FROM post_tags WHERE tag NOT BETWEEN 4 AND 22 ORDER BY tag DESC, post DESC LIMIT 4
1000 | 9223372036854775807 | 1.0e+300 | 5
435 | 3 | 68.0 | 3
431 | 3 | 'w' | 4
427 | 3 | 552.0 | 4
> SELECT t.id, sum(length(pt.note)), typeof(max(pt.post)) FROM tags t JOIN post_tags pt ON pt.tag = t.id WHERE t.id < 5 GROUP BY t.id
1 | 156 | 'integer'
2 | 158 | 'text'
3 | 18158 | 'integer'
4 | 158 | 'integer'
> SELECT p.id, pt.tag FROM post_tags pt LEFT JOIN posts p ON p.id = pt.post WHERE pt.tag > 22 OR pt.post > 448
1000 | 9223372036854775807
NULL | 5
NULL | 17
NULL | 8
NULL | 20
NULL | 2
> ROLLBACK
