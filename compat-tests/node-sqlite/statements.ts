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

/** Tables whose plans do not depend on statistics. */
const STAT_SCHEMA = `
  CREATE TABLE t (id INTEGER PRIMARY KEY, a, b, c);
  CREATE INDEX t_a ON t (a);
  CREATE UNIQUE INDEX t_ab ON t (a, b);
  CREATE TABLE w (k TEXT PRIMARY KEY, v) WITHOUT ROWID;
  CREATE TABLE u (x, y);
  CREATE TABLE none (x);
  CREATE TABLE child (id INTEGER PRIMARY KEY, t REFERENCES t (id) ON DELETE CASCADE);
  CREATE TABLE log (a);
  CREATE TRIGGER logged AFTER UPDATE ON t BEGIN INSERT INTO log SELECT x FROM u; END;
  INSERT INTO t (a, b, c) VALUES (1, 1, 5), (2, 1, 4), (3, 2, 3), (4, 2, 2), (5, 3, 1);
  INSERT INTO w VALUES ('a', 1), ('b', 2), ('c', 3);
  INSERT INTO u VALUES (1, 1), (2, 2), (3, 3), (4, 4);
  INSERT INTO child VALUES (1, 1), (2, 1), (3, 2);
`;

function tellStats({ db, note }: Side, statements: readonly string[]): void {
  db.exec(STAT_SCHEMA);
  for (const sql of statements) {
    const statement = db.prepare(sql);
    const tell = () =>
      note(() => `${sql}: ${(['fullscanStep', 'sort', 'autoindex'] as const).map((name) => statement.stat(name))}`);
    statement.all();
    tell();
    statement.get();
    tell();
    statement.resetStats();
    tell();
    for (const _ of statement.iterate()) break;
    tell();
  }
}

const STAT_STATEMENTS = [
  'SELECT 1',
  'VALUES (1), (2)',
  'SELECT * FROM t',
  'SELECT * FROM none',
  'SELECT * FROM none ORDER BY x',
  'SELECT * FROM t WHERE id = 3',
  'SELECT * FROM t WHERE id > 2',
  'SELECT * FROM t WHERE id IN (1, 2)',
  'SELECT * FROM t WHERE c = 3',
  'SELECT * FROM t WHERE c > 1 LIMIT 2',
  'SELECT * FROM t LIMIT 3',
  'SELECT * FROM t LIMIT 0',
  'SELECT * FROM t ORDER BY c LIMIT 0',
  'SELECT * FROM t LIMIT 2 OFFSET 2',
  'SELECT * FROM t WHERE a = 3',
  'SELECT * FROM t WHERE a > 3',
  'SELECT a FROM t',
  'SELECT a, b FROM t ORDER BY a, b',
  'SELECT a, b FROM t ORDER BY a DESC, b DESC',
  'SELECT * FROM t ORDER BY id DESC',
  'SELECT * FROM t ORDER BY a LIMIT 2',
  'SELECT * FROM t ORDER BY c',
  'SELECT * FROM t ORDER BY c LIMIT 2',
  'SELECT DISTINCT b FROM t',
  'SELECT DISTINCT a FROM t',
  'SELECT DISTINCT b FROM t ORDER BY b',
  'SELECT count(*) FROM t',
  'SELECT count(*) FROM t WHERE c > 2',
  'SELECT count(c) FROM t',
  'SELECT max(a) FROM t',
  'SELECT min(a) FROM t',
  'SELECT max(c) FROM t',
  'SELECT max(id) FROM t',
  'SELECT sum(c) FROM t',
  'SELECT b, count(*) FROM t GROUP BY b',
  'SELECT b, count(*) FROM t GROUP BY b ORDER BY 2',
  'SELECT a, count(*) FROM t GROUP BY a',
  'SELECT b, count(DISTINCT c) FROM t GROUP BY b',
  'SELECT group_concat(c ORDER BY c) FROM t',
  'SELECT x FROM none GROUP BY x',
  'SELECT * FROM w',
  "SELECT * FROM w WHERE k = 'a'",
  'SELECT * FROM w ORDER BY k DESC',
  'SELECT * FROM w ORDER BY v',
  'SELECT * FROM t, w',
  'SELECT * FROM u JOIN t ON t.id = u.x',
  'SELECT * FROM u LEFT JOIN t ON t.a = u.x',
  'SELECT * FROM u CROSS JOIN w',
  'SELECT * FROM t WHERE id IN (SELECT x FROM u)',
  'SELECT * FROM t WHERE c IN (SELECT x FROM u)',
  'SELECT *, (SELECT max(y) FROM u WHERE u.x <= t.c) FROM t',
  'SELECT (SELECT count(y) FROM u) FROM t',
  'SELECT * FROM (SELECT * FROM t ORDER BY c LIMIT 3) ORDER BY b',
  'SELECT * FROM (SELECT b, count(*) AS n FROM t GROUP BY b) WHERE n > 1',
  'SELECT x FROM u UNION ALL SELECT c FROM t',
  'SELECT x FROM u UNION SELECT c FROM t',
  'SELECT x FROM u UNION ALL SELECT c FROM t ORDER BY 1',
  'SELECT x FROM u UNION SELECT c FROM t ORDER BY 1',
  'SELECT x FROM u EXCEPT SELECT c FROM t',
  'SELECT x FROM u INTERSECT SELECT c FROM t',
  'SELECT x, row_number() OVER (ORDER BY y) FROM u',
  'SELECT x, sum(y) OVER (PARTITION BY x ORDER BY y) FROM u ORDER BY y DESC',
  'SELECT x, sum(y) OVER () FROM u',
  'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5) SELECT * FROM n',
  'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5) SELECT * FROM n ORDER BY i DESC',
  'WITH v AS (SELECT x FROM u) SELECT * FROM v',
  "SELECT * FROM json_each('[1, 2, 3]')",
  "SELECT * FROM sqlite_schema WHERE type = 'table'",
  'SELECT * FROM t WHERE a = 1 OR id = 3',
  'PRAGMA table_info(t)',
  'EXPLAIN QUERY PLAN SELECT * FROM t',
];

/** Of these the same rows come in another way. */
const STAT_OF_OTHER_WAYS = [
  'SELECT * FROM t ORDER BY a, c',
  'SELECT * FROM u, none',
  'SELECT * FROM t WHERE EXISTS (SELECT 1 FROM u WHERE u.x = t.c)',
  'SELECT a, row_number() OVER (ORDER BY a) FROM t',
  'WITH v AS MATERIALIZED (SELECT x FROM u) SELECT * FROM v',
  'WITH v AS (SELECT count(*) AS n, y FROM u GROUP BY y) SELECT * FROM v a, v b',
  'SELECT * FROM t INDEXED BY t_ab WHERE b = 2 AND a IS NOT NULL',
];

const STAT_WRITES = [
  'INSERT INTO u VALUES (9, 9)',
  'INSERT INTO u SELECT c, b FROM t',
  'INSERT INTO u SELECT c, b FROM t ORDER BY c',
  'INSERT INTO u SELECT * FROM u WHERE x > 0',
  'UPDATE u SET y = 1',
  'UPDATE u SET y = 1 WHERE x = 2',
  'UPDATE t SET b = 7 WHERE id = 2',
  'UPDATE t SET b = b + 10',
  'UPDATE u SET y = (SELECT max(c) FROM t)',
  'UPDATE u SET y = t.c FROM t WHERE t.id = u.x',
  'DELETE FROM u',
  'DELETE FROM u WHERE y > 1',
  'DELETE FROM t WHERE id = 1',
  'DELETE FROM child WHERE t = 1 RETURNING *',
  'CREATE INDEX u_x ON u (x)',
  'CREATE TABLE v AS SELECT * FROM t ORDER BY c',
];

const STAT_OF_MANY = [
  'SELECT count(c) FROM t',
  'SELECT sum(c) FROM t WHERE c > 100',
  'SELECT b, sum(c) FROM t GROUP BY b',
  'SELECT * FROM t ORDER BY c LIMIT 5',
  'SELECT c FROM t ORDER BY c',
  'SELECT id, c FROM t WHERE c % 1000 = 1',
  'SELECT a FROM t',
  'SELECT sum(a) FROM t',
  'SELECT count(*) FROM t',
  'SELECT count(*) FROM t WHERE a > 10000',
  'SELECT sum(c) FROM t WHERE id > 100',
  'SELECT b, row_number() OVER (ORDER BY c) FROM t',
];

const FLAGS = [
  'foreign_keys',
  'recursive_triggers',
  'full_column_names',
  'count_changes',
  'ignore_check_constraints',
  'reverse_unordered_selects',
  'legacy_alter_table',
  'read_uncommitted',
  'trusted_schema',
];

const STAT_AGAIN = [
  'SELECT 1',
  'SELECT * FROM t',
  'INSERT INTO t VALUES (1) RETURNING a',
  'PRAGMA main.table_xinfo("t")',
  'PRAGMA user_version',
  'PRAGMA user_version = 3',
  'PRAGMA foreign_keys',
  'PRAGMA foreign_keys = ON',
  'PRAGMA cache_size',
  'PRAGMA nonsense',
  'PRAGMA integrity_check',
  'EXPLAIN QUERY PLAN SELECT 1',
  'CREATE TABLE IF NOT EXISTS t (a)',
  'BEGIN',
];

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
  ...rulesOf('prepare()', {
    'pragmas that set a flag do so when they are prepared': ({ db, note }) => {
      for (const name of FLAGS) {
        const [on, off, read] = [`${name} = ON`, `${name} = OFF`, name].map((text) => db.prepare(`PRAGMA ${text}`));
        const tell = () => note(() => [read?.get(), db.prepare(`PRAGMA ${name}`).get()]);
        tell();
        for (const statement of [on, off, on, on, off]) {
          note(() => statement?.run());
          tell();
        }
        note(() => db.prepare(`EXPLAIN PRAGMA ${name} = ON`).columns().length);
        tell();
        note(() => db.exec('CREATE TABLE IF NOT EXISTS some (a)'));
        note(() => off?.run());
        tell();
      }
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
    'of what a statement reads and sorts': (side) => tellStats(side, STAT_STATEMENTS),
    'of statements that the engine runs in its own way': (side) => tellStats(side, STAT_OF_OTHER_WAYS),
    'of statements that write': ({ db, note }) => {
      db.exec(STAT_SCHEMA);
      for (const sql of STAT_WRITES) {
        db.exec('SAVEPOINT s');
        const statement = db.prepare(sql);
        statement.run();
        note(() => `${sql}: ${(['fullscanStep', 'sort', 'autoindex'] as const).map((name) => statement.stat(name))}`);
        db.exec('ROLLBACK TO s; RELEASE s');
      }
    },
    'of a large table': ({ db, note }) => {
      db.exec(STAT_SCHEMA);
      db.exec(
        'WITH n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n LIMIT 20000) INSERT INTO t (a, b, c) SELECT i, i % 7, i FROM n',
      );
      for (const sql of STAT_OF_MANY) {
        const statement = db.prepare(sql);
        statement.all();
        note(() => `${sql}: ${(['fullscanStep', 'sort', 'autoindex'] as const).map((name) => statement.stat(name))}`);
      }
    },
    'while it runs, and of one that runs within': ({ db, note }) => {
      db.exec(STAT_SCHEMA);
      const inner = db.prepare('SELECT c FROM t ORDER BY c');
      let outer: ReturnType<typeof db.prepare> | undefined;
      const seen: unknown[] = [];
      db.function('f', (a: unknown) => {
        inner.all();
        seen.push([outer?.stat('fullscanStep'), outer?.stat('sort'), outer?.stat('run'), outer?.stat('reprepare')]);
        return a as number;
      });
      outer = db.prepare('SELECT f(c) FROM t ORDER BY b');
      outer.all();
      note(() => seen);
      note(() => [outer?.stat('fullscanStep'), outer?.stat('sort')]);
      note(() => [inner.stat('fullscanStep'), inner.stat('sort'), inner.stat('run')]);
    },
    'stay when it is prepared anew, and not in another one of the text': ({ db, note }) => {
      db.exec(STAT_SCHEMA);
      const statement = db.prepare('SELECT c FROM t ORDER BY c');
      statement.all();
      db.exec('CREATE TABLE more (a)');
      statement.all();
      const tell = (of: typeof statement) =>
        note(() => (['fullscanStep', 'sort', 'reprepare', 'run'] as const).map((name) => of.stat(name)));
      tell(statement);
      statement.close();
      tell(db.prepare('SELECT c FROM t ORDER BY c'));
    },
    'of statements that run once, or expire': ({ db, note }) => {
      db.exec('CREATE TABLE t (a); CREATE INDEX i ON t (a)');
      for (const sql of STAT_AGAIN) {
        const statement = db.prepare(sql);
        const run = () => {
          note(() => statement.all().length);
          note(() => [sql, statement.stat('reprepare'), statement.stat('run')]);
          if (db.isTransaction) db.exec('COMMIT');
        };
        run();
        run();
        db.exec('PRAGMA recursive_triggers = ON');
        run();
        db.exec('CREATE TABLE u (a)');
        run();
        db.exec('CREATE TEMP TABLE u (a)');
        run();
        db.exec('CREATE INDEX ui ON t (a)');
        run();
        db.exec('DROP INDEX ui');
        run();
        db.function('f', () => 1);
        run();
        db.exec('DROP TABLE temp.u; DROP TABLE u');
        run();
        db.setAuthorizer(() => 0);
        run();
        db.setAuthorizer(null);
      }
    },
    'compilations behind REINDEX and VACUUM': ({ db, note }) => {
      db.exec('CREATE TABLE t (a); CREATE INDEX i ON t (a)');
      for (const sql of ['REINDEX', 'VACUUM', 'SELECT * FROM t']) {
        const statement = db.prepare(sql);
        statement.all();
        db.exec('REINDEX');
        statement.all();
        note(() => [sql, statement.stat('reprepare'), statement.stat('run')]);
        db.exec('VACUUM');
        statement.all();
        note(() => [sql, statement.stat('reprepare'), statement.stat('run')]);
      }
    },
    'steps of its machine': ({ db, note }) => {
      const statement = db.prepare('SELECT 1');
      statement.get();
      note(() => [typeof statement.stat('vmStep'), Number(statement.stat('vmStep')) > 0]);
      note(() => typeof statement.stat('memused'));
    },
  }),
];
