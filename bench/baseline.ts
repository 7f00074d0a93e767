/**
 * A run beside a saved one (`--json` of an earlier run): which cases have lost against their peers.
 *
 * Ratios are compared, not times: the peers ran in the same minute on the same machine, so what slows both is no loss.
 */
import { readFileSync } from 'node:fs';
import type { Measurement } from './measure.ts';
import { ratiosOf, type SavedRun } from './report.ts';

/** A ratio is worse when less than this share of the saved one is left of it. */
const KEPT_SHARE = 1 / 1.15;

export function readBaseline(path: string): SavedRun {
  return JSON.parse(readFileSync(path, 'utf8')) as SavedRun;
}

/** One line for each ratio that has fallen, and one for each case that one of the runs does not have. */
export function regressions(saved: SavedRun, measurements: readonly Measurement[]): string[] {
  return measurements.flatMap((measurement) => {
    const { name } = measurement.workload;
    const before = saved.cases.find((one) => one.name === name);
    if (before === undefined) return [`${name}: not in the saved run`];
    return Object.entries(ratiosOf(measurement)).flatMap(([pair, ratio]) => {
      const old = before.ratios[pair];
      if (typeof old !== 'number' || ratio === null || ratio >= old * KEPT_SHARE) return [];
      return [`${name} ${pair}: ${ratio.toFixed(2)}×, was ${old.toFixed(2)}×`];
    });
  });
}

export function printRegressions(saved: SavedRun, measurements: readonly Measurement[]): void {
  const lines = regressions(saved, measurements);
  console.log(
    lines.length === 0 ? '\nno case is over 15 % worse than in the saved run' : '\nover 15 % worse than in the saved run:',
  );
  for (const line of lines) console.log(`  ${line}`);
}
