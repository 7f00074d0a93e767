/** Two sides' outcomes, label by label, and what is known to differ. */
import { KNOWN_DIFFERENCES } from './known-differences.ts';
import type { Outcomes } from './run-side.ts';

export interface Difference {
  readonly key: string;
  readonly expected: string | undefined;
  readonly actual: string | undefined;
}

export interface Comparison {
  readonly equal: number;
  /** Differences that nobody knew of. */
  readonly unknown: readonly Difference[];
  /** How many are known, each with its reason. */
  readonly known: number;
  /** Listed as different, but equal. */
  readonly vanished: readonly string[];
}

export function compare(expected: Outcomes, actual: Outcomes): Comparison {
  const keys = [...new Set([...Object.keys(expected), ...Object.keys(actual)])];
  const differences = keys
    .filter((key) => expected[key] !== actual[key])
    .map((key) => ({ key, expected: expected[key], actual: actual[key] }));
  const different = new Set(differences.map(({ key }) => key));
  const listed = new Set(KNOWN_DIFFERENCES.flatMap((group) => group.keys));
  return {
    equal: keys.length - differences.length,
    unknown: differences.filter(({ key }) => !listed.has(key)),
    known: differences.filter(({ key }) => listed.has(key)).length,
    vanished: [...listed].filter((key) => keys.includes(key) && !different.has(key)),
  };
}

export function formatDifference({ key, expected, actual }: Difference): string {
  return `${key}\n  original: ${expected ?? 'nothing'}\n  ours:     ${actual ?? 'nothing'}`;
}
