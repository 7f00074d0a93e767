/** Opening and closing. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { contract, type Loose } from '../case.ts';

/** How long to listen where nothing is to come. */
const SILENCE_MS = 1000;

contract('open', async ({ sqlite3, folder, note, within }) => {
  const opened = (...args: unknown[]) => openedWithin(10_000, ...args);
  const openedWithin = (ms: number, ...args: unknown[]) =>
    within(
      new Promise((resolve) => {
        const callback = function (this: unknown, ...results: unknown[]) {
          const outcome = { results, this: this === database, open: database.open };
          if (database.open) database.close(() => resolve(outcome));
          else resolve(outcome);
        };
        const database: Loose = new (sqlite3.Database as Loose)(...args, callback);
        // Where nobody is told, it may open long after the folder is gone.
        database.on('error', () => {});
        if (database.open) resolve('open at once');
      }),
      ms,
    );
  const file = (name: string) => join(folder, name);
  note('memory', await opened(':memory:'));
  note('temporary', await opened(''));
  note('a new file', await opened(file('new')));
  note('is there', existsSync(file('new')));
  note('again', await opened(file('new')));
  note('a missing folder', await opened(join(folder, 'none', 'file')));
  for (const mode of [0, 1, 2, 3, 4, 5, 6, 7, 8, 0x42, 0x46, 0x10006, 0x20006, 0x40006, 0x82, 0x86, -1]) {
    note(`mode ${mode} of a new file`, await opened(file(`mode${mode}`), mode));
    note(`mode ${mode} made it`, existsSync(file(`mode${mode}`)));
    note(`mode ${mode} of a file that is there`, await opened(file('new'), mode));
    note(`mode ${mode} in memory`, await opened(':memory:', mode));
  }
  note('a fraction as mode', await openedWithin(SILENCE_MS, file('new'), 1.5));
  note('text as mode', await openedWithin(SILENCE_MS, file('new'), 'x'));
  note('undefined as mode', await openedWithin(SILENCE_MS, file('new'), undefined));
  note('null as mode', await openedWithin(SILENCE_MS, file('new'), null));
  mkdirSync(file('folder'));
  note('a folder', await opened(file('folder')));
});

contract('the order of opening', async ({ sqlite3, note, within }) => {
  const order: unknown[] = [];
  const database: Loose = new sqlite3.Database(':memory:', (error) => order.push(['callback', error]));
  database.on('open', () => order.push(['open', database.open]));
  database.exec('CREATE TABLE t(a)', (error: Error | null) => order.push(['exec', error]));
  order.push(['at once', database.open]);
  await within(new Promise((resolve) => database.wait(resolve)));
  note('order', order);
  database.on('close', () => order.push(['close event', database.open]));
  await new Promise<void>((resolve) =>
    database.close((error: Error | null) => {
      order.push(['close', error, database.open]);
      setTimeout(resolve, 10);
    }),
  );
  note('order of closing', order.slice(4));
});

contract('a failed open', async ({ sqlite3, folder, note, within }) => {
  const place = join(folder, 'none', 'file');
  const database: Loose = new sqlite3.Database(place);
  const heard = (event: string) =>
    within(new Promise((resolve) => database.once(event, (...args: unknown[]) => resolve(args))), SILENCE_MS);
  const opened = heard('open');
  note('is an error event', await heard('error'));
  note('no open event', await opened);
  note('open', database.open);
  note(
    'calls are not answered',
    await within(new Promise((resolve) => database.run('SELECT 1', (error: unknown) => resolve(error)))),
  );
});

contract('what is no database', async ({ open, folder, note, call }) => {
  const place = join(folder, 'text');
  writeFileSync(place, 'this is not a database, but more than a hundred bytes of text. '.repeat(40));
  const database = await open(place);
  for (const sql of [
    'SELECT 1',
    'CREATE TABLE t(a)',
    'BEGIN',
    'COMMIT',
    'BEGIN IMMEDIATE',
    'PRAGMA journal_mode',
    'PRAGMA foreign_keys',
  ])
    note(sql, await call(database, 'all', sql));
  note('close', await call(database, 'close'));
  note('is as it was', readFileSync(place, 'utf8').length);
});

contract('close', async ({ open, note, call, within }) => {
  const database = await open(':memory:');
  const statement = database.prepare('SELECT 1 AS a');
  await call(statement, 'get');
  note('with an open statement', await call(database, 'close'));
  note('is open still', database.open);
  note('and works', await call(database, 'get', 'SELECT 2 AS a'));
  const heard = within(new Promise((resolve) => database.once('error', resolve)));
  database.close();
  note('without a callback', await heard);
  await call(statement, 'finalize');
  note('at last', await call(database, 'close'));
  note('is closed', database.open);
  for (const method of ['run', 'get', 'all', 'each', 'map', 'exec']) {
    note(`${method} after`, await within(call(database, method, 'SELECT 1')));
  }
  note('close again', await within(call(database, 'close')));
  note('wait after', await within(call(database, 'wait')));
  note('prepare after', await within(new Promise((resolve) => database.prepare('SELECT 1', (error: unknown) => resolve(error)))));
  const event = within(new Promise((resolve) => database.once('error', resolve)));
  database.exec('SELECT 1');
  note('exec without a callback', await event);
  note(
    'interrupt after',
    (() => {
      try {
        return database.interrupt() === database;
      } catch (error) {
        return error;
      }
    })(),
  );
});

contract('calls behind a close', async ({ open, note, within }) => {
  const database = await open(':memory:');
  const order: unknown[] = [];
  const told = (name: string) => (error: unknown) => order.push([name, error]);
  database.exec('CREATE TABLE t(a)', told('create'));
  database.close(told('close'));
  database.run('INSERT INTO t VALUES (1)', told('insert'));
  database.exec('SELECT 1', told('exec'));
  database.close(told('close again'));
  await within(new Promise(() => {}), 200);
  note('order', order);
});

contract('what is stored is there again', async ({ open, folder, note, call }) => {
  const place = join(folder, 'kept.db');
  const first = await open(place);
  await call(first, 'exec', `CREATE TABLE t(a, b); INSERT INTO t VALUES (1, 'x'), (2, x'00ff'); PRAGMA user_version = 7`);
  await call(first, 'close');
  const second = await open(place);
  note('rows', await call(second, 'all', 'SELECT * FROM t'));
  note('user_version', await call(second, 'get', 'PRAGMA user_version'));
  note('schema', await call(second, 'all', 'SELECT type, name, tbl_name, sql FROM sqlite_master'));
  await call(second, 'close');
});

contract('a read-only database', async ({ open, folder, note, call, sqlite3 }) => {
  const place = join(folder, 'read.db');
  const writer = await open(place);
  await call(writer, 'exec', 'CREATE TABLE t(a); INSERT INTO t VALUES (1)');
  await call(writer, 'close');
  const reader = await open(place, sqlite3.OPEN_READONLY);
  note('reads', await call(reader, 'all', 'SELECT * FROM t'));
  note('does not insert', await call(reader, 'run', 'INSERT INTO t VALUES (2)'));
  note('does not create', await call(reader, 'run', 'CREATE TABLE u(a)'));
  note('has temporary tables', await call(reader, 'exec', 'CREATE TEMP TABLE u(a); INSERT INTO u VALUES (1)'));
  await call(reader, 'close');
});

contract('two connections', async ({ open, folder, note, call }) => {
  const place = join(folder, 'two.db');
  const one = await open(place);
  const other = await open(place);
  await call(one, 'exec', 'CREATE TABLE t(a)');
  note('one sees it', await call(other, 'run', 'INSERT INTO t VALUES (1)'));
  note('the other sees it', await call(one, 'all', 'SELECT * FROM t'));
  await call(one, 'run', 'BEGIN IMMEDIATE');
  other.configure('busyTimeout', 50);
  note('only one writes', await call(other, 'run', 'INSERT INTO t VALUES (2)'));
  note('both read', await call(other, 'all', 'SELECT * FROM t'));
  await call(one, 'run', 'COMMIT');
  note('then the other', await call(other, 'run', 'INSERT INTO t VALUES (3)'));
  const waiting = call(other, 'exec', 'BEGIN IMMEDIATE; INSERT INTO t VALUES (4); COMMIT');
  note('waits its turn', await waiting);
  await call(one, 'close');
  await call(other, 'close');
});

contract('cached databases', async ({ sqlite3, folder, note, call, within }) => {
  const place = join(folder, 'cached.db');
  const cached: Loose = sqlite3.cached;
  const opened = (database: Loose) => within(new Promise((resolve) => database.once('open', () => resolve('opened'))));
  const first = cached.Database(place);
  note('is opened', await opened(first));
  note('the same', cached.Database(place) === first);
  note('the same with new', new cached.Database(place) === first);
  note('by another name', cached.Database(join(folder, 'x', '..', 'cached.db')) === first);
  note('is in objects', Object.values(cached.objects).includes(first));
  note('callback', await within(new Promise((resolve) => cached.Database(place, (...args: unknown[]) => resolve(args)))));
  note(
    'callback with a mode',
    await within(new Promise((resolve) => cached.Database(place, 6, (...args: unknown[]) => resolve(args)))),
  );
  const memory = cached.Database(':memory:');
  note('memory is not cached', cached.Database(':memory:') === memory);
  note('works', await call(first, 'get', 'SELECT 1 AS a'));
  await call(first, 'close');
});
