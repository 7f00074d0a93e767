/** Where it runs: worker threads, no code generation, CommonJS and ESM, the garbage collector, process exit. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { afterAll, describe, expect, test } from 'vitest';
import { SUBJECT } from './testing/contract.ts';

const folder = mkdtempSync(join(tmpdir(), 'runtime-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const library = fileURLToPath(new URL('../dist/index.cjs', import.meta.url));

/** Runs a program in a fresh process; what it prints as JSON. */
function runProgram(source: string, ...flags: string[]): unknown {
  const program = `const Database = require(${JSON.stringify(library)});\n${source}`;
  return JSON.parse(execFileSync(process.execPath, [...flags, '-e', program], { encoding: 'utf8' }));
}

const DECODING = `
  const db = new Database(':memory:');
  db.exec("CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT, b BLOB, c REAL, d)");
  const insert = db.prepare('INSERT INTO t VALUES (?, ?, ?, ?, ?)');
  for (let id = 1; id <= 100; id++) insert.run(id, 'ü'.repeat(id), Buffer.alloc(id % 20, id), id / 3, id % 2 ? null : 'x');
  const all = db.prepare('SELECT *, 1 AS a, 2 AS "__proto__", 3 AS "it""s" FROM t');
  const plain = (row) => JSON.stringify(row, (key, value) => typeof value === 'bigint' ? 'n' + value : value);
  const out = [];
  for (let round = 0; round < 3; round++) {
    out.push(all.all().map(plain), all.raw().all().map(plain), all.expand().all().map(plain), all.pluck().all().map(plain));
    out.push([...all.pluck(false).iterate()].map(plain), plain(all.get()), all.safeIntegers().all().map(plain));
    all.safeIntegers(false);
  }
  console.log(JSON.stringify(out));`;

describe('without code generation', () => {
  test('rows are the same', () => {
    const forbidden = runProgram(DECODING, '--disallow-code-generation-from-strings');
    expect(forbidden).toEqual(runProgram(DECODING));
  });
});

describe('loading', () => {
  test('require gives the class, import gives the same one', async () => {
    const required = createRequire(import.meta.url)('../dist/index.cjs');
    const imported = (await import('pluresdb')) as unknown as { default: unknown; Database: unknown; SqliteError: unknown };
    expect(typeof required).toBe('function');
    expect(required.default).toBe(required);
    expect(required.Database).toBe(required);
    expect(imported.default).toBe(required);
    expect(imported.Database).toBe(required);
    expect(imported.SqliteError).toBe(required.SqliteError);
    expect(new required(':memory:').prepare('SELECT 1 AS a').get()).toEqual({ a: 1 });
  });
});

describe('worker threads', () => {
  test('one after the other leave nothing behind, where nobody else has the addon', () => {
    const worker = `const db = new (require(${JSON.stringify(library)}))(':memory:'); db.exec('CREATE TABLE t(a)')`;
    const program = `
      const { Worker } = require('node:worker_threads');
      const ended = () => new Promise((done) => new Worker(${JSON.stringify(worker)}, { eval: true }).on('exit', done));
      (async () => {
        const megabytes = [];
        for (let round = 0; round < 40; round++) {
          if ((await ended()) !== 0) throw new Error('a worker failed');
          if (round % 20 === 19) megabytes.push(process.memoryUsage.rss() / 1e6);
        }
        console.log(JSON.stringify(megabytes));
      })();`;
    const output = execFileSync(process.execPath, ['-e', program], { encoding: 'utf8' });
    const [early, late] = JSON.parse(output) as [number, number];
    expect(late - early).toBeLessThan(60);
  });

  test('share a path: every row of every worker is there', async () => {
    const path = join(folder, 'shared');
    const db = new SUBJECT(path);
    db.exec('CREATE TABLE t(id INTEGER PRIMARY KEY, worker INTEGER, n INTEGER)');
    const count = 100;
    const runs = Array.from({ length: 4 }, (_, worker) => {
      const thread = new Worker(new URL('./testing/worker.mjs', import.meta.url), { workerData: { path, worker, count } });
      return new Promise((resolve, reject) => {
        let message: unknown;
        thread.once('message', (value) => {
          message = value;
        });
        thread.once('error', reject);
        thread.once('exit', () => resolve(message));
      });
    });
    const messages = await Promise.all(runs);
    expect(messages).toEqual([0, 1, 2, 3].map((worker) => ({ worker, code: 'SQLITE_ERROR' })));
    const rows = db.prepare('SELECT worker, count(*) AS rows, sum(n) AS sum FROM t GROUP BY worker ORDER BY worker').all();
    const sum = (count * (count - 1)) / 2;
    expect(rows).toEqual([0, 1, 2, 3].map((worker) => ({ worker, rows: count, sum })));
    db.close();
  });

  test('may be terminated in the middle', async () => {
    const path = join(folder, 'terminated');
    const db = new SUBJECT(path);
    db.exec('CREATE TABLE t(id INTEGER PRIMARY KEY, worker INTEGER, n INTEGER)');
    for (let round = 0; round < 5; round++) {
      const workerData = { path, worker: round, count: 1_000_000 };
      const thread = new Worker(new URL('./testing/worker.mjs', import.meta.url), { workerData });
      const failed = new Promise((_, reject) => thread.once('error', reject));
      await Promise.race([failed, new Promise((resolve) => setTimeout(resolve, 100 + round * 30))]);
      await thread.terminate();
    }
    db.prepare('INSERT INTO t(worker, n) VALUES (9, 9)').run();
    expect(db.prepare('SELECT count(*) FROM t WHERE worker = 9').pluck().get()).toBe(1);
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
    db.close();
  });
});

describe('the garbage collector', () => {
  test('takes forgotten statements and databases', () => {
    const source = `
      (async () => {
        const db = new Database(':memory:');
        db.exec('CREATE TABLE t(a)');
        const settle = () => new Promise((resolve) => setTimeout(resolve, 5));
        for (let round = 0; round < 20; round++) {
          for (let n = 0; n < 500; n++) db.prepare('SELECT ' + round + ' + ' + n + ', a FROM t').get();
          for (let n = 0; n < 5; n++) new Database(':memory:').exec('CREATE TABLE t(a); INSERT INTO t VALUES (1)');
          gc();
          await settle();
        }
        const before = process.memoryUsage().rss;
        for (let round = 0; round < 20; round++) {
          for (let n = 0; n < 500; n++) db.prepare('SELECT ' + round + ' - ' + n + ', a FROM t').get();
          for (let n = 0; n < 5; n++) new Database(':memory:').exec('CREATE TABLE t(a); INSERT INTO t VALUES (1)');
          gc();
          await settle();
        }
        const grown = process.memoryUsage().rss - before;
        console.log(JSON.stringify({ grown: Math.round(grown / 1048576), works: db.prepare('SELECT 1').pluck().get() }));
      })();`;
    const { grown, works } = runProgram(source, '--expose-gc') as { grown: number; works: number };
    expect(works).toBe(1);
    expect(grown).toBeLessThan(30);
  });
});

describe('the end of a process', () => {
  test('loses no committed row, closed or not', () => {
    const path = join(folder, 'exit');
    const ways = [
      '',
      'db.close();',
      'process.exit(0);',
      'db.exec("BEGIN; INSERT INTO t VALUES (99)");',
      'db.prepare("SELECT * FROM t").iterate().next();',
    ];
    for (const [index, way] of ways.entries()) {
      const source = `const db = new Database(${JSON.stringify(path)});
        db.exec('CREATE TABLE IF NOT EXISTS t(a)');
        db.prepare('INSERT INTO t VALUES (?)').run(${index});
        console.log(1);
        ${way}`;
      expect(runProgram(source)).toBe(1);
    }
    const db = new SUBJECT(path);
    expect(db.prepare('SELECT a FROM t ORDER BY a').pluck().all()).toEqual([0, 1, 2, 3, 4]);
    db.close();
  });
});
