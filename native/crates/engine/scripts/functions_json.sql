# json_patch, json_array_insert and their JSONB twins.
> SELECT json_patch('{"a":1,"b":{"c":2,"d":3}}', '{"a":null,"b":{"c":9},"e":[1]}')
'{"b":{"c":9,"d":3},"e":[1]}'
> SELECT json_patch('[1,2]', '{"a":1}'), json_patch('{"a":1}', '[1]'), json_patch('1', '2'), json_patch(NULL, '{}')
'{"a":1}' | '[1]' | '2' | NULL
> SELECT json(jsonb_patch('{"a":1}', '{"b":{"c":null}}')), hex(jsonb_patch('{}', '{}'))
'{"a":1,"b":{}}' | '0C'
> SELECT json_patch('{', '{}')
error SQLITE_ERROR: malformed JSON
> SELECT json_array_insert('[1,2,3]', '$[1]', 9), json_array_insert('[1,2]', '$[#]', 'x'), json_array_insert('[1,2]', '$[#-1]', json('{"a":1}'))
'[1,9,2,3]' | '[1,2,"x"]' | '[1,{"a":1},2]'
> SELECT json_array_insert('{"a":[1]}', '$.a[0]', 5), json_array_insert('{"a":1}', '$.b', 2)
error SQLITE_ERROR: not an array element: '$.b'
> SELECT json_array_insert('[1]', '$.x', 2)
'[1]'
> SELECT json(jsonb_array_insert('[1,2]', '$[0]', 0)), hex(jsonb_array_insert('[]', '$[0]', 1))
'[0,1,2]' | '2B1331'
> SELECT json_array_insert('[1]', '$[0]')
error SQLITE_ERROR: json_array_insert() needs an odd number of arguments
> SELECT json_patch('{}')
error SQLITE_ERROR: wrong number of arguments to function json_patch()
