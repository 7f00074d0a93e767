/** Threads and processes: who keeps whom alive, and what is left when one goes. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import sqlite3, { type Database } from 'pluresdb/sqlite3';
import { expect, test } from 'vitest';

const module = JSON.stringify(join(import.meta.dirname, '..', '..', '..', 'dist', 'sqlite3.cjs'));

/** Runs a program under this Node; `db` is an open in-memory database. */
function run(program: string, ...flags: string[]): { output: string; status: number | null } {
  const source = `const sqlite3 = require(${module});\nconst db = new sqlite3.Database(':memory:');\n${program}`;
  const { stdout, stderr, status } = spawnSync(process.execPath, [...flags, '-e', source], { encoding: 'utf8', timeout: 30_000 });
  return { output: (stdout + stderr).trim(), status };
}

function all(db: Database, sql: string, ...params: unknown[]): Promise<unknown[]> {
  return new Promise((resolve, reject) => {
    db.all(sql, ...params, (error: Error | null, rows: unknown[]) => (error ? reject(error) : resolve(rows)));
  });
}

test('an idle open database does not keep the process alive, pending work does', () => {
  expect(run(`db.get('SELECT 1 AS a', (error, row) => console.log(row.a));`)).toEqual({ output: '1', status: 0 });
  expect(run('')).toEqual({ output: '', status: 0 });
});

test('process.exit ends a process whose databases are open', () => {
  expect(run(`db.exec('CREATE TABLE t(a)', () => process.exit(3));`)).toEqual({ output: '', status: 3 });
});

test('what a callback throws is an uncaught exception, and the next callbacks come all the same', () => {
  const { output } = run(`
    process.on('uncaughtException', (error) => console.log(error.message));
    db.serialize();
    for (const at of [1, 2, 3]) db.get('SELECT 1', () => { throw new Error('thrown ' + at); });`);
  expect(output).toBe('thrown 1\nthrown 2\nthrown 3');
});

test('an error without callback and listener is an uncaught exception', () => {
  const { output, status } = run(`db.run('SELEC');`);
  expect(output).toContain('SQLITE_ERROR: near "SELEC": syntax error');
  expect(status).toBe(1);
});

test('statements that nobody refers to any more do not keep a database open', () => {
  const { output } = run(
    `
    db.on('open', () => {
      (() => db.prepare('SELECT 1'))();
      // When garbage is collected is not ours to say: it is asked for until it shows, or the test ends without a word.
      const close = () => { gc(); db.close((error) => (error ? setTimeout(close, 50) : console.log(error))); };
      setTimeout(close, 100);
    });`,
    '--expose-gc',
  );
  expect(output).toBe('null');
});

test('databases that nobody refers to any more are closed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sqlite3-life-'));
  const { output } = run(
    `
    const place = ${JSON.stringify(join(folder, 'x.db'))};
    (() => { new sqlite3.Database(place).exec('CREATE TABLE t(a); BEGIN IMMEDIATE'); })();
    const other = new sqlite3.Database(place);
    const insert = () => {
      gc();
      other.exec('INSERT INTO t VALUES (1)', (error) => (error ? setTimeout(insert, 50) : console.log(error)));
    };
    setTimeout(insert, 500);`,
    '--expose-gc',
  );
  expect(output).toBe('null');
  rmSync(folder, { recursive: true, force: true });
});

test('it works in a worker thread, and where code generation is forbidden', () => {
  const inWorker = `
    new (require('node:worker_threads').Worker)(
      "const db = new (require(${module.replaceAll('"', "'")}).Database)(':memory:');" +
      "db.all('SELECT 1 AS a UNION ALL SELECT 2', (error, rows) => console.log(JSON.stringify(rows)));", { eval: true });`;
  expect(run(inWorker).output).toBe('[{"a":1},{"a":2}]');
  const many = `db.all('SELECT value AS v FROM json_each(json_array(1,2,3,4,5,6,7,8,9,10))', (error, rows) => console.log(rows.length));`;
  expect(run(many, '--disallow-code-generation-from-strings').output).toBe('10');
});

test('more databases than threads', async () => {
  const databases = Array.from({ length: 80 }, () => new sqlite3.Database(':memory:'));
  const answers = await Promise.all(databases.map((db, at) => all(db, 'SELECT ? AS at', at)));
  expect(answers).toEqual(databases.map((_, at) => [{ at }]));
  await Promise.all(databases.map((db) => new Promise<void>((resolve) => db.close(() => resolve()))));
});

test('one that waits for a lock does not keep the other from releasing it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sqlite3-life-'));
  const [one, other] = [new sqlite3.Database(join(folder, 'x.db')), new sqlite3.Database(join(folder, 'x.db'))];
  await all(one, 'CREATE TABLE t(a)');
  await all(one, 'BEGIN IMMEDIATE');
  other.configure('busyTimeout', 10_000);
  const waiting = all(other, 'INSERT INTO t VALUES (1)');
  await new Promise((resolve) => setTimeout(resolve, 50));
  await all(one, 'COMMIT');
  await waiting;
  expect(await all(one, 'SELECT * FROM t')).toEqual([{ a: 1 }]);
  await Promise.all([one, other].map((db) => new Promise<void>((resolve) => db.close(() => resolve()))));
  expect(existsSync(join(folder, 'x.db'))).toBe(true);
  rmSync(folder, { recursive: true, force: true });
});

test('large values and many rows arrive whole', async () => {
  const db = new sqlite3.Database(':memory:');
  const text = 'é'.repeat(100_000);
  const bytes = Buffer.alloc(300_000, 'bytes');
  expect(await all(db, 'SELECT ? AS text, ? AS bytes', text, bytes)).toEqual([{ text, bytes }]);
  const sql = `WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 20000)
    SELECT x, 'text ' || x AS t, CASE WHEN x % 1000 = 0 THEN zeroblob(3000) ELSE x'01' END AS b FROM c`;
  const rows = (await all(db, sql)) as { x: number; t: string; b: Buffer }[];
  expect(rows.length).toBe(20_000);
  expect(rows.every(({ x, t, b }, at) => x === at + 1 && t === `text ${x}` && b.length === (x % 1000 === 0 ? 3000 : 1))).toBe(
    true,
  );
  db.close();
});

test('a SQLite file is converted when it is opened, and kept beside', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sqlite3-life-'));
  const place = join(folder, 'old.db');
  const old = new BetterSqlite3(place);
  old.exec(`CREATE TABLE t(a INTEGER PRIMARY KEY, b); INSERT INTO t(b) VALUES ('kept'), (x'00ff')`);
  old.close();
  const db = new sqlite3.Database(place);
  expect(await all(db, 'SELECT * FROM t')).toEqual([
    { a: 1, b: 'kept' },
    { a: 2, b: Buffer.from([0, 255]) },
  ]);
  await all(db, 'INSERT INTO t(b) VALUES (?)', 'new');
  await new Promise<void>((resolve) => db.close(() => resolve()));
  expect(readdirSync(folder).length).toBe(2);
  rmSync(folder, { recursive: true, force: true });
});

test('a reader that is slow keeps the rows waiting, not in memory', async () => {
  const db = new sqlite3.Database(':memory:');
  const sql = `WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 200000) SELECT x, printf('%.100c', 'x') AS t FROM c`;
  let count = 0;
  const peak = { bytes: 0 };
  const before = process.memoryUsage().arrayBuffers;
  await new Promise<void>((resolve, reject) => {
    db.each(
      sql,
      () => {
        if (++count % 1000 === 0) peak.bytes = Math.max(peak.bytes, process.memoryUsage().arrayBuffers - before);
      },
      (error: Error | null) => (error ? reject(error) : resolve()),
    );
  });
  expect(count).toBe(200_000);
  expect(peak.bytes).toBeLessThan(32 << 20);
  db.close();
});
