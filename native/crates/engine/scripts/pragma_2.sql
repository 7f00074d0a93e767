# The PRAGMAs that no other script asks: what they answer, what they take, what they keep.
> PRAGMA analysis_limit
0
> PRAGMA analysis_limit = 100
100
> PRAGMA analysis_limit
100
> PRAGMA application_id
0
> PRAGMA application_id = 12345
> PRAGMA application_id
12345
> PRAGMA application_id = 0x7fffffffff
> PRAGMA application_id
0
> PRAGMA cache_size
-16000
> PRAGMA cache_size = 100
> PRAGMA cache_size
100
> PRAGMA cache_spill = 50
> PRAGMA cache_spill = off
> PRAGMA cache_spill
0
> PRAGMA checkpoint_fullfsync
0
> PRAGMA checkpoint_fullfsync = 1
> PRAGMA checkpoint_fullfsync
1
> PRAGMA fullfsync
0
> PRAGMA fullfsync = yes
> PRAGMA fullfsync
1
> SELECT count(*) > 40, max(compile_options = 'ENABLE_MATH_FUNCTIONS') FROM pragma_compile_options
1 | 1
> PRAGMA defer_foreign_keys
0
> PRAGMA defer_foreign_keys = 1
> PRAGMA defer_foreign_keys
1
> PRAGMA freelist_count
0
> SELECT name, builtin, type, enc, narg FROM pragma_function_list WHERE name IN ('abs', 'max', 'count', 'substr', 'lag', 'json_set') ORDER BY name, narg, type
'abs' | 1 | 's' | 'utf8' | 1
'count' | 1 | 'w' | 'utf8' | 0
'count' | 1 | 'w' | 'utf8' | 1
'json_set' | 1 | 's' | 'utf8' | -1
'lag' | 1 | 'w' | 'utf8' | 1
'lag' | 1 | 'w' | 'utf8' | 2
'lag' | 1 | 'w' | 'utf8' | 3
'max' | 1 | 's' | 'utf8' | -3
'max' | 1 | 'w' | 'utf8' | 1
'substr' | 1 | 's' | 'utf8' | 2
'substr' | 1 | 's' | 'utf8' | 3
> PRAGMA hard_heap_limit
0
> PRAGMA soft_heap_limit
0
> PRAGMA soft_heap_limit = 1000000
1000000
> PRAGMA hard_heap_limit = 2000000
2000000
> PRAGMA soft_heap_limit
1000000
> PRAGMA journal_size_limit
-1
> PRAGMA journal_size_limit = 4096
4096
> PRAGMA mmap_size
> PRAGMA mmap_size = 1000
> SELECT count(*) FROM pragma_module_list WHERE name IN ('json_each', 'nosuch')
0
> PRAGMA page_size
4096
> PRAGMA page_size = 1024
> PRAGMA quick_check
'ok'
> PRAGMA quick_check(1)
'ok'
> CREATE TABLE t(a INTEGER PRIMARY KEY, b NOT NULL, c CHECK (c > 0))
> INSERT INTO t VALUES (1, 2, 3)
changes 1
> PRAGMA quick_check('t')
'ok'
> PRAGMA quick_check('nosuch')
error SQLITE_ERROR: no such table: nosuch
> PRAGMA read_uncommitted
0
> PRAGMA read_uncommitted = 1
> PRAGMA read_uncommitted
1
> PRAGMA temp_store_directory
> PRAGMA threads
0
> PRAGMA threads = 4
4
> PRAGMA threads
4
> PRAGMA trusted_schema
1
> PRAGMA trusted_schema = 0
> PRAGMA trusted_schema
0
> PRAGMA wal_autocheckpoint
1000
> PRAGMA wal_autocheckpoint = 500
500
> PRAGMA wal_autocheckpoint
500
> PRAGMA writable_schema
0
> PRAGMA writable_schema
0
> PRAGMA writable_schema
0
> PRAGMA nosuch
> PRAGMA nosuch = 1
> PRAGMA nosuchdb.cache_size
error SQLITE_ERROR: unknown database nosuchdb

# Table-valued functions have columns as tables have; their parameters are hidden.
> PRAGMA table_info(pragma_pragma_list)
0 | 'name' | '' | 0 | NULL | 0
> PRAGMA table_xinfo(PRAGMA_table_info)
0 | 'cid' | '' | 0 | NULL | 0 | 0
1 | 'name' | '' | 0 | NULL | 0 | 0
2 | 'type' | '' | 0 | NULL | 0 | 0
3 | 'notnull' | '' | 0 | NULL | 0 | 0
4 | 'dflt_value' | '' | 0 | NULL | 0 | 0
5 | 'pk' | '' | 0 | NULL | 0 | 0
6 | 'arg' | '' | 0 | NULL | 0 | 1
7 | 'schema' | '' | 0 | NULL | 0 | 1
> PRAGMA main.table_info(pragma_foreign_keys)
0 | 'foreign_keys' | '' | 0 | NULL | 0
> PRAGMA nope.table_info(pragma_foreign_keys)
error SQLITE_ERROR: unknown database nope
> PRAGMA table_info(pragma_incremental_vacuum)
> PRAGMA table_info(json_tree)
0 | 'key' | '' | 0 | NULL | 0
1 | 'value' | '' | 0 | NULL | 0
2 | 'type' | '' | 0 | NULL | 0
3 | 'atom' | '' | 0 | NULL | 0
4 | 'id' | '' | 0 | NULL | 0
5 | 'parent' | '' | 0 | NULL | 0
6 | 'fullkey' | '' | 0 | NULL | 0
7 | 'path' | '' | 0 | NULL | 0
> PRAGMA table_xinfo(json_each)
0 | 'key' | '' | 0 | NULL | 0 | 0
1 | 'value' | '' | 0 | NULL | 0 | 0
2 | 'type' | '' | 0 | NULL | 0 | 0
3 | 'atom' | '' | 0 | NULL | 0 | 0
4 | 'id' | '' | 0 | NULL | 0 | 0
5 | 'parent' | '' | 0 | NULL | 0 | 0
6 | 'fullkey' | '' | 0 | NULL | 0 | 0
7 | 'path' | '' | 0 | NULL | 0 | 0
8 | 'json' | '' | 0 | NULL | 0 | 1
9 | 'root' | '' | 0 | NULL | 0 | 1
> SELECT name, hidden FROM pragma_table_xinfo('pragma_index_list')
'seq' | 0
'name' | 0
'unique' | 0
'origin' | 0
'partial' | 0
'arg' | 1
'schema' | 1
