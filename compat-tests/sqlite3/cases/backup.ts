/** Backups into files. How many pages there are is each side's own. */
import { join } from 'node:path';
import { contract, type Loose } from '../case.ts';

const FILL = `CREATE TABLE t(a INTEGER PRIMARY KEY, b);
  WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 2000)
    INSERT INTO t SELECT x, printf('%.50c', 'x') FROM c;
  CREATE INDEX i ON t(b); PRAGMA user_version = 9`;

const state = (backup: Loose) => [backup.idle, backup.completed, backup.failed, backup.remaining > 0, backup.pageCount > 0];

contract('a backup in one step', async ({ db, folder, note, call, open }) => {
  await call(db, 'exec', FILL);
  const place = join(folder, 'copy.db');
  const backup = db.backup(place);
  note('at first', state(backup));
  for (const name of ['filename', 'sourceName', 'destName', 'filenameIsDest']) {
    note(name, name === 'filename' ? backup[name] === place : backup[name]);
  }
  note('retryErrors', backup.retryErrors);
  note('step', await call(backup, 'step', -1));
  note('after the step', state(backup));
  note('remaining', backup.remaining);
  note('step again', await call(backup, 'step', -1));
  note('finish', await call(backup, 'finish'));
  note('after the end', state(backup));
  for (const method of ['step', 'finish']) {
    note(`${method} after the end`, await call(backup, method, ...(method === 'step' ? [1] : [])));
  }
  const copy = await open(place);
  note('rows', await call(copy, 'get', 'SELECT count(*) AS n, sum(a) AS s, max(b) AS b FROM t'));
  note('schema', await call(copy, 'all', 'SELECT type, name, sql FROM sqlite_master ORDER BY name'));
  note('user_version', await call(copy, 'get', 'PRAGMA user_version'));
  await call(copy, 'close');
  note('the database closes', await call(db, 'close'));
});

contract('a backup page by page', async ({ db, folder, note, call, open }) => {
  await call(db, 'exec', FILL);
  const place = join(folder, 'copy.db');
  const backup = db.backup(place);
  note('first step', await call(backup, 'step', 1));
  note('after it', state(backup));
  note('the database does not close', await call(db, 'close'));
  await call(db, 'run', `INSERT INTO t VALUES (5000, 'meanwhile')`);
  let steps = 0;
  while (!backup.completed && !backup.failed && steps < 1000) {
    await call(backup, 'step', 5);
    steps++;
  }
  note('took more than one step', steps > 1);
  note('at the end', state(backup));
  await call(backup, 'finish');
  const copy = await open(place);
  note('has what came meanwhile', await call(copy, 'get', 'SELECT count(*) AS n, max(a) AS a FROM t'));
  await call(copy, 'close');
});

contract('calls of a backup stand in line', async ({ db, folder, note, call, within }) => {
  await call(db, 'exec', FILL);
  const order: unknown[] = [];
  const told = (name: string) => (error: unknown, completed?: unknown) => order.push([name, error, completed]);
  const backup = db.backup(join(folder, 'copy.db'), told('begin'));
  backup.step(1, told('first'));
  backup.step(-1, told('all'));
  const ended = new Promise((resolve) => backup.finish((...args: unknown[]) => resolve(order.push(['finish', args]))));
  backup.step(1, told('late'));
  await within(ended);
  await call(db, 'wait');
  note('order', order);
});

// One that cannot begin ends the original's process.
contract('a backup that is given up', async ({ db, folder, note, call, attempt }) => {
  await call(db, 'exec', FILL);
  const given = db.backup(join(folder, 'given-up.db'));
  await call(given, 'step', 1);
  note('finish', await call(given, 'finish'));
  note('has failed', state(given).slice(0, 3));
  note(
    'retryErrors that are none',
    attempt(() => Object.assign(given, { retryErrors: 5 })),
  );
  note(
    'a step of nothing',
    attempt(() => given.step()),
  );
  note('the database works still', await call(db, 'get', 'SELECT count(*) AS n FROM t'));
});
