# Names that are missing in PARTITION BY and in ORDER BY: of the latter SQLite tells as far as columns and calls go
> CREATE TABLE t(a,b)
> SELECT sum(a) OVER (PARTITION BY x ORDER BY y) FROM t
error SQLITE_ERROR: no such column: y
> SELECT sum(a) OVER (PARTITION BY x ORDER BY y + 1) FROM t
error SQLITE_ERROR: no such column: x
> SELECT sum(a) OVER (PARTITION BY x ORDER BY a, y) FROM t
error SQLITE_ERROR: no such column: y
> SELECT sum(a) OVER (PARTITION BY x ORDER BY abs(y)) FROM t
error SQLITE_ERROR: no such column: y
> SELECT sum(a) OVER (PARTITION BY x ORDER BY nofunction(y)) FROM t
error SQLITE_ERROR: no such column: y
> SELECT sum(a) OVER (PARTITION BY x ORDER BY y LIKE 'q') FROM t
error SQLITE_ERROR: no such column: x
> SELECT sum(a) OVER (PARTITION BY x ORDER BY y NOT LIKE 'q') FROM t
error SQLITE_ERROR: no such column: x
> SELECT sum(a) OVER (PARTITION BY x ORDER BY y COLLATE nocase) FROM t
error SQLITE_ERROR: no such column: x
> SELECT sum(a) OVER (PARTITION BY x ORDER BY (y)) FROM t
error SQLITE_ERROR: no such column: y
> SELECT sum(a) OVER (PARTITION BY x ORDER BY a) FROM t
error SQLITE_ERROR: no such column: x
> SELECT sum(a) OVER (PARTITION BY a ORDER BY y + 1) FROM t
error SQLITE_ERROR: no such column: y
> SELECT sum(a) OVER (PARTITION BY x, z ORDER BY -y) FROM t
error SQLITE_ERROR: no such column: x
> SELECT sum(a) OVER w FROM t WINDOW w AS (PARTITION BY x ORDER BY y)
error SQLITE_ERROR: no such column: y
> SELECT sum(a) OVER w FROM t WINDOW w AS (PARTITION BY x ORDER BY y * 2)
error SQLITE_ERROR: no such column: x
> SELECT sum(a) OVER (PARTITION BY x ORDER BY a, b, -y) FROM t
error SQLITE_ERROR: no such column: x
> SELECT sum(a) OVER (PARTITION BY x ORDER BY abs(1), y) FROM t
error SQLITE_ERROR: no such column: y
> SELECT sum(a) OVER (PARTITION BY x ORDER BY abs(a), y) FROM t
error SQLITE_ERROR: no such column: y
> SELECT sum(a) OVER (PARTITION BY x ORDER BY max(a, 1, y)) FROM t
error SQLITE_ERROR: no such column: x
> SELECT sum(a) OVER (PARTITION BY x ORDER BY max(a, y)) FROM t
error SQLITE_ERROR: no such column: y
> SELECT sum(a) OVER (PARTITION BY x ORDER BY nofunction(a)) FROM t
error SQLITE_ERROR: no such function: nofunction
