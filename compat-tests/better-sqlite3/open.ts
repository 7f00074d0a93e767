/** `new Database(path, options)`: which arguments it takes, what it opens. */
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rulesOf, type Side, type SideCheck, wrong } from './side.ts';

/** Opens, tells what came, closes. */
function tell({ Database, note }: Side, ...args: unknown[]): void {
  note(() => {
    const db = new Database(...(args as [string]));
    const { name, open, inTransaction, readonly, memory } = db;
    db.close();
    return { name, open, inTransaction, readonly, memory };
  });
}

const option = (key: string, values: readonly unknown[]) => (side: Side) => {
  for (const value of values) tell(side, ':memory:', { [key]: value });
  for (const value of values) tell(side, side.path('x.db'), { [key]: value });
};

const NOT_BOOLEAN = [undefined, null, 0, 1, 'true', {}, []];

export const openChecks: readonly SideCheck[] = [
  ...rulesOf('new Database()', {
    'works without new': ({ Database, note }) => {
      note(() => wrong(Database)(':memory:') instanceof Database);
      note(() => wrong(Database)().memory);
    },
    'can be subclassed': ({ Database, note }) => {
      class Sub extends Database {
        extra(): string {
          return this.name;
        }
      }
      const db = new Sub(':memory:');
      note(() => db.extra());
      note(() => db instanceof Database);
      note(() => db.constructor.name);
      note(() => db.prepare('SELECT 1').database === db);
      note(() => db.exec('SELECT 1') === db);
      db.close();
    },
    'no path is a temporary database': (side) => {
      tell(side);
      tell(side, undefined);
      tell(side, null);
      tell(side, '');
      tell(side, '   ');
      tell(side, ' \n');
    },
    ':memory: is a database in memory': (side) => {
      tell(side, ':memory:');
      tell(side, '  :memory:\t');
    },
    'the path must be a string': (side) => {
      for (const path of [true, {}, [], Symbol('s'), () => 'x', 5n, new Uint8Array(4)]) tell(side, path);
    },
    'options must be an object': (side) => {
      for (const options of [undefined, null, {}, [], 5, 'x', true, () => {}]) tell(side, ':memory:', options);
    },
    'misspelled and removed options are refused': (side) => {
      tell(side, ':memory:', { readOnly: true });
      tell(side, ':memory:', { readOnly: undefined });
      tell(side, ':memory:', { memory: true });
      tell(side, 'x', { memory: false });
      tell(side, ':memory:', { memory: false, readOnly: false });
    },
    'arguments are checked in order': (side) => {
      tell(side, 5n, 5);
      tell(side, ':memory:', { readOnly: 1, readonly: 1 });
      tell(side, ':memory:', { readonly: 1, fileMustExist: 1, timeout: 'x' });
      tell(side, ':memory:', { fileMustExist: 1, timeout: 'x', verbose: 1 });
      tell(side, ':memory:', { timeout: -1, verbose: 1 });
      tell(side, ':memory:', { readonly: true, timeout: -1 });
      tell(side, ':memory:', { verbose: 1, nativeBinding: 5 });
      tell(side, join(side.folder, 'none', 'x.db'), { timeout: -1 });
    },
    'unknown options do not matter': (side) => {
      tell(side, ':memory:', { unknown: 1, READONLY: true });
    },
    'options may be inherited': (side) => {
      tell(side, ':memory:', Object.create({ readonly: true }));
      tell(side, ':memory:', Object.create({ timeout: 'x' }));
    },
    'makes what is not there': ({ open, path, note }) => {
      note(() => existsSync(path('a.db')));
      const db = open('a.db');
      note(() => db.exec('CREATE TABLE t (a)').open);
      note(() => existsSync(path('a.db')));
      db.close();
      note(() => open('a.db').prepare('SELECT name FROM sqlite_master').all());
    },
    'keeps what was written': ({ open, note }) => {
      const db = open('a.db');
      db.exec("CREATE TABLE t (a); INSERT INTO t VALUES (1), ('x'), (x'00ff'), (NULL), (1.5)");
      db.close();
      note(() => open('a.db').prepare('SELECT * FROM t').pluck().all());
    },
    'the name is as given, the path is trimmed': ({ Database, path, note, folder }) => {
      const db = new Database(`  ${path('trimmed.db')} `);
      note(() => db.name.replace(folder, 'F'));
      db.exec('CREATE TABLE t (a)');
      note(() => existsSync(path('trimmed.db')));
      db.close();
    },
    'a name may have any letters': ({ open, note }) => {
      for (const name of [
        'räksmörgås.db',
        '数据库',
        'with space.db',
        "quo'te.db",
        'no-extension',
        '.hidden',
        'a%20b.db',
        '🦀.db',
      ]) {
        note(() => open(name).exec('CREATE TABLE t (a)').open);
      }
    },
    'the folder must be there': (side) => {
      tell(side, join(side.folder, 'none', 'x.db'));
      tell(side, join(side.folder, 'none', 'none', 'x.db'), { fileMustExist: true });
    },
    'what is no database is refused when it is used': ({ path, open, note }) => {
      const text = 'this is not a database, but more than a hundred bytes of text. '.repeat(40);
      const statements = [
        'SELECT 1',
        'SELECT none',
        'SELECT * FROM sqlite_schema',
        'SELECT FROM',
        'CREATE TABLE t (a)',
        'CREATE TEMP TABLE t (a)',
        'INSERT INTO t VALUES (1)',
        'EXPLAIN SELECT 1',
        'BEGIN',
        'COMMIT',
        'BEGIN IMMEDIATE',
        'SAVEPOINT s',
        'ROLLBACK',
        'VACUUM',
        'ANALYZE',
        "ATTACH ':memory:' AS other",
        'DETACH other',
      ];
      const pragmas = ['user_version', 'journal_mode', 'journal_mode = WAL', 'foreign_keys', 'busy_timeout', 'table_list'];
      for (const [name, bytes] of Object.entries({ text, short: text.slice(0, 5), zeros: Buffer.alloc(5000) })) {
        writeFileSync(path(name), bytes);
        for (const options of [{}, { readonly: true }, { fileMustExist: true }]) {
          const db = note(() => open(name, options));
          if (db === undefined) continue;
          note(() => [db.open, db.memory, db.readonly, db.inTransaction]);
          for (const sql of statements) note(() => db.exec(sql).inTransaction);
          for (const pragma of pragmas) note(() => db.pragma(pragma));
          note(() => db.prepare('SELECT 1'));
          note(() => db.pragma('database_list', { simple: true }));
          note(() => db.transaction(() => 1)());
          note(() => db.transaction(() => 1).immediate());
          note(() => db.function('f', () => 1).open);
          note(() => db.close().open);
        }
        note(() => readFileSync(path(name)).equals(Buffer.from(bytes)));
      }
    },
    'what is no database can be neither attached nor copied': async ({ path, db, open, note }) => {
      writeFileSync(path('text'), 'this is not a database, but more than a hundred bytes of text. '.repeat(40));
      note(() => db.exec(`ATTACH '${path('text')}' AS other`));
      note(() => (db.pragma('database_list') as unknown[]).length);
      await note(() => open('text').backup(path('copy')));
      await note(() => open('a.db').backup(path('text')));
    },
    'several connections to one place see each other': ({ open, note }) => {
      const [a, b] = [open('a.db'), open('a.db')];
      a.exec('CREATE TABLE t (a); INSERT INTO t VALUES (1)');
      note(() => b.prepare('SELECT * FROM t').all());
      b.exec('INSERT INTO t VALUES (2)');
      note(() => a.prepare('SELECT * FROM t').all());
    },
    'a file that was removed, moved or replaced is another database': ({ path, open, note }) => {
      const other = open('other.db');
      other.exec('CREATE TABLE z (a)');
      other.close();
      const changes: Readonly<Record<string, (place: string) => void>> = {
        removed: (place) => rmSync(place),
        moved: (place) => renameSync(place, `${place}.old`),
        replaced: (place) => {
          copyFileSync(path('other.db'), `${place}.new`);
          renameSync(`${place}.new`, place);
        },
      };
      for (const [name, change] of Object.entries(changes)) {
        const before = open(name);
        before.exec('CREATE TABLE t (a); INSERT INTO t VALUES (1)');
        note(() => change(path(name)));
        const after = open(name);
        note(() => after.prepare('SELECT name FROM sqlite_schema').all());
        note(() => after.exec('CREATE TABLE t (a); INSERT INTO t VALUES (5)').open);
        note(() => before.prepare('SELECT a FROM t').all());
        note(() => before.exec('INSERT INTO t VALUES (2)').open);
        note(() => open(name).prepare('SELECT a FROM t').all());
        note(() => before.close().open);
        note(() => after.exec('INSERT INTO t VALUES (6)').close().open);
        note(() => open(name).prepare('SELECT a FROM t').all());
      }
      note(() => open('moved.old').prepare('SELECT a FROM t').all());
    },
    'two databases in memory share nothing': ({ Database, db, note }) => {
      const other = new Database(':memory:');
      db.exec('CREATE TABLE t (a)');
      note(() => other.prepare('SELECT * FROM t'));
      other.close();
    },
  }),
  ...rulesOf('options.readonly', {
    'is strictly boolean': option('readonly', [...NOT_BOOLEAN, false]),
    'is not for databases in memory': (side) => {
      tell(side, ':memory:', { readonly: true });
      tell(side, '', { readonly: true });
      tell(side, null, { readonly: true });
    },
    'needs a database': (side) => {
      tell(side, side.path('none.db'), { readonly: true });
      side.note(() => existsSync(side.path('none.db')));
      tell(side, side.path('none.db'), { readonly: true, fileMustExist: false });
    },
    'refuses to write': ({ open, note }) => {
      open('a.db').exec('CREATE TABLE t (a); INSERT INTO t VALUES (1)').close();
      const db = open('a.db', { readonly: true });
      note(() => db.readonly);
      note(() => db.prepare('SELECT * FROM t').all());
      note(() => db.exec('INSERT INTO t VALUES (2)'));
      note(() => db.prepare('INSERT INTO t VALUES (2)').readonly);
      note(() => db.prepare('INSERT INTO t VALUES (2)').run());
      note(() => db.exec('CREATE TABLE u (a)'));
      note(() => db.exec('DELETE FROM t'));
      note(() => db.exec('UPDATE t SET a = 2'));
      note(() => db.exec('BEGIN IMMEDIATE'));
      note(() => db.inTransaction);
      note(() => db.pragma('user_version = 5'));
      note(() => db.pragma('journal_mode = WAL'));
      note(() => db.pragma('journal_mode'));
      note(() => db.exec('BEGIN; SELECT * FROM t; COMMIT'));
      note(() => db.exec('CREATE TEMP TABLE u (a); INSERT INTO u VALUES (1)').open);
      note(() => db.exec('VACUUM'));
      note(() => db.pragma('query_only'));
    },
    'sees what others write': ({ open, note }) => {
      const writer = open('a.db');
      writer.exec('CREATE TABLE t (a)');
      const reader = open('a.db', { readonly: true });
      note(() => reader.prepare('SELECT count(*) FROM t').pluck().get());
      writer.exec('INSERT INTO t VALUES (1)');
      note(() => reader.prepare('SELECT count(*) FROM t').pluck().get());
    },
    'goes with an image': ({ Database, db, note }) => {
      db.exec('CREATE TABLE t (a); INSERT INTO t VALUES (1)');
      const copy = new Database(db.serialize(), { readonly: true });
      note(() => copy.readonly);
      note(() => copy.prepare('SELECT * FROM t').all());
      note(() => copy.exec('INSERT INTO t VALUES (2)'));
      copy.close();
    },
  }),
  ...rulesOf('options.fileMustExist', {
    'is strictly boolean': option('fileMustExist', [...NOT_BOOLEAN, false]),
    'a missing one is an error': (side) => {
      tell(side, side.path('none.db'), { fileMustExist: true });
      side.note(() => existsSync(side.path('none.db')));
    },
    'does not matter in memory': (side) => {
      tell(side, ':memory:', { fileMustExist: true });
      tell(side, '', { fileMustExist: true });
    },
    'opens what is there': ({ open, note }) => {
      open('a.db').exec('CREATE TABLE t (a)').close();
      note(() => open('a.db', { fileMustExist: true }).prepare('SELECT * FROM t').all());
      note(() => open('a.db', { fileMustExist: true }).exec('INSERT INTO t VALUES (1)').open);
    },
  }),
  ...rulesOf('options.timeout', {
    'is a whole number, not below zero': option('timeout', [
      undefined,
      null,
      -1,
      1.5,
      Number.NaN,
      '5',
      {},
      5n,
      Number.POSITIVE_INFINITY,
      0,
      0x7fffffff,
      0x80000000,
    ]),
    'the default is five seconds, PRAGMA busy_timeout tells': ({ db, open, note }) => {
      note(() => db.pragma('busy_timeout'));
      note(() => open('a.db').pragma('busy_timeout', { simple: true }));
      note(() => open('a.db', { timeout: 1234 }).pragma('busy_timeout', { simple: true }));
      note(() => open('a.db', { timeout: 0 }).pragma('busy_timeout', { simple: true }));
    },
    'a lock that stays is SQLITE_BUSY after the time': ({ open, note }) => {
      const holder = open('a.db');
      holder.exec('CREATE TABLE t (a); BEGIN EXCLUSIVE');
      for (const timeout of [0, 250]) {
        const waiter = open('a.db', { timeout });
        const begun = performance.now();
        note(() => waiter.exec('BEGIN EXCLUSIVE'));
        const waited = performance.now() - begun;
        note(() => waited >= timeout * 0.9 && waited < timeout * 3 + 300);
      }
    },
  }),
  ...rulesOf('options.verbose', {
    'is a function, or nothing': option('verbose', [undefined, null, false, 0, 'x', {}, [], () => {}]),
    'hears statements with their values': ({ Database, note }) => {
      const heard: unknown[] = [];
      const db = new Database(':memory:', { verbose: (...args: unknown[]) => heard.push(args) });
      db.exec('CREATE TABLE t (a, b); INSERT INTO t VALUES (1, 2); -- and\nSELECT * FROM t');
      const insert = db.prepare('INSERT INTO t VALUES (?, :b)');
      for (const value of [5, 1.5, 0.1 + 0.2, 2 ** 53, 1e300, 5n, "it's", null, Buffer.from([1, 255]), 'a\0b'])
        insert.run(value, { b: value });
      db.pragma('user_version');
      db.prepare('SELECT count(*) FROM t WHERE a > ?').pluck().get(1);
      db.transaction(() => insert.run(1, { b: 1 }))();
      for (const _row of db.prepare('SELECT a FROM t LIMIT ?').iterate(2)) heard.push('row');
      note(() => heard);
      db.close();
    },
  }),
  ...rulesOf('options.nativeBinding', {
    'is a string or an addon, or nothing': option('nativeBinding', [undefined, null, 5, true, () => {}, Symbol('s'), 5n]),
  }),
  ...rulesOf('new Database(file descriptor)', {
    'the number is checked': (side) => {
      for (const fd of [-1, 1.5, Number.NaN, 0x80000000]) tell(side, fd, { journalFd: 4 });
    },
    'both descriptors are needed': (side) => {
      tell(side, 3);
      tell(side, ':memory:', { journalFd: 3 });
      for (const journalFd of [null, 'x', -1, 1.5, 0x80000000]) tell(side, 3, { journalFd });
      for (const journalFd of [null, 'x', -1]) tell(side, ':memory:', { journalFd });
    },
  }),
  ...rulesOf('new Database(buffer)', {
    'is a database in memory with what the bytes hold': ({ Database, db, note }) => {
      db.exec("CREATE TABLE t (a PRIMARY KEY, b); INSERT INTO t VALUES (1, 'x'), (2, x'00'); CREATE VIEW v AS SELECT b FROM t");
      const copy = new Database(db.serialize());
      note(() => ({ ...copy }));
      note(() => copy.prepare('SELECT * FROM t').all());
      note(() => copy.prepare('SELECT * FROM v').all());
      note(() => copy.exec('INSERT INTO t VALUES (3, 4)').prepare('SELECT count(*) FROM t').get());
      note(() => db.prepare('SELECT count(*) FROM t').get());
      copy.close();
    },
    'no bytes are an empty database': ({ Database, note }) => {
      const db = new Database(Buffer.alloc(0));
      note(() => db.prepare('SELECT * FROM sqlite_master').all());
      note(() => db.exec('CREATE TABLE t (a)').open);
      db.close();
    },
    'bytes that are no database': ({ Database, note }) => {
      note(() => {
        const db = new Database(Buffer.from('not a database at all, though long enough to look like one'.repeat(20)));
        db.prepare('SELECT * FROM sqlite_master').all();
      });
    },
    'changing the bytes afterwards changes nothing': ({ Database, db, note }) => {
      db.exec("CREATE TABLE t (a); INSERT INTO t VALUES ('text')");
      const bytes = db.serialize();
      const copy = new Database(bytes);
      bytes.fill(0);
      note(() => copy.prepare('SELECT * FROM t').all());
      copy.close();
    },
  }),
  ...rulesOf('Database.name', {
    'is the path as it was given': ({ Database, note }) => {
      for (const name of [':memory:', ' :memory: ', '', ' ']) note(() => new Database(name).name);
      note(() => new Database().name);
    },
    'stays after close': ({ db, note }) => {
      note(() => db.close().name);
    },
  }),
  ...rulesOf('Database.memory', {
    'tells whether there is no file': ({ Database, open, note }) => {
      note(() => new Database(':memory:').memory);
      note(() => new Database('').memory);
      note(() => open('a.db').memory);
      note(() => open('a.db').close().memory);
    },
  }),
  ...rulesOf('Database.readonly', {
    'tells how it was opened': ({ open, note }) => {
      note(() => open('a.db').exec('CREATE TABLE t (a)').readonly);
      const reader = open('a.db', { readonly: true });
      note(() => reader.readonly);
      note(() => reader.close().readonly);
      note(() => open('a.db', { readonly: false }).readonly);
    },
    'does not follow query_only': ({ db, note }) => {
      db.pragma('query_only = 1');
      note(() => db.readonly);
      note(() => db.exec('CREATE TABLE t (a)'));
    },
  }),
  ...rulesOf('a folder at the path', {
    'is refused': (side) => {
      mkdirSync(side.path('folder'));
      writeFileSync(join(side.path('folder'), 'file'), 'x');
      tell(side, side.path('folder'));
    },
  }),
];
