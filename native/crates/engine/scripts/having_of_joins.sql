> CREATE TABLE orders(id INTEGER PRIMARY KEY, customer INT, total INT)
> CREATE TABLE items(id INTEGER PRIMARY KEY, order_id INT, quantity INT)
> WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) INSERT INTO orders SELECT i, i % 50, i * 7 % 1000 FROM n
changes 3000
> WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 12000) INSERT INTO items SELECT i, 1 + i % 3000, i * i * 31 % 9973 % 97 FROM n
changes 12000
> CREATE INDEX items_order ON items(order_id)
> SELECT order_id, sum(quantity) FROM items GROUP BY order_id HAVING sum(quantity) > 330
1 | 340
150 | 344
152 | 362
370 | 352
605 | 352
823 | 362
825 | 344
1123 | 344
1273 | 342
1501 | 340
1580 | 344
1796 | 338
2025 | 334
2030 | 356
2327 | 340
2330 | 348
2474 | 334
2702 | 336
2780 | 348
2844 | 338
> SELECT o.id, sum(quantity) FROM orders AS o JOIN items AS i ON i.order_id = o.id GROUP BY o.id HAVING sum(quantity) > 330
1 | 340
150 | 344
152 | 362
370 | 352
605 | 352
823 | 362
825 | 344
1123 | 344
1273 | 342
1501 | 340
1580 | 344
1796 | 338
2025 | 334
2030 | 356
2327 | 340
2330 | 348
2474 | 334
2702 | 336
2780 | 348
2844 | 338
> SELECT o.id, o.total, sum(quantity) FROM orders AS o JOIN items AS i ON i.order_id = o.id GROUP BY o.id HAVING sum(quantity) > 340 AND count(*) > 3
150 | 50 | 344
152 | 64 | 362
370 | 590 | 352
605 | 235 | 352
823 | 761 | 362
825 | 775 | 344
1123 | 861 | 344
1273 | 911 | 342
1580 | 60 | 344
2030 | 210 | 356
2330 | 310 | 348
2780 | 460 | 348
> SELECT id, total FROM orders WHERE id IN (SELECT order_id FROM items GROUP BY order_id HAVING sum(quantity) > 330) ORDER BY total DESC, id
2702 | 914
1273 | 911
2844 | 908
1123 | 861
825 | 775
823 | 761
370 | 590
1796 | 572
1501 | 507
2780 | 460
2474 | 318
2330 | 310
2327 | 289
605 | 235
2030 | 210
2025 | 175
152 | 64
1580 | 60
150 | 50
1 | 7
> SELECT o.id, o.total, sum(quantity) FROM orders AS o, items AS i WHERE o.id IN (SELECT order_id FROM items GROUP BY order_id HAVING sum(quantity) > 330) AND o.id = i.order_id GROUP BY o.id, o.total ORDER BY o.total DESC LIMIT 100
2702 | 914 | 336
1273 | 911 | 342
2844 | 908 | 338
1123 | 861 | 344
825 | 775 | 344
823 | 761 | 362
370 | 590 | 352
1796 | 572 | 338
1501 | 507 | 340
2780 | 460 | 348
2474 | 318 | 334
2330 | 310 | 348
2327 | 289 | 340
605 | 235 | 352
2030 | 210 | 356
2025 | 175 | 334
152 | 64 | 362
1580 | 60 | 344
150 | 50 | 344
1 | 7 | 340
> SELECT order_id, total, sum(quantity) FROM items AS i JOIN orders AS o ON o.id = i.order_id GROUP BY order_id HAVING sum(quantity) > 330
1 | 7 | 340
150 | 50 | 344
152 | 64 | 362
370 | 590 | 352
605 | 235 | 352
823 | 761 | 362
825 | 775 | 344
1123 | 861 | 344
1273 | 911 | 342
1501 | 507 | 340
1580 | 60 | 344
1796 | 572 | 338
2025 | 175 | 334
2030 | 210 | 356
2327 | 289 | 340
2330 | 310 | 348
2474 | 318 | 334
2702 | 914 | 336
2780 | 460 | 348
2844 | 908 | 338
> SELECT order_id, max(total), count(*) FROM items AS i JOIN orders AS o ON o.id = i.order_id GROUP BY order_id HAVING max(total) > 990
142 | 994 | 4
285 | 995 | 4
428 | 996 | 4
571 | 997 | 4
713 | 991 | 4
714 | 998 | 4
856 | 992 | 4
857 | 999 | 4
999 | 993 | 4
1142 | 994 | 4
1285 | 995 | 4
1428 | 996 | 4
1571 | 997 | 4
1713 | 991 | 4
1714 | 998 | 4
1856 | 992 | 4
1857 | 999 | 4
1999 | 993 | 4
2142 | 994 | 4
2285 | 995 | 4
2428 | 996 | 4
2571 | 997 | 4
2713 | 991 | 4
2714 | 998 | 4
2856 | 992 | 4
2857 | 999 | 4
2999 | 993 | 4
