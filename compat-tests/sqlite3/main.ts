/**
 * `npm run compat -- sqlite3`: `pluresdb/sqlite3` and node-sqlite3, the same calls, every outcome compared.
 *
 *     --install      compiles the original first (needs Python and a C++ compiler; minutes)
 *     --record       writes what the original answers to recordings.json
 *     --page FILE    writes docs/compatibility-sqlite3.md
 *     --only-beside-original   does nothing without the original
 *     --node FILE    runs ours under another Node
 *     --filter X     only cases whose name has X
 *     --failures N   differences shown, default 20
 *
 * Without the original ours is compared with the recording.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCommandLine } from '../command-line.ts';
import { type Count, newCount } from '../report.ts';
import { CASE_END } from './case.ts';
import { compare, formatDifference } from './compare.ts';
import { KNOWN_DIFFERENCES } from './known-differences.ts';
import { findOriginal, installOriginal } from './original.ts';
import { makePage } from './page.ts';
import { type Outcomes, ours, runSide } from './run-side.ts';

export const recordedFile = join(import.meta.dirname, 'recordings.json');

export function readRecorded(filter?: string): Outcomes {
  const all = Object.entries(JSON.parse(readFileSync(recordedFile, 'utf8')) as Outcomes);
  return Object.fromEntries(all.filter(([key]) => filter === undefined || key.split(': ')[0]?.includes(filter)));
}

/** Twice: what the original does not do alike every time is no contract. */
function record(original: string, first: Outcomes): void {
  const second = runSide(original, { name: 'original again' });
  const unsteady = Object.keys(first).filter((key) => first[key] !== second[key]);
  const failed = Object.keys(first).filter((key) => key.endsWith(`: ${CASE_END}`));
  if (failed.length > 0) throw new Error(`cases that did not end well: ${failed.map((key) => first[key]).join(', ')}`);
  if (unsteady.length > 0) throw new Error(`the original is not steady in: ${unsteady.join(', ')}`);
  writeFileSync(recordedFile, `${JSON.stringify(first, null, 1)}\n`);
  console.log(`recorded ${Object.keys(first).length} outcomes`);
}

export async function runSqlite3(args: readonly string[]): Promise<Count> {
  const options = readCommandLine(args, {
    install: { type: 'boolean' },
    record: { type: 'boolean' },
    'only-beside-original': { type: 'boolean' },
    node: { type: 'string' },
    page: { type: 'string' },
    filter: { type: 'string' },
    failures: { type: 'string' },
  });
  const filter = options.text('filter');
  if (options.has('install')) installOriginal();
  const original = findOriginal();
  let expected: Outcomes;
  if (original === undefined) {
    console.log('NOT RUN: the original, which is not compiled here (--install); ours is compared with its recording');
    if (options.has('only-beside-original')) return newCount();
    expected = readRecorded(filter);
  } else {
    expected = runSide(original, { name: 'original', filter });
    if (options.has('record')) record(original, expected);
  }
  const page = options.text('page');
  if (page !== undefined) writeFileSync(page, makePage(readRecorded(), KNOWN_DIFFERENCES));
  const node = options.text('node');
  const actual = runSide(ours, { name: 'ours', filter, ...(node === undefined ? {} : { node }) });
  const { equal, known, unknown, vanished } = compare(expected, actual);
  for (const difference of unknown.slice(0, options.number('failures', 20))) console.log(formatDifference(difference));
  for (const key of vanished) console.log(`${key}\n  is listed as different, and equal`);
  console.log(`${equal} outcomes are equal, ${known} differ as listed, ${unknown.length + vanished.length} are wrong`);
  return { passed: equal + known, failed: unknown.length + vanished.length };
}
