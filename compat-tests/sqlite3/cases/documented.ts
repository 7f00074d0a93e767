/** What node-sqlite3's page on its API says of each member, sentence by sentence, as far as it can be seen from outside. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { contract, type Loose } from '../case.ts';

const ROWS = `CREATE TABLE lorem (id INTEGER PRIMARY KEY, info TEXT); INSERT INTO lorem VALUES (1, 'Ipsum 0'), (2, 'Ipsum 1'), (3, 'Ipsum 2')`;

contract('documented new Database', async ({ sqlite3, folder, note, open, call, within }) => {
  const path = join(folder, 'made.db');
  const made = await open(path);
  note('the file is made where none is', existsSync(path));
  await call(made, 'exec', ROWS);
  note('and written', await call(made, 'get', 'SELECT count(*) AS n FROM lorem'));
  await call(made, 'close');
  const readOnly = await open(path, sqlite3.OPEN_READONLY);
  note('OPEN_READONLY reads', await call(readOnly, 'get', 'SELECT count(*) AS n FROM lorem'));
  note('OPEN_READONLY writes nothing', await call(readOnly, 'run', 'DELETE FROM lorem'));
  const failed = (mode: number): Promise<unknown> =>
    within(new Promise((resolve) => new sqlite3.Database(join(folder, 'none.db'), mode, (error: unknown) => resolve(error))));
  note('OPEN_READWRITE makes none', await failed(sqlite3.OPEN_READWRITE));
  note('nor does OPEN_READONLY', await failed(sqlite3.OPEN_READONLY));
  const anonymous = await open('');
  note('an empty name is a database on disk that nobody else sees', await call(anonymous, 'exec', ROWS));
  const [first, second] = [await open(':memory:'), await open(':memory:')];
  await call(first, 'exec', ROWS);
  note('each :memory: is a database of its own', await call(second, 'all', 'SELECT name FROM sqlite_master'));
  const events: unknown[] = [];
  const broken: Loose = new sqlite3.Database(join(folder, 'none', 'x.db'));
  note(
    'without a callback an error is an event',
    await within(new Promise((resolve) => broken.on('error', (error: unknown) => resolve(error)))),
  );
  const opened: Loose = new sqlite3.Database(':memory:');
  opened.on('open', (...args: unknown[]) => events.push(['open', args]));
  await within(new Promise((resolve) => opened.on('open', resolve)));
  opened.on('close', (...args: unknown[]) => events.push(['close', args]));
  await within(new Promise((resolve) => opened.close(resolve)));
  note('open and close are events', events);
});

contract('documented Database.close', async ({ note, open, call }) => {
  const db = await open(':memory:');
  const statement = db.prepare('SELECT 1');
  note('not while statements are there', await call(db, 'close'));
  await call(statement, 'finalize');
  note('its callback gets null', await call(db, 'close'));
  note('once', await call(db, 'close'));
});

contract('documented Database.run', async ({ db, note, call }) => {
  let returned: unknown;
  await new Promise((resolve) => {
    returned = db.run('CREATE TABLE tbl (id INTEGER PRIMARY KEY, name TEXT)', resolve);
  });
  note('returns the database', returned === db);
  note('parameters behind the text', await call(db, 'run', 'INSERT INTO tbl VALUES (?, ?)', 2, 'bar'));
  note('parameters in an array', await call(db, 'run', 'INSERT INTO tbl VALUES (?, ?)', [3, 'bar']));
  note('parameters by name', await call(db, 'run', 'INSERT INTO tbl VALUES ($id, $name)', { $id: 4, $name: 'bar' }));
  note('names have their prefix', await call(db, 'run', 'INSERT INTO tbl VALUES (:id, @name)', { ':id': 5, '@name': 'bar' }));
  note('numbered ones', await call(db, 'run', 'UPDATE tbl SET name = ?5 WHERE id = ?', { 1: 2, 5: 'bar' }));
  note('lastID and changes are the statement’s', await call(db, 'run', "INSERT INTO tbl (name) VALUES ('a'), ('b')"));
  note('of an UPDATE', await call(db, 'run', "UPDATE tbl SET name = 'z' WHERE id > 3"));
  note('of a DELETE', await call(db, 'run', 'DELETE FROM tbl WHERE id = 3'));
  note('with its error', await call(db, 'run', 'INSERT INTO tbl VALUES (2, 0)'));
  note('the rest is done', await call(db, 'all', 'SELECT * FROM tbl ORDER BY id'));
});

contract('documented Database.get, all, each', async ({ db, note, call, within }) => {
  await call(db, 'exec', ROWS);
  note('get gives the first row', await call(db, 'get', 'SELECT * FROM lorem ORDER BY id DESC'));
  note('get gives undefined without rows', await call(db, 'get', 'SELECT * FROM lorem WHERE id = ?', 99));
  note('get returns the database', db.get('SELECT 1') === db);
  note('all gives an array', await call(db, 'all', 'SELECT * FROM lorem'));
  note('which may be empty', await call(db, 'all', 'SELECT * FROM lorem WHERE 0'));
  note('all returns the database', db.all('SELECT 1') === db);
  const each = (sql: string, ...args: unknown[]): Promise<unknown> => {
    const rows: unknown[] = [];
    const collect = (...row: unknown[]): number => rows.push(row);
    return within(new Promise((resolve) => db.each(sql, ...args, collect, (...end: unknown[]) => resolve({ rows, end }))));
  };
  note('each calls back for every row, then with their number', await each('SELECT id FROM lorem ORDER BY id'));
  note('each with parameters', await each('SELECT id FROM lorem WHERE id > $id', { $id: 1 }));
  note('each without rows', await each('SELECT id FROM lorem WHERE 0'));
  note('each with a mistake', await each('SELECT nonsense'));
  note('each returns the database', db.each('SELECT 1', () => {}) === db);
  note('rows have the columns by their names', await call(db, 'get', 'SELECT id AS a, info AS "b c", 1 + 1 FROM lorem'));
});

contract('documented Database.exec', async ({ db, note, call }) => {
  note('runs all statements', await call(db, 'exec', ROWS));
  note('gives no rows', await call(db, 'exec', 'SELECT * FROM lorem'));
  note('goes no further than a mistake', await call(db, 'exec', 'DELETE FROM lorem WHERE id = 1; nonsense; DELETE FROM lorem'));
  note('what came before is done', await call(db, 'get', 'SELECT count(*) AS n FROM lorem'));
  note('of nothing', await call(db, 'exec', ''));
  note('returns the database', db.exec('SELECT 1') === db);
});

contract('documented Database.prepare and Statement', async ({ db, note, call, within }) => {
  await call(db, 'exec', ROWS);
  const statement: Loose = await within(
    new Promise((resolve) => {
      const made: Loose = db.prepare('SELECT * FROM lorem WHERE id > ?', 1, () => resolve(made));
    }),
  );
  note('parameters are bound at once', await call(statement, 'all'));
  note('bind takes the place of all that was bound', await call(statement, 'bind', 2));
  note('rows of the new values', await call(statement, 'all'));
  note('values given to a call are bound for good', await call(statement, 'all', 0));
  note('so that the next call has them', await call(statement, 'all'));
  await call(statement, 'reset');
  note('get goes from row to row', [await call(statement, 'get', 1), await call(statement, 'get')]);
  note('and then finds none', await call(statement, 'get'));
  note('reset starts anew and keeps what is bound', await call(statement, 'reset'));
  note('from the first', await call(statement, 'get'));
  await call(statement, 'reset');
  const rows: unknown[] = [];
  const count = await within(
    new Promise((resolve) =>
      statement.each(
        1,
        (_error: unknown, row: unknown) => rows.push(row),
        (...end: unknown[]) => resolve(end),
      ),
    ),
  );
  note('each', [rows, count]);
  note('methods return the statement', [statement.bind(1) === statement, statement.reset() === statement]);
  note('finalize has a callback', await call(statement, 'finalize'));
  note('nothing is done with it any more', await call(statement, 'get'));
  const insert = db.prepare('INSERT INTO lorem (info) VALUES (?)');
  note('run tells lastID and changes', await call(insert, 'run', 'Ipsum 3'));
  note('again', await call(insert, 'run', 'Ipsum 4'));
  await call(insert, 'finalize');
});

contract('documented serialize and parallelize', async ({ db, note, call, within }) => {
  const order: number[] = [];
  db.serialize(() => {
    db.run('CREATE TABLE t (a)', () => order.push(1));
    db.run('INSERT INTO t VALUES (1)', () => order.push(2));
    db.get('SELECT count(*) AS n FROM t', () => order.push(3));
  });
  await within(new Promise((resolve) => db.wait(resolve)));
  note('one after the other', order);
  db.serialize();
  const rest: number[] = [];
  for (let at = 0; at < 5; at++) db.run('INSERT INTO t VALUES (?)', at, () => rest.push(at));
  note('without a function it lasts', [await call(db, 'get', 'SELECT count(*) AS n FROM t'), rest]);
  db.parallelize();
  const all = await Promise.all([1, 2, 3].map(() => call(db, 'get', 'SELECT max(a) AS m FROM t')));
  note('parallel calls are all answered', all);
  note('they return the database', [db.serialize() === db, db.parallelize(() => {}) === db]);
});

contract('documented configure and interrupt', async ({ db, note, call, attempt }) => {
  note(
    'busyTimeout',
    attempt(() => db.configure('busyTimeout', 50) === db),
  );
  note(
    'no such option',
    attempt(() => db.configure('none', 1)),
  );
  note(
    'interrupt',
    attempt(() => db.interrupt() === db),
  );
  await call(db, 'exec', 'CREATE TABLE t (a)');
  note('the database goes on', await call(db, 'run', 'INSERT INTO t VALUES (1)'));
});
