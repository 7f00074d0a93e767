# Columns out of a parenthesised join: their order, their names, and what is ambiguous
> CREATE TABLE x(id INTEGER PRIMARY KEY, v)
> CREATE TABLE y(id INTEGER PRIMARY KEY, v)
> CREATE TABLE z(a, v)
> INSERT INTO x VALUES (1, 'x'), (2, 'x2')
changes 2
> INSERT INTO y VALUES (1, 'y'), (3, 'y3')
changes 2
> INSERT INTO z VALUES (5, 'z')
changes 1
> CREATE TABLE n1 AS SELECT * FROM z JOIN (x JOIN y ON x.id = y.id) ON 1
> CREATE TABLE n2 AS SELECT * FROM z LEFT JOIN (x JOIN y USING (id)) ON 1
> CREATE TABLE n3 AS SELECT y.v, x.v, y.id, x.id FROM z LEFT JOIN (x JOIN y USING (id)) ON 1
> CREATE TABLE n4 AS SELECT y.*, x.* FROM z LEFT JOIN (x JOIN y USING (id)) ON 1
> CREATE TABLE n5 AS SELECT * FROM (x JOIN y USING (id)) JOIN z ON 1
> CREATE TABLE n6 AS SELECT * FROM z JOIN (x FULL JOIN y USING (id)) ON 1
> CREATE TABLE n7 AS SELECT * FROM z JOIN (x FULL JOIN y USING (id) JOIN y AS y2 ON 1) ON 1
error SQLITE_ERROR: ambiguous column name: id
> CREATE TABLE n8 AS SELECT * FROM z JOIN (x JOIN (y JOIN x AS x2 USING (id)) USING (id)) USING (v)
> CREATE TABLE n9 AS SELECT * FROM z NATURAL JOIN (x NATURAL LEFT JOIN y)
> SELECT name, sql FROM sqlite_schema WHERE name LIKE 'n%'
'n1' | 'CREATE TABLE n1(\n  a,\n  v,\n  id INT,\n  "v:1",\n  "id:1" INT,\n  "v:2"\n)'
'n2' | 'CREATE TABLE n2(a,v,id INT,"v:1","v:2")'
'n3' | 'CREATE TABLE n3("v:1",v,"id:2" INT,"id:1" INT)'
'n4' | 'CREATE TABLE n4("id:2" INT,"v:1","id:1" INT,v)'
'n5' | 'CREATE TABLE n5(id INT,v,"v:1",a,"v:2")'
'n6' | 'CREATE TABLE n6(a,v,id INT,"v:1","v:2")'
'n8' | 'CREATE TABLE n8(a,v,id INT,"v:1","v:2")'
'n9' | 'CREATE TABLE n9(a,v,id INT)'
> SELECT * FROM z JOIN (x FULL JOIN y USING (id)) ON 1 ORDER BY id
5 | 'z' | 1 | 'x' | 'y'
5 | 'z' | 2 | 'x2' | NULL
5 | 'z' | 3 | NULL | 'y3'
> SELECT * FROM z JOIN (y RIGHT JOIN x USING (v)) ON 1 ORDER BY 3
5 | 'z' | 'x' | NULL | 1
5 | 'z' | 'x2' | NULL | 2
> SELECT * FROM z JOIN (x NATURAL JOIN y NATURAL RIGHT JOIN z AS z2) ON 1
5 | 'z' | NULL | 'z' | 5
> SELECT * FROM z LEFT JOIN (x LEFT JOIN y ON 0 NATURAL JOIN z AS z2) ON 1
error SQLITE_ERROR: ambiguous column name: v
> SELECT id FROM z JOIN (x JOIN y USING (id)) ON 1
1
> SELECT v FROM z JOIN (x JOIN y USING (id)) ON 1
error SQLITE_ERROR: ambiguous column name: v
> SELECT * FROM z JOIN (x) USING (v)

# With a name: the tables inside keep theirs, and the name has the query's own columns
> CREATE TABLE u(w)
> INSERT INTO u VALUES ('u')
changes 1
> SELECT v FROM (x JOIN y USING (id)) AS q
error SQLITE_ERROR: ambiguous column name: v
> SELECT id FROM (x JOIN y USING (id)) AS q
1
> SELECT q.id, q.v, q."v:1" FROM (x JOIN y USING (id)) AS q
1 | 'x' | 'y'
> SELECT x.v, y.v, q.v FROM (x JOIN y USING (id)) AS q
'x' | 'y' | 'x'
> SELECT q.id FROM (x JOIN y) AS q
1
1
2
2
> SELECT * FROM (x JOIN y) AS q
error SQLITE_ERROR: ambiguous column name: id
> SELECT * FROM (x JOIN y USING (id)) AS q
error SQLITE_ERROR: ambiguous column name: v
> SELECT * FROM (x JOIN u) AS q
1 | 'x' | 'u'
2 | 'x2' | 'u'
> SELECT q.* FROM (x JOIN u) AS q
error SQLITE_ERROR: no such table: q
> SELECT x.*, w FROM (x JOIN u) AS q
1 | 'x' | 'u'
2 | 'x2' | 'u'
> SELECT "v:1" FROM (x JOIN y) AS q
error SQLITE_ERROR: no such column: "v:1" - should this be a string literal in single-quotes?
> SELECT rowid FROM (x JOIN y) AS q
error SQLITE_ERROR: ambiguous column name: rowid
> SELECT * FROM u JOIN (x JOIN y USING (id)) AS q
'u' | 1 | 'x' | 'y'
> SELECT * FROM (x JOIN y USING (id)) AS q JOIN u
1 | 'x' | 'y' | 'u'
> SELECT * FROM (x JOIN y USING (id)) AS q JOIN z USING (v)
> SELECT q.v, w FROM (x JOIN y ON x.id = y.id) AS q LEFT JOIN u ON q.id = 2
'x' | NULL
> SELECT x.v FROM ((x JOIN y ON x.id = y.id) AS p JOIN u ON p.id < 3) AS q
'x'
> SELECT q.w, p.v FROM ((x JOIN y ON x.id = y.id) AS p JOIN u ON p.id < 3) AS q
error SQLITE_ERROR: no such column: p.v
> SELECT x.v FROM (x) AS q
error SQLITE_ERROR: no such column: x.v
> SELECT q.v FROM (x) AS q WHERE q.id = 1
'x'
> SELECT q.v FROM (x AS p) AS q WHERE q.id = 1
'x'
> SELECT q.v FROM (SELECT 5 AS v) AS q
5
> SELECT q.v FROM ((SELECT 5 AS v) AS p) AS q
5
> CREATE TABLE n10 AS SELECT q.id, q."v:1", y.v, q.v AS k FROM (x JOIN y USING (id)) AS q JOIN u
> CREATE TABLE n11 AS SELECT * FROM u JOIN (x JOIN y USING (id)) AS q
> SELECT name, sql FROM sqlite_schema WHERE name IN ('n10', 'n11')
'n10' | 'CREATE TABLE n10(id INT,"v:1","v:2",k)'
'n11' | 'CREATE TABLE n11(w,id INT,v,"v:1")'

# The collation of a merged column: of RIGHT the right column's, of FULL the first's
> CREATE TABLE cb(a)
> CREATE TABLE cn(a COLLATE NOCASE)
> INSERT INTO cn VALUES ('a'), ('Zed')
changes 2
> INSERT INTO cb VALUES ('Q')
changes 1
> SELECT a FROM cb NATURAL RIGHT JOIN cn ORDER BY a
'a'
'Zed'
> SELECT a FROM cb NATURAL FULL JOIN cn ORDER BY a
'Q'
'Zed'
'a'
> SELECT a FROM cn NATURAL FULL JOIN cb ORDER BY a
'a'
'Q'
'Zed'
> SELECT a FROM cn NATURAL RIGHT JOIN cb WHERE a = 'q'
> SELECT a FROM cb NATURAL RIGHT JOIN cn WHERE a = 'zED'
'Zed'
> SELECT * FROM cb NATURAL RIGHT JOIN cn ORDER BY 1
'a'
'Zed'
> SELECT a FROM cn NATURAL LEFT JOIN cb ORDER BY a
'a'
'Zed'
> SELECT a FROM cb NATURAL RIGHT JOIN cn UNION SELECT 'zed'
'a'
'zed'
