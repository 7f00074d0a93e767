/** What a statement uses is found in its words, and not in its texts, names and comments. */
import { expect, test } from 'vitest';
import { featuresOf, wordsOf } from './features.ts';

test('texts, names and comments hide what is in them', () => {
  expect(wordsOf(`select 'a(b' , "c(d", [e f] -- g(\n/* h( */ || x`)).toEqual([
    'SELECT',
    "'…'",
    ',',
    '"…"',
    ',',
    '"…"',
    '||',
    'X',
  ]);
});

test.each([
  ['SELECT abs(x), "abs"(1), \'sum(1)\' FROM t', ['abs']],
  ['INSERT INTO date(a) SELECT upper(1)', ['upper']],
  ['CREATE TABLE total(a, b DEFAULT (length(2)))', ['default', 'length']],
  ["SELECT a ->> '$.x', current_date WHERE a LIKE b", ['->>', 'current_date', 'like']],
])('functions of %s', (sql, functions) => {
  expect(featuresOf(sql).functions).toEqual(functions);
});

test('PRAGMAs are found as statements and as tables', () => {
  expect(featuresOf('PRAGMA main.table_info(t)').pragmas).toEqual(['table_info']);
  expect(featuresOf("SELECT * FROM pragma_index_list('t')").pragmas).toEqual(['index_list']);
});

test.each([
  ['WITH c AS (SELECT 1) INSERT INTO t SELECT * FROM c RETURNING *', ['INSERT … SELECT', 'WITH', '… RETURNING']],
  ['UPDATE t SET (a, b) = (1, 2) FROM u WHERE t.x = u.x', ['UPDATE … FROM', 'UPDATE … SET (…) = (…)', 'WHERE']],
  ['ALTER TABLE t RENAME COLUMN a TO b', ['ALTER TABLE … RENAME COLUMN']],
  ['EXPLAIN QUERY PLAN DELETE FROM t', ['EXPLAIN QUERY PLAN', 'DELETE']],
  ['SELECT sum(a) OVER (ORDER BY b ROWS 1 PRECEDING) FROM t LEFT JOIN u USING (x)', ['OVER … ROWS', 'LEFT JOIN', 'JOIN … USING']],
])('clauses of %s', (sql, clauses) => {
  expect(featuresOf(sql).clauses).toEqual(expect.arrayContaining(clauses));
});

test('a clause is not found where it is not', () => {
  const { clauses } = featuresOf("SELECT 'LEFT JOIN' FROM t");
  expect(clauses).toEqual(['SELECT']);
});
