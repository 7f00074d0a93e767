/** SQLite's files: what better-sqlite3 wrote we read, what we write it reads; damaged ones harm nobody. */
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Connection, loadEngine } from '../engine.ts';
import { convertFiles } from './conversion.ts';
import { runDamage } from './damage.ts';
import { difference, dump } from './dump.ts';
import { makeFile } from './variant.ts';

const FILES = 240;
const FILES_A_TEST = 40;
const CONVERTED_FILES = 8;
const DAMAGED_FILES = 400;

const subject = await loadEngine('pluresdb');
const Better = BetterSqlite3 as unknown as new (path: string | Buffer) => Connection;

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sqlite-file-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What stands at the place and beside it, to show that reading changed none of it. */
const hash = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');
const bytesOf = (file: string): (string | undefined)[] =>
  ['', '-wal', '-journal', '-shm'].map((suffix) => (existsSync(file + suffix) ? hash(file + suffix) : undefined));

function check(seed: number): void {
  const file = makeFile(folder, seed);
  const before = bytesOf(file);
  const ours = subject.open(':memory:');
  ours.prepare('ATTACH ? AS y').run(file);
  expect(bytesOf(file), `seed ${seed}: the file is as it was`).toEqual(before);
  const theirs = new Better(file);
  const expected = dump(theirs);
  expect(difference(dump(ours, 'y'), expected), `seed ${seed}: read`).toBeUndefined();
  expect(ours.prepare('PRAGMA y.integrity_check').pluck().get(), `seed ${seed}`).toBe('ok');

  const written = join(folder, `written-${seed}.db`);
  ours.prepare('VACUUM y INTO ?').run(written);
  const again = new Better(written);
  expect(again.pragma('integrity_check', { simple: true }), `seed ${seed}: written`).toBe('ok');
  expect(difference(dump(again), expected), `seed ${seed}: written`).toBeUndefined();
  for (const db of [ours, theirs, again]) db.close();
}

describe('every kind of file is read, and written back, as it is', () => {
  for (let first = 0; first < FILES; first += FILES_A_TEST) {
    test(`seeds ${first} to ${first + FILES_A_TEST - 1}`, () => {
      for (let seed = first; seed < first + FILES_A_TEST; seed++) check(seed);
    });
  }
});

test(`${CONVERTED_FILES} files are converted on open, into both stores, and written back`, async () => {
  const own = mkdtempSync(join(tmpdir(), 'sqlite-file-'));
  const seeds = Array.from({ length: CONVERTED_FILES }, (_, at) => at);
  expect(await convertFiles({ folder: own, seeds })).toEqual([]);
  rmSync(own, { recursive: true, force: true });
});

test('bytes in memory are read as the file is', () => {
  const db = new Better(':memory:');
  db.exec("CREATE TABLE t(a); INSERT INTO t VALUES ('x'), (2.5)");
  const image = (db as unknown as { serialize(): Buffer }).serialize();
  const copy = new (subject.open(':memory:').constructor as typeof Better)(image);
  expect(difference(dump(copy), dump(db))).toBeUndefined();
});

test('an attached file is read-only, and can be let go', () => {
  const file = join(folder, 'attached.db');
  new Better(file).exec('CREATE TABLE t(a); INSERT INTO t VALUES (1)');
  const db = subject.open(':memory:');
  db.exec(`CREATE TABLE own(a); ATTACH '${file}' AS y; INSERT INTO own SELECT a FROM y.t`);
  for (const sql of [
    'INSERT INTO y.t VALUES (2)',
    'DELETE FROM y.t',
    'CREATE TABLE y.u(a)',
    'DROP TABLE y.t',
    'PRAGMA y.user_version = 3',
    'VACUUM y',
  ]) {
    expect(() => db.exec(sql), sql).toThrow('attempt to write a readonly database');
  }
  expect(db.prepare('SELECT count(*) FROM own JOIN y.t USING (a)').pluck().get()).toBe(1);
  db.exec('BEGIN; INSERT INTO own VALUES (2); COMMIT; DETACH y');
  expect(() => db.exec('SELECT * FROM y.t')).toThrow('no such table: y.t');
});

test('a virtual table keeps its entry, its shadow tables are tables, and using it names the module', () => {
  const file = join(folder, 'virtual.db');
  new Better(file).exec("CREATE VIRTUAL TABLE f USING fts5(a); INSERT INTO f VALUES ('word')");
  const db = subject.open(':memory:');
  db.exec(`ATTACH '${file}' AS y`);
  expect(db.prepare("SELECT rootpage, sql FROM y.sqlite_schema WHERE name = 'f'").get()).toEqual({
    rootpage: 0,
    sql: 'CREATE VIRTUAL TABLE f USING fts5(a)',
  });
  expect(db.prepare('SELECT c0 FROM y.f_content').pluck().all()).toEqual(['word']);
  for (const sql of ['SELECT * FROM y.f', 'SELECT * FROM f', "INSERT INTO y.f VALUES ('x')", 'DELETE FROM f']) {
    expect(() => db.exec(sql), sql).toThrow('no such module: fts5');
  }
});

/** The same statements on both engines, with places of their own. */
function outcomes(open: () => Connection, side: string): unknown[] {
  const place = (name: string): string => join(folder, `${side}-${name}`);
  writeFileSync(place('text'), 'x'.repeat(5000));
  writeFileSync(place('empty'), '');
  new Better(place('there')).exec('CREATE TABLE t(a)');
  const run = (statements: readonly string[]): unknown => {
    const db = open();
    db.exec('CREATE TABLE t(a); INSERT INTO t VALUES (1)');
    try {
      for (const sql of statements) db.exec(sql);
      return 'ok';
    } catch (error) {
      const { code, message } = error as { code: string; message: string };
      return [code, message.replaceAll(`${side}-`, '')];
    } finally {
      db.close();
    }
  };
  const into = (name: string): string => `VACUUM INTO '${place(name)}'`;
  return [
    run([into('new')]),
    run([into('new')]),
    run([into('text')]),
    run([into('empty')]),
    run([into('there')]),
    run(['BEGIN', into('never')]),
    run(['SAVEPOINT s', into('never')]),
    run(['VACUUM nope INTO 5']),
    run(['VACUUM INTO 5']),
    run(['VACUUM INTO NULL']),
    run([`VACUUM INTO x'41'`]),
    run(['VACUUM INTO foo']),
    run(['VACUUM INTO t.a']),
    run([`VACUUM INTO '${place('no/folder')}'`]),
    run([`VACUUM INTO '${folder}'`]),
    run([`VACUUM temp INTO '${place('never')}'`]),
    run([`VACUUM main INTO '${place('con')}' || 'catenated'`]),
    run(['PRAGMA query_only = 1', into('query-only')]),
    existsSync(place('never')),
    dump(new Better(place('concatenated'))),
    new Better(place('new')).pragma('integrity_check', { simple: true }),
    new Better(place('empty')).pragma('integrity_check', { simple: true }),
  ];
}

test('VACUUM INTO refuses what SQLite refuses, in its words', () => {
  const theirs = outcomes(() => new Better(':memory:'), 'better');
  expect(outcomes(() => subject.open(':memory:'), 'plures')).toEqual(theirs);
});

test('a file as the main database is refused untouched', () => {
  const file = join(folder, 'main.db');
  new Better(file).exec('CREATE TABLE t(a)');
  const before = bytesOf(file);
  expect(() => subject.open(file)).toThrow('file is not a database');
  expect(bytesOf(file)).toEqual(before);
});

test('what a writer has not committed is not seen', () => {
  const file = join(folder, 'busy.db');
  const writer = new Better(file);
  writer.exec('CREATE TABLE t(a); INSERT INTO t VALUES (1)');
  writer.exec('BEGIN IMMEDIATE; INSERT INTO t VALUES (2)');
  const db = subject.open(':memory:');
  db.exec(`ATTACH '${file}' AS y`);
  expect(db.prepare('SELECT count(*) FROM y.t').pluck().get()).toBe(1);
  writer.exec('COMMIT');
  copyFileSync(file, `${file}.copy`);
  db.exec(`ATTACH '${file}' AS z`);
  expect(db.prepare('SELECT count(*) FROM z.t').pluck().get()).toBe(2);
});

test(`${DAMAGED_FILES} damaged files are errors or readable`, async () => {
  const { harmed } = await runDamage({ folder, seed: 1, cases: DAMAGED_FILES });
  expect(harmed).toEqual([]);
});
