# A number that could be a column's and is none's is told of behind all else in its clause (fuzz seed 50393), and ORDER BY
# before GROUP BY.
> CREATE TABLE t(e)
> SELECT e FROM t ORDER BY 65, 65536
error SQLITE_ERROR: 2nd ORDER BY term out of range - should be between 1 and 1
> SELECT e FROM t ORDER BY 65, 0
error SQLITE_ERROR: 2nd ORDER BY term out of range - should be between 1 and 1
> SELECT e FROM t ORDER BY 65, -1
error SQLITE_ERROR: 2nd ORDER BY term out of range - should be between 1 and 1
> SELECT e FROM t ORDER BY 65, 66
error SQLITE_ERROR: 1st ORDER BY term out of range - should be between 1 and 1
> SELECT e FROM t ORDER BY nix, 65536
error SQLITE_ERROR: no such column: nix
> SELECT e FROM t ORDER BY 65, nix
error SQLITE_ERROR: no such column: nix
> SELECT e FROM t ORDER BY 65, abs()
error SQLITE_ERROR: wrong number of arguments to function abs()
> SELECT e FROM t GROUP BY 65, 65536
error SQLITE_ERROR: 2nd GROUP BY term out of range - should be between 1 and 1
> SELECT e FROM t GROUP BY 65, nix
error SQLITE_ERROR: no such column: nix
> SELECT e FROM t GROUP BY 1 ORDER BY 65, 65536
error SQLITE_ERROR: 2nd ORDER BY term out of range - should be between 1 and 1
> SELECT e FROM t UNION SELECT e FROM t ORDER BY 65, 65536
error SQLITE_ERROR: 1st ORDER BY term out of range - should be between 1 and 1
> SELECT e FROM t GROUP BY 65 ORDER BY 65536
error SQLITE_ERROR: 1st ORDER BY term out of range - should be between 1 and 1
> SELECT nix FROM t ORDER BY 65536
error SQLITE_ERROR: no such column: nix
> SELECT e FROM t WHERE nix ORDER BY 65536
error SQLITE_ERROR: no such column: nix
> SELECT e FROM t GROUP BY nix ORDER BY 65536
error SQLITE_ERROR: 1st ORDER BY term out of range - should be between 1 and 1
> SELECT e FROM t GROUP BY 65536 ORDER BY 65536
error SQLITE_ERROR: 1st ORDER BY term out of range - should be between 1 and 1
> SELECT e FROM t GROUP BY 5 ORDER BY nix
error SQLITE_ERROR: no such column: nix
> SELECT e FROM t GROUP BY nix ORDER BY 5
error SQLITE_ERROR: 1st ORDER BY term out of range - should be between 1 and 1
> SELECT e FROM t GROUP BY max(e) ORDER BY nix
error SQLITE_ERROR: no such column: nix
> SELECT e FROM t GROUP BY nix HAVING nox ORDER BY 1
error SQLITE_ERROR: no such column: nox
> SELECT e, sum(e) OVER w FROM t WINDOW w AS (ORDER BY e) ORDER BY (65) NULLS LAST, (65536) COLLATE NOCASE
error SQLITE_ERROR: 2nd ORDER BY term out of range - should be between 1 and 2
> SELECT e FROM t ORDER BY 4294967296
> SELECT e FROM t ORDER BY 1.5, 2
error SQLITE_ERROR: 2nd ORDER BY term out of range - should be between 1 and 1
