# Beside several min() and max(), bare columns come from the row of the last one; those of HAVING are last
> CREATE TABLE t(a,b,g)
> INSERT INTO t VALUES('a','Zed',1),('Zed','a',1),(' 7','b',2),('A',1,2),('a',3,1),(NULL,4,3),(NULL,5,3),('q',NULL,3)
changes 8
> SELECT min(a), max(a), b FROM t
' 7' | 'q' | NULL
> SELECT max(a), min(a), b FROM t
'q' | ' 7' | 'b'
> SELECT max(a), min(b), b FROM t
'q' | 1 | 1
> SELECT max(a), min(b), b, a FROM t GROUP BY g
'a' | 3 | 3 | 'a'
'A' | 1 | 1 | 'A'
'q' | 4 | 4 | NULL
> SELECT b, max(a), count(*), min(b), sum(b), a FROM t GROUP BY g
3 | 'a' | 3 | 3 | 3.0 | 'a'
1 | 'A' | 2 | 1 | 1.0 | 'A'
4 | 'q' | 3 | 4 | 9 | NULL
> SELECT max(a), b FROM t GROUP BY g HAVING min(a) IS NOT 5
'a' | 'a'
'A' | 'b'
'q' | NULL
> SELECT max(a), b FROM t GROUP BY g ORDER BY min(a)
'A' | 'b'
'a' | 'a'
'q' | NULL
> SELECT max(a), b FROM t GROUP BY g HAVING min(b) > 0 ORDER BY min(a)
'A' | 1
'a' | 3
'q' | 4
> SELECT max(a), b FROM t GROUP BY g HAVING min(a) > 0 ORDER BY min(b)
'A' | 'b'
'a' | 'a'
'q' | NULL
> SELECT max(a), b, max(a) FROM t GROUP BY g
'a' | 'Zed' | 'a'
'A' | 1 | 'A'
'q' | NULL | 'q'
> SELECT max(a), b, min(a), max(a) FROM t GROUP BY g
'a' | 'a' | 'Zed' | 'a'
'A' | 'b' | ' 7' | 'A'
'q' | NULL | 'q' | 'q'
> SELECT b, max(a), min(a) FILTER (WHERE b<>1) FROM t GROUP BY g
'a' | 'a' | 'Zed'
'b' | 'A' | ' 7'
5 | 'q' | NULL
> SELECT b, max(a) FILTER (WHERE b<>1), min(a) FROM t GROUP BY g
'a' | 'a' | 'Zed'
'b' | ' 7' | ' 7'
NULL | NULL | 'q'
> SELECT b, max(a) FILTER (WHERE b<>1), min(a) FILTER (WHERE b <>3) FROM t GROUP BY g
'a' | 'a' | 'Zed'
'b' | ' 7' | ' 7'
5 | NULL | NULL
> SELECT b, max(DISTINCT a), min(a) FROM t GROUP BY g
'a' | 'a' | 'Zed'
'b' | 'A' | ' 7'
NULL | 'q' | 'q'
> SELECT b, max(a), min(DISTINCT a) FROM t GROUP BY g
'a' | 'a' | 'Zed'
'b' | 'A' | ' 7'
NULL | 'q' | 'q'
> SELECT max(a), min(b), a||b FROM t
'q' | 1 | 'A1'
> SELECT (SELECT max(a) || min(b) || b FROM t)
'q11'
> SELECT max(a), max(b) OVER () FROM t
'q' | NULL
> SELECT max(rowid), min(rowid), a FROM t
8 | 1 | 'a'
> SELECT min(rowid), max(rowid), a FROM t
1 | 8 | 'q'
