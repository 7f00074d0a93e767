/** TPC-H on little data: row by row, in batches and as the engine chooses, every answer is SQLite's to the last digit. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { betterSqlite3 } from '../drivers/better-sqlite3.ts';
import type { Engine, Settings } from '../drivers/engine.ts';
import { pluresdb } from '../drivers/pluresdb.ts';
import { difference } from './answers.ts';
import { generate } from './data.ts';
import { buildDatabase, type Row, type SqliteDatabase } from './database.ts';
import { readQueries } from './queries.ts';

const SCALE = 0.01;
const queries = readQueries(SCALE);
const root = mkdtempSync(join(tmpdir(), 'pluresdb-tpch-test-'));
const expected = new Map<string, readonly Row[]>();
let ours: SqliteDatabase;

function build(driver: (settings: Settings) => Engine): SqliteDatabase {
  const engine = driver({ cacheKib: 64 * 1024 });
  const folder = join(root, engine.name);
  mkdirSync(folder);
  return buildDatabase(engine, generate(SCALE), folder, false);
}

beforeAll(async () => {
  const sqlite = build(betterSqlite3);
  for (const { name, sql } of queries) expected.set(name, await sqlite.prepare(sql)());
  sqlite.close();
  ours = build(pluresdb);
}, 120_000);

afterAll(() => {
  ours.close();
  rmSync(root, { recursive: true, force: true });
});

describe.each(['row', 'vector', 'automatic'])('execution_engine = %s', (mode) => {
  test.each(queries)('$name $title', async ({ name, sql }) => {
    ours.exec(`PRAGMA execution_engine = ${mode}`);
    expect(difference(expected.get(name) ?? [], await ours.prepare(sql)(), true)).toBeUndefined();
  });
});
