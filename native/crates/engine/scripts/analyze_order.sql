# Statistics come in the order of SQLite's hash table of tables.
> CREATE TABLE a1(x UNIQUE)
> CREATE TABLE a2(x UNIQUE)
> CREATE TABLE a3(x UNIQUE)
> CREATE TABLE a4(x UNIQUE)
> CREATE TABLE a5(x UNIQUE)
> CREATE TABLE a6(x UNIQUE)
> CREATE TABLE zebra(x UNIQUE, y, UNIQUE(y,x))
> CREATE TABLE customers(x UNIQUE)
> CREATE TABLE orders(x UNIQUE)
> CREATE VIEW vv AS SELECT 1 AS a, 2 AS b
> CREATE TABLE items(x UNIQUE NOT NULL)
> CREATE TABLE users(x UNIQUE NOT NULL, y NOT NULL, UNIQUE(x,y))
> INSERT INTO a1 VALUES(1)
changes 1
> INSERT INTO a2 VALUES(1),(NULL),(NULL)
changes 3
> INSERT INTO a3 VALUES(1)
changes 1
> INSERT INTO a4 VALUES(1)
changes 1
> INSERT INTO a5 VALUES(1)
changes 1
> INSERT INTO a6 VALUES(1)
changes 1
> INSERT INTO zebra VALUES(1,2),(2,2),(3,3)
changes 3
> INSERT INTO customers VALUES(1)
changes 1
> INSERT INTO orders VALUES(1)
changes 1
> INSERT INTO items VALUES(1),(2),('x'),(x'00'),(1.5)
changes 5
> INSERT INTO users VALUES(1,2),(2,2),(3,2)
changes 3
> ANALYZE
> SELECT * FROM sqlite_stat1
'users' | 'sqlite_autoindex_users_2' | '3 1 1'
'users' | 'sqlite_autoindex_users_1' | '3 1'
'items' | 'sqlite_autoindex_items_1' | '5 1'
'orders' | 'sqlite_autoindex_orders_1' | '1 1'
'customers' | 'sqlite_autoindex_customers_1' | '1 1'
'zebra' | 'sqlite_autoindex_zebra_2' | '3 2 1'
'zebra' | 'sqlite_autoindex_zebra_1' | '3 1'
'a6' | 'sqlite_autoindex_a6_1' | '1 1'
'a5' | 'sqlite_autoindex_a5_1' | '1 1'
'a1' | 'sqlite_autoindex_a1_1' | '1 1'
'a2' | 'sqlite_autoindex_a2_1' | '3 2'
'a4' | 'sqlite_autoindex_a4_1' | '1 1'
'a3' | 'sqlite_autoindex_a3_1' | '1 1'
> SELECT tbl, idx, neq, nlt, ndlt, hex(sample) FROM sqlite_stat4
'users' | 'sqlite_autoindex_users_2' | '1 1 1' | '0 0 0' | '0 0 0' | '0409010902'
'users' | 'sqlite_autoindex_users_2' | '1 1 1' | '1 1 1' | '1 1 1' | '04010101020202'
'users' | 'sqlite_autoindex_users_2' | '1 1 1' | '2 2 2' | '2 2 2' | '04010101030203'
'users' | 'sqlite_autoindex_users_1' | '1 1' | '0 0' | '0 0' | '030909'
'users' | 'sqlite_autoindex_users_1' | '1 1' | '1 1' | '1 1' | '0301010202'
'users' | 'sqlite_autoindex_users_1' | '1 1' | '2 2' | '2 2' | '0301010303'
'items' | 'sqlite_autoindex_items_1' | '1 1' | '0 0' | '0 0' | '030909'
'items' | 'sqlite_autoindex_items_1' | '1 1' | '1 1' | '1 1' | '0307013FF800000000000005'
'items' | 'sqlite_autoindex_items_1' | '1 1' | '2 2' | '2 2' | '0301010202'
'items' | 'sqlite_autoindex_items_1' | '1 1' | '3 3' | '3 3' | '030F017803'
'items' | 'sqlite_autoindex_items_1' | '1 1' | '4 4' | '4 4' | '030E010004'
'orders' | 'sqlite_autoindex_orders_1' | '1 1' | '0 0' | '0 0' | '030909'
'customers' | 'sqlite_autoindex_customers_1' | '1 1' | '0 0' | '0 0' | '030909'
'zebra' | 'sqlite_autoindex_zebra_2' | '2 1 1' | '0 0 0' | '0 0 0' | '0401090902'
'zebra' | 'sqlite_autoindex_zebra_2' | '2 1 1' | '0 1 1' | '0 1 1' | '04010101020202'
'zebra' | 'sqlite_autoindex_zebra_2' | '1 1 1' | '2 2 2' | '1 2 2' | '04010101030303'
'zebra' | 'sqlite_autoindex_zebra_1' | '1 1' | '0 0' | '0 0' | '030909'
'zebra' | 'sqlite_autoindex_zebra_1' | '1 1' | '1 1' | '1 1' | '0301010202'
'zebra' | 'sqlite_autoindex_zebra_1' | '1 1' | '2 2' | '2 2' | '0301010303'
'a6' | 'sqlite_autoindex_a6_1' | '1 1' | '0 0' | '0 0' | '030909'
'a5' | 'sqlite_autoindex_a5_1' | '1 1' | '0 0' | '0 0' | '030909'
'a1' | 'sqlite_autoindex_a1_1' | '1 1' | '0 0' | '0 0' | '030909'
'a2' | 'sqlite_autoindex_a2_1' | '2 1' | '0 0' | '0 0' | '03000102'
'a2' | 'sqlite_autoindex_a2_1' | '2 1' | '0 1' | '0 1' | '03000103'
'a2' | 'sqlite_autoindex_a2_1' | '1 1' | '2 2' | '1 2' | '030909'
'a4' | 'sqlite_autoindex_a4_1' | '1 1' | '0 0' | '0 0' | '030909'
'a3' | 'sqlite_autoindex_a3_1' | '1 1' | '0 0' | '0 0' | '030909'
> PRAGMA table_list
'main' | 'users' | 'table' | 2 | 0 | 0
'main' | 'sqlite_stat4' | 'table' | 6 | 0 | 0
'main' | 'items' | 'table' | 1 | 0 | 0
'main' | 'sqlite_stat1' | 'table' | 3 | 0 | 0
'main' | 'vv' | 'view' | 2 | 0 | 0
'main' | 'orders' | 'table' | 1 | 0 | 0
'main' | 'customers' | 'table' | 1 | 0 | 0
'main' | 'zebra' | 'table' | 2 | 0 | 0
'main' | 'a6' | 'table' | 1 | 0 | 0
'main' | 'a5' | 'table' | 1 | 0 | 0
'main' | 'sqlite_schema' | 'table' | 5 | 0 | 0
'main' | 'a1' | 'table' | 1 | 0 | 0
'main' | 'a2' | 'table' | 1 | 0 | 0
'main' | 'a4' | 'table' | 1 | 0 | 0
'main' | 'a3' | 'table' | 1 | 0 | 0
'temp' | 'sqlite_temp_schema' | 'table' | 5 | 0 | 0
> PRAGMA main.table_list
'main' | 'users' | 'table' | 2 | 0 | 0
'main' | 'sqlite_stat4' | 'table' | 6 | 0 | 0
'main' | 'items' | 'table' | 1 | 0 | 0
'main' | 'sqlite_stat1' | 'table' | 3 | 0 | 0
'main' | 'vv' | 'view' | 2 | 0 | 0
'main' | 'orders' | 'table' | 1 | 0 | 0
'main' | 'customers' | 'table' | 1 | 0 | 0
'main' | 'zebra' | 'table' | 2 | 0 | 0
'main' | 'a6' | 'table' | 1 | 0 | 0
'main' | 'a5' | 'table' | 1 | 0 | 0
'main' | 'sqlite_schema' | 'table' | 5 | 0 | 0
'main' | 'a1' | 'table' | 1 | 0 | 0
'main' | 'a2' | 'table' | 1 | 0 | 0
'main' | 'a4' | 'table' | 1 | 0 | 0
'main' | 'a3' | 'table' | 1 | 0 | 0
> PRAGMA table_list('users')
'main' | 'users' | 'table' | 2 | 0 | 0
> PRAGMA table_list(sqlite_schema)
> PRAGMA table_list(sqlite_master)
'main' | 'sqlite_schema' | 'table' | 5 | 0 | 0
