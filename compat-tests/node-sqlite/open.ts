/** Opening and closing: paths, options, `open()`, `close()`, `isOpen`, `isTransaction`, `location()`, dispose. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { LIMIT_NAMES, ODD_VALUES, rulesOf, type Side, type SideCheck, wrong } from './side.ts';

const BOOLEAN_OPTIONS = [
  'open',
  'readOnly',
  'enableForeignKeyConstraints',
  'enableDoubleQuotedStringLiterals',
  'allowExtension',
  'readBigInts',
  'returnArrays',
  'allowBareNamedParameters',
  'allowUnknownNamedParameters',
  'defensive',
];

/** Opens and tells whether that worked. */
const tellOpening = ({ api, note }: Side, ...args: readonly unknown[]): void => {
  note(() => {
    const db = Reflect.construct(api.DatabaseSync, args) as Side['db'];
    const { isOpen } = db;
    db[Symbol.dispose]();
    return isOpen;
  });
};

const fill = (db: Side['db']): void => db.exec('CREATE TABLE t (a); INSERT INTO t VALUES (1), (2)');

const optionChecks = [...BOOLEAN_OPTIONS, 'timeout', 'limits'].flatMap((option) =>
  rulesOf(`options.${option}`, {
    'values it takes and refuses': (side) => {
      for (const value of [...ODD_VALUES, undefined, false, -1, 2 ** 31, Number.NaN, Infinity]) {
        tellOpening(side, ':memory:', { [option]: value });
      }
    },
  }),
);

const limitOptionChecks = LIMIT_NAMES.flatMap((name) =>
  rulesOf('options.limits', {
    [`its ${name}`]: ({ note, open, ...side }) => {
      for (const value of [0, 1, 5, 100, 2 ** 31 - 1, -1, 1.5, 2 ** 31, '5', null, undefined, Infinity]) {
        note(() => open(':memory:', { limits: { [name]: value } }).limits[wrong(name) as 'length']);
      }
      tellOpening({ note, open, ...side }, ':memory:', { limits: { [`${name}s`]: 'anything' } });
    },
  }),
);

export const openChecks: readonly SideCheck[] = [
  ...optionChecks,
  ...limitOptionChecks,
  ...rulesOf('new DatabaseSync()', {
    'paths that are none': (side) => {
      for (const path of ODD_VALUES) if (typeof path !== 'string') tellOpening(side, path);
      tellOpening(side);
      tellOpening(side, undefined);
      tellOpening(side, 'a\0b');
      tellOpening(side, Buffer.from('a\0b'));
      tellOpening(side, new ArrayBuffer(2));
      tellOpening(side, new Uint16Array(2));
      tellOpening(side, { href: 'file:///x\0' });
      tellOpening(side, { href: 5 });
      tellOpening(side, new URL('http://example.org/x'));
      tellOpening(side, new URL('data:text/plain,x'));
    },
    'paths as a string, a buffer and a URL': (side) => {
      const { path, note } = side;
      tellOpening(side, path('string'));
      tellOpening(side, Buffer.from(path('buffer')));
      tellOpening(side, new Uint8Array(Buffer.from(path('bytes'))));
      tellOpening(side, pathToFileURL(path('url')));
      tellOpening(side, pathToFileURL(path('url')).href);
      note(() => ['string', 'buffer', 'bytes', 'url'].map((name) => existsSync(path(name))));
    },
    'a new file is there at once or with the first table': ({ open, path, note }) => {
      const db = open('later');
      note(() => existsSync(path('later')));
      fill(db);
      note(() => existsSync(path('later')));
    },
    'URIs with parameters': ({ open, path, note }) => {
      const place = pathToFileURL(path('uri')).href;
      fill(open('uri'));
      note(() => open(`${place}?mode=ro`).exec('INSERT INTO t VALUES (1)'));
      note(() => open(`${place}?mode=rw`).exec('INSERT INTO t VALUES (1)'));
      note(() => open(`${place}?mode=memory`).exec('CREATE TABLE t (b)'));
      note(() => open(`${place}-none?mode=rw`));
      note(() => open(`${place}-none?mode=ro`));
      note(() => open(`${place}?mode=odd`));
      note(() => open(`${place}?cache=odd`));
      note(() => open(`${place}?cache=private`).isOpen);
      note(() => open(`${place}?vfs=odd`));
      note(() => open(`${place}?other=odd`).isOpen);
      note(() => open(`${place}#fragment`).prepare('SELECT count(*) AS n FROM t').get());
      note(() => open('file::memory:').location());
      note(() => open('file:').location());
    },
    'a URI that escapes its letters': ({ open, path, note }) => {
      note(() => open(`${pathToFileURL(path('a')).href}%20b%2Bc`).location());
    },
    'the temporary database': ({ open, note }) => {
      const db = open('');
      note(() => db.location());
      note(() => fill(db));
      note(() => db.prepare('SELECT a FROM t').all());
    },
    'options that are none': (side) => {
      for (const options of [...ODD_VALUES, undefined]) tellOpening(side, ':memory:', options);
    },
    'options are read from prototypes too': ({ open, note }) => {
      note(() => open(':memory:', Object.create({ open: false })).isOpen);
    },
    'options in getters that throw': ({ open, note }) => {
      const names = ['open', 'readOnly', 'enableForeignKeyConstraints', 'enableDoubleQuotedStringLiterals', 'allowExtension'];
      names.push('timeout', 'readBigInts', 'returnArrays', 'allowBareNamedParameters', 'allowUnknownNamedParameters');
      names.push('defensive', 'limits');
      for (const name of names) {
        const options = Object.defineProperty({ readBigInts: true, returnArrays: true, timeout: 5 }, name, {
          get() {
            throw new RangeError(`no ${name}`);
          },
        });
        note(() => open(':memory:', options).isOpen);
        note(() => open(':memory:', options).prepare('SELECT ? AS a, :b AS b').get({ b: 1 }));
      }
    },
    'a folder that is not there': ({ open, note, path }) => {
      note(() => open(path('none/x')));
      note(() => open(path('none/x'), { readOnly: true }));
    },
    'a folder in the place of a file': ({ open, note, path }) => {
      mkdirSync(path('folder'));
      note(() => open('folder'));
    },
    'a file that is no database': ({ open, note, path }) => {
      writeFileSync(path('text'), 'this is no database but some text that is long enough to look at'.repeat(20));
      const db = open('text', { open: false });
      note(() => {
        db.open();
        db.prepare('SELECT * FROM sqlite_schema').all();
      });
    },
    'an empty file is an empty database': ({ open, note, path }) => {
      writeFileSync(path('empty'), '');
      const db = open('empty');
      note(() => db.prepare('SELECT * FROM sqlite_schema').all());
      note(() => fill(db));
    },
    'what is no database is refused when it is used': async ({ api, path, open, note }) => {
      const text = 'this is not a database, but more than a hundred bytes of text. '.repeat(40);
      const statements = [
        'SELECT 1',
        'SELECT none',
        'VALUES (1)',
        'SELECT * FROM sqlite_schema',
        'SELECT FROM',
        'CREATE TABLE t (a)',
        'CREATE TEMP TABLE t (a)',
        'DELETE FROM t',
        'EXPLAIN SELECT 1',
        'BEGIN',
        'COMMIT',
        'BEGIN IMMEDIATE',
        'SAVEPOINT s; RELEASE s',
        'VACUUM',
        'REINDEX',
        "ATTACH ':memory:' AS other",
        '',
      ];
      const pragmas = [
        'user_version',
        'journal_mode',
        'foreign_keys',
        'encoding',
        "encoding = 'UTF-8'",
        'synchronous',
        'table_list',
      ];
      for (const [name, bytes] of Object.entries({ text, short: text.slice(0, 5), zeros: Buffer.alloc(5000) })) {
        writeFileSync(path(name), bytes);
        for (const options of [{}, { readOnly: true }]) {
          const db = note(() => open(name, options));
          if (db === undefined) continue;
          for (const sql of statements) note(() => [db.exec(sql), db.isTransaction]);
          for (const pragma of pragmas) note(() => db.prepare(`PRAGMA ${pragma}`).all());
          note(() => db.prepare('SELECT 1'));
          note(() => db.prepare('PRAGMA database_list').all().length);
          note(() => [db.isOpen, db.location() === path(name)]);
          note(() => db.serialize());
          note(() => typeof db.createSession());
          note(() => db.function('f', () => 1));
          await note(() => api.backup(db, path('copy')));
          note(() => db.close());
        }
        const other = open();
        note(() => other.exec(`ATTACH '${path(name)}' AS other`));
        await note(() => api.backup(other, path(name)));
        note(() => readFileSync(path(name)).equals(Buffer.from(bytes)));
      }
    },
  }),
  ...rulesOf('options.open', {
    'what works before open()': ({ open, note, api }) => {
      const db = open(':memory:', { open: false });
      note(() => db.isOpen);
      note(() => db.isTransaction);
      note(() => db.limits);
      note(() => db.location());
      note(() => db.prepare('SELECT 1'));
      note(() => db.exec('SELECT 1'));
      note(() => db.close());
      note(() => db[Symbol.dispose]());
      note(() => db.function('f', () => 1));
      note(() => db.aggregate('f', { start: 0, step: () => 1 }));
      note(() => db.createTagStore());
      note(() => db.createSession());
      note(() => db.applyChangeset(new Uint8Array()));
      note(() => db.enableLoadExtension(false));
      note(() => db.enableDefensive(false));
      note(() => db.loadExtension('x'));
      note(() => db.serialize());
      note(() => db.deserialize(new Uint8Array()));
      note(() => db.setAuthorizer(null));
      note(() => db.setAuthorizer(() => 0));
      note(() => db.createModule('m', { columns: [{ name: 'a', type: 'ANY' }], rows: () => [] }));
      note(() => api.backup(db, 'x'));
      note(() => db.open());
      note(() => db.isOpen);
    },
    'which checks come before that of the state': ({ open, note }) => {
      const db = open(':memory:', { open: false });
      note(() => db.prepare(wrong(5)));
      note(() => db.exec(wrong(5)));
      note(() => db.function(wrong(5), wrong(5)));
      note(() => db.location(wrong(5)));
      note(() => db.createSession(wrong(5)));
      note(() => db.createSession({ table: wrong(5) }));
      note(() => db.applyChangeset(wrong(5)));
      note(() => db.enableLoadExtension(wrong(5)));
      note(() => db.enableDefensive(wrong(5)));
      note(() => db.setAuthorizer(wrong(5)));
      note(() => db.serialize(wrong(5)));
      note(() => db.deserialize(wrong(5)));
      note(() => db.createModule(wrong(5), wrong(5)));
      note(() => db.aggregate(wrong(5), wrong(5)));
    },
  }),
  ...rulesOf('open()', {
    'of a database that is open': ({ db, note }) => {
      note(() => db.open());
      note(() => db.isOpen);
    },
    'again after close()': ({ open, note }) => {
      const db = open('again');
      fill(db);
      db.close();
      note(() => db.open());
      note(() => db.prepare('SELECT a FROM t').all());
    },
    'again a database in memory is empty': ({ db, note }) => {
      fill(db);
      db.close();
      db.open();
      note(() => db.prepare('SELECT name FROM sqlite_schema').all());
    },
    'again keeps the options': ({ open, note }) => {
      const db = open(':memory:', { returnArrays: true, readBigInts: true, limits: { attach: 1 } });
      db.limits.attach = 2;
      db.close();
      db.open();
      note(() => db.prepare('SELECT 1').get());
      note(() => db.limits.attach);
    },
    'again forgets functions and the authorizer': ({ db, note }) => {
      db.function('f', () => 1);
      db.setAuthorizer(() => 1);
      db.close();
      db.open();
      note(() => db.prepare('SELECT 1 AS a').get());
      note(() => db.prepare('SELECT f()'));
    },
    'when it fails the database stays closed': ({ open, note, path }) => {
      const db = open(path('none/x'), { open: false });
      note(() => db.open());
      note(() => db.isOpen);
      note(() => db.open());
    },
  }),
  ...rulesOf('close()', {
    twice: ({ db, note }) => {
      note(() => db.close());
      note(() => db.isOpen);
      note(() => db.close());
    },
    'what works afterwards': ({ db, note }) => {
      const statement = db.prepare('SELECT 1 AS a');
      const iterator = statement.iterate();
      const store = db.createTagStore();
      const session = db.createSession();
      const { limits } = db;
      db.close();
      note(() => statement.get());
      note(() => statement.all());
      note(() => statement.run());
      note(() => statement.iterate());
      note(() => statement.columns());
      note(() => statement.sourceSQL);
      note(() => statement.expandedSQL);
      note(() => statement.setReadBigInts(true));
      note(() => statement.setReturnArrays(true));
      note(() => statement.setAllowBareNamedParameters(true));
      note(() => statement.setAllowUnknownNamedParameters(true));
      note(() => statement.stat('run'));
      note(() => statement.resetStats());
      note(() => statement.close());
      note(() => statement[Symbol.dispose]());
      note(() => iterator.next());
      note(() => iterator.return?.());
      note(() => store.get`SELECT 1`);
      note(() => store.size);
      note(() => store.capacity);
      note(() => store.clear());
      note(() => session.changeset());
      note(() => session.close());
      note(() => session[Symbol.dispose]());
      note(() => limits.length);
      note(() => {
        limits.length = 5;
      });
      note(() => Object.keys(limits));
    },
    'rolls back what is open': ({ open, note }) => {
      const db = open('rolled');
      fill(db);
      db.exec('BEGIN; DELETE FROM t');
      db.close();
      note(() => open('rolled').prepare('SELECT count(*) AS n FROM t').get());
    },
    'arguments do not matter': ({ db, note }) => {
      note(() => Reflect.apply(db.close, db, [5, 'x']));
    },
    'while a statement iterates': ({ db, note }) => {
      const iterator = db.prepare('SELECT 1 AS a UNION SELECT 2').iterate();
      note(() => iterator.next());
      note(() => db.close());
      note(() => iterator.next());
    },
  }),
  ...rulesOf('[Symbol.dispose]()', {
    'closes and does not throw': ({ db, note }) => {
      note(() => db[Symbol.dispose]());
      note(() => db.isOpen);
      note(() => db[Symbol.dispose]());
    },
  }),
  ...rulesOf('isTransaction', {
    'in and out of transactions': ({ db, note }) => {
      for (const sql of [
        'SELECT 1',
        'BEGIN',
        'COMMIT',
        'SAVEPOINT a',
        'SAVEPOINT b',
        'RELEASE b',
        'RELEASE a',
        'BEGIN',
        'ROLLBACK',
      ]) {
        db.exec(sql);
        note(() => [sql, db.isTransaction]);
      }
    },
  }),
  ...rulesOf('location()', {
    'of databases in memory': ({ db, note }) => {
      note(() => db.location());
      note(() => db.location('main'));
      note(() => db.location('temp'));
    },
    'of files': ({ open, note, path }) => {
      const db = open('one');
      db.exec(`ATTACH '${path('two')}' AS other`);
      for (const name of ['main', 'MAIN', 'other', 'temp', 'none', '', undefined]) note(() => db.location(name));
    },
    'of a relative path': ({ open, note, path }) => {
      const before = process.cwd();
      process.chdir(path('.'));
      try {
        note(() => open('./relative').location());
      } finally {
        process.chdir(before);
      }
    },
    'names that are none': ({ db, note }) => {
      for (const value of ODD_VALUES) note(() => db.location(wrong(value)));
    },
  }),
  ...rulesOf('options.readOnly', {
    'of a database that is there': ({ open, note }) => {
      fill(open('there'));
      const db = open('there', { readOnly: true });
      note(() => db.prepare('SELECT a FROM t').all());
      note(() => db.exec('INSERT INTO t VALUES (3)'));
      note(() => db.exec('CREATE TABLE u (a)'));
      note(() => db.prepare('DELETE FROM t').run());
      note(() => db.exec('CREATE TEMP TABLE u (a); INSERT INTO u VALUES (1)'));
    },
    'of one that is not there': ({ open, note }) => {
      note(() => open('missing', { readOnly: true }));
    },
    'of one in memory': ({ open, note }) => {
      const db = open(':memory:', { readOnly: true });
      note(() => db.exec('CREATE TABLE t (a)'));
      note(() => db.prepare('SELECT 1 AS a').get());
    },
  }),
  ...rulesOf('options.enableForeignKeyConstraints', {
    'on, off and by default': ({ open, note }) => {
      for (const options of [{}, { enableForeignKeyConstraints: true }, { enableForeignKeyConstraints: false }]) {
        const db = open(':memory:', options);
        note(() => db.prepare('PRAGMA foreign_keys').get());
        db.exec('CREATE TABLE p (a PRIMARY KEY); CREATE TABLE c (a REFERENCES p)');
        note(() => db.exec('INSERT INTO c VALUES (1)'));
      }
    },
  }),
  ...rulesOf('options.enableDoubleQuotedStringLiterals', {
    'on, off and by default': ({ open, note }) => {
      for (const options of [{}, { enableDoubleQuotedStringLiterals: true }, { enableDoubleQuotedStringLiterals: false }]) {
        const db = open(':memory:', options);
        note(() => db.prepare('SELECT "text" AS a').get());
        note(() => db.exec('CREATE TABLE t (a CHECK (a <> "text"))'));
      }
    },
  }),
  ...rulesOf('options.timeout', {
    'how long a lock is waited for': ({ open, note }) => {
      const [holder, waiter] = [open('busy'), open('busy', { timeout: 50 })];
      fill(holder);
      holder.exec('BEGIN IMMEDIATE');
      note(() => waiter.prepare('PRAGMA busy_timeout').get());
      note(() => waiter.exec('BEGIN IMMEDIATE'));
      note(() => waiter.prepare('INSERT INTO t VALUES (1)').run());
      holder.exec('COMMIT');
      note(() => waiter.exec('BEGIN IMMEDIATE; COMMIT'));
    },
    'by default nobody waits': ({ open, note }) => {
      note(() => open().prepare('PRAGMA busy_timeout').get());
    },
  }),
  ...rulesOf('options.readBigInts', {
    'is what statements begin with': ({ open, note }) => {
      const db = open(':memory:', { readBigInts: true });
      note(() => db.prepare('SELECT 1 AS a, 1.5 AS b').get());
      note(() => db.prepare('SELECT 1 AS a', { readBigInts: false }).get());
      note(() => db.createTagStore().get`SELECT 1 AS a`);
    },
  }),
  ...rulesOf('options.returnArrays', {
    'is what statements begin with': ({ open, note }) => {
      const db = open(':memory:', { returnArrays: true });
      note(() => db.prepare('SELECT 1 AS a, 2 AS b').get());
      note(() => db.prepare('SELECT 1 AS a', { returnArrays: false }).get());
      note(() => db.createTagStore().all`SELECT 1 AS a`);
    },
  }),
  ...rulesOf('options.allowBareNamedParameters', {
    'is what statements begin with': ({ open, note }) => {
      const db = open(':memory:', { allowBareNamedParameters: false });
      note(() => db.prepare('SELECT :a AS a').get({ a: 1 }));
      note(() => db.prepare('SELECT :a AS a').get({ ':a': 1 }));
      note(() => db.prepare('SELECT :a AS a', { allowBareNamedParameters: true }).get({ a: 1 }));
    },
  }),
  ...rulesOf('options.allowUnknownNamedParameters', {
    'is what statements begin with': ({ open, note }) => {
      const db = open(':memory:', { allowUnknownNamedParameters: true });
      note(() => db.prepare('SELECT :a AS a').get({ a: 1, b: 2 }));
      note(() => db.prepare('SELECT :a AS a', { allowUnknownNamedParameters: false }).get({ a: 1, b: 2 }));
    },
  }),
  ...rulesOf('options.defensive', {
    'what is refused': ({ open, note }) => {
      for (const options of [{}, { defensive: true }, { defensive: false }]) {
        const db = open(':memory:', options);
        note(() => db.prepare('PRAGMA journal_mode = OFF').get());
        db.exec('CREATE TABLE t (a NOT NULL)');
        note(() => db.prepare('PRAGMA writable_schema').get());
        note(() => db.exec("UPDATE sqlite_schema SET sql = 'CREATE TABLE t (a)'"));
        db.exec('PRAGMA writable_schema = ON');
        note(() => db.prepare('PRAGMA writable_schema').get());
        note(() => db.exec("UPDATE sqlite_schema SET sql = 'CREATE TABLE t (a)'; PRAGMA schema_version = 7"));
        note(() => db.exec('INSERT INTO t VALUES (NULL)'));
        note(() => db.exec('DELETE FROM sqlite_schema; VACUUM'));
        note(() => db.prepare('SELECT * FROM sqlite_schema').all());
      }
    },
    'nothing new can be written into the schema': ({ open, note }) => {
      const db = open(':memory:', { defensive: false });
      note(() => db.exec("PRAGMA writable_schema = ON; INSERT INTO sqlite_schema VALUES ('table', 'x', 'x', 0, 'y')"));
    },
  }),
  ...rulesOf('enableDefensive()', {
    'arguments that are none': ({ db, note }) => {
      for (const value of [...ODD_VALUES, undefined])
        if (typeof value !== 'boolean') note(() => db.enableDefensive(wrong(value)));
    },
    switches: ({ db, note }) => {
      note(() => db.enableDefensive(false));
      note(() => db.prepare('PRAGMA journal_mode = OFF').get());
      note(() => db.enableDefensive(true));
      note(() => db.prepare('PRAGMA journal_mode = OFF').get());
    },
  }),
  ...rulesOf('enableLoadExtension()', {
    'arguments that are none': ({ db, note }) => {
      for (const value of [...ODD_VALUES, undefined]) {
        if (typeof value !== 'boolean') note(() => db.enableLoadExtension(wrong(value)));
      }
    },
    'where it was not allowed': ({ db, note }) => {
      note(() => db.enableLoadExtension(false));
      note(() => db.enableLoadExtension(true));
    },
    'where it was allowed': ({ open, note }) => {
      const db = open(':memory:', { allowExtension: true });
      note(() => db.enableLoadExtension(true));
      note(() => db.enableLoadExtension(false));
      note(() => db.loadExtension('x'));
    },
  }),
  ...rulesOf('loadExtension()', {
    'where it was not allowed': ({ db, note }) => {
      note(() => db.loadExtension('x'));
      note(() => db.loadExtension(wrong(5)));
    },
    'arguments that are none': ({ open, note }) => {
      const db = open(':memory:', { allowExtension: true });
      for (const value of [...ODD_VALUES, undefined]) if (typeof value !== 'string') note(() => db.loadExtension(wrong(value)));
    },
    'the SQL function stays away': ({ open, note }) => {
      note(() => open(':memory:', { allowExtension: true }).prepare("SELECT load_extension('/none')").get());
      note(() => open().prepare("SELECT load_extension('/none')").get());
    },
  }),
];
