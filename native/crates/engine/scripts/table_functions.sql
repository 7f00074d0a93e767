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
