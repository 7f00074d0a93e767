# A subquery's rows come in an order, and where ORDER BY or GROUP BY asks for those columns, no other is made: collations are not looked at
> CREATE TABLE t(a,b)
> INSERT INTO t VALUES('a','Zed'),('Zed','a'),(' 7','b'),('A',1),('a',3)
changes 5
> SELECT * FROM (SELECT a AS x FROM t ORDER BY x COLLATE NOCASE LIMIT 9) ORDER BY 1
' 7'
'a'
'A'
'a'
'Zed'
> SELECT * FROM (SELECT a FROM t ORDER BY a COLLATE NOCASE LIMIT 9) ORDER BY 1
' 7'
'A'
'Zed'
'a'
'a'
> SELECT * FROM (SELECT a FROM t ORDER BY 1 COLLATE NOCASE LIMIT 9) ORDER BY 1
' 7'
'a'
'A'
'a'
'Zed'
> SELECT x, count(*) FROM (SELECT a AS x FROM t ORDER BY x COLLATE NOCASE) GROUP BY 1
' 7' | 1
'a' | 1
'A' | 1
'a' | 1
'Zed' | 1
> SELECT x, count(*) FROM (SELECT a AS x FROM t ORDER BY x COLLATE NOCASE) GROUP BY 1 ORDER BY 1
' 7' | 1
'A' | 1
'Zed' | 1
'a' | 2
> SELECT x, count(*) FROM (SELECT a AS x FROM t ORDER BY x COLLATE NOCASE LIMIT 9) GROUP BY 1
' 7' | 1
'a' | 1
'A' | 1
'a' | 1
'Zed' | 1
> SELECT x, sum(b) FROM (SELECT a AS x,b FROM t ORDER BY x COLLATE NOCASE LIMIT 9) GROUP BY 1 ORDER BY 1
' 7' | 0.0
'a' | 0.0
'A' | 1
'a' | 3
'Zed' | 0.0
> SELECT x, total(b) FROM (SELECT a AS x,b FROM t UNION ALL SELECT a,b FROM t ORDER BY x COLLATE NOCASE) GROUP BY 1 ORDER BY 1
' 7' | 0.0
'a' | 0.0
'A' | 1.0
'a' | 3.0
'A' | 1.0
'a' | 3.0
'Zed' | 0.0
> SELECT x, group_concat(b) FROM (SELECT quote(a) AS x,b FROM t UNION SELECT quote(a COLLATE NOCASE),b FROM t) GROUP BY 1 ORDER BY 1
''' 7''' | 'b'
'''A''' | '1'
'''a''' | '3,Zed'
'''Zed''' | 'a'
> SELECT DISTINCT x FROM (SELECT quote(a) AS x,b FROM t UNION SELECT quote(a COLLATE NOCASE),b FROM t) ORDER BY 1
''' 7'''
'''A'''
'''a'''
'''Zed'''
> SELECT DISTINCT x FROM (SELECT quote(a) AS x,b FROM t UNION SELECT quote(a COLLATE NOCASE),b FROM t) ORDER BY b
'''A'''
'''a'''
'''Zed'''
''' 7'''
> SELECT DISTINCT x FROM (SELECT quote(a) AS x,b FROM t UNION SELECT quote(a COLLATE NOCASE),b FROM t)
''' 7'''
'''A'''
'''a'''
'''Zed'''
> SELECT * FROM (SELECT quote(a) AS x,b FROM t UNION SELECT quote(a COLLATE NOCASE),b FROM t) ORDER BY 1 DESC
'''a''' | 3
'''a''' | 'Zed'
'''Zed''' | 'a'
'''A''' | 1
''' 7''' | 'b'
> SELECT * FROM (SELECT quote(a) AS x,b FROM t UNION SELECT quote(a COLLATE NOCASE),b FROM t ORDER BY 1 DESC) ORDER BY 1 DESC
'''a''' | 3
'''a''' | 'Zed'
'''Zed''' | 'a'
'''A''' | 1
''' 7''' | 'b'
> SELECT * FROM (SELECT quote(a) AS x,b FROM t UNION SELECT quote(a COLLATE NOCASE),b FROM t ORDER BY 1 DESC LIMIT 9) ORDER BY 1 DESC
'''Zed''' | 'a'
'''A''' | 1
'''a''' | 3
'''a''' | 'Zed'
''' 7''' | 'b'
> SELECT * FROM (SELECT quote(a) AS x,b FROM t UNION SELECT quote(a COLLATE NOCASE),b FROM t ORDER BY 2 DESC) ORDER BY 1
''' 7''' | 'b'
'''A''' | 1
'''a''' | 3
'''a''' | 'Zed'
'''Zed''' | 'a'
> SELECT * FROM (SELECT quote(a) AS x,b FROM t UNION SELECT quote(a COLLATE NOCASE),b FROM t ORDER BY 2 DESC LIMIT 9) ORDER BY 1
''' 7''' | 'b'
'''A''' | 1
'''Zed''' | 'a'
'''a''' | 'Zed'
'''a''' | 3
> SELECT * FROM (SELECT quote(a) AS x,b FROM t UNION SELECT quote(a COLLATE NOCASE),b FROM t) ORDER BY 1 NULLS LAST
''' 7''' | 'b'
'''A''' | 1
'''Zed''' | 'a'
'''a''' | 3
'''a''' | 'Zed'
> SELECT * FROM (SELECT quote(a) AS x,b FROM t UNION SELECT quote(a COLLATE NOCASE),b FROM t) ORDER BY x COLLATE BINARY
''' 7''' | 'b'
'''A''' | 1
'''Zed''' | 'a'
'''a''' | 3
'''a''' | 'Zed'
> SELECT * FROM (SELECT quote(a) AS x,b FROM t UNION SELECT quote(a COLLATE NOCASE),b FROM t) ORDER BY +x
''' 7''' | 'b'
'''A''' | 1
'''Zed''' | 'a'
'''a''' | 3
'''a''' | 'Zed'
> SELECT x FROM (SELECT quote(a) AS x,b FROM t UNION SELECT quote(a COLLATE NOCASE),b FROM t) WHERE b IS NOT 3 ORDER BY x LIMIT 3
''' 7'''
'''A'''
'''a'''
> WITH c(x,b) AS MATERIALIZED (SELECT quote(a) AS x,b FROM t UNION SELECT quote(a COLLATE NOCASE),b FROM t) SELECT * FROM c ORDER BY 1 DESC
'''Zed''' | 'a'
'''a''' | 'Zed'
'''a''' | 3
'''A''' | 1
''' 7''' | 'b'
> WITH c(x,b) AS MATERIALIZED (SELECT quote(a) AS x,b FROM t UNION SELECT quote(a COLLATE NOCASE),b FROM t) SELECT * FROM c ORDER BY 1 DESC, 2 DESC
'''Zed''' | 'a'
'''a''' | 'Zed'
'''a''' | 3
'''A''' | 1
''' 7''' | 'b'
> WITH c(x,b) AS (SELECT quote(a) AS x,b FROM t UNION SELECT quote(a COLLATE NOCASE),b FROM t) SELECT * FROM c ORDER BY 1
''' 7''' | 'b'
'''A''' | 1
'''a''' | 3
'''a''' | 'Zed'
'''Zed''' | 'a'
> SELECT min(x) FROM (SELECT quote(a) AS x,b FROM t UNION SELECT quote(a COLLATE NOCASE),b FROM t)
''' 7'''
> SELECT max(x), b FROM (SELECT quote(a) AS x,b FROM t UNION SELECT quote(a COLLATE NOCASE),b FROM t)
'''a''' | 3
> SELECT x FROM (SELECT quote(a) AS x,b FROM t UNION SELECT quote(a COLLATE NOCASE),b FROM t) AS s LEFT JOIN t ON t.a=s.b ORDER BY x
''' 7'''
'''A'''
'''a'''
'''a'''
'''Zed'''
'''Zed'''
> SELECT x, s.b, t.b FROM (SELECT quote(a) AS x,b FROM t UNION SELECT quote(a COLLATE NOCASE),b FROM t) AS s LEFT JOIN t ON t.a=s.b ORDER BY x, s.b, t.b
''' 7''' | 'b' | NULL
'''A''' | 1 | NULL
'''a''' | 3 | NULL
'''a''' | 'Zed' | 'a'
'''Zed''' | 'a' | 3
'''Zed''' | 'a' | 'Zed'
> SELECT x FROM t RIGHT JOIN (SELECT quote(a) AS x,b FROM t UNION SELECT quote(a COLLATE NOCASE),b FROM t) AS s ON t.a=s.b ORDER BY x
''' 7'''
'''A'''
'''Zed'''
'''Zed'''
'''a'''
'''a'''
> SELECT x FROM (SELECT quote(a) AS x,b FROM t UNION SELECT quote(a COLLATE NOCASE),b FROM t) AS s FULL JOIN t ON t.a=s.b ORDER BY x
NULL
NULL
''' 7'''
'''A'''
'''Zed'''
'''Zed'''
'''a'''
'''a'''
> SELECT x FROM (SELECT quote(a) AS x,b FROM t INTERSECT SELECT quote(a COLLATE NOCASE),b FROM t) ORDER BY x
''' 7'''
'''A'''
'''a'''
'''a'''
'''Zed'''
> SELECT x FROM (SELECT quote(a) AS x,b FROM t EXCEPT SELECT quote(a COLLATE NOCASE),b FROM t WHERE 0) ORDER BY x
''' 7'''
'''A'''
'''a'''
'''a'''
'''Zed'''
> SELECT x FROM (SELECT * FROM (SELECT quote(a) AS x,b FROM t UNION SELECT quote(a COLLATE NOCASE),b FROM t)) ORDER BY x
''' 7'''
'''A'''
'''a'''
'''a'''
'''Zed'''
> SELECT x FROM (SELECT x FROM (SELECT quote(a) AS x,b FROM t UNION SELECT quote(a COLLATE NOCASE),b FROM t) ORDER BY b) ORDER BY x
''' 7'''
'''A'''
'''a'''
'''a'''
'''Zed'''
> SELECT (SELECT group_concat(x) FROM (SELECT x FROM (SELECT quote(a) AS x,b FROM t UNION SELECT quote(a COLLATE NOCASE),b FROM t) ORDER BY x))
''' 7'',''A'',''a'',''a'',''Zed'''
> INSERT INTO t SELECT x, b FROM (SELECT quote(a) AS x,b FROM t UNION SELECT quote(a COLLATE NOCASE),b FROM t) ORDER BY x
changes 5
> SELECT rowid, * FROM t
1 | 'a' | 'Zed'
2 | 'Zed' | 'a'
3 | ' 7' | 'b'
4 | 'A' | 1
5 | 'a' | 3
6 | ''' 7''' | 'b'
7 | '''A''' | 1
8 | '''a''' | 3
9 | '''a''' | 'Zed'
10 | '''Zed''' | 'a'

# Groups of rows that come in an order are in that one's directions, which need not be those of ORDER BY.
> CREATE TABLE grouped(a, b)
> INSERT INTO grouped VALUES (1, 5), (2, 6), (3, 7), (4, 8), (2, 9)
changes 5
> SELECT o FROM (SELECT a AS o FROM grouped ORDER BY 1 DESC LIMIT 6) GROUP BY o ORDER BY o
1
2
3
4
> SELECT o FROM (SELECT a AS o FROM grouped ORDER BY 1 DESC LIMIT 6) GROUP BY o ORDER BY o DESC
4
3
2
1
> SELECT o FROM (SELECT a AS o FROM grouped ORDER BY 1 DESC LIMIT 6) GROUP BY o
4
3
2
1
> SELECT o FROM (SELECT a AS o FROM grouped ORDER BY 1 LIMIT 6) GROUP BY o ORDER BY o DESC
4
3
2
1
> SELECT o, count(*) FROM (SELECT a AS o FROM grouped UNION ALL SELECT b FROM grouped ORDER BY 1 DESC LIMIT 6) GROUP BY o ORDER BY o
4 | 1
5 | 1
6 | 1
7 | 1
8 | 1
9 | 1
> SELECT o FROM (SELECT a AS o FROM grouped UNION SELECT b FROM grouped) GROUP BY o ORDER BY o DESC
9
8
7
6
5
4
3
2
1
> WITH c AS MATERIALIZED (SELECT a AS o FROM grouped ORDER BY a DESC LIMIT 3) SELECT o, sum(o) FROM c GROUP BY o ORDER BY o
2 | 2
3 | 3
4 | 4
> SELECT o, p FROM (SELECT a AS o, b AS p FROM grouped ORDER BY a DESC, b LIMIT 4) GROUP BY o, p ORDER BY o, p
2 | 6
2 | 9
3 | 7
4 | 8
> SELECT o, p FROM (SELECT a AS o, b AS p FROM grouped ORDER BY a DESC, b LIMIT 4) GROUP BY o, p ORDER BY o
2 | 6
2 | 9
3 | 7
4 | 8
> SELECT o, p FROM (SELECT a AS o, b AS p FROM grouped ORDER BY a DESC, b LIMIT 4) GROUP BY o, p ORDER BY o DESC, p
4 | 8
3 | 7
2 | 6
2 | 9
