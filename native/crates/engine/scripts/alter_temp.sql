# Temp views and triggers follow the tables of main; temp tables of the same name stay what they are.
> CREATE TABLE t(a, b)
> CREATE TEMP VIEW tv AS SELECT a, main.t.b FROM main.t
> CREATE TEMP TRIGGER tt AFTER INSERT ON main.t BEGIN UPDATE t SET a = new.a WHERE b = new.b; END
> ALTER TABLE main.t RENAME a TO aa
> SELECT type, name, tbl_name, sql FROM sqlite_temp_schema
'view' | 'tv' | 'tv' | 'CREATE VIEW tv AS SELECT aa, main.t.b FROM main.t'
'trigger' | 'tt' | 't' | 'CREATE TRIGGER tt AFTER INSERT ON main.t BEGIN UPDATE t SET aa = new.aa WHERE b = new.b; END'
> ALTER TABLE main.t RENAME TO t2
> SELECT type, name, tbl_name, sql FROM sqlite_temp_schema
'view' | 'tv' | 'tv' | 'CREATE VIEW tv AS SELECT aa, main."t2".b FROM main."t2"'
'trigger' | 'tt' | 't2' | 'CREATE TRIGGER tt AFTER INSERT ON main."t2" BEGIN UPDATE "t2" SET aa = new.aa WHERE b = new.b; END'
> CREATE TEMP TABLE s(a, b)
> CREATE TABLE s(a, b)
> CREATE TEMP TRIGGER ts AFTER INSERT ON s BEGIN SELECT a FROM s; END
> ALTER TABLE main.s RENAME TO s2
> SELECT name, tbl_name, sql FROM sqlite_temp_schema
'tv' | 'tv' | 'CREATE VIEW tv AS SELECT aa, main."t2".b FROM main."t2"'
'tt' | 't2' | 'CREATE TRIGGER tt AFTER INSERT ON main."t2" BEGIN UPDATE "t2" SET aa = new.aa WHERE b = new.b; END'
's' | 's' | 'CREATE TABLE s(a, b)'
'ts' | 's' | 'CREATE TRIGGER ts AFTER INSERT ON s BEGIN SELECT a FROM s; END'
> SELECT name, tbl_name, sql FROM sqlite_schema
't2' | 't2' | 'CREATE TABLE "t2"(aa, b)'
's2' | 's2' | 'CREATE TABLE "s2"(a, b)'
> ALTER TABLE s RENAME b TO c
> SELECT name, tbl_name, sql FROM sqlite_temp_schema
'tv' | 'tv' | 'CREATE VIEW tv AS SELECT aa, main."t2".b FROM main."t2"'
'tt' | 't2' | 'CREATE TRIGGER tt AFTER INSERT ON main."t2" BEGIN UPDATE "t2" SET aa = new.aa WHERE b = new.b; END'
's' | 's' | 'CREATE TABLE s(a, c)'
'ts' | 's' | 'CREATE TRIGGER ts AFTER INSERT ON s BEGIN SELECT a FROM s; END'
> CREATE TEMP VIEW broken AS SELECT nosuch FROM main.t2
> ALTER TABLE t2 RENAME aa TO a
error SQLITE_ERROR: error in view broken: no such column: nosuch
> ALTER TABLE t2 RENAME TO t
error SQLITE_ERROR: error in view broken: no such column: nosuch
> ALTER TABLE t2 ADD COLUMN c
