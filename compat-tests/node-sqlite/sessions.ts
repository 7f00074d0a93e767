/** `createSession()`, changesets and patchsets, `applyChangeset()`. */
import { ODD_VALUES, rulesOf, type Side, type SideCheck, wrong } from './side.ts';

type Database = Side['db'];

const SCHEMA = `
  CREATE TABLE t (a INTEGER PRIMARY KEY, b, c DEFAULT 7);
  CREATE TABLE u (x TEXT, y, z, PRIMARY KEY (z, x));
  CREATE TABLE w (k PRIMARY KEY, v) WITHOUT ROWID;
  CREATE TABLE none (a, b);
  CREATE TABLE parent (id INTEGER PRIMARY KEY);
  CREATE TABLE child (id INTEGER PRIMARY KEY, p REFERENCES parent (id) ON DELETE CASCADE);
  INSERT INTO t VALUES (1, 'one', 1.5), (2, 'two', NULL), (3, x'0102', 3);
  INSERT INTO u VALUES ('a', 1, 2), ('b', 2, 3);
  INSERT INTO w VALUES ('k1', 1), ('k2', 2);
  INSERT INTO parent VALUES (1), (2);
  INSERT INTO child VALUES (1, 1), (2, 1), (3, 2);`;

/** What is done to a database while a session records. */
const CHANGES: Readonly<Record<string, string>> = {
  nothing: '',
  'an insert': "INSERT INTO t VALUES (9, 'nine', 9)",
  'values of all kinds': "INSERT INTO t VALUES (10, 1.5, NULL), (11, 'ä', x'00ff'), (12, 9223372036854775807, -5), (13, '', x'')",
  'an update': "UPDATE t SET b = 'uno' WHERE a = 1",
  'an update that changes nothing': 'UPDATE t SET b = b',
  'an update of a key': 'UPDATE t SET a = 20 WHERE a = 1',
  'an update of all columns': 'UPDATE t SET b = 1, c = 2',
  'a delete': 'DELETE FROM t WHERE a = 2',
  'a delete of all': 'DELETE FROM t',
  'insert and update': "INSERT INTO t VALUES (9, 'x', 1); UPDATE t SET b = 'y' WHERE a = 9",
  'insert and delete': 'INSERT INTO t VALUES (9, 1, 1); DELETE FROM t WHERE a = 9',
  'update and update back': "UPDATE t SET b = 'x' WHERE a = 1; UPDATE t SET b = 'one' WHERE a = 1",
  'update twice': "UPDATE t SET b = 'x' WHERE a = 1; UPDATE t SET c = 'y' WHERE a = 1",
  'update and delete': "UPDATE t SET b = 'x' WHERE a = 1; DELETE FROM t WHERE a = 1",
  'delete and insert': "DELETE FROM t WHERE a = 1; INSERT INTO t VALUES (1, 'again', 2)",
  'delete and insert the same': "DELETE FROM t WHERE a = 1; INSERT INTO t VALUES (1, 'one', 1.5)",
  'a replace': 'REPLACE INTO t VALUES (1, 2, 3)',
  'an upsert': 'INSERT INTO t VALUES (1, 5, 5) ON CONFLICT DO UPDATE SET b = excluded.b',
  'many tables':
    "INSERT INTO t VALUES (9, 1, 1); INSERT INTO u VALUES ('q', 1, 1); UPDATE w SET v = 5; DELETE FROM u WHERE x = 'a'",
  'a key of two columns': "UPDATE u SET y = 9 WHERE x = 'a'; INSERT INTO u VALUES ('c', NULL, 'k')",
  'a key that is NULL': "INSERT INTO u VALUES (NULL, 1, 1), ('x', 1, NULL)",
  'a table without rowid': "INSERT INTO w VALUES ('k3', 3); UPDATE w SET v = 9 WHERE k = 'k1'; DELETE FROM w WHERE k = 'k2'",
  'a table without a key': 'INSERT INTO none VALUES (1, 2)',
  'a cascade': 'DELETE FROM parent WHERE id = 1',
  'a trigger':
    'CREATE TRIGGER r AFTER UPDATE ON t BEGIN INSERT INTO w VALUES (new.a, new.b); END; UPDATE t SET c = 1 WHERE a < 3',
  'what is rolled back': 'BEGIN; INSERT INTO t VALUES (9, 1, 1); ROLLBACK',
  'what is rolled back to a savepoint':
    'BEGIN; INSERT INTO t VALUES (9, 1, 1); SAVEPOINT s; INSERT INTO t VALUES (10, 1, 1); ROLLBACK TO s; COMMIT',
  'a statement that fails': 'INSERT INTO t VALUES (8, 1, 1); INSERT OR IGNORE INTO t VALUES (8, 2, 2), (9, 1, 1)',
  'numbers that are integers': 'UPDATE t SET c = 2.0 WHERE a = 1; UPDATE t SET c = 3.0 WHERE a = 3',
  'a table made later': 'CREATE TABLE later (a PRIMARY KEY, b); INSERT INTO later VALUES (1, 2)',
  'many rows': 'WITH RECURSIVE q (n) AS (SELECT 100 UNION ALL SELECT n + 1 FROM q LIMIT 300) INSERT INTO t SELECT n, n, n FROM q',
  'tables of SQLite': 'CREATE TABLE auto (a INTEGER PRIMARY KEY AUTOINCREMENT); INSERT INTO auto VALUES (5)',
};

const recorded = Object.entries(CHANGES).flatMap(([name, sql]) =>
  rulesOf('createSession()', {
    [`records ${name}`]: ({ db, note }) => {
      db.exec(SCHEMA);
      const session = db.createSession();
      note(() => db.exec(sql));
      note(() => session.changeset());
      note(() => session.patchset());
      note(() => session.close());
    },
    [`of one table, ${name}`]: ({ db, note }) => {
      db.exec(SCHEMA);
      const session = db.createSession({ table: 't' });
      note(() => db.exec(sql));
      note(() => session.changeset());
      note(() => session.patchset());
    },
    [`applied elsewhere, ${name}`]: ({ db, open, note }) => {
      db.exec(SCHEMA);
      const other = open();
      other.exec(SCHEMA);
      const third = open();
      third.exec(SCHEMA);
      const session = db.createSession();
      db.exec(sql);
      note(() => other.applyChangeset(session.changeset()));
      note(() => third.applyChangeset(session.patchset()));
      for (const copy of [db, other, third]) tellRows(copy, note);
    },
  }),
);

function tellRows(db: Database, note: Side['note']): void {
  for (const table of ['t', 'u', 'w', 'none', 'parent', 'child']) {
    note(() => db.prepare(`SELECT * FROM ${table} ORDER BY 1, 2`, { returnArrays: true, readBigInts: true }).all());
  }
}

/** A changeset of these changes, made from a fresh database. */
function changesetOf(open: Side['open'], sql: string, kind: 'changeset' | 'patchset' = 'changeset'): Uint8Array {
  const db = open();
  db.exec(SCHEMA);
  const session = db.createSession();
  db.exec(sql);
  return session[kind]();
}

/** What stands in the way where a changeset is applied. */
const CONFLICTS: Readonly<Record<string, readonly [change: string, before: string]>> = {
  'an update of a row that differs': ["UPDATE t SET b = 'x' WHERE a = 1", "UPDATE t SET b = 'other' WHERE a = 1"],
  'an update of another column': ["UPDATE t SET b = 'x' WHERE a = 1", "UPDATE t SET c = 'other' WHERE a = 1"],
  'an update of a row that is gone': ["UPDATE t SET b = 'x' WHERE a = 1", 'DELETE FROM t WHERE a = 1'],
  'a delete of a row that differs': ['DELETE FROM t WHERE a = 1', "UPDATE t SET b = 'other' WHERE a = 1"],
  'a delete of a row that is gone': ['DELETE FROM t WHERE a = 1', 'DELETE FROM t WHERE a = 1'],
  'an insert of a row that is there': ['INSERT INTO t VALUES (9, 1, 1)', 'INSERT INTO t VALUES (9, 2, 2)'],
  'a unique index': ['INSERT INTO t VALUES (9, 5, 1)', 'CREATE UNIQUE INDEX i ON t (b); INSERT INTO t VALUES (8, 5, 1)'],
  'a check': ['INSERT INTO t VALUES (9, 5, 1)', 'DROP TABLE t; CREATE TABLE t (a INTEGER PRIMARY KEY, b CHECK (b <> 5), c)'],
  'a missing parent': ['INSERT INTO child VALUES (9, 2)', 'DELETE FROM parent WHERE id = 2'],
  'no such table': ["UPDATE t SET b = 'x' WHERE a = 1", 'DROP TABLE t'],
  'fewer columns': ["UPDATE t SET b = 'x' WHERE a = 1", 'ALTER TABLE t DROP COLUMN c'],
  'more columns': ["INSERT INTO t VALUES (9, 'x', 1)", 'ALTER TABLE t ADD COLUMN d DEFAULT 5'],
  'another key': ["UPDATE t SET b = 'x' WHERE a = 1", 'DROP TABLE t; CREATE TABLE t (a, b PRIMARY KEY, c)'],
  'two of them': ["UPDATE t SET b = 'x'", "UPDATE t SET b = 'other' WHERE a > 1"],
  'one in the middle': ["UPDATE t SET b = 'x'; INSERT INTO w VALUES ('z', 1)", "UPDATE t SET b = 'other' WHERE a = 2"],
};

const conflicts = Object.entries(CONFLICTS).flatMap(([name, [change, before]]) =>
  rulesOf('applyChangeset()', {
    [`conflict: ${name}`]: ({ open, note }) => {
      for (const kind of ['changeset', 'patchset'] as const) {
        const bytes = changesetOf(open, change, kind);
        for (const answer of [undefined, 0, 1, 2, 7, -1]) {
          const db = open();
          db.exec(SCHEMA);
          db.exec(before);
          const asked: number[] = [];
          const onConflict = (type: number): number => {
            asked.push(type);
            return answer as number;
          };
          note(() => db.applyChangeset(bytes, answer === undefined ? {} : { onConflict }));
          note(() => asked);
          note(() => db.isTransaction);
          note(() => db.prepare("SELECT * FROM sqlite_schema WHERE name = 't'").all().length);
          note(() => db.prepare('SELECT * FROM t', { returnArrays: true }).all());
          note(() => db.prepare('SELECT * FROM child', { returnArrays: true }).all());
        }
      }
    },
  }),
);

const DAMAGED: readonly (readonly [string, (bytes: Uint8Array) => Uint8Array])[] = [
  ['cut short', (bytes) => bytes.slice(0, bytes.length - 1)],
  ['cut in the header', (bytes) => bytes.slice(0, 3)],
  ['one byte', () => Uint8Array.of(84)],
  ['another first byte', (bytes) => Uint8Array.of(1, ...bytes.slice(1))],
  ['something behind it', (bytes) => Uint8Array.of(...bytes, 1)],
  ['a zero behind it', (bytes) => Uint8Array.of(...bytes, 0)],
  ['no columns', () => Uint8Array.of(84, 0, 116, 0)],
  ['very many columns', () => Uint8Array.of(84, 0xff, 0xff, 0xff, 0xff, 0x7f)],
  ['an unknown operation', (bytes) => bytes.with(7, 99)],
  ['an unknown type of value', (bytes) => bytes.with(9, 9)],
];

export const sessionChecks: readonly SideCheck[] = [
  ...recorded,
  ...conflicts,
  ...rulesOf('createSession()', {
    'arguments that are none': ({ db, note }) => {
      for (const value of [undefined, ...ODD_VALUES]) {
        note(() => typeof db.createSession(wrong(value)));
        note(() => typeof db.createSession({ table: wrong(value) }));
        note(() => typeof db.createSession({ db: wrong(value) }));
      }
    },
    'of another database': ({ db, note }) => {
      db.exec("ATTACH ':memory:' AS other; CREATE TABLE other.o (a PRIMARY KEY, b); CREATE TABLE m (a PRIMARY KEY, b)");
      const [main, other] = [db.createSession(), db.createSession({ db: 'other' })];
      db.exec('INSERT INTO o VALUES (1, 2); INSERT INTO m VALUES (3, 4)');
      note(() => main.changeset());
      note(() => other.changeset());
    },
    'two at once': ({ db, note }) => {
      db.exec(SCHEMA);
      const first = db.createSession();
      db.exec('INSERT INTO t VALUES (9, 1, 1)');
      const second = db.createSession();
      db.exec('INSERT INTO t VALUES (10, 1, 1)');
      note(() => first.changeset());
      note(() => second.changeset());
      first.close();
      db.exec('INSERT INTO t VALUES (11, 1, 1)');
      note(() => second.changeset());
    },
    'begun in a transaction': ({ db, note }) => {
      db.exec(SCHEMA);
      db.exec('BEGIN; INSERT INTO t VALUES (9, 1, 1)');
      const session = db.createSession();
      db.exec('INSERT INTO t VALUES (10, 1, 1)');
      note(() => session.changeset());
      db.exec('ROLLBACK');
      note(() => session.changeset());
    },
    'a table that changes its columns': ({ db, note }) => {
      db.exec(SCHEMA);
      const session = db.createSession();
      db.exec('INSERT INTO t VALUES (9, 1, 1); ALTER TABLE t ADD COLUMN d; INSERT INTO t VALUES (10, 1, 1, 1)');
      note(() => session.changeset());
    },
    'a table that is dropped': ({ db, note }) => {
      db.exec(SCHEMA);
      const session = db.createSession();
      db.exec('INSERT INTO t VALUES (9, 1, 1); INSERT INTO w VALUES (1, 2); DROP TABLE t');
      note(() => session.changeset());
    },
    'asked twice and later': ({ db, note }) => {
      db.exec(SCHEMA);
      const session = db.createSession();
      db.exec('INSERT INTO t VALUES (9, 1, 1)');
      note(() => session.changeset());
      note(() => session.changeset());
      db.exec('UPDATE t SET b = 2 WHERE a = 9');
      note(() => session.changeset());
    },
    'of a table by another spelling': ({ db, note }) => {
      db.exec(SCHEMA);
      const session = db.createSession({ table: 'T' });
      db.exec('INSERT INTO t VALUES (9, 1, 1)');
      note(() => session.changeset());
    },
    'generated columns': ({ db, note }) => {
      db.exec('CREATE TABLE g (a INTEGER PRIMARY KEY, b, c AS (b + 1), d AS (b + 2) STORED)');
      const session = db.createSession();
      db.exec('INSERT INTO g (a, b) VALUES (1, 5); UPDATE g SET b = 6');
      note(() => session.changeset());
    },
  }),
  ...rulesOf('Session.close()', {
    'ends it': ({ db, note }) => {
      const session = db.createSession();
      note(() => session.close());
      note(() => session.close());
      note(() => session.changeset());
      note(() => session.patchset());
      note(() => session[Symbol.dispose]());
    },
    'dispose ends it': ({ db, note }) => {
      const session = db.createSession();
      note(() => session[Symbol.dispose]());
      note(() => session.changeset());
    },
    'after close() and open() of the database': ({ db, note }) => {
      const session = db.createSession();
      db.close();
      note(() => session.changeset());
      db.open();
      note(() => session.changeset());
      note(() => session.close());
    },
  }),
  ...rulesOf('applyChangeset()', {
    'arguments that are none': ({ db, note }) => {
      for (const value of [undefined, ...ODD_VALUES]) {
        if (!(value instanceof Uint8Array)) note(() => db.applyChangeset(wrong(value)));
        note(() => db.applyChangeset(new Uint8Array(), wrong(value)));
        note(() => db.applyChangeset(new Uint8Array(), { filter: wrong(value) }));
        note(() => db.applyChangeset(new Uint8Array(), { onConflict: wrong(value) }));
      }
      note(() => db.applyChangeset(wrong(new ArrayBuffer(0))));
      note(() => db.applyChangeset(Buffer.alloc(0)));
    },
    'onto a table of another shape': ({ open, note }) => {
      for (const change of ['INSERT INTO t VALUES (9, 1, 1)', 'UPDATE t SET b = 5', 'DELETE FROM t']) {
        const bytes = changesetOf(open, change);
        for (const columns of [
          'a, b, c',
          'a, b',
          'a, b, c, d',
          'a, b PRIMARY KEY, c',
          'a PRIMARY KEY, b',
          'x PRIMARY KEY, y, z',
          'a PRIMARY KEY, b, c, d DEFAULT 7',
          'a, b, c, PRIMARY KEY (a, b)',
          'a PRIMARY KEY, b, c NOT NULL CHECK (c > 1)',
        ]) {
          const db = open();
          db.exec(`CREATE TABLE t (${columns})`);
          const kinds: unknown[] = [];
          note(() => db.applyChangeset(bytes, { onConflict: (kind) => Number(kinds.push(kind)) * 0 }));
          note(() => kinds);
          note(() => db.prepare('SELECT * FROM t').all());
        }
      }
    },
    'a filter chooses tables': ({ open, note }) => {
      const bytes = changesetOf(open, CHANGES['many tables'] as string);
      for (const chosen of [[], ['t'], ['u', 'w']]) {
        const db = open();
        db.exec(SCHEMA);
        const asked: unknown[] = [];
        const filter = (table: string): boolean => {
          asked.push(table);
          return chosen.includes(table);
        };
        note(() => db.applyChangeset(bytes, { filter }));
        note(() => asked);
        tellRows(db, note);
      }
    },
    'answers of a filter': ({ open, note }) => {
      const bytes = changesetOf(open, 'INSERT INTO t VALUES (9, 1, 1)');
      for (const value of [undefined, ...ODD_VALUES, Number.NaN, '']) {
        const db = open();
        db.exec(SCHEMA);
        note(() => db.applyChangeset(bytes, { filter: () => wrong(value) }));
        note(() => db.prepare('SELECT count(*) AS n FROM t').get());
      }
    },
    'what a filter throws': ({ open, note }) => {
      const db = open();
      db.exec(SCHEMA);
      note(() =>
        db.applyChangeset(changesetOf(open, CHANGES['many tables'] as string), {
          filter: () => {
            throw new RangeError('mine');
          },
        }),
      );
      note(() => db.isTransaction);
      tellRows(db, note);
    },
    'what onConflict throws': ({ open, note }) => {
      const db = open();
      db.exec(SCHEMA);
      db.exec("UPDATE t SET b = 'other' WHERE a = 2");
      note(() =>
        db.applyChangeset(changesetOf(open, "UPDATE t SET b = 'x'"), {
          onConflict: () => {
            throw new RangeError('mine');
          },
        }),
      );
      tellRows(db, note);
    },
    'answers of onConflict that are none': ({ open, note }) => {
      const bytes = changesetOf(open, "UPDATE t SET b = 'x' WHERE a = 1");
      for (const value of [undefined, ...ODD_VALUES]) {
        const db = open();
        db.exec(SCHEMA);
        db.exec("UPDATE t SET b = 'other'");
        note(() => db.applyChangeset(bytes, { onConflict: () => wrong(value) }));
        note(() => db.prepare('SELECT b FROM t WHERE a = 1').get());
      }
    },
    'changes() and last_insert_rowid()': ({ open, note }) => {
      const db = open();
      db.exec(SCHEMA);
      db.applyChangeset(changesetOf(open, 'INSERT INTO t VALUES (9, 1, 1); UPDATE t SET b = 5'));
      note(() => db.prepare('SELECT changes() AS c, last_insert_rowid() AS r, total_changes() AS t').get());
    },
    'in a transaction': ({ open, note }) => {
      const db = open();
      db.exec(SCHEMA);
      db.exec('BEGIN');
      note(() => db.applyChangeset(changesetOf(open, 'INSERT INTO t VALUES (9, 1, 1)')));
      note(() => db.isTransaction);
      db.exec('ROLLBACK');
      note(() => db.prepare('SELECT count(*) AS n FROM t').get());
    },
    'a session records it': ({ open, note }) => {
      const db = open();
      db.exec(SCHEMA);
      const session = db.createSession();
      db.applyChangeset(changesetOf(open, CHANGES['many tables'] as string));
      note(() => session.changeset());
    },
    twice: ({ open, note }) => {
      const bytes = changesetOf(open, CHANGES['many tables'] as string);
      const db = open();
      db.exec(SCHEMA);
      note(() => db.applyChangeset(bytes));
      note(() => db.applyChangeset(bytes));
      tellRows(db, note);
    },
    'onto a database that is empty': ({ db, open, note }) => {
      note(() => db.applyChangeset(changesetOf(open, 'INSERT INTO t VALUES (9, 1, 1)')));
    },
    'one after another depend on each other': ({ open, note }) => {
      const bytes = changesetOf(
        open,
        "CREATE UNIQUE INDEX i ON t (b); UPDATE t SET b = 5 WHERE a = 1; UPDATE t SET b = 6 WHERE a = 1; DELETE FROM t WHERE a = 2; INSERT INTO t VALUES (9, 'two', 1)",
      );
      const db = open();
      db.exec(SCHEMA);
      db.exec('CREATE UNIQUE INDEX i ON t (b)');
      note(() => db.applyChangeset(bytes));
      tellRows(db, note);
    },
    ...Object.fromEntries(
      DAMAGED.map(([name, damage]) => [
        `damaged: ${name}`,
        ({ open, note }: Side) => {
          const bytes = damage(changesetOf(open, "INSERT INTO t VALUES (9, 'nine', 9); DELETE FROM t WHERE a = 1"));
          const db = open();
          db.exec(SCHEMA);
          note(() => db.applyChangeset(bytes));
          note(() => db.applyChangeset(bytes, { onConflict: () => 0 }));
          note(() => db.prepare('SELECT count(*) AS n FROM t').get());
        },
      ]),
    ),
  }),
];
