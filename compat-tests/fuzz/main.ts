/**
 * `npm run fuzz -- sql|expr|foreign-keys|scan|nested`: seeded differential fuzzing against better-sqlite3.
 *
 *     --engine NAME         the engine under test, default pluresdb
 *     --turns               chunks take turns: execution chosen by the engine, row by row, in batches, on two threads, in
 *                           scratch files
 *     --seed S              default 1; the same seed gives the same run
 *     --statements N        statements (default 20000) or expressions (expr, default 200000)
 *     --functions LIST      core,format,math,date,json; default all (sql), core (expr), core and math (scan, nested)
 *     --without LIST        triggers,foreign-keys,alter,attach,analyze: leave these out (sql)
 *     --errors RULE         text (default), code or any: how exactly errors are compared
 *     --failures N          stop after so many differences, default 5
 *     --chunk K             only the K-th chunk of the run, to repeat what another run reported
 *     --jobs N              child processes, default 2
 *     --quiet               no table of constructs (sql, nested)
 *
 * Each difference is shrunk to a minimal script and printed with both answers. A run of at least 200,000 statements
 * that never met some construct fails, too.
 */
import { explaining, readCommandLine } from '../command-line.ts';
import type { EngineName } from '../engine.ts';
import { runPool } from '../pool/pool.ts';
import { type Count, closingLine, indent, newCount, shorten } from '../report.ts';
import { type ChunkResult, type ChunkTask, chunkSize, type FuzzMode } from './chunk.ts';
import type { ErrorRule } from './compare.ts';
import { ALL_CONSTRUCTS, Tally } from './construct.ts';
import { FEATURES } from './context.ts';
import type { FunctionGroup } from './function-shape.ts';
import { NESTED_CONSTRUCTS } from './nested/construct.ts';

const DEFAULT_FUNCTIONS: Readonly<Record<FuzzMode, string>> = {
  sql: 'core,format,math,date,json',
  expr: 'core',
  'foreign-keys': 'core',
  scan: 'core,math',
  nested: 'core,math',
};

/** Whose turn it is with --turns, by the chunk's number: a chunk that is repeated runs as it ran before. */
const EXECUTIONS: readonly EngineName[] = ['pluresdb', 'pluresdb-row', 'pluresdb-vector', 'pluresdb-threads', 'pluresdb-scratch'];

/** A frame with EXCLUDE over some thousand rows takes SQLite itself most of a minute. */
const CHUNK_TIMEOUT_SECONDS = 900;

/** A run of this size meets every construct, or the generator is at fault. */
const FULL_RUN = 200_000;

const DEFAULT_COUNT: Readonly<Record<FuzzMode, number>> = {
  sql: 20_000,
  expr: 200_000,
  'foreign-keys': 20_000,
  scan: 20_000,
  nested: 20_000,
};

/** What is counted in a run, where something is. */
const CONSTRUCTS: Partial<Record<FuzzMode, readonly string[]>> = { sql: ALL_CONSTRUCTS, nested: NESTED_CONSTRUCTS };

async function fuzz(mode: FuzzMode, args: readonly string[]): Promise<number> {
  const options = readCommandLine(args, {
    seed: { type: 'string' },
    statements: { type: 'string' },
    functions: { type: 'string' },
    errors: { type: 'string' },
    failures: { type: 'string' },
    chunk: { type: 'string' },
    jobs: { type: 'string' },
    without: { type: 'string' },
    turns: { type: 'boolean' },
    quiet: { type: 'boolean' },
  });
  const without = (options.text('without') ?? '').split(',');
  const seed = options.number('seed', 1);
  const failureLimit = options.number('failures', 5);
  const chunkCount = Math.ceil(options.number('statements', DEFAULT_COUNT[mode]) / chunkSize(mode));
  const only = options.text('chunk');
  const chunks = only === undefined ? Array.from({ length: chunkCount }, (_, at) => at) : [Number(only)];
  const engineOf = (chunk: number): EngineName =>
    options.has('turns') ? (EXECUTIONS[chunk % EXECUTIONS.length] ?? options.engine) : options.engine;
  const total = newCount();
  const tally = new Tally(CONSTRUCTS[mode]);
  const started = performance.now();
  let differences = 0;
  await runPool<ChunkTask, ChunkResult>({
    module: new URL('./chunk.ts', import.meta.url),
    items: chunks.map((chunk) => ({
      mode,
      engine: engineOf(chunk),
      seed,
      chunk,
      functions: (options.text('functions') ?? DEFAULT_FUNCTIONS[mode]).split(',') as FunctionGroup[],
      features: FEATURES.filter((feature) => !without.includes(feature)),
      errors: (options.text('errors') ?? 'text') as ErrorRule,
      failureLimit,
    })),
    jobs: options.number('jobs', 2),
    timeoutSeconds: CHUNK_TIMEOUT_SECONDS,
    shouldStop: () => differences >= failureLimit,
    onOutcome({ chunk }, outcome) {
      if (outcome.kind === 'crashed') {
        differences += 1;
        total.failed += 1;
        console.log(
          `\nCRASH in chunk ${chunk} of seed ${seed}: ${outcome.reason}, in\n${indent(shorten(outcome.lastStatement))}`,
        );
        return;
      }
      const { count, found } = outcome.result;
      tally.merge(outcome.result.tally);
      total.passed += count - found.length;
      total.failed += found.length;
      for (const { script, difference } of found) {
        differences += 1;
        if (differences > failureLimit) break;
        console.log(`\nDIFFERENCE (${difference.kind}) in chunk ${chunk} of seed ${seed}\n${indent(script.join(';\n'))};`);
        console.log(
          `  better-sqlite3:\n${indent(shorten(difference.reference))}\n  ${engineOf(chunk)}:\n${indent(shorten(difference.subject))}`,
        );
      }
    },
  });
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  if (CONSTRUCTS[mode] !== undefined) reportConstructs(tally, total, options.has('quiet'));
  console.log(`\n${mode}, seed ${seed}: ${total.passed + total.failed} compared in ${seconds} s`);
  console.log(closingLine('fuzz', total));
  return total.failed === 0 ? 0 : 1;
}

/** Prints what was met; what a full run missed counts as failed. */
function reportConstructs(tally: Tally, total: Count, isQuiet: boolean): void {
  if (!isQuiet) console.log(`\n${tally.report()}`);
  const missing = tally.missing();
  if (missing.length > 0) console.log(`\nnever met: ${missing.join(', ')}`);
  if (tally.statements >= FULL_RUN) total.failed += missing.length;
}

const USAGE = `usage: npm run fuzz -- MODE …
  sql|expr|foreign-keys|scan|nested
                              --engine NAME --turns --seed S --statements N --functions LIST --without LIST --errors RULE
                              --failures N --chunk K --jobs N --quiet
  coverage                    --target NAME --seconds N
  sqlite-file                 --seed S --cases N --convert N
What they mean stands at the head of compat-tests/fuzz/main.ts.`;

async function run(mode: string | undefined, args: readonly string[]): Promise<void> {
  if (mode === 'coverage') {
    const count = (await import('./coverage/main.ts')).fuzzCoverage(args);
    console.log(closingLine('fuzz', count));
    process.exitCode = count.failed === 0 ? 0 : 1;
  } else if (mode === 'sqlite-file') process.exitCode = await (await import('../sqlite-file/main.ts')).fuzzSqliteFiles(args);
  else if (mode === 'sql' || mode === 'expr' || mode === 'foreign-keys' || mode === 'scan' || mode === 'nested')
    process.exitCode = await fuzz(mode, args);
  else {
    console.error(USAGE);
    process.exitCode = 2;
  }
}

const [mode, ...args] = process.argv.slice(2);
await explaining(process.argv.slice(2), USAGE, () => run(mode, args));
