# Leaves in which every row has the same key, one after the other.
> CREATE TABLE bulk(worker INTEGER, number INTEGER, content TEXT)
> WITH s(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM s LIMIT 20000) INSERT INTO bulk SELECT n / 3000 % 2 + 1, n, hex(zeroblob(100)) FROM s
changes 20000
> SELECT worker, count(*), min(number), max(number), sum(length(content)) FROM bulk GROUP BY worker
1 | 11000 | 0 | 19999 | 2200000
2 | 9000 | 3000 | 17999 | 1800000
> WITH s(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM s LIMIT 5000) INSERT INTO bulk SELECT 7 + n / 2500, n, 'x' FROM s
changes 5000
> SELECT worker, count(*), sum(number) FROM bulk GROUP BY worker
1 | 11000 | 105494500
2 | 9000 | 94495500
7 | 2500 | 3123750
8 | 2500 | 9373750
> SELECT worker, count(*) FROM bulk WHERE number % 3 = 1 GROUP BY worker
1 | 3667
2 | 3000
7 | 833
8 | 834
