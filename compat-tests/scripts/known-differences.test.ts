/** The gate on differences: nothing fails unlisted, nothing is listed for nothing, and the list stays short. */
import { expect, test } from 'vitest';
import { compareWithKnown, faultCount, type KnownDifference, MAX_KNOWN, parseKnownDifferences } from './known-differences.ts';

const check = (script: string, step: number, sql = 'SELECT 1') => ({ script, step, sql });
const known = (script: string, step: number, sql = 'SELECT 1'): KnownDifference => ({ script, step, sql, reason: 'as we chose' });
const faults = (list: readonly KnownDifference[], failed: readonly ReturnType<typeof check>[], ran = ['a']): number =>
  faultCount(compareWithKnown(list, failed, new Set(ran)), list);

test('a listed failure is no fault', () => {
  expect(faults([known('a', 1)], [check('a', 1)])).toBe(0);
});

test.each([
  ['a failure that is not listed', [], [check('a', 1)]],
  ['a listed check that passes', [known('a', 1)], []],
])('%s is a fault', (_, list, failed) => {
  expect(faults(list, failed)).toBe(1);
});

test('a listed step with another statement is stale, and its failure unlisted', () => {
  expect(faults([known('a', 1, 'SELECT 2')], [check('a', 1)])).toBe(2);
});

test('what is listed of scripts that did not run says nothing', () => {
  expect(faults([known('b', 1)], [])).toBe(0);
});

test('a list that is too long is a fault for each that is too many', () => {
  const list = Array.from({ length: MAX_KNOWN + 2 }, (_, step) => known('a', step));
  expect(faults(list, list)).toBe(2);
});

test('what waits for a module does not count against the length of the list', () => {
  const list = Array.from({ length: MAX_KNOWN + 2 }, (_, step): KnownDifference => ({ ...known('a', step), needs: 'search' }));
  expect(faults(list, list)).toBe(0);
  expect(faults(list, [])).toBe(list.length);
});

test('a difference without a reason is refused, and so is one listed twice', () => {
  const line = (reason: string): string => `${JSON.stringify({ ...known('a', 1), reason })}\n`;
  expect(() => parseKnownDifferences(line(' '))).toThrow('no reason');
  expect(() => parseKnownDifferences(line('x') + line('y'))).toThrow('twice');
  expect(parseKnownDifferences(line('x'))).toHaveLength(1);
});
