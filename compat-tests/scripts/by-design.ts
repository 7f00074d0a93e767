/**
 * Statements whose answers differ because the engines do. Each is shown on the page with its reason; one that agrees is
 * no difference any more and fails the run.
 */
import type { Engine } from '../engine.ts';
import type { KnownDifference } from './known-differences.ts';
import { recordScript } from './record.ts';
import type { Script } from './run-script.ts';

export const BY_DESIGN = 'by design';

const SETUP = ['CREATE TABLE t(a INTEGER PRIMARY KEY, b)', 'CREATE INDEX i ON t(b)'];

const DIFFERENCES: readonly (readonly [sql: string, reason: string, needs?: 'search'])[] = [
  [
    'EXPLAIN SELECT b FROM t',
    'A program of SQLite’s virtual machine; ours are operators. The columns are the same, the rows tell our plan',
  ],
  [
    'EXPLAIN QUERY PLAN SELECT b FROM t WHERE b = 1',
    'SQLite’s words in SQLite’s tree, for our plan, which may be another one (`compat-tests/explain` has both); `id` counts lines where SQLite’s is an address, `notused` is SQLite’s estimate of rows',
  ],
  ['PRAGMA compile_options', 'Those about SQLite’s compiler, pages and files are not ours'],
  ['SELECT count(*) FROM pragma_module_list', 'The search modules come with search', 'search'],
];

/** The statements as a script, recorded from the reference. */
export function designScript(reference: Engine): Script {
  const statements = [...SETUP, ...DIFFERENCES.map(([sql]) => sql)];
  return recordScript(
    reference,
    BY_DESIGN,
    statements.map((sql) => ({ sql })),
  );
}

/** As the list of known differences has it. */
export const designDifferences = (): KnownDifference[] =>
  DIFFERENCES.map(([sql, reason, needs], at) => ({
    script: BY_DESIGN,
    step: SETUP.length + at,
    sql,
    reason,
    ...(needs === undefined ? {} : { needs }),
  }));
