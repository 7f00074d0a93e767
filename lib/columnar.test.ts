/** `statement.columnar()` beside `all()`, and its Arrow bytes as another library reads them. */

import { isDeepStrictEqual } from 'node:util';
import { tableFromIPC } from '@uwdata/flechette';
import { expect, test } from 'vitest';
import type { BlobColumn, IntegerColumn, RealColumn, TextColumn } from './columnar.ts';
import { Database } from './database.ts';

function filled(): Database {
  const db = new Database(':memory:');
  db.exec('CREATE TABLE t (id INTEGER PRIMARY KEY, i, r, s, b, m, n)');
  const insert = db.prepare('INSERT INTO t VALUES (?, ?, ?, ?, ?, ?, NULL)');
  for (let id = 1; id <= 3000; id++) {
    const isNull = id % 7 === 0;
    insert.run(
      id,
      isNull ? null : BigInt(id - 1500),
      isNull ? null : id / 3,
      isNull ? null : `ü ${id % 40}`,
      isNull ? null : Buffer.from(`blob ${id}`.slice(0, id % 9)),
      [id, `m${id}`, null, id / 2][id % 4],
    );
  }
  return db;
}

test('columns hold what rows hold', () => {
  const db = filled();
  for (const sql of ['SELECT * FROM t', 'SELECT * FROM t WHERE id < 0', 'SELECT s, count(*) AS s, max(m) FROM t GROUP BY s']) {
    const statement = db.prepare(sql).raw();
    const rows = statement.all() as unknown[][];
    const result = statement.columnar();
    expect(result.rowCount).toBe(rows.length);
    expect(result.columns.map((column) => column.name)).toEqual(statement.columns().map((column) => column.name));
    for (const [index, column] of result.columns.entries()) {
      expect(column.length).toBe(rows.length);
      const values = rows.map((row) => row[index]);
      expect(column.toArray().map((value) => (value instanceof Uint8Array ? Buffer.from(value) : value))).toEqual(values);
      expect(values.map((_, row) => column.isNull(row))).toEqual(values.map((value) => value === null));
    }
  }
});

test('scans of changed tables, with conditions and computed columns', () => {
  const db = filled();
  db.exec(`UPDATE t SET i = NULL, s = 'new ' || id WHERE id % 100 = 0; DELETE FROM t WHERE id BETWEEN 500 AND 700;
    ALTER TABLE t ADD COLUMN added DEFAULT 'default'; INSERT INTO t (id, i, added) VALUES (9000, 1, NULL), (-5, 'text', 1)`);
  for (const sql of [
    'SELECT * FROM t',
    'SELECT id, added, s FROM t WHERE id > 2990',
    'SELECT id FROM t WHERE id BETWEEN 450 AND 720',
    "SELECT s, i * 2, r + i, s || '!', s IS NULL, s > 'ü 2' FROM t WHERE i > 0 OR s LIKE '%1'",
    "SELECT rowid, b FROM t WHERE r < 50 AND typeof(b) = 'blob'",
    'SELECT id, (SELECT max(id) FROM t) FROM t WHERE r > 900',
    'SELECT DISTINCT s FROM t',
    'SELECT id FROM t LIMIT 5 OFFSET 3',
    'SELECT id FROM t ORDER BY s, id DESC',
    'SELECT i FROM t WHERE id < -1000',
  ]) {
    const statement = db.prepare(sql).raw();
    const rows = statement.all() as unknown[][];
    const columns = statement.columnar().columns.map((column) => column.toArray());
    const values = statement.columns().map((_, index) => rows.map((row) => row[index]));
    const plain = columns.map((column) => column.map((value) => (value instanceof Uint8Array ? Buffer.from(value) : value)));
    expect(isDeepStrictEqual(plain, values), sql).toBe(true);
  }
});

test('an error that only some rows have is met as row by row', () => {
  const db = filled();
  db.exec('UPDATE t SET i = 9223372036854775807 WHERE id = 2999');
  expect(() => db.prepare('SELECT abs(-i - 1) FROM t').columnar()).toThrow('integer overflow');
  expect(db.prepare('SELECT CASE WHEN id < 2999 THEN abs(-i - 1) END FROM t').columnar().rowCount).toBe(3000);
});

test('a column takes the array that fits its values', () => {
  const result = filled().prepare('SELECT * FROM t').columnar();
  expect(result.columns.map((column) => column.type)).toEqual(['integer', 'integer', 'real', 'text', 'blob', 'mixed', 'null']);
  expect((result.column('i') as IntegerColumn).values).toBeInstanceOf(Int32Array);
  const reals = (result.column('r') as RealColumn).values;
  expect(reals).toBeInstanceOf(Float64Array);
  expect(reals.slice(5, 8)).toEqual(new Float64Array([2, Number.NaN, 8 / 3]));
  const texts = result.column('s') as TextColumn;
  expect(texts.codes).toBeInstanceOf(Uint8Array);
  expect(texts.dictionary).toHaveLength(40);
  const blobs = result.column('b') as BlobColumn;
  expect(blobs.ends[2999]).toBe(blobs.bytes.length);
  expect(result.column('none')).toBeUndefined();
});

test('at() tells null from no such row', () => {
  const column = filled().prepare('SELECT i FROM t LIMIT 8').columnar().columns[0];
  expect([column?.at(0), column?.at(6), column?.at(8), column?.at(-1)]).toEqual([-1499, null, undefined, undefined]);
});

test('integers never lose digits', () => {
  const db = new Database(':memory:');
  const values = (sql: string, isSafe = false) =>
    (db.prepare(sql).safeIntegers(isSafe).columnar().columns[0] as IntegerColumn).values;
  expect(values('VALUES (2147483647), (-2147483648)')).toEqual(new Int32Array([2147483647, -2147483648]));
  expect(values('VALUES (2147483648)')).toEqual(new Float64Array([2147483648]));
  expect(values('VALUES (9007199254740993), (1)')).toEqual(new BigInt64Array([9007199254740993n, 1n]));
  expect(values('VALUES (1)', true)).toEqual(new BigInt64Array([1n]));
  const mixed = db.prepare("VALUES (9007199254740993), ('a')").columnar().columns[0];
  expect(mixed?.toArray()).toEqual([9007199254740993n, 'a']);
});

test('dictionaries of many texts take wider codes', () => {
  const db = new Database(':memory:');
  const series = (rows: number) =>
    `WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s LIMIT ${rows}) SELECT '${'x'.repeat(30)}' || n AS t FROM s`;
  for (const [rows, type] of [
    [256, Uint8Array],
    [257, Uint16Array],
    [65_537, Uint32Array],
  ] as const) {
    const column = db.prepare(series(rows)).columnar().columns[0] as TextColumn;
    expect(column.codes).toBeInstanceOf(type);
    expect(column.dictionary).toEqual(db.prepare(series(rows)).pluck().all());
  }
});

test('a bound statement, parameters and changes of the schema', () => {
  const db = filled();
  const bound = db.prepare('SELECT i FROM t WHERE id = ?').bind(3);
  expect(bound.columnar().columns[0]?.toArray()).toEqual([-1497]);
  expect(
    db.prepare('SELECT id FROM t WHERE id BETWEEN :from AND :to').columnar({ from: 2, to: 4 }).columns[0]?.toArray(),
  ).toEqual([2, 3, 4]);
  const all = db.prepare('SELECT * FROM t LIMIT 1');
  expect(all.columnar().columns).toHaveLength(7);
  db.exec("ALTER TABLE t ADD COLUMN z DEFAULT 'new'");
  expect(all.columnar().column('z')?.toArray()).toEqual(['new']);
});

test('errors are those of all()', () => {
  const db = filled();
  expect(() => db.prepare('DELETE FROM t').columnar()).toThrow('This statement does not return data. Use run() instead');
  db.function('fails', (id: unknown) => {
    if (id === 5) throw new RangeError('five');
    return id;
  });
  const statement = db.prepare('SELECT fails(id) FROM t');
  expect(() => statement.columnar()).toThrow(RangeError);
  expect(() => db.prepare('SELECT abs(-9223372036854775808)').columnar()).toThrow('integer overflow');
  // The connection is free again.
  db.exec('DELETE FROM t');
  expect(statement.columnar().rowCount).toBe(0);
});

test('a change that returns rows has happened', () => {
  const db = filled();
  const result = db.prepare('DELETE FROM t WHERE id <= 3 RETURNING id').columnar();
  expect(result.columns[0]?.toArray()).toEqual([1, 2, 3]);
  expect(db.prepare('SELECT min(id) FROM t').pluck().get()).toBe(4);
});

test('Arrow has the same values', () => {
  const db = filled();
  const result = db.prepare('SELECT id, i, r, s, b, n, id * 3000000000 AS large, s AS again FROM t').columnar();
  const table = tableFromIPC(result.toArrow(), { useBigInt: true });
  expect(table.numRows).toBe(result.rowCount);
  for (const column of result.columns) {
    const read = [...table.getChild(column.name)].map((value) => (typeof value === 'bigint' ? Number(value) : value));
    expect(read).toEqual(column.toArray());
  }
  expect(table.names).toEqual(result.columns.map((column) => column.name));
});

test('Arrow keeps 64-bit integers exact, and refuses columns of several kinds', () => {
  const db = new Database(':memory:');
  const integers = ['9223372036854775807', '-9223372036854775808', '-4294967297', '4294967296', '-1'];
  for (const literals of [integers, integers.slice(2)]) {
    const bytes = db
      .prepare(`VALUES ${literals.map((literal) => `(${literal})`).join()}`)
      .columnar()
      .toArrow();
    const [column] = tableFromIPC(bytes, { useBigInt: true }).children;
    expect([...(column as Iterable<bigint>)].map(String)).toEqual(literals);
  }
  expect(() => db.prepare("VALUES (1), ('a')").columnar().toArrow()).toThrow(TypeError);
});

test('an empty result has columns, in Arrow too', () => {
  const result = new Database(':memory:').prepare('SELECT 1 AS a, 2 AS b WHERE 0').columnar();
  expect(result.columns.map((column) => [column.name, column.type, column.length])).toEqual([
    ['a', 'null', 0],
    ['b', 'null', 0],
  ]);
  expect(tableFromIPC(result.toArrow()).names).toEqual(['a', 'b']);
});
