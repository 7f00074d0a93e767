# The least and the greatest value of an index's next column in each group.
> CREATE TABLE m(id INTEGER PRIMARY KEY, k TEXT, v INTEGER, w TEXT, r REAL, n NUMERIC)
> CREATE INDEX m_kv ON m(k, v)
> CREATE INDEX m_kw ON m(k, w)
> CREATE INDEX m_kr ON m(k, r)
> CREATE INDEX m_kn ON m(k, n)
> CREATE INDEX m_kvd ON m(w, v DESC)
> WITH s(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM s LIMIT 5000) INSERT INTO m SELECT x, 'k' || (x * x % 6), CASE x % 5 WHEN 0 THEN NULL ELSE x * 7919 % 1000 END, CASE x % 4 WHEN 0 THEN NULL ELSE 't' || (x * 31 % 500) END, x * 17 % 300 / 4.0, x % 90 * 0.5 FROM s
changes 5000
> INSERT INTO m(k, v, w, r, n) VALUES ('alone', 7, 'x', -0.0, 3), ('none', NULL, NULL, NULL, NULL), ('none', NULL, NULL, NULL, NULL), ('odd', 'text', x'00', 5, 1e300), ('odd', x'01', 'a', 5.0, -9223372036854775808.0)
changes 5
> SELECT k, max(v) FROM m GROUP BY k
'alone' | 7
'k0' | 998
'k1' | 999
'k3' | 999
'k4' | 998
'none' | NULL
'odd' | x'01'
> SELECT k, min(v) FROM m GROUP BY k
'alone' | 7
'k0' | 2
'k1' | 1
'k3' | 1
'k4' | 2
'none' | NULL
'odd' | 'text'
> SELECT k, min(v), max(v), count(*) FROM m GROUP BY k
'alone' | 7 | 7 | 1
'k0' | 2 | 998 | 833
'k1' | 1 | 999 | 1667
'k3' | 1 | 999 | 833
'k4' | 2 | 998 | 1667
'none' | NULL | NULL | 2
'odd' | 'text' | x'01' | 2
> SELECT k, min(w), max(w) FROM m GROUP BY k LIMIT 3
'alone' | 'x' | 'x'
'k0' | 't10' | 't98'
'k1' | 't1' | 't99'
> SELECT k, min(r), max(r) FROM m GROUP BY k
'alone' | 0.0 | 0.0
'k0' | 0.0 | 73.5
'k1' | 0.25 | 74.75
'k3' | 0.75 | 74.25
'k4' | 0.5 | 74.5
'none' | NULL | NULL
'odd' | 5.0 | 5.0
> SELECT k, min(n), typeof(min(n)), max(n), typeof(max(n)) FROM m GROUP BY k
'alone' | 3 | 'integer' | 3 | 'integer'
'k0' | 0 | 'integer' | 42 | 'integer'
'k1' | 0.5 | 'real' | 44.5 | 'real'
'k3' | 1.5 | 'real' | 43.5 | 'real'
'k4' | 1 | 'integer' | 44 | 'integer'
'none' | NULL | 'null' | NULL | 'null'
'odd' | -9.2233720368547758e+18 | 'real' | 1.0e+300 | 'real'
> SELECT k, max(v) FROM m GROUP BY k ORDER BY k DESC
'odd' | x'01'
'none' | NULL
'k4' | 998
'k3' | 999
'k1' | 999
'k0' | 998
'alone' | 7
> SELECT k, max(v) FROM m GROUP BY k ORDER BY k DESC LIMIT 2
'odd' | x'01'
'none' | NULL
> SELECT k, max(v), count(*) FROM m WHERE k > 'k1' GROUP BY k
'k3' | 999 | 833
'k4' | 998 | 1667
'none' | NULL | 2
'odd' | x'01' | 2
> SELECT k, max(v), min(v) FROM m WHERE k = 'k1' AND v > 500 GROUP BY k
'k1' | 999 | 501
> SELECT k, max(v), min(v) FROM m WHERE k = 'k1' AND v BETWEEN 100 AND 500 GROUP BY k
'k1' | 499 | 101
> SELECT k, max(v) AS top FROM m GROUP BY k HAVING max(v) < 900 OR top IS NULL
'alone' | 7
'none' | NULL
> SELECT k, max(w COLLATE NOCASE) FROM m GROUP BY k
'alone' | 'x'
'k0' | 't98'
'k1' | 't99'
'k3' | 't99'
'k4' | 't98'
'none' | NULL
'odd' | x'00'
> SELECT k, max(v) FILTER (WHERE v < 100) FROM m GROUP BY k
'alone' | 7
'k0' | 98
'k1' | 99
'k3' | 99
'k4' | 98
'none' | NULL
'odd' | NULL
> SELECT w, max(v) FROM m GROUP BY w LIMIT 3
NULL | 996
'a' | x'01'
't1' | 949
> SELECT k, max(v), id FROM m GROUP BY k
'alone' | 7 | 5001
'k0' | 998 | 642
'k1' | 999 | 1321
'k3' | 999 | 321
'k4' | 998 | 1642
'none' | NULL | 5003
'odd' | x'01' | 5005
> DELETE FROM m WHERE k = 'k3' AND id % 4
changes 833
> SELECT k, min(v), max(v), count(*) FROM m GROUP BY k
'alone' | 7 | 7 | 1
'k0' | 2 | 998 | 833
'k1' | 1 | 999 | 1667
'k4' | 2 | 998 | 1667
'none' | NULL | NULL | 2
'odd' | 'text' | x'01' | 2
