# Texts that repeat in a leaf, of which a condition before has left fewer rows than there are different ones
> CREATE TABLE t(id INTEGER PRIMARY KEY, k INTEGER, d TEXT)
> INSERT INTO t WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 20000) SELECT i, i % 50, date('2020-01-01', (i * i % 37) || ' days') FROM c
changes 20000
> SELECT count(*), sum(id) FROM t WHERE k = 3 AND strftime('%m', d) = '02'
64 | 636992
> SELECT count(*), sum(id), min(d) FROM t WHERE k = 3 AND date(d, '1 day') > '2020-02-10'
0 | NULL | NULL
> SELECT strftime('%d', d) AS day, count(*) FROM t WHERE k = 7 GROUP BY day
'01' | 11
'02' | 22
'03' | 22
'04' | 43
'05' | 22
'06' | 21
'08' | 22
'10' | 21
'11' | 22
'12' | 22
'13' | 22
'17' | 22
'22' | 22
'26' | 21
'27' | 21
'28' | 21
'29' | 21
'31' | 22
> SELECT count(*), sum(id) FROM t WHERE k = 3 AND d LIKE '%2-1%'
0 | NULL
> SELECT count(*), sum(id) FROM t WHERE k < 40 AND d LIKE '%2-1%'
0 | NULL
> SELECT count(*), sum(id) FROM t WHERE k BETWEEN 3 AND 4 AND id % 3 = 1 AND strftime('%m', d) = '02'
43 | 413500
> SELECT count(*), sum(id) FROM t WHERE k BETWEEN 3 AND 4 AND id % 7 = 1 AND d LIKE '%2-%1%'
0 | NULL
> SELECT count(*), sum(id) FROM t WHERE k BETWEEN 3 AND 4 AND id % 7 = 1 AND substr(d, 6, 2) = '02'
19 | 187066
> SELECT count(*), sum(id) FROM t WHERE k BETWEEN 3 AND 4 AND id % 7 = 1 AND date(d, '+1 day') > '2020-02-10'
0 | NULL
> SELECT count(*), sum(id) FROM t WHERE k BETWEEN 3 AND 4 AND id % 7 = 1 AND replace(d, '-', '') > '20200210'
0 | NULL
> SELECT count(*), sum(id) FROM t WHERE k = 4 AND julianday(d) > 2458890
0 | NULL
> SELECT count(*), sum(id), max(upper(d)) FROM t WHERE k = 4 AND hex(d) LIKE '%3231%'
0 | NULL | NULL
