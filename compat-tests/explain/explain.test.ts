/**
 * EXPLAIN QUERY PLAN of some 350 statements over every shape of plan: SQLite's lines in SQLite's tree, or our own where
 * we do another thing; EXPLAIN: SQLite's eight columns.
 *
 * `node compat-tests/explain/record.ts` writes our present plans into the list; a new one needs a reason.
 */
import { expect, test } from 'vitest';
import { loadEngine } from '../engine.ts';
import { openTables, planOf, readCases } from './plans.ts';

const reference = openTables(await loadEngine('better-sqlite3'));
const pluresdb = openTables(await loadEngine('pluresdb'));
const cases = readCases().filter((entry) => typeof entry !== 'string');

test.each(cases)('$sql', ({ sql, own }) => {
  const expected = planOf(reference, sql);
  const plan = planOf(pluresdb, sql);
  if (own === undefined) expect(plan).toBe(expected);
  else {
    expect(plan).toBe(own.plan);
    expect(own.reason).not.toBe('');
    // What is SQLite's by now has no place among the differences.
    expect(plan).not.toBe(expected);
  }
});

test('EXPLAIN QUERY PLAN has four columns, and lines stand behind their parent', () => {
  const statement = pluresdb.prepare('EXPLAIN QUERY PLAN SELECT * FROM totals');
  expect(statement.columns().map(({ name }) => name)).toEqual(['id', 'parent', 'notused', 'detail']);
  const rows = statement.all() as { readonly id: number; readonly parent: number }[];
  expect(rows.length).toBeGreaterThan(2);
  for (const [index, { id, parent }] of rows.entries()) {
    const before = rows.slice(0, index).map((row) => row.id);
    expect(before).not.toContain(id);
    expect([0, ...before]).toContain(parent);
  }
});

test.each([
  'SELECT 1',
  'SELECT * FROM t JOIN u ON u.x = t.a ORDER BY b',
  'INSERT INTO plain VALUES (1, 2, 3)',
  'DELETE FROM t',
  'CREATE TABLE later(a)',
  'BEGIN',
])('EXPLAIN %s has eight columns and ends by Halt', (sql) => {
  const statement = pluresdb.prepare(`EXPLAIN ${sql}`);
  const names = statement.columns().map(({ name }) => name);
  expect(names).toEqual(
    reference
      .prepare(`EXPLAIN ${sql}`)
      .columns()
      .map(({ name }) => name),
  );
  const rows = statement.all() as { readonly addr: number; readonly opcode: string }[];
  expect(rows.map(({ addr }) => addr)).toEqual(rows.map((_, index) => index));
  expect(rows.at(0)?.opcode).toBe('Init');
  expect(rows.at(-1)?.opcode).toBe('Halt');
});
