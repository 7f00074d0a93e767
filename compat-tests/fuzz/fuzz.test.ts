/** The fuzzer must find a planted fault and make it small; better-sqlite3 against itself must show nothing. */
import { expect, test } from 'vitest';
import { type Connection, type Engine, loadEngine, type PreparedStatement } from '../engine.ts';
import { splitStatements } from '../split-statements.ts';
import { ALL_CONSTRUCTS, Tally } from './construct.ts';
import { FEATURES } from './context.ts';
import { ExpressionCampaign } from './expression-run.ts';
import { NESTED_CONSTRUCTS } from './nested/construct.ts';
import { runNestedChunk } from './nested/run.ts';
import { runScanChunk } from './scan-run.ts';
import { type Campaign, runEpisode } from './statement-run.ts';

const reference = await loadEngine('better-sqlite3');

/** better-sqlite3 with one fault: statements that match are changed before they run. */
function faulty(pattern: RegExp, replacement: string): Engine {
  return {
    name: 'better-sqlite3',
    open(path) {
      const db = reference.open(path);
      return new Proxy(db, {
        get(target, name) {
          if (name === 'prepare') return (sql: string): PreparedStatement => target.prepare(sql.replace(pattern, replacement));
          const value: unknown = Reflect.get(target, name, target);
          return typeof value === 'function' ? value.bind(target) : value;
        },
      }) as Connection;
    },
  };
}

/** What `npm test` runs of the campaign: some three thousand statements, always the same. */
const SLICE_SEED = 500_000;
const SLICE_EPISODES = 30;
const SCAN_TABLES = 12;
const SCANS = 40;
const NESTED_QUERIES = 60;

const campaign = (subject: Engine): ExpressionCampaign =>
  new ExpressionCampaign({ reference: reference.open(':memory:'), subject: subject.open(':memory:') }, ['core'], 'text');

const episodes = (subject: Engine): Campaign => ({
  reference,
  subject,
  functions: ['core', 'math', 'date', 'json'],
  features: new Set(FEATURES),
  rule: 'text',
});

test('a fault in an expression is found and shrunk to its core', () => {
  const run = campaign(faulty(/\bupper\(/g, 'lower('));
  for (let seed = 0; run.found.length === 0 && seed < 200; seed++) run.runBatch(seed);
  const script = run.found[0]?.script.at(-1) ?? '';
  expect(script).toContain('upper(');
  expect(script.length).toBeLessThan(60);
});

test('a fault in a statement is found and shrunk to few statements', () => {
  const subject = faulty(/^UPDATE OR IGNORE/, 'UPDATE OR REPLACE');
  let script: readonly string[] | undefined;
  for (let seed = 0; script === undefined && seed < 300; seed++)
    script = runEpisode(episodes(subject), seed, new Tally()).found?.script;
  expect(script?.length).toBeLessThan(6);
  expect(script?.join(';')).toContain('UPDATE OR IGNORE');
});

test('the reference agrees with itself', () => {
  const run = campaign(reference);
  for (let seed = 0; seed < 20; seed++) run.runBatch(seed);
  expect(run.found).toEqual([]);
  for (let seed = 0; seed < 20; seed++) expect(runEpisode(episodes(reference), seed, new Tally()).found).toBeUndefined();
});

const EXECUTIONS = ['pluresdb', 'pluresdb-row', 'pluresdb-vector', 'pluresdb-threads', 'pluresdb-scratch'] as const;

test('a slice of the campaign, in each way of execution by turns, shows no difference and meets most constructs', async () => {
  const tally = new Tally();
  const campaigns = await Promise.all(EXECUTIONS.map(async (name) => episodes(await loadEngine(name))));
  const found = Array.from({ length: SLICE_EPISODES }, (_, at) => {
    const campaign = campaigns[at % campaigns.length] as Campaign;
    return runEpisode(campaign, SLICE_SEED + at, tally).found;
  });
  expect(found.filter((each) => each !== undefined)).toEqual([]);
  expect(tally.missing().length).toBeLessThan(ALL_CONSTRUCTS.length / 5);
});

test.each(['pluresdb-row', 'pluresdb-vector', 'pluresdb-threads', 'pluresdb-scratch'] as const)(
  'scans of %s answer as the reference does',
  async (name) => {
    const engines = { reference, subject: await loadEngine(name) };
    const found = Array.from({ length: SCAN_TABLES }, (_, at) =>
      runScanChunk(engines, SLICE_SEED + at, SCANS, ['core', 'math'], 'text'),
    );
    expect(found.flat()).toEqual([]);
  },
);

test('nested queries over large tables answer as the reference does, and meet most constructs', async () => {
  const tally = new Tally(NESTED_CONSTRUCTS);
  for (const [at, name] of EXECUTIONS.entries()) {
    const campaign = { reference, subject: await loadEngine(name), functions: ['core', 'math'], rule: 'text' } as const;
    expect(runNestedChunk(campaign, SLICE_SEED + at, NESTED_QUERIES, tally)).toBeUndefined();
  }
  expect(tally.missing().length).toBeLessThan(NESTED_CONSTRUCTS.length / 10);
});

test('a fault in a subquery is found and shrunk to its core', () => {
  const subject = faulty(/ NOT EXISTS \(/g, ' EXISTS (');
  const campaign = { reference, subject, functions: ['core'], rule: 'text' } as const;
  let script: readonly string[] | undefined;
  for (let seed = 0; script === undefined && seed < 50; seed++)
    script = runNestedChunk(campaign, seed, NESTED_QUERIES, new Tally(NESTED_CONSTRUCTS))?.script;
  expect(script?.at(-1)).toContain('NOT EXISTS (');
  expect(script?.at(-1)?.length).toBeLessThan(300);
});

test('a fault in the scan of a large table is found', () => {
  const engines = { reference, subject: faulty(/\bsum\(/g, 'total(') };
  const found = Array.from({ length: 10 }, (_, seed) => runScanChunk(engines, seed, SCANS, ['core'], 'text')).flat();
  expect(found[0]?.script.at(-1)).toContain('sum(');
});

test('statements are cut at their own semicolons', () => {
  const trigger = 'CREATE TEMP TRIGGER r AFTER INSERT ON t BEGIN SELECT CASE WHEN 1 THEN 2 END; SELECT 3; END';
  const text = `SELECT ';' ; -- one; two\nSELECT "a;b", [c;d] /* ; */;${trigger}; BEGIN; END;;`;
  expect(splitStatements(text)).toEqual(["SELECT ';'", '-- one; two\nSELECT "a;b", [c;d] /* ; */', trigger, 'BEGIN', 'END']);
});
