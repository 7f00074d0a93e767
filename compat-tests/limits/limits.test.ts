/**
 * SQLite's limits: what is just allowed and what is just too much come to the same on both engines.
 *
 * Deep statements run on a thread, whose stack is smaller than a process's: none may end it.
 */
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { type EngineName, loadEngine } from '../engine.ts';
import { outcome } from './outcome.ts';

const reference = await loadEngine('better-sqlite3');
const pluresdb = await loadEngine('pluresdb');

const list = (count: number, item: string | ((index: number) => string), separator = ', ') =>
  Array.from({ length: count }, (_, index) => (typeof item === 'string' ? item : item(index))).join(separator);
const nested = (count: number, open: string, inner: string, close: string) => open.repeat(count) + inner + close.repeat(count);

/** Name, the largest size SQLite takes, and the statement of a size. */
const WIDTHS: readonly (readonly [string, number, (size: number) => string])[] = [
  ['columns of a table', 2000, (n) => `CREATE TABLE t(${list(n, (index) => `c${index}`)})`],
  ['columns of a result', 2000, (n) => `SELECT ${list(n, '1')}`],
  ['columns of a result opened from *', 2000, (n) => `SELECT ${list(n, '*')} FROM base`],
  ['columns of VALUES', 2000, (n) => `VALUES(${list(n, '1')})`],
  ['columns of a table made from a query', 2000, (n) => `CREATE TABLE t AS SELECT ${list(n, (index) => `1 AS c${index}`)}`],
  ['columns of RETURNING', 2000, (n) => `INSERT INTO base VALUES(1) RETURNING ${list(n, '1')}`],
  ['columns of an index', 2000, (n) => `CREATE INDEX i ON base(${list(n, 'a')})`],
  ['columns of UNIQUE', 2000, (n) => `CREATE TABLE t(a, UNIQUE(${list(n, 'a')}))`],
  ['columns of SET', 2000, (n) => `UPDATE base SET ${list(n, 'a = 1')}`],
  ['terms of ORDER BY', 2000, (n) => `SELECT 1 ORDER BY ${list(n, '1 + 1')}`],
  ['terms of GROUP BY', 2000, (n) => `SELECT 1 GROUP BY ${list(n, '1 + 1')}`],
  ['terms of PARTITION BY', 2000, (n) => `SELECT sum(1) OVER (PARTITION BY ${list(n, '1')})`],
  ['terms of a UNION ALL', 500, (n) => list(n, 'SELECT 1', ' UNION ALL ')],
  ['terms of a UNION', 500, (n) => list(n, 'SELECT 1', ' UNION ')],
  ['terms of an EXCEPT', 500, (n) => list(n, 'SELECT 1', ' EXCEPT ')],
  ['tables of a join', 64, (n) => `SELECT 1 FROM ${list(n, (index) => `base b${index}`)}`],
  ['tables of LEFT JOINs', 64, (n) => `SELECT 1 FROM ${list(n, (index) => `base b${index}`, ' LEFT JOIN ')}`],
  ['the number of a parameter', 32766, (n) => `SELECT CASE WHEN 0 THEN ?${n} END WHERE 0`],
  ['parameters', 32766, (n) => `SELECT 1 WHERE 0 AND (${list(n, '?', ' OR ')})`],
  ['arguments of a function', 1000, (n) => `SELECT char(${list(n, '65')})`],
  ['arguments of max', 1000, (n) => `SELECT max(${list(n, '1')})`],
  ['bytes of a LIKE pattern', 50_000, (n) => `SELECT 'a' LIKE '${'a'.repeat(n)}'`],
  ['bytes of a GLOB pattern', 50_000, (n) => `SELECT 'a' GLOB '${'a'.repeat(n)}'`],
  ['bytes of a blob', 536_870_888, (n) => `SELECT length(zeroblob(${n}))`],
  ['digits of a hexadecimal number', 16, (n) => `SELECT 0x${'f'.repeat(n)}`],
  ['rows of VALUES, which have no limit', 5000, (n) => `SELECT count(*) FROM (VALUES ${list(n, '(1)')})`],
  ['members of IN, which have no limit', 40_000, (n) => `SELECT 1 IN (${list(n, '2')})`],
];

test.each(WIDTHS)('%s', (_, limit, statement) => {
  for (const size of [limit, limit + 1])
    expect(outcome(pluresdb, statement(size)), `${size}`).toBe(outcome(reference, statement(size)));
});

test('attached databases', () => {
  const attach = (count: number) => list(count, (index) => `ATTACH ':memory:' AS a${index}`, ';');
  for (const engine of [reference, pluresdb]) {
    const connection = engine.open(':memory:');
    connection.exec(attach(10));
    expect(() => connection.exec("ATTACH ':memory:' AS one_more")).toThrow('too many attached databases - max 10');
    connection.close();
  }
});

/** Statements as deep as they are long. */
const DEPTHS: Readonly<Record<string, (size: number) => string>> = {
  additions: (n) => `SELECT ${list(n, '1', '+')}`,
  conjunctions: (n) => `SELECT ${list(n, '1', ' AND ')}`,
  concatenations: (n) => `SELECT ${list(n, "'a'", '||')}`,
  comparisons: (n) => `SELECT ${list(n, '1', ' = ')}`,
  negations: (n) => `SELECT ${'NOT '.repeat(n)}1`,
  minuses: (n) => `SELECT ${'- '.repeat(n)}1`,
  collations: (n) => `SELECT 1 ${'COLLATE nocase '.repeat(n)}`,
  parentheses: (n) => `SELECT ${nested(n, '(', '1', ')')}`,
  calls: (n) => `SELECT ${nested(n, 'abs(', '1', ')')}`,
  cases: (n) => `SELECT ${nested(n, 'CASE WHEN 1 THEN ', '1', ' END')}`,
  casts: (n) => `SELECT ${nested(n, 'CAST(', '1', ' AS INT)')}`,
  betweens: (n) => `SELECT ${'1 BETWEEN 0 AND '.repeat(n)}1`,
  'parentheses in FROM': (n) => `SELECT * FROM ${nested(n, '(', '(SELECT 1)', ')')}`,
};
/** SQLite takes 1000 levels of these as long as its parser does, we take 250: a thread's stack has no room for more. */
const SUBQUERIES: Readonly<Record<string, (size: number) => string>> = {
  'subqueries in FROM': (n) => `SELECT * FROM ${nested(n, '(SELECT * FROM ', '(SELECT 1)', ')')}`,
  'subqueries in WITH': (n) => nested(n, 'WITH a AS (', 'SELECT 1', ') SELECT * FROM a'),
  'common tables': (n) =>
    `WITH c0 AS (SELECT 1 AS a)${list(n, (index) => `, c${index + 1} AS (SELECT a FROM c${index})`, '')} SELECT * FROM c${n}`,
};
const SUBQUERY_SIZES = [10, 100, 245, 1500, 10_000];
const SIZES = [10, 100, 200, 300, 498, 499, 500, 998, 999, 1000, 1001, 2490, 2500, 10_000];
/** Of a CAST too deep for the parser and for an expression SQLite says the first, we the second. */
const sizesOf = (name: string) => (name === 'casts' ? SIZES.filter((size) => size <= 1001) : SIZES);
/** Deep enough that what is said of it depends on a parser's stack; nothing may crash. */
const MERELY_DEEP: readonly string[] = [
  ...[40, 200, 1000, 100_000].flatMap((n) => [
    `SELECT ${nested(n, '(SELECT ', '1', ')')}`,
    `SELECT ${nested(n, 'EXISTS(SELECT ', '1', ')')}`,
    `SELECT ${nested(n, '1 IN (', '1', ')')}`,
  ]),
  ...Object.values(DEPTHS).map((statement) => statement(100_000)),
  ...[249, 250, 251, 400, 500].flatMap((n) => Object.values(SUBQUERIES).map((statement) => statement(n))),
];

function onThread(engine: EngineName, statements: readonly string[]): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: { engine, statements } });
    worker.once('message', resolve).once('error', reject);
    worker.once('exit', (code) => reject(new Error(`the thread ended with ${code}`)));
  });
}

test('depth', async () => {
  const statements = [
    ...Object.entries(DEPTHS).flatMap(([name, statement]) => sizesOf(name).map(statement)),
    ...Object.values(SUBQUERIES).flatMap((statement) => SUBQUERY_SIZES.map(statement)),
  ];
  const [expected, found] = await Promise.all([onThread('better-sqlite3', statements), onThread('pluresdb', statements)]);
  const names = [
    ...Object.keys(DEPTHS).flatMap((name) => sizesOf(name).map((size) => `${size} ${name}`)),
    ...Object.keys(SUBQUERIES).flatMap((name) => SUBQUERY_SIZES.map((size) => `${size} ${name}`)),
  ];
  const label = (outcomes: readonly string[]) => outcomes.map((text, index) => `${names[index]}: ${text}`);
  expect(label(found)).toEqual(label(expected));
}, 120_000);

test('no depth ends a thread', async () => {
  expect(await onThread('pluresdb', MERELY_DEEP)).toHaveLength(MERELY_DEEP.length);
}, 120_000);
