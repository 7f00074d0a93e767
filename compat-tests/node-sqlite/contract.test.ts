/** The contract suite of `node:sqlite` against what Node 26 answered; beside it: `npm run compat -- node-sqlite`. */
import { expect, test } from 'vitest';
import { titleOf } from '../contract/check.ts';
import { describeDifference } from '../contract/run.ts';
import { runSuite } from '../contract/suite.ts';
import { nodeSqlite } from './suite.ts';

test('every member answers as node:sqlite was recorded, but for the differences listed', async () => {
  const { checks, unexpected, stale } = await runSuite(nodeSqlite, { isRecorded: true });
  expect(checks.length).toBeGreaterThan(500);
  expect(unexpected.map(describeDifference)).toStrictEqual([]);
  expect(stale.map(titleOf)).toStrictEqual([]);
}, 300_000);
