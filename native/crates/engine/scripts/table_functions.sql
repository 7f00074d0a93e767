# Conditions on the hidden columns of table functions are their arguments.
> CREATE TABLE m(name, doc)
> INSERT INTO m VALUES ('m', '[1,2]'), ('other', '{"a":5}')
changes 2
> SELECT name, key, value FROM m, json_each WHERE json = doc
'm' | 0 | 1
'm' | 1 | 2
'other' | 'a' | 5
> SELECT name, key, value FROM json_each, m WHERE json = doc
'm' | 0 | 1
'm' | 1 | 2
'other' | 'a' | 5
> SELECT name, key, value FROM m LEFT JOIN json_each ON json = doc
'm' | 0 | 1
'm' | 1 | 2
'other' | 'a' | 5
> SELECT name, key, value FROM m LEFT JOIN json_each ON json = doc AND value > 1
'm' | 1 | 2
'other' | 'a' | 5
> SELECT key, value FROM json_each WHERE json = '{"a":{"b":1}}' AND root = '$.a'
'b' | 1
> SELECT key, value FROM json_each WHERE '{"a":{"b":1}}' = json AND '$.a' = root
'b' | 1
> SELECT key, value FROM json_each WHERE root = '$.a'
> SELECT key, value FROM json_each('{"a":{"b":1}}') WHERE root = '$.a'
'b' | 1
> SELECT key, value FROM json_each('[1,2]') WHERE json = '[3]'
> SELECT key, value FROM json_each('[1,2]') WHERE json > '['
0 | 1
1 | 2
> SELECT key, value FROM json_each WHERE json = '[1,2]' AND json = '[3]'
> SELECT key, value FROM json_each WHERE json IN ('[1,2]')
0 | 1
1 | 2
> SELECT key, value FROM json_each WHERE json = NULL
> SELECT key, value FROM json_each WHERE json = 5
NULL | 5
> SELECT count(*) FROM json_each
0
> SELECT m.name, p.name FROM m, pragma_table_info p WHERE p.arg = m.name
'm' | 'name'
'm' | 'doc'
> SELECT m.name, p.name FROM pragma_table_info p JOIN m ON p.arg = m.name
'm' | 'name'
'm' | 'doc'
> SELECT name FROM pragma_table_info WHERE arg = 'm' AND schema = 'main'
'name'
'doc'
> SELECT name FROM pragma_table_info('m') WHERE schema = 'temp'
> SELECT name, arg, schema FROM pragma_table_info('m')
'name' | 'm' | NULL
'doc' | 'm' | NULL
> SELECT name, (SELECT count(*) FROM json_each WHERE json = m.doc) FROM m
'm' | 2
'other' | 1
> SELECT name FROM m WHERE EXISTS (SELECT 1 FROM json_each WHERE json = m.doc AND value = 5)
'other'
> SELECT rowid, key FROM json_each WHERE json = '[5,6]' AND rowid > 0
1 | 1
> SELECT json, root FROM json_each('[1]')
'[1]' | '$'
> SELECT json, root FROM json_each('[1]', '$')
'[1]' | '$'
> SELECT json, root FROM json_tree WHERE json = '{"a":[1]}' AND root = '$.a'
'{"a":[1]}' | '$.a'
'{"a":[1]}' | '$.a'
> SELECT a.key, b.key FROM json_each a, json_each b WHERE a.json = b.value AND b.json = a.value
error SQLITE_ERROR: no query solution
> SELECT a.key, b.key, b.value FROM json_each('{"x":[1,2],"y":[3]}') a, json_each b WHERE b.json = a.value
'x' | 0 | 1
'x' | 1 | 2
'y' | 0 | 3
> SELECT a.key, b.key, b.value FROM json_each b, json_each('{"x":[1,2],"y":[3]}') a WHERE b.json = a.value
'x' | 0 | 1
'x' | 1 | 2
'y' | 0 | 3
> SELECT key, typeof(value), json(value) FROM jsonb_each('{"a":[1],"b":{"c":2}}')
'a' | 'blob' | '[1]'
'b' | 'blob' | '{"c":2}'
> SELECT key, type, typeof(value), value, atom, fullkey, path FROM jsonb_each('[1,"x",null,2.5,true]')
0 | 'integer' | 'integer' | 1 | 1 | '$[0]' | '$'
1 | 'text' | 'text' | 'x' | 'x' | '$[1]' | '$'
2 | 'null' | 'null' | NULL | NULL | '$[2]' | '$'
3 | 'real' | 'real' | 2.5 | 2.5 | '$[3]' | '$'
4 | 'true' | 'integer' | 1 | 1 | '$[4]' | '$'
> SELECT fullkey, typeof(value), hex(value) FROM jsonb_tree('{"a":[1,{"b":[]}]}') WHERE type IN ('array', 'object')
'$' | 'blob' | '9C17616B13313C17620B'
'$.a' | 'blob' | '6B13313C17620B'
'$.a[1]' | 'blob' | '3C17620B'
'$.a[1].b' | 'blob' | '0B'
> SELECT typeof(json), json(json), root FROM jsonb_each(jsonb('[1]'))
'blob' | '[1]' | '$'
> SELECT name, key FROM jsonb_each, m WHERE json = doc
'm' | 0
'm' | 1
'other' | 'a'
# One that no condition joins with anything comes for each row of all others: computing it takes SQLite no time.
> CREATE TABLE behind(a, b)
> INSERT INTO behind VALUES (1, 2), (3, 4)
changes 2
> CREATE INDEX behind_b ON behind(b)
> SELECT j.value, behind.a FROM json_each('[1,2]') j, behind
1 | 1
2 | 1
1 | 3
2 | 3
> SELECT j.value, behind.a FROM json_each('[1,2]') j CROSS JOIN behind
1 | 1
1 | 3
2 | 1
2 | 3
> SELECT j.value, behind.a FROM json_each('[4,2]') j, behind WHERE behind.b = j.value
4 | 3
2 | 1
> SELECT j.value, behind.a FROM json_each('[4,2]') j, behind WHERE behind.a < j.value
4 | 1
2 | 1
4 | 3
> SELECT j.value, behind.a FROM json_each('[4,2]') j, behind WHERE behind.b < j.value
4 | 1
> SELECT j.value, behind.a FROM json_each('[4,2]') j, behind WHERE behind.a = j.value - 1
2 | 1
4 | 3
> SELECT j.value, behind.a FROM json_each('[4,2]') j, behind WHERE behind.rowid = j.value - 1
2 | 1
> SELECT j.value, k.value FROM json_each('[4,2]') j, json_each('[1,2]') k
4 | 1
4 | 2
2 | 1
2 | 2
> SELECT j.value, k.value, a FROM json_each('[4,2]') j, json_each('[1,2]') k, behind
4 | 1 | 1
4 | 2 | 1
2 | 1 | 1
2 | 2 | 1
4 | 1 | 3
4 | 2 | 3
2 | 1 | 3
2 | 2 | 3
> SELECT p.name, a FROM pragma_table_info('behind') p, behind
'a' | 1
'b' | 1
'a' | 3
'b' | 3
> SELECT p.name, q.name, a FROM pragma_table_list('behind') p, pragma_table_info(p.name) q, behind
'behind' | 'a' | 1
'behind' | 'b' | 1
'behind' | 'a' | 3
'behind' | 'b' | 3
> SELECT value, x FROM json_each('[4,2]') j, (SELECT 1 AS x UNION SELECT 2)
4 | 1
2 | 1
4 | 2
2 | 2
> SELECT value, x FROM json_each('[4,2]') j LEFT JOIN (SELECT 1 AS x UNION SELECT 2)
4 | 1
4 | 2
2 | 1
2 | 2
> WITH c(n) AS (VALUES (1), (2)) SELECT value, n FROM json_each('[4,2]') j, c
4 | 1
2 | 1
4 | 2
2 | 2
> SELECT j.value, behind.a FROM json_each('[1,2,3]') j, behind WHERE j.value > 1
2 | 1
3 | 1
2 | 3
3 | 3
> SELECT j.value, behind.a FROM json_each('[1,2,3]') j, behind LIMIT 3
1 | 1
2 | 1
3 | 1
> WITH d(j) AS (VALUES ('[1,"two",null]'), (NULL), ('[]'), ('{"a":[5,{"b":6}]}'), ('"x"'), (7)) SELECT d.j, e.key, e.value, e.path, e.json FROM d, json_each(d.j) e
'[1,"two",null]' | 0 | 1 | '$' | '[1,"two",null]'
'[1,"two",null]' | 1 | 'two' | '$' | '[1,"two",null]'
'[1,"two",null]' | 2 | NULL | '$' | '[1,"two",null]'
'{"a":[5,{"b":6}]}' | 'a' | '[5,{"b":6}]' | '$' | '{"a":[5,{"b":6}]}'
'"x"' | NULL | 'x' | '$' | '"x"'
7 | NULL | 7 | '$' | '7'
> WITH d(j) AS (VALUES ('[1,"two",null]'), ('{"a":[5,{"b":6}]}'), (NULL), ('[8]')) SELECT e.key, e.value, e.id, e.parent, e.fullkey, e.root FROM d, json_tree(d.j) e
NULL | '[1,"two",null]' | 0 | NULL | '$' | '$'
0 | 1 | 1 | 0 | '$[0]' | '$'
1 | 'two' | 3 | 0 | '$[1]' | '$'
2 | NULL | 7 | 0 | '$[2]' | '$'
NULL | '{"a":[5,{"b":6}]}' | 0 | NULL | '$' | '$'
'a' | '[5,{"b":6}]' | 1 | 0 | '$.a' | '$'
0 | 5 | 4 | 1 | '$.a[0]' | '$'
1 | '{"b":6}' | 6 | 1 | '$.a[1]' | '$'
'b' | 6 | 7 | 6 | '$.a[1].b' | '$'
NULL | '[8]' | 0 | NULL | '$' | '$'
0 | 8 | 1 | 0 | '$[0]' | '$'
> WITH d(j, p) AS (VALUES ('{"a":[1,2]}', '$.a'), ('{"a":[3]}', '$.b'), ('[[4,5],6]', '$[0]'), ('[7]', NULL), ('{"a":9}', '$.a')) SELECT d.p, e.key, e.value, e.fullkey, e.root FROM d, json_each(d.j, d.p) e
'$.a' | 0 | 1 | '$.a[0]' | '$.a'
'$.a' | 1 | 2 | '$.a[1]' | '$.a'
'$[0]' | 0 | 4 | '$[0][0]' | '$[0]'
'$[0]' | 1 | 5 | '$[0][1]' | '$[0]'
'$.a' | NULL | 9 | '$.a' | '$.a'
> SELECT value FROM json_each('[1,2') WHERE value = 1
error SQLITE_ERROR: malformed JSON
> WITH d(j) AS (VALUES ('[1]'), ('[2'), ('[3]')) SELECT value FROM d, json_each(d.j)
error SQLITE_ERROR: malformed JSON
> WITH d(j) AS (VALUES (jsonb('[1,"a long text that is not in place"]')), ('[2,"another text, longer than fifteen"]')) SELECT value, json FROM d, json_each(d.j)
1 | x'cb241331c72061206c6f6e6720746578742074686174206973206e6f7420696e20706c616365'
'a long text that is not in place' | x'cb241331c72061206c6f6e6720746578742074686174206973206e6f7420696e20706c616365'
2 | '[2,"another text, longer than fifteen"]'
'another text, longer than fifteen' | '[2,"another text, longer than fifteen"]'
> WITH d(j) AS (VALUES ('[1,2,3]'), ('[4,5]'), ('[]')) SELECT j, (SELECT sum(value) FROM json_each(j)), EXISTS (SELECT 1 FROM json_each(j) WHERE value = 4), (SELECT count(*) FROM json_each(j)) FROM d
'[1,2,3]' | 6 | 0 | 3
'[4,5]' | 9 | 1 | 2
'[]' | NULL | 0 | 0
> WITH d(j) AS (VALUES ('[[1,2],[3]]'), ('[[4]]')) SELECT o.value, i.value, count(*) FILTER (WHERE i.value > 1) OVER (ORDER BY o.id, i.id) FROM d, json_each(d.j) o, json_each(o.value) i
'[1,2]' | 1 | 1
'[4]' | 4 | 1
'[1,2]' | 2 | 2
'[3]' | 3 | 3
