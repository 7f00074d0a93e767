/** The whole contract suite beside the original, for both entries, as `npm run compat -- better-sqlite3` runs it. */
import { expect, test } from 'vitest';
import { titleOf } from '../contract/check.ts';
import { describeDifference } from '../contract/run.ts';
import { runSuite } from '../contract/suite.ts';
import { betterSqlite3, betterSqlite3DropIn } from './suite.ts';

const SUITES = [betterSqlite3, betterSqlite3DropIn].map((suite) => [suite.entry, suite] as const);

test.each(SUITES)(
  'every member of %s answers as better-sqlite3 does, but for the differences listed',
  async (_entry, suite) => {
    const { checks, unexpected, stale } = await runSuite(suite);
    expect(checks.length).toBeGreaterThan(1300);
    expect(unexpected.map(describeDifference)).toStrictEqual([]);
    expect(stale.map(titleOf)).toStrictEqual([]);
  },
  300_000,
);
