/** The whole contract suite beside the original, as `npm run compat -- better-sqlite3` runs it. */
import { expect, test } from 'vitest';
import { titleOf } from '../contract/check.ts';
import { describeDifference } from '../contract/run.ts';
import { runSuite } from '../contract/suite.ts';
import { betterSqlite3 } from './suite.ts';

test('every member answers as better-sqlite3 does, but for the differences listed', { timeout: 300_000 }, async () => {
  const { checks, unexpected, stale } = await runSuite(betterSqlite3);
  expect(checks.length).toBeGreaterThan(1300);
  expect(unexpected.map(describeDifference)).toStrictEqual([]);
  expect(stale.map(titleOf)).toStrictEqual([]);
});
