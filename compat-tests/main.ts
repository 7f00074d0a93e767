/**
 * `npm run compat -- <runner> [options]`: the compatibility runners.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { type Count, closingLine } from './report.ts';

type Runner = (args: readonly string[]) => Promise<Count>;

/** Loaded when asked for. */
const RUNNERS: Readonly<Record<string, () => Promise<Runner>>> = {
  sqllogictest: async () => (await import('./sqllogictest/main.ts')).runSqllogictest,
  scripts: async () => (await import('./scripts/main.ts')).runScripts,
  slice: async () => (await import('./slice/main.ts')).runSlice,
  parser: parserRunner,
};

/** The parser's campaign compares accept and reject, not results: it has a program of its own, whose verdict counts as one. */
async function parserRunner(): Promise<Runner> {
  const program = join(import.meta.dirname, 'parser', 'run.mjs');
  return async (args) => {
    const { status } = spawnSync(process.execPath, [program, ...args], {
      stdio: 'inherit',
      cwd: join(import.meta.dirname, '..'),
    });
    return status === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
  };
}

const [name = '', ...args] = process.argv.slice(2);
const load = RUNNERS[name];
if (load === undefined) {
  console.error(`usage: npm run compat -- ${Object.keys(RUNNERS).join('|')} [--engine better-sqlite3|pluresdb] …`);
  process.exitCode = 2;
} else {
  const run = await load();
  const count = await run(args);
  console.log(closingLine(name, count));
  process.exitCode = count.failed === 0 ? 0 : 1;
}
