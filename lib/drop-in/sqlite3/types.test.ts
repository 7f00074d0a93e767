/**
 * Code typed against the package `sqlite3` compiles against ours: calls as its declarations have them.
 * The compiler is the judge (`tsc`); running it shows that nothing throws.
 */
import sqlite3, * as named from 'pluresdb/sqlite3';
import { expect, test } from 'vitest';

interface Row {
  readonly id: number;
  readonly name: string;
}

test('callbacks, statements, events and constants have the types that sqlite3 declares', async () => {
  const { Database, OPEN_CREATE, OPEN_READWRITE } = sqlite3.verbose();
  const opened = new Promise<void>((resolve, reject) => {
    const other = new Database(':memory:', OPEN_READWRITE | OPEN_CREATE, (error: Error | null) => {
      other.close();
      if (error) reject(error);
      else resolve();
    });
  });
  const db: named.Database = new Database(':memory:', (error) => expect(error).toBeNull());
  const seen: unknown[] = [];
  db.on('trace', (sql: string) => seen.push(sql))
    .on('profile', (sql: string, time: number) => seen.push(sql, time))
    .on('change', (type: string, database: string, table: string, rowid: number) => seen.push(type, database, table, rowid))
    .on('error', (error: Error) => seen.push(error))
    .on('open', () => seen.push('open'));
  db.configure('busyTimeout', 100);
  db.configure('limit', sqlite3.LIMIT_ATTACHED, 5);
  db.serialize(() => {
    db.exec('CREATE TABLE t(id INTEGER PRIMARY KEY, name TEXT)', function (error) {
      seen.push(this, error);
    });
    db.run('INSERT INTO t(name) VALUES (?)', 'one', function (error) {
      const numbers: number[] = [this.lastID, this.changes];
      seen.push(error, numbers);
    })
      .run('INSERT INTO t(name) VALUES ($name)', { $name: 'two' })
      .run('INSERT INTO t(name) VALUES (?)', ['three']);
    const statement: named.Statement = db.prepare('INSERT INTO t(name) VALUES (?)', 'four', (error: Error | null) =>
      seen.push(error),
    );
    statement
      .bind('five')
      .run((error: Error | null) => seen.push(error))
      .reset();
    const owner: named.Database = statement.finalize();
    owner.get<Row>('SELECT * FROM t WHERE id = ?', 1, (error, row) => seen.push(error, row.name));
    owner.each<Row>(
      'SELECT * FROM t',
      (_error, row) => seen.push(row.id),
      (error, count) => seen.push(error, count),
    );
  });
  const rows = await new Promise<Row[]>((resolve, reject) => {
    db.all<Row>('SELECT * FROM t WHERE id > ?', [1], (error, found) => (error ? reject(error) : resolve(found)));
  });
  expect(rows.map((row) => row.name)).toEqual(['two', 'three', 'five']);
  const cached: named.Database = sqlite3.cached.Database(':memory:', (error: Error | null) => seen.push(error));
  await opened;
  await new Promise<void>((resolve) => db.wait(() => resolve()));
  await new Promise<void>((resolve) => db.close(() => resolve()));
  cached.close();
  expect(named.Database).toBe(Database);
  expect([named.OK, named.CONSTRAINT]).toEqual([0, 19]);
});

test('VERSION and SOURCE_ID are what SQL answers', async () => {
  const db = new sqlite3.Database(':memory:');
  const row = await new Promise<{ version: string; source: string }>((resolve, reject) => {
    db.get<{ version: string; source: string }>(
      'SELECT sqlite_version() AS version, sqlite_source_id() AS source',
      (error, found) => (error ? reject(error) : resolve(found)),
    );
  });
  expect([sqlite3.VERSION, sqlite3.SOURCE_ID]).toEqual([row.version, row.source]);
  db.close();
});
