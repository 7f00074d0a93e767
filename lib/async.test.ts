/** Queries on other threads: `getAsync`, `allAsync`, `columnarAsync`. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Database } from './database.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pluresdb-async-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const SERIES = 'WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s LIMIT ?)';
const SLOW = `${SERIES} SELECT sum(n) AS n FROM s`;

function fill(db: Database): void {
  db.exec('CREATE TABLE t (id INTEGER PRIMARY KEY, s, r, b)');
  const insert = db.prepare('INSERT INTO t VALUES (?, ?, ?, ?)');
  db.exec('BEGIN');
  for (let id = 1; id <= 5000; id++) {
    insert.run(
      id,
      id % 9 === 0 ? null : `text ä ${id}`,
      id / 7,
      id % 50 === 0 ? Buffer.alloc(3000, id) : Buffer.from([id & 255]),
    );
  }
  db.exec('COMMIT');
}

for (const store of ['memory', 'directory', 'file'] as const) {
  const open = (): Database => (store === 'memory' ? new Database(':memory:') : new Database(join(folder, 'db'), { store }));

  describe(store, () => {
    test('has the answers of the methods that wait', async () => {
      const db = open();
      fill(db);
      for (const prepare of [
        () => db.prepare('SELECT * FROM t'),
        () => db.prepare('SELECT * FROM t').raw(),
        () => db.prepare('SELECT s FROM t ORDER BY r DESC').pluck(),
        () => db.prepare('SELECT t.*, 1 AS one FROM t LIMIT 5').expand(),
        () => db.prepare('SELECT id FROM t').safeIntegers(),
        () => db.prepare('SELECT * FROM t WHERE id < 0'),
      ]) {
        // Vitest's own comparison takes seconds.
        expect(isDeepStrictEqual(await prepare().allAsync(), prepare().all())).toBe(true);
        expect(isDeepStrictEqual(await prepare().getAsync(), prepare().get())).toBe(true);
        expect(isDeepStrictEqual(await prepare().columnarAsync(), prepare().columnar())).toBe(true);
      }
      db.close();
    });

    test('sees what was committed when it was called', async () => {
      const db = open();
      fill(db);
      const count = db.prepare('SELECT count(*) AS n FROM t').pluck();
      const before = count.getAsync();
      db.exec('DELETE FROM t WHERE id <= 1000');
      const after = count.getAsync();
      db.exec('DROP TABLE t');
      expect([await before, await after]).toEqual([5000, 4000]);
      db.close();
    });

    test('knows temporary tables and what is attached', async () => {
      const db = open();
      db.exec("CREATE TEMP TABLE x (a); INSERT INTO x VALUES ('temp'); ATTACH ':memory:' AS other");
      db.exec("CREATE TABLE other.y (b); INSERT INTO other.y VALUES ('other')");
      expect(await db.prepare('SELECT a, b FROM x, y').allAsync()).toEqual([{ a: 'temp', b: 'other' }]);
      db.close();
    });
  });
}

test('the event loop goes on', async () => {
  const db = new Database(':memory:');
  let ticks = 0;
  const timer = setInterval(() => ticks++, 1);
  const [row] = await db.prepare(SLOW).allAsync(1_000_000);
  clearInterval(timer);
  expect(row).toEqual({ n: 500_000_500_000 });
  expect(ticks).toBeGreaterThan(5);
});

test('queries run side by side, and the connection writes meanwhile', async () => {
  const db = new Database(join(folder, 'db'));
  fill(db);
  const sums = Array.from({ length: 8 }, (_, at) =>
    db
      .prepare('SELECT sum(id) FROM t WHERE id > ?')
      .pluck()
      .getAsync(at * 100),
  );
  for (let id = 10_000; id < 10_100; id++) db.prepare('INSERT INTO t (id) VALUES (?)').run(id);
  const total = (5000 * 5001) / 2;
  expect(await Promise.all(sums)).toEqual(sums.map((_, at) => total - (at * 100 * (at * 100 + 1)) / 2));
  db.close();
});

test('parameters of all kinds and bound ones', async () => {
  const db = new Database(':memory:');
  const wide = 'w'.repeat(100_000);
  const statement = db.prepare('SELECT ? AS a, ? AS b, ? AS c, length(?) AS d');
  expect(await statement.getAsync(1.5, 'ä', Buffer.from([1]), wide)).toEqual({ a: 1.5, b: 'ä', c: Buffer.from([1]), d: 100_000 });
  expect(await db.prepare('SELECT @x AS x').bind({ x: 7 }).getAsync()).toEqual({ x: 7 });
  expect(await db.prepare('SELECT ? AS text').pluck().getAsync(wide)).toBe(wide);
});

describe('errors reject', () => {
  const code = (code: string) => expect.objectContaining({ name: 'SqliteError', code });

  test('of the query, after which the connection works', async () => {
    const db = new Database(':memory:');
    await expect(db.prepare('SELECT abs(-9223372036854775808)').getAsync()).rejects.toThrow('integer overflow');
    await expect(db.prepare('SELECT abs(-9223372036854775808)').columnarAsync()).rejects.toThrow(code('SQLITE_ERROR'));
    await expect(db.prepare('SELECT ?').getAsync()).rejects.toThrow(RangeError);
    expect(await db.prepare('SELECT 1 AS a').getAsync()).toEqual({ a: 1 });
  });

  test('of what is no query', async () => {
    const db = new Database(':memory:');
    db.exec('CREATE TABLE t (a)');
    await expect(db.prepare('INSERT INTO t VALUES (1)').allAsync()).rejects.toThrow('This statement does not return data');
    await expect(db.prepare('INSERT INTO t VALUES (1) RETURNING a').allAsync()).rejects.toThrow(TypeError);
    expect(db.prepare('SELECT count(*) FROM t').pluck().get()).toBe(0);
  });

  test('within a transaction', async () => {
    const db = new Database(':memory:');
    const statement = db.prepare('SELECT 1');
    db.exec('BEGIN');
    await expect(statement.allAsync()).rejects.toThrow(code('SQLITE_BUSY'));
    db.exec('COMMIT');
    expect(await statement.pluck().allAsync()).toEqual([1]);
  });

  test('of an interrupt', async () => {
    const db = new Database(':memory:');
    const slow = db.prepare(SLOW).getAsync(1_000_000_000);
    setTimeout(() => db.interrupt(), 20);
    await expect(slow).rejects.toThrow(code('SQLITE_INTERRUPT'));
  });

  test('of a connection that is closed meanwhile', async () => {
    const db = new Database(':memory:');
    const slow = db.prepare(SLOW).getAsync(1_000_000_000);
    db.close();
    await expect(slow).rejects.toThrow('The database connection is not open');
  });
});

test('code of the application runs on its own thread', async () => {
  const db = new Database(':memory:');
  db.exec('CREATE TABLE t (a); INSERT INTO t VALUES (1), (2)');
  db.function('upper', (a: unknown) => `own ${a}`);
  db.exec('CREATE VIEW v AS SELECT upper(a) AS u FROM t');
  expect(await db.prepare('SELECT u FROM v').pluck().allAsync()).toEqual(['own 1', 'own 2']);
  expect(await db.prepare('SELECT lower(a) AS u FROM t').pluck().allAsync()).toEqual(['1', '2']);
  db.collation('backwards', (a: string, b: string) => (a < b ? 1 : a > b ? -1 : 0));
  expect(await db.prepare('SELECT a FROM t ORDER BY CAST(a AS TEXT) COLLATE backwards').pluck().allAsync()).toEqual([2, 1]);
});

test('verbose hears of them', async () => {
  const heard: unknown[] = [];
  const db = new Database(':memory:', { verbose: (sql: unknown) => heard.push(sql) });
  await db.prepare('SELECT ?').getAsync(5);
  expect(heard).toEqual(['SELECT 5.0']);
});
