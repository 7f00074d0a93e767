# Which values have the JSON subtype: RETURNING, triggers, ON CONFLICT, subqueries over json_each().
> CREATE TABLE t(a, j DEFAULT (json('[7]')), g AS (json(a)) STORED, h AS (json(a)) VIRTUAL)
> INSERT INTO t(a) VALUES ('[1,2]') RETURNING json_array(j), json_array(a), json_array(g), json_array(h)
'[[7]]' | '["[1,2]"]' | '[[1,2]]' | '[[1,2]]'
> INSERT INTO t(a, j) VALUES (json('[1,2]'), json('{"x":1}')) RETURNING json_array(j), json_array(a), json_array(g), json_array(h)
'[{"x":1}]' | '[[1,2]]' | '[[1,2]]' | '[[1,2]]'
> INSERT INTO t(a, j) SELECT json('[1,2]'), json('{"x":1}') RETURNING json_array(j), json_array(a), json_array(g), json_array(h)
'["{\"x\":1}"]' | '["[1,2]"]' | '[[1,2]]' | '[[1,2]]'
> INSERT INTO t(a, j) VALUES (json('[1]'), json('[2]')), (json('[3]'), json('[4]')) RETURNING json_array(j), json_array(a), json_array(g), json_array(h)
'["[2]"]' | '["[1]"]' | '[[1]]' | '[[1]]'
'["[4]"]' | '["[3]"]' | '[[3]]' | '[[3]]'
> UPDATE t SET j = json('[5]') WHERE rowid = 1 RETURNING json_array(j), json_array(a), json_array(g), json_array(h), json_object('a', j, 'b', g)
'[[5]]' | '["[1,2]"]' | '[[1,2]]' | '[[1,2]]' | '{"a":[5],"b":[1,2]}'
> SELECT json_array(j), json_array(a), json_array(g), json_array(h) FROM t
'["[5]"]' | '["[1,2]"]' | '["[1,2]"]' | '[[1,2]]'
'["{\"x\":1}"]' | '["[1,2]"]' | '["[1,2]"]' | '[[1,2]]'
'["{\"x\":1}"]' | '["[1,2]"]' | '["[1,2]"]' | '[[1,2]]'
'["[2]"]' | '["[1]"]' | '["[1]"]' | '[[1]]'
'["[4]"]' | '["[3]"]' | '["[3]"]' | '[[3]]'
> CREATE TABLE log(x)
> CREATE TRIGGER tr AFTER INSERT ON t BEGIN INSERT INTO log VALUES (json_array(new.j)), (json_array(new.a)), (json_array(new.g)), (json_array(new.h)); END
> CREATE TRIGGER tu BEFORE UPDATE ON t BEGIN INSERT INTO log VALUES (json_array(new.j)), (json_array(new.a)), (json_array(new.g)), (json_array(new.h)), (json_array(old.j)); END
> INSERT INTO t(a, j) VALUES (json('[1,2]'), json('{"x":1}')) RETURNING json_array(j), json_array(a), json_array(g), json_array(h)
'[{"x":1}]' | '[[1,2]]' | '[[1,2]]' | '[[1,2]]'
> UPDATE t SET j = json('[6]'), a = json('[9]') WHERE rowid = 2 RETURNING json_array(j), json_array(a), json_array(g), json_array(h)
'[[6]]' | '[[9]]' | '[[9]]' | '[[9]]'
> SELECT * FROM log
'[{"x":1}]'
'[[1,2]]'
'[[1,2]]'
'[[1,2]]'
'[[6]]'
'[[9]]'
'[[9]]'
'[[9]]'
'["{\"x\":1}"]'
> CREATE TABLE k(id INTEGER PRIMARY KEY, j)
> INSERT INTO k VALUES (1, json('[1]')) ON CONFLICT DO UPDATE SET j = json_array(excluded.j) RETURNING json_array(j), j
'[[1]]' | '[1]'
> INSERT INTO k VALUES (1, json('[1]')) ON CONFLICT DO UPDATE SET j = json_array(excluded.j, k.j) RETURNING json_array(j), j
'[[[1],"[1]"]]' | '[[1],"[1]"]'
> INSERT INTO k VALUES (1, json('[1]')) ON CONFLICT DO UPDATE SET j = excluded.j RETURNING json_array(j), j
'[[1]]' | '[1]'
> REPLACE INTO k VALUES (1, json('[1]')) RETURNING json_array(j), j
'[[1]]' | '[1]'
> CREATE TABLE tx(id INTEGER PRIMARY KEY, j TEXT)
> INSERT INTO tx VALUES (1, json('[1]')) RETURNING json_array(j), json_array(j || ''), json_quote(j)
'[[1]]' | '["[1]"]' | '[1]'
> INSERT INTO tx VALUES (2, json('[1]')), (3, jsonb('[1]')) RETURNING json_array(j), json_array(j || ''), json_quote(j)
'["[1]"]' | '["[1]"]' | '"[1]"'
'[[1]]' | '["+\u00131"]' | '[1]'
> UPDATE tx SET j = json('[3]') RETURNING json_array(j)
'[[3]]'
'[[3]]'
'[[3]]'
> CREATE TABLE w(id PRIMARY KEY, j) WITHOUT ROWID
> INSERT INTO w VALUES (1, json('[1]')), (2, '[1]') RETURNING json_array(j), json_group_array(j) OVER ()
error SQLITE_ERROR: misuse of window function json_group_array()
> INSERT INTO w VALUES (3, json('[1]')), (4, '[1]') RETURNING json_array(j)
'["[1]"]'
'["[1]"]'
> UPDATE w SET j = json('[3]') WHERE id = 3 RETURNING json_array(j)
'[[3]]'
> SELECT json_array(value), json_quote(value) FROM json_each('[[1],{"a":2},"x"]')
'[[1]]' | '[1]'
'[{"a":2}]' | '{"a":2}'
'["x"]' | '"x"'
> SELECT json_array(value) FROM (SELECT value FROM json_each('[[1],{"a":2},"x"]'))
'[[1]]'
'[{"a":2}]'
'["x"]'
> SELECT json_array(v) FROM (SELECT value AS v FROM json_each('[[1],{"a":2},"x"]'))
'[[1]]'
'[{"a":2}]'
'["x"]'
> SELECT json_array(v) FROM (SELECT DISTINCT value AS v FROM json_each('[[1],{"a":2},"x"]'))
'["[1]"]'
'["{\"a\":2}"]'
'["x"]'
> SELECT json_array(v) FROM (SELECT value AS v FROM json_each('[[1],{"a":2},"x"]') ORDER BY key)
'["[1]"]'
'["{\"a\":2}"]'
'["x"]'
> SELECT json_array(v) FROM (SELECT value AS v FROM json_each('[[1],{"a":2},"x"]') ORDER BY key DESC)
'["x"]'
'["{\"a\":2}"]'
'["[1]"]'
> SELECT json_array(v) FROM (SELECT value AS v FROM json_each('[[1],{"a":2},"x"]') LIMIT 2)
'[[1]]'
'[{"a":2}]'
> SELECT json_array(v) FROM (SELECT value AS v FROM json_each('[[1],{"a":2},"x"]') UNION ALL SELECT '[3]')
'["[1]"]'
'["{\"a\":2}"]'
'["x"]'
'["[3]"]'
> SELECT json_array(value) FROM json_each('[[1],{"a":2},"x"]') ORDER BY value
'[[1]]'
'["x"]'
'[{"a":2}]'
> SELECT json_array(value) FROM json_each('[[1],{"a":2},"x"]') ORDER BY key DESC
'["x"]'
'[{"a":2}]'
'[[1]]'
> SELECT json_group_array(value) FROM json_each('[[1],{"a":2},"x"]')
'[[1],{"a":2},"x"]'
> SELECT json_group_array(v) FROM (SELECT value AS v FROM json_each('[[1],{"a":2},"x"]'))
'[[1],{"a":2},"x"]'
> SELECT json_group_array(v) FROM (SELECT value AS v FROM json_each('[[1],{"a":2},"x"]') ORDER BY key)
'["[1]","{\"a\":2}","x"]'
> SELECT json_group_array(v) FROM (SELECT value AS v FROM json_each('[[1],{"a":2},"x"]') ORDER BY key DESC)
'["x","{\"a\":2}","[1]"]'
> SELECT json_group_array(v) FROM (SELECT json(value) AS v FROM json_each('[[1],{"a":2},3]') ORDER BY key DESC)
'["3","{\"a\":2}","[1]"]'
> SELECT json_group_array(v) FROM (SELECT json(value) AS v FROM json_each('[[1],{"a":2},3]') LIMIT 2)
'["[1]","{\"a\":2}"]'
> SELECT json_group_array(v) FROM (SELECT json(value) AS v FROM json_each('[[1],{"a":2},3]') UNION ALL SELECT json('[1]'))
'["[1]","{\"a\":2}","3","[1]"]'
> SELECT json_group_array(v) FROM (SELECT DISTINCT json(value) AS v FROM json_each('[[1],{"a":2},3]'))
'["[1]","{\"a\":2}","3"]'
> SELECT json_group_array(v) FROM (SELECT json_group_array(value) AS v FROM json_each('[[1],{"a":2},3]') GROUP BY key)
'["[\"[1]\"]","[\"{\\\"a\\\":2}\"]","[3]"]'
> SELECT json_group_array(json_object('v', v)) FROM (SELECT json_group_array(value) AS v FROM json_each('[[1],{"a":2},3]') GROUP BY key)
'[{"v":"[\"[1]\"]"},{"v":"[\"{\\\"a\\\":2}\"]"},{"v":"[3]"}]'
> SELECT json_object('v', (SELECT json_group_array(value) FROM json_each('[1,2]')))
'{"v":"[1,2]"}'
> SELECT json_object('v', (SELECT value FROM json_each('[[1,2]]')))
'{"v":[1,2]}'
> WITH c AS (SELECT value AS v FROM json_each('[[1],{"a":2},"x"]')) SELECT json_array(v) FROM c
'[[1]]'
'[{"a":2}]'
'["x"]'
> WITH c AS MATERIALIZED (SELECT value AS v FROM json_each('[[1],{"a":2},"x"]')) SELECT json_array(v) FROM c
'["[1]"]'
'["{\"a\":2}"]'
'["x"]'
> WITH c AS MATERIALIZED (SELECT json(value) AS v FROM json_each('[[1],{"a":2},1]')) SELECT json_array(v) FROM c
'["[1]"]'
'["{\"a\":2}"]'
'["1"]'
> SELECT json_array(e.value) FROM t, json_each(t.a) AS e
'[1]'
'[2]'
'[9]'
'[1]'
'[2]'
'[1]'
'[3]'
'[1]'
'[2]'
> SELECT json_array(v) FROM t LEFT JOIN (SELECT value AS v FROM json_each('[[1]]')) AS s
'[[1]]'
'[[1]]'
'[[1]]'
'[[1]]'
'[[1]]'
'[[1]]'
> SELECT json_array(value), count(*) FROM json_each('[[1],{"a":2},"x"]') GROUP BY value
'["[1]"]' | 1
'["x"]' | 1
'["{\"a\":2}"]' | 1
> SELECT json_array(first_value(value) OVER ()) FROM json_each('[[1],{"a":2},"x"]')
'["[1]"]'
'["[1]"]'
'["[1]"]'
> SELECT json_array(value), row_number() OVER () FROM json_each('[[1],{"a":2},"x"]')
'["[1]"]' | 1
'["{\"a\":2}"]' | 2
'["x"]' | 3
> SELECT json_array(coalesce(value, 1)), json_array(iif(1, value, 2)), json_array(CASE WHEN 1 THEN value END), json_array(+value), json_array(ifnull(NULL, value)) FROM json_each('[[1]]')
'[[1]]' | '[[1]]' | '[[1]]' | '[[1]]' | '[[1]]'
> SELECT json_array(coalesce(json('[1]'), 1)), json_array(iif(1, json('[1]'), 2)), json_array(CASE WHEN 1 THEN json('[1]') END), json_array(+json('[1]')), json_array(max(json('[1]'), '')), json_array(likely(json('[1]')))
'[[1]]' | '[[1]]' | '[[1]]' | '[[1]]' | '[[1]]' | '[[1]]'
> SELECT json_array(value -> 0), json_array(value ->> 0), json_array(json_extract(value, '$[0]')), json_array(json_extract(value, '$')) FROM json_each('[[[1]]]')
'[[1]]' | '["[1]"]' | '[[1]]' | '[[[1]]]'
> VALUES (json_array(json('[1]'))), (json_array((SELECT json('[1]'))))
'[[1]]'
'["[1]"]'
> SELECT json_array(column1) FROM (VALUES (json('[1]')), (json('[2]')))
'["[1]"]'
'["[2]"]'
> SELECT json_array(x) FROM (SELECT json('[1]') AS x) WHERE x = '[1]'
'["[1]"]'
> SELECT json_array(x) FROM (SELECT json('[1]') AS x UNION SELECT '[2]')
'["[1]"]'
'["[2]"]'
# What a trigger knows as NEW, through CASE and the functions that hand it on (fuzz seed 50380).
> CREATE TABLE handed(a INTEGER PRIMARY KEY AUTOINCREMENT, b, e DEFAULT (json_array(1, 'x')))
> CREATE TABLE handed_log(x)
> CREATE TRIGGER handed_on AFTER INSERT ON handed BEGIN INSERT INTO handed_log VALUES (json_array(iif(typeof(NEW.e) = 'blob', 0, NEW.e))), (json_array(NEW.e)), (json_array(CASE WHEN 1 THEN NEW.e END)), (json_array(coalesce(NULL, NEW.e))), (json_array(ifnull(NEW.e, 1))), (json_array(CASE typeof(NEW.e) WHEN 'blob' THEN 0 ELSE NEW.e END)), (json_array(nullif(NEW.e, 1))); END
> INSERT INTO handed(b) VALUES (1)
changes 1
> INSERT INTO handed(e) VALUES (json_array(2)), ('[3]')
changes 2
> SELECT * FROM handed_log
'[[1,"x"]]'
'[[1,"x"]]'
'[[1,"x"]]'
'[[1,"x"]]'
'[[1,"x"]]'
'[[1,"x"]]'
'[[1,"x"]]'
'["[2]"]'
'["[2]"]'
'["[2]"]'
'["[2]"]'
'["[2]"]'
'["[2]"]'
'["[2]"]'
'["[3]"]'
'["[3]"]'
'["[3]"]'
'["[3]"]'
'["[3]"]'
'["[3]"]'
'["[3]"]'
