/** `run`, `get`, `all` and the modes of rows. */
import { rulesOf, type Side, type SideCheck, wrong } from './side.ts';

const MODES = ['pluck', 'raw', 'expand'] as const;
const TABLES = `CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT); INSERT INTO t VALUES (1, 'x'), (2, 'y');
  CREATE TABLE u (a, b); INSERT INTO u VALUES (1, 'u')`;

/** The same rows in every way they can be asked for. */
function everyWay({ db, note }: Side, sql: string, ...params: unknown[]): void {
  note(() => db.prepare(sql).get(...params));
  note(() => db.prepare(sql).all(...params));
  note(() => [...db.prepare(sql).iterate(...params)]);
  for (const mode of MODES) {
    note(() =>
      db
        .prepare(sql)
        [mode]()
        .get(...params),
    );
    note(() =>
      db
        .prepare(sql)
        [mode]()
        .all(...params),
    );
    note(() => [
      ...db
        .prepare(sql)
        [mode]()
        .iterate(...params),
    ]);
  }
  note(() =>
    db
      .prepare(sql)
      .safeIntegers()
      .all(...params),
  );
}

const QUERIES: Readonly<Record<string, string>> = {
  'plain columns': 'SELECT a, b FROM t',
  'no rows': 'SELECT a, b FROM t WHERE 0',
  'the same name twice': 'SELECT a, a, b AS a FROM t',
  'columns of two tables': 'SELECT * FROM t JOIN u ON t.a = u.a',
  'expressions without a name': "SELECT 1, 1+1, count(*), 'x', a || b, NULL, -1, (SELECT 1) FROM t",
  'odd names': `SELECT 1 AS "", 2 AS "a b", 4 AS "constructor", 5 AS "1", 6 AS "é", 7 AS "'", 8 AS "toString"`,
  'a column called __proto__': 'SELECT 1 AS a, 3 AS "__proto__"',
  'numbers as names': 'SELECT 1 AS "2", 2 AS "1", 3 AS b, 4 AS "0"',
  'a table under another name': 'SELECT x.a, y.b FROM t AS x, u AS y',
  'a view': 'SELECT * FROM (SELECT a AS c FROM t)',
  'an outer join': 'SELECT * FROM t LEFT JOIN u USING (a)',
  'a compound': "SELECT a FROM t UNION ALL SELECT 'z'",
  'a common table expression': 'WITH c(x) AS (SELECT 5) SELECT x, c.x FROM c',
  'the rowid': 'SELECT rowid, * FROM u',
  'an aggregate': 'SELECT max(a), b FROM t',
  'the schema': 'SELECT type, name, tbl_name, sql FROM sqlite_master',
};

/** `PRAGMA full_column_names` and `short_column_names`. */
const NAMINGS = [
  [1, 1],
  [1, 0],
  [0, 0],
  [0, 1],
] as const;

/** Result columns of each kind, by name or by `*`. */
const NAMED = [
  'SELECT * FROM n',
  'SELECT * FROM n x',
  'SELECT x.* FROM n x, m',
  'SELECT a, n.b, main.n.a, "a", A, a + 1, +a, a AS q, (SELECT a FROM m) FROM n',
  'SELECT a FROM n x',
  'SELECT y.a, x.b FROM n x, n y',
  'SELECT rowid, oid FROM n',
  'SELECT rowid, oid, ID FROM p',
  'SELECT a FROM (SELECT a FROM n)',
  'SELECT a FROM (SELECT a FROM n) s',
  'SELECT s.x FROM (SELECT a + 1 AS x FROM n) s',
  'SELECT * FROM (SELECT * FROM n)',
  'SELECT a FROM (SELECT * FROM n)',
  'SELECT c.* FROM (SELECT * FROM n) c',
  'SELECT *, a FROM nv',
  'SELECT c FROM mv z',
  'WITH c AS (SELECT a FROM n) SELECT a FROM c',
  'WITH c AS (SELECT * FROM n) SELECT * FROM c x',
  'WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r WHERE i < 2) SELECT i FROM r',
  'SELECT * FROM n NATURAL JOIN m',
  'SELECT a FROM n JOIN m USING (a)',
  'SELECT a FROM n LEFT JOIN m USING (a)',
  'SELECT a FROM n FULL JOIN m USING (a)',
  'SELECT * FROM (n JOIN m)',
  'SELECT a FROM (n)',
  'SELECT a FROM n UNION SELECT b FROM n',
  'SELECT max(a), a FROM n GROUP BY b ORDER BY a',
  'SELECT row_number() OVER (), a FROM n',
  'VALUES (1, 2)',
  'SELECT * FROM (VALUES (1, 2))',
  "SELECT * FROM json_each('[1]')",
  "SELECT key FROM json_each('[1]') j",
  'INSERT INTO n VALUES (1, 2) RETURNING *, a, rowid, a + 1',
  'UPDATE n AS x SET b = 3 RETURNING *, a',
  'DELETE FROM n RETURNING *, b',
  'SELECT 1, 1 AS x',
];

export const queryChecks: readonly SideCheck[] = [
  ...rulesOf(
    'Statement.all()',
    Object.fromEntries(
      Object.entries(QUERIES).map(([rule, sql]) => [
        `in every mode: ${rule}`,
        (side: Side) => {
          side.db.exec(TABLES);
          everyWay(side, sql);
        },
      ]),
    ),
  ),
  ...MODES.flatMap((mode) =>
    rulesOf(`Statement.${mode}()`, {
      'takes a boolean, or nothing': ({ db, note }) => {
        const statement = db.prepare('SELECT 1 AS a');
        for (const value of [undefined, null, 0, 1, 'true', {}]) note(() => statement[mode](wrong(value)));
        for (const value of [true, false]) note(() => statement[mode](value) === statement);
      },
      'the last one wins, and turning another off does nothing': ({ db, note }) => {
        const statement = db.prepare('SELECT 1 AS a, 2 AS b');
        for (const other of MODES) {
          note(() => statement[other]()[mode]().get());
          note(() => statement[other](false).get());
          note(() => statement[mode](false).get());
        }
      },
      'is for statements that return data': ({ db, note }) => {
        db.exec('CREATE TABLE t (a)');
        for (const sql of ['INSERT INTO t VALUES (1)', 'BEGIN', 'CREATE TABLE u (a)']) {
          note(() => db.prepare(sql)[mode]());
          note(() => db.prepare(sql)[mode](wrong(5)));
        }
        note(() => db.prepare('INSERT INTO t VALUES (1) RETURNING a')[mode]().get());
      },
      stays: ({ db, note }) => {
        const statement = db.prepare('SELECT 1 AS a')[mode]();
        for (let time = 0; time < 3; time++) note(() => statement.get());
      },
    }),
  ),
  ...rulesOf('Statement.run()', {
    'tells changes and the last rowid': ({ db, note }) => {
      db.exec('CREATE TABLE t (a INTEGER PRIMARY KEY, b)');
      const run = (sql: string, ...params: unknown[]): unknown => note(() => db.prepare(sql).run(...params));
      run("INSERT INTO t VALUES (5, 'x')");
      run("INSERT INTO t (b) VALUES ('y'), ('z')");
      run("UPDATE t SET b = 'q'");
      run("UPDATE t SET b = 'q' WHERE 0");
      run('SELECT 1');
      run('DELETE FROM t WHERE a = 5');
      run('INSERT OR IGNORE INTO t VALUES (6, 1)');
      run('REPLACE INTO t VALUES (6, 1)');
      run("INSERT INTO t VALUES (6, 2) ON CONFLICT DO UPDATE SET b = 'up'");
      run('INSERT INTO t VALUES (6, 2) ON CONFLICT DO NOTHING');
      run('DELETE FROM t');
      run('CREATE TABLE u (a)');
      run('DROP TABLE u');
      run('BEGIN');
      run('COMMIT');
      run('INSERT INTO t VALUES (-5, 1)');
    },
    'triggers and cascades are not counted': ({ db, note }) => {
      db.exec(`CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (p REFERENCES p ON DELETE CASCADE);
        CREATE TABLE log (x); CREATE TRIGGER r AFTER INSERT ON p BEGIN INSERT INTO log VALUES (1), (2); END`);
      note(() => db.prepare('INSERT INTO p VALUES (7)').run());
      db.exec('INSERT INTO c VALUES (7), (7), (7)');
      note(() => db.prepare('DELETE FROM p').run());
      note(() => db.prepare('SELECT count(*) FROM c').get());
    },
    'dropping a table others refer to': ({ db, note }) => {
      db.exec('CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (p REFERENCES p ON DELETE CASCADE)');
      db.exec('INSERT INTO p VALUES (1), (2); INSERT INTO c VALUES (1), (2)');
      note(() => db.prepare('DROP TABLE p').run());
    },
    'without rowid': ({ db, note }) => {
      db.exec('CREATE TABLE t (a PRIMARY KEY) WITHOUT ROWID');
      note(() => db.prepare('INSERT INTO t VALUES (1)').run());
    },
    'large rowids': ({ db, note }) => {
      db.exec('CREATE TABLE t (a INTEGER PRIMARY KEY)');
      for (const rowid of [9007199254740991n, 9007199254740993n, 9223372036854775807n, -9223372036854775808n]) {
        note(() => db.prepare('INSERT INTO t VALUES (?)').run(rowid));
        db.exec('DELETE FROM t');
        note(() => db.prepare('INSERT INTO t VALUES (?)').safeIntegers().run(rowid));
        db.exec('DELETE FROM t');
      }
    },
    'with safe integers': ({ db, note }) => {
      db.exec('CREATE TABLE t (a)');
      note(() => db.prepare('INSERT INTO t VALUES (1), (2)').safeIntegers().run());
      note(() => db.prepare('INSERT INTO t VALUES (1)').run());
    },
    'returning rows, it runs all of it': ({ db, note }) => {
      db.exec('CREATE TABLE t (a)');
      note(() => db.prepare('INSERT INTO t VALUES (1), (2), (3) RETURNING a').run());
      note(() => db.prepare('SELECT count(*) FROM t').get());
    },
  }),
  ...rulesOf('Statement.get()', {
    'the first row, and the statement is ready again': ({ db, note }) => {
      db.exec(TABLES);
      const statement = db.prepare('SELECT * FROM t ORDER BY a');
      for (let time = 0; time < 3; time++) note(() => statement.get());
      note(() => statement.busy);
      note(() => db.exec('INSERT INTO t VALUES (0, NULL)').open);
      note(() => statement.get());
    },
    'an INSERT with RETURNING inserts all of its rows': ({ db, note }) => {
      db.exec('CREATE TABLE t (a)');
      note(() => db.prepare('INSERT INTO t VALUES (1), (2) RETURNING a').get());
      note(() => db.prepare('SELECT * FROM t').all());
      note(() => db.prepare('UPDATE t SET a = a + 10 RETURNING a').get());
      note(() => db.prepare('SELECT * FROM t').all());
      note(() => db.prepare('DELETE FROM t RETURNING a').get());
      note(() => db.prepare('SELECT * FROM t').all());
    },
    'an OFFSET behind LIMIT 0 may be anything': ({ db, note }) => {
      db.exec('CREATE TABLE t (a); INSERT INTO t VALUES (1), (2)');
      for (const sql of [
        'SELECT a FROM t LIMIT ? OFFSET ?',
        'SELECT a FROM t ORDER BY a LIMIT ? OFFSET ?',
        'SELECT a FROM t UNION SELECT 5 LIMIT ? OFFSET ?',
        'SELECT count(*) FROM t LIMIT ? OFFSET ?',
        'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT ? OFFSET ?) SELECT i FROM n LIMIT 3',
      ]) {
        for (const limits of [
          [0, null],
          [0, 'x'],
          ['0', 'x'],
          [1, null],
          [-1, 'x'],
          ['x', 0],
        ])
          note(() => db.prepare(sql).all(...limits));
      }
    },
    'an error in a later row does not come': ({ db, note }) => {
      db.exec('CREATE TABLE t (a); INSERT INTO t VALUES (1), (-9223372036854775808)');
      note(() => db.prepare('SELECT abs(a) FROM t').get());
      note(() => db.prepare('SELECT abs(a) FROM t').all());
      note(() => db.prepare('SELECT abs(a) FROM t').run());
    },
    'rows are objects of their own': ({ db, note }) => {
      db.exec(TABLES);
      const statement = db.prepare('SELECT * FROM t');
      note(() => Object.getPrototypeOf(statement.get()) === Object.prototype);
      note(() => Object.is(statement.get(), statement.get()));
      note(() => Object.isExtensible(statement.get()));
      note(() => Object.keys(statement.get() as object));
      note(() => Array.isArray(statement.raw().get()));
    },
  }),
  ...rulesOf('Statement.safeIntegers()', {
    'takes a boolean, or nothing': ({ db, note }) => {
      const statement = db.prepare('SELECT 1');
      for (const value of [undefined, null, 0, 1, 'true', {}]) note(() => statement.safeIntegers(wrong(value)));
      for (const value of [true, false]) note(() => statement.safeIntegers(value) === statement);
    },
    'integers are bigints, reals are numbers': ({ db, note }) => {
      const statement = db.prepare("SELECT 1 AS i, 1.0 AS r, 'x' AS t, x'01' AS b, NULL AS n, 9223372036854775807 AS big");
      note(() => statement.get());
      note(() => statement.safeIntegers().get());
      note(() => statement.raw().all());
      note(() => statement.safeIntegers(false).all());
    },
  }),
  ...rulesOf('Statement.columns()', {
    'names as PRAGMA full_column_names and short_column_names want them': ({ db, note }) => {
      db.exec(`CREATE TABLE n(a, b); CREATE TABLE m(a, c); CREATE TABLE p(id INTEGER PRIMARY KEY);
        CREATE VIEW nv AS SELECT * FROM n; CREATE VIEW mv(c) AS SELECT a FROM n`);
      for (const [full, short] of NAMINGS) {
        db.pragma(`full_column_names = ${full}`);
        db.pragma(`short_column_names = ${short}`);
        for (const sql of NAMED) {
          note(() => {
            const names = db.prepare(sql).columns();
            return [sql, names.map(({ name }) => name)];
          });
        }
        db.exec('CREATE TABLE made AS SELECT *, a AS d FROM n x');
        note(() => db.pragma('table_info(made)'));
        note(() => db.pragma('table_info(nv)'));
        db.exec('DROP TABLE made');
      }
    },
    'tells where each column comes from': ({ db, note }) => {
      db.exec(TABLES);
      for (const sql of Object.values(QUERIES)) note(() => db.prepare(sql).columns());
      note(() => db.prepare('INSERT INTO t VALUES (9, 9) RETURNING a, b AS c, a + 1').columns());
      note(() => db.prepare('PRAGMA user_version').columns());
    },
    'declared types': ({ db, note }) => {
      db.exec(`CREATE TABLE d (a, b INTEGER, c varchar(50), d "weird type", e DECIMAL(10, 2), f blob,
        g boolean DEFAULT true, h INT NOT NULL,
        i TEXT GENERATED ALWAYS AS (a || 'x'))`);
      db.exec('CREATE VIEW v AS SELECT a, b AS bb, c || d AS e FROM d; CREATE TEMP TABLE tmp (x REAL)');
      note(() => db.prepare('SELECT * FROM d').columns());
      note(() => db.prepare('SELECT * FROM v').columns());
      note(() => db.prepare('SELECT * FROM tmp').columns());
      note(() => db.prepare('SELECT (SELECT b FROM d), max(c), CAST(a AS TEXT) FROM d').columns());
    },
    'after ALTER TABLE, once it ran again': ({ db, note }) => {
      db.exec('CREATE TABLE t (a TEXT)');
      const statement = db.prepare('SELECT * FROM t');
      note(() => statement.columns());
      db.exec('ALTER TABLE t RENAME COLUMN a TO b; ALTER TABLE t ADD COLUMN c INTEGER');
      note(() => statement.all());
      note(() => statement.columns());
      db.exec('ALTER TABLE t RENAME TO u');
      note(() => statement.all());
    },
    'of a function that gives a table': ({ db, note }) => {
      db.exec('CREATE TABLE t (a)');
      for (const sql of [
        "SELECT * FROM json_each('[1]')",
        "SELECT key, value AS v, j.atom, rowid, json FROM json_each('[1]') AS j",
        "SELECT * FROM pragma_table_info('t')",
        'SELECT * FROM pragma_user_version',
        "SELECT q.key, q.type, t.* FROM t LEFT JOIN json_tree('[1]') AS q",
        "SELECT * FROM (SELECT key FROM json_each('[1]'))",
        "WITH q AS (SELECT * FROM json_each('[1]')) SELECT value, max(key) FROM q",
      ]) {
        note(() => db.prepare(sql).columns());
        note(() => db.prepare(sql).expand().all());
      }
    },
    'of an attached database': ({ db, note }) => {
      db.exec("ATTACH ':memory:' AS other; CREATE TABLE other.t (a INT)");
      note(() => db.prepare('SELECT * FROM other.t').columns());
    },
  }),
];
