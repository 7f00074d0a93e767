# Texts that functions and || make in batches, result columns of them, and the best text of each group
> CREATE TABLE t(id INTEGER PRIMARY KEY, n INTEGER, r REAL, s TEXT, c TEXT COLLATE NOCASE, x)
> WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 3000) INSERT INTO t SELECT i, nullif(i % 97, 5), i / 8.0, CASE WHEN i % 50 = 7 THEN NULL ELSE substr('a text of several words and äöü', 1 + i % 17, 1 + i % 23) || (i % 401) END, char(65 + i % 5 + i / 5 % 2 * 32), CASE i % 6 WHEN 0 THEN NULL WHEN 1 THEN i % 13 + 0.25 WHEN 2 THEN x'61c3' WHEN 3 THEN 'a' ELSE i % 13 END FROM c
changes 3000
> SELECT id, s || '-' || n, n || r, x || c FROM t WHERE id BETWEEN 40 AND 60
40 | ' of several words 40-40' | '405.0' | '1A'
41 | 'of several words an41-41' | '415.125' | '2B'
42 | 'f several words and 42-42' | '425.25' | NULL
43 | ' several words and äö43-43' | '435.375' | '4.25D'
44 | 'several words and äöü44-44' | '445.5' | 'a�E'
45 | 'everal words and äöü45-45' | '455.625' | 'aa'
46 | 'v46-46' | '465.75' | '7b'
47 | 'er47-47' | '475.875' | '8c'
48 | 'ral48-48' | '486.0' | NULL
49 | 'al w49-49' | '496.125' | '10.25e'
50 | 'l wor50-50' | '506.25' | 'a�A'
51 | 'a text51-51' | '516.375' | 'aB'
52 | ' text o52-52' | '526.5' | '0C'
53 | 'text of 53-53' | '536.625' | '1D'
54 | 'ext of se54-54' | '546.75' | NULL
55 | 'xt of seve55-55' | '556.875' | '3.25a'
56 | 't of severa56-56' | '567.0' | 'a�b'
57 | NULL | '577.125' | 'ac'
58 | 'of several wo58-58' | '587.25' | '6d'
59 | 'f several word59-59' | '597.375' | '7e'
60 | ' several words 60-60' | '607.5' | NULL
> SELECT id, typeof(x || x), x || x, typeof(NULL || s), 1 || id FROM t WHERE id < 15
1 | 'text' | '1.251.25' | 'null' | '11'
2 | 'text' | 'a�a�' | 'null' | '12'
3 | 'text' | 'aa' | 'null' | '13'
4 | 'text' | '44' | 'null' | '14'
5 | 'text' | '55' | 'null' | '15'
6 | 'null' | NULL | 'null' | '16'
7 | 'text' | '7.257.25' | 'null' | '17'
8 | 'text' | 'a�a�' | 'null' | '18'
9 | 'text' | 'aa' | 'null' | '19'
10 | 'text' | '1010' | 'null' | '110'
11 | 'text' | '1111' | 'null' | '111'
12 | 'null' | NULL | 'null' | '112'
13 | 'text' | '0.250.25' | 'null' | '113'
14 | 'text' | 'a�a�' | 'null' | '114'
> SELECT count(s || n), sum(length(s || n || r)), max(n || s), min(c || s) FROM t
2910 | 64728 | '9xt of several w106' | 'A 230'
> SELECT count(DISTINCT s || n), count(DISTINCT lower(replace(s, ' ', '_'))), count(DISTINCT upper(c)) FROM t
2910 | 2940 | 5
> SELECT upper(c) || lower(c) AS k, count(*), min(s), max(s) FROM t GROUP BY k
'Aa' | 600 | ' 180' | 'xt188'
'Bb' | 600 | ' 170' | 'xt178'
'Cc' | 600 | ' 160' | 'xt168'
'Dd' | 600 | ' 200' | 'xt208'
'Ee' | 600 | ' 13' | 'xt198'
> SELECT printf('%05d-%s-%.2f|%8s|%-6d|%x', id, s, r, c, n, n) FROM t WHERE id BETWEEN 90 AND 130
'00090-t of several words and90-11.25|       A|90    |5a'
'00091- of several words and ä91-11.38|       B|91    |5b'
'00092-o92-11.50|       C|92    |5c'
'00093-f 93-11.63|       D|93    |5d'
'00094- se94-11.75|       E|94    |5e'
'00095-seve95-11.88|       a|95    |5f'
'00096-evera96-12.00|       b|96    |60'
'00097-veral 97-12.13|       c|0     |0'
'00098-eral wo98-12.25|       d|1     |1'
'00099-ral word99-12.38|       e|2     |2'
'00100-al words 100-12.50|       A|3     |3'
'00101-l words an101-12.63|       B|4     |4'
'00102-a text of s102-12.75|       C|0     |0'
'00103- text of sev103-12.88|       D|6     |6'
'00104-text of sever104-13.00|       E|7     |7'
'00105-ext of several105-13.13|       a|8     |8'
'00106-xt of several w106-13.25|       b|9     |9'
'00107--13.38|       c|10    |a'
'00108- of several words108-13.50|       d|11    |b'
'00109-of several words a109-13.63|       e|12    |c'
'00110-f several words and110-13.75|       A|13    |d'
'00111- several words and ä111-13.88|       B|14    |e'
'00112-several words and äöü112-14.00|       C|15    |f'
'00113-everal words and äöü113-14.13|       D|16    |10'
'00114-veral words and äöü114-14.25|       E|17    |11'
'00115-e115-14.38|       a|18    |12'
'00116-ra116-14.50|       b|19    |13'
'00117-al 117-14.63|       c|20    |14'
'00118-l wo118-14.75|       d|21    |15'
'00119-a tex119-14.88|       e|22    |16'
'00120- text 120-15.00|       A|23    |17'
'00121-text of121-15.13|       B|24    |18'
'00122-ext of s122-15.25|       C|25    |19'
'00123-xt of sev123-15.38|       D|26    |1a'
'00124-t of sever124-15.50|       E|27    |1b'
'00125- of several125-15.63|       a|28    |1c'
'00126-of several w126-15.75|       b|29    |1d'
'00127-f several wor127-15.88|       c|30    |1e'
'00128- several words128-16.00|       d|31    |1f'
'00129-several words a129-16.13|       e|32    |20'
'00130-everal words and130-16.25|       A|33    |21'
> SELECT printf('%s', x), format('%q', s), printf('no conversion'), printf(NULL, n) FROM t WHERE id < 9
'1.25' | ' t1' | 'no conversion' | NULL
'a�' | 'tex2' | 'no conversion' | NULL
'a' | 'ext 3' | 'no conversion' | NULL
'4' | 'xt of4' | 'no conversion' | NULL
'5' | 't of s5' | 'no conversion' | NULL
'' | ' of sev6' | 'no conversion' | NULL
'7.25' | '(NULL)' | 'no conversion' | NULL
'a�' | 'f several8' | 'no conversion' | NULL
> SELECT sum(length(printf('%d %s', n, s))), max(printf('%06d', id)), group_concat(DISTINCT printf('%d', id % 5)) FROM t
51006 | '003000' | '1,2,3,4,0'
> SELECT sum(length(replace(s, 'ex', 'longer text'))), max(replace(s, 'a', '')), count(replace(s, 'o', x)) FROM t
47859 | 'xt208' | 2440
> SELECT id, replace(s, '', 'z'), replace(s, 'e', NULL), replace(x, 'a', 'b'), trim(s, 'a s'), hex(x), hex(s) FROM t WHERE id < 30
1 | ' t1' | NULL | '1.25' | 't1' | '312E3235' | '207431'
2 | 'tex2' | NULL | 'b�' | 'tex2' | '61C3' | '74657832'
3 | 'ext 3' | NULL | 'b' | 'ext 3' | '61' | '6578742033'
4 | 'xt of4' | NULL | '4' | 'xt of4' | '34' | '7874206F6634'
5 | 't of s5' | NULL | '5' | 't of s5' | '35' | '74206F66207335'
6 | ' of sev6' | NULL | NULL | 'of sev6' | '' | '206F662073657636'
7 | NULL | NULL | '7.25' | NULL | '372E3235' | ''
8 | 'f several8' | NULL | 'b�' | 'f several8' | '61C3' | '66207365766572616C38'
9 | ' several w9' | NULL | 'b' | 'everal w9' | '61' | '207365766572616C207739'
10 | 'several wor10' | NULL | '10' | 'everal wor10' | '3130' | '7365766572616C20776F723130'
11 | 'everal words11' | NULL | '11' | 'everal words11' | '3131' | '65766572616C20776F7264733131'
12 | 'veral words a12' | NULL | NULL | 'veral words a12' | '' | '766572616C20776F72647320613132'
13 | 'eral words and13' | NULL | '0.25' | 'eral words and13' | '302E3235' | '6572616C20776F72647320616E643133'
14 | 'ral words and ä14' | NULL | 'b�' | 'ral words and ä14' | '61C3' | '72616C20776F72647320616E6420C3A43134'
15 | 'al words and äöü15' | NULL | 'b' | 'l words and äöü15' | '61' | '616C20776F72647320616E6420C3A4C3B6C3BC3135'
16 | 'l words and äöü16' | NULL | '3' | 'l words and äöü16' | '33' | '6C20776F72647320616E6420C3A4C3B6C3BC3136'
17 | 'a text of several 17' | NULL | '4' | 'text of several 17' | '34' | '612074657874206F66207365766572616C203137'
18 | ' text of several wo18' | NULL | NULL | 'text of several wo18' | '' | '2074657874206F66207365766572616C20776F3138'
19 | 'text of several word19' | NULL | '6.25' | 'text of several word19' | '362E3235' | '74657874206F66207365766572616C20776F72643139'
20 | 'ext of several words 20' | NULL | 'b�' | 'ext of several words 20' | '61C3' | '657874206F66207365766572616C20776F726473203230'
21 | 'xt of several words an21' | NULL | 'b' | 'xt of several words an21' | '61' | '7874206F66207365766572616C20776F72647320616E3231'
22 | 't of several words and 22' | NULL | '9' | 't of several words and 22' | '39' | '74206F66207365766572616C20776F72647320616E64203232'
23 | ' 23' | NULL | '10' | '23' | '3130' | '203233'
24 | 'of24' | NULL | NULL | 'of24' | '' | '6F663234'
25 | 'f s25' | NULL | '12.25' | 'f s25' | '31322E3235' | '6620733235'
26 | ' sev26' | NULL | 'b�' | 'ev26' | '61C3' | '207365763236'
27 | 'sever27' | NULL | 'b' | 'ever27' | '61' | '73657665723237'
28 | 'everal28' | NULL | '2' | 'everal28' | '32' | '65766572616C3238'
29 | 'veral w29' | NULL | '3' | 'veral w29' | '33' | '766572616C20773239'
> SELECT trim('  ' || s || ' '), ltrim(c, 'aA') || '.', rtrim(n, 1) FROM t WHERE id % 211 = 3
'ext 3' | 'D.' | '3'
'several 214' | 'E.' | '20'
'a text of se24' | '.' | '37'
'of several words235' | 'b.' | '54'
'ral words and äöü45' | 'c.' | '7'
'x256' | 'd.' | '88'
'evera66' | 'e.' | '8'
'text of 277' | '.' | '25'
'f several wor87' | 'B.' | '42'
'al words and äöü298' | 'C.' | '59'
't of several words an108' | 'D.' | '76'
've319' | 'E.' | '93'
'text o129' | '.' | '13'
'several w340' | 'b.' | '30'
NULL | 'c.' | '47'
> SELECT json_object('id', id, 'x', CASE WHEN typeof(x) = 'blob' THEN NULL ELSE x END, 's', s) FROM t WHERE id < 25
'{"id":1,"x":1.25,"s":" t1"}'
'{"id":2,"x":null,"s":"tex2"}'
'{"id":3,"x":"a","s":"ext 3"}'
'{"id":4,"x":4,"s":"xt of4"}'
'{"id":5,"x":5,"s":"t of s5"}'
'{"id":6,"x":null,"s":" of sev6"}'
'{"id":7,"x":7.25,"s":null}'
'{"id":8,"x":null,"s":"f several8"}'
'{"id":9,"x":"a","s":" several w9"}'
'{"id":10,"x":10,"s":"several wor10"}'
'{"id":11,"x":11,"s":"everal words11"}'
'{"id":12,"x":null,"s":"veral words a12"}'
'{"id":13,"x":0.25,"s":"eral words and13"}'
'{"id":14,"x":null,"s":"ral words and ä14"}'
'{"id":15,"x":"a","s":"al words and äöü15"}'
'{"id":16,"x":3,"s":"l words and äöü16"}'
'{"id":17,"x":4,"s":"a text of several 17"}'
'{"id":18,"x":null,"s":" text of several wo18"}'
'{"id":19,"x":6.25,"s":"text of several word19"}'
'{"id":20,"x":null,"s":"ext of several words 20"}'
'{"id":21,"x":"a","s":"xt of several words an21"}'
'{"id":22,"x":9,"s":"t of several words and 22"}'
'{"id":23,"x":10,"s":" 23"}'
'{"id":24,"x":null,"s":"of24"}'
> SELECT json_array(id, json_array(n, r), json_object('s', json(json_array(c)))) FROM t WHERE id % 307 = 4
'[4,[4,0.5],{"s":["E"]}]'
'[311,[20,38.875],{"s":["B"]}]'
'[618,[36,77.25],{"s":["d"]}]'
'[925,[52,115.625],{"s":["a"]}]'
'[1232,[68,154.0],{"s":["C"]}]'
'[1539,[84,192.375],{"s":["e"]}]'
'[1846,[3,230.75],{"s":["b"]}]'
'[2153,[19,269.125],{"s":["D"]}]'
'[2460,[35,307.5],{"s":["A"]}]'
'[2767,[51,345.875],{"s":["c"]}]'
> SELECT length(json_group_array(json_object('id', id, 's', s))), length(json_group_object(s, json_array(n))) FROM t
98329 | 65621
> SELECT json_set('{"a":1}', '$.b', s, '$.a', json_array(n)), json_remove(json_object('a', n, 'b', s), '$.a') FROM t WHERE id % 411 = 2
'{"a":[2],"b":"tex2"}' | '{"b":"tex2"}'
'{"a":[25],"b":"t of several words and 12"}' | '{"b":"t of several words and 12"}'
'{"a":[48],"b":"f several words and 22"}' | '{"b":"f several words and 22"}'
'{"a":[71],"b":"everal words and 32"}' | '{"b":"everal words and 32"}'
'{"a":[94],"b":"ral words and 42"}' | '{"b":"ral words and 42"}'
'{"a":[20],"b":null}' | '{"b":null}'
'{"a":[43],"b":"ext of s62"}' | '{"b":"ext of s62"}'
'{"a":[66],"b":" of s72"}' | '{"b":" of s72"}'
> SELECT json_extract(json_object('a', s, 'b', json_array(n, r)), '$.b', '$.a'), json_object('a', s) -> '$.a', json_object('a', s) ->> '$.a' FROM t WHERE id % 411 = 2
'[[2,0.25],"tex2"]' | '"tex2"' | 'tex2'
'[[25,51.625],"t of several words and 12"]' | '"t of several words and 12"' | 't of several words and 12'
'[[48,103.0],"f several words and 22"]' | '"f several words and 22"' | 'f several words and 22'
'[[71,154.375],"everal words and 32"]' | '"everal words and 32"' | 'everal words and 32'
'[[94,205.75],"ral words and 42"]' | '"ral words and 42"' | 'ral words and 42'
'[[20,257.125],null]' | 'null' | NULL
'[[43,308.5],"ext of s62"]' | '"ext of s62"' | 'ext of s62'
'[[66,359.875]," of s72"]' | '" of s72"' | ' of s72'
> SELECT json_object('a', x) FROM t
error SQLITE_ERROR: JSON cannot hold BLOB values
> SELECT id, json_array(x) FROM t WHERE id < 3
error SQLITE_ERROR: JSON cannot hold BLOB values
> SELECT count(*) FROM t WHERE s || c LIKE '%xta' OR upper(s) GLOB '*TEXT*'
427
> SELECT count(*) FROM t WHERE lower(s) = 'text of several wor17' OR s || '' IN ('a16', 'text o23', 'xt5')
1
> SELECT count(*) FROM t WHERE replace(n, '1', '2') = 22
0
> SELECT count(*) FROM t WHERE n || '' > '5'
1575
> SELECT count(*), min(a.id) FROM t a JOIN t b ON b.s = upper(a.c) || a.n
0 | NULL
> SELECT count(*) FROM t a JOIN t b ON a.s || '' = b.s AND b.id < 100
97
> SELECT CAST(n || '0' AS INTEGER) + 1, n || '0' + 1, -(n || '5') FROM t WHERE id % 701 = 1
11 | 11 | -15
231 | 231 | -235
451 | 451 | -455
671 | 671 | -675
891 | 891 | -895
> SELECT max(s), min(s), max(c), min(c), max(x), min(x) FROM t
'xt208' | ' 13' | 'E' | 'a' | x'61c3' | 0
> SELECT n, max(s), min(s) FROM t WHERE n < 4 GROUP BY n
0 | 'xt of se181' | ' of several word116'
1 | 'xt of several words a59' | ' of several w350'
2 | 'xt of several word293' | ' of severa183'
3 | 'xt of se171' | ' of several word106'
> SELECT id % 3, max(s), id, n FROM t GROUP BY 1
0 | 'xt188' | 990 | 20
1 | 'xt208' | 208 | 14
2 | 'xt198' | 599 | 17
> SELECT id % 3, min(s), id, n FROM t WHERE id % 50 = 7 OR id < 20 GROUP BY 1
0 | ' of sev6' | 6 | 6
1 | ' t1' | 1 | 1
2 | 'a text of several 17' | 17 | 17
> SELECT id % 4, min(c), id FROM t GROUP BY 1
0 | 'A' | 20
1 | 'a' | 5
2 | 'A' | 10
3 | 'a' | 15
> SELECT id % 4, max(c COLLATE BINARY), id FROM t GROUP BY 1
0 | 'd' | 8
1 | 'e' | 9
2 | 'd' | 18
3 | 'e' | 19
> SELECT id % 4, max(x), id, typeof(x) FROM t GROUP BY 1
0 | x'61c3' | 8 | 'blob'
1 | 'a' | 9 | 'text'
2 | x'61c3' | 2 | 'blob'
3 | 'a' | 3 | 'text'
> SELECT id / 1000, max(CASE WHEN id < 1500 THEN s ELSE id END), min(CASE WHEN id < 1500 THEN s ELSE id END) FROM t GROUP BY 1
0 | 'xt208' | ' 13'
1 | 'xt178' | 1500
2 | 2999 | 2000
3 | 3000 | 3000
> SELECT n % 2, max(s) FILTER (WHERE id > 2990), min(s || id) FROM t GROUP BY 1
NULL | NULL | ' of severa173975'
0 | 'xt of s189' | ' 13414'
1 | 't of sev190' | ' 1602967'
> SELECT m, count(*) FROM (SELECT n, max(s) AS m FROM t GROUP BY n) GROUP BY m HAVING count(*) > 3
> SELECT count(*), max(m), min(m) FROM (SELECT n, max(id) AS m, min(r) AS k FROM t WHERE x IS NOT NULL GROUP BY n) WHERE k > 2
83 | 2999 | 2807
> SELECT a.id, (SELECT max(s) FROM t b WHERE b.n = a.n) FROM t a WHERE a.id % 333 = 8
8 | 'xt of several word273'
341 | 'xt of several wo399'
674 | 'xt of several words a79'
1007 | 'xt of severa250'
1340 | 'xt of several wor331'
1673 | 'xt of several words an11'
2006 | 'xt of several182'
2339 | 'xt of several word263'
2672 | 'xt of several words and344'
> SELECT a.id, m FROM (SELECT id, (SELECT min(s) FROM t b WHERE b.n = t.n) AS m FROM t) a WHERE m > 'several words and ä2' ORDER BY id LIMIT 5
> SELECT n, max(s) FROM (SELECT n, s FROM t UNION ALL SELECT n + 1, s || 'z' FROM t) WHERE n > 92 GROUP BY n
93 | 'xt of several words a79z'
94 | 'xt of sever358z'
95 | 'xt of several words a69'
96 | 'xt of several words a69z'
97 | 'xt of sever348z'
> SELECT s || n AS k FROM t WHERE id < 30 UNION SELECT upper(s) FROM t WHERE id < 9
NULL
' 2323'
' OF SEV6'
' T1'
' of sev66'
' sev2626'
' several w99'
' t11'
' text of several wo1818'
'EXT 3'
'F SEVERAL8'
'T OF S5'
'TEX2'
'XT OF4'
'a text of several 1717'
'al words and äöü1515'
'eral words and1313'
'everal words1111'
'everal2828'
'ext 33'
'ext of several words 2020'
'f s2525'
'f several88'
'l words and äöü1616'
'of2424'
'ral words and ä1414'
'sever2727'
'several wor1010'
't of several words and 2222'
'tex22'
'text of several word1919'
'veral w2929'
'veral words a1212'
'xt of several words an2121'
'xt of44'
> SELECT count(*) FROM (SELECT s || n FROM t INTERSECT SELECT s || (n + 0) FROM t WHERE id > 2000)
971
> SELECT row_number() OVER (ORDER BY s || c, id) AS k, s || c FROM t WHERE id < 12 ORDER BY k
1 | NULL
2 | ' of sev6b'
3 | ' several w9e'
4 | ' t1B'
5 | 'everal words11B'
6 | 'ext 3D'
7 | 'f several8d'
8 | 'several wor10A'
9 | 't of s5a'
10 | 'tex2C'
11 | 'xt of4E'
> SELECT id, upper(s), abs(CASE id WHEN 700 THEN -9223372036854775807 - 1 ELSE id END) FROM t WHERE id > 695
error SQLITE_ERROR: integer overflow
> SELECT id, upper(s) FROM t WHERE id < 80 AND abs(CASE id WHEN 700 THEN -9223372036854775807 - 1 ELSE id END) > 75
76 | 'F SEVERA76'
77 | ' SEVERAL 77'
78 | 'SEVERAL WO78'
79 | 'EVERAL WORD79'
> SELECT upper(s), id FROM t WHERE id > 2990 LIMIT 3
'L 184' | 2991
'A T185' | 2992
' TEX186' | 2993
> SELECT (SELECT upper(s) FROM t WHERE id > 100), lower('ABC')
'L WORDS AN101' | 'abc'
> SELECT upper(s), (SELECT count(*) FROM t b WHERE b.id < t.id) FROM t WHERE id < 70 AND id > 64
'RAL WORDS AND äöü65' | 64
'AL WORDS AND äöü66' | 65
'L WORDS AND äöü67' | 66
'A TEXT OF SEVERAL WORDS68' | 67
' 69' | 68
> SELECT sum(length(zeroblob(2000) || s)) FROM t
0
> SELECT length(replace(hex(zeroblob(n * 1000)), '0', 'ab')) FROM t WHERE id IN (3, 60)
12000
240000
> SELECT group_concat(s || ';', ''), group_concat(n || 'x') FROM (SELECT s, n FROM t ORDER BY id DESC LIMIT 9)
'f several w193;of several192; of sever191;t of sev190;xt of s189;ext of188;text 187; tex186;a t185;' | '90x,89x,88x,87x,86x,85x,84x,83x,82x'
> SELECT upper(s) FROM t WHERE id > 3000
> DELETE FROM t WHERE id % 3 = 0
changes 1000
> UPDATE t SET s = 'changed ' || id WHERE id % 7 = 1
changes 286
> SELECT id, upper(s), c || n FROM t WHERE id > 2960
2962 | 'CHANGED 2962' | 'C52'
2963 | 'T OF SEVERAL WORDS A156' | 'D53'
2965 | 'OF SEVERAL WORDS AND ä158' | 'a55'
2966 | 'F SEVERAL WORDS AND äöü159' | 'b56'
2968 | 'SE161' | 'd58'
2969 | 'CHANGED 2969' | 'e59'
2971 | 'ERAL 164' | 'B61'
2972 | 'RAL WO165' | 'C62'
2974 | 'L WORDS 167' | 'E64'
2975 | 'A TEXT OF168' | 'a65'
2977 | 'TEXT OF SEV170' | 'c67'
2978 | 'EXT OF SEVER171' | 'd68'
2980 | 'T OF SEVERAL W173' | 'A70'
2981 | ' OF SEVERAL WOR174' | 'B71'
2983 | 'CHANGED 2983' | 'D73'
2984 | ' SEVERAL WORDS AND177' | 'E74'
2986 | 'EVERAL WORDS AND äöü179' | 'b76'
2987 | 'VERAL WORDS AND äöü180' | 'c77'
2989 | 'RAL WORDS AND äöü182' | 'e79'
2990 | 'CHANGED 2990' | 'A80'
2992 | 'A T185' | 'C82'
2993 | ' TEX186' | 'D83'
2995 | 'EXT OF188' | 'a85'
2996 | 'XT OF S189' | 'b86'
2998 | ' OF SEVER191' | 'd88'
2999 | 'OF SEVERAL192' | 'e89'
> SELECT n % 3, max(s), min(s), count(DISTINCT s || c) FROM t GROUP BY 1
NULL | 'xt of sever328' | ' of218' | 21
0 | 'xt of several242' | ' 170' | 652
1 | 'xt of4' | ' o286' | 653
2 | 'xt208' | ' 23' | 640
