# Where the text of an object ends: that of an index right before the semicolon, that of a view likewise but for white space.
> CREATE TABLE t(a) /* gone */ ;
> CREATE INDEX i1 ON t(a) 
> CREATE INDEX i2 ON t(a)  ;
> CREATE INDEX i3 ON t(a) -- kept
> CREATE INDEX i4 ON t(a) /* kept */ ;
> CREATE UNIQUE  INDEX i5  ON t(a) WHERE a > 1  ; 
> CREATE VIEW v1 AS SELECT 1 AS a  ;
> CREATE VIEW v2 AS SELECT 1 AS a /* kept */  ;
> CREATE VIEW v3 AS SELECT 1 AS a -- kept
> CREATE TRIGGER r AFTER INSERT ON t BEGIN SELECT 1; END /* gone */ ;
> ALTER TABLE t RENAME COLUMN a TO b
> SELECT '<' || sql || '>' FROM sqlite_schema
'<CREATE TABLE t(b)>'
'<CREATE INDEX i1 ON t(b) >'
'<CREATE INDEX i2 ON t(b)  >'
'<CREATE INDEX i3 ON t(b) -- kept>'
'<CREATE INDEX i4 ON t(b) /* kept */ >'
'<CREATE UNIQUE INDEX i5  ON t(b) WHERE b > 1  >'
'<CREATE VIEW v1 AS SELECT 1 AS a>'
'<CREATE VIEW v2 AS SELECT 1 AS a /* kept */>'
'<CREATE VIEW v3 AS SELECT 1 AS a -- kept>'
'<CREATE TRIGGER r AFTER INSERT ON t BEGIN SELECT 1; END>'
