> CREATE TABLE t (d)
> CREATE TABLE u (c)
> SELECT 1 FROM t a LEFT JOIN t b USING (c) UNION ALL SELECT x.r FROM u
error SQLITE_ERROR: cannot join using column c - column not present in both tables
> SELECT * FROM (SELECT 1 FROM t a LEFT JOIN t b USING (c) UNION ALL SELECT x.r FROM u)
error SQLITE_ERROR: cannot join using column c - column not present in both tables
> SELECT x.r FROM u UNION ALL SELECT 1 FROM t a JOIN t b USING (c)
error SQLITE_ERROR: cannot join using column c - column not present in both tables
> SELECT 1 FROM t a JOIN t b USING (c) UNION ALL SELECT 1 FROM gone
error SQLITE_ERROR: no such table: gone
> SELECT 1 FROM gone UNION ALL SELECT 1 FROM t a JOIN t b USING (c)
error SQLITE_ERROR: cannot join using column c - column not present in both tables
> SELECT x.r FROM u WHERE EXISTS (SELECT 1 FROM t a JOIN u b USING (d))
error SQLITE_ERROR: cannot join using column d - column not present in both tables
> SELECT x.r, (SELECT 1 FROM t a JOIN t b USING (d)) FROM u
error SQLITE_ERROR: no such column: x.r
> SELECT x.r FROM t JOIN u USING (d)
error SQLITE_ERROR: cannot join using column d - column not present in both tables
> SELECT nix() FROM t JOIN u USING (c)
error SQLITE_ERROR: cannot join using column c - column not present in both tables
> SELECT 1 FROM t a JOIN t b USING (d) UNION ALL SELECT x.r FROM u
error SQLITE_ERROR: no such column: x.r
> SELECT x.r FROM u, (SELECT 1 FROM t a JOIN u b USING (d))
error SQLITE_ERROR: cannot join using column d - column not present in both tables

> CREATE TABLE v (d, e)
> SELECT 1 FROM t a CROSS JOIN v b RIGHT JOIN t c USING (d) UNION ALL SELECT 1 FROM t UNION SELECT x.r FROM u
error SQLITE_ERROR: ambiguous reference to d in USING()
> SELECT x.r FROM u UNION ALL SELECT 1 FROM t a CROSS JOIN v b RIGHT JOIN t c USING (d)
error SQLITE_ERROR: ambiguous reference to d in USING()
> SELECT x.r FROM u UNION ALL SELECT 1 FROM t a CROSS JOIN v b RIGHT JOIN t c USING (d) UNION SELECT y.r FROM u
error SQLITE_ERROR: ambiguous reference to d in USING()
> SELECT 1 FROM gone UNION ALL SELECT x.r FROM t UNION SELECT 1 FROM t a CROSS JOIN v b RIGHT JOIN t c USING (d) UNION SELECT y.r FROM u
error SQLITE_ERROR: ambiguous reference to d in USING()
> SELECT 1 FROM gone UNION SELECT 1 FROM t a CROSS JOIN v b RIGHT JOIN t c USING (d) UNION SELECT y.r FROM u
error SQLITE_ERROR: no such table: gone
> SELECT nix() FROM t a CROSS JOIN v b RIGHT JOIN t c USING (d) UNION SELECT y.r FROM u
error SQLITE_ERROR: ambiguous reference to d in USING()
> SELECT x.r FROM u WHERE EXISTS (SELECT 1 FROM t a CROSS JOIN v b RIGHT JOIN t c USING (d))
error SQLITE_ERROR: ambiguous reference to d in USING()
> SELECT x.r FROM u, (SELECT 1 FROM t a CROSS JOIN v b RIGHT JOIN t c USING (d))
error SQLITE_ERROR: ambiguous reference to d in USING()
> SELECT 1 FROM t a CROSS JOIN v b RIGHT JOIN t c USING (d) UNION SELECT 1 FROM t a JOIN t b USING (c) UNION SELECT y.r FROM u
error SQLITE_ERROR: cannot join using column c - column not present in both tables
