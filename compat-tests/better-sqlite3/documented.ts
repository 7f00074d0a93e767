/**
 * better-sqlite3's pages on its API, on integers, unsafe mode, performance and compilation, rule by rule.
 *
 * The other files look closer at single members; here every sentence that can be seen from outside has a check of its own.
 */
import { existsSync, writeFileSync } from 'node:fs';
import type { Database } from 'pluresdb';
import { rulesOf, type SideCheck, wrong } from './side.ts';

type Rules = Parameters<typeof rulesOf>[1];

const documented = (member: string, rules: Rules): SideCheck[] =>
  rulesOf(member, Object.fromEntries(Object.entries(rules).map(([rule, body]) => [`documented: ${rule}`, body])));

const CATS =
  "CREATE TABLE cats (name TEXT PRIMARY KEY, age INTEGER); INSERT INTO cats VALUES ('Joey', 2), ('Sally', 4), ('Junior', 1)";

function withCats(db: Database): Database {
  db.exec(CATS);
  return db;
}

const opening: Rules = {
  'is ready at once, and makes the file': ({ open, path, note }) => {
    const db = open('new.db');
    note(() => db.open);
    note(() => existsSync(path('new.db')));
    note(() => db.prepare('SELECT 1 AS one').get());
  },
  'memory, temporary and named databases': ({ Database, path, note }) => {
    for (const name of [':memory:', '', path('named.db')]) {
      const db = new Database(name);
      note(() => [db.name === name, db.memory, db.readonly, db.open, db.inTransaction]);
      db.close();
    }
    note(() => new Database().memory);
  },
  'readonly writes nothing': ({ open, note }) => {
    withCats(open('some.db')).close();
    const db = open('some.db', { readonly: true });
    note(() => db.readonly);
    note(() => db.prepare('SELECT count(*) FROM cats').pluck().get());
    for (const sql of ['DELETE FROM cats', 'CREATE TABLE t (a)', 'BEGIN IMMEDIATE', 'PRAGMA user_version = 1']) {
      note(() => db.exec(sql));
    }
    note(() => db.exec('CREATE TEMP TABLE t (a); INSERT INTO t VALUES (1)') === db);
  },
  'fileMustExist says so when it does not': ({ open, path, note }) => {
    note(() => open('none.db', { fileMustExist: true }));
    note(() => existsSync(path('none.db')));
    note(() => open('none.db', { readonly: true, fileMustExist: false }));
    open('none.db').close();
    note(() => open('none.db', { fileMustExist: true }).open);
  },
  'fileMustExist does not matter to memory': ({ Database, note }) => {
    note(() => new Database(':memory:', { fileMustExist: true }).open);
    note(() => new Database('', { fileMustExist: true }).open);
  },
  'timeout is how long a locked database is waited for': ({ open, note }) => {
    withCats(open('locked.db')).exec('BEGIN IMMEDIATE');
    const begun = Date.now();
    const other = open('locked.db', { timeout: 60 });
    note(() => other.exec('DELETE FROM cats'));
    note(() => Date.now() - begun >= 50);
    note(() => other.pragma('busy_timeout', { simple: true }));
  },
  'verbose is called with the text that is run': ({ Database, note }) => {
    const texts: unknown[] = [];
    const db = new Database(':memory:', { verbose: (...args: unknown[]) => texts.push(args) });
    withCats(db);
    db.prepare('SELECT * FROM cats WHERE age > ?').all(1);
    db.prepare('SELECT * FROM cats WHERE age > @age AND name <> @name').all({ age: 1, name: "O'Neil" });
    db.pragma('user_version');
    db.transaction(() => db.prepare('DELETE FROM cats').run())();
    note(() => texts);
    db.close();
  },
  'a Buffer is a serialized database': ({ Database, db, note }) => {
    const buffer = withCats(db).serialize();
    const copy = new Database(buffer);
    note(() => [copy.memory, copy.readonly, copy.name]);
    note(() => copy.prepare('SELECT * FROM cats').all());
    copy.exec('DELETE FROM cats');
    note(() => copy.prepare('SELECT count(*) FROM cats').pluck().get());
    note(() => db.prepare('SELECT count(*) FROM cats').pluck().get());
    const fixed = new Database(buffer, { readonly: true });
    note(() => fixed.exec('DELETE FROM cats'));
    copy.close();
    fixed.close();
  },
  'a file that is none is refused when it is read': ({ open, path, note }) => {
    writeFileSync(path('text.db'), 'This is no database, but a file of text that is long enough to be one.'.repeat(20));
    const db = open('text.db');
    note(() => db.prepare('SELECT * FROM sqlite_master').all());
  },
};

const transactions: Rules = {
  'commits what the function did, and returns what it returned': ({ db, note }) => {
    const insert = withCats(db).prepare('INSERT INTO cats VALUES (@name, @age)');
    const many = db.transaction((cats: { name: string; age: number }[]) => {
      for (const cat of cats) insert.run(cat);
      return cats.length;
    });
    note(() =>
      many([
        { name: 'A', age: 1 },
        { name: 'B', age: 2 },
      ]),
    );
    note(() => db.inTransaction);
    note(() =>
      many([
        { name: 'C', age: 1 },
        { name: 'A', age: 2 },
      ]),
    );
    note(() => db.inTransaction);
    note(() => db.prepare('SELECT name FROM cats').pluck().all());
  },
  'within another it is a savepoint': ({ db, note }) => {
    const insert = withCats(db).prepare('INSERT INTO cats VALUES (?, 0)');
    const inner = db.transaction((name: string) => {
      insert.run(name);
      if (name === 'bad') throw new Error('bad');
    });
    const outer = db.transaction(() => {
      inner('one');
      note(() => inner('bad'));
      inner('two');
    });
    note(() => outer());
    note(() => db.prepare('SELECT name FROM cats WHERE age = 0').pluck().all());
  },
  'deferred, immediate and exclusive': ({ Database, note }) => {
    const texts: string[] = [];
    const db = new Database(':memory:', { verbose: (text?: unknown) => texts.push(String(text)) });
    const run = db.transaction(() => db.inTransaction);
    for (const variant of [run, run.default, run.deferred, run.immediate, run.exclusive]) note(() => variant());
    note(() => texts);
    note(() => (run.immediate as unknown) === (run.exclusive as unknown as typeof run).immediate);
    db.close();
  },
  'when SQLite rolled back': ({ db, note }) => {
    withCats(db);
    const outer = db.transaction(() => {
      db.exec("INSERT INTO cats VALUES ('new', 1)");
      try {
        db.exec("INSERT OR ROLLBACK INTO cats VALUES ('new', 1)");
      } catch (error) {
        note(() => db.inTransaction);
        throw error;
      }
    });
    note(() => outer());
    note(() => db.inTransaction);
    note(() => db.prepare('SELECT count(*) FROM cats').pluck().get());
  },
  'an error that was caught although SQLite rolled back': ({ db, note }) => {
    withCats(db);
    const outer = db.transaction(() => {
      note(() => db.exec("INSERT OR ROLLBACK INTO cats VALUES ('Joey', 1)"));
      return 'went on';
    });
    note(() => outer());
    note(() => db.inTransaction);
  },
  'async functions are refused': ({ db, note }) => {
    withCats(db);
    note(() => db.transaction(async () => db.exec('DELETE FROM cats'))());
    note(() => db.inTransaction);
    note(() => db.prepare('SELECT count(*) FROM cats').pluck().get());
  },
  'passes arguments and this on': ({ db, note }) => {
    const self = { name: 'self' };
    const run = db.transaction(function (this: unknown, ...args: unknown[]) {
      return [this === self, args];
    });
    note(() => Reflect.apply(run, self, [1, 'two']));
    note(() => Reflect.apply(run.immediate, self, []));
  },
};

const pragmas: Rules = {
  'rows as objects, or the first column of the first': ({ db, note }) => {
    note(() => db.pragma('cache_size = 32000'));
    note(() => db.pragma('cache_size', { simple: true }));
    note(() => db.pragma('cache_size'));
    note(() => db.pragma('table_info(none)', { simple: true }));
    note(() => db.pragma('nonsense'));
    note(() => db.pragma('cache_size; cache_size'));
    note(() => db.pragma('cache_size ='));
  },
  'the settings this distribution begins with': ({ open, note }) => {
    const db = open('set.db');
    for (const name of [
      'foreign_keys',
      'cache_size',
      'synchronous',
      'journal_mode',
      'busy_timeout',
      'encoding',
      'trusted_schema',
    ]) {
      note(() => [name, db.pragma(name, { simple: true })]);
    }
    note(() => db.pragma('journal_mode = WAL', { simple: true }));
    note(() => db.pragma('synchronous', { simple: true }));
    note(() => db.pragma('synchronous = FULL'));
    note(() => db.pragma('synchronous', { simple: true }));
    note(() => (db.pragma('wal_checkpoint(RESTART)') as unknown[]).length);
  },
};

const functions: Rules = {
  'a function by the number of its arguments': ({ db, note }) => {
    note(() => db.function('add2', (a: number, b: number) => a + b) === db);
    note(() => db.prepare('SELECT add2(?, ?)').pluck().get(12, 4));
    note(() => db.prepare('SELECT add2(?, ?)').pluck().get('foo', 'bar'));
    note(() => db.prepare('SELECT add2(?, ?, ?)').pluck().get(12, 4, 18));
  },
  'several of one name, and the last of a number': ({ db, note }) => {
    db.function('f', () => 'none');
    db.function('f', (_a: unknown) => 'one');
    db.function('F', (_a: unknown, _b: unknown) => 'two');
    note(() => db.prepare('SELECT f(), f(1), f(1, 2)').raw().get());
    db.function('f', (_a: unknown) => 'another');
    note(() => db.prepare('SELECT f(), f(1), f(1, 2)').raw().get());
    db.function('f', { varargs: true }, (...args: unknown[]) => args.length);
    note(() => db.prepare('SELECT f(), f(1), f(1, 2), f(1, 2, 3)').raw().get());
  },
  'varargs and deterministic': ({ db, note }) => {
    db.function('void', { deterministic: true, varargs: true }, () => undefined);
    note(() => db.prepare('SELECT void()').pluck().get());
    note(() => db.prepare('SELECT void(?, ?)').pluck().get(55, 19));
    db.exec('CREATE TABLE t (a); CREATE INDEX i ON t (void(a))');
    db.function('chance', () => 4);
    note(() => db.exec('CREATE INDEX j ON t (chance())'));
  },
  'directOnly is not called from the schema': ({ db, note }) => {
    db.function('f', { directOnly: true }, () => 1);
    note(() => db.prepare('SELECT f()').pluck().get());
    db.exec('CREATE TABLE t (a); CREATE VIEW v AS SELECT f() AS x; CREATE TRIGGER r AFTER INSERT ON t BEGIN SELECT f(); END');
    note(() => db.prepare('SELECT * FROM v').get());
    note(() => db.exec('INSERT INTO t VALUES (1)'));
  },
  'values of all kinds, in and out': ({ db, note }) => {
    db.function('same', (value: unknown) => wrong(value));
    for (const sql of ['1', '1.5', "'text'", "x'00ff'", 'NULL', '9007199254740993']) {
      note(() => db.prepare(`SELECT same(${sql}) AS v, typeof(same(${sql})) AS t`).get());
    }
    for (const value of [
      1n,
      1,
      'a',
      Buffer.from('b'),
      new Uint8Array(2),
      null,
      undefined,
      true,
      {},
      [],
      2n ** 63n,
      Symbol('s'),
    ]) {
      db.function('made', () => wrong(value));
      note(() => db.prepare('SELECT made() AS v, typeof(made()) AS t').get());
    }
  },
};

const aggregates: Rules = {
  'start, step and result': ({ db, note }) => {
    withCats(db);
    note(() => db.aggregate('addAll', { start: 0, step: wrong((total: number, next: number) => total + next) }) === db);
    note(() => db.prepare('SELECT addAll(age) FROM cats').pluck().get());
    note(() => db.prepare('SELECT addAll(age) FROM cats WHERE 0').pluck().get());
    db.aggregate('average', {
      start: () => [],
      step: wrong((array: number[], next: number) => {
        array.push(next);
      }),
      result: wrong((array: number[]) => array.reduce((sum, value) => sum + value, 0) / array.length),
    });
    note(() => db.prepare('SELECT average(age) FROM cats').pluck().get());
    note(() => db.prepare('SELECT age > 1 AS old, average(age) AS v FROM cats GROUP BY 1').all());
    db.aggregate('last', { step: wrong((_total: unknown, next: unknown) => next) });
    note(() => db.prepare('SELECT last(name) FROM (SELECT * FROM cats ORDER BY name)').pluck().get());
    note(() => db.prepare('SELECT last(name) FROM cats WHERE 0').pluck().get());
  },
  'with inverse it is a window function': ({ db, note }) => {
    withCats(db);
    let results = 0;
    db.aggregate('sumUp', {
      start: 0,
      step: wrong((total: number, next: number) => total + next),
      inverse: wrong((total: number, dropped: number) => total - dropped),
      result: wrong((total: number) => {
        results++;
        return Math.round(total);
      }),
    });
    const sql =
      'SELECT name, sumUp(age) OVER (ORDER BY name ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS v FROM cats ORDER BY name';
    note(() => db.prepare(sql).all());
    note(() => results);
    note(() => db.prepare('SELECT sumUp(age) FROM cats').pluck().get());
  },
  'several arguments, or any number': ({ db, note }) => {
    withCats(db);
    db.aggregate('product', { start: 0, step: wrong((total: number, a: number, b: number) => total + a * b) });
    note(() => db.prepare('SELECT product(age, 2) FROM cats').pluck().get());
    note(() => db.prepare('SELECT product(age) FROM cats').pluck().get());
    db.aggregate('count_all', {
      start: 0,
      varargs: true,
      step: wrong((total: number, ...args: unknown[]) => total + args.length),
    });
    note(() => db.prepare('SELECT count_all(), count_all(1), count_all(1, 2) FROM cats').raw().get());
  },
};

const tables: Rules = {
  'a generator of rows': ({ db, note }) => {
    db.table('files', {
      columns: ['name', 'size'],
      *rows() {
        yield { name: 'a', size: 1 };
        yield ['b', 2];
      },
    });
    note(() => db.prepare('SELECT * FROM files').all());
    note(() => db.prepare('SELECT sum(size) FROM files WHERE name > ?').pluck().get('a'));
    note(() => db.exec('INSERT INTO files VALUES (1, 2)'));
  },
  'parameters are its arguments': ({ db, note }) => {
    db.table('sequence', {
      columns: ['value'],
      parameters: ['length', 'start'],
      *rows(length: unknown, start: unknown = 0) {
        for (let n = Number(start); n < Number(start) + Number(length); n++) yield { value: n };
      },
    });
    note(() => db.prepare('SELECT * FROM sequence(5)').pluck().all());
    note(() => db.prepare('SELECT * FROM sequence(?, ?)').pluck().all(3, 10));
    note(() => db.prepare('SELECT value FROM sequence WHERE length = 2 AND start = 7').pluck().all());
    note(() => db.prepare('SELECT * FROM sequence').pluck().all());
    note(() => db.prepare('SELECT * FROM sequence(NULL)').pluck().all());
    note(() => db.prepare('SELECT * FROM sequence(1, 2, 3)').pluck().all());
    note(() => db.prepare('SELECT *, length, start FROM sequence(2, 1)').all());
  },
  'a function makes tables of a module': ({ db, note }) => {
    const given: unknown[] = [];
    db.table(
      'csv',
      wrong(function (this: unknown, ...args: unknown[]) {
        given.push(args);
        return {
          columns: ['line'],
          *rows() {
            for (const arg of args) yield [arg];
          },
        };
      }),
    );
    note(() => db.exec('CREATE VIRTUAL TABLE one USING csv(\'a b\', "c", 5)'));
    note(() => db.prepare('SELECT * FROM one').pluck().all());
    note(() => given);
    note(() => db.prepare('SELECT * FROM csv').all());
    note(() => db.exec('DROP TABLE one'));
    note(() => db.prepare('SELECT * FROM one'));
  },
};

const others: Rules = {
  'exec: statements up to a mistake, nothing undone': ({ db, note }) => {
    note(() => withCats(db).exec("INSERT INTO cats VALUES ('x', 1); INSERT INTO cats VALUES ('x', 1); DELETE FROM cats"));
    note(() => db.prepare('SELECT count(*) FROM cats').pluck().get());
    note(() => db.exec('-- nothing at all') === db);
  },
};

const closing: Rules = {
  'no statement is made or run behind it': ({ db, note }) => {
    const statement = withCats(db).prepare('SELECT * FROM cats');
    const insert = db.prepare("INSERT INTO cats VALUES ('z', 1)");
    note(() => db.close() === db);
    note(() => [db.open, db.inTransaction, db.name, db.memory, db.readonly]);
    for (const use of [
      () => statement.get(),
      () => statement.all(),
      () => statement.iterate(),
      () => statement.columns(),
      () => insert.run(),
      () => db.prepare('SELECT 1'),
      () => db.exec('SELECT 1'),
      () => db.pragma('user_version'),
      () => db.transaction(() => 1),
      () => db.serialize(),
    ]) {
      note(use);
    }
    note(() => db.close() === db);
  },
};

const running: Rules = {
  'changes are those of the statement itself': ({ db, note }) => {
    db.exec(`CREATE TABLE p (a INTEGER PRIMARY KEY); CREATE TABLE c (b REFERENCES p ON DELETE CASCADE); CREATE TABLE log (m);
      CREATE TRIGGER r AFTER INSERT ON p BEGIN INSERT INTO log VALUES (1), (2); END`);
    note(() => db.prepare('INSERT INTO p VALUES (10), (20)').run());
    note(() => db.prepare('INSERT INTO c VALUES (10), (10), (20)').run());
    note(() => db.prepare('DELETE FROM p').run());
    note(() => db.prepare('DELETE FROM p').run());
    note(() => db.prepare('SELECT * FROM log').run());
    note(() => db.prepare('CREATE TABLE more (a)').run());
    note(() => db.prepare('INSERT INTO p DEFAULT VALUES').run());
    note(() => db.prepare('UPDATE p SET a = a + 1').run());
  },
};

const reading: Rules = {
  'get: the first row or undefined': ({ db, note }) => {
    const statement = withCats(db).prepare('SELECT age FROM cats WHERE name = ?');
    note(() => statement.get('Joey'));
    note(() => statement.get('nobody'));
    note(() => statement.get());
    note(() => db.prepare('DELETE FROM cats').get());
  },
  'iterate: closed by break and by a mistake': ({ db, note }) => {
    withCats(db);
    const statement = db.prepare('SELECT name, json(CASE name WHEN ? THEN 1 ELSE ? END) AS v FROM cats ORDER BY name');
    const seen: unknown[] = [];
    for (const row of statement.iterate('Joey', '[]')) {
      seen.push(row);
      break;
    }
    note(() => seen);
    note(() => statement.busy);
    note(() => [...statement.iterate('Joey', '{')]);
    note(() => statement.busy);
    note(() => db.exec('DELETE FROM cats') === db);
  },
  'pluck, expand and raw: one at a time, on and off': ({ db, note }) => {
    withCats(db).exec("CREATE TABLE owners (name TEXT, cat TEXT); INSERT INTO owners VALUES ('Ann', 'Joey')");
    const statement = db.prepare('SELECT cats.*, owners.*, 1 + 1 AS two FROM cats JOIN owners ON cat = cats.name');
    note(() => statement.get());
    for (const mode of ['pluck', 'expand', 'raw', 'pluck'] as const) {
      note(() => statement[mode]() === statement);
      note(() => statement.get());
    }
    note(() => statement.expand(false).get());
    note(() => statement.pluck(false).get());
    note(() => statement.raw(true).all());
    note(() => statement.raw(false).all());
  },
  'columns: name, column, table, database and type': ({ db, note }) => {
    withCats(db);
    note(() => db.prepare('SELECT name AS n, age, age + 1, c.name FROM cats AS c').columns());
    note(() => db.prepare('WITH q(x) AS (SELECT age FROM cats) SELECT x FROM q').columns());
    note(() => db.prepare('DELETE FROM cats RETURNING age, 1').columns());
    note(() => db.prepare('DELETE FROM cats').columns());
  },
  'bind: for good, and once': ({ db, note }) => {
    const statement = withCats(db).prepare('SELECT age FROM cats WHERE name = ?');
    note(() => statement.bind('Joey') === statement);
    note(() => statement.get());
    note(() => statement.get());
    note(() => statement.get('Sally'));
    note(() => statement.bind('Sally'));
  },
  properties: ({ db, note }) => {
    withCats(db);
    for (const sql of [
      'SELECT 1',
      'DELETE FROM cats',
      'DELETE FROM cats RETURNING 1',
      'PRAGMA user_version',
      'BEGIN',
      ' CREATE TABLE t (a) ',
    ]) {
      const statement = db.prepare(sql);
      note(() => [statement.source, statement.reader, statement.readonly, statement.busy, statement.database === db]);
    }
  },
};

const binding: Rules = {
  'anonymous parameters in all their ways': ({ db, note }) => {
    const statement = db.prepare('SELECT ? AS a, ? AS b, ? AS c').raw();
    note(() => statement.get('John', 'Smith', 45));
    note(() => statement.get(['John', 'Smith', 45]));
    note(() => statement.get(['John'], ['Smith', 45]));
    note(() => statement.get(['John'], 'Smith', [45]));
    note(() => statement.get([], 'John', [], ['Smith'], 45));
  },
  'names with each prefix': ({ db, note }) => {
    const person = { first: 'John', last: 'Smith', age: 45 };
    for (const sql of ['@first, @last, @age', ':first, :last, :age', '$first, $last, $age', '@first, :last, $age']) {
      note(() => db.prepare(`SELECT ${sql}`).raw().get(person));
    }
    note(() => db.prepare('SELECT @first').pluck().get({ '@first': 1 }));
  },
  'names beside anonymous ones': ({ db, note }) => {
    const statement = db.prepare('SELECT @name, @name, ?').raw();
    note(() => statement.get(45, { name: 'Henry' }));
    note(() => statement.get({ name: 'Henry' }, 45));
    note(() => statement.get({ name: 'Henry' }, [45]));
    note(() => statement.get(45));
  },
  'which type becomes which': ({ db, note }) => {
    const statement = db.prepare('SELECT typeof(?)').pluck();
    for (const value of [null, undefined, 1, 1.5, 1n, 'text', Buffer.from('a'), new Uint8Array(1), new Float64Array(1)]) {
      note(() => statement.get(value));
    }
    for (const value of [true, new Date(0), new ArrayBuffer(1), Symbol('s'), () => 1, /x/])
      note(() => statement.get(wrong(value)));
  },
};

const integers: Rules = {
  'bigints of 64 bits are bound, larger ones refused': ({ db, note }) => {
    db.exec('CREATE TABLE users (id INTEGER PRIMARY KEY)');
    note(() => db.prepare('INSERT INTO users (id) VALUES (?)').run(1152735103331642317n));
    note(() => db.prepare('SELECT * FROM users WHERE id = ?').get(1152735103331642317n));
    note(() =>
      db
        .prepare('SELECT ?')
        .pluck()
        .get(2n ** 63n - 1n),
    );
    note(() =>
      db
        .prepare('SELECT ?')
        .pluck()
        .get(-(2n ** 63n)),
    );
    note(() =>
      db
        .prepare('SELECT ?')
        .pluck()
        .get(2n ** 63n),
    );
    note(() =>
      db
        .prepare('SELECT ?')
        .pluck()
        .get(-(2n ** 63n) - 1n),
    );
  },
  'the default of the database, and of a statement': ({ db, note }) => {
    db.exec('CREATE TABLE t (a INTEGER PRIMARY KEY, r REAL)');
    const before = db.prepare('SELECT 1 AS one, 1.5 AS real');
    note(() => db.defaultSafeIntegers() === db);
    const after = db.prepare('SELECT 1 AS one, 1.5 AS real');
    note(() => [before.get(), after.get()]);
    note(() => db.prepare('INSERT INTO t VALUES (7, 2)').run());
    note(() => db.prepare('SELECT * FROM t').get());
    note(() => db.pragma('user_version', { simple: true }));
    note(() => after.safeIntegers(false).get());
    note(() => before.safeIntegers().get());
    db.defaultSafeIntegers(false);
    note(() => db.prepare('SELECT 1 AS one').get());
  },
  'functions, aggregates and tables get bigints': ({ db, note }) => {
    db.function('isInt', { safeIntegers: true }, (value: unknown) => String(typeof value === 'bigint'));
    note(() => db.prepare('SELECT isInt(?)').pluck().get(10));
    note(() => db.prepare('SELECT isInt(?)').pluck().get(10n));
    db.aggregate('addInts', { safeIntegers: true, start: wrong(0n), step: wrong((total: bigint, next: bigint) => total + next) });
    note(() => db.prepare('SELECT addInts(value) FROM json_each(?)').pluck().get('[1, 2, 3]'));
    db.table('sequence', {
      safeIntegers: true,
      columns: ['value'],
      parameters: ['length', 'start'],
      rows: wrong(function* (length: bigint, start = 0n) {
        for (let n = start; n < start + length; n++) yield { value: n };
      }),
    });
    note(() => db.prepare('SELECT * FROM sequence(3, 5)').pluck().all());
    db.defaultSafeIntegers();
    db.function('kind', (value: unknown) => typeof value);
    note(() => db.prepare('SELECT kind(1)').pluck().get());
  },
};

const unsafe: Rules = {
  'lets one write while one iterates, and edit the schema': ({ db, note }) => {
    withCats(db);
    const run = () => {
      for (const name of db.prepare('SELECT name FROM cats').pluck().iterate()) {
        note(() => [name, db.prepare('UPDATE cats SET age = age + 1').run().changes]);
        break;
      }
      note(() => db.pragma('writable_schema = ON'));
      note(() => db.prepare("UPDATE sqlite_master SET sql = sql || ' ' WHERE name = 'cats'").run().changes);
      db.pragma('writable_schema = OFF');
    };
    run();
    note(() => db.unsafeMode() === db);
    run();
    note(() => db.unsafeMode(false) === db);
    run();
  },
};

/** What the page on compilation lists, as far as the engine has it. */
const FEATURES = [
  "SELECT json_extract('{\"a\": [1, 2]}', '$.a[1]'), json('[1]') ->> 0",
  'SELECT sqrt(16), pi() > 3, ceil(1.2), log2(8)',
  "SELECT soundex('Robert')",
  "SELECT percentile(value, 50), median(value) FROM json_each('[1, 2, 3]')",
  "SELECT 'a' LIKE x'61', x'61' LIKE 'a'",
  'SELECT "no such column"',
  'UPDATE cats SET age = 0 ORDER BY name LIMIT 1',
  'DELETE FROM cats ORDER BY name DESC LIMIT 1',
  'SELECT name, age FROM cats',
  'SELECT count(*) > 0 FROM sqlite_master',
  "SELECT sqlite_compileoption_used('ENABLE_MATH_FUNCTIONS')",
];

const compilation: Rules = {
  'what is compiled in': ({ db, note }) => {
    withCats(db);
    for (const sql of FEATURES) {
      note(() => {
        const statement = db.prepare(sql);
        return statement.reader ? statement.raw().all() : statement.run();
      });
    }
  },
};

export const documentedChecks: readonly SideCheck[] = [
  ...documented('new Database()', opening),
  ...documented('Database.transaction()', transactions),
  ...documented('Database.pragma()', pragmas),
  ...documented('Database.function()', functions),
  ...documented('Database.aggregate()', aggregates),
  ...documented('Database.table()', tables),
  ...documented('Database.exec()', others),
  ...documented('Database.close()', closing),
  ...documented('Statement.run()', running),
  ...documented('Statement.all()', reading),
  ...documented('parameters', binding),
  ...documented('values', integers),
  ...documented('Database.unsafeMode()', unsafe),
  ...documented('Database', compilation),
];
