# Subqueries in the conditions of scans: those that no row changes are computed once, also where rows run in batches.
> CREATE TABLE t (id INTEGER PRIMARY KEY, a, n INTEGER, s TEXT COLLATE NOCASE)
> CREATE TABLE u (x, y TEXT, z INTEGER)
> WITH RECURSIVE c (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 150) INSERT INTO t SELECT i, CASE i % 6 WHEN 0 THEN NULL WHEN 1 THEN i % 5 WHEN 2 THEN (i % 5) || '' WHEN 3 THEN (i % 5) + 0.0 WHEN 4 THEN x'31' ELSE 'K' || (i % 3) END, i % 10, CASE i % 4 WHEN 0 THEN NULL ELSE 'Word ' || (i % 7) END FROM c
changes 150
> INSERT INTO u VALUES (1, 'word 1', 1), ('2', 'WORD 2', 2), (3.0, 'word 3', NULL), (x'31', NULL, 4), ('k1', 'Word 5', 30)
changes 5
> SELECT count(*), sum(n) FROM t WHERE n IN (SELECT z FROM u)
45 | 105
> SELECT count(*), sum(n) FROM t WHERE n NOT IN (SELECT z FROM u)
0 | NULL
> SELECT count(*), sum(n) FROM t WHERE n NOT IN (SELECT z FROM u WHERE z IS NOT NULL)
105 | 570
> SELECT count(*), sum(n) FROM t WHERE (n IN (SELECT z FROM u)) IS NULL
105 | 570
> SELECT count(*), sum(n) FROM t WHERE a IN (SELECT x FROM u)
50 | 150
> SELECT count(*), sum(n) FROM t WHERE a NOT IN (SELECT x FROM u)
75 | 425
> SELECT count(*), sum(n) FROM t WHERE a IN (SELECT y FROM u)
0 | NULL
> SELECT count(*), group_concat(id) FROM t WHERE s IN (SELECT y FROM u)
66 | '1,2,3,5,9,10,15,17,19,22,23,26,29,30,31,33,37,38,43,45,47,50,51,54,57,58,59,61,65,66,71,73,75,78,79,82,85,86,87,89,93,94,99,101,103,106,107,110,113,114,115,117,121,122,127,129,131,134,135,138,141,142,143,145,149,150'
> SELECT count(*), group_concat(id) FROM t WHERE s COLLATE BINARY IN (SELECT y FROM u)
16 | '5,19,26,33,47,54,61,75,82,89,103,110,117,131,138,145'
> SELECT count(*) FROM t WHERE n IN (SELECT x FROM u)
45
> SELECT count(*) FROM t WHERE a IN (SELECT z FROM u WHERE z > 100)
0
> SELECT count(*) FROM t WHERE a NOT IN (SELECT z FROM u WHERE z > 100)
150
> SELECT count(*), count(DISTINCT n IN (SELECT z FROM u)) FROM t
150 | 1
> SELECT n IN (SELECT z FROM u) AS k, count(*) FROM t GROUP BY k
NULL | 105
1 | 45
> SELECT id FROM t WHERE n IN (SELECT z FROM u) AND id > 120
121
122
124
131
132
134
141
142
144
> SELECT count(*) FROM t WHERE n > (SELECT avg(z) FROM u)
0
> SELECT count(*) FROM t WHERE n > (SELECT z FROM u WHERE 0)
0
> SELECT count(*), sum(n * (SELECT max(z) FROM u)) FROM t WHERE EXISTS (SELECT 1 FROM u WHERE z = 4)
150 | 20250
> SELECT count(*) FROM t WHERE NOT EXISTS (SELECT 1 FROM u WHERE z = 4) OR n = 3
15
# Those that depend on the row.
> SELECT count(*), sum(n) FROM t WHERE n IN (SELECT z FROM u WHERE u.z < t.id)
42 | 98
> SELECT count(*), sum(n) FROM t WHERE EXISTS (SELECT 1 FROM u WHERE u.z = t.n)
45 | 105
> SELECT count(*), sum((SELECT count(*) FROM u WHERE u.z > t.n)) FROM t
150 | 255
# Those that depend on the row of a query around.
> SELECT y, (SELECT count(*) FROM t WHERE n IN (SELECT z FROM u AS v WHERE v.z <= u.z)) FROM u
'word 1' | 15
'WORD 2' | 30
'word 3' | 0
NULL | 45
'Word 5' | 45
> SELECT y, (SELECT count(*) FROM t WHERE n IN (SELECT z FROM u) AND n >= u.z) FROM u
'word 1' | 45
'WORD 2' | 30
'word 3' | 0
NULL | 15
'Word 5' | 0
# Errors are those of rows that are asked.
> SELECT count(*) FROM t WHERE n IN (SELECT json(y) FROM u)
error SQLITE_ERROR: malformed JSON
> SELECT count(*) FROM t WHERE id > 1000 AND n IN (SELECT json(y) FROM u)
0
> SELECT count(*) FROM t WHERE n > 100 AND n > (SELECT json(y) FROM u)
0
> SELECT count(*) FROM t WHERE n >= 0 AND n > (SELECT json(y) FROM u)
error SQLITE_ERROR: malformed JSON
# Joins.
> SELECT count(*), sum(u.z) FROM t CROSS JOIN u ON u.z = t.n AND t.n IN (SELECT z FROM u) WHERE u.z < (SELECT max(z) FROM u)
45 | 105
