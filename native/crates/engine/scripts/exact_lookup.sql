# A compound's column that is REAL in its first arm has the integers of the others as reals, but SQLite's automatic index
# has them as they were: one that no real can be finds nothing there, and is found by whoever compares what it reads.
> CREATE TABLE r(a REAL, b)
> CREATE TABLE i(a INT, b)
> INSERT INTO i VALUES (-9007199254740993, 'odd'), (-9007199254740992, 'even'), (7, 'small'), (NULL, 'null'), ('t', 'text')
changes 5
> INSERT INTO i VALUES (9223372036854775807, 'most'), (-9223372036854775808, 'least')
changes 2
> INSERT INTO r VALUES (7, 'real'), (9007199254740992.0, 'big'), (-9007199254740992.0, 'even')
changes 3
> WITH c(k, b) AS (SELECT a, b FROM r WHERE a = 7 UNION ALL SELECT a, b FROM i WHERE b = 'odd') SELECT x.k, x.b, y.b FROM c AS x JOIN c AS y ON x.k = y.k ORDER BY 1, 2, 3
7.0 | 'real' | 'real'
> WITH c(k, b) AS (SELECT a, b FROM r WHERE b = 'none' UNION ALL SELECT a, b FROM i WHERE b = 'odd') SELECT x.k, x.b, y.b FROM c AS x JOIN c AS y ON x.k = y.k ORDER BY 1, 2, 3
> WITH c(k, b) AS (SELECT a, b FROM r UNION ALL SELECT a, b FROM i) SELECT x.k, x.b, y.b FROM c AS x LEFT JOIN c AS y ON x.k = y.k ORDER BY 1, 2, 3
NULL | 'null' | NULL
-9.2233720368547758e+18 | 'least' | 'least'
-9007199254740992.0 | 'even' | 'even'
-9007199254740992.0 | 'even' | 'even'
-9007199254740992.0 | 'even' | 'even'
-9007199254740992.0 | 'even' | 'even'
-9007199254740992.0 | 'odd' | 'even'
-9007199254740992.0 | 'odd' | 'even'
7.0 | 'real' | 'real'
7.0 | 'real' | 'small'
7.0 | 'small' | 'real'
7.0 | 'small' | 'small'
9007199254740992.0 | 'big' | 'big'
9.2233720368547758e+18 | 'most' | NULL
't' | 'text' | 'text'
> WITH c(k, b) AS (SELECT a, b FROM r UNION ALL SELECT a, b FROM i) SELECT x.k, x.b, y.b FROM c AS x JOIN c AS y ON +x.k = +y.k ORDER BY 1, 2, 3
-9.2233720368547758e+18 | 'least' | 'least'
-9007199254740992.0 | 'even' | 'even'
-9007199254740992.0 | 'even' | 'even'
-9007199254740992.0 | 'even' | 'even'
-9007199254740992.0 | 'even' | 'even'
-9007199254740992.0 | 'even' | 'odd'
-9007199254740992.0 | 'even' | 'odd'
-9007199254740992.0 | 'odd' | 'even'
-9007199254740992.0 | 'odd' | 'even'
-9007199254740992.0 | 'odd' | 'odd'
7.0 | 'real' | 'real'
7.0 | 'real' | 'small'
7.0 | 'small' | 'real'
7.0 | 'small' | 'small'
9007199254740992.0 | 'big' | 'big'
9.2233720368547758e+18 | 'most' | 'most'
't' | 'text' | 'text'
> WITH c(k, b) AS (SELECT a, b FROM r UNION SELECT a, b FROM i) SELECT x.k, x.b, y.b FROM c AS x JOIN c AS y ON x.k = y.k AND x.b = y.b ORDER BY 1, 2, 3
-9.2233720368547758e+18 | 'least' | 'least'
-9007199254740992.0 | 'even' | 'even'
7.0 | 'real' | 'real'
7.0 | 'small' | 'small'
9007199254740992.0 | 'big' | 'big'
't' | 'text' | 'text'
> WITH c(k, b) AS MATERIALIZED (SELECT a, b FROM r UNION ALL SELECT a, b FROM i) SELECT i.a, i.b, c.b FROM i JOIN c ON c.k = i.a ORDER BY 1, 2, 3
-9223372036854775808 | 'least' | 'least'
-9007199254740993 | 'odd' | 'odd'
-9007199254740992 | 'even' | 'even'
-9007199254740992 | 'even' | 'even'
7 | 'small' | 'real'
7 | 'small' | 'small'
9223372036854775807 | 'most' | 'most'
't' | 'text' | 'text'
> WITH c(k, b) AS MATERIALIZED (SELECT a, b FROM r UNION ALL SELECT a, b FROM i) SELECT i.a, i.b, c.b FROM i LEFT JOIN c ON c.k = i.a ORDER BY 1, 2, 3
NULL | 'null' | NULL
-9223372036854775808 | 'least' | 'least'
-9007199254740993 | 'odd' | 'odd'
-9007199254740992 | 'even' | 'even'
-9007199254740992 | 'even' | 'even'
7 | 'small' | 'real'
7 | 'small' | 'small'
9223372036854775807 | 'most' | 'most'
't' | 'text' | 'text'
> SELECT i.a, i.b, c.b FROM i LEFT JOIN (SELECT a AS k, b FROM r UNION ALL SELECT a, b FROM i) AS c ON c.k = i.a ORDER BY 1, 2, 3
NULL | 'null' | NULL
-9223372036854775808 | 'least' | 'least'
-9007199254740993 | 'odd' | 'odd'
-9007199254740992 | 'even' | 'even'
-9007199254740992 | 'even' | 'even'
7 | 'small' | 'real'
7 | 'small' | 'small'
9223372036854775807 | 'most' | 'most'
't' | 'text' | 'text'
> SELECT i.a, i.b, c.b FROM i JOIN (SELECT a AS k, b FROM r UNION ALL SELECT a, b FROM i) AS c ON c.k = i.a ORDER BY 1, 2, 3
-9223372036854775808 | 'least' | 'least'
-9007199254740993 | 'odd' | 'odd'
-9007199254740992 | 'even' | 'even'
-9007199254740992 | 'even' | 'even'
7 | 'small' | 'real'
7 | 'small' | 'small'
9223372036854775807 | 'most' | 'most'
't' | 'text' | 'text'
> SELECT i.a, i.b, c.b FROM i JOIN (SELECT a AS k, b FROM r UNION SELECT a, b FROM i) AS c ON c.k = i.a ORDER BY 1, 2, 3
-9223372036854775808 | 'least' | 'least'
-9007199254740993 | 'odd' | 'odd'
-9007199254740992 | 'even' | 'even'
7 | 'small' | 'real'
7 | 'small' | 'small'
9223372036854775807 | 'most' | 'most'
't' | 'text' | 'text'
> SELECT i.a, i.b, c.k, c.b FROM i RIGHT JOIN (SELECT a AS k, b FROM r UNION SELECT a, b FROM i) AS c ON c.k = i.a ORDER BY 1, 2, 3, 4
NULL | NULL | NULL | 'null'
NULL | NULL | 9007199254740992.0 | 'big'
NULL | NULL | 9.2233720368547758e+18 | 'most'
-9223372036854775808 | 'least' | -9.2233720368547758e+18 | 'least'
-9007199254740992 | 'even' | -9007199254740992.0 | 'even'
-9007199254740992 | 'even' | -9007199254740992.0 | 'odd'
7 | 'small' | 7.0 | 'real'
7 | 'small' | 7.0 | 'small'
't' | 'text' | 't' | 'text'
> WITH c(k, b) AS MATERIALIZED (SELECT a, b FROM r UNION ALL SELECT a, b FROM i) SELECT i.a, i.b, c.k, c.b FROM i FULL JOIN c ON c.k = i.a ORDER BY 1, 2, 3, 4
NULL | NULL | NULL | 'null'
NULL | NULL | 9007199254740992.0 | 'big'
NULL | NULL | 9.2233720368547758e+18 | 'most'
NULL | 'null' | NULL | NULL
-9223372036854775808 | 'least' | -9.2233720368547758e+18 | 'least'
-9007199254740993 | 'odd' | NULL | NULL
-9007199254740992 | 'even' | -9007199254740992.0 | 'even'
-9007199254740992 | 'even' | -9007199254740992.0 | 'even'
-9007199254740992 | 'even' | -9007199254740992.0 | 'odd'
7 | 'small' | 7.0 | 'real'
7 | 'small' | 7.0 | 'small'
9223372036854775807 | 'most' | NULL | NULL
't' | 'text' | 't' | 'text'
> WITH c(k, b) AS MATERIALIZED (SELECT a, b FROM r UNION ALL SELECT a, b FROM i) SELECT i.a, i.b FROM i WHERE EXISTS (SELECT 1 FROM c WHERE c.k = i.a) ORDER BY 1, 2
-9223372036854775808 | 'least'
-9007199254740993 | 'odd'
-9007199254740992 | 'even'
7 | 'small'
9223372036854775807 | 'most'
't' | 'text'
> WITH c(k, b) AS MATERIALIZED (SELECT a, b FROM r UNION ALL SELECT a, b FROM i) SELECT i.a, (SELECT count(*) FROM c WHERE c.k = i.a) FROM i ORDER BY 1, 2
NULL | 0
-9223372036854775808 | 1
-9007199254740993 | 1
-9007199254740992 | 2
7 | 2
9223372036854775807 | 1
't' | 1
> WITH c(k, b) AS MATERIALIZED (SELECT a, b FROM r UNION ALL SELECT a, b FROM i) SELECT i.a, (SELECT count(*) FROM c WHERE c.k = i.b) FROM i ORDER BY 1, 2
NULL | 0
-9223372036854775808 | 0
-9007199254740993 | 0
-9007199254740992 | 0
7 | 0
9223372036854775807 | 0
't' | 0
> WITH c(k, b) AS MATERIALIZED (SELECT a, b FROM r UNION ALL SELECT a, b FROM i) SELECT count(*) FROM c WHERE k = -9007199254740992
3
> WITH c(k, b) AS MATERIALIZED (SELECT a, b FROM r UNION ALL SELECT a, b FROM i) SELECT count(*) FROM c WHERE k IN (SELECT a FROM i)
7
