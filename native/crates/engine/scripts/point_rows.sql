# One row by its rowid or by all columns of a unique index: keys of every class, rows older than their columns, entries that came and went.
> CREATE TABLE t(id INTEGER PRIMARY KEY, mail TEXT NOT NULL UNIQUE, n INTEGER UNIQUE, r REAL, body)
> INSERT INTO t WITH s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s LIMIT 3000) SELECT i, 'user' || i || '@example.com', i * 7 % 3001, i / 4.0, NULL FROM s
changes 3000
> ALTER TABLE t ADD COLUMN late TEXT DEFAULT 'added'
> ALTER TABLE t ADD COLUMN later
> UPDATE t SET body = hex(zeroblob(9000)), later = 5 WHERE id = 20
changes 1
> SELECT id, mail, n, r, length(body), late, later FROM t WHERE id = 17
17 | 'user17@example.com' | 119 | 4.25 | NULL | 'added' | NULL
> SELECT mail, rowid, late, later, n, r FROM t WHERE id = 17
'user17@example.com' | 17 | 'added' | NULL | 119 | 4.25
> SELECT id, mail, n, r, length(body), late, later FROM t WHERE id = '17'
17 | 'user17@example.com' | 119 | 4.25 | NULL | 'added' | NULL
> SELECT mail, rowid, late, later, n, r FROM t WHERE id = '17'
'user17@example.com' | 17 | 'added' | NULL | 119 | 4.25
> SELECT id, mail, n, r, length(body), late, later FROM t WHERE id = 17.0
17 | 'user17@example.com' | 119 | 4.25 | NULL | 'added' | NULL
> SELECT mail, rowid, late, later, n, r FROM t WHERE id = 17.0
'user17@example.com' | 17 | 'added' | NULL | 119 | 4.25
> SELECT id, mail, n, r, length(body), late, later FROM t WHERE id = 17.5
> SELECT mail, rowid, late, later, n, r FROM t WHERE id = 17.5
> SELECT id, mail, n, r, length(body), late, later FROM t WHERE id = NULL
> SELECT mail, rowid, late, later, n, r FROM t WHERE id = NULL
> SELECT id, mail, n, r, length(body), late, later FROM t WHERE id = 'x'
> SELECT mail, rowid, late, later, n, r FROM t WHERE id = 'x'
> SELECT id, mail, n, r, length(body), late, later FROM t WHERE id = 3001
> SELECT mail, rowid, late, later, n, r FROM t WHERE id = 3001
> SELECT id, mail, n, r, length(body), late, later FROM t WHERE id = -9223372036854775808
> SELECT mail, rowid, late, later, n, r FROM t WHERE id = -9223372036854775808
> SELECT id, mail, n, r, length(body), late, later FROM t WHERE rowid = 9223372036854775807
> SELECT mail, rowid, late, later, n, r FROM t WHERE rowid = 9223372036854775807
> SELECT id, mail, n, r, length(body), late, later FROM t WHERE _rowid_ = 3000.0
3000 | 'user3000@example.com' | 2994 | 750.0 | NULL | 'added' | NULL
> SELECT mail, rowid, late, later, n, r FROM t WHERE _rowid_ = 3000.0
'user3000@example.com' | 3000 | 'added' | NULL | 2994 | 750.0
> SELECT id, mail, n, r, length(body), late, later FROM t WHERE id = 20
20 | 'user20@example.com' | 140 | 5.0 | 18000 | 'added' | 5
> SELECT mail, rowid, late, later, n, r FROM t WHERE id = 20
'user20@example.com' | 20 | 'added' | 5 | 140 | 5.0
> SELECT id, mail, n, r, late, later FROM t WHERE mail = 'user1@example.com'
1 | 'user1@example.com' | 7 | 0.25 | 'added' | NULL
> SELECT id, mail, n, r, late, later FROM t WHERE mail = 'user3000@example.com'
3000 | 'user3000@example.com' | 2994 | 750.0 | 'added' | NULL
> SELECT id, mail, n, r, late, later FROM t WHERE mail = 'user'
> SELECT id, mail, n, r, late, later FROM t WHERE mail = 'zzz'
> SELECT id, mail, n, r, late, later FROM t WHERE mail = ''
> SELECT id, mail, n, r, late, later FROM t WHERE mail = NULL
> SELECT id, mail, n, r, late, later FROM t WHERE mail = 5
> SELECT id, mail, n, r, late, later FROM t WHERE mail = x'75'
> SELECT id, mail, n, r, late, later FROM t WHERE n = 7
1 | 'user1@example.com' | 7 | 0.25 | 'added' | NULL
> SELECT id, mail, n, r, late, later FROM t WHERE n = '7'
1 | 'user1@example.com' | 7 | 0.25 | 'added' | NULL
> SELECT id, mail, n, r, late, later FROM t WHERE n = 7.0
1 | 'user1@example.com' | 7 | 0.25 | 'added' | NULL
> SELECT id, mail, n, r, late, later FROM t WHERE n = 7.5
> SELECT id, mail, n, r, late, later FROM t WHERE n = NULL
> SELECT id, mail, n, r, late, later FROM t WHERE n = 'x'
> SELECT id, mail, n, r, late, later FROM t WHERE n = 0
> SELECT id, mail, n, r, late, later FROM t WHERE n = 3000
1286 | 'user1286@example.com' | 3000 | 321.5 | 'added' | NULL
> SELECT id, mail, n, r, late, later FROM t WHERE n = -1
> SELECT id, mail, n, r, late, later FROM t WHERE n = 9999
> SELECT substr(body, 1, 4), late FROM t WHERE id = 20
'0000' | 'added'
> SELECT later, late, mail FROM t WHERE mail = 'user20@example.com'
5 | 'added' | 'user20@example.com'
> SELECT body FROM t WHERE mail = 'user21@example.com'
NULL
> DELETE FROM t WHERE id % 3 = 0
changes 1000
> SELECT id, mail, n FROM t WHERE mail = 'user300@example.com'
> INSERT INTO t(id, mail, n) SELECT id + 100000, 'user' || (id + 2) || '@example.com', -id FROM t WHERE id % 3 = 1 AND id < 2999
changes 1000
> SELECT id, mail, n, late FROM t WHERE mail = 'user3@example.com'
100001 | 'user3@example.com' | -1 | 'added'
> SELECT id, mail, n, late FROM t WHERE mail = 'user300@example.com'
100298 | 'user300@example.com' | -298 | 'added'
> SELECT id, mail, n, late FROM t WHERE mail = 'user999@example.com'
100997 | 'user999@example.com' | -997 | 'added'
> SELECT id, mail, n, late FROM t WHERE mail = 'user1500@example.com'
101498 | 'user1500@example.com' | -1498 | 'added'
> SELECT id, mail, n, late FROM t WHERE mail = 'user2997@example.com'
102995 | 'user2997@example.com' | -2995 | 'added'
> SELECT id, mail, n, late FROM t WHERE mail = 'user3000@example.com'
102998 | 'user3000@example.com' | -2998 | 'added'
> CREATE TABLE k(a, b COLLATE NOCASE, c, d, UNIQUE (a, b), UNIQUE (c DESC))
> INSERT INTO k VALUES (1, 'x', 1, 'one'), (1, 'Y', 2.5, 'two'), ('1', 'x', 'c', 'three'), (NULL, 'x', NULL, 'four'), (NULL, 'x', x'00', 'five'), (1.5, '', NULL, 'six'), (x'', 'z', -3, 'seven')
changes 7
> SELECT d, b, c, rowid FROM k WHERE a = 1 AND b = 'X'
'one' | 'x' | 1 | 1
> SELECT d, b, c, rowid FROM k WHERE a = 1 AND b = 'y'
'two' | 'Y' | 2.5 | 2
> SELECT d, b, c, rowid FROM k WHERE a = '1' AND b = 'x'
'three' | 'x' | 'c' | 3
> SELECT d, b, c, rowid FROM k WHERE a = NULL AND b = 'x'
> SELECT d, b, c, rowid FROM k WHERE a IS NULL AND b = 'x'
'four' | 'x' | NULL | 4
'five' | 'x' | x'00' | 5
> SELECT d, b, c, rowid FROM k WHERE a = 1.0 AND b = 'x'
'one' | 'x' | 1 | 1
> SELECT d, b, c, rowid FROM k WHERE a = 1.5 AND b = ''
'six' | '' | NULL | 6
> SELECT d, b, c, rowid FROM k WHERE a = x'' AND b = 'Z'
'seven' | 'z' | -3 | 7
> SELECT d, b, c, rowid FROM k WHERE a = x'' AND b = NULL
> SELECT d, b, c, rowid FROM k WHERE c = 1
'one' | 'x' | 1 | 1
> SELECT d, b, c, rowid FROM k WHERE c = 2.5
'two' | 'Y' | 2.5 | 2
> SELECT d, b, c, rowid FROM k WHERE c = 'c'
'three' | 'x' | 'c' | 3
> SELECT d, b, c, rowid FROM k WHERE c = x'00'
'five' | 'x' | x'00' | 5
> SELECT d, b, c, rowid FROM k WHERE c = NULL
> SELECT d, b, c, rowid FROM k WHERE c IS NULL
'four' | 'x' | NULL | 4
'six' | '' | NULL | 6
> SELECT d, b, c, rowid FROM k WHERE c = -3
'seven' | 'z' | -3 | 7
> SELECT d, b, c, rowid FROM k WHERE c = -3.0
'seven' | 'z' | -3 | 7
> SELECT d, b, c, rowid FROM k WHERE a = 1 AND b = 'X' AND d = 'one'
'one' | 'x' | 1 | 1
> SELECT d, b, c, rowid FROM k WHERE a = 1 AND b = 'X' AND d = 'two'
> BEGIN
> UPDATE k SET d = 'changed', c = 100 WHERE a = 1 AND b = 'x'
changes 1
> SELECT d, c FROM k WHERE c = 100
'changed' | 100
> SELECT d, c FROM k WHERE c = 1
> SELECT d, a FROM k WHERE rowid = 1
'changed' | 1
> ROLLBACK
> SELECT d, c FROM k WHERE c = 1
'one' | 1
> SELECT d, c FROM k WHERE c = 100
> CREATE UNIQUE INDEX kp ON k(d) WHERE c > 0
> SELECT a, b FROM k WHERE d = 'two' AND c > 0
1 | 'Y'
> SELECT a, b FROM k WHERE d = 'two'
1 | 'Y'
> CREATE TABLE s(id INTEGER PRIMARY KEY, v)
> INSERT INTO s(v) VALUES ('a')
changes 1
> INSERT INTO s(v) VALUES ('b')
changes 1
> DELETE FROM s WHERE id = 2
changes 1
> INSERT INTO s(v) VALUES ('c')
changes 1
> INSERT INTO s VALUES (50, 'd')
changes 1
> INSERT INTO s(v) VALUES ('e')
changes 1
> BEGIN
> INSERT INTO s VALUES (900, 'f')
changes 1
> INSERT INTO s(v) VALUES ('g')
changes 1
> SAVEPOINT p
> INSERT INTO s VALUES (5000, 'h')
changes 1
> INSERT INTO s(v) VALUES ('i')
changes 1
> ROLLBACK TO p
> INSERT INTO s(v) VALUES ('j')
changes 1
> SELECT id, v FROM s
1 | 'a'
2 | 'c'
50 | 'd'
51 | 'e'
900 | 'f'
901 | 'g'
902 | 'j'
> ROLLBACK
> INSERT INTO s(v) VALUES ('k')
changes 1
> UPDATE s SET id = 700 WHERE v = 'a'
changes 1
> INSERT INTO s(v) VALUES ('l')
changes 1
> UPDATE s SET id = 2 WHERE id = 701
error SQLITE_CONSTRAINT_PRIMARYKEY: UNIQUE constraint failed: s.id
> INSERT INTO s(v) VALUES ('m')
changes 1
> INSERT OR REPLACE INTO s(id, v) VALUES (701, 'n')
changes 1
> INSERT INTO s(v) VALUES ('o')
changes 1
> DELETE FROM s WHERE id > 600
changes 4
> INSERT INTO s(v) VALUES ('p')
changes 1
> SELECT id, v FROM s
2 | 'c'
50 | 'd'
51 | 'e'
52 | 'k'
53 | 'p'
> DELETE FROM s
changes 5
> INSERT INTO s(v) VALUES ('q')
changes 1
> INSERT INTO s VALUES (-9223372036854775808, 'r')
changes 1
> DELETE FROM s WHERE id > 0
changes 1
> INSERT INTO s(v) VALUES ('t')
changes 1
> SELECT id, v FROM s
-9223372036854775808 | 'r'
-9223372036854775807 | 't'
> CREATE TABLE w(id INTEGER PRIMARY KEY, a, b, c)
> INSERT INTO w VALUES (1, 1, 'x', 2.5), (2, NULL, hex(zeroblob(40)), x'01'), (3, -70000, hex(zeroblob(200)), 9e99), (4, 5000000000, '', 3.0)
changes 4
> UPDATE w SET a = 0
changes 4
> UPDATE w SET b = 0
changes 4
> UPDATE w SET c = 0
changes 4
> UPDATE w SET a = id, c = b WHERE id = 3
changes 1
> SELECT id, typeof(a), a, length(b), typeof(c), length(c) FROM w
1 | 'integer' | 0 | 1 | 'integer' | 1
2 | 'integer' | 0 | 1 | 'integer' | 1
3 | 'integer' | 3 | 1 | 'integer' | 1
4 | 'integer' | 0 | 1 | 'integer' | 1
> UPDATE w SET a = 1
changes 4
> UPDATE w SET b = 1
changes 4
> UPDATE w SET c = 1
changes 4
> UPDATE w SET a = id, c = b WHERE id = 3
changes 1
> SELECT id, typeof(a), a, length(b), typeof(c), length(c) FROM w
1 | 'integer' | 1 | 1 | 'integer' | 1
2 | 'integer' | 1 | 1 | 'integer' | 1
3 | 'integer' | 3 | 1 | 'integer' | 1
4 | 'integer' | 1 | 1 | 'integer' | 1
> UPDATE w SET a = -1
changes 4
> UPDATE w SET b = -1
changes 4
> UPDATE w SET c = -1
changes 4
> UPDATE w SET a = id, c = b WHERE id = 3
changes 1
> SELECT id, typeof(a), a, length(b), typeof(c), length(c) FROM w
1 | 'integer' | -1 | 2 | 'integer' | 2
2 | 'integer' | -1 | 2 | 'integer' | 2
3 | 'integer' | 3 | 2 | 'integer' | 2
4 | 'integer' | -1 | 2 | 'integer' | 2
> UPDATE w SET a = 70000
changes 4
> UPDATE w SET b = 70000
changes 4
> UPDATE w SET c = 70000
changes 4
> UPDATE w SET a = id, c = b WHERE id = 3
changes 1
> SELECT id, typeof(a), a, length(b), typeof(c), length(c) FROM w
1 | 'integer' | 70000 | 5 | 'integer' | 5
2 | 'integer' | 70000 | 5 | 'integer' | 5
3 | 'integer' | 3 | 5 | 'integer' | 5
4 | 'integer' | 70000 | 5 | 'integer' | 5
> UPDATE w SET a = 'text'
changes 4
> UPDATE w SET b = 'text'
changes 4
> UPDATE w SET c = 'text'
changes 4
> UPDATE w SET a = id, c = b WHERE id = 3
changes 1
> SELECT id, typeof(a), a, length(b), typeof(c), length(c) FROM w
1 | 'text' | 'text' | 4 | 'text' | 4
2 | 'text' | 'text' | 4 | 'text' | 4
3 | 'integer' | 3 | 4 | 'text' | 4
4 | 'text' | 'text' | 4 | 'text' | 4
> UPDATE w SET a = hex(zeroblob(60))
changes 4
> UPDATE w SET b = hex(zeroblob(60))
changes 4
> UPDATE w SET c = hex(zeroblob(60))
changes 4
> UPDATE w SET a = id, c = b WHERE id = 3
changes 1
> SELECT id, typeof(a), a, length(b), typeof(c), length(c) FROM w
1 | 'text' | '000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000' | 120 | 'text' | 120
2 | 'text' | '000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000' | 120 | 'text' | 120
3 | 'integer' | 3 | 120 | 'text' | 120
4 | 'text' | '000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000' | 120 | 'text' | 120
> UPDATE w SET a = NULL
changes 4
> UPDATE w SET b = NULL
changes 4
> UPDATE w SET c = NULL
changes 4
> UPDATE w SET a = id, c = b WHERE id = 3
changes 1
> SELECT id, typeof(a), a, length(b), typeof(c), length(c) FROM w
1 | 'null' | NULL | NULL | 'null' | NULL
2 | 'null' | NULL | NULL | 'null' | NULL
3 | 'integer' | 3 | NULL | 'null' | NULL
4 | 'null' | NULL | NULL | 'null' | NULL
> UPDATE w SET a = 2.5
changes 4
> UPDATE w SET b = 2.5
changes 4
> UPDATE w SET c = 2.5
changes 4
> UPDATE w SET a = id, c = b WHERE id = 3
changes 1
> SELECT id, typeof(a), a, length(b), typeof(c), length(c) FROM w
1 | 'real' | 2.5 | 3 | 'real' | 3
2 | 'real' | 2.5 | 3 | 'real' | 3
3 | 'integer' | 3 | 3 | 'real' | 3
4 | 'real' | 2.5 | 3 | 'real' | 3
> UPDATE w SET a = 3.0
changes 4
> UPDATE w SET b = 3.0
changes 4
> UPDATE w SET c = 3.0
changes 4
> UPDATE w SET a = id, c = b WHERE id = 3
changes 1
> SELECT id, typeof(a), a, length(b), typeof(c), length(c) FROM w
1 | 'real' | 3.0 | 3 | 'real' | 3
2 | 'real' | 3.0 | 3 | 'real' | 3
3 | 'integer' | 3 | 3 | 'real' | 3
4 | 'real' | 3.0 | 3 | 'real' | 3
> UPDATE w SET a = x'0102'
changes 4
> UPDATE w SET b = x'0102'
changes 4
> UPDATE w SET c = x'0102'
changes 4
> UPDATE w SET a = id, c = b WHERE id = 3
changes 1
> SELECT id, typeof(a), a, length(b), typeof(c), length(c) FROM w
1 | 'blob' | x'0102' | 2 | 'blob' | 2
2 | 'blob' | x'0102' | 2 | 'blob' | 2
3 | 'integer' | 3 | 2 | 'blob' | 2
4 | 'blob' | x'0102' | 2 | 'blob' | 2
> UPDATE w SET a = b || b
changes 4
> UPDATE w SET b = b || b
changes 4
> UPDATE w SET c = b || b
changes 4
> UPDATE w SET a = id, c = b WHERE id = 3
changes 1
> SELECT id, typeof(a), a, length(b), typeof(c), length(c) FROM w
1 | 'text' | '' | 4 | 'text' | 8
2 | 'text' | '' | 4 | 'text' | 8
3 | 'integer' | 3 | 4 | 'text' | 4
4 | 'text' | '' | 4 | 'text' | 8
> UPDATE w SET a = 9223372036854775807
changes 4
> UPDATE w SET b = 9223372036854775807
changes 4
> UPDATE w SET c = 9223372036854775807
changes 4
> UPDATE w SET a = id, c = b WHERE id = 3
changes 1
> SELECT id, typeof(a), a, length(b), typeof(c), length(c) FROM w
1 | 'integer' | 9223372036854775807 | 19 | 'integer' | 19
2 | 'integer' | 9223372036854775807 | 19 | 'integer' | 19
3 | 'integer' | 3 | 19 | 'integer' | 19
4 | 'integer' | 9223372036854775807 | 19 | 'integer' | 19
> ALTER TABLE w ADD COLUMN d DEFAULT 7
> ALTER TABLE w ADD COLUMN e
> UPDATE w SET e = 'new' WHERE id = 2
changes 1
> UPDATE w SET d = d + 1, e = d
changes 4
> SELECT id, a, d, e FROM w
1 | 9223372036854775807 | 8 | 7
2 | 9223372036854775807 | 8 | 7
3 | 3 | 8 | 7
4 | 9223372036854775807 | 8 | 7

# Rowids of which an index entry's last four bytes do not tell all.
> CREATE TABLE far(id INTEGER PRIMARY KEY, name TEXT UNIQUE, a)
> INSERT INTO far VALUES (5, 'five', 1), (4294967301, 'five beyond', 2), (-5, 'minus five', 3), (4294967291, 'as minus five', 4)
changes 4
> WITH n (value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n LIMIT 300) INSERT INTO far SELECT 100 + value, 'name ' || value, value FROM n
changes 300
> SELECT id, a FROM far WHERE name = 'five beyond'
4294967301 | 2
> SELECT id, a FROM far WHERE name = 'five'
5 | 1
> SELECT id, a FROM far WHERE name = 'minus five'
-5 | 3
> SELECT id, a FROM far WHERE name = 'as minus five'
4294967291 | 4
> SELECT id, a FROM far WHERE name = 'name 299'
399 | 299
> SELECT id, a FROM far WHERE name = 'name 2999'
> SELECT id, a FROM far WHERE name = 'name 2'
102 | 2
> DELETE FROM far WHERE id = 5
changes 1
> SELECT id, a FROM far WHERE name = 'five'
> SELECT id, a FROM far WHERE name = 'five beyond'
4294967301 | 2
