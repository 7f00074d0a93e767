/** Statements: what each method does, in which state it leaves the statement. */
import { contract, type Loose } from '../case.ts';

/** How long to listen where nothing is to come. */
const SILENCE_MS = 200;

const ROWS = `CREATE TABLE t(a INTEGER PRIMARY KEY, b TEXT); INSERT INTO t VALUES (1, 'one'), (2, 'two'), (3, 'three')`;

contract('run', async ({ db, note, call }) => {
  note('create', await call(db, 'run', 'CREATE TABLE t(a INTEGER PRIMARY KEY, b UNIQUE)'));
  note('insert', await call(db, 'run', 'INSERT INTO t(b) VALUES (?)', 'x'));
  note('insert two', await call(db, 'run', 'INSERT INTO t(b) VALUES (?), (?)', 'y', 'z'));
  note('insert with a rowid', await call(db, 'run', 'INSERT INTO t VALUES (100, 4)'));
  note('update all', await call(db, 'run', `UPDATE t SET b = b || '!'`));
  note('update none', await call(db, 'run', `UPDATE t SET b = 1 WHERE a = -1`));
  note('delete', await call(db, 'run', 'DELETE FROM t WHERE a = 1'));
  note('select', await call(db, 'run', 'SELECT * FROM t'));
  note('create another', await call(db, 'run', 'CREATE TABLE u(a)'));
  note('begin', await call(db, 'run', 'BEGIN'));
  note('insert or replace', await call(db, 'run', `INSERT OR REPLACE INTO t VALUES (2, 'r')`));
  note('insert or ignore', await call(db, 'run', `INSERT OR IGNORE INTO t VALUES (2, 'i')`));
  note('upsert', await call(db, 'run', `INSERT INTO t VALUES (2, 'u') ON CONFLICT DO UPDATE SET b = excluded.b`));
  note('returning', await call(db, 'run', 'INSERT INTO t(b) VALUES (7), (8) RETURNING a'));
  note('commit', await call(db, 'run', 'COMMIT'));
  note('a duplicate', await call(db, 'run', 'INSERT INTO t(b) VALUES (7)'));
  note('after an error', await call(db, 'run', 'INSERT INTO u VALUES (1)'));
  note('without rowid', await call(db, 'run', 'CREATE TABLE w(k PRIMARY KEY) WITHOUT ROWID'));
  note('insert without rowid', await call(db, 'run', `INSERT INTO w VALUES ('k')`));
  note('a large rowid', await call(db, 'run', 'INSERT INTO t VALUES (9007199254740993, 9)'));
  note('delete all', await call(db, 'run', 'DELETE FROM t'));
  note('drop', await call(db, 'run', 'DROP TABLE t'));
  note('pragma', await call(db, 'run', 'PRAGMA user_version = 5'));
  note('rows', await call(db, 'all', 'SELECT * FROM u'));
});

contract('run counts what triggers do', async ({ db, note, call }) => {
  await call(
    db,
    'exec',
    `CREATE TABLE t(a); CREATE TABLE log(a);
     CREATE TRIGGER tr AFTER INSERT ON t BEGIN INSERT INTO log VALUES (new.a), (new.a); END`,
  );
  note('insert', await call(db, 'run', 'INSERT INTO t VALUES (1)'));
  note('of the log', await call(db, 'get', 'SELECT count(*) AS n FROM log'));
});

contract('run again', async ({ db, note, call }) => {
  await call(db, 'exec', 'CREATE TABLE t(a INTEGER PRIMARY KEY, b)');
  const statement = db.prepare('INSERT INTO t(b) VALUES (?)');
  note('first', await call(statement, 'run', 'x'));
  note('same values', await call(statement, 'run'));
  note('new values', await call(statement, 'run', 'y'));
  note('an array', await call(statement, 'run', ['z']));
  note('by number', await call(statement, 'run', { 1: 'w' }));
  note('without a callback', statement.run('v') === statement);
  note('lastID stays', [statement.lastID, statement.changes]);
  note('after that', await call(statement, 'run', 'u'));
  await call(statement, 'finalize');
  note('rows', await call(db, 'all', 'SELECT * FROM t'));
});

contract('get goes on from row to row', async ({ db, note, call }) => {
  await call(db, 'exec', ROWS);
  const statement = db.prepare('SELECT a, b FROM t WHERE a >= ? ORDER BY a');
  note('with values', await call(statement, 'get', 2));
  note('next', await call(statement, 'get'));
  note('behind the last', await call(statement, 'get'));
  note('and again', await call(statement, 'get'));
  note('reset', await call(statement, 'reset'));
  note('from the beginning', await call(statement, 'get'));
  note('new values', await call(statement, 'get', 3));
  note('behind the last one', await call(statement, 'get'));
  note('all in between', await call(statement, 'all'));
  note('get after all', await call(statement, 'get'));
  note('run', await call(statement, 'run'));
  note('get after run', await call(statement, 'get'));
  note('an empty array', await call(statement, 'get', []));
  note('bind', await call(statement, 'bind', 1));
  note('get after bind', await call(statement, 'get'));
  note(
    'each',
    await new Promise((resolve) =>
      statement.each(
        (_: unknown, row: unknown) => row,
        (...args: unknown[]) => resolve(args),
      ),
    ),
  );
  note('get after each', await call(statement, 'get'));
  statement.finalize();
});

contract('get of a statement without rows', async ({ db, note, call }) => {
  note('create', await call(db, 'get', 'CREATE TABLE t(a)'));
  note('insert', await call(db, 'get', 'INSERT INTO t VALUES (1)'));
  note('returning', await call(db, 'get', 'INSERT INTO t VALUES (2), (3) RETURNING a'));
  note('rows', await call(db, 'all', 'SELECT * FROM t'));
  const insert = db.prepare('INSERT INTO t VALUES (?)');
  note('prepared', await call(insert, 'get', 4));
  note('again without values', await call(insert, 'get'));
  note('with values', await call(insert, 'get', 5));
  insert.finalize();
  note('all of an insert', await call(db, 'all', 'INSERT INTO t VALUES (6)'));
  note('rows at last', await call(db, 'all', 'SELECT * FROM t'));
});

contract('all', async ({ db, note, call }) => {
  await call(db, 'exec', ROWS);
  note('rows', await call(db, 'all', 'SELECT * FROM t ORDER BY a'));
  note('some', await call(db, 'all', 'SELECT * FROM t WHERE a > ? ORDER BY a', 1));
  note('none', await call(db, 'all', 'SELECT * FROM t WHERE a > ?', 9));
  note('returning', await call(db, 'all', 'UPDATE t SET b = upper(b) RETURNING b'));
  note('pragma', await call(db, 'all', 'PRAGMA table_info(t)'));
  note('explain query plan', ((await call(db, 'all', 'EXPLAIN QUERY PLAN SELECT * FROM t')) as Loose).results[1].length);
  note('only the first statement', await call(db, 'all', 'SELECT 1 AS a; SELECT 2 AS b'));
  note('with a comment', await call(db, 'all', '-- first\nSELECT 1 AS a -- last'));
  const statement = db.prepare('SELECT * FROM t WHERE a < ? ORDER BY a', 3);
  note('prepared', await call(statement, 'all'));
  note('again', await call(statement, 'all'));
  note('new values', await call(statement, 'all', [2]));
  statement.finalize();
});

contract('each', async ({ db, note, call }) => {
  await call(db, 'exec', ROWS);
  const each = (target: Loose, ...args: unknown[]) =>
    new Promise((resolve) => {
      const calls: unknown[] = [];
      const row = function (this: Loose, ...results: unknown[]) {
        calls.push([results, this === target]);
      };
      target.each(...args, row, (...results: unknown[]) => setTimeout(() => resolve({ calls, results }), 5));
    });
  note('rows', await each(db, 'SELECT * FROM t ORDER BY a'));
  note('some', await each(db, 'SELECT * FROM t WHERE a = ?', 2));
  note('an array', await each(db, 'SELECT * FROM t WHERE a = ?', [3]));
  note('none', await each(db, 'SELECT * FROM t WHERE 0'));
  note('no rows at all', await each(db, 'CREATE TABLE u(a)'));
  const statement = db.prepare('SELECT a FROM t WHERE a > ? ORDER BY a');
  note('prepared', await each(statement, 1));
  note('again', await each(statement));
  // The error and the rows before it come in any order.
  const failed = (await each(db, `SELECT a, json(iif(a = 2, 'bad', '1')) FROM t ORDER BY a`)) as { calls: unknown[][] };
  note(
    'an error on the way',
    failed.calls.map(([results]) => results).sort((a, b) => (a as unknown[]).length - (b as unknown[]).length),
  );
  note(
    'without completion',
    await new Promise((resolve) => db.each('SELECT 7 AS a', (...results: unknown[]) => resolve(results))),
  );
  note('without callbacks', db.each('SELECT 7 AS a') === db);
  statement.finalize();
});

contract('reset and finalize', async ({ db, note, call, within }) => {
  const statement = db.prepare('SELECT 1 AS a UNION ALL SELECT 2');
  note('reset at first', await call(statement, 'reset'));
  note('get', await call(statement, 'get'));
  note('reset', await call(statement, 'reset'));
  note('get again', await call(statement, 'get'));
  note('finalize', await call(statement, 'finalize'));
  for (const method of ['run', 'get', 'all', 'bind', 'reset', 'finalize']) {
    note(`${method} after finalize`, await within(call(statement, method)));
  }
  note('each after finalize', await within(call(statement, 'each')));
  note('map after finalize', await within(call(statement, 'map')));
  const heard = new Promise((resolve) => statement.on('error', resolve));
  statement.run();
  note('without a callback', await within(heard));
});

contract('finalize waits for what was called before', async ({ db, note, within }) => {
  const order: unknown[] = [];
  const statement = db.prepare('SELECT ? AS a');
  const note1 = (name: string) => (error: Error | null, row: unknown) => order.push([name, error, row]);
  statement.get(1, note1('first'));
  statement.get(2, note1('second'));
  const ended = new Promise((resolve) => statement.finalize(() => resolve(order.push('finalized'))));
  statement.get(3, note1('third'));
  await within(ended);
  await within(new Promise(() => {}), 20);
  note('order', order);
});

contract('a statement that cannot be prepared', async ({ db, note, call, within }) => {
  const failed: unknown[] = [];
  const statement = db.prepare('SELEC 1', function (this: unknown, ...args: unknown[]) {
    failed.push([args, this === statement]);
  });
  note('run', await within(call(statement, 'run'), SILENCE_MS));
  note('get', await within(call(statement, 'get'), SILENCE_MS));
  note('finalize', await within(call(statement, 'finalize'), SILENCE_MS));
  note('callback', failed);
  const silent = db.prepare('SELECT * FROM nothing');
  note('error event', await within(new Promise((resolve) => silent.on('error', (error: Error) => resolve(error)))));
  for (const method of ['run', 'get', 'all', 'each', 'map']) note(`db.${method}`, await call(db, method, 'SELECT nothing'));
  for (const method of ['run', 'get', 'all']) note(`db.${method}, with values`, await call(db, method, 'SELECT nothing', 1));
});

contract('prepare', async ({ db, note, call, within }) => {
  const prepared = (...args: unknown[]) =>
    within(
      new Promise((resolve) => {
        const statement = db.prepare(...args, function (this: unknown, ...results: unknown[]) {
          resolve([results, this === statement]);
          statement.finalize();
        });
      }),
    );
  note('without values', await prepared('SELECT 1'));
  note('with a value', await prepared('SELECT ?', 1));
  note('with an array', await prepared('SELECT ?', [1]));
  note('with too many values', await prepared('SELECT ?', [1, 2]));
  note('nothing to prepare', await prepared(''));
  note('a comment', await prepared('-- nothing'));
  note('two statements', await prepared('SELECT 1; SELECT 2'));
  for (const sql of ['', ' ', ';', '-- comment', '/* comment */']) {
    for (const method of ['run', 'get', 'all']) note(`${method} of ${JSON.stringify(sql)}`, await call(db, method, sql));
  }
  note('each of nothing', await within(new Promise((resolve) => db.each('', (...args: unknown[]) => resolve(args)))));
});

contract('a change of the schema between two calls', async ({ db, note, call }) => {
  await call(db, 'exec', `CREATE TABLE t(a); INSERT INTO t VALUES (1)`);
  const statement = db.prepare('SELECT * FROM t');
  note('before', await call(statement, 'all'));
  await call(db, 'run', 'ALTER TABLE t ADD COLUMN b DEFAULT 2');
  note('with a column more', await call(statement, 'all'));
  await call(db, 'run', 'ALTER TABLE t RENAME COLUMN a TO c');
  note('with another name', await call(statement, 'all'));
  await call(db, 'run', 'DROP TABLE t');
  note('without the table', await call(statement, 'all'));
  await call(db, 'exec', `CREATE TABLE t(z); INSERT INTO t VALUES ('new')`);
  note('with another table', await call(statement, 'all'));
  statement.finalize();
});

contract('exec', async ({ db, note, call }) => {
  note('many statements', await call(db, 'exec', 'CREATE TABLE t(a); INSERT INTO t VALUES (1); INSERT INTO t VALUES (2)'));
  note('select', await call(db, 'exec', 'SELECT * FROM t'));
  note('nothing', await call(db, 'exec', ''));
  note('comments', await call(db, 'exec', '-- one\n/* two */;;'));
  note('an error in the middle', await call(db, 'exec', 'INSERT INTO t VALUES (3); SELECT nope; INSERT INTO t VALUES (4)'));
  note('what it left', await call(db, 'all', 'SELECT * FROM t'));
  note('a syntax error behind', await call(db, 'exec', 'INSERT INTO t VALUES (5); INSER'));
  note('what that left', await call(db, 'all', 'SELECT * FROM t'));
  note('a transaction', await call(db, 'exec', 'BEGIN; INSERT INTO t VALUES (6); ROLLBACK'));
  note('an unfinished one', await call(db, 'exec', 'BEGIN; INSERT INTO t VALUES (7)'));
  note('a second one', await call(db, 'exec', 'BEGIN'));
  note('its end', await call(db, 'exec', 'ROLLBACK'));
  note('no end', await call(db, 'exec', 'COMMIT'));
  note('rows', await call(db, 'all', 'SELECT * FROM t'));
  note('parameters are NULL', await call(db, 'exec', 'INSERT INTO t VALUES (?)'));
  note('and stored', await call(db, 'get', 'SELECT count(*) AS n FROM t WHERE a IS NULL'));
});
