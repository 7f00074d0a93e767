# What INSTEAD OF triggers see of values that are not of their column's type.
> CREATE TABLE t(a INTEGER PRIMARY KEY, r REAL, n NUMERIC, x TEXT)
> CREATE VIEW v AS SELECT a, r, n, x FROM t
> CREATE TABLE log(what)
> CREATE TRIGGER vi INSTEAD OF INSERT ON v BEGIN INSERT INTO log VALUES (concat_ws(' ', 'new', quote(NEW.a), quote(NEW.r), quote(NEW.n), quote(NEW.x), typeof(NEW.r), NEW.r / 2)); END
> CREATE TRIGGER vu INSTEAD OF UPDATE ON v BEGIN INSERT INTO log VALUES (concat_ws(' ', 'changed', quote(NEW.a), quote(NEW.r), quote(NEW.n), quote(NEW.x), typeof(NEW.r), NEW.r / 2)); END
> CREATE TRIGGER vd INSTEAD OF DELETE ON v BEGIN INSERT INTO log VALUES (concat_ws(' ', 'gone', quote(OLD.a), quote(OLD.r), quote(OLD.n), quote(OLD.x), typeof(OLD.r), OLD.r / 2)); END
> INSERT INTO v VALUES (1, 1, '1', 1)
> INSERT INTO v VALUES ('1', '1', 1.0, 1.5)
> INSERT INTO t VALUES (1, 5, 5, 5)
changes 1
> UPDATE v SET r = 7
> UPDATE v SET r = '7', n = '8', x = 9
> UPDATE v SET x = 1
> UPDATE v SET r = NULL, a = '12'
> UPDATE v SET x = r / 2, n = typeof(r)
> DELETE FROM v
> SELECT * FROM log
'new 1 1.0 ''1'' 1 real 0.5'
'new ''1'' ''1'' 1.0 1.5 text 0'
'changed 1 7.0 5 ''5'' real 3.5'
'changed 1 7.0 8 ''9'' real 3.5'
'changed 1 5.0 5 ''1'' real 2.5'
'changed 12 NULL 5 ''5'' null'
'changed 1 5.0 ''real'' ''2.5'' real 2.5'
'gone 1 5.0 5 ''5'' real 2.5'
> INSERT INTO v VALUES (1, 1, '1', 1) RETURNING *, typeof(r), +r, r / 2, v.r, (r), coalesce(r, 1)
1 | 1.0 | '1' | 1 | 'integer' | 1 | 0 | 1.0 | 1.0 | 1
> INSERT INTO v VALUES (1, 1e15, '1', 1) RETURNING r, +r
1000000000000000.0 | 1000000000000000.0
> UPDATE v SET r = 3 RETURNING *, typeof(r), +r, r / 2, coalesce(r, 1)
1 | 3.0 | 5 | '5' | 'real' | 3.0 | 1.5 | 3.0
> UPDATE v SET n = '3' RETURNING *, typeof(r), +r, r / 2, coalesce(r, 1)
1 | 5.0 | 3 | '5' | 'real' | 5.0 | 2.5 | 5.0
> DELETE FROM v RETURNING *, typeof(r), +r, r / 2
1 | 5.0 | 5 | '5' | 'real' | 5.0 | 2.5
> UPDATE v SET r = f.y FROM (SELECT 9 AS y) AS f RETURNING *, typeof(r), +r
1 | 9.0 | 5 | '5' | 'real' | 9.0
> UPDATE v SET r = r FROM (SELECT 9 AS y) AS f
> INSERT INTO v(r) SELECT 3
> INSERT INTO v(r, n, x) SELECT r, n, x FROM t
> SELECT * FROM log
'new 1 1.0 ''1'' 1 real 0.5'
'new ''1'' ''1'' 1.0 1.5 text 0'
'changed 1 7.0 5 ''5'' real 3.5'
'changed 1 7.0 8 ''9'' real 3.5'
'changed 1 5.0 5 ''1'' real 2.5'
'changed 12 NULL 5 ''5'' null'
'changed 1 5.0 ''real'' ''2.5'' real 2.5'
'gone 1 5.0 5 ''5'' real 2.5'
'new 1 1.0 ''1'' 1 real 0.5'
'new 1 1000000000000000.0 ''1'' 1 real 500000000000000.0'
'changed 1 3.0 5 ''5'' real 1.5'
'changed 1 5.0 3 ''5'' real 2.5'
'gone 1 5.0 5 ''5'' real 2.5'
'changed 1 9.0 5 ''5'' real 4.5'
'changed 1 5.0 5 ''5'' real 2.5'
'new NULL 3.0 NULL NULL real 1.5'
'new NULL 5.0 5 ''5'' real 2.5'
# Integers in a REAL column of the view itself.
> CREATE VIEW u AS SELECT r FROM t UNION ALL SELECT 8
> CREATE TRIGGER uu INSTEAD OF UPDATE ON u BEGIN INSERT INTO log VALUES (concat_ws(' ', 'u', OLD.r, typeof(OLD.r), NEW.r, typeof(NEW.r))); END
> CREATE TRIGGER ud INSTEAD OF DELETE ON u BEGIN INSERT INTO log VALUES (concat_ws(' ', 'u', OLD.r, typeof(OLD.r))); END
> CREATE TRIGGER ui INSTEAD OF INSERT ON u BEGIN INSERT INTO log VALUES (concat_ws(' ', 'u', NEW.r, typeof(NEW.r))); END
> DELETE FROM log
changes 17
> UPDATE u SET r = r / 3
> UPDATE u SET r = r
> DELETE FROM u RETURNING r, typeof(r)
5.0 | 'real'
8.0 | 'real'
> INSERT INTO u VALUES (4), ('4') RETURNING r, typeof(r)
4.0 | 'integer'
'4' | 'text'
> UPDATE u SET r = r || '' RETURNING r, typeof(r)
5.0 | 'real'
8.0 | 'real'
> SELECT * FROM log
'u 5.0 real 1.6666666666666667 real'
'u 8.0 real 2.6666666666666665 real'
'u 5.0 real 5.0 real'
'u 8.0 real 8.0 real'
'u 5.0 real'
'u 8.0 real'
'u 4.0 real'
'u 4 text'
'u 5.0 real 5.0 real'
'u 8.0 real 8.0 real'
# Without a trigger for it.
> DROP TRIGGER uu
> UPDATE u SET r = '5' RETURNING r, typeof(r)
'5' | 'text'
'5' | 'text'
> UPDATE u SET r = 5 RETURNING r, typeof(r), +r
5.0 | 'integer' | 5
5.0 | 'integer' | 5
