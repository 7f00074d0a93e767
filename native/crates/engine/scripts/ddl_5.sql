> create table t(a,a)
error SQLITE_ERROR: duplicate column name: a
> create table sqlite_x(a)
error SQLITE_ERROR: object name reserved for internal use: sqlite_x
> create table t(a primary key, b primary key)
error SQLITE_ERROR: table "t" has more than one primary key
> create table t(a autoincrement)
error SQLITE_ERROR: near "autoincrement": syntax error
> create table t(a text primary key autoincrement)
error SQLITE_ERROR: AUTOINCREMENT is only allowed on an INTEGER PRIMARY KEY
> create table t(a) without rowid
error SQLITE_ERROR: PRIMARY KEY missing on table t
> create table t(a integer primary key autoincrement) without rowid
error SQLITE_ERROR: AUTOINCREMENT not allowed on WITHOUT ROWID tables
