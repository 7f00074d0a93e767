> CREATE TABLE t(a,b COLLATE NOCASE)
> INSERT INTO t VALUES(1,2),(3,4)
changes 2
> CREATE VIEW v AS SELECT a, b, a+b AS c FROM t
> CREATE TABLE log(x,y,z)
> DELETE FROM v RETURNING *
error SQLITE_ERROR: cannot modify v because it is a view
> CREATE TRIGGER vd INSTEAD OF DELETE ON v BEGIN INSERT INTO log VALUES('d',old.a,old.c); END
> INSERT INTO v VALUES(1,2,3) RETURNING *
1 | 2 | 3
> INSERT INTO v VALUES(1,2,3)
error SQLITE_ERROR: cannot modify v because it is a view
> UPDATE v SET a=1 RETURNING *
1 | 2 | 3
1 | 4 | 7
> CREATE TRIGGER vi INSTEAD OF INSERT ON v BEGIN INSERT INTO log VALUES('i',new.rowid,new.c); END
> INSERT INTO v(rowid, a) VALUES(7,1)
error SQLITE_ERROR: no such column: new.rowid
> DROP TRIGGER vi
> CREATE TRIGGER vi INSTEAD OF INSERT ON v BEGIN INSERT INTO log VALUES('i',new.a,new.c); END
> INSERT INTO v(rowid, a) VALUES(7,1)
> INSERT INTO v(a) VALUES(1) RETURNING *
1 | NULL | NULL
> INSERT INTO v(a,c) SELECT a+10, b FROM v RETURNING c, a
2 | 11
4 | 13
> INSERT INTO v(a) VALUES(1) ON CONFLICT DO NOTHING
error SQLITE_ERROR: cannot UPSERT a view
> INSERT INTO v(a) VALUES(1) ON CONFLICT(a) DO UPDATE SET b=1
error SQLITE_ERROR: cannot UPSERT a view
> INSERT INTO v(nosuch) VALUES(1)
error SQLITE_ERROR: table v has no column named nosuch
> INSERT INTO v VALUES(1)
error SQLITE_ERROR: table v has 3 columns but 1 values were supplied
> INSERT INTO v DEFAULT VALUES
> UPDATE v SET a=1
error SQLITE_ERROR: cannot modify v because it is a view
> CREATE TRIGGER vu INSTEAD OF UPDATE OF a ON v BEGIN INSERT INTO log VALUES('u',old.a||','||old.b||','||old.c,new.a||','||new.b||','||new.c); END
> UPDATE v SET b=1
error SQLITE_ERROR: cannot modify v because it is a view
> UPDATE v SET a=1 WHERE c>3
> UPDATE v SET a=a+1, b=9 RETURNING *
2 | 9 | 3
4 | 9 | 7
> UPDATE v SET a=x.k FROM (SELECT 5 AS k UNION ALL SELECT 6) AS x WHERE v.a=1
> UPDATE v SET (a,b)=(SELECT 7,8) WHERE b=4
> UPDATE v AS w SET a=w.a*2 WHERE w.a=3 ORDER BY a LIMIT 1
error SQLITE_ERROR: no such column: w.a
> DELETE FROM v WHERE a=3
> DELETE FROM v ORDER BY a DESC LIMIT 1
> DELETE FROM v
> UPDATE v SET rowid=4
error SQLITE_ERROR: cannot modify v because it is a view
> UPDATE v SET nosuch=4
error SQLITE_ERROR: cannot modify v because it is a view
> DELETE FROM v WHERE rowid=1
error SQLITE_ERROR: no such column: rowid
> SELECT changes(), total_changes()
0 | 17
> SELECT * FROM log
'i' | 1 | NULL
'i' | 1 | NULL
'i' | 11 | 2
'i' | 13 | 4
'i' | NULL | NULL
'u' | '3,4,7' | '1,4,7'
'u' | '1,2,3' | '2,9,3'
'u' | '3,4,7' | '4,9,7'
'u' | '1,2,3' | '5,2,3'
'u' | '1,2,3' | '6,2,3'
'u' | '3,4,7' | '7,8,7'
'd' | 3 | 7
'd' | 3 | 7
'd' | 1 | 3
'd' | 3 | 7
> CREATE TRIGGER ti AFTER INSERT ON t BEGIN SELECT a FROM t WHERE b=1; END
