/** The contract of `pluresdb/sqlite3` against what was recorded; beside the original it runs as `npm run compat -- sqlite3`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { compare, formatDifference } from './compare.ts';
import { KNOWN_DIFFERENCES } from './known-differences.ts';
import { readRecorded } from './main.ts';
import { makePage } from './page.ts';
import { ours, runSide } from './run-side.ts';

const TIMEOUT_MS = 300_000;
const recorded = readRecorded();

describe('pluresdb/sqlite3', () => {
  test('answers as the original was recorded', { timeout: TIMEOUT_MS }, () => {
    const { equal, unknown, vanished } = compare(recorded, runSide(ours, { name: 'ours in the test' }));
    expect(unknown.map(formatDifference)).toEqual([]);
    expect(vanished).toEqual([]);
    expect(equal).toBeGreaterThan(1000);
  });

  test('every known difference is about an outcome that there is', () => {
    const keys = KNOWN_DIFFERENCES.flatMap((group) => group.keys);
    expect(keys.filter((key) => !(key in recorded))).toEqual([]);
  });

  test('docs/compatibility-sqlite3.md is what the recordings make', () => {
    const page = join(import.meta.dirname, '..', '..', 'docs', 'compatibility-sqlite3.md');
    expect(readFileSync(page, 'utf8')).toBe(makePage(recorded, KNOWN_DIFFERENCES));
  });
});
