/** What a comparison with a saved run names, and what it passes over. */
import { expect, test } from 'vitest';
import { regressions } from './baseline.ts';
import type { Measurement } from './measure.ts';

function measured(name: string, ours: number, theirs: number): Measurement {
  const engine = (engineName: 'pluresdb' | 'better-sqlite3', ms: number) => ({
    engine: engineName,
    rounds: [ms, ms, ms],
    digest: 'same',
    failure: undefined,
    diskBytes: undefined,
  });
  return {
    workload: { name, title: name, unit: 'queries' },
    count: 1,
    engines: [engine('pluresdb', ours), engine('better-sqlite3', theirs)],
    isEqual: true,
  };
}

const saved = { cases: [{ name: 'scan', ratios: { '× better-sqlite3': 10 } }] };

test('a ratio that fell by more than 15 % is named', () => {
  expect(regressions(saved, [measured('scan', 1, 8)])).toEqual(['scan × better-sqlite3: 8.00×, was 10.00×']);
});

test('a ratio that rose, or fell by less, is not', () => {
  expect(regressions(saved, [measured('scan', 1, 9)])).toEqual([]);
  expect(regressions(saved, [measured('scan', 1, 20)])).toEqual([]);
});

test('a case that the saved run does not have is named', () => {
  expect(regressions(saved, [measured('join', 1, 9)])).toEqual(['join: not in the saved run']);
});
