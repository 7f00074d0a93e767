/** `db.backup()`: what it takes, what it tells, what stands at the place afterwards. */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import type { BackupOptions } from 'pluresdb';
import { rulesOf, type Side, type SideCheck, wrong } from './side.ts';

const FILLED = 'CREATE TABLE t (a); INSERT INTO t VALUES (1), (2)';
const ALL = 'SELECT a FROM t';

/** Reads the file as bytes: both sides can. */
function contents({ Database, path, note }: Side, name: string, sql = ALL): void {
  note(() => {
    const copy = new Database(readFileSync(path(name)));
    try {
      return copy.prepare(sql).pluck().all();
    } finally {
      copy.close();
    }
  });
}

/** A backup whose handler answers in turn. */
const answering =
  (...answers: unknown[]): NonNullable<BackupOptions['progress']> =>
  () =>
    wrong(answers.shift());

const BAD_OPTIONS: Readonly<Record<string, readonly unknown[]>> = {
  'a name that is no string': [undefined, null, 5, {}, true, Symbol('s')],
  'no name': ['', '  ', '\n'],
  memory: [':memory:', ' :memory: '],
};

export const backupChecks: readonly SideCheck[] = [
  ...rulesOf(
    'Database.backup()',
    Object.fromEntries(
      Object.entries(BAD_OPTIONS).map(([rule, values]) => [
        `refuses ${rule}`,
        async ({ db, note }: Side) => {
          for (const value of values) await note(() => db.backup(wrong(value)));
        },
      ]),
    ),
  ),
  ...rulesOf('Database.backup()', {
    'within a savepoint that has changed nothing': async ({ db, path, note }) => {
      db.exec('CREATE TABLE t (a); INSERT INTO t VALUES (1); SAVEPOINT s');
      await note(() => db.backup(path('copy')).then(({ remainingPages }) => remainingPages));
      note(() => db.exec('INSERT INTO t VALUES (2); ROLLBACK TO s').inTransaction);
      note(() => db.exec('RELEASE s').prepare('SELECT a FROM t').all());
    },
    'refuses options that are none': async ({ db, note, path }) => {
      for (const options of [5, 'x', true, () => {}]) await note(() => db.backup(path('a'), wrong(options)));
      for (const options of [null, undefined, {}, []]) await note(() => db.backup(path('a'), wrong(options)));
    },
    'the option attached is a name': async ({ db, note, path }) => {
      for (const attached of [undefined, null, 5, {}, '']) await note(() => db.backup(path('a'), { attached: wrong(attached) }));
      await note(() => db.backup(path('a'), { attached: 'none' }));
    },
    'the option progress is a function': async ({ db, note, path }) => {
      for (const progress of [undefined, null, 5, {}, 'x']) await note(() => db.backup(path('a'), { progress: wrong(progress) }));
    },
    'the folder must be there': async ({ db, note, path }) => {
      await note(() => db.backup(path('none/a.db')));
    },
    'is a promise even when it fails': ({ db, note }) => {
      for (const name of [5, '']) note(() => db.backup(wrong(name)).catch((error: Error) => error.message) instanceof Promise);
    },
    'writes what the database holds': async (side) => {
      const { db, note, path } = side;
      db.exec(FILLED);
      await note(() => db.backup(path('a.db')));
      note(() => statSync(path('a.db')).size);
      contents(side, 'a.db');
      note(() => readdirSync(side.folder));
    },
    'the name is trimmed': async (side) => {
      side.db.exec(FILLED);
      await side.note(() => side.db.backup(`  ${side.path('a.db')} `));
      contents(side, 'a.db');
    },
    'of an empty database': async ({ db, note, path }) => {
      await note(() => db.backup(path('a.db')));
      note(() => existsSync(path('a.db')));
    },
    'of an attached database': async (side) => {
      const { db, note, path } = side;
      db.exec("ATTACH ':memory:' AS other; CREATE TABLE other.t (a); INSERT INTO other.t VALUES ('other')");
      db.exec(FILLED);
      await note(() => db.backup(path('other.db'), { attached: 'other' }));
      contents(side, 'other.db');
    },
    'of a file': async (side) => {
      const db = side.open('source.db');
      db.exec(FILLED);
      await side.note(() => db.backup(side.path('a.db')));
      contents(side, 'a.db');
      side.note(() => db.prepare(ALL).pluck().all());
    },
    'of a read-only file': async (side) => {
      side.open('source.db').exec(FILLED).close();
      await side.note(() => side.open('source.db', { readonly: true }).backup(side.path('a.db')));
      contents(side, 'a.db');
    },
    'with indexes, views and triggers': async (side) => {
      const { db, note, path } = side;
      db.exec(`${FILLED}; CREATE INDEX i ON t (a); CREATE VIEW v AS SELECT a FROM t;
        CREATE TRIGGER r AFTER INSERT ON t BEGIN DELETE FROM t WHERE a < 2; END; PRAGMA user_version = 7`);
      await note(() => db.backup(path('a.db')));
      contents(side, 'a.db', 'SELECT name || type || sql FROM sqlite_master');
      contents(side, 'a.db', 'PRAGMA user_version');
      contents(side, 'a.db', 'PRAGMA integrity_check');
    },
    'progress is told, and says how many pages come next': async ({ db, note, path }) => {
      db.exec(FILLED);
      const told: unknown[] = [];
      await note(() =>
        db.backup(path('a.db'), {
          progress: (progress) => {
            told.push({ ...progress });
            return 1;
          },
        }),
      );
      note(() => told);
    },
    'zero pages are a pause': async ({ db, note, path }) => {
      db.exec(FILLED);
      const told: unknown[] = [];
      const answers = [0, 0, 0, 1];
      await note(() =>
        db.backup(path('a.db'), {
          progress: ({ remainingPages }) => {
            told.push(remainingPages);
            return answers.shift();
          },
        }),
      );
      note(() => told);
    },
    'any number of pages will do': async (side) => {
      side.db.exec(FILLED);
      for (const pages of [Number.POSITIVE_INFINITY, 1e300, 2.4, 0.6]) {
        await side.note(() => side.db.backup(side.path('a.db'), { progress: answering(pages) }));
        contents(side, 'a.db');
      }
      for (const pages of [-1, Number.NEGATIVE_INFINITY, 0.4]) {
        await side.note(() => side.db.backup(side.path('a.db'), { progress: answering(pages, 5) }));
      }
    },
    'another answer ends it': async ({ db, note, path }) => {
      db.exec(FILLED);
      for (const answer of [null, 'x', true, {}, Number.NaN, 5n]) {
        await note(() => db.backup(path('a.db'), { progress: answering(answer) }));
        note(() => existsSync(path('a.db')));
      }
    },
    'an exception of progress comes out as it is': async ({ db, note, path }) => {
      db.exec(FILLED);
      for (const thrown of [new Error('mine'), 'text', 5, null]) {
        await note(() =>
          db.backup(path('a.db'), {
            progress: () => {
              throw thrown;
            },
          }),
        );
      }
      note(() => existsSync(path('a.db')));
    },
    'one that is given up leaves the old file': async (side) => {
      const { db, note, path, folder } = side;
      db.exec(FILLED);
      await db.backup(path('a.db'));
      db.exec('INSERT INTO t VALUES (3)');
      await note(() => db.backup(path('a.db'), { progress: answering(1, 'end') }));
      contents(side, 'a.db');
      note(() => readdirSync(folder));
      await note(() => db.backup(path('a.db')));
      contents(side, 'a.db');
    },
    'the new place exists meanwhile': async ({ db, note, path }) => {
      db.exec(FILLED);
      const seen: boolean[] = [];
      await note(() =>
        db.backup(path('a.db'), {
          progress: () => {
            seen.push(existsSync(path('a.db')));
          },
        }),
      );
      note(() => seen);
    },
    'what is no database is left alone': async ({ db, note, path }) => {
      db.exec(FILLED);
      writeFileSync(path('text'), 'text that is no database, again and again. '.repeat(100));
      await note(() => db.backup(path('text')));
      note(() => readFileSync(path('text'), 'utf8').length);
      mkdirSync(path('folder'));
      await note(() => db.backup(path('folder')));
    },
    'an empty file is a place': async (side) => {
      side.db.exec(FILLED);
      writeFileSync(side.path('a.db'), '');
      await side.note(() => side.db.backup(side.path('a.db')));
      contents(side, 'a.db');
    },
    'rows written meanwhile are in it': async (side) => {
      const { db, note, path } = side;
      db.exec(FILLED);
      let calls = 0;
      await note(() =>
        db.backup(path('a.db'), {
          progress: ({ totalPages }) => {
            calls++;
            if (calls === 2) db.prepare('INSERT INTO t VALUES (?)').run('x'.repeat(20_000));
            if (calls > 2) note(() => totalPages);
            return calls < 4 ? 1 : undefined;
          },
        }),
      );
      contents(side, 'a.db', 'SELECT length(a) FROM t');
    },
    'closing the database ends it': async ({ Database, db, note, path }) => {
      db.exec(FILLED);
      let calls = 0;
      await note(() =>
        db.backup(path('a.db'), {
          progress: () => {
            calls++;
            if (calls === 2) db.close();
            return 1;
          },
        }),
      );
      note(() => existsSync(path('a.db')));
      note(() => new Database(':memory:').close().open);
    },
    'after close it is refused': async ({ db, note, path }) => {
      db.close();
      await note(() => db.backup(path('a.db')));
      await note(() => db.backup(wrong(5)));
      note(() => existsSync(path('a.db')));
    },
    'within a transaction that only reads': async (side) => {
      const { db, note, path } = side;
      db.exec(`${FILLED}; BEGIN; SELECT * FROM t`);
      await note(() => db.backup(path('a.db')));
      contents(side, 'a.db');
    },
    'within a transaction that writes': async (side) => {
      const db = side.open('source.db', { timeout: 50 });
      db.exec(`${FILLED}; BEGIN; INSERT INTO t VALUES (3)`);
      await side.note(() => db.backup(side.path('a.db')));
      side.note(() => existsSync(side.path('a.db')));
    },
    'several at once': async (side) => {
      const { db, note, path } = side;
      db.exec(FILLED);
      await note(() => Promise.all(['a.db', 'b.db', 'c.db'].map((name) => db.backup(path(name)))));
      for (const name of ['a.db', 'b.db', 'c.db']) contents(side, name);
    },
    'the database can be used meanwhile': async (side) => {
      const { db, note, path } = side;
      db.exec(FILLED);
      await note(() =>
        db.backup(path('a.db'), {
          progress: () => {
            note(() => db.prepare(ALL).pluck().all());
            note(() => db.pragma('user_version', { simple: true }));
            note(() => db.inTransaction);
          },
        }),
      );
    },
  }),
];
