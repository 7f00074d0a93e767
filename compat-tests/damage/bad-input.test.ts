/**
 * What is not a database, or not one we may have: an error with SQLite's code and text, and nothing touched.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { Database } from 'pluresdb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { damageCampaign } from './main.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pluresdb-bad-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Thrown extends Error {
  readonly code?: string;
}

function thrownBy(act: () => unknown): Thrown {
  try {
    act();
  } catch (error) {
    return error as Thrown;
  }
  throw new Error('nothing was thrown');
}

function expectError(act: () => unknown, code: string, message: string): Thrown {
  const thrown = thrownBy(act);
  expect([thrown.name, thrown.code, thrown.message]).toEqual(['SqliteError', code, message]);
  return thrown;
}

/** Opens and looks, as an app would: SQLite notices some things only then. */
function use(path: string): void {
  const db = new Database(path, { timeout: 0 });
  try {
    db.prepare('SELECT count(*) FROM sqlite_schema').get();
  } finally {
    db.close();
  }
}

/** SQLite's text comes first; what stands there may follow it. */
function expectNotADatabase(path: string): void {
  const thrown = thrownBy(() => use(path));
  expect([thrown.name, thrown.code]).toEqual(['SqliteError', 'SQLITE_NOTADB']);
  expect(thrown.message).toMatch(/^file is not a database\b/);
}

function makeDatabase(name: string): string {
  const path = join(folder, name);
  const db = new Database(path);
  db.exec('CREATE TABLE t(x); INSERT INTO t VALUES (1), (2)');
  db.close();
  return path;
}

test('a file that is something else is refused untouched', () => {
  const path = join(folder, 'letter.txt');
  writeFileSync(path, 'Dear Sir or Madam');
  expectNotADatabase(path);
  expect(readFileSync(path, 'utf8')).toBe('Dear Sir or Madam');
});

test('a real SQLite file is refused untouched', () => {
  const path = join(folder, 'real.sqlite');
  const real = new BetterSqlite3(path);
  real.exec('CREATE TABLE t(x); INSERT INTO t VALUES (1)');
  real.close();
  const before = readFileSync(path);
  expectNotADatabase(path);
  expect(readFileSync(path).equals(before)).toBe(true);
});

test('a directory of other files is refused untouched', () => {
  const path = join(folder, 'photos');
  mkdirSync(path);
  writeFileSync(join(path, 'beach.jpg'), 'sand');
  expectError(() => use(path), 'SQLITE_NOTADB', 'file is not a database');
  expect(readdirSync(path)).toEqual(['beach.jpg']);
});

test('a database of a newer format is refused untouched', () => {
  const path = makeDatabase('newer');
  const file = join(path, 'pluresdb');
  const bytes = readFileSync(file);
  bytes.writeUInt32LE(bytes.readUInt32LE(8) + 1, 8);
  writeFileSync(file, bytes);
  expectError(() => use(path), 'SQLITE_NOTADB', 'file is not a database');
  expect(readFileSync(file).equals(bytes)).toBe(true);
});

test('places where nothing can be made', () => {
  expect(thrownBy(() => use(join(folder, 'no', 'such', 'folder.db')))).toEqual(
    new TypeError('Cannot open database because the directory does not exist'),
  );
  const file = join(folder, 'a file');
  writeFileSync(file, '');
  expectError(() => use(join(file, 'below.db')), 'SQLITE_CANTOPEN', 'unable to open database file');
  const missing = join(folder, 'missing');
  for (const options of [{ readonly: true }, { fileMustExist: true }]) {
    expectError(() => new Database(missing, options), 'SQLITE_CANTOPEN', 'unable to open database file');
  }
  expect(readdirSync(folder)).not.toContain('missing');
});

test('a connection opened for reading reads and does not write', () => {
  const path = makeDatabase('read me');
  const db = new Database(path, { readonly: true });
  expect(db.prepare('SELECT sum(x) FROM t').pluck().get()).toBe(3);
  expectError(() => db.exec('INSERT INTO t VALUES (3)'), 'SQLITE_READONLY', 'attempt to write a readonly database');
  db.close();
});

test('a second process gets SQLITE_BUSY, until the first one is gone', async () => {
  const path = join(folder, 'held');
  const holder = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', new URL('holder.ts', import.meta.url).pathname, path],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  await once(holder.stdout, 'data');
  const busy = expectError(() => use(path), 'SQLITE_BUSY', 'database is locked');
  expect(busy.cause).toBe(`${path} is open in process ${holder.pid}`);
  holder.kill('SIGKILL');
  await once(holder, 'close');
  use(path);
});

test('files of two databases mixed up are an error or the right rows', () => {
  const [one, other] = [makeDatabase('one'), makeDatabase('other')];
  for (const part of ['map', 'segments', 'pluresdb']) {
    const mixed = join(folder, `mixed ${part}`);
    cpSync(one, mixed, { recursive: true });
    rmSync(join(mixed, part), { recursive: true });
    cpSync(join(other, part), join(mixed, part), { recursive: true });
    expect(thrownBy(() => use(mixed)).code).toBe('SQLITE_CORRUPT');
  }
});

test('flipped bits and cut files are an error or the right rows', async () => {
  const said: string[] = [];
  const count = await damageCampaign({ cases: 100, seed: 1, parent: folder }, (line) => said.push(line));
  expect(said.filter((line) => line.includes('FAILED'))).toEqual([]);
  expect(count).toEqual({ passed: 100, failed: 0 });
});
