# A COLLATE within an operand carries on to whoever compares the result: '1 ' equals 1 under RTRIM alone
> CREATE TABLE c(s TEXT, n TEXT)
> INSERT INTO c VALUES ('1 ', 'x')
changes 1
> SELECT CASE s WHEN (n COLLATE RTRIM) NOT LIKE 1 THEN 'same' END FROM c
'same'
> SELECT s = (n NOT LIKE 1), s = ((n COLLATE RTRIM) NOT LIKE 1), s = ((n COLLATE RTRIM) LIKE 'x') FROM c
0 | 1 | 1
> SELECT s = ((n COLLATE RTRIM) NOTNULL), s = (n NOTNULL) FROM c
1 | 0
> SELECT s = ((n COLLATE RTRIM) BETWEEN 'a' AND 'z'), s = (n BETWEEN 'a' AND 'z' COLLATE RTRIM), s = (n BETWEEN 'a' COLLATE RTRIM AND 'z'), s = (n BETWEEN 'a' AND 'z') FROM c
1 | 1 | 1 | 0
> SELECT s = ((n COLLATE RTRIM) NOT BETWEEN 'm' AND 'n') FROM c
1
> SELECT s = ((n COLLATE RTRIM) IN ('x', 'y')), s = (n IN ('x' COLLATE RTRIM, 'y')), s = (n IN ('q', 'x' COLLATE RTRIM)), s = (n IN ('x', 'y')) FROM c
1 | 1 | 1 | 0
> SELECT s = ((n COLLATE RTRIM) NOT IN ('a', 'y')), s = ((n COLLATE RTRIM) NOT IN ('a')), s = ((n COLLATE RTRIM) IN ('x')) FROM c
1 | 1 | 1
> SELECT s = ((n COLLATE RTRIM) IN (SELECT 'x')), s = (n IN (SELECT 'x' COLLATE RTRIM)), s = ((n COLLATE RTRIM) NOT IN (SELECT 'y')) FROM c
1 | 0 | 1
> SELECT s = (((n COLLATE RTRIM) = 'x') IS TRUE), s = ((n = 'x') IS NOT FALSE) FROM c
1 | 0
> SELECT s = (NOT (n COLLATE RTRIM) = 'y'), s = ((n COLLATE RTRIM) IS 'x') FROM c
1 | 1
> SELECT s = EXISTS (SELECT 1 COLLATE RTRIM), s = (SELECT 1 COLLATE RTRIM) FROM c
0 | 0
> SELECT s = CASE WHEN (n COLLATE RTRIM) = 'x' THEN 1 END, s = coalesce(NULL, 1 COLLATE RTRIM), s = ((1, n COLLATE RTRIM) = (1, 'x')) FROM c
1 | 1 | 0
> SELECT s = ((n COLLATE RTRIM) NOT LIKE 1 ESCAPE '!'), s = ((n COLLATE RTRIM) NOT GLOB 1) FROM c
1 | 1
