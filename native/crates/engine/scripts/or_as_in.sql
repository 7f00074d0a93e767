# Equalities of one column joined by OR are an IN, whichever side the column stands on: rows come in the order of the values.
> CREATE TABLE w(id INT, z, v, PRIMARY KEY (z, id)) WITHOUT ROWID
> INSERT INTO w VALUES (1, 1.0, 'a'), (2, 0, 'b'), (3, 1, 'c'), (4, '0', 'd'), (5, 2, 'e'), (6, 0.0, 'f')
changes 6
> SELECT * FROM w WHERE (1.0 = z) OR z = 0
2 | 0 | 'b'
6 | 0.0 | 'f'
1 | 1.0 | 'a'
3 | 1 | 'c'
> SELECT * FROM w WHERE z = 1 OR 0 = z
2 | 0 | 'b'
6 | 0.0 | 'f'
1 | 1.0 | 'a'
3 | 1 | 'c'
> SELECT * FROM w WHERE 2 = z OR 1 = z OR 0 = z
2 | 0 | 'b'
6 | 0.0 | 'f'
1 | 1.0 | 'a'
3 | 1 | 'c'
5 | 2 | 'e'
> SELECT * FROM w WHERE 2 = z OR 1 = id OR 0 = z
2 | 0 | 'b'
6 | 0.0 | 'f'
1 | 1.0 | 'a'
5 | 2 | 'e'
> SELECT * FROM w WHERE (2 = z OR 0 = z) AND (id = 5 OR 2 = id)
2 | 0 | 'b'
5 | 2 | 'e'
> CREATE TABLE t(a TEXT COLLATE NOCASE, b INT, c)
> CREATE INDEX ta ON t(a)
> CREATE INDEX tb ON t(b)
> INSERT INTO t VALUES ('x', 3, 1), ('X', 1, 2), ('a', 2, 3), (NULL, NULL, 4), ('1', 1, 5)
changes 5
> SELECT c FROM t WHERE 'x' = a OR a = 'A'
3
1
2
> SELECT c FROM t WHERE 'x' COLLATE BINARY = a OR a = 'A'
1
3
> SELECT c FROM t WHERE 3 = b OR '1' = b OR b = 2.0
2
5
3
1
> SELECT c FROM t WHERE 1 = a OR a = 'a'
5
3
> SELECT c FROM t WHERE NULL = b OR b = 1
2
5
> SELECT c FROM t WHERE 3 = b OR 1 = b ORDER BY b DESC, c
1
2
5
