# By which collation a compound tells rows apart and sorts: the first that an arm's column has or writes
> CREATE TABLE q(a, n TEXT COLLATE NOCASE)
> INSERT INTO q VALUES ('a', 'b')
changes 1
# Constant rows of VALUES are one arm, whose columns have a collation
> VALUES ('Zed'), ('b') UNION SELECT a COLLATE NOCASE FROM q ORDER BY 1
'Zed'
'a'
'b'
> VALUES ('Zed') UNION SELECT a COLLATE NOCASE FROM q ORDER BY 1
'a'
'Zed'
> VALUES ('Zed' COLLATE NOCASE), ('b') UNION ALL SELECT a FROM q ORDER BY 1
'a'
'b'
'Zed'
> VALUES ('Zed'), ((SELECT 'b')) UNION SELECT a COLLATE NOCASE FROM q ORDER BY 1
'a'
'b'
'Zed'
> VALUES ('Zed'), ('b') UNION ALL SELECT a FROM q EXCEPT SELECT n FROM q ORDER BY 1
'Zed'
'a'
> SELECT 'Zed' UNION SELECT a COLLATE NOCASE FROM q ORDER BY 1
'a'
'Zed'
> SELECT 'Zed' UNION SELECT upper(a COLLATE NOCASE) FROM q ORDER BY 1
'A'
'Zed'
> SELECT * FROM (VALUES ('Zed')) UNION SELECT a COLLATE NOCASE FROM q ORDER BY 1
'Zed'
'a'
> SELECT * FROM (SELECT 'Zed') UNION SELECT n FROM q ORDER BY 1
'Zed'
'b'
> SELECT * FROM (SELECT 'Zed' FROM q) UNION SELECT n FROM q ORDER BY 1
'Zed'
'b'
> SELECT * FROM (SELECT 'Zed' AS z FROM q LIMIT 1) UNION SELECT n FROM q ORDER BY 1
'Zed'
'b'
> WITH c(z) AS (SELECT 'Zed' FROM q) SELECT z FROM c UNION SELECT n FROM q ORDER BY 1
'Zed'
'b'
> WITH c(z) AS MATERIALIZED (SELECT 'Zed' FROM q) SELECT z FROM c UNION SELECT n FROM q ORDER BY 1
'Zed'
'b'
> SELECT 'B' UNION SELECT n FROM q
'b'
