# The JSON subtype stays with what is cast to TEXT, with the extreme of several, and in all columns of a row value but the first.
> SELECT subtype(CAST(json('[1]') AS TEXT)), subtype(CAST(json('[1]') AS VARCHAR(2))), subtype(CAST(json('[1]') AS BLOB)), subtype(CAST(json('1') AS INTEGER)), subtype(CAST(json('1') AS NUMERIC)), subtype(CAST(json('1') AS REAL))
74 | 74 | 0 | 0 | 0 | 0
> SELECT json_array(CAST(json('[1]') AS TEXT)), json_array(CAST('[1]' AS TEXT)), json_array(CAST(json(NULL) AS TEXT)), json_array(CAST(CAST(json('[1]') AS BLOB) AS TEXT))
'[[1]]' | '["[1]"]' | '[null]' | '["[1]"]'
> CREATE TABLE j(id INTEGER PRIMARY KEY, x, y)
> INSERT INTO j VALUES (1, '[1]', '[2]'), (2, '{"a":1}', 'x'), (3, NULL, NULL)
changes 3
> SELECT json_array(CAST(json(x) AS TEXT)), json_array(CAST(x AS TEXT)), json_group_array(CAST(json(x) AS TEXT)) OVER (ORDER BY id) FROM j
'[[1]]' | '["[1]"]' | '[[1]]'
'[{"a":1}]' | '["{\"a\":1}"]' | '[[1],{"a":1}]'
'[null]' | '[null]' | '[[1],{"a":1},null]'
> SELECT json_group_array(CAST(json(x) AS TEXT)), json_group_array(CAST(x AS TEXT)) FROM j
'[[1],{"a":1},null]' | '["[1]","{\"a\":1}",null]'
> SELECT json_array(q) FROM (SELECT CAST(json(x) AS TEXT) AS q FROM j)
'["[1]"]'
'["{\"a\":1}"]'
'[null]'
> SELECT json_array((SELECT CAST(json(x) AS TEXT) FROM j)), json_array((SELECT CAST(value AS TEXT) FROM json_each('[[1]]'))), json_array((SELECT +value FROM json_each('[[1]]')))
'["[1]"]' | '[[1]]' | '[[1]]'
> SELECT json_array(CAST(value AS TEXT)), json_array(CAST(atom AS TEXT)) FROM json_each('[[1],"[2]",3]')
'[[1]]' | '[null]'
'["[2]"]' | '["[2]"]'
'["3"]' | '["3"]'
> SELECT json_array(max(value)), json_array(min(value)) FROM json_each('[[1],[2]]')
'[[2]]' | '[[1]]'
> SELECT json_array(max(value)), json_array(min(value)) FROM json_each('[[1],"[2]"]')
'["[2]"]' | '[[1]]'
> SELECT json_array(max(value)), json_array(min(value)) FROM json_each('["[2]",[1],[2]]')
'["[2]"]' | '[[1]]'
> SELECT json_array(max(value)) FROM json_each('[[1],"[2]",[3],"x"]') GROUP BY type
'["[3]"]'
'["x"]'
> SELECT json_array(max(value)) FILTER (WHERE 1) FROM json_each('[[1]]')
error SQLITE_ERROR: FILTER may not be used with non-aggregate json_array()
> SELECT json_array(max(value) FILTER (WHERE type = 'array')) FROM json_each('["x",[1]]')
'[[1]]'
> SELECT json_array(max(DISTINCT value)) FROM json_each('[[1],[1]]')
'[[1]]'
> SELECT json_array(max(value)), json_array(max(CAST(value AS TEXT))) FROM json_each('[]')
'[null]' | '[null]'
> SELECT json_array(max(ifnull(value, 1))), json_array(min(iif(type = 'array', value, 'z'))) FROM json_each('[[1],"[2]"]')
'["[2]"]' | '[[1]]'
> UPDATE j SET (x, y) = (SELECT json('[1]'), json('[2]')) RETURNING json_array(x), json_array(y)
'["[1]"]' | '[[2]]'
'["[1]"]' | '[[2]]'
'["[1]"]' | '[[2]]'
> UPDATE j SET (y, x) = (SELECT json('[1]'), json('[2]')) RETURNING json_array(x), json_array(y)
'[[2]]' | '["[1]"]'
'[[2]]' | '["[1]"]'
'[[2]]' | '["[1]"]'
> UPDATE j SET (x, y) = (SELECT value, value FROM json_each('[[1]]')) RETURNING json_array(x), json_array(y)
'[[1]]' | '[[1]]'
'[[1]]' | '[[1]]'
'[[1]]' | '[[1]]'
> UPDATE j SET (x, y) = (SELECT value, value FROM json_each('["[1]"]')) RETURNING json_array(x), json_array(y)
'["[1]"]' | '["[1]"]'
'["[1]"]' | '["[1]"]'
'["[1]"]' | '["[1]"]'
> UPDATE j SET (x, y) = (SELECT +value, CAST(value AS TEXT) FROM json_each('[[1]]')) RETURNING json_array(x), json_array(y)
'[[1]]' | '[[1]]'
'[[1]]' | '[[1]]'
'[[1]]' | '[[1]]'
> UPDATE j SET (x, y) = (SELECT max(value), max(value) FROM json_each('[[1]]')) RETURNING json_array(x), json_array(y)
'[[1]]' | '[[1]]'
'[[1]]' | '[[1]]'
'[[1]]' | '[[1]]'
> UPDATE j SET (x, y) = (SELECT json_group_array(value), json_group_array(value) FROM json_each('[[1]]')) RETURNING json_array(x), json_array(y)
'["[[1]]"]' | '[[[1]]]'
'["[[1]]"]' | '[[[1]]]'
'["[[1]]"]' | '[[[1]]]'
> UPDATE j SET (x, y) = (SELECT value, value FROM json_each('[[1]]') ORDER BY 1) RETURNING json_array(x), json_array(y)
'["[1]"]' | '["[1]"]'
'["[1]"]' | '["[1]"]'
'["[1]"]' | '["[1]"]'
> UPDATE j SET (x, y) = (SELECT value, json_array(id) FROM json_each('[[1]]')) RETURNING json_array(x), json_array(y)
'[[1]]' | '[[1]]'
'[[1]]' | '[[1]]'
'[[1]]' | '[[1]]'
> UPDATE j SET (x, y) = (SELECT json(i.x), json(i.x) FROM j AS i WHERE i.id = j.id) RETURNING json_array(x), json_array(y)
'["[1]"]' | '[[1]]'
'["[1]"]' | '[[1]]'
'["[1]"]' | '[[1]]'
> UPDATE j SET (x, y) = (SELECT json('[1]'), json('[2]') WHERE 0) RETURNING json_array(x), json_array(y)
'[null]' | '[null]'
'[null]' | '[null]'
'[null]' | '[null]'
> SELECT json_array((SELECT max(value) FROM json_each('[[1]]'))), json_array((SELECT max(json(value)) FROM json_each('[[1]]'))), json_array((SELECT json_group_array(value) FROM json_each('[[1]]'))), json_array((SELECT value FROM json_each('[[1]]') GROUP BY value))
'[[1]]' | '["[1]"]' | '["[[1]]"]' | '["[1]"]'
> CREATE TABLE big(id INTEGER PRIMARY KEY, v)
> INSERT INTO big VALUES (1, 'a'), (2, 'b')
changes 2
> CREATE TABLE made(x, y)
> CREATE TRIGGER jt AFTER INSERT ON j BEGIN INSERT INTO made SELECT json_array(new.x, v), json_object('k', new.y) FROM big; INSERT INTO made SELECT json_group_array(new.x), json_array(max(new.y), min(id)) FROM big; END
> INSERT INTO j VALUES (10, json('[1]'), json('[2]'))
changes 1
> INSERT INTO j VALUES (11, '[1]', json('[3]'))
changes 1
> INSERT INTO j VALUES (12, '[1]', '[3]')
changes 1
> SELECT * FROM made
'[[1],"a"]' | '{"k":[2]}'
'[[1],"b"]' | '{"k":[2]}'
'[[1],[1]]' | '[[2],1]'
'["[1]","a"]' | '{"k":[3]}'
'["[1]","b"]' | '{"k":[3]}'
'["[1]","[1]"]' | '[[3],1]'
'["[1]","a"]' | '{"k":"[3]"}'
'["[1]","b"]' | '{"k":"[3]"}'
'["[1]","[1]"]' | '["[3]",1]'
