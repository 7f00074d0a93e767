/** A runner that cannot fail shows nothing: each kind of lie in a file must be noticed. */
import { expect, test } from 'vitest';
import { loadEngine } from '../engine.ts';
import { runFile } from './run-file.ts';

const reference = await loadEngine('better-sqlite3');
const run = (...lines: string[]) => runFile([reference], lines.join('\n'), { sample: 0, failureLimit: 9 });

test('a true file passes', () => {
  const file = [
    'statement ok',
    'CREATE TABLE t(a); INSERT INTO t VALUES(2), (1)',
    '',
    'query I rowsort',
    'SELECT a FROM t',
    '----',
    '1',
    '2',
  ];
  expect(run(...file)).toMatchObject({ passed: 2, failed: 0 });
});

test.each([
  ['a wrong value', ['query I nosort', 'SELECT 1', '----', '2']],
  ['a missing row', ['query I nosort', 'SELECT 1', '----']],
  ['a wrong hash', ['query I nosort', 'SELECT 1', '----', '1 values hashing to 00000000000000000000000000000000']],
  ['a statement that fails', ['statement ok', 'SELECT nosuch']],
  ['a statement that should fail', ['statement error', 'SELECT 1']],
  ['a query that fails', ['query I nosort', 'SELECT nosuch', '----', '1']],
  ['a column too many', ['query I nosort', 'SELECT 1, 2', '----', '1', '2']],
])('%s is noticed', (_, lines) => {
  expect(run(...lines)).toMatchObject({ passed: 0, failed: 1 });
});

test('queries of one label must agree', () => {
  const query = (sql: string, value: string): string[] => ['query I nosort same', sql, '----', value, ''];
  expect(run(...query('SELECT 1', '1'), ...query('SELECT 2', '2'))).toMatchObject({ passed: 1, failed: 1 });
});

test('a record of several statements answers with its last', () => {
  expect(run('query I nosort', 'CREATE TABLE t(a); INSERT INTO t VALUES(5); SELECT a FROM t', '----', '5')).toMatchObject({
    passed: 1,
  });
});

test('an empty expectation accepts an error', () => {
  expect(run('query I nosort', 'SELECT abs(-9223372036854775808)', '----')).toMatchObject({ passed: 1, failed: 0 });
});

test('several engines answer every record, each on a database of its own', () => {
  const file = ['statement ok', 'CREATE TABLE t(a)', '', 'query I nosort', 'SELECT count(*) FROM t', '----', '1'];
  const result = runFile([reference, reference], file.join('\n'), { sample: 0, failureLimit: 9 });
  expect(result).toMatchObject({ passed: 2, failed: 2, times: [{ engine: 'better-sqlite3' }, { engine: 'better-sqlite3' }] });
  expect(result.failures).toHaveLength(2);
});
