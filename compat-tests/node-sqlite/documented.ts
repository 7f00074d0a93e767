/**
 * Node's page on `node:sqlite`, rule by rule: what it says of each member, as checks.
 *
 * The other files look closer at single members; here every sentence that can be seen from outside has a check of its own.
 */
import { pathToFileURL } from 'node:url';
import { type Database, rulesOf, type Side, type SideCheck, wrong } from './side.ts';

type Rules = Parameters<typeof rulesOf>[1];

const documented = (member: string, rules: Rules): SideCheck[] =>
  rulesOf(member, Object.fromEntries(Object.entries(rules).map(([rule, body]) => [`documented: ${rule}`, body])));

const withRows = (db: Database): Database => {
  db.exec("CREATE TABLE data (key INTEGER PRIMARY KEY, value TEXT); INSERT INTO data VALUES (1, 'hello'), (2, 'world')");
  return db;
};

const opening: Rules = {
  'a Buffer is a path': ({ api, path, note }) => {
    const db = new api.DatabaseSync(Buffer.from(path('buffer.db')));
    note(() => db.exec('CREATE TABLE t (a)'));
    db.close();
    note(() => new api.DatabaseSync(path('buffer.db'), { readOnly: true }).prepare('SELECT name FROM sqlite_schema').all());
  },
  'a URL is a path': ({ api, path, note }) => {
    const db = new api.DatabaseSync(pathToFileURL(path('url.db')));
    note(() => db.exec('CREATE TABLE t (a)'));
    db.close();
    note(() => new api.DatabaseSync(path('url.db'), { readOnly: true }).prepare('SELECT name FROM sqlite_schema').all());
  },
  'open: false opens nothing until open() does': ({ open, note }) => {
    const db = open('late.db', { open: false });
    note(() => db.isOpen);
    note(() => db.exec('SELECT 1'));
    note(() => db.prepare('SELECT 1'));
    note(() => db.open());
    note(() => db.isOpen);
    note(() => db.prepare('SELECT 1 AS one').get());
  },
  'readOnly needs a database that exists': ({ open, note }) => {
    note(() => open('none.db', { readOnly: true }).isOpen);
    withRows(open('some.db')).close();
    const db = open('some.db', { readOnly: true });
    note(() => db.prepare('SELECT value FROM data').all());
    note(() => db.exec("INSERT INTO data VALUES (3, 'no')"));
  },
  'foreign keys are enforced unless the option says otherwise, and PRAGMA switches them': ({ open, note }) => {
    const schema = 'CREATE TABLE p (a PRIMARY KEY); CREATE TABLE c (b REFERENCES p)';
    for (const options of [{}, { enableForeignKeyConstraints: true }, { enableForeignKeyConstraints: false }]) {
      const db = open(':memory:', options);
      db.exec(schema);
      note(() => db.exec('INSERT INTO c VALUES (1)'));
      db.exec('PRAGMA foreign_keys = OFF');
      note(() => db.exec('INSERT INTO c VALUES (2)'));
      db.exec('PRAGMA foreign_keys = ON');
      note(() => db.exec('INSERT INTO c VALUES (3)'));
    }
  },
  'double quotes are strings where the option allows it': ({ open, note }) => {
    for (const options of [{}, { enableDoubleQuotedStringLiterals: true }, { enableDoubleQuotedStringLiterals: false }])
      note(() => open(':memory:', options).prepare('SELECT "text" AS a').get());
  },
  'timeout is how long a lock is waited for': ({ open, note }) => {
    withRows(open('busy.db'));
    const [holder, other] = [open('busy.db'), open('busy.db', { timeout: 50 })];
    holder.exec('BEGIN IMMEDIATE');
    const begun = performance.now();
    note(() => other.exec("INSERT INTO data VALUES (9, 'x')"));
    note(() => performance.now() - begun >= 45);
    note(() => open('busy.db').exec('BEGIN IMMEDIATE'));
  },
  'statements take the options of their database': ({ open, note }) => {
    const db = withRows(open(':memory:', { readBigInts: true, returnArrays: true, allowUnknownNamedParameters: true }));
    note(() => db.prepare('SELECT * FROM data WHERE key = :key').all({ key: 1, other: 2 }));
    note(() => db.prepare('SELECT * FROM data', { readBigInts: false, returnArrays: false }).all());
    const strict = withRows(open(':memory:', { allowBareNamedParameters: false }));
    note(() => strict.prepare('SELECT * FROM data WHERE key = :key').all({ key: 1 }));
    note(() => strict.prepare('SELECT * FROM data WHERE key = :key').all({ ':key': 1 }));
    note(() => strict.prepare('SELECT * FROM data WHERE key = :key', { allowBareNamedParameters: true }).all({ key: 1 }));
  },
  'limits are those of the options': ({ open, note }) => {
    const db = open(':memory:', { limits: { variableNumber: 2, attach: 0 } });
    note(() => [db.limits.variableNumber, db.limits.attach]);
    note(() => db.prepare('SELECT ?, ?, ?'));
    note(() => db.exec("ATTACH ':memory:' AS other"));
  },
};

const databases: Record<string, Rules> = {
  'close()': {
    'an open database is closed, a closed one refuses': ({ db, note }) => {
      note(() => db.close());
      note(() => db.isOpen);
      note(() => db.close());
    },
  },
  'DatabaseSync.prototype[Symbol.dispose]()': {
    'closes, and does nothing when that is done': ({ db, note }) => {
      note(() => db[Symbol.dispose]());
      note(() => db.isOpen);
      note(() => db[Symbol.dispose]());
    },
  },
  'open()': {
    'refuses where the constructor opened': ({ db, note }) => {
      note(() => db.open());
    },
    'opens again what was closed': ({ open, note }) => {
      const db = open('again.db');
      withRows(db);
      db.close();
      note(() => db.open());
      note(() => db.prepare('SELECT count(*) AS n FROM data').get());
    },
  },
  'location()': {
    'a file has a place, memory has none': ({ open, note }) => {
      const db = open('place.db');
      note(() => db.location()?.endsWith('place.db'));
      note(() => db.location('main')?.endsWith('place.db'));
      note(() => open().location());
    },
    'of what was attached': ({ open, path, note }) => {
      const db = open('place.db');
      db.exec(`ATTACH '${path('second.db')}' AS second; ATTACH ':memory:' AS third`);
      note(() => db.location('second')?.endsWith('second.db'));
      note(() => db.location('third'));
      note(() => db.location('none'));
    },
  },
  'exec()': {
    'runs one or more statements and returns nothing': ({ db, note }) => {
      note(() => db.exec('CREATE TABLE t (a); INSERT INTO t VALUES (1); INSERT INTO t VALUES (2); SELECT * FROM t'));
      note(() => db.prepare('SELECT * FROM t').all());
      note(() => db.exec(''));
    },
    'what came before a mistake is done': ({ db, note }) => {
      note(() => db.exec('CREATE TABLE t (a); INSERT INTO t VALUES (1); nonsense; INSERT INTO t VALUES (2)'));
      note(() => db.prepare('SELECT * FROM t').all());
    },
  },
  isTransaction: {
    'tells of BEGIN, COMMIT and ROLLBACK': ({ db, note }) => {
      note(() => db.isTransaction);
      for (const sql of ['BEGIN', 'COMMIT', 'BEGIN', 'ROLLBACK', 'SAVEPOINT s', 'RELEASE s']) {
        db.exec(sql);
        note(() => [sql, db.isTransaction]);
      }
    },
  },
  'serialize()': {
    'a copy of the database that deserialize() takes': ({ db, open, note }) => {
      const bytes = withRows(db).serialize();
      note(() => [bytes instanceof Uint8Array, new TextDecoder().decode(bytes.slice(0, 15))]);
      const clone = open();
      note(() => clone.deserialize(bytes));
      note(() => clone.prepare('SELECT * FROM data').all());
      note(() => clone.exec("INSERT INTO data VALUES (3, 'writable')"));
      note(() => [clone, db].map((each) => each.prepare('SELECT count(*) AS n FROM data').get()));
    },
    'of what was attached': ({ db, note }) => {
      db.exec("ATTACH ':memory:' AS other; CREATE TABLE other.t (a); INSERT INTO other.t VALUES (5)");
      const bytes = db.serialize('other');
      note(() => bytes.length > 0);
      note(() => db.deserialize(bytes, { dbName: 'other' }));
      note(() => db.prepare('SELECT * FROM other.t').all());
    },
  },
  'deserialize()': {
    'takes the place of what was there, and ends its statements': ({ db, open, note }) => {
      const bytes = withRows(open()).serialize();
      db.exec('CREATE TABLE old (a)');
      const statement = db.prepare('SELECT * FROM old');
      note(() => db.deserialize(bytes));
      note(() => statement.all());
      note(() => db.prepare('SELECT name FROM sqlite_schema').all());
    },
    'statements end though it fails': ({ db, note }) => {
      const statement = db.prepare('SELECT 1');
      note(() => db.deserialize(new Uint8Array(0)));
      note(() => statement.get());
    },
    'not while a statement runs': ({ db, open, note }) => {
      const bytes = withRows(open()).serialize();
      db.function('again', () => {
        note(() => db.deserialize(bytes));
        return 1;
      });
      note(() => db.prepare('SELECT again() AS a').get());
    },
  },
  'createTagStore()': {
    'holds 1000 statements where nothing is said': ({ db, note }) => {
      note(() => [db.createTagStore().capacity, db.createTagStore(5).capacity]);
    },
  },
  'createSession()': {
    'tracks one table where one is named': ({ db, open, note }) => {
      db.exec('CREATE TABLE a (k INTEGER PRIMARY KEY); CREATE TABLE b (k INTEGER PRIMARY KEY)');
      const [all, one] = [db.createSession(), db.createSession({ table: 'b' })];
      db.exec('INSERT INTO a VALUES (1); INSERT INTO b VALUES (2)');
      for (const session of [all, one]) {
        const other = open();
        other.exec('CREATE TABLE a (k INTEGER PRIMARY KEY); CREATE TABLE b (k INTEGER PRIMARY KEY)');
        note(() => other.applyChangeset(session.changeset()));
        note(() => other.prepare('SELECT (SELECT count(*) FROM a) AS a, (SELECT count(*) FROM b) AS b').get());
      }
    },
    'tracks a database that was attached': ({ db, note }) => {
      db.exec("ATTACH ':memory:' AS other; CREATE TABLE other.t (k INTEGER PRIMARY KEY); CREATE TABLE t (k INTEGER PRIMARY KEY)");
      const session = db.createSession({ db: 'other' });
      db.exec('INSERT INTO main.t VALUES (1)');
      note(() => session.changeset().length);
      db.exec('INSERT INTO other.t VALUES (1)');
      note(() => session.changeset().length > 0);
    },
  },
};

const functions: Record<string, Rules> = {
  'function()': {
    'as many arguments as the function has, or any': ({ db, note }) => {
      db.function('two', (a: number, b: number) => a + b);
      db.function('any', { varargs: true }, (...args: number[]) => args.length);
      for (const sql of ['two(1, 2)', 'two(1)', 'two(1, 2, 3)', 'any()', 'any(1, 2, 3, 4)'])
        note(() => db.prepare(`SELECT ${sql} AS a`).get());
    },
    'integers come as bigints where that is asked for': ({ db, note }) => {
      db.function('kind', (value: unknown) => typeof value);
      db.function('big', { useBigIntArguments: true }, (value: unknown) => typeof value);
      note(() => db.prepare('SELECT kind(1) AS a, big(1) AS b, big(1.5) AS c').get());
      note(() => db.prepare('SELECT kind(9007199254740993) AS a').get());
      note(() => db.prepare('SELECT big(9007199254740993) AS a').get());
    },
    'only what is deterministic may stand in an index': ({ db, note }) => {
      db.exec('CREATE TABLE t (a)');
      db.function('f', { deterministic: true }, (a: unknown) => a);
      db.function('g', (a: unknown) => a);
      note(() => db.exec('CREATE INDEX i ON t (f(a))'));
      note(() => db.exec('CREATE INDEX j ON t (g(a))'));
    },
    'directOnly is not called from the schema': ({ db, note }) => {
      db.function('d', { directOnly: true }, () => 1);
      note(() => db.prepare('SELECT d() AS a').get());
      db.exec('CREATE VIEW v AS SELECT d() AS a');
      note(() => db.prepare('SELECT * FROM v').get());
    },
    'undefined is NULL, and other values are refused': ({ db, note }) => {
      for (const value of [
        undefined,
        null,
        1,
        1.5,
        5n,
        'text',
        new Uint8Array([1, 2]),
        true,
        {},
        [],
        () => 1,
        Symbol('s'),
        Promise.resolve(1),
      ]) {
        db.function('give', () => value);
        note(() => db.prepare('SELECT give() AS a, typeof(give()) AS t').get());
      }
    },
  },
  'aggregate()': {
    'start, step and result': ({ db, note }) => {
      withRows(db);
      db.aggregate('sumint', { start: 0, step: (sum: number, value: number) => sum + value });
      db.aggregate('listed', {
        start: () => [],
        step: (list: unknown[], value: unknown) => [...list, value],
        result: (list: unknown[]) => list.join('+'),
      });
      note(() => db.prepare('SELECT sumint(key) AS s, listed(value) AS l FROM data').get());
      note(() => db.prepare('SELECT sumint(key) AS s, listed(value) AS l FROM data WHERE 0').get());
    },
    'with inverse it is a window function whose result is asked for often': ({ db, note }) => {
      withRows(db);
      let results = 0;
      db.aggregate('moving', {
        start: 0,
        step: (sum: number, value: number) => sum + value,
        inverse: (sum: number, value: number) => sum - value,
        result: (sum: number) => {
          results++;
          return sum;
        },
      });
      note(() => db.prepare('SELECT moving(key) OVER (ORDER BY key ROWS 1 PRECEDING) AS m FROM data').all());
      note(() => results);
    },
    'without inverse it is none': ({ db, note }) => {
      withRows(db);
      db.aggregate('plain', { start: 0, step: (sum: number, value: number) => sum + value });
      note(() => db.prepare('SELECT plain(key) OVER () AS m FROM data').all());
    },
    'arguments by the number that step has, or any': ({ db, note }) => {
      db.aggregate('pair', { start: 0, step: (sum: number, a: number, b: number) => sum + a * b });
      db.aggregate('many', { start: 0, varargs: true, step: (sum: number, ...all: number[]) => sum + all.length });
      for (const sql of ['pair(2, 3)', 'pair(2)', 'many()', 'many(1, 2, 3)']) note(() => db.prepare(`SELECT ${sql} AS a`).get());
    },
    'integers come as bigints where that is asked for': ({ db, note }) => {
      db.aggregate('kinds', {
        start: '',
        useBigIntArguments: true,
        step: (sum: string, value: unknown) => `${sum}${typeof value} `,
      });
      note(() => db.prepare('SELECT kinds(column1) AS a FROM (VALUES (1), (1.5), (NULL))').get());
    },
  },
  'setAuthorizer()': {
    'five arguments, and null takes it away': ({ db, note }) => {
      withRows(db);
      const asked: unknown[][] = [];
      db.setAuthorizer((...args: unknown[]) => {
        asked.push(args);
        return 0;
      });
      db.prepare('SELECT value FROM data');
      note(() => asked);
      db.setAuthorizer(null);
      db.prepare('SELECT key FROM data');
      note(() => asked.length);
    },
    'OK, DENY and IGNORE': ({ api, db, note }) => {
      withRows(db);
      const { SQLITE_OK, SQLITE_DENY, SQLITE_IGNORE, SQLITE_READ } = api.constants;
      for (const answer of [SQLITE_OK, SQLITE_DENY, SQLITE_IGNORE]) {
        db.setAuthorizer((action: number) => (action === SQLITE_READ ? answer : SQLITE_OK));
        note(() => db.prepare('SELECT value FROM data').all());
      }
    },
    'a table that may not be made': ({ api, db, note }) => {
      db.setAuthorizer((action: number) => (action === api.constants.SQLITE_CREATE_TABLE ? api.constants.SQLITE_DENY : 0));
      note(() => db.prepare('SELECT 1 AS one').get());
      note(() => db.exec('CREATE TABLE blocked (id INTEGER)'));
    },
  },
};

const statements: Record<string, Rules> = {
  'all()': {
    'an array of objects, empty without rows': ({ db, note }) => {
      withRows(db);
      note(() => db.prepare('SELECT * FROM data').all());
      note(() => db.prepare('SELECT * FROM data WHERE 0').all());
      note(() => db.prepare("INSERT INTO data VALUES (3, 'x')").all());
    },
    'named parameters first, then anonymous ones': ({ db, note }) => {
      note(() => db.prepare('SELECT :a AS a, ? AS b, $c AS c, ? AS d').all({ a: 1, $c: 2 }, 3, 4));
      note(() => db.prepare('SELECT ? AS a').all(new Uint16Array([1, 2])));
      note(() => db.prepare('SELECT ? AS a').all(new DataView(new ArrayBuffer(2))));
      note(() => db.prepare('SELECT ? AS a, ? AS b').all(null, 5n));
    },
  },
  'get()': {
    'the first row, or undefined': ({ db, note }) => {
      withRows(db);
      note(() => db.prepare('SELECT * FROM data ORDER BY key DESC').get());
      note(() => db.prepare('SELECT * FROM data WHERE 0').get());
      note(() => db.prepare("INSERT INTO data VALUES (3, 'x')").get());
      note(() => db.prepare('SELECT count(*) AS n FROM data').get());
    },
  },
  'run()': {
    'changes and lastInsertRowid': ({ db, note }) => {
      withRows(db);
      note(() => db.prepare("INSERT INTO data (value) VALUES ('a'), ('b')").run());
      note(() => db.prepare('UPDATE data SET value = key').run());
      note(() => db.prepare('SELECT * FROM data').run());
      const big = db.prepare("INSERT INTO data VALUES (?, 'big')");
      note(() => big.run(9007199254740993n));
      big.setReadBigInts(true);
      note(() => big.run(9007199254740995n));
    },
  },
  'iterate()': {
    'rows one by one, none without rows': ({ db, note }) => {
      withRows(db);
      note(() => [...db.prepare('SELECT * FROM data').iterate()]);
      note(() => [...db.prepare('SELECT * FROM data WHERE 0').iterate()]);
      note(() => [...db.prepare('SELECT * FROM data WHERE key = ?').iterate(2)]);
    },
  },
  'columns()': {
    'what each column is': ({ db, note }) => {
      withRows(db);
      note(() => db.prepare('SELECT key AS k, value, 1 + 1 AS two, (SELECT key FROM data) AS s FROM data AS d').columns());
      note(() => db.prepare('DELETE FROM data').columns());
    },
  },
  expandedSQL: {
    'has the values of the last execution': ({ db, note }) => {
      const statement = db.prepare('SELECT :a AS a, ? AS b');
      note(() => statement.expandedSQL);
      statement.get({ a: "it's" }, 2);
      note(() => statement.expandedSQL);
      statement.get({ a: null }, new Uint8Array([255]));
      note(() => statement.expandedSQL);
    },
  },
  sourceSQL: {
    'is the text as it was given': ({ db, note }) => {
      note(() => db.prepare(' SELECT  1 ; ').sourceSQL);
    },
  },
  'setAllowBareNamedParameters()': {
    'names with and without their prefix': ({ db, note }) => {
      const statement = db.prepare('SELECT :a AS a');
      note(() => [statement.get({ a: 1 }), statement.get({ ':a': 2 })]);
      statement.setAllowBareNamedParameters(false);
      note(() => statement.get({ a: 3 }));
      note(() => statement.get({ ':a': 4 }));
    },
    'a name that two prefixes have': ({ db, note }) => {
      note(() => db.prepare('SELECT $k AS a, @k AS b').get({ k: 1 }));
      note(() => db.prepare('SELECT $k AS a, @k AS b').get({ $k: 1, '@k': 2 }));
    },
  },
  'setAllowUnknownNamedParameters()': {
    'unknown names are refused, or passed over': ({ db, note }) => {
      const statement = db.prepare('SELECT :a AS a');
      note(() => statement.get({ a: 1, b: 2 }));
      statement.setAllowUnknownNamedParameters(true);
      note(() => statement.get({ a: 1, b: 2 }));
    },
  },
  'setReturnArrays()': {
    'of all(), get() and iterate()': ({ db, note }) => {
      const statement = withRows(db).prepare('SELECT * FROM data');
      statement.setReturnArrays(true);
      note(() => [statement.all(), statement.get(), [...statement.iterate()]]);
    },
  },
  'setReadBigInts()': {
    'integers beyond numbers are refused without it': ({ db, note }) => {
      const statement = db.prepare('SELECT 9007199254740993 AS a, 1 AS b, 1.5 AS c');
      note(() => statement.get());
      statement.setReadBigInts(true);
      note(() => statement.get());
    },
    'has nothing to do with writing': ({ db, note }) => {
      db.exec('CREATE TABLE t (a)');
      const statement = db.prepare('INSERT INTO t VALUES (?)');
      note(() => [statement.run(5), statement.run(5n)]);
      note(() => db.prepare('SELECT a, typeof(a) AS t FROM t').all());
    },
  },
  'StatementSync.prototype.close()': {
    'ends a statement once': ({ db, note }) => {
      const statement = db.prepare('SELECT 1');
      note(() => statement.close());
      note(() => statement.get());
      note(() => statement.close());
      note(() => statement[Symbol.dispose]());
    },
  },
  StatementSync: {
    'is made by prepare() alone': ({ api, note }) => {
      note(() => new (wrong(api.StatementSync))());
    },
  },
};

const others: Record<string, Rules> = {
  SQLTagStore: {
    'binds what stands in the template': ({ db, note }) => {
      db.exec('CREATE TABLE users (id INT, name TEXT)');
      const sql = db.createTagStore();
      note(() => sql.run`INSERT INTO users VALUES (1, ${'Alice'})`);
      note(() => sql.run`INSERT INTO users VALUES (${2}, ${'Bob'})`);
      note(() => sql.get`SELECT * FROM users WHERE name = ${'Alice'}`);
      note(() => sql.all`SELECT * FROM users ORDER BY id`);
      note(() => [...sql.iterate`SELECT id FROM users ORDER BY id`]);
      note(() => sql.size);
    },
    'a statement is found by its text and the places of its values': ({ db, note }) => {
      const sql = db.createTagStore();
      for (const id of [1, 2]) sql.get`SELECT ${id} AS a`;
      note(() => sql.size);
      sql.get`SELECT 1 AS a`;
      note(() => sql.size);
      sql.get`select ${1} as a`;
      note(() => sql.size);
    },
    'forgets what was used least lately': ({ db, note }) => {
      const sql = db.createTagStore(2);
      sql.get`SELECT 1 AS a`;
      sql.get`SELECT 2 AS a`;
      sql.get`SELECT 1 AS a`;
      sql.get`SELECT 3 AS a`;
      note(() => [sql.size, sql.capacity, sql.db === db]);
    },
    'clear() forgets all': ({ db, note }) => {
      const sql = db.createTagStore();
      sql.get`SELECT 1 AS a`;
      note(() => sql.clear());
      note(() => [sql.size, sql.get`SELECT 1 AS a`, sql.size]);
    },
    'size, capacity and db are read only': ({ db, note }) => {
      const sql = wrong(db.createTagStore(3));
      for (const name of ['size', 'capacity', 'db']) {
        note(() => {
          sql[name] = 9;
          return name === 'db' ? sql.db === db : sql[name];
        });
      }
    },
  },
  Session: {
    'changesets can be taken again and again, patchsets are shorter': ({ db, note }) => {
      withRows(db);
      const session = db.createSession();
      db.exec("UPDATE data SET value = 'a long text that was changed' WHERE key = 1; DELETE FROM data WHERE key = 2");
      const first = session.changeset();
      note(() => first.length === session.changeset().length);
      note(() => session.patchset().length < session.changeset().length);
      note(() => session.close());
      note(() => session.changeset());
      note(() => session.close());
      note(() => session[Symbol.dispose]());
    },
    'needs its database': ({ open, note }) => {
      const db = withRows(open('session.db'));
      const session = db.createSession();
      db.close();
      note(() => session.changeset());
      note(() => session.patchset());
      note(() => session.close());
    },
  },
  'applyChangeset()': {
    'gives the other database the same rows': ({ db, open, note }) => {
      db.exec('CREATE TABLE data (key INTEGER PRIMARY KEY, value TEXT)');
      const other = open();
      other.exec('CREATE TABLE data (key INTEGER PRIMARY KEY, value TEXT)');
      const session = db.createSession();
      db.exec("INSERT INTO data VALUES (1, 'hello'), (2, 'world')");
      note(() => other.applyChangeset(session.changeset()));
      note(() => other.prepare('SELECT * FROM data').all());
    },
    'a table that the filter leaves out': ({ db, open, note }) => {
      const schema = 'CREATE TABLE a (k INTEGER PRIMARY KEY); CREATE TABLE b (k INTEGER PRIMARY KEY)';
      db.exec(schema);
      const session = db.createSession();
      db.exec('INSERT INTO a VALUES (1); INSERT INTO b VALUES (1)');
      const other = open();
      other.exec(schema);
      const seen: string[] = [];
      note(() => other.applyChangeset(session.changeset(), { filter: (table) => seen.push(table) > 0 && table === 'b' }));
      note(() => seen);
      note(() => other.prepare('SELECT (SELECT count(*) FROM a) AS a, (SELECT count(*) FROM b) AS b').get());
    },
    'what each kind of conflict is called, and what each answer does': (side) => {
      const { api, note } = side;
      const { SQLITE_CHANGESET_OMIT: omit, SQLITE_CHANGESET_REPLACE: replace, SQLITE_CHANGESET_ABORT: abort } = api.constants;
      for (const [kind, make] of Object.entries(conflicts)) {
        for (const answer of [omit, replace, abort, 99, 'thrown']) {
          const { changeset, target } = make(side);
          const kinds: number[] = [];
          note(() => [
            kind,
            answer,
            target.applyChangeset(changeset, {
              onConflict: (conflict: number) => {
                kinds.push(conflict);
                if (answer === 'thrown') throw new Error('thrown');
                return answer as number;
              },
            }),
          ]);
          note(() => [kinds, target.prepare('SELECT * FROM data').all()]);
        }
        const { changeset, target } = make(side);
        note(() => [kind, 'by default', target.applyChangeset(changeset)]);
      }
    },
  },
  'backup()': {
    'copies a database that is used meanwhile, and tells its progress': async ({ api, open, path, note }) => {
      const db = withRows(open('from.db'));
      const fill = db.prepare('INSERT INTO data (value) VALUES (?)');
      db.exec('BEGIN');
      for (let row = 0; row < 500; row++) fill.run('x'.repeat(100));
      db.exec('COMMIT');
      const steps: number[] = [];
      const pages = await api.backup(db, path('to.db'), {
        rate: 1,
        progress: ({ totalPages, remainingPages }) => steps.push(totalPages - remainingPages),
      });
      note(() => [pages > 1, steps.length > 0, steps.every((step, at) => at === 0 || step >= (steps[at - 1] ?? 0))]);
      note(() => open('to.db').prepare('SELECT count(*) AS n FROM data').get());
    },
    'overwrites what is there': async ({ api, open, path, note }) => {
      const old = open('to.db');
      old.exec('CREATE TABLE old (a)');
      old.close();
      await api.backup(withRows(open('from.db')), path('to.db'));
      note(() => open('to.db').prepare('SELECT name FROM sqlite_schema').all());
    },
    'takes a Buffer and a URL': async ({ api, open, path, note }) => {
      const db = withRows(open('from.db'));
      await api.backup(db, Buffer.from(path('buffer.db')));
      await api.backup(db, pathToFileURL(path('url.db')));
      note(() => ['buffer.db', 'url.db'].map((name) => open(name).prepare('SELECT count(*) AS n FROM data').get()));
    },
    'another source': async ({ api, open, path, note }) => {
      const db = open('from.db');
      db.exec("ATTACH ':memory:' AS other; CREATE TABLE other.t (a); INSERT INTO other.t VALUES (7)");
      await api.backup(db, path('to.db'), { source: 'other' });
      note(() => open('to.db').prepare('SELECT * FROM t').all());
    },
    'of a closed database': async ({ api, open, path, note }) => {
      const db = open('from.db');
      db.close();
      note(() => api.backup(db, path('to.db')));
    },
  },
};

const SCHEMA = 'CREATE TABLE data (key INTEGER PRIMARY KEY, value TEXT UNIQUE, parent REFERENCES data)';

/** A changeset, and a database in whose way it is. */
const conflicts: Readonly<Record<string, (side: Side) => { changeset: Uint8Array; target: Database }>> = {
  data: (side) =>
    conflict(
      side,
      "INSERT INTO data VALUES (1, 'a', NULL)",
      "UPDATE data SET value = 'b'",
      "INSERT INTO data VALUES (1, 'other', NULL)",
    ),
  'not found': (side) => conflict(side, "INSERT INTO data VALUES (1, 'a', NULL)", "UPDATE data SET value = 'b'", ''),
  conflict: (side) => conflict(side, '', "INSERT INTO data VALUES (1, 'a', NULL)", "INSERT INTO data VALUES (1, 'there', NULL)"),
  constraint: (side) => conflict(side, '', "INSERT INTO data VALUES (1, 'a', NULL)", "INSERT INTO data VALUES (2, 'a', NULL)"),
  'foreign key': (side) => conflict(side, "INSERT INTO data VALUES (1, 'a', NULL)", "INSERT INTO data VALUES (2, 'b', 1)", ''),
};

function conflict({ open }: Side, before: string, change: string, there: string): { changeset: Uint8Array; target: Database } {
  const [source, target] = [open(), open()];
  source.exec(`${SCHEMA}; ${before}`);
  target.exec(`${SCHEMA}; ${there}`);
  const session = source.createSession();
  source.exec(change);
  return { changeset: session.changeset(), target };
}

export const documentedChecks: readonly SideCheck[] = [
  ...documented('new DatabaseSync()', opening),
  ...[databases, functions, statements, others].flatMap((members) =>
    Object.entries(members).flatMap(([member, rules]) => documented(member, rules)),
  ),
];
