# The order in which rows enter and leave frames is SQLite's: RANGE at the edges of numbers
> CREATE TABLE t(a, b)
> INSERT INTO t VALUES (-9223372036854775808, 1), (-9223372036854775807, 2), (9223372036854775807, 3), (9223372036854775806, 4), (9007199254740992, 5), (9007199254740993, 6), (9007199254740994, 7), (9007199254740992.0, 8), (0.5, 9), (NULL, 10), ('x', 11), (1, 12), (1e999, 13), (-1e999, 14)
changes 14
> SELECT b, max(b) OVER w, count(*) OVER w FROM t WINDOW w AS (ORDER BY a RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) ORDER BY b
1 | 14 | 2
2 | 14 | 3
3 | 14 | 11
4 | 14 | 10
5 | 14 | 6
6 | 14 | 8
7 | 14 | 9
8 | 14 | 6
9 | 14 | 4
10 | 10 | 1
11 | 14 | 14
12 | 14 | 4
13 | 14 | 13
14 | 14 | 2
> SELECT b, group_concat(b) OVER (ORDER BY a RANGE BETWEEN 1 PRECEDING AND 1 FOLLOWING) FROM t ORDER BY b
1 | '1,2'
2 | '1,2'
3 | '4,3'
4 | '4,3'
5 | '5,8,6'
6 | '5,8,6,7'
7 | '6,7'
8 | '5,8,6'
9 | '9,12'
10 | '10'
11 | '11'
12 | '9,12'
13 | '13'
14 | '14'
> SELECT b, group_concat(b) OVER (ORDER BY a DESC RANGE BETWEEN 1 PRECEDING AND 1 FOLLOWING) FROM t ORDER BY b
1 | '2,1'
2 | '2,1'
3 | '3,4'
4 | '3,4'
5 | '6,5,8'
6 | '7,6,5,8'
7 | '7,6'
8 | '6,5,8'
9 | '12,9'
10 | '10'
11 | '11'
12 | '12,9'
13 | '13'
14 | '14'
> SELECT b, group_concat(b) OVER (ORDER BY a DESC NULLS FIRST RANGE BETWEEN 1 FOLLOWING AND 9223372036854775807 FOLLOWING) FROM t ORDER BY b
1 | '1'
2 | '1'
3 | '4,7,6,5,8,12,9'
4 | '7,6,5,8,12,9'
5 | '12,9'
6 | '5,8,12,9'
7 | '6,5,8,12,9'
8 | '12,9'
9 | '2,1'
10 | '10'
11 | '11'
12 | NULL
13 | '13'
14 | '14'
> SELECT b, group_concat(b) OVER (ORDER BY a NULLS LAST RANGE BETWEEN 9223372036854775807 PRECEDING AND 1 PRECEDING) FROM t ORDER BY b
1 | NULL
2 | '1'
3 | '9,12,5,8,6,7,4'
4 | '9,12,5,8,6,7'
5 | '9,12'
6 | '9,12,5,8'
7 | '9,12,5,8,6'
8 | '9,12'
9 | NULL
10 | '10'
11 | '11'
12 | NULL
13 | '13'
14 | '14'
> SELECT b, group_concat(b) OVER (ORDER BY a DESC RANGE BETWEEN 1.5 PRECEDING AND 0.0 PRECEDING EXCLUDE CURRENT ROW) FROM t ORDER BY b
1 | '2'
2 | NULL
3 | NULL
4 | NULL
5 | '7,6,8'
6 | '7'
7 | NULL
8 | '7,6,5'
9 | '12'
10 | NULL
11 | NULL
12 | NULL
13 | NULL
14 | NULL
> SELECT b, group_concat(b) OVER (ORDER BY a COLLATE NOCASE RANGE BETWEEN 1e999 PRECEDING AND 1 FOLLOWING) FROM t ORDER BY b
1 | '1,2'
2 | '1,2'
3 | '1,2,9,12,5,8,6,7,4,3'
4 | '1,2,9,12,5,8,6,7,4,3'
5 | '1,2,9,12,5,8,6'
6 | '1,2,9,12,5,8,6,7'
7 | '1,2,9,12,5,8,6,7'
8 | '1,2,9,12,5,8,6'
9 | '1,2,9,12'
10 | '10'
11 | '11'
12 | '1,2,9,12'
13 | '1,2,9,12,5,8,6,7,4,3,13'
14 | '14'
# Sums that slide past infinity
> SELECT b, sum(a) OVER w, avg(a) OVER w, total(a) OVER w FROM t WINDOW w AS (ORDER BY b ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)
error SQLITE_ERROR: integer overflow
> SELECT b, sum(a) OVER w, total(a) OVER w FROM t WINDOW w AS (ORDER BY b DESC ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)
14 | -Inf | -Inf
13 | NULL | NULL
12 | NULL | NULL
11 | NULL | NULL
10 | NULL | NULL
9 | NULL | NULL
8 | NULL | NULL
7 | NULL | NULL
6 | NULL | NULL
5 | NULL | NULL
4 | NULL | NULL
3 | NULL | NULL
2 | NULL | NULL
1 | NULL | NULL
> SELECT b, sum(a) OVER w, total(a) OVER w FROM t WINDOW w AS (ORDER BY b DESC ROWS BETWEEN 1 PRECEDING AND CURRENT ROW EXCLUDE TIES)
error SQLITE_ERROR: integer overflow
> SELECT b, sum(a) OVER w, total(a) OVER w FROM t WINDOW w AS (ORDER BY b DESC GROUPS BETWEEN 1 FOLLOWING AND 2 FOLLOWING)
14 | NULL | NULL
13 | NULL | NULL
12 | NULL | NULL
11 | NULL | NULL
10 | NULL | NULL
9 | NULL | NULL
8 | NULL | NULL
7 | NULL | NULL
6 | NULL | NULL
5 | NULL | NULL
4 | NULL | NULL
3 | NULL | NULL
2 | NULL | NULL
1 | NULL | NULL
> CREATE TABLE e(a, b)
> INSERT INTO e VALUES (9223372036854775807, 1), (1e999, 2), (-1e999, 3), (5, 4), ('x', 5), (NULL, 6), (-9223372036854775808, 7), (5.5, 8), (x'31', 9)
changes 9
> SELECT b, group_concat(b) OVER (ORDER BY a DESC RANGE BETWEEN UNBOUNDED PRECEDING AND 0.5 FOLLOWING) FROM e
9 | '9'
5 | '9,5'
2 | '9,5,2'
1 | '9,5,2,1'
8 | '9,5,2,1,8,4'
4 | '9,5,2,1,8,4'
7 | '9,5,2,1,8,4,7'
3 | '9,5,2,1,8,4,7,3'
6 | '9,5,2,1,8,4,7,3,6'
> SELECT b, group_concat(b) OVER (ORDER BY a DESC RANGE BETWEEN 1.5 PRECEDING AND UNBOUNDED FOLLOWING) FROM e
9 | '9,5,2,1,8,4,7,3,6'
5 | '5,2,1,8,4,7,3,6'
2 | '2,1,8,4,7,3,6'
1 | '1,8,4,7,3,6'
8 | '8,4,7,3,6'
4 | '8,4,7,3,6'
7 | '7,3,6'
3 | '3,6'
6 | '6'
> SELECT b, group_concat(b) OVER (ORDER BY a RANGE BETWEEN 1.5 PRECEDING AND 1.5 PRECEDING) FROM e
6 | '6'
3 | '3'
7 | '7'
4 | NULL
8 | NULL
1 | NULL
2 | '2'
5 | '5'
9 | '9'
> SELECT b, group_concat(b) OVER (ORDER BY a DESC RANGE BETWEEN 1.5 FOLLOWING AND 1.5 FOLLOWING) FROM e
9 | '9'
5 | '5'
2 | '2'
1 | '1'
8 | NULL
4 | NULL
7 | '7'
3 | '3'
6 | '6'
> SELECT b, group_concat(b) OVER (ORDER BY a RANGE BETWEEN 1e999 PRECEDING AND 1e999 FOLLOWING) FROM e
6 | '6'
3 | '3'
7 | '7,4,8,1,2'
4 | '7,4,8,1,2'
8 | '7,4,8,1,2'
1 | '7,4,8,1,2'
2 | '7,4,8,1,2'
5 | '5'
9 | '9'
> SELECT b, group_concat(b) OVER (ORDER BY a NULLS LAST RANGE BETWEEN 1e999 FOLLOWING AND UNBOUNDED FOLLOWING) FROM e
3 | '3,7,4,8,1,2,5,9,6'
7 | '2,5,9,6'
4 | '2,5,9,6'
8 | '2,5,9,6'
1 | '2,5,9,6'
2 | '2,5,9,6'
5 | '5,9,6'
9 | '9,6'
6 | '6'
> SELECT b, group_concat(b) OVER (ORDER BY a DESC NULLS FIRST RANGE BETWEEN 0.0 PRECEDING AND 0 PRECEDING) FROM e
6 | '6'
9 | '9'
5 | '5'
2 | '2'
1 | '1'
8 | '8'
4 | '4'
7 | '7'
3 | '3'
> SELECT b, group_concat(b) OVER (ORDER BY a RANGE BETWEEN CURRENT ROW AND 1.5 FOLLOWING EXCLUDE TIES) FROM e
6 | '6'
3 | '3'
7 | '7'
4 | '4,8'
8 | '8'
1 | '1'
2 | '2'
5 | '5'
9 | '9'
> SELECT b, group_concat(b) OVER (ORDER BY a RANGE BETWEEN 3 FOLLOWING AND 1 FOLLOWING) FROM e
6 | '6'
3 | '3'
7 | NULL
4 | NULL
8 | NULL
1 | NULL
2 | '2'
5 | '5'
9 | '9'
> SELECT b, group_concat(b) OVER (ORDER BY a RANGE BETWEEN 1 PRECEDING AND 3 PRECEDING) FROM e
6 | '6'
3 | '3'
7 | NULL
4 | NULL
8 | NULL
1 | NULL
2 | '2'
5 | '5'
9 | '9'
# Results come one row after the other: an error waits for its row
> SELECT b, sum(a) OVER (ORDER BY b ROWS 1 PRECEDING) FROM (SELECT 1 AS b, 9223372036854775807 AS a UNION ALL SELECT 2, 1) LIMIT 1
1 | 9223372036854775807
> SELECT b, sum(a) OVER (ORDER BY b ROWS 1 PRECEDING) FROM (SELECT 1 AS b, 9223372036854775807 AS a UNION ALL SELECT 2, 1) LIMIT 2
error SQLITE_ERROR: integer overflow
> SELECT b, nth_value(a, 2 - b) OVER (ORDER BY b ROWS 1 PRECEDING) FROM e WHERE b < 4 LIMIT 1
1 | 9223372036854775807
> SELECT b, nth_value(a, 2 - b) OVER (ORDER BY b ROWS 1 PRECEDING) FROM e WHERE b < 4
error SQLITE_ERROR: second argument to nth_value must be a positive integer
# EXCLUDE NO OTHERS computes anew what would otherwise slide
> SELECT b, sum(a) OVER (ORDER BY b ROWS 1 PRECEDING EXCLUDE NO OTHERS), total(a) OVER (ORDER BY b ROWS 1 PRECEDING) FROM e
1 | 9223372036854775807 | 9.2233720368547758e+18
2 | Inf | Inf
3 | NULL | NULL
4 | -Inf | NULL
5 | 5.0 | NULL
6 | 0.0 | NULL
7 | -9223372036854775808 | NULL
8 | -9.2233720368547758e+18 | NULL
9 | 6.5 | NULL
> SELECT b, string_agg(c, ',') OVER (ORDER BY b GROUPS 2 PRECEDING EXCLUDE NO OTHERS), string_agg(c, ',') OVER (ORDER BY b GROUPS 2 PRECEDING) FROM (SELECT 1 AS b, 'ab' AS c UNION ALL SELECT 2, NULL UNION ALL SELECT 3, '' UNION ALL SELECT 4, '')
1 | 'ab' | 'ab'
2 | 'ab' | 'ab'
3 | 'ab,' | 'ab,'
4 | ',' | ''
> SELECT b, nth_value(a, 0) OVER (ORDER BY b ROWS BETWEEN 2 FOLLOWING AND 3 FOLLOWING EXCLUDE NO OTHERS) FROM e WHERE b < 3
1 | NULL
2 | NULL
> SELECT b, nth_value(a, 0) OVER (ORDER BY b ROWS BETWEEN 2 FOLLOWING AND 3 FOLLOWING) FROM e WHERE b < 3
error SQLITE_ERROR: second argument to nth_value must be a positive integer
> SELECT b, nth_value(a, 0) OVER (ORDER BY b ROWS BETWEEN 1 FOLLOWING AND 3 FOLLOWING EXCLUDE TIES) FROM e WHERE b < 3
error SQLITE_ERROR: second argument to nth_value must be a positive integer
> SELECT b, first_value(b) OVER w, last_value(b) OVER w, nth_value(b, 2) OVER w FROM e WINDOW w AS (ORDER BY b % 3 GROUPS BETWEEN 1 PRECEDING AND 1 FOLLOWING EXCLUDE GROUP)
3 | 1 | 7 | 4
6 | 1 | 7 | 4
9 | 1 | 7 | 4
1 | 3 | 8 | 6
4 | 3 | 8 | 6
7 | 3 | 8 | 6
2 | 1 | 7 | 4
5 | 1 | 7 | 4
8 | 1 | 7 | 4
> SELECT b, first_value(b) OVER w, last_value(b) OVER w, nth_value(b, 2) OVER w FROM e WINDOW w AS (ORDER BY b % 3 GROUPS BETWEEN 1 FOLLOWING AND 2 FOLLOWING)
3 | 1 | 8 | 4
6 | 1 | 8 | 4
9 | 1 | 8 | 4
1 | 2 | 8 | 5
4 | 2 | 8 | 5
7 | 2 | 8 | 5
2 | NULL | NULL | NULL
5 | NULL | NULL | NULL
8 | NULL | NULL | NULL
> SELECT b, first_value(b) OVER w, last_value(b) OVER w, count(*) OVER w FROM e WINDOW w AS (ORDER BY b ROWS BETWEEN 3 FOLLOWING AND 1 FOLLOWING)
1 | NULL | NULL | 0
2 | NULL | NULL | 0
3 | NULL | NULL | 0
4 | NULL | NULL | 0
5 | NULL | NULL | 0
6 | NULL | NULL | 0
7 | NULL | NULL | 0
8 | NULL | NULL | 0
9 | NULL | NULL | 0
# Of equal values min() and max() give the first while frames grow, the last while they slide
> CREATE TABLE c(k, v COLLATE NOCASE)
> INSERT INTO c VALUES (1, 'a'), (2, 'A'), (3, NULL), (4, 'b'), (5, 'B'), (6, 'a')
changes 6
> SELECT k, min(v) OVER (ORDER BY k), max(v) OVER (ORDER BY k) FROM c
1 | 'a' | 'a'
2 | 'a' | 'a'
3 | 'a' | 'a'
4 | 'a' | 'b'
5 | 'a' | 'b'
6 | 'a' | 'b'
> SELECT k, min(v) OVER (ORDER BY k ROWS 2 PRECEDING), max(v) OVER (ORDER BY k ROWS 2 PRECEDING) FROM c
1 | 'a' | 'a'
2 | 'A' | 'A'
3 | 'A' | 'A'
4 | 'A' | 'b'
5 | 'B' | 'B'
6 | 'a' | 'B'
> SELECT k, min(v) OVER (ORDER BY k ROWS 2 PRECEDING EXCLUDE NO OTHERS), max(v) FILTER (WHERE k <> 4) OVER (ORDER BY k ROWS 2 PRECEDING EXCLUDE CURRENT ROW) FROM c
1 | 'a' | NULL
2 | 'a' | 'a'
3 | 'a' | 'a'
4 | 'A' | 'A'
5 | 'b' | NULL
6 | 'a' | 'B'
> SELECT k, min(1.0 * (k > 3)) FILTER (WHERE k <> 5) OVER (ORDER BY k ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) FROM c
1 | 0.0
2 | 0.0
3 | 0.0
4 | 0.0
5 | 1.0
6 | 1.0
# Errors of offsets come with the first row
> SELECT sum(k) OVER (ORDER BY k ROWS -1 PRECEDING) FROM c WHERE 0
> SELECT sum(k) OVER (ORDER BY k ROWS -1 PRECEDING) FROM c
error SQLITE_ERROR: frame starting offset must be a non-negative integer
> SELECT sum(k) OVER (ORDER BY k ROWS BETWEEN 1 PRECEDING AND NULL FOLLOWING) FROM c
error SQLITE_ERROR: frame ending offset must be a non-negative integer
> SELECT sum(k) OVER (ORDER BY k RANGE BETWEEN 'x' PRECEDING AND CURRENT ROW) FROM c
error SQLITE_ERROR: frame starting offset must be a non-negative number
> SELECT sum(k) OVER (ORDER BY k RANGE BETWEEN '1' PRECEDING AND CURRENT ROW) FROM c
1
3
5
7
9
11
> SELECT sum(k) OVER (ORDER BY k ROWS BETWEEN '1' PRECEDING AND 1.0 FOLLOWING) FROM c
3
6
9
12
15
11
> SELECT rank() OVER (ORDER BY k ROWS -1 PRECEDING) FROM c
1
2
3
4
5
6
> SELECT rank() OVER (PARTITION BY typeof(q0.x) ORDER BY q0.y) FROM c AS q0
error SQLITE_ERROR: no such column: q0.y
> SELECT max(q0.x) FILTER (WHERE q0.y) OVER (PARTITION BY q0.z ORDER BY q0.u) FROM c AS q0
error SQLITE_ERROR: no such column: q0.y
# A REAL offset adds as one, and lead() counts from row 1
> CREATE TABLE g(a, b)
> INSERT INTO g VALUES (1, 9007199254740993), (2, 9007199254740992), (3, 1)
changes 3
> SELECT a, group_concat(a) OVER (ORDER BY b DESC RANGE BETWEEN 0.0 PRECEDING AND 0 PRECEDING EXCLUDE TIES), group_concat(a) OVER (ORDER BY b DESC RANGE BETWEEN 0 PRECEDING AND 0 PRECEDING EXCLUDE TIES) FROM g
1 | '1' | '1'
2 | '1,2' | '2'
3 | '3' | '3'
> SELECT a, lead(a, 1e-300, 'd') OVER (ORDER BY a), lead(a, 0.5, 'd') OVER (ORDER BY a), lag(a, 1e-300) OVER (ORDER BY a), lead(a, 1.0) OVER (ORDER BY a), lag(a, -1) OVER (ORDER BY a), lag(a, 9223372036854775807, 'd') OVER (ORDER BY a), lead(a, 'x') OVER (ORDER BY a), lead(a, '1') OVER (ORDER BY a) FROM g
1 | 1 | 'd' | 1 | 2 | 2 | 'd' | 1 | 2
2 | 2 | 'd' | 2 | 3 | 3 | 'd' | 2 | 3
3 | 3 | 'd' | 3 | NULL | NULL | 'd' | 3 | NULL
# A window in the order of the one before it, and ORDER BY in the order of a window, read no further than they must
> CREATE TABLE o(a, b)
> INSERT INTO o VALUES (1, 9223372036854775807), (2, 1), (3, 1)
changes 3
> SELECT a, row_number() OVER w, sum(b) OVER (ORDER BY a ROWS 1 PRECEDING) FROM o WINDOW w AS (ORDER BY a) LIMIT 1
error SQLITE_ERROR: integer overflow
> SELECT a, sum(b) OVER (ORDER BY a ROWS 1 PRECEDING) FROM o ORDER BY a LIMIT 1
1 | 9223372036854775807
> SELECT a, sum(b) OVER (ORDER BY a ROWS 1 PRECEDING) FROM o ORDER BY a DESC LIMIT 1
error SQLITE_ERROR: integer overflow
> SELECT a, count(*) OVER (PARTITION BY a), ntile(3 - a) OVER (PARTITION BY a ORDER BY b) FROM o LIMIT 2
error SQLITE_ERROR: argument of ntile must be a positive integer
> SELECT a, count(*) OVER (PARTITION BY a), ntile(3 - a) OVER (PARTITION BY a ORDER BY b) FROM o
error SQLITE_ERROR: argument of ntile must be a positive integer
> SELECT a, ntile(2 - a) OVER (PARTITION BY a), row_number() OVER (PARTITION BY a ORDER BY b DESC), sum(a) OVER (PARTITION BY a ROWS 1 PRECEDING) FROM o LIMIT 1
1 | 1 | 1 | 1
> SELECT DISTINCT a, sum(b) OVER (ORDER BY a ROWS 1 PRECEDING) FROM o ORDER BY a LIMIT 1
1 | 9223372036854775807
