/**
 * `npm run compat -- <runner> [options]`: the compatibility runners.
 */
import { existsSync } from 'node:fs';
import { type Count, closingLine } from './report.ts';

type Runner = (args: readonly string[]) => Promise<Count>;

/** Loaded when asked for. */
const RUNNERS: Readonly<Record<string, () => Promise<Runner>>> = {
  sqllogictest: async () => (await import('./sqllogictest/main.ts')).runSqllogictest,
  scripts: async () => (await import('./scripts/main.ts')).runScripts,
  slice: async () => (await import('./slice/main.ts')).runSlice,
  parser: parserRunner,
};

async function parserRunner(): Promise<Runner> {
  const module = new URL('./parser/main.ts', import.meta.url);
  if (!existsSync(module)) throw new Error('compat-tests/parser is not there');
  const { runParser } = (await import(module.href)) as { runParser: Runner };
  return runParser;
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
