-- single tables
SELECT * FROM plain;
SELECT * FROM plain WHERE a = 1;
SELECT * FROM plain AS p WHERE p.a = 1;
SELECT * FROM plain AS PLAIN;
SELECT 1;
SELECT 1 WHERE 0;
SELECT * FROM t WHERE id = 1;
SELECT * FROM t WHERE rowid = 1;
SELECT * FROM t AS q WHERE q.id = ?;
SELECT * FROM t WHERE id > 1;
SELECT * FROM t WHERE id <= 1;
SELECT * FROM t WHERE id BETWEEN 1 AND 5;
SELECT * FROM t WHERE id > 1 AND id < 9;
SELECT * FROM t WHERE id IN (1, 2, 3);
SELECT * FROM t WHERE id IN (SELECT x FROM u);
--: the values of IN are gathered in a set; SQLite asks the index
--| SEARCH t USING INTEGER PRIMARY KEY (rowid=?)
--| LIST SUBQUERY 1
--|   SCAN u USING COVERING INDEX u_x
SELECT * FROM t WHERE id IS NULL;
--: the key NULL is looked up, and is not there
--| SEARCH t USING INTEGER PRIMARY KEY (rowid=?)
SELECT * FROM plain WHERE rowid = 4;
SELECT * FROM plain WHERE rowid > 4;
SELECT * FROM t WHERE a = 1;
SELECT * FROM t WHERE a > 1;
SELECT * FROM t WHERE a >= 1 AND a < 5;
SELECT * FROM t WHERE a BETWEEN 1 AND 5;
SELECT * FROM t WHERE a IN (1, 2);
SELECT * FROM t WHERE a IN (SELECT a FROM plain);
--: a table of this size is read once against the set, not looked up for each value
--| SCAN t
--| LIST SUBQUERY 1
--|   SCAN plain
SELECT * FROM t WHERE a IS NULL;
SELECT * FROM t WHERE a IS NOT NULL;
SELECT * FROM t WHERE a IS 5;
SELECT * FROM t WHERE a <> 5;
SELECT a FROM t;
SELECT a FROM t WHERE a = 1;
SELECT id, a FROM t WHERE a = 1;
SELECT b, c FROM t WHERE b = 'x';
SELECT b, c FROM t WHERE b = 'x' AND c > 1;
SELECT * FROM t WHERE b = 'x' AND c = 1;
SELECT * FROM t WHERE b > 'x';
SELECT * FROM t WHERE b IN ('x', 'y') AND c < 4;
SELECT * FROM t WHERE b = 'x' AND c BETWEEN 1 AND 2;
SELECT * FROM t WHERE c = 1;
SELECT * FROM t WHERE +a = 1;
SELECT * FROM t WHERE a = 1 AND b = 'x';
SELECT * FROM t WHERE a = 1 AND id > 4;
SELECT * FROM t WHERE b = 'x' AND id > 4;
SELECT * FROM u WHERE x = 1;
SELECT * FROM keyed WHERE k = 'a';
SELECT * FROM keyed WHERE k = 'a' AND m = 1;
SELECT * FROM keyed WHERE k = 'a' AND m > 1;
SELECT * FROM keyed WHERE k > 'a';
SELECT * FROM keyed WHERE v = 1;
SELECT k FROM keyed WHERE v = 1;
SELECT v FROM keyed;
SELECT * FROM keyed;
SELECT * FROM keyed WHERE m = 1;
SELECT * FROM partial WHERE a = 1 AND b > 5;
SELECT * FROM partial WHERE a = 1;
SELECT * FROM expr WHERE lower(a) = 'x';
SELECT * FROM expr WHERE lower(a) > 'x';
SELECT * FROM expr ORDER BY lower(a);
SELECT * FROM folded WHERE name = 'a';
SELECT * FROM folded WHERE name LIKE 'ab%';
SELECT * FROM folded WHERE name = 'a' COLLATE BINARY;
SELECT * FROM t WHERE b GLOB 'ab*';
SELECT * FROM t WHERE b LIKE 'ab%';
SELECT * FROM t NOT INDEXED WHERE a = 1;
SELECT * FROM t INDEXED BY t_bc WHERE b = 'x';
SELECT * FROM t INDEXED BY t_a WHERE a > 0 AND b = 'x';
SELECT * FROM t WHERE a = 1 OR b = 'x';
SELECT * FROM t WHERE a = 1 OR a = 2;
SELECT * FROM t WHERE a = 1 OR id = 2;
SELECT * FROM t WHERE a = 1 OR c = 2;
SELECT * FROM t WHERE (a, b) = (1, 'x');
SELECT * FROM t WHERE (b, c) > ('x', 1);
SELECT * FROM t WHERE (b, c) <= ('x', 1) ORDER BY b DESC, c DESC LIMIT 3;
SELECT * FROM t WHERE (a, id) > (1, 2) ORDER BY a, id LIMIT 3;
SELECT * FROM keyed WHERE (k, m) > ('x', 1) AND (k, m) < ('y', 2) ORDER BY k, m LIMIT 3;
SELECT * FROM t WHERE (a, b) IN (SELECT x, y FROM u);
--: the values of IN are gathered in a set; SQLite asks the index
--| SCAN t
--| LIST SUBQUERY 1
--|   SCAN u
SELECT * FROM sqlite_schema WHERE name = 't';
SELECT * FROM sqlite_master;
SELECT * FROM main.plain;
SELECT * FROM PLAIN;
SELECT * FROM main.plain AS p;
-- order, groups, distinct
SELECT * FROM plain ORDER BY a;
SELECT * FROM plain ORDER BY a, b DESC;
SELECT * FROM plain ORDER BY rowid;
SELECT * FROM t ORDER BY id DESC;
SELECT * FROM t ORDER BY a;
SELECT * FROM t ORDER BY a DESC;
SELECT * FROM t ORDER BY a, b;
--: rows are sorted whole, not within a part that an index orders
--| SCAN t
--| USE TEMP B-TREE FOR ORDER BY
SELECT * FROM t ORDER BY b, c, a;
--: rows are sorted whole, not within a part that an index orders
--| SCAN t
--| USE TEMP B-TREE FOR ORDER BY
SELECT * FROM t ORDER BY a LIMIT 5;
SELECT a FROM t ORDER BY a;
SELECT * FROM t WHERE a = 1 ORDER BY b;
SELECT * FROM t WHERE b = 'x' ORDER BY c;
SELECT * FROM t WHERE b = 'x' ORDER BY c DESC;
SELECT * FROM t WHERE a > 4 ORDER BY a;
SELECT * FROM t WHERE a IN (1, 2) ORDER BY a;
--: the values of IN give their rows in no order
--| SEARCH t USING INDEX t_a (a=?)
--| USE TEMP B-TREE FOR ORDER BY
SELECT * FROM t WHERE id = 3 ORDER BY b;
SELECT b, c FROM t ORDER BY b, a;
--: rows are sorted whole, not within a part that an index orders
--| SCAN t
--| USE TEMP B-TREE FOR ORDER BY
SELECT * FROM plain ORDER BY a LIMIT 3;
SELECT * FROM plain ORDER BY a + b;
SELECT * FROM plain ORDER BY 1;
SELECT * FROM keyed ORDER BY k;
SELECT * FROM keyed ORDER BY k DESC, m DESC;
SELECT * FROM keyed ORDER BY k, v;
--: rows are sorted whole, not within a part that an index orders
--| SCAN keyed USING COVERING INDEX keyed_v
--| USE TEMP B-TREE FOR ORDER BY
SELECT * FROM keyed ORDER BY m;
SELECT a, count(*) FROM plain GROUP BY a;
SELECT a, count(*) FROM t GROUP BY a;
SELECT a, max(c) FROM t GROUP BY a;
SELECT b, c, count(*) FROM t GROUP BY b, c;
SELECT c, count(*) FROM t GROUP BY c;
SELECT a, count(*) FROM plain GROUP BY a ORDER BY a;
SELECT a, count(*) FROM plain GROUP BY a ORDER BY a DESC;
SELECT a, count(*) FROM plain GROUP BY a ORDER BY count(*);
SELECT a, count(*) FROM plain GROUP BY a HAVING count(*) > 1;
SELECT a, count(*) FROM t GROUP BY a ORDER BY 2 DESC LIMIT 3;
SELECT DISTINCT a FROM plain;
SELECT DISTINCT a FROM t;
--: DISTINCT and DISTINCT aggregates take no order from an index
--| SCAN t USING COVERING INDEX t_a
--| USE TEMP B-TREE FOR DISTINCT
SELECT DISTINCT b FROM t;
--: DISTINCT and DISTINCT aggregates take no order from an index
--| SCAN t USING COVERING INDEX t_bc
--| USE TEMP B-TREE FOR DISTINCT
SELECT DISTINCT a, b FROM t;
--: DISTINCT and DISTINCT aggregates take no order from an index
--| SCAN t
--| USE TEMP B-TREE FOR DISTINCT
SELECT DISTINCT id FROM t;
--: DISTINCT and DISTINCT aggregates take no order from an index
--| SCAN t USING COVERING INDEX t_a
--| USE TEMP B-TREE FOR DISTINCT
SELECT DISTINCT a FROM plain ORDER BY a;
--: DISTINCT does not sort, and asks no order of the rows
--| SCAN plain
--| USE TEMP B-TREE FOR DISTINCT
--| USE TEMP B-TREE FOR ORDER BY
SELECT DISTINCT a FROM plain ORDER BY b;
SELECT DISTINCT a FROM t ORDER BY a;
--: DISTINCT does not sort, and asks no order of the rows
--| SCAN t USING COVERING INDEX t_a
--| USE TEMP B-TREE FOR DISTINCT
SELECT DISTINCT count(*) FROM plain GROUP BY a;
SELECT count(*) FROM plain;
SELECT count(*) FROM t;
--: a whole table is counted from its tree, or read; no narrower index takes its place
--| SCAN t
SELECT count(*) FROM t WHERE a = 1;
SELECT count(*), sum(a) FROM plain;
SELECT count(a) FROM t;
--: a whole table is counted from its tree, or read; no narrower index takes its place
--| SCAN t
SELECT min(a) FROM t;
SELECT max(a) FROM t;
SELECT min(a), max(a) FROM t;
--: a whole table is counted from its tree, or read; no narrower index takes its place
--| SCAN t
SELECT max(id) FROM t;
SELECT min(a) FROM plain;
SELECT max(a) FROM t WHERE a < 10;
SELECT sum(c) FROM t;
--: a whole table is counted from its tree, or read; no narrower index takes its place
--| SCAN t
SELECT count(DISTINCT a) FROM plain;
SELECT count(DISTINCT a) FROM t;
--: DISTINCT and DISTINCT aggregates take no order from an index
--| USE TEMP B-TREE FOR count(DISTINCT)
--| SCAN t USING COVERING INDEX t_a
SELECT count(DISTINCT a), count(DISTINCT b) FROM plain;
SELECT b, count(DISTINCT a) FROM plain GROUP BY b;
SELECT sum(DISTINCT a), group_concat(DISTINCT b) FROM plain;
SELECT group_concat(a ORDER BY b) FROM plain;
-- joins
SELECT * FROM plain, other;
SELECT * FROM plain, other WHERE plain.a = other.a;
--: a hash join: no Bloom filter stands before the hash table
--| SCAN plain
--| SEARCH other USING AUTOMATIC COVERING INDEX (a=?)
SELECT * FROM plain JOIN other USING (a);
--: a hash join: no Bloom filter stands before the hash table
--| SCAN plain
--| SEARCH other USING AUTOMATIC COVERING INDEX (a=?)
SELECT * FROM plain CROSS JOIN other;
SELECT * FROM plain p, plain q WHERE p.a = q.b;
--: a hash join: no Bloom filter stands before the hash table
--| SCAN p
--| SEARCH q USING AUTOMATIC COVERING INDEX (b=?)
SELECT * FROM plain LEFT JOIN other ON plain.a = other.a;
--: a hash join: no Bloom filter stands before the hash table
--| SCAN plain
--| SEARCH other USING AUTOMATIC COVERING INDEX (a=?) LEFT-JOIN
SELECT * FROM plain LEFT JOIN other ON plain.a > other.a;
SELECT * FROM plain RIGHT JOIN other ON plain.a = other.a;
--: RIGHT and FULL JOIN look the right side up in a hash table
--| SCAN plain
--| SEARCH other USING AUTOMATIC COVERING INDEX (a=?)
--| RIGHT-JOIN other
--|   SCAN other
SELECT * FROM plain FULL JOIN other ON plain.a = other.a;
--: RIGHT and FULL JOIN look the right side up in a hash table
--| SCAN plain
--| SEARCH other USING AUTOMATIC COVERING INDEX (a=?) LEFT-JOIN
--| RIGHT-JOIN other
--|   SCAN other
SELECT * FROM plain FULL JOIN other ON plain.a < other.a;
SELECT * FROM t JOIN u ON u.x = t.a;
--: tables of this size are hashed rather than looked up row by row
--| SCAN t
--| SEARCH u USING AUTOMATIC COVERING INDEX (x=?)
SELECT * FROM plain JOIN t ON t.id = plain.a;
SELECT * FROM plain JOIN t ON t.a = plain.a;
--: tables of this size are hashed rather than looked up row by row
--| SCAN t
--| SEARCH plain USING AUTOMATIC COVERING INDEX (a=?)
SELECT * FROM plain LEFT JOIN t ON t.id = plain.a;
SELECT * FROM plain LEFT JOIN t ON t.a = plain.a;
--: tables of this size are hashed rather than looked up row by row
--| SCAN plain
--| SEARCH t USING AUTOMATIC COVERING INDEX (a=?) LEFT-JOIN
SELECT * FROM plain LEFT JOIN u ON u.x = plain.a AND u.y = 'q';
--: tables of this size are hashed rather than looked up row by row
--| SCAN plain
--| SEARCH u USING AUTOMATIC PARTIAL COVERING INDEX (x=?) LEFT-JOIN
SELECT * FROM plain RIGHT JOIN t ON t.id = plain.a;
--: RIGHT and FULL JOIN look the right side up in a hash table
--| SCAN plain
--| SEARCH t USING AUTOMATIC COVERING INDEX (id=?)
--| RIGHT-JOIN t
--|   SCAN t
SELECT plain.a FROM plain LEFT JOIN u ON u.x = plain.a;
--: a LEFT JOIN that nobody reads is still made
--| SCAN plain
--| SEARCH u USING AUTOMATIC COVERING INDEX (x=?) LEFT-JOIN
SELECT * FROM plain LEFT JOIN t ON t.id = plain.a WHERE t.b = 'x';
--: tables of this size are hashed rather than looked up row by row
--| SCAN plain
--| SEARCH t USING AUTOMATIC PARTIAL COVERING INDEX (id=?)
SELECT * FROM plain JOIN t ON t.id = plain.a JOIN u ON u.x = t.a;
--: tables of this size are hashed rather than looked up row by row
--| SCAN plain
--| SEARCH t USING INTEGER PRIMARY KEY (rowid=?)
--| SEARCH u USING AUTOMATIC COVERING INDEX (x=?)
SELECT * FROM plain LEFT JOIN t ON t.id = plain.a LEFT JOIN u ON u.x = t.a;
--: tables of this size are hashed rather than looked up row by row
--| SCAN plain
--| SEARCH t USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN
--| SEARCH u USING AUTOMATIC COVERING INDEX (x=?) LEFT-JOIN
SELECT * FROM plain JOIN keyed ON keyed.k = plain.a;
SELECT * FROM parent JOIN child ON child.parent_id = parent.id;
SELECT parent.id, count(*) FROM parent JOIN child ON child.parent_id = parent.id GROUP BY parent.id;
SELECT * FROM child JOIN parent ON child.parent_id = parent.id ORDER BY child.id;
SELECT * FROM child JOIN parent ON child.parent_id = parent.id ORDER BY name;
SELECT * FROM child JOIN parent ON child.parent_id = parent.id WHERE child.id = 5;
SELECT * FROM t JOIN u ON u.x = t.a WHERE t.id = 7;
SELECT * FROM t, u WHERE t.id = 7 AND u.x = 3;
SELECT * FROM plain LEFT JOIN (t JOIN u ON u.x = t.a) ON t.id = plain.a;
--: a hash join: no Bloom filter stands before the hash table
--| MATERIALIZE (join-1)
--|   SCAN t
--|   SEARCH u USING AUTOMATIC COVERING INDEX (x=?)
--| SCAN plain
--| SEARCH (join-1) USING AUTOMATIC COVERING INDEX (id=?) LEFT-JOIN
-- compounds and VALUES
SELECT a FROM plain UNION ALL SELECT a FROM other;
SELECT a FROM plain UNION SELECT a FROM other;
--: the arms of a compound are gathered and told apart in one set; SQLite sorts each and merges
--| COMPOUND QUERY
--|   LEFT-MOST SUBQUERY
--|     SCAN plain
--|   UNION USING TEMP B-TREE
--|     SCAN other
SELECT a FROM plain INTERSECT SELECT a FROM other;
--: the arms of a compound are gathered and told apart in one set; SQLite sorts each and merges
--| COMPOUND QUERY
--|   LEFT-MOST SUBQUERY
--|     SCAN plain
--|   INTERSECT USING TEMP B-TREE
--|     SCAN other
SELECT a FROM plain EXCEPT SELECT a FROM other;
--: the arms of a compound are gathered and told apart in one set; SQLite sorts each and merges
--| COMPOUND QUERY
--|   LEFT-MOST SUBQUERY
--|     SCAN plain
--|   EXCEPT USING TEMP B-TREE
--|     SCAN other
SELECT a FROM plain UNION ALL SELECT a FROM other UNION ALL SELECT x FROM u;
SELECT a FROM plain UNION SELECT a FROM other UNION SELECT x FROM u;
--: the arms of a compound are gathered and told apart in one set; SQLite sorts each and merges
--| COMPOUND QUERY
--|   LEFT-MOST SUBQUERY
--|     SCAN plain
--|   UNION USING TEMP B-TREE
--|     SCAN other
--|   UNION USING TEMP B-TREE
--|     SCAN u USING COVERING INDEX u_x
SELECT a FROM plain UNION ALL SELECT a FROM other UNION SELECT x FROM u;
--: the arms of a compound are gathered and told apart in one set; SQLite sorts each and merges
--| COMPOUND QUERY
--|   LEFT-MOST SUBQUERY
--|     SCAN plain
--|   UNION ALL
--|     SCAN other
--|   UNION USING TEMP B-TREE
--|     SCAN u USING COVERING INDEX u_x
SELECT a FROM plain UNION ALL SELECT a FROM other ORDER BY 1;
--: the arms of a compound are gathered and told apart in one set; SQLite sorts each and merges
--| COMPOUND QUERY
--|   LEFT-MOST SUBQUERY
--|     SCAN plain
--|   UNION ALL
--|     SCAN other
--| USE TEMP B-TREE FOR ORDER BY
SELECT a FROM plain UNION SELECT a FROM other ORDER BY 1;
--: the arms of a compound are gathered and told apart in one set; SQLite sorts each and merges
--| COMPOUND QUERY
--|   LEFT-MOST SUBQUERY
--|     SCAN plain
--|   UNION USING TEMP B-TREE
--|     SCAN other
--| USE TEMP B-TREE FOR ORDER BY
SELECT a FROM plain INTERSECT SELECT a FROM other ORDER BY 1;
--: the arms of a compound are gathered and told apart in one set; SQLite sorts each and merges
--| COMPOUND QUERY
--|   LEFT-MOST SUBQUERY
--|     SCAN plain
--|   INTERSECT USING TEMP B-TREE
--|     SCAN other
--| USE TEMP B-TREE FOR ORDER BY
SELECT a FROM plain EXCEPT SELECT a FROM other ORDER BY 1;
--: the arms of a compound are gathered and told apart in one set; SQLite sorts each and merges
--| COMPOUND QUERY
--|   LEFT-MOST SUBQUERY
--|     SCAN plain
--|   EXCEPT USING TEMP B-TREE
--|     SCAN other
--| USE TEMP B-TREE FOR ORDER BY
SELECT a FROM t UNION ALL SELECT x FROM u ORDER BY 1;
--: the arms of a compound are gathered and told apart in one set; SQLite sorts each and merges
--| COMPOUND QUERY
--|   LEFT-MOST SUBQUERY
--|     SCAN t USING COVERING INDEX t_a
--|   UNION ALL
--|     SCAN u USING COVERING INDEX u_x
--| USE TEMP B-TREE FOR ORDER BY
SELECT a FROM plain UNION ALL SELECT a FROM other LIMIT 3;
SELECT 1 UNION ALL SELECT 2;
SELECT 1 UNION SELECT 2;
--: the arms of a compound are gathered and told apart in one set; SQLite sorts each and merges
--| COMPOUND QUERY
--|   LEFT-MOST SUBQUERY
--|     SCAN CONSTANT ROW
--|   UNION USING TEMP B-TREE
--|     SCAN CONSTANT ROW
VALUES (1);
VALUES (1), (2);
VALUES (1, 2), (3, 4), (5, 6);
SELECT * FROM (VALUES (1), (2));
SELECT * FROM (VALUES (1), (2)) AS v;
VALUES (1), (2) UNION ALL SELECT a FROM plain;
-- CTEs
WITH c AS (SELECT a FROM plain) SELECT * FROM c;
WITH c AS (SELECT a FROM plain WHERE b = 1) SELECT * FROM c WHERE a > 1;
WITH c AS MATERIALIZED (SELECT a FROM plain) SELECT * FROM c;
WITH c AS NOT MATERIALIZED (SELECT a FROM plain) SELECT * FROM c;
WITH c AS (SELECT a FROM plain) SELECT * FROM c AS d;
WITH c AS (SELECT a FROM plain) SELECT * FROM c, c AS d;
--: the second use of a CTE computes it once; the first has run by itself
--| MATERIALIZE c
--|   SCAN plain
--| SCAN plain
--| SCAN d
WITH c AS (SELECT a, count(*) AS n FROM plain GROUP BY a) SELECT * FROM c;
WITH c AS (SELECT a, count(*) AS n FROM plain GROUP BY a) SELECT * FROM c JOIN c AS d ON c.n = d.n;
--: the second use of a CTE computes it once; the first has run by itself
--| CO-ROUTINE c
--|   SCAN plain
--|   USE TEMP B-TREE FOR GROUP BY
--| MATERIALIZE c
--|   SCAN plain
--|   USE TEMP B-TREE FOR GROUP BY
--| SCAN c
--| SEARCH d USING AUTOMATIC COVERING INDEX (n=?)
WITH c AS (SELECT a, count(*) AS n FROM plain GROUP BY a) SELECT * FROM t JOIN c ON t.id = c.a;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5) SELECT * FROM n;
WITH RECURSIVE n(i) AS (VALUES (1) UNION SELECT i + 1 FROM n WHERE i < 5) SELECT * FROM n;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 5) SELECT * FROM n;
WITH RECURSIVE tree(id) AS (SELECT id FROM parent WHERE id = 1 UNION ALL SELECT child.id FROM tree JOIN child ON child.parent_id = tree.id) SELECT * FROM tree;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n ORDER BY 1 LIMIT 5) SELECT * FROM n;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5) SELECT * FROM n JOIN t ON t.id = n.i;
WITH a AS (SELECT a FROM plain), b AS (SELECT a FROM a) SELECT * FROM b;
-- subqueries in expressions
SELECT DISTINCT a, (SELECT max(a) FROM other) FROM plain;
SELECT * FROM plain WHERE 1 = (SELECT count(*) FROM other);
SELECT * FROM plain WHERE NOT EXISTS (SELECT 1 FROM other);
SELECT 1 WHERE (SELECT count(*) FROM other);
SELECT a, count(*) FROM plain GROUP BY a HAVING count(*) > (SELECT avg(a) FROM other);
SELECT a, sum((SELECT max(a) FROM other)) FROM plain GROUP BY a;
SELECT * FROM plain WHERE (a, b) = (SELECT a, b FROM other);
SELECT * FROM plain JOIN t ON t.id = plain.a AND t.b = (SELECT max(y) FROM u) WHERE plain.b IN (SELECT x FROM u WHERE z = 1);
--: a hash join: no Bloom filter stands before the hash table
--| SCAN plain
--| LIST SUBQUERY 2
--|   SCAN u
--| SEARCH t USING AUTOMATIC PARTIAL COVERING INDEX (id=?)
--| SCALAR SUBQUERY 1
--|   SEARCH u
SELECT a IN (SELECT a FROM other WHERE b = 3) FROM plain;
--: the set of IN is a hash table: no Bloom filter stands before it
--| SCAN plain
--| LIST SUBQUERY 1
--|   SCAN other
SELECT * FROM plain WHERE a = (SELECT max(a) FROM other) AND b = (SELECT min(a) FROM other);
SELECT (SELECT 1);
SELECT (SELECT max(a) FROM plain);
SELECT a, (SELECT count(*) FROM other) FROM plain;
SELECT a, (SELECT count(*) FROM other WHERE other.a = plain.a) FROM plain;
--: tables of this size are hashed rather than looked up row by row
--| SCAN plain
--| CORRELATED SCALAR SUBQUERY 1
--|   SEARCH other USING AUTOMATIC COVERING INDEX (a=?)
SELECT a, (SELECT b FROM t WHERE t.id = plain.a) FROM plain;
SELECT a, (SELECT b FROM t WHERE t.id = plain.a), (SELECT y FROM u WHERE x = 1) FROM plain;
SELECT * FROM plain WHERE a = (SELECT max(a) FROM other);
SELECT * FROM t WHERE a = (SELECT max(a) FROM other);
SELECT * FROM plain WHERE a IN (SELECT a FROM other);
--: the set of IN is a hash table: no Bloom filter stands before it
--| SCAN plain
--| LIST SUBQUERY 1
--|   SCAN other
SELECT * FROM plain WHERE a NOT IN (SELECT a FROM other);
--: the set of IN is a hash table: no Bloom filter stands before it
--| SCAN plain
--| LIST SUBQUERY 1
--|   SCAN other
SELECT * FROM plain WHERE a IN (SELECT x FROM u);
--: the values of IN are gathered in a set; SQLite asks the index
--| SCAN plain
--| LIST SUBQUERY 1
--|   SCAN u USING COVERING INDEX u_x
SELECT * FROM plain WHERE a IN (SELECT id FROM t);
--: the values of IN are gathered in a set; SQLite asks the index
--| SCAN plain
--| LIST SUBQUERY 1
--|   SCAN t USING COVERING INDEX t_a
SELECT * FROM plain WHERE a IN (SELECT a FROM other WHERE other.b = plain.b);
--: tables of this size are hashed rather than looked up row by row
--| SCAN plain
--| CORRELATED LIST SUBQUERY 1
--|   SEARCH other USING AUTOMATIC COVERING INDEX (b=?)
SELECT * FROM plain WHERE a IN (SELECT a FROM other WHERE b = 1);
--: the set of IN is a hash table: no Bloom filter stands before it
--| SCAN plain
--| LIST SUBQUERY 1
--|   SCAN other
SELECT * FROM plain WHERE a IN other;
SELECT * FROM plain WHERE a IN (1, 2, 3);
SELECT * FROM plain WHERE EXISTS (SELECT 1 FROM other);
--: EXISTS is a subquery; SQLite makes a join of it
--| SCAN plain
--| SCALAR SUBQUERY 1
--|   SCAN other
SELECT * FROM plain WHERE EXISTS (SELECT 1 FROM t WHERE t.id = plain.a);
--: EXISTS is a subquery; SQLite makes a join of it
--| SCAN plain
--| CORRELATED SCALAR SUBQUERY 1
--|   SEARCH t USING INTEGER PRIMARY KEY (rowid=?)
SELECT * FROM plain WHERE EXISTS (SELECT 1 FROM other WHERE other.a = plain.a);
--: EXISTS is a subquery; SQLite makes a join of it
--| SCAN plain
--| CORRELATED SCALAR SUBQUERY 1
--|   SEARCH other USING AUTOMATIC COVERING INDEX (a=?)
SELECT * FROM plain WHERE NOT EXISTS (SELECT 1 FROM t WHERE t.id = plain.a);
SELECT EXISTS (SELECT 1 FROM plain);
SELECT * FROM plain ORDER BY (SELECT b FROM t WHERE t.id = plain.a);
SELECT a, (SELECT (SELECT max(b) FROM other WHERE other.a = t.a) FROM t WHERE t.id = plain.a) FROM plain;
--: tables of this size are hashed rather than looked up row by row
--| SCAN plain
--| CORRELATED SCALAR SUBQUERY 2
--|   SEARCH t USING INTEGER PRIMARY KEY (rowid=?)
--|   CORRELATED SCALAR SUBQUERY 1
--|     SEARCH other USING AUTOMATIC PARTIAL COVERING INDEX (a=?)
SELECT count(*) FROM plain WHERE a > (SELECT avg(a) FROM plain);
SELECT (SELECT a FROM plain UNION SELECT a FROM other);
SELECT CASE WHEN (SELECT 1 FROM other) THEN 1 ELSE (SELECT 2 FROM plain) END;
SELECT * FROM t LIMIT (SELECT 3);
-- subqueries and views in FROM
SELECT * FROM simple;
SELECT * FROM simple AS s;
SELECT * FROM simple WHERE a = 1;
SELECT * FROM filtered;
SELECT * FROM filtered WHERE a = 1 ORDER BY b;
SELECT * FROM joined;
--: tables of this size are hashed rather than looked up row by row
--| SCAN t USING COVERING INDEX t_a
--| SEARCH u USING AUTOMATIC COVERING INDEX (x=?)
SELECT * FROM joined WHERE id = 3;
SELECT * FROM totals;
SELECT * FROM totals WHERE a = 1;
--: the condition is not known inside the groups
--| CO-ROUTINE totals
--|   SCAN plain
--|   USE TEMP B-TREE FOR GROUP BY
--| SCAN totals
SELECT * FROM totals ORDER BY n;
SELECT * FROM both;
SELECT * FROM both WHERE a = 1;
SELECT count(*) FROM both;
--: the rows are counted; SQLite adds the counts of the arms
--| CO-ROUTINE both
--|   COMPOUND QUERY
--|     LEFT-MOST SUBQUERY
--|       SCAN plain
--|     UNION ALL
--|       SCAN other
--| SCAN both
SELECT * FROM ends;
SELECT * FROM simple JOIN t ON t.id = simple.a;
SELECT * FROM t JOIN simple ON t.id = simple.a;
SELECT * FROM t LEFT JOIN simple ON t.id = simple.a;
--: tables of this size are hashed rather than looked up row by row
--| SCAN t
--| SEARCH plain USING AUTOMATIC COVERING INDEX (a=?) LEFT-JOIN
SELECT * FROM t JOIN totals ON t.id = totals.a;
SELECT * FROM t LEFT JOIN totals ON t.id = totals.a;
--: tables of this size are hashed rather than looked up row by row
--| MATERIALIZE totals
--|   SCAN plain
--|   USE TEMP B-TREE FOR GROUP BY
--| SCAN t
--| SEARCH totals USING AUTOMATIC COVERING INDEX (a=?) LEFT-JOIN
SELECT * FROM (SELECT a FROM plain);
SELECT * FROM (SELECT a FROM plain) AS s;
SELECT * FROM (SELECT a, b FROM plain WHERE c = 1) WHERE b = 2;
SELECT * FROM (SELECT a FROM plain ORDER BY b);
SELECT * FROM (SELECT a FROM plain LIMIT 5);
SELECT * FROM (SELECT a FROM plain LIMIT 5) AS s ORDER BY a;
SELECT * FROM (SELECT DISTINCT a FROM plain);
SELECT * FROM (SELECT DISTINCT a FROM plain) AS d WHERE a > 1;
SELECT * FROM (SELECT a, count(*) AS n FROM plain GROUP BY a) WHERE n > 1;
SELECT count(*) FROM (SELECT a FROM plain);
SELECT count(*) FROM (SELECT DISTINCT a FROM plain);
SELECT * FROM (SELECT * FROM (SELECT a FROM plain));
SELECT * FROM (SELECT id FROM t WHERE a = 1) AS s JOIN u ON u.x = s.id;
--: tables of this size are hashed rather than looked up row by row
--| SEARCH t USING COVERING INDEX t_a (a=?)
--| SEARCH u USING AUTOMATIC COVERING INDEX (x=?)
SELECT * FROM (SELECT 1 AS one);
SELECT * FROM (SELECT 1 AS one) AS s JOIN plain ON plain.a = s.one;
--: tables of this size are hashed rather than looked up row by row
--| MATERIALIZE s
--|   SCAN CONSTANT ROW
--| SCAN plain
--| SEARCH s USING AUTOMATIC COVERING INDEX (one=?)
SELECT * FROM plain JOIN (VALUES (1), (2)) AS v ON v.column1 = plain.a;
--: VALUES in a join are gathered by their name
--| MATERIALIZE v
--|   SCAN 2-ROW VALUES CLAUSE
--| SCAN plain
--| SEARCH v USING AUTOMATIC COVERING INDEX (column1=?)
SELECT * FROM t JOIN totals AS x ON t.id = x.a;
SELECT * FROM totals AS x;
SELECT * FROM plain JOIN totals ON plain.a = totals.n;
--: a hash join: no Bloom filter stands before the hash table
--| MATERIALIZE totals
--|   SCAN plain
--|   USE TEMP B-TREE FOR GROUP BY
--| SCAN plain
--| SEARCH totals USING AUTOMATIC COVERING INDEX (n=?)
SELECT * FROM plain JOIN simple ON plain.a = simple.b;
--: a hash join: no Bloom filter stands before the hash table
--| SCAN plain
--| SEARCH plain USING AUTOMATIC COVERING INDEX (b=?)
SELECT * FROM plain LEFT JOIN filtered ON plain.a = filtered.b;
--: a hash join: no Bloom filter stands before the hash table
--| SCAN plain
--| SEARCH plain USING AUTOMATIC PARTIAL COVERING INDEX (b=?) LEFT-JOIN
SELECT * FROM plain LEFT JOIN joined ON plain.a = joined.id;
--: a hash join: no Bloom filter stands before the hash table
--| MATERIALIZE joined
--|   SCAN t USING COVERING INDEX t_a
--|   SEARCH u USING AUTOMATIC COVERING INDEX (x=?)
--| SCAN plain
--| SEARCH joined USING AUTOMATIC COVERING INDEX (id=?) LEFT-JOIN
SELECT * FROM (SELECT a FROM plain ORDER BY b) AS s ORDER BY a;
--: the subquery is sorted too; SQLite drops that order
--| CO-ROUTINE s
--|   SCAN plain
--|   USE TEMP B-TREE FOR ORDER BY
--| SCAN s
--| USE TEMP B-TREE FOR ORDER BY
SELECT * FROM (SELECT a FROM plain ORDER BY b LIMIT 4) AS s WHERE a > 1;
SELECT max(a) FROM (SELECT a FROM plain ORDER BY b LIMIT 4);
SELECT * FROM (SELECT a FROM plain UNION ALL SELECT a FROM other) ORDER BY 1;
--: the arms of a compound are gathered and told apart in one set; SQLite sorts each and merges
--| CO-ROUTINE (subquery-2)
--|   COMPOUND QUERY
--|     LEFT-MOST SUBQUERY
--|       SCAN plain
--|     UNION ALL
--|       SCAN other
--| SCAN (subquery-2)
--| USE TEMP B-TREE FOR ORDER BY
SELECT * FROM (SELECT a FROM plain UNION SELECT a FROM other);
--: the arms of a compound are gathered and told apart in one set; SQLite sorts each and merges
--| CO-ROUTINE (subquery-2)
--|   COMPOUND QUERY
--|     LEFT-MOST SUBQUERY
--|       SCAN plain
--|     UNION USING TEMP B-TREE
--|       SCAN other
--| SCAN (subquery-2)
SELECT * FROM (SELECT a FROM plain UNION ALL SELECT a FROM other) AS s JOIN t ON t.id = s.a;
--: a compound in a join is one source; SQLite joins each arm
--| CO-ROUTINE s
--|   COMPOUND QUERY
--|     LEFT-MOST SUBQUERY
--|       SCAN plain
--|     UNION ALL
--|       SCAN other
--| SCAN s
--| SEARCH t USING INTEGER PRIMARY KEY (rowid=?)
SELECT a, b FROM (SELECT a, (SELECT max(b) FROM other) AS b FROM plain);
-- windows
SELECT a, row_number() OVER () FROM plain;
SELECT a, row_number() OVER (ORDER BY a) FROM plain;
SELECT a, sum(b) OVER (PARTITION BY a ORDER BY b) FROM plain;
SELECT a, sum(c) OVER (ORDER BY id) FROM t WHERE c > 1;
SELECT a, sum(c) OVER (ORDER BY id), rank() OVER (ORDER BY id, c) FROM t;
SELECT a, sum(c) OVER (PARTITION BY id ORDER BY c), rank() OVER (ORDER BY id) FROM t LIMIT 3;
SELECT a, rank() OVER (ORDER BY a) FROM t;
--: a window sorts its rows, also those that an index orders
--| CO-ROUTINE (subquery-2)
--|   SCAN t USING COVERING INDEX t_a
--|   USE TEMP B-TREE FOR ORDER BY
--| SCAN (subquery-2)
SELECT c, rank() OVER (ORDER BY a) FROM t LIMIT 3;
SELECT c, sum(c) OVER (PARTITION BY b ORDER BY c) FROM t ORDER BY b, c LIMIT 3;
SELECT c, sum(c) OVER (ORDER BY a DESC) FROM t WHERE a > 5 LIMIT 3;
SELECT a, sum(b) OVER w, avg(b) OVER w FROM plain WINDOW w AS (PARTITION BY a);
SELECT a, row_number() OVER (ORDER BY a) FROM plain ORDER BY b;
SELECT a, row_number() OVER (ORDER BY a), row_number() OVER (ORDER BY b) FROM plain;
SELECT a, count(*), rank() OVER (ORDER BY count(*)) FROM plain GROUP BY a;
SELECT * FROM (SELECT a, row_number() OVER (ORDER BY b) AS r FROM plain) WHERE r = 1;
-- changes
INSERT INTO plain VALUES (1, 2, 3);
INSERT INTO plain VALUES (1, 2, 3), (4, 5, 6);
INSERT INTO plain DEFAULT VALUES;
INSERT INTO plain VALUES ((SELECT max(a) FROM other), 2, 3);
INSERT INTO plain SELECT a, b, 1 FROM other;
INSERT INTO plain SELECT * FROM plain;
INSERT INTO plain SELECT a, b, count(*) FROM other GROUP BY a;
INSERT INTO plain SELECT a, b, 1 FROM other ORDER BY a;
INSERT INTO u VALUES (1, 2, 3) ON CONFLICT (x) DO UPDATE SET y = (SELECT max(b) FROM plain);
INSERT INTO plain(a) VALUES (1) RETURNING (SELECT count(*) FROM other);
INSERT INTO plain(a) WITH c AS (SELECT a FROM other) SELECT a FROM c;
INSERT INTO parent(name) VALUES ('x');
--: foreign keys are checked by plans of their own, which are not shown
--| 
REPLACE INTO u SELECT a, b, c FROM plain;
UPDATE plain SET a = 1;
UPDATE plain SET a = 1 WHERE b = 2;
UPDATE t SET b = 'x' WHERE id = 3;
UPDATE t SET b = 'x' WHERE a = 3;
UPDATE t SET a = a + 1 WHERE a > 3;
UPDATE plain SET a = (SELECT max(a) FROM other);
UPDATE plain SET a = (SELECT b FROM t WHERE t.id = plain.a);
UPDATE plain SET a = other.b FROM other WHERE other.a = plain.a;
--: a hash join: no Bloom filter stands before the hash table
--| SCAN plain
--| SEARCH other USING AUTOMATIC COVERING INDEX (a=?)
UPDATE plain SET a = t.b FROM t WHERE t.id = plain.a;
UPDATE plain SET b = 1 WHERE a IN (SELECT x FROM u);
--: the values of IN are gathered in a set; SQLite asks the index
--| SCAN plain
--| LIST SUBQUERY 1
--|   SCAN u USING COVERING INDEX u_x
UPDATE keyed SET v = 1 WHERE k = 'a';
UPDATE keyed SET v = 1;
--: the index that leads to the rows of an UPDATE is named without the word COVERING
--| SCAN keyed USING INDEX keyed_v
DELETE FROM plain;
--: the rows are read; SQLite empties the table without looking
--| SCAN plain
DELETE FROM plain WHERE a = 1;
DELETE FROM t WHERE id = 1;
DELETE FROM t WHERE a = 1;
DELETE FROM t WHERE a = 1 OR id = 2;
--: an OR reads the table once; no index for each side
--| MULTI-INDEX OR
--|   INDEX 1
--|     SEARCH t USING INDEX t_a (a=?)
--|   INDEX 2
--|     SEARCH t USING INTEGER PRIMARY KEY (rowid=?)
DELETE FROM plain WHERE a IN (SELECT a FROM other);
--: the set of IN is a hash table: no Bloom filter stands before it
--| SCAN plain
--| LIST SUBQUERY 1
--|   SCAN other
DELETE FROM plain WHERE NOT EXISTS (SELECT 1 FROM t WHERE t.id = plain.a);
DELETE FROM keyed WHERE k = 'a' AND m > 2;
DELETE FROM parent WHERE id = 1;
--: foreign keys are checked by plans of their own, which are not shown
--| SEARCH parent USING INTEGER PRIMARY KEY (rowid=?)
DELETE FROM changed WHERE a = 1;
UPDATE changed SET b = 1 WHERE a = 2;
DELETE FROM main.plain WHERE a = 1;
--: an UPDATE or DELETE names its table without the database
--| SCAN plain
UPDATE plain AS p SET a = 1 WHERE p.b = 2;
DELETE FROM plain WHERE a = (SELECT max(a) FROM other) RETURNING (SELECT min(a) FROM other);
CREATE TABLE copied AS SELECT a FROM plain;
CREATE INDEX later ON plain(a);
-- tables that functions make
SELECT * FROM json_each('[1,2]');
SELECT * FROM json_tree('[1,2]');
SELECT * FROM json_each('[1,2]') AS j WHERE j.key = 1;
SELECT * FROM plain, json_each(plain.b);
SELECT * FROM plain, json_each(plain.b) AS j WHERE j.value = plain.a;
SELECT * FROM pragma_table_info('t');
SELECT name FROM pragma_table_info('t') ORDER BY name;
SELECT * FROM pragma_table_list;
SELECT * FROM pragma_table_info('t') AS i JOIN plain ON plain.a = i.cid;
SELECT * FROM plain WHERE a IN (SELECT value FROM json_each('[1,2]'));
--: the set of IN is a hash table: no Bloom filter stands before it
--| SCAN plain
--| LIST SUBQUERY 1
--|   SCAN json_each VIRTUAL TABLE INDEX 1:
-- LIKE and GLOB by how their pattern begins
SELECT * FROM folded WHERE name LIKE 'ab%';
SELECT n FROM folded WHERE name LIKE 'ab%c';
SELECT n FROM folded WHERE name LIKE 'ab';
SELECT n FROM folded WHERE name LIKE '%ab';
SELECT n FROM folded WHERE name LIKE 'a@%%' ESCAPE '@';
SELECT n FROM folded WHERE name LIKE 'a%' ESCAPE '%';
SELECT n FROM folded WHERE name LIKE 'a%' ESCAPE 'é';
SELECT n FROM folded WHERE name LIKE 'a%' ORDER BY name;
SELECT n FROM folded WHERE name NOT LIKE 'a%';
SELECT n FROM folded WHERE name GLOB 'a*';
SELECT n FROM folded WHERE name LIKE ?;
SELECT * FROM t WHERE b GLOB 'ab*';
SELECT a FROM t WHERE b GLOB 'ab*' AND c > 1;
SELECT a FROM t WHERE b LIKE 'ab%';
SELECT a FROM t WHERE b GLOB '[ab]*';
SELECT a FROM t WHERE b GLOB 'ab*' OR b GLOB 'c*';
SELECT v FROM keyed WHERE k GLOB 'a*';
SELECT k FROM keyed WHERE v GLOB '12*';
SELECT k FROM keyed WHERE v GLOB '12x*';
SELECT k FROM keyed WHERE v GLOB '-*';
SELECT b FROM t WHERE a GLOB 'x*';
SELECT b FROM expr WHERE lower(a) GLOB 'x*';
