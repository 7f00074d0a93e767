/** Each output mode on the same rows. */
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { type Cell, cellToSql } from './cell.ts';
import { createRowWriter, type Mode, type OutputSettings } from './modes.ts';
import { Output } from './output.ts';

async function written(mode: Mode, columns: string[], rows: Cell[][], settings: Partial<OutputSettings> = {}): Promise<string> {
  const stream = new PassThrough({ highWaterMark: 1 << 24 });
  const output = new Output(stream);
  const writer = createRowWriter(columns, { mode, headers: undefined, nullText: undefined, separator: '|', ...settings }, output);
  for (const row of rows) writer.row(row);
  writer.end();
  await output.flush();
  return String(stream.read() ?? '');
}

const columns = ['id', 'text'];
const rows: Cell[][] = [
  [1n, 'a'],
  [20n, null],
];

test('table aligns numbers right and texts left', async () => {
  expect(await written('table', columns, rows)).toBe(
    ['┌────┬──────┐', '│ id │ text │', '├────┼──────┤', '│  1 │ a    │', '│ 20 │ NULL │', '└────┴──────┘', ''].join('\n'),
  );
});

test('table counts wide and combining characters as a terminal does', async () => {
  expect(await written('table', ['x'], [['日本'], ['e\u0301'], ['abcd']])).toContain('│ 日本 │\n│ e\u0301    │\n│ abcd │');
});

test('table shows control characters as escapes', async () => {
  expect(await written('table', ['x'], [['a\nb\x1b[2J']])).toContain('│ a\\nb\\x1b[2J │');
});

test('table keeps on after the rows that were measured', async () => {
  const many = Array.from({ length: 6000 }, (_, index) => [BigInt(index)] as Cell[]);
  const lines = (await written('table', ['n'], many)).trimEnd().split('\n');
  expect(lines).toHaveLength(6004);
  expect(lines.at(-2)).toBe('│ 5999 │');
});

test('markdown escapes its bars', async () => {
  expect(await written('markdown', ['a'], [['x|y']])).toBe('| a    |\n|------|\n| x\\|y |\n');
});

test('csv quotes what needs it and tells an empty text from NULL', async () => {
  const cells: Cell[][] = [
    ['a,b', 'say "x"'],
    ['line\nbreak', null],
    ['', 1.5],
  ];
  expect(await written('csv', columns, cells)).toBe('id,text\n"a,b","say ""x"""\n"line\nbreak",\n"",1.5\n');
  expect(await written('csv', columns, rows, { headers: false, nullText: '\\N' })).toBe('1,a\n20,\\N\n');
});

test('tsv escapes tabs and line breaks', async () => {
  expect(await written('tsv', ['a'], [['x\ty\nz\\']])).toBe('a\nx\\ty\\nz\\\\\n');
});

test('json keeps the digits of integers and the kind of reals', async () => {
  const cells: Cell[][] = [
    [9223372036854775807n, 2],
    [null, Buffer.from([0, 255])],
    [Infinity, 'a"b\n'],
  ];
  expect(await written('json', columns, cells)).toBe(
    '[{"id":9223372036854775807,"text":2.0},\n{"id":null,"text":"X\'00FF\'"},\n{"id":1e999,"text":"a\\"b\\n"}]\n',
  );
  expect(await written('json', columns, [])).toBe('[]\n');
  expect(await written('jsonl', columns, rows)).toBe('{"id":1,"text":"a"}\n{"id":20,"text":null}\n');
});

test('list joins values, with names on request', async () => {
  expect(await written('list', columns, rows)).toBe('1|a\n20|\n');
  expect(await written('list', columns, rows, { headers: true, separator: ', ', nullText: '-' })).toBe('id, text\n1, a\n20, -\n');
});

test('line puts every value on a line', async () => {
  expect(await written('line', columns, rows)).toBe('  id = 1\ntext = a\n\n  id = 20\ntext = NULL\n');
});

test('values as literals read back as they were', () => {
  const cells: Cell[] = [null, -1n, 1, 1e300, -Infinity, "it's", 'a\0b', Buffer.from('ab')];
  expect(cells.map(cellToSql)).toEqual(['NULL', '-1', '1.0', '1.0e+300', '-9e999', "'it''s'", "('a'||char(0)||'b')", "X'6162'"]);
});
