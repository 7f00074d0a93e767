/**
 * A suite as a whole: the original and ours in the same run, or ours against what the original said when it was recorded
 * (`recordings.json`), where the original does not load.
 *
 *     --recorded      compare with the recordings
 *     --record        write the recordings
 *     --filter TEXT   only checks whose title has this in it
 *     --failures N    differences to describe, default 10
 *     --list          the title of every check
 *
 * Differences by design are listed with a reason in `known-differences.json`; one that is listed and agrees is a failure.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Count } from '../report.ts';
import { type Check, type Implementation, titleOf } from './check.ts';
import { compareRecords, type Difference, describeDifference, type Record, type Records, runChecks } from './run.ts';

export interface Suite<Side> {
  readonly name: string;
  readonly checks: readonly Check<Side>[];
  readonly loadOriginal: () => Promise<Implementation<Side>>;
  readonly loadOurs: () => Promise<Implementation<Side>>;
  /** Of several entries that have this API: which one this is. */
  readonly entry?: string;
  /** Where `recordings.json` and `known-differences.json` lie. */
  readonly folder: string;
}

export interface KnownDifference {
  readonly member: string;
  readonly rule: string;
  readonly reason: string;
  /** Where only one entry differs. */
  readonly entry?: string;
  /** The newest Node on which it differs. */
  readonly node?: number;
}

export interface SuiteResult {
  readonly checks: readonly Check<never>[];
  readonly unexpected: readonly Difference[];
  /** Differing as listed. */
  readonly known: readonly KnownDifference[];
  /** Listed, and agreeing. */
  readonly stale: readonly KnownDifference[];
}

type InFolder = Pick<Suite<never>, 'folder'>;

const recordingsPath = (suite: InFolder): string => join(suite.folder, 'recordings.json');

function readRecordings(suite: InFolder): Records {
  const text = readFileSync(recordingsPath(suite), 'utf8');
  return new Map(Object.entries(JSON.parse(text) as { [title: string]: Record }));
}

export function readKnown(suite: Pick<Suite<never>, 'folder' | 'entry'>): KnownDifference[] {
  const all = JSON.parse(readFileSync(join(suite.folder, 'known-differences.json'), 'utf8')) as KnownDifference[];
  const major = Number(process.versions.node.split('.')[0]);
  const isHere = ({ entry, node = major }: KnownDifference): boolean => major <= node && (entry ?? suite.entry) === suite.entry;
  return all.filter(isHere);
}

export async function runSuite<Side>(
  suite: Suite<Side>,
  { isRecorded = false, filter = '' }: { isRecorded?: boolean; filter?: string } = {},
): Promise<SuiteResult> {
  const checks = suite.checks.filter((check) => titleOf(check).includes(filter));
  const expected = isRecorded ? readRecordings(suite) : await runChecks(checks, await suite.loadOriginal());
  const differences = compareRecords(checks, expected, await runChecks(checks, await suite.loadOurs()));
  const differing = new Map(differences.map((difference) => [titleOf(difference), difference]));
  const listed = readKnown(suite).filter((known) => titleOf(known).includes(filter));
  const isListed = new Set(listed.map(titleOf));
  return {
    checks,
    unexpected: differences.filter((difference) => !isListed.has(titleOf(difference))),
    known: listed.filter((known) => differing.has(titleOf(known))),
    stale: listed.filter((known) => !differing.has(titleOf(known))),
  };
}

/** As the compat runners do it: arguments in, a count out. */
export async function runSuiteCommand<Side>(suite: Suite<Side>, args: readonly string[]): Promise<Count> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      recorded: { type: 'boolean', default: false },
      record: { type: 'boolean', default: false },
      filter: { type: 'string', default: '' },
      failures: { type: 'string', default: '10' },
      list: { type: 'boolean', default: false },
    },
  });
  const { recorded: isRecorded, filter } = values;
  if (values.list) {
    for (const check of suite.checks) console.log(titleOf(check));
    return { passed: suite.checks.length, failed: 0 };
  }
  if (values.record) {
    const records = await runChecks(suite.checks, await suite.loadOriginal());
    // A check, a line.
    const lines = [...records].map(([title, record]) => `${JSON.stringify(title)}: ${JSON.stringify(record)}`);
    writeFileSync(recordingsPath(suite), `{\n${lines.join(',\n')}\n}\n`);
    return { passed: records.size, failed: 0 };
  }
  const { checks, unexpected, known, stale } = await runSuite(suite, { isRecorded, filter });
  for (const difference of unexpected.slice(0, Number(values.failures)))
    console.log(`\nDIFFERS ${describeDifference(difference)}`);
  for (const difference of stale) console.log(`\nSTALE ${titleOf(difference)} is listed and agrees`);
  const members = new Set(checks.map(({ member }) => member)).size;
  console.log(`${members} members, ${checks.length} checks; ${known.length} known differences`);
  return {
    passed: checks.length - unexpected.length - known.length,
    failed: unexpected.length + stale.length,
  };
}
