/** What rows are made of. */
import { contract } from '../case.ts';

const QUERIES: Readonly<Record<string, string>> = {
  integers: 'SELECT 0 AS a, 1 AS b, -1 AS c, 2147483648 AS d, 9007199254740991 AS e',
  'integers that are no doubles': 'SELECT 9007199254740993 AS a, 9223372036854775807 AS b, -9223372036854775808 AS c',
  reals: 'SELECT 1.5 AS a, 0.1 + 0.2 AS b, 1e300 AS c, 1e-300 AS d, 1.0 AS e, -0.0 AS f',
  infinity: 'SELECT 1e999 AS a, -1e999 AS b',
  text: `SELECT 'x' AS a, '' AS b, 'é😀' AS c, 'it''s' AS d, char(0, 65) AS e`,
  'long text': `SELECT printf('%.5000c', 'x') AS a, printf('%.3000c', 'é') AS b`,
  blobs: `SELECT x'0102' AS a, x'' AS b, zeroblob(3) AS c, CAST('text' AS BLOB) AS d`,
  'a long blob': 'SELECT zeroblob(10000) AS a',
  null: 'SELECT NULL AS a',
  'text with bad UTF-8': `SELECT CAST(x'61ff62' AS TEXT) AS a`,
  'one name twice': 'SELECT 1 AS a, 2 AS b, 3 AS a',
  'numbers as names': 'SELECT 1 AS "2", 2 AS "1", 3 AS b',
  'an empty name': 'SELECT 1 AS ""',
  'names of expressions': `SELECT 1+1, count(*), 'x', "abc", 1  +  2, (SELECT 1), NULL, x'01', -1, abs(-1)`,
  'no rows': 'SELECT 1 AS a WHERE 0',
  'many rows': 'WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 300) SELECT x, x * 2 AS y FROM c',
  'many columns': `SELECT ${Array.from({ length: 200 }, (_, at) => `${at} AS c${at}`).join(', ')}`,
  'a double-quoted string': 'SELECT "no such column" AS a',
  'LIKE of a blob': `SELECT x'414243' LIKE 'a%' AS a, x'41' GLOB 'A' AS b`,
  'text of a real': `SELECT CAST(0.1 AS TEXT) AS a, 1e100 || '' AS b, 1.0 || '' AS c, 123456789012345678.0 || '' AS d`,
  json: `SELECT json('{"a": [1, 2.5, null]}') AS a, json_extract('{"a": [1, 2]}', '$.a[1]') AS b`,
  dates: `SELECT date('2024-02-29', '+1 year') AS a, strftime('%s', '1970-01-02') AS b`,
  math: 'SELECT sqrt(2.0) AS a, pow(2, 10) AS b, floor(-1.5) AS c',
  values: 'VALUES (1, 2), (3, 4)',
};

contract('rows', async ({ db, note, call }) => {
  for (const [name, sql] of Object.entries(QUERIES)) {
    note(`${name}, get`, await call(db, 'get', sql));
    note(`${name}, all`, await call(db, 'all', sql));
    const rows: unknown[] = [];
    const completed = await new Promise((resolve) => {
      db.each(
        sql,
        (...args: unknown[]) => rows.push(args),
        (...args: unknown[]) => resolve(args),
      );
    });
    note(`${name}, each`, [rows, completed]);
  }
});

contract('rows are plain objects', async ({ db, note }) => {
  const row: object = await new Promise((resolve) => db.get('SELECT 1 AS a', (_: unknown, found: object) => resolve(found)));
  note('prototype', Object.getPrototypeOf(row) === Object.prototype);
  note('descriptor', Object.getOwnPropertyDescriptor(row, 'a'));
  note('extensible', Object.isExtensible(row));
});

contract('PRAGMA answers of a fresh database', async ({ db, note, call }) => {
  const names = [
    'application_id',
    'auto_vacuum',
    'automatic_index',
    'busy_timeout',
    'case_sensitive_like',
    'cell_size_check',
    'checkpoint_fullfsync',
    'collation_list',
    'count_changes',
    'data_version',
    'defer_foreign_keys',
    'empty_result_callbacks',
    'encoding',
    'foreign_key_check',
    'foreign_keys',
    'freelist_count',
    'full_column_names',
    'fullfsync',
    'ignore_check_constraints',
    'integrity_check',
    'journal_mode',
    'journal_size_limit',
    'legacy_alter_table',
    'locking_mode',
    'max_page_count',
    'mmap_size',
    'page_size',
    'query_only',
    'quick_check',
    'read_uncommitted',
    'recursive_triggers',
    'reverse_unordered_selects',
    'schema_version',
    'secure_delete',
    'short_column_names',
    'synchronous',
    'temp_store',
    'threads',
    'trusted_schema',
    'user_version',
    'wal_autocheckpoint',
    'writable_schema',
  ];
  for (const name of names) note(name, await call(db, 'all', `PRAGMA ${name}`));
});

contract('map', async ({ db, note, call }) => {
  await call(
    db,
    'exec',
    `CREATE TABLE t(k, v, w); INSERT INTO t VALUES ('a', 1, 'x'), ('b', 2, 'y'), (NULL, 3, 'z'), ('a', 4, 'again')`,
  );
  for (const sql of [
    'SELECT k, v FROM t',
    'SELECT k FROM t',
    'SELECT * FROM t',
    'SELECT k, v FROM t WHERE 0',
    'SELECT v, k FROM t',
  ]) {
    note(sql, await call(db, 'map', sql));
  }
  note('with parameters', await call(db, 'map', 'SELECT k, v FROM t WHERE v > ?', 1));
  note('with an array', await call(db, 'map', 'SELECT k, v FROM t WHERE v > ?', [2]));
  note('with an error', await call(db, 'map', 'SELECT nope FROM t'));
  const statement = db.prepare('SELECT v, w FROM t WHERE v < ?');
  note('of a statement', await call(statement, 'map', 3));
  note('of a statement with names', await call(statement, 'map', [2]));
  statement.finalize();
});
