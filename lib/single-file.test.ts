/** Databases that are one file: what applications written for SQLite do with it between two opens. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database } from 'pluresdb';
import { afterEach, beforeEach, expect, test } from 'vitest';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'single-file-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function make(name: string): string {
  const path = join(folder, name);
  const db = new Database(path, { store: 'file' });
  db.exec("CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT UNIQUE); INSERT INTO t(a) VALUES ('one'), ('two')");
  db.close();
  return path;
}

function rows(path: string): unknown {
  const db = new Database(path);
  try {
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
    return db.prepare('SELECT a FROM t ORDER BY id').pluck().all();
  } finally {
    db.close();
  }
}

test('a closed database is one file, to be copied, renamed, restored and removed', () => {
  const path = make('a.db');
  expect(readdirSync(folder)).toEqual(['a.db']);
  copyFileSync(path, `${path}.backup`);
  let db = new Database(path);
  db.exec("INSERT INTO t(a) VALUES ('three')");
  expect(existsSync(`${path}-wal`)).toBe(true);
  db.close();
  expect(rows(path)).toEqual(['one', 'two', 'three']);
  renameSync(`${path}.backup`, path);
  expect(rows(path)).toEqual(['one', 'two']);
  rmSync(path);
  db = new Database(path, { store: 'file' });
  expect(db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get()).toBe(0);
  db.close();
  expect(readdirSync(folder)).toEqual(['a.db']);
});

test('the log that a crash left beside a file is nothing to another file that takes its place', () => {
  const other = make('other.db');
  const path = make('a.db');
  const db = new Database(path);
  db.exec("INSERT INTO t(a) VALUES ('three')");
  copyFileSync(`${path}-wal`, join(folder, 'kept'));
  db.close();
  copyFileSync(other, path);
  copyFileSync(join(folder, 'kept'), `${path}-wal`);
  expect(rows(path)).toEqual(['one', 'two']);
  // What was committed to the file that is gone is kept, under a name of its own.
  expect(readdirSync(folder).filter((name) => name.startsWith('a.db-wal.of-'))).toHaveLength(1);
  expect(rows(path)).toEqual(['one', 'two']);
});

test('what stands at the path decides, not the option', () => {
  const file = make('a.db');
  const directory = join(folder, 'b.db');
  new Database(directory).exec('CREATE TABLE t(a)').close();
  expect(statSync(directory).isDirectory()).toBe(true);
  expect(new Database(file, { store: 'directory' }).prepare('SELECT count(*) FROM t').pluck().get()).toBe(2);
  expect(new Database(directory, { store: 'file' }).prepare('SELECT count(*) FROM t').pluck().get()).toBe(0);
  const empty = join(folder, 'empty.db');
  writeFileSync(empty, '');
  new Database(empty).exec('CREATE TABLE t(a)').close();
  expect(statSync(empty).isFile()).toBe(true);
});

test('a database attached by a connection to a file is a file too', () => {
  const db = new Database(make('a.db'), { store: 'file' });
  const other = join(folder, 'b.db');
  db.prepare('ATTACH ? AS other').run(other);
  db.exec('CREATE TABLE other.t AS SELECT * FROM main.t');
  db.close();
  expect(statSync(other).isFile()).toBe(true);
  expect(rows(other)).toEqual(['one', 'two']);
});

test('connections of one process share a file, another process is told that it is locked', () => {
  const path = make('a.db');
  const [first, second] = [new Database(path), new Database(path, { readonly: true })];
  first.exec("INSERT INTO t(a) VALUES ('three')");
  expect(second.prepare('SELECT count(*) FROM t').pluck().get()).toBe(3);
  const script = `
    import { Database } from 'pluresdb';
    try { new Database(${JSON.stringify(path)}, { timeout: 50 }); } catch (error) { console.log(error.code, error.message); }`;
  const child = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  expect(child.stdout).toBe('SQLITE_BUSY database is locked\n');
  first.close();
  second.close();
});

test('the option is checked as the others are', () => {
  for (const store of ['sled', '', 1, null, undefined]) {
    expect(() => new Database(':memory:', { store } as never)).toThrow(
      new TypeError('Expected the "store" option to be "directory" or "file"'),
    );
  }
});
