/** What files of each format become as tables, and how broken ones are refused. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'pluresdb';
import { afterAll, expect, test } from 'vitest';
import { type ImportFormat, loadTable, planTable, tableNameOf } from './load-table.ts';

const folder = mkdtempSync(join(tmpdir(), 'pluresdb-import-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const vegaData = fileURLToPath(new URL('../data', import.meta.resolve('vega-datasets')));

/** The table that a file of this text becomes: its columns with their types, and its rows. */
async function imported(name: string, text: string, format?: ImportFormat) {
  const path = join(folder, name);
  writeFileSync(path, text);
  const db = new Database(':memory:');
  const plan = await planTable(path, { table: 't', ...(format && { format }) });
  const count = await loadTable(db, plan);
  const rows = db.prepare('SELECT * FROM t ORDER BY rowid').raw().all();
  db.close();
  expect(count).toBe(rows.length);
  expect(plan.source.rowCount).toBe(rows.length);
  return { columns: plan.source.columns.map((column, index) => `${column} ${plan.types[index]}`), rows };
}

test('numbers of a CSV become numbers, unless they would be written otherwise', async () => {
  const csv = 'id,share,zip,mixed,nothing\n1,0.5,00501,7,\n-20,3,10001,seven,\n900719925474099312,2.25,x,1e5,\n';
  const { columns, rows } = await imported('numbers.csv', csv);
  expect(columns).toEqual(['id INTEGER', 'share REAL', 'zip TEXT', 'mixed TEXT', 'nothing TEXT']);
  expect(rows.slice(0, 2)).toEqual([
    [1, 0.5, '00501', '7', null],
    [-20, 3, '10001', 'seven', null],
  ]);
});

test('quoted CSV fields hold separators, line ends and quotes', async () => {
  const { rows } = await imported('quotes.csv', '\ufeffa;b\r\n"x;y";"line\r\nend"\r\n"say ""hi""";2\r\n\r\nlast;');
  expect(rows).toEqual([
    ['x;y', 'line\r\nend'],
    ['say "hi"', '2'],
    ['last', null],
  ]);
});

test('a CSV row with more fields than the header is refused by its number', async () => {
  await expect(imported('long.csv', 'a,b\n1,2\n1,2,3\n')).rejects.toThrow(/row 2 of .*long\.csv has 3 fields, the header only 2/);
});

test('a quote that never ends is refused', async () => {
  await expect(imported('open.csv', 'a\n"b\n')).rejects.toThrow('a quoted field of the CSV never ends');
});

test('an empty file is refused', async () => {
  await expect(imported('empty.csv', '')).rejects.toThrow('is empty');
});

test('JSON keeps its own types, and nested values as JSON', async () => {
  const { columns, rows } = await imported(
    'values.json',
    '[{"n":1,"title":"300 more","on":true,"deep":{"a":[1,2]}},{"n":2.5,"title":300,"text":"12"},{"n":9007199254740993.0,"on":null}]',
  );
  expect(columns).toEqual(['n REAL', 'title TEXT', 'on INTEGER', 'deep TEXT', 'text TEXT']);
  expect(rows).toEqual([
    [1, '300 more', 1, '{"a":[1,2]}', null],
    [2.5, '300', null, null, '12'],
    [9007199254740992, null, null, null, null],
  ]);
});

test('integers of 64 bits come through JSON unharmed', async () => {
  const path = join(folder, 'long.json');
  writeFileSync(path, '[{"id":9007199254740993},{"id":-9223372036854775808}]');
  const db = new Database(':memory:');
  await loadTable(db, await planTable(path, { table: 't' }));
  expect(db.prepare('SELECT id FROM t').pluck().safeIntegers().all()).toEqual([9007199254740993n, -9223372036854775808n]);
  db.close();
});

test('NDJSON has an object on each line, with keys of its own', async () => {
  const { columns, rows } = await imported('lines.ndjson', '{"a":1}\n\n{"b":"x","a":2}\n');
  expect(columns).toEqual(['a INTEGER', 'b TEXT']);
  expect(rows).toEqual([
    [1, null],
    [2, 'x'],
  ]);
});

test('what is not JSON is named with its place', async () => {
  await expect(imported('broken.ndjson', '{"a":1}\n{"a":\n')).rejects.toThrow(/line 2 of .*broken\.ndjson is not JSON/);
  await expect(imported('broken.json', '[1, 2')).rejects.toThrow(/broken\.json is not JSON/);
  await expect(imported('scalar.json', '[1]')).rejects.toThrow(/element 0 of .*scalar\.json is not an object/);
});

test('Parquet brings its types, and times as text', async () => {
  const plan = await planTable(join(vegaData, 'flights-3m.parquet'));
  expect(plan.table).toBe('flights_3m');
  expect(plan.types).toEqual(['TEXT', 'INTEGER', 'INTEGER', 'TEXT', 'TEXT']);
  expect(plan.source.rowCount).toBe(3_000_000);
  for await (const batch of plan.source.batches()) {
    expect(batch[0]).toEqual(['2001-01-01 00:01:00', 33, 2176, 'LAS', 'PHL']);
    break;
  }
});

test('a table is named for its file', () => {
  expect(tableNameOf('/data/flights-3m.parquet')).toBe('flights_3m');
  expect(tableNameOf('2024.csv')).toBe('t_2024');
});
