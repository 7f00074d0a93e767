# Where the JSON subtype goes: through functions that answer an argument, CASE, groups, aggregates and windows, and out of
# json_each; never out of a subquery.
> CREATE TABLE t(id INTEGER PRIMARY KEY, j)
> INSERT INTO t VALUES (1, '[1]'), (2, '[2]'), (3, NULL)
changes 3
> SELECT json_array((SELECT json('[1]')))
'["[1]"]'
> SELECT json_array((SELECT json('[1]') LIMIT 1), (SELECT DISTINCT json('[1]')), +(SELECT json('[1]')))
'["[1]","[1]","[1]"]'
> SELECT json_array((VALUES (json('[1]'))), (SELECT json('[1]') UNION SELECT json('[1]')))
'["[1]","[1]"]'
> SELECT json_array((SELECT json_group_array(id) FROM t), (SELECT max(j) FROM t))
'["[1,2,3]","[2]"]'
> SELECT json_object('id', id, 'below', (SELECT json_group_array(u.id) FROM t u WHERE u.id <= t.id)) FROM t
'{"id":1,"below":"[1]"}'
'{"id":2,"below":"[1,2]"}'
'{"id":3,"below":"[1,2,3]"}'
> SELECT json_object('a', (SELECT json_group_array(json_object('id', u.id)) FROM t u WHERE u.id = t.id)) FROM t
'{"a":"[{\"id\":1}]"}'
'{"a":"[{\"id\":2}]"}'
'{"a":"[{\"id\":3}]"}'
> SELECT json_array(ifnull((SELECT json('[1]')), 1), iif(1, (SELECT json('[1]')), 1), coalesce((SELECT json_group_array(id) FROM t), 'x'))
'["[1]","[1]","[1,2,3]"]'
> SELECT json_group_array((SELECT json_group_array(u.id) FROM t u WHERE u.id <= t.id)) FROM t
'["[1]","[1,2]","[1,2,3]"]'
> SELECT json_array(x) FROM (SELECT json('[1]') AS x)
'["[1]"]'
> SELECT json_group_array(x) FROM (SELECT json(j) AS x FROM t ORDER BY id DESC)
'[null,"[2]","[1]"]'
> SELECT json_group_array(x) FROM (SELECT json_object('a', id) AS x FROM t UNION ALL SELECT json_object('b', id) FROM t)
'["{\"a\":1}","{\"a\":2}","{\"a\":3}","{\"b\":1}","{\"b\":2}","{\"b\":3}"]'
> WITH c AS MATERIALIZED (SELECT json('[1]') AS x) SELECT json_array(a.x), json_array(b.x) FROM c AS a, c AS b
'["[1]"]' | '["[1]"]'
> SELECT json_array(max(json(j), json('[9]')), min(json(j), json('[0]')), max(json('[1]'), ''), min(json('[1]'), 'z')) FROM t
'[[9],[0],[1],[1]]'
'[[9],[0],[1],[1]]'
'[null,null,[1],[1]]'
> SELECT json_array(nullif(json('[1]'), 1), nullif(json('[1]'), '[1]'), nullif(1, json('[1]')))
'[[1],null,1]'
> SELECT json_array(likely(json('[1]')), unlikely('[1]'), ifnull(json('[1]'), 2), coalesce(NULL, json('[1]')))
'[[1],"[1]",[1],[1]]'
> SELECT json_array(CASE id WHEN 1 THEN json('[1]') WHEN 2 THEN '[2]' ELSE json('[3]') END) FROM t
'[[1]]'
'["[2]"]'
'[[3]]'
> SELECT json_array(CASE WHEN id < 2 THEN json('[1]') END, iif(id > 1, json('[2]'), '[0]')) FROM t
'[[1],"[0]"]'
'[null,[2]]'
'[null,[2]]'
> SELECT json_array(max(json(j)), min(json(j))) FROM t
'[[2],[1]]'
> SELECT json_array(max(id), json(j)) FROM t
'[3,null]'
> SELECT json_array(json(j), count(*)) FROM t GROUP BY json(j)
'[null,1]'
'[[1],1]'
'[[2],1]'
> SELECT json_group_array(json(j)), json_array(json_group_array(id)), json_group_object(id, json(j)) FROM t
'[[1],[2],null]' | '[[1,2,3]]' | '{"1":[1],"2":[2],"3":null}'
> SELECT json_group_array(json(j)) OVER (ORDER BY id) FROM t
'[[1]]'
'[[1],[2]]'
'[[1],[2],null]'
> SELECT json_array(json_group_array(id) OVER (ORDER BY id ROWS 1 PRECEDING)) FROM t
'[[1]]'
'[[1,2]]'
'[[2,3]]'
> SELECT json_array(first_value(json(j)) OVER (ORDER BY id), lag(json(j)) OVER (ORDER BY id)) FROM t
'["[1]",null]'
'["[1]","[1]"]'
'["[1]","[2]"]'
> SELECT json_array(value), json_array(atom), json_array(key) FROM json_each('[[1],2,{"a":"b"},"c"]')
'[[1]]' | '[null]' | '[0]'
'[2]' | '[2]' | '[1]'
'[{"a":"b"}]' | '[null]' | '[2]'
'["c"]' | '["c"]' | '[3]'
> SELECT json_group_array(value), json_group_object(key, value) FROM json_each('{"a":[1],"b":2,"c":{"d":null}}')
'[[1],2,{"d":null}]' | '{"a":[1],"b":2,"c":{"d":null}}'
> SELECT json_group_array(value) FROM json_each('[{"a":1},{"a":2},{"a":3}]') WHERE value ->> 'a' > 1
'[{"a":2},{"a":3}]'
> SELECT json_array(value, json) FROM json_each('[[1]]')
'[[1],"[[1]]"]'
> SELECT json_group_array(value) FROM json_tree('[[1],2]') WHERE type = 'array'
'[[[1],2],[1]]'
> SELECT json_group_array(v) FROM (SELECT value AS v FROM json_each('[[1],2]') ORDER BY key DESC)
'[2,"[1]"]'
> SELECT id, (SELECT json_group_array(value) FROM json_each(t.j)) FROM t
1 | '[1]'
2 | '[2]'
3 | '[]'
> SELECT json_array(max(value)) FROM json_each('[1,2]')
'[2]'
> SELECT subtype(value), subtype(json('1')), subtype((SELECT json('1'))), subtype(max(json('1'), json('2'))) FROM json_each('[[1],2]')
74 | 74 | 0 | 74
0 | 74 | 0 | 74
> CREATE VIEW v AS SELECT json(j) AS x, (SELECT json('[1]')) AS y FROM t
> SELECT json_array(x), json_array(y) FROM v
'["[1]"]' | '["[1]"]'
'["[2]"]' | '["[1]"]'
'[null]' | '["[1]"]'
