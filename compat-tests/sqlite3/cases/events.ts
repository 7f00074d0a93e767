/** Events, configuration, interrupting. */
import { contract, type Loose, pause } from '../case.ts';

const SCHEMA = `CREATE TABLE t(a INTEGER PRIMARY KEY, b); CREATE TABLE log(x);
  CREATE TRIGGER tr AFTER UPDATE ON t BEGIN INSERT INTO log VALUES (new.b); END;
  CREATE TABLE w(k PRIMARY KEY) WITHOUT ROWID`;

/** Runs statements one after the other, then gives events time to come. */
async function runEach(
  db: Loose,
  call: (target: Loose, method: string, ...args: unknown[]) => Promise<unknown>,
  statements: readonly unknown[][],
) {
  for (const statement of statements) await call(db, 'run', ...statement);
  await pause(30);
}

contract('change events', async ({ db, note, call }) => {
  await call(db, 'exec', SCHEMA);
  const heard: unknown[] = [];
  const listener = (...args: unknown[]) => heard.push(args);
  db.on('change', listener);
  const steps: readonly (readonly [string, ...unknown[]])[] = [
    ['INSERT INTO t VALUES (?, ?)', 5, 'five'],
    [`INSERT INTO t(b) VALUES ('x'), ('y')`],
    [`UPDATE t SET b = 'z' WHERE a > 5`],
    ['UPDATE t SET a = 50 WHERE a = 5'],
    [`INSERT OR REPLACE INTO t VALUES (6, 'r')`],
    [`INSERT INTO t VALUES (6, 'u') ON CONFLICT DO UPDATE SET b = excluded.b`],
    ['DELETE FROM t WHERE a = 50'],
    [`INSERT INTO w VALUES ('k')`],
    ['INSERT INTO nothing VALUES (1)'],
    [`INSERT INTO t VALUES (7, 'duplicate')`],
    ['CREATE TABLE other(a)'],
    ['CREATE TEMP TABLE mine(a)'],
    ['INSERT INTO mine VALUES (1)'],
    ['DELETE FROM t'],
    ['SELECT 1'],
  ];
  for (const [sql, ...values] of steps) {
    heard.length = 0;
    await runEach(db, call, [[sql, ...values]]);
    note(sql, heard);
  }
  heard.length = 0;
  await call(db, 'exec', `INSERT INTO t VALUES (1, 'e'); DELETE FROM t WHERE a = 1`);
  await pause(30);
  note('exec', heard);
  heard.length = 0;
  db.removeListener('change', listener);
  await runEach(db, call, [['INSERT INTO t VALUES (9, 9)']]);
  note('after the listener left', heard);
});

contract('trace events', async ({ db, note, call }) => {
  await call(db, 'exec', SCHEMA);
  const heard: unknown[] = [];
  db.on('trace', (...args: unknown[]) => heard.push(args));
  const steps: readonly (readonly [string, string, ...unknown[]])[] = [
    ['run', 'INSERT INTO t VALUES (?, $b)', 1, 'one'],
    ['get', 'SELECT * FROM t WHERE a = ?', 1],
    ['all', 'SELECT ? AS a, ? AS b, ? AS c', ["it's", 1.5, Buffer.from('ab')]],
    ['run', 'SELECT NULL'],
    ['get', 'SELEC'],
    ['exec', 'SELECT 1; SELECT 2'],
    ['exec', 'BEGIN; COMMIT'],
    ['run', 'PRAGMA user_version = 1'],
    ['all', 'SELECT ? AS long, ? AS bytes', ['long '.repeat(20), Buffer.alloc(50, 'b')]],
    ['exec', '/* before */ SELECT 1; -- between\n SELECT 2 -- behind'],
    ['run', '  UPDATE t SET b = ? WHERE a = 99  ', 2],
    ['run', 'UPDATE t SET b = ?', 2],
  ];
  for (const [method, sql, ...values] of steps) {
    heard.length = 0;
    await call(db, method, sql, ...values);
    await pause(30);
    note(`${method} ${sql}`, heard);
  }
  const statement = db.prepare('SELECT ? AS a UNION ALL SELECT 2');
  heard.length = 0;
  for (let at = 0; at < 4; at++) await call(statement, 'get');
  await call(statement, 'all', 9);
  await pause(30);
  note('a statement stepped', heard);
  heard.length = 0;
  statement.finalize();
  db.removeAllListeners('trace');
  await call(db, 'get', 'SELECT 1');
  await pause(30);
  note('after the listener left', heard);
});

contract('profile events', async ({ db, note, call }) => {
  await call(db, 'exec', SCHEMA);
  const heard: unknown[] = [];
  db.on('profile', (sql: string, ms: number) => heard.push([sql, typeof ms, ms >= 0]));
  const steps: readonly (readonly [string, string, ...unknown[]])[] = [
    ['run', 'INSERT INTO t VALUES (?, ?)', 1, 'one'],
    ['get', 'SELECT * FROM t WHERE a = ?', 1],
    ['all', 'SELECT * FROM t'],
    ['get', 'SELEC'],
  ];
  for (const [method, sql, ...values] of steps) {
    heard.length = 0;
    await call(db, method, sql, ...values);
    await call(db, 'wait');
    await pause(30);
    note(`${method} ${sql}`, heard);
  }
  db.removeAllListeners('profile');
});

contract('limits', async ({ db, note, call, sqlite3 }) => {
  const limited = async (name: string, limit: number, value: number, sql: string, back: number) => {
    db.configure('limit', limit, value);
    note(`${name} ${value}`, await call(db, 'get', sql));
    db.configure('limit', limit, back);
    note(`${name} ${back}`, ((await call(db, 'get', sql)) as Loose).results[0]);
  };
  await limited('ATTACHED', sqlite3.LIMIT_ATTACHED, 0, `ATTACH ':memory:' AS x`, 10);
  await limited('LENGTH', sqlite3.LIMIT_LENGTH, 50, `SELECT printf('%.100c', 'x') AS a`, 1_000_000);
  await limited('SQL_LENGTH', sqlite3.LIMIT_SQL_LENGTH, 40, `SELECT 1 /* ${'x'.repeat(50)} */`, 1_000_000);
  await limited('LIKE_PATTERN_LENGTH', sqlite3.LIMIT_LIKE_PATTERN_LENGTH, 2, `SELECT 'a' LIKE 'abc'`, 50_000);
  await limited('VARIABLE_NUMBER', sqlite3.LIMIT_VARIABLE_NUMBER, 2, 'SELECT ?, ?, ?', 32_766);
  await limited('VARIABLE_NUMBER with numbers', sqlite3.LIMIT_VARIABLE_NUMBER, 2, 'SELECT ?3', 32_766);
  await limited('COLUMN', sqlite3.LIMIT_COLUMN, 2, 'SELECT 1, 2, 3', 2000);
  await limited('EXPR_DEPTH', sqlite3.LIMIT_EXPR_DEPTH, 3, 'SELECT 1+1+1+1+1', 1000);
  await limited('COMPOUND_SELECT', sqlite3.LIMIT_COMPOUND_SELECT, 2, 'SELECT 1 UNION SELECT 2 UNION SELECT 3', 500);
  await limited('FUNCTION_ARG', sqlite3.LIMIT_FUNCTION_ARG, 2, 'SELECT max(1, 2, 3)', 100);
  db.configure('limit', sqlite3.LIMIT_ATTACHED, -1);
  note('a negative value', await call(db, 'run', `ATTACH ':memory:' AS y`));
  db.configure('limit', 999, 1);
  note('an unknown limit', await call(db, 'get', 'SELECT 1 AS a'));
});

contract('busyTimeout', async ({ db, note, call }) => {
  note('at first', await call(db, 'get', 'PRAGMA busy_timeout'));
  db.configure('busyTimeout', 250);
  note('set', await call(db, 'get', 'PRAGMA busy_timeout'));
  db.configure('busyTimeout', 0);
  note('none', await call(db, 'get', 'PRAGMA busy_timeout'));
  db.configure('busyTimeout', -5);
  note('negative', await call(db, 'get', 'PRAGMA busy_timeout'));
  await call(db, 'run', 'PRAGMA busy_timeout = 77');
  note('by PRAGMA', await call(db, 'get', 'PRAGMA busy_timeout'));
});

contract('interrupt', async ({ db, note, call, sqlite3, attempt }) => {
  const endless = 'WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c';
  const ended = call(db, 'get', endless);
  await pause(100);
  db.interrupt();
  note('a query', await ended);
  note('works again', await call(db, 'get', 'SELECT 1 AS a'));
  await call(db, 'exec', 'CREATE TABLE t(a); INSERT INTO t VALUES (1)');
  const written = call(db, 'run', `INSERT INTO t ${endless.replace('count(*)', 'x')}`);
  await pause(100);
  db.interrupt();
  note('an insert', await written);
  note('left no rows', await call(db, 'get', 'SELECT count(*) AS n FROM t'));
  const executed = call(db, 'exec', endless);
  await pause(100);
  db.interrupt();
  note('exec', await executed);
  const opening = new sqlite3.Database(':memory:');
  note(
    'before it is open',
    attempt(() => opening.interrupt()),
  );
  await new Promise<void>((resolve) => opening.close(() => resolve()));
});

contract('the event loop goes on', async ({ db, note, call }) => {
  let ticks = 0;
  const timer = setInterval(() => ticks++, 5);
  await call(
    db,
    'get',
    'WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 1000000) SELECT count(*) FROM c',
  );
  clearInterval(timer);
  note('while a query runs', ticks > 5);
});

contract('verbose', async ({ sqlite3, db, note, call }) => {
  note('returns the package', sqlite3.verbose() === sqlite3);
  note('again', sqlite3.verbose() === sqlite3);
  for (const method of ['run', 'get', 'all', 'exec']) {
    const answer = (await call(db, method, 'SELECT nope')) as { results: [Error] };
    const lines = (answer.results[0].stack ?? '').split('\n');
    note(`${method}, first line`, lines[0]);
    note(
      `${method}, call`,
      lines.find((line) => line.startsWith('--> in ')),
    );
    note(`${method}, has a stack behind`, lines.length > 3);
  }
  note('still works', await call(db, 'get', 'SELECT 1 AS a'));
});
