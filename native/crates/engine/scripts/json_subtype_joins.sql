# The JSON subtype through joins, groups, views and sorts.
> CREATE TABLE t(a)
> INSERT INTO t VALUES (1), (2)
changes 2
> SELECT a, json_array(v) FROM t JOIN (SELECT value AS v FROM json_each('[[1],{"a":2},"x"]')) AS s
1 | '[[1]]'
1 | '[{"a":2}]'
1 | '["x"]'
2 | '[[1]]'
2 | '[{"a":2}]'
2 | '["x"]'
> SELECT a, json_array(value) FROM t JOIN json_each('[[1],{"a":2},"x"]')
1 | '[[1]]'
1 | '[{"a":2}]'
1 | '["x"]'
2 | '[[1]]'
2 | '[{"a":2}]'
2 | '["x"]'
> SELECT a, json_array(value) FROM t JOIN json_each('[[1],{"a":2},"x"]') ON key = a
1 | '[{"a":2}]'
2 | '["x"]'
> SELECT a, json_array(value) FROM t LEFT JOIN json_each('[[1],{"a":2},"x"]') ON key = a
1 | '[{"a":2}]'
2 | '["x"]'
> SELECT a, json_array(value) FROM t LEFT JOIN json_each('[[1],{"a":2},"x"]') ON key > a
1 | '["x"]'
2 | '[null]'
> SELECT a, json_array(value) FROM t RIGHT JOIN json_each('[[1],{"a":2},"x"]') ON key = a
1 | '[{"a":2}]'
2 | '["x"]'
NULL | '[[1]]'
> SELECT a, json_group_array(value) FROM t JOIN json_each('[[1],{"a":2},"x"]') GROUP BY a
1 | '["[1]","{\"a\":2}","x"]'
2 | '["[1]","{\"a\":2}","x"]'
> SELECT a, json_group_array(value) FROM t JOIN json_each('[[1],{"a":2},"x"]') GROUP BY t.rowid
1 | '[[1],{"a":2},"x"]'
2 | '[[1],{"a":2},"x"]'
> SELECT json_group_array(value) FROM t JOIN json_each('[[1],{"a":2},"x"]')
'[[1],{"a":2},"x",[1],{"a":2},"x"]'
> SELECT a, json_array(value) FROM t JOIN json_each('[[1],{"a":2},"x"]') ORDER BY a, key DESC
1 | '["x"]'
1 | '[{"a":2}]'
1 | '[[1]]'
2 | '["x"]'
2 | '[{"a":2}]'
2 | '[[1]]'
> SELECT json_array(value) FROM json_each('[[1],{"a":2},"x"]') ORDER BY key DESC
'["x"]'
'[{"a":2}]'
'[[1]]'
> SELECT json_array(value), key FROM json_each('[[1],{"a":2},"x"]') ORDER BY key DESC LIMIT 1
'["x"]' | 2
> SELECT DISTINCT json_array(value) FROM json_each('[[1],{"a":2},"x"]')
'[[1]]'
'[{"a":2}]'
'["x"]'
> SELECT json_array(value) FROM json_each('[[1],{"a":2},"x"]') UNION SELECT 5
5
'["x"]'
'[[1]]'
'[{"a":2}]'
> SELECT json_array(value, lag(value) OVER (ORDER BY key)) FROM json_each('[[1],{"a":2},"x"]')
'["[1]",null]'
'["{\"a\":2}","[1]"]'
'["x","{\"a\":2}"]'
> SELECT json_group_array(value ORDER BY key DESC) FROM json_each('[[1],{"a":2},"x"]')
'["x",{"a":2},[1]]'
> SELECT json_group_array(DISTINCT value) FROM json_each('[[1],{"a":2},"x"]')
'[[1],{"a":2},"x"]'
> SELECT json_group_array(DISTINCT json(value)) FROM json_each('[[1],{"a":2},1]')
'[[1],{"a":2},1]'
> SELECT json_group_array(json(value) ORDER BY key DESC) FROM json_each('[[1],{"a":2},1]')
'[1,{"a":2},[1]]'
> SELECT json_group_array(value) FILTER (WHERE key > 0) FROM json_each('[[1],{"a":2},"x"]')
'[{"a":2},"x"]'
> SELECT json_group_object(key, value) FROM json_each('{"a":[1],"b":{"c":2}}')
'{"a":[1],"b":{"c":2}}'
> SELECT json_group_object(key, value) FROM json_each('{"a":[1],"b":{"c":2}}') WHERE key <> 'a'
'{"b":{"c":2}}'
> SELECT json_group_object(k, v) FROM (SELECT key AS k, value AS v FROM json_each('{"a":[1],"b":{"c":2}}') WHERE key <> 'a')
'{"b":{"c":2}}'
> SELECT json_group_object(k, v) FROM (SELECT key AS k, value AS v FROM json_each('{"a":[1],"b":{"c":2}}') UNION ALL SELECT 'z', '[9]')
'{"a":"[1]","b":"{\"c\":2}","z":"[9]"}'
> SELECT json_group_array(value) FROM json_tree('{"a":[1],"b":{"c":2}}') WHERE type = 'array'
'[[1]]'
> SELECT (SELECT json_group_array(value) FROM json_each(x.j)) FROM (SELECT '[[1],2]' AS j) AS x
'[[1],2]'
> SELECT json_array((SELECT value FROM json_each(x.j) LIMIT 1)) FROM (SELECT '[[1],2]' AS j) AS x
'[[1]]'
> SELECT json_object('k', (SELECT value FROM json_each(x.j) WHERE key = 0), 'l', (SELECT value FROM json_each(x.j) WHERE key = 1)) FROM (SELECT '[[1],2]' AS j) AS x
'{"k":[1],"l":2}'
> SELECT json_set('{}', '$.a', value) FROM json_each('[[1],{"a":2},"x"]')
'{"a":[1]}'
'{"a":{"a":2}}'
'{"a":"x"}'
> SELECT json_patch('{}', json_object('a', value)) FROM json_each('[[1],{"a":2},"x"]')
'{"a":[1]}'
'{"a":{"a":2}}'
'{"a":"x"}'
> SELECT e.key, json_group_array(f.value) FROM json_each('{"a":[[1]],"b":[{"c":1},2]}') AS e, json_each(e.value) AS f GROUP BY e.key
'a' | '["[1]"]'
'b' | '["{\"c\":1}",2]'
> SELECT json_group_array(f.value) FROM json_each('{"a":[[1]],"b":[{"c":1},2]}') AS e, json_each(e.value) AS f
'[[1],{"c":1},2]'
> CREATE VIEW jv AS SELECT key, value FROM json_each('[[1],{"a":2},"x"]')
> SELECT json_array(value) FROM jv
'[[1]]'
'[{"a":2}]'
'["x"]'
> SELECT json_group_array(value) FROM jv
'[[1],{"a":2},"x"]'
> SELECT json_group_array(value) FROM jv WHERE key
'[{"a":2},"x"]'
> SELECT json_array(value) FROM jv ORDER BY key
'[[1]]'
'[{"a":2}]'
'["x"]'
> CREATE TABLE j(id INTEGER PRIMARY KEY, d TEXT)
> INSERT INTO j VALUES (1, '{"t":[[1],{"q":2}]}'), (2, '{"t":["s"]}')
changes 2
> SELECT id, json_group_array(e.value) FROM j, json_each(j.d, '$.t') AS e GROUP BY id
error SQLITE_ERROR: ambiguous column name: id
> SELECT id, json_group_array(e.value) FROM j, json_each(j.d, '$.t') AS e GROUP BY d
error SQLITE_ERROR: ambiguous column name: id
> SELECT id, (SELECT json_group_array(e.value) FROM json_each(j.d, '$.t') AS e) FROM j
1 | '[[1],{"q":2}]'
2 | '["s"]'
> SELECT json_object('id', id, 'tags', (SELECT json_group_array(e.value) FROM json_each(j.d, '$.t') AS e)) FROM j
'{"id":1,"tags":"[[1],{\"q\":2}]"}'
'{"id":2,"tags":"[\"s\"]"}'
> SELECT json_object('id', id, 'tags', json((SELECT json_group_array(e.value) FROM json_each(j.d, '$.t') AS e))) FROM j
'{"id":1,"tags":[[1],{"q":2}]}'
'{"id":2,"tags":["s"]}'
> UPDATE j SET d = json_set(d, '$.n', (SELECT value FROM json_each(j.d, '$.t') LIMIT 1)) RETURNING d
'{"t":[[1],{"q":2}],"n":[1]}'
'{"t":["s"],"n":"s"}'
> UPDATE j SET d = (SELECT json_group_array(value) FROM json_each(j.d, '$.t')) RETURNING d, json_array(d)
'[[1],{"q":2}]' | '["[[1],{\"q\":2}]"]'
'["s"]' | '["[\"s\"]"]'
> INSERT INTO j(d) SELECT value FROM json_each('[[1],{"a":2}]') RETURNING json_array(d)
'["[1]"]'
'["{\"a\":2}"]'
> INSERT INTO j(d) VALUES ((SELECT value FROM json_each('[[1],{"a":2}]'))) RETURNING json_array(d)
'[[1]]'
> CREATE TABLE vg(id INTEGER PRIMARY KEY, d TEXT, tags AS (json_extract(d, '$.t')), kept AS (json_extract(d, '$.t')) STORED, n AS (json_array(1)), o AS (d -> '$.t'), u AS (upper(d)), e TEXT AS (json_quote(d)))
> INSERT INTO vg(d) VALUES ('{"t":[1,2]}'), ('{"t":"[1]"}'), ('{"t":{"q":1}}'), ('{}'), (NULL)
changes 5
> SELECT json_object('id', id, 'tags', tags, 'kept', kept, 'o', o) FROM vg
'{"id":1,"tags":[1,2],"kept":"[1,2]","o":[1,2]}'
'{"id":2,"tags":"[1]","kept":"[1]","o":"[1]"}'
'{"id":3,"tags":{"q":1},"kept":"{\"q\":1}","o":{"q":1}}'
'{"id":4,"tags":null,"kept":null,"o":null}'
'{"id":5,"tags":null,"kept":null,"o":null}'
> SELECT json_array(v.tags, v.n, v.u, v.e, +v.tags) FROM vg AS v WHERE v.id < 3
'[[1,2],[1],"{\"T\":[1,2]}","{\"t\":[1,2]}",[1,2]]'
'["[1]",[1],"{\"T\":\"[1]\"}","{\"t\":\"[1]\"}","[1]"]'
> SELECT json_quote(tags), json_set('{}', '$.x', tags) FROM vg ORDER BY id DESC
'null' | '{"x":null}'
'null' | '{"x":null}'
'{"q":1}' | '{"x":{"q":1}}'
'"[1]"' | '{"x":"[1]"}'
'[1,2]' | '{"x":[1,2]}'
> SELECT json_group_array(json_object('t', tags)) FROM vg
'[{"t":[1,2]},{"t":"[1]"},{"t":{"q":1}},{"t":null},{"t":null}]'
> SELECT a.id, json_array(b.tags, b.n) FROM vg AS a LEFT JOIN vg AS b ON b.id = a.id + 1
1 | '["[1]",[1]]'
2 | '[{"q":1},[1]]'
3 | '[null,[1]]'
4 | '[null,[1]]'
5 | '[null,null]'
> UPDATE vg SET d = '{"t":[9]}' WHERE id = 1 RETURNING json_array(tags), json_array(kept)
'[[9]]' | '[[9]]'
> INSERT INTO vg(d) VALUES ('{"t":[8]}') RETURNING json_array(tags), json_array(kept)
'[[8]]' | '[[8]]'
> CREATE VIEW vw AS SELECT id, json_object('tags', tags) AS j FROM vg
> SELECT * FROM vw
1 | '{"tags":[9]}'
2 | '{"tags":"[1]"}'
3 | '{"tags":{"q":1}}'
4 | '{"tags":null}'
5 | '{"tags":null}'
6 | '{"tags":[8]}'
