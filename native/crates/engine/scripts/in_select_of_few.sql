# IN (SELECT …) beside conditions that leave few rows: the subquery is asked for these alone
> CREATE TABLE nation(id INTEGER PRIMARY KEY, name TEXT)
> CREATE TABLE supplier(id INTEGER PRIMARY KEY, nation INTEGER, name TEXT, code TEXT)
> CREATE TABLE stock(part INTEGER, supplier INTEGER, quantity INTEGER, label TEXT, PRIMARY KEY (part, supplier))
> CREATE TABLE sold(part INTEGER, supplier INTEGER, quantity REAL, at TEXT)
> CREATE INDEX sold_by ON sold(part, supplier)
> INSERT INTO nation WITH RECURSIVE c(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM c WHERE i < 24) SELECT i, 'N' || i FROM c
changes 25
> INSERT INTO supplier WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 1000) SELECT i, i * 7 % 25, 'S' || (i * 37 % 1000), i FROM c
changes 1000
> INSERT INTO stock WITH RECURSIVE c(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM c WHERE i < 19999) SELECT i / 4, (i * 251 + i / 1000) % 1000 + 1, i % 97, 'L' || i % 13 FROM c
changes 20000
> INSERT INTO sold WITH RECURSIVE c(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM c WHERE i < 29999) SELECT i * 3 % 20000 / 4, (i * 3 % 20000 * 251 + i * 3 % 20000 / 1000) % 1000 + 1, i % 50, '19' || (90 + i % 9) FROM c
changes 30000
> SELECT s.name FROM supplier s, nation n WHERE s.id IN (SELECT supplier FROM stock WHERE part % 10 = 3 AND quantity > 60) AND s.nation = n.id AND n.name = 'N3' ORDER BY s.name
'S123'
'S148'
'S173'
'S198'
'S223'
'S23'
'S323'
'S348'
'S373'
'S398'
'S423'
'S448'
'S48'
'S523'
'S548'
'S573'
'S623'
'S723'
'S748'
'S773'
'S798'
'S823'
'S848'
'S973'
'S998'
> SELECT s.name FROM supplier s, nation n WHERE s.id IN (SELECT supplier FROM stock WHERE quantity > (SELECT 0.5 * sum(quantity) FROM sold WHERE sold.part = stock.part AND sold.supplier = stock.supplier AND at >= '1993' AND at < '1996')) AND s.nation = n.id AND n.name = 'N4' ORDER BY s.name
'S114'
'S139'
'S14'
'S214'
'S239'
'S264'
'S314'
'S339'
'S364'
'S389'
'S464'
'S489'
'S514'
'S564'
'S589'
'S614'
'S639'
'S64'
'S714'
'S739'
'S764'
'S814'
'S839'
'S864'
'S889'
'S89'
'S964'
'S989'
> SELECT s.name FROM supplier s, nation n WHERE s.id IN (SELECT supplier FROM stock WHERE part IN (SELECT part FROM sold WHERE quantity > 48 AND at = '1994') AND quantity > (SELECT 0.5 * sum(quantity) FROM sold WHERE sold.part = stock.part AND sold.supplier = stock.supplier)) AND s.nation = n.id AND n.name = 'N5' ORDER BY s.name
'S155'
'S255'
'S655'
'S805'
'S955'
> SELECT n.name, count(*) FROM supplier s JOIN nation n ON s.nation = n.id WHERE s.id IN (SELECT supplier FROM stock WHERE label = 'L7') AND n.name LIKE 'N1_' GROUP BY n.name
> SELECT count(*) FROM supplier s JOIN nation n ON s.nation = n.id WHERE s.id IN (SELECT NULL FROM stock WHERE label = 'L7') AND n.name = 'N7'
0
> SELECT count(*) FROM supplier s JOIN nation n ON s.nation = n.id WHERE s.id IN (SELECT nullif(supplier, 13) FROM stock) AND n.name = 'N7'
40
> SELECT count(*), min(s.name) FROM supplier s JOIN nation n ON s.nation = n.id WHERE s.code IN (SELECT supplier FROM stock WHERE quantity > 90) AND n.name = 'N7'
36 | 'S112'
> SELECT count(*), min(s.name) FROM supplier s JOIN nation n ON s.nation = n.id WHERE s.id IN (SELECT '0' || supplier FROM stock WHERE quantity > 90) AND n.name = 'N7'
36 | 'S112'
> SELECT count(*), min(s.name) FROM supplier s JOIN nation n ON s.nation = n.id WHERE s.id NOT IN (SELECT supplier FROM stock WHERE quantity > 95) AND n.name = 'N7'
31 | 'S112'
> SELECT count(*), min(s.name) FROM supplier s JOIN nation n ON s.nation = n.id WHERE s.id + 0.0 IN (SELECT supplier FROM stock WHERE quantity > 90) AND n.name = 'N7'
36 | 'S112'
> SELECT count(*), min(s.name) FROM supplier s JOIN nation n ON s.nation = n.id WHERE (s.id, s.nation) IN (SELECT supplier, 5 FROM stock) AND n.name = 'N5'
40 | 'S105'
> SELECT count(*) FROM supplier s JOIN nation n ON s.nation = n.id WHERE s.id IN (SELECT supplier FROM stock GROUP BY supplier HAVING sum(quantity) > 900) AND n.name = 'N5'
37
> SELECT count(*) FROM supplier s JOIN nation n ON s.nation = n.id WHERE s.id IN (SELECT supplier FROM stock ORDER BY quantity DESC LIMIT 400) AND n.name = 'N5'
17
> SELECT count(*) FROM supplier s JOIN nation n ON s.nation = n.id WHERE s.id IN (SELECT supplier FROM stock UNION SELECT 5) AND n.name = 'N5'
40
> SELECT count(*) FROM supplier s JOIN nation n ON s.nation = n.id WHERE s.id IN (SELECT supplier FROM stock WHERE abs(-9223372036854775807 - (part = 4999)) > 0) AND n.name = 'N5'
error SQLITE_ERROR: integer overflow
> SELECT count(*) FROM supplier s JOIN nation n ON s.nation = n.id WHERE s.id IN (SELECT supplier FROM stock WHERE (SELECT sum(9223372036854775807) FROM sold WHERE sold.part = stock.part) > 0) AND n.name = 'N5'
error SQLITE_ERROR: integer overflow
> SELECT count(*) FROM supplier s JOIN nation n ON s.nation = n.id WHERE s.id IN (SELECT supplier FROM stock WHERE quantity > 90) AND n.name = 'none'
0
