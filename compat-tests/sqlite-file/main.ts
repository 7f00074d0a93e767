/**
 * `npm run fuzz -- sqlite-file`: seeded damage to SQLite files (`damage.ts`).
 *
 *     --seed S      default 1; the same seed damages the same files the same way
 *     --cases N     default 10000
 *     --jobs N      child processes, default 2
 */
import { readCommandLine } from '../command-line.ts';
import { runPool } from '../pool/pool.ts';
import { closingLine, newCount } from '../report.ts';
import type { DamageTask } from './chunk.ts';
import type { DamageResult } from './damage.ts';

const CASES_A_CHUNK = 250;

export async function fuzzSqliteFiles(args: readonly string[]): Promise<number> {
  const options = readCommandLine(args, { seed: { type: 'string' }, cases: { type: 'string' }, jobs: { type: 'string' } });
  const seed = options.number('seed', 1);
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
