# Groups come in the order in which an index or the rowid has equal rows side by side
> CREATE TABLE p(a REAL, b INTEGER, c TEXT)
> INSERT INTO p VALUES (3, 1, 'x'), (1, 2, 'y'), (2, 3, 'z'), (1, 1, 'x')
changes 4
> SELECT a, rowid, count(*) FROM p GROUP BY a, rowid
3.0 | 1 | 1
1.0 | 2 | 1
2.0 | 3 | 1
1.0 | 4 | 1
> SELECT a, rowid FROM p GROUP BY rowid, a
3.0 | 1
1.0 | 2
2.0 | 3
1.0 | 4
> SELECT c, rowid FROM p GROUP BY c, rowid ORDER BY c, rowid
'x' | 1
'x' | 4
'y' | 2
'z' | 3
> SELECT c, count(*) FROM p GROUP BY c
'x' | 2
'y' | 1
'z' | 1
> CREATE INDEX pc ON p(c DESC)
> SELECT c, rowid FROM p GROUP BY c, rowid
'z' | 3
'y' | 2
'x' | 1
'x' | 4
> SELECT c, max(rowid) FROM p GROUP BY c
'z' | 3
'y' | 2
'x' | 4
> SELECT c, max(rowid) FROM p GROUP BY c ORDER BY c
'x' | 4
'y' | 2
'z' | 3
> SELECT c, sum(b) FROM p GROUP BY c ORDER BY sum(b), c
'x' | 2
'y' | 2
'z' | 3
> SELECT c, count(*) FROM p GROUP BY c COLLATE NOCASE
'x' | 2
'y' | 1
'z' | 1
> CREATE INDEX pa ON p(a, c DESC)
> SELECT a, c, rowid FROM p GROUP BY a, c, rowid
1.0 | 'y' | 2
1.0 | 'x' | 4
2.0 | 'z' | 3
3.0 | 'x' | 1
> SELECT a, c FROM p GROUP BY c, a
1.0 | 'y'
1.0 | 'x'
2.0 | 'z'
3.0 | 'x'
> SELECT a, c FROM p GROUP BY c, a ORDER BY c, a
1.0 | 'x'
3.0 | 'x'
1.0 | 'y'
2.0 | 'z'
> SELECT c, count(*) FROM p WHERE a = 1 GROUP BY c
'y' | 1
'x' | 1
> SELECT b, rowid, count(*) FROM p WHERE rowid > 1 GROUP BY b, rowid
2 | 2 | 1
3 | 3 | 1
1 | 4 | 1
> SELECT c, row_number() OVER () FROM p GROUP BY c
'z' | 1
'y' | 2
'x' | 3
> CREATE TABLE k(a, b, c, PRIMARY KEY (a, b)) WITHOUT ROWID
> INSERT INTO k VALUES (1, 2, 9), (1, 1, 8), (0, 5, 7)
changes 3
> SELECT c, b, a FROM k GROUP BY c, b, a
7 | 5 | 0
8 | 1 | 1
9 | 2 | 1
> SELECT b, a FROM k GROUP BY b, a
5 | 0
1 | 1
2 | 1
