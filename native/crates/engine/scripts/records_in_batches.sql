> CREATE TABLE t(k TEXT, n INTEGER, w INTEGER, r REAL, m, s TEXT, PRIMARY KEY(n DESC, k)) WITHOUT ROWID
> WITH c(i) AS (VALUES (0) UNION ALL SELECT i + 1 FROM c WHERE i < 2199) INSERT INTO t SELECT 'key ' || (i % 3), i, (1 << i % 63) - i, i / 4.0, CASE i % 5 WHEN 0 THEN i WHEN 1 THEN i / 2.0 WHEN 2 THEN 'text ' || i WHEN 3 THEN zeroblob(i % 3) END, CASE WHEN i % 9 THEN 'some text of some length ' || i END FROM c
changes 2200
> SELECT count(*), total(w), min(w), max(w), total(r), min(r), max(r) FROM t
2200 | 3.1388287962921166e+20 | -2141 | 4611686018427387842 | 604725.0 | 0.0 | 549.75
> SELECT count(m), min(m), max(m), count(s), max(s), min(s) FROM t
1760 | 0 | x'0000' | 1955 | 'some text of some length 998' | 'some text of some length 1'
> SELECT typeof(m), count(*), min(n) FROM t GROUP BY typeof(m)
'blob' | 440 | 3
'integer' | 440 | 0
'null' | 440 | 4
'real' | 440 | 1
'text' | 440 | 2
> SELECT n, k, w FROM t WHERE w < -2000 ORDER BY n LIMIT 4
2016 | 'key 0' | -2015
2017 | 'key 1' | -2015
2018 | 'key 2' | -2014
2019 | 'key 0' | -2011
> SELECT k, n, m FROM t WHERE m = 'text 1002'
'key 0' | 1002 | 'text 1002'
> SELECT count(*) FROM t WHERE s IS NULL AND r < 100 AND w > 5
38
> SELECT n, r FROM t WHERE s LIKE '%13%' AND r > 200.0
2139 | 534.75
2138 | 534.5
2137 | 534.25
2136 | 534.0
2135 | 533.75
2134 | 533.5
2132 | 533.0
2131 | 532.75
2130 | 532.5
2113 | 528.25
2013 | 503.25
1913 | 478.25
1813 | 453.25
1713 | 428.25
1613 | 403.25
1513 | 378.25
1399 | 349.75
1398 | 349.5
1397 | 349.25
1396 | 349.0
1394 | 348.5
1393 | 348.25
1392 | 348.0
1391 | 347.75
1390 | 347.5
1389 | 347.25
1388 | 347.0
1387 | 346.75
1385 | 346.25
1384 | 346.0
1383 | 345.75
1382 | 345.5
1381 | 345.25
1380 | 345.0
1379 | 344.75
1378 | 344.5
1376 | 344.0
1375 | 343.75
1374 | 343.5
1373 | 343.25
1372 | 343.0
1371 | 342.75
1370 | 342.5
1369 | 342.25
1367 | 341.75
1366 | 341.5
1365 | 341.25
1364 | 341.0
1363 | 340.75
1362 | 340.5
1361 | 340.25
1360 | 340.0
1358 | 339.5
1357 | 339.25
1356 | 339.0
1355 | 338.75
1354 | 338.5
1353 | 338.25
1352 | 338.0
1351 | 337.75
1349 | 337.25
1348 | 337.0
1347 | 336.75
1346 | 336.5
1345 | 336.25
1344 | 336.0
1343 | 335.75
1342 | 335.5
1340 | 335.0
1339 | 334.75
1338 | 334.5
1337 | 334.25
1336 | 334.0
1335 | 333.75
1334 | 333.5
1333 | 333.25
1331 | 332.75
1330 | 332.5
1329 | 332.25
1328 | 332.0
1327 | 331.75
1326 | 331.5
1325 | 331.25
1324 | 331.0
1322 | 330.5
1321 | 330.25
1320 | 330.0
1319 | 329.75
1318 | 329.5
1317 | 329.25
1316 | 329.0
1315 | 328.75
1313 | 328.25
1312 | 328.0
1311 | 327.75
1310 | 327.5
1309 | 327.25
1308 | 327.0
1307 | 326.75
1306 | 326.5
1304 | 326.0
1303 | 325.75
1302 | 325.5
1301 | 325.25
1300 | 325.0
1213 | 303.25
1139 | 284.75
1138 | 284.5
1137 | 284.25
1136 | 284.0
1135 | 283.75
1133 | 283.25
1132 | 283.0
1131 | 282.75
1130 | 282.5
1113 | 278.25
1013 | 253.25
913 | 228.25
813 | 203.25
> SELECT n FROM t WHERE r = 5.25
21
> SELECT n, w FROM t WHERE m = 700.0
700 | -572
> SELECT k, sum(r) FROM t WHERE n BETWEEN 100 AND 1800 GROUP BY k
'key 0' | 134804.25
'key 1' | 134520.75
'key 2' | 134662.5
> SELECT n, s FROM t ORDER BY r DESC, k LIMIT 3
2199 | 'some text of some length 2199'
2198 | 'some text of some length 2198'
2197 | 'some text of some length 2197'
> SELECT min(w), max(w) FROM t WHERE k = 'key 1' AND r > 10
-2141 | 2305843009213693891
> ALTER TABLE t ADD COLUMN a INTEGER DEFAULT 7
> ALTER TABLE t ADD COLUMN b TEXT
> ALTER TABLE t ADD COLUMN c TEXT DEFAULT 'said'
> SELECT sum(a), count(b), count(c), min(c) FROM t
15400 | 0 | 2200 | 'said'
> SELECT n, a, b, c FROM t WHERE c = 'said' AND n > 2197
2199 | 7 | NULL | 'said'
2198 | 7 | NULL | 'said'
> UPDATE t SET a = n, b = 'set ' || n, c = NULL WHERE n % 100 = 50
changes 22
> SELECT sum(a), count(b), count(c), max(b) FROM t
39446 | 22 | 2178 | 'set 950'
> SELECT n, a, b, c FROM t WHERE a > 2000 OR n = 3
2150 | 2150 | 'set 2150' | NULL
2050 | 2050 | 'set 2050' | NULL
3 | 7 | NULL | 'said'
> SELECT count(*) FROM t WHERE b IS NULL AND c = 'said'
2178
> INSERT INTO t(k, n, s, m) VALUES ('long', 1000, printf('%.*c', 200000, 'x') || 'end', printf('%.*c', 70, 'y')), ('long', -1, printf('%.*c', 300000, 'z'), 5)
changes 2
> SELECT k, n, length(s), length(m), a FROM t WHERE s LIKE '%xend'
'long' | 1000 | 200003 | 70 | 7
> SELECT k, n, length(s), m FROM t WHERE length(s) > 100
'long' | 1000 | 200003 | 'yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy'
'long' | -1 | 300000 | 5
> SELECT count(*), sum(length(s)), sum(a) FROM t WHERE n BETWEEN -5 AND 1100
1103 | 527381 | 13694
> SELECT m, count(*) FROM t WHERE n BETWEEN 998 AND 1004 GROUP BY m
NULL | 2
500.5 | 1
1000 | 1
'text 1002' | 1
'yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy' | 1
x'00' | 1
x'0000' | 1
> DELETE FROM t WHERE n % 7 = 3 AND w > 0
changes 262
> SELECT count(*), total(w), sum(n), count(DISTINCT k), total(r) FROM t
1940 | 2.9412434691443399e+20 | 2141654 | 4 | 535163.75
> SELECT t.n, u.n FROM t JOIN t u ON u.n = t.n + 1 AND u.k = 'key 2' WHERE t.w < 0 AND t.r < 30
67 | 68
64 | 65
> CREATE TABLE d(a REAL, b TEXT COLLATE NOCASE, c, PRIMARY KEY(a, b)) WITHOUT ROWID
> WITH c(i) AS (VALUES (0) UNION ALL SELECT i + 1 FROM c WHERE i < 299) INSERT INTO d SELECT i / 3, CASE i % 3 WHEN 0 THEN 'Abc' WHEN 1 THEN 'abd' ELSE 'ABE' END, i FROM c
changes 300
> SELECT typeof(a), count(*) FROM d WHERE b = 'ABC' GROUP BY 1
'real' | 100
> SELECT b, count(*), sum(c) FROM d GROUP BY b
'Abc' | 100 | 14850
'abd' | 100 | 14950
'ABE' | 100 | 15050
> SELECT a, b FROM d WHERE a = 17 OR c = 44
14.0 | 'ABE'
17.0 | 'Abc'
17.0 | 'abd'
17.0 | 'ABE'
> SELECT DISTINCT b FROM d WHERE c > 100
'ABE'
'Abc'
'abd'
