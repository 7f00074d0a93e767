/** `prepare()`, `exec()` and what a statement does: get, all, run, columns, its texts and its switches. */
import { ODD_VALUES, rulesOf, type Side, type SideCheck, wrong } from './side.ts';

const NOT_STRINGS = [undefined, ...ODD_VALUES.filter((value) => typeof value !== 'string')];

const TEXTS: Readonly<Record<string, readonly string[]>> = {
  'nothing at all': ['', ' ', '\n\t', ';', ';;;', '-- comment', '/* comment */', '/* open', '-- a\n;-- b\n', '\0', '\0SELECT 1'],
  'more than one statement': ['SELECT 1; SELECT 2', 'SELECT 1;;SELECT 2', 'SELECT 1; x', ';SELECT 1;', ' ; SELECT 1 ; SELECT 2'],
  'what stands around one statement': [
    'SELECT 1;',
    ' SELECT 1 ',
    '/* x */ SELECT 1 /* y */',
    '-- x\nSELECT 1',
    'SELECT 1 -- x',
    'SELECT 1 /* x',
  ],
  'texts with NUL': ['SELECT 1\0', 'SELECT 1\0 SELECT', "SELECT 'a\0b'", 'SELECT 1 --\0\nx'],
  'texts that are no SQL': [
    'selec 1',
    'SELECT',
    'SELECT 1 +',
    'SELECT (1',
    "SELECT 'a",
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

const texts = Object.entries(TEXTS).flatMap(([rule, list]) => [
  ...rulesOf('prepare()', {
    [rule]: ({ db, note }) => {
      for (const sql of list) note(() => db.prepare(sql).sourceSQL);
    },
  }),
  ...rulesOf('exec()', {
    [rule]: ({ db, note }) => {
      for (const sql of list) note(() => db.exec(sql));
    },
  }),
]);

const SCHEMA = `
  CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT, c REAL DEFAULT 1.5);
  INSERT INTO t (a, b) VALUES (1, 'one'), (2, 'two'), (3, NULL);
  CREATE TABLE u (x UNIQUE, y NOT NULL DEFAULT 0, z CHECK (z > 0));
  CREATE VIEW v AS SELECT a AS va, b || 'x' AS vb FROM t;`;

const KINDS = [
  'SELECT a, b FROM t ORDER BY a',
  'SELECT a FROM t WHERE a > 99',
  'VALUES (1, 2), (3, 4)',
  'INSERT INTO t (b) VALUES (5)',
  'INSERT INTO t (b) VALUES (5), (6) RETURNING a',
  "UPDATE t SET b = 'x'",
  "UPDATE t SET b = 'x' RETURNING a, b",
  'UPDATE t SET b = 1 WHERE a > 99',
  'DELETE FROM t WHERE a = 1',
  'DELETE FROM t RETURNING *',
  'REPLACE INTO t VALUES (1, 2, 3)',
  'CREATE TABLE w (a)',
  'DROP TABLE u',
  'BEGIN',
  'COMMIT',
  'PRAGMA user_version',
  'PRAGMA user_version = 5',
  'PRAGMA table_info(t)',
  'INSERT INTO u VALUES (1, NULL, 1)',
  'INSERT INTO u VALUES (1, 1, 0)',
  'INSERT INTO t VALUES (1, 1, 1)',
  "INSERT INTO t VALUES ('x', 1, 1)",
  "SELECT json('x')",
  'SELECT abs(-9223372036854775808)',
];

const kinds = KINDS.flatMap((sql) =>
  rulesOf('one statement', {
    [sql]: ({ db, note }) => {
      db.exec(SCHEMA);
      const tell = (call: (statement: ReturnType<typeof db.prepare>) => unknown): void => {
        note(() => {
          const statement = db.prepare(sql);
          return call(statement);
        });
        note(() => db.prepare('SELECT count(*) AS n, changes() AS c, last_insert_rowid() AS r FROM t').get());
        if (db.isTransaction) db.exec('ROLLBACK');
      };
      tell((statement) => statement.get());
      tell((statement) => statement.all());
      tell((statement) => statement.run());
      tell((statement) => [...statement.iterate()]);
      tell((statement) => statement.columns());
    },
  }),
);

const switchChecks = (
  [
    ['setReadBigInts()', 'setReadBigInts'],
    ['setReturnArrays()', 'setReturnArrays'],
    ['setAllowBareNamedParameters()', 'setAllowBareNamedParameters'],
    ['setAllowUnknownNamedParameters()', 'setAllowUnknownNamedParameters'],
  ] as const
).flatMap(([name, key]) =>
  rulesOf(name, {
    'arguments that are none': ({ db, note }) => {
      const statement = db.prepare('SELECT 1');
      for (const value of [undefined, ...ODD_VALUES]) if (typeof value !== 'boolean') note(() => statement[key](wrong(value)));
      note(() => Reflect.apply(statement[key], statement, []));
    },
    'what it returns': ({ db, note }) => {
      const statement = db.prepare('SELECT 1');
      note(() => statement[key](true));
      note(() => statement[key](false));
    },
  }),
);

const prepareOptions = ['returnArrays', 'readBigInts', 'allowBareNamedParameters', 'allowUnknownNamedParameters'].flatMap(
  (option) =>
    rulesOf('prepare()', {
      [`its option ${option}`]: ({ db, note }) => {
        for (const value of [...ODD_VALUES, undefined, false]) {
          note(() => db.prepare('SELECT 1 AS a', { [option]: value }).get());
        }
      },
    }),
);

const FAILURES: Readonly<Record<string, string>> = {
  'a syntax error': 'SELEC 1',
  'a missing table': 'SELECT * FROM none',
  'a unique constraint': 'INSERT INTO c (u) VALUES (1)',
  'a primary key': 'INSERT INTO c (a) VALUES (1)',
  'a not-null constraint': 'INSERT INTO c (n) VALUES (NULL)',
  'a check': 'INSERT INTO c (k) VALUES (-1)',
  'a foreign key': 'INSERT INTO c (f) VALUES (9)',
  'a type': "INSERT INTO s VALUES ('x')",
  'a mismatch': "INSERT INTO c (a) VALUES ('x')",
  'a trigger': 'DELETE FROM c',
  'a value that is too big': 'SELECT zeroblob(2000000000)',
  'an integer overflow': 'SELECT sum(9223372036854775807) FROM (SELECT 1 UNION ALL SELECT 2)',
  'no transaction': 'COMMIT',
  'a transaction in one': 'BEGIN; BEGIN',
  'a file that cannot be opened': "ATTACH '/none/none' AS x",
  'a collation': 'SELECT 1 COLLATE none',
  'an ambiguous name': 'SELECT a FROM c, c AS d',
  raise: "SELECT RAISE(ABORT, 'x')",
};

function failing({ db, note }: Side, sql: string): void {
  db.exec(`
    CREATE TABLE c (a INTEGER PRIMARY KEY, u UNIQUE, n NOT NULL DEFAULT 0, k CHECK (k > 0), f REFERENCES c (a));
    CREATE TABLE s (a INTEGER) STRICT;
    INSERT INTO c (a, u) VALUES (1, 1);
    CREATE TRIGGER tr BEFORE DELETE ON c BEGIN SELECT RAISE(ABORT, 'not this one'); END;`);
  note(() => db.exec(sql));
  note(() => db.prepare(sql).all());
  note(() => db.prepare(sql).get());
  note(() => db.prepare(sql).run());
  note(() => [...db.prepare(sql).iterate()]);
}

export const statementChecks: readonly SideCheck[] = [
  ...rulesOf('expandedSQL', {
    'of a statement that runs': ({ db, note }) => {
      db.exec('CREATE TABLE t (a); INSERT INTO t VALUES (1), (2)');
      let statement: ReturnType<typeof db.prepare> | undefined;
      const tell = () => void note(() => [statement?.expandedSQL, statement?.sourceSQL]);
      db.function('tell', () => {
        tell();
        return 1;
      });
      statement = db.prepare('SELECT a, ? AS x, tell() AS y, $n AS z FROM t WHERE a > ?');
      tell();
      const rows = statement.iterate({ n: 'name' }, 'q', 0);
      tell();
      rows.next();
      tell();
      rows.return?.();
      note(() => statement?.all({ n: 5n }, new Uint8Array([1, 255]), 1.5));
      tell();
      note(() => statement?.get({ n: null }, 'z'));
      tell();
    },
  }),
  ...texts,
  ...kinds,
  ...switchChecks,
  ...prepareOptions,
  ...Object.entries(FAILURES).flatMap(([name, sql]) => rulesOf('errors', { [name]: (side) => failing(side, sql) })),
  ...rulesOf('errors', {
    'what can be seen of one': ({ db, note }) => {
      try {
        db.exec('selec');
      } catch (error) {
        note(() => [Object.keys(error as object), Object.getPrototypeOf(error) === Error.prototype, String(error)]);
        note(() => Object.entries(Object.getOwnPropertyDescriptors(error as object)).filter(([key]) => key !== 'stack'));
      }
    },
  }),
  ...rulesOf('prepare()', {
    'texts that are none': ({ db, note }) => {
      for (const value of NOT_STRINGS) note(() => db.prepare(wrong(value)));
      note(() => Reflect.apply(db.prepare, db, []));
    },
    'options that are none': ({ db, note }) => {
      for (const value of [undefined, ...ODD_VALUES]) note(() => db.prepare('SELECT 1 AS a', wrong(value)).get());
    },
    'which check comes first': ({ db, note }) => {
      note(() => db.prepare(wrong(5), wrong(5)));
      note(() => db.prepare('selec', wrong(5)));
      note(() => db.prepare('selec', { readBigInts: wrong(5) }));
    },
    'a statement follows the schema': ({ db, note }) => {
      db.exec('CREATE TABLE t (a); INSERT INTO t VALUES (1)');
      const statement = db.prepare('SELECT * FROM t');
      note(() => statement.get());
      db.exec('ALTER TABLE t ADD COLUMN b DEFAULT 2');
      note(() => statement.get());
      note(() => statement.all());
      note(() => statement.columns());
      db.exec('DROP TABLE t');
      note(() => statement.get());
      db.exec('CREATE TABLE t (c)');
      note(() => statement.all());
    },
  }),
  ...rulesOf('exec()', {
    'texts that are none': ({ db, note }) => {
      for (const value of NOT_STRINGS) note(() => db.exec(wrong(value)));
    },
    'what came before an error stays': ({ db, note }) => {
      note(() => db.exec('CREATE TABLE t (a); INSERT INTO t VALUES (1); selec; INSERT INTO t VALUES (2)'));
      note(() => db.prepare('SELECT * FROM t').all());
    },
    'parameters are NULL': ({ db, note }) => {
      db.exec('CREATE TABLE t (a)');
      note(() => db.exec('INSERT INTO t VALUES (?), (:a)'));
      note(() => db.prepare('SELECT * FROM t').all());
    },
    'rows are dropped': ({ db, note }) => {
      note(() => db.exec('SELECT 1; VALUES (1), (2)'));
    },
  }),
  ...rulesOf('get()', {
    'no row, one row, many rows': ({ db, note }) => {
      note(() => db.prepare('SELECT 1 AS a WHERE 0').get());
      note(() => db.prepare('SELECT 1 AS a').get());
      note(() => db.prepare('VALUES (1), (2)').get());
    },
    'rows have no prototype': ({ db, note }) => {
      note(() => Object.getPrototypeOf(db.prepare('SELECT 1 AS a').get()));
      note(() => Object.getPrototypeOf(db.prepare('SELECT 1 AS a').all()[0]));
      note(() => Object.getPrototypeOf([...db.prepare('SELECT 1 AS a').iterate()][0]));
    },
    'columns of one name': ({ db, note }) => {
      note(() => db.prepare('SELECT 1 AS a, 2 AS b, 3 AS a').get());
      note(() => db.prepare('SELECT 1 AS a, 2 AS b, 3 AS a', { returnArrays: true }).get());
    },
    'columns with names that mean something': ({ db, note }) => {
      const row = db.prepare('SELECT 1 AS __proto__, 2 AS constructor, 3 AS "1", 4 AS "0", 5 AS "", 6 AS toString').get();
      note(() => Object.entries(row as object));
    },
    'names of columns without a name': ({ db, note }) => {
      note(() => db.prepare("SELECT 1 + 1, 'x', count(*), NULL, ?").get());
    },
    'all rows of a change are changed': ({ db, note }) => {
      db.exec('CREATE TABLE t (a)');
      note(() => db.prepare('INSERT INTO t VALUES (1), (2) RETURNING a').get());
      note(() => db.prepare('SELECT count(*) AS n FROM t').get());
    },
    'again and again': ({ db, note }) => {
      const statement = db.prepare('SELECT ? AS a');
      for (const value of [1, 'x', null]) note(() => statement.get(value));
    },
    'many rows': ({ db, note }) => {
      const statement = db.prepare(
        'WITH RECURSIVE c (a) AS (SELECT 1 UNION ALL SELECT a + 1 FROM c LIMIT 2000) SELECT a, a || 1 AS b FROM c',
      );
      note(() => statement.all().length);
      note(() => statement.all()[1999]);
      note(() => [...statement.iterate()].length);
    },
    'a failure between rows': ({ db, note }) => {
      const statement = db.prepare("SELECT CASE a WHEN 2 THEN json('x') ELSE a END AS b FROM (SELECT 1 AS a UNION ALL SELECT 2)");
      note(() => statement.get());
      note(() => statement.all());
      note(() => [...statement.iterate()]);
    },
  }),
  ...rulesOf('run()', {
    'counts of changes': ({ db, note }) => {
      note(() => db.prepare('SELECT 1').run());
      note(() => db.prepare('CREATE TABLE t (a INTEGER PRIMARY KEY, b)').run());
      note(() => db.prepare('INSERT INTO t (b) VALUES (1), (2), (3)').run());
      note(() => db.prepare('SELECT 1').run());
      note(() => db.prepare('UPDATE t SET b = 1').run());
      note(() => db.prepare('DELETE FROM t WHERE a = 1').run());
      note(() => db.prepare('DELETE FROM t').run());
      note(() => db.prepare('DROP TABLE t').run());
    },
    'rows that triggers change are not counted': ({ db, note }) => {
      db.exec(
        'CREATE TABLE t (a); CREATE TABLE u (a); CREATE TRIGGER r AFTER INSERT ON t BEGIN INSERT INTO u VALUES (1), (2); END',
      );
      note(() => db.prepare('INSERT INTO t VALUES (1)').run());
    },
    'with big integers': ({ db, note }) => {
      db.exec('CREATE TABLE t (a INTEGER PRIMARY KEY)');
      const statement = db.prepare('INSERT INTO t VALUES (?)');
      statement.setReadBigInts(true);
      note(() => statement.run(5));
      note(() => statement.run(2n ** 62n));
      statement.setReadBigInts(false);
      note(() => statement.run(2n ** 62n + 1n));
    },
    'only the first row is asked for': ({ db, note }) => {
      const asked: unknown[] = [];
      db.function('seen', (a: unknown) => {
        asked.push(a);
        return 1;
      });
      note(() => db.prepare('SELECT seen(a) FROM (SELECT 1 AS a UNION ALL SELECT 2)').run());
      note(() => asked);
    },
  }),
  ...rulesOf('columns()', {
    'where they come from': ({ db, note }) => {
      db.exec(SCHEMA);
      for (const sql of [
        'SELECT * FROM t',
        'SELECT a AS x, b || 1, c + 1 AS d, 5 FROM t',
        'SELECT * FROM v',
        'SELECT rowid, oid FROM t',
        'SELECT q.a FROM t AS q',
        'SELECT * FROM (SELECT a FROM t)',
        'INSERT INTO t (b) VALUES (1) RETURNING a, b',
        'INSERT INTO t (b) VALUES (1)',
        'PRAGMA table_info(t)',
        'EXPLAIN SELECT 1',
      ]) {
        note(() => db.prepare(sql).columns());
      }
    },
    'of other databases': ({ db, note }) => {
      db.exec("ATTACH ':memory:' AS other; CREATE TABLE other.o (a VARCHAR(5)); CREATE TEMP TABLE p (b BLOB)");
      note(() => db.prepare('SELECT * FROM o, p').columns());
    },
    'they have no prototype': ({ db, note }) => {
      note(() => Object.getPrototypeOf(db.prepare('SELECT 1').columns()[0]));
    },
  }),
  ...rulesOf('sourceSQL', {
    'the text as it was given': ({ db, note }) => {
      for (const sql of ['SELECT 1', '  SELECT  1  ; ', 'SELECT :a, ?', '/* x */ SELECT 1 -- y', "SELECT 'ä'"]) {
        note(() => db.prepare(sql).sourceSQL);
      }
    },
  }),
  ...rulesOf('expandedSQL', {
    'before and after values are bound': ({ db, note }) => {
      const statement = db.prepare('SELECT :a, ?, $b');
      note(() => statement.expandedSQL);
      statement.get({ a: 1, $b: 4 }, 2);
      note(() => statement.expandedSQL);
      statement.all({ a: 'x' });
      note(() => statement.expandedSQL);
    },
    'how values look': ({ db, note }) => {
      const statement = db.prepare('SELECT ?');
      const numbers = [1, 1.5, 0.1 + 0.2, 2 ** 53, 1e300, -0, Number.NaN, Infinity, 5n];
      for (const value of [...numbers, 'text', "it's", null, new Uint8Array([1, 255]), true]) {
        statement.get(wrong(value));
        note(() => statement.expandedSQL);
      }
    },
    'where it is longer than the limit': ({ db, note }) => {
      const statement = db.prepare('SELECT length(?) AS n');
      statement.get('x'.repeat(500));
      db.limits.length = 100;
      note(() => statement.expandedSQL);
    },
  }),
  ...rulesOf('setReadBigInts()', {
    'integers as numbers and as bigints': ({ db, note }) => {
      const statement = db.prepare('SELECT 5 AS a, 1.5 AS b, NULL AS c');
      note(() => statement.get());
      statement.setReadBigInts(true);
      note(() => statement.get());
      note(() => statement.all());
      note(() => [...statement.iterate()]);
      statement.setReadBigInts(false);
      note(() => statement.get());
    },
    'in the middle of an iteration': ({ db, note }) => {
      const statement = db.prepare('VALUES (1), (2), (3)');
      const iterator = statement.iterate();
      note(() => iterator.next());
      statement.setReadBigInts(true);
      note(() => iterator.next());
      statement.setReturnArrays(true);
      note(() => iterator.next());
    },
  }),
  ...rulesOf('setReturnArrays()', {
    'rows as arrays and as objects': ({ db, note }) => {
      const statement = db.prepare('SELECT 5 AS a, 6 AS a');
      statement.setReturnArrays(true);
      note(() => statement.get());
      note(() => statement.all());
      note(() => [...statement.iterate()]);
      statement.setReturnArrays(false);
      note(() => statement.get());
    },
  }),
  ...rulesOf('statement.close()', {
    'ends the statement': ({ db, note }) => {
      const statement = db.prepare('SELECT 1');
      const iterator = statement.iterate();
      note(() => statement.close());
      note(() => statement.get());
      note(() => iterator.next());
      note(() => statement.close());
      note(() => statement[Symbol.dispose]());
    },
    'dispose does not throw': ({ db, note }) => {
      const statement = db.prepare('SELECT 1');
      note(() => statement[Symbol.dispose]());
      note(() => statement.get());
      note(() => statement[Symbol.dispose]());
    },
    'lets go of what it held': ({ db, note }) => {
      db.exec('CREATE TABLE t (a); INSERT INTO t VALUES (1), (2)');
      const statement = db.prepare('SELECT a FROM t');
      statement.iterate().next();
      note(() => db.exec('DROP TABLE t'));
      statement.close();
      note(() => db.exec('DROP TABLE t'));
    },
  }),
  ...rulesOf('stat()', {
    'names that are none': ({ db, note }) => {
      const statement = db.prepare('SELECT 1');
      for (const value of ODD_VALUES) note(() => statement.stat(wrong(value)));
      for (const value of ['', 'Run', 'memUsed', 'fullScanStep']) note(() => statement.stat(wrong(value)));
    },
    'what is counted whatever engine runs it': ({ db, note }) => {
      const statement = db.prepare('SELECT 1');
      note(() => statement.stat(wrong(undefined)));
      note(() => [statement.stat('run'), statement.stat('sort'), statement.stat('reprepare'), statement.stat('autoindex')]);
      statement.get();
      statement.all();
      note(() => statement.stat('run'));
      note(() => statement.resetStats());
      note(() => statement.stat('run'));
    },
    'full scans, sorts and compilations': ({ db, note }) => {
      db.exec('CREATE TABLE t (a); INSERT INTO t VALUES (3), (1), (2)');
      const statement = db.prepare('SELECT a FROM t ORDER BY a');
      statement.all();
      note(() => [statement.stat('fullscanStep'), statement.stat('sort')]);
      db.exec('CREATE TABLE u (a)');
      statement.all();
      note(() => statement.stat('reprepare'));
    },
    'steps of its machine': ({ db, note }) => {
      const statement = db.prepare('SELECT 1');
      statement.get();
      note(() => [typeof statement.stat('vmStep'), Number(statement.stat('vmStep')) > 0]);
      note(() => typeof statement.stat('memused'));
    },
  }),
];
