# An ORDER BY of as many terms as GROUP BY lends it its directions: ties come out in that order.
> CREATE TABLE t (a INTEGER, b TEXT, c INTEGER)
> INSERT INTO t VALUES (1, 'x', 5), (2, 'y', 5), (3, 'x', 7), (4, 'z', 5), (NULL, 'x', 5), (2, 'z', 1), (5, NULL, 7), (NULL, 'y', 7)
changes 8
> SELECT a, count(*) FROM t GROUP BY a ORDER BY count(*) DESC
2 | 2
NULL | 2
5 | 1
4 | 1
3 | 1
1 | 1
> SELECT a, count(*) FROM t GROUP BY a ORDER BY count(*)
1 | 1
3 | 1
4 | 1
5 | 1
NULL | 2
2 | 2
> SELECT a, count(*) FROM t GROUP BY a ORDER BY a DESC
5 | 1
4 | 1
3 | 1
2 | 2
1 | 1
NULL | 2
> SELECT a, count(*) FROM t GROUP BY a ORDER BY a DESC NULLS FIRST
NULL | 2
5 | 1
4 | 1
3 | 1
2 | 2
1 | 1
> SELECT a, count(*) FROM t GROUP BY a ORDER BY a NULLS LAST
1 | 1
2 | 2
3 | 1
4 | 1
5 | 1
NULL | 2
> SELECT b, count(*) FROM t GROUP BY b ORDER BY count(*) > 0 DESC
'z' | 2
'y' | 2
'x' | 3
NULL | 1
> SELECT b, c, count(*) FROM t GROUP BY b, c ORDER BY count(*) DESC
'x' | 5 | 2
NULL | 7 | 1
'x' | 7 | 1
'y' | 5 | 1
'y' | 7 | 1
'z' | 1 | 1
'z' | 5 | 1
> SELECT b, c, count(*) FROM t GROUP BY b, c ORDER BY count(*) DESC, 1 = 1
'x' | 5 | 2
'z' | 1 | 1
'z' | 5 | 1
'y' | 5 | 1
'y' | 7 | 1
'x' | 7 | 1
NULL | 7 | 1
> SELECT b, c, count(*) FROM t GROUP BY b, c ORDER BY count(*), count(*) DESC
NULL | 7 | 1
'x' | 7 | 1
'y' | 7 | 1
'y' | 5 | 1
'z' | 5 | 1
'z' | 1 | 1
'x' | 5 | 2
> SELECT b, c, count(*) FROM t GROUP BY b, c ORDER BY count(*) DESC, count(*) DESC
'x' | 5 | 2
'z' | 5 | 1
'z' | 1 | 1
'y' | 7 | 1
'y' | 5 | 1
'x' | 7 | 1
NULL | 7 | 1
> SELECT b, c, count(*) FROM t GROUP BY b, c ORDER BY b DESC, c
'z' | 1 | 1
'z' | 5 | 1
'y' | 5 | 1
'y' | 7 | 1
'x' | 5 | 2
'x' | 7 | 1
NULL | 7 | 1
> SELECT b, c, count(*) FROM t GROUP BY b, c ORDER BY c, b DESC
'z' | 1 | 1
'z' | 5 | 1
'y' | 5 | 1
'x' | 5 | 2
'y' | 7 | 1
'x' | 7 | 1
NULL | 7 | 1
> SELECT a, b FROM t GROUP BY a ORDER BY b DESC
4 | 'z'
2 | 'y'
3 | 'x'
1 | 'x'
NULL | 'x'
5 | NULL
> SELECT a, b, max(c) FROM t GROUP BY a ORDER BY max(c) DESC LIMIT 4
5 | NULL | 7
3 | 'x' | 7
NULL | 'y' | 7
4 | 'z' | 5
> SELECT count(*) AS n, group_concat(a) FROM t GROUP BY c ORDER BY n DESC
4 | '1,2,4'
3 | '3,5'
1 | '2'
> SELECT * FROM (SELECT a, count(*) AS n FROM t GROUP BY a ORDER BY n DESC)
2 | 2
NULL | 2
5 | 1
4 | 1
3 | 1
1 | 1
> CREATE INDEX t_a ON t (a)
> SELECT a, count(*) FROM t GROUP BY a ORDER BY count(*) DESC
NULL | 2
2 | 2
1 | 1
3 | 1
4 | 1
5 | 1
> SELECT a, count(*), group_concat(b) FROM t GROUP BY a ORDER BY count(*) DESC
NULL | 2 | 'x,y'
2 | 2 | 'y,z'
1 | 1 | 'x'
3 | 1 | 'x'
4 | 1 | 'z'
5 | 1 | NULL
> SELECT a, b, count(*) FROM t GROUP BY a ORDER BY 'x' DESC
NULL | 'x' | 2
1 | 'x' | 1
2 | 'y' | 2
3 | 'x' | 1
4 | 'z' | 1
5 | NULL | 1
> SELECT a, max(c), b FROM t GROUP BY a ORDER BY a DESC
5 | 7 | NULL
4 | 5 | 'z'
3 | 7 | 'x'
2 | 5 | 'y'
1 | 5 | 'x'
NULL | 7 | 'y'
> CREATE INDEX t_bc ON t (b, c)
> SELECT b, c, count(*) FROM t GROUP BY b, c ORDER BY count(*) DESC, count(*) DESC
'x' | 5 | 2
NULL | 7 | 1
'x' | 7 | 1
'y' | 5 | 1
'y' | 7 | 1
'z' | 1 | 1
'z' | 5 | 1
> SELECT b, c, count(*) FROM t GROUP BY b, c ORDER BY count(*) DESC, count(*)
'x' | 5 | 2
NULL | 7 | 1
'x' | 7 | 1
'y' | 5 | 1
'y' | 7 | 1
'z' | 1 | 1
'z' | 5 | 1
> SELECT b, count(*) FROM t WHERE b > 'w' GROUP BY b ORDER BY 1 DESC
'z' | 2
'y' | 2
'x' | 3
> SELECT b COLLATE NOCASE, count(*) FROM t GROUP BY 1 ORDER BY 2 DESC
'x' | 3
'z' | 2
'y' | 2
NULL | 1
> SELECT a, count(*), row_number() OVER (ORDER BY count(*)) FROM t GROUP BY a ORDER BY count(*) DESC
NULL | 2 | 5
2 | 2 | 6
1 | 1 | 1
3 | 1 | 2
4 | 1 | 3
5 | 1 | 4
> CREATE INDEX t_c ON t (c DESC)
> SELECT c, count(*) FROM t GROUP BY c
7 | 3
5 | 4
1 | 1
> SELECT c, count(*), group_concat(a) FROM t GROUP BY c ORDER BY count(*) > 0
7 | 3 | '3,5'
5 | 4 | '1,2,4'
1 | 1 | '2'
> SELECT c, count(*) FROM t GROUP BY c ORDER BY c
1 | 1
5 | 4
7 | 3
> SELECT c, b, count(*) FROM t GROUP BY c, b
7 | NULL | 1
5 | 'x' | 2
7 | 'x' | 1
5 | 'y' | 1
7 | 'y' | 1
1 | 'z' | 1
5 | 'z' | 1
> SELECT c, b, count(*) FROM t GROUP BY c, b ORDER BY count(*) DESC, 1
5 | 'x' | 2
1 | 'z' | 1
5 | 'y' | 1
5 | 'z' | 1
7 | NULL | 1
7 | 'x' | 1
7 | 'y' | 1
> SELECT c, b, count(*) FROM t GROUP BY c, b ORDER BY c, b
1 | 'z' | 1
5 | 'x' | 2
5 | 'y' | 1
5 | 'z' | 1
7 | NULL | 1
7 | 'x' | 1
7 | 'y' | 1
> SELECT DISTINCT c FROM t
7
5
1
> SELECT DISTINCT c, b FROM t
7 | NULL
5 | 'x'
7 | 'x'
5 | 'y'
7 | 'y'
1 | 'z'
5 | 'z'
