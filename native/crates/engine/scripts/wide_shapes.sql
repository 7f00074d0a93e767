# What is asked of values in overflow blocks without reading them: class, length, a part.
> CREATE TABLE t(id INTEGER PRIMARY KEY, v, w TEXT)
> INSERT INTO t(v, w) VALUES(zeroblob(40000), printf('%.*c', 30000, 'é')), (NULL, NULL), (printf('%.*c', 40000, 'x') || char(0) || 'b', 'x')
changes 3
> INSERT INTO t(v, w) VALUES(zeroblob(30720), printf('%.*c', 9000, '€')), (5, 'z'), (printf('%.*c', 15360, '𝄞'), ''), (x'', 'abc')
changes 4
> INSERT INTO t(v, w) VALUES(unhex(replace(hex(zeroblob(10240)), '0000', '0001ff')), NULL), (CAST(unhex(replace(hex(zeroblob(9000)), '00', 'c3808080')) AS TEXT), 'y')
changes 2
> SELECT id, length(v), octet_length(v), typeof(v), v IS NULL, v IS NOT NULL, length(w), octet_length(w), typeof(w), w IS NULL FROM t
1 | 40000 | 40000 | 'blob' | 0 | 1 | 30000 | 60000 | 'text' | 0
2 | NULL | NULL | 'null' | 1 | 0 | NULL | NULL | 'null' | 1
3 | 40000 | 40002 | 'text' | 0 | 1 | 1 | 1 | 'text' | 0
4 | 30720 | 30720 | 'blob' | 0 | 1 | 9000 | 27000 | 'text' | 0
5 | 1 | 1 | 'integer' | 0 | 1 | 1 | 1 | 'text' | 0
6 | 15360 | 61440 | 'text' | 0 | 1 | 0 | 0 | 'text' | 0
7 | 0 | 0 | 'blob' | 0 | 1 | 3 | 3 | 'text' | 0
8 | 15360 | 15360 | 'blob' | 0 | 1 | NULL | NULL | 'null' | 1
9 | 9000 | 36000 | 'text' | 0 | 1 | 1 | 1 | 'text' | 0
> SELECT count(v), count(w), count(*) FILTER (WHERE v IS NOT NULL), sum(length(v)), count(DISTINCT length(w)) FROM t
8 | 7 | 8 | 150441 | 5
> SELECT typeof(v), count(v), count(w), count(*) FROM t GROUP BY 1
'blob' | 4 | 3 | 4
'integer' | 1 | 1 | 1
'null' | 0 | 0 | 1
'text' | 3 | 3 | 3
> SELECT id FROM t WHERE length(v) > 100 AND typeof(v) = 'blob'
1
4
8
> SELECT id FROM t WHERE w IS NULL
2
8
> SELECT id, hex(substr(v, 1, 5)), hex(substr(v, 15358, 6)), typeof(substr(v, 15360, 0)), hex(substr(v, 30719, 9)), hex(substr(v, 40000, 10)), hex(substr(v, 50000, 10)) FROM t
1 | '0000000000' | '000000000000' | 'blob' | '000000000000000000' | '00' | ''
2 | '' | '' | 'null' | '' | '' | ''
3 | '7878787878' | '787878787878' | 'text' | '787878787878787878' | '78' | ''
4 | '0000000000' | '000000000000' | 'blob' | '0000' | '' | ''
5 | '35' | '' | 'text' | '' | '' | ''
6 | 'F09D849EF09D849EF09D849EF09D849EF09D849E' | 'F09D849EF09D849EF09D849E' | 'text' | '' | '' | ''
7 | '' | '' | 'null' | '' | '' | ''
8 | '0001FF0001' | '0001FF' | 'blob' | '' | '' | ''
9 | 'C3808080C3808080C3808080C3808080C3808080' | '' | 'text' | '' | '' | ''
> SELECT id, substr(w, 1, 5), substr(w, 8999, 4), substr(w, -2, 2), substr(w, 0, 3), substr(w, 3, -2), length(substr(w, 7)) FROM t
1 | 'ééééé' | 'éééé' | 'éé' | 'éé' | 'éé' | 29994
2 | NULL | NULL | NULL | NULL | NULL | NULL
3 | 'x' | '' | 'x' | 'x' | 'x' | 0
4 | '€€€€€' | '€€' | '€€' | '€€' | '€€' | 8994
5 | 'z' | '' | 'z' | 'z' | 'z' | 0
6 | '' | '' | '' | '' | '' | 0
7 | 'abc' | '' | 'bc' | 'ab' | 'ab' | 0
8 | NULL | NULL | NULL | NULL | NULL | NULL
9 | 'y' | '' | 'y' | 'y' | 'y' | 0
> SELECT id, hex(substring(v, 2, 3)), hex(substr(v, '2', 3)), substr(v, NULL, 3), substr(v, 2, NULL), length(substr(v, 15000, 15000)) FROM t
1 | '000000' | '000000' | NULL | NULL | 15000
2 | '' | '' | NULL | NULL | NULL
3 | '787878' | '787878' | NULL | NULL | 15000
4 | '000000' | '000000' | NULL | NULL | 15000
5 | '' | '' | NULL | NULL | 0
6 | 'F09D849EF09D849EF09D849E' | 'F09D849EF09D849EF09D849E' | NULL | NULL | 361
7 | '' | '' | NULL | NULL | NULL
8 | '01FF00' | '01FF00' | NULL | NULL | 361
9 | 'C3808080C3808080C3808080' | 'C3808080C3808080C3808080' | NULL | NULL | 0
> SELECT l.id, length(r.v), r.v IS NULL, typeof(r.w), substr(r.w, 2, 3) FROM t l LEFT JOIN t r ON r.id = l.id + 5
1 | 15360 | 0 | 'text' | ''
2 | 0 | 0 | 'text' | 'bc'
3 | 15360 | 0 | 'null' | NULL
4 | 9000 | 0 | 'text' | ''
5 | NULL | 1 | 'null' | NULL
6 | NULL | 1 | 'null' | NULL
7 | NULL | 1 | 'null' | NULL
8 | NULL | 1 | 'null' | NULL
9 | NULL | 1 | 'null' | NULL
> SELECT max(length(v)) OVER (), count(w) OVER (ORDER BY id) FROM t
40000 | 1
40000 | 1
40000 | 2
40000 | 3
40000 | 4
40000 | 5
40000 | 6
40000 | 6
40000 | 7
> UPDATE t SET v = NULL WHERE length(w) = 30000 AND typeof(v) = 'blob'
changes 1
> SELECT id, length(v), v IS NULL FROM t WHERE id < 3
1 | NULL | 1
2 | NULL | 1
