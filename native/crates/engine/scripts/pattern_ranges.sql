> CREATE TABLE t (id INTEGER PRIMARY KEY, b TEXT, n TEXT COLLATE NOCASE, x, i INTEGER)
> CREATE INDEX tb ON t (b)
> CREATE INDEX tn ON t (n DESC)
> CREATE INDEX tx ON t (x)
> CREATE INDEX ti ON t (i)
> INSERT INTO t (b, n, x, i) VALUES ('abc', 'abc', 'abc', 1), ('ABD', 'ABD', 'ABD', 12), ('abz', 'abz', 'abz', 123), ('ab', 'ab', 'ab', 2), ('ac', 'ac', 12, 3), ('aB', 'aB', '12x', 4), (NULL, NULL, NULL, NULL), (x'6162', x'616263', x'6162', 5), ('a%b', 'a%b', 'a%b', 6), ('a_c', 'a_c', -5, 7), ('été', 'été', 'été', 8), ('étf', 'étf', 'étf', 9), ('Ab', 'Ab', 'Ab', 10), ('', '', '', 11), ('@b', '@b', '@b', 12), ('aZ', 'a[', 'a`', 13)
changes 16
> SELECT id, b FROM t WHERE b GLOB 'ab*'
4 | 'ab'
1 | 'abc'
3 | 'abz'
> SELECT id, b FROM t WHERE b LIKE 'ab%'
2 | 'ABD'
13 | 'Ab'
6 | 'aB'
4 | 'ab'
1 | 'abc'
3 | 'abz'
> SELECT id, n FROM t WHERE n LIKE 'ab%'
3 | 'abz'
2 | 'ABD'
1 | 'abc'
4 | 'ab'
6 | 'aB'
13 | 'Ab'
> SELECT id, n FROM t WHERE n LIKE 'AB%c'
1 | 'abc'
> SELECT id, n FROM t WHERE n LIKE 'ab_'
3 | 'abz'
2 | 'ABD'
1 | 'abc'
> SELECT id, n FROM t WHERE n LIKE 'ab'
4 | 'ab'
6 | 'aB'
13 | 'Ab'
> SELECT id, n FROM t WHERE n LIKE '%ab'
4 | 'ab'
6 | 'aB'
13 | 'Ab'
> SELECT id, n FROM t WHERE n LIKE ''
14 | ''
> SELECT id, n FROM t WHERE n LIKE NULL
> SELECT id, n FROM t WHERE n LIKE 'a@%b' ESCAPE '@'
9 | 'a%b'
> SELECT id, n FROM t WHERE n LIKE 'a@%%' ESCAPE '@'
9 | 'a%b'
> SELECT id, n FROM t WHERE n LIKE 'a@_c' ESCAPE '@'
10 | 'a_c'
> SELECT id, n FROM t WHERE n LIKE 'ab@' ESCAPE '@'
> SELECT id, n FROM t WHERE n LIKE '@' ESCAPE '@'
> SELECT id, n FROM t WHERE n LIKE '@%'
15 | '@b'
> SELECT id, n FROM t WHERE n LIKE 'az%' OR n LIKE 'a[%' ORDER BY id
16 | 'a['
> SELECT id, n FROM t WHERE n LIKE 'ét%'
11 | 'été'
12 | 'étf'
> SELECT id, b FROM t WHERE b GLOB 'ét*'
12 | 'étf'
11 | 'été'
> SELECT id, b FROM t WHERE b GLOB 'ab[c-z]'
1 | 'abc'
3 | 'abz'
> SELECT id, b FROM t WHERE b GLOB 'a?c'
10 | 'a_c'
1 | 'abc'
> SELECT id, x FROM t WHERE x GLOB 'ab*'
4 | 'ab'
1 | 'abc'
3 | 'abz'
> SELECT id, x FROM t WHERE x GLOB '12*'
5 | 12
6 | '12x'
> SELECT id, x FROM t WHERE x GLOB '-*'
10 | -5
> SELECT id, i FROM t WHERE i GLOB '12*'
2 | 12
15 | 12
3 | 123
> SELECT id, b FROM t WHERE b GLOB 'a*' ORDER BY b DESC
5 | 'ac'
3 | 'abz'
1 | 'abc'
4 | 'ab'
10 | 'a_c'
16 | 'aZ'
6 | 'aB'
9 | 'a%b'
> SELECT id, n FROM t WHERE n LIKE 'a%' ORDER BY n, id
9 | 'a%b'
16 | 'a['
10 | 'a_c'
4 | 'ab'
6 | 'aB'
13 | 'Ab'
1 | 'abc'
2 | 'ABD'
3 | 'abz'
5 | 'ac'
> SELECT id, b FROM t WHERE b GLOB 'a*' AND b > 'ab' AND b < 'ac'
1 | 'abc'
3 | 'abz'
> SELECT id, b FROM t WHERE NOT b GLOB 'a*' ORDER BY id
2 | 'ABD'
8 | x'6162'
11 | 'été'
12 | 'étf'
13 | 'Ab'
14 | ''
15 | '@b'
> SELECT id, b FROM t WHERE b GLOB 'ab*' OR b GLOB 'é*' ORDER BY id
1 | 'abc'
3 | 'abz'
4 | 'ab'
11 | 'été'
12 | 'étf'
> SELECT id, b FROM t WHERE b COLLATE NOCASE LIKE 'ab%' ORDER BY id
1 | 'abc'
2 | 'ABD'
3 | 'abz'
4 | 'ab'
6 | 'aB'
13 | 'Ab'
> SELECT id, b FROM t WHERE b GLOB 'ab*' COLLATE NOCASE
4 | 'ab'
1 | 'abc'
3 | 'abz'
> PRAGMA case_sensitive_like = 1
> SELECT id, b FROM t WHERE b LIKE 'ab%'
4 | 'ab'
1 | 'abc'
3 | 'abz'
> SELECT id, n FROM t WHERE n LIKE 'ab%' ORDER BY id
1 | 'abc'
3 | 'abz'
4 | 'ab'
> PRAGMA case_sensitive_like = 0
> UPDATE t SET i = i + 100 WHERE b GLOB 'ab*'
changes 3
> DELETE FROM t WHERE n LIKE 'ab%'
changes 6
> SELECT id, i FROM t ORDER BY id
5 | 3
7 | NULL
8 | 5
9 | 6
10 | 7
11 | 8
12 | 9
14 | 11
15 | 12
16 | 13
> CREATE TABLE k (key TEXT PRIMARY KEY, v) WITHOUT ROWID
> INSERT INTO k VALUES ('a:1', 1), ('b:1', 2), ('a:2', 3), ('a;', 4)
changes 4
> SELECT * FROM k WHERE key GLOB 'a:*'
'a:1' | 1
'a:2' | 3
> CREATE INDEX tl ON t (lower(b))
> SELECT id, b FROM t WHERE lower(b) GLOB 'a*'
9 | 'a%b'
10 | 'a_c'
8 | x'6162'
5 | 'ac'
16 | 'aZ'
> CREATE INDEX tnn ON t (b COLLATE NOCASE, i)
> SELECT id, b FROM t WHERE b LIKE 'a%' AND i > 3
9 | 'a%b'
10 | 'a_c'
16 | 'aZ'
> CREATE VIEW v AS SELECT id, b, i FROM t
> SELECT * FROM v WHERE b LIKE 'a%'
9 | 'a%b' | 6
10 | 'a_c' | 7
5 | 'ac' | 3
16 | 'aZ' | 13
> SELECT count(*) FROM t a JOIN t c ON c.b LIKE 'a%' AND a.id = c.id
4
> CREATE TABLE o (id INTEGER PRIMARY KEY, s TEXT, f TEXT COLLATE NOCASE)
> CREATE INDEX os ON o (s)
> CREATE INDEX of ON o (f)
> INSERT INTO o (s, f) VALUES ('a', 'a'), ('ab', 'AB'), ('abc', 'aBc'), ('ac', 'AC'), (x'6162', x'6162'), ('a@', 'a@'), ('a@x', 'a@X'), ('aA', 'aA'), ('a[', 'a['), ('a`', 'a`'), ('ab' || char(0) || 'c', 'Ab' || char(0)), (NULL, NULL), (12, 12)
changes 13
> SELECT id FROM o WHERE s GLOB 'ab*'
2
11
3
> SELECT id FROM o WHERE f LIKE 'ab%'
2
11
3
> SELECT id FROM o WHERE f LIKE 'a@%'
6
7
> SELECT id FROM o WHERE s GLOB 'a@*'
6
7
> SELECT id FROM o WHERE s GLOB 'ab*' OR s GLOB 'a[[]*' ORDER BY id
2
3
9
11
> SELECT id FROM o WHERE s GLOB 'ab*' AND f LIKE 'a%c'
3
> SELECT a.id, b.id FROM o a LEFT JOIN o b ON b.s GLOB 'ab*' AND b.id > a.id WHERE a.id < 4
1 | 2
1 | 11
1 | 3
2 | 11
2 | 3
3 | 11
> SELECT count(*) FROM o WHERE s GLOB '12*'
1
> SELECT id, s GLOB 'ab*' FROM o WHERE s GLOB 'a*' ORDER BY s DESC
4 | 0
3 | 1
11 | 1
2 | 1
10 | 0
9 | 0
8 | 0
7 | 0
6 | 0
1 | 0
