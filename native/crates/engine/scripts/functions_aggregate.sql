# median and the percentiles, and their errors; JSONB groups.
> CREATE TABLE m(g TEXT, v)
> INSERT INTO m VALUES ('a', 1), ('a', 3), ('a', 2), ('b', 10), ('b', 2.5), ('c', NULL), ('d', 4)
changes 7
> SELECT g, median(v) FROM m GROUP BY g
'a' | 2.0
'b' | 6.25
'c' | NULL
'd' | 4.0
> SELECT median(v) FROM m WHERE 0
NULL
> SELECT percentile(v, 50), percentile(v, 0), percentile(v, 100), percentile(v, 37.5) FROM m WHERE v IS NOT NULL
2.75 | 1.0 | 10.0 | 2.4375
> SELECT percentile_cont(v, 0.25), percentile_cont(v, 1) FROM m
2.125 | 10.0
> SELECT percentile_disc(v, 0.25), percentile_disc(v, 0.9) FROM m
2.0 | 4.0
> SELECT percentile(v, 101) FROM m
error SQLITE_ERROR: the fraction argument to percentile() is not between 0.0 and 100.0
> SELECT percentile_cont(v, 1.5) FROM m
error SQLITE_ERROR: the fraction argument to percentile_cont() is not between 0.0 and 1.0
> SELECT percentile(v, 'x') FROM m
error SQLITE_ERROR: the fraction argument to percentile() is not between 0.0 and 100.0
> SELECT percentile(v, v) FROM m
error SQLITE_ERROR: the fraction argument to percentile() is not the same for all input rows
> SELECT median('x') FROM m
error SQLITE_ERROR: input to median() is not numeric
> SELECT median(9e999)
error SQLITE_ERROR: Inf input to median()
> SELECT median(v) OVER (ORDER BY rowid ROWS 2 PRECEDING) FROM m
1.0
2.0
2.0
3.0
2.5
6.25
3.25
> SELECT percentile_disc(v, 0.5) OVER (PARTITION BY g ORDER BY rowid) FROM m WHERE v IS NOT NULL
1.0
1.0
2.0
10.0
2.5
4.0
> SELECT hex(jsonb_group_array(v)), json(jsonb_group_array(v)) FROM m
'CB1013311333133223313035322E35001334' | '[1,3,2,10,2.5,null,4]'
> SELECT json(jsonb_group_object(rowid, v)) FROM m
'{"1":1,"2":3,"3":2,"4":10,"5":2.5,"6":null,"7":4}'
> SELECT hex(jsonb_group_object(g, v)) FROM m WHERE 0
'0C'
> SELECT g, json(jsonb_group_array(v)) FROM m GROUP BY g
'a' | '[1,3,2]'
'b' | '[10,2.5]'
'c' | '[null]'
'd' | '[4]'
> SELECT json(jsonb_group_array(v) OVER (ORDER BY rowid ROWS 1 PRECEDING)) FROM m
'[1]'
'[1,3]'
'[3,2]'
'[2,10]'
'[10,2.5]'
'[2.5,null]'
'[null,4]'
> SELECT string_agg(g, '-'), string_agg(v, g) FROM m
'a-a-a-b-b-c-d' | '1a3a2b10b2.5d4'
> SELECT total(v), sum(v), avg(v), count(v), count(*) FROM m
22.5 | 22.5 | 3.75 | 6 | 7
> SELECT typeof(total(v)), sum(v), count() FROM m WHERE 0
'real' | NULL | 0
