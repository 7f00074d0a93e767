# Texts that differ in their digits alone: leaves that are scanned a second time compare them as numbers
> CREATE TABLE t(id INTEGER PRIMARY KEY, d TEXT, e TEXT, p TEXT, n TEXT COLLATE NOCASE, filler TEXT)
> INSERT INTO t WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 6000) SELECT i, date('1992-01-01', (i * 7919 % 2500) || ' days'), date('1992-01-01', (i * 6007 % 2500) || ' days'), printf('Part#%09d', i * 31 % 5000), printf('no-%05d-X', i % 777), hex(i * 1000003) FROM c
changes 6000
> SELECT count(*), sum(id) FROM t WHERE d >= '1994-01-01'
4239 | 12721880
> SELECT count(*), sum(id) FROM t WHERE d >= '1994-01-01'
4239 | 12721880
> SELECT count(*), sum(id) FROM t WHERE d >= '1994-01-01' AND d < '1995-01-01'
879 | 2639478
> SELECT count(*), sum(id) FROM t WHERE d BETWEEN '1994-01-01' AND '1994-01-31' AND d <> '1994-01-15'
70 | 207392
> SELECT count(*), sum(id) FROM t WHERE '1994-01-01' > d
1761 | 5281120
> SELECT count(*), sum(id) FROM t WHERE d = '1994-01-01' OR d = '1994-01-02'
5 | 14603
> SELECT count(*), sum(id) FROM t WHERE d < e
2996 | 8996244
> SELECT count(*), sum(id) FROM t WHERE d < e AND e <= '1996-02-29' AND d > '1992-12-31'
638 | 1914116
> SELECT count(*), sum(id) FROM t WHERE d IS e
9 | 28125
> SELECT count(*), sum(id) FROM t WHERE d IS NOT e AND id % 3 = 0
1997 | 5991750
> SELECT count(*), sum(id) FROM t WHERE d > e AND d = e
0 | NULL
> SELECT count(*), sum(id) FROM t WHERE d > '1994'
4239 | 12721880
> SELECT count(*), sum(id) FROM t WHERE d > '1994-01-01 00:00:00'
4236 | 12711833
> SELECT count(*), sum(id) FROM t WHERE d > '1994-99-99'
3360 | 10082402
> SELECT count(*), sum(id) FROM t WHERE d > '1994-0x-01'
3585 | 10765388
> SELECT count(*), sum(id) FROM t WHERE d > 'zzzzzzzzzz'
0 | NULL
> SELECT count(*), sum(id) FROM t WHERE d > ''
6000 | 18003000
> SELECT count(*), sum(id) FROM t WHERE d > 1994
4239 | 12721880
> SELECT count(*), sum(id) FROM t WHERE d > x'31393934'
0 | NULL
> SELECT count(*), sum(id) FROM t WHERE d < NULL
0 | NULL
> SELECT count(*), sum(id) FROM t WHERE p >= 'Part#000001000' AND p < 'Part#000001100'
120 | 355674
> SELECT count(*), sum(id) FROM t WHERE p = 'Part#000000031'
2 | 5002
> SELECT count(*), sum(id) FROM t WHERE p = 'part#000000031'
0 | NULL
> SELECT count(*), sum(id) FROM t WHERE n = 'NO-00031-x'
8 | 22004
> SELECT count(*), sum(id) FROM t WHERE n > 'NO-00031-x' COLLATE BINARY
6000 | 18003000
> SELECT count(*), sum(id) FROM t WHERE p > d
6000 | 18003000
> SELECT count(*), sum(id) FROM t WHERE d COLLATE NOCASE < e
2996 | 8996244
> UPDATE t SET d = '1994-01-01x' WHERE id = 77
changes 1
> UPDATE t SET d = NULL WHERE id = 78
changes 1
> UPDATE t SET e = 1994 WHERE id = 79
changes 1
> SELECT count(*), sum(id) FROM t WHERE d >= '1994-01-01' AND d < '1995-01-01'
880 | 2639555
> SELECT count(*), sum(id) FROM t WHERE d < e
2995 | 8996166
> SELECT count(*), sum(id) FROM t WHERE d < e
2995 | 8996166
> SELECT count(*), sum(id) FROM t WHERE d IS NOT e
5991 | 17974875
> DELETE FROM t WHERE id BETWEEN 3000 AND 3100
changes 101
> SELECT count(*), sum(id) FROM t WHERE d >= '1994-01-01' AND d < '1995-01-01'
863 | 2587688
> SELECT count(*), sum(id) FROM t WHERE d >= e
2956 | 8860528
> SELECT a.d, count(*) FROM t a JOIN t b ON b.id = a.id + 1 WHERE a.d > b.d AND a.e < '1992-01-20' GROUP BY a.d ORDER BY 2 DESC, 1 LIMIT 5
'1997-09-16' | 3
'1998-03-03' | 3
'1998-08-18' | 3
