/**
 * `npm run compat -- slice`: the committed cases, which need no corpus and always run.
 *
 *     --engine NAME      pluresdb (default) or better-sqlite3
 *     --failures N       failures to describe in each part, default 10
 *     --record           make the files anew from their sources and better-sqlite3 instead
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readCommandLine } from '../command-line.ts';
import { loadEngine } from '../engine.ts';
import { addCount, type Count, newCount } from '../report.ts';
import { runScripts } from '../scripts/main.ts';
import { runSqllogictest } from '../sqllogictest/main.ts';
import { recordSlice } from './record.ts';

export async function runSlice(args: readonly string[]): Promise<Count> {
  const options = readCommandLine(args, { failures: { type: 'string' }, record: { type: 'boolean' } });
  const total = newCount();
  if (options.has('record')) {
    recordSlice(await loadEngine('better-sqlite3'));
    return total;
  }
  const files = readdirSync(import.meta.dirname).map((name) => join(import.meta.dirname, name));
  const scripts = files.filter((name) => name.endsWith('.jsonl'));
  const logic = files.filter((name) => name.endsWith('.test'));
  const shared = ['--engine', options.engine, '--failures', options.text('failures') ?? '10'];
  addCount(total, await runScripts([...scripts, ...shared, '--quiet']));
  addCount(total, await runSqllogictest([...logic, ...shared]));
  return total;
}
