> CREATE TABLE t (id INTEGER PRIMARY KEY, n INT, s TEXT, j TEXT)
> INSERT INTO t WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM c WHERE i<100) SELECT i, i%4, 'x"'||i, json_object('k', i, 'a', json_array(i, i%3)) FROM c
changes 100
> SELECT json_group_array(json_object('id', id, 's', s)) FROM t WHERE id < 4
'[{"id":1,"s":"x\"1"},{"id":2,"s":"x\"2"},{"id":3,"s":"x\"3"}]'
> SELECT n, json_group_array(json_object('id', id, 'j', json(j), 'js', j)) FROM t WHERE id < 9 GROUP BY n
0 | '[{"id":4,"j":{"k":4,"a":[4,1]},"js":"{\"k\":4,\"a\":[4,1]}"},{"id":8,"j":{"k":8,"a":[8,2]},"js":"{\"k\":8,\"a\":[8,2]}"}]'
1 | '[{"id":1,"j":{"k":1,"a":[1,1]},"js":"{\"k\":1,\"a\":[1,1]}"},{"id":5,"j":{"k":5,"a":[5,2]},"js":"{\"k\":5,\"a\":[5,2]}"}]'
2 | '[{"id":2,"j":{"k":2,"a":[2,2]},"js":"{\"k\":2,\"a\":[2,2]}"},{"id":6,"j":{"k":6,"a":[6,0]},"js":"{\"k\":6,\"a\":[6,0]}"}]'
3 | '[{"id":3,"j":{"k":3,"a":[3,0]},"js":"{\"k\":3,\"a\":[3,0]}"},{"id":7,"j":{"k":7,"a":[7,1]},"js":"{\"k\":7,\"a\":[7,1]}"}]'
> SELECT n, json_group_object(s, json_array(id, json_array(n), NULL)) FROM t WHERE id < 6 GROUP BY n
0 | '{"x\"4":[4,[0],null]}'
1 | '{"x\"1":[1,[1],null],"x\"5":[5,[1],null]}'
2 | '{"x\"2":[2,[2],null]}'
3 | '{"x\"3":[3,[3],null]}'
> SELECT json_group_array(j -> '$.a'), json_group_array(j ->> '$.a'), json_group_array(json_extract(j, '$.a')), json_group_array(json_extract(j, '$.k')) FROM t WHERE id < 3
'[[1,1],[2,2]]' | '["[1,1]","[2,2]"]' | '[[1,1],[2,2]]' | '[1,2]'
> SELECT json_array(json_group_array(id), max(s), json_group_object(id, n)) FROM t WHERE id < 4
'[[1,2,3],"x\"3",{"1":1,"2":2,"3":3}]'
> SELECT n, json_object('all', json_group_array(id), 'text', group_concat(id)) FROM t WHERE id < 9 GROUP BY n
0 | '{"all":[4,8],"text":"4,8"}'
1 | '{"all":[1,5],"text":"1,5"}'
2 | '{"all":[2,6],"text":"2,6"}'
3 | '{"all":[3,7],"text":"3,7"}'
> SELECT json_group_array(a) FROM (SELECT json_group_array(id) a FROM t WHERE id < 9 GROUP BY n)
'["[4,8]","[1,5]","[2,6]","[3,7]"]'
> SELECT json_group_array(json(a)) FROM (SELECT json_group_array(id) a FROM t WHERE id < 9 GROUP BY n)
'[[4,8],[1,5],[2,6],[3,7]]'
> SELECT sum(subtype(json(j))), sum(subtype(json(NULL))), sum(subtype(json_array(id))), sum(subtype(iif(n, json(j), j))) FROM t
7400 | 0 | 7400 | 5550
> SELECT json_group_array(json_object(s, id, n, id)) FROM t
error SQLITE_ERROR: json_object() labels must be TEXT
> SELECT count(*), max(length(json_array(coalesce(json(j), 1), nullif(n, 1), s || 'y', n + 1, CAST(n AS TEXT)))) FROM t
100 | 41
> SELECT json_group_array(DISTINCT json_array(n)) FROM t
'[[1],[2],[3],[0]]'
> SELECT json_group_array(json_array(id) ORDER BY id DESC) FROM t WHERE id < 5
'[[4],[3],[2],[1]]'
> SELECT json_group_array(json_set(j, '$.n', json_array(n), '$.m', s)) FILTER (WHERE n = 2) FROM t WHERE id < 9
'[{"k":2,"a":[2,2],"n":[2],"m":"x\"2"},{"k":6,"a":[6,0],"n":[2],"m":"x\"6"}]'
