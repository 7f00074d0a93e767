/**
 * `npm run fuzz -- sqlite-file`: seeded damage to SQLite files (`damage.ts`).
 *
 *     --seed S      default 1; the same seed damages the same files the same way
 *     --cases N     default 10000
 *     --convert N   instead, convert so many files on open (`conversion.ts`)
 *     --jobs N      child processes, default 2
 */
import { readCommandLine } from '../command-line.ts';
import { runPool } from '../pool/pool.ts';
import { closingLine, newCount } from '../report.ts';
import type { DamageTask } from './chunk.ts';
import type { DamageResult } from './damage.ts';

const CASES_A_CHUNK = 250;
const FILES_A_CHUNK = 10;

async function runConversions(seed: number, files: number, jobs: number): Promise<number> {
  const seeds = Array.from({ length: files }, (_, at) => seed * 1_000_000 + at);
  const chunks = Array.from({ length: Math.ceil(files / FILES_A_CHUNK) }, (_, at) =>
    seeds.slice(at * FILES_A_CHUNK, (at + 1) * FILES_A_CHUNK),
  );
  const total = newCount();
  await runPool<readonly number[], string[]>({
    module: new URL('./conversion-chunk.ts', import.meta.url),
    items: chunks,
    jobs,
    timeoutSeconds: 600,
    onOutcome(chunk, outcome) {
      const problems =
        outcome.kind === 'done'
          ? outcome.result
          : [`CRASH in files ${chunk[0]} …: ${outcome.reason}, in ${outcome.lastStatement}`];
      total.passed += chunk.length - problems.length;
      total.failed += problems.length;
      for (const problem of problems) console.log(problem);
    },
  });
  console.log(`\nsqlite-file, seed ${seed}: ${files} files converted on open and written back`);
  console.log(closingLine('fuzz', total));
  return total.failed === 0 ? 0 : 1;
}

export async function fuzzSqliteFiles(args: readonly string[]): Promise<number> {
  const options = readCommandLine(args, {
    seed: { type: 'string' },
    cases: { type: 'string' },
    convert: { type: 'string' },
    jobs: { type: 'string' },
  });
  const seed = options.number('seed', 1);
  const files = options.number('convert', 0);
  if (files > 0) return runConversions(seed, files, options.number('jobs', 2));
  const cases = options.number('cases', 10_000);
  const chunks = Array.from({ length: Math.ceil(cases / CASES_A_CHUNK) }, (_, at) => at);
  const total = newCount();
  let [read, refused] = [0, 0];
  await runPool<DamageTask, DamageResult>({
    module: new URL('./chunk.ts', import.meta.url),
    items: chunks.map((at) => ({ seed: seed * 1000 + at, cases: Math.min(CASES_A_CHUNK, cases - at * CASES_A_CHUNK) })),
    jobs: options.number('jobs', 2),
    timeoutSeconds: 600,
    onOutcome(task, outcome) {
      if (outcome.kind === 'crashed') {
        total.failed += 1;
        console.log(`CRASH in chunk seed ${task.seed}: ${outcome.reason}, in ${outcome.lastStatement}`);
        return;
      }
      const { result } = outcome;
      read += result.read;
      refused += result.refused;
      total.passed += task.cases - result.harmed.length;
      total.failed += result.harmed.length;
      for (const harm of result.harmed) console.log(harm);
    },
  });
  console.log(`\nsqlite-file, seed ${seed}: ${read} read, ${refused} refused`);
  console.log(closingLine('fuzz', total));
  return total.failed === 0 ? 0 : 1;
}
