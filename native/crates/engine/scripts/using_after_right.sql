# Behind a RIGHT JOIN, USING compares what is the first not NULL of all columns of that name, typed as the first.
> CREATE TABLE word(k VARCHAR(10))
> CREATE TABLE number(k REAL, m INTEGER)
> INSERT INTO word VALUES (0), ('2'), ('0.0')
changes 3
> INSERT INTO number VALUES (0, NULL), (1, 1), (2, 2)
changes 3
> SELECT a.k, b.k, c.k, k FROM word AS a RIGHT JOIN number AS b ON b.m = 2 AND a.k = 0 FULL JOIN word AS c ON c.k = b.k ORDER BY 1, 2, 3
error SQLITE_ERROR: ambiguous column name: k
> SELECT a.k, b.k, c.k, k FROM word AS a RIGHT JOIN number AS b USING (k) FULL JOIN word AS c USING (k) ORDER BY 1, 2, 3, 4
NULL | 1.0 | NULL | 1.0
'0' | 0.0 | '0' | 0.0
'0.0' | 0.0 | '0.0' | 0.0
'2' | 2.0 | '2' | 2.0
> SELECT b.k, a.k, c.k, k FROM number AS a RIGHT JOIN word AS b USING (k) FULL JOIN number AS c USING (k) ORDER BY 1, 2, 3, 4
NULL | NULL | 1.0 | 1.0
'0' | 0.0 | 0.0 | '0'
'0.0' | 0.0 | 0.0 | '0.0'
'2' | 2.0 | 2.0 | '2'
> SELECT a.k, b.k, c.k, k FROM word AS a RIGHT JOIN number AS b USING (k) JOIN word AS c USING (k) ORDER BY 1, 2, 3, 4
'0' | 0.0 | '0' | 0.0
'0.0' | 0.0 | '0.0' | 0.0
'2' | 2.0 | '2' | 2.0
> SELECT a.k, b.k, c.k, k FROM word AS a RIGHT JOIN number AS b USING (k) LEFT JOIN number AS c USING (k) ORDER BY 1, 2, 3, 4
NULL | 1.0 | 1.0 | 1.0
'0' | 0.0 | 0.0 | 0.0
'0.0' | 0.0 | 0.0 | 0.0
'2' | 2.0 | 2.0 | 2.0
> SELECT a.k, b.k, c.k, d.k, k FROM word AS a RIGHT JOIN number AS b USING (k) FULL JOIN word AS c USING (k) RIGHT JOIN number AS d USING (k) ORDER BY 1, 2, 3, 4
NULL | 1.0 | NULL | 1.0 | 1.0
'0' | 0.0 | '0' | 0.0 | 0.0
'0.0' | 0.0 | '0.0' | 0.0 | 0.0
'2' | 2.0 | '2' | 2.0 | 2.0
# Of several mismatched keys the one of the table that SQLite's hash table has first; sqlite_sequence was entered before its cause.
> CREATE TABLE t0(c)
> CREATE TABLE t3(a, b REAL REFERENCES t0(a), PRIMARY KEY (a, b)) WITHOUT ROWID
> CREATE TABLE t6(a INTEGER PRIMARY KEY AUTOINCREMENT, e INTEGER REFERENCES t3(b))
> PRAGMA foreign_key_check
error SQLITE_ERROR: foreign key mismatch - "t3" referencing "t0"
> CREATE TABLE t7(a INTEGER PRIMARY KEY AUTOINCREMENT, e INTEGER REFERENCES t6(e))
> PRAGMA foreign_key_check
error SQLITE_ERROR: foreign key mismatch - "t3" referencing "t0"
> SELECT name FROM pragma_table_list WHERE schema = 'main'
'sqlite_sequence'
't3'
't7'
't6'
'sqlite_schema'
'word'
'number'
't0'
> ANALYZE
> SELECT tbl FROM sqlite_stat1
'word'
'number'
