/** `backup()`, `serialize()` and `deserialize()`. */
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { ODD_VALUES, rulesOf, type Side, type SideCheck, wrong } from './side.ts';

const fill = (db: Side['db'], rows = 3): void =>
  db.exec(`
    CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT);
    WITH RECURSIVE c (a) AS (SELECT 1 UNION ALL SELECT a + 1 FROM c LIMIT ${rows}) INSERT INTO t SELECT a, 'row ' || a FROM c;
    CREATE INDEX i ON t (b)`);

const tellCopy = ({ note, open }: Side, name: string): void => {
  note(() => {
    const copy = open(name);
    const seen = [copy.prepare('SELECT count(*) AS n FROM t').get(), copy.prepare('PRAGMA integrity_check').all()];
    copy.close();
    return seen;
  });
};

const backupOptions = ['rate', 'source', 'target', 'progress'].flatMap((option) =>
  rulesOf('backup()', {
    [`its option ${option}`]: async ({ api, db, path, note }) => {
      fill(db);
      for (const value of [
        null,
        true,
        Symbol('s'),
        {},
        [],
        5n,
        1.5,
        ...(option === 'rate' ? ['x'] : option === 'progress' ? ['x', 5] : [5]),
      ]) {
        await note(() => api.backup(db, path('copy'), wrong({ [option]: value })));
      }
      await note(() => api.backup(db, path('copy'), { [option]: undefined }).then(() => 'done'));
    },
  }),
);

export const backupChecks: readonly SideCheck[] = [
  ...backupOptions,
  ...rulesOf('backup()', {
    'arguments that are none': async ({ api, db, path, note }) => {
      for (const value of [undefined, ...ODD_VALUES]) {
        // Objects that are no database end the original's process.
        if (value === null || !['object', 'function'].includes(typeof value))
          await note(() => api.backup(wrong(value), path('copy')));
        if (typeof value !== 'string' && !(value instanceof Uint8Array)) await note(() => api.backup(db, wrong(value)));
        if (value === null || typeof value !== 'object') {
          if (typeof value !== 'function' && value !== undefined) await note(() => api.backup(db, path('copy'), wrong(value)));
        }
      }
      await note(() => api.backup(db, 'a\0b'));
    },
    'in a transaction that writes': async ({ api, db, path, note }) => {
      fill(db);
      db.exec('BEGIN; DELETE FROM t');
      await note(() => api.backup(db, path('copy')));
      db.exec('ROLLBACK');
      await note(async () => (await api.backup(db, path('copy'))) > 0);
    },
    'a copy of a database in memory': async (side) => {
      const { api, db, path, note } = side;
      fill(db);
      await note(async () => (await api.backup(db, path('copy'))) > 0);
      tellCopy(side, 'copy');
      note(() => readdirSync(path('.')).filter((name) => !name.startsWith('copy')));
    },
    'in a savepoint that has changed nothing': async ({ api, db, path, note }) => {
      fill(db);
      db.exec('SAVEPOINT s');
      note(() => db.serialize().length > 0);
      await note(async () => (await api.backup(db, path('copy'))) > 0);
      note(() => db.exec('DELETE FROM t; ROLLBACK TO s'));
      note(() => [db.isTransaction, db.prepare('SELECT count(*) AS n FROM t').get()]);
      note(() => db.exec('RELEASE s'));
      note(() => db.isTransaction);
    },
    'a copy that nobody can read': async ({ api, db, note }) => {
      fill(db);
      const before = readdirSync('.');
      for (const place of ['', ':memory:', 'file::memory:', 'file:none?mode=memory'])
        await note(async () => (await api.backup(db, place)) > 0);
      note(() => readdirSync('.').filter((name) => !before.includes(name)));
    },
    'of what is temporary': async ({ api, db, path, note, open }) => {
      db.exec('CREATE TEMP TABLE t (a); INSERT INTO t VALUES (5)');
      await note(() => api.backup(db, path('copy'), { source: 'temp' }));
      note(() => open('copy').prepare('SELECT * FROM t').all());
      await note(() => api.backup(db, path('other'), { source: 'temp', target: 'temp' }));
      note(() => existsSync(path('other')));
      note(() => open('other').prepare('SELECT * FROM t').all());
    },
    'a copy of a file': async (side) => {
      const { api, open, path, note } = side;
      const db = open('source');
      fill(db);
      await note(async () => (await api.backup(db, path('copy'))) > 0);
      tellCopy(side, 'copy');
    },
    'paths as a buffer and a URL': async (side) => {
      const { api, db, path, note } = side;
      fill(db);
      await note(async () => (await api.backup(db, Buffer.from(path('one')))) > 0);
      await note(async () => (await api.backup(db, pathToFileURL(path('two')))) > 0);
      tellCopy(side, 'one');
      tellCopy(side, 'two');
    },
    'progress, when it is called and with what': async ({ api, db, path, note }) => {
      fill(db, 2000);
      const seen: object[] = [];
      await note(async () => {
        const pages = await api.backup(db, path('copy'), { rate: 1, progress: (info) => void seen.push(info) });
        return [pages > 5, seen.length === pages - 1, Object.keys(seen[0] ?? {})];
      });
      note(() => {
        const rests = seen.map((info) => (info as { remainingPages: number }).remainingPages);
        return rests.every((rest, at) => at === 0 || rest === (rests[at - 1] as number) - 1);
      });
    },
    'progress is not called where one step is enough': async ({ api, db, path, note }) => {
      fill(db);
      const progress = (): void => {
        note(() => 'called');
      };
      await note(async () => (await api.backup(db, path('copy'), { progress })) > 0);
      await note(async () => (await api.backup(db, path('copy-2'), { rate: -1, progress })) > 0);
    },
    'progress that throws': async ({ api, db, path, note }) => {
      fill(db, 2000);
      await note(() =>
        api.backup(db, path('copy'), {
          rate: 1,
          progress: () => {
            throw new RangeError('mine');
          },
        }),
      );
    },
    'over a database that is there': async (side) => {
      const { api, db, open, path, note } = side;
      const old = open('copy');
      old.exec('CREATE TABLE old (a)');
      old.close();
      fill(db);
      await note(async () => (await api.backup(db, path('copy'))) > 0);
      tellCopy(side, 'copy');
    },
    'over a file that is no database': async ({ api, db, path, note }) => {
      fill(db);
      writeFileSync(path('text'), 'this is some text and no database, as everybody can see'.repeat(100));
      await note(() => api.backup(db, path('text')));
      note(() => statSync(path('text')).size);
    },
    'in a folder that is not there': async ({ api, db, path, note }) => {
      fill(db);
      await note(() => api.backup(db, path('none/copy')));
      note(() => existsSync(path('none')));
    },
    'of a database that has another name': async ({ api, db, path, note, open }) => {
      db.exec("ATTACH ':memory:' AS other; CREATE TABLE other.o (a)");
      await note(async () => (await api.backup(db, path('copy'), { source: 'other' })) > 0);
      note(() => open('copy').prepare('SELECT name FROM sqlite_schema').all());
      await note(() => api.backup(db, path('copy-2'), { source: 'none' }));
      await note(() => api.backup(db, path('copy-3'), { target: 'none' }));
    },
    'of a database with nothing in it': async ({ api, db, path, note }) => {
      await note(() => api.backup(db, path('copy')));
    },
    'the database is closed meanwhile': async ({ api, open, path, note }) => {
      const db = open();
      fill(db, 2000);
      const pending = api.backup(db, path('copy'), { rate: 1 }).then(
        (pages) => pages > 0,
        (error: Error) => error.message,
      );
      db.close();
      await Promise.race([note(() => pending), new Promise((resolve) => setTimeout(resolve, 500))]);
    },
    'is a promise at once': ({ api, db, path, note }) => {
      fill(db);
      note(() => api.backup(db, path('copy')).then(() => 'done'));
    },
  }),
  ...rulesOf('serialize()', {
    'arguments that are none': ({ db, note }) => {
      for (const value of ODD_VALUES) if (typeof value !== 'string') note(() => db.serialize(wrong(value)));
      note(() => db.serialize('none'));
      note(() => db.serialize(''));
    },
    'bytes of a SQLite file': ({ db, note }) => {
      fill(db);
      note(() => {
        const bytes = db.serialize();
        return [bytes.constructor.name, Buffer.from(bytes.subarray(0, 15)).toString(), bytes.length % 4096];
      });
      note(() => db.serialize('main').length === db.serialize().length);
    },
    'of a database with nothing in it': ({ db, note }) => {
      note(() => [db.serialize().length, Buffer.from(db.serialize().subarray(0, 16)).toString()]);
      note(() => db.serialize('temp').length);
    },
    'of another database': ({ db, note, open }) => {
      db.exec("ATTACH ':memory:' AS other; CREATE TABLE other.o (a); INSERT INTO other.o VALUES (5)");
      note(() => {
        const copy = open();
        copy.deserialize(db.serialize('other'));
        return copy.prepare('SELECT * FROM o').all();
      });
    },
  }),
  ...rulesOf('deserialize()', {
    'arguments that are none': ({ db, note }) => {
      for (const value of [undefined, ...ODD_VALUES]) {
        if (!(value instanceof Uint8Array)) note(() => db.deserialize(wrong(value)));
      }
      note(() => db.deserialize(wrong(new ArrayBuffer(5))));
      note(() => db.deserialize(wrong(new Uint16Array(5))));
    },
    'options that are none': ({ db, note }) => {
      const bytes = db.serialize();
      for (const value of ODD_VALUES) note(() => db.deserialize(bytes, wrong(value)));
      for (const value of ODD_VALUES) note(() => db.deserialize(bytes, { dbName: wrong(value) }));
    },
    'what was serialized': ({ db, note, open }) => {
      fill(db);
      const copy = open();
      note(() => copy.deserialize(db.serialize()));
      note(() => copy.prepare('SELECT * FROM t').all());
      note(() => copy.exec("INSERT INTO t VALUES (9, 'more')"));
      note(() => copy.prepare('SELECT count(*) AS n FROM t').get());
      note(() => db.prepare('SELECT count(*) AS n FROM t').get());
      note(() => copy.prepare('PRAGMA integrity_check').all());
    },
    'bytes that are no database': ({ open, note }) => {
      const statements = [
        'SELECT abs(1) AS a, (SELECT 2) AS b',
        'WITH q AS (SELECT 1 AS a) SELECT * FROM q UNION SELECT 2',
        'SELECT * FROM sqlite_schema',
        'SELECT * FROM before',
        'SELECT * FROM none',
        'SELECT 1 IN before',
        'SELECT none',
        'SELECT a FROM',
        'INSERT INTO before VALUES (1)',
        'DELETE FROM none',
        'CREATE TABLE t (a)',
        'CREATE TEMP VIEW v AS SELECT 1',
        'DROP TABLE IF EXISTS none',
        'ALTER TABLE none RENAME TO n',
        'BEGIN',
        'SAVEPOINT s',
        'COMMIT',
        'BEGIN IMMEDIATE',
        'BEGIN EXCLUSIVE',
        'ANALYZE',
        'REINDEX',
        'VACUUM',
        "ATTACH ':memory:' AS other",
        'DETACH other',
        ...['user_version', 'table_info(t)', 'integrity_check', 'synchronous', 'journal_mode', 'foreign_keys', 'page_size'].map(
          (pragma) => `PRAGMA ${pragma}`,
        ),
      ];
      note(() => open().deserialize(new Uint8Array(0)));
      for (const bytes of [new Uint8Array(10), Buffer.from('x'.repeat(5000)), Buffer.alloc(512)]) {
        const db = open();
        db.exec('CREATE TEMP TABLE before (a); CREATE TABLE other (a)');
        db.function('f', () => 5);
        note(() => db.deserialize(bytes));
        for (const sql of statements) note(() => db.prepare(sql).all());
        note(() => db.prepare('SELECT f() AS v').all());
        note(() => [db.isOpen, db.isTransaction, db.location(), db.serialize().length]);
        note(() => db.serialize('temp').length);
        note(() => db.createSession().changeset().length);
        note(() => db.deserialize(open().serialize()));
        note(() => db.close());
      }
    },
    'statements, functions and sessions of before': ({ db, note, open }) => {
      fill(db);
      const bytes = db.serialize();
      const copy = open();
      copy.exec('CREATE TABLE old (a)');
      copy.function('f', () => 5);
      const statement = copy.prepare('SELECT 1 AS a');
      const iterator = copy.prepare('SELECT 1 AS a').iterate();
      note(() => copy.deserialize(bytes));
      note(() => statement.get());
      note(() => iterator.next());
      note(() => copy.prepare('SELECT f() AS v').get());
      note(() => copy.prepare('SELECT name FROM sqlite_schema').all());
      note(() => copy.isOpen);
    },
    'into a file': ({ db, note, open }) => {
      fill(db);
      const file = open('file');
      file.exec('CREATE TABLE old (a)');
      note(() => file.deserialize(db.serialize()));
      note(() => file.prepare('SELECT count(*) AS n FROM t').get());
      note(() => file.location());
      file.close();
      note(() => open('file').prepare('SELECT name FROM sqlite_schema').all());
    },
    'into another database': ({ db, note, open }) => {
      fill(db);
      const copy = open();
      copy.exec("ATTACH ':memory:' AS other");
      note(() => copy.deserialize(db.serialize(), { dbName: 'other' }));
      note(() => copy.prepare('SELECT count(*) AS n FROM other.t').get());
      note(() => copy.prepare('SELECT name FROM main.sqlite_schema').all());
      note(() => copy.deserialize(db.serialize(), { dbName: 'none' }));
    },
    'in a transaction': ({ db, note, open }) => {
      fill(db);
      const copy = open();
      copy.exec('BEGIN; CREATE TABLE old (a)');
      note(() => copy.deserialize(db.serialize()));
      note(() => copy.isTransaction);
      note(() => copy.prepare('SELECT name FROM sqlite_schema').all());
    },
  }),
];
