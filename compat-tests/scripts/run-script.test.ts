/** Recorded scripts are compared value by value, with types. */
import { expect, test } from 'vitest';
import { loadEngine } from '../engine.ts';
import { recordScript } from './record.ts';
import { runScript, type Step } from './run-script.ts';

const reference = await loadEngine('better-sqlite3');
const run = (...steps: Step[]) => runScript(reference, { file: 'test', steps }, 9);

test('what is recorded holds when it is run', () => {
  const statements = [
    'CREATE TABLE t(a UNIQUE, b)',
    "INSERT INTO t VALUES(1, 1.0), (9223372036854775807, -0.0), (x'00', 'é'), (NULL, 1e999)",
    'SELECT * FROM t',
    'INSERT INTO t VALUES(1, 2)',
    'SELEC',
  ];
  const script = recordScript(
    reference,
    'own',
    statements.map((sql) => ({ sql })),
  );
  expect(runScript(reference, script, 9)).toMatchObject({ passed: statements.length, failed: 0 });
});

test.each([
  ['an integer for a real', { sql: 'SELECT 1.0 AS a', columns: ['a'], rows: [[1]] }],
  ['a text for an integer', { sql: 'SELECT 1 AS a', columns: ['a'], rows: [['1']] }],
  ['another column name', { sql: 'SELECT 1 AS a', columns: ['b'], rows: [[1]] }],
  ['another count of changes', { sql: 'CREATE TABLE t(a)', changes: 1 }],
  ['another message', { sql: 'SELECT nosuch', error: 'no such column: other', code: 'SQLITE_ERROR' }],
  ['another code', { sql: 'SELECT nosuch', error: 'no such column: nosuch', code: 'SQLITE_BUSY' }],
  ['rows in another order', { sql: 'VALUES(1), (2)', columns: ['column1'], rows: [[2], [1]] }],
])('%s is noticed', (_, step) => {
  expect(run(step)).toMatchObject({ passed: 0, failed: 1 });
});

test('rows without an order may come in any', () => {
  expect(run({ sql: 'VALUES(1), (2)', columns: ['column1'], rows: [[2], [1]], unordered: true })).toMatchObject({ passed: 1 });
});

test('a reset begins a new database', () => {
  expect(run({ sql: 'CREATE TABLE t(a)', changes: 0 }, { reset: true }, { sql: 'CREATE TABLE t(a)', changes: 0 })).toMatchObject({
    passed: 2,
  });
});
