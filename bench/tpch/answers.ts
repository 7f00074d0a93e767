/**
 * Whether two engines gave the same answer.
 *
 * SQLite's must be equal to the last digit. DuckDB computes sums exactly, in decimals, where SQLite adds reals: its
 * numbers may differ from ours by one part in 10⁹.
 */
import type { Row } from './database.ts';

const RELATIVE_ERROR = 1e-9;

function isNear(left: unknown, right: unknown): boolean {
  if (left instanceof Date) return isNear(left.toISOString().slice(0, 10), right);
  if (right instanceof Date) return isNear(right, left);
  const isNumber = (value: unknown) => typeof value === 'number' || typeof value === 'bigint';
  if (!isNumber(left) || !isNumber(right)) return left === right;
  const [a, b] = [Number(left), Number(right)];
  return Math.abs(a - b) <= RELATIVE_ERROR * Math.max(Math.abs(a), Math.abs(b));
}

/** The first difference in words; undefined when there is none. */
export function difference(expected: readonly Row[], found: readonly Row[], exactly: boolean): string | undefined {
  const isSame = exactly ? Object.is : isNear;
  for (const [at, row] of expected.entries()) {
    const other = found[at];
    const isEqual =
      other !== undefined &&
      Object.keys(row).join() === Object.keys(other).join() &&
      Object.entries(row).every(([column, value]) => isSame(value, other[column]));
    if (isEqual) continue;
    const show = (shown: Row | undefined) => Object.values(shown ?? { row: 'none' }).join(' | ');
    return `row ${at + 1}: expected ${show(row)}, found ${show(other)}`;
  }
  return expected.length === found.length ? undefined : `expected ${expected.length} rows, found ${found.length}`;
}
