# The PRAGMAs that tools and ORMs use: what each answers, what it takes, and the table of the same name.
> CREATE TABLE parent(id INTEGER PRIMARY KEY, name TEXT NOT NULL DEFAULT 'x' COLLATE NOCASE)
> CREATE TABLE child(id INTEGER PRIMARY KEY, p INT REFERENCES parent ON DELETE CASCADE, h AS (p + 1), s TEXT GENERATED ALWAYS AS (p || '') STORED)
> CREATE TABLE keyed(a TEXT, b INT, PRIMARY KEY (b, a DESC)) WITHOUT ROWID, STRICT
> CREATE UNIQUE INDEX child_p ON child(p DESC, lower(s)) WHERE p > 0
> CREATE INDEX parent_name ON parent(name COLLATE RTRIM)
> CREATE VIEW v AS SELECT p, name FROM child JOIN parent ON parent.id = p

# Tables and views
> PRAGMA table_info(child)
0 | 'id' | 'INTEGER' | 0 | NULL | 1
1 | 'p' | 'INT' | 0 | NULL | 0
> PRAGMA table_info('parent')
0 | 'id' | 'INTEGER' | 0 | NULL | 1
1 | 'name' | 'TEXT' | 1 | '''x''' | 0
> PRAGMA table_info = keyed
0 | 'a' | 'TEXT' | 1 | NULL | 2
1 | 'b' | 'INT' | 1 | NULL | 1
> PRAGMA table_info(v)
0 | 'p' | 'INT' | 0 | NULL | 0
1 | 'name' | 'TEXT' | 0 | NULL | 0
> PRAGMA table_info(nosuch)
> PRAGMA main.table_info(child)
0 | 'id' | 'INTEGER' | 0 | NULL | 1
1 | 'p' | 'INT' | 0 | NULL | 0
> PRAGMA temp.table_info(child)
> PRAGMA table_xinfo(child)
0 | 'id' | 'INTEGER' | 0 | NULL | 1 | 0
1 | 'p' | 'INT' | 0 | NULL | 0 | 0
2 | 'h' | '' | 0 | NULL | 0 | 2
3 | 's' | 'TEXT' | 0 | NULL | 0 | 3
> PRAGMA table_xinfo(keyed)
0 | 'a' | 'TEXT' | 1 | NULL | 2 | 0
1 | 'b' | 'INT' | 1 | NULL | 1 | 0
> SELECT schema, name, type, ncol, wr, strict FROM pragma_table_list ORDER BY schema, name
'main' | 'child' | 'table' | 4 | 0 | 0
'main' | 'keyed' | 'table' | 2 | 1 | 1
'main' | 'parent' | 'table' | 2 | 0 | 0
'main' | 'sqlite_schema' | 'table' | 5 | 0 | 0
'main' | 'v' | 'view' | 2 | 0 | 0
'temp' | 'sqlite_temp_schema' | 'table' | 5 | 0 | 0
> SELECT name, type, ncol FROM pragma_table_list('child')
'child' | 'table' | 4
> SELECT cid, name, hidden FROM pragma_table_xinfo('child') WHERE hidden
2 | 'h' | 2
3 | 's' | 3
> SELECT name FROM pragma_table_info('keyed') ORDER BY pk
'b'
'a'
> SELECT m.name, i.name FROM sqlite_schema AS m JOIN pragma_table_info(m.name) AS i WHERE m.type = 'table' AND i.pk ORDER BY 1, 2
'child' | 'id'
'keyed' | 'a'
'keyed' | 'b'
'parent' | 'id'
> SELECT count(*) FROM pragma_table_info('child', 'temp'), pragma_table_info('child', 'main')
0

# Indexes
> PRAGMA index_list(child)
0 | 'child_p' | 1 | 'c' | 1
> PRAGMA index_list(keyed)
0 | 'sqlite_autoindex_keyed_1' | 1 | 'pk' | 0
> PRAGMA index_list(v)
> PRAGMA index_info(child_p)
0 | 1 | 'p'
1 | -2 | NULL
> PRAGMA index_xinfo(child_p)
0 | 1 | 'p' | 1 | 'BINARY' | 1
1 | -2 | NULL | 0 | 'BINARY' | 1
2 | -1 | NULL | 0 | 'BINARY' | 0
> PRAGMA index_xinfo(sqlite_autoindex_keyed_1)
0 | 1 | 'b' | 0 | 'BINARY' | 1
1 | 0 | 'a' | 1 | 'BINARY' | 1
> PRAGMA index_info(nosuch)
> PRAGMA index_xinfo(parent_name)
0 | 1 | 'name' | 0 | 'RTRIM' | 1
1 | -1 | NULL | 0 | 'BINARY' | 0
> SELECT il.name, ii.name FROM pragma_index_list('parent') AS il, pragma_index_info(il.name) AS ii
'parent_name' | 'name'

# Foreign keys
> PRAGMA foreign_key_list(child)
0 | 0 | 'parent' | 'p' | NULL | 'NO ACTION' | 'CASCADE' | 'NONE'
> PRAGMA foreign_keys
1
> PRAGMA foreign_keys = off
> PRAGMA foreign_keys
0
> INSERT INTO child(id, p) VALUES (1, 99)
changes 1
> PRAGMA foreign_key_check
'child' | 1 | 'parent' | 0
> PRAGMA foreign_key_check(parent)
> SELECT "table", rowid, parent, fkid FROM pragma_foreign_key_check('child')
'child' | 1 | 'parent' | 0
> DELETE FROM child
changes 1
> PRAGMA foreign_keys(1)
> BEGIN
> PRAGMA foreign_keys = 0
> PRAGMA foreign_keys
1
> PRAGMA defer_foreign_keys
0
> PRAGMA defer_foreign_keys = ON
> PRAGMA defer_foreign_keys
1
> COMMIT
> PRAGMA defer_foreign_keys
0

# Numbers kept in the database
> PRAGMA user_version
0
> PRAGMA user_version = 7
> PRAGMA user_version
7
> PRAGMA user_version = -2147483648
> PRAGMA user_version
-2147483648
> PRAGMA user_version = 4294967297
> PRAGMA user_version
0
> PRAGMA user_version = 'x'
> PRAGMA user_version
0
> SELECT user_version FROM pragma_user_version
0
> PRAGMA application_id = 0x7FFFFFFF
> PRAGMA application_id
2147483647
> BEGIN
> PRAGMA user_version = 12
> ROLLBACK
> PRAGMA user_version
0
> PRAGMA encoding
'UTF-8'
> PRAGMA encoding = 'UTF-16'
> PRAGMA encoding
'UTF-8'

# Settings
> PRAGMA cache_size
-16000
> PRAGMA cache_size = -500
> PRAGMA cache_size
-500
> PRAGMA busy_timeout
5000
> PRAGMA busy_timeout = 1234
1234
> PRAGMA busy_timeout = -1
0
> SELECT * FROM pragma_busy_timeout
0
> PRAGMA synchronous
2
> PRAGMA synchronous = OFF
> PRAGMA synchronous
0
> PRAGMA synchronous = extra
> PRAGMA synchronous
3
> PRAGMA journal_mode
'memory'
> PRAGMA journal_mode = WAL
'memory'
> PRAGMA journal_mode = OFF
'memory'
> PRAGMA journal_mode = nonsense
'memory'
> PRAGMA locking_mode
'normal'
> PRAGMA locking_mode = EXCLUSIVE
'exclusive'
> PRAGMA locking_mode = NORMAL
'exclusive'
> PRAGMA temp_store
0
> PRAGMA temp_store = MEMORY
> PRAGMA temp_store
2
> PRAGMA auto_vacuum
0
> PRAGMA secure_delete
0
> PRAGMA secure_delete = ON
1
> PRAGMA secure_delete = FAST
2
> PRAGMA mmap_size
> PRAGMA wal_checkpoint
0 | -1 | -1
> PRAGMA wal_checkpoint(TRUNCATE)
0 | -1 | -1
> PRAGMA wal_autocheckpoint
1000
> PRAGMA wal_autocheckpoint = 50
50
> PRAGMA page_size
4096
> PRAGMA page_size = 1000
> PRAGMA page_size
4096
> PRAGMA max_page_count
4294967294
> PRAGMA analysis_limit
0
> PRAGMA analysis_limit = 100
100
> PRAGMA optimize
> PRAGMA read_uncommitted
0
> PRAGMA read_uncommitted = yes
> PRAGMA read_uncommitted
1
> PRAGMA recursive_triggers
0
> PRAGMA recursive_triggers = true
> PRAGMA recursive_triggers
1
> PRAGMA recursive_triggers = maybe
> PRAGMA recursive_triggers
0
> PRAGMA legacy_alter_table
0
> PRAGMA case_sensitive_like = ON
> SELECT 'a' LIKE 'A', 'a' LIKE 'a'
0 | 1
> PRAGMA case_sensitive_like
> SELECT 'a' LIKE 'A'
0
> PRAGMA case_sensitive_like = OFF
> SELECT 'a' LIKE 'A'
1
> PRAGMA query_only
0
> PRAGMA query_only = 1
> INSERT INTO parent VALUES (1, 'a')
error SQLITE_READONLY: attempt to write a readonly database
> CREATE TABLE refused(a)
error SQLITE_READONLY: attempt to write a readonly database
> PRAGMA query_only = 0
> INSERT INTO parent VALUES (1, 'a')
changes 1

# Checks and lists
> PRAGMA integrity_check
'ok'
> PRAGMA integrity_check(parent)
'ok'
> PRAGMA quick_check
'ok'
> PRAGMA database_list
0 | 'main' | ''
1 | 'temp' | ''
> SELECT name FROM pragma_database_list
'main'
'temp'
> SELECT name FROM pragma_collation_list ORDER BY name
'BINARY'
'NOCASE'
'RTRIM'
> SELECT DISTINCT name, type FROM pragma_function_list WHERE name IN ('abs', 'sum', 'row_number', 'json_each', 'nosuch') ORDER BY name
'abs' | 's'
'row_number' | 'w'
'sum' | 'w'
> SELECT name FROM pragma_pragma_list WHERE name LIKE 'table%' ORDER BY name
'table_info'
'table_list'
'table_xinfo'
> SELECT count(*) > 10 FROM pragma_compile_options
1
> SELECT name FROM pragma_module_list WHERE name LIKE 'json%' ORDER BY name

# What is no PRAGMA says nothing
> PRAGMA nosuch
> PRAGMA nosuch = 1
> PRAGMA main.nosuch(1)
> PRAGMA nosuchdb.user_version
error SQLITE_ERROR: unknown database nosuchdb
> SELECT * FROM pragma_nosuch
error SQLITE_ERROR: no such table: pragma_nosuch
> SELECT * FROM pragma_journal_mode('x')
error SQLITE_ERROR: unknown database 'x'
> SELECT * FROM pragma_table_info
> PRAGMA user_version(1, 2)
error SQLITE_ERROR: near ",": syntax error
> PRAGMA user_version = 1 + 1
error SQLITE_ERROR: near "+": syntax error
> PRAGMA "user_version" = 3
> PRAGMA user_version
3
