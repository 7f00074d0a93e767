/** `db.prepare()`, `db.exec()`, `db.explain()` and `db.pragma()`. */
import { rulesOf, type Side, type SideCheck, wrong } from './side.ts';

/** What can be seen of a statement that was prepared. */
function tellPrepared({ db, note }: Side, sql: unknown): void {
  note(() => {
    const { reader, readonly, source } = db.prepare(wrong(sql));
    return { reader, readonly, source };
  });
}

const NOT_STRINGS = [undefined, null, 5, {}, [], true, Symbol('s'), 5n];

const TEXTS: Readonly<Record<string, readonly string[]>> = {
  'nothing at all': ['', ' ', '\n\t', ';', ';;;', '-- comment', '/* comment */', '/* open', '-- a\n;-- b\n'],
  'more than one statement': [
    'SELECT 1; SELECT 2',
    'SELECT 1;;SELECT 2',
    'SELECT 1; x',
    'SELECT 1; -',
    'SELECT 1; /',
    'SELECT 1; --\n2',
  ],
  'what follows one statement and is nothing': [
    'SELECT 1;',
    'SELECT 1; ',
    ';SELECT 1',
    ' ; ; SELECT 1 ; ; ',
    'SELECT 1 -- x',
    'SELECT 1; -- x\n',
    'SELECT 1 /* x',
    'SELECT 1; /* x */ ; -- y',
    '/* x */ SELECT 1 /* y */',
    '-- x\nSELECT 1',
  ],
  'texts with NUL': ['SELECT 1\0', 'SELECT 1;\0 SELECT 2', "SELECT 'a\0b'", '\0SELECT 1', 'SELECT 1 --\0\nx'],
  'texts that are no SQL': [
    'selec 1',
    'SELECT',
    'SELECT 1 +',
    'SELECT (1',
    "SELECT 'a",
    'SELECT "a',
    'SELECT [a',
    'SELECT @',
    '\u{1F980}',
    'SELECT 1 1',
    ')',
  ],
  'names that are not there': [
    'SELECT * FROM none',
    'SELECT none',
    'SELECT none()',
    'INSERT INTO none VALUES (1)',
    'DROP TABLE none',
    'SELECT abs(1, 2)',
    'SELECT "none"',
    'PRAGMA none',
  ],
};

const KINDS = [
  'SELECT 1',
  'VALUES (1)',
  'WITH c AS (SELECT 1) SELECT * FROM c',
  'INSERT INTO t VALUES (1)',
  'INSERT INTO t VALUES (1) RETURNING a',
  'UPDATE t SET a = 1',
  'UPDATE t SET a = 1 RETURNING *',
  'DELETE FROM t',
  'DELETE FROM t RETURNING a',
  'REPLACE INTO t VALUES (1)',
  'CREATE TABLE u (a)',
  'CREATE TABLE IF NOT EXISTS t (a)',
  'CREATE TEMP TABLE u (a)',
  'CREATE INDEX i ON t (a)',
  'DROP TABLE t',
  'DROP TABLE IF EXISTS none',
  'ALTER TABLE t ADD COLUMN b',
  'BEGIN',
  'BEGIN DEFERRED',
  'BEGIN IMMEDIATE',
  'BEGIN EXCLUSIVE',
  'COMMIT',
  'END',
  'ROLLBACK',
  'SAVEPOINT s',
  'RELEASE s',
  'ROLLBACK TO s',
  'PRAGMA user_version',
  'PRAGMA user_version = 5',
  'PRAGMA table_info(t)',
  'PRAGMA journal_mode',
  'PRAGMA foreign_keys = ON',
  'PRAGMA none',
  "ATTACH ':memory:' AS b",
  'DETACH b',
  'VACUUM',
  'ANALYZE',
  'REINDEX',
  'EXPLAIN SELECT 1',
  'EXPLAIN QUERY PLAN SELECT 1',
  'EXPLAIN INSERT INTO t VALUES (1)',
];

export const statementChecks: readonly SideCheck[] = [
  ...rulesOf('Database.prepare()', {
    'takes a string': (side) => {
      for (const sql of NOT_STRINGS) tellPrepared(side, sql);
    },
    ...Object.fromEntries(
      Object.entries(TEXTS).map(([rule, texts]) => [
        rule,
        (side: Side) => {
          for (const sql of texts) tellPrepared(side, sql);
        },
      ]),
    ),
    'a statement that fails later is prepared': ({ db, note }) => {
      db.exec('CREATE TABLE t (a UNIQUE); INSERT INTO t VALUES (1)');
      const insert = db.prepare('INSERT INTO t VALUES (1)');
      note(() => insert.run());
      note(() => insert.run());
    },
    'the same text gives another statement': ({ db, note }) => {
      note(() => Object.is(db.prepare('SELECT 1'), db.prepare('SELECT 1')));
      const [a, b] = [db.prepare('SELECT ? AS x'), db.prepare('SELECT ? AS x')];
      a.bind(1).pluck();
      note(() => [a.get(), b.get(2)]);
    },
    'a statement lives on when the schema changes': ({ db, note }) => {
      db.exec('CREATE TABLE t (a); INSERT INTO t VALUES (1)');
      const select = db.prepare('SELECT * FROM t');
      note(() => select.all());
      db.exec('ALTER TABLE t ADD COLUMN b DEFAULT 5');
      note(() => select.all());
      db.exec('ALTER TABLE t RENAME COLUMN b TO c');
      note(() => select.get());
      db.exec('ALTER TABLE t DROP COLUMN c');
      note(() => select.raw().all());
      db.exec('DROP TABLE t');
      note(() => select.all());
      db.exec('CREATE TABLE t (x, y); INSERT INTO t VALUES (7, 8)');
      note(() => select.raw(false).all());
    },
  }),
  ...rulesOf(
    'Statement.reader',
    Object.fromEntries(
      KINDS.map((sql) => [
        `and readonly of ${sql}`,
        (side: Side) => {
          side.db.exec('CREATE TABLE t (a)');
          tellPrepared(side, sql);
        },
      ]),
    ),
  ),
  ...rulesOf('Database.exec()', {
    'takes a string': ({ db, note }) => {
      for (const sql of NOT_STRINGS) note(() => db.exec(wrong(sql)));
    },
    'runs one statement after the other': ({ db, note }) => {
      note(() => db.exec('CREATE TABLE t (a); INSERT INTO t VALUES (1); INSERT INTO t VALUES (2)') === db);
      note(() => db.prepare('SELECT * FROM t').all());
    },
    'stops where one fails, and keeps what was done': ({ db, note }) => {
      db.exec('CREATE TABLE t (a UNIQUE)');
      note(() => db.exec('INSERT INTO t VALUES (1); INSERT INTO t VALUES (1); INSERT INTO t VALUES (2)'));
      note(() => db.prepare('SELECT * FROM t').all());
      note(() => db.exec('INSERT INTO t VALUES (3); selec; INSERT INTO t VALUES (4)'));
      note(() => db.prepare('SELECT * FROM t').all());
      note(() => db.exec('INSERT INTO t VALUES (5); INSERT INTO none VALUES (6)'));
      note(() => db.prepare('SELECT * FROM t').all());
    },
    'rows are dropped': ({ db, note }) => {
      note(() => db.exec('SELECT 1; SELECT 2') === db);
      note(() => db.exec('CREATE TABLE t (a); INSERT INTO t VALUES (1), (2) RETURNING a') === db);
      note(() => db.prepare('SELECT count(*) FROM t').pluck().get());
    },
    'nothing is nothing': ({ db, note }) => {
      for (const sql of ['', ';', ' ;; ', '-- x', '/* x */', '/* x']) note(() => db.exec(sql) === db);
    },
    'parameters are NULL': ({ db, note }) => {
      note(() => db.exec('CREATE TABLE t (a, b); INSERT INTO t VALUES (?, :x)') === db);
      note(() => db.prepare('SELECT * FROM t').all());
    },
    'a transaction may stay open': ({ db, note }) => {
      note(() => db.exec('BEGIN').inTransaction);
      note(() => db.exec('SELECT 1; COMMIT').inTransaction);
      note(() => db.exec('COMMIT'));
      note(() => db.exec('SAVEPOINT s').inTransaction);
      note(() => db.exec('RELEASE s').inTransaction);
    },
    'a text with NUL': ({ db, note }) => {
      note(() => db.exec('CREATE TABLE t (a);\0CREATE TABLE u (a)') === db);
      note(() => db.prepare('SELECT name FROM sqlite_master').all());
    },
    'many statements': ({ db, note }) => {
      db.exec('CREATE TABLE t (a)');
      note(() => db.exec('INSERT INTO t VALUES (1);'.repeat(500)) === db);
      note(() => db.prepare('SELECT count(*) FROM t').get());
    },
    'a trigger with semicolons is one statement': ({ db, note }) => {
      note(
        () =>
          db.exec(`CREATE TABLE t (a); CREATE TABLE log (a);
            CREATE TRIGGER r AFTER INSERT ON t BEGIN INSERT INTO log VALUES (new.a); INSERT INTO log VALUES (';'); END;
            INSERT INTO t VALUES (5)`) === db,
      );
      note(() => db.prepare('SELECT * FROM log').all());
    },
  }),
  ...rulesOf('Database.explain()', {
    'takes a string': ({ db, note }) => {
      for (const sql of NOT_STRINGS) note(() => db.explain(wrong(sql)));
    },
    'each row has the keys of an opcode': ({ db, note }) => {
      db.exec('CREATE TABLE t (a, b)');
      for (const sql of [
        'SELECT 1',
        'SELECT * FROM t WHERE a = 5',
        'INSERT INTO t VALUES (1, 2)',
        'BEGIN',
        'CREATE TABLE u (a)',
      ]) {
        note(() => {
          const rows = db.explain(sql) as { opcode: string }[];
          return [...new Set(rows.map((row) => Object.keys(row).join(' ')))];
        });
        note(() => (db.explain(sql) as { opcode: string }[]).filter(({ opcode }) => opcode === 'Halt').length > 0);
        note(() => (db.explain(sql) as { addr: number }[]).every(({ addr }, at) => addr === at));
      }
    },
    'the plan of a query': ({ db, note }) => {
      db.exec('CREATE TABLE t (a, b); CREATE INDEX i ON t (a)');
      // `notused` holds whatever SQLite's planner left in it.
      note(() => (db.explain('QUERY PLAN SELECT * FROM t') as object[]).map((row) => ({ ...row, notused: typeof row })));
      note(() => (db.explain('QUERY PLAN SELECT * FROM t WHERE a = ?') as { detail: string }[]).map(({ detail }) => detail));
    },
    'parameters need no values': ({ db, note }) => {
      note(() => db.explain('SELECT ?, :a, @b, $c, ?7').length > 0);
    },
    'what cannot be prepared': ({ db, note }) => {
      note(() => db.explain('SELECT * FROM none'));
      note(() => db.explain('selec'));
      note(() => db.explain(''));
      note(() => db.explain('SELECT 1; SELECT 2'));
      note(() => db.explain('EXPLAIN SELECT 1'));
    },
    'of a change, it ends with no row changed': ({ db, note }) => {
      db.exec('CREATE TABLE t (a); INSERT INTO t VALUES (1), (2)');
      const tell = () => note(() => db.prepare('SELECT changes(), total_changes()').raw().get());
      tell();
      for (const sql of ['SELECT * FROM t', 'CREATE TABLE u (a)', 'INSERT INTO t VALUES (1)', 'DELETE FROM t']) {
        db.explain(`QUERY PLAN ${sql}`);
        tell();
        db.exec('INSERT INTO t VALUES (3)');
      }
      db.explain('UPDATE t SET a = 1');
      tell();
    },
    'runs nothing': ({ db, note }) => {
      db.exec('CREATE TABLE t (a)');
      note(() => db.explain('INSERT INTO t VALUES (1)').length > 0);
      note(() => db.prepare('SELECT * FROM t').all());
    },
    'integers as the default says': ({ db, note }) => {
      db.defaultSafeIntegers();
      note(() => typeof (db.explain('SELECT 1') as { addr: unknown }[])[0]?.addr);
    },
  }),
  ...rulesOf('Database.pragma()', {
    'takes a string': ({ db, note }) => {
      for (const sql of NOT_STRINGS) note(() => db.pragma(wrong(sql)));
    },
    'options are an object with a boolean': ({ db, note }) => {
      for (const options of [undefined, null, {}, [], 5, 'x', true]) note(() => db.pragma('user_version', wrong(options)));
      for (const simple of [undefined, null, 0, 1, 'true', true, false])
        note(() => db.pragma('user_version', { simple: wrong(simple) }));
    },
    'arguments are checked before the state': ({ db, note }) => {
      db.close();
      note(() => db.pragma(wrong(5)));
      note(() => db.pragma('x', wrong(5)));
      note(() => db.pragma('user_version'));
    },
    'rows, or the first value': ({ db, note }) => {
      db.exec('CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT NOT NULL DEFAULT 5)');
      note(() => db.pragma('table_info(t)'));
      note(() => db.pragma('table_info(t)', { simple: true }));
      note(() => db.pragma('table_info(none)'));
      note(() => db.pragma('table_info(none)', { simple: true }));
      note(() => db.pragma('table_info'));
      note(() => db.pragma('table_info', { simple: true }));
    },
    'one that returns nothing': ({ db, note }) => {
      note(() => db.pragma('foreign_keys = OFF'));
      note(() => db.pragma('foreign_keys = OFF', { simple: true }));
      note(() => db.pragma('foreign_keys', { simple: true }));
      note(() => db.pragma('none'));
      note(() => db.pragma('none', { simple: true }));
    },
    'values that are set are there': ({ db, note }) => {
      note(() => db.pragma('user_version = 42'));
      note(() => db.pragma('user_version'));
      note(() => db.pragma('user_version = -1'));
      note(() => db.pragma('user_version', { simple: true }));
      note(() => db.pragma('application_id = 0x1234'));
      note(() => db.pragma('application_id', { simple: true }));
    },
    'a switch is set when it is prepared': ({ db, note }) => {
      const switches = [
        'foreign_keys',
        'recursive_triggers',
        'ignore_check_constraints',
        'reverse_unordered_selects',
        'query_only',
      ];
      const tell = (name: string) => note(() => db.pragma(name, { simple: true }));
      for (const name of switches) {
        for (const value of ['ON', 'OFF', '1']) {
          const statement = db.prepare(`PRAGMA ${name} = ${value}`);
          tell(name);
          statement.run();
          tell(name);
        }
        db.prepare(`PRAGMA ${name} = OFF`);
        tell(name);
        db.prepare(`PRAGMA ${name} = ON`);
        db.prepare(`PRAGMA ${name} = OFF`);
        tell(name);
      }
      db.exec('BEGIN');
      db.prepare('PRAGMA foreign_keys = ON');
      tell('foreign_keys');
      db.exec('COMMIT');
      tell('foreign_keys');
      db.prepare('PRAGMA user_version = 5');
      tell('user_version');
    },
    'schema_version counts what changes the schema': ({ db, note }) => {
      for (const sql of [
        'CREATE TABLE t (id INTEGER PRIMARY KEY, a)',
        'INSERT INTO t (a) VALUES (1)',
        'CREATE INDEX i ON t (a)',
        'ANALYZE',
        'ANALYZE',
        'REINDEX',
        'REINDEX i',
        'VACUUM',
        'ALTER TABLE t ADD COLUMN b',
        'ALTER TABLE t RENAME COLUMN b TO c',
        'ALTER TABLE t DROP COLUMN c',
        'ALTER TABLE t RENAME TO u',
        'CREATE TABLE s (id INTEGER PRIMARY KEY AUTOINCREMENT)',
        'CREATE TABLE k AS SELECT * FROM u',
        'CREATE VIEW v AS SELECT 1',
        'CREATE TRIGGER r AFTER INSERT ON u BEGIN SELECT 1; END',
        'DROP TABLE IF EXISTS none',
        'DROP TRIGGER r',
        'DROP VIEW v',
        'DROP TABLE u',
        'BEGIN; CREATE TABLE x (a); ROLLBACK',
      ]) {
        db.exec(sql);
        note(() => `${sql}: ${db.pragma('schema_version', { simple: true })}`);
      }
    },
    'only one': ({ db, note }) => {
      note(() => db.pragma('user_version; SELECT 2'));
      note(() => db.pragma('user_version; user_version'));
      note(() => db.pragma('user_version;'));
      note(() => db.pragma(''));
      note(() => db.pragma('user_version -- x'));
      note(() => db.pragma('a b'));
    },
    'integers as the default says': ({ db, note }) => {
      db.defaultSafeIntegers();
      note(() => db.pragma('user_version'));
      note(() => db.pragma('user_version', { simple: true }));
    },
    'the defaults': ({ db, open, note }) => {
      const file = open('a.db');
      for (const name of [
        'foreign_keys',
        'cache_size',
        'journal_mode',
        'synchronous',
        'busy_timeout',
        'page_size',
        'encoding',
        'auto_vacuum',
        'recursive_triggers',
        'temp_store',
        'locking_mode',
        'secure_delete',
        'query_only',
        'case_sensitive_like',
        'journal_size_limit',
        'wal_autocheckpoint',
        'legacy_alter_table',
        'trusted_schema',
        'writable_schema',
        'read_uncommitted',
        'ignore_check_constraints',
        'defer_foreign_keys',
        'automatic_index',
        'cell_size_check',
        'max_page_count',
        'user_version',
        'application_id',
        'schema_version',
        'data_version',
        'freelist_count',
        'page_count',
        'analysis_limit',
        'threads',
        'soft_heap_limit',
        'hard_heap_limit',
        'mmap_size',
        'checkpoint_fullfsync',
        'fullfsync',
        'empty_result_callbacks',
        'full_column_names',
        'short_column_names',
        'count_changes',
        'reverse_unordered_selects',
      ]) {
        note(() => [name, db.pragma(name, { simple: true }), file.pragma(name, { simple: true })]);
      }
    },
    'journal modes': ({ db, open, note }) => {
      const file = open('a.db');
      for (const mode of ['wal', 'DELETE', 'truncate', 'persist', 'memory', 'none', 'wal']) {
        note(() => [
          mode,
          db.pragma(`journal_mode = ${mode}`, { simple: true }),
          file.pragma(`journal_mode = ${mode}`, { simple: true }),
        ]);
      }
      note(() => file.pragma('synchronous', { simple: true }));
      note(() => file.pragma('journal_mode = off', { simple: true }));
    },
    'synchronous once the journal is another one': ({ open, note }) => {
      const betweens = [
        [],
        ['SELECT 1'],
        ['SELECT * FROM sqlite_schema'],
        ['PRAGMA user_version'],
        ['CREATE TABLE t (a)'],
        ['BEGIN', 'COMMIT'],
        ['BEGIN IMMEDIATE', 'COMMIT'],
        ['PRAGMA journal_mode'],
        ['PRAGMA journal_mode = DELETE'],
        ['SELECT * FROM sqlite_schema', 'PRAGMA journal_mode = DELETE'],
        ['PRAGMA table_info(x)'],
        ['PRAGMA page_count'],
        ['PRAGMA data_version'],
        ['PRAGMA synchronous = FULL', 'SELECT * FROM sqlite_schema'],
      ];
      for (const [at, between] of betweens.entries()) {
        const db = open(`${at}.db`);
        const level = () => note(() => db.pragma('synchronous', { simple: true }));
        level();
        db.pragma('journal_mode = WAL');
        level();
        for (const sql of between) db.exec(sql);
        level();
        db.exec('CREATE TABLE IF NOT EXISTS t (a)');
        level();
      }
    },
    'within transactions': ({ open, note }) => {
      for (const begins of ['BEGIN', 'BEGIN; SELECT * FROM t', 'BEGIN; INSERT INTO t VALUES (1)', 'BEGIN IMMEDIATE']) {
        const db = open('a.db');
        db.exec('CREATE TABLE IF NOT EXISTS t (a)');
        db.exec(begins);
        for (const sql of [
          'journal_mode = WAL',
          'wal_checkpoint',
          'synchronous = OFF',
          'temp_store = 2',
          'temp_store',
          'foreign_keys = 0',
        ])
          note(() => db.pragma(sql));
        if (db.inTransaction) db.exec('ROLLBACK');
        db.pragma('journal_mode = DELETE');
        db.close();
      }
    },
    'journal_mode is kept in the file': ({ open, note }) => {
      const db = open('a.db');
      db.pragma('journal_mode = WAL');
      db.exec('CREATE TABLE t (a)').close();
      note(() => open('a.db').pragma('journal_mode', { simple: true }));
    },
    'what readers may not set': ({ open, note }) => {
      open('a.db').exec('CREATE TABLE t (a)').close();
      const db = open('a.db', { readonly: true });
      note(() => db.pragma('journal_mode = wal', { simple: true }));
      note(() => db.pragma('user_version = 5'));
      note(() => db.pragma('journal_mode', { simple: true }));
      note(() => db.pragma('user_version', { simple: true }));
    },
    'lists of what there is': ({ db, note }) => {
      db.exec(`CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (a REFERENCES p ON DELETE CASCADE, b UNIQUE);
        CREATE INDEX i ON c (a DESC); ATTACH ':memory:' AS other`);
      for (const pragma of [
        'table_list',
        'table_xinfo(c)',
        'index_list(c)',
        'index_info(i)',
        'index_xinfo(i)',
        'foreign_key_list(c)',
        'foreign_key_check',
        'database_list',
        'collation_list',
        'integrity_check',
        'quick_check',
        'other.table_info(t)',
      ]) {
        note(() => db.pragma(pragma));
      }
    },
  }),
  ...rulesOf('Database.prepare()', {
    'several statements of one text, while the schema changes': ({ db, note }) => {
      db.exec('CREATE TABLE t (a, b); INSERT INTO t VALUES (1, 2)');
      const prepare = () => db.prepare('SELECT * FROM t WHERE a = ?');
      const [one, two, three, four, five] = [prepare(), prepare(), prepare(), prepare(), prepare()];
      five.bind(1);
      const columns = (...statements: (typeof one)[]) => {
        for (const statement of statements) note(() => statement.columns().map(({ name }) => name));
      };
      db.exec('ALTER TABLE t ADD COLUMN c DEFAULT 3');
      columns(one, two);
      note(() => three.bind(1) === three);
      columns(three);
      note(() => String(three));
      note(() => one.all(1));
      columns(one, two);
      note(() => two.get(7));
      columns(two, four);
      note(() => three.all());
      note(() => five.run());
      columns(three, five);
      const six = prepare();
      columns(six, four);
      db.exec('ALTER TABLE t ADD COLUMN d DEFAULT 4');
      columns(one, two, three, four, five, six);
      note(() => [...six.iterate(1)]);
      columns(one, six);
      note(() => four.raw().get(1));
      note(() => four.raw(false).get(1));
      db.exec('DROP TABLE t');
      for (const statement of [one, two, three, four, five, six]) {
        columns(statement);
        note(() => statement.all(1));
        note(() => statement.all(1, 2));
        note(() => statement.bind(1) === statement);
        note(() => statement.all());
        note(() => statement.iterate().next());
        note(() => String(statement));
      }
      note(() => prepare());
      db.exec('CREATE TABLE t (a)');
      for (const statement of [one, two, three, four, five, six]) {
        columns(statement);
        note(() => statement.all());
        columns(statement);
      }
    },
    'definitions and writers of one text, while the schema changes': ({ db, note }) => {
      db.exec('CREATE TABLE t (a, b)');
      const texts = ['CREATE INDEX i ON t (b)', 'INSERT INTO t SELECT a, b FROM t', 'ALTER TABLE t ADD COLUMN c', 'DROP TABLE t'];
      const pairs = texts.map((text) => [db.prepare(text), db.prepare(text)] as const);
      for (const [one, other] of pairs) {
        note(() => one.run());
        note(() => other.bind() === other);
        note(() => other.run());
        note(() => one.run('too many'));
        note(() => [String(one), String(other)]);
      }
      note(() => pairs.map(([one]) => db.prepare(one.source)));
    },
    'of a text prepared again and again, while the schema changes': ({ db, note }) => {
      db.exec('CREATE TABLE t (a)');
      const kept: ReturnType<typeof db.prepare>[] = [];
      for (let count = 0; count < 300; count++) {
        db.exec(`ALTER TABLE t RENAME COLUMN a TO a${count}; ALTER TABLE t RENAME COLUMN a${count} TO a`);
        kept.push(db.prepare('SELECT * FROM t WHERE a = ?'));
      }
      db.exec('INSERT INTO t VALUES (5)');
      note(() => kept.map((statement) => statement.pluck().get(5)));
    },
    'pragmas that set a flag do so when they are prepared': ({ db, note }) => {
      const tell = () => note(() => db.pragma('foreign_keys', { simple: true }));
      const [on, off] = [db.prepare('PRAGMA foreign_keys = ON'), db.prepare('PRAGMA foreign_keys = OFF')];
      tell();
      for (const statement of [on, off, on, off, off, on]) {
        note(() => statement.run());
        tell();
      }
      db.exec('CREATE TABLE t (a)');
      note(() => off.run());
      tell();
      db.exec('BEGIN');
      note(() => on.run());
      tell();
      db.exec('COMMIT');
      tell();
      note(() => on.run());
      tell();
      note(() => db.explain('PRAGMA foreign_keys = OFF').length > 0);
      tell();
      db.function('f', () => 1);
      note(() => on.run());
      tell();
    },
  }),
  ...rulesOf('Database.unsafeMode()', {
    'takes a boolean, or nothing': ({ db, note }) => {
      for (const value of [undefined, null, 0, 1, 'true', {}]) note(() => db.unsafeMode(wrong(value)));
      for (const value of [true, false]) note(() => db.unsafeMode(value) === db);
    },
    'writing while iterating is allowed': ({ db, note }) => {
      db.exec('CREATE TABLE t (a); INSERT INTO t VALUES (1), (2)');
      const insert = db.prepare('INSERT INTO t VALUES (?)');
      db.unsafeMode();
      for (const _row of db.prepare('SELECT a FROM t WHERE a < 3').iterate()) note(() => insert.run(9));
      note(() => db.prepare('SELECT count(*) FROM t').pluck().get());
      db.unsafeMode(false);
      for (const _row of db.prepare('SELECT a FROM t WHERE a < 3').iterate()) note(() => insert.run(9));
    },
    'the schema can be edited': ({ db, open, note }) => {
      for (const at of [db, open('edited.db')]) {
        at.exec(`
          CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL, b INTEGER DEFAULT 1);
          CREATE TABLE parent (id INTEGER PRIMARY KEY);
          CREATE TABLE child (id INTEGER PRIMARY KEY, p REFERENCES parent (id));
          CREATE INDEX t_a ON t (a);
          CREATE VIEW v AS SELECT a FROM t;
          CREATE TRIGGER r AFTER INSERT ON t BEGIN UPDATE t SET b = 5 WHERE id = new.id; END;
          INSERT INTO t (a) VALUES ('x'), ('y');
          INSERT INTO parent VALUES (1);
          INSERT INTO child VALUES (1, 1);
        `);
        at.pragma('writable_schema = ON');
        note(() => at.pragma('writable_schema', { simple: true }));
        note(() => at.prepare("UPDATE sqlite_schema SET sql = sql WHERE name = 't'").run());
        at.unsafeMode();
        at.pragma('writable_schema = ON');
        note(() => at.pragma('writable_schema', { simple: true }));
        // As SQLite's documentation of ALTER TABLE has it.
        const edit = (name: string, sql: string) => {
          at.exec('BEGIN');
          const version = at.pragma('schema_version', { simple: true }) as number;
          at.pragma('writable_schema = ON');
          note(() => at.prepare('UPDATE sqlite_schema SET sql = ? WHERE name = ?').run(sql, name));
          at.pragma(`schema_version = ${version + 1}`);
          at.pragma('writable_schema = OFF');
          note(() => at.pragma('integrity_check'));
          at.exec('COMMIT');
          note(() => at.prepare('SELECT sql FROM sqlite_master WHERE name = ?').get(name));
        };
        edit('t', 'CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INTEGER DEFAULT 7 CHECK (b <> 3))');
        note(() => at.prepare('INSERT INTO t (id) VALUES (9)').run());
        note(() => at.prepare('UPDATE t SET b = 3').run());
        note(() => at.prepare("SELECT * FROM t WHERE a IS NULL OR a = 'x'").all());
        edit('t', "CREATE TABLE t (id INTEGER PRIMARY KEY, a VARCHAR(9), b INTEGER DEFAULT 7, c TEXT DEFAULT 'new', d)");
        note(() => at.prepare('SELECT * FROM t').all());
        note(() => at.prepare("INSERT INTO t (a, d) VALUES ('z', 1)").run());
        note(() => at.prepare('SELECT * FROM t').all());
        note(() => at.pragma('table_xinfo(t)'));
        edit('child', 'CREATE TABLE child (id INTEGER PRIMARY KEY, p REFERENCES parent (id) ON DELETE CASCADE)');
        note(() => at.prepare('DELETE FROM parent').run());
        note(() => at.prepare('SELECT count(*) FROM child').get());
        edit('v', 'CREATE VIEW v AS SELECT b, a FROM t');
        note(() => at.prepare('SELECT * FROM v').all());
        edit('r', 'CREATE TRIGGER r AFTER INSERT ON t BEGIN UPDATE t SET b = 6 WHERE id = new.id; END');
        note(() => at.prepare("INSERT INTO t (a) VALUES ('w')").run());
        note(() => at.prepare("SELECT b FROM t WHERE a = 'w'").get());
        at.unsafeMode(false);
        at.pragma('writable_schema = ON');
        note(() => at.prepare("UPDATE sqlite_schema SET sql = sql WHERE name = 't'").run());
      }
      const again = open('edited.db');
      note(() => again.prepare('SELECT * FROM t').all());
      note(() => again.prepare('SELECT type, name, tbl_name, sql FROM sqlite_master').all());
      note(() => again.pragma('integrity_check'));
    },
    'everything can be wiped': ({ db, note }) => {
      db.exec(
        'CREATE TABLE t (a PRIMARY KEY); CREATE INDEX i ON t (a); CREATE TABLE u (id INTEGER PRIMARY KEY AUTOINCREMENT); INSERT INTO u VALUES (1)',
      );
      db.unsafeMode();
      db.pragma('writable_schema = 1');
      note(() => db.prepare("DELETE FROM sqlite_master WHERE type IN ('table', 'index', 'trigger')").run());
      db.pragma('writable_schema = 0');
      db.exec('VACUUM');
      note(() => db.pragma('integrity_check'));
      note(() => db.prepare('SELECT * FROM sqlite_master').all());
      note(() => db.exec('CREATE TABLE t (b)'));
      note(() => db.prepare('SELECT * FROM t').all());
      note(() => db.prepare('SELECT type, name, sql FROM sqlite_master').all());
    },
    'the journal can be turned off': ({ db, open, note }) => {
      const file = open('unsafe.db');
      for (const at of [db, file]) {
        note(() => at.pragma('journal_mode = OFF', { simple: true }));
        note(() => at.unsafeMode() === at);
        note(() => at.pragma('journal_mode = OFF', { simple: true }));
        note(() => at.unsafeMode(false) === at);
        note(() => at.pragma('journal_mode', { simple: true }));
        note(() => at.pragma('journal_mode = DELETE', { simple: true }));
        note(() => at.pragma('journal_mode = OFF', { simple: true }));
      }
    },
    'is defensive without it': ({ db, note }) => {
      db.exec('CREATE TABLE t (a)');
      note(() => db.pragma('journal_mode = OFF', { simple: true }));
      db.pragma('writable_schema = ON');
      note(() => db.prepare("UPDATE sqlite_master SET sql = 'x'").run());
      note(() => db.prepare("DELETE FROM sqlite_master WHERE name = 'none'").run());
    },
  }),
  ...rulesOf('Database.loadExtension()', {
    'takes strings': ({ db, note }) => {
      for (const path of NOT_STRINGS) note(() => db.loadExtension(wrong(path)));
      for (const entry of [null, 5, {}]) note(() => db.loadExtension('none', wrong(entry)));
    },
    'SQL cannot load any': ({ db, note }) => {
      note(() => db.prepare("SELECT load_extension('none')").get());
    },
    'after close': ({ db, note }) => {
      db.close();
      note(() => db.loadExtension('none'));
    },
  }),
  ...rulesOf('Database.defaultSafeIntegers()', {
    'takes a boolean, or nothing': ({ db, note }) => {
      for (const value of [undefined, null, 0, 1, 'true', {}]) note(() => db.defaultSafeIntegers(wrong(value)));
      for (const value of [true, false]) note(() => db.defaultSafeIntegers(value) === db);
    },
    'holds for statements prepared later': ({ db, note }) => {
      const before = db.prepare('SELECT 1').pluck();
      db.defaultSafeIntegers();
      const after = db.prepare('SELECT 1').pluck();
      db.defaultSafeIntegers(false);
      note(() => [before.get(), after.get(), db.prepare('SELECT 1').pluck().get()]);
    },
  }),
  ...rulesOf('Database.inTransaction', {
    'follows SQL': ({ db, note }) => {
      for (const sql of [
        'BEGIN',
        'SELECT 1',
        'COMMIT',
        'BEGIN',
        'ROLLBACK',
        'SAVEPOINT a',
        'RELEASE a',
        'BEGIN EXCLUSIVE',
        'END',
      ]) {
        note(() => db.exec(sql).inTransaction);
      }
    },
    'a conflict clause may end it': ({ db, note }) => {
      db.exec('CREATE TABLE t (a UNIQUE); INSERT INTO t VALUES (1); BEGIN');
      note(() => db.prepare('INSERT OR ROLLBACK INTO t VALUES (1)').run());
      note(() => db.inTransaction);
    },
  }),
];
