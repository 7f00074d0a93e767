# A compound whose first arm is a CAST to a number is NUMERIC, whatever it casts to.
> CREATE TABLE t(a, b INT)
> INSERT INTO t VALUES ('7.5', 7), ('x', 8), (9007199254740993, 9)
changes 3
> CREATE TABLE w AS SELECT CAST(a AS INTEGER) AS x, CAST(a AS REAL) AS y, b, CAST(a AS TEXT) AS c FROM t UNION ALL SELECT CAST(a AS INTEGER), 1, 2, 'q' FROM t
> SELECT sql FROM sqlite_schema WHERE name = 'w'
'CREATE TABLE w(x NUM,y NUM,b INT,c TEXT)'
> CREATE VIEW z AS SELECT CAST(a AS INTEGER) AS x, (CAST(a AS INT)) AS q, CAST(a AS INT) COLLATE nocase AS r FROM t UNION ALL SELECT 1, 5, 6 LIMIT 3
> PRAGMA table_info(z)
0 | 'x' | 'NUM' | 0 | NULL | 0
1 | 'q' | 'NUM' | 0 | NULL | 0
2 | 'r' | 'INT' | 0 | NULL | 0
> CREATE VIEW z2 AS SELECT CAST(a AS INTEGER) AS x FROM t LIMIT 1
> PRAGMA table_info(z2)
0 | 'x' | 'INT' | 0 | NULL | 0
> CREATE VIEW z3 AS SELECT x FROM (SELECT CAST(a AS REAL) AS x FROM t UNION SELECT 1)
> PRAGMA table_info(z3)
0 | 'x' | 'NUM' | 0 | NULL | 0
> CREATE VIEW z4(x) AS SELECT CAST(a AS INTEGER) FROM t UNION ALL SELECT 'a'
> PRAGMA table_info(z4)
0 | 'x' | 'BLOB' | 0 | NULL | 0
> SELECT x, typeof(x) FROM z3 WHERE x > '6' ORDER BY 1
7.5 | 'real'
9007199254740992.0 | 'real'
> SELECT x, y, typeof(y) FROM (SELECT CAST(a AS INTEGER) AS x, CAST(a AS REAL) AS y FROM t UNION ALL SELECT b, b FROM t) WHERE x = '7' OR y = '9' ORDER BY 1, 2
7 | 7 | 'integer'
7 | 7.5 | 'real'
9 | 9 | 'integer'
> SELECT c.x, t.b FROM (SELECT CAST(a AS REAL) AS x FROM t UNION ALL SELECT b FROM t) AS c JOIN t ON t.b = c.x ORDER BY 1, 2
7 | 7
8 | 8
9 | 9
# A row comparison leaves a FULL JOIN what it is, and goes into no arm.
> CREATE TABLE o(a INTEGER PRIMARY KEY)
> INSERT INTO o VALUES (1)
changes 1
> CREATE VIEW arms AS SELECT CAST(a AS TEXT) AS x, CAST(a AS TEXT) AS y FROM o UNION ALL SELECT CAST(a AS INTEGER), CAST(a AS TEXT) FROM o WHERE 'a'
> SELECT q.x FROM o JOIN arms AS q ON o.a = q.y FULL JOIN o AS p ON o.a = p.a WHERE (q.x, q.x) BETWEEN (5e-324, '1e2') AND (x'', 9)
'1'
> SELECT q.x FROM o JOIN arms AS q ON o.a = q.y FULL JOIN o AS p ON o.a = p.a WHERE (q.x, q.x) >= (5e-324, '1e2')
'1'
> SELECT q.x FROM o JOIN arms AS q ON o.a = q.y FULL JOIN o AS p ON o.a = p.a WHERE q.x >= 5e-324
> SELECT q.x FROM o JOIN arms AS q ON o.a = q.y WHERE (q.x, q.x) >= (5e-324, '1e2')
