/** A small fixed slice of the crash campaign. */
import { expect, test } from 'vitest';
import { runCrash } from './main.ts';

test('a killed process leaves every acknowledged commit and no half transaction', async () => {
  const count = await runCrash(['--rounds', '9', '--lives', '3', '--max-ms', '150', '--seed', '5']);
  expect(count).toEqual({ passed: 9, failed: 0 });
});
