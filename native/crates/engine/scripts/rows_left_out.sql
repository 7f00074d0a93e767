# Aggregates of everything pass over rows that a condition leaves out
> CREATE TABLE t(id INTEGER PRIMARY KEY, tiny INT, small INT, signed INT, wide INT, real REAL, gap INT, mixed)
> INSERT INTO t WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 12000) SELECT i * 3, i % 7, i * 31 % 1000, i % 90000 - 4000, (i - 6000) * 1500000000001, i * 0.3, CASE WHEN i % 4 THEN i END, CASE i % 3 WHEN 0 THEN i WHEN 1 THEN i * 0.5 ELSE 'n' || i END FROM c
changes 12000
> SELECT count(*), count(id), min(id), max(id), sum(id), avg(id), total(id) FROM t WHERE small > 900
1188 | 1188 | 90 | 35997 | 21421800 | 18031.81818181818 | 21421800.0
> SELECT count(*), count(tiny), min(tiny), max(tiny), sum(tiny), avg(tiny) FROM t WHERE small > 400
7188 | 7188 | 0 | 6 | 21559 | 2.9993043962159156
> SELECT count(*), count(signed), min(signed), max(signed), sum(signed), avg(signed) FROM t WHERE small > 400 AND tiny < 3
3082 | 3082 | -3986 | 7999 | 6179183 | 2004.9263465282284
> SELECT count(*), count(wide), min(wide), max(wide), avg(wide), total(wide) FROM t WHERE small > 400
7188 | 7188 | -8980500000005987 | 8998500000005999 | 7011686143577.2959 | 50400000000033600.0
> SELECT sum(wide) FROM t WHERE small > 400
error SQLITE_ERROR: integer overflow
> SELECT sum(wide) FROM t WHERE small > 400 AND wide > 0
error SQLITE_ERROR: integer overflow
> SELECT count(*), count(real), min(real), max(real), sum(real), avg(real) FROM t WHERE small > 400
7188 | 7188 | 3.9 | 3599.7 | 12948480.0 | 1801.4023372287145
> SELECT count(*), count(gap), min(gap), max(gap), sum(gap), avg(gap) FROM t WHERE small > 400
7188 | 5400 | 13 | 11999 | 32436000 | 6006.666666666667
> SELECT count(*), count(mixed), min(mixed), max(mixed), sum(mixed), avg(mixed) FROM t WHERE small > 400
7188 | 7188 | 6.5 | 'n9998' | 21572800.0 | 3001.2242626599887
> SELECT sum(tiny) FILTER (WHERE signed > 0), count(*) FILTER (WHERE signed > 0), count(*), max(small) FROM t WHERE small > 400
14374 | 4792 | 7188 | 999
> SELECT count(DISTINCT tiny), sum(DISTINCT small), count(*) FROM t WHERE small > 400
7 | 419300 | 7188
> SELECT max(small), signed, count(*) FROM t WHERE small > 400
999 | -3871 | 7188
> SELECT min(real), id FROM t WHERE small > 400
3.9 | 39
> SELECT sum(tiny + small), sum(tiny), max(small * 2), max(tiny) FROM t WHERE small > 400
5053159 | 21559 | 1998 | 6
> SELECT sum(7), count(7), max(7), min(id) FROM t WHERE small > 400
50316 | 7188 | 7 | 39
> SELECT group_concat(id), count(*) FROM t WHERE small > 400 AND id < 200
'39,42,45,48,51,54,57,60,63,66,69,72,75,78,81,84,87,90,93,96,138,141,144,147,150,153,156,159,162,165,168,171,174,177,180,183,186,189,192' | 39
> SELECT count(*), max(id), min(id) FROM t WHERE small > 998 AND tiny = 3
2 | 21387 | 387
> SELECT count(*), max(id), min(id), sum(small) FROM t WHERE small > 1998
0 | NULL | NULL | NULL
> SELECT count(*), max(id), min(id), sum(small) FROM t WHERE small > -1 AND tiny <> 9
12000 | 36000 | 3 | 5994000
> SELECT count(*), max(id), min(id), sum(small) FROM t WHERE small > 300 AND gap IS NOT NULL AND tiny > 2
3599 | 35991 | 30 | 2339481
> SELECT count(*), max(id), min(id), sum(small) FROM t WHERE small > 300 AND mixed > 50 AND tiny > 2
4773 | 35991 | 33 | 3102815
> SELECT count(*), max(id), min(id), sum(small) FROM t WHERE id BETWEEN 1000 AND 20000 AND small > 300
4430 | 19998 | 1002 | 2878018
> SELECT 1, count(*), sum(small) FROM t WHERE small > 300 GROUP BY 1
1 | 8388 | 5452200
> SELECT tiny, count(*), sum(small), max(id) FROM t WHERE small > 300 GROUP BY tiny
0 | 1199 | 779480 | 35994
1 | 1199 | 779593 | 35997
2 | 1198 | 778706 | 35979
3 | 1199 | 779098 | 35982
4 | 1198 | 778910 | 35985
5 | 1197 | 778015 | 35988
6 | 1198 | 778398 | 35991
> SELECT count(*) FROM t WHERE small > 300 HAVING max(id) > 10
8388
> UPDATE t SET small = 5000 WHERE id % 1000 = 3
changes 12
> DELETE FROM t WHERE id % 1100 = 6
changes 11
> INSERT INTO t(id, tiny, small) VALUES (7, 1, 70000), (36002, 9, 999)
changes 2
> SELECT count(*), max(id), min(id), sum(small), max(small), min(tiny), sum(signed) FROM t WHERE small > 900
1201 | 36002 | 3 | 1258637 | 70000 | 0 | 2400710
