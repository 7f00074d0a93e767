/** What the runner prints for a value must be what SQLite's own runner prints. */
import { expect, test } from 'vitest';
import { loadEngine } from '../engine.ts';
import { Random } from '../fuzz/random.ts';
import { formatReal, formatRows, formatValue } from './format.ts';
import { parseRecords } from './parse.ts';

const asText = (value: number): string => `${value}`;

test('a real shows three decimals of sixteen significant digits, as printf has it', async () => {
  const printf = (await loadEngine('better-sqlite3')).open(':memory:').prepare("SELECT printf('%.3f', ?)").pluck();
  const random = new Random(5);
  const chosen = [0, 1.5, -2.0005, 0.0005, -0.0001, 1e15 / 3, 2 ** 63, -(2 ** 63), 1e20, 1e300, 5e-324, 999.9995];
  const drawn = random.many(5000, () => (random.next() / 2 ** 31 - 1) * 10 ** random.between(-5, 12));
  for (const value of [...chosen, ...drawn]) expect(formatReal(value)).toBe(printf.get(value));
});

test('an integer column takes the leading integer of a text', () => {
  expect(['12abc', 'abc', '-7', ''].map((text) => formatValue(text, 'I', asText))).toEqual(['12', '0', '-7', '0']);
  expect([1.9, -1.9, 1e300].map((real) => formatValue(real, 'I', asText))).toEqual(['1', '-1', '9223372036854775807']);
});

test('text shows NULL, emptiness and bytes that do not print', () => {
  expect([null, '', 'a\nb', 'é', Buffer.from([0x41, 0])].map((value) => formatValue(value, 'T', asText))).toEqual([
    'NULL',
    '(empty)',
    'a@b',
    '@@',
    'A@',
  ]);
});

test('rowsort keeps rows together, valuesort does not', () => {
  const rows = [
    ['b', 1n],
    ['a', 2n],
  ];
  expect(formatRows(rows, 'TI', 'rowsort', asText)).toEqual(['a', '2', 'b', '1']);
  expect(formatRows(rows, 'TI', 'valuesort', asText)).toEqual(['1', '2', 'a', 'b']);
});

test('conditions with comments choose the records, and halt ends the file', () => {
  const text = [
    'hash-threshold 8 # as in SQLite',
    'skipif mysql # not compatible',
    'query I nosort label-1',
    'SELECT 1',
    '----',
    '1',
    '',
    'onlyif mssql',
    'halt',
    '',
    'onlyif mysql',
    'statement ok',
    'SELECT 2',
    '',
    'statement error',
    'SELECT',
    '',
    'halt',
    '',
    'statement ok',
    'SELECT 3',
  ].join('\n');
  expect(parseRecords(text)).toEqual([
    {
      kind: 'query',
      line: 3,
      sql: 'SELECT 1',
      types: 'I',
      sort: 'nosort',
      label: 'label-1',
      expected: { kind: 'values', values: ['1'] },
    },
    { kind: 'statement', line: 15, sql: 'SELECT', mustFail: true },
  ]);
});
