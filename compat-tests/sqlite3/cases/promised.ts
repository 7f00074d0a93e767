/** What node-sqlite3's pages on control flow, debugging, caching and its members promise beside the plain use of a member. */
import { EventEmitter } from 'node:events';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { contract, type Loose, pause } from '../case.ts';

const TABLE = 'CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT)';
const ROWS = `${TABLE}; INSERT INTO t VALUES (1, 'one'), (2, 'two'), (3, 'three')`;

contract('promised without a callback nothing is synchronous', async ({ sqlite3, note, call }) => {
  const db: Loose = new sqlite3.Database(':memory:');
  const order: string[] = [];
  db.on('open', () => order.push('open'));
  note('not open when it returns', db.open);
  db.exec(TABLE);
  db.run("INSERT INTO t VALUES (1, 'x')");
  order.push('called');
  note('and counts', await call(db, 'wait'));
  note('the order', order);
  note('open now', db.open);
  note('row', await call(db, 'get', 'SELECT * FROM t'));
  await call(db, 'close');
});

contract('promised Database.serialize', async ({ db, note, call, within, attempt }) => {
  const seen: unknown[] = [];
  db.serialize(() => seen.push('at once'));
  seen.push('behind it');
  note('the function is called at once', seen);
  note('given nothing', await within(new Promise((resolve) => db.serialize((...args: unknown[]) => resolve(args)))));
  note(
    'this',
    await within(
      new Promise((resolve) =>
        db.serialize(function (this: unknown) {
          resolve(this === db);
        }),
      ),
    ),
  );
  const fails = () => {
    throw new RangeError('mine');
  };
  note(
    'it throws',
    attempt(() => db.serialize(fails)),
  );
  note('the database goes on', await call(db, 'get', 'SELECT 1 AS a'));
  const order: string[] = [];
  db.serialize(() => {
    db.run('CREATE TABLE foo (num)', () => order.push('create'));
    db.serialize(() => {
      db.run('INSERT INTO foo VALUES (1)', () => order.push('insert'));
    });
    db.run('UPDATE foo SET num = 2', () => order.push('update'));
  });
  await call(db, 'wait');
  note('within itself', order);
  note(
    'what is no function',
    [5, null, 'x'].map((value) => attempt(() => db.serialize(value))),
  );
});

contract('promised Database.parallelize', async ({ db, note, call }) => {
  const order: string[] = [];
  db.serialize();
  db.run('CREATE TABLE foo (num)', () => order.push('create'));
  db.parallelize(() => {
    db.run('SELECT 1', () => order.push('parallel'));
  });
  db.run('INSERT INTO foo VALUES (1)', () => order.push('insert'));
  db.run('DROP TABLE foo', () => order.push('drop'));
  await call(db, 'wait');
  note(
    'the mode of before is back',
    order.filter((name) => name !== 'parallel'),
  );
  note('and the other was called', order.includes('parallel'));
});

contract('promised close waits for all that was called', async ({ open, note, call }) => {
  const db = await open(':memory:');
  await call(db, 'exec', ROWS);
  const order: string[] = [];
  for (let at = 0; at < 20; at++) db.get('SELECT * FROM t WHERE a = ?', at % 3, () => order.push('get'));
  db.close(() => order.push('close'));
  db.get('SELECT 1', (error: unknown) => order.push(`behind: ${error}`));
  await pause(50);
  while (order.length < 22) await pause(5);
  // What is called in parallel has no order.
  note('it is the last', order.at(-1));
  note('all are answered', [...order].sort());
});

contract('promised errors without a callback', async ({ db, note, call, within }) => {
  await call(db, 'exec', ROWS);
  const heard = (emitter: Loose) =>
    within(new Promise((resolve) => emitter.once('error', (...args: unknown[]) => resolve(args))), 1000);
  const insert = db.prepare('INSERT INTO t VALUES (?, ?)');
  const first = heard(insert);
  insert.run(1, 'again');
  note('of run: an event of the statement', await first);
  await call(insert, 'finalize');
  const broken: Loose = db.prepare('SELECT nothing');
  note('of prepare: an event of the statement', await heard(broken));
  const second = heard(db);
  db.exec('nonsense');
  note('of exec: an event of the database', await second);
  const each = db.prepare('SELECT a FROM t WHERE b = ?', 'one');
  note('the database goes on', await call(each, 'all'));
  await call(each, 'finalize');
});

contract('promised exec', async ({ db, note, call }) => {
  note('ends at a NUL', await call(db, 'exec', `${TABLE};\0INSERT INTO t VALUES (1, 'x')`));
  note('nothing behind it', await call(db, 'get', 'SELECT count(*) AS n FROM t'));
  note(
    'comments are no statements',
    await call(db, 'exec', "-- INSERT INTO t VALUES (1, 'x');\nINSERT INTO t VALUES (2, 'y') /* ; */; -- end"),
  );
  note('one row', await call(db, 'all', 'SELECT * FROM t'));
  let calls = 0;
  db.exec('nonsense; nonsense', () => calls++);
  await call(db, 'wait');
  note('one callback for all', calls);
  note(
    'in a transaction nothing is done',
    await call(db, 'exec', "BEGIN; INSERT INTO t VALUES (3, 'z'); INSERT INTO t VALUES (3, 'z'); COMMIT"),
  );
  note('which stays open', await call(db, 'exec', 'ROLLBACK'));
  note('rows', await call(db, 'all', 'SELECT * FROM t'));
});

contract('promised one statement of several', async ({ db, note, call }) => {
  note('run', await call(db, 'run', `${TABLE}; INSERT INTO t VALUES (1, 'x')`));
  note('only the first', await call(db, 'get', 'SELECT count(*) AS n FROM t'));
  note('get', await call(db, 'get', 'SELECT 1 AS a; SELECT 2 AS a'));
  note('all with a mistake behind', await call(db, 'all', 'SELECT 1 AS a; nonsense'));
  note('run of nothing', await call(db, 'run', ''));
  note('get of nothing', await call(db, 'get', '  -- nothing'));
  note('all of nothing', await call(db, 'all', ';'));
  note('up to a NUL', await call(db, 'get', 'SELECT 1 AS a\0, 2 AS b'));
});

contract('promised Statement.get leaves the database locked', async ({ open, folder, note, call }) => {
  const place = join(folder, 'locked.db');
  const db = await open(place);
  await call(db, 'exec', ROWS);
  const statement = db.prepare('SELECT a FROM t ORDER BY a');
  note('a row', await call(statement, 'get'));
  note('the table cannot be dropped', await call(db, 'exec', 'DROP TABLE t'));
  note('a row may be written', await call(db, 'run', "INSERT INTO t VALUES (4, 'four')"));
  note('the next', await call(statement, 'get'));
  note('reset', await call(statement, 'reset'));
  note('the table can be dropped', await call(db, 'exec', 'DROP TABLE t'));
  note('of what is gone', await call(statement, 'get'));
  await call(statement, 'finalize');
});

contract('promised Statement.bind', async ({ db, note, call }) => {
  await call(db, 'exec', ROWS);
  const statement = db.prepare('SELECT a, ? AS x, ? AS y FROM t ORDER BY a', 1, 2);
  note('a row', await call(statement, 'get'));
  note('takes what was bound away', await call(statement, 'bind', 'only'));
  note('from the first row', await call(statement, 'get'));
  note('a single value begins anew, too', await call(statement, 'get', 'again'));
  note('and is kept', await call(statement, 'get'));
  note('an empty array', await call(statement, 'bind', []));
  note('binds nothing', await call(statement, 'get'));
  note('an empty object', await call(statement, 'get', {}));
  note('reset keeps', [
    await call(statement, 'bind', 'k', 'l'),
    await call(statement, 'get'),
    await call(statement, 'reset'),
    await call(statement, 'get'),
  ]);
  await call(statement, 'finalize');
});

contract('promised a finalized statement', async ({ db, note, call, within }) => {
  const statement = db.prepare('SELECT 1 AS a');
  note('finalize returns the database', statement.finalize() === db);
  await call(db, 'wait');
  for (const method of ['bind', 'run', 'get', 'all', 'each', 'reset']) note(method, await within(call(statement, method), 1000));
  note('finalize again', await within(call(statement, 'finalize'), 1000));
});

contract('promised map', async ({ db, note, call }) => {
  await call(db, 'exec', `${ROWS}; ALTER TABLE t ADD COLUMN c DEFAULT 7`);
  note('two columns', await call(db, 'map', 'SELECT a, b FROM t'));
  note('three', await call(db, 'map', 'SELECT * FROM t'));
  note('one', await call(db, 'map', 'SELECT b FROM t'));
  note('none', await call(db, 'map', 'SELECT b FROM t WHERE 0'));
  note('the last of a key stays', await call(db, 'map', 'SELECT 1 AS k, a FROM t ORDER BY a'));
  note('a parameter', await call(db, 'map', 'SELECT a, b FROM t WHERE a > ?', 1));
  note('a mistake', await call(db, 'map', 'SELECT nothing'));
  const statement = db.prepare('SELECT b, a FROM t WHERE a < $a');
  note('of a statement', await call(statement, 'map', { $a: 3 }));
  await call(statement, 'finalize');
});

contract('promised as promises', async ({ db, note, call }) => {
  const run = promisify(db.run).bind(db);
  const all = promisify(db.all).bind(db);
  const get = promisify(db.get).bind(db);
  const exec = promisify(db.exec).bind(db);
  note('exec', await exec(ROWS));
  note('run', await run('INSERT INTO t VALUES (?, ?)', [4, 'four']));
  note('get', await get('SELECT * FROM t WHERE a = ?', 4));
  note('all', await all('SELECT a FROM t WHERE a > $a', { $a: 2 }));
  note('refused', await run('INSERT INTO t VALUES (4, 0)').catch((error: unknown) => error));
  await call(db, 'wait');
});

contract('promised what a callback throws', async ({ db, note, call, within }) => {
  const before = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  const caught = within(new Promise((resolve) => process.once('uncaughtException', (error) => resolve(error))), 2000);
  db.get('SELECT 1', () => {
    throw new RangeError('mine');
  });
  note('is nobody’s', await caught);
  for (const listener of before) process.on('uncaughtException', listener);
  note('the database goes on', await call(db, 'get', 'SELECT 2 AS a'));
});

contract('promised prototypes can be extended', async ({ sqlite3, db, note, call }) => {
  const Database: Loose = sqlite3.Database;
  const Statement: Loose = sqlite3.Statement;
  note('are EventEmitters', [db instanceof EventEmitter, Database.prototype instanceof EventEmitter]);
  Database.prototype.two = function (callback: unknown) {
    return this.get('SELECT 2 AS a', callback);
  };
  const { all } = Statement.prototype;
  let calls = 0;
  Statement.prototype.all = function (...args: unknown[]) {
    calls++;
    return all.apply(this, args);
  };
  try {
    note('a method of one’s own', await call(db, 'two'));
    note('a method that was replaced', await call(db, 'all', 'SELECT 3 AS a'));
    note('is called', calls);
    note('by map, too', [await call(db, 'map', 'SELECT 1 AS a, 2 AS b'), calls]);
  } finally {
    Statement.prototype.all = all;
    delete Database.prototype.two;
  }
});

contract('promised each in order, however many', async ({ db, note, call, within }) => {
  await call(
    db,
    'exec',
    'CREATE TABLE n (i); WITH r(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM r LIMIT 5000) INSERT INTO n SELECT i FROM r',
  );
  let last = -1;
  let isInOrder = true;
  const end = await within(
    new Promise((resolve) =>
      db.each(
        'SELECT i FROM n ORDER BY i',
        (_error: unknown, row: { i: number }) => {
          isInOrder &&= row.i === last + 1;
          last = row.i;
        },
        (...args: unknown[]) => resolve(args),
      ),
    ),
  );
  note('count', end);
  note('in order', isInOrder);
  let rows = 0;
  note('without the second function', db.each('SELECT i FROM n LIMIT 3', () => rows++) === db);
  await pause(50);
  await call(db, 'wait');
  note('rows', rows);
});

contract('promised unknown and missing parameters', async ({ db, note, call }) => {
  await call(db, 'exec', ROWS);
  note('a name that is none', await call(db, 'get', 'SELECT a FROM t WHERE a = $a', { $b: 1 }));
  note('with one that is', await call(db, 'get', 'SELECT a FROM t WHERE a = $a', { $a: 1, $b: 1 }));
  note('one too many', await call(db, 'get', 'SELECT a FROM t WHERE a = ?', 1, 2));
  note('one too many in an array', await call(db, 'all', 'SELECT a FROM t WHERE a = ?', [1, 2]));
  note('too few', await call(db, 'all', 'SELECT ? AS x, ? AS y', 1));
  note('in prepare', await new Promise((resolve) => db.prepare('SELECT ?', 1, 2, (...args: unknown[]) => resolve(args))));
  note('null for the list', await call(db, 'get', 'SELECT ? AS x', null));
  note('undefined for the list', await call(db, 'get', 'SELECT ? AS x', undefined));
});

contract('promised numbers and texts of all kinds', async ({ db, note, call }) => {
  await call(db, 'exec', 'CREATE TABLE v (n INTEGER PRIMARY KEY, x)');
  const values = [Infinity, -Infinity, Number.NaN, Number.MAX_SAFE_INTEGER, -(2 ** 53), 2 ** 63, 2 ** 31, -0, 1e308, 5e-324, 0.1];
  const texts = ['', '\u0000', '\ud83d\ude00', 'é'.repeat(100), '\ufeffx', "'", 'a\nb'];
  for (const value of [...values, ...texts]) await call(db, 'run', 'INSERT INTO v (x) VALUES (?)', [value]);
  note('as they are read', await call(db, 'all', 'SELECT x, typeof(x) AS t FROM v ORDER BY n'));
});

contract('promised names of columns', async ({ db, note, call }) => {
  note('of expressions', await call(db, 'get', 'SELECT 1, \'x\', NULL, 1 + 1 AS "", 2 AS "a b", 3 AS \'ä\', max(4, 5)'));
  note('the same twice', await call(db, 'get', 'SELECT 1 AS a, 2 AS b, 3 AS a'));
  note('of objects', await call(db, 'get', 'SELECT 1 AS constructor, 2 AS toString, 3 AS hasOwnProperty'));
  note('numbers', await call(db, 'get', 'SELECT 1 AS "2", 2 AS "1", 3 AS a'));
});

contract('promised cached databases', async ({ sqlite3, folder, note, call, within }) => {
  const cached: Loose = sqlite3.cached;
  const place = join(folder, 'kept.db');
  const order: unknown[] = [];
  const first = (await within(
    new Promise<Loose>((resolve) => {
      const made: Loose = new cached.Database(place, function (this: Loose, ...args: unknown[]) {
        order.push([args, this === made]);
        resolve(made);
      });
    }),
  )) as Loose;
  const second: Loose = await within(
    new Promise<Loose>((resolve) => {
      const made: Loose = new cached.Database(place, function (this: Loose, ...args: unknown[]) {
        order.push([args, this === made]);
        resolve(made);
      });
    }),
  );
  note('one object', first === second);
  note('whose callbacks are called', order);
  await call(first, 'exec', ROWS);
  note('and transactions shared', [
    await call(first, 'run', 'BEGIN'),
    await call(second, 'run', 'DELETE FROM t'),
    await call(first, 'run', 'ROLLBACK'),
    await call(second, 'get', 'SELECT count(*) AS n FROM t'),
  ]);
  const other: Loose = new cached.Database(join(folder, 'other.db'));
  note('another file, another object', other !== first);
  await call(other, 'close');
  await call(first, 'close');
});
