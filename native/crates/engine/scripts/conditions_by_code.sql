# Conditions on texts that repeat: asked about each text of a leaf, then about rows by their codes
> CREATE TABLE t(id INTEGER PRIMARY KEY, k INT, label TEXT, note TEXT, gap TEXT)
> INSERT INTO t WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 20000) SELECT i, i % 10, 'label ' || char(97 + i % 26) || (i * 7 % 40), CASE WHEN i % 9 THEN 'note ' || (i % 5) END, 'x' || char(0) || (i % 3) FROM c
changes 20000
> SELECT count(*), sum(id), min(id), max(id) FROM t WHERE label LIKE '%l x%'
769 | 7695383 | 23 | 19991
> SELECT count(*), sum(id), min(id), max(id) FROM t WHERE label LIKE '%L X%' AND label LIKE '%1%'
308 | 3090138 | 23 | 19991
> SELECT count(*), sum(id), min(id), max(id) FROM t WHERE label LIKE '%nowhere%'
0 | NULL | NULL | NULL
> SELECT count(*), sum(id), min(id), max(id) FROM t WHERE label LIKE 'label%'
20000 | 200010000 | 1 | 20000
> SELECT count(*), sum(id), min(id), max(id) FROM t WHERE label NOT LIKE '%3' AND k > 7
2000 | 20006000 | 8 | 19998
> SELECT count(*), sum(id), min(id), max(id) FROM t WHERE k > 2 AND label NOT LIKE '%3' AND k < 9
12000 | 120006000 | 3 | 19998
> SELECT count(*), sum(id), min(id), max(id) FROM t WHERE note LIKE '%3%'
3555 | 35548440 | 3 | 19993
> SELECT count(*), sum(id), min(id), max(id) FROM t WHERE note NOT LIKE '%3%'
14223 | 142233783 | 1 | 20000
> SELECT count(*), sum(id), min(id), max(id) FROM t WHERE note IS NULL
2222 | 22227777 | 9 | 19998
> SELECT count(*), sum(id), min(id), max(id) FROM t WHERE note LIKE NULL
0 | NULL | NULL | NULL
> SELECT count(*), sum(id), min(id), max(id) FROM t WHERE gap LIKE 'x'
20000 | 200010000 | 1 | 20000
> SELECT count(*), sum(id), min(id), max(id) FROM t WHERE gap LIKE '%2%'
0 | NULL | NULL | NULL
> SELECT count(*), sum(id), min(id), max(id) FROM t WHERE label IN ('label b7', 'label z12', NULL)
39 | 385359 | 1 | 19761
> SELECT count(*), sum(id), min(id), max(id) FROM t WHERE label NOT IN ('label b7', 'label z12', NULL)
0 | NULL | NULL | NULL
> SELECT count(*), sum(id), min(id), max(id) FROM t WHERE upper(label) > 'LABEL X'
2307 | 23088456 | 23 | 19993
> SELECT count(*), sum(id), min(id), max(id) FROM t WHERE length(label) = 8 OR label = 'label b37'
5039 | 50387929 | 1 | 20000
> SELECT count(*), sum(id), min(id), max(id) FROM t WHERE abs(label) = 0 AND k = 4
2000 | 19998000 | 4 | 19994
> SELECT count(*), sum(id), min(id), max(id) FROM t WHERE label LIKE '%b%' AND note LIKE '%2' AND id BETWEEN 700 AND 15000
2542 | 19958199 | 707 | 14997
> SELECT k, count(*), max(label) FROM t WHERE label LIKE '%y%' GROUP BY k ORDER BY k
0 | 154 | 'label y30'
2 | 154 | 'label y4'
4 | 154 | 'label y8'
6 | 154 | 'label y32'
8 | 153 | 'label y6'
> SELECT id, label FROM t WHERE label LIKE '%y1%' AND note LIKE '%4' ORDER BY id LIMIT 5
934 | 'label y18'
1454 | 'label y18'
1974 | 'label y18'
2494 | 'label y18'
3014 | 'label y18'
> PRAGMA case_sensitive_like = 1
> SELECT count(*), sum(id), min(id), max(id) FROM t WHERE label LIKE '%L X%'
0 | NULL | NULL | NULL
> SELECT count(*), sum(id), min(id), max(id) FROM t WHERE label LIKE '%l x%'
769 | 7695383 | 23 | 19991
> PRAGMA case_sensitive_like = 0
> UPDATE t SET label = 'LABEL X' WHERE id % 1700 = 3
changes 12
> DELETE FROM t WHERE id % 1700 = 4
changes 12
> SELECT count(*), sum(id), min(id), max(id) FROM t WHERE label LIKE '%L X%'
780 | 7804216 | 3 | 19991
> SELECT count(*), sum(id), min(id), max(id) FROM t WHERE label NOT LIKE '%L X%' AND k = 3
1835 | 18352095 | 13 | 19993
